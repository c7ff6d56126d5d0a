//! Entities as views over the records of lists: values side by side with who says so.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use entity::{Entity, Kind};
use matching::Clusters;
use serde::Serialize;
use serde_json::json;
use store::{Ledger, Listed};

use super::judgements::{Judging, clusters, judgings};
use super::{Known, known, unknown_entity};
use crate::Failure;
use crate::case::Case;

/// One record behind an entity.
#[derive(Clone, Debug, Serialize)]
pub struct Source {
    pub id: String,
    pub list: String,
    pub sha256: String,
    pub schema: String,
    pub caption: String,
    /// When it was first and last seen on its list, by its own word; else when the list was published.
    pub from: Option<String>,
    pub until: Option<String>,
    /// Another list had a record with this id before: this one is a claim about the same, and no more.
    pub again: bool,
}

/// A value with the records that give it.
#[derive(Clone, Debug, Serialize)]
pub struct Sourced {
    pub value: String,
    /// Names of lists.
    pub lists: Vec<String>,
    /// Ids of records.
    pub records: Vec<String>,
    /// The earliest and the latest time at which one of the records stood on its list.
    pub from: Option<String>,
    pub until: Option<String>,
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

impl Case {
    /// One entity, by the id of any of its records.
    ///
    /// # Errors
    /// There is none, or the case is damaged.
    pub fn entity(&self, id: &str) -> Result<EntityView, Failure> {
        self.read(|ledger| {
            let clusters = clusters(ledger)?;
            let known = known(ledger)?;
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
                        .filter(|row| known.contains_key(&row.list.to_string())),
                );
            }
            if rows.is_empty() {
                return Err(unknown_entity(id));
            }
            let mut view = view(&canonical, &rows, &known);
            view.links = links(ledger, &clusters, &ids)?;
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
            let known = known(ledger)?;
            let mut rows = ledger.listed(id)?;
            rows.retain(|row| known.contains_key(&row.list.to_string()));
            if rows.is_empty() {
                return Err(unknown_entity(id));
            }
            Ok(view(id, &rows, &known))
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
            let known = known(ledger)?;
            let mut order: Vec<String> = Vec::new();
            let mut joined: HashMap<String, Vec<Listed>> = HashMap::new();
            ledger.each_listed::<Failure>(None, |row| {
                if !known.contains_key(&row.list.to_string()) {
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
                let mut merged = merged(&id, &rows, &known);
                origins(&mut merged, &rows, &known);
                // Links follow their ends.
                let moved = |value: &String| clusters.canonical(value) != value;
                for values in merged.properties.values_mut() {
                    if values.iter().any(moved) {
                        let to = values
                            .iter()
                            .map(|value| clusters.canonical(value).to_owned());
                        let mut seen = BTreeSet::new();
                        *values = to.filter(|value| seen.insert(value.clone())).collect();
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

/// Whether an earlier row, of another list, has the id of each row: then the row is a claim about what that list
/// calls so, and does not say what it is called.
fn again(rows: &[Listed]) -> Vec<bool> {
    let mut first: HashMap<&str, &casefile::Sha256> = HashMap::new();
    rows.iter()
        .map(|row| *first.entry(&row.id).or_insert(&row.list) != &row.list)
        .collect()
}

/// Records as one entity: all values, the ids of all under `referents`, the names of their lists under `datasets`.
pub(crate) fn merged(id: &str, rows: &[Listed], known: &Known) -> Entity {
    let model = entity::model();
    let mut out = Entity {
        id: id.to_owned(),
        ..Entity::default()
    };
    let mut called = None;
    let mut referents = BTreeSet::new();
    let mut datasets = BTreeSet::new();
    for (row, again) in rows.iter().zip(again(rows)) {
        let Ok(record) = entity::read_line(&row.body) else {
            continue;
        };
        if again && called.is_none() {
            called = Some(entity::caption(&out));
        }
        if out.schema.is_empty() {
            out.schema.clone_from(&record.schema);
            out.context.clone_from(&record.context);
        } else if let (Some(a), Some(b)) = (model.get(&out.schema), model.get(&record.schema))
            && let Some(common) = a.common(b)
        {
            out.schema.clone_from(&common.name);
        }
        for (time, latest) in [
            ("first_seen", false),
            ("last_seen", true),
            ("last_change", true),
        ] {
            widen(&mut out, time, record.context.get(time), latest);
        }
        for (name, values) in record.properties {
            add_all(out.properties.entry(name).or_default(), values);
        }
        if row.id != id {
            referents.insert(row.id.clone());
        }
        let own = record.context.get("referents").and_then(|v| v.as_array());
        let own = own.into_iter().flatten().filter_map(|v| v.as_str());
        referents.extend(own.filter(|other| *other != id).map(str::to_owned));
        datasets.extend(
            known
                .get(&row.list.to_string())
                .map(|(name, _)| name.clone()),
        );
    }
    let caption = called.unwrap_or_else(|| entity::caption(&out));
    out.context.insert("caption".into(), json!(caption));
    out.context.insert("datasets".into(), json!(datasets));
    out.context.remove("referents");
    if !referents.is_empty() {
        out.context.insert("referents".into(), json!(referents));
    }
    out
}

fn add_all(known: &mut Vec<String>, values: Vec<String>) {
    if known.is_empty() {
        *known = values;
        return;
    }
    let seen: BTreeSet<String> = known.iter().cloned().collect();
    known.extend(values.into_iter().filter(|value| !seen.contains(value)));
}

/// The earliest or the latest of a time of several records.
fn widen(out: &mut Entity, time: &str, said: Option<&serde_json::Value>, latest: bool) {
    let Some(said) = said.and_then(|value| value.as_str()) else {
        return;
    };
    let before = out.context.get(time).and_then(|value| value.as_str());
    let wider = before.is_none_or(|before| if latest { said > before } else { said < before });
    if wider {
        out.context.insert(time.to_owned(), json!(said));
    }
}

/// Datasets as the records name them themselves, where they do: so that what is exported and comes in again stays the
/// same.
fn origins(out: &mut Entity, rows: &[Listed], known: &Known) {
    let mut all: BTreeSet<String> = BTreeSet::new();
    for row in rows {
        let record = entity::read_line(&row.body).ok();
        let own = record
            .as_ref()
            .and_then(|record| record.context.get("datasets")?.as_array());
        let own: Vec<&str> = own
            .into_iter()
            .flatten()
            .filter_map(|name| name.as_str())
            .collect();
        if own.is_empty() {
            all.extend(
                known
                    .get(&row.list.to_string())
                    .map(|(name, _)| name.clone()),
            );
        } else {
            all.extend(own.into_iter().map(str::to_owned));
        }
    }
    out.context.insert("datasets".into(), json!(all));
}

/// `2019-03 to 2021`, or one of the two.
#[must_use]
pub fn between(from: Option<&str>, until: Option<&str>) -> Option<String> {
    match (from, until) {
        (None, None) => None,
        (Some(one), Some(other)) if one == other => Some(one.to_owned()),
        (Some(from), Some(until)) => Some(format!("{from} to {until}")),
        (Some(from), None) => Some(format!("from {from}")),
        (None, Some(until)) => Some(format!("until {until}")),
    }
}

/// When a record stood on its list.
fn stood(record: &Entity, published: Option<&String>) -> (Option<String>, Option<String>) {
    let said = |name: &str| {
        let value = record.context.get(name).and_then(|value| value.as_str());
        value.map(|time| time.split('T').next().unwrap_or(time).to_owned())
    };
    (
        said("first_seen").or_else(|| published.cloned()),
        said("last_seen").or_else(|| published.cloned()),
    )
}

fn view(id: &str, rows: &[Listed], known: &Known) -> EntityView {
    let whole = merged(id, rows, known);
    let mut properties: BTreeMap<String, Vec<Sourced>> = BTreeMap::new();
    let mut places: HashMap<(String, String), usize> = HashMap::new();
    let mut sources = Vec::new();
    for (row, again) in rows.iter().zip(again(rows)) {
        let sha256 = row.list.to_string();
        let (list, published) = known.get(&sha256).cloned().unwrap_or_default();
        let record = entity::read_line(&row.body).unwrap_or_default();
        let (from, until) = stood(&record, published.as_ref());
        for (name, values) in record.properties {
            let there = properties.entry(name.clone()).or_default();
            for value in values {
                let at = *places
                    .entry((name.clone(), value.clone()))
                    .or_insert(there.len());
                if at == there.len() {
                    there.push(Sourced {
                        value,
                        lists: Vec::new(),
                        records: Vec::new(),
                        from: None,
                        until: None,
                    });
                }
                if let Some(one) = there.get_mut(at) {
                    if !one.lists.contains(&list) {
                        one.lists.push(list.clone());
                    }
                    one.records.push(row.id.clone());
                    let earlier = from.iter().chain(&one.from).min().cloned();
                    let later = until.iter().chain(&one.until).max().cloned();
                    (one.from, one.until) = (earlier, later);
                }
            }
        }
        sources.push(Source {
            id: row.id.clone(),
            list,
            sha256,
            schema: row.schema.clone(),
            caption: row.caption.clone(),
            from,
            until,
            again,
        });
    }
    let caption = whole.context.get("caption").and_then(|name| name.as_str());
    EntityView {
        id: id.to_owned(),
        caption: caption.unwrap_or_default().to_owned(),
        disagreements: disagreements(&whole.schema, &properties),
        schema: whole.schema,
        sources,
        properties,
        links: Vec::new(),
        judgements: Vec::new(),
    }
}

/// Properties that have one value at a time in life, and have several here.
fn disagreements(schema: &str, properties: &BTreeMap<String, Vec<Sourced>>) -> Vec<String> {
    const ONCE: [&str; 6] = [
        "birthDate",
        "deathDate",
        "incorporationDate",
        "buildDate",
        "gender",
        "imoNumber",
    ];
    let schema = entity::model().get(schema);
    properties
        .iter()
        .filter(|(name, values)| {
            let kind = schema.and_then(|s| s.properties.get(*name)).map(|p| p.kind);
            let years: BTreeSet<&str> = values.iter().filter_map(|v| v.value.get(..4)).collect();
            ONCE.contains(&name.as_str())
                && if kind == Some(Kind::Date) {
                    years.len() > 1
                } else {
                    values.len() > 1
                }
        })
        .map(|(name, _)| name.clone())
        .collect()
}

/// Links of an entity whose records have `ids`: those that its records make, and those of records that refer to them.
fn links(ledger: &Ledger, clusters: &Clusters, ids: &BTreeSet<&str>) -> Result<Vec<Link>, Failure> {
    let known = known(ledger)?;
    let mut seen = BTreeSet::new();
    let mut out = Vec::new();
    for id in ids {
        let own = ledger.listed(id)?.into_iter();
        for row in own.chain(ledger.referring(id)?) {
            let is_new = seen.insert((row.list, row.body.clone()));
            if !is_new || !known.contains_key(&row.list.to_string()) {
                continue;
            }
            let Ok(record) = entity::read_line(&row.body) else {
                continue;
            };
            for edge in entity::edges(&record) {
                let here = |id: &str| ids.contains(id);
                if here(edge.source) == here(edge.target) {
                    continue;
                }
                let outgoing = here(edge.source);
                let other = if outgoing { edge.target } else { edge.source };
                out.push(Link {
                    label: edge.label.to_owned(),
                    outgoing,
                    other: clusters.canonical(other).to_owned(),
                    other_caption: None,
                    via: edge.property.is_none().then(|| record.id.clone()),
                });
            }
        }
    }
    for link in &mut out {
        link.other_caption = ledger
            .listed(&link.other)?
            .first()
            .map(|row| row.caption.clone());
    }
    Ok(out)
}
