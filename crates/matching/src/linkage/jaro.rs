//! The likeness of two words by Jaro (1989) and Winkler (1990), sixteen letters at a time.
//!
//! A letter of one word meets the same letter of the other if it stands not further away than half the longer word.
//! For words of up to sixteen bytes, all places of a letter are found with a few operations on one wide number, of
//! which each byte is a place.

/// 0x01 in each byte.
const ONES: u128 = 0x0101_0101_0101_0101_0101_0101_0101_0101;
/// The highest bit of each byte.
const HIGH: u128 = ONES << 7;

/// Jaro-Winkler likeness, 0 to 1: [`jaro`] plus a tenth of what is missing to 1 for each of the first four letters
/// that agree.
#[must_use]
pub fn jaro_winkler(left: &str, right: &str) -> f32 {
    let likeness = jaro(left, right);
    let common = left
        .chars()
        .zip(right.chars())
        .take(4)
        .take_while(|(a, b)| a == b)
        .count();
    #[expect(clippy::cast_precision_loss, reason = "at most 4")]
    let common = common as f32;
    likeness + common * 0.1 * (1.0 - likeness)
}

/// Jaro likeness, 0 to 1, by Unicode scalar values. Of words longer than 256 only so many are looked at.
#[must_use]
pub fn jaro(left: &str, right: &str) -> f32 {
    let (a, b) = (left.as_bytes(), right.as_bytes());
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    if a.len() <= 16 && b.len() <= 16 && left.is_ascii() && right.is_ascii() {
        return short(a, b);
    }
    let mut letters = [['\0'; 256]; 2];
    let [first, second] = &mut letters;
    let count = |into: &mut [char; 256], text: &str| {
        into.iter_mut()
            .zip(text.chars())
            .map(|(to, c)| *to = c)
            .count()
    };
    let (m, n) = (count(first, left), count(second, right));
    long(
        first.get(..m).unwrap_or_default(),
        second.get(..n).unwrap_or_default(),
    )
}

/// The bytes of a word, the first lowest.
fn packed(word: &[u8]) -> u128 {
    let mut bytes = [0u8; 16];
    for (to, from) in bytes.iter_mut().zip(word) {
        *to = *from;
    }
    u128::from_le_bytes(bytes)
}

/// The highest bits of the bytes before place `end`.
const fn before(end: usize) -> u128 {
    if end >= 16 {
        HIGH
    } else {
        HIGH & ((1 << (8 * end)) - 1)
    }
}

fn short(a: &[u8], b: &[u8]) -> f32 {
    let word = packed(b);
    let reach = (a.len().max(b.len()) / 2).saturating_sub(1);
    let mut free = before(b.len());
    let mut met = [0u8; 16];
    let mut common = 0;
    for (at, &letter) in a.iter().enumerate() {
        let window = before(at + reach + 1) & !before(at.saturating_sub(reach));
        // Letters are below 0x80, so a byte is the same where the sum does not reach the highest bit.
        let other = word ^ (ONES * u128::from(letter));
        let same = !(other + (HIGH - ONES)) & free & window;
        if same != 0 {
            free &= !(same & same.wrapping_neg());
            if let Some(place) = met.get_mut(common) {
                *place = letter;
            }
            common += 1;
        }
    }
    let mut taken = before(b.len()) & !free;
    let mut moved = 0;
    for letter in met.iter().take(common) {
        let at = (taken.trailing_zeros() / 8) as usize;
        moved += usize::from(b.get(at) != Some(letter));
        taken &= taken.wrapping_sub(1);
    }
    share(a.len(), b.len(), common, moved)
}

