//! Who is who: entities, the pairs that wait for a person, lists, screening.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};
use investigation::{
    Because, Case, Entity, EntityView, Failure, Judgement, Judging, Kind, Likeness, Matching,
    Narrowed, Register, model,
};
use maud::{Markup, html};

use super::gate::Sent;
use super::pages::{Frame, encoded, failed, framed, refused};
use super::panel::{self, Desk};
use super::review::{with_done, wrong};
use super::screening::{ask, example};
use super::statements::{Asked, turning};
use super::{Shared, Site, blocking};
use crate::output::grouped;

/// Lines of a page of entities, and of the queue.
const PAGE: usize = 50;
const WAITING: usize = 5;
/// Names, and values of one property, that a page shows.
const MOST_VALUES: usize = 200;
/// Names that are screened at once.
const MOST_NAMES: usize = 1_000;

pub(crate) fn entity_link(id: &str) -> String {
    format!("/entities/{}", encoded(id))
}

/// A score for people: nothing is certain by it, so it is never shown as 0 or 1.
fn scored(score: f32) -> String {
    if score >= 0.995 {
        "above 0.99".to_owned()
    } else if score < 0.005 {
        "below 0.01".to_owned()
    } else {
        format!("{score:.2}")
    }
}

/// What speaks for or against two records being one.
pub(crate) struct Weighed<'a> {
    pub(crate) feature: &'a str,
    pub(crate) weight: f32,
    pub(crate) left: &'a str,
    pub(crate) right: &'a str,
    pub(crate) reason: &'a str,
}

fn weights(because: &[Because]) -> Markup {
    let weighed: Vec<Weighed<'_>> = because
        .iter()
        .map(|one| Weighed {
            feature: one.feature,
            weight: one.weight,
            left: &one.left,
            right: &one.right,
            reason: &one.reason,
        })
        .collect();
    waterfall(&weighed)
}

