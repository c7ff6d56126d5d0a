//! Vessels: prefixes (F/V, MV …), names behind "vessel" or "trawler", 号 and 호.

mod wide;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use casefile::statement::MentionKind;

use crate::lexicon::Lexicon;
use crate::mention::{Candidate, Value, rank};
use crate::text::{Kind, Text};

/// Prefixes that stand before a ship's name and belong to it.
const PREFIXES: &[&str] = &[
    "f/v", "m/v", "m/t", "s/v", "r/v", "m.v.", "mv", "fv", "mt", "ss", "uss", "hms", "rfa", "usns",
    "uscgc", "ms", "mts",
];

/// Sorts of ships before a name.
const SORTS: &[&str] = &[
    "vessel",
    "ship",
    "trawler",
    "squid jigger",
    "jigger",
    "freighter",
    "cargo ship",
    "cargo vessel",
    "fishing vessel",
    "fishing boat",
    "tanker",
    "oil tanker",
    "bulk carrier",
    "reefer",
    "longliner",
    "tugboat",
    "tug",
    "boat",
    "carrier vessel",
    "mothership",
    "container ship",
];

static PREFIX: LazyLock<Lexicon<()>> =
    LazyLock::new(|| Lexicon::new(PREFIXES.iter().map(|w| (*w, ()))));
static SORT: LazyLock<Lexicon<()>> = LazyLock::new(|| Lexicon::new(SORTS.iter().map(|w| (*w, ()))));

/// Proposes all vessels of a text.
pub(crate) fn scan(text: &Text<'_>, into: &mut Vec<Candidate>) {
    let first = into.len();
    cued(text, into);
    again(text, first, into);
}

/// Names that a word, a prefix or a number beside them marks as ships.
fn cued(text: &Text<'_>, into: &mut Vec<Candidate>) {
    let limit = text.tokens.len();
    for (at, token) in text.tokens.iter().enumerate() {
        match token.kind {
            Kind::Word => {
                if let Some((tokens, ())) = PREFIX.longest(text, at, limit)
                    && let Some(end) = prefixed(text, &tokens)
                {
                    push(text, at..end, into);
                } else if let Some((tokens, ())) = SORT.longest(text, at, limit)
                    && let Some(named) = sorted(text, &tokens)
                {
                    push(text, named, into);
                } else if text.lower(at) == "flagged"
                    && let Some(named) = flagged(text, at)
                {
                    push(text, named, into);
                }
            }
            Kind::Digits => {
                if let Some(start) = fleet(text, at).or_else(|| apposed(text, at)) {
                    push(text, start..at + 1, into);
                }
            }
            Kind::Han => wide::han(text, at, into),
            Kind::Hangul => wide::hangul(text, at, into),
            Kind::Mark => wide::quoted(text, at, into),
            _ => {}
        }
    }
}

fn push(text: &Text<'_>, tokens: Range<usize>, into: &mut Vec<Candidate>) {
    add(text.bytes(tokens), into);
}

fn add(bytes: Range<u32>, into: &mut Vec<Candidate>) {
    into.push(Candidate {
        kind: MentionKind::Vessel,
        bytes,
        rank: rank::RULE,
        value: Value::None,
    });
}

/// Capital words and numbers: `Lu Rong Yuan Yu 978`, `WISE HONEST`.
fn name(text: &Text<'_>, from: usize, shouted: bool) -> usize {
    let mut end = from;
    while end < from + 6 {
        let Some(token) = text.tokens.get(end) else {
            break;
        };
        let word = token.kind == Kind::Word
            && token.capital
            && (!shouted || token.shouted || token.end - token.start == 1);
        let number = token.kind == Kind::Digits
            && end > from
            && token.end - token.start <= 5
            && !text.word(end).contains(',');
        let hyphen = text.word(end) == "-" && !token.spaced && end > from;
        if !(word || number || hyphen)
            || end > from && word && !token.spaced && text.word(end - 1) != "-"
        {
            break;
        }
        // "Yu Long No. 2"
        if end > from
            && text.lower(end) == "no"
            && text.word(end + 1) == "."
            && text
                .tokens
                .get(end + 2)
                .is_some_and(|t| t.kind == Kind::Digits)
        {
            end += 3;
            break;
        }
        if word
            && matches!(
                text.word(end),
                "IMO" | "MMSI" | "The" | "In" | "On" | "A" | "No"
            )
        {
            break;
        }
        end += 1;
        if number {
            break;
        }
    }
    if end > from && text.word(end - 1) == "-" {
        end - 1
    } else {
        end
    }
}

