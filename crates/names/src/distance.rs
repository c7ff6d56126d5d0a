//! How far two spellings of a word are apart: an edit distance whose steps cost what the slips of writers,
//! typists and traditions of spelling cost, in tenths of a wrong letter.

use std::sync::LazyLock;

/// Letters of a word that are looked at: a longer one is cut, which caps the time.
pub const MAX_LETTERS: usize = 48;

/// A wrong letter.
pub const LETTER: u16 = 10;

/// What more than any allowed distance is told as.
pub const FAR: u16 = u16::MAX;

/// A word made ready to be compared often.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Word {
    text: Box<str>,
    /// One bit for each letter that occurs, see [`bit`].
    seen: u64,
    /// Letters that are looked at, and the bytes that they take.
    letters: u8,
    bytes: u8,
}

impl Word {
    /// Takes a word as [`crate::fold::plain`] or [`crate::fold::latin`] gave it.
    #[must_use]
    pub fn new(word: &str) -> Self {
        let (mut seen, mut letters, mut bytes) = (0, 0_u8, 0_usize);
        for c in word.chars().take(MAX_LETTERS) {
            seen |= bit(c);
            letters += 1;
            bytes += c.len_utf8();
        }
        Self {
            text: word.into(),
            seen,
            letters,
            bytes: u8::try_from(bytes).unwrap_or(u8::MAX),
        }
    }

    /// How many of its letters are looked at, at most [`MAX_LETTERS`].
    #[must_use]
    pub fn len(&self) -> usize {
        usize::from(self.letters)
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.letters == 0
    }

    /// The whole word.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its letters, as far as they are looked at.
    #[must_use]
    pub fn looked_at(&self) -> &str {
        self.text
            .get(..usize::from(self.bytes))
            .unwrap_or(&self.text)
    }

    /// One bit for each letter that occurs.
    pub(crate) fn seen(&self) -> u64 {
        self.seen
    }
}

/// The bit of a letter: `a` to `z`, then digits, then marks; other letters share those above.
fn bit(c: char) -> u64 {
    let place = match c {
        'a'..='z' => c as u32 - 'a' as u32,
        '0'..='9' => c as u32 - '0' as u32 + 26,
        '\'' | '-' | '.' => 36,
        _ => 37 + c as u32 % 27,
    };
    1_u64.wrapping_shl(place)
}

/// The bits of some letters from `a` to `z`.
const fn mask(letters: &str) -> u64 {
    let bytes = letters.as_bytes();
    let (mut mask, mut at) = (0, 0);
    while at < bytes.len() {
        mask |= 1_u64 << (bytes[at] - b'a');
        at += 1;
    }
    mask
}

const VOWELS: u64 = mask("aeiouy");
const DIGITS: u64 = 0x3FF << 26;
/// Letters that are read as no other letter and left out at the full price; those that cost 6 at the least, 3.
const FIRM: u64 = mask("mnrx") | !0 << 37;
const SOFT: u64 = mask("tdpbgfaeu");
const LOOSE: u64 = mask("ckqszijyvwlho") | DIGITS;

/// For each letter: those that it is read as for 3, for 4 and for 6, and what it costs to leave it out.
const READ_AS: [(u64, u64, u64, u16); 26] = [
    (0, 0, VOWELS, 9),
    (0, 0, mask("pv"), LETTER),
    (mask("kq"), mask("s"), 0, LETTER),
    (0, 0, mask("t"), LETTER),
    (0, 0, VOWELS, 6),
    (0, 0, mask("v"), LETTER),
    (0, 0, mask("kjh"), LETTER),
    (0, 0, 0, 5),
    (mask("jy"), DIGITS, 0, 6),
    (mask("iy"), 0, mask("g"), LETTER),
    (mask("cq"), 0, mask("g"), LETTER),
    (0, DIGITS, 0, LETTER),
    (0, 0, 0, LETTER),
    (0, 0, 0, LETTER),
    (0, DIGITS, VOWELS, 9),
    (0, 0, mask("b"), LETTER),
    (mask("kc"), 0, 0, LETTER),
    (0, 0, 0, LETTER),
    (0, mask("zc"), 0, LETTER),
    (0, 0, mask("d"), LETTER),
    (0, 0, VOWELS | mask("wv"), 6),
    (mask("w"), 0, mask("fub"), LETTER),
    (mask("v"), 0, mask("u"), LETTER),
    (0, 0, 0, LETTER),
    (mask("ij"), 0, 0, 6),
    (0, mask("s"), 0, LETTER),
];

/// What a letter costs at the least that one word has and the other has not: by the letters that it may be read
/// as there, or by leaving it out.
fn least_cost(place: u32, others: u64) -> u16 {
    match READ_AS.get(place as usize) {
        Some((third, ..)) if others & third != 0 => 3,
        Some((_, fourth, ..)) if others & fourth != 0 => 4,
        Some((.., sixth, alone)) if others & sixth != 0 => 6.min(*alone),
        Some((.., alone)) => *alone,
        None if place < 36 => 4,
        None if place == 36 => 2,
        None => LETTER,
    }
}

