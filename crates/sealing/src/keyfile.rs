//! The key file: the vault key, wrapped in one slot for each way to open the case.
//!
//! JSON that people can look at. It has exactly one form: what is read is written again and
//! compared byte for byte, so no change goes unseen. Two sums stand at its end. `check` is a plain
//! BLAKE3 of the rest, which tells damage from a wrong passphrase before anything is opened;
//! `tag` is keyed by the vault key, which tells an alteration made on purpose once it is open.

use std::io;

use casefile::Blake3;
use serde::{Deserialize, Serialize};

use crate::keys::{Keys, VaultKey};
use crate::slot::{Lock, Slot};
use crate::{
    Cipher, CodeError, Cost, Identity, Passphrase, Purpose, Recipient, RecoveryCode, blake3, random,
};

/// Why a key file does not open, or an operation on it is refused.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("the passphrase opens no slot of this case")]
    WrongPassphrase,
    #[error("the recovery code opens no slot of this case")]
    WrongRecoveryCode,
    #[error("the identity opens no slot of this case")]
    WrongIdentity,
    #[error("no recipient opens this case")]
    NoRecipient,
    #[error("this recipient opens the case already")]
    KnownRecipient,
    #[error(transparent)]
    Code(#[from] CodeError),
    #[error("an empty passphrase")]
    EmptyPassphrase,
    #[error("the passphrase is not UTF-8 text")]
    PassphraseNotText,
    #[error("the key file is damaged: {0}")]
    Damaged(&'static str),
    /// The slot opened, so the secret was right; the file around it is not what this program wrote.
    #[error("the key file was altered since it was written")]
    Altered,
    #[error("the keys belong to another case")]
    OtherCase,
    #[error("the case is plain: it has no passphrases")]
    PlainCase,
    #[error("the case is encrypted: it needs a passphrase or a recovery code")]
    NeedsSecret,
    #[error("there is no key slot {0:?}")]
    NoSuchSlot(String),
    #[error("the last key slot cannot be removed: nobody could open the case again")]
    LastSlot,
    #[error("a case has at most 64 key slots")]
    TooManySlots,
    #[error("opening needs {0} MiB of memory, which the machine does not give")]
    NoMemory(u32),
    #[error("no random bytes")]
    Random(#[from] io::Error),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlotKind {
    Passphrase,
    RecoveryCode,
    Recipient,
    Clear,
}

/// A slot as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotInfo {
    /// 8 hexadecimal digits.
    pub id: String,
    pub kind: SlotKind,
    /// Whose or which, as the user wrote it.
    pub label: String,
    /// As the caller gave it (RFC 3339).
    pub created: String,
    /// What a guess costs, for passphrases.
    pub cost: Option<Cost>,
}

const FORMAT: &str = "tumen keys 1";
const MOST_BYTES: usize = 1 << 20;
const MOST_SLOTS: usize = 64;

/// The key slots of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyFile {
    format: String,
    cipher: String,
    slots: Vec<Slot>,
    /// Keyed BLAKE3 of the fields above.
    tag: Option<Blake3>,
    /// BLAKE3 of all above.
    check: Option<Blake3>,
}

impl KeyFile {
    /// A new case behind a passphrase. `created` is the time, RFC 3339.
    ///
    /// # Errors
    /// No memory for the cost, or no random bytes.
    pub fn create(
        passphrase: &Passphrase,
        cost: Cost,
        label: &str,
        created: &str,
    ) -> Result<(Self, Keys), KeyError> {
        let (mut file, keys) = Self::begin()?;
        file.add_passphrase(&keys, passphrase, cost, label, created)?;
        Ok((file, keys))
    }

    /// A new case that nothing opens yet: the caller adds what shall.
    ///
    /// # Errors
    /// No random bytes.
    pub fn begin() -> Result<(Self, Keys), KeyError> {
        let keys = Keys::random(Cipher::Aes256Gcm)?;
        Ok((Self::empty(&keys), keys))
    }

    /// A new case in the clear.
    ///
    /// # Errors
    /// No random bytes.
    pub fn create_plain(created: &str) -> Result<(Self, Keys), KeyError> {
        let keys = Keys::random(Cipher::Plain)?;
        let mut file = Self::empty(&keys);
        let id = file.fresh_id()?;
        let lock = Lock::clear(keys.vault());
        file.insert(&keys, id, lock, "no protection", created)?;
        Ok((file, keys))
    }

    fn empty(keys: &Keys) -> Self {
        Self {
            format: FORMAT.to_owned(),
            cipher: keys.cipher().name().to_owned(),
            slots: Vec::new(),
            tag: None,
            check: None,
        }
    }

