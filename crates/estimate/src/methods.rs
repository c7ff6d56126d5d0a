//! Each method on one table: its answer, or why it has none.

use serde::Serialize;

use crate::bootstrap::Resampled;
use crate::chains::Convergence;
use crate::existence::Existence;
use crate::known::Ready;
use crate::loglinear::{self, Chosen};
use crate::poisson::NoFit;
use crate::report::{Answer, RankedModel, Settings, grouped, round};
use crate::special::quantile;
use crate::table::{Pattern, Table};
use crate::words::Note;
use crate::{classes, graphs, lists, threshold};

/// A way to estimate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    Chapman,
    Chao,
    Main,
    Stepwise,
    Bic,
    Threshold,
    Dga,
    Lcmcr,
}

impl Method {
    pub const ALL: [Self; 8] = [
        Self::Chapman,
        Self::Chao,
        Self::Main,
        Self::Stepwise,
        Self::Bic,
        Self::Threshold,
        Self::Dga,
        Self::Lcmcr,
    ];

    /// The name that is typed and printed.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Chapman => "chapman",
            Self::Chao => "chao",
            Self::Main => "main",
            Self::Stepwise => "stepwise",
            Self::Bic => "bic",
            Self::Threshold => "threshold",
            Self::Dga => "dga",
            Self::Lcmcr => "lcmcr",
        }
    }

    /// The methods that a typed name means; `loglinear` means three.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static [Self]> {
        let at = Self::ALL.iter().position(|method| method.name() == name);
        match (at, name) {
            (Some(at), _) => Self::ALL.get(at..=at),
            (None, "loglinear") => Some(&[Self::Main, Self::Stepwise, Self::Bic]),
            (None, "all") => Some(&Self::ALL),
            _ => None,
        }
    }

    /// The code of the wording that says what the method assumes.
    #[must_use]
    pub fn assumes(self) -> &'static str {
        match self {
            Self::Chapman => "assumes-chapman",
            Self::Chao => "assumes-chao",
            Self::Main => "assumes-main",
            Self::Stepwise => "assumes-stepwise",
            Self::Bic => "assumes-bic",
            Self::Threshold => "assumes-threshold",
            Self::Dga => "assumes-dga",
            Self::Lcmcr => "assumes-lcmcr",
        }
    }

    /// Whether lists may depend on one another, so that the answer counts in a headline.
    #[must_use]
    pub fn allows_dependence(self) -> bool {
        !matches!(self, Self::Chapman | Self::Chao | Self::Main)
    }
}

/// Lists at most for a search over all hierarchical models: of any order, and of pairs only.
const BIC_ANY: usize = 5;
const BIC_PAIRS: usize = 6;
/// Lists at most for a stepwise search that is repeated on every resample: with each list more it takes three times
/// as long.
const STEPWISE: usize = 12;
/// Lists at most for the Bayesian methods that hold all pairs at once.
const MOST_PAIRS: usize = 9;
/// Models that a resample looks at in a search by BIC.
const TOP: usize = 120;
/// Lines of the table of models.
const RANKING: usize = 10;

pub(crate) fn answer(ready: &Ready, method: Method, settings: &Settings) -> Answer {
    let table = &ready.table;
    match method {
        Method::Chapman => match lists::chapman(table) {
            Some(simple) => of_simple(method, simple, table, settings),
            None => Answer::refused(method, Note::new("two-lists-only", [])),
        },
        _ if table.width() < 3 => Answer::refused(method, Note::new("three-lists-least", [])),
        Method::Chao => match lists::chao(table) {
            Some(simple) => of_simple(method, simple, table, settings),
            None => Answer::refused(method, Note::new("three-lists-least", [])),
        },
        Method::Main => main(ready, settings),
        Method::Stepwise => stepwise(ready, settings),
        Method::Bic => bic(ready, settings),
        Method::Threshold => thresholded(ready, settings),
        Method::Dga => averaged(ready, settings),
        Method::Lcmcr => latent(ready, settings),
    }
}

fn of_simple(method: Method, simple: lists::Simple, table: &Table, settings: &Settings) -> Answer {
    Answer {
        estimate: Some(simple.total),
        interval: simple.interval(table.observed(), settings.level),
        diagnostics: vec![("standard_error", simple.error)],
        models_considered: 1,
        ..Answer::empty(method)
    }
}

