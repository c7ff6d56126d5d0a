//! What is reached in many worlds at once.
//!
//! A world says which documents and origins stand. Each bit of a word is one world, so one walk over the legs answers
//! for 64 of them, or for `W` times 64 with `W` words a leg. Nothing is approximated: every bit is what [`reach`]
//! would say of that world alone.
//!
//! Where no leg can leave after its earliest arrival, the legs that a leg can follow are the same in every world: those
//! of the slot it leaves that are ready in time and not too old. In the order of departure that is a window that only
//! moves forward, and its union is kept as a queue of two stacks keeps a minimum: each arrival is looked at twice,
//! whatever the length of the window. Otherwise worlds differ in how early a leg arrives, and legs are settled world by
//! world in the order of arrival, as [`reach`] does.
//!
//! [`reach`]: crate::reach::reach

use std::collections::BTreeMap;

use crate::Day;
use crate::timetable::{Leg, START, Timetable};

/// One bit for each of `W` times 64 worlds.
pub(crate) type Bits<const W: usize> = [u64; W];

/// No end.
pub(crate) const NO_END: u32 = u32::MAX;

fn or<const W: usize>(into: &mut Bits<W>, more: &Bits<W>) {
    for (into, more) in into.iter_mut().zip(more) {
        *into |= more;
    }
}

fn and<const W: usize>(one: &Bits<W>, other: &Bits<W>) -> Bits<W> {
    std::array::from_fn(|word| one[word] & other[word])
}

/// A timetable made ready for worlds.
pub(crate) struct Worlds<'a> {
    table: &'a Timetable,
    /// What each leg stands on: position in the masks of a run.
    class: &'a [u32],
    /// For each slot, where what arrives there is counted, or [`NO_END`].
    end: &'a [u32],
    ends: usize,
    plan: Option<Plan>,
}

/// How a leg is worked out: from which arrivals, on what evidence, and where it goes.
#[derive(Clone, Copy)]
struct Step {
    slot: u32,
    /// Arrivals at the slot that it can follow, as positions in their own order.
    low: u32,
    high: u32,
    /// Those of them that are settled before its day.
    settled: u32,
    class: u32,
    /// Its own position among the arrivals.
    at: u32,
    end: u32,
}

/// The fixed windows of a timetable in which no arrival depends on what came before.
struct Plan {
    /// In the order of work, and for each day the legs that arrive on the day on which they leave, then the rest.
    steps: Vec<Step>,
    days: Vec<(u32, u32)>,
    /// Whether the windows of a slot only move forward.
    regular: Vec<bool>,
    /// The last arrival of each leg and the earliest of departures it can precede, by position: for irregular slots.
    late: Vec<Day>,
    /// For irregular slots: the oldest last arrival that each step can follow.
    oldest: Vec<Day>,
}

impl<'a> Worlds<'a> {
    pub(crate) fn new(table: &'a Timetable, class: &'a [u32], end: &'a [u32], ends: usize) -> Self {
        let plan = (!table.coupled).then(|| Plan::new(table, class, end));
        Self {
            table,
            class,
            end,
            ends,
            plan,
        }
    }

    /// For each end the worlds in which something reaches it from the legs that start. `masks` has the worlds in which
    /// each class stands.
    pub(crate) fn run<const W: usize>(&self, masks: &[Bits<W>]) -> Vec<Bits<W>> {
        match &self.plan {
            Some(plan) => plan.run(self.ends, masks),
            None => self.settle(masks),
        }
    }

