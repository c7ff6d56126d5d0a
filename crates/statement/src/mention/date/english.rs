//! English dates: days, months, years, ranges and the words around them.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::calendar::{FIRST_YEAR, month_length};
use super::spoken::{Frame, Part, Piece, Point, Spoken, Unit, Which, Year};
use crate::mention::number;
use crate::mention::run::Run;
use crate::text::{Kind, word_hash};

/// What an English word says in a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    /// A month; abbreviations and words with another meaning need company.
    Month(u8, Alone),
    Weekday(u8),
    Season(u8),
    Unit(Unit),
    Frame(Frame),
    Opens(Opens),
    Part(Part),
    Count(i32),
    Shift(Unit, i32),
    Now,
    /// night, evening, …
    Hour,
    Ordinal(u8),
}

/// Whether a month's name is a date without a day or year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Alone {
    Yes,
    /// "May", "March": only behind a preposition.
    Led,
    No,
}

/// Words that open a longer date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Opens {
    Between,
    From,
    In,
    The,
    Last,
    Past,
    Previous,
    This,
    Next,
    Following,
    Coming,
    Recent,
    Same,
    That,
    A,
    Several,
    EarlierLater,
    Quarter,
    Fiscal,
    As,
    So,
    Juche,
}

const WORDS: &[(&str, Word)] = &[
    ("january", Word::Month(1, Alone::Yes)),
    ("february", Word::Month(2, Alone::Yes)),
    ("march", Word::Month(3, Alone::Led)),
    ("april", Word::Month(4, Alone::Yes)),
    ("may", Word::Month(5, Alone::Led)),
    ("june", Word::Month(6, Alone::Yes)),
    ("july", Word::Month(7, Alone::Yes)),
    ("august", Word::Month(8, Alone::Led)),
    ("september", Word::Month(9, Alone::Yes)),
    ("october", Word::Month(10, Alone::Yes)),
    ("november", Word::Month(11, Alone::Yes)),
    ("december", Word::Month(12, Alone::Yes)),
    ("jan", Word::Month(1, Alone::No)),
    ("feb", Word::Month(2, Alone::No)),
    ("mar", Word::Month(3, Alone::No)),
    ("apr", Word::Month(4, Alone::No)),
    ("jun", Word::Month(6, Alone::No)),
    ("jul", Word::Month(7, Alone::No)),
    ("aug", Word::Month(8, Alone::No)),
    ("sep", Word::Month(9, Alone::No)),
    ("sept", Word::Month(9, Alone::No)),
    ("oct", Word::Month(10, Alone::No)),
    ("nov", Word::Month(11, Alone::No)),
    ("dec", Word::Month(12, Alone::No)),
    ("monday", Word::Weekday(0)),
    ("tuesday", Word::Weekday(1)),
    ("wednesday", Word::Weekday(2)),
    ("thursday", Word::Weekday(3)),
    ("friday", Word::Weekday(4)),
    ("saturday", Word::Weekday(5)),
    ("sunday", Word::Weekday(6)),
    ("spring", Word::Season(0)),
    ("summer", Word::Season(1)),
    ("autumn", Word::Season(2)),
    ("fall", Word::Season(2)),
    ("winter", Word::Season(3)),
    ("day", Word::Unit(Unit::Day)),
    ("days", Word::Unit(Unit::Day)),
    ("week", Word::Unit(Unit::Week)),
    ("weeks", Word::Unit(Unit::Week)),
    ("month", Word::Unit(Unit::Month)),
    ("months", Word::Unit(Unit::Month)),
    ("year", Word::Unit(Unit::Year)),
    ("years", Word::Unit(Unit::Year)),
    ("decade", Word::Unit(Unit::Decade)),
    ("decades", Word::Unit(Unit::Decade)),
    ("since", Word::Frame(Frame::Since)),
    ("until", Word::Frame(Frame::Until)),
    ("till", Word::Frame(Frame::Until)),
    ("by", Word::Frame(Frame::Until)),
    ("through", Word::Frame(Frame::Until)),
    ("before", Word::Frame(Frame::Before)),
    ("prior", Word::Frame(Frame::Before)),
    ("after", Word::Frame(Frame::After)),
    ("between", Word::Opens(Opens::Between)),
    ("from", Word::Opens(Opens::From)),
    ("in", Word::Opens(Opens::In)),
    ("the", Word::Opens(Opens::The)),
    ("last", Word::Opens(Opens::Last)),
    ("past", Word::Opens(Opens::Past)),
    ("previous", Word::Opens(Opens::Previous)),
    ("preceding", Word::Opens(Opens::Previous)),
    ("this", Word::Opens(Opens::This)),
    ("current", Word::Opens(Opens::This)),
    ("next", Word::Opens(Opens::Next)),
    ("following", Word::Opens(Opens::Following)),
    ("coming", Word::Opens(Opens::Coming)),
    ("upcoming", Word::Opens(Opens::Coming)),
    ("recent", Word::Opens(Opens::Recent)),
    ("same", Word::Opens(Opens::Same)),
    ("that", Word::Opens(Opens::That)),
    ("a", Word::Opens(Opens::A)),
    ("an", Word::Opens(Opens::A)),
    ("several", Word::Opens(Opens::Several)),
    ("few", Word::Opens(Opens::Several)),
    ("earlier", Word::Opens(Opens::EarlierLater)),
    ("later", Word::Opens(Opens::EarlierLater)),
    ("q", Word::Opens(Opens::Quarter)),
    ("fiscal", Word::Opens(Opens::Fiscal)),
    ("fy", Word::Opens(Opens::Fiscal)),
    ("as", Word::Opens(Opens::As)),
    ("so", Word::Opens(Opens::So)),
    ("juche", Word::Opens(Opens::Juche)),
    ("early", Word::Part(Part::Early)),
    ("mid", Word::Part(Part::Middle)),
    ("middle", Word::Part(Part::Middle)),
    ("late", Word::Part(Part::Late)),
    ("end", Word::Part(Part::End)),
    ("beginning", Word::Part(Part::Begin)),
    ("start", Word::Part(Part::Begin)),
    ("one", Word::Count(1)),
    ("two", Word::Count(2)),
    ("three", Word::Count(3)),
    ("four", Word::Count(4)),
    ("five", Word::Count(5)),
    ("six", Word::Count(6)),
    ("seven", Word::Count(7)),
    ("eight", Word::Count(8)),
    ("nine", Word::Count(9)),
    ("ten", Word::Count(10)),
    ("eleven", Word::Count(11)),
    ("twelve", Word::Count(12)),
    ("fifteen", Word::Count(15)),
    ("eighteen", Word::Count(18)),
    ("twenty", Word::Count(20)),
    ("thirty", Word::Count(30)),
    ("forty", Word::Count(40)),
    ("fifty", Word::Count(50)),
    ("sixty", Word::Count(60)),
    ("seventy", Word::Count(70)),
    ("today", Word::Shift(Unit::Day, 0)),
    ("tonight", Word::Shift(Unit::Day, 0)),
    ("yesterday", Word::Shift(Unit::Day, -1)),
    ("tomorrow", Word::Shift(Unit::Day, 1)),
    ("now", Word::Now),
    ("morning", Word::Hour),
    ("afternoon", Word::Hour),
    ("evening", Word::Hour),
    ("night", Word::Hour),
    ("first", Word::Ordinal(1)),
    ("second", Word::Ordinal(2)),
    ("third", Word::Ordinal(3)),
    ("fourth", Word::Ordinal(4)),
];

