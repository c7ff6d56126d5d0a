//! The log in the database: leaves, tiles, head and checkpoints, in the transaction of the rows
//! that they witness.

use casefile::{Blake3, Outcome, Sha256};
use rusqlite::{OptionalExtension, params};

use super::ledger::{Ledger, Transaction};
use crate::error::{StoreError, While};
use crate::log::{
    self, Checkpoint, Edge, Hash, Leaf, LeafKind, ProofError, Signer, commitment, sha256,
};

/// The facts of an occurrence that its leaf witnesses.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Facts<'a> {
    pub(super) id: i64,
    pub(super) parent: Option<i64>,
    pub(super) sha256: Option<Sha256>,
    pub(super) bytes: u64,
    pub(super) outcome: Option<Outcome>,
    pub(super) root: i64,
    pub(super) path: Option<&'a str>,
    pub(super) path_raw: Option<&'a [u8]>,
    pub(super) ordinal: Option<i64>,
    pub(super) member: Option<&'a str>,
    pub(super) kind: Option<i64>,
    pub(super) source: Option<&'a str>,
    pub(super) published: Option<&'a str>,
    pub(super) reason: Option<&'a str>,
    pub(super) metadata: Option<&'a str>,
    pub(super) modified: Option<i64>,
    pub(super) changed: Option<i64>,
    pub(super) inode: Option<i64>,
    pub(super) superseded: Option<i64>,
}

impl Ledger {
    /// Each commitment has its own salt, made from the case's: showing one tells of no other.
    pub(super) fn salt_of(&self, what: u8, number: u64) -> [u8; 32] {
        sha256(&[
            b"tumen salt 1\0",
            &self.salt,
            &[what],
            &number.to_be_bytes(),
        ])
    }

    pub(super) fn who(&self, actor: i64, name: &str) -> Hash {
        let salt = self.salt_of(b'w', actor.cast_unsigned());
        commitment(&salt, &[Some(name.as_bytes())])
    }

    /// The leaf that stands at `index` for an occurrence in this state.
    pub(super) fn occurrence_leaf(
        &self,
        facts: &Facts<'_>,
        at: i64,
        who: Hash,
        index: u64,
    ) -> Leaf {
        let numbers = [
            facts.ordinal,
            facts.kind,
            facts.modified,
            facts.changed,
            facts.inode,
        ]
        .map(|number| number.map(i64::to_be_bytes));
        let [ordinal, kind, modified, changed, inode] = &numbers;
        let superseded = facts.superseded.map(i64::to_be_bytes);
        let root = facts.root.to_be_bytes();
        fn bytes(number: Option<&[u8; 8]>) -> Option<&[u8]> {
            number.map(<[u8; 8]>::as_slice)
        }
        let private = commitment(
            &self.salt_of(b'o', index),
            &[
                Some(&root),
                facts.path.map(str::as_bytes),
                facts.path_raw,
                bytes(ordinal.as_ref()),
                facts.member.map(str::as_bytes),
                bytes(kind.as_ref()),
                facts.source.map(str::as_bytes),
                facts.published.map(str::as_bytes),
                facts.reason.map(str::as_bytes),
                facts.metadata.map(str::as_bytes),
                bytes(modified.as_ref()),
                bytes(changed.as_ref()),
                bytes(inode.as_ref()),
                bytes(superseded.as_ref()),
            ],
        );
        Leaf {
            object: facts.sha256,
            bytes: Some(facts.bytes),
            subject: Some(facts.id.cast_unsigned()),
            parent: facts.parent.map(i64::cast_unsigned),
            outcome: facts.outcome,
            private: Some(private),
            ..Leaf::new(LeafKind::Occurrence, at, who)
        }
    }

    pub(super) fn setting_leaf(&self, name: &str, value: &str, index: u64) -> [u8; 32] {
        commitment(
            &self.salt_of(b's', index),
            &[Some(name.as_bytes()), Some(value.as_bytes())],
        )
    }

