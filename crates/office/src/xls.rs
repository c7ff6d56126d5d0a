//! Binary workbooks up to Excel 2003: BIFF5 and BIFF8 records (MS-XLS) in an OLE file.

use std::collections::BTreeMap;
use std::io::Cursor;

use casefile::{BlockKind, Field, Input, Outcome, Problem, Stop};
use encoding_rs::{Encoding, WINDOWS_1252};
use legacy::ole::{self, Compound};

use crate::crypto;
use crate::formats::{Format, built_in};
use crate::job::{Item, Job};
use crate::xlsb::{error, formatted, rk};
use crate::xlsx::Line;

/// A sheet of this format has at most 65,536 rows of 256 columns.
const CELLS: usize = 4_000_000;

pub(crate) fn read(input: &mut Input<'_>, job: &mut Job<'_>) -> Result<(), Stop> {
    let Ok(Some(bytes)) = input.all() else {
        job.limit("the workbook is too large to be read in memory: no text was kept");
        return Ok(());
    };
    let mut source = Cursor::new(bytes.as_slice());
    let mut file = Compound::open(&mut source);
    let mut stream = match &mut file {
        Some(file) => {
            job.reading.metadata = ole::summary_of(file);
            ["Workbook", "Book"]
                .iter()
                .find_map(|name| file.read(&[name]))
                .filter(|stream| !stream.is_empty())
        }
        // Before Excel 5 a workbook is a bare stream.
        None if !bytes.starts_with(b"\xd0\xcf\x11\xe0") => Some(bytes.clone()),
        None => None,
    };
    if stream.is_none()
        && let Some((ole::Lost::Workbook, found)) = ole::find(&mut Cursor::new(bytes.as_slice()))
    {
        job.damage("the directory of the file is lost; the workbook was found without it");
        stream = Some(found);
    }
    let Some(mut stream) = stream else {
        job.damage("the stream of the workbook cannot be read");
        return Ok(());
    };
    if file.as_ref().is_some_and(|file| file.broken) {
        job.damage("its compound file is broken or cut");
    }
    let filepass = records(&stream, 0)
        .take(50)
        .find(|(kind, _)| *kind == 0x2f)
        .map(|(_, record)| record.to_vec());
    if let Some(filepass) = filepass {
        match crypto::workbook_key(&filepass, input.passwords) {
            Some(key) => stream = crypto::clear_workbook(&key, &stream),
            None => {
                job.reading.outcome = Outcome::Encrypted;
                job.reading.reason =
                    Some("needs a password: `add --file-passwords LIST` tries yours".to_owned());
                return Ok(());
            }
        }
    }
    let book = Book::read(&stream, job);
    let sheets = if book.sheets.is_empty() {
        vec![Sheet {
            at: 0,
            hidden: false,
            name: String::new(),
        }]
    } else {
        book.sheets.clone()
    };
    for sheet in &sheets {
        if job.is_full() {
            break;
        }
        job.begin_page()?;
        job.block(BlockKind::Heading(1), &sheet.name)?;
        let place = format!("sheet '{}'", sheet.name);
        if sheet.hidden {
            job.problem(
                Problem::new(
                    "hidden-sheet",
                    "the sheet is hidden: it is part of the text",
                )
                .at(place.clone()),
            );
        }
        one_sheet(&stream, sheet.at, &book, &place, job)?;
    }
    job.end_page();
    job.flush()?;
    for (at, (extension, picture)) in pictures(&stream).into_iter().enumerate() {
        job.member(
            &format!("picture {}.{extension}", at.saturating_add(1)),
            None,
            &picture,
        )?;
    }
    if let Some(file) = &mut file {
        embedded(file, job)?;
    }
    Ok(())
}

