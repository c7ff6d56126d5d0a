//! Part of a path anywhere in it: no dictionary in order helps there, so all paths stand in one
//! stretch of memory that is searched through, made when it is first asked for.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use memchr::memmem;
use tantivy::index::{SegmentId, SegmentReader};
use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, Score};

use crate::near::Listed;
use crate::query::Glob;

/// Bytes of paths kept of one index; beyond them the dictionary is walked.
const MOST: usize = 96 << 20;

/// The paths of one segment.
#[derive(Debug, Default)]
struct Table {
    /// Each path with an end mark after it, in the order of the dictionary.
    text: Vec<u8>,
    /// Where each path ends in `text`, and where its documents end in `docs`.
    ends: Vec<(u32, u32)>,
    docs: Vec<DocId>,
}

/// Stands in no path that is text: [`crate::schema::key`] gives UTF-8.
const END: u8 = 0xff;

/// The tables of an index by segment; a segment never changes.
#[derive(Debug, Default)]
pub(crate) struct Paths {
    tables: Mutex<HashMap<SegmentId, Option<Arc<Table>>>>,
}

impl Paths {
    /// Lets go of the tables of segments that are no more.
    pub(crate) fn keep(&self, there: &[SegmentReader]) {
        let mut tables = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
        tables.retain(|id, _| there.iter().any(|segment| segment.segment_id() == *id));
    }

    /// The table of a segment; `None` if all tables together would be too large.
    fn of(&self, reader: &SegmentReader, field: Field) -> tantivy::Result<Option<Arc<Table>>> {
        let mut tables = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(table) = tables.get(&reader.segment_id()) {
            return Ok(table.clone());
        }
        let used = tables.values().flatten().map(|table| table.text.len());
        let table = Table::read(reader, field, MOST.saturating_sub(used.sum()))?.map(Arc::new);
        tables.insert(reader.segment_id(), table.clone());
        Ok(table)
    }
}

impl Table {
    fn read(reader: &SegmentReader, field: Field, most: usize) -> tantivy::Result<Option<Self>> {
        let inverted = reader.inverted_index(field)?;
        let mut table = Self::default();
        let mut terms = inverted.terms().stream()?;
        // One for all terms: nearly each has one document, and making it anew costs far more.
        let mut postings = None;
        while terms.advance() {
            table.text.extend_from_slice(terms.key());
            table.text.push(END);
            let postings =
                match &mut postings {
                    Some(postings) => {
                        inverted.reset_block_postings_from_terminfo(terms.value(), postings)?;
                        postings
                    }
                    none => none.insert(inverted.read_block_postings_from_terminfo(
                        terms.value(),
                        IndexRecordOption::Basic,
                    )?),
                };
            while !postings.docs().is_empty() {
                table.docs.extend_from_slice(postings.docs());
                postings.advance();
            }
            let (Ok(end), Ok(docs)) = (
                u32::try_from(table.text.len()),
                u32::try_from(table.docs.len()),
            ) else {
                return Ok(None);
            };
            if table.text.len() > most {
                return Ok(None);
            }
            table.ends.push((end, docs));
        }
        Ok(Some(table))
    }

    /// The documents with a path that has the parts in their order, sorted.
    fn find(&self, glob: &Glob) -> Vec<DocId> {
        let parts: Vec<&str> = glob.parts.iter().map(String::as_str).collect();
        let Some(rarest) = parts.iter().max_by_key(|part| part.len()) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        let mut add = |number: usize| {
            let from = number
                .checked_sub(1)
                .and_then(|before| self.ends.get(before))
                .map_or(0, |(_, docs)| *docs as usize);
            let to = self.ends.get(number).map_or(0, |(_, docs)| *docs as usize);
            found.extend_from_slice(self.docs.get(from..to).unwrap_or_default());
        };
        if rarest.is_empty() {
            found.extend_from_slice(&self.docs);
        } else {
            let finders: Vec<_> = parts.iter().map(memmem::Finder::new).collect();
            let searched = memmem::Finder::new(*rarest);
            let mut at = 0;
            while let Some(place) = searched.find(self.text.get(at..).unwrap_or_default()) {
                let place = at.saturating_add(place);
                let number = self
                    .ends
                    .partition_point(|(end, _)| (*end as usize) <= place);
                let Some(&(end, _)) = self.ends.get(number) else {
                    break;
                };
                let start = number
                    .checked_sub(1)
                    .and_then(|before| self.ends.get(before))
                    .map_or(0, |(end, _)| *end as usize);
                let mut rest = self.text.get(start..end as usize).unwrap_or_default();
                let whole = finders.iter().zip(&parts).all(|(finder, part)| {
                    finder.find(rest).is_some_and(|here| {
                        rest = rest.get(here + part.len()..).unwrap_or_default();
                        true
                    })
                });
                if whole {
                    add(number);
                }
                at = end as usize;
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// Documents whose path has the stretches of a pattern in their order, anything between them.
#[derive(Debug, Clone)]
pub(crate) struct PathParts {
    pub(crate) field: Field,
    pub(crate) glob: Arc<Glob>,
    pub(crate) paths: Arc<Paths>,
    /// For an index whose paths are too many to hold.
    pub(crate) walk: crate::automaton::Terms<crate::automaton::Stars>,
}

struct PathWeight {
    parts: PathParts,
    walk: Box<dyn Weight>,
}

impl Query for PathParts {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(PathWeight {
            parts: self.clone(),
            walk: self.walk.weight(scoring)?,
        }))
    }
}

impl Weight for PathWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        match self.parts.paths.of(reader, self.parts.field)? {
            Some(table) => {
                let found = table.find(&self.parts.glob);
                Ok(Box::new(Listed::new(
                    found.into_iter().map(|doc| (doc, boost)).collect(),
                )))
            }
            None => self.walk.scorer(reader, boost),
        }
    }

    fn explain(&self, _: &SegmentReader, _: DocId) -> tantivy::Result<Explanation> {
        Ok(Explanation::new("part of a path", 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::automaton::Stars;
    use tantivy_fst::Automaton;

    fn table(paths: &[String]) -> Table {
        let mut table = Table::default();
        for (number, path) in (0..).zip(paths) {
            table.text.extend_from_slice(path.as_bytes());
            table.text.push(END);
            table.docs.push(number);
            table
                .ends
                .push((u32::try_from(table.text.len()).expect("short"), number + 1));
        }
        table
    }

    proptest::proptest! {
        #![proptest_config(proptest::test_runner::Config::with_cases(1000))]
        #[test]
        fn as_the_dictionary_is_walked(
            paths in proptest::collection::vec("[ab/é북]{0,8}", 0..8),
            parts in proptest::collection::vec("[ab/é북]{0,2}", 1..4),
        ) {
            let glob = Glob { parts };
            let stars = Stars::new(&glob, true);
            let expected: Vec<DocId> = (0..)
                .zip(&paths)
                .filter(|(_, path)| {
                    let end = path.bytes().fold(stars.start(), |at, byte| stars.accept(&at, byte));
                    stars.is_match(&end)
                })
                .map(|(number, _)| number)
                .collect();
            proptest::prop_assert_eq!(table(&paths).find(&glob), expected);
        }
    }
}
