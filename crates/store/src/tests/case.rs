use casefile::{Field, Metadatum, Problem};

use super::*;
use crate::log::{Leaf, leaf_hash, verify_consistency, verify_inclusion};
use crate::{DocumentFilter, OccurrenceFilter, Put, Tally};

#[test]
fn the_same_place_keeps_its_number_and_other_bytes_get_a_new_one() {
    let mut world = World::new();
    let (root, first) = world.write(|tx| {
        let root = tx.root("/폴더", None)?;
        assert_eq!(tx.root("/폴더", None)?, root);
        let (id, _) = take_in(tx, root, "a.txt", 1)?;
        Ok((root, id))
    });
    let leaves = world.ledger.head().unwrap().0;
    let again = world.write(|tx| tx.put_occurrence(&file(root, "a.txt", Some(hash(1)))));
    assert_eq!(again, (first, Put::Again));
    assert_eq!(
        world.ledger.head().unwrap().0,
        leaves,
        "nothing new, nothing logged"
    );

    let damaged = NewOccurrence {
        outcome: Some(Outcome::Damaged),
        reason: Some("ends early; two pages kept"),
        ..file(root, "a.txt", Some(hash(1)))
    };
    assert_eq!(
        world.write(|tx| tx.put_occurrence(&damaged)),
        (first, Put::Again)
    );
    assert_eq!(world.ledger.head().unwrap().0, leaves + 1);

    let (second, put) = world.write(|tx| {
        tx.put_original(hash(2), Blake3([2; 32]), 11)?;
        tx.put_occurrence(&file(root, "a.txt", Some(hash(2))))
    });
    assert_eq!(put, Put::Replaced(first));
    let old = world.ledger.occurrence(first).unwrap().unwrap();
    assert_eq!(
        (old.superseded, old.outcome),
        (Some(second), Some(Outcome::Damaged))
    );
    let known = world
        .ledger
        .known_file(root, "a.txt", None)
        .unwrap()
        .unwrap();
    assert_eq!((known.id, known.sha256), (second, Some(hash(2))));
    assert_eq!(world.ledger.occurrences_of(hash(1)).unwrap().len(), 1);
    assert_eq!(world.ledger.totals().unwrap().occurrences, 1);
    assert_eq!(world.damages(), Vec::<String>::new());
}

#[test]
fn members_follow_their_container() {
    let mut world = World::new();
    let (root, zip, inner, leaf) = world.write(|tx| {
        let root = tx.root("/f", None)?;
        for number in 1..5 {
            tx.put_original(hash(number), Blake3([1; 32]), 10)?;
        }
        let open = NewOccurrence {
            outcome: None,
            complete: false,
            ..file(root, "a.zip", Some(hash(1)))
        };
        let (zip, _) = tx.put_occurrence(&open)?;
        let (inner, _) = tx.put_occurrence(&member(zip, 0, Some(hash(2))))?;
        let (leaf, _) = tx.put_occurrence(&member(inner, 0, Some(hash(3))))?;
        tx.put_occurrence(&member(zip, 1, None))?;
        Ok((root, zip, inner, leaf))
    });
    let known = world
        .ledger
        .known_file(root, "a.zip", None)
        .unwrap()
        .unwrap();
    assert_eq!((known.complete, known.outcome), (false, None));
    let members = world.ledger.members_of(zip).unwrap();
    assert_eq!(members.len(), 2);
    assert_eq!(
        (members[0].path.as_str(), members[0].member.as_deref()),
        ("a.zip", Some("인물/a.txt"))
    );
    assert_eq!(world.ledger.members_of(inner).unwrap()[0].id, leaf);

    // The container is read again after a kill: its members keep their numbers.
    world.write(|tx| {
        assert_eq!(
            tx.put_occurrence(&member(zip, 0, Some(hash(2))))?,
            (inner, Put::Again)
        );
        tx.put_occurrence(&file(root, "a.zip", Some(hash(1))))?;
        tx.keep_members(zip, 1)
    });
    assert_eq!(world.ledger.members_of(zip).unwrap().len(), 1);
    assert_eq!(world.damages(), Vec::<String>::new());

    // The container's bytes change: all below it becomes history.
    world.write(|tx| tx.put_occurrence(&file(root, "a.zip", Some(hash(4)))));
    for id in [zip, inner, leaf] {
        assert!(
            world
                .ledger
                .occurrence(id)
                .unwrap()
                .unwrap()
                .superseded
                .is_some()
        );
    }
    assert_eq!(world.ledger.totals().unwrap().occurrences, 1);
    assert_eq!(world.damages(), Vec::<String>::new());
    let all = OccurrenceFilter {
        superseded: true,
        ..OccurrenceFilter::default()
    };
    assert_eq!(world.ledger.occurrences(&all, 100).unwrap().len(), 5);
}

