//! How fast the whole step reads: `cargo bench -p statement --bench step`.
//!
//! Usual texts in three languages, then the hostile kinds of `tests/hostile`: none of them may be far
//! slower than usual ones. How the time grows with the text: `cargo xtask measure statements-limits`.

#[path = "../tests/hostile/mod.rs"]
#[allow(dead_code, unreachable_pub)]
mod hostile;

use divan::Bencher;
use divan::counter::{BytesCount, CharsCount};

fn main() {
    divan::main();
}

const SIZE: usize = 256 << 10;

fn text(name: &str) -> String {
    let kind = hostile::KINDS.iter().find(|(kind, _)| *kind == name);
    kind.map_or_else(String::new, |(_, make)| make(SIZE))
}

fn names() -> impl Iterator<Item = &'static str> {
    hostile::KINDS.iter().map(|(name, _)| *name)
}

#[divan::bench(args = ["English", "Chinese", "Korean"], sample_count = 5, sample_size = 2)]
fn usual(bencher: Bencher, name: &str) {
    let text = text(name);
    bencher
        .counter(CharsCount::of_str(&text))
        .bench(|| statement::find(&text, &statement::Context::default()));
}

#[divan::bench(args = ["English", "Chinese", "Korean"], sample_count = 5, sample_size = 2)]
fn from_the_store(bencher: Bencher, name: &str) {
    let section = casefile::Section {
        text: text(name),
        ..casefile::Section::default()
    };
    bencher
        .counter(CharsCount::of_str(&section.text))
        .bench(|| statement::find_in(&section, None));
}

#[divan::bench(args = names(), sample_count = 2, sample_size = 1)]
fn hostile_kinds(bencher: Bencher, name: &str) {
    let text = text(name);
    bencher
        .counter(BytesCount::of_str(&text))
        .bench(|| statement::find(&text, &statement::Context::default()));
}
