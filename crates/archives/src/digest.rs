//! Checksums that WARC records state: `sha1:BASE32`, `sha256:HEX`.

use std::io::{self, BufRead, Read};

use sha1::Digest as _;

enum Sum {
    None,
    Sha1(sha1::Sha1),
    Sha256(sha2::Sha256),
}

/// Sums what is read and compares it in the end.
pub(crate) struct Digest<'a> {
    inner: &'a mut dyn BufRead,
    sum: Sum,
    stated: Vec<u8>,
}

impl<'a> Digest<'a> {
    pub(crate) fn new(stated: Option<&str>, inner: &'a mut dyn BufRead) -> Self {
        let (name, value) = stated
            .and_then(|text| text.split_once(':'))
            .unwrap_or_default();
        let (mut sum, length) = match name.trim().to_ascii_lowercase().as_str() {
            "sha1" => (Sum::Sha1(sha1::Sha1::new()), 20),
            "sha256" | "sha-256" => (Sum::Sha256(sha2::Sha256::new()), 32),
            _ => (Sum::None, 0),
        };
        let stated = bytes_of(value.trim(), length).unwrap_or_default();
        if stated.is_empty() {
            sum = Sum::None;
        }
        Self { inner, sum, stated }
    }

    /// Whether the checksum holds; `None` where none is stated that can be checked.
    pub(crate) fn fits(&self) -> Option<bool> {
        match &self.sum {
            Sum::None => None,
            Sum::Sha1(sum) => Some(sum.clone().finalize().as_slice() == self.stated),
            Sum::Sha256(sum) => Some(sum.clone().finalize().as_slice() == self.stated),
        }
    }

    fn update(&mut self, bytes: &[u8]) {
        match &mut self.sum {
            Sum::None => {}
            Sum::Sha1(sum) => sum.update(bytes),
            Sum::Sha256(sum) => sum.update(bytes),
        }
    }
}

impl Read for Digest<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let done = self.inner.read(into)?;
        self.update(into.get(..done).unwrap_or_default());
        Ok(done)
    }
}

impl BufRead for Digest<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        let taken = match self.inner.fill_buf() {
            Ok(near) => near
                .get(..amount.min(near.len()))
                .unwrap_or_default()
                .to_vec(),
            Err(_) => Vec::new(),
        };
        self.update(&taken);
        self.inner.consume(amount);
    }
}

/// Base32 (RFC 4648) or hexadecimal, whichever has the right length.
fn bytes_of(text: &str, length: usize) -> Option<Vec<u8>> {
    let text = text.trim_end_matches('=');
    let (bits, base) = if text.len() == length * 2 {
        (4, 16)
    } else if text.len() == (length * 8).div_ceil(5) {
        (5, 32)
    } else {
        return None;
    };
    let mut out = Vec::with_capacity(length);
    let (mut buffer, mut held) = (0_u32, 0);
    for c in text.chars() {
        let value = if base == 16 {
            c.to_digit(16)?
        } else {
            match c.to_ascii_uppercase() {
                c @ 'A'..='Z' => u32::from(c) - u32::from('A'),
                c @ '2'..='7' => u32::from(c) - u32::from('2') + 26,
                _ => return None,
            }
        };
        buffer = buffer << bits | value;
        held += bits;
        if held >= 8 {
            held -= 8;
            out.push((buffer >> held) as u8);
            buffer &= (1 << held) - 1;
        }
    }
    (out.len() == length).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_hold() {
        for (stated, want) in [
            ("sha1:VL2MMHO4YXUKFWV63YHTWSBM3GXKSQ2N", Some(true)),
            ("sha1:aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d", Some(true)),
            (
                "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
                Some(true),
            ),
            ("sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", Some(false)),
            ("md5:5d41402abc4b2a76b9719d911017c592", None),
            ("nonsense", None),
        ] {
            let mut bytes = &b"hello"[..];
            let mut digest = Digest::new(Some(stated), &mut bytes);
            io::copy(&mut digest, &mut io::sink()).expect("memory can be read");
            assert_eq!(digest.fits(), want, "{stated}");
        }
    }
}
