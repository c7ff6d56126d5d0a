//! Embedded objects (MS-OLEDS): the file behind the wrapping, with its own name.

use super::{Compound, MAGIC, size_at, u16_at, u32_at};
use crate::Kind;
use crate::codepage::WESTERN;
use crate::sink::{clean_path, extension};

/// An object of OLE 1.0, as RTF and old Word files hold it.
pub(crate) struct Ole1<'a> {
    pub(crate) class: String,
    pub(crate) linked: Option<String>,
    pub(crate) data: &'a [u8],
}

/// The parts of an OLE 1.0 object (MS-OLEDS 2.2).
pub(crate) fn ole1(bytes: &[u8]) -> Option<Ole1<'_>> {
    let kind = u32_at(bytes, 4)?;
    let mut at = 8;
    let mut string = || {
        let len = size_at(bytes, at)?;
        let text = bytes.get(at.checked_add(4)?..at.checked_add(4)?.checked_add(len)?)?;
        at += 4 + len;
        Some(WESTERN.decode(text).trim_end_matches('\0').to_owned())
    };
    let (class, topic, _item) = (string()?, string()?, string()?);
    let data = match kind {
        2 => {
            let len = size_at(bytes, at)?;
            let rest = bytes.get(at.checked_add(4)?..)?;
            rest.get(..len).unwrap_or(rest)
        }
        1 => &[],
        _ => return None,
    };
    Some(Ole1 {
        class,
        linked: (kind == 1).then_some(topic),
        data,
    })
}

/// The files inside an embedded object, with names; the object itself where nothing is known.
pub(crate) fn unwrap(class: &str, data: &[u8], number: u32) -> Vec<(String, Vec<u8>)> {
    if data.is_empty() {
        return Vec::new();
    }
    if class.eq_ignore_ascii_case("package")
        && let Some(found) = package(data)
    {
        return vec![found];
    }
    if data.starts_with(MAGIC) {
        let mut cursor = std::io::Cursor::new(data);
        if let Some(mut file) = Compound::open(&mut cursor) {
            let inner = storage_objects(&mut file, 0, number);
            if !inner.is_empty() {
                return inner;
            }
        }
    }
    vec![(
        format!("object-{number}.{}", object_extension(class, data)),
        data.to_vec(),
    )]
}

/// The extension of an object's file: what it is counts before what its class says.
fn object_extension(class: &str, data: &[u8]) -> &'static str {
    if data.starts_with(MAGIC)
        && let Some(known) =
            crate::recognise(&mut std::io::Cursor::new(data)).and_then(Kind::extension)
    {
        return known;
    }
    let class = class.to_ascii_lowercase();
    let known = extension(data);
    match known {
        "ole" | "bin" | "zip" => {
            let modern = known == "zip";
            match () {
                () if class.starts_with("word") => {
                    if modern {
                        "docx"
                    } else {
                        "doc"
                    }
                }
                () if class.starts_with("excel") => {
                    if modern {
                        "xlsx"
                    } else {
                        "xls"
                    }
                }
                () if class.starts_with("powerpoint") => {
                    if modern {
                        "pptx"
                    } else {
                        "ppt"
                    }
                }
                () if class.starts_with("visio") => "vsd",
                () => known,
            }
        }
        known => known,
    }
}

/// The files wrapped in a storage: `\1Ole10Native`, `Package`, `CONTENTS`, `EmbeddedOdf`; `number`
/// goes into the name of what has none. None if the storage is
/// a document of its own.
pub fn storage_objects(
    file: &mut Compound<'_>,
    storage: usize,
    number: u32,
) -> Vec<(String, Vec<u8>)> {
    let named = |bytes: Vec<u8>| (format!("object-{number}.{}", extension(&bytes)), bytes);
    if let Some(index) = file.child(storage, "\u{1}Ole10Native") {
        let bytes = file.stream(index);
        // Its length stands before it.
        let rest = bytes.get(4..).unwrap_or(&[]);
        return match package(rest) {
            Some(found) => vec![found],
            None if rest.is_empty() => Vec::new(),
            None => vec![named(rest.to_vec())],
        };
    }
    for wrapped in ["Package", "CONTENTS", "EmbeddedOdf"] {
        if let Some(index) = file.child(storage, wrapped) {
            let bytes = file.stream(index);
            // Another program's own stream of this name is no file that can be opened.
            if wrapped != "CONTENTS" || extension(&bytes) != "bin" {
                return vec![named(bytes)];
            }
        }
    }
    Vec::new()
}

/// The file in a "Package" object, with the name that it had.
fn package(bytes: &[u8]) -> Option<(String, Vec<u8>)> {
    if u16_at(bytes, 0)? != 2 {
        return None;
    }
    let mut at = 2;
    let mut string = || {
        let rest = bytes.get(at..)?;
        let len = rest.iter().take(4096).position(|&b| b == 0)?;
        at += len + 1;
        rest.get(..len)
    };
    let label = string()?;
    let path = string()?;
    at = at.checked_add(4)?;
    let temporary = size_at(bytes, at)?;
    at = at.checked_add(4)?.checked_add(temporary)?;
    let len = size_at(bytes, at)?;
    let rest = bytes.get(at.checked_add(4)?..)?;
    let data = rest.get(..len).unwrap_or(rest);
    // After the data the names may stand again in UTF-16, which needs no code page.
    let wide = rest.get(len..).and_then(|tail| {
        let skip = size_at(tail, 0)?.checked_mul(2)?.checked_add(4)?;
        let chars = size_at(tail, skip)?;
        let from = skip.checked_add(4)?;
        let name = tail.get(from..from.checked_add(chars.checked_mul(2)?)?)?;
        let name = crate::codepage::utf16(name);
        (!name.trim().is_empty()).then_some(name)
    });
    let narrow = if label.is_empty() { path } else { label };
    let name = wide.unwrap_or_else(|| match std::str::from_utf8(narrow) {
        Ok(utf8) => utf8.to_owned(),
        Err(_) => WESTERN.decode(narrow),
    });
    Some((clean_path(&name), data.to_vec()))
}

/// A bitmap as it is kept in memory, with the header that makes it a file.
pub(crate) fn bitmap_file(bitmap: Vec<u8>) -> Vec<u8> {
    let header = u32_at(&bitmap, 0).unwrap_or(0);
    if !matches!(header, 12 | 40..=200) || bitmap.starts_with(b"BM") {
        return bitmap;
    }
    let (bits, used, compression) = if header == 12 {
        (u16_at(&bitmap, 10), 0, 0)
    } else {
        let used = u32_at(&bitmap, 32).unwrap_or(0);
        (u16_at(&bitmap, 14), used, u32_at(&bitmap, 16).unwrap_or(0))
    };
    let colours = match (used, bits.unwrap_or(24)) {
        (0, bits @ 1..=8) => 1 << bits,
        (used, _) => used.min(256),
    };
    let masks = if header == 40 && compression == 3 {
        12
    } else {
        0
    };
    let colour = if header == 12 { 3 } else { 4 };
    let offset = 14 + header + colours * colour + masks;
    let size = u32::try_from(bitmap.len())
        .unwrap_or(u32::MAX)
        .saturating_add(14);
    let mut file = b"BM".to_vec();
    file.extend_from_slice(&size.to_le_bytes());
    file.extend_from_slice(&[0; 4]);
    file.extend_from_slice(&offset.to_le_bytes());
    file.extend_from_slice(&bitmap);
    file
}
