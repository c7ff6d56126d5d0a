//! How much, at least and at most, came to those at the end of a trace: for each and for all together.

use std::collections::BTreeMap;

use serde::Serialize;
use supply::{HolderId, HopId, Network, Rules, Start, Status, TaintId, TaintOn, Traces, Volume};

use crate::trace::{HolderShown, View};

/// Kilograms, at least and at most; no `high` where a shipment on the way has no weight.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Kilograms {
    pub low: f64,
    pub high: Option<f64>,
}

/// What one convention of bookkeeping puts on each.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ByConvention {
    /// `first_in_first_out`, `last_in_first_out`, `pro_rata`.
    pub convention: String,
    pub kg: Vec<(String, f64)>,
}

/// Amounts for one, or for several together.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Amount {
    pub of: Vec<HolderShown>,
    /// `exposed`: it passed a place that a claim is made against; `tainted`: the goods are named themselves.
    pub measure: String,
    /// `stated`: masses as the records have them; `net`: goods alone, gross masses as an interval.
    pub masses: &'static str,
    pub received: Kilograms,
    /// Goods of unknown origin counted as not from there.
    pub known: Kilograms,
    /// Goods of unknown origin counted as from there.
    pub with_unknown: Kilograms,
    /// The bounds are attained; else the truth lies within them.
    pub attained: bool,
    pub conventions: Vec<ByConvention>,
}

/// All amounts of an answer.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Amounts {
    pub amounts: Vec<Amount>,
    /// No goods are named themselves: exposed volume must not be taken for tainted volume.
    pub tainted_not_shown: bool,
}

/// Ends that have amounts of their own; all are in the joint ones.
const MOST_ENDS: usize = 60;

/// The starts that amounts are asked of: claims against those that the question begins with, else these themselves.
pub(crate) fn starts(
    network: &Network,
    from: Option<&[HolderId]>,
    otherwise: &[Start],
) -> Vec<Start> {
    let asked = |on: TaintOn| match (on, from) {
        (_, None) | (TaintOn::Lot(_) | TaintOn::Hop(_), _) => true,
        (TaintOn::Holder(holder), Some(from)) => from.contains(&holder),
    };
    let taints: Vec<Start> = network
        .taints
        .iter()
        .enumerate()
        .filter(|(_, taint)| asked(taint.on))
        .map(|(at, _)| Start::Taint(TaintId::of(at)))
        .collect();
    if taints.is_empty() {
        otherwise.to_vec()
    } else {
        taints
    }
}

pub(crate) fn amounts(
    view: &View<'_>,
    starts: &[Start],
    rules: &Rules,
    given: &BTreeMap<HopId, Status>,
    ends: &[HolderId],
) -> Amounts {
    let mut out = Amounts::default();
    let stated = view.network;
    let unclear = stated
        .hops
        .iter()
        .enumerate()
        .any(|(at, hop)| net(view, at) != hop.mass);
    let mut networks: Vec<(&'static str, std::borrow::Cow<'_, Network>)> =
        vec![("stated", std::borrow::Cow::Borrowed(stated))];
    if unclear {
        let mut goods = stated.clone();
        for (at, hop) in goods.hops.iter_mut().enumerate() {
            hop.mass = net(view, at);
        }
        networks.push(("net", std::borrow::Cow::Owned(goods)));
    }
    let mut groups: Vec<Vec<HolderId>> =
        ends.iter().take(MOST_ENDS).map(|end| vec![*end]).collect();
    if ends.len() > 1 {
        groups.push(ends.to_vec());
    }
    out.tainted_not_shown = true;
    for (masses, network) in &networks {
        let traces = Traces::new(network, starts, rules);
        for group in &groups {
            let volumes = traces.volumes(network, rules, given, group);
            out.tainted_not_shown &= volumes.tainted.is_none();
            for volume in [volumes.exposed, volumes.tainted].into_iter().flatten() {
                out.amounts.push(shown(view, &volume, masses));
            }
        }
    }
    out
}

/// The mass of a hop's goods alone.
fn net(view: &View<'_>, hop: usize) -> Option<supply::Mass> {
    let number = *view.trade.joined.hop_movements.get(hop)?;
    let (low, high) = view.trade.joined.movements.get(number)?.kg?.net();
    supply::Mass::kg(low, high)
}

fn shown(view: &View<'_>, volume: &Volume, masses: &'static str) -> Amount {
    let kg = |grams: u64| grams as f64 / 1000.0;
    let both = |bounds: supply::Bounds| Kilograms {
        low: kg(bounds.low),
        high: bounds.high.map(kg),
    };
    let word = |value: serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    Amount {
        of: volume.group.iter().map(|id| view.holder(*id)).collect(),
        measure: word(serde_json::json!(volume.measure)),
        masses,
        received: both(volume.received),
        known: both(volume.known),
        with_unknown: both(volume.with_unknown),
        attained: volume.attained,
        conventions: volume
            .shares
            .iter()
            .map(|share| ByConvention {
                convention: word(serde_json::json!(share.convention)),
                kg: share
                    .grams
                    .iter()
                    .map(|(id, grams)| (view.holder(*id).name, kg(*grams)))
                    .collect(),
            })
            .collect(),
    }
}
