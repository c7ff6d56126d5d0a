//! Word 6, 95 and 97 to 2003 (MS-DOC; for the older ones the layout of Word 6 that Microsoft
//! published in 1995).

mod fib;
mod paragraphs;
#[cfg(test)]
mod tests;
mod text;

use std::collections::BTreeSet;

use casefile::{Emit, Field, Input, Outcome, Reading, Stop};

use crate::ole::{self, Compound};
use crate::sink::{Sink, damage};
use crate::{Kind, crypt, officeart};
use fib::Fib;

pub(crate) const MEDIA_TYPE: &str = "application/msword";

/// Embedded objects that are looked into.
const OBJECTS: usize = 4096;

/// Reads a Word document: headings, paragraphs, list items, tables as rows, footnotes, endnotes,
/// comments, running heads, text boxes; pictures and embedded objects as members. Passwords of
/// the input are tried on sealed documents.
///
/// # Errors
/// The receiver wants no more.
pub fn read(input: &mut Input<'_>, emit: Emit<'_>) -> Result<Reading, Stop> {
    let (limits, passwords) = (input.limits, input.passwords);
    let opened = Compound::open(input.bytes);
    let Some(mut file) = opened.filter(|file| file.has("WordDocument")) else {
        return salvaged(input, emit);
    };
    let mut reading = Reading::indexed(MEDIA_TYPE);
    reading.metadata = ole::summary_of(&mut file);
    let mut sink = Sink::new(limits, emit);
    let rights = file.has("\u{9}DRMContent");
    let mut main = file.read(&["WordDocument"]).unwrap_or_default();
    if main.is_empty() {
        damage(
            &mut reading,
            "its text stream is missing; only its properties were kept",
        );
        return sink.finish(reading);
    }
    let Some(fib) = Fib::read(&main) else {
        damage(
            &mut reading,
            "its header is not one of Word 6 to 2003; only its properties were kept",
        );
        return sink.finish(reading);
    };
    let mut table = match fib.table_stream {
        Some(name) => match file.read(&[name]) {
            Some(table) => table,
            // The other one may be left from an earlier save.
            None => {
                damage(
                    &mut reading,
                    "the stream with its structure is missing; what could be read was kept",
                );
                let other = if name == "1Table" { "0Table" } else { "1Table" };
                file.read(&[other]).unwrap_or_default()
            }
        },
        None => Vec::new(),
    };
    let mut data = file.read(&["Data"]).unwrap_or_default();
    if fib.encrypted {
        let seal = if fib.obfuscated {
            None
        } else {
            crypt::seal(&table)
        };
        let key = seal.and_then(|seal| passwords.iter().find_map(|password| seal.key(password)));
        let Some(key) = key else {
            reading.outcome = Outcome::Encrypted;
            reading.reason = Some(if fib.obfuscated || fib.table_stream.is_none() {
                "protected by a password in an old form that is not opened here; save it in Word without one".into()
            } else {
                "needs a password: `add --file-passwords LIST` tries yours".into()
            });
            return sink.finish(reading);
        };
        let clear = main.get(..68).unwrap_or(&[]).to_vec();
        let head = table.get(..fib.key).unwrap_or(&[]).to_vec();
        for stream in [&mut main, &mut table, &mut data] {
            key.open_stream(512, stream);
        }
        for (stream, clear) in [(&mut main, clear), (&mut table, head)] {
            stream
                .iter_mut()
                .zip(clear)
                .for_each(|(byte, clear)| *byte = clear);
        }
    }
    let Some(fib) = Fib::read(&main) else {
        return sink.finish(reading);
    };
    let table = if fib.table_stream.is_some() {
        &table
    } else {
        &main
    };
    let mut links = BTreeSet::new();
    let whole = text::read(&main, table, &fib, &mut links, &mut sink)?;
    for link in links {
        reading.note(Field::Other, &link, "hyperlink");
    }
    if !whole {
        damage(
            &mut reading,
            "part of its text is missing from the file; what is there was kept",
        );
    }
    if file.broken {
        damage(
            &mut reading,
            "its compound file is broken or cut; what could be read was kept",
        );
    }
    if rights && reading.outcome == Outcome::Indexed {
        reading.outcome = Outcome::Encrypted;
        reading.reason = Some(
            "protected by rights management; only the notice that stands in its place was read"
                .into(),
        );
    }
    let mut seen = BTreeSet::new();
    officeart::pictures(&data, &mut seen, &mut sink)?;
    officeart::pictures(&main, &mut seen, &mut sink)?;
    objects(&mut file, &mut sink)?;
    sink.finish(reading)
}

/// What can be read without a directory: the text, if it stands in one run.
fn salvaged(input: &mut Input<'_>, emit: Emit<'_>) -> Result<Reading, Stop> {
    let mut reading = Reading::indexed(MEDIA_TYPE);
    let mut sink = Sink::new(input.limits, emit);
    let main = match ole::find(input.bytes) {
        Some((ole::Lost::Word, main)) => main,
        _ => Vec::new(),
    };
    if let Some(fib) = Fib::read(&main) {
        if fib.encrypted {
            let reason = "needs a password, and its directory is lost";
            return Ok(Reading::failed(MEDIA_TYPE, Outcome::Encrypted, reason));
        }
        let table: &[u8] = if fib.table_stream.is_some() {
            &[]
        } else {
            &main
        };
        text::read(&main, table, &fib, &mut BTreeSet::new(), &mut sink)?;
        officeart::pictures(&main, &mut BTreeSet::new(), &mut sink)?;
    }
    let reason = if sink.has_text() {
        "the directory of the file is lost; the text that could be found without it was kept"
    } else {
        "the directory of the file is lost, and no text could be found without it"
    };
    damage(&mut reading, reason);
    sink.finish(reading)
}

fn objects(file: &mut Compound<'_>, sink: &mut Sink<'_>) -> Result<(), Stop> {
    let pool = file
        .find(&["ObjectPool"])
        .map(|pool| file.children(pool))
        .unwrap_or_default();
    if pool.len() > OBJECTS {
        sink.capped.get_or_insert_with(|| {
            format!("it holds more than {OBJECTS} objects; the first were kept")
        });
    }
    for (number, storage) in (1..).zip(pool.into_iter().take(OBJECTS)) {
        let mut found = ole::storage_objects(file, storage, number);
        if found.is_empty()
            && let Some(bytes) = ole::storage_as_file(file, storage)
        {
            let kind = crate::recognise(&mut std::io::Cursor::new(&bytes));
            let extension = kind.and_then(Kind::extension).unwrap_or("ole");
            found.push((format!("object-{number}.{extension}"), bytes));
        }
        for (name, bytes) in found {
            sink.embedded(&name, &bytes)?;
        }
    }
    Ok(())
}
