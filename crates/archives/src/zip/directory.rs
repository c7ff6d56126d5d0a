//! Central directory and local headers (APPNOTE.TXT 4.3), ZIP64 and the extra fields that matter.

use std::io::{self, Read, SeekFrom};

use casefile::ReadSeek;

/// One entry, by its central header or (where there is none) by its local one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Entry {
    pub(crate) raw_name: Vec<u8>,
    /// The name is UTF-8, by its flag or the Unicode Path field.
    pub(crate) utf8_name: Option<String>,
    pub(crate) flags: u16,
    pub(crate) method: u16,
    pub(crate) dos_date: u16,
    pub(crate) dos_time: u16,
    pub(crate) modified: Option<String>,
    pub(crate) crc: u32,
    /// `None` where the local header leaves it to the descriptor behind the data.
    pub(crate) packed: Option<u64>,
    pub(crate) size: Option<u64>,
    /// Where the local header stands in the file.
    pub(crate) offset: u64,
    pub(crate) unix_mode: Option<u16>,
    pub(crate) aes: Option<Aes>,
    pub(crate) comment: Vec<u8>,
}

/// The AES extra field 0x9901 (WinZip).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Aes {
    /// AE-1 checks the CRC, AE-2 leaves it out.
    pub(crate) version: u16,
    /// 1, 2, 3: keys of 128, 192, 256 bits.
    pub(crate) strength: u8,
    pub(crate) method: u16,
}

impl Entry {
    pub(crate) const fn is_encrypted(&self) -> bool {
        self.flags & 1 != 0
    }

    pub(crate) fn is_directory(&self) -> bool {
        let slash = matches!(self.raw_name.last(), Some(b'/' | b'\\'));
        slash && self.size.unwrap_or(0) == 0
    }

    pub(crate) fn is_link(&self) -> bool {
        self.unix_mode.is_some_and(|mode| mode & 0xf000 == 0xa000)
    }
}

/// What the end of the file says of the archive.
#[derive(Debug, Default)]
pub(crate) struct Directory {
    pub(crate) entries: Vec<Entry>,
    pub(crate) comment: Vec<u8>,
    /// Entries that the end record promises.
    pub(crate) promised: u64,
    /// The directory was read to its end.
    pub(crate) whole: bool,
    /// One of several volumes.
    pub(crate) spanned: bool,
    /// There are more entries than were asked for.
    pub(crate) more: bool,
}

pub(crate) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

pub(crate) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

pub(crate) fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?))
}

/// Reads exactly `length` bytes at `at`, or what is there.
pub(crate) fn read_at(bytes: &mut dyn ReadSeek, at: u64, length: usize) -> io::Result<Vec<u8>> {
    bytes.seek(SeekFrom::Start(at))?;
    let mut out = Vec::new();
    bytes.take(length as u64).read_to_end(&mut out)?;
    Ok(out)
}

/// Finds and reads the central directory; `None` if the file has no end record.
pub(crate) fn read(bytes: &mut dyn ReadSeek, len: u64, most: u64) -> io::Result<Option<Directory>> {
    // The end record has a comment of up to 64 KiB; some files have noughts behind it.
    let window = len.min(22 + 65_535 + 4096);
    let start = len - window;
    let tail = read_at(bytes, start, usize::try_from(window).unwrap_or(0))?;
    let mut candidates = tail
        .windows(4)
        .enumerate()
        .rev()
        .filter(|(_, four)| *four == b"PK\x05\x06")
        .map(|(at, _)| at)
        .take(16);
    let mut found: Option<Directory> = None;
    for at in candidates.by_ref() {
        let Some(end) = EndRecord::read(bytes, &tail, at, start)? else {
            continue;
        };
        let directory = entries(bytes, &end, len, most)?;
        let good = directory.whole;
        if good || found.is_none() {
            found = Some(directory);
        }
        if good {
            break;
        }
    }
    Ok(found)
}

struct EndRecord {
    entries: u64,
    size: u64,
    offset: u64,
    /// Where the record that follows the directory begins.
    at: u64,
    spanned: bool,
    comment: Vec<u8>,
}

