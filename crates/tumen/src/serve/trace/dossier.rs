//! `/holder`: all that the records say of one plant, vessel or company. `/replies`: who was asked, and what came of it.

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use investigation::records::network::Masses;
use investigation::records::reply::State as Stands;
use investigation::{Dossier, Failure, HopShown, Reply, Whose, supply_days};
use maud::{Markup, html};

use super::{denials, goods, proofs, word};
use crate::commands::trade::mass;
use crate::serve::pages::{Frame, encoded, failed, framed};
use crate::serve::statements::Asked;
use crate::serve::{Shared, blocking};

/// The day that a page is asked for, today if none.
fn day(asked: &Asked) -> Result<supply_days::Day, Failure> {
    let Some(written) = asked
        .one("as_of")
        .map(str::trim)
        .filter(|text| !text.is_empty())
    else {
        return Ok(investigation::today());
    };
    let days = supply_days::read(written).ok_or_else(|| {
        Failure::new(Whose::You, "bad-date", format!("`{written}` is no date"))
            .hint("write 2023-06-13")
    })?;
    Ok(days.last)
}

fn frame<'a>(title: &'a str, case: (&'a str, bool)) -> Frame<'a> {
    Frame {
        title,
        case: Some(case),
        here: "/trace",
        query: "",
        wide: true,
    }
}

pub(crate) async fn holder(
    State(site): Shared,
    Query(fields): Query<Vec<(String, String)>>,
) -> Response {
    let asked = Asked(fields);
    let name = site.case.name().to_owned();
    let case = (name.as_str(), site.case.is_plain());
    let who = asked.one("id").unwrap_or_default().to_owned();
    let day = match day(&asked) {
        Ok(day) => day,
        Err(failure) => return failed(&failure, case, ""),
    };
    let found = blocking(&site, move |case| {
        investigation::dossier(&case.trade(Masses::Stated)?, &who, day)
    });
    match found.await {
        Ok(dossier) => framed(&frame(&dossier.holder.name, case), &page(&dossier)).into_response(),
        Err(failure) => failed(&failure, case, ""),
    }
}

fn page(dossier: &Dossier) -> Markup {
    html! {
        h1 { (dossier.holder.name) }
        p.facts { (dossier.holder.kind) " · " code { (dossier.holder.id) } " · "
            a href=(format!("/trace?from={}", encoded(&dossier.holder.id))) { "trace from here" } " · "
            a href=(format!("/trace?to={}", encoded(&dossier.holder.id))) { "trace to here" } }
        h2 { "Names and days" }
        ul { @for (name, days) in &dossier.names { li { (name) @if let Some(days) = days { span.src { " in records of " (days) } } } } }
        @if !dossier.facts.is_empty() {
            h2 { "Addresses, numbers, people" }
            (rows("Facts", &["What", "Value", "Stands in"], dossier.facts.iter().map(|fact| {
                html! { td { (fact.kind) } td { (fact.value) } td.said { (proofs(&fact.proof, None)) } }
            })))
        }
        @if !dossier.registers.is_empty() {
            h2 { "Registers" }
            (rows("Registers", &["Scheme", "Number", "From", "To", "Stands in"], dossier.registers.iter().map(|entry| {
                html! { td { (entry.scheme.as_deref().unwrap_or("not said")) } td { (entry.number.as_deref().unwrap_or("none")) }
                    td.dates { (entry.from.as_deref().unwrap_or("not said")) } td.dates { (entry.to.as_deref().unwrap_or("not said")) } td.said { (proofs(&entry.proof, None)) } }
            })))
        }
        @if !dossier.shares.is_empty() {
            h2 { "Owners and what it owns" }
            (rows("Shares", &["Owner", "Owned", "Per cent", "From", "To", "Stands in"], dossier.shares.iter().map(|share| {
                html! { td data-label="Owner" { (link(&share.owner)) } td data-label="Owned" { (link(&share.owned)) }
                    td.n data-label="Per cent" { @if (share.low - share.high).abs() < 0.05 { (share.low) } @else { (share.low) " to " (share.high) } }
                    td.dates { (share.from.as_deref().unwrap_or("not said")) } td.dates { (share.to.as_deref().unwrap_or("not said")) } td.said { (proofs(&share.proof, None)) } }
            })))
        }
        h2 { "Claims" }
        @if dossier.claims.is_empty() { p { "No claim against it is on record here." } }
        @else { (rows("Claims", &["Claim", "From", "To", "Stands", "Proof"], dossier.claims.iter().map(|claim| {
            html! { td { (claim.what) } td.dates data-label="From" { (claim.from.as_deref().unwrap_or("not said")) } td.dates data-label="To" { (claim.to.as_deref().unwrap_or("not said")) }
                td data-label="Stands" { (word(claim.word)) " " span.src { (claim.origins) @if claim.origins == 1 { " origin" } @else { " origins" } } } td.said { (proofs(&claim.proof, None)) (denials(&claim.denials)) } }
        }))) }
        @for (title, hops) in [("What came", &dossier.came), ("What went", &dossier.went)] {
            h2 { (title) }
            @if hops.is_empty() { p { "Nothing is on record here." } } @else { (hop_table(title, hops)) }
        }
        @if !dossier.replies.is_empty() { h2 { "Right of reply" } (reply_table(&dossier.replies)) }
    }
}

pub(super) fn link(holder: &investigation::HolderShown) -> Markup {
    html! { a href=(format!("/holder?id={}", encoded(&holder.id))) { (holder.name) } }
}

fn rows(label: &str, heads: &[&str], lines: impl Iterator<Item = Markup>) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label=(label) { table.lines.stack {
            thead { tr { @for head in heads { th { (head) } } } }
            tbody { @for line in lines { tr { (line) } } }
        } }
    }
}