    /// Settles legs in the order of arrival, in each world when it is first reached there.
    fn settle<const W: usize>(&self, masks: &[Bits<W>]) -> Vec<Bits<W>> {
        let table = self.table;
        let mut settled = vec![[0; W]; table.len()];
        let mut reached = vec![[0; W]; self.ends];
        let mut waiting: BTreeMap<Day, Vec<(Leg, Bits<W>)>> = BTreeMap::new();
        let mut settle = |leg: usize, worlds: &Bits<W>| {
            let stands = &masks[self.class[leg] as usize];
            let fresh: Bits<W> = std::array::from_fn(|w| worlds[w] & stands[w] & !settled[leg][w]);
            or(&mut settled[leg], &fresh);
            let end = self.end[table.to[leg] as usize];
            if end != NO_END {
                or(&mut reached[end as usize], &fresh);
            }
            (fresh != [0; W]).then_some(fresh)
        };
        for leg in table.starts() {
            if let Some(worlds) = settle(leg, &[!0; W]) {
                waiting
                    .entry(table.ready[leg])
                    .or_default()
                    .push((leg as Leg, worlds));
            }
        }
        while let Some((day, mut legs)) = waiting.pop_first() {
            while let Some((leg, worlds)) = legs.pop() {
                let slot = table.to[leg as usize];
                let holding = table.holding[slot as usize];
                let from = day.saturating_add(holding.min);
                let until = table.late[leg as usize].saturating_add(holding.max);
                for next in table.leaving(slot) {
                    if table.open[next] > until {
                        break;
                    }
                    if table.close[next] < from {
                        continue;
                    }
                    if let Some(worlds) = settle(next, &worlds) {
                        let arrival = table.ready[next].max(from);
                        if arrival == day {
                            legs.push((next as Leg, worlds));
                        } else {
                            waiting
                                .entry(arrival)
                                .or_default()
                                .push((next as Leg, worlds));
                        }
                    }
                }
            }
        }
        reached
    }
}

impl Plan {
    fn new(table: &Timetable, class: &[u32], end: &[u32]) -> Self {
        let legs = table.len();
        // Arrivals of each slot, in the order of their days.
        let mut arrivals: Vec<(u32, Day, Day, Leg)> = (0..legs)
            .map(|leg| (table.to[leg], table.ready[leg], table.late[leg], leg as Leg))
            .collect();
        arrivals.sort_unstable();
        let mut at = vec![0_u32; legs];
        let mut first = vec![0_u32; table.slots() + 1];
        for (position, (slot, _, _, leg)) in arrivals.iter().enumerate() {
            at[*leg as usize] = position as u32;
            first[*slot as usize + 1] = position as u32 + 1;
        }
        for slot in 0..table.slots() {
            first[slot + 1] = first[slot + 1].max(first[slot]);
        }
        let ready: Vec<Day> = arrivals.iter().map(|(_, ready, _, _)| *ready).collect();
        let late: Vec<Day> = arrivals.iter().map(|(_, _, late, _)| *late).collect();
        let mut order: Vec<(Day, bool, u32, Leg)> = (0..legs)
            .map(|leg| {
                let (close, from) = (table.close[leg], table.from[leg]);
                // Legs of a slot are numbered in the order of `open`.
                (close, table.ready[leg] > close, from, leg as Leg)
            })
            .collect();
        order.sort_unstable();
        let mut regular: Vec<bool> = (0..table.slots())
            .map(|slot| late[first[slot] as usize..first[slot + 1] as usize].is_sorted())
            .collect();
        let mut steps = Vec::with_capacity(legs);
        let mut oldest = Vec::with_capacity(legs);
        // Where the window of each slot was last.
        let mut window: Vec<(u32, u32)> = first.windows(2).map(|both| (both[0], both[0])).collect();
        let mut instant: Vec<(Day, u32)> = vec![(Day::MIN, 0); table.slots()];
        for leg in order.iter().map(|(_, _, _, leg)| *leg as usize) {
            let slot = table.from[leg];
            let mut step = Step {
                slot,
                low: 0,
                high: 0,
                settled: 0,
                class: class[leg],
                at: at[leg],
                end: end[table.to[leg] as usize],
            };
            let mut old = Day::MIN;
            if slot != START {
                let here = slot as usize;
                let range = first[here] as usize..first[here + 1] as usize;
                let holding = table.holding[here];
                let by = table.close[leg].saturating_sub(holding.min);
                old = table.open[leg].saturating_sub(holding.max);
                let before = |day: Day| {
                    first[here] + ready[range.clone()].partition_point(|ready| *ready <= day) as u32
                };
                step.high = before(by);
                step.settled = step.high.min(before(table.close[leg].saturating_sub(1)));
                let (low, high) = &mut window[here];
                if regular[here] {
                    step.low = first[here] + late[range].partition_point(|late| *late < old) as u32;
                    regular[here] = *low <= step.low && *high <= step.high;
                    (*low, *high) = (step.low, step.high);
                    // Legs that leave and arrive on one day are worked out over and over: their window must rest.
                    if table.ready[leg] <= table.close[leg] {
                        let last =
                            std::mem::replace(&mut instant[here], (table.close[leg], step.low));
                        regular[here] &= last.0 != table.close[leg] || last.1 == step.low;
                    }
                }
            }
            steps.push(step);
            oldest.push(old);
        }
        for step in &mut steps {
            if step.slot != START && !regular[step.slot as usize] {
                step.low = first[step.slot as usize];
            }
        }
        let mut days = Vec::new();
        let mut begin = 0;
        while begin < legs {
            let day = order[begin].0;
            let same = order[begin..].partition_point(|(close, ..)| *close <= day);
            let instant = order[begin..begin + same].partition_point(|(_, later, ..)| !later);
            days.push(((begin + instant) as u32, (begin + same) as u32));
            begin += same;
        }
        Self {
            steps,
            days,
            regular,
            late,
            oldest,
        }
    }

