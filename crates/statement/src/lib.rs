//! From text to statements: who says what happened to whom, where, when, how many, how surely.
//!
//! Pure and deterministic: the same text and [`Context`] always give the same [`Found`]; no file,
//! clock or network is touched. Whatever is found points at the words that it was read from, in
//! characters (Unicode scalar values) of the text given; nothing is found without words.
//!
//! The way through: [`text`] cuts tokens, blocks and sentences; [`mention`] finds names, places,
//! dates and numbers and settles overlaps; [`event`] finds events with their roles, modality,
//! polarity and tellers.

mod event;
mod lexicon;
mod mention;
mod section;
mod tagger;
mod text;

#[cfg(feature = "training")]
pub use tagger::training;

pub use section::{find_in, quotes, shifted};

use casefile::statement::{Mention, Statement};
use casefile::{ApproxDate, Block};

use crate::text::Text;

/// The step's version: a change of what is found from the same text changes it.
pub const EXTRACTOR: &str = "rules/1";

/// What is known of a text besides its words.
#[derive(Debug, Clone, Copy, Default)]
pub struct Context<'a> {
    /// When it was published; relative dates are resolved against it and stay open without it.
    pub published: Option<ApproxDate>,
    /// Its blocks in characters of the text, ascending; empty where they are not known.
    pub blocks: &'a [Block],
}

/// What a text names and claims, each list in the order of the text.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    pub mentions: Vec<Mention>,
    pub statements: Vec<Statement>,
}

/// Finds all mentions and statements of `raw`.
#[must_use]
pub fn find(raw: &str, context: &Context<'_>) -> Found {
    let text = Text::new(raw, context.blocks);
    let mentions = mention::find(&text, context);
    let statements = event::find(&text, &mentions, context);
    Found {
        mentions: mentions
            .iter()
            .map(|mention| {
                let quote = text.quote(mention.bytes.clone());
                Mention {
                    kind: mention.kind,
                    start: quote.start,
                    end: quote.end,
                    text: quote.text,
                }
            })
            .collect(),
        statements,
    }
}
