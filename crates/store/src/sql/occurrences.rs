//! Originals, and where they were found.

use casefile::{Blake3, DocumentId, Metadatum, Sha256};
use rusqlite::{OptionalExtension, Row, params};

use super::ledger::{Ledger, Transaction};
use super::schema::{kind_code, kind_from, outcome_code, outcome_from};
use super::witness::Facts;
use crate::error::{StoreError, While};
use crate::rows::{
    FileState, KnownFile, NewOccurrence, Occurrence, OccurrenceFilter, OccurrenceId, Original,
    Place, Put, RootId,
};

/// The columns of an occurrence, with the path of the outermost file (`f`) for members.
const COLUMNS: &str = "o.id, o.root, coalesce(o.path, f.path), coalesce(o.path_raw, f.path_raw),
  o.parent, o.ordinal, o.member, o.kind, o.source, o.published, o.sha256, o.bytes, o.modified,
  o.changed, o.inode, o.outcome, o.reason, m.name, o.complete, o.metadata, o.first_seen,
  o.last_seen, o.superseded, o.leaf
  FROM occurrence o LEFT JOIN occurrence f ON f.id = o.file LEFT JOIN format m ON m.id = o.format";

fn occurrence(row: &Row<'_>) -> rusqlite::Result<Occurrence> {
    let metadata: Option<String> = row.get(19)?;
    let unsigned =
        |at| Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(at)?.map(i64::cast_unsigned));
    Ok(Occurrence {
        id: OccurrenceId(row.get(0)?),
        root: RootId(row.get(1)?),
        path: row.get::<_, Option<String>>(2)?.unwrap_or_default(),
        path_raw: row.get(3)?,
        parent: row.get::<_, Option<i64>>(4)?.map(OccurrenceId),
        ordinal: unsigned(5)?,
        member: row.get(6)?,
        kind: row.get::<_, Option<i64>>(7)?.and_then(kind_from),
        source: row.get(8)?,
        published: row.get(9)?,
        sha256: row.get::<_, Option<[u8; 32]>>(10)?.map(Sha256),
        file: FileState {
            bytes: row.get::<_, i64>(11)?.cast_unsigned(),
            modified_ns: row.get(12)?,
            changed_ns: row.get(13)?,
            inode: unsigned(14)?,
        },
        outcome: row.get::<_, Option<i64>>(15)?.and_then(outcome_from),
        reason: row.get(16)?,
        format: row.get(17)?,
        complete: row.get(18)?,
        metadata: metadata
            .and_then(|json| serde_json::from_str(&json).ok())
            .unwrap_or_default(),
        first_seen: row.get(20)?,
        last_seen: row.get(21)?,
        superseded: row.get::<_, Option<i64>>(22)?.map(OccurrenceId),
        leaf: row.get::<_, i64>(23)?.cast_unsigned(),
    })
}

fn known(row: &Row<'_>) -> rusqlite::Result<KnownFile> {
    Ok(KnownFile {
        id: OccurrenceId(row.get(0)?),
        file: FileState {
            bytes: row.get::<_, i64>(1)?.cast_unsigned(),
            modified_ns: row.get(2)?,
            changed_ns: row.get(3)?,
            inode: row.get::<_, Option<i64>>(4)?.map(i64::cast_unsigned),
        },
        complete: row.get(5)?,
        outcome: row.get::<_, Option<i64>>(6)?.and_then(outcome_from),
        sha256: row.get::<_, Option<[u8; 32]>>(7)?.map(Sha256),
    })
}

/// The columns that the log witnesses, and those that are compared when a place is met again.
pub(super) const WITNESSED: &str = "id, parent, sha256, bytes, outcome, root, path, path_raw,
  ordinal, member, kind, source, published, reason, metadata, modified, changed, inode, superseded,
  decided, actor, leaf FROM occurrence";

