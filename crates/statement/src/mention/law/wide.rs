//! Laws in Chinese and Korean: titles in 《》 and 「」, known names, words that end as laws do, and
//! numbered resolutions and orders.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use super::push;
use crate::mention::Candidate;
use crate::text::{Kind, Text, is_hangul};

/// How a title between brackets ends if it is a law's.
const ENDINGS: &[&str] = &[
    "法",
    "法典",
    "条例",
    "條例",
    "公约",
    "公約",
    "条约",
    "條約",
    "协定",
    "協定",
    "协议",
    "議定書",
    "议定书",
    "宪章",
    "憲章",
    "宣言",
    "规约",
    "规定",
    "規定",
    "办法",
    "辦法",
    "法案",
    "决议",
    "決議",
    "决议案",
    "规则",
    "细则",
    "法令",
    "总统令",
    "行政令",
    "宪法",
    "守则",
    "修正案",
    "备忘录",
    "盟约",
    "법",
    "법률",
    "협약",
    "조약",
    "협정",
    "의정서",
    "규약",
    "헌장",
    "선언",
    "시행령",
    "시행규칙",
    "헌법",
    "합의서",
    "결의",
    "결의안",
    "법안",
    "규정",
];

/// Names that need no brackets.
const KNOWN: &[&str] = &[
    "关于难民地位的公约",
    "关于难民地位公约",
    "难民地位公约",
    "难民公约",
    "難民公約",
    "难民地位议定书",
    "关于难民地位的议定书",
    "禁止酷刑公约",
    "反酷刑公约",
    "联合国禁止酷刑公约",
    "联合国反酷刑公约",
    "禁止酷刑和其他残忍、不人道或有辱人格的待遇或处罚公约",
    "儿童权利公约",
    "联合国儿童权利公约",
    "消除对妇女一切形式歧视公约",
    "消除一切形式种族歧视国际公约",
    "公民权利和政治权利国际公约",
    "公民权利及政治权利国际公约",
    "经济、社会及文化权利国际公约",
    "世界人权宣言",
    "维也纳领事关系公约",
    "维也纳公约",
    "日内瓦公约",
    "罗马规约",
    "国际刑事法院罗马规约",
    "联合国宪章",
    "联合国海洋法公约",
    "强迫劳动公约",
    "难民地位公约议定书",
    "朝鲜人权法案",
    "朝鲜人权法",
    "北韩人权法案",
    "北韩人权法",
    "北朝鲜人权法",
    "维吾尔强迫劳动预防法案",
    "维吾尔强迫劳动预防法",
    "维吾尔强迫劳动防止法",
    "防止强迫维吾尔人劳动法",
    "维吾尔人权政策法案",
    "维吾尔人权政策法",
    "全球马格尼茨基人权问责法",
    "马格尼茨基法案",
    "全球马格尼茨基法案",
    "国防授权法案",
    "制裁反击美国敌人法",
    "以制裁反击美国敌人法",
    "国际紧急经济权力法",
    "关税法",
    "出境入境管理法",
    "出入境管理法",
    "国家安全法",
    "反间谍法",
    "反恐怖主义法",
    "治安管理处罚法",
    "刑事诉讼法",
    "刑法",
    "劳动法",
    "劳动合同法",
    "香港国安法",
    "香港国家安全法",
    "国安法",
    "反外国制裁法",
    "渔业法",
    "朝鲜停战协定",
    "中朝友好合作互助条约",
    "中美领事条约",
    "反动思想文化排斥法",
    "北韩离脱住民法",
    "난민의 지위에 관한 협약",
    "난민 지위에 관한 협약",
    "난민지위에 관한 협약",
    "난민지위협약",
    "난민의 지위에 관한 의정서",
    "난민 지위에 관한 의정서",
    "난민지위에 관한 의정서",
    "난민의정서",
    "난민협약",
    "난민 협약",
    "유엔 난민협약",
    "국제난민협약",
    "고문방지협약",
    "고문 방지 협약",
    "유엔 고문방지협약",
    "유엔고문방지협약",
    "아동권리협약",
    "유엔 아동권리협약",
    "여성차별철폐협약",
    "여성차별철폐 협약",
    "인종차별철폐협약",
    "강제실종방지협약",
    "강제실종협약",
    "장애인권리협약",
    "시민적 및 정치적 권리에 관한 국제규약",
    "시민적·정치적 권리에 관한 국제규약",
    "경제적·사회적 및 문화적 권리에 관한 국제규약",
    "경제적, 사회적 및 문화적 권리에 관한 국제규약",
    "자유권규약",
    "자유권 규약",
    "사회권규약",
    "사회권 규약",
    "세계인권선언",
    "세계 인권 선언",
    "유엔헌장",
    "유엔 헌장",
    "로마규정",
    "로마 규정",
    "국제형사재판소 로마규정",
    "제네바협약",
    "제네바 협약",
    "빈 협약",
    "영사관계에 관한 비엔나협약",
    "비엔나협약",
    "유엔해양법협약",
    "유엔 해양법 협약",
    "강제노동협약",
    "북한인권법",
    "북한 인권법",
    "북한인권법안",
    "북한인권 재승인법안",
    "북한인권법 재승인법안",
    "북한이탈주민의 보호 및 정착지원에 관한 법률",
    "북한이탈주민법",
    "남북교류협력에 관한 법률",
    "남북교류협력법",
    "국가보안법",
    "남북관계발전법",
    "대북전단금지법",
    "군사분계선 일대 대북전단금지법",
    "위구르 강제노동 방지법",
    "위구르강제노동방지법",
    "위구르 강제노동방지법",
    "위구르강제노동금지법",
    "위구르 강제노동 금지법",
    "글로벌 마그니츠키법",
    "글로벌마그니츠키법",
    "마그니츠키법",
    "마그니츠키 인권책임법",
    "국방수권법",
    "적성국 제재법",
    "적성국제재법",
    "제재를 통한 미국의 적성국 대응법",
    "관세법",
    "반동사상문화배격법",
    "청년교양보장법",
    "평양문화어보호법",
    "사회안전단속법",
    "출입국관리법",
    "정전협정",
    "9·19 군사합의",
    "9·19 남북군사합의",
    "1967年议定书",
    "1967年《议定书》",
    "1967년 의정서",
    "조중 상호 우호 협조 조약",
    "조중우호조약",
    "조중우호협력상호원조조약",
    "변경지역 관리 협정",
    "밀입국자 송환협정",
    "국경지역 업무협정",
];

