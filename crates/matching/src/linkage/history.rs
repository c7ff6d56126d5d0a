//! What linkage hands to estimation: which lists saw each person.

use std::collections::{BTreeMap, HashMap};

use super::counting::{Constraints, State};
use super::model::{Model, odds, probability};
use super::records::Records;
use super::scoring::{Explainer, Scored};
use super::texts::Chance;
use super::training::Label;

/// For each set of lists that saw somebody: how many people exactly these lists saw. A set is told by a number, in
/// which the first list is the lowest bit.
pub type History = BTreeMap<u64, u64>;

/// Lists beyond this many do not fit a history.
pub const MOST_LISTS: usize = 64;

/// Counts the clusters by the lists that their records stand on.
#[must_use]
pub fn history(records: &Records<'_>, home: &[u32]) -> History {
    let mut seen: HashMap<u32, u64> = HashMap::with_capacity(home.len());
    for (record, home) in (0u32..).zip(home) {
        let bit = u32::try_from(records.list_of(record)).unwrap_or(u32::MAX);
        *seen.entry(*home).or_default() |= 1u64.checked_shl(bit).unwrap_or(0);
    }
    let mut history = History::new();
    for lists in seen.into_values() {
        *history.entry(lists).or_default() += 1;
    }
    history
}

/// Histories of linkages drawn from the probabilities of the pairs, so that an estimate can carry how unsure the
/// linkage is: in each, every pair is taken with its probability and the lists' rule of duplicates is kept.
#[must_use]
#[expect(
    clippy::too_many_arguments,
    reason = "everything that a linkage depends on"
)]
pub fn drawn(
    records: &Records<'_>,
    pairs: &[Scored],
    model: &Model,
    constraints: &Constraints,
    labels: &[Label],
    explainer: &mut Explainer<'_>,
    how_many: usize,
    seed: u64,
) -> Vec<History> {
    let mut chance = Chance::new(seed);
    let prior = odds(model.prior);
    let draw = |_| {
        let mut state = State::new(records, constraints);
        // What people judged is not left to chance.
        state.judged(labels);
        for pair in pairs {
            let p = probability(prior + f64::from(pair.weight));
            if chance.share() < p {
                // What the draw says of other pairs of the clusters is not known: the model says it.
                let _ = state.try_join(pair.left, pair.right, |a, b| explainer.log_odds(a, b));
            }
        }
        history(records, &state.home)
    };
    (0..how_many).map(draw).collect()
}
