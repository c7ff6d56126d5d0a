//! English titles: a head ("minister", "spokesperson") with the words before it that belong to it
//! and, for offices that have one, the field behind it ("for Human Rights").

use std::ops::Range;

use casefile::statement::MentionKind;

use super::push;
use super::words::{BODY, EMBODIED, HEAD, Head, JOINTS, MANDATE, MODIFIER};
use crate::mention::{Candidate, place};
use crate::text::{Kind, Text};

/// No field behind an office is longer.
const LONGEST: usize = 20;

pub(super) fn scan(text: &Text<'_>, into: &mut Vec<Candidate>) {
    let limit = text.tokens.len();
    let mut at = 0;
    while at < limit {
        let word = text.tokens.get(at).is_some_and(|t| t.kind == Kind::Word);
        let found = if word {
            HEAD.longest(text, at, limit)
        } else {
            None
        };
        let Some((tokens, head)) = found else {
            at += 1;
            continue;
        };
        let end = tokens.end;
        if let Some(span) = read(text, &tokens, *head) {
            at = span.end.max(end);
            push(text.bytes(span), into);
        } else {
            at = end;
        }
    }
}

fn capital(text: &Text<'_>, at: usize) -> bool {
    text.tokens
        .get(at)
        .is_some_and(|t| t.kind == Kind::Word && t.capital)
}

/// A capital word right behind, such as begins a name.
fn name_follows(text: &Text<'_>, at: usize) -> bool {
    capital(text, at)
        && text
            .tokens
            .get(at)
            .is_some_and(|t| t.spaced && (!t.shouted || t.end - t.start > 3))
        && !matches!(
            text.lower(at),
            "the"
                | "in"
                | "of"
                | "at"
                | "for"
                | "on"
                | "and"
                | "to"
                | "said"
                | "is"
                | "was"
                | "i"
                | "mr"
                | "with"
                | "by"
                | "from"
        )
        && HEAD.word(text, at).is_none()
        && place::name_at(text, at, text.tokens.len())
            .is_none_or(|(_, kind)| kind == MentionKind::Place && capital(text, at + 1))
}

/// A name and a comma before: "Thea Lee, the …", "Lina Yoon (HRW), …".
fn name_before(text: &Text<'_>, start: usize) -> bool {
    let mut at = start;
    for _ in 0..2 {
        let Some(n) = at.checked_sub(1) else {
            return false;
        };
        if !matches!(
            text.lower(n),
            "the" | "a" | "an" | "its" | "his" | "former" | "then"
        ) {
            break;
        }
        at = n;
    }
    let Some(mut comma) = at.checked_sub(1) else {
        return false;
    };
    if text.word(comma) != "," || comma == 0 {
        return false;
    }
    comma -= 1;
    (capital(text, comma) || text.word(comma) == ")")
        && place::name_at(text, comma, comma + 1).is_none()
}

fn read(text: &Text<'_>, head_at: &Range<usize>, head: Head) -> Option<Range<usize>> {
    let head_capital = capital(text, head_at.start);
    let mut start = before(text, head_at.start, head_capital);
    let word_start = start;
    // "Rep." and "Sen." only with a name.
    let shortened = text.word(head_at.end - 1) == ".";
    let field = if head.field {
        field(text, head_at.end, text.lower(head_at.start))
    } else {
        head_at.end
    };
    let named = name_follows(text, head_at.end);
    if shortened && !(named && head_capital) {
        return None;
    }
    let rank = matches!(
        text.lower(head_at.start),
        "general"
            | "major"
            | "captain"
            | "colonel"
            | "king"
            | "justice"
            | "judge"
            | "fellow"
            | "chair"
            | "chairs"
            | "manager"
            | "editor"
            | "delegate"
            | "speaker"
            | "lieutenant"
            | "counsel"
            | "reporter"
            | "analyst"
            | "director"
            | "leader"
            | "secretary"
            | "minister"
    );
    let multiword = head_at.start - start > 0 || head_at.len() > 1;
    let apposed = name_before(text, start);
    let titled = head_capital
        && (field > head_at.end || head.alone && head_at.len() > 1 || multiword && head.alone);
    // "U.S. Ambassador to the United Nations, …"
    let posted = head_capital
        && text.lower(head_at.end - 1) == "ambassador"
        && matches!(text.lower(head_at.end), "to" | "of");
    let believed = posted
        || titled
        || named
            && (head_capital
                || !matches!(
                    text.lower(head_at.start),
                    "general"
                        | "major"
                        | "representatives"
                        | "fellow"
                        | "chair"
                        | "chairs"
                        | "speaker"
                        | "delegate"
                        | "king"
                        | "justice"
                ))
        || head.alone
            && head_at.len() > 1
            && start
                .checked_sub(1)
                .is_some_and(|n| matches!(text.word(n), "'s" | "’s") && place_owner(text, n))
        || apposed
            && (!rank
                || multiword
                || !head_capital
                || field > head_at.end
                || text.word(head_at.end) == "of"
                || text.word(head_at.end) == "at");
    if !believed {
        return None;
    }
    if head.of_people
        && let Some(people) = people_before(text, start)
    {
        start = people;
    } else if let Some(body) = body_before(text, start, &(word_start..head_at.end)) {
        start = body;
    }
    Some(start..field)
}

/// "South Korea's": the owner of an office is a place.
fn place_owner(text: &Text<'_>, possessive: usize) -> bool {
    let floor = possessive.saturating_sub(4);
    (floor..possessive).any(|at| {
        place::name_at(text, at, possessive).is_some_and(|(tokens, _)| tokens.end == possessive)
    })
}

