//! Screening for programs, in the shapes of yente (the API of OpenSanctions), over the lists of the case.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use investigation::{
    Because, Candidate, Case, Entity, Failure, Kind, Matching, Narrowed, Property, Register, Whose,
    caption, model,
};
use serde_json::{Map, Value, json};

use super::statements::Asked;
use super::{Shared, Site, blocking, status};

/// What scores: the one there is. Names of the peers' are accepted, so that their clients work unchanged.
pub(crate) const ALGORITHM: &str = "tumen";
const ACCEPTED: [&str; 10] = [
    ALGORITHM,
    "best",
    "default",
    "logic-v1",
    "logic-v2",
    "name-based",
    "name-qualified",
    "regression-v1",
    "regression-v2",
    "regression-v3",
];
/// Queries of one request.
pub(crate) const MOST_QUERIES: usize = 100;
/// Values of one query: longer ones are refused, not cut.
const MOST_VALUES: usize = 2_000;
const MOST_RESULTS: usize = 500;

pub(crate) fn bad(message: impl Into<String>) -> Failure {
    Failure::new(Whose::You, "bad-query", message)
}

pub(crate) fn answered(result: Result<Value, Failure>) -> Response {
    match result {
        Ok(value) => Json(value).into_response(),
        Err(failure) => (
            status(&failure),
            Json(json!({ "detail": failure.message, "hints": failure.hints })),
        )
            .into_response(),
    }
}

/// Asks the register, away from the threads that answer.
pub(crate) async fn ask<T: Send + 'static>(
    site: &Arc<Site>,
    call: impl FnOnce(&Case, &Register) -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    let registry = site.registry.clone();
    blocking(site, move |case| {
        let register = registry.current(case)?;
        call(case, &register)
    })
    .await
}

pub(crate) fn dataset(register: &Register, name: &str) -> Result<Vec<usize>, Failure> {
    register.dataset(name).ok_or_else(|| {
        Failure::new(
            Whose::You,
            "not-found",
            format!("there is no list `{name}` in the case"),
        )
        .hint("`default` stands for all lists; /catalog names them")
    })
}

/// An entity as the peers write it.
pub(crate) fn shaped(entity: &Entity) -> Map<String, Value> {
    let context = |name: &str| entity.context.get(name).cloned();
    let topics = entity.get("topics");
    let risks = ["sanction", "crime", "debarment", "wanted", "export.control"];
    let target = topics
        .iter()
        .any(|topic| risks.iter().any(|risk| topic.starts_with(risk)));
    let mut out = Map::new();
    out.insert("id".into(), json!(entity.id));
    out.insert("caption".into(), json!(caption(entity)));
    out.insert("schema".into(), json!(entity.schema));
    out.insert("properties".into(), json!(entity.properties));
    for name in ["datasets", "referents"] {
        out.insert(name.into(), context(name).unwrap_or_else(|| json!([])));
    }
    out.insert("target".into(), json!(target));
    for name in ["first_seen", "last_seen", "last_change"] {
        out.insert(name.into(), context(name).unwrap_or(Value::Null));
    }
    out
}

fn explained(because: &[Because]) -> Map<String, Value> {
    let mut out = Map::new();
    for one in because {
        let name = (1..)
            .map(|n| {
                if n == 1 {
                    one.feature.to_owned()
                } else {
                    format!("{}_{n}", one.feature)
                }
            })
            .find(|name| !out.contains_key(name))
            .unwrap_or_default();
        // What is a share with the peers is a weight here: log-odds that sum up to the score.
        let part = json!({
            "score": rounded(one.weight), "detail": one.reason,
            "query": one.left, "candidate": one.right,
        });
        out.insert(name, part);
    }
    out
}

pub(crate) fn rounded(score: f32) -> f64 {
    (f64::from(score) * 10_000.0).round() / 10_000.0
}

