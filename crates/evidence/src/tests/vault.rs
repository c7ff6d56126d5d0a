use std::fs;
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::Command;

use proptest::prelude::*;
use sealing::{SealError, SealedReader, blake3, sha256};

use super::*;
use crate::{EvidenceError, Stored, Verdict};

fn files(folder: &std::path::Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path))
        } else {
            found.push(path)
        }
    }
    found
}

fn check_kept(case: &Case, bytes: &[u8]) {
    let taken = case.vault.take(&mut &*bytes).unwrap();
    assert!(taken.new);
    assert_eq!((taken.sha256, taken.blake3), (sha256(bytes), blake3(bytes)));
    assert_eq!(taken.bytes, bytes.len() as u64);
    assert!(!case.vault.take(&mut &*bytes).unwrap().new);
    let mut read = Vec::new();
    case.vault
        .read(&taken.sha256)
        .unwrap()
        .read_to_end(&mut read)
        .unwrap();
    assert!(read == bytes);
    let worker = case.vault.for_worker(&taken.sha256).unwrap();
    assert_eq!(worker.len, taken.bytes);
    read.clear();
    SealedReader::open(worker.file, &worker.key)
        .unwrap()
        .read_to_end(&mut read)
        .unwrap();
    assert!(read == bytes);
    let verdict = case.vault.verify_one(&taken.sha256, &taken.blake3).unwrap();
    assert_eq!(verdict, Verdict::Whole(taken.bytes));
    assert!(case.vault.has(&taken.sha256));
    assert_eq!(files(&case.folder.incoming()), Vec::<PathBuf>::new());
}

#[test]
fn originals_are_kept_once() {
    for case in [encrypted(), plain()] {
        let lens = [
            0,
            1,
            65_535,
            65_536,
            65_537,
            256 << 10,
            (256 << 10) + 1,
            1_000_003,
        ];
        for len in lens {
            check_kept(&case, &content(len));
        }
        case.vault.sync().unwrap();
        case.vault.sync().unwrap();
        let names: Vec<_> = case.vault.all_names().map(Result::unwrap).collect();
        let mut expected: Vec<_> = lens
            .iter()
            .map(|len| case.vault.name_of(&sha256(&content(*len))))
            .collect();
        expected.sort();
        let found: Vec<_> = names
            .into_iter()
            .map(|stored| match stored {
                Stored::Blob { name, .. } => name,
                Stored::Stray(path) => path.display().to_string(),
            })
            .collect();
        assert_eq!(found, expected);
    }
}

#[test]
fn pieces_and_discarding() {
    let case = encrypted();
    let bytes = content(700_000);
    let mut incoming = case.vault.begin();
    bytes
        .chunks(9_999)
        .for_each(|piece| incoming.write_all(piece).unwrap());
    assert_eq!(incoming.len(), 700_000);
    assert_eq!(files(&case.folder.incoming()).len(), 1);
    drop(incoming);
    assert_eq!(files(case.folder.root()).len(), 3);
    let mut incoming = case.vault.begin();
    bytes
        .chunks(9_999)
        .for_each(|piece| incoming.push(piece).unwrap());
    assert_eq!(incoming.finish().unwrap().sha256, sha256(&bytes));
}

struct Breaks(usize);

impl Read for Breaks {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        if self.0 == 0 {
            return Err(io::Error::other("the stick was pulled out"));
        }
        let count = to.len().min(self.0);
        self.0 -= count;
        to[..count].fill(7);
        Ok(count)
    }
}

#[test]
fn a_source_that_breaks_leaves_nothing() {
    let case = encrypted();
    for len in [10, 1_000_000] {
        let taken = case.vault.take(&mut Breaks(len));
        assert!(matches!(taken, Err(EvidenceError::Source(_))));
    }
    assert_eq!(files(case.folder.root()).len(), 3);
}

