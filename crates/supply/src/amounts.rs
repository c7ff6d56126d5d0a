//! How much, at least and at most.
//!
//! What a holder took in lies together until it leaves: nobody knows which of it left with which shipment. So there is
//! no one tainted amount, but a least and a greatest over everything that can have happened: two flows through the
//! shipments and the stocks between them. A group has bounds of its own; the bounds of its members do not add up to
//! them. Conventions (first in first out, and so on) are in `conventions.rs`, each with its name.
//!
//! Books are taken as closed: what a holder shipped beyond what it took in on record was there before the first record,
//! and nothing is known of it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::conventions::{Share, shares};
use crate::flow::{Amount, Flow, UNBOUNDED};
use crate::question::{Rules, Traces, standing_hops, tight};
use crate::{Day, HolderId, HopId, Mass, Network, chains::is_place};

/// What is known of goods where they come into the reckoning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Tainted,
    /// Shown to be from elsewhere.
    Clean,
    Unknown,
}

/// What the amounts are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Goods that passed a tainted place in the period: exposed volume. It is not shown that they are tainted.
    Exposed,
    /// Goods that are named themselves, by lot or shipment: volume shown tainted.
    Tainted,
}

/// At least and at most, in grams; no `high` if a shipment on the way has no weight on record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bounds {
    pub low: u64,
    pub high: Option<u64>,
}

/// What a holder or a group together took in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Volume {
    pub measure: Measure,
    pub group: Vec<HolderId>,
    /// All that it took in from outside.
    pub received: Bounds,
    /// Of that, what comes from the sources asked about, goods of unknown origin counted as not from them.
    pub known: Bounds,
    /// The same with goods of unknown origin counted as from them.
    pub with_unknown: Bounds,
    /// Dates and weights on the way are all exact, so the bounds are attained. Otherwise the truth lies within them and
    /// they may be wider than it.
    pub attained: bool,
    /// What each convention puts on the group, unknown origin counted as not from the sources.
    pub shares: Vec<Share>,
}

/// Exposed volume and volume shown tainted, never one for the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Volumes {
    pub exposed: Option<Volume>,
    /// `None`: no goods are named themselves. Tainted volume is not shown, whatever is exposed.
    pub tainted: Option<Volume>,
}

impl Traces {
    /// Amounts for a group, from the starts of this question. `clean` and `unknown` are hops whose goods are known to be
    /// from elsewhere, or from nobody knows where, whatever is recorded of the holder that they leave.
    #[must_use]
    pub fn volumes(
        &self,
        network: &Network,
        rules: &Rules,
        given: &BTreeMap<HopId, Status>,
        group: &[HolderId],
    ) -> Volumes {
        let begun = self.table.starts();
        let sources = |place: bool| -> BTreeSet<HopId> {
            let starts = begun.clone().zip(&self.starts);
            let of = starts.filter(|(_, start)| is_place(network, **start) == place);
            of.map(|(leg, _)| HopId(self.table.hop[leg])).collect()
        };
        let volume = |measure, sources: BTreeSet<HopId>| {
            (!sources.is_empty()).then(|| {
                let mut status = given.clone();
                status.extend(sources.into_iter().map(|hop| (hop, Status::Tainted)));
                volume(network, rules, measure, &status, group)
            })
        };
        let goods = sources(false);
        let mut exposed = sources(true);
        if !exposed.is_empty() {
            // What is named itself is exposed as well.
            exposed.extend(&goods);
        }
        Volumes {
            exposed: volume(Measure::Exposed, exposed),
            tainted: volume(Measure::Tainted, goods),
        }
    }
}

/// Amounts of what has the status `Tainted` for a group; hops without a status draw on what their holder took in.
#[must_use]
pub fn volume(
    network: &Network,
    rules: &Rules,
    measure: Measure,
    status: &BTreeMap<HopId, Status>,
    group: &[HolderId],
) -> Volume {
    let books = Books::new(network, rules, status, group);
    let received = books.received();
    let bounds = |tainted: &[Status]| {
        let other: Vec<Status> = [Status::Tainted, Status::Clean, Status::Unknown]
            .into_iter()
            .filter(|status| !tainted.contains(status))
            .collect();
        Bounds {
            low: narrow(received.0.saturating_sub(books.most(&other))).unwrap_or(u64::MAX),
            high: narrow(books.most(tainted).min(received.1)),
        }
    };
    Volume {
        measure,
        group: group.to_vec(),
        received: Bounds {
            low: narrow(received.0).unwrap_or(u64::MAX),
            high: narrow(received.1),
        },
        known: bounds(&[Status::Tainted]),
        with_unknown: bounds(&[Status::Tainted, Status::Unknown]),
        attained: books.exact,
        shares: shares(&books),
    }
}