/// The values of a property of a query: one or several, numbers too.
fn values(value: &Value, out: &mut Vec<String>) -> Result<(), Failure> {
    match value {
        Value::Null => {}
        Value::String(text) => out.push(text.clone()),
        Value::Number(number) => out.push(number.to_string()),
        Value::Bool(yes) => out.push(yes.to_string()),
        Value::Array(all) => {
            for one in all {
                match one {
                    // An entity that was found before: its name is what can be compared.
                    Value::Object(object) => {
                        let text = object.get("name").or_else(|| object.get("id"));
                        out.extend(text.and_then(Value::as_str).map(str::to_owned));
                    }
                    Value::Array(_) => return Err(bad("a value cannot be a list of lists")),
                    other => values(other, out)?,
                }
            }
        }
        Value::Object(object) => {
            let text = object.get("name").or_else(|| object.get("id"));
            out.extend(text.and_then(Value::as_str).map(str::to_owned));
        }
    }
    if out.len() > MOST_VALUES {
        return Err(bad(format!(
            "one property has more than {MOST_VALUES} values"
        )));
    }
    Ok(())
}

/// The entity that a query describes. Properties that its schema does not have are left out, as the peers do.
pub(crate) fn example(
    schema: &str,
    properties: impl IntoIterator<Item = (String, Value)>,
) -> Result<Entity, Failure> {
    let known = model()
        .get(schema)
        .ok_or_else(|| bad(format!("`{schema}` is no schema that is known here")))?;
    if !known.matchable && schema != "Thing" {
        return Err(bad(format!("records of `{schema}` cannot be matched")));
    }
    let mut entity = Entity {
        id: "query".into(),
        schema: schema.to_owned(),
        ..Entity::default()
    };
    for (name, value) in properties {
        let name = name.rsplit(':').next().unwrap_or_default();
        if known
            .properties
            .get(name)
            .is_none_or(|property| property.stub)
        {
            continue;
        }
        let mut all = Vec::new();
        values(&value, &mut all)?;
        for value in all.into_iter().filter(|value| !value.trim().is_empty()) {
            entity.add(name, value);
        }
    }
    let parts = [
        "firstName",
        "secondName",
        "middleName",
        "fatherName",
        "lastName",
    ];
    if entity.values_of(Kind::Name, true).is_empty() {
        let whole: Vec<&str> = parts
            .iter()
            .filter_map(|part| entity.get(part).first().map(String::as_str))
            .collect();
        if !whole.is_empty() {
            let whole = whole.join(" ");
            entity.add("name", whole);
        }
    }
    entity.normalise();
    Ok(entity)
}

fn number<T: std::str::FromStr>(asked: &Asked, name: &str, otherwise: T) -> Result<T, Failure> {
    match asked.one(name) {
        None => Ok(otherwise),
        Some(text) => text
            .parse()
            .map_err(|_| bad(format!("`{name}` is not a number: `{text}`"))),
    }
}

fn algorithm(asked: &Asked) -> Result<(), Failure> {
    match asked.one("algorithm") {
        Some(name) if !ACCEPTED.contains(&name) => {
            Err(bad(format!("`{name}` is no algorithm that is known here"))
                .hint("leave it out, or see /algorithms"))
        }
        _ => Ok(()),
    }
}

