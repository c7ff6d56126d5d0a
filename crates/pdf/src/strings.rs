//! Text strings and dates of the document's own dictionaries.

/// Decodes a text string (ISO 32000-2, 7.9.2.2): UTF-16 or UTF-8 with its mark, else
/// PDFDocEncoding. Producers also write bare UTF-8, UTF-16 without its mark and local charsets; the
/// first two can be told.
pub(crate) fn text(bytes: &[u8]) -> String {
    let decoded = match bytes {
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        [0, high, 0, ..] if *high >= 0x20 && bytes.len().is_multiple_of(2) => {
            utf16(bytes, u16::from_be_bytes)
        }
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => bytes.iter().map(|&byte| pdf_doc(byte)).collect(),
        },
    };
    strip_language(&decoded)
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).map(|pair| match pair {
        [a, b] => unit([*a, *b]),
        _ => 0,
    });
    char::decode_utf16(units)
        .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

/// Language marks inside a string (`ESC en US ESC`) are not text.
fn strip_language(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut inside = false;
    for character in text.chars() {
        match character {
            '\u{1b}' => inside = !inside,
            '\0' => {}
            other if !inside => out.push(other),
            _ => {}
        }
    }
    out
}

/// PDFDocEncoding (ISO 32000-2, annex D.3).
fn pdf_doc(byte: u8) -> char {
    const LOW: [char; 8] = ['˘', 'ˇ', 'ˆ', '˙', '˝', '˛', '˚', '˜'];
    const HIGH: [char; 32] = [
        '•', '†', '‡', '…', '—', '–', 'ƒ', '⁄', '‹', '›', '−', '‰', '„', '“', '”', '‘', '’', '‚',
        '™', 'ﬁ', 'ﬂ', 'Ł', 'Œ', 'Š', 'Ÿ', 'Ž', 'ı', 'ł', 'œ', 'š', 'ž', '\u{fffd}',
    ];
    match byte {
        0x18..=0x1f => LOW.get(usize::from(byte) - 0x18).copied().unwrap_or(' '),
        0x80..=0x9f => HIGH.get(usize::from(byte) - 0x80).copied().unwrap_or(' '),
        0xa0 => '€',
        other => other as char,
    }
}

/// A date as PDF writes it, `D:YYYYMMDDHHmmSSOHH'mm'` and its many variants, as RFC 3339, or
/// shorter where it says less, or without offset where it has none. `None` if it is none of these.
pub(crate) fn date(text: &str) -> Option<String> {
    let text = text
        .trim()
        .trim_start_matches("D:")
        .trim_start_matches("d:")
        .trim();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (head, zone) = (text.get(..digits)?, text.get(digits..)?.trim());
    // Years of two digits were written around 2000 as "191xx" (19100 for 2000).
    let (year, rest) = match head.get(..3) {
        Some("191") if head.len() == 15 => {
            let past = head.get(2..5)?.parse::<u32>().ok()?;
            (1900 + past, head.get(5..)?)
        }
        _ => (head.get(..4)?.parse::<u32>().ok()?, head.get(4..)?),
    };
    if !(1500..=9999).contains(&year) {
        return None;
    }
    let part = |at: usize, low: u32, high: u32| -> Option<u32> {
        let value = rest.get(at..at + 2)?.parse::<u32>().ok()?;
        (low..=high).contains(&value).then_some(value)
    };
    let Some(month) = part(0, 1, 12) else {
        return rest.is_empty().then(|| format!("{year:04}"));
    };
    let Some(day) = part(2, 1, 31) else {
        return (rest.len() == 2).then(|| format!("{year:04}-{month:02}"));
    };
    let Some(hour) = part(4, 0, 23) else {
        return Some(format!("{year:04}-{month:02}-{day:02}"));
    };
    let (minute, second) = (part(6, 0, 59).unwrap_or(0), part(8, 0, 59).unwrap_or(0));
    let mut date = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
    date.push_str(&offset(zone).unwrap_or_default());
    Some(date)
}

fn offset(zone: &str) -> Option<String> {
    let sign = zone.chars().next()?;
    match sign {
        'Z' | 'z' => Some("Z".to_owned()),
        '+' | '-' => {
            let digits: String = zone.chars().filter(char::is_ascii_digit).collect();
            let hours = digits.get(..2)?.parse::<u32>().ok()?;
            let minutes = digits
                .get(2..4)
                .and_then(|m| m.parse::<u32>().ok())
                .unwrap_or(0);
            (hours <= 23 && minutes <= 59).then(|| format!("{sign}{hours:02}:{minutes:02}"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_all_kinds_are_understood() {
        for (written, meant) in [
            ("D:20230613142500+09'00'", Some("2023-06-13T14:25:00+09:00")),
            ("D:20230613142500+09'00", Some("2023-06-13T14:25:00+09:00")),
            ("D:20230613142500Z00'00'", Some("2023-06-13T14:25:00Z")),
            ("D:20230613142500Z", Some("2023-06-13T14:25:00Z")),
            ("20230613142500-0430", Some("2023-06-13T14:25:00-04:30")),
            ("D:20230613142500", Some("2023-06-13T14:25:00")),
            ("D:202306131425", Some("2023-06-13T14:25:00")),
            ("D:20230613", Some("2023-06-13")),
            ("D:202306", Some("2023-06")),
            ("D:2023", Some("2023")),
            ("D:191010613142500", Some("2001-06-13T14:25:00")),
            ("Tue Jun 13 2023", None),
            ("D:20231313", None),
            ("", None),
            ("D:", None),
            ("D:2023é", Some("2023")),
        ] {
            assert_eq!(date(written).as_deref(), meant, "{written}");
        }
    }

    #[test]
    fn strings_of_all_kinds_are_understood() {
        assert_eq!(text(b"\xfe\xff\xd0\xc8\xbd\x81"), "탈북");
        assert_eq!(text(b"\xff\xfe\xc8\xd0\x81\xbd"), "탈북");
        assert_eq!(text(b"\xef\xbb\xbf\xed\x83\x88"), "탈");
        assert_eq!(text("탈북".as_bytes()), "탈북");
        assert_eq!(text(b"caf\xe9 \x93a\x8d \x80"), "café ﬁa“ •");
        assert_eq!(text(b"\xfe\xff\0\x1b\0e\0n\0\x1b\0a"), "a");
        assert_eq!(text(b"\0H\0i"), "Hi");
        assert_eq!(text(b"\xfe\xff\xd8"), "");
    }
}
