//! TAR: v7, ustar, pax (POSIX.1-2001) and GNU, with their long names and sparse files.
//!
//! Streamed. A broken header is searched past, block by block, so that one bad sector does not
//! take the rest of the archive along.

use std::io::{self, Read};

use casefile::{Emit, Field, Input, Member, MemberKind, Outcome, Problem, Reading, Stop};

use crate::members::{Copied, Halt, Members, broken, fill};
use crate::names::Names;

const BLOCK: usize = 512;
/// Extended headers and long names are held in memory up to this.
const EXTENDED: u64 = 4 << 20;
/// Pieces of a sparse file.
const PIECES: usize = 100_000;

/// Reads a tar archive.
///
/// # Errors
/// The receiver wants no more.
pub fn read(input: &mut Input<'_>, emit: Emit<'_>) -> Result<Reading, Stop> {
    let mut reading = Reading::indexed("application/x-tar");
    let mut members = Members::new(emit, input.limits, input.len);
    let ended = match input.bytes.seek(io::SeekFrom::Start(0)) {
        Ok(_) => {
            let mut bytes = io::BufReader::with_capacity(256 << 10, &mut *input.bytes);
            entries(&mut bytes, &mut reading, &mut members)
        }
        Err(error) => {
            reading.outcome = Outcome::Damaged;
            reading.reason = Some(format!("could not be read ({error})"));
            Ok(())
        }
    };
    members.settle(ended, reading)
}

/// Whether a block is a header: its checksum holds.
#[must_use]
pub fn is_header(block: &[u8]) -> bool {
    let Some(block) = block.get(..BLOCK) else {
        return false;
    };
    let Some(stated) = block.get(148..156).and_then(number) else {
        return false;
    };
    let (mut unsigned, mut signed) = (0_u64, 0_i64);
    for (at, &byte) in block.iter().enumerate() {
        let byte = if (148..156).contains(&at) { b' ' } else { byte };
        unsigned += u64::from(byte);
        // Old programs summed signed characters.
        signed += i64::from(byte.cast_signed());
    }
    // A block of nothing but spaces and noughts sums up too.
    let named = block.first().is_some_and(|&b| b != 0) || block.get(156) == Some(&b'x');
    named && (stated == unsigned || i64::try_from(stated) == Ok(signed))
}

/// Octal, or binary with the high bit set (GNU).
fn number(field: &[u8]) -> Option<u64> {
    let &first = field.first()?;
    if first & 0x80 != 0 {
        if first == 0xff {
            return None;
        }
        let start = u64::from(first & 0x7f);
        return field.get(1..)?.iter().try_fold(start, |value, &byte| {
            value.checked_mul(256)?.checked_add(u64::from(byte))
        });
    }
    let text = field.split(|&b| b == 0).next()?.trim_ascii();
    text.iter().try_fold(0_u64, |value, &digit| {
        let digit = (digit as char).to_digit(8)?;
        value.checked_mul(8)?.checked_add(u64::from(digit))
    })
}

/// What extended headers say of the next entry.
#[derive(Default, Clone)]
struct Extended {
    path: Option<String>,
    link: Option<String>,
    size: Option<u64>,
    modified: Option<String>,
    real_size: Option<u64>,
    /// Where data of a sparse file stands: offset and length.
    pieces: Vec<(u64, u64)>,
    pending_offset: Option<u64>,
    sparse_in_data: bool,
    comment: Option<String>,
}