/// Features as bars about a middle line, with the words beside them: for to the right, against to the left.
pub(crate) fn waterfall(because: &[Weighed<'_>]) -> Markup {
    let most = because
        .iter()
        .map(|one| one.weight.abs())
        .filter(|weight| weight.is_finite())
        .fold(1.0_f32, f32::max);
    html! {
        table.weights {
            caption { "Why: what speaks for one (right) and for two (left). The weights are log-odds and sum up to the score." }
            thead { tr { th { "Feature" } th.n { "Weight" } th { span.ears { "Bar" } } th { "Left" } th { "Right" } th { "How" } } }
            tbody { @for one in because {
                @let share = (one.weight.abs() / most * 60.0).clamp(1.0, 60.0);
                @let x = if one.weight < 0.0 { 60.0 - share } else { 60.0 };
                tr {
                    th scope="row" { (one.feature.replace('_', " ")) }
                    td.n { (format!("{:+.2}", one.weight)) }
                    td.bar { svg viewBox="0 0 120 14" width="120" height="14" aria-hidden="true" {
                        line x1="60" x2="60" y1="0" y2="14" {}
                        rect class=(if one.weight < 0.0 { "against" } else { "for" }) x=(format!("{x:.1}")) y="2" width=(format!("{share:.1}")) height="10" {}
                    } }
                    td { (one.left) } td { (one.right) } td { (one.reason) }
                }
            } }
        }
    }
}

/// The properties of two records, each named once.
fn beside(left: &EntityView, right: &EntityView) -> Markup {
    let mut names: Vec<&String> = left
        .properties
        .keys()
        .chain(right.properties.keys())
        .collect();
    names.sort_by_key(|name| (*name != "name", *name != "alias", name.as_str()));
    names.dedup();
    let cell = |view: &EntityView, name: &str| {
        let values = view.properties.get(name).map_or(&[][..], Vec::as_slice);
        html! { td { @for value in values.iter().take(30) {
            div { (value.value) " " span.src { (value.lists.join(", ")) } }
        } @if values.len() > 30 { div.facts { "and " (values.len() - 30) " more on its page" } } } }
    };
    html! {
        div.scroll tabindex="0" role="region" aria-label="Both records" { table.pair {
            thead { tr { th { "" } @for view in [left, right] { th scope="col" { a href=(entity_link(&view.id)) { (view.caption) } br; span.facts { (view.schema) " · " (view.id) } } } } }
            tbody { @for name in names { tr {
                th scope="row" { (label(left, name)) } (cell(left, name)) (cell(right, name))
            } } }
        } }
    }
}

fn label(view: &EntityView, property: &str) -> String {
    model()
        .get(&view.schema)
        .and_then(|schema| schema.properties.get(property))
        .map_or_else(|| property.to_owned(), |property| property.label.clone())
}

const REASONS: [(&str, &str); 6] = [
    ("same", "same name, date and place"),
    ("same", "same number of a register or passport"),
    ("same", "known from the sources to be one"),
    ("different", "another date of birth"),
    ("different", "another name in the same script"),
    ("different", "known from the sources to be two"),
];

/// Same, different, nobody can tell: of two records by their ids.
pub(crate) fn judge_forms(left: &str, right: &str, desk: &Desk<'_>) -> Markup {
    let carried = |act: &str| {
        html! {
            (panel::carried(desk)) input type="hidden" name="act" value=(act);
            input type="hidden" name="left" value=(left); input type="hidden" name="right" value=(right);
        }
    };
    let field = |act: &str| format!("why-{act}-{left}-{right}");
    html! {
        div.acts {
            @for (act, key, name) in [("same", "y", "Same"), ("different", "n", "Different")] {
                details.why {
                    summary.button data-key=(key) { (name) " " kbd { (key) } }
                    form method="post" action="/matching" {
                        (carried(act))
                        label for=(field(act)) { "Why are they " (act) "?" }
                        input id=(field(act)) name="reason" maxlength="2000" autocomplete="off";
                        button type="submit" { (name) ", for this reason" }
                        @for (_, reason) in REASONS.iter().filter(|(of, _)| *of == act) {
                            button type="submit" name="quick" value=(reason) { (name) ": " (reason) }
                        }
                    }
                }
            }
            form.inline method="post" action="/matching" { (carried("unsure")) button type="submit" data-key="h" { "Nobody can tell " kbd { "h" } } }
        }
    }
}

struct Card {
    pair: Likeness,
    left: EntityView,
    right: EntityView,
}

fn card(card: &Card, desk: &Desk<'_>) -> Markup {
    let pair = &card.pair;
    html! {
        article.claim aria-label=(format!("{} and {}", pair.left_caption, pair.right_caption)) {
            h3 { a.open href=(format!("/matching?left={}&right={}", encoded(&pair.left), encoded(&pair.right))) { (pair.left_caption) " — " (pair.right_caption) } }
            p.facts { "Score " strong { (scored(pair.score)) } ". It ranks pairs; how often pairs of a score are one has not been measured. It is no proof." }
            (beside(&card.left, &card.right))
            (weights(&pair.because))
            details { summary data-key="s" { "Sources " kbd { "s" } }
                @for view in [&card.left, &card.right] { (sources(view)) }
            }
            (judge_forms(&pair.left, &pair.right, desk))
        }
    }
}

fn sources(view: &EntityView) -> Markup {
    html! { ul.sources { @for source in &view.sources {
        li { (source.caption) ": record " code { (source.id) } " of " a href="/lists" { (source.list) } ", sha256 " code { (source.sha256) }
            @if source.again { ". Another list had a record of this id first: what this one says is its claim about the same" } }
    } } }
}

fn frame<'a>(title: &'a str, case: (&'a str, bool), here: &'a str) -> Frame<'a> {
    Frame {
        title,
        case: Some(case),
        here,
        query: "",
        wide: true,
    }
}

pub(crate) fn tabs(here: &str) -> Markup {
    html! { nav.tabs aria-label="Who is who" {
        @for (to, name) in [("/entities", "Entities"), ("/matching", "Matching queue"), ("/lists", "Lists"), ("/screening", "Screening"), ("/linking", "Linking"), ("/estimate", "Estimate")] {
            a href=(to) aria-current=[(to == here).then_some("page")] { (name) }
        }
    } }
}

