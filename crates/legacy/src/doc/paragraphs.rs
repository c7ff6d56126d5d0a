//! Properties of paragraphs: the pages of formatted runs (FKP) and the style sheet.

use casefile::BlockKind;

use super::fib::Fib;
use crate::ole::{size_at, u16_at, u32_at};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Paragraph {
    pub(super) in_table: bool,
    /// The mark ends a row, not a cell.
    pub(super) row_end: bool,
    pub(super) inner_cell: bool,
    pub(super) inner_row_end: bool,
    pub(super) nesting: u32,
    style: u16,
    /// 0 to 8 for headings.
    outline: Option<u8>,
    list: bool,
}

pub(super) struct Paragraphs {
    /// Byte ranges of the main stream, sorted.
    runs: Vec<(usize, usize, Paragraph)>,
    styles: Vec<Option<BlockKind>>,
}

impl Paragraphs {
    pub(super) fn read(main: &[u8], table: &[u8], fib: &Fib) -> Self {
        let styles = styles(slice(table, fib.styles));
        let mut runs = Vec::new();
        let plc = slice(table, fib.paragraphs);
        // n+1 offsets and n page numbers.
        let count = plc.len().saturating_sub(4) / 8;
        for index in 0..count {
            let page = u32_at(plc, (count + 1) * 4 + index * 4).map(|n| n & 0x3f_ffff);
            let from = page
                .and_then(|n| usize::try_from(n).ok())
                .and_then(|n| n.checked_mul(512));
            if let Some(page) = from.and_then(|at| main.get(at..at.checked_add(512)?)) {
                read_page(page, &mut runs);
            }
            if runs.len() > 4_000_000 {
                break;
            }
        }
        runs.sort_by_key(|run| run.0);
        Self { runs, styles }
    }

    /// Whether the file says anything about its paragraphs.
    pub(super) fn known(&self) -> bool {
        !self.runs.is_empty()
    }

    /// Properties of the paragraph whose mark stands at a byte of the main stream.
    pub(super) fn at(&self, fc: usize) -> Paragraph {
        let after = self.runs.partition_point(|run| run.0 <= fc);
        let run = after.checked_sub(1).and_then(|index| self.runs.get(index));
        run.filter(|run| fc < run.1)
            .map(|run| run.2)
            .unwrap_or_default()
    }

    pub(super) fn kind(&self, paragraph: Paragraph) -> BlockKind {
        if let Some(level) = paragraph.outline {
            return BlockKind::Heading(level + 1);
        }
        let styled = self
            .styles
            .get(usize::from(paragraph.style))
            .copied()
            .flatten();
        match styled {
            Some(kind) => kind,
            None if paragraph.list => BlockKind::ListItem,
            None => BlockKind::Paragraph,
        }
    }
}

pub(super) fn slice(bytes: &[u8], (from, len): (usize, usize)) -> &[u8] {
    let rest = bytes.get(from..).unwrap_or(&[]);
    rest.get(..len).unwrap_or(rest)
}

fn read_page(page: &[u8], runs: &mut Vec<(usize, usize, Paragraph)>) {
    let count = usize::from(page.last().copied().unwrap_or(0));
    for index in 0..count {
        let (Some(from), Some(to)) = (size_at(page, index * 4), size_at(page, index * 4 + 4))
        else {
            break;
        };
        let Some(&word) = page.get((count + 1) * 4 + index * 13) else {
            break;
        };
        let at = usize::from(word) * 2;
        // Either a length in words less one byte, or 0 and a length in words.
        let properties = match page.get(at) {
            _ if word == 0 => None,
            Some(0) => page
                .get(at + 1)
                .map(|n| slice(page, (at + 2, usize::from(*n) * 2))),
            Some(n) => Some(slice(page, (at + 1, usize::from(*n) * 2 - 1))),
            None => None,
        };
        let mut paragraph = Paragraph::default();
        if let Some(properties) = properties {
            paragraph.style = u16_at(properties, 0).unwrap_or(0);
            apply(properties.get(2..).unwrap_or(&[]), &mut paragraph);
        }
        runs.push((from, to, paragraph));
    }
}

/// Applies single property modifiers (MS-DOC 2.6.2).
fn apply(mut rest: &[u8], to: &mut Paragraph) {
    while let (Some(sprm), Some(operand)) = (u16_at(rest, 0), rest.get(2..)) {
        let first = operand.first().copied().unwrap_or(0);
        let len = match (sprm, sprm >> 13) {
            (0xd608, _) => usize::from(u16_at(operand, 0).unwrap_or(0)) + 1,
            (0xc615, _) if first == 255 => return,
            (_, 0 | 1) => 1,
            (_, 2 | 4 | 5) => 2,
            (_, 3) => 4,
            (_, 6) => usize::from(first) + 1,
            _ => 3,
        };
        match sprm {
            0x2416 => to.in_table = first != 0,
            0x2417 => to.row_end = first != 0,
            0x244b => to.inner_cell = first != 0,
            0x244c => to.inner_row_end = first != 0,
            0x6649 => to.nesting = u32_at(operand, 0).unwrap_or(0),
            0x4600 => to.style = u16_at(operand, 0).unwrap_or(0),
            0x2640 => to.outline = Some(first).filter(|level| *level < 9),
            0x460b => to.list = u16_at(operand, 0).is_some_and(|list| list != 0),
            _ => {}
        }
        rest = operand.get(len..).unwrap_or(&[]);
    }
}

/// What the built-in styles say, through those that are based on them.
fn styles(sheet: &[u8]) -> Vec<Option<BlockKind>> {
    let header = usize::from(u16_at(sheet, 0).unwrap_or(0));
    let mut at = header + 2;
    let mut all: Vec<(u16, usize)> = Vec::new();
    while let Some(len) = u16_at(sheet, at)
        && all.len() < 4096
    {
        let std = slice(sheet, (at + 2, len.into()));
        let built_in = u16_at(std, 0).map_or(0xfff, |bits| bits & 0xfff);
        let base = u16_at(std, 2).map_or(0xfff, |bits| bits >> 4);
        all.push((built_in, base.into()));
        at += 2 + usize::from(len) + usize::from(len & 1);
    }
    let kind = |start: usize| {
        let mut index = start;
        for _ in 0..11 {
            match all.get(index)? {
                (level @ 1..=9, _) => return u8::try_from(*level).ok().map(BlockKind::Heading),
                (34, _) => return Some(BlockKind::Caption),
                (62, _) => return Some(BlockKind::Heading(1)),
                (48..=57, _) => return Some(BlockKind::ListItem),
                (_, base) => index = *base,
            }
        }
        None
    };
    (0..all.len()).map(kind).collect()
}
