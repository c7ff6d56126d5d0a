//! What can go wrong with a case on disk.

use std::io;
use std::path::{Path, PathBuf};

use casefile::Sha256;
use rustix::io::Errno;
use sealing::{KeyError, SealError};

#[derive(Debug, thiserror::Error)]
pub enum EvidenceError {
    /// The disk is full, a quota is used up, or a limit on file size was hit. What was being
    /// written is gone; everything that was taken in before is whole.
    #[error("no room left for {doing}; the case is intact")]
    NoSpace {
        doing: String,
        #[source]
        source: io::Error,
    },
    /// What was to be taken in could not be read to its end.
    #[error("the source could not be read")]
    Source(#[source] io::Error),
    #[error("{doing}: {path}")]
    File {
        doing: &'static str,
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("{0} is not empty; a case needs a folder of its own")]
    NotEmpty(PathBuf),
    #[error("{0} is not a case")]
    NoCase(PathBuf),
    #[error("{path} is damaged: {reason}")]
    Damaged { path: PathBuf, reason: String },
    #[error("the case was made by a newer version of this program (format {0})")]
    NewerFormat(u32),
    #[error("the original {0} is not in the vault")]
    Missing(Sha256),
    #[error("the original {original} is damaged in the vault")]
    DamagedOriginal {
        original: Sha256,
        #[source]
        source: SealError,
    },
    #[error(transparent)]
    Keys(#[from] KeyError),
    #[error("an earlier write failed")]
    Failed,
}

impl EvidenceError {
    /// The error of an operation on a file of the case.
    pub(crate) fn file(doing: &'static str, path: &Path, source: impl Into<io::Error>) -> Self {
        let source = source.into();
        if is_no_space(&source) {
            let doing = doing.to_owned();
            return Self::NoSpace { doing, source };
        }
        let path = path.to_owned();
        Self::File {
            doing,
            path,
            source,
        }
    }

    /// Whether there was no room on the disk.
    #[must_use]
    pub const fn is_no_space(&self) -> bool {
        matches!(self, Self::NoSpace { .. })
    }
}

fn is_no_space(error: &io::Error) -> bool {
    let full = [Errno::NOSPC, Errno::DQUOT, Errno::FBIG].map(Errno::raw_os_error);
    error
        .raw_os_error()
        .is_some_and(|code| full.contains(&code))
        || matches!(
            error.kind(),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge
        )
}
