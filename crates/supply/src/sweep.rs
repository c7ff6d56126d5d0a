//! First arrivals by one pass over all legs, in the order in which they leave.
//!
//! Where goods may rest for ever and no leg arrives before it has left, whoever can be reached is known once all that
//! left before has been looked at: an arrival is never later than the departures that it makes possible. So nothing has
//! to be queued. Three columns are read from front to back, and of a slot only the day from which goods can go on
//! from it is kept, which fits into the cache of the processor.

use std::hint::select_unpredictable;

use crate::Day;
use crate::reach::NEVER;
use crate::timetable::Timetable;

/// The legs of a timetable by the day on which they leave at the latest.
#[derive(Debug, Clone)]
pub(crate) struct Sweep {
    days: Vec<Departures>,
    from: Vec<u32>,
    to: Vec<u32>,
    /// The day from which goods can go on from `to`: arrival and least rest.
    onward: Vec<Day>,
}

/// What leaves on a day: first the legs by which goods can go on from where they arrive on that same day, by slot,
/// then the others.
#[derive(Debug, Clone, Copy)]
struct Departures {
    day: Day,
    begin: u32,
    /// Where the others begin.
    later: u32,
    end: u32,
}

impl Sweep {
    /// `None` where one pass does not do: goods rest a limited time somewhere, or when they arrive depends on what came
    /// before (departures that may be later than arrivals).
    pub(crate) fn new(table: &Timetable) -> Option<Self> {
        let begun = table.starts().start;
        let single = table.holding.iter().all(|holding| holding.max == i32::MAX)
            && (0..begun).all(|leg| table.ready[leg] >= table.close[leg]);
        if !single {
            return None;
        }
        // The day above, the leg below: one sort of plain numbers, which keeps the order of slots within a day.
        let key = |leg: usize| u64::from(table.close[leg] as u32 ^ 1 << 31) << 32 | leg as u64;
        let mut order: Vec<u64> = (0..begun).map(key).collect();
        order.sort_unstable();
        let mut sweep = Self {
            days: Vec::new(),
            from: Vec::with_capacity(begun),
            to: Vec::with_capacity(begun),
            onward: Vec::with_capacity(begun),
        };
        for of_day in order.chunk_by(|one, other| one >> 32 == other >> 32) {
            let legs = || of_day.iter().map(|key| *key as u32 as usize);
            let day = table.close[legs().next()?];
            let begin = sweep.from.len() as u32;
            for at_once in [true, false] {
                for leg in legs() {
                    let onward = onward(table, leg)?;
                    if (onward == day) == at_once {
                        sweep.from.push(table.from[leg]);
                        sweep.to.push(table.to[leg]);
                        sweep.onward.push(onward);
                    }
                }
                if at_once {
                    sweep.days.push(Departures {
                        day,
                        begin,
                        later: sweep.from.len() as u32,
                        end: begin + of_day.len() as u32,
                    });
                }
            }
        }
        Some(sweep)
    }

    /// For each slot the earliest day on which goods from the starts can have arrived there, or [`NEVER`].
    pub(crate) fn first_arrivals(&self, table: &Timetable) -> Option<Vec<Day>> {
        let mut onward_from = vec![NEVER; table.slots()];
        for leg in table.starts() {
            let known = &mut onward_from[table.to[leg] as usize];
            *known = (*known).min(onward(table, leg)?);
        }
        let begin = onward_from.iter().copied().min().unwrap_or(NEVER);
        let begin = self.days.partition_point(|leaving| leaving.day < begin);
        for leaving in &self.days[begin..] {
            self.at_once(leaving, &mut onward_from);
            let legs = leaving.later as usize..leaving.end as usize;
            let (from, to) = (&self.from[legs.clone()], &self.to[legs.clone()]);
            for ((from, to), onward) in from.iter().zip(to).zip(&self.onward[legs]) {
                let stands = onward_from[*from as usize] <= leaving.day;
                let known = &mut onward_from[*to as usize];
                *known = (*known).min(select_unpredictable(stands, *onward, NEVER));
            }
        }
        for (day, holding) in onward_from.iter_mut().zip(&table.holding) {
            if *day != NEVER {
                *day -= holding.min;
            }
        }
        Some(onward_from)
    }

