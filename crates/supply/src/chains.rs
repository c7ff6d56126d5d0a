//! Traces as chains of hops: the earliest, the latest, the shortest, the most different.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use serde::{Deserialize, Serialize};

use crate::question::{Start, Traces};
use crate::reach::{NEVER, Reached, cone, first_arrivals, reach};
use crate::timetable::{Leg, Timetable};
use crate::{Day, HolderId, HopId, Network, OriginId, Subject, TaintOn, Word, standing};

/// Searches in a row that bring up no new explanation, after which there is taken to be none.
const FRUITLESS: usize = 100;

/// One explanation of how goods came from a start to a holder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chain {
    pub start: Start,
    /// In the order in which the goods moved.
    pub hops: Vec<HopId>,
    /// Distinct origins behind the hops and the taint.
    pub origins: usize,
    /// Origins behind that part of the chain which has fewest.
    pub thinnest: usize,
    /// The weakest word among the hops and the taint.
    pub weakest: Word,
}

/// A holder that goods from the starts can have come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Arrival {
    pub holder: HolderId,
    /// The first day on which they can have arrived; under certain dates, the day by which they had.
    pub earliest: Day,
}

impl Traces {
    pub(crate) fn start_legs(&self) -> impl Iterator<Item = Leg> {
        self.table.starts().map(|leg| leg as Leg)
    }

    /// How many legs the question has: hops, each once for every state of the goods in which it may be taken.
    #[must_use]
    pub fn legs(&self) -> usize {
        self.table.len()
    }

    /// Everybody reached, by holder.
    #[must_use]
    pub fn arrivals(&self) -> Vec<Arrival> {
        let holders = self.holder.iter().map(|holder| holder.at() + 1).max();
        let mut earliest = vec![NEVER; holders.unwrap_or(0)];
        for (holder, day) in self.holder.iter().zip(first_arrivals(&self.table)) {
            let known = &mut earliest[holder.at()];
            *known = (*known).min(day);
        }
        let reached = earliest
            .into_iter()
            .enumerate()
            .filter(|(_, day)| *day != NEVER);
        let arrival = |(holder, earliest)| Arrival {
            holder: HolderId::of(holder),
            earliest,
        };
        reached.map(arrival).collect()
    }

    /// The hops that lie on some way from a start to one of these holders, in their own order.
    #[must_use]
    pub fn cone(&self, to: &[HolderId]) -> Vec<HopId> {
        let on = self.on(to);
        let legs = on.iter().enumerate().filter(|(_, on)| **on);
        let hops: BTreeSet<u32> = legs.map(|(leg, _)| self.table.hop[leg]).collect();
        hops.into_iter().map(HopId).collect()
    }

    pub(crate) fn on(&self, to: &[HolderId]) -> Vec<bool> {
        let ends = |slot: u32| to.contains(&self.holder[slot as usize]);
        cone(&self.table, self.start_legs(), ends)
    }

