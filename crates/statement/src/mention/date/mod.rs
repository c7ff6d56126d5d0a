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

use casefile::statement::MentionKind;

use crate::Context;
use crate::mention::run::{Run, each_run};
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
    let mut memory = Memory::new(context.published, day_first);
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
