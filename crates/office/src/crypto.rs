//! Passwords of Office files: agile and standard encryption of OOXML packages (MS-OFFCRYPTO 2.3.4)
//! and RC4 encryption of binary workbooks (2.3.5, 2.3.6; the cipher itself is in `legacy`).

use aes::cipher::{Array, BlockCipherDecrypt, KeyInit};
use aes::{Aes128, Aes192, Aes256};
use legacy::crypt::Key;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::xml::{Token, Xml};

/// With this password Excel itself locks files that must open without asking.
pub(crate) const DEFAULT_PASSWORD: &str = "VelvetSweatshop";
/// More rounds than any program writes; a file that asks for more wants to burn time.
pub(crate) const ROUNDS: u32 = 2_000_000;

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Hash {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    fn named(name: &str) -> Option<Self> {
        Some(match name.to_uppercase().replace('-', "").as_str() {
            "SHA1" => Self::Sha1,
            "SHA256" => Self::Sha256,
            "SHA384" => Self::Sha384,
            "SHA512" => Self::Sha512,
            _ => return None,
        })
    }

    fn of(self, parts: &[&[u8]]) -> Vec<u8> {
        fn digest<D: Digest>(parts: &[&[u8]]) -> Vec<u8> {
            let mut hash = D::new();
            for part in parts {
                hash.update(part);
            }
            hash.finalize().to_vec()
        }
        match self {
            Self::Sha1 => digest::<Sha1>(parts),
            Self::Sha256 => digest::<Sha256>(parts),
            Self::Sha384 => digest::<Sha384>(parts),
            Self::Sha512 => digest::<Sha512>(parts),
        }
    }
}

enum Aes {
    A128(Aes128),
    A192(Aes192),
    A256(Aes256),
}

impl Aes {
    fn new(key: &[u8]) -> Option<Self> {
        Some(match key.len() {
            16 => Self::A128(Aes128::new_from_slice(key).ok()?),
            24 => Self::A192(Aes192::new_from_slice(key).ok()?),
            32 => Self::A256(Aes256::new_from_slice(key).ok()?),
            _ => return None,
        })
    }

    fn block(&self, bytes: [u8; 16]) -> [u8; 16] {
        let mut block = Array::from(bytes);
        match self {
            Self::A128(aes) => aes.decrypt_block(&mut block),
            Self::A192(aes) => aes.decrypt_block(&mut block),
            Self::A256(aes) => aes.decrypt_block(&mut block),
        }
        block.into()
    }
}

/// Whole blocks only; `iv` chains them (CBC), none leaves them alone (ECB).
fn decrypt(key: &[u8], iv: Option<&[u8]>, data: &[u8]) -> Option<Vec<u8>> {
    let aes = Aes::new(key)?;
    let mut previous: Option<[u8; 16]> = match iv {
        Some(iv) => Some(iv.get(..16)?.try_into().ok()?),
        None => None,
    };
    let mut out = Vec::with_capacity(data.len());
    for block in data.chunks_exact(16) {
        let block: [u8; 16] = block.try_into().ok()?;
        let mut clear = aes.block(block);
        if let Some(last) = &mut previous {
            for (byte, with) in clear.iter_mut().zip(last.iter()) {
                *byte ^= with;
            }
            *last = block;
        }
        out.extend_from_slice(&clear);
    }
    Some(out)
}

/// AES in CBC mode, the key's length deciding which; whole blocks only.
pub(crate) fn decrypt_cbc(key: &[u8], iv: &[u8], data: &[u8]) -> Option<Vec<u8>> {
    decrypt(key, Some(iv), data)
}

fn fitted(mut bytes: Vec<u8>, len: usize, with: u8) -> Vec<u8> {
    bytes.resize(len, with);
    bytes
}

struct Agile {
    package_salt: Vec<u8>,
    package_hash: Hash,
    block: usize,
    rounds: u32,
    salt: Vec<u8>,
    hash: Hash,
    key_len: usize,
    verifier: Vec<u8>,
    verifier_hash: Vec<u8>,
    key: Vec<u8>,
}