    /// The legs that arrive with a holder.
    fn into(&self, to: HolderId) -> impl Iterator<Item = usize> + '_ {
        (0..self.table.len()).filter(move |leg| self.holder[self.table.to[*leg] as usize] == to)
    }

    /// A chain by which goods can have come to `to` on the earliest day.
    #[must_use]
    pub fn earliest(&self, network: &Network, to: HolderId) -> Option<Chain> {
        let found = reach(&self.table, self.start_legs());
        let reached = self.into(to).filter(|leg| found.has(*leg));
        let last = reached.min_by_key(|leg| (found.earliest[*leg], *leg))?;
        Some(self.chain(network, &found, last))
    }

    /// A chain of which the last hop may have arrived latest of all.
    #[must_use]
    pub fn latest(&self, network: &Network, to: HolderId) -> Option<Chain> {
        let found = reach(&self.table, self.start_legs());
        let arrival = |leg: &usize| self.table.late[*leg].max(self.table.ready[*leg]);
        let reached = self.into(to).filter(|leg| found.has(*leg));
        let last = reached.max_by_key(|leg| (arrival(leg), Reverse(*leg)))?;
        Some(self.chain(network, &found, last))
    }

    /// A chain of the fewest hops.
    #[must_use]
    pub fn fewest(&self, network: &Network, to: HolderId) -> Option<Chain> {
        let ends = |leg: usize| self.holder[self.table.to[leg] as usize] == to;
        let way = cheapest(&self.table, self.start_legs(), ends, |_| 1)?;
        Some(self.weigh(network, &way))
    }

    /// Up to `most` chains that share as little as can be, found one after the other: each next one avoids hops, then
    /// pairs of holders, then origins that were used before, and is as short as it can be. The strongest come first:
    /// by the weakest word, the origins of the thinnest part, all distinct origins, and the fewest hops.
    #[must_use]
    pub fn different(&self, network: &Network, to: HolderId, most: usize) -> Vec<Chain> {
        let on = self.on(&[to]);
        let ends = |leg: usize| self.holder[self.table.to[leg] as usize] == to;
        let origins: BTreeMap<u32, BTreeSet<OriginId>> = (0..self.table.len())
            .filter(|leg| on[*leg])
            .map(|leg| self.table.hop[leg])
            .map(|hop| (hop, origins(network, Subject::Hop(HopId(hop)))))
            .collect();
        let dear = self.table.len() as u64 + 1;
        let mut used = Used::default();
        let mut chains: Vec<Chain> = Vec::new();
        let mut found = BTreeSet::new();
        // A chain found again makes what it uses dearer still, so that others come up; not for ever.
        let mut again = 0;
        for _ in 0..most.saturating_mul(4) {
            if chains.len() >= most || again >= FRUITLESS {
                break;
            }
            let starts = self.start_legs().filter(|leg| on[*leg as usize]);
            let cost = |leg: usize| {
                if on[leg] {
                    1 + dear * used.times(network, self.table.hop[leg], &origins)
                } else {
                    u64::MAX
                }
            };
            let Some(way) = cheapest(&self.table, starts, ends, cost) else {
                break;
            };
            let chain = self.weigh(network, &way);
            used.add(network, &chain, &origins);
            if found.insert(chain.hops.clone()) {
                again = 0;
                chains.push(chain);
            } else {
                again += 1;
            }
        }
        let strength = |chain: &Chain| (chain.weakest, chain.thinnest, chain.origins);
        chains.sort_by_key(|chain| {
            (
                Reverse(strength(chain)),
                chain.hops.len(),
                chain.hops.clone(),
            )
        });
        chains
    }

    fn chain(&self, network: &Network, found: &Reached, last: usize) -> Chain {
        self.weigh(network, &found.way(last as Leg))
    }

    /// What a way through the table says, and how well it is borne out.
    pub(crate) fn weigh(&self, network: &Network, way: &[Leg]) -> Chain {
        let hops = distinct(way.iter().map(|leg| HopId(self.table.hop[*leg as usize])));
        let start = self.starts[way[0] as usize - self.table.starts().start];
        let taint = match start {
            Start::Taint(taint) => Some(Subject::Taint(taint)),
            Start::Holder(_) => None,
        };
        let parts = || hops.iter().map(|hop| Subject::Hop(*hop)).chain(taint);
        let standings = || parts().filter_map(|part| standing(network, part));
        let mut all = BTreeSet::new();
        parts().for_each(|part| all.append(&mut origins(network, part)));
        Chain {
            start,
            origins: all.len(),
            thinnest: standings().map(|found| found.origins).min().unwrap_or(0),
            weakest: standings()
                .map(|found| found.word)
                .min()
                .unwrap_or(Word::Alleged),
            hops,
        }
    }
}

/// A way without its loops. It comes through one hop twice only if more is known of the goods the second time; what
/// they can do then they could do the first time.
fn distinct(way: impl Iterator<Item = HopId>) -> Vec<HopId> {
    let mut hops: Vec<HopId> = Vec::new();
    for hop in way {
        match hops.iter().position(|known| *known == hop) {
            Some(first) => hops.truncate(first + 1),
            None => hops.push(hop),
        }
    }
    hops
}

/// What a chain is made of was used by earlier chains so many times.
#[derive(Default)]
struct Used {
    hops: BTreeMap<u32, u64>,
    pairs: BTreeMap<(HolderId, HolderId), u64>,
    origins: BTreeSet<OriginId>,
}

