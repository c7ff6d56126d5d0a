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

fn line(kind: &str, passage: &str, value: impl serde::Serialize) -> Option<String> {
    let mut value = serde_json::to_value(value).ok()?;
    let object = value.as_object_mut()?;
    object.insert("kind".into(), kind.into());
    object.insert("passage".into(), passage.into());
    Some(value.to_string())
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
            writeln!(
                out,
                "{}",
                line("mention", &passage.id, mention).ok_or("no object")?
            )?;
        }
        for statement in found.statements {
            writeln!(
                out,
                "{}",
                line("statement", &passage.id, statement).ok_or("no object")?
            )?;
        }
    }
    Ok(())
}
