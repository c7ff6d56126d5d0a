//! What is missing: the gap between what goods can have come to and what can have come to a holder, and the record that
//! would fill it; and what the parts of a trace lack.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::chains::Chain;
use crate::question::{Rules, Start, Sure, Traces, standing_hops, tight};
use crate::reach::{NEVER, reach};
use crate::timetable::{Row, Timetable};
use crate::{Day, Days, HolderId, HolderKind, HopId, Network, Subject, TaintOn, Word, standing};

/// A kind of record that would show a movement, as the trades call it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Record {
    /// From vessel to vessel.
    TranshipmentDeclaration,
    /// From vessel to land.
    LandingDeclaration,
    /// From place to place, or from a place to whoever sells.
    DispatchNote,
    /// Over a border.
    BillOfLading,
    /// From whoever took it in to whoever sells it under a name.
    SalesInvoice,
}

/// The record of a movement between holders of two kinds.
#[must_use]
pub const fn record(from: HolderKind, to: HolderKind) -> Record {
    use HolderKind::{Brand, Exporter, Facility, Importer, Party, Vessel};
    match (from, to) {
        (Vessel, Vessel) => Record::TranshipmentDeclaration,
        (Vessel, _) => Record::LandingDeclaration,
        (Facility, Facility | Exporter | Party) | (Party, Facility | Exporter) => {
            Record::DispatchNote
        }
        (_, Brand) | (Importer | Brand, _) => Record::SalesInvoice,
        _ => Record::BillOfLading,
    }
}

/// One movement that nobody recorded would join what is known before it to what is known after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// Goods from the starts can have come here; or it is where they start.
    pub from: HolderId,
    /// From here there is a way on to the holder asked about; or it is that holder.
    pub to: HolderId,
    /// It left on or after the first of these days and arrived by the last.
    pub between: Days,
    pub record: Record,
}

/// How far along the usual way from the sea to the shelf.
const fn stage(kind: HolderKind) -> i32 {
    match kind {
        HolderKind::Vessel => 0,
        HolderKind::Facility => 1,
        HolderKind::Exporter | HolderKind::Party => 2,
        HolderKind::Importer => 3,
        HolderKind::Brand => 4,
    }
}

/// Up to `most` gaps, dates and products read as possible, between the starts and a holder that no trace reaches, likeliest first: those one step along from
/// vessel to brand, then those with the least time to be filled in. Empty if a trace reaches it.
#[must_use]
pub fn gaps(
    network: &Network,
    starts: &[Start],
    rules: &Rules,
    to: HolderId,
    most: usize,
) -> Vec<Gap> {
    let possible = Rules {
        dates: Sure::Possible,
        products: Sure::Possible,
        ..rules.clone()
    };
    let traces = Traces::new(network, starts, &possible);
    let mut here: BTreeMap<HolderId, Day> = BTreeMap::new();
    for arrival in traces.arrivals() {
        here.insert(arrival.holder, arrival.earliest);
    }
    if here.contains_key(&to) || to.at() >= network.holders.len() {
        return Vec::new();
    }
    let ends = rules.between.unwrap_or(Days {
        first: Day::MIN,
        last: Day::MAX,
    });
    for start in starts {
        let Some((holder, from)) = begins(network, *start) else {
            continue;
        };
        let from = from.max(ends.first);
        here.entry(holder)
            .and_modify(|day| *day = (*day).min(from))
            .or_insert(from);
    }
    let there = ways_on(network, &possible, to, ends.last);
    let kind = |holder: HolderId| network.holders[holder.at()].kind;
    let mut gaps = Vec::new();
    for (from, ready) in &here {
        for (to, due) in there.iter().filter(|(to, _)| *to != from) {
            if let Some(between) = Days::new(*ready, *due) {
                gaps.push(Gap {
                    from: *from,
                    to: *to,
                    between,
                    record: record(kind(*from), kind(*to)),
                });
            }
        }
    }
    let step = |gap: &Gap| (stage(kind(gap.to)) - stage(kind(gap.from)) - 1).abs();
    let width = |gap: &Gap| i64::from(gap.between.last) - i64::from(gap.between.first);
    gaps.sort_by_key(|gap| (step(gap), width(gap), gap.from, gap.to));
    gaps.truncate(most);
    gaps
}

