//! Figures about one quantity, side by side: what they bound together, where they conflict, what
//! adds up, what changed on the way, and how many first tellers there are. Nothing is averaged and
//! no value is chosen.

use std::collections::BTreeMap;

use casefile::statement::{Event, Group, Measure, Modality, QuantityKind, Statement};
use casefile::{ApproxDate, DocumentId, StatementId};
use serde::Serialize;

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
    pub kind: QuantityKind,
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
    pub figures: Vec<Figure>,
    pub points: Vec<Point>,
    pub conflicts: Vec<Conflict>,
    pub identities: Vec<Identity>,
    pub warnings: Vec<Drift>,
    pub origins: Vec<Origin>,
    pub mentions: usize,
}

/// How far "about n" may be from n: a convention of ours, never the source's.
pub const ABOUT: f64 = 0.1;
/// Figures of one event among which sums are looked for; more are too many to mean something.
const MOST_SUMMED: usize = 48;

/// Places of the field inside others; each is inside the next that it leads to.
const INSIDE: &[(&str, &str)] = &[
    ("yanji", "yanbian"),
    ("tumen", "yanbian"),
    ("helong", "yanbian"),
    ("hunchun", "yanbian"),
    ("yanbian", "jilin"),
    ("changchun", "jilin"),
    ("jilin", "china"),
    ("liaoning", "china"),
    ("dandong", "liaoning"),
    ("shenyang", "liaoning"),
    ("dalian", "liaoning"),
    ("heilongjiang", "china"),
    ("shandong", "china"),
    ("xinjiang", "china"),
    ("yunnan", "china"),
    ("tibet", "china"),
    ("border", "china"),
    ("图们", "china"),
    ("吉林", "china"),
    ("辽宁", "china"),
    ("丹东", "china"),
    ("中国", "china"),
    ("边境", "china"),
    ("중국", "china"),
    ("지린", "china"),
    ("랴오닝", "china"),
    ("접경", "china"),
    ("韩国", "south korea"),
    ("한국", "south korea"),
];

/// First and last day, as numbers.
type Days = Option<(i64, i64)>;

/// A figure's number as it is spoken, and the figure.
type Spoken<'t> = (f64, &'t Told);

/// Series of what is told, in a stable order; every figure stands in exactly one.
#[must_use]
pub fn series(told: &[Told]) -> Vec<Series> {
    let mut told: Vec<&Told> = told
        .iter()
        .filter(|t| t.statement.quantity.is_some())
        .collect();
    told.sort_by_key(|t| {
        (
            t.published.map(ApproxDate::days),
            t.document,
            t.statement.start,
            t.id,
        )
    });
    told.dedup_by_key(|t| t.id);
    let mut groups: BTreeMap<Kin, Vec<&Told>> = BTreeMap::new();
    for one in &told {
        groups.entry(Kin::of(one)).or_default().push(one);
    }
    // A figure that does not tell its place, its people or (where they are held) its time joins the
    // series of its kin, if there is only one.
    for field in [Field::Place, Field::Population, Field::Period] {
        let homeless: Vec<Kin> = groups.keys().filter(|k| field.open(k)).cloned().collect();
        for kin in homeless {
            let homes: Vec<Kin> = groups
                .keys()
                .filter(|k| !field.open(k) && field.blank(k) == field.blank(&kin))
                .cloned()
                .collect();
            if let [home] = homes.as_slice()
                && let Some(moved) = groups.remove(&kin)
            {
                groups.entry(home.clone()).or_default().extend(moved);
            }
        }
    }
    let mut all: Vec<Series> = groups
        .into_iter()
        .map(|(kin, told)| of_kin(&kin, &told))
        .collect();
    let identities = identities(&told);
    let warnings = drifts(&told);
    for one in &mut all {
        let holds = |id: &StatementId| one.figures.iter().any(|f| f.id == *id);
        one.identities = identities
            .iter()
            .filter(|i| holds(&i.total) || i.parts.iter().any(holds))
            .cloned()
            .collect();
        one.warnings = warnings
            .iter()
            .filter(|w| holds(&w.from) || holds(&w.to))
            .cloned()
            .collect();
    }
    all
}

