//! Chinese numbers: 六百多名, 3万3981名, 超过500人, 百分之三十, 两三百人, 五个.

use std::ops::Range;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::magnitude::{self, Magnitude, Part};
use super::{Bound, Core, Figure};
use crate::mention::Sort;
use crate::mention::run::Run;
use crate::text::Text;

/// A word behind a figure that says what is counted; it belongs to the number.
struct Classifier {
    word: &'static str,
    unit: Option<&'static str>,
    sort: Sort,
    /// Characters that make another word of it (人权, 处决): then it is no classifier.
    not_before: &'static str,
}

const fn counts(
    word: &'static str,
    unit: Option<&'static str>,
    not_before: &'static str,
) -> Classifier {
    Classifier {
        word,
        unit,
        sort: Sort::Count,
        not_before,
    }
}

const fn measures(word: &'static str, unit: &'static str, not_before: &'static str) -> Classifier {
    Classifier {
        word,
        unit: Some(unit),
        sort: Sort::Measure,
        not_before,
    }
}

const fn pays(word: &'static str, unit: &'static str) -> Classifier {
    Classifier {
        word,
        unit: Some(unit),
        sort: Sort::Money,
        not_before: "首素旦老",
    }
}

const fn shares(word: &'static str, unit: &'static str, not_before: &'static str) -> Classifier {
    Classifier {
        word,
        unit: Some(unit),
        sort: Sort::Share,
        not_before,
    }
}

/// Longer words stand before their beginnings.
const CLASSIFIERS: &[Classifier] = &[
    shares("个百分点", "percentage point", ""),
    shares("個百分點", "percentage point", ""),
    shares("%", "percent", ""),
    shares("％", "percent", ""),
    measures("个半月", "month", ""),
    measures("个多月", "month", ""),
    measures("个月", "month", ""),
    measures("個多月", "month", ""),
    measures("個月", "month", ""),
    measures("个星期", "week", ""),
    measures("個星期", "week", ""),
    measures("个小时", "hour", ""),
    measures("個小時", "hour", ""),
    measures("小时", "hour", ""),
    measures("小時", "hour", ""),
    measures("分钟", "minute", ""),
    measures("分鐘", "minute", ""),
    measures("年", "year", "级級代度轻輕级幼龄齡底末初"),
    measures("周岁", "year", ""),
    measures("周", "week", "年边邊围圍"),
    measures("週", "week", "年"),
    measures("天", "day", "安津然空"),
    measures("岁", "year", ""),
    measures("歲", "year", ""),
    measures("公吨", "ton", ""),
    measures("公噸", "ton", ""),
    measures("吨", "ton", ""),
    measures("噸", "ton", ""),
    measures("公斤", "kg", ""),
    measures("千克", "kg", ""),
    measures("斤", "jin", ""),
    measures("克", "g", "服拉里"),
    measures("平方公里", "km2", ""),
    measures("平方米", "m2", ""),
    measures("公里", "km", ""),
    measures("千米", "km", ""),
    measures("海里", "nautical mile", ""),
    measures("英里", "mile", ""),
    measures("厘米", "cm", ""),
    measures("米", "m", "国兰"),
    measures("公顷", "ha", ""),
    measures("公頃", "ha", ""),
    measures("亩", "mu", ""),
    measures("倍", "times", ""),
    pays("美元", "USD"),
    pays("美金", "USD"),
    pays("韩元", "KRW"),
    pays("韓元", "KRW"),
    pays("韩圜", "KRW"),
    pays("欧元", "EUR"),
    pays("歐元", "EUR"),
    pays("英镑", "GBP"),
    pays("英鎊", "GBP"),
    pays("日元", "JPY"),
    pays("港元", "HKD"),
    pays("港币", "HKD"),
    pays("卢布", "RUB"),
    pays("盧布", "RUB"),
    pays("泰铢", "THB"),
    pays("朝元", "KPW"),
    pays("朝币", "KPW"),
    pays("新台币", "TWD"),
    pays("元人民币", "CNY"),
    pays("元人民幣", "CNY"),
    pays("人民币", "CNY"),
    pays("元", "CNY"),
    pays("块钱", "CNY"),
    counts("人次", Some("person"), ""),
    counts("余人", Some("person"), ""),
    counts("名", Some("person"), "单單字义義誉譽额額"),
    counts("人", Some("person"), "权權员員质質道类類民物士工体體格才口"),
    counts("位", Some("person"), "于於置"),
    counts("口", Some("person"), "岸气氣号號供"),
    counts("户", Some("household"), "籍口"),
    counts("戶", Some("household"), "籍口"),
    counts("个", None, "别性体"),
    counts("個", None, "別性體"),
    counts("家", None, "庭族属屬人乡鄉园園"),
    counts("起", Some("case"), "来來诉訴义義初草飞飛点點"),
    counts("例", Some("case"), "如外子"),
    counts("宗", Some("case"), "教族旨"),
    counts("件", None, ""),
    counts("艘", Some("vessel"), ""),
    counts("条", None, "约款例件"),
    counts("條", None, "約款例件"),
    counts("架", None, "构構"),
    counts("辆", None, ""),
    counts("輛", None, ""),
    counts("枚", None, ""),
    counts("座", None, "谈談位"),
    counts("栋", None, ""),
    counts("棟", None, ""),
    counts("所", None, "有以谓謂得"),
    counts("间", None, "谍接隔"),
    counts("間", None, "諜接隔"),
    counts("处", None, "决理于境罚死分"),
    counts("處", None, "決理於境罰死分"),
    counts("份", None, "子"),
    counts("项", None, "目"),
    counts("項", None, "目"),
    counts("次", None, "日年要级級"),
    counts("批", None, "评評准判"),
    counts("场", None, "所面合"),
    counts("場", None, "所面合"),
    counts("轮", None, "流船"),
    counts("輪", None, "流船"),
    counts("封", None, "锁鎖闭閉"),
    counts("张", None, ""),
    counts("張", None, ""),
    counts("篇", None, ""),
    counts("本", None, "人身国國地月年周"),
    counts("台", None, "湾灣"),
    counts("臺", None, "灣"),
    counts("具", None, "体體有"),
    counts("只", None, "有是能"),
    counts("隻", None, ""),
    counts("对", None, "于於象抗话"),
    counts("種", None, "族"),
    counts("种", None, "族"),
    counts("类", None, "似"),
    counts("箱", None, ""),
    counts("集装箱", None, ""),
    counts("票", None, ""),
];