fn long(a: &[char], b: &[char]) -> f32 {
    let reach = (a.len().max(b.len()) / 2).saturating_sub(1);
    let mut taken = [false; 256];
    let mut met = ['\0'; 256];
    let mut common = 0;
    for (at, letter) in a.iter().enumerate() {
        let start = at.saturating_sub(reach);
        let candidates = b
            .iter()
            .zip(&mut taken)
            .skip(start)
            .take(at + reach + 1 - start);
        for (other, taken) in candidates {
            if !*taken && other == letter {
                *taken = true;
                if let Some(place) = met.get_mut(common) {
                    *place = *letter;
                }
                common += 1;
                break;
            }
        }
    }
    let others = b
        .iter()
        .zip(&taken)
        .filter(|(_, taken)| **taken)
        .map(|(letter, _)| letter);
    let moved = met
        .iter()
        .take(common)
        .zip(others)
        .filter(|(x, y)| x != y)
        .count();
    share(a.len(), b.len(), common, moved)
}

#[expect(clippy::cast_precision_loss, reason = "at most 256")]
fn share(m: usize, n: usize, common: usize, moved: usize) -> f32 {
    if common == 0 {
        return 0.0;
    }
    let (m, n, common) = (m as f32, n as f32, common as f32);
    let still = common - (moved / 2) as f32;
    (common / m + common / n + still / common) / 3.0
}

/// Whether two words differ by one slip: a letter wrong, missing, too many, or two neighbours changed round.
pub(super) fn one_slip(left: &str, right: &str) -> bool {
    let start = left
        .bytes()
        .zip(right.bytes())
        .take_while(|(a, b)| a == b)
        .count();
    let (a, b) = (left.as_bytes(), right.as_bytes());
    let (Some(a), Some(b)) = (a.get(start..), b.get(start..)) else {
        return false;
    };
    let end = a
        .iter()
        .rev()
        .zip(b.iter().rev())
        .take_while(|(x, y)| x == y)
        .count();
    let (a, b) = (&a[..a.len() - end], &b[..b.len() - end]);
    match (a, b) {
        ([x, y], [z, w]) => x == w && y == z,
        _ => a.len() <= 1 && b.len() <= 1 && a.len() + b.len() > 0,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// By hand, and from the tables of Winkler (1994).
    #[test]
    fn known_likenesses() {
        for (left, right, plain, with_start) in [
            ("martha", "marhta", 0.944, 0.961),
            ("dixon", "dicksonx", 0.767, 0.813),
            ("dwayne", "duane", 0.822, 0.840),
            ("jones", "johnson", 0.790, 0.832),
            ("massey", "massie", 0.889, 0.933),
            ("abroms", "abrams", 0.889, 0.922),
            ("hardin", "martinez", 0.722, 0.722),
            ("", "a", 0.0, 0.0),
            ("same", "same", 1.0, 1.0),
            ("김철호", "김철수", 0.778, 0.822),
            (
                "a rather long name of many words",
                "a rather long nmae of many words",
                0.990,
                0.994,
            ),
        ] {
            assert!(
                (jaro(left, right) - plain).abs() < 0.001,
                "{left} {right} {}",
                jaro(left, right)
            );
            let found = jaro_winkler(left, right);
            assert!((found - with_start).abs() < 0.001, "{left} {right} {found}");
        }
    }

    #[test]
    fn slips() {
        for (left, right, one) in [
            ("1234567", "1234568", true),
            ("1234567", "123456", true),
            ("1234567", "1243567", true),
            ("1234567", "12334567", true),
            ("1234567", "1234567", false),
            ("1234567", "2134576", false),
            ("1234567", "1234", false),
        ] {
            assert_eq!(one_slip(left, right), one, "{left} {right}");
            assert_eq!(one_slip(right, left), one, "{right} {left}");
        }
    }

    proptest! {
        #[test]
        fn both_ways_of_counting_agree(left in "[a-d ]{1,16}", right in "[a-d ]{1,16}") {
            let (a, b): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
            prop_assert!((short(left.as_bytes(), right.as_bytes()) - long(&a, &b)).abs() < 1e-6);
        }

        #[test]
        fn any_text_has_a_likeness(left in "\\PC{0,300}", right in "\\PC{0,300}") {
            let found = jaro_winkler(&left, &right);
            prop_assert!((0.0..=1.0001).contains(&found));
            if !left.is_empty() {
                prop_assert!((jaro(&left, &left) - 1.0).abs() < 1e-6);
            }
        }
    }
}
