//! Proof that the ledger is whole: pages, log, ground truth against the log, texts.

use casefile::{Blake3, DocumentId, Sha256};
use rusqlite::{OptionalExtension, Row};

use super::ledger::Ledger;
use super::occurrences::{WITNESSED, Witnessed};
use super::witness::original_leaf;
use crate::error::{StoreError, While};
use crate::log::{self, Checkpoint, Edge, Hash, Leaf, LeafKind, Verifier};

/// One thing that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    /// Bits of the write-ahead log were changed. What was committed after them is gone.
    #[error(
        "the journal of the ledger is damaged: {0}; what was taken in last may be missing, so \
         `add` it again. A power cut in the midst of writing can leave this, too"
    )]
    Journal(String),
    /// A page does not authenticate.
    #[error("a page of the database was changed: {0}")]
    Page(String),
    /// SQLite's own check of its trees and indexes.
    #[error("the database is inconsistent: {0}")]
    Structure(String),
    #[error("entry {0} of the log is missing")]
    LeafMissing(u64),
    #[error("entry {0} of the log is not in its canonical form")]
    LeafMalformed(u64),
    #[error("tile {number} of level {level} of the log differs from its entries")]
    Tile { level: u8, number: u64 },
    #[error("the head of the log differs from its entries")]
    Head,
    #[error("the checkpoint over {0} entries differs from the log")]
    Checkpoint(u64),
    /// The log is shorter than one that was signed.
    #[error(
        "the log has {size} entries, but {signed} were signed: it was put back to an earlier state"
    )]
    RolledBack { size: u64, signed: u64 },
    #[error("entry {leaf} of the log tells of something that is not in the ledger")]
    Lost { leaf: u64 },
    #[error("the original {0} differs from its entry in the log")]
    Original(Sha256),
    #[error("occurrence {0} differs from its entry in the log")]
    Occurrence(i64),
    #[error("the setting `{0}` differs from its entry in the log")]
    Setting(String),
    #[error("the decision {0} differs from its entry in the log")]
    Decision(u64),
    #[error("a text of {document}: {what}")]
    Text { document: DocumentId, what: String },
    #[error("the document {0} stands for no original of the ledger")]
    Document(DocumentId),
}

/// How far verification is: what is looked at, how many of how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    pub what: &'static str,
    pub done: u64,
    pub of: u64,
}

/// No more are told: a ledger that is broken throughout is broken.
const MOST: usize = 10_000;

struct Findings<'a> {
    damages: Vec<Damage>,
    progress: &'a mut dyn FnMut(Progress),
}

impl Findings<'_> {
    fn note(&mut self, damage: Damage) {
        if self.damages.len() < MOST {
            self.damages.push(damage);
        }
    }

    fn at(&mut self, what: &'static str, done: u64, of: u64) {
        if done.is_multiple_of(256) || done == of {
            (self.progress)(Progress { what, done, of });
        }
    }
}

impl Ledger {
    /// Checks everything that the ledger can know by itself; what is wrong is returned (at most
    /// 10,000 findings). A ledger that was put back whole to an earlier state is only recognised
    /// by [`Ledger::verify_against`].
    ///
    /// # Errors
    /// The database cannot be read at all.
    pub fn verify(&self, progress: &mut dyn FnMut(Progress)) -> Result<Vec<Damage>, StoreError> {
        let mut found = Findings {
            damages: Vec::new(),
            progress,
        };
        match &self.journal {
            // Folding it in would take away the proof, and what a better tool could still save.
            Some(what) => found.note(Damage::Journal(what.clone())),
            // Pages that still stand in the write-ahead log are checked as part of the file.
            None => drop(self.settle()),
        }
        self.verify_pages(&mut found)?;
        let steps = [Self::verify_log, Self::verify_ground, Self::verify_texts];
        for step in steps {
            match step(self, &mut found) {
                Err(StoreError::Damaged { detail, .. }) => found.note(Damage::Structure(detail)),
                other => other?,
            }
        }
        Ok(found.damages)
    }

