//! Names in Han and Hangul: a surname and one or two characters beside an office.

use std::ops::Range;

use crate::mention::rank;
use crate::tagger::{CHINESE_SURNAMES, KOREAN_SURNAMES};
use crate::text::{Kind, Script, Sentence, Text, is_han};

/// Offices and forms of address that stand before a Chinese name.
const BEFORE: &[&str] = &[
    "发言人",
    "部长",
    "主席",
    "总统",
    "总理",
    "大使",
    "议员",
    "外长",
    "副相",
    "外务相",
    "记者",
    "教授",
    "律师",
    "书记",
    "委员长",
    "国务卿",
    "报告员",
    "专员",
    "局长",
    "主任",
    "牧师",
    "传教士",
    "秘书长",
    "领导人",
    "总书记",
    "省长",
    "市长",
    "院长",
    "代表",
    "研究员",
    "会长",
    "社长",
    "所长",
    "国务委员",
    "次官",
    "长官",
    "活动人士",
    "脱北者",
    "女子",
    "男子",
    "妇女",
    "化名",
    "名叫",
    "名为",
    "特使",
    "委员",
    "發言人",
    "部長",
    "總統",
    "總理",
    "議員",
    "記者",
    "外長",
    "姓名",
    "总裁",
    "董事长",
    "经理",
    "导演",
    "作家",
    "学者",
    "专家",
    "司令",
    "将军",
    "法官",
    "检察官",
    "干事",
];
/// Forms of address that stand after one.
const AFTER: &[&str] = &[
    "先生",
    "女士",
    "小姐",
    "博士",
    "教授",
    "牧师",
    "律师",
    "大使",
    "部长",
    "总统",
    "主席",
    "议员",
    "总理",
    "同志",
    "老师",
    "记者",
    "表示",
    "指出",
    "强调",
    "告诉",
    "接受",
    "透露",
    "宣布",
    "（化名",
    "称，",
    "说，",
    "说：",
];
/// What cannot stand in a given name and often stands after one.
const STOPS: &str = "报反驳访通说称表在于对就和与的是指回否当也宣将曾今昨强介周等同向及都不要则并为给从被把来去会能应发认呼批评写谈告接出访日月年，。、；：“”‘’（）《》";
/// Characters that write foreign names.
const SOUNDS: &str = "阿埃艾爱奥澳巴白拜班邦保鲍贝本比彼宾波勃伯博布采查达戴丹当道德登邓狄迪蒂丁顿多杜厄恩尔法范菲费芬丰冯弗夫福盖甘冈高戈格葛根贡古哈海汉豪赫黑亨洪胡华怀惠霍基吉加伽贾简杰金京喀卡凯坎康考柯科克肯孔库昆拉莱赖兰朗劳勒雷莉里理利立丽莲廉良列林琳卢鲁路伦罗洛马玛迈麦曼芒梅门蒙米密明摩莫默姆穆纳乃奈南内尼妮宁纽努诺欧帕潘庞培佩彭皮平珀普奇齐契恰乔切丘琼屈让日荣茹儒瑞若萨塞桑瑟森莎沙珊尚绍舍申施史舒朔丝司斯思松苏索塔泰坦汤唐陶特滕提汀图托瓦万旺威韦维魏温文翁沃乌伍武西希锡席霞夏香肖谢辛兴休雅亚扬耶叶伊因英尤雨约泽扎詹哲者珍真治兹朱卓佐佩赛翰逊拿巫什切娃娜婉蒂";