impl EndRecord {
    fn read(
        bytes: &mut dyn ReadSeek,
        tail: &[u8],
        at: usize,
        start: u64,
    ) -> io::Result<Option<Self>> {
        let record = tail.get(at..).unwrap_or_default();
        let fields = || {
            Some((
                u16_at(record, 4)?,
                u16_at(record, 10)?,
                u32_at(record, 12)?,
                u32_at(record, 16)?,
                u16_at(record, 20)?,
            ))
        };
        let Some((disk, entries, size, offset, comment)) = fields() else {
            return Ok(None);
        };
        let comment_end = record.len().min(22 + usize::from(comment));
        let mut end = Self {
            entries: u64::from(entries),
            size: u64::from(size),
            offset: u64::from(offset),
            at: start + at as u64,
            spanned: disk != 0 && disk != 0xffff,
            comment: record.get(22..comment_end).unwrap_or_default().to_vec(),
        };
        // ZIP64: a locator stands just before.
        let locator = at.checked_sub(20).and_then(|at| tail.get(at..at + 20));
        if let Some(locator) = locator
            && locator.starts_with(b"PK\x06\x07")
            && let Some(stated) = u64_at(locator, 8)
        {
            // Where something was put before the archive, the record stands later than it says.
            let near = end.at.saturating_sub(20 + 56);
            for place in [stated, near] {
                let record = read_at(bytes, place, 56)?;
                if record.starts_with(b"PK\x06\x06")
                    && let (Some(entries), Some(size), Some(offset)) = (
                        u64_at(&record, 32),
                        u64_at(&record, 40),
                        u64_at(&record, 48),
                    )
                {
                    end.entries = entries;
                    end.size = size;
                    end.offset = offset;
                    end.at = place;
                    break;
                }
            }
        }
        Ok(Some(end))
    }
}

/// Central headers are read through a window of this size.
const WINDOW: usize = 1 << 20;

fn entries(
    bytes: &mut dyn ReadSeek,
    end: &EndRecord,
    len: u64,
    most: u64,
) -> io::Result<Directory> {
    let mut directory = Directory {
        comment: end.comment.clone(),
        promised: end.entries,
        spanned: end.spanned,
        ..Directory::default()
    };
    // What was put before the archive (a program that unpacks itself) shifts all offsets.
    let expected = end.at.checked_sub(end.size);
    let mut shift = 0;
    let mut at = end.offset;
    if let Some(expected) = expected
        && expected != end.offset
    {
        let there = read_at(bytes, expected, 4)?;
        let stated = read_at(bytes, end.offset, 4)?;
        if there == b"PK\x01\x02" && (stated != b"PK\x01\x02" || expected > end.offset) {
            shift = expected.wrapping_sub(end.offset);
            at = expected;
        }
    }
    let mut buffer: Vec<u8> = Vec::new();
    let mut used = 0;
    let mut next = at;
    loop {
        if directory.entries.len() as u64 >= most {
            directory.more = (directory.entries.len() as u64) < directory.promised;
            directory.whole = true;
            return Ok(directory);
        }
        if buffer.len() - used < 46 + 3 * 65_535 && next < len {
            buffer.drain(..used);
            used = 0;
            let more = read_at(bytes, next, WINDOW)?;
            next += more.len() as u64;
            if more.is_empty() {
                next = len;
            }
            buffer.extend_from_slice(&more);
        }
        let rest = buffer.get(used..).unwrap_or_default();
        if !rest.starts_with(b"PK\x01\x02") {
            break;
        }
        let Some((mut entry, length)) = central(rest) else {
            break;
        };
        entry.offset = entry.offset.wrapping_add(shift);
        directory.entries.push(entry);
        used += length;
    }
    let count = directory.entries.len() as u64;
    // Old programs write the count modulo 65,536.
    directory.whole = count >= directory.promised
        || (count & 0xffff == directory.promised && directory.promised < 0x1_0000);
    Ok(directory)
}

