//! Paragraphs of a section: text with control characters, and what those controls hold.

use std::collections::BTreeMap;

use casefile::BlockKind;

use super::records::Records;
use super::string;
use crate::codepage;
use crate::ole::{u16_at, u32_at};
use crate::sink::{self, Blocks};

const BIN_DATA: u32 = 0x12;
const PARA_SHAPE: u32 = 0x19;
const STYLE: u32 = 0x1a;
const PARA_HEADER: u32 = 0x42;
const PARA_TEXT: u32 = 0x43;
const CTRL_HEADER: u32 = 0x47;
const LIST_HEADER: u32 = 0x48;
const TABLE: u32 = 0x4d;
const EQUATION: u32 = 0x58;
const TEXT_ART: u32 = 0x5a;

/// Levels of text inside text (a table in a cell in a box); deeper ones are read flat.
const DEPTH: u32 = 48;

/// What `DocInfo` says about paragraphs and stored files.
#[derive(Default)]
pub(super) struct Styles {
    shapes: Vec<Option<BlockKind>>,
    /// Paragraph kinds of styles that are called outline levels.
    styles: Vec<Option<BlockKind>>,
    packed: BTreeMap<u16, bool>,
}

impl Styles {
    pub(super) fn read(bytes: &[u8]) -> Self {
        let mut this = Self::default();
        for record in Records::read(bytes).all {
            match record.tag {
                PARA_SHAPE => {
                    let bits = u32_at(record.data, 0).unwrap_or(0);
                    let level = u8::try_from(bits >> 25 & 7).unwrap_or(0);
                    this.shapes.push(match bits >> 23 & 3 {
                        1 => Some(BlockKind::Heading(level + 1)),
                        2 | 3 => Some(BlockKind::ListItem),
                        _ => None,
                    });
                }
                STYLE => {
                    let (local, at) = string(record.data, 0).unwrap_or_default();
                    let (english, _) = string(record.data, at).unwrap_or_default();
                    this.styles
                        .push(outline(&local).or_else(|| outline(&english)));
                }
                BIN_DATA => {
                    let bits = u16_at(record.data, 0).unwrap_or(0);
                    if let (1 | 2, Some(id)) = (bits & 15, u16_at(record.data, 2))
                        && let packed @ (1 | 2) = bits >> 4 & 3
                    {
                        this.packed.insert(id, packed == 1);
                    }
                }
                _ => {}
            }
        }
        this
    }

    /// Whether a stored file is packed, where its entry says so.
    pub(super) fn packed(&self, id: u16) -> Option<bool> {
        self.packed.get(&id).copied()
    }

    fn kind(&self, paragraph: &[u8]) -> BlockKind {
        let shape = u16_at(paragraph, 8).and_then(|id| self.shapes.get(usize::from(id)));
        let style = paragraph
            .get(10)
            .and_then(|id| self.styles.get(usize::from(*id)));
        let kind = shape
            .copied()
            .flatten()
            .or_else(|| style.copied().flatten());
        kind.unwrap_or(BlockKind::Paragraph)
    }
}

/// The level of a style called "개요 1" or "Outline 1".
pub(crate) fn outline(name: &str) -> Option<BlockKind> {
    let number = name
        .strip_prefix("개요")
        .or_else(|| name.strip_prefix("Outline"))?;
    let level = number
        .trim()
        .parse::<u8>()
        .ok()
        .filter(|l| (1..=10).contains(l))?;
    Some(BlockKind::Heading(level.min(9)))
}

/// All paragraphs of a section, with targets of hyperlinks.
pub(super) fn blocks(records: &Records<'_>, styles: &Styles, links: &mut Vec<String>) -> Blocks {
    let mut reader = Reader {
        records,
        styles,
        links,
    };
    let mut into = Blocks::new();
    reader.list(0, records.all.len(), 0, &mut into);
    into
}

struct Reader<'r, 'a> {
    records: &'r Records<'a>,
    styles: &'r Styles,
    links: &'r mut Vec<String>,
}

impl Reader<'_, '_> {
    fn tag(&self, index: usize) -> u32 {
        self.records.all.get(index).map_or(0, |r| r.tag)
    }

    fn data(&self, index: usize) -> &[u8] {
        self.records.all.get(index).map_or(&[], |r| r.data)
    }