fn matched(
    case: &Case,
    register: &Register,
    name: &str,
    asked: &Asked,
    body: &Value,
) -> Result<Value, Failure> {
    let parts = scope(register, name, asked)?;
    algorithm(asked)?;
    let limit = number(asked, "limit", 5_usize)?.min(MOST_RESULTS);
    let threshold = number(asked, "threshold", investigation::THRESHOLD)?;
    let cutoff = number(asked, "cutoff", threshold)?.min(threshold);
    let since = since(asked)?;
    for field in ["weights", "config"] {
        if body
            .get(field)
            .is_some_and(|set| set.as_object().is_none_or(|set| !set.is_empty()) && !set.is_null())
        {
            return Err(bad(format!(
                "`{field}` cannot be set: there is one way to score"
            ))
            .hint("leave it out; /algorithms says what counts"));
        }
    }
    let not_schema = asked.all("exclude_schema");
    let not_ids = asked.all("exclude_entity_ids");
    let topics = asked.all("topics");
    let queries = body
        .get("queries")
        .and_then(Value::as_object)
        .filter(|queries| !queries.is_empty())
        .ok_or_else(|| {
            bad("the body has to hold `queries`: an object of entities by a key of yours")
        })?;
    if queries.len() > MOST_QUERIES {
        return Err(bad(format!(
            "more than {MOST_QUERIES} queries in one request"
        )));
    }
    let narrow =
        since.is_some() || !(not_schema.is_empty() && not_ids.is_empty() && topics.is_empty());
    let how = Matching {
        threshold: cutoff,
        most: if narrow { MOST_RESULTS } else { limit },
        ..Matching::default()
    };
    let mut responses = Map::new();
    for (key, query) in queries {
        if query.is_null() {
            continue;
        }
        let schema = query
            .get("schema")
            .and_then(Value::as_str)
            .ok_or_else(|| bad(format!("query `{key}` has no `schema`")))?;
        let properties = query
            .get("properties")
            .and_then(Value::as_object)
            .ok_or_else(|| bad(format!("query `{key}` has no `properties`")))?;
        let entity = example(schema, properties.clone())
            .map_err(|failure| bad(format!("query `{key}`: {}", failure.message)))?;
        let (mut total, mut found) = register.screen(case, &parts, &entity, &how)?;
        if narrow {
            found.retain(|one| {
                let ids = one
                    .entity
                    .context
                    .get("referents")
                    .and_then(Value::as_array);
                let has = |id: &String| {
                    one.entity.id == *id
                        || ids.is_some_and(|ids| ids.iter().any(|known| known == id))
                };
                !not_schema.contains(&one.entity.schema)
                    && !not_ids.iter().any(has)
                    && since
                        .as_deref()
                        .is_none_or(|time| register.changed_since(&one.entity.id, time))
                    && (topics.is_empty()
                        || topics.iter().any(|t| one.entity.get("topics").contains(t)))
            });
            total = found.len();
            found.truncate(limit);
        }
        let results: Vec<Value> = found.iter().map(|one| scored(one, threshold)).collect();
        responses.insert(
            key.clone(),
            json!({
                "status": 200, "results": results, "total": { "value": total, "relation": "eq" },
                "query": { "id": query.get("id").cloned().unwrap_or(Value::Null), "schema": entity.schema, "properties": entity.properties },
            }),
        );
    }
    Ok(
        json!({ "responses": responses, "limit": limit, "algorithm": ALGORITHM, "threshold": threshold, "cutoff": cutoff }),
    )
}

pub(crate) fn scored(one: &Candidate, threshold: f32) -> Value {
    let mut shape = shaped(&one.entity);
    shape.insert("score".into(), json!(rounded(one.score)));
    shape.insert("match".into(), json!(one.score >= threshold));
    shape.insert("explanations".into(), explained(&one.because).into());
    shape.into()
}

/// `POST /match/{dataset}`.
pub(crate) async fn matching(
    State(site): Shared,
    Path(name): Path<String>,
    Query(pairs): Query<Vec<(String, String)>>,
    body: axum::body::Bytes,
) -> Response {
    let asked = Asked(pairs);
    let found = ask(&site, move |case, register| {
        let body: Value = serde_json::from_slice(&body)
            .map_err(|error| bad(format!("the body is no JSON: {error}")))?;
        matched(case, register, &name, &asked, &body)
    });
    answered(found.await)
}

