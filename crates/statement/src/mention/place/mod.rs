//! Places and nationalities: countries, divisions, cities, borders, waters, prisons and camps, and
//! the peoples and adjectives that belong to countries.

mod chinese;
mod gazetteer;
mod korean;
mod latin;
mod short;
mod site;
mod wide;
mod words;

#[cfg(test)]
mod tests;

use std::ops::Range;

use casefile::statement::MentionKind;

use crate::mention::{Candidate, Value, rank};
use crate::text::Text;

use self::gazetteer::{Known, Sort};

/// Proposes all places and nationalities of a text.
pub(crate) fn scan(text: &Text<'_>, into: &mut Vec<Candidate>) {
    latin::scan(text, into);
    site::scan(text, into);
    if !text.raw.is_ascii() {
        wide::scan(text, into);
    }
}

/// The country whose name or people's name begins at token `at` and fills `at..end` or more:
/// used by scanners of names that begin with a country ("Chinese President").
pub(crate) fn name_at(
    text: &Text<'_>,
    at: usize,
    limit: usize,
) -> Option<(Range<usize>, MentionKind)> {
    let (tokens, known) = latin::known_at(text, at, limit)?;
    (known.trust != gazetteer::Trust::Weak).then(|| (tokens, kind(known.sort)))
}

fn kind(sort: Sort) -> MentionKind {
    if sort == Sort::People {
        MentionKind::Nationality
    } else {
        MentionKind::Place
    }
}

fn value(known: &Known) -> Value {
    if known.country == *b"--" {
        Value::None
    } else {
        Value::Country(known.country)
    }
}

fn candidate(bytes: Range<u32>, known: &Known) -> Candidate {
    Candidate {
        kind: kind(known.sort),
        bytes,
        rank: rank::GAZETTEER,
        value: value(known),
    }
}
