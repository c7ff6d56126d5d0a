//! What a compound file says about itself (MS-OLEPS): `\5SummaryInformation`,
//! `\5DocumentSummaryInformation`, and the stream of the same form in HWP.

use casefile::{Field, Metadatum};

use super::{Compound, size_at, u16_at, u32_at};
use crate::codepage::{self, Codepage};

/// One property of a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Property {
    pub id: u32,
    /// From the dictionary of the set, for those that users name.
    pub name: Option<String>,
    /// Text as decoded; numbers in decimal; times in RFC 3339 UTC.
    pub value: String,
    /// The set that it stands in, counted from 0.
    pub set: usize,
}

const SETS: usize = 4;
const PROPERTIES: u32 = 4096;

/// All properties of a property set stream that have a simple type; broken ones are left out.
#[must_use]
pub fn properties(stream: &[u8]) -> Vec<Property> {
    let mut found = Vec::new();
    let sets = size_at(stream, 24).unwrap_or(0).min(SETS);
    for set in 0..sets {
        let Some(start) = size_at(stream, 28 + set * 20 + 16) else {
            break;
        };
        let Some(bytes) = stream.get(start..) else {
            continue;
        };
        read_set(bytes, set, &mut found);
    }
    found
}

fn read_set(bytes: &[u8], set: usize, found: &mut Vec<Property>) {
    let count = u32_at(bytes, 4).unwrap_or(0).min(PROPERTIES);
    let entries = (0..count as usize)
        .filter_map(|i| Some((u32_at(bytes, 8 + i * 8)?, size_at(bytes, 12 + i * 8)?)));
    let entries: Vec<(u32, usize)> = entries.collect();
    let offset = |id| {
        entries
            .iter()
            .find(|(other, _)| *other == id)
            .map(|(_, at)| *at)
    };
    // The code page is a signed 16-bit number: 65001 is written as -535.
    let page = offset(1)
        .and_then(|at| u16_at(bytes, at.checked_add(4)?))
        .and_then(|number| codepage::of_number(number.into()))
        .unwrap_or(codepage::WESTERN);
    let names = offset(0)
        .map(|at| dictionary(bytes, at, page))
        .unwrap_or_default();
    for (id, at) in entries {
        if id < 2 {
            continue;
        }
        if let Some(value) = value(bytes, at, page, 0)
            && !value.trim().is_empty()
        {
            let name = names
                .iter()
                .find(|(other, _)| *other == id)
                .map(|(_, name)| name.clone());
            found.push(Property {
                id,
                name,
                value,
                set,
            });
        }
    }
}

fn dictionary(bytes: &[u8], at: usize, page: Codepage) -> Vec<(u32, String)> {
    let mut names = Vec::new();
    let count = u32_at(bytes, at).unwrap_or(0).min(PROPERTIES);
    let mut at = at.saturating_add(4);
    for _ in 0..count {
        let (Some(id), Some(len)) = (u32_at(bytes, at), size_at(bytes, at.saturating_add(4)))
        else {
            break;
        };
        let len = if page == Codepage::Utf16 {
            len.saturating_mul(2)
        } else {
            len
        };
        let from = at.saturating_add(8);
        let Some(name) = bytes.get(from..from.saturating_add(len)) else {
            break;
        };
        names.push((id, page.decode(name).trim_end_matches('\0').to_owned()));
        at = from + len;
        if page == Codepage::Utf16 {
            at = at.saturating_add(3) & !3;
        }
    }
    names
}

fn value(bytes: &[u8], at: usize, page: Codepage, depth: u8) -> Option<String> {
    let kind = u32_at(bytes, at)?;
    let body = at.checked_add(4)?;
    let text = |len: usize, page: Codepage| {
        let rest = bytes.get(body.checked_add(4)?..)?;
        let raw = rest.get(..len.min(1 << 20)).unwrap_or(rest);
        // Writers that keep UTF-8 under a Western code page are common outside Windows.
        let decoded = match std::str::from_utf8(raw) {
            Ok(utf8) if page == codepage::WESTERN => utf8.to_owned(),
            _ => page.decode(raw),
        };
        Some(decoded.split('\0').next().unwrap_or("").to_owned())
    };
    match kind {
        2 => Some(u16_at(bytes, body)?.cast_signed().to_string()),
        3 | 22 => Some(u32_at(bytes, body)?.cast_signed().to_string()),
        18 => Some(u16_at(bytes, body)?.to_string()),
        19 | 23 => Some(u32_at(bytes, body)?.to_string()),
        11 => Some((u16_at(bytes, body)? != 0).to_string()),
        5 => {
            let eight = bytes.get(body..body.checked_add(8)?)?;
            Some(f64::from_le_bytes(eight.try_into().ok()?).to_string())
        }
        8 | 30 => text(size_at(bytes, body)?, page),
        31 => text(size_at(bytes, body)?.saturating_mul(2), Codepage::Utf16),
        64 => {
            let eight = bytes.get(body..body.checked_add(8)?)?;
            time(u64::from_le_bytes(eight.try_into().ok()?))
        }
        // A list that holds a single value.
        0x101e | 0x101f if depth == 0 && u32_at(bytes, body)? == 1 => {
            let len = size_at(bytes, body.checked_add(4)?)?;
            let rest = bytes.get(body.checked_add(8)?..)?;
            let wide = kind == 0x101f;
            let len = if wide { len.saturating_mul(2) } else { len };
            let raw = rest.get(..len.min(1 << 20)).unwrap_or(rest);
            let text = if wide {
                codepage::utf16(raw)
            } else {
                page.decode(raw)
            };
            Some(text.split('\0').next().unwrap_or("").to_owned())
        }
        _ => None,
    }
}