/// The lists that are asked: those of the name, less what `include_dataset` and `exclude_dataset` leave out.
fn scope(register: &Register, name: &str, asked: &Asked) -> Result<Vec<usize>, Failure> {
    let mut parts = dataset(register, name)?;
    let lists = |field: &str| -> Vec<usize> {
        asked
            .all(field)
            .iter()
            .filter_map(|name| register.dataset(name))
            .flatten()
            .collect()
    };
    let (include, exclude) = (lists("include_dataset"), lists("exclude_dataset"));
    parts.retain(|at| {
        (asked.one("include_dataset").is_none() || include.contains(at)) && !exclude.contains(at)
    });
    Ok(parts)
}

/// A day, perhaps with a time.
fn since(asked: &Asked) -> Result<Option<String>, Failure> {
    let Some(text) = asked.one("changed_since") else {
        return Ok(None);
    };
    let shape = |text: &str, shape: &str| {
        text.len() == shape.len()
            && text
                .bytes()
                .zip(shape.bytes())
                .all(|(byte, wanted)| match wanted {
                    b'0' => byte.is_ascii_digit(),
                    wanted => byte == wanted,
                })
    };
    let shapes = [
        "0000-00-00",
        "0000-00-00T00",
        "0000-00-00T00:00",
        "0000-00-00T00:00:00",
    ];
    if shapes.iter().any(|one| shape(text, one)) {
        Ok(Some(text.to_owned()))
    } else {
        Err(bad(format!("`changed_since` is no day: `{text}`"))
            .hint("2024-05-01, or 2024-05-01T12:30:00"))
    }
}

fn narrowed(asked: &Asked) -> Result<Narrowed, Failure> {
    let schema = asked.one("schema").unwrap_or("Thing").to_owned();
    if model().get(&schema).is_none() {
        return Err(bad(format!("`{schema}` is no schema that is known here")));
    }
    let mut values = Vec::new();
    for filter in asked.all("filter") {
        let (field, value) = filter
            .split_once(':')
            .ok_or_else(|| bad(format!("`{filter}` is no filter")).hint("filter=field:value"))?;
        values.push((field.to_owned(), value.to_owned()));
    }
    let all_of = match asked.one("filter_op") {
        None | Some("OR") => false,
        Some("AND") => true,
        Some(other) => return Err(bad(format!("`filter_op` is AND or OR, not `{other}`"))),
    };
    let mut facets = Vec::new();
    for name in asked.all("facets") {
        let known = investigation::FACETS
            .into_iter()
            .find(|known| *known == name);
        facets.push(known.ok_or_else(|| {
            bad(format!("`{name}` cannot be counted"))
                .hint(format!("facets are {}", investigation::FACETS.join(", ")))
        })?);
    }
    if facets.is_empty() {
        facets = vec!["countries", "topics", "datasets", "schema"];
    }
    let sort = asked.all("sort");
    let sort = sort.iter().map(|one| match one.split_once(':') {
        Some((field, "desc")) => Ok((field.to_owned(), true)),
        Some((field, "asc")) => Ok((field.to_owned(), false)),
        None => Ok((one.clone(), false)),
        Some(_) => Err(bad(format!("`sort` ends with :asc or :desc, not `{one}`"))),
    });
    Ok(Narrowed {
        schema: Some(schema),
        not_schemata: asked.all("exclude_schema"),
        countries: asked.all("countries"),
        topics: asked.all("topics"),
        datasets: asked.all("datasets"),
        values,
        all_of,
        changed_since: since(asked)?,
        facets,
        sort: sort.collect::<Result<_, Failure>>()?,
    })
}