static BY_HASH: LazyLock<FxHashMap<u32, (&'static str, Word)>> = LazyLock::new(|| {
    WORDS
        .iter()
        .map(|(word, value)| (word_hash(word.as_bytes()), (*word, *value)))
        .collect()
});

fn word(run: &Run<'_, '_>, at: usize) -> Option<Word> {
    let token = run.token(at).filter(|t| t.kind == Kind::Word)?;
    let (word, value) = BY_HASH.get(&token.hash)?;
    run.is(at, word).then_some(*value)
}

/// A piece with where it begins and ends; some are ranges by themselves ("October 9-13").
#[derive(Debug, Clone, Copy)]
struct Got {
    start: usize,
    end: usize,
    first: Piece,
    last: Option<Piece>,
}

impl Got {
    fn new(start: usize, end: usize, point: Point) -> Self {
        Self {
            start,
            end,
            first: Piece::new(point),
            last: None,
        }
    }
}

/// The date that begins at `at`: its end, and what it says.
pub(super) fn read(run: &Run<'_, '_>, at: usize) -> Option<(usize, Spoken)> {
    let opens = if run.digits(at) {
        None
    } else {
        Some(word(run, at))
    };
    let (start, end, frame, first, last) = match opens {
        None => plain(run, at)?,
        Some(None) => {
            if run.any(at, &["’", "‘", "'"]) {
                plain(run, at)?
            } else {
                return None;
            }
        }
        Some(Some(Word::Frame(frame))) => framed(run, at, frame)?,
        Some(Some(Word::Opens(Opens::Between))) => between(run, at)?,
        Some(Some(Word::Opens(Opens::From))) => from(run, at)?,
        Some(Some(Word::Opens(Opens::As))) => {
            if !run.is(at + 1, "of") {
                return None;
            }
            let got = piece(run, at + 2)?;
            (at, got.end, Frame::Until, got.first, None)
        }
        Some(Some(Word::Opens(Opens::In))) => {
            let got = in_recent(run, at)?;
            (at, got.end, Frame::Plain, got.first, None)
        }
        Some(Some(_)) => plain(run, at)?,
    };
    Some((
        end,
        Spoken {
            bytes: run.bytes(start..end),
            frame,
            first,
            last,
            future: ahead(run, at),
        },
    ))
}

type Parts = (usize, usize, Frame, Piece, Option<Piece>);

fn plain(run: &Run<'_, '_>, at: usize) -> Option<Parts> {
    let got = piece(run, at)?;
    if got.last.is_some() {
        return Some((got.start, got.end, Frame::Plain, got.first, got.last));
    }
    match joined(run, &got) {
        Some((end, first, last)) => Some((got.start, end, Frame::Plain, first, Some(last))),
        None => Some((got.start, got.end, Frame::Plain, got.first, None)),
    }
}

/// "since January", "until June 2024", "by the end of 2023", "prior to 2019".
fn framed(run: &Run<'_, '_>, at: usize, frame: Frame) -> Option<Parts> {
    let mut next = at + 1;
    if run.is(at, "prior") {
        if !run.is(next, "to") {
            return None;
        }
        next += 1;
    }
    if frame == Frame::Since && run.any(next, &["at", "about", "around"]) {
        next += 1 + usize::from(run.is(next + 1, "least"));
    }
    let got = piece(run, next)?;
    let definite = !matches!(
        got.first.point,
        Point::Past(..) | Point::Coming(..) | Point::SoFar(_) | Point::Later(_)
    );
    if !definite
        || (run.any(at, &["by", "after", "before"])
            && matches!(
                got.first.point,
                Point::FromLast(..) | Point::Season(Year::Open, _)
            ))
    {
        return None;
    }
    // "by Tuesday's", "by 2012 standards" are rare; "by day" is no date at all.
    let last = joined(run, &got);
    let (end, first) = last.map_or((got.end, got.first), |(end, first, _)| (end, first));
    let mut last = last.map(|(_, _, last)| last).or(got.last);
    let mut frame = frame;
    if last.is_some() {
        frame = Frame::Plain;
    }
    if run.is(at, "since") && got.first.point == Point::Now {
        last = None;
        frame = Frame::Plain;
    }
    Some((at, end, frame, first, last))
}

/// "between 2017 and 2020", "between 9 and 13 October".
fn between(run: &Run<'_, '_>, at: usize) -> Option<Parts> {
    if let Some(day) = day_number(run, at + 1)
        && run.is(at + 2, "and")
        && let Some(last) = piece(run, at + 3)
        && let Point::Day(year, month, _) = last.first.point
    {
        let first = Piece::new(Point::Day(year, month, day));
        return Some((at, last.end, Frame::Plain, first, Some(last.first)));
    }
    let first = piece(run, at + 1).filter(|got| got.last.is_none())?;
    if !run.is(first.end, "and") {
        return None;
    }
    let last = second(run, first.end + 1, &first)?;
    Some((at, last.end, Frame::Plain, first.first, Some(last.first)))
}