fn hop_table(title: &str, hops: &[HopShown]) -> Markup {
    let shown = hops.iter().take(300);
    html! {
        (rows(title, &["From", "To", "Left", "Arrived", "Goods", "Kilograms", "Stands", "Proof"], shown.map(|hop| html! {
            td data-label="From" { (link(&hop.from)) } td data-label="To" { (link(&hop.to)) @if !hop.stated { " " span.flag.warning { "possible" } } }
            td.dates data-label="Left" { (hop.departed) } td.dates data-label="Arrived" { (hop.arrived) } td data-label="Goods" { (goods(hop)) }
            td.n data-label="Kilograms" { @match hop.kg { Some(kg) => (mass(kg)), None => "no mass" } }
            td data-label="Stands" { (word(hop.word)) } td.said { (proofs(&hop.proof, None)) (denials(&hop.denials)) }
        })))
        @if hops.len() > 300 { p.note { "The first 300 of " (hops.len()) "; " code { "tumen trace --json" } " gives all." } }
    }
}

/// How a request stands, in words.
fn stands(state: Stands) -> Markup {
    let days = |days: i32| format!("{days} {}", if days == 1 { "day" } else { "days" });
    match state {
        Stands::NotAsked => html! { span.flag { "not asked yet" } },
        Stands::Waiting(left) => html! { span.flag { "waiting" } " " (days(left)) " left" },
        Stands::Open(since) => {
            html! { span.flag { "open" } " asked " (days(since)) " ago, no day was set" }
        }
        Stands::Answered => html! { span.flag { "answered" } },
        Stands::Denied => html! { span.flag.conflict { "denied" } },
        Stands::Silent(since) => {
            html! { span.flag.warning { "silent" } " " (days(since)) " after it was due" }
        }
    }
}

fn reply_table(replies: &[Reply]) -> Markup {
    let day = |day: &Option<String>| day.clone().unwrap_or_else(|| "—".to_owned());
    rows("Requests", &["Who", "About", "Asked", "Due", "Stands", "Answered", "Answer", "Stands in"], replies.iter().map(|reply| html! {
        td { a href=(format!("/holder?id={}", encoded(&reply.party))) { (reply.party) } } td data-label="About" { (reply.about.as_deref().unwrap_or("")) }
        td.dates data-label="Asked" { (day(&reply.asked)) } td.dates data-label="Due" { (day(&reply.due)) } td data-label="Stands" { (stands(reply.state)) }
        td.dates data-label="Answered" { (day(&reply.answered)) } td.said data-label="Answer" { (reply.answer.as_deref().unwrap_or("")) } td.said { (proofs(&reply.proof, None)) }
    }))
}

pub(crate) async fn replies(
    State(site): Shared,
    Query(fields): Query<Vec<(String, String)>>,
) -> Response {
    let asked = Asked(fields);
    let name = site.case.name().to_owned();
    let case = (name.as_str(), site.case.is_plain());
    let today = match day(&asked) {
        Ok(day) => day,
        Err(failure) => return failed(&failure, case, ""),
    };
    let found = blocking(&site, move |case| {
        Ok(investigation::replies(&case.trade(Masses::Stated)?, today))
    });
    match found.await {
        Ok(replies) => {
            let body = html! {
                h1 { "Right of reply" }
                form.screen method="get" action="/replies" aria-label="The day" {
                    label { "As of " input type="search" name="as_of" value=(supply_days::iso(today)); }
                    div.acts { button.go type="submit" { "Show" } }
                }
                @if replies.is_empty() {
                    p.note role="status" { "No requests are in this case. A table with the columns company, asked on, due, answered on and answer brings them in: " code { "tumen trade import FILE" } }
                } @else {
                    p.facts { (replies.len()) " requests. Silence is no answer and shows nothing." }
                    (reply_table(&replies))
                }
            };
            framed(&frame("Right of reply", case), &body).into_response()
        }
        Err(failure) => failed(&failure, case, ""),
    }
}