impl Agile {
    fn read(bytes: &[u8]) -> Option<Self> {
        let mut xml = Xml::new(bytes);
        let decode = |text: Option<std::borrow::Cow<'_, str>>| {
            data_encoding::BASE64.decode(text?.trim().as_bytes()).ok()
        };
        let mut package = None;
        loop {
            match xml.next() {
                Token::Open(tag) if tag.name() == "keyData" => {
                    package = Some((
                        decode(tag.attr("saltValue"))?,
                        Hash::named(&tag.attr("hashAlgorithm")?)?,
                        tag.number::<usize>("blockSize")?,
                    ));
                }
                Token::Open(tag) if tag.name() == "encryptedKey" => {
                    let (package_salt, package_hash, block) = package?;
                    let aes = tag.attr("cipherAlgorithm")? == "AES";
                    let chained = tag.attr("cipherChaining")? == "ChainingModeCBC";
                    let rounds = tag.number::<u32>("spinCount")?;
                    return (aes && chained && block == 16 && rounds <= ROUNDS).then_some(Self {
                        package_salt,
                        package_hash,
                        block,
                        rounds,
                        salt: decode(tag.attr("saltValue"))?,
                        hash: Hash::named(&tag.attr("hashAlgorithm")?)?,
                        key_len: tag.number::<usize>("keyBits")?.min(512) / 8,
                        verifier: decode(tag.attr("encryptedVerifierHashInput"))?,
                        verifier_hash: decode(tag.attr("encryptedVerifierHashValue"))?,
                        key: decode(tag.attr("encryptedKeyValue"))?,
                    });
                }
                Token::End => return None,
                _ => {}
            }
        }
    }

    fn unlock(&self, password: &str) -> Option<Vec<u8>> {
        let mut hash = self.hash.of(&[&self.salt, &utf16(password)]);
        for round in 0..self.rounds {
            hash = self.hash.of(&[&round.to_le_bytes(), &hash]);
        }
        let iv = fitted(self.salt.clone(), self.block, 0x36);
        let open = |purpose: [u8; 8], data: &[u8]| {
            let key = fitted(self.hash.of(&[&hash, &purpose]), self.key_len, 0x36);
            decrypt(&key, Some(&iv), data)
        };
        let verifier = open(
            [0xfe, 0xa7, 0xd2, 0x76, 0x3b, 0x4b, 0x9e, 0x79],
            &self.verifier,
        )?;
        let expected = open(
            [0xd7, 0xaa, 0x0f, 0x6d, 0x30, 0x61, 0x34, 0x4e],
            &self.verifier_hash,
        )?;
        let verifier = verifier.get(..self.salt.len().min(verifier.len()))?;
        let found = self.hash.of(&[verifier]);
        (expected.get(..found.len())? == found.as_slice()).then_some(())?;
        let mut key = open([0x14, 0x6e, 0x0b, 0xe7, 0xab, 0xac, 0xd0, 0xd6], &self.key)?;
        key.truncate(self.key_len);
        Some(key)
    }

    fn open(&self, key: &[u8], package: &[u8]) -> Option<Vec<u8>> {
        let (size, data) = package.split_first_chunk::<8>()?;
        let size = usize::try_from(u64::from_le_bytes(*size)).ok()?;
        let mut out = Vec::with_capacity(data.len());
        for (at, segment) in data.chunks(4096).enumerate() {
            let at = u32::try_from(at).ok()?;
            let iv = self
                .package_hash
                .of(&[&self.package_salt, &at.to_le_bytes()]);
            let iv = fitted(iv, self.block, 0x36);
            out.extend(decrypt(key, Some(&iv), segment)?);
        }
        out.truncate(size);
        Some(out)
    }
}

struct Standard {
    salt: Vec<u8>,
    key_len: usize,
    verifier: Vec<u8>,
    verifier_hash: Vec<u8>,
}

impl Standard {
    fn read(info: &[u8]) -> Option<Self> {
        let header_len = usize::try_from(u32_at(info, 8)?).ok()?;
        let algorithm = u32_at(info, 20)?;
        let bits = usize::try_from(u32_at(info, 28)?).ok()?;
        let bits = match (bits, algorithm) {
            (0, 0x660e) => 128,
            (0, 0x660f) => 192,
            (0, 0x6610) => 256,
            (bits, _) => bits,
        };
        let at = 12_usize.checked_add(header_len)?;
        let verifier = info.get(at..)?;
        Some(Self {
            salt: verifier.get(4..20)?.to_vec(),
            key_len: bits / 8,
            verifier: verifier.get(20..36)?.to_vec(),
            verifier_hash: verifier.get(40..72)?.to_vec(),
        })
    }

