//! Names of organisations: legal form, place, trade, number and the proper name, each weighed by itself, so that a
//! company is found again under another form or in another script, and its sisters are not taken for it.

mod acronym;
pub(crate) mod number;
pub(crate) mod pair;
pub(crate) mod sound;
mod tables;
pub(crate) mod tokens;
pub(crate) mod weigh;

pub use tables::{Class, Kind};
pub use tokens::Token;

use crate::{Comparison, fold};
use weigh::Tally;

/// Other names given in one (`X a/k/a Y`, `X/Y`) that are looked at.
const MAX_READINGS: usize = 4;

/// A parsed name.
#[derive(Clone, Debug)]
pub struct Name {
    /// As it was written.
    pub written: String,
    /// The name, and others that stand beside it in the same text.
    pub readings: Vec<Reading>,
}

/// One name in its words.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The text, folded.
    pub text: String,
    pub tokens: Vec<Token>,
    /// Runs of words that may be one word elsewhere.
    pub(crate) joins: Vec<pair::Join>,
    /// Whether it is from China or Korea, as far as it says.
    pub east: bool,
}

/// Parses a name; never fails. Time is linear in its length, and only its first [`fold::MAX_CHARS`] characters count.
#[must_use]
pub fn parse(written: &str) -> Name {
    let cleaned = fold::clean(written);
    let readings = alternatives(&cleaned, MARKS)
        .into_iter()
        .map(read)
        .collect();
    Name {
        written: written.to_owned(),
        readings,
    }
}

fn read(text: &str) -> Reading {
    let mut tokens = tokens::tokens(text);
    // An acronym in brackets behind the name that it stands for adds nothing.
    let asides: Vec<usize> = tokens
        .iter()
        .enumerate()
        .filter(|(_, token)| token.aside && acronym::stands_for(token, &tokens).is_some())
        .map(|(at, _)| at)
        .collect();
    for at in asides {
        if let Some(token) = tokens.get_mut(at) {
            token.kind = Kind::Stop;
        }
    }
    let east = tokens.iter().any(|token| {
        token.script.is_syllabic()
            || token.kind == Kind::Place
                && matches!(
                    &token.country,
                    b"CN" | b"KP" | b"KR" | b"TW" | b"HK" | b"MO" | b"VN"
                )
    });
    Reading {
        text: fold::plain(text),
        joins: pair::joins(&tokens),
        tokens,
        east,
    }
}

/// What stands between several names of one; each begins with a space, a bracket or a semicolon.
const MARKS: &[&str] = &[
    " a.k.a. ",
    " a/k/a ",
    " aka ",
    " also known as ",
    " f/k/a ",
    " f.k.a. ",
    " fka ",
    " formerly known as ",
    " formerly ",
    " d/b/a ",
    " dba ",
    " doing business as ",
    " | ",
    "; ",
    " / ",
];

/// The names in a text that gives several, parted by one of `marks` (lower case) or a slash between words.
pub(crate) fn alternatives<'a>(text: &'a str, marks: &[&str]) -> Vec<&'a str> {
    // Only ASCII letters change case here, so that positions stay those of `text`.
    let lower = text.to_ascii_lowercase();
    let mut cuts: Vec<(usize, usize)> = Vec::new();
    for (at, _) in lower.match_indices([' ', ';', '(', '（']) {
        let rest = lower.get(at..).unwrap_or_default();
        let found = marks.iter().filter(|mark| rest.starts_with(**mark));
        cuts.extend(found.map(|mark| (at, at.saturating_add(mark.len()))));
    }
    for (at, _) in text.match_indices('/') {
        let (before, after) = (
            text.get(..at).unwrap_or_default(),
            text.get(at.saturating_add(1)..).unwrap_or_default(),
        );
        let letters = |word: Option<&str>| {
            word.is_some_and(|word| word.chars().filter(|c| c.is_alphabetic()).count() >= 4)
        };
        if letters(before.split(' ').next_back()) && letters(after.split(' ').next()) {
            cuts.push((at, at.saturating_add(1)));
        }
    }
    cuts.sort_unstable();
    let mut out = Vec::new();
    let mut from = 0;
    for (at, to) in cuts {
        if at < from || out.len().saturating_add(1) >= MAX_READINGS {
            continue;
        }
        out.extend(text.get(from..at).map(trim).filter(|part| !part.is_empty()));
        from = to;
    }
    out.extend(text.get(from..).map(trim).filter(|part| !part.is_empty()));
    if out.is_empty() {
        out.push(text);
    }
    out
}

fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| {
        c == ' '
            || c == '(' && !text.contains(')')
            || c == ')' && !text.contains('(')
            || c == ','
            || c == ';'
    })
}

/// Compares two names. It is the same both ways, the sides of the reasons exchanged.
#[must_use]
pub fn compare(left: &Name, right: &Name) -> Comparison {
    compare_readings(&left.readings, &right.readings, weigh::weigh)
}

/// What the weights of [`compare`] sum to, without the reasons: much faster.
#[must_use]
pub fn log_odds(left: &Name, right: &Name) -> f32 {
    odds_of_readings(&left.readings, &right.readings, weigh::weigh)
}

/// How two readings are weighed.
pub(crate) type Weigh = fn(&Reading, &Reading, &mut Tally);

pub(crate) fn compare_readings(left: &[Reading], right: &[Reading], weigh: Weigh) -> Comparison {
    let mut best: Option<Tally> = None;
    each(left, right, |a, b| {
        let mut tally = Tally::with_reasons();
        weigh_in_order(a, b, weigh, &mut tally);
        if best.as_ref().is_none_or(|known| tally.sum > known.sum) {
            best = Some(tally);
        }
    });
    Comparison::of(best.and_then(|tally| tally.because).unwrap_or_default())
}

pub(crate) fn odds_of_readings(left: &[Reading], right: &[Reading], weigh: Weigh) -> f32 {
    let mut best = f32::NEG_INFINITY;
    each(left, right, |a, b| {
        let mut tally = Tally::default();
        weigh_in_order(a, b, weigh, &mut tally);
        best = best.max(tally.sum);
    });
    best
}

fn each(left: &[Reading], right: &[Reading], mut then: impl FnMut(&Reading, &Reading)) {
    for a in left {
        for b in right {
            then(a, b);
        }
    }
}

/// Weighs the two in the order of their texts and turns the reasons back, so that nothing depends on which came first.
fn weigh_in_order(a: &Reading, b: &Reading, weigh: Weigh, tally: &mut Tally) {
    if a.text <= b.text {
        weigh(a, b, tally);
        return;
    }
    weigh(b, a, tally);
    for feature in tally.because.iter_mut().flatten() {
        std::mem::swap(&mut feature.left, &mut feature.right);
    }
}

/// The words of readings with what each does, for tests to look at.
#[cfg(test)]
pub(crate) fn spelled_out(readings: &[Reading]) -> String {
    let token = |token: &Token| format!("{:?} {}", token.kind, token.text);
    let reading = |reading: &Reading| {
        let tokens: Vec<String> = reading.tokens.iter().map(token).collect();
        tokens.join(", ")
    };
    let readings: Vec<String> = readings.iter().map(reading).collect();
    readings.join(" // ")
}

#[cfg(test)]
mod tests;
