//! Chinese: a place, what follows it and an ending of bodies; companies and unions without a place.

use std::ops::Range;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::mention::rank;
use crate::text::{Kind, Sentence, Text};

/// Endings of bodies, longest first where one ends another.
const ENDINGS: &[&str] = &[
    "股份有限公司",
    "有限责任公司",
    "有限公司",
    "集团公司",
    "公司",
    "集团",
    "委员会",
    "常务委员会",
    "检察院",
    "法院",
    "研究院",
    "研究所",
    "研究中心",
    "学院",
    "大学",
    "协会",
    "联合会",
    "基金会",
    "理事会",
    "董事会",
    "联盟",
    "公安局",
    "公安厅",
    "公安部",
    "办公室",
    "办事处",
    "大使馆",
    "领事馆",
    "总领事馆",
    "代表处",
    "统一部",
    "外交部",
    "国防部",
    "商务部",
    "财政部",
    "国务院",
    "劳工部",
    "劳动部",
    "司法部",
    "教育部",
    "农业部",
    "内政部",
    "国土安全部",
    "情报院",
    "通讯社",
    "电视台",
    "电台",
    "日报",
    "晚报",
    "时报",
    "周刊",
    "人民政府",
    "议会",
    "国会",
    "监狱",
    "拘留所",
    "看守所",
    "收容所",
    "出版社",
    "银行",
    "安全局",
    "安全部",
    "移民局",
    "管理局",
    "边防局",
    "海关",
    "警察厅",
    "警察局",
    "检查站",
    "支队",
    "总队",
    "军区",
    "党委",
    "红十字会",
    "救援会",
    "人权组织",
    "正义联合会",
    "同盟",
    "学会",
    "总会",
    "商会",
    "工会",
    "使馆",
    "领馆",
    "信息中心",
    "人权中心",
    "数据库",
    "新闻社",
    "新闻网",
    "专家小组",
];
/// Endings that name buildings and posts, not bodies: left to places.
const PLACES: &[&str] = &["监狱", "拘留所", "看守所", "收容所", "检查站", "海关"];
/// Endings that need no place before them.
const STRONG: &[&str] = &[
    "股份有限公司",
    "有限责任公司",
    "有限公司",
    "委员会",
    "协会",
    "联合会",
    "基金会",
    "大学",
    "研究院",
    "研究所",
    "通讯社",
    "日报",
    "联盟",
    "理事会",
    "集团",
];
/// Verbs that no name of a body holds.
const VERBS: &[&str] = &[
    "致函", "致信", "去信", "写信", "发函", "致电", "敦促", "促请", "要求", "呼吁", "请求", "关押",
    "会见", "会晤", "批评", "谴责", "指控", "制裁", "列入", "警告", "命令", "下令", "加入", "控告",
    "收购", "担任", "任职", "访问", "抗议", "起诉", "投诉", "举报", "隶属", "属于", "负责", "援引",
    "接受", "告诉", "通知", "建议", "递交", "提交", "前往",
];
/// Characters that no name of a body holds: what stands before them is outside.
const OUTSIDE: &str = "的在和与由向对被把从是称说指及等经据给为以至于将了着过其该此这那某各并而但又也都就还曾已被让使令要能会可这来去到后前时日月年个名位家所间，。、；：“”《》（）！？";

/// Short names of countries that a body's name may begin with.
const COUNTRY: &str = "中韩朝美英日俄法德欧";

