//! Documents, what they say about themselves, and the feed of changes.

use casefile::{DocumentId, Field, Metadatum, Problem, Sha256};
use rusqlite::{OptionalExtension, Row, params};

use super::ledger::{Ledger, Transaction};
use super::schema::{outcome_code, outcome_from};
use crate::error::{StoreError, While};
use crate::rows::{Change, Document, DocumentFilter, NewDocument, TextId};

const COLUMNS: &str = "d.id, d.sha256, m.name, d.outcome, d.reason, d.title, d.language,
  d.published, d.published_from, d.text, d.chars, d.pages, d.children, d.extractor,
  d.extractor_version, d.milliseconds, d.change
  FROM document d JOIN format m ON m.id = d.format";

fn document(row: &Row<'_>) -> rusqlite::Result<Document> {
    let unsigned = |at| Ok::<_, rusqlite::Error>(row.get::<_, i64>(at)?.cast_unsigned());
    let outcome: i64 = row.get(3)?;
    Ok(Document {
        id: DocumentId(row.get(0)?),
        sha256: Sha256(row.get(1)?),
        format: row.get(2)?,
        outcome: outcome_from(outcome)
            .ok_or(rusqlite::Error::IntegralValueOutOfRange(3, outcome))?,
        reason: row.get(4)?,
        title: row.get(5)?,
        language: row.get(6)?,
        published: row.get(7)?,
        published_from: row.get(8)?,
        text: row.get::<_, Option<i64>>(9)?.map(TextId),
        chars: unsigned(10)?,
        pages: row.get(11)?,
        children: unsigned(12)?,
        extractor: row.get(13)?,
        extractor_version: row.get(14)?,
        milliseconds: unsigned(15)?,
        change: unsigned(16)?,
    })
}

/// Every field of metadata, to read names back.
const FIELDS: [Field; 26] = [
    Field::Title,
    Field::Author,
    Field::Editor,
    Field::Publisher,
    Field::Subject,
    Field::Description,
    Field::Keywords,
    Field::Language,
    Field::Published,
    Field::Sent,
    Field::Created,
    Field::Modified,
    Field::Taken,
    Field::Captured,
    Field::Sender,
    Field::Recipient,
    Field::Copied,
    Field::ReplyTo,
    Field::MessageId,
    Field::InReplyTo,
    Field::Url,
    Field::Software,
    Field::Device,
    Field::Position,
    Field::Pages,
    Field::Other,
];

fn field(name: &str) -> Field {
    FIELDS
        .into_iter()
        .find(|field| field.name() == name)
        .unwrap_or(Field::Other)
}

impl Ledger {
    /// # Errors
    /// The database cannot be read.
    pub fn document(&self, id: DocumentId) -> Result<Option<Document>, StoreError> {
        self.sql
            .prepare_cached(&format!("SELECT {COLUMNS} WHERE d.id = ?1"))
            .and_then(|mut find| find.query_row([id.0], document).optional())
            .during("looking for a document")
    }

