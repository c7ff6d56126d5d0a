//! Traces against every walk, and the scenarios.

use std::collections::{BTreeMap, BTreeSet};

use casefile::ApproxDate;
use supply::{
    Chain, Day, Days, Evidence, Fit, Form, Holder, HolderId, HolderKind, Hop, HopId, Hs, Network,
    Period, Product, Rules, Start, Sure, Taint, TaintId, TaintOn, Traces, Word, becomes, carried,
    fit,
};

use crate::random::{Dates, RICH, Random, Shape, network, question};
use crate::reference::{Walk, walks};

fn to(network: &Network, walk: &Walk) -> HolderId {
    network.hops[walk.hops[walk.hops.len() - 1].at()].to
}

/// Evidence set aside: it has tests of its own.
fn unquestioned(mut network: Network) -> Network {
    for hop in &mut network.hops {
        hop.evidence = Evidence::All([].into());
    }
    for taint in &mut network.taints {
        taint.evidence = Evidence::All([].into());
    }
    network
}

#[test]
fn traces_are_those_of_every_walk_of_distinct_hops() {
    let shapes = [
        RICH,
        Shape {
            products: false,
            lots: false,
            ..RICH
        },
        Shape {
            holders: 3,
            hops: 10,
            days: 5,
            lots: false,
            ..RICH
        },
        Shape {
            holders: 3,
            hops: 10,
            days: 5,
            products: false,
            ..RICH
        },
        Shape {
            holders: 3,
            hops: 9,
            days: 5,
            products: false,
            lots: false,
            dates: Dates::Exact,
        },
    ];
    let (mut reached, mut long) = (0, 0);
    for seed in 0..6_000 {
        let random = &mut Random(seed);
        let shape = shapes[seed as usize % shapes.len()];
        let network = unquestioned(network(random, shape));
        let (starts, rules) = question(random, shape);
        let walks = walks(&network, &starts, &rules, &|_| true);
        let traces = Traces::new(&network, &starts, &rules);
        let mut expected: BTreeMap<HolderId, Day> = BTreeMap::new();
        for walk in &walks {
            let day = expected.entry(to(&network, walk)).or_insert(walk.earliest);
            *day = (*day).min(walk.earliest);
            long += usize::from(walk.hops.len() > 2);
        }
        let found = traces.arrivals();
        let found: BTreeMap<_, _> = found.iter().map(|a| (a.holder, a.earliest)).collect();
        assert_eq!(found, expected, "seed {seed}");
        reached += found.len();
        for holder in (0..shape.holders).map(HolderId) {
            chains(&network, &traces, &walks, holder, seed);
        }
    }
    // The networks are worth asking.
    assert!(reached > 6_000 && long > 2_000, "{reached} {long}");
}

fn chains(network: &Network, traces: &Traces, walks: &[Walk], holder: HolderId, seed: u64) {
    let there: Vec<&Walk> = walks
        .iter()
        .filter(|walk| to(network, walk) == holder)
        .collect();
    let is = |chain: &Chain| {
        let same = |walk: &&&Walk| walk.hops == chain.hops && walk.start == chain.start;
        there.iter().find(same)
    };
    let earliest = traces
        .earliest(network, holder)
        .map(|c| is(&c).expect("a walk").earliest);
    assert_eq!(
        earliest,
        there.iter().map(|walk| walk.earliest).min(),
        "seed {seed}"
    );
    let latest = traces.latest(network, holder).map(|chain| {
        is(&chain).expect("a walk");
        chain.hops[chain.hops.len() - 1]
    });
    let arrival = |hop: HopId| network.hops[hop.at()].arrival.last;
    let last = there
        .iter()
        .map(|walk| arrival(walk.hops[walk.hops.len() - 1]))
        .max();
    // Between days may cut what the record allows: the cut day is not later than the record's.
    assert_eq!(latest.is_some(), last.is_some(), "seed {seed}");
    let fewest = traces.fewest(network, holder).map(|chain| {
        is(&chain).expect("a walk");
        chain.hops.len()
    });
    assert_eq!(
        fewest,
        there.iter().map(|walk| walk.hops.len()).min(),
        "seed {seed}"
    );
    let different = traces.different(network, holder, 3);
    let distinct: BTreeSet<_> = different.iter().map(|chain| &chain.hops).collect();
    assert_eq!(distinct.len(), different.len(), "seed {seed}");
    assert!(
        different.iter().all(|chain| is(chain).is_some()),
        "seed {seed}"
    );
    assert_eq!(different.is_empty(), there.is_empty(), "seed {seed}");
    let on: BTreeSet<HopId> = there
        .iter()
        .flat_map(|walk| walk.hops.iter().copied())
        .collect();
    let cone: BTreeSet<HopId> = traces.cone(&[holder]).into_iter().collect();
    assert!(on.is_subset(&cone), "seed {seed}");
}

