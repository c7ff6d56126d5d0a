//! Keys, versions, second processes, full disks.

use super::*;

#[test]
fn keys_and_files_are_told_apart() {
    let world = World::new();
    let path = world.path();
    let open = |key: &[u8; 32]| Ledger::open(&path, key).map(drop);
    assert!(open(&KEY).is_ok());
    assert!(matches!(open(&[1; 32]), Err(StoreError::WrongKey)));
    assert!(matches!(open(&crate::OPEN_KEY), Err(StoreError::WrongKey)));
    assert!(matches!(
        Ledger::create(&path, &KEY).map(drop),
        Err(StoreError::Exists(_))
    ));
    let plain = World::with(&crate::OPEN_KEY);
    assert!(Ledger::open(&plain.path(), &crate::OPEN_KEY).is_ok());
    let bare = plain.folder.path().join("bare");
    let sql = rusqlite::Connection::open(&bare).unwrap();
    sql.execute_batch("CREATE TABLE t(a)").unwrap();
    drop(sql);
    assert!(matches!(
        Ledger::open(&bare, &crate::OPEN_KEY).map(drop),
        Err(StoreError::NotSealed)
    ));
    let missing = plain.folder.path().join("missing");
    assert!(matches!(
        Ledger::open(&missing, &KEY).map(drop),
        Err(StoreError::Missing(_))
    ));
    assert!(!missing.exists());
    for bytes in [&b""[..], b"not a database", &[7; 9000]] {
        std::fs::write(&missing, bytes).unwrap();
        assert!(Ledger::open(&missing, &KEY).is_err());
    }
}

#[test]
fn a_newer_form_is_refused() {
    let world = World::new();
    world
        .ledger
        .raw()
        .execute_batch("PRAGMA user_version = 99")
        .unwrap();
    let opened = Ledger::open(&world.path(), &KEY).map(drop);
    assert!(matches!(
        opened,
        Err(StoreError::Newer {
            found: 99,
            known: 2
        })
    ));
    world
        .ledger
        .raw()
        .execute_batch("PRAGMA application_id = 1")
        .unwrap();
    assert!(matches!(
        Ledger::open(&world.path(), &KEY).map(drop),
        Err(StoreError::NotALedger)
    ));
}

#[test]
fn readers_stand_beside_the_writer_and_a_second_writer_waits() {
    let mut world = World::new();
    let reader = Ledger::open_read_only(&world.path(), &KEY).unwrap();
    let mut second = Ledger::open(&world.path(), &KEY).unwrap();
    second
        .raw()
        .busy_timeout(std::time::Duration::from_millis(50))
        .unwrap();
    world.write(|tx| {
        let root = tx.root("/f", None)?;
        take_in(tx, root, "a", 1)?;
        assert_eq!(reader.totals()?.occurrences, 0);
        let waits = second.transaction(&ACT, |_| Ok::<_, StoreError>(()));
        assert!(matches!(waits, Err(StoreError::Busy { .. })));
        Ok(())
    });
    assert_eq!(reader.totals().unwrap().occurrences, 1);
    let mut reader = reader;
    let refused = reader.transaction(&ACT, |_| Ok::<_, StoreError>(()));
    assert!(
        matches!(refused, Err(StoreError::ReadOnly { .. })),
        "{refused:?}"
    );
    // The second process goes on with the log of the first.
    let root = second.transaction(&ACT, |tx| tx.root("/f", None)).unwrap();
    second
        .transaction(&ACT, |tx| take_in(tx, root, "b", 2))
        .unwrap();
    world.write(|tx| take_in(tx, root, "c", 3));
    assert_eq!(world.damages(), Vec::<String>::new());
}

#[test]
fn a_full_disk_is_said_and_nothing_is_lost() {
    let mut world = World::new();
    let root = world.write(|tx| tx.root("/f", None));
    let pages: i64 = world
        .ledger
        .raw()
        .query_row("PRAGMA page_count", [], |row| row.get(0))
        .unwrap();
    let most = format!("PRAGMA max_page_count = {}", pages + 40);
    world.ledger.raw().query_row(&most, [], |_| Ok(())).unwrap();
    let mut kept = 0;
    let full = loop {
        let done = world.ledger.transaction(&ACT, |tx| {
            (0..100).try_for_each(|n| {
                take_in(tx, root, &format!("{kept}/{n}"), kept * 100 + n).map(drop)
            })
        });
        match done {
            Ok(()) => kept += 1,
            Err(error) => break error,
        }
    };
    assert!(matches!(full, StoreError::Full { .. }), "{full:?}");
    assert!(kept > 0);
    assert_eq!(world.ledger.totals().unwrap().occurrences, kept * 100);
    assert_eq!(world.damages(), Vec::<String>::new());
    world
        .ledger
        .raw()
        .query_row("PRAGMA max_page_count = 1000000", [], |_| Ok(()))
        .unwrap();
    world.write(|tx| take_in(tx, root, "more", 999_999));
    assert_eq!(world.damages(), Vec::<String>::new());
}

#[test]
fn a_backup_is_whole_and_alone() {
    let mut world = World::new();
    world.write(|tx| {
        let root = tx.root("/f", None)?;
        take_in(tx, root, "a", 1)
    });
    let to = world.folder.path().join("copy.db");
    assert!(matches!(
        world.ledger.backup(&to, &[1; 32]),
        Err(StoreError::WrongKey)
    ));
    assert!(!to.exists());
    world.ledger.backup(&to, &KEY).unwrap();
    assert!(matches!(
        world.ledger.backup(&to, &KEY),
        Err(StoreError::Exists(_))
    ));
    let alone = world.folder.path().join("alone");
    std::fs::create_dir(&alone).unwrap();
    std::fs::rename(&to, alone.join("ledger.db")).unwrap();
    let mut copy = Ledger::open(&alone.join("ledger.db"), &KEY).unwrap();
    assert_eq!(copy.head().unwrap(), world.ledger.head().unwrap());
    assert_eq!(copy.verify(&mut |_| {}).unwrap(), []);
    copy.transaction(&ACT, |tx| tx.set("name", "restored"))
        .unwrap();
    assert!(Ledger::open(&alone.join("ledger.db"), &[1; 32]).is_err());
}
