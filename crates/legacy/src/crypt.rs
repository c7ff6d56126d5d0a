//! Passwords of Office 97 to 2003: RC4 with 40-bit keys and RC4 through CryptoAPI
//! (MS-OFFCRYPTO 2.3.5 and 2.3.6).

use md5::{Digest, Md5};
use sha1::Sha1;

use crate::ole::{size_at, u16_at, u32_at};

/// RC4, which only these files still need.
struct Rc4 {
    state: [u8; 256],
    i: u8,
    j: u8,
}

impl Rc4 {
    fn new(key: &[u8]) -> Self {
        let mut state: [u8; 256] = std::array::from_fn(|i| u8::try_from(i).unwrap_or(0));
        let mut j = 0_u8;
        if !key.is_empty() {
            for (i, key) in (0..256).zip(key.iter().cycle()) {
                j = j
                    .wrapping_add(state.get(i).copied().unwrap_or(0))
                    .wrapping_add(*key);
                state.swap(i, j.into());
            }
        }
        Self { state, i: 0, j: 0 }
    }

    fn apply(&mut self, bytes: &mut [u8]) {
        let at = |state: &[u8; 256], i: u8| state.get(usize::from(i)).copied().unwrap_or(0);
        for byte in bytes {
            self.i = self.i.wrapping_add(1);
            self.j = self.j.wrapping_add(at(&self.state, self.i));
            self.state.swap(self.i.into(), self.j.into());
            let sum = at(&self.state, self.i).wrapping_add(at(&self.state, self.j));
            *byte ^= at(&self.state, sum);
        }
    }
}

/// The key of a file, once the right password was found.
pub enum Key {
    /// Of RC4 with 40 bits.
    Md5([u8; 5]),
    /// Of RC4 through CryptoAPI.
    Sha1 { hash: [u8; 20], bytes: usize },
}

impl Key {
    fn cipher(&self, block: u32) -> Rc4 {
        match self {
            Self::Md5(key) => {
                let hash = Md5::new()
                    .chain_update(key)
                    .chain_update(block.to_le_bytes())
                    .finalize();
                Rc4::new(&hash)
            }
            Self::Sha1 { hash, bytes } => {
                let hash = Sha1::new()
                    .chain_update(hash)
                    .chain_update(block.to_le_bytes())
                    .finalize();
                let mut key = hash.get(..*bytes).unwrap_or(&hash).to_vec();
                if *bytes == 5 {
                    key.resize(16, 0);
                }
                Rc4::new(&key)
            }
        }
    }

    /// Opens bytes that were sealed as one block.
    pub fn open_block(&self, block: u32, bytes: &mut [u8]) {
        self.cipher(block).apply(bytes);
    }

    /// Opens a stream that was sealed in blocks of `size`, from its first byte.
    pub fn open_stream(&self, size: usize, bytes: &mut [u8]) {
        for (block, chunk) in (0..).zip(bytes.chunks_mut(size)) {
            self.open_block(block, chunk);
        }
    }
}

/// How a file is sealed.
#[derive(Debug)]
pub enum Seal<'a> {
    /// MD5 and keys of 40 bits.
    Rc4 {
        salt: &'a [u8],
        verifier: &'a [u8],
        hash: &'a [u8],
    },
    /// SHA-1 in place of MD5, with keys of 40 to 128 bits.
    CryptoApi {
        salt: &'a [u8],
        verifier: &'a [u8],
        hash: &'a [u8],
        key_bytes: usize,
    },
}

/// Reads an encryption header (version, then what belongs to it); `None` for kinds not known.
#[must_use]
pub fn seal(bytes: &[u8]) -> Option<Seal<'_>> {
    let (major, minor) = (u16_at(bytes, 0)?, u16_at(bytes, 2)?);
    if (major, minor) == (1, 1) {
        return Some(Seal::Rc4 {
            salt: bytes.get(4..20)?,
            verifier: bytes.get(20..36)?,
            hash: bytes.get(36..52)?,
        });
    }
    if !matches!(major, 2..=4) || minor != 2 {
        return None;
    }
    let header = size_at(bytes, 8)?;
    let algorithm = u32_at(bytes, 12 + 8)?;
    let bits = u32_at(bytes, 12 + 16)?;
    // Only RC4 occurs in these formats (0 leaves it to the flags).
    if !matches!(algorithm, 0x6801 | 0) {
        return None;
    }
    let rest = bytes.get(12_usize.checked_add(header)?..)?;
    Some(Seal::CryptoApi {
        salt: rest.get(4..20)?,
        verifier: rest.get(20..36)?,
        hash: rest.get(40..60)?,
        key_bytes: if bits == 0 {
            5
        } else {
            usize::try_from(bits / 8).ok()?.clamp(5, 16)
        },
    })
}

