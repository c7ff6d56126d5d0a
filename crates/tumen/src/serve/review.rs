//! `/review`: a person decides about proposals, one after the other, and sees all decisions.

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use casefile::statement::Event;
use casefile::{Span, StatementId};
use investigation::{
    Case, Decided, DecisionLine, Failure, Order, Review, State as Stands, StatementAnswer,
    StatementQuery, Told, Whose,
};
use maud::{Markup, html};

use super::gate::{Gate, Sent};
use super::pages::{Frame, failed, framed, refused};
use super::panel::{self, Desk};
use super::statements::{Asked, turning};
use super::{Shared, blocking, edit, words};
use crate::output::grouped;

/// Proposals on one page.
const PAGE: usize = 20;
/// Decisions on one page.
const LINES: usize = 100;
/// Characters of context before and after a statement.
const CONTEXT: u32 = 240;

const ORDERS: [(&str, Order, &str); 3] = [
    ("surest", Order::Surest, "surest first"),
    ("least_sure", Order::LeastSure, "least sure first"),
    ("place", Order::Place, "by document"),
];

pub(crate) fn order(asked: &Asked) -> Order {
    let named = asked.one("order");
    let found = ORDERS.iter().find(|(name, ..)| Some(*name) == named);
    found.map_or(Order::Surest, |(_, order, _)| *order)
}

/// A proposal with what stands around it.
struct Waiting {
    told: Told,
    before: String,
    after: String,
}

struct Queue {
    waiting: Vec<Waiting>,
    left: u64,
    /// Over the same statements, whatever their state.
    all: StatementAnswer,
    done: Option<Decided>,
}

/// The proposals that nobody decided about.
///
/// # Errors
/// A filter is faulty, or the case is damaged.
pub(crate) fn proposals(
    case: &Case,
    query: &StatementQuery,
    order: Order,
    offset: usize,
    limit: usize,
) -> Result<StatementAnswer, Failure> {
    let open = StatementQuery {
        states: vec![Stands::Proposed],
        ..query.clone()
    };
    case.ordered(&open, order, offset, limit)
}

fn queue(case: &Case, asked: &Asked) -> Result<Queue, Failure> {
    let query = asked.query()?;
    let offset = (asked.count("page", 1) - 1) * PAGE;
    let answer = proposals(case, &query, order(asked), offset, PAGE)?;
    let mut waiting = Vec::with_capacity(answer.statements.len());
    for told in answer.statements {
        let quote = Span::new(told.statement.start, told.statement.end);
        let (before, after) = case.around(told.document, quote, CONTEXT)?;
        waiting.push(Waiting {
            told,
            before,
            after,
        });
    }
    let all = StatementQuery {
        states: Vec::new(),
        ..query
    };
    let done = asked.one("done").and_then(|number| number.parse().ok());
    Ok(Queue {
        waiting,
        left: answer.total,
        all: case.statements(&all, 0, 0)?,
        done: done
            .map(|number| case.decision(number))
            .transpose()?
            .flatten(),
    })
}

/// The sentence in its place, with the trigger marked.
fn context(waiting: &Waiting) -> Markup {
    let statement = &waiting.told.statement;
    let at = statement.trigger.start.saturating_sub(statement.start) as usize;
    let length = statement.trigger.span().len() as usize;
    let piece = |from: usize, most: usize| -> String {
        statement.quote.chars().skip(from).take(most).collect()
    };
    html! {
        p.context {
            "…" (waiting.before)
            strong { (piece(0, at)) mark { (piece(at, length)) } (piece(at.saturating_add(length), usize::MAX)) }
            (waiting.after) "…"
        }
    }
}

fn card(waiting: &Waiting, gate: &Gate, person: &str, back: &str) -> Markup {
    let told = &waiting.told;
    let id = told.id.to_string();
    let desk = Desk {
        token: gate.form_token(),
        person,
        back,
    };
    let edit = format!("/d/{}?q=&s={id}&edit=1", told.document);
    html! {
        article.claim id=(format!("s-{id}")) data-s=(id) aria-label=(panel::headline(&told.statement)) {
            (panel::claim(told, &format!("/s/{id}"), &context(waiting)))
            p.facts { (told.title.as_deref().unwrap_or("(no title)")) @if let Some(page) = told.page { ", page " (page) } @if let Some(date) = &told.published { " · " (date) } }
            (panel::standing(told))
            (panel::acts(told, &desk, &edit))
        }
    }
}

fn filters(asked: &Asked) -> Markup {
    let chosen = asked.one("event");
    html! {
        form.filters method="get" action="/review" aria-label="Which proposals" {
            label { "Event "
                select name="event" {
                    option value="" { "all" }
                    @for event in Event::ALL { option value=(event.as_str()) selected[chosen == Some(event.as_str())] { (words::event(*event)) } }
                }
            }
            label { "Order "
                select name="order" { @for (name, order_is, shown) in ORDERS { option value=(name) selected[order(asked) == order_is] { (shown) } } }
            }
            label { input type="checkbox" name="counted" value="1" checked[asked.one("counted").is_some()]; " with a figure" }
            label { input type="checkbox" name="facts" value="1" checked[asked.one("facts").is_some()]; " told as fact" }
            button type="submit" { "Show" }
        }
    }
}

