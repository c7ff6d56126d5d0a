//! Short forms that a text defines: `Name (ABC)`, `Name (hereinafter "the Company")`, `全名（简称）`.

use std::ops::Range;

use casefile::statement::MentionKind;
use rustc_hash::FxHashMap;

use super::english;
use crate::mention::{Candidate, rank};
use crate::text::{Kind, Text};

/// A short form and the name that it stands for, at the place that defines it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Definition {
    pub(crate) short: Range<u32>,
    pub(crate) full: Range<u32>,
    /// What sort of name it is.
    pub(crate) kind: MentionKind,
}

/// Finds definitions, confirms the names that stand before them, and pushes every later use of an
/// organisation's short form.
pub(super) fn scan(
    text: &Text<'_>,
    others: &[Candidate],
    into: &mut Vec<(Range<u32>, u8)>,
) -> Vec<Definition> {
    let mut ends: FxHashMap<u32, (Range<u32>, MentionKind)> = FxHashMap::default();
    for candidate in others {
        if matches!(candidate.kind, MentionKind::Place | MentionKind::Law) {
            let longest = ends
                .entry(candidate.bytes.end)
                .or_insert_with(|| (candidate.bytes.clone(), candidate.kind));
            if candidate.bytes.start < longest.0.start {
                *longest = (candidate.bytes.clone(), candidate.kind);
            }
        }
    }
    let mut bodies: FxHashMap<u32, Range<u32>> = FxHashMap::default();
    for (bytes, _) in into.iter() {
        let longest = bodies.entry(bytes.end).or_insert_with(|| bytes.clone());
        if bytes.start < longest.start {
            *longest = bytes.clone();
        }
    }
    let mut definitions = Vec::new();
    for open in 1..text.tokens.len() {
        if !matches!(text.word(open), "(" | "（") {
            continue;
        }
        let Some((short, quoted)) = short_form(text, open) else {
            continue;
        };
        let short_bytes = text.bytes(short.clone());
        let end = text.bytes(0..open).end;
        if let Some((full, kind)) = ends.get(&end)
            && bodies.get(&end).is_none_or(|body| body.start >= full.start)
        {
            definitions.push(Definition {
                short: short_bytes,
                full: full.clone(),
                kind: *kind,
            });
            continue;
        }
        let letters = text.slice(short_bytes.clone());
        let spelled = (!quoted)
            .then(|| english::spelled_out(text, open, letters))
            .flatten();
        let full = match (bodies.get(&end), spelled) {
            // Initials say where a name begins, a longer rule's find may say more.
            (Some(body), Some(spelled)) => Some(spelled.start.min(body.start)..end),
            (Some(body), None) => Some(body.clone()),
            (None, Some(spelled)) => Some(spelled),
            (None, None) => None,
        };
        let Some(full) = full else { continue };
        if english::is_no_body(text.slice(short_bytes.clone())) {
            continue;
        }
        into.push((full.clone(), rank::RULE));
        definitions.push(Definition {
            short: short_bytes,
            full,
            kind: MentionKind::Organisation,
        });
    }
    // Every use of a short form in capitals; aliases such as "the Company" are for chains only.
    let mut short: FxHashMap<&str, ()> = FxHashMap::default();
    for definition in &definitions {
        let words = text.slice(definition.short.clone());
        if definition.kind == MentionKind::Organisation
            && (words.chars().filter(|c| c.is_uppercase()).count() >= 2 || !words.is_ascii())
        {
            short.insert(words, ());
        }
    }
    if !short.is_empty() {
        for (n, token) in text.tokens.iter().enumerate() {
            if matches!(token.kind, Kind::Word | Kind::Han | Kind::Hangul)
                && short.contains_key(text.word(n))
            {
                into.push((token.start..token.end, rank::RULE));
            }
        }
    }
    definitions
}

/// The short form inside a bracket, and whether quotation marks stand around it.
fn short_form(text: &Text<'_>, open: usize) -> Option<(Range<usize>, bool)> {
    let mut at = open + 1;
    // "hereinafter", "hereafter referred to as", "known as", 以下简称, 이하: up to six words.
    for _ in 0..6 {
        if !matches!(
            text.lower(at),
            "hereinafter"
                | "hereafter"
                | "referred"
                | "to"
                | "as"
                | "or"
                | "the"
                | "known"
                | "formerly"
                | "called"
                | "collectively"
                | "以下简称"
                | "下称"
                | "简称"
                | "이하"
        ) {
            break;
        }
        at += 1;
    }
    let quoted = matches!(text.word(at), "\"" | "“" | "‘" | "'" | "「");
    if quoted {
        at += 1;
        if matches!(text.lower(at), "the") {
            at += 1;
        }
        let mut end = at;
        while end < at + 5 && text.tokens.get(end).is_some_and(|t| t.kind != Kind::Mark) {
            end += 1;
        }
        return (end > at && matches!(text.word(end), "\"" | "”" | "’" | "'" | "」"))
            .then_some((at..end, true));
    }
    let token = text.tokens.get(at)?;
    let capitals = text
        .word(at)
        .chars()
        .take(12)
        .filter(|c| c.is_uppercase())
        .count();
    let mut end = at + 1;
    // `KOMID`, `HRNK`, `LiNK`, `R&D`, `UN-COI`.
    if token.kind != Kind::Word || capitals < 2 || token.end - token.start > 10 {
        return None;
    }
    if matches!(text.word(end), ";" | "," | ")" | "）") {
        return Some((at..end, false));
    }
    while end < at + 4
        && text.tokens.get(end).is_some_and(|t| !t.spaced)
        && (matches!(text.word(end), "-" | "&" | "/")
            || text.tokens.get(end).is_some_and(|t| t.capital))
    {
        end += 1;
    }
    matches!(text.word(end), ";" | "," | ")" | "）").then_some((at..end, false))
}
