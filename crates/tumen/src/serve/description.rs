//! Makes `openapi.json`: the hand-written part (`described.json`, the routes of `/api`) with the pages, and the routes
//! that programs ask in the shapes of yente and of the reconciliation API.

use serde_json::{Map, Value, json};

const WRITTEN: &str = include_str!("described.json");

/// Path, method, what it does, what is asked, the name of the answer's schema (none: a page).
///
/// What is asked stands as words: `q` is a text, `limit:int` a number, `score:number`, `flat:bool`, `topics*` may be
/// given several times, `queries=form` is a field of a form.
type Route = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    Option<&'static str>,
);

const ROUTES: &[Route] = &[
    (
        "/",
        "get",
        "Page: search the full text",
        "q page:int sort source type language year outcome",
        None,
    ),
    (
        "/d/{id}",
        "get",
        "Page: a document beside what it states",
        "q s page:int",
        None,
    ),
    (
        "/d/{id}/page/{file}",
        "get",
        "Image: a page of a document",
        "",
        None,
    ),
    (
        "/d/{id}/original",
        "get",
        "File: the original bytes",
        "",
        None,
    ),
    (
        "/s/{id}",
        "get",
        "Leads to a statement in its document",
        "",
        None,
    ),
    (
        "/statements",
        "get",
        "Page: what the documents state",
        "q page:int event* modality* state* group* place reporter origin year",
        None,
    ),
    (
        "/figures",
        "get",
        "Page: figure series",
        "least:int page:int event*",
        None,
    ),
    (
        "/figures/{key}",
        "get",
        "Page: one series, drawn and as a table",
        "",
        None,
    ),
    (
        "/review",
        "get",
        "Page: proposals that wait for a person",
        "order",
        None,
    ),
    (
        "/review",
        "post",
        "Form of our own pages: decide about a statement",
        "token=form act=form statement=form reason=form back=form",
        None,
    ),
    (
        "/review/log",
        "get",
        "Page: all decisions",
        "page:int",
        None,
    ),
    (
        "/entities",
        "get",
        "Page: the entities of the lists",
        "q page:int",
        None,
    ),
    (
        "/matching",
        "get",
        "Page: pairs that may be one, or one pair",
        "page:int left right",
        None,
    ),
    (
        "/matching",
        "post",
        "Form of our own pages: same, different or unsure",
        "token=form act=form left=form right=form reason=form",
        None,
    ),
    ("/lists", "get", "Page: the lists of the case", "", None),
    ("/screening", "get", "Page: screen pasted names", "", None),
    (
        "/screening",
        "post",
        "Form of our own pages: who on the lists may these be; `as=csv` gives a table",
        "token=form names=form schema=form as=form",
        None,
    ),
    (
        "/linking",
        "get",
        "Page: which records of the lists that are named are of one person",
        "list* page:int",
        None,
    ),
    (
        "/estimate",
        "get",
        "Page: how many are on none of the lists of the case that are named, by several methods",
        "list* copied referral excludes lang sensitivity",
        None,
    ),
    (
        "/estimate",
        "post",
        "Form of our own pages: how many are on none of the lists, by several methods",
        "token=form table=form strata=form copied=form referral=form excludes=form lang=form sensitivity=form",
        None,
    ),
    (
        "/trace",
        "get",
        "Page: how goods went, with the proof of each hop; `without` withdraws a document",
        "from to between product as_of certain:bool without*",
        None,
    ),
    (
        "/holder",
        "get",
        "Page: what the trade records say of one party, facility or vessel",
        "id as_of",
        None,
    ),
    (
        "/replies",
        "get",
        "Page: who was asked for an answer, and what came of it",
        "as_of",
        None,
    ),
    (
        "/ledger",
        "get",
        "Page: what became of every file",
        "",
        None,
    ),
    ("/help", "get", "Page: keys and query language", "", None),
    (
        "/enter/{token}",
        "get",
        "The link that works once",
        "",
        None,
    ),
    (
        "/assets/style.css",
        "get",
        "The style of the pages",
        "",
        None,
    ),
    ("/assets/keys.js", "get", "The keys of the pages", "", None),
    (
        "/match/{dataset}",
        "post",
        "Who on the lists may these be: `{\"queries\": {key: {schema, properties}}}`",
        "limit:int threshold:number cutoff:number algorithm include_dataset* exclude_dataset* exclude_schema* topics* changed_since exclude_entity_ids*",
        Some("Matches"),
    ),
    (
        "/search/{dataset}",
        "get",
        "Entities by words and names in any script",
        "q schema limit:int offset:int countries* topics* datasets* filter* filter_op include_dataset* exclude_dataset* exclude_schema* changed_since facets* sort*",
        Some("SearchAnswer"),
    ),
    (
        "/entities/{id}",
        "get",
        "One entity; for a browser its page. Another record of it leads here by 308",
        "nested:bool",
        Some("Entity"),
    ),
    (
        "/entities/{id}/adjacent",
        "get",
        "What stands next to an entity, by property",
        "limit:int offset:int",
        Some("Adjacent"),
    ),
    (
        "/entities/{id}/adjacent/{property}",
        "get",
        "What stands next to an entity by one property",
        "limit:int offset:int",
        Some("Results"),
    ),
    (
        "/algorithms",
        "get",
        "How pairs are scored",
        "",
        Some("Algorithms"),
    ),
    (
        "/catalog",
        "get",
        "The lists of the case",
        "",
        Some("Catalog"),
    ),
    (
        "/manifest",
        "get",
        "The same as /catalog",
        "",
        Some("Catalog"),
    ),
    ("/healthz", "get", "Whether it runs", "", Some("Status")),
    (
        "/readyz",
        "get",
        "Whether the lists are in memory",
        "",
        Some("Status"),
    ),
    (
        "/reconcile/{dataset}",
        "get",
        "OpenRefine's Reconciliation API 0.2: what is offered; with `queries` or `extend`, the answer to them",
        "queries extend api_key",
        Some("Manifest"),
    ),
    (
        "/reconcile/{dataset}",
        "post",
        "The answers to a batch of queries, or values of records",
        "api_key queries=form extend=form",
        Some("Reconciled"),
    ),
    (
        "/reconcile/{dataset}/suggest/entity",
        "get",
        "Entities whose name begins so",
        "prefix cursor:int api_key",
        Some("Suggested"),
    ),
    (
        "/reconcile/{dataset}/suggest/type",
        "get",
        "Schemata whose name begins so",
        "prefix cursor:int api_key",
        Some("SuggestedTypes"),
    ),
    (
        "/reconcile/{dataset}/suggest/property",
        "get",
        "Properties whose name begins so",
        "prefix cursor:int api_key",
        Some("SuggestedProperties"),
    ),
    (
        "/reconcile/{dataset}/extend/property",
        "get",
        "Properties whose values can be fetched",
        "type limit:int api_key",
        Some("Proposed"),
    ),
    (
        "/reconcile/{dataset}/preview",
        "get",
        "Page: a few lines about an entity",
        "id api_key",
        None,
    ),
];

