//! Room on the disk for what is too long to be held in memory while it is taken in.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;

use sealing::{FileKey, SealedReader, SealedWriter};

use crate::{EvidenceError, Vault};

/// Sealed as originals are, and without a name from its first moment: whatever happens to the
/// process, the system takes it away.
#[derive(Debug)]
pub struct Scratch {
    writer: SealedWriter<File>,
}

/// What was written, to be read from its beginning as often as needed.
#[derive(Debug)]
pub struct Written {
    file: File,
    key: FileKey,
}

fn wrong(error: io::Error) -> EvidenceError {
    EvidenceError::file("setting aside", std::path::Path::new("incoming"), error)
}

impl Scratch {
    pub(crate) fn begin(vault: &Vault) -> Result<Self, EvidenceError> {
        let path = vault.fresh_incoming();
        let begin = || {
            let file = fs::OpenOptions::new()
                .read(true)
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(&path)?;
            fs::remove_file(&path)?;
            vault.key().writer(file)
        };
        let writer = begin().map_err(wrong)?;
        Ok(Self { writer })
    }

    /// Adds bytes.
    ///
    /// # Errors
    /// They cannot be written: [`EvidenceError::NoSpace`] where there is no room.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), EvidenceError> {
        self.writer.write_all(bytes).map_err(wrong)
    }

    /// # Errors
    /// As [`Scratch::push`].
    pub fn finish(self, vault: &Vault) -> Result<Written, EvidenceError> {
        let finish = || {
            let mut file = self.writer.finish()?;
            io::Seek::rewind(&mut file)?;
            let key = vault.key().key_of(&mut file)?;
            Ok(Written { file, key })
        };
        finish().map_err(wrong)
    }
}

impl Written {
    /// One reading at a time: all share the place in the file.
    ///
    /// # Errors
    /// The file cannot be read or was altered.
    pub fn read(&self) -> io::Result<SealedReader<File>> {
        SealedReader::open(self.file.try_clone()?, &self.key)
    }
}
