//! Letters of one script that pose as letters of another.

use super::{Script, script_of};

/// Letters that look the same in Latin, Cyrillic and Greek; a row is one shape.
const SHAPES: &[(char, char, char)] = &[
    ('A', 'А', 'Α'),
    ('B', 'В', 'Β'),
    ('C', 'С', '\0'),
    ('E', 'Е', 'Ε'),
    ('H', 'Н', 'Η'),
    ('I', 'І', 'Ι'),
    ('J', 'Ј', '\0'),
    ('K', 'К', 'Κ'),
    ('M', 'М', 'Μ'),
    ('N', '\0', 'Ν'),
    ('O', 'О', 'Ο'),
    ('P', 'Р', 'Ρ'),
    ('S', 'Ѕ', '\0'),
    ('T', 'Т', 'Τ'),
    ('X', 'Х', 'Χ'),
    ('Y', 'У', 'Υ'),
    ('Z', '\0', 'Ζ'),
    ('a', 'а', 'α'),
    ('c', 'с', '\0'),
    ('e', 'е', '\0'),
    ('i', 'і', 'ι'),
    ('j', 'ј', '\0'),
    ('o', 'о', 'ο'),
    ('p', 'р', 'ρ'),
    ('s', 'ѕ', '\0'),
    ('x', 'х', 'χ'),
    ('y', 'у', '\0'),
    ('v', 'ѵ', 'ν'),
    ('h', 'һ', '\0'),
    ('k', 'к', 'κ'),
    ('u', '\0', 'υ'),
    ('m', 'м', '\0'),
    ('t', 'т', 'τ'),
    ('b', 'в', '\0'),
];

/// Puts right each word that mixes Latin, Cyrillic and Greek letters: those that look like letters of the
/// script that most of the word is of become such.
pub(super) fn repair(text: &str) -> String {
    let mixes = text
        .chars()
        .any(|c| matches!(script_of(c), Some(Script::Cyrillic | Script::Greek)))
        && text.chars().any(|c| script_of(c) == Some(Script::Latin));
    if !mixes {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut word = String::new();
    for c in text.chars() {
        if script_of(c).is_some() {
            word.push(c);
        } else {
            push_word(&word, &mut out);
            word.clear();
            out.push(c);
        }
    }
    push_word(&word, &mut out);
    out
}

fn push_word(word: &str, out: &mut String) {
    let count = |script| {
        word.chars()
            .filter(|&c| script_of(c) == Some(script))
            .count()
    };
    let [latin, cyrillic, greek] = [Script::Latin, Script::Cyrillic, Script::Greek].map(count);
    if [latin, cyrillic, greek]
        .iter()
        .filter(|&&letters| letters > 0)
        .count()
        < 2
    {
        out.push_str(word);
        return;
    }
    let target = if latin >= cyrillic && latin >= greek {
        Script::Latin
    } else if cyrillic >= greek {
        Script::Cyrillic
    } else {
        Script::Greek
    };
    for c in word.chars() {
        let shape = SHAPES.iter().find(|&&(l, k, g)| c == l || c == k || c == g);
        let meant = shape.map(|&(l, k, g)| match target {
            Script::Cyrillic => k,
            Script::Greek => g,
            _ => l,
        });
        out.push(
            meant
                .filter(|&m| m != '\0' && script_of(c) != Some(target))
                .unwrap_or(c),
        );
    }
}
