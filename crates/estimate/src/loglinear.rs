//! Choosing a log-linear model: main effects, step by step, or by BIC over all hierarchical models.

use crate::bootstrap::{Resampled, resample};
use crate::existence::Existence;
use crate::hierarchy;
use crate::poisson::{Fit, Fitter, Model, NoFit};
use crate::special::poisson_at_most;
use crate::table::Pattern;

/// The p-value under which a term comes into a stepwise model (Chan, Silverman and Vincent 2021).
pub const STEPWISE_THRESHOLD: f64 = 0.02;
/// Most models that a search by BIC takes up.
pub const MOST_MODELS: usize = 40_000;

/// A model that a method chose, with its fit.
#[derive(Clone, Debug)]
pub struct Chosen {
    pub model: Model,
    pub fit: Fit,
    /// Models that were looked at.
    pub considered: usize,
    /// Models among them that have no estimate on this table.
    pub without_estimate: usize,
}

/// Independent lists: main effects and the `forced` terms only.
///
/// # Errors
/// The model has no estimate.
pub fn main_effects(counts: &[u64], forced: &[Pattern]) -> Result<Chosen, NoFit> {
    let mut fitter = Fitter::new(counts);
    let model = Model::with(fitter.width(), forced);
    let fit = fitter.fit(&model)?;
    Ok(Chosen {
        model,
        fit,
        considered: 1,
        without_estimate: 0,
    })
}

/// Main effects, then pairs of lists one after another: at each step the pair with the lowest Poisson p-value
/// of the number of people on both, as long as it is under `threshold` and the model has an estimate
/// (Chan, Silverman and Vincent 2021, section 3.2).
///
/// # Errors
/// Even the first model has no estimate.
pub fn stepwise(counts: &[u64], threshold: f64, forced: &[Pattern]) -> Result<Chosen, NoFit> {
    let mut fitter = Fitter::new(counts);
    stepwise_with(&mut fitter, threshold, forced)
}

pub(crate) fn stepwise_with(
    fitter: &mut Fitter,
    threshold: f64,
    forced: &[Pattern],
) -> Result<Chosen, NoFit> {
    let width = fitter.width();
    let mut pairs: Vec<Pattern> = forced.to_vec();
    let mut model = Model::with(width, &pairs);
    let mut fit = fitter.fit(&model)?;
    let (mut considered, mut without_estimate) = (1, 0);
    loop {
        let mut expected = fit.expected.clone();
        crate::poisson::over_supersets(&mut expected);
        let mut candidates: Vec<(f64, Pattern)> = pairs_of(width)
            .filter(|pair| !model.has(*pair))
            .map(|pair| {
                let seen = fitter.on_all(pair) as u64;
                let mean = expected.get(pair).copied().unwrap_or(0.0);
                (one_sided(seen, mean), pair)
            })
            .filter(|(p, _)| *p < threshold)
            .collect();
        candidates.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let mut grown = false;
        for (_, pair) in candidates {
            pairs.push(pair);
            let wider = Model::with(width, &pairs);
            considered += 1;
            match fitter.fit(&wider) {
                Ok(better) => {
                    (model, fit, grown) = (wider, better, true);
                    break;
                }
                Err(_) => {
                    without_estimate += 1;
                    pairs.pop();
                }
            }
        }
        if !grown {
            return Ok(Chosen {
                model,
                fit,
                considered,
                without_estimate,
            });
        }
    }
}

/// The lesser of the two one-sided Poisson p-values.
fn one_sided(seen: u64, mean: f64) -> f64 {
    let at_most = poisson_at_most(seen, mean);
    let at_least = match seen.checked_sub(1) {
        Some(less) => 1.0 - poisson_at_most(less, mean),
        None => 1.0,
    };
    at_most.min(at_least)
}

/// All pairs of `width` lists.
pub(crate) fn pairs_of(width: usize) -> impl Iterator<Item = Pattern> {
    (0..width).flat_map(move |a| (0..a).map(move |b| 1 << a | 1 << b))
}

/// A model with its BIC on one table.
#[derive(Clone, Debug)]
pub struct Ranked {
    pub model: Model,
    /// `k ln(n) - 2 log L`, where k counts parameters, those at minus infinity among them, and n
    /// the people observed.
    pub bic: f64,
    /// Expected number of people on no list.
    pub unseen: f64,
}