    /// Reads the content of a key file.
    ///
    /// # Errors
    /// [`KeyError::Damaged`] if it is not exactly what this program writes.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let file = Self::parse_damaged(text)?;
        if file.check != Some(file.sum()) || file.to_text() != text {
            return Err(KeyError::Damaged("its check sum does not match"));
        }
        Ok(file)
    }

    /// Reads a key file whose sums may be wrong, for [`KeyFile::mend`].
    ///
    /// # Errors
    /// [`KeyError::Damaged`] if it is no key file at all.
    pub fn parse_damaged(text: &str) -> Result<Self, KeyError> {
        if text.len() > MOST_BYTES {
            return Err(KeyError::Damaged("it is far too long"));
        }
        let file: Self = serde_json::from_str(text)
            .map_err(|_| KeyError::Damaged("it has not the form of a key file"))?;
        if file.format != FORMAT {
            return Err(KeyError::Damaged("it has a format that is not known"));
        }
        if file.slots.len() > MOST_SLOTS {
            return Err(KeyError::TooManySlots);
        }
        Ok(file)
    }

    /// The content of the file.
    #[must_use]
    pub fn to_text(&self) -> String {
        // Strings, numbers and lists of these: there is nothing that cannot be written as JSON.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    fn sum(&self) -> Blake3 {
        let summed = Self {
            check: None,
            ..self.clone()
        };
        blake3(summed.to_text().as_bytes())
    }

    fn keyed_tag(&self, keys: &Keys) -> Blake3 {
        let tagged = Self {
            tag: None,
            check: None,
            ..self.clone()
        };
        let key = keys.subkey(Purpose::KeyFile);
        let tag = blake3::keyed_hash(key.bytes(), tagged.to_text().as_bytes());
        Blake3(*tag.as_bytes())
    }

    fn close(&mut self, keys: &Keys) {
        self.tag = Some(self.keyed_tag(keys));
        self.check = Some(self.sum());
    }

    /// How the case is sealed.
    ///
    /// # Errors
    /// [`KeyError::Damaged`] for a cipher that is not known.
    pub fn cipher(&self) -> Result<Cipher, KeyError> {
        Cipher::from_name(&self.cipher).ok_or(KeyError::Damaged("it names an unknown cipher"))
    }

    /// Tries the passphrase on every passphrase slot.
    ///
    /// # Errors
    /// [`KeyError::WrongPassphrase`]; [`KeyError::Altered`] if it fits but the file was tampered
    /// with; [`KeyError::PlainCase`] where there is nothing to open.
    pub fn open_with_passphrase(&self, passphrase: &Passphrase) -> Result<Keys, KeyError> {
        self.authentic(self.unwrap_with_passphrase(passphrase)?)
    }

    /// Tries the recovery code on every recovery slot.
    ///
    /// # Errors
    /// As [`KeyFile::open_with_passphrase`], with [`KeyError::WrongRecoveryCode`].
    pub fn open_with_recovery_code(&self, code: &RecoveryCode) -> Result<Keys, KeyError> {
        self.authentic(self.unwrap_with_recovery_code(code)?)
    }

    /// Tries the identities on every slot for a recipient.
    ///
    /// A recipient is public: that an identity opens a key file tells who may read the case, not
    /// who made it. Only the log and a checkpoint kept elsewhere tell that.
    ///
    /// # Errors
    /// As [`KeyFile::open_with_passphrase`], with [`KeyError::WrongIdentity`];
    /// [`KeyError::NoRecipient`] if there is no such slot.
    pub fn open_with_identities(&self, identities: &[Identity]) -> Result<Keys, KeyError> {
        self.authentic(self.unwrap_with_identities(identities)?)
    }

    /// Opens a plain case.
    ///
    /// # Errors
    /// [`KeyError::NeedsSecret`] if the case is encrypted.
    pub fn open_plain(&self) -> Result<Keys, KeyError> {
        let cipher = self.cipher()?;
        if cipher != Cipher::Plain {
            return Err(KeyError::NeedsSecret);
        }
        for slot in &self.slots {
            if let Some(vault) = slot.try_clear()? {
                return self.authentic(Keys::new(vault, cipher));
            }
        }
        Err(KeyError::Damaged("a plain case without its key"))
    }

    fn unwrap_with_passphrase(&self, passphrase: &Passphrase) -> Result<Keys, KeyError> {
        self.unwrap(KeyError::WrongPassphrase, |slot, cipher| {
            slot.try_passphrase(cipher, passphrase)
        })
    }

    fn unwrap_with_recovery_code(&self, code: &RecoveryCode) -> Result<Keys, KeyError> {
        self.unwrap(KeyError::WrongRecoveryCode, |slot, cipher| {
            slot.try_recovery_code(cipher, code)
        })
    }

    fn unwrap_with_identities(&self, identities: &[Identity]) -> Result<Keys, KeyError> {
        let recipient = |slot: &Slot| matches!(slot.lock, Lock::Recipient { .. });
        let wrong = if self.slots.iter().any(recipient) {
            KeyError::WrongIdentity
        } else {
            KeyError::NoRecipient
        };
        self.unwrap(wrong, |slot, cipher| {
            slot.try_identities(cipher, identities)
        })
    }

    fn unwrap(
        &self,
        wrong: KeyError,
        try_slot: impl Fn(&Slot, Cipher) -> Result<Option<VaultKey>, KeyError>,
    ) -> Result<Keys, KeyError> {
        let cipher = self.cipher()?;
        if cipher == Cipher::Plain {
            return Err(KeyError::PlainCase);
        }
        let mut broken = None;
        for slot in &self.slots {
            match try_slot(slot, cipher) {
                Ok(Some(vault)) => return Ok(Keys::new(vault, cipher)),
                Ok(None) => {}
                // One broken slot does not lock out the others.
                Err(error) => broken = Some(error),
            }
        }
        Err(broken.unwrap_or(wrong))
    }

    fn authentic(&self, keys: Keys) -> Result<Keys, KeyError> {
        if self.tag == Some(self.keyed_tag(&keys)) {
            Ok(keys)
        } else {
            Err(KeyError::Altered)
        }
    }

    /// Mends a damaged or altered key file with a secret that still fits a slot: that slot is
    /// kept, all others, which nothing vouches for, are dropped. Gives the keys.
    ///
    /// # Errors
    /// As opening.
    pub fn mend(&mut self, secret: Secret<'_>) -> Result<Keys, KeyError> {
        let cipher = self.cipher()?;
        let fits = |slot: &Slot| match secret {
            Secret::Passphrase(passphrase) => slot.try_passphrase(cipher, passphrase),
            Secret::RecoveryCode(code) => slot.try_recovery_code(cipher, code),
            Secret::Identities(identities) => slot.try_identities(cipher, identities),
        };
        let keys = match secret {
            Secret::Passphrase(passphrase) => self.unwrap_with_passphrase(passphrase)?,
            Secret::RecoveryCode(code) => self.unwrap_with_recovery_code(code)?,
            Secret::Identities(identities) => self.unwrap_with_identities(identities)?,
        };
        self.slots.retain(|slot| matches!(fits(slot), Ok(Some(_))));
        self.close(&keys);
        Ok(keys)
    }

    fn check_owner(&self, keys: &Keys) -> Result<(), KeyError> {
        if self.slots.is_empty() || self.tag == Some(self.keyed_tag(keys)) {
            Ok(())
        } else {
            Err(KeyError::OtherCase)
        }
    }

    fn fresh_id(&self) -> Result<String, KeyError> {
        loop {
            let id = data_encoding::HEXLOWER.encode(&random::bytes::<4>()?);
            if self.slots.iter().all(|slot| slot.id != id) {
                return Ok(id);
            }
        }
    }

    fn insert(
        &mut self,
        keys: &Keys,
        id: String,
        lock: Lock,
        label: &str,
        created: &str,
    ) -> Result<(), KeyError> {
        if self.slots.len() >= MOST_SLOTS {
            return Err(KeyError::TooManySlots);
        }
        self.slots.push(Slot {
            id,
            label: label.chars().take(200).collect(),
            created: created.to_owned(),
            lock,
        });
        self.close(keys);
        Ok(())
    }

    fn encrypted(&self, keys: &Keys) -> Result<Cipher, KeyError> {
        self.check_owner(keys)?;
        match keys.cipher() {
            Cipher::Plain => Err(KeyError::PlainCase),
            cipher => Ok(cipher),
        }
    }

    /// Adds a passphrase and gives the id of its slot.
    ///
    /// # Errors
    /// The keys are of another case, the case is plain, or there are 64 slots.
    pub fn add_passphrase(
        &mut self,
        keys: &Keys,
        passphrase: &Passphrase,
        cost: Cost,
        label: &str,
        created: &str,
    ) -> Result<String, KeyError> {
        let cipher = self.encrypted(keys)?;
        let id = self.fresh_id()?;
        let lock = Lock::by_passphrase(&id, cipher, keys.vault(), passphrase, cost)?;
        self.insert(keys, id.clone(), lock, label, created)?;
        Ok(id)
    }

    /// Adds a recovery code. It is told here once and stands nowhere.
    ///
    /// # Errors
    /// As [`KeyFile::add_passphrase`].
    pub fn add_recovery_code(
        &mut self,
        keys: &Keys,
        label: &str,
        created: &str,
    ) -> Result<RecoveryCode, KeyError> {
        let cipher = self.encrypted(keys)?;
        let code = RecoveryCode::random()?;
        let id = self.fresh_id()?;
        let lock = Lock::by_recovery_code(&id, cipher, keys.vault(), &code)?;
        self.insert(keys, id, lock, label, created)?;
        Ok(code)
    }

    /// Lets a recipient open the case, and gives the id of its slot.
    ///
    /// # Errors
    /// As [`KeyFile::add_passphrase`]; [`KeyError::KnownRecipient`] if it has a slot.
    pub fn add_recipient(
        &mut self,
        keys: &Keys,
        recipient: &Recipient,
        label: &str,
        created: &str,
    ) -> Result<String, KeyError> {
        let cipher = self.encrypted(keys)?;
        let known = |slot: &Slot| slot.recipient(keys) == Some(*recipient);
        if self.slots.iter().any(known) {
            return Err(KeyError::KnownRecipient);
        }
        let id = self.fresh_id()?;
        let lock = Lock::by_recipient(&id, cipher, keys.vault(), recipient)?;
        self.insert(keys, id.clone(), lock, label, created)?;
        Ok(id)
    }

    /// The recipient of a slot: told only to whoever has the keys. `None` if the slot is of
    /// another kind.
    #[must_use]
    pub fn recipient_of(&self, keys: &Keys, id: &str) -> Option<Recipient> {
        let slot = self.slots.iter().find(|slot| slot.id == id)?;
        slot.recipient(keys)
    }

    /// Puts another passphrase into a passphrase slot. Copies of the key file made before still
    /// open with the old one: the vault key stays the same.
    ///
    /// # Errors
    /// As [`KeyFile::add_passphrase`]; there is no such passphrase slot.
    pub fn change_passphrase(
        &mut self,
        keys: &Keys,
        id: &str,
        passphrase: &Passphrase,
        cost: Cost,
        created: &str,
    ) -> Result<(), KeyError> {
        let cipher = self.encrypted(keys)?;
        let slot = self.slots.iter_mut().find(|slot| slot.id == id);
        let slot = slot
            .filter(|slot| matches!(slot.lock, Lock::Passphrase { .. }))
            .ok_or_else(|| KeyError::NoSuchSlot(id.to_owned()))?;
        slot.lock = Lock::by_passphrase(id, cipher, keys.vault(), passphrase, cost)?;
        created.clone_into(&mut slot.created);
        self.close(keys);
        Ok(())
    }

    /// Removes a slot.
    ///
    /// # Errors
    /// It is the last one, there is none with this id, or the keys are of another case.
    pub fn remove(&mut self, keys: &Keys, id: &str) -> Result<(), KeyError> {
        self.check_owner(keys)?;
        let place = self.slots.iter().position(|slot| slot.id == id);
        let place = place.ok_or_else(|| KeyError::NoSuchSlot(id.to_owned()))?;
        if self.slots.len() <= 1 {
            return Err(KeyError::LastSlot);
        }
        self.slots.remove(place);
        self.close(keys);
        Ok(())
    }

    /// The slot that a passphrase opens, so that it can be changed without knowing its id.
    ///
    /// # Errors
    /// As opening.
    pub fn slot_of(&self, passphrase: &Passphrase) -> Result<String, KeyError> {
        let cipher = self.cipher()?;
        for slot in &self.slots {
            if slot.try_passphrase(cipher, passphrase)?.is_some() {
                return Ok(slot.id.clone());
            }
        }
        Err(KeyError::WrongPassphrase)
    }

    /// The slots that the identities open; those that are broken count as not opened.
    #[must_use]
    pub fn slots_of(&self, identities: &[Identity]) -> Vec<String> {
        let Ok(cipher) = self.cipher() else {
            return Vec::new();
        };
        let fits = |slot: &&Slot| matches!(slot.try_identities(cipher, identities), Ok(Some(_)));
        let fitting = self.slots.iter().filter(fits);
        fitting.map(|slot| slot.id.clone()).collect()
    }

    #[must_use]
    pub fn slots(&self) -> Vec<SlotInfo> {
        let info = |slot: &Slot| {
            let (kind, cost) = match &slot.lock {
                Lock::Passphrase { argon2id, .. } => (SlotKind::Passphrase, Some(*argon2id)),
                Lock::Recovery { .. } => (SlotKind::RecoveryCode, None),
                Lock::Recipient { .. } => (SlotKind::Recipient, None),
                Lock::Clear { .. } => (SlotKind::Clear, None),
            };
            SlotInfo {
                id: slot.id.clone(),
                kind,
                label: slot.label.clone(),
                created: slot.created.clone(),
                cost,
            }
        };
        self.slots.iter().map(info).collect()
    }
}

/// What opens a slot.
#[derive(Debug, Clone, Copy)]
pub enum Secret<'a> {
    Passphrase(&'a Passphrase),
    RecoveryCode(&'a RecoveryCode),
    Identities(&'a [Identity]),
}
