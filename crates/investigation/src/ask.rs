//! Asking: search, one document, the ledger.

use std::collections::BTreeMap;

use casefile::{DocumentId, Metadatum, Outcome, Problem, Section, Sha256};
use extract::worker::{Handed, Reader};
use serde::{Serialize, Serializer};
use store::{DocumentFilter, Ledger, Occurrence, OccurrenceFilter, PageText};

use crate::{Case, Failure, Whose};

/// The order of what is found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sort {
    #[default]
    Relevance,
    Newest,
    Oldest,
}

/// Facet values that documents must have: any of those named in each facet.
#[derive(Debug, Clone, Default)]
pub struct Filters {
    pub source: Vec<String>,
    pub kind: Vec<String>,
    pub language: Vec<String>,
    pub year: Vec<String>,
    pub outcome: Vec<String>,
}

#[derive(Debug, Clone, Default)]
pub struct SearchOptions {
    pub limit: usize,
    pub offset: usize,
    pub language: Option<String>,
    pub sort: Sort,
    pub facets: bool,
    /// Snippets of each document, at most.
    pub snippets: usize,
    pub filters: Filters,
}

/// A place in a document that matches.
#[derive(Debug, Clone, Serialize)]
pub struct FoundHit {
    /// Half-open, in Unicode scalar values of the text version.
    pub start: u32,
    pub end: u32,
    pub page: Option<u32>,
    /// The stretch around it on one line, with « » around what matches.
    pub snippet: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct Found {
    pub document: DocumentId,
    pub title: Option<String>,
    pub path: String,
    pub member: Option<String>,
    pub published: Option<String>,
    pub language: Option<String>,
    pub format: String,
    pub outcome: Outcome,
    pub score: f32,
    pub hits: Vec<FoundHit>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Facet {
    pub name: &'static str,
    pub values: Vec<(String, u64)>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Answer {
    /// Documents that match, exactly.
    pub total: u64,
    pub documents: Vec<Found>,
    pub facets: Option<Vec<Facet>>,
    /// The query with each word that is nowhere in the case replaced by the nearest that is.
    pub did_you_mean: Option<String>,
    pub remarks: Vec<String>,
}

/// One place where a document was found.
#[derive(Debug, Clone, Serialize)]
pub struct Place {
    pub root: String,
    pub path: String,
    pub member: Option<String>,
    pub source: Option<String>,
    pub outcome: Option<Outcome>,
    /// Time of last change as the file system or container told it, RFC 3339.
    pub modified: Option<String>,
    /// The file at this place has other bytes now.
    pub superseded: bool,
    /// The container it lies in.
    pub container: Option<DocumentId>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Child {
    pub member: String,
    pub document: Option<DocumentId>,
    pub outcome: Outcome,
    pub reason: Option<String>,
    pub bytes: u64,
}

#[derive(Debug, Clone, Serialize)]
pub struct RenditionOf {
    pub document: DocumentId,
    pub title: Option<String>,
    /// 0 to 1.
    pub similarity: f32,
}

/// All that is known of one document.
#[derive(Debug, Clone, Serialize)]
pub struct DocumentFacts {
    pub document: DocumentId,
    pub sha256: Sha256,
    pub blake3: Option<String>,
    pub title: Option<String>,
    pub format: String,
    pub outcome: Outcome,
    pub reason: Option<String>,
    pub bytes: u64,
    pub language: Option<String>,
    pub published: Option<String>,
    pub published_from: Option<String>,
    pub text_version: Option<i64>,
    pub text_chars: u64,
    pub pages: u32,
    pub extractor: String,
    pub occurrences: Vec<Place>,
    pub metadata: Vec<MetadatumLine>,
    pub problems: Vec<Problem>,
    pub children: Vec<Child>,
    pub renditions: Vec<RenditionOf>,
}

#[derive(Debug, Clone, Serialize)]
pub struct MetadatumLine {
    pub field: &'static str,
    pub value: String,
    pub from: String,
}

impl From<Metadatum> for MetadatumLine {
    fn from(datum: Metadatum) -> Self {
        Self {
            field: datum.field.name(),
            value: datum.value,
            from: datum.from,
        }
    }
}

#[derive(Debug, Clone, Serialize)]
pub struct FormatTotal {
    pub format: String,
    pub count: u64,
    pub bytes: u64,
    pub failed: u64,
}

/// The ingest ledger in figures.
#[derive(Debug, Clone, Serialize)]
pub struct Totals {
    pub occurrences: u64,
    pub originals: u64,
    pub bytes: u64,
    pub documents: u64,
    pub outcomes: BTreeMap<&'static str, u64>,
    pub formats: Vec<FormatTotal>,
}

/// Something that was not read as it should.
#[derive(Debug, Clone, Serialize)]
pub struct Failed {
    pub path: String,
    pub member: Option<String>,
    #[serde(serialize_with = "as_name")]
    pub outcome: Outcome,
    pub reason: Option<String>,
    pub format: Option<String>,
    pub document: Option<DocumentId>,
    /// What to do.
    pub hint: Option<&'static str>,
}

fn as_name<S: Serializer>(outcome: &Outcome, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(outcome.name())
}

fn rfc3339(nanoseconds: i64) -> Option<String> {
    jiff::Timestamp::from_nanosecond(nanoseconds.into())
        .ok()
        .map(|t| t.to_string())
}

/// Current places first, those that were taken in first before all others.
fn first_place(places: &[Occurrence]) -> Option<&Occurrence> {
    let current = |place: &&Occurrence| place.superseded.is_none();
    let own = |place: &&Occurrence| place.outcome != Some(Outcome::Duplicate);
    let mut found = places.iter().filter(current);
    found
        .clone()
        .find(own)
        .or_else(|| found.next())
        .or_else(|| places.first())
}

fn page_at(section: &Section, at: u32) -> Option<u32> {
    let page = section
        .pages
        .iter()
        .find(|page| page.span.start <= at && at < page.span.end)?;
    (page.width > 0.0 || section.pages.len() > 1).then_some(page.number)
}

pub(crate) fn unknown(id: DocumentId) -> Failure {
    Failure::new(
        Whose::You,
        "not-found",
        format!("there is no document {id} in this case"),
    )
}

impl Case {
    /// Searches the full text.
    ///
    /// # Errors
    /// The query is faulty (the message says where), or the case is damaged.
    pub fn search(&self, query: &str, options: &SearchOptions) -> Result<Answer, Failure> {
        let parsed = search::parse(query)?;
        let (index, remark) = self.index_for_search()?;
        let mut filters = search::Filters {
            source: options.filters.source.clone(),
            kind: options.filters.kind.clone(),
            language: options.filters.language.clone(),
            year: options.filters.year.clone(),
            outcome: options.filters.outcome.clone(),
        };
        filters.language.extend(options.language.clone());
        let results = index.search(
            &parsed,
            &search::Options {
                limit: options.limit,
                offset: options.offset,
                sort: match options.sort {
                    Sort::Relevance => search::Sort::Relevance,
                    Sort::Newest => search::Sort::Newest,
                    Sort::Oldest => search::Sort::Oldest,
                },
                filters,
                facets: options.facets,
            },
        )?;
        let documents = self.read(|ledger| {
            let mut found = Vec::with_capacity(results.hits.len());
            for hit in &results.hits {
                found.extend(describe(ledger, &parsed, hit, options.snippets)?);
            }
            Ok(found)
        })?;
        let facet = |name, counts: Vec<search::Count>| Facet {
            name,
            values: counts
                .into_iter()
                .map(|count| (count.value, count.documents))
                .collect(),
        };
        let facets = results.facets.map(|facets| {
            vec![
                facet("source", facets.source),
                facet("type", facets.kind),
                facet("language", facets.language),
                facet("year", facets.year),
                facet("outcome", facets.outcome),
            ]
        });
        let did_you_mean = if results.total == 0 || parsed.has_choices() {
            index.did_you_mean(query)?
        } else {
            None
        };
        Ok(Answer {
            total: results.total,
            documents,
            facets,
            did_you_mean,
            remarks: remark.into_iter().collect(),
        })
    }

    /// The document whose id is, or begins with, what was typed.
    ///
    /// # Errors
    /// There is none, or more than one.
    pub fn resolve(&self, typed: &str) -> Result<DocumentId, Failure> {
        if let Ok(id) = typed.parse::<DocumentId>() {
            return self.read(|ledger| {
                ledger
                    .document(id)?
                    .map(|d| d.id)
                    .ok_or_else(|| unknown(id))
            });
        }
        let wanted = if typed.starts_with("d_") {
            typed.to_owned()
        } else {
            format!("d_{typed}")
        };
        let none = || {
            Failure::new(
                Whose::You,
                "not-found",
                format!("no document of this case is called `{typed}`"),
            )
            .hint("`tumen search WORDS` shows the ids of documents")
        };
        if wanted.len() < 5 {
            return Err(none());
        }
        let mut found = Vec::new();
        self.read(|ledger| {
            let mut filter = DocumentFilter::default();
            loop {
                let page = ledger.documents(&filter, 2_000)?;
                let Some(last) = page.last() else {
                    return Ok(());
                };
                filter.after = Some(last.id);
                found.extend(
                    page.iter()
                        .map(|d| d.id)
                        .filter(|id| id.to_string().starts_with(&wanted)),
                );
            }
        })?;
        match found.as_slice() {
            [id] => Ok(*id),
            [] => Err(none()),
            several => Err(Failure::new(
                Whose::You,
                "ambiguous",
                format!("{} documents begin with `{typed}`", several.len()),
            )
            .hint("type more of the id")),
        }
    }

    /// All that is known of a document.
    ///
    /// # Errors
    /// There is none, or the case is damaged.
    pub fn document(&self, id: DocumentId) -> Result<DocumentFacts, Failure> {
        self.read(|ledger| {
            let document = ledger.document(id)?.ok_or_else(|| unknown(id))?;
            let places = ledger.occurrences_of(document.sha256)?;
            let roots: BTreeMap<i64, String> = ledger
                .roots()?
                .into_iter()
                .map(|(id, path)| (id.0, path))
                .collect();
            let mut occurrences = Vec::new();
            for place in &places {
                let container = match place.parent {
                    Some(parent) => ledger.occurrence(parent)?.and_then(|above| above.sha256),
                    None => None,
                };
                let told = place
                    .metadata
                    .iter()
                    .find(|d| d.field == casefile::Field::Modified);
                occurrences.push(Place {
                    root: roots.get(&place.root.0).cloned().unwrap_or_default(),
                    path: place.path.clone(),
                    member: place.member.clone(),
                    source: place.source.clone(),
                    outcome: place.outcome,
                    modified: told
                        .map(|datum| datum.value.clone())
                        .or_else(|| place.file.modified_ns.and_then(rfc3339)),
                    superseded: place.superseded.is_some(),
                    container: container.map(DocumentId::from),
                });
            }
            let children = match first_place(&places) {
                Some(place) if document.children > 0 => ledger.members_of(place.id)?,
                _ => Vec::new(),
            };
            let original = ledger.original(document.sha256)?;
            let mut metadata: Vec<MetadatumLine> = ledger
                .metadata(id)?
                .into_iter()
                .map(MetadatumLine::from)
                .collect();
            // What containers say about it.
            for place in &places {
                metadata.extend(place.metadata.iter().cloned().map(MetadatumLine::from));
            }
            let mut renditions = Vec::new();
            for rendition in ledger.renditions(id)? {
                renditions.push(RenditionOf {
                    document: rendition.document,
                    title: ledger.document(rendition.document)?.and_then(|d| d.title),
                    similarity: rendition.similarity,
                });
            }
            Ok(DocumentFacts {
                document: id,
                sha256: document.sha256,
                blake3: original
                    .as_ref()
                    .map(|original| original.blake3.to_string()),
                title: document.title,
                format: document.format,
                outcome: document.outcome,
                reason: document.reason,
                bytes: original.map_or(0, |original| original.bytes),
                language: document.language,
                published: document.published,
                published_from: document.published_from,
                text_version: document.text.map(|text| text.0),
                text_chars: document.chars,
                pages: document.pages.unwrap_or(0),
                extractor: format!("{}/{}", document.extractor, document.extractor_version),
                occurrences,
                metadata,
                problems: ledger.problems(id)?,
                children: children
                    .into_iter()
                    .map(|child| Child {
                        member: child.member.unwrap_or_default(),
                        document: child.sha256.map(DocumentId::from),
                        outcome: child.outcome.unwrap_or(Outcome::Skipped),
                        reason: child.reason,
                        bytes: child.file.bytes,
                    })
                    .collect(),
                renditions,
            })
        })
    }

    /// One page with its words and their places.
    ///
    /// # Errors
    /// There is no such document, or the case is damaged.
    pub fn page(&self, id: DocumentId, number: u32) -> Result<Option<PageText>, Failure> {
        self.read(|ledger| {
            let document = ledger.document(id)?.ok_or_else(|| unknown(id))?;
            match document.text {
                Some(text) => Ok(ledger.page(text, number)?),
                None => Ok(None),
            }
        })
    }

    /// The picture of a page as PNG, drawn in a confined process.
    ///
    /// # Errors
    /// There is no such page, or it cannot be drawn.
    pub fn page_image(&self, id: DocumentId, page: u32, longest: u32) -> Result<Vec<u8>, Failure> {
        let document = self.read(|ledger| ledger.document(id)?.ok_or_else(|| unknown(id)))?;
        let input = self.vault.for_worker(&document.sha256)?;
        let key = Some(input.key.to_bytes().to_vec());
        let handed = Handed {
            file: &input.file,
            key,
            len: input.len,
        };
        let drawn = Reader::new(self.tools.worker.clone())
            .render(&handed, &document.format, page, longest, false, &[])
            .map_err(|error| Failure::new(Whose::Machine, "worker", error.to_string()))?;
        match drawn {
            Ok(picture) => Ok(picture.bytes),
            Err(reason) => Err(Failure::new(Whose::You, "not-found", reason)),
        }
    }

    /// The original's bytes.
    ///
    /// # Errors
    /// There is no such document, or its original is missing.
    pub fn original(&self, id: DocumentId) -> Result<impl std::io::Read + Send + use<>, Failure> {
        let document = self.read(|ledger| ledger.document(id)?.ok_or_else(|| unknown(id)))?;
        Ok(self.vault.read(&document.sha256)?)
    }

    /// The ingest ledger in figures.
    ///
    /// # Errors
    /// The case is damaged.
    pub fn totals(&self) -> Result<Totals, Failure> {
        let totals = self.read(|ledger| Ok(ledger.totals()?))?;
        let mut outcomes = BTreeMap::new();
        let mut formats: BTreeMap<String, FormatTotal> = BTreeMap::new();
        for tally in totals.tallies {
            let outcome = tally.outcome.unwrap_or(Outcome::Skipped);
            *outcomes.entry(outcome.name()).or_default() += tally.occurrences;
            let name = tally.format.unwrap_or_else(|| "unknown".into());
            let format = formats.entry(name.clone()).or_insert_with(|| FormatTotal {
                format: name,
                count: 0,
                bytes: 0,
                failed: 0,
            });
            format.count += tally.occurrences;
            format.bytes += tally.bytes;
            if matches!(
                outcome,
                Outcome::Encrypted | Outcome::Damaged | Outcome::Limit | Outcome::Unsupported
            ) {
                format.failed += tally.occurrences;
            }
        }
        let mut formats: Vec<FormatTotal> = formats.into_values().collect();
        formats.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.format.cmp(&b.format)));
        Ok(Totals {
            occurrences: totals.occurrences,
            originals: totals.originals,
            bytes: totals.original_bytes,
            documents: totals.documents,
            outcomes,
            formats,
        })
    }

    /// What was not read as it should, with the reason and what to do.
    ///
    /// # Errors
    /// The case is damaged.
    pub fn failures(&self) -> Result<Vec<Failed>, Failure> {
        const FAILED: [Outcome; 5] = [
            Outcome::Encrypted,
            Outcome::Damaged,
            Outcome::Unsupported,
            Outcome::Limit,
            Outcome::Skipped,
        ];
        self.read(|ledger| {
            let mut failed = Vec::new();
            let mut filter = OccurrenceFilter {
                outcomes: &FAILED,
                ..OccurrenceFilter::default()
            };
            loop {
                let page = ledger.occurrences(&filter, 1_000)?;
                let Some(last) = page.last() else {
                    return Ok(failed);
                };
                filter.after = Some(last.id);
                failed.extend(page.into_iter().map(|occurrence| {
                    let outcome = occurrence.outcome.unwrap_or(Outcome::Skipped);
                    Failed {
                        path: occurrence.path,
                        member: occurrence.member,
                        outcome,
                        reason: occurrence.reason,
                        format: occurrence.format,
                        document: occurrence.sha256.map(DocumentId::from),
                        hint: what_to_do(outcome),
                    }
                }));
            }
        })
    }
}

const fn what_to_do(outcome: Outcome) -> Option<&'static str> {
    match outcome {
        Outcome::Encrypted => {
            Some("put its password into a list and run `tumen add --file-passwords LIST` again")
        }
        Outcome::Damaged => Some("add a complete copy if there is one; both stay in the case"),
        Outcome::Unsupported => {
            Some("convert it to a format that is read (PDF, text) and add that too")
        }
        Outcome::Limit => Some("split it and add the parts; the original stays in the case"),
        _ => None,
    }
}

fn describe(
    ledger: &Ledger,
    query: &search::Query,
    hit: &search::Hit,
    most: usize,
) -> Result<Option<Found>, Failure> {
    let Some(document) = ledger.document(hit.document)? else {
        return Ok(None);
    };
    let places = ledger.occurrences_of(document.sha256)?;
    let place = first_place(&places);
    let mut hits = Vec::new();
    if let Some(text) = document.text {
        for part in &hit.parts {
            if hits.len() >= most {
                break;
            }
            let Some(part) = ledger.section_at(text, u64::from(*part))? else {
                continue;
            };
            let matches = query.highlight(&part.section.text);
            for snippet in search::snippets(&part.section.text, &matches, most - hits.len(), 160) {
                let Some(first) = snippet.marks.first() else {
                    continue;
                };
                let start = snippet.span.start + first.start;
                hits.push(FoundHit {
                    start: part.start + start,
                    end: part.start + snippet.span.start + first.end,
                    page: page_at(&part.section, start),
                    snippet: marked(&snippet),
                });
            }
        }
    }
    Ok(Some(Found {
        document: document.id,
        title: document.title,
        path: place.map(|place| place.path.clone()).unwrap_or_default(),
        member: place.and_then(|place| place.member.clone()),
        published: document.published,
        language: document.language,
        format: document.format,
        outcome: document.outcome,
        score: hit.score,
        hits,
    }))
}

/// The snippet on one line, with « » around what matches.
fn marked(snippet: &search::Snippet) -> String {
    let mut out = String::new();
    let mut marks = snippet.marks.iter().peekable();
    let mut space = false;
    for (at, c) in (0u32..).zip(snippet.text.chars()) {
        if let Some(mark) = marks.peek()
            && mark.end == at
        {
            out.push('»');
            marks.next();
        }
        if marks.peek().is_some_and(|mark| mark.start == at) {
            if std::mem::take(&mut space) {
                out.push(' ');
            }
            out.push('«');
        }
        if c.is_whitespace() || c.is_control() {
            space = !out.is_empty();
        } else {
            if std::mem::take(&mut space) {
                out.push(' ');
            }
            out.push(c);
        }
    }
    if marks.peek().is_some() {
        out.push('»');
    }
    out
}
