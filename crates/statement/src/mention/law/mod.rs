//! Laws: treaties, acts, resolutions, orders, by their titles, their numbers and the acronyms that a
//! text defines for them.

mod english;
mod numbered;
mod wide;
mod words;

#[cfg(test)]
mod tests;

use std::ops::Range;

use casefile::statement::MentionKind;

use crate::mention::{Candidate, Value, rank};
use crate::text::Text;

/// Proposes all laws of a text.
pub(crate) fn scan(text: &Text<'_>, into: &mut Vec<Candidate>) {
    let first = into.len();
    numbered::scan(text, into);
    english::scan(text, into);
    english::acronyms(text, first, into);
    if !text.raw.is_ascii() {
        wide::scan(text, into);
    }
}

fn push(bytes: Range<u32>, into: &mut Vec<Candidate>) {
    into.push(Candidate {
        kind: MentionKind::Law,
        bytes,
        rank: rank::RULE,
        value: Value::None,
    });
}