/// "from March to June 2023", "from 2018 onwards"; "from 2018" alone is the year.
fn from(run: &Run<'_, '_>, at: usize) -> Option<Parts> {
    if let Some(day) = day_number(run, at + 1)
        && run.any(at + 2, &["to", "until", "through"])
        && let Some(last) = piece(run, at + 3)
        && let Point::Day(year, month, _) = last.first.point
    {
        let first = Piece::new(Point::Day(year, month, day));
        return Some((at, last.end, Frame::Plain, first, Some(last.first)));
    }
    let first = piece(run, at + 1)?;
    if first.last.is_some() {
        return Some((at, first.end, Frame::Plain, first.first, first.last));
    }
    if run.any(first.end, &["onward", "onwards"]) {
        return Some((at, first.end + 1, Frame::Since, first.first, None));
    }
    if run.is(first.end, "on")
        && !run.capital(first.end + 1)
        && !run.digits(first.end + 1)
        && run.kind(first.end + 1) == Some(Kind::Mark)
    {
        return Some((at, first.end + 1, Frame::Since, first.first, None));
    }
    let connected = run.any(
        first.end,
        &["to", "until", "till", "through", "-", "–", "—"],
    ) || run.is(first.end, "up") && run.any(first.end + 1, &["to", "until"]);
    if connected {
        let next = first.end + 1 + usize::from(run.is(first.end, "up"));
        if let Some(last) = second(run, next, &first) {
            return Some((at, last.end, Frame::Plain, first.first, Some(last.first)));
        }
    }
    let plain = plain(run, at + 1)?;
    Some(plain)
}

/// The second end of a range; "present" and "today" end it as well.
fn second(run: &Run<'_, '_>, at: usize, first: &Got) -> Option<Got> {
    let the = usize::from(run.is(at, "the"));
    if run.is(at + the, "present") {
        return Some(Got::new(
            at,
            at + the + 1 + usize::from(run.is(at + the + 1, "day")),
            Point::Now,
        ));
    }
    // "October 9 to 13", "October 9 and 13".
    if let Point::Day(year, month, _) = first.first.point
        && let Some(day) = day_number(run, at)
        && month_at(run, at + 1).is_none()
    {
        let (end, year) = year_behind(run, at + 1).map_or((at + 1, year), |(end, y)| (end, y));
        return Some(Got::new(at, end, Point::Day(year, month, day)));
    }
    piece(run, at).filter(|got| got.last.is_none() && !matches!(got.first.point, Point::Past(..)))
}

/// A range without "from": "March to June 2023", "2009–2012", "October 9 – November 3".
fn joined(run: &Run<'_, '_>, first: &Got) -> Option<(usize, Piece, Piece)> {
    let at = first.end;
    let dash = run.any(at, &["-", "–", "—", "~", "‑", "‐"]);
    if !dash && !run.any(at, &["to", "through", "until"]) {
        return None;
    }
    if matches!(run.lower(at), "—") && !run.glued(at) {
        return None;
    }
    // "2009-12", "2022/23".
    if let Point::Year(Year::Given(year)) = first.first.point
        && dash
        && run.glued(at)
        && run.glued(at + 1)
        && run.lower(at + 1).len() == 2
        && let Some(short) = plain_digits(run.lower(at + 1))
        && short > year % 100
        && !(run.glued(at + 2) && run.kind(at + 2) != Some(Kind::Mark))
    {
        let last = Piece::new(Point::Year(Year::Given(year / 100 * 100 + short)));
        return Some((at + 2, first.first, last));
    }
    let last = second(run, at + 1, first)?;
    let same = match (first.first.point, last.first.point) {
        (Point::Year(_), Point::Year(_))
        | (Point::Month(..), Point::Month(..))
        | (Point::Day(..), Point::Day(..) | Point::Month(..))
        | (Point::Weekday(..), Point::Weekday(..))
        | (Point::Season(..), Point::Season(..))
        | (Point::Decade(_), Point::Decade(_)) => true,
        (
            Point::Year(_) | Point::Month(..) | Point::Day(..),
            Point::Now | Point::Shift(Unit::Day, 0),
        ) => true,
        (Point::Month(..), Point::Day(..)) => !dash,
        _ => false,
    };
    // An en dash with spaces parts clauses as often as it joins dates.
    let tight = !dash || run.glued(at) == run.glued(at + 1);
    (same && tight).then_some((last.end, first.first, last.first))
}

/// "in recent weeks", "in the past five years", "in the coming months".
fn in_recent(run: &Run<'_, '_>, at: usize) -> Option<Got> {
    let the = usize::from(run.is(at + 1, "the"));
    let next = at + 1 + the;
    let got = match word(run, next)? {
        Word::Opens(Opens::Recent) => recent(run, next)?,
        Word::Opens(Opens::Last | Opens::Past | Opens::Coming | Opens::Next) => which(run, next)?,
        _ => return None,
    };
    matches!(got.first.point, Point::Past(..) | Point::Coming(..)).then_some(got)
}

