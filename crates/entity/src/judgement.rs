//! Judgements in the file form of nomenklatura: a JSON list a line.

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
