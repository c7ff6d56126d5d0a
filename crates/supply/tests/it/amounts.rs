//! Least and greatest amounts against every way in which the goods can have been picked from the stocks.

use std::collections::BTreeMap;

use supply::{
    Bounds, Convention, Days, Evidence, Holder, HolderId, Hop, HopId, Mass, Measure, Network,
    Period, Rules, Start, Status, Taint, TaintId, TaintOn, Traces, Volume, Word, volume,
};

use crate::random::Random;

fn hop(from: u32, to: u32, left: i32, arrived: i32, mass: Mass) -> Hop {
    Hop {
        from: HolderId(from),
        to: HolderId(to),
        departure: Days::on(left),
        arrival: Days::on(arrived),
        made: None,
        product: None,
        mass: Some(mass),
        factor: None,
        lots: [].into(),
        inputs: [].into(),
        vessel: None,
        evidence: Evidence::All([].into()),
    }
}

fn tonnes(tonnes: u64) -> Mass {
    Mass::exactly(tonnes * 1_000_000)
}

fn between(low: u64, high: u64) -> Bounds {
    Bounds {
        low: low * 1_000_000,
        high: Some(high * 1_000_000),
    }
}

/// The cold store of the worked example: 30 t known tainted, 50 t clean, 40 t to A, late 20 t of unknown origin, 40 t
/// to B.
fn cold_store() -> (Network, BTreeMap<HopId, Status>) {
    let mut network = Network {
        holders: vec![Holder::default(); 6],
        ..Network::default()
    };
    let (store, a, b) = (3, 4, 5);
    network.hops = vec![
        hop(0, store, 0, 1, tonnes(30)),
        hop(1, store, 1, 2, tonnes(50)),
        hop(store, a, 3, 5, tonnes(40)),
        hop(2, store, 5, 6, tonnes(20)),
        hop(store, b, 7, 9, tonnes(40)),
    ];
    let status = BTreeMap::from([
        (HopId(0), Status::Tainted),
        (HopId(1), Status::Clean),
        (HopId(3), Status::Unknown),
    ]);
    (network, status)
}

#[test]
fn the_cold_store_has_a_joint_least_that_its_customers_have_not() {
    let (network, status) = cold_store();
    let ask = |group: &[u32]| {
        let group: Vec<HolderId> = group.iter().copied().map(HolderId).collect();
        volume(
            &network,
            &Rules::default(),
            Measure::Tainted,
            &status,
            &group,
        )
    };
    let (a, b, both) = (ask(&[4]), ask(&[5]), ask(&[4, 5]));
    assert_eq!((a.known, b.known), (between(0, 30), between(0, 30)));
    assert_eq!(
        (both.known, both.with_unknown),
        (between(10, 30), between(30, 50))
    );
    assert_eq!(both.received, between(80, 80));
    assert!(both.attained);
    let puts = |convention| {
        let share = both
            .shares
            .iter()
            .find(|share| share.convention == convention);
        share
            .expect("a share")
            .grams
            .iter()
            .map(|(_, grams)| grams / 1_000_000)
            .collect::<Vec<_>>()
    };
    assert_eq!(puts(Convention::FirstInFirstOut), [30, 0]);
    assert_eq!(puts(Convention::ProRata), [15, 10]);
    // Last in first out: A gets 40 of the clean 50, B the unknown 20, 10 clean, 10 tainted.
    assert_eq!(puts(Convention::LastInFirstOut), [0, 10]);
}

#[test]
fn exposed_volume_is_not_volume_shown_tainted() {
    let mut network = Network {
        holders: vec![Holder::default(); 2],
        ..Network::default()
    };
    network.lots.push("L-1".into());
    network.hops = vec![
        hop(0, 1, 10, 12, tonnes(120_000)),
        hop(0, 1, 11, 13, tonnes(7)),
    ];
    network.hops[1].lots = [supply::LotId(0)].into();
    let taint = |on| Taint {
        on,
        period: Period::default(),
        what: "forced labour".into(),
        stated: Word::Alleged,
        evidence: Evidence::All([].into()),
    };
    network.taints = vec![taint(TaintOn::Holder(HolderId(0)))];
    let rules = Rules::default();
    let ask = |network: &Network, starts: &[Start]| {
        let traces = Traces::new(network, starts, &rules);
        traces.volumes(network, &rules, &BTreeMap::new(), &[HolderId(1)])
    };
    let volumes = ask(&network, &[Start::Taint(TaintId(0))]);
    assert_eq!(volumes.tainted, None);
    let exposed = volumes.exposed.expect("exposed volume");
    assert_eq!(exposed.known, between(120_007, 120_007));
    assert_eq!(exposed.measure, Measure::Exposed);
    network.taints.push(taint(TaintOn::Lot(supply::LotId(0))));
    let volumes = ask(
        &network,
        &[Start::Taint(TaintId(0)), Start::Taint(TaintId(1))],
    );
    assert_eq!(
        volumes.tainted.expect("a lot is named").known,
        between(7, 7)
    );
}

