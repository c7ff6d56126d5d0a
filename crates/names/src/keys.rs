//! What a name can be found by: hashes that names of the same thing share, in whatever script and spelling.

use crate::Prepared;

/// Words of one name that keys are made of; names of more words are found by the first ones.
const MOST_WORDS: usize = 12;

/// Adds the keys of a name to `keys`: each word by its letters and by its consonants, every two words together
/// (so that two common words are a rare key), each character and every two of Han and Hangul.
pub fn keys(name: &Prepared, keys: &mut Vec<u64>) {
    let lower = name.written().to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(MOST_WORDS)
        .collect();
    let mut skeletons = Vec::with_capacity(words.len());
    for word in words {
        keys.push(hash(1, word.bytes()));
        let skeleton = consonants(word);
        keys.push(hash(2, skeleton.bytes()));
        skeletons.push(skeleton);
    }
    skeletons.sort();
    skeletons.dedup();
    for (at, first) in skeletons.iter().enumerate() {
        for second in skeletons.iter().skip(at + 1) {
            keys.push(hash(3, first.bytes().chain([0]).chain(second.bytes())));
        }
    }
}

/// The first letter and the consonants after it, none twice in a row.
fn consonants(word: &str) -> String {
    let mut out = String::new();
    for (at, char) in word.chars().enumerate() {
        if (at == 0 || !"aeiouywhaäöüéèáàíóúøå".contains(char)) && !out.ends_with(char)
        {
            out.push(char);
        }
    }
    out
}

/// FNV-1a, the same in every run and on every machine.
fn hash(kind: u8, bytes: impl Iterator<Item = u8>) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325u64 ^ u64::from(kind);
    for byte in bytes {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash
}
