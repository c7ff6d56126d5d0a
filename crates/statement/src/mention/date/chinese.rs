//! Chinese dates: 2023年10月9日晚间, 去年, 今年6月, 截至今年6月, 自2020年以来, 13日, 近三年来.

use std::ops::Range;

use super::calendar::month_length;
use super::cursor::Cursor;
use super::spoken::{Frame, Part, Piece, Point, Spoken, Unit, Which, Year};
use crate::mention::run::Run;
use crate::text::is_han;

/// Words that are a date by themselves; longer ones before their beginnings.
const WORDS: &[(&str, Point)] = &[
    ("今天上午", Point::Shift(Unit::Day, 0)),
    ("今天下午", Point::Shift(Unit::Day, 0)),
    ("今天", Point::Shift(Unit::Day, 0)),
    ("今日", Point::Shift(Unit::Day, 0)),
    ("今晚", Point::Shift(Unit::Day, 0)),
    ("今晨", Point::Shift(Unit::Day, 0)),
    ("昨天", Point::Shift(Unit::Day, -1)),
    ("昨日", Point::Shift(Unit::Day, -1)),
    ("昨晚", Point::Shift(Unit::Day, -1)),
    ("昨夜", Point::Shift(Unit::Day, -1)),
    ("前天", Point::Shift(Unit::Day, -2)),
    ("前日", Point::Shift(Unit::Day, -2)),
    ("明天", Point::Shift(Unit::Day, 1)),
    ("明日", Point::Shift(Unit::Day, 1)),
    ("后天", Point::Shift(Unit::Day, 2)),
    ("当天", Point::FromLast(Unit::Day, 0)),
    ("當天", Point::FromLast(Unit::Day, 0)),
    ("当日", Point::FromLast(Unit::Day, 0)),
    ("當日", Point::FromLast(Unit::Day, 0)),
    ("当晚", Point::FromLast(Unit::Day, 0)),
    ("同日", Point::FromLast(Unit::Day, 0)),
    ("同一天", Point::FromLast(Unit::Day, 0)),
    ("次日", Point::FromLast(Unit::Day, 1)),
    ("翌日", Point::FromLast(Unit::Day, 1)),
    ("第二天", Point::FromLast(Unit::Day, 1)),
    ("隔天", Point::FromLast(Unit::Day, 1)),
    ("同月", Point::FromLast(Unit::Month, 0)),
    ("当月", Point::FromLast(Unit::Month, 0)),
    ("次月", Point::FromLast(Unit::Month, 1)),
    ("近日", Point::Past(Unit::Day, 7, true)),
    ("连日来", Point::Past(Unit::Day, 7, true)),
    ("日前", Point::Past(Unit::Day, 7, true)),
    ("最近几年来", Point::Past(Unit::Year, 5, true)),
    ("最近几年", Point::Past(Unit::Year, 5, true)),
    ("近几年来", Point::Past(Unit::Year, 5, true)),
    ("近几年", Point::Past(Unit::Year, 5, true)),
    ("最近几个月", Point::Past(Unit::Month, 6, true)),
    ("近几个月来", Point::Past(Unit::Month, 6, true)),
    ("近几个月", Point::Past(Unit::Month, 6, true)),
    ("最近数月", Point::Past(Unit::Month, 6, true)),
    ("近数月", Point::Past(Unit::Month, 6, true)),
    ("最近几周", Point::Past(Unit::Week, 6, true)),
    ("近几周来", Point::Past(Unit::Week, 6, true)),
    ("近几周", Point::Past(Unit::Week, 6, true)),
    ("最近几天", Point::Past(Unit::Day, 7, true)),
    ("近年来", Point::Past(Unit::Year, 5, true)),
    ("近年", Point::Past(Unit::Year, 5, true)),
    ("近几十年来", Point::Past(Unit::Decade, 3, true)),
    ("过去几年", Point::Past(Unit::Year, 5, true)),
    ("過去幾年", Point::Past(Unit::Year, 5, true)),
    ("过去几个月", Point::Past(Unit::Month, 6, true)),
    ("过去数月", Point::Past(Unit::Month, 6, true)),
    ("过去几周", Point::Past(Unit::Week, 6, true)),
    ("近期", Point::Past(Unit::Month, 1, true)),
    ("近来", Point::Past(Unit::Month, 1, true)),
    ("最近", Point::Past(Unit::Month, 1, true)),
    ("目前", Point::Now),
    ("现在", Point::Now),
    ("現在", Point::Now),
    ("如今", Point::Now),
    ("当前", Point::Now),
    ("當前", Point::Now),
    ("现时", Point::Now),
    ("本星期", Point::Shift(Unit::Week, 0)),
    ("这个星期", Point::Shift(Unit::Week, 0)),
    ("上上周", Point::Shift(Unit::Week, -2)),
    ("上个星期", Point::Shift(Unit::Week, -1)),
    ("下个星期", Point::Shift(Unit::Week, 1)),
    ("未来几年", Point::Coming(Unit::Year, 3)),
    ("未来几个月", Point::Coming(Unit::Month, 3)),
    ("未来数周", Point::Coming(Unit::Week, 3)),
    ("未来几周", Point::Coming(Unit::Week, 3)),
    ("未来几天", Point::Coming(Unit::Day, 3)),
];

