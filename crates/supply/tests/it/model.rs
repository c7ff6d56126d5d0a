use casefile::ApproxDate;
use supply::{
    Basis, Claim, ClaimId, Day, Days, Denial, DenialId, Evidence, Factor, Fit, Form, Holder,
    HolderId, Hop, HopId, Hs, Locus, Mass, Network, OriginId, Period, Product, Ruling, Subject,
    Word, day, fit, iso, standing,
};

#[test]
fn days_are_those_of_the_calendar() {
    for (text, at) in [
        ("1970-01-01", 0),
        ("1969-12-31", -1),
        ("2000-02-29", 11_016),
        ("2023-06-13", 19_521),
        ("2100-03-01", 47_541),
        ("1600-03-01", -135_080),
    ] {
        assert_eq!(iso(at), text);
    }
    // Every day of five centuries, both ways.
    let mut expected = day(1700, 1, 1);
    for year in 1700..2200 {
        for month in 1..=12 {
            for of_month in 1..=31 {
                if let Some(date) = ApproxDate::new(year, Some(month), Some(of_month)) {
                    let found = day(year.into(), month.into(), of_month.into());
                    assert_eq!((found, iso(found)), (expected, date.to_string()));
                    expected += 1;
                }
            }
        }
    }
}

#[test]
fn a_date_of_any_precision_covers_its_days() {
    let check = |text: &str, first: &str, last: &str| {
        let days = Days::from(text.parse::<ApproxDate>().expect("a date"));
        assert_eq!(
            (iso(days.first), iso(days.last)),
            (first.into(), last.into())
        );
    };
    check("2023", "2023-01-01", "2023-12-31");
    check("2024-02", "2024-02-01", "2024-02-29");
    check("2023-12", "2023-12-01", "2023-12-31");
    check("2023-06-13", "2023-06-13", "2023-06-13");
}

#[test]
fn a_period_holds_for_certain_only_inside() {
    let month = |text: &str| Some(Days::from(text.parse::<ApproxDate>().expect("a date")));
    let period = Period {
        from: month("2023-02"),
        to: month("2023-06"),
    };
    let named = |(first, last): (Day, Day)| (iso(first), iso(last));
    assert_eq!(
        named(period.possible()),
        ("2023-02-01".into(), "2023-06-30".into())
    );
    let certain = period.certain().expect("some days");
    assert_eq!(
        named((certain.first, certain.last)),
        ("2023-02-28".into(), "2023-06-01".into())
    );
    let vague = Period {
        from: month("2023"),
        to: month("2023"),
    };
    assert_eq!(vague.certain(), None);
}

#[test]
fn masses_are_whole_grams() {
    assert_eq!(Mass::kg(0.3, 0.3), Some(Mass::exactly(300)));
    assert_eq!(
        Mass::kg(18_143.69, 18_143.69),
        Some(Mass::exactly(18_143_690))
    );
    let third = Mass::kg(0.000_33, 0.000_33).expect("a mass");
    assert_eq!((third.low, third.high), (0, 1));
    for (low, high) in [
        (-1.0, 1.0),
        (2.0, 1.0),
        (f64::NAN, 1.0),
        (0.0, f64::INFINITY),
    ] {
        assert_eq!(Mass::kg(low, high), None);
    }
    let fillet = Factor {
        low: 2_000,
        high: 2_501,
        source: "FAO 2000".into(),
    };
    let live = fillet.live(Mass::exactly(1_001));
    assert_eq!((live.low, live.high), (2_002, 2_504));
}

fn product(species: &str, form: Option<Form>, hs: &str) -> Product {
    Product {
        species: (!species.is_empty()).then(|| species.into()),
        form,
        hs: Hs::parse(hs, Some(2022)),
    }
}

#[test]
fn a_species_stays_and_a_form_goes_forward() {
    let check = |from: &Product, into: &Product, expected: Fit| {
        assert_eq!(fit(from, into), expected, "{from:?} into {into:?}");
    };
    let whole = product("squid", Some(Form::Whole), "0307.43");
    let rings = product("squid", Some(Form::Cut), "0307.43");
    let canned = product("squid", Some(Form::Prepared), "1605.54");
    let cod = product("cod", Some(Form::Cut), "0304.71");
    let unknown = Product::default();
    check(&whole, &rings, Fit::Certain);
    check(&rings, &whole, Fit::No);
    check(&rings, &canned, Fit::Certain);
    check(&canned, &rings, Fit::No);
    check(&whole, &cod, Fit::No);
    check(&whole, &unknown, Fit::Possible);
    check(&unknown, &whole, Fit::Possible);
    let cotton = product("cotton", None, "5201.00");
    check(&cotton, &product("cotton", None, "6109.10"), Fit::Possible);
    check(&cotton, &product("cotton", None, "0303.00"), Fit::No);
    check(
        &product("", None, "0303"),
        &product("", None, "5201"),
        Fit::No,
    );
}

