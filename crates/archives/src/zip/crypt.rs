//! Encrypted entries: the old cipher of PKWARE (APPNOTE.TXT 6.1) and AES as WinZip defines it
//! (AE-1, AE-2: PBKDF2-HMAC-SHA1, AES in a little-endian counter mode, HMAC-SHA1-80).

use std::io::{self, Read};

use aes::cipher::{Array, BlockCipherEncrypt, KeyInit};
use hmac::{Hmac, Mac};
use sha1::Sha1;

/// Keys of the old cipher.
#[derive(Clone, Copy)]
pub(crate) struct ZipCrypto([u32; 3]);

/// One step of CRC-32 without the final inversion, as the cipher wants it.
fn crc_step(crc: u32, byte: u8) -> u32 {
    (0..8).fold(crc ^ u32::from(byte), |crc, _| {
        (crc >> 1) ^ (0xedb8_8320 & 0_u32.wrapping_sub(crc & 1))
    })
}

impl ZipCrypto {
    pub(crate) fn new(password: &[u8]) -> Self {
        let mut keys = Self([0x1234_5678, 0x2345_6789, 0x3456_7890]);
        for &byte in password {
            keys.update(byte);
        }
        keys
    }

    fn update(&mut self, byte: u8) {
        let [a, b, c] = &mut self.0;
        *a = crc_step(*a, byte);
        *b = b
            .wrapping_add(*a & 0xff)
            .wrapping_mul(134_775_813)
            .wrapping_add(1);
        *c = crc_step(*c, (*b >> 24) as u8);
    }

    pub(crate) fn decrypt(&mut self, byte: u8) -> u8 {
        let temp = (self.0[2] & 0xffff) | 2;
        let key = (temp.wrapping_mul(temp ^ 1) >> 8) as u8;
        let plain = byte ^ key;
        self.update(plain);
        plain
    }
}

/// Decrypts with the old cipher what `inner` gives.
pub(crate) struct ZipCryptoReader<R> {
    pub(crate) inner: R,
    pub(crate) keys: ZipCrypto,
}

impl<R: Read> Read for ZipCryptoReader<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let done = self.inner.read(into)?;
        for byte in into.get_mut(..done).unwrap_or_default() {
            *byte = self.keys.decrypt(*byte);
        }
        Ok(done)
    }
}

/// Length of the salt of an AES strength (1, 2, 3).
pub(crate) const fn salt_length(strength: u8) -> Option<usize> {
    match strength {
        1 => Some(8),
        2 => Some(12),
        3 => Some(16),
        _ => None,
    }
}

enum Cipher {
    Aes128(Box<aes::Aes128>),
    Aes192(Box<aes::Aes192>),
    Aes256(Box<aes::Aes256>),
}

/// The keys of one AES entry.
pub(crate) struct AesKeys {
    cipher: Cipher,
    authentication: Vec<u8>,
}

impl AesKeys {
    /// Derives the keys; `None` if the two bytes of verification do not fit the password.
    pub(crate) fn new(password: &[u8], strength: u8, salt: &[u8], check: &[u8]) -> Option<Self> {
        let length = match strength {
            1 => 16,
            2 => 24,
            3 => 32,
            _ => return None,
        };
        let mut derived = vec![0; 2 * length + 2];
        pbkdf2::pbkdf2_hmac::<Sha1>(password, salt, 1000, &mut derived);
        if derived.get(2 * length..)? != check {
            return None;
        }
        let key = derived.get(..length)?;
        let cipher = match strength {
            1 => Cipher::Aes128(Box::new(aes::Aes128::new_from_slice(key).ok()?)),
            2 => Cipher::Aes192(Box::new(aes::Aes192::new_from_slice(key).ok()?)),
            _ => Cipher::Aes256(Box::new(aes::Aes256::new_from_slice(key).ok()?)),
        };
        Some(Self {
            cipher,
            authentication: derived.get(length..2 * length)?.to_vec(),
        })
    }

    /// Whether the first ten bytes of the HMAC over the encrypted data are these.
    pub(crate) fn authentic(&self, data: &mut dyn Read, stated: &[u8]) -> io::Result<bool> {
        let Ok(mut mac) = <Hmac<Sha1> as KeyInit>::new_from_slice(&self.authentication) else {
            return Ok(false);
        };
        let mut buffer = vec![0; 64 << 10];
        loop {
            let done = data.read(&mut buffer)?;
            if done == 0 {
                break;
            }
            mac.update(buffer.get(..done).unwrap_or_default());
        }
        let code = mac.finalize().into_bytes();
        Ok(code.get(..10) == Some(stated))
    }

    fn encrypt(&self, counter: u128) -> [u8; 16] {
        let mut block = Array::from(counter.to_le_bytes());
        match &self.cipher {
            Cipher::Aes128(cipher) => cipher.encrypt_block(&mut block),
            Cipher::Aes192(cipher) => cipher.encrypt_block(&mut block),
            Cipher::Aes256(cipher) => cipher.encrypt_block(&mut block),
        }
        block.into()
    }
}

/// Decrypts AES entries.
pub(crate) struct AesReader<R> {
    inner: R,
    keys: AesKeys,
    counter: u128,
    pad: [u8; 16],
    used: usize,
}

impl<R: Read> AesReader<R> {
    pub(crate) const fn new(inner: R, keys: AesKeys) -> Self {
        Self {
            inner,
            keys,
            counter: 0,
            pad: [0; 16],
            used: 16,
        }
    }
}

impl<R: Read> Read for AesReader<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let done = self.inner.read(into)?;
        for byte in into.get_mut(..done).unwrap_or_default() {
            if self.used == 16 {
                self.counter = self.counter.wrapping_add(1);
                self.pad = self.keys.encrypt(self.counter);
                self.used = 0;
            }
            *byte ^= self.pad.get(self.used).copied().unwrap_or(0);
            self.used += 1;
        }
        Ok(done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_old_cipher_undoes_itself() {
        let encrypt = |text: &[u8]| -> Vec<u8> {
            let mut keys = ZipCrypto::new(b"secret");
            text.iter()
                .map(|&plain| {
                    let temp = (keys.0[2] & 0xffff) | 2;
                    let key = (temp.wrapping_mul(temp ^ 1) >> 8) as u8;
                    keys.update(plain);
                    plain ^ key
                })
                .collect()
        };
        let mut keys = ZipCrypto::new(b"secret");
        let sealed = encrypt(b"hello");
        let opened: Vec<u8> = sealed.iter().map(|&byte| keys.decrypt(byte)).collect();
        assert_eq!(opened, b"hello");
    }
}