/// Classifiers with which 一 counts; with the others it mostly says "a".
const ONE: &[&str] = &[
    "名", "人", "位", "个", "個", "家", "份", "项", "項", "封", "座", "所", "艘", "件", "例", "架",
    "间", "間", "户", "戶", "宗", "人次", "处", "處",
];

/// Words before a figure that bound it. 有 may stand between.
const BEFORE: &[(&str, Bound)] = &[
    ("大约", Bound::Approx),
    ("大約", Bound::Approx),
    ("大概", Bound::Approx),
    ("约", Bound::Approx),
    ("約", Bound::Approx),
    ("估计", Bound::Approx),
    ("估計", Bound::Approx),
    ("估计约", Bound::Approx),
    ("差不多", Bound::Approx),
    ("左右", Bound::Approx),
    ("近", Bound::Below),
    ("将近", Bound::Below),
    ("將近", Bound::Below),
    ("接近", Bound::Below),
    ("几近", Bound::Below),
    ("逼近", Bound::Below),
    ("几乎", Bound::Below),
    ("超过", Bound::MoreThan),
    ("超過", Bound::MoreThan),
    ("超出", Bound::MoreThan),
    ("超", Bound::MoreThan),
    ("逾", Bound::MoreThan),
    ("多于", Bound::MoreThan),
    ("多於", Bound::MoreThan),
    ("大于", Bound::MoreThan),
    ("高于", Bound::MoreThan),
    ("不止", Bound::MoreThan),
    ("至少", Bound::AtLeast),
    ("最少", Bound::AtLeast),
    ("起码", Bound::AtLeast),
    ("起碼", Bound::AtLeast),
    ("不少于", Bound::AtLeast),
    ("不少於", Bound::AtLeast),
    ("不低于", Bound::AtLeast),
    ("不低於", Bound::AtLeast),
    ("不下于", Bound::AtLeast),
    ("不下", Bound::AtLeast),
    ("最多", Bound::AtMost),
    ("至多", Bound::AtMost),
    ("多达", Bound::AtMost),
    ("多達", Bound::AtMost),
    ("高达", Bound::AtMost),
    ("高達", Bound::AtMost),
    ("不超过", Bound::AtMost),
    ("不超過", Bound::AtMost),
    ("不多于", Bound::AtMost),
    ("不到", Bound::LessThan),
    ("不足", Bound::LessThan),
    ("未满", Bound::LessThan),
    ("未滿", Bound::LessThan),
    ("未到", Bound::LessThan),
    ("少于", Bound::LessThan),
    ("少於", Bound::LessThan),
    ("低于", Bound::LessThan),
    ("低於", Bound::LessThan),
];

