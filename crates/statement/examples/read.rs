//! `cargo run -p statement --example read -- PASSAGES.jsonl`: the contract's lines of `read --passages`.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};

use casefile::ApproxDate;
use serde::Deserialize;

#[derive(Deserialize)]
struct Passage {
    id: String,
    doc_date: Option<String>,
    text: String,
}

/// A mention or statement with the two keys that the contract adds.
#[derive(serde::Serialize)]
struct Line<'a, T> {
    kind: &'a str,
    passage: &'a str,
    #[serde(flatten)]
    value: T,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args()
        .nth(1)
        .ok_or("usage: read PASSAGES.jsonl")?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    // A line at a time, and what is found a stretch at a time: memory stays flat.
    for row in BufReader::new(File::open(path)?).lines() {
        let row = row?;
        if row.trim().is_empty() {
            continue;
        }
        let passage: Passage = serde_json::from_str(&row)?;
        drop(row);
        let published = passage
            .doc_date
            .as_deref()
            .and_then(|d| d.parse::<ApproxDate>().ok());
        let context = statement::Context {
            published,
            blocks: &[],
        };
        let mut failed = Ok(());
        statement::find_each(&passage.text, &context, |found| {
            if failed.is_ok() {
                failed = write(&mut out, &passage.id, found);
            }
        });
        failed?;
    }
    Ok(())
}

fn write(
    out: &mut impl Write,
    passage: &str,
    found: statement::Found,
) -> Result<(), Box<dyn std::error::Error>> {
    for mention in found.mentions {
        line(out, "mention", passage, mention)?;
    }
    for statement in found.statements {
        line(out, "statement", passage, statement)?;
    }
    Ok(())
}

fn line(
    out: &mut impl Write,
    kind: &str,
    passage: &str,
    value: impl serde::Serialize,
) -> Result<(), Box<dyn std::error::Error>> {
    let line = Line {
        kind,
        passage,
        value,
    };
    serde_json::to_writer(&mut *out, &line)?;
    Ok(writeln!(out)?)
}
