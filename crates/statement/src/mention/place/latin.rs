//! Names of places and peoples in Latin letters: the gazetteer, weighed by what stands beside.

use std::ops::Range;

use casefile::statement::MentionKind;

use super::candidate;
use super::gazetteer::{GAZETTEER, Known, Sort, Trust};
use super::words::{Beside, FUNCTION, ROLES_OF, SORT_WORDS};
use crate::mention::{Candidate, Value, rank};
use crate::text::{Kind, Text};

/// Two letters for a state of the United States.
const STATES: &[&str] = &[
    "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "FL", "GA", "HI", "ID", "IL", "IN", "IA", "KS",
    "KY", "LA", "ME", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM", "NY",
    "NC", "ND", "OH", "OK", "OR", "PA", "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA", "WA", "WV",
    "WI", "WY", "DC", "PR", "GU", "VI", "AS", "MP",
];

/// Shortened names of states, with the full stop.
const SHORT_STATES: &[&str] = &[
    "N.J.", "N.Y.", "N.C.", "N.D.", "N.H.", "N.M.", "S.C.", "S.D.", "W.Va.", "R.I.", "D.C.",
    "Ore.", "Mass.", "Fla.", "Calif.", "Mich.", "Minn.", "Tenn.", "Tex.", "Wash.", "Wis.", "Ill.",
    "Ind.", "Conn.", "Ariz.", "Ark.", "Colo.", "Del.", "Ga.", "Kan.", "Ky.", "La.", "Md.", "Miss.",
    "Mo.", "Mont.", "Neb.", "Nev.", "Okla.", "Pa.", "Vt.", "Va.", "Wyo.", "Ala.", "Cal.",
];

pub(super) fn scan(text: &Text<'_>, into: &mut Vec<Candidate>) {
    let limit = text.tokens.len();
    let mut at = 0;
    let mut last: Option<(Range<usize>, Known)> = None;
    // Whether the text speaks of North Korea: only then "the North" means it.
    let mut korean = false;
    let mut halves = Vec::new();
    while let Some(token) = text.tokens.get(at) {
        if token.kind == Kind::Mark && matches!(text.word(at), "(" | "[") {
            if let Some(bytes) = state_in_brackets(text, at) {
                into.push(Candidate {
                    kind: MentionKind::Place,
                    bytes,
                    rank: rank::RULE,
                    value: Value::Country(*b"US"),
                });
            }
            at += 1;
            continue;
        }
        let small_start = token.kind == Kind::Word && !token.capital && text.lower(at) == "inter";
        if token.kind != Kind::Word || !(token.capital || small_start) {
            at += 1;
            continue;
        }
        // "North" alone stands in the tables too, as a division of other countries.
        let half = half_of_korea(text, at);
        let longer = known_at(text, at, limit).filter(|(tokens, _)| !(half && tokens.len() == 1));
        let Some((tokens, known)) = longer else {
            if half {
                halves.push(at);
            }
            at += 1;
            continue;
        };
        korean |= known.country == *b"KP";
        if let Some((wider, sort)) = with_sort(text, &tokens, &known) {
            let known = Known { sort, ..known };
            into.push(candidate(text.bytes(wider.clone()), &known));
            at = wider.end;
            last = Some((wider, known));
            continue;
        }
        if let Some(end) = border(text, &tokens, limit) {
            into.push(Candidate {
                kind: MentionKind::Place,
                bytes: text.bytes(tokens.start..end),
                rank: rank::RULE,
                value: Value::None,
            });
            // The names inside stay candidates of their own: settling prefers the border.
        }
        if believed(text, &tokens, &known, last.as_ref()) {
            let tokens = directed(text, tokens, &known);
            into.push(candidate(text.bytes(tokens.clone()), &known));
            if let Some(bytes) = state_after(text, tokens.end) {
                into.push(Candidate {
                    kind: MentionKind::Place,
                    bytes,
                    rank: rank::RULE,
                    value: Value::Country(*b"US"),
                });
            }
            at = tokens.end;
            last = Some((tokens, known));
        } else {
            at += 1;
        }
    }
    for at in halves.into_iter().filter(|_| korean) {
        let country = if text.lower(at) == "north" {
            *b"KP"
        } else {
            *b"KR"
        };
        into.push(Candidate {
            kind: MentionKind::Place,
            bytes: text.bytes(at..at + 1),
            rank: rank::RULE,
            value: Value::Country(country),
        });
    }
}

