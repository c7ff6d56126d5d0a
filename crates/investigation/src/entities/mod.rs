//! Entities of a case: imported lists, what people said of their records, and the views that follow.
//!
//! A list is an original like any other, and a decision of the log says that it was imported. Its records are
//! claims of that list, never facts of the case. Entities are views: records that people called the same, side
//! by side with their sources; taking the judgement back splits them again.

mod judgements;
mod views;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use casefile::{ApproxDate, Sha256};
use serde::Serialize;
use serde_json::{Value, json};
use store::{Act, Decision, Ledger, Listed, NewDecision};

use crate::case::{Case, now};
use crate::lists::{ListOptions, ListRead, read_from};
use crate::{AddOptions, Event, Failure, Whose, who};

use judgements::clusters;
pub use judgements::{Joined, JudgementsTaken, Judging, LEAST_RULE};
pub(crate) use judgements::{judged, judgings};
pub(crate) use views::merged;
pub use views::{EntityView, Link, Source, Sourced, between};

/// Of each list that stands, by its hash: its name and when it was published.
pub(crate) type Known = BTreeMap<String, (String, Option<String>)>;

/// How a list comes in.
#[derive(Clone, Debug, Default)]
pub struct ImportOptions {
    /// What people call it; the file's name if not said.
    pub name: Option<String>,
    /// Who publishes it.
    pub source: Option<String>,
    pub published: Option<ApproxDate>,
    /// The schema of a table without a column for it.
    pub schema: Option<String>,
}

/// A list of the case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ListInfo {
    /// The list is pinned by it.
    pub sha256: String,
    pub name: String,
    pub source: Option<String>,
    pub published: Option<String>,
    pub records: u64,
    /// Who imported it, when, by which decision.
    pub by: String,
    pub at: String,
    pub decision: u64,
}

/// A line of a list of entities.
#[derive(Clone, Debug, Serialize)]
pub struct EntityLine {
    pub id: String,
    pub schema: String,
    pub caption: String,
    pub records: usize,
    pub lists: Vec<String>,
}

pub(crate) const IMPORT: &str = "import";
/// Records written in one transaction.
const AT_ONCE: usize = 5_000;

impl Case {
    /// Imports a list: the file becomes an original of the case, its records become searchable. The same bytes
    /// imported again change nothing.
    ///
    /// # Errors
    /// The file cannot be read, holds no records, or the case cannot be written.
    pub fn import(
        &self,
        path: &Path,
        options: &ImportOptions,
        by: Option<&str>,
        told: &mut dyn FnMut(u64, u64),
    ) -> Result<(ListRead, u64), Failure> {
        let file = std::fs::File::open(path).map_err(|error| {
            Failure::new(
                Whose::You,
                "unreadable",
                format!("`{}` cannot be read: {error}", path.display()),
            )
        })?;
        let total = file.metadata().map_or(0, |m| m.len());
        let shown = path
            .file_name()
            .map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        let mut list_options = ListOptions {
            schema: options.schema.clone(),
            ..ListOptions::default()
        };
        // First without keeping anything: what is no list does not get into the case as one.
        let mut read = read_from(file, &shown, total, &list_options, |_| {}, &mut *told)?;
        if read.entities == 0 {
            return Err(Failure::new(
                Whose::You,
                "empty-list",
                format!("`{shown}` holds no record that can be read; nothing was changed"),
            )
            .hint("give JSON lines of FollowTheMoney, or a table with a heading"));
        }
        let add = AddOptions {
            source: options.source.clone(),
            published: options.published,
            ocr: false,
            ..AddOptions::default()
        };
        self.add(&[path.to_owned()], &add, &mut |event| {
            if let Event::Progress { bytes, .. } = event {
                told(bytes.0, bytes.1);
            }
            Ok(())
        })?;
        let sha256: Sha256 = read
            .sha256
            .parse()
            .map_err(|_| Failure::new(Whose::Bug, "hash", "a hash does not read back"))?;
        if let Some(known) = self
            .lists()?
            .into_iter()
            .find(|list| list.sha256 == read.sha256)
        {
            return Ok((read, known.decision));
        }
        let _lock = self.lock()?;
        let mut ledger = self.writable()?;
        list_options.prefix = read.sha256.get(..8).map(str::to_owned);
        self.fill(&mut ledger, sha256, &shown, &list_options)?;
        read.shared = ledger.count_shared(sha256)?;
        let body = json!({
            "name": options.name.clone().unwrap_or(shown),
            "source": options.source,
            "published": options.published.map(|day| day.to_string()),
            "schema": options.schema,
            "prefix": list_options.prefix,
            "records": read.entities,
        })
        .to_string();
        let me = who();
        let act = Act {
            who: by.filter(|by| !by.trim().is_empty()).unwrap_or(&me),
            at: now(),
        };
        let new = NewDecision {
            act: IMPORT,
            subject: &format!("list {sha256}"),
            body: &body,
            reason: "",
            undoes: None,
        };
        let number = ledger.transaction::<_, Failure>(&act, |tx| Ok(tx.decide(&new)?))?;
        self.checkpoint(&mut ledger)?;
        Ok((read, number))
    }

