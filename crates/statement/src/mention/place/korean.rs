//! Where a Korean name of a place ends: particles, sorts and districts in and behind its run.

use std::ops::Range;

use super::gazetteer::{Known, Sort, Trust};
use super::wide::{CAMPS, before};
use crate::text::is_hangul;

/// What may follow a Korean name in the same run without being part of it. Longest first is not
/// needed: the whole rest of the run must be one of these.
const PARTICLES: &[&str] = &[
    "은",
    "는",
    "이",
    "가",
    "을",
    "를",
    "에",
    "의",
    "와",
    "과",
    "도",
    "로",
    "으로",
    "만",
    "나",
    "이나",
    "및",
    "등",
    "에서",
    "에서는",
    "에서도",
    "에서의",
    "에는",
    "에도",
    "에만",
    "에게",
    "에게서",
    "에선",
    "에서만",
    "에서부터",
    "부터",
    "까지",
    "까지는",
    "까지의",
    "까지도",
    "로의",
    "으로의",
    "로부터",
    "으로부터",
    "로는",
    "으로는",
    "로도",
    "으로도",
    "로써",
    "으로써",
    "로서",
    "으로서",
    "로서는",
    "로서의",
    "보다",
    "보다는",
    "처럼",
    "만의",
    "만이",
    "만은",
    "이라는",
    "라는",
    "이란",
    "란",
    "이라고",
    "라고",
    "이며",
    "이고",
    "이다",
    "인",
    "인데",
    "이지만",
    "입니다",
    "였다",
    "이었다",
    "과의",
    "와의",
    "과는",
    "와는",
    "과도",
    "와도",
    "이든",
    "든",
    "조차",
    "마저",
    "뿐",
    "뿐만",
    "들",
    "들이",
    "들은",
    "들을",
    "들의",
    "들에게",
    "들도",
    "들과",
    "측",
    "측은",
    "측이",
    "측에",
    "측의",
    "측과",
    "내",
    "내에",
    "내의",
    "내에서",
    "내에서의",
    "산",
    "발",
    "행",
    "행을",
    "식",
    "계",
    "제",
    "령",
    "령에",
    "에서조차",
    "에까지",
    "에대한",
    "에서와",
    "에서처럼",
    "이라",
    "라",
    "이라면",
    "께서",
    "하고",
    "이랑",
    "랑",
    "여서",
    "이어서",
    "에서였다",
    "에서라도",
    "정부",
    "정부는",
    "정부가",
    "정부의",
    "정부에",
    "정부를",
    "정부와",
    "당국",
    "당국은",
    "당국이",
    "당국의",
    "당국에",
    "당국과",
    "주민",
    "주민들",
    "주민은",
    "주민이",
    "주민들이",
    "주민들은",
    "주민의",
    "사람",
    "사람들",
    "사람들이",
    "사람이",
    "사람은",
    "여성",
    "여성들",
    "여성들이",
    "여성은",
    "여성이",
    "군",
    "군이",
    "군은",
    "군의",
    "군에",
    "공안",
    "공안이",
    "공안은",
    "공안에",
    "공안의",
    "경찰",
    "경찰이",
    "경찰은",
    "내부",
    "내부에서",
    "전역",
    "전역에서",
    "전역에",
    "지역",
    "지역에서",
    "지역에",
    "지역의",
    "지역은",
    "지역으로",
    "국민",
    "국민이",
    "국민은",
    "국민의",
    "국적",
    "국적의",
    "국적을",
    "남성",
    "남성과",
    "인권",
    "노동자",
    "노동자들",
    "노동자들이",
    "노동자는",
    "근로자",
    "외교부",
    "기업",
    "기업이",
    "기업들이",
    "식당",
    "국경",
    "국경을",
    "국경에",
    "국경에서",
    "영토",
    "영사관",
    "대사관",
    "대사",
    "탈북민",
    "땅",
    "땅에",
    "땅을",
    "말",
    "말로",
    "수산물",
    "핵",
    "측도",
    "에서도",
    "쪽",
    "쪽에",
    "쪽으로",
    "쪽에서",
    "출신",
    "출신의",
    "출신인",
    "출신으로",
    "현지",
    "현지에서",
    "체류",
    "체류중",
    "선박",
    "선박이",
    "선박은",
    "선원",
    "간",
    "변",
    "변에",
    "변에서",
    "변을",
    "변의",
    "변으로",
    "유역",
    "유역에서",
    "하류",
    "상류",
    "일대",
    "일대에서",
    "일대에",
    "연안",
    "연안에서",
    "근처",
    "인근",
    "산하",
    "남부",
    "북부",
    "동부",
    "서부",
    "중부",
    "북동부",
    "동북부",
    "간의",
];

