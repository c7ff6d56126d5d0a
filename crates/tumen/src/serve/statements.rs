//! `/statements`: all that the documents state, narrowed down by facets.

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use investigation::{Failure, StatementAnswer, StatementQuery, Told};
use maud::{Markup, html};

use super::pages::{Frame, encoded, failed, framed};
use super::{Shared, blocking, panel, words};
use crate::cli::StatementFilters;
use crate::output::grouped;

/// Lines on one page.
const PAGE: usize = 50;
/// Values of a facet that are shown at first, and at most.
const VALUES: (usize, usize) = (8, 60);

/// The facets, with their heading and the field of the address.
const FACETS: [(&str, &str); 8] = [
    ("event", "Event"),
    ("modality", "Told as"),
    ("state", "Review"),
    ("group", "Group"),
    ("place", "Place"),
    ("reporter", "Reporter"),
    ("origin", "First teller"),
    ("year", "Year"),
];

/// What an address asks: its fields as they stand. A field may stand there several times.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asked(pub(crate) Vec<(String, String)>);

impl Asked {
    pub(crate) fn one(&self, name: &str) -> Option<&str> {
        let found = self
            .0
            .iter()
            .find(|(field, value)| field == name && !value.is_empty());
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn all(&self, name: &str) -> Vec<String> {
        let found = self
            .0
            .iter()
            .filter(|(field, value)| field == name && !value.is_empty());
        found.map(|(_, value)| value.clone()).collect()
    }

    /// A number of the address, at least 1.
    pub(crate) fn count(&self, name: &str, otherwise: usize) -> usize {
        self.one(name)
            .and_then(|value| value.parse::<usize>().ok())
            .unwrap_or(otherwise)
            .clamp(1, 1_000_000)
    }

    /// The filters that the command line has too, and the same refusals.
    ///
    /// # Errors
    /// A word is not one of its list, or a date is none.
    pub(crate) fn query(&self) -> Result<StatementQuery, Failure> {
        let document = self.one("document").map(str::parse).transpose();
        let document = document.map_err(|_| {
            Failure::new(
                investigation::Whose::You,
                "not-found",
                "this is not the name of a document (d_…)",
            )
        })?;
        let text = |name: &str| self.one(name).map(str::to_owned);
        crate::commands::statements::query(&StatementFilters {
            document,
            event: self.all("event"),
            group: self.all("group"),
            modality: self.all("modality"),
            state: self.all("state"),
            place: text("place"),
            reporter: text("reporter"),
            origin: text("origin"),
            words: text("q"),
            during: text("during").or_else(|| text("year")),
            counted: self.one("counted").is_some(),
            facts: self.one("facts").is_some(),
        })
    }

    /// The address below `path` with one field changed, on its first page.
    pub(crate) fn with(&self, path: &str, name: &str, value: Option<&str>) -> String {
        let kept = self
            .0
            .iter()
            .filter(|(field, _)| field != name && !matches!(field.as_str(), "page" | "done"))
            .map(|(field, value)| (field.as_str(), value.as_str()));
        let fields: Vec<String> = kept
            .chain(value.map(|value| (name, value)))
            .filter(|(_, value)| !value.is_empty())
            .map(|(field, value)| format!("{}={}", encoded(field), encoded(value)))
            .collect();
        if fields.is_empty() {
            path.to_owned()
        } else {
            format!("{path}?{}", fields.join("&"))
        }
    }
}

/// How a value of a facet reads.
fn shown(facet: &str, value: &str) -> String {
    use casefile::statement::Modality;
    match facet {
        "modality" => Modality::from_word(value).map_or_else(
            || value.to_owned(),
            |modality| words::modality(modality).to_owned(),
        ),
        "event" | "group" | "state" => words::titled(value),
        _ => words::flat(value),
    }
}

/// The facets of an answer as links that narrow it, or widen it again.
pub(crate) fn facets(path: &str, asked: &Asked, answer: &StatementAnswer) -> Markup {
    let line = |facet: &str, value: &str, count: u64| {
        html! {
            li {
                @if asked.one(facet).is_some_and(|chosen| chosen == value) {
                    a href=(asked.with(path, facet, None)) aria-current="true" { "✕ " (shown(facet, value)) }
                } @else {
                    a href=(asked.with(path, facet, Some(value))) { (shown(facet, value)) }
                }
                span { (grouped(count)) }
            }
        }
    };
    html! {
        aside aria-label="Narrow the statements" {
            @for (facet, heading) in FACETS {
                @if let Some(values) = answer.facets.get(facet).filter(|values| !values.is_empty()) {
                    @let sorted = {
                        let mut sorted: Vec<(&String, &u64)> = values.iter().collect();
                        if facet == "year" {
                            sorted.sort_by(|a, b| b.0.cmp(a.0));
                        } else {
                            sorted.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
                        }
                        sorted
                    };
                    h2 { (heading) }
                    ul { @for (value, count) in sorted.iter().take(VALUES.0) { (line(facet, value, **count)) } }
                    @if sorted.len() > VALUES.0 {
                        details { summary { (grouped((sorted.len() - VALUES.0) as u64)) " more" }
                            ul { @for (value, count) in sorted.iter().skip(VALUES.0).take(VALUES.1) { (line(facet, value, **count)) } }
                            @if sorted.len() > VALUES.0 + VALUES.1 { p.facts { "… and " (grouped((sorted.len() - VALUES.0 - VALUES.1) as u64)) " that are told less often" } }
                        }
                    }
                }
            }
            h2 { "Only" }
            ul {
                @for (field, name) in [("counted", "with a figure"), ("facts", "told as fact")] {
                    li { @if asked.one(field).is_some() { a href=(asked.with(path, field, None)) aria-current="true" { "✕ " (name) } }
                        @else { a href=(asked.with(path, field, Some("1"))) { (name) } } }
                }
            }
        }
    }
}

fn row(told: &Told) -> Markup {
    let statement = &told.statement;
    let places: Vec<String> = [&statement.place, &statement.origin, &statement.destination]
        .into_iter()
        .map(|list| words::names(list))
        .filter(|names| !names.is_empty())
        .collect();
    html! {
        tr.result {
            td.said {
                a.open href=(format!("/s/{}", told.id)) { (panel::headline(statement)) } " " (panel::stance(statement))
                br; span.quote { "“" (words::flat(&statement.quote)) "”" }
            }
            td { @if let Some(quantity) = &statement.quantity { (words::figure(quantity, statement.event)) } }
            td.dates { @if let Some(date) = &statement.date { (words::when(date)) } }
            td { (places.join(" → ")) }
            td { @if statement.attribution.is_empty() { (told.source.as_deref().unwrap_or("the document itself")) } @else { (words::chain(&statement.attribution)) } }
            td { (told.title.as_deref().unwrap_or("(no title)")) @if let Some(page) = told.page { ", p. " (page) } @if let Some(date) = &told.published { br; span.facts { (date) } } }
            td.short { span class=(format!("state {}", told.state.as_str())) { (told.state.as_str()) } br; span.facts { (format!("{:.2}", statement.score)) } }
        }
    }
}

/// Links to the pages before and after.
pub(crate) fn turning(path: &str, asked: &Asked, page: usize, size: usize, total: u64) -> Markup {
    html! {
        nav.pages aria-label="Pages" {
            @if page > 1 { a rel="prev" href=(asked.with(path, "page", Some(&(page - 1).to_string()))) { "← Previous" } }
            @if total > size as u64 { span { "Page " (grouped(page as u64)) " of " (grouped(total.div_ceil(size as u64))) } }
            @if (page * size) as u64 <= total.saturating_sub(1) {
                a rel="next" href=(asked.with(path, "page", Some(&(page + 1).to_string()))) { "Next →" }
            }
        }
    }
}

pub(crate) async fn list(
    State(site): Shared,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Response {
    let asked = Asked(pairs);
    let name = site.case.name().to_owned();
    let case = (name.as_str(), site.case.is_plain());
    let words = asked.one("q").unwrap_or("").to_owned();
    let page = asked.count("page", 1);
    let answer = match asked.query() {
        Ok(query) => {
            let found =
                move |case: &investigation::Case| case.statements(&query, (page - 1) * PAGE, PAGE);
            blocking(&site, found).await
        }
        Err(failure) => Err(failure),
    };
    let answer = match answer {
        Ok(answer) => answer,
        Err(failure) => return failed(&failure, case, ""),
    };
    let body = html! {
        (site.freshness())
        div.two {
            section aria-label="Statements" {
                h1 { (grouped(answer.total)) @if answer.total == 1 { " statement" } @else { " statements" } }
                @if answer.total == 0 { p { "Nothing is stated that fits all of this. " a href="/statements" { "Begin again" } "." } }
                @else {
                    div.scroll tabindex="0" role="region" aria-label="Table of statements" { table.lines {
                        thead { tr { th { "Statement" } th { "Figure" } th { "When" } th { "Where" } th { "Says so" } th { "Stands in" } th { "Review" } } }
                        tbody { @for told in &answer.statements { (row(told)) } }
                    } }
                    (turning("/statements", &asked, page, PAGE, answer.total))
                }
            }
            (facets("/statements", &asked, &answer))
        }
    };
    let frame = Frame {
        title: "Statements",
        case: Some(case),
        here: "/statements",
        query: &words,
        wide: true,
    };
    framed(&frame, &body).into_response()
}