fn no_fit(why: NoFit) -> Note {
    let code = match why {
        NoFit::NoMaximum => "no-maximum",
        NoFit::NotIdentified => "not-identified",
        NoFit::NotConverged => "not-converged",
    };
    Note::new(code, [])
}

/// `[A:B][C]`.
fn named(table: &Table, terms: &[Pattern]) -> String {
    let name = |term: &Pattern| format!("[{}]", table.name(*term));
    terms.iter().map(name).collect()
}

fn of_chosen(method: Method, chosen: &Chosen, table: &Table) -> Answer {
    Answer {
        estimate: Some(table.observed() as f64 + chosen.fit.unseen),
        model: Some(named(table, &chosen.model.generators())),
        models_considered: chosen.considered,
        models_without_estimate: chosen.without_estimate,
        diagnostics: vec![
            ("deviance", chosen.fit.deviance),
            ("parameters", chosen.fit.parameters as f64),
            ("terms_at_minus_infinity", chosen.fit.empty.len() as f64),
        ],
        ..Answer::empty(method)
    }
}

/// Takes up what resampling gave.
fn with_interval(answer: &mut Answer, resampled: Option<&Resampled>, settings: &Settings) {
    let Some(resampled) = resampled else {
        return;
    };
    let without = resampled.without_estimate;
    let all = resampled.estimates.len() + without;
    answer.interval = resampled.interval(settings.level);
    let counts = [without.to_string(), all.to_string()];
    if answer.interval.is_none() {
        answer.warnings.push(Note::new("no-interval", counts));
    } else if without > 0 {
        answer
            .warnings
            .push(Note::new("some-without-estimate", counts));
    }
    answer.diagnostics.extend([
        ("resamples", all as f64),
        ("resamples_without_estimate", without as f64),
        ("acceleration", resampled.acceleration),
        ("bias_correction", resampled.bias),
    ]);
}

fn main(ready: &Ready, settings: &Settings) -> Answer {
    match loglinear::main_effects(ready.table.counts(), &ready.forced) {
        Ok(chosen) => {
            let table = &ready.table;
            let mut answer = of_chosen(Method::Main, &chosen, table);
            let unseen = chosen.fit.unseen;
            let error = (unseen + unseen.powi(2) * chosen.fit.variance_of_log).sqrt();
            let total = table.observed() as f64 + unseen;
            answer.interval =
                lists::Simple { total, error }.interval(table.observed(), settings.level);
            answer.diagnostics.push(("standard_error", error));
            answer
        }
        Err(why) => Answer::refused(Method::Main, no_fit(why)),
    }
}

fn stepwise(ready: &Ready, settings: &Settings) -> Answer {
    let width = ready.table.width();
    if width > STEPWISE {
        let values = [STEPWISE.to_string(), width.to_string()];
        return Answer::refused(Method::Stepwise, Note::new("too-many-lists", values));
    }
    let counts = ready.table.counts();
    let threshold = loglinear::STEPWISE_THRESHOLD;
    let chosen = match loglinear::stepwise(counts, threshold, &ready.forced) {
        Ok(chosen) => chosen,
        Err(why) => return Answer::refused(Method::Stepwise, no_fit(why)),
    };
    let mut answer = of_chosen(Method::Stepwise, &chosen, &ready.table);
    let whole = answer.estimate.unwrap_or(f64::NAN);
    let (times, threads) = (settings.resamples, settings.threads);
    let resampled = loglinear::resample_stepwise(
        counts,
        whole,
        threshold,
        &ready.forced,
        times,
        settings.seed,
        threads,
    );
    with_interval(&mut answer, resampled.as_ref(), settings);
    answer
}

