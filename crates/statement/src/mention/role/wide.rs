//! Titles in Chinese and Korean: the title alone, without the body before it.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use super::push;
use crate::mention::Candidate;
use crate::text::{Text, is_han, is_hangul};

/// Titles that are titles wherever they stand.
const SURE: &[&str] = &[
    "发言人",
    "發言人",
    "新闻发言人",
    "副发言人",
    "总统",
    "總統",
    "前总统",
    "国家主席",
    "國家主席",
    "国务委员长",
    "国务委员会委员长",
    "国务卿",
    "國務卿",
    "副国务卿",
    "助理国务卿",
    "外长",
    "外長",
    "外交大臣",
    "共同主席",
    "联合主席",
    "外相",
    "大法官",
    "国家安全顾问",
    "国家保卫相",
    "外交部长",
    "国防部长",
    "防长",
    "统一部长官",
    "总理",
    "總理",
    "首相",
    "总书记",
    "總書記",
    "总书记兼国家主席",
    "秘书长",
    "秘書長",
    "联合国秘书长",
    "参议员",
    "參議員",
    "众议员",
    "眾議員",
    "国会议员",
    "特别报告员",
    "联合国特别报告员",
    "朝鲜人权特别报告员",
    "联合国朝鲜人权特别报告员",
    "朝鲜人权问题特别报告员",
    "联合国朝鲜人权问题特别报告员",
    "朝鲜人权状况特别报告员",
    "人权事务高级专员",
    "联合国人权事务高级专员",
    "联合国难民事务高级专员",
    "难民事务高级专员",
    "高级专员",
    "朝鲜人权特使",
    "人权特使",
    "特使",
    "大使",
    "总领事",
    "最高领导人",
    "领导人",
    "領導人",
    "副总统",
    "副总理",
    "部长级",
    "委员长",
    "委員長",
    "劳工部副部长",
    "国际事务副次长",
    "首席代表",
    "特别代表",
    "执行主任",
    "执行长",
    "首席执行官",
    "总干事",
    "副部长",
    "司长",
];

/// Titles that need a name or a verb of saying behind them.
const BESIDE: &[&str] = &[
    "主席",
    "部长",
    "部長",
    "局长",
    "主任",
    "会长",
    "會長",
    "代表",
    "研究员",
    "高级研究员",
    "所长",
    "院长",
    "教授",
    "议员",
    "牧师",
    "书记",
    "省长",
    "市长",
    "州长",
    "检察长",
    "法官",
    "律师",
    "司令",
    "将军",
    "理事长",
    "董事长",
    "总经理",
    "副主任",
    "副主席",
    "副局长",
    "创始人",
    "负责人",
    "长官",
    "次官",
    "副会长",
    "会长",
];

/// Surnames, for titles that need a name behind them.
const SURNAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文朴具权尹申全南池玄习耿毛华林郭尹";

const KOREAN: &[&str] = &[
    "대변인",
    "부대변인",
    "대통령",
    "부통령",
    "국무장관",
    "국방장관",
    "외무장관",
    "외교장관",
    "법무장관",
    "재무장관",
    "통일장관",
    "국가안보보좌관",
    "국방상",
    "장관",
    "차관",
    "차관보",
    "부차관보",
    "총리",
    "국무총리",
    "수상",
    "총서기",
    "총비서",
    "국가주석",
    "주석",
    "국무위원장",
    "위원장",
    "부위원장",
    "위원",
    "대사",
    "대리대사",
    "총영사",
    "특사",
    "특별대표",
    "인권특사",
    "북한인권특사",
    "북한인권대사",
    "사무총장",
    "사무국장",
    "특별보고관",
    "유엔 북한인권특별보고관",
    "북한인권특별보고관",
    "북한인권 특별보고관",
    "유엔 북한인권 특별보고관",
    "최고대표",
    "인권최고대표",
    "유엔 인권최고대표",
    "유엔인권최고대표",
    "고등판무관",
    "난민최고대표",
    "유엔 난민최고대표",
    "외무상",
    "외상",
    "외교부장",
    "부장",
    "부부장",
    "상임위원장",
    "의장",
    "국회의원",
    "의원",
    "상원의원",
    "하원의원",
    "대표",
    "공동대표",
    "교수",
    "명예교수",
    "센터장",
    "소장",
    "원장",
    "국장",
    "실장",
    "과장",
    "목사",
    "선교사",
    "회장",
    "이사장",
    "이사",
    "연구위원",
    "선임연구위원",
    "연구원",
    "선임연구원",
    "국제사무국장",
    "부국장",
    "팀장",
    "사령관",
    "지도자",
    "최고지도자",
    "당비서",
    "책임비서",
    "도지사",
    "시장",
    "변호사",
];

