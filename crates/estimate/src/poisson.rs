//! Poisson log-linear models of capture histories, fitted by extended maximum likelihood.
//!
//! The expected count of cell `w` is `exp(sum of b[t] over the terms t within w)`: with this coding
//! the intercept is the logarithm of the number of people on no list (Fienberg 1972; Bishop, Fienberg and
//! Holland 1975, chapter 6). Sums over a model are sums over subsets and supersets, so one pass over the cells
//! for each list gives every entry of the gradient and of the information matrix.

use crate::dense;
use crate::existence::{self, Existence};
use crate::table::Pattern;

/// A hierarchical log-linear model: its terms, with the intercept 0, each with all its subsets.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Model(Vec<Pattern>);

impl Model {
    /// The smallest hierarchical model with main effects of `width` lists that has these terms.
    #[must_use]
    pub fn with(width: usize, terms: &[Pattern]) -> Self {
        let every = |pattern: &Pattern| {
            pattern.count_ones() <= 1 || terms.iter().any(|term| pattern & term == *pattern)
        };
        let mut patterns: Vec<Pattern> = (0..1 << width).filter(every).collect();
        patterns.sort_by_key(|pattern| (pattern.count_ones(), *pattern));
        Self(patterns)
    }

    /// Its terms, the intercept first, then by order.
    #[must_use]
    pub fn terms(&self) -> &[Pattern] {
        &self.0
    }

    #[must_use]
    pub fn has(&self, term: Pattern) -> bool {
        self.0.contains(&term)
    }

    /// The terms that are part of no other: they define the model.
    #[must_use]
    pub fn generators(&self) -> Vec<Pattern> {
        let inside = |small: &Pattern| {
            self.0
                .iter()
                .any(|large| large != small && large & small == *small)
        };
        self.0
            .iter()
            .copied()
            .filter(|term| !inside(term))
            .collect()
    }
}

/// A fitted model.
#[derive(Clone, Debug)]
pub struct Fit {
    /// Expected number of people on no list.
    pub unseen: f64,
    /// Variance of its logarithm, from the information matrix.
    pub variance_of_log: f64,
    /// Without the terms that the data alone decide.
    pub log_likelihood: f64,
    pub deviance: f64,
    /// Parameters, those at minus infinity among them.
    pub parameters: usize,
    /// Terms at minus infinity: nobody is on all their lists.
    pub empty: Vec<Pattern>,
    /// The other terms with their coefficients.
    pub coefficients: Vec<(Pattern, f64)>,
    /// Expected count of each cell; the first is of those on no list.
    pub expected: Vec<f64>,
}

/// Why a model has no estimate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoFit {
    NoMaximum,
    NotIdentified,
    NotConverged,
}

impl From<Existence> for Option<NoFit> {
    fn from(existence: Existence) -> Self {
        match existence {
            Existence::Exists => None,
            Existence::NoMaximum => Some(NoFit::NoMaximum),
            Existence::NotIdentified => Some(NoFit::NotIdentified),
        }
    }
}

/// Fits models to one table after another; keeps its room for work.
#[derive(Clone, Debug)]
pub struct Fitter {
    width: usize,
    counts: Vec<f64>,
    /// For each pattern, people who are on all its lists.
    on_all: Vec<f64>,
    open: Vec<bool>,
    eta: Vec<f64>,
    sums: Vec<f64>,
    alive: Vec<Pattern>,
    empty: Vec<Pattern>,
    beta: Vec<f64>,
    information: Vec<f64>,
    step: Vec<f64>,
}

/// What a quick fit gives; enough to choose between models.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quick {
    pub(crate) ln_unseen: f64,
    pub(crate) log_likelihood: f64,
}

impl Fitter {
    /// `counts[pattern]`, two to the number of lists of them.
    #[must_use]
    pub fn new(counts: &[u64]) -> Self {
        let cells = counts.len().next_power_of_two();
        let mut fitter = Self {
            width: cells.trailing_zeros() as usize,
            counts: vec![0.0; cells],
            on_all: Vec::new(),
            open: vec![true; cells],
            eta: vec![0.0; cells],
            sums: vec![0.0; cells],
            alive: Vec::new(),
            empty: Vec::new(),
            beta: Vec::new(),
            information: Vec::new(),
            step: Vec::new(),
        };
        fitter.reset(counts);
        fitter
    }

