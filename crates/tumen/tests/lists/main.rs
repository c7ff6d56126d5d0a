//! The lists of a case over HTTP, in the shapes of yente and of the reconciliation API.

mod reconcile;
#[path = "../served/mod.rs"]
mod served;
mod yente;

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::{Value, json};
use served::Served;

const WATCHED: &str = r#"{"id":"w-1","schema":"Person","properties":{"name":["Ivan Petrovich Sidorov"],"alias":["Сидоров Иван Петрович"],"birthDate":["1970-05-12"],"nationality":["ru"],"topics":["sanction"]}}
{"id":"w-2","schema":"Company","properties":{"name":["Haifeng Marine Products (Dalian) Co., Ltd."],"country":["cn"]}}
{"id":"w-3","schema":"Ownership","properties":{"owner":["w-1"],"asset":["w-2"],"percentage":["51"]}}
{"id":"w-4","schema":"Vessel","properties":{"name":["OCEAN STAR 8"],"imoNumber":["9074729"],"flag":["pa"]}}
"#;
const OTHER: &str = r#"{"id":"o-1","schema":"Person","properties":{"name":["Ivan Sidorov"],"birthDate":["1970"],"nationality":["ru"]}}
"#;

/// Status, head, body.
fn ask(
    home: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> (u16, String, Value) {
    let address = home.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).expect("it listens");
    let mut request = format!(
        "{method} {path} HTTP/1.0\r\nHost: {address}\r\nContent-Length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        request += &format!("{name}: {value}\r\n");
    }
    write!(stream, "{request}\r\n{body}").expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    let status = head
        .split(' ')
        .nth(1)
        .expect("a status")
        .parse()
        .expect("a number");
    (
        status,
        head.to_owned(),
        serde_json::from_str(body).unwrap_or(Value::Null),
    )
}

