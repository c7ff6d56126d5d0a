//! The pages.

use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use casefile::{Block, BlockKind, Outcome, Span};
use investigation::{
    Answer, DocumentFacts, Failure, Filters, SearchOptions, Sort, Stretch, Totals,
};
use maud::{DOCTYPE, Markup, html};
use serde::Deserialize;

use super::{Shared, blocking, status};
use crate::output::{bytes, grouped};

/// Results on one page.
const PAGE: usize = 20;
/// Page images shown at once.
const IMAGES: usize = 12;

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

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}

fn layout(title: &str, case: Option<(&str, bool)>, query: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " · Tumen" }
                link rel="stylesheet" href="/assets/style.css";
                script type="module" src="/assets/keys.js" {}
            }
            body {
                a.skip href="#main" { "Skip to the content" }
                header.top { div.in {
                    strong { @match case { Some((name, _)) => (name), None => "Tumen" } }
                    @if case.is_some_and(|(_, plain)| plain) { span.plain { "plain: not encrypted" } }
                    @if case.is_some() {
                        nav aria-label="Main" {
                            a href="/" { "Search" }
                            a href="/ledger" { "Ledger" }
                            a href="/help" { "Help" }
                        }
                    }
                } }
                main #main {
                    @if case.is_some() {
                        form.search role="search" action="/" method="get" {
                            input type="search" name="q" value=(query) aria-label="Search this case"
                                placeholder="Words, “phrases”, 구금, source:…";
                            button.go type="submit" { "Search" }
                        }
                    }
                    (body)
                }
                footer { "On this machine only. Machine-made text and dates are proposals: open the original before you rely on them." }
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

