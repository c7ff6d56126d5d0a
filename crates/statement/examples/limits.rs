//! `cargo run --release -p statement --example limits -- [table|stews N|first|memory MB]`: how time and
//! memory of the step grow. `cargo xtask measure statements-limits` keeps the table.

#[path = "../tests/hostile/mod.rs"]
#[allow(dead_code, unreachable_pub)]
mod hostile;

use statement::{Context, find};

/// CPU time of this process's only thread, in nanoseconds.
fn cpu() -> u64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    stat.split(' ')
        .next()
        .and_then(|first| first.parse().ok())
        .unwrap_or(0)
}

/// Milliseconds that a text takes, over so many runs that the clock's steps do not matter.
fn took(text: &str) -> f64 {
    let (before, mut runs) = (cpu(), 0);
    loop {
        std::hint::black_box(find(text, &Context::default()));
        runs += 1;
        let took = (cpu() - before) as f64 / 1e6;
        if took >= 40.0 || runs == 1000 {
            return took / f64::from(runs);
        }
    }
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
            let text = hostile::KINDS
                .get(number(2) as usize)
                .map_or(String::new(), |kind| kind.1((number(1) as usize) << 20));
            let found = find(&text, &Context::default());
            println!(
                "{} bytes, {} mentions, {} statements",
                text.len(),
                found.mentions.len(),
                found.statements.len()
            );
            for line in std::fs::read_to_string("/proc/self/status")
                .unwrap_or_default()
                .lines()
                .filter(|l| l.starts_with("VmHWM"))
            {
                println!("{line}");
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
