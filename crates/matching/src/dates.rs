//! Dates of two records beside one another.

/// How two ISO 8601 prefixes agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Agreement {
    /// Years differ by more than one.
    Different,
    /// The year agrees, month or day does not.
    OtherDay,
    /// Years differ by one, as ages reckoned differently do.
    NearYear,
    /// The same year; one of them says no more.
    Year,
    /// The same year and month; one of them says no more.
    Month,
    /// Day and month have changed places.
    Swapped,
    Day,
}

/// A date as it was written, and as far as it was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Date {
    pub(crate) written: Box<str>,
    year: u16,
    month: Option<u8>,
    day: Option<u8>,
}

impl Date {
    /// A prefix of ISO 8601; `None` if it does not begin with a year.
    pub(crate) fn read(written: &str) -> Option<Self> {
        fn part<T: std::str::FromStr>(date: &str, at: std::ops::Range<usize>) -> Option<T> {
            date.get(at)?.parse().ok()
        }
        Some(Self {
            year: part(written, 0..4)?,
            month: part(written, 5..7),
            day: part(written, 8..10),
            written: written.into(),
        })
    }

    pub(crate) fn agreement(&self, other: &Self) -> Agreement {
        if self.year != other.year {
            return if self.year.abs_diff(other.year) == 1 {
                Agreement::NearYear
            } else {
                Agreement::Different
            };
        }
        match (self.month.zip(other.month), self.day.zip(other.day)) {
            (None, _) => Agreement::Year,
            (Some((m, n)), None) if m == n => Agreement::Month,
            (Some((m, n)), Some((d, e))) if m == n && d == e => Agreement::Day,
            (Some((m, n)), Some((d, e))) if m == e && d == n => Agreement::Swapped,
            _ => Agreement::OtherDay,
        }
    }
}

/// The best agreement of any two of them, with the dates.
pub(crate) fn best<'a>(
    left: &'a [Date],
    right: &'a [Date],
) -> Option<(Agreement, &'a str, &'a str)> {
    let mut best: Option<(Agreement, &Date, &Date)> = None;
    for a in left.iter().take(20) {
        for b in right.iter().take(20) {
            let found = a.agreement(b);
            if best.is_none_or(|(most, _, _)| found > most) {
                best = Some((found, a, b));
            }
        }
    }
    best.map(|(found, a, b)| (found, &*a.written, &*b.written))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agreements() {
        for (left, right, expected) in [
            ("1970", "1970-05-12", Some(Agreement::Year)),
            ("1970-05", "1970-05-12", Some(Agreement::Month)),
            ("1970-05-12", "1970-05-12T00:00", Some(Agreement::Day)),
            ("1970-05-12", "1970-12-05", Some(Agreement::Swapped)),
            ("1970-05-12", "1970-05-13", Some(Agreement::OtherDay)),
            ("1970", "1971", Some(Agreement::NearYear)),
            ("1970", "1981", Some(Agreement::Different)),
            ("x", "1981", None),
        ] {
            let of = |a, b| Some(Date::read(a)?.agreement(&Date::read(b)?));
            assert_eq!(of(left, right), expected, "{left} {right}");
            assert_eq!(of(right, left), expected, "{right} {left}");
        }
    }
}
