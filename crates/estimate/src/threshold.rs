//! Bayesian thresholding of interactions between lists.
//!
//! Silverman (2020): a Poisson log-linear model with all pairs of lists, flat priors; pairs whose posterior
//! mean is under two posterior standard deviations from nought are left out; then, for order three, those
//! triples all of whose pairs stayed are taken in and thresholded alike; the model that is left is fitted again.
//! Terms that nobody's overlap supports go to minus infinity, as in extended maximum likelihood, and stay.
//!
//! The posterior is sampled by Metropolis-Hastings with independent proposals from a multivariate t
//! distribution at the highest point of the posterior (Tierney 1994).

use crate::bootstrap::in_parallel;
use crate::chains::{Convergence, convergence};
use crate::dense;
use crate::existence::Existence;
use crate::loglinear::pairs_of;
use crate::poisson::{Fitter, Model, over_subsets, over_supersets};
use crate::random::Random;
use crate::table::Pattern;

/// Settings of the method.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Threshold {
    /// Posterior standard deviations from nought under which a term is left out.
    pub least: f64,
    /// Share of `least` under it within which a term is on the edge and stays: to leave a term out is to claim
    /// independence, and there the data hardly say so.
    pub edge: f64,
    /// Most lists in a term: 2 or 3.
    pub order: u32,
    pub burn_in: usize,
    pub draws: usize,
    pub thin: usize,
    pub chains: usize,
}

impl Default for Threshold {
    fn default() -> Self {
        Self {
            least: 2.0,
            edge: 0.02,
            order: 3,
            burn_in: 1000,
            draws: 5000,
            thin: 4,
            chains: 4,
        }
    }
}

/// The model that stayed and draws of the number of unseen people.
#[derive(Clone, Debug)]
pub struct Thresholded {
    pub model: Model,
    /// Terms at minus infinity.
    pub empty: Vec<Pattern>,
    /// For each term that was judged, how many standard deviations its mean lies from nought.
    pub judged: Vec<(Pattern, f64)>,
    /// Terms that stayed because they are on the edge.
    pub on_edge: Vec<Pattern>,
    /// Triples that might have come in but whose model has no estimate.
    pub triples_refused: Vec<Pattern>,
    /// Draws of the unseen, one series a chain.
    pub chains: Vec<Vec<f64>>,
    pub convergence: Convergence,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoPosterior {
    /// The model with all pairs has no estimate, so that its posterior under flat priors is none.
    Improper(Existence),
    /// The highest point of the posterior was not found.
    NotConverged,
}

/// Thresholds and samples; `forced` pairs are never left out.
///
/// # Errors
/// Under flat priors the model with all pairs has no posterior.
pub fn sample(
    counts: &[u64],
    settings: &Threshold,
    forced: &[Pattern],
    seed: u64,
    threads: usize,
) -> Result<Thresholded, NoPosterior> {
    let mut fitter = Fitter::new(counts);
    let width = fitter.width();
    let pairs: Vec<Pattern> = pairs_of(width).collect();
    let all = Model::with(width, &pairs);
    let existence = fitter.existence(&all);
    if existence != Existence::Exists {
        return Err(NoPosterior::Improper(existence));
    }
    let run = |model: &Model, stage: u64| {
        run(
            counts,
            model,
            settings,
            seed.wrapping_add(stage << 32),
            threads,
        )
    };
    let (mut judged, mut on_edge) = (Vec::new(), Vec::new());
    let least = settings.least * (1.0 - settings.edge);
    let first = run(&all, 1)?;
    let mut kept: Vec<Pattern> = forced.to_vec();
    for (term, weight) in first.strengths() {
        if term.count_ones() == 2 {
            judged.push((term, weight));
            if weight >= least && !kept.contains(&term) {
                kept.push(term);
                if weight < settings.least {
                    on_edge.push(term);
                }
            }
        }
    }
    kept.extend(first.empty.iter().filter(|term| !forced.contains(term)));
    let mut triples_refused = Vec::new();
    if settings.order >= 3 {
        let base = Model::with(width, &kept);
        // A pair that was left out, or is at minus infinity and closes the triple's cells, rules a triple out.
        let eligible: Vec<Pattern> = (0..1usize << width)
            .filter(|term| term.count_ones() == 3)
            .filter(|term| {
                let parts = (0..width).filter(|j| term >> j & 1 == 1);
                parts.into_iter().all(|j| {
                    let pair = term ^ (1 << j);
                    base.has(pair) && !first.empty.contains(&pair)
                })
            })
            .collect();
        if !eligible.is_empty() {
            let wide: Vec<Pattern> = kept.iter().chain(&eligible).copied().collect();
            let wide = Model::with(width, &wide);
            if fitter.existence(&wide) == Existence::Exists {
                let second = run(&wide, 2)?;
                for (term, weight) in second.strengths() {
                    if term.count_ones() == 3 {
                        judged.push((term, weight));
                        if weight >= least {
                            kept.push(term);
                            if weight < settings.least {
                                on_edge.push(term);
                            }
                        }
                    }
                }
                kept.extend(second.empty.iter().filter(|term| term.count_ones() == 3));
            } else {
                triples_refused = eligible;
            }
        }
    }
    let model = Model::with(width, &kept);
    let last = run(&model, 3)?;
    let chains = last.chains_of_unseen();
    Ok(Thresholded {
        model,
        convergence: convergence(&chains),
        empty: last.empty,
        judged,
        on_edge,
        triples_refused,
        chains,
    })
}

/// Draws of the coefficients of one model.
struct Run {
    alive: Vec<Pattern>,
    empty: Vec<Pattern>,
    chains: Vec<Vec<Vec<f64>>>,
}

impl Run {
    fn chains_of_unseen(&self) -> Vec<Vec<f64>> {
        let unseen = |draw: &Vec<f64>| draw.first().map_or(f64::NAN, |b| b.exp());
        let chain = |chain: &Vec<Vec<f64>>| chain.iter().map(unseen).collect();
        self.chains.iter().map(chain).collect()
    }

