//! The pairs of persons in `bench/names/persons.csv`, and what is measured on them, frozen.

use std::collections::BTreeMap;
use std::fmt::Write;

use names::{compare_names, fold};

const THRESHOLD: f32 = 0.7;

fn cells(line: &str) -> Vec<String> {
    let (mut out, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => out.push(std::mem::take(&mut cell)),
            _ => cell.push(c),
        }
    }
    out.push(cell);
    out
}

/// P, R and F1 by script pair; `wrong` gets each row that is judged otherwise than labelled.
fn measure(table: &str, wrong: &mut String) -> String {
    let mut counts: BTreeMap<String, [u32; 4]> = BTreeMap::new();
    for row in table.lines().skip(1).map(cells) {
        let [_, schema, left, right, label, ..] = row.as_slice() else {
            continue;
        };
        if schema != "Person" {
            continue;
        }
        let score = compare_names(schema, left, right).score;
        let (said, truth) = (score >= THRESHOLD, label == "true");
        let script = |name: &str| fold::main_script(name).map_or("none", |s| s.label());
        let (a, b) = (script(left), script(right));
        for key in ["all".to_owned(), format!("{}/{}", a.min(b), a.max(b))] {
            let cell = usize::from(!said) * 2 + usize::from(!truth);
            if let Some(n) = counts.entry(key).or_default().get_mut(cell) {
                *n += 1;
            }
        }
        if said != truth {
            let _ = writeln!(wrong, "{score:.2} {label} {left} / {right}");
        }
    }
    let mut out = String::new();
    for (name, [hit, alarm, miss, clear]) in counts {
        let share = |part: u32, rest: u32| f64::from(part) / f64::from((part + rest).max(1));
        let (p, r) = (share(hit, alarm), share(hit, miss));
        let f = 2.0 * p * r / (p + r).max(1e-9);
        let _ = writeln!(
            out,
            "{name}: {} same, {} different; P {p:.3} R {r:.3} F1 {f:.3}",
            hit + miss,
            alarm + clear
        );
    }
    out
}

#[test]
fn shared_pairs() {
    for name in ["east_asian_dev.csv", "name_bench_dev.csv"] {
        let path = format!(
            "{}/../../../shared/data/names/{name}",
            env!("CARGO_MANIFEST_DIR")
        );
        let Ok(table) = std::fs::read_to_string(&path) else {
            println!("NOT MEASURED: {path} is missing");
            continue;
        };
        let mut wrong = String::new();
        println!("{name}\n{}", measure(&table, &mut wrong));
        println!("{wrong}");
    }
}

#[test]
fn check_own_pairs() {
    let mut wrong = String::new();
    let table = include_str!("../../../bench/names/persons.csv");
    let figures = measure(table, &mut wrong);
    expect_test::expect_file!["../../../bench/names/persons.results.txt"].assert_eq(&format!(
        "{figures}\njudged otherwise than labelled:\n{wrong}"
    ));
}