/// One-character bounds that other words end in: (bound, characters before which it is no bound).
const NOT_BEHIND: &[(&str, &str)] = &[
    ("约", "公条纽合节制契违签盟预誓缔"),
    ("約", "公條紐合節制契違簽盟預誓締"),
    ("近", "附最靠临邻远亲"),
    ("超", "赶高反"),
];

/// Words behind a figure with its classifier.
const BEHIND: &[(&str, Bound)] = &[
    ("以上", Bound::AtLeast),
    ("或以上", Bound::AtLeast),
    ("或更多", Bound::AtLeast),
    ("以下", Bound::AtMost),
    ("以内", Bound::AtMost),
    ("以內", Bound::AtMost),
    ("左右", Bound::Approx),
    ("上下", Bound::Approx),
    ("开外", Bound::MoreThan),
    ("開外", Bound::MoreThan),
    ("前后", Bound::Approx),
];

/// Set phrases: (words, from, to).
const PHRASES: &[(&str, f64, f64)] = &[
    ("成千上万", 2000.0, 99_999.0),
    ("成千上萬", 2000.0, 99_999.0),
    ("成百上千", 200.0, 9999.0),
    ("数以百计", 200.0, 999.0),
    ("數以百計", 200.0, 999.0),
    ("数以千计", 2000.0, 9999.0),
    ("數以千計", 2000.0, 9999.0),
    ("数以万计", 20_000.0, 99_999.0),
    ("數以萬計", 20_000.0, 99_999.0),
    ("数以十万计", 200_000.0, 999_999.0),
    ("数以百万计", 2.0e6, 9_999_999.0),
    ("數以百萬計", 2.0e6, 9_999_999.0),
];

fn part(c: char) -> Option<Part> {
    Some(match c {
        '一' | '壹' => Part::Digit(1),
        '二' | '两' | '兩' | '贰' => Part::Digit(2),
        '三' | '叁' => Part::Digit(3),
        '四' => Part::Digit(4),
        '五' => Part::Digit(5),
        '六' => Part::Digit(6),
        '七' => Part::Digit(7),
        '八' => Part::Digit(8),
        '九' => Part::Digit(9),
        '零' | '〇' | '○' => Part::Zero,
        '十' => Part::Small(10),
        '百' => Part::Small(100),
        '千' => Part::Small(1000),
        '万' | '萬' => Part::Big(10_000),
        '亿' | '億' => Part::Big(100_000_000),
        '几' | '幾' | '数' | '數' => Part::Some,
        '多' | '余' | '餘' => Part::More,
        _ => return None,
    })
}

/// The number that begins with the digits at `at`.
pub(super) fn read_digits(run: &Run<'_, '_>, at: usize, floor: u32) -> Option<Figure> {
    let token = run.token(at)?;
    if !stands_alone(run, at) {
        return None;
    }
    figure(run.text, token.start, floor)
}

/// Whether the digits are not a piece of a code, a time or a numbered thing.
fn stands_alone(run: &Run<'_, '_>, at: usize) -> bool {
    let before = run.before(at, 1);
    if run.glued(at) {
        let word = run.lower(before);
        if word.ends_with('第') || word.ends_with('№') {
            return false;
        }
        if word.is_ascii() && !matches!(word, "(" | "$" | "~" | "\"" | "-" | "<" | ">" | ",") {
            return false;
        }
        if word == "-" && run.glued(before) {
            return false;
        }
    }
    let behind = run.lower(at + 1);
    !(run.glued(at + 1)
        && matches!(behind, "/" | ":" | "：" | "." | "_" | "·")
        && run.glued(at + 2)
        && run.digits(at + 2))
}

