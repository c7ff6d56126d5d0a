//! A movement that would join a gap: with it recorded, the trace is there; and every such movement is found.

use supply::{
    Days, Evidence, Gap, HolderId, Hop, Lack, Record, Rules, Start, Sure, Traces, gaps, lacks,
};

use crate::random::{Dates, RICH, Random, Shape, network, question};

fn hop(from: HolderId, to: HolderId, left: i32, arrived: i32) -> Hop {
    Hop {
        from,
        to,
        departure: Days::on(left),
        arrival: Days::on(arrived),
        made: None,
        product: None,
        mass: None,
        factor: None,
        lots: [].into(),
        inputs: [].into(),
        vessel: None,
        evidence: Evidence::All([].into()),
    }
}

#[test]
fn a_hop_in_the_gap_joins_the_trace() {
    let shape = Shape {
        holders: 5,
        hops: 5,
        products: false,
        lots: false,
        dates: Dates::Exact,
        ..RICH
    };
    let mut joined = 0;
    for seed in 0..3_000 {
        let random = &mut Random(seed);
        let mut network = network(random, shape);
        for hop in &mut network.hops {
            hop.evidence = Evidence::All([].into());
        }
        // Without limits of its own a holder keeps goods as long as need be, so that any day in the gap will do.
        network
            .holders
            .iter_mut()
            .for_each(|holder| holder.holding = None);
        let (_, rules) = question(random, shape);
        let rules = Rules {
            dates: Sure::Possible,
            products: Sure::Possible,
            between: None,
            holding: supply::Holding::ANY,
            ..rules
        };
        let starts = [Start::Holder(HolderId(random.under(5)))];
        let to = HolderId(random.under(5));
        let reached = |network: &supply::Network| {
            Traces::new(network, &starts, &rules)
                .earliest(network, to)
                .is_some()
        };
        let found = gaps(&network, &starts, &rules, to, 100);
        if reached(&network) {
            assert_eq!(found, [], "seed {seed}");
            continue;
        }
        for Gap {
            from, to, between, ..
        } in &found
        {
            let mut with = network.clone();
            let day = between.last.min(10_000).max(between.first);
            with.hops.push(hop(*from, *to, day, day));
            assert!(reached(&with), "seed {seed} {from:?} {to:?} {between:?}");
            joined += 1;
        }
        // And whatever hop joins it on one day lies in a gap.
        for _ in 0..5 {
            let (from, end) = (HolderId(random.under(5)), HolderId(random.under(5)));
            let day = random.under(12) as i32;
            let mut with = network.clone();
            with.hops.push(hop(from, end, day, day));
            if from != end && reached(&with) {
                let fits = |gap: &&Gap| {
                    gap.from == from
                        && gap.to == end
                        && (gap.between.first..=gap.between.last).contains(&day)
                };
                assert!(
                    found.iter().any(|gap| fits(&gap)),
                    "seed {seed} {from:?} {end:?} {day}"
                );
            }
        }
    }
    assert!(joined > 1_000, "{joined}");
}

#[test]
fn the_record_is_the_one_of_the_trade() {
    use supply::HolderKind::{Brand, Exporter, Facility, Importer, Vessel};
    for (from, to, expected) in [
        (Vessel, Vessel, Record::TranshipmentDeclaration),
        (Vessel, Facility, Record::LandingDeclaration),
        (Facility, Exporter, Record::DispatchNote),
        (Exporter, Importer, Record::BillOfLading),
        (Facility, Importer, Record::BillOfLading),
        (Importer, Brand, Record::SalesInvoice),
    ] {
        assert_eq!(supply::record(from, to), expected);
    }
}

#[test]
fn a_trace_tells_what_its_parts_lack() {
    use supply::{
        Basis, Claim, ClaimId, DocumentId, Holder, HopId, Locus, Mass, OriginId, Subject,
    };
    let mut network = supply::Network {
        holders: vec![Holder::default(); 2],
        ..supply::Network::default()
    };
    network.claims.push(Claim {
        document: DocumentId(0),
        origin: OriginId(0),
        basis: Basis::Estimate,
        at: Locus::Row(2),
    });
    let mut one = hop(HolderId(0), HolderId(1), 0, 1);
    one.arrival.last = 9;
    one.mass = Some(Mass::exactly(5));
    one.evidence = Evidence::Claim(ClaimId(0));
    network.hops.push(one);
    let traces = Traces::new(&network, &[Start::Holder(HolderId(0))], &Rules::default());
    let chain = traces.earliest(&network, HolderId(1)).expect("a trace");
    let of = Subject::Hop(HopId(0));
    let expected = [
        Lack::ExactDays,
        Lack::Product,
        Lack::SecondOrigin,
        Lack::Record,
    ];
    assert_eq!(lacks(&network, &chain), expected.map(|lack| (of, lack)));
}