/// A date without the words that frame it.
fn piece(run: &Run<'_, '_>, at: usize) -> Option<Got> {
    let the = run.is(at, "the");
    let start = at + usize::from(the);
    if the && run.any(start, &["year", "month"]) && run.digits(start + 1) {
        let (end, year) = year_at(run, start + 1)?;
        return Some(Got::new(start, end, Point::Year(Year::Given(year))));
    }
    if the
        && run.digits(start)
        && ordinal_behind(run, start + 1).is_none()
        && decade(run, start).is_none()
    {
        // "the 2023 report", "the 9 October return".
        return point(run, start);
    }
    match word(run, start) {
        Some(Word::Part(part)) => parted(run, start, part),
        Some(Word::Hour) => {
            // "night of October 9".
            if !run.is(start + 1, "of") {
                return None;
            }
            let got = point(run, start + 2 + usize::from(run.is(start + 2, "the")))?;
            matches!(
                got.first.point,
                Point::Day(..) | Point::Weekday(..) | Point::Shift(Unit::Day, _)
            )
            .then_some(Got { start, ..got })
        }
        Some(Word::Ordinal(n)) => halves(run, start, n),
        Some(Word::Unit(unit @ (Unit::Week | Unit::Month | Unit::Year)))
            if run.is(start + 1, "of") =>
        {
            let got = point(run, start + 2)?;
            let fits = match unit {
                Unit::Week => matches!(got.first.point, Point::Day(..)),
                Unit::Month => matches!(got.first.point, Point::Month(..)),
                _ => matches!(got.first.point, Point::Year(..)),
            };
            fits.then_some(Got { start, ..got })
        }
        _ => {
            let mut got = point(run, start)?;
            // "Monday night", "October 9 evening".
            if matches!(word(run, got.end), Some(Word::Hour))
                && matches!(
                    got.first.point,
                    Point::Day(..) | Point::Weekday(..) | Point::Shift(Unit::Day, _)
                )
                && !run.any(got.end + 1, &["of"])
            {
                got.end += 1;
            }
            Some(got)
        }
    }
}

/// "early 2023", "mid-October", "the end of 2023", "the beginning of last year".
fn parted(run: &Run<'_, '_>, start: usize, part: Part) -> Option<Got> {
    let mut next = start + 1;
    let noun = matches!(run.lower(start), "end" | "beginning" | "start" | "middle");
    if run.any(next, &["-", "‑", "‐"]) {
        next += 1;
    }
    if noun {
        if !run.is(next, "of") && !run.digits(next) {
            return None;
        }
        next += usize::from(run.is(next, "of"));
    } else if run.is(next, "in") || run.is(next, "to") && run.is(next + 1, "mid") {
        // "early in 2023", "mid to late 2023".
        next += 1;
        if run.is(next, "mid") {
            next += 1 + usize::from(run.is(next + 1, "-"));
        }
    }
    if run.is(next, "the") {
        next += 1;
    }
    // "mid to late 2023".
    if let Some(Word::Part(_)) = word(run, next) {
        next += 1;
    }
    let got = point(run, next)?;
    let fits = matches!(
        got.first.point,
        Point::Year(_)
            | Point::Month(..)
            | Point::Decade(_)
            | Point::Season(..)
            | Point::Shift(Unit::Year | Unit::Month | Unit::Week, _)
            | Point::MonthWhich(..)
            | Point::FromLast(Unit::Year | Unit::Month, _)
    );
    (fits && got.last.is_none()).then_some(Got {
        start,
        end: got.end,
        first: Piece {
            point: got.first.point,
            part: Some(part),
        },
        last: None,
    })
}

/// "the first half of 2024", "third quarter of last year", "the second of October".
fn halves(run: &Run<'_, '_>, start: usize, n: u8) -> Option<Got> {
    let half = run.is(start + 1, "half") && n <= 2;
    let quarter = run.is(start + 1, "quarter");
    if !half && !quarter {
        return None;
    }
    let next = start + 2 + usize::from(run.any(start + 2, &["of"]));
    let next = next + usize::from(run.is(next, "the"));
    let got = point(run, next)?;
    let year = match got.first.point {
        Point::Year(year) => year,
        Point::Shift(Unit::Year, by) => Year::Shift(by),
        Point::Decade(first) if half => {
            return Some(Got {
                start,
                end: got.end,
                first: Piece {
                    point: Point::Decade(first),
                    part: Some(if n == 1 { Part::Early } else { Part::Late }),
                },
                last: None,
            });
        }
        _ => return None,
    };
    let (first, last) = if half {
        (n * 6 - 5, n * 6)
    } else {
        (n * 3 - 2, n * 3)
    };
    Some(Got::new(start, got.end, Point::Months(year, first, last)))
}

