//! One slot of the key file: the vault key, wrapped in one way.

use data_encoding::HEXLOWER;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::keys::{Keys, VaultKey, derive};
use crate::{Cipher, Cost, Identity, KeyError, Passphrase, Recipient, RecoveryCode, age, random};

/// As it stands in the file. Bytes are lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Slot {
    pub(crate) id: String,
    pub(crate) label: String,
    pub(crate) created: String,
    pub(crate) lock: Lock,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Lock {
    /// AES-256-GCM under Argon2id of a passphrase.
    Passphrase {
        argon2id: Cost,
        salt: String,
        wrapped: String,
    },
    /// AES-256-GCM under HKDF of a recovery code, whose 130 random bits need no stretching.
    Recovery { salt: String, wrapped: String },
    /// In an age file for one recipient, which does not tell for whom it is. So that the slot can
    /// be listed for whoever has opened the case, and for nobody else, the recipient stands beside
    /// it under AES-256-GCM and HKDF of the vault key.
    Recipient {
        salt: String,
        recipient: String,
        age: String,
    },
    /// In the clear: a case made with `--plain`.
    Clear { key: String },
}

/// What the wrapping vouches for besides the key: a slot cannot be moved into a file that seals in
/// another way, nor its parameters be altered.
fn bound(cipher: Cipher, id: &str, salt: &str, kind: &str) -> Vec<u8> {
    format!("tumen/1/slot\n{}\n{kind}\n{id}\n{salt}", cipher.name()).into_bytes()
}

fn wrapping(key: &[u8; 32]) -> Result<LessSafeKey, KeyError> {
    let unbound = UnboundKey::new(&AES_256_GCM, key);
    Ok(LessSafeKey::new(unbound.map_err(|_| {
        KeyError::Damaged("a slot has no usable key")
    })?))
}

/// The key is used once, for its salt is fresh; so the nonce may be constant.
fn wrap(key: &[u8; 32], bound: &[u8], plain: &[u8; 32]) -> Result<String, KeyError> {
    // Room for the tag: the secret does not move, so no copy of it is left behind.
    let mut secret = Zeroizing::new(Vec::with_capacity(48));
    secret.extend_from_slice(plain);
    let nonce = Nonce::assume_unique_for_key([0; 12]);
    wrapping(key)?
        .seal_in_place_append_tag(nonce, Aad::from(bound), &mut *secret)
        .map_err(|_| KeyError::Damaged("a key could not be wrapped"))?;
    Ok(HEXLOWER.encode(&secret))
}

/// `None` if this is not the key.
fn unwrap(key: &[u8; 32], bound: &[u8], wrapped: &str) -> Result<Option<[u8; 32]>, KeyError> {
    let mut secret = Zeroizing::new(unhex(wrapped)?);
    let nonce = Nonce::assume_unique_for_key([0; 12]);
    let opened = wrapping(key)?.open_in_place(nonce, Aad::from(bound), &mut secret);
    Ok(opened.ok().and_then(|plain| (&*plain).try_into().ok()))
}

fn unhex(digits: &str) -> Result<Vec<u8>, KeyError> {
    HEXLOWER
        .decode(digits.as_bytes())
        .map_err(|_| KeyError::Damaged("a slot holds something other than hexadecimal digits"))
}

fn recovery_key(code: &RecoveryCode, salt: &[u8]) -> Zeroizing<[u8; 32]> {
    Zeroizing::new(derive(code.symbols(), salt, &[b"tumen/1/recovery"]))
}

/// Seals the name of a recipient. Its salt makes it another key for each slot.
fn recipient_key(vault: &VaultKey, salt: &[u8]) -> Zeroizing<[u8; 32]> {
    Zeroizing::new(derive(vault.bytes(), salt, &[b"tumen/1/recipient"]))
}

/// What stands in the age file before the key. The format has no place for what is bound but not
/// hidden, so it lies inside.
fn before_the_key(cipher: Cipher, id: &str, salt: &str) -> Vec<u8> {
    let mut before = bound(cipher, id, salt, "recipient");
    before.push(b'\n');
    before
}

impl Lock {
    pub(crate) fn by_passphrase(
        id: &str,
        cipher: Cipher,
        vault: &VaultKey,
        passphrase: &Passphrase,
        cost: Cost,
    ) -> Result<Self, KeyError> {
        let salt = random::bytes::<32>()?;
        let key = passphrase.stretch(&salt, cost)?;
        let salt = HEXLOWER.encode(&salt);
        let bound = bound(cipher, id, &salt, "passphrase");
        Ok(Self::Passphrase {
            argon2id: cost,
            wrapped: wrap(&key, &bound, vault.bytes())?,
            salt,
        })
    }

