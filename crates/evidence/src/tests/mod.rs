//! Cases made in temporary folders.

mod layout;
mod vault;
mod walk;

use sealing::{Cost, KeyFile, Keys, Passphrase};
use tempfile::TempDir;

use crate::{CaseFolder, Vault};

const DAY: &str = "2026-11-25T10:00:00Z";

struct Case {
    dir: TempDir,
    folder: CaseFolder,
    keys: Keys,
    vault: Vault,
}

fn case_with((file, keys): (KeyFile, Keys)) -> Case {
    let dir = tempfile::tempdir().unwrap();
    let folder = CaseFolder::create(&dir.path().join("case"), &file, DAY).unwrap();
    let vault = Vault::open(&folder, &keys);
    Case {
        dir,
        folder,
        keys,
        vault,
    }
}

fn secret() -> (KeyFile, Keys) {
    KeyFile::create(
        &Passphrase::new("두만강").unwrap(),
        Cost::FOR_TESTS,
        "",
        DAY,
    )
    .unwrap()
}

fn encrypted() -> Case {
    case_with(secret())
}

fn plain() -> Case {
    case_with(KeyFile::create_plain(DAY).unwrap())
}

fn content(len: usize) -> Vec<u8> {
    (0..len).map(|at| (at * 31 + at / 251) as u8).collect()
}