/// "the North" and "the South" on their own.
fn half_of_korea(text: &Text<'_>, at: usize) -> bool {
    let article = at.checked_sub(1).is_some_and(|n| text.lower(n) == "the");
    let after = text.tokens.get(at + 1);
    let goes_on = after.is_some_and(|t| t.kind == Kind::Word && t.capital)
        || matches!(text.word(at + 1), "-" | "–")
        || matches!(text.lower(at + 1), "of" | "and" | "coast" | "side");
    article && !goes_on && matches!(text.word(at), "North" | "South")
}

/// The longest name of the tables at `at` that is written as the tables write it.
pub(super) fn known_at(text: &Text<'_>, at: usize, limit: usize) -> Option<(Range<usize>, Known)> {
    let mut limit = limit;
    // Each round drops the longest name that does not fit: names have few words.
    for _ in 0..4 {
        let (tokens, known) = GAZETTEER.latin.longest(text, at, limit)?;
        if written_as_known(text, &tokens, known) {
            return Some((tokens, *known));
        }
        limit = tokens.end - 1;
    }
    None
}

fn written_as_known(text: &Text<'_>, tokens: &Range<usize>, known: &Known) -> bool {
    if known.exact {
        let all = tokens.clone().all(|n| {
            text.word(n).bytes().all(|b| !b.is_ascii_lowercase())
                || text
                    .tokens
                    .get(n)
                    .is_some_and(|t| t.capital && t.end - t.start > 3)
        });
        return all && !in_capital_line(text, tokens.start);
    }
    let mut word = 0;
    for n in tokens.clone() {
        let Some(token) = text.tokens.get(n) else {
            return false;
        };
        if token.kind == Kind::Break {
            continue;
        }
        if known.capitals >> word & 1 == 1 && !token.capital {
            return false;
        }
        word += 1;
    }
    true
}

/// "HELP US NOW": in a line of capitals "US" may be the pronoun.
fn in_capital_line(text: &Text<'_>, at: usize) -> bool {
    if !matches!(text.word(at), "US") {
        return false;
    }
    let shouted = |n: Option<usize>| {
        n.and_then(|n| text.tokens.get(n))
            .is_some_and(|t| t.shouted && t.end - t.start > 3)
    };
    let before = at.checked_sub(1);
    shouted(before) && shouted(Some(at + 1))
}

fn beside(text: &Text<'_>, at: usize) -> Option<Beside> {
    ROLES_OF.word(text, at).copied()
}

fn is_one_of(text: &Text<'_>, at: usize, what: Beside) -> bool {
    beside(text, at) == Some(what)
}

/// Whether the words around let the name be a place.
fn believed(
    text: &Text<'_>,
    tokens: &Range<usize>,
    known: &Known,
    last: Option<&(Range<usize>, Known)>,
) -> bool {
    let before = tokens.start.checked_sub(1);
    let before_token = before.and_then(|n| text.tokens.get(n));
    let after_token = text.tokens.get(tokens.end);
    let glued_after =
        |mark: &str| text.word(tokens.end) == mark && after_token.is_some_and(|t| !t.spaced);
    // An address on the net, a mail address, a file name.
    if glued_after("@")
        || glued_after("_")
        || before.is_some_and(|n| {
            matches!(text.word(n), "@" | "_" | "/")
                && before_token.is_some_and(|t| !t.spaced)
                && text.tokens.get(tokens.start).is_some_and(|t| !t.spaced)
                && text.word(n) != "/"
        })
    {
        return false;
    }
    if glued_after(".")
        && text
            .tokens
            .get(tokens.end + 1)
            .is_some_and(|t| !t.spaced && t.kind == Kind::Word && !t.capital)
    {
        return false;
    }
    let name_before = before.is_some_and(|n| is_name_word(text, n));
    let name_after = after_token.is_some_and(|t| t.spaced) && is_name_word(text, tokens.end);
    let single = tokens.len() == 1;
    let person = single && is_one_of(text, tokens.start, Beside::Person);
    if person {
        let given = before.is_some_and(|n| {
            is_one_of(text, n, Beside::Given)
                || (text.word(n) == "."
                    && n.checked_sub(1)
                        .is_some_and(|m| is_initial(text, m) || is_one_of(text, m, Beside::Given)))
        });
        if given {
            return false;
        }
        if known.trust != Trust::Sure && (name_before || name_after) {
            return false;
        }
        // "Jordan Smith said", "Paris Hilton": a name goes on, and nothing locative before.
        let locative = before.is_some_and(|n| is_one_of(text, n, Beside::Locative));
        if name_after
            && !locative
            && known_at(text, tokens.end, text.tokens.len()).is_none()
            && followed_by_speech(text, tokens.end)
        {
            return false;
        }
    }
    if single
        && text.word(tokens.start) == "Turkey"
        && after_token.is_some_and(|t| t.spaced)
        && matches!(text.lower(tokens.end), "breast" | "meat" | "sandwich")
    {
        return false;
    }
    match known.trust {
        Trust::Sure => true,
        Trust::Plain => {
            let hyphen_before = before.is_some_and(|n| text.word(n) == "-" || text.word(n) == "‑")
                && text.tokens.get(tokens.start).is_some_and(|t| !t.spaced);
            !hyphen_before
                && !(single && (name_before || name_after) && !joined_to_place(text, tokens, last))
        }
        Trust::Weak if known.sort == Sort::People => {
            let ethnic = before.is_some_and(|n| matches!(text.lower(n), "ethnic" | "and" | "or"))
                && before_token.is_some_and(|t| !t.capital);
            (ethnic && !name_after) || is_one_of(text, tokens.end, Beside::People)
        }
        Trust::Weak => {
            let locative = before
                .is_some_and(|n| is_one_of(text, n, Beside::Locative) && text.lower(n) != "of");
            let place_after = text.word(tokens.end) == ","
                && known_at(text, tokens.end + 1, text.tokens.len()).is_some_and(|(_, next)| {
                    next.country == known.country
                        && next.sort < known.sort
                        && next.sort != Sort::People
                });
            (place_after
                || (locative
                    && single
                    && text
                        .tokens
                        .get(tokens.start)
                        .is_some_and(|t| t.end - t.start > 3)))
                && !name_after
                && !name_before_strictly(text, before)
        }
    }
}