/// Offices that stand after a Korean name (or before one).
const KOREAN_OFFICES: &[&str] = &[
    "대변인",
    "장관",
    "대통령",
    "위원장",
    "의원",
    "대표",
    "기자",
    "국장",
    "총리",
    "주석",
    "목사",
    "선교사",
    "교수",
    "박사",
    "씨",
    "소장",
    "대사",
    "차관",
    "부장",
    "총장",
    "회장",
    "이사장",
    "사무총장",
    "센터장",
    "원장",
    "총서기",
    "외교부장",
    "변호사",
    "연구위원",
    "선임연구원",
    "연구원",
    "보고관",
    "특사",
    "부부장",
    "비서",
    "국무위원장",
    "군",
    "양",
    "여사",
    "활동가",
    "실장",
    "처장",
    "청장",
    "사장",
    "단장",
    "팀장",
    "판사",
    "검사",
    "최고대표",
    "특별보고관",
    "총비서",
    "서기장",
    "부위원장",
    "부총리",
    "수석",
    "후보",
    "지사",
    "시장",
    "감독",
];
const KOREAN_PARTICLES: &[&str] = &[
    "에게서",
    "에게",
    "에서",
    "이라고",
    "라고",
    "으로",
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
    "께서",
    "씨는",
    "씨가",
    "씨의",
    "씨를",
    "씨도",
    "씨와",
    "씨",
    "이다",
    "이며",
    "측은",
];
/// Words of three syllables that begin like a surname and are no name.
const KOREAN_WORDS: &[&str] = &[
    "이번주",
    "이번달",
    "한국인",
    "한국의",
    "조선의",
    "조선인",
    "정부의",
    "정부는",
    "정부가",
    "이후에",
    "한반도",
    "조사관",
    "주한미",
    "한민족",
    "전문가",
    "지난해",
    "지난달",
    "이날은",
    "관계자",
    "고위급",
    "국무부",
    "국방부",
    "통일부",
    "외교부",
    "노동부",
    "여성의",
    "여성은",
    "여성들",
    "남성의",
    "우리의",
    "우리는",
    "구금된",
    "구금자",
    "강제로",
    "북한의",
    "북한이",
    "북한은",
    "북한인",
    "남북한",
    "중국의",
    "중국은",
    "중국이",
    "미국의",
    "유엔의",
    "인권을",
    "고문을",
    "고문과",
    "임신한",
    "성폭력",
    "현직인",
    "전직인",
    "한국계",
    "한국은",
    "정치범",
    "수감된",
    "수용소",
    "신임인",
    "이사장",
    "선교사",
    "기독교",
    "주민의",
    "주민들",
    "안전부",
    "보위부",
    "조선족",
    "한국어",
    "최고의",
    "유명한",
    "정보원",
    "국정원",
    "하원의",
    "상원의",
    "차석인",
    "공동의",
    "임시의",
    "민주당",
    "공화당",
    "노동당",
    "기자인",
    "전국의",
    "강력한",
    "주요한",
    "소속인",
    "황해도",
    "함경도",
    "양강도",
    "강원도",
    "평안도",
    "평안북",
    "함경북",
    "함경남",
    "남포시",
    "신의주",
    "전남도",
    "길림성",
    "연변의",
    "유엔은",
    "유럽의",
];

/// Words of two syllables that begin like a surname, stand before offices, and are no name.
const KOREAN_PAIRS: &str = "이번정부한국현재전직주한조선안보공동성명고위전국최고임시수석기자이사신임선임선전양국한미유엔노동국가지방남측오늘하원\
    주중주미주유주일현직전임명예조직경제사회국제국방공안보안차기여성인권인민경찰군사나머지지역전문시민담당소속선거수용구류해당통일외교\
    부총우리이들그의한인조사연구홍보공보원내남북북한민간기독방송특별정책행정국회상임상원정치변호현지선교서울";

pub(super) fn scan(text: &Text<'_>, sentence: &Sentence, into: &mut Vec<(Range<u32>, u8)>) {
    match sentence.script {
        Script::Han => {
            for at in sentence.tokens.clone() {
                if text.tokens.get(at).is_some_and(|t| t.kind == Kind::Han) {
                    chinese(text, at, into);
                }
            }
            dotted(text, sentence, into);
        }
        Script::Hangul => korean(text, sentence, into),
        Script::Latin => {}
    }
}

fn len(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(0)
}

/// A foreign name in sounds: four to seven characters that a verb, a mark or the end follows.
fn foreign(rest: &str) -> Option<usize> {
    let mut end = 0;
    let mut count = 0;
    for (at, c) in rest.char_indices() {
        if !SOUNDS.contains(c) || count == 7 {
            break;
        }
        count += 1;
        end = at + c.len_utf8();
    }
    let after = rest.get(end..).and_then(|after| after.chars().next());
    let least = if rest.starts_with(|c| CHINESE_SURNAMES.contains(c)) {
        4
    } else {
        3
    };
    (count >= least
        && after.is_none_or(|c| {
            STOPS.contains(c) || matches!(c, '周' | '星' | '呼' | '重') || !is_han(c)
        }))
    .then_some(end)
}

