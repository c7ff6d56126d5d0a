//! PowerPoint 97 to 2003 (MS-PPT).

mod persist;
mod records;
mod slide;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::io::Read;

use casefile::{BlockKind, Emit, Field, Input, Outcome, Reading, Stop};

use crate::ole::{self, Compound, MAGIC, u32_at};
use crate::sink::{Blocks, Sink, damage};
use crate::{codepage, officeart};
use persist::Persist;
use records::{Record, Records};

pub(crate) const MEDIA_TYPE: &str = "application/vnd.ms-powerpoint";

const DOCUMENT: u16 = 0x03e8;
const SLIDE: u16 = 0x03ee;
const NOTES: u16 = 0x03f0;
const SLIDE_PERSIST: u16 = 0x03f3;
const SLIDE_LIST: u16 = 0x0ff0;
const STRING: u16 = 0x0fba;
const HEADERS: u16 = 0x0fd9;
const EX_OBJECTS: u16 = 0x0409;
const HYPERLINK: u16 = 0x0fd7;
const OBJECT_STORAGE: u16 = 0x1011;

/// Bytes that an embedded object may unpack to.
const OBJECT: u64 = 128 << 20;

/// Reads a presentation: a page for each slide in the order of the show, with its titles as
/// headings, notes and comments as footnotes; pictures and embedded objects as members. What only
/// stands on masters is left out. Passwords of the input are tried on sealed presentations.
///
/// # Errors
/// The receiver wants no more.
pub fn read(input: &mut Input<'_>, emit: Emit<'_>) -> Result<Reading, Stop> {
    let (limits, passwords) = (input.limits, input.passwords);
    let opened = Compound::open(input.bytes);
    let readable = |file: &Compound<'_>| {
        ["PowerPoint Document", "PP97_DUALSTORAGE", "PP40"]
            .iter()
            .any(|name| file.has(name))
    };
    let Some(mut file) = opened.filter(readable) else {
        return salvaged(input, emit);
    };
    let mut reading = Reading::indexed(MEDIA_TYPE);
    reading.metadata = ole::summary_of(&mut file);
    let mut sink = Sink::new(limits, emit);
    // A presentation saved for two versions holds the newer one in a storage of its own.
    let dual = |name| ["PP97_DUALSTORAGE", name];
    let mut stream = |name| {
        file.read(&dual(name))
            .or_else(|| file.read(&[name]))
            .unwrap_or_default()
    };
    let mut document = stream("PowerPoint Document");
    let user = stream("Current User");
    let pictures = stream("Pictures");
    if document.is_empty() {
        let old = file.has("PP40");
        reading.outcome = if old {
            Outcome::Unsupported
        } else {
            Outcome::Damaged
        };
        reading.reason = Some(if old {
            "a presentation of PowerPoint 95 or older; save it in a newer form to read it".into()
        } else {
            "its slides are missing; only its properties were kept".into()
        });
        return sink.finish(reading);
    }
    let persist = Persist::read(&document, &user);
    let sealed = persist.sealed(&document) || u32_at(&user, 12) == Some(0xf3d1_c4df);
    if sealed && !persist.unseal(&mut document, passwords) {
        reading.outcome = Outcome::Encrypted;
        reading.reason = Some("needs a password: `add --file-passwords LIST` tries yours".into());
        return sink.finish(reading);
    }
    let whole = show(&document, &persist, limits.pages, &mut reading, &mut sink)?;
    if !whole {
        damage(
            &mut reading,
            "its list of slides is broken; the slides were read in the order of the file",
        );
    }
    if file.broken {
        damage(
            &mut reading,
            "its compound file is broken or cut; what could be read was kept",
        );
    }
    if sealed {
        if !pictures.is_empty() {
            sink.problem(
                "pictures-sealed",
                "the pictures of a sealed presentation are not opened; its text is",
            );
        }
    } else {
        officeart::pictures(&pictures, &mut BTreeSet::new(), &mut sink)?;
    }
    objects(&document, &persist, &mut sink)?;
    sink.finish(reading)
}

/// What can be read without a directory: the slides, if their stream stands in one run.
fn salvaged(input: &mut Input<'_>, emit: Emit<'_>) -> Result<Reading, Stop> {
    let mut reading = Reading::indexed(MEDIA_TYPE);
    let mut sink = Sink::new(input.limits, emit);
    if let Some((ole::Lost::Slides, stream)) = ole::find(input.bytes) {
        let persist = Persist::read(&stream, &[]);
        if persist.sealed(&stream) {
            let reason = "needs a password, and its directory is lost";
            return Ok(Reading::failed(MEDIA_TYPE, Outcome::Encrypted, reason));
        }
        show(
            &stream,
            &persist,
            input.limits.pages,
            &mut reading,
            &mut sink,
        )?;
        officeart::pictures(&stream, &mut BTreeSet::new(), &mut sink)?;
    }
    let reason = if sink.has_text() {
        "the directory of the file is lost; the slides that could be found without it were kept"
    } else {
        "the directory of the file is lost, and no slides could be found without it"
    };
    damage(&mut reading, reason);
    sink.finish(reading)
}

