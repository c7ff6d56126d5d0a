//! Mentions and statements as derived from text versions: proposals, made again at any time.

use casefile::statement::{Event, Mention, Modality, Statement};
use casefile::{DocumentId, StatementId};
use rusqlite::{OptionalExtension, Row, params};

use super::ledger::{Ledger, Transaction};
use crate::error::{StoreError, While};
use crate::log::sha256;
use crate::rows::{StatementFilter, StoredStatement, TextId};

/// Documents whose text waits for an extractor's statements.
const WAITING: &str = "document d LEFT JOIN statement_step s ON s.document = d.n
    WHERE d.text IS NOT NULL
    AND (s.document IS NULL OR s.text <> d.text OR s.extractor <> ?1)";

/// Bodies are small and alike; the lowest level packs them nearly as well as the others.
const LEVEL: i32 = 1;
/// No mentions of one part of a text, packed open, are larger than this.
const MOST_MENTIONS: u64 = 1 << 30;

fn body(statement: &Statement) -> Result<String, StoreError> {
    serde_json::to_string(statement).map_err(|error| StoreError::Refused {
        doing: "keeping a statement",
        detail: error.to_string(),
    })
}

fn stored(row: &Row<'_>) -> rusqlite::Result<Result<StoredStatement, StoreError>> {
    let id = StatementId(row.get(0)?);
    let document = DocumentId(row.get(1)?);
    let text: String = row.get(2)?;
    Ok(serde_json::from_str(&text)
        .map(|statement| StoredStatement {
            id,
            document,
            statement,
        })
        .map_err(|error| StoreError::damaged("reading a statement", error.to_string())))
}

/// The identity of a statement in its document.
fn identity(document: DocumentId, statement: &Statement, again: u32) -> StatementId {
    let place = |number: u32| number.to_be_bytes();
    let figure = statement
        .quantity
        .as_ref()
        .map_or(u32::MAX, |quantity| quantity.start);
    let hash = sha256(&[
        b"tumen statement 1\0",
        &document.0,
        statement.event.as_str().as_bytes(),
        &place(statement.trigger.start),
        &place(statement.trigger.end),
        &place(figure),
        &place(again),
    ]);
    let mut id = [0; 10];
    id.copy_from_slice(&hash[..10]);
    StatementId(id)
}

fn among<'w>(column: &str, words: impl Iterator<Item = &'w str>) -> String {
    // The words come from closed lists, so they need no quoting beyond this.
    let list: Vec<String> = words.map(|word| format!("'{word}'")).collect();
    if list.is_empty() {
        String::new()
    } else {
        format!("AND {column} IN ({})", list.join(","))
    }
}

impl Ledger {
    /// Statements that a filter lets through, by document (in the order of their first reading)
    /// and place; `most` of them after the first `skip`.
    ///
    /// # Errors
    /// The database cannot be read, or a row is damaged.
    pub fn statements(
        &self,
        filter: &StatementFilter<'_>,
        skip: usize,
        most: usize,
    ) -> Result<Vec<StoredStatement>, StoreError> {
        let doing = "listing statements";
        let (events, modalities) = (
            among("s.event", filter.events.iter().map(|e| e.as_str())),
            among("s.modality", filter.modalities.iter().map(|m| m.as_str())),
        );
        let small = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let mut find = self
            .sql
            .prepare(&format!(
                "SELECT s.id, d.id, s.body FROM statement s JOIN document d ON d.n = s.document
                 WHERE (?1 IS NULL OR d.id = ?1) AND s.counted >= ?2 {events} {modalities}
                 ORDER BY s.document, s.start, s.n LIMIT ?3 OFFSET ?4"
            ))
            .during(doing)?;
        let rows: Vec<Result<StoredStatement, StoreError>> = find
            .query_map(
                params![
                    filter.document.map(|id| id.0),
                    i64::from(filter.counted),
                    small(most),
                    small(skip)
                ],
                stored,
            )
            .and_then(Iterator::collect)
            .during(doing)?;
        rows.into_iter().collect()
    }

