//! The words of one slide or page of notes.

use std::collections::BTreeSet;

use casefile::BlockKind;

use super::records::Record;
use crate::codepage;
use crate::ole::{u16_at, u32_at};
use crate::sink::Blocks;

pub(super) const TEXT_HEADER: u16 = 0x0f9f;
const TEXT_CHARS: u16 = 0x0fa0;
const TEXT_BYTES: u16 = 0x0fa8;
const OUTLINE_REF: u16 = 0x0f9e;
const NOTES_ATOM: u16 = 0x03f1;
const TEXT_BOX: u16 = 0xf00d;
const SHAPE: u16 = 0xf004;
const OPTIONS: u16 = 0xf00b;
const COMMENT: u16 = 0x2ee0;
const BINARY_TAG: u16 = 0x138b;
const HEADERS: u16 = 0x0fd9;
const STRING: u16 = 0x0fba;
const DEPTH: u32 = 40;

/// The slide that a page of notes belongs to.
pub(super) fn noted(notes: Record<'_>) -> Option<u32> {
    u32_at(notes.child(NOTES_ATOM)?.data, 0)
}

/// The text of a text record, with paragraphs apart by `\n`.
pub(super) fn text(record: Record<'_>) -> Option<String> {
    let text = match record.kind {
        TEXT_CHARS => codepage::utf16(record.data),
        // The lower halves of UTF-16.
        TEXT_BYTES => record.data.iter().map(|&byte| byte as char).collect(),
        _ => return None,
    };
    Some(text.replace('\r', "\n").replace('\u{b}', " "))
}

/// Blocks of a slide: its shapes in their order, then texts of the outline that no shape shows.
pub(super) fn blocks(slide: Option<Record<'_>>, outline: &[(u32, String)]) -> Blocks {
    let mut reader = Slide {
        outline,
        shown: BTreeSet::new(),
        into: Blocks::new(),
        after: Blocks::new(),
    };
    if let Some(slide) = slide {
        reader.container(slide, 0);
    }
    let mut into = Blocks::new();
    for (index, (kind, text)) in outline.iter().enumerate() {
        if !reader.shown.contains(&index) {
            add(*kind, text, &mut into);
        }
    }
    into.append(&mut reader.into);
    into.append(&mut reader.after);
    into
}

fn add(kind: u32, text: &str, into: &mut Blocks) {
    // Titles of slides and of title slides.
    if matches!(kind, 0 | 6) {
        into.push((BlockKind::Heading(1), text.trim().replace('\n', " ")));
        return;
    }
    for paragraph in text.split('\n') {
        into.push((BlockKind::Paragraph, paragraph.to_owned()));
    }
}

struct Slide<'o> {
    outline: &'o [(u32, String)],
    shown: BTreeSet<usize>,
    into: Blocks,
    after: Blocks,
}

impl Slide<'_> {
    fn container(&mut self, record: Record<'_>, depth: u32) {
        if depth > DEPTH {
            return;
        }
        for child in record.children() {
            match child.kind {
                TEXT_BOX => self.text_box(child),
                SHAPE => {
                    self.container(child, depth + 1);
                    if let Some(words) = child.child(OPTIONS).and_then(word_art) {
                        self.into.push((BlockKind::Paragraph, words));
                    }
                }
                COMMENT => self.comment(child),
                HEADERS => {
                    for string in child.children().filter(|r| r.kind == STRING) {
                        self.after
                            .push((BlockKind::Margin, codepage::utf16(string.data)));
                    }
                }
                // Extensions of later versions are kept as plain bytes that hold records.
                BINARY_TAG => {
                    let inside = Record {
                        container: true,
                        ..child
                    };
                    self.container(inside, depth + 1);
                }
                _ if child.container => self.container(child, depth + 1),
                _ => {}
            }
        }
    }

    fn text_box(&mut self, text_box: Record<'_>) {
        let mut kind = 4;
        // A text box is a container by its content, whatever its version says.
        for record in (Record {
            container: true,
            ..text_box
        })
        .children()
        {
            match record.kind {
                TEXT_HEADER => kind = u32_at(record.data, 0).unwrap_or(4),
                OUTLINE_REF => {
                    let index = u32_at(record.data, 0).and_then(|i| usize::try_from(i).ok());
                    if let Some(index) = index
                        && let Some((kind, text)) = self.outline.get(index)
                        && self.shown.insert(index)
                    {
                        add(*kind, text, &mut self.into);
                    }
                }
                _ => {
                    if let Some(text) = text(record) {
                        add(kind, &text, &mut self.into);
                    }
                }
            }
        }
    }

    fn comment(&mut self, comment: Record<'_>) {
        let string = |instance| {
            let found = comment
                .children()
                .find(|r| r.kind == STRING && r.instance == instance);
            found.map(|r| codepage::utf16(r.data).replace('\r', "\n"))
        };
        let (author, text) = (string(0).unwrap_or_default(), string(1).unwrap_or_default());
        let line = if author.is_empty() {
            text
        } else {
            format!("{author}: {text}")
        };
        self.after.push((BlockKind::Footnote, line));
    }
}

/// Words drawn as a picture: property `gtextUNICODE` of a shape (MS-ODRAW 2.3.22.1).
fn word_art(options: Record<'_>) -> Option<String> {
    let count = usize::from(options.instance);
    let mut at = count.checked_mul(6)?;
    for index in 0..count {
        let id = u16_at(options.data, index * 6)?;
        let value = usize::try_from(u32_at(options.data, index * 6 + 2)?).ok()?;
        if id & 0x8000 == 0 {
            continue;
        }
        if id & 0x3fff == 0xc0 {
            let bytes = options.data.get(at..at.checked_add(value)?)?;
            let text = codepage::utf16(bytes);
            return Some(text.trim_end_matches('\0').replace('\r', "\n"));
        }
        at = at.checked_add(value)?;
    }
    None
}