    /// For each term, its posterior mean over its posterior standard deviation, without sign.
    fn strengths(&self) -> Vec<(Pattern, f64)> {
        let draws: Vec<&Vec<f64>> = self.chains.iter().flatten().collect();
        let n = draws.len() as f64;
        let strength = |at: usize| {
            let of = || draws.iter().filter_map(move |draw| draw.get(at));
            let mean = of().sum::<f64>() / n;
            let variance = of().map(|b| (b - mean).powi(2)).sum::<f64>() / (n - 1.0);
            mean.abs() / variance.sqrt()
        };
        let terms = self.alive.iter().enumerate();
        terms.map(|(at, term)| (*term, strength(at))).collect()
    }
}

fn run(
    counts: &[u64],
    model: &Model,
    settings: &Threshold,
    seed: u64,
    threads: usize,
) -> Result<Run, NoPosterior> {
    let fit = Fitter::new(counts).fit(model);
    let fit = fit.map_err(|_| NoPosterior::NotConverged)?;
    let (alive, mode): (Vec<Pattern>, Vec<f64>) = fit.coefficients.iter().copied().unzip();
    let posterior = Posterior::new(counts, &alive, &fit.empty, 0.0);
    let start = Proposal::at(&posterior, &mode).ok_or(NoPosterior::NotConverged)?;
    let chain = |chain: usize, (): &mut ()| {
        let random = Random::new(seed, chain as u64);
        let mut metropolis = Metropolis::new(posterior.clone(), start.clone(), random);
        for _ in 0..settings.burn_in {
            metropolis.step();
        }
        let draw = |_| {
            for _ in 0..settings.thin.max(1) {
                metropolis.step();
            }
            metropolis.now.clone()
        };
        (0..settings.draws).map(draw).collect::<Vec<_>>()
    };
    Ok(Run {
        chains: in_parallel(settings.chains, threads, &|| (), chain),
        alive,
        empty: fit.empty,
    })
}

/// The posterior of the coefficients of a Poisson log-linear model: flat, or normal about nought.
#[derive(Clone, Debug)]
pub struct Posterior {
    counts: Vec<f64>,
    terms: Vec<Pattern>,
    open: Vec<bool>,
    precision: f64,
    on_all: Vec<f64>,
    room: Vec<f64>,
}

impl Posterior {
    /// `terms` have finite coefficients, the cells of `empty` ones are left out; `precision` is that of the
    /// normal prior of each coefficient, nought for a flat one.
    #[must_use]
    pub fn new(counts: &[u64], terms: &[Pattern], empty: &[Pattern], precision: f64) -> Self {
        let mut counts: Vec<f64> = counts.iter().map(|count| *count as f64).collect();
        if let Some(first) = counts.first_mut() {
            *first = 0.0;
        }
        let mut on_all = counts.clone();
        over_supersets(&mut on_all);
        let open = |cell: usize| cell != 0 && empty.iter().all(|term| cell & term != *term);
        Self {
            open: (0..counts.len()).map(open).collect(),
            terms: terms.to_vec(),
            room: counts.clone(),
            counts,
            precision,
            on_all,
        }
    }