/// Waits a little for the pairs; whoever comes first sets them to work.
async fn pairs_known(site: &Arc<Site>) -> Result<bool, Failure> {
    let register = ask(site, |_, register| Ok(register.pairs_known())).await?;
    if register {
        return Ok(true);
    }
    let registry = site.registry.clone();
    let working = site.clone();
    tokio::task::spawn_blocking(move || {
        if let Ok(register) = registry.current(&working.case) {
            register.find_pairs(investigation::DOUBT);
        }
    });
    for _ in 0..20 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        if ask(site, |_, register| Ok(register.pairs_known())).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// `/matching`: pairs of records that may be one, two side by side.
pub(crate) async fn queue(
    State(site): Shared,
    Query(fields): Query<Vec<(String, String)>>,
) -> Response {
    let asked = Asked(fields);
    let name = site.case.name().to_owned();
    let case = (name.as_str(), site.case.is_plain());
    let one = asked
        .one("left")
        .zip(asked.one("right"))
        .map(|(a, b)| (a.to_owned(), b.to_owned()));
    let known = match (&one, pairs_known(&site).await) {
        (_, Err(failure)) => return failed(&failure, case, ""),
        (Some(_), _) => true,
        (None, Ok(known)) => known,
    };
    let page = asked.count("page", 1);
    let done = asked.one("done").and_then(|number| number.parse().ok());
    let single = one.clone();
    let found = ask(&site, move |case, register| {
        let waiting = match single {
            Some((left, right)) => vec![pair(case, &left, &right)?],
            None => register.waiting((page - 1) * WAITING, WAITING).pairs,
        };
        let total = register.waiting(0, 0).total;
        let mut cards = Vec::new();
        for pair in waiting {
            let (left, right) = (
                record_view(case, &pair.left)?,
                record_view(case, &pair.right)?,
            );
            cards.push(Card { pair, left, right });
        }
        let done = done
            .map(|number| case.decision(number))
            .transpose()?
            .flatten();
        Ok((cards, total, done, case.judgings()?))
    });
    let (cards, total, done, judgings) = match found.await {
        Ok(found) => found,
        Err(failure) => return failed(&failure, case, ""),
    };
    let person = site.person();
    let desk = Desk {
        token: site.gate.form_token(),
        person: &person,
        back: "/matching",
    };
    let body = html! {
        h1 { "Who is who" }
        (tabs("/matching"))
        @if let Some(done) = &done { (panel::notice(done, &desk)) }
        p { "Nothing is joined by a score: two records become one entity when a person says so, with a reason, and part again when that is taken back." }
        @if !known { p.note role="status" { "Pairs are being looked for; this page renews itself." } }
        @else if one.is_none() {
            p { strong { (grouped(total as u64)) } @if total == 1 { " pair waits" } @else { " pairs wait" } ", the most doubtful first. " (grouped(judgings.len() as u64)) " judged." }
        }
        p.facts { kbd { "j" } " " kbd { "k" } " next and previous · " kbd { "y" } " same · " kbd { "n" } " different · " kbd { "h" } " nobody can tell · " kbd { "u" } " undo · " kbd { "s" } " sources" }
        section.queue aria-label="Pairs" { @for one in &cards { (card(one, &desk)) } }
        @if one.is_none() { (turning("/matching", &asked, page, WAITING, total as u64)) }
        @if !judgings.is_empty() {
            h2 { "Judged" }
            (history(&judgings, &desk))
        }
    };
    let page = framed(&frame("Who is who", case, "/entities"), &body);
    if known {
        page.into_response()
    } else {
        ([("Refresh", "3")], page).into_response()
    }
}

fn pair(case: &Case, left: &str, right: &str) -> Result<Likeness, Failure> {
    let (score, because) = case.likeness(left, right)?;
    let (a, b) = (case.record_view(left)?, case.record_view(right)?);
    Ok(Likeness {
        left: left.to_owned(),
        right: right.to_owned(),
        left_caption: a.caption,
        right_caption: b.caption,
        list: b
            .sources
            .first()
            .map_or_else(String::new, |source| source.list.clone()),
        score,
        because,
    })
}

fn record_view(case: &Case, id: &str) -> Result<EntityView, Failure> {
    case.record_view(id)
}

/// What people said of pairs, the latest first, each with the way back.
fn history(judgings: &[Judging], desk: &Desk<'_>) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label="Judgements" { table.lines {
            thead { tr { th.n { "No." } th { "When" } th { "Who" } th { "Said" } th { "Of" } th { "Why" } th { "Undo" } } }
            tbody { @for one in judgings.iter().rev().take(200) { tr {
                td.n { (one.decision) } td { (panel::day(&one.at)) } td { (one.by) } td { strong { (one.judgement) } }
                td.said { a href=(format!("/matching?left={}&right={}", encoded(&one.left), encoded(&one.right))) { (one.left) " — " (one.right) } }
                td { (one.reason) @if let Some(rule) = one.rule { ". Undoing decision " (rule) " takes back all that this rule joined" } } td { (panel::undo(desk, one.decision, "Undo", false)) }
            } } }
        } }
        @if judgings.len() > 200 { p.note { "The last 200; `tumen export --format judgements` writes all." } }
    }
}

