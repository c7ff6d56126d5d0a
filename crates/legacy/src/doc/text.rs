//! The text: pieces put together, then marks, fields and cells made sense of.

use std::collections::BTreeSet;

use casefile::{BlockKind, Stop};

use super::fib::{Fib, looks_wide};
use super::paragraphs::{Paragraphs, slice};
use crate::codepage::{self, Codepage};
use crate::ole::{size_at, u16_at, u32_at};
use crate::rtf::hyperlink;
use crate::sink::{Blocks, Sink};

const FIELDS: usize = 64;

/// A run of characters that stands together in the main stream.
struct Piece {
    /// Index of its first character.
    start: usize,
    /// Byte of the main stream where it begins.
    at: usize,
    /// Bytes a character takes.
    width: usize,
}

/// All characters of the document in order, in UTF-16 as positions count them.
struct Text {
    units: Vec<u16>,
    pieces: Vec<Piece>,
    whole: bool,
}

impl Text {
    /// The byte of the main stream where a character stands.
    fn byte(&self, index: usize) -> usize {
        let after = self.pieces.partition_point(|piece| piece.start <= index);
        let piece = after.checked_sub(1).and_then(|i| self.pieces.get(i));
        piece.map_or(0, |p| {
            p.at.saturating_add((index - p.start).saturating_mul(p.width))
        })
    }

    fn add(&mut self, main: &[u8], at: usize, chars: usize, wide: bool) {
        let width = if wide { 2 } else { 1 };
        self.pieces.push(Piece {
            start: self.units.len(),
            at,
            width,
        });
        let bytes = slice(main, (at, chars.saturating_mul(width)));
        self.whole &= bytes.len() == chars.saturating_mul(width);
        if wide {
            self.units
                .extend(bytes.chunks_exact(2).filter_map(|two| u16_at(two, 0)));
        } else {
            let text = codepage::WESTERN.decode(bytes);
            self.units.extend(text.encode_utf16());
        }
    }
}

/// Reads all parts of the text; false if some of it lies outside the file.
pub(super) fn read(
    main: &[u8],
    table: &[u8],
    fib: &Fib,
    links: &mut BTreeSet<String>,
    sink: &mut Sink<'_>,
) -> Result<bool, Stop> {
    let paragraphs = Paragraphs::read(main, table, fib);
    let text = gather(main, table, fib);
    let mut at = 0_usize;
    for (part, count) in fib.counts.iter().enumerate() {
        let count = usize::try_from(*count).unwrap_or(0);
        let end = at.saturating_add(count).min(text.units.len());
        if part != 3 && at < end {
            let kind = match part {
                1 | 4 | 5 => BlockKind::Footnote,
                2 | 7 => BlockKind::Margin,
                _ => BlockKind::Paragraph,
            };
            Part {
                text: &text,
                paragraphs: &paragraphs,
                kind,
                links,
            }
            .read(at, end, sink)?;
        }
        at = end;
    }
    // Counts that fall short of the pieces: the rest is still text (all of it, if they are 0).
    if at + 2 < text.units.len() {
        let mut part = Part {
            text: &text,
            paragraphs: &paragraphs,
            kind: BlockKind::Paragraph,
            links,
        };
        part.read(at, text.units.len(), sink)?;
    }
    let stated: u64 = fib.counts.iter().map(|count| u64::from(*count)).sum();
    Ok(text.whole && text.units.len() as u64 + 2 >= stated)
}

