//! Places that show by their own words: `Camp No. 14`, `Evin Prison`, `Strait of Malacca`,
//! `Rayburn House Office Building`.

use std::ops::Range;
use std::sync::LazyLock;

use casefile::statement::MentionKind;

use super::latin;
use crate::lexicon::Lexicon;
use crate::mention::{Candidate, Value, rank};
use crate::text::{Kind, Text};

/// What follows a name made of capital words.
const ENDS: &[&str] = &[
    "prison",
    "women's prison",
    "women’s prison",
    "jail",
    "penitentiary",
    "detention center",
    "detention centre",
    "detention facility",
    "correctional center",
    "correctional facility",
    "prison camp",
    "political prison camp",
    "labor camp",
    "labour camp",
    "labor training camp",
    "labour training camp",
    "re-education camp",
    "reeducation camp",
    "refugee camp",
    "internment camp",
    "internment facility",
    "concentration camp",
    "training center",
    "province",
    "prefecture",
    "autonomous prefecture",
    "autonomous region",
    "autonomous county",
    "county",
    "district",
    "township",
    "village",
    "governorate",
    "oblast",
    "krai",
    "municipality",
    "river",
    "island",
    "islands",
    "peninsula",
    "strait",
    "bay",
    "valley",
    "mountains",
    "sea",
    "airport",
    "international airport",
    "port",
    "harbor",
    "harbour",
    "railway station",
    "bridge",
    "square",
    "house office building",
    "senate office building",
    "office building",
    "visitor center",
    "free trade zone",
    "special economic zone",
    "industrial park",
    "industrial complex",
    "kyohwaso",
    "kyo-hwa-so",
    "kwanliso",
    "kwan-li-so",
];

/// What goes before a name: the flag says whether a small "of" may stand between.
const BEGINNINGS: &[&str] = &[
    "strait of",
    "straits of",
    "gulf of",
    "bay of",
    "sea of",
    "port of",
    "isle of",
    "horn of",
    "cape of",
    "lake",
    "mount",
    "mt.",
    "fort",
    "port",
    "cape",
    "camp",
];

/// Camps and prisons that have a number for a name.
const NUMBERED: &[&str] = &[
    "camp",
    "prison camp",
    "political prison camp",
    "labor camp",
    "labour camp",
    "re-education camp",
    "reeducation camp",
    "kwan-li-so",
    "kwanliso",
    "kwalliso",
    "gwalliso",
    "kyo-hwa-so",
    "kyohwaso",
    "gyohwaso",
    "prison",
];

/// Capital words that begin a sentence or a title, not a name of a place.
const NO_NAMES: &[&str] = &[
    "the",
    "a",
    "an",
    "in",
    "at",
    "on",
    "of",
    "and",
    "from",
    "to",
    "this",
    "that",
    "each",
    "every",
    "one",
    "its",
    "their",
    "his",
    "her",
    "our",
    "all",
    "no",
    "some",
    "any",
    "new",
    "other",
    "former",
    "local",
    "deputy",
    "district",
    "provincial",
    "chief",
    "director",
    "secret",
    "black",
    "political",
    "women",
    "men",
    "men's",
    "another",
    "special",
    "federal",
    "state",
    "central",
    "u",
    "s",
    "inside",
    "near",
    "for",
    "by",
    "border",
    "major",
    "main",
    "maximum",
    "high",
];

/// Ends that make a place of the capital words before them without a capital of their own.
const SMALL_ENDS: &[&str] = &[
    "province",
    "prefecture",
    "county",
    "township",
    "governorate",
    "oblast",
    "autonomous prefecture",
    "detention center",
    "detention centre",
    "prison",
    "river",
    "peninsula",
    "re-education camp",
    "reeducation camp",
    "prison camp",
    "political prison camp",
    "detention facility",
];

/// Sorts before "of" and a name: "the town of Helong".
const SORTS_OF: &[&str] = &[
    "town",
    "village",
    "city",
    "district",
    "county",
    "province",
    "prefecture",
    "township",
    "island",
    "municipality",
    "suburb",
    "neighborhood",
    "neighbourhood",
    "port",
    "hamlet",
    "peninsula",
];