    /// The documents that a filter lets through, in the order of their first reading.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn documents(
        &self,
        filter: &DocumentFilter<'_>,
        most: usize,
    ) -> Result<Vec<Document>, StoreError> {
        let codes: Vec<_> = filter
            .outcomes
            .iter()
            .map(|outcome| outcome_code(*outcome).to_string())
            .collect();
        let among = if codes.is_empty() {
            String::new()
        } else {
            format!("AND d.outcome IN ({})", codes.join(","))
        };
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let after = filter.after.map(|id| id.0);
        self.sql
            .prepare_cached(&format!(
                "SELECT {COLUMNS} WHERE d.n > coalesce((SELECT n FROM document WHERE id = ?1), 0)
                 AND (?2 IS NULL OR m.name = ?2) AND (?3 IS NULL OR d.language = ?3) {among}
                 ORDER BY d.n LIMIT ?4"
            ))
            .and_then(|mut find| {
                let values = params![after, filter.format, filter.language, most];
                find.query_map(values, document)?.collect()
            })
            .during("listing documents")
    }

    /// What the file says about itself, in its order.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn metadata(&self, id: DocumentId) -> Result<Vec<Metadatum>, StoreError> {
        self.sql
            .prepare_cached(
                "SELECT field, value, origin FROM metadata
                 WHERE document = (SELECT n FROM document WHERE id = ?1) ORDER BY ordinal",
            )
            .and_then(|mut find| {
                let metadatum = |row: &Row<'_>| {
                    let name: String = row.get(0)?;
                    Ok(Metadatum {
                        field: field(&name),
                        value: row.get(1)?,
                        from: row.get(2)?,
                    })
                };
                find.query_map([id.0], metadatum)?.collect()
            })
            .during("reading metadata")
    }

    /// What was wrong in the file.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn problems(&self, id: DocumentId) -> Result<Vec<Problem>, StoreError> {
        self.sql
            .prepare_cached(
                "SELECT code, message, place FROM problem
                 WHERE document = (SELECT n FROM document WHERE id = ?1) ORDER BY ordinal",
            )
            .and_then(|mut find| {
                let problem = |row: &Row<'_>| {
                    Ok(Problem {
                        code: row.get(0)?,
                        message: row.get(1)?,
                        place: row.get(2)?,
                    })
                };
                find.query_map([id.0], problem)?.collect()
            })
            .during("reading problems")
    }

    /// The number of the last change.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn last_change(&self) -> Result<u64, StoreError> {
        self.sql
            .prepare_cached("SELECT value FROM counter WHERE name = 'change'")
            .and_then(|mut read| read.query_row([], |row| row.get::<_, i64>(0)))
            .map(i64::cast_unsigned)
            .during("reading the number of the last change")
    }

    /// The documents that changed after change `after`, each once, oldest change first. An index
    /// that has taken in all of them is as new as the last one's number.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn changes_since(&self, after: u64, most: usize) -> Result<Vec<Change>, StoreError> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        self.sql
            .prepare_cached(
                "SELECT * FROM (
                   SELECT * FROM (SELECT change, id, 0 FROM document WHERE change > ?1 ORDER BY change LIMIT ?2)
                   UNION ALL
                   SELECT * FROM (SELECT change, id, 1 FROM deleted WHERE change > ?1 ORDER BY change LIMIT ?2))
                 ORDER BY change LIMIT ?2",
            )
            .and_then(|mut find| {
                let change = |row: &Row<'_>| {
                    Ok(Change {
                        number: row.get::<_, i64>(0)?.cast_unsigned(),
                        document: DocumentId(row.get(1)?),
                        deleted: row.get(2)?,
                    })
                };
                find.query_map([after.cast_signed(), most], change)?.collect()
            })
            .during("reading what has changed")
    }

    pub(super) fn document_number(&self, id: DocumentId) -> Result<Option<i64>, StoreError> {
        self.sql
            .prepare_cached("SELECT n FROM document WHERE id = ?1")
            .and_then(|mut find| find.query_row([id.0], |row| row.get(0)).optional())
            .during("looking for a document")
    }
}

