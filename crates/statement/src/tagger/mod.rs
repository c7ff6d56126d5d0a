//! The tagger of persons, organisations and places: a linear-chain conditional random field over
//! hashed features, with weights trained by `cargo xtask train-tagger`.
//!
//! English is tagged over words, and only where capitals stand: everything else is no name.
//! Chinese is tagged over characters, Korean over syllables, so that particles fall off.

mod eastern;
mod english;
mod model;
#[cfg(feature = "training")]
pub mod training;
mod turn;
mod words;

use std::ops::Range;
use std::sync::LazyLock;

use crate::text::{Script, Text};
use model::Model;
use words::{Characters, Words};

/// What a tag says that a span is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tag {
    Person,
    Organisation,
    Place,
}

/// A span that the tagger takes for a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tagged {
    pub(crate) tag: Tag,
    /// Bytes of the text.
    pub(crate) bytes: Range<u32>,
}

struct Tagger<L> {
    model: Model<'static>,
    lists: L,
}

static ENGLISH: LazyLock<Tagger<Words>> = LazyLock::new(|| Tagger {
    model: Model::read(include_bytes!("../../weights/english-tagger.bin")),
    lists: Words::read(include_bytes!("../../weights/english-words.bin")),
});
static CHINESE: LazyLock<Tagger<Characters>> = LazyLock::new(|| Tagger {
    model: Model::read(include_bytes!("../../weights/chinese-tagger.bin")),
    lists: Characters::read(include_bytes!("../../weights/chinese-words.bin")),
});
static KOREAN: LazyLock<Model<'static>> =
    LazyLock::new(|| Model::read(include_bytes!("../../weights/korean-tagger.bin")));

/// The word lists that the English tagger looks words up in.
pub(crate) fn english_words() -> &'static Words {
    &ENGLISH.lists
}

pub(crate) use eastern::{KOREAN_SURNAMES, SURNAMES as CHINESE_SURNAMES};
pub(crate) use english::is_syllabic;

/// All names of a text as the tagger sees them, in order, without overlaps.
pub(crate) fn tag(text: &Text<'_>) -> Vec<Tagged> {
    let mut found = Vec::new();
    let mut english = english::Reader::default();
    let mut eastern = eastern::Reader::default();
    for sentence in &text.sentences {
        match sentence.script {
            Script::Latin => {
                let tagger = &*ENGLISH;
                english.each_zone(text, sentence, &tagger.lists, |units, features| {
                    tagger.model.decode(units, features, &mut found);
                });
            }
            Script::Han => {
                let tagger = &*CHINESE;
                eastern.chinese(text, sentence, &tagger.lists, |units, features| {
                    tagger.model.decode(units, features, &mut found);
                });
            }
            Script::Hangul => {
                let model = &*KOREAN;
                eastern.korean(text, sentence, |units, features| {
                    model.decode(units, features, &mut found);
                });
            }
        }
    }
    turn::by_words(text, &mut found);
    found
}

/// The hash of one feature: its template and what stands there.
#[inline]
pub(crate) const fn feature(template: u8, a: u32, b: u32) -> u64 {
    let mixed =
        ((a as u64) << 32 | b as u64) ^ (template as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let folded = (mixed as u128).wrapping_mul(0xD6E8_FEB8_6659_FD93_A5A3_5625_5A3E_2C9D);
    (folded as u64) ^ ((folded >> 64) as u64)
}

#[cfg(test)]
mod tests;