/// The first number that begins inside `within`, a stretch of Han characters.
pub(super) fn read_run(text: &Text<'_>, within: Range<u32>, floor: u32) -> Option<Figure> {
    let slice = text.slice(within.clone());
    let mut last = ' ';
    for (at, c) in slice.char_indices() {
        let behind = std::mem::replace(&mut last, c);
        let starts = match c {
            // 大多数人, 少数人, 半数人.
            '数' | '數' if matches!(behind, '多' | '少' | '半' | '人' | '次' | '总' | '總') => {
                false
            }
            '成' | '半' => true,
            '零' | '〇' | '多' | '余' | '餘' => false,
            c => part(c).is_some(),
        };
        if starts
            && let Ok(at) = u32::try_from(at)
            && let Some(found) = figure(text, within.start + at, floor)
        {
            return Some(found);
        }
    }
    None
}

fn figure(text: &Text<'_>, start: u32, floor: u32) -> Option<Figure> {
    let rest = text.raw.get(start as usize..)?;
    let before = text.raw.get(floor.min(start) as usize..start as usize)?;
    if let Some((len, core)) = share(rest) {
        let unit = rest.starts_with("百分之").then_some("percent");
        return Some(bounded(text, start, floor, len, core, unit, Sort::Share));
    }
    if let Some((phrase, low, high)) = PHRASES.iter().find(|(phrase, ..)| rest.starts_with(phrase))
    {
        let mut len = phrase.len();
        let (mut unit, mut sort) = (None, Sort::Count);
        if let Some((class_len, classifier)) = classifier(rest.get(len..).unwrap_or("")) {
            len += class_len;
            (unit, sort) = (classifier.unit, classifier.sort);
        }
        return Some(bounded(
            text,
            start,
            floor,
            len,
            Core::Vague(*low, *high),
            unit,
            sort,
        ));
    }
    let first = magnitude::read(rest, true, part)?;
    // 万一 is "in case", 千万不要 "by no means".
    if rest.starts_with("万一")
        || ["千万不", "千万别", "千万要", "千万勿"]
            .iter()
            .any(|w| rest.starts_with(w))
    {
        return None;
    }
    if !first.arabic
        && (before.ends_with([
            '第', '统', '統', '唯', '惟', '同', '单', '專', '专', '之', '周', '期', '拜', '初',
            '逐', '其', '〇', '零',
        ]))
    {
        return None;
    }
    let (mut len, mut core, mut more) = (first.len, first.core, first.more);
    let mut power = first.power;
    if let Some((range_len, range, second)) = upper(rest, first) {
        (len, core) = (range_len, range);
        power |= second.power;
    }
    let mut bound = None;
    let tail = |len: usize| rest.get(len..).unwrap_or("");
    let spaces = |len: usize| usize::from(tail(len).starts_with(' '));
    // 多, 余, 来 behind the figure.
    let after = len + spaces(len);
    if let Some(c) = tail(after).chars().next()
        && let Some(kind) = match c {
            '多' | '余' | '餘' => Some(Bound::MoreThan),
            '来' | '來' => Some(Bound::Approx),
            _ => None,
        }
        && (first.power || first.arabic)
        && (classifier(tail(after + c.len_utf8())).is_some()
            || (power && !tail(after + c.len_utf8()).starts_with(['次', '年', '方', '元'])))
        && (kind != Bound::Approx || classifier(tail(after + c.len_utf8())).is_some())
    {
        bound = Some((kind, after..after + c.len_utf8()));
        len = after + c.len_utf8();
    } else if more {
        bound = Some((Bound::MoreThan, 0..len));
    }
    more |= bound.is_some();
    let after = len + spaces(len);
    let class = classifier(tail(after));
    let (mut unit, mut sort) = (None, Sort::Count);
    match class {
        Some((class_len, classifier)) if accepts(&first, classifier, more, tail(after), before) => {
            len = after + class_len;
            (unit, sort) = (classifier.unit, classifier.sort);
            // 三年多, 5公里多.
            if sort == Sort::Measure && tail(len).starts_with(['多', '余']) && bound.is_none() {
                let c_len = tail(len).chars().next().map_or(0, char::len_utf8);
                bound = Some((Bound::MoreThan, len..len + c_len));
                len += c_len;
            }
            if classifier.word.contains('多') && bound.is_none() {
                bound = Some((Bound::MoreThan, after..len));
            }
            if classifier.word == "个半月"
                && let Core::Exact(n) = core
            {
                core = Core::Exact(n + 0.5);
            }
            if sort == Sort::Money && tail(len).starts_with("人民币") {
                len += "人民币".len();
            }
        }
        _ => {
            if let Some((end, tenths)) = tenths(&first, tail(len)) {
                len += end;
                core = tenths;
                (unit, sort) = (Some("percent"), Sort::Share);
            } else if !stands_bare(text, start, &first, core, tail(len), before, more) {
                return None;
            }
        }
    }
    let mut found = bounded(text, start, floor, len, core, unit, sort);
    // 上百人: a hundred or more; 好几百: several hundred.
    if !first.arabic
        && let Some(c @ ('上' | '好')) = before.chars().next_back()
        && (c == '好') == rest.starts_with('几')
        && (c == '好' || rest.starts_with(['百', '千', '万', '萬']))
        && ![
            "以上", "晚上", "早上", "网上", "会上", "身上", "际上", "实上",
        ]
        .iter()
        .any(|word| before.ends_with(word))
    {
        let begin = start - u32::try_from(c.len_utf8()).unwrap_or(0);
        if c == '上' {
            found.bind(Bound::AtLeast, begin..start);
        }
        found.bytes.start = found.bytes.start.min(begin);
    }
    if let Some((kind, words)) = bound {
        let shift = |at: usize| start + u32::try_from(at).unwrap_or(0);
        let inner = shift(words.start)..shift(words.end);
        found.bound = Some(match found.bound.take() {
            None => (kind, inner),
            Some((outer, words)) => (outer.and(kind), words),
        });
    }
    Some(found)
}

