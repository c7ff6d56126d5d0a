//! Encrypted OpenDocument packages (ODF 1.2 part 3, §3.4 and §4.8): each part is deflated and then
//! sealed by itself, with AES in CBC mode or with Blowfish in CFB mode.

use std::io::Read;

use aes::cipher::{Array, BlockCipherEncrypt, KeyInit};
use blowfish::Blowfish;
use data_encoding::BASE64;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use crate::crypto::{ROUNDS, decrypt_cbc};
use crate::package::Package;
use crate::xml::{Tag, Token, Xml};

/// Rounds of key derivation over all parts; every part has a salt of its own.
const ALL_ROUNDS: u64 = 200_000_000;
/// Bytes of all parts together.
const ALL_BYTES: u64 = 256 << 20;

/// How one part is sealed.
#[derive(Debug, Default, Clone)]
struct Seal {
    path: String,
    checksum: Vec<u8>,
    /// The checksum, and the hash of the password, are SHA-256; else SHA-1.
    checksum_256: bool,
    start_256: bool,
    blowfish: bool,
    iv: Vec<u8>,
    salt: Vec<u8>,
    rounds: u32,
    key_len: usize,
    /// A cipher or key derivation that is not known here.
    unknown: bool,
}

/// How a package is sealed.
pub(crate) enum Sealed {
    No,
    /// As one piece, as LibreOffice 24.8 and later can do: not opened here.
    Whole,
    Parts(Vec<SealedPart>),
}

pub(crate) struct SealedPart(Seal);

/// What the manifest says of the parts.
pub(crate) fn sealed(package: &mut Package<'_>) -> Sealed {
    if package.has("encrypted-package") {
        return Sealed::Whole;
    }
    let seals = package
        .xml("META-INF/manifest.xml")
        .map(seals)
        .unwrap_or_default();
    if seals.is_empty() {
        return Sealed::No;
    }
    Sealed::Parts(seals.into_iter().map(SealedPart).collect())
}

fn seals(mut xml: Xml<'_>) -> Vec<Seal> {
    let mut found: Vec<Seal> = Vec::new();
    let mut path = String::new();
    loop {
        match xml.next() {
            Token::Open(tag) => match tag.name() {
                "file-entry" => path = tag.attr("full-path").unwrap_or_default().into_owned(),
                "encryption-data" if found.len() < 100_000 => found.push(Seal {
                    path: path.clone(),
                    checksum: base64(&tag, "checksum"),
                    checksum_256: says_256(&tag, "checksum-type"),
                    key_len: 16,
                    rounds: 1024,
                    ..Seal::default()
                }),
                name => {
                    if let Some(seal) = found.last_mut() {
                        seal.more(name, &tag);
                    }
                }
            },
            Token::End => return found,
            _ => {}
        }
    }
}

fn base64(tag: &Tag<'_>, name: &str) -> Vec<u8> {
    let text = tag.attr(name).unwrap_or_default();
    BASE64.decode(text.trim().as_bytes()).unwrap_or_default()
}

fn says_256(tag: &Tag<'_>, name: &str) -> bool {
    tag.attr(name).is_some_and(|value| value.contains("256"))
}

impl Seal {
    fn more(&mut self, name: &str, tag: &Tag<'_>) {
        match name {
            "algorithm" => {
                let cipher = tag
                    .attr("algorithm-name")
                    .unwrap_or_default()
                    .to_lowercase();
                self.blowfish = cipher.contains("blowfish");
                self.unknown |= !self.blowfish && !cipher.ends_with("-cbc");
                self.iv = base64(tag, "initialisation-vector");
            }
            "start-key-generation" => self.start_256 = says_256(tag, "start-key-generation-name"),
            "key-derivation" => {
                let method = tag.attr("key-derivation-name").unwrap_or_default();
                self.unknown |= !method.eq_ignore_ascii_case("pbkdf2");
                self.salt = base64(tag, "salt");
                self.rounds = tag.number("iteration-count").unwrap_or(1024);
                self.key_len = tag.number("key-size").unwrap_or(16);
                self.unknown |=
                    self.rounds == 0 || self.rounds > ROUNDS || !matches!(self.key_len, 4..=56);
            }
            _ => {}
        }
    }

