//! HWP 5 (Hancom, "한글 문서 파일 형식 5.0", revision 1.3; the distribution form after the
//! document on it by the same publisher). HWP 3 is recognised.

mod packed;
mod records;
mod salvage;
mod section;
#[cfg(test)]
mod tests;

use casefile::{BlockKind, Emit, Field, Input, Metadatum, Outcome, Reading, Stop};

use crate::codepage;
use crate::ole::{self, Compound, MAGIC, u16_at, u32_at};
use crate::sink::{Blocks, Sink, damage};
use records::Records;
pub(crate) use salvage::has_section;
use section::Styles;
pub(crate) use section::outline;

pub(crate) const MEDIA_TYPE: &str = "application/x-hwp";

const COMPRESSED: u32 = 1;
const PASSWORD: u32 = 1 << 1;
const DISTRIBUTION: u32 = 1 << 2;
const RIGHTS: u32 = 1 << 4;
const CERTIFICATE: u32 = 1 << 8;
const CERTIFICATE_RIGHTS: u32 = 1 << 10;

/// Reads a document of Hangul (HWP 5): text, tables as rows, notes, running heads, equations,
/// text boxes, hidden comments, memos; pictures and objects as members. Distribution documents
/// are opened; those behind a password are not.
///
/// # Errors
/// The receiver wants no more.
pub fn read(input: &mut Input<'_>, emit: Emit<'_>) -> Result<Reading, Stop> {
    let head = input.head(32).unwrap_or_default();
    if head.starts_with(b"HWP Document File V") {
        let reason = "a document of HWP 3 or older; save it as HWPX in Hangul to read it";
        return Ok(Reading::failed(MEDIA_TYPE, Outcome::Unsupported, reason));
    }
    let limits = input.limits;
    let opened = Compound::open(input.bytes);
    let readable = |file: &Compound<'_>| {
        file.has("BodyText") || file.has("ViewText") || file.has("FileHeader")
    };
    let Some(mut file) = opened.filter(readable) else {
        return salvaged(input, emit);
    };
    let mut reading = Reading::indexed(MEDIA_TYPE);
    reading.metadata = ole::summary_of(&mut file);
    let mut sink = Sink::new(limits, emit);
    let header = file.read(&["FileHeader"]).unwrap_or_default();
    let Some(flags) = u32_at(&header, 36) else {
        drop(sink);
        return salvaged(input, emit);
    };
    if let Some(version) = header.get(32..36) {
        let version: Vec<String> = version.iter().rev().map(ToString::to_string).collect();
        reading.note(Field::Other, &version.join("."), "HWP FileHeader version");
    }
    if flags & (PASSWORD | RIGHTS | CERTIFICATE | CERTIFICATE_RIGHTS) != 0 {
        reading.outcome = Outcome::Encrypted;
        let reason = if flags & PASSWORD != 0 {
            "needs a password; open it in Hangul, save it without one, and add that file"
        } else {
            "protected by rights management or a certificate; it can only be opened where it was made"
        };
        reading.reason = Some(reason.into());
        preview(&mut file, &mut sink)?;
        return sink.finish(reading);
    }
    let compressed = flags & COMPRESSED != 0;
    let styles = match file.read(&["DocInfo"]) {
        Some(raw) => {
            let (bytes, whole) = packed::open(&raw, compressed);
            if !whole {
                damage(&mut reading, "its style table is broken; its text was kept");
            }
            Styles::read(&bytes)
        }
        None => Styles::default(),
    };
    sections(&mut file, flags, &styles, &mut reading, &mut sink)?;
    if !sink.has_text() {
        preview(&mut file, &mut sink)?;
    }
    members(&mut file, compressed, &styles, &mut sink)?;
    if file.broken {
        damage(
            &mut reading,
            "its compound file is broken or cut; what could be read was kept",
        );
    }
    sink.finish(reading)
}

/// What can be read without a directory.
fn salvaged(input: &mut Input<'_>, emit: Emit<'_>) -> Result<Reading, Stop> {
    let mut reading = Reading::indexed(MEDIA_TYPE);
    let mut sink = Sink::new(input.limits, emit);
    let found = match ole::find(input.bytes) {
        Some((ole::Lost::Hwp, all)) => salvage::sections(&all),
        _ => Vec::new(),
    };
    for bytes in found {
        let blocks = section::blocks(&Records::read(&bytes), &Styles::default(), &mut Vec::new());
        sink.blocks(blocks)?;
    }
    let reason = if sink.has_text() {
        "the directory of the file is lost; the text that could be found without it was kept"
    } else {
        "the directory of the file is lost, and no text could be found without it"
    };
    damage(&mut reading, reason);
    sink.finish(reading)
}