    /// Size and root of the log.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn head(&self) -> Result<(u64, Hash), StoreError> {
        self.sql
            .prepare_cached("SELECT size, root FROM log_head")
            .and_then(|mut read| {
                read.query_row([], |row| {
                    Ok((row.get::<_, i64>(0)?.cast_unsigned(), row.get(1)?))
                })
            })
            .during("reading the head of the log")
    }

    pub(super) fn tile(&self, level: u8, number: u64) -> Result<Option<Vec<Hash>>, StoreError> {
        let doing = "reading a tile of the log";
        let bytes: Option<Vec<u8>> = self
            .sql
            .prepare_cached("SELECT hashes FROM log_tile WHERE level = ?1 AND number = ?2")
            .and_then(|mut read| {
                read.query_row(params![level, number.cast_signed()], |row| row.get(0))
                    .optional()
            })
            .during(doing)?;
        Ok(bytes.map(|bytes| bytes.as_chunks().0.to_vec()))
    }

    /// Another process may have written since: then the edge is read anew.
    pub(super) fn load_edge(&mut self) -> Result<(), StoreError> {
        let (size, root) = self.head()?;
        if self.edge.size() == size && self.edge.root() == root {
            return Ok(());
        }
        let loaded = Edge::load(size, &mut |level, number| {
            self.tile(level, number).ok().flatten()
        });
        let edge = loaded.filter(|edge| edge.root() == root);
        self.edge = edge.ok_or_else(|| {
            StoreError::damaged("reading the log", "its tiles do not lead to its head")
        })?;
        Ok(())
    }

    fn proof(
        &self,
        make: impl FnOnce(u64, log::TileSource<'_>) -> Result<Vec<Hash>, ProofError>,
    ) -> Result<Vec<Hash>, StoreError> {
        let (size, _) = self.head()?;
        let mut failed = None;
        let made = make(size, &mut |level, number| match self.tile(level, number) {
            Ok(tile) => tile,
            Err(error) => {
                failed = Some(error);
                None
            }
        });
        match (made, failed) {
            (_, Some(error)) => Err(error),
            (Ok(path), None) => Ok(path),
            (Err(ProofError::Outside), None) => Err(StoreError::Refused {
                doing: "making a proof",
                detail: ProofError::Outside.to_string(),
            }),
            (Err(error), None) => Err(StoreError::damaged("making a proof", error.to_string())),
        }
    }

    /// The entry of the log at `index`, in canonical form; decode with [`Leaf::decode`].
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn leaf(&self, index: u64) -> Result<Option<Vec<u8>>, StoreError> {
        self.sql
            .prepare_cached("SELECT leaf FROM log_leaf WHERE id = ?1")
            .and_then(|mut read| {
                read.query_row([index.cast_signed()], |row| row.get(0))
                    .optional()
            })
            .during("reading an entry of the log")
    }

    /// Proves that the entry `index` is in the log as it stands (see [`log::verify_inclusion`]).
    ///
    /// # Errors
    /// No such entry, or the log is damaged.
    pub fn inclusion_proof(&self, index: u64) -> Result<Vec<Hash>, StoreError> {
        self.proof(|size, tiles| log::inclusion_proof(index, size, tiles))
    }

    /// Proves that the log of `old` entries is the beginning of this one
    /// (see [`log::verify_consistency`]).
    ///
    /// # Errors
    /// The log is shorter than that, or damaged.
    pub fn consistency_proof(&self, old: u64) -> Result<Vec<Hash>, StoreError> {
        self.proof(|size, tiles| log::consistency_proof(old, size, tiles))
    }

    /// Signs the head of the log and keeps the note. Keep a copy elsewhere: only against it can a
    /// ledger be recognised that was put back to an earlier state.
    ///
    /// # Errors
    /// The key's name is unfit, or the database cannot be written.
    pub fn sign_checkpoint(&mut self, signer: &Signer<'_>) -> Result<String, StoreError> {
        let (size, root) = self.head()?;
        let checkpoint = Checkpoint {
            origin: signer.name.to_owned(),
            size,
            root,
        };
        let note = checkpoint.sign(signer)?;
        self.sql
            .execute(
                "INSERT INTO log_checkpoint VALUES(?1, ?2) ON CONFLICT DO UPDATE SET note = ?2",
                params![size.cast_signed(), note],
            )
            .during("keeping a checkpoint")?;
        Ok(note)
    }

    /// The last signed checkpoint.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn checkpoint(&self) -> Result<Option<String>, StoreError> {
        self.sql
            .query_row(
                "SELECT note FROM log_checkpoint ORDER BY size DESC LIMIT 1",
                [],
                |row| row.get(0),
            )
            .optional()
            .during("reading the checkpoint")
    }
}