/// One central header and its length.
fn central(bytes: &[u8]) -> Option<(Entry, usize)> {
    let (name, extra, comment) = (u16_at(bytes, 28)?, u16_at(bytes, 30)?, u16_at(bytes, 32)?);
    let (name, extra, comment) = (usize::from(name), usize::from(extra), usize::from(comment));
    let made_by = u16_at(bytes, 4)? >> 8;
    let attributes = u32_at(bytes, 38)?;
    let mut entry = Entry {
        flags: u16_at(bytes, 8)?,
        method: u16_at(bytes, 10)?,
        dos_time: u16_at(bytes, 12)?,
        dos_date: u16_at(bytes, 14)?,
        crc: u32_at(bytes, 16)?,
        packed: Some(u64::from(u32_at(bytes, 20)?)),
        size: Some(u64::from(u32_at(bytes, 24)?)),
        offset: u64::from(u32_at(bytes, 42)?),
        raw_name: bytes.get(46..46 + name)?.to_vec(),
        comment: bytes
            .get(46 + name + extra..46 + name + extra + comment)?
            .to_vec(),
        unix_mode: (made_by == 3 || made_by == 19)
            .then(|| u16::try_from(attributes >> 16).unwrap_or(0)),
        ..Entry::default()
    };
    let wide = [
        entry.size == Some(0xffff_ffff),
        entry.packed == Some(0xffff_ffff),
        entry.offset == 0xffff_ffff,
    ];
    extras(bytes.get(46 + name..46 + name + extra)?, wide, &mut entry);
    Some((entry, 46 + name + extra + comment))
}

/// A local header and the length of it with name and extra fields.
pub(crate) fn local(bytes: &[u8]) -> Option<(Entry, usize)> {
    if !bytes.starts_with(b"PK\x03\x04") {
        return None;
    }
    let (name, extra) = (
        usize::from(u16_at(bytes, 26)?),
        usize::from(u16_at(bytes, 28)?),
    );
    let flags = u16_at(bytes, 6)?;
    let mut entry = Entry {
        flags,
        method: u16_at(bytes, 8)?,
        dos_time: u16_at(bytes, 10)?,
        dos_date: u16_at(bytes, 12)?,
        crc: u32_at(bytes, 14)?,
        packed: Some(u64::from(u32_at(bytes, 18)?)),
        size: Some(u64::from(u32_at(bytes, 22)?)),
        raw_name: bytes.get(30..30 + name)?.to_vec(),
        ..Entry::default()
    };
    let wide = [
        entry.size == Some(0xffff_ffff),
        entry.packed == Some(0xffff_ffff),
        false,
    ];
    extras(bytes.get(30 + name..30 + name + extra)?, wide, &mut entry);
    // Bit 3: sizes and CRC follow the data.
    if flags & 8 != 0 && entry.packed == Some(0) {
        (entry.packed, entry.size) = (None, None);
    }
    Some((entry, 30 + name + extra))
}

fn extras(mut extra: &[u8], wide: [bool; 3], entry: &mut Entry) {
    if entry.flags & 0x800 != 0 {
        entry.utf8_name = std::str::from_utf8(&entry.raw_name).ok().map(str::to_owned);
    }
    while let (Some(id), Some(size)) = (u16_at(extra, 0), u16_at(extra, 2)) {
        let end = 4 + usize::from(size);
        let Some(data) = extra.get(4..end) else {
            return;
        };
        extra = extra.get(end..).unwrap_or_default();
        match id {
            0x0001 => {
                let mut at = 0;
                let mut next = || {
                    let value = u64_at(data, at);
                    at += 8;
                    value
                };
                if wide[0] {
                    entry.size = next().or(entry.size);
                }
                if wide[1] {
                    entry.packed = next().or(entry.packed);
                }
                if wide[2] {
                    entry.offset = next().unwrap_or(entry.offset);
                }
            }
            // Extended timestamp.
            0x5455 if data.first().is_some_and(|flags| flags & 1 != 0) => {
                let seconds = u32_at(data, 1).map(|seconds| i64::from(seconds.cast_signed()));
                entry.modified = seconds.and_then(crate::time::from_unix);
            }
            // NTFS: attribute 1 holds three times.
            0x000a if entry.modified.is_none() && u16_at(data, 4) == Some(1) => {
                entry.modified = u64_at(data, 8).and_then(crate::time::from_filetime);
            }
            // Unicode Path: counts only while the name it was made for still stands.
            0x7075 if u32_at(data, 1) == Some(crc32fast::hash(&entry.raw_name)) => {
                let name = std::str::from_utf8(data.get(5..).unwrap_or_default());
                entry.utf8_name = name.ok().map(str::to_owned).or(entry.utf8_name.take());
            }
            0x9901 => {
                if let (Some(version), Some(&strength), Some(method)) =
                    (u16_at(data, 0), data.get(4), u16_at(data, 5))
                {
                    entry.aes = Some(Aes {
                        version,
                        strength,
                        method,
                    });
                }
            }
            _ => {}
        }
    }
}
