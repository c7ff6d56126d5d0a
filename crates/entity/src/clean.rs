//! Values in their canonical form.

use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::model::model;
use crate::{Kind, Property, country, identifier};

/// A text as FollowTheMoney stores it: composed (NFC), without control and invisible characters, all kinds of
/// spaces one kind, trimmed; `None` if nothing is left. Line ends and tabs stay.
#[must_use]
pub fn text(value: &str) -> Option<String> {
    let plain = |char: char| {
        !matches!(char,
            '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{61c}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    let space = |char: char| match char {
        '\u{2000}'..='\u{200a}'
        | '\u{2028}'
        | '\u{202f}'
        | '\u{205f}'
        | '\u{3000}'
        | '\u{1680}' => ' ',
        other => other,
    };
    let composed: String = if is_nfc(value) {
        value.chars().filter(|&c| plain(c)).map(space).collect()
    } else {
        value.nfc().filter(|&c| plain(c)).map(space).collect()
    };
    let trimmed = composed.trim();
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}

/// The canonical form of a value of a property; `None` if it is not of the property's type. What is canonical
/// stays as it is: `clean` of its own result gives the same.
#[must_use]
pub fn clean(property: &Property, value: &str) -> Option<String> {
    let value = text(value)?;
    let cleaned = match property.kind {
        Kind::Name => squash(unquote(&value)),
        Kind::Address => address(&value),
        Kind::Country => country(&value)?.to_owned(),
        Kind::Topic => code(Kind::Topic, &value)?,
        Kind::Language => language(&value)?,
        Kind::Gender => gender(&value)?.to_owned(),
        Kind::Date => date(&value)?,
        Kind::Identifier => match property.format.as_deref() {
            Some(format) => identifier::clean(format, &value)?,
            None => value,
        },
        Kind::Entity => reference(&value)?,
        Kind::Email => email(&value)?,
        Kind::Url => url(&value)?,
        Kind::Phone => phone(&value)?,
        Kind::Ip => value.parse::<core::net::IpAddr>().ok()?.to_string(),
        Kind::Mimetype => mimetype(&value)?,
        Kind::Checksum | Kind::Html | Kind::Json | Kind::Number | Kind::String | Kind::Text => {
            value
        }
    };
    (!cleaned.is_empty()).then_some(cleaned)
}

fn squash(value: &str) -> String {
    value.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Without quotation marks that stand around the whole.
fn unquote(value: &str) -> &str {
    let mut value = value.trim();
    for mark in ['"', '\''] {
        if value.len() > 1
            && let Some(inner) = value.strip_prefix(mark).and_then(|v| v.strip_suffix(mark))
            && !inner.contains(mark)
        {
            value = inner.trim();
        }
    }
    value
}

fn address(value: &str) -> String {
    let mut parts = Vec::new();
    for part in value.split(['\n', '\r', '\t', ';', ',']) {
        let part = squash(part);
        if !part.is_empty() {
            parts.push(part);
        }
    }
    parts.join(", ")
}

fn code(kind: Kind, value: &str) -> Option<String> {
    let code = value.trim().to_lowercase();
    model().label(kind, &code).is_some().then_some(code)
}

fn language(value: &str) -> Option<String> {
    let lower = value.trim().to_lowercase();
    let short = lower.split(['-', '_']).next().unwrap_or_default();
    let three = match short {
        "en" => "eng",
        "ko" => "kor",
        "zh" => "zho",
        "ja" => "jpn",
        "ru" => "rus",
        "fr" => "fra",
        "de" => "deu",
        "es" => "spa",
        "pt" => "por",
        "it" => "ita",
        "ar" => "ara",
        "uk" => "ukr",
        "vi" => "vie",
        "th" => "tha",
        "id" => "ind",
        "tr" => "tur",
        "fa" => "fas",
        "nl" => "nld",
        "pl" => "pol",
        other => other,
    };
    code(Kind::Language, three)
}

fn gender(value: &str) -> Option<&'static str> {
    Some(match value.trim().to_lowercase().as_str() {
        "male" | "m" | "man" | "masculin" | "männlich" | "мужской" | "男" | "남" | "남성"
        | "남자" => "male",
        "female" | "f" | "woman" | "féminin" | "weiblich" | "женский" | "女" | "여" | "여성"
        | "여자" => "female",
        "other" | "o" | "d" | "divers" => "other",
        _ => return None,
    })
}

/// An ISO 8601 prefix: year, month, day, hour, minute, second; the zone is UTC. A day that does not exist is cut
/// to its month, as the peers do, for the month is still told.
fn date(value: &str) -> Option<String> {
    let value = value.trim();
    let (day, time) = match value.split_once(['T', ' ']) {
        Some((day, time)) => (day, Some(time)),
        None => (value, None),
    };
    let number = |part: &str, longest: usize| -> Option<u32> {
        let plain = part.len() <= longest && part.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| part.parse().ok())?
    };
    let mut parts = day.split('-');
    let year = parts.next().filter(|year| year.len() == 4)?;
    let year = number(year, 4).filter(|year| *year > 0)?;
    // What is only a year or a month has no time of day.
    let short = |text: String| time.is_none().then_some(text);
    let Some(month) = parts.next() else {
        return short(format!("{year:04}"));
    };
    // 1970-1-5, as people write it; 1970-00-00, as machines do.
    let month = number(month, 2).filter(|month| *month <= 12)?;
    if month == 0 {
        return Some(format!("{year:04}"));
    }
    let Some(day) = parts.next() else {
        return short(format!("{year:04}-{month:02}"));
    };
    let day = number(day, 2)?;
    if parts.next().is_some() {
        return None;
    }
    if !(1..=days(year, month)).contains(&day) {
        return Some(format!("{year:04}-{month:02}"));
    }
    let mut out = format!("{year:04}-{month:02}-{day:02}");
    for ((part, most), mark) in time
        .into_iter()
        .flat_map(|time| time.split(':'))
        .zip([23, 59, 60])
        .zip(['T', ':', ':'])
    {
        let Some(value) = part
            .get(..2)
            .and_then(|two| number(two, 2))
            .filter(|v| *v <= most)
        else {
            break;
        };
        out.push(mark);
        out.push_str(&format!("{value:02}"));
        // A zone or a fraction behind it.
        if part.len() > 2 {
            break;
        }
    }
    Some(out)
}