#[test]
fn what_goods_may_become_is_transitive() {
    use Form::{Cured, Cut, Fillet, Gutted, Live, Meal, Minced, Oil, Prepared, Whole};
    let forms = [
        Live, Whole, Gutted, Fillet, Cut, Minced, Cured, Prepared, Meal, Oil,
    ];
    for a in forms {
        assert!(becomes(a, a));
        for b in forms.into_iter().filter(|b| becomes(a, *b)) {
            for c in forms.into_iter().filter(|c| becomes(b, *c)) {
                assert!(becomes(a, c), "{a:?} {b:?} {c:?}");
            }
        }
    }
    let goods = |chapter: u8| Product {
        hs: Hs::parse(&format!("{chapter:02}00"), None),
        ..Product::default()
    };
    let goes = |a: u8, b: u8| fit(&goods(a), &goods(b)) != Fit::No;
    for a in 1..=97 {
        assert!(goes(a, a));
        for b in (1..=97).filter(|b| goes(a, *b)) {
            assert_eq!(carried(&goods(a), &goods(b)), goods(b));
            for c in (1..=97).filter(|c| goes(b, *c)) {
                assert!(goes(a, c), "{a} {b} {c}");
            }
        }
    }
}

fn month(text: &str) -> Days {
    Days::from(text.parse::<ApproxDate>().expect("a date"))
}

/// A plant with a workers' claim, an exporter, an importer; one shipment that left on `left`.
fn plant(left: Days) -> Network {
    let mut network = Network::default();
    for kind in [
        HolderKind::Facility,
        HolderKind::Exporter,
        HolderKind::Importer,
    ] {
        network.holders.push(Holder {
            kind,
            ..Holder::default()
        });
    }
    let hop = |from, to, departure: Days, arrival| Hop {
        from: HolderId(from),
        to: HolderId(to),
        departure,
        arrival,
        made: Some(departure),
        product: None,
        mass: None,
        factor: None,
        lots: [].into(),
        inputs: [].into(),
        vessel: None,
        evidence: Evidence::All([].into()),
    };
    network.hops.push(hop(0, 1, left, left));
    network
        .hops
        .push(hop(1, 2, month("2023-05-02"), month("2023-06")));
    network.taints.push(Taint {
        on: TaintOn::Holder(HolderId(0)),
        period: Period {
            from: Some(month("2023-02-01")),
            to: Some(month("2023-06-30")),
        },
        what: "workers sent by a state".into(),
        stated: Word::Alleged,
        evidence: Evidence::All([].into()),
    });
    network
}

#[test]
fn what_left_before_the_workers_came_is_not_tainted() {
    let check = |left: Days, possible: bool, certain: bool| {
        let network = plant(left);
        for (dates, expected) in [(Sure::Possible, possible), (Sure::Certain, certain)] {
            let rules = Rules {
                dates,
                ..Rules::default()
            };
            let traces = Traces::new(&network, &[Start::Taint(TaintId(0))], &rules);
            let chain = traces.earliest(&network, HolderId(2));
            assert_eq!(chain.is_some(), expected, "{left:?} {dates:?}");
        }
    };
    check(month("2023-01"), false, false);
    // "Early 2023"
    check(
        Days {
            first: month("2023-01").first,
            last: month("2023-04").last,
        },
        true,
        false,
    );
    check(month("2023-03"), true, true);
    // After the second hop left: no way to the importer.
    check(month("2023-05-03"), false, false);
}

#[test]
fn what_points_nowhere_is_part_of_no_trace() {
    let mut network = plant(month("2023-03"));
    network.hops[1].to = HolderId(77);
    network.hops[0].product = Some(supply::ProductId(9));
    network.hops[0].evidence = Evidence::Claim(supply::ClaimId(5));
    let starts = [
        Start::Taint(TaintId(9)),
        Start::Holder(HolderId(50)),
        Start::Taint(TaintId(0)),
    ];
    let traces = Traces::new(&network, &starts, &Rules::default());
    assert_eq!(traces.arrivals(), []);
    assert_eq!(traces.different(&network, HolderId(99), 3), []);
}

/// However many explanations are asked for, the search ends when no new ones come up, and has found the few there are.
#[test]
fn all_explanations_are_as_many_as_there_are() {
    let hop = |from: u32, to: u32, day: i32| Hop {
        from: HolderId(from),
        to: HolderId(to),
        departure: Days::on(day),
        arrival: Days::on(day + 1),
        made: None,
        product: None,
        mass: None,
        factor: None,
        lots: [].into(),
        inputs: [].into(),
        vessel: None,
        evidence: Evidence::All([].into()),
    };
    let network = Network {
        holders: vec![Holder::default(); 3],
        hops: vec![hop(0, 2, 1), hop(0, 1, 1), hop(1, 2, 3), hop(1, 2, 5)],
        ..Network::default()
    };
    let traces = Traces::new(
        &network,
        &[supply::Start::Holder(HolderId(0))],
        &Rules::default(),
    );
    for most in [3, 1_000, usize::MAX] {
        assert_eq!(traces.different(&network, HolderId(2), most).len(), 3);
    }
    assert_eq!(traces.different(&network, HolderId(2), 2).len(), 2);
}
