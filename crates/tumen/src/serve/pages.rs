//! The pages.

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use casefile::Outcome;
use casefile::statement::Modality;
use investigation::{Answer, Failure, Filters, SearchOptions, Sort, Totals};
use maud::{DOCTYPE, Markup, html};
use serde::Deserialize;

use super::{Shared, blocking, status, words};
use crate::output::{bytes, grouped};

/// Results on one page.
const PAGE: usize = 20;

/// What a search form asks.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    pub(crate) q: String,
    page: Option<usize>,
    sort: Option<String>,
    source: Option<String>,
    r#type: Option<String>,
    language: Option<String>,
    year: Option<String>,
    outcome: Option<String>,
}

impl Asked {
    pub(crate) fn options(&self) -> SearchOptions {
        let one =
            |value: &Option<String>| value.iter().filter(|v| !v.is_empty()).cloned().collect();
        SearchOptions {
            limit: PAGE,
            offset: (self.page.unwrap_or(1).clamp(1, 10_000) - 1) * PAGE,
            language: None,
            sort: match self.sort.as_deref() {
                Some("newest") => Sort::Newest,
                Some("oldest") => Sort::Oldest,
                _ => Sort::Relevance,
            },
            facets: true,
            snippets: 3,
            filters: Filters {
                source: one(&self.source),
                kind: one(&self.r#type),
                language: one(&self.language),
                year: one(&self.year),
                outcome: one(&self.outcome),
            },
        }
    }

    fn chosen(&self, facet: &str) -> Option<&str> {
        let value = match facet {
            "source" => &self.source,
            "type" => &self.r#type,
            "language" => &self.language,
            "year" => &self.year,
            "outcome" => &self.outcome,
            _ => &None,
        };
        value.as_deref().filter(|value| !value.is_empty())
    }

    /// The address of this search with one thing changed.
    fn with(&self, name: &str, value: Option<&str>) -> String {
        let mut url = format!("/?q={}", encoded(&self.q));
        let fields = ["sort", "source", "type", "language", "year", "outcome"];
        for field in fields {
            let own = if field == "sort" {
                self.sort.as_deref()
            } else {
                self.chosen(field)
            };
            if let Some(value) = if field == name { value } else { own } {
                url += &format!("&{field}={}", encoded(value));
            }
        }
        if name == "page"
            && let Some(page) = value
        {
            url += &format!("&page={page}");
        }
        url
    }
}

pub(crate) fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}

/// What stands around the content of a page.
pub(crate) struct Frame<'a> {
    pub(crate) title: &'a str,
    pub(crate) case: Option<(&'a str, bool)>,
    /// The first segment of the path, which the navigation marks.
    pub(crate) here: &'a str,
    /// What stands in the search field.
    pub(crate) query: &'a str,
    /// As wide as the window: text and evidence stand side by side.
    pub(crate) wide: bool,
}

fn layout(title: &str, case: Option<(&str, bool)>, query: &str, body: &Markup) -> Markup {
    let here = match title {
        "Ledger" => "/ledger",
        "Help" => "/help",
        _ => "/",
    };
    let frame = Frame {
        title,
        case,
        here,
        query,
        wide: false,
    };
    framed(&frame, body)
}

pub(crate) fn framed(frame: &Frame<'_>, body: &Markup) -> Markup {
    let statements = frame.here == "/statements";
    let (action, asks, example) = if statements {
        (
            "/statements",
            "Search the statements",
            "Words of a statement, 구금, 遣返 …",
        )
    } else if frame.here == "/entities" {
        (
            "/entities",
            "Search the entities",
            "A name in any script, 김철호, a number …",
        )
    } else {
        ("/", "Search this case", "Words, “phrases”, 구금, source:…")
    };
    let ways = [
        ("/", "Search"),
        ("/statements", "Statements"),
        ("/figures", "Figures"),
        ("/review", "Review"),
        ("/entities", "Who is who"),
        ("/trace", "Trace"),
        ("/ledger", "Ledger"),
        ("/help", "Help"),
    ];
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (frame.title) " · Tumen" }
                link rel="stylesheet" href="/assets/style.css";
                script type="module" src="/assets/keys.js" {}
            }
            body class=[frame.wide.then_some("wide")] {
                a.skip href="#main" { "Skip to the content" }
                header.top { div.in {
                    strong { @match frame.case { Some((name, _)) => (name), None => "Tumen" } }
                    @if frame.case.is_some_and(|(_, plain)| plain) { span.plain { "plain: not encrypted" } }
                    @if frame.case.is_some() {
                        nav aria-label="Main" {
                            @for (to, name) in ways {
                                a href=(to) aria-current=[(to == frame.here).then_some("page")] { (name) }
                            }
                        }
                    }
                } }
                main #main {
                    @if frame.case.is_some() {
                        form.search role="search" action=(action) method="get" {
                            input type="search" name="q" value=(frame.query) aria-label=(asks) placeholder=(example);
                            button.go type="submit" { "Search" }
                        }
                    }
                    (body)
                }
                footer { "On this machine only. Machine-made text, dates and statements are proposals: open the original before you rely on them." }
            }
        }
    }
}

