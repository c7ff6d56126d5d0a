//! What is asked, and the legs that it is asked of.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::timetable::{Row, START, Timetable};
use crate::{
    ClaimId, Day, Days, DocumentId, Evidence, Fit, HolderId, Holding, Hop, HopId, LotId, Network,
    OriginId, Period, Product, ProductId, Subject, TaintId, TaintOn, carried, fit, standing,
};

/// Whether something unknown may be taken as it suits the trace.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sure {
    /// Some reading of what is not known makes it hold.
    #[default]
    Possible,
    /// Every reading does. One and the same trace holds, whatever the dates were.
    Certain,
}

/// Where a trace may start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Start {
    /// Goods under this taint.
    Taint(TaintId),
    /// Whatever left this holder.
    Holder(HolderId),
}

/// Documents and origins taken away: what stands on them alone falls.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawn {
    pub documents: BTreeSet<DocumentId>,
    pub origins: BTreeSet<OriginId>,
}

impl Withdrawn {
    /// Whether a claim is there and still stands.
    #[must_use]
    pub fn leaves(&self, network: &Network, claim: ClaimId) -> bool {
        network.claims.get(claim.at()).is_some_and(|claim| {
            !self.documents.contains(&claim.document) && !self.origins.contains(&claim.origin)
        })
    }

    /// Whether evidence still holds.
    #[must_use]
    pub fn spares(&self, network: &Network, evidence: &Evidence) -> bool {
        evidence.holds(&mut |claim| self.leaves(network, claim))
    }
}

/// How hops may follow each other.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// How long goods rest with a holder that has no limits of its own.
    pub holding: Holding,
    pub dates: Sure,
    pub products: Sure,
    /// All of the trace falls in these days.
    pub between: Option<Days>,
    pub without: Withdrawn,
}

impl Default for Holding {
    fn default() -> Self {
        Self::ANY
    }
}

/// The days on which a hop left and arrived, without those that its own other date rules out; `None` if it arrives
/// before it leaves.
#[must_use]
pub fn tight(hop: &Hop) -> Option<(Days, Days)> {
    Some((
        Days::new(
            hop.departure.first,
            hop.departure.last.min(hop.arrival.last),
        )?,
        Days::new(hop.arrival.first.max(hop.departure.first), hop.arrival.last)?,
    ))
}

/// The dates of a leg, as the columns of the timetable have them: open, close, ready, late. It leaves on one of
/// `left`, days that are among those of its departure.
fn dates(hop: &Hop, left: Days, rules: &Rules) -> Option<[Day; 4]> {
    let (_, mut arrived) = tight(hop)?;
    let mut left = left;
    let whole = Days {
        first: Day::MIN,
        last: Day::MAX,
    };
    let between = rules.between.unwrap_or(whole);
    Some(match rules.dates {
        Sure::Possible => {
            left = left.both(between)?;
            arrived = arrived.both(Days {
                first: left.first,
                last: between.last,
            })?;
            let close = left.last.min(arrived.last);
            [left.first, close, arrived.first, arrived.last]
        }
        Sure::Certain => {
            let inside = between.first <= left.first && arrived.last <= between.last;
            inside.then_some([left.last, left.first, arrived.last, arrived.first])?
        }
    })
}

/// What of the goods in a slot decides where they can go on to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Tag {
    /// All that arrived: for hops that do not say what they were made of.
    Any,
    /// What arrived without the number of a lot.
    Unlotted,
    /// What arrived in this lot.
    Lot(LotId),
}

/// A question laid out: the legs that may be part of a trace, and which of them start one.
#[derive(Debug, Clone)]
pub struct Traces {
    pub(crate) table: Timetable,
    /// The holder of each slot.
    pub(crate) holder: Vec<HolderId>,
    /// What each leg that starts comes under, in the order of the table.
    pub(crate) starts: Vec<Start>,
}

