//! What the ledger is given and gives back: plain values, no database type among them.
//!
//! Moments are microseconds since 1970-01-01T00:00:00Z; file times are nanoseconds since then.

use casefile::statement::{Event, Modality, Statement};
use casefile::{Blake3, DocumentId, MemberKind, Metadatum, Outcome, Problem, Sha256, StatementId};

/// Who acts, and when: written into the log with all that a transaction changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Act<'a> {
    /// A person's or program's name. Only a commitment to it enters the log.
    pub who: &'a str,
    /// Microseconds since 1970 UTC.
    pub at: i64,
}

/// How far a run is: what is committed of what the walk has found so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Running {
    /// Microseconds since 1970 UTC.
    pub begun: i64,
    /// When this was noted.
    pub at: i64,
    pub files: (u64, u64),
    pub bytes: (u64, u64),
}

/// The bytes taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Original {
    pub sha256: Sha256,
    pub blake3: Blake3,
    pub bytes: u64,
    /// When it was first taken in.
    pub taken: i64,
    /// Its entry in the log.
    pub leaf: u64,
}

/// The number of an occurrence; stable for the life of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OccurrenceId(pub i64);

/// A root that was given to `add`: an absolute path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RootId(pub i64);

/// One text version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TextId(pub i64);

/// What tells that a file on disk has not changed since.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FileState {
    pub bytes: u64,
    pub modified_ns: Option<i64>,
    pub changed_ns: Option<i64>,
    pub inode: Option<u64>,
}

/// Where an occurrence stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place<'a> {
    /// A file at a path below (or equal to) a root.
    File {
        root: RootId,
        /// Relative to what was given, for people.
        path: &'a str,
        /// The path's bytes where they are not UTF-8.
        raw: Option<&'a [u8]>,
    },
    /// The `ordinal`th member (from 0) of a container.
    Member {
        container: OccurrenceId,
        ordinal: u64,
        /// The path inside all containers, for people, e.g. `3/annex.pdf`.
        path: &'a str,
        kind: MemberKind,
    },
}

/// An occurrence as it is put into the ledger.
#[derive(Debug, Clone, PartialEq)]
pub struct NewOccurrence<'a> {
    pub place: Place<'a>,
    pub source: Option<&'a str>,
    /// `--published`: overrides the document's own date.
    pub published: Option<&'a str>,
    /// `None` where the bytes could not be had.
    pub sha256: Option<Sha256>,
    pub file: FileState,
    /// `None` while it is still being read.
    pub outcome: Option<Outcome>,
    pub reason: Option<&'a str>,
    pub format: Option<&'a str>,
    /// Everything below it has been committed. False for a container that is being read.
    pub complete: bool,
    /// What the container says about its member (times, URL, ids).
    pub metadata: &'a [Metadatum],
}

/// What putting an occurrence did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    New,
    /// The same place and bytes again: the row was brought up to date.
    Again,
    /// The same place with other bytes: a new row; the old one is history.
    Replaced(OccurrenceId),
}

/// An occurrence as the ledger holds it.
#[derive(Debug, Clone, PartialEq)]
pub struct Occurrence {
    pub id: OccurrenceId,
    pub root: RootId,
    /// Path of the file, or of the outermost container.
    pub path: String,
    pub path_raw: Option<Vec<u8>>,
    pub parent: Option<OccurrenceId>,
    pub ordinal: Option<u64>,
    pub member: Option<String>,
    pub kind: Option<MemberKind>,
    pub source: Option<String>,
    pub published: Option<String>,
    pub sha256: Option<Sha256>,
    pub file: FileState,
    pub outcome: Option<Outcome>,
    pub reason: Option<String>,
    pub format: Option<String>,
    pub complete: bool,
    pub metadata: Vec<Metadatum>,
    pub first_seen: i64,
    pub last_seen: i64,
    /// The occurrence that took its place when the file's bytes changed.
    pub superseded: Option<OccurrenceId>,
    pub leaf: u64,
}

/// What is known of a file at a path, to tell whether it must be read again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownFile {
    pub id: OccurrenceId,
    pub file: FileState,
    pub complete: bool,
    pub outcome: Option<Outcome>,
    pub sha256: Option<Sha256>,
}