/// A row with what the log says of it.
#[derive(Debug)]
pub(super) struct Witnessed {
    id: i64,
    parent: Option<i64>,
    sha256: Option<[u8; 32]>,
    bytes: i64,
    outcome: Option<i64>,
    root: i64,
    path: Option<String>,
    path_raw: Option<Vec<u8>>,
    ordinal: Option<i64>,
    member: Option<String>,
    kind: Option<i64>,
    source: Option<String>,
    published: Option<String>,
    reason: Option<String>,
    metadata: Option<String>,
    modified: Option<i64>,
    changed: Option<i64>,
    inode: Option<i64>,
    superseded: Option<i64>,
    pub(super) decided: i64,
    pub(super) actor: i64,
    pub(super) leaf: i64,
}

impl Witnessed {
    pub(super) fn from(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            parent: row.get(1)?,
            sha256: row.get(2)?,
            bytes: row.get(3)?,
            outcome: row.get(4)?,
            root: row.get(5)?,
            path: row.get(6)?,
            path_raw: row.get(7)?,
            ordinal: row.get(8)?,
            member: row.get(9)?,
            kind: row.get(10)?,
            source: row.get(11)?,
            published: row.get(12)?,
            reason: row.get(13)?,
            metadata: row.get(14)?,
            modified: row.get(15)?,
            changed: row.get(16)?,
            inode: row.get(17)?,
            superseded: row.get(18)?,
            decided: row.get(19)?,
            actor: row.get(20)?,
            leaf: row.get(21)?,
        })
    }

    pub(super) fn facts(&self) -> Facts<'_> {
        Facts {
            id: self.id,
            parent: self.parent,
            sha256: self.sha256.map(Sha256),
            bytes: self.bytes.cast_unsigned(),
            outcome: self.outcome.and_then(outcome_from),
            root: self.root,
            path: self.path.as_deref(),
            path_raw: self.path_raw.as_deref(),
            ordinal: self.ordinal,
            member: self.member.as_deref(),
            kind: self.kind,
            source: self.source.as_deref(),
            published: self.published.as_deref(),
            reason: self.reason.as_deref(),
            metadata: self.metadata.as_deref(),
            modified: self.modified,
            changed: self.changed,
            inode: self.inode,
            superseded: self.superseded,
        }
    }
}