    /// Compares the log with a checkpoint that was kept elsewhere.
    ///
    /// # Errors
    /// The note is malformed, not signed by this key, or forged; the database cannot be read.
    pub fn verify_against(
        &self,
        note: &str,
        verifier: &Verifier<'_>,
    ) -> Result<Option<Damage>, StoreError> {
        let signed = Checkpoint::open(note, verifier)?;
        let (size, _) = self.head()?;
        if signed.size > size {
            return Ok(Some(Damage::RolledBack {
                size,
                signed: signed.size,
            }));
        }
        let root = log::root_at(signed.size, &mut |level, number| {
            self.tile(level, number).ok().flatten()
        });
        let same = root.is_ok_and(|root| root == signed.root);
        Ok((!same).then_some(Damage::Checkpoint(signed.size)))
    }

    fn lines(&self, question: &str) -> Result<Vec<String>, StoreError> {
        let doing = "checking the pages";
        let mut ask = self.sql.prepare(question).during(doing)?;
        let rows = ask.query_map([], |row| row.get(0)).during(doing)?;
        rows.take(MOST).collect::<Result<_, _>>().during(doing)
    }

    fn verify_pages(&self, found: &mut Findings<'_>) -> Result<(), StoreError> {
        found.at("pages", 0, 1);
        self.lines("PRAGMA cipher_integrity_check")?
            .into_iter()
            .for_each(|line| found.note(Damage::Page(line)));
        match self.lines("PRAGMA integrity_check(1000)") {
            Ok(lines) => lines
                .into_iter()
                .filter(|line| line != "ok")
                .for_each(|line| found.note(Damage::Structure(line))),
            Err(error) => found.note(Damage::Structure(error.to_string())),
        }
        match self.lines("SELECT \"table\" || ' row ' || rowid FROM pragma_foreign_key_check") {
            Ok(lines) => lines.into_iter().for_each(|line| {
                found.note(Damage::Structure(format!("{line} refers to nothing")));
            }),
            Err(error) => found.note(Damage::Structure(error.to_string())),
        }
        found.at("pages", 1, 1);
        Ok(())
    }

    fn verify_log(&self, found: &mut Findings<'_>) -> Result<(), StoreError> {
        let doing = "checking the log";
        let (size, root) = self.head()?;
        let mut checkpoints: Vec<(u64, String)> = self
            .sql
            .prepare("SELECT size, note FROM log_checkpoint ORDER BY size DESC")
            .and_then(|mut all| {
                let checkpoint =
                    |row: &Row<'_>| Ok((row.get::<_, i64>(0)?.cast_unsigned(), row.get(1)?));
                all.query_map([], checkpoint)?.collect()
            })
            .during(doing)?;
        let mut edge = Edge::default();
        let mut leaves = self
            .sql
            .prepare("SELECT id, leaf FROM log_leaf ORDER BY id")
            .during(doing)?;
        let mut rows = leaves.query([]).during(doing)?;
        loop {
            while let Some((_, note)) = checkpoints.pop_if(|(signed, _)| *signed == edge.size()) {
                let same = Checkpoint::parse(&note)
                    .is_ok_and(|signed| signed.size == edge.size() && signed.root == edge.root());
                if !same {
                    found.note(Damage::Checkpoint(edge.size()));
                }
            }
            let Some(row) = rows.next().during(doing)? else {
                break;
            };
            let index: i64 = row.get(0).during(doing)?;
            let leaf: Vec<u8> = row.get(1).during(doing)?;
            if index.cast_unsigned() != edge.size() {
                found.note(Damage::LeafMissing(edge.size()));
                return Ok(());
            }
            match Leaf::decode(&leaf) {
                Ok(leaf) => self.verify_subject(index, &leaf, found)?,
                Err(_) => found.note(Damage::LeafMalformed(index.cast_unsigned())),
            }
            let mut full: Vec<(u8, u64, Vec<Hash>)> = Vec::new();
            edge.push(log::leaf_hash(&leaf), |level, number, hashes| {
                full.push((level, number, hashes.to_vec()));
            });
            for (level, number, hashes) in full {
                self.verify_tile(level, number, &hashes, found)?;
            }
            found.at("log", edge.size(), size);
        }
        for (level, number, hashes) in edge.partial() {
            self.verify_tile(level, number, hashes, found)?;
        }
        if edge.size() != size || edge.root() != root {
            found.note(Damage::Head);
        }
        for (signed, _) in checkpoints {
            found.note(Damage::RolledBack {
                size: edge.size(),
                signed,
            });
        }
        Ok(())
    }

