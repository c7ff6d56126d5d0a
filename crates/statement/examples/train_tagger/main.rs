//! Trains the tagger's weights: a linear-chain conditional random field by AdaGrad.
//!
//! usage: `train_tagger LISTS OUT [LANGUAGE [HELD_OUT [table]]]`
//!
//! LISTS is the folder that `cargo xtask train-tagger` fills; OUT gets the files. With HELD_OUT,
//! names of corpora with commas between, these are only tested on; otherwise every tenth sentence
//! is, and the weights written come from all sentences.

mod crf;
mod lists;
mod names;

use std::collections::HashMap;
use std::error::Error;
use std::path::Path;

use statement::training::{self, Language, Lists};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// How a language is trained; found on corpora that were held out.
struct Plan {
    name: &'static str,
    language: Language,
    /// Rows of the model file, as a power of two.
    power: u32,
    epochs: usize,
    /// The share of features that are left out of a sentence.
    drop: f32,
    /// How often a feature must occur.
    uses: u32,
    /// Corpora that count twice: what people marked by hand from the start, in prose of all kinds.
    twice: &'static [&'static str],
}

const PLANS: [Plan; 3] = [
    Plan {
        name: "english",
        language: Language::English,
        power: 18,
        epochs: 8,
        drop: 0.3,
        uses: 1,
        twice: &["crossner", "ewt"],
    },
    Plan {
        name: "chinese",
        language: Language::Chinese,
        power: 16,
        epochs: 10,
        drop: 0.2,
        uses: 3,
        twice: &[],
    },
    Plan {
        name: "korean",
        language: Language::Korean,
        power: 16,
        epochs: 10,
        drop: 0.2,
        uses: 3,
        twice: &[],
    },
];

/// A sentence with the names that people marked: kind (0 to 2, 3 = other), start, end in characters.
#[derive(Clone)]
pub(crate) struct Marked {
    corpus: String,
    text: String,
    names: Vec<(usize, u32, u32)>,
}

/// A sequence ready to train on.
pub(crate) struct Example {
    features: Vec<Vec<u32>>,
    labels: Vec<u8>,
}

fn read_corpus(path: &Path) -> Outcome<Vec<Marked>> {
    let mut all = Vec::new();
    for line in std::fs::read_to_string(path)?.lines() {
        let mut cells = line.split('\t');
        let (Some(corpus), Some(text)) = (cells.next(), cells.next()) else {
            continue;
        };
        let names = cells.next().unwrap_or("").split(' ').filter_map(|span| {
            let mut parts = span.split('-');
            let start = parts.next()?.parse().ok()?;
            let end = parts.next()?.parse().ok()?;
            let kind = match parts.next()? {
                "PER" => 0,
                "ORG" => 1,
                "LOC" => 2,
                _ => 3,
            };
            Some((kind, start, end))
        });
        all.push(Marked {
            corpus: corpus.to_owned(),
            text: text.to_owned(),
            names: names.collect(),
        });
    }
    Ok(all)
}

/// The label of each unit of a sequence.
fn labels(sequence: &training::Sequence, names: &[(usize, u32, u32)]) -> Vec<u8> {
    let covering: Vec<Option<usize>> = sequence
        .units
        .iter()
        .map(|unit| {
            names
                .iter()
                .position(|(_, start, end)| unit.start < *end && *start < unit.end)
        })
        .collect();
    covering
        .iter()
        .enumerate()
        .map(|(n, name)| {
            let Some(name) = name else { return 0 };
            let kind = names[*name].0;
            if kind == 3 {
                return 1;
            }
            let same = |m: usize| covering.get(m).is_some_and(|other| *other == Some(*name));
            let part = match (n > 0 && same(n - 1), same(n + 1)) {
                (false, true) => 0,
                (true, true) => 1,
                (true, false) => 2,
                (false, false) => 3,
            };
            u8::try_from(training::label(kind, part)).expect("few labels")
        })
        .collect()
}

/// Exact-span precision, recall and F1 of persons, organisations and places over sentences.
fn scores(model: &[u8], language: Language, test: &[Marked], lists: &Lists) -> [[f64; 3]; 3] {
    let mut counts = [[0_usize; 3]; 3];
    for marked in test {
        let mut found = Vec::new();
        for sequence in training::sequences(language, &marked.text, lists) {
            found.extend(training::decode(model, &sequence));
        }
        for (kind, counts) in counts.iter_mut().enumerate() {
            let gold = marked.names.iter().filter(|name| name.0 == kind);
            let mine = found.iter().filter(|name| name.0 == kind);
            counts[0] += mine
                .clone()
                .filter(|name| marked.names.contains(name))
                .count();
            counts[1] += mine.count();
            counts[2] += gold.count();
        }
    }
    counts.map(|[right, mine, gold]| {
        let share = |of: usize| right as f64 / of.max(1) as f64;
        let f1 = 2.0 * right as f64 / (mine + gold).max(1) as f64;
        [share(mine), share(gold), f1]
    })
}

