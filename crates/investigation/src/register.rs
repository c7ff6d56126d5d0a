//! The lists of a case in memory, ready to answer at once: who may this be, which records hold these words, what
//! points at this entity, which pairs wait for a person.
//!
//! Built once and again when the lists or the judgements change; a list that stays is not read again. What people
//! said of pairs is applied to each answer: records called the same answer as one.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use entity::{Entity, Kind, Schema};
use matching::{Clusters, Index, Search};
use store::{Ledger, Listed};

use crate::case::{Case, with_ledger_key};
use crate::entities::{self, ListInfo};
use crate::screening::{Because, Likeness, because, ordered};
use crate::{Failure, Whose};

/// One list, ready to be asked.
#[derive(Debug)]
struct Part {
    sha256: String,
    /// The records that it makes sense to match.
    index: Index,
    /// What each of them is called.
    captions: Vec<Box<str>>,
    /// All records.
    rows: Vec<Row>,
    /// Words of names and numbers → rows.
    words: BTreeMap<Box<str>, Vec<u32>>,
    /// Hash of an id → rows that refer to it; sorted.
    back: Vec<(u64, u32)>,
}

#[derive(Debug)]
struct Row {
    id: Box<str>,
    schema: Option<&'static Schema>,
    caption: Box<str>,
    countries: Box<[Box<str>]>,
    topics: Box<[Box<str>]>,
}

/// Pairs that may be one, found once for the same lists.
#[derive(Debug, Default)]
struct Pairs {
    begun: AtomicBool,
    found: OnceLock<Vec<Pair>>,
}

#[derive(Clone, Copy, Debug)]
struct Pair {
    left: (usize, usize),
    right: (usize, usize),
    score: f32,
}

/// The lists of a case at one moment.
#[derive(Debug)]
pub struct Register {
    /// The last decision of the log that it knows.
    last: u64,
    lists: Vec<ListInfo>,
    names: BTreeMap<String, String>,
    parts: Vec<Arc<Part>>,
    clusters: Clusters,
    /// Ids of records by the id that stands for them, where there are several.
    members: HashMap<String, Vec<String>>,
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

/// What a search of words narrows by; empty means all.
#[derive(Clone, Debug, Default)]
pub struct Narrowed {
    pub schema: Option<String>,
    pub countries: Vec<String>,
    pub topics: Vec<String>,
}

/// What a search of words found.
#[derive(Debug, Default)]
pub struct Findings {
    pub total: usize,
    pub entities: Vec<Entity>,
    /// Facet → value → how many.
    pub facets: BTreeMap<&'static str, BTreeMap<String, u64>>,
}

/// Pairs that wait for a person.
#[derive(Debug)]
pub struct Waiting {
    pub total: usize,
    pub pairs: Vec<Likeness>,
}

/// Pairs less likely than this are not asked about.
pub const DOUBT: f32 = 0.3;
/// Pairs that wait, at most: nobody decides about more in one sitting.
const MOST_PAIRS: usize = 200_000;
/// Words of one record that it can be found by.
const MOST_WORDS: usize = 2_000;

fn hash(id: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish()
}

/// Words in small letters; Chinese, Japanese and Korean runs as pairs of characters, so that parts of a name are found.
fn words(text: &str, out: &mut BTreeSet<String>) {
    let dense = |c: char| matches!(u32::from(c), 0x3040..=0x30FF | 0x3400..=0x9FFF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF | 0x20000..=0x3FFFF);
    for word in text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
    {
        let chars: Vec<char> = word.chars().flat_map(char::to_lowercase).collect();
        for run in chars.chunk_by(|a, b| dense(*a) == dense(*b)) {
            match run {
                [first, _, ..] if dense(*first) => {
                    out.extend(run.windows(2).map(|two| two.iter().collect::<String>()));
                }
                _ => {
                    out.insert(run.iter().collect());
                    // `IMO9074729` is looked for as the bare number too.
                    let digits = run.chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit());
                    out.extend(
                        digits
                            .filter(|part| part.len() > 3 && part.len() < run.len())
                            .filter(|part| part.iter().all(char::is_ascii_digit))
                            .map(|part| part.iter().collect::<String>()),
                    );
                }
            }
            if out.len() >= MOST_WORDS {
                return;
            }
        }
    }
}

