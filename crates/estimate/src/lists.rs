//! Estimates that need no choice of a model: two lists, a lower bound, and models of how people are caught.
//!
//! The latter are the closed-population models of Otis, Burnham, White and Anderson (1978) in the
//! log-linear form of Cormack (1989) and Baillargeon and Rivest (2007).

use crate::dense;
use crate::special::normal_quantile;
use crate::table::Table;

/// A number of people, seen and unseen, with a standard error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Simple {
    pub total: f64,
    pub error: f64,
}

impl Simple {
    /// Limits that never go under the number seen: the unseen taken as log-normal (Burnham and others 1987;
    /// Chao 1987).
    #[must_use]
    pub fn interval(&self, observed: u64, level: f64) -> Option<(f64, f64)> {
        let observed = observed as f64;
        let unseen = self.total - observed;
        if unseen.is_nan() || unseen <= 0.0 || !self.error.is_finite() {
            return None;
        }
        let z = normal_quantile(0.5 + level / 2.0);
        let spread = (z * (self.error / unseen).powi(2).ln_1p().sqrt()).exp();
        Some((observed + unseen / spread, observed + unseen * spread))
    }
}

/// Two independent lists (Chapman 1951, variance of Seber 1970). `None` unless there are just two.
#[must_use]
pub fn chapman(table: &Table) -> Option<Simple> {
    if table.width() != 2 {
        return None;
    }
    let (a, b) = (table.on_list(0) as f64, table.on_list(1) as f64);
    let both = table.on_all(0b11) as f64;
    let total = (a + 1.0) * (b + 1.0) / (both + 1.0) - 1.0;
    let variance =
        (a + 1.0) * (b + 1.0) * (a - both) * (b - both) / ((both + 1.0).powi(2) * (both + 2.0));
    Some(Simple {
        total,
        error: variance.sqrt(),
    })
}

/// Chao's lower bound (1987), in its bias-corrected form: from those on one list and those on two, whatever the
/// differences between people. `None` with fewer than two lists.
#[must_use]
pub fn chao(table: &Table) -> Option<Simple> {
    let by = table.by_number_of_lists();
    let (f1, f2) = (*by.get(1)? as f64, *by.get(2)? as f64);
    let lists = table.width() as f64;
    let share = (lists - 1.0) / lists;
    let unseen = share * f1 * (f1 - 1.0) / (2.0 * (f2 + 1.0));
    // Chao 1987, equation 12, for the corrected form.
    let variance = share * f1 * (f1 - 1.0) / (2.0 * (f2 + 1.0))
        + share.powi(2) * f1 * (2.0 * f1 - 1.0).powi(2) / (4.0 * (f2 + 1.0).powi(2))
        + share.powi(2) * f1.powi(2) * f2 * (f1 - 1.0).powi(2) / (4.0 * (f2 + 1.0).powi(4));
    Some(Simple {
        total: table.observed() as f64 + unseen,
        error: variance.sqrt(),
    })
}

/// How people come to be caught, in models of a closed population.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Capture {
    /// M0: every list catches everybody alike.
    Constant,
    /// Mt: lists differ.
    Lists,
    /// Mth, lower bound of Chao: lists differ and people differ in any way.
    ListsAndPeopleChao,
    /// Mth, Poisson with base 2: lists differ and people differ, the share rises with each list.
    ListsAndPeoplePoisson,
    /// Mb: who was caught once is caught with another probability afterwards; lists in order of time.
    Behaviour,
}

/// The estimate of a closed-population model with its standard error. `None` where the model has no
/// estimate on this table, or fewer than three lists (two for M0, Mt and Mb).
#[must_use]
pub fn closed(table: &Table, capture: Capture) -> Option<Simple> {
    let width = table.width();
    let cells: Vec<usize> = (1..table.counts().len()).collect();
    let counts: Vec<f64> = table.counts().iter().skip(1).map(|n| *n as f64).collect();
    let columns = |extra: &[u32]| -> Vec<Vec<f64>> {
        let row = |cell: &usize| {
            let caught = cell.count_ones();
            let lists = (0..width).map(|j| f64::from((cell >> j & 1) as u32));
            let mut row = vec![1.0];
            match capture {
                Capture::Constant => row.push(f64::from(caught)),
                Capture::Lists => row.extend(lists),
                Capture::ListsAndPeopleChao => {
                    row.extend(lists);
                    row.extend(
                        extra
                            .iter()
                            .map(|k| f64::from(caught.saturating_sub(*k - 1))),
                    );
                }
                Capture::ListsAndPeoplePoisson => {
                    row.extend(lists);
                    row.push(f64::from(caught).exp2() - 1.0);
                }
                Capture::Behaviour => {
                    row.push(f64::from(cell.trailing_zeros()));
                    row.push(f64::from(caught) - 1.0);
                }
            }
            row
        };
        cells.iter().map(row).collect()
    };
    match capture {
        Capture::ListsAndPeopleChao => {
            // Bends that would go down are no sign of differences between people: they are left out.
            let mut bends: Vec<u32> = (3..=width as u32).collect();
            loop {
                let (beta, covariance) = glm(&columns(&bends), &counts)?;
                let own = beta.iter().skip(1 + width);
                let negative = own.zip(&bends).find(|(b, _)| **b < 0.0).map(|(_, k)| *k);
                match negative {
                    Some(first) => bends.retain(|k| *k != first),
                    None => return Some(from_intercept(table, &beta, &covariance)),
                }
            }
        }
        Capture::Behaviour => {
            let (beta, covariance) = glm(&columns(&[]), &counts)?;
            removal(table, &beta, &covariance)
        }
        _ => {
            let (beta, covariance) = glm(&columns(&[]), &counts)?;
            Some(from_intercept(table, &beta, &covariance))
        }
    }
}

