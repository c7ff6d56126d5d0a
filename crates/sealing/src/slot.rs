//! One slot of the key file: the vault key, wrapped in one way.

use data_encoding::HEXLOWER;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::keys::{VaultKey, derive};
use crate::{Cipher, Cost, KeyError, Passphrase, RecoveryCode, random};

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
fn wrap(key: &[u8; 32], bound: &[u8], vault: &VaultKey) -> Result<String, KeyError> {
    let mut secret = Zeroizing::new(vault.bytes().to_vec());
    secret.reserve_exact(16);
    let nonce = Nonce::assume_unique_for_key([0; 12]);
    wrapping(key)?
        .seal_in_place_append_tag(nonce, Aad::from(bound), &mut *secret)
        .map_err(|_| KeyError::Damaged("a key could not be wrapped"))?;
    Ok(HEXLOWER.encode(&secret))
}

/// `None` if this is not the key.
fn unwrap(key: &[u8; 32], bound: &[u8], wrapped: &str) -> Result<Option<VaultKey>, KeyError> {
    let mut secret = Zeroizing::new(unhex(wrapped)?);
    let nonce = Nonce::assume_unique_for_key([0; 12]);
    let opened = wrapping(key)?.open_in_place(nonce, Aad::from(bound), &mut secret);
    let vault = opened.ok().and_then(|vault| (&*vault).try_into().ok());
    Ok(vault.map(VaultKey))
}

fn unhex(digits: &str) -> Result<Vec<u8>, KeyError> {
    HEXLOWER
        .decode(digits.as_bytes())
        .map_err(|_| KeyError::Damaged("a slot holds something other than hexadecimal digits"))
}

fn recovery_key(code: &RecoveryCode, salt: &[u8]) -> Zeroizing<[u8; 32]> {
    Zeroizing::new(derive(code.symbols(), salt, &[b"tumen/1/recovery"]))
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
            wrapped: wrap(&key, &bound, vault)?,
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
            wrapped: wrap(&key, &bound, vault)?,
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
        unwrap(&key, &bound(cipher, &self.id, salt, "passphrase"), wrapped)
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
        unwrap(&key, &bound(cipher, &self.id, salt, "recovery"), wrapped)
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