/// Million characters a second that the tagger reads (with the weights of this build).
fn speed(test: &[Marked]) -> f64 {
    let text: String = test
        .iter()
        .flat_map(|marked| [marked.text.as_str(), "\n\n"])
        .collect();
    // The first call reads the weights.
    let _ = training::tag(&text);
    let started = std::time::Instant::now();
    let _ = training::tag(&text);
    text.chars().count() as f64 / 1e6 / started.elapsed().as_secs_f64()
}

fn train(sentences: &[Marked], names: &names::Names, lists: &Lists, plan: &Plan) -> Vec<u8> {
    let language = plan.language;
    let again = |marked: &&Marked| plan.twice.contains(&marked.corpus.as_str());
    let mut weighed = sentences.to_vec();
    weighed.extend(sentences.iter().filter(again).cloned());
    let sentences = names.varied(language, &weighed);
    let mut raw = Vec::new();
    let mut counts: HashMap<u64, u32> = HashMap::new();
    for marked in &sentences {
        for sequence in training::sequences(language, &marked.text, lists) {
            for feature in sequence.features.iter().flatten() {
                *counts.entry(*feature).or_default() += 1;
            }
            let labels = labels(&sequence, &marked.names);
            raw.push((sequence.features, labels));
        }
    }
    let mut ids: HashMap<u64, u32> = HashMap::new();
    let mut kept: Vec<u64> = counts
        .iter()
        .filter(|(_, n)| **n >= plan.uses)
        .map(|(feature, _)| *feature)
        .collect();
    kept.sort_unstable();
    for feature in &kept {
        ids.insert(*feature, u32::try_from(ids.len()).expect("few features"));
    }
    let examples: Vec<Example> = raw
        .into_iter()
        .map(|(features, labels)| Example {
            features: features
                .iter()
                .map(|unit| unit.iter().filter_map(|f| ids.get(f).copied()).collect())
                .collect(),
            labels,
        })
        .collect();
    eprintln!("{} sequences, {} features", examples.len(), kept.len());
    let field = crf::Field::train(&examples, kept.len(), plan.epochs, plan.drop);
    let uses: Vec<u32> = kept.iter().map(|feature| counts[feature]).collect();
    field.encode(&kept, &uses, plan.power)
}

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (folder, out, rest_words) = match words.as_slice() {
        [folder, out, rest @ ..] => (Path::new(folder), Path::new(out), rest),
        _ => return Err("usage: train_tagger LISTS OUT [LANGUAGE [HELD_OUT [table]]]".into()),
    };
    let only = rest_words.first().copied();
    let held_out = rest_words.get(1).copied();
    std::fs::create_dir_all(out)?;
    let english_words = lists::english(folder)?;
    let chinese_words = lists::chinese(folder)?;
    std::fs::write(out.join("english-words.bin"), &english_words)?;
    std::fs::write(out.join("chinese-words.bin"), &chinese_words)?;
    let lists = Lists::read(&english_words, &chinese_words);
    for plan in &PLANS {
        let (name, language) = (plan.name, plan.language);
        if only.is_some_and(|only| only != name) {
            continue;
        }
        let all = read_corpus(&folder.join(format!("{name}.corpus")))?;
        let (test, rest): (Vec<_>, Vec<_>) =
            all.iter()
                .cloned()
                .enumerate()
                .partition(|(n, marked)| match held_out {
                    Some(corpora) => corpora.split(',').any(|corpus| marked.corpus == corpus),
                    None => n % 10 == 7,
                });
        let [test, rest] = [test, rest]
            .map(|part| -> Vec<Marked> { part.into_iter().map(|(_, marked)| marked).collect() });
        let names = names::Names::read(folder)?;
        let model = train(&rest, &names, &lists, plan);
        let mut corpora: Vec<&str> = test.iter().map(|m| m.corpus.as_str()).collect();
        corpora.dedup();
        for corpus in corpora {
            let part: Vec<Marked> = test
                .iter()
                .filter(|m| m.corpus == corpus)
                .cloned()
                .collect();
            let scores = scores(&model, language, &part, &lists);
            if rest_words.get(2) == Some(&"table") {
                let [person, organisation, place] = scores.map(|[_, _, f1]| f1);
                let speed = speed(&part);
                println!("{corpus}\t{person:.3}\t{organisation:.3}\t{place:.3}\t{speed:.1}");
                continue;
            }
            for (kind, [p, r, f1]) in ["person", "organisation", "place"].iter().zip(scores) {
                println!("{name}\t{corpus}\t{kind}\tP {p:.2}\tR {r:.2}\tF1 {f1:.3}");
            }
        }
        let model = if held_out.is_some() {
            model
        } else {
            train(&all, &names, &lists, plan)
        };
        std::fs::write(out.join(format!("{name}-tagger.bin")), &model)?;
    }
    Ok(())
}