/// A name that begins a stretch of Han: its bytes.
fn name_from(rest: &str, needs_end: bool) -> Option<usize> {
    // "发言人表示": the office speaks, and no name follows it.
    if AFTER.iter().any(|word| rest.starts_with(word)) {
        return None;
    }
    let mut chars = rest.char_indices();
    let (_, first) = chars.next()?;
    let double = [
        "欧阳", "司马", "诸葛", "上官", "司徒", "南宫", "皇甫", "独孤",
    ]
    .iter()
    .any(|double| rest.starts_with(double));
    if !double
        && !needs_end
        && let Some(sounds) = foreign(rest)
    {
        return Some(sounds);
    }
    if !double && !CHINESE_SURNAMES.contains(first) {
        return None;
    }
    if double {
        chars.next();
    }
    let (_, second) = chars.next()?;
    if STOPS.contains(second) || !is_han(second) {
        return None;
    }
    let two = rest.get(..chars.offset())?;
    let after_two = rest.get(two.len()..).unwrap_or("");
    match chars.next() {
        Some((_, third))
            if is_han(third)
                && !STOPS.contains(third)
                && !AFTER.iter().any(|a| after_two.starts_with(a)) =>
        {
            let three = chars.offset();
            let after = rest.get(three..).unwrap_or("");
            let ends = after.is_empty()
                || after.starts_with(|c: char| STOPS.contains(c) || !is_han(c))
                || AFTER.iter().any(|a| after.starts_with(a));
            if !needs_end || ends {
                Some(three)
            } else {
                None
            }
        }
        _ => Some(two.len()),
    }
}

/// Names after or before an office in one stretch of Han.
fn chinese(text: &Text<'_>, at: usize, into: &mut Vec<(Range<u32>, u8)>) {
    let Some(token) = text.tokens.get(at) else {
        return;
    };
    let run = text.word(at);
    for (n, c) in run.char_indices() {
        // 张某, 李某某: a name withheld.
        let rest = run.get(n + c.len_utf8()..).unwrap_or("");
        if rest.starts_with('某') && CHINESE_SURNAMES.contains(c) {
            let some = if rest.starts_with("某某") { 6 } else { 3 };
            let start = token.start + len(n);
            into.push((start..start + len(c.len_utf8() + some), rank::SHAPE));
        }
        // After an office. Offices end on few characters; others need no look.
        let ends = n + c.len_utf8();
        if "相人长長席统統理使员員者授师師书記记卿士女子记名为叫化家官裁导军事".contains(c)
        {
            let upto = run.get(..ends).unwrap_or("");
            if BEFORE.iter().any(|office| upto.ends_with(office))
                && let Some(name) = run.get(ends..).and_then(|rest| name_from(rest, false))
            {
                let start = token.start + len(ends);
                into.push((start..start + len(name), rank::SHAPE));
            }
        }
        // Before a form of address or a verb of saying.
        if CHINESE_SURNAMES.contains(c) && (n == 0 || before_is_edge(run, n)) {
            let rest = run.get(n..).unwrap_or("");
            if let Some(name) = name_from(rest, true)
                && rest
                    .get(name..)
                    .is_some_and(|after| AFTER.iter().take(13).any(|a| after.starts_with(a)))
            {
                let start = token.start + len(n);
                into.push((start..start + len(name), rank::SHAPE));
            }
        }
    }
}

fn before_is_edge(run: &str, at: usize) -> bool {
    run.get(..at)
        .and_then(|before| before.chars().next_back())
        .is_none_or(|c| "和与及对由被向据的是了经在".contains(c))
}

/// "沃尔克·蒂尔克": sounds around a dot.
fn dotted(text: &Text<'_>, sentence: &Sentence, into: &mut Vec<(Range<u32>, u8)>) {
    let mut reach = sentence.tokens.start;
    for at in sentence.tokens.clone() {
        if at < reach || !matches!(text.word(at), "·" | "•" | "・" | "‧") {
            continue;
        }
        let Some(left) = at.checked_sub(1).and_then(|n| text.tokens.get(n)) else {
            continue;
        };
        if left.kind != Kind::Han {
            continue;
        }
        let run = text.slice(left.start..left.end);
        let mut start = left.end;
        for c in run.chars().rev().take(7) {
            if !SOUNDS.contains(c) {
                break;
            }
            start -= len(c.len_utf8());
        }
        if let Some(office) = BEFORE
            .iter()
            .filter_map(|office| run.rfind(office).map(|n| n + office.len()))
            .max()
        {
            start = start.max(left.start + len(office));
        }
        let mut end = start;
        let mut next = at;
        while matches!(text.word(next), "·" | "•" | "・" | "‧") {
            let Some(right) = text.tokens.get(next + 1).filter(|t| t.kind == Kind::Han) else {
                break;
            };
            end = right.start;
            let run = text.slice(right.start..right.end);
            for (n, c) in run.char_indices().take(7) {
                if !SOUNDS.contains(c)
                    || (n > 0
                        && AFTER
                            .iter()
                            .any(|a| run.get(n..).is_some_and(|r| r.starts_with(a))))
                {
                    break;
                }
                end += len(c.len_utf8());
            }
            if end < right.end {
                break;
            }
            next += 2;
        }
        reach = next;
        if start < left.end && end > left.end {
            into.push((start..end, rank::SHAPE));
        }
    }
}

