//! Pairs and how probable it is that they are of one person.

use super::blocking::{Keys, Pairing, Rule};
use super::fields::Remark;
use super::levels::{Comparer, MISSING, levels};
use super::model::{Model, Weights, odds, probability};
use super::records::Records;

/// A pair with the log of its likelihood ratio: how much likelier it agrees as it does if it is of one person.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scored {
    /// The lesser record.
    pub left: u32,
    pub right: u32,
    /// Natural logarithm; the log-odds are this and those of the prior.
    pub weight: f32,
    /// Which rule made the pair first.
    pub rule: u16,
}

/// Pairs less probable than this are not kept.
pub const LEAST: f64 = 0.01;

/// All pairs that came out at [`LEAST`] or above.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScoredPairs {
    /// By probability, the greatest first; ties in the order of the records.
    pub pairs: Vec<Scored>,
    /// How many pairs were compared.
    pub compared: u64,
    /// Of those, what each rule made that no rule before it had.
    pub by_rule: Vec<u64>,
}

/// Compares the pairs of the rules and keeps the probable ones. The model's prior is set to what the pairs say: the
/// share of all possible pairs that is expected to be of one person.
pub fn score(
    records: &Records<'_>,
    rules: &[Rule],
    pairing: &Pairing,
    model: &mut Model,
) -> (ScoredPairs, Vec<Remark>) {
    let mut remarks = Vec::new();
    let weights = Weights::new(model, records);
    #[expect(clippy::cast_precision_loss, reason = "a share")]
    let (all, n) = (
        records.all_pairs(pairing.within).max(1) as f64,
        records.len() as f64,
    );
    // No more than two matches for each record are expected: with this prior nothing probable is lost.
    let highest = (2.0 * n / all).min(0.5);
    #[expect(clippy::cast_possible_truncation, reason = "a weight")]
    let least = (odds(LEAST) - odds(highest)) as f32;
    let mut comparer = Comparer::new(records);
    let mut found = ScoredPairs::default();
    let mut before: Vec<std::sync::Arc<Keys>> = Vec::new();
    for (number, rule) in (0u16..).zip(rules) {
        let keys = match Keys::kept(records, rule) {
            Ok(keys) => keys,
            Err(remark) => {
                remarks.push(remark);
                continue;
            }
        };
        let mut made = 0;
        keys.pairs(
            records,
            pairing,
            &before,
            |_| true,
            |left, right| {
                made += 1;
                if let Some(weight) = comparer.weight(left, right, &weights, least) {
                    found.pairs.push(Scored {
                        left,
                        right,
                        weight,
                        rule: number,
                    });
                }
            },
        );
        found.compared += made;
        found.by_rule.push(made);
        before.push(keys);
    }
    model.prior = prior(&found.pairs, all, highest);
    #[expect(clippy::cast_possible_truncation, reason = "a weight")]
    let least = (odds(LEAST) - odds(model.prior)) as f32;
    found.pairs.retain(|pair| pair.weight >= least);
    found.pairs.sort_unstable_by(|a, b| {
        b.weight
            .total_cmp(&a.weight)
            .then((a.left, a.right).cmp(&(b.left, b.right)))
    });
    (found, remarks)
}

/// The prior under which as many matches are expected as it says itself.
fn prior(pairs: &[Scored], all: f64, highest: f64) -> f64 {
    // Counts by weight, in steps of a twentieth.
    let mut steps = std::collections::BTreeMap::new();
    for pair in pairs {
        #[expect(clippy::cast_possible_truncation, reason = "weights are small")]
        let step = (pair.weight * 20.0).floor() as i32;
        *steps.entry(step).or_insert(0.0f64) += 1.0;
    }
    let mut prior = highest;
    for _ in 0..500 {
        let start = odds(prior);
        let expected: f64 = steps
            .iter()
            .map(|(step, count)| count * probability(start + (f64::from(*step) + 0.5) / 20.0))
            .sum();
        let next = (expected / all).clamp(1.0f64.min(highest * all) / all, highest);
        if (next / prior - 1.0).abs() < 1e-6 {
            break;
        }
        prior = next;
    }
    prior
}

impl Model {
    /// The probability that a pair is of one person.
    #[must_use]
    pub fn probability(&self, pair: &Scored) -> f64 {
        probability(odds(self.prior) + f64::from(pair.weight))
    }
}

/// One step of the way from the prior to the log-odds of a pair.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Step {
    /// `prior`, or the field.
    pub feature: String,
    /// Natural logarithm of the likelihood ratio; they sum to the log-odds.
    pub weight: f32,
    pub left: String,
    pub right: String,
    pub reason: String,
}

/// Scores any pair and tells why.
pub struct Explainer<'r> {
    records: &'r Records<'r>,
    comparer: Comparer<'r>,
    weights: Weights,
    prior: f64,
}

impl<'r> Explainer<'r> {
    #[must_use]
    pub fn new(records: &'r Records<'r>, model: &Model) -> Self {
        Self {
            records,
            comparer: Comparer::new(records),
            weights: Weights::new(model, records),
            prior: model.prior,
        }
    }

    /// The log-odds of any two records.
    pub fn log_odds(&mut self, left: u32, right: u32) -> f64 {
        let weight = self
            .weights
            .sum(self.comparer.pattern(left, right), self.records.codes(left));
        odds(self.prior) + f64::from(weight)
    }

    /// The steps from the prior to the log-odds, a step for each field; what is missing weighs nothing.
    pub fn steps(&mut self, left: u32, right: u32) -> Vec<Step> {
        #[expect(clippy::cast_possible_truncation, reason = "a weight")]
        let prior = odds(self.prior) as f32;
        let mut steps = vec![Step {
            feature: "prior".into(),
            weight: prior,
            left: String::new(),
            right: String::new(),
            reason: format!(
                "of two records picked at random, 1 in {:.0} is a pair of one person",
                1.0 / self.prior
            ),
        }];
        let pattern = self.comparer.pattern(left, right);
        let codes = self.records.codes(left);
        for (at, field) in self.records.fields.iter().enumerate() {
            let code = codes.get(at).copied().unwrap_or(0);
            let (weight, rare) = self.weights.of(at, pattern, code);
            let level = (pattern >> (4 * at)) & 15;
            let values = self.records.values.get(at);
            let reason = if level == u64::from(MISSING) {
                "one of them does not say: no evidence".to_owned()
            } else {
                let label = levels(field.kind)
                    .get(level as usize)
                    .map_or("", |level| level.label);
                let count = values
                    .and_then(|v| v.counts.get(code as usize))
                    .copied()
                    .unwrap_or(0);
                if rare == 0.0 {
                    label.to_owned()
                } else {
                    format!(
                        "{label}; {count} records have it, {} than is usual ({rare:+.2})",
                        if rare > 0.0 { "fewer" } else { "more" }
                    )
                }
            };
            steps.push(Step {
                feature: field.name.clone(),
                weight: weight + rare,
                left: self.records.written(left, at),
                right: self.records.written(right, at),
                reason,
            });
        }
        steps
    }
}
