//! The two hashes of an original, in one pass.

use std::io::{self, Write};

use casefile::{Blake3, Sha256};
use ring::digest;

/// SHA-256 and BLAKE3 of the same bytes, and how many they are.
///
/// Both are computed piece by piece while the bytes are warm in the processor's cache.
#[derive(Clone)]
pub struct Hasher {
    sha256: digest::Context,
    blake3: blake3::Hasher,
    len: u64,
}

/// The piece that both hashes see before the next one is touched: it fits the first-level cache.
const PIECE: usize = 16 << 10;

impl Hasher {
    #[must_use]
    pub fn new() -> Self {
        Self {
            sha256: digest::Context::new(&digest::SHA256),
            blake3: blake3::Hasher::new(),
            len: 0,
        }
    }

    pub fn update(&mut self, bytes: &[u8]) {
        for piece in bytes.chunks(PIECE) {
            self.sha256.update(piece);
            self.blake3.update(piece);
        }
        self.len = self.len.saturating_add(bytes.len() as u64);
    }

    /// The hashes and the number of bytes.
    #[must_use]
    pub fn finish(self) -> (Sha256, Blake3, u64) {
        let blake3 = Blake3(*self.blake3.finalize().as_bytes());
        (narrow(&self.sha256.finish()), blake3, self.len)
    }
}

impl Default for Hasher {
    fn default() -> Self {
        Self::new()
    }
}

impl Write for Hasher {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// SHA-256 (FIPS 180-4).
#[must_use]
pub fn sha256(bytes: &[u8]) -> Sha256 {
    narrow(&digest::digest(&digest::SHA256, bytes))
}

/// BLAKE3, unkeyed.
#[must_use]
pub fn blake3(bytes: &[u8]) -> Blake3 {
    Blake3(*blake3::hash(bytes).as_bytes())
}

fn narrow(digest: &digest::Digest) -> Sha256 {
    let mut hash = [0; 32];
    hash.iter_mut()
        .zip(digest.as_ref())
        .for_each(|(to, from)| *to = *from);
    Sha256(hash)
}
