//! What a PDF says about itself: its Info dictionary, its XMP packet, its language.

use casefile::{Field, Reading};
use hayro_syntax::Pdf;
use hayro_syntax::object::{Dict, Object, ObjectIdentifier, Stream, String as PdfString};
use quick_xml::events::Event;

use crate::stream;
use crate::strings;

/// Bytes of an XMP packet, and of one value.
const PACKET: usize = 4 << 20;
const VALUE: usize = 64 << 10;

pub(crate) fn read(pdf: &Pdf, bytes: &[u8], reading: &mut Reading) {
    info(pdf, bytes, reading);
    let xref = pdf.xref();
    let catalog = xref.get::<Dict<'_>>(xref.root_id()).unwrap_or_default();
    if let Some(packet) = catalog.get::<Stream<'_>>("Metadata") {
        xmp(&stream::decode(&packet, PACKET).bytes, reading);
    }
    if let Some(language) = catalog.get::<PdfString<'_>>("Lang") {
        reading.note(
            Field::Language,
            &strings::text(language.as_bytes()),
            "PDF catalog /Lang",
        );
    }
    if let Some(base) = catalog
        .get::<Dict<'_>>("URI")
        .and_then(|uri| uri.get::<PdfString<'_>>("Base"))
    {
        reading.note(
            Field::Url,
            &strings::text(base.as_bytes()),
            "PDF catalog /URI /Base",
        );
    }
}

/// The entries of the Info dictionary (ISO 32000-2, 14.3.3), its own keys included.
fn info(pdf: &Pdf, bytes: &[u8], reading: &mut Reading) {
    let Some(dict) = info_id(bytes).and_then(|id| pdf.xref().get::<Dict<'_>>(id)) else {
        return known_info(pdf, reading);
    };
    for (key, value) in dict.entries().take(200) {
        let value = match value {
            hayro_syntax::object::MaybeRef::NotRef(value) => Some(value),
            hayro_syntax::object::MaybeRef::Ref(_) => dict.get::<Object<'_>>(key.as_ref()),
        };
        let text = match value {
            Some(Object::String(text)) => strings::text(text.as_bytes()),
            Some(Object::Name(name)) => strings::text(name.as_ref()),
            _ => continue,
        };
        let text: String = text.chars().take(VALUE).collect();
        let key = strings::text(key.as_ref());
        let field = match key.as_str() {
            "Title" => Field::Title,
            "Author" => Field::Author,
            "Subject" => Field::Subject,
            "Keywords" => Field::Keywords,
            "Creator" | "Producer" => Field::Software,
            "CreationDate" => Field::Created,
            "ModDate" => Field::Modified,
            "Company" => Field::Publisher,
            "SourceModified" => Field::Modified,
            "Trapped" => continue,
            _ => Field::Other,
        };
        let is_date = matches!(field, Field::Created | Field::Modified);
        let text = if is_date {
            strings::date(&text).unwrap_or(text)
        } else {
            text
        };
        reading.note(field, &text, &format!("PDF Info /{key}"));
    }
}

/// What the parser itself found, for a file whose Info dictionary cannot be located in its bytes.
fn known_info(pdf: &Pdf, reading: &mut Reading) {
    let known = pdf.metadata();
    for (field, value, key) in [
        (Field::Title, &known.title, "Title"),
        (Field::Author, &known.author, "Author"),
        (Field::Subject, &known.subject, "Subject"),
        (Field::Keywords, &known.keywords, "Keywords"),
        (Field::Software, &known.creator, "Creator"),
        (Field::Software, &known.producer, "Producer"),
    ] {
        if let Some(value) = value {
            reading.note(field, &strings::text(value), &format!("PDF Info /{key}"));
        }
    }
    for (field, date, key) in [
        (Field::Created, known.creation_date, "CreationDate"),
        (Field::Modified, known.modification_date, "ModDate"),
    ] {
        if let Some(d) = date {
            let (year, month, day, hour, minute, second) =
                (d.year, d.month, d.day, d.hour, d.minute, d.second);
            let value = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
            reading.note(field, &value, &format!("PDF Info /{key}"));
        }
    }
}

