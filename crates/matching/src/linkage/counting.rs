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
    state.judged(labels);
    let mut joined = Joined::default();
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
    /// The next record of the cluster; the last is followed by the first.
    next: Vec<u32>,
    /// Who was judged different from whom.
    apart: HashMap<u32, Vec<u32>>,
}

impl<'r> State<'r> {
    pub(super) fn new(records: &'r Records<'r>, constraints: &'r Constraints) -> Self {
        let each = 0..u32::try_from(records.len()).unwrap_or(u32::MAX);
        Self {
            records,
            constraints,
            home: each.clone().collect(),
            next: each.collect(),
            apart: HashMap::new(),
        }
    }

    /// Joins what was judged the same, and keeps apart what was judged different.
    pub(super) fn judged(&mut self, labels: &[Label]) {
        for label in labels.iter().filter(|label| !label.same) {
            self.apart.entry(label.left).or_default().push(label.right);
            self.apart.entry(label.right).or_default().push(label.left);
        }
        for label in labels.iter().filter(|label| label.same) {
            // Judgements that contradict one another: the pair judged different stays apart.
            let _ = self.try_join(label.left, label.right, |_, _| MOST_ODDS);
        }
    }

    fn home(&self, record: u32) -> u32 {
        self.home.get(record as usize).copied().unwrap_or(record)
    }

    /// The records of a cluster.
    fn members(&self, home: u32) -> impl Iterator<Item = u32> {
        let mut now = Some(home);
        std::iter::from_fn(move || {
            let record = now?;
            now = self
                .next
                .get(record as usize)
                .copied()
                .filter(|next| *next != home);
            Some(record)
        })
    }

    /// Joins the clusters of two records, or tells why not.
    pub(super) fn try_join(
        &mut self,
        left: u32,
        right: u32,
        odds: impl FnMut(u32, u32) -> f64,
    ) -> Result<(), Refusal> {
        let (a, b) = (self.home(left), self.home(right));
        if a == b {
            return Ok(());
        }
        self.may_join(a, b, odds)?;
        let (keep, go) = (a.min(b), a.max(b));
        let moving: Vec<u32> = self.members(go).collect();
        for member in moving {
            if let Some(home) = self.home.get_mut(member as usize) {
                *home = keep;
            }
        }
        // Two rings become one.
        let (keep, go) = (keep as usize, go as usize);
        if keep.max(go) < self.next.len() {
            self.next.swap(keep, go);
        }
        Ok(())
    }

    fn may_join(
        &self,
        a: u32,
        b: u32,
        mut odds: impl FnMut(u32, u32) -> f64,
    ) -> Result<(), Refusal> {
        let (mut sum, mut count) = (0.0, 0);
        for x in self.members(a) {
            let list = self.records.list_of(x);
            let alone = !self
                .constraints
                .duplicates
                .get(list)
                .copied()
                .unwrap_or(true);
            let judged = self.apart.get(&x);
            for y in self.members(b) {
                if judged.is_some_and(|others| others.contains(&y)) {
                    return Err(Refusal::JudgedDifferent);
                }
                if alone && list == self.records.list_of(y) {
                    return Err(Refusal::OneToOne);
                }
                count += 1;
            }
        }
        if count == 1 {
            return Ok(());
        }
        let pairs = self
            .members(a)
            .flat_map(|x| self.members(b).map(move |y| (x, y)));
        for (x, y) in pairs.take(MOST_CROSS) {
            sum += odds(x.min(y), x.max(y)).clamp(-MOST_ODDS, MOST_ODDS);
        }
        if sum > 0.0 {
            Ok(())
        } else {
            Err(Refusal::Contradiction)
        }
    }
}
