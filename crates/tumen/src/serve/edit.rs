//! What a person wrote into the form to edit, as the change of a statement. Words are looked up in
//! the text: a statement cannot be made to quote what is not there.

use casefile::statement::{Argument, Quote, Statement};
use casefile::{Span, StatementId};
use investigation::{Case, Failure, Told};
use serde_json::{Map, Value, json};

use super::review::wrong;
use super::statements::Asked;
use super::words;

/// How far around a statement its words are looked for.
const AROUND: u32 = 2_000;

/// A stretch of the text and where it begins.
struct Passage {
    chars: Vec<char>,
    start: u32,
    /// The statement's own sentence.
    quote: Span,
}

impl Passage {
    fn of(case: &Case, told: &Told) -> Result<Self, Failure> {
        let quote = Span::new(told.statement.start, told.statement.end);
        let (before, after) = case.around(told.document, quote, AROUND)?;
        let mut chars: Vec<char> = before.chars().collect();
        let ahead = u32::try_from(chars.len()).unwrap_or(u32::MAX);
        chars.extend(told.statement.quote.chars());
        chars.extend(after.chars());
        Ok(Self {
            chars,
            start: quote.start.saturating_sub(ahead),
            quote,
        })
    }

    /// Where `words` stand: in the statement's sentence, else nearest before it, else after it. A
    /// space stands for any space or line break.
    fn find(&self, words: &str) -> Option<Quote> {
        let wanted: Vec<char> = words::flat(words).chars().collect();
        if wanted.is_empty() {
            return None;
        }
        let places: Vec<(u32, u32)> = (0..self.chars.len())
            .filter_map(|at| {
                let end = self.reads(at, &wanted)?;
                Some((u32::try_from(at).ok()?, u32::try_from(end).ok()?))
            })
            .collect();
        let place = |(from, to): &(u32, u32)| {
            (
                self.start.saturating_add(*from),
                self.start.saturating_add(*to),
            )
        };
        let inside = places
            .iter()
            .map(place)
            .find(|(from, to)| *from >= self.quote.start && *to <= self.quote.end);
        let before = || {
            places
                .iter()
                .map(place)
                .rfind(|(from, _)| *from < self.quote.start)
        };
        let (start, end) = inside
            .or_else(before)
            .or_else(|| places.first().map(place))?;
        let from = start.saturating_sub(self.start) as usize;
        let to = end.saturating_sub(self.start) as usize;
        Some(Quote {
            text: self.chars.get(from..to)?.iter().collect(),
            start,
            end,
        })
    }

    /// Where the reading of `wanted` from `at` on ends.
    fn reads(&self, at: usize, wanted: &[char]) -> Option<usize> {
        let mut here = at;
        for letter in wanted {
            if letter.is_whitespace() {
                let begin = here;
                while self.chars.get(here).is_some_and(|c| c.is_whitespace()) {
                    here += 1;
                }
                if here == begin {
                    return None;
                }
            } else if self.chars.get(here) == Some(letter) {
                here += 1;
            } else {
                return None;
            }
        }
        Some(here)
    }

    fn must(&self, words: &str) -> Result<Quote, Failure> {
        self.find(words).ok_or_else(|| {
            wrong(&format!(
                "“{}” does not stand in the passage",
                words::flat(words)
            ))
            .hint("write the words as the text has them; an edit cannot change what it says")
        })
    }
}

/// The merge patch that turns the statement into what the form says; what was left alone is not in
/// it.
///
/// # Errors
/// There is no such statement, words do not stand in the text, or a number is none.
pub(crate) fn patch(case: &Case, id: StatementId, form: &Asked) -> Result<Value, Failure> {
    let told = case.statement(id)?;
    let passage = Passage::of(case, &told)?;
    let statement = &told.statement;
    let mut patch = Map::new();
    let mut choose = |field: &str, now: &str| {
        if let Some(value) = form.one(field).filter(|value| *value != now) {
            patch.insert(field.to_owned(), json!(value));
        }
    };
    choose("event", statement.event.as_str());
    choose("modality", statement.modality.as_str());
    let polarity = match statement.polarity {
        casefile::statement::Polarity::Positive => "+",
        casefile::statement::Polarity::Negative => "-",
    };
    choose("polarity", polarity);
    let groups = form.all("group");
    if !same_words(&groups, statement) {
        patch.insert("group".to_owned(), json!(groups));
    }
    for (field, now) in [
        ("agent", &statement.agent),
        ("patient", &statement.patient),
        ("object", &statement.object),
        ("place", &statement.place),
        ("origin", &statement.origin),
        ("destination", &statement.destination),
    ] {
        let wanted = form.one(field).unwrap_or("");
        if has(form, field) && words::flat(wanted) != words::flat(&words::names(now)) {
            patch.insert(field.to_owned(), json!(arguments(&passage, wanted, now)?));
        }
    }
    if has(form, "quantity_text") {
        quantity(&passage, form, statement, &mut patch)?;
    }
    if has(form, "date_text") {
        date(&passage, form, statement, &mut patch)?;
    }
    if patch.is_empty() {
        return Err(wrong("the edit changes nothing"));
    }
    Ok(Value::Object(patch))
}