fn embedded(file: &mut Compound<'_>, job: &mut Job<'_>) -> Result<(), Stop> {
    if file.has("_VBA_PROJECT_CUR") {
        job.problem(Problem::new(
            "macros",
            "it holds macros: they are kept in the original and were not run",
        ));
    }
    let storages: Vec<(usize, String)> = (0..)
        .zip(&file.entries)
        .filter(|(_, entry)| entry.is_storage && entry.name.starts_with("MBD"))
        .map(|(index, entry)| (index, entry.name.clone()))
        .collect();
    for (number, (storage, name)) in (1..).zip(storages) {
        let found = ole::storage_objects(file, storage, number).pop();
        let found = match found {
            Some(found) => Some(found),
            None => ole::storage_as_file(file, storage).map(|bytes| (name.clone(), bytes)),
        };
        match found {
            Some((name, bytes)) => job.member(&name, None, &bytes)?,
            None => job.problem(Problem::new(
                "object-unreadable",
                format!("the embedded object `{name}` cannot be taken out"),
            )),
        }
    }
    Ok(())
}

/// Records from a place in the stream: type and body.
fn records(stream: &[u8], from: usize) -> impl Iterator<Item = (u16, &[u8])> {
    let mut at = from;
    std::iter::from_fn(move || {
        let kind = u16_at(stream, at)?;
        let len = usize::from(u16_at(stream, at.checked_add(2)?)?);
        let start = at.checked_add(4)?;
        let end = start.checked_add(len)?;
        at = end;
        // The last record of a cut file is given as far as it goes.
        let body = stream.get(start..end.min(stream.len()))?;
        Some((kind, body))
    })
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let two = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_le_bytes(two.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(four.try_into().ok()?))
}

fn f64_at(bytes: &[u8], at: usize) -> Option<f64> {
    let eight = bytes.get(at..at.checked_add(8)?)?;
    Some(f64::from_le_bytes(eight.try_into().ok()?))
}

#[derive(Clone)]
struct Sheet {
    at: usize,
    hidden: bool,
    name: String,
}

struct Book {
    /// Strings are counted in characters of one or two bytes; else bytes of the code page.
    biff8: bool,
    encoding: &'static Encoding,
    from_1904: bool,
    formats: Vec<Format>,
    shared: Vec<String>,
    sheets: Vec<Sheet>,
}

impl Book {
    fn read(stream: &[u8], job: &mut Job<'_>) -> Self {
        let mut book = Self {
            biff8: records(stream, 0)
                .next()
                .is_none_or(|(kind, body)| kind != 0x809 || u16_at(body, 0) == Some(0x600)),
            encoding: WINDOWS_1252,
            from_1904: false,
            formats: Vec::new(),
            shared: Vec::new(),
            sheets: Vec::new(),
        };
        let mut codes: BTreeMap<u16, String> = BTreeMap::new();
        let mut styles = Vec::new();
        let mut table: Vec<&[u8]> = Vec::new();
        let mut in_table = false;
        for (kind, body) in records(stream, 0) {
            if kind == 0x3c && in_table {
                table.push(body);
                continue;
            }
            in_table = false;
            match kind {
                0x42 => book.encoding = code_page(u16_at(body, 0).unwrap_or(1252)),
                0x22 => book.from_1904 = u16_at(body, 0) == Some(1),
                0x41e | 0x1e => {
                    let code = if book.biff8 {
                        unicode(body, 2)
                    } else {
                        book.short_bytes(body, 2)
                    };
                    if let (Some(id), Some(code)) = (u16_at(body, 0), code) {
                        codes.insert(id, code);
                    }
                }
                0xe0 => styles.push(u16_at(body, 2).unwrap_or(0)),
                0x85 => {
                    let name = if book.biff8 {
                        body.get(6..).and_then(short_unicode)
                    } else {
                        book.short_bytes(body, 6)
                    };
                    let at = u32_at(body, 0).and_then(|at| usize::try_from(at).ok());
                    // Modules of macros are no sheets.
                    let module = body.get(5) == Some(&6);
                    if let Some(at) = at
                        && !module
                    {
                        book.sheets.push(Sheet {
                            at,
                            hidden: body.get(4).is_some_and(|state| state & 3 != 0),
                            name: name.unwrap_or_default(),
                        });
                    }
                }
                0xfc => {
                    table = vec![body];
                    in_table = true;
                }
                0x0a => break,
                _ => {}
            }
        }
        book.formats = styles
            .into_iter()
            .map(|id| Format::parse(codes.get(&id).map_or(built_in(id), String::as_str)))
            .collect();
        if !table.is_empty() {
            let (shared, whole) = shared_strings(&table);
            book.shared = shared;
            if !whole {
                job.damage("the strings of the cells cannot be read to their end");
            }
        }
        book
    }

