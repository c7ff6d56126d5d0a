//! What exports, scanners and habits of writing do to the words of a name, seen by their capitals and digits and put
//! right before the name is parsed.

use std::borrow::Cow;

use super::words;
use crate::fold;

/// The text with what is plainly damaged put right: words whose letters were turned round on the way (`nituP`, a Hebrew
/// word that begins with a final letter), digits in place of letters (`Sech1n`), first letters written together (`JP`).
pub(super) fn repair(text: &str) -> Cow<'_, str> {
    let small = text.chars().any(char::is_lowercase);
    if plainly_whole(text) {
        return Cow::Borrowed(text);
    }
    if text.contains(['đ', 'Đ']) && !text.chars().any(is_vietnamese) {
        // Of Serbia and Croatia; elsewhere it is no d with a sound of its own.
        let spelt = text.replace('đ', "dj").replace('Đ', "Dj");
        return Cow::Owned(repair(&spelt).into_owned());
    }
    let odd = |word: &str| backwards(word) || digits(word) || small && initials(word);
    if !text.split_whitespace().any(odd) {
        return Cow::Borrowed(text);
    }
    let mut out: Vec<Cow<'_, str>> = Vec::new();
    for word in text.split_whitespace() {
        if backwards(word) {
            out.push(word.chars().rev().collect());
        } else if digits(word) {
            out.push(word.chars().map(letter).collect());
        } else if small && initials(word) {
            for letter in word.chars().filter(|c| c.is_alphabetic()) {
                out.push(Cow::Owned(letter.to_string()));
            }
            // The comma that parts surname and given name stays.
            if word.ends_with(',') {
                out.push(Cow::Borrowed(","));
            }
        } else {
            out.push(Cow::Borrowed(word));
        }
    }
    Cow::Owned(out.join(" "))
}

/// Whether only Vietnamese has a letter.
fn is_vietnamese(c: char) -> bool {
    matches!(
        c,
        'ă' | 'â' | 'ê' | 'ô' | 'ơ' | 'ư' | 'Ă' | 'Â' | 'Ê' | 'Ô' | 'Ơ' | 'Ư' | '\u{1EA0}'
            ..='\u{1EF9}'
    )
}

/// Whether a text in ASCII has nothing that could be damage: no digit, and no capital but at the beginning of words.
/// Most names are so, and cheap to tell.
fn plainly_whole(text: &str) -> bool {
    let mut before = b' ';
    text.bytes().all(|b| {
        let fits = b.is_ascii()
            && !b.is_ascii_digit()
            && !(b.is_ascii_uppercase() && before.is_ascii_alphabetic());
        before = b;
        fits
    })
}

/// Whether only the last letter of a word is a capital, or a Hebrew or Arabic word begins with a letter that only ends
/// words: its letters were written from the wrong side.
fn backwards(word: &str) -> bool {
    let mut letters = word.chars();
    let (first, last) = (letters.next().unwrap_or(' '), letters.next_back());
    let middle = letters.as_str();
    if matches!(first, 'ך' | 'ם' | 'ן' | 'ף' | 'ץ' | 'ة' | 'ى') {
        return !middle.is_empty();
    }
    last.is_some_and(char::is_uppercase)
        && first.is_lowercase()
        && middle.chars().count() >= 2
        && middle.chars().all(char::is_lowercase)
}

/// Whether digits stand in a word of letters, and no ordinal does (`2nd`).
fn digits(word: &str) -> bool {
    if !word.bytes().any(|b| b.is_ascii_digit()) {
        return false;
    }
    let count = word.bytes().filter(u8::is_ascii_digit).count();
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let ordinal = ["st", "nd", "rd", "th"].iter().any(|ending| {
        word.to_ascii_lowercase()
            .strip_suffix(ending)
            .is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()))
    });
    letters >= count.saturating_mul(2) && word.chars().all(char::is_alphanumeric) && !ordinal
}

/// The letter that a digit is mistaken for.
fn letter(c: char) -> char {
    match c {
        '0' => 'o',
        '1' => 'i',
        '2' => 'z',
        '3' => 'e',
        '4' => 'a',
        '5' => 's',
        '6' | '9' => 'g',
        '7' => 't',
        '8' => 'b',
        _ => c,
    }
}

/// Whether a word is of two or three capitals that no syllable is made of, and no title.
fn initials(word: &str) -> bool {
    let bare = word.trim_end_matches(['.', ',']);
    (2..=3).contains(&bare.len())
        && bare
            .bytes()
            .all(|b| b.is_ascii_uppercase() && !b"AEIOUY".contains(&b))
        && bare != "NG"
        && !words::known(&fold::plain(bare)).title
}

#[cfg(test)]
mod tests {
    use super::repair;

    #[test]
    fn damage() {
        for (text, expected) in [
            ("nituP rimidalV", "Putin Vladimir"),
            ("Ekaterina Solov1eva", "Ekaterina Solovieva"),
            ("JP Marchand", "J P Marchand"),
            ("Marchand, JP", "Marchand, J P"),
            ("JP MARCHAND", "JP MARCHAND"),
            ("Dr NG Wei", "Dr NG Wei"),
            ("MR Smith", "MR Smith"),
            ("LI Wei", "LI Wei"),
            ("Henry 8th", "Henry 8th"),
            ("םייח", "חיים"),
            ("McD", "McD"),
            ("Đorđe Kostić", "Djordje Kostić"),
            ("Đặng Văn Lâm", "Đặng Văn Lâm"),
        ] {
            assert_eq!(repair(text), expected);
        }
    }
}
