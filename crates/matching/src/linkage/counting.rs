//! Clusters for counting: which records are of one person, when each list's own rule of duplicates is kept.

use std::collections::HashMap;

use super::records::Records;
use super::scoring::{Explainer, Scored};
use super::training::Label;

/// What is known of the lists before records are joined.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Constraints {
    /// For each list, whether it may name one person more than once.
    pub duplicates: Vec<bool>,
}

/// Who is with whom.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Joined {
    /// For each record the least record of its cluster.
    pub home: Vec<u32>,
    /// Pairs above the threshold that are not in one cluster, with the reason.
    pub refused: Vec<(Scored, Refusal)>,
}

/// Why a probable pair was not joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// A list that names nobody twice would name somebody twice; a likelier pair came before.
    OneToOne,
    /// The other records of the two clusters speak against it.
    Contradiction,
    /// Somebody judged two of them different.
    JudgedDifferent,
}

/// Cross pairs of two clusters that are looked at.
const MOST_CROSS: usize = 200;
/// Log-odds of one pair count for no more than this, for or against.
const MOST_ODDS: f64 = 12.0;

/// Joins pairs, the likeliest first. Two clusters become one only if all the pairs between them speak for it on
/// average (so no chain of likely pairs joins what is unlike), if no list that has no duplicates would have one, and if
/// nobody judged two of them different. What was judged the same is joined first.
#[must_use]
pub fn join(
    records: &Records<'_>,
    pairs: &[Scored],
    constraints: &Constraints,
    labels: &[Label],
    explainer: &mut Explainer<'_>,
) -> Joined {
    let mut state = State::new(records, constraints);
    for label in labels {
        if !label.same {
            state.apart.entry(label.left).or_default().push(label.right);
            state.apart.entry(label.right).or_default().push(label.left);
        }
    }
    let mut joined = Joined::default();
    for label in labels.iter().filter(|label| label.same) {
        let _ = state.try_join(label.left, label.right, |_, _| MOST_ODDS);
    }
    for pair in pairs {
        let answer = state.try_join(pair.left, pair.right, |a, b| explainer.log_odds(a, b));
        if let Err(refusal) = answer {
            joined.refused.push((*pair, refusal));
        }
    }
    joined.home = state.home;
    joined
}

/// Clusters while they grow.
pub(super) struct State<'r> {
    records: &'r Records<'r>,
    constraints: &'r Constraints,
    pub(super) home: Vec<u32>,
    /// Members of the clusters of two or more, by home.
    members: HashMap<u32, Vec<u32>>,
    /// Who was judged different from whom.
    apart: HashMap<u32, Vec<u32>>,
}

impl<'r> State<'r> {
    pub(super) fn new(records: &'r Records<'r>, constraints: &'r Constraints) -> Self {
        Self {
            records,
            constraints,
            home: (0..u32::try_from(records.len()).unwrap_or(u32::MAX)).collect(),
            members: HashMap::new(),
            apart: HashMap::new(),
        }
    }

    fn home(&self, record: u32) -> u32 {
        self.home.get(record as usize).copied().unwrap_or(record)
    }

    fn members(&self, home: u32) -> Vec<u32> {
        self.members
            .get(&home)
            .cloned()
            .unwrap_or_else(|| vec![home])
    }

    /// Joins the clusters of two records, or tells why not.
    pub(super) fn try_join(
        &mut self,
        left: u32,
        right: u32,
        mut odds: impl FnMut(u32, u32) -> f64,
    ) -> Result<(), Refusal> {
        let (a, b) = (self.home(left), self.home(right));
        if a == b {
            return Ok(());
        }
        let (ours, theirs) = (self.members(a), self.members(b));
        let different = |x: &u32| {
            let judged = self.apart.get(x);
            judged.is_some_and(|list| list.iter().any(|y| theirs.contains(y)))
        };
        if !self.apart.is_empty() && ours.iter().any(different) {
            return Err(Refusal::JudgedDifferent);
        }
        for x in &ours {
            for y in &theirs {
                let list = self.records.list_of(*x);
                let may = self
                    .constraints
                    .duplicates
                    .get(list)
                    .copied()
                    .unwrap_or(true);
                if !may && list == self.records.list_of(*y) {
                    return Err(Refusal::OneToOne);
                }
            }
        }
        if ours.len() + theirs.len() > 2 {
            let (mut sum, mut count) = (0.0, 0.0);
            for x in &ours {
                for y in &theirs {
                    if count < MOST_CROSS as f64 {
                        sum += odds(*x.min(y), *x.max(y)).clamp(-MOST_ODDS, MOST_ODDS);
                        count += 1.0;
                    }
                }
            }
            if sum <= 0.0 {
                return Err(Refusal::Contradiction);
            }
        }
        let (keep, go) = (a.min(b), a.max(b));
        let mut all = ours;
        all.extend(theirs);
        for member in &all {
            if let Some(home) = self.home.get_mut(*member as usize) {
                *home = keep;
            }
        }
        self.members.remove(&go);
        self.members.insert(keep, all);
        Ok(())
    }
}
