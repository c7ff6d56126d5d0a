//! Pictures and files inside a document: handed over as members.

use std::io::{Cursor, Read};

use casefile::{Field, Outcome, Problem, Stop};

use crate::job::Job;
use crate::package::{Package, Relations};

/// Addresses outside of the document that are not links to click: remote pictures, templates,
/// linked objects. A document that loads something when opened tells who reads it.
pub(crate) fn externals(relations: &Relations, job: &mut Job<'_>) {
    for relation in relations.all.iter().filter(|relation| relation.external) {
        let from = if relation.kind == "hyperlink" {
            "hyperlink".to_owned()
        } else {
            format!("external {}", relation.kind)
        };
        job.note_once(Field::Other, &relation.target, &from);
    }
}

/// Members of an OOXML package: whatever is not a part of the document itself.
pub(crate) fn of_ooxml(package: &mut Package<'_>, job: &mut Job<'_>) -> Result<(), Stop> {
    let names: Vec<String> = package.names().to_vec();
    for name in names {
        let lower = name.replace('\\', "/").to_lowercase();
        let extension = lower
            .rsplit_once('.')
            .map_or("", |(_, extension)| extension);
        if lower.ends_with("vbaproject.bin") {
            job.problem(Problem::new(
                "macros",
                "it holds macros: they are kept in the original and were not run",
            ));
            continue;
        }
        let in_folder = |folder: &str| lower.contains(&format!("/{folder}/"));
        let embedded = in_folder("embeddings") || in_folder("activex") && extension == "bin";
        // Imported chunks of HTML, RTF or Word are shown as part of the document.
        let chunk = lower
            .rsplit('/')
            .next()
            .is_some_and(|file| file.starts_with("afchunk"))
            && extension != "rels";
        let foreign = matches!(
            extension,
            "htm" | "html" | "mht" | "mhtml" | "rtf" | "pdf" | "docx" | "xlsx" | "pptx"
        );
        if lower.ends_with('/') || lower.contains("thumbnail") || extension == "rels" {
            continue;
        }
        if embedded || chunk || foreign {
            object(package, &name, job)?;
        } else if in_folder("media") {
            stream(package, &name, job)?;
        }
    }
    Ok(())
}

/// Hands over a part as it is.
pub(crate) fn stream(package: &mut Package<'_>, name: &str, job: &mut Job<'_>) -> Result<(), Stop> {
    let Some(mut part) = package.part(name) else {
        return Ok(());
    };
    let shown = name.replace('\\', "/");
    // The folder of the format (`word/`, `xl/`) says nothing to a reader.
    let shown = ["word/", "xl/", "ppt/"]
        .iter()
        .find_map(|folder| shown.strip_prefix(folder))
        .unwrap_or(&shown);
    if !job.begin_member(shown, None)? {
        return Ok(());
    }
    let mut chunk = vec![0; 256 << 10];
    loop {
        let read = part.read(&mut chunk).unwrap_or(0);
        if read == 0 {
            break;
        }
        job.member_bytes(chunk.get(..read).unwrap_or_default())?;
    }
    let early = part.is_broken().then(|| {
        (
            Outcome::Damaged,
            "it is broken inside its document: what could be read was kept".to_owned(),
        )
    });
    job.end_member(early)
}

/// Hands over an embedded object, out of its OLE wrapping where there is one.
fn object(package: &mut Package<'_>, name: &str, job: &mut Job<'_>) -> Result<(), Stop> {
    let looks_wrapped = name.to_lowercase().ends_with(".bin");
    if looks_wrapped && let Some(bytes) = package.bytes(name) {
        return match unwrap(&bytes) {
            Some((inner, bytes)) => {
                let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
                let folder = folder.rsplit('/').next().unwrap_or("");
                job.member(&format!("{folder}/{inner}"), None, &bytes)
            }
            None => {
                let shown = name.split_once('/').map_or(name, |(_, rest)| rest);
                job.member(shown, None, &bytes)
            }
        };
    }
    stream(package, name, job)
}

/// Takes the file out of an OLE object: `\x01Ole10Native` (MS-OLEDS 2.3.6), or a stream that
/// holds the whole file. Its name (without folders) and its bytes.
pub(crate) fn unwrap(bytes: &[u8]) -> Option<(String, Vec<u8>)> {
    let mut ole = cfb::CompoundFile::open(Cursor::new(bytes)).ok()?;
    unwrap_in(&mut ole, "")
}

/// The same for an object that lies in a storage of a larger file.
pub(crate) fn unwrap_in<F: Read + std::io::Seek>(
    ole: &mut cfb::CompoundFile<F>,
    storage: &str,
) -> Option<(String, Vec<u8>)> {
    let mut stream = |name: &str| crate::ole::stream(ole, &format!("{storage}{name}"));
    if let Some(native) = stream("/\u{1}Ole10Native") {
        return ole10(&native);
    }
    for (name, file) in [
        ("/Package", "package"),
        ("/CONTENTS", "contents"),
        ("/EmbeddedOdf", "document"),
    ] {
        if let Some(bytes) = stream(name) {
            let bytes_name = match bytes.as_slice() {
                [b'%', b'P', b'D', b'F', ..] => format!("{file}.pdf"),
                [b'P', b'K', 3, 4, ..] => format!("{file}.zip"),
                _ => file.to_owned(),
            };
            if !bytes.is_empty() {
                return Some((bytes_name, bytes));
            }
        }
    }
    None
}

fn ole10(native: &[u8]) -> Option<(String, Vec<u8>)> {
    let u32_at = |at: usize| {
        let four = native.get(at..at.checked_add(4)?)?;
        usize::try_from(u32::from_le_bytes(four.try_into().ok()?)).ok()
    };
    let text_at = |at: usize| {
        let rest = native.get(at..)?;
        let end = rest.iter().take(1024).position(|byte| *byte == 0)?;
        let words = encoding_rs::WINDOWS_1252
            .decode(rest.get(..end)?)
            .0
            .into_owned();
        Some((words, at.checked_add(end)?.checked_add(1)?))
    };
    let packaged = || {
        let (label, at) = text_at(6)?;
        let (path, at) = text_at(at)?;
        let at = at.checked_add(4)?;
        let skip = u32_at(at)?;
        let at = at.checked_add(4)?.checked_add(skip)?;
        let len = u32_at(at)?;
        let start = at.checked_add(4)?;
        let bytes = native.get(start..start.checked_add(len)?)?;
        // A Unicode copy of the name follows (label, then the name).
        let wide = || {
            let mut at = start.checked_add(len)?;
            let mut found = None;
            for which in 0..3 {
                let chars = u32_at(at)?;
                at = at.checked_add(4)?;
                let end = at.checked_add(chars.checked_mul(2)?)?;
                let text = encoding_rs::UTF_16LE
                    .decode(native.get(at..end)?)
                    .0
                    .into_owned();
                if which == 1 {
                    found = Some(text);
                }
                at = end;
            }
            found.filter(|name| !name.trim().is_empty())
        };
        let name = wide().unwrap_or(if label.trim().is_empty() { path } else { label });
        let name = name
            .rsplit(['/', '\\'])
            .next()
            .unwrap_or("")
            .trim()
            .to_owned();
        let name = if name.is_empty() {
            "object".to_owned()
        } else {
            name
        };
        Some((name, bytes.to_vec()))
    };
    packaged().or_else(|| {
        let len = u32_at(0)?;
        let bytes = native.get(4..4_usize.checked_add(len)?)?;
        (!bytes.is_empty()).then(|| ("object".to_owned(), bytes.to_vec()))
    })
}