pub(super) fn scan(
    text: &Text<'_>,
    sentence: &Sentence,
    places: &[Range<u32>],
    into: &mut Vec<(Range<u32>, u8)>,
) {
    let endings = &*BY_FIRST;
    for token in text.tokens.get(sentence.tokens.clone()).unwrap_or(&[]) {
        if token.kind != Kind::Han {
            continue;
        }
        let run = text.slice(token.start..token.end);
        let mut reach = 0;
        for (at, c) in run.char_indices() {
            if at < reach {
                continue;
            }
            let rest = run.get(at..).unwrap_or("");
            let Some(ending) = ending_at(endings, rest, c) else {
                continue;
            };
            reach = at + ending.len();
            let start = token.start + len(at);
            let end = token.start + len(reach);
            // 外交部长, 大学生, 公司法.
            if run
                .get(reach..)
                .and_then(|rest| rest.chars().next())
                .is_some_and(|c| matches!(c, '长' | '長' | '生' | '法' | '员' | '门' | '化' | '制'))
                && !run
                    .get(reach..)
                    .is_some_and(|rest| rest.starts_with("法院"))
            {
                let by_office = run
                    .get(reach..)
                    .is_some_and(|r| r.starts_with(['长', '長']));
                if !by_office || places_before(places, token.start, start).is_none() {
                    continue;
                }
                // 韩国外交部长 is an office: the scanner of roles takes it.
                continue;
            }
            if PLACES.contains(&ending) {
                continue;
            }
            if let Some(found) = begin(text, token.start, start, ending, places) {
                into.push((found..end, rank::SHAPE));
            }
        }
    }
}

fn len(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(0)
}

/// Endings by their first character, the longest first: most characters begin none.
static BY_FIRST: LazyLock<FxHashMap<char, Vec<&'static str>>> = LazyLock::new(|| {
    let mut by_first: FxHashMap<char, Vec<&'static str>> = FxHashMap::default();
    for ending in ENDINGS {
        if let Some(first) = ending.chars().next() {
            by_first.entry(first).or_default().push(ending);
        }
    }
    for endings in by_first.values_mut() {
        endings.sort_by_key(|ending| std::cmp::Reverse(ending.len()));
    }
    by_first
});

fn ending_at(
    endings: &FxHashMap<char, Vec<&'static str>>,
    rest: &str,
    first: char,
) -> Option<&'static str> {
    endings
        .get(&first)?
        .iter()
        .find(|ending| rest.starts_with(**ending))
        .copied()
}

/// The last place that begins at most 12 characters before `start` inside the run.
fn places_before(places: &[Range<u32>], run: u32, start: u32) -> Option<&Range<u32>> {
    let upto = places.partition_point(|p| p.start < start);
    places
        .get(..upto)?
        .iter()
        .rev()
        .take(4)
        .take_while(|p| p.start >= run && start - p.start <= 45)
        .filter(|p| p.end <= start)
        .min_by_key(|p| p.start)
}

/// Where the name whose ending begins at `start` begins.
fn begin(
    text: &Text<'_>,
    run: u32,
    start: u32,
    ending: &str,
    places: &[Range<u32>],
) -> Option<u32> {
    // Back to the first character that a name cannot hold, at most 15.
    let before = text.slice(run..start);
    let mut open = start;
    // "议员致函国土安全部": behind a verb the name begins anew.
    let near = before.char_indices().nth_back(15).map_or(0, |(at, _)| at);
    let verb = before.get(near..).map_or(0, |near_words| {
        VERBS
            .iter()
            .filter_map(|verb| near_words.rfind(verb).map(|at| near + at + verb.len()))
            .max()
            .unwrap_or(0)
    });
    let run = run + len(verb);
    let before = text.slice(run..start);
    for c in before.chars().rev().take(15) {
        if OUTSIDE.contains(c) && !(c == '和' && ending.ends_with("公司")) {
            break;
        }
        open -= len(c.len_utf8());
    }
    let upto = places.partition_point(|p| p.start < start);
    let first_place = places
        .get(..upto)
        .unwrap_or(&[])
        .iter()
        .rev()
        .take(6)
        .take_while(|p| p.start >= open)
        .min_by_key(|p| p.start);
    if let Some(place) = first_place {
        return Some(place.start);
    }
    let inner = text.slice(open..start);
    let long = inner.chars().count();
    if long == 0 {
        return None;
    }
    if long <= 6
        && inner.chars().next().is_some_and(|c| COUNTRY.contains(c))
        && long >= 2
        && STRONG.contains(&ending)
    {
        return Some(open);
    }
    // 图们市某某有限公司 without a listed place: the whole stretch where it is short enough.
    (STRONG.contains(&ending) && (2..=8).contains(&long)).then_some(open)
}
