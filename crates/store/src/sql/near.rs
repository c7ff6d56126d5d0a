//! Fingerprints of texts, to find documents that are nearly the same.

use casefile::DocumentId;
use rusqlite::params;

use super::ledger::{Ledger, Transaction};
use crate::error::{StoreError, While};
use crate::rows::Rendition;

/// 16 bands of 4: two texts that share 0.8 of their shingles meet in a band with probability
/// 0.9998, those that share 0.3 with 0.12 (1 - (1 - s^4)^16).
const BAND_ROWS: usize = 4;
/// Text that everybody has (a letterhead and nothing else) must not make every pair a candidate.
const MOST_IN_BAND: i64 = 200;

/// A hash of one band (FNV-1a over its bytes): equal bands are equal numbers.
fn band_hashes(minhash: &[u32; 64]) -> impl Iterator<Item = (i64, i64)> {
    let bands = minhash.chunks_exact(BAND_ROWS).map(|band| {
        let bytes = band.iter().flat_map(|value| value.to_le_bytes());
        let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        hash.cast_signed()
    });
    (0..).zip(bands)
}

impl Ledger {
    /// Documents whose fingerprint is like this one, most similar first: the share of the 64
    /// values that agree estimates the share of shingles that the texts have in common.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn similar(&self, minhash: &[u32; 64]) -> Result<Vec<Rendition>, StoreError> {
        let doing = "looking for similar documents";
        let mut found = std::collections::BTreeSet::<i64>::new();
        for (band, hash) in band_hashes(minhash) {
            let mut find = self
                .sql
                .prepare_cached(
                    "SELECT document FROM fingerprint_band WHERE band = ?1 AND hash = ?2 LIMIT ?3",
                )
                .during(doing)?;
            let rows = find
                .query_map([band, hash, MOST_IN_BAND], |row| row.get(0))
                .during(doing)?;
            for number in rows {
                found.insert(number.during(doing)?);
            }
        }
        let mut similar = Vec::with_capacity(found.len());
        for number in found {
            let (id, bytes): ([u8; 10], Vec<u8>) = self
                .sql
                .prepare_cached(
                    "SELECT d.id, f.minhash FROM fingerprint f JOIN document d ON d.n = f.document
                     WHERE f.document = ?1",
                )
                .and_then(|mut find| find.query_row([number], |row| Ok((row.get(0)?, row.get(1)?))))
                .during(doing)?;
            let (theirs, _) = bytes.as_chunks::<4>();
            let agree = minhash
                .iter()
                .zip(theirs)
                .filter(|(ours, theirs)| **ours == u32::from_le_bytes(**theirs))
                .count();
            let agree = u8::try_from(agree).unwrap_or(u8::MAX);
            similar.push(Rendition {
                document: DocumentId(id),
                similarity: f32::from(agree) / 64.0,
            });
        }
        similar.sort_by(|a, b| b.similarity.total_cmp(&a.similarity));
        Ok(similar)
    }

    /// The renditions of a document, most similar first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn renditions(&self, document: DocumentId) -> Result<Vec<Rendition>, StoreError> {
        let Some(number) = self.document_number(document)? else {
            return Ok(Vec::new());
        };
        self.sql
            .prepare_cached(
                "SELECT d.id, r.similarity FROM (
                   SELECT b AS other, similarity FROM rendition WHERE a = ?1
                   UNION ALL SELECT a, similarity FROM rendition WHERE b = ?1) r
                 JOIN document d ON d.n = r.other ORDER BY r.similarity DESC, d.id",
            )
            .and_then(|mut find| {
                let rendition = |row: &rusqlite::Row<'_>| {
                    Ok(Rendition {
                        document: DocumentId(row.get(0)?),
                        similarity: row.get(1)?,
                    })
                };
                find.query_map([number], rendition)?.collect()
            })
            .during("looking for renditions")
    }
}

impl Transaction<'_> {
    fn number_of(&self, document: DocumentId) -> Result<i64, StoreError> {
        self.document_number(document)?
            .ok_or_else(|| StoreError::Refused {
                doing: "recording a fingerprint",
                detail: format!("the document {document} is not recorded"),
            })
    }

    /// Records the fingerprint of a document's text: 64 minima of hashed shingles.
    ///
    /// # Errors
    /// No such document, or the database cannot be written.
    pub fn put_fingerprint(
        &mut self,
        document: DocumentId,
        minhash: &[u32; 64],
    ) -> Result<(), StoreError> {
        let doing = "recording a fingerprint";
        let number = self.number_of(document)?;
        let bytes: Vec<u8> = minhash
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect();
        self.forget_fingerprint(number)?;
        self.sql
            .prepare_cached("INSERT INTO fingerprint VALUES(?1, ?2)")
            .and_then(|mut put| put.execute(params![number, bytes]))
            .during(doing)?;
        let mut put = self
            .sql
            .prepare_cached("INSERT INTO fingerprint_band VALUES(?1, ?2, ?3)")
            .during(doing)?;
        for (band, hash) in band_hashes(minhash) {
            put.execute([band, hash, number]).during(doing)?;
        }
        Ok(())
    }

    /// Records that two documents are renditions of one another.
    ///
    /// # Errors
    /// One of them is not in the ledger, or the database cannot be written.
    pub fn put_rendition(
        &mut self,
        one: DocumentId,
        other: DocumentId,
        similarity: f32,
    ) -> Result<(), StoreError> {
        let (one, other) = (self.number_of(one)?, self.number_of(other)?);
        if one == other {
            return Ok(());
        }
        self.sql
            .prepare_cached(
                "INSERT INTO rendition VALUES(?1, ?2, ?3)
                 ON CONFLICT DO UPDATE SET similarity = ?3",
            )
            .and_then(|mut put| put.execute(params![one.min(other), one.max(other), similarity]))
            .during("recording a rendition")?;
        Ok(())
    }

    fn forget_fingerprint(&self, number: i64) -> Result<(), StoreError> {
        let doing = "recording a fingerprint";
        let before: Option<Vec<u8>> = {
            use rusqlite::OptionalExtension;
            self.sql
                .prepare_cached("SELECT minhash FROM fingerprint WHERE document = ?1")
                .and_then(|mut find| find.query_row([number], |row| row.get(0)).optional())
                .during(doing)?
        };
        let Some(before) = before else {
            return Ok(());
        };
        let mut values = [0; 64];
        for (value, bytes) in values.iter_mut().zip(before.as_chunks::<4>().0) {
            *value = u32::from_le_bytes(*bytes);
        }
        let mut delete = self
            .sql
            .prepare_cached(
                "DELETE FROM fingerprint_band WHERE band = ?1 AND hash = ?2 AND document = ?3",
            )
            .during(doing)?;
        for (band, hash) in band_hashes(&values) {
            delete.execute([band, hash, number]).during(doing)?;
        }
        self.sql
            .prepare_cached("DELETE FROM fingerprint WHERE document = ?1")
            .and_then(|mut delete| delete.execute([number]))
            .during(doing)?;
        Ok(())
    }

    pub(super) fn forget_near(&self, number: i64) -> Result<(), StoreError> {
        self.forget_fingerprint(number)?;
        self.sql
            .prepare_cached("DELETE FROM rendition WHERE a = ?1 OR b = ?1")
            .and_then(|mut delete| delete.execute([number]))
            .during("removing a document")?;
        Ok(())
    }
}
