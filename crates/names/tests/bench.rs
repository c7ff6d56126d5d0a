//! Measures on labelled pairs: `bench/names` of this repository, with its frozen results, and the pairs outside it where they
//! are there.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use expect_test::expect_file;

/// The one threshold.
const THRESHOLD: f32 = 0.7;

#[derive(Debug)]
struct Pair {
    schema: String,
    left: String,
    right: String,
    same: bool,
    category: String,
}

/// A CSV with quotes, as RFC 4180 has it.
fn rows(text: &str) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let row = rows.last_mut().unwrap();
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                row.last_mut().unwrap().push('"');
                chars.next();
            }
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(String::new()),
            '\r' if !quoted => {}
            '\n' if !quoted => rows.push(vec![String::new()]),
            _ => row.last_mut().unwrap().push(c),
        }
    }
    rows.retain(|row| row.len() > 1);
    rows
}

fn pairs(text: &str) -> Vec<Pair> {
    let rows = rows(text);
    let column = |name: &str| rows[0].iter().position(|cell| cell == name).unwrap();
    let (schema, left, right, same, category) = (
        column("schema"),
        column("name1"),
        column("name2"),
        column("is_match"),
        column("category"),
    );
    rows[1..]
        .iter()
        .map(|row| Pair {
            schema: row[schema].clone(),
            left: row[left].clone(),
            right: row[right].clone(),
            same: row[same] == "true",
            category: row[category].clone(),
        })
        .collect()
}

#[derive(Default)]
struct Count {
    hits: u32,
    missed: u32,
    false_alarms: u32,
    right: u32,
}

impl Count {
    fn line(&self) -> String {
        let share = |part: u32, rest: u32| {
            if part + rest == 0 {
                0.0
            } else {
                f64::from(part) / f64::from(part + rest)
            }
        };
        let (p, r) = (
            share(self.hits, self.false_alarms),
            share(self.hits, self.missed),
        );
        let f1 = if p + r == 0.0 {
            0.0
        } else {
            2.0 * p * r / (p + r)
        };
        format!(
            "P {p:.3}  R {r:.3}  F1 {f1:.3}  ({} same, {} different; {} missed, {} false alarms)",
            self.hits + self.missed,
            self.right + self.false_alarms,
            self.missed,
            self.false_alarms
        )
    }
}

fn measure(pairs: &[Pair]) -> String {
    let mut groups: BTreeMap<String, Count> = BTreeMap::new();
    let mut faults = String::new();
    for pair in pairs {
        let comparison = names::compare_names(&pair.schema, &pair.left, &pair.right);
        let said = comparison.score >= THRESHOLD;
        for group in [
            "  all".to_owned(),
            format!(" {}", pair.schema),
            pair.category.clone(),
        ] {
            let count = groups.entry(group).or_default();
            match (pair.same, said) {
                (true, true) => count.hits += 1,
                (true, false) => count.missed += 1,
                (false, true) => count.false_alarms += 1,
                (false, false) => count.right += 1,
            }
        }
        if pair.same != said {
            writeln!(
                faults,
                "{} {:.2} {} | {} | {}",
                if said { "false alarm" } else { "missed" },
                comparison.score,
                pair.left,
                pair.right,
                pair.category
            )
            .unwrap();
            if std::env::var_os("NAMES_WHY").is_some() {
                for feature in &comparison.because {
                    writeln!(
                        faults,
                        "      {:+.2} {} [{}] [{}] {}",
                        feature.weight,
                        feature.feature,
                        feature.left,
                        feature.right,
                        feature.reason
                    )
                    .unwrap();
                }
            }
        }
    }
    let mut out = String::new();
    for (group, count) in groups {
        writeln!(out, "{:<28}{}", group.trim(), count.line()).unwrap();
    }
    out + "\n" + &faults
}

#[test]
fn organisations() {
    let text = std::fs::read_to_string(bench("organisations.csv")).unwrap();
    expect_file![bench("organisations.results.txt")].assert_eq(&measure(&pairs(&text)));
}

#[test]
fn vessels() {
    let text = std::fs::read_to_string(bench("vessels.csv")).unwrap();
    expect_file![bench("vessels.results.txt")].assert_eq(&measure(&pairs(&text)));
}

