//! Places in Han and Hangul that no table lists: borders of two countries in one character each,
//! camps by their number, countries by one character.

use casefile::statement::MentionKind;

use super::wide::CAMPS;
use crate::mention::{Candidate, Value, rank};
use crate::text::{Kind, Text, is_hangul};

/// Single characters for countries in pairs: 中朝, 韩中, 俄朝.
const PAIR: &str = "中朝韩韓俄美日蒙越缅泰老印台北북조중한미일러남몽";

/// What makes a pair of countries a place.
const BORDERS: &[&str] = &[
    "边境地区",
    "边境地带",
    "边境线",
    "边境",
    "邊境",
    "边界地区",
    "边界",
    "邊界",
    "交界处",
    "交界",
    "国境线",
    "国境",
    "국경지역",
    "국경지대",
    "국경선",
    "국경",
    "접경지역",
    "접경지대",
    "접경",
    "변경",
];

pub(super) fn scan(text: &Text<'_>, into: &mut Vec<Candidate>) {
    borders(text.raw, into);
    numbered_camps(text, into);
    single_characters(text, into);
}

/// 中, 北, 美 on their own in Korean headlines: "北, 미사일 발사", "中 정부".
fn single_characters(text: &Text<'_>, into: &mut Vec<Candidate>) {
    const COUNTRIES: &[(&str, [u8; 2])] = &[
        ("中", *b"CN"),
        ("北", *b"KP"),
        ("美", *b"US"),
        ("日", *b"JP"),
        ("韓", *b"KR"),
        ("露", *b"RU"),
        ("英", *b"GB"),
    ];
    for (at, token) in text.tokens.iter().enumerate() {
        if token.kind != Kind::Han || token.end - token.start != 3 {
            continue;
        }
        let hangul = |n: usize| text.tokens.get(n).is_some_and(|t| t.kind == Kind::Hangul);
        let before = at.checked_sub(1);
        let opens = token.spaced
            || before.is_none_or(|n| {
                matches!(text.word(n), "\"" | "“" | "'" | "‘" | "·" | "[" | "…" | ",")
            });
        // "北송", "中에": glued to Hangul it may be half of a word.
        let free = text
            .tokens
            .get(at + 1)
            .is_none_or(|t| t.spaced || matches!(text.word(at + 1), "," | "·" | "…"));
        let korean = hangul(at + 1) || hangul(at + 2) || before.is_some_and(hangul);
        if !(opens && free && korean) {
            continue;
        }
        if let Some((_, country)) = COUNTRIES.iter().find(|(c, _)| *c == text.word(at)) {
            into.push(Candidate {
                kind: MentionKind::Place,
                bytes: token.start..token.end,
                rank: rank::RULE,
                value: Value::Country(*country),
            });
        }
    }
}

/// 12호 교화소, 제14호 관리소, 第14号管理所.
fn numbered_camps(text: &Text<'_>, into: &mut Vec<Candidate>) {
    for token in text.tokens.iter().filter(|t| t.kind == Kind::Digits) {
        let (start, end) = (token.start as usize, token.end as usize);
        let after = text.raw.get(end..).unwrap_or("");
        let Some(rest) = ["호", "号", "號"]
            .iter()
            .find_map(|w| after.strip_prefix(w))
        else {
            continue;
        };
        let gap = usize::from(rest.starts_with(' '));
        let word = rest.get(gap..).unwrap_or("");
        let Some(camp) = CAMPS.iter().find(|camp| word.starts_with(**camp)) else {
            continue;
        };
        let head = text.raw.get(..start).unwrap_or("");
        let ordinal = if head.ends_with('제') || head.ends_with('第') {
            3
        } else {
            0
        };
        let stop = end + (after.len() - rest.len()) + gap + camp.len();
        if let (Ok(start), Ok(stop)) = (u32::try_from(start - ordinal), u32::try_from(stop)) {
            into.push(Candidate {
                kind: MentionKind::Place,
                bytes: start..stop,
                rank: rank::SHAPE,
                value: Value::None,
            });
        }
    }
}

/// 中朝边境, 韩中国境, 북러 국경: two countries in one character each and a border.
fn borders(raw: &str, into: &mut Vec<Candidate>) {
    for word in [
        "边境", "邊境", "边界", "邊界", "交界", "国境", "국경", "접경", "변경",
    ] {
        for (at, _) in raw.match_indices(word) {
            let head = raw.get(..at).unwrap_or("");
            let head = head.strip_suffix(' ').unwrap_or(head);
            let mut pair = head.chars().rev();
            let (Some(second), Some(mut first)) = (pair.next(), pair.next()) else {
                continue;
            };
            let mut length = second.len_utf8() + first.len_utf8();
            if matches!(first, '·' | '-' | '－' | 'ㆍ' | '・') {
                let Some(other) = pair.next() else { continue };
                length += other.len_utf8();
                first = other;
            }
            if !PAIR.contains(first) || !PAIR.contains(second) || first == second {
                continue;
            }
            let outer = pair.next();
            if is_hangul(first) && outer.is_some_and(is_hangul) {
                continue;
            }
            let rest = raw.get(at..).unwrap_or("");
            let end = BORDERS
                .iter()
                .filter(|b| rest.starts_with(**b))
                .map(|b| b.len())
                .max()
                .unwrap_or(word.len());
            // 북중 접경 지역: the region may be a word of its own.
            let more = rest.get(end..).unwrap_or("");
            let end = end
                + [" 지역", " 지대", "地区", "地帶", "地带"]
                    .iter()
                    .find(|w| more.starts_with(**w))
                    .map_or(0, |w| w.len());
            if let (Ok(start), Ok(end)) =
                (u32::try_from(head.len() - length), u32::try_from(at + end))
            {
                into.push(Candidate {
                    kind: MentionKind::Place,
                    bytes: start..end,
                    rank: rank::RULE,
                    value: Value::None,
                });
            }
        }
    }
}
