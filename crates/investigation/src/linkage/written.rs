//! Files of a linkage: settings, clusters, capture histories.

use std::collections::HashMap;
use std::fs;
use std::io::{BufWriter, Write};
use std::path::Path;

use estimate::{Table, TableError};
use matching::linkage::{
    Explainer, Field, History, MOST_LISTS, Records, SETTINGS_VERSION, Settings,
};

use super::Linked;
use crate::{Failure, Whose};

fn unwritable(path: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure::new(
        Whose::Machine,
        "unwritable",
        format!("`{}` cannot be written: {error}", path.display()),
    )
}

/// Reads settings.
///
/// # Errors
/// If the file cannot be read, or is not of the form that [`write_settings`] writes.
pub fn read_settings(path: &Path) -> Result<Settings, Failure> {
    let name = path.display();
    let text = fs::read_to_string(path).map_err(|error| {
        Failure::new(
            Whose::You,
            "unreadable",
            format!("`{name}` cannot be read: {error}"),
        )
    })?;
    let settings: Settings = serde_json::from_str(&text).map_err(|error| {
        Failure::new(
            Whose::You,
            "bad-settings",
            format!("`{name}` holds no settings of a linkage: {error}"),
        )
        .hint("--save-settings FILE writes settings that can be changed by hand")
    })?;
    if settings.version != SETTINGS_VERSION {
        return Err(Failure::new(
            Whose::You,
            "bad-settings",
            format!(
                "`{name}` is of version {}; this program knows version {SETTINGS_VERSION}",
                settings.version
            ),
        ));
    }
    if !(0.0..=1.0).contains(&settings.threshold) {
        return Err(Failure::new(
            Whose::You,
            "bad-settings",
            format!("`{name}`: the threshold is no probability"),
        ));
    }
    Ok(settings)
}

/// Writes settings with the model: the same lists give the same answer with them.
///
/// # Errors
/// If the file cannot be written.
pub fn write_settings(path: &Path, settings: &Settings) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(settings).map_err(|error| unwritable(path, &error))?;
    fs::write(path, text + "\n").map_err(|error| unwritable(path, &error))
}

/// Ids of clusters by the ids of their records, from a file that [`Linked::write_clusters`] wrote.
pub(super) fn read_clusters(
    path: &Path,
    records: &Records<'_>,
    fields: &[Field],
) -> Result<HashMap<u64, String>, Failure> {
    let name = path.display();
    let bad = |error: &dyn std::fmt::Display| {
        Failure::new(
            Whose::You,
            "bad-clusters",
            format!("`{name}` holds no clusters: {error}"),
        )
        .hint("give a file that --clusters wrote")
    };
    let text = fs::read_to_string(path).map_err(|error| bad(&error))?;
    let mut before = HashMap::new();
    for (number, line) in (1..).zip(text.lines()) {
        let value: serde_json::Value =
            serde_json::from_str(line).map_err(|error| bad(&format!("line {number}: {error}")))?;
        let record = value.get("record").and_then(serde_json::Value::as_str);
        let cluster = value.get("cluster").and_then(serde_json::Value::as_str);
        let id = record.and_then(|r| u64::from_str_radix(r, 16).ok());
        match id.zip(cluster) {
            Some((id, cluster)) => before.insert(id, cluster.to_owned()),
            None => {
                return Err(bad(&format!(
                    "line {number} has no `record` or no `cluster`"
                )));
            }
        };
    }
    let ids = matching::linkage::record_ids(records, fields);
    if !before.is_empty() && !ids.iter().any(|id| before.contains_key(id)) {
        return Err(bad(&"none of its records stands in these lists"));
    }
    Ok(before)
}

