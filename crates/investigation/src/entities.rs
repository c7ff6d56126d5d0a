//! Entities of a case: imported lists, what people said of their records, and the views that follow.
//!
//! A list is an original like any other, and a decision of the log says that it was imported. Its records are
//! claims of that list, never facts of the case. Entities are views: records that people called the same, side
//! by side with their sources; taking the judgement back splits them again.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use casefile::{ApproxDate, Sha256};
use entity::{Entity, Judged, Judgement, Kind};
use matching::{Clusters, Conflict, Index, Search};
use serde::Serialize;
use serde_json::{Value, json};
use store::{Act, Decision, Ledger, Listed, NewDecision};

use crate::case::{Case, now};
use crate::lists::{ListOptions, ListRead, read_from};
use crate::screening::{Because, Likeness, because, ordered};
use crate::{AddOptions, Event, Failure, Whose, who};

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

/// One record behind an entity.
#[derive(Clone, Debug, Serialize)]
pub struct Source {
    pub id: String,
    pub list: String,
    pub sha256: String,
    pub schema: String,
    pub caption: String,
}

/// A value with the records that give it.
#[derive(Clone, Debug, Serialize)]
pub struct Sourced {
    pub value: String,
    /// Names of lists.
    pub lists: Vec<String>,
    /// Ids of records.
    pub records: Vec<String>,
}

/// Something that an entity is linked with.
#[derive(Clone, Debug, Serialize)]
pub struct Link {
    pub label: String,
    /// Whether it leads from the entity to the other.
    pub outgoing: bool,
    pub other: String,
    pub other_caption: Option<String>,
    /// The record that says so, if it is one of its own.
    pub via: Option<String>,
}

/// What somebody said of two records.
#[derive(Clone, Debug, Serialize)]
pub struct Judging {
    pub decision: u64,
    pub left: String,
    pub right: String,
    pub judgement: &'static str,
    pub by: String,
    pub at: String,
    pub reason: String,
    pub score: Option<f64>,
}

