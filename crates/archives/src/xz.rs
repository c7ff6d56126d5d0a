//! XZ streams, unpacked step by step.
//!
//! The library's own reader turns in circles within one call when an end marker stands inside of an
//! LZMA2 chunk. Here each step is seen: one that neither takes nor gives anything ends the reading.

use std::io::{self, BufRead, Read};

use lzma_rust2::{Action, Status, XzStream};

pub(crate) struct Decoder<R> {
    from: R,
    stream: XzStream,
    ended: bool,
}

impl<R: BufRead> Decoder<R> {
    /// All streams of the file, one after the other, with at most so much memory (KiB).
    pub(crate) fn new(from: R, memory: u32) -> Self {
        Self {
            from,
            stream: XzStream::new_mem_limit(true, memory),
            ended: false,
        }
    }
}

impl<R: BufRead> Read for Decoder<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if into.is_empty() {
            return Ok(0);
        }
        while !self.ended {
            let input = self.from.fill_buf()?;
            let action = if input.is_empty() {
                Action::Finish
            } else {
                Action::Run
            };
            let step = self.stream.process(input, into, action)?;
            self.from.consume(step.bytes_consumed);
            self.ended = step.status == Status::StreamEnd;
            if step.bytes_produced > 0 {
                return Ok(step.bytes_produced);
            }
            if step.bytes_consumed == 0 && !self.ended {
                let kind = if matches!(action, Action::Finish) {
                    io::ErrorKind::UnexpectedEof
                } else {
                    io::ErrorKind::InvalidData
                };
                return Err(kind.into());
            }
        }
        Ok(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A mutation that kept the library's own reader busy for ever.
    #[test]
    fn an_end_marker_inside_of_a_chunk_ends_the_reading() {
        let hex = "fd377a585a000004e6d6b4460200210110000000a8708e86e00d1f0000219b09e7668b464cfd9743\
             24ac812c3d25dacab356024aa8877577d91eea0a78ba5b7ab2dd1d4a8b21d377e8fd09f035c0f54a\
             2bc7e072f7c586da82c8b89165a1b355e2525bb968f67a64b14c14e9dafed1019815ac9abcf2b176\
             5ed4693e1178d66676720cee0aa7fbfc000001181a00018701a01a0000aee65aa1b1c467fb020000\
             000004595a";
        let bytes: Vec<u8> = (0..hex.len() / 2)
            .map(|n| u8::from_str_radix(&hex[2 * n..2 * n + 2], 16).expect("hexadecimal"))
            .collect();
        let mut text = Vec::new();
        let read = Decoder::new(bytes.as_slice(), 512 << 10).read_to_end(&mut text);
        assert!(read.is_err(), "{} bytes", text.len());
    }
}
