//! Names that went by ear from one script to another: loan words in Hangul and Kana, Chinese names in Pinyin.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use crate::fold;

/// Whether a word in Latin letters is all syllables of Pinyin, at least two. In a name from China, words
/// of this kind one letter apart are other words: Hailong is not Hailing.
pub(crate) fn is_pinyin(word: &str) -> bool {
    let mut syllables = 0_u32;
    let mut rest = word;
    'next: while !rest.is_empty() {
        // The longest syllable, unless what follows it could not begin one.
        for taken in (1..=6.min(rest.len())).rev() {
            let (Some(syllable), Some(after)) = (rest.get(..taken), rest.get(taken..)) else {
                continue;
            };
            if is_syllable(syllable) && (after.is_empty() || begins_syllable(after)) {
                syllables = syllables.saturating_add(1);
                rest = after;
                continue 'next;
            }
        }
        return false;
    }
    syllables >= 2
}

/// Whether a word in Latin letters is one syllable of Pinyin.
pub(crate) fn is_pinyin_syllable(word: &str) -> bool {
    is_syllable(word)
}

fn begins_syllable(text: &str) -> bool {
    (1..=6.min(text.len())).any(|taken| text.get(..taken).is_some_and(is_syllable))
}

fn is_syllable(text: &str) -> bool {
    static PINYIN: LazyLock<FxHashSet<u64>> = LazyLock::new(|| {
        let all = INVENTORY.iter().flat_map(|(initial, finals)| {
            finals.split(' ').map(move |end| [*initial, end].concat())
        });
        all.filter_map(|syllable| packed(&syllable)).collect()
    });
    packed(text).is_some_and(|syllable| PINYIN.contains(&syllable))
}

/// The bytes of a short text as one number; `None` if it is longer than eight.
fn packed(text: &str) -> Option<u64> {
    let mut bytes = [0_u8; 8];
    bytes
        .get_mut(..text.len())?
        .copy_from_slice(text.as_bytes());
    Some(u64::from_le_bytes(bytes))
}

