//! Dates of mail (RFC 5322 section 3.3 and the forms that programs write in its place) → RFC 3339.

use jiff::civil;

/// RFC 3339 (without offset where the header has none); `None` if the form is not understood.
pub(crate) fn rfc3339(text: &str) -> Option<String> {
    let text = text.trim();
    if let Some(date) = iso(text) {
        return Some(date);
    }
    let mut day = None;
    let mut month = None;
    let mut year = None;
    let mut clock: Option<(i8, i8, i8)> = None;
    let mut offset: Option<String> = None;
    let without_comment = text.split('(').next().unwrap_or(text);
    let mut afternoon = None;
    for word in without_comment
        .split(|c: char| c.is_whitespace() || c == ',')
        .flat_map(|word| {
            // 12-Jan-2005, but not +09-00.
            let dashed = word.split('-').count() == 3;
            word.split(move |c| dashed && c == '-')
        })
        .filter(|word| !word.is_empty())
        .take(16)
    {
        if word.contains(':') && !word.starts_with(['+', '-']) {
            let (time, zone) = match word.find(['+', '-', 'Z']) {
                Some(at) if clock.is_none() => word.split_at(at),
                _ => (word, ""),
            };
            clock = clock.or(read_clock(time));
            if !zone.is_empty() {
                offset = offset.or(read_zone(zone));
            }
        } else if let Some(number) = month_number(word) {
            month = month.or(Some(number));
        } else if word.bytes().all(|b| b.is_ascii_digit()) {
            let number: i16 = word.parse().ok()?;
            match word.len() {
                1 | 2 if day.is_none() => day = i8::try_from(number).ok(),
                2 if year.is_none() => year = Some(if number < 50 { 2000 } else { 1900 } + number),
                3 if year.is_none() => year = Some(1900 + number),
                4 if year.is_none() => year = Some(number),
                4 if clock.is_some() && offset.is_none() => offset = read_zone(&format!("+{word}")),
                _ => {}
            }
        } else if word.eq_ignore_ascii_case("pm") || word.eq_ignore_ascii_case("am") {
            afternoon = Some(word.eq_ignore_ascii_case("pm"));
        } else if clock.is_some() {
            offset = offset.or(read_zone(word));
        }
    }
    let (mut hour, minute, second) = clock.unwrap_or((0, 0, 0));
    match afternoon {
        Some(true) if hour < 12 => hour += 12,
        Some(false) if hour == 12 => hour = 0,
        _ => {}
    }
    let date = civil::Date::new(year?, month?, day?).ok()?;
    if clock.is_none() {
        return Some(date.to_string());
    }
    // A leap second is written as the second before it.
    let time = civil::Time::new(hour, minute, second.min(59), 0).ok()?;
    Some(format!("{date}T{time}{}", offset.unwrap_or_default()))
}

fn iso(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    if bytes.get(4) != Some(&b'-') || bytes.get(7) != Some(&b'-') {
        return None;
    }
    let date: civil::Date = text.get(..10)?.parse().ok()?;
    let rest = text.get(10..)?.trim_start_matches(['T', 't', ' ']);
    if rest.is_empty() {
        return Some(date.to_string());
    }
    let end = rest
        .find(['+', '-', 'Z', 'z', ' ', '.'])
        .unwrap_or(rest.len());
    let (hour, minute, second) = read_clock(rest.get(..end)?)?;
    let time = civil::Time::new(hour, minute, second.min(59), 0).ok()?;
    let zone = rest
        .get(end..)?
        .trim_start_matches(|c: char| c == '.' || c.is_ascii_digit());
    let zone = read_zone(zone.trim()).unwrap_or_default();
    Some(format!("{date}T{time}{zone}"))
}

fn read_clock(text: &str) -> Option<(i8, i8, i8)> {
    let mut parts = text.split([':', '.']).map(|part| part.parse::<i8>().ok());
    let (hour, minute) = (parts.next()??, parts.next()??);
    let second = parts.next().unwrap_or(Some(0))?;
    ((0..24).contains(&hour) && (0..60).contains(&minute) && (0..=60).contains(&second))
        .then_some((hour, minute, second))
}