/// The unseen are the exponential of the intercept; the error adds that of counting them.
fn from_intercept(table: &Table, beta: &[f64], covariance: &[f64]) -> Simple {
    let unseen = beta.first().copied().unwrap_or(f64::NAN).exp();
    let variance = covariance.first().copied().unwrap_or(f64::NAN);
    Simple {
        total: table.observed() as f64 + unseen,
        error: (unseen + unseen.powi(2) * variance).sqrt(),
    }
}

/// Mb: with first captures a geometric race, each occasion before the first multiplies the expected count by
/// `exp(b1)`, each later capture by `exp(b2)`. The unseen follow from the number expected at the first
/// occasion and the ratio of neighbours, with the error by the delta method.
fn removal(table: &Table, beta: &[f64], covariance: &[f64]) -> Option<Simple> {
    let lists = table.width() as f64;
    let unseen = |beta: &[f64]| -> Option<f64> {
        let [start, before, after] = beta else {
            return None;
        };
        // Expected first captures at occasion 1: exp(start) (1 + exp(after))^(lists - 1); the ratio of the
        // next to it: exp(before) / (1 + exp(after)), which is one minus the probability of capture.
        let wide = after.exp().ln_1p();
        let first = (start + (lists - 1.0) * wide).exp();
        let escape = (before - wide).exp();
        (escape < 1.0).then(|| first * escape.powf(lists) / (1.0 - escape))
    };
    let at = unseen(beta)?;
    let mut slopes = Vec::new();
    for j in 0..beta.len() {
        let step = 1e-6;
        let moved = |by: f64| {
            let mut moved = beta.to_vec();
            if let Some(b) = moved.get_mut(j) {
                *b += by;
            }
            unseen(&moved)
        };
        slopes.push((moved(step)? - moved(-step)?) / (2.0 * step));
    }
    let n = slopes.len();
    let variance: f64 = (0..n)
        .flat_map(|i| (0..n).map(move |j| (i, j)))
        .map(|(i, j)| slopes[i] * slopes[j] * covariance[i * n + j])
        .sum();
    Some(Simple {
        total: table.observed() as f64 + at,
        error: (at + variance).sqrt(),
    })
}

/// Poisson regression with a log link: coefficients and their covariance, row by row.
fn glm(design: &[Vec<f64>], counts: &[f64]) -> Option<(Vec<f64>, Vec<f64>)> {
    let n = design.first()?.len();
    let fill = |weights: &[f64]| {
        let mut information = vec![0.0; n * n];
        for (row, weight) in design.iter().zip(weights) {
            for (i, x) in row.iter().enumerate() {
                for (entry, y) in information[i * n..].iter_mut().zip(&row[..=i]) {
                    *entry += weight * x * y;
                }
            }
        }
        information
    };
    let project = |values: &[f64]| {
        let mut sums = vec![0.0; n];
        for (row, value) in design.iter().zip(values) {
            for (sum, x) in sums.iter_mut().zip(row) {
                *sum += x * value;
            }
        }
        sums
    };
    let weights: Vec<f64> = counts.iter().map(|count| count + 0.1).collect();
    let mut information = fill(&weights);
    let working: Vec<f64> = counts
        .iter()
        .zip(&weights)
        .map(|(n, w)| w * w.ln() + (n - w))
        .collect();
    let mut beta = project(&working);
    if !dense::cholesky(&mut information, n) {
        return None;
    }
    dense::solve(&information, &mut beta);
    let predict = |beta: &[f64]| -> Vec<f64> {
        let eta = |row: &Vec<f64>| row.iter().zip(beta).map(|(x, b)| x * b).sum::<f64>();
        design.iter().map(|row| eta(row).exp()).collect()
    };
    let likelihood =
        |mu: &[f64]| -> f64 { counts.iter().zip(mu).map(|(n, mu)| n * mu.ln() - mu).sum() };
    for _ in 0..100 {
        let mu = predict(&beta);
        let now = likelihood(&mu);
        let residuals: Vec<f64> = counts.iter().zip(&mu).map(|(n, mu)| n - mu).collect();
        let gradient = project(&residuals);
        let mut information = fill(&mu);
        if !dense::cholesky(&mut information, n) {
            return None;
        }
        let mut step = gradient.clone();
        dense::solve(&information, &mut step);
        let gain: f64 = gradient.iter().zip(&step).map(|(g, s)| g * s).sum();
        if gain.abs() < 1e-10 {
            return Some((beta, dense::inverse(&information, n)));
        }
        let mut scale = 1.0;
        loop {
            let next: Vec<f64> = beta.iter().zip(&step).map(|(b, s)| b + scale * s).collect();
            if likelihood(&predict(&next)) >= now - 1e-9 * now.abs().max(1.0) {
                beta = next;
                break;
            }
            scale /= 2.0;
            if scale < 1e-8 {
                return None;
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_lists_by_hand() {
        // 200 and 150 with 50 in common: 201 * 151 / 51 - 1.
        let names = ["A", "B"].map(String::from).to_vec();
        let table = Table::from_counts(names, &[0, 150, 100, 50]).expect("a table");
        let two = chapman(&table).expect("two lists");
        assert!((two.total - (201.0 * 151.0 / 51.0 - 1.0)).abs() < 1e-9);
        let (low, high) = two.interval(300, 0.95).expect("an interval");
        assert!(300.0 < low && low < two.total && two.total < high);
        // (1/2) 250 * 249 / (2 * 51) unseen at the least.
        let least = chao(&table).expect("two lists");
        assert!((least.total - 300.0 - 0.5 * 250.0 * 249.0 / 102.0).abs() < 1e-9);
    }
}
