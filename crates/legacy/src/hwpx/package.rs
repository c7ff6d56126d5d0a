//! The parts of the package: from the zip's directory, or found one after another where that is
//! broken; and what `content.hpf` says.

use std::io::{Cursor, Read};

use casefile::{Field, Metadatum};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::ole::{size_at, u16_at};

/// Bytes that one part, and all parts together, may unpack to.
const PART: u64 = 192 << 20;
const ALL: u64 = 2 << 30;

pub(super) struct Package<'a> {
    bytes: &'a [u8],
    zip: Option<zip::ZipArchive<Cursor<&'a [u8]>>>,
    /// Name, packed method, offset and length, for a zip without a directory.
    loose: Vec<(String, u16, usize, usize)>,
    pub(super) salvaged: bool,
    unpacked: u64,
    pub(super) capped: Option<String>,
}

impl<'a> Package<'a> {
    pub(super) fn open(bytes: &'a [u8]) -> Self {
        let zip = zip::ZipArchive::new(Cursor::new(bytes)).ok();
        let loose = if zip.is_some() {
            Vec::new()
        } else {
            loose_parts(bytes)
        };
        let salvaged = zip.is_none();
        Self {
            bytes,
            zip,
            loose,
            salvaged,
            unpacked: 0,
            capped: None,
        }
    }

    fn names(&self) -> Vec<String> {
        match &self.zip {
            Some(zip) => zip
                .file_names()
                .filter_map(Result::ok)
                .map(|name| name.into_owned())
                .collect(),
            None => self.loose.iter().map(|part| part.0.clone()).collect(),
        }
    }

    /// The files in a folder, by name.
    pub(super) fn names_under(&self, folder: &str) -> Vec<String> {
        let mut names = self.names();
        names.retain(|name| name.starts_with(folder) && !name.ends_with('/'));
        names.sort();
        names.dedup();
        names
    }

    /// The sections in the order of the spine; those that it leaves out follow by number.
    pub(super) fn sections(&self, spine: &[String]) -> Vec<String> {
        let number = |name: &str| -> Option<u32> {
            let rest = name
                .strip_prefix("Contents/section")?
                .strip_suffix(".xml")?;
            rest.parse().ok()
        };
        let names = self.names();
        let mut sections: Vec<String> = Vec::new();
        for href in spine {
            let full = if href.starts_with("Contents/") {
                href.clone()
            } else {
                format!("Contents/{href}")
            };
            if number(&full).is_some() && names.contains(&full) && !sections.contains(&full) {
                sections.push(full);
            }
        }
        let mut rest: Vec<(u32, String)> = names
            .into_iter()
            .filter_map(|name| Some((number(&name)?, name)))
            .collect();
        rest.sort();
        for (_, name) in rest {
            if !sections.contains(&name) {
                sections.push(name);
            }
        }
        sections
    }

    /// The bytes of a part; cut where they reach a cap or the file ends.
    pub(super) fn part(&mut self, name: &str) -> Option<Vec<u8>> {
        let most = PART.min(ALL.saturating_sub(self.unpacked));
        let mut out = Vec::new();
        if let Some(zip) = &mut self.zip {
            let mut file = zip.by_name(name).ok()?.take(most + 1);
            if file.read_to_end(&mut out).is_err() && out.is_empty() {
                return None;
            }
        } else {
            let (_, method, at, len) = self.loose.iter().find(|part| part.0 == name)?;
            let rest = self.bytes.get(*at..)?;
            let packed = if *len == 0 {
                rest
            } else {
                rest.get(..*len).unwrap_or(rest)
            };
            if *method == 0 {
                out = packed.to_vec();
            } else {
                let _ = flate2::read::DeflateDecoder::new(packed)
                    .take(most + 1)
                    .read_to_end(&mut out);
            }
        }
        if out.len() as u64 > most {
            out.truncate(usize::try_from(most).unwrap_or(0));
            self.capped.get_or_insert_with(|| {
                format!("{name} unpacks to more than is read; its beginning was kept")
            });
        }
        self.unpacked = self.unpacked.saturating_add(out.len() as u64);
        Some(out)
    }
}

