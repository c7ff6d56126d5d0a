//! Times of members → RFC 3339.

use jiff::civil;

/// Seconds since 1970, in UTC.
pub(crate) fn from_unix(seconds: i64) -> Option<String> {
    let stamp = jiff::Timestamp::from_second(seconds).ok()?;
    // Nought is how programs write that they do not know.
    (seconds != 0).then(|| stamp.to_string())
}

/// Windows FILETIME: 100 ns since 1601, in UTC.
pub(crate) fn from_filetime(ticks: u64) -> Option<String> {
    let seconds = i64::try_from(ticks / 10_000_000).ok()?;
    if ticks == 0 {
        return None;
    }
    from_unix(seconds.checked_sub(11_644_473_600)?)
}

/// MS-DOS date and time: local, of an unknown zone.
pub(crate) fn from_dos(date: u16, time: u16) -> Option<String> {
    let year = i16::try_from(1980 + (date >> 9)).ok()?;
    let month = i8::try_from(date >> 5 & 15).ok()?;
    let day = i8::try_from(date & 31).ok()?;
    let date = civil::Date::new(year, month, day).ok()?;
    let hour = i8::try_from(time >> 11).ok()?;
    let minute = i8::try_from(time >> 5 & 63).ok()?;
    let second = i8::try_from((time & 31) * 2).ok()?;
    match civil::Time::new(hour, minute, second, 0) {
        Ok(time) => Some(format!("{date}T{time}")),
        Err(_) => Some(date.to_string()),
    }
}

/// A date of HTTP (RFC 9110 section 5.6.7): `Tue, 15 Nov 1994 08:12:31 GMT`.
pub(crate) fn from_http(text: &str) -> Option<String> {
    const MONTHS: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    let (_, rest) = text.split_once(',')?;
    let mut words = rest.split([' ', '-']).filter(|word| !word.is_empty());
    let day = words.next()?.parse().ok()?;
    let month = words.next()?.get(..3)?.to_ascii_lowercase();
    let month = MONTHS.iter().position(|name| *name == month)?;
    let year: i16 = words.next()?.parse().ok()?;
    let date = civil::Date::new(year, i8::try_from(month + 1).ok()?, day).ok()?;
    let time: civil::Time = words.next()?.parse().ok()?;
    Some(format!("{date}T{time}Z"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read() {
        assert_eq!(from_unix(86_400).as_deref(), Some("1970-01-02T00:00:00Z"));
        assert_eq!(
            from_dos(0x5acd, 0x6345).as_deref(),
            Some("2025-06-13T12:26:10")
        );
        assert_eq!(from_dos(0, 0), None);
        assert_eq!(
            from_http("Tue, 15 Nov 1994 08:12:31 GMT").as_deref(),
            Some("1994-11-15T08:12:31Z")
        );
        assert_eq!(
            from_filetime(116_444_736_000_000_000 + 864_000_000_000).as_deref(),
            Some("1970-01-02T00:00:00Z")
        );
    }
}