impl Transaction<'_> {
    /// The number that the next leaf gets.
    pub(super) fn next_leaf(&self) -> u64 {
        self.ledger.edge.size()
    }

    pub(super) fn append(&mut self, leaf: &Leaf) -> Result<i64, StoreError> {
        let doing = "writing the log";
        let bytes = leaf.encode();
        let index = self.next_leaf().cast_signed();
        self.ledger
            .sql
            .prepare_cached("INSERT INTO log_leaf VALUES(?1, ?2)")
            .and_then(|mut put| put.execute(params![index, bytes]))
            .during(doing)?;
        let mut full = Vec::new();
        self.ledger
            .edge
            .push(log::leaf_hash(&bytes), |level, number, hashes| {
                full.push((level, number, hashes.as_flattened().to_vec()));
            });
        for (level, number, hashes) in full {
            self.store_tile(level, number, &hashes)?;
        }
        Ok(index)
    }

    fn store_tile(&self, level: u8, number: u64, hashes: &[u8]) -> Result<(), StoreError> {
        self.ledger
            .sql
            .prepare_cached(
                "INSERT INTO log_tile VALUES(?1, ?2, ?3) ON CONFLICT DO UPDATE SET hashes = ?3",
            )
            .and_then(|mut put| put.execute(params![level, number.cast_signed(), hashes]))
            .during("writing the log")?;
        Ok(())
    }

    pub(super) fn store_edge(&self) -> Result<(), StoreError> {
        let edge = &self.ledger.edge;
        if edge.size() == self.ledger.head()?.0 {
            return Ok(());
        }
        for (level, number, hashes) in edge.partial() {
            self.store_tile(level, number, hashes.as_flattened())?;
        }
        self.ledger
            .sql
            .prepare_cached("UPDATE log_head SET size = ?1, root = ?2")
            .and_then(|mut put| put.execute(params![edge.size().cast_signed(), edge.root()]))
            .during("writing the log")?;
        Ok(())
    }

    pub(super) fn witness_original(
        &mut self,
        sha256: Sha256,
        blake3: Blake3,
        bytes: u64,
    ) -> Result<i64, StoreError> {
        let leaf = original_leaf(sha256, blake3, bytes, self.at, self.who);
        self.append(&leaf)
    }

    pub(super) fn witness_occurrence(&mut self, facts: &Facts<'_>) -> Result<i64, StoreError> {
        let leaf = self.occurrence_leaf(facts, self.at, self.who, self.next_leaf());
        self.append(&leaf)
    }

    pub(super) fn witness_setting(&mut self, name: &str, value: &str) -> Result<i64, StoreError> {
        let private = self.setting_leaf(name, value, self.next_leaf());
        let mut leaf = Leaf::new(LeafKind::Setting, self.at, self.who);
        leaf.what = Some(name.to_owned());
        leaf.private = Some(private);
        self.append(&leaf)
    }
}

pub(super) fn original_leaf(
    sha256: Sha256,
    blake3: Blake3,
    bytes: u64,
    at: i64,
    who: Hash,
) -> Leaf {
    Leaf {
        object: Some(sha256),
        blake3: Some(blake3),
        bytes: Some(bytes),
        ..Leaf::new(LeafKind::Original, at, who)
    }
}
