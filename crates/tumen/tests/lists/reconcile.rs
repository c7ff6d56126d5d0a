//! The Reconciliation API: each answer keeps the rules of the published schemas of version 0.2.

use serde_json::{Value, json};

use super::{OTHER, WATCHED, ask};
use crate::served::Served;

fn texts(value: &Value, required: &[&str], at: &str) {
    for name in required {
        assert!(value[name].is_string(), "{at}: no text `{name}` in {value}");
    }
}

/// `type.json`: id and name, perhaps a description, and broader types of the same form.
fn check_type(kind: &Value) {
    texts(kind, &["id", "name"], "type");
    for broader in kind["broader"].as_array().into_iter().flatten() {
        check_type(broader);
    }
}

/// `manifest.json`.
fn check_manifest(manifest: &Value) {
    texts(
        manifest,
        &["name", "identifierSpace", "schemaSpace"],
        "manifest",
    );
    let versions = manifest["versions"].as_array().expect("versions");
    assert!(versions.contains(&json!("0.2")), "{versions:?}");
    let types = manifest["defaultTypes"].as_array().expect("types");
    types.iter().for_each(check_type);
    for template in ["/view/url", "/preview/url"] {
        let url = manifest
            .pointer(template)
            .and_then(Value::as_str)
            .expect(template);
        assert!(url.contains("{{id}}"), "{url}");
    }
    for size in ["/preview/width", "/preview/height"] {
        assert!(manifest.pointer(size).is_some_and(Value::is_u64), "{size}");
    }
    for kind in ["entity", "property", "type"] {
        texts(
            &manifest["suggest"][kind],
            &["service_url", "service_path"],
            kind,
        );
    }
    let extend = &manifest["extend"];
    texts(
        &extend["propose_properties"],
        &["service_url", "service_path"],
        "extend",
    );
    for setting in extend["property_settings"].as_array().expect("settings") {
        texts(setting, &["type", "label", "name"], "setting");
        assert!(setting["default"].is_number() && setting["type"] == "number");
    }
}

/// `reconciliation-result-batch.json`.
fn check_results(batch: &Value) {
    for (key, answer) in batch.as_object().expect("an object") {
        for candidate in answer["result"].as_array().expect("a result") {
            texts(candidate, &["id", "name"], key);
            assert!(candidate["score"].is_number() && candidate["match"].is_boolean());
            for feature in candidate["features"].as_array().expect("features") {
                texts(feature, &["id"], key);
                assert!(feature["value"].is_number() || feature["value"].is_boolean());
            }
            candidate["type"]
                .as_array()
                .expect("types")
                .iter()
                .for_each(check_type);
        }
    }
}

/// `data-extension-response.json`: a cell is an entity, a text or a number, and nothing else stands in it.
fn check_extension(answer: &Value) {
    for column in answer["meta"].as_array().expect("meta") {
        texts(column, &["id", "name"], "meta");
        assert!(column["type"].is_null() || column["type"]["id"].is_string());
    }
    for (_, row) in answer["rows"].as_object().expect("rows") {
        for cell in row
            .as_object()
            .expect("a row")
            .values()
            .flat_map(|c| c.as_array().expect("cells"))
        {
            let keys: Vec<&String> = cell.as_object().expect("a cell").keys().collect();
            assert!(keys == ["id", "name"] || keys == ["str"], "{cell}");
            assert!(
                cell.as_object()
                    .expect("a cell")
                    .values()
                    .all(Value::is_string)
            );
        }
    }
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}