#[test]
fn no_plain_byte_is_on_disk() {
    let case = encrypted();
    let canary = "두만강 카나리아 canary".repeat(40_000);
    let mut incoming = case.vault.begin();
    incoming.push(canary.as_bytes()).unwrap();
    let has_canary = |path: &PathBuf| {
        let bytes = fs::read(path).unwrap();
        bytes.windows(6).any(|window| window == b"canary")
    };
    assert!(!files(case.folder.root()).iter().any(has_canary));
    let taken = incoming.finish().unwrap();
    let all = files(case.folder.root());
    assert!(!all.iter().any(has_canary));
    let hash = taken.sha256.to_string();
    assert!(
        !all.iter()
            .any(|path| path.to_string_lossy().contains(&hash[2..20]))
    );
}

#[test]
fn damage_is_told_and_healed_by_taking_in_again() {
    for case in [encrypted(), plain()] {
        let bytes = content(200_000);
        let taken = case.vault.take(&mut &*bytes).unwrap();
        let path = files(&case.folder.blobs()).remove(0);
        let whole = fs::read(&path).unwrap();
        let verify = || case.vault.verify_one(&taken.sha256, &taken.blake3).unwrap();
        for at in (0..whole.len()).step_by(1_771).chain(0..64) {
            let mut damaged = whole.clone();
            damaged[at] ^= 1 << (at % 8);
            fs::write(&path, damaged).unwrap();
            assert!(matches!(verify(), Verdict::Damaged(_)), "{at}");
        }
        for cut in [0, 10, 48, 65_600, whole.len() - 1] {
            fs::write(&path, &whole[..cut]).unwrap();
            assert!(matches!(verify(), Verdict::Damaged(_)), "{cut}");
            let read = case.vault.read(&taken.sha256);
            assert!(matches!(read, Err(EvidenceError::DamagedOriginal { .. })));
            // What a loss of power left is replaced.
            assert!(case.vault.take(&mut &*bytes).unwrap().new);
            assert_eq!(verify(), Verdict::Whole(200_000));
        }
        // Another original in its place.
        let other = case.vault.take(&mut &b"other"[..]).unwrap();
        let place = |original| {
            let name = case.vault.name_of(original);
            case.folder.blobs().join(&name[..2]).join(&name[2..])
        };
        fs::copy(place(&other.sha256), &path).unwrap();
        assert!(matches!(verify(), Verdict::Other { sha256, .. } if sha256 == other.sha256));
        fs::remove_file(&path).unwrap();
        assert_eq!(verify(), Verdict::Missing);
        assert!(matches!(
            case.vault.read(&taken.sha256),
            Err(EvidenceError::Missing(_))
        ));
        let wrong = Vault::open(&case.folder, &secret().1);
        assert!(!wrong.has(&other.sha256));
    }
}

#[test]
fn orphans_and_leftovers_go() {
    let case = encrypted();
    let taken = case.vault.take(&mut &b"orphan"[..]).unwrap();
    fs::write(case.folder.blobs().join("note.txt"), "x").unwrap();
    fs::create_dir(case.folder.blobs().join("ZZ")).unwrap();
    fs::write(case.folder.incoming().join("1-2"), "x").unwrap();
    let stray = case
        .vault
        .all_names()
        .filter(|stored| matches!(stored, Ok(Stored::Stray(_))));
    assert_eq!(stray.count(), 2);
    assert_eq!(case.vault.clean_incoming().unwrap(), 1);
    let name = case.vault.name_of(&taken.sha256);
    case.vault.remove(&name).unwrap();
    case.vault.remove(&name).unwrap();
    assert!(!case.vault.has(&taken.sha256));
    for wrong in ["", "../keys.json", "..", &name[1..], "é"] {
        assert!(case.vault.remove(wrong).is_err(), "{wrong}");
    }
    assert!(case.folder.keys_file().is_file());
}

#[test]
fn many_threads_take_the_same() {
    let case = encrypted();
    let new = std::sync::atomic::AtomicU64::new(0);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for len in 0..60 {
                    let taken = case.vault.take(&mut &*content(len * 9_000)).unwrap();
                    new.fetch_add(u64::from(taken.new), std::sync::atomic::Ordering::Relaxed);
                    if len % 20 == 0 {
                        case.vault.sync().unwrap();
                    }
                }
            });
        }
    });
    assert_eq!(new.into_inner(), 60);
    assert_eq!(case.vault.all_names().count(), 60);
}

