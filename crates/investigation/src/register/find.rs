//! Entities by words, narrowed and counted.

use std::collections::{BTreeMap, BTreeSet};

use entity::{Entity, Kind};
use matching::Search;

use super::Register;
use super::part::{Row, moment, words};
use crate::case::Case;
use crate::{Failure, Whose};

/// What can be counted.
pub const FACETS: [&str; 6] = [
    "countries",
    "datasets",
    "genders",
    "identifiers",
    "schema",
    "topics",
];

/// What a search of words narrows by; empty means all.
#[derive(Clone, Debug, Default)]
pub struct Narrowed {
    pub schema: Option<String>,
    /// Schemata that are left out.
    pub not_schemata: Vec<String>,
    pub countries: Vec<String>,
    pub topics: Vec<String>,
    /// Names of lists.
    pub datasets: Vec<String>,
    /// A property, a type's group (`countries`, `dates` …) or `schema`, with a value.
    pub values: Vec<(String, String)>,
    /// Whether of several values of one field all are wanted; else any is enough.
    pub all_of: bool,
    /// Only what changed after this time, by what the records say, else by when their list came in.
    pub changed_since: Option<String>,
    /// Which of [`FACETS`] are counted.
    pub facets: Vec<&'static str>,
    /// By `caption`, `id`, `schema` or `last_change`, and whether downwards; else by how well they fit.
    pub sort: Vec<(String, bool)>,
}

/// What a search of words found.
#[derive(Debug, Default)]
pub struct Findings {
    pub total: usize,
    pub entities: Vec<Entity>,
    /// Facet → value → how many entities.
    pub facets: BTreeMap<&'static str, BTreeMap<String, u64>>,
}

/// An entity that was found, by all its records.
struct Met<'a> {
    id: &'a str,
    /// The least: its caption is what was asked for; then a word of it is; then it is like it by sound.
    rank: (usize, usize),
    caption: &'a str,
    schema: Option<&'static entity::Schema>,
    rows: Vec<(usize, &'a Row)>,
}

impl Narrowed {
    /// Whether all or any of some wanted values are there.
    fn fits(&self, wanted: &[String], has: impl Fn(&str) -> bool) -> bool {
        wanted.is_empty()
            || if self.all_of {
                wanted.iter().all(|one| has(one))
            } else {
                wanted.iter().any(|one| has(one))
            }
    }
}

impl Register {
    /// When an entity last changed: see [`moment`].
    fn changed(&self, rows: &[(usize, &Row)]) -> u64 {
        let of = |(at, row): &(usize, &Row)| match row.changed {
            0 => self.lists.get(*at).map_or(0, |list| moment(&list.at)),
            said => said,
        };
        rows.iter().map(of).max().unwrap_or(0)
    }

    /// Whether an entity changed after a time.
    #[must_use]
    pub fn changed_since(&self, id: &str, since: &str) -> bool {
        let rows: Vec<(usize, &Row)> = self.rows(self.canonical(id)).collect();
        self.changed(&rows) > moment(since)
    }

    fn met<'a>(&'a self, id: &'a str, asked: &str) -> Option<Met<'a>> {
        let rows: Vec<(usize, &Row)> = self.rows(id).collect();
        let (_, first) = rows.first()?;
        let exact = rows
            .iter()
            .any(|(_, row)| row.caption.to_lowercase() == asked);
        Some(Met {
            id,
            rank: (usize::from(!exact), first.caption.len()),
            caption: &first.caption,
            schema: first.schema,
            rows,
        })
    }

    fn fits(&self, met: &Met<'_>, narrowed: &Narrowed) -> bool {
        let row = |has: &dyn Fn(&Row) -> bool| met.rows.iter().any(|(_, row)| has(row));
        let is_a = |name: &str| met.schema.is_some_and(|schema| schema.is_a(name));
        let named = |name: &str| met.schema.is_some_and(|schema| schema.name == name);
        narrowed.schema.as_deref().is_none_or(is_a)
            && !narrowed.not_schemata.iter().any(|name| named(name))
            && narrowed.fits(&narrowed.countries, |code| {
                row(&|row| row.countries.iter().any(|has| **has == *code))
            })
            && narrowed.fits(&narrowed.topics, |topic| {
                row(&|row| row.topics.iter().any(|has| **has == *topic))
            })
            && narrowed.fits(&narrowed.datasets, |name| {
                let named = |at: usize| self.lists.get(at).is_some_and(|list| list.name == name);
                met.rows.iter().any(|(at, _)| named(*at))
            })
            && narrowed
                .changed_since
                .as_deref()
                .is_none_or(|since| self.changed(&met.rows) > moment(since))
    }

