//! How many pairs of words are compared a second by Jaro-Winkler: each of a few dozen names with each.

use matching::linkage::jaro_winkler;

fn main() {
    divan::main();
}

const NAMES: &[&str] = &[
    "martha",
    "marhta",
    "dixon",
    "dicksonx",
    "jellyfish",
    "smellyfish",
    "jones",
    "johnson",
    "massey",
    "massie",
    "abroms",
    "abrams",
    "hardin",
    "martinez",
    "itman",
    "smith",
    "jeraldine",
    "geraldine",
    "michelle",
    "michael",
    "julies",
    "julius",
    "tanya",
    "tonya",
    "dwayne",
    "duane",
    "sean",
    "susan",
    "jon",
    "jan",
    "brookhaven",
    "brrokhaven",
    "kim chol ho",
    "kim cheolho",
    "choe yong hui",
    "ri sun ok",
    "pak myong guk",
    "jong gwang nam",
];

#[divan::bench]
fn pairs(bencher: divan::Bencher<'_, '_>) {
    bencher
        .counter(divan::counter::ItemsCount::new(NAMES.len() * NAMES.len()))
        .bench(|| {
            let mut sum = 0.0;
            for a in NAMES {
                for b in NAMES {
                    sum += jaro_winkler(divan::black_box(a), divan::black_box(b));
                }
            }
            sum
        });
}
