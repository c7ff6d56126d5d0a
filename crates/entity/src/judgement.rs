//! Judgements in the file form of nomenklatura: a JSON list a line.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// What a person said of two records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Judgement {
    /// The same.
    Positive,
    /// Different.
    Negative,
    Unsure,
    /// Only proposed.
    NoJudgement,
}

impl Judgement {
    /// The word in the file.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Positive => "positive",
            Self::Negative => "negative",
            Self::Unsure => "unsure",
            Self::NoJudgement => "no_judgement",
        }
    }

    fn of(word: &str) -> Option<Self> {
        [
            Self::Positive,
            Self::Negative,
            Self::Unsure,
            Self::NoJudgement,
        ]
        .into_iter()
        .find(|j| j.word() == word)
    }
}

/// One line: two ids and what was said of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    pub target: String,
    pub source: String,
    pub judgement: Judgement,
    pub score: Option<f64>,
    pub user: Option<String>,
    /// As it stands in the file.
    pub at: Option<String>,
}

/// Why a line is no judgement.
#[derive(Debug, thiserror::Error)]
#[error("line {line} is no judgement: {why}")]
pub struct JudgementError {
    /// From 1.
    pub line: usize,
    pub why: String,
}

/// Reads the file `[target, source, judgement, score, user, created_at, (deleted_at)]` a line; withdrawn lines are
/// left out. Good lines and bad lines are given apart.
#[must_use]
pub fn read_judgements(text: &str) -> (Vec<Judged>, Vec<JudgementError>) {
    let mut good = Vec::new();
    let mut bad = Vec::new();
    for (i, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        match read_judged(line) {
            Ok(Some(judged)) => good.push(judged),
            Ok(None) => {}
            Err(why) => bad.push(JudgementError { line: i + 1, why }),
        }
    }
    (good, bad)
}

fn read_judged(line: &str) -> Result<Option<Judged>, String> {
    let row: Vec<Value> = serde_json::from_str(line).map_err(|error| error.to_string())?;
    let text = |at: usize| row.get(at).and_then(Value::as_str).map(str::to_owned);
    let need = |at: usize, name: &str| text(at).ok_or_else(|| format!("no {name}"));
    let word = need(2, "judgement")?;
    if row.get(6).is_some_and(|deleted| !deleted.is_null()) {
        return Ok(None);
    }
    Ok(Some(Judged {
        target: need(0, "target")?,
        source: need(1, "source")?,
        judgement: Judgement::of(&word).ok_or_else(|| format!("`{word}` is no judgement"))?,
        score: row.get(3).and_then(Value::as_f64),
        user: text(4),
        at: text(5),
    }))
}

/// Writes the file, a line each, in the order given, with the blanks that nomenklatura writes.
#[must_use]
pub fn write_judgements(judged: &[Judged]) -> String {
    let mut out = String::new();
    for one in judged {
        let row = [
            json!(one.target),
            json!(one.source),
            json!(one.judgement.word()),
            json!(one.score),
            json!(one.user),
            json!(one.at),
        ];
        let row: Vec<String> = row.iter().map(Value::to_string).collect();
        out.push_str(&format!("[{}]\n", row.join(", ")));
    }
    out
}

/// Judgements about records alone, and how many lines say nothing about them. nomenklatura gives those who are one an id
/// that no list has (`NK-…`) and calls each record the same as it: such an id is replaced by its first record, and what
/// it joins is joined with that record. Records come as `is_record` knows them.
#[must_use]
pub fn grounded(lines: &[Judged], is_record: impl Fn(&str) -> bool) -> (Vec<Judged>, usize) {
    // Ids that are no records, joined where they were called the same.
    let mut home: BTreeMap<&str, &str> = BTreeMap::new();
    for one in lines
        .iter()
        .filter(|one| one.judgement == Judgement::Positive)
    {
        if !is_record(&one.target) && !is_record(&one.source) {
            let (a, b) = (root(&home, &one.target), root(&home, &one.source));
            if a != b {
                home.insert(a.max(b), a.min(b));
            }
        }
    }
    let mut stands: BTreeMap<&str, &str> = BTreeMap::new();
    for one in lines
        .iter()
        .filter(|one| one.judgement == Judgement::Positive)
    {
        let ends = [(&one.target, &one.source), (&one.source, &one.target)];
        for (id, record) in ends {
            if !is_record(id) && is_record(record) {
                stands.entry(root(&home, id)).or_insert(record);
            }
        }
    }
    let record_of = |id: &'_ str| -> Option<String> {
        if is_record(id) {
            Some(id.to_owned())
        } else {
            stands.get(root(&home, id)).map(|&record| record.to_owned())
        }
    };
    let mut out = Vec::new();
    let mut nothing = 0;
    for one in lines
        .iter()
        .filter(|one| one.judgement != Judgement::NoJudgement)
    {
        match (record_of(&one.target), record_of(&one.source)) {
            (Some(target), Some(source)) if target != source => out.push(Judged {
                target,
                source,
                ..one.clone()
            }),
            _ => nothing += 1,
        }
    }
    (out, nothing)
}

/// The least id that an id was joined with.
fn root<'a>(home: &BTreeMap<&'a str, &'a str>, id: &'a str) -> &'a str {
    let mut at = id;
    while let Some(next) = home.get(at) {
        at = next;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_stand_for_several_are_replaced_by_their_records() {
        let file = r#"["NK-a", "one", "positive", 0.9, "Kim", "2024-01-01T00:00:00"]
["NK-a", "two", "positive", null, "Kim", null]
["NK-b", "NK-a", "positive", null, null, null]
["NK-b", "three", "positive", null, null, null]
["NK-a", "four", "negative", null, null, null]
["NK-z", "elsewhere", "positive", null, null, null]
["NK-z", "four", "unsure", null, null, null]
["one", "four", "no_judgement", 0.5, null, null]
"#;
        let (lines, bad) = read_judgements(file);
        assert!(bad.is_empty(), "{bad:?}");
        let records = ["one", "two", "three", "four"];
        let (found, nothing) = grounded(&lines, |id| records.contains(&id));
        let told: Vec<String> = found
            .iter()
            .map(|one| format!("{} {} {}", one.target, one.source, one.judgement.word()))
            .collect();
        assert_eq!(
            told,
            [
                "one two positive",
                "one three positive",
                "one four negative"
            ]
        );
        // The line that names the first record, the one between two such ids, and two about NK-z, whom nobody has here.
        assert_eq!(nothing, 4);
    }
}
