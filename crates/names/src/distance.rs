//! How far two spellings of a word are apart: an edit distance whose steps cost what the slips of writers,
//! typists and traditions of spelling cost, in tenths of a wrong letter.

/// Letters of a word that are looked at: a longer one is cut, which caps the time.
pub const MAX_LETTERS: usize = 48;

/// A wrong letter.
pub const LETTER: u16 = 10;

/// What more than any allowed distance is told as.
pub const FAR: u16 = u16::MAX;

/// A word made ready to be compared often.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Word {
    letters: Vec<char>,
    /// One bit for each letter of the alphabet that occurs, others by their code modulo 32.
    seen: u32,
}

impl Word {
    /// Takes a word as [`crate::fold::plain`] or [`crate::fold::latin`] gave it.
    #[must_use]
    pub fn new(word: &str) -> Self {
        let letters: Vec<char> = word.chars().take(MAX_LETTERS).collect();
        let seen = letters
            .iter()
            .fold(0, |seen, &c| seen | 1_u32.wrapping_shl(c as u32 & 31));
        Self { letters, seen }
    }

    /// How many letters it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.letters.len()
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.letters.is_empty()
    }

    /// Its letters.
    #[must_use]
    pub fn letters(&self) -> &[char] {
        &self.letters
    }
}

/// What it costs to read one letter as another, in tenths.
fn substitution(a: char, b: char) -> u16 {
    if a == b {
        return 0;
    }
    let (a, b) = if a < b { (a, b) } else { (b, a) };
    match (a, b) {
        ('i' | 'j', 'j' | 'y') | ('v', 'w') | ('c' | 'k', 'k' | 'q') => 3,
        ('s', 'z') | ('c', 's') => 4,
        ('f', 'v')
        | ('g', 'k')
        | ('d', 't')
        | ('b', 'p')
        | ('g', 'j')
        | ('u', 'w')
        | ('u', 'v')
        | ('b', 'v') => 6,
        ('e', 'i') | ('a', 'e') | ('o', 'u') | ('a', 'o') => 6,
        _ if is_vowel(a) && is_vowel(b) => 7,
        // 0 and o, 1 and l or i are misread by machines as well.
        ('0', 'o') | ('1', 'i' | 'l') => 4,
        _ if a.is_ascii_digit() || b.is_ascii_digit() => 30,
        _ => LETTER,
    }
}

/// What it costs that a letter is there in one and not in the other. `before` and `after` are its
/// neighbours in the word that has it.
fn insertion(letter: char, before: Option<char>, after: Option<char>) -> u16 {
    if before == Some(letter) {
        return if letter.is_ascii_digit() { 20 } else { 3 };
    }
    match letter {
        '\'' | '-' | '.' => 2,
        'h' if before.is_some() => 5,
        'e' | 'y' | 'i' | 'u' if before.is_some_and(is_vowel) || after.is_some_and(is_vowel) => 6,
        _ if letter.is_ascii_digit() => 20,
        _ if is_vowel(letter) && before.is_some() => 9,
        _ => LETTER,
    }
}

fn is_vowel(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
}