/// Reads the entries of a tar stream, to its end.
pub(crate) fn entries(
    from: &mut dyn Read,
    reading: &mut Reading,
    members: &mut Members<'_>,
) -> Result<(), Halt> {
    let mut names = Names::default();
    let mut next = Extended::default();
    let mut lost = 0_u64;
    let mut ended = false;
    let mut cut = None;
    loop {
        let (block, error) = fill(from, BLOCK);
        if let Some(error) = error {
            cut = Some(error.to_string());
            break;
        }
        if block.len() < BLOCK {
            if block.iter().any(|&b| b != 0) {
                cut = Some("the archive ends inside a header".to_owned());
            } else if !ended && members.count == 0 && lost == 0 && block.is_empty() {
                break;
            }
            break;
        }
        if block.iter().all(|&b| b == 0) {
            ended = true;
            continue;
        }
        if !is_header(&block) {
            if !ended {
                lost += 1;
            }
            continue;
        }
        ended = false;
        match entry(from, &block, &mut next, &mut names, reading, members)? {
            None => {}
            Some(reason) => {
                cut = Some(reason);
                break;
            }
        }
    }
    let kept = crate::members::members(members.count);
    if let Some(reason) = cut {
        reading.outcome = Outcome::Damaged;
        reading.reason = Some(format!("cut off ({reason}); {kept} kept"));
    } else if lost > 0 {
        reading.outcome = Outcome::Damaged;
        reading.reason = Some(format!(
            "{lost} blocks of 512 bytes are not tar and were passed over; {kept} kept"
        ));
    }
    Ok(())
}

/// One entry. `Some` with the reason if the archive ends inside it.
fn entry(
    from: &mut dyn Read,
    block: &[u8],
    next: &mut Extended,
    names: &mut Names,
    reading: &mut Reading,
    members: &mut Members<'_>,
) -> Result<Option<String>, Halt> {
    let kind = block.get(156).copied().unwrap_or(0);
    let stated = block.get(124..136).and_then(number).unwrap_or(0);
    match kind {
        b'x' | b'g' | b'X' | b'L' | b'K' => {
            if stated > EXTENDED {
                return Ok(Some(format!("an extended header of {stated} bytes")));
            }
            let size = usize::try_from(stated).unwrap_or(0);
            let (data, error) = fill(from, size);
            if error.is_some() || data.len() < size || !skip_padding(from, stated) {
                return Ok(Some("it ends inside an extended header".to_owned()));
            }
            match kind {
                b'L' => next.path = Some(names.decode(until_nul(&data))),
                b'K' => next.link = Some(names.decode(until_nul(&data))),
                b'g' => {
                    let mut global = Extended::default();
                    pax(&data, &mut global);
                    if let Some(comment) = global.comment {
                        reading.note(Field::Description, &comment, "pax comment");
                    }
                }
                _ => pax(&data, next),
            }
            return Ok(None);
        }
        _ => {}
    }
    let mut extended = std::mem::take(next);
    let size = extended.size.unwrap_or(stated);
    let path = extended
        .path
        .take()
        .unwrap_or_else(|| header_path(block, names));
    let mut member = Member::new(path.clone(), MemberKind::Entry);
    member.modified = extended.modified.take().or_else(|| {
        crate::time::from_unix(i64::try_from(block.get(136..148).and_then(number)?).ok()?)
    });
    let link = extended
        .link
        .take()
        .unwrap_or_else(|| names.decode(until_nul(block.get(157..257).unwrap_or_default())));
    let directory =
        kind == b'5' || kind == b'D' || (matches!(kind, 0 | b'0') && path.ends_with('/'));
    match kind {
        _ if directory => return Ok(skip(from, size)),
        b'V' => {
            reading.note(Field::Title, &path, "tar volume label");
            return Ok(skip(from, size));
        }
        b'1' | b'2' => {
            let what = if kind == b'1' {
                "the same file as"
            } else {
                "a link to"
            };
            members.bare(member, Outcome::Skipped, format!("{what} '{link}'"))?;
            return Ok(skip(from, size));
        }
        b'3' | b'4' | b'6' => {
            members.bare(
                member,
                Outcome::Skipped,
                "a device or pipe, not a file".to_owned(),
            )?;
            return Ok(skip(from, size));
        }
        b'M' => members.problems.push(
            Problem::new(
                "tar-volume",
                "this is the rest of a file that began in another volume",
            )
            .at(path),
        ),
        _ => {}
    }
    members.begin(member)?;
    let mut data = from.take(size);
    let mut sparse = None;
    if kind == b'S' {
        sparse = gnu_sparse(block, &mut data, &mut extended, from_raw_blocks);
    } else if extended.sparse_in_data {
        sparse = sparse_map_in_data(&mut data, &mut extended);
    } else if extended.real_size.is_some() && !extended.pieces.is_empty() {
        sparse = Some(());
    }
    let copied = if sparse.is_some() {
        let real = extended.real_size.unwrap_or(size);
        members.copy(&mut Sparse::new(&mut data, extended.pieces, real))?
    } else {
        members.copy(&mut data)?
    };
    let left = data.limit();
    let short = match copied {
        Copied::Broken(done, error) => Some(broken(done, &error)),
        Copied::Whole(done) if left > 0 && sparse.is_none() => Some((
            Outcome::Damaged,
            format!("cut off after {done} of {size} bytes; those were kept"),
        )),
        Copied::Whole(_) => None,
    };
    let cut = short.is_some();
    members.end(short)?;
    if cut {
        return Ok(Some("it ends inside a member".to_owned()));
    }
    // A sparse map may leave data unread.
    let drained = io::copy(&mut data, &mut io::sink()).is_ok() && data.limit() == 0;
    let padded = skip_padding(data.into_inner(), size);
    Ok((!drained || !padded).then(|| "it ends inside a member".to_owned()))
}

