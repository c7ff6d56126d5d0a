//! How time and memory of the step grow; `cargo xtask measure statements-limits` keeps the table.
//!
//! `cargo run --release -p statement --example limits -- MODE`, with MODE one of `table`, `one KIND`,
//! `first` (what the first call costs), `memory MB NUMBER [blocks]`, `phrases`, `stews FROM COUNT`,
//! `mutations FROM COUNT`.

#[path = "../tests/hostile/mod.rs"]
#[allow(dead_code, unreachable_pub)]
mod hostile;

use casefile::{Block, BlockKind, Span};
use statement::{Context, find, find_in};

/// A line of this process's state, in kilobytes.
fn kilobytes(name: &str) -> i64 {
    let state = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = state
        .lines()
        .find(|line| line.starts_with(name))
        .unwrap_or("");
    line.split_whitespace()
        .nth(1)
        .and_then(|n| n.parse().ok())
        .unwrap_or(0)
}

/// A block a line.
fn lines(text: &str) -> Vec<Block> {
    let mut at = 0;
    let mut block = |line: &str| {
        let start = at;
        at += line.chars().count() as u32;
        Block {
            span: Span::new(start, at),
            kind: BlockKind::Paragraph,
            main: true,
        }
    };
    text.split_inclusive('\n').map(&mut block).collect()
}

/// Kilobytes of what is returned, counted.
fn held(text: &str, _blocks: bool) -> usize {
    let found = find(text, &Context::default());
    let mentions: usize = found
        .mentions
        .iter()
        .map(|m| size_of_val(m) + m.text.capacity().next_multiple_of(16) + 16)
        .sum();
    let statements: usize = found
        .statements
        .iter()
        .map(|s| {
            size_of_val(s)
                + statement::quotes(s)
                    .map(|(_, _, text)| 40 + text.len().next_multiple_of(16) + 16)
                    .sum::<usize>()
        })
        .sum();
    (mentions + statements) >> 10
}

/// CPU time of this process's only thread, in nanoseconds.
fn cpu() -> u64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    stat.split(' ')
        .next()
        .and_then(|first| first.parse().ok())
        .unwrap_or(0)
}

/// Milliseconds that a text takes: the best of three rounds, since what else the machine does (the
/// giving of fresh pages before all) only adds. A round has so many runs that the clock's steps do
/// not matter.
fn took(text: &str) -> f64 {
    let round = || {
        let (before, mut runs) = (cpu(), 0);
        loop {
            std::hint::black_box(find(text, &Context::default()));
            runs += 1;
            let took = (cpu() - before) as f64 / 1e6;
            if took >= 40.0 || runs == 1000 {
                return took / f64::from(runs);
            }
        }
    };
    round().min(round()).min(round())
}

const SMALL: usize = 100_000;

fn row(name: &str, make: impl Fn(usize) -> String) -> (f64, f64) {
    let (one, four) = (took(&make(SMALL)), took(&make(4 * SMALL)));
    let speed = 4.0 * SMALL as f64 / four / 1e3;
    println!(
        "{name}\t{one:.1}\t{four:.1}\t{:.1}\t{speed:.1}",
        four / one.max(0.01)
    );
    (one, four)
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_none_or(|mode| mode != "first") {
        // The tables are read once; no row shall carry that.
        drop(find(&hostile::KINDS[0].1(5_000), &Context::default()));
    }
    let number = |at: usize| {
        arguments
            .get(at)
            .and_then(|n| n.parse::<u64>().ok())
            .unwrap_or(1)
    };
    match arguments.first().map(String::as_str) {
        Some("first") => {
            for text in [
                "Close to 600 were repatriated to North Korea, Kim said.",
                "约600人被遣返朝鲜。",
                "600여 명이 북송됐다고 밝혔다.",
            ] {
                for round in ["first", "again"] {
                    let before = cpu();
                    std::hint::black_box(find(text, &Context::default()));
                    println!("{round}\t{:.2} ms\t{text}", (cpu() - before) as f64 / 1e6);
                }
            }
        }
        Some("memory") => {
            let Some((name, make)) = hostile::KINDS.get(number(2) as usize) else {
                return;
            };
            let text = make((number(1) as usize) << 20);
            // The tables are no part of what grows with the text.
            drop(find(
                &text.chars().take(5_000).collect::<String>(),
                &Context::default(),
            ));
            let before = kilobytes("VmRSS");
            let section = casefile::Section {
                blocks: lines(&text),
                text,
                ..Default::default()
            };
            let found = if arguments.get(3).is_some() {
                find_in(&section, None)
            } else {
                find(&section.text, &Context::default())
            };
            let peak = kilobytes("VmHWM");
            let kept = kilobytes("VmRSS");
            let count = (found.mentions.len(), found.statements.len());
            drop(found);
            let returned = held(&section.text, arguments.get(3).is_some());
            println!(
                "{name}\t{count:?}\tpeak over the text {} kB\tkept {} kB\treturned {returned} kB",
                peak - before,
                kept - before
            );
        }
        Some("mutations") => {
            // Panics where a property does not hold; the number makes the same text again.
            for seed in number(1)..number(1) + number(2) {
                for text in [
                    hostile::mutated(seed),
                    hostile::soup(seed, 3_000),
                    hostile::stew(seed, 3_000),
                ] {
                    let kept = std::panic::catch_unwind(|| {
                        hostile::check(&text, &find(&text, &Context::default()));
                        let section = casefile::Section {
                            text: text.clone(),
                            ..Default::default()
                        };
                        hostile::check(&text, &find_in(&section, "2024-05-07".parse().ok()));
                    });
                    if kept.is_err() {
                        println!("{seed}\t{:?}", text.chars().take(2_000).collect::<String>());
                    }
                }
            }
        }
        Some("stews") => {
            for seed in number(1)..number(1) + number(2) {
                let small = took(&hostile::stew(seed, 30_000));
                let large = took(&hostile::stew(seed, 120_000));
                if large > 6.0 * small.max(1.0) || large > 400.0 {
                    println!(
                        "{seed}\t{small:.1}\t{large:.1}\t{:?}",
                        hostile::stew(seed, 1).chars().take(300).collect::<String>()
                    );
                }
            }
        }
        Some("phrases") => {
            for phrase in hostile::phrases() {
                let piece = format!("{phrase} ");
                let small = took(&hostile::repeated(&piece, 20_000));
                let large = took(&hostile::repeated(&piece, 80_000));
                if large > 6.0 * small.max(1.0) || large > 200.0 {
                    println!("{small:.1}\t{large:.1}\t{phrase}");
                }
            }
        }
        Some("one") => {
            let wanted = arguments.get(1).map_or("", String::as_str);
            for (name, make) in hostile::KINDS.iter().filter(|(name, _)| *name == wanted) {
                row(name, make);
            }
        }
        _ => {
            println!("text\tms of 100 kB\tms of 400 kB\ttimes\tMB/s");
            for (name, make) in hostile::KINDS {
                row(name, make);
            }
        }
    }
}