#[test]
fn openrefine_asks_and_gets_what_the_published_schemas_say() {
    let (served, token) = Served::with_lists(|_| {}, &[("watched", WATCHED), ("other", OTHER)]);
    let bearer = format!("Bearer {token}");
    let own = [("Authorization", bearer.as_str())];
    let get = |path: &str| ask(&served.home, "GET", path, &own, "");
    let form = |path: &str, body: &str| {
        let kind = ("Content-Type", "application/x-www-form-urlencoded");
        ask(&served.home, "POST", path, &[own[0], kind], body)
    };
    let (status, _, manifest) = get("/reconcile/default");
    assert_eq!(status, 200);
    check_manifest(&manifest);
    // Nobody without the token; OpenRefine carries it in the address, and every address of the service then has it.
    assert_eq!(
        ask(&served.home, "GET", "/reconcile/default", &[], "").0,
        403
    );
    assert_eq!(
        ask(
            &served.home,
            "GET",
            "/reconcile/default?api_key=00",
            &[],
            ""
        )
        .0,
        403
    );
    assert_eq!(
        ask(
            &served.home,
            "GET",
            &format!("/catalog?api_key={token}"),
            &[],
            ""
        )
        .0,
        403
    );
    let with_key = format!("/reconcile/default?api_key={token}");
    let (status, _, keyed) = ask(&served.home, "GET", &with_key, &[], "");
    assert_eq!(status, 200);
    check_manifest(&keyed);
    for place in [
        "/suggest/entity/service_path",
        "/extend/propose_properties/service_path",
        "/preview/url",
    ] {
        let path = keyed.pointer(place).and_then(Value::as_str).expect(place);
        assert!(path.contains(&token), "{path}");
    }
    assert_eq!(get("/reconcile/nowhere").0, 404);

    // A batch, in a form and in an address.
    let queries = json!({
        "q0": { "query": "Sidorov Ivan", "type": "Person", "limit": 1, "properties": [
            { "pid": "Person:birthDate", "v": "1970-05-12" }, { "pid": "nationality", "v": { "id": "ru", "name": "Russia" } }] },
        "q1": { "query": "Haifeng Marine Products", "type": ["Company", "Vessel"], "type_strict": "any" },
        "q2": { "query": "Nobody Of That Name" },
        "q3": { "query": "Renamed", "type": "Vessel", "properties": [{ "pid": "imoNumber", "v": ["IMO 9074729"] }] },
        "q4": { "type": "Person", "properties": [{ "pid": "name", "v": "Иван Сидоров" }] },
    });
    let body = format!("queries={}", encoded(&queries.to_string()));
    let (status, _, found) = form("/reconcile/default", &body);
    assert_eq!(status, 200, "{found}");
    check_results(&found);
    let first = |key: &str| found[key]["result"][0].clone();
    assert_eq!(
        found["q0"]["result"].as_array().map(Vec::len),
        Some(1),
        "{found}"
    );
    assert_eq!(first("q0")["id"], "w-1");
    assert_eq!(first("q0")["match"], false, "a score makes nothing certain");
    assert_eq!(first("q1")["id"], "w-2");
    assert_eq!(found["q2"]["result"], json!([]));
    assert_eq!(
        (&first("q3")["id"], &first("q3")["match"]),
        (&json!("w-4"), &json!(true))
    );
    assert_eq!(first("q4")["type"][0]["id"], "Person");
    let (_, _, asked) = get(&format!("/reconcile/default?{body}"));
    assert_eq!(asked, found);
    let (_, _, keyed) = ask(
        &served.home,
        "POST",
        &with_key,
        &[("Content-Type", "application/x-www-form-urlencoded")],
        &body,
    );
    assert_eq!(keyed, found);
    let (_, _, one) = form("/reconcile/other", &body);
    assert_eq!(one["q0"]["result"][0]["id"], "o-1");
    for (queries, why) in [
        ("{", "no JSON"),
        ("[]", "no object"),
        ("{\"q\":{}}", "asks nothing"),
        (
            "{\"q\":{\"query\":\"x\",\"type\":\"Banana\"}}",
            "no such schema",
        ),
        (
            "{\"q\":{\"query\":\"x\",\"limit\":-1}}",
            "a limit below one",
        ),
        ("{\"q\":{\"properties\":[{\"v\":\"x\"}]}}", "no pid"),
    ] {
        let (status, _, told) = form(
            "/reconcile/default",
            &format!("queries={}", encoded(queries)),
        );
        assert_eq!(status, 400, "{why}: {told}");
        assert!(told["detail"].is_string());
    }
    assert_eq!(form("/reconcile/default", "nothing=1").0, 400);

    // Values of records.
    let extend = json!({ "ids": ["w-1", "w-3", "nobody"], "properties": [
        { "id": "birthDate" }, { "id": "alias", "settings": { "limit": 1 } }, { "id": "nationality" }, { "id": "Ownership:owner" }] });
    let (status, _, values) = form(
        "/reconcile/default",
        &format!("extend={}", encoded(&extend.to_string())),
    );
    assert_eq!(status, 200, "{values}");
    check_extension(&values);
    assert_eq!(
        values["rows"]["w-1"]["birthDate"],
        json!([{ "str": "1970-05-12" }])
    );
    assert_eq!(
        values["rows"]["w-1"]["nationality"],
        json!([{ "str": "Russia" }])
    );
    assert_eq!(values["rows"]["w-3"]["Ownership:owner"][0]["id"], "w-1");
    assert_eq!(values["rows"]["nobody"]["birthDate"], json!([]));
    let unknown = json!({ "ids": [], "properties": [{ "id": "shoeSize" }] });
    assert_eq!(
        form(
            "/reconcile/default",
            &format!("extend={}", encoded(&unknown.to_string()))
        )
        .0,
        400
    );

    // Suggestions.
    for (path, id) in [
        ("/suggest/entity?prefix=sidor", "w-1"),
        ("/suggest/entity?prefix=haif", "w-2"),
        ("/suggest/type?prefix=vess", "Vessel"),
        ("/suggest/property?prefix=birth", "Person:birthDate"),
    ] {
        let (status, _, told) = get(&format!("/reconcile/default{path}"));
        assert_eq!(status, 200, "{told}");
        let result = told["result"].as_array().expect("a result");
        result.iter().for_each(check_type);
        assert!(result.iter().any(|one| one["id"] == id), "{path}: {told}");
    }
    let rest = get("/reconcile/default/suggest/entity?prefix=sidor&cursor=2").2;
    assert_eq!(rest["result"], json!([]));
    let (_, _, proposed) = get("/reconcile/default/extend/property?type=Vessel&limit=3");
    let proposed = proposed["properties"].as_array().expect("properties");
    assert_eq!(proposed.len(), 3);
    proposed
        .iter()
        .for_each(|one| texts(one, &["id", "name"], "proposed"));
    assert_eq!(get("/reconcile/default/extend/property?type=Banana").0, 400);
    // A preview is a small page that only programs of this machine may frame.
    let (status, head, _) = get("/reconcile/default/preview?id=w-1");
    assert_eq!(status, 200);
    assert!(
        head.contains("text/html") && head.contains("frame-ancestors http://127.0.0.1:*"),
        "{head}"
    );
    assert_eq!(get("/reconcile/default/preview?id=nobody").0, 404);
}