    /// Takes another table of the same lists.
    pub fn reset(&mut self, counts: &[u64]) {
        for (to, from) in self.counts.iter_mut().zip(counts) {
            *to = *from as f64;
        }
        if let Some(first) = self.counts.first_mut() {
            *first = 0.0;
        }
        self.on_all.clone_from(&self.counts);
        over_supersets(&mut self.on_all);
    }

    /// People on all lists of the pattern.
    #[must_use]
    pub fn on_all(&self, pattern: Pattern) -> f64 {
        self.on_all.get(pattern).copied().unwrap_or(0.0)
    }

    /// Whether the model has an estimate on this table.
    #[must_use]
    pub fn existence(&mut self, model: &Model) -> Existence {
        self.divide(model);
        let cells: Vec<(Pattern, bool)> = (1..self.counts.len())
            .filter(|cell| self.open[*cell])
            .map(|cell| (cell, self.counts[cell] > 0.0))
            .collect();
        existence::check(&self.alive, &cells)
    }

    /// The fit of a model.
    ///
    /// # Errors
    /// The model has no estimate on this table, or not just one.
    pub fn fit(&mut self, model: &Model) -> Result<Fit, NoFit> {
        if let Some(why) = self.existence(model).into() {
            return Err(why);
        }
        let quick = self.quick(model).ok_or(NoFit::NotConverged)?;
        self.information();
        let n = self.alive.len();
        if !dense::cholesky(&mut self.information, n) {
            return Err(NoFit::NotConverged);
        }
        let mut first = vec![0.0; n];
        first[0] = 1.0;
        dense::solve(&self.information, &mut first);
        let expected: Vec<f64> = self
            .eta
            .iter()
            .zip(&self.open)
            .map(|(eta, open)| if *open { eta.exp() } else { 0.0 })
            .collect();
        let cells = self.counts.iter().zip(&expected).skip(1);
        let deviance = cells
            .map(|(n, mu)| {
                let whole = if *n > 0.0 { n * (n / mu).ln() } else { 0.0 };
                2.0 * (whole - (n - mu))
            })
            .sum();
        Ok(Fit {
            unseen: quick.ln_unseen.exp(),
            variance_of_log: first[0],
            log_likelihood: quick.log_likelihood,
            deviance,
            parameters: model.terms().len(),
            empty: self.empty.clone(),
            coefficients: self
                .alive
                .iter()
                .copied()
                .zip(self.beta.iter().copied())
                .collect(),
            expected,
        })
    }

    /// Newton's method without a look at existence: where the estimate does not exist this may give a
    /// number all the same.
    pub(crate) fn quick(&mut self, model: &Model) -> Option<Quick> {
        self.divide(model);
        self.start()?;
        let n = self.alive.len();
        let mut now = self.predict();
        for _ in 0..100 {
            self.information();
            for (step, term) in self.step.iter_mut().zip(&self.alive) {
                *step = self.on_all[*term] - self.sums[*term];
            }
            let gradient = self.step.clone();
            if !dense::cholesky(&mut self.information, n) {
                return None;
            }
            dense::solve(&self.information, &mut self.step);
            let gain: f64 = gradient.iter().zip(&self.step).map(|(g, s)| g * s).sum();
            let mut scale = 1.0;
            loop {
                for (b, s) in self.beta.iter_mut().zip(&self.step) {
                    *b += scale * s;
                }
                let next = self.predict();
                if next >= now - 1e-9 * now.abs().max(1.0) {
                    now = next;
                    break;
                }
                for (b, s) in self.beta.iter_mut().zip(&self.step) {
                    *b -= scale * s;
                }
                scale /= 2.0;
                if scale < 1e-8 {
                    return None;
                }
            }
            if gain.abs() <= 1e-9 {
                let ln_unseen = *self.beta.first()?;
                return (now.is_finite() && ln_unseen.is_finite()).then_some(Quick {
                    ln_unseen,
                    log_likelihood: now,
                });
            }
        }
        None
    }

