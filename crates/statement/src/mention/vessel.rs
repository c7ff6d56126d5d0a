//! Vessels: prefixes (F/V, MV …), names behind "vessel" or "trawler", 号 and 호.

use std::ops::Range;
use std::sync::LazyLock;

use casefile::statement::MentionKind;

use crate::lexicon::Lexicon;
use crate::mention::{Candidate, Value, rank};
use crate::text::{Kind, Text, is_han, is_hangul};

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
                }
            }
            Kind::Digits => {
                if let Some(start) = fleet(text, at) {
                    push(text, start..at + 1, into);
                }
            }
            Kind::Han => han(text, at, into),
            Kind::Hangul => hangul(text, at, into),
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

/// 鲁荣远渔978, 辽丹渔23456号, “智诚号”货轮.
fn han(text: &Text<'_>, at: usize, into: &mut Vec<Candidate>) {
    const PROVINCES: &str = "鲁辽浙闽粤冀津沪苏琼桂吉黑皖鄂赣";
    let Some(token) = text.tokens.get(at) else {
        return;
    };
    let (start, end) = (token.start as usize, token.end as usize);
    let raw = text.raw;
    let run = raw.get(start..end).unwrap_or("");
    // A fishing boat's name ends in 渔 and a number; it begins with its province's character.
    let digits = text
        .tokens
        .get(at + 1)
        .filter(|t| t.kind == Kind::Digits && (!t.spaced || t.start as usize == end + 1));
    if let Some(digits) = digits
        && (run.ends_with('渔')
            || run.ends_with('漁')
            || run.ends_with('运')
            || run.ends_with("远")
            || run.ends_with("远渔"))
    {
        let begin = run
            .char_indices()
            .rev()
            .take(6)
            .filter(|(_, c)| PROVINCES.contains(*c))
            .last();
        if let Some((offset, _)) = begin {
            let after = raw.get(digits.end as usize..).unwrap_or("");
            let hao = if after.starts_with('号') || after.starts_with('號') {
                3
            } else {
                0
            };
            if let Ok(from) = u32::try_from(start + offset) {
                add(from..digits.end + hao, into);
            }
            return;
        }
    }
    // “…号” in quotation marks beside a word for ships.
    const SHIPS: &[&str] = &[
        "货轮", "货船", "渔船", "油轮", "轮船", "船只", "船", "轮", "客轮", "邮轮",
    ];
    if (run.ends_with('号') || run.ends_with('號'))
        && run.chars().count() >= 3
        && run.chars().count() <= 12
    {
        let quoted = at
            .checked_sub(1)
            .is_some_and(|n| matches!(text.word(n), "“" | "\"" | "「" | "‘"));
        let after = raw
            .get(end..)
            .unwrap_or("")
            .trim_start_matches(['”', '"', '」', '’']);
        if quoted && SHIPS.iter().any(|s| after.starts_with(s)) {
            add(token.start..token.end, into);
            return;
        }
        let before = run.trim_end_matches(['号', '號']);
        if let Some(ship) = SHIPS
            .iter()
            .filter_map(|s| before.rfind(s).map(|p| p + s.len()))
            .max()
            && before.len() - ship >= 6
            && let Ok(from) = u32::try_from(start + ship)
        {
            add(from..token.end, into);
        }
    } else if let Some(digits) = text
        .tokens
        .get(at + 1)
        .filter(|t| t.kind == Kind::Digits && !t.spaced)
    {
        // 渔船光远15号
        let after = raw.get(digits.end as usize..).unwrap_or("");
        if (after.starts_with('号') || after.starts_with('號'))
            && let Some(ship) = SHIPS
                .iter()
                .filter_map(|s| run.rfind(s).map(|p| p + s.len()))
                .max()
            && (6..=18).contains(&(run.len() - ship))
            && run
                .get(ship..)
                .is_some_and(|r| r.chars().all(is_han) && !r.starts_with("第"))
            && let Ok(from) = u32::try_from(start + ship)
        {
            add(from..digits.end + 3, into);
        }
    }
}

/// 선박 '와이즈 어니스트호', 화물선 지성호.
fn hangul(text: &Text<'_>, at: usize, into: &mut Vec<Candidate>) {
    const SHIPS: &[&str] = &[
        "선박",
        "화물선",
        "어선",
        "유조선",
        "여객선",
        "원양어선",
        "오징어잡이",
        "오징어채낚기",
        "벌크선",
        "상선",
        "선적",
    ];
    const PARTICLES: &[&str] = &[
        "",
        "는",
        "가",
        "를",
        "의",
        "에",
        "에서",
        "와",
        "로",
        "도",
        "에는",
        "에서는",
        "와의",
    ];
    let Some(token) = text.tokens.get(at) else {
        return;
    };
    let word = text.word(at);
    if word.len() > 60 {
        return;
    }
    let Some(place) = word.rfind('호') else {
        return;
    };
    let rest = word.get(place + 3..).unwrap_or("");
    let stem = word.get(..place).unwrap_or("");
    if !PARTICLES.contains(&rest)
        || stem.chars().count() < 2
        || !stem.chars().all(is_hangul)
        || matches!(stem, "보" | "변" | "구" | "옹" | "신" | "암")
    {
        return;
    }
    if [
        "보호", "신호", "간호", "옹호", "구호", "번호", "암호", "상호", "기호", "선호", "비호",
        "수호", "동호", "칭호", "변호",
    ]
    .iter()
    .any(|w| word.get(..place + 3).is_some_and(|s| s.ends_with(w)))
    {
        return;
    }
    let end = token.start + u32::try_from(place + 3).unwrap_or(0);
    let quote = |n: usize| matches!(text.word(n), "'" | "‘" | "\"" | "“");
    let mut first = at;
    let mut steps = 0;
    // In quotation marks the name may be several words.
    while steps < 3 {
        let Some(n) = first.checked_sub(1) else { break };
        if quote(n) {
            let ship = n
                .checked_sub(1)
                .is_some_and(|m| SHIPS.iter().any(|s| text.word(m).ends_with(s)));
            if ship {
                add(text.bytes(first..first + 1).start..end, into);
            }
            return;
        }
        if steps == 0 && SHIPS.iter().any(|s| text.word(n).ends_with(s)) {
            add(token.start..end, into);
            return;
        }
        first = n;
        steps += 1;
    }
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