/// Who decides; the name goes into the log with each decision.
fn who(gate: &Gate, person: &str) -> Markup {
    let desk = Desk {
        token: gate.form_token(),
        person,
        back: "/review",
    };
    html! {
        form.filters #person method="post" action="/review" aria-label="Who decides" {
            (panel::carried(&desk)) input type="hidden" name="act" value="person";
            label { "You decide as " input name="person" value=(person) required maxlength="120" autocomplete="off"; }
            button type="submit" { "Change" }
        }
    }
}

pub(crate) async fn page(
    State(site): Shared,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Response {
    let asked = Asked(pairs);
    let name = site.case.name().to_owned();
    let case = (name.as_str(), site.case.is_plain());
    let both = blocking(&site, move |case| Ok((queue(case, &asked)?, asked)));
    let (queue, asked) = match both.await {
        Ok(both) => both,
        Err(failure) => return failed(&failure, case, ""),
    };
    let person = site.person();
    let page = asked.count("page", 1);
    let mut here = asked.with("/review", "page", None);
    if page > 1 {
        here += &format!("{}page={page}", if here.contains('?') { "&" } else { "?" });
    }
    let total = queue.all.total;
    let decided = total.saturating_sub(queue.left);
    let body = html! {
        (site.freshness())
        h1 { "Review" }
        p { "Every statement is a proposal of the machine until a person decides. "
            a href="/review/log" { "All decisions" } "." }
        @if let Some(done) = &queue.done {
            (panel::notice(done, &Desk { token: site.gate.form_token(), person: &person, back: &here }))
        }
        (filters(&asked))
        div.progress {
            label for="progress" { (grouped(decided)) " of " (grouped(total)) " decided, " (grouped(queue.left)) " left" }
            progress #progress max=(total.max(1)) value=(decided) {}
        }
        p.facts { kbd { "j" } " " kbd { "k" } " next and previous · " kbd { "a" } " accept · " kbd { "e" } " edit · "
            kbd { "r" } " reject · " kbd { "u" } " undo · " kbd { "Enter" } " opens the passage" }
        @if queue.waiting.is_empty() { p { "Nothing waits here." } }
        h2 { "Proposals" }
        section.queue aria-label="Proposals" {
            @for waiting in &queue.waiting { (card(waiting, &site.gate, &person, &here)) }
        }
        (turning("/review", &asked, page, PAGE, queue.left))
        (who(&site.gate, &person))
    };
    let frame = Frame {
        title: "Review",
        case: Some(case),
        here: "/review",
        query: "",
        wide: false,
    };
    framed(&frame, &body).into_response()
}

fn line(line: &DecisionLine, all: &[DecisionLine], desk: &Desk<'_>) -> Markup {
    let decided = &line.decided;
    // Taking back is about what the decision that is taken back was about.
    let meant = line
        .undoes
        .and_then(|number| all.iter().find(|other| other.decided.number == number));
    let quote = line.quote.as_deref().or_else(|| meant?.quote.as_deref());
    html! {
        tr class=[line.undone.then_some("undone")] {
            td.n { (decided.number) }
            td { (panel::day(&decided.at)) }
            td { (words::titled(panel::past(&decided.act))) @if let Some(number) = line.undoes { " decision " (number) } }
            td.said {
                @match (&line.statement, line.without_proposal) {
                    (Some(id), false) => a href=(format!("/s/{id}")) { (quote.map_or_else(|| id.to_string(), words::flat)) },
                    _ => (quote.map_or_else(|| line.subject.clone(), words::flat)),
                }
                @if line.without_proposal { br; strong { "Its proposal is no longer found in the text; the decision is kept." } }
            }
            td { (decided.by) }
            td { (decided.reason) }
            td { @if line.undone { "undone" } @else { (panel::undo(desk, decided.number, "Undo", false)) } }
        }
    }
}

pub(crate) async fn log(
    State(site): Shared,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Response {
    let asked = Asked(pairs);
    let name = site.case.name().to_owned();
    let case = (name.as_str(), site.case.is_plain());
    let done = asked.one("done").and_then(|number| number.parse().ok());
    let both = blocking(&site, move |case| {
        let done = done.map(|number| case.decision(number)).transpose()?;
        Ok((case.decisions()?, done.flatten()))
    });
    let (all, done) = match both.await {
        Ok(both) => both,
        Err(failure) => return failed(&failure, case, ""),
    };
    let orphans = all.iter().filter(|line| line.without_proposal).count();
    let only = asked.one("orphans").is_some();
    let shown: Vec<&DecisionLine> = all
        .iter()
        .filter(|line| !only || line.without_proposal)
        .collect();
    let page = asked.count("page", 1);
    let person = site.person();
    let desk = Desk {
        token: site.gate.form_token(),
        person: &person,
        back: "/review/log",
    };
    let body = html! {
        h1 { "Decisions" }
        p { "The latest first. A decision is never deleted: to undo it is a decision too. " a href="/review" { "To the queue" } "." }
        @if let Some(done) = &done { (panel::notice(done, &desk)) }
        @if orphans > 0 {
            p.note { (grouped(orphans as u64)) " of them no longer have their proposal: the text or the extractor changed. "
                @if only { a href="/review/log" { "Show all" } } @else { a href="/review/log?orphans=1" { "Show these" } } "." }
        }
        @if shown.is_empty() { p { "There is no decision yet." } }
        @else {
            div.scroll tabindex="0" role="region" aria-label="Table of decisions" { table.lines {
                thead { tr { th.n { "No." } th { "When" } th { "Act" } th { "Statement" } th { "Who" } th { "Why" } th { "Undo" } } }
                tbody { @for one in shown.iter().skip((page - 1) * LINES).take(LINES) { (line(one, &all, &desk)) } }
            } }
            (turning("/review/log", &asked, page, LINES, shown.len() as u64))
        }
    };
    let frame = Frame {
        title: "Decisions",
        case: Some(case),
        here: "/review",
        query: "",
        wide: true,
    };
    framed(&frame, &body).into_response()
}

pub(crate) fn wrong(message: &str) -> Failure {
    Failure::new(
        Whose::You,
        "bad-form",
        format!("{message}; nothing was changed"),
    )
}

/// A path of these pages and no other address.
fn own(back: &str) -> &str {
    let fine = back.starts_with('/')
        && !back.starts_with("//")
        && !back.contains(|c: char| c == '\\' || c.is_control() || !c.is_ascii());
    if fine { back } else { "/review" }
}

/// `back` with the number of the decision, so that the page can say what was done.
pub(crate) fn with_done(back: &str, number: u64) -> String {
    let (address, anchor) = own(back).split_once('#').unwrap_or((own(back), ""));
    let (path, fields) = address.split_once('?').unwrap_or((address, ""));
    let kept = fields
        .split('&')
        .filter(|field| !field.is_empty() && !field.starts_with("done=") && *field != "edit=1");
    let fields: Vec<String> = kept
        .map(str::to_owned)
        .chain([format!("done={number}")])
        .collect();
    let anchor = if anchor.is_empty() {
        String::new()
    } else {
        format!("#{anchor}")
    };
    format!("{path}?{}{anchor}", fields.join("&"))
}

/// What a form asks to be done.
fn asked_act(case: &Case, form: &Asked) -> Result<Review, Failure> {
    let statement = || -> Result<StatementId, Failure> {
        let id = form.one("statement").and_then(|id| id.parse().ok());
        id.ok_or_else(|| wrong("the form names no statement"))
    };
    match form.one("act") {
        Some("accept") => Ok(Review::Accept(statement()?)),
        Some("reject") => Ok(Review::Reject(statement()?)),
        Some("edit") => Ok(Review::Edit(
            statement()?,
            edit::patch(case, statement()?, form)?,
        )),
        Some("prefer") => {
            let id = statement()?;
            Ok(Review::Prefer(id, case.series_of(id)?))
        }
        Some("undo") => {
            let number = form.one("decision").and_then(|number| number.parse().ok());
            Ok(Review::Undo(
                number.ok_or_else(|| wrong("the form names no decision"))?,
            ))
        }
        _ => Err(wrong("the form says not what to do")),
    }
}

pub(crate) async fn decide(State(site): Shared, Sent(fields): Sent) -> Response {
    let form = Asked(fields);
    let name = site.case.name().to_owned();
    let back = form.one("back").unwrap_or("/review").to_owned();
    if form.one("act") == Some("person") {
        site.decide_as(form.one("person").unwrap_or(""));
        return Redirect::to(own(&back)).into_response();
    }
    let person = form.one("by").map_or_else(|| site.person(), str::to_owned);
    let reason = form.one("reason").unwrap_or("").to_owned();
    let decided = blocking(&site, move |case| {
        let review = asked_act(case, &form)?;
        case.review(&review, Some(&person), &reason)
    });
    match decided.await {
        Ok(number) => Redirect::to(&with_done(&back, number)).into_response(),
        Err(failure) => refused(
            &failure,
            (&name, site.case.is_plain()),
            "",
            Some(own(&back)),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::{own, with_done};

    #[test]
    fn one_goes_back_to_these_pages_only() {
        assert_eq!(
            with_done("/d/d_1?q=a&part=0&s=s_1#t-s_1", 7),
            "/d/d_1?q=a&part=0&s=s_1&done=7#t-s_1"
        );
        assert_eq!(
            with_done("/review?done=3&page=2", 4),
            "/review?page=2&done=4"
        );
        assert_eq!(
            with_done("/d/d_1?s=s_1&edit=1#edit", 1),
            "/d/d_1?s=s_1&done=1#edit"
        );
        for foreign in [
            "//example.org/",
            "https://example.org/",
            "/\\example.org",
            "",
            "/a\r\nb",
        ] {
            assert_eq!(own(foreign), "/review", "{foreign}");
        }
    }
}