fn point(run: &Run<'_, '_>, at: usize) -> Option<Got> {
    if run.digits(at) {
        return numeric(run, at).or_else(|| ago(run, at, at));
    }
    if run.any(at, &["’", "‘", "'"])
        && run.glued(at + 1)
        && run.is(at + 2, "s")
        && run.lower(at + 1).len() == 2
    {
        let tens = plain_digits(run.lower(at + 1)).filter(|n| n % 10 == 0 && *n >= 40)?;
        return Some(Got::new(at, at + 3, Point::Decade(1900 + tens)));
    }
    match word(run, at)? {
        Word::Month(..) => month_first(run, at),
        Word::Weekday(day) => {
            // "Monday, October 9, 2023".
            let comma = at + 1 + usize::from(run.is(at + 1, ","));
            if let Some(got) = month_first(run, comma).or_else(|| numeric(run, comma))
                && matches!(got.first.point, Point::Day(..))
            {
                return Some(Got { start: at, ..got });
            }
            if !run.capital(at) {
                return None;
            }
            if run.any(at + 1, &["last", "this", "next"]) && run.is(at + 2, "week") {
                let which = match run.lower(at + 1) {
                    "last" => Which::Last,
                    "next" => Which::Next,
                    _ => Which::Nearest,
                };
                return Some(Got::new(at, at + 3, Point::Weekday(day, which)));
            }
            Some(Got::new(at, at + 1, Point::Weekday(day, Which::Nearest)))
        }
        Word::Season(season) => {
            let next = at + 1 + usize::from(run.any(at + 1, &["of", "in"]));
            let (end, year) = year_behind(run, next)
                .or_else(|| year_at(run, next).map(|(end, y)| (end, Year::Given(y))))?;
            // "winter 2022-23" begins in its first year.
            let end = match (
                run.any(end, &["-", "–", "/"]) && run.glued(end) && run.lower(end + 1).len() == 2,
                run.digits(end + 1),
            ) {
                (true, true) => end + 2,
                _ => end,
            };
            Some(Got::new(at, end, Point::Season(year, season)))
        }
        Word::Shift(unit, by) => Some(Got::new(at, at + 1, Point::Shift(unit, by))),
        Word::Now => {
            // "now that they are free", "now-defunct".
            let joined = run.glued(at + 1) && run.is(at + 1, "-");
            let other = joined || run.is(at + 1, "that");
            (!other).then(|| Got::new(at, at + 1, Point::Now))
        }
        Word::Count(n) => ago_words(run, at, at, at + 1, n),
        Word::Opens(opens) => match opens {
            Opens::Last
            | Opens::Past
            | Opens::This
            | Opens::Next
            | Opens::Coming
            | Opens::Previous
            | Opens::Following => which(run, at),
            Opens::Recent => recent(run, at),
            Opens::Same | Opens::That => same(run, at),
            Opens::A => {
                if let Some(Word::Opens(Opens::Several)) = word(run, at + 1) {
                    return ago_words(run, at, at, at + 2, 3);
                }
                if run.is(at + 1, "couple") && run.is(at + 2, "of") {
                    return ago_words(run, at, at, at + 3, 2);
                }
                ago_words(run, at, at, at + 1, 1)
            }
            Opens::Several => ago_words(run, at, at, at + 1, 3),
            Opens::EarlierLater => {
                let inside = at + 1 + usize::from(run.is(at + 1, "in"));
                let this = run.any(inside, &["this", "that", "the"]);
                let Some(Word::Unit(unit @ (Unit::Week | Unit::Month | Unit::Year | Unit::Day))) =
                    word(run, inside + 1)
                else {
                    return None;
                };
                if !this {
                    return None;
                }
                if run.is(inside, "that") {
                    return Some(Got::new(at, inside + 2, Point::FromLast(unit, 0)));
                }
                let point = match (run.lower(at), unit) {
                    (_, Unit::Day) => Point::Shift(Unit::Day, 0),
                    ("earlier", unit) => Point::SoFar(unit),
                    (_, unit) => Point::Later(unit),
                };
                Some(Got::new(at, inside + 2, point))
            }
            Opens::So => (run.is(at + 1, "far") && run.is(at + 2, "this"))
                .then(|| match word(run, at + 3) {
                    Some(Word::Unit(unit)) => Some(Got::new(at, at + 4, Point::SoFar(unit))),
                    _ => None,
                })
                .flatten(),
            Opens::Quarter => {
                let n = plain_digits(run.lower(at + 1))
                    .filter(|n| (1..=4).contains(n) && run.glued(at + 1))?;
                let next = at + 2 + usize::from(run.is(at + 2, "of"));
                let (end, year) = year_at(run, next)?;
                let n = u8::try_from(n).ok()?;
                Some(Got::new(
                    at,
                    end,
                    Point::Months(Year::Given(year), n * 3 - 2, n * 3),
                ))
            }
            Opens::Fiscal => {
                let next = at + 1 + usize::from(run.is(at + 1, "year"));
                let digits = run.lower(next);
                let year = if digits.len() == 2 && run.glued(next) {
                    2000 + plain_digits(digits)?
                } else {
                    year_at(run, next)?.1
                };
                Some(Got::new(at, next + 1, Point::Year(Year::Given(year))))
            }
            Opens::Juche => {
                let n = plain_digits(run.lower(at + 1)).filter(|n| (1..=200).contains(n))?;
                Some(Got::new(at, at + 2, Point::Year(Year::Given(1911 + n))))
            }
            _ => None,
        },
        _ => None,
    }
}

/// "last month", "past five years", "this October", "next few weeks", "following day".
fn which(run: &Run<'_, '_>, at: usize) -> Option<Got> {
    let Word::Opens(opens) = word(run, at)? else {
        return None;
    };
    let step = match opens {
        Opens::Last | Opens::Past | Opens::Previous => -1,
        Opens::This => 0,
        _ => 1,
    };
    // "past five years", "next few months", "last several weeks".
    let (after, count) = counted(run, at + 1);
    match word(run, after) {
        Some(Word::Unit(unit)) => {
            let plural = run.lower(after).ends_with('s');
            let point = match (opens, count) {
                (Opens::This, Some(_)) => return None,
                (Opens::Last | Opens::Past, Some(n)) => Point::Past(unit, n, false),
                (Opens::Previous, Some(_)) | (Opens::Following, Some(_)) => return None,
                (_, Some(n)) => Point::Coming(unit, n),
                (Opens::Past, None) => Point::Past(unit, 1, false),
                (Opens::Last, None) if unit == Unit::Decade => Point::Past(unit, 1, false),
                (Opens::Last, None) if unit == Unit::Day => return None,
                (Opens::Coming, None) => Point::Coming(unit, if plural { 3 } else { 1 }),
                (Opens::Previous, None) => Point::FromLast(unit, -1),
                (Opens::Following, None) => Point::FromLast(unit, 1),
                (Opens::Next, None) if unit == Unit::Day => Point::FromLast(unit, 1),
                _ => Point::Shift(unit, step),
            };
            if plural && count.is_none() && !matches!(opens, Opens::Coming) {
                return None;
            }
            Some(Got::new(at, after + 1, point))
        }
        _ if count.is_some() => None,
        Some(Word::Month(month, _)) if run.capital(at + 1) => {
            let which = match step {
                -1 => Which::Last,
                0 => Which::Nearest,
                _ => Which::Next,
            };
            // "last October 9" is a day; the month is enough.
            (!run.digits(at + 2)).then(|| Got::new(at, at + 2, Point::MonthWhich(which, month)))
        }
        Some(Word::Season(season)) => {
            let which = match step {
                -1 => Which::Last,
                0 => Which::Nearest,
                _ => Which::Next,
            };
            Some(Got::new(at, at + 2, Point::SeasonWhich(which, season)))
        }
        Some(Word::Weekday(day)) => {
            let which = match step {
                -1 => Which::Last,
                0 => Which::Nearest,
                _ => Which::Next,
            };
            Some(Got::new(at, at + 2, Point::Weekday(day, which)))
        }
        Some(Word::Hour) if opens == Opens::Last && run.is(at + 1, "night") => {
            Some(Got::new(at, at + 2, Point::Shift(Unit::Day, -1)))
        }
        Some(Word::Hour) if opens == Opens::This => {
            Some(Got::new(at, at + 2, Point::Shift(Unit::Day, 0)))
        }
        _ if run.is(at + 1, "weekend") => {
            Some(Got::new(at, at + 2, Point::Shift(Unit::Week, step.min(0))))
        }
        _ => None,
    }
}