fn failed(failure: &Failure, case: (&str, bool), query: &str) -> Response {
    let body = html! {
        div.note.error role="alert" {
            h1 { "That did not work" }
            p { (failure.message) }
            @for hint in &failure.hints { p { "Hint: " (hint) } }
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

#[derive(Debug, Deserialize)]
pub(crate) struct Read {
    #[serde(default)]
    q: String,
    /// Which stretch of a long text, from 0; the first with a hit if not said.
    part: Option<u64>,
}

/// A document, and the stretch of its text that is shown.
struct Reading {
    facts: DocumentFacts,
    stretch: Stretch,
}

fn reading(
    case: &investigation::Case,
    id: &str,
    query: &str,
    part: Option<u64>,
) -> Result<Reading, Failure> {
    let id = case.resolve(id)?;
    Ok(Reading {
        facts: case.document(id)?,
        stretch: case.stretch(id, query, part)?,
    })
}

/// What matches, and how far the reader is.
fn places(stretch: &Stretch) -> String {
    let noun = |count: u64, one: &str, many: &str| {
        format!("{} {}", grouped(count), if count == 1 { one } else { many })
    };
    let here = stretch.hits.len() as u64;
    match stretch.places {
        Some(places) if stretch.parts <= 1 => noun(places, "place matches", "places match"),
        Some(places) => format!(
            "{}, {} of them in this part",
            noun(places, "place matches", "places match"),
            grouped(here)
        ),
        None => format!(
            "{} in this part; {} of {} parts match",
            noun(here, "place matches", "places match"),
            grouped(stretch.matching),
            grouped(stretch.parts)
        ),
    }
}

/// Links to other parts of a long text.
fn parts(stretch: &Stretch, read: &Read) -> Markup {
    let (part, last) = (stretch.part, stretch.parts.saturating_sub(1));
    let to = |part: u64| format!("?q={}&part={part}", encoded(&read.q));
    let near: Vec<u64> = (part.saturating_sub(2)..=last.min(part.saturating_add(2))).collect();
    let ends = [0, last].into_iter().filter(|end| !near.contains(end));
    let mut shown: Vec<u64> = near.iter().copied().chain(ends).collect();
    shown.sort_unstable();
    shown.dedup();
    html! {
        nav.pages aria-label="Parts of the text" {
            @if part > 0 { a rel="prev" href=(to(part - 1)) { "← Part before" } }
            @for (at, one) in shown.iter().enumerate() {
                @if at > 0 && shown[at - 1] + 1 < *one { span { "…" } }
                @if *one == part { strong aria-current="page" { (grouped(one + 1)) } }
                @else { a href=(to(*one)) aria-label=(format!("Part {}", one + 1)) { (grouped(one + 1)) } }
            }
            @if part < last { a rel="next" href=(to(part + 1)) { "Next part →" } }
        }
        @if stretch.before.is_some() || stretch.after.is_some() {
            nav.pages aria-label="Parts that match" {
                @if let Some(before) = stretch.before { a href=(to(before)) { "← Match before, part " (grouped(before + 1)) } }
                @if let Some(after) = stretch.after { a href=(to(after)) { "Next match, part " (grouped(after + 1)) " →" } }
            }
        }
    }
}

pub(crate) async fn document(
    State(site): Shared,
    Path(id): Path<String>,
    Query(read): Query<Read>,
) -> Response {
    let name = site.case.name().to_owned();
    let case = (name.as_str(), site.case.is_plain());
    let (query, part) = (read.q.clone(), read.part);
    match blocking(&site, move |case| reading(case, &id, &query, part)).await {
        Ok(found) => {
            let title = found
                .facts
                .title
                .clone()
                .unwrap_or_else(|| "(no title)".into());
            layout(&title, Some(case), &read.q, &reader(&title, &found, &read)).into_response()
        }
        Err(failure) => failed(&failure, case, &read.q),
    }
}

/// A stretch of text with its hits marked.
fn stretch(chars: &[char], span: Span, hits: &[Span]) -> Markup {
    let text = |from: u32, to: u32| -> String {
        chars
            .get(from as usize..to as usize)
            .unwrap_or_default()
            .iter()
            .collect()
    };
    let mut pieces = Vec::new();
    let mut at = span.start;
    for hit in hits.iter().filter(|hit| hit.overlaps(span)) {
        let (start, end) = (hit.start.max(at), hit.end.min(span.end));
        pieces.push((text(at, start), text(start, end)));
        at = end.max(at);
    }
    let rest = text(at, span.end);
    html! { @for (before, hit) in &pieces { (before) mark tabindex="-1" { (hit) } } (rest) }
}

fn block(chars: &[char], block: &Block, hits: &[Span]) -> Markup {
    let inner = stretch(chars, block.span, hits);
    match block.kind {
        BlockKind::Heading(1 | 2) => html! { h2 { (inner) } },
        BlockKind::Heading(_) => html! { h3 { (inner) } },
        BlockKind::Margin | BlockKind::Footnote | BlockKind::Caption => {
            html! { p.aside { (inner) } }
        }
        BlockKind::ListItem => html! { p { "• " (inner) } },
        _ if !block.main => html! { p.aside { (inner) } },
        _ => html! { p { (inner) } },
    }
}

fn reader(title: &str, found: &Reading, read: &Read) -> Markup {
    let facts = &found.facts;
    let text = &found.stretch;
    let chars: Vec<char> = text.section.text.chars().collect();
    let drawn = facts.format == "application/pdf" || facts.format.starts_with("image/");
    let pictured: Vec<_> = text
        .section
        .pages
        .iter()
        .filter(|page| drawn && page.width > 0.0)
        .collect();
    let with_hits = |page: &&&casefile::Page| text.hits.iter().any(|hit| hit.overlaps(page.span));
    let mut shown: Vec<_> = pictured.iter().filter(with_hits).take(IMAGES).collect();
    if shown.is_empty() {
        shown = pictured.iter().take(IMAGES).collect();
    }
    html! {
        h1 lang=[facts.language.as_deref()] { (title) }
        p.facts {
            @if let Some(date) = &facts.published { (date) " (" (facts.published_from.as_deref().unwrap_or("")) ") · " }
            (facts.format) " · " (bytes(facts.bytes)) " · " (facts.outcome) " · "
            a href=(format!("/d/{}/original", facts.document)) { "Download the original" }
        }
        @if let Some(reason) = &facts.reason { p.note { (reason) } }
        @if !read.q.is_empty() { p.facts role="status" { (places(text)) "; " kbd { "[" } " and " kbd { "]" } " go through them" } }
        div class=(if shown.is_empty() { "" } else { "read" }) {
            article.text lang=[facts.language.as_deref()] aria-label="Text" {
                @if chars.is_empty() { p.aside { "No text." } }
                @if text.section.blocks.is_empty() { p { (stretch(&chars, Span::new(0, chars.len() as u32), &text.hits)) } }
                @for one in &text.section.blocks { (block(&chars, one, &text.hits)) }
                @if text.parts > 1 { (parts(text, read)) }
            }
            @if !shown.is_empty() {
                section aria-label="Page images" {
                    @for page in &shown {
                        figure.sheet {
                            img src=(format!("/d/{}/page/{}.png", facts.document, page.number)) alt=(format!("Page {}", page.number)) loading="lazy" width=(page.width) height=(page.height);
                            svg viewBox=(format!("0 0 {} {}", page.width, page.height)) preserveAspectRatio="none" aria-hidden="true" {
                                @for word in text.section.boxes.iter().filter(|word| word.page == page.number && text.hits.iter().any(|hit| hit.overlaps(word.span))) {
                                    rect x=(word.rect[0]) y=(word.rect[1]) width=((word.rect[2] - word.rect[0]).max(0.0)) height=((word.rect[3] - word.rect[1]).max(0.0)) {}
                                }
                            }
                        }
                    }
                }
            }
        }
        (about(facts))
    }
}

fn about(facts: &DocumentFacts) -> Markup {
    html! {
        @if !facts.children.is_empty() {
            h2 { "Contains" }
            ul { @for child in &facts.children {
                li {
                    @match &child.document {
                        Some(id) => a href=(format!("/d/{id}")) { (child.member) },
                        None => (child.member),
                    }
                    span.facts { " " (child.outcome) " · " (bytes(child.bytes)) @if let Some(reason) = &child.reason { " · " (reason) } }
                }
            } }
        }
        @if !facts.renditions.is_empty() {
            h2 { "The same text elsewhere" }
            ul { @for one in &facts.renditions {
                li { a href=(format!("/d/{}", one.document)) { (one.title.as_deref().unwrap_or("(no title)")) }
                    span.facts { " " (format!("{:.0}% alike", one.similarity * 100.0)) } }
            } }
        }
        h2 { "Found at" }
        ul { @for place in &facts.occurrences {
            li { (place.path) @if let Some(member) = &place.member { " › " (member) }
                @if let Some(id) = &place.container { " in " a href=(format!("/d/{id}")) { "its container" } }
                span.facts { @if let Some(source) = &place.source { " · " (source) } @if let Some(modified) = &place.modified { " · changed " (modified) } @if place.superseded { " · replaced since" } } }
        } }
        @if !facts.metadata.is_empty() {
            h2 { "What it says about itself" }
            div.scroll { table {
                thead { tr { th { "Field" } th { "Value" } th { "Stands in" } } }
                tbody { @for datum in &facts.metadata { tr { td { (datum.field) } td { (datum.value) } td.facts { (datum.from) } } } }
            } }
        }
        @if !facts.problems.is_empty() {
            h2 { "Problems" }
            ul { @for problem in &facts.problems { li { (problem.message) @if let Some(place) = &problem.place { " (" (place) ")" } } } }
        }
        p.facts { "SHA-256 " (facts.sha256) @if let Some(text) = facts.text_version { " · text version " (text) } " · " (facts.extractor) }
    }
}

pub(crate) async fn page_image(
    State(site): Shared,
    Path((id, file)): Path<(String, String)>,
) -> Response {
    let page = file
        .strip_suffix(".png")
        .and_then(|number| number.parse::<u32>().ok());
    let drawn = blocking(&site, move |case| {
        let page = page.ok_or_else(|| {
            Failure::new(
                investigation::Whose::You,
                "not-found",
                "there is no such page",
            )
        })?;
        case.page_image(case.resolve(&id)?, page, 1_400)
    });
    match drawn.await {
        Ok(png) => ([(header::CONTENT_TYPE, "image/png")], png).into_response(),
        Err(failure) => (status(&failure), failure.message).into_response(),
    }
}

pub(crate) async fn original(State(site): Shared, Path(id): Path<String>) -> Response {
    let read = blocking(&site, move |case| {
        let id = case.resolve(&id)?;
        let facts = case.document(id)?;
        // Loopback and one user: an original is held whole while it is sent.
        let mut all = Vec::new();
        std::io::Read::read_to_end(&mut case.original(id)?, &mut all)
            .map_err(|error| investigation::damaged_original(&error))?;
        let name = facts.occurrences.first().map_or("original", |place| {
            let path = place.member.as_deref().unwrap_or(&place.path);
            path.rsplit('/').next().unwrap_or("original")
        });
        Ok((encoded(name), all))
    });
    match read.await {
        Ok((name, all)) => (
            [
                (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
                (
                    header::CONTENT_DISPOSITION,
                    format!("attachment; filename*=UTF-8''{name}"),
                ),
                (
                    header::CONTENT_SECURITY_POLICY,
                    "default-src 'none'; sandbox".to_owned(),
                ),
            ],
            all,
        )
            .into_response(),
        Err(failure) => (status(&failure), failure.message).into_response(),
    }
}

pub(crate) async fn ledger(State(site): Shared) -> Response {
    let name = site.case.name().to_owned();
    let case = (name.as_str(), site.case.is_plain());
    let both = blocking(&site, |case| Ok((case.totals()?, case.failures()?)));
    match both.await {
        Ok((totals, failures)) => {
            let body = html! {
                h1 { "What became of every file" }
                p { (grouped(totals.occurrences)) " occurrences of " (grouped(totals.originals)) " originals, " (bytes(totals.bytes)) "." }
                (outcomes(&totals))
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
            layout("Ledger", Some(case), "", &body).into_response()
        }
        Err(failure) => failed(&failure, case, ""),
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
        ("j, k", "next, previous result"),
        ("Enter", "open it"),
        ("], [", "next, previous hit in a text"),
        ("?", "this page"),
    ];
    let body = html! {
        h1 { "Help" }
        h2 { "Queries" }
        table { tbody { @for (query, meaning) in rows { tr { td { code { (query) } } td { (meaning) } } } } }
        h2 { "Keys" }
        table { tbody { @for (key, meaning) in keys { tr { td { kbd { (key) } } td { (meaning) } } } } }
    };
    layout("Help", Some((&name, site.case.is_plain())), "", &body).into_response()
}
