//! Dates as trade records write them.
//!
//! A date is an interval of days. `03/04/2023` has two readings; the other dates of its column with the same
//! separator decide between them, and where they do not, the interval spans both.

use std::collections::BTreeMap;

use casefile::ApproxDate;
use serde::{Deserialize, Serialize, Serializer};
use supply::Days;

/// The years that a record may believably be of.
const YEARS: std::ops::RangeInclusive<i32> = 1950..=2100;
/// Spreadsheet day 0 of the 1900 system (ECMA-376 part 1, 18.17.4.1), as days since 1970-01-01.
const SERIAL_ZERO: i32 = -25_569;

/// The least interval that holds both.
#[must_use]
pub fn hull(one: Days, other: Days) -> Days {
    Days {
        first: one.first.min(other.first),
        last: one.last.max(other.last),
    }
}

/// `2023-06-13`, or `2023-06-13..2023-06-20`.
#[must_use]
pub fn written(days: Days) -> String {
    if days.is_exact() {
        supply::iso(days.first)
    } else {
        format!("{}..{}", supply::iso(days.first), supply::iso(days.last))
    }
}

/// [`written`], for serde.
///
/// # Errors
/// Those of the serializer.
pub fn shown<S: Serializer>(days: &Option<Days>, to: S) -> Result<S::Ok, S::Error> {
    days.map(written).serialize(to)
}

/// The days of a date that exists.
#[must_use]
pub fn date(year: i32, month: Option<u32>, day: Option<u32>) -> Option<Days> {
    let narrow = |part: Option<u32>| part.map(u8::try_from).transpose().ok();
    let date = ApproxDate::new(i16::try_from(year).ok()?, narrow(month)?, narrow(day)?);
    date.map(Days::from)
}

fn months(year: i32, first: u32, last: u32) -> Option<Days> {
    Some(hull(
        date(year, Some(first), None)?,
        date(year, Some(last), None)?,
    ))
}

/// Which part of a date of three numbers comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    YearFirst,
    DayFirst,
    MonthFirst,
}

/// Why a cell is no date that can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    NotADate,
    /// A year outside 1950 to 2100.
    Year(i32),
}

/// What a cell may mean.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Reading {
    Plain(Days),
    /// Three numbers: each order in which they are a date. The separator groups a column's styles.
    Numbers(char, Vec<(Order, Days)>),
}

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

fn month_named(word: &str) -> Option<u32> {
    let word = word.to_lowercase();
    let at = MONTHS
        .iter()
        .position(|month| word.len() >= 3 && word.starts_with(month))?;
    let whole = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let fits = whole.get(at).is_some_and(|name| name.starts_with(&word)) || word == "sept";
    fits.then(|| u32::try_from(at).unwrap_or(0) + 1)
}

#[derive(Debug, PartialEq)]
enum Token<'a> {
    Number(&'a str),
    Word(&'a str),
}

fn tokens(text: &str) -> (Vec<Token<'_>>, char) {
    let mut out = Vec::new();
    let mut mark = ' ';
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let class = |c: char| (c.is_ascii_digit(), c.is_alphabetic());
        let length = rest
            .find(|c| class(c) != class(first))
            .unwrap_or(rest.len());
        let (run, after) = rest.split_at(length);
        if first.is_ascii_digit() {
            out.push(Token::Number(run));
        } else if first.is_alphabetic() {
            out.push(Token::Word(run));
        } else if out.len() == 1 {
            mark = run.trim().chars().next().unwrap_or(' ');
        }
        rest = after;
    }
    (out, mark)
}

/// Without the time of day, which trade dates do not need.
fn without_time(text: &str) -> &str {
    let cut = text
        .char_indices()
        .find(|&(at, c)| {
            let next = |c: char| c.is_ascii_digit();
            let after = text.get(at + c.len_utf8()..).unwrap_or_default();
            (c == 'T' || c == ' ')
                && after.starts_with(next)
                && after
                    .get(..6.min(after.len()))
                    .is_some_and(|t| t.contains(':'))
        })
        .map_or(text.len(), |(at, _)| at);
    text.get(..cut).unwrap_or(text).trim()
}

fn full_year(digits: &str) -> Option<i32> {
    let number: i32 = digits.parse().ok()?;
    match digits.len() {
        4 => Some(number),
        2 => Some(if number < 80 {
            2000 + number
        } else {
            1900 + number
        }),
        _ => None,
    }
}