pub(crate) fn closed(reason: &str) -> Markup {
    let body = html! {
        h1 { "Closed" }
        p { (reason) }
        p { "Stop `tumen serve` with Ctrl-C, start it again, and open the link that it prints." }
    };
    layout("Closed", None, "", &body)
}

pub(crate) fn failed(failure: &Failure, case: (&str, bool), query: &str) -> Response {
    refused(failure, case, query, None)
}

/// A failure, with the way back to where a form was sent from.
pub(crate) fn refused(
    failure: &Failure,
    case: (&str, bool),
    query: &str,
    back: Option<&str>,
) -> Response {
    let body = html! {
        div.note.error role="alert" {
            h1 { "That did not work" }
            p { (failure.message) }
            @for hint in &failure.hints { p { "Hint: " (hint) } }
            @if let Some(back) = back { p { a href=(back) { "Back" } } }
        }
    };
    (status(failure), layout("Error", Some(case), query, &body)).into_response()
}

/// A snippet with its « » as marks.
pub(crate) fn marked(snippet: &str) -> Markup {
    html! {
        @for (n, piece) in snippet.split('«').enumerate() {
            @if n == 0 { (piece) }
            @else if let Some((hit, rest)) = piece.split_once('»') { mark { (hit) } (rest) }
            @else { (piece) }
        }
    }
}

pub(crate) async fn search(State(site): Shared, Query(asked): Query<Asked>) -> Response {
    let case = (site.case.name().to_owned(), site.case.is_plain());
    let case = (case.0.as_str(), case.1);
    if asked.q.trim().is_empty() {
        let totals = match blocking(&site, |case| case.totals()).await {
            Ok(totals) => totals,
            Err(failure) => return failed(&failure, case, ""),
        };
        let body = html! {
            h1 { "Search this case" }
            p { (grouped(totals.documents)) " documents from " (grouped(totals.occurrences))
                " files and members. " a href="/ledger" { "What became of each" } "." }
            p.facts { "Press " kbd { "/" } " to search, " kbd { "?" } " for help." }
        };
        return layout("Search", Some(case), "", &body).into_response();
    }
    let (options, query) = (asked.options(), asked.q.clone());
    match blocking(&site, move |case| case.search(&query, &options)).await {
        Ok(answer) => {
            layout(&asked.q, Some(case), &asked.q, &results(&asked, &answer)).into_response()
        }
        Err(failure) => failed(&failure, case, &asked.q),
    }
}