/// Words before a name that say "place".
const LOCATIVE: &[&str] = &[
    "in", "near", "from", "at", "to", "outside", "around", "of", "through",
];

static SMALL_END: LazyLock<Lexicon<()>> =
    LazyLock::new(|| Lexicon::new(SMALL_ENDS.iter().map(|w| (*w, ()))));
static SORT_OF: LazyLock<Lexicon<()>> =
    LazyLock::new(|| Lexicon::new(SORTS_OF.iter().map(|w| (*w, ()))));
static END: LazyLock<Lexicon<()>> = LazyLock::new(|| Lexicon::new(ENDS.iter().map(|w| (*w, ()))));
static BEGINNING: LazyLock<Lexicon<()>> =
    LazyLock::new(|| Lexicon::new(BEGINNINGS.iter().map(|w| (*w, ()))));
static NUMBER: LazyLock<Lexicon<()>> =
    LazyLock::new(|| Lexicon::new(NUMBERED.iter().map(|w| (*w, ()))));
static NO_NAME: LazyLock<Lexicon<()>> =
    LazyLock::new(|| Lexicon::new(NO_NAMES.iter().map(|w| (*w, ()))));

pub(super) fn scan(text: &Text<'_>, into: &mut Vec<Candidate>) {
    let limit = text.tokens.len();
    for (at, token) in text.tokens.iter().enumerate() {
        if token.kind == Kind::Mark && text.word(at) == "," {
            if let Some(named) = before_place(text, at) {
                push(text, named, into);
            }
            continue;
        }
        if token.kind != Kind::Word {
            continue;
        }
        if let Some(named) = of_sort(text, at) {
            push(text, named, into);
        }
        if !token.capital
            && let Some((tokens, ())) = SMALL_END.longest(text, at, limit)
            && let Some(named) = named(text, &tokens)
        {
            push(text, named, into);
        }
        if let Some((tokens, ())) = NUMBER.longest(text, at, limit)
            && let Some(numbered) = numbered(text, &tokens)
        {
            push(text, numbered, into);
        }
        if !token.capital {
            continue;
        }
        if let Some((tokens, ())) = END.longest(text, at, limit)
            && let Some(named) = named(text, &tokens)
        {
            push(text, named, into);
        }
        if let Some((tokens, ())) = BEGINNING.longest(text, at, limit)
            && let Some(begun) = begun(text, &tokens)
        {
            push(text, begun, into);
        }
    }
}

fn push(text: &Text<'_>, tokens: Range<usize>, into: &mut Vec<Candidate>) {
    into.push(Candidate {
        kind: MentionKind::Place,
        bytes: text.bytes(tokens),
        rank: rank::SHAPE,
        value: Value::None,
    });
}

fn capital_word(text: &Text<'_>, at: usize) -> bool {
    text.tokens
        .get(at)
        .is_some_and(|t| t.kind == Kind::Word && t.capital)
}

/// `Camp 14`, `Kwan-li-so No. 14`, `Political Prison Camp No. 25 (…)`.
fn numbered(text: &Text<'_>, head: &Range<usize>) -> Option<Range<usize>> {
    let mut at = head.end;
    if matches!(text.lower(at), "no" | "number" | "nr") {
        at += 1;
        if text.word(at) == "." {
            at += 1;
        }
    } else if !capital_word(text, head.start) {
        // "prison 14" says nothing; "kwanliso 14" does.
        return None;
    }
    let number = text.tokens.get(at)?;
    if number.kind != Kind::Digits || number.end - number.start > 3 {
        return None;
    }
    let mut start = head.start;
    // "Chongori Kyohwaso No. 12": its place goes before.
    while start > 0
        && head.start - start < 2
        && capital_word(text, start - 1)
        && NO_NAME.word(text, start - 1).is_none()
    {
        start -= 1;
    }
    Some(start..at + 1)
}

