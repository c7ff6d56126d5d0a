//! Any flipped bit of any file of a case is found, wherever it is: in what is read every day, in
//! pages that are free, in tails, in copies. Encrypted and plain alike.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use extract::worker::Program;
use investigation::{AddOptions, Case, Protection, Secret, Tools};

/// A small generator, so that a failing run can be repeated.
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 20) % n.max(1)
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.metadata().expect("metadata").len() > 0 {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

fn flip(path: &Path, bit: u64) {
    let file = File::options()
        .read(true)
        .write(true)
        .open(path)
        .expect("open");
    let mut byte = [0];
    file.read_exact_at(&mut byte, bit / 8).expect("read");
    byte[0] ^= 1 << (bit % 8);
    file.write_all_at(&byte, bit / 8).expect("written");
}

/// Confined readers are the program itself.
fn tools() -> Tools {
    let program = |role: &str| Program {
        path: env!("CARGO_BIN_EXE_tumen").into(),
        arguments: vec![role.to_owned()],
    };
    Tools {
        worker: program("__worker"),
        recogniser: program("__recognise"),
    }
}

fn check(protection: &Protection, bits: u64) {
    let world = tempfile::tempdir().expect("a temporary folder");
    let documents = world.path().join("documents");
    testkit::write_sample(&documents).expect("the sample");
    let folder = world.path().join("case");
    let (case, _) = Case::create(&folder, "flips", protection, tools()).expect("a case");
    let options = AddOptions {
        ocr: false,
        ..AddOptions::default()
    };
    case.add(&[documents], &options, &mut |_| Ok(()))
        .expect("taken in");
    let is_whole = || {
        // What cannot be read at all is found, too.
        case.verify(None, &mut |_, _| ())
            .is_ok_and(|proof| proof.whole)
    };
    assert!(is_whole());
    // Every file has the same chance, whatever its size; what only lives while the case is open
    // is no part of it.
    let files: Vec<_> = files(&folder)
        .into_iter()
        .filter(|path| !path.to_string_lossy().ends_with("-shm"))
        .collect();
    let mut chance = Chance(0x5eed);
    let mut missed = Vec::new();
    for n in 0..bits {
        // The ledger and the key files, of which there are few, get every third bit.
        let path = if n % 3 == 0 {
            let names = [
                "ledger.db",
                "ledger.db",
                "keys.json",
                "keys.copy.json",
                "case.json",
            ];
            folder.join(names[usize::try_from(chance.below(5)).expect("small")])
        } else {
            files[usize::try_from(chance.below(files.len() as u64)).expect("small")].clone()
        };
        let bit = chance.below(path.metadata().expect("there").len() * 8);
        flip(&path, bit);
        if is_whole() {
            missed.push(format!(
                "bit {} of byte {} of {}",
                bit % 8,
                bit / 8,
                path.display()
            ));
        }
        flip(&path, bit);
    }
    assert_eq!(missed, Vec::<String>::new());
    assert!(is_whole());
}

#[test]
fn any_flipped_bit_of_an_encrypted_case_is_found() {
    check(
        &Protection::Passphrase(Secret::from("paper boats on a river".to_owned())),
        150,
    );
}

#[test]
fn any_flipped_bit_of_a_plain_case_is_found() {
    check(&Protection::Plain, 150);
}