/// A `FILETIME` (100 ns since 1601) as RFC 3339 UTC. Before 1980 it is no date but nothing, or an
/// editing time.
pub(crate) fn time(filetime: u64) -> Option<String> {
    let seconds = (filetime / 10_000_000).checked_sub(11_644_473_600)?;
    if !(315_532_800..7_258_118_400).contains(&seconds) {
        return None;
    }
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    // Days to a civil date, counted from 1 March of year 0 in eras of 400 years.
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    Some(format!(
        "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"
    ))
}

/// Meaning of a property of `SummaryInformation`.
fn summary_field(id: u32) -> Option<(Field, &'static str)> {
    Some(match id {
        2 => (Field::Title, "title"),
        3 => (Field::Subject, "subject"),
        4 => (Field::Author, "author"),
        5 => (Field::Keywords, "keywords"),
        6 => (Field::Description, "comments"),
        7 => (Field::Other, "template"),
        8 => (Field::Editor, "last author"),
        9 => (Field::Other, "revision"),
        11 => (Field::Other, "last printed"),
        12 => (Field::Created, "created"),
        13 => (Field::Modified, "saved"),
        14 => (Field::Pages, "pages"),
        18 => (Field::Software, "application"),
        _ => return None,
    })
}

/// Meaning of a property of the first set of `DocumentSummaryInformation`.
fn document_field(id: u32) -> Option<&'static str> {
    Some(match id {
        2 => "category",
        3 => "presentation format",
        14 => "manager",
        15 => "company",
        26 => "content type",
        27 => "content status",
        28 => "language",
        _ => return None,
    })
}

/// What the summary streams of a compound file say.
pub fn summary_of(file: &mut Compound<'_>) -> Vec<Metadatum> {
    let mut facts = Vec::new();
    for name in ["\u{5}SummaryInformation", "\u{5}HwpSummaryInformation"] {
        let hwp = name.contains("Hwp");
        let from = if hwp {
            "HwpSummaryInformation"
        } else {
            "SummaryInformation"
        };
        for property in file
            .read(&[name])
            .map(|s| properties(&s))
            .unwrap_or_default()
        {
            let known = match property.id {
                // HWP keeps the date as its own program shows it.
                20 if hwp => Some((Field::Other, "date")),
                // Nothing but a number of sheets; Word leaves it stale, others leave it 0.
                14 if property.value.starts_with(['-', '0']) => None,
                id => summary_field(id),
            };
            if let Some((field, what)) = known {
                facts.push(Metadatum::new(
                    field,
                    property.value.trim(),
                    format!("{from} {what}"),
                ));
            }
        }
    }
    let stream = file.read(&["\u{5}DocumentSummaryInformation"]);
    for property in stream.map(|s| properties(&s)).unwrap_or_default() {
        let from = match (&property.name, document_field(property.id)) {
            (Some(name), _) if property.set > 0 => format!("custom property {name}"),
            (_, Some(what)) if property.set == 0 => format!("DocumentSummaryInformation {what}"),
            _ => continue,
        };
        facts.push(Metadatum::new(Field::Other, property.value.trim(), from));
    }
    facts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_times_become_dates() {
        assert_eq!(
            time(133_320_384_000_000_000).as_deref(),
            Some("2023-06-24T00:00:00Z")
        );
        assert_eq!(
            time(125_911_584_000_000_000).as_deref(),
            Some("2000-01-01T00:00:00Z")
        );
        assert_eq!(time(0), None);
        assert_eq!(time(u64::MAX), None);
    }
}