/// Korean words that end like laws and are none.
const NO_LAWS: &[&str] = &[
    "고법",
    "지법",
    "중앙지법",
    "특례법",
    "처벌법",
    "방법",
    "불법",
    "사법",
    "입법",
    "합법",
    "문법",
    "위법",
    "편법",
    "해법",
    "수법",
    "기법",
    "어법",
    "마법",
    "용법",
    "준법",
    "무법",
    "비법",
    "공법",
    "국제법",
    "국내법",
    "인권법",
    "국제인권법",
    "국제인도법",
    "인도법",
    "관습법",
    "국제관습법",
    "현행법",
    "실정법",
    "관련법",
    "탈법",
    "범법",
    "요법",
    "치료법",
    "조리법",
    "화법",
    "필법",
    "창법",
    "병법",
    "상법상",
    "초법",
    "적법",
    "대처법",
    "해결법",
    "예방법",
    "사용법",
    "계산법",
    "공동선언",
    "폭탄선언",
    "양심선언",
    "독립선언",
    "항복선언",
    "비상선언",
    "종전선언",
    "비무장선언",
    "선언",
    "협약",
    "협정",
    "조약",
    "의정서",
    "헌장",
    "국제협약",
    "국제조약",
    "업무협약",
    "단체협약",
    "특별법",
    "기본법",
    "법",
    "무역협정",
    "평화협정",
    "휴전협정",
    "자유무역협정",
    "양자협정",
    "국제협정",
    "국제규약",
    "시행령",
];

const KOREAN_ENDS: &[&str] = &[
    "법",
    "협약",
    "조약",
    "협정",
    "의정서",
    "헌장",
    "법안",
    "선언",
    "규약",
];

const PARTICLES: &[&str] = &[
    "",
    "은",
    "는",
    "이",
    "가",
    "을",
    "를",
    "에",
    "의",
    "과",
    "와",
    "도",
    "로",
    "으로",
    "만",
    "상",
    "에서",
    "에는",
    "에도",
    "에서는",
    "상의",
    "이나",
    "등",
    "에게",
    "까지",
    "부터",
    "이며",
    "이라는",
    "이란",
    "으로는",
    "에서도",
    "이라고",
    "이다",
    "에따라",
    "인",
    "제",
    "보다",
    "조차",
    "마저",
    "처럼",
];

