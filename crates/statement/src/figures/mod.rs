//! Figures about one quantity, side by side: what they bound together, where they conflict, what
//! adds up, what changed on the way, and how many first tellers there are. Nothing is averaged and
//! no value is chosen.
//!
//! [`aspect`] says what a figure is about, [`group`] which figures belong together, [`origin`] who
//! told them first, [`point`] what they leave together, [`sum`] what adds up, [`drift`] what changed
//! between tellings, [`state`] what a state confirms without a number.

mod aspect;
mod bound;
mod drift;
mod group;
mod origin;
mod point;
mod state;
mod sum;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};

use casefile::statement::{Event, Measure, Modality, QuantityKind, Statement};
use casefile::{ApproxDate, DocumentId, StatementId};
use serde::Serialize;

pub use state::COUNTED;

/// A statement with a figure, and what is known of the document that makes it.
#[derive(Debug, Clone)]
pub struct Told {
    pub id: StatementId,
    pub document: DocumentId,
    pub title: Option<String>,
    /// Who published or gave the document.
    pub publisher: Option<String>,
    pub published: Option<ApproxDate>,
    /// Documents whose text is nearly the same share this (the least of their ids).
    pub rendition: DocumentId,
    pub statement: Statement,
}

/// One figure of a series.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figure {
    pub id: StatementId,
    pub document: DocumentId,
    pub title: Option<String>,
    pub published: Option<String>,
    pub quote: String,
    /// The number's own words.
    pub text: String,
    /// `null`: the words give no number.
    pub kind: Option<QuantityKind>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub best: Option<f64>,
    pub modality: Modality,
    /// The time that it is about, ISO 8601, inclusive; `null` = open or unknown.
    pub from: Option<String>,
    pub to: Option<String>,
    pub hedges: Vec<String>,
    /// Who tells it, nearest to the facts first; the publisher last.
    pub chain: Vec<String>,
    /// Index into the series' origins.
    pub origin: usize,
    /// A state says so and confirms it.
    pub confirmed_by_state: bool,
}

/// Figures of one series about the same time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Point {
    pub from: Option<String>,
    pub to: Option<String>,
    /// Indexes into the series' figures.
    pub figures: Vec<usize>,
    /// Whether one number can satisfy all of them.
    pub compatible: bool,
    /// What all of them leave, where they are compatible; `null` = open.
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// How many first tellers they have.
    pub origins: usize,
}

/// The first teller that chains lead to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Origin {
    pub name: String,
    /// Nobody is named; `name` tells who relays it.
    pub unnamed: bool,
    pub figures: usize,
}

/// Two figures that cannot both hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Conflict {
    /// Indexes into the series' figures.
    pub figures: [usize; 2],
    pub reason: String,
}

/// Figures that add up to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Identity {
    pub parts: Vec<StatementId>,
    pub total: StatementId,
    /// `3,732 + 1,077 = 4,809`.
    pub words: String,
}

/// A figure and the part of it whose people are named: of 13 who were arrested, two are Chinese.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Split {
    pub total: StatementId,
    pub part: StatementId,
    /// Whose part it is.
    pub population: String,
    /// `13 = 2 chinese + 11 others`.
    pub words: String,
}

/// Something that changed between two tellings of what looks like one figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Drift {
    /// `scope`, `unit`, `population`, `date`, `false_precision`, `bound`, `modality`.
    pub kind: &'static str,
    pub from: StatementId,
    pub to: StatementId,
    pub words: String,
}

/// Figures about the same quantity.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Series {
    /// Stable as long as its figures say the same.
    pub key: String,
    pub event: Event,
    pub population: String,
    pub place: Option<String>,
    pub unit: String,
    pub measure: Option<Measure>,
    /// `fact`, or the modality of figures that claim no fact.
    pub standing: &'static str,
    /// `confirmed_by_state`: a state says that it happened; `reported`: told as a fact by others;
    /// `not_claimed`: nobody tells it as a fact. A confirmed event is not a confirmed number.
    pub status: &'static str,
    pub figures: Vec<Figure>,
    pub points: Vec<Point>,
    pub conflicts: Vec<Conflict>,
    pub identities: Vec<Identity>,
    pub splits: Vec<Split>,
    pub warnings: Vec<Drift>,
    pub origins: Vec<Origin>,
    /// Tellers who cite one another in a circle; they count as one origin.
    pub circles: Vec<Vec<String>>,
    /// Figures and rows without a number.
    pub mentions: usize,
}

/// How far "about n" may be from n: a convention of ours, never the source's.
pub const ABOUT: f64 = 0.1;

/// `fact`, or the modality of what claims none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Standing(&'static str);

impl Standing {
    const FACT: Self = Self("fact");

    const fn of(modality: Modality) -> Self {
        if modality.is_fact() {
            Self::FACT
        } else {
            Self(modality.as_str())
        }
    }
}

/// Whether a statement can stand in a series: with a number, or as a row that tells of an event
/// whose number is kept back.
#[must_use]
pub fn is_row(told: &Told) -> bool {
    told.statement.quantity.is_some() || state::is_row(told)
}

