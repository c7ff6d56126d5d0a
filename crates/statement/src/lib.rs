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

/// Longest stretch that is looked at in one go, in bytes: what is held about it is some ten times
/// as large.
const STRETCH: usize = 1 << 19;

/// Finds all mentions and statements of `raw`. Long texts without known blocks are looked at a
/// stretch at a time, cut between paragraphs, so that memory stays flat.
#[must_use]
pub fn find(raw: &str, context: &Context<'_>) -> Found {
    if raw.len() <= 2 * STRETCH || !context.blocks.is_empty() {
        return find_at_once(raw, context);
    }
    let mut all = Found::default();
    let (mut rest, mut chars) = (raw, 0_u32);
    while !rest.is_empty() {
        let (stretch, after) = rest.split_at(cut(rest));
        let found = shifted(find_at_once(stretch, context), chars);
        all.mentions.extend(found.mentions);
        all.statements.extend(found.statements);
        let length = u32::try_from(stretch.chars().count()).unwrap_or(u32::MAX);
        chars = chars.saturating_add(length);
        rest = after;
    }
    all
}

/// Where the stretch at the start of `text` ends: at a paragraph's, a line's or a word's end.
fn cut(text: &str) -> usize {
    if text.len() <= STRETCH {
        return text.len();
    }
    let mut limit = STRETCH;
    while !text.is_char_boundary(limit) {
        limit -= 1;
    }
    let (head, _) = text.split_at(limit);
    let floor = limit / 2;
    ["\n\n", "\n", "。", ". ", " "]
        .iter()
        .find_map(|end| {
            let at = head.rfind(end)? + end.len();
            (at > floor).then_some(at)
        })
        .unwrap_or(limit)
}

fn find_at_once(raw: &str, context: &Context<'_>) -> Found {
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
