//! Days and what is known of them.

use casefile::ApproxDate;
use serde::{Deserialize, Serialize};

/// Days since 1970-01-01 (Gregorian, no zone).
pub type Day = i32;

/// An event fell on one day from `first` to `last`, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Days {
    pub first: Day,
    pub last: Day,
}

impl Days {
    /// `None` if `last` is before `first`.
    #[must_use]
    pub const fn new(first: Day, last: Day) -> Option<Self> {
        if first <= last {
            Some(Self { first, last })
        } else {
            None
        }
    }

    /// One known day.
    #[must_use]
    pub const fn on(day: Day) -> Self {
        Self {
            first: day,
            last: day,
        }
    }

    /// The days both may mean; `None` if there are none.
    #[must_use]
    pub fn both(self, other: Self) -> Option<Self> {
        Self::new(self.first.max(other.first), self.last.min(other.last))
    }

    #[must_use]
    pub const fn is_exact(self) -> bool {
        self.first == self.last
    }
}

impl From<ApproxDate> for Days {
    /// All days that a date of any precision may mean.
    fn from(date: ApproxDate) -> Self {
        let year = i32::from(date.year());
        let month = date.month().map(i32::from);
        let first = day(year, month.unwrap_or(1), date.day().map_or(1, i32::from));
        let last = match (month, date.day()) {
            (_, Some(_)) => first,
            (Some(12) | None, None) => day(year + 1, 1, 1) - 1,
            (Some(month), None) => day(year, month + 1, 1) - 1,
        };
        Self { first, last }
    }
}

/// Days since 1970-01-01 of a day of the proleptic Gregorian calendar. Months from 1; a year of March to February
/// has its leap day last, so that whole eras of 400 years can be counted.
#[must_use]
pub const fn day(year: i32, month: i32, day: i32) -> Day {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// A day as `2023-06-13`.
#[must_use]
pub fn iso(day: Day) -> String {
    let shifted = i64::from(day) + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let from_march = (5 * of_year + 2) / 153;
    let month = if from_march < 10 {
        from_march + 3
    } else {
        from_march - 9
    };
    let in_month = of_year - (153 * from_march + 2) / 5 + 1;
    let year = era * 400 + year + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{in_month:02}")
}