fn gather(main: &[u8], table: &[u8], fib: &Fib) -> Text {
    let mut text = Text {
        units: Vec::new(),
        pieces: Vec::new(),
        whole: true,
    };
    let modern = fib.table_stream.is_some();
    if let Some(plc) = piece_table(slice(table, fib.pieces)) {
        let count = plc.len().saturating_sub(4) / 12;
        for index in 0..count {
            let (Some(from), Some(to)) = (size_at(plc, index * 4), size_at(plc, index * 4 + 4))
            else {
                break;
            };
            let fc = u32_at(plc, (count + 1) * 4 + index * 8 + 2).unwrap_or(0);
            let Some(chars) = to.checked_sub(from).filter(|n| *n <= main.len()) else {
                text.whole = false;
                continue;
            };
            let packed = fc & 0x4000_0000 != 0;
            let at = usize::try_from(fc & 0x3fff_ffff).unwrap_or(usize::MAX);
            // Pieces may name the same bytes again and again: a small file stays a small text.
            if text.units.len() > main.len().saturating_mul(4) {
                text.whole = false;
                break;
            }
            if modern {
                text.add(main, if packed { at / 2 } else { at }, chars, !packed);
            } else {
                add_old(&mut text, main, at, chars, fib);
            }
        }
    }
    if text.units.is_empty() {
        // No piece table: the text stands in one run.
        let chars: u64 = fib.counts.iter().map(|c| u64::from(*c)).sum();
        let chars = usize::try_from(chars).unwrap_or(0).min(main.len());
        text.whole &= !modern || chars == 0;
        if modern {
            text.add(main, fib.first, chars, looks_wide(main, fib.first, chars));
        } else {
            add_old(&mut text, main, fib.first, chars, fib);
        }
    }
    text
}

/// Adds text of Word 6 or 95: one code page, or UTF-16 in East Asian versions.
fn add_old(text: &mut Text, main: &[u8], at: usize, chars: usize, fib: &Fib) {
    if fib.wide {
        text.add(main, at, chars, true);
        return;
    }
    let bytes = slice(main, (at, chars));
    text.whole &= bytes.len() == chars;
    text.pieces.push(Piece {
        start: text.units.len(),
        at,
        width: 1,
    });
    let page: Codepage = fib.page;
    if !page.is_double() {
        text.units.extend(page.decode(bytes).encode_utf16());
        return;
    }
    // Positions count bytes here; a filler keeps them right after a letter of two bytes.
    let mut rest = bytes;
    while let Some(&first) = rest.first() {
        let len = if page.leads(first) && rest.len() > 1 {
            2
        } else {
            1
        };
        let (letter, left) = rest.split_at(len);
        let before = text.units.len();
        text.units
            .extend(page.decode(letter).encode_utf16().take(len));
        text.units.resize(before + len, 0);
        rest = left;
    }
}

/// The piece table inside the CLX (MS-DOC 2.9.38): after any number of property runs.
fn piece_table(clx: &[u8]) -> Option<&[u8]> {
    let mut at = 0_usize;
    loop {
        match clx.get(at)? {
            1 => at = at.checked_add(3 + usize::from(u16_at(clx, at + 1)?))?,
            2 => return Some(slice(clx, (at + 5, size_at(clx, at + 1)?))),
            _ => return None,
        }
    }
}

/// One field: its instruction, and whether its result has begun.
struct OpenField {
    instruction: String,
    result: bool,
}

struct Part<'t, 'l> {
    text: &'t Text,
    paragraphs: &'t Paragraphs,
    kind: BlockKind,
    links: &'l mut BTreeSet<String>,
}

impl Part<'_, '_> {
    fn read(&mut self, from: usize, to: usize, sink: &mut Sink<'_>) -> Result<(), Stop> {
        let mut line = Line::default();
        let mut units = Vec::new();
        for index in from..to {
            let Some(&unit) = self.text.units.get(index) else {
                break;
            };
            if unit >= 32 {
                units.push(unit);
                continue;
            }
            line.add(&units);
            units.clear();
            match unit {
                0x07 | 0x0c | 0x0d => self.mark(unit, index, &mut line, sink)?,
                0x13 if line.fields.len() < FIELDS => {
                    line.fields.push(OpenField {
                        instruction: String::new(),
                        result: false,
                    });
                }
                0x14 => {
                    if let Some(field) = line.fields.last_mut() {
                        field.result = true;
                    }
                }
                0x15 => {
                    if let Some(field) = line.fields.pop()
                        && let Some(target) = hyperlink(&field.instruction)
                        && self.links.len() < 10_000
                    {
                        self.links.insert(target);
                    }
                }
                0x09 => line.push("\t"),
                0x0b | 0x0e => line.push("\n"),
                0x1e => line.push("\u{2011}"),
                0x1f => line.push("\u{ad}"),
                _ => {}
            }
        }
        line.add(&units);
        // A field that never ends: its words are text after all.
        for field in std::mem::take(&mut line.fields) {
            if !field.result {
                line.push(&field.instruction);
            }
        }
        self.end_row(&mut line, sink)?;
        let rest = std::mem::take(&mut line.paragraph);
        sink.block(self.kind, &rest)
    }