fn read_zone(text: &str) -> Option<String> {
    let hours = match text.to_ascii_uppercase().as_str() {
        "Z" | "UT" | "UTC" | "GMT" => return Some("Z".to_owned()),
        "EST" | "CDT" => -5,
        "EDT" => -4,
        "CST" | "MDT" => -6,
        "MST" | "PDT" => -7,
        "PST" => -8,
        "JST" | "KST" => 9,
        "HKT" => 8,
        "MET" | "CET" | "BST" => 1,
        "MEST" | "CEST" | "EET" => 2,
        _ => 100,
    };
    if hours < 100 {
        let sign = if hours < 0 { '-' } else { '+' };
        return Some(format!("{sign}{:02}:00", i32::abs(hours)));
    }
    let text = text.trim_start_matches("GMT").trim_start_matches("UTC");
    let sign = text.chars().next().filter(|c| matches!(c, '+' | '-'))?;
    let digits: String = text.chars().skip(1).filter(char::is_ascii_digit).collect();
    let (hours, minutes) = match digits.len() {
        1 | 2 => (digits.parse::<u8>().ok()?, 0),
        3 => (
            digits.get(..1)?.parse().ok()?,
            digits.get(1..)?.parse().ok()?,
        ),
        4 => (
            digits.get(..2)?.parse().ok()?,
            digits.get(2..)?.parse().ok()?,
        ),
        _ => return None,
    };
    (hours < 24 && minutes < 60).then(|| format!("{sign}{hours:02}:{minutes:02}"))
}

fn month_number(word: &str) -> Option<i8> {
    const MONTHS: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    let start = word.get(..3)?.to_ascii_lowercase();
    let at = MONTHS.iter().position(|month| *month == start)?;
    i8::try_from(at + 1).ok()
}

/// Seconds since 1970 as RFC 3339 in UTC.
pub(crate) fn from_unix(seconds: i64) -> Option<String> {
    let stamp = jiff::Timestamp::from_second(seconds).ok()?;
    Some(stamp.to_string())
}

/// Windows FILETIME (100 ns since 1601) as RFC 3339 in UTC; nought and "never" are no dates.
pub(crate) fn from_filetime(ticks: u64) -> Option<String> {
    let seconds = i64::try_from(ticks / 10_000_000).ok()?;
    // A year after 4500 stands for "none" (PidTag properties of Outlook).
    (ticks > 0 && seconds < 91_000_000_000).then(|| from_unix(seconds - 11_644_473_600))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_read() {
        for (raw, want) in [
            (
                "Fri, 21 Nov 1997 09:55:06 -0600",
                "1997-11-21T09:55:06-06:00",
            ),
            (
                "Thu, 13 Feb 1969 23:32:54 -0330",
                "1969-02-13T23:32:54-03:30",
            ),
            ("21 Nov 97 09:55:06 GMT", "1997-11-21T09:55:06Z"),
            (
                "Tue, 1 Jul 2003 10:52:37 +0200 (CEST)",
                "2003-07-01T10:52:37+02:00",
            ),
            ("Mon Jan 22 09:55:06 2007", "2007-01-22T09:55:06"),
            (
                "Wed, 5 Nov 2003 19:22:48 +09:00",
                "2003-11-05T19:22:48+09:00",
            ),
            ("2007-05-17 10:11:12 +0900", "2007-05-17T10:11:12+09:00"),
            ("2023-06-13", "2023-06-13"),
            ("2024-08-15T19:06:00.123Z", "2024-08-15T19:06:00Z"),
            ("12-Jan-2005 3:04 PM", "2005-01-12T15:04:00"),
            (
                "Sat, 30 Jun 2012 23:59:60 +0000",
                "2012-06-30T23:59:59+00:00",
            ),
        ] {
            assert_eq!(rfc3339(raw).as_deref(), Some(want), "{raw}");
        }
        for wrong in [
            "",
            "yesterday",
            "31 Feb 2000 10:00:00 +0000",
            "99999999999999999999",
        ] {
            assert_eq!(rfc3339(wrong), None, "{wrong}");
        }
        assert_eq!(
            from_filetime(116_444_736_000_000_000).as_deref(),
            Some("1970-01-01T00:00:00Z")
        );
        assert_eq!(from_filetime(0), None);
    }
}