    pub(crate) fn by_recovery_code(
        id: &str,
        cipher: Cipher,
        vault: &VaultKey,
        code: &RecoveryCode,
    ) -> Result<Self, KeyError> {
        let salt = random::bytes::<32>()?;
        let key = recovery_key(code, &salt);
        let salt = HEXLOWER.encode(&salt);
        let bound = bound(cipher, id, &salt, "recovery");
        Ok(Self::Recovery {
            wrapped: wrap(&key, &bound, vault.bytes())?,
            salt,
        })
    }

    pub(crate) fn by_recipient(
        id: &str,
        cipher: Cipher,
        vault: &VaultKey,
        to: &Recipient,
    ) -> Result<Self, KeyError> {
        let salt = random::bytes::<32>()?;
        let key = recipient_key(vault, &salt);
        let salt = HEXLOWER.encode(&salt);
        let before = before_the_key(cipher, id, &salt);
        let hex = Zeroizing::new(HEXLOWER.encode(vault.bytes()));
        let mut plain = Zeroizing::new(Vec::with_capacity(before.len().saturating_add(65)));
        plain.extend_from_slice(&before);
        plain.extend_from_slice(hex.as_bytes());
        plain.push(b'\n');
        Ok(Self::Recipient {
            recipient: wrap(&key, &bound(cipher, id, &salt, "recipient"), &to.0)?,
            age: age::encrypt(to, &plain)?,
            salt,
        })
    }

    pub(crate) fn clear(vault: &VaultKey) -> Self {
        Self::Clear {
            key: HEXLOWER.encode(vault.bytes()),
        }
    }
}

impl Slot {
    /// `None` if the slot is of another kind or the passphrase does not fit.
    pub(crate) fn try_passphrase(
        &self,
        cipher: Cipher,
        passphrase: &Passphrase,
    ) -> Result<Option<VaultKey>, KeyError> {
        let Lock::Passphrase {
            argon2id,
            salt,
            wrapped,
        } = &self.lock
        else {
            return Ok(None);
        };
        let key = passphrase.stretch(&unhex(salt)?, *argon2id)?;
        let bound = bound(cipher, &self.id, salt, "passphrase");
        Ok(unwrap(&key, &bound, wrapped)?.map(VaultKey))
    }

    /// `None` if the slot is of another kind or the code does not fit.
    pub(crate) fn try_recovery_code(
        &self,
        cipher: Cipher,
        code: &RecoveryCode,
    ) -> Result<Option<VaultKey>, KeyError> {
        let Lock::Recovery { salt, wrapped } = &self.lock else {
            return Ok(None);
        };
        let key = recovery_key(code, &unhex(salt)?);
        let bound = bound(cipher, &self.id, salt, "recovery");
        Ok(unwrap(&key, &bound, wrapped)?.map(VaultKey))
    }

    /// `None` if the slot is of another kind or none of the identities fits.
    pub(crate) fn try_identities(
        &self,
        cipher: Cipher,
        identities: &[Identity],
    ) -> Result<Option<VaultKey>, KeyError> {
        let Lock::Recipient { salt, age, .. } = &self.lock else {
            return Ok(None);
        };
        for identity in identities {
            let Some(plain) = age::decrypt(age, identity)? else {
                continue;
            };
            let key = plain
                .strip_prefix(before_the_key(cipher, &self.id, salt).as_slice())
                .and_then(|rest| rest.strip_suffix(b"\n"));
            let key = key.and_then(|hex| HEXLOWER.decode(hex).ok().map(Zeroizing::new));
            let key = key.and_then(|bytes| bytes.as_slice().try_into().ok());
            let misplaced = KeyError::Damaged("a slot is not in the place it was made for");
            return key.map(|key| Some(VaultKey(key))).ok_or(misplaced);
        }
        Ok(None)
    }

    /// Whom the slot is for; `None` if it is of another kind or was altered.
    pub(crate) fn recipient(&self, keys: &Keys) -> Option<Recipient> {
        let Lock::Recipient {
            salt, recipient, ..
        } = &self.lock
        else {
            return None;
        };
        let key = recipient_key(keys.vault(), &unhex(salt).ok()?);
        let bound = bound(keys.cipher(), &self.id, salt, "recipient");
        unwrap(&key, &bound, recipient).ok()?.map(Recipient)
    }

    /// `None` if the slot is of another kind.
    pub(crate) fn try_clear(&self) -> Result<Option<VaultKey>, KeyError> {
        let Lock::Clear { key } = &self.lock else {
            return Ok(None);
        };
        let key = <[u8; 32]>::try_from(unhex(key)?);
        Ok(Some(VaultKey(key.map_err(|_| {
            KeyError::Damaged("the clear key has a wrong length")
        })?)))
    }
}