/// `GET /search/{dataset}`.
pub(crate) async fn search(
    State(site): Shared,
    Path(name): Path<String>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Response {
    let asked = Asked(pairs);
    let found = ask(&site, move |case, register| {
        let parts = scope(register, &name, &asked)?;
        let narrowed = narrowed(&asked)?;
        let (limit, offset) = (
            number(&asked, "limit", 10_usize)?.min(MOST_RESULTS),
            number(&asked, "offset", 0_usize)?,
        );
        let q = asked.one("q").unwrap_or("");
        let found = register.find(case, &parts, q, &narrowed, false, (offset, limit))?;
        let results: Vec<Value> = found.entities.iter().map(|e| shaped(e).into()).collect();
        let facets: BTreeMap<&str, Value> = found
            .facets
            .iter()
            .map(|(facet, counts)| (*facet, faceted(facet, counts)))
            .collect();
        Ok(json!({
            "results": results, "facets": facets, "limit": limit, "offset": offset,
            "total": { "value": found.total, "relation": "eq" },
        }))
    });
    answered(found.await)
}

fn faceted(facet: &str, counts: &BTreeMap<String, u64>) -> Value {
    let (label, kind) = match facet {
        "countries" => ("Countries", Some(Kind::Country)),
        "topics" => ("Topics", Some(Kind::Topic)),
        "genders" => ("Genders", Some(Kind::Gender)),
        "identifiers" => ("Identifiers", None),
        "schema" => ("Schema", None),
        _ => ("Datasets", None),
    };
    let mut values: Vec<(&String, &u64)> = counts.iter().collect();
    values.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
    let values: Vec<Value> = values
        .into_iter()
        .take(100)
        .map(|(name, count)| {
            let label = kind
                .and_then(|kind| model().label(kind, name))
                .unwrap_or(name);
            json!({ "name": name, "label": label, "count": count })
        })
        .collect();
    json!({ "label": label, "values": values })
}

/// The property by which an entity of `schema` sees another that refers to it by `property`.
fn reverse(property: &Property) -> Option<&str> {
    property.reverse.as_deref()
}

/// An entity with those next to it inside: what it refers to, and what refers to it, one step further for links.
fn nested(
    case: &Case,
    register: &Register,
    entity: &Entity,
    most: usize,
) -> Result<BTreeMap<String, (usize, Vec<Value>)>, Failure> {
    let mut out: BTreeMap<String, (usize, Vec<Value>)> = BTreeMap::new();
    let links = |of: &Entity, deeper: bool| -> Result<BTreeMap<String, Vec<Value>>, Failure> {
        let mut found: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        let Some(schema) = of.schema() else {
            return Ok(found);
        };
        for (name, values) in &of.properties {
            let is_link = schema
                .properties
                .get(name)
                .is_some_and(|p| p.kind == Kind::Entity);
            if !is_link {
                continue;
            }
            let list = found.entry(name.clone()).or_default();
            for id in values.iter().take(most) {
                let other = if deeper && register.canonical(id) == entity.id {
                    None
                } else {
                    register.entity(case, id)?
                };
                list.push(other.map_or_else(|| json!(id), |other| shaped(&other).into()));
            }
        }
        Ok(found)
    };
    for (name, values) in links(entity, false)? {
        let total = entity.get(&name).len();
        out.insert(name, (total, values));
    }
    let (_, referring) = register.referring(case, &entity.id, most)?;
    for other in referring {
        let Some(schema) = other.schema() else {
            continue;
        };
        let mut shape = shaped(&other);
        if let Some(properties) = shape.get_mut("properties").and_then(Value::as_object_mut) {
            for (name, values) in links(&other, true)? {
                properties.insert(name, values.into());
            }
        }
        for (name, values) in &other.properties {
            let Some(property) = schema
                .properties
                .get(name)
                .filter(|p| p.kind == Kind::Entity)
            else {
                continue;
            };
            if let Some(seen) = reverse(property)
                && values.iter().any(|id| register.canonical(id) == entity.id)
            {
                let (total, list) = out.entry(seen.to_owned()).or_default();
                *total += 1;
                list.push(Value::from(shape.clone()));
            }
        }
    }
    Ok(out)
}

pub(crate) fn no_entity(id: &str) -> Failure {
    Failure::new(
        Whose::You,
        "not-found",
        format!("there is no record `{id}` in the lists of the case"),
    )
}

/// The entity, or where it went: a record that people called the same as others answers under the least id of them.
async fn one(
    site: &Arc<Site>,
    id: String,
    below: &str,
    call: impl FnOnce(&Case, &Register, &Entity) -> Result<Value, Failure> + Send + 'static,
) -> Response {
    let asked = id.clone();
    let found = ask(site, move |case, register| {
        let canonical = register.canonical(&asked);
        if canonical != asked {
            return Ok(Err(canonical.to_owned()));
        }
        let entity = register
            .entity(case, &asked)?
            .ok_or_else(|| no_entity(&asked))?;
        Ok(Ok(call(case, register, &entity)?))
    });
    match found.await {
        Ok(Ok(value)) => Json(value).into_response(),
        Ok(Err(canonical)) => {
            let to = format!("/entities/{}{below}", super::pages::encoded(&canonical));
            (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, to)]).into_response()
        }
        Err(failure) => answered(Err(failure)),
    }
}