    /// The part as it was deflated, if the password fits.
    fn open(&self, password: &str, data: &[u8]) -> Option<Vec<u8>> {
        let start = if self.start_256 {
            Sha256::digest(password.as_bytes()).to_vec()
        } else {
            Sha1::digest(password.as_bytes()).to_vec()
        };
        let mut key = vec![0; self.key_len];
        pbkdf2::pbkdf2_hmac::<Sha1>(&start, &self.salt, self.rounds, &mut key);
        let clear = if self.blowfish {
            blowfish_cfb(&key, &self.iv, data)?
        } else {
            let mut clear = decrypt_cbc(&key, &self.iv, data)?;
            // The last byte counts the padding.
            let padding = usize::from(*clear.last()?);
            if !(1..=16).contains(&padding) {
                return None;
            }
            clear.truncate(clear.len().checked_sub(padding)?);
            clear
        };
        if self.checksum.is_empty() {
            return inflated(&clear, 64).map(|_| clear);
        }
        let first = clear.get(..1024).unwrap_or(&clear);
        let sum = if self.checksum_256 {
            Sha256::digest(first).to_vec()
        } else {
            Sha1::digest(first).to_vec()
        };
        (sum == self.checksum).then_some(clear)
    }
}

/// Blowfish in CFB mode with blocks of 64 bits.
fn blowfish_cfb(key: &[u8], iv: &[u8], data: &[u8]) -> Option<Vec<u8>> {
    let cipher: Blowfish = Blowfish::new_from_slice(key).ok()?;
    let mut last: [u8; 8] = iv.get(..8)?.try_into().ok()?;
    let mut out = Vec::with_capacity(data.len());
    for chunk in data.chunks(8) {
        let mut block = Array::from(last);
        cipher.encrypt_block(&mut block);
        out.extend(
            chunk
                .iter()
                .zip(block.iter())
                .map(|(byte, with)| byte ^ with),
        );
        if let Ok(whole) = chunk.try_into() {
            last = whole;
        }
    }
    Some(out)
}

fn inflated(bytes: &[u8], most: u64) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let read = flate2::read::DeflateDecoder::new(bytes)
        .take(most)
        .read_to_end(&mut out);
    (read.is_ok() || !out.is_empty()).then_some(out)
}

/// A package that a password opened.
#[derive(Default)]
pub(crate) struct Opened {
    /// Parts in the clear, by name.
    pub(crate) parts: Vec<(String, Vec<u8>)>,
    /// Names of those that did not open.
    pub(crate) lost: Vec<String>,
}

/// All parts in the clear; `None` if no password fits.
pub(crate) fn open(
    package: &mut Package<'_>,
    parts: &[SealedPart],
    passwords: &[String],
) -> Option<Opened> {
    // The part that says most is tried first; all share the password.
    let first = parts
        .iter()
        .find(|part| part.0.path == "content.xml")
        .or_else(|| parts.first())
        .filter(|part| !part.0.unknown)?;
    let data = package.bytes(&first.0.path)?;
    let password = passwords
        .iter()
        .find(|password| first.0.open(password, &data).is_some())?;
    let mut all = Opened::default();
    let (mut rounds, mut left) = (0_u64, ALL_BYTES);
    for name in package.names().to_vec() {
        let Some(data) = package.bytes(&name) else {
            all.lost.push(name);
            continue;
        };
        let seal = parts.iter().find(|part| part.0.path == name);
        let clear = match seal {
            None => Some(data),
            Some(SealedPart(seal)) if seal.unknown => None,
            Some(SealedPart(seal)) => {
                rounds = rounds.saturating_add(seal.rounds.into());
                let opened = (rounds < ALL_ROUNDS)
                    .then(|| seal.open(password, &data))
                    .flatten();
                opened.and_then(|packed| inflated(&packed, left))
            }
        };
        match clear {
            Some(clear) if (clear.len() as u64) < left => {
                left = left.saturating_sub(clear.len() as u64);
                all.parts.push((name, clear));
            }
            _ => all.lost.push(name),
        }
    }
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blowfish_as_published() {
        // Eric Young's vectors for CFB-64.
        let key = data_encoding::HEXUPPER
            .decode(b"0123456789ABCDEFF0E1D2C3B4A59687")
            .unwrap();
        let iv = data_encoding::HEXUPPER.decode(b"FEDCBA9876543210").unwrap();
        let sealed = data_encoding::HEXUPPER
            .decode(b"E73214A2822139CAF26ECF6D2EB9E76E3DA3DE04D1517200519D57A6C3")
            .unwrap();
        let clear = blowfish_cfb(&key, &iv, &sealed).unwrap();
        assert_eq!(clear, b"7654321 Now is the time for \0");
    }
}
