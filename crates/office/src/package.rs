//! The ZIP package that OOXML, ODF and EPUB share: parts by name, under caps, however broken.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::io::{self, Read, SeekFrom};
use std::rc::Rc;

use casefile::{Limits, ReadSeek};
use flate2::read::DeflateDecoder;
use zip::ZipArchive;

use crate::xml::{Token, Xml};

/// The largest part that is held in memory whole.
const PART_BYTES: u64 = 192 << 20;
/// The largest broken package that is searched for its parts.
const SALVAGE_BYTES: u64 = 256 << 20;
const ENTRIES: usize = 200_000;
/// Below this, a part may be packed as tightly as it likes.
const RATIO_FLOOR: u64 = 16 << 20;

/// What went wrong with parts, in the order in which they were read.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    pub(crate) damage: Vec<String>,
    pub(crate) limit: Option<String>,
    pub(crate) encrypted: bool,
    unpacked: u64,
}

struct Salvaged {
    start: usize,
    /// 0 stored, 8 deflated.
    method: u16,
    /// Bytes for stored entries where known.
    packed: Option<usize>,
}

enum Source<'a> {
    Zip(Box<ZipArchive<&'a mut dyn ReadSeek>>),
    /// Found by their local headers, because the directory is gone.
    Salvaged(Vec<u8>, Vec<Salvaged>),
    /// A package written out as one XML file.
    Flat(Vec<Vec<u8>>),
}

pub(crate) struct Package<'a> {
    source: Source<'a>,
    /// Names as they stand, in order of the directory.
    names: Vec<String>,
    by_name: HashMap<String, usize>,
    faults: Rc<RefCell<Faults>>,
    limits: Limits,
    len: u64,
}

fn key(name: &str) -> String {
    name.replace('\\', "/")
        .trim_start_matches('/')
        .to_lowercase()
}

impl<'a> Package<'a> {
    /// Opens by the directory, or by the local headers when there is none.
    /// `None` if no entry can be found at all.
    pub(crate) fn open(
        input: &'a mut dyn ReadSeek,
        len: u64,
        limits: Limits,
    ) -> io::Result<Option<Self>> {
        input.seek(SeekFrom::Start(0))?;
        // Opened twice, because a failed opening keeps the borrow of the input.
        let whole = ZipArchive::new(&mut *input).is_ok_and(|zip| !zip.is_empty());
        let faults = Rc::new(RefCell::new(Faults::default()));
        let (source, names) = if whole {
            input.seek(SeekFrom::Start(0))?;
            let zip = ZipArchive::new(input).map_err(io::Error::other)?;
            let names = (0..zip.len().min(ENTRIES))
                .map(|index| {
                    zip.name_for_index(index)
                        .and_then(Result::ok)
                        .map_or_else(String::new, Cow::into_owned)
                })
                .collect();
            (Source::Zip(Box::new(zip)), names)
        } else {
            let mut bytes = Vec::new();
            input.seek(SeekFrom::Start(0))?;
            input.take(SALVAGE_BYTES).read_to_end(&mut bytes)?;
            let (names, entries) = salvage(&bytes);
            if entries.is_empty() {
                return Ok(None);
            }
            faults
                .borrow_mut()
                .damage
                .push("the file is cut or its directory is broken".to_owned());
            (Source::Salvaged(bytes, entries), names)
        };
        Ok(Some(Self::with(source, names, faults, limits, len)))
    }

    /// A flat OPC document: parts as `pkg:part` elements.
    pub(crate) fn flat(parts: Vec<(String, Vec<u8>)>, limits: Limits, len: u64) -> Self {
        let (names, bytes) = parts.into_iter().unzip();
        Self::with(Source::Flat(bytes), names, Rc::default(), limits, len)
    }

