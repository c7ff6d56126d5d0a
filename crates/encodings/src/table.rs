//! Comma-separated values and their kin: RFC 4180 and what people and programs make of it.
//!
//! Each record becomes one row, its cells separated by tabs. Nothing is dropped: a quote that is
//! never closed is taken as a character, and the text after it is read as if it were not there.

use casefile::{BlockKind, Emit, Field, Input, Piece, Problem, Reading, Stop, TextBuilder};

use crate::plain::decode_all;

const SECTION: u32 = 900_000;
/// Bytes that one record may have before a quote inside it is taken for a stray one.
const RECORD: usize = 256 << 10;
/// Stray quotes after which quotes mean nothing in this file.
const STRAY: u32 = 16;

/// Reads a table of any length.
///
/// # Errors
/// The receiver wants no more.
pub fn read(input: &mut Input<'_>, emit: Emit<'_>) -> Result<Reading, Stop> {
    let tabs = input
        .extension()
        .is_some_and(|extension| extension == "tsv" || extension == "tab")
        || input
            .declared_type
            .is_some_and(|declared| declared.contains("tab-separated"));
    let mut reading = Reading::indexed(if tabs {
        "text/tab-separated-values"
    } else {
        "text/csv"
    });
    let mut rows = Rows {
        emit,
        builder: TextBuilder::new(),
        dialect: None,
        tabs,
        stray: 0,
        folded: 0,
        rows: 0,
    };
    decode_all(input, &mut reading, |text, last| rows.push(text, last))?;
    if !rows.builder.is_blank() {
        let section = std::mem::take(&mut rows.builder).finish();
        (rows.emit)(Piece::Section(section))?;
    }
    if let Some(dialect) = &rows.dialect {
        let name = match dialect.separator {
            ',' => "comma",
            ';' => "semicolon",
            '\t' => "tab",
            '|' => "pipe",
            _ => "other",
        };
        reading.note(Field::Other, name, "separator of the table");
    }
    if rows.folded > 0 {
        let message = format!(
            "{} cells hold tabs or line breaks; they stand as spaces in the rows",
            rows.folded
        );
        reading.problems.push(Problem::new("cells-folded", message));
    }
    if rows.stray > 0 {
        let message = format!(
            "{} quotes are opened and never closed; they are kept as characters",
            rows.stray
        );
        reading
            .problems
            .push(Problem::new("quote-not-closed", message));
    }
    Ok(reading)
}

/// How the cells of a table are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Dialect {
    separator: char,
    quotes: bool,
}

struct Rows<'a> {
    emit: Emit<'a>,
    builder: TextBuilder,
    dialect: Option<Dialect>,
    tabs: bool,
    stray: u32,
    folded: u64,
    rows: u64,
}

/// One record: what it is worth and how long it was.
enum Record {
    Whole {
        length: usize,
    },
    /// More text is needed to see its end.
    Open,
    /// A quote is not closed within reach.
    Unclosed,
}

impl Rows<'_> {
    fn push(&mut self, text: &str, last: bool) -> Result<usize, Stop> {
        let mut at = 0;
        let mut dialect = match self.dialect {
            Some(dialect) => dialect,
            None => {
                let (dialect, skip) = sniff(text, self.tabs);
                at = skip;
                self.dialect = Some(dialect);
                dialect
            }
        };
        let mut row = String::new();
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            row.clear();
            let mut folded = 0;
            let mut record = scan(rest, dialect, last, &mut row, &mut folded);
            if matches!(record, Record::Open) && rest.len() > RECORD {
                record = Record::Unclosed;
            }
            if matches!(record, Record::Unclosed) {
                row.clear();
                folded = 0;
                let bare = Dialect {
                    quotes: false,
                    ..dialect
                };
                if dialect.quotes {
                    self.stray += 1;
                    if self.stray >= STRAY {
                        dialect = bare;
                        self.dialect = Some(bare);
                    }
                }
                record = scan(rest, bare, last, &mut row, &mut folded);
                if !matches!(record, Record::Whole { .. }) {
                    // A line without end: as far as it can be held.
                    let cut = crate::plain::cut(rest);
                    row.clear();
                    let part = rest.get(..cut).unwrap_or(rest);
                    scan(part, bare, true, &mut row, &mut folded);
                    record = Record::Whole { length: cut };
                }
            }
            let Record::Whole { length } = record else {
                break;
            };
            at += length.max(1);
            self.folded += folded;
            self.row(&row)?;
        }
        Ok(at)
    }

    fn row(&mut self, row: &str) -> Result<(), Stop> {
        let row = row.trim_end_matches([' ', '\t']);
        if row.is_empty() {
            return Ok(());
        }
        self.rows += 1;
        if row.contains('\0') {
            self.builder
                .block(BlockKind::TableRow, true, &row.replace('\0', "\u{fffd}"));
        } else {
            self.builder.block(BlockKind::TableRow, true, row);
        }
        if self.builder.chars() >= SECTION {
            (self.emit)(Piece::Section(self.builder.take_section()))?;
        }
        Ok(())
    }
}