fn read(text: &str) -> Result<Reading, Wrong> {
    let text = text.trim();
    for range in ["..", " to ", "~", " – "] {
        if let Some((from, to)) = text.split_once(range)
            && let (Some(from), Some(to)) = (only(read(from)), only(read(to)))
            && from.first <= to.last
        {
            return Ok(Reading::Plain(Days {
                first: from.first,
                last: to.last,
            }));
        }
    }
    let text = without_time(text);
    let (tokens, mark) = tokens(text);
    let year = |digits: &str| -> Result<i32, Wrong> {
        let year = full_year(digits).ok_or(Wrong::NotADate)?;
        if YEARS.contains(&year) {
            Ok(year)
        } else {
            Err(Wrong::Year(year))
        }
    };
    let number = |digits: &str| digits.parse::<u32>().map_err(|_| Wrong::NotADate);
    let plain = |days: Option<Days>| days.map(Reading::Plain).ok_or(Wrong::NotADate);
    let exact = |y: i32, m: u32, d: u32| plain(date(y, Some(m), Some(d)));
    match tokens.as_slice() {
        // 2023年1月5日, 2023년 1월 5일
        [
            Token::Number(y),
            Token::Word("年" | "년"),
            Token::Number(m),
            Token::Word("月" | "월"),
            Token::Number(d),
            Token::Word("日" | "号" | "일"),
        ] => exact(year(y)?, number(m)?, number(d)?),
        [
            Token::Number(y),
            Token::Word("年" | "년"),
            Token::Number(m),
            Token::Word("月" | "월"),
        ] => plain(date(year(y)?, Some(number(m)?), None)),
        [Token::Number(y), Token::Word("年" | "년")] => plain(date(year(y)?, None, None)),
        [Token::Number(a), Token::Number(b), Token::Number(c)] => three(a, b, c, mark),
        [Token::Word("Q" | "q"), Token::Number(q), Token::Number(y)]
        | [Token::Number(y), Token::Word("Q" | "q"), Token::Number(q)] => {
            let quarter = number(q)?;
            if !(1..=4).contains(&quarter) {
                return Err(Wrong::NotADate);
            }
            plain(months(year(y)?, quarter * 3 - 2, quarter * 3))
        }
        // 5 Jan 2023, 5th January 2023
        [Token::Number(d), Token::Word(m), Token::Number(y)] => match month_named(m) {
            Some(month) if d.len() == 4 => exact(year(d)?, month, number(y)?),
            Some(month) => exact(year(y)?, month, number(d)?),
            None => Err(Wrong::NotADate),
        },
        [
            Token::Number(d),
            Token::Word("st" | "nd" | "rd" | "th"),
            Token::Word(m),
            Token::Number(y),
        ]
        | [
            Token::Word(m),
            Token::Number(d),
            Token::Word("st" | "nd" | "rd" | "th"),
            Token::Number(y),
        ]
        | [Token::Word(m), Token::Number(d), Token::Number(y)] => {
            let month = month_named(m).ok_or(Wrong::NotADate)?;
            exact(year(y)?, month, number(d)?)
        }
        // Jan 2023, Q1 2023, early 2023
        [Token::Word(word), Token::Number(y)] => {
            let part = match word.to_lowercase().as_str() {
                "early" => Some((1, 4)),
                "mid" => Some((5, 8)),
                "late" => Some((9, 12)),
                _ => month_named(word).map(|m| (m, m)),
            };
            let (first, last) = part.ok_or(Wrong::NotADate)?;
            plain(months(year(y)?, first, last))
        }
        // Feb-Jun 2023
        [Token::Word(a), Token::Word(b), Token::Number(y)] => {
            match (month_named(a), month_named(b)) {
                (Some(a), Some(b)) if a <= b => plain(months(year(y)?, a, b)),
                _ => Err(Wrong::NotADate),
            }
        }
        [Token::Number(a), Token::Number(b)] if a.len() == 4 => {
            plain(date(year(a)?, Some(number(b)?), None))
        }
        [Token::Number(a), Token::Number(b)] if b.len() == 4 => {
            plain(date(year(b)?, Some(number(a)?), None))
        }
        [Token::Number(one)] if text.len() == one.len() => lone(one, year),
        _ => Err(Wrong::NotADate),
    }
}

/// The days of an end of a range, where it can be read in one way only.
fn only(read: Result<Reading, Wrong>) -> Option<Days> {
    match read.ok()? {
        Reading::Plain(days) => Some(days),
        Reading::Numbers(_, readings) => {
            let mut all = readings.iter().map(|(_, days)| *days);
            let first = all.next()?;
            all.all(|days| days == first).then_some(first)
        }
    }
}

