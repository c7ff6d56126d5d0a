//! Signatures on the log: Ed25519 (RFC 8032), and the signed-note form of C2SP.

use std::fmt;

use data_encoding::{BASE64, HEXLOWER};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};

use crate::{Subkey, sha256};

/// The key that signs the log of one case.
pub struct SigningKey {
    pair: Ed25519KeyPair,
    public: PublicKey,
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey(public {:?})", self.public)
    }
}

impl SigningKey {
    pub(crate) fn from_seed(seed: Subkey) -> Self {
        let Ok(pair) = Ed25519KeyPair::from_seed_unchecked(seed.bytes()) else {
            unreachable!("every 32 bytes are the seed of an Ed25519 key")
        };
        let mut public = [0; 32];
        let bytes = pair.public_key().as_ref();
        public
            .iter_mut()
            .zip(bytes)
            .for_each(|(to, from)| *to = *from);
        Self {
            pair,
            public: PublicKey(public),
        }
    }

    #[must_use]
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        let mut bytes = [0; 64];
        let signature = self.pair.sign(message);
        bytes
            .iter_mut()
            .zip(signature.as_ref())
            .for_each(|(to, from)| *to = *from);
        bytes
    }

    #[must_use]
    pub const fn public(&self) -> PublicKey {
        self.public
    }
}

/// The public half: whoever has it can check the log without a key of the case.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PublicKey(pub [u8; 32]);

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl PublicKey {
    #[must_use]
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, self.0)
            .verify(message, signature)
            .is_ok()
    }

    /// First four bytes of SHA-256 of name, line break, algorithm and key.
    fn note_id(&self, name: &str) -> [u8; 4] {
        let mut named = name.as_bytes().to_vec();
        named.extend_from_slice(&[b'\n', NOTE_ED25519]);
        named.extend_from_slice(&self.0);
        let [a, b, c, d, ..] = sha256(&named).0;
        [a, b, c, d]
    }

    /// The key in the form that checkers of signed notes take: `name+id+key`.
    #[must_use]
    pub fn note_verifier(&self, name: &str) -> String {
        let id = HEXLOWER.encode(&self.note_id(name));
        let mut key = vec![NOTE_ED25519];
        key.extend_from_slice(&self.0);
        format!("{name}+{id}+{}", BASE64.encode(&key))
    }
}

const NOTE_ED25519: u8 = 1;
const NOTE_MOST_BYTES: usize = 1 << 20;

/// Why a signed note is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    #[error("the text of a signed note must end with a line break and hold no control characters")]
    Text,
    #[error("the name of a signer may hold neither spaces nor plus signs, and not be empty")]
    Name,
    #[error("not a signed note")]
    Form,
    #[error("not signed by {0}")]
    NotSigned(String),
    #[error("the signature of {0} does not match: the note was altered")]
    Altered(String),
}

/// A note with one signature (C2SP signed-note): the text, an empty line, the signature line.
///
/// # Errors
/// The text or the name has a form that the standard does not allow.
pub fn sign_note(text: &str, name: &str, key: &SigningKey) -> Result<String, NoteError> {
    let control = |letter: char| letter.is_control() && letter != '\n';
    if !text.ends_with('\n') || text.contains(control) || text.len() > NOTE_MOST_BYTES {
        return Err(NoteError::Text);
    }
    if name.is_empty() || name.contains(|c: char| c.is_whitespace() || c.is_control() || c == '+') {
        return Err(NoteError::Name);
    }
    let mut signature = key.public().note_id(name).to_vec();
    signature.extend_from_slice(&key.sign(text.as_bytes()));
    Ok(format!("{text}\n— {name} {}\n", BASE64.encode(&signature)))
}

/// The text of a note, after checking that `name` signed it with `key`. Signatures of others may
/// stand beside it.
///
/// # Errors
/// It is not a note, `name` did not sign it, or it was altered since.
pub fn open_note<'a>(note: &'a str, name: &str, key: &PublicKey) -> Result<&'a str, NoteError> {
    let split = note.rfind("\n\n").filter(|_| note.len() <= NOTE_MOST_BYTES);
    let split = split.ok_or(NoteError::Form)?;
    let (text, signatures) = note
        .split_at_checked(split.saturating_add(1))
        .ok_or(NoteError::Form)?;
    let signatures = signatures.strip_prefix('\n').unwrap_or_default();
    let lines = signatures.strip_suffix('\n').ok_or(NoteError::Form)?;
    let mut signed = false;
    for line in lines.split('\n') {
        let line = line.strip_prefix("— ").ok_or(NoteError::Form)?;
        let (signer, signature) = line.split_once(' ').ok_or(NoteError::Form)?;
        let bytes = BASE64.decode(signature.as_bytes());
        let bytes = bytes.map_err(|_| NoteError::Form)?;
        let (id, signature) = bytes.split_first_chunk::<4>().ok_or(NoteError::Form)?;
        // Another key of the same name is another signer: its signature says nothing to us.
        if signer != name || *id != key.note_id(name) {
            continue;
        }
        if !key.verify(text.as_bytes(), signature) {
            return Err(NoteError::Altered(name.to_owned()));
        }
        signed = true;
    }
    if signed {
        Ok(text)
    } else {
        Err(NoteError::NotSigned(name.to_owned()))
    }
}