/// Whether letters of `one` that `other` does not have cost more than `most` by themselves: each takes a step of
/// its own.
fn too_far(one: u64, other: u64, most: u16) -> bool {
    let mut missing = one & !other;
    let count = |letters: u64| (missing & letters).count_ones();
    if count(FIRM) * 10 + count(SOFT) * 6 + count(LOOSE) * 3 > u32::from(most) {
        return true;
    }
    let mut cost = 0_u16;
    while missing != 0 {
        cost = cost.saturating_add(least_cost(missing.trailing_zeros(), other));
        if cost > most {
            return true;
        }
        missing &= missing - 1;
    }
    false
}

/// Whether two words with these letters and lengths are surely farther apart than `most`. Cheap.
pub(crate) fn surely_far(left: (u64, usize), right: (u64, usize), most: u16) -> bool {
    left.1.abs_diff(right.1).saturating_mul(2) > usize::from(most)
        || too_far(left.0, right.0, most)
        || too_far(right.0, left.0, most)
}

/// What it costs to read one letter as another, in tenths.
pub(crate) fn substitution(a: char, b: char) -> u16 {
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
        // One letter, Russian and Ukrainian: Gritsenko, Hrytsenko.
        | ('g', 'h')
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

/// [`substitution`] of the letters `a` to `z`, ready.
static LETTERS: LazyLock<[[u16; 26]; 26]> = LazyLock::new(|| {
    let mut table = [[0; 26]; 26];
    for (row, a) in table.iter_mut().zip('a'..='z') {
        for (cell, b) in row.iter_mut().zip('a'..='z') {
            *cell = substitution(a, b);
        }
    }
    table
});

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
    let (a, b) = (left.looked_at(), right.looked_at());
    if a == b {
        return 0;
    }
    if surely_far((left.seen, left.len()), (right.seen, right.len()), most) {
        return FAR;
    }
    if a.is_ascii() && b.is_ascii() {
        return steps(a.as_bytes(), b.as_bytes(), most);
    }
    let [mut x, mut y] = [['\0'; MAX_LETTERS]; 2];
    let spread = |text: &str, into: &mut [char; MAX_LETTERS]| {
        for (cell, c) in into.iter_mut().zip(text.chars()) {
            *cell = c;
        }
    };
    spread(a, &mut x);
    spread(b, &mut y);
    let cut = |letters: usize| letters.min(MAX_LETTERS);
    steps(
        x.get(..cut(left.len())).unwrap_or_default(),
        y.get(..cut(right.len())).unwrap_or_default(),
        most,
    )
}

/// [`distance`] of words of at most [`MAX_LETTERS`] letters, in rows of the table of all their beginnings.
fn steps<L: Copy + PartialEq + Into<char>>(a: &[L], b: &[L], most: u16) -> u16 {
    let mut rows = [[0_u16; MAX_LETTERS + 1]; 3];
    let gap = |word: &[L], at: usize| {
        let before = at.checked_sub(1).and_then(|i| word.get(i)).copied();
        word.get(at).map_or(LETTER, |&c| {
            let after = word.get(at.saturating_add(1)).copied();
            insertion(c.into(), before.map(Into::into), after.map(Into::into))
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
    let letters = &*LETTERS;
    for (i, &ca) in a.iter().enumerate() {
        let down = gap(a, i);
        let previous_a = i.checked_sub(1).and_then(|at| a.get(at)).copied();
        let row = letters.get((ca.into() as usize).wrapping_sub('a' as usize));
        let mut corner = old.first().copied().unwrap_or(0);
        let mut side = corner.saturating_add(down);
        if let Some(first) = new.first_mut() {
            *first = side;
        }
        let mut least = side;
        let mut previous_b = None;
        let above = old.iter().skip(1);
        let cells = new.iter_mut().skip(1);
        let across = b.iter().zip(&gaps);
        for (j, ((cell, &above), (&cb, &across))) in cells.zip(above).zip(across).enumerate() {
            let known =
                row.and_then(|row| row.get((cb.into() as usize).wrapping_sub('a' as usize)));
            let read = known.map_or_else(|| substitution(ca.into(), cb.into()), |cost| *cost);
            let mut cost = corner
                .saturating_add(read)
                .min(above.saturating_add(down))
                .min(side.saturating_add(across));
            if read != 0 && previous_a == Some(cb) && previous_b == Some(ca) {
                let digit = |letter: L| letter.into().is_ascii_digit();
                let swapped = if digit(ca) || digit(cb) { 20 } else { 7 };
                let before = j
                    .checked_sub(1)
                    .and_then(|at| older.get(at))
                    .copied()
                    .unwrap_or(FAR);
                cost = cost.min(before.saturating_add(swapped));
            }
            *cell = cost;
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
            // Of 5000 tenths no letter is too far, so that nothing is left out beforehand.
            let whole = distance(&a, &b, 5000);
            prop_assert_eq!(distance(&a, &b, most), if whole > most { FAR } else { whole });
        }
    }
}
