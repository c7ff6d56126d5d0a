//! One statement as a card, with the forms by which a person decides about it. The reader and the
//! review queue show the same card.

use casefile::statement::{Event, Group, Measure, Modality, Polarity, QuantityKind, Statement};
use casefile::{Span, StatementId};
use investigation::{Decided, State, Told};
use maud::{Markup, html};

use super::words;

/// What the forms of a card need.
pub(crate) struct Desk<'a> {
    pub(crate) token: &'a str,
    /// Who decides, as the log will have it.
    pub(crate) person: &'a str,
    /// Where to go on after a decision.
    pub(crate) back: &'a str,
}

/// The parts that words play in a statement, by span: what the reader underlines.
pub(crate) fn roles(statement: &Statement) -> Vec<(Span, &'static str)> {
    let lists = [
        (&statement.agent, "who"),
        (&statement.patient, "whom"),
        (&statement.object, "what"),
        (&statement.place, "where"),
        (&statement.origin, "from"),
        (&statement.destination, "to"),
    ];
    let arguments = lists.into_iter().flat_map(|(list, role)| {
        let quotes = list.iter().filter_map(|argument| argument.quote());
        quotes.map(move |quote| (quote.span(), role))
    });
    let sources = statement.attribution.iter().filter_map(|step| {
        let source = step.source.quote().map(|quote| (quote.span(), "says so"));
        source.or_else(|| step.cue.as_ref().map(|cue| (cue.span(), "says so")))
    });
    let hedges = statement.hedges.iter().map(|hedge| (hedge.span(), "hedge"));
    let count = statement
        .quantity
        .iter()
        .map(|count| (Span::new(count.start, count.end), "how many"));
    let date = statement
        .date
        .iter()
        .map(|date| (Span::new(date.start, date.end), "when"));
    arguments
        .chain(sources)
        .chain(hedges)
        .chain(count)
        .chain(date)
        .collect()
}

/// `Detention`, `No repatriation`.
pub(crate) fn headline(statement: &Statement) -> String {
    let event = words::event(statement.event);
    match statement.polarity {
        Polarity::Positive => event,
        Polarity::Negative => format!("Not: {}", event.to_lowercase()),
    }
}

/// A mark whose shape tells facts from all else.
pub(crate) fn stance(statement: &Statement) -> Markup {
    let class = if statement.modality.is_fact() {
        "chip fact"
    } else {
        "chip guard"
    };
    html! { span class=(class) { (words::modality(statement.modality)) } }
}