/// A judgement that a form sends.
pub(crate) async fn judge(State(site): Shared, Sent(fields): Sent) -> Response {
    let form = Asked(fields);
    let name = site.case.name().to_owned();
    let person = site.person();
    // The queue that it was judged in: that of the lists to be counted, or that of entities.
    let back = form
        .one("back")
        .filter(|back| back.starts_with("/linking?"))
        .map_or_else(|| "/matching".to_owned(), str::to_owned);
    let after = back.clone();
    let done = blocking(&site, move |case| {
        let judgement = match form.one("act") {
            Some("same") => Judgement::Positive,
            Some("different") => Judgement::Negative,
            Some("unsure") => Judgement::Unsure,
            _ => return Err(wrong("the form says not what to do")),
        };
        let (Some(left), Some(right)) = (form.one("left"), form.one("right")) else {
            return Err(wrong("the form names no pair"));
        };
        let reason = form
            .one("quick")
            .or_else(|| form.one("reason"))
            .unwrap_or("");
        case.judge(left, right, judgement, Some(&person), reason)
    });
    match done.await {
        Ok((number, conflicts)) if conflicts.is_empty() => {
            Redirect::to(&with_done(&after, number)).into_response()
        }
        Ok((number, conflicts)) => {
            let failure = wrong("").hint("undo one of them on the queue's page");
            let said: Vec<String> = conflicts
                .iter()
                .map(|c| format!("{} and {} were called the same, but {} and {} different; they are left apart", c.left, c.right, c.apart.0, c.apart.1))
                .collect();
            let failure = Failure {
                message: format!(
                    "Decision {number} is kept, but it contradicts another: {}",
                    said.join("; ")
                ),
                ..failure
            };
            refused(&failure, (&name, site.case.is_plain()), "", Some(&back))
        }
        Err(failure) => refused(&failure, (&name, site.case.is_plain()), "", Some(&back)),
    }
}

/// `/entities`: a search of names in any script.
pub(crate) async fn list(
    State(site): Shared,
    Query(fields): Query<Vec<(String, String)>>,
) -> Response {
    let asked = Asked(fields);
    let name = site.case.name().to_owned();
    let case = (name.as_str(), site.case.is_plain());
    let q = asked.one("q").unwrap_or("").to_owned();
    let page = asked.count("page", 1);
    let words = q.clone();
    let found = ask(&site, move |case, register| {
        let parts = register.dataset("default").unwrap_or_default();
        register.find(
            case,
            &parts,
            &words,
            &Narrowed {
                schema: Some("Thing".into()),
                ..Narrowed::default()
            },
            false,
            ((page - 1) * PAGE, PAGE),
        )
    });
    let found = match found.await {
        Ok(found) => found,
        Err(failure) => return failed(&failure, case, &q),
    };
    let body = html! {
        h1 { "Entities" }
        (tabs("/entities"))
        p { strong { (grouped(found.total as u64)) } @if q.is_empty() { " on the lists of this case." } @else { " with this name, in any script, or these words." } }
        @if found.total == 0 && q.is_empty() { p.note { "No list yet: " code { "tumen import FILE" } " brings one in." } }
        div.scroll tabindex="0" role="region" aria-label="Entities" { table.lines {
            thead { tr { th { "Entity" } th { "Kind" } th { "Countries" } th { "Lists" } th.n { "Records" } } }
            tbody { @for one in &found.entities { tr.result {
                td.said { a.open href=(entity_link(&one.id)) { (investigation::caption(one)) } }
                td { (one.schema) } td { (one.values_of(Kind::Country, false).join(", ")) }
                td { (context(one, "datasets").join(", ")) } td.n { (context(one, "referents").len() + 1) }
            } } }
        } }
        (turning("/entities", &asked, page, PAGE, found.total as u64))
    };
    let frame = Frame {
        query: &q,
        ..frame("Entities", case, "/entities")
    };
    framed(&frame, &body).into_response()
}