    /// Divides terms in those with people and those at minus infinity, and closes the cells of the latter.
    fn divide(&mut self, model: &Model) {
        self.alive.clear();
        self.empty.clear();
        for term in model.terms() {
            if self.on_all(*term) > 0.0 {
                self.alive.push(*term);
            } else {
                self.empty.push(*term);
            }
        }
        let empty = &self.empty;
        for (cell, open) in self.open.iter_mut().enumerate() {
            *open = cell != 0 && empty.iter().all(|term| cell & term != *term);
        }
        let n = self.alive.len();
        self.beta.clear();
        self.beta.resize(n, 0.0);
        self.step.clear();
        self.step.resize(n, 0.0);
    }

    /// First coefficients: least squares on the logarithm of the counts, weighted by them.
    fn start(&mut self) -> Option<()> {
        let n = self.alive.len();
        for (sum, (count, open)) in self.sums.iter_mut().zip(self.counts.iter().zip(&self.open)) {
            let weight = if *open { count + 0.1 } else { 0.0 };
            *sum = if *open {
                weight * weight.ln() + (count - weight)
            } else {
                0.0
            };
        }
        over_supersets(&mut self.sums);
        for (b, term) in self.beta.iter_mut().zip(&self.alive) {
            *b = self.sums[*term];
        }
        for (sum, (count, open)) in self.sums.iter_mut().zip(self.counts.iter().zip(&self.open)) {
            *sum = if *open { count + 0.1 } else { 0.0 };
        }
        over_supersets(&mut self.sums);
        self.spread();
        if !dense::cholesky(&mut self.information, n) {
            return None;
        }
        dense::solve(&self.information, &mut self.beta);
        Some(())
    }

    /// Logarithms of the expected counts from the coefficients; gives the log-likelihood, and leaves the
    /// expected counts summed over supersets.
    fn predict(&mut self) -> f64 {
        self.eta.fill(0.0);
        for (term, b) in self.alive.iter().zip(&self.beta) {
            self.eta[*term] = *b;
        }
        over_subsets(&mut self.eta);
        let mut log_likelihood = 0.0;
        for ((sum, eta), (count, open)) in self
            .sums
            .iter_mut()
            .zip(&self.eta)
            .zip(self.counts.iter().zip(&self.open))
        {
            *sum = if *open { eta.exp() } else { 0.0 };
            if *open {
                log_likelihood += count * eta - *sum;
            }
        }
        over_supersets(&mut self.sums);
        log_likelihood
    }

    fn information(&mut self) {
        self.spread();
    }

    /// The matrix with entry `sums[s | t]` for terms `s` and `t`; the lower half is enough.
    fn spread(&mut self) {
        let n = self.alive.len();
        self.information.clear();
        self.information.resize(n * n, 0.0);
        for (i, row) in self.information.chunks_exact_mut(n.max(1)).enumerate() {
            let term = self.alive[i];
            for (entry, other) in row.iter_mut().zip(&self.alive[..=i]) {
                *entry = self.sums[term | other];
            }
        }
    }

    /// Number of lists.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }
}

/// Each cell becomes the sum over its supersets.
pub(crate) fn over_supersets(cells: &mut [f64]) {
    let mut bit = 1;
    while bit < cells.len() {
        for block in cells.chunks_exact_mut(2 * bit) {
            let (low, high) = block.split_at_mut(bit);
            for (l, h) in low.iter_mut().zip(high) {
                *l += *h;
            }
        }
        bit *= 2;
    }
}

/// Each cell becomes the sum over its subsets.
pub(crate) fn over_subsets(cells: &mut [f64]) {
    let mut bit = 1;
    while bit < cells.len() {
        for block in cells.chunks_exact_mut(2 * bit) {
            let (low, high) = block.split_at_mut(bit);
            for (l, h) in low.iter().zip(high) {
                *h += *l;
            }
        }
        bit *= 2;
    }
}
