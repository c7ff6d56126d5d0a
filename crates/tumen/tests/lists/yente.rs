//! What yente answers beside matching: filters, facets, what changed, what stands next to an entity.

use serde_json::{Value, json};

use super::ask;
use crate::served::Served;

const SHIPS: &str = r#"{"id":"s-1","schema":"Vessel","properties":{"name":["OCEAN STAR 8"],"imoNumber":["9074729"],"flag":["pa"],"topics":["sanction"]},"first_seen":"2021-01-01","last_seen":"2024-01-01","last_change":"2023-05-01T10:00:00"}
{"id":"s-2","schema":"Vessel","properties":{"name":["OCEAN STAR 9"],"flag":["kp","pa"],"topics":["sanction","crime"]},"last_change":"2021-05-01"}
{"id":"c-1","schema":"Company","properties":{"name":["Ocean Star Shipping Ltd"],"country":["kp"],"incorporationDate":["1999"]},"last_change":"2020-01-01"}
{"id":"c-2","schema":"Company","properties":{"name":["Star Holding"],"country":["cn"]}}
{"id":"w-1","schema":"Ownership","properties":{"owner":["c-2"],"asset":["c-1"]}}
{"id":"w-2","schema":"Ownership","properties":{"owner":["c-1"],"asset":["c-2"]}}
{"id":"w-3","schema":"Ownership","properties":{"owner":["c-1"],"asset":["c-1"]}}
"#;
const PEOPLE: &str = r#"{"id":"p-1","schema":"Person","properties":{"name":["Arkadii Romanovich Rotenberg","Ротенберг Аркадий"],"birthDate":["1951-12-15"],"gender":["male"],"nationality":["ru"],"topics":["sanction"]}}
{"id":"c-3","schema":"Company","properties":{"name":["Stroygazmontazh LLC"],"jurisdiction":["ru"]}}
{"id":"p-2","schema":"Person","properties":{"name":["John Doe"],"birthDate":["1975-04-21"],"nationality":["us"]}}
{"id":"c-4","schema":"Company","properties":{"name":["Brilliant Amazing Limited"],"jurisdiction":["hk"],"registrationNumber":["84BA99810"]}}
"#;

#[test]
fn searches_are_narrowed_counted_and_sorted() {
    let (served, token) = Served::with_lists(|_| {}, &[("ships", SHIPS), ("people", PEOPLE)]);
    let bearer = format!("Bearer {token}");
    let own = [("Authorization", bearer.as_str())];
    let get = |path: &str| ask(&served.home, "GET", path, &own, "");
    let ids = |query: &str| -> Vec<String> {
        let (status, _, found) = get(&format!("/search/default?{query}"));
        assert_eq!(status, 200, "{query}: {found}");
        let results = found["results"].as_array().expect("results");
        results
            .iter()
            .map(|one| one["id"].as_str().expect("an id").to_owned())
            .collect()
    };
    for (query, wanted) in [
        ("q=ocean&schema=Vessel", vec!["s-1", "s-2"]),
        ("q=ocean&countries=kp", vec!["s-2", "c-1"]),
        (
            "q=ocean&countries=kp&countries=pa",
            vec!["s-1", "s-2", "c-1"],
        ),
        (
            "q=ocean&countries=kp&countries=pa&filter_op=AND",
            vec!["s-2"],
        ),
        ("q=ocean&topics=crime", vec!["s-2"]),
        ("q=ocean&exclude_schema=Vessel", vec!["c-1"]),
        (
            "q=ocean&filter=properties.incorporationDate:1999",
            vec!["c-1"],
        ),
        ("q=ocean&filter=identifiers:IMO9074729", vec!["s-1"]),
        ("q=&datasets=people&schema=Person", vec!["p-1", "p-2"]),
        (
            "q=&exclude_dataset=people&schema=Company",
            vec!["c-1", "c-2"],
        ),
        (
            "q=&include_dataset=people&schema=Company",
            vec!["c-4", "c-3"],
        ),
        ("q=ocean&changed_since=2021-01-01", vec!["s-1", "s-2"]),
        ("q=ocean&changed_since=2023-05-01T10:00", vec![]),
        ("q=ocean&sort=last_change:asc", vec!["c-1", "s-2", "s-1"]),
        (
            "q=ocean&sort=schema&sort=caption:desc",
            vec!["c-1", "s-2", "s-1"],
        ),
        ("q=ocean&sort=id&limit=1&offset=1", vec!["s-1"]),
        ("q=IMO9074729", vec!["s-1"]),
    ] {
        let mut found = ids(query);
        if !query.contains("sort") {
            found.sort();
        }
        let mut wanted: Vec<String> = wanted.into_iter().map(str::to_owned).collect();
        if !query.contains("sort") {
            wanted.sort();
        }
        assert_eq!(found, wanted, "{query}");
    }
    // A record that says nothing of its changes changed when its list came in: now.
    assert!(ids("q=star&changed_since=2026-01-01").contains(&"c-2".to_owned()));
    let (_, _, found) =
        get("/search/ships?q=ocean&facets=genders&facets=identifiers&facets=countries");
    assert_eq!(
        found["facets"]["identifiers"]["values"][0]["name"],
        "IMO9074729"
    );
    assert_eq!(found["facets"]["genders"]["values"], json!([]));
    assert_eq!(
        found["facets"]["countries"]["values"][0]["count"], 2,
        "{found}"
    );
    assert!(found["facets"].get("topics").is_none());
    for faulty in [
        "schema=Banana",
        "filter=nothing",
        "filter=shoeSize:44",
        "filter_op=XOR",
        "facets=shoes",
        "sort=shoes",
        "sort=caption:sideways",
        "changed_since=yesterday",
        "changed_since=2024-5-1",
        "limit=many",
    ] {
        let (status, _, told) = get(&format!("/search/default?{faulty}"));
        assert_eq!(status, 400, "{faulty}: {told}");
        assert!(told["detail"].is_string(), "{told}");
    }
}