fn name_before_strictly(text: &Text<'_>, before: Option<usize>) -> bool {
    before.is_some_and(|n| is_name_word(text, n))
}

fn is_initial(text: &Text<'_>, at: usize) -> bool {
    text.tokens
        .get(at)
        .is_some_and(|t| t.capital && t.end - t.start == 1)
}

/// A verb of saying or a mark right after the second name.
fn followed_by_speech(text: &Text<'_>, at: usize) -> bool {
    matches!(
        text.lower(at + 1),
        "," | "said"
            | "says"
            | "told"
            | "was"
            | "who"
            | "has"
            | "had"
            | "is"
            | "and"
            | "wrote"
            | "added"
            | "."
    )
}

/// A capital word that may be part of a longer name (not "In", not the first of a sentence alone,
/// not a place itself).
fn is_name_word(text: &Text<'_>, at: usize) -> bool {
    let Some(token) = text.tokens.get(at) else {
        return false;
    };
    if token.kind != Kind::Word || !token.capital || token.shouted {
        return false;
    }
    if FUNCTION.word(text, at).is_some()
        || beside(text, at).is_some_and(|b| b != Beside::Given && b != Beside::Person)
    {
        return false;
    }
    GAZETTEER
        .latin
        .word(text, at)
        .is_none_or(|known| known.trust == Trust::Weak)
}

/// "Hamburg, Germany" or the second of "Jilin, Tumen".
fn joined_to_place(
    text: &Text<'_>,
    tokens: &Range<usize>,
    last: Option<&(Range<usize>, Known)>,
) -> bool {
    last.is_some_and(|(before, _)| before.end + 1 == tokens.start && text.word(before.end) == ",")
}

/// "Jilin Province", "Tumen River", "Tumen detention center": a known name with its sort.
fn with_sort(
    text: &Text<'_>,
    tokens: &Range<usize>,
    known: &Known,
) -> Option<(Range<usize>, Sort)> {
    if matches!(known.sort, Sort::People | Sort::Country | Sort::Region) || known.exact {
        return None;
    }
    if !text.tokens.get(tokens.end)?.spaced {
        return None;
    }
    let (words, (sort, lower)) = SORT_WORDS.longest(text, tokens.end, text.tokens.len())?;
    let capital = text.tokens.get(words.start)?.capital;
    // "Washington state", but no "Beijing prison" where the prison has no name of its own.
    if !(capital || *lower) {
        return None;
    }
    if known.trust == Trust::Weak && !capital {
        return None;
    }
    // "New York City Council", "Seoul City Hall": a longer name.
    let goes_on = text
        .tokens
        .get(words.end)
        .is_some_and(|t| t.spaced && t.capital && t.kind == Kind::Word)
        && FUNCTION.word(text, words.end).is_none()
        && capital
        && known_at(text, words.end, text.tokens.len()).is_none();
    if goes_on && !matches!(sort, Sort::Division | Sort::Water) {
        return None;
    }
    let tokens = directed(text, tokens.clone(), known);
    Some((tokens.start..words.end, *sort))
}

