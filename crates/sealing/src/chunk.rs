//! The form of a sealed file: a head, then chunks.
//!
//! ```text
//! head   8 magic and version · 1 cipher · 1 log2 of the chunk · 6 zero · 32 salt      48 bytes
//! chunk  65,536 bytes (the last: what remains) · 16 tag
//! ```
//!
//! This is the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár, "Online authenticated
//! encryption and its nonce-reuse misuse-resistance", 2015): the nonce is a counter of 11 bytes
//! and a flag for the last chunk, so chunks cannot be exchanged, left out, repeated or cut off.
//! The head is associated data of every chunk. An empty file is one empty last chunk; no other
//! chunk is empty, so each content has one form only.

use std::fmt;
use std::io::{self, Read};

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};

use crate::keys::{Cipher, FileKey, Subkey};

/// Bytes of content in each chunk but the last.
pub const CHUNK: usize = 1 << CHUNK_LOG2;
const CHUNK_LOG2: u8 = 16;
pub(crate) const TAG: usize = 16;
pub(crate) const SEALED_CHUNK: usize = CHUNK + TAG;
pub(crate) const HEAD: usize = 48;
const MAGIC: &[u8; 8] = b"tumen\0S\x01";

pub(crate) type Salt = [u8; 32];

/// Why sealed bytes do not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    #[error("not a sealed file, or its head is damaged")]
    NotSealed,
    #[error("sealed with a cipher or version that this program does not know")]
    UnknownForm,
    #[error("sealed with another cipher than this case uses")]
    OtherCipher,
    #[error("a sealed file that ends too early")]
    TooShort,
    /// Counted from 0. Also the answer to a wrong key.
    #[error("damaged at chunk {chunk}, or the wrong key")]
    Damaged { chunk: u64 },
}

impl SealError {
    /// The error inside an [`io::Error`], if it is one of ours.
    #[must_use]
    pub fn from_io(error: &io::Error) -> Option<Self> {
        error.get_ref()?.downcast_ref::<Self>().copied()
    }
}

impl From<SealError> for io::Error {
    fn from(error: SealError) -> Self {
        Self::new(io::ErrorKind::InvalidData, error)
    }
}

/// The head of a sealed file.
#[derive(Clone)]
pub(crate) struct Head {
    pub(crate) cipher: Cipher,
    pub(crate) salt: Salt,
}

impl Head {
    pub(crate) fn to_bytes(&self) -> [u8; HEAD] {
        let mut bytes = [0; HEAD];
        let fields: [&[u8]; 4] = [
            MAGIC,
            &[self.cipher.code(), CHUNK_LOG2],
            &[0; 6],
            &self.salt,
        ];
        let fields = fields.into_iter().flatten();
        bytes
            .iter_mut()
            .zip(fields)
            .for_each(|(to, from)| *to = *from);
        bytes
    }

    pub(crate) fn from_bytes(bytes: &[u8; HEAD]) -> Result<Self, SealError> {
        let rest = bytes.strip_prefix(MAGIC).ok_or(SealError::NotSealed)?;
        let [cipher, CHUNK_LOG2, 0, 0, 0, 0, 0, 0, salt @ ..] = rest else {
            return Err(SealError::UnknownForm);
        };
        Ok(Self {
            cipher: Cipher::from_code(*cipher).ok_or(SealError::UnknownForm)?,
            salt: salt.try_into().map_err(|_| SealError::NotSealed)?,
        })
    }
}

pub(crate) fn read_head(from: &mut impl Read) -> io::Result<Head> {
    let mut bytes = [0; HEAD];
    from.read_exact(&mut bytes).map_err(|error| {
        if error.kind() == io::ErrorKind::UnexpectedEof {
            SealError::TooShort.into()
        } else {
            error
        }
    })?;
    Ok(Head::from_bytes(&bytes)?)
}

/// How long a sealed file is, inside and outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    plain: u64,
    chunks: u64,
}

impl Layout {
    /// Of a content of so many bytes.
    #[must_use]
    pub const fn of_plain(plain: u64) -> Self {
        let chunks = plain.div_ceil(CHUNK as u64);
        Self {
            plain,
            chunks: if chunks == 0 { 1 } else { chunks },
        }
    }

    /// Of a sealed file of so many bytes.
    ///
    /// # Errors
    /// No content has a sealed form of this length.
    pub fn of_sealed(sealed: u64) -> Result<Self, SealError> {
        let body = sealed.checked_sub(HEAD as u64).ok_or(SealError::TooShort)?;
        let chunks = body.div_ceil(SEALED_CHUNK as u64);
        let tags = chunks.saturating_mul(TAG as u64);
        let layout = Self::of_plain(body.checked_sub(tags).ok_or(SealError::TooShort)?);
        if layout.sealed_len() == sealed {
            Ok(layout)
        } else {
            Err(SealError::TooShort)
        }
    }

    /// Bytes of the content.
    #[must_use]
    pub const fn plain_len(self) -> u64 {
        self.plain
    }

    /// Bytes of the sealed file.
    #[must_use]
    pub const fn sealed_len(self) -> u64 {
        let tags = self.chunks.saturating_mul(TAG as u64);
        self.plain.saturating_add(tags).saturating_add(HEAD as u64)
    }