/// A document as it is put into the ledger, replacing what was known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct NewDocument<'a> {
    pub sha256: Sha256,
    pub format: &'a str,
    pub outcome: Outcome,
    pub reason: Option<&'a str>,
    pub title: Option<&'a str>,
    pub language: Option<&'a str>,
    /// ISO 8601 date of any precision, or RFC 3339.
    pub published: Option<&'a str>,
    /// Where the date stands: "HTML meta article:published_time".
    pub published_from: Option<&'a str>,
    pub pages: Option<u32>,
    /// Members found in it.
    pub children: u64,
    /// Name of the reader, e.g. `pdf`.
    pub extractor: &'a str,
    pub extractor_version: &'a str,
    pub milliseconds: u64,
    pub metadata: &'a [Metadatum],
    pub problems: &'a [Problem],
}

/// A document as the ledger holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    pub id: DocumentId,
    pub sha256: Sha256,
    pub format: String,
    pub outcome: Outcome,
    pub reason: Option<String>,
    pub title: Option<String>,
    pub language: Option<String>,
    pub published: Option<String>,
    pub published_from: Option<String>,
    /// The current text version; `None` where no text was found.
    pub text: Option<TextId>,
    pub chars: u64,
    pub pages: Option<u32>,
    pub children: u64,
    pub extractor: String,
    pub extractor_version: String,
    pub milliseconds: u64,
    /// The number of its last change (see `Ledger::changes_since`).
    pub change: u64,
}

/// One extraction of a document's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextVersion {
    pub id: TextId,
    pub document: DocumentId,
    pub extractor: String,
    pub extractor_version: String,
    /// Of the whole text in UTF-8.
    pub sha256: Sha256,
    pub chars: u64,
    pub parts: u64,
    pub created: i64,
}

/// Which occurrences to list. All conditions must hold; the default lists everything current.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OccurrenceFilter<'a> {
    /// Any of these; empty for all.
    pub outcomes: &'a [Outcome],
    pub format: Option<&'a str>,
    pub source: Option<&'a str>,
    /// Files whose path begins so.
    pub path_prefix: Option<&'a str>,
    /// Also those whose file has other bytes now.
    pub superseded: bool,
    /// Only those after this one: pass the last id of the page before.
    pub after: Option<OccurrenceId>,
}

/// Which documents to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DocumentFilter<'a> {
    pub outcomes: &'a [Outcome],
    pub format: Option<&'a str>,
    pub language: Option<&'a str>,
    /// Only those after this one, in the order of their first reading.
    pub after: Option<DocumentId>,
}

/// Occurrences and bytes of one outcome and format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// `None`: not finished (a run was interrupted, or is at work).
    pub outcome: Option<Outcome>,
    pub format: Option<String>,
    pub occurrences: u64,
    pub bytes: u64,
}

/// The ledger's totals.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    pub occurrences: u64,
    pub files: u64,
    pub originals: u64,
    pub original_bytes: u64,
    pub documents: u64,
    /// By outcome and format; the sum of `occurrences` is that of all.
    pub tallies: Vec<Tally>,
}

/// Something that the search index must take note of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    pub number: u64,
    pub document: DocumentId,
    /// True where the document is no longer in the ledger.
    pub deleted: bool,
}

/// Two documents that are, nearly, the same text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rendition {
    pub document: DocumentId,
    /// 0 to 1.
    pub similarity: f32,
}

/// A proposal of the machine as the ledger holds it.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredStatement {
    pub id: StatementId,
    pub document: DocumentId,
    pub statement: Statement,
}

/// Which statements are wanted; the default is all.
#[derive(Debug, Clone, Copy, Default)]
pub struct StatementFilter<'a> {
    pub document: Option<DocumentId>,
    /// Any of these; empty for all.
    pub events: &'a [Event],
    pub modalities: &'a [Modality],
    /// Only those that carry a figure.
    pub counted: bool,
}

/// What a person decides, as it is put into the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewDecision<'a> {
    /// The stable name of the act: `accept`, `edit`, `reject`, `prefer`, `undo` …
    pub act: &'a str,
    /// What it is about: the text form of a statement's id, the key of a figure series …
    pub subject: &'a str,
    /// JSON that belongs to the act: what was proposed and what it becomes.
    pub body: &'a str,
    pub reason: &'a str,
    /// The decision that this one undoes.
    pub undoes: Option<u64>,
}

/// A decision as the ledger holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Its number, ascending in time.
    pub number: u64,
    pub at: i64,
    pub who: String,
    pub act: String,
    pub subject: String,
    pub body: String,
    pub reason: String,
    pub undoes: Option<u64>,
    /// Its entry in the log.
    pub leaf: u64,
}

/// A record of an imported list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The original it came from.
    pub list: casefile::Sha256,
    /// Its id on the list; several records, of one list or several, may have the same.
    pub id: String,
    pub schema: String,
    pub caption: String,
    /// The whole record, a line of FollowTheMoney.
    pub body: String,
}
