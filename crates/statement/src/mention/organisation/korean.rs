//! Korean: eojeols whose stem ends as bodies do, with the country or body before them.

use std::ops::Range;

use crate::mention::rank;
use crate::text::{Kind, Sentence, Text, Token};

/// Endings of names of bodies.
const ENDINGS: &[&str] = &[
    "위원회",
    "협의회",
    "협회",
    "연합회",
    "연합",
    "연맹",
    "연대",
    "센터",
    "대학교",
    "대학",
    "연구원",
    "연구소",
    "연구회",
    "재단",
    "공사",
    "은행",
    "그룹",
    "주식회사",
    "유한공사",
    "유한책임공사",
    "신문",
    "일보",
    "방송",
    "통신",
    "통신사",
    "노동당",
    "공산당",
    "인민군",
    "해방군",
    "경찰청",
    "검찰청",
    "법원",
    "대법원",
    "의회",
    "대사관",
    "영사관",
    "총영사관",
    "기구",
    "이사회",
    "총회",
    "본부",
    "보위부",
    "보위성",
    "안전성",
    "안전부",
    "보안성",
    "통일부",
    "외교부",
    "국방부",
    "국무부",
    "재무부",
    "상무부",
    "법무부",
    "노동부",
    "교육부",
    "공안국",
    "공안부",
    "공안청",
    "정보원",
    "관리국",
    "출입국",
    "보호국",
    "보호청",
    "통제국",
    "세관",
    "협력국",
    "사무소",
    "사무국",
    "국무원",
    "조사국",
    "시민연합",
    "네트워크",
    "워킹그룹",
    "병원",
    "학회",
    "교회",
    "정보센터",
    "기록센터",
    "외교성",
    "무역성",
    "수산성",
    "대외경제성",
    "적십자사",
    "적십자회",
    "통상부",
    "안보부",
    "민주당",
    "국민의당",
    "자유당",
    "무역회사",
    "총회사",
    "무역총회사",
    "회사",
    "합영회사",
    "수산물회사",
    "대표부",
    "유엔군",
    "사령부",
    "수사국",
    "정보국",
];
/// Endings that mean nothing without a name before them in the same eojeol or before it.
const BARE: &[&str] = &[
    "위원회",
    "협의회",
    "협회",
    "연합회",
    "연합",
    "연맹",
    "연대",
    "센터",
    "대학교",
    "대학",
    "연구원",
    "연구소",
    "연구회",
    "재단",
    "공사",
    "은행",
    "그룹",
    "주식회사",
    "유한공사",
    "신문",
    "일보",
    "방송",
    "통신",
    "통신사",
    "법원",
    "의회",
    "대사관",
    "영사관",
    "총영사관",
    "기구",
    "이사회",
    "총회",
    "본부",
    "정보원",
    "관리국",
    "출입국",
    "세관",
    "사무소",
    "사무국",
    "네트워크",
    "병원",
    "학회",
    "교회",
    "회사",
    "무역회사",
    "대표부",
    "사령부",
    "공안국",
    "해당",
    "언론",
    "국영방송",
    "관영통신",
    "국제기구",
    "인권단체",
    "시민단체",
    "수사국",
    "정보국",
    "보호국",
    "보호청",
    "통제국",
];
/// What follows a noun.
const PARTICLES: &[&str] = &[
    "에서는",
    "에게서",
    "으로부터",
    "이라고",
    "에서도",
    "으로는",
    "까지",
    "부터",
    "에게",
    "에서",
    "에는",
    "에도",
    "으로",
    "이나",
    "이라",
    "측은",
    "측이",
    "측에",
    "와의",
    "과의",
    "라고",
    "보다",
    "처럼",
    "만이",
    "들은",
    "들이",
    "은",
    "는",
    "이",
    "가",
    "을",
    "를",
    "의",
    "에",
    "와",
    "과",
    "도",
    "로",
    "나",
    "만",
    "측",
];
/// Words that are no part of a name though they stand before one.
const OUTSIDE: &[&str] = &[
    "이",
    "그",
    "저",
    "한",
    "각",
    "전",
    "현",
    "해당",
    "같은",
    "다른",
    "지난",
    "최근",
    "올해",
    "관련",
    "모든",
    "여러",
    "등",
    "및",
    "또",
    "또는",
    "그리고",
    "당시",
    "이날",
    "당국",
    "정부",
    "현지",
    "소속",
    "산하",
];

pub(super) fn scan(
    text: &Text<'_>,
    sentence: &Sentence,
    places: &[Range<u32>],
    into: &mut Vec<(Range<u32>, u8)>,
) {
    for at in sentence.tokens.clone() {
        let Some(token) = text.tokens.get(at) else {
            return;
        };
        if token.kind != Kind::Hangul {
            continue;
        }
        let stem = stem(text.word(at));
        let Some(ending) = ENDINGS
            .iter()
            .filter(|ending| stem.ends_with(**ending))
            .max_by_key(|ending| ending.len())
        else {
            continue;
        };
        let end = token.start + u32::try_from(stem.len()).unwrap_or(0);
        let bare = stem == *ending && BARE.contains(ending);
        let start = begin(text, sentence, at, token, places, bare);
        if let Some(start) = start {
            into.push((start..end, rank::SHAPE));
        }
    }
}

/// The eojeol without its particle, if a noun of a body remains.
fn stem(word: &str) -> &str {
    if ENDINGS.iter().any(|ending| word.ends_with(ending)) {
        return word;
    }
    PARTICLES
        .iter()
        .filter_map(|particle| word.strip_suffix(particle))
        .find(|stem| ENDINGS.iter().any(|ending| stem.ends_with(ending)))
        .unwrap_or(word)
}

/// Where the name begins: at the eojeol, or with a place or part of a name before it.
fn begin(
    text: &Text<'_>,
    sentence: &Sentence,
    at: usize,
    token: &Token,
    places: &[Range<u32>],
    bare: bool,
) -> Option<u32> {
    let mut start = token.start;
    let mut named = !bare;
    let mut n = at;
    for _ in 0..3 {
        let Some(before) = n.checked_sub(1).filter(|b| *b >= sentence.tokens.start) else {
            break;
        };
        let Some(previous) = text.tokens.get(before) else {
            break;
        };
        if previous.kind != Kind::Hangul && previous.kind != Kind::Word {
            break;
        }
        let word = text.word(before);
        let is_place = places
            .binary_search_by(|p| p.start.cmp(&previous.start))
            .ok()
            .and_then(|found| places.get(found))
            .is_some_and(|p| p.end == previous.end);
        let name_part = matches!(
            word,
            "유엔"
                | "국회"
                | "미"
                | "국가"
                | "국제"
                | "세계"
                | "중앙"
                | "최고"
                | "북한인권"
                | "인권"
                | "통일"
                | "국무부"
                | "고등"
                | "지방"
                | "민주주의"
                | "인민"
                | "아시아"
                | "자유"
                | "전국"
                | "대외"
                | "총"
                | "해외"
        ) || (previous.kind == Kind::Word
            && text.tokens.get(before).is_some_and(|t| t.shouted));
        if OUTSIDE.contains(&word) || !(is_place || name_part) {
            break;
        }
        start = previous.start;
        named = true;
        n = before;
        if is_place {
            break;
        }
    }
    named.then_some(start)
}