    /// Logarithm of the density, without its constant; leaves the expected counts in the room for work.
    fn ln_density(&mut self, beta: &[f64]) -> f64 {
        self.room.fill(0.0);
        for (term, b) in self.terms.iter().zip(beta) {
            self.room[*term] = *b;
        }
        over_subsets(&mut self.room);
        let cells = self.room.iter_mut().zip(&self.open).zip(&self.counts);
        let likelihood: f64 = cells
            .map(|((eta, open), count)| {
                let log = *eta;
                *eta = if *open { log.exp() } else { 0.0 };
                if *open { count * log - *eta } else { 0.0 }
            })
            .sum();
        likelihood - 0.5 * self.precision * beta.iter().map(|b| b * b).sum::<f64>()
    }

    /// Gradient and information at `beta`.
    fn slopes(&mut self, beta: &[f64]) -> (Vec<f64>, Vec<f64>) {
        self.ln_density(beta);
        over_supersets(&mut self.room);
        let n = self.terms.len();
        let mut information = vec![0.0; n * n];
        for (i, row) in information.chunks_exact_mut(n.max(1)).enumerate() {
            for (entry, other) in row.iter_mut().zip(&self.terms[..=i]) {
                *entry = self.room[self.terms[i] | other];
            }
            row[i] += self.precision;
        }
        let gradient = self
            .terms
            .iter()
            .zip(beta)
            .map(|(term, b)| self.on_all[*term] - self.room[*term] - self.precision * b)
            .collect();
        (gradient, information)
    }
}

/// A multivariate t distribution about the highest point of a posterior.
#[derive(Clone, Debug)]
pub struct Proposal {
    mode: Vec<f64>,
    /// Cholesky factor of the information.
    factor: Vec<f64>,
}

/// Degrees of freedom of the proposal: few, so that its tails are the heavier.
const FREEDOM: f64 = 5.0;

impl Proposal {
    /// Climbs to the highest point from `start`.
    #[must_use]
    pub fn at(posterior: &Posterior, start: &[f64]) -> Option<Self> {
        let mut posterior = posterior.clone();
        let mut mode = start.to_vec();
        let mut now = posterior.ln_density(&mode);
        for _ in 0..200 {
            let (gradient, mut factor) = posterior.slopes(&mode);
            if !dense::cholesky(&mut factor, mode.len()) {
                return None;
            }
            let mut step = gradient.clone();
            dense::solve(&factor, &mut step);
            let gain: f64 = gradient.iter().zip(&step).map(|(g, s)| g * s).sum();
            if gain.abs() < 1e-8 {
                return Some(Self { mode, factor });
            }
            let mut scale = 1.0;
            loop {
                let next: Vec<f64> = mode.iter().zip(&step).map(|(b, s)| b + scale * s).collect();
                let there = posterior.ln_density(&next);
                if there >= now {
                    (mode, now) = (next, there);
                    break;
                }
                scale /= 2.0;
                if scale < 1e-10 {
                    return Some(Self { mode, factor });
                }
            }
        }
        None
    }
}

/// A chain of draws.
#[derive(Clone, Debug)]
pub struct Metropolis {
    posterior: Posterior,
    proposal: Proposal,
    random: Random,
    pub now: Vec<f64>,
    /// Logarithm of posterior over proposal at `now`.
    weight: f64,
}

impl Metropolis {
    /// A chain that starts from a draw of the proposal.
    #[must_use]
    pub fn new(posterior: Posterior, proposal: Proposal, random: Random) -> Self {
        let mut chain = Self {
            now: proposal.mode.clone(),
            posterior,
            proposal,
            random,
            weight: f64::NEG_INFINITY,
        };
        (chain.now, chain.weight) = chain.proposed();
        chain
    }

