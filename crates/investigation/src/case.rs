//! Making, finding and opening a case, and what opens it.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use evidence::{CaseFolder, Vault};
use extract::worker::Program;
use sealing::{
    Cipher, Cost, Identity, KeyFile, Keys, Passphrase, Purpose, Recipient, RecoveryCode, SlotKind,
    Zeroizing,
};
use serde::Serialize;
use store::{Act, Ledger};

use crate::{Failure, Whose};

/// A text that is shown to nobody by accident, and wiped when it is no longer used.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("‹withheld›")
    }
}

/// How a new case is protected.
#[derive(Debug, Clone)]
pub enum Protection {
    Passphrase(Secret),
    /// By the recovery code, age recipients (`age1…`) and perhaps a passphrase as well.
    Recipients {
        recipients: Vec<String>,
        passphrase: Option<Secret>,
    },
    /// Not at all.
    Plain,
}

/// What opens a case.
#[derive(Debug, Clone)]
pub enum Unlock {
    Passphrase(Secret),
    Recovery(Secret),
    /// The content of a file of age identities.
    Identities(Secret),
    Plain,
}

/// How confined processes are started.
#[derive(Debug, Clone)]
pub struct Tools {
    pub worker: Program,
    pub recogniser: Program,
}

/// An open case.
pub struct Case {
    pub(crate) folder: CaseFolder,
    pub(crate) keys: Keys,
    pub(crate) vault: Vault,
    pub(crate) tools: Tools,
    /// For reading; whoever writes opens the ledger anew under the case's lock.
    pub(crate) ledger: Mutex<Ledger>,
    pub(crate) index: Mutex<Option<std::sync::Arc<search::Index>>>,
    name: String,
    derived_in: Duration,
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Case").finish_non_exhaustive()
    }
}

/// One of the things that open a case.
#[derive(Debug, Clone, Serialize)]
pub struct Slot {
    pub number: u32,
    pub kind: &'static str,
    pub label: String,
    pub created: String,
    /// The age recipient, for slots of that kind.
    pub recipient: Option<String>,
}

pub(crate) fn now() -> i64 {
    jiff::Timestamp::now().as_microsecond()
}

pub(crate) fn today() -> String {
    jiff::Timestamp::from_second(jiff::Timestamp::now().as_second())
        .unwrap_or_default()
        .to_string()
}

/// Who acts: the name of the account, which enters the log only as a commitment.
#[must_use]
pub fn who() -> String {
    std::env::var("USER")
        .or_else(|_| std::env::var("LOGNAME"))
        .unwrap_or_else(|_| "unknown".into())
}

/// The raw key of the ledger; in a plain case one that is no secret, so that every page still
/// vouches for itself.
pub(crate) fn with_ledger_key<T>(keys: &Keys, use_it: impl FnOnce(&[u8; 32]) -> T) -> T {
    match keys.cipher() {
        Cipher::Plain => use_it(&store::OPEN_KEY),
        Cipher::Aes256Gcm => use_it(keys.subkey(Purpose::Database).bytes()),
    }
}

fn cost() -> Result<Cost, Failure> {
    let begun = Instant::now();
    Ok(Cost::calibrated(Duration::from_secs(1), || {
        begun.elapsed()
    })?)
}

fn identities(content: &Secret) -> Result<Vec<Identity>, Failure> {
    use sealing::IdentityError as E;
    Identity::parse_file(content.as_str()).map_err(|error| {
        let failure = Failure::new(Whose::You, "identity-file", error.to_string());
        match error {
            E::Encrypted => failure.hint(
                "open it on the way, so that it is not written anywhere: \
                 `--identity <(age --decrypt FILE)`",
            ),
            _ => failure.hint("give the file that `age-keygen` wrote"),
        }
    })
}

/// The recipients, each once.
fn recipients(typed: &[String]) -> Result<Vec<Recipient>, Failure> {
    let mut recipients = Vec::with_capacity(typed.len());
    for typed in typed {
        let recipient = Recipient::parse(typed)?;
        if !recipients.contains(&recipient) {
            recipients.push(recipient);
        }
    }
    Ok(recipients)
}

/// A new key file that a passphrase, recipients, or both open, and the recovery code to it.
fn sealed(
    passphrase: Option<&Secret>,
    recipients: &[Recipient],
    created: &str,
) -> Result<(KeyFile, Keys, Secret), Failure> {
    let (mut file, keys) = KeyFile::begin()?;
    if let Some(passphrase) = passphrase {
        let passphrase = Passphrase::new(passphrase.as_str())?;
        file.add_passphrase(&keys, &passphrase, cost()?, "first", created)?;
    }
    for recipient in recipients {
        file.add_recipient(&keys, recipient, RECIPIENT_LABEL, created)?;
    }
    let code = file.add_recovery_code(&keys, "recovery code", created)?;
    Ok((file, keys, Secret(code.printed())))
}

/// Labels stand in the clear, so this one says nothing.
const RECIPIENT_LABEL: &str = "recipient";

impl Case {
    /// Whether `dir` is a case.
    #[must_use]
    pub fn is_case(dir: &Path) -> bool {
        CaseFolder::open(dir).is_ok()
    }

