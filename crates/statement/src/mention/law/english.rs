//! English titles of laws: capital words around a head ("… Act of 2004", "Convention on …"), and
//! titles that are known whole.

use std::collections::BTreeMap;
use std::ops::Range;

use casefile::statement::MentionKind;

use super::push;
use super::words::{ACRONYMS, HEAD, Head, NO_LAW, NO_TITLE, OPENERS, SMALL, STOP, Small, TITLES};
use crate::mention::{Candidate, Value, place, rank};
use crate::text::{Kind, Text};

/// No title is longer, on either side of its head.
const LONGEST: usize = 24;

pub(super) fn scan(text: &Text<'_>, into: &mut Vec<Candidate>) {
    let limit = text.tokens.len();
    for (at, token) in text.tokens.iter().enumerate() {
        if token.kind != Kind::Word || !token.capital {
            continue;
        }
        if let Some((tokens, ())) = TITLES.longest(text, at, limit) {
            let tokens = with_year(text, with_year_before(text, tokens));
            push(text.bytes(with_article(text, tokens)), into);
        }
        if let Some(head) = HEAD.word(text, at)
            && let Some(tokens) = titled(text, at, *head)
        {
            push(text.bytes(with_article(text, tokens)), into);
        }
    }
}

fn capital_word(text: &Text<'_>, at: usize) -> bool {
    text.tokens
        .get(at)
        .is_some_and(|t| t.kind == Kind::Word && t.capital)
}

/// The title around a head.
fn titled(text: &Text<'_>, head: usize, sort: Head) -> Option<Range<usize>> {
    let word = text.lower(head);
    let start = if sort == Head::Behind {
        head
    } else {
        before(text, head)
    };
    // "1967 Protocol", "1951 Convention".
    let year = (start == head)
        .then(|| head.checked_sub(1))
        .flatten()
        .filter(|n| is_year(text, *n) && text.tokens.get(head).is_some_and(|t| t.spaced));
    let start = year.unwrap_or(start);
    let mut end = head + 1;
    if sort != Head::After {
        end = behind(text, head, start < head);
    }
    if sort != Head::Behind && end == head + 1 {
        // A longer name goes on: "Law School", "Convention Center".
        let goes_on = text.tokens.get(end).is_some_and(|t| t.spaced && t.capital)
            && STOP.word(text, end).is_none();
        if goes_on {
            return None;
        }
    }
    let end = number_after(text, end).unwrap_or(end);
    let tokens = with_year(text, without_owner(text, start, head)..end);
    if tokens.len() == 1 {
        return None;
    }
    if start < head && tokens.end == head + 1 && refused(text, start, head, word) {
        return None;
    }
    if start == head
        && matches!(
            word,
            "law"
                | "code"
                | "agreement"
                | "regulations"
                | "regulation"
                | "charter"
                | "provisions"
                | "measures"
                | "rules"
                | "principles"
        )
        && capitals(text, &tokens) < 3
    {
        return None;
    }
    Some(tokens)
}

fn capitals(text: &Text<'_>, tokens: &Range<usize>) -> usize {
    tokens.clone().filter(|n| capital_word(text, *n)).count()
}

fn refused(text: &Text<'_>, start: usize, head: usize, word: &str) -> bool {
    let last = text.lower(head - 1);
    let single = head - start == 1;
    match word {
        "law" => {
            NO_LAW.contains(&last)
                && (single
                    || matches!(
                        last,
                        "international" | "humanitarian" | "rights" | "of" | "customary"
                    ))
        }
        "code" | "convention" | "conventions" | "compact" | "pact" | "accord" => {
            single && NO_TITLE.contains(&last) || last == "of"
        }
        // "Mr. Bill", "Dollar Bill".
        "bill" => single,
        "directive" | "decree" | "charter" | "agreement" | "regulations" | "regulation" => {
            last == "of" || single && NO_TITLE.contains(&last)
        }
        _ => last == "of",
    }
}

/// Where the words before a head begin.
fn before(text: &Text<'_>, head: usize) -> usize {
    let mut start = head;
    let mut at = head;
    let floor = head.saturating_sub(LONGEST);
    while at > floor {
        let n = at - 1;
        let Some(token) = text.tokens.get(n) else {
            break;
        };
        let word = text.word(n);
        let fits = match token.kind {
            Kind::Word if token.capital => {
                if STOP.word(text, n).is_some() {
                    // "Through" inside a title in capitals, but not "In" that opens a sentence.
                    let inner = SMALL.word(text, n) == Some(&Small::Joint)
                        && n > 0
                        && capital_word(text, n - 1)
                        && STOP.word(text, n - 1).is_none()
                        && at_title(text, n);
                    if !inner {
                        break;
                    }
                    at = n;
                    continue;
                }
                start = n;
                true
            }
            // A joint needs a title word before it.
            Kind::Word => {
                SMALL.word(text, n) == Some(&Small::Joint)
                    && n > 0
                    && capital_word(text, n - 1)
                    && STOP.word(text, n - 1).is_none()
                    && at_title(text, n)
            }
            Kind::Mark => {
                let inner = matches!(word, "-" | "–" | "‑")
                    && !token.spaced
                    && text.tokens.get(at).is_some_and(|t| !t.spaced)
                    || word == "&"
                    || word == "." && dotted(text, n);
                let possessive = matches!(word, "'s" | "’s" | "'" | "’")
                    && n > 1
                    && capital_word(text, n - 2)
                    && (STOP.word(text, n - 2).is_none() || HEAD.word(text, n - 2).is_some());
                // "(Sanctions) (EU Exit) Regulations": capital words in brackets.
                if word == ")"
                    && start > n
                    && let Some(open) = opening(text, n)
                {
                    at = open;
                    continue;
                }
                inner || possessive
            }
            Kind::Digits => is_year(text, n) && at == start && token.spaced,
            Kind::Break => true,
            _ => false,
        };
        if !fits {
            break;
        }
        if token.kind == Kind::Digits {
            start = n;
            break;
        }
        at = n;
    }
    start
}