const YEARS: &[(&str, Year)] = &[
    ("今年", Year::Shift(0)),
    ("本年", Year::Shift(0)),
    ("去年", Year::Shift(-1)),
    ("前年", Year::Shift(-2)),
    ("明年", Year::Shift(1)),
    ("后年", Year::Shift(2)),
    ("当年", Year::Same(0)),
    ("當年", Year::Same(0)),
    ("同年", Year::Same(0)),
    ("次年", Year::Same(1)),
    ("翌年", Year::Same(1)),
];

/// Months counted from the document's.
const MONTHS: &[(&str, i32)] = &[
    ("本月", 0),
    ("这个月", 0),
    ("這個月", 0),
    ("上个月", -1),
    ("上個月", -1),
    ("上月", -1),
    ("下个月", 1),
    ("下個月", 1),
    ("下月", 1),
];

const WEEKS: &[(&str, Which)] = &[
    ("上周", Which::Last),
    ("上星期", Which::Last),
    ("上週", Which::Last),
    ("本周", Which::This),
    ("本週", Which::This),
    ("这周", Which::This),
    ("下周", Which::Next),
    ("下星期", Which::Next),
    ("下週", Which::Next),
];

const WEEKDAYS: &[(&str, u8)] = &[
    ("一", 0),
    ("二", 1),
    ("三", 2),
    ("四", 3),
    ("五", 4),
    ("六", 5),
    ("日", 6),
    ("天", 6),
];

/// Parts of a year or month behind it.
const PARTS: &[(&str, Part)] = &[
    ("年初", Part::Early),
    ("年底", Part::End),
    ("年末", Part::End),
    ("年中", Part::Middle),
    ("月初", Part::Early),
    ("月底", Part::Late),
    ("月末", Part::Late),
    ("上旬", Part::Early),
    ("中旬", Part::Middle),
    ("下旬", Part::Late),
    ("初期", Part::Early),
    ("中期", Part::Middle),
    ("后期", Part::Late),
    ("末期", Part::Late),
    ("初", Part::Early),
    ("底", Part::End),
    ("末", Part::End),
];

/// Months of a year: from, to.
const STRETCHES: &[(&str, (u8, u8))] = &[
    ("上半年", (1, 6)),
    ("下半年", (7, 12)),
    ("第一季度", (1, 3)),
    ("第二季度", (4, 6)),
    ("第三季度", (7, 9)),
    ("第四季度", (10, 12)),
    ("一季度", (1, 3)),
    ("二季度", (4, 6)),
    ("三季度", (7, 9)),
    ("四季度", (10, 12)),
];

const SEASONS: &[(&str, u8)] = &[
    ("春季", 0),
    ("春天", 0),
    ("春", 0),
    ("夏季", 1),
    ("夏天", 1),
    ("夏", 1),
    ("秋季", 2),
    ("秋天", 2),
    ("秋", 2),
    ("冬季", 3),
    ("冬天", 3),
    ("冬", 3),
];

/// Hours of the day behind a day; they belong to the date.
const HOURS: &[&str] = &[
    "凌晨", "清晨", "早上", "早晨", "上午", "中午", "下午", "傍晚", "晚上", "晚间", "晚間", "夜间",
    "夜間", "夜里", "深夜", "当晚", "晚", "夜",
];

