//! Keys, sealed files, hashes and signatures: all cryptography of the product, in one place.
//!
//! The crate takes bytes and gives bytes. It is generic over [`std::io::Read`], [`std::io::Write`]
//! and [`std::io::Seek`]; it never opens a file, never asks the clock and never prints. No other
//! crate names a cryptographic library, so whoever audits the product's cryptography reads this
//! folder and stops.
//!
//! ```text
//! passphrase ─ Argon2id ─┐
//! recovery code ─ HKDF ──┼─ unwraps → vault key ─ HKDF ─┬─ database, index, export …
//! age identity ─ X25519 ─┤                              │
//! (plain case: clear) ───┘                              ├─ blob key ─ HKDF(salt of a file) → file key
//!                                                       ├─ names of blobs
//!                                                       └─ Ed25519 key that signs the log
//! ```
//!
//! What it deliberately never does: it does not choose where anything is stored, it keeps no key
//! anywhere, and it never returns bytes of a chunk whose tag does not match.

mod age;
mod chunk;
mod hash;
mod keyfile;
mod keys;
mod passphrase;
mod random;
mod reader;
mod recipient;
mod recovery;
mod signing;
mod slot;
mod writer;

#[cfg(test)]
mod tests;

pub use chunk::{CHUNK, ChunkOpener, Layout, SealError};
pub use hash::{Hasher, blake3, sha256};
pub use keyfile::{KeyError, KeyFile, Secret, SlotInfo, SlotKind};
pub use keys::{Cipher, FileKey, Keys, Purpose, StreamKey, Subkey, VaultKey};
pub use passphrase::{Cost, Passphrase};
pub use reader::SealedReader;
pub use recipient::{Identity, IdentityError, Recipient, RecipientError};
pub use recovery::{CodeError, RecoveryCode};
pub use signing::{NoteError, PublicKey, SigningKey, open_note, sign_note};
pub use writer::SealedWriter;
pub use zeroize::Zeroizing;