    /// Reads a list's original and writes its records.
    fn fill(
        &self,
        ledger: &mut Ledger,
        sha256: Sha256,
        name: &str,
        options: &ListOptions,
    ) -> Result<(), Failure> {
        let me = who();
        let act = Act {
            who: &me,
            at: now(),
        };
        ledger.transaction::<_, Failure>(&act, |tx| Ok(tx.forget_list(sha256)?))?;
        let original = self.vault.read(&sha256)?;
        let mut rows: Vec<(Listed, Vec<String>)> = Vec::new();
        let mut failed = None;
        let mut write = |rows: &mut Vec<(Listed, Vec<String>)>| -> Result<(), Failure> {
            ledger.transaction::<_, Failure>(&act, |tx| {
                for (row, refers) in rows.iter() {
                    tx.put_listed(row, refers)?;
                }
                Ok(())
            })?;
            rows.clear();
            Ok(())
        };
        read_from(
            original,
            name,
            0,
            options,
            |entity| {
                if failed.is_some() {
                    return;
                }
                let refers = entity.values_of(entity::Kind::Entity, false);
                let refers = refers.into_iter().map(str::to_owned).collect();
                let row = Listed {
                    list: sha256,
                    id: entity.id.clone(),
                    schema: entity.schema.clone(),
                    caption: entity::caption(&entity),
                    body: entity::write_line(&entity),
                };
                rows.push((row, refers));
                if rows.len() >= AT_ONCE {
                    failed = write(&mut rows).err();
                }
            },
            |_, _| {},
        )?;
        if let Some(failure) = failed {
            return Err(failure);
        }
        write(&mut rows)
    }

    /// After the derived tables were emptied.
    pub(crate) fn import_again(&self, ledger: &mut Ledger) -> Result<(), Failure> {
        for (decision, body) in imports(ledger)? {
            let Some(sha256) = decision
                .subject
                .strip_prefix("list ")
                .and_then(|hash| hash.parse().ok())
            else {
                continue;
            };
            let options = ListOptions {
                schema: text(&body, "schema"),
                prefix: text(&body, "prefix"),
                as_of: None,
            };
            let name = text(&body, "name").unwrap_or_default();
            if let Some(how) = crate::trade::options_of(&body) {
                self.fill_trade(ledger, sha256, &name, &how)?;
                continue;
            }
            self.fill(ledger, sha256, &name, &options)?;
        }
        Ok(())
    }

    /// The lists of the case, as they were imported.
    ///
    /// # Errors
    /// The case is damaged.
    pub fn lists(&self) -> Result<Vec<ListInfo>, Failure> {
        self.read(lists)
    }

