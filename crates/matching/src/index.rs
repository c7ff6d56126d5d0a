//! Which of many records are worth comparing with one.

use rustc_hash::FxHashMap;

use crate::Record;
use crate::compare::{beside_names, may_reach, most_of_names, score};

/// Records and what they can be found by.
#[derive(Debug)]
pub struct Index {
    records: Vec<Record>,
    table: Table,
}

/// How widely to search.
#[derive(Clone, Copy, Debug)]
pub struct Search {
    /// Hits below this probability are left out.
    pub threshold: f32,
    /// The most candidates whose names are compared with one record's. Of those that nothing tells apart, neither the
    /// keys that they share nor what is known beside the names, none is left out.
    pub candidates: usize,
    /// The most hits that are given.
    pub most: usize,
}

impl Default for Search {
    fn default() -> Self {
        Self {
            threshold: crate::THRESHOLD,
            candidates: 20,
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

/// Memory of one searcher, to be used again for the next search. It grows with what a search reads, not with the
/// records.
#[derive(Debug, Default)]
struct Scratch {
    /// What the shared keys of each record weigh together.
    weights: FxHashMap<u32, f32>,
    lists: Vec<std::ops::Range<u32>>,
    chosen: Vec<(f32, u32)>,
}

/// For each candidate that is wanted, so many entries of common keys are read; the rest of a record's keys is left
/// unread: the rarer ones have spoken.
const READ: usize = 15;

impl Index {
    /// Builds the index. At most 2^32 records.
    #[must_use]
    pub fn of(records: Vec<Record>) -> Self {
        let table = Table::of(&records);
        Self { records, table }
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
        self.candidates(asked, how, after, scratch);
        let mut hits: Vec<Hit> = Vec::new();
        for &(_, at) in &scratch.chosen {
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

    /// Leaves in `chosen` those that share the rarest keys and that dates, countries and numbers speak least against.
    fn candidates(
        &self,
        asked: &Record,
        how: &Search,
        after: Option<usize>,
        scratch: &mut Scratch,
    ) {
        let Scratch {
            weights,
            lists,
            chosen,
        } = scratch;
        weights.clear();
        lists.clear();
        lists.extend(asked.keys.iter().filter_map(|key| self.table.list(*key)));
        lists.sort_unstable_by_key(|list| (list.len(), list.start));
        let least = after.map_or(0, |at| at + 1);
        let mut read = 0_usize;
        for list in lists {
            let length = list.len();
            // A common key only ranks what rarer ones brought, once there is enough to rank.
            if read > 0 && read + length > how.candidates.saturating_mul(READ) {
                break;
            }
            read += length;
            // A key says that it is this one of the few who have it: measured, this finds more than its logarithm.
            #[expect(clippy::cast_precision_loss, reason = "counts of records")]
            let weight = 1.0 / length as f32;
            let records = self.table.records(list).iter();
            for record in records.filter(|record| **record as usize >= least) {
                *weights.entry(*record).or_insert(0.0) += weight;
            }
        }
        chosen.clear();
        let names = most_of_names(asked);
        let promising = weights.iter().filter_map(|(at, weight)| {
            let record = self.records.get(*at as usize)?;
            let rest = beside_names(asked, record)?;
            may_reach(how.threshold, names + rest).then_some((weight.ln() + rest, *at))
        });
        chosen.extend(promising);
        if chosen.len() > how.candidates {
            let at = how.candidates.saturating_sub(1);
            let (_, (floor, _), _) = chosen.select_nth_unstable_by(at, |a, b| b.0.total_cmp(&a.0));
            let floor = *floor;
            // Those that tie with the last stay: there is no cutting among equals.
            chosen.retain(|(weight, _)| *weight >= floor);
        }
    }
}

/// The records that have each key.
#[derive(Debug)]
struct Table {
    /// How far a mixed key is shifted to give its bucket.
    shift: u32,
    /// Where the keys of each bucket begin; one more at the end.
    buckets: Vec<u32>,
    /// The lower half of the mixed keys, sorted within a bucket.
    keys: Vec<u32>,
    /// Where the records of each key begin; one more at the end.
    starts: Vec<u32>,
    postings: Vec<u32>,
}

/// Spreads a key over all bits.
fn mixed(key: u64) -> u64 {
    let key = (key ^ key >> 32).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    key ^ key >> 29
}

fn lower(key: u64) -> u32 {
    u32::try_from(key & u64::from(u32::MAX)).unwrap_or(0)
}

impl Table {
    /// At most 2^32 keys in all.
    fn of(records: &[Record]) -> Self {
        let total: usize = records.iter().map(|record| record.keys.len()).sum();
        // Some four keys to a bucket.
        let bits = (total / 4).max(2).ilog2().min(30);
        let shift = 64 - bits;
        let bucket = |key: u64| usize::try_from(mixed(key) >> shift).unwrap_or(0);
        let mut ends = vec![0_u32; (1 << bits) + 1];
        let all = || records.iter().flat_map(|record| &*record.keys);
        for key in all() {
            if let Some(count) = ends.get_mut(bucket(*key) + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for end in &mut ends {
            sum += *end;
            *end = sum;
        }
        // Each key to its bucket, each bucket in order.
        let mut rows = vec![(0_u32, 0_u32); total];
        let mut next = ends.clone();
        for (record, at) in records.iter().zip(0_u32..) {
            for key in &record.keys {
                let Some(place) = next.get_mut(bucket(*key)) else {
                    continue;
                };
                if let Some(row) = rows.get_mut(*place as usize) {
                    *row = (lower(mixed(*key)), at);
                }
                *place += 1;
            }
        }
        drop(next);
        let mut table = Self {
            shift,
            buckets: Vec::with_capacity(ends.len()),
            keys: Vec::new(),
            starts: Vec::new(),
            postings: Vec::with_capacity(total),
        };
        let place = |list: &[u32]| u32::try_from(list.len()).unwrap_or(u32::MAX);
        for (from, to) in ends.iter().zip(ends.iter().skip(1)) {
            table.buckets.push(place(&table.keys));
            let Some(rows) = rows.get_mut(*from as usize..*to as usize) else {
                continue;
            };
            rows.sort_unstable();
            for same in rows.chunk_by(|a, b| a.0 == b.0) {
                table.keys.extend(same.first().map(|row| row.0));
                table.starts.push(place(&table.postings));
                table.postings.extend(same.iter().map(|row| row.1));
            }
        }
        table.buckets.push(place(&table.keys));
        table.starts.push(place(&table.postings));
        table.keys.shrink_to_fit();
        table.starts.shrink_to_fit();
        table
    }

    /// The records with a key, as a part of the postings; `None` if nobody has it.
    fn list(&self, key: u64) -> Option<std::ops::Range<u32>> {
        let key = mixed(key);
        let bucket = usize::try_from(key >> self.shift).ok()?;
        let from = *self.buckets.get(bucket)? as usize;
        let to = *self.buckets.get(bucket + 1)? as usize;
        let keys = self.keys.get(from..to)?;
        let at = from + keys.iter().position(|known| *known == lower(key))?;
        Some(*self.starts.get(at)?..*self.starts.get(at + 1)?)
    }

    fn records(&self, list: &std::ops::Range<u32>) -> &[u32] {
        let (from, to) = (list.start as usize, list.end as usize);
        self.postings.get(from..to).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(names: impl IntoIterator<Item = (String, Option<&'static str>)>) -> Vec<Record> {
        let numbered = names.into_iter().enumerate();
        let entities = numbered.map(|(at, (name, born))| {
            let mut entity = entity::Entity {
                id: at.to_string(),
                schema: "Person".into(),
                ..entity::Entity::default()
            };
            entity.add("name", name);
            if let Some(born) = born {
                entity.add("birthDate", born);
            }
            entity
        });
        entities
            .filter_map(|entity| crate::record(&entity))
            .collect()
    }

    /// Two people called Kim in one town: nothing tells the many apart, so none is left out.
    #[test]
    fn equals_are_not_cut() {
        let crowd = (0..300).map(|_| ("김영철".to_owned(), None));
        let index = Index::of(records(crowd));
        let asked = records([("Kim Yong Chol".to_owned(), None)]);
        let how = Search {
            candidates: 5,
            ..Search::default()
        };
        let found: Vec<usize> = asked
            .iter()
            .map(|asked| index.search(asked, &how).len())
            .collect();
        assert_eq!(found, [300]);
    }

    /// Of many with one name, the one born on the day is among the first.
    #[test]
    fn a_date_ranks_candidates() {
        let mut crowd: Vec<(String, Option<&str>)> =
            vec![("Ivan Petrov".to_owned(), Some("1950-01-01")); 200];
        crowd.push(("Иван Петров".to_owned(), Some("1971-05-04")));
        let index = Index::of(records(crowd));
        let asked = records([("Ivan Petrov".to_owned(), Some("1971-05-04"))]);
        let how = Search {
            candidates: 1,
            ..Search::default()
        };
        let hits: Vec<Hit> = asked
            .iter()
            .flat_map(|asked| index.search(asked, &how))
            .collect();
        assert_eq!(hits.first().map(|hit| hit.record), Some(200));
    }

    #[test]
    fn every_key_is_found_again() {
        let names = ["Kim Jong Un", "김정은", "Maria Garcia", "محمد علي", "王毅"];
        let records = records(names.map(|name| (name.to_owned(), None)));
        let table = Table::of(&records);
        for (record, at) in records.iter().zip(0_u32..) {
            for key in &record.keys {
                let list = table.list(*key).expect("a key that was put in");
                assert!(table.records(&list).contains(&at));
            }
        }
        assert!(Table::of(&[]).list(7).is_none());
    }
}
