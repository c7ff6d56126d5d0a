//! What in a network cannot be as it is recorded. Nothing is taken out or put right: each thing is named, with its place.

use std::collections::{BTreeMap, BTreeSet};

use casefile::Problem;

use crate::question::tight;
use crate::{Day, Evidence, Fit, HolderId, Hop, LotId, Network, TaintOn, day, fit, iso};

/// Trade records do not go further back.
const EARLIEST: Day = day(1900, 1, 1);

/// As many hops between the same two on the same days are one shipment told over and over, or a mistake.
const ALIKE: usize = 1_000;

/// Everything in a network that cannot be, as of a day. Places are `hop 12`, `holder 3` and so on, by position.
#[must_use]
pub fn check(network: &Network, today: Day) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (at, hop) in network.hops.iter().enumerate() {
        for problem in hop_problems(network, hop, today) {
            problems.push(problem.at(format!("hop {at}")));
        }
    }
    for (at, taint) in network.taints.iter().enumerate() {
        let there = match taint.on {
            TaintOn::Holder(holder) => holder.at() < network.holders.len(),
            TaintOn::Lot(lot) => lot.at() < network.lots.len(),
            TaintOn::Hop(hop) => hop.at() < network.hops.len(),
        };
        if !there || !claims_there(network, &taint.evidence) {
            problems.push(dangling("this taint").at(format!("taint {at}")));
        }
        let (first, last) = taint.period.possible();
        if first > last {
            let message = "the period ends before it begins, so nothing comes under it";
            problems.push(Problem::new("period_reversed", message).at(format!("taint {at}")));
        }
    }
    for (at, claim) in network.claims.iter().enumerate() {
        let document = claim.document.at() < network.documents.len();
        if !document || claim.origin.at() >= network.origins.len() {
            problems.push(dangling("this claim").at(format!("claim {at}")));
        }
    }
    alike(network, &mut problems);
    circles(network, &mut problems);
    lots(network, &mut problems);
    stocks(network, &mut problems);
    ownership(network, &mut problems);
    problems
}

fn dangling(what: &str) -> Problem {
    let message = format!("{what} points at something that is not there; it is part of no trace");
    Problem::new("points_nowhere", message)
}

fn claims_there(network: &Network, evidence: &Evidence) -> bool {
    let mut there = true;
    evidence.claims(&mut |claim| there &= claim.at() < network.claims.len());
    there
}

fn hop_problems(network: &Network, hop: &Hop, today: Day) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut name = |code, message: String| problems.push(Problem::new(code, message));
    let holder = |id: HolderId| id.at() < network.holders.len();
    let lot = |id: &LotId| id.at() < network.lots.len();
    let product = hop
        .product
        .is_none_or(|id| id.at() < network.products.len());
    let lots = hop.lots.iter().chain(&hop.inputs).all(lot);
    let ends = holder(hop.from) && holder(hop.to) && hop.vessel.is_none_or(holder);
    if !(ends && product && lots && claims_there(network, &hop.evidence)) {
        let message = "this hop points at something that is not there";
        name("points_nowhere", message.into());
    }
    if hop.from == hop.to {
        let message = "the sender and the receiver are the same; it brings goods to nobody new";
        name("ships_to_itself", message.into());
    }
    for (what, days) in [("departure", hop.departure), ("arrival", hop.arrival)] {
        if days.first > days.last {
            name("days_reversed", format!("the {what} ends before it begins"));
        } else if days.last > today {
            let day = iso(days.last);
            name(
                "date_in_the_future",
                format!("the {what} may be on {day}, which is to come"),
            );
        } else if days.first < EARLIEST {
            let day = iso(days.first);
            name(
                "date_too_early",
                format!("the {what} may be on {day}, before any trade record"),
            );
        }
    }
    if tight(hop).is_none() {
        let message = "it arrives before it leaves; it is part of no trace";
        name("arrives_before_it_leaves", message.into());
    }
    match hop.mass {
        Some(mass) if mass.low > mass.high => {
            name(
                "weight_reversed",
                "the least weight is above the greatest".into(),
            );
        }
        Some(mass) if mass.high == 0 => {
            name(
                "no_weight",
                "the weight is nought; nothing is counted for it".into(),
            );
        }
        _ => {}
    }
    if let Some(factor) = &hop.factor
        && (factor.low > factor.high || factor.low < 1_000)
    {
        let message = "live weight below product weight, or bounds the wrong way round";
        name("factor_impossible", message.into());
    }
    if hop.made.is_some_and(|made| made.first > hop.departure.last) {
        let message = "the goods were made after they left; the day of making is set aside";
        name("made_after_it_left", message.into());
    }
    problems
}