/// The bracket that opens before `close`, with nothing but capital words between and a capital word
/// or another bracket before.
fn opening(text: &Text<'_>, close: usize) -> Option<usize> {
    let floor = close.saturating_sub(6);
    let open = (floor..close).rev().find(|n| text.word(*n) == "(")?;
    let inside = (open + 1..close).all(|n| capital_word(text, n));
    let before = open.checked_sub(1)?;
    (inside && open + 1 < close && (capital_word(text, before) || text.word(before) == ")"))
        .then_some(open)
}

/// "Hong Kong's National Security Law" is the law of a place: the place stands for itself.
fn without_owner(text: &Text<'_>, start: usize, head: usize) -> usize {
    let owner = place::name_at(text, start, head).map(|(tokens, _)| tokens.end);
    match owner {
        Some(end) if matches!(text.word(end), "'s" | "’s") && end + 1 < head => end + 1,
        _ => start,
    }
}

/// "and" and "of" join inside one title only where the words behind it are not a title already:
/// "Refugee Convention and Protocol" are two.
fn at_title(text: &Text<'_>, joint: usize) -> bool {
    HEAD.word(text, joint - 1).is_none()
}

/// "U.S. Constitution": the full stop of an abbreviation.
fn dotted(text: &Text<'_>, mark: usize) -> bool {
    mark.checked_sub(1)
        .and_then(|n| text.tokens.get(n))
        .is_some_and(|t| t.capital && t.end - t.start == 1)
}

/// Where the words behind a head end.
fn behind(text: &Text<'_>, head: usize, named: bool) -> usize {
    let none = head + 1;
    if !OPENERS.contains(&text.lower(none)) || !text.tokens.get(none).is_some_and(|t| t.spaced) {
        return none;
    }
    // "Law of the People's Republic of China on …" opens twice; "Treaty of Friendship".
    if named
        && matches!(text.lower(none), "for" | "of" | "to" | "between")
        && !matches!(
            text.lower(head),
            "convention"
                | "protocol"
                | "treaty"
                | "covenant"
                | "statute"
                | "declaration"
                | "charter"
        )
    {
        return none;
    }
    let mut end = none;
    let mut at = none;
    while at < none + LONGEST {
        let Some(token) = text.tokens.get(at) else {
            break;
        };
        match token.kind {
            Kind::Word if token.capital => {
                // "Protocol to the Convention against Torture" goes on through a second head.
                end = at + 1;
            }
            Kind::Word if SMALL.word(text, at).is_some() => {
                // "… of the Child and the Convention on …" are two.
                if matches!(text.lower(at), "and" | "or" | "under" | "with")
                    && another_law(text, at + 1)
                {
                    break;
                }
            }
            Kind::Mark
                if matches!(text.word(at), "'s" | "’s" | "-" | "’" | "'") && !token.spaced =>
            {
                if end == at && matches!(text.word(at), "'s" | "’s") && !capital_word(text, at + 1)
                {
                    break;
                }
            }
            Kind::Break => {}
            _ => break,
        }
        at += 1;
    }
    if end == none { none } else { end }
}

/// Whether an article, a year or a head begins another law here.
fn another_law(text: &Text<'_>, at: usize) -> bool {
    let at = at + usize::from(matches!(text.lower(at), "its" | "their" | "other" | "on"));
    text.lower(at) == "the"
        || is_year(text, at)
        || HEAD.word(text, at).is_some()
        || (0..3).any(|n| {
            capital_word(text, at + n)
                && HEAD.word(text, at + n).is_some()
                && (0..n).all(|m| capital_word(text, at + m))
        })
}

/// "Convention No. 29", "Convention 182", "Convention, 1930 (No. 29)".
fn number_after(text: &Text<'_>, end: usize) -> Option<usize> {
    let mut at = end;
    if !matches!(
        text.lower(end.checked_sub(1)?),
        "convention" | "protocol" | "directive" | "regulation" | "decree" | "law" | "act"
    ) {
        return None;
    }
    if text.lower(at) == "no" {
        at += 1;
        if text.word(at) == "." {
            at += 1;
        }
    }
    let number = text.tokens.get(at)?;
    (number.kind == Kind::Digits
        && number.spaced
        && (at > end || number.end - number.start <= 3)
        && !is_year(text, at))
    .then_some(at + 1)
}