#[test]
fn paths_that_are_not_utf8_are_kept_apart() {
    let mut world = World::new();
    let raw: [&[u8]; 2] = [b"\xb1\xb8\xb1\xdd", b"\xb1\xb8\xb1\xde"];
    world.write(|tx| {
        let root = tx.root("/f", None)?;
        for raw in raw {
            let place = Place::File {
                root,
                path: "\u{fffd}",
                raw: Some(raw),
            };
            let (_, put) = tx.put_occurrence(&NewOccurrence {
                place,
                ..file(root, "", None)
            })?;
            assert_eq!(put, Put::New);
            assert!(tx.known_file(root, "\u{fffd}", Some(raw))?.is_some());
        }
        assert!(tx.known_file(root, "\u{fffd}", None)?.is_none());
        let mut seen = Vec::new();
        tx.each_known_file(root, |_, raw, _| seen.push(raw.map(<[u8]>::to_vec)))?;
        assert_eq!(seen, raw.map(|raw| Some(raw.to_vec())));
        Ok(())
    });
    assert_eq!(world.damages(), Vec::<String>::new());
}

#[test]
fn documents_and_their_facts_read_back() {
    let mut world = World::new();
    let metadata = [
        Metadatum::new(Field::Author, "홍길동", "PDF Info /Author"),
        Metadatum::new(Field::Other, "x", "PDF Info /Trapped"),
    ];
    let problems = [Problem::new("page-unreadable", "page 3 was left out").at("page 3")];
    let new = NewDocument {
        metadata: &metadata,
        problems: &problems,
        ..document(hash(1))
    };
    let id = world.write(|tx| {
        tx.put_original(hash(1), Blake3([1; 32]), 10)?;
        tx.put_document(&NewDocument {
            title: Some("old"),
            ..document(hash(1))
        })?;
        tx.put_document(&new)
    });
    let found = world.ledger.document(id).unwrap().unwrap();
    assert_eq!(found.title.as_deref(), Some("공지"));
    assert_eq!(world.ledger.metadata(id).unwrap(), metadata);
    assert_eq!(world.ledger.problems(id).unwrap(), problems);

    let mut twin = hash(1);
    twin.0[31] ^= 1;
    let refused = world
        .ledger
        .transaction(&ACT, |tx| tx.put_document(&document(twin)));
    assert!(matches!(refused, Err(StoreError::SameIdentity(same)) if same == id));

    let filter = DocumentFilter {
        outcomes: &[Outcome::Indexed],
        language: Some("ko"),
        ..DocumentFilter::default()
    };
    assert_eq!(world.ledger.documents(&filter, 10).unwrap(), [found]);
    let next = DocumentFilter {
        after: Some(id),
        ..filter
    };
    assert_eq!(world.ledger.documents(&next, 10).unwrap(), []);
}

