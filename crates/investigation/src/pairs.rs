//! Pairs of names in a table, scored; how often the score is right where the table says.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use names::fold::Script;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::screening::{Because, because};
use crate::{Failure, Whose};

/// Two names with their score.
#[derive(Clone, Debug, Serialize)]
pub struct NamesCompared {
    /// 0 to 1.
    pub score: f32,
    /// The weights sum to the log-odds.
    pub because: Vec<Because>,
}

/// Compares two names of a FollowTheMoney schema.
#[must_use]
pub fn compare_names(schema: &str, left: &str, right: &str) -> NamesCompared {
    let compared = names::compare_names(schema, left, right);
    NamesCompared {
        score: compared.score,
        because: because(compared),
    }
}

/// The pairs of a file, one after another.
#[derive(Debug)]
pub struct NamePairs {
    reader: csv::Reader<File>,
    columns: Vec<String>,
    path: String,
    threshold: f32,
    tallies: BTreeMap<String, Tally>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    pairs: u64,
    found: u64,
    missed: u64,
    false_alarms: u64,
}

/// How often the score was right in a group of labelled pairs.
#[derive(Clone, Debug, Serialize)]
pub struct PairSummary {
    /// `all`, `schema Person`, `script hang/latn` …
    pub group: String,
    pub pairs: u64,
    /// Same, and called so.
    pub found: u64,
    /// Same, but not called so.
    pub missed: u64,
    /// Different, but called the same.
    pub false_alarms: u64,
    pub precision: Option<f64>,
    pub recall: Option<f64>,
    pub f1: Option<f64>,
}

impl NamePairs {
    /// Opens a table with the columns `schema`, `name1`, `name2`; others are passed through.
    ///
    /// # Errors
    /// If it cannot be read or lacks a column.
    pub fn open(path: &Path, threshold: f32) -> Result<Self, Failure> {
        let shown = path.display().to_string();
        let bad = |what: String| {
            Failure::new(Whose::You, "bad-pairs", format!("`{shown}`: {what}"))
                .hint("the first line names the columns: schema,name1,name2")
        };
        let file = File::open(path).map_err(|error| bad(format!("it cannot be read: {error}")))?;
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(file);
        let columns: Vec<String> = reader
            .byte_headers()
            .map_err(|error| bad(error.to_string()))?
            .iter()
            .map(|name| {
                String::from_utf8_lossy(name)
                    .trim_start_matches('\u{feff}')
                    .trim()
                    .to_owned()
            })
            .collect();
        for needed in ["schema", "name1", "name2"] {
            if !columns.iter().any(|c| c == needed) {
                return Err(bad(format!("it has no column `{needed}`")));
            }
        }
        Ok(Self {
            reader,
            columns,
            path: shown,
            threshold,
            tallies: BTreeMap::new(),
        })
    }

    /// The next row: its columns, and `score`, `match`, `because`; `None` at the end.
    ///
    /// # Errors
    /// If the file cannot be read on.
    pub fn next_line(&mut self) -> Result<Option<Value>, Failure> {
        let mut row = csv::ByteRecord::new();
        let more = self.reader.read_byte_record(&mut row).map_err(|error| {
            Failure::new(Whose::You, "bad-pairs", format!("`{}`: {error}", self.path))
        })?;
        if !more {
            return Ok(None);
        }
        let mut line = Map::new();
        for (column, cell) in self.columns.iter().zip(row.iter()) {
            line.insert(
                column.clone(),
                Value::String(String::from_utf8_lossy(cell).into_owned()),
            );
        }
        let text = |name: &str| {
            line.get(name)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let (schema, left, right) = (text("schema"), text("name1"), text("name2"));
        let compared = compare_names(&schema, &left, &right);
        let is_match = compared.score >= self.threshold;
        let label = match text("is_match").trim().to_lowercase().as_str() {
            "true" | "1" | "yes" => Some(true),
            "false" | "0" | "no" => Some(false),
            _ => None,
        };
        if let Some(same) = label {
            let mut scripts = [script(&left), script(&right)];
            scripts.sort_unstable();
            let [a, b] = scripts;
            for group in [
                "all".to_owned(),
                format!("schema {schema}"),
                format!("script {a}/{b}"),
            ] {
                let tally = self.tallies.entry(group).or_default();
                tally.pairs += 1;
                tally.found += u64::from(same && is_match);
                tally.missed += u64::from(same && !is_match);
                tally.false_alarms += u64::from(!same && is_match);
            }
        }
        let score = (f64::from(compared.score) * 10_000.0).round() / 10_000.0;
        line.insert("score".into(), json!(score));
        line.insert("match".into(), json!(is_match));
        line.insert("because".into(), json!(compared.because));
        Ok(Some(Value::Object(line)))
    }

    /// What the labelled rows read so far come to, over all, by schema and by pair of scripts.
    #[must_use]
    pub fn summary(&self) -> Vec<PairSummary> {
        #[expect(clippy::cast_precision_loss, reason = "counts of rows")]
        let share = |part: u64, whole: u64| (whole > 0).then(|| part as f64 / whole as f64);
        let row = |(group, tally): (&String, &Tally)| {
            let precision = share(tally.found, tally.found + tally.false_alarms);
            let recall = share(tally.found, tally.found + tally.missed);
            PairSummary {
                group: group.clone(),
                pairs: tally.pairs,
                found: tally.found,
                missed: tally.missed,
                false_alarms: tally.false_alarms,
                precision,
                recall,
                f1: share(
                    2 * tally.found,
                    2 * tally.found + tally.false_alarms + tally.missed,
                ),
            }
        };
        self.tallies.iter().map(row).collect()
    }
}

/// The script that most letters of a name are of, by its ISO 15924 code.
fn script(name: &str) -> &'static str {
    match names::fold::main_script(name) {
        Some(Script::Latin) => "latn",
        Some(Script::Hangul) => "hang",
        Some(Script::Han) => "hani",
        Some(Script::Cyrillic) => "cyrl",
        Some(Script::Arabic) => "arab",
        Some(Script::Kana) => "kana",
        _ => "other",
    }
}
