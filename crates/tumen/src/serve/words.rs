//! Statements in the words of people: what is claimed, how many, who says so.

use casefile::statement::{
    Argument, Attribution, Count, Event, Measure, Modality, Quantity, QuantityKind, When,
};
use investigation::State;

use crate::output::grouped;

/// `Forced labour`.
pub(crate) fn event(event: Event) -> String {
    titled(event.as_str())
}

/// `forced_labour` → `Forced labour`.
pub(crate) fn titled(word: &str) -> String {
    let spaced = word.replace('_', " ");
    let mut letters = spaced.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// How the statement stands to the world, so that nobody takes a fear for an event.
pub(crate) const fn modality(modality: Modality) -> &'static str {
    match modality {
        Modality::Happened => "told as happened",
        Modality::Ongoing => "told as going on",
        Modality::General => "told as a general fact",
        Modality::Past => "told as earlier",
        Modality::Planned => "planned, not done",
        Modality::Risk => "feared, not a fact",
        Modality::Hypothetical => "supposed, not a fact",
        Modality::Obligation => "owed, not a fact",
        Modality::Request => "asked for, not a fact",
        Modality::Denied => "denied",
        Modality::Unconfirmed => "not confirmed",
        Modality::Disputed => "disputed",
    }
}

pub(crate) const fn state(state: State) -> &'static str {
    match state {
        State::Proposed => "proposal of the machine",
        State::Accepted => "accepted",
        State::Edited => "edited",
        State::Rejected => "rejected",
    }
}

/// `68,123`, `-3`, `0.7`.
pub(crate) fn number(count: Count) -> String {
    match count {
        Count::Whole(whole) => {
            let sign = if whole < 0 { "−" } else { "" };
            format!("{sign}{}", grouped(whole.unsigned_abs()))
        }
        Count::Real(real) => format!("{real}"),
    }
}

/// What the words bound: `at most about 2,000`.
pub(crate) fn bounds(
    kind: QuantityKind,
    low: Option<Count>,
    high: Option<Count>,
    best: Option<Count>,
) -> String {
    let one = |first: Option<Count>, other: Option<Count>| {
        first.or(other).map_or_else(|| "?".to_owned(), number)
    };
    match kind {
        QuantityKind::Exact => one(best, low),
        QuantityKind::Approx => format!("about {}", one(best, low)),
        QuantityKind::ApproxBelow => format!("at most about {}", one(high, best)),
        QuantityKind::Min => format!("at least {}", one(low, best)),
        QuantityKind::MinApprox => format!("somewhat more than {}", one(low, best)),
        QuantityKind::Max => format!("at most {}", one(high, best)),
        QuantityKind::Range | QuantityKind::Vague => match (low, high) {
            (Some(low), Some(high)) => format!("{} to {}", number(low), number(high)),
            (Some(low), None) => format!("at least {}", number(low)),
            (None, Some(high)) => format!("at most {}", number(high)),
            (None, None) => best.map_or_else(
                || "a number that is not said".to_owned(),
                |best| format!("about {}", number(best)),
            ),
        },
    }
}

/// `persons`, `cases`, `%`.
pub(crate) fn unit(unit: &str) -> String {
    match unit {
        "percent" => "%".to_owned(),
        "person" => "people".to_owned(),
        "country" => "countries".to_owned(),
        "family" => "families".to_owned(),
        "company" => "companies".to_owned(),
        _ if unit.chars().any(|c| !c.is_ascii_lowercase()) || unit.ends_with('s') => {
            unit.to_owned()
        }
        "kg" | "km" | "t" | "g" | "m" => unit.to_owned(),
        _ => format!("{unit}s"),
    }
}

pub(crate) fn measure(measure: Measure, event: Event) -> &'static str {
    match measure {
        Measure::Stock if event == Event::Detention => "held at the time",
        Measure::Stock => "at the time",
        Measure::Flow => "within the time",
        Measure::Cumulative => "in all since a start",
        Measure::Share => "a share of the whole",
    }
}

/// `at most about 2,000 people · held at the time`.
pub(crate) fn figure(quantity: &Quantity, event: Event) -> String {
    let mut said = bounds(quantity.kind, quantity.low, quantity.high, quantity.best);
    if let Some(counted) = &quantity.unit {
        said = format!("{said} {}", unit(counted));
    }
    match quantity.measure {
        Some(kind) => format!("{said} · {}", measure(kind, event)),
        None => said,
    }
}

/// `2023-10-09`, `2020-01-01 to 2024-04-30`, `since 2020-01-01`; the words where nothing could be
/// resolved.
pub(crate) fn when(date: &When) -> String {
    match (&date.from, &date.to) {
        (Some(from), Some(to)) if from == to => from.clone(),
        (Some(from), Some(to)) => format!("{from} to {to}"),
        (Some(from), None) => format!("since {from}"),
        (None, Some(to)) => format!("until {to}"),
        (None, None) => flat(&date.text),
    }
}

/// Who says so: the first teller, then through whom it came.
pub(crate) fn chain(attribution: &[Attribution]) -> String {
    let names: Vec<String> = attribution.iter().map(|step| name(&step.source)).collect();
    names.join(", as told by ")
}

pub(crate) fn name(argument: &Argument) -> String {
    argument
        .quote()
        .map_or_else(|| "somebody unnamed".to_owned(), |quote| flat(&quote.text))
}

pub(crate) fn names(arguments: &[Argument]) -> String {
    let names: Vec<String> = arguments.iter().map(name).collect();
    names.join("; ")
}

/// Words that stand over several lines, on one.
pub(crate) fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
