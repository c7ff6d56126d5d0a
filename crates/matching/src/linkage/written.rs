//! Dates as people write them in lists.

use casefile::ApproxDate;

/// Which of two small numbers of a date stands first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Order {
    /// 31/12/1970
    #[default]
    DayFirst,
    /// 12/31/1970
    MonthFirst,
}

/// A date of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Written {
    Known(ApproxDate),
    /// Eight digits `yyyymmdd` that are no day of the calendar; slips of writing and typing can still be seen in them.
    Digits(u32),
}

impl Written {
    pub(super) fn year(self) -> i32 {
        match self {
            Self::Known(date) => i32::from(date.year()),
            Self::Digits(digits) => i32::try_from(digits / 10_000).unwrap_or(0),
        }
    }

    /// `yyyymmdd`, with zeros for what is not known.
    pub(super) fn digits(self) -> u32 {
        match self {
            Self::Known(date) => {
                u32::from(date.year().unsigned_abs()) * 10_000
                    + u32::from(date.month().unwrap_or(0)) * 100
                    + u32::from(date.day().unwrap_or(0))
            }
            Self::Digits(digits) => digits,
        }
    }
}

/// Months of the West, by their first three letters.
const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// Reads a date: `1970-12-31`, `19701231`, `31/12/1970` (or `12/31/1970`, by `order` where both can be meant),
/// `31.12.70`, `31 December 1970`, `Dec 31, 1970`, `1970년 12월 31일`, `1970年12月31日`, and each without its day or
/// month. A time behind it is not looked at. `None` if it is none of these.
pub(super) fn date(text: &str, order: Order) -> Option<Written> {
    let (numbers, month) = parts(text)?;
    if let Some(month) = month {
        // A month in letters: the other two are day and year, whichever can be the year.
        return match *numbers.as_slice() {
            [(year, 4)] => known(year, Some(month), None),
            [(a, 1 | 2), (b, length)] => known(full(b, length)?, Some(month), Some(a)),
            [(a, 4), (b, 1 | 2)] => known(a, Some(month), Some(b)),
            _ => None,
        };
    }
    match *numbers.as_slice() {
        [(whole, 8)] => Some(eight(whole)),
        [(whole, 6)] => known(whole / 100, Some(whole % 100), None),
        [(year, 4)] => known(year, None, None),
        [(year, 4), (month, 1 | 2)] => known(year, Some(month), None),
        [(month, 1 | 2), (year, 4)] => known(year, Some(month), None),
        [(year, 4), (month, 1 | 2), (day, 1 | 2)] => Some(of_parts(year, month, day)),
        [(a, 1 | 2), (b, 1 | 2), (year, length @ (2 | 4))] => {
            let year = full(year, length)?;
            let (day, month) = match order {
                _ if a > 12 => (a, b),
                _ if b > 12 => (b, a),
                Order::DayFirst => (a, b),
                Order::MonthFirst => (b, a),
            };
            Some(of_parts(year, month, day))
        }
        _ => None,
    }
}

/// What a date says of which of its two small numbers is the day: `None` if either can be.
pub(super) fn order_of(text: &str) -> Option<Order> {
    let (numbers, month) = parts(text)?;
    match *numbers.as_slice() {
        [(a, 1 | 2), (b, 1 | 2), (_, 2 | 4)] if month.is_none() => match (a > 12, b > 12) {
            (true, false) => Some(Order::DayFirst),
            (false, true) => Some(Order::MonthFirst),
            _ => None,
        },
        _ => None,
    }
}

/// Whether day and month of a date can change places, so that it is read by the habit of its column.
pub(super) fn is_open(text: &str) -> bool {
    parts(text).is_some_and(|(numbers, month)| {
        matches!(*numbers.as_slice(), [(a, 1 | 2), (b, 1 | 2), (_, 2 | 4)] if month.is_none() && a <= 12 && b <= 12 && a != b)
    })
}

