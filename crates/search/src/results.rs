//! Asking the index. Results, counts and facets are of whole documents, also of those that are
//! indexed in several parts.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use casefile::DocumentId;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::index::SegmentReader;
use tantivy::query::{BooleanQuery, Occur, Query as Planned};
use tantivy::{DocId, Score, SegmentOrdinal};

use crate::index::{Error, Index, Snapshot};
use crate::plan;
use crate::query::{Glob, Key, Leaf, Node, Query};
use crate::schema::FACETS;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    #[default]
    Relevance,
    /// By the day of publication; documents without one come last in both.
    Newest,
    Oldest,
}

/// Values to narrow the results to: any of those of one list, all of the lists.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filters {
    pub source: Vec<String>,
    pub kind: Vec<String>,
    pub language: Vec<String>,
    pub year: Vec<String>,
    pub outcome: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    pub limit: usize,
    pub offset: usize,
    pub sort: Sort,
    pub filters: Filters,
    /// Whether to count the facets.
    pub facets: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            limit: 20,
            offset: 0,
            sort: Sort::default(),
            filters: Filters::default(),
            facets: false,
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    pub document: DocumentId,
    /// The parts in which something was found, ascending; for highlighting.
    pub parts: Vec<u32>,
    /// BM25; 0 when sorted by date.
    pub score: f32,
}

/// How many of the documents found have a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    pub value: String,
    pub documents: u64,
}

/// Counts by value, the most frequent first; years the latest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facets {
    pub source: Vec<Count>,
    pub kind: Vec<Count>,
    pub language: Vec<Count>,
    pub year: Vec<Count>,
    pub outcome: Vec<Count>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Results {
    /// Documents found, exactly.
    pub total: u64,
    pub hits: Vec<Hit>,
    /// If asked for.
    pub facets: Option<Facets>,
    pub took: Duration,
}

/// A document found. Orders as results are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Found {
    rank: Reverse<i64>,
    id: DocumentId,
    segment: u32,
    doc: DocId,
}

/// Scores are compared in steps, so that the order of additions in the engine, which differs
/// between an index that grew and one made at once, cannot change the order of results.
const STEP: f32 = 1024.0;

fn rank(sort: Sort, score: Score, day: Option<u64>) -> Reverse<i64> {
    let day = day.and_then(|day| i64::try_from(day).ok());
    Reverse(match sort {
        Sort::Relevance => (score * STEP).round() as i64,
        Sort::Newest => day.unwrap_or(i64::MIN),
        Sort::Oldest => day.map_or(i64::MIN, |day| -day),
    })
}

type Tallies = [BTreeMap<String, u64>; FACETS.len()];

/// Collects documents of one part each.
struct Gather {
    snapshot: Arc<Snapshot>,
    sort: Sort,
    want: usize,
    facets: bool,
}

struct GatherSegment {
    snapshot: Arc<Snapshot>,
    segment: u32,
    sort: Sort,
    want: usize,
    total: u64,
    found: Vec<Found>,
    /// The rank below which nothing more is wanted.
    worst: Option<Reverse<i64>>,
    /// For each facet, how many documents have the value of each ordinal.
    tallies: Option<[Vec<u64>; FACETS.len()]>,
}

impl Collector for Gather {
    type Fruit = (u64, Vec<Found>, Tallies);
    type Child = GatherSegment;

    fn for_segment(
        &self,
        segment: SegmentOrdinal,
        _: &SegmentReader,
    ) -> tantivy::Result<GatherSegment> {
        Ok(GatherSegment {
            snapshot: self.snapshot.clone(),
            segment,
            sort: self.sort,
            want: self.want,
            total: 0,
            found: Vec::new(),
            worst: None,
            tallies: self.facets.then(Default::default),
        })
    }

    fn requires_scoring(&self) -> bool {
        self.sort == Sort::Relevance && self.want > 0
    }