impl Used {
    fn add(
        &mut self,
        network: &Network,
        chain: &Chain,
        origins: &BTreeMap<u32, BTreeSet<OriginId>>,
    ) {
        for hop in &chain.hops {
            *self.hops.entry(hop.0).or_default() += 1;
            let hop_of = &network.hops[hop.at()];
            *self.pairs.entry((hop_of.from, hop_of.to)).or_default() += 1;
            self.origins
                .extend(origins.get(&hop.0).into_iter().flatten());
        }
    }

    fn times(
        &self,
        network: &Network,
        hop: u32,
        origins: &BTreeMap<u32, BTreeSet<OriginId>>,
    ) -> u64 {
        let of = &network.hops[hop as usize];
        let again = self.hops.get(&hop).copied().unwrap_or(0);
        let pair = self.pairs.get(&(of.from, of.to)).copied().unwrap_or(0);
        let nothing_new = origins
            .get(&hop)
            .is_some_and(|of| of.is_subset(&self.origins));
        again * 3 + pair + u64::from(nothing_new)
    }
}

/// The origins of a hop or taint.
pub(crate) fn origins(network: &Network, of: Subject) -> BTreeSet<OriginId> {
    let evidence = match of {
        Subject::Hop(hop) => network.hops.get(hop.at()).map(|hop| &hop.evidence),
        Subject::Taint(taint) => network.taints.get(taint.at()).map(|taint| &taint.evidence),
    };
    let mut found = BTreeSet::new();
    if let Some(evidence) = evidence {
        evidence
            .claims(&mut |claim| found.extend(network.claims.get(claim.at()).map(|c| c.origin)));
    }
    found
}

/// The legs of the cheapest way from a start to a leg that `ends`, the earliest of those; `u64::MAX` bars a leg.
///
/// A leg can be worth reaching twice: at little cost, and at more cost but earlier. Ways are settled by cost and then
/// day, so one that comes to a leg no earlier than a settled one is of no use.
pub(crate) fn cheapest(
    table: &Timetable,
    starts: impl Iterator<Item = Leg>,
    ends: impl Fn(usize) -> bool,
    cost: impl Fn(usize) -> u64,
) -> Option<Vec<Leg>> {
    // Each way: its last leg, and the way before it (itself for a start).
    let mut ways: Vec<(Leg, u32)> = Vec::new();
    let mut best = vec![NEVER; table.len()];
    let mut waiting = BinaryHeap::new();
    for leg in starts {
        let price = cost(leg as usize);
        if price < u64::MAX {
            waiting.push(Reverse((
                price,
                table.ready[leg as usize],
                ways.len() as u32,
            )));
            ways.push((leg, ways.len() as u32));
        }
    }
    while let Some(Reverse((spent, day, way))) = waiting.pop() {
        let (leg, _) = ways[way as usize];
        let leg = leg as usize;
        if day >= best[leg] {
            continue;
        }
        best[leg] = day;
        if ends(leg) {
            return Some(trail(&ways, way));
        }
        let slot = table.to[leg];
        let holding = table.holding[slot as usize];
        let from = day.saturating_add(holding.min);
        let until = table.late[leg].saturating_add(holding.max);
        for next in table.leaving_from(slot, from) {
            if table.open[next] > until {
                break;
            }
            let arrival = table.ready[next].max(from);
            let price = cost(next);
            if table.close[next] >= from && arrival < best[next] && price < u64::MAX {
                let total = spent.saturating_add(price);
                waiting.push(Reverse((total, arrival, ways.len() as u32)));
                ways.push((next as Leg, way));
            }
        }
    }
    None
}

fn trail(ways: &[(Leg, u32)], last: u32) -> Vec<Leg> {
    let mut legs = Vec::new();
    let mut at = last;
    loop {
        let (leg, before) = ways[at as usize];
        legs.push(leg);
        if before == at {
            break;
        }
        at = before;
    }
    legs.reverse();
    legs
}

/// Whether what a start is on is a place, whose goods are exposed, or goods, which are tainted themselves.
#[must_use]
pub fn is_place(network: &Network, start: Start) -> bool {
    match start {
        Start::Holder(_) => true,
        Start::Taint(taint) => network
            .taints
            .get(taint.at())
            .is_some_and(|taint| matches!(taint.on, TaintOn::Holder(_))),
    }
}