/// What makes two figures be about the same quantity.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Kin {
    event: Event,
    population: String,
    place: String,
    period: String,
    unit: String,
    measure: Option<&'static str>,
    standing: &'static str,
}

/// What a figure may leave open.
#[derive(Debug, Clone, Copy)]
enum Field {
    Place,
    Population,
    Period,
}

impl Field {
    fn open(self, kin: &Kin) -> bool {
        match self {
            Self::Place => kin.place.is_empty(),
            Self::Population => kin.population == "people",
            Self::Period => kin.period.is_empty() && kin.measure == Some(Measure::Stock.as_str()),
        }
    }

    /// The kin without this field.
    fn blank(self, kin: &Kin) -> Kin {
        let mut kin = kin.clone();
        match self {
            Self::Place => kin.place.clear(),
            Self::Population => kin.population.clear(),
            Self::Period => kin.period.clear(),
        }
        kin
    }
}

impl Kin {
    fn of(told: &Told) -> Self {
        let s = &told.statement;
        let quantity = s.quantity.as_ref();
        Self {
            event: same_event(s.event),
            population: population(s),
            place: place(s),
            period: period(told),
            unit: quantity.and_then(|q| q.unit.clone()).unwrap_or_default(),
            measure: measure(told).map(Measure::as_str),
            standing: if s.modality.is_fact() {
                "fact"
            } else {
                s.modality.as_str()
            },
        }
    }

    fn key(&self) -> String {
        [
            self.event.as_str(),
            &self.population,
            &self.place,
            &self.period,
            &self.unit,
            self.measure.unwrap_or(""),
            self.standing,
        ]
        .join("|")
    }
}

/// Events that count the same thing.
const fn same_event(event: Event) -> Event {
    match event {
        Event::Deportation => Event::Repatriation,
        other => other,
    }
}

fn words_of(s: &Statement) -> String {
    let patients = s
        .patient
        .iter()
        .filter_map(|a| a.quote())
        .map(|q| q.text.to_lowercase());
    patients.collect::<Vec<_>>().join(" ") + " " + &s.quote.to_lowercase()
}

fn population(s: &Statement) -> String {
    let patient: String = s
        .patient
        .iter()
        .filter_map(|a| a.quote())
        .map(|q| q.text.to_lowercase())
        .collect::<Vec<_>>()
        .join(" ");
    let all = words_of(s);
    let parts: Vec<&str> = s
        .group
        .iter()
        .filter(|g| {
            matches!(
                g,
                Group::Women | Group::Children | Group::Workers | Group::Men | Group::Students
            )
        })
        .map(|g| g.as_str())
        .collect();
    let nation = [
        (
            &["north korea", "脱北", "朝鲜", "北韩", "탈북", "북한"][..],
            "north koreans",
        ),
        (&["uyghur", "uighur", "维吾尔"][..], "uyghurs"),
        (&["chinese", "中国人"][..], "chinese"),
    ]
    .into_iter()
    .find(|(words, _)| words.iter().any(|w| patient.contains(w)))
    .or_else(|| {
        all.contains("north korea")
            .then_some((&[][..], "north koreans"))
    })
    .map_or("people", |(_, name)| name);
    if parts.is_empty() {
        nation.into()
    } else {
        format!("{} ({nation})", parts.join(", "))
    }
}

fn first_place(s: &Statement) -> Option<String> {
    [&s.place, &s.origin, &s.destination]
        .into_iter()
        .flatten()
        .filter_map(|a| a.quote())
        .map(|q| {
            q.text
                .to_lowercase()
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
        })
        .next()
}

/// The country, or the place itself where the table does not know it.
fn place(s: &Statement) -> String {
    if matches!(
        same_event(s.event),
        Event::Repatriation | Event::Crossing | Event::Arrival
    ) && s.place.is_empty()
        && s.origin.is_empty()
    {
        let by = s.agent.iter().filter_map(|a| a.quote()).any(|q| {
            country(&q.text.to_lowercase()) == Some("china")
                || q.text.to_lowercase().contains("chinese")
        });
        return if by { "china".into() } else { String::new() };
    }
    first_place(s).map_or_else(String::new, |place| {
        country(&place).map_or(place, str::to_owned)
    })
}

fn step(place: &str) -> Option<&'static str> {
    INSIDE
        .iter()
        .find(|(inner, _)| place.contains(inner))
        .map(|(_, outer)| *outer)
}

