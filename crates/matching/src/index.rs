//! Which of many records are worth comparing with one.

use crate::Record;
use crate::compare::score;

/// Records and what they can be found by.
#[derive(Debug)]
pub struct Index {
    records: Vec<Record>,
    /// Distinct keys, sorted.
    keys: Vec<u64>,
    /// Where the records of each key begin in `postings`; one more at the end.
    starts: Vec<u32>,
    postings: Vec<u32>,
}

/// How widely to search.
#[derive(Clone, Copy, Debug)]
pub struct Search {
    /// Hits below this probability are left out.
    pub threshold: f32,
    /// The most candidates that are compared with one record. Where more share its rarest key, all of those are
    /// compared all the same.
    pub candidates: usize,
    /// The most hits that are given.
    pub most: usize,
}

impl Default for Search {
    fn default() -> Self {
        Self {
            threshold: crate::THRESHOLD,
            candidates: 200,
            most: usize::MAX,
        }
    }
}

/// A record that may be the one that was asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// Its place among the records.
    pub record: usize,
    pub score: f32,
}

/// Two records of one index that may be one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    pub left: usize,
    pub right: usize,
    pub score: f32,
}

/// Memory of one searcher, to be used again for the next search.
#[derive(Debug, Default)]
struct Scratch {
    weight: Vec<f32>,
    touched: Vec<u32>,
    lists: Vec<(u32, u32)>,
}

/// After this many entries of common keys the rest of a record's keys is left unread: the rarer ones have spoken.
const BUDGET: usize = 60_000;

impl Index {
    /// Builds the index. At most 2^32 records.
    #[must_use]
    pub fn of(records: Vec<Record>) -> Self {
        let total = records.iter().map(|record| record.keys.len()).sum();
        let mut rows: Vec<(u64, u32)> = Vec::with_capacity(total);
        for (record, at) in records.iter().zip(0u32..) {
            rows.extend(record.keys.iter().map(|key| (*key, at)));
        }
        rows.sort_unstable();
        let mut keys = Vec::new();
        let mut starts = Vec::new();
        let mut postings = Vec::with_capacity(rows.len());
        for ((key, record), at) in rows.into_iter().zip(0u32..) {
            if keys.last() != Some(&key) {
                keys.push(key);
                starts.push(at);
            }
            postings.push(record);
        }
        starts.push(u32::try_from(postings.len()).unwrap_or(u32::MAX));
        keys.shrink_to_fit();
        Self {
            records,
            keys,
            starts,
            postings,
        }
    }

    /// The records, in the order they were given.
    #[must_use]
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// The records that `asked` may be, best first; equal scores in the order of the records.
    #[must_use]
    pub fn search(&self, asked: &Record, how: &Search) -> Vec<Hit> {
        self.search_with(asked, how, None, &mut Scratch::default())
    }

    /// All pairs of the index's own records at or above the threshold: best first within each left record, which is
    /// the earlier of the two. `told` hears how many records are done.
    pub fn pairs(&self, how: &Search, mut found: impl FnMut(Pair), mut told: impl FnMut(usize)) {
        let mut scratch = Scratch::default();
        for (at, record) in self.records.iter().enumerate() {
            for hit in self.search_with(record, how, Some(at), &mut scratch) {
                found(Pair {
                    left: at,
                    right: hit.record,
                    score: hit.score,
                });
            }
            told(at + 1);
        }
    }

    /// Each record of `asked` against this index, in order.
    pub fn join(
        &self,
        asked: &[Record],
        how: &Search,
        mut found: impl FnMut(Pair),
        mut told: impl FnMut(usize),
    ) {
        let mut scratch = Scratch::default();
        for (at, record) in asked.iter().enumerate() {
            for hit in self.search_with(record, how, None, &mut scratch) {
                found(Pair {
                    left: at,
                    right: hit.record,
                    score: hit.score,
                });
            }
            told(at + 1);
        }
    }

    /// `after`: only records behind this place, for pairs within the index.
    fn search_with(
        &self,
        asked: &Record,
        how: &Search,
        after: Option<usize>,
        scratch: &mut Scratch,
    ) -> Vec<Hit> {
        self.candidates(asked, how.candidates, after, scratch);
        let mut hits: Vec<Hit> = Vec::new();
        for &at in &scratch.touched {
            let Some(record) = self.records.get(at as usize) else {
                continue;
            };
            let score = score(asked, record);
            if score >= how.threshold {
                hits.push(Hit {
                    record: at as usize,
                    score,
                });
            }
        }
        hits.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.record.cmp(&b.record)));
        hits.truncate(how.most);
        hits
    }

    /// Leaves in `touched` those that share the rarest keys.
    fn candidates(&self, asked: &Record, most: usize, after: Option<usize>, scratch: &mut Scratch) {
        scratch.weight.resize(self.records.len(), 0.0);
        scratch.touched.clear();
        scratch.lists.clear();
        for key in &asked.keys {
            if let Ok(at) = self.keys.binary_search(key)
                && let (Some(start), Some(end)) = (self.starts.get(at), self.starts.get(at + 1))
            {
                scratch.lists.push((end - start, *start));
            }
        }
        scratch.lists.sort_unstable();
        #[expect(clippy::cast_precision_loss, reason = "counts of records")]
        let total = self.records.len() as f32;
        let least = after.map_or(0, |at| at + 1);
        let mut read = 0usize;
        for &(length, start) in &scratch.lists {
            let length = length as usize;
            // A common key only ranks what rarer ones brought, once there is enough to rank.
            if read > 0 && read + length > BUDGET {
                break;
            }
            read += length;
            #[expect(clippy::cast_precision_loss, reason = "counts of records")]
            let weight = (1.0 + total / length as f32).ln();
            let start = start as usize;
            for &record in self.postings.get(start..start + length).unwrap_or_default() {
                if (record as usize) < least {
                    continue;
                }
                if let Some(sum) = scratch.weight.get_mut(record as usize) {
                    if *sum == 0.0 {
                        scratch.touched.push(record);
                    }
                    *sum += weight;
                }
            }
        }
        if scratch.touched.len() > most {
            let weights = &scratch.weight;
            let of = |record: &u32| weights.get(*record as usize).copied().unwrap_or(0.0);
            let mut sums: Vec<f32> = scratch.touched.iter().map(of).collect();
            let at = most.min(sums.len().saturating_sub(1));
            let (_, floor, _) = sums.select_nth_unstable_by(at, |a, b| b.total_cmp(a));
            let floor = *floor;
            // Those that tie with the last stay: there is no cutting among equals.
            let mut cleared = Vec::new();
            scratch.touched.retain(|record| {
                let stays = of(record) >= floor;
                if !stays {
                    cleared.push(*record);
                }
                stays
            });
            for record in cleared {
                if let Some(sum) = scratch.weight.get_mut(record as usize) {
                    *sum = 0.0;
                }
            }
        }
        for record in &scratch.touched {
            if let Some(sum) = scratch.weight.get_mut(*record as usize) {
                *sum = 0.0;
            }
        }
    }
}