    /// # Errors
    /// The database cannot be read, or the row is damaged.
    pub fn statement(&self, id: StatementId) -> Result<Option<StoredStatement>, StoreError> {
        self.sql
            .prepare_cached(
                "SELECT s.id, d.id, s.body FROM statement s JOIN document d ON d.n = s.document
                 WHERE s.id = ?1",
            )
            .and_then(|mut find| find.query_row([id.0], stored).optional())
            .during("reading a statement")?
            .transpose()
    }

    /// How many statements there are of each event and modality.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn statement_counts(&self) -> Result<Vec<(Event, Modality, u64)>, StoreError> {
        let rows: Vec<(String, String, i64)> = self
            .sql
            .prepare_cached("SELECT event, modality, count(*) FROM statement GROUP BY 1, 2")
            .and_then(|mut find| {
                find.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
                    .collect()
            })
            .during("counting statements")?;
        Ok(rows
            .into_iter()
            .filter_map(|(event, modality, count)| {
                Some((
                    Event::from_word(&event)?,
                    Modality::from_word(&modality)?,
                    count.cast_unsigned(),
                ))
            })
            .collect())
    }

    /// The kinds of event that a document tells of.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn events_of(&self, document: DocumentId) -> Result<Vec<Event>, StoreError> {
        let words: Vec<String> = self
            .sql
            .prepare_cached(
                "SELECT DISTINCT event FROM statement
                 WHERE document = (SELECT n FROM document WHERE id = ?1) ORDER BY event",
            )
            .and_then(|mut find| find.query_map([document.0], |row| row.get(0))?.collect())
            .during("listing events")?;
        Ok(words
            .iter()
            .filter_map(|word| Event::from_word(word))
            .collect())
    }

    /// The mentions of a document, in the order of its text.
    ///
    /// # Errors
    /// The database cannot be read, or the row is damaged.
    pub fn mentions(&self, document: DocumentId) -> Result<Vec<Mention>, StoreError> {
        let doing = "reading mentions";
        let damaged = |detail: String| StoreError::damaged(doing, detail);
        let mut find = self
            .sql
            .prepare_cached(
                "SELECT mentions FROM mention_part
                 WHERE document = (SELECT n FROM document WHERE id = ?1) ORDER BY ordinal",
            )
            .during(doing)?;
        let mut rows = find.query([document.0]).during(doing)?;
        let mut mentions = Vec::new();
        while let Some(row) = rows.next().during(doing)? {
            let packed: Vec<u8> = row.get(0).during(doing)?;
            let mut open = Vec::new();
            zstd::stream::read::Decoder::new(packed.as_slice())
                .and_then(|decoder| {
                    let mut from = std::io::Read::take(decoder, MOST_MENTIONS);
                    std::io::Read::read_to_end(&mut from, &mut open)
                })
                .map_err(|error| damaged(error.to_string()))?;
            let part: Vec<Mention> =
                serde_json::from_slice(&open).map_err(|error| damaged(error.to_string()))?;
            mentions.extend(part);
        }
        Ok(mentions)
    }

    /// How many documents [`Ledger::without_statements`] would list.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn count_without_statements(&self, extractor: &str) -> Result<u64, StoreError> {
        self.sql
            .prepare_cached(&format!("SELECT count(*) FROM {WAITING}"))
            .and_then(|mut count| count.query_row([extractor], |row| row.get::<_, i64>(0)))
            .map(i64::cast_unsigned)
            .during("counting documents without statements")
    }

    /// Documents with a text whose statements are missing, or were found by another extractor or
    /// in another text version.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn without_statements(
        &self,
        extractor: &str,
        most: usize,
    ) -> Result<Vec<(DocumentId, TextId)>, StoreError> {
        self.sql
            .prepare_cached(&format!(
                "SELECT d.id, d.text FROM {WAITING} ORDER BY d.n LIMIT ?2"
            ))
            .and_then(|mut find| {
                let most = i64::try_from(most).unwrap_or(i64::MAX);
                find.query_map(params![extractor, most], |row| {
                    Ok((DocumentId(row.get(0)?), TextId(row.get(1)?)))
                })?
                .collect()
            })
            .during("looking for documents without statements")
    }
}

