//! Korean dates: 2023년 10월 9일 밤, 지난해 10월, 올해 6월까지, 13일(현지시간), 지난 5년간.

use super::calendar::month_length;
use super::cursor::Cursor;
use super::spoken::{Frame, Part, Piece, Point, Spoken, Unit, Which, Year};
use crate::mention::run::Run;
use crate::text::{Kind, is_hangul};

/// Words that are a date by themselves; longer ones before their beginnings.
const WORDS: &[(&str, Point)] = &[
    ("오늘", Point::Shift(Unit::Day, 0)),
    ("어제", Point::Shift(Unit::Day, -1)),
    ("그저께", Point::Shift(Unit::Day, -2)),
    ("그제", Point::Shift(Unit::Day, -2)),
    ("내일", Point::Shift(Unit::Day, 1)),
    ("모레", Point::Shift(Unit::Day, 2)),
    ("지난밤", Point::Shift(Unit::Day, -1)),
    ("이날", Point::FromLast(Unit::Day, 0)),
    ("당일", Point::FromLast(Unit::Day, 0)),
    ("같은 날", Point::FromLast(Unit::Day, 0)),
    ("같은날", Point::FromLast(Unit::Day, 0)),
    ("그날", Point::FromLast(Unit::Day, 0)),
    ("다음 날", Point::FromLast(Unit::Day, 1)),
    ("다음날", Point::FromLast(Unit::Day, 1)),
    ("이튿날", Point::FromLast(Unit::Day, 1)),
    ("전날", Point::FromLast(Unit::Day, -1)),
    ("같은 달", Point::FromLast(Unit::Month, 0)),
    ("지난주", Point::Shift(Unit::Week, -1)),
    ("지난 주", Point::Shift(Unit::Week, -1)),
    ("이번 주", Point::Shift(Unit::Week, 0)),
    ("이번주", Point::Shift(Unit::Week, 0)),
    ("금주", Point::Shift(Unit::Week, 0)),
    ("다음 주", Point::Shift(Unit::Week, 1)),
    ("다음주", Point::Shift(Unit::Week, 1)),
    ("최근 몇 년간", Point::Past(Unit::Year, 5, true)),
    ("최근 몇 년 사이", Point::Past(Unit::Year, 5, true)),
    ("최근 몇 년", Point::Past(Unit::Year, 5, true)),
    ("최근 수년간", Point::Past(Unit::Year, 5, true)),
    ("최근 수년", Point::Past(Unit::Year, 5, true)),
    ("지난 몇 년간", Point::Past(Unit::Year, 5, true)),
    ("지난 수년간", Point::Past(Unit::Year, 5, true)),
    ("최근 몇 달간", Point::Past(Unit::Month, 6, true)),
    ("최근 몇 달", Point::Past(Unit::Month, 6, true)),
    ("최근 몇 주간", Point::Past(Unit::Week, 6, true)),
    ("최근 몇 주", Point::Past(Unit::Week, 6, true)),
    ("최근 수개월간", Point::Past(Unit::Month, 6, true)),
    ("지난 몇 달간", Point::Past(Unit::Month, 6, true)),
    ("최근 들어", Point::Past(Unit::Month, 1, true)),
    ("최근", Point::Past(Unit::Month, 1, true)),
    ("요즘", Point::Past(Unit::Month, 1, true)),
    ("현재", Point::Now),
    ("지금", Point::Now),
    ("오늘날", Point::Now),
];

const YEARS: &[(&str, Year)] = &[
    ("올해", Year::Shift(0)),
    ("금년", Year::Shift(0)),
    ("올 ", Year::Shift(0)),
    ("지난해", Year::Shift(-1)),
    ("작년", Year::Shift(-1)),
    ("재작년", Year::Shift(-2)),
    ("지지난해", Year::Shift(-2)),
    ("내년", Year::Shift(1)),
    ("내후년", Year::Shift(2)),
    ("이듬해", Year::Same(1)),
    ("다음 해", Year::Same(1)),
    ("같은 해", Year::Same(0)),
    ("같은해", Year::Same(0)),
    ("그해", Year::Same(0)),
    ("그 해", Year::Same(0)),
    ("당해", Year::Same(0)),
];

/// Months counted from the document's.
const MONTHS: &[(&str, i32)] = &[
    ("이번 달", 0),
    ("이번달", 0),
    ("이달", 0),
    ("지난달", -1),
    ("지난 달", -1),
    ("다음 달", 1),
    ("다음달", 1),
    ("내달", 1),
];