/// The hops that stand: their evidence holds and no denial of them was upheld.
pub(crate) fn standing_hops(network: &Network, without: &Withdrawn) -> Vec<bool> {
    let stands = |hop: &Hop| without.spares(network, &hop.evidence);
    let mut standing: Vec<bool> = network.hops.iter().map(stands).collect();
    for denial in &network.denials {
        if let (Subject::Hop(hop), Some(true)) = (
            denial.of,
            denial.ruling.as_ref().map(|ruling| ruling.upheld),
        ) && let Some(stands) = standing.get_mut(hop.at())
        {
            *stands = false;
        }
    }
    standing
}

/// The days on which a hop can have left with goods that come under a start; `None` if there are none, or, where all
/// must be certain, if some reading of the dates says otherwise.
fn begins(network: &Network, at: HopId, start: Start, rules: &Rules) -> Option<Days> {
    let hop = network.hops.get(at.at())?;
    let (left, _) = tight(hop)?;
    let taint = match start {
        Start::Holder(holder) => return (hop.from == holder).then_some(left),
        Start::Taint(taint) => network.taints.get(taint.at())?,
    };
    match taint.on {
        TaintOn::Hop(tainted) => (tainted == at).then_some(left),
        TaintOn::Lot(lot) => hop.lots.contains(&lot).then_some(left),
        TaintOn::Holder(holder) if holder != hop.from => None,
        TaintOn::Holder(_) => match rules.dates {
            Sure::Possible => possibly_made(network, hop, left, taint.period, rules),
            Sure::Certain => {
                let made = made(network, hop, left, rules);
                let held = taint.period.certain()?;
                (held.first <= made.first && made.last <= held.last).then_some(left)
            }
        },
    }
}

/// The days of `left` that agree with the goods being made in a period.
fn possibly_made(
    network: &Network,
    hop: &Hop,
    left: Days,
    period: Period,
    rules: &Rules,
) -> Option<Days> {
    let (first, last) = period.possible();
    let days = if let Some(made) = recorded(hop, left) {
        let made = made.both(Days::new(first, last)?)?;
        Days {
            first: made.first,
            last: Day::MAX,
        }
    } else {
        let holding = holding(network, hop.from, rules);
        Days {
            first: first.saturating_add(holding.min),
            last: last.saturating_add(holding.max),
        }
    };
    left.both(days)
}

/// When goods were made, on record. A record of goods made after they left says nothing.
fn recorded(hop: &Hop, left: Days) -> Option<Days> {
    hop.made.filter(|made| made.first <= left.last)
}

/// When the goods of a hop were made: on record, or as long before they left as goods rest there.
fn made(network: &Network, hop: &Hop, left: Days, rules: &Rules) -> Days {
    let holding = holding(network, hop.from, rules);
    recorded(hop, left).unwrap_or(Days {
        first: left.first.saturating_sub(holding.max),
        last: left.last.saturating_sub(holding.min),
    })
}

/// Whether a taint stands: its evidence holds and no denial of it was upheld.
fn taint_stands(network: &Network, start: Start, without: &Withdrawn) -> bool {
    let Start::Taint(taint) = start else {
        return true;
    };
    let refuted = standing(network, Subject::Taint(taint)).is_none_or(|found| found.refuted);
    let taint = network.taints.get(taint.at());
    !refuted && taint.is_some_and(|taint| without.spares(network, &taint.evidence))
}

fn holding(network: &Network, holder: HolderId, rules: &Rules) -> Holding {
    let own = network.holders.get(holder.at()).and_then(|h| h.holding);
    own.unwrap_or(rules.holding).sound()
}

impl Traces {
    /// Lays out a question. Hops that point at what is not there, or arrive before they leave, are not part of any
    /// trace; [`crate::check`] names them.
    #[must_use]
    pub fn new(network: &Network, starts: &[Start], rules: &Rules) -> Self {
        Builder::new(network, rules).build(starts)
    }