/// A count before a unit: digits, words, "few", "several", "couple of".
fn counted(run: &Run<'_, '_>, at: usize) -> (usize, Option<i32>) {
    if run.digits(at) {
        return (at + 1, plain_digits(run.lower(at)).filter(|n| *n <= 999));
    }
    match word(run, at) {
        Some(Word::Count(n)) => {
            // "twenty-five".
            if n >= 20
                && run.is(at + 1, "-")
                && let Some(Word::Count(one)) = word(run, at + 2)
            {
                return (at + 3, Some(n + one));
            }
            (at + 1, Some(n))
        }
        Some(Word::Opens(Opens::Several)) => (at + 1, Some(3)),
        _ if run.is(at, "couple") => (at + 1 + usize::from(run.is(at + 1, "of")), Some(2)),
        _ => (at, None),
    }
}

/// "recent weeks": six of them, as the reader's ear has it.
fn recent(run: &Run<'_, '_>, at: usize) -> Option<Got> {
    let Word::Unit(unit) = word(run, at + 1)? else {
        return None;
    };
    let count = match unit {
        Unit::Day => 7,
        Unit::Week | Unit::Month => 6,
        Unit::Year => 5,
        Unit::Decade => 3,
    };
    run.lower(at + 1)
        .ends_with('s')
        .then(|| Got::new(at, at + 2, Point::Past(unit, count, true)))
}

/// "the same day", "that year", "that same month".
fn same(run: &Run<'_, '_>, at: usize) -> Option<Got> {
    let next = at + 1 + usize::from(run.is(at, "that") && run.is(at + 1, "same"));
    match word(run, next)? {
        Word::Unit(unit) if !run.lower(next).ends_with('s') => {
            Some(Got::new(at, next + 1, Point::FromLast(unit, 0)))
        }
        Word::Hour if run.is(at, "that") || run.is(at, "same") => {
            Some(Got::new(at, next + 1, Point::FromLast(Unit::Day, 0)))
        }
        _ => None,
    }
}

/// "5 years ago", "10 days later".
fn ago(run: &Run<'_, '_>, start: usize, at: usize) -> Option<Got> {
    let n = plain_digits(run.lower(at)).filter(|n| *n <= 999)?;
    ago_words(run, start, at, at + 1, n)
}

/// A count, a unit and "ago", "earlier" or "later".
fn ago_words(run: &Run<'_, '_>, start: usize, at: usize, unit_at: usize, n: i32) -> Option<Got> {
    let (unit_at, n) = if run.is(unit_at, "-") && n >= 20 {
        let (end, count) = counted(run, at);
        (end, count?)
    } else {
        (unit_at, n)
    };
    let Word::Unit(unit) = word(run, unit_at)? else {
        return None;
    };
    let point = match run.lower(unit_at + 1) {
        "ago" => Point::Shift(unit, -n),
        "later" => Point::FromLast(unit, n),
        "earlier" | "prior" => Point::FromLast(unit, -n),
        _ => return None,
    };
    Some(Got::new(start, unit_at + 2, point))
}

/// The month at `at`: a name with a capital, or in capitals; where it ends.
fn month_at(run: &Run<'_, '_>, at: usize) -> Option<(usize, u8, Alone)> {
    let Some(Word::Month(month, alone)) = word(run, at) else {
        return None;
    };
    if !run.capital(at) {
        return None;
    }
    let dot = usize::from(alone == Alone::No && run.is(at + 1, ".") && run.glued(at + 1));
    Some((at + 1 + dot, month, alone))
}

/// "October 9, 2023", "October 9-13", "October 2023", "October".
fn month_first(run: &Run<'_, '_>, at: usize) -> Option<Got> {
    let (after, month, alone) = month_at(run, at)?;
    if let Some((end, day)) = day_at(run, after)
        && !counts_days(run, after, end)
    {
        if let Some((end, year)) = year_behind(run, end) {
            return Some(Got::new(at, end, Point::Day(year, month, day)));
        }
        // "October 9-13, 2023", "October 9 and 10".
        let dash = run.any(end, &["-", "–", "‑"]) && run.glued(end + 1);
        let and = run.any(end, &["and", "&", "or"]);
        if (dash || and)
            && let Some((second_end, second)) = day_at(run, end + 1)
            && second > day
            && month_at(run, second_end).is_none()
            && !(and && number::counts_something(run, second_end))
            && !run.any(second_end, &["%", "percent", "-", "other", "of", "more"])
        {
            let (end, year) = year_behind(run, second_end).unwrap_or((second_end, Year::Open));
            return Some(Got {
                start: at,
                end,
                first: Piece::new(Point::Day(year, month, day)),
                last: Some(Piece::new(Point::Day(year, month, second))),
            });
        }
        return Some(Got::new(at, end, Point::Day(Year::Open, month, day)));
    }
    if let Some((end, year)) = year_behind(run, after) {
        return Some(Got::new(at, end, Point::Month(year, month)));
    }
    let led = run.any(
        run.before(at, 1),
        &[
            "in", "since", "until", "till", "by", "early", "late", "mid", "of", "from", "to",
            "through", "and", "between", "before", "after", "this", "last", "next", "during", "-",
            "–", "on", "or",
        ],
    );
    match alone {
        Alone::Yes => {}
        // "May" and "August" are words and names as well.
        Alone::Led if led && !(run.is(run.before(at, 1), "and") && run.capital(after)) => {}
        _ => return None,
    }
    // "April Lee", "June Kim": a first name before a capital word.
    if run.capital(after)
        && !led
        && !run.token(after).is_some_and(|t| t.shouted)
        && matches!(month, 4 | 6)
    {
        return None;
    }
    Some(Got::new(at, after, Point::Month(Year::Open, month)))
}

