//! Whether chains of a sampler have come to the same place, and how much their draws are worth.

use crate::special::{normal_quantile, quantile};

/// Split R-hat above which draws are no sample of the posterior (Vehtari and others 2021).
pub const MOST_R_HAT: f64 = 1.05;
/// Effective draws below which quantiles are too rough to print.
pub const LEAST_EFFECTIVE: f64 = 400.0;
/// Fewest chains that are compared.
pub const LEAST_CHAINS: usize = 4;

/// What the chains say about one quantity.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Convergence {
    pub chains: usize,
    pub draws: usize,
    /// Rank-normalised split R-hat, the greater of location and spread.
    pub r_hat: f64,
    /// Effective number of draws in the bulk.
    pub effective: f64,
}

impl Convergence {
    /// Whether the draws may be shown as a posterior.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.chains >= LEAST_CHAINS && self.r_hat <= MOST_R_HAT && self.effective >= LEAST_EFFECTIVE
    }
}

/// Rank-normalised split R-hat and effective sample size of chains of equal length (Vehtari, Gelman,
/// Simpson, Carpenter and Bürkner 2021).
#[must_use]
pub fn convergence(chains: &[Vec<f64>]) -> Convergence {
    let length = chains.iter().map(Vec::len).min().unwrap_or(0);
    let half = length / 2;
    let halves: Vec<&[f64]> = chains
        .iter()
        .flat_map(|chain| [chain.get(..half), chain.get(length - half..length)])
        .flatten()
        .collect();
    let ranked = normal_scores(&halves);
    let mut all: Vec<f64> = halves
        .iter()
        .flat_map(|half| half.iter().copied())
        .collect();
    all.sort_by(f64::total_cmp);
    let middle = quantile(&all, 0.5).unwrap_or(0.0);
    let folded: Vec<Vec<f64>> = halves
        .iter()
        .map(|half| half.iter().map(|x| (x - middle).abs()).collect())
        .collect();
    let folded: Vec<&[f64]> = folded.iter().map(Vec::as_slice).collect();
    let spread = normal_scores(&folded);
    Convergence {
        chains: chains.len(),
        draws: length * chains.len(),
        r_hat: r_hat(&ranked).max(r_hat(&spread)),
        effective: effective(&ranked),
    }
}

/// Ranks over all chains as standard normal quantiles; ties share their mean rank.
fn normal_scores(chains: &[&[f64]]) -> Vec<Vec<f64>> {
    let mut order: Vec<(f64, usize, usize)> = chains
        .iter()
        .enumerate()
        .flat_map(|(c, chain)| chain.iter().enumerate().map(move |(i, x)| (*x, c, i)))
        .collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0));
    let n = order.len() as f64;
    let mut scores: Vec<Vec<f64>> = chains.iter().map(|chain| vec![0.0; chain.len()]).collect();
    let mut done = 0;
    for ties in order.chunk_by(|a, b| a.0 == b.0) {
        let rank = done as f64 + f64::midpoint(1.0, ties.len() as f64);
        let score = normal_quantile((rank - 0.375) / (n + 0.25));
        for (_, c, i) in ties {
            if let Some(cell) = scores.get_mut(*c).and_then(|chain| chain.get_mut(*i)) {
                *cell = score;
            }
        }
        done += ties.len();
    }
    scores
}

fn mean(x: &[f64]) -> f64 {
    x.iter().sum::<f64>() / x.len() as f64
}

/// Variance within chains and the estimate of the whole that adds the variance between them.
fn variances(chains: &[Vec<f64>]) -> (f64, f64) {
    let n = chains.first().map_or(0, Vec::len) as f64;
    let means: Vec<f64> = chains.iter().map(|chain| mean(chain)).collect();
    let middle = mean(&means);
    let m = means.len() as f64;
    let between = means.iter().map(|x| (x - middle).powi(2)).sum::<f64>() / (m - 1.0);
    let own = chains
        .iter()
        .zip(&means)
        .map(|(chain, mean)| chain.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0));
    let within = own.sum::<f64>() / m;
    (within, within * (n - 1.0) / n + between)
}

fn r_hat(chains: &[Vec<f64>]) -> f64 {
    let (within, whole) = variances(chains);
    // Chains that do not move at all are in no way known to agree.
    if within > 0.0 {
        (whole / within).sqrt()
    } else {
        f64::INFINITY
    }
}

/// Geyer's initial monotone sequence over the mean autocovariances of the chains.
fn effective(chains: &[Vec<f64>]) -> f64 {
    let n = chains.first().map_or(0, Vec::len);
    let (within, whole) = variances(chains);
    let draws = (n * chains.len()) as f64;
    if n < 8 || within.is_nan() || within <= 0.0 {
        return 0.0;
    }
    let centred: Vec<Vec<f64>> = chains
        .iter()
        .map(|chain| {
            let middle = mean(chain);
            chain.iter().map(|x| x - middle).collect()
        })
        .collect();
    let rho = |lag: usize| -> f64 {
        let own = centred.iter().map(|chain| {
            let pairs = chain.iter().zip(chain.iter().skip(lag));
            pairs.map(|(x, y)| x * y).sum::<f64>() / n as f64
        });
        1.0 - (within - own.sum::<f64>() / chains.len() as f64) / whole
    };
    let (mut sum, mut least, mut lag) = (-1.0, f64::INFINITY, 0);
    while lag + 1 < n {
        let pair = rho(lag) + rho(lag + 1);
        if pair < 0.0 {
            break;
        }
        least = pair.min(least);
        sum += 2.0 * least;
        lag += 2;
    }
    draws / sum.max(1.0 / draws.log10())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    /// Chains of an autoregression of order one.
    fn chains(keep: f64, shift: f64) -> Vec<Vec<f64>> {
        let chain = |c: u64| {
            let mut random = Random::new(11, c);
            let mut x = 0.0;
            let own = shift * c as f64;
            let step = |_| {
                x = keep * x + (1.0 - keep * keep).sqrt() * random.normal();
                x + own
            };
            (0..2000).map(step).collect()
        };
        (0..4).map(chain).collect()
    }

    #[test]
    fn independent_draws_slow_draws_and_chains_apart() {
        let good = convergence(&chains(0.0, 0.0));
        assert!(good.is_good() && good.effective > 6500.0, "{good:?}");
        // Autoregression with 0.9 is worth (1 - 0.9) / (1 + 0.9) of its draws.
        let slow = convergence(&chains(0.9, 0.0));
        assert!(
            (slow.effective / (8000.0 / 19.0) - 1.0).abs() < 0.35,
            "{slow:?}"
        );
        let apart = convergence(&chains(0.0, 1.0));
        assert!(!apart.is_good() && apart.r_hat > 1.3, "{apart:?}");
        assert!(!convergence(&[vec![1.0; 100], vec![1.0; 100]]).is_good());
    }
}