fn country(place: &str) -> Option<&'static str> {
    let mut at = if place.contains("china") {
        "china"
    } else {
        step(place)?
    };
    for _ in 0..6 {
        match step(at) {
            Some(outer) if outer != at => at = outer,
            _ => break,
        }
    }
    Some(at)
}

fn measure(told: &Told) -> Option<Measure> {
    let s = &told.statement;
    let given = s.quantity.as_ref().and_then(|q| q.measure);
    let long = span(told).is_some_and(|(from, to)| to.saturating_sub(from) > 366);
    match given {
        Some(Measure::Flow) | None if long => Some(Measure::Cumulative),
        // Who is held is a number at a time, whatever the tense says.
        None if matches!(s.event, Event::Detention | Event::Residence) => Some(Measure::Stock),
        other => other,
    }
}

/// Days since 0000-03-01 of an ISO day (civil calendar, after H. Hinnant's days_from_civil).
fn day_number(iso: &str) -> Option<i64> {
    let mut parts = iso.splitn(3, '-').map(str::parse::<i64>);
    let (year, month, day) = (
        parts.next()?.ok()?,
        parts.next()?.ok()?,
        parts.next()?.ok()?,
    );
    let year = if month <= 2 { year - 1 } else { year };
    let month = (month + 9) % 12;
    Some(
        365 * year + year.div_euclid(4) - year.div_euclid(100)
            + year.div_euclid(400)
            + (153 * month + 2) / 5
            + day
            - 1,
    )
}

fn span(told: &Told) -> Option<(i64, i64)> {
    let date = told.statement.date.as_ref()?;
    let (from, to) = (
        date.from.as_deref().and_then(day_number),
        date.to.as_deref().and_then(day_number),
    );
    Some((from.or(to)?, to.or(from)?))
}

/// The time that a figure is about, as far as it decides what it is compared with: a year series, a
/// month for a stock, a month for what happened in days, the beginning for what is summed up.
fn period(told: &Told) -> String {
    let date = told.statement.date.as_ref();
    let published = || {
        told.published.map_or_else(String::new, |date| {
            date.to_string().chars().take(7).collect()
        })
    };
    let stock = matches!(measure(told), Some(Measure::Stock));
    let Some(date) = date.filter(|d| d.from.is_some() || d.to.is_some()) else {
        return if stock { published() } else { String::new() };
    };
    let (from, to) = (
        date.from.as_deref().unwrap_or(""),
        date.to.as_deref().unwrap_or(""),
    );
    if from.ends_with("-01-01") && to.ends_with("-12-31") && from.get(..4) == to.get(..4) {
        return "yearly".into();
    }
    if from.is_empty() {
        return "until".into();
    }
    match measure(told) {
        Some(Measure::Cumulative) => format!("since {from}"),
        Some(Measure::Stock) => to
            .get(..7)
            .filter(|_| !to.is_empty())
            .unwrap_or(from.get(..7).unwrap_or(from))
            .to_owned(),
        _ => from.get(..7).unwrap_or(from).to_owned(),
    }
}

/// What a figure bounds: least and greatest, `None` = open.
fn bounds(s: &Statement) -> (Option<f64>, Option<f64>) {
    let Some(q) = &s.quantity else {
        return (None, None);
    };
    let (low, high, best) = (
        q.low.map(|c| c.value()),
        q.high.map(|c| c.value()),
        q.best.map(|c| c.value()),
    );
    match q.kind {
        QuantityKind::Approx => (
            best.map(|b| b * (1.0 - ABOUT)),
            best.map(|b| b * (1.0 + ABOUT)),
        ),
        QuantityKind::Exact => (best.or(low), best.or(high)),
        QuantityKind::ApproxBelow | QuantityKind::Max => (None, high.or(best)),
        QuantityKind::Min | QuantityKind::MinApprox => (low, None),
        QuantityKind::Range | QuantityKind::Vague => (low, high),
    }
}

/// The number as it is spoken: 500 of "more than 500".
fn nominal(s: &Statement) -> Option<f64> {
    let q = s.quantity.as_ref()?;
    let value = q.best.or(q.low).or(q.high)?.value();
    let above =
        matches!(q.kind, QuantityKind::Min) && q.best.is_none() && (value - 1.0) % 10.0 == 0.0;
    Some(if above { value - 1.0 } else { value })
}

