//! ZIP (APPNOTE.TXT 6.3.10), read by its central directory, else by the local headers.
//!
//! Own code over the decoders: an archive that is evidence has to give up all its members, also
//! those of the same name, those behind a wrong checksum (their bytes are kept and told to be
//! damaged), and those of an archive whose end is missing.

mod crypt;
mod decode;
mod directory;
mod salvage;
mod wacz;

use std::collections::{HashMap, HashSet};
use std::io::{self, Read, SeekFrom};

use casefile::{
    Emit, Field, Input, Member, MemberKind, Metadatum, Outcome, ReadSeek, Reading, Stop,
};

use crate::members::{Copied, Halt, Members, broken};
use decode::Checked;
use directory::{Entry, read_at};

/// Bytes that overlapping entries may unpack to, all together.
const OVERLAP: u64 = 64 << 20;
/// Of an encrypted entry this much is unpacked to see whether a password fits.
const TRIAL: u64 = 8 << 20;

/// Reads a ZIP archive, or a WACZ, which is one.
///
/// # Errors
/// The receiver wants no more.
pub fn read(input: &mut Input<'_>, emit: Emit<'_>) -> Result<Reading, Stop> {
    let mut reading = Reading::indexed("application/zip");
    let mut members = Members::new(emit, input.limits, input.len);
    let ended = read_entries(input, &mut reading, &mut members);
    let ended = match ended {
        Ok(ended) => ended,
        Err(error) => {
            reading.outcome = Outcome::Damaged;
            let kept = crate::members::members(members.count);
            reading.reason = Some(format!(
                "could not be read to its end ({error}); {kept} kept"
            ));
            Ok(())
        }
    };
    members.settle(ended, reading)
}

fn read_entries(
    input: &mut Input<'_>,
    reading: &mut Reading,
    members: &mut Members<'_>,
) -> io::Result<Result<(), Halt>> {
    let most = input.limits.members.saturating_add(1);
    let found = directory::read(input.bytes, input.len, most)?;
    let mut unsure = Vec::new();
    let entries = match found {
        Some(directory) if directory.whole && !directory.spanned && placed(input, &directory)? => {
            if !directory.comment.is_empty() {
                let comment = crate::names::decode_all(&[&directory.comment]);
                let comment = comment.first().map_or("", String::as_str);
                reading.note(Field::Description, comment, "zip comment");
            }
            directory.entries
        }
        other => {
            let known = other.as_ref().map(|directory| &directory.entries[..]);
            let salvaged =
                salvage::entries(input.bytes, input.len, most, known.unwrap_or_default())?;
            unsure = salvaged.unsure;
            reading.outcome = Outcome::Damaged;
            let count = crate::members::members(salvaged.entries.len() as u64);
            let why = match &other {
                Some(directory) if directory.spanned => {
                    "one of several volumes; the others are missing"
                }
                Some(directory) if directory.whole => {
                    "the directory at its end points to wrong places"
                }
                Some(_) => "the directory at its end is broken",
                None => "the directory at its end is missing: it was cut off or never finished",
            };
            reading.reason = Some(format!("{why}; {count} found by their own headers"));
            // What the directory promises and nobody found is told, each by its name.
            let mut all = salvaged.entries;
            let found: HashSet<Vec<u8>> = all.iter().map(|entry| entry.raw_name.clone()).collect();
            let promised = known.unwrap_or_default().iter();
            all.extend(
                promised
                    .filter(|entry| !found.contains(&entry.raw_name))
                    .cloned(),
            );
            all
        }
    };
    let names = names(&entries);
    if wacz::is_wacz(&names) {
        "application/wacz".clone_into(&mut reading.format);
    }
    let wacz = reading.format == "application/wacz";
    let overlapping = overlapping(&entries);
    let mut overlap_left = OVERLAP;
    for (at, (entry, name)) in entries.iter().zip(&names).enumerate() {
        if entry.is_directory() {
            continue;
        }
        if overlapping.get(at) == Some(&true) {
            let size = entry.size.unwrap_or(u64::MAX);
            if size > overlap_left {
                let reason = "its packed bytes are those of other members too, as in an archive bomb; not unpacked";
                let bare = members.bare(
                    Member::new(name, MemberKind::Entry),
                    Outcome::Limit,
                    reason.to_owned(),
                );
                if let Err(halt) = bare {
                    return Ok(Err(halt));
                }
                reading.outcome = Outcome::Limit;
                reading.reason = Some(
                    "members overlap, as in an archive bomb; not all were unpacked".to_owned(),
                );
                continue;
            }
            overlap_left -= size;
        }
        if wacz {
            match wacz::read_entry(input, entry, name, reading, members)? {
                Ok(true) => continue,
                Ok(false) => {}
                Err(halt) => return Ok(Err(halt)),
            }
        }
        let one = read_entry(input, entry, name, unsure.contains(&at), members)?;
        if let Err(halt) = one {
            return Ok(Err(halt));
        }
    }
    Ok(Ok(()))
}