impl Part {
    fn read(ledger: &Ledger, sha256: &str) -> Result<Self, Failure> {
        let list = sha256
            .parse()
            .map_err(|_| Failure::new(Whose::Bug, "hash", "a hash does not read back"))?;
        let mut part = Self {
            sha256: sha256.to_owned(),
            index: Index::of(Vec::new()),
            captions: Vec::new(),
            rows: Vec::new(),
            words: BTreeMap::new(),
            back: Vec::new(),
        };
        let mut records = Vec::new();
        let mut waiting = Vec::new();
        ledger.each_listed::<Failure>(Some(list), |row| {
            waiting.push(row);
            if waiting.len() >= 20_000 {
                part.take(std::mem::take(&mut waiting), &mut records);
            }
            Ok(())
        })?;
        part.take(waiting, &mut records);
        part.index = Index::of(records);
        part.back.sort_unstable();
        for rows in part.words.values_mut() {
            rows.shrink_to_fit();
        }
        Ok(part)
    }

    fn take(&mut self, listed: Vec<Listed>, records: &mut Vec<matching::Record>) {
        let entities: Vec<Option<Entity>> =
            crate::screening::spread(&listed, |row| entity::read_line(&row.body).ok());
        let prepared = crate::screening::spread(&entities, |entity| {
            entity
                .as_ref()
                .filter(|e| e.schema().is_some_and(|s| s.matchable))
                .and_then(matching::record)
        });
        for ((row, entity), record) in listed.into_iter().zip(entities).zip(prepared) {
            let Ok(at) = u32::try_from(self.rows.len()) else {
                return;
            };
            let boxed = |values: Vec<&str>| values.into_iter().map(Box::from).collect();
            let mut found = Row {
                id: row.id.into(),
                schema: None,
                caption: row.caption.into(),
                countries: Box::default(),
                topics: Box::default(),
            };
            if let Some(record) = record {
                records.push(record);
                self.captions.push(found.caption.clone());
            }
            if let Some(entity) = entity {
                found.schema = entity.schema();
                found.countries = boxed(entity.values_of(Kind::Country, false));
                found.topics = boxed(entity.values_of(Kind::Topic, false));
                for to in entity.values_of(Kind::Entity, false) {
                    self.back.push((hash(to), at));
                }
                let mut all = BTreeSet::new();
                words(&found.caption, &mut all);
                for kind in [Kind::Name, Kind::Identifier] {
                    for value in entity.values_of(kind, false) {
                        words(value, &mut all);
                    }
                }
                for word in all {
                    self.words.entry(word.into()).or_default().push(at);
                }
            }
            self.rows.push(found);
        }
    }

