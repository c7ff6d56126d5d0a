//! The plain archives of Unix: `ar` (also Debian packages and libraries) and `cpio` (initial RAM
//! disks, packages), in their old binary, octal and SVR4 forms. Streamed.

use std::io::{self, Read};

use casefile::{Emit, Input, Member, MemberKind, Outcome, Reading, Stop};

use crate::members::{Copied, Halt, Members, broken, fill};
use crate::names::Names;

/// Longest name, and longest table of long names, that is believed.
const NAME: u64 = 1 << 20;

/// Reads an archive of `ar`.
///
/// # Errors
/// The receiver wants no more.
pub fn read_ar(input: &mut Input<'_>, emit: Emit<'_>) -> Result<Reading, Stop> {
    read(input, emit, "application/x-archive", ar)
}

/// Reads an archive of `cpio`.
///
/// # Errors
/// The receiver wants no more.
pub fn read_cpio(input: &mut Input<'_>, emit: Emit<'_>) -> Result<Reading, Stop> {
    read(input, emit, "application/x-cpio", cpio)
}

/// Why the entries ended before the archive's end, if they did.
type Entries = fn(&mut dyn Read, &mut Members<'_>) -> Result<Option<String>, Halt>;

fn read(
    input: &mut Input<'_>,
    emit: Emit<'_>,
    media_type: &str,
    entries: Entries,
) -> Result<Reading, Stop> {
    let mut reading = Reading::indexed(media_type);
    let mut members = Members::new(emit, input.limits, input.len);
    if let Err(error) = input.bytes.seek(io::SeekFrom::Start(0)) {
        reading.outcome = Outcome::Damaged;
        reading.reason = Some(format!("could not be read ({error})"));
        return members.settle(Ok(()), reading);
    }
    let mut bytes = io::BufReader::with_capacity(256 << 10, &mut *input.bytes);
    let ended = match entries(&mut bytes, &mut members) {
        Ok(None) => Ok(()),
        Ok(Some(reason)) => {
            let kept = crate::members::members(members.count);
            reading.outcome = Outcome::Damaged;
            reading.reason = Some(format!("{reason}; {kept} kept"));
            Ok(())
        }
        Err(halt) => Err(halt),
    };
    members.settle(ended, reading)
}

/// A member's bytes; `Some` with the reason if the archive ends inside it.
fn bytes_of(
    from: &mut dyn Read,
    member: Member,
    size: u64,
    members: &mut Members<'_>,
) -> Result<Option<String>, Halt> {
    members.begin(member)?;
    let end = match members.copy(&mut from.take(size))? {
        Copied::Whole(done) if done == size => None,
        Copied::Whole(done) => Some((
            Outcome::Damaged,
            format!("cut off after {done} of {size} bytes; those were kept"),
        )),
        Copied::Broken(done, error) => Some(broken(done, &error)),
    };
    let cut = end
        .is_some()
        .then(|| "the archive ends inside a member".to_owned());
    members.end(end)?;
    Ok(cut)
}

fn skipped(from: &mut dyn Read, count: u64) -> bool {
    io::copy(&mut from.take(count), &mut io::sink()).is_ok_and(|done| done == count)
}

fn number(field: &[u8], radix: u32) -> Option<u64> {
    let text = std::str::from_utf8(field).ok()?.trim_matches([' ', '\0']);
    if text.is_empty() {
        return Some(0);
    }
    u64::from_str_radix(text, radix).ok()
}

fn ar(from: &mut dyn Read, members: &mut Members<'_>) -> Result<Option<String>, Halt> {
    let _ = fill(from, 8);
    let mut names = Names::default();
    let mut long_names = Vec::new();
    loop {
        let (header, _) = fill(from, 60);
        if header.is_empty() || header == b"\n" {
            return Ok(None);
        }
        let field = |range: std::ops::Range<usize>| header.get(range).unwrap_or_default();
        let size = number(field(48..58), 10);
        let Some(mut size) = size.filter(|_| field(58..60) == b"`\n") else {
            return Ok(Some("a header is broken or cut".to_owned()));
        };
        let padding = size & 1;
        let raw = field(0..16).trim_ascii_end();
        // GNU: a table of long names; BSD: the name stands before the bytes.
        let name = match raw {
            b"//" if size <= NAME => {
                long_names = fill(from, usize::try_from(size).unwrap_or(0)).0;
                let _ = skipped(from, padding);
                continue;
            }
            // Indexes of the symbols in a library.
            b"/" | b"/SYM64/" | b"__.SYMDEF" | b"__.SYMDEF SORTED" => {
                if !skipped(from, size.saturating_add(padding)) {
                    return Ok(Some("the archive ends inside its index".to_owned()));
                }
                continue;
            }
            [b'#', b'1', b'/', digits @ ..] => {
                let len = number(digits, 10).unwrap_or(0).min(size).min(NAME);
                size -= len;
                fill(from, usize::try_from(len).unwrap_or(0)).0
            }
            [b'/', digits @ ..] if number(digits, 10).is_some() => {
                let at = number(digits, 10).and_then(|at| usize::try_from(at).ok());
                let rest = at.and_then(|at| long_names.get(at..)).unwrap_or_default();
                let end = rest.iter().position(|b| matches!(b, b'\n' | 0));
                rest.get(..end.unwrap_or(rest.len()))
                    .unwrap_or_default()
                    .to_vec()
            }
            raw => raw.to_vec(),
        };
        let name = name.strip_suffix(b"/").unwrap_or(&name);
        let name = names.decode(name);
        let mut member = Member::new(name.trim_end_matches('\0'), MemberKind::Entry);
        member.modified = number(field(16..28), 10)
            .and_then(|seconds| i64::try_from(seconds).ok())
            .and_then(crate::time::from_unix);
        if let Some(cut) = bytes_of(from, member, size, members)? {
            return Ok(Some(cut));
        }
        let _ = skipped(from, padding);
    }
}

/// What the header of a cpio entry says.
struct Entry {
    mode: u64,
    modified: u64,
    name_len: u64,
    size: u64,
    /// Name and bytes are padded to this.
    align: u64,
    header: u64,
}

/// `None` at a header that is none.
fn cpio_header(from: &mut dyn Read) -> Option<Entry> {
    let (magic, _) = fill(from, 6);
    match magic.as_slice() {
        b"070701" | b"070702" => {
            let (rest, _) = fill(from, 104);
            let field = |at: usize| number(rest.get(at * 8..at * 8 + 8)?, 16);
            Some(Entry {
                mode: field(1)?,
                modified: field(5)?,
                size: field(6)?,
                name_len: field(11)?,
                align: 4,
                header: 110,
            })
        }
        b"070707" => {
            let (rest, _) = fill(from, 70);
            let field = |from: usize, to: usize| number(rest.get(from..to)?, 8);
            Some(Entry {
                mode: field(12, 18)?,
                modified: field(42, 53)?,
                name_len: field(53, 59)?,
                size: field(59, 70)?,
                align: 1,
                header: 76,
            })
        }
        [first, second, ..] if matches!((first, second), (0xc7, 0x71) | (0x71, 0xc7)) => {
            let (rest, _) = fill(from, 20);
            let all = [magic.as_slice(), &rest].concat();
            let little = *first == 0xc7;
            let half = |at: usize| {
                let pair = [*all.get(at * 2)?, *all.get(at * 2 + 1)?];
                Some(u64::from(if little {
                    u16::from_le_bytes(pair)
                } else {
                    u16::from_be_bytes(pair)
                }))
            };
            // Words of 32 bits have their upper half first, whatever the order of bytes.
            let word = |at: usize| Some(half(at)? << 16 | half(at + 1)?);
            Some(Entry {
                mode: half(3)?,
                modified: word(8)?,
                name_len: half(10)?,
                size: word(11)?,
                align: 2,
                header: 26,
            })
        }
        _ => None,
    }
}

fn cpio(from: &mut dyn Read, members: &mut Members<'_>) -> Result<Option<String>, Halt> {
    let mut names = Names::default();
    loop {
        let Some(entry) = cpio_header(from).filter(|entry| entry.name_len <= NAME) else {
            return Ok(Some("a header is broken or cut".to_owned()));
        };
        let padding = |len: u64| len.next_multiple_of(entry.align).saturating_sub(len);
        let (raw, _) = fill(from, usize::try_from(entry.name_len).unwrap_or(0));
        if (raw.len() as u64) < entry.name_len
            || !skipped(from, padding(entry.header.saturating_add(entry.name_len)))
        {
            return Ok(Some("the archive ends inside a name".to_owned()));
        }
        let name = names.decode(raw.split(|b| *b == 0).next().unwrap_or_default());
        if name == "TRAILER!!!" {
            return Ok(None);
        }
        let mut member = Member::new(name, MemberKind::Entry);
        member.modified = i64::try_from(entry.modified)
            .ok()
            .and_then(crate::time::from_unix);
        // The kinds of file in the upper bits of the mode.
        let cut = match entry.mode & 0o170_000 {
            0o100_000 | 0 => bytes_of(from, member, entry.size, members)?,
            0o040_000 => (!skipped(from, entry.size)).then(String::new),
            0o120_000 => {
                let (target, _) = fill(from, usize::try_from(entry.size.min(NAME)).unwrap_or(0));
                let whole = target.len() as u64 == entry.size;
                let target = names.decode(&target);
                members.bare(member, Outcome::Skipped, format!("a link to '{target}'"))?;
                (!whole).then(|| "the archive ends inside a link".to_owned())
            }
            _ => {
                let reason = "a device or pipe, not a file".to_owned();
                members.bare(member, Outcome::Skipped, reason)?;
                (!skipped(from, entry.size)).then(String::new)
            }
        };
        if let Some(cut) = cut {
            let cut = if cut.is_empty() {
                "the archive ends early".to_owned()
            } else {
                cut
            };
            return Ok(Some(cut));
        }
        if !skipped(from, padding(entry.size)) {
            return Ok(Some("the archive ends early".to_owned()));
        }
    }
}