    fn merge_fruits(
        &self,
        fruits: Vec<tantivy::Result<Self::Fruit>>,
    ) -> tantivy::Result<Self::Fruit> {
        let (mut total, mut found, mut tallies) = (0, Vec::new(), Tallies::default());
        for fruit in fruits {
            let (more, some, counts) = fruit?;
            total += more;
            found.extend(some);
            for (all, counts) in tallies.iter_mut().zip(counts) {
                for (value, count) in counts {
                    *all.entry(value).or_default() += count;
                }
            }
        }
        found.sort_unstable();
        found.truncate(self.want);
        Ok((total, found, tallies))
    }
}

impl SegmentCollector for GatherSegment {
    type Fruit = tantivy::Result<(u64, Vec<Found>, Tallies)>;

    fn collect(&mut self, doc: DocId, score: Score) {
        self.total += 1;
        let Some(columns) = self.snapshot.segments.get(self.segment as usize) else {
            return;
        };
        if let Some(tallies) = &mut self.tallies {
            for (tally, column) in tallies.iter_mut().zip(&columns.facets) {
                let Some(column) = column else { continue };
                if tally.is_empty() {
                    tally.resize(column.num_terms(), 0);
                }
                for ordinal in column.ords().values_for_doc(doc) {
                    if let Some(count) =
                        tally.get_mut(usize::try_from(ordinal).unwrap_or(usize::MAX))
                    {
                        *count += 1;
                    }
                }
            }
        }
        if self.want == 0 {
            return;
        }
        let day = if self.sort == Sort::Relevance {
            None
        } else {
            columns.first_day.first(doc)
        };
        let rank = rank(self.sort, score, day);
        if self.worst.is_some_and(|worst| rank > worst) {
            return;
        }
        self.found.push(Found {
            rank,
            id: columns.id(doc),
            segment: self.segment,
            doc,
        });
        if self.found.len() >= self.want.saturating_mul(2).max(64) {
            self.found.select_nth_unstable(self.want - 1);
            self.found.truncate(self.want);
            self.worst = self.found.last().map(|found| found.rank);
        }
    }

    fn harvest(self) -> Self::Fruit {
        let mut tallies = Tallies::default();
        let columns = self.snapshot.segments.get(self.segment as usize);
        if let (Some(counted), Some(columns)) = (&self.tallies, columns) {
            for ((tally, counted), column) in tallies.iter_mut().zip(counted).zip(&columns.facets) {
                let Some(column) = column else { continue };
                for (ordinal, count) in counted.iter().enumerate().filter(|(_, count)| **count > 0)
                {
                    let mut value = String::new();
                    column.ord_to_str(ordinal as u64, &mut value)?;
                    *tally.entry(value).or_default() += *count;
                }
            }
        }
        Ok((self.total, self.found, tallies))
    }
}

/// Collects the parts of long documents that one leaf of a query finds.
struct GatherParts;

struct PartsSegment(u32, Vec<(u32, DocId, Score)>);

impl Collector for GatherParts {
    type Fruit = Vec<(u32, DocId, Score)>;
    type Child = PartsSegment;

    fn for_segment(
        &self,
        segment: SegmentOrdinal,
        _: &SegmentReader,
    ) -> tantivy::Result<PartsSegment> {
        Ok(PartsSegment(segment, Vec::new()))
    }

    fn requires_scoring(&self) -> bool {
        true
    }

    fn merge_fruits(&self, fruits: Vec<Self::Fruit>) -> tantivy::Result<Self::Fruit> {
        Ok(fruits.into_iter().flatten().collect())
    }
}

impl SegmentCollector for PartsSegment {
    type Fruit = Vec<(u32, DocId, Score)>;

    fn collect(&mut self, doc: DocId, score: Score) {
        self.1.push((self.0, doc, score));
    }

    fn harvest(self) -> Self::Fruit {
        self.1
    }
}

