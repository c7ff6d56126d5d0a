//! What can go wrong with the ledger.

use std::path::PathBuf;

use casefile::DocumentId;

use crate::log::CheckpointError;

/// The ledger could not be opened, read or written. `doing` names the operation.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("there is no ledger at {}", .0.display())]
    Missing(PathBuf),
    #[error("there is a ledger at {} already", .0.display())]
    Exists(PathBuf),
    /// Wrong key, or the file's first page is broken: the two cannot be told apart.
    #[error("the ledger does not open with this key: the key is wrong or the file is damaged")]
    WrongKey,
    /// A database whose pages do not vouch for themselves; early versions made plain cases so.
    #[error("the ledger is a bare SQLite file whose pages nothing vouches for")]
    NotSealed,
    #[error("the file is a database, but not the ledger of a case")]
    NotALedger,
    #[error("the ledger was written by a newer version (form {found}, this one knows {known})")]
    Newer { found: i64, known: i64 },
    #[error("the disk is full while {doing}; what was committed before is safe")]
    Full { doing: &'static str },
    #[error("the ledger is being written by another process ({doing})")]
    Busy { doing: &'static str },
    #[error("the ledger is opened for reading only ({doing})")]
    ReadOnly { doing: &'static str },
    #[error("the disk failed while {doing}: {detail}")]
    Disk { doing: &'static str, detail: String },
    #[error("the ledger is damaged, seen while {doing}: {detail}")]
    Damaged { doing: &'static str, detail: String },
    /// A value that is not allowed by the tables: a fault of the caller.
    #[error("the ledger refuses a value while {doing}: {detail}")]
    Refused { doing: &'static str, detail: String },
    /// Two originals whose SHA-256 begin with the same 80 bits: one of them was made for it.
    #[error("two different originals claim the identity {0}; the second was refused")]
    SameIdentity(DocumentId),
    #[error("the document is longer than 4,294,967,295 characters")]
    TooLong,
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    #[error("the ledger failed while {doing}: {detail}")]
    Other { doing: &'static str, detail: String },
}

impl StoreError {
    pub(crate) fn damaged(doing: &'static str, detail: impl Into<String>) -> Self {
        Self::Damaged {
            doing,
            detail: detail.into(),
        }
    }

    /// Gives an error of SQLite its meaning.
    pub(crate) fn from_sql(doing: &'static str, error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        let detail = error.to_string();
        match &error {
            rusqlite::Error::SqliteFailure(failure, _) => match failure.code {
                Code::DiskFull => Self::Full { doing },
                Code::DatabaseBusy | Code::DatabaseLocked => Self::Busy { doing },
                Code::ReadOnly => Self::ReadOnly { doing },
                Code::SystemIoFailure | Code::CannotOpen | Code::PermissionDenied => {
                    Self::Disk { doing, detail }
                }
                Code::DatabaseCorrupt | Code::NotADatabase => Self::Damaged { doing, detail },
                Code::ConstraintViolation | Code::TooBig | Code::TypeMismatch => {
                    Self::Refused { doing, detail }
                }
                _ => Self::Other { doing, detail },
            },
            rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::Utf8Error(..)
            | rusqlite::Error::QueryReturnedNoRows => Self::Damaged { doing, detail },
            rusqlite::Error::ToSqlConversionFailure(_) => Self::Refused { doing, detail },
            _ => Self::Other { doing, detail },
        }
    }
}

/// Names the operation in which SQLite failed.
pub(crate) trait While<T> {
    fn during(self, doing: &'static str) -> Result<T, StoreError>;
}

impl<T> While<T> for Result<T, rusqlite::Error> {
    fn during(self, doing: &'static str) -> Result<T, StoreError> {
        self.map_err(|error| StoreError::from_sql(doing, error))
    }
}