const WEEKDAYS: &[(&str, u8)] = &[
    ("월요일", 0),
    ("화요일", 1),
    ("수요일", 2),
    ("목요일", 3),
    ("금요일", 4),
    ("토요일", 5),
    ("일요일", 6),
];

const PARTS: &[(&str, Part)] = &[
    ("연초", Part::Early),
    ("초반", Part::Early),
    ("초순", Part::Early),
    ("상순", Part::Early),
    ("중순", Part::Middle),
    ("중반", Part::Middle),
    ("하순", Part::Late),
    ("후반", Part::Late),
    ("연말", Part::End),
    ("초", Part::Early),
    ("말", Part::End),
];

const STRETCHES: &[(&str, (u8, u8))] = &[
    ("상반기", (1, 6)),
    ("하반기", (7, 12)),
    ("1분기", (1, 3)),
    ("2분기", (4, 6)),
    ("3분기", (7, 9)),
    ("4분기", (10, 12)),
];

const SEASONS: &[(&str, u8)] = &[("봄", 0), ("여름", 1), ("가을", 2), ("겨울", 3)];

/// Hours of the day behind a day.
const HOURS: &[&str] = &[
    "새벽", "아침", "오전", "정오", "낮", "오후", "저녁", "밤", "심야",
];

/// Words behind a date that frame it.
const BEHIND: &[(&str, Frame)] = &[
    ("부터", Frame::Since),
    ("들어서", Frame::Since),
    ("들어", Frame::Since),
    ("이래로", Frame::Since),
    ("이래", Frame::Since),
    ("이후로", Frame::Since),
    ("이후", Frame::Since),
    ("까지", Frame::Until),
    ("현재", Frame::Until),
    ("기준", Frame::Until),
    ("이전", Frame::Before),
];

/// Counted units: (word, unit).
const UNITS: &[(&str, Unit)] = &[
    ("년", Unit::Year),
    ("개월", Unit::Month),
    ("달", Unit::Month),
    ("주일", Unit::Week),
    ("주", Unit::Week),
    ("일", Unit::Day),
];

/// Counts in words before a unit.
const COUNTS: &[(&str, i32)] = &[
    ("한", 1),
    ("두세", 3),
    ("두", 2),
    ("세", 3),
    ("석", 3),
    ("서너", 4),
    ("네", 4),
    ("넉", 4),
    ("다섯", 5),
    ("여섯", 6),
    ("일곱", 7),
    ("여덟", 8),
    ("아홉", 9),
    ("열", 10),
    ("몇", 3),
    ("수십", 20),
    ("수", 3),
    ("십", 10),
];