#[test]
fn every_field_of_metadata_has_its_name_back() {
    let mut world = World::new();
    let json: Vec<Metadatum> = [
        "title",
        "author",
        "editor",
        "publisher",
        "subject",
        "description",
        "keywords",
        "language",
        "published",
        "sent",
        "created",
        "modified",
        "taken",
        "captured",
        "sender",
        "recipient",
        "copied",
        "reply_to",
        "message_id",
        "in_reply_to",
        "url",
        "software",
        "device",
        "position",
        "pages",
        "other",
    ]
    .iter()
    .map(|name| {
        let text = format!(r#"{{"field":"{name}","value":"v","from":"f"}}"#);
        serde_json::from_str(&text).unwrap()
    })
    .collect();
    let id = world.write(|tx| {
        tx.put_document(&NewDocument {
            metadata: &json,
            ..document(hash(1))
        })
    });
    assert_eq!(world.ledger.metadata(id).unwrap(), json);
}

#[test]
fn the_feed_tells_of_each_change_once() {
    let mut world = World::new();
    let (root, ids) = world.write(|tx| {
        let root = tx.root("/f", None)?;
        let ids = (0..3).map(|n| Ok(take_in(tx, root, &format!("{n}"), n)?.1));
        Ok((root, ids.collect::<Result<Vec<_>, StoreError>>()?))
    });
    let feed = |world: &World, after| world.ledger.changes_since(after, 100).unwrap();
    let first = feed(&world, 0);
    assert_eq!(
        first
            .iter()
            .map(|change| change.document)
            .collect::<Vec<_>>(),
        ids
    );
    let seen = world.ledger.last_change().unwrap();
    assert_eq!(feed(&world, seen), []);
    // A second place of a document, and a document that goes.
    world.write(|tx| {
        tx.put_occurrence(&file(root, "again", Some(hash(1))))?;
        tx.delete_document(ids[0])
    });
    let next: Vec<_> = feed(&world, seen)
        .iter()
        .map(|c| (c.document, c.deleted))
        .collect();
    assert_eq!(next, [(ids[1], false), (ids[0], true)]);
    let pages: Vec<_> = world.ledger.changes_since(seen, 1).unwrap();
    assert_eq!(pages.len(), 1);
}

#[test]
fn totals_add_up() {
    let mut world = World::new();
    world.write(|tx| {
        let root = tx.root("/f", None)?;
        for (path, number) in [("a", 1), ("b", 2), ("c", 1)] {
            take_in(tx, root, path, number)?;
        }
        let skipped = NewOccurrence {
            outcome: Some(Outcome::Skipped),
            reason: Some("a link"),
            format: None,
            source: Some("NGO"),
            ..file(root, "d", None)
        };
        tx.put_occurrence(&skipped)?;
        // Met while its twin was still being read.
        let twin = NewOccurrence {
            outcome: Some(Outcome::Duplicate),
            format: None,
            ..file(root, "e", Some(hash(1)))
        };
        tx.put_occurrence(&twin)
    });
    let totals = world.ledger.totals().unwrap();
    let tally = |outcome, format: Option<&str>, occurrences| Tally {
        outcome: Some(outcome),
        format: format.map(str::to_owned),
        occurrences,
        bytes: 10 * occurrences,
    };
    assert_eq!(
        totals.tallies,
        [
            tally(Outcome::Indexed, Some("text/plain"), 3),
            tally(Outcome::Duplicate, Some("text/plain"), 1),
            tally(Outcome::Skipped, None, 1)
        ]
    );
    let counts = (
        totals.occurrences,
        totals.files,
        totals.originals,
        totals.documents,
    );
    assert_eq!(counts, (5, 5, 2, 2));
    assert_eq!(world.ledger.sources().unwrap(), [("NGO".to_owned(), 1)]);
    let failures = OccurrenceFilter {
        outcomes: &[Outcome::Skipped],
        path_prefix: Some("d"),
        ..OccurrenceFilter::default()
    };
    let found = world.ledger.occurrences(&failures, 10).unwrap();
    assert_eq!(found[0].reason.as_deref(), Some("a link"));
}

#[test]
fn a_failed_transaction_leaves_nothing() {
    let mut world = World::new();
    world.write(|tx| {
        let root = tx.root("/f", None)?;
        take_in(tx, root, "a", 1)
    });
    let head = world.ledger.head().unwrap();
    let failed: Result<(), StoreError> = world.ledger.transaction(&ACT, |tx| {
        let root = tx.root("/g", None)?;
        for number in 0..600 {
            take_in(tx, root, &format!("{number}"), number)?;
        }
        Err(StoreError::TooLong)
    });
    assert!(failed.is_err());
    assert_eq!(world.ledger.head().unwrap(), head);
    assert_eq!(world.ledger.totals().unwrap().occurrences, 1);
    world.write(|tx| {
        let root = tx.root("/g", None)?;
        take_in(tx, root, "b", 2)
    });
    assert_eq!(world.damages(), Vec::<String>::new());
}

#[test]
fn the_log_is_proved_across_transactions_and_connections() {
    let mut world = World::new();
    let mut heads = vec![world.ledger.head().unwrap()];
    for step in 0..6 {
        world.write(|tx| {
            let root = tx.root("/f", None)?;
            for number in 0..step * 60 {
                take_in(tx, root, &format!("{step}/{number}"), step * 1000 + number)?;
            }
            Ok(())
        });
        // Another connection goes on where the first one stopped.
        world.ledger = Ledger::open(&world.path(), &KEY).unwrap();
        heads.push(world.ledger.head().unwrap());
    }
    world.write(|tx| tx.set("name", "강제송환 2012"));
    assert_eq!(
        world.ledger.setting("name").unwrap().as_deref(),
        Some("강제송환 2012")
    );
    let (size, root) = world.ledger.head().unwrap();
    assert!(size > 1500, "{size}");
    for (old, old_root) in heads {
        let path = world.ledger.consistency_proof(old).unwrap();
        verify_consistency(old, &old_root, size, &root, &path).unwrap();
    }
    for index in (0..size).step_by(97) {
        let bytes = world.ledger.leaf(index).unwrap().unwrap();
        Leaf::decode(&bytes).unwrap();
        let path = world.ledger.inclusion_proof(index).unwrap();
        verify_inclusion(&leaf_hash(&bytes), index, size, &path, &root).unwrap();
    }
    assert!(world.ledger.inclusion_proof(size).is_err());
    assert_eq!(world.damages(), Vec::<String>::new());
}

#[test]
fn the_log_holds_no_names() {
    let mut world = World::new();
    world.write(|tx| {
        let root = tx.root("/home/kim", None)?;
        let facts = [Metadatum::new(Field::Sender, "kim@example.org", "mail")];
        tx.put_occurrence(&NewOccurrence {
            source: Some("kim"),
            reason: Some("kim's file is damaged"),
            metadata: &facts,
            ..file(root, "kim.txt", None)
        })?;
        tx.set("name", "case kim")
    });
    for index in 0..world.ledger.head().unwrap().0 {
        let leaf = world.ledger.leaf(index).unwrap().unwrap();
        for name in [&b"kim"[..], b"Jin"] {
            assert!(!leaf.windows(name.len()).any(|part| part == name));
        }
    }
}

#[test]
fn derived_tables_are_emptied_and_filled_again() {
    let mut world = World::new();
    let fill = |tx: &mut Transaction<'_>| {
        let root = tx.root("/f", None)?;
        let (_, id) = take_in(tx, root, "a", 1)?;
        let section = casefile::Section {
            text: "본문".into(),
            ..Default::default()
        };
        tx.put_text(id, "plain", "1", &[section])?;
        Ok(id)
    };
    let id = world.write(fill);
    let before = world.ledger.text_versions(id).unwrap();
    assert!(!world.ledger.needs_rebuild().unwrap());
    world.ledger.clear_derived().unwrap();
    assert!(world.ledger.needs_rebuild().unwrap());
    assert_eq!(world.ledger.document(id).unwrap(), None);
    assert_eq!(world.ledger.totals().unwrap().occurrences, 1);
    assert_eq!(world.damages(), Vec::<String>::new());
    world.write(|tx| {
        fill(tx)?;
        tx.rebuilt()
    });
    assert!(!world.ledger.needs_rebuild().unwrap());
    assert_eq!(world.ledger.text_versions(id).unwrap(), before);

    // An older program's derived tables are renewed when the ledger is opened.
    world
        .ledger
        .raw()
        .execute_batch("UPDATE setting SET value = 0 WHERE name = 'derived form'")
        .unwrap();
    let ledger = Ledger::open(&world.path(), &KEY).unwrap();
    assert!(ledger.needs_rebuild().unwrap());
    assert_eq!(ledger.document(id).unwrap(), None);
}

#[test]
fn a_run_tells_how_far_it_is_until_it_ends() {
    let mut world = World::new();
    assert_eq!(world.ledger.running().unwrap(), None);
    let run = crate::Running {
        begun: 5,
        at: 9,
        files: (3, 10),
        bytes: (1 << 40, 1 << 41),
    };
    world.write(|tx| tx.note_run(Some(run)));
    assert_eq!(world.ledger.running().unwrap(), Some(run));
    assert_eq!(world.damages(), Vec::<String>::new());
    world.write(|tx| tx.note_run(None));
    assert_eq!(world.ledger.running().unwrap(), None);
}