fn meet(all: impl Iterator<Item = (Option<f64>, Option<f64>)>) -> (bool, Option<f64>, Option<f64>) {
    let (mut low, mut high) = (None::<f64>, None::<f64>);
    for (l, h) in all {
        low = match (low, l) {
            (Some(a), Some(b)) => Some(a.max(b)),
            (a, b) => a.or(b),
        };
        high = match (high, h) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
    }
    let compatible = match (low, high) {
        (Some(l), Some(h)) => l <= h,
        _ => true,
    };
    (compatible, low, high)
}

fn of_kin(kin: &Kin, told: &[&Told]) -> Series {
    let mut told = told.to_vec();
    told.sort_by_key(|t| {
        (
            t.published.map(ApproxDate::days),
            t.document,
            t.statement.start,
            t.id,
        )
    });
    let mut names: Vec<(String, bool)> = Vec::new();
    let mut figures: Vec<Figure> = Vec::new();
    for one in &told {
        let (name, unnamed) = origin(one);
        let at = names
            .iter()
            .position(|(known, open)| *open == unnamed && same_name(known, &name))
            .unwrap_or_else(|| {
                names.push((name, unnamed));
                names.len() - 1
            });
        figures.push(figure(one, at));
    }
    let origins: Vec<Origin> = names
        .into_iter()
        .enumerate()
        .map(|(n, (name, unnamed))| Origin {
            name,
            unnamed,
            figures: figures.iter().filter(|f| f.origin == n).count(),
        })
        .collect();
    let points = points(&told, &figures);
    let mut conflicts = Vec::new();
    for point in points.iter().filter(|p| !p.compatible) {
        for (n, &a) in point.figures.iter().enumerate() {
            for &b in point.figures.iter().skip(n + 1) {
                let (Some(x), Some(y)) = (told.get(a), told.get(b)) else {
                    continue;
                };
                // Parts of one account are no contradiction.
                if x.rendition == y.rendition {
                    continue;
                }
                if !meet([bounds(&x.statement), bounds(&y.statement)].into_iter()).0
                    && conflicts.len() < 1000
                {
                    let words = |t: &Told| {
                        t.statement
                            .quantity
                            .as_ref()
                            .map_or(String::new(), |q| q.text.clone())
                    };
                    conflicts.push(Conflict {
                        figures: [a, b],
                        reason: format!("“{}” and “{}” cannot both hold", words(x), words(y)),
                    });
                }
            }
        }
    }
    Series {
        key: kin.key(),
        event: kin.event,
        population: kin.population.clone(),
        place: (!kin.place.is_empty()).then(|| kin.place.clone()),
        unit: kin.unit.clone(),
        measure: told.first().and_then(|t| measure(t)),
        standing: kin.standing,
        mentions: figures.len(),
        figures,
        points,
        conflicts,
        identities: Vec::new(),
        warnings: Vec::new(),
        origins,
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
            .filter(|_| matches!(measure(told), Some(Measure::Stock)))
    };
    Figure {
        id: told.id,
        document: told.document,
        title: told.title.clone(),
        published: told.published.map(|d| d.to_string()),
        quote: s.quote.clone(),
        text: q.map_or(String::new(), |q| q.text.clone()),
        kind: q.map_or(QuantityKind::Exact, |q| q.kind),
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
    }
}