impl Ledger {
    /// An original by its hash.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn original(&self, sha256: Sha256) -> Result<Option<Original>, StoreError> {
        self.sql
            .prepare_cached("SELECT blake3, bytes, taken, leaf FROM original WHERE sha256 = ?1")
            .and_then(|mut find| {
                let original = |row: &Row<'_>| {
                    Ok(Original {
                        sha256,
                        blake3: Blake3(row.get(0)?),
                        bytes: row.get::<_, i64>(1)?.cast_unsigned(),
                        taken: row.get(2)?,
                        leaf: row.get::<_, i64>(3)?.cast_unsigned(),
                    })
                };
                find.query_row([sha256.0], original).optional()
            })
            .during("looking for an original")
    }

    /// All originals, in the order of their hashes.
    ///
    /// # Errors
    /// Those of `each`, or the database cannot be read.
    pub fn each_original<E: From<StoreError>>(
        &self,
        mut each: impl FnMut(Original) -> Result<(), E>,
    ) -> Result<(), E> {
        let doing = "listing the originals";
        let mut all = self
            .sql
            .prepare("SELECT sha256, blake3, bytes, taken, leaf FROM original")
            .during(doing)?;
        let mut rows = all.query([]).during(doing)?;
        while let Some(row) = rows.next().during(doing)? {
            let read = || {
                Ok(Original {
                    sha256: Sha256(row.get(0)?),
                    blake3: Blake3(row.get(1)?),
                    bytes: row.get::<_, i64>(2)?.cast_unsigned(),
                    taken: row.get(3)?,
                    leaf: row.get::<_, i64>(4)?.cast_unsigned(),
                })
            };
            each(read().during(doing)?)?;
        }
        Ok(())
    }

    /// What is known of the file at a path, as of its last reading. A point query: about ten
    /// microseconds.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn known_file(
        &self,
        root: RootId,
        path: &str,
        raw: Option<&[u8]>,
    ) -> Result<Option<KnownFile>, StoreError> {
        self.sql
            .prepare_cached(
                "SELECT id, bytes, modified, changed, inode, complete, outcome, sha256
                 FROM occurrence WHERE root = ?1 AND coalesce(path_raw, path) = coalesce(?3, ?2)
                 AND parent IS NULL AND superseded IS NULL",
            )
            .and_then(|mut find| find.query_row(params![root.0, path, raw], known).optional())
            .during("looking for a file")
    }

    /// All current files below a root, in the order of their paths.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn each_known_file(
        &self,
        root: RootId,
        mut each: impl FnMut(&str, Option<&[u8]>, KnownFile),
    ) -> Result<(), StoreError> {
        let doing = "listing the files of a root";
        let mut find = self
            .sql
            .prepare_cached(
                "SELECT id, bytes, modified, changed, inode, complete, outcome, sha256, path, path_raw
                 FROM occurrence WHERE root = ?1 AND parent IS NULL AND superseded IS NULL
                 ORDER BY coalesce(path_raw, path)",
            )
            .during(doing)?;
        let mut rows = find.query([root.0]).during(doing)?;
        while let Some(row) = rows.next().during(doing)? {
            let path: String = row.get(8).during(doing)?;
            let raw: Option<Vec<u8>> = row.get(9).during(doing)?;
            each(&path, raw.as_deref(), known(row).during(doing)?);
        }
        Ok(())
    }

    /// The roots that were given, with their paths.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn roots(&self) -> Result<Vec<(RootId, String)>, StoreError> {
        self.sql
            .prepare_cached("SELECT id, path FROM root ORDER BY id")
            .and_then(|mut all| {
                all.query_map([], |row| Ok((RootId(row.get(0)?), row.get(1)?)))?
                    .collect()
            })
            .during("listing the roots")
    }

    fn occurrences_where(
        &self,
        condition: &str,
        values: impl rusqlite::Params,
    ) -> Result<Vec<Occurrence>, StoreError> {
        self.sql
            .prepare_cached(&format!("SELECT {COLUMNS} WHERE {condition}"))
            .and_then(|mut find| find.query_map(values, occurrence)?.collect())
            .during("reading occurrences")
    }

    /// # Errors
    /// The database cannot be read.
    pub fn occurrence(&self, id: OccurrenceId) -> Result<Option<Occurrence>, StoreError> {
        Ok(self.occurrences_where("o.id = ?1", [id.0])?.pop())
    }

    /// Every place where an original was found, past ones too.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn occurrences_of(&self, original: Sha256) -> Result<Vec<Occurrence>, StoreError> {
        self.occurrences_where("o.sha256 = ?1 ORDER BY o.id", [original.0])
    }

    /// The current members of a container, in its order.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn members_of(&self, container: OccurrenceId) -> Result<Vec<Occurrence>, StoreError> {
        let condition = "o.parent = ?1 AND o.superseded IS NULL ORDER BY o.ordinal";
        self.occurrences_where(condition, [container.0])
    }

    /// The occurrences that a filter lets through, in the order in which they were first found.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn occurrences(
        &self,
        filter: &OccurrenceFilter<'_>,
        most: usize,
    ) -> Result<Vec<Occurrence>, StoreError> {
        let outcomes: Vec<_> = filter
            .outcomes
            .iter()
            .map(|outcome| outcome_code(*outcome).to_string())
            .collect();
        // Codes of a closed list: nothing that was given enters the statement as text.
        let among = if outcomes.is_empty() {
            String::new()
        } else {
            format!("AND o.outcome IN ({})", outcomes.join(","))
        };
        let condition = format!(
            "o.id > ?1 AND (?2 OR o.superseded IS NULL) AND (?3 IS NULL OR m.name = ?3)
             AND (?4 IS NULL OR o.source = ?4)
             AND (?5 IS NULL OR substr(coalesce(o.path, f.path), 1, length(?5)) = ?5) {among}
             ORDER BY o.id LIMIT ?6"
        );
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let after = filter.after.map_or(0, |id| id.0);
        let values = params![
            after,
            filter.superseded,
            filter.format,
            filter.source,
            filter.path_prefix,
            most
        ];
        self.occurrences_where(&condition, values)
    }
}