    /// Lays out rows. Those that start leave the slot [`START`] less the position of their start in `starts`: the
    /// table sorts rows, and so they keep it.
    pub(crate) fn lay(
        rows: Vec<Row>,
        holding: Vec<Holding>,
        holder: Vec<HolderId>,
        starts: &[Start],
    ) -> Self {
        let mut table = Timetable::new(rows, holding);
        let begun = table.starts();
        let of = |from: &u32| starts[(START - from) as usize];
        let starts = table.from[begun.clone()].iter().map(of).collect();
        table.from[begun].fill(START);
        Self {
            table,
            holder,
            starts,
        }
    }
}

/// Products known of goods under way, each once, and what becomes of one by the next record.
struct Carried {
    products: Vec<Product>,
    number: BTreeMap<Product, u32>,
    step: BTreeMap<(u32, Option<ProductId>), Option<u32>>,
}

/// The product of goods of which nothing is recorded yet.
const NOTHING_YET: u32 = 0;

impl Carried {
    fn new() -> Self {
        Self {
            products: vec![Product::default()],
            number: BTreeMap::new(),
            step: BTreeMap::new(),
        }
    }

    /// What is known after a hop with this product; `None` if the goods cannot have become it.
    fn then(
        &mut self,
        network: &Network,
        was: u32,
        is: Option<ProductId>,
        sure: Sure,
    ) -> Option<u32> {
        if let Some(known) = self.step.get(&(was, is)) {
            return *known;
        }
        let nothing = Product::default();
        let next = is
            .and_then(|id| network.products.get(id.at()))
            .unwrap_or(&nothing);
        let before = self.products[was as usize].clone();
        let fits = was == NOTHING_YET
            || match fit(&before, next) {
                Fit::No => false,
                Fit::Possible => sure == Sure::Possible,
                Fit::Certain => true,
            };
        let number = fits.then(|| {
            let product = carried(&before, next);
            let fresh = self.products.len() as u32;
            let number = *self.number.entry(product.clone()).or_insert(fresh);
            if number == fresh {
                self.products.push(product);
            }
            number
        });
        self.step.insert((was, is), number);
        number
    }
}

struct Builder<'a> {
    network: &'a Network,
    rules: &'a Rules,
    stands: Vec<bool>,
    /// Hops by the holder that they leave, and where each holder's begin.
    leaving: Vec<u32>,
    first: Vec<u32>,
    /// Lots that some hop from the holder says it was made of.
    used: Vec<BTreeSet<LotId>>,
    carried: Carried,
    /// The slots of each holder.
    slots: Vec<Vec<(u32, Tag, u32)>>,
    holder: Vec<HolderId>,
    holding: Vec<Holding>,
    /// What the goods of each slot are, and their tag.
    kind: Vec<(u32, Tag)>,
    rows: Vec<Row>,
}

impl<'a> Builder<'a> {
    fn new(network: &'a Network, rules: &'a Rules) -> Self {
        let holders = network.holders.len();
        let mut stands = standing_hops(network, &rules.without);
        for (hop, stands) in network.hops.iter().zip(&mut stands) {
            *stands &= hop.from.at() < holders && hop.to.at() < holders;
        }
        let standing = || (0..network.hops.len()).filter(|hop| stands[*hop]);
        let mut first = vec![0_u32; holders + 1];
        let mut used = vec![BTreeSet::new(); holders];
        for hop in standing() {
            let hop = &network.hops[hop];
            first[hop.from.at() + 1] += 1;
            used[hop.from.at()].extend(hop.inputs.iter().copied());
        }
        for holder in 0..holders {
            first[holder + 1] += first[holder];
        }
        let mut next = first.clone();
        let mut leaving = vec![0; first[holders] as usize];
        for hop in standing() {
            let next = &mut next[network.hops[hop].from.at()];
            leaving[*next as usize] = hop as u32;
            *next += 1;
        }
        Self {
            network,
            rules,
            stands,
            leaving,
            first,
            used,
            carried: Carried::new(),
            slots: vec![Vec::new(); holders],
            holder: Vec::new(),
            holding: Vec::new(),
            kind: Vec::new(),
            rows: Vec::new(),
        }
    }

