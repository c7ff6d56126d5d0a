//! The vault key and everything that is derived from it.

use std::fmt;
use std::io::{self, Read, Seek, Write};

use casefile::Sha256;
use data_encoding::HEXLOWER;
use ring::hkdf;
use zeroize::{Zeroize, Zeroizing};

use crate::chunk::{self, Salt};
use crate::{SealError, SealedReader, SealedWriter, SigningKey, random};

/// What one derived key is for. Keys of different purposes tell nothing about one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// The raw key of the encrypted database.
    Database,
    /// The bytes of originals.
    Blob,
    /// The names under which originals lie, so that a listing of the folder tells no hashes.
    BlobName,
    /// The files of the search index.
    Index,
    /// The seed of the key that signs the log.
    LogSigning,
    /// Exports and backups.
    Export,
    /// The authentication of the key file.
    KeyFile,
    /// Salted commitments that stand in the log in place of names.
    Commitment,
}

impl Purpose {
    /// The label in the derivation. Changing one makes existing cases unreadable.
    const fn label(self) -> &'static str {
        match self {
            Self::Database => "tumen/1/database",
            Self::Blob => "tumen/1/blob",
            Self::BlobName => "tumen/1/blob-name",
            Self::Index => "tumen/1/index",
            Self::LogSigning => "tumen/1/log-signing",
            Self::Export => "tumen/1/export",
            Self::KeyFile => "tumen/1/key-file",
            Self::Commitment => "tumen/1/commitment",
        }
    }
}

/// How chunks are sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cipher {
    /// AES-256 in Galois/counter mode (NIST SP 800-38D): secret and authentic.
    Aes256Gcm,
    /// In the clear with a keyed BLAKE3 tag of 16 bytes: not secret, damage is still found.
    Plain,
}

impl Cipher {
    /// The name in the key file.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Aes256Gcm => "aes-256-gcm",
            Self::Plain => "plain",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        [Self::Aes256Gcm, Self::Plain]
            .into_iter()
            .find(|cipher| cipher.name() == name)
    }

    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Aes256Gcm => 1,
            Self::Plain => 2,
        }
    }

    pub(crate) const fn from_code(code: u8) -> Option<Self> {
        match code {
            1 => Some(Self::Aes256Gcm),
            2 => Some(Self::Plain),
            _ => None,
        }
    }
}

/// 32 secret bytes that are wiped when dropped and never printed.
macro_rules! secret {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name(pub(crate) [u8; 32]);

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(‹withheld›)"))
            }
        }

        impl Drop for $name {
            fn drop(&mut self) {
                self.0.zeroize();
            }
        }

        impl $name {
            /// The secret itself.
            #[must_use]
            pub const fn bytes(&self) -> &[u8; 32] {
                &self.0
            }
        }
    };
}

secret!(
    /// The one random key of a case; all others are derived from it.
    VaultKey
);
secret!(
    /// A key derived for one [`Purpose`].
    Subkey
);

impl Subkey {
    /// As 64 hexadecimal digits, wiped when dropped (the form that SQLCipher wants raw keys in).
    #[must_use]
    pub fn hex(&self) -> Zeroizing<String> {
        Zeroizing::new(HEXLOWER.encode(&self.0))
    }
}

/// HKDF-SHA256 (RFC 5869) to 32 bytes.
pub(crate) fn derive(key: &[u8], salt: &[u8], info: &[&[u8]]) -> [u8; 32] {
    let mut derived = [0; 32];
    // 32 bytes are one block of output; the only failure is to ask for more than 255 blocks.
    if let Ok(material) = hkdf::Salt::new(hkdf::HKDF_SHA256, salt)
        .extract(key)
        .expand(info, hkdf::HKDF_SHA256)
        && material.fill(&mut derived).is_ok()
    {
        return derived;
    }
    unreachable!("HKDF gives 32 bytes for any key, salt and label")
}

impl VaultKey {
    /// A fresh random key.
    ///
    /// # Errors
    /// The system gives no random bytes.
    pub fn random() -> io::Result<Self> {
        Ok(Self(random::bytes()?))
    }

    #[must_use]
    pub fn subkey(&self, purpose: Purpose) -> Subkey {
        Subkey(derive(
            &self.0,
            b"tumen/1/vault",
            &[purpose.label().as_bytes()],
        ))
    }
}

/// The vault key of an open case, and how the case is sealed.
#[derive(Debug, Clone)]
pub struct Keys {
    vault: VaultKey,
    cipher: Cipher,
}

impl Keys {
    #[must_use]
    pub const fn new(vault: VaultKey, cipher: Cipher) -> Self {
        Self { vault, cipher }
    }

    /// Fresh keys.
    ///
    /// # Errors
    /// The system gives no random bytes.
    pub fn random(cipher: Cipher) -> io::Result<Self> {
        Ok(Self::new(VaultKey::random()?, cipher))
    }

    #[must_use]
    pub const fn vault(&self) -> &VaultKey {
        &self.vault
    }

    #[must_use]
    pub const fn cipher(&self) -> Cipher {
        self.cipher
    }

    #[must_use]
    pub fn subkey(&self, purpose: Purpose) -> Subkey {
        self.vault.subkey(purpose)
    }

