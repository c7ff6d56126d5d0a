//! Bytes to a document: recognises a format, reads it in a confined process, recognises the text
//! of pictures, and says what a text is like (language, fingerprint).
//!
//! The formats themselves are crates of their own (`pdf`, `office`, `legacy`, `mail`, `webpage`,
//! `archives`, `pictures`, `encodings`), each `fn read(input, emit) -> Reading`. This crate never
//! writes to the case and never decides what becomes of a file: it reports.

mod kind;
mod language;
mod likeness;
pub mod ocr;
mod render;
#[doc(hidden)]
pub mod trial;
mod typefaces;
mod unread;
pub mod worker;

pub use kind::{Kind, recognise};
pub use language::language;
pub use likeness::{BINS, Fingerprint, fingerprint};
pub use pdf::Script;
pub use typefaces::{Typeface, typefaces};

use casefile::{Emit, Input, Outcome, Reading, Section, Span, Stop};

/// Version of everything that turns bytes into text. Raise it when a reader's output changes:
/// documents read by an older version are read again by `rebuild`.
pub const VERSION: u32 = 2;

/// Reads one original in this process; [`worker::Reader`] does so in a confined one.
///
/// # Errors
/// The receiver wants no more.
pub fn read(input: &mut Input<'_>, emit: Emit<'_>) -> Result<Reading, Stop> {
    read_telling(input, &mut |_| (), emit)
}

/// Reads one original, and tells the media type before its bytes are given to the reader of that
/// format, which may not survive them.
pub(crate) fn read_telling(
    input: &mut Input<'_>,
    tell: &mut dyn FnMut(&str),
    emit: Emit<'_>,
) -> Result<Reading, Stop> {
    let kind = match recognise(input) {
        Ok(kind) => {
            tell(kind.media_type());
            kind
        }
        Err(error) => {
            let reason = format!("its bytes cannot be read: {error}");
            return Ok(Reading::failed(
                "application/octet-stream",
                Outcome::Damaged,
                reason,
            ));
        }
    };
    if input.len == 0 {
        let mut reading = Reading::failed(kind.media_type(), Outcome::NoText, "the file is empty");
        reading.format = "application/x-empty".into();
        return Ok(reading);
    }
    kind::read(&kind, input, emit)
}

/// What a document gets whose reader crashed.
pub(crate) fn gave_up() -> Reading {
    Reading::failed(
        "",
        Outcome::Damaged,
        "the reader of this format gave up on it; the original and what was read so far are kept",
    )
}

/// The section as it came from a worker, or `None` if a span lies outside its text: workers read
/// hostile files, so what they say is checked.
pub(crate) fn checked(section: Section) -> Option<Section> {
    let chars = u32::try_from(section.text.chars().count()).ok()?;
    let inside = |span: Span| span.start <= span.end && span.end <= chars;
    let finite = |rect: &[f32; 4]| rect.iter().all(|edge| edge.is_finite());
    let whole = section.blocks.iter().all(|block| inside(block.span))
        && section
            .pages
            .iter()
            .all(|page| inside(page.span) && page.width.is_finite() && page.height.is_finite())
        && section
            .boxes
            .iter()
            .all(|b| inside(b.span) && finite(&b.rect));
    whole.then_some(section)
}

#[cfg(test)]
mod tests {
    use super::*;
    use casefile::{Block, BlockKind};

    #[test]
    fn spans_outside_the_text_are_not_believed() {
        let block = |end| Block {
            kind: BlockKind::Paragraph,
            span: Span::new(0, end),
            main: true,
        };
        let section = |end| Section {
            text: "구금".into(),
            blocks: vec![block(end)],
            ..Section::default()
        };
        assert!(checked(section(2)).is_some());
        assert!(checked(section(3)).is_none());
    }
}
