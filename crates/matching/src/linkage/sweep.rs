//! What each threshold finds of a sample of pairs that people judged.

use serde::Serialize;

use super::model::Model;
use super::scoring::{Explainer, Scored};
use super::training::Label;

/// One threshold. Precision and recall are of the judged pairs; the intervals hold them in 95 of 100 samples (Wilson
/// 1927).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SweepRow {
    pub threshold: f64,
    /// Pairs at or above it, judged or not.
    pub pairs: u64,
    /// Judged pairs at or above it: called the same, and called different.
    pub right: u64,
    pub wrong: u64,
    /// Pairs called the same that are below it.
    pub missed: u64,
    /// `null` without a pair to tell from.
    pub precision: Option<f64>,
    pub precision_interval: Option<(f64, f64)>,
    pub recall: Option<f64>,
    pub recall_interval: Option<(f64, f64)>,
}

/// Thresholds that are looked at.
pub const THRESHOLDS: [f64; 15] = [
    0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999, 0.9999,
];

/// Counts what each threshold finds of the labels. `reached` tells of a pair whether any rule made it: what no rule
/// makes is missed at every threshold.
#[must_use]
pub fn sweep(
    pairs: &[Scored],
    model: &Model,
    labels: &[Label],
    explainer: &mut Explainer<'_>,
    reached: impl Fn(u32, u32) -> bool,
) -> Vec<SweepRow> {
    let judged: Vec<(f64, bool)> = labels
        .iter()
        .map(|label| {
            let (a, b) = (label.left.min(label.right), label.left.max(label.right));
            let p = if reached(a, b) {
                super::model::probability(explainer.log_odds(a, b))
            } else {
                0.0
            };
            (p, label.same)
        })
        .collect();
    let row = |threshold: f64| {
        let count = |fits: &dyn Fn(&(f64, bool)) -> bool| {
            judged.iter().filter(|one| fits(one)).count() as u64
        };
        let right = count(&|(p, same)| *same && *p >= threshold);
        let wrong = count(&|(p, same)| !*same && *p >= threshold);
        let missed = count(&|(p, same)| *same && *p < threshold);
        SweepRow {
            threshold,
            pairs: pairs.partition_point(|pair| model.probability(pair) >= threshold) as u64,
            right,
            wrong,
            missed,
            precision: share(right, right + wrong),
            precision_interval: wilson(right, right + wrong),
            recall: share(right, right + missed),
            recall_interval: wilson(right, right + missed),
        }
    };
    THRESHOLDS.iter().map(|threshold| row(*threshold)).collect()
}

#[expect(clippy::cast_precision_loss, reason = "counts")]
fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// The interval of a share by Wilson's score, 95%.
#[expect(clippy::cast_precision_loss, reason = "counts")]
fn wilson(part: u64, whole: u64) -> Option<(f64, f64)> {
    const Z: f64 = 1.959_963_984_540_054;
    let p = share(part, whole)?;
    let n = whole as f64;
    let middle = (p + Z * Z / (2.0 * n)) / (1.0 + Z * Z / n);
    let half = Z / (1.0 + Z * Z / n) * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    Some(((middle - half).max(0.0), (middle + half).min(1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values of the interval as tables give them.
    #[test]
    fn intervals() {
        for (part, whole, low, high) in [
            (0, 10, 0.0, 0.2775),
            (5, 10, 0.2366, 0.7634),
            (98, 100, 0.9300, 0.9945),
        ] {
            let (least, most) = wilson(part, whole).unwrap();
            assert!(
                (least - low).abs() < 1e-4 && (most - high).abs() < 1e-4,
                "{part}/{whole} {least} {most}"
            );
        }
        assert_eq!(wilson(0, 0), None);
    }
}