/// Words that frame what comes behind them.
const FRAMES: &[(&str, Frame)] = &[
    ("截至", Frame::Until),
    ("截止到", Frame::Until),
    ("截止", Frame::Until),
    ("直到", Frame::Until),
    ("直至", Frame::Until),
    ("自从", Frame::Since),
    ("自從", Frame::Since),
    ("自", Frame::Since),
    ("从", Frame::Since),
    ("從", Frame::Since),
    ("到", Frame::Until),
    ("至", Frame::Until),
];

/// Words behind a date that frame it.
const BEHIND: &[(&str, Frame)] = &[
    ("以来", Frame::Since),
    ("以來", Frame::Since),
    ("以后", Frame::After),
    ("以後", Frame::After),
    ("之后", Frame::After),
    ("之後", Frame::After),
    ("以前", Frame::Before),
    ("之前", Frame::Before),
    ("为止", Frame::Until),
    ("為止", Frame::Until),
];

/// Counted units for "three years ago": (word, unit).
const UNITS: &[(&str, Unit)] = &[
    ("年", Unit::Year),
    ("个月", Unit::Month),
    ("個月", Unit::Month),
    ("个星期", Unit::Week),
    ("個星期", Unit::Week),
    ("周", Unit::Week),
    ("天", Unit::Day),
    ("日", Unit::Day),
];