/// Reads the slides; false if they had to be searched for.
fn show(
    stream: &[u8],
    persist: &Persist,
    most: u32,
    reading: &mut Reading,
    sink: &mut Sink<'_>,
) -> Result<bool, Stop> {
    let document = persist
        .document
        .and_then(|id| persist.offset(id))
        .and_then(|at| Record::at(stream, at))
        .filter(|record| record.kind == DOCUMENT)
        .or_else(|| {
            Records::new(stream)
                .filter(|record| record.kind == DOCUMENT)
                .last()
        });
    let mut number = 0;
    let mut whole = true;
    let mut found = 0_usize;
    if let Some(document) = document {
        facts(document, reading);
        let lists = |instance| {
            document
                .children()
                .filter(move |r| r.kind == SLIDE_LIST && r.instance == instance)
        };
        let notes: Vec<Record<'_>> = lists(2)
            .flat_map(|list| entries(list))
            .filter_map(|entry| Record::at(stream, persist.offset(entry.persist)?))
            .filter(|record| record.kind == NOTES)
            .collect();
        for entry in lists(0).flat_map(|list| entries(list)) {
            number += 1;
            if number > most {
                sink.capped.get_or_insert_with(|| {
                    format!("it has more than {most} slides; the first were kept")
                });
                break;
            }
            let record = persist
                .offset(entry.persist)
                .and_then(|at| Record::at(stream, at));
            let record = record.filter(|record| record.kind == SLIDE);
            whole &= record.is_some();
            found += usize::from(record.is_some());
            let mut blocks = slide::blocks(record, &entry.outline);
            for note in notes
                .iter()
                .filter(|note| slide::noted(**note) == Some(entry.id))
            {
                blocks.extend(as_notes(slide::blocks(Some(*note), &[])));
            }
            page(number, blocks, sink)?;
        }
    }
    if found == 0 {
        let loose: Vec<Record<'_>> = Records::new(stream)
            .filter(|r| matches!(r.kind, SLIDE | NOTES))
            .collect();
        whole &= loose.is_empty() && document.is_some();
        for record in loose
            .into_iter()
            .take(usize::try_from(most).unwrap_or(usize::MAX))
        {
            number += 1;
            page(number, slide::blocks(Some(record), &[]), sink)?;
        }
    }
    sink.hand_on()?;
    Ok(whole)
}

fn as_notes(blocks: Blocks) -> impl Iterator<Item = (BlockKind, String)> {
    blocks
        .into_iter()
        .map(|(_, text)| (BlockKind::Footnote, text))
}

fn page(number: u32, blocks: Blocks, sink: &mut Sink<'_>) -> Result<(), Stop> {
    sink.out.begin_page(number, 0.0, 0.0);
    sink.blocks(blocks)?;
    sink.out.end_page();
    if sink.out.chars() > 1 << 20 {
        sink.hand_on()
    } else {
        Ok(())
    }
}

/// A slide or page of notes in the order of the show.
struct Entry {
    persist: u32,
    id: u32,
    outline: Vec<(u32, String)>,
}

fn entries(list: Record<'_>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut kind = 4;
    for record in list.children() {
        match (record.kind, entries.last_mut()) {
            (SLIDE_PERSIST, _) => entries.push(Entry {
                persist: u32_at(record.data, 0).unwrap_or(0),
                id: u32_at(record.data, 12).unwrap_or(0),
                outline: Vec::new(),
            }),
            (slide::TEXT_HEADER, Some(entry)) => {
                kind = u32_at(record.data, 0).unwrap_or(4);
                entry.outline.push((kind, String::new()));
            }
            (_, Some(entry)) => {
                if let Some(text) = slide::text(record) {
                    match entry.outline.last_mut() {
                        Some((_, last)) if last.is_empty() => *last = text,
                        _ => entry.outline.push((kind, text)),
                    }
                }
            }
            _ => {}
        }
    }
    entries
}

/// Targets of hyperlinks, and the heads and feet that all slides share.
fn facts(document: Record<'_>, reading: &mut Reading) {
    let links = document
        .child(EX_OBJECTS)
        .map(|list| list.children().collect::<Vec<_>>());
    let mut seen = BTreeSet::new();
    for link in links
        .unwrap_or_default()
        .into_iter()
        .filter(|r| r.kind == HYPERLINK)
        .take(10_000)
    {
        let string = |instance| {
            let found = link
                .children()
                .find(|r| r.kind == STRING && r.instance == instance);
            found.map(|r| codepage::utf16(r.data)).unwrap_or_default()
        };
        let (target, place) = (string(1), string(3));
        let target = if place.is_empty() {
            target
        } else {
            format!("{target}#{place}")
        };
        if seen.insert(target.clone()) {
            reading.note(Field::Other, &target, "hyperlink");
        }
    }
    for shared in document.children().filter(|r| r.kind == HEADERS) {
        for string in shared.children().filter(|r| r.kind == STRING) {
            let text = codepage::utf16(string.data);
            if seen.insert(text.clone()) {
                reading.note(Field::Other, &text, "PowerPoint header or footer");
            }
        }
    }
}

fn objects(stream: &[u8], persist: &Persist, sink: &mut Sink<'_>) -> Result<(), Stop> {
    let mut number = 0;
    for at in persist.offsets() {
        let Some(record) = Record::at(stream, at).filter(|r| r.kind == OBJECT_STORAGE) else {
            continue;
        };
        number += 1;
        let mut bytes = Vec::new();
        let mut whole = true;
        if record.data.starts_with(MAGIC) {
            bytes = record.data.to_vec();
        } else if let Some(packed) = record.data.get(4..) {
            let mut inflate = flate2::read::ZlibDecoder::new(packed).take(OBJECT);
            whole = inflate.read_to_end(&mut bytes).is_ok() && (bytes.len() as u64) < OBJECT;
        }
        if !whole {
            sink.problem(
                "object-broken",
                format!("embedded object {number} is broken; what could be unpacked was kept"),
            );
        }
        for (name, bytes) in ole::unwrap("", &bytes, number) {
            sink.embedded(&name, &bytes)?;
        }
    }
    Ok(())
}