/// The last `/Info N G R` of the file: trailers and the dictionaries of cross-reference streams
/// are never compressed nor encrypted.
fn info_id(bytes: &[u8]) -> Option<ObjectIdentifier> {
    let mut end = bytes.len();
    for _ in 0..64 {
        let at = find_last(bytes.get(..end)?, b"/Info")?;
        end = at;
        let rest = bytes.get(at + 5..(at + 40).min(bytes.len()))?;
        let text = String::from_utf8_lossy(rest);
        let mut parts = text.split_ascii_whitespace();
        let (number, generation, r) = (parts.next(), parts.next(), parts.next());
        if let (Some(Ok(number)), Some(Ok(generation))) = (
            number.map(str::parse::<u32>),
            generation.map(str::parse::<i32>),
        ) && r.is_some_and(|r| r.starts_with('R'))
        {
            return Some(ObjectIdentifier::new(number, generation));
        }
    }
    None
}

pub(crate) fn find_last(bytes: &[u8], what: &[u8]) -> Option<usize> {
    let first = *what.first()?;
    let mut end = bytes.len();
    while let Some(at) = bytes.get(..end)?.iter().rposition(|&b| b == first) {
        if bytes.get(at..at + what.len()) == Some(what) {
            return Some(at);
        }
        end = at;
    }
    None
}

/// The properties of an XMP packet (ISO 16684-1) that have a meaning here.
fn xmp(packet: &[u8], reading: &mut Reading) {
    let text = if packet.starts_with(&[0xfe, 0xff]) || packet.starts_with(&[0xff, 0xfe]) {
        strings::text(packet)
    } else {
        String::from_utf8_lossy(packet).into_owned()
    };
    let mut reader = quick_xml::Reader::from_str(&text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    let mut path: Vec<String> = Vec::new();
    let mut value = String::new();
    let mut events = 0;
    while let Ok(event) = reader.read_event() {
        events += 1;
        if events > 200_000 {
            break;
        }
        match event {
            Event::Start(ref tag) | Event::Empty(ref tag) => {
                let name = tag.name().as_ref().to_owned();
                for attribute in tag.attributes().flatten().take(200) {
                    let key = attribute.key.as_ref().to_owned();
                    let raw = attribute.value.to_string();
                    let value = quick_xml::escape::unescape(&raw)
                        .map_or_else(|_| raw.clone(), |v| v.into_owned());
                    note(&key, &value, reading);
                }
                if matches!(event, Event::Start(_)) && path.len() < 100 {
                    path.push(name);
                    value.clear();
                }
            }
            Event::Text(part) if value.len() < VALUE => value.push_str(&part),
            Event::GeneralRef(part) => {
                let written = format!("&{};", &*part);
                value.push_str(
                    &quick_xml::escape::unescape(&written)
                        .map_or_else(|_| written.clone(), |v| v.into_owned()),
                );
            }
            Event::CData(part) => value.push_str(&part),
            Event::End(_) => {
                // The value stands in the element itself, or in the items of a list in it.
                let property = path
                    .iter()
                    .rev()
                    .find(|name| !name.starts_with("rdf:"))
                    .cloned();
                path.pop();
                if let Some(property) = property {
                    note(&property, &value, reading);
                }
                value.clear();
            }
            Event::Eof => break,
            _ => {}
        }
    }
}

fn note(property: &str, value: &str, reading: &mut Reading) {
    let field = match property {
        "dc:title" => Field::Title,
        "dc:creator" => Field::Author,
        "dc:description" => Field::Description,
        "dc:subject" | "pdf:Keywords" => Field::Keywords,
        "dc:language" => Field::Language,
        "dc:publisher" => Field::Publisher,
        "dc:date" | "prism:publicationDate" => Field::Published,
        "dc:source" | "prism:url" | "xmp:BaseURL" => Field::Url,
        "xmp:CreateDate" | "xap:CreateDate" => Field::Created,
        "xmp:ModifyDate" | "xap:ModifyDate" => Field::Modified,
        "xmp:CreatorTool" | "xap:CreatorTool" | "pdf:Producer" => Field::Software,
        _ => return,
    };
    let value: String = value.trim().chars().take(VALUE).collect();
    let from = format!("PDF XMP {property}");
    let again = reading
        .metadata
        .iter()
        .any(|known| known.from == from && known.value == value);
    if !again {
        reading.note(field, &value, &from);
    }
}