/// The figure `len` bytes from `start`, with the bounding words around it.
fn bounded(
    text: &Text<'_>,
    start: u32,
    floor: u32,
    len: usize,
    core: Core,
    unit: Option<&'static str>,
    sort: Sort,
) -> Figure {
    let end = start + u32::try_from(len).unwrap_or(0);
    let mut figure = Figure {
        bytes: start..end,
        core,
        bound: None,
        unit,
        sort,
    };
    let rest = text.raw.get(end as usize..).unwrap_or("");
    let spaces = usize::from(rest.starts_with(' '));
    if let Some((words, bound)) = BEHIND
        .iter()
        .find(|(words, _)| rest.get(spaces..).is_some_and(|r| r.starts_with(words)))
    {
        let from = end + u32::try_from(spaces).unwrap_or(0);
        figure.bind(*bound, from..from + u32::try_from(words.len()).unwrap_or(0));
    }
    for _ in 0..2 {
        let begin = figure.bytes.start;
        let before = text
            .raw
            .get(floor.min(begin) as usize..begin as usize)
            .unwrap_or("");
        let Some((bytes, bound)) = bound_before(before) else {
            break;
        };
        let bytes = u32::try_from(bytes).unwrap_or(0);
        figure.bind(bound, begin - bytes..begin);
    }
    figure
}

/// The bounding words at the end of `before`: their length and what they say.
fn bound_before(before: &str) -> Option<(usize, Bound)> {
    let trimmed = before.strip_suffix(' ').unwrap_or(before);
    let bare = trimmed.strip_suffix('有').unwrap_or(trimmed);
    let (words, bound) = BEFORE
        .iter()
        .filter(|(words, _)| bare.ends_with(words))
        .max_by_key(|(words, _)| words.len())?;
    let head = bare.strip_suffix(words).unwrap_or("");
    let swallowed = NOT_BEHIND
        .iter()
        .any(|(word, others)| word == words && head.ends_with(|c| others.contains(c)));
    (!swallowed).then_some((before.len() - head.len(), *bound))
}

/// Classifiers by their first character, in the table's order: most text behind a figure is none.
static BY_FIRST: LazyLock<FxHashMap<char, Vec<&'static Classifier>>> = LazyLock::new(|| {
    let mut by_first: FxHashMap<char, Vec<&'static Classifier>> = FxHashMap::default();
    for classifier in CLASSIFIERS {
        if let Some(first) = classifier.word.chars().next() {
            by_first.entry(first).or_default().push(classifier);
        }
    }
    by_first
});

