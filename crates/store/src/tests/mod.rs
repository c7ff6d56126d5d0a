//! The ledger as its callers use it.

mod case;
mod damage;
mod faults;
mod near;
mod statements;
mod texts;

use std::path::PathBuf;

use casefile::{Blake3, DocumentId, Outcome, Sha256};

use crate::{
    Act, FileState, Ledger, NewDocument, NewOccurrence, OccurrenceId, Place, RootId, StoreError,
    Transaction,
};

const KEY: [u8; 32] = [0x5a; 32];
const ACT: Act<'static> = Act {
    who: "Jin",
    at: 1_700_000_000_000_000,
};

/// A ledger in a folder of its own.
struct World {
    folder: tempfile::TempDir,
    ledger: Ledger,
}

impl World {
    fn new() -> Self {
        Self::with(&KEY)
    }

    fn with(key: &[u8; 32]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::create(&folder.path().join("ledger.db"), key).unwrap();
        Self { folder, ledger }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("ledger.db")
    }

    fn write<T>(&mut self, work: impl FnOnce(&mut Transaction<'_>) -> Result<T, StoreError>) -> T {
        self.ledger.transaction(&ACT, work).unwrap()
    }

    fn damages(&self) -> Vec<String> {
        let damages = self.ledger.verify(&mut |_| {}).unwrap();
        damages.iter().map(ToString::to_string).collect()
    }
}

fn hash(number: u64) -> Sha256 {
    Sha256(crate::log::leaf_hash(&number.to_be_bytes()))
}

fn file(root: RootId, path: &str, sha256: Option<Sha256>) -> NewOccurrence<'_> {
    NewOccurrence {
        place: Place::File {
            root,
            path,
            raw: None,
        },
        source: None,
        published: None,
        sha256,
        file: FileState {
            bytes: 10,
            modified_ns: Some(5),
            changed_ns: Some(6),
            inode: Some(7),
        },
        outcome: Some(Outcome::Indexed),
        reason: None,
        format: Some("text/plain"),
        complete: true,
        metadata: &[],
    }
}

fn member(container: OccurrenceId, ordinal: u64, sha256: Option<Sha256>) -> NewOccurrence<'static> {
    let kind = casefile::MemberKind::Entry;
    NewOccurrence {
        place: Place::Member {
            container,
            ordinal,
            path: "인물/a.txt",
            kind,
        },
        ..file(RootId(0), "", sha256)
    }
}

fn document(sha256: Sha256) -> NewDocument<'static> {
    NewDocument {
        sha256,
        format: "text/plain",
        outcome: Outcome::Indexed,
        reason: None,
        title: Some("공지"),
        language: Some("ko"),
        published: Some("2023-06-13"),
        published_from: Some("HTML meta date"),
        pages: None,
        children: 0,
        extractor: "plain",
        extractor_version: "1",
        milliseconds: 3,
        metadata: &[],
        problems: &[],
    }
}

/// An original, a file and a document.
fn take_in(
    tx: &mut Transaction<'_>,
    root: RootId,
    path: &str,
    number: u64,
) -> Result<(OccurrenceId, DocumentId), StoreError> {
    let sha256 = hash(number);
    tx.put_original(sha256, Blake3([1; 32]), 10)?;
    let (occurrence, _) = tx.put_occurrence(&file(root, path, Some(sha256)))?;
    Ok((occurrence, tx.put_document(&document(sha256))?))
}
