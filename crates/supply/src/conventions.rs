//! Conventions of book-keeping: each says which goods left, where nobody knows.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::HolderId;
use crate::amounts::{Books, Event, Status};
use crate::flow::{Amount, UNBOUNDED};

/// How goods that lie together are told apart when some leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Convention {
    FirstInFirstOut,
    LastInFirstOut,
    /// Every shipment has the shares of the stock, rounded down to grams.
    ProRata,
}

/// What a convention puts on each member of a group: a rule of book-keeping, no evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    pub convention: Convention,
    /// For each member that took something in, grams.
    pub grams: Vec<(HolderId, u64)>,
}

/// Goods that came together: so much of it tainted, so much not.
#[derive(Debug, Clone, Copy, Default)]
struct Batch {
    tainted: Amount,
    other: Amount,
}

/// What each convention puts on the members of the group. None if a weight is not on record; where weights are
/// intervals their middle is taken, and imprecise dates are read as the bounds read them.
pub(crate) fn shares(books: &Books) -> Vec<Share> {
    if books.entries.iter().any(|entry| entry.high >= UNBOUNDED) {
        return Vec::new();
    }
    let conventions = [
        Convention::FirstInFirstOut,
        Convention::LastInFirstOut,
        Convention::ProRata,
    ];
    conventions
        .into_iter()
        .map(|convention| share(books, convention))
        .collect()
}

fn share(books: &Books, convention: Convention) -> Share {
    let mut events: Vec<Event> = books.events().into_iter().flatten().collect();
    // What the group sends out, or sends round within itself, has no event of its own but comes to somebody.
    events.sort_unstable();
    let mass = |entry: usize| {
        let entry = &books.entries[entry];
        entry.low.midpoint(entry.high)
    };
    let mut stocks: Vec<VecDeque<Batch>> = vec![VecDeque::new(); books.stocks];
    let mut sent: Vec<Option<Batch>> = vec![None; books.entries.len()];
    for event in &events {
        let entry = &books.entries[event.entry];
        if event.leaves {
            let drawn = draw(&mut stocks[entry.from], mass(event.entry), convention);
            let goods = given(entry.status, mass(event.entry)).unwrap_or(drawn);
            sent[event.entry] = Some(goods);
            // Left and arrived on one day: it came first in the order of events, and found nothing to bring.
            if !books.member[entry.to] && entry.into <= entry.out {
                stocks[entry.to].push_back(goods);
            }
        } else if entry.into > entry.out || books.member[entry.from] {
            let unknown = Batch {
                tainted: 0,
                other: mass(event.entry),
            };
            let from_group = given(entry.status, mass(event.entry)).unwrap_or(unknown);
            stocks[entry.to].push_back(sent[event.entry].unwrap_or(from_group));
        }
    }
    let mut grams = std::collections::BTreeMap::new();
    for (number, entry) in books
        .entries
        .iter()
        .enumerate()
        .filter(|(_, e)| books.enters(e))
    {
        let tainted = sent[number].unwrap_or_default().tainted;
        *grams.entry(books.holder[entry.to]).or_insert(0) += tainted;
    }
    let narrow = |(holder, grams)| (holder, u64::try_from(grams).unwrap_or(u64::MAX));
    Share {
        convention,
        grams: grams.into_iter().map(narrow).collect(),
    }
}

/// Goods whose status is given, whatever lies in the stock.
fn given(status: Option<Status>, mass: Amount) -> Option<Batch> {
    Some(match status? {
        Status::Tainted => Batch {
            tainted: mass,
            other: 0,
        },
        Status::Clean | Status::Unknown => Batch {
            tainted: 0,
            other: mass,
        },
    })
}

/// Takes goods out of a stock; what is not there was there before the records, and is not tainted as far as is known.
fn draw(stock: &mut VecDeque<Batch>, mass: Amount, convention: Convention) -> Batch {
    let mut drawn = Batch::default();
    if convention == Convention::ProRata {
        let mut all = Batch::default();
        for batch in stock.drain(..) {
            all.tainted += batch.tainted;
            all.other += batch.other;
        }
        drawn = part(&mut all, mass);
        stock.push_back(all);
    } else {
        let mut wanted = mass;
        while wanted > 0 {
            let next = match convention {
                Convention::FirstInFirstOut => stock.pop_front(),
                _ => stock.pop_back(),
            };
            let Some(mut batch) = next else {
                break;
            };
            let some = part(&mut batch, wanted);
            wanted -= some.tainted + some.other;
            drawn.tainted += some.tainted;
            drawn.other += some.other;
            if batch.tainted + batch.other > 0 {
                match convention {
                    Convention::FirstInFirstOut => stock.push_front(batch),
                    _ => stock.push_back(batch),
                }
            }
        }
    }
    drawn.other = mass - drawn.tainted;
    drawn
}

/// Takes up to so much of a batch, in the shares of the batch.
fn part(batch: &mut Batch, mass: Amount) -> Batch {
    let all = batch.tainted + batch.other;
    let mass = mass.min(all);
    // Masses are below 2^61, so the product fits.
    let tainted = (batch.tainted * mass).checked_div(all).unwrap_or(0);
    let some = Batch {
        tainted,
        other: (mass - tainted).min(batch.other),
    };
    // Rounding down may leave no other goods to fill up with: then they are tainted after all.
    let some = Batch {
        tainted: mass - some.other,
        ..some
    };
    batch.tainted -= some.tainted;
    batch.other -= some.other;
    some
}
