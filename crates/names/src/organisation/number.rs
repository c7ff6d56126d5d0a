//! Numbers in names, however written: `24th`, `XXIV`, `forty-four`, `第一`, `제1`.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

const ONES: &[(&str, u64)] = &[
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
    ("thirteen", 13),
    ("fourteen", 14),
    ("fifteen", 15),
    ("sixteen", 16),
    ("seventeen", 17),
    ("eighteen", 18),
    ("nineteen", 19),
    ("second", 2),
    ("third", 3),
    ("fourth", 4),
    ("fifth", 5),
    ("sixth", 6),
    ("seventh", 7),
    ("eighth", 8),
    ("ninth", 9),
    ("tenth", 10),
    ("eleventh", 11),
    ("twelfth", 12),
    ("first", 1),
    ("erste", 1),
    ("zweite", 2),
    ("dritte", 3),
    ("primera", 1),
    ("primero", 1),
    ("segunda", 2),
    ("premier", 1),
    ("premiere", 1),
    ("deuxieme", 2),
    ("первый", 1),
    ("второй", 2),
    ("третий", 3),
];
const TENS: &[(&str, u64)] = &[
    ("twenty", 20),
    ("thirty", 30),
    ("forty", 40),
    ("fourty", 40),
    ("fifty", 50),
    ("sixty", 60),
    ("seventy", 70),
    ("eighty", 80),
    ("ninety", 90),
];

/// The value of a word of digits, with or without the ending of an ordinal: `24`, `24th`, `1er`.
pub(crate) fn digits(word: &str) -> Option<u64> {
    let end = word
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(word.len());
    let (number, rest) = word.split_at_checked(end)?;
    matches!(
        rest,
        "" | "st" | "nd" | "rd" | "th" | "er" | "eme" | "го" | "й" | "я"
    )
    .then(|| number.parse().ok())
    .flatten()
}

/// The value of an English or Russian number word; `next` may belong to it, then the second is true.
pub(crate) fn written(word: &str, next: Option<&str>) -> Option<(u64, bool)> {
    static WORDS: LazyLock<FxHashMap<&str, (u64, bool)>> = LazyLock::new(|| {
        let tens = TENS.iter().map(|(name, value)| (*name, (*value, true)));
        let ones = ONES.iter().map(|(name, value)| (*name, (*value, false)));
        tens.chain(ones).collect()
    });
    let (value, tens) = *WORDS.get(word)?;
    if !tens {
        return Some((value, false));
    }
    let digit = |next: &str| digits(next).map(|value| (value, false));
    let one = next.and_then(|next| WORDS.get(next).copied().or_else(|| digit(next)));
    match one.filter(|&(one, tens)| !tens && (1..10).contains(&one)) {
        Some((one, _)) => Some((value.saturating_add(one), true)),
        None => Some((value, false)),
    }
}

/// The value of a Roman numeral in capitals, 1 to 89; other words (`MIX`, `CIVIL`, `DC`) are none.
pub(crate) fn roman(word: &str) -> Option<u64> {
    if word.is_empty()
        || word.len() > 8
        || !word.bytes().all(|b| matches!(b, b'I' | b'V' | b'X' | b'L'))
    {
        return None;
    }
    let value = |b: u8| match b {
        b'I' => 1_u64,
        b'V' => 5,
        b'X' => 10,
        _ => 50,
    };
    let mut sum = 0_u64;
    let bytes = word.as_bytes();
    for (at, &b) in bytes.iter().enumerate() {
        let this = value(b);
        if bytes
            .get(at.saturating_add(1))
            .is_some_and(|&next| value(next) > this)
        {
            sum = sum.saturating_sub(this);
        } else {
            sum = sum.saturating_add(this);
        }
    }
    (to_roman(sum) == word).then_some(sum)
}

fn to_roman(mut value: u64) -> String {
    let mut out = String::new();
    for (step, text) in [
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ] {
        while value >= step {
            out.push_str(text);
            value = value.saturating_sub(step);
        }
    }
    out
}

/// The value of a number in Han digits: `一`, `十二`, `二十四`.
pub(crate) fn han(text: &str) -> Option<u64> {
    let mut sum = 0_u64;
    let mut pending = None;
    for c in text.chars() {
        if c == '十' {
            sum = sum.saturating_add(pending.take().unwrap_or(1_u64).saturating_mul(10));
        } else {
            let digit = "〇一二三四五六七八九"
                .chars()
                .position(|d| d == c)
                .or(if c == '零' { Some(0) } else { None })?;
            pending = Some(
                pending
                    .unwrap_or(0)
                    .saturating_mul(10)
                    .saturating_add(u64::try_from(digit).ok()?),
            );
        }
    }
    if text.is_empty() {
        return None;
    }
    Some(sum.saturating_add(pending.unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values() {
        assert_eq!(digits("24th"), Some(24));
        assert_eq!(digits("3m"), None);
        assert_eq!(digits("99999999999999999999999"), None);
        assert_eq!(written("forty", Some("four")), Some((44, true)));
        assert_eq!(written("forty", Some("4")), Some((44, true)));
        assert_eq!(written("forty", Some("44")), Some((40, false)));
        assert_eq!(written("twenty", Some("ten")), Some((20, false)));
        assert_eq!(roman("XXIV"), Some(24));
        assert_eq!(roman("VV"), None);
        assert_eq!(roman("LILI"), None);
        assert_eq!(han("二十四"), Some(24));
        assert_eq!(han("一"), Some(1));
        assert_eq!(han("渔"), None);
    }
}
