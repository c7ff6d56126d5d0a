//! Numbers: counts, money, shares and measures in English, Chinese and Korean, with their bounds.
//!
//! Dates are found first, so that no day or year is taken for a count. What a number is *not*
//! (a section, a footnote, a telephone, a code) is said in [`refused`].

mod chinese;
mod english;
mod korean;
mod magnitude;
mod refused;
mod words;

use std::ops::Range;

use casefile::statement::{MentionKind, QuantityKind};

use crate::mention::run::{Run, each_run};
use crate::mention::{Candidate, Number, Sort, Value, rank};
use crate::text::{Kind, Script, Text};

pub(super) use chinese::han_number;
pub(super) use refused::counts_something;

/// Proposes the numbers of a text. `into` holds the dates found before, in the order of the text.
pub(crate) fn scan(text: &Text<'_>, into: &mut Vec<Candidate>) {
    let dates: Vec<Range<u32>> = into
        .iter()
        .filter(|c| c.kind == MentionKind::Date)
        .map(|c| c.bytes.clone())
        .collect();
    let mut taken = Taken {
        dates: &dates,
        at: 0,
    };
    each_run(text, |run| scan_run(run, &mut taken, into));
}

/// The dates of the text, asked for in ascending order.
struct Taken<'d> {
    dates: &'d [Range<u32>],
    at: usize,
}

impl Taken<'_> {
    /// Where the date that covers `byte` ends.
    fn until(&mut self, byte: u32) -> Option<u32> {
        while self.dates.get(self.at).is_some_and(|d| d.end <= byte) {
            self.at += 1;
        }
        self.dates
            .get(self.at)
            .filter(|d| d.start <= byte)
            .map(|d| d.end)
    }

    /// Where the next date after `byte` begins.
    fn next_start(&self, byte: u32) -> u32 {
        self.dates
            .get(self.at..)
            .unwrap_or(&[])
            .iter()
            .map(|d| d.start)
            .find(|start| *start > byte)
            .unwrap_or(u32::MAX)
    }
}

fn scan_run(run: &Run<'_, '_>, taken: &mut Taken<'_>, into: &mut Vec<Candidate>) {
    // Nothing before `done` may become part of the next number.
    let (mut at, mut done) = (0, run.bytes(0..1).start);
    while let Some(token) = run.token(at) {
        let from = token.start.max(done);
        if from >= token.end {
            at += 1;
            continue;
        }
        if let Some(end) = taken.until(from) {
            done = end;
            continue;
        }
        let whole = from == token.start;
        let found = match token.kind {
            Kind::Han => {
                let end = token.end.min(taken.next_start(from));
                let found = chinese::read_run(run.text, from..end, done);
                if found.is_none() && end < token.end {
                    done = end;
                    continue;
                }
                found
            }
            Kind::Digits if whole => match language(run, at) {
                Script::Latin => english::read(run, at, floor(run, at, done)),
                Script::Han => chinese::read_digits(run, at, done),
                Script::Hangul => korean::read_digits(run, at, done),
            },
            Kind::Word | Kind::Mark if whole => english::read(run, at, floor(run, at, done)),
            Kind::Hangul if whole => korean::read_word(run, at, done),
            _ => None,
        };
        match found {
            Some(found) => {
                done = found.bytes.end.max(from + 1);
                // How long something lasts and how old somebody is are no counts. English says
                // the figure apart from its unit and leaves that to its events.
                let lasts = matches!(token.kind, Kind::Han | Kind::Hangul)
                    || token.kind == Kind::Digits && language(run, at) != Script::Latin;
                if !(lasts && found.sort == Sort::Measure && is_time(found.unit)) {
                    into.extend(found.candidate());
                }
            }
            None => at += 1,
        }
    }
}

/// Whether a unit measures time.
pub(super) fn is_time(unit: Option<&str>) -> bool {
    matches!(
        unit,
        Some("year" | "month" | "week" | "day" | "hour" | "minute" | "second")
    )
}

/// The first token at or before `at` that begins at or after `done`, a few words back at most.
fn floor(run: &Run<'_, '_>, at: usize, done: u32) -> usize {
    let mut floor = at;
    for _ in 0..8 {
        match floor.checked_sub(1) {
            Some(before) if run.token(before).is_some_and(|t| t.start >= done) => floor = before,
            _ => break,
        }
    }
    floor
}