    /// Entities whose names and numbers have all of some words, the last of which may be unfinished if `prefix`; then
    /// those whose name is the same by sound or in another script. An id finds its entity.
    ///
    /// # Errors
    /// The case is damaged, or a field to narrow or sort by is not known.
    pub fn find(
        &self,
        case: &Case,
        dataset: &[usize],
        asked: &str,
        narrowed: &Narrowed,
        prefix: bool,
        (offset, limit): (usize, usize),
    ) -> Result<Findings, Failure> {
        let asked = asked.trim();
        let lower = asked.to_lowercase();
        let mut met: Vec<Met<'_>> = self
            .worded(dataset, asked, prefix)
            .into_iter()
            .filter_map(|id| self.met(id, &lower))
            .collect();
        if !prefix {
            let known: BTreeSet<&str> = met.iter().map(|one| one.id).collect();
            let further = self.by_name(dataset, asked, narrowed, &known);
            for (nth, id) in further.into_iter().enumerate() {
                met.extend(self.met(id, &lower).map(|one| Met {
                    rank: (2, nth),
                    ..one
                }));
            }
        }
        met.retain(|one| self.fits(one, narrowed));
        if !narrowed.values.is_empty() {
            met = self.valued(case, met, narrowed)?;
        }
        let facets = self.counted(case, &met, &narrowed.facets)?;
        self.sort(&mut met, &narrowed.sort, asked.is_empty())?;
        let total = met.len();
        let mut entities = Vec::new();
        for one in met.into_iter().skip(offset).take(limit) {
            entities.extend(self.entity(case, one.id)?);
        }
        Ok(Findings {
            total,
            entities,
            facets,
        })
    }

    /// Ids of the entities that have the words, each once; all, if nothing is asked for.
    fn worded(&self, dataset: &[usize], asked: &str, prefix: bool) -> BTreeSet<&str> {
        let mut wanted = BTreeSet::new();
        words(asked, &mut wanted);
        let open = asked
            .rsplit(|c: char| !c.is_alphanumeric())
            .next()
            .map(str::to_lowercase)
            .filter(|word| prefix && !word.is_empty());
        let mut found = BTreeSet::new();
        for part in dataset.iter().filter_map(|at| self.parts.get(*at)) {
            if asked.is_empty() {
                found.extend(part.rows.iter().map(|row| self.canonical(&row.id)));
                continue;
            }
            let rows = part.with_words(&wanted, open.as_deref());
            let rows = rows.into_iter().filter_map(|at| part.rows.get(at as usize));
            found.extend(rows.map(|row| self.canonical(&row.id)));
            found.extend(part.rows_of(asked).map(|row| self.canonical(&row.id)));
        }
        found
    }

    /// Ids of entities with such a name, whatever the script, that are not `known` yet; the likest first.
    fn by_name(
        &self,
        dataset: &[usize],
        name: &str,
        narrowed: &Narrowed,
        known: &BTreeSet<&str>,
    ) -> Vec<&str> {
        let mut found: Vec<(f32, &str)> = Vec::new();
        let mut seen = BTreeSet::new();
        for schema in ["Person", "Organization", "Vessel"] {
            let model = entity::model();
            let fits = narrowed.schema.as_deref().is_none_or(|wanted| {
                model.get(schema).is_some_and(|s| s.is_a(wanted))
                    || model.get(wanted).is_some_and(|w| w.is_a(schema))
            });
            if !fits || name.is_empty() {
                continue;
            }
            let mut asked = Entity {
                id: "query".into(),
                schema: schema.into(),
                ..Entity::default()
            };
            asked.add("name", name);
            let Some(record) = matching::record(&asked) else {
                continue;
            };
            for part in dataset.iter().filter_map(|at| self.parts.get(*at)) {
                for hit in part.index.search(&record, &Search::default()) {
                    if let Some(other) = part.index.records().get(hit.record) {
                        let id = self.canonical(&other.id);
                        if !known.contains(id) && seen.insert(id) {
                            found.push((hit.score, id));
                        }
                    }
                }
            }
        }
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
        found.into_iter().map(|(_, id)| id).collect()
    }

