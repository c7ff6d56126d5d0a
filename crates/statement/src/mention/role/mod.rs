//! Offices and titles: "Special Rapporteur on …", "North Korean leader", 发言人, 대변인.

mod english;
mod wide;
mod words;

#[cfg(test)]
mod tests;

use std::ops::Range;

use casefile::statement::MentionKind;

use crate::mention::{Candidate, Value, rank};
use crate::text::Text;

/// Proposes all roles of a text.
pub(crate) fn scan(text: &Text<'_>, into: &mut Vec<Candidate>) {
    english::scan(text, into);
    if !text.raw.is_ascii() {
        wide::scan(text, into);
    }
}

fn push(bytes: Range<u32>, into: &mut Vec<Candidate>) {
    into.push(Candidate {
        kind: MentionKind::Role,
        bytes,
        rank: rank::RULE,
        value: Value::None,
    });
}