/// `Evin Prison`, `Tumen Detention Center`: capital words before a capital end.
fn named(text: &Text<'_>, end: &Range<usize>) -> Option<Range<usize>> {
    let goes_on = text
        .tokens
        .get(end.end)
        .is_some_and(|t| t.spaced && t.capital && t.kind == Kind::Word)
        && !matches!(
            text.lower(end.end),
            "in" | "at" | "on" | "and" | "no" | "the"
        );
    if goes_on {
        return None;
    }
    let mut start = end.start;
    let mut names = 0;
    while let Some(before) = start.checked_sub(1) {
        if names == 3
            || !capital_word(text, before)
            || !text.tokens.get(start).is_some_and(|t| t.spaced)
        {
            break;
        }
        if NO_NAME.word(text, before).is_some() {
            break;
        }
        start = before;
        names += 1;
    }
    // A people's name is an adjective here: "Chinese Province".
    if names == 0 {
        return None;
    }
    if let Some((tokens, kind)) = latin::known_at(text, start, end.start).map(|(t, k)| (t, k.sort))
        && kind == super::gazetteer::Sort::People
    {
        if tokens.end >= end.start {
            return None;
        }
        start = tokens.end;
    }
    Some(start..end.end)
}

/// "the town of Helong", "the village of Jongo-ri": the name behind.
fn of_sort(text: &Text<'_>, at: usize) -> Option<Range<usize>> {
    if text.lower(at + 1) != "of" {
        return None;
    }
    SORT_OF.word(text, at)?;
    let start = at + 2;
    let mut end = start;
    while end < start + 5 {
        let hyphen = text.word(end) == "-"
            && end > start
            && text.tokens.get(end).is_some_and(|t| !t.spaced)
            && text
                .tokens
                .get(end + 1)
                .is_some_and(|t| t.kind == Kind::Word && !t.spaced);
        if hyphen {
            end += 2;
        } else if capital_word(text, end)
            && text.tokens.get(end).is_some_and(|t| t.spaced)
            && NO_NAME.word(text, end).is_none()
        {
            end += 1;
        } else {
            break;
        }
    }
    let people = latin::known_at(text, start, end.max(start + 1))
        .is_some_and(|(_, known)| known.sort == super::gazetteer::Sort::People);
    (end > start && end - start <= 3 + 2 && !people).then_some(start..end)
}

/// "in Cox's Bazar, Bangladesh": capital words between a locative word and a comma with a country
/// or division behind it.
fn before_place(text: &Text<'_>, comma: usize) -> Option<Range<usize>> {
    let mut start = comma;
    while comma - start < 4 {
        let Some(n) = start.checked_sub(1) else { break };
        let inner = matches!(text.word(n), "'s" | "’s" | "-") && start < comma;
        if !(capital_word(text, n) || inner) {
            break;
        }
        start = n;
    }
    let before = start.checked_sub(1)?;
    if start == comma
        || !LOCATIVE.contains(&text.lower(before))
        || capital_word(text, before) && text.lower(before) == "of"
    {
        return None;
    }
    if NO_NAME.word(text, start).is_some() {
        return None;
    }
    let (tokens, known) = latin::known_at(text, comma + 1, text.tokens.len())?;
    let wide = matches!(
        known.sort,
        super::gazetteer::Sort::Country | super::gazetteer::Sort::Division
    );
    let possessive = matches!(text.word(tokens.end), "'s" | "’s" | "'" | "’");
    // A list of places is no chain: "from Human Rights Watch, Japan and …" is rare, "of" common.
    let list = matches!(text.lower(tokens.end), "and" | "or");
    (wide && !possessive && !(list && text.lower(before) == "of")).then_some(start..comma)
}

/// `Strait of Malacca`, `Lake Khasan`, `Port of Busan`.
fn begun(text: &Text<'_>, head: &Range<usize>) -> Option<Range<usize>> {
    let mut end = head.end;
    while end - head.end < 2
        && capital_word(text, end)
        && text.tokens.get(end).is_some_and(|t| t.spaced)
        && NO_NAME.word(text, end).is_none()
    {
        end += 1;
    }
    (end > head.end).then_some(head.start..end)
}
