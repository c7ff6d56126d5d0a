//! Dates as web pages write them, to RFC 3339.

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// RFC 3339, or shorter where the page says less (`2023-06-13`, `2023-06-13T10:00:00`); `None` if
/// the form is not understood. Numbers only (`06/07/2023`) are not guessed at.
pub(crate) fn rfc3339(text: &str) -> Option<String> {
    let text = text.trim();
    if text.len() > 80 || !text.is_ascii() {
        return None;
    }
    iso(text).or_else(|| words(text))
}

fn iso(text: &str) -> Option<String> {
    let digits = |from: usize, to: usize| -> Option<u32> {
        let part = text.get(from..to)?;
        part.bytes()
            .all(|b| b.is_ascii_digit())
            .then(|| part.parse().ok())?
    };
    let year = digits(0, 4)?;
    if text.len() == 4 {
        return (1000..3000).contains(&year).then(|| text.to_owned());
    }
    if text.len() == 8
        && let (Some(month), Some(day)) = (digits(4, 6), digits(6, 8))
    {
        return date(year, month, day);
    }
    let separator = text.as_bytes().get(4).copied()?;
    if !matches!(separator, b'-' | b'/' | b'.') {
        return None;
    }
    let month = digits(5, 7)?;
    if text.len() == 7 {
        return (separator == b'-' && (1..=12).contains(&month)).then(|| text.to_owned());
    }
    if text.as_bytes().get(7) != Some(&separator) {
        return None;
    }
    let day = date(year, month, digits(8, 10)?)?;
    let rest = text
        .get(10..)?
        .trim_start_matches(['T', 't', ' ', ','])
        .trim();
    if rest.is_empty() {
        return Some(day);
    }
    clock(&day, rest)
}

/// `10:30`, `10:30:05.123+02:00`, `10:30Z`, `10:30 GMT`, `3:05 PM`.
fn clock(day: &str, text: &str) -> Option<String> {
    let length = text.bytes().take(2).take_while(u8::is_ascii_digit).count();
    let (hour, mut tail) = text.split_at_checked(length)?;
    let mut hour: u32 = hour.parse().ok()?;
    // Minutes, then seconds.
    let mut numbers = [None; 2];
    for number in &mut numbers {
        if let Some(after) = tail.strip_prefix(':') {
            *number = Some(after.get(..2)?.parse::<u32>().ok()?);
            tail = after.get(2..)?;
        }
    }
    let [Some(minute), second] = numbers else {
        return None;
    };
    let second = second.unwrap_or(0);
    if let Some(after) = tail.strip_prefix(['.', ',']) {
        tail = after.trim_start_matches(|c: char| c.is_ascii_digit());
    }
    let mut zone = tail.trim().to_ascii_uppercase();
    for (mark, later) in [("AM", false), ("PM", true)] {
        if let Some(after) = zone.strip_prefix(mark) {
            hour = hour % 12 + if later { 12 } else { 0 };
            zone = after.trim().to_owned();
            break;
        }
    }
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let offset = match zone.as_str() {
        "" => String::new(),
        "Z" | "GMT" | "UTC" | "UT" | "+0000" | "-0000" => "Z".to_owned(),
        "EST" => "-05:00".to_owned(),
        "EDT" => "-04:00".to_owned(),
        "PST" => "-08:00".to_owned(),
        "PDT" => "-07:00".to_owned(),
        "KST" | "JST" => "+09:00".to_owned(),
        "BST" => "+01:00".to_owned(),
        "CET" => "+01:00".to_owned(),
        "CEST" => "+02:00".to_owned(),
        other => {
            let sign = other.get(..1).filter(|sign| matches!(*sign, "+" | "-"))?;
            let digits: String = other.get(1..)?.chars().filter(|&c| c != ':').collect();
            let (hours, minutes) = match digits.len() {
                2 => (digits.as_str(), "00"),
                4 => digits.split_at_checked(2)?,
                _ => return None,
            };
            let valid = hours.parse::<u32>().ok()? <= 14 && minutes.parse::<u32>().ok()? < 60;
            valid.then(|| format!("{sign}{hours}:{minutes}"))?
        }
    };
    Some(format!("{day}T{hour:02}:{minute:02}:{second:02}{offset}"))
}

/// `June 13, 2023`, `13 Jun 2023 10:00 GMT`, `Tue, 13 Jun 2023 10:00:00 +0900`.
fn words(text: &str) -> Option<String> {
    let mut parts = text
        .split([' ', ','])
        .filter(|part| !part.is_empty())
        .peekable();
    let month_of = |word: &str| {
        let start = word.get(..3)?.to_ascii_lowercase();
        let found = MONTHS.iter().position(|&month| month == start)?;
        u32::try_from(found + 1).ok()
    };
    let (mut day, mut month, mut year) = (None, None, None);
    while let Some(&part) = parts.peek() {
        if part.contains(':') {
            break;
        }
        let bare = part.trim_end_matches(['.', 't', 'h', 's', 'n', 'd', 'r']);
        if let Ok(number) = bare.parse::<u32>() {
            match (day, year) {
                (None, _) if (1..=31).contains(&number) => day = Some(number),
                (_, None) if (1000..3000).contains(&number) => year = Some(number),
                _ => return None,
            }
        } else if let Some(found) = month_of(part) {
            if month.is_some() {
                return None;
            }
            month = Some(found);
        } else if !["mon", "tue", "wed", "thu", "fri", "sat", "sun", "at"]
            .iter()
            .any(|known| part.to_ascii_lowercase().starts_with(known))
        {
            return None;
        }
        parts.next();
        if day.is_some() && month.is_some() && year.is_some() {
            break;
        }
    }
    let found = date(year?, month?, day?)?;
    let rest: Vec<&str> = parts.filter(|part| *part != "at" && *part != "-").collect();
    if rest.is_empty() {
        return Some(found);
    }
    clock(&found, &rest.join(" "))
}

fn date(year: u32, month: u32, day: u32) -> Option<String> {
    let known = casefile::ApproxDate::new(
        i16::try_from(year).ok()?,
        Some(u8::try_from(month).ok()?),
        Some(u8::try_from(day).ok()?),
    )?;
    Some(known.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_web_pages_are_understood() {
        for (text, expected) in [
            ("2023-06-13", Some("2023-06-13")),
            ("20230613", Some("2023-06-13")),
            ("2023/06/13", Some("2023-06-13")),
            ("2023-06", Some("2023-06")),
            ("2023", Some("2023")),
            (
                "2023-06-13T10:00:05+0200",
                Some("2023-06-13T10:00:05+02:00"),
            ),
            ("2023-06-13T10:00:05.123Z", Some("2023-06-13T10:00:05Z")),
            ("2023-06-13 10:00", Some("2023-06-13T10:00:00")),
            ("2023-06-13T10:00+09:00", Some("2023-06-13T10:00:00+09:00")),
            ("June 13, 2023", Some("2023-06-13")),
            ("13 Jun 2023 10:05 GMT", Some("2023-06-13T10:05:00Z")),
            (
                "Tue, 13 Jun 2023 10:00:00 +0900",
                Some("2023-06-13T10:00:00+09:00"),
            ),
            ("June 3rd, 2023 at 3:05 PM", Some("2023-06-03T15:05:00")),
            ("2023-02-30", None),
            ("06/07/2023", None),
            ("yesterday", None),
            ("", None),
            ("2023-06-13T99:00", None),
        ] {
            assert_eq!(rfc3339(text).as_deref(), expected, "{text}");
        }
    }
}