/// Parts by their local headers (APPNOTE 4.3.7). A length of 0 means that it stands after the
/// data: deflate finds its end by itself.
fn loose_parts(bytes: &[u8]) -> Vec<(String, u16, usize, usize)> {
    let mut parts = Vec::new();
    let mut at = 0_usize;
    while let Some(window) = bytes.get(at..at.saturating_add(4)) {
        if window != b"PK\x03\x04" || parts.len() >= 10_000 {
            at += 1;
            continue;
        }
        let header = bytes.get(at..).unwrap_or(&[]);
        let lens = (
            u16_at(header, 26),
            u16_at(header, 28),
            size_at(header, 18),
            u16_at(header, 8),
        );
        let (Some(name_len), Some(extra), Some(len), Some(method)) = lens else {
            break;
        };
        let from = 30 + usize::from(name_len) + usize::from(extra);
        let name = header.get(30..30 + usize::from(name_len)).unwrap_or(&[]);
        if matches!(method, 0 | 8) {
            parts.push((
                String::from_utf8_lossy(name).into_owned(),
                method,
                at + from,
                len,
            ));
        }
        at = at.saturating_add(from).saturating_add(len);
    }
    parts
}

pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    for attribute in element.attributes().with_checks(false) {
        let Ok(attribute) = attribute else { continue };
        if attribute.key.local_name().as_ref() == name {
            let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0);
            return Some(value.map_or_else(|_| attribute.value.to_string(), |v| v.into_owned()));
        }
    }
    None
}

/// The text that a reference (`&amp;`, `&#xAC00;`) stands for.
pub(super) fn reference(reference: &quick_xml::events::BytesRef<'_>) -> String {
    if let Ok(Some(c)) = reference.resolve_char_ref() {
        return c.to_string();
    }
    let name: &str = reference;
    match quick_xml::escape::resolve_predefined_entity(name) {
        Some(text) => text.to_owned(),
        None => format!("&{name};"),
    }
}

/// Metadata of `content.hpf`, and the files of its spine in order.
pub(super) fn content(xml: &[u8]) -> (Vec<Metadatum>, Vec<String>) {
    let mut reader = Reader::from_reader(xml);
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    let (mut facts, mut items, mut spine) = (Vec::new(), Vec::new(), Vec::new());
    let mut open: Option<(Field, String)> = None;
    let mut text = String::new();
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Start(e) | Event::Empty(e) => {
                text.clear();
                match e.local_name().as_ref() {
                    "title" => open = Some((Field::Title, "title".into())),
                    "language" => open = Some((Field::Language, "language".into())),
                    "meta" => {
                        let name = attribute(&e, "name").unwrap_or_default();
                        open = Some((field(&name), name));
                    }
                    "item" if items.len() < 100_000 => {
                        items.push((attribute(&e, "id"), attribute(&e, "href")))
                    }
                    "itemref" if spine.len() < 10_000 => {
                        let wanted = attribute(&e, "idref");
                        let found = items.iter().find(|(id, _)| id.is_some() && *id == wanted);
                        spine.extend(found.and_then(|(_, href)| href.clone()));
                    }
                    _ => {}
                }
            }
            Event::Text(t) => text.push_str(&t.xml10_content()),
            Event::CData(t) => text.push_str(&t.xml10_content()),
            Event::GeneralRef(r) => text.push_str(&reference(&r)),
            Event::End(_) => {
                if let Some((field, name)) = open.take()
                    && !text.trim().is_empty()
                {
                    facts.push(Metadatum::new(
                        field,
                        text.trim(),
                        format!("HWPX content.hpf {name}"),
                    ));
                }
                text.clear();
            }
            Event::Eof => break,
            _ => {}
        }
    }
    (facts, spine)
}

fn field(name: &str) -> Field {
    match name {
        "creator" => Field::Author,
        "subject" => Field::Subject,
        "description" => Field::Description,
        "lastsaveby" => Field::Editor,
        "CreatedDate" => Field::Created,
        "ModifiedDate" => Field::Modified,
        "keyword" => Field::Keywords,
        _ => Field::Other,
    }
}

/// The program named in `version.xml`.
pub(super) fn software(xml: &[u8]) -> Option<Metadatum> {
    let mut reader = Reader::from_reader(xml);
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Start(e) | Event::Empty(e) => {
                let parts = [attribute(&e, "application"), attribute(&e, "appVersion")];
                let name = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
                let name = name.trim();
                return (!name.is_empty())
                    .then(|| Metadatum::new(Field::Software, name, "HWPX version.xml"));
            }
            Event::Eof => break,
            _ => {}
        }
    }
    None
}
