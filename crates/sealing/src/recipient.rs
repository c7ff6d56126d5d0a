//! age recipients and identities: X25519 keys in the forms that `age-keygen` writes.
//!
//! Source: the specification of age (C2SP, `age.md`), section "The X25519 recipient type", and
//! BIP 173 for the letters. A recipient is public; an identity is the secret that fits it.

use std::fmt;

use bech32::primitives::decode::CheckedHrpstring;
use bech32::{Bech32, Hrp};
use x25519_dalek::{X25519_BASEPOINT_BYTES, x25519};
use zeroize::Zeroizing;

const RECIPIENT: Hrp = Hrp::parse_unchecked("age");
const IDENTITY: Hrp = Hrp::parse_unchecked("age-secret-key-");

/// More identities than this stand in no file that a person keeps.
const MOST_IDENTITIES: usize = 64;

/// Why a text is not a recipient that a case can be opened to. Repeats nothing of the text, which
/// may have been a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RecipientError {
    #[error("this is an identity, which is secret: the recipient is its public part (`age1…`)")]
    Identity,
    #[error("only age's X25519 recipients are known here (`age1` and 58 letters and digits)")]
    OtherKind,
    #[error("the recipient is mistyped: its check letters do not match")]
    Mistyped,
    #[error("no key can be agreed on with this recipient")]
    Weak,
}

/// Why the content of a file is not a list of identities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdentityError {
    #[error("the identity file is itself encrypted with a passphrase")]
    Encrypted,
    #[error("line {0} is a recipient, which is public: the identity is the secret that fits it")]
    Recipient(usize),
    #[error("line {0} is an identity of a kind that is not known here (only `AGE-SECRET-KEY-1…`)")]
    OtherKind(usize),
    #[error("the identity in line {0} is mistyped: its check letters do not match")]
    Mistyped(usize),
    #[error("line {0} is no identity (`AGE-SECRET-KEY-1…`)")]
    NoIdentity(usize),
    #[error("the file holds no identity (`AGE-SECRET-KEY-1…`)")]
    Empty,
    #[error("the file holds more than 64 identities")]
    TooMany,
}

/// Whom a case can be opened to: an X25519 public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recipient(pub(crate) [u8; 32]);

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        bech32::encode_lower_to_fmt::<Bech32, _>(f, RECIPIENT, &self.0).map_err(|_| fmt::Error)
    }
}

fn begins(text: &str, with: &str) -> bool {
    text.get(..with.len())
        .is_some_and(|begin| begin.eq_ignore_ascii_case(with))
}

/// The 32 bytes behind a Bech32 text of this kind.
fn decode(text: &str, kind: Hrp) -> Option<Zeroizing<[u8; 32]>> {
    let checked = CheckedHrpstring::new::<Bech32>(text).ok()?;
    checked.validate_segwit_padding().ok()?;
    let mut bytes = checked.byte_iter();
    if checked.hrp() != kind || bytes.len() != 32 {
        return None;
    }
    let mut key = Zeroizing::new([0; 32]);
    for place in key.iter_mut() {
        *place = bytes.next()?;
    }
    Some(key)
}

impl Recipient {
    /// A recipient as it is typed or pasted: `age1…`.
    ///
    /// # Errors
    /// It is something else, is mistyped, or is a key with which nothing can be agreed.
    pub fn parse(typed: &str) -> Result<Self, RecipientError> {
        let typed = typed.trim();
        if begins(typed, "age-secret-key-") || begins(typed, "age-plugin-") {
            return Err(RecipientError::Identity);
        }
        // Recipients of plugins and of other kinds have a name between `age1` and a further `1`.
        if !begins(typed, "age1") || typed.get(4..).is_some_and(|rest| rest.contains('1')) {
            return Err(RecipientError::OtherKind);
        }
        let key = decode(typed, RECIPIENT).ok_or(RecipientError::Mistyped)?;
        // A point of small order: whatever the secret, the agreed key is nought.
        if agree(&Zeroizing::new([1; 32]), &key).is_none() {
            return Err(RecipientError::Weak);
        }
        Ok(Self(*key))
    }
}

/// The key that a secret and a public part agree on; `None` if the public part is of small order.
pub(crate) fn agree(secret: &[u8; 32], public: &[u8; 32]) -> Option<Zeroizing<[u8; 32]>> {
    let shared = Zeroizing::new(x25519(*secret, *public));
    (*shared != [0; 32]).then_some(shared)
}

/// The public part of a secret.
pub(crate) fn public(secret: &[u8; 32]) -> [u8; 32] {
    x25519(*secret, X25519_BASEPOINT_BYTES)
}

/// The secret that fits a recipient; wiped when dropped and never printed.
#[derive(Clone)]
pub struct Identity(pub(crate) Zeroizing<[u8; 32]>);

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity(‹withheld›)")
    }
}

impl Identity {
    /// Its public part.
    #[must_use]
    pub fn recipient(&self) -> Recipient {
        Recipient(public(&self.0))
    }

    /// The identities in the content of a file as `age-keygen` writes it: one a line, with empty
    /// lines and lines of remarks (`#`) between them.
    ///
    /// # Errors
    /// It is not such a file; the number in the error is that of the line, from 1.
    pub fn parse_file(text: &str) -> Result<Vec<Self>, IdentityError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let begin = text.trim_start();
        if begin.starts_with("age-encryption.org/")
            || begin.starts_with("-----BEGIN AGE ENCRYPTED FILE-----")
        {
            return Err(IdentityError::Encrypted);
        }
        let mut identities = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if identities.len() >= MOST_IDENTITIES {
                return Err(IdentityError::TooMany);
            }
            identities.push(Self::parse(line, number)?);
        }
        if identities.is_empty() {
            return Err(IdentityError::Empty);
        }
        Ok(identities)
    }

    fn parse(line: &str, number: usize) -> Result<Self, IdentityError> {
        if begins(line, "age1") {
            return Err(IdentityError::Recipient(number));
        }
        if !begins(line, "age-secret-key-1") {
            let other = ["age-plugin-", "age-secret-key-", "-----begin ", "ssh-"];
            return Err(if other.iter().any(|kind| begins(line, kind)) {
                IdentityError::OtherKind(number)
            } else {
                IdentityError::NoIdentity(number)
            });
        }
        let key = decode(line, IDENTITY).ok_or(IdentityError::Mistyped(number))?;
        Ok(Self(key))
    }
}
