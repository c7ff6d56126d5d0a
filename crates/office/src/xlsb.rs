//! Binary workbooks of Excel 2007 and later: BIFF12 records (MS-XLSB) in an OOXML package.

use casefile::{BlockKind, Problem, Stop};

use crate::formats::{Format, built_in};
use crate::job::{Item, Job};
use crate::package::Package;
use crate::xlsx::{Line, drawn};
use crate::{members, numbers, props};

/// Records one after the other: type, then length, both in seven bits a byte.
struct Records<'b> {
    rest: &'b [u8],
    whole: bool,
}

impl<'b> Records<'b> {
    fn new(bytes: &'b [u8]) -> Self {
        Self {
            rest: bytes,
            whole: true,
        }
    }

    fn number(&mut self, most: u32) -> Option<u32> {
        let mut number = 0_u32;
        for at in 0..most {
            let (byte, rest) = self.rest.split_first()?;
            self.rest = rest;
            let shift = if most == 2 {
                at.saturating_mul(8)
            } else {
                at.saturating_mul(7)
            };
            let part = if most == 2 { *byte } else { byte & 0x7f };
            number |= u32::from(part).checked_shl(shift)?;
            if byte & 0x80 == 0 {
                break;
            }
        }
        // A type of two bytes keeps its high bit; the list of types counts without it.
        Some(if most == 2 {
            (number & 0x7f) | (number >> 1 & 0x3f80)
        } else {
            number
        })
    }
}

impl<'b> Iterator for Records<'b> {
    type Item = (u32, &'b [u8]);
    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let head = self.number(2).zip(self.number(4));
        let body = head.and_then(|(kind, len)| {
            let (body, rest) = self.rest.split_at_checked(usize::try_from(len).ok()?)?;
            self.rest = rest;
            Some((kind, body))
        });
        self.whole = body.is_some();
        if body.is_none() {
            self.rest = &[];
        }
        body
    }
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(four.try_into().ok()?))
}

/// A string with its length in characters before it, and where it ends.
fn wide(bytes: &[u8], at: usize) -> Option<(String, usize)> {
    let chars = u32_at(bytes, at)?;
    let start = at.checked_add(4)?;
    if chars == u32::MAX {
        return Some((String::new(), start));
    }
    let end = start.checked_add(usize::try_from(chars).ok()?.checked_mul(2)?)?;
    let text = encoding_rs::UTF_16LE
        .decode_without_bom_handling(bytes.get(start..end)?)
        .0
        .into_owned();
    Some((text, end))
}

/// A number packed in 30 bits (MS-XLS 2.5.217).
pub(crate) fn rk(packed: u32) -> f64 {
    let number = if packed & 2 != 0 {
        f64::from(i32::from_le_bytes(packed.to_le_bytes()) >> 2)
    } else {
        f64::from_bits(u64::from(packed & 0xffff_fffc) << 32)
    };
    if packed & 1 != 0 {
        number / 100.0
    } else {
        number
    }
}

pub(crate) const fn error(code: u8) -> &'static str {
    match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0f => "#VALUE!",
        0x17 => "#REF!",
        0x1d => "#NAME?",
        0x24 => "#NUM!",
        0x2b => "#GETTING_DATA",
        _ => "#N/A",
    }
}

/// A number in the format of its style.
pub(crate) fn formatted(number: f64, format: Option<&Format>, from_1904: bool) -> String {
    format.map_or_else(
        || numbers::general(number),
        |format| format.shown(number, from_1904),
    )
}

fn cell_formats(bytes: &[u8]) -> Vec<Format> {
    let mut codes = std::collections::HashMap::new();
    let (mut formats, mut in_cells) = (Vec::new(), false);
    for (kind, body) in Records::new(bytes) {
        let u16_at = |at: usize| {
            let two = body.get(at..at.checked_add(2)?)?;
            Some(u16::from_le_bytes(two.try_into().ok()?))
        };
        match kind {
            44 => {
                if let (Some(id), Some((code, _))) = (u16_at(0), wide(body, 2)) {
                    codes.insert(id, code);
                }
            }
            617 => in_cells = true,
            618 => in_cells = false,
            47 if in_cells => {
                let id = u16_at(2).unwrap_or(0);
                formats.push(Format::parse(
                    codes.get(&id).map_or(built_in(id), String::as_str),
                ));
            }
            _ => {}
        }
    }
    formats
}

