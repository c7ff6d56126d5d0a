//! The compression methods of ZIP.

use std::io::{self, BufReader, Read};

use super::directory::{u16_at, u32_at};
use crate::members::Fused;

/// The name of a method that is not read, for people.
pub(crate) fn unread(method: u16) -> Option<&'static str> {
    match method {
        0 | 8 | 9 | 12 | 14 | 20 | 93 | 95 | 98 => None,
        1 => Some("shrink"),
        2..=5 => Some("reduce"),
        6 => Some("implode"),
        10 => Some("PKWARE implode"),
        19 => Some("LZ77"),
        94 => Some("MP3"),
        96 => Some("JPEG"),
        97 => Some("WavPack"),
        _ => Some("an unknown method"),
    }
}

/// Unpacks what `from` gives. `size` is the unpacked size, if known.
pub(crate) fn decoder<'a>(
    method: u16,
    mut from: Box<dyn Read + 'a>,
    size: Option<u64>,
) -> io::Result<Box<dyn Read + 'a>> {
    Ok(match method {
        8 => Box::new(flate2::bufread::DeflateDecoder::new(BufReader::new(from))),
        9 => Box::new(deflate64::Deflate64Decoder::new(from)),
        12 => Box::new(Fused::new(bzip2::bufread::BzDecoder::new(BufReader::new(
            from,
        )))),
        14 => {
            let mut head = [0; 4];
            from.read_exact(&mut head)?;
            let length = u16_at(&head, 2).unwrap_or(0);
            if !(5..=64).contains(&length) {
                return Err(wrong("an LZMA header of a wrong size"));
            }
            let mut properties = vec![0; usize::from(length)];
            from.read_exact(&mut properties)?;
            let (Some(&byte), Some(dictionary)) = (properties.first(), u32_at(&properties, 1))
            else {
                return Err(wrong("an LZMA header of a wrong size"));
            };
            if dictionary > (crate::compressed::MEMORY_KIB << 10) {
                return Err(io::Error::new(
                    io::ErrorKind::OutOfMemory,
                    format!("needs {dictionary} bytes of memory"),
                ));
            }
            let size = size.unwrap_or(u64::MAX);
            Box::new(lzma_rust2::LzmaReader::new_with_props(
                BufReader::new(from),
                size,
                byte,
                dictionary,
                None,
            )?)
        }
        20 | 93 => Box::new(crate::compressed::zstd_stream(BufReader::new(from))?),
        95 => Box::new(crate::xz::Decoder::new(
            BufReader::new(from),
            crate::compressed::MEMORY_KIB,
        )),
        98 => {
            let mut head = [0; 2];
            from.read_exact(&mut head)?;
            let parameters = u16::from_le_bytes(head);
            let order = u32::from(parameters & 15) + 1;
            let memory = (u32::from(parameters >> 4 & 255) + 1) << 20;
            let restore = match parameters >> 12 {
                0 => ppmd_rust::RestoreMethod::Restart,
                1 => ppmd_rust::RestoreMethod::CutOff,
                _ => return Err(wrong("an unknown kind of PPMd")),
            };
            let decoder =
                ppmd_rust::Ppmd8Decoder::new(BufReader::new(from), order, memory, restore)
                    .map_err(|error| wrong(&error.to_string()))?;
            Box::new(decoder)
        }
        _ => from,
    })
}

fn wrong(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.to_owned())
}

/// Counts and sums what passes; the sum is compared at the end.
pub(crate) struct Checked<'a> {
    inner: Box<dyn Read + 'a>,
    sum: crc32fast::Hasher,
    count: u64,
    /// CRC-32 and size that must come out.
    want: Option<(u32, Option<u64>)>,
}

impl<'a> Checked<'a> {
    pub(crate) fn new(inner: Box<dyn Read + 'a>, want: Option<(u32, Option<u64>)>) -> Self {
        Self {
            inner,
            sum: crc32fast::Hasher::new(),
            count: 0,
            want,
        }
    }
}

impl Read for Checked<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if into.is_empty() {
            return Ok(0);
        }
        let done = self.inner.read(into)?;
        self.sum.update(into.get(..done).unwrap_or_default());
        self.count += done as u64;
        if done == 0
            && let Some((crc, size)) = self.want.take()
        {
            if let Some(size) = size
                && size != self.count
            {
                return Err(wrong(&format!("it should have {size} bytes")));
            }
            if self.sum.clone().finalize() != crc {
                return Err(wrong("its checksum does not fit"));
            }
        }
        Ok(done)
    }
}
