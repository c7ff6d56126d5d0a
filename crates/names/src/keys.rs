//! What a name can be found by: hashes that names of the same thing share, in whatever script and spelling.

use crate::organisation::{Kind, Token};
use crate::{Prepared, fold, person, syllables};

/// Words of one name that keys are made of; names of more words are found by the first ones.
const MOST_WORDS: usize = 12;

/// Adds the keys of a name to `keys`: each word by its sound and by its consonants, every two words together (so
/// that two common words are a rare key), and the syllables of East Asian names as they are read in each language.
/// Keys may repeat. Names whose comparison gives a high score share one at least, as far as spellings are foreseen.
pub fn keys(name: &Prepared, keys: &mut Vec<u64>) {
    match name {
        Prepared::Person(person) => {
            let clean = fold::clean(&person.written);
            for piece in clean.split(['(', ')', '[', ']', '/', ';', '=']) {
                let mut words = person::words_to_find(piece);
                words.truncate(MOST_WORDS);
                add_words(&words, |word| fold::sound(person::usual(word)), keys);
                let heard = person::by_ear(&words);
                if !heard.is_empty() {
                    keys.push(hash(8, heard.as_bytes()));
                }
                add_syllables(piece, keys);
                // "Zhehao Jin" and "Kim, Chol Ho" are read in the order of the East, too.
                if let Some((first, last)) = turned(piece) {
                    add_syllables(&format!("{last} {first}"), keys);
                }
            }
        }
        Prepared::Organisation(organisation) => {
            for reading in &organisation.readings {
                add_tokens(&reading.tokens, keys);
            }
        }
        Prepared::Vessel(vessel) => {
            let latin = fold::latin(&fold::clean(&vessel.written));
            let words: Vec<String> = words(&latin).take(MOST_WORDS).collect();
            add_words(&words, fold::sound, keys);
            add_syllables(&vessel.written, keys);
            for word in words
                .iter()
                .filter(|w| w.bytes().all(|b| b.is_ascii_digit()))
            {
                if let Ok(number) = word.parse::<u64>() {
                    keys.push(hash(6, &number.to_le_bytes()));
                }
            }
        }
    }
}

fn words(latin: &str) -> impl Iterator<Item = String> {
    latin
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
}

/// `told` is what a word is called by beside another.
fn add_words(words: &[String], told: impl Fn(&str) -> String, keys: &mut Vec<u64>) {
    let mut sounds: Vec<String> = Vec::with_capacity(words.len());
    let mut skeletons: Vec<String> = Vec::with_capacity(words.len());
    for word in words.iter().filter(|word| word.is_ascii()) {
        let sound = fold::sound(word);
        keys.push(hash(1, sound.as_bytes()));
        sounds.push(told(word));
        let skeleton = fold::skeleton(word);
        if skeleton.len() > 1 {
            keys.push(hash(2, skeleton.as_bytes()));
        }
        skeletons.push(skeleton);
    }
    // Names written together and apart: Jongun and Jong Un.
    for pair in words.windows(2) {
        let joined = pair.concat();
        if joined.is_ascii() && joined.len() > 3 {
            keys.push(hash(1, fold::sound(&joined).as_bytes()));
        }
    }
    pairs(3, &mut sounds, keys);
    pairs(4, &mut skeletons, keys);
}

/// Every two of some texts, in whatever order.
fn pairs(kind: u8, texts: &mut Vec<String>, keys: &mut Vec<u64>) {
    texts.sort();
    texts.dedup();
    for (at, first) in texts.iter().enumerate() {
        for second in texts.iter().skip(at + 1) {
            keys.push(hash(kind, format!("{first} {second}").as_bytes()));
        }
    }
}

fn add_syllables(text: &str, keys: &mut Vec<u64>) {
    syllables::keys(&fold::plain(text), |numbers| {
        let bytes: Vec<u8> = numbers.iter().flat_map(|n| n.to_le_bytes()).collect();
        keys.push(hash(5, &bytes));
    });
}

/// The last word before the others, where a name has two to four and stands in letters.
fn turned(piece: &str) -> Option<(&str, &str)> {
    let piece = piece.trim();
    let (first, last) = piece.rsplit_once([' ', ','])?;
    let few = piece.split_whitespace().count() <= 4;
    (few && !first.trim().is_empty() && !last.trim().is_empty())
        .then_some((first.trim(), last.trim()))
}