/// What a date of a list says, for one who keeps dates as ISO 8601.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DateRead {
    /// `1970-12-31`, or less of it.
    Date(String),
    /// Day and month can change places: as it is read with the day first, and with the month first.
    Open {
        day_first: String,
        month_first: String,
    },
    /// No date, or one that is no day of the calendar.
    No,
}

/// Reads a date in any of the forms that lists have.
#[must_use]
pub fn read_date(text: &str) -> DateRead {
    let iso = |order: Order| match date(text, order) {
        Some(Written::Known(date)) => Some(date.to_string()),
        _ => None,
    };
    match (iso(Order::DayFirst), iso(Order::MonthFirst)) {
        (Some(day_first), Some(month_first)) if day_first != month_first => DateRead::Open {
            day_first,
            month_first,
        },
        (Some(date), _) | (None, Some(date)) => DateRead::Date(date),
        (None, None) => DateRead::No,
    }
}

/// Whether a date can be read with the day first only (`Some(true)`), or with the month first only.
#[must_use]
pub fn day_first(text: &str) -> Option<bool> {
    order_of(text).map(|order| order == Order::DayFirst)
}

/// A number and how many digits it is written with.
type Number = (u32, usize);

/// Its numbers with how many digits each has, and a month in letters; `None` if anything else stands in it.
fn parts(text: &str) -> Option<(Vec<Number>, Option<u32>)> {
    let text = text.trim();
    // A time: 1970-12-31T00:00:00Z, 1970-12-31 00:00.
    let text = text.find(':').map_or(text, |colon| {
        let before = text.get(..colon).unwrap_or(text);
        before
            .rfind(['T', ' '])
            .and_then(|at| before.get(..at))
            .unwrap_or(before)
    });
    if text.is_empty() || text.len() > 40 {
        return None;
    }
    let mut numbers: Vec<Number> = Vec::new();
    let mut month = None;
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let run = |fits: fn(char) -> bool| rest.find(|c: char| !fits(c)).unwrap_or(rest.len());
        if first.is_ascii_digit() {
            let end = run(|c| c.is_ascii_digit());
            let (digits, after) = rest.split_at(end);
            numbers.push((digits.parse().ok()?, digits.len()));
            rest = after;
        } else if first.is_ascii_alphabetic() {
            let end = run(|c| c.is_ascii_alphabetic());
            let (word, after) = rest.split_at(end);
            let word = word.to_ascii_lowercase();
            match word.as_str() {
                "st" | "nd" | "rd" | "th" | "of" => {}
                _ => {
                    let start = word.get(..3)?;
                    let found = (1..).zip(MONTHS).find(|(_, name)| *name == start)?;
                    if month.replace(found.0).is_some() {
                        return None;
                    }
                }
            }
            rest = after;
        } else {
            match first {
                ' ' | '-' | '/' | '.' | ',' | '년' | '월' | '일' | '年' | '月' | '日' | '号' =>
                    {}
                _ => return None,
            }
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
        }
        if numbers.len() > 3 {
            return None;
        }
    }
    Some((numbers, month))
}

/// A year of two digits is one of the hundred up to 2029.
const fn full(year: u32, digits: usize) -> Option<u32> {
    match digits {
        4 => Some(year),
        2 if year < 30 => Some(2000 + year),
        2 => Some(1900 + year),
        _ => None,
    }
}

fn known(year: u32, month: Option<u32>, day: Option<u32>) -> Option<Written> {
    // 1970-00-00, as machines write it.
    let part = |number: Option<u32>| number.filter(|n| *n > 0).map(u8::try_from).transpose().ok();
    let month = part(month)?;
    let day = if month.is_some() { part(day)? } else { None };
    ApproxDate::new(i16::try_from(year).ok()?, month, day).map(Written::Known)
}

fn of_parts(year: u32, month: u32, day: u32) -> Written {
    known(year, Some(month), Some(day))
        .unwrap_or(Written::Digits(year * 10_000 + month * 100 + day))
}