    /// Every paragraph between two records, whatever stands around them.
    fn list(&mut self, from: usize, to: usize, depth: u32, into: &mut Blocks) {
        let mut at = from;
        while at < to {
            match self.tag(at) {
                PARA_HEADER => {
                    let end = if depth < DEPTH {
                        self.records.end(at).min(to)
                    } else {
                        at + 1
                    };
                    self.paragraph(at, end, depth, into);
                    at = end;
                }
                // A paragraph without its header.
                PARA_TEXT => {
                    let (text, _) = self.text(at, &[], &mut Blocks::new(), depth);
                    into.push((BlockKind::Paragraph, text));
                    at += 1;
                }
                TEXT_ART => {
                    // Seven pairs of corners stand before the text.
                    if let Some((text, _)) = string(self.data(at), 32) {
                        into.push((BlockKind::Paragraph, text));
                    }
                    at += 1;
                }
                _ => at += 1,
            }
        }
    }

    fn paragraph(&mut self, at: usize, end: usize, depth: u32, into: &mut Blocks) {
        let kind = self.styles.kind(self.data(at));
        let level = self.records.all.get(at).map_or(0, |r| r.level);
        let (mut texts, mut controls, mut others) = (Vec::new(), Vec::new(), Vec::new());
        let mut child = at + 1;
        while child < end {
            match self.tag(child) {
                PARA_TEXT => texts.push(child),
                CTRL_HEADER => controls.push(child),
                // Levels that do not fit, memos, and whatever else may hold paragraphs.
                _ => others.push((child, self.records.end(child).min(end))),
            }
            let deeper = self.records.all.get(child).is_some_and(|r| r.level > level);
            child = if deeper {
                self.records.end(child).min(end)
            } else {
                child + 1
            };
        }
        let mut after = Blocks::new();
        let mut text = String::new();
        let mut used = 0;
        for index in texts {
            let rest = controls.get(used..).unwrap_or(&[]).to_vec();
            let (more, count) = self.text(index, &rest, &mut after, depth);
            text.push_str(&more);
            used += count;
        }
        into.push((kind, text));
        // Controls that the text does not name, as in broken files.
        for control in controls.get(used..).unwrap_or(&[]).to_vec() {
            let inline = self.control(control, depth, &mut after);
            if !inline.trim().is_empty() {
                after.push((BlockKind::Paragraph, inline));
            }
        }
        into.append(&mut after);
        for (from, to) in others {
            if to > from + 1 || self.tag(from) == TEXT_ART {
                let mut found = Blocks::new();
                self.list(from, to, depth + 1, &mut found);
                into.append(&mut found);
            }
        }
    }

    /// The text of one record; the controls in it are taken from `controls` in order, and their
    /// number is told.
    fn text(
        &mut self,
        at: usize,
        controls: &[usize],
        after: &mut Blocks,
        depth: u32,
    ) -> (String, usize) {
        let units: Vec<u16> = self
            .data(at)
            .chunks_exact(2)
            .filter_map(|two| u16_at(two, 0))
            .collect();
        let mut out = String::new();
        let mut run: Vec<u16> = Vec::new();
        let (mut place, mut used) = (0, 0);
        while let Some(&unit) = units.get(place) {
            if unit >= 32 {
                run.push(unit);
                place += 1;
                continue;
            }
            out.extend(char::decode_utf16(run.drain(..)).map(|c| c.unwrap_or('\u{fffd}')));
            place += match unit {
                0 | 10 | 13 | 24..=31 => 1,
                _ => 8,
            };
            match unit {
                9 => out.push('\t'),
                10 => out.push('\n'),
                24 => out.push('-'),
                30 => out.push('\u{a0}'),
                31 => out.push(' '),
                1..=3 | 11 | 12 | 14..=18 | 21..=23 => {
                    if let Some(&control) = controls.get(used) {
                        used += 1;
                        let inline = self.control(control, depth, after);
                        out.push_str(&inline);
                        // What stands before and behind a table is not one word.
                        if self.data(control).starts_with(b" lbt") && !out.is_empty() {
                            out.push('\n');
                        }
                    }
                }
                _ => {}
            }
        }
        out.extend(char::decode_utf16(run).map(|c| c.unwrap_or('\u{fffd}')));
        (out, used)
    }

