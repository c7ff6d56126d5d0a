//! Word lists of the tagger: what is known of a word without its neighbours.

use rustc_hash::FxHashMap;

use crate::text::{Text, word_hash};

/// What the lists know of an English word.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Known(u8);

impl Known {
    pub(crate) const FIRST_NAME: u8 = 1;
    pub(crate) const SURNAME: u8 = 2;
    pub(crate) const PLACE: u8 = 4;
    pub(crate) const COUNTRY: u8 = 8;
    pub(crate) const BODY: u8 = 16;

    pub(crate) const fn bits(self) -> u8 {
        self.0
    }

    pub(crate) const fn first_name(self) -> bool {
        self.0 & Self::FIRST_NAME != 0
    }

    pub(crate) const fn surname(self) -> bool {
        self.0 & Self::SURNAME != 0
    }

    pub(crate) const fn body(self) -> bool {
        self.0 & Self::BODY != 0
    }

    pub(crate) const fn country(self) -> bool {
        self.0 & Self::COUNTRY != 0
    }

    pub(crate) const fn place(self) -> bool {
        self.0 & (Self::PLACE | Self::COUNTRY) != 0
    }
}

/// A word's Brown cluster (bits of its path, root lowest) and log frequency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Class {
    pub(crate) path: u32,
    pub(crate) often: u8,
}

/// English lists: classes by the word as written, roles by the word in lower case.
#[derive(Default)]
pub(crate) struct Words {
    classes: FxHashMap<u32, Class>,
    known: FxHashMap<u32, Known>,
}

impl Words {
    /// Reads the file: two counts (u32), then hash, path (3 bytes), frequency of each word as
    /// written, then hash and roles of each word in lower case.
    pub(crate) fn read(file: &[u8]) -> Self {
        let mut words = Self::default();
        let Some((&[a, b, c, d], rest)) = file.split_first_chunk::<4>() else {
            return words;
        };
        let count = u32::from_le_bytes([a, b, c, d]) as usize;
        let (classes, known) = rest
            .split_at_checked(count.saturating_mul(8))
            .unwrap_or((rest, &[]));
        words.classes.reserve(count);
        for row in classes.chunks_exact(8) {
            if let [a, b, c, d, p, q, r, often] = *row {
                words.classes.insert(
                    u32::from_le_bytes([a, b, c, d]),
                    Class {
                        path: u32::from_le_bytes([p, q, r, 0]),
                        often,
                    },
                );
            }
        }
        words.known.reserve(known.len() / 5);
        for row in known.chunks_exact(5) {
            if let [a, b, c, d, bits] = *row {
                words
                    .known
                    .insert(u32::from_le_bytes([a, b, c, d]), Known(bits));
            }
        }
        words
    }

    /// By the hash of the word as written.
    pub(crate) fn class(&self, hash: u32) -> Class {
        self.classes.get(&hash).copied().unwrap_or_default()
    }

    /// By the hash of the word in lower case.
    pub(crate) fn known(&self, hash: u32) -> Known {
        self.known.get(&hash).copied().unwrap_or_default()
    }

    /// How often the word stands in lower case and with a capital (log frequencies).
    pub(crate) fn cases(&self, text: &Text<'_>, token: usize) -> (u8, u8) {
        let lower = text.tokens.get(token).map_or(0, |t| t.hash);
        (
            self.class(lower).often,
            self.class(title_hash(text, token)).often,
        )
    }
}

/// The hash of a token written with a capital and small letters.
pub(crate) fn title_hash(text: &Text<'_>, token: usize) -> u32 {
    let Some(t) = text.tokens.get(token) else {
        return 0;
    };
    let word = text.word(token);
    let first = word.chars().next().map_or(0, char::len_utf8);
    if !t.capital {
        let mut buffer = [0_u8; 4];
        let capital = word.chars().next().and_then(|c| c.to_uppercase().next());
        let Some(capital) = capital else { return 0 };
        let head = capital.encode_utf8(&mut buffer).as_bytes();
        return go_on(
            word_hash(head),
            text.lower(token).as_bytes().get(first..).unwrap_or(&[]),
        );
    }
    go_on(
        word_hash(word.as_bytes().get(..first).unwrap_or(&[])),
        text.lower(token).as_bytes().get(first..).unwrap_or(&[]),
    )
}

/// [`word_hash`] carried on over more bytes.
pub(crate) fn go_on(mut hash: u32, more: &[u8]) -> u32 {
    for byte in more {
        hash ^= u32::from(*byte);
        hash = hash.wrapping_mul(0x0100_0193);
    }
    hash
}

/// The Chinese word list: words of two and more characters with a class.
#[derive(Default)]
pub(crate) struct Characters {
    words: FxHashMap<u32, u8>,
}

impl Characters {
    /// Reads the file: hash and class of each word.
    pub(crate) fn read(file: &[u8]) -> Self {
        let mut words = FxHashMap::default();
        words.reserve(file.len() / 5);
        for row in file.chunks_exact(5) {
            if let [a, b, c, d, class] = *row {
                words.insert(u32::from_le_bytes([a, b, c, d]), class);
            }
        }
        Self { words }
    }

    pub(crate) fn class(&self, hash: u32) -> Option<u8> {
        self.words.get(&hash).copied()
    }
}