    fn run<const W: usize>(&self, ends: usize, masks: &[Bits<W>]) -> Vec<Bits<W>> {
        let mut work = Work {
            plan: self,
            masks,
            arrived: vec![[0; W]; self.steps.len()],
            queues: vec![Queue::default(); self.regular.len()],
            reached: vec![[0; W]; ends],
        };
        let mut begin = 0;
        for (instant, end) in &self.days {
            let (instant, end) = (*instant as usize, *end as usize);
            // Goods may go round on one day: until nothing changes.
            while begin < instant && work.instants(begin..instant) {}
            for number in instant..end {
                let step = &self.steps[number];
                let came = work.came(number, step, step.high);
                work.leave(step, came);
            }
            begin = end;
        }
        work.reached
    }
}

/// The union of a window that moves forward: arrivals from `low` to `middle` hold the union up to `middle`, those
/// from there to `end` are in `back`.
#[derive(Clone, Copy)]
struct Queue<const W: usize> {
    middle: u32,
    end: u32,
    back: Bits<W>,
}

impl<const W: usize> Default for Queue<W> {
    fn default() -> Self {
        Self {
            middle: 0,
            end: 0,
            back: [0; W],
        }
    }
}

struct Work<'a, const W: usize> {
    plan: &'a Plan,
    masks: &'a [Bits<W>],
    arrived: Vec<Bits<W>>,
    queues: Vec<Queue<W>>,
    reached: Vec<Bits<W>>,
}

impl<const W: usize> Work<'_, W> {
    /// The worlds in which something that a step can follow has arrived, of the arrivals before `high`.
    #[inline]
    fn came(&mut self, number: usize, step: &Step, high: u32) -> Bits<W> {
        if step.slot == START {
            return [!0; W];
        }
        if step.low >= high {
            return [0; W];
        }
        if !self.plan.regular[step.slot as usize] {
            return self.scan(number, step.low, high);
        }
        let queue = &mut self.queues[step.slot as usize];
        if step.low >= queue.middle {
            let window = &mut self.arrived[step.low as usize..high as usize];
            let mut all = [0; W];
            for arrived in window.iter_mut().rev() {
                or(&mut all, arrived);
                *arrived = all;
            }
            *queue = Queue {
                middle: high,
                end: high,
                back: [0; W],
            };
            return all;
        }
        if queue.end < high {
            for arrived in &self.arrived[queue.end as usize..high as usize] {
                or(&mut queue.back, arrived);
            }
            queue.end = high;
        }
        let mut all = self.arrived[step.low as usize];
        or(&mut all, &queue.back);
        all
    }

    /// The same where the window of the slot jumps about.
    fn scan(&self, number: usize, low: u32, high: u32) -> Bits<W> {
        let oldest = self.plan.oldest[number];
        let mut all = [0; W];
        for at in (low as usize..high as usize).filter(|at| self.plan.late[*at] >= oldest) {
            or(&mut all, &self.arrived[at]);
        }
        all
    }

    #[inline]
    fn leave(&mut self, step: &Step, came: Bits<W>) {
        let worlds = and(&came, &self.masks[step.class as usize]);
        self.arrived[step.at as usize] = worlds;
        if step.end != NO_END {
            or(&mut self.reached[step.end as usize], &worlds);
        }
    }

    /// Works out legs that leave and arrive on one day once; whether any of them changed.
    fn instants(&mut self, numbers: std::ops::Range<usize>) -> bool {
        let mut changed = false;
        for number in numbers {
            let step = self.plan.steps[number];
            let mut came = self.came(number, &step, step.settled);
            let fresh = step.low.max(step.settled);
            if fresh < step.high && came != [!0; W] {
                let today = self.scan(number, fresh, step.high);
                or(&mut came, &today);
            }
            let before = self.arrived[step.at as usize];
            self.leave(&step, came);
            changed |= self.arrived[step.at as usize] != before;
        }
        changed
    }
}