    fn slot(&mut self, holder: HolderId, goods: u32, tag: Tag) -> u32 {
        let known = &mut self.slots[holder.at()];
        if let Some((_, _, slot)) = known.iter().find(|(g, t, _)| (*g, *t) == (goods, tag)) {
            return *slot;
        }
        let slot = self.holder.len() as u32;
        known.push((goods, tag, slot));
        self.holder.push(holder);
        self.holding.push(holding(self.network, holder, self.rules));
        self.kind.push((goods, tag));
        slot
    }

    /// The slots that goods of a hop arrive in, after which they are `goods`.
    fn arrive(&mut self, hop: &Hop, goods: u32) -> Vec<u32> {
        let mut slots = vec![self.slot(hop.to, goods, Tag::Any)];
        let used = std::mem::take(&mut self.used[hop.to.at()]);
        if !used.is_empty() {
            for lot in hop.lots.iter().filter(|lot| used.contains(lot)) {
                slots.push(self.slot(hop.to, goods, Tag::Lot(*lot)));
            }
            // Without a number it may be any of the lots, and is none of them for certain.
            if hop.lots.is_empty() && self.rules.dates == Sure::Possible {
                slots.push(self.slot(hop.to, goods, Tag::Unlotted));
            }
        }
        self.used[hop.to.at()] = used;
        slots.dedup();
        slots
    }

    /// Adds the legs of a hop that leaves `from` on one of `left` with goods that were `goods`.
    fn add(&mut self, from: u32, goods: u32, at: u32, left: Days) {
        let hop = &self.network.hops[at as usize];
        let Some([open, close, ready, late]) = dates(hop, left, self.rules) else {
            return;
        };
        let sure = self.rules.products;
        let Some(goods) = self.carried.then(self.network, goods, hop.product, sure) else {
            return;
        };
        for to in self.arrive(hop, goods) {
            self.rows.push(Row {
                from,
                to,
                open,
                close,
                ready,
                late,
                hop: at,
            });
        }
    }

    fn build(mut self, starts: &[Start]) -> Traces {
        let standing = |start: &&Start| taint_stands(self.network, **start, &self.rules.without);
        let starts: Vec<Start> = starts.iter().filter(standing).copied().collect();
        for (number, start) in starts.iter().enumerate() {
            for hop in self.candidates(*start) {
                if let Some(left) = begins(self.network, HopId(hop), *start, self.rules) {
                    self.add(START - number as u32, NOTHING_YET, hop, left);
                }
            }
        }
        let mut done = 0;
        while let Some((goods, tag)) = self.kind.get(done).copied() {
            let from = done as u32;
            let holder = self.holder[done].at();
            done += 1;
            for at in self.first[holder]..self.first[holder + 1] {
                let hop = self.leaving[at as usize];
                let inputs = &self.network.hops[hop as usize].inputs;
                let open = match tag {
                    Tag::Any => inputs.is_empty(),
                    Tag::Unlotted => !inputs.is_empty(),
                    Tag::Lot(lot) => inputs.contains(&lot),
                };
                if let (true, Some((left, _))) = (open, tight(&self.network.hops[hop as usize])) {
                    self.add(from, goods, hop, left);
                }
            }
        }
        Traces::lay(self.rows, self.holding, self.holder, &starts)
    }

    /// Standing hops among which those of a start are.
    fn candidates(&self, start: Start) -> Vec<u32> {
        let leaving = |holder: HolderId| match self.first.get(holder.at()..holder.at() + 2) {
            Some(&[first, end]) => self.leaving[first as usize..end as usize].to_vec(),
            _ => Vec::new(),
        };
        match start {
            Start::Holder(holder) => leaving(holder),
            Start::Taint(taint) => match self.network.taints.get(taint.at()).map(|t| t.on) {
                Some(TaintOn::Holder(holder)) => leaving(holder),
                Some(TaintOn::Hop(hop)) if self.stands.get(hop.at()) == Some(&true) => vec![hop.0],
                Some(TaintOn::Lot(_)) => self.leaving.clone(),
                _ => Vec::new(),
            },
        }
    }
}