/// Series of what is told, in a stable order; every figure stands in exactly one.
#[must_use]
pub fn series(told: &[Told]) -> Vec<Series> {
    let mut told: Vec<&Told> = told.iter().filter(|t| is_row(t)).collect();
    told.sort_by_key(|t| place_in_time(t));
    told.dedup_by_key(|t| t.id);
    let splits = sum::splits(&told);
    let mut keys: HashMap<String, u32> = HashMap::new();
    let mut all: Vec<Series> = group::clusters(&told)
        .iter()
        .map(|(kin, cluster)| {
            let mut one = of_cluster(kin, cluster, &splits);
            let again = keys.entry(one.key.clone()).or_default();
            *again += 1;
            if *again > 1 {
                one.key = format!("{}|{again}", one.key);
            }
            one
        })
        .collect();
    let mut home: HashMap<StatementId, usize> = HashMap::new();
    for (n, one) in all.iter().enumerate() {
        home.extend(one.figures.iter().map(|figure| (figure.id, n)));
    }
    let homes = |ids: &mut dyn Iterator<Item = StatementId>| -> HashSet<usize> {
        ids.filter_map(|id| home.get(&id).copied()).collect()
    };
    for one in sum::identities(&told) {
        for n in homes(&mut one.parts.iter().copied().chain([one.total])) {
            if let Some(series) = all.get_mut(n) {
                series.identities.push(one.clone());
            }
        }
    }
    for one in drift::drifts(&told) {
        for n in homes(&mut [one.from, one.to].into_iter()) {
            if let Some(series) = all.get_mut(n) {
                series.warnings.push(one.clone());
            }
        }
    }
    for one in splits {
        for n in homes(&mut [one.total, one.part].into_iter()) {
            if let Some(series) = all.get_mut(n) {
                series.splits.push(one.clone());
            }
        }
    }
    all
}

fn place_in_time(told: &Told) -> (Option<(u32, u32)>, DocumentId, u32, StatementId) {
    (
        told.published.map(ApproxDate::days),
        told.document,
        told.statement.start,
        told.id,
    )
}

fn of_cluster(kin: &group::Kin, cluster: &group::Cluster<'_>, splits: &[Split]) -> Series {
    let mut told: Vec<&Told> = cluster.told.iter().map(|(told, _)| *told).collect();
    told.sort_by_key(|t| place_in_time(t));
    let origins = origin::origins(&told);
    let figures: Vec<Figure> = told
        .iter()
        .enumerate()
        .map(|(n, one)| figure(one, origins.of.get(n).copied().unwrap_or(0)))
        .collect();
    let points = point::points(&told, &figures);
    let conflicts = point::conflicts(&told, &points, splits);
    let population = aspect::population(&kin.part, cluster.nation);
    let [place, time, measure] = cluster.name();
    let status = if kin.standing != Standing::FACT {
        "not_claimed"
    } else if figures.iter().any(|figure| figure.confirmed_by_state) {
        "confirmed_by_state"
    } else {
        "reported"
    };
    Series {
        key: [
            kin.event.as_str(),
            &population,
            &place,
            &time,
            &kin.unit,
            &measure,
            kin.standing.0,
        ]
        .join("|"),
        event: kin.event,
        population,
        place: cluster.place().map(str::to_owned),
        unit: kin.unit.clone(),
        measure: cluster.measure,
        standing: kin.standing.0,
        status,
        mentions: figures.len(),
        figures,
        points,
        conflicts,
        identities: Vec::new(),
        splits: Vec::new(),
        warnings: Vec::new(),
        origins: origins.list,
        circles: origins.circles,
    }
}

fn figure(told: &Told, origin: usize) -> Figure {
    let s = &told.statement;
    let q = s.quantity.as_ref();
    let value = |pick: Option<casefile::statement::Count>| pick.map(|c| c.value());
    let mut chain: Vec<String> = s
        .attribution
        .iter()
        .map(|step| {
            step.source
                .quote()
                .map_or_else(|| "unnamed".to_owned(), |q| q.text.clone())
        })
        .collect();
    chain.extend(told.publisher.clone());
    let stock_day = || {
        told.published
            .map(|d| d.to_string())
            .filter(|_| matches!(aspect::measure(told), Some(Measure::Stock)))
    };
    Figure {
        id: told.id,
        document: told.document,
        title: told.title.clone(),
        published: told.published.map(|d| d.to_string()),
        quote: s.quote.clone(),
        text: q.map_or(String::new(), |q| q.text.clone()),
        kind: q.map(|q| q.kind),
        low: q.and_then(|q| value(q.low)),
        high: q.and_then(|q| value(q.high)),
        best: q.and_then(|q| value(q.best)),
        modality: s.modality,
        from: s
            .date
            .as_ref()
            .and_then(|d| d.from.clone())
            .or_else(stock_day),
        to: s
            .date
            .as_ref()
            .and_then(|d| d.to.clone())
            .or_else(stock_day),
        hedges: s.hedges.iter().map(|h| h.text.clone()).collect(),
        chain,
        origin,
        confirmed_by_state: state::confirms(told),
    }
}