fn until_nul(field: &[u8]) -> &[u8] {
    field.split(|&b| b == 0).next().unwrap_or_default()
}

fn header_path(block: &[u8], names: &mut Names) -> String {
    let name = until_nul(block.get(..100).unwrap_or_default());
    // GNU headers ("ustar  ") keep times where POSIX has a prefix.
    let posix = block.get(257..263) == Some(b"ustar\0");
    let prefix = until_nul(block.get(345..500).unwrap_or_default());
    if posix && !prefix.is_empty() {
        names.decode(&[prefix, b"/", name].concat())
    } else {
        names.decode(name)
    }
}

/// Passes over an entry's data.
fn skip(from: &mut dyn Read, size: u64) -> Option<String> {
    let whole = size.saturating_add(padding(size));
    let done = io::copy(&mut from.take(whole), &mut io::sink());
    (!done.is_ok_and(|done| done >= size)).then(|| "it ends inside a member".to_owned())
}

const fn padding(size: u64) -> u64 {
    (BLOCK as u64 - size % BLOCK as u64) % BLOCK as u64
}

fn skip_padding(from: &mut dyn Read, size: u64) -> bool {
    io::copy(&mut from.take(padding(size)), &mut io::sink()).is_ok()
}

/// Records of an extended header: `length key=value\n`.
fn pax(data: &[u8], into: &mut Extended) {
    let mut rest = data;
    while let Some(space) = rest.iter().position(|&b| b == b' ') {
        let Some(length) = std::str::from_utf8(rest.get(..space).unwrap_or_default())
            .ok()
            .and_then(|text| text.trim().parse::<usize>().ok())
            .filter(|length| *length > space && *length <= rest.len())
        else {
            return;
        };
        let record = rest.get(space + 1..length).unwrap_or_default();
        rest = rest.get(length..).unwrap_or_default();
        let record = record.strip_suffix(b"\n").unwrap_or(record);
        let Some(equals) = record.iter().position(|&b| b == b'=') else {
            continue;
        };
        let (key, value) = record.split_at(equals);
        let value = String::from_utf8_lossy(value.get(1..).unwrap_or_default()).into_owned();
        match key {
            b"path" | b"GNU.sparse.name" => into.path = Some(value),
            b"linkpath" => into.link = Some(value),
            b"size" => into.size = value.parse().ok(),
            b"comment" => into.comment = Some(value),
            b"mtime" => {
                let seconds = value.split('.').next().unwrap_or("");
                into.modified = seconds.parse().ok().and_then(crate::time::from_unix);
            }
            b"GNU.sparse.realsize" | b"GNU.sparse.size" => into.real_size = value.parse().ok(),
            b"GNU.sparse.major" => into.sparse_in_data = value == "1",
            b"GNU.sparse.offset" => into.pending_offset = value.parse().ok(),
            b"GNU.sparse.numbytes" => {
                if let (Some(offset), Ok(length)) = (into.pending_offset.take(), value.parse())
                    && into.pieces.len() < PIECES
                {
                    into.pieces.push((offset, length));
                }
            }
            b"GNU.sparse.map" => {
                let numbers: Vec<u64> = value.split(',').filter_map(|n| n.parse().ok()).collect();
                let pairs = numbers.chunks_exact(2).take(PIECES);
                into.pieces = pairs.map(|pair| (pair[0], pair[1])).collect();
            }
            _ => {}
        }
    }
}

