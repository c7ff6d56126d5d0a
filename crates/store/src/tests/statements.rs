use casefile::statement::{Event, Mention, MentionKind, Modality, Polarity, Quote, Statement};

use super::*;
use crate::{NewDecision, StatementFilter, TextId};

fn quote(text: &str, start: u32) -> Quote {
    let end = start + u32::try_from(text.chars().count()).unwrap();
    Quote {
        text: text.into(),
        start,
        end,
    }
}

fn statement(event: Event, trigger: Quote) -> Statement {
    Statement {
        event,
        start: trigger.start,
        end: trigger.end,
        quote: trigger.text.clone(),
        trigger,
        agent: vec![],
        patient: vec![],
        object: vec![],
        group: vec![],
        place: vec![],
        origin: vec![],
        destination: vec![],
        quantity: None,
        date: None,
        modality: Modality::Ongoing,
        polarity: Polarity::Positive,
        attribution: vec![],
        hedges: vec![],
        score: 0.5,
        extractor: "rules/1".into(),
        agreed: Vec::new(),
    }
}

/// A ledger with one document that has a text.
fn with_text() -> (World, DocumentId, TextId) {
    let mut world = World::new();
    let (document, text) = world.write(|tx| {
        let root = tx.root("/x", None)?;
        let (_, document) = take_in(tx, root, "a.txt", 1)?;
        let section = casefile::Section {
            text: "구금된 사람들이 held there".into(),
            ..Default::default()
        };
        let text = tx.put_text(document, "plain", "1", &[section])?;
        Ok((document, text))
    });
    (world, document, text)
}

#[test]
fn statements_are_replaced_and_keep_their_identity() {
    let (mut world, document, text) = with_text();
    assert_eq!(
        world.ledger.without_statements("rules/1", 9).unwrap(),
        [(document, text)]
    );
    let all = [
        statement(Event::Detention, quote("held", 11)),
        statement(Event::Arrest, quote("held", 11)),
        statement(Event::Arrest, quote("held", 11)),
    ];
    let mentions = [Mention {
        kind: MentionKind::Place,
        start: 16,
        end: 21,
        text: "there".into(),
    }];
    world.write(|tx| tx.put_statements(document, text, "rules/1", &mentions, &all));
    let first = world
        .ledger
        .statements(&StatementFilter::default(), 0, 9)
        .unwrap();
    assert_eq!(first.len(), 3);
    world.write(|tx| tx.put_statements(document, text, "rules/1", &mentions, &all));
    assert_eq!(
        world
            .ledger
            .statements(&StatementFilter::default(), 0, 9)
            .unwrap(),
        first
    );
    assert_eq!(world.ledger.mentions(document).unwrap(), mentions);
    assert_eq!(
        world.ledger.events_of(document).unwrap(),
        [Event::Arrest, Event::Detention]
    );
    assert!(
        world
            .ledger
            .without_statements("rules/1", 9)
            .unwrap()
            .is_empty()
    );
    assert_eq!(
        world.ledger.without_statements("rules/2", 9).unwrap().len(),
        1
    );
    let only = StatementFilter {
        events: &[Event::Detention],
        ..Default::default()
    };
    assert_eq!(world.ledger.statements(&only, 0, 9).unwrap().len(), 1);
    let found = world.ledger.statement(first[0].id).unwrap().unwrap();
    assert_eq!(found, first[0]);
    assert_eq!(world.damages(), Vec::<String>::new());
}

/// Part by part on the way in, whole on the way out.
#[test]
fn what_is_found_in_parts_is_read_as_one() {
    let (mut world, document, text) = with_text();
    let mention = |n: u32| Mention {
        kind: MentionKind::Place,
        start: n,
        end: n + 1,
        text: "x".into(),
    };
    let parts: Vec<Vec<Mention>> = (0..4)
        .map(|part| (part * 900..(part + 1) * 900).map(mention).collect())
        .collect();
    world.write(|tx| {
        let mut writer = tx.begin_statements(document, text, "rules/1")?;
        for (part, number) in parts.iter().zip(1..) {
            writer.push(part, &[statement(Event::Detention, quote("held", number))])?;
        }
        writer.push(&[], &[])?;
        writer.finish()
    });
    assert!(world.ledger.mentions(document).unwrap() == parts.concat());
    let kept = world
        .ledger
        .statements(&StatementFilter::default(), 0, 99)
        .unwrap();
    assert_eq!(kept.len(), 4);
    world.write(|tx| tx.put_statements(document, text, "rules/1", &[], &[]));
    assert_eq!(world.ledger.mentions(document).unwrap(), []);
}

#[test]
fn decisions_outlive_what_they_are_about_and_a_changed_one_is_told() {
    let (mut world, document, text) = with_text();
    world.write(|tx| {
        let one = [statement(Event::Detention, quote("held", 11))];
        tx.put_statements(document, text, "rules/1", &[], &one)
    });
    let id = world
        .ledger
        .statements(&StatementFilter::default(), 0, 1)
        .unwrap()[0]
        .id
        .to_string();
    let accept = NewDecision {
        act: "accept",
        subject: &id,
        body: "{}",
        reason: "read the page",
        undoes: None,
    };
    let number = world.write(|tx| tx.decide(&accept));
    let undo = NewDecision {
        act: "undo",
        subject: &id,
        body: "{}",
        reason: "wrong page",
        undoes: Some(number),
    };
    world.write(|tx| tx.decide(&undo));
    world.ledger.clear_derived().unwrap();
    let kept = world.ledger.decisions(Some(&id)).unwrap();
    assert_eq!(
        kept.iter()
            .map(|d| (d.act.as_str(), d.who.as_str(), d.undoes))
            .collect::<Vec<_>>(),
        [("accept", "Jin", None), ("undo", "Jin", Some(1))]
    );
    assert_eq!(world.damages(), Vec::<String>::new());
    let missing = NewDecision {
        undoes: Some(77),
        ..undo
    };
    assert!(
        world
            .ledger
            .transaction(&ACT, |tx| tx.decide(&missing))
            .is_err()
    );
    world
        .ledger
        .raw()
        .execute("UPDATE decision SET reason = 'forged' WHERE n = 1", [])
        .unwrap();
    assert_eq!(
        world.damages(),
        ["the decision 1 differs from its entry in the log"]
    );
    world
        .ledger
        .raw()
        .execute("DELETE FROM decision WHERE n = 2", [])
        .unwrap();
    assert!(
        world
            .damages()
            .iter()
            .any(|d| d.contains("tells of something that is not in the ledger")),
        "{:?}",
        world.damages()
    );
}

#[test]
fn a_ledger_of_the_form_before_gets_a_place_for_decisions() {
    let (world, _, _) = with_text();
    let sql = world.ledger.raw();
    sql.execute_batch("DROP TABLE decision; PRAGMA user_version = 1")
        .unwrap();
    let path = world.path();
    drop(world.ledger);
    let mut ledger = Ledger::open(&path, &KEY).unwrap();
    let new = NewDecision {
        act: "accept",
        subject: "s",
        body: "{}",
        reason: "",
        undoes: None,
    };
    ledger.transaction(&ACT, |tx| tx.decide(&new)).unwrap();
    assert_eq!(ledger.decisions(None).unwrap().len(), 1);
}