/// The distance of two words in tenths of a wrong letter; [`FAR`] when it is more than `most`. It is the
/// same both ways. Time grows with the product of the lengths, which [`MAX_LETTERS`] caps.
#[must_use]
pub fn distance(left: &Word, right: &Word, most: u16) -> u16 {
    if left.letters == right.letters {
        return 0;
    }
    // A letter that the other word does not have costs at least 3 (the cheapest step there is, 2 for marks).
    let apart = (left.seen & !right.seen)
        .count_ones()
        .max((right.seen & !left.seen).count_ones());
    if apart.saturating_mul(2) > u32::from(most)
        || (left.len().abs_diff(right.len())).saturating_mul(2) > usize::from(most)
    {
        return FAR;
    }
    let mut rows = [[0_u16; MAX_LETTERS + 1]; 3];
    let (a, b) = (&left.letters, &right.letters);
    let gap = |word: &[char], at: usize| {
        let before = at.checked_sub(1).and_then(|i| word.get(i)).copied();
        word.get(at).map_or(LETTER, |&c| {
            insertion(c, before, word.get(at.saturating_add(1)).copied())
        })
    };
    let mut gaps = [0_u16; MAX_LETTERS];
    for (j, cost) in gaps.iter_mut().enumerate().take(b.len()) {
        *cost = gap(b, j);
    }
    let [older, old, new] = &mut rows;
    let mut sum = 0_u16;
    for (cell, cost) in old.iter_mut().skip(1).zip(gaps.iter().take(b.len())) {
        sum = sum.saturating_add(*cost);
        *cell = sum;
    }
    let (mut older, mut old, mut new) = (older, old, new);
    for (i, &ca) in a.iter().enumerate() {
        let down = gap(a, i);
        let previous_a = i.checked_sub(1).and_then(|at| a.get(at)).copied();
        let mut corner = old.first().copied().unwrap_or(0);
        let mut side = corner.saturating_add(down);
        if let Some(first) = new.first_mut() {
            *first = side;
        }
        let mut least = side;
        let mut previous_b = None;
        for (j, &cb) in b.iter().enumerate() {
            let above = old.get(j.saturating_add(1)).copied().unwrap_or(FAR);
            let across = gaps.get(j).copied().unwrap_or(LETTER);
            let mut cost = corner
                .saturating_add(substitution(ca, cb))
                .min(above.saturating_add(down))
                .min(side.saturating_add(across));
            if ca != cb && previous_a == Some(cb) && previous_b == Some(ca) {
                let swapped = if ca.is_ascii_digit() || cb.is_ascii_digit() {
                    20
                } else {
                    7
                };
                let before = j
                    .checked_sub(1)
                    .and_then(|at| older.get(at))
                    .copied()
                    .unwrap_or(FAR);
                cost = cost.min(before.saturating_add(swapped));
            }
            if let Some(cell) = new.get_mut(j.saturating_add(1)) {
                *cell = cost;
            }
            least = least.min(cost);
            corner = above;
            side = cost;
            previous_b = Some(cb);
        }
        // A swap of two letters reads the row before the last: only when both rows are beyond is all lost.
        if least > most
            && old
                .iter()
                .take(b.len().saturating_add(1))
                .all(|&cost| cost > most)
        {
            return FAR;
        }
        std::mem::swap(&mut older, &mut old);
        std::mem::swap(&mut old, &mut new);
    }
    let result = old.get(b.len()).copied().unwrap_or(FAR);
    if result > most { FAR } else { result }
}

/// How alike two words are, 0 to 1: one minus the distance by the length of the longer; 0 when less than
/// half is alike.
#[must_use]
pub fn likeness(left: &Word, right: &Word) -> f32 {
    let longer = left.len().max(right.len());
    if longer == 0 {
        return 0.0;
    }
    let whole = u16::try_from(longer)
        .unwrap_or(u16::MAX)
        .saturating_mul(LETTER);
    match distance(left, right, whole / 2) {
        FAR => 0.0,
        apart => 1.0 - f32::from(apart) / f32::from(whole),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(left: &str, right: &str, expected: u16) {
        assert_eq!(
            distance(&Word::new(left), &Word::new(right), 100),
            expected,
            "{left} {right}"
        );
    }

    #[test]
    fn steps() {
        check("", "", 0);
        check("gazprom", "gasprom", 4);
        check("cristalord", "crystalord", 3);
        check("stefan", "stephan", 15);
        check("schell", "shell", 10);
        check("anna", "ana", 3);
        check("marta", "matra", 7);
        check("unit24", "unit25", 30);
        check("abc", "xyz", 30);
    }

    proptest! {
        #[test]
        fn the_same_both_ways(left in "[a-z0-9']{0,14}", right in "[a-z0-9']{0,14}", most in 0_u16..200) {
            let (a, b) = (Word::new(&left), Word::new(&right));
            prop_assert_eq!(distance(&a, &b, most), distance(&b, &a, most));
            let whole = distance(&a, &b, 5000);
            prop_assert_eq!(distance(&a, &b, most), if whole > most { FAR } else { whole });
        }
    }
}