/// What one branch of a query knows of a long document.
#[derive(Debug, Clone, Default)]
struct Long {
    score: Score,
    parts: BTreeSet<u32>,
    /// One of its parts, for what is the same in all.
    place: (u32, DocId),
}

type Longs = BTreeMap<DocumentId, Long>;

struct LongDocuments<'i> {
    index: &'i Index,
    snapshot: &'i Snapshot,
}

impl LongDocuments<'_> {
    fn with(&self, query: Box<dyn Planned>) -> tantivy::Result<Longs> {
        let query = BooleanQuery::new(vec![
            (Occur::Must, query),
            (Occur::Must, plan::several_parts(&self.index.ground.fields)),
        ]);
        let found = self.snapshot.searcher.search_with_statistics_provider(
            &query,
            &GatherParts,
            self.snapshot,
        )?;
        let mut longs = Longs::new();
        for (segment, doc, score) in found {
            let Some(columns) = self.snapshot.segments.get(segment as usize) else {
                continue;
            };
            let long = longs.entry(columns.id(doc)).or_insert_with(|| Long {
                place: (segment, doc),
                ..Long::default()
            });
            long.score = long.score.max(score);
            long.parts.extend(
                columns
                    .part
                    .first(doc)
                    .and_then(|part| u32::try_from(part).ok()),
            );
        }
        Ok(longs)
    }

    /// The long documents that a query finds, each taken as a whole.
    fn find(&self, node: &Node) -> tantivy::Result<Longs> {
        match node {
            Node::Everything => self.every(),
            Node::Leaf(leaf) => {
                let mut found = self.with(plan::leaf(leaf, &self.index.ground))?;
                if !matches!(leaf, Leaf::Text(..)) {
                    found.values_mut().for_each(|long| long.parts.clear());
                }
                Ok(found)
            }
            Node::Or(nodes) => {
                let mut all = Longs::new();
                for node in nodes {
                    for (id, long) in self.find(node)? {
                        let known = all.entry(id).or_insert_with(|| Long {
                            place: long.place,
                            ..Long::default()
                        });
                        known.score += long.score;
                        known.parts.extend(long.parts);
                    }
                }
                Ok(all)
            }
            Node::Not(_) => self.and(std::slice::from_ref(node)),
            Node::And(nodes) => self.and(nodes),
        }
    }

    fn every(&self) -> tantivy::Result<Longs> {
        let mut all = self.with(plan::everything())?;
        all.values_mut().for_each(|long| long.parts.clear());
        Ok(all)
    }

    fn and(&self, nodes: &[Node]) -> tantivy::Result<Longs> {
        let mut all: Option<Longs> = None;
        for node in nodes.iter().filter(|node| !matches!(node, Node::Not(_))) {
            let found = self.find(node)?;
            all = Some(match all {
                None => found,
                Some(mut all) => {
                    all.retain(|id, long| match found.get(id) {
                        Some(more) => {
                            long.score += more.score;
                            long.parts.extend(&more.parts);
                            true
                        }
                        None => false,
                    });
                    all
                }
            });
        }
        let mut all = match all {
            Some(all) => all,
            None => self.every()?,
        };
        for node in nodes {
            if let Node::Not(inner) = node {
                let excluded = self.find(inner)?;
                all.retain(|id, _| !excluded.contains_key(id));
            }
        }
        Ok(all)
    }
}

fn narrowed(query: &Query, filters: &Filters) -> Node {
    let lists = [
        (Key::Source, &filters.source),
        (Key::Type, &filters.kind),
        (Key::Language, &filters.language),
        (Key::Year, &filters.year),
        (Key::Outcome, &filters.outcome),
    ];
    let mut all = vec![query.root.clone()];
    for (key, values) in lists.into_iter().filter(|(_, values)| !values.is_empty()) {
        let any = values.iter().map(|value| {
            Node::Leaf(Leaf::Key(
                key,
                Glob {
                    parts: vec![crate::schema::key(value)],
                },
            ))
        });
        all.push(Node::Or(any.collect()));
    }
    match all.len() {
        1 => query.root.clone(),
        _ => Node::And(all),
    }
}