pub(crate) fn read(package: &mut Package<'_>, job: &mut Job<'_>) -> Result<(), Stop> {
    let root = package.relations("");
    props::read(package, &root, job);
    let main = root
        .parts("officeDocument")
        .map(str::to_owned)
        .find(|part| package.has(part))
        .unwrap_or_else(|| "xl/workbook.bin".to_owned());
    let relations = package.relations(&main);
    let part = |kind: &str, usual: &str| {
        relations
            .parts(kind)
            .next()
            .map_or_else(|| usual.to_owned(), str::to_owned)
    };
    let styles = package.bytes(&part("styles", "xl/styles.bin"));
    let formats = cell_formats(&styles.unwrap_or_default());
    let strings = package
        .bytes(&part("sharedStrings", "xl/sharedStrings.bin"))
        .unwrap_or_default();
    let shared: Vec<String> = Records::new(&strings)
        .filter(|(kind, _)| *kind == 19)
        .map(|(_, body)| wide(body, 1).map(|(text, _)| text).unwrap_or_default())
        .collect();
    let workbook = package.bytes(&main).unwrap_or_default();
    let mut from_1904 = false;
    let mut sheets = Vec::new();
    for (kind, body) in Records::new(&workbook) {
        match kind {
            153 => from_1904 = body.first().is_some_and(|flags| flags & 1 != 0),
            156 => {
                let hidden = u32_at(body, 0).unwrap_or(0) != 0;
                // Early writers put four more bytes before the id.
                let found = [8, 12].into_iter().find_map(|at| {
                    let (id, at) = wide(body, at)?;
                    relations.get(&id)?;
                    Some((wide(body, at)?.0, id, hidden))
                });
                sheets.extend(found);
            }
            _ => {}
        }
    }
    if sheets.is_empty() {
        job.damage("the list of sheets cannot be read");
    }
    for (name, id, hidden) in sheets {
        if job.is_full() {
            break;
        }
        let place = format!("sheet '{name}'");
        job.begin_page()?;
        job.block(BlockKind::Heading(1), &name)?;
        if hidden {
            job.problem(
                Problem::new(
                    "hidden-sheet",
                    "the sheet is hidden: it is part of the text",
                )
                .at(place.clone()),
            );
        }
        let Some(target) = relations.get(&id).map(|relation| relation.target.clone()) else {
            job.damage(format!("{place} is missing"));
            continue;
        };
        match package.bytes(&target) {
            Some(bytes) => rows(&bytes, &shared, &formats, from_1904, &place, job)?,
            None => job.damage(format!("{place} is missing")),
        }
        let of_sheet = package.relations(&target);
        for relation in of_sheet.all.iter().filter(|relation| !relation.external) {
            match relation.kind.as_str() {
                "comments" => {
                    let bytes = package.bytes(&relation.target).unwrap_or_default();
                    job.items(&comments(&bytes))?;
                }
                "drawing" => drawn(package, &relation.target, job)?,
                _ => {}
            }
        }
        members::externals(&of_sheet, job);
    }
    members::externals(&relations, job);
    job.end_page();
    job.flush()?;
    members::of_ooxml(package, job)
}

fn rows(
    bytes: &[u8],
    shared: &[String],
    formats: &[Format],
    from_1904: bool,
    place: &str,
    job: &mut Job<'_>,
) -> Result<(), Stop> {
    let mut line = Line::default();
    let mut records = Records::new(bytes);
    for (kind, body) in records.by_ref() {
        if kind == 0 {
            line.end(job)?;
            if job.is_full() {
                return Ok(());
            }
            continue;
        }
        let Some(column) = u32_at(body, 0) else {
            continue;
        };
        let style = u32_at(body, 4).unwrap_or(0) & 0x00ff_ffff;
        let format = usize::try_from(style)
            .ok()
            .and_then(|style| formats.get(style));
        let float = || {
            let eight = body.get(8..16)?;
            Some(f64::from_le_bytes(eight.try_into().ok()?))
        };
        let words = match kind {
            2 => u32_at(body, 8).map(|packed| formatted(rk(packed), format, from_1904)),
            3 | 11 => body.get(8).map(|code| error(*code).to_owned()),
            4 | 10 => body
                .get(8)
                .map(|yes| if *yes == 0 { "FALSE" } else { "TRUE" }.to_owned()),
            5 | 9 => float().map(|number| formatted(number, format, from_1904)),
            6 | 8 => wide(body, 8).map(|(text, _)| text),
            62 => wide(body, 9).map(|(text, _)| text),
            7 => u32_at(body, 8)
                .and_then(|index| shared.get(usize::try_from(index).ok()?))
                .cloned(),
            _ => None,
        };
        if let Some(words) = words {
            line.cell(column, &words);
        }
    }
    line.end(job)?;
    if !records.whole {
        job.damage(format!("{place} ends early"));
    }
    Ok(())
}

fn comments(bytes: &[u8]) -> Vec<Item> {
    let (mut authors, mut items) = (Vec::new(), Vec::new());
    let mut head = String::new();
    for (kind, body) in Records::new(bytes) {
        match kind {
            632 => authors.extend(wide(body, 0).map(|(author, _)| author)),
            635 => {
                let author = u32_at(body, 0)
                    .and_then(|at| authors.get(usize::try_from(at).ok()?))
                    .map_or("", String::as_str);
                head = format!("[comment, {author}] ");
            }
            637 => {
                if let Some((text, _)) = wide(body, 1) {
                    items.push(Item::new(
                        BlockKind::Footnote,
                        format!("{head}{}", text.trim()),
                    ));
                }
            }
            _ => {}
        }
    }
    items
}