impl Seal<'_> {
    /// The key that `password` gives, if it is the right one.
    #[must_use]
    pub fn key(&self, password: &str) -> Option<Key> {
        let password: Vec<u8> = password.encode_utf16().flat_map(u16::to_le_bytes).collect();
        match self {
            Self::Rc4 {
                salt,
                verifier,
                hash,
            } => {
                let first = Md5::digest(&password);
                let mut all = Md5::new();
                for _ in 0..16 {
                    all.update(first.get(..5)?);
                    all.update(salt);
                }
                let key = Key::Md5(all.finalize().get(..5)?.try_into().ok()?);
                let mut opened = [verifier, *hash].concat();
                key.open_block(0, &mut opened);
                let (verifier, hash) = opened.split_at_checked(16)?;
                (Md5::digest(verifier).as_slice() == hash).then_some(key)
            }
            Self::CryptoApi {
                salt,
                verifier,
                hash,
                key_bytes,
            } => {
                let first = Sha1::new()
                    .chain_update(salt)
                    .chain_update(&password)
                    .finalize();
                let key = Key::Sha1 {
                    hash: first.as_slice().try_into().ok()?,
                    bytes: *key_bytes,
                };
                let mut opened = [verifier, *hash].concat();
                key.open_block(0, &mut opened);
                let (verifier, hash) = opened.split_at_checked(16)?;
                (Sha1::digest(verifier).as_slice() == hash).then_some(key)
            }
        }
    }
}

/// A key and the header (RC4 through CryptoAPI, 128 bits) that it is checked by, for tests.
#[cfg(test)]
pub(crate) fn sealed_by(password: &str) -> (Key, Vec<u8>) {
    let salt = [5; 16];
    let password: Vec<u8> = password.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let hash = Sha1::new()
        .chain_update(salt)
        .chain_update(&password)
        .finalize();
    let key = Key::Sha1 {
        hash: hash.into(),
        bytes: 16,
    };
    let mut verifier = [&[7; 16][..], Sha1::digest([7; 16]).as_slice()].concat();
    key.open_block(0, &mut verifier);
    let mut header = vec![4, 0, 2, 0];
    for word in [4_u32, 32, 4, 0, 0x6801, 0x8004, 128, 1, 0, 0, 16] {
        header.extend(word.to_le_bytes());
    }
    header.extend(salt);
    let (verifier, hash) = verifier.split_at(16);
    header.extend(verifier);
    header.extend(20_u32.to_le_bytes());
    header.extend(hash);
    (key, header)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rc4_as_published() {
        // RFC 6229, key 0102030405.
        let mut bytes = [0; 8];
        Rc4::new(&[1, 2, 3, 4, 5]).apply(&mut bytes);
        assert_eq!(bytes, [0xb2, 0x39, 0x63, 0x05, 0xf0, 0x3d, 0xc0, 0x27]);
    }

    #[test]
    fn only_the_right_password_opens() {
        let salt = [9; 16];
        let sealed = |key: &Key, hash: &[u8]| {
            let mut sealed = [&[7; 16][..], hash].concat();
            key.open_block(0, &mut sealed);
            sealed
        };
        let first = Sha1::new()
            .chain_update(salt)
            .chain_update([b'a', 0])
            .finalize();
        let key = Key::Sha1 {
            hash: first.into(),
            bytes: 16,
        };
        let bytes = sealed(&key, &Sha1::digest([7; 16]));
        let (verifier, hash) = bytes.split_at(16);
        let seal = Seal::CryptoApi {
            salt: &salt,
            verifier,
            hash,
            key_bytes: 16,
        };
        assert!(seal.key("a").is_some() && seal.key("b").is_none());
        assert!(seal.key("").is_none());
    }
}
