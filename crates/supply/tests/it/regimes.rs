use std::collections::BTreeMap;

use supply::{
    Basis, Claim, ClaimId, Denial, DocumentId, Evidence, Fact, Holder, HolderId, Hop, HopId, Locus,
    Network, OriginId, Period, Regime, State, Subject, Taint, TaintId, TaintOn, Word, assess, day,
    regimes,
};

#[test]
fn the_regimes_that_come_with_the_program_can_be_read() {
    let found: Vec<(String, bool)> = regimes()
        .into_iter()
        .map(|r| (r.key, r.sources.is_empty()))
        .collect();
    let expected = ["tariff-act-307", "caatsa-321", "uflpa", "eu-2024-3015"];
    assert_eq!(found, expected.map(|key| (key.to_owned(), false)));
    for regime in regimes() {
        let said = format!("{regime:?}").to_lowercase();
        assert!(
            !said.contains("illegal") && !said.contains("guilty"),
            "{}",
            regime.key
        );
    }
    assert!(Regime::read("key = 3").is_err());
    let turned = include_str!("../../regimes/caatsa-321.toml").replace("\"workers\"", "\"nobody\"");
    let error = Regime::read(&turned.replacen("key = \"nobody\"", "key = \"workers\"", 1));
    assert!(error.expect_err("no such element").contains("nobody"));
}

/// A plant with a claim about its workers, a shipment from it and an import.
fn case() -> (Network, BTreeMap<Fact, Vec<Subject>>) {
    let mut network = Network {
        holders: vec![Holder::default(); 3],
        ..Network::default()
    };
    let claim = |origin, basis| Claim {
        document: DocumentId(0),
        origin: OriginId(origin),
        basis,
        at: Locus::Row(2),
    };
    network.claims = vec![
        claim(0, Basis::Observed),
        claim(1, Basis::Observed),
        claim(2, Basis::Record),
        claim(3, Basis::Record),
        claim(4, Basis::Reported),
    ];
    let one = |at| Evidence::Claim(ClaimId(at));
    let hop = |from, to, evidence| Hop {
        from: HolderId(from),
        to: HolderId(to),
        departure: supply::Days::on(0),
        arrival: supply::Days::on(0),
        made: None,
        product: None,
        mass: None,
        factor: None,
        lots: [].into(),
        inputs: [].into(),
        vessel: None,
        evidence,
    };
    network.hops = vec![hop(0, 1, one(2)), hop(1, 2, one(3))];
    network.taints = vec![Taint {
        on: TaintOn::Holder(HolderId(0)),
        period: Period::default(),
        what: "North Korean workers".into(),
        stated: Word::Shown,
        evidence: Evidence::Any([one(0), one(1)].into()),
    }];
    let findings = BTreeMap::from([
        (Fact::WorkersOfState, vec![Subject::Taint(TaintId(0))]),
        (Fact::PartInMaking, vec![Subject::Hop(HopId(0))]),
        (Fact::Importation, vec![Subject::Hop(HopId(1))]),
    ]);
    (network, findings)
}

fn caatsa(network: &Network, findings: &BTreeMap<Fact, Vec<Subject>>) -> Vec<State> {
    let all = regimes();
    let regime = all
        .iter()
        .find(|r| r.key == "caatsa-321")
        .expect("it is there");
    let found = assess(network, regime, findings, day(2023, 6, 1));
    assert!(found.applies);
    found.elements.iter().map(|element| element.state).collect()
}

#[test]
fn the_law_presumes_what_follows_from_what_is_shown() {
    use State::{Contested, NotShown, Presumed, Shown};
    let (mut network, findings) = case();
    assert_eq!(caatsa(&network, &findings), [Shown, Shown, Shown, Presumed]);
    // One informant less, and the first element is no longer shown.
    network.claims[1].origin = OriginId(0);
    assert_eq!(
        caatsa(&network, &findings),
        [NotShown, Shown, Shown, NotShown]
    );
    network.claims[1].origin = OriginId(1);
    network.denials.push(Denial {
        of: Subject::Taint(TaintId(0)),
        by: "the plant".into(),
        on: None,
        evidence: Evidence::Claim(ClaimId(4)),
        ruling: None,
    });
    assert_eq!(
        caatsa(&network, &findings),
        [Contested, Shown, Shown, Contested]
    );
}

#[test]
fn an_assessment_has_exhibits_and_says_whether_the_law_applied() {
    let (network, findings) = case();
    let all = regimes();
    let assess = |key: &str, day| {
        let regime = all.iter().find(|r| r.key == key).expect("it is there");
        assess(&network, regime, &findings, day)
    };
    let workers = &assess("caatsa-321", day(2023, 6, 1)).elements[0];
    assert_eq!(
        (workers.origins, &workers.exhibits[..]),
        (2, &[ClaimId(0), ClaimId(1)][..])
    );
    assert!(!assess("caatsa-321", day(2017, 8, 1)).applies);
    assert!(!assess("uflpa", day(2022, 6, 20)).applies);
    assert!(assess("uflpa", day(2022, 6, 21)).applies);
    assert!(!assess("eu-2024-3015", day(2026, 11, 26)).applies);
    // Nothing in the case speaks of a region, so nothing follows from it.
    let uflpa = assess("uflpa", day(2023, 6, 1));
    assert_eq!(uflpa.elements[3].state, State::NotShown);
}
