//! `cargo run -p statement --example read -- PASSAGES.jsonl`: the contract's lines of `read --passages`.

use std::io::{BufWriter, Write};

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
    for row in std::fs::read_to_string(path)?
        .lines()
        .filter(|l| !l.trim().is_empty())
    {
        let passage: Passage = serde_json::from_str(row)?;
        let published = passage
            .doc_date
            .as_deref()
            .and_then(|d| d.parse::<ApproxDate>().ok());
        let found = statement::find(
            &passage.text,
            &statement::Context {
                published,
                blocks: &[],
            },
        );
        for mention in found.mentions {
            let line = Line {
                kind: "mention",
                passage: &passage.id,
                value: mention,
            };
            serde_json::to_writer(&mut out, &line)?;
            writeln!(out)?;
        }
        for statement in found.statements {
            let line = Line {
                kind: "statement",
                passage: &passage.id,
                value: statement,
            };
            serde_json::to_writer(&mut out, &line)?;
            writeln!(out)?;
        }
    }
    Ok(())
}