/// "Southern California", "East Jerusalem": a direction with a capital belongs to the name, unless
/// the capital is only the sentence's.
fn directed(text: &Text<'_>, tokens: Range<usize>, known: &Known) -> Range<usize> {
    let Some(before) = tokens.start.checked_sub(1) else {
        return tokens;
    };
    let fits = text.tokens.get(before).is_some_and(|t| t.capital)
        && text.tokens.get(tokens.start).is_some_and(|t| t.spaced)
        && is_one_of(text, before, Beside::Direction)
        && !matches!(known.sort, Sort::People | Sort::Water)
        && !known.exact;
    let first = text
        .sentence_at(text.tokens.get(before).map_or(0, |t| t.start))
        .and_then(|n| text.sentences.get(n))
        .is_none_or(|s| s.tokens.start == before);
    if fits && !first {
        before..tokens.end
    } else {
        tokens
    }
}

/// "China-North Korea border": the token after the border, where `first` opens one.
fn border(text: &Text<'_>, first: &Range<usize>, limit: usize) -> Option<usize> {
    let mut end = first.end;
    let mark = text.word(end);
    let mut pair = false;
    if matches!(mark, "-" | "–" | "—" | "‑" | "/" | "−") {
        let (second, known) = known_at(text, end + 1, limit)?;
        if known.trust == Trust::Weak {
            return None;
        }
        end = second.end;
        pair = true;
    }
    if !pair {
        // A people's border or one country's: "the North Korea border", but "Chinese border" says
        // whose border and stays an adjective.
        let known = known_at(text, first.start, limit)?.1;
        if known.sort != Sort::Country || known.trust != Trust::Sure {
            return None;
        }
    }
    if !text.tokens.get(end).is_some_and(|t| t.spaced) {
        return None;
    }
    if !matches!(
        text.lower(end),
        "border" | "borders" | "frontier" | "borderland" | "borderlands" | "boundary"
    ) {
        return None;
    }
    let mut after = end + 1;
    if pair
        && matches!(
            text.lower(after),
            "region" | "regions" | "area" | "areas" | "zone"
        )
    {
        after += 1;
        return Some(after);
    }
    (pair || !is_one_of(text, after, Beside::NotBorder)).then_some(after)
}

/// `(R-NJ)`, `(D–Ore.)`, `[R-UT-03]`: the state's bytes.
fn state_in_brackets(text: &Text<'_>, open: usize) -> Option<Range<u32>> {
    let party = text.word(open + 1);
    if !matches!(party, "R" | "D" | "I" | "Rep" | "Dem") {
        return None;
    }
    let dash =
        (open + 2..open + 4).find(|n| matches!(text.word(*n), "-" | "–" | "—" | "‑" | "−"))?;
    state_at(text, dash + 1)
}

/// A state in two letters or shortened.
fn state_at(text: &Text<'_>, at: usize) -> Option<Range<u32>> {
    let word = text.word(at);
    if STATES.contains(&word) {
        return Some(text.bytes(at..at + 1));
    }
    let start = text.tokens.get(at)?.start as usize;
    let rest = text.raw.get(start..)?;
    let found = SHORT_STATES
        .iter()
        .find(|short| rest.starts_with(**short))?;
    let end = u32::try_from(start + found.len()).ok()?;
    Some(text.bytes(at..at + 1).start..end)
}

/// "Astoria, OR 97103", "Newark, N.J.": a state after a city and a comma.
fn state_after(text: &Text<'_>, end: usize) -> Option<Range<u32>> {
    if text.word(end) != "," || !text.tokens.get(end + 1)?.spaced {
        return None;
    }
    let found = state_at(text, end + 1)?;
    let word = text.word(end + 1);
    let wordy = matches!(
        word,
        "IN" | "OR" | "ME" | "OK" | "HI" | "OH" | "AS" | "PA" | "MA" | "LA"
    );
    let digits = text
        .tokens
        .get(end + 2)
        .is_some_and(|t| t.kind == Kind::Digits);
    (!wordy || digits || matches!(text.word(end + 2), ")" | "," | "" | "." | ";")).then_some(found)
}
