//! Pairs that wait for a person.

use std::collections::HashSet;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use matching::Search;

use super::Register;
use crate::screening::{Likeness, because, ordered};

/// Pairs that may be one, found once for the same lists.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    begun: AtomicBool,
    found: OnceLock<Vec<Pair>>,
}

/// Two records, each by its list and its place among those that can be matched.
#[derive(Clone, Copy, Debug)]
struct Pair {
    left: (usize, usize),
    right: (usize, usize),
    score: f32,
}

/// Pairs that wait for a person.
#[derive(Debug)]
pub struct Waiting {
    pub total: usize,
    pub pairs: Vec<Likeness>,
}

/// Pairs less likely than this are not asked about.
pub const DOUBT: f32 = 0.3;
/// Pairs that wait, at most: nobody decides about more in one sitting.
const MOST_PAIRS: usize = 200_000;

impl Register {
    /// Whether the pairs that wait are known; if not, whoever hears `false` first should call [`Register::find_pairs`].
    #[must_use]
    pub fn pairs_known(&self) -> bool {
        self.pairs.found.get().is_some()
    }

    /// Finds the pairs of the lists that may be one, from a score of `threshold` on. Only the first call does anything.
    pub fn find_pairs(&self, threshold: f32) {
        if self.pairs.begun.swap(true, Ordering::SeqCst) {
            return;
        }
        let how = Search {
            threshold,
            ..Search::default()
        };
        let mut all: Vec<Pair> = Vec::new();
        for (a, left) in self.parts.iter().enumerate() {
            left.index.pairs(
                &how,
                |pair| keep(&mut all, (a, pair.left), (a, pair.right), pair.score),
                |_| {},
            );
            for (b, right) in self.parts.iter().enumerate().skip(a + 1) {
                right.index.join(
                    left.index.records(),
                    &how,
                    |pair| keep(&mut all, (a, pair.left), (b, pair.right), pair.score),
                    |_| {},
                );
            }
        }
        all.sort_by(doubt);
        all.truncate(MOST_PAIRS);
        let _ = self.pairs.found.set(all);
    }

    /// Pairs of which nobody has said anything: those whose answer tells most first (the nearer to even, the more), then by
    /// score. Two entities are asked about once, however many records of theirs are alike. None while they are not
    /// known.
    #[must_use]
    pub fn waiting(&self, offset: usize, most: usize) -> Waiting {
        let mut out = Waiting {
            total: 0,
            pairs: Vec::new(),
        };
        let mut asked = HashSet::new();
        for pair in self.pairs.found.get().into_iter().flatten() {
            let of = |(part, nth): (usize, usize)| {
                let part = self.parts.get(part)?;
                Some((
                    part.index.records().get(nth)?,
                    part.captions.get(nth)?,
                    part,
                ))
            };
            let (Some((a, left, _)), Some((b, right, part))) = (of(pair.left), of(pair.right))
            else {
                continue;
            };
            let (one, other) = (self.canonical(&a.id), self.canonical(&b.id));
            if one == other
                || self.said.contains(&ordered(one, other))
                || !asked.insert((one.min(other), one.max(other)))
            {
                continue;
            }
            if out.total >= offset && out.pairs.len() < most {
                let compared = matching::compare(a, b);
                out.pairs.push(Likeness {
                    left: a.id.clone(),
                    right: b.id.clone(),
                    left_caption: left.to_string(),
                    right_caption: right.to_string(),
                    list: self.list_name(part),
                    score: compared.score,
                    because: because(compared),
                });
            }
            out.total += 1;
        }
        out
    }
}

fn keep(all: &mut Vec<Pair>, left: (usize, usize), right: (usize, usize), score: f32) {
    all.push(Pair { left, right, score });
    if all.len() > MOST_PAIRS * 2 {
        all.sort_by(doubt);
        all.truncate(MOST_PAIRS);
    }
}

fn doubt(a: &Pair, b: &Pair) -> std::cmp::Ordering {
    let far = |score: f32| (score - 0.5).abs();
    far(a.score)
        .total_cmp(&far(b.score))
        .then(b.score.total_cmp(&a.score))
        .then((a.left, a.right).cmp(&(b.left, b.right)))
}