fn bic(ready: &Ready, settings: &Settings) -> Answer {
    let table = &ready.table;
    let width = table.width();
    if width > BIC_PAIRS {
        let values = [BIC_PAIRS.to_string(), width.to_string()];
        return Answer::refused(Method::Bic, Note::new("too-many-lists", values));
    }
    let order = if width > BIC_ANY { 2 } else { 3 };
    let Some(models) = loglinear::candidates(width, order, &ready.forced) else {
        let values = [BIC_ANY.to_string(), width.to_string()];
        return Answer::refused(Method::Bic, Note::new("too-many-lists", values));
    };
    let (ranked, without) = loglinear::rank(table.counts(), &models);
    let Some(best) = ranked.first() else {
        return Answer::refused(Method::Bic, Note::new("no-maximum", []));
    };
    let observed = table.observed() as f64;
    let mut answer = Answer {
        estimate: Some(observed + best.unseen),
        model: Some(named(table, &best.model.generators())),
        models_considered: models.len(),
        models_without_estimate: without,
        diagnostics: vec![
            ("bic", best.bic),
            ("parameters", best.model.terms().len() as f64),
            ("most_lists_in_a_term", f64::from(order)),
            ("models_a_resample", ranked.len().min(TOP) as f64),
        ],
        ranking: ranked
            .iter()
            .take(RANKING)
            .map(|one| RankedModel {
                model: named(table, &one.model.generators()),
                criterion: one.bic,
                estimate: Some(observed + one.unseen),
            })
            .collect(),
        ..Answer::empty(Method::Bic)
    };
    let ends = [ranked.len().min(TOP)];
    let (times, threads) = (settings.resamples, settings.threads);
    let resampled = loglinear::resample_bic(
        table.counts(),
        &ranked,
        &ends,
        times,
        settings.seed,
        threads,
    );
    with_interval(&mut answer, resampled.first(), settings);
    answer
}

fn limits(sorted: &[f64], settings: &Settings, observed: f64) -> Option<(f64, (f64, f64))> {
    let tail = (1.0 - settings.level) / 2.0;
    let at = |p: f64| quantile(sorted, p).map(|unseen| unseen + observed);
    Some((at(0.5)?, (at(tail)?, at(1.0 - tail)?)))
}

fn of_convergence(convergence: &Convergence) -> Vec<(&'static str, f64)> {
    vec![
        ("chains", convergence.chains as f64),
        ("draws", convergence.draws as f64),
        ("r_hat", convergence.r_hat),
        ("effective_draws", convergence.effective),
    ]
}

fn chains_disagree(convergence: &Convergence) -> Note {
    let values = [
        format!("{:.3}", convergence.r_hat),
        format!("{:.0}", convergence.effective),
    ];
    Note::new("chains-disagree", values)
}

fn thresholded(ready: &Ready, settings: &Settings) -> Answer {
    let method = Method::Threshold;
    let table = &ready.table;
    if table.width() > MOST_PAIRS {
        let values = [MOST_PAIRS.to_string(), table.width().to_string()];
        return Answer::refused(method, Note::new("too-many-lists", values));
    }
    let observed = table.observed() as f64;
    let run = |how: &threshold::Threshold| {
        threshold::sample(
            table.counts(),
            how,
            &ready.forced,
            settings.seed,
            settings.threads,
        )
    };
    let sampled = match run(&settings.threshold) {
        Ok(sampled) => sampled,
        Err(threshold::NoPosterior::Improper(Existence::NotIdentified)) => {
            return Answer::refused(method, Note::new("not-identified", []));
        }
        Err(threshold::NoPosterior::Improper(_)) => {
            return Answer::refused(method, Note::new("no-maximum", []));
        }
        Err(threshold::NoPosterior::NotConverged) => {
            return Answer::refused(method, Note::new("not-converged", []));
        }
    };
    let mut answer = Answer {
        model: Some(named(table, &sampled.model.generators())),
        models_considered: 1,
        diagnostics: of_convergence(&sampled.convergence),
        traces: traces(&sampled.chains, observed),
        ..Answer::empty(method)
    };
    let weakest = sampled
        .judged
        .iter()
        .map(|(_, weight)| (weight - 2.0).abs());
    let nearest = weakest.fold(f64::INFINITY, f64::min);
    answer.diagnostics.push(("nearest_to_threshold", nearest));
    answer
        .diagnostics
        .push(("terms_at_minus_infinity", sampled.empty.len() as f64));
    if !sampled.convergence.is_good() {
        answer.refused = Some(chains_disagree(&sampled.convergence));
        return answer;
    }
    if let Some((estimate, interval)) = limits(&sorted(&sampled.chains), settings, observed) {
        (answer.estimate, answer.interval) = (Some(estimate), Some(interval));
    }
    if !sampled.triples_refused.is_empty() {
        let values = [named(table, &sampled.triples_refused)];
        answer.warnings.push(Note::new("triples-refused", values));
    }
    let sharp = threshold::Threshold {
        edge: 0.0,
        ..settings.threshold
    };
    if !sampled.on_edge.is_empty()
        && let Ok(without) = run(&sharp)
        && let Some((estimate, (low, high))) = limits(&sorted(&without.chains), settings, observed)
    {
        let values = [
            named(table, &sampled.on_edge),
            round(estimate),
            round(low),
            round(high),
        ];
        answer.warnings.push(Note::new("on-edge", values));
    }
    answer
}

