//! Which figures stand side by side: same event and part of a people, and nothing that keeps them
//! apart in people, place, measure and time. A figure that leaves something open joins those it may
//! belong to only if there is one such series.

use std::collections::{BTreeMap, HashMap, HashSet};

use casefile::DocumentId;
use casefile::statement::{Event, Measure};

use super::aspect::{self, Aspect, Place, Time, nested};
use super::{Standing, Told};

/// Longest time that is taken for one event.
const ONE_EVENT: i64 = 92;
/// Days within which an undated report is taken to be about what has just happened.
const JUST_NOW: i64 = 31;

/// What must be the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Kin {
    pub(super) event: Event,
    pub(super) part: String,
    pub(super) unit: String,
    pub(super) share: bool,
    pub(super) standing: Standing,
}

impl Kin {
    fn of(told: &Told) -> Self {
        let s = &told.statement;
        let quantity = s.quantity.as_ref();
        Self {
            event: aspect::same_event(s.event),
            part: aspect::part(s),
            unit: quantity.map_or_else(
                || "person".to_owned(),
                |q| q.unit.clone().unwrap_or_default(),
            ),
            share: quantity.is_some_and(|q| q.measure == Some(Measure::Share)),
            standing: Standing::of(s.modality),
        }
    }
}

/// Figures that belong together, and what is known of what they are about.
#[derive(Debug)]
pub(super) struct Cluster<'t> {
    pub(super) nation: Option<&'static str>,
    places: Vec<Place>,
    pub(super) measure: Option<Measure>,
    time: Time,
    pub(super) told: Vec<(&'t Told, Aspect)>,
    /// The first figure of each trigger.
    words: HashMap<(DocumentId, u32), usize>,
    /// The numbers, bit by bit; none if nobody gives one.
    numbers: HashSet<u64>,
    least: Option<f64>,
    most: Option<f64>,
}

impl Cluster<'_> {
    fn fits(&self, told: &Told, one: &Aspect) -> bool {
        (self.nation.is_none() || one.nation.is_none() || self.nation == one.nation)
            && (self.places.is_empty()
                || one.places.is_empty()
                || self
                    .places
                    .iter()
                    .any(|a| one.places.iter().any(|b| nested(a, b))))
            && (self.measure == one.measure
                || self.measure.is_none()
                || one.measure.is_none()
                || one.nominal.is_none())
            && self.at_the_time(one)
            && !self.divided(told, one)
            && (self.same_size(one)
                || !self.is_named()
                || one.nation.is_some()
                || !one.places.is_empty())
    }

    /// Whether people or a place are known. A figure that names neither ("dozens are held", of one cell) may be of
    /// anybody: it joins those that do only if it is of their order.
    fn is_named(&self) -> bool {
        self.nation.is_some() || !self.places.is_empty()
    }

    /// Other numbers of the same words are its parts or its whole, never the same quantity.
    fn divided(&self, told: &Told, one: &Aspect) -> bool {
        let known = self
            .words
            .get(&(told.document, told.statement.trigger.start))
            .and_then(|n| self.told.get(*n));
        known.is_some_and(|(_, other)| {
            other.nominal != one.nominal && other.time == one.time && one.time != Time::Yearly
        })
    }

    fn at_the_time(&self, one: &Aspect) -> bool {
        match (&self.time, &one.time) {
            (Time::Within(a, b), Time::Within(c, d)) => {
                let long = |from: &i64, to: &i64| to.saturating_sub(*from) > ONE_EVENT;
                (a <= d && c <= b && long(a, b) == long(c, d)) || self.same_odd_number(one)
            }
            (Time::Within(from, to), Time::Open) => {
                let day = one.published.map(|(day, _)| day);
                day.is_some_and(|day| *from <= day && day <= to.saturating_add(JUST_NOW))
                    && self.same_size(one)
            }
            (Time::Since(_), Time::Open) => one.nominal.is_some(),
            (a, b) => a == b,
        }
    }

    /// The very same number, not a round one, of the same people at the same place: one event whose
    /// date is told in two ways.
    fn same_odd_number(&self, one: &Aspect) -> bool {
        one.nominal
            .is_some_and(|value| value >= 20.0 && value % 10.0 != 0.0)
            && !self.places.is_empty()
            && !one.places.is_empty()
            && one
                .nominal
                .is_some_and(|value| self.numbers.contains(&value.to_bits()))
    }

    /// Whether the numbers here are of the order of this one.
    fn same_size(&self, one: &Aspect) -> bool {
        match (one.nominal, self.least, self.most) {
            (Some(value), Some(least), Some(most)) => value <= most * 3.0 && least <= value * 3.0,
            (None, ..) => true,
            _ => false,
        }
    }

    fn same_words(&self, one: &Aspect) -> bool {
        self.nation == one.nation
            && self.places == one.places
            && self.measure == one.measure
            && self.time == one.time
    }
}