    /// Follows the legs that let goods go on from their end on the day on which they leave, round any ring of them.
    fn at_once(&self, leaving: &Departures, onward_from: &mut [Day]) {
        let legs = leaving.begin as usize..leaving.later as usize;
        let (from, to) = (&self.from[legs.clone()], &self.to[legs]);
        let mut waiting = Vec::new();
        let follow = |leg: usize, onward_from: &mut [Day], waiting: &mut Vec<u32>| {
            let known = &mut onward_from[to[leg] as usize];
            if *known > leaving.day {
                *known = leaving.day;
                waiting.push(to[leg]);
            }
        };
        for leg in 0..from.len() {
            if onward_from[from[leg] as usize] <= leaving.day {
                follow(leg, onward_from, &mut waiting);
            }
        }
        while let Some(slot) = waiting.pop() {
            let first = from.partition_point(|from| *from < slot);
            let end = from.partition_point(|from| *from <= slot);
            (first..end).for_each(|leg| follow(leg, onward_from, &mut waiting));
        }
    }
}

/// The day from which goods of a leg can go on; `None` if there is no such day.
fn onward(table: &Timetable, leg: usize) -> Option<Day> {
    let rest = table.holding[table.to[leg] as usize].min;
    table.ready[leg]
        .checked_add(rest)
        .filter(|day| *day != NEVER)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Holding;
    use crate::reach::reach;
    use crate::timetable::{Leg, Row, START};

    /// A linear congruential generator (Knuth, MMIX).
    struct Random(u64);

    impl Random {
        fn under(&mut self, end: i32) -> i32 {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            ((self.0 >> 33) % end as u64) as i32
        }
    }

    fn table(random: &mut Random, loose: bool) -> Timetable {
        let slots = 1 + random.under(6);
        let holding = (0..slots).map(|_| Holding {
            min: random.under(3) / 2,
            max: i32::MAX,
        });
        let holding = holding.collect();
        let row = |hop| {
            let close = random.under(6);
            let ready = close + random.under(3);
            Row {
                from: if hop < 2 {
                    START
                } else {
                    random.under(slots) as u32
                },
                to: random.under(slots) as u32,
                open: close - i32::from(loose),
                close: close + i32::from(loose),
                ready,
                late: ready,
                hop,
            }
        };
        Timetable::new((0..3 + slots as u32 * 3).map(row).collect(), holding)
    }

    /// What settling leg by leg says.
    fn settled(table: &Timetable) -> Vec<Day> {
        let found = reach(table, table.starts().map(|leg| leg as Leg));
        let mut earliest = vec![NEVER; table.slots()];
        for (to, day) in table.to.iter().zip(found.earliest) {
            let known = &mut earliest[*to as usize];
            *known = (*known).min(day);
        }
        earliest
    }

    #[test]
    fn one_pass_finds_what_settling_leg_by_leg_finds() {
        let (mut rings, mut never) = (0, 0);
        for seed in 0..5_000 {
            let table = table(&mut Random(seed), false);
            let sweep = Sweep::new(&table).expect("no leg arrives before it left");
            let expected = settled(&table);
            assert_eq!(
                sweep.first_arrivals(&table),
                Some(expected.clone()),
                "seed {seed}"
            );
            rings += sweep
                .days
                .iter()
                .filter(|day| day.later > day.begin + 1)
                .count();
            never += expected.iter().filter(|day| **day == NEVER).count();
        }
        assert!(rings > 2_000 && never > 500, "{rings} {never}");
    }

    #[test]
    fn where_one_pass_does_not_do_it_is_not_tried() {
        let table = table(&mut Random(1), true);
        assert!(Sweep::new(&table).is_none(), "departures after arrivals");
        let row = Row {
            from: 0,
            to: 1,
            open: 1,
            close: 1,
            ready: 2,
            late: 2,
            hop: 0,
        };
        let limited = Holding { min: 0, max: 9 };
        assert!(Sweep::new(&Timetable::new(vec![row], vec![limited; 2])).is_none());
        let never_again = Holding {
            min: i32::MAX - 1,
            max: i32::MAX,
        };
        assert!(Sweep::new(&Timetable::new(vec![row], vec![never_again; 2])).is_none());
    }
}