/// What is claimed, without the forms. `link` opens the passage; `words` are those that claim it.
pub(crate) fn claim(told: &Told, link: &str, words: &Markup) -> Markup {
    let statement = &told.statement;
    let rows: Vec<(&str, String)> = [
        ("Who", words::names(&statement.agent)),
        ("Whom", words::names(&statement.patient)),
        ("What", words::names(&statement.object)),
        (
            "Group",
            statement
                .group
                .iter()
                .map(|group| group.as_str().replace('_', " "))
                .collect::<Vec<_>>()
                .join(", "),
        ),
        ("Where", words::names(&statement.place)),
        ("From", words::names(&statement.origin)),
        ("To", words::names(&statement.destination)),
        (
            "When",
            statement.date.as_ref().map_or_else(String::new, |date| {
                let said = words::when(date);
                let text = words::flat(&date.text);
                if said == text {
                    said
                } else {
                    format!("{said} (“{text}”)")
                }
            }),
        ),
        (
            "Hedged by",
            statement
                .hedges
                .iter()
                .map(|hedge| format!("“{}”", words::flat(&hedge.text)))
                .collect::<Vec<_>>()
                .join(", "),
        ),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .collect();
    html! {
        h3 { a.open href=(link) { (headline(statement)) } " " (stance(statement)) }
        @if let Some(quantity) = &statement.quantity {
            p.figure { (words::figure(quantity, statement.event)) }
        }
        (words)
        dl.parts {
            dt { "Says so" }
            dd {
                @if statement.attribution.is_empty() {
                    (told.source.as_deref().unwrap_or("the document itself"))
                } @else { (words::chain(&statement.attribution)) }
            }
            @for (name, value) in &rows { dt { (name) } dd { (value) } }
        }
    }
}

/// The words of a statement.
pub(crate) fn quote(statement: &Statement, language: Option<&str>) -> Markup {
    html! { p.quote lang=[language] { "“" (words::flat(&statement.quote)) "”" } }
}

/// How sure the machine is, and where people stand.
pub(crate) fn standing(told: &Told) -> Markup {
    html! {
        p.facts {
            span class=(format!("state {}", told.state.as_str())) { (words::state(told.state)) }
            " · score " (format!("{:.2}", told.statement.score)) " · " (told.statement.extractor)
            @if !told.statement.agreed.is_empty() { ", proposed as well by " (told.statement.agreed.join(", ")) }
        }
        @if let Some(decided) = &told.decided { (decision(decided)) }
        @if let Some(proposal) = &told.proposal {
            p.facts { "Proposed was: " (headline(proposal)) ", " (words::modality(proposal.modality))
                @if let Some(quantity) = &proposal.quantity { ", " (words::figure(quantity, proposal.event)) } "." }
        }
        @if let Some(preferred) = &told.preferred {
            p.facts { strong { "Preferred in its series. " } (decision(preferred)) }
        }
    }
}

fn decision(decided: &Decided) -> Markup {
    html! {
        p.facts { "By " (decided.by) ", " (day(&decided.at))
            @if !decided.reason.is_empty() { ": “" (decided.reason) "”" } }
    }
}

/// The day and minute of a moment.
pub(crate) fn day(at: &str) -> String {
    at.get(..16).unwrap_or(at).replace('T', " ")
}

fn hidden(name: &str, value: &str) -> Markup {
    html! { input type="hidden" name=(name) value=(value); }
}

/// The fields that every form carries.
pub(crate) fn carried(desk: &Desk<'_>) -> Markup {
    html! { (hidden("token", desk.token)) (hidden("back", desk.back)) }
}

/// A button that takes a decision back.
pub(crate) fn undo(desk: &Desk<'_>, number: u64, label: &str, key: bool) -> Markup {
    html! {
        form.inline method="post" action="/review" {
            (carried(desk)) (hidden("act", "undo")) (hidden("decision", &number.to_string()))
            button type="submit" data-key=[key.then_some("u")] { (label) @if key { " " kbd { "u" } } }
        }
    }
}

/// Accept, edit, reject, undo. `edit` is the address at which the form to edit is open.
pub(crate) fn acts(told: &Told, desk: &Desk<'_>, edit: &str) -> Markup {
    let id = told.id.to_string();
    html! {
        div.acts {
            @if told.state != State::Accepted {
                form.inline method="post" action="/review" {
                    (carried(desk)) (hidden("act", "accept")) (hidden("statement", &id))
                    button type="submit" data-key="a" { "Accept " kbd { "a" } }
                }
            }
            a.button href=(edit) data-key="e" { "Edit " kbd { "e" } }
            @if told.state != State::Rejected {
                details.why {
                    summary.button data-key="r" { "Reject " kbd { "r" } }
                    form method="post" action="/review" {
                        (carried(desk)) (hidden("act", "reject")) (hidden("statement", &id))
                        (reason(&id, "Why is it not what the page says?"))
                        button type="submit" { "Reject as " (desk.person) }
                    }
                }
            }
            @if let Some(decided) = &told.decided {
                (undo(desk, decided.number, &format!("Undo “{}”", past(&decided.act)), true))
            }
        }
    }
}

/// `accepted`, as the log and the buttons say it.
pub(crate) fn past(act: &str) -> &str {
    match act {
        "accept" => "accepted",
        "reject" => "rejected",
        "edit" => "edited",
        "prefer" => "preferred",
        "same" => "called the same",
        "different" => "called different",
        "unsure" => "left open",
        "import" => "imported",
        "undo" => "taken back",
        other => other,
    }
}

pub(crate) fn reason(id: &str, label: &str) -> Markup {
    let field = format!("reason-{id}");
    html! {
        label for=(field) { (label) }
        input id=(field) name="reason" required maxlength="2000" autocomplete="off";
    }
}

fn choice<'a>(
    label: &str,
    name: &str,
    options: impl Iterator<Item = (&'a str, String)>,
    chosen: Option<&str>,
) -> Markup {
    html! {
        label { (label) " "
            select name=(name) autofocus[name == "event"] {
                @for (value, shown) in options {
                    option value=(value) selected[chosen == Some(value)] { (shown) }
                }
            }
        }
    }
}

fn field(label: &str, name: &str, value: &str) -> Markup {
    html! { label { (label) " " input name=(name) value=(value) autocomplete="off" maxlength="2000"; } }
}

/// The form that says what a statement should be. Words that are named have to stand in the text.
pub(crate) fn editor(told: &Told, desk: &Desk<'_>) -> Markup {
    let statement = &told.statement;
    let id: StatementId = told.id;
    let quantity = statement.quantity.as_ref();
    let number = |pick: Option<casefile::statement::Count>| {
        pick.map_or_else(String::new, |count| count.value().to_string())
    };
    let date = statement.date.as_ref();
    html! {
        form.edit #edit method="post" action="/review" aria-label="Edit the statement" {
            (carried(desk)) (hidden("act", "edit")) (hidden("statement", &id.to_string()))
            fieldset {
                legend { "What is claimed" }
                (choice("Event", "event", Event::ALL.iter().map(|e| (e.as_str(), words::event(*e))), Some(statement.event.as_str())))
                (choice("Told as", "modality", Modality::ALL.iter().map(|m| (m.as_str(), format!("{}: {}", m.as_str(), words::modality(*m)))), Some(statement.modality.as_str())))
                (choice("It is", "polarity", [("+", "said to be so".to_owned()), ("-", "said not to be so".to_owned())].into_iter(),
                    Some(match statement.polarity { Polarity::Positive => "+", Polarity::Negative => "-" })))
            }
            fieldset {
                legend { "Words of the text, several parted by ;" }
                (field("Who", "agent", &words::names(&statement.agent)))
                (field("Whom", "patient", &words::names(&statement.patient)))
                (field("What", "object", &words::names(&statement.object)))
                (field("Where", "place", &words::names(&statement.place)))
                (field("From", "origin", &words::names(&statement.origin)))
                (field("To", "destination", &words::names(&statement.destination)))
            }
            fieldset {
                legend { "Group" }
                div.ticks { @for group in Group::ALL {
                    label { input type="checkbox" name="group" value=(group.as_str()) checked[statement.group.contains(group)]; " " (group.as_str().replace('_', " ")) }
                } }
            }
            fieldset {
                legend { "Figure; empty words take it away" }
                (field("Words", "quantity_text", quantity.map_or("", |q| q.text.as_str())))
                (choice("Bound", "quantity_kind", QuantityKind::ALL.iter().map(|k| (k.as_str(), k.as_str().replace('_', " "))), quantity.map(|q| q.kind.as_str())))
                (field("Lowest", "low", &number(quantity.and_then(|q| q.low))))
                (field("Highest", "high", &number(quantity.and_then(|q| q.high))))
                (field("As said", "best", &number(quantity.and_then(|q| q.best))))
                (field("Of what", "unit", quantity.and_then(|q| q.unit.as_deref()).unwrap_or("")))
                (choice("Counted", "measure", [("", "not told".to_owned())].into_iter().chain(Measure::ALL.iter().map(|m| (m.as_str(), format!("{}: {}", m.as_str(), words::measure(*m, statement.event))))),
                    quantity.and_then(|q| q.measure).map(|m| m.as_str())))
            }
            fieldset {
                legend { "Date; empty words take it away" }
                (field("Words", "date_text", date.map_or("", |d| d.text.as_str())))
                (field("From (2023-10-09)", "from", date.and_then(|d| d.from.as_deref()).unwrap_or("")))
                (field("To", "to", date.and_then(|d| d.to.as_deref()).unwrap_or("")))
            }
            (reason(&format!("edit-{id}"), "Why? The proposal is kept beside the edit."))
            div.acts { button.go type="submit" { "Save as " (desk.person) } a.button href=(desk.back) { "Leave it" } }
        }
    }
}

/// What was just decided, with the way back.
pub(crate) fn notice(done: &Decided, desk: &Desk<'_>) -> Markup {
    html! {
        div.note.done role="status" {
            span { strong { (words::titled(past(&done.act))) } " by " (done.by) ": decision " (done.number) "." }
            (undo(desk, done.number, "Undo", true))
        }
    }
}
