//! Whatever is changed behind the ledger's back is found.

use expect_test::{Expect, expect};

use super::*;
use crate::Damage;
use crate::log::{Signer, Verifier};

fn filled(key: &[u8; 32]) -> World {
    let mut world = World::with(key);
    world.write(|tx| {
        tx.set("name", "case")?;
        let root = tx.root("/f", None)?;
        for number in 0..200 {
            let (_, id) = take_in(tx, root, &format!("{number}.txt"), number)?;
            let text = format!("문서 {number} of the case, with some words. ").repeat(20);
            let section = casefile::Section {
                text,
                ..Default::default()
            };
            tx.put_text(id, "plain", "1", &[section])?;
        }
        Ok(())
    });
    world
}

fn sign(message: &[u8]) -> Vec<u8> {
    [crate::log::leaf_hash(message), crate::log::leaf_hash(b"k")].concat()
}

const SIGNER: Signer<'static> = Signer {
    name: "tumen/test",
    public_key: [1; 32],
    sign: &|message| sign(message),
};
const VERIFIER: Verifier<'static> = Verifier {
    name: "tumen/test",
    public_key: [1; 32],
    verify: &|message, signature| sign(message) == signature,
};

fn check(change: &str, expected: Expect) {
    let mut world = filled(&KEY);
    world.ledger.sign_checkpoint(&SIGNER).unwrap();
    assert_eq!(world.damages(), Vec::<String>::new());
    world
        .ledger
        .raw()
        .execute_batch("PRAGMA foreign_keys = OFF")
        .unwrap();
    world.ledger.raw().execute_batch(change).unwrap();
    expected.assert_eq(&world.damages().join("\n"));
}