    fn with(
        source: Source<'a>,
        names: Vec<String>,
        faults: Rc<RefCell<Faults>>,
        limits: Limits,
        len: u64,
    ) -> Self {
        let mut by_name = HashMap::with_capacity(names.len());
        for (index, name) in names.iter().enumerate() {
            by_name.entry(key(name)).or_insert(index);
        }
        Self {
            source,
            names,
            by_name,
            faults,
            limits,
            len,
        }
    }

    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// Names compare without case, as OPC has it.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.by_name.contains_key(&key(name))
    }

    pub(crate) fn faults(&self) -> std::cell::Ref<'_, Faults> {
        self.faults.borrow()
    }

    /// The bytes of a part as a stream. It ends early where the part is broken or too large,
    /// which [`Self::faults`] tells.
    pub(crate) fn part(&mut self, name: &str) -> Option<Part<'_>> {
        let index = *self.by_name.get(&key(name))?;
        let shown = self.names.get(index).cloned().unwrap_or_default();
        let faults = Rc::clone(&self.faults);
        let (source, packed): (Box<dyn Read + '_>, u64) = match &mut self.source {
            Source::Zip(zip) => match zip.by_index(index) {
                Ok(file) => {
                    let packed = file.compressed_size();
                    (Box::new(file), packed)
                }
                Err(error) => {
                    let mut faults = faults.borrow_mut();
                    if error.to_string().to_lowercase().contains("password") {
                        faults.encrypted = true;
                    } else if faults.damage.len() < 50 {
                        faults.damage.push(format!("`{shown}` cannot be unpacked"));
                    }
                    return None;
                }
            },
            Source::Salvaged(bytes, entries) => {
                let entry = entries.get(index)?;
                let rest = bytes.get(entry.start..)?;
                let packed = entry.packed.unwrap_or(rest.len()).min(rest.len());
                let data = match entry.packed {
                    Some(packed) => rest.get(..packed.min(rest.len()))?,
                    None => rest,
                };
                let packed = u64::try_from(packed).unwrap_or(u64::MAX);
                match entry.method {
                    0 => (Box::new(data) as Box<dyn Read>, packed),
                    _ => (Box::new(DeflateDecoder::new(data)), packed),
                }
            }
            Source::Flat(parts) => {
                let bytes = parts.get(index)?.as_slice();
                let packed = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
                (Box::new(bytes), packed)
            }
        };
        Some(Part {
            source,
            name: shown,
            packed: packed.min(self.len),
            unpacked: 0,
            limits: self.limits,
            len: self.len,
            faults,
            broken: false,
        })
    }

    /// A part in memory.
    pub(crate) fn bytes(&mut self, name: &str) -> Option<Vec<u8>> {
        let faults = Rc::clone(&self.faults);
        let mut part = self.part(name)?;
        let mut bytes = Vec::new();
        let _ = (&mut part).take(PART_BYTES).read_to_end(&mut bytes);
        if u64::try_from(bytes.len()).unwrap_or(u64::MAX) >= PART_BYTES {
            faults.borrow_mut().limit.get_or_insert_with(|| {
                format!("`{}` is larger than {} MiB", part.name, PART_BYTES >> 20)
            });
        }
        Some(bytes)
    }

    /// A part as XML.
    pub(crate) fn xml(&mut self, name: &str) -> Option<Xml<'_>> {
        self.part(name).map(Xml::new)
    }

    /// What the part `of` points at ("" for the package itself).
    pub(crate) fn relations(&mut self, of: &str) -> Relations {
        let (folder, file) = of.rsplit_once('/').unwrap_or(("", of));
        let name = if folder.is_empty() {
            format!("_rels/{file}.rels")
        } else {
            format!("{folder}/_rels/{file}.rels")
        };
        let mut relations = Relations::default();
        let Some(mut xml) = self.xml(&name) else {
            return relations;
        };
        loop {
            match xml.next() {
                Token::Open(tag) if tag.name() == "Relationship" => {
                    let (Some(id), Some(target)) = (tag.attr("Id"), tag.attr("Target")) else {
                        continue;
                    };
                    if relations.all.len() >= ENTRIES {
                        break;
                    }
                    let external = tag.attr("TargetMode").as_deref() == Some("External");
                    let kind = tag.attr("Type").unwrap_or_default();
                    let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                    let target = if external {
                        target.into_owned()
                    } else {
                        resolve(folder, &target)
                    };
                    relations.all.push(Relation {
                        id: id.into_owned(),
                        kind,
                        target,
                        external,
                    });
                }
                Token::End => break,
                _ => {}
            }
        }
        relations
    }
}