/// The language whose rules read the digits at `at`: that of the letters right behind them, or
/// else that of the sentence.
fn language(run: &Run<'_, '_>, at: usize) -> Script {
    match run.kind(at + 1) {
        Some(Kind::Han) if run.glued(at + 1) || run.script != Script::Latin => Script::Han,
        Some(Kind::Hangul) if run.glued(at + 1) || run.script != Script::Latin => Script::Hangul,
        Some(Kind::Word) if run.script == Script::Latin => Script::Latin,
        _ => run.script,
    }
}

/// What the figure itself says, before the words around it bound it.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Core {
    Exact(f64),
    Range(f64, f64),
    /// "dozens", 数百, 수만: the words leave it open between two round figures.
    Vague(f64, f64),
}

/// How the words around a figure bound it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bound {
    Approx,
    /// "close to": not above.
    Below,
    MoreThan,
    AtLeast,
    AtMost,
    LessThan,
    /// 여: the figure and somewhat more.
    MinApprox,
}

impl Bound {
    /// Two bounds of one figure, in the order of the words: "up to an estimated 200".
    fn and(self, inner: Self) -> Self {
        match (self, inner) {
            (Self::Approx, inner) => inner,
            (Self::AtLeast, Self::MoreThan) => Self::MoreThan,
            (outer, _) => outer,
        }
    }
}

/// A figure with its words, on the way to a candidate.
#[derive(Debug, Clone, PartialEq)]
struct Figure {
    bytes: Range<u32>,
    core: Core,
    bound: Option<(Bound, Range<u32>)>,
    unit: Option<&'static str>,
    sort: Sort,
}

impl Figure {
    /// Bounds the figure by words at `words`, which lie further out than those known.
    fn bind(&mut self, bound: Bound, words: Range<u32>) {
        self.bound = Some(match self.bound.take() {
            None => (bound, words.clone()),
            Some((inner, at)) => (
                bound.and(inner),
                if words.end <= at.start || inner == Bound::Approx {
                    words.clone()
                } else {
                    at
                },
            ),
        });
        self.bytes = self.bytes.start.min(words.start)..self.bytes.end.max(words.end);
    }

    fn candidate(self) -> Option<Candidate> {
        let finite = |n: f64| n.is_finite() && n.abs() < 1.0e15;
        let (low, high) = match self.core {
            Core::Exact(n) => (n, n),
            Core::Range(a, b) | Core::Vague(a, b) => (a, b),
        };
        if !finite(low) || !finite(high) {
            return None;
        }
        // Only what is counted one by one has a next number: more than 500 people are 501.
        let step = |n: f64| f64::from(u8::from(self.sort == Sort::Count && n.fract() == 0.0));
        let bound = self.bound.as_ref().map(|(bound, _)| *bound);
        let exact = matches!(self.core, Core::Exact(_));
        let best = exact.then_some(high);
        use QuantityKind as Q;
        let (kind, low, high, best) = match bound {
            None => match self.core {
                Core::Exact(_) => (Q::Exact, Some(low), Some(high), best),
                Core::Range(..) => (Q::Range, Some(low), Some(high), None),
                Core::Vague(..) => (Q::Vague, Some(low), Some(high), None),
            },
            Some(Bound::Approx) => match self.core {
                Core::Exact(_) => (Q::Approx, None, None, best),
                Core::Range(..) => (Q::Range, Some(low), Some(high), None),
                Core::Vague(..) => (Q::Vague, Some(low), Some(high), None),
            },
            Some(Bound::Below) => (Q::ApproxBelow, None, Some(high), best),
            Some(Bound::MoreThan) => (Q::Min, Some(low + step(low)), None, None),
            Some(Bound::AtLeast) => (Q::Min, Some(low), None, None),
            Some(Bound::AtMost) => (Q::Max, None, Some(high), None),
            Some(Bound::LessThan) => (Q::Max, None, Some(high - step(high)), None),
            Some(Bound::MinApprox) => match self.core {
                Core::Exact(_) => (Q::MinApprox, Some(low), None, best),
                // 수십여 명, 50∼60여 명: the words leave it open already.
                Core::Range(..) => (Q::Range, Some(low), Some(high), None),
                Core::Vague(..) => (Q::Vague, Some(low), Some(high), None),
            },
        };
        Some(Candidate {
            kind: MentionKind::Number,
            bytes: self.bytes,
            rank: rank::RULE,
            value: Value::Number(Number {
                kind,
                low,
                high,
                best,
                unit: self.unit,
                sort: self.sort,
                bound: self.bound.map(|(_, words)| words),
            }),
        })
    }
}

#[cfg(test)]
mod tests;
