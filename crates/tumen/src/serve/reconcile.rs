//! The OpenRefine Reconciliation API, version 0.2, over the lists of the case
//! (<https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/>).

use std::sync::Arc;

use axum::Json;
use axum::extract::{Form, Path, Query, State};
use axum::http::{HeaderMap, Uri, header};
use axum::response::{IntoResponse, Response};
use investigation::{
    Candidate, Case, Entity, Failure, Kind, Matching, Narrowed, Property, Register, Schema,
    caption, model,
};
use maud::html;
use serde_json::{Map, Value, json};

use super::pages::encoded;
use super::screening::{MOST_QUERIES, answered, ask, bad, dataset, example, rounded};
use super::statements::Asked;
use super::{Shared, Site};

/// Suggestions of one answer.
const SUGGESTED: usize = 20;
/// Candidates of one query, if it does not say, and at most.
const CANDIDATES: (usize, usize) = (5, 100);
/// Records of one request for data.
const MOST_RECORDS: usize = 1_000;

/// A query or request for data in the address or a form, else what the service offers.
async fn respond(
    site: &Arc<Site>,
    name: String,
    asked: Asked,
    head: &HeaderMap,
    address: &Uri,
) -> Response {
    let host = head.get(header::HOST).and_then(|host| host.to_str().ok());
    let base = format!(
        "http://{}/reconcile/{}",
        host.unwrap_or_default(),
        encoded(&name)
    );
    let query = address.query().unwrap_or_default().to_owned();
    let found = ask(site, move |case, register| {
        let parts = dataset(register, &name)?;
        if let Some(queries) = asked.one("queries") {
            reconciled(case, register, &parts, queries)
        } else if let Some(extend) = asked.one("extend") {
            extended(case, register, extend)
        } else {
            Ok(manifest(&base, &query, &name))
        }
    });
    answered(found.await)
}

/// `GET /reconcile/{dataset}`: what the service offers, or the answer to `queries` or `extend`.
pub(crate) async fn get(
    State(site): Shared,
    Path(name): Path<String>,
    Query(pairs): Query<Vec<(String, String)>>,
    head: HeaderMap,
    address: Uri,
) -> Response {
    respond(&site, name, Asked(pairs), &head, &address).await
}

/// `POST /reconcile/{dataset}`: the same in a form.
pub(crate) async fn post(
    State(site): Shared,
    Path(name): Path<String>,
    head: HeaderMap,
    address: Uri,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Response {
    let asked = Asked(pairs);
    if asked.one("queries").is_none() && asked.one("extend").is_none() {
        return answered(Err(bad("the form has neither `queries` nor `extend`")));
    }
    respond(&site, name, asked, &head, &address).await
}

fn described(schema: &Schema) -> Value {
    json!({
        "id": schema.name, "name": schema.label,
        "description": schema.description.as_deref().unwrap_or(&schema.plural),
    })
}

/// A schema with its direct parents.
fn typed(schema: &Schema) -> Value {
    let mut out = described(schema);
    let parents = schema.extends.iter().filter_map(|name| model().get(name));
    let broader: Vec<Value> = parents.map(described).collect();
    if let Some(object) = out.as_object_mut() {
        object.insert("broader".into(), broader.into());
    }
    out
}

/// Schemata whose records can be looked for.
fn matchable() -> impl Iterator<Item = &'static Schema> {
    let all = model().schemata.values();
    all.filter(|schema| schema.matchable && !schema.is_abstract && !schema.deprecated)
}