/// Figures that are about overlapping times.
fn points(told: &[&Told], figures: &[Figure]) -> Vec<Point> {
    let mut order: Vec<usize> = (0..told.len()).collect();
    let spans: Vec<Option<(i64, i64)>> = told.iter().map(|t| span(t)).collect();
    order.sort_by_key(|&n| spans.get(n).copied().flatten());
    let mut points: Vec<(Days, Vec<usize>)> = Vec::new();
    for n in order {
        let own = spans.get(n).copied().flatten();
        match points.last_mut() {
            Some((open, members))
                if match (*open, own) {
                    (Some(a), Some(b)) => b.0 <= a.1,
                    (None, None) => true,
                    _ => false,
                } =>
            {
                if let (Some(a), Some(b)) = (&mut *open, own) {
                    a.1 = a.1.max(b.1);
                }
                members.push(n);
            }
            _ => points.push((own, vec![n])),
        }
    }
    points
        .into_iter()
        .map(|(_, mut members)| {
            members.sort_unstable();
            let (compatible, low, high) = meet(
                members
                    .iter()
                    .filter_map(|&n| told.get(n))
                    .map(|t| bounds(&t.statement)),
            );
            let of = |pick: fn(&Figure) -> &Option<String>| {
                members
                    .iter()
                    .filter_map(|&n| figures.get(n))
                    .filter_map(move |f| pick(f).clone())
            };
            let mut origins: Vec<usize> = members
                .iter()
                .filter_map(|&n| figures.get(n))
                .map(|f| f.origin)
                .collect();
            origins.sort_unstable();
            origins.dedup();
            Point {
                from: of(|f| &f.from).min(),
                to: of(|f| &f.to).max(),
                compatible,
                low: low.filter(|_| compatible),
                high: high.filter(|_| compatible),
                origins: origins.len(),
                figures: members,
            }
        })
        .collect()
}

/// The first teller, and whether nobody is named: then whoever relays the unnamed one.
fn origin(told: &Told) -> (String, bool) {
    let publisher = || {
        told.publisher
            .clone()
            .or_else(|| told.title.clone())
            .unwrap_or_else(|| told.rendition.to_string())
    };
    let mut chain = told.statement.attribution.iter();
    match chain.next() {
        None => (publisher(), false),
        Some(step) => match step.source.quote() {
            Some(quote) if is_pronoun(&quote.text) => (
                chain
                    .find_map(|s| s.source.quote())
                    .map_or_else(publisher, |q| q.text.clone()),
                false,
            ),
            Some(quote) => (quote.text.clone(), false),
            None => (
                chain
                    .find_map(|s| s.source.quote())
                    .map_or_else(publisher, |q| q.text.clone()),
                true,
            ),
        },
    }
}

fn is_pronoun(text: &str) -> bool {
    matches!(
        text.to_lowercase().as_str(),
        "he" | "she" | "it" | "they" | "we" | "i" | "他" | "她" | "他们" | "그" | "그는"
    )
}

/// Whether two names are one, by their letters or by an acronym.
fn same_name(a: &str, b: &str) -> bool {
    let bare = |name: &str| {
        let lower = name.to_lowercase();
        let lower = lower
            .strip_prefix("the ")
            .or_else(|| lower.strip_prefix("a "))
            .unwrap_or(&lower);
        lower
            .chars()
            .filter(|c| c.is_alphanumeric())
            .collect::<String>()
    };
    let initials = |name: &str| {
        name.split([' ', '-'])
            .filter(|w| w.chars().next().is_some_and(char::is_uppercase))
            .filter_map(|w| w.chars().next())
            .collect::<String>()
            .to_lowercase()
    };
    let (x, y) = (bare(a), bare(b));
    x == y || (x.len() > 2 && x == initials(b)) || (y.len() > 2 && y == initials(a))
}