/// Words before the head that belong to it.
fn before(text: &Text<'_>, head: usize, head_capital: bool) -> usize {
    let mut start = head;
    while let Some(n) = start.checked_sub(1) {
        if head - n > 5
            || !text
                .tokens
                .get(start)
                .is_some_and(|t| t.spaced || text.word(n) == "-")
        {
            break;
        }
        if text.word(n) == "-" && n > 0 && MODIFIER.word(text, n - 1).is_some() {
            start = n - 1;
            continue;
        }
        let modifier =
            MODIFIER.word(text, n).is_some() && !matches!(text.lower(n), "former" | "united");
        // "deputy Asia Director" is written both ways; "State secretary" is a sentence's accident.
        let small_first = !capital(text, n) && head_capital && text.lower(n) != "state";
        if !modifier
            || capital(text, n) != head_capital
                && !small_first
                && !matches!(text.lower(n), "asia" | "china" | "korea" | "north")
        {
            break;
        }
        start = n;
    }
    // "China director" keeps its field, "China President" does not.
    if head > start
        && matches!(text.lower(start), "china" | "korea" | "asia" | "north")
        && !matches!(
            text.lower(head),
            "director"
                | "researcher"
                | "analyst"
                | "adviser"
                | "advisor"
                | "fellow"
                | "manager"
                | "coordinator"
                | "editor"
        )
    {
        start += 1;
    }
    start.min(head)
}

/// "North Korean" before a title.
fn people_before(text: &Text<'_>, start: usize) -> Option<usize> {
    let floor = start.saturating_sub(4);
    (floor..start).find(|at| {
        place::name_at(text, *at, start)
            .is_some_and(|(tokens, kind)| tokens.end == start && kind == MentionKind::Nationality)
    })
}

/// "United Nations" before "High Commissioner".
fn body_before(text: &Text<'_>, start: usize, head: &Range<usize>) -> Option<usize> {
    let words = text.slice(text.bytes(head.clone())).to_lowercase();
    if !EMBODIED.contains(&words.as_str()) {
        return None;
    }
    let floor = start.saturating_sub(4);
    (floor..start).find(|at| {
        BODY.longest(text, *at, start)
            .is_some_and(|(tokens, ())| tokens.end == start && capital(text, *at))
    })
}

/// "for International Affairs", "of Foreign Affairs", "on the situation of human rights in the …".
fn field(text: &Text<'_>, from: usize, head: &str) -> usize {
    let opener = text.lower(from);
    let fits = match opener {
        "for" => capital(text, from + 1),
        "on" => matches!(
            head,
            "special" | "independent" | "adviser" | "advisor" | "envoy"
        ),
        "of" => {
            capital(text, from + 1)
                && matches!(
                    head,
                    "minister" | "secretary" | "undersecretary" | "under" | "assistant" | "vice"
                )
                && text.lower(from + 1) != "the"
        }
        _ => false,
    };
    if !fits {
        return from;
    }
    if let Some((tokens, ())) = MANDATE.longest(text, from + 1, text.tokens.len()) {
        return tokens.end;
    }
    let mut end = from;
    let mut at = from + 1;
    // A mandate's words are small ("the situation of human rights in …").
    let small = opener == "on";
    while at < from + LONGEST {
        let Some(token) = text.tokens.get(at) else {
            break;
        };
        let word = text.lower(at);
        match token.kind {
            Kind::Word
                if HEAD
                    .longest(text, at, text.tokens.len())
                    .is_some_and(|(_, h)| h.alone) =>
            {
                break;
            }
            Kind::Word if token.capital => {
                // "for Refugees Filippo Grandi": the field ends where a name begins.
                if name_begins(text, at, end, from) {
                    break;
                }
                end = at + 1;
            }
            Kind::Word if JOINTS.contains(&word) => {
                if matches!(word, "to" | "in") && !small {
                    break;
                }
            }
            Kind::Word
                if small
                    && !matches!(
                        word,
                        "said"
                            | "says"
                            | "told"
                            | "has"
                            | "was"
                            | "who"
                            | "is"
                            | "called"
                            | "wrote"
                            | "have"
                            | "urged"
                            | "visited"
                            | "expressed"
                            | "noted"
                            | "reported"
                            | "at"
                            | "that"
                    ) =>
            {
                end = at + 1;
            }
            Kind::Mark
                if matches!(text.word(at), "'s" | "’s" | "-" | "'" | "’") && !token.spaced =>
            {
                if !small && matches!(text.word(at), "'s" | "’s") && !capital(text, at + 1) {
                    break;
                }
            }
            Kind::Break => {}
            _ => break,
        }
        at += 1;
    }
    if end == from { from } else { end }
}

/// Whether the capital word at `at` begins a person's name rather than going on with the field: the
/// field has a closing word already and two capital words follow with nothing between.
fn name_begins(text: &Text<'_>, at: usize, end: usize, from: usize) -> bool {
    const CLOSING: &[&str] = &[
        "rights",
        "refugees",
        "affairs",
        "issues",
        "labor",
        "state",
        "korea",
        "security",
        "defense",
        "commerce",
        "policy",
        "persons",
        "issue",
        "abductions",
        "religion",
        "freedom",
        "unification",
        "europe",
        "asia",
        "trade",
        "children",
        "women",
        "migrants",
        "slavery",
        "torture",
    ];
    end > from + 1
        && at == end
        && CLOSING.contains(&text.lower(at - 1))
        && !matches!(text.lower(at), "issues" | "affairs" | "policy" | "and")
}
