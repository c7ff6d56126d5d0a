//! Rival figures of one event: "some groups say 1,500, others at least 2,000".

use std::ops::Range;

use casefile::statement::{Argument, Attribution, Statement};

use super::State;
use super::figure;
use super::phrase::Phrase;
use super::tellers::source_bytes;
use super::units::{Parse, Tag};
use super::verbs::class;
use crate::mention::Sort;
use crate::text::Text;

/// Whether a sentence may give a figure that only somebody's name stands before.
pub(super) fn may(text: &Text<'_>, tokens: Range<usize>) -> bool {
    tokens.len() < 40
        && tokens.clone().any(|t| {
            matches!(
                text.lower(t),
                "say"
                    | "says"
                    | "said"
                    | "put"
                    | "puts"
                    | "estimate"
                    | "estimates"
                    | "estimated"
                    | "claim"
                    | "claims"
            )
        })
}

/// Pushes the event that was counted last once for each figure that somebody else gives it.
pub(super) fn find(parse: &Parse<'_, '_>, state: &State, into: &mut Vec<Statement>) {
    let Some(last) = state.last_counted.clone() else {
        return;
    };
    let Some(quantity) = &last.quantity else {
        return;
    };
    let sentence = parse.bytes(0..parse.units.len());
    let begins = parse.text.char_at(sentence.start);
    let here = quantity.start >= begins;
    let mut told = here;
    for u in 1..parse.units.len() {
        let Some(number) = figure::count(parse, u).filter(|n| {
            n.sort == Sort::Count && parse.tag(u) == Tag::Number && closes(parse, u + 1)
        }) else {
            continue;
        };
        let source = says(parse, u).or_else(|| other(parse, u).filter(|_| told));
        let Some(source) = source else {
            continue;
        };
        told = true;
        let bytes = parse.bytes(u..u + 1);
        let start = parse.text.char_at(bytes.start);
        // What an event of this sentence already counts is no rival.
        if into
            .iter()
            .any(|s| s.quantity.as_ref().is_some_and(|q| q.start == start))
        {
            continue;
        }
        let quote = parse.text.quote(parse.bytes(source.units.start..u + 1));
        into.push(Statement {
            start: quote.start,
            end: quote.end,
            quote: quote.text,
            trigger: if here {
                last.trigger.clone()
            } else {
                parse.text.quote(bytes.clone())
            },
            agent: last.agent.clone(),
            quantity: Some(figure::quantity(
                parse.text,
                bytes,
                number,
                quantity.unit.clone(),
                quantity.measure,
            )),
            attribution: vec![Attribution {
                source: Argument::At(parse.text.quote(source_bytes(parse, &source))),
                cue: None,
            }],
            hedges: number
                .bound
                .clone()
                .map(|bound| parse.text.quote(bound))
                .into_iter()
                .collect(),
            score: 0.6,
            ..last.clone()
        });
    }
}

/// Whether the figure ends what is said: no noun that it counts follows.
fn closes(parse: &Parse<'_, '_>, at: usize) -> bool {
    at >= parse.units.len()
        || matches!(
            parse.tag(at),
            Tag::Comma | Tag::Stop | Tag::Conjunction | Tag::QuoteMark | Tag::Other
        )
}

/// "Some groups say 1,500", "NGOs estimate 2,000", "X puts it at 600"
fn says(parse: &Parse<'_, '_>, number: usize) -> Option<Phrase> {
    let mut at = number - 1;
    if parse.lower(at) == "at" {
        at = at.checked_sub(1)?;
        if parse.lower(at) == "it" {
            at = at.checked_sub(1)?;
        }
    }
    let verb = matches!(parse.tag(at), Tag::Verb | Tag::Participle)
        && (parse.class(at) & class::SPEECH != 0 || matches!(parse.lower(at), "put" | "puts"));
    if !verb {
        return None;
    }
    parse.subject(parse.group(at).start)
}

/// "…, others at least 2,000", "… but the ministry only 40"
fn other(parse: &Parse<'_, '_>, number: usize) -> Option<Phrase> {
    let mut end = number;
    while end > 0 && parse.tag(end - 1) == Tag::Adverb {
        end -= 1;
    }
    let phrase = match parse.lower(end.checked_sub(1)?) {
        "others" | "some" | "another" => Phrase {
            units: end - 1..end,
            head: end - 1,
            number: None,
        },
        _ => parse
            .phrase_before(end)
            .filter(|p| p.units.end == end && p.number.is_none())?,
    };
    let before = phrase.units.start.checked_sub(1)?;
    (matches!(parse.tag(before), Tag::Comma | Tag::Conjunction | Tag::Stop)
        && (parse.phrase_is_person(&phrase)
            || phrase.units.clone().any(|u| {
                parse.tag(u) == Tag::Name
                    && !parse.is_kind(u, casefile::statement::MentionKind::Place)
            })))
    .then_some(phrase)
}