fn cut(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// Whether a date can begin with this character.
fn opens(c: char) -> bool {
    matches!(
        c,
        '今' | '昨'
            | '前'
            | '明'
            | '后'
            | '当'
            | '當'
            | '同'
            | '次'
            | '翌'
            | '第'
            | '隔'
            | '近'
            | '连'
            | '日'
            | '最'
            | '过'
            | '過'
            | '目'
            | '现'
            | '現'
            | '如'
            | '本'
            | '这'
            | '這'
            | '上'
            | '下'
            | '未'
            | '去'
            | '截'
            | '直'
            | '自'
            | '从'
            | '從'
            | '到'
            | '至'
            | '一'
            | '二'
            | '三'
            | '四'
            | '五'
            | '六'
            | '七'
            | '八'
            | '九'
            | '十'
            | '两'
            | '几'
            | '数'
            | '周'
            | '星'
            | '週'
            | '礼'
            | '民'
            | '主'
            | '公'
    )
}

/// The first date that begins inside a stretch of Han characters.
pub(super) fn read_run(run: &Run<'_, '_>, at: usize, within: Range<u32>) -> Option<Spoken> {
    let slice = run.text.slice(within.clone());
    let mut before = run
        .text
        .raw
        .get(..within.start as usize)
        .and_then(|text| text.chars().next_back());
    for (offset, c) in slice.char_indices() {
        if opens(c) {
            let start = within.start + cut(offset);
            let rest = run.text.raw.get(start as usize..).unwrap_or("");
            if let Some(spoken) = read(run, at, rest, start, before) {
                return Some(spoken);
            }
        }
        before = Some(c);
    }
    None
}

pub(super) fn read_digits(run: &Run<'_, '_>, at: usize) -> Option<Spoken> {
    let start = run.token(at)?.start;
    if run.glued(at) {
        let word = run.lower(run.before(at, 1));
        if word.ends_with('第')
            || (word.is_ascii() && !matches!(word, "(" | "\"" | "[" | "~" | "-" | ","))
        {
            return None;
        }
    }
    let rest = run.text.raw.get(start as usize..)?;
    read(run, at, rest, start, None)
}

fn read(
    run: &Run<'_, '_>,
    at: usize,
    rest: &str,
    start: u32,
    before: Option<char>,
) -> Option<Spoken> {
    let mut cursor = Cursor::new(rest);
    let framed = cursor.table(FRAMES);
    // 来自2020年, 达到, 直至: only a date may follow, and 来自 frames nothing.
    if framed.is_some() && matches!(before, Some('来' | '來' | '各' | '出' | '达' | '亲')) {
        return None;
    }
    cursor.space();
    if framed.is_some() && cursor.eat_any(&["公元", "西元"]) {
        cursor.space();
    }
    let (first, own_last) = piece(&mut cursor, before.filter(|_| framed.is_none()))?;
    let mut end = cursor;
    let mut frame = Frame::Plain;
    let mut last = own_last;
    let mut probe = cursor;
    if last.is_none() && joins(&mut probe) {
        let mut second = probe;
        let second_piece = if second.eat_any(&["今", "现在", "目前", "今天", "現在"]) {
            Some(Piece::new(Point::Now))
        } else {
            piece(&mut second, None).map(|(piece, _)| piece)
        };
        if let Some(piece) = second_piece.and_then(|second| inherit(first, second)) {
            last = Some(piece);
            end = second;
            end.eat_any(&["期间", "期間", "之间", "之間", "间"]);
        }
    }
    if last.is_some() {
        // 自2020年至2023年: the frame word belongs to the range, others do not.
        if !matches!(framed, Some(Frame::Since)) && framed.is_some() {
            return None;
        }
    } else {
        let vague = matches!(first.point, Point::Past(..) | Point::Coming(..));
        let mut probe = cursor;
        probe.space();
        if !vague && let Some(behind) = probe.table(BEHIND) {
            frame = behind;
            end = probe;
        } else if !vague && probe.eat_any(&["前后", "前後", "左右"]) {
            // About then: the stretch named, no bound of its own.
            end = probe;
        } else if !vague && behind_alone(&mut probe, &mut frame) {
            end = probe;
        }
        match framed {
            Some(Frame::Until) => frame = Frame::Until,
            Some(Frame::Since) if frame == Frame::Plain => {
                // 从去年 without 起: the words say since; 从10月9日 as well.
                frame = Frame::Since;
                end.eat_any(&["起", "开始", "開始"]);
            }
            _ => {}
        }
        if vague && framed.is_some() {
            return None;
        }
        if first.point == Point::Now && framed == Some(Frame::Since) {
            return None;
        }
    }
    Some(Spoken {
        bytes: start..start + cut(end.len),
        frame,
        first,
        last,
        future: ahead(run, at, start, start + cut(end.len)),
    })
}

/// 前, 后, 起 directly behind a date.
fn behind_alone(cursor: &mut Cursor<'_>, frame: &mut Frame) -> bool {
    let rest = cursor.rest;
    let next = |skip: &str| rest.strip_prefix(skip).and_then(|r| r.chars().next());
    let (word, found, not_before) = if rest.starts_with('前') {
        ("前", Frame::Before, "往去来面后後夕身")
    } else if rest.starts_with('后') {
        ("后", Frame::After, "来续果面")
    } else if rest.starts_with('後') {
        ("後", Frame::After, "來續果面")
    } else if rest.starts_with('起') {
        ("起", Frame::Since, "来诉草义飞")
    } else {
        return false;
    };
    if next(word).is_some_and(|c| not_before.contains(c)) {
        return false;
    }
    *frame = found;
    cursor.eat(word)
}

/// A mark or word between the ends of a range.
fn joins(cursor: &mut Cursor<'_>) -> bool {
    cursor.space();
    let joined = cursor.eat_any(&[
        "至", "到", "——", "—", "–", "-", "～", "~", "－", "∼", "起至",
    ]);
    cursor.space();
    joined
}

/// The last end of a range with what it leaves out; `None` where the two make no range.
fn inherit(first: Piece, second: Piece) -> Option<Piece> {
    let fits = match (first.point, second.point) {
        (_, Point::Now) => true,
        (Point::Year(_), Point::Year(_) | Point::Month(..) | Point::Day(..)) => true,
        (Point::Month(..), Point::Month(..) | Point::Day(..)) => true,
        (Point::Day(..), Point::Day(..) | Point::DayAlone(_) | Point::Month(..)) => true,
        (Point::DayAlone(a), Point::DayAlone(b)) => a < b,
        (Point::Decade(_), Point::Decade(_)) => true,
        _ => false,
    };
    fits.then_some(second)
}

/// One date without the words that frame it; some are ranges by themselves.
fn piece(cursor: &mut Cursor<'_>, before: Option<char>) -> Option<(Piece, Option<Piece>)> {
    let none = |piece| Some((piece, None));
    // 2009-2012年, 2020至2023年: the first year comes without its 年.
    let mut probe = *cursor;
    if let Some((year, 4)) = probe.digits(4)
        && (1800..2100).contains(&year)
        && joins(&mut probe)
        && let Some((last, 4)) = probe.digits(4)
        && (1800..2100).contains(&last)
        && last > year
        && (probe.eat("年") || !probe.rest.starts_with(is_han))
    {
        *cursor = probe;
        let point = |y| Piece::new(Point::Year(Year::Given(y)));
        return Some((point(year), Some(point(last))));
    }
    if let Some(found) = counted(cursor, before) {
        return none(found);
    }
    let mut probe = *cursor;
    if let Some(found) = probe.table(WORDS) {
        // 当前往, 最近的距离 and 9日前 only look like such words.
        let swallowed = (found == Point::Now && probe.is_any(&["往", "來", "去", "台"]))
            || (cursor.is("最近") && probe.is("的距离"))
            || (cursor.is("日前")
                && before
                    .is_some_and(|c| c.is_ascii_digit() || "一二三四五六七八九十今昨".contains(c)));
        if !swallowed {
            *cursor = probe;
            if matches!(
                found,
                Point::Shift(Unit::Day, _) | Point::FromLast(Unit::Day, _)
            ) {
                cursor.eat_any(HOURS);
            }
            return none(Piece::new(found));
        }
    }
    if let Some(found) = week(cursor) {
        return none(found);
    }
    if let Some(found) = decade(cursor) {
        return none(found);
    }
    dated(cursor, before).and_then(none)
}

/// 三年前, 两周后, 过去五年, 近十年来, 未来三年.
fn counted(cursor: &mut Cursor<'_>, before: Option<char>) -> Option<Piece> {
    let mut probe = *cursor;
    let past = probe.eat_any(&["过去", "過去", "最近", "近"]);
    let coming = !past && probe.eat_any(&["未来", "未來", "今后", "今後"]);
    if past && matches!(before, Some('附' | '靠' | '临' | '将' | '接')) && cursor.is("近") {
        return None;
    }
    probe.space();
    let vague = probe.is_any(&["几", "数", "幾", "數"]);
    let count = if vague {
        let ten = probe.eat_any(&["几十", "数十"]);
        if !ten {
            probe.eat_any(&["几", "数", "幾", "數"]);
        }
        if ten { 20 } else { 3 }
    } else {
        let small = probe.eat_any(&["两", "兩"]);
        if small { 2 } else { probe.small()? }
    };
    probe.space();
    probe.eat_any(&["多", "余"]);
    let unit = probe.table(UNITS)?;
    if probe.is_any(&["级", "代", "度", "级"]) {
        return None;
    }
    if past {
        if !probe.eat_any(&["以来", "间", "里", "來", "来"]) && count == 1 && unit == Unit::Day
        {
            return None;
        }
        *cursor = probe;
        // 近几年, 最近几个月: as far as the words without a count reach.
        if vague && count == 3 {
            let reach = match unit {
                Unit::Year => 5,
                Unit::Month | Unit::Week => 6,
                Unit::Day => 7,
                Unit::Decade => 3,
            };
            return Some(Piece::new(Point::Past(unit, reach, true)));
        }
        return Some(Piece::new(Point::Past(unit, count, false)));
    }
    if coming {
        *cursor = probe;
        return Some(Piece::new(Point::Coming(unit, count)));
    }
    // "10日前" is before the tenth or ten days ago: only other units are surely counted.
    if unit == Unit::Day && cursor_unit_is_date(cursor, &probe) {
        return None;
    }
    if before == Some('第') {
        return None;
    }
    let point = if probe.eat_any(&["之前", "以前", "前"]) {
        Point::Shift(unit, -count)
    } else if probe.eat_any(&["之后", "以后", "后", "後"]) && !probe.is_any(&["来", "續", "续"])
    {
        Point::FromLast(unit, count)
    } else if unit == Unit::Year && count > 1 && probe.eat_any(&["以来", "来", "以來", "來"])
    {
        Point::Past(unit, count, false)
    } else {
        return None;
    };
    *cursor = probe;
    Some(Piece::new(point))
}

/// Whether the unit eaten last was 日, which also names a day of the month.
fn cursor_unit_is_date(from: &Cursor<'_>, to: &Cursor<'_>) -> bool {
    from.rest
        .get(..to.len.saturating_sub(from.len))
        .is_some_and(|eaten| eaten.ends_with('日'))
}

/// 上周, 上周五, 周一, 星期三.
fn week(cursor: &mut Cursor<'_>) -> Option<Piece> {
    let mut probe = *cursor;
    let which = probe.table(WEEKS);
    let named = which.is_some() || probe.eat_any(&["周", "星期", "週", "礼拜"]);
    if !named {
        return None;
    }
    let mut day = probe;
    let weekday = day.table(WEEKDAYS);
    let found = match (which, weekday) {
        (which, Some(weekday)) => {
            probe = day;
            probe.eat_any(HOURS);
            Point::Weekday(weekday, which.unwrap_or(Which::Nearest))
        }
        (Some(which), None) => {
            if probe.is_any(&["年", "岁", "边", "刊", "报"]) {
                return None;
            }
            let by = match which {
                Which::Last => -1,
                Which::Nearest | Which::This => 0,
                Which::Next => 1,
            };
            Point::Shift(Unit::Week, by)
        }
        (None, None) => return None,
    };
    *cursor = probe;
    Some(Piece::new(found))
}

/// 1990年代, 20世纪90年代, 九十年代初.
fn decade(cursor: &mut Cursor<'_>) -> Option<Piece> {
    let mut probe = *cursor;
    let mut century = 1900;
    if probe.eat_any(&["上世纪", "上世紀"]) {
        century = 1900;
    } else {
        let mut numbered = probe;
        if let Some(n) = numbered.small()
            && (18..=21).contains(&n)
            && numbered.eat_any(&["世纪", "世紀"])
        {
            century = (n - 1) * 100;
            probe = numbered;
        }
    }
    let mut full = probe;
    let first = if let Some((year, 4)) = full.digits(4) {
        probe = full;
        year
    } else {
        century + probe.small()?
    };
    if first % 10 != 0 || !(1800..2100).contains(&first) || !probe.eat("年代") {
        return None;
    }
    let part = probe.table(PARTS);
    *cursor = probe;
    Some(Piece {
        point: Point::Decade(first),
        part,
    })
}

/// Years, months and days with their parts: 2023年10月9日晚间, 今年6月, 10月, 13日.
fn dated(cursor: &mut Cursor<'_>, before: Option<char>) -> Option<Piece> {
    let mut at = *cursor;
    let year = year(&mut at);
    let after_year = at;
    at.space();
    if year.is_some() {
        if let Some((first, last)) = at.table(STRETCHES) {
            *cursor = at;
            return Some(Piece::new(Point::Months(year?, first, last)));
        }
        // 2021年春: but 春节 is a feast.
        let mut season = at;
        if let Some(found) = season.table(SEASONS)
            && !season.is_any(&["节", "節", "奥", "令营"])
        {
            *cursor = season;
            return Some(Piece::new(Point::Season(year?, found)));
        }
        let mut part = after_year;
        if let Some(found) = part.table(PARTS)
            && !part.is_any(&["级", "步"])
        {
            // 2023年年底 and 2023年底 say the same; 月初 needs its month.
            *cursor = part;
            return Some(Piece {
                point: Point::Year(year?),
                part: Some(found),
            });
        }
    } else {
        if let Some(shift) = at.table(MONTHS) {
            return shifted_month(cursor, at, shift);
        }
        // 年底 and 年初 alone are this year's; too many other uses to tell.
        at = *cursor;
    }
    let mut month_at = at;
    if let Some(month) = month(&mut month_at, year.is_some(), before) {
        let year = year.unwrap_or(Year::Open);
        let mut day_at = month_at;
        day_at.space();
        if let Some(day) = day(&mut day_at, true).filter(|day| *day <= month_length(2024, month)) {
            hours(&mut day_at);
            *cursor = day_at;
            return Some(Piece::new(Point::Day(year, month, day)));
        }
        let mut part = month_at;
        let found = part.table(PARTS);
        *cursor = if found.is_some() { part } else { month_at };
        return Some(Piece {
            point: Point::Month(year, month),
            part: found,
        });
    }
    if let Some(year) = year {
        *cursor = after_year;
        return Some(Piece::new(Point::Year(year)));
    }
    let mut day_at = *cursor;
    let arabic = day_at
        .rest
        .starts_with(|c: char| c.is_ascii_digit() || ('０'..='９').contains(&c));
    let day = day(&mut day_at, false)?;
    // 一日 and 三日 in Han numerals are mostly stretches.
    if (!arabic && day < 10) || matches!(before, Some('第' | '月')) {
        return None;
    }
    if day_at.is_any(&[
        "内", "間", "间", "游", "元", "本", "报", "圆", "之内", "后", "後",
    ]) {
        return None;
    }
    hours(&mut day_at);
    *cursor = day_at;
    Some(Piece::new(Point::DayAlone(day)))
}

fn hours(cursor: &mut Cursor<'_>) {
    let mut probe = *cursor;
    // 9日（周一）晚: the weekday in brackets stays outside.
    if probe.eat_any(HOURS) && !probe.is_any(&["会", "會", "宴", "年", "期", "报"]) {
        *cursor = probe;
    }
}

/// 本月初, 上月28日, 上个月.
fn shifted_month<'a>(cursor: &mut Cursor<'a>, mut at: Cursor<'a>, shift: i32) -> Option<Piece> {
    let mut day_at = at;
    if let Some(day) = day(&mut day_at, true) {
        hours(&mut day_at);
        *cursor = day_at;
        return Some(Piece::new(Point::DayOfMonth(shift, day)));
    }
    let part = at.table(PARTS);
    *cursor = at;
    Some(Piece {
        point: Point::Shift(Unit::Month, shift),
        part,
    })
}