#[test]
fn a_code_is_four_to_ten_digits() {
    for (text, code) in [
        ("0307.43.00", Some("03074300")),
        ("1605 54", Some("160554")),
        ("0304", Some("0304")),
        ("030", None),
        ("SQUID", None),
        ("0307.4X", None),
        ("0000.00", None),
        ("98.01", None),
        ("", None),
        ("二三〇一", None),
    ] {
        let found = Hs::parse(text, None).map(|hs| hs.code);
        assert_eq!(found.as_deref(), code, "{text}");
    }
}

/// A network with one hop, that stands on the claims of these bases and origins joined as `evidence` says.
fn one_hop(claims: &[(Basis, u32)], evidence: Evidence) -> Network {
    let mut network = Network {
        holders: vec![Holder::default(), Holder::default()],
        ..Network::default()
    };
    network
        .claims
        .extend(claims.iter().map(|(basis, origin)| Claim {
            document: supply::DocumentId(0),
            origin: OriginId(*origin),
            basis: *basis,
            at: Locus::Row(2),
        }));
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
        evidence,
    });
    network
}

fn claim(at: u32) -> Evidence {
    Evidence::Claim(ClaimId(at))
}

#[test]
fn a_word_follows_from_what_carries_it() {
    let check = |claims: &[(Basis, u32)], evidence: Evidence, expected: Word| {
        let network = one_hop(claims, evidence.clone());
        let found = standing(&network, Subject::Hop(HopId(0))).expect("a hop");
        assert_eq!(found.word, expected, "{claims:?} {evidence:?}");
    };
    use Basis::{Estimate, Observed, Record, Reported};
    let either = || Evidence::Any([claim(0), claim(1)].into());
    let both = || Evidence::All([claim(0), claim(1)].into());
    check(&[(Record, 0)], claim(0), Word::Shown);
    check(&[(Observed, 0)], claim(0), Word::Supported);
    check(&[(Reported, 0)], claim(0), Word::Alleged);
    check(&[(Estimate, 0)], claim(0), Word::Alleged);
    check(&[(Observed, 0), (Observed, 1)], either(), Word::Shown);
    // Two pages, one informant.
    check(&[(Observed, 0), (Observed, 0)], either(), Word::Supported);
    check(&[(Observed, 0), (Reported, 1)], either(), Word::Supported);
    check(&[(Record, 0), (Estimate, 1)], both(), Word::Alleged);
    check(&[(Record, 0), (Observed, 1)], both(), Word::Supported);
    // A claim that is not there carries nothing.
    check(&[], claim(7), Word::Alleged);
}

#[test]
fn a_denial_contests_and_takes_nothing_away() {
    let mut network = one_hop(&[(Basis::Record, 0), (Basis::Reported, 1)], claim(0));
    let of = Subject::Hop(HopId(0));
    let before = standing(&network, of).expect("a hop");
    network.denials.push(Denial {
        of,
        by: "the plant".into(),
        on: None,
        evidence: claim(1),
        ruling: None,
    });
    let denied = standing(&network, of).expect("a hop");
    assert_eq!((before.word, denied.word), (Word::Shown, Word::Contested));
    assert_eq!(
        (before.undenied, before.origins),
        (denied.undenied, denied.origins)
    );
    assert_eq!(denied.denials, [DenialId(0)]);
    for upheld in [true, false] {
        network.denials[0].ruling = Some(Ruling {
            upheld,
            by: "an analyst".into(),
            reason: "the plant's own photographs".into(),
        });
        let ruled = standing(&network, of).expect("a hop");
        assert_eq!((ruled.word, ruled.refuted), (Word::Shown, upheld));
        assert_eq!(ruled.denials, [DenialId(0)]);
    }
    assert_eq!(standing(&network, Subject::Hop(HopId(9))), None);
}

#[test]
fn a_network_reads_back() {
    let network = one_hop(
        &[(Basis::Record, 0)],
        Evidence::Any([claim(0), Evidence::All([].into())].into()),
    );
    let text = serde_json::to_string(&network).expect("JSON");
    assert_eq!(
        serde_json::from_str::<Network>(&text).expect("a network"),
        network
    );
}