fn alike(network: &Network, problems: &mut Vec<Problem>) {
    let mut alike: BTreeMap<_, usize> = BTreeMap::new();
    for hop in &network.hops {
        *alike
            .entry((hop.from, hop.to, hop.departure, hop.arrival))
            .or_default() += 1;
    }
    for ((from, to, departure, _), times) in alike.into_iter().filter(|(_, n)| *n >= ALIKE) {
        let on = iso(departure.first);
        let message = format!(
            "{times} hops from holder {} to holder {} on the same days ({on}): one bill over many \
             rows, or rows told twice; their weights add up",
            from.0, to.0
        );
        problems.push(Problem::new("many_alike", message).at(format!("holder {}", from.0)));
    }
}

/// Goods that leave and arrive on one day and are back on that day: which came first cannot be told.
fn circles(network: &Network, problems: &mut Vec<Problem>) {
    let mut days: BTreeMap<Day, Vec<usize>> = BTreeMap::new();
    for (at, hop) in network.hops.iter().enumerate() {
        let one_day = hop.departure.is_exact() && hop.departure == hop.arrival;
        if one_day && hop.from != hop.to {
            days.entry(hop.departure.first).or_default().push(at);
        }
    }
    for (day, hops) in days {
        let mut left: BTreeSet<usize> = hops.into_iter().collect();
        // Whatever nothing leads to, or what leads nowhere, is on no circle.
        loop {
            let from: BTreeSet<HolderId> = left.iter().map(|at| network.hops[*at].from).collect();
            let to: BTreeSet<HolderId> = left.iter().map(|at| network.hops[*at].to).collect();
            let before = left.len();
            left.retain(|at| {
                let hop = &network.hops[*at];
                to.contains(&hop.from) && from.contains(&hop.to)
            });
            if left.len() == before {
                break;
            }
        }
        if let Some(first) = left.first() {
            let message = format!(
                "{} hops go round in a circle on {}: all are taken to reach all of it",
                left.len(),
                iso(day)
            );
            problems.push(Problem::new("circle_in_time", message).at(format!("hop {first}")));
        }
    }
}

/// What was made of lots: it must be possible, and not weigh more than they did.
fn lots(network: &Network, problems: &mut Vec<Problem>) {
    let mut arrived: BTreeMap<(HolderId, LotId), Vec<usize>> = BTreeMap::new();
    for (at, hop) in network.hops.iter().enumerate() {
        for lot in &hop.lots {
            arrived.entry((hop.to, *lot)).or_default().push(at);
        }
    }
    let mut made: BTreeMap<(HolderId, &[LotId]), Vec<usize>> = BTreeMap::new();
    for (at, hop) in network
        .hops
        .iter()
        .enumerate()
        .filter(|(_, hop)| !hop.inputs.is_empty())
    {
        made.entry((hop.from, &hop.inputs)).or_default().push(at);
    }
    for ((holder, inputs), hops) in made {
        let came: BTreeSet<usize> = inputs
            .iter()
            .flat_map(|lot| arrived.get(&(holder, *lot)).into_iter().flatten())
            .copied()
            .collect();
        let known = inputs
            .iter()
            .all(|lot| arrived.contains_key(&(holder, *lot)));
        let of = |at: &usize| {
            network.hops[*at]
                .product
                .and_then(|id| network.products.get(id.at()))
        };
        for at in &hops {
            let Some(product) = of(at) else {
                continue;
            };
            let cannot = |came: &usize| of(came).is_some_and(|was| fit(was, product) == Fit::No);
            if !came.is_empty() && came.iter().all(cannot) {
                let message = "none of the goods that it is said to be made of can become it";
                let problem = Problem::new("cannot_become", message);
                problems.push(problem.at(format!("hop {at}")));
            }
        }
        let low = |at: &usize| network.hops[*at].mass.map_or(0, |mass| mass.low);
        let high = |at: &usize| network.hops[*at].mass.map_or(u64::MAX, |mass| mass.high);
        let out = hops.iter().map(low).fold(0, u64::saturating_add);
        let most = came.iter().map(high).fold(0, u64::saturating_add);
        if known && out > most {
            let message = format!(
                "{} kg at least were made of {} kg at most: more came out than went in",
                out / 1000,
                most / 1000
            );
            problems.push(Problem::new("mass_gained", message).at(format!("hop {}", hops[0])));
        }
    }
}