    fn short_bytes(&self, body: &[u8], at: usize) -> Option<String> {
        let len = usize::from(*body.get(at)?);
        let start = at.checked_add(1)?;
        let bytes = body.get(start..start.checked_add(len)?)?;
        Some(
            self.encoding
                .decode_without_bom_handling(bytes)
                .0
                .into_owned(),
        )
    }

    /// A string with two bytes of length.
    fn long(&self, body: &[u8], at: usize) -> Option<String> {
        if self.biff8 {
            return unicode(body, at);
        }
        let len = usize::from(u16_at(body, at)?);
        let start = at.checked_add(2)?;
        let bytes = body.get(start..start.checked_add(len)?.min(body.len()))?;
        Some(
            self.encoding
                .decode_without_bom_handling(bytes)
                .0
                .into_owned(),
        )
    }
}

fn code_page(number: u16) -> &'static Encoding {
    match number {
        367 | 1252 | 32_769 => WINDOWS_1252,
        866 => encoding_rs::IBM866,
        874 => encoding_rs::WINDOWS_874,
        932 => encoding_rs::SHIFT_JIS,
        936 => encoding_rs::GBK,
        949 => encoding_rs::EUC_KR,
        950 => encoding_rs::BIG5,
        10_000 | 32_768 => encoding_rs::MACINTOSH,
        1200 => encoding_rs::UTF_16LE,
        number => {
            Encoding::for_label(format!("windows-{number}").as_bytes()).unwrap_or(WINDOWS_1252)
        }
    }
}

fn chars(bytes: &[u8], count: usize, wide: bool) -> Option<String> {
    if wide {
        let bytes = bytes.get(..count.checked_mul(2)?.min(bytes.len()))?;
        return Some(
            encoding_rs::UTF_16LE
                .decode_without_bom_handling(bytes)
                .0
                .into_owned(),
        );
    }
    // One byte is the low half of a UTF-16 unit: Latin-1, not a code page.
    let bytes = bytes.get(..count.min(bytes.len()))?;
    Some(bytes.iter().map(|byte| char::from(*byte)).collect())
}

fn unicode(body: &[u8], at: usize) -> Option<String> {
    let count = usize::from(u16_at(body, at)?);
    let flags = *body.get(at.checked_add(2)?)?;
    let mut start = at.checked_add(3)?;
    start = start.checked_add(if flags & 8 != 0 { 2 } else { 0 })?;
    start = start.checked_add(if flags & 4 != 0 { 4 } else { 0 })?;
    chars(body.get(start..)?, count, flags & 1 != 0)
}

fn short_unicode(body: &[u8]) -> Option<String> {
    let (count, rest) = body.split_first()?;
    let (flags, rest) = rest.split_first()?;
    chars(rest, usize::from(*count), flags & 1 != 0)
}

/// Bytes that run over several records.
struct Segments<'s> {
    segments: &'s [&'s [u8]],
    now: &'s [u8],
}

impl<'s> Segments<'s> {
    fn turn(&mut self) -> bool {
        match self.segments.split_first() {
            Some((next, rest)) => {
                self.now = next;
                self.segments = rest;
                true
            }
            None => false,
        }
    }

    fn byte(&mut self) -> Option<u8> {
        while self.now.is_empty() {
            if !self.turn() {
                return None;
            }
        }
        let (byte, rest) = self.now.split_first()?;
        self.now = rest;
        Some(*byte)
    }

