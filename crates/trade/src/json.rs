//! Records in JSON, each with the span it stands in.

use casefile::Span;
use serde_json::Value;

use crate::table::Place;

/// One record of a list.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    pub(crate) place: Place,
    pub(crate) value: Value,
}

/// What could not be read: its number, and why.
pub(crate) type Unread = Vec<(u32, String)>;

/// The objects of a list: the one under the first of `keys` that the text has, else the outermost array, else the
/// objects of JSON lines, else the one object. What cannot be read is told with its number.
///
/// # Errors
/// The text is no JSON at all: where it fails.
pub(crate) fn records(text: &str, keys: &[&str]) -> Result<(Vec<Record>, Unread), String> {
    let start = keys
        .iter()
        .find_map(|key| list_under(text, key))
        .or_else(|| {
            let at = text.find(|c: char| !c.is_whitespace() && c != '\u{feff}')?;
            text.get(at..)?.starts_with('[').then_some(at + 1)
        });
    let ranges = elements(text, start.unwrap_or(0));
    let mut out = Vec::new();
    let mut unread = Vec::new();
    let (mut chars, mut bytes) = (0_u32, 0_usize);
    let count = |text: &str| u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
    for (number, (from, to)) in (1_u32..).zip(&ranges) {
        let before = text.get(bytes..*from).unwrap_or_default();
        let object = text.get(*from..*to).unwrap_or_default();
        let first = chars.saturating_add(count(before));
        let last = first.saturating_add(count(object));
        (chars, bytes) = (last, *to);
        match serde_json::from_str(object) {
            Ok(value) => out.push(Record {
                place: Place {
                    row: number,
                    span: Span::new(first, last),
                },
                value,
            }),
            Err(error) => unread.push((number, error.to_string())),
        }
    }
    if out.is_empty() {
        return Err(match unread.first() {
            Some((number, error)) => format!("record {number}: {error}"),
            None => "there is no object in it".to_owned(),
        });
    }
    Ok((out, unread))
}

/// Where the list under a key begins, after its bracket.
fn list_under(text: &str, key: &str) -> Option<usize> {
    let quoted = format!("\"{key}\"");
    text.match_indices(&quoted).find_map(|(at, _)| {
        let after = at + quoted.len();
        let rest = text.get(after..)?;
        let colon = rest.trim_start().strip_prefix(':')?;
        let list = colon.trim_start().strip_prefix('[')?;
        Some(text.len() - list.len())
    })
}

/// Byte ranges of the objects of a list from `start` on, up to the bracket that ends it.
fn elements(text: &str, start: usize) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let (mut depth, mut begun) = (0_usize, start);
    let (mut quoted, mut escaped) = (false, false);
    for (at, byte) in text.bytes().enumerate().skip(start) {
        if quoted {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => quoted = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => quoted = true,
            b'{' | b'[' => {
                if depth == 0 {
                    begun = at;
                }
                depth += 1;
            }
            b'}' | b']' => {
                let Some(less) = depth.checked_sub(1) else {
                    break;
                };
                depth = less;
                if depth == 0 && byte == b'}' {
                    out.push((begun, at + 1));
                }
            }
            _ => {}
        }
    }
    out
}

/// The text under a path of keys; numbers as they are written.
#[must_use]
pub(crate) fn text(value: &Value, path: &[&str]) -> Option<String> {
    let found = path.iter().try_fold(value, |value, key| value.get(key))?;
    match found {
        Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A number under a path, also one in quotes.
#[must_use]
pub(crate) fn number(value: &Value, path: &[&str]) -> Option<f64> {
    text(value, path)?
        .parse()
        .ok()
        .filter(|n: &f64| n.is_finite())
}

/// The list under a key; one object alone is a list of one.
#[must_use]
pub(crate) fn list<'a>(value: &'a Value, key: &str) -> Vec<&'a Value> {
    match value.get(key) {
        Some(Value::Array(items)) => items.iter().collect(),
        Some(Value::Null) | None => Vec::new(),
        Some(one) => vec![one],
    }
}

/// The first value whose key, without its prefix (`cbvmda:`, a namespace), is `name`, at any depth.
#[must_use]
pub(crate) fn deep<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    match value {
        Value::Object(map) => map
            .iter()
            .find(|(key, _)| key.rsplit([':', '#', '/']).next() == Some(name))
            .map(|(_, value)| value)
            .or_else(|| map.values().find_map(|value| deep(value, name))),
        Value::Array(items) => items.iter().find_map(|value| deep(value, name)),
        _ => None,
    }
}

/// [`deep`], as text.
#[must_use]
pub(crate) fn deep_text(value: &Value, name: &str) -> Option<String> {
    deep(value, name).and_then(|value| text(value, &[]))
}
