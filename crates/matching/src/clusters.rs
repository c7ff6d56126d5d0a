//! What people said of pairs, as clusters.

use std::collections::{BTreeMap, BTreeSet};

use entity::{Judged, Judgement};

/// Who is who, after some judgements.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clusters {
    /// For each id that was called the same as another: the id that stands for them all, which is the least of them.
    pub of: BTreeMap<String, String>,
    /// Judgements that contradict one another; the pair is left apart.
    pub conflicts: Vec<Conflict>,
}

/// `left` and `right` were called the same (perhaps by way of others), while `apart` were called different.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    pub left: String,
    pub right: String,
    /// A pair that was called different and would have become one.
    pub apart: (String, String),
}

impl Clusters {
    /// The id that stands for `id`: itself, if nobody called it the same as another.
    #[must_use]
    pub fn canonical<'a>(&'a self, id: &'a str) -> &'a str {
        self.of.get(id).map_or(id, String::as_str)
    }
}

/// Clusters from judgements. The last judgement of a pair counts. Pairs called the same are joined in the order given;
/// a join that would put together two that somebody called different is not made, and is told as a conflict.
#[must_use]
pub fn clusters(judged: &[Judged]) -> Clusters {
    // Ids by their order, so that the least number of a cluster is its least id.
    let ids: BTreeSet<&str> = judged
        .iter()
        .flat_map(|one| [one.target.as_str(), one.source.as_str()])
        .collect();
    let ids: Vec<&str> = ids.into_iter().collect();
    let number = |id: &str| ids.binary_search(&id).unwrap_or_default();
    let mut last: BTreeMap<(usize, usize), (usize, Judgement)> = BTreeMap::new();
    for (at, one) in judged.iter().enumerate() {
        let (a, b) = (number(&one.target), number(&one.source));
        last.insert((a.min(b), a.max(b)), (at, one.judgement));
    }
    let mut same: Vec<(usize, (usize, usize))> = Vec::new();
    let mut state = State {
        home: (0..ids.len()).collect(),
        members: (0..ids.len()).map(|id| vec![id]).collect(),
        apart: vec![Vec::new(); ids.len()],
    };
    for (pair, (at, judgement)) in last {
        match judgement {
            Judgement::Positive => same.push((at, pair)),
            Judgement::Negative => state.keep_apart(pair),
            Judgement::Unsure | Judgement::NoJudgement => {}
        }
    }
    same.sort_unstable();
    let name = |id: usize| ids.get(id).copied().unwrap_or_default().to_owned();
    let mut out = Clusters::default();
    let mut joined = BTreeSet::new();
    for (_, (a, b)) in same {
        match state.join(a, b) {
            None => joined.extend([a, b]),
            Some((x, y)) => out.conflicts.push(Conflict {
                left: name(a),
                right: name(b),
                apart: (name(x), name(y)),
            }),
        }
    }
    for id in joined {
        if let Some(home) = state.home.get(id) {
            out.of.insert(name(id), name(*home));
        }
    }
    out
}

/// Clusters while they grow; all by number.
struct State {
    /// The least member of the cluster that each is in.
    home: Vec<usize>,
    /// Of each home: who is there.
    members: Vec<Vec<usize>>,
    /// Of each home: the pairs called different of which one is there.
    apart: Vec<Vec<(usize, usize)>>,
}

impl State {
    fn keep_apart(&mut self, pair: (usize, usize)) {
        for id in [pair.0, pair.1] {
            if let Some(pairs) = self.apart.get_mut(id) {
                pairs.push(pair);
            }
        }
    }

    /// Joins the clusters of two, or gives the pair that forbids it.
    fn join(&mut self, a: usize, b: usize) -> Option<(usize, usize)> {
        let home = |id: usize| self.home.get(id).copied().unwrap_or(id);
        let (left, right) = (home(a), home(b));
        if left == right {
            return None;
        }
        let count = |id: usize| self.apart.get(id).map_or(0, Vec::len);
        let fewer = if count(left) <= count(right) {
            left
        } else {
            right
        };
        for &(x, y) in self.apart.get(fewer).into_iter().flatten() {
            let homes = (home(x), home(y));
            if homes == (left, right) || homes == (right, left) {
                return Some((x, y));
            }
        }
        let (keep, go) = (left.min(right), left.max(right));
        let moving = self
            .members
            .get_mut(go)
            .map(std::mem::take)
            .unwrap_or_default();
        for &member in &moving {
            if let Some(home) = self.home.get_mut(member) {
                *home = keep;
            }
        }
        if let Some(members) = self.members.get_mut(keep) {
            members.extend(moving);
        }
        let gone = self
            .apart
            .get_mut(go)
            .map(std::mem::take)
            .unwrap_or_default();
        if let Some(apart) = self.apart.get_mut(keep) {
            apart.extend(gone);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn judged(a: &str, b: &str, judgement: Judgement) -> Judged {
        Judged {
            target: a.into(),
            source: b.into(),
            judgement,
            score: None,
            user: None,
            at: None,
        }
    }

    #[test]
    fn different_is_never_joined_by_way_of_a_third() {
        let found = clusters(&[
            judged("a", "c", Judgement::Negative),
            judged("b", "a", Judgement::Positive),
            judged("b", "c", Judgement::Positive),
            judged("d", "e", Judgement::Unsure),
        ]);
        assert_eq!(found.canonical("b"), "a");
        assert_eq!(found.canonical("c"), "c");
        assert_eq!(found.canonical("d"), "d");
        assert_eq!(found.conflicts.len(), 1);
        assert_eq!(found.conflicts[0].apart, ("a".to_owned(), "c".to_owned()));
    }

    #[test]
    fn the_last_word_on_a_pair_counts() {
        let found = clusters(&[
            judged("a", "b", Judgement::Positive),
            judged("b", "a", Judgement::Negative),
        ]);
        assert_eq!(found, Clusters::default());
    }

    proptest! {
        #[test]
        fn whoever_was_called_different_is_apart(pairs in proptest::collection::vec((0u8..8, 0u8..8, any::<bool>()), 0..40)) {
            let said: Vec<Judged> = pairs.iter().filter(|(a, b, _)| a != b).map(|(a, b, same)| {
                judged(&a.to_string(), &b.to_string(), if *same { Judgement::Positive } else { Judgement::Negative })
            }).collect();
            let found = clusters(&said);
            let mut last = BTreeMap::new();
            for one in &said {
                let mut pair = [one.target.clone(), one.source.clone()];
                pair.sort();
                last.insert(pair, one.judgement);
            }
            for ([a, b], judgement) in last {
                let joined = found.canonical(&a) == found.canonical(&b);
                match judgement {
                    Judgement::Negative => prop_assert!(!joined),
                    Judgement::Positive => prop_assert!(joined || !found.conflicts.is_empty()),
                    _ => {}
                }
            }
            for (id, to) in &found.of {
                prop_assert!(to <= id && found.canonical(to) == to);
            }
        }
    }
}
