//! Records of lists that were imported: derived from the list's original, which the vault keeps.

use casefile::Sha256;
use rusqlite::{OptionalExtension, Row, params};

use super::ledger::{Ledger, Transaction};
use crate::error::{StoreError, While};
use crate::rows::Listed;

fn listed(row: &Row<'_>) -> rusqlite::Result<Listed> {
    Ok(Listed {
        list: Sha256(row.get(0)?),
        id: row.get(1)?,
        schema: row.get(2)?,
        caption: row.get(3)?,
        body: row.get(4)?,
    })
}

const COLUMNS: &str = "list, id, schema, caption, body FROM listed";

impl Ledger {
    /// Hands over the records of one list, or of all, in the order in which they were imported.
    ///
    /// # Errors
    /// The database cannot be read, or an error of `each`.
    pub fn each_listed<E: From<StoreError>>(
        &self,
        list: Option<Sha256>,
        mut each: impl FnMut(Listed) -> Result<(), E>,
    ) -> Result<(), E> {
        let doing = "reading lists";
        let mut find = self
            .sql
            .prepare_cached(&format!(
                "SELECT {COLUMNS} WHERE ?1 IS NULL OR list = ?1 ORDER BY n"
            ))
            .during(doing)?;
        let mut rows = find.query([list.map(|l| l.0)]).during(doing)?;
        while let Some(row) = rows.next().during(doing)? {
            each(listed(row).during(doing)?)?;
        }
        Ok(())
    }

    /// The records with an id; several lists may have one.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn listed(&self, id: &str) -> Result<Vec<Listed>, StoreError> {
        self.sql
            .prepare_cached(&format!("SELECT {COLUMNS} WHERE id = ?1 ORDER BY n"))
            .and_then(|mut find| find.query_map([id], listed)?.collect())
            .during("reading lists")
    }

    /// The records that refer to an id, in the order in which they were imported.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn referring(&self, id: &str) -> Result<Vec<Listed>, StoreError> {
        self.sql
            .prepare_cached(&format!(
                "SELECT {COLUMNS} JOIN listed_reference ON record = n WHERE target = ?1 ORDER BY n"
            ))
            .and_then(|mut find| find.query_map([id], listed)?.collect())
            .during("reading lists")
    }

    /// How many records a list has here.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn count_listed(&self, list: Sha256) -> Result<u64, StoreError> {
        let count: Option<i64> = self
            .sql
            .prepare_cached("SELECT count(*) FROM listed WHERE list = ?1")
            .and_then(|mut find| find.query_row([list.0], |row| row.get(0)).optional())
            .during("counting the records of a list")?;
        Ok(count.unwrap_or(0).cast_unsigned())
    }

    /// How many records of a list have an id that a record of another list has.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn count_shared(&self, list: Sha256) -> Result<u64, StoreError> {
        let count: i64 = self
            .sql
            .prepare_cached(
                "SELECT count(*) FROM listed a WHERE a.list = ?1
                 AND EXISTS(SELECT 1 FROM listed b WHERE b.id = a.id AND b.list <> ?1)",
            )
            .and_then(|mut find| find.query_row([list.0], |row| row.get(0)))
            .during("comparing lists")?;
        Ok(count.cast_unsigned())
    }
}

impl Transaction<'_> {
    /// Adds a record of a list, with the ids that it refers to.
    ///
    /// # Errors
    /// The database cannot be written.
    pub fn put_listed(&mut self, new: &Listed, refers: &[String]) -> Result<(), StoreError> {
        let doing = "keeping a record of a list";
        self.sql
            .prepare_cached("INSERT INTO listed VALUES(NULL, ?1, ?2, ?3, ?4, ?5)")
            .and_then(|mut put| {
                put.execute(params![
                    new.list.0,
                    new.id,
                    new.schema,
                    new.caption,
                    new.body
                ])
            })
            .during(doing)?;
        let record = self.sql.last_insert_rowid();
        for target in refers {
            self.sql
                .prepare_cached("INSERT OR IGNORE INTO listed_reference VALUES(?1, ?2)")
                .and_then(|mut put| put.execute(params![target, record]))
                .during(doing)?;
        }
        Ok(())
    }

    /// Takes the records of a list away; its original stays.
    ///
    /// # Errors
    /// The database cannot be written.
    pub fn forget_list(&mut self, list: Sha256) -> Result<(), StoreError> {
        let doing = "forgetting a list";
        let references = "DELETE FROM listed_reference
            WHERE record IN (SELECT n FROM listed WHERE list = ?1)";
        for forget in [references, "DELETE FROM listed WHERE list = ?1"] {
            self.sql.execute(forget, [list.0]).during(doing)?;
        }
        Ok(())
    }
}