/// One relationship of OPC: an id that a part uses, and what it stands for.
#[derive(Debug, Clone)]
pub(crate) struct Relation {
    pub(crate) id: String,
    /// The last word of the type's address: transitional and strict files share it.
    pub(crate) kind: String,
    /// A part's name, or an address if external.
    pub(crate) target: String,
    pub(crate) external: bool,
}

#[derive(Debug, Default, Clone)]
pub(crate) struct Relations {
    pub(crate) all: Vec<Relation>,
}

impl Relations {
    pub(crate) fn get(&self, id: &str) -> Option<&Relation> {
        self.all.iter().find(|relation| relation.id == id)
    }

    /// Parts (not addresses) of a kind, in order.
    pub(crate) fn parts<'r>(&'r self, kind: &'r str) -> impl Iterator<Item = &'r str> {
        self.all
            .iter()
            .filter(move |relation| !relation.external && relation.kind == kind)
            .map(|relation| relation.target.as_str())
    }
}

/// A target relative to a folder; `/` at its start means the root.
pub(crate) fn resolve(folder: &str, target: &str) -> String {
    let target = target.split('#').next().unwrap_or_default();
    let target = percent_decoded(&target.replace('\\', "/"));
    let mut parts: Vec<&str> = if target.starts_with('/') {
        Vec::new()
    } else {
        folder.split('/').filter(|part| !part.is_empty()).collect()
    };
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn percent_decoded(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        let hex = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        match hex.and_then(|two| u8::from_str_radix(two, 16).ok()) {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            _ => bytes.push(*first),
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

/// A part's bytes, counted.
pub(crate) struct Part<'p> {
    source: Box<dyn Read + 'p>,
    name: String,
    packed: u64,
    unpacked: u64,
    limits: Limits,
    len: u64,
    faults: Rc<RefCell<Faults>>,
    broken: bool,
}

impl Part<'_> {
    /// It ended before its end.
    pub(crate) const fn is_broken(&self) -> bool {
        self.broken
    }
}

impl Read for Part<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.broken || into.is_empty() {
            return Ok(0);
        }
        let read = match self.source.read(into) {
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Err(error),
            Err(error) => {
                self.broken = true;
                let mut faults = self.faults.borrow_mut();
                if faults.damage.len() < 50 {
                    let crc = error.to_string().to_lowercase().contains("checksum");
                    faults.damage.push(if crc {
                        format!("`{}` does not have the checksum that it should", self.name)
                    } else {
                        format!("`{}` breaks off", self.name)
                    });
                }
                return Ok(0);
            }
        };
        let got = u64::try_from(read).unwrap_or(u64::MAX);
        self.unpacked = self.unpacked.saturating_add(got);
        let mut faults = self.faults.borrow_mut();
        faults.unpacked = faults.unpacked.saturating_add(got);
        let over = |unpacked: u64, packed: u64| {
            unpacked > RATIO_FLOOR && unpacked > packed.max(1).saturating_mul(self.limits.ratio)
        };
        if over(self.unpacked, self.packed)
            || over(faults.unpacked, self.len)
            || faults.unpacked > self.limits.member_bytes
        {
            self.broken = true;
            faults.limit.get_or_insert_with(|| {
                format!(
                    "`{}` unpacks to far more than it should (a bomb?): what came before was kept",
                    self.name
                )
            });
            return Ok(0);
        }
        Ok(read)
    }
}

