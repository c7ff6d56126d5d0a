//! Phrases with open places, and words near one another in any order.

use std::sync::Arc;

use tantivy::index::SegmentReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::{Bm25Weight, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, Score, TERMINATED, Term};

use crate::automaton::{Letters, Starts};
use crate::pattern::{self, Meeting, Pattern, Slot};

/// A pattern that no single ready-made query expresses. Matches exactly what
/// [`crate::pattern::Finder`] marks.
#[derive(Debug, Clone)]
pub(crate) struct Near {
    pub(crate) field: Field,
    pub(crate) pattern: Arc<Pattern>,
}

struct NearWeight {
    near: Near,
    bm25: Option<Bm25Weight>,
}

impl Query for Near {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let forms = self
            .pattern
            .groups
            .iter()
            .flatten()
            .filter_map(|(_, slot)| match slot {
                Slot::Forms(forms) => forms.first(),
                _ => None,
            });
        let terms: Vec<Term> = forms
            .map(|form| Term::from_field_text(self.field, form))
            .collect();
        let bm25 = match scoring {
            EnableScoring::Enabled {
                statistics_provider,
                ..
            } if !terms.is_empty() => Some(Bm25Weight::for_terms(statistics_provider, &terms)?),
            _ => None,
        };
        Ok(Box::new(NearWeight {
            near: self.clone(),
            bm25,
        }))
    }
}

/// The postings of all terms that fill one slot.
struct Filled(Vec<SegmentPostings>);

impl Filled {
    fn open(reader: &SegmentReader, field: Field, slot: &Slot) -> tantivy::Result<Self> {
        let inverted = reader.inverted_index(field)?;
        let option = IndexRecordOption::WithFreqsAndPositions;
        let mut postings = Vec::new();
        match slot {
            Slot::Forms(forms) => {
                for form in forms {
                    postings.extend(
                        inverted.read_postings(&Term::from_field_text(field, form), option)?,
                    );
                }
            }
            Slot::Prefix(start) => {
                let starts = Starts::new(start);
                let mut terms = inverted.terms().search(&starts).into_stream()?;
                while terms.advance() {
                    postings.push(inverted.read_postings_from_terminfo(terms.value(), option)?);
                }
            }
            Slot::Fuzzy(word, most) => {
                let letters = Letters::new(word, *most)?;
                let mut terms = inverted.terms().search(&letters).into_stream()?;
                while terms.advance() {
                    postings.push(inverted.read_postings_from_terminfo(terms.value(), option)?);
                }
            }
        }
        Ok(Self(postings))
    }

    /// The first document at or after `target`.
    fn seek(&mut self, target: DocId) -> DocId {
        let mut first = TERMINATED;
        for postings in &mut self.0 {
            let mut doc = postings.doc();
            if doc < target {
                doc = postings.seek(target);
            }
            first = first.min(doc);
        }
        first
    }

    /// Where in a document the slot is filled, ascending.
    fn positions(&mut self, doc: DocId, all: &mut Vec<u32>) {
        all.clear();
        let mut here = self.0.iter_mut().filter(|postings| postings.doc() == doc);
        if let Some(postings) = here.next() {
            postings.positions(all);
        }
        let one = all.len();
        let mut some = Vec::new();
        for postings in here {
            postings.positions(&mut some);
            all.append(&mut some);
        }
        if all.len() > one {
            all.sort_unstable();
            all.dedup();
        }
    }

    /// Documents, at most.
    fn frequency(&self) -> u64 {
        let each = self.0.iter().map(|postings| u64::from(postings.doc_freq()));
        each.sum()
    }
}