impl Transaction<'_> {
    /// Records an original; true if it is new. Its blob must be durable before.
    ///
    /// # Errors
    /// The database cannot be written.
    pub fn put_original(
        &mut self,
        sha256: Sha256,
        blake3: Blake3,
        bytes: u64,
    ) -> Result<bool, StoreError> {
        if self.original(sha256)?.is_some() {
            return Ok(false);
        }
        let leaf = self.witness_original(sha256, blake3, bytes)?;
        let values = params![
            sha256.0,
            blake3.0,
            bytes.cast_signed(),
            self.at,
            self.actor,
            leaf
        ];
        self.ledger
            .sql
            .prepare_cached("INSERT INTO original VALUES(?1, ?2, ?3, ?4, ?5, ?6)")
            .and_then(|mut put| put.execute(values))
            .during("recording an original")?;
        Ok(true)
    }

    /// The number of a root: the absolute path that was given (`raw` where it is not UTF-8).
    ///
    /// # Errors
    /// The database cannot be written.
    pub fn root(&mut self, path: &str, raw: Option<&[u8]>) -> Result<RootId, StoreError> {
        let doing = "recording a root";
        self.sql
            .prepare_cached("INSERT INTO root(path, raw) VALUES(?1, ?2) ON CONFLICT DO NOTHING")
            .and_then(|mut put| put.execute(params![path, raw]))
            .during(doing)?;
        self.sql
            .prepare_cached("SELECT id FROM root WHERE coalesce(raw, path) = coalesce(?2, ?1)")
            .and_then(|mut find| find.query_row(params![path, raw], |row| row.get(0).map(RootId)))
            .during(doing)
    }

    /// Records that a file was met again, unchanged.
    ///
    /// # Errors
    /// The database cannot be written.
    pub fn seen(&mut self, id: OccurrenceId) -> Result<(), StoreError> {
        self.sql
            .prepare_cached("UPDATE occurrence SET last_seen = ?2 WHERE id = ?1")
            .and_then(|mut put| put.execute([id.0, self.at]))
            .during("recording that a file was met again")?;
        Ok(())
    }

    /// Records an occurrence, or what became of one. The same place with the same bytes (or whose
    /// bytes were not known before) keeps its number; with other bytes it gets a new one, and the
    /// old one with all its members becomes history.
    ///
    /// # Errors
    /// The database cannot be written; the original, root or container is not recorded.
    pub fn put_occurrence(
        &mut self,
        new: &NewOccurrence<'_>,
    ) -> Result<(OccurrenceId, Put), StoreError> {
        let doing = "recording an occurrence";
        let metadata = (!new.metadata.is_empty()).then(|| json(new.metadata));
        let format = new
            .format
            .map(|name| self.ledger.format_number(name))
            .transpose()?;
        let before = self.current(&new.place)?;
        let (root, file) = self.above(&new.place)?;
        let mut facts = Facts {
            id: 0,
            parent: None,
            sha256: new.sha256,
            bytes: new.file.bytes,
            outcome: new.outcome,
            root,
            path: None,
            path_raw: None,
            ordinal: None,
            member: None,
            kind: None,
            source: new.source,
            published: new.published,
            reason: new.reason,
            metadata: metadata.as_deref(),
            modified: new.file.modified_ns,
            changed: new.file.changed_ns,
            inode: new.file.inode.map(u64::cast_signed),
            superseded: None,
        };
        match new.place {
            Place::File { path, raw, .. } => (facts.path, facts.path_raw) = (Some(path), raw),
            Place::Member {
                container,
                ordinal,
                path,
                kind,
            } => {
                facts.parent = Some(container.0);
                facts.ordinal = Some(ordinal.cast_signed());
                facts.member = Some(path);
                facts.kind = Some(kind_code(kind));
            }
        }
        let same = before
            .as_ref()
            .filter(|row| row.sha256.is_none() || row.sha256 == new.sha256.map(|hash| hash.0));
        if let Some(row) = same {
            facts.id = row.id;
            let rewrite = row.facts() != facts;
            if rewrite {
                self.rewrite(&facts)?;
            }
            self.sql
                .prepare_cached(
                    "UPDATE occurrence SET last_seen = ?2, complete = ?3, format = ?4 WHERE id = ?1",
                )
                .and_then(|mut put| {
                    put.execute(params![facts.id, self.at, new.complete, format])
                })
                .during(doing)?;
            if rewrite {
                self.touch_document(new.sha256)?;
            }
            return Ok((OccurrenceId(facts.id), Put::Again));
        }

        facts.id = self
            .sql
            .prepare_cached("SELECT coalesce(max(id), 0) + 1 FROM occurrence")
            .and_then(|mut next| next.query_row([], |row| row.get(0)))
            .during(doing)?;
        if let Some(old) = &before {
            self.sql
                .execute_batch("PRAGMA defer_foreign_keys = ON")
                .and_then(|()| self.retire(old.id, facts.id))
                .during(doing)?;
        }
        let leaf = self.witness_occurrence(&facts)?;
        let outcome = facts.outcome.map(outcome_code);
        let values = params![
            facts.id,
            facts.root,
            facts.path,
            facts.path_raw,
            file,
            facts.parent,
            facts.ordinal,
            facts.member,
            facts.kind,
            facts.source,
            facts.published,
            facts.sha256.map(|hash| hash.0),
            facts.bytes.cast_signed(),
            facts.modified,
            facts.changed,
            facts.inode,
            outcome,
            facts.reason,
            format,
            new.complete,
            facts.metadata,
            self.at,
            self.actor,
            leaf
        ];
        self.sql
            .prepare_cached(
                "INSERT INTO occurrence VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12,
                 ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?22, NULL, ?22, ?23, ?24)",
            )
            .and_then(|mut put| put.execute(values))
            .during(doing)?;
        self.touch_document(new.sha256)?;
        let Some(old) = before else {
            return Ok((OccurrenceId(facts.id), Put::New));
        };
        self.witness_retired(facts.id)?;
        self.touch_document(old.sha256.map(Sha256))?;
        Ok((OccurrenceId(facts.id), Put::Replaced(OccurrenceId(old.id))))
    }

    /// A container that was read again has only `members` members: those beyond become history.
    ///
    /// # Errors
    /// The database cannot be written.
    pub fn keep_members(
        &mut self,
        container: OccurrenceId,
        members: u64,
    ) -> Result<(), StoreError> {
        let beyond: Vec<i64> = self
            .sql
            .prepare_cached(
                "SELECT id FROM occurrence WHERE parent = ?1 AND ordinal >= ?2 AND superseded IS NULL",
            )
            .and_then(|mut find| {
                let found = find.query_map([container.0, members.cast_signed()], |row| row.get(0))?;
                found.collect()
            })
            .during("closing a container")?;
        for id in &beyond {
            self.retire(*id, container.0)
                .during("closing a container")?;
        }
        if !beyond.is_empty() {
            self.witness_retired(container.0)?;
        }
        Ok(())
    }

    fn current(&self, place: &Place<'_>) -> Result<Option<Witnessed>, StoreError> {
        let found = match place {
            Place::File { root, path, raw } => self
                .sql
                .prepare_cached(&format!(
                    "SELECT {WITNESSED} WHERE root = ?1 AND coalesce(path_raw, path) = coalesce(?3, ?2)
                     AND parent IS NULL AND superseded IS NULL"
                ))
                .and_then(|mut find| {
                    find.query_row(params![root.0, path, raw], Witnessed::from).optional()
                }),
            Place::Member { container, ordinal, .. } => self
                .sql
                .prepare_cached(&format!(
                    "SELECT {WITNESSED} WHERE parent = ?1 AND ordinal = ?2 AND parent IS NOT NULL
                     AND superseded IS NULL"
                ))
                .and_then(|mut find| {
                    find.query_row([container.0, ordinal.cast_signed()], Witnessed::from).optional()
                }),
        };
        found.during("recording an occurrence")
    }

    /// The root and the outermost file of a place.
    fn above(&self, place: &Place<'_>) -> Result<(i64, Option<i64>), StoreError> {
        match place {
            Place::File { root, .. } => Ok((root.0, None)),
            Place::Member { container, .. } => self
                .sql
                .prepare_cached("SELECT root, coalesce(file, id) FROM occurrence WHERE id = ?1")
                .and_then(|mut find| {
                    let found = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
                    find.query_row([container.0], found).optional()
                })
                .during("recording an occurrence")?
                .ok_or_else(|| StoreError::Refused {
                    doing: "recording an occurrence",
                    detail: "its container is not recorded".to_owned(),
                }),
        }
    }

    fn rewrite(&mut self, facts: &Facts<'_>) -> Result<(), StoreError> {
        let leaf = self.witness_occurrence(facts)?;
        let values = params![
            facts.id,
            facts.sha256.map(|hash| hash.0),
            facts.bytes.cast_signed(),
            facts.modified,
            facts.changed,
            facts.inode,
            facts.outcome.map(outcome_code),
            facts.reason,
            facts.source,
            facts.published,
            facts.metadata,
            facts.member,
            facts.kind,
            self.at,
            self.actor,
            leaf,
            facts.path
        ];
        self.sql
            .prepare_cached(
                "UPDATE occurrence SET sha256 = ?2, bytes = ?3, modified = ?4, changed = ?5,
                 inode = ?6, outcome = ?7, reason = ?8, source = ?9, published = ?10,
                 metadata = ?11, member = ?12, kind = ?13, decided = ?14, actor = ?15, leaf = ?16,
                 path = ?17 WHERE id = ?1",
            )
            .and_then(|mut put| put.execute(values))
            .during("recording an occurrence")?;
        Ok(())
    }

    /// Makes an occurrence and everything below it history. `witness_retired` follows.
    fn retire(&self, old: i64, by: i64) -> rusqlite::Result<()> {
        self.sql
            .prepare_cached(
                "WITH RECURSIVE below(id) AS (SELECT ?1 UNION ALL
                   SELECT o.id FROM occurrence o JOIN below b ON o.parent = b.id
                   WHERE o.parent IS NOT NULL AND o.superseded IS NULL)
                 UPDATE occurrence SET superseded = ?2, decided = -1 WHERE id IN (SELECT id FROM below)",
            )?
            .execute([old, by])?;
        Ok(())
    }

    /// Gives each occurrence that has just become history its log entry.
    fn witness_retired(&mut self, by: i64) -> Result<(), StoreError> {
        let doing = "recording that a file has changed";
        let retired: Vec<Witnessed> = self
            .sql
            .prepare_cached(&format!(
                "SELECT {WITNESSED} WHERE superseded = ?1 AND decided = -1 ORDER BY id"
            ))
            .and_then(|mut find| find.query_map([by], Witnessed::from)?.collect())
            .during(doing)?;
        for row in retired {
            let leaf = self.witness_occurrence(&row.facts())?;
            self.sql
                .prepare_cached(
                    "UPDATE occurrence SET decided = ?2, actor = ?3, leaf = ?4 WHERE id = ?1",
                )
                .and_then(|mut put| put.execute([row.id, self.at, self.actor, leaf]))
                .during(doing)?;
            self.touch_document(row.sha256.map(Sha256))?;
        }
        Ok(())
    }

    /// The document has a new place or lost one: the index must take note.
    fn touch_document(&mut self, original: Option<Sha256>) -> Result<(), StoreError> {
        let Some(original) = original else {
            return Ok(());
        };
        let change = self.next_change();
        self.sql
            .prepare_cached("UPDATE document SET change = ?2 WHERE id = ?1")
            .and_then(|mut put| put.execute(params![DocumentId::from(original).0, change]))
            .during("recording an occurrence")?;
        Ok(())
    }
}

fn json(metadata: &[Metadatum]) -> String {
    // Plain strings: they always have a form in JSON.
    serde_json::to_string(metadata).unwrap_or_default()
}
