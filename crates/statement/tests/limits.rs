//! What strangers' texts may not do: break the step, make it differ from itself, or move a quote.
//!
//! How the time grows is measured by `cargo xtask measure statements-limits`, not here.

#[allow(dead_code, unreachable_pub)]
mod hostile;

use casefile::{Block, BlockKind, Section, Span};
use statement::{Context, Found, find, find_in, shifted};

fn context(number: u64) -> Context<'static> {
    let published = if number.is_multiple_of(2) {
        "2024-05-07"
    } else {
        ""
    };
    Context {
        published: published.parse().ok(),
        blocks: &[],
    }
}

/// Finds twice and in both ways; whatever comes must read back.
fn check_text(name: &str, raw: &str, number: u64) {
    let outcome = std::panic::catch_unwind(|| {
        let found = find(raw, &context(number));
        hostile::check(raw, &found);
        let mut section = Section {
            text: raw.to_owned(),
            ..Section::default()
        };
        hostile::check(raw, &find_in(&section, context(number).published));
        section.blocks = blocks(raw, number);
        let with_blocks = find_in(&section, context(number).published);
        hostile::check(raw, &with_blocks);
        assert!(
            find_in(&section, context(number).published) == with_blocks,
            "two runs differ"
        );
    });
    assert!(
        outcome.is_ok(),
        "{name} ({number}): {}",
        raw.chars().take(3_000).collect::<String>()
    );
}

/// Blocks at random, some of them heads, rows or outside of the content, some overlapping.
fn blocks(raw: &str, number: u64) -> Vec<Block> {
    let mut chance = hostile::Chance(number);
    let length = raw.chars().count();
    let (mut blocks, mut at) = (Vec::new(), 0);
    while at < length {
        let end = (at + 1 + chance.below(300)).min(length);
        let kind = chance.pick(&[
            BlockKind::Paragraph,
            BlockKind::Heading(1),
            BlockKind::TableRow,
            BlockKind::Margin,
        ]);
        let span = Span::new(
            u32::try_from(at).unwrap_or(0),
            u32::try_from(end).unwrap_or(0),
        );
        blocks.push(Block {
            span,
            kind,
            main: chance.below(4) > 0,
        });
        at = end + chance.below(4);
    }
    blocks
}

#[test]
fn every_kind_of_hostile_text_is_read_and_reads_back() {
    for (number, (name, make)) in hostile::KINDS.iter().enumerate() {
        for size in [0, 1, 40, 700, 6_000] {
            check_text(name, &make(size), number as u64);
        }
    }
}

#[test]
fn every_phrase_of_the_tables_may_stand_alone_and_again_and_again() {
    for (number, phrase) in hostile::phrases().into_iter().enumerate() {
        for text in [
            phrase.to_owned(),
            phrase.to_uppercase(),
            format!("{phrase} ").repeat(12),
            phrase.repeat(8),
            format!("{phrase}, ").repeat(6) + ".",
            format!("They {phrase} 600 of them. {phrase}가 밝혔다. 他{phrase}了。"),
        ] {
            let found = find(&text, &context(number as u64));
            hostile::check(&text, &found);
        }
    }
}

#[test]
fn soups_of_cues_are_read_and_read_back() {
    for number in 0..150 {
        check_text("soup", &hostile::soup(number, 1_500), number);
        check_text("stew", &hostile::stew(number, 1_500), number);
    }
}

#[test]
fn mutated_documents_are_read_and_read_back() {
    for number in 0..150 {
        check_text("mutated", &hostile::mutated(number), number);
    }
}

#[test]
fn two_runs_agree() {
    let text = hostile::SAMPLES.concat();
    let once = find(&text, &context(0));
    assert!(once == find(&text, &context(0)));
    assert!(!once.mentions.is_empty() && !once.statements.is_empty());
}

#[test]
fn a_long_text_is_read_as_its_stretches_are() {
    // Two megabytes: cut between paragraphs, so whatever stands in the middle of the second part is
    // found as it is in the first.
    let part = hostile::SAMPLES[3].repeat(1 + 1_100_000 / hostile::SAMPLES[3].len());
    let found = find(&part, &context(0));
    let chars: Vec<usize> = part.char_indices().map(|(at, _)| at).collect();
    let read =
        |start: u32, end: u32| part.get(*chars.get(start as usize)?..*chars.get(end as usize)?);
    let late: Vec<_> = found
        .mentions
        .iter()
        .filter(|m| m.start > 900_000)
        .take(500)
        .collect();
    assert!(!late.is_empty());
    for mention in late {
        assert_eq!(
            read(mention.start, mention.end),
            Some(mention.text.as_str())
        );
    }
}

#[test]
fn a_long_text_with_blocks_is_read_as_a_short_one() {
    let one = "In 2019, China repatriated about 600 North Koreans.";
    let part = format!("{one}\n").repeat(45_000);
    let length = u32::try_from(one.len() + 1).unwrap_or(0);
    let blocks: Vec<Block> = (0..45_000)
        .map(|n| Block {
            span: Span::new(n * length, n * length + length - 1),
            kind: BlockKind::Paragraph,
            main: true,
        })
        .collect();
    assert!(part.len() > 2 << 20);
    let context = Context {
        published: None,
        blocks: &blocks,
    };
    let found = find(&part, &context);
    let alone = find(one, &Context::default());
    assert_eq!(found.statements.len(), 45_000 * alone.statements.len());
    assert_eq!(found.mentions.len(), 45_000 * alone.mentions.len());
    for (n, statement) in (0..45_000).zip(found.statements.chunks(alone.statements.len())) {
        let starts: Vec<u32> = statement.iter().map(|s| s.start).collect();
        let wanted: Vec<u32> = alone
            .statements
            .iter()
            .map(|s| s.start + n * length)
            .collect();
        assert_eq!(starts, wanted);
    }
}

#[test]
fn moving_what_was_found_keeps_its_length() {
    let found = find(hostile::SAMPLES[0], &context(0));
    let moved = shifted(found.clone(), 1_000);
    let ends = |found: &Found| {
        found
            .mentions
            .iter()
            .map(|m| (m.start, m.end))
            .collect::<Vec<_>>()
    };
    let wanted: Vec<_> = ends(&found)
        .into_iter()
        .map(|(start, end)| (start + 1_000, end + 1_000))
        .collect();
    assert_eq!(ends(&moved), wanted);
    // At the end of what can be counted nothing breaks either.
    drop(shifted(found, u32::MAX));
}
