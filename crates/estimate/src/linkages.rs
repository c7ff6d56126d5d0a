//! Linkage error carried into an estimate, and strata added up.
//!
//! Who is who on several lists is never certain. With tables from many linkages, each drawn from the
//! probabilities of its matches, every method is run on each, and its answers are combined by Rubin's rules (1987) on
//! the logarithm of the unseen: the variance within a linkage, and that between linkages.

use serde::Serialize;

use crate::methods::Method;
use crate::report::{self, Answer, Headline, Report, Settings, report};
use crate::special::normal_quantile;
use crate::table::{Table, TableError};
use crate::words::Note;

/// Fewest sampled linkages that are combined.
pub const LEAST_LINKAGES: usize = 20;

/// One method over all linkages.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Combined {
    pub method: Method,
    /// People in all.
    pub estimate: Option<f64>,
    pub interval: Option<(f64, f64)>,
    /// Variance of the logarithm of the unseen: the mean within a linkage, and between linkages.
    pub within: f64,
    pub between: f64,
    /// Share of the whole variance that comes from linkage.
    pub share_of_linkage: f64,
    /// Linkages on which the method has an estimate with an interval, and on which not.
    pub linkages: usize,
    pub without_estimate: usize,
}

/// Why linkages cannot be combined.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkageError {
    #[error("{0} linkages: at least {LEAST_LINKAGES} are needed to tell how much they differ")]
    TooFew(usize),
    #[error("the linkages have not the same lists")]
    DifferentLists,
    #[error(transparent)]
    Table(#[from] TableError),
}

/// Every method on every linkage, combined.
///
/// # Errors
/// Fewer than [`LEAST_LINKAGES`] tables, or tables of different lists.
pub fn over(tables: &[Table], settings: &Settings) -> Result<Vec<Combined>, LinkageError> {
    if tables.len() < LEAST_LINKAGES {
        return Err(LinkageError::TooFew(tables.len()));
    }
    let lists = tables.first().map(Table::lists);
    if tables.iter().any(|table| Some(table.lists()) != lists) {
        return Err(LinkageError::DifferentLists);
    }
    let reports = tables
        .iter()
        .map(|table| report(table, settings))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(combine(&reports, settings))
}

/// What the methods say together over all linkages: a range, or why there is none.
#[must_use]
pub fn together(tables: &[Table], combined: &[Combined]) -> (Option<Headline>, Note) {
    let answers: Vec<Answer> = combined
        .iter()
        .map(|one| Answer {
            estimate: one.estimate,
            interval: one.interval,
            ..Answer::empty(one.method)
        })
        .collect();
    let lists = tables.first().map_or(0, Table::width);
    let seen = tables.iter().map(|table| table.observed() as f64);
    let observed = (seen.sum::<f64>() / tables.len().max(1) as f64).round() as u64;
    let headline = report::headline(&answers, lists);
    let summary = report::summary(headline.as_ref(), observed, lists);
    (headline, summary)
}

/// Combines reports of the same methods on several linkages.
#[must_use]
pub fn combine(reports: &[Report], settings: &Settings) -> Vec<Combined> {
    let one = |method: &Method| {
        let figures: Vec<(f64, f64, f64)> = reports
            .iter()
            .filter_map(|report| {
                let answers = report.answers.iter();
                let answer = answers
                    .into_iter()
                    .find(|answer| answer.method == *method)?;
                let (log, variance) = log_unseen(answer, report.observed, settings.level)?;
                Some((log, variance, report.observed as f64))
            })
            .collect();
        combined(*method, &figures, reports.len(), settings.level)
    };
    settings.methods.iter().map(one).collect()
}

/// The logarithm of the unseen with its variance, from an interval.
fn log_unseen(answer: &Answer, observed: u64, level: f64) -> Option<(f64, f64)> {
    let observed = observed as f64;
    let (low, high) = answer.interval?;
    // Half a person at the least: a lower limit of nobody unseen has no logarithm.
    let unseen = |total: f64| (total - observed).max(0.5);
    let log = unseen(answer.estimate?).ln();
    let width = unseen(high).ln() - unseen(low).ln();
    let error = width / (2.0 * normal_quantile(0.5 + level / 2.0));
    (log.is_finite() && error.is_finite()).then_some((log, error * error))
}

