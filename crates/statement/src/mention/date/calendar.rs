//! Days, months and years of the Gregorian calendar, counted without a time zone.

use std::fmt;

/// A day, counted from 1 March of year 0 so that a leap day ends its year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Day(i32);

/// From one day to another, both inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) from: Day,
    pub(super) to: Day,
}

pub(super) const FIRST_YEAR: i32 = 1000;
pub(super) const LAST_YEAR: i32 = 2999;

pub(super) fn month_length(year: i32, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

impl Day {
    /// `None` if there is no such day, or in a year that no document speaks of.
    pub(super) fn new(year: i32, month: u8, day: u8) -> Option<Self> {
        if !(FIRST_YEAR..=LAST_YEAR).contains(&year)
            || !(1..=12).contains(&month)
            || day == 0
            || day > month_length(year, month)
        {
            return None;
        }
        let (year, month) = if month > 2 {
            (year, i32::from(month) - 3)
        } else {
            (year - 1, i32::from(month) + 9)
        };
        let days = 365 * year + year / 4 - year / 100 + year / 400;
        Some(Self(days + (153 * month + 2) / 5 + i32::from(day) - 1))
    }

    /// Year, month, day.
    pub(super) fn parts(self) -> (i32, u8, u8) {
        let century = (4 * self.0 + 3) / 146_097;
        let rest = self.0 - 146_097 * century / 4;
        let year = (4 * rest + 3) / 1461;
        let rest = rest - 1461 * year / 4;
        let month = (5 * rest + 2) / 153;
        let day = rest - (153 * month + 2) / 5 + 1;
        let narrow = |n: i32| u8::try_from(n).unwrap_or(1);
        let (carry, month) = if month < 10 {
            (0, month + 3)
        } else {
            (1, month - 9)
        };
        (100 * century + year + carry, narrow(month), narrow(day))
    }

    pub(super) fn year(self) -> i32 {
        self.parts().0
    }

    pub(super) fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(days).clamp(365_000, 1_095_000))
    }

    /// The same day of another month; the last one where that month is shorter.
    pub(super) fn plus_months(self, months: i32) -> Option<Self> {
        let (year, month, day) = self.parts();
        let count = year
            .checked_mul(12)?
            .checked_add(i32::from(month) - 1)?
            .checked_add(months)?;
        let (year, month) = (
            count.div_euclid(12),
            u8::try_from(count.rem_euclid(12)).ok()? + 1,
        );
        Self::new(year, month, day.min(month_length(year, month)))
    }

    /// 0 is Monday.
    pub(super) fn weekday(self) -> i32 {
        // 1 March of year 0 was a Wednesday.
        (self.0 + 2).rem_euclid(7)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.parts();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl Span {
    pub(super) fn day(day: Day) -> Self {
        Self { from: day, to: day }
    }

    /// Whole months from the first to the last.
    pub(super) fn months(first: (i32, u8), last: (i32, u8)) -> Option<Self> {
        Some(Self {
            from: Day::new(first.0, first.1, 1)?,
            to: Day::new(last.0, last.1, month_length(last.0, last.1))?,
        })
    }

    pub(super) fn month(year: i32, month: u8) -> Option<Self> {
        Self::months((year, month), (year, month))
    }

    pub(super) fn years(first: i32, last: i32) -> Option<Self> {
        Self::months((first, 1), (last, 12))
    }

    /// Monday to Sunday around a day.
    pub(super) fn week(day: Day) -> Self {
        let monday = day.plus(-day.weekday());
        Self {
            from: monday,
            to: monday.plus(6),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_count_as_on_a_wall_calendar() {
        let day = |y, m, d| Day::new(y, m, d).map(|d| d.to_string());
        assert_eq!(day(2024, 2, 29).as_deref(), Some("2024-02-29"));
        assert_eq!(day(2023, 2, 29), None);
        assert_eq!(day(1900, 2, 29), None);
        let plus = |n| Day::new(2023, 10, 9).map(|d| d.plus(n).to_string());
        assert_eq!(plus(-9).as_deref(), Some("2023-09-30"));
        assert_eq!(plus(90).as_deref(), Some("2024-01-07"));
        // 9 October 2023 was a Monday, 29 February 2024 a Thursday.
        assert_eq!(Day::new(2023, 10, 9).map(Day::weekday), Some(0));
        assert_eq!(Day::new(2024, 2, 29).map(Day::weekday), Some(3));
        let months = |n| {
            Day::new(2024, 3, 31)
                .and_then(|d| d.plus_months(n))
                .map(|d| d.to_string())
        };
        assert_eq!(months(-1).as_deref(), Some("2024-02-29"));
        assert_eq!(months(-15).as_deref(), Some("2022-12-31"));
    }

    proptest::proptest! {
        #[test]
        fn parts_give_the_day_again(year in 1000..2999_i32, month in 1..=12_u8, day in 1..=31_u8) {
            if let Some(there) = Day::new(year, month, day) {
                proptest::prop_assert_eq!(there.parts(), (year, month, day));
            }
        }
    }
}
