//! One list in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use entity::{Entity, Kind, Schema};
use matching::Index;
use store::{Ledger, Listed};

use crate::{Failure, Whose};

/// One list, ready to be asked.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) sha256: String,
    /// The records that it makes sense to match.
    pub(super) index: Index,
    /// What each of them is called.
    pub(super) captions: Vec<Box<str>>,
    /// All records.
    pub(super) rows: Vec<Row>,
    /// Words of names and numbers → rows.
    words: BTreeMap<Box<str>, Vec<u32>>,
    /// Hash of an id → the row that has it; sorted.
    ids: Vec<(u64, u32)>,
    /// Hash of an id → rows that refer to it; sorted.
    back: Vec<(u64, u32)>,
}

#[derive(Debug)]
pub(super) struct Row {
    pub(super) id: Box<str>,
    pub(super) schema: Option<&'static Schema>,
    pub(super) caption: Box<str>,
    pub(super) countries: Box<[Box<str>]>,
    pub(super) topics: Box<[Box<str>]>,
    /// When it last changed, as it says itself: see [`moment`]; 0 if it does not.
    pub(super) changed: u64,
}

/// A time as a number that sorts as the time does: `2024-05-01T10` is 20240501100000. 0 for what is none.
pub(super) fn moment(time: &str) -> u64 {
    let digits: String = time.chars().filter(char::is_ascii_digit).take(14).collect();
    format!("{digits:0<14}").parse().unwrap_or(0)
}

/// Words of one record that it can be found by.
const MOST_WORDS: usize = 2_000;

fn hash(id: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish()
}

/// Words in small letters; Chinese, Japanese and Korean runs as pairs of characters, so that parts of a name are found.
pub(super) fn words(text: &str, out: &mut BTreeSet<String>) {
    let dense = |c: char| matches!(u32::from(c), 0x3040..=0x30FF | 0x3400..=0x9FFF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF | 0x20000..=0x3FFFF);
    for word in text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
    {
        let chars: Vec<char> = word.chars().flat_map(char::to_lowercase).collect();
        for run in chars.chunk_by(|a, b| dense(*a) == dense(*b)) {
            match run {
                [first, _, ..] if dense(*first) => {
                    out.extend(run.windows(2).map(|two| two.iter().collect::<String>()));
                }
                _ => {
                    out.insert(run.iter().collect());
                    // `IMO9074729` is looked for as the bare number too.
                    let digits = run.chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit());
                    out.extend(
                        digits
                            .filter(|part| part.len() > 3 && part.len() < run.len())
                            .filter(|part| part.iter().all(char::is_ascii_digit))
                            .map(|part| part.iter().collect::<String>()),
                    );
                }
            }
            if out.len() >= MOST_WORDS {
                return;
            }
        }
    }
}

impl Part {
    pub(super) fn read(ledger: &Ledger, sha256: &str) -> Result<Self, Failure> {
        let list = sha256
            .parse()
            .map_err(|_| Failure::new(Whose::Bug, "hash", "a hash does not read back"))?;
        let mut part = Self {
            sha256: sha256.to_owned(),
            index: Index::of(Vec::new()),
            captions: Vec::new(),
            rows: Vec::new(),
            words: BTreeMap::new(),
            ids: Vec::new(),
            back: Vec::new(),
        };
        let mut records = Vec::new();
        let mut waiting = Vec::new();
        ledger.each_listed::<Failure>(Some(list), |row| {
            waiting.push(row);
            if waiting.len() >= 20_000 {
                part.take(std::mem::take(&mut waiting), &mut records);
            }
            Ok(())
        })?;
        part.take(waiting, &mut records);
        part.index = Index::of(records);
        part.ids.sort_unstable();
        part.back.sort_unstable();
        for rows in part.words.values_mut() {
            rows.shrink_to_fit();
        }
        Ok(part)
    }