const fn days(year: u32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        _ => 31,
    }
}

fn reference(value: &str) -> Option<String> {
    let inner = |b: u8| b.is_ascii_alphanumeric() || b == b'.' || b == b'-';
    let (first, last) = (value.bytes().next()?, value.bytes().next_back()?);
    let ends = first.is_ascii_alphanumeric() && last.is_ascii_alphanumeric();
    (ends && value.len() <= 200 && value.bytes().all(inner)).then(|| value.to_owned())
}

fn email(value: &str) -> Option<String> {
    let value = value.strip_prefix("mailto:").unwrap_or(value).trim();
    let (local, domain) = value.rsplit_once('@')?;
    let odd = |c: char| c.is_whitespace() || "<>()[],;:?@\"\\".contains(c);
    if local.is_empty() || local.chars().count() > 64 || local.contains(odd) {
        return None;
    }
    let domain = domain.trim_end_matches('.').to_lowercase();
    let (_, top) = domain.rsplit_once('.')?;
    let labels = domain.split('.').all(|label| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    });
    let top = top.chars().count() >= 2 && !top.bytes().all(|b| b.is_ascii_digit());
    (labels && top).then(|| format!("{local}@{domain}"))
}

fn url(value: &str) -> Option<String> {
    let value = value.trim();
    if value.contains(char::is_whitespace) {
        return None;
    }
    let (scheme, rest) = match value.split_once("://") {
        Some((scheme, rest)) => (scheme.to_lowercase(), rest),
        None => ("http".to_owned(), value.trim_start_matches('/')),
    };
    if !matches!(scheme.as_str(), "http" | "https" | "ftp") {
        return None;
    }
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    if !host.contains('.') && !host.starts_with("localhost") {
        return None;
    }
    let path = if path.is_empty() || path.starts_with('/') {
        path.to_owned()
    } else {
        format!("/{path}")
    };
    let path = if path.is_empty() {
        "/".to_owned()
    } else {
        path
    };
    Some(format!("{scheme}://{}{path}", host.to_lowercase()))
}

