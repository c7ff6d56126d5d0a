//! The reader: a document's text, its pages, and beside them what the text states.

use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use casefile::{Span, StatementId};
use investigation::{
    Decided, DocumentFacts, Failure, State as Stands, StatementQuery, Stretch, Told,
};
use maud::{Markup, html};
use serde::Deserialize;

use super::gate::Gate;
use super::marking::{self, Kind, Mark};
use super::pages::{Frame, encoded, failed, framed};
use super::panel::{self, Desk};
use super::{Shared, blocking, status, words};
use crate::output::{bytes, grouped};

/// Page images shown at once.
const IMAGES: usize = 12;
/// Statements shown beside the text at once.
const BESIDE: usize = 60;
/// Statements marked in one part of a text.
const MARKED: usize = 5_000;

#[derive(Debug, Deserialize)]
pub(crate) struct Read {
    #[serde(default)]
    q: String,
    /// Which stretch of a long text, from 0; the first with a hit if not said.
    part: Option<u64>,
    /// The statement that is looked at.
    s: Option<String>,
    /// Its form to edit is open.
    edit: Option<String>,
    /// The first of the statements in the list beside the text.
    from: Option<usize>,
    /// What was just decided.
    done: Option<u64>,
}

/// A document, the stretch of its text that is shown, and what that states.
struct Reading {
    facts: DocumentFacts,
    stretch: Stretch,
    told: Vec<Told>,
    total: u64,
    chosen: Option<Told>,
    /// A statement was asked for that is not there.
    gone: bool,
    done: Option<Decided>,
}