/// The syllables of Pinyin by their first consonant.
const INVENTORY: &[(&str, &str)] = &[
    ("", "a ai an ang ao e ei en er o ou"),
    ("b", "a ai an ang ao ei en eng i ian iao ie in ing o u"),
    ("p", "a ai an ang ao ei en eng i ian iao ie in ing o ou u"),
    (
        "m",
        "a ai an ang ao ei en eng i ian iao ie in ing iu o ou u",
    ),
    ("f", "a an ang ei en eng o ou u"),
    (
        "d",
        "a ai an ang ao e ei en eng i ian iao ie ing iu ong ou u uan ui un uo",
    ),
    (
        "t",
        "a ai an ang ao e eng i ian iao ie ing ong ou u uan ui un uo",
    ),
    (
        "n",
        "a ai an ang ao e ei en eng i ian iang iao ie in ing iu ong ou u uan uo ue",
    ),
    (
        "l",
        "a ai an ang ao e ei eng i ia ian iang iao ie in ing iu ong ou u uan un uo ue",
    ),
    (
        "g",
        "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    ),
    (
        "k",
        "a ai an ang ao e en eng ong ou u ua uai uan uang ui un uo",
    ),
    (
        "h",
        "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    ),
    ("j", "i ia ian iang iao ie in ing iong iu u uan ue un"),
    ("q", "i ia ian iang iao ie in ing iong iu u uan ue un"),
    ("x", "i ia ian iang iao ie in ing iong iu u uan ue un"),
    (
        "zh",
        "a ai an ang ao e ei en eng i ong ou u ua uai uan uang ui un uo",
    ),
    (
        "ch",
        "a ai an ang ao e en eng i ong ou u ua uai uan uang ui un uo",
    ),
    (
        "sh",
        "a ai an ang ao e ei en eng i ou u ua uai uan uang ui un uo",
    ),
    ("r", "an ang ao e en eng i ong ou u uan ui un uo"),
    ("z", "a ai an ang ao e ei en eng i ong ou u uan ui un uo"),
    ("c", "a ai an ang ao e en eng i ong ou u uan ui un uo"),
    ("s", "a ai an ang ao e en eng i ong ou u uan ui un uo"),
    ("y", "a an ang ao e i in ing o ong ou u uan ue un"),
    ("w", "a ai an ang ei en eng o u"),
];

/// Whether a word in Latin letters is all syllables of Korean in one of its spellings.
pub(crate) fn is_korean(word: &str) -> bool {
    is_korean_until(korean_ends(word), word.len())
}

/// Longer words are none of Korean syllables.
const MOST_KOREAN: usize = 24;

/// Whether the first so many letters are all syllables of Korean, by what [`korean_ends`] gave.
pub(crate) fn is_korean_until(ends: u32, letters: usize) -> bool {
    (1..=MOST_KOREAN).contains(&letters) && ends >> letters & 1 == 1
}

/// One bit for each of the first places of a word in Latin letters where syllables of Korean can end.
pub(crate) fn korean_ends(text: &str) -> u32 {
    static SYLLABLES: LazyLock<FxHashSet<u64>> = LazyLock::new(|| {
        const INITIALS: &str = "- g k kk n d t tt r l m b p s j ch h z jj ss";
        const MEDIALS: &str = "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i";
        const FINALS: &str = "- k g n t l r m p b ng s";
        let mut all = FxHashSet::default();
        for initial in INITIALS.split(' ') {
            for medial in MEDIALS.split(' ') {
                for last in FINALS.split(' ') {
                    let syllable = [initial, medial, last].concat().replace('-', "");
                    all.extend(packed(&syllable));
                }
            }
        }
        all
    });
    let text = text.get(..text.len().min(MOST_KOREAN)).unwrap_or_default();
    // A bit for each place where syllables can end.
    let mut ends = 1_u32;
    for at in 0..text.len() {
        if ends >> at & 1 == 0 {
            if ends >> at == 0 {
                break;
            }
            continue;
        }
        for end in at + 1..=text.len().min(at + 7) {
            let piece = text.get(at..end).and_then(packed);
            if piece.is_some_and(|piece| SYLLABLES.contains(&piece)) {
                ends |= 1 << end;
            }
        }
    }
    ends
}

/// Whether a word in Hangul has a syllable with the vowel that is put between foreign consonants: 스트크.
pub(crate) fn is_loan(text: &str) -> bool {
    text.chars().any(|c| {
        (c as u32)
            .checked_sub(0xAC00)
            .is_some_and(|code| code < 11172 && code % 588 == 18 * 28)
    })
}

/// Consonants of a word as a foreign word in Hangul or Kana keeps them, for [`loan_likeness`]: `l r`, `p b f v`, `s
/// z j th`, `t d`, `k g c q` fall together, and the vowels put in between consonants are not heard.
pub(crate) fn loan_key(text: &str) -> String {
    let latin = if text
        .chars()
        .any(|c| fold::script_of(c) == Some(fold::Script::Hangul))
    {
        text.chars().filter_map(hangul).collect::<String>()
    } else {
        fold::latin(text)
    };
    let mut key = String::new();
    let chars: Vec<char> = latin.chars().filter(|c| c.is_ascii_alphabetic()).collect();
    for (at, &c) in chars.iter().enumerate() {
        let next = chars.get(at.saturating_add(1)).copied().unwrap_or(' ');
        let class = match c {
            'l' | 'r' => {
                // `r` before a consonant or at the end is not spoken on the way.
                if c == 'r' && !"aeiouy".contains(next) && at > 0 {
                    continue;
                }
                'r'
            }
            'p' | 'b' | 'f' | 'v' => 'p',
            'c' if matches!(next, 'e' | 'i' | 'y' | 'h') => 's',
            's' | 'z' | 'j' | 'x' => 's',
            't' | 'd' => 't',
            'k' | 'g' | 'c' | 'q' => 'k',
            'm' => 'm',
            'n' => 'n',
            'w' if at == 0 => 'w',
            _ => continue,
        };
        if !key.ends_with(class) {
            key.push(class);
        }
    }
    key
}

fn hangul(c: char) -> Option<String> {
    const INITIAL: [&str; 19] = [
        "k", "k", "n", "t", "t", "r", "m", "p", "p", "s", "s", "", "j", "j", "ch", "k", "t", "p",
        "h",
    ];
    const MEDIAL: [&str; 21] = [
        "a", "e", "ya", "ye", "o", "e", "yo", "ye", "o", "wa", "we", "we", "yo", "u", "wo", "we",
        "wi", "yu", "", "i", "i",
    ];
    const FINAL: [&str; 28] = [
        "", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "p", "l", "l", "p", "l", "m", "p",
        "p", "t", "t", "n", "t", "t", "k", "t", "p", "",
    ];
    let code = usize::try_from((c as u32).checked_sub(0xAC00)?).ok()?;
    let initial = INITIAL.get(code / 588)?;
    let medial = MEDIAL.get(code % 588 / 28)?;
    let last = FINAL.get(code % 28)?;
    Some([*initial, *medial, *last].concat())
}

/// How alike a loan spelling and a word are by their consonants, 0 to 1.
pub(crate) fn loan_likeness(left: &str, right: &str) -> f32 {
    let (left, right) = (loan_key(left), loan_key(right));
    let shorter = left.chars().count().min(right.chars().count());
    if shorter < 2 {
        return 0.0;
    }
    if left == right {
        return if shorter == 2 { 0.7 } else { 0.9 };
    }
    if shorter < 6 {
        return 0.0;
    }
    let (a, b) = (
        crate::distance::Word::new(&left),
        crate::distance::Word::new(&right),
    );
    if crate::distance::distance(&a, &b, 10) <= 10 {
        0.75
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pinyin() {
        let is = |word: &str| is_pinyin(word);
        assert!(is("hailong") && is("hongxiang") && is("yuanyi") && !is("xian"));
        assert!(!is("gazprom") && !is("long") && !is("samsung") && !is("stripe"));
    }

    #[test]
    fn loans() {
        for (left, right) in [
            ("와이즈", "wise"),
            ("어니스트", "honest"),
            ("스타벅스", "starbucks"),
            ("トヨタ", "toyota"),
            ("폭스바겐", "volkswagen"),
        ] {
            println!(
                "{left} {} {right} {} {}",
                loan_key(left),
                loan_key(right),
                loan_likeness(left, right)
            );
        }
        assert!(loan_likeness("스타벅스", "starbucks") > 0.7);
        assert!(loan_likeness("トヨタ", "honda") < 0.7);
    }
}