    fn skip(&mut self, mut count: usize) -> Option<()> {
        while count > self.now.len() {
            count = count.checked_sub(self.now.len())?;
            self.turn().then_some(())?;
        }
        self.now = self.now.get(count..)?;
        Some(())
    }

    fn string(&mut self) -> Option<String> {
        let count = u16::from_le_bytes([self.byte()?, self.byte()?]);
        let flags = self.byte()?;
        let runs = if flags & 8 != 0 {
            usize::from(u16::from_le_bytes([self.byte()?, self.byte()?]))
        } else {
            0
        };
        let more = if flags & 4 != 0 {
            let four = [self.byte()?, self.byte()?, self.byte()?, self.byte()?];
            usize::try_from(u32::from_le_bytes(four)).ok()?
        } else {
            0
        };
        let mut units = Vec::with_capacity(usize::from(count));
        let mut is_wide = flags & 1 != 0;
        while units.len() < usize::from(count) {
            if self.now.is_empty() {
                self.turn().then_some(())?;
                // Characters that go on in the next record begin with their width again.
                is_wide = self.byte()? & 1 != 0;
            }
            let low = self.byte()?;
            let high = if is_wide { self.byte()? } else { 0 };
            units.push(u16::from_le_bytes([low, high]));
        }
        self.skip(runs.checked_mul(4)?.checked_add(more)?)?;
        Some(String::from_utf16_lossy(&units))
    }
}

fn shared_strings(table: &[&[u8]]) -> (Vec<String>, bool) {
    let mut segments = Segments {
        segments: table,
        now: &[],
    };
    let mut shared = Vec::new();
    let count = table.first().and_then(|body| u32_at(body, 4)).unwrap_or(0);
    if segments.skip(8).is_none() {
        return (shared, false);
    }
    for _ in 0..count {
        match segments.string() {
            Some(text) => shared.push(text),
            None => return (shared, false),
        }
    }
    (shared, true)
}