#[test]
fn western() {
    let text = std::fs::read_to_string(bench("western.csv")).unwrap();
    expect_file![bench("western.results.txt")].assert_eq(&measure(&pairs(&text)));
}

#[test]
fn world() {
    let text = std::fs::read_to_string(bench("world.csv")).unwrap();
    expect_file![bench("world.results.txt")].assert_eq(&measure(&pairs(&text)));
}

/// Bins of the predicted probability, what it is in them on average and the share that is the same, and the Brier score.
fn reliability(pairs: &[Pair]) -> String {
    const BINS: usize = 10;
    let mut bins = [(0_u32, 0_u32, 0.0_f64); BINS];
    let mut brier = 0.0;
    for pair in pairs {
        let score = names::compare_names(&pair.schema, &pair.left, &pair.right).score;
        let (score, truth) = (f64::from(score), f64::from(u8::from(pair.same)));
        let (count, same, sum) = &mut bins[((score * 10.0) as usize).min(BINS - 1)];
        *count += 1;
        *same += u32::from(pair.same);
        *sum += score;
        brier += (score - truth).powi(2);
    }
    let mut out = String::from("predicted   pairs  mean predicted  share that is the same\n");
    for (bin, (count, same, sum)) in bins.into_iter().enumerate() {
        let of = |part: f64| match count {
            0 => "-".to_owned(),
            count => format!("{:.3}", part / f64::from(count)),
        };
        writeln!(
            out,
            "{:.1} to {:.1} {count:>7}  {:>14}  {:>22}",
            bin as f64 / 10.0,
            (bin + 1) as f64 / 10.0,
            of(sum),
            of(f64::from(same))
        )
        .unwrap();
    }
    writeln!(
        out,
        "Brier score {:.4} over {} pairs",
        brier / pairs.len() as f64,
        pairs.len()
    )
    .unwrap();
    out
}

#[test]
fn reliability_of_scores() {
    let of = |files: &[&str]| -> Vec<Pair> {
        let texts = files
            .iter()
            .map(|file| std::fs::read_to_string(bench(file)).unwrap());
        texts.flat_map(|text| pairs(&text)).collect()
    };
    let all = of(&[
        "persons.csv",
        "organisations.csv",
        "vessels.csv",
        "western.csv",
        "world.csv",
        "asia.csv",
        "fresh.csv",
    ]);
    let unseen = of(&["world.csv"]);
    expect_file![bench("reliability.txt")].assert_eq(&format!(
        "All pairs of this folder\n{}\nThe pairs of world.csv alone\n{}",
        reliability(&all),
        reliability(&unseen)
    ));
}

#[test]
fn asia() {
    let text = std::fs::read_to_string(bench("asia.csv")).unwrap();
    expect_file![bench("asia.results.txt")].assert_eq(&measure(&pairs(&text)));
}

#[test]
fn fresh() {
    let text = std::fs::read_to_string(bench("fresh.csv")).unwrap();
    expect_file![bench("fresh.results.txt")].assert_eq(&measure(&pairs(&text)));
}

fn bench(name: &str) -> String {
    format!("{}/../../bench/names/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// `NAMES_PAIRS=one.csv:other.csv cargo test -p names --test bench -- --nocapture` measures any tables of pairs; with
/// `NAMES_WHY=1` each fault tells its reasons.
#[test]
fn pairs_that_are_named() {
    for file in std::env::var("NAMES_PAIRS").unwrap_or_default().split(':') {
        if !file.is_empty() {
            println!(
                "{file}\n{}",
                measure(&pairs(&std::fs::read_to_string(file).unwrap()))
            );
        }
    }
}

#[test]
fn pairs_from_elsewhere() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/names");
    if !folder.is_dir() {
        eprintln!("SKIPPED: the pairs are not there: {}", folder.display());
        return;
    }
    for file in ["name_bench_dev.csv", "east_asian_dev.csv"] {
        let pairs: Vec<Pair> = pairs(&std::fs::read_to_string(folder.join(file)).unwrap())
            .into_iter()
            .filter(|pair| pair.schema != "Person")
            .collect();
        println!("{file} (no persons)\n{}", measure(&pairs));
    }
}