    /// The nearest case at `start` or above it.
    #[must_use]
    pub fn find(start: &Path) -> Option<PathBuf> {
        evidence::find(start)
    }

    /// # Errors
    /// It is no case, or its key file is damaged.
    pub fn is_plain_folder(dir: &Path) -> Result<bool, Failure> {
        let (keys, _) = CaseFolder::open(dir)?.keys()?;
        Ok(keys.cipher()? == Cipher::Plain)
    }

    /// Whether a passphrase opens the case in `dir`: there are some that only recipients open.
    ///
    /// # Errors
    /// As [`Case::is_plain_folder`].
    pub fn takes_passphrase(dir: &Path) -> Result<bool, Failure> {
        let (keys, _) = CaseFolder::open(dir)?.keys()?;
        let slots = keys.slots();
        Ok(slots.iter().any(|slot| slot.kind == SlotKind::Passphrase))
    }

    /// Makes a case, and gives the recovery code if it is encrypted.
    ///
    /// # Errors
    /// A recipient is none, the folder is not empty or cannot be written.
    pub fn create(
        dir: &Path,
        name: &str,
        protection: &Protection,
        tools: Tools,
    ) -> Result<(Self, Option<Secret>), Failure> {
        let created = today();
        let (file, keys, recovery) = match protection {
            Protection::Plain => {
                let (file, keys) = KeyFile::create_plain(&created)?;
                (file, keys, None)
            }
            Protection::Passphrase(passphrase) => {
                let (file, keys, code) = sealed(Some(passphrase), &[], &created)?;
                (file, keys, Some(code))
            }
            Protection::Recipients {
                recipients: typed,
                passphrase,
            } => {
                let recipients = recipients(typed)?;
                let (file, keys, code) = sealed(passphrase.as_ref(), &recipients, &created)?;
                (file, keys, Some(code))
            }
        };
        let folder = CaseFolder::create(dir, &file, &created)?;
        let mut ledger = with_ledger_key(&keys, |key| Ledger::create(&folder.ledger(), key))?;
        let act = Act {
            who: &who(),
            at: now(),
        };
        ledger.transaction::<_, Failure>(&act, |tx| Ok(tx.set("name", name)?))?;
        ledger.settle()?;
        drop(ledger);
        search::Index::create(&folder.index(), keys.stream(Purpose::Index))?;
        Ok((Self::opened(folder, keys, tools)?, recovery))
    }

    fn unlocked(dir: &Path, unlock: &Unlock) -> Result<(CaseFolder, KeyFile, Keys), Failure> {
        let folder = CaseFolder::open(dir)?;
        let (file, _) = folder.keys()?;
        let keys = match unlock {
            Unlock::Plain => file.open_plain()?,
            Unlock::Passphrase(secret) => {
                file.open_with_passphrase(&Passphrase::new(secret.as_str())?)?
            }
            Unlock::Recovery(secret) => {
                let code = RecoveryCode::parse(secret.as_str()).map_err(|error| {
                    Failure::new(Whose::Locked, "recovery-code", error.to_string())
                        .hint("compare it with the printed code, group by group")
                })?;
                file.open_with_recovery_code(&code)?
            }
            Unlock::Identities(content) => file.open_with_identities(&identities(content)?)?,
        };
        Ok((folder, file, keys))
    }

    /// Opens a case.
    ///
    /// # Errors
    /// It is locked, damaged or no case.
    pub fn open(dir: &Path, unlock: &Unlock, tools: Tools) -> Result<Self, Failure> {
        let begun = Instant::now();
        let (folder, _, keys) = Self::unlocked(dir, unlock)?;
        let derived_in = begun.elapsed();
        let case = Self::opened(folder, keys, tools)?;
        Ok(Self { derived_in, ..case })
    }

    fn opened(folder: CaseFolder, keys: Keys, tools: Tools) -> Result<Self, Failure> {
        let ledger = with_ledger_key(&keys, |key| Ledger::open_read_only(&folder.ledger(), key))?;
        let name = ledger.setting("name")?.unwrap_or_else(|| "case".into());
        let vault = Vault::open(&folder, &keys);
        Ok(Self {
            vault,
            folder,
            keys,
            tools,
            ledger: Mutex::new(ledger),
            index: Mutex::new(None),
            name,
            derived_in: Duration::ZERO,
        })
    }

    /// How long deriving the key took when the case was opened: slow on purpose, and so told
    /// apart where the rest is measured.
    #[must_use]
    pub fn derived_in(&self) -> Duration {
        self.derived_in
    }

    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.keys.cipher() == Cipher::Plain
    }

    /// The ledger, for reading.
    pub(crate) fn read<T>(
        &self,
        ask: impl FnOnce(&Ledger) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let ledger = self
            .ledger
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        ask(&ledger)
    }

    /// The ledger, for writing; its caller holds the case's lock.
    pub(crate) fn writable(&self) -> Result<Ledger, Failure> {
        Ok(with_ledger_key(&self.keys, |key| {
            Ledger::open(&self.folder.ledger(), key)
        })?)
    }

    /// What opens the case, to be changed.
    ///
    /// # Errors
    /// As [`Case::open`].
    pub fn keys(dir: &Path, unlock: &Unlock) -> Result<KeyRing, Failure> {
        let (folder, file, keys) = Self::unlocked(dir, unlock)?;
        let (mut used, mut proven) = (None, Vec::new());
        match unlock {
            Unlock::Passphrase(secret) => {
                used = file.slot_of(&Passphrase::new(secret.as_str())?).ok();
            }
            Unlock::Identities(content) => proven = file.slots_of(&identities(content)?),
            Unlock::Recovery(_) | Unlock::Plain => {}
        }
        Ok(KeyRing {
            folder,
            file,
            keys,
            used,
            proven,
        })
    }
}