/// `base` is the address of the service, `query` what stood behind it (a token, perhaps): the other addresses
/// carry it too.
fn manifest(base: &str, query: &str, name: &str) -> Value {
    let with = |path: &str| match query {
        "" => path.to_owned(),
        query => format!("{path}?{query}"),
    };
    let and = if query.is_empty() { "" } else { "&" };
    let suggest = |what: &str| json!({ "service_url": base, "service_path": with(&format!("/suggest/{what}")) });
    let home = base.split("/reconcile/").next().unwrap_or_default();
    let kinds = ["Person", "Company", "Organization", "Vessel"];
    let kinds: Vec<Value> = kinds
        .iter()
        .filter_map(|name| model().get(name))
        .map(typed)
        .collect();
    json!({
        "versions": ["0.2"],
        "name": format!("Tumen: {name}"),
        "identifierSpace": format!("{home}/entities/"),
        "schemaSpace": "https://followthemoney.tech/explorer/",
        "documentation": format!("{home}/help"),
        "serviceVersion": env!("CARGO_PKG_VERSION"),
        "view": { "url": format!("{home}/entities/{{{{id}}}}") },
        "defaultTypes": kinds,
        "suggest": { "entity": suggest("entity"), "type": suggest("type"), "property": suggest("property") },
        "preview": { "url": format!("{base}/preview?id={{{{id}}}}{and}{query}"), "width": 430, "height": 300 },
        "extend": {
            "propose_properties": { "service_url": base, "service_path": with("/extend/property") },
            "property_settings": [{
                "name": "limit", "label": "Limit", "type": "number", "default": 0,
                "help_text": "Values of a row at most; 0 for all",
            }],
        },
        "batchSize": 50,
    })
}

/// The answers to a batch: `{key: {query, type, limit, properties: [{pid, v}]}}`.
fn reconciled(
    case: &Case,
    register: &Register,
    parts: &[usize],
    queries: &str,
) -> Result<Value, Failure> {
    let queries: Map<String, Value> = serde_json::from_str(queries)
        .map_err(|error| bad(format!("`queries` is no JSON object: {error}")))?;
    if queries.len() > MOST_QUERIES {
        return Err(bad(format!(
            "more than {MOST_QUERIES} queries in one request"
        )));
    }
    let mut out = Map::new();
    for (key, query) in &queries {
        let result = answer(case, register, parts, query)
            .map_err(|failure| bad(format!("query `{key}`: {}", failure.message)))?;
        out.insert(key.clone(), json!({ "result": result }));
    }
    Ok(out.into())
}

fn answer(
    case: &Case,
    register: &Register,
    parts: &[usize],
    query: &Value,
) -> Result<Vec<Value>, Failure> {
    let object = query.as_object().ok_or_else(|| bad("it is no object"))?;
    let kinds: Vec<&str> = match object.get("type") {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::String(kind)) => vec![kind],
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
        Some(_) => return Err(bad("`type` is neither a name nor a list of names")),
    };
    let limit = match object.get("limit") {
        None | Some(Value::Null) => CANDIDATES.0,
        Some(limit) => limit
            .as_f64()
            .filter(|limit| *limit >= 1.0)
            .map(|limit| limit.min(CANDIDATES.1 as f64) as usize)
            .ok_or_else(|| bad("`limit` is not a number above 0"))?,
    };
    let mut properties: Vec<(String, Value)> = Vec::new();
    if let Some(name) = object.get("query").and_then(Value::as_str) {
        properties.push(("name".into(), json!(name)));
    }
    for one in object
        .get("properties")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let pid = one.get("pid").and_then(Value::as_str);
        let pid = pid.ok_or_else(|| bad("a property has no `pid`"))?;
        properties.push((pid.to_owned(), one.get("v").cloned().unwrap_or(Value::Null)));
    }
    if properties.is_empty() {
        return Err(bad("it has neither `query` nor `properties`"));
    }
    // Of several types, each is asked: what is one of any of them is an answer.
    let strict = object.get("type_strict").and_then(Value::as_str) == Some("all");
    let asked: Vec<&str> = match kinds.as_slice() {
        [] => vec!["Thing"],
        kinds => kinds.to_vec(),
    };
    let mut found: Vec<Candidate> = Vec::new();
    let how = Matching {
        threshold: investigation::DOUBT,
        most: CANDIDATES.1,
        ..Matching::default()
    };
    let mut sure = Vec::new();
    for kind in &asked {
        let entity = example(kind, properties.iter().cloned())?;
        let (_, candidates) = register.screen(case, parts, &entity, &how)?;
        for one in candidates {
            let is_all = |kind: &&str| one.entity.schema().is_some_and(|s| s.is_a(kind));
            if strict && !asked.iter().all(is_all) {
                continue;
            }
            if investigation::share_number(&entity, &one.entity) {
                sure.push(one.entity.id.clone());
            }
            match found
                .iter_mut()
                .find(|known| known.entity.id == one.entity.id)
            {
                Some(known) if known.score < one.score => *known = one,
                Some(_) => {}
                None => found.push(one),
            }
        }
    }
    found.sort_by(|a, b| {
        b.score
            .total_cmp(&a.score)
            .then_with(|| a.entity.id.cmp(&b.entity.id))
    });
    found.truncate(limit);
    Ok(found
        .iter()
        .map(|one| candidate(one, sure.contains(&one.entity.id)))
        .collect())
}