impl NearWeight {
    /// Documents with how often the pattern is in each.
    fn matching(&self, reader: &SegmentReader) -> tantivy::Result<Vec<(DocId, u32)>> {
        let pattern = &self.near.pattern;
        let mut slots: Vec<(Filled, Vec<u32>)> = Vec::new();
        for (_, slot) in pattern.groups.iter().flatten() {
            let filled = Filled::open(reader, self.near.field, slot)?;
            slots.push((filled, Vec::new()));
        }
        let mut found = Vec::new();
        if slots.is_empty() {
            return Ok(found);
        }
        // The rarest first: most documents are passed over without asking the others.
        let mut order: Vec<usize> = (0..slots.len()).collect();
        order.sort_by_key(|at| slots.get(*at).map_or(0, |(filled, _)| filled.frequency()));
        let mut groups: Vec<(Vec<u32>, u32)> = pattern
            .groups
            .iter()
            .map(|group| (Vec::new(), pattern::length(group)))
            .collect();
        let mut meeting = Meeting::default();
        let mut target = 0;
        'documents: while target < TERMINATED {
            for at in &order {
                let Some((filled, _)) = slots.get_mut(*at) else {
                    continue;
                };
                let doc = filled.seek(target);
                if doc > target {
                    target = doc;
                    continue 'documents;
                }
            }
            let count = self.count(target, &mut slots, &mut groups, &mut meeting);
            if count > 0 {
                found.push((target, count));
            }
            target += 1;
        }
        Ok(found)
    }

    /// How often the pattern is in a document in which each slot is filled.
    fn count(
        &self,
        doc: DocId,
        slots: &mut [(Filled, Vec<u32>)],
        groups: &mut [(Vec<u32>, u32)],
        meeting: &mut Meeting,
    ) -> u32 {
        let pattern = &self.near.pattern;
        let mut rest = slots;
        for (group, (begins, _)) in pattern.groups.iter().zip(groups.iter_mut()) {
            let Some((own, others)) = rest.split_at_mut_checked(group.len()) else {
                return 0;
            };
            rest = others;
            for (filled, positions) in own.iter_mut() {
                filled.positions(doc, positions);
            }
            let places = group.iter().zip(own.iter());
            let places = places.map(|((at, _), (_, positions))| (*at, positions.as_slice()));
            pattern::rigid_starts(places, begins);
            if begins.is_empty() {
                return 0;
            }
        }
        if let [(begins, _)] = groups {
            return u32::try_from(begins.len()).unwrap_or(u32::MAX);
        }
        let mut count = 0_u32;
        meeting.of(groups, pattern.slop, |_| count = count.saturating_add(1));
        count
    }
}

impl Weight for NearWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let norms = reader.get_fieldnorms_reader(self.near.field)?;
        let bm25 = self.bm25.as_ref().map(|bm25| bm25.boost_by(boost));
        let found = self.matching(reader)?.into_iter().map(|(doc, count)| {
            let score = bm25
                .as_ref()
                .map_or(boost, |bm25| bm25.score(norms.fieldnorm_id(doc), count));
            (doc, score)
        });
        Ok(Box::new(Listed::new(found.collect())))
    }

    fn explain(&self, _: &SegmentReader, _: DocId) -> tantivy::Result<Explanation> {
        Ok(Explanation::new("words near one another", 1.0))
    }
}

/// Documents found, in order, with their scores.
pub(crate) struct Listed {
    found: Vec<(DocId, Score)>,
    at: usize,
}

impl Listed {
    /// `found` is sorted by document.
    pub(crate) fn new(found: Vec<(DocId, Score)>) -> Self {
        Self { found, at: 0 }
    }
}

impl DocSet for Listed {
    fn advance(&mut self) -> DocId {
        self.at = self.at.saturating_add(1).min(self.found.len());
        self.doc()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        let rest = self.found.get(self.at..).unwrap_or_default();
        self.at += rest.partition_point(|(doc, _)| *doc < target);
        self.doc()
    }

    fn doc(&self) -> DocId {
        self.found.get(self.at).map_or(TERMINATED, |(doc, _)| *doc)
    }

    fn size_hint(&self) -> u32 {
        u32::try_from(self.found.len()).unwrap_or(u32::MAX)
    }
}

impl Scorer for Listed {
    fn score(&mut self) -> Score {
        self.found.get(self.at).map_or(0.0, |(_, score)| *score)
    }
}