fn is_year(text: &Text<'_>, at: usize) -> bool {
    let word = text.word(at);
    word.len() == 4
        && word.bytes().all(|b| b.is_ascii_digit())
        && (word.starts_with('1') || word.starts_with('2'))
}

/// "… Act of 2004", "… Act, 1930" stay together.
fn with_year(text: &Text<'_>, tokens: Range<usize>) -> Range<usize> {
    let end = tokens.end;
    if text.lower(end) == "of" && is_year(text, end + 1) {
        return tokens.start..end + 2;
    }
    // "Forced Labour Convention, 1930 (No. 29)"
    let numbered = text.word(end) == ","
        && is_year(text, end + 1)
        && text.word(end + 2) == "("
        && text.lower(end + 3) == "no";
    if numbered && let Some(close) = (end + 5..end + 8).find(|n| text.word(*n) == ")") {
        return tokens.start..close + 1;
    }
    // The way of the United Kingdom: "Modern Slavery Act 2015".
    let head = text.lower(end.saturating_sub(1));
    let spaced = text.tokens.get(end).is_some_and(|t| t.spaced);
    if matches!(head, "act" | "regulations" | "order" | "ordinance") && spaced && is_year(text, end)
    {
        return tokens.start..end + 1;
    }
    tokens
}

fn with_year_before(text: &Text<'_>, tokens: Range<usize>) -> Range<usize> {
    match tokens.start.checked_sub(1) {
        Some(n) if is_year(text, n) && text.tokens.get(tokens.start).is_some_and(|t| t.spaced) => {
            n..tokens.end
        }
        _ => tokens,
    }
}

/// "Article 33 of the …", "Section 307 of the …" go before.
fn with_article(text: &Text<'_>, tokens: Range<usize>) -> Range<usize> {
    let mut at = tokens.start;
    let step = |at: usize| at.checked_sub(1);
    let Some(mut n) = step(at) else { return tokens };
    if text.lower(n) == "the" {
        let Some(next) = step(n) else { return tokens };
        n = next;
    }
    if !matches!(text.lower(n), "of" | "to") {
        return tokens;
    }
    // Numbers and lists of them: "3", "33(1)", "12 and 13", "2 to 5".
    for _ in 0..12 {
        let Some(next) = step(n) else { return tokens };
        n = next;
        let word = text.lower(n);
        if matches!(
            word,
            "article"
                | "articles"
                | "section"
                | "sections"
                | "title"
                | "chapter"
                | "art"
                | "sec"
                | "paragraph"
        ) {
            if at != tokens.start {
                return n..tokens.end;
            }
            return tokens;
        }
        let Some(token) = text.tokens.get(n) else {
            return tokens;
        };
        let part = token.kind == Kind::Digits
            || matches!(
                word,
                "(" | ")" | "," | "and" | "to" | "or" | "-" | "–" | "." | "§"
            )
            || token.kind == Kind::Word && token.end - token.start <= 3;
        if !part {
            return tokens;
        }
        if token.kind == Kind::Digits || token.kind == Kind::Word && token.capital {
            at = n;
        }
    }
    tokens
}

/// Acronyms that are laws by themselves, and those that the text defines behind a law's title; these
/// also where they stand again.
pub(super) fn acronyms(text: &Text<'_>, first: usize, into: &mut Vec<Candidate>) {
    let mut defined: BTreeMap<u32, (usize, Range<u32>)> = BTreeMap::new();
    let mut found = Vec::new();
    for candidate in into.get(first..).unwrap_or(&[]) {
        let after = text.token_at(candidate.bytes.end);
        let mut at = after;
        if text.word(at) != "(" {
            continue;
        }
        at += 1;
        if text.lower(at) == "the" {
            at += 1;
        }
        if matches!(text.word(at), "“" | "\"" | "'" | "‘") {
            at += 1;
        }
        let Some(token) = text.tokens.get(at) else {
            continue;
        };
        if token.kind == Kind::Word
            && token.shouted
            && token.end - token.start >= 3
            && matches!(text.word(at + 1), ")" | "”" | "\"" | "'" | "’" | ";" | ",")
        {
            defined.insert(token.hash, (at, candidate.bytes.clone()));
        }
    }
    for (at, token) in text.tokens.iter().enumerate() {
        if token.kind != Kind::Word || !token.shouted {
            continue;
        }
        let of = defined
            .get(&token.hash)
            .filter(|(one, _)| text.word(*one) == text.word(at))
            .map(|(_, bytes)| bytes.clone());
        if of.is_some() || ACRONYMS.contains(&text.word(at)) {
            found.push(Candidate {
                kind: MentionKind::Law,
                bytes: text.bytes(with_article(text, at..at + 1)),
                rank: rank::RULE,
                value: of.map_or(Value::None, Value::Same),
            });
        }
    }
    into.append(&mut found);
}
