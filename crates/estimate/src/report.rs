//! All methods on one table, side by side, and what they say together.

use serde::Serialize;

use crate::classes::Classes;
use crate::known::{Known, make_ready};
use crate::methods::{self, Method};
use crate::table::{Table, TableError};
use crate::threshold::Threshold;
use crate::words::Note;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Settings {
    pub methods: Vec<Method>,
    pub known: Known,
    pub seed: u64,
    /// Threads at most; they change no figure.
    pub threads: usize,
    /// Resamples for the intervals of log-linear methods.
    pub resamples: usize,
    /// Level of intervals, e.g. 0.95.
    pub level: f64,
    pub classes: Classes,
    pub threshold: Threshold,
    /// Prior count of each cell where graphs are averaged over; 2 to the minus number of lists if it is not given.
    pub delta: Option<f64>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            methods: Method::ALL.to_vec(),
            known: Known::default(),
            seed: 1,
            threads: 1,
            resamples: 1000,
            level: 0.95,
            classes: Classes::default(),
            threshold: Threshold::default(),
            delta: None,
        }
    }
}

/// What one method says.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answer {
    pub method: Method,
    /// People in all, seen and unseen. `None` where the method has no answer.
    pub estimate: Option<f64>,
    pub interval: Option<(f64, f64)>,
    /// The model that was chosen, or the most probable, by its largest terms.
    pub model: Option<String>,
    /// Models that were looked at, and those among them that have no estimate.
    pub models_considered: usize,
    pub models_without_estimate: usize,
    /// Numbers that tell how well the method works here, by name.
    pub diagnostics: Vec<(&'static str, f64)>,
    pub warnings: Vec<Note>,
    /// Why there is no answer.
    pub refused: Option<Note>,
    /// The best models with their criterion or probability, and their estimates where each has one.
    pub ranking: Vec<RankedModel>,
    /// Of methods that sample: people in all along each chain, thinned to be drawn.
    #[serde(skip)]
    pub traces: Vec<Vec<f64>>,
}

/// A line of the table of models.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RankedModel {
    pub model: String,
    /// BIC, or posterior probability.
    pub criterion: f64,
    pub estimate: Option<f64>,
}

impl Answer {
    pub(crate) fn refused(method: Method, why: Note) -> Self {
        Self {
            refused: Some(why),
            ..Self::empty(method)
        }
    }

    pub(crate) fn empty(method: Method) -> Self {
        Self {
            method,
            estimate: None,
            interval: None,
            model: None,
            models_considered: 0,
            models_without_estimate: 0,
            diagnostics: Vec::new(),
            warnings: Vec::new(),
            refused: None,
            ranking: Vec::new(),
            traces: Vec::new(),
        }
    }
}

/// What the methods say together: a range, never a figure.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Headline {
    /// The lowest lower and the highest upper limit.
    pub low: f64,
    pub high: f64,
    /// The lowest and the highest estimate.
    pub lowest_estimate: f64,
    pub highest_estimate: f64,
    /// Whether each estimate lies within the interval of each method.
    pub agree: bool,
    /// Methods that count.
    pub methods: Vec<Method>,
}

/// All that is said of one table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    pub observed: u64,
    /// Lists as they were counted, those of one origin as one.
    pub lists: Vec<String>,
    pub answers: Vec<Answer>,
    pub headline: Option<Headline>,
    /// The headline in words, or why there is none.
    pub summary: Note,
    /// Why no method can say anything.
    pub refused: Option<Note>,
    pub warnings: Vec<Note>,
    /// What was said about the lists.
    pub known: Known,
}

/// Estimates by each method that is asked for.
///
/// # Errors
/// A list is named that the table has not.
pub fn report(table: &Table, settings: &Settings) -> Result<Report, TableError> {
    let ready = match make_ready(table, &settings.known)? {
        Ok(ready) => ready,
        Err(why) => {
            return Ok(Report {
                observed: table.observed(),
                lists: table.lists().to_vec(),
                answers: Vec::new(),
                headline: None,
                summary: why.clone(),
                refused: Some(why),
                warnings: Vec::new(),
                known: settings.known.clone(),
            });
        }
    };
    let mut asked = settings.methods.clone();
    asked.dedup();
    let answers: Vec<Answer> = asked
        .into_iter()
        .map(|method| methods::answer(&ready, method, settings))
        .collect();
    let observed = ready.table.observed();
    let headline = headline(&answers, ready.table.width());
    let summary = summary(headline.as_ref(), observed, ready.table.width());
    Ok(Report {
        observed,
        lists: ready.table.lists().to_vec(),
        answers,
        headline,
        summary,
        refused: None,
        warnings: ready.warnings,
        known: settings.known.clone(),
    })
}

