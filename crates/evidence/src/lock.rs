//! One writer or many readers at a time, kept by the operating system.
//!
//! The lock goes when the process ends, however it ends: there is never a stale one. The file
//! holds the writer's process number, for the message only.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;

use crate::{CaseFolder, EvidenceError};

/// A held lock; dropping it lets go.
#[derive(Debug)]
pub struct CaseLock {
    file: File,
    exclusive: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another process works on the case; its number, where it is a writer that has told it.
    #[error("the case is in use by {}", .0.map_or("another process".to_owned(), |id| format!("process {id}")))]
    Held(Option<u32>),
    #[error(transparent)]
    Evidence(#[from] EvidenceError),
}

impl CaseLock {
    /// To read; waits for a writer to finish, after `waiting` was told who that is.
    ///
    /// # Errors
    /// The lock file cannot be opened, or the file system knows no locks.
    pub fn shared(
        case: &CaseFolder,
        waiting: impl FnOnce(Option<u32>),
    ) -> Result<Self, EvidenceError> {
        match Self::try_shared(case) {
            Err(LockError::Held(holder)) => waiting(holder),
            Err(LockError::Evidence(error)) => return Err(error),
            Ok(lock) => return Ok(lock),
        }
        let file = open(case)?;
        file.lock_shared().map_err(|error| wrong(case, error))?;
        Ok(Self {
            file,
            exclusive: false,
        })
    }

    /// To read; at once or not at all.
    ///
    /// # Errors
    /// [`LockError::Held`] if somebody writes.
    pub fn try_shared(case: &CaseFolder) -> Result<Self, LockError> {
        let file = open(case)?;
        got(case, file.try_lock_shared(), &file)?;
        Ok(Self {
            file,
            exclusive: false,
        })
    }

    /// To write; waits for all others to finish, after `waiting` was told who they are.
    ///
    /// # Errors
    /// The lock file cannot be opened or written, or the file system knows no locks.
    pub fn exclusive(
        case: &CaseFolder,
        waiting: impl FnOnce(Option<u32>),
    ) -> Result<Self, EvidenceError> {
        match Self::try_exclusive(case) {
            Err(LockError::Held(holder)) => waiting(holder),
            Err(LockError::Evidence(error)) => return Err(error),
            Ok(lock) => return Ok(lock),
        }
        let file = open(case)?;
        file.lock().map_err(|error| wrong(case, error))?;
        Self::signed(case, file)
    }

    /// To write; at once or not at all.
    ///
    /// # Errors
    /// [`LockError::Held`] if somebody reads or writes.
    pub fn try_exclusive(case: &CaseFolder) -> Result<Self, LockError> {
        let file = open(case)?;
        got(case, file.try_lock(), &file)?;
        Ok(Self::signed(case, file)?)
    }

    fn signed(case: &CaseFolder, mut file: File) -> Result<Self, EvidenceError> {
        let sign = |file: &mut File| -> io::Result<()> {
            file.set_len(0)?;
            file.rewind()?;
            writeln!(file, "{}", std::process::id())
        };
        // On a full disk the lock holds all the same; only its message is poorer.
        let signed = sign(&mut file).map_err(|error| wrong(case, error));
        if let Err(error) = signed
            && !error.is_no_space()
        {
            return Err(error);
        }
        Ok(Self {
            file,
            exclusive: true,
        })
    }
}

impl Drop for CaseLock {
    fn drop(&mut self) {
        if self.exclusive {
            // A number left behind would only make a later message wrong.
            let _ = self.file.set_len(0);
        }
        // Closing is not enough: a process being started holds a copy of every open file until its
        // program begins, and the lock would stay as long. If it fails, closing still follows.
        let _ = self.file.unlock();
    }
}

fn open(case: &CaseFolder) -> Result<File, EvidenceError> {
    fs::OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(case.lock_file())
        .map_err(|error| wrong(case, error))
}

fn wrong(case: &CaseFolder, error: io::Error) -> EvidenceError {
    EvidenceError::file("locking", &case.lock_file(), error)
}

fn got(
    case: &CaseFolder,
    tried: Result<(), TryLockError>,
    mut file: &File,
) -> Result<(), LockError> {
    match tried {
        Ok(()) => Ok(()),
        Err(TryLockError::Error(error)) => Err(wrong(case, error).into()),
        Err(TryLockError::WouldBlock) => {
            let mut text = String::new();
            let holder = Read::by_ref(&mut file).take(20).read_to_string(&mut text);
            let holder = holder.ok().and_then(|_| text.trim().parse().ok());
            Err(LockError::Held(holder))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sealing::{Cost, KeyFile, Passphrase};

    #[test]
    fn a_dropped_lock_is_free_at_once_although_a_copy_of_its_file_is_still_open() {
        let world = tempfile::tempdir().expect("a temporary folder");
        let word = Passphrase::new("두만강").expect("a passphrase");
        let day = "2026-11-25T10:00:00Z";
        let (keys, _) = KeyFile::create(&word, Cost::FOR_TESTS, "", day).expect("keys");
        let case = CaseFolder::create(&world.path().join("case"), &keys, day).expect("a case");
        for exclusive in [true, false] {
            let lock = if exclusive {
                CaseLock::try_exclusive(&case)
            } else {
                CaseLock::try_shared(&case)
            }
            .expect("free");
            // What a child has between fork and exec.
            let copy = lock.file.try_clone().expect("a copy");
            drop(lock);
            let again = CaseLock::try_exclusive(&case);
            assert!(again.is_ok(), "{again:?}");
            drop(copy);
        }
    }
}
