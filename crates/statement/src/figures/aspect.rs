//! What a figure is about: whom it counts, where, when, and whether it counts those who are there
//! at a time, those whom something happened to, or a sum since a beginning.

use casefile::statement::{Event, Group, Measure, Statement};

use super::Told;
use super::bound::nominal;

/// Names of places of the field, as parts of what texts write, and the one name that is used here.
/// The first that fits counts, so inner places stand before outer ones.
const NAMES: &[(&str, &str)] = &[
    ("yanji", "yanji"),
    ("延吉", "yanji"),
    ("옌지", "yanji"),
    ("연길", "yanji"),
    ("tumen", "tumen"),
    ("图们", "tumen"),
    ("투먼", "tumen"),
    ("도문", "tumen"),
    ("helong", "helong"),
    ("和龙", "helong"),
    ("허룽", "helong"),
    ("화룡", "helong"),
    ("hunchun", "hunchun"),
    ("珲春", "hunchun"),
    ("훈춘", "hunchun"),
    ("yanbian", "yanbian"),
    ("延边", "yanbian"),
    ("연변", "yanbian"),
    ("옌볜", "yanbian"),
    ("changchun", "changchun"),
    ("长春", "changchun"),
    ("dandong", "dandong"),
    ("丹东", "dandong"),
    ("단둥", "dandong"),
    ("단동", "dandong"),
    ("shenyang", "shenyang"),
    ("沈阳", "shenyang"),
    ("선양", "shenyang"),
    ("dalian", "dalian"),
    ("大连", "dalian"),
    ("다롄", "dalian"),
    ("jilin", "jilin"),
    ("吉林", "jilin"),
    ("지린", "jilin"),
    ("길림", "jilin"),
    ("liaoning", "liaoning"),
    ("辽宁", "liaoning"),
    ("랴오닝", "liaoning"),
    ("요녕", "liaoning"),
    ("heilongjiang", "heilongjiang"),
    ("黑龙江", "heilongjiang"),
    ("헤이룽장", "heilongjiang"),
    ("northeast", "northeast china"),
    ("东北", "northeast china"),
    ("동북", "northeast china"),
    ("shandong", "shandong"),
    ("xinjiang", "xinjiang"),
    ("yunnan", "yunnan"),
    ("tibet", "tibet"),
    ("china", "china"),
    ("chinese", "china"),
    ("中国", "china"),
    ("중국", "china"),
    ("border", "china"),
    ("边境", "china"),
    ("접경", "china"),
    ("south korea", "south korea"),
    ("韩国", "south korea"),
    ("한국", "south korea"),
    ("north korea", "north korea"),
    ("朝鲜", "north korea"),
    ("북한", "north korea"),
];

/// Each place and the next around it.
const AROUND: &[(&str, &str)] = &[
    ("yanji", "yanbian"),
    ("tumen", "yanbian"),
    ("helong", "yanbian"),
    ("hunchun", "yanbian"),
    ("yanbian", "jilin"),
    ("changchun", "jilin"),
    ("dandong", "liaoning"),
    ("shenyang", "liaoning"),
    ("dalian", "liaoning"),
    ("jilin", "northeast china"),
    ("liaoning", "northeast china"),
    ("heilongjiang", "northeast china"),
    ("northeast china", "china"),
    ("shandong", "china"),
    ("xinjiang", "china"),
    ("yunnan", "china"),
    ("tibet", "china"),
];

/// First and last day, as numbers.
pub(super) type Days = Option<(i64, i64)>;

/// A place and all around it, the innermost first.
pub(super) type Place = Vec<String>;

/// The time that a figure is about, as far as it decides what it is compared with.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Time {
    /// A day, a week, a season.
    Within(i64, i64),
    /// One whole year of a series of years.
    Yearly,
    /// Summed from this day on.
    Since(String),
    /// At a time: its own, or that of the text.
    Stock,
    Open,
}

/// What a figure is about.
#[derive(Debug, Clone)]
pub(super) struct Aspect {
    pub(super) nation: Option<&'static str>,
    pub(super) places: Vec<Place>,
    pub(super) measure: Option<Measure>,
    pub(super) time: Time,
    pub(super) nominal: Option<f64>,
    /// When the text was published.
    pub(super) published: Days,
}

impl Aspect {
    pub(super) fn of(told: &Told) -> Self {
        Self {
            nation: nation(&told.statement),
            places: places(&told.statement),
            measure: measure(told),
            time: time(told),
            nominal: nominal(&told.statement),
            published: told_on(told),
        }
    }

    /// The more a figure tells of what it is about, the less; those that tell most come first.
    pub(super) fn vagueness(&self) -> (bool, u8, usize, bool) {
        let time = match self.time {
            Time::Within(from, to) if to.saturating_sub(from) < 8 => 0,
            Time::Within(..) => 1,
            Time::Yearly | Time::Since(_) | Time::Stock => 2,
            Time::Open => 3,
        };
        let depth = self.places.iter().map(Vec::len).max().unwrap_or(0);
        (
            self.measure.is_none(),
            time,
            8_usize.saturating_sub(depth.min(8)),
            self.nation.is_none(),
        )
    }
}

/// Events that count the same thing.
pub(super) const fn same_event(event: Event) -> Event {
    match event {
        Event::Deportation => Event::Repatriation,
        other => other,
    }
}