fn grouped(value: f64) -> String {
    let whole = format!("{value:.0}");
    let mut out = String::new();
    for (n, digit) in whole.chars().enumerate() {
        if n > 0 && (whole.len() - n) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Figures that add up: two to four parts with a total of the same event and unit.
fn identities(told: &[&Told]) -> Vec<Identity> {
    let mut by: BTreeMap<(Event, String), Vec<(f64, &Told)>> = BTreeMap::new();
    for one in told.iter().filter(|t| t.statement.modality.is_fact()) {
        let Some(value) = nominal(&one.statement).filter(|v| *v >= 10.0 && v.fract() == 0.0) else {
            continue;
        };
        let unit = one
            .statement
            .quantity
            .as_ref()
            .and_then(|q| q.unit.clone())
            .unwrap_or_default();
        let list = by
            .entry((same_event(one.statement.event), unit))
            .or_default();
        if !list.iter().any(|(known, _)| known == &value) {
            list.push((value, one));
        }
    }
    let mut found = Vec::new();
    for list in by
        .values()
        .filter(|l| l.len() >= 3 && l.len() <= MOST_SUMMED)
    {
        for &(total, whole) in list {
            let parts: Vec<(f64, &Told)> =
                list.iter().filter(|(v, _)| *v < total).copied().collect();
            let mut picked = Vec::new();
            sums(&parts, total, 0, &mut picked, &mut |picked| {
                // Round numbers add up by chance: two round parts say nothing.
                let round = picked.iter().filter(|(v, _)| v % 100.0 == 0.0).count();
                let told_together = picked.iter().all(|(_, t)| {
                    t.document == picked[0].1.document || t.document == whole.document
                });
                if picked.len() == 2 && round == 2 && !told_together || found.len() >= 200 {
                    return;
                }
                let sum: Vec<String> = picked.iter().map(|(v, _)| grouped(*v)).collect();
                found.push(Identity {
                    parts: picked.iter().map(|(_, t)| t.id).collect(),
                    total: whole.id,
                    words: format!("{} = {}", sum.join(" + "), grouped(total)),
                });
            });
        }
    }
    found
}

fn sums<'t>(
    parts: &[Spoken<'t>],
    rest: f64,
    from: usize,
    picked: &mut Vec<Spoken<'t>>,
    hit: &mut dyn FnMut(&[Spoken<'t>]),
) {
    if rest == 0.0 && picked.len() >= 2 {
        hit(picked);
        return;
    }
    if picked.len() == 4 {
        return;
    }
    for (n, part) in parts.iter().enumerate().skip(from) {
        if part.0 <= rest {
            picked.push(*part);
            sums(parts, rest - part.0, n + 1, picked, hit);
            picked.pop();
        }
    }
}

/// What changed between two tellings that share event and number.
fn drifts(told: &[&Told]) -> Vec<Drift> {
    let mut found = Vec::new();
    for (n, a) in told.iter().enumerate() {
        for b in told.iter().skip(n + 1) {
            if found.len() >= 500 {
                return found;
            }
            if same_event(a.statement.event) == same_event(b.statement.event) && a.id != b.id {
                found.extend(drift(a, b));
            }
        }
    }
    found
}

fn drift(a: &Told, b: &Told) -> Option<Drift> {
    let (x, y) = (nominal(&a.statement)?, nominal(&b.statement)?);
    let (p, q) = (
        a.statement.quantity.as_ref()?,
        b.statement.quantity.as_ref()?,
    );
    if x < 10.0 {
        return None;
    }
    let make = |kind, words| {
        Some(Drift {
            kind,
            from: a.id,
            to: b.id,
            words,
        })
    };
    let near = (x - y).abs() <= x.max(y) * 0.05;
    if near && p.unit != q.unit && p.unit.is_some() && q.unit.is_some() {
        let unit = |u: &Option<String>| u.clone().unwrap_or_default();
        return make(
            "unit",
            format!(
                "“{}” counts {}s, “{}” counts {}s",
                p.text,
                unit(&p.unit),
                q.text,
                unit(&q.unit)
            ),
        );
    }
    if x != y || a.document == b.document {
        return None;
    }
    let (from, to) = (
        first_place(&a.statement).unwrap_or_default(),
        first_place(&b.statement).unwrap_or_default(),
    );
    if !from.is_empty()
        && !to.is_empty()
        && from != to
        && !from.contains("border")
        && !to.contains("border")
        && (inside(&from, &to) || inside(&to, &from))
    {
        return make("scope", format!("{} of {from} is told of {to}", grouped(x)));
    }
    if population(&a.statement) != population(&b.statement) {
        return make(
            "population",
            format!(
                "{} {} became {} {}",
                grouped(x),
                population(&a.statement),
                grouped(y),
                population(&b.statement)
            ),
        );
    }
    let year = |t: &Told| {
        t.statement.date.as_ref().and_then(|d| {
            d.from
                .as_deref()
                .or(d.to.as_deref())
                .and_then(|d| d.get(..4))
                .map(str::to_owned)
        })
    };
    if let (Some(one), Some(other)) = (year(a), year(b))
        && one != other
        && x % 100.0 != 0.0
    {
        return make(
            "date",
            format!(
                "{} is told of {one} and of {other}: one event with a contested date, or two",
                grouped(x)
            ),
        );
    }
    if a.statement.modality.is_fact() != b.statement.modality.is_fact() {
        return make(
            "modality",
            format!(
                "“{}” is {} in one and {} in the other",
                p.text,
                a.statement.modality.as_str(),
                b.statement.modality.as_str()
            ),
        );
    }
    match (p.kind, q.kind) {
        (QuantityKind::Approx, QuantityKind::Exact) => make(
            "false_precision",
            format!("“{}” became “{}”", p.text, q.text),
        ),
        (one, QuantityKind::Exact) if one != QuantityKind::Exact => {
            make("bound", format!("“{}” became “{}”", p.text, q.text))
        }
        _ => None,
    }
}

fn inside(inner: &str, outer: &str) -> bool {
    let mut at = inner.to_owned();
    for _ in 0..6 {
        match step(&at) {
            Some(next) if next != at => {
                if outer.contains(next) {
                    return true;
                }
                at = next.to_owned();
            }
            _ => return false,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Context, find};

    /// Documents as (name, publisher, day, text).
    fn told(documents: &[(&str, &str, &str, &str)]) -> Vec<Told> {
        let mut all = Vec::new();
        for (n, (title, publisher, day, text)) in documents.iter().enumerate() {
            let published: Option<ApproxDate> = day.parse().ok();
            let found = find(
                text,
                &Context {
                    published,
                    blocks: &[],
                },
            );
            for (m, statement) in found.statements.into_iter().enumerate() {
                let (n, m) = (u8::try_from(n).unwrap_or(0), u8::try_from(m).unwrap_or(0));
                all.push(Told {
                    id: StatementId([n, m, 0, 0, 0, 0, 0, 0, 0, 0]),
                    document: DocumentId([n; 10]),
                    title: Some((*title).into()),
                    publisher: Some((*publisher).into()),
                    published,
                    rendition: DocumentId([n; 10]),
                    statement,
                });
            }
        }
        all
    }

    fn of(all: &[Series], event: Event) -> Vec<&Series> {
        all.iter()
            .filter(|s| s.event == event && s.standing == "fact")
            .collect()
    }

    const NOTICE: (&str, &str, &str, &str) = (
        "Notice",
        "CECC",
        "2023-06-13",
        "Close to 2000 North Korean refugees are reportedly held in detention centers near the China-North Korea border.",
    );

    #[test]
    fn a_relay_adds_a_mention_and_no_origin_and_a_range_is_compatible() {
        let relay = (
            "Agency",
            "Yonhap",
            "2023-06-14",
            "Close to 2,000 North Korean refugees are reportedly held in detention centers in China, the Congressional-Executive Commission on China said.",
        );
        let all = series(&told(&[NOTICE, relay]));
        let held = of(&all, Event::Detention);
        assert_eq!(held.len(), 1, "{all:#?}");
        assert_eq!(
            (held[0].mentions, held[0].origins.len()),
            (2, 1),
            "{:#?}",
            held[0].origins
        );
        let third = (
            "Testimony",
            "NKDB",
            "2023-06-14",
            "Between 600 and 2,000 North Koreans are held in detention centers in China.",
        );
        let all = series(&told(&[NOTICE, relay, third]));
        let held = of(&all, Event::Detention);
        assert_eq!(
            (held.len(), held[0].mentions, held[0].origins.len()),
            (1, 3, 2)
        );
        assert!(held[0].conflicts.is_empty() && held[0].points.iter().all(|p| p.compatible));
    }

    #[test]
    fn the_night_of_nine_october_leaves_500_to_600() {
        let all = series(&told(&[
            (
                "A",
                "HRW",
                "2023-10-12",
                "China forcibly returned more than 500 North Koreans on October 9, 2023.",
            ),
            (
                "B",
                "JFNK",
                "2023-10-11",
                "China forcibly returned about 600 North Koreans on the night of October 9.",
            ),
            (
                "C",
                "MP",
                "2023-10-12",
                "China forcibly returned as many as 600 North Koreans on October 9.",
            ),
            (
                "D",
                "JFNK",
                "2023-10-20",
                "China has forcibly returned 2,600 North Koreans since August 2020.",
            ),
        ]));
        let back = of(&all, Event::Repatriation);
        let night = back.iter().find(|s| s.mentions == 3).expect("the night");
        assert_eq!(night.points.len(), 1);
        assert_eq!(
            (night.points[0].low, night.points[0].high),
            (Some(540.0), Some(600.0))
        );
        assert!(
            back.iter()
                .any(|s| s.mentions == 1 && s.measure == Some(Measure::Cumulative)),
            "{back:#?}"
        );
    }

    #[test]
    fn figures_that_cannot_both_hold_conflict() {
        let all = series(&told(&[
            (
                "A",
                "HRW",
                "2024-05-07",
                "China sent back about 60 North Koreans on April 26.",
            ),
            (
                "B",
                "Agency",
                "2024-05-02",
                "China sent back 200 North Koreans on April 26.",
            ),
        ]));
        let back = of(&all, Event::Repatriation);
        assert_eq!((back.len(), back[0].conflicts.len()), (1, 1), "{back:#?}");
        assert_eq!(back[0].points[0].low, None);
    }

    #[test]
    fn sums_are_found_and_drift_is_told() {
        let all = series(&told(&[
            (
                "A",
                "NKDB",
                "2023-01-10",
                "3,732 North Koreans were detained in Jilin. 1,077 North Koreans were detained in Liaoning. In all, 4,809 North Koreans were detained.",
            ),
            (
                "B",
                "Agency",
                "2023-02-10",
                "4,809 North Koreans were detained in China.",
            ),
            (
                "C",
                "NKDB",
                "2023-03-01",
                "The database holds 8,148 cases of forced repatriation from China.",
            ),
            (
                "D",
                "Agency",
                "2023-03-02",
                "China repatriated over 8,000 North Koreans.",
            ),
            (
                "E",
                "X",
                "2024-03-02",
                "108 workers were arrested in Helong in January 2024.",
            ),
            (
                "F",
                "Y",
                "2024-04-02",
                "108 workers were arrested in Helong in January 2023.",
            ),
            (
                "G",
                "Z",
                "2023-02-01",
                "1,234 North Koreans were detained in Yanbian.",
            ),
            (
                "H",
                "Z",
                "2023-02-02",
                "1,234 North Koreans were detained in China.",
            ),
        ]));
        let words: Vec<&str> = all
            .iter()
            .flat_map(|s| &s.identities)
            .map(|i| i.words.as_str())
            .collect();
        assert!(words.contains(&"3,732 + 1,077 = 4,809"), "{words:?}");
        let kinds: Vec<&str> = all
            .iter()
            .flat_map(|s| &s.warnings)
            .map(|w| w.kind)
            .collect();
        for kind in ["unit", "date", "scope"] {
            assert!(kinds.contains(&kind), "{kind} in {kinds:?}");
        }
    }

    #[test]
    fn years_make_one_series() {
        let all = series(&told(&[
            (
                "2017",
                "CECC",
                "2017-10-05",
                "1,414 North Korean refugees reached South Korea in 2016.",
            ),
            (
                "2018",
                "CECC",
                "2018-10-10",
                "1,127 North Korean refugees reached South Korea in 2017.",
            ),
            (
                "2020",
                "CECC",
                "2020-10-10",
                "About 1,047 North Korean refugees reached South Korea in 2019.",
            ),
        ]));
        let arrivals = of(&all, Event::Arrival);
        assert_eq!(
            (arrivals.len(), arrivals[0].points.len()),
            (1, 3),
            "{arrivals:#?}"
        );
    }

    proptest::proptest! {
        #[test]
        fn order_does_not_matter_and_no_figure_is_lost(numbers in proptest::collection::vec(1_u32..5000, 1..8), turn in 0_usize..8) {
            let texts: Vec<String> = numbers.iter().map(|n| format!("China deported {n} North Koreans on October 9, 2023.")).collect();
            let documents: Vec<(&str, &str, &str, &str)> = texts.iter().map(|t| ("A", "B", "2023-10-12", t.as_str())).collect();
            let all = told(&documents);
            let mut turned = all.clone();
            turned.rotate_left(turn % all.len().max(1));
            let (one, other) = (series(&all), series(&turned));
            proptest::prop_assert_eq!(&one, &other);
            let counted = all.iter().filter(|t| t.statement.quantity.is_some()).count();
            proptest::prop_assert_eq!(one.iter().map(|s| s.figures.len()).sum::<usize>(), counted);
        }
    }
}
