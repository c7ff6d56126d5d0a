//! compress (`.Z`): LZW with codes of 9 to 16 bits, as `compress(1)` writes it.

use std::io::{self, BufRead, Read};

const CLEAR: u16 = 256;

/// Unpacks a `.Z` file.
pub(crate) struct Decoder<R> {
    inner: R,
    begun: bool,
    most_bits: u32,
    blocks: bool,
    bits: u32,
    /// Bits read and not used.
    buffer: u64,
    held: u32,
    /// Codes read since the width last changed: they come in groups of eight.
    in_group: u32,
    prefix: Vec<u16>,
    suffix: Vec<u8>,
    previous: Option<u16>,
    first: u8,
    ready: Vec<u8>,
    ended: bool,
    broken: bool,
}

impl<R: BufRead> Decoder<R> {
    pub(crate) fn new(inner: R) -> Self {
        Self {
            inner,
            begun: false,
            most_bits: 16,
            blocks: true,
            bits: 9,
            buffer: 0,
            held: 0,
            in_group: 0,
            prefix: Vec::new(),
            suffix: Vec::new(),
            previous: None,
            first: 0,
            ready: Vec::new(),
            ended: false,
            broken: false,
        }
    }

    fn begin(&mut self) -> io::Result<()> {
        let mut head = [0; 3];
        self.inner.read_exact(&mut head)?;
        self.most_bits = u32::from(head[2] & 0x1f);
        self.blocks = head[2] & 0x80 != 0;
        if head[..2] != [0x1f, 0x9d] || !(9..=16).contains(&self.most_bits) {
            return Err(wrong("not a compress file"));
        }
        self.begun = true;
        self.reset();
        Ok(())
    }

    fn reset(&mut self) {
        let first_free = if self.blocks { 257 } else { 256 };
        self.prefix.clear();
        self.prefix.resize(first_free, 0);
        self.suffix = (0..first_free).map(|code| code as u8).collect();
        self.bits = 9;
        self.previous = None;
    }

    /// The next code; `None` at the end.
    fn code(&mut self) -> io::Result<Option<u16>> {
        while self.held < self.bits {
            let mut byte = [0];
            if self.inner.read(&mut byte)? == 0 {
                return Ok(None);
            }
            self.buffer |= u64::from(byte[0]) << self.held;
            self.held += 8;
        }
        let code = (self.buffer & ((1 << self.bits) - 1)) as u16;
        self.buffer >>= self.bits;
        self.held -= self.bits;
        self.in_group = (self.in_group + 1) % 8;
        Ok(Some(code))
    }

    /// When the width changes, the rest of the group of eight codes is padding.
    fn pass_group(&mut self) -> io::Result<()> {
        while self.in_group != 0 {
            if self.code()?.is_none() {
                break;
            }
        }
        Ok(())
    }

    fn step(&mut self) -> io::Result<()> {
        if self.prefix.len() >= 1 << self.bits
            && self.bits < self.most_bits
            && self.previous.is_some()
        {
            self.pass_group()?;
            self.bits += 1;
        }
        let Some(code) = self.code()? else {
            self.ended = true;
            return Ok(());
        };
        if code == CLEAR && self.blocks {
            self.pass_group()?;
            self.reset();
            return Ok(());
        }
        let known = self.prefix.len();
        let mut at = code;
        if usize::from(code) >= known {
            // The one code that may be used before it is known.
            match self.previous {
                Some(previous) if usize::from(code) == known => {
                    self.ready.push(self.first);
                    at = previous;
                }
                _ => return Err(wrong("a code that is not in use")),
            }
        } else if self.previous.is_none() && code >= 256 {
            return Err(wrong("a code that is not in use"));
        }
        // A chain gets shorter with every step: each code's prefix was known before it.
        while at >= 256 {
            let Some((&suffix, &prefix)) = self
                .suffix
                .get(usize::from(at))
                .zip(self.prefix.get(usize::from(at)))
            else {
                return Err(wrong("a broken chain of codes"));
            };
            self.ready.push(suffix);
            at = prefix;
        }
        self.first = at as u8;
        self.ready.push(self.first);
        if let Some(previous) = self.previous
            && known < 1 << self.most_bits
        {
            self.prefix.push(previous);
            self.suffix.push(self.first);
        }
        self.previous = Some(code);
        Ok(())
    }
}

fn wrong(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.to_owned())
}

impl<R: BufRead> Read for Decoder<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if !self.begun {
            self.begin()?;
        }
        let mut done = 0;
        while done < into.len() {
            if self.ready.is_empty() {
                if self.ended {
                    break;
                }
                if self.broken {
                    return Err(wrong("a code that is not in use"));
                }
                match self.step() {
                    Ok(()) => {}
                    Err(_) if done > 0 => {
                        // What is there comes first, the error with the next call.
                        self.broken = true;
                        break;
                    }
                    Err(error) => return Err(error),
                }
            }
            // `ready` stands in reverse.
            while done < into.len()
                && let Some(byte) = self.ready.pop()
            {
                if let Some(place) = into.get_mut(done) {
                    *place = byte;
                }
                done += 1;
            }
        }
        Ok(done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Packs with single codes only, and a clear code in between: enough to test widths.
    fn pack(bytes: &[u8]) -> Vec<u8> {
        let mut out = vec![0x1f, 0x9d, 0x90];
        let (mut buffer, mut held) = (0_u64, 0_usize);
        for &byte in bytes {
            buffer |= u64::from(byte) << held;
            held += 9;
            while held >= 8 {
                out.push(buffer as u8);
                buffer >>= 8;
                held -= 8;
            }
        }
        out.push(buffer as u8);
        out
    }

    #[test]
    fn reads_what_compress_wrote() {
        let mut text = Vec::new();
        Decoder::new(&pack(b"hello hello")[..])
            .read_to_end(&mut text)
            .expect("it is whole");
        assert_eq!(text, b"hello hello");
        // "abababab…" as `compress` packs it: codes 97 98 257 259 258.
        let codes = [97_u64, 98, 257, 259, 98];
        let mut packed = vec![0x1f, 0x9d, 0x90];
        let (mut buffer, mut held) = (0_u64, 0_usize);
        for code in codes {
            buffer |= code << held;
            held += 9;
        }
        packed.extend(&buffer.to_le_bytes()[..held.div_ceil(8)]);
        let mut text = Vec::new();
        Decoder::new(&packed[..])
            .read_to_end(&mut text)
            .expect("it is whole");
        assert_eq!(text, b"abababab");
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..500)) {
            let packed = [&[0x1f, 0x9d, 0x90][..], &bytes].concat();
            let mut out = Vec::new();
            let _ = Decoder::new(&packed[..]).read_to_end(&mut out);
        }
    }
}