/// The questions with which yente's own documentation and examples show its API.
#[test]
fn the_examples_of_yente_are_answered() {
    let (served, token) = Served::with_lists(|_| {}, &[("ships", SHIPS), ("people", PEOPLE)]);
    let key = format!("Apikey {token}");
    let own = [("Authorization", key.as_str())];
    let post = |path: &str, body: &Value| ask(&served.home, "POST", path, &own, &body.to_string());
    let example = json!({ "queries": {
        "q1": { "schema": "Person", "properties": { "name": ["Arkadiii Romanovich Rotenberg", "Ротенберг Аркадий"], "birthDate": ["1951"] } },
        "q2": { "schema": "Company", "properties": { "name": ["Stroygazmontazh"], "jurisdiction": ["Russia"] } },
    } });
    let (status, _, found) = post("/match/default?algorithm=best&fuzzy=false", &example);
    assert_eq!(status, 200, "{found}");
    assert_eq!(found["responses"]["q1"]["results"][0]["id"], "p-1");
    assert_eq!(found["responses"]["q2"]["results"][0]["id"], "c-3");
    assert_eq!(
        found["responses"]["q2"]["query"]["properties"]["jurisdiction"],
        json!(["ru"])
    );
    let example = json!({ "weights": {}, "config": {}, "queries": {
        "entity1": { "schema": "Person", "properties": { "name": ["John Doe"], "birthDate": ["1975-04-21"], "nationality": ["us"] } },
        "entity2": { "schema": "Company", "properties": { "name": ["Brilliant Amazing Limited"], "jurisdiction": ["hk"], "registrationNumber": ["84BA99810"] } },
    } });
    let (_, _, found) = post("/match/people", &example);
    assert_eq!(found["responses"]["entity1"]["results"][0]["id"], "p-2");
    assert_eq!(found["responses"]["entity1"]["results"][0]["match"], true);
    assert_eq!(found["responses"]["entity2"]["results"][0]["id"], "c-4");
    // Not before a day; not with weights of one's own.
    let (_, _, none) = post("/match/people?changed_since=2999-01-01", &example);
    assert_eq!(none["responses"]["entity1"]["results"], json!([]));
    let weighed = json!({ "weights": { "name_literal": 0.8 }, "queries": example["queries"] });
    assert_eq!(post("/match/people", &weighed).0, 400);
    assert_eq!(post("/match/people?changed_since=soon", &example).0, 400);
}

#[test]
fn what_stands_next_to_an_entity_and_what_the_service_says_of_itself() {
    let (served, token) = Served::with_lists(|_| {}, &[("ships", SHIPS)]);
    let bearer = format!("Bearer {token}");
    let own = [("Authorization", bearer.as_str())];
    let get = |path: &str| ask(&served.home, "GET", path, &own, "");
    // Two firms own one another, one of them itself: no answer runs in circles.
    let (status, _, entity) = get("/entities/c-1");
    assert_eq!(status, 200);
    let owned = entity["properties"]["ownershipAsset"]
        .as_array()
        .expect("owners");
    let others: Vec<&Value> = owned.iter().map(|one| &one["id"]).collect();
    assert!(others.contains(&&json!("w-1")), "{entity}");
    let (status, _, by) = get("/entities/c-1/adjacent/ownershipOwner?limit=1");
    assert_eq!(status, 200, "{by}");
    assert_eq!(by["results"].as_array().map(Vec::len), Some(1));
    assert_eq!(by["total"]["value"], 2);
    let second = get("/entities/c-1/adjacent/ownershipOwner?limit=1&offset=1").2;
    assert_ne!(second["results"][0]["id"], by["results"][0]["id"]);
    assert_eq!(get("/entities/c-1/adjacent/name").0, 404);
    assert_eq!(get("/entities/c-1/adjacent/shoes").0, 404);
    assert_eq!(get("/entities/nobody/adjacent/ownershipOwner").0, 404);

    let (_, head, catalog) = get("/catalog");
    assert_eq!(catalog["datasets"][0]["entity_count"], 7);
    assert_eq!(get("/manifest").2, catalog);
    let tag = head
        .lines()
        .find_map(|line| line.strip_prefix("etag: "))
        .expect("a tag");
    let again = [own[0], ("If-None-Match", tag)];
    assert_eq!(ask(&served.home, "GET", "/catalog", &again, "").0, 304);
    let (_, _, told) = get("/algorithms");
    assert!(told["algorithms"][0]["docs"]["features"]["identifier"]["description"].is_string());
}