    /// The key for all sealed files of one purpose.
    #[must_use]
    pub fn stream(&self, purpose: Purpose) -> StreamKey {
        StreamKey {
            key: self.subkey(purpose),
            cipher: self.cipher,
        }
    }

    #[must_use]
    pub fn signing_key(&self) -> SigningKey {
        SigningKey::from_seed(self.subkey(Purpose::LogSigning))
    }

    /// The name under which an original lies: keyed BLAKE3 of its SHA-256, 64 hexadecimal digits.
    /// Whoever has no key cannot tell from it whether the case holds a file that they know.
    #[must_use]
    pub fn keyed_name(&self, original: &Sha256) -> String {
        let key = self.subkey(Purpose::BlobName);
        let name = blake3::keyed_hash(&key.0, &original.0);
        HEXLOWER.encode(name.as_bytes())
    }

    /// Both in 33 bytes, wiped when dropped: to hand an open case to another process of ours.
    #[must_use]
    pub fn to_bytes(&self) -> Zeroizing<[u8; 33]> {
        pack(self.cipher, &self.vault.0)
    }

    /// The reverse of [`Keys::to_bytes`]; `None` if the bytes are something else.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (cipher, key) = unpack(bytes)?;
        Some(Self::new(VaultKey(key), cipher))
    }
}

fn pack(cipher: Cipher, key: &[u8; 32]) -> Zeroizing<[u8; 33]> {
    let mut bytes = Zeroizing::new([0; 33]);
    let (first, rest) = bytes.split_at_mut(1);
    first.copy_from_slice(&[cipher.code()]);
    rest.copy_from_slice(key);
    bytes
}

fn unpack(bytes: &[u8]) -> Option<(Cipher, [u8; 32])> {
    let (code, key) = bytes.split_first()?;
    Some((Cipher::from_code(*code)?, key.try_into().ok()?))
}

/// The key of a family of sealed files. Each file has its own key, derived with the file's salt.
#[derive(Debug, Clone)]
pub struct StreamKey {
    key: Subkey,
    cipher: Cipher,
}

impl StreamKey {
    /// A key for files of one name or place: what was sealed under one context does not open under
    /// another, so sealed files cannot be exchanged for one another unnoticed.
    #[must_use]
    pub fn bound_to(&self, context: &[u8]) -> Self {
        let key = derive(&self.key.0, b"tumen/1/context", &[context]);
        Self {
            key: Subkey(key),
            cipher: self.cipher,
        }
    }

    #[must_use]
    pub const fn cipher(&self) -> Cipher {
        self.cipher
    }

    pub(crate) fn file_key(&self, salt: &Salt) -> FileKey {
        let key = derive(&self.key.0, salt, &[b"tumen/1/file", &[self.cipher.code()]]);
        FileKey {
            key: Subkey(key),
            cipher: self.cipher,
        }
    }

    /// The key of one sealed file, read from the head of it.
    ///
    /// # Errors
    /// The file cannot be read or is not sealed ([`SealError`] inside).
    pub fn key_of(&self, sealed: &mut impl Read) -> io::Result<FileKey> {
        Ok(self.file_key(&chunk::read_head(sealed)?.salt))
    }

    /// Begins a sealed file with a fresh salt.
    ///
    /// # Errors
    /// The head cannot be written, or the system gives no random bytes.
    pub fn writer<W: Write>(&self, to: W) -> io::Result<SealedWriter<W>> {
        SealedWriter::begin(to, self)
    }

    /// Opens a sealed file.
    ///
    /// # Errors
    /// As [`SealedReader::open`].
    pub fn reader<R: Read + Seek>(&self, mut from: R) -> io::Result<SealedReader<R>> {
        from.rewind()?;
        let key = self.key_of(&mut from)?;
        SealedReader::open(from, &key)
    }

    /// Seals bytes in memory.
    ///
    /// # Errors
    /// The system gives no random bytes.
    pub fn seal(&self, plain: &[u8]) -> io::Result<Vec<u8>> {
        let sealed = chunk::Layout::of_plain(plain.len() as u64).sealed_len();
        let mut writer = self.writer(Vec::with_capacity(sealed as usize))?;
        writer.write_all(plain)?;
        writer.finish()
    }

    /// Opens bytes sealed in memory.
    ///
    /// # Errors
    /// The bytes are not what was sealed under this key.
    pub fn open(&self, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let read = || -> io::Result<Vec<u8>> {
            let mut reader = self.reader(io::Cursor::new(sealed))?;
            let mut plain = Vec::with_capacity(sealed.len());
            reader.read_to_end(&mut plain)?;
            Ok(plain)
        };
        read().map_err(|error| SealError::from_io(&error).unwrap_or(SealError::TooShort))
    }
}

/// The key of a single sealed file: enough for whoever shall read that file and nothing else.
#[derive(Debug, Clone)]
pub struct FileKey {
    pub(crate) key: Subkey,
    pub(crate) cipher: Cipher,
}

impl FileKey {
    /// Cipher and key in 33 bytes, wiped when dropped.
    #[must_use]
    pub fn to_bytes(&self) -> Zeroizing<[u8; 33]> {
        pack(self.cipher, &self.key.0)
    }

    /// The reverse of [`FileKey::to_bytes`]; `None` if the bytes are something else.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (cipher, key) = unpack(bytes)?;
        Some(Self {
            key: Subkey(key),
            cipher,
        })
    }
}
