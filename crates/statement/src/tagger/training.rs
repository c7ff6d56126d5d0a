//! What the trainer of the tagger needs: units and features exactly as the tagger sees them, and
//! the form of its files. Only with the feature `training`.

use std::ops::Range;

use super::words::{Characters, Known, Words};
use super::{eastern, english, model};
use crate::text::{Script, Sentence, Text, word_hash};

/// How many labels there are.
pub const LABELS: usize = model::LABELS;
/// Bytes of a row of the model file.
pub const ROW: usize = model::ROW;
/// The first bytes of the model file.
pub const MAGIC: &[u8; 4] = model::MAGIC;

/// The label of a kind (0 person, 1 organisation, 2 place) and part (0 begin, 1 inside, 2 end, 3 single).
#[must_use]
pub const fn label(kind: usize, part: usize) -> usize {
    model::label(kind, part)
}

/// Whether a label may follow another.
#[must_use]
pub const fn may_follow(before: usize, after: usize) -> bool {
    model::may_follow(before, after)
}

/// The language of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    English,
    Chinese,
    Korean,
}

/// Units that are labelled together.
#[derive(Debug, Clone)]
pub struct Sequence {
    /// Each unit's place in characters of the text.
    pub units: Vec<Range<u32>>,
    pub features: Vec<Vec<u64>>,
}

/// The lists that features look words up in.
pub struct Lists {
    words: Words,
    characters: Characters,
}

impl Lists {
    /// From the bytes of the two list files.
    #[must_use]
    pub fn read(english: &[u8], chinese: &[u8]) -> Self {
        Self {
            words: Words::read(english),
            characters: Characters::read(chinese),
        }
    }
}

/// The hash by which a list knows a word.
#[must_use]
pub fn hash(word: &str) -> u32 {
    word_hash(word.as_bytes())
}

/// The bits of a word's roles, from their letters.
#[must_use]
pub fn roles(letters: &str) -> u8 {
    letters
        .chars()
        .map(|letter| match letter {
            'F' => Known::FIRST_NAME,
            'L' => Known::SURNAME,
            'P' => Known::PLACE,
            'C' => Known::COUNTRY,
            'O' => Known::BODY,
            _ => 0,
        })
        .fold(0, |sum, bit| sum | bit)
}

/// The sequences of one sentence.
#[must_use]
pub fn sequences(language: Language, raw: &str, lists: &Lists) -> Vec<Sequence> {
    let text = Text::new(raw, &[]);
    let sentence = Sentence {
        tokens: 0..text.tokens.len(),
        block: 0,
        heading: false,
        table: false,
        script: Script::Latin,
        inside_quotation: false,
    };
    let mut found = Vec::new();
    let mut take = |units: &[Range<u32>], features: model::Features<'_>| {
        found.push(Sequence {
            units: units
                .iter()
                .map(|bytes| text.char_at(bytes.start)..text.char_at(bytes.end))
                .collect(),
            features: (0..units.len())
                .map(|n| {
                    let mut all = Vec::new();
                    features(n, &mut |feature| all.push(feature));
                    all
                })
                .collect(),
        });
    };
    match language {
        Language::English => {
            english::Reader::default().each_zone(&text, &sentence, &lists.words, take);
        }
        Language::Chinese => {
            eastern::Reader::default().chinese(&text, &sentence, &lists.characters, take);
        }
        Language::Korean => eastern::Reader::default().korean(&text, &sentence, &mut take),
    }
    found
}

/// Names that a model file finds in one sentence: kind (0 person, 1 organisation, 2 place), start
/// and end in characters.
#[must_use]
pub fn decode(model: &[u8], sequence: &Sequence) -> Vec<(usize, u32, u32)> {
    let model = model::Model::read(model);
    let mut found = Vec::new();
    model.decode(
        &sequence.units,
        &mut |n, sink| {
            for feature in sequence.features.get(n).into_iter().flatten() {
                sink(*feature);
            }
        },
        &mut found,
    );
    found
        .into_iter()
        .map(|tagged| {
            let kind = match tagged.tag {
                super::Tag::Person => 0,
                super::Tag::Organisation => 1,
                super::Tag::Place => 2,
            };
            (kind, tagged.bytes.start, tagged.bytes.end)
        })
        .collect()
}

/// How many names the tagger of this crate finds, for measuring its speed.
#[must_use]
pub fn tag(raw: &str) -> usize {
    super::tag(&Text::new(raw, &[])).len()
}

/// The cutting alone, which [`tag`] includes.
#[must_use]
pub fn cut(raw: &str) -> usize {
    Text::new(raw, &[]).tokens.len()
}