    fn take(&mut self, listed: Vec<Listed>, records: &mut Vec<matching::Record>) {
        let entities: Vec<Option<Entity>> =
            crate::screening::spread(&listed, |row| entity::read_line(&row.body).ok());
        let prepared = crate::screening::spread(&entities, |entity| {
            entity
                .as_ref()
                .filter(|e| e.schema().is_some_and(|s| s.matchable))
                .and_then(matching::record)
        });
        for ((row, entity), record) in listed.into_iter().zip(entities).zip(prepared) {
            let Ok(at) = u32::try_from(self.rows.len()) else {
                return;
            };
            let boxed = |values: Vec<&str>| values.into_iter().map(Box::from).collect();
            self.ids.push((hash(&row.id), at));
            let mut found = Row {
                id: row.id.into(),
                schema: None,
                caption: row.caption.into(),
                countries: Box::default(),
                topics: Box::default(),
                changed: 0,
            };
            if let Some(record) = record {
                records.push(record);
                self.captions.push(found.caption.clone());
            }
            if let Some(entity) = entity {
                found.schema = entity.schema();
                found.countries = boxed(entity.values_of(Kind::Country, false));
                found.topics = boxed(entity.values_of(Kind::Topic, false));
                let changed = entity.context.get("last_change");
                found.changed = changed.and_then(|v| v.as_str()).map_or(0, moment);
                for to in entity.values_of(Kind::Entity, false) {
                    self.back.push((hash(to), at));
                }
                let mut all = BTreeSet::new();
                words(&found.caption, &mut all);
                for kind in [Kind::Name, Kind::Identifier] {
                    for value in entity.values_of(kind, false) {
                        words(value, &mut all);
                    }
                }
                for word in all {
                    self.words.entry(word.into()).or_default().push(at);
                }
            }
            self.rows.push(found);
        }
    }

    /// The rows with an id.
    pub(super) fn rows_of(&self, id: &str) -> impl Iterator<Item = &Row> {
        at(&self.ids, hash(id))
            .filter_map(|row| self.rows.get(row as usize))
            .filter(move |row| *row.id == *id)
    }

    /// Ids of the records that may refer to an id.
    pub(super) fn referring(&self, id: &str) -> impl Iterator<Item = &str> {
        at(&self.back, hash(id))
            .filter_map(|row| self.rows.get(row as usize))
            .map(|row| &*row.id)
    }

    /// The rows that have all words; the last word may be the beginning of one.
    pub(super) fn with_words(&self, asked: &BTreeSet<String>, open: Option<&str>) -> Vec<u32> {
        let mut sets: Vec<Vec<u32>> = Vec::new();
        for word in asked.iter().map(String::as_str) {
            let mut rows: Vec<u32> = if open == Some(word) {
                self.words
                    .range::<str, _>((std::ops::Bound::Included(word), std::ops::Bound::Unbounded))
                    .take_while(|(known, _)| known.starts_with(word))
                    .take(5_000)
                    .flat_map(|(_, rows)| rows.iter().copied())
                    .collect()
            } else {
                self.words.get(word).cloned().unwrap_or_default()
            };
            rows.sort_unstable();
            rows.dedup();
            sets.push(rows);
        }
        sets.sort_by_key(Vec::len);
        let mut sets = sets.into_iter();
        let mut rows = sets.next().unwrap_or_default();
        for other in sets {
            rows.retain(|row| other.binary_search(row).is_ok());
        }
        rows
    }
}

/// The rows of a key in sorted pairs.
fn at(sorted: &[(u64, u32)], wanted: u64) -> impl Iterator<Item = u32> {
    let from = sorted.partition_point(|(known, _)| *known < wanted);
    let those = sorted.get(from..).unwrap_or_default();
    those
        .iter()
        .take_while(move |(known, _)| *known == wanted)
        .map(|(_, row)| *row)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    #[test]
    fn moments_sort_as_times_do() {
        let times = [
            "",
            "2023",
            "2024-05-01",
            "2024-05-01T00:00:01",
            "2024-05-01T10",
        ];
        let moments: Vec<u64> = times.iter().map(|time| super::moment(time)).collect();
        assert!(moments.is_sorted(), "{moments:?}");
        assert_eq!(moments.last(), Some(&20_240_501_100_000));
    }

    #[test]
    fn words_of_names_and_numbers() {
        for (text, expected) in [
            ("Haifeng (Dalian)", vec!["dalian", "haifeng"]),
            ("IMO9074729", vec!["9074729", "imo9074729"]),
            ("大连海丰 Ltd", vec!["ltd", "大连", "海丰", "连海"]),
            ("金", vec!["金"]),
            ("B2", vec!["b2"]),
            ("…", vec![]),
        ] {
            let mut found = BTreeSet::new();
            super::words(text, &mut found);
            assert_eq!(found.into_iter().collect::<Vec<_>>(), expected, "{text}");
        }
    }
}