impl Transaction<'_> {
    /// Records a document, or a new reading of it: facts, metadata and problems are replaced, and
    /// it has no text until [`Transaction::put_text`] follows (earlier text versions are kept).
    ///
    /// # Errors
    /// The database cannot be written; or another original has the same first 80 bits of SHA-256
    /// ([`StoreError::SameIdentity`]: nothing was changed, the transaction can go on).
    pub fn put_document(&mut self, new: &NewDocument<'_>) -> Result<DocumentId, StoreError> {
        let doing = "recording a document";
        let id = DocumentId::from(new.sha256);
        let before: Option<(i64, [u8; 32])> = self
            .sql
            .prepare_cached("SELECT n, sha256 FROM document WHERE id = ?1")
            .and_then(|mut find| {
                find.query_row([id.0], |row| Ok((row.get(0)?, row.get(1)?)))
                    .optional()
            })
            .during(doing)?;
        if before.is_some_and(|(_, sha256)| sha256 != new.sha256.0) {
            return Err(StoreError::SameIdentity(id));
        }
        let format = self.ledger.format_number(new.format)?;
        let change = self.next_change();
        let values = params![
            before.map(|(n, _)| n),
            id.0,
            new.sha256.0,
            format,
            outcome_code(new.outcome),
            new.reason,
            new.title,
            new.language,
            new.published,
            new.published_from,
            new.pages,
            new.children.cast_signed(),
            new.extractor,
            new.extractor_version,
            new.milliseconds.cast_signed(),
            change
        ];
        self.sql
            .prepare_cached(
                "INSERT INTO document VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, NULL, 0, ?11,
                 ?12, ?13, ?14, ?15, ?16)
                 ON CONFLICT(n) DO UPDATE SET format = ?4, outcome = ?5, reason = ?6, title = ?7,
                 language = ?8, published = ?9, published_from = ?10, text = NULL, chars = 0,
                 pages = ?11, children = ?12, extractor = ?13, extractor_version = ?14,
                 milliseconds = ?15, change = ?16",
            )
            .and_then(|mut put| put.execute(values))
            .during(doing)?;
        let n = match before {
            Some((n, _)) => {
                self.clear_facts(n)?;
                n
            }
            None => self.sql.last_insert_rowid(),
        };
        if !new.metadata.is_empty() {
            let mut put = self
                .sql
                .prepare_cached("INSERT INTO metadata VALUES(?1, ?2, ?3, ?4, ?5)")
                .during(doing)?;
            for (at, fact) in (0_i64..).zip(new.metadata) {
                put.execute(params![n, at, fact.field.name(), fact.value, fact.from])
                    .during(doing)?;
            }
        }
        if !new.problems.is_empty() {
            let mut put = self
                .sql
                .prepare_cached("INSERT INTO problem VALUES(?1, ?2, ?3, ?4, ?5)")
                .during(doing)?;
            for (at, problem) in (0_i64..).zip(new.problems) {
                put.execute(params![n, at, problem.code, problem.message, problem.place])
                    .during(doing)?;
            }
        }
        Ok(id)
    }

    fn clear_facts(&self, n: i64) -> Result<(), StoreError> {
        for delete in [
            "DELETE FROM metadata WHERE document = ?1",
            "DELETE FROM problem WHERE document = ?1",
        ] {
            self.sql
                .prepare_cached(delete)
                .and_then(|mut delete| delete.execute([n]))
                .during("recording a document")?;
        }
        Ok(())
    }

    /// Takes a document out of the derived tables, with its texts. Its original stays.
    ///
    /// # Errors
    /// The database cannot be written.
    pub fn delete_document(&mut self, id: DocumentId) -> Result<bool, StoreError> {
        let Some(n) = self.document_number(id)? else {
            return Ok(false);
        };
        let doing = "removing a document";
        self.clear_facts(n)?;
        self.forget_near(n)?;
        self.forget_statements(n)?;
        for delete in [
            "DELETE FROM text_part WHERE version IN (SELECT id FROM text_version WHERE document = ?1)",
            "DELETE FROM text_version WHERE document = ?1",
            "DELETE FROM document WHERE n = ?1",
        ] {
            self.sql
                .prepare_cached(delete)
                .and_then(|mut delete| delete.execute([n]))
                .during(doing)?;
        }
        let change = self.next_change();
        self.sql
            .prepare_cached("INSERT INTO deleted VALUES(?1, ?2)")
            .and_then(|mut put| put.execute(params![change, id.0]))
            .during(doing)?;
        Ok(true)
    }
}
