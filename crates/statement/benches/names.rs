//! How fast the tagger reads: `cargo bench -p statement --features training --bench names`.

use divan::Bencher;
use divan::counter::BytesCount;

fn main() {
    divan::main();
}

const TEXTS: [(&str, &str); 3] = [
    (
        "english",
        include_str!("../src/mention/name_cases/field.txt"),
    ),
    (
        "general",
        include_str!("../src/mention/name_cases/general.txt"),
    ),
    (
        "eastern",
        include_str!("../src/mention/name_cases/east.txt"),
    ),
];

fn text(name: &str) -> String {
    let one = TEXTS
        .iter()
        .find(|(n, _)| *n == name)
        .map_or("", |(_, text)| text);
    let plain: String = one
        .replace(['<', '>'], "")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(|line| [line, "\n\n"])
        .collect();
    plain.repeat(1_000_000 / plain.len().max(1) + 1)
}

#[divan::bench(args = ["english", "general", "eastern"], sample_count = 5, sample_size = 1)]
fn tagging(bencher: Bencher, name: &str) {
    let text = text(name);
    bencher
        .counter(BytesCount::of_str(&text))
        .bench(|| statement::training::tag(&text));
}

#[divan::bench(args = ["english", "eastern"], sample_count = 5, sample_size = 1)]
fn cutting_alone(bencher: Bencher, name: &str) {
    let text = text(name);
    bencher
        .counter(BytesCount::of_str(&text))
        .bench(|| statement::training::cut(&text));
}

#[divan::bench(args = ["english", "eastern"], sample_count = 5, sample_size = 1)]
fn everything(bencher: Bencher, name: &str) {
    let text = text(name);
    bencher
        .counter(BytesCount::of_str(&text))
        .bench(|| statement::find(&text, &statement::Context::default()));
}
