//! Intervals by resampling, with the choice of the model made again on each resample.
//!
//! The bias-corrected and accelerated bootstrap of Efron (1987; DiCiccio and Efron 1996), as Chan,
//! Silverman and Vincent (2021) and Silverman, Chan and Vincent (2024) apply it: people are drawn with
//! replacement, the acceleration comes from leaving out one person of each cell in turn.

use crate::random::Random;
use crate::special::{normal_below, normal_quantile, quantile};

/// What resampling gave.
#[derive(Clone, Debug, PartialEq)]
pub struct Resampled {
    /// Estimates on the resamples that have one, sorted.
    pub estimates: Vec<f64>,
    /// Resamples on which no model has an estimate; they are in no quantile.
    pub without_estimate: usize,
    /// Acceleration.
    pub acceleration: f64,
    /// Bias correction, on the scale of the standard normal.
    pub bias: f64,
}

impl Resampled {
    /// BCa limits that enclose `level`, e.g. 0.95. `None` if fewer than half of the resamples, or fewer
    /// than ten, have an estimate.
    #[must_use]
    pub fn interval(&self, level: f64) -> Option<(f64, f64)> {
        let enough = self.estimates.len() >= 10 && self.estimates.len() >= self.without_estimate;
        if !enough {
            return None;
        }
        let tail = (1.0 - level) / 2.0;
        Some((self.limit(tail)?, self.limit(1.0 - tail)?))
    }

    fn limit(&self, p: f64) -> Option<f64> {
        let z = self.bias + normal_quantile(p);
        let moved = self.bias + z / (1.0 - self.acceleration * z);
        quantile(&self.estimates, normal_below(moved))
    }
}

/// Resamples `counts` `times` times on up to `threads` threads; the numbers depend on `seed` alone. The
/// estimator is made once for each thread; it gives one estimate for each of several rules, and the result
/// has one entry for each. `whole` are the estimates on the table itself.
pub fn resample<E>(
    counts: &[u64],
    whole: &[f64],
    times: usize,
    seed: u64,
    threads: usize,
    estimator: impl Fn() -> E + Sync,
) -> Vec<Resampled>
where
    E: FnMut(&[u64]) -> Vec<Option<f64>>,
{
    let observed: u64 = counts.iter().sum();
    let weights: Vec<f64> = counts.iter().map(|count| *count as f64).collect();
    let on_resample = |at: usize, estimate: &mut E| {
        let mut cells = vec![0; counts.len()];
        Random::new(seed, at as u64).multinomial(observed, &weights, &mut cells);
        estimate(&cells)
    };
    let resamples = in_parallel(times, threads, &estimator, on_resample);
    let filled: Vec<usize> = (0..counts.len()).filter(|at| counts[*at] > 0).collect();
    let on_jackknife = |at: usize, estimate: &mut E| {
        let mut cells = counts.to_vec();
        if let Some(cell) = filled.get(at).and_then(|cell| cells.get_mut(*cell)) {
            *cell -= 1;
        }
        estimate(&cells)
    };
    let jackknife = in_parallel(filled.len(), threads, &estimator, on_jackknife);
    let people: Vec<f64> = filled.iter().map(|cell| counts[*cell] as f64).collect();
    let rule = |(rule, whole): (usize, &f64)| {
        let given = |all: &[Vec<Option<f64>>]| -> Vec<Option<f64>> {
            all.iter()
                .map(|one| one.get(rule).copied().flatten())
                .collect()
        };
        let left_out: Vec<(f64, f64)> = given(&jackknife)
            .into_iter()
            .zip(&people)
            .filter_map(|(estimate, people)| Some((estimate?, *people)))
            .collect();
        summed_up(&given(&resamples), &left_out, *whole)
    };
    whole.iter().enumerate().map(rule).collect()
}

fn summed_up(resamples: &[Option<f64>], left_out: &[(f64, f64)], whole: f64) -> Resampled {
    let mut estimates: Vec<f64> = resamples.iter().copied().flatten().collect();
    estimates.sort_by(f64::total_cmp);
    let n = estimates.len().max(1) as f64;
    let below = estimates.iter().filter(|e| **e < whole).count() as f64;
    let equal = estimates.iter().filter(|e| **e == whole).count() as f64;
    // Kept off nought and one, where the correction would be infinite.
    let share = ((below + equal / 2.0) / n).clamp(0.5 / n, 1.0 - 0.5 / n);
    let total: f64 = left_out.iter().map(|(_, people)| people).sum();
    let mean = left_out.iter().map(|(e, people)| e * people).sum::<f64>() / total;
    let moment = |power| -> f64 {
        let terms = left_out.iter();
        terms
            .map(|(e, people)| people * (mean - e).powi(power))
            .sum()
    };
    let acceleration = moment(3) / (6.0 * moment(2).powf(1.5));
    Resampled {
        without_estimate: resamples.len() - estimates.len(),
        estimates,
        acceleration: if acceleration.is_finite() {
            acceleration
        } else {
            0.0
        },
        bias: normal_quantile(share),
    }
}

/// Calls `work` for 0 to `times`, in order in the result, on up to `threads` threads, each with a state of
/// its own.
pub(crate) fn in_parallel<S, T: Send>(
    times: usize,
    threads: usize,
    state: &(impl Fn() -> S + Sync),
    work: impl Fn(usize, &mut S) -> T + Sync,
) -> Vec<T> {
    let threads = threads.clamp(1, times.max(1));
    if threads == 1 {
        let mut state = state();
        return (0..times).map(|at| work(at, &mut state)).collect();
    }
    let share = |thread: usize| {
        let mut state = state();
        let own = (thread..times).step_by(threads);
        own.map(|at| (at, work(at, &mut state))).collect::<Vec<_>>()
    };
    let mut done: Vec<(usize, T)> = std::thread::scope(|scope| {
        let started: Vec<_> = (0..threads)
            .map(|thread| scope.spawn(move || share(thread)))
            .collect();
        let ended = started.into_iter();
        ended
            .flat_map(|one| {
                one.join()
                    .unwrap_or_else(|fault| std::panic::resume_unwind(fault))
            })
            .collect()
    });
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}