fn lone(one: &str, year: impl Fn(&str) -> Result<i32, Wrong>) -> Result<Reading, Wrong> {
    let plain = |days: Option<Days>| days.map(Reading::Plain).ok_or(Wrong::NotADate);
    match one.len() {
        8 => {
            let part = |range: std::ops::Range<usize>| one.get(range).unwrap_or_default();
            let month = part(4..6).parse().map_err(|_| Wrong::NotADate)?;
            let of_month = part(6..8).parse().map_err(|_| Wrong::NotADate)?;
            plain(date(year(part(0..4))?, Some(month), Some(of_month)))
        }
        4 => plain(date(year(one)?, None, None)),
        5 => {
            let serial: i32 = one.parse().map_err(|_| Wrong::NotADate)?;
            plain(
                (25_569..=73_415)
                    .contains(&serial)
                    .then(|| Days::on(serial + SERIAL_ZERO)),
            )
        }
        _ => Err(Wrong::NotADate),
    }
}

fn three(a: &str, b: &str, c: &str, mark: char) -> Result<Reading, Wrong> {
    let mut found = Vec::new();
    let mut bad_year = None;
    let mut try_order = |order: Order, y: &str, m: &str, d: &str| {
        let (Some(year), Ok(month), Ok(of_month)) = (full_year(y), m.parse(), d.parse()) else {
            return;
        };
        if m.len() > 2 || d.len() > 2 {
            return;
        }
        if let Some(days) = date(year, Some(month), Some(of_month)) {
            if YEARS.contains(&year) {
                found.push((order, days));
            } else {
                bad_year = Some(year);
            }
        }
    };
    try_order(Order::YearFirst, a, b, c);
    try_order(Order::DayFirst, c, b, a);
    try_order(Order::MonthFirst, c, a, b);
    match (found.as_slice(), bad_year) {
        ([], Some(year)) => Err(Wrong::Year(year)),
        ([], None) => Err(Wrong::NotADate),
        _ => Ok(Reading::Numbers(mark, found)),
    }
}

/// The orders that the dates of one column allow, by separator.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Style(BTreeMap<char, Vec<Order>>);

impl Style {
    /// Looks at all cells of a column.
    #[must_use]
    pub fn of<'a>(cells: impl Iterator<Item = &'a str>) -> Self {
        let mut styles: BTreeMap<char, Vec<Order>> = BTreeMap::new();
        for cell in cells {
            let Ok(Reading::Numbers(mark, readings)) = read(cell) else {
                continue;
            };
            let orders = readings.iter().map(|(order, _)| *order);
            match styles.entry(mark) {
                std::collections::btree_map::Entry::Vacant(new) => {
                    new.insert(orders.collect());
                }
                std::collections::btree_map::Entry::Occupied(mut known) => {
                    let orders: Vec<Order> = orders.collect();
                    known.get_mut().retain(|order| orders.contains(order));
                }
            }
        }
        Self(styles)
    }

    /// The order in which every ambiguous date is to be read, said by a person.
    #[must_use]
    pub fn fixed(order: Order) -> Self {
        Self(['/', '-', '.', ' '].map(|mark| (mark, vec![order])).into())
    }
}

/// A cell as days, and whether it could be read in more than one way that its column does not decide.
///
/// # Errors
/// It is no date, or of a year that cannot be meant.
pub fn days(cell: &str, style: &Style) -> Result<(Days, bool), Wrong> {
    let (mark, mut readings) = match read(cell)? {
        Reading::Plain(days) => return Ok((days, false)),
        Reading::Numbers(mark, readings) => (mark, readings),
    };
    if let Some(allowed) = style.0.get(&mark)
        && readings.iter().any(|(order, _)| allowed.contains(order))
    {
        readings.retain(|(order, _)| allowed.contains(order));
    }
    let has = |order: Order, readings: &[(Order, Days)]| readings.iter().any(|(o, _)| *o == order);
    // Who writes the year in two digits seldom writes it first.
    if readings.len() > 1 && (has(Order::DayFirst, &readings) || has(Order::MonthFirst, &readings))
    {
        readings.retain(|(order, _)| *order != Order::YearFirst);
    }
    // With points between, nobody writes the month first.
    if mark == '.' && has(Order::DayFirst, &readings) {
        readings.retain(|(order, _)| *order == Order::DayFirst);
    }
    let mut all = readings.iter().map(|(_, days)| *days);
    let first = all.next().ok_or(Wrong::NotADate)?;
    let whole = all.fold(first, hull);
    Ok((whole, !whole.is_exact()))
}