    /// A chain that goes on from `now`.
    #[must_use]
    pub fn from_here(
        posterior: Posterior,
        proposal: Proposal,
        random: Random,
        now: Vec<f64>,
    ) -> Self {
        let mut chain = Self {
            posterior,
            proposal,
            random,
            weight: 0.0,
            now: now.clone(),
        };
        chain.weight = chain.posterior.ln_density(&now) - chain.ln_proposal(&now);
        chain
    }

    /// The random numbers of this chain.
    #[must_use]
    pub fn into_random(self) -> Random {
        self.random
    }

    fn proposed(&mut self) -> (Vec<f64>, f64) {
        let n = self.now.len();
        let z: Vec<f64> = (0..n).map(|_| self.random.normal()).collect();
        let length: f64 = z.iter().map(|z| z * z).sum();
        let shrink = 2.0 * self.random.gamma(FREEDOM / 2.0) / FREEDOM;
        let mut move_by: Vec<f64> = z.iter().map(|z| z / shrink.sqrt()).collect();
        dense::solve_upper(&self.proposal.factor, &mut move_by);
        let beta: Vec<f64> = self
            .proposal
            .mode
            .iter()
            .zip(&move_by)
            .map(|(m, z)| m + z)
            .collect();
        let ln_proposal = -0.5 * (FREEDOM + n as f64) * (length / shrink / FREEDOM).ln_1p();
        let weight = self.posterior.ln_density(&beta) - ln_proposal;
        (beta, weight)
    }

    /// Two steps in turn: an independent proposal, then a small move about where the chain is, which gets it
    /// off a spot that the proposal hardly reaches.
    pub fn step(&mut self) {
        let (beta, weight) = self.proposed();
        if self.random.uniform().ln() < weight - self.weight {
            (self.now, self.weight) = (beta, weight);
        }
        self.walk();
    }

    fn walk(&mut self) {
        let n = self.now.len();
        let size = 1.2 / (n as f64).sqrt();
        let mut move_by: Vec<f64> = (0..n).map(|_| size * self.random.normal()).collect();
        dense::solve_upper(&self.proposal.factor, &mut move_by);
        let beta: Vec<f64> = self.now.iter().zip(&move_by).map(|(b, m)| b + m).collect();
        let own = self.now.clone();
        let (there, here) = (
            self.posterior.ln_density(&beta),
            self.posterior.ln_density(&own),
        );
        if self.random.uniform().ln() < there - here {
            self.weight = there - self.ln_proposal(&beta);
            self.now = beta;
        }
    }

    fn ln_proposal(&self, beta: &[f64]) -> f64 {
        let n = beta.len();
        let off: Vec<f64> = beta
            .iter()
            .zip(&self.proposal.mode)
            .map(|(b, m)| b - m)
            .collect();
        // The length of L' (beta - mode).
        let length: f64 = (0..n)
            .map(|j| {
                let column = (j..n).map(|i| self.proposal.factor[i * n + j] * off[i]);
                column.sum::<f64>().powi(2)
            })
            .sum();
        -0.5 * (FREEDOM + n as f64) * (length / FREEDOM).ln_1p()
    }
}