fn parameter(word: &str, place: &str) -> (String, Value) {
    let (name, kind) = word.split_once(':').unwrap_or((word, "string"));
    let kind = match kind {
        "int" => "integer",
        "bool" => "boolean",
        kind => kind,
    };
    let schema = match name.strip_suffix('*') {
        Some(_) => json!({ "type": "array", "items": { "type": kind } }),
        None => json!({ "type": kind }),
    };
    let name = name.trim_end_matches('*');
    let parameter =
        json!({ "name": name, "in": place, "required": place == "path", "schema": schema });
    (name.to_owned(), parameter)
}

fn operation(route: &Route) -> Value {
    let (path, _, summary, asked, answer) = route;
    let in_path = path
        .split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| parameter(name, "path").1);
    let (fields, words): (Vec<&str>, Vec<&str>) = asked
        .split_whitespace()
        .partition(|word| word.ends_with("=form"));
    let parameters: Vec<Value> = in_path
        .chain(words.iter().map(|word| parameter(word, "query").1))
        .collect();
    let ok = match answer {
        Some(name) => json!({ "description": "the answer", "content": { "application/json": {
            "schema": { "$ref": format!("#/components/schemas/{name}") } } } }),
        None => json!({ "description": "as said" }),
    };
    let mut out = json!({
        "summary": summary, "parameters": parameters,
        "responses": { "200": ok, "403": { "description": "neither the link nor a token" } },
    });
    let Some(object) = out.as_object_mut() else {
        return out;
    };
    if answer.is_some() {
        object.insert(
            "security".into(),
            json!([{ "token": [] }, { "session": [] }]),
        );
        if let Some(responses) = object.get_mut("responses").and_then(Value::as_object_mut) {
            let faulty = json!({ "description": "what is wrong with the question", "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/Refused" } } } });
            responses.insert("400".into(), faulty);
        }
    }
    if *path == "/match/{dataset}" {
        let body = json!({ "required": true, "content": { "application/json": { "schema": { "type": "object",
            "required": ["queries"], "properties": { "queries": { "type": "object" } } } } } });
        object.insert("requestBody".into(), body);
    } else if !fields.is_empty() {
        let names = fields.iter().map(|field| field.trim_end_matches("=form"));
        let properties: Map<String, Value> = names
            .map(|name| (name.to_owned(), json!({ "type": "string" })))
            .collect();
        let body = json!({ "required": true, "content": { "application/x-www-form-urlencoded": {
            "schema": { "type": "object", "properties": properties } } } });
        object.insert("requestBody".into(), body);
    }
    out
}