/// Where goods of a start are, and the first day on which they can be.
fn begins(network: &Network, start: Start) -> Option<(HolderId, Day)> {
    let holder = match start {
        Start::Holder(holder) => (holder, Day::MIN),
        Start::Taint(taint) => {
            let taint = network.taints.get(taint.at())?;
            match taint.on {
                TaintOn::Holder(holder) => (holder, taint.period.possible().0),
                _ => return None,
            }
        }
    };
    (holder.0.at() < network.holders.len()).then_some(holder)
}

/// Holders from which recorded hops lead on to `to`, and the last day on which goods must have come there for it.
fn ways_on(network: &Network, rules: &Rules, to: HolderId, end: Day) -> BTreeMap<HolderId, Day> {
    let stands = standing_hops(network, &rules.without);
    let holders = network.holders.len();
    let mut rows = Vec::new();
    for (at, hop) in network
        .hops
        .iter()
        .enumerate()
        .filter(|(at, _)| stands[*at])
    {
        let inside = hop.from.at() < holders && hop.to.at() < holders;
        if let Some((left, arrived)) =
            tight(hop).filter(|(_, arrived)| inside && arrived.first <= end)
        {
            rows.push(Row {
                from: hop.from.0,
                to: hop.to.0,
                open: left.first,
                close: left.last,
                ready: arrived.first,
                late: arrived.last,
                hop: at as u32,
            });
        }
    }
    let holding = network
        .holders
        .iter()
        .map(|holder| holder.holding.unwrap_or(rules.holding));
    let mirror = Timetable::new(rows, holding.collect()).mirrored();
    let ending = mirror.leave(to.0);
    let back = reach(&mirror, ending);
    let mut there = BTreeMap::from([(to, end)]);
    for (leg, day) in back
        .earliest
        .iter()
        .enumerate()
        .filter(|(_, day)| **day != NEVER)
    {
        let slot = mirror.to[leg];
        let due = day
            .saturating_neg()
            .saturating_sub(mirror.holding[slot as usize].min);
        let known = there.entry(HolderId(slot)).or_insert(due);
        *known = (*known).max(due);
    }
    there
}

/// What a part of a trace lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lack {
    /// The day of departure or arrival is not on record.
    ExactDays,
    Weight,
    Product,
    /// Only one origin tells it: a second would keep it standing without the first.
    SecondOrigin,
    /// Only hearsay or estimates carry it: a record or somebody who saw it would support it.
    Record,
    /// It is denied, and nobody has ruled on that.
    Ruling,
}

/// What each part of a trace lacks, taint first.
#[must_use]
pub fn lacks(network: &Network, chain: &Chain) -> Vec<(Subject, Lack)> {
    let taint = match chain.start {
        Start::Taint(taint) => Some(Subject::Taint(taint)),
        Start::Holder(_) => None,
    };
    let hops = chain.hops.iter().map(|hop| Subject::Hop(*hop));
    let mut lacks = Vec::new();
    for part in taint.into_iter().chain(hops) {
        let Some(found) = standing(network, part) else {
            continue;
        };
        let mut lacking = |lack, lacking: bool| lacks.extend(lacking.then_some((part, lack)));
        if let Subject::Hop(HopId(hop)) = part {
            let hop = &network.hops[hop as usize];
            lacking(
                Lack::ExactDays,
                !hop.departure.is_exact() || !hop.arrival.is_exact(),
            );
            lacking(Lack::Weight, hop.mass.is_none());
            lacking(Lack::Product, hop.product.is_none());
        }
        lacking(Lack::SecondOrigin, found.origins == 1);
        lacking(Lack::Record, found.undenied == Word::Alleged);
        lacking(Lack::Ruling, found.word == Word::Contested);
    }
    lacks
}
