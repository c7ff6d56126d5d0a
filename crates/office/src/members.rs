//! Pictures and files inside a document: handed over as members.

use std::io::{Cursor, Read};

use casefile::{Field, Outcome, Problem, Stop};
use legacy::ole::{Compound, storage_objects};

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
        return match unwrap(&bytes, number_in(name)) {
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

/// Takes the file out of an OLE object that wraps one: its name (without folders; `number` stands
/// in for a missing one) and its bytes.
pub(crate) fn unwrap(bytes: &[u8], number: u32) -> Option<(String, Vec<u8>)> {
    let mut bytes = Cursor::new(bytes);
    let mut object = Compound::open(&mut bytes)?;
    storage_objects(&mut object, 0, number).pop()
}

/// The number in a name such as `oleObject3.bin`.
pub(crate) fn number_in(name: &str) -> u32 {
    let digits: String = name
        .chars()
        .rev()
        .skip_while(|c| !c.is_ascii_digit())
        .take_while(char::is_ascii_digit)
        .take(9)
        .collect();
    digits
        .chars()
        .rev()
        .collect::<String>()
        .parse()
        .unwrap_or(1)
}