#[test]
fn a_shipment_without_weight_has_no_upper_bound() {
    let (mut network, status) = cold_store();
    network.hops[0].mass = None;
    network.hops[4].mass = None;
    let group = [HolderId(4), HolderId(5)];
    let found = volume(
        &network,
        &Rules::default(),
        Measure::Tainted,
        &status,
        &group,
    );
    assert_eq!(found.known.low, 0);
    assert_eq!(found.known.high, None);
    assert_eq!(found.shares, []);
    assert!(!found.attained);
}

/// Tainted, clean, unknown.
type Goods = [u64; 3];

/// Every way in which goods can have been picked, one event after the other.
struct Picks<'a> {
    network: &'a Network,
    status: &'a BTreeMap<HopId, Status>,
    group: &'a [HolderId],
    /// Day, whether it leaves, which hop.
    events: Vec<(i32, bool, usize)>,
    /// Least and greatest of tainted, and of tainted and unknown.
    found: Option<[u64; 4]>,
}

impl Picks<'_> {
    fn member(&self, holder: HolderId) -> bool {
        self.group.contains(&holder)
    }

    fn go(&mut self, next: usize, stocks: &mut [Goods], sent: &mut [Goods]) {
        let Some(&(_, leaves, number)) = self.events.get(next) else {
            let entering = self.network.hops.iter().zip(sent.iter());
            let entering =
                entering.filter(|(hop, _)| self.member(hop.to) && !self.member(hop.from));
            let (tainted, unknown) =
                entering.fold((0, 0), |(t, u), (_, goods)| (t + goods[0], u + goods[2]));
            let all = tainted + unknown;
            let known = self.found.unwrap_or([tainted, tainted, all, all]);
            self.found = Some([
                known[0].min(tainted),
                known[1].max(tainted),
                known[2].min(all),
                known[3].max(all),
            ]);
            return;
        };
        let hop = &self.network.hops[number];
        let mass = hop.mass.expect("a weight").low;
        if !leaves {
            let goods = sent[number];
            (0..3).for_each(|kind| stocks[hop.to.at()][kind] += goods[kind]);
            self.go(next + 1, stocks, sent);
            (0..3).for_each(|kind| stocks[hop.to.at()][kind] -= goods[kind]);
            return;
        }
        let given = self
            .status
            .get(&HopId::of(number))
            .map(|status| match status {
                Status::Tainted => [mass, 0, 0],
                Status::Clean => [0, mass, 0],
                Status::Unknown => [0, 0, mass],
            });
        for tainted in 0..=mass {
            for clean in 0..=mass - tainted {
                let picked = [tainted, clean, mass - tainted - clean];
                if self.member(hop.from) {
                    sent[number] = given.unwrap_or(picked);
                    self.go(next + 1, stocks, sent);
                    continue;
                }
                let stock = stocks[hop.from.at()];
                if (0..3).all(|kind| picked[kind] <= stock[kind]) {
                    (0..3).for_each(|kind| stocks[hop.from.at()][kind] -= picked[kind]);
                    sent[number] = given.unwrap_or(picked);
                    self.go(next + 1, stocks, sent);
                    (0..3).for_each(|kind| stocks[hop.from.at()][kind] += picked[kind]);
                }
            }
        }
    }
}