#[test]
fn programs_ask_as_they_ask_yente() {
    let (served, token) = Served::with_lists(|_| {}, &[("watched", WATCHED), ("other", OTHER)]);
    let bearer = format!("Bearer {token}");
    let own = [("Authorization", bearer.as_str())];
    let get = |path: &str| ask(&served.home, "GET", path, &own, "");

    // Nobody without the token, nobody from another page, no change with it.
    assert_eq!(ask(&served.home, "GET", "/catalog", &[], "").0, 403);
    let wrong = [("Authorization", "Bearer 00")];
    assert_eq!(ask(&served.home, "GET", "/catalog", &wrong, "").0, 403);
    let foreign = [own[0], ("Origin", "http://example.org")];
    assert_eq!(
        ask(&served.home, "POST", "/match/default", &foreign, "{}").0,
        403
    );
    assert_eq!(
        ask(&served.home, "POST", "/matching", &own, "act=same").0,
        403
    );
    assert_eq!(get("/api/review").0, 403);

    let (_, _, catalog) = get("/catalog");
    assert_eq!(catalog["current"], json!(["watched", "other"]));
    assert_eq!(get("/readyz").0, 200);
    assert_eq!(get("/healthz").2, json!({ "status": "ok" }));
    assert_eq!(
        get("/algorithms").2["algorithms"][0]["name"],
        get("/algorithms").2["best"]
    );

    let body = json!({ "queries": {
        "q1": { "schema": "Person", "properties": { "name": ["Ivan Sidorov", "Сидоров Иван"], "birthDate": "1970-05-12", "nonsense": [1] } },
        "q2": { "schema": "Company", "properties": { "name": ["Nobody of That Name"], "jurisdiction": ["Russia"] } },
    } })
    .to_string();
    let (status, _, found) = ask(
        &served.home,
        "POST",
        "/match/default?algorithm=best&fuzzy=false",
        &own,
        &body,
    );
    assert_eq!(status, 200, "{found}");
    let first = &found["responses"]["q1"];
    assert_eq!(first["status"], 200);
    assert_eq!(first["total"], json!({ "value": 2, "relation": "eq" }));
    assert_eq!(first["results"][0]["id"], "w-1", "{first}");
    let best = &first["results"][0];
    for field in [
        "caption",
        "schema",
        "properties",
        "datasets",
        "referents",
        "target",
        "first_seen",
        "last_seen",
        "last_change",
        "score",
        "match",
        "explanations",
    ] {
        assert!(best.get(field).is_some(), "{field}: {best}");
    }
    assert_eq!(best["target"], true);
    assert_eq!(best["match"], true);
    assert_eq!(best["datasets"], json!(["watched"]));
    assert_eq!(
        found["responses"]["q2"]["query"]["properties"]["jurisdiction"],
        json!(["ru"])
    );
    assert_eq!(found["responses"]["q2"]["results"], json!([]));
    // One list alone; a limit.
    let (_, _, found) = ask(&served.home, "POST", "/match/other?limit=1", &own, &body);
    assert_eq!(found["responses"]["q1"]["results"][0]["id"], "o-1");
    assert_eq!(found["limit"], 1);

    for (path, body, status) in [
        ("/match/nowhere", body.as_str(), 404),
        ("/match/default?algorithm=guess", body.as_str(), 400),
        ("/match/default?limit=x", body.as_str(), 400),
        ("/match/default", "{", 400),
        ("/match/default", "{\"queries\":{}}", 400),
        (
            "/match/default",
            "{\"queries\":{\"q\":{\"schema\":\"Banana\",\"properties\":{}}}}",
            400,
        ),
        (
            "/match/default",
            "{\"queries\":{\"q\":{\"schema\":\"Ownership\",\"properties\":{}}}}",
            400,
        ),
        (
            "/match/default",
            "{\"queries\":{\"q\":{\"schema\":\"Person\",\"properties\":{\"name\":[[\"a\"]]}}}}",
            400,
        ),
    ] {
        let (told, _, answer) = ask(&served.home, "POST", path, &own, body);
        assert_eq!(told, status, "{path} {body}: {answer}");
        assert!(answer["detail"].is_string(), "{answer}");
    }

    // Words, and names in another script.
    assert_eq!(
        get("/search/default?q=haifeng%20dalian").2["results"][0]["id"],
        "w-2"
    );
    let (_, _, found) = get("/search/default?q=sidorov&schema=Person");
    assert_eq!(found["total"]["value"], 2, "{found}");
    assert_eq!(
        found["facets"]["countries"]["values"][0],
        json!({ "name": "ru", "label": "Russia", "count": 2 })
    );
    assert_eq!(
        get("/search/default?q=9074729").2["results"][0]["id"],
        "w-4"
    );
    assert_eq!(get("/search/default?schema=Banana").0, 400);

    // What is next to it, inside.
    let (_, _, whole) = get("/entities/w-1");
    let owned = &whole["properties"]["ownershipOwner"][0];
    assert_eq!(owned["id"], "w-3", "{whole}");
    assert_eq!(owned["properties"]["asset"][0]["id"], "w-2");
    assert_eq!(owned["properties"]["owner"][0], "w-1");
    assert!(
        get("/entities/w-1?nested=false").2["properties"]
            .get("ownershipOwner")
            .is_none()
    );
    let (_, _, next) = get("/entities/w-1/adjacent");
    assert_eq!(
        next["adjacent"]["ownershipOwner"]["total"]["value"], 1,
        "{next}"
    );
    assert_eq!(get("/entities/nobody").0, 404);

    // Somebody says on the command line that two are one: the next answer knows.
    served.printed(&["review", "same", "w-1", "o-1", "--reason", "same passport"]);
    let (_, _, found) = ask(&served.home, "POST", "/match/default", &own, &body);
    let first = &found["responses"]["q1"];
    assert_eq!(first["total"]["value"], 1, "{first}");
    assert_eq!(first["results"][0]["id"], "o-1");
    assert_eq!(first["results"][0]["referents"], json!(["w-1"]));
    let (status, head, _) = get("/entities/w-1");
    assert_eq!(status, 308);
    assert!(head.contains("location: /entities/o-1"), "{head}");
}