/// Points of a chain that are drawn.
const DRAWN: usize = 200;

/// Every so many draws of each chain, as people in all.
fn traces(chains: &[Vec<f64>], observed: f64) -> Vec<Vec<f64>> {
    let thin = |chain: &Vec<f64>| {
        let step = chain.len().div_ceil(DRAWN).max(1);
        let draws = chain.iter().step_by(step);
        draws.map(|unseen| unseen + observed).collect()
    };
    chains.iter().map(thin).collect()
}

fn sorted(chains: &[Vec<f64>]) -> Vec<f64> {
    let mut draws = chains.concat();
    draws.sort_by(f64::total_cmp);
    draws
}

/// Prior count of each cell, as York and Madigan (1992) have it.
pub(crate) fn usual_delta(table: &Table) -> f64 {
    f64::from(table.width() as u32).exp2().recip()
}

fn averaged(ready: &Ready, settings: &Settings) -> Answer {
    let method = Method::Dga;
    let table = &ready.table;
    if table.width() > graphs::MOST_LISTS {
        let values = [graphs::MOST_LISTS.to_string(), table.width().to_string()];
        return Answer::refused(method, Note::new("too-many-lists", values));
    }
    if !ready.exclusive.is_empty() {
        return Answer::refused(method, Note::new("no-exclusion", []));
    }
    let delta = settings.delta.unwrap_or_else(|| usual_delta(table));
    let Some(averaged) = graphs::average(table.counts(), delta, &ready.forced) else {
        return Answer::refused(method, Note::new("not-converged", []));
    };
    let observed = table.observed() as f64;
    let at = |p: f64| averaged.quantile(p).map(|unseen| unseen + observed);
    let tail = (1.0 - settings.level) / 2.0;
    let mut answer = Answer {
        estimate: at(0.5),
        interval: at(tail).zip(at(1.0 - tail)),
        model: averaged
            .graphs
            .first()
            .map(|best| named(table, &best.cliques)),
        models_considered: averaged.graphs.len(),
        diagnostics: vec![
            ("prior_count_a_cell", delta),
            ("reach_of_grid", averaged.reach),
            ("mass_beyond_grid", averaged.tail),
        ],
        ranking: averaged
            .graphs
            .iter()
            .take(RANKING)
            .map(|graph| RankedModel {
                model: named(table, &graph.cliques),
                criterion: graph.probability,
                estimate: None,
            })
            .collect(),
        ..Answer::empty(method)
    };
    if averaged.tail > 1e-4 {
        let values = [
            format!("{:.1}%", averaged.tail * 100.0),
            grouped(averaged.reach as u64),
        ];
        answer.warnings.push(Note::new("heavy-tail", values));
    }
    answer
}

fn latent(ready: &Ready, settings: &Settings) -> Answer {
    let method = Method::Lcmcr;
    if !ready.exclusive.is_empty() {
        return Answer::refused(method, Note::new("no-exclusion", []));
    }
    let table = &ready.table;
    let sampled = classes::sample(
        table.counts(),
        &settings.classes,
        settings.seed,
        settings.threads,
    );
    let observed = table.observed() as f64;
    let mut answer = Answer {
        models_considered: 1,
        diagnostics: of_convergence(&sampled.convergence),
        traces: traces(&sampled.chains, observed),
        ..Answer::empty(method)
    };
    answer.diagnostics.push(("classes_filled", sampled.classes));
    if !ready.forced.is_empty() {
        answer.warnings.push(Note::new("no-referral", []));
    }
    if !sampled.convergence.is_good() {
        answer.refused = Some(chains_disagree(&sampled.convergence));
        return answer;
    }
    if let Some((estimate, interval)) = limits(&sampled.sorted(), settings, observed) {
        (answer.estimate, answer.interval) = (Some(estimate), Some(interval));
    }
    answer
}