fn narrow(amount: Amount) -> Option<u64> {
    u64::try_from(amount).ok()
}

/// One shipment in the books.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    /// Stocks that it leaves and comes to, by position.
    pub(crate) from: usize,
    pub(crate) to: usize,
    /// The last day on which it can have been taken out of the one stock, the first on which it can be in the other.
    pub(crate) out: Day,
    pub(crate) into: Day,
    /// The other ends of both: the first day out, the last day in.
    pub(crate) soonest: Day,
    pub(crate) latest: Day,
    pub(crate) low: Amount,
    pub(crate) high: Amount,
    pub(crate) status: Option<Status>,
}

/// Shipments and stocks on the way to a group.
pub(crate) struct Books {
    pub(crate) entries: Vec<Entry>,
    pub(crate) stocks: usize,
    /// The holder of each stock, and whether it is of the group.
    pub(crate) holder: Vec<HolderId>,
    pub(crate) member: Vec<bool>,
    pub(crate) exact: bool,
}

/// Something comes to a stock or leaves it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Event {
    pub(crate) day: Day,
    /// What comes on a day comes before what leaves on it.
    pub(crate) leaves: bool,
    pub(crate) entry: usize,
}

impl Books {
    fn new(
        network: &Network,
        rules: &Rules,
        status: &BTreeMap<HopId, Status>,
        group: &[HolderId],
    ) -> Self {
        let holders = network.holders.len();
        let stands = standing_hops(network, &rules.without);
        let there = |hop: &usize| {
            let hop = &network.hops[*hop];
            hop.from.at() < holders && hop.to.at() < holders && tight(hop).is_some()
        };
        let hops: Vec<usize> = (0..stands.len())
            .filter(|hop| stands[*hop])
            .filter(there)
            .collect();
        let upstream = upstream(network, &hops, group);
        let mut books = Self {
            entries: Vec::new(),
            stocks: 0,
            holder: Vec::new(),
            member: Vec::new(),
            exact: true,
        };
        let apart = kept_apart(network, &hops);
        let mut stocks = BTreeMap::new();
        for hop in hops {
            let at = HopId::of(hop);
            let hop = &network.hops[hop];
            if !upstream[hop.from.at()] && !upstream[hop.to.at()] {
                continue;
            }
            let species = hop.product.and_then(|id| network.products.get(id.at()));
            let species = species.and_then(|product| product.species.as_deref());
            let mut stock = |holder: HolderId| {
                let key = (holder, species.filter(|_| apart[holder.at()]));
                *stocks.entry(key).or_insert_with(|| {
                    books.holder.push(holder);
                    books.member.push(group.contains(&holder));
                    books.holder.len() - 1
                })
            };
            let (from, to) = (stock(hop.from), stock(hop.to));
            let mass = hop.mass.unwrap_or(Mass {
                low: 0,
                high: u64::MAX,
            });
            let holding = network.holders[hop.to.at()]
                .holding
                .unwrap_or(rules.holding)
                .sound();
            let Some((left, arrived)) = tight(hop) else {
                continue;
            };
            books.exact &= mass.is_exact() && left.is_exact() && arrived.is_exact();
            books.entries.push(Entry {
                from,
                to,
                out: left.last,
                into: arrived.first.saturating_add(holding.min),
                soonest: left.first,
                latest: arrived.last.saturating_add(holding.min),
                low: mass.low.into(),
                high: if hop.mass.is_some() {
                    mass.high.into()
                } else {
                    UNBOUNDED
                },
                status: status.get(&at).copied(),
            });
        }
        books.stocks = books.holder.len();
        books
    }

    /// What the group took in from outside, at least and at most.
    fn received(&self) -> (Amount, Amount) {
        let entering = self.entries.iter().filter(|entry| self.enters(entry));
        entering.fold((0, 0), |(low, high), entry| {
            (low + entry.low, high + entry.high)
        })
    }

    pub(crate) fn enters(&self, entry: &Entry) -> bool {
        self.member[entry.to] && !self.member[entry.from]
    }

    /// What happens to each stock outside the group, in the order of days.
    pub(crate) fn events(&self) -> Vec<Vec<Event>> {
        let mut events = vec![Vec::new(); self.stocks];
        for (number, entry) in self.entries.iter().enumerate() {
            let event = |leaves, day| Event {
                day,
                leaves,
                entry: number,
            };
            if !self.member[entry.from] {
                events[entry.from].push(event(true, entry.out));
            }
            if !self.member[entry.to] {
                events[entry.to].push(event(false, entry.into));
            }
        }
        events.iter_mut().for_each(|of| of.sort_unstable());
        events
    }

