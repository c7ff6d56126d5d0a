//! What can be reached, and how early.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use crate::Day;
use crate::timetable::{Leg, Timetable};

/// Not reached.
pub(crate) const NEVER: Day = Day::MAX;

/// For each leg the earliest day on which goods from the starts can have arrived by it, or [`NEVER`]; and the leg
/// before it on such a way, itself for a start.
#[derive(Debug, Clone)]
pub(crate) struct Reached {
    pub(crate) earliest: Vec<Day>,
    pub(crate) before: Vec<Leg>,
}

/// Reaches from `starts` whatever can follow in time.
///
/// Legs are settled in the order of their earliest arrival, as Dijkstra does with distances. An earlier arrival at
/// the same leg is never worse, for its latest arrival is the same; and since arrivals at a slot come in order, a leg
/// that left before the one at hand can be ready has no later chance. So each leg is looked at once.
pub(crate) fn reach(table: &Timetable, starts: impl IntoIterator<Item = Leg>) -> Reached {
    let mut found = Reached {
        earliest: vec![NEVER; table.len()],
        before: vec![Leg::MAX; table.len()],
    };
    let mut waiting: BTreeMap<Day, Vec<Leg>> = BTreeMap::new();
    for leg in starts {
        let ready = table.ready[leg as usize];
        found.earliest[leg as usize] = ready;
        found.before[leg as usize] = leg;
        waiting.entry(ready).or_default().push(leg);
    }
    let mut cursor: Vec<u32> = table.first.clone();
    while let Some((day, mut legs)) = waiting.pop_first() {
        // What arrives on this same day is found while the list is walked.
        while let Some(leg) = legs.pop() {
            let slot = table.to[leg as usize] as usize;
            let holding = table.holding[slot];
            let from = day.saturating_add(holding.min);
            let until = table.late[leg as usize].saturating_add(holding.max);
            let end = table.first[slot + 1];
            let mut at = cursor[slot];
            while at < end && table.open[at as usize] <= until {
                let next = at as usize;
                at += 1;
                if table.close[next] < from || found.earliest[next] != NEVER {
                    continue;
                }
                let arrival = table.ready[next].max(from);
                found.earliest[next] = arrival;
                found.before[next] = leg;
                if arrival == day {
                    legs.push(next as Leg);
                } else {
                    waiting.entry(arrival).or_default().push(next as Leg);
                }
            }
            cursor[slot] = at;
        }
    }
    found
}

/// For each slot the earliest day on which goods from the starts can have arrived there, or [`NEVER`].
///
/// Where goods may rest for ever the first to arrive at a slot can go wherever later ones can, so slots are settled and
/// not legs, and each leg costs one look at where it goes. One pass over them does, unless their dates are so loose that
/// when they arrive depends on what came before.
pub(crate) fn first_arrivals(table: &Timetable) -> Vec<Day> {
    if let Some(found) = table.sweep().and_then(|sweep| sweep.first_arrivals(table)) {
        return found;
    }
    let mut earliest = vec![NEVER; table.slots()];
    if table.holding.iter().any(|holding| holding.max < i32::MAX) {
        let found = reach(table, table.starts().map(|leg| leg as Leg));
        for (to, day) in table.to.iter().zip(found.earliest) {
            let known = &mut earliest[*to as usize];
            *known = (*known).min(day);
        }
        return earliest;
    }
    let mut waiting = BinaryHeap::new();
    for leg in table.starts() {
        let known = &mut earliest[table.to[leg] as usize];
        if table.ready[leg] < *known {
            *known = table.ready[leg];
            waiting.push(Reverse((*known, table.to[leg])));
        }
    }
    while let Some(Reverse((day, slot))) = waiting.pop() {
        if day > earliest[slot as usize] {
            continue;
        }
        let from = day.saturating_add(table.holding[slot as usize].min);
        let legs = table.leaving_from(slot, from);
        let days = table.close[legs.clone()]
            .iter()
            .zip(&table.ready[legs.clone()]);
        for ((close, ready), to) in days.zip(&table.to[legs]) {
            let arrival = (*ready).max(from);
            let known = &mut earliest[*to as usize];
            if arrival < *known && *close >= from {
                *known = arrival;
                waiting.push(Reverse((arrival, *to)));
            }
        }
    }
    earliest
}

impl Reached {
    pub(crate) fn has(&self, leg: usize) -> bool {
        self.earliest[leg] != NEVER
    }

    /// The legs from a start to this one.
    pub(crate) fn way(&self, leg: Leg) -> Vec<Leg> {
        let mut way = vec![leg];
        let mut at = leg;
        while self.before[at as usize] != at {
            at = self.before[at as usize];
            way.push(at);
        }
        way.reverse();
        way
    }
}

/// The legs on some way from a start to one of `ends` (told by slot), each marked.
pub(crate) fn cone(
    table: &Timetable,
    starts: impl IntoIterator<Item = Leg>,
    ends: impl Fn(u32) -> bool,
) -> Vec<bool> {
    let forward = reach(table, starts);
    let mirror = table.mirrored();
    let mut on = vec![false; table.len()];
    let ending = (0..mirror.len()).filter(|leg| ends(mirror.from[*leg]));
    let back = reach(&mirror, ending.map(|leg| leg as Leg));
    for (leg, at) in mirror.hop.iter().enumerate() {
        on[*at as usize] = back.has(leg) && forward.has(*at as usize);
    }
    // A start is no leg of the mirror, which has no slot to put it: it is on if something it can be followed by is.
    for leg in table.starts().filter(|leg| forward.has(*leg)) {
        let slot = table.to[leg];
        let holding = table.holding[slot as usize];
        let ready = table.ready[leg].saturating_add(holding.min);
        let late = table.late[leg].saturating_add(holding.max);
        on[leg] = ends(slot)
            || table
                .leaving(slot)
                .any(|next| on[next] && ready <= table.close[next] && late >= table.open[next]);
    }
    on
}
