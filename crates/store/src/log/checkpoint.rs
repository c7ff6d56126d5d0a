//! Signed tree heads: C2SP tlog-checkpoint in the envelope of C2SP signed-note, Ed25519.
//!
//! ```text
//! <origin>\n<size>\n<base64 root>\n
//! \n
//! — <key name> <base64(key id ‖ signature)>\n
//! ```

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::sha256;
use super::tree::Hash;

/// Whoever signs: the key's name (also the origin of the log), its public half, and the act.
pub struct Signer<'a> {
    /// Non-empty, without spaces and `+` (signed-note): `tumen/<case id>`.
    pub name: &'a str,
    /// Ed25519 public key.
    pub public_key: [u8; 32],
    /// Ed25519 signature over the message: 64 bytes.
    pub sign: &'a dyn Fn(&[u8]) -> Vec<u8>,
}

/// Whoever checks a signature: message, then signature.
pub struct Verifier<'a> {
    pub name: &'a str,
    pub public_key: [u8; 32],
    pub verify: &'a dyn Fn(&[u8], &[u8]) -> bool,
}

/// A head of the log: how long it was, and its root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    pub origin: String,
    pub size: u64,
    pub root: Hash,
}

/// A checkpoint cannot be made or trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    #[error("not a checkpoint in the form of C2SP tlog-checkpoint")]
    Malformed,
    #[error("a key's name must not be empty nor contain spaces, `+` or control characters")]
    KeyName,
    #[error("the checkpoint bears no signature by this key")]
    NotSigned,
    #[error("the signature of the checkpoint is wrong")]
    Forged,
}

/// `SHA-256(name ‖ 0x0A ‖ 0x01 ‖ key)[..4]` (signed-note, Ed25519 is algorithm 1).
fn key_id(name: &str, public_key: &[u8; 32]) -> [u8; 4] {
    let hash = sha256(&[name.as_bytes(), b"\n\x01", public_key]);
    [hash[0], hash[1], hash[2], hash[3]]
}

fn is_key_name(name: &str) -> bool {
    !name.is_empty()
        && !name
            .chars()
            .any(|c| c.is_whitespace() || c.is_control() || c == '+')
}

impl Checkpoint {
    /// The text that is signed.
    #[must_use]
    pub fn text(&self) -> String {
        format!(
            "{}\n{}\n{}\n",
            self.origin,
            self.size,
            STANDARD.encode(self.root)
        )
    }

    /// The signed note.
    ///
    /// # Errors
    /// The key's name cannot stand in a note.
    pub fn sign(&self, signer: &Signer<'_>) -> Result<String, CheckpointError> {
        if !is_key_name(signer.name) {
            return Err(CheckpointError::KeyName);
        }
        let text = self.text();
        let mut signature = key_id(signer.name, &signer.public_key).to_vec();
        signature.extend((signer.sign)(text.as_bytes()));
        Ok(format!(
            "{text}\n— {} {}\n",
            signer.name,
            STANDARD.encode(signature)
        ))
    }

    /// Reads a note and checks one signature on it.
    ///
    /// # Errors
    /// It is malformed, not signed by this key, or the signature is wrong.
    pub fn open(note: &str, verifier: &Verifier<'_>) -> Result<Self, CheckpointError> {
        let (checkpoint, text, signatures) = Self::split(note)?;
        let id = key_id(verifier.name, &verifier.public_key);
        let mut found = Err(CheckpointError::NotSigned);
        for line in signatures.lines() {
            let rest = line.strip_prefix("— ").ok_or(CheckpointError::Malformed)?;
            let (name, signature) = rest.split_once(' ').ok_or(CheckpointError::Malformed)?;
            let bytes = STANDARD
                .decode(signature)
                .map_err(|_| CheckpointError::Malformed)?;
            let (key, signature) = bytes
                .split_first_chunk()
                .ok_or(CheckpointError::Malformed)?;
            if name == verifier.name && *key == id {
                if !(verifier.verify)(text.as_bytes(), signature) {
                    return Err(CheckpointError::Forged);
                }
                found = Ok(());
            }
        }
        found.map(|()| checkpoint)
    }

    /// Reads a note without checking who signed it.
    ///
    /// # Errors
    /// It is malformed.
    pub fn parse(note: &str) -> Result<Self, CheckpointError> {
        Self::split(note).map(|(checkpoint, _, _)| checkpoint)
    }

    fn split(note: &str) -> Result<(Self, &str, &str), CheckpointError> {
        let wrong = CheckpointError::Malformed;
        let end = note.find("\n\n").ok_or(wrong)? + 1;
        let (text, signatures) = note.split_at_checked(end).ok_or(wrong)?;
        let signatures = signatures.strip_prefix('\n').ok_or(wrong)?;
        if !signatures.ends_with('\n') {
            return Err(wrong);
        }
        let mut lines = text.lines();
        let origin = lines
            .next()
            .filter(|origin| !origin.is_empty())
            .ok_or(wrong)?;
        let size = lines.next().ok_or(wrong)?;
        let number: u64 = size.parse().map_err(|_| wrong)?;
        let root = STANDARD
            .decode(lines.next().ok_or(wrong)?)
            .map_err(|_| wrong)?;
        if number.to_string() != size {
            return Err(wrong);
        }
        let checkpoint = Self {
            origin: origin.to_owned(),
            size: number,
            root: root.try_into().map_err(|_| wrong)?,
        };
        Ok((checkpoint, text, signatures))
    }
}