/// A small network with exact dates and masses of a few grams, and what of it is given.
fn small(random: &mut Random) -> (Network, BTreeMap<HopId, Status>, Vec<HolderId>) {
    let mut network = Network {
        holders: vec![Holder::default(); 4],
        ..Network::default()
    };
    for _ in 0..4 + random.under(4) {
        // Goods mostly move on, from where they are made to where they are sold; some go round.
        let (from, to, left) = if random.once_in(8) {
            (random.under(4), random.under(4), random.under(6))
        } else {
            let from = random.under(3);
            (
                from,
                from + 1 + random.under(3 - from),
                from * 2 + random.under(3),
            )
        };
        let left = left as i32;
        let mass = Mass::exactly(u64::from(random.under(5 - from)));
        network
            .hops
            .push(hop(from, to, left, left + 1 + random.under(2) as i32, mass));
    }
    let mut status = BTreeMap::new();
    for number in 0..network.hops.len() {
        let made = network.hops[number].from == HolderId(0);
        match random.under(if made { 4 } else { 12 }) {
            0 | 1 => _ = status.insert(HopId::of(number), Status::Tainted),
            2 => _ = status.insert(HopId::of(number), Status::Clean),
            3 => _ = status.insert(HopId::of(number), Status::Unknown),
            _ => {}
        }
    }
    let group = if random.once_in(2) {
        vec![HolderId(3)]
    } else {
        vec![HolderId(2), HolderId(3)]
    };
    (network, status, group)
}

fn every_pick(network: &Network, status: &BTreeMap<HopId, Status>, group: &[HolderId]) -> [u64; 4] {
    let mut events = Vec::new();
    for (number, hop) in network.hops.iter().enumerate() {
        events.push((hop.departure.first, true, number));
        if !group.contains(&hop.to) {
            events.push((hop.arrival.first, false, number));
        }
    }
    events.sort_unstable();
    // What left beyond what had come was there before, and is unknown.
    let mut stocks = vec![[0, 0, 0]; network.holders.len()];
    for (holder, stock) in stocks.iter_mut().enumerate() {
        let (mut running, mut lowest) = (0_i64, 0);
        for (_, leaves, number) in &events {
            let hop = &network.hops[*number];
            let mass = hop.mass.expect("a weight").low as i64;
            if *leaves && hop.from.at() == holder {
                running -= mass;
            } else if !leaves && hop.to.at() == holder {
                running += mass;
            }
            lowest = lowest.min(running);
        }
        stock[2] = lowest.unsigned_abs();
    }
    let mut picks = Picks {
        network,
        status,
        group,
        events,
        found: None,
    };
    picks.go(0, &mut stocks, &mut vec![[0, 0, 0]; network.hops.len()]);
    picks.found.expect("some way")
}

fn bounds(volume: &Volume) -> [u64; 4] {
    let high = |bounds: Bounds| bounds.high.expect("a bound");
    [
        volume.known.low,
        high(volume.known),
        volume.with_unknown.low,
        high(volume.with_unknown),
    ]
}

#[test]
fn bounds_are_the_least_and_greatest_of_every_way_to_pick() {
    let mut open = 0;
    for seed in 0..6_000 {
        let random = &mut Random(seed);
        let (network, status, group) = small(random);
        let expected = every_pick(&network, &status, &group);
        let found = volume(
            &network,
            &Rules::default(),
            Measure::Tainted,
            &status,
            &group,
        );
        assert_eq!(bounds(&found), expected, "seed {seed}");
        assert!(found.attained);
        open += usize::from(expected[0] < expected[1]);
        // A convention is one of the ways, up to what rounding moves.
        for share in &found.shares {
            let sum: u64 = share.grams.iter().map(|(_, grams)| grams).sum();
            let slack =
                network.hops.len() as u64 * u64::from(share.convention == Convention::ProRata);
            assert!(
                expected[0] <= sum + slack && sum <= expected[1] + slack,
                "seed {seed} {share:?} {expected:?}"
            );
        }
    }
    assert!(open > 300, "{open}");
}

#[test]
fn vague_weights_and_dates_widen_the_bounds_and_never_narrow_them() {
    for seed in 0..1_500 {
        let random = &mut Random(seed);
        let (network, status, group) = small(random);
        let expected = every_pick(&network, &status, &group);
        let mut vague = network.clone();
        for hop in &mut vague.hops {
            let mass = hop.mass.expect("a weight").low;
            if random.once_in(2) {
                hop.mass = Some(Mass {
                    low: mass.saturating_sub(u64::from(random.under(3))),
                    high: mass + u64::from(random.under(3)),
                });
            }
            if random.once_in(2) {
                hop.departure.first -= random.under(3) as i32;
                hop.departure.last += random.under(2) as i32;
                hop.arrival.last += random.under(2) as i32;
            }
        }
        let found = volume(&vague, &Rules::default(), Measure::Tainted, &status, &group);
        let found = bounds(&found);
        assert!(
            found[0] <= expected[0]
                && found[1] >= expected[1]
                && found[2] <= expected[2]
                && found[3] >= expected[3],
            "seed {seed}: {found:?} {expected:?}"
        );
    }
}