    /// What a control holds: text that stands in the line is returned, blocks go to `after`.
    fn control(&mut self, at: usize, depth: u32, after: &mut Blocks) -> String {
        let end = self.records.end(at);
        let records = self.records;
        let Some(data) = records.all.get(at).map(|record| record.data) else {
            return String::new();
        };
        let mut id = data.get(..4).unwrap_or(b"    ").to_vec();
        id.reverse();
        match id.as_slice() {
            b"tbl " if depth < DEPTH => self.table(at + 1, end, depth, after),
            b"eqed" => {
                let equation = (at + 1..end).find(|&child| self.tag(child) == EQUATION);
                let script = equation.and_then(|index| string(self.data(index), 4));
                self.list(at + 1, end, depth + 1, after);
                return script.map(|(text, _)| text).unwrap_or_default();
            }
            b"head" | b"foot" => self.list_as(BlockKind::Margin, at + 1, end, depth, after),
            b"fn  " | b"en  " | b"tcmt" => {
                self.list_as(BlockKind::Footnote, at + 1, end, depth, after);
            }
            b"atno" => return auto_number(data).unwrap_or_default(),
            // Letters in a frame or on top of each other.
            b"tcps" => return string(data, 4).map(|(text, _)| text).unwrap_or_default(),
            // Text with a reading above it; both stand only here.
            b"tdut" => {
                let Some((main, next)) = string(data, 4) else {
                    return String::new();
                };
                let above = string(data, next).map(|(text, _)| text).unwrap_or_default();
                return if above.is_empty() {
                    main
                } else {
                    format!("{main}({above})")
                };
            }
            [b'%', ..] => {
                if id == b"%hlk" {
                    let command = string(data, 9).map(|(text, _)| text).unwrap_or_default();
                    if let Some(target) = link(&command)
                        && self.links.len() < 10_000
                    {
                        self.links.push(target);
                    }
                }
                self.list_as(BlockKind::Footnote, at + 1, end, depth, after);
            }
            _ => self.list(at + 1, end, depth + 1, after),
        }
        String::new()
    }

    fn list_as(&mut self, kind: BlockKind, from: usize, to: usize, depth: u32, into: &mut Blocks) {
        let mut found = Blocks::new();
        self.list(from, to, depth + 1, &mut found);
        into.extend(found.into_iter().map(|(old, text)| match old {
            BlockKind::TableRow => (old, text),
            _ => (kind, text),
        }));
    }

    fn table(&mut self, from: usize, to: usize, depth: u32, after: &mut Blocks) {
        let table = (from..to).find(|&index| self.tag(index) == TABLE);
        let mut rows: Vec<Vec<Blocks>> = Vec::new();
        let mut caption = Blocks::new();
        let (mut row, mut next_column) = (None, 0);
        let mut at = from;
        while at < to {
            if self.tag(at) != LIST_HEADER {
                at += 1;
                continue;
            }
            let level = self.records.all.get(at).map_or(0, |r| r.level);
            let mut end = at + 1;
            // The paragraphs of a cell stand beside its header, not under it.
            while end < to
                && !(self.tag(end) == LIST_HEADER
                    && self.records.all.get(end).is_some_and(|r| r.level <= level))
            {
                end = if self.tag(end) == TABLE {
                    break;
                } else {
                    self.records.end(end).min(to)
                };
            }
            let mut cell = Blocks::new();
            self.list(at + 1, end, depth + 1, &mut cell);
            let place = |offset| u16_at(self.data(at), offset);
            if table.is_some_and(|table| at < table) {
                caption.extend(cell.into_iter().map(|(_, text)| (BlockKind::Caption, text)));
            } else {
                let (column, this_row) = (place(8).unwrap_or(0), place(10));
                if rows.is_empty() || this_row != row {
                    row = this_row;
                    next_column = 0;
                    rows.push(Vec::new());
                }
                if let Some(cells) = rows.last_mut() {
                    // Cells that reach down from the row above leave their place empty.
                    for _ in next_column..column.min(256) {
                        cells.push(Blocks::new());
                    }
                    cells.push(cell);
                }
                next_column = column.saturating_add(place(12).unwrap_or(1).max(1));
            }
            at = end;
        }
        after.append(&mut caption);
        sink::table(rows, after);
    }
}

/// The number that stands where a numbering control is, with what surrounds it.
fn auto_number(data: &[u8]) -> Option<String> {
    let number = u16_at(data, 8)?;
    // Numbers of pages and of notes are drawn with the page.
    if matches!(u32_at(data, 4)? & 15, 0..=2) {
        return None;
    }
    let around = |at| {
        u16_at(data, at)
            .filter(|c| *c >= 32)
            .map(|c| codepage::utf16(&c.to_le_bytes()))
    };
    let (before, behind) = (
        around(12).unwrap_or_default(),
        around(14).unwrap_or_default(),
    );
    Some(format!("{before}{number}{behind}"))
}

/// The target in the command of a hyperlink: up to the first `;`, where `\` escapes.
fn link(command: &str) -> Option<String> {
    let mut target = String::new();
    let mut chars = command.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => target.extend(chars.next()),
            ';' => break,
            c => target.push(c),
        }
    }
    let target = target.trim();
    (!target.is_empty()).then(|| target.to_owned())
}
