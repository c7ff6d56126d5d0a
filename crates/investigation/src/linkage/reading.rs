//! Lists of any form as sheets of cells.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek};
use std::path::Path;

use casefile::{BlockKind, Limits, Outcome, Piece, Stop};
use extract::worker::{Handed, Hints, Reader};
use matching::linkage::{Remark, Sheet};
use sealing::Hasher;

use crate::{Failure, ListOptions, Tools, Whose, read_list};

/// A list and what pins it.
#[derive(Debug)]
pub(super) struct ListOfRows {
    pub(super) sheet: Sheet,
    pub(super) sha256: String,
}

/// What a list is by its first bytes.
enum Form {
    Lines,
    Table,
    Other,
}

/// Reads one list: a table of text in UTF-8, FollowTheMoney JSON lines, or any other table (a workbook, another
/// charset) through the confined reader.
pub(super) fn read(
    tools: &Tools,
    path: &Path,
    name: &str,
    remarks: &mut Vec<Remark>,
    told: &mut dyn FnMut(u64, u64),
) -> Result<ListOfRows, Failure> {
    let bad = |error: std::io::Error| {
        Failure::new(
            Whose::You,
            "unreadable",
            format!("`{}` cannot be read: {error}", path.display()),
        )
    };
    let mut file = File::open(path).map_err(bad)?;
    let total = file.metadata().map_err(bad)?.len();
    let (form, sha256) = look(&mut file, total, told).map_err(bad)?;
    file.rewind().map_err(bad)?;
    let sheet = match form {
        Form::Lines => lines(path, name, remarks, told)?,
        Form::Table => table(file, total, name, remarks, told)?,
        Form::Other => confined(tools, &file, total, path, name, remarks)?,
    };
    if sheet.rows() == 0 || sheet.columns.is_empty() {
        return Err(
            Failure::new(Whose::You, "empty-list", format!("`{name}` has no rows"))
                .hint("the first line must be a heading, and a row for each record must follow"),
        );
    }
    Ok(ListOfRows { sheet, sha256 })
}

/// Reads the whole file once: its hash, and whether it is text in UTF-8.
fn look(
    file: &mut File,
    total: u64,
    told: &mut dyn FnMut(u64, u64),
) -> std::io::Result<(Form, String)> {
    let mut hasher = Hasher::new();
    let mut first = None;
    let mut utf8 = true;
    let mut rest: Vec<u8> = Vec::new();
    let mut buffer = vec![0u8; 1 << 18];
    let mut done = 0u64;
    loop {
        let read = file.read(&mut buffer)?;
        let bytes = buffer.get(..read).unwrap_or_default();
        if bytes.is_empty() {
            break;
        }
        hasher.update(bytes);
        done += read as u64;
        told(done / 2, total);
        if first.is_none() {
            first = bytes
                .iter()
                .copied()
                .find(|b| !b.is_ascii_whitespace() && !b"\xef\xbb\xbf".contains(b));
        }
        if utf8 {
            rest.extend_from_slice(bytes);
            match std::str::from_utf8(&rest) {
                Ok(text) => {
                    utf8 = !text.contains('\0');
                    rest.clear();
                }
                Err(error) => {
                    let valid = error.valid_up_to();
                    utf8 = error.error_len().is_none() && !rest.iter().take(valid).any(|b| *b == 0);
                    rest.drain(..valid);
                }
            }
        }
    }
    let form = match first {
        Some(b'{') if utf8 => Form::Lines,
        _ if utf8 && rest.is_empty() => Form::Table,
        _ => Form::Other,
    };
    Ok((form, hasher.finish().0.to_string()))
}

fn lines(
    path: &Path,
    name: &str,
    remarks: &mut Vec<Remark>,
    told: &mut dyn FnMut(u64, u64),
) -> Result<Sheet, Failure> {
    let mut entities = Vec::new();
    let read = read_list(
        path,
        &ListOptions::default(),
        |entity| entities.push(entity),
        told,
    )?;
    if read.unread > 0 {
        let first = read.notes.first().map_or_else(String::new, |note| {
            format!("; line {}: {}", note.line, note.what)
        });
        remarks.push(super::remark(
            "rows-left-out",
            format!(
                "{name}: {} lines are no entities and are left out{first}",
                read.unread
            ),
        ));
    }
    let columns = entity::columns(&entities);
    let mut sheet = Sheet::new(name, columns.iter().map(String::as_str));
    for entity in &entities {
        let row = entity::to_row(entity, &columns);
        sheet.push(row.iter().map(String::as_str));
    }
    Ok(sheet)
}