/// `certain`: clients link a certain candidate without asking anybody, and a score is no proof of identity; so
/// only a number with its check digit makes certain.
fn candidate(one: &Candidate, certain: bool) -> Value {
    let features: Vec<Value> = one
        .because
        .iter()
        .map(|why| json!({ "id": why.feature, "value": rounded(why.weight) }))
        .collect();
    let kinds: Vec<Value> = one.entity.schema().map(described).into_iter().collect();
    json!({
        "id": one.entity.id, "name": caption(&one.entity), "description": told(&one.entity),
        "score": rounded(one.score), "match": certain, "type": kinds, "features": features,
    })
}

/// What tells an entity from its namesakes, in a line.
fn told(entity: &Entity) -> String {
    let mut out: Vec<String> = vec![entity.schema.clone()];
    for property in ["birthDate", "incorporationDate", "buildDate", "imoNumber"] {
        out.extend(entity.get(property).iter().take(2).cloned());
    }
    let countries = entity.values_of(Kind::Country, false);
    out.extend(
        countries
            .into_iter()
            .take(3)
            .map(|code| shown(Kind::Country, code)),
    );
    out.join(", ")
}

fn shown(kind: Kind, value: &str) -> String {
    model().label(kind, value).unwrap_or(value).to_owned()
}

/// Values of records: `{ids, properties: [{id, settings}]}`.
fn extended(case: &Case, register: &Register, extend: &str) -> Result<Value, Failure> {
    let query: Value = serde_json::from_str(extend)
        .map_err(|error| bad(format!("`extend` is no JSON: {error}")))?;
    let list = |name: &str| {
        let found = query.get(name).and_then(Value::as_array);
        found.ok_or_else(|| bad(format!("`extend` has no list `{name}`")))
    };
    let (ids, wanted) = (list("ids")?, list("properties")?);
    if ids.len() > MOST_RECORDS {
        return Err(bad(format!("more than {MOST_RECORDS} ids in one request")));
    }
    let mut properties = Vec::new();
    let mut meta = Vec::new();
    for one in wanted {
        let id = one.get("id").and_then(Value::as_str);
        let id = id.ok_or_else(|| bad("a property has no `id`"))?;
        let most = one
            .get("settings")
            .and_then(|settings| settings.get("limit"))
            .and_then(|limit| {
                limit
                    .as_u64()
                    .or_else(|| limit.as_str().and_then(|text| text.parse().ok()))
            })
            .and_then(|limit| usize::try_from(limit).ok())
            .filter(|limit| *limit > 0)
            .unwrap_or(usize::MAX);
        let known = known_property(id).ok_or_else(|| {
            bad(format!("`{id}` is no property that is known here"))
                .hint("/extend/property tells those of a type")
        })?;
        let mut about = json!({ "id": id, "name": known.label });
        let range = known.range.as_deref().and_then(|name| model().get(name));
        if let (Some(range), Some(object)) = (range, about.as_object_mut()) {
            object.insert(
                "type".into(),
                json!({ "id": range.name, "name": range.label }),
            );
        }
        meta.push(about);
        properties.push((id, known, most));
    }
    let mut rows = Map::new();
    for id in ids {
        let id = id
            .as_str()
            .ok_or_else(|| bad("an id in `ids` is no text"))?;
        let entity = register.entity(case, id)?;
        let mut row = Map::new();
        for (asked, property, most) in &properties {
            let values = entity
                .as_ref()
                .map_or(&[][..], |entity| entity.get(&property.name));
            let cells = values.iter().take(*most);
            let cells: Result<Vec<Value>, Failure> = cells
                .map(|value| cell(case, register, property, value))
                .collect();
            row.insert((*asked).to_owned(), cells?.into());
        }
        rows.insert(id.to_owned(), row.into());
    }
    Ok(json!({ "meta": meta, "rows": rows }))
}