    /// Entities whose caption or id has all of some words, by caption; `most` of them from `skip` on, and how many there are.
    ///
    /// # Errors
    /// The case is damaged.
    pub fn entities(
        &self,
        words: &str,
        schema: Option<&str>,
        skip: usize,
        most: usize,
    ) -> Result<(u64, Vec<EntityLine>), Failure> {
        let words: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
        self.read(|ledger| {
            let clusters = clusters(ledger)?;
            let known = known(ledger)?;
            let mut all: BTreeMap<String, EntityLine> = BTreeMap::new();
            ledger.each_listed::<Failure>(None, |row| {
                let Some((list, _)) = known.get(&row.list.to_string()) else {
                    return Ok(());
                };
                let id = clusters.canonical(&row.id).to_owned();
                let line = all.entry(id.clone()).or_insert_with(|| EntityLine {
                    id,
                    schema: row.schema.clone(),
                    caption: row.caption.clone(),
                    records: 0,
                    lists: Vec::new(),
                });
                line.records += 1;
                if !line.lists.contains(list) {
                    line.lists.push(list.clone());
                }
                Ok(())
            })?;
            let model = entity::model();
            let is_a = |line: &EntityLine| {
                schema.is_none_or(|wanted| {
                    model
                        .get(&line.schema)
                        .map_or(line.schema == wanted, |s| s.is_a(wanted))
                })
            };
            let mut found: Vec<EntityLine> = all
                .into_values()
                .filter(|line| {
                    let text = format!("{} {}", line.caption, line.id).to_lowercase();
                    words.iter().all(|word| text.contains(word)) && is_a(line)
                })
                .collect();
            found.sort_by(|a, b| a.caption.cmp(&b.caption).then_with(|| a.id.cmp(&b.id)));
            let total = found.len() as u64;
            Ok((total, found.into_iter().skip(skip).take(most).collect()))
        })
    }
}

fn unknown_entity(id: &str) -> Failure {
    Failure::new(
        Whose::You,
        "not-found",
        format!("there is no record `{id}` in the lists of the case"),
    )
    .hint("`tumen entities WORDS` looks for one; `tumen import FILE` brings in a list")
}

fn text(body: &Value, name: &str) -> Option<String> {
    body.get(name).and_then(Value::as_str).map(str::to_owned)
}

/// Decisions that nobody has undone.
fn standing(ledger: &Ledger) -> Result<Vec<Decision>, Failure> {
    let mut decisions = ledger.decisions(None)?;
    let mut undone = BTreeSet::new();
    for decision in decisions.iter().rev() {
        if !undone.contains(&decision.number) {
            undone.extend(decision.undoes);
        }
    }
    decisions.retain(|decision| decision.undoes.is_none() && !undone.contains(&decision.number));
    Ok(decisions)
}

/// Each list once, by its last import.
pub(crate) fn imports(ledger: &Ledger) -> Result<Vec<(Decision, Value)>, Failure> {
    let mut seen = BTreeSet::new();
    let mut out = Vec::new();
    for decision in standing(ledger)?.into_iter().filter(|d| d.act == IMPORT) {
        if seen.insert(decision.subject.clone()) {
            let body = serde_json::from_str(&decision.body).unwrap_or_default();
            out.push((decision, body));
        }
    }
    Ok(out)
}

pub(crate) fn lists(ledger: &Ledger) -> Result<Vec<ListInfo>, Failure> {
    let mut out = Vec::new();
    for (decision, body) in imports(ledger)? {
        let Some(hash) = decision.subject.strip_prefix("list ") else {
            continue;
        };
        let records = match hash.parse() {
            Ok(hash) => ledger.count_listed(hash)?,
            Err(_) => 0,
        };
        out.push(ListInfo {
            sha256: hash.to_owned(),
            name: text(&body, "name").unwrap_or_default(),
            source: text(&body, "source"),
            published: text(&body, "published"),
            records,
            by: decision.who.clone(),
            at: jiff::Timestamp::from_microsecond(decision.at)
                .unwrap_or_default()
                .to_string(),
            decision: decision.number,
        });
    }
    Ok(out)
}

/// Names of the lists that stand, and when each was published.
pub(crate) fn known(ledger: &Ledger) -> Result<Known, Failure> {
    let mut out = Known::new();
    for (decision, body) in imports(ledger)? {
        if let Some(hash) = decision.subject.strip_prefix("list ") {
            let name = text(&body, "name").unwrap_or_default();
            out.insert(hash.to_owned(), (name, text(&body, "published")));
        }
    }
    Ok(out)
}