/// `GET /entities/{id}` for programs.
pub(crate) async fn entity(site: &Arc<Site>, id: String, asked: &Asked) -> Response {
    let flat = asked.one("nested") == Some("false");
    one(site, id, "", move |case, register, entity| {
        let mut shape = shaped(entity);
        if !flat
            && let Some(properties) = shape.get_mut("properties").and_then(Value::as_object_mut)
        {
            for (name, (_, values)) in nested(case, register, entity, MOST_RESULTS)? {
                properties.insert(name, values.into());
            }
        }
        Ok(shape.into())
    })
    .await
}

/// `GET /entities/{id}/adjacent`.
pub(crate) async fn adjacent(
    State(site): Shared,
    Path(id): Path<String>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Response {
    let asked = Asked(pairs);
    one(&site, id, "/adjacent", move |case, register, entity| {
        let limit = number(&asked, "limit", 10_usize)?.min(MOST_RESULTS);
        let offset = number(&asked, "offset", 0_usize)?;
        let all = nested(case, register, entity, 10_000)?;
        let adjacent: Map<String, Value> = all
            .into_iter()
            .map(|(name, (total, values))| {
                let results: Vec<Value> = values.into_iter().skip(offset).take(limit).collect();
                (name, json!({ "results": results, "limit": limit, "offset": offset, "total": { "value": total, "relation": "eq" } }))
            })
            .collect();
        Ok(json!({ "entity": shaped(entity), "adjacent": adjacent }))
    })
    .await
}

/// `GET /entities/{id}/adjacent/{property}`: what stands next to an entity by one property.
pub(crate) async fn adjacent_by(
    State(site): Shared,
    Path((id, property)): Path<(String, String)>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Response {
    let asked = Asked(pairs);
    let below = format!("/adjacent/{}", super::pages::encoded(&property));
    one(&site, id, &below, move |case, register, entity| {
        let limit = number(&asked, "limit", 10_usize)?.min(MOST_RESULTS);
        let offset = number(&asked, "offset", 0_usize)?;
        let known = entity
            .schema()
            .and_then(|schema| schema.properties.get(&property));
        if known.is_none_or(|known| known.kind != Kind::Entity) {
            let what = format!("`{property}` is no link of {}", entity.schema);
            return Err(Failure::new(Whose::You, "not-found", what));
        }
        let mut all = nested(case, register, entity, 10_000)?;
        let (total, values) = all.remove(&property).unwrap_or_default();
        let results: Vec<Value> = values.into_iter().skip(offset).take(limit).collect();
        Ok(json!({ "results": results, "limit": limit, "offset": offset, "total": { "value": total, "relation": "eq" } }))
    })
    .await
}

/// What counts in a score, and what it is.
const FEATURES: [(&str, &str); 19] = [
    ("prior", "Two names taken at random are seldom of one"),
    ("schema", "Records of kinds that cannot be one"),
    (
        "surname",
        "Surnames, across scripts and spellings, by how rare they are",
    ),
    ("given_name", "Given names, syllable by syllable"),
    ("order", "Surname and given name changed round"),
    (
        "script",
        "Other letters in the same script are another name",
    ),
    ("brand", "The proper name of an organisation or vessel"),
    ("place", "The place in a name"),
    ("industry", "The trade in a name, in any of the languages"),
    (
        "legal_form",
        "Limited company, foundation, ministry and the like",
    ),
    ("number", "Numbers in a name have to agree"),
    ("acronym", "One name is the first letters of the other"),
    ("vessel_type", "The kind of ship before its name"),
    ("whole", "No word of either is left over"),
    (
        "date",
        "Birth, founding or building, as exactly as both are told",
    ),
    ("country", "A country in common, or none"),
    ("gender", "The same gender or another"),
    ("address", "Words of addresses"),
    (
        "identifier",
        "Numbers of registers, those with a right check digit above all",
    ),
];

/// `GET /algorithms`.
pub(crate) async fn algorithms() -> Json<Value> {
    let about = "Names, numbers, dates, countries, gender and addresses as log-odds that sum up to the score.";
    let features: Map<String, Value> = FEATURES
        .iter()
        .map(|(name, what)| {
            let doc = json!({ "description": what, "coefficient": 1.0, "url": null });
            ((*name).to_owned(), doc)
        })
        .collect();
    let docs =
        json!({ "name": ALGORITHM, "features": features, "config": {}, "description": about });
    Json(json!({
        "algorithms": [{ "name": ALGORITHM, "description": about, "features": features, "docs": docs }],
        "default": ALGORITHM, "best": ALGORITHM,
    }))
}

/// `GET /catalog` and `/manifest`. Its tag changes only when the lists do.
pub(crate) async fn catalog(State(site): Shared, head: HeaderMap) -> Response {
    let found = ask(&site, |_, register| {
        let lists = register.lists();
        let tag: Vec<String> = lists.iter().map(|list| list.decision.to_string()).collect();
        let datasets: Vec<Value> = lists
            .iter()
            .map(|list| {
                json!({
                    "name": list.name, "title": list.name, "version": list.sha256, "index_version": list.sha256,
                    "index_current": true, "load": true, "entity_count": list.records, "children": [],
                    "publisher": list.source.as_ref().map(|name| json!({ "name": name })),
                    "last_export": list.published, "updated_at": list.at,
                })
            })
            .collect();
        let current: Vec<&str> = lists.iter().map(|list| list.name.as_str()).collect();
        let body = json!({ "datasets": datasets, "current": current, "outdated": [], "index_stale": false });
        Ok((format!("\"lists-{}\"", tag.join("-")), body))
    });
    let (tag, body) = match found.await {
        Ok(found) => found,
        Err(failure) => return answered(Err(failure)),
    };
    let asked = head
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok());
    let tagged = [
        (header::ETAG, tag.clone()),
        (header::CACHE_CONTROL, "private, no-cache".to_owned()),
    ];
    if asked.is_some_and(|asked| {
        asked
            .split(',')
            .any(|one| matches!(one.trim(), "*") || one.trim() == tag)
    }) {
        return (StatusCode::NOT_MODIFIED, tagged).into_response();
    }
    (tagged, Json(body)).into_response()
}

/// `GET /healthz`.
pub(crate) async fn healthz() -> Json<Value> {
    Json(json!({ "status": "ok" }))
}

/// `GET /readyz`: whether the lists are in memory.
pub(crate) async fn readyz(State(site): Shared) -> Response {
    if site.registry.is_ready() {
        Json(json!({ "status": "ok" })).into_response()
    } else {
        let detail = json!({ "detail": "the lists are being read" });
        (StatusCode::SERVICE_UNAVAILABLE, Json(detail)).into_response()
    }
}
