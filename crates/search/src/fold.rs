//! Forms of characters that search takes as one.

use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{decompose_canonical, decompose_compatible};

/// Traditional, Taiwanese, Hong Kong and Japanese forms with the simplified form they are read
/// as, sorted. The data of OpenCC's character tables; see `data/han-forms.py`.
static HAN: LazyLock<Vec<(char, char)>> = LazyLock::new(|| {
    let lines = include_str!("../data/han-forms.txt").lines();
    let pairs = lines
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let mut chars = line.chars();
            Some((chars.next()?, chars.next()?))
        });
    let mut pairs: Vec<_> = pairs.collect();
    pairs.sort_unstable();
    pairs
});

/// The unified ideographs U+4E00 to U+9FFF, folded: nearly all Chinese text is in this range.
static UNIFIED: LazyLock<Vec<u16>> = LazyLock::new(|| {
    let mut table: Vec<u16> = (0x4e00..=0x9fff).collect();
    for &(form, read_as) in HAN.iter() {
        let at = (form as usize).wrapping_sub(0x4e00);
        if let (Some(slot), Ok(to)) = (table.get_mut(at), u16::try_from(u32::from(read_as))) {
            *slot = to;
        }
    }
    table
});

/// Whether text in this character's script is found by overlapping pairs of characters: Han,
/// kana, Hangul, and the scripts of South-East Asia that put no space between words.
pub(crate) fn is_gram(c: char) -> bool {
    matches!(u32::from(c),
        0x4e00..=0x9fff | 0xac00..=0xd7a3 | 0x3041..=0x3096 | 0x3099..=0x309a | 0x309d..=0x309f
        | 0x30a1..=0x30fa | 0x30fc..=0x30ff | 0x3005..=0x3007 | 0x3105..=0x312f | 0x3131..=0x318e
        | 0x31a0..=0x31bf | 0x31f0..=0x31ff | 0x3400..=0x4dbf | 0xf900..=0xfad9
        | 0xff66..=0xff9f | 0xffa1..=0xffdc | 0x20000..=0x3fffd
        | 0x0e01..=0x0e3a | 0x0e40..=0x0e4e | 0x0e81..=0x0ece | 0x1000..=0x1049 | 0x1780..=0x17d3)
}

/// The form in which a character of [`is_gram`] is indexed.
pub(crate) fn gram_form(c: char) -> char {
    let code = u32::from(c);
    match code {
        0xac00..=0xd7a3 | 0x3041..=0x30ff => c,
        0x4e00..=0x9fff => UNIFIED
            .get(code as usize - 0x4e00)
            .and_then(|&folded| char::from_u32(u32::from(folded)))
            .unwrap_or(c),
        0xf900..=0xfad9 | 0xff66..=0xff9f | 0xffa1..=0xffdc => {
            let mut plain = None;
            decompose_compatible(c, |part| {
                plain.get_or_insert(part);
            });
            plain.map_or(c, |plain| if plain == c { c } else { gram_form(plain) })
        }
        _ => match HAN.binary_search_by_key(&c, |pair| pair.0) {
            Ok(at) => HAN.get(at).map_or(c, |pair| pair.1),
            Err(_) => c,
        },
    }
}

/// Marks that a reader of these scripts may leave out: accents, Hebrew points, Arabic vowels.
fn optional_mark(c: char) -> bool {
    matches!(u32::from(c),
        0x300..=0x36f | 0x591..=0x5bd | 0x5bf..=0x5c7 | 0x610..=0x61a | 0x64b..=0x65f | 0x670
        | 0x6d6..=0x6ed | 0x640 | 0x1ab0..=0x1aff | 0x1dc0..=0x1dff)
}

pub(crate) fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// The exact form of a word that is not ASCII: lower case, composed (NFC).
pub(crate) fn exact_form(word: &str, to: &mut String) {
    to.clear();
    let lower = word.chars().flat_map(char::to_lowercase);
    let lower = lower.map(|c| if c == 'ς' { 'σ' } else { c });
    to.extend(lower.nfc());
}

/// The form of an exact form without what may be left out; false if it is the same.
pub(crate) fn folded_form(exact: &str, to: &mut String) -> bool {
    to.clear();
    for c in exact.chars() {
        match c {
            'ß' => to.push_str("ss"),
            'æ' => to.push_str("ae"),
            'œ' => to.push_str("oe"),
            'ø' => to.push('o'),
            'ł' => to.push('l'),
            'đ' | 'ð' => to.push('d'),
            'þ' => to.push_str("th"),
            'ı' => to.push('i'),
            // In Cyrillic a mark makes another letter, except the dots of ё that most leave out.
            'й' | 'ї' | 'ў' => to.push(c),
            _ if c.is_ascii() => to.push(c),
            _ => decompose_canonical(c, |part| {
                if !optional_mark(part) {
                    to.push(part);
                }
            }),
        }
    }
    !to.is_empty() && to.as_str() != exact
}