fn results(asked: &Asked, answer: &Answer) -> Markup {
    let page = asked.page.unwrap_or(1).max(1);
    html! {
        @for remark in &answer.remarks { p.note { (remark) } }
        div.two {
            section aria-label="Results" {
                h1 { (grouped(answer.total)) @if answer.total == 1 { " document" } @else { " documents" } }
                @if let Some(other) = &answer.did_you_mean {
                    p role="status" { "Did you mean " a href=(format!("/?q={}", encoded(other))) { (other) } "?" }
                }
                p.facts {
                    "Sorted by "
                    @for (name, n) in [("relevance", 0), ("newest", 1), ("oldest", 2)] {
                        @if n > 0 { " · " }
                        @if asked.sort.as_deref().unwrap_or("relevance") == name { strong { (name) } }
                        @else { a href=(asked.with("sort", Some(name))) { (name) } }
                    }
                }
                ol.results start=((page - 1) * PAGE + 1) {
                    @for found in &answer.documents {
                        li.result {
                            h2 lang=[found.language.as_deref()] {
                                a.open href=(format!("/d/{}?q={}", found.document, encoded(&asked.q))) {
                                    (found.title.as_deref().unwrap_or("(no title)"))
                                }
                            }
                            div.facts {
                                @if let Some(date) = &found.published { (date) " · " }
                                @if let Some(language) = &found.language { (language) " · " }
                                (found.path) @if let Some(member) = &found.member { " › " (member) }
                                @if found.outcome != Outcome::Indexed { " · " strong { (found.outcome) } }
                            }
                            @for hit in &found.hits {
                                p.snippet lang=[found.language.as_deref()] {
                                    @if let Some(page) = hit.page { span.facts { "p. " (page) " " } }
                                    (marked(&hit.snippet))
                                }
                            }
                        }
                    }
                }
                nav.pages aria-label="Pages of results" {
                    @if page > 1 { a rel="prev" href=(asked.with("page", Some(&(page - 1).to_string()))) { "← Previous" } }
                    @if (page * PAGE) as u64 <= answer.total.saturating_sub(1) {
                        a rel="next" href=(asked.with("page", Some(&(page + 1).to_string()))) { "Next →" }
                    }
                }
            }
            aside aria-label="Narrow the results" {
                @for facet in answer.facets.iter().flatten().filter(|facet| !facet.values.is_empty()) {
                    h2 { (facet.name) }
                    ul {
                        @for (value, count) in facet.values.iter().take(12) {
                            li {
                                @if asked.chosen(facet.name) == Some(value) {
                                    a href=(asked.with(facet.name, None)) aria-current="true" { "✕ " (value) }
                                } @else {
                                    a href=(asked.with(facet.name, Some(value))) { (value) }
                                }
                                span { (grouped(*count)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

pub(crate) async fn ledger(State(site): Shared) -> Response {
    let name = site.case.name().to_owned();
    let case = (name.as_str(), site.case.is_plain());
    let all = blocking(&site, |case| {
        let running = case.running()?;
        // Not while a run is going on, when the page renews itself.
        let waiting = match running {
            Some(_) => 0,
            None => case.without_statements()?,
        };
        Ok((case.totals()?, case.failures()?, running, waiting))
    });
    match all.await {
        Ok((totals, failures, running, waiting)) => {
            let body = html! {
                h1 { "What became of every file" }
                @if let Some(run) = &running { (under_way(run)) }
                p { (grouped(totals.occurrences)) " occurrences of " (grouped(totals.originals)) " originals, " (bytes(totals.bytes)) "." }
                (outcomes(&totals))
                @if waiting > 0 { p.note { (grouped(waiting)) " documents wait for their statements; they are found while this interface runs, or by the next `tumen add`." } }
                h2 { "By format" }
                div.scroll { table {
                    thead { tr { th { "Format" } th.n { "Occurrences" } th.n { "Bytes" } th.n { "Not read" } } }
                    tbody { @for format in &totals.formats { tr { td { (format.format) } td.n { (grouped(format.count)) } td.n { (bytes(format.bytes)) } td.n { (grouped(format.failed)) } } } }
                } }
                h2 { "Not read as it should" }
                @if failures.is_empty() { p { "Everything was read." } }
                div.scroll { table {
                    thead { tr { th { "File" } th { "Outcome" } th { "Why, and what to do" } } }
                    tbody { @for failure in failures.iter().take(2_000) { tr {
                        td { @match &failure.document { Some(id) => a href=(format!("/d/{id}")) { (failure.path) }, None => (failure.path) } @if let Some(member) = &failure.member { " › " (member) } }
                        td { (failure.outcome) }
                        td { (failure.reason.as_deref().unwrap_or("")) @if let Some(hint) = failure.hint { br; span.facts { (hint) } } }
                    } } }
                } }
                @if failures.len() > 2_000 { p.note { "The first 2,000 of " (grouped(failures.len() as u64)) " are shown; `tumen status --failed` lists all." } }
            };
            let page = layout("Ledger", Some(case), "", &body);
            // Without a script the page can still keep up with the run.
            match running {
                Some(_) => ([("Refresh", "3")], page).into_response(),
                None => page.into_response(),
            }
        }
        Err(failure) => failed(&failure, case, ""),
    }
}

/// How far the run is that takes in documents at this moment.
fn under_way(run: &investigation::UnderWay) -> Markup {
    let (done, of) = run.files;
    let rate = |n: u64| n as f64 / run.seconds.max(0.1);
    let time = |seconds: f64| {
        let whole = seconds.round() as u64;
        if whole < 90 {
            format!("{whole} s")
        } else {
            format!("{} min", whole.div_ceil(60))
        }
    };
    html! {
        section.running aria-label="Documents are being taken in" {
            p { strong { "Taking in: " } (grouped(done)) " of " (grouped(of)) " files found so far, "
                (bytes(run.bytes.0)) " of " (bytes(run.bytes.1)) "." }
            progress max=(run.bytes.1.max(1)) value=(run.bytes.0) aria-label="Share of bytes taken in" {}
            p.facts { (format!("{:.0} files/s, {}/s", rate(done), bytes(rate(run.bytes.0) as u64)))
                @if let Some(left) = run.left { " · about " (time(left)) " left" }
                " · this page renews itself every 3 seconds" }
        }
    }
}

/// Outcomes as bars, with the table that says the same.
fn outcomes(totals: &Totals) -> Markup {
    let most = totals.outcomes.values().copied().max().unwrap_or(1).max(1) as f64;
    let rows: Vec<_> = Outcome::ALL
        .into_iter()
        .filter_map(|outcome| Some((outcome, *totals.outcomes.get(outcome.name())?)))
        .collect();
    html! {
        svg.bars viewBox=(format!("0 0 640 {}", rows.len() * 26 + 4)) role="img" aria-label="Occurrences by outcome; the table below says the same" {
            @for (n, (outcome, count)) in rows.iter().enumerate() {
                text x="0" y=(n * 26 + 18) { (outcome) }
                rect x="110" y=(n * 26 + 5) width=(format!("{:.1}", (*count as f64 / most * 430.0).max(2.0))) height="17" rx="2" {}
                text x=(format!("{:.1}", 118.0 + (*count as f64 / most * 430.0).max(2.0))) y=(n * 26 + 18) { (grouped(*count)) }
            }
        }
        table {
            thead { tr { th { "Outcome" } th.n { "Occurrences" } } }
            tbody { @for (outcome, count) in &rows { tr { td { (outcome) } td.n { (grouped(*count)) } } } }
        }
    }
}

pub(crate) async fn help(State(site): Shared) -> Response {
    let name = site.case.name().to_owned();
    let rows = [
        (
            "refugees border",
            "both words, in any form (refugee, refugees)",
        ),
        (
            "\"reportedly held\"",
            "these words, in this order, as written",
        ),
        (
            "구금 · 遣返",
            "Korean and Chinese match inside running text",
        ),
        ("tumen OR 图们", "either"),
        ("held -released, NOT released", "without that word"),
        ("repatriat*", "words that begin so"),
        ("repatriation~1", "one letter may differ"),
        ("\"trucks Tumen\"~5", "near one another"),
        (
            "published:2023-01..2023-06",
            "a range of dates; either end may be left out",
        ),
        (
            "source: lang: type: path: title: outcome: author:",
            "in a field",
        ),
    ];
    let keys = [
        ("/", "search"),
        ("j, k", "next, previous result or statement"),
        ("Enter", "open it"),
        ("], [", "next, previous hit in a text"),
        ("a, e, r", "accept, edit, reject the statement in focus"),
        ("u", "undo the decision"),
        (
            "y, n, h",
            "two records are the same, different, nobody can tell",
        ),
        ("s", "the sources of two records"),
        ("?", "this page"),
    ];
    let body = html! {
        h1 { "Help" }
        h2 { "Queries" }
        table { tbody { @for (query, meaning) in rows { tr { td { code { (query) } } td { (meaning) } } } } }
        h2 { "Statements" }
        p { "What the machine reads out of a text is a proposal, shown with the words that it comes from. How it is told is never left out:" }
        table { tbody { @for modality in Modality::ALL { tr {
            td { span class=(if modality.is_fact() { "chip fact" } else { "chip guard" }) { (words::modality(*modality)) } }
            td { (modality.as_str()) @if !modality.is_fact() { ": never counted as something that happened" } }
        } } } }
        p { "In a text, words with a full line carry a fact as told, those with a broken line anything else. "
            "A figure keeps the bounds of its words: “close to 2000” is at most about 2,000 and never just 2,000." }
        h2 { "Keys" }
        table { tbody { @for (key, meaning) in keys { tr { td { kbd { (key) } } td { (meaning) } } } } }
    };
    layout("Help", Some((&name, site.case.is_plain())), "", &body).into_response()
}