    /// Those of which the records have the wanted values.
    fn valued<'a>(
        &self,
        case: &Case,
        met: Vec<Met<'a>>,
        narrowed: &Narrowed,
    ) -> Result<Vec<Met<'a>>, Failure> {
        let mut wanted: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (field, value) in &narrowed.values {
            let name = field.strip_prefix("properties.").unwrap_or(field);
            if name != "schema" && kind_of(name).is_none() && !is_property(name) {
                return Err(Failure::new(
                    Whose::You,
                    "bad-query",
                    format!("`{field}` is no property that is known here"),
                )
                .hint("a filter is `properties.birthDate:1985` or `countries:kp`"));
            }
            wanted.entry(name).or_default().push(value.clone());
        }
        let mut out = Vec::with_capacity(met.len());
        for one in met {
            let Some(entity) = self.entity(case, one.id)? else {
                continue;
            };
            let fits = wanted.iter().all(|(field, values)| {
                let has: Vec<&str> = match kind_of(field) {
                    _ if *field == "schema" => vec![&entity.schema],
                    Some(kind) => entity.values_of(kind, false),
                    None => entity.get(field).iter().map(String::as_str).collect(),
                };
                narrowed.fits(values, |value| has.contains(&value))
            });
            if fits {
                out.push(one);
            }
        }
        Ok(out)
    }

    fn counted(
        &self,
        case: &Case,
        met: &[Met<'_>],
        facets: &[&'static str],
    ) -> Result<BTreeMap<&'static str, BTreeMap<String, u64>>, Failure> {
        let mut out: BTreeMap<&'static str, BTreeMap<String, u64>> = facets
            .iter()
            .map(|facet| (*facet, BTreeMap::new()))
            .collect();
        // These two are not kept in memory for every record.
        let whole = facets
            .iter()
            .any(|facet| matches!(*facet, "genders" | "identifiers"));
        for one in met {
            let entity = if whole {
                self.entity(case, one.id)?
            } else {
                None
            };
            let kind = |kind: Kind| -> BTreeSet<&str> {
                let values = entity.as_ref().map(|entity| entity.values_of(kind, false));
                values.into_iter().flatten().collect()
            };
            for (facet, counts) in &mut out {
                let rows = one.rows.iter();
                let values: BTreeSet<&str> = match *facet {
                    "countries" => rows
                        .flat_map(|(_, row)| row.countries.iter().map(|v| &**v))
                        .collect(),
                    "topics" => rows
                        .flat_map(|(_, row)| row.topics.iter().map(|v| &**v))
                        .collect(),
                    "datasets" => rows
                        .filter_map(|(at, _)| self.lists.get(*at).map(|list| list.name.as_str()))
                        .collect(),
                    "schema" => one
                        .schema
                        .map(|schema| schema.name.as_str())
                        .into_iter()
                        .collect(),
                    "genders" => kind(Kind::Gender),
                    "identifiers" => kind(Kind::Identifier),
                    _ => BTreeSet::new(),
                };
                for value in values {
                    *counts.entry(value.to_owned()).or_default() += 1;
                }
            }
        }
        Ok(out)
    }

    fn sort(
        &self,
        met: &mut [Met<'_>],
        by: &[(String, bool)],
        nothing_asked: bool,
    ) -> Result<(), Failure> {
        if let Some((field, _)) = by.iter().find(|(field, _)| {
            !matches!(field.as_str(), "caption" | "id" | "schema" | "last_change")
        }) {
            return Err(Failure::new(
                Whose::You,
                "bad-query",
                format!("nothing can be sorted by `{field}`"),
            )
            .hint("sort by caption, id, schema or last_change, with `:desc` for downwards"));
        }
        met.sort_by(|a, b| {
            for (field, down) in by {
                let order = match field.as_str() {
                    "caption" => a.caption.cmp(b.caption),
                    "id" => a.id.cmp(b.id),
                    "schema" => a.schema.map(|s| &s.name).cmp(&b.schema.map(|s| &s.name)),
                    _ => self.changed(&a.rows).cmp(&self.changed(&b.rows)),
                };
                let order = if *down { order.reverse() } else { order };
                if order.is_ne() {
                    return order;
                }
            }
            let rank = |one: &Met<'_>| if nothing_asked { (0, 0) } else { one.rank };
            (rank(a), a.caption, a.id).cmp(&(rank(b), b.caption, b.id))
        });
        Ok(())
    }
}

/// The type of a group's name: `countries`, `dates` …
fn kind_of(group: &str) -> Option<Kind> {
    let kinds = [
        Kind::Name,
        Kind::Country,
        Kind::Date,
        Kind::Topic,
        Kind::Identifier,
        Kind::Gender,
        Kind::Address,
        Kind::Phone,
        Kind::Email,
        Kind::Url,
        Kind::Entity,
    ];
    let model = entity::model();
    kinds
        .into_iter()
        .find(|kind| model.group(*kind) == Some(group))
}

fn is_property(name: &str) -> bool {
    let mut schemata = entity::model().schemata.values();
    schemata.any(|schema| schema.properties.contains_key(name))
}
