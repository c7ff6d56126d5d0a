//! What finding takes, told as lines `what<TAB>value`. Run by `cargo xtask measure matching`.
//!
//! ```text
//! measure crowd COUNT SEED FILE     write invented records of whom it is known who is who
//! measure pairs FILE [PAIRS]        one file with itself; the pairs found go to PAIRS
//! measure screen LIST QUERIES       each query against the list, on two threads
//! measure ask LIST QUERIES          each query by itself, timed
//! ```

mod crowd;
mod words;

use std::collections::HashMap;
use std::error::Error;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::time::Instant;

use matching::{Index, Pair, Record, Search};

type Outcome = Result<(), Box<dyn Error>>;

fn main() -> Outcome {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["crowd", count, seed, file] => {
            let mut out = BufWriter::new(File::create(file)?);
            let mut failed = None;
            crowd::crowd(
                count.parse()?,
                &mut crowd::Chance::new(seed.parse()?),
                |entity| failed = writeln!(out, "{}", entity::write_line(entity)).err(),
            );
            out.flush()?;
            failed.map_or(Ok(()), |error| Err(error.into()))
        }
        ["pairs", file, rest @ ..] => pairs(file, rest.first().copied()),
        ["screen", list, queries] => screen(list, queries),
        ["ask", list, queries] => ask(list, queries),
        _ => Err(
            "crowd COUNT SEED FILE | pairs FILE [PAIRS] | screen LIST QUERIES | ask LIST QUERIES"
                .into(),
        ),
    }
}

fn read(file: &str) -> Result<Vec<Record>, Box<dyn Error>> {
    let mut records = Vec::new();
    for line in BufReader::new(File::open(file)?).lines() {
        records.extend(matching::record(&entity::read_line(&line?)?));
    }
    Ok(records)
}

/// User and system time of this process in seconds (proc_pid_stat(5), 100 ticks a second on Linux).
fn cpu() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let tick = |nth| -> f64 {
        let field = fields.split_ascii_whitespace().nth(nth);
        field.and_then(|ticks| ticks.parse().ok()).unwrap_or(0.0)
    };
    (tick(11) + tick(12)) / 100.0
}

/// Megabytes that were resident at the most.
fn peak() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().split(' ').next()?.parse().ok());
    kilobytes.unwrap_or(0.0_f64) / 1024.0
}

fn tell(what: &str, value: impl std::fmt::Display) {
    println!("{what}\t{value}");
}

fn tell_cpu(what: &str, since: f64) -> f64 {
    let now = cpu();
    tell(what, format!("{:.2}", now - since));
    now
}

/// Who it is by the crowd's reckoning.
fn who(record: &Record) -> &str {
    record.id.split('-').next().unwrap_or_default()
}

fn pairs(file: &str, into: Option<&str>) -> Outcome {
    let records = read(file)?;
    let now = tell_cpu("read and parse, CPU s", 0.0);
    let mut same: HashMap<&str, usize> = HashMap::new();
    for record in &records {
        *same.entry(who(record)).or_default() += 1;
    }
    let true_pairs: usize = same.values().map(|n| n * (n - 1) / 2).sum();
    let index = Index::of(records);
    let now = tell_cpu("index, CPU s", now);
    let mut found: Vec<Pair> = Vec::new();
    index.pairs(&Search::default(), |pair| found.push(pair), |_| {});
    tell_cpu("pairs, CPU s", now);
    tell("all, CPU s", format!("{:.2}", cpu()));
    tell("peak, MB", format!("{:.0}", peak()));
    let record = |at: usize| &index.records()[at];
    let right = found
        .iter()
        .filter(|pair| who(record(pair.left)) == who(record(pair.right)));
    let right = right.count();
    tell("records", index.records().len());
    tell("pairs", found.len());
    tell(
        "recall",
        format!("{:.4}", right as f64 / true_pairs.max(1) as f64),
    );
    tell(
        "precision",
        format!("{:.4}", right as f64 / found.len().max(1) as f64),
    );
    if let Some(path) = into {
        let mut out = BufWriter::new(File::create(path)?);
        for pair in found {
            let (left, right) = (&record(pair.left).id, &record(pair.right).id);
            writeln!(out, "{left}\t{right}\t{:.4}", pair.score)?;
        }
        out.flush()?;
    }
    Ok(())
}

fn screen(list: &str, queries: &str) -> Outcome {
    let begun = Instant::now();
    let index = Index::of(read(list)?);
    let now = tell_cpu("read, parse and index, CPU s", 0.0);
    let asked = read(queries)?;
    let now = tell_cpu("queries read and parsed, CPU s", now);
    let half = asked.len().div_ceil(2).max(1);
    let found: usize = std::thread::scope(|scope| {
        let running: Vec<_> = asked
            .chunks(half)
            .map(|part| {
                let index = &index;
                scope.spawn(move || {
                    let mut found = 0_usize;
                    index.join(part, &Search::default(), |_| found += 1, |_| {});
                    found
                })
            })
            .collect();
        running.into_iter().flat_map(|thread| thread.join()).sum()
    });
    tell_cpu("screening, CPU s", now);
    tell("all, CPU s", format!("{:.2}", cpu()));
    tell(
        "all, seconds",
        format!("{:.1}", begun.elapsed().as_secs_f64()),
    );
    tell("peak, MB", format!("{:.0}", peak()));
    tell("hits", found);
    Ok(())
}

fn ask(list: &str, queries: &str) -> Outcome {
    let index = Index::of(read(list)?);
    let lines: Vec<String> = BufReader::new(File::open(queries)?)
        .lines()
        .collect::<Result<_, _>>()?;
    let mut times: Vec<f64> = Vec::new();
    let mut found = 0;
    for line in &lines {
        let begun = Instant::now();
        let asked =
            matching::record(&entity::read_line(line)?).ok_or("a schema that is not known")?;
        found += index.search(&asked, &Search::default()).len();
        times.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or(0.0);
    tell("requests", times.len());
    tell("hits", found);
    tell("median, ms", format!("{:.3}", at(50)));
    tell("99 of 100, ms", format!("{:.3}", at(99)));
    tell(
        "longest, ms",
        format!("{:.3}", times.last().copied().unwrap_or(0.0)),
    );
    tell("peak, MB", format!("{:.0}", peak()));
    Ok(())
}
