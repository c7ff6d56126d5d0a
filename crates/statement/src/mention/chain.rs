//! Chains: a surname alone, an acronym, a defined alias stand for a name that stands before them.

use std::ops::Range;

use casefile::statement::MentionKind;
use rustc_hash::FxHashMap;

use crate::mention::organisation::{Definition, is_function_word, is_head, is_title};
use crate::mention::person::{Style, style};
use crate::mention::{Candidate, Value, rank};
use crate::tagger::english_words;
use crate::text::{Kind, Text};

/// Pushes surnames that stand alone after the full name; each points at the nearest full name
/// before it.
pub(super) fn surnames(text: &Text<'_>, persons: &[(Range<u32>, u8)], into: &mut Vec<Candidate>) {
    // By the surname's hash: the full names that carry it, in the order of the text.
    let mut carriers: FxHashMap<u32, Vec<Range<u32>>> = FxHashMap::default();
    let mut order: Vec<&Range<u32>> = persons.iter().map(|(bytes, _)| bytes).collect();
    order.sort_by_key(|bytes| (bytes.start, std::cmp::Reverse(bytes.end)));
    let mut reach = 0;
    for bytes in order {
        if bytes.start < reach {
            continue;
        }
        reach = bytes.end;
        let tokens = text.tokens_of(bytes.clone());
        let words = tokens
            .clone()
            .filter(|n| text.tokens.get(*n).is_some_and(|t| t.kind == Kind::Word));
        if words.clone().count() < 2 {
            continue;
        }
        let surname = match style(text, &tokens) {
            Style::SurnameFirst => words.clone().next(),
            Style::SurnameLast => words
                .rev()
                .find(|n| !matches!(text.lower(*n), "jr" | "sr" | "ii" | "iii")),
        };
        let Some(token) = surname.and_then(|n| text.tokens.get(n)) else {
            continue;
        };
        if token.end - token.start >= 2 {
            carriers.entry(token.hash).or_default().push(bytes.clone());
        }
    }
    if carriers.is_empty() {
        return;
    }
    let lists = english_words();
    for (at, token) in text.tokens.iter().enumerate() {
        if !token.capital {
            continue;
        }
        let Some(names) = carriers.get(&token.hash) else {
            continue;
        };
        let sentence = text
            .sentence_at(token.start)
            .and_then(|n| text.sentences.get(n));
        let heading = sentence.is_some_and(|s| s.heading);
        // A heading may name whom the text below introduces.
        let upto = names.partition_point(|name| name.end <= token.start);
        let full = match upto.checked_sub(1) {
            Some(last) => names.get(last),
            None if heading => names.first().filter(|name| name.start > token.end),
            None => None,
        };
        let Some(full) = full else { continue };
        if !stands_alone(text, at, heading) {
            continue;
        }
        let (small, title) = lists.cases(text, at);
        let opens = sentence.is_some_and(|s| s.tokens.start == at);
        if small > title.saturating_add(20) && opens {
            continue;
        }
        into.push(Candidate {
            kind: MentionKind::Person,
            bytes: token.start..token.end,
            rank: rank::RULE,
            value: Value::Same(full.clone()),
        });
    }
}

/// No other word in capitals belongs to the one at `at`.
fn stands_alone(text: &Text<'_>, at: usize, heading: bool) -> bool {
    let skip_break = |n: usize| {
        if text.tokens.get(n).is_some_and(|t| t.kind == Kind::Break) {
            n + 1
        } else {
            n
        }
    };
    let next = skip_break(at + 1);
    let dashed = |n: usize| {
        matches!(text.word(n), "-" | "‐" | "‑")
            && text.tokens.get(n).is_some_and(|t| !t.spaced)
            && text.tokens.get(n + 1).is_some_and(|t| !t.spaced)
    };
    if dashed(at + 1)
        || (text.tokens.get(next).is_some_and(|t| t.capital && t.spaced)
            && !is_function_word(text, next)
            && (!heading || is_head(text, next)))
    {
        return false;
    }
    let Some(before) = at.checked_sub(1) else {
        return true;
    };
    let previous = text.tokens.get(before);
    if previous.is_some_and(|t| t.capital) && text.tokens.get(at).is_some_and(|t| t.spaced) {
        return is_title(text, before) || is_function_word(text, before) || is_head(text, before);
    }
    // "Jean-Marie", "J. Smith" belong to longer names.
    !(before > 0
        && matches!(text.word(before), "-" | "‐" | "‑")
        && previous.is_some_and(|t| !t.spaced))
}

/// Lets short forms point at the names that they were defined for.
pub(super) fn link(text: &Text<'_>, definitions: &[Definition], settled: &mut [Candidate]) {
    if definitions.is_empty() {
        return;
    }
    let mut by_words: FxHashMap<&str, Vec<&Definition>> = FxHashMap::default();
    for definition in definitions {
        by_words
            .entry(text.slice(definition.short.clone()))
            .or_default()
            .push(definition);
    }
    for mention in settled.iter_mut() {
        if !matches!(
            mention.kind,
            MentionKind::Organisation | MentionKind::Place | MentionKind::Law | MentionKind::Person
        ) || matches!(mention.value, Value::Same(_))
        {
            continue;
        }
        let Some(known) = by_words.get(text.slice(mention.bytes.clone())) else {
            continue;
        };
        // The definition before it, or the first where all stand after it.
        let upto = known.partition_point(|d| d.short.start <= mention.bytes.start);
        let Some(definition) = known.get(upto.saturating_sub(1)) else {
            continue;
        };
        // A place keeps its country: that says more than the chain.
        if definition.full != mention.bytes && mention.value == Value::None {
            mention.value = Value::Same(definition.full.clone());
        }
    }
}

/// The mention that `mention` stands for, itself where it stands for no other.
#[allow(dead_code, reason = "for whoever reads mentions: events, entities")]
pub(crate) fn full<'m>(mentions: &'m [Candidate], mention: &'m Candidate) -> &'m Candidate {
    let mut at = mention;
    // Chains are short; a bound keeps a circle from turning.
    for _ in 0..4 {
        let Value::Same(bytes) = &at.value else {
            return at;
        };
        let found = mentions.partition_point(|m| m.bytes.start < bytes.start);
        match mentions.get(found).filter(|m| m.bytes.start == bytes.start) {
            Some(next) if !std::ptr::eq(next, at) => at = next,
            _ => return at,
        }
    }
    at
}