/// "In October 12 women were returned": the number counts women.
fn counts_days(run: &Run<'_, '_>, _day: usize, end: usize) -> bool {
    number::counts_something(run, end) && !run.any(end, &["north", "chinese"])
        || run.any(end, &["%", "percent"])
}

/// A day of the month at `at`: "9", "9th".
fn day_at(run: &Run<'_, '_>, at: usize) -> Option<(usize, u8)> {
    let day = day_number(run, at)?;
    let end = ordinal_behind(run, at + 1).unwrap_or(at + 1);
    // "October 9:30", "October 9.5" are none.
    (!(run.glued(end) && run.any(end, &[":", "/"]) && run.glued(end + 1) && run.digits(end + 1)))
        .then_some((end, day))
}

fn day_number(run: &Run<'_, '_>, at: usize) -> Option<u8> {
    let digits = run.lower(at);
    if !run.digits(at) || digits.len() > 2 {
        return None;
    }
    plain_digits(digits)
        .and_then(|n| u8::try_from(n).ok())
        .filter(|n| (1..=31).contains(n))
}

fn ordinal_behind(run: &Run<'_, '_>, at: usize) -> Option<usize> {
    (run.glued(at) && run.any(at, &["st", "nd", "rd", "th"])).then_some(at + 1)
}

/// Digits without marks, up to six of them.
fn plain_digits(digits: &str) -> Option<i32> {
    if digits.is_empty() || digits.len() > 6 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok()
}

/// A year behind a day or month: ", 2023", "2023", "of 2023", "last year", "of this year".
fn year_behind(run: &Run<'_, '_>, at: usize) -> Option<(usize, Year)> {
    let comma = run.is(at, ",");
    let of = run.any(at, &["of", "in"]);
    let next = at + usize::from(comma || of);
    if run.any(next, &["last", "this", "next"]) && run.is(next + 1, "year") && !comma {
        let by = match run.lower(next) {
            "last" => -1,
            "this" => 0,
            _ => 1,
        };
        return Some((next + 2, Year::Shift(by)));
    }
    if of && run.any(at, &["in"]) {
        return None;
    }
    if of && run.any(next, &["that", "the"]) && run.any(next + 1, &["year", "same"]) {
        let same = usize::from(run.is(next + 1, "same"));
        return Some((next + 2 + same, Year::Same(0)));
    }
    let (end, year) = year_at(run, next)?;
    Some((end, Year::Given(year)))
}

/// A year of four digits at `at` that counts nothing.
fn year_at(run: &Run<'_, '_>, at: usize) -> Option<(usize, i32)> {
    let digits = run.lower(at);
    if !run.digits(at) || digits.len() != 4 {
        return None;
    }
    let year = plain_digits(digits).filter(|y| (1800..2100).contains(y) && *y >= FIRST_YEAR)?;
    if run.glued(at + 1) && run.kind(at + 1) == Some(Kind::Word) {
        return None;
    }
    (!number::counts_something(run, at + 1)).then_some((at + 1, year))
}

/// "1990s".
fn decade(run: &Run<'_, '_>, at: usize) -> Option<(usize, i32)> {
    let year = plain_digits(run.lower(at)).filter(|y| (1800..2100).contains(y) && y % 10 == 0)?;
    (run.glued(at + 1) && run.any(at + 1, &["s", "’s", "'s"])).then_some((at + 2, year))
}

/// What begins with digits: 9 October 2023, 2023-10-09, 09/10/2023, 1990s, 2023.
fn numeric(run: &Run<'_, '_>, at: usize) -> Option<Got> {
    if run.glued(at) && !leads(run, at) {
        return None;
    }
    if let Some((end, first)) = decade(run, at) {
        return Some(Got::new(at, end, Point::Decade(first)));
    }
    if let Some(got) = dotted(run, at)
        .or_else(|| slashed(run, at))
        .or_else(|| iso(run, at))
    {
        return Some(got);
    }
    // "9 October 2023", "9th of October", "9-13 October 2023", "12-Mar-1976".
    if let Some((end, day)) = day_at(run, at) {
        let of = end + usize::from(run.is(end, "of") || (run.is(end, "-") && run.glued(end)));
        if let Some((month_end, month, _)) = month_at(run, of) {
            let dash = usize::from(
                run.is(month_end, "-")
                    && run.glued(month_end)
                    && run.digits(month_end + 1)
                    && of > end,
            );
            let (end, year) = match year_behind(run, month_end + dash) {
                Some(found) => found,
                None => (month_end, Year::Open),
            };
            // "12 May" begins a sentence about May too rarely to wonder.
            return Some(Got::new(at, end, Point::Day(year, month, day)));
        }
        let joins = run.any(end, &["-", "–", "to", "and", "‑"]);
        if joins
            && let Some((second_end, second)) = day_at(run, end + 1)
            && second > day
            && let Some((month_end, month, _)) = month_at(run, second_end)
        {
            let (end, year) = year_behind(run, month_end).unwrap_or((month_end, Year::Open));
            return Some(Got {
                start: at,
                end,
                first: Piece::new(Point::Day(year, month, day)),
                last: Some(Piece::new(Point::Day(year, month, second))),
            });
        }
        return None;
    }
    let (end, year) = year_at(run, at)?;
    is_year(run, at, end).then(|| Got::new(at, end, Point::Year(Year::Given(year))))
}

/// Whether digits glued to a mark before them may begin a date: "(2023)", "–2012", "“2023".
fn leads(run: &Run<'_, '_>, at: usize) -> bool {
    let before = run.before(at, 1);
    match run.lower(before) {
        "(" | "“" | "\"" | "‘" | "—" | "（" | "[" | "," => {
            !run.is(before, ",") || !run.glued(before)
        }
        "-" | "–" => {
            // "mid-2023", "2009-2012"; "GB-2312" is a code.
            let first = run.before(before, 1);
            !run.glued(before)
                || run.any(first, &["mid", "early", "late", "pre", "post", "s"])
                || year_at(run, first).is_some()
                || matches!(word(run, first), Some(Word::Month(..)))
        }
        _ => run.kind(before) == Some(Kind::Hangul) || run.kind(before) == Some(Kind::Han),
    }
}

