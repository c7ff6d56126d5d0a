//! The tables.

/// `PRAGMA application_id`: "Tumn".
pub(super) const APPLICATION: i64 = 0x5475_6d6e;
/// The form of the ground truth. A higher number is refused; a lower one is migrated.
pub(super) const FORM: i64 = 2;
/// The form of the derived tables. Another number: they are dropped and made again.
pub(super) const DERIVED_FORM: i64 = 4;

/// Originals, occurrences, settings and the log. Never dropped.
///
/// An occurrence's place is unique among the current ones: files by root and path, members by
/// container and ordinal. `file` is the outermost occurrence of a member.
pub(super) const GROUND: &str = "
CREATE TABLE setting(name TEXT PRIMARY KEY, value BLOB NOT NULL, leaf INTEGER) WITHOUT ROWID;
CREATE TABLE counter(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE actor(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE root(id INTEGER PRIMARY KEY, path TEXT NOT NULL, raw BLOB);
CREATE UNIQUE INDEX root_path ON root(coalesce(raw, path));
CREATE TABLE format(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE original(
  sha256 BLOB PRIMARY KEY CHECK(length(sha256) = 32), blake3 BLOB NOT NULL, bytes INTEGER NOT NULL,
  taken INTEGER NOT NULL, actor INTEGER NOT NULL, leaf INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE occurrence(
  id INTEGER PRIMARY KEY, root INTEGER NOT NULL REFERENCES root,
  path TEXT, path_raw BLOB,
  file INTEGER REFERENCES occurrence, parent INTEGER REFERENCES occurrence, ordinal INTEGER,
  member TEXT, kind INTEGER, source TEXT, published TEXT,
  sha256 BLOB REFERENCES original, bytes INTEGER NOT NULL, modified INTEGER, changed INTEGER,
  inode INTEGER, outcome INTEGER, reason TEXT, format INTEGER REFERENCES format,
  complete INTEGER NOT NULL, metadata TEXT, first_seen INTEGER NOT NULL,
  last_seen INTEGER NOT NULL, superseded INTEGER REFERENCES occurrence,
  decided INTEGER NOT NULL, actor INTEGER NOT NULL, leaf INTEGER NOT NULL);
CREATE UNIQUE INDEX occurrence_file ON occurrence(root, coalesce(path_raw, path))
  WHERE parent IS NULL AND superseded IS NULL;
CREATE UNIQUE INDEX occurrence_member ON occurrence(parent, ordinal)
  WHERE parent IS NOT NULL AND superseded IS NULL;
CREATE INDEX occurrence_original ON occurrence(sha256) WHERE sha256 IS NOT NULL;
CREATE INDEX occurrence_superseded ON occurrence(superseded) WHERE superseded IS NOT NULL;
CREATE INDEX occurrence_outcome ON occurrence(outcome, format, bytes) WHERE superseded IS NULL;
CREATE TABLE log_leaf(id INTEGER PRIMARY KEY, leaf BLOB NOT NULL);
CREATE TABLE log_tile(level INTEGER NOT NULL, number INTEGER NOT NULL, hashes BLOB NOT NULL,
  PRIMARY KEY(level, number));
CREATE TABLE log_head(id INTEGER PRIMARY KEY CHECK(id = 0), size INTEGER NOT NULL, root BLOB NOT NULL);
CREATE TABLE log_checkpoint(size INTEGER PRIMARY KEY, note TEXT NOT NULL);
INSERT INTO counter VALUES('change', 0);
";

/// What people decided. Part of the ground truth since form 2; never dropped.
///
/// `subject` is the statement or figure series it is about, `undoes` an earlier decision.
pub(super) const DECISIONS: &str = "
CREATE TABLE decision(
  n INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor INTEGER NOT NULL, act TEXT NOT NULL,
  subject TEXT NOT NULL, body TEXT NOT NULL, reason TEXT NOT NULL, undoes INTEGER REFERENCES decision,
  leaf INTEGER NOT NULL);
CREATE INDEX decision_subject ON decision(subject);
";

/// What can be made again from the originals.
pub(super) const DERIVED: &str = "
CREATE TABLE document(
  n INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, sha256 BLOB NOT NULL, format INTEGER NOT NULL,
  outcome INTEGER NOT NULL, reason TEXT, title TEXT, language TEXT, published TEXT,
  published_from TEXT, text INTEGER, chars INTEGER NOT NULL, pages INTEGER,
  children INTEGER NOT NULL, extractor TEXT NOT NULL, extractor_version TEXT NOT NULL,
  milliseconds INTEGER NOT NULL, change INTEGER NOT NULL);
CREATE UNIQUE INDEX document_change ON document(change);
CREATE TABLE deleted(change INTEGER PRIMARY KEY, id BLOB NOT NULL);
CREATE TABLE metadata(document INTEGER NOT NULL, ordinal INTEGER NOT NULL, field TEXT NOT NULL,
  value TEXT NOT NULL, origin TEXT NOT NULL, PRIMARY KEY(document, ordinal)) WITHOUT ROWID;
CREATE TABLE problem(document INTEGER NOT NULL, ordinal INTEGER NOT NULL, code TEXT NOT NULL,
  message TEXT NOT NULL, place TEXT, PRIMARY KEY(document, ordinal)) WITHOUT ROWID;
CREATE TABLE text_version(
  id INTEGER PRIMARY KEY, document INTEGER NOT NULL, extractor TEXT NOT NULL,
  extractor_version TEXT NOT NULL, sha256 BLOB NOT NULL, chars INTEGER NOT NULL,
  parts INTEGER NOT NULL, created INTEGER NOT NULL);
CREATE INDEX text_version_document ON text_version(document);
CREATE TABLE text_part(
  id INTEGER PRIMARY KEY, version INTEGER NOT NULL, ordinal INTEGER NOT NULL,
  start INTEGER NOT NULL, chars INTEGER NOT NULL, bytes INTEGER NOT NULL,
  fed INTEGER NOT NULL, first_page INTEGER, last_page INTEGER,
  text BLOB NOT NULL, layout BLOB NOT NULL, layout_bytes INTEGER NOT NULL);
CREATE UNIQUE INDEX text_part_ordinal ON text_part(version, ordinal, start, chars, first_page, last_page);
CREATE TABLE fingerprint(document INTEGER PRIMARY KEY, minhash BLOB NOT NULL);
CREATE TABLE fingerprint_band(band INTEGER NOT NULL, hash INTEGER NOT NULL,
  document INTEGER NOT NULL, PRIMARY KEY(band, hash, document)) WITHOUT ROWID;
CREATE TABLE rendition(a INTEGER NOT NULL, b INTEGER NOT NULL, similarity REAL NOT NULL,
  PRIMARY KEY(a, b)) WITHOUT ROWID;
CREATE INDEX rendition_b ON rendition(b);
CREATE TABLE statement_step(document INTEGER PRIMARY KEY, text INTEGER NOT NULL,
  extractor TEXT NOT NULL);
CREATE TABLE mention_part(document INTEGER NOT NULL, ordinal INTEGER NOT NULL, mentions BLOB NOT NULL,
  PRIMARY KEY(document, ordinal)) WITHOUT ROWID;
CREATE TABLE statement(
  n INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, document INTEGER NOT NULL, event TEXT NOT NULL,
  modality TEXT NOT NULL, start INTEGER NOT NULL, counted INTEGER NOT NULL, body BLOB NOT NULL);
CREATE INDEX statement_document ON statement(document, start);
CREATE INDEX statement_event ON statement(event, counted);
CREATE TABLE listed(n INTEGER PRIMARY KEY, list BLOB NOT NULL, id TEXT NOT NULL, schema TEXT NOT NULL,
  caption TEXT NOT NULL, body TEXT NOT NULL);
CREATE INDEX listed_list ON listed(list);
CREATE INDEX listed_id ON listed(id);
CREATE TABLE listed_reference(target TEXT NOT NULL, record INTEGER NOT NULL,
  PRIMARY KEY(target, record)) WITHOUT ROWID;
CREATE INDEX listed_reference_record ON listed_reference(record);
";

pub(super) const DROP_DERIVED: &str = "
DROP TABLE IF EXISTS document; DROP TABLE IF EXISTS deleted; DROP TABLE IF EXISTS metadata;
DROP TABLE IF EXISTS problem; DROP TABLE IF EXISTS text_version; DROP TABLE IF EXISTS text_part;
DROP TABLE IF EXISTS fingerprint; DROP TABLE IF EXISTS fingerprint_band;
DROP TABLE IF EXISTS rendition; DROP TABLE IF EXISTS statement_step;
DROP TABLE IF EXISTS statement; DROP TABLE IF EXISTS mention_part;
DROP TABLE IF EXISTS listed; DROP TABLE IF EXISTS listed_reference;
";

/// The number of an outcome in the tables. The log has the name.
pub(super) fn outcome_code(outcome: casefile::Outcome) -> i64 {
    casefile::Outcome::ALL
        .iter()
        .zip(0..)
        .find(|(o, _)| **o == outcome)
        .map_or(0, |(_, n)| n)
}

pub(super) fn outcome_from(code: i64) -> Option<casefile::Outcome> {
    casefile::Outcome::ALL
        .get(usize::try_from(code).ok()?)
        .copied()
}

use casefile::MemberKind;

const KINDS: [MemberKind; 5] = [
    MemberKind::Entry,
    MemberKind::Attachment,
    MemberKind::Message,
    MemberKind::Embedded,
    MemberKind::Capture,
];

pub(super) fn kind_code(kind: MemberKind) -> i64 {
    KINDS
        .iter()
        .zip(0..)
        .find(|(k, _)| **k == kind)
        .map_or(0, |(_, n)| n)
}

pub(super) fn kind_from(code: i64) -> Option<MemberKind> {
    KINDS.get(usize::try_from(code).ok()?).copied()
}