/// The classifier at the start of `rest`.
fn classifier(rest: &str) -> Option<(usize, &'static Classifier)> {
    BY_FIRST
        .get(&rest.chars().next()?)?
        .iter()
        .find(|c| {
            rest.strip_prefix(c.word)
                .is_some_and(|behind| !behind.starts_with(|next| c.not_before.contains(next)))
        })
        .map(|c| (c.word.len(), *c))
}

/// Whether the figure and its classifier make a count in Chinese.
fn accepts(
    first: &Magnitude,
    classifier: &Classifier,
    more: bool,
    rest: &str,
    before: &str,
) -> bool {
    let word = classifier.word;
    if word == "年" && first.arabic && first.len >= 4 && !first.power {
        return false;
    }
    if first.arabic || more {
        return true;
    }
    let one = first.core == Core::Exact(1.0) && !first.power;
    if one {
        let together = word == "起"
            && ["案", "事", "袭", "绑"]
                .iter()
                .any(|n| rest.get("起".len()..).is_some_and(|r| r.starts_with(n)));
        return (ONE.contains(&word)
            || together
            || classifier.sort == Sort::Measure && word != "周" && word != "倍")
            && !before.ends_with(['每', '这', '這', '那', '哪', '某', '任', '不'])
            && !(word == "天" || (word == "年" && !more));
    }
    if first.letters == 1 && matches!(first.core, Core::Exact(n) if n >= 100.0) {
        // 百名, 千余人: 百 and 千 alone count people only.
        return classifier.unit == Some("person");
    }
    // 三国, 五大 and the like have no classifier; 十月 and 九日 are dates.
    first.letters != 1 || !matches!(word, "口" | "本")
}

/// 三成: thirty percent.
fn tenths(first: &Magnitude, rest: &str) -> Option<(usize, Core)> {
    let behind = rest.strip_prefix('成')?;
    if behind.starts_with([
        '立', '为', '為', '功', '员', '員', '长', '長', '年', '果', '就', '千', '百', '本', '都',
        '分', '了',
    ]) {
        return None;
    }
    match first.core {
        Core::Exact(n) if n < 10.0 => Some(('成'.len_utf8(), Core::Exact(n * 10.0))),
        _ => None,
    }
}

/// Whether a figure without a classifier counts: 两千脱北者, 600.
fn stands_bare(
    text: &Text<'_>,
    start: u32,
    first: &Magnitude,
    core: Core,
    rest: &str,
    before: &str,
    more: bool,
) -> bool {
    let next = rest.chars().next();
    if first.arabic {
        let refused = next.is_some_and(|c| {
            "年月日号號时時点點分岁届屆章节節级級版代世楼樓层層室季期届条條中点°/:：]".contains(c)
                || c.is_ascii_alphabetic()
        }) || ["周年", "週年", "周刊"]
            .iter()
            .any(|word| rest.starts_with(word));
        let Core::Exact(n) = first.core else {
            return true;
        };
        let grouped = text
            .slice(start..start + u32::try_from(first.len).unwrap_or(0))
            .contains([',', '，']);
        let year = first.len == 4 && !first.power && (1800.0..2100.0).contains(&n);
        let long = first.len >= 7 && !grouped && !first.power;
        let opened = before.ends_with(['（', '(', '[', '〔']) && first.len <= 2;
        let named = [
            "决议", "決議", "编号", "編號", "号", "號", "电话", "電話", "款", "条", "案", "邮编",
        ]
        .iter()
        .any(|w| before.trim_end().ends_with(w));
        return (first.power || !refused)
            && !year
            && !long
            && !opened
            && !named
            && !(first.len == 1 && !first.power && next.is_some_and(|c| !crate::text::is_han(c)));
    }
    let bound = bound_before(before).is_some();
    let vague = matches!(core, Core::Vague(..)) && first.power;
    if next == Some('号') || next == Some('年') || next == Some('月') || next == Some('里') {
        return false;
    }
    if before.ends_with(['上', '好']) && first.power && !first.arabic && first.letters <= 2 {
        return true;
    }
    (first.power
        && first.letters >= 2
        && matches!(core, Core::Exact(n) | Core::Range(n, _) if n >= 200.0))
        || vague
        || (first.power && (bound || more))
}