fn context(entity: &Entity, name: &str) -> Vec<String> {
    let values = entity
        .context
        .get(name)
        .and_then(serde_json::Value::as_array);
    values
        .into_iter()
        .flatten()
        .filter_map(|value| value.as_str().map(str::to_owned))
        .collect()
}

/// `/entities/{id}`: a page for people, yente's shape for programs.
pub(crate) async fn entity(
    State(site): Shared,
    Path(id): Path<String>,
    Query(fields): Query<Vec<(String, String)>>,
    headers: HeaderMap,
) -> Response {
    let asked = Asked(fields);
    let wants = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("");
    if !wants.contains("text/html") {
        return super::screening::entity(&site, id, &asked).await;
    }
    let name = site.case.name().to_owned();
    let case = (name.as_str(), site.case.is_plain());
    let found = blocking(&site, move |case| {
        let view = case.entity(&id)?;
        let documents = mentions(case, &view);
        let reasons = reasons(case, &view);
        Ok((view, documents, reasons))
    });
    let (view, documents, reasons) = match found.await {
        Ok(found) => found,
        Err(failure) => return failed(&failure, case, ""),
    };
    let person = site.person();
    let desk = Desk {
        token: site.gate.form_token(),
        person: &person,
        back: "/matching",
    };
    framed(
        &frame(&view.caption, case, "/entities"),
        &about(&view, &documents, &reasons, &desk),
    )
    .into_response()
}

/// Why each two of its records that somebody called the same may be one: the first twenty.
fn reasons(case: &Case, view: &EntityView) -> Vec<(Judging, f32, Vec<Because>)> {
    let called = view.judgements.iter().filter(|one| one.judgement == "same");
    called
        .take(20)
        .filter_map(|one| {
            let (score, because) = case.likeness(&one.left, &one.right).ok()?;
            Some((one.clone(), score, because))
        })
        .collect()
}

/// Documents that hold one of its names word for word.
fn mentions(case: &Case, view: &EntityView) -> Vec<(String, String)> {
    let mut out: BTreeMap<String, String> = BTreeMap::new();
    let names = names(view);
    let quoted: Vec<String> = names
        .iter()
        .take(12)
        .map(|called| format!("\"{}\"", called.name.replace(['"', '\\'], " ")))
        .collect();
    if quoted.is_empty() {
        return Vec::new();
    }
    let options = investigation::SearchOptions {
        limit: 20,
        ..investigation::SearchOptions::default()
    };
    for query in quoted {
        // A name that is no query (only signs, say) is mentioned nowhere.
        if let Ok(answer) = case.search(&query, &options) {
            for found in answer.documents {
                let title = found.title.clone().unwrap_or_else(|| found.path.clone());
                out.insert(
                    format!("/d/{}?q={}", found.document, encoded(&query)),
                    title,
                );
            }
        }
        if out.len() >= 50 {
            break;
        }
    }
    out.into_iter().collect()
}

/// A name with how many records give it, and when they stood on their lists.
struct Called {
    name: String,
    records: usize,
    when: Option<String>,
}

/// Names as the records give them, the most frequent first.
fn names(view: &EntityView) -> Vec<Called> {
    let Some(schema) = model().get(&view.schema) else {
        return Vec::new();
    };
    let is_name = |name: &String| {
        let property = schema.properties.get(name);
        property.is_some_and(|property| property.kind == Kind::Name)
    };
    let mut out: BTreeMap<&str, Called> = BTreeMap::new();
    let all = view.properties.iter().filter(|(name, _)| is_name(name));
    for value in all.flat_map(|(_, values)| values) {
        let called = out.entry(&value.value).or_insert_with(|| Called {
            name: value.value.clone(),
            records: 0,
            when: investigation::between(value.from.as_deref(), value.until.as_deref()),
        });
        called.records = called.records.max(value.records.len());
    }
    let mut out: Vec<Called> = out.into_values().collect();
    out.sort_by(|a, b| {
        b.records
            .cmp(&a.records)
            .then_with(|| (&a.when, &a.name).cmp(&(&b.when, &b.name)))
    });
    out
}

