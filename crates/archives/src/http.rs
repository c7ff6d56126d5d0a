//! Bodies of HTTP messages in web archives: chunks joined, content encodings undone.
//!
//! Archives often keep a head that no longer fits the body (chunks already joined, contents already
//! unpacked): each coding is undone only where the body looks like it.

use std::io::{self, BufRead, BufReader, Read};

/// The body as the browser saw it; what did not fit goes to `notes`.
pub(crate) fn body<'a>(
    from: &'a mut dyn BufRead,
    chunked: bool,
    encoding: &str,
    notes: &mut Vec<String>,
) -> Box<dyn Read + 'a> {
    let mut stream: Box<dyn BufRead + 'a> = Box::new(from);
    if chunked {
        if stream.fill_buf().is_ok_and(looks_chunked) {
            stream = Box::new(BufReader::with_capacity(32 << 10, Chunks::new(stream)));
        } else if stream.fill_buf().is_ok_and(|near| !near.is_empty()) {
            notes.push(
                "its head says that it comes in chunks; it does not, and is kept as it is"
                    .to_owned(),
            );
        }
    }
    // Several encodings are undone last first.
    for name in encoding.split(',').rev().map(str::trim).take(4) {
        let near = stream.fill_buf().map(<[u8]>::to_vec).unwrap_or_default();
        if near.is_empty() {
            break;
        }
        let undone: Option<Box<dyn Read + 'a>> = match name {
            "" | "identity" | "none" | "utf-8" => continue,
            "gzip" | "x-gzip" if near.starts_with(&[0x1f, 0x8b]) => {
                let inner = std::mem::replace(&mut stream, Box::new(io::empty()));
                Some(Box::new(flate2::bufread::MultiGzDecoder::new(inner)))
            }
            "deflate" => {
                // The standard means zlib; many servers sent bare deflate.
                let zlib = near.len() > 1
                    && near[0] & 0x0f == 8
                    && (u16::from(near[0]) << 8 | u16::from(near[1])) % 31 == 0;
                let inner = std::mem::replace(&mut stream, Box::new(io::empty()));
                if zlib {
                    Some(Box::new(flate2::bufread::ZlibDecoder::new(inner)))
                } else if unpacks(&mut flate2::bufread::DeflateDecoder::new(&near[..])) {
                    Some(Box::new(flate2::bufread::DeflateDecoder::new(inner)))
                } else {
                    stream = inner;
                    None
                }
            }
            "br" if unpacks(&mut brotli_decompressor::Decompressor::new(&near[..], 4096)) => {
                let inner = std::mem::replace(&mut stream, Box::new(io::empty()));
                Some(Box::new(brotli_decompressor::Decompressor::new(
                    inner, 4096,
                )))
            }
            "zstd" if near.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) => {
                let inner = std::mem::replace(&mut stream, Box::new(io::empty()));
                match crate::compressed::zstd_stream(inner) {
                    Ok(stream) => Some(Box::new(stream)),
                    Err(error) => {
                        notes.push(format!("its zstd coding could not be undone ({error})"));
                        None
                    }
                }
            }
            _ => None,
        };
        match undone {
            Some(reader) => stream = Box::new(BufReader::with_capacity(32 << 10, reader)),
            None => {
                notes.push(format!(
                    "its head says that it is coded as '{name}'; it is not, and is kept as it is"
                ));
                break;
            }
        }
    }
    Box::new(stream)
}

/// The first bytes can be unpacked: an end that comes too early only means that more follows.
fn unpacks(decoder: &mut dyn Read) -> bool {
    let mut buffer = [0; 512];
    match decoder.read(&mut buffer) {
        Ok(done) => done > 0,
        Err(error) => error.kind() == io::ErrorKind::UnexpectedEof,
    }
}

fn looks_chunked(near: &[u8]) -> bool {
    let end = near.iter().take(40).position(|&b| b == b'\n');
    let line = near.get(..end.unwrap_or(0)).unwrap_or_default();
    chunk_length(line).is_some()
}

fn chunk_length(line: &[u8]) -> Option<u64> {
    let digits = line.split(|&b| b == b';').next()?.trim_ascii();
    if digits.is_empty() || digits.len() > 15 {
        return None;
    }
    digits.iter().try_fold(0_u64, |value, &digit| {
        Some(value << 4 | u64::from((digit as char).to_digit(16)?))
    })
}

/// Joins chunks (RFC 9112 section 7.1).
struct Chunks<R> {
    inner: R,
    left: u64,
    first: bool,
    ended: bool,
}

impl<R: BufRead> Chunks<R> {
    const fn new(inner: R) -> Self {
        Self {
            inner,
            left: 0,
            first: true,
            ended: false,
        }
    }
}

impl<R: BufRead> Read for Chunks<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.ended || into.is_empty() {
            return Ok(0);
        }
        if self.left == 0 {
            let mut line = Vec::new();
            if !self.first {
                // The line break after a chunk.
                (&mut self.inner).take(8).read_until(b'\n', &mut line)?;
                line.clear();
            }
            self.first = false;
            (&mut self.inner).take(4096).read_until(b'\n', &mut line)?;
            self.left = match chunk_length(&line) {
                Some(length) => length,
                None if line.is_empty() => 0,
                None => {
                    return Err(io::Error::new(
                        io::ErrorKind::InvalidData,
                        "a chunk does not tell its length",
                    ));
                }
            };
            if self.left == 0 {
                self.ended = true;
                return Ok(0);
            }
        }
        let most = usize::try_from(self.left)
            .unwrap_or(usize::MAX)
            .min(into.len());
        let done = self.inner.read(into.get_mut(..most).unwrap_or_default())?;
        if done == 0 {
            self.ended = true;
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.left -= done as u64;
        Ok(done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], chunked: bool, encoding: &str, want: &str, notes: usize) {
        let mut from = bytes;
        let mut found = Vec::new();
        let mut out = Vec::new();
        body(&mut from, chunked, encoding, &mut found)
            .read_to_end(&mut out)
            .expect("it is whole");
        assert_eq!(String::from_utf8_lossy(&out), want);
        assert_eq!(found.len(), notes, "{found:?}");
    }

    #[test]
    fn bodies_are_decoded() {
        check(
            b"5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\n",
            true,
            "",
            "hello world",
            0,
        );
        check(
            b"hello world, not chunked",
            true,
            "",
            "hello world, not chunked",
            1,
        );
        check(b"hello", false, "gzip", "hello", 1);
        check(b"hello", false, "identity", "hello", 0);
        check(b"", true, "gzip", "", 0);
        let mut deflate =
            flate2::read::DeflateEncoder::new(&b"hello"[..], flate2::Compression::default());
        let mut packed = Vec::new();
        deflate.read_to_end(&mut packed).expect("it can be packed");
        check(&packed, false, "deflate", "hello", 0);
    }
}
