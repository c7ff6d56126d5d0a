//! Evasion leads, and records that cannot be.

use supply::{
    ClaimId, Days, Evidence, Holder, HolderId, Hop, Lead, Listing, LotId, Mark, Mass, Network,
    Ownership, Period, Product, ProductId, Sighting, check, day, leads, plain,
};

fn sighting(holder: u32, mark: Mark, value: &str, seen: i32, claim: u32) -> Sighting {
    Sighting {
        holder: HolderId(holder),
        mark,
        value: value.into(),
        seen: Days::on(seen),
        claim: ClaimId(claim),
    }
}

#[test]
fn a_new_name_at_an_old_address_is_a_lead_with_three_claims() {
    let listed = Listing {
        holder: HolderId(0),
        list: "a list".into(),
        on: Days::on(100),
        claim: ClaimId(9),
    };
    let address = "No. 8, Gangwan Road, Dalian";
    let sightings = [
        sighting(0, Mark::Address, address, 50, 0),
        sighting(0, Mark::Phone, "+86 411 8765 4321", 50, 1),
        sighting(1, Mark::Address, "NO.8 GANGWAN ROAD DALIAN", 130, 2),
        sighting(1, Mark::Phone, "0411-87654321", 131, 3),
        // A neighbour of long standing, and one seen on the very day of the listing.
        sighting(2, Mark::Address, address, 20, 4),
        sighting(2, Mark::Address, address, 140, 5),
        sighting(3, Mark::Address, address, 100, 6),
        // The same words, another kind of mark; nothing at all.
        sighting(4, Mark::Officer, address, 150, 7),
        sighting(5, Mark::Address, "--", 150, 8),
    ];
    let lead = |mark, claims: [u32; 3], after, shared_by| Lead {
        listed: HolderId(0),
        other: HolderId(1),
        mark,
        claims: claims.map(ClaimId),
        after,
        shared_by,
    };
    assert_eq!(
        leads(&sightings, &[listed]),
        [
            lead(Mark::Phone, [9, 1, 3], 31, 2),
            lead(Mark::Address, [9, 0, 2], 30, 4)
        ]
    );
}

#[test]
fn marks_are_compared_without_the_ways_to_print_them() {
    assert_eq!(
        plain(Mark::Registration, "91210200-MA0Q 1234x"),
        "91210200ma0q1234x"
    );
    assert_eq!(plain(Mark::Address, "大连市 港湾街8号"), "大连市港湾街8号");
    for printed in ["0082 (0)2 123 45 67", "+82-2-123-4567", "02) 123-4567"] {
        assert_eq!(plain(Mark::Phone, printed), "21234567");
    }
}

fn hop(from: u32, to: u32, left: i32, arrived: i32) -> Hop {
    Hop {
        from: HolderId(from),
        to: HolderId(to),
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

fn named(network: &Network) -> Vec<String> {
    let problems = check(network, day(2026, 1, 1));
    let line = |p: &casefile::Problem| format!("{} {}", p.code, p.place.as_deref().unwrap_or("?"));
    problems.iter().map(line).collect()
}

#[test]
fn what_cannot_be_is_named_with_its_place() {
    let today = day(2023, 6, 1);
    let check = |change: &dyn Fn(&mut Network), expected: &[&str]| {
        let mut network = Network {
            holders: vec![Holder::default(); 3],
            ..Network::default()
        };
        network.lots = vec!["a".into(), "b".into()];
        network.hops = vec![hop(0, 1, today, today + 3), hop(1, 2, today + 5, today + 9)];
        change(&mut network);
        assert_eq!(named(&network), expected);
    };
    let exactly = |grams| Some(Mass::exactly(grams));
    check(&|_| {}, &[]);
    check(
        &|n| n.hops[0].arrival = Days::on(today - 1),
        &["arrives_before_it_leaves hop 0"],
    );
    check(
        &|n| n.hops[1].arrival = Days::on(day(2203, 6, 1)),
        &["date_in_the_future hop 1"],
    );
    check(
        &|n| n.hops[0].departure = Days::on(day(203, 6, 1)),
        &["date_too_early hop 0"],
    );
    check(&|n| n.hops[1].to = HolderId(1), &["ships_to_itself hop 1"]);
    check(&|n| n.hops[1].to = HolderId(3), &["points_nowhere hop 1"]);
    check(
        &|n| n.hops[1].evidence = Evidence::Claim(ClaimId(0)),
        &["points_nowhere hop 1"],
    );
    check(&|n| n.hops[0].mass = exactly(0), &["no_weight hop 0"]);
    check(
        &|n| n.hops[0].mass = Some(Mass { low: 2, high: 1 }),
        &["weight_reversed hop 0"],
    );
    check(
        &|n| {
            n.hops[0].mass = exactly(1_000);
            n.hops[1].mass = exactly(3_000);
        },
        &["ships_more_than_it_had holder 1"],
    );
    check(
        &|n| {
            n.hops[0].lots = [LotId(0)].into();
            n.hops[1].inputs = [LotId(0)].into();
            n.hops[0].mass = exactly(1_000);
            n.hops[1].mass = exactly(3_000);
        },
        &["mass_gained hop 1", "ships_more_than_it_had holder 1"],
    );
    check(
        &|n| {
            let species = |name: &str| Product {
                species: Some(name.into()),
                ..Product::default()
            };
            n.products = vec![species("squid"), species("cod")];
            n.hops[0].lots = [LotId(0)].into();
            n.hops[0].product = Some(ProductId(0));
            n.hops[1].inputs = [LotId(0)].into();
            n.hops[1].product = Some(ProductId(1));
        },
        &["cannot_become hop 1"],
    );
    check(
        &|n| {
            n.hops = vec![
                hop(0, 1, today, today),
                hop(1, 0, today, today),
                hop(1, 2, today, today),
            ]
        },
        &["circle_in_time hop 0"],
    );
    check(
        &|n| n.hops = vec![hop(0, 1, today, today + 1); 10_000],
        &["many_alike holder 0"],
    );
    let share = |owner, low| Ownership {
        owner: HolderId(owner),
        owned: HolderId(2),
        low,
        high: 1_000,
        period: Period::default(),
        evidence: Evidence::All([].into()),
    };
    check(&|n| n.ownerships = vec![share(0, 600), share(1, 400)], &[]);
    check(
        &|n| n.ownerships = vec![share(0, 600), share(1, 401)],
        &["owned_over_the_whole holder 2"],
    );
    check(
        &|n| n.ownerships = vec![share(2, 10)],
        &["owns_itself ownership 0"],
    );
}