fn script(name: &str) -> &'static str {
    let first = name
        .chars()
        .find(|c| c.is_alphabetic())
        .map_or(0, u32::from);
    match first {
        0x41..=0x24F | 0x1E00..=0x1EFF => "Latin",
        0x370..=0x3FF => "Greek",
        0x400..=0x52F => "Cyrillic",
        0x590..=0x5FF => "Hebrew",
        0x600..=0x77F => "Arabic",
        0x3040..=0x30FF => "Kana",
        0x1100..=0x11FF | 0xAC00..=0xD7A3 => "Hangul",
        0x3400..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF => "Han",
        _ => "other",
    }
}

fn about(
    view: &EntityView,
    documents: &[(String, String)],
    reasons: &[(Judging, f32, Vec<Because>)],
    desk: &Desk<'_>,
) -> Markup {
    let schema = model().get(&view.schema);
    let mut by_script: BTreeMap<&str, Vec<Called>> = BTreeMap::new();
    for called in names(view) {
        by_script
            .entry(script(&called.name))
            .or_default()
            .push(called);
    }
    html! {
        h1 { (view.caption) }
        (tabs("/entities"))
        p.facts { (schema.map_or(view.schema.as_str(), |s| s.label.as_str())) " · " code { (view.id) } " · " (view.sources.len()) @if view.sources.len() == 1 { " record" } @else { " records, called the same by people" } }
        @for name in &view.disagreements { p.note.error { "Its records disagree on " strong { (label(view, name)) } ": all values stand below." } }
        h2 { "Names" }
        table { thead { tr { th { "Script" } th { "Name" } th.n { "Records" } th { "On lists" } } } tbody {
            @for (script, names) in &by_script { @for (nth, called) in names.iter().take(MOST_VALUES).enumerate() { tr {
                td { @if nth == 0 { (script) " (" (grouped(names.len() as u64)) ")" } } td { (called.name) } td.n { (called.records) }
                td.facts { (called.when.as_deref().unwrap_or("")) }
            } }
            @if names.len() > MOST_VALUES { tr { td {} td.facts colspan="3" { "and " (grouped((names.len() - MOST_VALUES) as u64)) " more in " (script) " letters: `tumen entity` prints all" } } } }
        } }
        h2 { "What is said of it, and by whom" }
        div.scroll tabindex="0" role="region" aria-label="Properties" { table { thead { tr { th { "Property" } th { "Value" } th { "Said by" } } } tbody {
            @for (name, values) in &view.properties { @for (nth, value) in values.iter().take(MOST_VALUES).enumerate() { tr {
                td { @if nth == 0 { (label(view, name)) } } td { (value.value) }
                td.facts { (value.lists.join(", ")) " (" (value.records.join(", ")) ")"
                    @if let Some(when) = investigation::between(value.from.as_deref(), value.until.as_deref()) { ", " (when) } }
            } }
            @if values.len() > MOST_VALUES { tr { td {} td.facts colspan="2" { "and " (grouped((values.len() - MOST_VALUES) as u64)) " more values: `tumen entity` prints all" } } } }
        } } }
        (dates(view))
        @if !view.links.is_empty() {
            h2 { "Links" }
            ul { @for link in &view.links { li {
                @if link.outgoing { "→ " } @else { "← " } (link.label) " "
                a href=(entity_link(&link.other)) { (link.other_caption.as_deref().unwrap_or(&link.other)) }
                @if let Some(via) = &link.via { span.facts { " by record " a href=(entity_link(via)) { (via) } } }
            } } }
        }
        h2 { "Documents with one of its names" }
        @if documents.is_empty() { p { "None. A name in another spelling is not looked for here." } }
        ul { @for (to, title) in documents { li { a href=(to) { (title) } } } }
        h2 { "Sources" } (sources(view))
        h2 { "Match history" }
        @if view.judgements.is_empty() { p { "Nobody has said anything of its records yet." } } @else { (history(&view.judgements, desk)) }
        @for (judging, score, because) in reasons {
            details.reasons {
                summary { "What speaks for and against " (judging.left) " and " (judging.right) " being one: score " (scored(*score)) }
                (weights(because))
            }
        }
    }
}