/// A number with its country prefix; E.164 allows 15 digits.
fn phone(value: &str) -> Option<String> {
    let value = value.strip_prefix("tel:").unwrap_or(value);
    let value = value.trim();
    let rest = value
        .strip_prefix('+')
        .or_else(|| value.strip_prefix("00"))?;
    let mut digits = String::from("+");
    for char in rest.replace("(0)", "").chars() {
        match char {
            '0'..='9' => digits.push(char),
            ' ' | '-' | '.' | '(' | ')' | '/' | '\u{a0}' => {}
            _ => return None,
        }
    }
    (8..=16).contains(&digits.len()).then_some(digits)
}

fn mimetype(value: &str) -> Option<String> {
    let bare = value.split(';').next()?.trim().to_lowercase();
    let (kind, sub) = bare.split_once('/')?;
    let token = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b))
    };
    (token(kind) && token(sub) && bare != "application/octet-stream").then_some(bare)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(schema: &str, property: &str, cases: &[(&str, Option<&str>)]) {
        let schema = model().get(schema).expect("a schema");
        let property = schema.properties.get(property).expect("a property");
        for (value, expected) in cases {
            assert_eq!(clean(property, value).as_deref(), *expected, "{value:?}");
        }
    }

    #[test]
    fn values_become_canonical() {
        check(
            "Person",
            "name",
            &[
                ("  Kim \u{200b}Chol\u{a0} Ho ", Some("Kim Chol Ho")),
                ("\"Kim Chol Ho\"", Some("Kim Chol Ho")),
                ("\u{200b}", None),
            ],
        );
        check(
            "Person",
            "birthDate",
            &[
                ("1970", Some("1970")),
                ("1970-05", Some("1970-05")),
                ("1970-02-30", Some("1970-02")),
                ("1970-1-5", Some("1970-01-05")),
                ("1970-11-5", Some("1970-11-05")),
                ("1970-1", Some("1970-01")),
                ("1970-00-00", Some("1970")),
                ("2023-06-13T14:00:00Z", Some("2023-06-13T14:00:00")),
                ("2023-13", None),
                ("13/06/2023", None),
                ("０", None),
            ],
        );
        check(
            "Person",
            "gender",
            &[("F", Some("female")), ("男", Some("male")), ("x", None)],
        );
        check(
            "Person",
            "nationality",
            &[
                ("North Korea", Some("kp")),
                ("prk", Some("kp")),
                ("nowhere", None),
            ],
        );
        check(
            "Person",
            "topics",
            &[
                ("Sanction", Some("sanction")),
                ("role.pep", Some("role.pep")),
                ("x", None),
            ],
        );
        check(
            "LegalEntity",
            "email",
            &[
                ("mailto:A@Example.ORG.", Some("A@example.org")),
                ("a@b", None),
                ("a b@c.org", None),
            ],
        );
        check(
            "LegalEntity",
            "website",
            &[
                ("example.org", Some("http://example.org/")),
                ("HTTPS://Example.org/A?b", Some("https://example.org/A?b")),
                ("javascript:alert(1)", None),
            ],
        );
        check(
            "LegalEntity",
            "phone",
            &[
                ("+82 (0)2-730-7000", Some("+8227307000")),
                ("730-7000", None),
            ],
        );
        check(
            "Vessel",
            "imoNumber",
            &[("IMO 9074729", Some("IMO9074729")), ("9074728", None)],
        );
        check(
            "Ownership",
            "owner",
            &[("NK-1.a", Some("NK-1.a")), ("-a", None), ("a b", None)],
        );
        check(
            "Thing",
            "address",
            &[("No 1\nMain St;; Dalian", Some("No 1, Main St, Dalian"))],
        );
    }

    proptest! {
        #[test]
        fn cleaning_twice_is_cleaning_once(value in ".{0,60}") {
            for schema in model().schemata.values() {
                for property in schema.properties.values().filter(|p| p.schema == schema.name) {
                    if let Some(once) = clean(property, &value) {
                        prop_assert_eq!(clean(property, &once), Some(once.clone()), "{}", property.name);
                    }
                }
            }
        }
    }
}