/// Dates stay as they were told: a year is no day.
fn cell(
    case: &Case,
    register: &Register,
    property: &Property,
    value: &str,
) -> Result<Value, Failure> {
    if property.kind == Kind::Entity {
        let other = register.entity(case, value)?;
        return Ok(match other {
            Some(other) => json!({ "id": other.id, "name": caption(&other) }),
            None => json!({ "id": value, "name": value }),
        });
    }
    Ok(json!({ "str": shown(property.kind, value) }))
}

/// A property by its name, `birthDate`, or with the schema before it, `Person:birthDate`.
fn known_property(id: &str) -> Option<&'static Property> {
    let (schema, name) = match id.rsplit_once(':') {
        Some((schema, name)) => (Some(schema), name),
        None => (None, id),
    };
    match schema {
        Some(schema) => model().get(schema)?.properties.get(name),
        None => matchable().find_map(|schema| schema.properties.get(name)),
    }
    .filter(|property| !property.stub)
}

/// Whether one of the texts has a word that begins so, whatever the capitals.
fn begins(prefix: &str, texts: &[&str]) -> bool {
    let prefix = prefix.trim().to_lowercase();
    texts.iter().any(|text| {
        let text = text.to_lowercase();
        text.starts_with(&prefix)
            || text
                .split(|c: char| !c.is_alphanumeric())
                .any(|word| word.starts_with(&prefix))
    })
}

fn suggestions(asked: &Asked, all: impl Iterator<Item = Value>) -> Value {
    let from = asked.one("cursor").and_then(|text| text.parse().ok());
    let result: Vec<Value> = all.skip(from.unwrap_or(0)).take(SUGGESTED).collect();
    json!({ "result": result })
}

