//! Claims, denials, registers and ownership.

use supply::{Subject, TaintOn};

use super::{codes, hops, joined, joined_as, read, table};

const BILLS: &[&[&str]] = &[
    &["Bill", "From", "To", "Departed", "Arrived", "kg"],
    &[
        "B1",
        "Dalian Cold Store X",
        "Bohai Export",
        "2023-01-10",
        "2023-01-11",
        "20000",
    ],
    &[
        "B2",
        "Bohai Export",
        "Harbor Foods",
        "2023-01-20",
        "2023-02-25",
        "18000",
    ],
];

#[test]
fn claims_and_denials_stand_beside_the_hops() {
    let claims = table(&[
        &[
            "Plant",
            "Claim",
            "Valid from",
            "Valid to",
            "Certainty",
            "Document",
            "Informant",
        ],
        &[
            "DALIAN COLD STORE X",
            "North Korean workers",
            "2023-02",
            "2023-06",
            "observed",
            "interview-7",
            "worker A",
        ],
        &[
            "Dalian Cold Store X",
            "North Korean workers",
            "2023-02",
            "2023-06",
            "alleged",
            "article-2",
            "worker B",
        ],
        &[
            "Dalian Cold Store X",
            "Denial by the company",
            "",
            "",
            "",
            "letter-1",
            "",
        ],
        &["Nobody Knows Ltd", "denies", "", "", "", "letter-2", ""],
    ]);
    let joined = joined(&[&table(BILLS), &claims]);
    assert_eq!(hops(&joined).len(), 2);
    let network = &joined.network;
    assert_eq!(
        network.taints.len(),
        1,
        "the same claim on another word is a second source"
    );
    let TaintOn::Holder(on) = network.taints[0].on else {
        panic!("a claim against a plant");
    };
    assert_eq!(&*network.holders[on.at()].name, "Dalian Cold Store X");
    assert_eq!(network.holders[on.at()].kind, supply::HolderKind::Facility);
    assert_eq!(network.denials.len(), 1);
    assert_eq!(network.denials[0].of, Subject::Taint(supply::TaintId(0)));
    let documents: Vec<&str> = network.documents.iter().map(|d| &*d.key).collect();
    assert!(documents.contains(&"interview-7") && documents.contains(&"article-2"));
    assert!(
        joined
            .problems
            .iter()
            .any(|(_, p)| p.code == "claim-unmatched")
    );
}

#[test]
fn a_denied_hop_is_found_by_its_ends() {
    let claims = table(&[
        &["From", "To", "Claim", "Document"],
        &["Bohai Export", "Harbor Foods", "denied", "letter-3"],
    ]);
    let joined = joined(&[&table(BILLS), &claims]);
    assert_eq!(joined.network.denials.len(), 1);
    assert_eq!(joined.network.denials[0].of, Subject::Hop(supply::HopId(1)));
}

#[test]
fn a_judgement_joins_two_names_and_undoing_it_parts_them() {
    let other = table(&[
        &["Bill", "From", "To", "Date", "kg"],
        &[
            "B9",
            "FV Ocean 8",
            "大连X冷库有限公司",
            "2022-12-20",
            "25000",
        ],
    ]);
    let texts = [&*table(BILLS), &*other];
    assert_eq!(joined(&texts).network.holders.len(), 5);
    let chinese = format!("party:{}", trade::party::key("大连X冷库有限公司"));
    let same = |id: &str| {
        if id == chinese {
            "party:dalian-cold-store-x".to_owned()
        } else {
            id.to_owned()
        }
    };
    assert_eq!(joined_as(&texts, &same).network.holders.len(), 4);
}

#[test]
fn registers_keep_scheme_number_and_validity() {
    let text = table(&[
        &[
            "企业名称",
            "地址",
            "注册编号",
            "Scheme",
            "有效期起",
            "有效期至",
        ],
        &[
            "大连海兴水产有限公司",
            "大连市甘井子区1号",
            "2100/02345",
            "GACC",
            "2021-01-01",
            "2025-12-31",
        ],
        &[
            "大连新星食品有限公司",
            "大连市甘井子区1号",
            "2100/02345",
            "GACC",
            "2024-01-01",
            "2023-12-31",
        ],
    ]);
    let read = read(&text);
    assert_eq!(
        codes(&read),
        [(3, "ends-before-beginning"), (3, "number-of-two")]
    );
    let joined = joined(&[&text]);
    assert_eq!(
        joined.known[0]
            .properties
            .keys()
            .filter(|(name, _)| *name == "number")
            .count(),
        1
    );
}