#[test]
fn changes_of_single_rows_are_named() {
    check(
        "UPDATE original SET bytes = 11 WHERE leaf = 1",
        expect![
            "the original 3e7077fd2f66d689e0cee6a7cf5b37bf2dca7c979af356d0a31cbc5c85605c7d differs from its entry in the log"
        ],
    );
    check(
        "UPDATE occurrence SET path = 'x' WHERE id = 3",
        expect!["occurrence 3 differs from its entry in the log"],
    );
    check(
        "UPDATE occurrence SET reason = 'x' WHERE id = 3",
        expect!["occurrence 3 differs from its entry in the log"],
    );
    check(
        "UPDATE occurrence SET superseded = 4 WHERE id = 3",
        expect!["occurrence 3 differs from its entry in the log"],
    );
    check(
        "DELETE FROM occurrence WHERE id = 3",
        expect!["entry 6 of the log tells of something that is not in the ledger"],
    );
    check(
        "UPDATE setting SET value = 'x' WHERE name = 'case name'",
        expect!["the setting `name` differs from its entry in the log"],
    );
    check(
        "UPDATE log_head SET size = size - 1",
        expect!["the head of the log differs from its entries"],
    );
    check(
        "DELETE FROM log_leaf WHERE id = 400",
        expect![[r#"
        tile 1 of level 0 of the log differs from its entries
        the head of the log differs from its entries
        the log has 400 entries, but 401 were signed: it was put back to an earlier state
        occurrence 200 differs from its entry in the log"#]],
    );
    check(
        "UPDATE log_tile SET hashes = zeroblob(8192) WHERE level = 0 AND number = 0",
        expect!["tile 0 of level 0 of the log differs from its entries"],
    );
    check(
        "UPDATE text_version SET chars = chars + 1 WHERE id = 2",
        expect![
            "a text of d_2ae1c19c0cbd378e46c9: the text is not the one whose hash was recorded"
        ],
    );
    check(
        "UPDATE text_part SET text = (SELECT text FROM text_part WHERE version = 3), bytes = (SELECT bytes FROM text_part WHERE version = 3) WHERE version = 2",
        expect![
            "a text of d_2ae1c19c0cbd378e46c9: the text is not the one whose hash was recorded"
        ],
    );
    check(
        "UPDATE text_part SET layout = x'00' WHERE version = 2",
        expect!["a text of d_2ae1c19c0cbd378e46c9: Src size is incorrect"],
    );
    check(
        "DELETE FROM text_version WHERE id = 2",
        expect!["the document d_2ae1c19c0cbd378e46c9 stands for no original of the ledger"],
    );
}

/// A forger who also rewrites log, tiles and head is caught by the checkpoint.
#[test]
fn a_rewritten_log_differs_from_its_checkpoint() {
    let mut world = filled(&KEY);
    let note = world.ledger.sign_checkpoint(&SIGNER).unwrap();
    assert_eq!(world.ledger.checkpoint().unwrap().as_ref(), Some(&note));
    assert_eq!(world.ledger.verify_against(&note, &VERIFIER).unwrap(), None);

    // Another case with the same number of entries, and one with fewer.
    let mut other = World::new();
    other.write(|tx| (0..401).try_for_each(|n| tx.set(&format!("{n}"), "v")));
    assert_eq!(
        other.ledger.verify_against(&note, &VERIFIER).unwrap(),
        Some(Damage::Checkpoint(401))
    );
    let short = World::new();
    let found = short.ledger.verify_against(&note, &VERIFIER).unwrap();
    assert_eq!(
        found,
        Some(Damage::RolledBack {
            size: 0,
            signed: 401
        })
    );
    let forged = note.replacen("\n401\n", "\n1\n", 1);
    assert!(matches!(
        short.ledger.verify_against(&forged, &VERIFIER),
        Err(StoreError::Checkpoint(_))
    ));

    // The case goes on: the old checkpoint is still its past.
    world.write(|tx| tx.set("name", "other"));
    assert_eq!(world.ledger.verify_against(&note, &VERIFIER).unwrap(), None);
}

#[test]
fn any_flipped_bit_of_an_encrypted_ledger_is_found() {
    let world = filled(&KEY);
    let path = world.path();
    world.ledger.settle().unwrap();
    let World { folder, ledger } = world;
    drop(ledger);
    let whole = std::fs::read(&path).unwrap();
    let mut seed = 1_u64;
    let mut missed = Vec::new();
    for _ in 0..120 {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let bit = usize::try_from(seed >> 20).unwrap() % (whole.len() * 8);
        let mut broken = whole.clone();
        broken[bit / 8] ^= 1 << (bit % 8);
        std::fs::write(&path, &broken).unwrap();
        let found = Ledger::open(&path, &KEY).and_then(|ledger| ledger.verify(&mut |_| {}));
        if found.is_ok_and(|damages| damages.is_empty()) {
            missed.push(bit);
        }
    }
    assert_eq!(missed, Vec::<usize>::new());
    drop(folder);
}

#[test]
fn nothing_readable_is_in_the_files() {
    let world = filled(&KEY);
    for entry in std::fs::read_dir(world.folder.path()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        for word in [&b"SQLite"[..], b"occurrence", b"Jin", "문서".as_bytes()] {
            assert!(!bytes.windows(word.len()).any(|part| part == word));
        }
    }
}

/// The journal of a killed run: damage in it is told as often as it is asked for, until something
/// is written; whoever only reads does not fold it away. A whole one leaves no file behind.
#[test]
fn a_damaged_journal_is_told_and_kept() {
    let mut world = filled(&KEY);
    world.ledger.settle().unwrap();
    world.write(|tx| tx.set("name", "another"));
    let journal = world.folder.path().join("ledger.db-wal");
    let left = tempfile::tempdir().unwrap();
    // As a kill leaves it: copied while the ledger is open.
    for name in ["ledger.db", "ledger.db-wal"] {
        std::fs::copy(world.folder.path().join(name), left.path().join(name)).unwrap();
    }
    assert!(journal.metadata().unwrap().len() > 10_000);
    let (ledger, journal) = (
        left.path().join("ledger.db"),
        left.path().join("ledger.db-wal"),
    );
    let bytes = std::fs::read(&journal).unwrap();
    let mut flipped = bytes.clone();
    flipped[9_000] ^= 1;
    std::fs::write(&journal, &flipped).unwrap();
    for _ in 0..2 {
        drop(Ledger::open_read_only(&ledger, &KEY));
        let damages = Ledger::open(&ledger, &KEY).map(|ledger| ledger.verify(&mut |_| {}));
        let told = match damages {
            Ok(Ok(damages)) => damages.iter().any(|d| matches!(d, Damage::Journal(_))),
            // Without its journal the ledger may be no ledger at all.
            _ => true,
        };
        assert!(told);
        assert_eq!(std::fs::read(&journal).unwrap(), flipped);
    }
    std::fs::write(&journal, &bytes).unwrap();
    let reader = Ledger::open_read_only(&ledger, &KEY).unwrap();
    assert_eq!(
        Ledger::open(&ledger, &KEY)
            .unwrap()
            .verify(&mut |_| {})
            .unwrap(),
        []
    );
    drop(reader);
    let names = std::fs::read_dir(left.path()).unwrap();
    assert_eq!(
        names
            .map(|entry| entry.unwrap().file_name())
            .collect::<Vec<_>>(),
        ["ledger.db"]
    );
}