/// The names found, wherever the text names them again.
fn again(text: &Text<'_>, first: usize, into: &mut Vec<Candidate>) {
    // Only names of two words or more: a single word may be anything.
    let mut names: BTreeMap<u32, Vec<Range<usize>>> = BTreeMap::new();
    for candidate in into.get(first..).unwrap_or(&[]) {
        let mut tokens = text.tokens_of(candidate.bytes.clone());
        if let Some((prefix, ())) = PREFIX.longest(text, tokens.start, tokens.end) {
            tokens.start = prefix.end;
        }
        if tokens.len() < 2 {
            continue;
        }
        let Some(hash) = text.tokens.get(tokens.start).map(|t| t.hash) else {
            continue;
        };
        let of_hash = names.entry(hash).or_default();
        // Names that begin alike are few; hundreds would be a table.
        let new = !of_hash.iter().any(|of| same(text, of.start, &tokens));
        if of_hash.len() < 16 && new {
            of_hash.push(tokens);
        }
    }
    if names.is_empty() {
        return;
    }
    for (at, token) in text.tokens.iter().enumerate() {
        let Some(of_hash) = names.get(&token.hash).filter(|_| token.capital) else {
            continue;
        };
        for name in of_hash {
            if at != name.start && same(text, at, name) {
                push(text, at..at + name.len(), into);
            }
        }
    }
}

fn same(text: &Text<'_>, at: usize, name: &Range<usize>) -> bool {
    name.clone()
        .enumerate()
        .all(|(n, of)| text.word(at + n) == text.word(of))
}

/// "the Panama-flagged KOTI", "a Togo-flagged tanker SEA STAR".
fn flagged(text: &Text<'_>, at: usize) -> Option<Range<usize>> {
    let start = SORT
        .longest(text, at + 1, text.tokens.len())
        .map_or(at + 1, |(sort, ())| sort.end);
    let token = text.tokens.get(start)?;
    if !(token.spaced && token.shouted && token.end - token.start > 2) {
        return None;
    }
    let end = name(text, start, true);
    (end > start).then_some(start..end)
}

/// "the Zhen Fa 7, a Chinese fishing vessel", "the Hangton No. 112 fishing vessel": where the name
/// before a number begins.
fn apposed(text: &Text<'_>, digits: usize) -> Option<usize> {
    const NO_SHIPS: &[&str] = &[
        "the",
        "a",
        "and",
        "in",
        "on",
        "of",
        "section",
        "article",
        "resolution",
        "camp",
        "room",
        "chapter",
    ];
    let number = text.tokens.get(digits)?;
    if !number.spaced || number.end - number.start > 4 {
        return None;
    }
    let mut start = digits;
    // "No." before the number.
    if digits >= 2 && text.word(digits - 1) == "." && text.lower(digits - 2) == "no" {
        start -= 2;
    }
    let words_end = start;
    while let Some(n) = start.checked_sub(1) {
        let fits = words_end - n <= 3
            && text
                .tokens
                .get(n)
                .is_some_and(|t| t.kind == Kind::Word && t.capital)
            && !NO_SHIPS.contains(&text.lower(n));
        if !fits {
            break;
        }
        start = n;
    }
    if start == words_end {
        return None;
    }
    // "Lien Yi Hsing No. 12" in a list of ships.
    let limit = text.tokens.len();
    if words_end < digits && words_end - start >= 2 && ship_near(text, digits) {
        return Some(start);
    }
    if start.checked_sub(1).is_none_or(|n| text.lower(n) != "the") {
        return None;
    }
    // The word for a ship follows at once, or in the apposition behind a comma.
    let from = digits + 1;
    let direct = SORT.longest(text, from, limit).is_some();
    let apposition = text.word(from) == ","
        && matches!(text.lower(from + 1), "a" | "an" | "another" | "one")
        && (from + 2..from + 12)
            .take_while(|n| !matches!(text.word(*n), "." | ","))
            .any(|n| SORT.longest(text, n, limit).is_some());
    (direct || apposition).then_some(start)
}

/// Whether a word for ships stands within some thirty words.
fn ship_near(text: &Text<'_>, at: usize) -> bool {
    const WORDS: &[&str] = &[
        "vessel",
        "vessels",
        "ship",
        "ships",
        "fleet",
        "trawler",
        "trawlers",
        "longliner",
        "tanker",
        "tankers",
        "fishing",
    ];
    let near = at.saturating_sub(30)..(at + 30).min(text.tokens.len());
    near.into_iter().any(|n| WORDS.contains(&text.lower(n)))
}

/// `Lu Rong Yuan Yu 978`: "Yu" (fishing) and a number close the name of a Chinese fishing boat.
fn fleet(text: &Text<'_>, digits: usize) -> Option<usize> {
    let mut start = digits.checked_sub(1)?;
    if !matches!(text.lower(start), "yu" | "leng" | "yun") || !text.tokens.get(start)?.capital {
        return None;
    }
    let yu = start;
    while let Some(n) = start.checked_sub(1) {
        let fits = yu - n <= 4
            && text
                .tokens
                .get(n)
                .is_some_and(|t| t.kind == Kind::Word && t.capital && t.end - t.start <= 6)
            && text.tokens.get(start).is_some_and(|t| t.spaced)
            && !matches!(
                text.lower(n),
                "the" | "a" | "and" | "mr" | "ms" | "vessel" | "vessels"
            );
        if !fits {
            break;
        }
        start = n;
    }
    let number = text.tokens.get(digits)?;
    (start < yu && number.spaced && (2..=5).contains(&(number.end - number.start))).then_some(start)
}

