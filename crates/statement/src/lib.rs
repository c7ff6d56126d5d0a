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
pub mod figures;
mod lexicon;
mod mention;
mod section;
mod tagger;
mod text;
mod witness;

#[cfg(feature = "training")]
pub use tagger::training;

pub use section::{find_in, quotes, shifted};
pub use witness::{SeenDate, SeenNumber, Witness, witness};

use casefile::statement::{Mention, Statement};
use casefile::{ApproxDate, Block, Span};

use crate::text::Text;

/// The step's version: a change of what is found from the same text changes it.
pub const EXTRACTOR: &str = "rules/4";

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

/// Finds all mentions and statements of `raw`. Long texts are looked at a stretch at a time, cut
/// between blocks or paragraphs, so that memory stays flat.
#[must_use]
pub fn find(raw: &str, context: &Context<'_>) -> Found {
    let mut all = Found::default();
    find_each(raw, context, |found| {
        all.mentions.extend(found.mentions);
        all.statements.extend(found.statements);
    });
    all
}

/// The same, handed out a stretch at a time in the order of the text: whoever passes it on holds
/// no more than one stretch of it. Offsets are those of the whole text.
pub fn find_each(raw: &str, context: &Context<'_>, mut each: impl FnMut(Found)) {
    if raw.len() <= 2 * STRETCH {
        each(find_at_once(raw, context));
        return;
    }
    let (mut rest, mut chars, mut blocks) = (raw, 0_u32, context.blocks);
    while !rest.is_empty() {
        let (stretch, after) = rest.split_at(cut_between(rest, chars, blocks));
        let length = u32::try_from(stretch.chars().count()).unwrap_or(u32::MAX);
        let end = chars.saturating_add(length);
        let own = own_blocks(blocks, chars, end);
        let context = Context {
            blocks: &own,
            ..*context
        };
        each(shifted(find_at_once(stretch, &context), chars));
        let done = blocks.partition_point(|block| block.span.end <= end);
        (rest, chars, blocks) = (after, end, blocks.get(done..).unwrap_or(&[]));
    }
}

/// The blocks between two places, moved so that the first place is their start.
fn own_blocks(blocks: &[Block], start: u32, end: u32) -> Vec<Block> {
    let inside = |at: u32| at.clamp(start, end) - start;
    blocks
        .iter()
        .take_while(|block| block.span.start < end)
        .map(|block| Block {
            span: Span::new(inside(block.span.start), inside(block.span.end)),
            ..*block
        })
        .collect()
}

/// Where the stretch at the start of `text` ends: before a block, else as [`cut`] says. The blocks
/// are those of the whole text, in which `text` begins at character `chars`.
fn cut_between(text: &str, chars: u32, blocks: &[Block]) -> usize {
    if blocks.is_empty() || text.len() <= STRETCH {
        return cut(text);
    }
    // Half a stretch at least, in characters as well as in bytes.
    let place = |bytes: usize| {
        let at = text.floor_char_boundary(bytes);
        let before = text.get(..at).unwrap_or("").chars().count();
        (
            at,
            chars.saturating_add(u32::try_from(before).unwrap_or(u32::MAX)),
        )
    };
    let ((half, from), (_, to)) = (place(STRETCH / 2), place(STRETCH));
    let next = blocks.partition_point(|block| block.span.start <= to);
    let start = next
        .checked_sub(1)
        .and_then(|last| blocks.get(last))
        .map(|block| block.span.start)
        .filter(|start| *start > from);
    let Some(start) = start else {
        return cut(text);
    };
    let rest = text.get(half..).unwrap_or("");
    let more = rest.char_indices().nth((start - from) as usize);
    more.map_or(text.len(), |(at, _)| half + at)
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
            .filter(|mention| mention.is_told(&text))
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