/// Finds parts by their local headers (APPNOTE 4.3.7).
fn salvage(bytes: &[u8]) -> (Vec<String>, Vec<Salvaged>) {
    let (mut names, mut entries) = (Vec::new(), Vec::new());
    let mut at = 0_usize;
    let u16_at = |at: usize| {
        let two = bytes.get(at..at.checked_add(2)?)?;
        Some(u16::from_le_bytes(two.try_into().ok()?))
    };
    let u32_at = |at: usize| {
        let four = bytes.get(at..at.checked_add(4)?)?;
        Some(u32::from_le_bytes(four.try_into().ok()?))
    };
    while let Some(found) = find(bytes.get(at..).unwrap_or_default(), b"PK\x03\x04") {
        let header = at.saturating_add(found);
        at = header.saturating_add(4);
        let entry = (|| {
            let flags = u16_at(header.checked_add(6)?)?;
            let method = u16_at(header.checked_add(8)?)?;
            let packed = u32_at(header.checked_add(18)?)?;
            let name_len = usize::from(u16_at(header.checked_add(26)?)?);
            let extra_len = usize::from(u16_at(header.checked_add(28)?)?);
            let name_at = header.checked_add(30)?;
            let name = bytes.get(name_at..name_at.checked_add(name_len)?)?;
            let start = name_at.checked_add(name_len)?.checked_add(extra_len)?;
            let plausible = matches!(method, 0 | 8)
                && flags & 1 == 0
                && !name.is_empty()
                && name_len < 1024
                && start <= bytes.len()
                && !name.iter().any(|byte| *byte < 0x20);
            plausible.then_some(())?;
            let known = flags & 8 == 0 && packed != 0 && packed != u32::MAX;
            let packed = known.then(|| usize::try_from(packed).unwrap_or(usize::MAX));
            // A stored entry whose length stands after it ends where the next header begins.
            let packed = match (packed, method) {
                (None, 0) => find(bytes.get(start..)?, b"PK"),
                (packed, _) => packed,
            };
            let name = String::from_utf8_lossy(name).into_owned();
            Some((
                name,
                Salvaged {
                    start,
                    method,
                    packed,
                },
            ))
        })();
        if let Some((name, entry)) = entry {
            if let Some(packed) = entry.packed {
                let end = entry.start.saturating_add(packed);
                if end <= bytes.len() {
                    at = at.max(end);
                }
            }
            names.push(name);
            entries.push(entry);
            if entries.len() >= ENTRIES {
                break;
            }
        }
    }
    (names, entries)
}

pub(crate) fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack
        .windows(needle.len())
        .position(|window| window == needle)
}

/// The parts of a flat OPC document (`pkg:package`), which Word saves as `.xml`.
pub(crate) fn flat_parts(source: impl Read) -> Vec<(String, Vec<u8>)> {
    let mut xml = Xml::new(source);
    let mut parts: Vec<(String, Vec<u8>)> = Vec::new();
    let mut name = String::new();
    loop {
        match xml.next() {
            Token::Open(tag) => match tag.name() {
                "part" => name = tag.attr("name").unwrap_or_default().into_owned(),
                "xmlData" => {
                    let written = xml.rewritten();
                    parts.push((
                        name.trim_start_matches('/').to_owned(),
                        written.into_bytes(),
                    ));
                }
                "binaryData" => {
                    let mut text = xml.text();
                    text.retain(|c| !c.is_whitespace());
                    let bytes = data_encoding::BASE64
                        .decode(text.as_bytes())
                        .unwrap_or_default();
                    parts.push((name.trim_start_matches('/').to_owned(), bytes));
                }
                _ => {}
            },
            Token::End => break,
            _ => {}
        }
        if parts.len() >= ENTRIES {
            break;
        }
    }
    parts
}