/// `M/V Wise Honest`: the prefix in capitals, then a name.
fn prefixed(text: &Text<'_>, prefix: &Range<usize>) -> Option<usize> {
    let first = text.tokens.get(prefix.start)?;
    if !first.capital || first.end - first.start > 1 && !first.shouted {
        return None;
    }
    let before_name = text.tokens.get(prefix.end)?;
    if !before_name.spaced || !before_name.capital {
        return None;
    }
    // "MS Word", "SS officers", "MT." are no ships: two letters alone need a shouted name or "the".
    let short = prefix.len() == 1 && matches!(text.word(prefix.start), "MS" | "MT" | "SS");
    let the = prefix
        .start
        .checked_sub(1)
        .is_some_and(|n| text.lower(n) == "the");
    if short && !(the || before_name.shouted) {
        return None;
    }
    let end = name(text, prefix.end, false);
    (end > prefix.end).then_some(end)
}

/// `the trawler Oyang 75`, `vessel "Ocean Star"`, `fishing vessel LU RONG YU 1234`.
fn sorted(text: &Text<'_>, sort: &Range<usize>) -> Option<Range<usize>> {
    let mut start = sort.end;
    if matches!(text.lower(start), "named" | "called") {
        start += 1;
    }
    if text.lower(start) == "the" {
        start += 1;
    }
    let token = text.tokens.get(start)?;
    if matches!(text.word(start), "\"" | "“" | "‘" | "'" | "「") && token.spaced {
        // A name in quotation marks: short, and it begins with a capital.
        let end = name(text, start + 1, false);
        let closed = matches!(text.word(end), "\"" | "”" | "’" | "'" | "」" | "," | ".");
        return (end > start + 1 && closed).then_some(start + 1..end);
    }
    if !token.spaced || !token.capital || token.kind != Kind::Word {
        return None;
    }
    let end = name(text, start, token.shouted);
    let numbered = text.tokens.get(end.checked_sub(1)?)?.kind == Kind::Digits;
    // In a sentence of capitals every word is one.
    let loud_line = sort
        .start
        .checked_sub(1)
        .and_then(|n| text.tokens.get(n))
        .is_some_and(|t| t.shouted && t.end - t.start > 3);
    let likely = numbered
        || token.shouted
            && !loud_line
            && end - start >= 1
            && token.end - token.start > 2
            && PREFIX.word(text, start).is_none()
        || sort.len() == 1
            && matches!(
                text.lower(sort.start),
                "trawler" | "freighter" | "tanker" | "jigger" | "longliner" | "reefer"
            )
            && end - start >= 2;
    (likely && end > start).then_some(start..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_vessels(raw: &str, wanted: &[&str]) {
        let text = Text::new(raw, &[]);
        let mut found = Vec::new();
        scan(&text, &mut found);
        let got: Vec<&str> = crate::mention::settle(found)
            .into_iter()
            .map(|c| text.slice(c.bytes))
            .collect();
        assert_eq!(got, wanted, "{raw}");
    }

    #[test]
    fn vessels_by_prefix_sort_and_number() {
        check_vessels("渔船“龙兴629号”上有船员死亡", &["龙兴629号"]);
        check_vessels(
            "북한 선박 '지성6호'와 '와이즈 어니스트'호를 제재",
            &["지성6호", "와이즈 어니스트"],
        );
        check_vessels(
            "the Zhen Fa 7, a Chinese squid vessel. The Zhen Fa 7 left.",
            &["Zhen Fa 7", "Zhen Fa 7"],
        );
        check_vessels(
            "the Hangton No. 112 fishing vessel and the Panama-flagged KOTI",
            &["Hangton No. 112", "KOTI"],
        );
        check_vessels(
            "(e.g., Lien Yi Hsing No. 12, the Da Wang, and the Yu Long No. 2), the first against a fleet",
            &["Lien Yi Hsing No. 12", "Yu Long No. 2"],
        );
        check_vessels("In the Section 12 vessel rule and the Room 5 boat", &[]);
        check_vessels(
            "aboard the F/V Lu Rong Yuan Yu 978 (IMO 8776019)",
            &["F/V Lu Rong Yuan Yu 978"],
        );
        check_vessels("the M/V Wise Honest was seized", &["M/V Wise Honest"]);
        check_vessels("vessel JI SONG 6 (IMO 8898740)", &["JI SONG 6"]);
        check_vessels("The squid jigger \"Zhen Fa 7\" docked.", &["Zhen Fa 7"]);
        check_vessels("the trawler Oyang 75 sank", &["Oyang 75"]);
        check_vessels("The ship left. A vessel from China.", &[]);
        check_vessels("MS Word and SS officers", &[]);
        check_vessels(
            "渔船鲁荣远渔978和辽丹渔23456号靠港",
            &["鲁荣远渔978", "辽丹渔23456号"],
        );
        check_vessels("“智诚号”货轮", &["智诚号"]);
        check_vessels(
            "화물선 지성호는 선박 '와이즈 어니스트호'를 보호",
            &["지성호", "와이즈 어니스트호"],
        );
        check_vessels("난민 보호를 위한 변호사", &[]);
    }
}