/// Whether the first entries stand where the directory says.
fn placed(input: &mut Input<'_>, directory: &directory::Directory) -> io::Result<bool> {
    for entry in directory.entries.iter().take(16) {
        if read_at(input.bytes, entry.offset, 4)? != b"PK\x03\x04" {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Names for people, all decoded together where the archive does not tell their charset.
fn names(entries: &[Entry]) -> Vec<String> {
    let raw: Vec<&[u8]> = entries
        .iter()
        .filter(|entry| entry.utf8_name.is_none())
        .map(|entry| &entry.raw_name[..])
        .collect();
    let mut decoded = crate::names::decode_all(&raw).into_iter();
    entries
        .iter()
        .map(|entry| match &entry.utf8_name {
            Some(name) => name.clone(),
            None => decoded.next().unwrap_or_default(),
        })
        .collect()
}

/// Which entries' packed bytes overlap those of one that stands before them in the file.
fn overlapping(entries: &[Entry]) -> Vec<bool> {
    let mut order: Vec<usize> = (0..entries.len()).collect();
    let start = |at: usize| entries.get(at).map_or(0, |entry| entry.offset);
    order.sort_by_key(|&at| (start(at), at));
    let mut result = vec![false; entries.len()];
    let mut reached = 0_u64;
    for at in order {
        let Some(entry) = entries.get(at) else {
            continue;
        };
        if entry.offset < reached
            && !entry.is_directory()
            && let Some(flag) = result.get_mut(at)
        {
            *flag = true;
        }
        let end = entry
            .offset
            .saturating_add(30 + entry.raw_name.len() as u64)
            .saturating_add(entry.packed.unwrap_or(0));
        reached = reached.max(end);
    }
    result
}

/// Where an entry's data stands, or why it cannot be reached.
fn data_of(
    bytes: &mut dyn ReadSeek,
    len: u64,
    entry: &Entry,
) -> io::Result<Result<(u64, u64), String>> {
    let header = read_at(bytes, entry.offset, 30)?;
    let lengths = (
        directory::u16_at(&header, 26),
        directory::u16_at(&header, 28),
    );
    let (Some(name), Some(extra), true) = (lengths.0, lengths.1, header.starts_with(b"PK\x03\x04"))
    else {
        return Ok(Err("its data is not where the directory says".to_owned()));
    };
    let start = entry
        .offset
        .saturating_add(30 + u64::from(name) + u64::from(extra));
    let packed = entry
        .packed
        .unwrap_or(u64::MAX)
        .min(len.saturating_sub(start));
    Ok(Ok((start, packed)))
}

fn member_of(entry: &Entry, name: &str) -> Member {
    let mut member = Member::new(name, MemberKind::Entry);
    member.modified = entry
        .modified
        .clone()
        .or_else(|| crate::time::from_dos(entry.dos_date, entry.dos_time));
    if !entry.comment.is_empty() {
        let comment = crate::names::decode_all(&[&entry.comment])
            .pop()
            .unwrap_or_default();
        member.metadata.push(Metadatum::new(
            Field::Description,
            comment,
            "zip entry comment",
        ));
    }
    member
}

fn read_entry(
    input: &mut Input<'_>,
    entry: &Entry,
    name: &str,
    unsure: bool,
    members: &mut Members<'_>,
) -> io::Result<Result<(), Halt>> {
    let member = member_of(entry, name);
    let (start, packed) = match data_of(input.bytes, input.len, entry)? {
        Ok(place) => place,
        Err(reason) => return Ok(members.bare(member, Outcome::Damaged, reason)),
    };
    let mut stream = match open(input, entry, start, packed)? {
        Ok(stream) => stream,
        Err((outcome, reason)) => return Ok(members.bare(member, outcome, reason)),
    };
    if entry.is_link() {
        let mut target = Vec::new();
        stream.take(4096).read_to_end(&mut target)?;
        let target = crate::names::decode_all(&[&target])
            .pop()
            .unwrap_or_default();
        return Ok(members.bare(member, Outcome::Skipped, format!("a link to '{target}'")));
    }
    Ok(copy(&mut *stream, member, unsure, members))
}

fn copy(
    stream: &mut dyn Read,
    member: Member,
    unsure: bool,
    members: &mut Members<'_>,
) -> Result<(), Halt> {
    members.begin(member)?;
    let end = match members.copy(stream)? {
        Copied::Whole(done) if unsure => Some((
            Outcome::Damaged,
            format!("the archive ends inside it; {done} bytes were kept"),
        )),
        Copied::Whole(_) => None,
        Copied::Broken(done, error) => Some(broken(done, &error)),
    };
    members.end(end)
}

type Refusal = (Outcome, String);

/// Opens an entry: decrypted, unpacked, checked.
fn open<'a>(
    input: &'a mut Input<'_>,
    entry: &Entry,
    start: u64,
    packed: u64,
) -> io::Result<Result<Box<dyn Read + 'a>, Refusal>> {
    let method = entry.aes.map_or(entry.method, |aes| aes.method);
    if let Some(method) = decode::unread(method) {
        let reason = format!("packed with the method '{method}', which is not read");
        return Ok(Err((Outcome::Unsupported, reason)));
    }
    let key = if entry.is_encrypted() {
        match key(input, entry, method, start, packed)? {
            Ok(key) => Some(key),
            Err(refusal) => return Ok(Err(refusal)),
        }
    } else {
        None
    };
    let stream = stream(input.bytes, entry, method, start, packed, key)?;
    Ok(stream.map_err(|error| broken(0, &error)))
}

enum Key {
    Old(crypt::ZipCrypto),
    Aes(crypt::AesKeys),
}

fn stream<'a>(
    bytes: &'a mut dyn ReadSeek,
    entry: &Entry,
    method: u16,
    start: u64,
    packed: u64,
    key: Option<Key>,
) -> io::Result<Result<Box<dyn Read + 'a>, io::Error>> {
    let mut crc = true;
    let (skipped, dropped) = match &key {
        None => (0, 0),
        Some(Key::Old(_)) => (12, 0),
        Some(Key::Aes(_)) => {
            let aes = entry.aes;
            crc = aes.is_some_and(|aes| aes.version == 1);
            let salt = aes.and_then(|aes| crypt::salt_length(aes.strength));
            (salt.unwrap_or(0) as u64 + 2, 10)
        }
    };
    bytes.seek(SeekFrom::Start(start.saturating_add(skipped)))?;
    let data = bytes.take(packed.saturating_sub(skipped).saturating_sub(dropped));
    let plain: Box<dyn Read + 'a> = match key {
        None => Box::new(data),
        Some(Key::Old(keys)) => Box::new(crypt::ZipCryptoReader { inner: data, keys }),
        Some(Key::Aes(keys)) => Box::new(crypt::AesReader::new(data, keys)),
    };
    let want = match (crc, entry.size) {
        (true, size @ Some(_)) => Some((entry.crc, size)),
        _ => None,
    };
    Ok(decode::decoder(method, plain, entry.size)
        .map(|stream| Box::new(Checked::new(stream, want)) as Box<dyn Read + 'a>))
}

const NEEDS_PASSWORD: &str = "needs a password: `add --file-passwords LIST` tries yours";

/// Finds the password that opens an entry.
fn key(
    input: &mut Input<'_>,
    entry: &Entry,
    method: u16,
    start: u64,
    packed: u64,
) -> io::Result<Result<Key, Refusal>> {
    let refuse = |reason: &str| Ok(Err((Outcome::Encrypted, reason.to_owned())));
    if entry.flags & (1 << 6 | 1 << 13) != 0 {
        return refuse(
            "sealed with PKWARE's strong encryption, which is not read; unpack it and add what was in it",
        );
    }
    let passwords = input.passwords;
    let wrong = if passwords.is_empty() {
        NEEDS_PASSWORD
    } else {
        "none of the passwords of the list opens it"
    };
    if let Some(aes) = entry.aes {
        let Some(length) = crypt::salt_length(aes.strength) else {
            return refuse("sealed with AES of an unknown strength");
        };
        let head = read_at(input.bytes, start, length + 2)?;
        let (Some(salt), Some(check)) = (head.get(..length), head.get(length..length + 2)) else {
            return Ok(Err((
                Outcome::Damaged,
                "cut off before its first byte".to_owned(),
            )));
        };
        let from = start.saturating_add(length as u64 + 2);
        let sealed = packed.saturating_sub(length as u64 + 12);
        let code = read_at(input.bytes, from.saturating_add(sealed), 10)?;
        let mut fits = None;
        for password in passwords {
            let Some(keys) = crypt::AesKeys::new(password.as_bytes(), aes.strength, salt, check)
            else {
                continue;
            };
            input.bytes.seek(SeekFrom::Start(from))?;
            let authentic = keys.authentic(&mut (&mut *input.bytes).take(sealed), &code)?;
            if authentic {
                return Ok(Ok(Key::Aes(keys)));
            }
            // Two bytes fit by chance once in 65,536: rather a broken entry than a wrong password.
            fits = fits.or(Some(keys));
        }
        return match fits {
            Some(keys) => Ok(Ok(Key::Aes(keys))),
            None => refuse(wrong),
        };
    }
    let head = read_at(input.bytes, start, 12)?;
    if head.len() < 12 {
        return Ok(Err((
            Outcome::Damaged,
            "cut off before its first byte".to_owned(),
        )));
    }
    for password in passwords {
        let mut keys = crypt::ZipCrypto::new(password.as_bytes());
        let last = head.iter().fold(0, |_, &byte| keys.decrypt(byte));
        // Streaming programs check against the time, others against the CRC.
        if last != (entry.crc >> 24) as u8 && last != (entry.dos_time >> 8) as u8 {
            continue;
        }
        // One byte fits by chance once in 256: unpack to see.
        let opened = stream(
            input.bytes,
            entry,
            method,
            start,
            packed,
            Some(Key::Old(keys)),
        )?;
        if let Ok(stream) = opened
            && io::copy(&mut stream.take(TRIAL), &mut io::sink()).is_ok()
        {
            return Ok(Ok(Key::Old(keys)));
        }
    }
    refuse(wrong)
}

/// Known entries by their offset.
fn by_offset(entries: &[Entry]) -> HashMap<u64, &Entry> {
    entries.iter().map(|entry| (entry.offset, entry)).collect()
}