fn cut(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// Whether a date can begin with this syllable or digit.
fn opens(c: char) -> bool {
    c.is_ascii_digit()
        || matches!(
            c,
            '０'
                ..='９'
                    | '오'
                    | '어'
                    | '그'
                    | '내'
                    | '모'
                    | '지'
                    | '이'
                    | '당'
                    | '같'
                    | '다'
                    | '전'
                    | '금'
                    | '최'
                    | '요'
                    | '현'
                    | '올'
                    | '작'
                    | '재'
                    | '월'
                    | '화'
                    | '수'
                    | '목'
                    | '토'
                    | '일'
                    | '연'
                    | '주'
                    | '한'
                    | '두'
                    | '세'
                    | '네'
                    | '몇'
                    | '열'
                    | '십'
                    | '석'
                    | '서'
                    | '넉'
                    | '향'
                    | '앞'
        )
}

/// The date that begins at `at`: a word's begin or digits.
pub(super) fn read(run: &Run<'_, '_>, at: usize) -> Option<Spoken> {
    let token = run.token(at)?;
    let mut start = token.start;
    if run.glued(at) {
        let before = run.before(at, 1);
        // '23년: the mark that stands for the century.
        if run.any(before, &["'", "’"])
            && run.any(at + 1, &["년"])
            && run.token(at).is_some_and(|t| t.end - t.start == 2)
            && let Some(mark) = run.token(before)
        {
            start = mark.start;
        }
        match run.kind(before) {
            Some(Kind::Mark) if !run.any(before, &["/", ".", "·", "#"]) || !run.glued(before) => {}
            _ => return None,
        }
    }
    let rest = run.text.raw.get(start as usize..)?;
    if !rest.chars().next().is_some_and(opens) && !rest.starts_with("'") {
        return None;
    }
    let mut cursor = Cursor::new(rest);
    let (first, own_last) = piece(&mut cursor)?;
    let mut end = cursor;
    let mut last = own_last;
    let mut frame = Frame::Plain;
    if last.is_none() {
        let mut probe = cursor;
        if joins(&mut probe) {
            let second = if probe.eat_any(&["현재", "지금", "최근", "오늘"]) {
                Some(Piece::new(Point::Now))
            } else {
                piece(&mut probe).map(|(piece, _)| piece)
            };
            if let Some(second) = second.filter(|second| fits(first, *second)) {
                last = Some(second);
                let mut tail = probe;
                tail.space();
                if probe.eat_any(&["까지"]) {
                    tail = probe;
                }
                if tail.eat_any(&["사이에", "사이", "동안", "기간"]) {
                    probe = tail;
                }
                end = probe;
            }
        }
    }
    // 2019년께, 10월경: about then; 경 apart from its date is a word of others.
    if last.is_none() {
        let mut about = cursor;
        if about.eat_any(&["께", "경", "쯤"])
            && !about
                .rest
                .starts_with(|c| is_hangul(c) && !"에부까의은는이".contains(c))
        {
            cursor = about;
            end = about;
        }
    }
    if last.is_none() {
        let open = matches!(
            first.point,
            Point::Past(..) | Point::Coming(..) | Point::Now
        );
        let mut probe = cursor;
        probe.space();
        let spaced = probe.len > cursor.len;
        if let Some(found) = probe.table(BEHIND).filter(|_| !open) {
            // 2023년 10월 현재 is "as of"; 부터 and 까지 are never parted from their word.
            let apart = matches!(found, Frame::Since | Frame::Before | Frame::Until);
            let particle = cursor.is("부터") || cursor.is("까지");
            if particle || (apart && !probe.rest.starts_with(is_name)) || !spaced {
                frame = found;
                end = probe;
            }
        }
    }
    Some(Spoken {
        bytes: start..start + cut(end.len),
        frame,
        first,
        last,
        future: ahead(run, at, end.rest),
    })
}

/// Syllables that would make another word of 이전, 현재, 기준.
fn is_name(c: char) -> bool {
    matches!(c, '금' | '가' | '점' | '대')
}

/// What parts the ends of a range.
fn joins(cursor: &mut Cursor<'_>) -> bool {
    let mut probe = *cursor;
    if probe.eat_any(&["부터", "에서"]) {
        probe.space();
        *cursor = probe;
        return true;
    }
    probe.space();
    if probe.eat_any(&["~", "∼", "～", "-", "–", "—", "〜"]) {
        probe.space();
        *cursor = probe;
        return true;
    }
    false
}

fn fits(first: Piece, second: Piece) -> bool {
    match (first.point, second.point) {
        (
            Point::Year(_)
            | Point::Month(..)
            | Point::Day(..)
            | Point::Shift(..)
            | Point::DayAlone(_),
            Point::Now,
        ) => true,
        (Point::Year(_), Point::Year(_) | Point::Month(..) | Point::Day(..)) => true,
        (Point::Month(..), Point::Month(..) | Point::Day(..) | Point::Shift(Unit::Month, _)) => {
            true
        }
        (Point::Day(..), Point::Day(..) | Point::DayAlone(_) | Point::Month(..)) => true,
        (Point::DayOfMonth(..), Point::DayAlone(_) | Point::DayOfMonth(..)) => true,
        (Point::Shift(..), Point::Shift(..) | Point::Month(..)) => true,
        (Point::DayAlone(a), Point::DayAlone(b)) => a < b,
        (Point::DayAlone(_), Point::Day(..)) => true,
        (Point::Decade(_), Point::Decade(_)) => true,
        _ => false,
    }
}

/// One date without the words that frame it; some are ranges by themselves ("9~13일").
fn piece(cursor: &mut Cursor<'_>) -> Option<(Piece, Option<Piece>)> {
    let none = |piece| Some((piece, None));
    if let Some(found) = short_range(cursor) {
        return Some(found);
    }
    if let Some(found) = counted(cursor) {
        return none(found);
    }
    if let Some(found) = dated(cursor) {
        return Some(found);
    }
    let mut probe = *cursor;
    if let Some(point) = probe.table(WORDS) {
        // 현재까지 and 최근에 go on; 현재형, 이날치 do not begin a date.
        if probe.rest.starts_with(['형', '진', '치']) {
            return None;
        }
        if matches!(point, Point::Shift(Unit::Week, _)) {
            let mut day = probe;
            day.space();
            if let Some(weekday) = day.table(WEEKDAYS) {
                let which = match point {
                    Point::Shift(_, by) if by < 0 => Which::Last,
                    Point::Shift(_, 0) => Which::This,
                    _ => Which::Next,
                };
                *cursor = day;
                return none(Piece::new(Point::Weekday(weekday, which)));
            }
        }
        *cursor = probe;
        if matches!(
            point,
            Point::Shift(Unit::Day, _) | Point::FromLast(Unit::Day, _)
        ) {
            hours(cursor);
        }
        return none(Piece::new(point));
    }
    let which = if probe.eat_any(&["지난 "]) {
        Which::Last
    } else if probe.eat_any(&["오는 ", "다음 "]) {
        Which::Next
    } else {
        Which::Nearest
    };
    let weekday = probe.table(WEEKDAYS)?;
    *cursor = probe;
    hours(cursor);
    none(Piece::new(Point::Weekday(weekday, which)))
}

/// 2020~2023년, 9~13일, 3∼6월: the first end comes without its unit.
fn short_range(cursor: &mut Cursor<'_>) -> Option<(Piece, Option<Piece>)> {
    let mut at = *cursor;
    let (a, digits) = at.digits(4)?;
    if digits == 3 || !at.is_any(&["~", "∼", "～", "-", "–", "〜"]) {
        return None;
    }
    at.eat_any(&["~", "∼", "～", "-", "–", "〜"]);
    let (b, second_digits) = at.digits(4)?;
    if b <= a && second_digits == digits {
        return None;
    }
    let year = |y: i32| Piece::new(Point::Year(Year::Given(y)));
    let narrow = |n: i32| u8::try_from(n).ok();
    let found = if digits == 4 && (1800..2100).contains(&a) && at.eat("년") {
        let b = if second_digits == 2 {
            a / 100 * 100 + b
        } else {
            b
        };
        if !(a..2100).contains(&b) {
            return None;
        }
        (year(a), year(b))
    } else if digits <= 2 && at.eat("월") {
        let month = |m| {
            narrow(m)
                .filter(|m| (1..=12).contains(m))
                .map(|m| Piece::new(Point::Month(Year::Open, m)))
        };
        (month(a)?, month(b)?)
    } else if digits <= 2 && at.eat("일") && !at.is_any(&["간", "동안"]) {
        let day = |d| {
            narrow(d)
                .filter(|d| (1..=31).contains(d))
                .map(|d| Piece::new(Point::DayAlone(d)))
        };
        (day(a)?, day(b)?)
    } else {
        return None;
    };
    *cursor = at;
    Some((found.0, Some(found.1)))
}

/// 3년 전, 두 달 전, 지난 5년간, 최근 3년간, 향후 2년.
fn counted(cursor: &mut Cursor<'_>) -> Option<Piece> {
    let mut at = *cursor;
    let past = at.eat_any(&["지난 ", "최근 "]);
    let coming = !past && at.eat_any(&["향후 ", "앞으로 "]);
    let (n, arabic) = match at.digits(3) {
        Some((n, _)) => (n, true),
        None => (at.table(COUNTS)?, false),
    };
    at.eat_any(&["여"]);
    at.space();
    let unit = at.table(UNITS)?;
    // 지난 10월, 지난 9일 are dates; 지난 5년간, 지난 3개월 are stretches.
    if past {
        // 지난 3일 새벽 is a day.
        let dawn = at.is(" 새벽");
        let during = !dawn && at.eat_any(&["간", "여간", " 동안", " 사이", " 새"]);
        let date = matches!(unit, Unit::Day) && arabic;
        if (date && !during) || (!during && unit == Unit::Year && n > 1900) {
            return None;
        }
        *cursor = at;
        return Some(Piece::new(Point::Past(unit, n, false)));
    }
    if coming {
        at.eat_any(&["간", " 동안", " 내"]);
        *cursor = at;
        return Some(Piece::new(Point::Coming(unit, n)));
    }
    let spaced = at.is(" ");
    at.space();
    let point = if at.eat("전") {
        // 전화, 전쟁, 전체 begin with the same syllable.
        if at
            .rest
            .starts_with(['화', '쟁', '체', '국', '문', '반', '부', '역', '직', '투'])
            && spaced
        {
            return None;
        }
        Point::Shift(unit, -n)
    } else if at.eat_any(&["뒤", "후"]) && !at.rest.starts_with(['보', '원', '속', '계']) {
        Point::FromLast(unit, n)
    } else {
        return None;
    };
    if unit == Unit::Day && arabic && n > 31 {
        return None;
    }
    *cursor = at;
    Some(Piece::new(point))
}

/// Years, months and days with their parts.
fn dated(cursor: &mut Cursor<'_>) -> Option<(Piece, Option<Piece>)> {
    let none = |piece| Some((piece, None));
    let mut at = *cursor;
    if let Some(found) = decade(&mut at) {
        *cursor = at;
        return none(found);
    }
    if let Some(found) = dotted(&mut at) {
        *cursor = at;
        return none(found);
    }
    let year = year(&mut at);
    let after_year = at;
    at.space();
    if let Some(year) = year {
        if let Some((first, last)) = at.table(STRETCHES) {
            *cursor = at;
            return none(Piece::new(Point::Months(year, first, last)));
        }
        let mut season = at;
        if let Some(found) = season.table(SEASONS)
            && !season
                .rest
                .starts_with(|c| is_hangul(c) && !"에철부까이의".contains(c))
        {
            season.eat("철");
            *cursor = season;
            return none(Piece::new(Point::Season(year, found)));
        }
        let mut part = at;
        if let Some(found) = part.table(PARTS)
            && !part.rest.starts_with(['등', '기', '씀', '대', '했', '하'])
        {
            *cursor = part;
            return none(Piece {
                point: Point::Year(year),
                part: Some(found),
            });
        }
    } else {
        let mut shifted = at;
        if let Some(shift) = shifted.table(MONTHS) {
            let mut day_at = shifted;
            day_at.space();
            if let Some(day) = day(&mut day_at) {
                hours(&mut day_at);
                *cursor = day_at;
                return none(Piece::new(Point::DayOfMonth(shift, day)));
            }
            let mut part = shifted;
            part.space();
            let found = part.table(PARTS);
            *cursor = if found.is_some() { part } else { shifted };
            return none(Piece {
                point: Point::Shift(Unit::Month, shift),
                part: found,
            });
        }
    }
    let mut month_at = at;
    let which = if year.is_some() {
        None
    } else if month_at.eat("지난 ") {
        Some(Which::Last)
    } else if month_at.eat("오는 ") {
        Some(Which::Next)
    } else {
        None
    };
    if let Some(month) = month(&mut month_at) {
        let year = year.unwrap_or(Year::Open);
        let mut day_at = month_at;
        day_at.space();
        if let Some((first, last)) = day_range(&mut day_at) {
            *cursor = day_at;
            let point = |day| Piece::new(Point::Day(year, month, day));
            return Some((point(first), Some(point(last))));
        }
        if let Some(day) = day(&mut day_at).filter(|day| *day <= month_length(2024, month)) {
            hours(&mut day_at);
            *cursor = day_at;
            return none(Piece::new(Point::Day(year, month, day)));
        }
        let mut part = month_at;
        part.space();
        let found = part
            .table(PARTS)
            .filter(|_| !part.rest.starts_with(['등', '기', '씀', '했', '하']));
        *cursor = if found.is_some() { part } else { month_at };
        return none(Piece {
            point: Point::Month(year, month),
            part: found,
        });
    }
    if let Some(year) = year {
        *cursor = after_year;
        if matches!(year, Year::Shift(0)) && cursor.rest.is_empty() {
            return none(Piece::new(Point::Year(year)));
        }
        // "올 " is this year only before a month or season.
        return (!ends_with_space(cursor)).then(|| (Piece::new(Point::Year(year)), None));
    }
    let mut day_at = month_at;
    let day = day(&mut day_at)?;
    let _ = which;
    hours(&mut day_at);
    *cursor = day_at;
    none(Piece::new(Point::DayAlone(day)))
}

/// 올 with its space was eaten and nothing came behind it.
fn ends_with_space(cursor: &Cursor<'_>) -> bool {
    cursor.len == "올 ".len()
}

fn hours(cursor: &mut Cursor<'_>) {
    let mut probe = *cursor;
    probe.space();
    if probe.eat_any(HOURS) && !probe.rest.starts_with(['은', '새']) {
        *cursor = probe;
    }
}

/// 1990년대, 90년대 중반, 2000년대 초.
fn decade(cursor: &mut Cursor<'_>) -> Option<Piece> {
    let mut at = *cursor;
    let (n, digits) = at.digits(4)?;
    let first = match digits {
        4 => n,
        2 => 1900 + n,
        _ => return None,
    };
    if first % 10 != 0 || !(1800..2100).contains(&first) || !at.eat("년대") {
        return None;
    }
    let mut part = at;
    part.space();
    let found = part.table(PARTS);
    *cursor = if found.is_some() { part } else { at };
    Some(Piece {
        point: Point::Decade(first),
        part: found,
    })
}

/// 2023. 10. 9.
fn dotted(cursor: &mut Cursor<'_>) -> Option<Piece> {
    let mut at = *cursor;
    let (year, 4) = at.digits(4)? else {
        return None;
    };
    let dot = |at: &mut Cursor<'_>| {
        let eaten = at.eat(".");
        at.space();
        eaten
    };
    if !(1800..2100).contains(&year) || !dot(&mut at) {
        return None;
    }
    let month = u8::try_from(at.digits(2)?.0)
        .ok()
        .filter(|m| (1..=12).contains(m))?;
    let mut day_at = at;
    if dot(&mut day_at)
        && let Some((day, _)) = day_at.digits(2)
        && let Some(day) = u8::try_from(day)
            .ok()
            .filter(|d| (1..=month_length(year, month)).contains(d))
    {
        // The full stop behind the day belongs to the writing, not to the date.
        *cursor = day_at;
        return Some(Piece::new(Point::Day(Year::Given(year), month, day)));
    }
    None
}