/// What makes a Korean name that is also a word a place.
const LOCAL: &[&str] = &[
    "에서",
    "에서는",
    "으로",
    "로",
    "에",
    "에는",
    "까지",
    "부터",
    "에서의",
];

/// Sorts of places that go on a Korean name in its run.
const KOREAN_SORTS: &[(&str, Sort)] = &[
    ("특별시", Sort::City),
    ("광역시", Sort::City),
    ("시", Sort::City),
    ("군", Sort::District),
    ("구", Sort::District),
    ("구역", Sort::District),
    ("성", Sort::Division),
    ("현", Sort::District),
    ("진", Sort::District),
    ("읍", Sort::District),
    ("리", Sort::District),
    ("동", Sort::District),
    ("항", Sort::Site),
    ("강", Sort::Water),
    ("섬", Sort::Site),
    ("공항", Sort::Site),
    ("역", Sort::Site),
    ("교도소", Sort::Site),
    ("구치소", Sort::Site),
    ("수용소", Sort::Site),
    ("관리소", Sort::Site),
    ("교화소", Sort::Site),
    ("구류소", Sort::Site),
    ("변방구류소", Sort::Site),
    ("수감시설", Sort::Site),
    ("감옥", Sort::Site),
    ("집결소", Sort::Site),
    ("노동단련대", Sort::Site),
    ("주", Sort::Division),
    ("반도", Sort::Region),
    ("국경", Sort::Region),
    ("국경지역", Sort::Region),
    ("지구", Sort::Region),
    ("세관", Sort::Site),
];

/// Where a Korean name ends, if it stands as a word of its own.
pub(super) fn name(
    raw: &str,
    bytes: &Range<usize>,
    known: &Known,
    kept: Option<&(usize, Known)>,
) -> Option<(usize, Sort)> {
    let joined = kept.is_some_and(|(end, _)| *end == bytes.start);
    let head = before(raw, bytes.start);
    if !joined && head.is_some_and(|c| is_hangul(c) && !matches!(c, '주' | '재' | '대')) {
        return None;
    }
    if !joined && head.is_some_and(|c| is_hangul(c) && c != '주') && known.sort != Sort::Country {
        return None;
    }
    let rest = run(raw, bytes.end);
    let beside_place = kept.is_some_and(|(end, before)| {
        before.country == known.country
            && raw
                .get(*end..bytes.start)
                .is_some_and(|gap| matches!(gap, " " | "" | "의 " | ", " | "·" | "과 " | "와 "))
    });
    // 북한인권: the country is named, not its people.
    if known.sort == Sort::People
        && raw
            .get(bytes.clone())
            .is_some_and(|name| name.ends_with('인'))
        && ["권", "민", "구", "도", "력", "사"]
            .iter()
            .any(|c| rest.starts_with(c))
        && !is_particle(rest)
    {
        return Some((bytes.end - "인".len(), Sort::Country));
    }
    if rest.is_empty() {
        return (known.trust != Trust::Weak || beside_place).then_some((bytes.end, known.sort));
    }
    if known.sort > Sort::Country || known.sort == Sort::Water {
        // 도문 + 시, 단둥 + 세관, with particles after it.
        for (word, sort) in KOREAN_SORTS {
            if let Some(more) = rest.strip_prefix(word)
                && (more.is_empty() || is_particle(more))
                && (*word != "주" || known.country == *b"US")
            {
                return Some((bytes.end + word.len(), *sort));
            }
        }
    }
    if known.trust == Trust::Weak {
        return ((LOCAL.contains(&rest) && (bytes.len() > 6 || rest.starts_with("에서"))
            || beside_place && is_particle(rest))
            && head.is_none_or(|c| !matches!(c, '\'' | '"' | '’' | '”' | ')')))
        .then_some((bytes.end, known.sort));
    }
    if known.sort == Sort::People
        && !is_particle(rest)
        && !matches!(rest, "여성" | "남성" | "들과의")
    {
        return compound(rest).then_some((bytes.end, known.sort));
    }
    if is_particle(rest) {
        return Some((bytes.end, known.sort));
    }
    // Written without a space: 북한군, 중국공안당국은. Countries go before anything.
    (known.sort == Sort::Country
        && known.trust == Trust::Sure
        && bytes.len() >= 6
        && compound(rest))
    .then_some((bytes.end, known.sort))
}