/// The passphrases, the recovery code and the recipients of a case.
#[derive(Debug)]
pub struct KeyRing {
    folder: CaseFolder,
    file: KeyFile,
    keys: Keys,
    /// The slot of the passphrase that opened the case.
    used: Option<String>,
    /// The slots of recipients whose identity was given.
    proven: Vec<String>,
}

impl KeyRing {
    fn write(&self) -> Result<(), Failure> {
        Ok(self.folder.write_keys(&self.file)?)
    }

    /// # Errors
    /// The case is plain or its folder cannot be written.
    pub fn add(&mut self, passphrase: &Secret, label: &str) -> Result<(), Failure> {
        let passphrase = Passphrase::new(passphrase.as_str())?;
        self.file
            .add_passphrase(&self.keys, &passphrase, cost()?, label, &today())?;
        self.write()
    }

    /// Lets an age recipient (`age1…`) open the case.
    ///
    /// # Errors
    /// It is no recipient or has a slot already; the case is plain or its folder cannot be written.
    pub fn add_recipient(&mut self, recipient: &str, label: Option<&str>) -> Result<(), Failure> {
        let recipient = Recipient::parse(recipient)?;
        let label = label.unwrap_or(RECIPIENT_LABEL);
        self.file
            .add_recipient(&self.keys, &recipient, label, &today())?;
        self.write()
    }

    /// Replaces the passphrase that opened the case.
    ///
    /// # Errors
    /// It was not opened with a passphrase, or its folder cannot be written.
    pub fn change(&mut self, passphrase: &Secret) -> Result<(), Failure> {
        let Some(id) = &self.used else {
            return Err(Failure::new(
                Whose::You,
                "slot",
                "the case was not opened with a passphrase",
            )
            .hint("add one with `tumen passphrase add`"));
        };
        let passphrase = Passphrase::new(passphrase.as_str())?;
        self.file
            .change_passphrase(&self.keys, id, &passphrase, cost()?, &today())?;
        self.write()
    }

    /// Makes a new recovery code and takes the old ones away.
    ///
    /// # Errors
    /// The case is plain or its folder cannot be written.
    pub fn new_recovery(&mut self) -> Result<Secret, Failure> {
        let slots = self.file.slots();
        let old = slots
            .iter()
            .filter(|slot| matches!(slot.kind, SlotKind::RecoveryCode));
        let code = self
            .file
            .add_recovery_code(&self.keys, "recovery code", &today())?;
        for slot in old {
            self.file.remove(&self.keys, &slot.id)?;
        }
        self.write()?;
        Ok(Secret(code.printed()))
    }

    /// # Errors
    /// There is no such slot, it is the last of which anybody is known to have the secret, or the
    /// folder cannot be written.
    pub fn remove(&mut self, number: u32) -> Result<(), Failure> {
        let slots = self.file.slots();
        let slot = (number as usize)
            .checked_sub(1)
            .and_then(|at| slots.get(at));
        let slot = slot.ok_or_else(|| {
            Failure::new(Whose::You, "slot", format!("there is no number {number}"))
        })?;
        // A passphrase was typed twice and a code was printed. A recipient is a public key that
        // anybody may have pasted: that its identity exists is known only when it has been used.
        let mut left = slots.iter().filter(|other| other.id != slot.id).peekable();
        let unproven = |left: &sealing::SlotInfo| {
            left.kind == SlotKind::Recipient && !self.proven.contains(&left.id)
        };
        if left.peek().is_some() && left.all(unproven) {
            return Err(Failure::new(
                Whose::You,
                "slot",
                "only recipients would be left, and nothing shows that anybody has the identity \
                 of one; nothing was changed",
            )
            .hint("open the case with `--identity FILE`, then remove it"));
        }
        self.file.remove(&self.keys, &slot.id)?;
        self.write()
    }

    #[must_use]
    pub fn slots(&self) -> Vec<Slot> {
        let slot = |(number, info): (u32, sealing::SlotInfo)| Slot {
            number,
            recipient: self
                .file
                .recipient_of(&self.keys, &info.id)
                .map(|recipient| recipient.to_string()),
            kind: match info.kind {
                SlotKind::Passphrase => "passphrase",
                SlotKind::RecoveryCode => "recovery",
                SlotKind::Recipient => "recipient",
                SlotKind::Clear => "clear",
            },
            label: info.label,
            created: info.created,
        };
        (1..).zip(self.file.slots()).map(slot).collect()
    }
}