/// `GET /reconcile/{dataset}/suggest/entity?prefix=`.
pub(crate) async fn suggest_entity(
    State(site): Shared,
    Path(name): Path<String>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Response {
    let asked = Asked(pairs);
    let found = ask(&site, move |case, register| {
        let parts = dataset(register, &name)?;
        let from = asked.one("cursor").and_then(|text| text.parse().ok());
        let narrowed = Narrowed {
            schema: Some("Thing".into()),
            ..Narrowed::default()
        };
        let prefix = asked.one("prefix").unwrap_or("");
        let window = (from.unwrap_or(0), SUGGESTED);
        let found = register.find(case, &parts, prefix, &narrowed, true, window)?;
        let result = found.entities.iter().map(|entity| {
            let notable: Vec<Value> = entity.schema().map(described).into_iter().collect();
            json!({ "id": entity.id, "name": caption(entity), "description": told(entity), "notable": notable })
        });
        Ok(json!({ "result": result.collect::<Vec<_>>() }))
    });
    answered(found.await)
}

/// `GET /reconcile/{dataset}/suggest/type?prefix=`.
pub(crate) async fn suggest_type(
    Path(_): Path<String>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Json<Value> {
    let asked = Asked(pairs);
    let prefix = asked.one("prefix").unwrap_or("");
    let fits = |schema: &&Schema| begins(prefix, &[&schema.name, &schema.label, &schema.plural]);
    Json(suggestions(&asked, matchable().filter(fits).map(typed)))
}

/// `GET /reconcile/{dataset}/suggest/property?prefix=`.
pub(crate) async fn suggest_property(
    Path(_): Path<String>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Json<Value> {
    let asked = Asked(pairs);
    let prefix = asked.one("prefix").unwrap_or("");
    // Each where it is introduced, once.
    let mut all: Vec<&Property> = matchable()
        .flat_map(|schema| schema.properties.values())
        .filter(|p| !p.stub && !p.hidden && begins(prefix, &[&p.name, &p.label]))
        .collect();
    all.sort_by_key(|p| (&p.label, &p.schema, &p.name));
    all.dedup_by_key(|p| (&p.schema, &p.name));
    let told = all.into_iter().map(|p| {
        let of = model().get(&p.schema).map_or(&p.schema, |s| &s.label);
        let what = p.description.as_deref().unwrap_or("");
        let description = format!("{of}: {what}");
        json!({ "id": format!("{}:{}", p.schema, p.name), "name": p.label,
            "description": description.trim_end_matches(": ") })
    });
    Json(suggestions(&asked, told))
}

/// `GET /reconcile/{dataset}/extend/property?type=`: properties whose values can be fetched.
pub(crate) async fn propose(
    Path(_): Path<String>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Response {
    let asked = Asked(pairs);
    answered(proposed(&asked))
}

fn proposed(asked: &Asked) -> Result<Value, Failure> {
    let kind = asked.one("type").unwrap_or("Thing");
    let schema = model()
        .get(kind)
        .ok_or_else(|| bad(format!("`{kind}` is no schema that is known here")))?;
    let limit = match asked.one("limit") {
        None => 0,
        Some(text) => text
            .parse::<usize>()
            .map_err(|_| bad(format!("`limit` is not a number: `{text}`")))?,
    };
    let mut all: Vec<&Property> = schema
        .properties
        .values()
        .filter(|property| !property.stub && !property.hidden)
        .collect();
    let rank = |property: &Property| {
        let featured = schema
            .featured
            .iter()
            .position(|name| *name == property.name);
        featured.unwrap_or(usize::MAX)
    };
    all.sort_by_key(|property| (rank(property), &property.label, &property.name));
    if limit > 0 {
        all.truncate(limit);
    }
    let properties: Vec<Value> = all
        .iter()
        .map(|property| json!({ "id": property.name, "name": property.label }))
        .collect();
    Ok(json!({ "limit": limit, "type": schema.name, "properties": properties }))
}

/// `GET /reconcile/{dataset}/preview?id=`: a small page about one entity.
pub(crate) async fn preview(
    State(site): Shared,
    Path(_): Path<String>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Response {
    let asked = Asked(pairs);
    let id = asked.one("id").unwrap_or("").to_owned();
    let found = ask(&site, move |case, register| {
        let found = register.entity(case, &id)?;
        found.ok_or_else(|| super::screening::no_entity(&id))
    });
    let entity = match found.await {
        Ok(entity) => entity,
        Err(failure) => return answered(Err(failure)),
    };
    let schema = entity.schema();
    let label = |name: &str| {
        let property = schema.and_then(|schema| schema.properties.get(name));
        property.map_or_else(|| name.to_owned(), |property| property.label.clone())
    };
    let kind = |name: &str| schema.and_then(|s| s.properties.get(name)).map(|p| p.kind);
    let page = html! {
        (maud::DOCTYPE)
        html lang="en" {
            head { meta charset="utf-8"; title { (caption(&entity)) } link rel="stylesheet" href="/assets/style.css"; }
            body.preview {
                h1 { (caption(&entity)) }
                p { (schema.map_or(entity.schema.as_str(), |s| s.label.as_str())) " · " code { (entity.id) } }
                dl { @for (name, values) in entity.properties.iter().filter(|(name, _)| kind(name) != Some(Kind::Entity)).take(12) {
                    dt { (label(name)) }
                    @for value in values.iter().take(6) { dd { (kind(name).map_or_else(|| value.clone(), |kind| shown(kind, value))) } }
                    @if values.len() > 6 { dd { "and " (values.len() - 6) " more" } }
                } }
            }
        }
    };
    // OpenRefine shows it in a frame; nobody but programs of this machine may.
    const POLICY: &str = "default-src 'none'; style-src 'self'; base-uri 'none'; \
        frame-ancestors http://127.0.0.1:* http://localhost:*";
    ([(header::CONTENT_SECURITY_POLICY, POLICY)], page).into_response()
}
