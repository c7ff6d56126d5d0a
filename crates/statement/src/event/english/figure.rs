//! Which number counts which event.

use casefile::statement::{Count, Measure, Modality, Quantity};

use super::phrase::{Phrase, is_person_noun};
use super::units::{Parse, Tag};
use crate::mention::{Number, Sort, Value};
use crate::text::Text;

/// The count that a phrase carries: the number right before its head.
pub(super) fn of_phrase<'p>(
    parse: &'p Parse<'_, '_>,
    phrase: &Phrase,
) -> Option<(usize, &'p Number)> {
    let unit = phrase.number?;
    let number = count(parse, unit)?;
    Some((unit, number))
}

pub(super) fn count<'p>(parse: &'p Parse<'_, '_>, unit: usize) -> Option<&'p Number> {
    match parse.mention(unit).map(|m| &m.value) {
        Some(Value::Number(number))
            if matches!(number.sort, Sort::Count | Sort::Share | Sort::Money) || weighs(number) =>
        {
            // "one of them" counts nobody.
            let one_of = matches!(parse.lower(unit), "one") && parse.lower(unit + 1) == "of";
            (!one_of).then_some(number)
        }
        _ => None,
    }
}

/// The unit of a figure set behind what it counts, as lists and tables do: "Arrests in 2023: 204.",
/// "arbitrary arrest (21), extortion (13)".
pub(super) fn tabled(parse: &Parse<'_, '_>, end: usize) -> Option<usize> {
    let mark = |u: usize| {
        parse
            .units
            .get(u)
            .map_or("", |unit| parse.text.word(unit.tokens.start))
    };
    if parse.tag(end) == Tag::Open && parse.tag(end + 2) == Tag::Close {
        return count(parse, end + 1).map(|_| end + 1);
    }
    let colon = (end..end + 4)
        .take_while(|&u| {
            matches!(
                parse.tag(u),
                Tag::Preposition | Tag::Date | Tag::Noun | Tag::Name
            ) || mark(u) == ":"
        })
        .find(|&u| mark(u) == ":")?;
    let last = matches!(
        parse.tag(colon + 2),
        Tag::Stop | Tag::Open | Tag::Comma | Tag::Other
    ) || colon + 2 >= parse.units.len();
    count(parse, colon + 1).filter(|_| last).map(|_| colon + 1)
}

/// Whether a measure is one of goods rather than of time or length.
fn weighs(number: &Number) -> bool {
    number.sort == Sort::Measure
        && number.unit.is_some_and(|unit| {
            matches!(
                unit,
                "ton"
                    | "tonne"
                    | "kg"
                    | "kilogram"
                    | "pound"
                    | "lb"
                    | "metric ton"
                    | "teu"
                    | "barrel"
                    | "t"
            )
        })
}

/// What is counted, singular: `person` for people, else the head noun.
pub(super) fn unit_of(parse: &Parse<'_, '_>, phrase: &Phrase, number: &Number) -> Option<String> {
    if let Some(unit) = number.unit {
        return Some(unit.to_owned());
    }
    if Some(phrase.head) == phrase.number {
        return None;
    }
    let head = parse.lower(phrase.head);
    if matches!(
        head,
        "case" | "cases" | "episode" | "episodes" | "incident" | "incidents"
    ) {
        return Some(singular(head));
    }
    if matches!(head, "member" | "members") {
        return Some("member".into());
    }
    if matches!(head, "family" | "families" | "household" | "households") {
        return Some("family".into());
    }
    if parse.tag(phrase.head) == Tag::Nationality
        || is_person_noun(head)
        || parse.is_person(phrase.head)
    {
        return Some("person".into());
    }
    Some(singular(head))
}

fn singular(noun: &str) -> String {
    if let Some(stem) = noun.strip_suffix("ies") {
        format!("{stem}y")
    } else if noun.ends_with("sses")
        || noun.ends_with("ches")
        || noun.ends_with("shes")
        || noun.ends_with("xes")
    {
        noun.strip_suffix("es").unwrap_or(noun).to_owned()
    } else if noun.ends_with("ss") || noun.ends_with("us") {
        noun.to_owned()
    } else {
        noun.strip_suffix('s').unwrap_or(noun).to_owned()
    }
}

/// The figure in the contract's form.
pub(crate) fn quantity(
    text: &Text<'_>,
    bytes: std::ops::Range<u32>,
    number: &Number,
    unit: Option<String>,
    measure: Option<Measure>,
) -> Quantity {
    let quote = text.quote(bytes);
    Quantity {
        text: quote.text,
        start: quote.start,
        end: quote.end,
        kind: number.kind,
        low: number.low.map(Count::new),
        high: number.high.map(Count::new),
        best: number.best.map(Count::new),
        unit,
        measure: if number.sort == Sort::Share {
            Some(Measure::Share)
        } else {
            measure
        },
    }
}

/// Stock, flow or cumulative, where the words tell.
pub(crate) fn measure(modality: Modality, lasting: bool, since: bool) -> Option<Measure> {
    if lasting && modality == Modality::Ongoing {
        Some(Measure::Stock)
    } else if since {
        Some(Measure::Cumulative)
    } else if modality == Modality::Happened && !lasting {
        Some(Measure::Flow)
    } else {
        None
    }
}