const PARTICLES: &[&str] = &[
    "",
    "은",
    "는",
    "이",
    "가",
    "을",
    "를",
    "에게",
    "의",
    "과",
    "와",
    "도",
    "에",
    "께서",
    "으로",
    "로",
    "에게서",
    "이자",
    "인",
    "및",
    "측",
    "등",
    "이었던",
    "겸",
    "들",
    "들이",
    "들은",
    "직",
    "직을",
    "으로부터",
    "만",
    "이라고",
    "실",
];

static CHINESE: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .build(SURE.iter().chain(BESIDE))
        .ok()
});
static HANGUL: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .build(KOREAN)
        .ok()
});

pub(super) fn scan(text: &Text<'_>, into: &mut Vec<Candidate>) {
    let raw = text.raw;
    for found in CHINESE
        .as_ref()
        .into_iter()
        .flat_map(|names| names.find_iter(raw))
    {
        let sure = found.pattern().as_usize() < SURE.len();
        if chinese(raw, found.start(), found.end(), sure) {
            add(found.start(), found.end(), into);
        }
    }
    for found in HANGUL
        .as_ref()
        .into_iter()
        .flat_map(|names| names.find_iter(raw))
    {
        if korean(raw, found.start(), found.end()) {
            add(found.start(), found.end(), into);
        }
    }
}

fn add(start: usize, end: usize, into: &mut Vec<Candidate>) {
    if let (Ok(start), Ok(end)) = (u32::try_from(start), u32::try_from(end)) {
        push(start..end, into);
    }
}

fn chinese(raw: &str, start: usize, end: usize, sure: bool) -> bool {
    let name = raw.get(start..end).unwrap_or("");
    let mut behind = raw.get(end..).unwrap_or("").chars();
    let next = behind.next();
    // 总统府, 大使馆, 代表团, 总理府, 主席团 are bodies; 总统制 and 外长会 are not persons.
    if next.is_some_and(|c| {
        matches!(
            c,
            '府' | '馆'
                | '館'
                | '团'
                | '團'
                | '制'
                | '办'
                | '级'
                | '令'
                | '候'
                | '选'
                | '大'
                | '任'
        )
    }) {
        return false;
    }
    let speaks = next.is_some_and(|c| {
        matches!(
            c,
            '说' | '表' | '称' | '指' | '、' | '，' | '（' | '(' | '回' | '在'
        )
    });
    let named = next.is_some_and(|c| SURNAMES.contains(c)) && behind.next().is_some_and(is_han);
    if sure {
        return name != "大使" || next != Some('级');
    }
    // 代表中国: the verb, unless a body stands before and a name behind.
    if name == "代表" {
        let before = raw.get(..start).and_then(|head| head.chars().next_back());
        return named && before.is_some_and(is_han);
    }
    named || speaks && !matches!(name, "主任" | "律师")
}

fn korean(raw: &str, start: usize, end: usize) -> bool {
    let name = raw.get(start..end).unwrap_or("");
    let rest = raw.get(end..).unwrap_or("");
    let length: usize = rest
        .chars()
        .take(6)
        .take_while(|c| is_hangul(*c))
        .map(char::len_utf8)
        .sum();
    if !PARTICLES.contains(&rest.get(..length).unwrap_or("")) {
        return false;
    }
    let head = raw.get(..start).unwrap_or("");
    let before = head.chars().next_back();
    // Glued to a body or a name (통일부장관, 조태용장관): long titles only.
    if before.is_some_and(is_hangul) {
        return name.chars().count() >= 2
            && matches!(
                name,
                "장관" | "대변인" | "대통령" | "위원장" | "사무총장" | "대사" | "차관" | "특사"
            )
            && head
                .chars()
                .rev()
                .take_while(|c| is_hangul(*c))
                .take(8)
                .count()
                <= 6;
    }
    // A common word needs a name or a body right before it: two to four syllables and a space.
    if matches!(
        name,
        "대표"
            | "위원"
            | "이사"
            | "시장"
            | "의장"
            | "부장"
            | "소장"
            | "원장"
            | "교수"
            | "회장"
            | "국장"
            | "실장"
            | "과장"
            | "팀장"
            | "의원"
            | "목사"
            | "선교사"
            | "변호사"
            | "수상"
            | "외상"
            | "주석"
            | "특사"
            | "대사"
            | "연구원"
            | "지도자"
            | "총리"
            | "연구위원"
            | "센터장"
            | "이사장"
    ) {
        let Some(head) = head.strip_suffix(' ') else {
            return false;
        };
        let syllables = head
            .chars()
            .rev()
            .take(9)
            .take_while(|c| is_hangul(*c))
            .count();
        return (2..=8).contains(&syllables)
            && !head.ends_with(['은', '는', '을', '를', '에', '의', '과', '와']);
    }
    true
}