    fn verify_tile(
        &self,
        level: u8,
        number: u64,
        hashes: &[Hash],
        found: &mut Findings<'_>,
    ) -> Result<(), StoreError> {
        if self.tile(level, number)?.as_deref() != Some(hashes) {
            found.note(Damage::Tile { level, number });
        }
        Ok(())
    }

    /// What the log tells of is in the ledger.
    fn verify_subject(
        &self,
        index: i64,
        leaf: &Leaf,
        found: &mut Findings<'_>,
    ) -> Result<(), StoreError> {
        let doing = "checking the log";
        let last: Option<i64> = match leaf.kind {
            LeafKind::Original => self
                .sql
                .prepare_cached("SELECT leaf FROM original WHERE sha256 = ?1 AND leaf = ?2")
                .and_then(|mut find| {
                    let object = leaf.object.map(|object| object.0);
                    find.query_row(rusqlite::params![object, index], |row| row.get(0))
                        .optional()
                }),
            LeafKind::Occurrence => self
                .sql
                .prepare_cached("SELECT leaf FROM occurrence WHERE id = ?1")
                .and_then(|mut find| {
                    let subject = leaf.subject.map(u64::cast_signed);
                    find.query_row([subject], |row| row.get(0)).optional()
                }),
            LeafKind::Setting => self
                .sql
                .prepare_cached("SELECT leaf FROM setting WHERE name = 'case ' || ?1")
                .and_then(|mut find| find.query_row([&leaf.what], |row| row.get(0)).optional()),
            LeafKind::Decision => self
                .sql
                .prepare_cached("SELECT leaf FROM decision WHERE n = ?1")
                .and_then(|mut find| {
                    let subject = leaf.subject.map(u64::cast_signed);
                    find.query_row([subject], |row| row.get(0)).optional()
                }),
        }
        .during(doing)?;
        if last.is_none_or(|last| last < index) {
            found.note(Damage::Lost {
                leaf: index.cast_unsigned(),
            });
        }
        Ok(())
    }

    fn actor(&self, actor: i64) -> Result<Hash, StoreError> {
        let name: Option<String> = self
            .sql
            .prepare_cached("SELECT name FROM actor WHERE id = ?1")
            .and_then(|mut find| find.query_row([actor], |row| row.get(0)).optional())
            .during("checking the log")?;
        Ok(self.who(actor, &name.unwrap_or_default()))
    }

    /// What is in the ledger is what the log tells.
    fn verify_ground(&self, found: &mut Findings<'_>) -> Result<(), StoreError> {
        let doing = "checking the ground truth";
        let count = |table: &str| {
            self.sql
                .query_row(&format!("SELECT count(*) FROM {table}"), [], |row| {
                    row.get::<_, i64>(0)
                })
                .map(i64::cast_unsigned)
                .during(doing)
        };
        let of = count("original")?;
        let mut all = self
            .sql
            .prepare("SELECT sha256, blake3, bytes, taken, actor, leaf FROM original")
            .during(doing)?;
        let mut rows = all.query([]).during(doing)?;
        let mut done = 0;
        while let Some(row) = rows.next().during(doing)? {
            let read = || {
                let sha256 = Sha256(row.get(0)?);
                let bytes = row.get::<_, i64>(2)?.cast_unsigned();
                let parts = (Blake3(row.get(1)?), bytes, row.get(3)?, row.get(4)?);
                Ok((sha256, parts, row.get::<_, i64>(5)?))
            };
            let (sha256, (blake3, bytes, taken, actor), index) = read().during(doing)?;
            let leaf = original_leaf(sha256, blake3, bytes, taken, self.actor(actor)?);
            if self.leaf(index.cast_unsigned())? != Some(leaf.encode()) {
                found.note(Damage::Original(sha256));
            }
            done += 1;
            found.at("originals", done, of);
        }
        let of = count("occurrence")?;
        let mut all = self
            .sql
            .prepare(&format!("SELECT {WITNESSED}"))
            .during(doing)?;
        let mut rows = all.query([]).during(doing)?;
        let mut done = 0;
        while let Some(row) = rows.next().during(doing)? {
            let row = Witnessed::from(row).during(doing)?;
            let (facts, index) = (row.facts(), row.leaf.cast_unsigned());
            let leaf = self.occurrence_leaf(&facts, row.decided, self.actor(row.actor)?, index);
            if self.leaf(index)? != Some(leaf.encode()) {
                found.note(Damage::Occurrence(facts.id));
            }
            done += 1;
            found.at("occurrences", done, of);
        }
        self.verify_decisions(found)?;
        self.verify_settings(found)
    }