/// 2023年, 二〇二三年, 今年, 民国112年, 主体112年.
fn year(cursor: &mut Cursor<'_>) -> Option<Year> {
    let mut at = *cursor;
    at.eat_any(&["公元", "西元"]);
    if let Some(year) = at.table(YEARS) {
        *cursor = at;
        return Some(year);
    }
    if at.eat_any(&["民国", "民國", "主体", "主體"]) {
        at.space();
        let n = match at.digits(3) {
            Some((n, _)) => n,
            None => {
                let (len, n) = crate::mention::number::han_number(at.rest)?;
                at = Cursor {
                    rest: at.rest.get(len..)?,
                    len: at.len + len,
                };
                n
            }
        };
        at.space();
        at.eat("年").then_some(())?;
        *cursor = at;
        return (1..=200).contains(&n).then_some(Year::Given(1911 + n));
    }
    let n = if let Some((n, digits)) = at.digits(4) {
        (digits == 4).then_some(n)?
    } else {
        let (mut value, mut bytes) = (0, 0);
        for c in at.rest.chars().take(4) {
            let digit = "〇一二三四五六七八九"
                .chars()
                .position(|d| d == c || (d == '〇' && matches!(c, '零' | '○')))?;
            value = value * 10 + i32::try_from(digit).ok()?;
            bytes += c.len_utf8();
        }
        at = Cursor {
            rest: at.rest.get(bytes..)?,
            len: at.len + bytes,
        };
        value
    };
    if !(1800..2100).contains(&n) {
        return None;
    }
    at.space();
    if !at.eat("年") || at.is_any(&["级", "代"]) {
        return None;
    }
    at.eat("度");
    *cursor = at;
    Some(Year::Given(n))
}