/// Holders that shipped more than they can have had.
fn stocks(network: &Network, problems: &mut Vec<Problem>) {
    let (out, into) = (1, 0);
    let mut events: BTreeMap<usize, Vec<(Day, u8, u64)>> = BTreeMap::new();
    let mut unweighed = BTreeSet::new();
    for hop in &network.hops {
        let (Some(mass), Some((left, arrived))) = (hop.mass, tight(hop)) else {
            unweighed.insert(hop.to.at());
            continue;
        };
        events
            .entry(hop.to.at())
            .or_default()
            .push((arrived.first, into, mass.high));
        events
            .entry(hop.from.at())
            .or_default()
            .push((left.last, out, mass.low));
    }
    for (holder, mut events) in events {
        let takes_in = events.iter().any(|(_, kind, _)| *kind == into);
        if !takes_in || unweighed.contains(&holder) {
            continue;
        }
        events.sort_unstable();
        let mut stock = 0_i128;
        let short = events.iter().find_map(|(day, kind, grams)| {
            stock += i128::from(*grams) * if *kind == into { 1 } else { -1 };
            (stock < 0).then_some((*day, stock.unsigned_abs()))
        });
        if let Some((day, grams)) = short {
            let message = format!(
                "by {} it shipped at least {} kg more than it had taken in on record",
                iso(day),
                grams / 1000
            );
            let problem = Problem::new("ships_more_than_it_had", message);
            problems.push(problem.at(format!("holder {holder}")));
        }
    }
}

/// Shares that cannot all be held at once.
fn ownership(network: &Network, problems: &mut Vec<Problem>) {
    let mut owned: BTreeMap<HolderId, Vec<usize>> = BTreeMap::new();
    for (at, share) in network.ownerships.iter().enumerate() {
        let place = format!("ownership {at}");
        let holders = network.holders.len();
        if share.owner.at() >= holders || share.owned.at() >= holders {
            problems.push(dangling("this share").at(place));
        } else if share.owner == share.owned {
            let message = "a company is said to own a share of itself";
            problems.push(Problem::new("owns_itself", message).at(place));
        } else if share.low > share.high || share.high > 1_000 {
            let message = "a share above the whole, or bounds the wrong way round";
            problems.push(Problem::new("share_impossible", message).at(place));
        }
        owned.entry(share.owned).or_default().push(at);
    }
    for (holder, shares) in owned {
        // The sum only rises where some share begins for certain.
        let held = |at: &usize| network.ownerships[*at].period.certain();
        let sum = |day: Day| -> u32 {
            let then = shares
                .iter()
                .filter(|at| held(at).is_some_and(|days| (days.first..=days.last).contains(&day)));
            then.map(|at| u32::from(network.ownerships[*at].low)).sum()
        };
        let days = shares.iter().filter_map(held).map(|days| days.first);
        if let Some(day) = days.filter(|day| sum(*day) > 1_000).min() {
            let when = if day == Day::MIN {
                "at some time".into()
            } else {
                format!("on {}", iso(day))
            };
            let message = format!(
                "{when} at least {}.{} % of it are said to be owned",
                sum(day) / 10,
                sum(day) % 10
            );
            let problem = Problem::new("owned_over_the_whole", message);
            problems.push(problem.at(format!("holder {}", holder.0)));
        }
    }
}
