//! Names of places and peoples in Han and Hangul, found by bytes: runs of these scripts are one
//! token, so what stands before and after a name in its run decides.

use std::ops::Range;

use casefile::statement::MentionKind;

use super::candidate;
use super::gazetteer::{GAZETTEER, Known, Sort, Trust};
use crate::mention::{Candidate, Value, rank};
use crate::text::{Kind, Text, is_han, is_hangul};

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

/// Sorts of places that go on a Chinese name.
const CHINESE_SORTS: &[(&str, Sort)] = &[
    ("朝鲜族自治州", Sort::Division),
    ("自治区", Sort::Division),
    ("自治州", Sort::Division),
    ("朝鲜族自治县", Sort::District),
    ("自治县", Sort::District),
    ("省", Sort::Division),
    ("州", Sort::Division),
    ("市", Sort::City),
    ("县", Sort::District),
    ("縣", Sort::District),
    ("区", Sort::District),
    ("區", Sort::District),
    ("郡", Sort::District),
    ("镇", Sort::District),
    ("鎮", Sort::District),
    ("乡", Sort::District),
    ("村", Sort::District),
    ("道", Sort::Division),
    ("地区", Sort::District),
    ("口岸", Sort::Site),
    ("海关口岸", Sort::Site),
    ("港", Sort::Site),
    ("机场", Sort::Site),
    ("国际机场", Sort::Site),
    ("火车站", Sort::Site),
    ("监狱", Sort::Site),
    ("女子监狱", Sort::Site),
    ("看守所", Sort::Site),
    ("拘留所", Sort::Site),
    ("边境拘留所", Sort::Site),
    ("拘留中心", Sort::Site),
    ("教养所", Sort::Site),
    ("收容所", Sort::Site),
    ("集中营", Sort::Site),
    ("政治犯集中营", Sort::Site),
    ("劳教所", Sort::Site),
    ("教化所", Sort::Site),
    ("管理所", Sort::Site),
    ("戒毒所", Sort::Site),
    ("江", Sort::Water),
    ("河", Sort::Water),
    ("半岛", Sort::Region),
    ("岛", Sort::Site),
    ("大桥", Sort::Site),
    ("开发区", Sort::Site),
    ("经济特区", Sort::Site),
    ("工业园区", Sort::Site),
    ("工业园", Sort::Site),
];

/// Single characters for countries in pairs: 中朝, 韩中, 俄朝.
const PAIR: &str = "中朝韩韓俄美日蒙越缅泰老印台北북조중한미일러남몽";

/// Prisons and camps; the longer first.
const CAMPS: &[&str] = &[
    "정치범수용소",
    "정치범 수용소",
    "수용소",
    "관리소",
    "교화소",
    "교도소",
    "구치소",
    "구류장",
    "구류소",
    "변방구류소",
    "집결소",
    "노동단련대",
    "감옥",
    "구금시설",
    "政治犯集中营",
    "政治犯收容所",
    "集中营",
    "管理所",
    "教化所",
    "收容所",
    "监狱",
];

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
    let raw = text.raw;
    let mut from = 0;
    let mut chain: Option<Chain> = None;
    let mut kept: Option<(usize, Known)> = None;
    while let Some((bytes, known)) = GAZETTEER.next_wide(raw, from) {
        let korean = raw
            .get(bytes.clone())
            .is_some_and(|name| name.chars().any(is_hangul));
        let read = if korean {
            korean_name(raw, &bytes, &known, kept.as_ref())
        } else {
            chinese_name(raw, &bytes, &known, chain.as_ref())
        };
        let Some((end, sort)) = read else {
            from = next_char(raw, bytes.start);
            continue;
        };
        let known = Known { sort, ..known };
        from = end.max(next_char(raw, bytes.start));
        kept = Some((end, known));
        // 吉林省图们市, 함경북도 회령시: parts that stand together without a mark are one place.
        let gap = if korean { " " } else { "" };
        let joined = chain.take().filter(|c| {
            c.known.sort >= Sort::Country
                && raw
                    .get(c.end..bytes.start)
                    .is_some_and(|between| between.is_empty() || between == gap)
                && c.fits(&known)
        });
        let start = joined.as_ref().map_or(bytes.start, |c| c.start);
        if joined.is_some() {
            into.pop();
        }
        let (end, known) = if korean {
            finer_korean(raw, end, known)
        } else {
            (end, known)
        };
        from = from.max(end);
        push(start..end, &known, into);
        chain = (known.sort != Sort::People).then_some(Chain { start, end, known });
    }
    borders(raw, into);
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

