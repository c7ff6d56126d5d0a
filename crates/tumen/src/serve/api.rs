//! The same answers as JSON. `openapi.json` describes them.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use investigation::{Failure, Review, Told};
use serde_json::json;

use super::gate::SentJson;
use super::pages::Asked;
use super::review::wrong;
use super::{Shared, blocking, status};
use crate::commands::statements::WithKind;

pub(crate) const DESCRIPTION: &str = include_str!("../../openapi.json");
/// Lines of one answer.
const MOST: usize = 10_000;

fn answer<T: serde::Serialize>(result: Result<T, Failure>) -> Response {
    match result {
        Ok(value) => Json(value).into_response(),
        Err(failure) => (status(&failure), Json(json!({ "error": failure }))).into_response(),
    }
}

pub(crate) async fn search(State(site): Shared, Query(asked): Query<Asked>) -> Response {
    let options = asked.options();
    answer(blocking(&site, move |case| case.search(&asked.q, &options)).await)
}

pub(crate) async fn document(State(site): Shared, Path(id): Path<String>) -> Response {
    answer(blocking(&site, move |case| case.document(case.resolve(&id)?)).await)
}

pub(crate) async fn ledger(State(site): Shared) -> Response {
    let both = |case: &investigation::Case| {
        Ok(json!({ "totals": case.totals()?, "failures": case.failures()? }))
    };
    answer(blocking(&site, both).await)
}

pub(crate) async fn description() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], DESCRIPTION)
}

/// Lines of an answer, as the command line prints them.
fn lines(told: &[Told]) -> Vec<WithKind<'_>> {
    let kind = "statement";
    told.iter().map(|told| WithKind { kind, told }).collect()
}

/// Written at once, not by way of a tree of values: that would widen the scores.
fn written(value: &impl serde::Serialize) -> Result<Box<serde_json::value::RawValue>, Failure> {
    serde_json::value::to_raw_value(value).map_err(|error| {
        Failure::new(
            investigation::Whose::Bug,
            "fault",
            format!("an answer cannot be written: {error}"),
        )
    })
}

#[derive(serde::Serialize)]
struct Statements<'a> {
    total: u64,
    statements: Vec<WithKind<'a>>,
    facets: &'a BTreeMap<&'static str, BTreeMap<String, u64>>,
}

#[derive(serde::Serialize)]
struct Waiting<'a> {
    token: &'a str,
    left: u64,
    queue: Vec<WithKind<'a>>,
    decisions: Vec<investigation::DecisionLine>,
}

/// The first line and the number of lines that are asked for.
fn window(asked: &super::statements::Asked) -> (usize, usize) {
    let number = |name: &str| asked.one(name).and_then(|value| value.parse().ok());
    (
        number("offset").unwrap_or(0),
        number("limit").unwrap_or(50).min(MOST),
    )
}

pub(crate) async fn statements(
    State(site): Shared,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Response {
    let asked = super::statements::Asked(pairs);
    let (offset, limit) = window(&asked);
    let found = blocking(&site, move |case| {
        let answer = case.statements(&asked.query()?, offset, limit)?;
        written(&Statements {
            total: answer.total,
            statements: lines(&answer.statements),
            facets: &answer.facets,
        })
    });
    answer(found.await)
}

#[derive(serde::Serialize)]
struct Figures<'a> {
    total: usize,
    series: Vec<&'a investigation::FigureSeries>,
}

pub(crate) async fn figures(
    State(site): Shared,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Response {
    let asked = super::statements::Asked(pairs);
    let (offset, limit) = window(&asked);
    let found = blocking(&site, move |case| {
        let all = super::figures::found(case, &asked)?;
        written(&Figures {
            total: all.len(),
            series: all.iter().skip(offset).take(limit).collect(),
        })
    });
    answer(found.await)
}

pub(crate) async fn review(
    State(site): Shared,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Response {
    let asked = super::statements::Asked(pairs);
    let (offset, limit) = window(&asked);
    let token = site.gate.form_token().to_owned();
    let found = blocking(&site, move |case| {
        let order = super::review::order(&asked);
        let queue = super::review::proposals(case, &asked.query()?, order, offset, limit)?;
        written(&Waiting {
            token: &token,
            left: queue.total,
            queue: lines(&queue.statements),
            decisions: case.decisions()?,
        })
    });
    answer(found.await)
}

/// `{"accept":"s_…"}`, `{"reject":"s_…","reason":"…"}`, `{"edit":"s_…","set":{…},"reason":"…"}`,
/// `{"prefer":"s_…","reason":"…"}` or `{"undo":7}`, each with `by` if need be.
fn act(case: &investigation::Case, body: &serde_json::Value) -> Result<Review, Failure> {
    let statement = |name: &str| -> Result<Option<casefile::StatementId>, Failure> {
        let Some(id) = body.get(name) else {
            return Ok(None);
        };
        let id = id.as_str().and_then(|id| id.parse().ok());
        id.map(Some)
            .ok_or_else(|| wrong(&format!("`{name}` is not the name of a statement (s_…)")))
    };
    let acts = ["accept", "reject", "edit", "prefer", "undo"];
    if acts.iter().filter(|act| body.get(**act).is_some()).count() != 1 {
        return Err(wrong(
            "the body has to hold one of `accept`, `reject`, `edit`, `prefer` and `undo`",
        ));
    }
    if let Some(id) = statement("accept")? {
        return Ok(Review::Accept(id));
    }
    if let Some(id) = statement("reject")? {
        return Ok(Review::Reject(id));
    }
    if let Some(id) = statement("edit")? {
        let set = body.get("set").filter(|set| set.is_object());
        let set = set.ok_or_else(|| wrong("`set` has to be an object of values to set"))?;
        return Ok(Review::Edit(id, set.clone()));
    }
    if let Some(id) = statement("prefer")? {
        return Ok(Review::Prefer(id, case.series_of(id)?));
    }
    let number = body.get("undo").and_then(serde_json::Value::as_u64);
    Ok(Review::Undo(number.ok_or_else(|| {
        wrong("`undo` has to be the number of a decision")
    })?))
}

pub(crate) async fn decide(State(site): Shared, SentJson(body): SentJson) -> Response {
    let text = |name: &str| {
        let text = body.get(name).and_then(serde_json::Value::as_str);
        text.unwrap_or("").to_owned()
    };
    let (by, reason) = (text("by"), text("reason"));
    let by = if by.trim().is_empty() {
        site.person()
    } else {
        by
    };
    let decided = blocking(&site, move |case| {
        let number = case.review(&act(case, &body)?, Some(&by), &reason)?;
        Ok(json!({ "decision": number }))
    });
    answer(decided.await)
}
