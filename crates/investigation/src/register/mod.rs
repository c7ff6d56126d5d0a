//! The lists of a case in memory, ready to answer at once: who may this be, which records hold these words, what
//! points at this entity, which pairs wait for a person.
//!
//! Built once and again when the lists or the judgements change; a list that stays is not read again. What people
//! said of pairs is applied to each answer: records called the same answer as one.

mod find;
mod part;
mod waiting;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use entity::Entity;
use matching::{Clusters, Search};
use store::Ledger;

use crate::case::{Case, with_ledger_key};
use crate::entities::{self, Known, ListInfo};
use crate::screening::{Because, because, ordered};
use crate::{Failure, Whose};

pub use find::{FACETS, Findings, Narrowed};
use part::{Part, Row};
use waiting::Pairs;
pub use waiting::{DOUBT, Waiting};

/// The lists of a case at one moment.
#[derive(Debug)]
pub struct Register {
    /// The last decision of the log that it knows.
    last: u64,
    lists: Vec<ListInfo>,
    known: Known,
    parts: Vec<Arc<Part>>,
    clusters: Clusters,
    /// Ids of records by the id that stands for them, where there are several.
    members: HashMap<String, Vec<String>>,
    /// Pairs of entities of which somebody said something, by both ids in order.
    said: BTreeSet<(String, String)>,
    pairs: Arc<Pairs>,
}

/// Keeps the register of a case up to date.
#[derive(Debug, Default)]
pub struct Registry {
    now: Mutex<Option<Arc<Register>>>,
    building: Mutex<()>,
}

/// Somebody on a list who may be the one that was asked for.
#[derive(Debug)]
pub struct Candidate {
    /// As the case has it: records that people called the same are one, with `referents` and `datasets`.
    pub entity: Entity,
    /// The record that agrees best.
    pub record: String,
    pub list: String,
    pub score: f32,
    pub because: Vec<Because>,
}

impl Registry {
    /// The register as the case is now: built if there is none or lists or judgements changed.
    ///
    /// # Errors
    /// The case is damaged.
    pub fn current(&self, case: &Case) -> Result<Arc<Register>, Failure> {
        let fresh = |last: u64| {
            let now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
            now.clone().filter(|register| register.last == last)
        };
        let last = case.read(|ledger| Ok(ledger.last_decision()?))?;
        if let Some(register) = fresh(last) {
            return Ok(register);
        }
        let _one = self.building.lock().unwrap_or_else(PoisonError::into_inner);
        let last = case.read(|ledger| Ok(ledger.last_decision()?))?;
        if let Some(register) = fresh(last) {
            return Ok(register);
        }
        let before = self
            .now
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        // A connection of its own: reading a long list must not keep other questions waiting.
        let ledger = with_ledger_key(&case.keys, |key| {
            Ledger::open_read_only(&case.folder.ledger(), key)
        })?;
        let register = Arc::new(Register::read(&ledger, before.as_deref())?);
        *self.now.lock().unwrap_or_else(PoisonError::into_inner) = Some(register.clone());
        Ok(register)
    }

    /// Whether something can be answered without reading lists first.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.now
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .is_some()
    }
}

impl Register {
    pub(crate) fn read(ledger: &Ledger, before: Option<&Self>) -> Result<Self, Failure> {
        let last = ledger.last_decision()?;
        let lists = entities::lists(ledger)?;
        let judgings = entities::judgings(ledger)?;
        let clusters = matching::clusters(&entities::judged(&judgings));
        let mut parts = Vec::with_capacity(lists.len());
        for list in &lists {
            let known =
                before.and_then(|register| register.parts.iter().find(|p| p.sha256 == list.sha256));
            parts.push(match known {
                Some(part) => part.clone(),
                None => Arc::new(Part::read(ledger, &list.sha256)?),
            });
        }
        let same = |old: &&Self| {
            old.parts.len() == parts.len()
                && old.parts.iter().zip(&parts).all(|(a, b)| Arc::ptr_eq(a, b))
        };
        let pairs = before
            .filter(same)
            .map_or_else(Arc::default, |old| old.pairs.clone());
        let mut members: HashMap<String, Vec<String>> = HashMap::new();
        for (id, to) in &clusters.of {
            members.entry(to.clone()).or_default().push(id.clone());
        }
        Ok(Self {
            last,
            known: lists
                .iter()
                .map(|list| {
                    let told = (list.name.clone(), list.published.clone());
                    (list.sha256.clone(), told)
                })
                .collect(),
            said: judgings
                .iter()
                .map(|one| {
                    ordered(
                        clusters.canonical(&one.left),
                        clusters.canonical(&one.right),
                    )
                })
                .collect(),
            lists,
            parts,
            clusters,
            members,
            pairs,
        })
    }

    #[must_use]
    pub fn lists(&self) -> &[ListInfo] {
        &self.lists
    }