/// A year that stands alone: no resolution, model or money.
fn is_year(run: &Run<'_, '_>, at: usize, end: usize) -> bool {
    let before = run.before(at, 1);
    if run.glued(end) && run.any(end, &["/", ":", "_", "%", "$", "°"]) {
        return false;
    }
    if run.glued(end)
        && run.any(end, &["-", "–"])
        && run.glued(end + 1)
        && run.kind(end + 1) == Some(Kind::Digits)
        && run.lower(end + 1).len() > 4
    {
        return false;
    }
    if run.any(
        before,
        &[
            "resolution",
            "resolutions",
            "no",
            "section",
            "article",
            "paragraph",
            "room",
            "order",
            "nearly",
            "almost",
            "approximately",
            "roughly",
            "estimated",
            "than",
            "page",
            "unscr",
            "res",
            "law",
            "regulation",
            "code",
            "eo",
            "$",
            "€",
            "£",
            "¥",
            "usd",
            "rmb",
            "unsc",
            "iso",
            "hs",
            "document",
            "number",
            "nos",
            "decree",
            "tel",
        ],
    ) {
        return false;
    }
    if run.is(before, ".")
        && run.any(
            run.before(at, 2),
            &["no", "nos", "res", "sec", "art", "para", "p"],
        )
    {
        return false;
    }
    if run.is(before, "least")
        || run.is(before, "to") && run.any(run.before(at, 2), &["close", "up"])
    {
        return run.any(run.before(at, 3), &["since", "from", "until", "in"]);
    }
    if run.any(
        end,
        &[
            "percent", "%", "tons", "yuan", "won", "dollars", "kg", "km", "million", "thousand",
            "hours", "per",
        ],
    ) {
        return false;
    }
    true
}

/// 2023-10-09, 2023/10/09, 2023-10.
fn iso(run: &Run<'_, '_>, at: usize) -> Option<Got> {
    let (_, year) = year_at(run, at).filter(|_| run.lower(at).len() == 4)?;
    let mark = run.lower(at + 1);
    if !matches!(mark, "-" | "/" | "‑")
        || !run.glued(at + 1)
        || !run.glued(at + 2)
        || run.lower(at + 2).len() > 2
    {
        return None;
    }
    let month = u8::try_from(plain_digits(run.lower(at + 2))?)
        .ok()
        .filter(|m| (1..=12).contains(m))?;
    if run.is(at + 3, mark) && run.glued(at + 3) {
        let day = day_number(run, at + 4)
            .filter(|d| *d <= month_length(year, month) && run.glued(at + 4))?;
        return Some(Got::new(
            at,
            at + 5,
            Point::Day(Year::Given(year), month, day),
        ));
    }
    // 2023-06 is June; 2009-12 is three years.
    let short = i32::from(month);
    let is_month =
        mark != "/" && run.lower(at + 2).len() == 2 && short <= year % 100 && !run.glued(at + 3);
    is_month.then(|| Got::new(at, at + 3, Point::Month(Year::Given(year), month)))
}

/// 09/10/2023, 9-10-2023.
fn slashed(run: &Run<'_, '_>, at: usize) -> Option<Got> {
    let first = day_number(run, at)?;
    let mark = run.lower(at + 1);
    if !matches!(mark, "/" | "-")
        || !run.is(at + 3, mark)
        || !(at + 1..=at + 4).all(|n| run.glued(n))
    {
        return None;
    }
    let second = day_number(run, at + 2)?;
    let digits = run.lower(at + 4);
    let year = match digits.len() {
        4 => plain_digits(digits).filter(|y| (1800..2100).contains(y))?,
        2 if mark == "/" => 2000 + plain_digits(digits)?,
        _ => return None,
    };
    if run.glued(at + 5) && run.any(at + 5, &["/", "-"]) {
        return None;
    }
    (first <= 12 || second <= 12).then(|| Got::new(at, at + 5, Point::Either(year, first, second)))
}

/// 09.10.2023, 2023.10.09.
fn dotted(run: &Run<'_, '_>, at: usize) -> Option<Got> {
    let token = run.lower(at);
    if token.len() < 8 || token.len() > 10 {
        return None;
    }
    let mut parts = token.split('.');
    let (a, b, c) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let narrow = |text: &str| plain_digits(text).and_then(|n| u8::try_from(n).ok());
    let (year, month, day) = if a.len() == 4 {
        (plain_digits(a)?, narrow(b)?, narrow(c)?)
    } else if c.len() == 4 {
        (plain_digits(c)?, narrow(b)?, narrow(a)?)
    } else {
        return None;
    };
    ((1800..2100).contains(&year)
        && (1..=12).contains(&month)
        && day >= 1
        && day <= month_length(year, month))
    .then(|| Got::new(at, at + 1, Point::Day(Year::Given(year), month, day)))
}

/// Whether the words before say that the date lies ahead.
fn ahead(run: &Run<'_, '_>, at: usize) -> bool {
    let first = at.saturating_sub(18);
    (first..at).rev().any(|n| {
        run.any(
            n,
            &[
                "will",
                "scheduled",
                "upcoming",
                "shall",
                "slated",
                "deadline",
                "expires",
                "rescheduled",
            ],
        ) || (run.any(n, &["plans", "plan", "planned", "set", "due", "expected"])
            && run.is(n + 1, "to"))
    })
}

/// Day before month in dates with slashes: what the text shows by a day above twelve.
pub(super) fn day_first(run: &Run<'_, '_>, known: Option<bool>) -> Option<bool> {
    if known.is_some() {
        return known;
    }
    let mut at = 0;
    while at < run.len() {
        if run.digits(at)
            && run.is(at + 1, "/")
            && let Some(got) = slashed(run, at)
            && let Point::Either(_, a, b) = got.first.point
        {
            match (a > 12, b > 12) {
                (true, false) => return Some(true),
                (false, true) => return Some(false),
                _ => {}
            }
        }
        at += 1;
    }
    None
}
