use casefile::{BlockKind, Section, Span, TextBuilder, WordBox};
use proptest::prelude::*;

use super::*;
use crate::TextId;

fn paged(first: u32, words: &[&str]) -> Section {
    let mut builder = TextBuilder::new();
    for (number, words) in (first..).zip(words) {
        builder.begin_page(number, 595.0, 842.0);
        builder.begin(BlockKind::Paragraph, true);
        for (at, word) in words.split(' ').enumerate() {
            if at > 0 {
                builder.push(" ");
            }
            let left = 72.0 + 40.0 * at as f32;
            builder.push_boxed(word, [left, 100.0, left + 35.5, 112.0], None);
        }
    }
    builder.finish()
}

fn stored(world: &mut World, sections: &[Section]) -> (DocumentId, TextId) {
    world.write(|tx| {
        tx.put_original(hash(1), Blake3([1; 32]), 10)?;
        let id = tx.put_document(&document(hash(1)))?;
        Ok((id, tx.put_text(id, "pdf", "1", sections)?))
    })
}

fn joined(sections: &[Section]) -> Section {
    let mut whole = Section::default();
    let mut chars = 0;
    for section in sections {
        chars = whole.append(chars, section.clone());
    }
    whole
}

#[test]
fn a_text_in_parts_reads_as_one() {
    let mut world = World::new();
    let sections = [
        paged(1, &["구금 시설", "탈북자 강제송환"]),
        Section::default(),
        paged(3, &["close to 2000"]),
    ];
    let (id, version) = stored(&mut world, &sections);
    let whole = joined(&sections);
    assert_eq!(world.ledger.text(version).unwrap(), whole.text);
    let parts: Vec<_> = world
        .ledger
        .sections(version)
        .map(|part| part.unwrap().section)
        .collect();
    assert_eq!(parts, sections);
    assert_eq!(world.ledger.pages(version).unwrap(), whole.pages);
    let everything = Span::new(0, whole.chars());
    assert_eq!(
        world.ledger.boxes_of(version, everything).unwrap(),
        whole.boxes
    );
    for page in &whole.pages {
        let found = world.ledger.page(version, page.number).unwrap().unwrap();
        assert_eq!(found.page, *page);
        assert_eq!(Some(found.text.as_str()), page.span.of(&whole.text));
        let boxes: Vec<WordBox> = whole
            .boxes
            .iter()
            .filter(|word| word.page == page.number)
            .copied()
            .collect();
        assert_eq!(found.boxes, boxes);
    }
    assert_eq!(world.ledger.page(version, 9).unwrap(), None);
    let found = world.ledger.document(id).unwrap().unwrap();
    assert_eq!(
        (found.text, found.chars),
        (Some(version), u64::from(whole.chars()))
    );
    assert_eq!(world.damages(), Vec::<String>::new());
}

#[test]
fn the_same_text_is_stored_once_and_another_beside_it() {
    let mut world = World::new();
    let (id, first) = stored(&mut world, &[paged(1, &["a b"])]);
    assert_eq!(stored(&mut world, &[paged(1, &["a b"])]), (id, first));
    let (_, second) = stored(&mut world, &[paged(1, &["a c"])]);
    assert_ne!(first, second);
    assert_eq!(world.ledger.text_versions(id).unwrap().len(), 2);
    assert_eq!(
        world
            .ledger
            .quote(first, Span::new(0, 3))
            .unwrap()
            .as_deref(),
        Some("a b")
    );
    assert_eq!(world.damages(), Vec::<String>::new());
    world.write(|tx| tx.delete_document(id));
    assert_eq!(world.ledger.text_version(first).unwrap(), None);
    let parts: i64 = world
        .ledger
        .raw()
        .query_row("SELECT count(*) FROM text_part", [], |row| row.get(0))
        .unwrap();
    assert_eq!(parts, 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn quotes_are_the_words_at_the_span(
        texts in prop::collection::vec(("[가-힣a-z\\n]{0,12}", any::<bool>()), 0..5),
        cuts in prop::collection::vec((0_u32..60, 0_u32..60), 12),
    ) {
        let sections: Vec<Section> = (1..).zip(&texts).map(|(number, (text, pages))| if *pages {
            paged(number, &[text])
        } else {
            Section { text: text.clone(), ..Section::default() }
        }).collect();
        let mut world = World::new();
        let (_, version) = stored(&mut world, &sections);
        let whole = joined(&sections);
        prop_assert_eq!(&world.ledger.text(version).unwrap(), &whole.text);
        for (start, end) in cuts {
            let span = Span::new(start, end);
            let quote = world.ledger.quote(version, span).unwrap();
            prop_assert_eq!(quote.as_deref(), span.of(&whole.text), "{:?}", span);
        }
    }
}

/// The target is 8 bytes for each word box. Two columns of justified text stand for what a PDF has.
#[test]
fn word_boxes_are_small() {
    let mut seed = 7_u32;
    let mut random = |below: u32| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 8) % below
    };
    let mut builder = TextBuilder::new();
    let mut words = 0;
    for page in 1..=20 {
        builder.begin_page(page, 595.0, 842.0);
        for line in 0..50_u32 {
            builder.begin(BlockKind::Paragraph, true);
            let top = 60.0 + line as f32 * 14.4;
            let mut left = 72.0;
            let gap = 2.5 + random(200) as f32 / 100.0;
            while left < 480.0 {
                let letters = 1 + random(10);
                let width = (0..letters)
                    .map(|_| 3.0 + random(500) as f32 / 100.0)
                    .sum::<f32>();
                builder.push_boxed(
                    &"abcdefghij"[..letters as usize],
                    [left, top, left + width, top + 10.9],
                    None,
                );
                builder.push(" ");
                left += width + gap;
                words += 1;
            }
        }
    }
    let section = builder.finish();
    let mut world = World::new();
    stored(&mut world, &[section]);
    let bytes: u32 = world
        .ledger
        .raw()
        .query_row("SELECT sum(length(layout)) FROM text_part", [], |row| {
            row.get(0)
        })
        .unwrap();
    let each = f64::from(bytes) / f64::from(words);
    println!("{each:.2} bytes for each of {words} word boxes");
    assert!(each <= 8.0, "{each}");
}
