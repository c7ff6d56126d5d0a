//! Latent classes of people: a Dirichlet mixture of independent lists, sampled by Gibbs.
//!
//! Manrique-Vallier (2016): people fall into classes; within a class lists are independent, between
//! classes they differ as they will. Weights of classes are broken off a stick (Sethuraman 1994) of `K` pieces
//! with concentration `alpha ~ Gamma(a, b)`; each probability of being on a list is uniform; the number of
//! people has the prior 1/N.

use crate::bootstrap::in_parallel;
use crate::chains::{Convergence, convergence};
use crate::random::Random;
use crate::special::ln_gamma;

/// Sweeps between jumps of the concentration.
const JUMP: u64 = 10;

/// Settings of the sampler.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Classes {
    /// Most classes.
    pub most: usize,
    /// Shape and rate of the prior of the concentration.
    pub a: f64,
    pub b: f64,
    /// Sweeps that are thrown away, sweeps of which draws are kept, and how many of them make one draw.
    pub burn_in: usize,
    pub sweeps: usize,
    pub thin: usize,
    /// How often `sweeps` are repeated at most, as long as the chains have not converged.
    pub most_rounds: usize,
    pub chains: usize,
}

impl Default for Classes {
    fn default() -> Self {
        Self {
            most: 10,
            a: 0.25,
            b: 0.25,
            burn_in: 10_000,
            sweeps: 100_000,
            thin: 20,
            most_rounds: 6,
            chains: 4,
        }
    }
}

/// Draws of the number of unseen people.
#[derive(Clone, Debug)]
pub struct Sampled {
    pub chains: Vec<Vec<f64>>,
    pub convergence: Convergence,
    /// Mean number of classes that hold anybody.
    pub classes: f64,
}

impl Sampled {
    /// All draws, sorted.
    #[must_use]
    pub fn sorted(&self) -> Vec<f64> {
        let mut all: Vec<f64> = self.chains.iter().flatten().copied().collect();
        all.sort_by(f64::total_cmp);
        all
    }
}

/// Samples the unseen on up to `threads` threads; the draws depend on `seed` alone. Where the chains do not agree
/// yet, or their draws are worth too little, they go on, up to `most_rounds` times `sweeps`.
#[must_use]
pub fn sample(counts: &[u64], settings: &Classes, seed: u64, threads: usize) -> Sampled {
    let start = |chain: usize, (): &mut ()| {
        let mut sampler = Sampler::new(counts, *settings, Random::new(seed, chain as u64));
        for _ in 0..settings.burn_in {
            sampler.sweep();
        }
        sampler
    };
    let mut samplers = in_parallel(settings.chains, threads, &|| (), start);
    let mut chains = vec![Vec::new(); settings.chains];
    let mut classes = 0.0;
    let mut rounds = 0;
    loop {
        let go_on = |chain: usize, (): &mut ()| samplers[chain].clone().draws(settings);
        for (chain, (sampler, draws, filled)) in
            in_parallel(settings.chains, threads, &|| (), go_on)
                .into_iter()
                .enumerate()
        {
            samplers[chain] = sampler;
            chains[chain].extend(draws);
            classes += filled;
        }
        rounds += 1;
        let convergence = convergence(&chains);
        if convergence.is_good() || rounds >= settings.most_rounds.max(1) {
            return Sampled {
                classes: classes / convergence.draws.max(1) as f64,
                chains,
                convergence,
            };
        }
    }
}

/// Classes in the order of their weights, list by list, so that the same is done to all classes at once.
#[derive(Clone, Debug)]
struct Ranked {
    weights: Vec<f64>,
    /// For each list and class, the probability of being on it, and of not being on it.
    on: Vec<f64>,
    off: Vec<f64>,
    /// Of the pattern at hand: in what proportion its people fall to the classes, and how many did.
    shares: Vec<f64>,
    taken: Vec<u64>,
    /// So far in this sweep: those of each class, and for each list and class those of them who are on it.
    people: Vec<u64>,
    people_on: Vec<u64>,
}

impl Ranked {
    fn new(classes: usize, width: usize) -> Self {
        Self {
            weights: vec![0.0; classes],
            on: vec![0.0; classes * width],
            off: vec![0.0; classes * width],
            shares: vec![0.0; classes],
            taken: vec![0; classes],
            people: vec![0; classes],
            people_on: vec![0; classes * width],
        }
    }

    /// Sets for each class its weight times the probability of the pattern within it.
    fn set_shares(&mut self, pattern: usize) {
        self.shares.copy_from_slice(&self.weights);
        let classes = self.weights.len();
        let lists = self
            .on
            .chunks_exact(classes)
            .zip(self.off.chunks_exact(classes));
        for (j, (on, off)) in lists.enumerate() {
            let chances = if pattern >> j & 1 == 1 { on } else { off };
            for (share, chance) in self.shares.iter_mut().zip(chances) {
                *share *= chance;
            }
        }
    }

