//! The ledger's totals.

use rusqlite::Row;

use super::ledger::Ledger;
use super::schema::outcome_from;
use crate::error::{StoreError, While};
use crate::rows::{Tally, Totals};

impl Ledger {
    /// What is in the case: from an index that holds all that is counted, so quick enough to be
    /// asked while a run is going on. Occurrences whose file has other bytes now are history and
    /// not counted. A duplicate that was met while its twin was still being read knows no format of
    /// its own: it counts with that of its document, so totals do not depend on the order of threads.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn totals(&self) -> Result<Totals, StoreError> {
        let doing = "counting";
        let tallies: Vec<Tally> = self
            .sql
            .prepare_cached(
                "SELECT t.outcome, m.name, t.n, t.bytes FROM (
                   SELECT outcome, format, count(*) AS n, sum(bytes) AS bytes FROM (
                     SELECT outcome, format, bytes FROM occurrence
                     WHERE superseded IS NULL AND format IS NOT NULL
                     UNION ALL
                     SELECT o.outcome, d.format, o.bytes FROM occurrence o
                     LEFT JOIN document d ON d.id = substr(o.sha256, 1, 10)
                     WHERE o.superseded IS NULL AND o.format IS NULL)
                   GROUP BY outcome, format) t
                 LEFT JOIN format m ON m.id = t.format ORDER BY t.outcome, t.n DESC, m.name",
            )
            .and_then(|mut count| {
                let tally = |row: &Row<'_>| {
                    Ok(Tally {
                        outcome: row.get::<_, Option<i64>>(0)?.and_then(outcome_from),
                        format: row.get(1)?,
                        occurrences: row.get::<_, i64>(2)?.cast_unsigned(),
                        bytes: row.get::<_, i64>(3)?.cast_unsigned(),
                    })
                };
                count.query_map([], tally)?.collect()
            })
            .during(doing)?;
        let count = |question: &str| {
            self.sql
                .prepare_cached(question)
                .and_then(|mut count| count.query_row([], |row| row.get::<_, i64>(0)))
                .map(i64::cast_unsigned)
                .during(doing)
        };
        Ok(Totals {
            occurrences: tallies.iter().map(|tally| tally.occurrences).sum(),
            files: count(
                "SELECT count(*) FROM occurrence WHERE parent IS NULL AND superseded IS NULL",
            )?,
            originals: count("SELECT count(*) FROM original")?,
            original_bytes: count("SELECT coalesce(sum(bytes), 0) FROM original")?,
            documents: count("SELECT count(*) FROM document")?,
            tallies,
        })
    }

    /// The sources that were named by `--source`, with the number of occurrences.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn sources(&self) -> Result<Vec<(String, u64)>, StoreError> {
        self.sql
            .prepare_cached(
                "SELECT source, count(*) FROM occurrence
                 WHERE source IS NOT NULL AND superseded IS NULL GROUP BY source ORDER BY source",
            )
            .and_then(|mut count| {
                let source =
                    |row: &Row<'_>| Ok((row.get(0)?, row.get::<_, i64>(1)?.cast_unsigned()));
                count.query_map([], source)?.collect()
            })
            .during("listing the sources")
    }
}