/// Runs itself again under a limit on file size, as a full disk would be.
#[test]
fn a_full_disk_leaves_the_case_whole() {
    const LIMITED: &str = "EVIDENCE_TEST_LIMITED";
    if std::env::var_os(LIMITED).is_none() {
        let test = std::env::current_exe().unwrap();
        // 500 blocks of 512 bytes or of 1 KiB, by shell; the signal is ignored as callers must.
        let script = "trap '' XFSZ; ulimit -f 500; exec \"$0\" --exact \"$1\" --nocapture";
        let status = Command::new("sh")
            .args(["-c", script])
            .arg(test)
            .arg("tests::vault::a_full_disk_leaves_the_case_whole")
            .env(LIMITED, "1")
            .status()
            .unwrap();
        assert!(status.success());
        return;
    }
    let case = encrypted();
    let small = case.vault.take(&mut &b"small"[..]).unwrap();
    let error = case.vault.take(&mut &*content(3_000_000)).unwrap_err();
    assert!(error.is_no_space(), "{error:?}");
    assert!(error.to_string().contains("the case is intact"));
    let mut incoming = case.vault.begin();
    let told = content(3_000_000)
        .chunks(10_000)
        .find_map(|piece| incoming.write_all(piece).err());
    assert!(told.is_some());
    assert!(incoming.finish().unwrap_err().is_no_space());
    let mut incoming = case.vault.begin();
    assert!(incoming.push(&content(3_000_000)).is_err());
    assert!(incoming.push(b"more").is_err() && incoming.finish().is_err());
    assert_eq!(files(&case.folder.incoming()), Vec::<PathBuf>::new());
    let verdict = case.vault.verify_one(&small.sha256, &small.blake3).unwrap();
    assert_eq!(verdict, Verdict::Whole(5));
    case.vault.sync().unwrap();
    assert_eq!(case.keys.cipher(), sealing::Cipher::Aes256Gcm);
}

#[test]
fn damage_names_the_chunk() {
    let case = encrypted();
    let taken = case.vault.take(&mut &*content(300_000)).unwrap();
    let path = files(&case.folder.blobs()).remove(0);
    let mut bytes = fs::read(&path).unwrap();
    bytes[150_000] ^= 4;
    fs::write(&path, bytes).unwrap();
    let mut reader = case.vault.read(&taken.sha256).unwrap();
    let error = io::copy(&mut reader, &mut io::sink()).unwrap_err();
    assert_eq!(
        SealError::from_io(&error),
        Some(SealError::Damaged { chunk: 2 })
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn any_bytes_in_any_pieces(bytes in prop::collection::vec(any::<u8>(), 0..2_000), piece in 1..500_usize) {
        let case = encrypted();
        let mut incoming = case.vault.begin();
        bytes.chunks(piece).for_each(|piece| incoming.push(piece).unwrap());
        let taken = incoming.finish().unwrap();
        prop_assert_eq!(taken.sha256, sha256(&bytes));
        prop_assert_eq!(case.vault.verify_one(&taken.sha256, &taken.blake3).unwrap(), Verdict::Whole(bytes.len() as u64));
    }
}

#[test]
fn what_is_set_aside_reads_back_and_leaves_no_name() {
    for case in [encrypted(), plain()] {
        let bytes = content(300_000);
        let mut scratch = case.vault.scratch().unwrap();
        for piece in bytes.chunks(70_001) {
            scratch.push(piece).unwrap();
            assert_eq!(files(&case.folder.incoming()), Vec::<PathBuf>::new());
        }
        let written = scratch.finish(&case.vault).unwrap();
        for _ in 0..2 {
            let mut read = Vec::new();
            written.read().unwrap().read_to_end(&mut read).unwrap();
            assert!(read == bytes);
        }
    }
}
