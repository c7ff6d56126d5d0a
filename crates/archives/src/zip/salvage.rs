//! Entries by their local headers, where the directory is missing or broken.

use std::io::{self, SeekFrom};

use casefile::ReadSeek;

use super::directory::{self, Entry, read_at, u32_at, u64_at};

pub(super) struct Salvaged {
    pub(super) entries: Vec<Entry>,
    /// Entries (by number) whose end was not found.
    pub(super) unsure: Vec<usize>,
}

/// Finds the entries one after another, from the start of the file.
pub(super) fn entries(
    bytes: &mut dyn ReadSeek,
    len: u64,
    most: u64,
    known: &[Entry],
) -> io::Result<Salvaged> {
    let known = super::by_offset(known);
    let mut found = Salvaged {
        entries: Vec::new(),
        unsure: Vec::new(),
    };
    let mut at = 0;
    while (found.entries.len() as u64) < most {
        let Some(next) = find(bytes, at, len, &[b"PK\x03\x04"])? else {
            break;
        };
        let header = read_at(bytes, next, 30 + 2 * 65_535)?;
        let plausible = directory::u16_at(&header, 4).is_some_and(|version| version & 0xff < 100)
            && directory::u16_at(&header, 26).is_some_and(|name| name > 0);
        let Some((mut entry, length)) = directory::local(&header).filter(|_| plausible) else {
            at = next + 4;
            continue;
        };
        entry.offset = next;
        let start = next + length as u64;
        if let Some(central) = known.get(&next) {
            entry = (*central).clone();
        }
        match entry.packed {
            Some(packed) if start.saturating_add(packed) <= len => {
                at = start + packed;
                found.entries.push(entry);
            }
            Some(_) => {
                // Cut off inside: the rest of the file is its data.
                found.unsure.push(found.entries.len());
                entry.packed = Some(len.saturating_sub(start));
                entry.size = None;
                found.entries.push(entry);
                at = len;
            }
            None => {
                let (packed, sure) = end_of(bytes, start, len, &mut entry)?;
                entry.packed = Some(packed);
                if !sure {
                    found.unsure.push(found.entries.len());
                }
                at = start + packed;
                found.entries.push(entry);
            }
        }
    }
    Ok(found)
}

/// Finds the end of an entry that leaves its sizes to the descriptor behind its data.
fn end_of(
    bytes: &mut dyn ReadSeek,
    start: u64,
    len: u64,
    entry: &mut Entry,
) -> io::Result<(u64, bool)> {
    let mut at = start;
    while let Some(next) = find(
        bytes,
        at,
        len,
        &[b"PK\x07\x08", b"PK\x03\x04", b"PK\x01\x02"],
    )? {
        let distance = next - start;
        let near = read_at(bytes, next, 24)?;
        if near.starts_with(b"PK\x07\x08") {
            let narrow = u32_at(&near, 8).map(u64::from) == Some(distance);
            let wide = u64_at(&near, 8) == Some(distance);
            if narrow || wide {
                entry.crc = u32_at(&near, 4).unwrap_or(0);
                entry.size = if wide && !narrow {
                    u64_at(&near, 16)
                } else {
                    u32_at(&near, 12).map(u64::from)
                };
                return Ok((distance, true));
            }
        } else if distance >= 12 {
            // A descriptor without its signature stands just before the next header.
            let before = read_at(bytes, next - 12, 12)?;
            if u32_at(&before, 4).map(u64::from) == Some(distance - 12) {
                entry.crc = u32_at(&before, 0).unwrap_or(0);
                entry.size = u32_at(&before, 8).map(u64::from);
                return Ok((distance - 12, true));
            }
        }
        at = next + 4;
    }
    Ok((len.saturating_sub(start), false))
}

/// The first of several signatures of four bytes, from `at` on.
fn find(
    bytes: &mut dyn ReadSeek,
    at: u64,
    len: u64,
    signatures: &[&[u8; 4]],
) -> io::Result<Option<u64>> {
    let mut at = at;
    let mut buffer = vec![0; 256 << 10];
    while at < len {
        bytes.seek(SeekFrom::Start(at))?;
        let mut filled = 0;
        while filled < buffer.len() {
            match bytes.read(buffer.get_mut(filled..).unwrap_or_default())? {
                0 => break,
                more => filled += more,
            }
        }
        let window = buffer.get(..filled).unwrap_or_default();
        let mut from = 0;
        while let Some(p) = window
            .get(from..)
            .and_then(|rest| rest.iter().position(|&b| b == b'P'))
        {
            let here = window.get(from + p..).unwrap_or_default();
            if here.len() >= 4 && signatures.iter().any(|s| here.starts_with(&s[..])) {
                return Ok(Some(at + (from + p) as u64));
            }
            from += p + 1;
        }
        if filled < 4 {
            return Ok(None);
        }
        // A signature may lie across two windows.
        at += (filled - 3) as u64;
        if filled < buffer.len() {
            return Ok(None);
        }
    }
    Ok(None)
}