static NAMES: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .build(KNOWN)
        .ok()
});

/// Years that name a treaty.
const TREATY_YEARS: &[&str] = &[
    "1926", "1930", "1948", "1949", "1951", "1954", "1957", "1961", "1963", "1966", "1967", "1979",
    "1984", "1989", "1999", "2000",
];

/// No title in brackets is longer, in bytes.
const LONGEST: usize = 240;

pub(super) fn scan(text: &Text<'_>, into: &mut Vec<Candidate>) {
    let raw = text.raw;
    bracketed(raw, into);
    known(raw, into);
    numbered(text, into);
    korean_words(text, into);
}

fn add(start: usize, end: usize, into: &mut Vec<Candidate>) {
    if let (Ok(start), Ok(end)) = (u32::try_from(start), u32::try_from(end)) {
        push(start..end, into);
    }
}

/// 《…法》, 「…에 관한 법률」: brackets belong to the title.
fn bracketed(raw: &str, into: &mut Vec<Candidate>) {
    for (open, close) in [("《", "》"), ("〈", "〉"), ("「", "」"), ("『", "』")] {
        for (at, _) in raw.match_indices(open) {
            let inner_start = at + open.len();
            let mut window = (inner_start + LONGEST).min(raw.len());
            while !raw.is_char_boundary(window) {
                window -= 1;
            }
            let Some(inner) = raw.get(inner_start..window) else {
                continue;
            };
            let Some(length) = inner.find(close) else {
                continue;
            };
            let title = inner.get(..length).unwrap_or("");
            let mut end = inner_start + length + close.len();
            // 〔2012年修订〕 behind the name.
            let title = title.split(['（', '(']).next().unwrap_or(title).trim_end();
            let outside = raw.get(end..).unwrap_or("");
            let law = ENDINGS.iter().any(|ending| title.ends_with(ending));
            // 《难民地位》公约
            let word_after = ["公约", "议定书", "协定"]
                .iter()
                .find(|w| outside.starts_with(**w));
            if !law {
                let Some(word) = word_after else { continue };
                end += word.len();
            }
            add(year_before(raw, at), end, into);
        }
    }
}

/// 1951年 or 1951년 right before a title belongs to it.
fn year_before(raw: &str, at: usize) -> usize {
    let head = raw.get(..at).unwrap_or("");
    let trimmed = head.strip_suffix(' ').unwrap_or(head);
    let trimmed = trimmed.strip_suffix("的").unwrap_or(trimmed);
    for year in ["年", "년"] {
        if let Some(digits) = trimmed.strip_suffix(year) {
            let count = digits
                .bytes()
                .rev()
                .take(5)
                .take_while(u8::is_ascii_digit)
                .count();
            // Only a treaty's own year: "1988년 고문방지협약을 비준" says when it was ratified.
            let year = digits.get(digits.len().saturating_sub(4)..).unwrap_or("");
            if count == 4 && TREATY_YEARS.contains(&year) {
                return digits.len() - 4;
            }
        }
    }
    at
}

fn known(raw: &str, into: &mut Vec<Candidate>) {
    let Some(names) = NAMES.as_ref() else {
        return;
    };
    for found in names.find_iter(raw) {
        let name = raw.get(found.range()).unwrap_or("");
        let korean = name.chars().next_back().is_some_and(is_hangul);
        if korean {
            let rest = hangul_run(raw, found.end());
            let joined = raw
                .get(..found.start())
                .and_then(|h| h.chars().next_back())
                .is_some_and(is_hangul);
            if joined || !PARTICLES.contains(&rest) {
                continue;
            }
        }
        add(year_before(raw, found.start()), found.end(), into);
    }
}

fn hangul_run(raw: &str, from: usize) -> &str {
    let rest = raw.get(from..).unwrap_or("");
    let end: usize = rest
        .chars()
        .take(8)
        .take_while(|c| is_hangul(*c))
        .map(char::len_utf8)
        .sum();
    rest.get(..end).unwrap_or("")
}