/// `19701231`, or `31121970` where the first four are no year.
fn eight(whole: u32) -> Written {
    let forwards = of_parts(whole / 10_000, whole / 100 % 100, whole % 100);
    if matches!(forwards, Written::Known(date) if (1800..=2100).contains(&date.year())) {
        return forwards;
    }
    match known(
        whole % 10_000,
        Some(whole / 10_000 % 100),
        Some(whole / 1_000_000),
    ) {
        Some(backwards @ Written::Known(date)) if (1800..=2100).contains(&date.year()) => backwards,
        _ => Written::Digits(whole),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, order: Order, expected: &str) {
        let found = match date(text, order) {
            Some(Written::Known(date)) => date.to_string(),
            Some(Written::Digits(digits)) => format!("#{digits}"),
            None => "-".into(),
        };
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn dates_in_many_forms() {
        use Order::{DayFirst, MonthFirst};
        for (text, expected) in [
            ("1970-12-31", "1970-12-31"),
            ("1970-1-5", "1970-01-05"),
            ("19701231", "1970-12-31"),
            ("31121970", "1970-12-31"),
            ("31/12/1970", "1970-12-31"),
            ("12/31/1970", "1970-12-31"),
            ("5/1/1970", "1970-01-05"),
            ("31.12.70", "1970-12-31"),
            ("1.2.05", "2005-02-01"),
            ("31 December 1970", "1970-12-31"),
            ("31-Dec-1970", "1970-12-31"),
            ("Dec 31, 1970", "1970-12-31"),
            ("December 31st, 1970", "1970-12-31"),
            ("1970년 12월 31일", "1970-12-31"),
            ("1970年12月31日", "1970-12-31"),
            ("1970年", "1970"),
            ("1970. 12. 31.", "1970-12-31"),
            ("12/1970", "1970-12"),
            ("March 1970", "1970-03"),
            ("1970-00-00", "1970"),
            ("1970-12-31T10:00:00Z", "1970-12-31"),
            ("1970-12-31 00:00", "1970-12-31"),
            ("19701331", "#19701331"),
            ("1970-02-31", "#19700231"),
            ("unknown", "-"),
            ("", "-"),
            ("10:30", "-"),
            ("1 2 3 4", "-"),
            ("99999999999999", "-"),
            ("марта 1970", "-"),
        ] {
            check(text, DayFirst, expected);
        }
        check("5/1/1970", MonthFirst, "1970-05-01");
        check("25/1/1970", MonthFirst, "1970-01-25");
    }

    #[test]
    fn dates_for_one_who_keeps_them() {
        let date = |text: &str| DateRead::Date(text.to_owned());
        assert_eq!(read_date("1962年5月8日"), date("1962-05-08"));
        assert_eq!(read_date("1962년 5월 8일"), date("1962-05-08"));
        assert_eq!(read_date("22/10/1983"), date("1983-10-22"));
        assert_eq!(read_date("10/22/1983"), date("1983-10-22"));
        assert_eq!(read_date("1983-02-31"), DateRead::No);
        let open = DateRead::Open {
            day_first: "1983-10-05".into(),
            month_first: "1983-05-10".into(),
        };
        assert_eq!(read_date("5/10/1983"), open);
        assert_eq!(
            [
                day_first("22/10/1983"),
                day_first("10/22/1983"),
                day_first("5/10/1983")
            ],
            [Some(true), Some(false), None]
        );
    }

    #[test]
    fn a_column_tells_its_order() {
        assert_eq!(order_of("25/1/1970"), Some(Order::DayFirst));
        assert_eq!(order_of("1/25/1970"), Some(Order::MonthFirst));
        assert_eq!(order_of("5/1/1970"), None);
        assert!(is_open("5/1/1970") && !is_open("5/5/1970") && !is_open("1970-05-01"));
    }
}
