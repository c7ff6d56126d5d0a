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

pub(crate) fn agreement(left: &str, right: &str) -> Option<Agreement> {
    let part =
        |date: &str, at: std::ops::Range<usize>| -> Option<u16> { date.get(at)?.parse().ok() };
    let parts = |date: &str| Some((part(date, 0..4)?, part(date, 5..7), part(date, 8..10)));
    let (a, b) = (parts(left)?, parts(right)?);
    if a.0 != b.0 {
        return Some(if a.0.abs_diff(b.0) == 1 {
            Agreement::NearYear
        } else {
            Agreement::Different
        });
    }
    Some(match (a.1.zip(b.1), a.2.zip(b.2)) {
        (None, _) => Agreement::Year,
        (Some((m, n)), None) if m == n => Agreement::Month,
        (Some((m, n)), Some((d, e))) if m == n && d == e => Agreement::Day,
        (Some((m, n)), Some((d, e))) if m == e && d == n => Agreement::Swapped,
        _ => Agreement::OtherDay,
    })
}

/// The best agreement of any two of them, with the dates.
pub(crate) fn best<'a>(
    left: &'a [String],
    right: &'a [String],
) -> Option<(Agreement, &'a str, &'a str)> {
    let mut best: Option<(Agreement, &str, &str)> = None;
    for a in left.iter().take(20) {
        for b in right.iter().take(20) {
            if let Some(found) = agreement(a, b)
                && best.is_none_or(|(most, _, _)| found > most)
            {
                best = Some((found, a, b));
            }
        }
    }
    best
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
            assert_eq!(agreement(left, right), expected, "{left} {right}");
            assert_eq!(agreement(right, left), expected, "{right} {left}");
        }
    }
}