/// Reads one record from the start of `text`; its cells go to `row`.
fn scan(text: &str, dialect: Dialect, last: bool, row: &mut String, folded: &mut u64) -> Record {
    let bytes = text.as_bytes();
    let separator = u8::try_from(dialect.separator).unwrap_or(b',');
    let mut at = 0;
    loop {
        // A cell begins here.
        let blank = bytes.get(at..).unwrap_or_default();
        let spaces = blank.iter().take_while(|&&b| b == b' ').count();
        if dialect.quotes && blank.get(spaces) == Some(&b'"') {
            at += spaces + 1;
            let from = row.len();
            loop {
                let rest = text.get(at..).unwrap_or_default();
                let Some(quote) = memchr::memchr(b'"', rest.as_bytes()) else {
                    return if last { Record::Unclosed } else { Record::Open };
                };
                row.push_str(rest.get(..quote).unwrap_or_default());
                at += quote + 1;
                match bytes.get(at) {
                    Some(b'"') => {
                        row.push('"');
                        at += 1;
                    }
                    Some(&next) if next == separator || next == b'\n' || next == b'\r' => break,
                    None if last => break,
                    None => return Record::Open,
                    // Spaces before the separator, or a quote inside that was not doubled.
                    Some(_) => {
                        let after = bytes.get(at..).unwrap_or_default();
                        let spaces = after.iter().take_while(|&&b| b == b' ').count();
                        match after.get(spaces) {
                            Some(&next) if next == separator || next == b'\n' || next == b'\r' => {
                                at += spaces;
                                break;
                            }
                            None if last => {
                                at += spaces;
                                break;
                            }
                            None if spaces > 0 => return Record::Open,
                            _ => row.push('"'),
                        }
                    }
                }
            }
            fold(row, from, folded);
        } else {
            let rest = bytes.get(at..).unwrap_or_default();
            let end = memchr::memchr3(separator, b'\n', b'\r', rest);
            let Some(length) = end.or(last.then_some(rest.len())) else {
                return Record::Open;
            };
            let from = row.len();
            row.push_str(text.get(at..at + length).unwrap_or_default());
            if separator != b'\t' {
                fold(row, from, folded);
            }
            at += length;
        }
        match bytes.get(at) {
            None => return Record::Whole { length: at },
            Some(b'\n') => return Record::Whole { length: at + 1 },
            Some(b'\r') => {
                return match bytes.get(at + 1) {
                    Some(b'\n') => Record::Whole { length: at + 2 },
                    None if !last => Record::Open,
                    _ => Record::Whole { length: at + 1 },
                };
            }
            Some(_) => {
                row.push('\t');
                at += 1;
            }
        }
    }
}

/// A cell in a row has no tabs and no line breaks.
fn fold(row: &mut String, from: usize, folded: &mut u64) {
    let cell = row.get(from..).unwrap_or_default();
    if memchr::memchr3(b'\t', b'\n', b'\r', cell.as_bytes()).is_none() {
        return;
    }
    *folded += 1;
    let flat = cell.replace("\r\n", " ").replace(['\t', '\n', '\r'], " ");
    row.truncate(from);
    row.push_str(&flat);
}

/// The separator that divides the first records most evenly; and how much of the text says so.
fn sniff(text: &str, tabs: bool) -> (Dialect, usize) {
    let first = text.lines().next().unwrap_or_default();
    if let Some(separator) = first
        .trim()
        .strip_prefix("sep=")
        .and_then(|rest| rest.chars().next())
        && separator.is_ascii()
        && separator != '"'
    {
        let rest = text.get(first.len()..).unwrap_or_default();
        let ending = if rest.starts_with("\r\n") {
            2
        } else {
            rest.len().min(1)
        };
        return (
            Dialect {
                separator,
                quotes: true,
            },
            first.len() + ending,
        );
    }
    if first.trim() == "sep=" {
        return (
            Dialect {
                separator: '\t',
                quotes: true,
            },
            0,
        );
    }
    let mut end = text.len().min(64 << 10);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let head = text.get(..end).unwrap_or(text);
    let mut best = (0.0, if tabs { '\t' } else { ',' });
    for separator in [',', ';', '\t', '|'] {
        let dialect = Dialect {
            separator,
            quotes: true,
        };
        let score = evenness(head, dialect) * if tabs && separator == '\t' { 2.0 } else { 1.0 };
        if score > best.0 {
            best = (score, separator);
        }
    }
    (
        Dialect {
            separator: best.1,
            quotes: true,
        },
        0,
    )
}

/// How evenly a dialect divides: the share of records with the commonest number of cells, more
/// for more cells, nothing for one cell.
fn evenness(head: &str, dialect: Dialect) -> f64 {
    let mut counts: std::collections::BTreeMap<usize, u32> = std::collections::BTreeMap::new();
    let (mut at, mut total) = (0, 0_u32);
    let mut row = String::new();
    while let Some(rest) = head.get(at..).filter(|rest| !rest.is_empty())
        && total < 200
    {
        row.clear();
        let mut record = scan(rest, dialect, true, &mut row, &mut 0);
        if matches!(record, Record::Unclosed) {
            row.clear();
            record = scan(
                rest,
                Dialect {
                    quotes: false,
                    ..dialect
                },
                true,
                &mut row,
                &mut 0,
            );
        }
        let Record::Whole { length } = record else {
            break;
        };
        at += length.max(1);
        if !row.trim().is_empty() {
            let cells = row.matches('\t').count() + 1;
            *counts.entry(cells).or_default() += 1;
            total += 1;
        }
    }
    let common = counts.iter().max_by_key(|&(_, count)| *count);
    match common {
        Some((&cells, &count)) if cells > 1 => {
            f64::from(count) / f64::from(total) * (1.0 + (cells as f64).ln().min(3.0) / 4.0)
        }
        _ => 0.0,
    }
}