fn one_sheet(
    stream: &[u8],
    from: usize,
    book: &Book,
    place: &str,
    job: &mut Job<'_>,
) -> Result<(), Stop> {
    let mut cells: BTreeMap<(u16, u16), String> = BTreeMap::new();
    let mut after: Vec<Item> = Vec::new();
    let mut heads: Vec<Item> = Vec::new();
    let mut objects: BTreeMap<u16, String> = BTreeMap::new();
    let mut notes: Vec<(u16, u16, u16, String)> = Vec::new();
    let (mut depth, mut object) = (0_u32, None);
    let mut waiting: Option<(u16, u16)> = None;
    let mut text_box: Option<(usize, String)> = None;
    let mut ended = false;
    for (kind, body) in records(stream, from) {
        if kind != 0x3c
            && let Some((_, words)) = text_box.take()
        {
            keep_box(object, words, &mut objects);
        }
        let at = u16_at(body, 0).zip(u16_at(body, 2));
        let style = u16_at(body, 4).map_or(0, usize::from);
        let number =
            |number: f64, style: usize| formatted(number, book.formats.get(style), book.from_1904);
        match kind {
            0x809 | 0x409 | 0x209 | 0x009 => depth = depth.saturating_add(1),
            0x0a => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    ended = true;
                    break;
                }
            }
            0x203 => {
                if let (Some(at), Some(value)) = (at, f64_at(body, 6)) {
                    cells.insert(at, number(value, style));
                }
            }
            0x27e => {
                if let (Some(at), Some(packed)) = (at, u32_at(body, 6)) {
                    cells.insert(at, number(rk(packed), style));
                }
            }
            0xbd => {
                let Some((row, first)) = at else { continue };
                let packed = body
                    .get(4..body.len().saturating_sub(2))
                    .unwrap_or_default();
                for (offset, pair) in (0_u16..).zip(packed.chunks_exact(6)) {
                    if let (Some(style), Some(value)) = (u16_at(pair, 0), u32_at(pair, 2)) {
                        let column = first.saturating_add(offset);
                        cells.insert((row, column), number(rk(value), usize::from(style)));
                    }
                }
            }
            0x204 | 0xd6 => {
                if let (Some(at), Some(words)) = (at, book.long(body, 6)) {
                    cells.insert(at, words);
                }
            }
            0xfd => {
                let index = u32_at(body, 6).and_then(|index| usize::try_from(index).ok());
                if let (Some(at), Some(words)) =
                    (at, index.and_then(|index| book.shared.get(index)))
                {
                    cells.insert(at, words.clone());
                }
            }
            0x205 => {
                if let (Some(at), Some(value), Some(is_error)) = (at, body.get(6), body.get(7)) {
                    let words = match (is_error, value) {
                        (0, 0) => "FALSE",
                        (0, _) => "TRUE",
                        (_, code) => error(*code),
                    };
                    cells.insert(at, words.to_owned());
                }
            }
            0x06 | 0x206 | 0x406 => {
                let Some(at) = at else { continue };
                waiting = None;
                match (body.get(6), u16_at(body, 12), body.get(8)) {
                    (Some(0), Some(0xffff), _) => waiting = Some(at),
                    (Some(1), Some(0xffff), Some(yes)) => {
                        cells.insert(at, if *yes == 0 { "FALSE" } else { "TRUE" }.to_owned());
                    }
                    (Some(2), Some(0xffff), Some(code)) => {
                        cells.insert(at, error(*code).to_owned());
                    }
                    (Some(3), Some(0xffff), _) => {}
                    _ => {
                        if let Some(value) = f64_at(body, 6) {
                            cells.insert(at, number(value, style));
                        }
                    }
                }
            }
            0x207 => {
                if let (Some(at), Some(words)) = (waiting.take(), book.long(body, 0)) {
                    cells.insert(at, words);
                }
            }
            0x14 | 0x15 => {
                let code = if book.biff8 {
                    unicode(body, 0)
                } else {
                    book.short_bytes(body, 0)
                };
                let text = code
                    .map(|code| crate::xlsx::margin(&code))
                    .unwrap_or_default();
                heads.push(Item::new(BlockKind::Margin, text));
            }
            0x5d => object = u16_at(body, 6),
            0x1b6 => text_box = Some((usize::from(u16_at(body, 10).unwrap_or(0)), String::new())),
            0x3c => {
                if let Some((left, words)) = &mut text_box
                    && *left > 0
                    && let Some((flags, rest)) = body.split_first()
                {
                    let is_wide = flags & 1 != 0;
                    let there = if is_wide { rest.len() / 2 } else { rest.len() };
                    words.push_str(&chars(rest, (*left).min(there), is_wide).unwrap_or_default());
                    *left = left.saturating_sub(there);
                }
            }
            0x1c if book.biff8 => {
                if let Some((row, column)) = at {
                    let author = unicode(body, 8).unwrap_or_default();
                    notes.push((row, column, u16_at(body, 6).unwrap_or(0), author));
                }
            }
            0x1c => {
                if let (Some((row, column)), Some(words)) = (at, book.long(body, 4)) {
                    let head = head("", row, column);
                    after.push(Item::new(BlockKind::Footnote, format!("{head}{words}")));
                }
            }
            0x1b8 => {
                if let Some(target) = hyperlink(body) {
                    job.note_once(Field::Other, &target, "hyperlink");
                }
            }
            // Titles and names of series in charts.
            0x100d => {
                let words = if book.biff8 {
                    body.get(2..).and_then(short_unicode)
                } else {
                    book.short_bytes(body, 2)
                };
                after.extend(words.map(|words| Item::new(BlockKind::Caption, words)));
            }
            _ => {}
        }
        if cells.len() > CELLS {
            job.limit(format!(
                "{place} has more than {CELLS} filled cells: the first ones were kept"
            ));
            break;
        }
    }
    let mut line = Line::default();
    let mut row_now = None;
    for ((row, column), words) in &cells {
        if row_now != Some(*row) {
            line.end(job)?;
            row_now = Some(*row);
        }
        line.cell(u32::from(*column), words);
    }
    line.end(job)?;
    for (row, column, object, author) in notes {
        if let Some(words) = objects.remove(&object) {
            let head = head(&author, row, column);
            job.block(BlockKind::Footnote, &format!("{head}{}", words.trim()))?;
        }
    }
    for words in objects.values() {
        job.block(BlockKind::Paragraph, words)?;
    }
    job.items(&after)?;
    job.items(&heads)?;
    if !ended && !job.is_full() {
        job.damage(format!("{place} ends early"));
    }
    Ok(())
}

