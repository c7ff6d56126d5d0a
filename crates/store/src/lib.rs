//! The ledger of a case: a SQLCipher database with the append-only log, the ground truth that the
//! log witnesses, and the tables that are derived from it.
//!
//! This is the only crate that speaks SQL or compresses with zstd. It knows nothing of files taken
//! in, formats read or indexes searched, and no type of the database is in its interface, so that
//! another database can stand behind the same words.
//!
//! **Ground truth** (originals, occurrences, settings, decisions, the log) is written in one transaction
//! with its log entries and is never dropped. **Derived** (documents, texts, metadata,
//! fingerprints, statements) can be emptied at any time and made again.

mod error;
mod layout;
pub mod log;
mod rows;
mod sql;

pub use error::StoreError;
pub use rows::{
    Act, Change, Decision, Document, DocumentFilter, FileState, KnownFile, Listed, NewDecision,
    NewDocument, NewOccurrence, Occurrence, OccurrenceFilter, OccurrenceId, Original, Place, Put,
    Rendition, RootId, Running, StatementFilter, StoredStatement, Tally, TextId, TextVersion,
    Totals,
};
pub use sql::{
    Damage, Ledger, OPEN_KEY, PageText, Part, Progress, StatementWriter, TextWriter, Transaction,
};

#[cfg(test)]
mod tests;
