//! Dates: points, intervals and relative expressions in English, Chinese and Korean.
//!
//! Each language reads what is [`spoken`]; [`resolve`] turns it into days against the document's
//! date and the dates spoken of before.

mod calendar;
mod chinese;
mod cursor;
mod english;
mod korean;
mod resolve;
mod spoken;

use casefile::ApproxDate;
use casefile::statement::MentionKind;

use crate::Context;
use crate::mention::run::{Run, each_run, first_runs};
use crate::mention::{Candidate, Interval, Value, rank};
use crate::text::{Kind, Script, Text};

use resolve::{Memory, Place};
use spoken::Spoken;

/// Proposes the dates of a text, in its order and without overlaps.
pub(crate) fn scan(text: &Text<'_>, context: &Context<'_>, into: &mut Vec<Candidate>) {
    let mut day_first = None;
    if text.raw.contains('/') {
        each_run(text, |run| day_first = english::day_first(run, day_first));
    }
    let published = context.published.or_else(|| dateline(text, day_first));
    let mut memory = Memory::new(published, day_first);
    let mut done = 0;
    each_run(text, |run| {
        scan_run(run, &mut done, |spoken, place| {
            let interval = memory.resolve(&spoken, place);
            into.push(Candidate {
                kind: MentionKind::Date,
                bytes: spoken.bytes,
                rank: rank::RULE,
                value: Value::Date(interval),
            });
        });
    });
}

/// In how many sentences from the beginning a text's dateline is looked for.
const HEAD: usize = 12;
/// How many bytes may stand beside a date on a line of its own ("Washington, 4 March 2024").
const BESIDE: usize = 48;

/// The day that a text gives itself at its head: on a line of its own, or before a dash
/// ("SEOUL, May 7, 2024 — …").
fn dateline(text: &Text<'_>, day_first: Option<bool>) -> Option<ApproxDate> {
    let mut memory = Memory::new(None, day_first);
    let mut found: Option<ApproxDate> = None;
    let mut done = 0;
    first_runs(text, HEAD, |run| {
        if found.is_some() || run.table {
            return;
        }
        scan_run(run, &mut done, |spoken, place| {
            let bytes = spoken.bytes.clone();
            let interval = memory.resolve(&spoken, place);
            if found.is_none()
                && interval.precision == "day"
                && !interval.relative
                && heads(text.raw, bytes.start as usize..bytes.end as usize)
            {
                found = interval.from.as_deref().and_then(|day| day.parse().ok());
            }
        });
    });
    found
}

fn heads(raw: &str, date: std::ops::Range<usize>) -> bool {
    let (Some(before), Some(behind)) = (raw.get(..date.start), raw.get(date.end..)) else {
        return false;
    };
    let before = before.rsplit('\n').next().unwrap_or(before);
    let behind = behind.split('\n').next().unwrap_or(behind);
    // A list of people has dates of birth.
    let other = |words: &str| {
        let words = words.to_lowercase();
        words.contains(['\t', ';', '|'])
            || words.bytes().any(|b| b.is_ascii_digit())
            || ["born", "birth", "dob", "died", "생", "出生"]
                .iter()
                .any(|word| words.contains(word))
    };
    if other(before) {
        return false;
    }
    let alone = !other(behind)
        && before.trim().len() + behind.trim().len() <= BESIDE
        && !behind.trim_end().ends_with(['.', '。', '다'])
        || before.trim().is_empty() && behind.trim() == ".";
    let dashed = before.trim().len() <= BESIDE
        && behind
            .trim_start_matches([' ', ',', ')', ']', '）'])
            .starts_with(['–', '—', '-', '―']);
    alone || dashed
}

/// `done` is where the last date ended; some reach over what looks like a sentence's end.
fn scan_run(run: &Run<'_, '_>, done: &mut u32, mut each: impl FnMut(Spoken, Place)) {
    let place = Place {
        sentence: run.sentence,
        block: run.block,
    };
    let mut at = 0;
    while let Some(token) = run.token(at) {
        let from = token.start.max(*done);
        if from >= token.end {
            at += 1;
            continue;
        }
        let whole = from == token.start;
        let found = match token.kind {
            Kind::Han => chinese::read_run(run, at, from..token.end),
            Kind::Digits if whole => match run.kind(at + 1) {
                Some(Kind::Han) => chinese::read_digits(run, at),
                Some(Kind::Hangul) => korean::read(run, at),
                _ => None,
            }
            .or_else(|| match run.script {
                Script::Hangul => korean::read(run, at),
                Script::Han => chinese::read_digits(run, at),
                Script::Latin => None,
            })
            .or_else(|| {
                // 2000명 is no year.
                let counts =
                    matches!(run.kind(at + 1), Some(Kind::Han | Kind::Hangul)) && run.glued(at + 1);
                (!counts).then(|| latin(run, at)).flatten()
            }),
            Kind::Hangul if whole => korean::read(run, at),
            Kind::Word | Kind::Mark if whole => latin(run, at),
            _ => None,
        };
        match found {
            Some(spoken) => {
                *done = spoken.bytes.end.max(from + 1);
                each(spoken, place);
            }
            None => at += 1,
        }
    }
}

fn latin(run: &Run<'_, '_>, at: usize) -> Option<Spoken> {
    english::read(run, at).map(|(_, spoken)| spoken)
}

/// The interval of "currently", "presently" and the like: words that place a statement in time
/// without being mentions of a date.
#[expect(dead_code, reason = "for the event rules")]
pub(crate) fn present(context: &Context<'_>) -> Interval {
    Memory::new(context.published, None).resolve(
        &Spoken {
            bytes: 0..0,
            frame: spoken::Frame::Plain,
            first: spoken::Piece::new(spoken::Point::Now),
            last: None,
            future: false,
        },
        Place {
            sentence: 0,
            block: 0,
        },
    )
}

#[cfg(test)]
mod tests;
