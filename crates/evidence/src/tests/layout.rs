use std::fs;

use super::*;
use crate::{CaseLock, EvidenceError, LockError, find};

#[test]
fn a_case_is_found_from_below() {
    let case = encrypted();
    let root = case.folder.root().to_owned();
    let below = root.join("blobs");
    assert_eq!(find(&below), Some(root.clone()));
    assert_eq!(find(case.dir.path()), None);
    let marker = CaseFolder::open(&root).unwrap().marker().unwrap();
    assert_eq!((marker.created.as_str(), marker.plain), (DAY, false));
    assert!(plain().folder.marker().unwrap().plain);
    assert!(matches!(
        CaseFolder::open(case.dir.path()),
        Err(EvidenceError::NoCase(_))
    ));
    let again = CaseFolder::create(&root, &secret().0, DAY);
    assert!(matches!(again, Err(EvidenceError::NotEmpty(_))));
}

#[test]
fn every_flipped_bit_of_the_marker_is_found_and_the_case_still() {
    let case = plain();
    let path = case.folder.root().join("case.json");
    let whole = fs::read(&path).unwrap();
    for at in 0..whole.len() {
        for bit in 0..8 {
            let mut bytes = whole.clone();
            bytes[at] ^= 1 << bit;
            fs::write(&path, bytes).unwrap();
            assert!(case.folder.marker().is_err(), "byte {at} bit {bit}");
            assert!(find(case.folder.root()).is_some());
        }
    }
    case.folder.mend_marker(DAY, true).unwrap();
    assert_eq!(fs::read(&path).unwrap(), whole);
    let newer = String::from_utf8(whole)
        .unwrap()
        .replace("\"version\": 1", "\"version\": 2");
    fs::write(&path, newer).unwrap();
    assert!(matches!(
        case.folder.marker(),
        Err(EvidenceError::NewerFormat(2))
    ));
}

#[test]
fn the_copy_of_the_keys_stands_in() {
    let case = encrypted();
    assert!(!case.folder.keys().unwrap().1);
    case.folder.verify_keys().unwrap();
    let mut bytes = fs::read(case.folder.keys_file()).unwrap();
    bytes[100] ^= 1;
    fs::write(case.folder.keys_file(), bytes).unwrap();
    let (keys, from_copy) = case.folder.keys().unwrap();
    assert!(
        from_copy
            && keys
                .open_with_passphrase(&Passphrase::new("두만강").unwrap())
                .is_ok()
    );
    assert!(matches!(
        case.folder.verify_keys(),
        Err(EvidenceError::Damaged { .. })
    ));
    case.folder.write_keys(&keys).unwrap();
    case.folder.verify_keys().unwrap();
    fs::remove_file(case.folder.keys_file()).unwrap();
    assert!(case.folder.keys().unwrap().1);
    fs::write(case.folder.keys_copy(), b"\xff").unwrap();
    assert!(case.folder.keys().is_err());
}

#[test]
fn one_writer_or_many_readers() {
    let folder = encrypted();
    let case = &folder.folder;
    let writer = CaseLock::try_exclusive(case).unwrap();
    let me = Some(std::process::id());
    assert!(matches!(CaseLock::try_exclusive(case), Err(LockError::Held(who)) if who == me));
    assert!(matches!(CaseLock::try_shared(case), Err(LockError::Held(who)) if who == me));
    let told = std::sync::Mutex::new(None);
    std::thread::scope(|scope| {
        scope.spawn(|| CaseLock::shared(case, |who| *told.lock().unwrap() = who).unwrap());
        while told.lock().unwrap().is_none() {
            std::thread::yield_now();
        }
        drop(writer);
    });
    assert_eq!(*told.lock().unwrap(), me);
    let readers = [
        CaseLock::try_shared(case).unwrap(),
        CaseLock::try_shared(case).unwrap(),
    ];
    assert!(matches!(
        CaseLock::try_exclusive(case),
        Err(LockError::Held(None))
    ));
    drop(readers);
    drop(CaseLock::exclusive(case, |_| panic!("nobody holds it")).unwrap());
    assert_eq!(fs::read(case.lock_file()).unwrap(), b"");
}