fn korean(text: &Text<'_>, sentence: &Sentence, into: &mut Vec<(Range<u32>, u8)>) {
    for at in sentence.tokens.clone() {
        let Some(token) = text.tokens.get(at) else {
            return;
        };
        if token.kind != Kind::Hangul {
            continue;
        }
        let word = text.word(at);
        let count = word.chars().count();
        let surname = word
            .chars()
            .next()
            .is_some_and(|c| KOREAN_SURNAMES.contains(c));
        let next = text.word(at + 1);
        let next_spaced = text
            .tokens
            .get(at + 1)
            .is_some_and(|t| t.spaced && t.kind == Kind::Hangul);
        // "김 씨는", "이모 씨가": a surname alone.
        if surname
            && next_spaced
            && next.starts_with('씨')
            && next.chars().count() <= 3
            && count <= 3
            && word != "모"
        {
            into.push((token.start..token.end, rank::SHAPE));
            continue;
        }
        // "김철호씨는".
        if surname
            && let Some(cut) = word.find('씨')
            && word
                .get(..cut)
                .is_some_and(|name| (2..=4).contains(&name.chars().count()))
            && word
                .get(cut..)
                .is_some_and(|rest| KOREAN_PARTICLES.contains(&rest))
        {
            into.push((token.start..token.start + len(cut), rank::SHAPE));
            continue;
        }
        // "김 모 씨는".
        if surname && count == 1 && next == "모" && text.word(at + 2).starts_with('씨') {
            let end = text.tokens.get(at + 1).map_or(token.end, |t| t.end);
            into.push((token.start..end, rank::SHAPE));
            continue;
        }
        if !surname || !(2..=4).contains(&count) || KOREAN_WORDS.contains(&word) {
            continue;
        }
        // "구병삼 대변인은", "김영호 통일부 장관은": an office one or two words on.
        let office = |n: usize| {
            let word = text.word(n);
            text.tokens
                .get(n)
                .is_some_and(|t| t.spaced && t.kind == Kind::Hangul)
                && KOREAN_OFFICES.iter().any(|office| {
                    word.strip_prefix(office)
                        .is_some_and(|rest| rest.is_empty() || KOREAN_PARTICLES.contains(&rest))
                        || (word.ends_with(office) && office.chars().count() >= 3)
                })
        };
        let body = |n: usize| {
            let word = text.word(n);
            [
                "부",
                "청",
                "처",
                "원",
                "회",
                "당",
                "실",
                "센터",
                "위",
                "연대",
                "연합",
                "협회",
                "재단",
                "대학교",
                "대",
                "미국",
                "한국",
                "중국",
                "북한",
            ]
            .iter()
            .any(|end| word.ends_with(end))
        };
        let particle_end = KOREAN_PARTICLES.iter().any(|p| {
            p.chars().count() == 1
                && word.ends_with(p)
                && matches!(*p, "은" | "는" | "을" | "를" | "에" | "의")
        });
        // Two syllables only right before an office, four only with a body between.
        let near = office(at + 1) && (count == 3 || (count == 2 && !KOREAN_PAIRS.contains(word)));
        let far = body(at + 1) && office(at + 2) && count >= 3;
        if !particle_end && next_spaced && (near || far) {
            into.push((token.start..token.end, rank::SHAPE));
        }
    }
}

/// What remains of a span that the tagger alone takes for a person, if it can be one.
pub(super) fn plausible(text: &Text<'_>, bytes: Range<u32>) -> Option<Range<u32>> {
    let words = text.slice(bytes.clone());
    let count = words.chars().count();
    let first = words.chars().next()?;
    if is_han(first) {
        // "首尔一家": a name of a person holds no numeral or measure.
        if words.contains(['一', '家', '名', '国', '省', '市', '者', '们'])
            && !words.contains('·')
            && count != 2
            && !CHINESE_SURNAMES.contains(first)
        {
            return None;
        }
        return (count >= 2).then_some(bytes);
    }
    if [
        "탈북",
        "주민",
        "기자",
        "정부",
        "여성",
        "남성",
        "선교사",
        "노동자",
    ]
    .iter()
    .any(|no| words.starts_with(no))
    {
        return None;
    }
    if count == 1 && !KOREAN_SURNAMES.contains(first) {
        return None;
    }
    Some(bytes)
}