/// Its dates on a line, with the table that says the same.
fn dates(view: &EntityView) -> Markup {
    let Some(schema) = model().get(&view.schema) else {
        return html! {};
    };
    let mut all: Vec<(String, String, String)> = Vec::new();
    for (name, values) in &view.properties {
        if schema
            .properties
            .get(name)
            .is_some_and(|p| p.kind == Kind::Date)
        {
            for value in values {
                all.push((
                    value.value.clone(),
                    label(view, name),
                    value.lists.join(", "),
                ));
            }
        }
    }
    all.sort();
    let place = |date: &str| -> Option<f64> {
        let year: f64 = date.get(..4)?.parse().ok()?;
        let month: f64 = date.get(5..7).and_then(|m| m.parse().ok()).unwrap_or(1.0);
        Some(year + (month - 1.0) / 12.0)
    };
    let known: Vec<(f64, &(String, String, String))> = all
        .iter()
        .filter_map(|one| Some((place(&one.0)?, one)))
        .collect();
    let (Some(first), Some(last)) = (known.first(), known.last()) else {
        return html! {};
    };
    let (low, wide) = (first.0, (last.0 - first.0).max(1.0));
    html! {
        h2 { "Dates" }
        div.scroll { svg.dates viewBox=(format!("0 0 760 {}", 30 + known.len() * 24)) role="img" aria-label="Dates on a line; the table below says the same" {
            line x1="20" x2="500" y1="12" y2="12" {}
            @for (nth, (at, one)) in known.iter().enumerate() {
                @let x = format!("{:.1}", 20.0 + (at - low) / wide * 480.0);
                @let y = 30 + nth * 24;
                line.drop x1=(x) x2=(x) y1="12" y2=(y) {}
                circle cx=(x) cy="12" r="5" {}
                text x=(format!("{:.1}", 28.0 + (at - low) / wide * 480.0)) y=(y + 4) { (one.0) " " (one.1) }
            }
        } }
        table { thead { tr { th { "Date" } th { "What" } th { "Said by" } } } tbody { @for (date, what, lists) in &all { tr { td { (date) } td { (what) } td.facts { (lists) } } } } }
    }
}

/// `/lists`.
pub(crate) async fn lists(State(site): Shared) -> Response {
    let name = site.case.name().to_owned();
    let case = (name.as_str(), site.case.is_plain());
    let lists = match blocking(&site, Case::lists).await {
        Ok(lists) => lists,
        Err(failure) => return failed(&failure, case, ""),
    };
    let body = html! {
        h1 { "Lists" }
        (tabs("/lists"))
        p { "What a list says is the claim of its source. Each is pinned by the hash of its file; " code { "tumen import FILE" } " brings one in." }
        div.scroll tabindex="0" role="region" aria-label="Lists" { table.lines {
            thead { tr { th { "List" } th { "Source" } th { "Published" } th.n { "Records" } th { "Imported" } th { "sha256" } } }
            tbody { @for list in &lists { tr {
                td { (list.name) } td { (list.source.as_deref().unwrap_or("not given")) } td { (list.published.as_deref().unwrap_or("not given")) }
                td.n { (grouped(list.records)) } td { (panel::day(&list.at)) " by " (list.by) ", decision " (list.decision) } td { code { (list.sha256) } }
            } } }
        } }
        @if lists.is_empty() { p { "There is none yet." } }
    };
    framed(&frame("Lists", case, "/entities"), &body).into_response()
}

/// A hit of a screening.
struct Hit {
    query: String,
    id: String,
    caption: String,
    list: String,
    score: f32,
    because: Vec<Because>,
}

/// Pasted lines: a name, or a table with a heading that has a column `name`.
fn screened(
    case: &Case,
    register: &Register,
    pasted: &str,
    schema: &str,
) -> Result<(usize, Vec<Hit>), Failure> {
    let parts = register.dataset("default").unwrap_or_default();
    let lines: Vec<&str> = pasted
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    if lines.len() > MOST_NAMES {
        return Err(wrong(&format!("more than {MOST_NAMES} names at once"))
            .hint("`tumen screen FILE --against LIST` takes any number"));
    }
    let mut hits = Vec::new();
    let how = Matching {
        most: 20,
        ..Matching::default()
    };
    for line in &lines {
        // A tab parts a name from a date and a country.
        let mut cells = line.split('\t').map(str::trim);
        let name = cells.next().unwrap_or_default();
        let mut properties = vec![("name".to_owned(), serde_json::json!(name))];
        for cell in cells.filter(|cell| !cell.is_empty()) {
            let property = if cell.starts_with(|c: char| c.is_ascii_digit()) {
                "birthDate"
            } else {
                "country"
            };
            properties.push((property.to_owned(), serde_json::json!(cell)));
        }
        let (_, found) = register.screen(case, &parts, &example(schema, properties)?, &how)?;
        hits.extend(found.into_iter().map(|one| Hit {
            query: name.to_owned(),
            id: one.entity.id.clone(),
            caption: investigation::caption(&one.entity),
            list: one.list,
            score: one.score,
            because: one.because,
        }));
    }
    Ok((lines.len(), hits))
}