    fn mark(
        &self,
        unit: u16,
        index: usize,
        line: &mut Line,
        sink: &mut Sink<'_>,
    ) -> Result<(), Stop> {
        let paragraph = self.paragraphs.at(self.text.byte(index));
        if unit == 0x07 {
            let row_end = if self.paragraphs.known() {
                paragraph.row_end
            } else {
                line.paragraph.is_empty() && line.cell.is_empty() && !line.cells.is_empty()
            };
            if row_end {
                return self.end_row(line, sink);
            }
            let mut cell = std::mem::take(&mut line.cell);
            cell.push_str(&std::mem::take(&mut line.paragraph));
            line.cells.push(cell);
            return Ok(());
        }
        if paragraph.inner_row_end {
            let row = std::mem::take(&mut line.inner).join("\t");
            line.after.push((BlockKind::TableRow, row));
            line.paragraph.clear();
            return Ok(());
        }
        if paragraph.inner_cell {
            line.inner.push(tidy(&std::mem::take(&mut line.paragraph)));
            return Ok(());
        }
        // Inside an instruction, a paragraph mark is part of what is not shown.
        if line.in_instruction() {
            line.push(" ");
            return Ok(());
        }
        if paragraph.in_table && unit == 0x0d {
            if paragraph.nesting > 1 {
                line.paragraph.push(' ');
            } else {
                let text = std::mem::take(&mut line.paragraph);
                line.cell.push_str(&text);
                line.cell.push(' ');
            }
            return Ok(());
        }
        let text = std::mem::take(&mut line.paragraph);
        self.end_row(line, sink)?;
        let kind = match self.kind {
            BlockKind::Paragraph => self.paragraphs.kind(paragraph),
            kind => kind,
        };
        sink.block(kind, &text)?;
        if unit == 0x0c && self.kind == BlockKind::Paragraph {
            sink.page_break();
        }
        Ok(())
    }

    fn end_row(&self, line: &mut Line, sink: &mut Sink<'_>) -> Result<(), Stop> {
        if !line.cell.trim().is_empty() {
            line.cells.push(std::mem::take(&mut line.cell));
        }
        line.cell.clear();
        let cells = std::mem::take(&mut line.cells);
        let row = cells
            .iter()
            .map(|cell| tidy(cell))
            .collect::<Vec<_>>()
            .join("\t");
        sink.block(BlockKind::TableRow, &row)?;
        if !line.inner.is_empty() {
            let row = std::mem::take(&mut line.inner).join("\t");
            line.after.push((BlockKind::TableRow, row));
        }
        sink.blocks(std::mem::take(&mut line.after))
    }
}

fn tidy(cell: &str) -> String {
    cell.trim().replace(['\t', '\n'], " ")
}

/// The paragraph and row that are being read.
#[derive(Default)]
struct Line {
    paragraph: String,
    cell: String,
    cells: Vec<String>,
    inner: Vec<String>,
    after: Blocks,
    fields: Vec<OpenField>,
}

impl Line {
    fn in_instruction(&self) -> bool {
        self.fields.iter().any(|field| !field.result)
    }

    fn push(&mut self, text: &str) {
        match self.fields.iter_mut().find(|field| !field.result) {
            Some(field) => field.instruction.push_str(text),
            None => self.paragraph.push_str(text),
        }
    }

    fn add(&mut self, units: &[u16]) {
        if !units.is_empty() {
            self.push(&String::from_utf16_lossy(units));
        }
    }
}
