//! A short word in capitals that stands for a whole name: `NKDB`, `KOMID`.

use super::tables::Kind;
use super::tokens::Token;

/// How `short` is made of the words of `full`: by first letters, or by beginnings (`KOrea MIning Development`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Made {
    Initials,
    Beginnings,
}

/// Whether the word `short` stands for the words of `full`, of which stop words and legal forms may be left out.
pub(crate) fn stands_for(short: &Token, full: &[Token]) -> Option<Made> {
    if !short.capital || short.aside && full.len() < 2 {
        return None;
    }
    let letters: Vec<char> = short.text.chars().collect();
    if !(2..=8).contains(&letters.len()) {
        return None;
    }
    // A phrase of the tables is several words.
    let words: Vec<(Vec<char>, bool)> = full
        .iter()
        .filter(|token| !token.aside && token.kind != Kind::Number && !token.east)
        .flat_map(|token| {
            token.text.split(' ').map(move |word| {
                (
                    word.chars().collect::<Vec<char>>(),
                    matches!(token.kind, Kind::Stop | Kind::Form),
                )
            })
        })
        .collect();
    if words.iter().filter(|(_, optional)| !optional).count() < 2 {
        return None;
    }
    if reads(&letters, &words, 1, false) {
        return Some(Made::Initials);
    }
    (letters.len() >= 4 && reads(&letters, &words, 3, true)).then_some(Made::Beginnings)
}

/// Whether `letters` can be read off the words in order, up to `most` first letters of each; optional words may be
/// left out, and with `short` those at the end.
fn reads(letters: &[char], words: &[(Vec<char>, bool)], most: usize, short: bool) -> bool {
    let Some(((word, optional), rest)) = words.split_first() else {
        return letters.is_empty();
    };
    if letters.is_empty() {
        return short || words.iter().all(|(_, optional)| *optional);
    }
    // At most 8 letters: the ways to read them are few.
    for taken in 1..=most.min(letters.len()).min(word.len()) {
        if let (Some(head), Some(tail)) = (letters.get(..taken), letters.get(taken..))
            && word.starts_with(head)
            && reads(tail, rest, most, short)
        {
            return true;
        }
    }
    *optional && reads(letters, rest, most, short)
}
