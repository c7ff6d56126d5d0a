//! Mentions: each scanner proposes [`Candidate`]s; [`settle`] keeps the longest, without overlaps.

pub(crate) mod chain;
pub(crate) mod date;
pub(crate) mod law;
pub(crate) mod number;
pub(crate) mod organisation;
pub(crate) mod person;
pub(crate) mod place;
pub(crate) mod role;
mod run;
pub(crate) mod vessel;

use std::ops::Range;

use casefile::statement::{MentionKind, QuantityKind};

use crate::Context;
use crate::tagger::{self, Tag, Tagged};
use crate::text::Text;

/// A span that one scanner takes for a mention.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Candidate {
    pub(crate) kind: MentionKind,
    /// Bytes of the text.
    pub(crate) bytes: Range<u32>,
    /// Among equally long candidates the higher rank stays (see [`rank`]).
    pub(crate) rank: u8,
    pub(crate) value: Value,
}

/// What the words mean, where a scanner knows.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    None,
    Number(Number),
    Date(Interval),
    /// ISO 3166 alpha-2 of the country that a place lies in or a nationality belongs to.
    Country([u8; 2]),
    /// Stands for the mention at these bytes (an acronym, a surname alone, a defined alias).
    Same(Range<u32>),
}

/// A number as its words bound it. Bounds are never invented (table in the contract's data rules).
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Number {
    pub(crate) kind: QuantityKind,
    pub(crate) low: Option<f64>,
    pub(crate) high: Option<f64>,
    pub(crate) best: Option<f64>,
    /// The unit where the number's own words give it (`percent`, `USD`, `person` from 名 or 명 …).
    pub(crate) unit: Option<&'static str>,
    pub(crate) sort: Sort,
    /// The words that bound it ("close to", "at least", 约, 여): bytes of the text.
    pub(crate) bound: Option<Range<u32>>,
}

/// What kind of thing the number says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sort {
    Count,
    Money,
    /// A share: percent, fractions, "one in five".
    Share,
    /// A measure of time, weight, length, age: "three years", "5 tons", "aged 14".
    Measure,
}

/// Days from and to, inclusive, ISO 8601; `None` = open or not resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Interval {
    pub(crate) from: Option<String>,
    pub(crate) to: Option<String>,
    /// `day`, `month`, `year`, `season`, `decade`, `range`, `since`, `until`, `vague`.
    pub(crate) precision: &'static str,
    pub(crate) relative: bool,
}

/// Ranks of the scanners, for candidates of the same length.
pub(crate) mod rank {
    pub(crate) const TAGGER: u8 = 10;
    pub(crate) const SHAPE: u8 = 20;
    pub(crate) const GAZETTEER: u8 = 30;
    pub(crate) const RULE: u8 = 40;
}

impl Candidate {
    /// Whether it is shown as a mention. How long something lasts, how old somebody is and "one of
    /// them" are no counts; the rules of events need their place in the sentence all the same.
    pub(crate) fn is_told(&self, text: &Text<'_>) -> bool {
        let Value::Number(number) = &self.value else {
            return true;
        };
        let lasts = number.sort == Sort::Measure && number::is_time(number.unit);
        let one_of = text.slice(self.bytes.clone()).eq_ignore_ascii_case("one")
            && text
                .raw
                .get(self.bytes.end as usize..)
                .is_some_and(|rest| rest.starts_with(" of "));
        !lasts && !one_of
    }
}

/// All mentions of a text in its order, flat, without overlaps.
pub(crate) fn find(text: &Text<'_>, context: &Context<'_>) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    // Dates come first: no day or year is taken for a count.
    date::scan(text, context, &mut candidates);
    number::scan(text, &mut candidates);
    place::scan(text, &mut candidates);
    law::scan(text, &mut candidates);
    role::scan(text, &mut candidates);
    vessel::scan(text, &mut candidates);
    let tags = tagger::tag(text);
    let definitions = organisation::scan(text, &tags, &mut candidates);
    person::scan(text, &tags, &mut candidates);
    tagged_places(&tags, &mut candidates);
    let mut settled = settle(candidates);
    chain::link(text, &definitions, &mut settled);
    settled
}

/// Places that only the tagger sees: where nothing else claims any of the words.
fn tagged_places(tags: &[Tagged], into: &mut Vec<Candidate>) {
    let mut claimed: Vec<Range<u32>> = into.iter().map(|c| c.bytes.clone()).collect();
    claimed.sort_by_key(|bytes| bytes.start);
    let (mut next, mut reach) = (0, 0);
    for tagged in tags.iter().filter(|tagged| tagged.tag == Tag::Place) {
        while let Some(bytes) = claimed.get(next).filter(|b| b.start < tagged.bytes.end) {
            reach = reach.max(bytes.end);
            next += 1;
        }
        if reach <= tagged.bytes.start {
            into.push(Candidate {
                kind: MentionKind::Place,
                bytes: tagged.bytes.clone(),
                rank: rank::TAGGER,
                value: Value::None,
            });
        }
    }
}

/// Keeps the longest of overlapping candidates, then the highest rank, then the first.
pub(crate) fn settle(mut candidates: Vec<Candidate>) -> Vec<Candidate> {
    candidates.retain(|c| c.bytes.start < c.bytes.end);
    candidates.sort_by(|a, b| {
        let length = |c: &Candidate| c.bytes.end - c.bytes.start;
        (length(b), b.rank, a.bytes.start).cmp(&(length(a), a.rank, b.bytes.start))
    });
    // Taken spans by start: at most one can overlap from the left and one from the right.
    let mut taken: std::collections::BTreeMap<u32, Candidate> = std::collections::BTreeMap::new();
    for candidate in candidates {
        let left = taken.range(..=candidate.bytes.start).next_back();
        let right = taken.range(candidate.bytes.start..).next();
        let free = left.is_none_or(|(_, c)| c.bytes.end <= candidate.bytes.start)
            && right.is_none_or(|(start, _)| *start >= candidate.bytes.end);
        if free {
            taken.insert(candidate.bytes.start, candidate);
        }
    }
    taken.into_values().collect()
}