fn keep_box(object: Option<u16>, words: String, objects: &mut BTreeMap<u16, String>) {
    if !words.trim().is_empty() {
        objects
            .entry(object.unwrap_or(0))
            .or_default()
            .push_str(&words);
    }
}

fn head(author: &str, row: u16, column: u16) -> String {
    let mut letters = String::new();
    let mut left = u32::from(column);
    loop {
        let letter = char::from_u32(u32::from('A').saturating_add(left % 26)).unwrap_or('?');
        letters.insert(0, letter);
        match (left / 26).checked_sub(1) {
            Some(more) => left = more,
            None => break,
        }
    }
    let row = u32::from(row).saturating_add(1);
    if author.trim().is_empty() {
        format!("[comment, {letters}{row}] ")
    } else {
        format!("[comment, {}, {letters}{row}] ", author.trim())
    }
}

/// The address of a link with an URL moniker (MS-OSHARED 2.3.7.6).
fn hyperlink(body: &[u8]) -> Option<String> {
    const URL: [u8; 16] = [
        0xe0, 0xc9, 0xea, 0x79, 0xf9, 0xba, 0xce, 0x11, 0x8c, 0x82, 0x00, 0xaa, 0x00, 0x4b, 0xa9,
        0x0b,
    ];
    let at = crate::package::find(body, &URL)?.checked_add(16)?;
    let len = usize::try_from(u32_at(body, at)?).ok()?;
    let start = at.checked_add(4)?;
    let text = chars(
        body.get(start..start.checked_add(len)?.min(body.len()))?,
        len / 2,
        true,
    )?;
    Some(text.split('\0').next().unwrap_or("").to_owned())
}

/// JPEG and PNG pictures of the drawing group (MS-ODRAW 2.2.23).
fn pictures(stream: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let mut group = Vec::new();
    let mut inside = false;
    for (kind, body) in records(stream, 0) {
        match kind {
            0xeb => {
                inside = true;
                group.extend_from_slice(body);
            }
            0x3c if inside => group.extend_from_slice(body),
            0x0a => break,
            _ => inside = false,
        }
    }
    let (mut found, mut at) = (Vec::new(), 0_usize);
    while let (Some(version), Some(kind), Some(len)) = (
        u16_at(&group, at),
        u16_at(&group, at.saturating_add(2)),
        u32_at(&group, at.saturating_add(4)),
    ) {
        let start = at.saturating_add(8);
        let len = usize::try_from(len).unwrap_or(usize::MAX);
        let end = start.saturating_add(len).min(group.len());
        match kind {
            0xf000 | 0xf001 => at = start,
            0xf007 => at = start.saturating_add(36),
            0xf01d | 0xf02a | 0xf01e => {
                let instance = version >> 4;
                let two_ids = matches!(instance, 0x46b | 0x6e3 | 0x6e1);
                let skip = if two_ids { 33 } else { 17 };
                let extension = if kind == 0xf01e { "png" } else { "jpg" };
                if let Some(bytes) = group.get(start.saturating_add(skip)..end) {
                    found.push((extension, bytes.to_vec()));
                }
                at = end;
            }
            _ => at = end.max(start),
        }
        if found.len() > 10_000 {
            break;
        }
    }
    found
}
