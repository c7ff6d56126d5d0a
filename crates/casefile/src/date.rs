//! Dates of any precision.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::ParseIdError;

/// A calendar date known to the year, month or day (ISO 8601: `2023`, `2023-06`, `2023-06-13`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ApproxDate {
    year: i16,
    /// 1 to 12; 0 when unknown, so that an imprecise date sorts before its own days.
    month: u8,
    /// 1 to 31; 0 when unknown.
    day: u8,
}

impl ApproxDate {
    /// `None` if there is no such day (30 February) or the year is outside 1000 to 9999.
    #[must_use]
    pub fn new(year: i16, month: Option<u8>, day: Option<u8>) -> Option<Self> {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let longest = match month {
            None => 0,
            Some(2) => 28 + u8::from(leap),
            Some(4 | 6 | 9 | 11) => 30,
            Some(1..=12) => 31,
            Some(_) => return None,
        };
        let day_exists = day.is_none_or(|day| (1..=longest).contains(&day));
        ((1000..=9999).contains(&year) && day_exists).then_some(Self {
            year,
            month: month.unwrap_or(0),
            day: day.unwrap_or(0),
        })
    }

    #[must_use]
    pub const fn year(self) -> i16 {
        self.year
    }

    #[must_use]
    pub fn month(self) -> Option<u8> {
        (self.month > 0).then_some(self.month)
    }

    #[must_use]
    pub fn day(self) -> Option<u8> {
        (self.day > 0).then_some(self.day)
    }

    /// First and last day that the date may mean, as `yyyymmdd`: inclusive, sortable.
    #[must_use]
    pub fn days(self) -> (u32, u32) {
        let year = u32::from(self.year.unsigned_abs()) * 10_000;
        let (first_month, last_month) = if self.month == 0 {
            (1, 12)
        } else {
            (u32::from(self.month), u32::from(self.month))
        };
        let (first_day, last_day) = if self.day == 0 {
            (1, 31)
        } else {
            (u32::from(self.day), u32::from(self.day))
        };
        (
            year + first_month * 100 + first_day,
            year + last_month * 100 + last_day,
        )
    }
}

impl fmt::Display for ApproxDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if self.month > 0 {
            write!(f, "-{:02}", self.month)?;
        }
        if self.day > 0 {
            write!(f, "-{:02}", self.day)?;
        }
        Ok(())
    }
}

impl FromStr for ApproxDate {
    type Err = ParseIdError;
    fn from_str(text: &str) -> Result<Self, ParseIdError> {
        const WRONG: ParseIdError = ParseIdError {
            expected: "a date (2023, 2023-06 or 2023-06-13)",
        };
        let mut parts = text.splitn(3, '-');
        let mut number = |width: usize| match parts.next() {
            None => Ok(None),
            Some(digits) if digits.len() == width && digits.bytes().all(|d| d.is_ascii_digit()) => {
                digits.parse::<u16>().map(Some).map_err(|_| WRONG)
            }
            Some(_) => Err(WRONG),
        };
        let year = number(4)?.ok_or(WRONG)?;
        let narrow = |part: Option<u16>| part.map(u8::try_from).transpose().map_err(|_| WRONG);
        let (month, day) = (narrow(number(2)?)?, narrow(number(2)?)?);
        Self::new(i16::try_from(year).map_err(|_| WRONG)?, month, day).ok_or(WRONG)
    }
}

impl Serialize for ApproxDate {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ApproxDate {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_any_precision_read_back() {
        for good in ["2023", "2023-06", "2023-06-13", "2024-02-29"] {
            assert_eq!(
                good.parse::<ApproxDate>().map(|date| date.to_string()),
                Ok(good.into())
            );
        }
        for wrong in [
            "",
            "23",
            "2023-6",
            "2023-13",
            "2023-02-29",
            "2023-06-31",
            "2023-06-13T",
            "-",
        ] {
            assert!(wrong.parse::<ApproxDate>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_imprecise_date_covers_its_days() {
        let days = |text: &str| text.parse::<ApproxDate>().map(ApproxDate::days);
        assert_eq!(days("2023"), Ok((20_230_101, 20_231_231)));
        assert_eq!(days("2023-06"), Ok((20_230_601, 20_230_631)));
        assert_eq!(days("2023-06-13"), Ok((20_230_613, 20_230_613)));
    }
}