#[test]
fn ownership_that_contradicts_itself_is_named() {
    let entity = |id: &str, name: &str| {
        format!(
            r#"{{"statementId":"s-{id}","recordId":"{id}","recordType":"entity","recordDetails":{{"name":"{name}","entityType":{{"type":"registeredEntity"}}}}}}"#
        )
    };
    let holds = |id: &str, owner: &str, owned: &str, share: u32| {
        format!(
            r#"{{"statementId":"s-{id}","recordId":"{id}","recordType":"relationship","recordDetails":{{"subject":"{owned}","interestedParty":"{owner}","interests":[{{"type":"shareholding","share":{{"exact":{share}}},"startDate":"2020-01-01"}}]}}}}"#
        )
    };
    let text = format!(
        "[{}]",
        [
            entity("a", "Alpha"),
            entity("b", "Beta"),
            entity("c", "Gamma"),
            holds("r1", "a", "b", 60),
            holds("r2", "c", "b", 70),
            holds("r3", "b", "a", 10)
        ]
        .join(",")
    );
    let read = read(&text);
    let codes: Vec<&str> = codes(&read).into_iter().map(|(_, code)| code).collect();
    assert_eq!(codes, ["shares-over-whole", "own-each-other"]);
    let joined = joined(&[&text]);
    assert_eq!(joined.network.ownerships.len(), 3);
    assert_eq!(
        (
            joined.network.ownerships[0].low,
            joined.network.ownerships[0].high
        ),
        (600, 600)
    );
}

#[test]
fn a_request_is_waiting_silent_answered_or_denied_by_the_day() {
    let text = table(&[
        &[
            "Company",
            "About",
            "Asked on",
            "Due",
            "Answered on",
            "Answer",
        ],
        &["Harbor Foods", "squid", "2024-01-10", "2024-01-31", "", ""],
        &[
            "Pier 9",
            "",
            "2024-01-10",
            "2024-01-31",
            "2024-02-05",
            "We deny this.",
        ],
        &["Northbay", "", "2024-01-10", "", "", ""],
        &["", "", "2024-01-10", "", "", ""],
    ]);
    let read = read(&text);
    assert_eq!(codes(&read), [(5, "asked-nobody")]);
    let trade::file::Content::Requests(requests) = &read.content else {
        panic!("requests");
    };
    let about = requests
        .first()
        .and_then(|request| request.about.as_deref());
    assert_eq!(about, Some("squid"));
    use trade::reply::State;
    for (day, expected) in [
        (
            "2024-01-01",
            [State::NotAsked, State::NotAsked, State::NotAsked],
        ),
        (
            "2024-01-31",
            [State::Waiting(0), State::Waiting(0), State::Open(21)],
        ),
        (
            "2024-02-04",
            [State::Silent(4), State::Silent(4), State::Open(25)],
        ),
        (
            "2024-02-10",
            [State::Silent(10), State::Denied, State::Open(31)],
        ),
    ] {
        let today = trade::day::days(day, &trade::day::Style::default())
            .unwrap()
            .0
            .first;
        let states: Vec<State> = requests.iter().map(|request| request.on(today)).collect();
        assert_eq!(states, expected, "{day}");
    }
}

#[test]
fn a_new_name_with_the_marks_of_a_listed_one_is_a_lead() {
    let register = table(&[
        &["Name", "Address", "Phone", "Scheme", "Number", "Valid from"],
        &[
            "Old Foods",
            "1 Harbour Road, Dalian",
            "+86 411 8888 1234",
            "GACC",
            "2100/1",
            "2020-01-01",
        ],
        &[
            "Honest Foods",
            "9 Other Road, Dalian",
            "+86 411 8888 9999",
            "GACC",
            "2100/2",
            "2020-01-01",
        ],
    ]);
    let bills = table(&[
        &[
            "Bill",
            "Shipper",
            "Shipper Address",
            "Shipper Phone",
            "Consignee",
            "Date",
            "kg",
        ],
        &[
            "B1",
            "New Dawn Trading",
            "1 HARBOUR ROAD DALIAN",
            "0411-88881234",
            "Shop",
            "2023-08-01",
            "1000",
        ],
        &[
            "B2",
            "Honest Foods",
            "9 Other Road, Dalian",
            "",
            "Shop",
            "2023-08-01",
            "1000",
        ],
    ]);
    let listing = table(&[
        &["Company", "Claim", "Valid from"],
        &["Old Foods", "listed: Entity List", "2023-06-12"],
    ]);
    let joined = joined(&[&register, &bills, &listing]);
    let leads = supply::leads(&joined.sightings, &joined.listings);
    let name = |id: supply::HolderId| joined.network.holders[id.at()].name.to_string();
    let found: Vec<(String, String, supply::Mark, i32)> = leads
        .iter()
        .map(|lead| (name(lead.listed), name(lead.other), lead.mark, lead.after))
        .collect();
    assert_eq!(
        found,
        [
            (
                "Old Foods".into(),
                "New Dawn Trading".into(),
                supply::Mark::Address,
                50
            ),
            (
                "Old Foods".into(),
                "New Dawn Trading".into(),
                supply::Mark::Phone,
                50
            ),
        ]
    );
    assert_eq!(joined.network.taints.len(), 0, "a listing taints no goods");
}