    fn unlock(&self, password: &str) -> Option<Vec<u8>> {
        let mut hash = Hash::Sha1.of(&[&self.salt, &utf16(password)]);
        for round in 0..50_000_u32 {
            hash = Hash::Sha1.of(&[&round.to_le_bytes(), &hash]);
        }
        let hash = Hash::Sha1.of(&[&hash, &[0; 4]]);
        let half = |with: u8| {
            let mut pad = [with; 64];
            for (byte, of_hash) in pad.iter_mut().zip(&hash) {
                *byte ^= of_hash;
            }
            Hash::Sha1.of(&[&pad])
        };
        let mut key = half(0x36);
        key.extend(half(0x5c));
        key.truncate(self.key_len);
        let verifier = decrypt(&key, None, &self.verifier)?;
        let expected = decrypt(&key, None, &self.verifier_hash)?;
        let found = Hash::Sha1.of(&[&verifier]);
        (expected.get(..20)? == found.as_slice()).then_some(key)
    }
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(four.try_into().ok()?))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let two = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_le_bytes(two.try_into().ok()?))
}

/// The package inside its OLE envelope, if one of the passwords opens it.
pub(crate) fn open_package(info: &[u8], package: &[u8], passwords: &[String]) -> Option<Vec<u8>> {
    let all = std::iter::once(DEFAULT_PASSWORD).chain(passwords.iter().map(String::as_str));
    let version = (u16_at(info, 0)?, u16_at(info, 2)?);
    if version == (4, 4) {
        let agile = Agile::read(info.get(8..)?)?;
        let key = { all }.find_map(|password| agile.unlock(password))?;
        return agile.open(&key, package);
    }
    if version.1 != 2 {
        return None;
    }
    let standard = Standard::read(info)?;
    let key = { all }.find_map(|password| standard.unlock(password))?;
    let (size, data) = package.split_first_chunk::<8>()?;
    let mut out = decrypt(&key, None, data)?;
    out.truncate(usize::try_from(u64::from_le_bytes(*size)).ok()?);
    Some(out)
}

/// The key of a binary workbook, if a password fits its FILEPASS record (MS-XLS 2.4.117).
pub(crate) fn workbook_key(filepass: &[u8], passwords: &[String]) -> Option<Key> {
    // 0 is obfuscation by XOR, which no Excel since 97 writes.
    if u16_at(filepass, 0)? != 1 {
        return None;
    }
    let seal = legacy::crypt::seal(filepass.get(2..)?)?;
    std::iter::once(DEFAULT_PASSWORD)
        .chain(passwords.iter().map(String::as_str))
        .find_map(|password| seal.key(password))
}

/// The stream of a workbook in the clear. The key stream runs over everything; record headers and
/// a few records are stored as they are (MS-XLS 2.2.10).
pub(crate) fn clear_workbook(key: &Key, stream: &[u8]) -> Vec<u8> {
    let mut keys = vec![0; stream.len()];
    key.open_stream(1024, &mut keys);
    let mut out = stream.to_vec();
    let mut at = 0_usize;
    while let (Some(kind), Some(len)) = (u16_at(stream, at), u16_at(stream, at.saturating_add(2))) {
        let start = at.saturating_add(4);
        let end = start.saturating_add(usize::from(len)).min(stream.len());
        // BOF, FILEPASS, INTERFACEHDR, RRD records; BOUNDSHEET keeps its position.
        let from = match kind {
            0x0809 | 0x002f | 0x00e1 | 0x0194 | 0x0195 | 0x0196 | 0x0138 => end,
            0x0085 => start.saturating_add(4).min(end),
            _ => start.min(end),
        };
        if let (Some(bytes), Some(keys)) = (out.get_mut(from..end), keys.get(from..end)) {
            for (byte, with) in bytes.iter_mut().zip(keys) {
                *byte ^= with;
            }
        }
        at = end.max(start);
    }
    out
}