/// The people of one nation that are counted, where the words tell.
pub(super) fn nation(s: &Statement) -> Option<&'static str> {
    const NATIONS: &[(&[&str], &str)] = &[
        (
            &["north korea", "脱北", "朝鲜", "北韩", "탈북", "북한"],
            "north koreans",
        ),
        (&["uyghur", "uighur", "维吾尔", "위구르"], "uyghurs"),
        (&["chinese", "中国人", "중국인"], "chinese"),
    ];
    let patient = patient(s);
    let named = NATIONS
        .iter()
        .find(|(words, _)| words.iter().any(|w| patient.contains(w)))
        .map(|(_, name)| *name);
    named.or_else(|| {
        let quote = s.quote.to_lowercase();
        let (words, name) = NATIONS.first()?;
        words.iter().any(|w| quote.contains(w)).then_some(*name)
    })
}

fn patient(s: &Statement) -> String {
    let words = s.patient.iter().filter_map(|a| a.quote());
    words
        .map(|q| q.text.to_lowercase())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Which part of a people is counted: women and workers are not their whole.
pub(super) fn part(s: &Statement) -> String {
    let parts = s.group.iter().filter(|g| {
        matches!(
            g,
            Group::Women | Group::Children | Group::Workers | Group::Men | Group::Students
        )
    });
    parts.map(|g| g.as_str()).collect::<Vec<_>>().join(", ")
}

/// A population in words: `women (north koreans)`.
pub(super) fn population(part: &str, nation: Option<&str>) -> String {
    let nation = nation.unwrap_or("people");
    if part.is_empty() {
        nation.into()
    } else {
        format!("{part} ({nation})")
    }
}

/// A place with all around it; one that is not in the table stands alone.
fn path(place: &str) -> Place {
    let lower = place
        .to_lowercase()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    let known = NAMES.iter().find(|(part, _)| lower.contains(part));
    let mut path = vec![known.map_or(lower, |(_, name)| (*name).to_owned())];
    while path.len() < 8
        && let Some((_, around)) = AROUND
            .iter()
            .find(|(inner, _)| path.last().is_some_and(|last| last == inner))
    {
        path.push((*around).to_owned());
    }
    path
}

/// Where what is counted happened. Of those who are sent back, where from; of those who arrive,
/// where.
pub(super) fn places(s: &Statement) -> Vec<Place> {
    let event = same_event(s.event);
    let of = |list: &[casefile::statement::Argument]| -> Vec<Place> {
        let quotes = list.iter().filter_map(|a| a.quote());
        quotes.map(|q| path(&q.text)).collect()
    };
    let mut places: Vec<Place> = of(&s.place).into_iter().chain(of(&s.origin)).collect();
    if event == Event::Repatriation {
        places.retain(|place| place.last().is_none_or(|outer| outer != "north korea"));
    }
    if places.is_empty() {
        match event {
            Event::Repatriation => {
                let china = s
                    .agent
                    .iter()
                    .filter_map(|a| a.quote())
                    .any(|q| path(&q.text).last().is_some_and(|outer| outer == "china"));
                if china {
                    places.push(vec!["china".into()]);
                }
            }
            Event::Crossing => {}
            _ => places = of(&s.destination),
        }
    }
    // "Helong, Jilin" is one place.
    let all = places.clone();
    places.retain(|place| {
        !all.iter().any(|other| {
            other.len() > place.len() && place.first().is_some_and(|head| other.contains(head))
        })
    });
    places.sort();
    places.dedup();
    places
}

/// Whether one of two places lies in the other.
pub(super) fn nested(a: &Place, b: &Place) -> bool {
    a.first().is_some_and(|head| b.contains(head)) || b.first().is_some_and(|head| a.contains(head))
}

pub(super) fn measure(told: &Told) -> Option<Measure> {
    let s = &told.statement;
    let given = s.quantity.as_ref().and_then(|q| q.measure);
    let length = span(told).map(|(from, to)| to.saturating_sub(from));
    match given {
        Some(Measure::Flow) | None if length.is_some_and(|days| days > 366) => {
            Some(Measure::Cumulative)
        }
        // "Last week" has a beginning and an end, and sums nothing up.
        Some(Measure::Cumulative) if length.is_some_and(|days| days <= 31) => Some(Measure::Flow),
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
    if !(-100_000..=100_000).contains(&year) || !(1..=12).contains(&month) {
        return None;
    }
    let year = if month <= 2 { year - 1 } else { year };
    let month = (month + 9) % 12;
    Some(
        365 * year + year.div_euclid(4) - year.div_euclid(100)
            + year.div_euclid(400)
            + (153 * month + 2) / 5
            + day.clamp(1, 31)
            - 1,
    )
}

/// The day of publication, counted as [`span`] counts.
pub(super) fn told_on(told: &Told) -> Days {
    let day = told.published?.to_string();
    let first = match day.len() {
        4 => format!("{day}-01-01"),
        7 => format!("{day}-01"),
        _ => day,
    };
    day_number(&first).map(|day| (day, day))
}

pub(super) fn span(told: &Told) -> Days {
    let date = told.statement.date.as_ref()?;
    let (from, to) = (
        date.from.as_deref().and_then(day_number),
        date.to.as_deref().and_then(day_number),
    );
    Some((from.or(to)?, to.or(from)?))
}

fn time(told: &Told) -> Time {
    let measure = measure(told);
    let date = told
        .statement
        .date
        .as_ref()
        .filter(|d| d.from.is_some() || d.to.is_some());
    if measure == Some(Measure::Stock) {
        return Time::Stock;
    }
    let Some(date) = date else {
        return Time::Open;
    };
    let (from, to) = (
        date.from.as_deref().unwrap_or(""),
        date.to.as_deref().unwrap_or(""),
    );
    if from.ends_with("-01-01") && to.ends_with("-12-31") && from.get(..4) == to.get(..4) {
        return Time::Yearly;
    }
    if from.is_empty() {
        return Time::Since(String::new());
    }
    if measure == Some(Measure::Cumulative) {
        return Time::Since(from.to_owned());
    }
    span(told).map_or(Time::Open, |(from, to)| Time::Within(from, to.max(from)))
}