fn table(
    file: File,
    total: u64,
    name: &str,
    remarks: &mut Vec<Remark>,
    told: &mut dyn FnMut(u64, u64),
) -> Result<Sheet, Failure> {
    let bad = |error: csv::Error| {
        Failure::new(
            Whose::You,
            "bad-table",
            format!("`{name}` is no table that can be read: {error}"),
        )
        .hint("give a table with a heading, separated by commas, semicolons or tabs")
    };
    let mut input = BufReader::with_capacity(1 << 18, file);
    let start = input.fill_buf().map_err(|error| bad(error.into()))?;
    let line = start.split(|b| *b == b'\n').next().unwrap_or_default();
    let count = |mark: u8| line.iter().filter(|b| **b == mark).count();
    let marks = [b',', b';', b'\t', b'|'];
    let delimiter = marks
        .into_iter()
        .rev()
        .max_by_key(|mark| count(*mark))
        .unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .from_reader(input);
    let headings = reader.headers().map_err(bad)?.clone();
    let mut sheet = Sheet::new(name, &headings);
    let mut row = csv::StringRecord::new();
    let mut longer = 0u64;
    let mut first = 0u64;
    while reader.read_record(&mut row).map_err(bad)? {
        if !sheet.push(row.iter()) {
            longer += 1;
            if longer == 1 {
                first = row.position().map_or(0, csv::Position::line);
            }
        }
        if sheet.rows().is_multiple_of(16_384) {
            told(
                total / 2 + row.position().map_or(0, csv::Position::byte) / 2,
                total,
            );
        }
    }
    if longer > 0 {
        remarks.push(super::remark(
            "cells-without-heading",
            format!("{name}: {longer} rows have more cells than the heading, the first at line {first}; what has no heading is not compared"),
        ));
    }
    Ok(sheet)
}

/// Any other file, read where it can do no harm: the rows of its first table.
fn confined(
    tools: &Tools,
    file: &File,
    len: u64,
    path: &Path,
    name: &str,
    remarks: &mut Vec<Remark>,
) -> Result<Sheet, Failure> {
    let handed = Handed {
        file,
        key: None,
        len,
    };
    let hints = Hints {
        name: path
            .file_name()
            .map_or_else(String::new, |n| n.to_string_lossy().into_owned()),
        ..Hints::default()
    };
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut tables = 0;
    let mut inside = false;
    let mut on_piece = |piece: Piece| -> Result<(), Stop> {
        let Piece::Section(section) = piece else {
            return Ok(());
        };
        let mut chars = section.text.chars();
        let mut at = 0;
        for block in &section.blocks {
            let skipped = block.span.start.saturating_sub(at) as usize;
            let length = block.span.end.saturating_sub(block.span.start) as usize;
            for _ in 0..skipped {
                chars.next();
            }
            let text: String = chars.by_ref().take(length).collect();
            at = block.span.end;
            if block.kind != BlockKind::TableRow {
                inside = false;
                continue;
            }
            if !inside {
                inside = true;
                tables += 1;
            }
            if tables == 1 {
                rows.push(text.split('\t').map(str::to_owned).collect());
            }
        }
        // A long table comes in several sections.
        Ok(())
    };
    let reading = Reader::new(tools.worker.clone())
        .read(&handed, &hints, &[], Limits::default(), &mut on_piece)
        .map_err(|error| {
            Failure::new(
                Whose::Machine,
                "worker",
                format!("the confined reader cannot be started: {error}"),
            )
        })?;
    if reading.outcome != Outcome::Indexed || rows.is_empty() {
        let reason = reading
            .reason
            .map_or_else(String::new, |reason| format!(": {reason}"));
        return Err(Failure::new(
            Whose::You,
            "no-table",
            format!(
                "`{name}` ({}) holds no table that can be read{reason}",
                reading.format
            ),
        )
        .hint("give CSV, XLSX, or FollowTheMoney JSON lines"));
    }
    if tables > 1 {
        remarks.push(super::remark(
            "first-table",
            format!("{name}: {tables} tables; only the first is read"),
        ));
    }
    let mut rows = rows.iter();
    let headings = rows.next().map(Vec::as_slice).unwrap_or_default();
    let mut sheet = Sheet::new(name, headings.iter().map(String::as_str));
    for row in rows {
        sheet.push(row.iter().map(String::as_str));
    }
    Ok(sheet)
}