impl Transaction<'_> {
    /// Replaces what was found in a document's current text: mentions and statements with
    /// offsets in characters of that text. The document counts as changed.
    ///
    /// # Errors
    /// The database cannot be written; there is no such document or text.
    pub fn put_statements(
        &mut self,
        document: DocumentId,
        text: TextId,
        extractor: &str,
        mentions: &[Mention],
        statements: &[Statement],
    ) -> Result<(), StoreError> {
        let mut writer = self.begin_statements(document, text, extractor)?;
        writer.push(mentions, statements)?;
        writer.finish()
    }

    pub(super) fn forget_statements(&self, document: i64) -> Result<(), StoreError> {
        for delete in [
            "DELETE FROM statement_step WHERE document = ?1",
            "DELETE FROM mention_part WHERE document = ?1",
            "DELETE FROM statement WHERE document = ?1",
        ] {
            self.sql
                .prepare_cached(delete)
                .and_then(|mut delete| delete.execute([document]))
                .during("forgetting statements")?;
        }
        Ok(())
    }
}

impl<'a> Transaction<'a> {
    /// Begins to replace what was found in a text, to be written part by part: a text of gigabytes
    /// names more than fits in memory.
    ///
    /// # Errors
    /// The database cannot be written; there is no such document.
    pub fn begin_statements(
        &mut self,
        document: DocumentId,
        text: TextId,
        extractor: &str,
    ) -> Result<StatementWriter<'_, 'a>, StoreError> {
        let doing = "keeping statements";
        let Some(n) = self.document_number(document)? else {
            return Err(StoreError::Refused {
                doing,
                detail: format!("there is no document {document}"),
            });
        };
        self.forget_statements(n)?;
        self.sql
            .prepare_cached("INSERT INTO statement_step VALUES(?1, ?2, ?3)")
            .and_then(|mut put| put.execute(params![n, text.0, extractor]))
            .during(doing)?;
        Ok(StatementWriter {
            tx: self,
            document,
            n,
            parts: 0,
        })
    }
}

/// Writes what is found in one text, part by part in order.
pub struct StatementWriter<'t, 'a> {
    tx: &'t mut Transaction<'a>,
    document: DocumentId,
    n: i64,
    parts: i64,
}

impl std::fmt::Debug for StatementWriter<'_, '_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StatementWriter")
            .field("parts", &self.parts)
            .finish_non_exhaustive()
    }
}

impl StatementWriter<'_, '_> {
    /// The text before it was found in; the connection, for reading.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        self.tx
    }

    /// # Errors
    /// The database cannot be written.
    pub fn push(
        &mut self,
        mentions: &[Mention],
        statements: &[Statement],
    ) -> Result<(), StoreError> {
        let doing = "keeping statements";
        let refused = |detail: String| StoreError::Refused { doing, detail };
        if !mentions.is_empty() {
            let json = serde_json::to_vec(mentions).map_err(|error| refused(error.to_string()))?;
            let packed = zstd::stream::encode_all(json.as_slice(), LEVEL)
                .map_err(|error| refused(error.to_string()))?;
            self.tx
                .sql
                .prepare_cached("INSERT INTO mention_part VALUES(?1, ?2, ?3)")
                .and_then(|mut put| put.execute(params![self.n, self.parts, packed]))
                .during(doing)?;
            self.parts += 1;
        }
        let mut put = self
            .tx
            .sql
            .prepare_cached(
                "INSERT OR IGNORE INTO statement VALUES(NULL, ?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )
            .during(doing)?;
        for statement in statements {
            // Two of one kind on the same words differ by victim group: count them apart.
            for again in 0..8 {
                let id = identity(self.document, statement, again);
                let added = put
                    .execute(params![
                        id.0,
                        self.n,
                        statement.event.as_str(),
                        statement.modality.as_str(),
                        statement.start,
                        statement.quantity.is_some(),
                        body(statement)?
                    ])
                    .during(doing)?;
                if added > 0 {
                    break;
                }
            }
        }
        Ok(())
    }

    /// # Errors
    /// The database cannot be written.
    pub fn finish(self) -> Result<(), StoreError> {
        let change = self.tx.next_change();
        self.tx
            .sql
            .prepare_cached("UPDATE document SET change = ?2 WHERE n = ?1")
            .and_then(|mut update| update.execute([self.n, change]))
            .during("keeping statements")?;
        Ok(())
    }
}
