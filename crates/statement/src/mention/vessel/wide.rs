//! Vessels in Chinese and Korean: fishing boats with their province and number, and names in
//! quotation marks or with 号 and 호 beside a word for ships.

use super::add;
use crate::mention::Candidate;
use crate::text::{Kind, Text, Token, is_han, is_hangul};

const SHIPS: &[&str] = &[
    "货轮",
    "货船",
    "渔船",
    "油轮",
    "轮船",
    "船只",
    "客轮",
    "邮轮",
    "鱿钓船",
    "钓船",
    "渔轮",
    "貨船",
    "漁船",
    "油輪",
    "船",
    "轮",
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

/// The first character of a Chinese fishing boat's name: its province or city.
const PROVINCES: &str = "鲁辽浙闽粤冀津沪苏琼桂吉黑皖鄂赣魯遼閩粵滬蘇瓊";

/// 鲁荣远渔978, 辽丹渔23456号, 渔船光远15号, 货轮智诚号.
pub(super) fn han(text: &Text<'_>, at: usize, into: &mut Vec<Candidate>) {
    let Some(token) = text.tokens.get(at) else {
        return;
    };
    let run = text.word(at);
    if run.len() > 120 {
        return;
    }
    let digits = text
        .tokens
        .get(at + 1)
        .filter(|t| t.kind == Kind::Digits && t.start <= token.end + 1);
    let start = token.start;
    let from = |offset: usize| start + u32::try_from(offset).unwrap_or(0);
    if let Some(digits) = digits {
        let end = digits.end + mark_length(text, digits, &["号", "號"]);
        if run.ends_with(['渔', '漁', '远', '运', '遠']) {
            let begin = run
                .char_indices()
                .rev()
                .take(6)
                .filter(|(_, c)| PROVINCES.contains(*c))
                .last();
            if let Some((offset, _)) = begin {
                add(from(offset)..end, into);
                return;
            }
        }
        // The name between the word for ships and its number.
        if end > digits.end
            && let Some(ship) = after_ship(run)
            && (6..=18).contains(&(run.len() - ship))
            && run
                .get(ship..)
                .is_some_and(|name| name.chars().all(is_han) && !name.starts_with('第'))
        {
            add(from(ship)..end, into);
        }
        return;
    }
    let name = run.trim_end_matches(['号', '號']);
    if name.len() < run.len()
        && let Some(ship) = after_ship(name)
        && (6..=18).contains(&(name.len() - ship))
    {
        add(from(ship)..token.end, into);
    }
}

/// The length of a mark that stands right behind a number.
fn mark_length(text: &Text<'_>, digits: &Token, marks: &[&str]) -> u32 {
    let after = text.raw.get(digits.end as usize..).unwrap_or("");
    let mark = marks.iter().find(|mark| after.starts_with(**mark));
    mark.map_or(0, |mark| u32::try_from(mark.len()).unwrap_or(0))
}

/// Where the last word for ships ends in `run`.
fn after_ship(run: &str) -> Option<usize> {
    SHIPS
        .iter()
        .filter_map(|ship| run.rfind(ship).map(|at| at + ship.len()))
        .max()
}

/// 화물선 지성호는: a word behind a word for ships that ends in 호.
pub(super) fn hangul(text: &Text<'_>, at: usize, into: &mut Vec<Candidate>) {
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
    let ship = at
        .checked_sub(1)
        .is_some_and(|n| SHIPS.iter().any(|s| text.word(n).ends_with(s)));
    if word.len() > 60 || !ship {
        return;
    }
    let Some(place) = word.rfind('호') else {
        return;
    };
    let (stem, rest) = (
        word.get(..place).unwrap_or(""),
        word.get(place + '호'.len_utf8()..),
    );
    if stem.chars().count() < 2
        || !stem.chars().all(is_hangul)
        || !rest.is_some_and(|r| PARTICLES.contains(&r))
    {
        return;
    }
    add(
        token.start..token.start + u32::try_from(place + 3).unwrap_or(0),
        into,
    );
}

/// 渔船“龙兴629号”, “智诚号”货轮, 선박 '지성6호'와 '와이즈 어니스트'호.
pub(super) fn quoted(text: &Text<'_>, open: usize, into: &mut Vec<Candidate>) {
    /// No ship's name has more words and numbers.
    const LONGEST: usize = 8;
    let closes: &[&str] = match text.word(open) {
        "“" => &["”"],
        "\"" => &["\""],
        "‘" => &["’"],
        "'" => &["'"],
        "「" => &["」"],
        _ => return,
    };
    let inner = |n: usize| {
        text.tokens
            .get(n)
            .is_some_and(|t| matches!(t.kind, Kind::Han | Kind::Hangul | Kind::Digits))
    };
    let first = open + 1;
    let Some(close) = (first..first + LONGEST).find(|n| !inner(*n)) else {
        return;
    };
    if close == first || !closes.contains(&text.word(close)) {
        return;
    }
    let bytes = text.bytes(first..close);
    let name = text.slice(bytes.clone());
    if name.len() > 60 || !name.chars().any(|c| is_han(c) || is_hangul(c)) {
        return;
    }
    let head = text
        .raw
        .get(..text.tokens.get(open).map_or(0, |t| t.start as usize))
        .unwrap_or("");
    let head = head.trim_end_matches(' ');
    let tail = text
        .raw
        .get(text.tokens.get(close).map_or(0, |t| t.end as usize)..)
        .unwrap_or("");
    let numbered = name.ends_with(['号', '號', '호']);
    let ship_before = SHIPS.iter().any(|ship| head.ends_with(ship));
    let ship_after = numbered && SHIPS.iter().any(|ship| tail.trim_start().starts_with(ship));
    // The second of a list: "'지성6호'와 '와이즈 어니스트'호".
    let mark_after = tail.starts_with(['호', '号', '號']);
    if ship_before || ship_after || mark_after && !name.ends_with(char::is_numeric) {
        add(bytes, into);
    }
}