/// The report again without each list in turn: how much rests on one list.
///
/// # Errors
/// A list is named in what is known that the table has not.
pub fn without_each(
    table: &Table,
    settings: &Settings,
) -> Result<Vec<(String, Report)>, TableError> {
    let mut reports = Vec::new();
    for (j, name) in table.lists().iter().enumerate() {
        let (rest, _) = table.without(j);
        let mut settings = settings.clone();
        let known = &mut settings.known;
        for pairs in [&mut known.copied, &mut known.referral, &mut known.excludes] {
            pairs.retain(|(a, b)| a != name && b != name);
        }
        reports.push((name.clone(), report(&rest, &settings)?));
    }
    Ok(reports)
}

/// An answer under another prior than the usual one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PriorChanged {
    /// Which, for people.
    pub prior: String,
    pub answer: Answer,
}

/// The Bayesian methods again under other priors: half and twice the prior count of each cell for averaging, and a
/// concentration of classes that is expected larger for latent classes.
///
/// # Errors
/// A list is named that the table has not.
pub fn change_priors(table: &Table, settings: &Settings) -> Result<Vec<PriorChanged>, TableError> {
    let Ok(ready) = make_ready(table, &settings.known)? else {
        return Ok(Vec::new());
    };
    let usual = methods::usual_delta(&ready.table);
    let mut changed = Vec::new();
    for times in [0.5, 1.0, 2.0] {
        let delta = usual * times;
        let settings = Settings {
            delta: Some(delta),
            ..settings.clone()
        };
        changed.push(PriorChanged {
            prior: format!("{delta:.4} people in each cell"),
            answer: methods::answer(&ready, Method::Dga, &settings),
        });
    }
    for (a, b) in [(0.25, 0.25), (1.0, 1.0)] {
        let classes = Classes {
            a,
            b,
            ..settings.classes
        };
        let settings = Settings {
            classes,
            ..settings.clone()
        };
        changed.push(PriorChanged {
            prior: format!("concentration of classes: Gamma({a}, {b})"),
            answer: methods::answer(&ready, Method::Lcmcr, &settings),
        });
    }
    Ok(changed)
}

/// A range over the methods that allow for dependence between lists. `None` with fewer than two of them, or
/// with two lists.
pub(crate) fn headline(answers: &[Answer], lists: usize) -> Option<Headline> {
    let counting = answers
        .iter()
        .filter(|answer| answer.method.allows_dependence());
    let mut headline = Headline {
        low: f64::INFINITY,
        high: f64::NEG_INFINITY,
        lowest_estimate: f64::INFINITY,
        highest_estimate: f64::NEG_INFINITY,
        agree: true,
        methods: Vec::new(),
    };
    // The highest lower limit and the lowest upper one: all estimates must lie between them to agree.
    let (mut floor, mut ceiling) = (f64::NEG_INFINITY, f64::INFINITY);
    for answer in counting {
        let (Some(estimate), Some((low, high))) = (answer.estimate, answer.interval) else {
            continue;
        };
        headline.low = headline.low.min(low);
        headline.high = headline.high.max(high);
        headline.lowest_estimate = headline.lowest_estimate.min(estimate);
        headline.highest_estimate = headline.highest_estimate.max(estimate);
        headline.methods.push(answer.method);
        (floor, ceiling) = (floor.max(low), ceiling.min(high));
    }
    headline.agree = floor <= headline.lowest_estimate && headline.highest_estimate <= ceiling;
    (lists >= 3 && headline.methods.len() >= 2).then_some(headline)
}

pub(crate) fn summary(headline: Option<&Headline>, observed: u64, lists: usize) -> Note {
    match headline {
        None if lists == 2 => Note::new("no-headline-two-lists", []),
        None => Note::new("no-headline", []),
        Some(h) => {
            let code = if h.agree { "agree" } else { "disagree" };
            let methods = h.methods.len().to_string();
            let values = [h.low.floor(), h.high.ceil()].map(round);
            let [low, high] = values;
            let (lowest, highest) = (round(h.lowest_estimate), round(h.highest_estimate));
            Note::new(
                code,
                [low, high, grouped(observed), methods, lowest, highest],
            )
        }
    }
}

/// A number of people as a headline says it: two leading figures more than it is sure of would be too many, so
/// three at most.
pub(crate) fn round(people: f64) -> String {
    if !people.is_finite() || people > 1e18 {
        return "∞".to_owned();
    }
    let people = people.max(0.0);
    let unit = 10f64.powi((people.max(1.0).log10().floor() as i32 - 2).max(0));
    grouped(((people / unit).round() * unit) as u64)
}

/// `12,345`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