/// 10月, 十月, 6月份.
fn month(cursor: &mut Cursor<'_>, with_year: bool, before: Option<char>) -> Option<u8> {
    let mut at = *cursor;
    let month = u8::try_from(at.small()?)
        .ok()
        .filter(|m| (1..=12).contains(m))?;
    at.space();
    if !at.eat("月") || at.is_any(&["球", "亮", "光", "饼", "经"]) {
        return None;
    }
    if !with_year && before == Some('第') {
        return None;
    }
    at.eat("份");
    *cursor = at;
    Some(month)
}

/// 9日, 9号 (behind a month).
fn day(cursor: &mut Cursor<'_>, in_month: bool) -> Option<u8> {
    let mut at = *cursor;
    let day = u8::try_from(at.small()?)
        .ok()
        .filter(|d| (1..=31).contains(d))?;
    at.space();
    let named = at.eat("日") || (in_month && at.eat_any(&["号", "號"]));
    // 10月9日至13日 may leave the first 日 out: 10月9至13日.
    if !named {
        return None;
    }
    *cursor = at;
    Some(day)
}

/// Words that say that the date lies ahead: 将于, 预计, 拟.
fn ahead(run: &Run<'_, '_>, _at: usize, start: u32, end: u32) -> bool {
    let raw = run.text.raw;
    let mut from = start.saturating_sub(24);
    while !raw.is_char_boundary(from as usize) {
        from += 1;
    }
    let before = raw.get(from as usize..start as usize).unwrap_or("");
    let mut to = (end + 12).min(cut(raw.len()));
    while !raw.is_char_boundary(to as usize) {
        to -= 1;
    }
    let behind = raw.get(end as usize..to as usize).unwrap_or("");
    [
        "将于",
        "將於",
        "预计",
        "預計",
        "拟于",
        "定于",
        "计划于",
        "即将",
    ]
    .iter()
    .any(|w| before.contains(w))
        || ["将举行", "将召开", "将访"]
            .iter()
            .any(|w| behind.starts_with(w))
}