fn add_tokens(tokens: &[Token], keys: &mut Vec<u64>) {
    let mut told: Vec<String> = Vec::new();
    for token in tokens.iter().take(MOST_WORDS) {
        // What the company is legally tells nothing of who it is.
        if token.kind == Kind::Form || token.kind == Kind::Stop {
            continue;
        }
        if token.id != 0 {
            // The same in every language.
            told.push(format!("#{}", token.id));
            if token.kind == Kind::Number {
                continue;
            }
        }
        let latin = fold::latin(&token.text);
        if latin.is_ascii() {
            let sound = fold::sound(&latin);
            keys.push(hash(1, sound.as_bytes()));
            keys.push(hash(2, fold::skeleton(&latin).as_bytes()));
            told.push(sound);
        } else {
            add_syllables(&token.text, keys);
            keys.push(hash(7, token.text.as_bytes()));
        }
        if token.kind == Kind::Brand {
            add_syllables(&token.text, keys);
        }
    }
    for pair in tokens.windows(2) {
        let joined: String = pair.iter().map(|t| fold::latin(&t.text)).collect();
        if joined.is_ascii() && joined.len() > 3 {
            keys.push(hash(1, fold::sound(&joined).as_bytes()));
        }
        // A brand of several syllables may be cut into words.
        let apart: Vec<&str> = pair.iter().map(|t| t.text.as_str()).collect();
        add_syllables(&apart.join(" "), keys);
    }
    let initials: String = tokens
        .iter()
        .filter(|t| t.kind != Kind::Form)
        .filter_map(|t| fold::latin(&t.text).chars().next())
        .filter(char::is_ascii_alphabetic)
        .collect();
    if initials.len() >= 3 {
        keys.push(hash(1, fold::sound(&initials).as_bytes()));
    }
    pairs(3, &mut told, keys);
}

/// FNV-1a, the same in every run and on every machine.
pub(crate) fn hash(kind: u8, bytes: &[u8]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325u64 ^ u64::from(kind);
    for byte in bytes {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prepare;

    fn check(schema: &str, left: &str, right: &str) {
        let of = |name: &str| {
            let mut found = Vec::new();
            keys(&prepare(schema, name), &mut found);
            found
        };
        let (left_keys, right_keys) = (of(left), of(right));
        assert!(
            left_keys.iter().any(|key| right_keys.contains(key)),
            "{left} | {right}"
        );
    }

    #[test]
    fn names_of_one_share_a_key() {
        for (schema, left, right) in [
            ("Person", "김철호", "金哲浩"),
            ("Person", "김철호", "Kim Chol Ho"),
            ("Person", "김철호", "Jin Zhehao"),
            ("Person", "金哲浩", "Zhehao Jin"),
            ("Person", "金哲浩", "KIM, Chol-ho"),
            ("Person", "Jin Zhehao", "Kim Chol Ho"),
            ("Person", "Ким Чен Ир", "Kim Jong Il"),
            ("Person", "Мухаммад Али", "Mohammed Ali"),
            ("Person", "Александр Петров", "Aleksandr Petrov"),
            ("Person", "Lee Young Ho", "리영호"),
            ("Person", "nituP rimidalV", "Vladimir Putin"),
            ("Person", "ウラジーミル・プーチン", "Vladimir Putin"),
            ("Person", "앙겔라 메르켈", "Angela Merkel"),
            ("Person", "עידית רבין", "Idit Rabin"),
            ("Person", "عبد العزيز الشمري", "Abdulaziz Alshammari"),
            ("Person", "नरेन्द्र मोदी", "Narendra Modi"),
            ("Person", "Bill Smith", "William Smith"),
            (
                "Company",
                "大连海龙水产有限公司",
                "Dalian Hailong Seafood Co Ltd",
            ),
            (
                "Company",
                "조선광업개발무역회사",
                "Korea Mining Development Trading Corporation",
            ),
            ("Vessel", "鲁荣远渔956", "LU RONG YUAN YU 956"),
        ] {
            check(schema, left, right);
        }
    }
}
