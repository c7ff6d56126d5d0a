//! What people decided: kept for ever, each with its entry in the log.

use rusqlite::{OptionalExtension, Row, params};

use super::ledger::{Ledger, Transaction};
use crate::error::{StoreError, While};
use crate::log::{Hash, Leaf, LeafKind, commitment};
use crate::rows::{Decision, NewDecision};

const COLUMNS: &str = "d.n, d.at, a.name, d.act, d.subject, d.body, d.reason, d.undoes, d.leaf
  FROM decision d JOIN actor a ON a.id = d.actor";

fn decision(row: &Row<'_>) -> rusqlite::Result<Decision> {
    let unsigned = |at| Ok::<_, rusqlite::Error>(row.get::<_, i64>(at)?.cast_unsigned());
    Ok(Decision {
        number: unsigned(0)?,
        at: row.get(1)?,
        who: row.get(2)?,
        act: row.get(3)?,
        subject: row.get(4)?,
        body: row.get(5)?,
        reason: row.get(6)?,
        undoes: row.get::<_, Option<i64>>(7)?.map(i64::cast_unsigned),
        leaf: unsigned(8)?,
    })
}

impl Ledger {
    /// Decisions in the order in which they were made: all, or those about one subject.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn decisions(&self, subject: Option<&str>) -> Result<Vec<Decision>, StoreError> {
        self.sql
            .prepare_cached(&format!(
                "SELECT {COLUMNS} WHERE ?1 IS NULL OR d.subject = ?1 ORDER BY d.n"
            ))
            .and_then(|mut find| find.query_map([subject], decision)?.collect())
            .during("reading decisions")
    }

    /// The number of the last decision; 0 if there is none. Tells cheaply whether anything was decided since.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn last_decision(&self) -> Result<u64, StoreError> {
        let last: i64 = self
            .sql
            .prepare_cached("SELECT coalesce(max(n), 0) FROM decision")
            .and_then(|mut find| find.query_row([], |row| row.get(0)))
            .during("reading decisions")?;
        Ok(last.cast_unsigned())
    }

    /// # Errors
    /// The database cannot be read.
    pub fn decision(&self, number: u64) -> Result<Option<Decision>, StoreError> {
        self.sql
            .prepare_cached(&format!("SELECT {COLUMNS} WHERE d.n = ?1"))
            .and_then(|mut find| find.query_row([number.cast_signed()], decision).optional())
            .during("reading a decision")
    }

    /// The leaf of a decision: its act in the clear, everything that could name somebody as a
    /// commitment.
    pub(super) fn decision_leaf(&self, decision: &Decision, who: Hash) -> Leaf {
        let undoes = decision.undoes.map(u64::to_be_bytes);
        let private = commitment(
            &self.salt_of(b'd', decision.leaf),
            &[
                Some(decision.subject.as_bytes()),
                Some(decision.body.as_bytes()),
                Some(decision.reason.as_bytes()),
                undoes.as_ref().map(<[u8; 8]>::as_slice),
            ],
        );
        Leaf {
            what: Some(decision.act.clone()),
            subject: Some(decision.number),
            private: Some(private),
            ..Leaf::new(LeafKind::Decision, decision.at, who)
        }
    }
}

impl Transaction<'_> {
    /// Records what somebody decided, in the log too; returns its number.
    ///
    /// # Errors
    /// The database cannot be written; the decision to undo does not exist
    /// ([`StoreError::Refused`]).
    pub fn decide(&mut self, new: &NewDecision<'_>) -> Result<u64, StoreError> {
        let doing = "recording a decision";
        if let Some(undone) = new.undoes
            && self.decision(undone)?.is_none()
        {
            return Err(StoreError::Refused {
                doing,
                detail: format!("there is no decision {undone}"),
            });
        }
        let number: i64 = self
            .sql
            .query_row("SELECT coalesce(max(n), 0) + 1 FROM decision", [], |row| {
                row.get(0)
            })
            .during(doing)?;
        let mut made = Decision {
            number: number.cast_unsigned(),
            at: self.at,
            who: String::new(),
            act: new.act.to_owned(),
            subject: new.subject.to_owned(),
            body: new.body.to_owned(),
            reason: new.reason.to_owned(),
            undoes: new.undoes,
            leaf: self.next_leaf(),
        };
        let leaf = self.decision_leaf(&made, self.who);
        made.leaf = self.append(&leaf)?.cast_unsigned();
        self.sql
            .prepare_cached("INSERT INTO decision VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")
            .and_then(|mut put| {
                put.execute(params![
                    number,
                    made.at,
                    self.actor,
                    made.act,
                    made.subject,
                    made.body,
                    made.reason,
                    made.undoes.map(u64::cast_signed),
                    made.leaf.cast_signed()
                ])
            })
            .during(doing)?;
        Ok(made.number)
    }
}