    /// Never 0.
    #[must_use]
    pub const fn chunks(self) -> u64 {
        self.chunks
    }

    /// Where a chunk stands in the sealed file and how long it is there, its tag included.
    #[must_use]
    pub const fn place(self, chunk: u64) -> (u64, usize) {
        let before = chunk.saturating_mul(SEALED_CHUNK as u64);
        let at = before.saturating_add(HEAD as u64);
        let rest = self.sealed_len().saturating_sub(at);
        if rest < SEALED_CHUNK as u64 {
            (at, rest as usize)
        } else {
            (at, SEALED_CHUNK)
        }
    }

    /// Whether the chunk is the last one.
    #[must_use]
    pub const fn is_last(self, chunk: u64) -> bool {
        chunk.saturating_add(1) == self.chunks
    }
}

/// Seals or opens single chunks of one file. For whoever reads at many places at once, or keeps
/// opened chunks; [`crate::SealedReader`] is the simple way.
pub struct ChunkOpener {
    key: ChunkKey,
    head: [u8; HEAD],
}

enum ChunkKey {
    Aes256Gcm(Box<LessSafeKey>),
    Plain(Subkey),
}

impl fmt::Debug for ChunkOpener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChunkOpener(‹withheld›)")
    }
}

impl ChunkOpener {
    /// `head` is the first 48 bytes of the file.
    ///
    /// # Errors
    /// It is not the head of a file sealed with the key's cipher.
    pub fn new(key: &FileKey, head: [u8; HEAD]) -> Result<Self, SealError> {
        if Head::from_bytes(&head)?.cipher != key.cipher {
            return Err(SealError::OtherCipher);
        }
        let key = match key.cipher {
            Cipher::Plain => ChunkKey::Plain(key.key.clone()),
            Cipher::Aes256Gcm => {
                let unbound = UnboundKey::new(&AES_256_GCM, key.key.bytes());
                let unbound = unbound.map_err(|_| SealError::UnknownForm)?;
                ChunkKey::Aes256Gcm(Box::new(LessSafeKey::new(unbound)))
            }
        };
        Ok(Self { key, head })
    }

    /// Seals `content` in place and gives the tag that follows it.
    pub(crate) fn seal(
        &self,
        chunk: u64,
        last: bool,
        content: &mut [u8],
    ) -> Result<[u8; TAG], SealError> {
        match &self.key {
            ChunkKey::Plain(key) => Ok(plain_tag(key, &self.head, chunk, last, content)),
            ChunkKey::Aes256Gcm(key) => {
                let tag = key
                    .seal_in_place_separate_tag(nonce(chunk, last), Aad::from(&self.head), content)
                    .map_err(|_| SealError::Damaged { chunk })?;
                tag.as_ref()
                    .try_into()
                    .map_err(|_| SealError::Damaged { chunk })
            }
        }
    }

    /// Opens a chunk in place: `sealed` is the chunk with its tag, the answer its content.
    /// [`Layout::place`] says where it stands.
    ///
    /// # Errors
    /// It is not that chunk of that file. `sealed` then holds nothing of use.
    pub fn open<'a>(
        &self,
        chunk: u64,
        last: bool,
        sealed: &'a mut [u8],
    ) -> Result<&'a mut [u8], SealError> {
        let damaged = SealError::Damaged { chunk };
        match &self.key {
            ChunkKey::Aes256Gcm(key) => key
                .open_in_place(nonce(chunk, last), Aad::from(&self.head), sealed)
                .map_err(|_| damaged),
            ChunkKey::Plain(key) => {
                let (content, tag) = sealed.split_last_chunk_mut::<TAG>().ok_or(damaged)?;
                let expected = plain_tag(key, &self.head, chunk, last, content);
                // All bytes are looked at, so that time tells nothing about the expected tag.
                let differing = expected
                    .iter()
                    .zip(&*tag)
                    .fold(0, |sum, (a, b)| sum | (a ^ b));
                if differing == 0 {
                    Ok(content)
                } else {
                    Err(damaged)
                }
            }
        }
    }
}

fn position(chunk: u64, last: bool) -> [u8; 12] {
    let mut position = [0; 12];
    let counter = chunk.to_be_bytes();
    let fields = [0; 3].iter().chain(&counter);
    position
        .iter_mut()
        .zip(fields.chain(&[u8::from(last)]))
        .for_each(|(to, from)| *to = *from);
    position
}

fn nonce(chunk: u64, last: bool) -> Nonce {
    Nonce::assume_unique_for_key(position(chunk, last))
}

fn plain_tag(key: &Subkey, head: &[u8; HEAD], chunk: u64, last: bool, content: &[u8]) -> [u8; TAG] {
    // Head and position have fixed lengths, so the three cannot run into one another.
    let mut hasher = blake3::Hasher::new_keyed(key.bytes());
    hasher.update(head);
    hasher.update(&position(chunk, last));
    hasher.update(content);
    let mut tag = [0; TAG];
    hasher.finalize_xof().fill(&mut tag);
    tag
}