impl<'t> Cluster<'t> {
    fn new(told: &'t Told, one: Aspect) -> Self {
        let mut cluster = Self {
            nation: one.nation,
            places: one.places.clone(),
            measure: one.measure,
            time: one.time.clone(),
            told: Vec::new(),
            words: HashMap::new(),
            numbers: HashSet::new(),
            least: None,
            most: None,
        };
        cluster.take(told, one);
        cluster
    }

    fn take(&mut self, told: &'t Told, one: Aspect) {
        self.nation = self.nation.or(one.nation);
        if self.places.is_empty() {
            self.places.clone_from(&one.places);
        }
        self.measure = self.measure.or(one.measure);
        if let (Time::Within(a, b), Time::Within(c, d)) = (&self.time, &one.time)
            && a <= d
            && c <= b
        {
            self.time = Time::Within(*a.max(c), *b.min(d));
        }
        if let Some(value) = one.nominal {
            self.numbers.insert(value.to_bits());
            self.least = Some(self.least.map_or(value, |least| least.min(value)));
            self.most = Some(self.most.map_or(value, |most| most.max(value)));
        }
        self.words
            .entry((told.document, told.statement.trigger.start))
            .or_insert(self.told.len());
        self.told.push((told, one));
    }

    /// The widest place that is named.
    pub(super) fn place(&self) -> Option<&str> {
        let all = self.told.iter().flat_map(|(_, one)| &one.places);
        all.min_by_key(|place| place.len())
            .and_then(|place| place.first())
            .map(String::as_str)
    }

    /// What tells this series from others of its kin, and stays while its figures say the same.
    pub(super) fn name(&self) -> [String; 3] {
        let time = match &self.time {
            Time::Within(..) => self
                .told
                .first()
                .and_then(|(told, _)| told.statement.date.as_ref())
                .and_then(|date| date.from.as_deref().or(date.to.as_deref()))
                .and_then(|day| day.get(..7))
                .unwrap_or("")
                .to_owned(),
            Time::Yearly => "yearly".into(),
            Time::Since(from) => format!("since {from}"),
            Time::Stock | Time::Open => String::new(),
        };
        let place = self.places.first().and_then(|place| place.first());
        [
            place.cloned().unwrap_or_default(),
            time,
            self.measure.map_or("", Measure::as_str).to_owned(),
        ]
    }
}

/// All figures in clusters; each figure stands in one. What has no number and fits no series stays
/// out unless its words say that a number is kept back.
pub(super) fn clusters<'t>(told: &[&'t Told]) -> Vec<(Kin, Cluster<'t>)> {
    let mut kin: BTreeMap<Kin, Vec<(&'t Told, Aspect)>> = BTreeMap::new();
    for one in told {
        kin.entry(Kin::of(one))
            .or_default()
            .push((one, Aspect::of(one)));
    }
    let mut all = Vec::new();
    for (kin, mut told) in kin {
        // Stable: equally vague figures stay in the order of their texts; what has no number comes last.
        told.sort_by_key(|(_, one)| (one.nominal.is_none(), one.vagueness()));
        let mut clusters: Vec<Cluster<'t>> = Vec::new();
        for (told, one) in told {
            let fitting: Vec<usize> = (0..clusters.len())
                .filter(|n| {
                    clusters
                        .get(*n)
                        .is_some_and(|cluster| cluster.fits(told, &one))
                })
                .collect();
            let among = |likely: &dyn Fn(&Cluster<'t>) -> bool| -> Vec<usize> {
                let likely = fitting
                    .iter()
                    .filter(|n| clusters.get(**n).is_some_and(likely));
                likely.copied().collect()
            };
            let same_people =
                among(&|cluster| one.nation.is_some() && cluster.nation == one.nation);
            let unnamed = one.nation.is_none() && one.places.is_empty();
            let same_size = among(&|cluster| unnamed && cluster.same_size(&one));
            let home = match (
                fitting.as_slice(),
                same_people.as_slice(),
                same_size.as_slice(),
            ) {
                ([home], ..) | (_, [home], _) | (.., [home]) => Some(*home),
                _ => among(&|cluster| cluster.same_words(&one)).first().copied(),
            };
            match home.and_then(|home| clusters.get_mut(home)) {
                Some(home) => home.take(told, one),
                None => clusters.push(Cluster::new(told, one)),
            }
        }
        clusters.retain(|cluster| {
            !cluster.numbers.is_empty()
                || cluster
                    .told
                    .iter()
                    .any(|(told, _)| super::state::tells_no_number(&told.statement))
        });
        all.extend(clusters.into_iter().map(|cluster| (kin.clone(), cluster)));
    }
    all
}