    /// The rows that have all words; the last word may be the beginning of one.
    fn with_words(&self, asked: &BTreeSet<String>, open: Option<&str>) -> Vec<u32> {
        let mut sets: Vec<Vec<u32>> = Vec::new();
        for word in asked.iter().map(String::as_str) {
            let mut rows: Vec<u32> = if open == Some(word) {
                self.words
                    .range::<str, _>((std::ops::Bound::Included(word), std::ops::Bound::Unbounded))
                    .take_while(|(known, _)| known.starts_with(word))
                    .take(5_000)
                    .flat_map(|(_, rows)| rows.iter().copied())
                    .collect()
            } else {
                self.words.get(word).cloned().unwrap_or_default()
            };
            rows.sort_unstable();
            rows.dedup();
            sets.push(rows);
        }
        sets.sort_by_key(Vec::len);
        let mut sets = sets.into_iter();
        let mut rows = sets.next().unwrap_or_default();
        for other in sets {
            rows.retain(|row| other.binary_search(row).is_ok());
        }
        rows
    }
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
    fn read(ledger: &Ledger, before: Option<&Self>) -> Result<Self, Failure> {
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
            names: lists
                .iter()
                .map(|list| (list.sha256.clone(), list.name.clone()))
                .collect(),
            said: judgings
                .into_iter()
                .map(|one| ordered(&one.left, &one.right))
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
        self.names.get(&part.sha256).cloned().unwrap_or_default()
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
                        .filter(|row| self.names.contains_key(&row.list.to_string())),
                );
            }
            Ok((!rows.is_empty()).then(|| entities::merged(&canonical, &rows, &self.names)))
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
            let wanted = hash(&id);
            for part in &self.parts {
                let from = part.back.partition_point(|(known, _)| *known < wanted);
                let those = part.back.get(from..).unwrap_or_default();
                for (_, row) in those.iter().take_while(|(known, _)| *known == wanted) {
                    if let Some(row) = part.rows.get(*row as usize) {
                        found.insert(self.canonical(&row.id).to_owned());
                    }
                }
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

    /// Entities whose names and numbers have all of some words, the last of which may be unfinished if `prefix`; then those
    /// whose name is the same by sound or in another script. An id finds its entity.
    ///
    /// # Errors
    /// The case is damaged.
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
        let mut wanted = BTreeSet::new();
        words(asked, &mut wanted);
        let open = asked
            .rsplit(|c: char| !c.is_alphanumeric())
            .next()
            .map(str::to_lowercase)
            .filter(|word| prefix && !word.is_empty());
        let fits = |row: &Row| {
            let any = |wanted: &[String], has: &[Box<str>]| {
                wanted.is_empty() || wanted.iter().any(|w| has.iter().any(|h| **h == **w))
            };
            narrowed
                .schema
                .as_deref()
                .is_none_or(|name| row.schema.is_some_and(|s| s.is_a(name)))
                && any(&narrowed.countries, &row.countries)
                && any(&narrowed.topics, &row.topics)
        };
        let mut found: BTreeMap<&str, (usize, usize, &Row)> = BTreeMap::new();
        let lower = asked.to_lowercase();
        for at in dataset {
            let Some(part) = self.parts.get(*at) else {
                continue;
            };
            let rows = if wanted.is_empty() && asked.is_empty() && !prefix {
                (0..u32::try_from(part.rows.len()).unwrap_or(u32::MAX)).collect()
            } else {
                part.with_words(&wanted, open.as_deref())
            };
            for row in rows {
                if let Some(row) = part.rows.get(row as usize).filter(|row| fits(row)) {
                    let exact = usize::from(row.caption.to_lowercase() != lower);
                    found
                        .entry(self.canonical(&row.id))
                        .or_insert((exact, *at, row));
                }
            }
        }
        if !asked.is_empty() && !asked.contains(char::is_whitespace) {
            for (at, part) in self
                .parts
                .iter()
                .enumerate()
                .filter(|(at, _)| dataset.contains(at))
            {
                // A number of a record is mostly one word; the ledger knows it.
                if case.read(|ledger| Ok(!ledger.listed(asked)?.is_empty()))?
                    && let Some(row) = part.rows.iter().find(|row| *row.id == *asked)
                    && fits(row)
                {
                    found.insert(self.canonical(&row.id), (0, at, row));
                }
            }
        }
        let mut facets: BTreeMap<&'static str, BTreeMap<String, u64>> = BTreeMap::new();
        for name in ["countries", "datasets", "schema", "topics"] {
            facets.insert(name, BTreeMap::new());
        }
        let mut count = |facet: &'static str, value: &str| {
            *facets
                .entry(facet)
                .or_default()
                .entry(value.to_owned())
                .or_default() += 1;
        };
        for (_, at, row) in found.values() {
            for country in &row.countries {
                count("countries", country);
            }
            for topic in &row.topics {
                count("topics", topic);
            }
            if let Some(schema) = row.schema {
                count("schema", &schema.name);
            }
            if let Some(list) = self.lists.get(*at) {
                count("datasets", &list.name);
            }
        }
        let mut order: Vec<(usize, usize, &str, &str)> = found
            .iter()
            .map(|(id, (exact, _, row))| {
                let length = if asked.is_empty() {
                    0
                } else {
                    row.caption.len()
                };
                (*exact, length, &*row.caption, *id)
            })
            .collect();
        order.sort_unstable();
        let mut ids: Vec<String> = order
            .into_iter()
            .map(|(_, _, _, id)| id.to_owned())
            .collect();
        if !prefix && !wanted.is_empty() {
            ids.extend(self.by_name(dataset, asked, narrowed, &ids)?);
        }
        let total = ids.len();
        let mut entities = Vec::new();
        for id in ids.into_iter().skip(offset).take(limit) {
            entities.extend(self.entity(case, &id)?);
        }
        Ok(Findings {
            total,
            entities,
            facets,
        })
    }

    /// Ids of entities with such a name, whatever the script, that are not `known` yet.
    fn by_name(
        &self,
        dataset: &[usize],
        name: &str,
        narrowed: &Narrowed,
        known: &[String],
    ) -> Result<Vec<String>, Failure> {
        let mut found: Vec<(f32, String)> = Vec::new();
        let known: BTreeSet<&str> = known.iter().map(String::as_str).collect();
        let mut seen = BTreeSet::new();
        for schema in ["Person", "Organization", "Vessel"] {
            let model = entity::model();
            let fits = narrowed.schema.as_deref().is_none_or(|wanted| {
                model.get(schema).is_some_and(|s| s.is_a(wanted))
                    || model.get(wanted).is_some_and(|w| w.is_a(schema))
            });
            if !fits || !narrowed.countries.is_empty() || !narrowed.topics.is_empty() {
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
                        if !known.contains(id) && seen.insert(id.to_owned()) {
                            found.push((hit.score, id.to_owned()));
                        }
                    }
                }
            }
        }
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        Ok(found.into_iter().map(|(_, id)| id).collect())
    }

    /// Whether the pairs that wait are known; if not, whoever hears `false` first should call [`Register::find_pairs`].
    #[must_use]
    pub fn pairs_known(&self) -> bool {
        self.pairs.found.get().is_some()
    }

    /// Finds the pairs of the lists that may be one. Only the first call does anything.
    pub fn find_pairs(&self) {
        if self.pairs.begun.swap(true, Ordering::SeqCst) {
            return;
        }
        let how = Search {
            threshold: DOUBT,
            ..Search::default()
        };
        let mut all: Vec<Pair> = Vec::new();
        for (a, left) in self.parts.iter().enumerate() {
            left.index.pairs(
                &how,
                |pair| keep(&mut all, (a, pair.left), (a, pair.right), pair.score),
                |_| {},
            );
            for (b, right) in self.parts.iter().enumerate().skip(a + 1) {
                right.index.join(
                    left.index.records(),
                    &how,
                    |pair| keep(&mut all, (a, pair.left), (b, pair.right), pair.score),
                    |_| {},
                );
            }
        }
        all.sort_by(doubt);
        all.truncate(MOST_PAIRS);
        let _ = self.pairs.found.set(all);
    }

    /// Pairs of which nobody has said anything: those whose answer tells most first (the nearer to even, the more), then by
    /// score. None while they are not known.
    #[must_use]
    pub fn waiting(&self, offset: usize, most: usize) -> Waiting {
        let mut out = Waiting {
            total: 0,
            pairs: Vec::new(),
        };
        for pair in self.pairs.found.get().into_iter().flatten() {
            let of = |(part, nth): (usize, usize)| {
                let part = self.parts.get(part)?;
                Some((
                    part.index.records().get(nth)?,
                    part.captions.get(nth)?,
                    part,
                ))
            };
            let (Some((a, left, _)), Some((b, right, part))) = (of(pair.left), of(pair.right))
            else {
                continue;
            };
            if a.id == b.id
                || self.canonical(&a.id) == self.canonical(&b.id)
                || self.said.contains(&ordered(&a.id, &b.id))
            {
                continue;
            }
            if out.total >= offset && out.pairs.len() < most {
                let compared = matching::compare(a, b);
                out.pairs.push(Likeness {
                    left: a.id.clone(),
                    right: b.id.clone(),
                    left_caption: left.to_string(),
                    right_caption: right.to_string(),
                    list: self.list_name(part),
                    score: compared.score,
                    because: because(compared),
                });
            }
            out.total += 1;
        }
        out
    }
}

fn keep(all: &mut Vec<Pair>, left: (usize, usize), right: (usize, usize), score: f32) {
    all.push(Pair { left, right, score });
    if all.len() > MOST_PAIRS * 2 {
        all.sort_by(doubt);
        all.truncate(MOST_PAIRS);
    }
}

fn doubt(a: &Pair, b: &Pair) -> std::cmp::Ordering {
    let far = |score: f32| (score - 0.5).abs();
    far(a.score)
        .total_cmp(&far(b.score))
        .then(b.score.total_cmp(&a.score))
        .then((a.left, a.right).cmp(&(b.left, b.right)))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    #[test]
    fn words_of_names_and_numbers() {
        for (text, expected) in [
            ("Haifeng (Dalian)", vec!["dalian", "haifeng"]),
            ("IMO9074729", vec!["9074729", "imo9074729"]),
            ("大连海丰 Ltd", vec!["ltd", "大连", "海丰", "连海"]),
            ("金", vec!["金"]),
            ("B2", vec!["b2"]),
            ("…", vec![]),
        ] {
            let mut found = BTreeSet::new();
            super::words(text, &mut found);
            assert_eq!(found.into_iter().collect::<Vec<_>>(), expected, "{text}");
        }
    }
}