fn counted(tally: BTreeMap<String, u64>, by_value: bool) -> Vec<Count> {
    let mut counts: Vec<Count> = tally
        .into_iter()
        .map(|(value, documents)| Count { value, documents })
        .collect();
    if by_value {
        counts.reverse();
    } else {
        counts.sort_by(|a, b| {
            b.documents
                .cmp(&a.documents)
                .then_with(|| a.value.cmp(&b.value))
        });
    }
    counts
}

impl Index {
    /// Finds documents. The order is the same each time, and the same in an index made again;
    /// documents of equal rank stand in the order of their identities.
    ///
    /// # Errors
    /// The index is damaged or cannot be read.
    pub fn search(&self, query: &Query, options: &Options) -> Result<Results, Error> {
        let begun = Instant::now();
        let snapshot = self.now()?;
        let found = self
            .find(&snapshot, query, options)
            .map_err(|error| self.failed(error))?;
        Ok(Results {
            took: begun.elapsed(),
            ..found
        })
    }

    fn find(
        &self,
        snapshot: &Arc<Snapshot>,
        query: &Query,
        options: &Options,
    ) -> tantivy::Result<Results> {
        let root = narrowed(query, &options.filters);
        let mut planned = plan::node(&root, &self.ground);
        if snapshot.has_multi {
            planned = Box::new(BooleanQuery::new(vec![
                (Occur::Must, planned),
                (Occur::MustNot, plan::several_parts(&self.ground.fields)),
            ]));
        }
        let want = if options.limit == 0 {
            0
        } else {
            options.offset.saturating_add(options.limit)
        };
        let want = want.min(snapshot.searcher.num_docs() as usize);
        let gather = Gather {
            snapshot: snapshot.clone(),
            sort: options.sort,
            want,
            facets: options.facets,
        };
        let (mut total, mut found, mut tallies) = snapshot
            .searcher
            .search_with_statistics_provider(planned.as_ref(), &gather, snapshot.as_ref())?;
        let mut longs = Longs::new();
        if snapshot.has_multi {
            longs = LongDocuments {
                index: self,
                snapshot,
            }
            .find(&root)?;
            total += longs.len() as u64;
            for (id, long) in &longs {
                let (segment, doc) = long.place;
                let Some(columns) = snapshot.segments.get(segment as usize) else {
                    continue;
                };
                let rank = rank(options.sort, long.score, columns.first_day.first(doc));
                found.push(Found {
                    rank,
                    id: *id,
                    segment,
                    doc,
                });
                if !options.facets {
                    continue;
                }
                for (tally, column) in tallies.iter_mut().zip(&columns.facets) {
                    let Some(column) = column else { continue };
                    for ordinal in column.ords().values_for_doc(doc) {
                        let mut value = String::new();
                        column.ord_to_str(ordinal, &mut value)?;
                        *tally.entry(value).or_default() += 1;
                    }
                }
            }
            found.sort_unstable();
        }
        let hits = found
            .into_iter()
            .skip(options.offset)
            .take(options.limit)
            .map(|found| Hit {
                document: found.id,
                parts: match longs.get(&found.id) {
                    Some(long) => long.parts.iter().copied().collect(),
                    None => vec![0],
                },
                score: if options.sort == Sort::Relevance {
                    found.rank.0 as f32 / STEP
                } else {
                    0.0
                },
            });
        let hits = hits.collect();
        let [source, kind, language, year, outcome] = tallies;
        let facets = options.facets.then(|| Facets {
            source: counted(source, false),
            kind: counted(kind, false),
            language: counted(language, false),
            year: counted(year, true),
            outcome: counted(outcome, false),
        });
        Ok(Results {
            total,
            hits,
            facets,
            took: Duration::ZERO,
        })
    }
}