    /// Gives people of a pattern, whose shares are set, their classes.
    fn share_out(&mut self, random: &mut Random, pattern: usize, count: u64) {
        self.taken.fill(0);
        random.multinomial(count, &self.shares, &mut self.taken);
        let add = |to: &mut [u64], taken: &[u64]| {
            for (to, taken) in to.iter_mut().zip(taken) {
                *to += taken;
            }
        };
        add(&mut self.people, &self.taken);
        for (j, on) in self
            .people_on
            .chunks_exact_mut(self.taken.len())
            .enumerate()
        {
            if pattern >> j & 1 == 1 {
                add(on, &self.taken);
            }
        }
    }
}

/// The state of one chain.
#[derive(Clone, Debug)]
pub struct Sampler {
    settings: Classes,
    random: Random,
    sweeps: u64,
    width: usize,
    cells: Vec<(usize, u64)>,
    observed: u64,
    /// People on no list.
    pub unseen: u64,
    /// Concentration of the stick.
    pub alpha: f64,
    /// Logarithm of the weight of the last class.
    ln_last: f64,
    /// For each class, those in it, and its weight; for each list and class, those of the class who are on it.
    people: Vec<u64>,
    on: Vec<u64>,
    weights: Vec<f64>,
    /// Classes by weight, the heaviest first: people are soon shared out.
    order: Vec<usize>,
    ranked: Ranked,
}

impl Sampler {
    /// A chain that starts from draws of the prior, with as many unseen as seen.
    #[must_use]
    pub fn new(counts: &[u64], settings: Classes, random: Random) -> Self {
        let width = counts.len().trailing_zeros() as usize;
        let k = settings.most.max(1);
        let mut sampler = Self {
            settings,
            random,
            sweeps: 0,
            width,
            cells: Vec::new(),
            observed: 0,
            unseen: 0,
            alpha: 1.0,
            ln_last: 0.0,
            weights: vec![0.0; k],
            order: (0..k).collect(),
            people: vec![0; k],
            on: vec![0; k * width],
            ranked: Ranked::new(k, width),
        };
        sampler.set_counts(counts);
        sampler.unseen = sampler.observed;
        sampler.draw_parameters();
        sampler
    }

    /// Sweeps on; gives the sampler back with the draws and the sum of filled classes over them.
    fn draws(mut self, settings: &Classes) -> (Self, Vec<f64>, f64) {
        let mut draws = Vec::with_capacity(settings.sweeps / settings.thin.max(1));
        let mut filled = 0.0;
        for sweep in 1..=settings.sweeps {
            self.sweep();
            if sweep.is_multiple_of(settings.thin.max(1)) {
                draws.push(self.unseen as f64);
                filled += self.filled() as f64;
            }
        }
        (self, draws, filled)
    }

    /// Takes other counts, for tests of the sampler that draw data anew.
    pub fn set_counts(&mut self, counts: &[u64]) {
        let filled = counts.iter().copied().enumerate().skip(1);
        self.cells = filled.filter(|(_, count)| *count > 0).collect();
        self.observed = self.cells.iter().map(|(_, count)| count).sum();
    }

    /// Draws all parameters from the prior.
    pub fn draw_from_prior(&mut self) {
        self.people.fill(0);
        self.on.fill(0);
        self.alpha = (self.random.ln_gamma_variate(self.settings.a) - self.settings.b.ln()).exp();
        self.alpha = self.alpha.max(1e-300);
        self.draw_parameters();
    }

    /// Probability of each pattern under the parameters as they stand.
    #[must_use]
    pub fn cell_probabilities(&self) -> Vec<f64> {
        let mut ranked = self.ranked.clone();
        (0..1usize << self.width)
            .map(|pattern| {
                ranked.set_shares(pattern);
                ranked.shares.iter().sum()
            })
            .collect()
    }

    /// The random numbers of this chain.
    pub fn random(&mut self) -> &mut Random {
        &mut self.random
    }

    fn filled(&self) -> usize {
        self.people.iter().filter(|people| **people > 0).count()
    }