fn combined(method: Method, figures: &[(f64, f64, f64)], all: usize, level: f64) -> Combined {
    let m = figures.len() as f64;
    let mean = |of: &dyn Fn(&(f64, f64, f64)) -> f64| figures.iter().map(of).sum::<f64>() / m;
    let mut combined = Combined {
        method,
        estimate: None,
        interval: None,
        within: f64::NAN,
        between: f64::NAN,
        share_of_linkage: f64::NAN,
        linkages: figures.len(),
        without_estimate: all - figures.len(),
    };
    // A mean over the few linkages that happen to have an estimate would be one of chosen linkages.
    if figures.len() < LEAST_LINKAGES || combined.without_estimate * 10 > all {
        return combined;
    }
    let log = mean(&|f| f.0);
    let within = mean(&|f| f.1);
    let between = figures.iter().map(|f| (f.0 - log).powi(2)).sum::<f64>() / (m - 1.0);
    let extra = (1.0 + 1.0 / m) * between;
    let whole = within + extra;
    let freedom = if extra > 0.0 {
        (m - 1.0) * (whole / extra).powi(2)
    } else {
        f64::INFINITY
    };
    let reach = student_quantile(0.5 + level / 2.0, freedom) * whole.sqrt();
    let observed = mean(&|f| f.2);
    combined.estimate = Some(observed + log.exp());
    combined.interval = Some((
        observed + (log - reach).exp(),
        observed + (log + reach).exp(),
    ));
    (combined.within, combined.between) = (within, between);
    combined.share_of_linkage = if whole > 0.0 { extra / whole } else { 0.0 };
    combined
}

/// Quantile of Student's t (Abramowitz and Stegun 26.7.5); good from about 10 degrees of freedom.
fn student_quantile(p: f64, freedom: f64) -> f64 {
    let z = normal_quantile(p);
    if !freedom.is_finite() {
        return z;
    }
    let g1 = (z.powi(3) + z) / 4.0;
    let g2 = (5.0 * z.powi(5) + 16.0 * z.powi(3) + 3.0 * z) / 96.0;
    let g3 = (3.0 * z.powi(7) + 19.0 * z.powi(5) + 17.0 * z.powi(3) - 15.0 * z) / 384.0;
    z + g1 / freedom + g2 / freedom.powi(2) + g3 / freedom.powi(3)
}

/// One method over all strata: people of strata added up, the unseen of each taken as log-normal and independent
/// of the others. `None` unless the method has an estimate with an interval in each.
#[must_use]
pub fn add_strata(reports: &[Report], method: Method, level: f64) -> Option<(f64, (f64, f64))> {
    let (mut observed, mut unseen, mut variance) = (0.0, 0.0, 0.0);
    for report in reports {
        let answer = report
            .answers
            .iter()
            .find(|answer| answer.method == method)?;
        let (log, own) = log_unseen(answer, report.observed, level)?;
        observed += report.observed as f64;
        unseen += log.exp();
        variance += (2.0 * log).exp() * own;
    }
    let error = (variance / (unseen * unseen)).ln_1p().sqrt();
    let spread = (normal_quantile(0.5 + level / 2.0) * error).exp();
    Some((
        observed + unseen,
        (observed + unseen / spread, observed + unseen * spread),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn student() {
        assert!((student_quantile(0.975, 19.0) - 2.0930).abs() < 1e-3);
        assert!((student_quantile(0.975, f64::INFINITY) - 1.95996).abs() < 1e-4);
    }

    #[test]
    fn both_parts_of_the_variance() {
        let figures: Vec<(f64, f64, f64)> = (0..20)
            .map(|i| (5.0 + if i % 2 == 0 { 0.1 } else { -0.1 }, 0.04, 100.0))
            .collect();
        let combined = combined(Method::Bic, &figures, 21, 0.95);
        assert_eq!((combined.linkages, combined.without_estimate), (20, 1));
        assert!((combined.within - 0.04).abs() < 1e-12);
        assert!((combined.between - 0.2 / 19.0).abs() < 1e-12);
        let extra = 1.05 * 0.2 / 19.0;
        assert!((combined.share_of_linkage - extra / (0.04 + extra)).abs() < 1e-12);
        assert!((combined.estimate.unwrap() - 100.0 - 5f64.exp()).abs() < 1e-9);
        assert_eq!(
            super::combined(Method::Bic, &figures[..19], 21, 0.95).estimate,
            None
        );
    }
}
