use std::collections::BTreeMap;

use supply::{HolderId, Method, OriginId, Source, Traces, Untold};

use crate::random::{RICH, Random, network, question};
use crate::withdrawing::reached;

#[test]
fn a_likelihood_is_the_weight_of_the_worlds_in_which_it_stands() {
    let mut between = 0;
    for seed in 0..800 {
        let random = &mut Random(seed);
        let network = network(random, RICH);
        let (starts, rules) = question(random, RICH);
        let traces = Traces::new(&network, &starts, &rules);
        let trust: BTreeMap<OriginId, f64> = (0..4)
            .map(|at| (OriginId(at), f64::from(random.under(11)) / 10.0))
            .collect();
        let to = HolderId(random.under(RICH.holders));
        let mut expected = 0.0;
        for world in 0..16_u32 {
            let lies = |at: &u32| world >> at & 1 == 0;
            let gone: Vec<Source> = (0..4)
                .filter(lies)
                .map(|at| Source::Origin(OriginId(at)))
                .collect();
            if reached(&network, &starts, &rules, &gone).contains(&to) {
                let weigh = |at| {
                    if lies(&at) {
                        1.0 - trust[&OriginId(at)]
                    } else {
                        trust[&OriginId(at)]
                    }
                };
                expected += (0..4).map(weigh).product::<f64>();
            }
        }
        let found = traces
            .likelihood(&network, to, &trust, 0, 0)
            .expect("all are told");
        assert!(
            (found.value - expected).abs() < 1e-12,
            "seed {seed} {found:?} {expected}"
        );
        between += usize::from(expected > 0.0 && expected < 1.0);
    }
    assert!(between > 100, "{between}");
}

#[test]
fn an_origin_without_trust_is_asked_for() {
    for seed in 0..200 {
        let random = &mut Random(seed);
        let network = network(random, RICH);
        let (starts, rules) = question(random, RICH);
        let traces = Traces::new(&network, &starts, &rules);
        let to = HolderId(1);
        let trust = BTreeMap::from([
            (OriginId(0), 0.5),
            (OriginId(1), 1.5),
            (OriginId(2), f64::NAN),
        ]);
        if let Err(Untold(untold)) = traces.likelihood(&network, to, &trust, 0, 0) {
            assert!(
                !untold.is_empty() && !untold.contains(&OriginId(0)),
                "seed {seed}"
            );
        }
    }
}

#[test]
fn many_origins_are_drawn_and_say_how_well() {
    use supply::{
        Basis, Claim, ClaimId, Days, DocumentId, Evidence, Holder, Hop, Locus, Rules, Start,
    };
    // Twenty hops side by side, each on an origin of its own that tells the truth once in ten times.
    let mut network = supply::Network {
        holders: vec![Holder::default(); 2],
        ..supply::Network::default()
    };
    for at in 0..20 {
        network.claims.push(Claim {
            document: DocumentId(0),
            origin: OriginId(at),
            basis: Basis::Reported,
            at: Locus::Row(at),
        });
        network.hops.push(Hop {
            from: HolderId(0),
            to: HolderId(1),
            departure: Days::on(0),
            arrival: Days::on(1),
            made: None,
            product: None,
            mass: None,
            factor: None,
            lots: [].into(),
            inputs: [].into(),
            vessel: None,
            evidence: Evidence::Claim(ClaimId(at)),
        });
    }
    let traces = Traces::new(&network, &[Start::Holder(HolderId(0))], &Rules::default());
    let trust: BTreeMap<OriginId, f64> = (0..20).map(|at| (OriginId(at), 0.1)).collect();
    let ask = |seed| {
        traces
            .likelihood(&network, HolderId(1), &trust, 20_000, seed)
            .expect("told")
    };
    let found = ask(7);
    let Method::Drawn { error, worlds, .. } = found.method else {
        panic!("{found:?}");
    };
    let expected = 1.0 - 0.9_f64.powi(20);
    assert!(
        (found.value - expected).abs() < 5.0 * error && worlds >= 20_000,
        "{found:?}"
    );
    assert_eq!(found, ask(7));
}