/// 安理会第2397号决议, 第13687号行政命令, 안보리 결의 2397호, 행정명령 13687호.
fn numbered(text: &Text<'_>, into: &mut Vec<Candidate>) {
    const CHINESE: &[&str] = &[
        "号决议案",
        "号决议",
        "號決議",
        "号行政命令",
        "号行政令",
        "号总统令",
        "号公告",
        "号公约",
        "号公法",
    ];
    const CHINESE_BODIES: &[&str] = &[
        "联合国安全理事会",
        "联合国安理会",
        "安全理事会",
        "安理会",
        "联合国大会",
        "联大",
        "人权理事会",
        "联合国人权理事会",
        "联合国",
        "聯合國安理會",
        "安理會",
    ];
    const KOREAN: &[&str] = &[
        "유엔 안전보장이사회 대북제재 결의",
        "유엔 안보리 대북제재 결의",
        "유엔안보리 대북제재 결의",
        "안보리 대북제재 결의",
        "안보리 대북 제재 결의",
        "유엔 안보리 결의안",
        "유엔 안전보장이사회 결의",
        "유엔 안보리 결의",
        "유엔안보리 결의",
        "안전보장이사회 결의",
        "안보리 결의안",
        "안보리 결의",
        "유엔총회 결의",
        "유엔 총회 결의",
        "유엔 인권이사회 결의",
        "대북제재 결의",
        "대북 제재 결의",
        "유엔 결의",
        "결의안",
        "결의",
        "행정명령",
        "공법",
        "상원 결의안",
        "하원 결의안",
    ];
    let raw = text.raw;
    for (at, token) in text.tokens.iter().enumerate() {
        if token.kind != Kind::Digits {
            continue;
        }
        let (start, end) = (token.start as usize, token.end as usize);
        let after = raw.get(end..).unwrap_or("");
        if let Some(word) = CHINESE.iter().find(|w| after.starts_with(**w)) {
            let mut head = raw.get(..start).unwrap_or("");
            head = head.strip_suffix("第").unwrap_or(head);
            let bare = head.strip_suffix("的").unwrap_or(head);
            let body = CHINESE_BODIES
                .iter()
                .filter(|b| bare.ends_with(**b))
                .max_by_key(|b| b.len());
            let begin = body.map_or(head.len(), |b| bare.len() - b.len());
            add(begin, end + word.len(), into);
            continue;
        }
        if !after.starts_with("호") || at == 0 {
            continue;
        }
        let mut head = raw.get(..start).unwrap_or("");
        head = head.strip_suffix("제").unwrap_or(head);
        let bare = head.strip_suffix(' ').unwrap_or(head);
        let Some(body) = KOREAN
            .iter()
            .filter(|b| bare.ends_with(**b))
            .max_by_key(|b| b.len())
        else {
            continue;
        };
        add(bare.len() - body.len(), end + "호".len(), into);
    }
}

/// 북한이탈주민법은, 난민법: a run that ends as laws do, without its particle.
fn korean_words(text: &Text<'_>, into: &mut Vec<Candidate>) {
    for token in &text.tokens {
        if token.kind != Kind::Hangul {
            continue;
        }
        let (start, end) = (token.start as usize, token.end as usize);
        // A run of many syllables is no word.
        if end - start > 60 || end - start < 6 {
            continue;
        }
        let word = text.raw.get(start..end).unwrap_or("");
        // Most words have none of the endings' last syllables: one look spares nine searches.
        if !word.contains(['법', '약', '정', '서', '장', '안', '언']) {
            continue;
        }
        for ending in KOREAN_ENDS {
            // The last place where the ending stands, so that what follows is the particle.
            let Some(at) = word.rfind(ending) else {
                continue;
            };
            let stop = at + ending.len();
            let (name, rest) = (
                word.get(..stop).unwrap_or(""),
                word.get(stop..).unwrap_or(""),
            );
            let syllables = name.chars().count();
            if at == 0 || syllables < 2 || !PARTICLES.contains(&rest) || NO_LAWS.contains(&name) {
                continue;
            }
            // Two syllables: 형법, 헌법, 민법; others of that length are words.
            if syllables == 2 && !matches!(name, "형법" | "민법" | "상법")
                || syllables == 3 && name.ends_with("방법")
                || [
                    "불법", "사법", "수법", "입법", "요법", "용법", "고법", "지법", "비법", "해법",
                ]
                .iter()
                .any(|end| name.ends_with(end))
            {
                continue;
            }
            if *ending == "선언" && syllables < 5 && !name.starts_with("판문점") {
                continue;
            }
            add(year_before(text.raw, start), start + stop, into);
            break;
        }
        if let Some(rest) = word.strip_prefix("헌법")
            && PARTICLES.contains(&rest)
        {
            add(start, start + "헌법".len(), into);
        }
    }
}