fn has(form: &Asked, field: &str) -> bool {
    form.0.iter().any(|(name, _)| name == field)
}

fn same_words(groups: &[String], statement: &Statement) -> bool {
    groups.len() == statement.group.len()
        && statement
            .group
            .iter()
            .all(|group| groups.iter().any(|word| word == group.as_str()))
}

/// The arguments that the words name; those that were there stay where they are.
fn arguments(passage: &Passage, wanted: &str, now: &[Argument]) -> Result<Vec<Argument>, Failure> {
    wanted
        .split([';', '；'])
        .map(str::trim)
        .filter(|words| !words.is_empty())
        .map(|one| {
            let known = now
                .iter()
                .find(|argument| words::name(argument) == words::flat(one));
            match known {
                Some(known) => Ok(known.clone()),
                None => Ok(Argument::At(passage.must(one)?)),
            }
        })
        .collect()
}

fn quantity(
    passage: &Passage,
    form: &Asked,
    statement: &Statement,
    patch: &mut Map<String, Value>,
) -> Result<(), Failure> {
    let now = statement.quantity.as_ref();
    let Some(text) = form
        .one("quantity_text")
        .filter(|text| !text.trim().is_empty())
    else {
        if now.is_some() {
            patch.insert("quantity".to_owned(), Value::Null);
        }
        return Ok(());
    };
    let place = match now {
        Some(now) if words::flat(&now.text) == words::flat(text) => Quote {
            text: now.text.clone(),
            start: now.start,
            end: now.end,
        },
        _ => passage.must(text)?,
    };
    let number = |field: &str| -> Result<Value, Failure> {
        let Some(text) = form.one(field) else {
            return Ok(Value::Null);
        };
        let plain: String = text
            .chars()
            .filter(|c| !matches!(c, ',' | ' ' | '\u{a0}'))
            .collect();
        let value: f64 = plain
            .parse()
            .ok()
            .filter(|value: &f64| value.is_finite())
            .ok_or_else(|| wrong(&format!("“{text}” is no number")))?;
        Ok(json!(casefile::statement::Count::new(value)))
    };
    let value = json!({
        "text": place.text, "start": place.start, "end": place.end,
        "kind": form.one("quantity_kind").unwrap_or("exact"),
        "low": number("low")?, "high": number("high")?, "best": number("best")?,
        "unit": form.one("unit"), "measure": form.one("measure"),
    });
    let fits: casefile::statement::Quantity = serde_json::from_value(value.clone())
        .map_err(|error| wrong(&format!("the figure is not one: {error}")))?;
    if let (Some(low), Some(high)) = (fits.low, fits.high)
        && low.value() > high.value()
    {
        return Err(wrong("the lowest value is above the highest"));
    }
    if now != Some(&fits) {
        patch.insert("quantity".to_owned(), value);
    }
    Ok(())
}

fn date(
    passage: &Passage,
    form: &Asked,
    statement: &Statement,
    patch: &mut Map<String, Value>,
) -> Result<(), Failure> {
    let now = statement.date.as_ref();
    let Some(text) = form.one("date_text").filter(|text| !text.trim().is_empty()) else {
        if now.is_some() {
            patch.insert("date".to_owned(), Value::Null);
        }
        return Ok(());
    };
    let (from, to) = (form.one("from"), form.one("to"));
    let unchanged = now.is_some_and(|now| {
        words::flat(&now.text) == words::flat(text)
            && now.from.as_deref() == from
            && now.to.as_deref() == to
    });
    if unchanged {
        return Ok(());
    }
    for day in [from, to].into_iter().flatten() {
        let whole = day.len() == 10 && day.parse::<casefile::ApproxDate>().is_ok();
        if !whole {
            return Err(wrong(&format!("“{day}” is no day"))
                .hint("write it as 2023-10-09; leave it empty where it is open"));
        }
    }
    if let (Some(from), Some(to)) = (from, to)
        && from > to
    {
        return Err(wrong("the first day is after the last"));
    }
    let place = match now {
        Some(now) if words::flat(&now.text) == words::flat(text) => Quote {
            text: now.text.clone(),
            start: now.start,
            end: now.end,
        },
        _ => passage.must(text)?,
    };
    let precision = match (from, to) {
        (Some(from), Some(to)) if from == to => "day",
        (Some(_), Some(_)) => "range",
        (Some(_), None) => "since",
        (None, Some(_)) => "until",
        (None, None) => "vague",
    };
    patch.insert(
        "date".to_owned(),
        json!({
            "text": place.text, "start": place.start, "end": place.end,
            "from": from, "to": to, "precision": precision,
            "relative": now.is_some_and(|now| now.relative),
        }),
    );
    Ok(())
}