/// 百分之三十, 三分之一, 一半, 半数: length and value (percent where said so).
fn share(rest: &str) -> Option<(usize, Core)> {
    for words in ["一半", "半数", "半數"] {
        if rest.starts_with(words) {
            return Some((words.len(), Core::Exact(0.5)));
        }
    }
    if let Some(behind) = rest.strip_prefix("百分之") {
        let found = magnitude::read(behind, true, part)?;
        let mut len = "百分之".len() + found.len;
        let mut core = found.core;
        if let Some(decimals) = behind.get(found.len..).and_then(|r| r.strip_prefix('点'))
            && let Core::Exact(whole) = core
            && let Some(fraction) = magnitude::read(decimals, true, part)
            && let Core::Exact(n) = fraction.core
        {
            let places = i32::try_from(fraction.letters).unwrap_or(1);
            core = Core::Exact(whole + n / 10_f64.powi(places));
            len += '点'.len_utf8() + fraction.len;
        }
        if behind
            .get(found.len..)
            .is_some_and(|r| r.starts_with(['多', '几']))
            && found.power
        {
            let c = behind.get(found.len..).and_then(|r| r.chars().next())?;
            len += c.len_utf8();
        }
        return Some((len, core));
    }
    let whole = magnitude::read(rest, true, part)?;
    let behind = rest.get(whole.len..)?.strip_prefix("分之")?;
    let share = magnitude::read(behind, true, part)?;
    match (whole.core, share.core) {
        (Core::Exact(whole_n), Core::Exact(n)) if whole_n > 0.0 => Some((
            whole.len + "分之".len() + share.len,
            Core::Exact(n / whole_n),
        )),
        _ => None,
    }
}

/// 600至2000, 30%到40%, 3至5万: the upper end of a range.
fn upper(rest: &str, first: Magnitude) -> Option<(usize, Core, Magnitude)> {
    let mut at = first.len;
    let mut behind = rest.get(at..)?;
    if let Some((len, _)) = classifier(behind)
        && rest
            .get(at + len..)
            .is_some_and(|r| r.starts_with(['至', '到', '-', '～', '~', '—', '–']))
    {
        at += len;
        behind = rest.get(at..)?;
    }
    let mut joined = behind.chars();
    if !matches!(
        joined.next(),
        Some('至' | '到' | '-' | '–' | '—' | '~' | '～' | '－' | '∼' | '、' | '或')
    ) {
        return None;
    }
    let listed = behind.starts_with(['、', '或']);
    at = rest.len() - joined.as_str().len();
    let mut second_text = joined.as_str();
    for filler in ["—", "最多", "多达", "約", "约"] {
        if let Some(next) = second_text.strip_prefix(filler) {
            at += filler.len();
            second_text = next;
            break;
        }
    }
    let second = magnitude::read(second_text, true, part)?;
    let end = at + second.len;
    match (first.core, second.core) {
        (Core::Exact(mut low), Core::Exact(high)) => {
            let scale = second_text
                .get(..second.len)
                .and_then(|s| s.chars().next_back())
                .and_then(part);
            let power = match scale {
                Some(Part::Small(n)) => f64::from(n),
                #[expect(clippy::cast_precision_loss, reason = "powers of ten thousand")]
                Some(Part::Big(n)) => n as f64,
                _ => 1.0,
            };
            if !first.power && low * power < high {
                low *= power;
            }
            // 三、四名 is three to four; 40、80 are two figures.
            let near = !listed
                || (high - low == power
                    && first.letters == 1
                    && second.letters <= 2
                    && !first.arabic);
            (low < high && near).then_some((end, Core::Range(low, high), second))
        }
        (Core::Vague(low, _), Core::Vague(_, high)) => {
            (low < high).then_some((end, Core::Vague(low, high), second))
        }
        _ => None,
    }
}

/// A plain whole number in Han numerals at the start of `text`: its length and value.
pub(in crate::mention) fn han_number(text: &str) -> Option<(usize, i32)> {
    let found = magnitude::read(text, false, part)?;
    match found.core {
        #[expect(clippy::cast_possible_truncation, reason = "checked to be small")]
        Core::Exact(n) if !found.arabic && n.fract() == 0.0 && n < 10_000.0 => {
            Some((found.len, n as i32))
        }
        _ => None,
    }
}