fn sections(
    file: &mut Compound<'_>,
    flags: u32,
    styles: &Styles,
    reading: &mut Reading,
    sink: &mut Sink<'_>,
) -> Result<(), Stop> {
    let distribution = flags & DISTRIBUTION != 0;
    let body = file.find(&["BodyText"]);
    let view = file.find(&["ViewText"]);
    let storage = if distribution {
        view.or(body)
    } else {
        body.or(view)
    };
    let mut numbered: Vec<(u32, usize)> = Vec::new();
    for index in storage.map(|s| file.children(s)).unwrap_or_default() {
        let name = file
            .entries
            .get(index)
            .map(|e| e.name.as_str())
            .unwrap_or("");
        if let Some(number) = name.strip_prefix("Section").and_then(|n| n.parse().ok()) {
            numbered.push((number, index));
        }
    }
    numbered.sort_unstable();
    if numbered.is_empty() {
        damage(reading, "it has no body text; its preview was kept");
    }
    for (number, index) in numbered {
        let raw = file.stream(index);
        let plain = if distribution {
            packed::open_distribution(&raw)
        } else {
            None
        };
        let (bytes, whole) =
            packed::open(plain.as_deref().unwrap_or(&raw), flags & COMPRESSED != 0);
        if !whole {
            let reason = format!(
                "section {} of its text is broken; what could be read was kept",
                number + 1
            );
            damage(reading, reason);
        }
        let records = Records::read(&bytes);
        if records.cut {
            let reason = format!(
                "section {} of its text ends early; what could be read was kept",
                number + 1
            );
            damage(reading, reason);
        }
        let mut links = Vec::new();
        let blocks = section::blocks(&records, styles, &mut links);
        for link in links {
            let fact = Metadatum::new(Field::Other, link, "hyperlink");
            if reading.metadata.len() < 10_000 && !reading.metadata.contains(&fact) {
                reading.metadata.push(fact);
            }
        }
        sink.blocks(blocks)?;
    }
    Ok(())
}

/// The first page or so of the text, which is kept in clear.
fn preview(file: &mut Compound<'_>, sink: &mut Sink<'_>) -> Result<(), Stop> {
    let text = file
        .read(&["PrvText"])
        .map(|raw| codepage::utf16(&raw))
        .unwrap_or_default();
    let lines = text.split(['\r', '\n']);
    sink.blocks(
        lines
            .map(|line| (BlockKind::Paragraph, line.to_owned()))
            .collect::<Blocks>(),
    )
}

fn members(
    file: &mut Compound<'_>,
    compressed: bool,
    styles: &Styles,
    sink: &mut Sink<'_>,
) -> Result<(), Stop> {
    let mut number = 0;
    for index in file
        .find(&["BinData"])
        .map(|s| file.children(s))
        .unwrap_or_default()
    {
        let Some(name) = file.entries.get(index).map(|e| e.name.clone()) else {
            continue;
        };
        let raw = file.stream(index);
        if raw.is_empty() {
            continue;
        }
        number += 1;
        let id = name
            .get(3..7)
            .and_then(|hex| u16::from_str_radix(hex, 16).ok());
        let packed = id.and_then(|id| styles.packed(id)).unwrap_or(compressed);
        // Some writers leave the bytes as they are, whatever the flag says.
        let bytes = match packed::open(&raw, packed) {
            (bytes, _) if !bytes.is_empty() => bytes,
            _ => raw,
        };
        // An object has its length before it.
        match bytes.get(4..) {
            Some(object) if object.starts_with(MAGIC) => {
                for (name, bytes) in ole::unwrap("", object, number) {
                    sink.embedded(&name, &bytes)?;
                }
            }
            _ => sink.embedded(&name, &bytes)?,
        }
    }
    Ok(())
}

/// A string with its length in UTF-16 units before it, and the offset after it.
fn string(bytes: &[u8], at: usize) -> Option<(String, usize)> {
    let len = usize::from(u16_at(bytes, at)?) * 2;
    let from = at.checked_add(2)?;
    let rest = bytes.get(from..)?;
    Some((codepage::utf16(rest.get(..len).unwrap_or(rest)), from + len))
}
