//! Arabic names of several words that other languages write as one: `Abd al-Aziz` and `Abdulaziz`, `Nur al-Din` and
//! `Noureddine`. They are taken apart, so that each word is compared with its own.

/// What stands for `the faith` in names, as it is written in other letters.
const FAITH: &str = "din";

/// What stands for `servant of` before a name of God, as it is written in other letters.
pub(super) const SERVANT: &str = "abdul";

/// Whether a word is the `servant of` alone: `abd`, `abdel`.
pub(super) fn is_servant(word: &str) -> bool {
    matches!(
        word,
        "abd"
            | "abdul"
            | "abdel"
            | "abdal"
            | "abdol"
            | "abdoul"
            | "abdur"
            | "abdus"
            | "abdu"
            | "عبد"
    )
}

/// What stands for `father of`, as it is written in other letters.
const FATHER: &str = "abu";

/// Whether a word is a part of many names.
pub(super) fn is_minor(latin: &str) -> bool {
    latin == SERVANT || latin == FAITH || latin == FATHER
}

/// Whether a word after [`is_servant`] makes `Abdullah` of both.
pub(super) fn is_god(word: &str) -> bool {
    matches!(word, "allah" | "ullah" | "llah" | "الله")
}

/// The words that one is made of.
pub(super) fn parts(word: &str) -> [&str; 2] {
    if let Some(rest) = servant_of(word) {
        return [SERVANT, rest];
    }
    if let Some(rest) = father_of(word) {
        return [FATHER, rest];
    }
    if !word.ends_with(['n', 'e', 'ن']) {
        return [word, ""];
    }
    for ending in OF_THE_FAITH {
        if let Some(stem) = word.strip_suffix(ending)
            && stem.chars().count() >= 3
        {
            return [stem, FAITH];
        }
    }
    [word, ""]
}

/// How `of the faith` ends a word.
const OF_THE_FAITH: [&str; 17] = [
    "ettin",
    "attin",
    "uttin",
    "uddin",
    "eddin",
    "addin",
    "iddin",
    "oddin",
    "eddine",
    "uddeen",
    "aldin",
    "eldin",
    "aldeen",
    "eldeen",
    "eldine",
    "الدين",
    "uldin",
];

/// What follows the `father of` in a word written together: `Abouzeid`, `Abubakar`; nothing where it is the word.
fn father_of(word: &str) -> Option<&str> {
    let rest = word
        .strip_prefix("abou")
        .or_else(|| word.strip_prefix("abu"))?;
    let consonant = !rest.starts_with(['a', 'e', 'i', 'o', 'u']);
    (rest.is_empty() || consonant && rest.len() >= 4).then_some(rest)
}

/// What follows the `servant of` in a word written together.
fn servant_of(word: &str) -> Option<&str> {
    if let Some(rest) = word.strip_prefix("عبدال") {
        return Some(rest).filter(|rest| rest.chars().count() >= 3);
    }
    if !word.starts_with("abd") {
        return None;
    }
    for prefix in ["abdul", "abdel", "abdal", "abdol", "abdoul"] {
        // Abdullah and Abdullayev are words of their own.
        if let Some(rest) = word.strip_prefix(prefix) {
            let own = rest.starts_with("la") || rest.starts_with("ov") || rest.starts_with("kha");
            return Some(rest).filter(|rest| rest.len() >= 4 && !own);
        }
    }
    // The article takes the sound of the letter that follows: Abdurrahman, Abdennour.
    let rest = word.strip_prefix("abd")?;
    let rest = rest.strip_prefix(['u', 'e', 'a', 'o'])?;
    let mut letters = rest.chars();
    let (one, two) = (letters.next()?, letters.next()?);
    (one == two && matches!(one, 'r' | 's' | 'n' | 'z' | 't' | 'd') && rest.len() >= 5)
        .then(|| rest.get(1..))
        .flatten()
}

/// A word without the article that it is written together with: `alshammari`, `assayyid`; `None` without one.
pub(super) fn without_article(word: &str) -> Option<&str> {
    if word.len() < 6 || !word.is_ascii() {
        return None;
    }
    let vowel = |rest: &&str| !rest.starts_with(['a', 'e', 'i', 'o', 'u', 'l', 'y']);
    let plain = word.strip_prefix("al").or_else(|| word.strip_prefix("el"));
    if let Some(rest) = plain.filter(vowel) {
        return Some(rest);
    }
    let rest = word.strip_prefix('a')?;
    let mut letters = rest.chars();
    let (one, two) = (letters.next()?, letters.next()?);
    (one == two && matches!(one, 'r' | 's' | 'n' | 'z' | 't' | 'd'))
        .then(|| rest.get(1..))
        .flatten()
}

/// A word without the article that follows it: the `Ziaul` of `Ziaul Haq`; `None` without one.
pub(super) fn without_article_behind(word: &str) -> Option<&str> {
    word.strip_suffix("ul")
        .filter(|stem| stem.is_ascii() && stem.len() >= 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compounds() {
        for (word, expected) in [
            ("abdulaziz", ["abdul", "aziz"]),
            ("abdurrahman", ["abdul", "rahman"]),
            ("abdelkrim", ["abdul", "krim"]),
            ("abdennour", ["abdul", "nour"]),
            ("abdullah", ["abdullah", ""]),
            ("abdullayev", ["abdullayev", ""]),
            ("abdulov", ["abdulov", ""]),
            ("abouzeid", ["abu", "zeid"]),
            ("abou", ["abu", ""]),
            ("selahattin", ["selah", "din"]),
            ("noureddine", ["nour", "din"]),
            ("salahuddin", ["salah", "din"]),
            ("aladdin", ["aladdin", ""]),
            ("عبدالرحمن", ["abdul", "رحمن"]),
        ] {
            assert_eq!(parts(word), expected, "{word}");
        }
        assert_eq!(without_article("alshammari"), Some("shammari"));
        assert_eq!(without_article("assayyid"), Some("sayyid"));
        assert_eq!(without_article("allende"), None);
    }
}