impl Linked<'_> {
    /// Writes one line for each record, in the order of the lists: `file`, `row`, `id`, `record` (what stands for the
    /// record when rows are added) and `cluster`.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn write_clusters(&self, path: &Path) -> Result<u64, Failure> {
        let ids = matching::linkage::record_ids(&self.records, &self.fields);
        let clusters = matching::linkage::cluster_ids(&self.joined.home, &ids, &self.before);
        let file = fs::File::create(path).map_err(|error| unwritable(path, &error))?;
        let mut out = BufWriter::new(file);
        for ((record, id), cluster) in (0u32..).zip(&ids).zip(&clusters) {
            let place = self.place(record);
            let line = serde_json::json!({
                "file": place.file, "row": place.row, "id": place.id,
                "record": format!("{id:016x}"), "cluster": cluster,
            });
            writeln!(out, "{line}").map_err(|error| unwritable(path, &error))?;
        }
        out.flush().map_err(|error| unwritable(path, &error))?;
        Ok(clusters.len() as u64)
    }

    fn list_names(&self) -> Vec<String> {
        let short = |name: &str| {
            let end = name.rfind('.').filter(|dot| *dot > 0).unwrap_or(name.len());
            name.get(..end).unwrap_or(name).to_owned()
        };
        let names: Vec<String> = self
            .records
            .sheets
            .iter()
            .map(|sheet| short(&sheet.name))
            .collect();
        let unique = names
            .iter()
            .enumerate()
            .all(|(at, name)| names.iter().position(|n| n == name) == Some(at));
        if unique {
            names
        } else {
            self.records
                .sheets
                .iter()
                .map(|sheet| sheet.name.clone())
                .collect()
        }
    }

    fn may_count(&self) -> Result<(), Failure> {
        let lists = self.records.sheets.len();
        if lists < 2 {
            return Err(Failure::new(
                Whose::You,
                "one-list",
                "one list has no overlap: a capture-history table needs two lists or more",
            )
            .hint("give each list as a file of its own"));
        }
        if lists > MOST_LISTS {
            return Err(Failure::new(
                Whose::You,
                "too-many-lists",
                format!("{lists} lists; a table holds {MOST_LISTS}"),
            ));
        }
        Ok(())
    }

    /// Writes the capture-history table: a column of 0 and 1 for each list, and `count`.
    ///
    /// # Errors
    /// If there is one list only, or the file cannot be written.
    pub fn write_table(&self, path: &Path) -> Result<u64, Failure> {
        self.may_count()?;
        let history = matching::linkage::history(&self.records, &self.joined.home);
        let mut out = csv::Writer::from_path(path).map_err(|error| unwritable(path, &error))?;
        let names = self.list_names();
        out.write_record(names.iter().map(String::as_str).chain(["count"]))
            .map_err(|error| unwritable(path, &error))?;
        for row in rows(&history, names.len()) {
            out.write_record(&row)
                .map_err(|error| unwritable(path, &error))?;
        }
        out.flush().map_err(|error| unwritable(path, &error))?;
        Ok(history.values().sum())
    }

    /// How many people are on exactly which lists.
    ///
    /// # Errors
    /// If there is one list only, or more than can be counted.
    pub fn table(&self) -> Result<Table, Failure> {
        self.may_count()?;
        let history = matching::linkage::history(&self.records, &self.joined.home);
        counted(self.list_names(), &history)
    }

    /// The same for linkages drawn from the probabilities of the pairs.
    ///
    /// # Errors
    /// If there is one list only, or more than can be counted.
    pub fn drawn_tables(&self) -> Result<Vec<Table>, Failure> {
        self.may_count()?;
        let drawn = self.drawn();
        drawn
            .iter()
            .map(|history| counted(self.list_names(), history))
            .collect()
    }

    fn drawn(&self) -> Vec<History> {
        let mut explainer = Explainer::new(&self.records, &self.model);
        matching::linkage::drawn(
            &self.records,
            &self.pairs.pairs,
            &self.model,
            &self.constraints,
            &self.labels,
            &mut explainer,
            self.settings.linkages,
            self.settings.seed,
        )
    }

    /// Draws linkages from the probabilities of the pairs and writes the table of each: `linkage` (from 1), a column
    /// for each list, and `count`. Gives how many people the smallest and the largest of them counts.
    ///
    /// # Errors
    /// If there is one list only, or the file cannot be written.
    pub fn write_drawn_tables(&self, path: &Path) -> Result<(u64, u64), Failure> {
        self.may_count()?;
        let drawn = self.drawn();
        let mut out = csv::Writer::from_path(path).map_err(|error| unwritable(path, &error))?;
        let names = self.list_names();
        out.write_record(
            ["linkage"]
                .into_iter()
                .chain(names.iter().map(String::as_str))
                .chain(["count"]),
        )
        .map_err(|error| unwritable(path, &error))?;
        for (number, history) in (1..).zip(&drawn) {
            for row in rows(history, names.len()) {
                let number: i32 = number;
                out.write_record([number.to_string()].iter().chain(&row))
                    .map_err(|error| unwritable(path, &error))?;
            }
        }
        out.flush().map_err(|error| unwritable(path, &error))?;
        let totals = drawn.iter().map(|history| history.values().sum::<u64>());
        Ok((totals.clone().min().unwrap_or(0), totals.max().unwrap_or(0)))
    }
}

fn counted(lists: Vec<String>, history: &History) -> Result<Table, Failure> {
    let bad = |error: TableError| Failure::new(Whose::You, "bad-table", error.to_string());
    let mut table = Table::new(lists).map_err(bad)?;
    for (seen, count) in history {
        let pattern = usize::try_from(*seen).unwrap_or(0);
        table.add(pattern, *count).map_err(bad)?;
    }
    Ok(table)
}

/// The rows of a history: 0 or 1 for each list, and the count.
fn rows(history: &History, lists: usize) -> Vec<Vec<String>> {
    let row = |(seen, count): (&u64, &u64)| {
        let bits = (0..lists).map(|list| (seen >> list & 1).to_string());
        bits.chain([count.to_string()]).collect()
    };
    history.iter().map(row).collect()
}
