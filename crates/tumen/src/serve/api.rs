//! The same answers as JSON. `openapi.json` describes them.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use investigation::Failure;
use serde_json::json;

use super::pages::Asked;
use super::{Shared, blocking, status};

pub(crate) const DESCRIPTION: &str = include_str!("../../openapi.json");

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
