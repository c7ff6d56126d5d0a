//! The model of Fellegi and Sunter (1969): how often records of one person, and of two, agree in each way.

use serde::{Deserialize, Serialize};

use super::kind::Kind;
use super::levels::{MISSING, levels};
use super::records::Records;

/// What was learned, enough to score any pair of the same fields again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// The probability that two records picked at random are of one person.
    pub prior: f64,
    pub fields: Vec<FieldModel>,
    /// What each round of training came to.
    pub rounds: Vec<Round>,
}

/// One field of a model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldModel {
    pub name: String,
    pub kind: Kind,
    pub levels: Vec<LevelModel>,
    /// Where `m` comes from.
    pub from: Source,
    /// The least and the greatest `m` of the best level that the rounds gave.
    pub range: Option<(f64, f64)>,
}

/// Where the probabilities among records of one person come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Rounds of expectation maximisation.
    Rounds,
    /// Rounds, and pairs that people judged.
    RoundsAndLabels,
    /// Pairs that people judged.
    Labels,
    /// Nothing: a usual value stands in.
    Usual,
}

/// One level of a field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LevelModel {
    pub label: String,
    /// Share of this level among pairs of one person, within its group.
    pub m: f64,
    /// Share among pairs of two persons, within its group.
    pub u: f64,
}

/// One round of training over the pairs of one rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Round {
    pub rule: String,
    /// Pairs that were looked at.
    pub pairs: u64,
    /// Share of them that are of one person, as the round found it.
    pub matches: f64,
    pub iterations: u32,
    /// Whether its values were used; a round that finds hardly any matches is not.
    pub used: bool,
    /// For each field that the rule leaves free: `m` of its best level.
    pub best: Vec<(String, f64)>,
}

/// Weights of a model as they are added up: natural logarithms.
#[derive(Clone, Debug)]
pub(super) struct Weights {
    /// By field and level.
    table: Vec<[f32; 16]>,
    /// For each field, of each value the logarithm of how much rarer (above 0) it is than agreeing values are on
    /// average; empty if how common it is does not count.
    rare: Vec<Vec<f32>>,
    /// For each field the most that a level other than full agreement weighs; of dates, with full agreement.
    most: Vec<f32>,
}

impl Weights {
    pub(super) fn new(model: &Model, records: &Records<'_>) -> Self {
        let table = model.fields.iter().map(|field| {
            let mut row = [0.0f32; 16];
            for (weight, level) in row.iter_mut().zip(&field.levels) {
                *weight = log_ratio(level);
            }
            if let Some(missing) = row.get_mut(usize::from(MISSING)) {
                *missing = 0.0;
            }
            row
        });
        let rare = model
            .fields
            .iter()
            .zip(&records.values)
            .map(|(field, values)| {
                let counts_here = levels(field.kind)
                    .first()
                    .is_some_and(|level| level.frequency);
                let Some(best) = field
                    .levels
                    .first()
                    .filter(|_| counts_here && values.filled > 0)
                else {
                    return Vec::new();
                };
                #[expect(clippy::cast_precision_loss, reason = "counts of records")]
                let total = values.filled as f64;
                let rare = values.counts.iter().map(|count| {
                    // A value that stands once or twice is not as rare as that: half a record more is assumed.
                    let share = (f64::from((*count).max(1)) + 0.5) / total;
                    #[expect(clippy::cast_possible_truncation, reason = "a weight")]
                    let weight = (best.u / share.min(1.0)).ln() as f32;
                    weight
                });
                rare.collect()
            });
        let rare: Vec<Vec<f32>> = rare.collect();
        let most = model.fields.iter().zip(&rare).map(|(field, rare)| {
            let others = field
                .levels
                .iter()
                .skip(1)
                .map(log_ratio)
                .fold(f32::MIN, f32::max);
            let rarest = rare.iter().skip(1).copied().fold(0.0, f32::max);
            match field.levels.first() {
                // Whether two dates agree is not seen by their numbers alone.
                Some(best) if field.kind == Kind::Date => others.max(log_ratio(best) + rarest),
                _ => others,
            }
        });
        Self {
            table: table.collect(),
            most: most.collect(),
            rare,
        }
    }

    /// The weight of a field at a level; `code` is the value of one side, which counts where both are the same.
    pub(super) fn at(&self, field: usize, level: u8, code: u32) -> f32 {
        let weight = self
            .table
            .get(field)
            .and_then(|row| row.get(usize::from(level)))
            .copied()
            .unwrap_or(0.0);
        if level != 0 {
            return weight;
        }
        weight
            + self
                .rare
                .get(field)
                .and_then(|rare| rare.get(code as usize))
                .copied()
                .unwrap_or(0.0)
    }

    /// The most that a field can weigh where the numbers of its values do not tell its level.
    pub(super) fn most(&self, field: usize) -> f32 {
        self.most.get(field).copied().unwrap_or(0.0)
    }

    /// The log of the likelihood ratio of two records.
    pub(super) fn sum(&self, pattern: u64, codes: &[u32]) -> f32 {
        let each = codes.iter().enumerate();
        let level = |at: usize| (pattern >> (4 * at) & 15) as u8;
        each.map(|(at, code)| self.at(at, level(at), *code)).sum()
    }

    /// The weight of one field, and what of it is owed to how common the value is.
    pub(super) fn of(&self, field: usize, pattern: u64, code: u32) -> (f32, f32) {
        let level = (pattern >> (4 * field)) & 15;
        let weight = self
            .table
            .get(field)
            .and_then(|row| row.get(level as usize));
        let rare = self
            .rare
            .get(field)
            .and_then(|rare| rare.get(code as usize));
        (
            weight.copied().unwrap_or(0.0),
            if level == 0 {
                rare.copied().unwrap_or(0.0)
            } else {
                0.0
            },
        )
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a weight")]
pub(super) fn log_ratio(level: &LevelModel) -> f32 {
    (level.m.max(1e-9) / level.u.max(1e-12)).ln() as f32
}

/// Probability of log-odds.
pub(super) fn probability(odds: f64) -> f64 {
    1.0 / (1.0 + (-odds).exp())
}

/// Log-odds of a probability.
pub(super) fn odds(probability: f64) -> f64 {
    let p = probability.clamp(1e-15, 1.0 - 1e-15);
    (p / (1.0 - p)).ln()
}

/// `m` where nothing is known: nine in ten agree fully, the rest is spread over the other levels of the group.
pub(super) fn usual(kind: Kind) -> Vec<f64> {
    let list = levels(kind);
    list.iter()
        .enumerate()
        .map(|(at, level)| {
            let group: Vec<usize> = list
                .iter()
                .enumerate()
                .filter(|(_, l)| l.group == level.group)
                .map(|(at, _)| at)
                .collect();
            if group.first() == Some(&at) {
                return 0.9;
            }
            let others = group.len().saturating_sub(1).max(1);
            #[expect(clippy::cast_precision_loss, reason = "a few levels")]
            let share = 0.1 / others as f64;
            share
        })
        .collect()
}

/// Makes the shares of each group of levels sum to 1, after adding `little` to each.
pub(super) fn within_groups(kind: Kind, shares: &mut [f64], little: f64) {
    let list = levels(kind);
    let mut sums = [0.0f64; 8];
    for (share, level) in shares.iter_mut().zip(list) {
        *share += little;
        if let Some(sum) = sums.get_mut(usize::from(level.group)) {
            *sum += *share;
        }
    }
    for (share, level) in shares.iter_mut().zip(list) {
        let sum = sums.get(usize::from(level.group)).copied().unwrap_or(0.0);
        if sum > 0.0 {
            *share /= sum;
        }
    }
}
