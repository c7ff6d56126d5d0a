//! Times of positions and events, to the second.

use supply::Day;

use crate::day::{self, Style};

/// Seconds since 1970-01-01T00:00:00Z.
pub type Second = i64;

const DAY: i64 = 86_400;

/// Reads `2023-06-13T04:05:06Z`, `2023-06-13 04:05`, with an offset or without (then UTC), seconds or milliseconds
/// since 1970. A date alone is its first second.
#[must_use]
pub fn time(text: &str) -> Option<Second> {
    let text = text.trim();
    if text.len() >= 9 && text.bytes().all(|b| b.is_ascii_digit()) && text.len() != 14 {
        let number: i64 = text.parse().ok()?;
        return Some(if text.len() >= 13 {
            number / 1_000
        } else {
            number
        });
    }
    let cut = text.find(['T', ' ']).unwrap_or(text.len());
    let (date, rest) = text.split_at_checked(cut)?;
    let (days, unclear) = day::days(date, &Style::default()).ok()?;
    if unclear || !days.is_exact() {
        return None;
    }
    let rest = rest.trim_start_matches(['T', ' ']).trim();
    let (clock, offset) = match rest.find(['Z', '+', '-']).or_else(|| rest.find("UTC")) {
        Some(at) => rest.split_at_checked(at)?,
        None => (rest, ""),
    };
    let mut seconds = 0_i64;
    for (part, worth) in clock.trim().split(':').zip([3_600, 60, 1]) {
        let whole = part.split('.').next().unwrap_or_default();
        if !whole.is_empty() {
            seconds += whole.parse::<i64>().ok().filter(|n| (0..=60).contains(n))? * worth;
        }
    }
    Some(i64::from(days.first) * DAY + seconds - shift(offset)?)
}

/// Seconds east of Greenwich.
fn shift(offset: &str) -> Option<i64> {
    let sign = match offset.chars().next() {
        Some('+') => 1,
        Some('-') => -1,
        _ => return Some(0),
    };
    let digits: String = offset.chars().filter(char::is_ascii_digit).collect();
    let hours: i64 = digits.get(..2)?.parse().ok()?;
    let minutes: i64 = digits.get(2..4).unwrap_or("0").parse().ok()?;
    Some(sign * (hours * 3_600 + minutes * 60))
}

/// The day, in UTC, of a second.
#[must_use]
pub fn day_of(second: Second) -> Day {
    i32::try_from(second.div_euclid(DAY)).unwrap_or(i32::MAX)
}

/// `2023-06-13T04:05:06Z`.
#[must_use]
pub fn written(second: Second) -> String {
    let rest = second.rem_euclid(DAY);
    format!(
        "{}T{:02}:{:02}:{:02}Z",
        supply::iso(day_of(second)),
        rest / 3_600,
        rest % 3_600 / 60,
        rest % 60
    )
}

/// [`written`], for serde.
///
/// # Errors
/// Those of the serializer.
pub fn shown<S: serde::Serializer>(second: &Second, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(&written(*second))
}