fn reading(case: &investigation::Case, id: &str, read: &Read) -> Result<Reading, Failure> {
    let id = case.resolve(id)?;
    let asked = read.s.as_deref().filter(|s| !s.is_empty());
    let chosen = match asked.and_then(|s| s.parse::<StatementId>().ok()) {
        Some(statement) => match case.statement(statement) {
            Ok(told) => Some(told).filter(|told| told.document == id),
            Err(failure) if failure.code == "not-found" => None,
            Err(failure) => return Err(failure),
        },
        None => None,
    };
    let part = match (read.part, &chosen) {
        (None, Some(told)) => Some(case.part_at(id, told.statement.trigger.start)?),
        (part, _) => part,
    };
    let stretch = case.stretch(id, &read.q, part)?;
    let end = stretch.start.saturating_add(stretch.section.chars());
    let query = StatementQuery {
        document: Some(id),
        within: Some(Span::new(stretch.start, end)),
        ..StatementQuery::default()
    };
    let answer = case.statements(&query, 0, MARKED)?;
    Ok(Reading {
        facts: case.document(id)?,
        stretch,
        told: answer.statements,
        total: answer.total,
        gone: asked.is_some() && chosen.is_none(),
        chosen,
        done: read
            .done
            .map(|number| case.decision(number))
            .transpose()?
            .flatten(),
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
    let query = read.q.clone();
    let both = blocking(&site, move |case| Ok((reading(case, &id, &read)?, read)));
    match both.await {
        Ok((found, read)) => {
            let title = found
                .facts
                .title
                .clone()
                .unwrap_or_else(|| "(no title)".into());
            let frame = Frame {
                title: &title,
                case: Some(case),
                here: "/d",
                query: &read.q,
                wide: true,
            };
            let person = site.person();
            framed(&frame, &reader(&title, &found, &read, &site.gate, &person)).into_response()
        }
        Err(failure) => failed(&failure, case, &query),
    }
}

/// A statement's place: its document at the right part, with the statement chosen.
pub(crate) async fn statement(State(site): Shared, Path(id): Path<String>) -> Response {
    let name = site.case.name().to_owned();
    let place = blocking(&site, move |case| {
        let id: StatementId = id.parse().map_err(|_| {
            Failure::new(
                investigation::Whose::You,
                "not-found",
                "this is not the name of a statement (s_…)",
            )
        })?;
        let told = case.statement(id)?;
        let part = case.part_at(told.document, told.statement.trigger.start)?;
        Ok(format!("/d/{}?q=&part={part}&s={id}#t-{id}", told.document))
    });
    match place.await {
        Ok(to) => Redirect::to(&to).into_response(),
        Err(failure) => failed(&failure, (&name, site.case.is_plain()), ""),
    }
}

/// The marks of the text: hits, triggers, and the words of the statement that is looked at.
fn marks(found: &Reading, read: &Read) -> Vec<Mark> {
    let stretch = &found.stretch;
    let inside = |span: Span| {
        Span::new(
            span.start.saturating_sub(stretch.start),
            span.end.saturating_sub(stretch.start),
        )
    };
    let hits = stretch.hits.iter().map(|span| Mark {
        span: *span,
        kind: Kind::Hit,
    });
    let triggers = found.told.iter().map(|told| {
        let id = told.id.to_string();
        Mark {
            span: inside(told.statement.trigger.span()),
            kind: Kind::Trigger {
                link: format!("{}#t-{id}", address(read, found, Some(&id), false)),
                claim: format!(
                    "{}, {}",
                    panel::headline(&told.statement),
                    words::modality(told.statement.modality)
                ),
                fact: told.statement.modality.is_fact(),
                chosen: found.chosen.as_ref().is_some_and(|one| one.id == told.id),
                statement: id,
            },
        }
    });
    let chosen = found.chosen.iter().flat_map(|told| {
        let statement = &told.statement;
        let quote = Mark {
            span: inside(Span::new(statement.start, statement.end)),
            kind: Kind::Quote,
        };
        let roles = panel::roles(statement)
            .into_iter()
            .map(|(span, role)| Mark {
                span: inside(span),
                kind: Kind::Role(role),
            });
        std::iter::once(quote).chain(roles)
    });
    let mut marks: Vec<Mark> = hits.chain(triggers).chain(chosen).collect();
    marks.retain(|mark| !mark.span.is_empty());
    marks.sort_by_key(|mark| (mark.span.start, std::cmp::Reverse(mark.span.end)));
    marks
}

/// The address of this part of the document with a statement chosen.
fn address(read: &Read, found: &Reading, statement: Option<&str>, edit: bool) -> String {
    let mut url = format!(
        "/d/{}?q={}&part={}",
        found.facts.document,
        encoded(&read.q),
        found.stretch.part
    );
    if let Some(id) = statement {
        url += &format!("&s={id}");
    }
    if edit {
        url += "&edit=1";
    }
    url
}

/// The statements beside the text: the one that is looked at, then all of the part.
fn evidence(found: &Reading, read: &Read, gate: &Gate, person: &str) -> Markup {
    let language = found.facts.language.as_deref();
    let card = |told: &Told, pinned: bool| {
        let id = told.id.to_string();
        let here = address(read, found, Some(&id), false);
        let back = format!("{here}#t-{id}");
        let desk = Desk {
            token: gate.form_token(),
            person,
            back: &back,
        };
        let edit = address(read, found, Some(&id), true);
        html! {
            article class=(format!("claim {}{}", told.state.as_str(), if pinned { " pinned" } else { "" }))
                id=(format!("{}-{id}", if pinned { "c" } else { "s" })) data-s=(id) aria-label=(panel::headline(&told.statement)) {
                (panel::claim(told, &format!("{here}#t-{id}"), &panel::quote(&told.statement, language)))
                (panel::standing(told))
                @if pinned && read.edit.is_some() { (panel::editor(told, &desk)) }
                @else { (panel::acts(told, &desk, &edit)) }
                @if pinned { a.close href=(format!("{}#t-{id}", address(read, found, None, false))) { "Close" } }
            }
        }
    };
    let around = found
        .chosen
        .as_ref()
        .and_then(|chosen| found.told.iter().position(|told| told.id == chosen.id));
    let from = read
        .from
        .or(around.map(|at| at - at % BESIDE))
        .unwrap_or(0)
        .min(found.told.len());
    let shown = found.told.iter().skip(from).take(BESIDE);
    let to = (from + BESIDE).min(found.told.len());
    let total = found.total;
    let window = |from: usize| {
        let chosen = found.chosen.as_ref().map(|told| told.id.to_string());
        format!(
            "{}&from={from}#evidence",
            address(read, found, chosen.as_deref(), false)
        )
    };
    let open = found
        .told
        .iter()
        .filter(|told| told.state == Stands::Proposed)
        .count();
    html! {
        section.evidence #evidence aria-label="Statements of this text" {
            h2 { "What this text states" }
            p.facts {
                @if total == 0 { "No statement was found in this part." }
                @else {
                    (grouped(total)) @if total == 1 { " statement" } @else { " statements" }
                    @if found.stretch.parts > 1 { " in this part" }
                    ", " (grouped(open as u64)) " not decided. You decide as " strong { (person) } " ("
                    a href="/review#person" { "change" } ")."
                }
            }
            @if let Some(done) = &found.done {
                (panel::notice(done, &Desk { token: gate.form_token(), person, back: &found.chosen.as_ref().map_or_else(
                    || address(read, found, None, false), |told| format!("{}#t-{}", address(read, found, Some(&told.id.to_string()), false), told.id)) }))
            }
            @if let Some(told) = &found.chosen { (card(told, true)) }
            @for told in shown.filter(|told| found.chosen.as_ref().is_none_or(|one| one.id != told.id)) { (card(told, false)) }
            @if found.told.len() > BESIDE {
                nav.pages aria-label="Further statements" {
                    @if from > 0 { a rel="prev" href=(window(from.saturating_sub(BESIDE))) { "← Before" } }
                    span { (grouped(from as u64 + 1)) "–" (grouped(to as u64)) }
                    @if to < found.told.len() { a rel="next" href=(window(to)) { "Next →" } }
                }
            }
            @if total > found.told.len() as u64 {
                p.note { "The first " (grouped(found.told.len() as u64)) " are marked here; "
                    a href=(format!("/statements?document={}", found.facts.document)) { "all are listed" } "." }
            }
        }
    }
}

/// A page's picture with the words that were searched for and those of the chosen statement.
fn sheet(found: &Reading, page: &casefile::Page, first: bool) -> Markup {
    let section = &found.stretch.section;
    let (width, height) = (page.width, page.height);
    let quote = found.chosen.as_ref().map(|told| {
        let start = found.stretch.start;
        Span::new(
            told.statement.start.saturating_sub(start),
            told.statement.end.saturating_sub(start),
        )
    });
    let class = |span: Span| {
        if found.stretch.hits.iter().any(|hit| hit.overlaps(span)) {
            Some("hit")
        } else if quote.is_some_and(|quote| quote.overlaps(span)) {
            Some("claimed")
        } else {
            None
        }
    };
    let words = section.boxes.iter().filter(|word| word.page == page.number);
    html! {
        figure.sheet {
            img src=(format!("/d/{}/page/{}.png", found.facts.document, page.number)) alt=(format!("Page {}", page.number))
                loading=(if first { "eager" } else { "lazy" }) width=(width) height=(height);
            svg viewBox=(format!("0 0 {width} {height}")) preserveAspectRatio="none" aria-hidden="true" {
                @for word in words {
                    @if let Some(class) = class(word.span) {
                        rect class=(class) x=(word.rect[0]) y=(word.rect[1]) width=((word.rect[2] - word.rect[0]).max(0.0)) height=((word.rect[3] - word.rect[1]).max(0.0)) {}
                    }
                }
            }
        }
    }
}

fn reader(title: &str, found: &Reading, read: &Read, gate: &Gate, person: &str) -> Markup {
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
    let chosen = found.chosen.as_ref().map(|told| {
        let trigger = told.statement.trigger.span();
        Span::new(
            trigger.start.saturating_sub(text.start),
            trigger.end.saturating_sub(text.start),
        )
    });
    let asked = |page: &&&casefile::Page| match chosen {
        Some(trigger) => trigger.overlaps(page.span),
        None => text.hits.iter().any(|hit| hit.overlaps(page.span)),
    };
    let mut shown: Vec<_> = pictured.iter().filter(asked).take(IMAGES).collect();
    if shown.is_empty() {
        shown = pictured.iter().take(IMAGES).collect();
    }
    let class = if shown.is_empty() {
        "reader"
    } else {
        "reader pictured"
    };
    html! {
        h1 lang=[facts.language.as_deref()] { (title) }
        p.facts {
            @if let Some(date) = &facts.published { (date) " (" (facts.published_from.as_deref().unwrap_or("")) ") · " }
            (facts.format) " · " (bytes(facts.bytes)) " · " (facts.outcome) " · "
            a href=(format!("/d/{}/original", facts.document)) { "Download the original" }
        }
        @if let Some(reason) = &facts.reason { p.note { (reason) } }
        @if !read.q.is_empty() { p.facts role="status" { (places(text)) "; " kbd { "[" } " and " kbd { "]" } " go through them" } }
        @if found.gone { p.note role="status" { "The statement that was asked for is not found in the text any more. Decisions about it are kept: " a href="/review/log" { "the log" } "." } }
        div class=(class) {
            article.text lang=[facts.language.as_deref()] aria-label="Text" {
                @if chars.is_empty() { p.aside { "No text." } }
                @else { (marking::text(&chars, &text.section.blocks, &marks(found, read))) }
                @if text.parts > 1 { (parts(text, read)) }
            }
            @if !shown.is_empty() {
                section.sheets aria-label="Page images" {
                    @for (n, page) in shown.iter().enumerate() { (sheet(found, page, n < 2)) }
                }
            }
            (evidence(found, read, gate, person))
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