    /// The most that can have come into the group of goods with these statuses.
    fn most(&self, of: &[Status]) -> Amount {
        let mut flow = Flow::default();
        let (source, sink) = (flow.node(), flow.node());
        // Goods of each shipment, after it has left.
        let goods: Vec<usize> = self.entries.iter().map(|_| flow.node()).collect();
        for (entry, node) in self.entries.iter().zip(&goods) {
            if self.enters(entry) {
                flow.pipe(*node, sink, entry.high);
            }
            let counts = match entry.status {
                Some(status) => of.contains(&status),
                // What the group itself sends out may be anything that it took in.
                None => self.member[entry.from],
            };
            if counts {
                flow.pipe(source, *node, entry.high);
            }
        }
        for events in self.events() {
            self.stock(&mut flow, source, &events, &goods, of);
        }
        flow.most(source, sink)
    }

    /// One stock: goods move from each event to the next, as much as can lie there.
    fn stock(
        &self,
        flow: &mut Flow,
        source: usize,
        events: &[Event],
        goods: &[usize],
        of: &[Status],
    ) {
        let level = Level::new(self, events);
        let mut before = None;
        for (number, event) in events.iter().enumerate() {
            let here = flow.node();
            match before {
                Some(before) => flow.pipe(before, here, level.most[number - 1]),
                None if of.contains(&Status::Unknown) => flow.pipe(source, here, level.opening),
                None => {}
            }
            before = Some(here);
            let entry = &self.entries[event.entry];
            if !event.leaves {
                flow.pipe(goods[event.entry], here, entry.high);
            } else if entry.status.is_none() {
                flow.pipe(here, goods[event.entry], entry.high);
            }
        }
    }
}

/// How much can lie in a stock.
struct Level {
    /// Before the first event: what left beyond what had come, at most.
    opening: Amount,
    /// After each event, at most.
    most: Vec<Amount>,
}

impl Level {
    fn new(books: &Books, events: &[Event]) -> Self {
        let signed = |amount: Amount| i128::try_from(amount).unwrap_or(i128::MAX);
        // The most that can have been missing: everything left as soon and came as late as it can have.
        let day = |event: &Event| {
            let entry = &books.entries[event.entry];
            if event.leaves {
                entry.soonest
            } else {
                entry.latest
            }
        };
        let mut worst = events.to_vec();
        worst.sort_by_key(|event| (day(event), event.leaves == books.exact));
        let (mut least, mut lowest) = (0_i128, 0_i128);
        for event in &worst {
            let entry = &books.entries[event.entry];
            least = if event.leaves {
                least.saturating_sub(signed(entry.high))
            } else {
                least.saturating_add(signed(entry.low))
            };
            lowest = lowest.min(least);
        }
        let opening = lowest.unsigned_abs();
        let mut running = signed(opening);
        let after = |event: &Event| {
            let entry = &books.entries[event.entry];
            running = if event.leaves {
                running.saturating_sub(signed(entry.low))
            } else {
                running.saturating_add(signed(entry.high))
            };
            if books.exact {
                running.max(0).unsigned_abs()
            } else {
                // Where dates are not exact the order is not known, and so the stock is not.
                UNBOUNDED
            }
        };
        Self {
            opening,
            most: events.iter().map(after).collect(),
        }
    }
}

/// Holders from which goods can have come to the group, by whatever way.
fn upstream(network: &Network, hops: &[usize], group: &[HolderId]) -> Vec<bool> {
    let mut into: BTreeMap<HolderId, Vec<HolderId>> = BTreeMap::new();
    for hop in hops {
        let hop = &network.hops[*hop];
        into.entry(hop.to).or_default().push(hop.from);
    }
    let mut upstream = vec![false; network.holders.len()];
    let mut waiting: Vec<HolderId> = group.to_vec();
    while let Some(holder) = waiting.pop() {
        match upstream.get_mut(holder.at()) {
            Some(known) if !*known => *known = true,
            _ => continue,
        }
        waiting.extend(into.get(&holder).into_iter().flatten());
    }
    upstream
}

/// Holders of which all goods are of known species, which then lie in a stock each.
fn kept_apart(network: &Network, hops: &[usize]) -> Vec<bool> {
    let mut apart = vec![true; network.holders.len()];
    for hop in hops {
        let hop = &network.hops[*hop];
        let product = hop.product.and_then(|id| network.products.get(id.at()));
        if product.is_none_or(|product| product.species.is_none()) {
            apart[hop.from.at()] = false;
            apart[hop.to.at()] = false;
        }
    }
    apart
}