/// 2023년, '23년, 지난해, 주체112년, 주체112(2023)년.
fn year(cursor: &mut Cursor<'_>) -> Option<Year> {
    let mut at = *cursor;
    if let Some(year) = at.table(YEARS) {
        *cursor = at;
        return Some(year);
    }
    if at.eat("주체") {
        at.space();
        let (n, _) = at.digits(3)?;
        if at.eat("(") {
            at.digits(4)?;
            at.eat("년");
            at.eat(")").then_some(())?;
        }
        at.space();
        at.eat("년").then_some(())?;
        *cursor = at;
        return (1..=200).contains(&n).then_some(Year::Given(1911 + n));
    }
    if at.eat_any(&["'", "’"]) {
        let (n, 2) = at.digits(2)? else {
            return None;
        };
        at.eat("년").then_some(())?;
        *cursor = at;
        return Some(Year::Given(if n < 50 { 2000 + n } else { 1900 + n }));
    }
    let (n, 4) = at.digits(4)? else {
        return None;
    };
    if !(1800..2100).contains(&n) {
        return None;
    }
    at.space();
    if !at.eat("년") || at.is_any(&["생", "도생"]) {
        return None;
    }
    at.eat("도");
    *cursor = at;
    Some(Year::Given(n))
}

fn month(cursor: &mut Cursor<'_>) -> Option<u8> {
    let mut at = *cursor;
    let month = u8::try_from(at.digits(2)?.0)
        .ok()
        .filter(|m| (1..=12).contains(m))?;
    at.space();
    if !at.eat("월") {
        return None;
    }
    *cursor = at;
    Some(month)
}