    fn verify_decisions(&self, found: &mut Findings<'_>) -> Result<(), StoreError> {
        for decision in self.decisions(None)? {
            let actor: i64 = self
                .sql
                .query_row(
                    "SELECT actor FROM decision WHERE n = ?1",
                    [decision.number.cast_signed()],
                    |row| row.get(0),
                )
                .during("checking the decisions")?;
            let leaf = self.decision_leaf(&decision, self.actor(actor)?);
            if self.leaf(decision.leaf)? != Some(leaf.encode()) {
                found.note(Damage::Decision(decision.number));
            }
        }
        Ok(())
    }

    fn verify_settings(&self, found: &mut Findings<'_>) -> Result<(), StoreError> {
        let settings: Vec<(String, String, Option<i64>)> = self
            .sql
            .prepare("SELECT substr(name, 6), value, leaf FROM setting WHERE name LIKE 'case %'")
            .and_then(|mut all| {
                let setting = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
                all.query_map([], setting)?.collect()
            })
            .during("checking the settings")?;
        for (name, value, index) in settings {
            let index = index.unwrap_or(-1).cast_unsigned();
            let leaf = self
                .leaf(index)?
                .and_then(|bytes| Leaf::decode(&bytes).ok());
            let private = Some(self.setting_leaf(&name, &value, index));
            let same = leaf.is_some_and(|leaf| {
                leaf.kind == LeafKind::Setting
                    && leaf.what.as_deref() == Some(&name)
                    && leaf.private == private
            });
            if !same {
                found.note(Damage::Setting(name));
            }
        }
        Ok(())
    }

    fn verify_texts(&self, found: &mut Findings<'_>) -> Result<(), StoreError> {
        let doing = "checking the texts";
        let strays: Vec<[u8; 10]> = self
            .sql
            .prepare(
                "SELECT id FROM document d WHERE substr(sha256, 1, 10) <> id
                 OR NOT EXISTS (SELECT 1 FROM original o WHERE o.sha256 = d.sha256)
                 OR (text IS NOT NULL AND NOT EXISTS
                   (SELECT 1 FROM text_version v WHERE v.id = d.text AND v.document = d.n))
                 LIMIT 1000",
            )
            .and_then(|mut all| all.query_map([], |row| row.get(0))?.collect())
            .during(doing)?;
        strays
            .into_iter()
            .for_each(|id| found.note(Damage::Document(DocumentId(id))));
        let ids: Vec<i64> = self
            .sql
            .prepare("SELECT id FROM text_version ORDER BY id")
            .and_then(|mut all| all.query_map([], |row| row.get(0))?.collect())
            .during(doing)?;
        let of = ids.len() as u64;
        for (done, id) in (1..).zip(ids) {
            for version in self.text_versions_where("v.id = ?1", id)? {
                if let Some(what) = self.check_text(&version)? {
                    found.note(Damage::Text {
                        document: version.document,
                        what,
                    });
                }
            }
            found.at("texts", done, of);
        }
        Ok(())
    }
}