const SCHEMATA: [(&str, &str); 4] = [
    ("Person", "people"),
    ("Organization", "organisations"),
    ("Company", "companies"),
    ("Vessel", "ships"),
];

fn screening_form(desk: &Desk<'_>, pasted: &str, schema: &str) -> Markup {
    html! {
        form.screen method="post" action="/screening" {
            (panel::carried(desk))
            label for="names" { "Names, one a line; after a tab a date of birth, a country" }
            textarea #names name="names" rows="8" required { (pasted) }
            label { "They are " select name="schema" { @for (value, shown) in SCHEMATA { option value=(value) selected[value == schema] { (shown) } } } }
            div.acts { button.go type="submit" { "Screen" } button type="submit" name="as" value="csv" { "As CSV" } }
        }
    }
}

fn screening_page(
    site: &Site,
    pasted: &str,
    schema: &str,
    found: Option<&(usize, Vec<Hit>)>,
) -> Response {
    let name = site.case.name().to_owned();
    let case = (name.as_str(), site.case.is_plain());
    let person = site.person();
    let desk = Desk {
        token: site.gate.form_token(),
        person: &person,
        back: "/screening",
    };
    let body = html! {
        h1 { "Screening" }
        (tabs("/screening"))
        p { "Who on the lists of this case may this be? A score is never a proof of identity. Nothing is kept of what is asked." }
        (screening_form(&desk, pasted, schema))
        @if let Some((asked, hits)) = found {
            h2 { (grouped(hits.len() as u64)) @if hits.len() == 1 { " hit" } @else { " hits" } " for " (grouped(*asked as u64)) @if *asked == 1 { " name" } @else { " names" } }
            @for hit in hits { article.claim {
                h3 { (hit.query) " — " a.open href=(entity_link(&hit.id)) { (hit.caption) } }
                p.facts { "Score " strong { (scored(hit.score)) } " · " (hit.list) " · " code { (hit.id) } }
                details { summary { "Why" } (weights(&hit.because)) }
            } }
        }
    };
    framed(&frame("Screening", case, "/entities"), &body).into_response()
}

pub(crate) async fn screening(State(site): Shared) -> Response {
    screening_page(&site, "", "Person", None)
}

pub(crate) async fn screen(State(site): Shared, Sent(fields): Sent) -> Response {
    let form = Asked(fields);
    let name = site.case.name().to_owned();
    let pasted = form.one("names").unwrap_or("").to_owned();
    let schema = form.one("schema").unwrap_or("Person").to_owned();
    let (lines, kind) = (pasted.clone(), schema.clone());
    let found = match ask(&site, move |case, register| {
        screened(case, register, &lines, &kind)
    })
    .await
    {
        Ok(found) => found,
        Err(failure) => {
            return refused(
                &failure,
                (&name, site.case.is_plain()),
                "",
                Some("/screening"),
            );
        }
    };
    if form.one("as") != Some("csv") {
        return screening_page(&site, &pasted, &schema, Some(&found));
    }
    let cell = crate::commands::statements::cell;
    let mut csv = String::from("query,candidate,candidate_caption,list,score,because\r\n");
    for hit in &found.1 {
        let why: Vec<String> = hit
            .because
            .iter()
            .map(|one| format!("{:+.2} {}: {}", one.weight, one.feature, one.reason))
            .collect();
        let cells = [
            cell(&hit.query),
            cell(&hit.id),
            cell(&hit.caption),
            cell(&hit.list),
            format!("{:.4}", hit.score),
            cell(&why.join("; ")),
        ];
        csv += &cells.join(",");
        csv += "\r\n";
    }
    let heads = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"screening.csv\"",
        ),
    ];
    (heads, csv).into_response()
}