/// Whether a noun of two syllables or more may be written on to a country without a space:
/// 중국당국, 한국시간, but not a language, a kind or another word that only begins alike.
fn compound(rest: &str) -> bool {
    const OTHERS: &[&str] = &[
        "이탈", "시스", "어", "계", "형", "풍", "판", "화", "인", "산",
    ];
    rest.chars().nth(1).is_some() && !OTHERS.iter().any(|other| rest.starts_with(other))
        || rest.starts_with("인민")
        || rest.starts_with("인권")
}

fn is_particle(rest: &str) -> bool {
    PARTICLES.contains(&rest)
}

/// 무산군 흥암리: a word behind a division or city that ends as districts do, with its end.
pub(super) fn finer(raw: &str, end: usize, known: Known) -> (usize, Known) {
    const PARTS: &[char] = &['시', '군', '구', '동', '리', '읍', '면'];
    const NO_PARTS: &[&str] = &[
        "노동", "활동", "행동", "이동", "운동", "공동", "관리", "처리", "거리", "정리", "대리",
        "총리", "논리", "측면", "표면", "반면", "장면", "국면", "연구", "요구", "기구", "도구",
        "친구", "복구", "즉시", "당시", "일시", "역시", "무시", "감시", "실시", "다시", "동시",
        "미군", "해군", "공군", "육군", "국군", "민군", "한군", "장군", "되면", "하면", "으면",
        "라면", "지면", "우리", "구시", "구동", "자리", "소리", "마리", "머리", "무리", "변동",
        "선동",
    ];
    if !matches!(
        known.sort,
        Sort::Division | Sort::Prefecture | Sort::City | Sort::District
    ) {
        return (end, known);
    }
    // 전거리 교화소, 요덕 정치범수용소
    if let Some(word) = raw.get(end..).and_then(|rest| rest.strip_prefix(' '))
        && let Some(camp) = CAMPS.iter().find(|camp| word.starts_with(**camp))
        && matches!(run(word, camp.len()), rest if rest.is_empty() || is_particle(rest))
    {
        return (
            end + 1 + camp.len(),
            Known {
                sort: Sort::Site,
                ..known
            },
        );
    }
    let mut at = end;
    let mut sort = known.sort;
    // A district, a township and a village at most.
    for _ in 0..3 {
        let Some(word) = raw.get(at..).and_then(|rest| rest.strip_prefix(' ')) else {
            break;
        };
        let word = run(word, 0);
        let Some((stop, _)) = word
            .char_indices()
            .enumerate()
            .filter(|(n, (stop, c))| {
                let stop = stop + c.len_utf8();
                *n >= 2
                    && *n <= 5
                    && PARTS.contains(c)
                    && word
                        .get(stop..)
                        .is_some_and(|more| more.is_empty() || is_particle(more))
                    && !NO_PARTS
                        .iter()
                        .any(|no| word.get(..stop).is_some_and(|w| w.ends_with(no)))
            })
            .map(|(_, (stop, c))| (stop + c.len_utf8(), c))
            .next()
        else {
            break;
        };
        at += 1 + stop;
        sort = Sort::District;
        if stop < word.len() {
            break;
        }
    }
    (at, Known { sort, ..known })
}

/// The rest of a Hangul run.
fn run(raw: &str, from: usize) -> &str {
    let rest = raw.get(from..).unwrap_or("");
    // No particle or sort is longer than this.
    let end = rest
        .char_indices()
        .take(16)
        .find(|(_, c)| !is_hangul(*c))
        .map_or_else(
            || rest.char_indices().nth(16).map_or(rest.len(), |(at, _)| at),
            |(at, _)| at,
        );
    rest.get(..end).unwrap_or("")
}