    /// The lists that a name stands for: `default` for all, else the list's name or hash.
    #[must_use]
    pub fn dataset(&self, name: &str) -> Option<Vec<usize>> {
        if name == "default" {
            return Some((0..self.parts.len()).collect());
        }
        let found: Vec<usize> = self
            .lists
            .iter()
            .enumerate()
            .filter(|(_, list)| list.name == name || list.sha256 == name)
            .map(|(at, _)| at)
            .collect();
        (!found.is_empty()).then_some(found)
    }

    /// Schemata of the records that can be matched, with how many there are.
    #[must_use]
    pub fn schemata(&self, dataset: &[usize]) -> BTreeMap<&'static str, u64> {
        let mut out = BTreeMap::new();
        for part in dataset.iter().filter_map(|at| self.parts.get(*at)) {
            for record in part.index.records() {
                *out.entry(record.schema.name.as_str()).or_default() += 1;
            }
        }
        out
    }

    fn list_name(&self, part: &Part) -> String {
        self.known
            .get(&part.sha256)
            .map_or_else(String::new, |(name, _)| name.clone())
    }

    /// The id that stands for a record.
    #[must_use]
    pub fn canonical<'a>(&'a self, id: &'a str) -> &'a str {
        self.clusters.canonical(id)
    }

    /// The ids of the records of an entity.
    fn ids(&self, canonical: &str) -> Vec<String> {
        self.members
            .get(canonical)
            .cloned()
            .unwrap_or_else(|| vec![canonical.to_owned()])
    }

    /// The rows of an entity's records, with the list of each.
    fn rows<'a>(&'a self, canonical: &'a str) -> impl Iterator<Item = (usize, &'a Row)> {
        let one = [canonical];
        let ids = self.members.get(canonical);
        let several = ids.into_iter().flatten().map(String::as_str);
        let alone = one.into_iter().filter(move |_| ids.is_none());
        several.chain(alone).flat_map(move |id| {
            self.parts
                .iter()
                .enumerate()
                .flat_map(move |(at, part)| part.rows_of(id).map(move |row| (at, row)))
        })
    }

    /// One entity by the id of any of its records; `None` if no list has it.
    ///
    /// # Errors
    /// The case is damaged.
    pub fn entity(&self, case: &Case, id: &str) -> Result<Option<Entity>, Failure> {
        let canonical = self.canonical(id).to_owned();
        case.read(|ledger| {
            let mut rows = Vec::new();
            for one in self.ids(&canonical) {
                let found = ledger.listed(&one)?;
                rows.extend(
                    found
                        .into_iter()
                        .filter(|row| self.known.contains_key(&row.list.to_string())),
                );
            }
            Ok((!rows.is_empty()).then(|| entities::merged(&canonical, &rows, &self.known)))
        })
    }

    /// Entities that refer to this one; at most `most`, and how many there are.
    ///
    /// # Errors
    /// The case is damaged.
    pub fn referring(
        &self,
        case: &Case,
        canonical: &str,
        most: usize,
    ) -> Result<(usize, Vec<Entity>), Failure> {
        let mut found: BTreeSet<String> = BTreeSet::new();
        for id in self.ids(canonical) {
            for part in &self.parts {
                let from = part.referring(&id).map(|id| self.canonical(id).to_owned());
                found.extend(from);
            }
        }
        found.remove(canonical);
        let total = found.len();
        let mut out = Vec::new();
        for id in found.into_iter().take(most) {
            out.extend(self.entity(case, &id)?);
        }
        Ok((total, out))
    }

    /// Who on the lists may this be, best first; records called the same count once. Also how many there are.
    ///
    /// # Errors
    /// The case is damaged, or the schema of `asked` cannot be matched.
    pub fn screen(
        &self,
        case: &Case,
        dataset: &[usize],
        asked: &Entity,
        how: &Search,
    ) -> Result<(usize, Vec<Candidate>), Failure> {
        let record = matching::record(asked).ok_or_else(|| {
            Failure::new(
                Whose::You,
                "bad-schema",
                format!("`{}` is no schema that is known here", asked.schema),
            )
        })?;
        let wide = Search {
            most: usize::MAX,
            ..*how
        };
        let mut hits: Vec<(f32, usize, usize)> = Vec::new();
        for at in dataset {
            if let Some(part) = self.parts.get(*at) {
                let found = part.index.search(&record, &wide);
                hits.extend(found.into_iter().map(|hit| (hit.score, *at, hit.record)));
            }
        }
        hits.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        let mut seen = BTreeSet::new();
        let mut out = Vec::new();
        for (score, at, nth) in hits {
            let Some(part) = self.parts.get(at) else {
                continue;
            };
            let Some(found) = part.index.records().get(nth) else {
                continue;
            };
            if !seen.insert(self.canonical(&found.id)) || out.len() >= how.most {
                continue;
            }
            if let Some(entity) = self.entity(case, &found.id)? {
                out.push(Candidate {
                    entity,
                    record: found.id.clone(),
                    list: self.list_name(part),
                    score,
                    because: because(matching::compare(&record, found)),
                });
            }
        }
        Ok((seen.len(), out))
    }
}