    /// One sweep over everything unknown.
    pub fn sweep(&mut self) {
        self.ranked.people.fill(0);
        self.ranked.people_on.fill(0);
        for (pattern, count) in &self.cells {
            self.ranked.set_shares(*pattern);
            self.ranked.share_out(&mut self.random, *pattern, *count);
        }
        // The unseen given the parameters, classes summed out: failures before as many successes as were seen.
        self.ranked.set_shares(0);
        let none: f64 = self.ranked.shares.iter().sum();
        let none = none.clamp(1e-300, 1.0 - 1e-12);
        self.unseen = if self.observed == 0 {
            0
        } else {
            let ratio = none.ln() - (-none).ln_1p();
            self.random.negative_binomial(self.observed as f64, ratio)
        };
        self.ranked.share_out(&mut self.random, 0, self.unseen);
        for (rank, k) in self.order.iter().enumerate() {
            self.people[*k] = self.ranked.people[rank];
            for j in 0..self.width {
                let list = j * self.order.len();
                self.on[list + k] = self.ranked.people_on[list + rank];
            }
        }
        self.sweeps += 1;
        if self.sweeps.is_multiple_of(JUMP) {
            self.jump_concentration();
        }
        self.draw_parameters();
        self.draw_concentration();
    }

    /// The concentration given who is in which class, the stick summed out: a slice on its logarithm (Neal 2003).
    /// Given the stick it only creeps, and where one class holds everybody it may creep away for good.
    fn jump_concentration(&mut self) {
        let now = self.alpha.ln();
        let height = self.ln_concentration(now) + self.random.uniform().ln();
        let width = 3.0;
        let mut low = now - width * self.random.uniform();
        let mut high = low + width;
        while self.ln_concentration(low) > height && low > -600.0 {
            low -= width;
        }
        while self.ln_concentration(high) > height && high < 600.0 {
            high += width;
        }
        loop {
            let next = low + (high - low) * self.random.uniform();
            if self.ln_concentration(next) > height {
                self.alpha = next.exp();
                return;
            }
            if next < now {
                low = next;
            } else {
                high = next;
            }
            if high - low < 1e-12 {
                return;
            }
        }
    }

    /// Logarithm of the density of the logarithm of the concentration, given the classes, without its constant.
    fn ln_concentration(&self, ln_alpha: f64) -> f64 {
        let alpha = ln_alpha.exp();
        let mut density = self.settings.a * ln_alpha - self.settings.b * alpha;
        let mut left: u64 = self.people.iter().sum();
        let pieces = self.people.len() - 1;
        for people in self.people.iter().take(pieces) {
            if left == 0 {
                break;
            }
            left -= people;
            let (own, rest) = (*people as f64, left as f64);
            // Where nobody is left, alpha Gamma(alpha) is Gamma(1 + alpha): a small alpha does no harm.
            density += if left == 0 {
                ln_gamma(1.0 + alpha) - ln_gamma(1.0 + own + alpha)
            } else {
                ln_alpha + ln_gamma(alpha + rest) - ln_gamma(1.0 + own + alpha + rest)
            };
        }
        density
    }

    /// Probabilities of lists and weights of classes, given who is in which.
    fn draw_parameters(&mut self) {
        let mut left = self.people.iter().sum::<u64>();
        // What is left of the stick: a factor as it is, and the logarithm of one that may be too small for a float.
        let (mut rest, mut ln_rest) = (1.0, 0.0);
        let last = self.people.len() - 1;
        for (k, people) in self.people.iter().enumerate() {
            let scale = if ln_rest == 0.0 {
                1.0
            } else {
                f64::exp(ln_rest)
            };
            if k == last {
                self.weights[k] = rest * scale;
                self.ln_last = f64::ln(rest) + ln_rest;
                break;
            }
            left -= people;
            let (a, b) = (1.0 + *people as f64, self.alpha + left as f64);
            if b >= 1.0 {
                let (taken, beyond) = self.random.beta_pair_from_one(a, b);
                self.weights[k] = rest * scale * taken;
                rest *= beyond;
            } else {
                let (taken, beyond) = self.random.ln_beta(a, b);
                self.weights[k] = rest * scale * taken.exp();
                ln_rest += beyond;
            }
        }
        let weights = &self.weights;
        self.order
            .sort_unstable_by(|a, b| weights[*b].total_cmp(&weights[*a]));
        for (rank, k) in self.order.iter().enumerate() {
            self.ranked.weights[rank] = weights[*k];
            let people = self.people[*k];
            for j in 0..self.width {
                let list = j * weights.len();
                // A class of nobody: uniform.
                let on = if people == 0 {
                    self.random.uniform()
                } else {
                    let (yes, all) = (self.on[list + k] as f64, people as f64);
                    self.random.beta_from_one(1.0 + yes, 1.0 + all - yes)
                };
                // Never quite nought: a pattern that is seen has a class.
                let on = on.clamp(1e-15, 1.0 - 1e-15);
                self.ranked.on[list + rank] = on;
                self.ranked.off[list + rank] = 1.0 - on;
            }
        }
    }

    fn draw_concentration(&mut self) {
        let shape = self.settings.a + self.people.len() as f64 - 1.0;
        let rate = self.settings.b - self.ln_last;
        self.alpha = (self.random.ln_gamma_variate(shape) - rate.ln())
            .exp()
            .max(1e-300);
    }
}
