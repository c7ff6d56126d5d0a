//! Hops laid out for questions: columns, ordered by the place they leave and the time.
//!
//! A *slot* is a place where goods rest: a holder, with what is known of the goods there (`legs.rs`). A *leg* is one
//! hop from slot to slot. Questions know only slots, legs and days, so the rules about products and lots are settled
//! before they begin.
//!
//! Whether leg `j` can follow leg `i` is `ready[i] + min <= close[j] && late[i] + max >= open[j]`. With the columns
//! filled for *possible* (earliest arrival, last departure; last arrival, first departure) it asks whether some
//! choice of days within the intervals does; filled for *certain* (the other ends) it asks whether every choice does.

use std::sync::OnceLock;

use crate::sweep::Sweep;
use crate::{Day, Holding};

/// Position of a leg.
pub(crate) type Leg = u32;

/// The slot that starts leave from: nothing arrives there.
pub(crate) const START: u32 = u32::MAX;

/// One leg, before it is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) from: u32,
    pub(crate) to: u32,
    pub(crate) open: Day,
    pub(crate) close: Day,
    pub(crate) ready: Day,
    pub(crate) late: Day,
    pub(crate) hop: u32,
}

/// Legs in columns, sorted by `(from, open)`; those that start come last.
#[derive(Debug, Clone, Default)]
pub struct Timetable {
    pub(crate) from: Vec<u32>,
    pub(crate) to: Vec<u32>,
    pub(crate) open: Vec<Day>,
    pub(crate) close: Vec<Day>,
    pub(crate) ready: Vec<Day>,
    pub(crate) late: Vec<Day>,
    pub(crate) hop: Vec<u32>,
    /// Where the legs of each slot begin; one longer than there are slots.
    pub(crate) first: Vec<u32>,
    /// How long goods rest in each slot.
    pub(crate) holding: Vec<Holding>,
    /// Some leg may leave after its earliest arrival: when it arrives then depends on what came before it.
    pub(crate) coupled: bool,
    /// The most days by which a leg closes after it opens.
    pub(crate) widest: i32,
    /// Made when it is first needed.
    sweep: OnceLock<Option<Sweep>>,
}

impl Timetable {
    /// Lays out rows. `holding` has one entry a slot; negative limits count as none kept.
    pub(crate) fn new(rows: Vec<Row>, holding: Vec<Holding>) -> Self {
        let slots = holding.len();
        // By slot first, then each slot by itself: small sorts, near each other in memory. Starts are the last bucket.
        let bucket = |row: &Row| (row.from as usize).min(slots);
        let mut first = vec![0_u32; slots + 2];
        rows.iter().for_each(|row| first[bucket(row) + 1] += 1);
        (0..=slots).for_each(|slot| first[slot + 1] += first[slot]);
        let mut next = first.clone();
        let mut sorted = rows.clone();
        for row in &rows {
            let next = &mut next[bucket(row)];
            sorted[*next as usize] = *row;
            *next += 1;
        }
        for both in first.windows(2) {
            let of = &mut sorted[both[0] as usize..both[1] as usize];
            of.sort_unstable_by_key(|row| (row.from, row.open, row.close, row.hop, row.to));
        }
        first.truncate(slots + 1);
        let rows = sorted;
        Self {
            widest: rows
                .iter()
                .map(|row| row.close.saturating_sub(row.open))
                .fold(0, i32::max),
            coupled: rows.iter().any(|row| row.close > row.ready),
            from: rows.iter().map(|row| row.from).collect(),
            to: rows.iter().map(|row| row.to).collect(),
            open: rows.iter().map(|row| row.open).collect(),
            close: rows.iter().map(|row| row.close).collect(),
            ready: rows.iter().map(|row| row.ready).collect(),
            late: rows.iter().map(|row| row.late).collect(),
            hop: rows.iter().map(|row| row.hop).collect(),
            first,
            holding: holding.into_iter().map(Holding::sound).collect(),
            sweep: OnceLock::new(),
        }
    }