/// An object of which all fields are always there.
fn object(fields: &[(&str, Value)]) -> Value {
    let names: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
    let properties: Map<String, Value> = fields
        .iter()
        .map(|(name, schema)| ((*name).to_owned(), schema.clone()))
        .collect();
    json!({ "type": "object", "required": names, "properties": properties })
}

fn components() -> Map<String, Value> {
    let text = || json!({ "type": "string" });
    let maybe = || json!({ "type": ["string", "null"] });
    let int = || json!({ "type": "integer" });
    let number = || json!({ "type": "number" });
    let yes = || json!({ "type": "boolean" });
    let list = |of: Value| json!({ "type": "array", "items": of });
    let map = || json!({ "type": "object" });
    let of = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let entity = |more: &[(&'static str, Value)]| {
        let mut fields = vec![
            ("id", text()),
            ("caption", text()),
            ("schema", text()),
            ("properties", map()),
            ("datasets", list(text())),
            ("referents", list(text())),
            ("target", yes()),
            ("first_seen", maybe()),
            ("last_seen", maybe()),
            ("last_change", maybe()),
        ];
        fields.extend_from_slice(more);
        object(&fields)
    };
    let total = object(&[("value", int()), ("relation", text())]);
    let results = |of: Value| {
        object(&[
            ("results", list(of)),
            ("limit", int()),
            ("offset", int()),
            ("total", total.clone()),
        ])
    };
    let named = object(&[("id", text()), ("name", text())]);
    let kind = object(&[("id", text()), ("name", text()), ("description", text())]);
    let mut search = results(of("Entity"));
    if let Some(required) = search["required"].as_array_mut() {
        required.push(json!("facets"));
        search["properties"]["facets"] = map();
    }
    let schemata = [
        (
            "Refused",
            object(&[("detail", text()), ("hints", list(text()))]),
        ),
        ("Entity", entity(&[])),
        (
            "Scored",
            entity(&[
                ("score", number()),
                ("match", yes()),
                ("explanations", map()),
            ]),
        ),
        (
            "Matches",
            object(&[
                ("responses", map()),
                ("limit", int()),
                ("algorithm", text()),
                ("threshold", number()),
                ("cutoff", number()),
            ]),
        ),
        ("SearchAnswer", search),
        ("Results", results(json!({}))),
        (
            "Adjacent",
            object(&[("entity", of("Entity")), ("adjacent", map())]),
        ),
        (
            "Algorithms",
            object(&[
                (
                    "algorithms",
                    list(object(&[
                        ("name", text()),
                        ("description", text()),
                        ("features", map()),
                        ("docs", map()),
                    ])),
                ),
                ("default", text()),
                ("best", text()),
            ]),
        ),
        (
            "Catalog",
            object(&[
                (
                    "datasets",
                    list(object(&[
                        ("name", text()),
                        ("title", text()),
                        ("version", text()),
                        ("index_version", text()),
                        ("index_current", yes()),
                        ("load", yes()),
                        ("entity_count", int()),
                        ("children", list(text())),
                        ("publisher", json!({ "type": ["object", "null"] })),
                        ("last_export", maybe()),
                        ("updated_at", text()),
                    ])),
                ),
                ("current", list(text())),
                ("outdated", list(text())),
                ("index_stale", yes()),
            ]),
        ),
        ("Status", object(&[("status", text())])),
        (
            "Manifest",
            object(&[
                ("versions", list(text())),
                ("name", text()),
                ("identifierSpace", text()),
                ("schemaSpace", text()),
                ("documentation", text()),
                ("serviceVersion", text()),
                ("view", object(&[("url", text())])),
                ("defaultTypes", list(map())),
                ("suggest", map()),
                (
                    "preview",
                    object(&[("url", text()), ("width", int()), ("height", int())]),
                ),
                ("extend", map()),
                ("batchSize", int()),
            ]),
        ),
        ("Reconciled", map()),
        (
            "Candidate",
            object(&[
                ("id", text()),
                ("name", text()),
                ("description", text()),
                ("score", number()),
                ("match", yes()),
                ("type", list(kind.clone())),
                (
                    "features",
                    list(object(&[("id", text()), ("value", number())])),
                ),
            ]),
        ),
        (
            "Suggested",
            object(&[(
                "result",
                list(object(&[
                    ("id", text()),
                    ("name", text()),
                    ("description", text()),
                    ("notable", list(kind.clone())),
                ])),
            )]),
        ),
        (
            "SuggestedTypes",
            object(&[(
                "result",
                list(object(&[
                    ("id", text()),
                    ("name", text()),
                    ("description", text()),
                    ("broader", list(kind)),
                ])),
            )]),
        ),
        (
            "SuggestedProperties",
            object(&[(
                "result",
                list(object(&[
                    ("id", text()),
                    ("name", text()),
                    ("description", text()),
                ])),
            )]),
        ),
        (
            "Proposed",
            object(&[
                ("limit", int()),
                ("type", text()),
                ("properties", list(named)),
            ]),
        ),
    ];
    schemata
        .into_iter()
        .map(|(name, schema)| (name.to_owned(), schema))
        .collect()
}

/// The whole description, as it stands in the tree.
pub(super) fn written() -> String {
    let mut out: Value = serde_json::from_str(WRITTEN).expect("the hand-written part is JSON");
    for route in ROUTES {
        let (path, method, ..) = route;
        out["paths"][path][method] = operation(route);
    }
    let schemata = out["components"]["schemas"].as_object_mut();
    schemata.expect("schemata").extend(components());
    out["components"]["securitySchemes"] = json!({
        "token": { "type": "http", "scheme": "bearer", "description": "what `tumen serve --api-token` prints" },
        "session": { "type": "apiKey", "in": "cookie", "name": "tumen-PORT", "description": "set by the link" },
    });
    let mut text = serde_json::to_string_pretty(&out).expect("it is JSON");
    text.push('\n');
    text
}