/// Old GNU sparse header: four pieces in the header, more in blocks that follow it. The extra
/// blocks are not counted in the entry's size.
fn gnu_sparse(
    block: &[u8],
    data: &mut io::Take<&mut dyn Read>,
    extended: &mut Extended,
    read_block: fn(&mut io::Take<&mut dyn Read>) -> Option<Vec<u8>>,
) -> Option<()> {
    extended.real_size = block.get(483..495).and_then(number);
    extended.pieces.clear();
    let mut table = block.get(386..482)?.to_vec();
    let mut more = block.get(482) == Some(&1);
    loop {
        for piece in table.chunks_exact(24) {
            let (offset, length) = piece.split_at(12);
            if let (Some(offset), Some(length)) = (number(offset), number(length))
                && length > 0
                && extended.pieces.len() < PIECES
            {
                extended.pieces.push((offset, length));
            }
        }
        if !more {
            return Some(());
        }
        let block = read_block(data)?;
        more = block.get(504) == Some(&1);
        table = block.get(..504)?.to_vec();
    }
}

/// A block that stands before the data and does not count towards it.
fn from_raw_blocks(data: &mut io::Take<&mut dyn Read>) -> Option<Vec<u8>> {
    let (block, error) = fill(data.get_mut(), BLOCK);
    (error.is_none() && block.len() == BLOCK).then_some(block)
}

/// pax sparse format 1.0: the map is text at the start of the data, padded to a block.
fn sparse_map_in_data(data: &mut io::Take<&mut dyn Read>, extended: &mut Extended) -> Option<()> {
    let mut text = Vec::new();
    let mut numbers: Vec<u64> = Vec::new();
    loop {
        let (block, error) = fill(data, BLOCK);
        if error.is_some() || block.len() < BLOCK || text.len() > (EXTENDED as usize) {
            return None;
        }
        for &byte in &block {
            if byte == b'\n' {
                let line = std::str::from_utf8(&text).ok()?;
                numbers.push(line.trim().parse().ok()?);
                text.clear();
                let count = *numbers.first()?;
                if numbers.len() as u64 > count.saturating_mul(2) {
                    let pairs = numbers.get(1..)?.chunks_exact(2).take(PIECES);
                    extended.pieces = pairs.map(|pair| (pair[0], pair[1])).collect();
                    return Some(());
                }
            } else {
                text.push(byte);
            }
        }
        if numbers.len() > 2 * PIECES {
            return None;
        }
    }
}

/// A sparse file with its holes filled.
struct Sparse<'a> {
    data: &'a mut dyn Read,
    pieces: std::vec::IntoIter<(u64, u64)>,
    piece: Option<(u64, u64)>,
    at: u64,
    size: u64,
}

impl<'a> Sparse<'a> {
    fn new(data: &'a mut dyn Read, mut pieces: Vec<(u64, u64)>, size: u64) -> Self {
        pieces.sort_unstable();
        let mut pieces = pieces.into_iter();
        let piece = pieces.next();
        Self {
            data,
            pieces,
            piece,
            at: 0,
            size,
        }
    }
}

impl Read for Sparse<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            let left = self.size.saturating_sub(self.at);
            if left == 0 || into.is_empty() {
                return Ok(0);
            }
            let (offset, length) = self.piece.unwrap_or((self.size, 0));
            if self.at < offset {
                let hole = (offset - self.at).min(left).min(into.len() as u64);
                let hole = usize::try_from(hole).unwrap_or(into.len());
                into.get_mut(..hole).unwrap_or_default().fill(0);
                self.at += hole as u64;
                return Ok(hole);
            }
            let end = offset.saturating_add(length);
            if self.at >= end {
                self.piece = self.pieces.next();
                if self.piece.is_none() && self.at >= self.size {
                    return Ok(0);
                }
                continue;
            }
            let most = (end - self.at).min(left).min(into.len() as u64);
            let most = usize::try_from(most).unwrap_or(into.len());
            let done = self.data.read(into.get_mut(..most).unwrap_or_default())?;
            if done == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            self.at += done as u64;
            return Ok(done);
        }
    }
}
