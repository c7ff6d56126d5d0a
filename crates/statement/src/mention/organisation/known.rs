//! Bodies that are known by name: `data/organisations.txt`.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::lexicon::Lexicon;
use crate::mention::rank;
use crate::text::{Kind, Text, is_han, is_hangul};

const LIST: &str = include_str!("../../../data/organisations.txt");

struct Bodies {
    latin: Lexicon<&'static str>,
    wide: Option<AhoCorasick>,
}

fn names() -> impl Iterator<Item = &'static str> {
    LIST.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn is_wide(name: &str) -> bool {
    name.chars().any(|c| is_han(c) || is_hangul(c))
}

static BODIES: LazyLock<Bodies> = LazyLock::new(|| Bodies {
    latin: Lexicon::new(names().filter(|n| !is_wide(n)).map(|name| (name, name))),
    // The list is our own, so that building cannot fail on it.
    wide: AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .build(names().filter(|n| is_wide(n)))
        .ok(),
});

pub(super) fn scan(text: &Text<'_>, into: &mut Vec<(Range<u32>, u8)>) {
    let bodies = &*BODIES;
    let mut at = 0;
    while at < text.tokens.len() {
        at += 1;
        let at = at - 1;
        if !text
            .tokens
            .get(at)
            .is_some_and(|t| t.capital || t.kind == Kind::Digits)
        {
            continue;
        }
        let Some((tokens, name)) = bodies.latin.longest(text, at, text.tokens.len()) else {
            continue;
        };
        let bytes = text.bytes(tokens.clone());
        if written_alike(text.slice(bytes.clone()), name) && stands_alone(text, &tokens) {
            let the = name.starts_with("The ");
            let start = bytes.start + if the { 4 } else { 0 };
            into.push((start..bytes.end, rank::RULE));
        }
    }
    let Some(wide) = &bodies.wide else { return };
    for found in wide.find_iter(text.raw) {
        let (Ok(start), Ok(end)) = (u32::try_from(found.start()), u32::try_from(found.end()))
        else {
            return;
        };
        if wide_stands_alone(text, start..end) {
            into.push((start..end, rank::RULE));
        }
    }
}

/// Capitals where the list has them, so that `who` is no body and `house` neither.
fn written_alike(words: &str, name: &str) -> bool {
    let mut listed = name.chars().filter(|c| c.is_alphabetic());
    words
        .chars()
        .filter(|c| c.is_alphabetic())
        .all(|c| match listed.next() {
            Some(l) => c == l || (c.is_uppercase() && !l.is_uppercase()),
            None => false,
        })
}

/// Single common words are part of longer names now and then: "House Committee", "Opera House".
fn stands_alone(text: &Text<'_>, tokens: &Range<usize>) -> bool {
    if tokens.len() > 1 {
        return true;
    }
    let capital = |at: Option<usize>| {
        at.and_then(|n| text.tokens.get(n))
            .is_some_and(|t| t.capital && !t.shouted)
    };
    let word = text.word(tokens.start);
    let common = matches!(
        word,
        "House"
            | "Senate"
            | "Congress"
            | "Guardian"
            | "Amazon"
            | "Apple"
            | "Meta"
            | "Amnesty"
            | "Pentagon"
            | "Bloomberg"
    );
    if !common {
        return true;
    }
    let before = tokens.start.checked_sub(1);
    let opens = before.is_none_or(|n| {
        text.tokens.get(n).is_some_and(|t| t.kind == Kind::Break)
            || matches!(text.word(n), "." | "“" | "\"" | "?" | "!")
    });
    // A bare word at a sentence's start may be the common noun ("House prices rose").
    let plain = opens && matches!(word, "House" | "Amnesty" | "Guardian" | "Apple");
    !plain && !capital(Some(tokens.end)) && !capital(before)
}

/// A Han or Hangul name must not be the middle of a longer word.
fn wide_stands_alone(text: &Text<'_>, bytes: Range<u32>) -> bool {
    let name = text.slice(bytes.clone());
    let before = text
        .raw
        .get(..bytes.start as usize)
        .and_then(|rest| rest.chars().next_back());
    let after = text
        .raw
        .get(bytes.end as usize..)
        .and_then(|rest| rest.chars().next());
    let hangul = name.chars().next_back().is_some_and(is_hangul);
    if hangul {
        // Particles may follow, other syllables before may not (except one-letter countries: 미 …).
        return !before.is_some_and(|c| is_hangul(c) && !matches!(c, '미' | '중' | '한' | '북'));
    }
    let short = name.chars().count() <= 3;
    // 国防部队, 外交部长, 国会议员, 司法部门.
    if after.is_some_and(|c| matches!(c, '长' | '長' | '队' | '门' | '議' | '议')) && short {
        return matches!(after, Some('长' | '長'));
    }
    !(before.is_some_and(|c| matches!(c, '联')) && short)
}
