//! Single compressed files: GZIP, BZIP2, XZ, LZMA, Zstandard, compress (`.Z`).
//!
//! One member, named as the gzip header says or as the file without its suffix. What holds a tar
//! (`.tar.gz`, `.tgz`, by content and not by name) gives the tar's entries at once: that is what
//! people mean by the path of such a file.

use std::io::{self, BufRead, BufReader, Read, SeekFrom};

use casefile::{Emit, Input, Member, MemberKind, Outcome, Problem, Reading, Stop};

use crate::members::{Copied, Fused, Halt, Members, broken, fill};
use crate::{Kind, gzip, lzw, tar, xz};

/// KiB that a decoder may take; the process has 1 GiB.
pub(crate) const MEMORY_KIB: u32 = 700 << 10;

/// Reads a compressed file of one of the kinds above.
///
/// # Errors
/// The receiver wants no more.
pub fn read(kind: Kind, input: &mut Input<'_>, emit: Emit<'_>) -> Result<Reading, Stop> {
    let mut reading = Reading::indexed(kind.media_type());
    let mut members = Members::new(emit, input.limits, input.len);
    let name = input.name.to_owned();
    let ended = match input.bytes.seek(SeekFrom::Start(0)) {
        Ok(_) => {
            let bytes = BufReader::with_capacity(128 << 10, &mut *input.bytes);
            unpack(kind, bytes, &name, &mut reading, &mut members)
        }
        Err(error) => {
            reading.outcome = Outcome::Damaged;
            reading.reason = Some(format!("could not be read ({error})"));
            Ok(())
        }
    };
    members.settle(ended, reading)
}

fn unpack(
    kind: Kind,
    bytes: impl BufRead,
    name: &str,
    reading: &mut Reading,
    members: &mut Members<'_>,
) -> Result<(), Halt> {
    match kind {
        Kind::Gzip => {
            let mut stream = gzip::Members::new(bytes);
            let (head, error) = fill(&mut stream, 4096);
            let header = stream.header.clone();
            let inner = header
                .name
                .map(|raw| crate::names::decode_all(&[&raw]).pop().unwrap_or_default())
                .map(|name| name.rsplit(['/', '\\']).next().unwrap_or("").to_owned())
                .filter(|name| !name.trim().is_empty());
            let name = inner.unwrap_or_else(|| without_suffix(name));
            hand_over(
                head,
                error,
                &mut stream,
                &name,
                header.modified,
                reading,
                members,
            )?;
            if stream.trailing {
                members.problems.push(Problem::new(
                    "gzip-trailing",
                    "bytes that are not gzip stand after the compressed data; they are in the original only",
                ));
            }
            Ok(())
        }
        Kind::Bzip2 => plain(
            &mut Fused::new(bzip2::bufread::MultiBzDecoder::new(bytes)),
            name,
            reading,
            members,
        ),
        Kind::Xz => {
            let mut stream = xz::Decoder::new(bytes, MEMORY_KIB);
            plain(&mut stream, name, reading, members)
        }
        Kind::Lzma => match lzma_rust2::LzmaReader::new_mem_limit(bytes, MEMORY_KIB, None) {
            Ok(mut stream) => plain(&mut stream, name, reading, members),
            Err(error) => unread(&error, reading),
        },
        Kind::Zstd => match zstd_stream(bytes) {
            Ok(mut stream) => plain(&mut stream, name, reading, members),
            Err(error) => unread(&error, reading),
        },
        Kind::Compress => plain(&mut lzw::Decoder::new(bytes), name, reading, members),
        _ => Ok(()),
    }
}

/// Zstandard with a window of at most 512 MiB.
pub(crate) fn zstd_stream<R: BufRead>(
    bytes: R,
) -> io::Result<zstd::stream::read::Decoder<'static, R>> {
    let mut stream = zstd::stream::read::Decoder::with_buffer(bytes)?;
    stream.window_log_max(29)?;
    Ok(stream)
}

fn unread(error: &io::Error, reading: &mut Reading) -> Result<(), Halt> {
    let (outcome, _) = broken(0, error);
    reading.outcome = outcome;
    reading.reason = Some(format!("could not be unpacked ({error})"));
    Ok(())
}

fn plain(
    stream: &mut dyn Read,
    name: &str,
    reading: &mut Reading,
    members: &mut Members<'_>,
) -> Result<(), Halt> {
    let (head, error) = fill(stream, 4096);
    hand_over(
        head,
        error,
        stream,
        &without_suffix(name),
        None,
        reading,
        members,
    )
}

/// Gives the stream as the entries of a tar, or as one member.
fn hand_over(
    head: Vec<u8>,
    error: Option<io::Error>,
    rest: &mut dyn Read,
    name: &str,
    modified: Option<String>,
    reading: &mut Reading,
    members: &mut Members<'_>,
) -> Result<(), Halt> {
    if tar::is_header(&head) {
        let mut stream = io::Cursor::new(head).chain(Failing { error, rest });
        return tar::entries(&mut stream, reading, members);
    }
    let mut member = Member::new(name, MemberKind::Entry);
    member.modified = modified;
    members.begin(member)?;
    let mut stream = io::Cursor::new(head).chain(Failing { error, rest });
    let (mut done, mut first_error) = (0, None);
    // A gzip file may go on after a broken member.
    for _ in 0..10_000 {
        match members.copy(&mut stream)? {
            Copied::Whole(more) => {
                done += more;
                break;
            }
            Copied::Broken(more, error) => {
                done += more;
                if first_error.is_none() {
                    first_error = Some((done, error));
                } else if more == 0 {
                    break;
                }
            }
        }
    }
    let end = first_error.map(|(at, error)| {
        let (outcome, reason) = broken(at, &error);
        if done > at {
            (
                outcome,
                format!("{reason}, and {} bytes after the fault", done - at),
            )
        } else {
            (outcome, reason)
        }
    });
    if let Some((outcome, reason)) = &end {
        reading.outcome = *outcome;
        reading.reason = Some(reason.clone());
    }
    members.end(end)
}

/// Gives the error that came with the first bytes at its place.
struct Failing<'a> {
    error: Option<io::Error>,
    rest: &'a mut dyn Read,
}

impl Read for Failing<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self.error.take() {
            Some(error) => Err(error),
            None => self.rest.read(into),
        }
    }
}

/// `a.txt.gz` → `a.txt`, `a.tgz` → `a.tar`.
fn without_suffix(name: &str) -> String {
    let name = name.rsplit('/').next().unwrap_or(name);
    let Some((stem, extension)) = name.rsplit_once('.') else {
        return if name.is_empty() {
            "content".to_owned()
        } else {
            format!("{name} (unpacked)")
        };
    };
    let stem = if stem.is_empty() { "content" } else { stem };
    match extension.to_ascii_lowercase().as_str() {
        "tgz" | "tbz" | "tbz2" | "txz" | "tlz" | "tzst" | "taz" => format!("{stem}.tar"),
        "svgz" => format!("{stem}.svg"),
        "gz" | "bz2" | "xz" | "lzma" | "zst" | "z" | "bz" | "gzip" | "zstd" => stem.to_owned(),
        _ => format!("{name} (unpacked)"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_without_their_suffix() {
        for (name, want) in [
            ("a.txt.gz", "a.txt"),
            ("a.TGZ", "a.tar"),
            ("a", "a (unpacked)"),
            ("", "content"),
            (".gz", "content"),
            ("page.html", "page.html (unpacked)"),
        ] {
            assert_eq!(without_suffix(name), want, "{name}");
        }
    }
}
