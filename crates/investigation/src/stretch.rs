//! Long texts, a stretch at a time: whoever shows or prints one holds one part of it, never all.

use casefile::{DocumentId, Section, Span};

use crate::ask::unknown;
use crate::{Case, Failure};

/// Up to so many parts a text is looked through for all that matches; above, the index says which
/// parts to look into.
const FEW: u64 = 12;

/// One part of a document's text, and where in it and around it a query matches.
#[derive(Debug, Clone, Default)]
pub struct Stretch {
    pub section: Section,
    /// Where the section begins in the whole text.
    pub start: u32,
    /// In the section.
    pub hits: Vec<Span>,
    /// Which part this is, from 0, of how many.
    pub part: u64,
    pub parts: u64,
    /// The nearest parts before and after this one in which the query matches too.
    pub before: Option<u64>,
    pub after: Option<u64>,
    /// In how many parts the query matches.
    pub matching: u64,
    /// Places that match in the whole text; not counted in very long ones.
    pub places: Option<u64>,
}

impl Case {
    /// A part of a document's text: the one asked for, else the first in which the query matches,
    /// else the first.
    ///
    /// # Errors
    /// The query is faulty, there is no such document, or the case is damaged.
    pub fn stretch(
        &self,
        id: DocumentId,
        query: &str,
        part: Option<u64>,
    ) -> Result<Stretch, Failure> {
        let query = match query.trim() {
            "" => None,
            _ => Some(search::parse(query)?),
        };
        let (text, parts) = self.read(|ledger| {
            let document = ledger.document(id)?.ok_or_else(|| unknown(id))?;
            let version = document.text.map(|text| ledger.text_version(text));
            let version = version.transpose()?.flatten();
            Ok((document.text, version.map_or(0, |version| version.parts)))
        })?;
        let Some(text) = text.filter(|_| parts > 0) else {
            return Ok(Stretch::default());
        };
        let mut matching: Vec<u64> = Vec::new();
        let mut places = Some(0u64);
        match &query {
            None => {}
            Some(query) if parts <= FEW => self.read(|ledger| {
                for part in ledger.sections(text) {
                    let part = part?;
                    let found = query.highlight(&part.section.text).len() as u64;
                    if found > 0 {
                        matching.push(part.ordinal);
                    }
                    places = places.map(|places| places.saturating_add(found));
                }
                Ok(())
            })?,
            Some(query) => {
                places = None;
                let (index, _) = self.index_for_search()?;
                let all = search::Options {
                    limit: usize::MAX >> 8,
                    ..search::Options::default()
                };
                let found = index.search(query, &all)?.hits;
                let hit = found.into_iter().find(|hit| hit.document == id);
                matching = hit.map_or_else(Vec::new, |hit| {
                    hit.parts.into_iter().map(u64::from).collect()
                });
            }
        }
        let part = part
            .or_else(|| matching.first().copied())
            .unwrap_or(0)
            .min(parts - 1);
        let found = self.read(|ledger| Ok(ledger.section_at(text, part)?))?;
        let (start, section) =
            found.map_or_else(Default::default, |found| (found.start, found.section));
        let hits = query.map_or_else(Vec::new, |query| {
            let found = query.highlight(&section.text);
            found.into_iter().map(|found| found.span).collect()
        });
        Ok(Stretch {
            section,
            start,
            hits,
            part,
            parts,
            before: matching.iter().rev().find(|other| **other < part).copied(),
            after: matching.iter().find(|other| **other > part).copied(),
            matching: matching.len() as u64,
            places,
        })
    }

    /// The part of a document's text in which the character at `offset` stands.
    ///
    /// # Errors
    /// There is no such document, or the case is damaged.
    pub fn part_at(&self, id: DocumentId, offset: u32) -> Result<u64, Failure> {
        self.read(|ledger| {
            let document = ledger.document(id)?.ok_or_else(|| unknown(id))?;
            let Some(text) = document.text else {
                return Ok(0);
            };
            let parts = ledger.text_version(text)?.map_or(0, |text| text.parts);
            // The last part that begins at or before it.
            let (mut low, mut high) = (0, parts);
            while low < high {
                let middle = low + (high - low) / 2;
                match ledger.section_at(text, middle)? {
                    Some(part) if part.start <= offset => low = middle + 1,
                    _ => high = middle,
                }
            }
            Ok(low.saturating_sub(1))
        })
    }

    /// What stands before and after a span, `most` characters each.
    ///
    /// # Errors
    /// There is no such document, or the case is damaged.
    pub fn around(
        &self,
        id: DocumentId,
        span: Span,
        most: u32,
    ) -> Result<(String, String), Failure> {
        self.read(|ledger| {
            let document = ledger.document(id)?.ok_or_else(|| unknown(id))?;
            let Some(text) = document.text else {
                return Ok(Default::default());
            };
            let chars = ledger.text_version(text)?.map_or(0, |text| text.chars);
            let end = u32::try_from(chars).unwrap_or(u32::MAX);
            let before = Span::new(span.start.saturating_sub(most), span.start);
            let after = Span::new(span.end, span.end.saturating_add(most).min(end));
            let words = |span| Ok::<_, Failure>(ledger.quote(text, span)?.unwrap_or_default());
            Ok((words(before)?, words(after)?))
        })
    }

    /// The whole text of a document, piece by piece: joined, they are the text that offsets count
    /// in.
    ///
    /// # Errors
    /// There is no such document, the case is damaged, or `each` fails.
    pub fn each_piece(
        &self,
        id: DocumentId,
        each: &mut dyn FnMut(&str) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        self.read(|ledger| {
            let document = ledger.document(id)?.ok_or_else(|| unknown(id))?;
            let Some(text) = document.text else {
                return Ok(());
            };
            for piece in ledger.text_pieces(text) {
                each(&piece?)?;
            }
            Ok(())
        })
    }
}
