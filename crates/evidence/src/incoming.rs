//! An original on its way in.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

use casefile::{Blake3, Sha256};
use sealing::{Hasher, SealedWriter};

use crate::{EvidenceError, Vault};

/// An original that was taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    pub sha256: Sha256,
    pub blake3: Blake3,
    /// Of the original.
    pub bytes: u64,
    /// The vault did not hold it whole before.
    pub new: bool,
}

/// Up to here an original is held in memory, so that one known already costs no write at all.
const HELD: usize = 256 << 10;

/// Takes bytes in piece by piece. Dropped before [`Incoming::finish`], it leaves nothing.
#[derive(Debug)]
pub struct Incoming<'a> {
    vault: &'a Vault,
    hasher: Hashing,
    held: Vec<u8>,
    spilled: Option<Partial>,
    /// Bytes are missing: what is here must never become an original.
    broken: bool,
    /// What broke it, if only an [`io::Error`] could be told at that time.
    untold: Option<EvidenceError>,
}

struct Hashing(Hasher);

impl std::fmt::Debug for Hashing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hashing")
    }
}

/// A sealed file in `incoming/`; removed when dropped, unless it was moved away.
#[derive(Debug)]
struct Partial {
    writer: Option<SealedWriter<File>>,
    path: PathBuf,
}

impl Drop for Partial {
    fn drop(&mut self) {
        // After a move there is nothing; after a kill `Vault::clean_incoming` does this.
        let _ = fs::remove_file(&self.path);
    }
}

impl<'a> Incoming<'a> {
    pub(crate) fn begin(vault: &'a Vault) -> Self {
        Self {
            vault,
            hasher: Hashing(Hasher::new()),
            held: Vec::new(),
            spilled: None,
            broken: false,
            untold: None,
        }
    }

    /// Bytes so far.
    #[must_use]
    pub fn len(&self) -> u64 {
        match &self.spilled {
            Some(Partial {
                writer: Some(writer),
                ..
            }) => writer.len(),
            _ => self.held.len() as u64,
        }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn partial(&self) -> Result<Partial, EvidenceError> {
        let path = self.vault.fresh_incoming();
        let wrong = |error| EvidenceError::file("taking in", &path, error);
        let file = fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)
            .map_err(wrong)?;
        let mut partial = Partial {
            writer: None,
            path: path.clone(),
        };
        partial.writer = Some(self.vault.key().writer(file).map_err(wrong)?);
        Ok(partial)
    }

    /// Adds bytes.
    ///
    /// # Errors
    /// They cannot be written: [`EvidenceError::NoSpace`] where there is no room.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), EvidenceError> {
        if self.broken {
            return Err(EvidenceError::Failed);
        }
        let pushed = self.try_push(bytes);
        if pushed.is_err() {
            self.broken = true;
            self.spilled = None;
        }
        pushed
    }

    fn try_push(&mut self, bytes: &[u8]) -> Result<(), EvidenceError> {
        self.hasher.0.update(bytes);
        if self.spilled.is_none() {
            if self.held.len().saturating_add(bytes.len()) <= HELD {
                self.held.extend_from_slice(bytes);
                return Ok(());
            }
            let mut partial = self.partial()?;
            let held = std::mem::take(&mut self.held);
            seal(&mut partial, &held)?;
            self.spilled = Some(partial);
        }
        match &mut self.spilled {
            Some(partial) => seal(partial, bytes),
            None => Ok(()),
        }
    }

    /// Puts the original into the vault, unless it is there already.
    ///
    /// # Errors
    /// As [`Incoming::push`]. Nothing is left behind then.
    pub fn finish(mut self) -> Result<Taken, EvidenceError> {
        if self.broken {
            return Err(self.untold.take().unwrap_or(EvidenceError::Failed));
        }
        let hasher = std::mem::take(&mut self.hasher.0);
        let (sha256, blake3, bytes) = hasher.finish();
        let taken = |new| Taken {
            sha256,
            blake3,
            bytes,
            new,
        };
        if self.vault.holds(&sha256, bytes) {
            return Ok(taken(false));
        }
        let mut partial = match self.spilled.take() {
            Some(partial) => partial,
            None => {
                let mut partial = self.partial()?;
                seal(&mut partial, &self.held)?;
                partial
            }
        };
        if let Some(writer) = partial.writer.take() {
            let finished = writer.finish();
            finished.map_err(|error| EvidenceError::file("taking in", &partial.path, error))?;
        }
        Ok(taken(self.vault.keep(&partial.path, &sha256, bytes)?))
    }
}

fn seal(partial: &mut Partial, bytes: &[u8]) -> Result<(), EvidenceError> {
    let Some(writer) = &mut partial.writer else {
        return Err(EvidenceError::Failed);
    };
    let written = writer.write_all(bytes);
    written.map_err(|error| EvidenceError::file("taking in", &partial.path, error))
}

/// For readers that write to anything; the typed error comes from [`Incoming::finish`].
impl Write for Incoming<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.push(bytes) {
            Ok(()) => Ok(bytes.len()),
            Err(error) => {
                let told = io::Error::other(error.to_string());
                self.untold.get_or_insert(error);
                Err(told)
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