fn day(cursor: &mut Cursor<'_>) -> Option<u8> {
    let mut at = *cursor;
    let day = u8::try_from(at.digits(2)?.0)
        .ok()
        .filter(|d| (1..=31).contains(d))?;
    at.space();
    if !at.eat("일")
        || at.is_any(&[
            "간", "동안", " 동안", "째", "차", "치", "본", "장", "분", " 만에", "만에", "여",
        ])
    {
        return None;
    }
    *cursor = at;
    Some(day)
}

/// 9~13일 behind a month.
fn day_range(cursor: &mut Cursor<'_>) -> Option<(u8, u8)> {
    let mut at = *cursor;
    let (a, _) = at.digits(2)?;
    at.eat("일");
    at.eat_any(&["~", "∼", "～", "-", "–"]).then_some(())?;
    let (b, _) = at.digits(2)?;
    at.eat("일").then_some(())?;
    let narrow = |n| u8::try_from(n).ok().filter(|d| (1..=31).contains(d));
    let found = (narrow(a)?, narrow(b)?);
    *cursor = at;
    (found.0 < found.1).then_some(found)
}

/// 오는, 예정, 계획: the date lies ahead.
fn ahead(run: &Run<'_, '_>, at: usize, behind: &str) -> bool {
    let before = run.any(run.before(at, 1), &["오는", "다가오는"]);
    let near: usize = behind
        .char_indices()
        .nth(24)
        .map_or(behind.len(), |(at, _)| at);
    let near = behind.get(..near).unwrap_or("");
    let near = near.split(['.', '\n']).next().unwrap_or("");
    before || near.contains("예정") || near.contains("계획")
}