/// Models in the order of their BIC, the best first, of those that have an estimate; and how many have none.
#[must_use]
pub fn rank(counts: &[u64], models: &[Model]) -> (Vec<Ranked>, usize) {
    let mut fitter = Fitter::new(counts);
    let observed: u64 = counts.iter().skip(1).sum();
    let penalty = (observed as f64).ln();
    let mut ranked = Vec::new();
    for model in models {
        if fitter.existence(model) != Existence::Exists {
            continue;
        }
        if let Some(quick) = fitter.quick(model) {
            ranked.push(Ranked {
                model: model.clone(),
                bic: penalty * model.terms().len() as f64 - 2.0 * quick.log_likelihood,
                unseen: quick.ln_unseen.exp(),
            });
        }
    }
    let without = models.len() - ranked.len();
    ranked.sort_by(|a, b| a.bic.total_cmp(&b.bic));
    (ranked, without)
}

/// The unseen by the best model of `models`, for each of the nested sets that end before `ends`. For
/// resampled tables: existence is only checked for a model that would win.
pub(crate) fn best_of_nested(
    fitter: &mut Fitter,
    observed: u64,
    models: &[Model],
    ends: &[usize],
) -> Vec<Option<f64>> {
    let penalty = (observed as f64).ln();
    let mut best: Option<(f64, f64)> = None;
    let mut results = vec![None; ends.len()];
    for (at, model) in models.iter().enumerate() {
        if let Some(quick) = fitter.quick(model) {
            let bic = penalty * model.terms().len() as f64 - 2.0 * quick.log_likelihood;
            if best.is_none_or(|(least, _)| bic < least)
                && fitter.existence(model) == Existence::Exists
            {
                best = Some((bic, quick.ln_unseen.exp()));
            }
        }
        for (result, end) in results.iter_mut().zip(ends) {
            if *end == at + 1 {
                *result = best.map(|(_, unseen)| unseen);
            }
        }
    }
    for (result, end) in results.iter_mut().zip(ends) {
        if *end > models.len() {
            *result = best.map(|(_, unseen)| unseen);
        }
    }
    results
}

/// The hierarchical models that a search by BIC takes up for `width` lists: terms of at most `order` lists.
/// `None` where there are too many.
#[must_use]
pub fn candidates(width: usize, order: u32, forced: &[Pattern]) -> Option<Vec<Model>> {
    hierarchy::models(width, order, forced, MOST_MODELS)
}

/// Resamples of a choice by BIC among the first of `ranked` models, for each number of models in `ends`; the
/// figures are of all people, seen and unseen.
#[must_use]
pub fn resample_bic(
    counts: &[u64],
    ranked: &[Ranked],
    ends: &[usize],
    times: usize,
    seed: u64,
    threads: usize,
) -> Vec<Resampled> {
    let Some(best) = ranked.first() else {
        return Vec::new();
    };
    let longest = ends.iter().copied().max().unwrap_or(0);
    let models: Vec<Model> = ranked
        .iter()
        .take(longest)
        .map(|one| one.model.clone())
        .collect();
    let observed: u64 = counts.iter().sum();
    let whole = vec![best.unseen + observed as f64; ends.len()];
    resample(counts, &whole, times, seed, threads, || {
        let mut fitter = Fitter::new(counts);
        let (models, ends) = (&models, ends);
        move |cells: &[u64]| {
            fitter.reset(cells);
            let people: u64 = cells.iter().sum();
            let unseen = best_of_nested(&mut fitter, people, models, ends);
            let all = |unseen: Option<f64>| unseen.map(|unseen| unseen + people as f64);
            unseen.into_iter().map(all).collect()
        }
    })
}

/// Resamples of a stepwise choice; the figures are of all people, seen and unseen.
#[must_use]
pub fn resample_stepwise(
    counts: &[u64],
    whole: f64,
    threshold: f64,
    forced: &[Pattern],
    times: usize,
    seed: u64,
    threads: usize,
) -> Option<Resampled> {
    let estimator = || {
        let mut fitter = Fitter::new(counts);
        move |cells: &[u64]| {
            fitter.reset(cells);
            let people: u64 = cells.iter().sum();
            let chosen = stepwise_with(&mut fitter, threshold, forced).ok();
            vec![chosen.map(|chosen| chosen.fit.unseen + people as f64)]
        }
    };
    resample(counts, &[whole], times, seed, threads, estimator).pop()
}