/// A place in Han to which a finer part may be joined.
struct Chain {
    start: usize,
    end: usize,
    known: Known,
}

impl Chain {
    fn fits(&self, next: &Known) -> bool {
        let (coarse, fine) = (self.known.sort, next.sort);
        // 중국 동북3성: a country's region counts as finer than the country.
        let finer = coarse < fine || coarse == Sort::Country && fine == Sort::Region;
        fine != Sort::People
            && coarse >= Sort::Country
            && finer
            && self.known.country == next.country
    }
}

fn push(bytes: Range<usize>, known: &Known, into: &mut Vec<Candidate>) {
    if let (Ok(start), Ok(end)) = (u32::try_from(bytes.start), u32::try_from(bytes.end)) {
        into.push(candidate(start..end, known));
    }
}

fn next_char(raw: &str, at: usize) -> usize {
    at + raw
        .get(at..)
        .and_then(|rest| rest.chars().next())
        .map_or(1, char::len_utf8)
}

fn before(raw: &str, at: usize) -> Option<char> {
    raw.get(..at).and_then(|head| head.chars().next_back())
}

fn after(raw: &str, at: usize) -> Option<char> {
    raw.get(at..).and_then(|rest| rest.chars().next())
}

/// Where a Korean name ends, if it stands as a word of its own.
fn korean_name(
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
fn finer_korean(raw: &str, end: usize, known: Known) -> (usize, Known) {
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

/// Where a Chinese name ends, if it is one here.
fn chinese_name(
    raw: &str,
    bytes: &Range<usize>,
    known: &Known,
    chain: Option<&Chain>,
) -> Option<(usize, Sort)> {
    let name = raw.get(bytes.clone())?;
    let head = before(raw, bytes.start);
    let tail = after(raw, bytes.end);
    let refused = match name {
        // 其中国家, 南美国家, 今日本
        "中国" | "中國" => head == Some('其') && matches!(tail, Some('家' | '企' | '有')),
        "美国" | "美國" => {
            matches!(head, Some('南' | '北' | '拉' | '欧')) && tail == Some('家')
        }
        "日本" => head.is_some_and(|c| {
            c.is_numeric() || matches!(c, '今' | '昨' | '次' | '当' | '近' | '即' | '月')
        }),
        "集安" => {
            matches!(tail, Some('全' | '置')) || matches!(head, Some('聚' | '收' | '募' | '征'))
        }
        "海城市" => head == Some('沿'),
        "北美" | "南美" => tail == Some('国'),
        "海南" => matches!(head, Some('黄' | '上' | '东' | '渤' | '珠')),
        "南海" | "东海" => matches!(head, Some('山' | '河')),
        "朝鲜人" | "中国人" | "韩国人" | "美国人" | "日本人" | "北朝鲜人" => {
            matches!(
                tail,
                Some(
                    '权' | '權'
                        | '民'
                        | '士'
                        | '员'
                        | '員'
                        | '口'
                        | '数'
                        | '工'
                        | '质'
                        | '类'
                        | '才'
                        | '道'
                        | '物'
                        | '群'
                        | '体'
                        | '均'
                        | '间'
                        | '事'
                        | '大'
                )
            )
        }
        "长春" => tail == Some('花'),
        "大连" => head == Some('强'),
        "和龙" => matches!(tail, Some('虎' | '头')),
        "安图" => head == Some('不'),
        "上海" => head == Some('海'),
        "维族" => head == Some('思'),
        _ => false,
    };
    if refused {
        // 朝鲜人权: the country is named, not its people.
        if let ("朝鲜人" | "中国人" | "韩国人" | "美国人" | "日本人" | "北朝鲜人", Some(end)) =
            (name, name.len().checked_sub(3))
        {
            return Some((bytes.start + end, Sort::Country));
        }
        return None;
    }
    let rest = raw.get(bytes.end..).unwrap_or("");
    let mut sort = known.sort;
    let mut end = bytes.end;
    if known.sort > Sort::Country {
        if let Some((word, kind)) = CHINESE_SORTS
            .iter()
            .filter(|(word, _)| rest.starts_with(word))
            .max_by_key(|(word, _)| word.len())
            && !refused_sort(rest, word, known)
        {
            end += word.len();
            sort = (*kind).max(known.sort);
        } else if let Some(more) = unknown_part(rest) {
            // 吉林省 + 大安县: a part that the tables do not know, by its last character.
            if sort < Sort::District && known.sort == Sort::Division {
                end += more;
                sort = Sort::District;
            }
        }
    }
    if known.trust == Trust::Weak && end == bytes.end {
        let local = matches!(
            head,
            Some(
                '在' | '从'
                    | '到'
                    | '至'
                    | '往'
                    | '赴'
                    | '抵'
                    | '经'
                    | '于'
                    | '、'
                    | '自'
                    | '達'
                    | '达'
            )
        );
        let joined = chain.is_some_and(|c| c.end == bytes.start);
        if !local && !joined {
            return None;
        }
    }
    // Two characters of a smaller city inside a longer word cannot be told apart: a mark, a
    // preposition or another place must stand beside it.
    if known.trust == Trust::Plain && bytes.len() <= 6 && end == bytes.end {
        let local = head.is_none_or(|c| {
            !is_han(c)
                || matches!(
                    c,
                    '在' | '从'
                        | '到'
                        | '至'
                        | '往'
                        | '赴'
                        | '抵'
                        | '经'
                        | '于'
                        | '、'
                        | '自'
                        | '和'
                        | '与'
                        | '省'
                        | '国'
                        | '由'
                        | '及'
                        | '的'
                )
        });
        let joined = chain.is_some_and(|c| c.end == bytes.start);
        let tail_free = tail.is_none_or(|c| {
            !is_han(c)
                || matches!(
                    c,
                    '的' | '等'
                        | '和'
                        | '与'
                        | '及'
                        | '在'
                        | '一'
                        | '当'
                        | '警'
                        | '公'
                        | '举'
                        | '地'
                        | '北'
                        | '南'
                        | '东'
                        | '西'
                        | '、'
                        | '附'
                        | '街'
                        | '被'
                        | '是'
                        | '有'
                )
        });
        if !(joined || local && tail_free) {
            return None;
        }
    }
    Some((end, sort))
}

/// 图们江 is its own entry; 延边州 and 区 are sorts, but 地区领导 or 中国村民 go on differently.
fn refused_sort(rest: &str, word: &str, known: &Known) -> bool {
    let next = rest.get(word.len()..).and_then(|r| r.chars().next());
    match word {
        "区" | "區" => matches!(next, Some('域' | '别' | '分' | '间')),
        "道" => {
            known.country != *b"KP" && known.country != *b"KR"
                || matches!(next, Some('路' | '理' | '歉'))
        }
        "市" => matches!(next, Some('场' | '場' | '民' | '委' | '长' | '面' | '值')),
        "州" => matches!(next, Some('长')) || known.sort == Sort::City,
        "村" => matches!(next, Some('民' | '庄')),
        "省" => matches!(next, Some('委' | '长' | '级' | '略')),
        "县" => matches!(next, Some('委' | '长' | '级')),
        "港" => matches!(next, Some('口' | '元' | '币')),
        "江" | "河" | "岛" | "镇" | "乡" => {
            matches!(next, Some('泽' | '流' | '长' | '压' | '亲'))
        }
        _ => false,
    }
}

/// Bytes of a part like 大安县 at the start of `rest`: two or three characters and a sort.
fn unknown_part(rest: &str) -> Option<usize> {
    const NO_PART: &str =
        "的在和与及等到从被了是有将把向对于为并就也都不当该这那某一两三几多各全本另其他";
    let mut length = 0;
    for (n, c) in rest.chars().take(5).enumerate() {
        if !is_han(c) || NO_PART.contains(c) {
            return None;
        }
        length += c.len_utf8();
        if n >= 1 && matches!(c, '县' | '镇' | '乡' | '郡') {
            return Some(length);
        }
    }
    None
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
