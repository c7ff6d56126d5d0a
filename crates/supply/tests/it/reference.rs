//! The questions answered slowly and obviously: every walk of distinct hops, every choice of days.

use std::collections::BTreeSet;

use supply::{
    Day, Fit, HolderId, Holding, Hop, HopId, Network, Product, Rules, Start, Sure, TaintOn,
    carried, fit,
};

/// A walk, and the first day on which goods can have arrived by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Walk {
    pub(crate) start: Start,
    pub(crate) hops: Vec<HopId>,
    pub(crate) earliest: Day,
}

/// Every pair of days on which a hop can have left and arrived, dates of the question set aside.
fn trips(hop: &Hop) -> Vec<(Day, Day)> {
    let arrivals = || hop.arrival.first..=hop.arrival.last;
    (hop.departure.first..=hop.departure.last)
        .flat_map(|left| arrivals().map(move |arrived| (left, arrived)))
        .filter(|(left, arrived)| left <= arrived)
        .collect()
}

fn inside(rules: &Rules, (left, arrived): (Day, Day)) -> bool {
    let between = rules.between;
    between.is_none_or(|between| between.first <= left && arrived <= between.last)
}

fn holding(network: &Network, holder: HolderId, rules: &Rules) -> Holding {
    network.holders[holder.at()]
        .holding
        .unwrap_or(rules.holding)
}

fn rests(holding: Holding, arrived: Day, left: Day) -> bool {
    (holding.min..=holding.max).contains(&(left - arrived))
}

/// The days that matter in these networks, and then some.
const DAYS: std::ops::Range<Day> = -1_100..1_100;

/// The trips of a first hop that come under a start; `None` if it is not certain where it has to be.
fn begins(network: &Network, at: HopId, start: Start, rules: &Rules) -> Option<Vec<(Day, Day)>> {
    let hop = &network.hops[at.at()];
    let trips = trips(hop);
    let taint = match start {
        Start::Holder(holder) => return (hop.from == holder).then_some(trips),
        Start::Taint(taint) => &network.taints[taint.at()],
    };
    match taint.on {
        TaintOn::Hop(tainted) => return (tainted == at).then_some(trips),
        TaintOn::Lot(lot) => return hop.lots.contains(&lot).then_some(trips),
        TaintOn::Holder(holder) if holder != hop.from => return None,
        TaintOn::Holder(_) => {}
    }
    let last_left = trips.iter().map(|(left, _)| *left).max()?;
    let recorded = hop.made.filter(|made| made.first <= last_left);
    let held = |day: Day, certain: bool| {
        let from = taint
            .period
            .from
            .map_or(Day::MIN, |d| if certain { d.last } else { d.first });
        let to = taint
            .period
            .to
            .map_or(Day::MAX, |d| if certain { d.first } else { d.last });
        (from..=to).contains(&day)
    };
    let holding = holding(network, hop.from, rules);
    let made = |left: Day| -> Vec<Day> {
        DAYS.filter(|made| match recorded {
            Some(days) => (days.first..=days.last).contains(made),
            None => rests(holding, *made, left),
        })
        .collect()
    };
    match rules.dates {
        Sure::Possible => {
            let fits = |(left, _): &(Day, Day)| {
                made(*left)
                    .iter()
                    .any(|day| held(*day, false) && (recorded.is_none() || day <= left))
            };
            Some(trips.into_iter().filter(fits).collect())
        }
        Sure::Certain => {
            let fits = |(left, _): &(Day, Day)| made(*left).iter().all(|day| held(*day, true));
            trips.iter().all(fits).then_some(trips)
        }
    }
}

/// Whether `next` may come after `hop` as far as lots go.
fn lots(hop: &Hop, next: &Hop, rules: &Rules) -> bool {
    next.inputs.is_empty()
        || next.inputs.iter().any(|lot| hop.lots.contains(lot))
        || (hop.lots.is_empty() && rules.dates == Sure::Possible)
}

fn becomes(goods: Option<&Product>, next: &Product, rules: &Rules) -> Option<Product> {
    let Some(goods) = goods else {
        return Some(next.clone());
    };
    let fits = match fit(goods, next) {
        Fit::No => false,
        Fit::Possible => rules.products == Sure::Possible,
        Fit::Certain => true,
    };
    fits.then(|| carried(goods, next))
}

struct Search<'a> {
    network: &'a Network,
    rules: &'a Rules,
    stands: &'a dyn Fn(HopId) -> bool,
    found: Vec<Walk>,
}

/// Every walk of distinct hops from the starts over the hops that stand.
pub(crate) fn walks(
    network: &Network,
    starts: &[Start],
    rules: &Rules,
    stands: &dyn Fn(HopId) -> bool,
) -> Vec<Walk> {
    let mut search = Search {
        network,
        rules,
        stands,
        found: Vec::new(),
    };
    for start in starts {
        for at in (0..network.hops.len())
            .map(HopId::of)
            .filter(|at| stands(*at))
        {
            let Some(trips) = begins(network, at, *start, rules) else {
                continue;
            };
            let product = search.product(at);
            let goods = becomes(None, &product, rules).expect("any goods begin");
            search.go(*start, vec![at], trips, goods);
        }
    }
    search.found
}

impl Search<'_> {
    fn product(&self, hop: HopId) -> Product {
        let product = self.network.hops[hop.at()].product;
        product.map_or_else(Product::default, |id| {
            self.network.products[id.at()].clone()
        })
    }

    /// Takes a walk whose last hop makes one of `last`, and goes on from there.
    fn go(&mut self, start: Start, hops: Vec<HopId>, last: Vec<(Day, Day)>, goods: Product) {
        let certain = self.rules.dates == Sure::Certain;
        let last: Vec<_> = if certain {
            if !last.iter().all(|trip| inside(self.rules, *trip)) {
                return;
            }
            last
        } else {
            last.into_iter()
                .filter(|trip| inside(self.rules, *trip))
                .collect()
        };
        let arrivals: BTreeSet<Day> = last.iter().map(|(_, arrived)| *arrived).collect();
        let (Some(first), Some(latest)) = (arrivals.first(), arrivals.last()) else {
            return;
        };
        self.found.push(Walk {
            start,
            hops: hops.clone(),
            earliest: if certain { *latest } else { *first },
        });
        let at = &self.network.hops[hops[hops.len() - 1].at()];
        let holding = holding(self.network, at.to, self.rules);
        for next in (0..self.network.hops.len()).map(HopId::of) {
            let hop = &self.network.hops[next.at()];
            let known = hops.contains(&next) || !(self.stands)(next);
            if known || hop.from != at.to || !lots(at, hop, self.rules) {
                continue;
            }
            let product = self.product(next);
            let Some(goods) = becomes(Some(&goods), &product, self.rules) else {
                continue;
            };
            let follows = |left: Day, arrived: Day| rests(holding, arrived, left);
            let trips = trips(hop);
            let trips = if certain {
                let every =
                    |(left, _): &(Day, Day)| arrivals.iter().all(|day| follows(*left, *day));
                if trips.iter().all(every) {
                    trips
                } else {
                    Vec::new()
                }
            } else {
                let some = |(left, _): &(Day, Day)| arrivals.iter().any(|day| follows(*left, *day));
                trips.into_iter().filter(some).collect()
            };
            let mut longer = hops.clone();
            longer.push(next);
            self.go(start, longer, trips, goods);
        }
    }
}