    /// The legs in the order in which they leave, where one pass over them tells all first arrivals.
    pub(crate) fn sweep(&self) -> Option<&Sweep> {
        self.sweep.get_or_init(|| Sweep::new(self)).as_ref()
    }

    /// How many legs.
    #[must_use]
    pub fn len(&self) -> usize {
        self.from.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.from.is_empty()
    }

    /// How many slots.
    #[must_use]
    pub fn slots(&self) -> usize {
        self.holding.len()
    }

    pub(crate) fn row(&self, leg: usize) -> Row {
        Row {
            from: self.from[leg],
            to: self.to[leg],
            open: self.open[leg],
            close: self.close[leg],
            ready: self.ready[leg],
            late: self.late[leg],
            hop: self.hop[leg],
        }
    }

    /// The legs that leave a slot, in the order of `open`.
    pub(crate) fn leaving(&self, slot: u32) -> std::ops::Range<usize> {
        self.first[slot as usize] as usize..self.first[slot as usize + 1] as usize
    }

    /// The legs that leave a slot from its first that may close on or after a day.
    pub(crate) fn leaving_from(&self, slot: u32, day: Day) -> std::ops::Range<usize> {
        let leaving = self.leaving(slot);
        let soonest = day.saturating_sub(self.widest);
        let before = self.open[leaving.clone()].partition_point(|open| *open < soonest);
        leaving.start + before..leaving.end
    }

    /// The slots from which legs lead on to slots that `end`, whatever the days; those included.
    pub(crate) fn leading(&self, end: impl Fn(u32) -> bool) -> Vec<bool> {
        let mut first = vec![0_u32; self.slots() + 1];
        let legs = || (0..self.starts().start).map(|leg| (self.from[leg], self.to[leg] as usize));
        legs().for_each(|(_, to)| first[to + 1] += 1);
        (0..self.slots()).for_each(|slot| first[slot + 1] += first[slot]);
        let mut next = first.clone();
        let mut before = vec![0; self.starts().start];
        for (from, to) in legs() {
            before[next[to] as usize] = from;
            next[to] += 1;
        }
        let mut waiting: Vec<u32> = (0..self.slots() as u32).filter(|slot| end(*slot)).collect();
        let mut leading = vec![false; self.slots()];
        while let Some(slot) = waiting.pop() {
            let slot = slot as usize;
            if !std::mem::replace(&mut leading[slot], true) {
                waiting.extend(&before[first[slot] as usize..first[slot + 1] as usize]);
            }
        }
        leading
    }

    /// The legs that start.
    pub(crate) fn starts(&self) -> std::ops::Range<usize> {
        self.first[self.slots()] as usize..self.len()
    }

    /// The legs that leave a slot, as starts of a question about everything that ever left there.
    #[must_use]
    pub fn leave(&self, slot: u32) -> Vec<u32> {
        if (slot as usize) < self.slots() {
            self.leaving(slot).map(|leg| leg as u32).collect()
        } else {
            Vec::new()
        }
    }

    /// Time and direction turned round: what could be reached from a leg now reaches it. Leg numbers change; `hop`
    /// becomes the number of the leg here.
    pub(crate) fn mirrored(&self) -> Self {
        let rows = (0..self.len()).filter(|leg| self.from[*leg] != START);
        let rows = rows.map(|leg| Row {
            from: self.to[leg],
            to: self.from[leg],
            open: self.late[leg].saturating_neg(),
            close: self.ready[leg].saturating_neg(),
            ready: self.close[leg].saturating_neg(),
            late: self.open[leg].saturating_neg(),
            hop: leg as u32,
        });
        Self::new(rows.collect(), self.holding.clone())
    }
}

impl Holding {
    /// No limit at all.
    pub const ANY: Self = Self {
        min: 0,
        max: i32::MAX,
    };

    /// Never negative.
    pub(crate) fn sound(self) -> Self {
        Self {
            min: self.min.max(0),
            max: self.max,
        }
    }
}
