//! `/linking`: lists of the case linked to be counted, and the pairs that are in doubt, for a person to judge.

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use investigation::{CountedLists, CountedPair, CountedRecord, Failure, Whose};
use maud::{Markup, html};

use super::super::entities::{Weighed, entity_link, judge_forms, tabs, waterfall};
use super::super::pages::{Frame, failed, framed, refused};
use super::super::panel::{self, Desk};
use super::super::statements::Asked;
use super::super::{Shared, blocking};
use super::{carried, choice, counted};
use crate::output::grouped;

/// Pairs of a page of the queue.
const WAITING: usize = 5;

pub(crate) async fn page(
    State(site): Shared,
    Query(fields): Query<Vec<(String, String)>>,
) -> Response {
    let asked = Asked(fields);
    let lists = asked.all("list");
    let number = asked.count("page", 1);
    let done = asked.one("done").and_then(|number| number.parse().ok());
    let name = site.case.name().to_owned();
    let of = (name.as_str(), site.case.is_plain());
    let (working, chosen) = (site.clone(), lists.clone());
    let found = blocking(&site, move |case| {
        let all = case.lists()?;
        let done = done
            .map(|number| case.decision(number))
            .transpose()?
            .flatten();
        let counted = if chosen.is_empty() {
            None
        } else {
            Some(counted(&working, case, &chosen)?)
        };
        Ok((all, done, counted))
    });
    let (all, done, counted) = match found.await {
        Ok(found) => found,
        Err(failure) => return answer(&failure, of),
    };
    let person = site.person();
    let back = format!("/linking?{}", carried(&lists));
    let desk = Desk {
        token: site.gate.form_token(),
        person: &person,
        back: &back,
    };
    let frame = Frame {
        title: "Linking",
        case: Some(of),
        here: "/entities",
        query: "",
        wide: true,
    };
    let body = html! {
        h1 { "Link lists" }
        (tabs("/linking"))
        @if let Some(done) = &done { (panel::notice(done, &desk)) }
        p { "Which records of several lists are of one person: each pair gets a probability, with reasons. It counts people and joins no entities; what you judge here is kept, and the model learns from it." }
        @if all.is_empty() { p.note { "No list yet: " code { "tumen import FILE" } " brings one in." } }
        @else {
            form.screen method="get" action="/linking" {
                (choice(&all, &lists))
                div.acts { button.go type="submit" { "Link" } }
            }
        }
        @if let Some(counted) = &counted {
            (told(counted, &lists))
            p.facts { kbd { "j" } " " kbd { "k" } " next and previous · " kbd { "y" } " same · " kbd { "n" } " different · " kbd { "h" } " nobody can tell · " kbd { "u" } " undo" }
            section.queue aria-label="Pairs in doubt" {
                @for pair in counted.pairs.iter().skip((number - 1) * WAITING).take(WAITING) { (card(pair, &desk)) }
            }
            (super::super::statements::turning("/linking", &asked, number, WAITING, counted.pairs.len() as u64))
        }
    };
    framed(&frame, &body).into_response()
}

pub(super) fn answer(failure: &Failure, case: (&str, bool)) -> Response {
    if failure.kind == Whose::You {
        refused(failure, case, "", Some("/linking"))
    } else {
        failed(failure, case, "")
    }
}

/// What linkage made of the lists.
fn told(counted: &CountedLists, lists: &[String]) -> Markup {
    html! {
        section.estimate {
            p.figure role="status" { (grouped(counted.records)) " records are counted as " (grouped(counted.people)) " people" }
            p { strong { (grouped(counted.waiting)) } @if counted.waiting == 1 { " pair is" } @else { " pairs are" } " in doubt, the most doubtful first"
                @if counted.waiting > counted.pairs.len() as u64 { "; the first " (counted.pairs.len()) " are laid out" } ". "
                (counted.judged) " judged pairs taught the model."
                @if counted.table.is_some() { " " a href=(format!("/estimate?{}", carried(lists))) { "Estimate how many are on none of them" } } }
            @for remark in &counted.remarks { p.note { (remark.message.replace(" (--labels)", "")) } }
            details { summary { "Which pairs were compared: " (grouped(counted.compared)) }
                table { thead { tr { th { "Rule" } th.n { "Pairs" } th.n { "Largest block" } } }
                    tbody { @for rule in &counted.rules { tr {
                        th scope="row" { code { (rule.rule) } } td.n { (grouped(rule.pairs)) }
                        td.n { (grouped(rule.largest)) @if rule.cut > 0 { ", " (grouped(rule.cut)) " cut" } }
                    } } }
                }
            }
        }
    }
}

fn chance(probability: f64) -> String {
    if probability >= 0.995 {
        "above 0.99".to_owned()
    } else if probability < 0.005 {
        "below 0.01".to_owned()
    } else {
        format!("{probability:.2}")
    }
}

fn caption(record: &CountedRecord) -> &str {
    let name = record.cells.iter().find(|(heading, _)| heading == "name");
    name.map_or(record.id.as_str(), |(_, name)| name.as_str())
}

fn card(pair: &CountedPair, desk: &Desk<'_>) -> Markup {
    let because: Vec<Weighed<'_>> = pair
        .because
        .iter()
        .map(|step| Weighed {
            feature: &step.feature,
            weight: step.weight,
            left: &step.left,
            right: &step.right,
            reason: &step.reason,
        })
        .collect();
    let (left, right) = (caption(&pair.left), caption(&pair.right));
    html! {
        article.claim aria-label=(format!("{left} and {right}")) {
            h3 { a.open href=(entity_link(&pair.left.id)) { (left) " — " (right) } }
            p.facts { "Probability " strong { (chance(pair.score)) } ", by what the lists say of one another. " @if pair.joined { "Counted as one at present." } @else { "Counted as two at present." } " It is no proof." }
            (beside(&pair.left, &pair.right))
            (waterfall(&because))
            (judge_forms(&pair.left.id, &pair.right.id, desk))
        }
    }
}

/// Two records, heading by heading.
fn beside(left: &CountedRecord, right: &CountedRecord) -> Markup {
    let mut headings: Vec<&str> = left
        .cells
        .iter()
        .chain(&right.cells)
        .map(|(heading, _)| heading.as_str())
        .collect();
    headings.sort_by_key(|heading| (*heading != "name", *heading));
    headings.dedup();
    let cell = |record: &CountedRecord, heading: &str| {
        let found = record.cells.iter().find(|(name, _)| name == heading);
        found.map_or_else(String::new, |(_, cell)| cell.clone())
    };
    html! {
        div.scroll tabindex="0" role="region" aria-label="Both records" { table.pair {
            thead { tr { th { span.ears { "Heading" } } @for record in [left, right] { th scope="col" { a href=(entity_link(&record.id)) { (record.list) } br; span.facts { (record.id) } } } } }
            tbody { @for heading in headings { tr {
                th scope="row" { (heading) } td { (cell(left, heading)) } td { (cell(right, heading)) }
            } } }
        } }
    }
}