/// An entity as the case has it.
#[derive(Clone, Debug, Serialize)]
pub struct EntityView {
    /// The least id of its records.
    pub id: String,
    pub schema: String,
    pub caption: String,
    pub sources: Vec<Source>,
    pub properties: BTreeMap<String, Vec<Sourced>>,
    /// Properties of which its records give values that cannot all hold: birth dates of several years and the like.
    pub disagreements: Vec<String>,
    pub links: Vec<Link>,
    pub judgements: Vec<Judging>,
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

const SAME: &str = "same";
const DIFFERENT: &str = "different";
const UNSURE: &str = "unsure";
const IMPORT: &str = "import";
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
        let list_options = ListOptions {
            schema: options.schema.clone(),
            as_of: None,
        };
        // First without keeping anything: what is no list does not get into the case as one.
        let read = read_from(file, &shown, total, &list_options, |_| {}, &mut *told)?;
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
        self.fill(&mut ledger, sha256, &shown, &list_options)?;
        let body = json!({
            "name": options.name.clone().unwrap_or(shown),
            "source": options.source,
            "published": options.published.map(|day| day.to_string()),
            "schema": options.schema,
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
        let mut rows: Vec<Listed> = Vec::new();
        let mut failed = None;
        let mut write = |rows: &mut Vec<Listed>| -> Result<(), Failure> {
            ledger.transaction::<_, Failure>(&act, |tx| {
                for row in rows.iter() {
                    tx.put_listed(row)?;
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
                rows.push(Listed {
                    list: sha256,
                    id: entity.id.clone(),
                    schema: entity.schema.clone(),
                    caption: entity::caption(&entity),
                    body: entity::write_line(&entity),
                });
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
                as_of: None,
            };
            let name = text(&body, "name").unwrap_or_default();
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

    /// Records that two ids name are the same, different, or nobody can tell. A reason is needed for what joins or parts.
    ///
    /// # Errors
    /// An id is not known, the reason is missing, or the case cannot be written.
    pub fn judge(
        &self,
        left: &str,
        right: &str,
        judgement: Judgement,
        by: Option<&str>,
        reason: &str,
    ) -> Result<(u64, Vec<Conflict>), Failure> {
        let act = match judgement {
            Judgement::Positive => SAME,
            Judgement::Negative => DIFFERENT,
            Judgement::Unsure => UNSURE,
            Judgement::NoJudgement => {
                return Err(Failure::new(
                    Whose::You,
                    "no-judgement",
                    "say same, different or unsure; nothing was changed",
                ));
            }
        };
        if left == right {
            return Err(Failure::new(
                Whose::You,
                "one-record",
                "the two ids are one; nothing was changed",
            ));
        }
        let reason = reason.trim();
        if judgement != Judgement::Unsure && reason.is_empty() {
            return Err(Failure::new(
                Whose::You,
                "no-reason",
                "this decision needs a reason; nothing was changed",
            )
            .hint("give one with `--reason`"));
        }
        let score = self.read(|ledger| {
            let mut records = Vec::new();
            for id in [left, right] {
                let found = ledger.listed(id)?;
                let first = found.first().ok_or_else(|| unknown_entity(id))?;
                records.push(
                    entity::read_line(&first.body)
                        .ok()
                        .and_then(|e| matching::record(&e)),
                );
            }
            Ok(match records.as_slice() {
                [Some(a), Some(b)] => Some(matching::score(a, b)),
                _ => None,
            })
        })?;
        let (a, b) = if left <= right {
            (left, right)
        } else {
            (right, left)
        };
        let body = json!({ "left": a, "right": b, "score": score }).to_string();
        let _lock = self.lock()?;
        let mut ledger = self.writable()?;
        let me = who();
        let of = Act {
            who: by.filter(|by| !by.trim().is_empty()).unwrap_or(&me),
            at: now(),
        };
        let subject = format!("pair {a} {b}");
        let new = NewDecision {
            act,
            subject: &subject,
            body: &body,
            reason,
            undoes: None,
        };
        let number = ledger.transaction::<_, Failure>(&of, |tx| Ok(tx.decide(&new)?))?;
        self.checkpoint(&mut ledger)?;
        let found = matching::clusters(&judged(&judgings(&ledger)?));
        Ok((number, found.conflicts))
    }

    /// What people said of pairs of records, and what stands of it, in order.
    ///
    /// # Errors
    /// The case is damaged.
    pub fn judgings(&self) -> Result<Vec<Judging>, Failure> {
        self.read(judgings)
    }

    /// The file of judgements in nomenklatura's form.
    ///
    /// # Errors
    /// The case is damaged.
    pub fn judgement_file(&self) -> Result<String, Failure> {
        Ok(entity::write_judgements(&judged(&self.judgings()?)))
    }

    /// Takes in a file of judgements in nomenklatura's form: each line as a decision of whoever imports it, with the
    /// file's person in the reason. Lines about records that the case does not have are counted and left out.
    ///
    /// # Errors
    /// A line is no judgement, or the case cannot be written.
    pub fn import_judgements(&self, path: &Path, by: Option<&str>) -> Result<(u64, u64), Failure> {
        let written = std::fs::read_to_string(path).map_err(|error| {
            Failure::new(
                Whose::You,
                "unreadable",
                format!("`{}` cannot be read: {error}", path.display()),
            )
        })?;
        let (good, bad) = entity::read_judgements(&written);
        if let Some(first) = bad.first() {
            return Err(Failure::new(
                Whose::You,
                "bad-judgements",
                format!("`{}`: {first}; nothing was changed", path.display()),
            ));
        }
        let (mut taken, mut left_out) = (0, 0);
        for one in good
            .iter()
            .filter(|one| one.judgement != Judgement::NoJudgement)
        {
            let from = one.user.as_deref().unwrap_or("nobody named");
            let at = one.at.as_deref().unwrap_or("no time given");
            let reason = format!("from a file of judgements: {from}, {at}");
            match self.judge(&one.target, &one.source, one.judgement, by, &reason) {
                Ok(_) => taken += 1,
                Err(failure) if failure.code == "not-found" => left_out += 1,
                Err(failure) => return Err(failure),
            }
        }
        Ok((taken, left_out))
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
            let names = list_names(ledger)?;
            let mut all: BTreeMap<String, EntityLine> = BTreeMap::new();
            ledger.each_listed::<Failure>(None, |row| {
                let Some(list) = names.get(&row.list.to_string()) else {
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

    /// One entity, by the id of any of its records.
    ///
    /// # Errors
    /// There is none, or the case is damaged.
    pub fn entity(&self, id: &str) -> Result<EntityView, Failure> {
        self.read(|ledger| {
            let clusters = clusters(ledger)?;
            let names = list_names(ledger)?;
            let canonical = clusters.canonical(id).to_owned();
            let mut ids: BTreeSet<&str> = clusters
                .of
                .iter()
                .filter(|(_, to)| **to == canonical)
                .map(|(id, _)| id.as_str())
                .collect();
            ids.insert(&canonical);
            let mut rows = Vec::new();
            for one in &ids {
                rows.extend(
                    ledger
                        .listed(one)?
                        .into_iter()
                        .filter(|row| names.contains_key(&row.list.to_string())),
                );
            }
            if rows.is_empty() {
                return Err(unknown_entity(id));
            }
            let mut view = view(&canonical, &rows, &names);
            view.links = links(ledger, &clusters, &canonical)?;
            view.judgements = judgings(ledger)?
                .into_iter()
                .filter(|one| ids.contains(one.left.as_str()) || ids.contains(one.right.as_str()))
                .collect();
            Ok(view)
        })
    }

    /// One record as its lists give it, whatever people called the same.
    ///
    /// # Errors
    /// There is none, or the case is damaged.
    pub fn record_view(&self, id: &str) -> Result<EntityView, Failure> {
        self.read(|ledger| {
            let names = list_names(ledger)?;
            let mut rows = ledger.listed(id)?;
            rows.retain(|row| names.contains_key(&row.list.to_string()));
            if rows.is_empty() {
                return Err(unknown_entity(id));
            }
            Ok(view(id, &rows, &names))
        })
    }

    /// Pairs of records that may be one and of which nobody has said anything yet: those whose answer tells most first
    /// (the nearer to even, the more), then by score.
    ///
    /// # Errors
    /// The case is damaged.
    pub fn candidates(&self, threshold: f32, most: usize) -> Result<Vec<Likeness>, Failure> {
        self.read(|ledger| {
            let names = list_names(ledger)?;
            let said: BTreeSet<(String, String)> = judgings(ledger)?
                .into_iter()
                .map(|one| (one.left, one.right))
                .collect();
            let clusters = clusters(ledger)?;
            let mut records = Vec::new();
            let mut of = Vec::new();
            ledger.each_listed::<Failure>(None, |row| {
                let Some(list) = names.get(&row.list.to_string()) else {
                    return Ok(());
                };
                let record = entity::read_line(&row.body)
                    .ok()
                    .filter(|e| e.schema().is_some_and(|s| s.matchable))
                    .and_then(|e| matching::record(&e));
                if let Some(record) = record {
                    records.push(record);
                    of.push((list.clone(), row.caption));
                }
                Ok(())
            })?;
            let index = Index::of(records);
            let how = Search {
                threshold,
                ..Search::default()
            };
            let mut pairs = Vec::new();
            index.pairs(&how, |pair| pairs.push(pair), |_| {});
            pairs.sort_by(|a, b| {
                let doubt = |score: f32| (score - 0.5).abs();
                doubt(a.score)
                    .total_cmp(&doubt(b.score))
                    .then(b.score.total_cmp(&a.score))
                    .then((a.left, a.right).cmp(&(b.left, b.right)))
            });
            let mut out = Vec::new();
            for pair in pairs {
                let (Some(a), Some(b)) = (
                    index.records().get(pair.left),
                    index.records().get(pair.right),
                ) else {
                    continue;
                };
                let key = ordered(&a.id, &b.id);
                if a.id == b.id
                    || said.contains(&key)
                    || clusters.canonical(&a.id) == clusters.canonical(&b.id)
                {
                    continue;
                }
                let (Some((_, left_caption)), Some((list, right_caption))) =
                    (of.get(pair.left), of.get(pair.right))
                else {
                    continue;
                };
                let compared = matching::compare(a, b);
                out.push(Likeness {
                    left: a.id.clone(),
                    right: b.id.clone(),
                    left_caption: left_caption.clone(),
                    right_caption: right_caption.clone(),
                    list: list.clone(),
                    score: compared.score,
                    because: because(compared),
                });
                if out.len() >= most {
                    break;
                }
            }
            Ok(out)
        })
    }

    /// Why two records may be one, whatever anybody said.
    ///
    /// # Errors
    /// An id is not known, or the case is damaged.
    pub fn likeness(&self, left: &str, right: &str) -> Result<(f32, Vec<Because>), Failure> {
        self.read(|ledger| {
            let record = |id: &str| -> Result<_, Failure> {
                let rows = ledger.listed(id)?;
                let row = rows.first().ok_or_else(|| unknown_entity(id))?;
                let found = entity::read_line(&row.body)
                    .ok()
                    .and_then(|e| matching::record(&e));
                found.ok_or_else(|| {
                    Failure::new(
                        Whose::You,
                        "not-comparable",
                        format!("`{id}` is of a schema that is not known here"),
                    )
                })
            };
            let compared = matching::compare(&record(left)?, &record(right)?);
            Ok((compared.score, because(compared)))
        })
    }

    /// Hands over every entity of the case as FollowTheMoney: records that people called the same as one, with the ids of
    /// all under `referents`, the lists under `datasets`. `plain`: our own schemata as plain FollowTheMoney.
    ///
    /// # Errors
    /// The case is damaged, or an error of `each`.
    pub fn export(
        &self,
        plain: bool,
        mut each: impl FnMut(Entity) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        self.read(|ledger| {
            let clusters = clusters(ledger)?;
            let names = list_names(ledger)?;
            let mut order: Vec<String> = Vec::new();
            let mut joined: HashMap<String, Vec<Listed>> = HashMap::new();
            ledger.each_listed::<Failure>(None, |row| {
                if !names.contains_key(&row.list.to_string()) {
                    return Ok(());
                }
                let id = clusters.canonical(&row.id).to_owned();
                let rows = joined.entry(id.clone()).or_default();
                if rows.is_empty() {
                    order.push(id);
                }
                rows.push(row);
                Ok(())
            })?;
            for id in order {
                let rows = joined.remove(&id).unwrap_or_default();
                let mut merged = merged(&id, &rows, &names);
                for values in merged.properties.values_mut() {
                    // Links follow their ends.
                    for value in values.iter_mut() {
                        let to = clusters.canonical(value);
                        if to != value.as_str() {
                            *value = to.to_owned();
                        }
                    }
                }
                each(if plain {
                    entity::project(&merged)
                } else {
                    merged
                })?;
            }
            Ok(())
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
fn imports(ledger: &Ledger) -> Result<Vec<(Decision, Value)>, Failure> {
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

/// Names of the lists that stand, by their hash.
fn list_names(ledger: &Ledger) -> Result<BTreeMap<String, String>, Failure> {
    Ok(lists(ledger)?
        .into_iter()
        .map(|list| (list.sha256, list.name))
        .collect())
}

pub(crate) fn judgings(ledger: &Ledger) -> Result<Vec<Judging>, Failure> {
    let mut out = Vec::new();
    for decision in standing(ledger)? {
        let judgement = match decision.act.as_str() {
            SAME => SAME,
            DIFFERENT => DIFFERENT,
            UNSURE => UNSURE,
            _ => continue,
        };
        let body: Value = serde_json::from_str(&decision.body).unwrap_or_default();
        out.push(Judging {
            decision: decision.number,
            left: text(&body, "left").unwrap_or_default(),
            right: text(&body, "right").unwrap_or_default(),
            judgement,
            by: decision.who,
            at: jiff::Timestamp::from_microsecond(decision.at)
                .unwrap_or_default()
                .to_string(),
            reason: decision.reason,
            score: body.get("score").and_then(Value::as_f64),
        });
    }
    Ok(out)
}

pub(crate) fn judged(judgings: &[Judging]) -> Vec<Judged> {
    judgings
        .iter()
        .map(|one| Judged {
            target: one.right.clone(),
            source: one.left.clone(),
            judgement: match one.judgement {
                SAME => Judgement::Positive,
                DIFFERENT => Judgement::Negative,
                _ => Judgement::Unsure,
            },
            score: one.score,
            user: Some(one.by.clone()),
            at: Some(one.at.clone()),
        })
        .collect()
}

fn clusters(ledger: &Ledger) -> Result<Clusters, Failure> {
    Ok(matching::clusters(&judged(&judgings(ledger)?)))
}

pub(crate) fn merged(id: &str, rows: &[Listed], names: &BTreeMap<String, String>) -> Entity {
    let model = entity::model();
    let mut out = Entity {
        id: id.to_owned(),
        ..Entity::default()
    };
    let mut referents = BTreeSet::new();
    let mut datasets = BTreeSet::new();
    for row in rows {
        let Ok(record) = entity::read_line(&row.body) else {
            continue;
        };
        if out.schema.is_empty() {
            out.schema.clone_from(&record.schema);
            out.context.clone_from(&record.context);
        } else if let (Some(a), Some(b)) = (model.get(&out.schema), model.get(&record.schema))
            && let Some(common) = a.common(b)
        {
            out.schema.clone_from(&common.name);
        }
        for (name, values) in record.properties {
            for value in values {
                out.add(&name, value);
            }
        }
        if row.id != id {
            referents.insert(row.id.clone());
        }
        datasets.extend(names.get(&row.list.to_string()).cloned());
    }
    let caption = entity::caption(&out);
    out.context.insert("caption".into(), json!(caption));
    out.context.insert("datasets".into(), json!(datasets));
    if !referents.is_empty() {
        out.context.insert("referents".into(), json!(referents));
    }
    out
}

fn view(id: &str, rows: &[Listed], names: &BTreeMap<String, String>) -> EntityView {
    let whole = merged(id, rows, names);
    let mut properties: BTreeMap<String, Vec<Sourced>> = BTreeMap::new();
    for row in rows {
        let Ok(record) = entity::read_line(&row.body) else {
            continue;
        };
        let list = names
            .get(&row.list.to_string())
            .cloned()
            .unwrap_or_default();
        for (name, values) in record.properties {
            let known = properties.entry(name).or_default();
            for value in values {
                match known.iter_mut().find(|one| one.value == value) {
                    Some(one) => {
                        if !one.lists.contains(&list) {
                            one.lists.push(list.clone());
                        }
                        one.records.push(row.id.clone());
                    }
                    None => known.push(Sourced {
                        value,
                        lists: vec![list.clone()],
                        records: vec![row.id.clone()],
                    }),
                }
            }
        }
    }
    let schema = entity::model().get(&whole.schema);
    let disagreements = properties
        .iter()
        .filter(|(name, values)| {
            let kind = schema.and_then(|s| s.properties.get(*name)).map(|p| p.kind);
            let years: BTreeSet<&str> = values.iter().filter_map(|v| v.value.get(..4)).collect();
            let once = matches!(
                name.as_str(),
                "birthDate"
                    | "deathDate"
                    | "incorporationDate"
                    | "buildDate"
                    | "gender"
                    | "imoNumber"
            );
            once && if kind == Some(Kind::Date) {
                years.len() > 1
            } else {
                values.len() > 1
            }
        })
        .map(|(name, _)| name.clone())
        .collect();
    EntityView {
        id: id.to_owned(),
        caption: entity::caption(&whole),
        schema: whole.schema,
        sources: rows
            .iter()
            .map(|row| Source {
                id: row.id.clone(),
                list: names
                    .get(&row.list.to_string())
                    .cloned()
                    .unwrap_or_default(),
                sha256: row.list.to_string(),
                schema: row.schema.clone(),
                caption: row.caption.clone(),
            })
            .collect(),
        properties,
        disagreements,
        links: Vec::new(),
        judgements: Vec::new(),
    }
}

/// Links of an entity, by reading all records once.
fn links(ledger: &Ledger, clusters: &Clusters, id: &str) -> Result<Vec<Link>, Failure> {
    let mut out = Vec::new();
    ledger.each_listed::<Failure>(None, |row| {
        let Ok(record) = entity::read_line(&row.body) else {
            return Ok(());
        };
        for edge in entity::edges(&record) {
            let (from, to) = (
                clusters.canonical(edge.source),
                clusters.canonical(edge.target),
            );
            if (from == id) == (to == id) {
                continue;
            }
            let outgoing = from == id;
            out.push(Link {
                label: edge.label.to_owned(),
                outgoing,
                other: if outgoing { to } else { from }.to_owned(),
                other_caption: None,
                via: edge.property.is_none().then(|| record.id.clone()),
            });
        }
        Ok(())
    })?;
    for link in &mut out {
        link.other_caption = ledger
            .listed(&link.other)?
            .first()
            .map(|row| row.caption.clone());
    }
    Ok(out)
}
