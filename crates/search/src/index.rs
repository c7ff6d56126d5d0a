//! The index of a case: making, filling and opening it.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use casefile::{ApproxDate, DocumentId, Outcome};
use sealing::StreamKey;
use tantivy::columnar::{Column, StrColumn};
use tantivy::indexer::{IndexWriterOptions, LogMergePolicy, NoMergePolicy};
use tantivy::query::Bm25StatisticsProvider;
use tantivy::schema::{Field, IndexRecordOption, Value};
use tantivy::{
    DocSet, IndexReader, IndexWriter, ReloadPolicy, Searcher, TERMINATED, TantivyDocument,
    TantivyError, Term,
};

use crate::paths::Paths;
use crate::plan::Ground;
use crate::schema::{self, FACETS, FORM, Fields, Waiting};
use crate::sealed::{Folder, Stamp};

/// Opened chunks kept in memory, in bytes.
const CACHE: usize = 48 << 20;

/// The index did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It holds nothing of its own: drop it, make it anew and fill it from the database.
    #[error("the search index is damaged ({what}); it can be made again from the case")]
    Damaged { what: String },
    /// Made by another version of the program: as damaged.
    #[error("the search index has another form; it can be made again from the case")]
    OtherForm,
    #[error("there is no search index at {}", path.display())]
    Missing { path: PathBuf },
    /// Another process fills it.
    #[error("another process is writing the search index")]
    Busy,
    #[error("the search index at {} could not be read or written: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error("the search index failed: {what}")]
    Engine { what: String },
}

impl Error {
    /// Whether to make the index again.
    #[must_use]
    pub const fn wants_rebuild(&self) -> bool {
        matches!(
            self,
            Self::Damaged { .. } | Self::OtherForm | Self::Missing { .. }
        )
    }
}

/// A document, or one part of a long one, as it is indexed.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    pub document: DocumentId,
    /// Counted from 0. Parts of one document are put in their order; part 0 replaces all that
    /// was there of the document.
    pub part: u32,
    /// How many parts the document has; all must be put.
    pub parts: u32,
    pub title: &'a str,
    /// File names, paths, member paths. Part 0 is enough for these and for metadata.
    pub names: &'a [String],
    /// (field, value): `author`, `sender`, `recipient` … as [`casefile::Field::name`] has them.
    pub metadata: &'a [(String, String)],
    /// These and all below: the same for each part.
    pub source: &'a [String],
    /// Media type.
    pub format: &'a str,
    /// `pdf`, `web`, `mail`, `word`, `sheet`, `slides`, `text`, `image`, `archive`, `other`.
    pub kind: &'a str,
    pub language: Option<&'a str>,
    pub published: Option<ApproxDate>,
    pub outcome: Outcome,
    /// The stored text of the part.
    pub text: &'a str,
}

/// How a [`Writer`] works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Writing {
    /// Bytes of memory for all threads together; at least 15 MB each.
    pub memory: usize,
    /// 1 or 2.
    pub threads: usize,
}

impl Default for Writing {
    fn default() -> Self {
        Self {
            memory: 64_000_000,
            threads: 1,
        }
    }
}

pub struct Index {
    pub(crate) inner: tantivy::Index,
    pub(crate) ground: Ground,
    folder: Folder,
    path: PathBuf,
    reader: IndexReader,
    snapshot: Mutex<(Option<Stamp>, Arc<Snapshot>)>,
    waiting: Arc<Waiting>,
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Index({})", self.path.display())
    }
}

/// The index as one commit left it.
pub(crate) struct Snapshot {
    pub(crate) searcher: Searcher,
    pub(crate) segments: Vec<Columns>,
    fields: Fields,
    /// Documents that are not deleted (parts counted one by one), and their characters.
    alive: u64,
    chars: u64,
    pub(crate) has_multi: bool,
}

pub(crate) struct Columns {
    pub(crate) id_high: Column<u64>,
    pub(crate) id_low: Column<u64>,
    pub(crate) part: Column<u64>,
    pub(crate) first_day: Column<u64>,
    pub(crate) facets: [Option<StrColumn>; FACETS.len()],
}

impl Columns {
    pub(crate) fn id(&self, doc: u32) -> DocumentId {
        let high = self.id_high.first(doc).unwrap_or(0).to_be_bytes();
        let low = self.id_low.first(doc).unwrap_or(0).to_be_bytes();
        let mut id = [0; 10];
        for (to, from) in id.iter_mut().zip(high.iter().chain(low.iter().skip(6))) {
            *to = *from;
        }
        DocumentId(id)
    }
}

impl Index {
    /// Makes an empty index in a folder. Files of an earlier one are removed.
    ///
    /// # Errors
    /// The folder cannot be written, or another process fills the index in it.
    pub fn create(path: &Path, key: StreamKey) -> Result<Self, Error> {
        let io = |source| Error::Io {
            path: path.to_owned(),
            source,
        };
        fs::create_dir_all(path).map_err(io)?;
        let folder = Folder::new(path, key, CACHE);
        {
            use tantivy::directory::{Directory, INDEX_WRITER_LOCK};
            let _lock = folder
                .acquire_lock(&INDEX_WRITER_LOCK)
                .map_err(|_| Error::Busy)?;
            for entry in fs::read_dir(path).map_err(io)? {
                let entry = entry.map_err(io)?;
                // The lock files stay: another process may wait at them.
                let lock = entry
                    .path()
                    .extension()
                    .is_some_and(|extension| extension == "lock");
                if !lock && entry.file_type().map_err(io)?.is_file() {
                    fs::remove_file(entry.path()).map_err(io)?;
                }
            }
        }
        let (schema, _) = schema::schema();
        let inner = tantivy::Index::create(
            folder.clone(),
            schema,
            tantivy::IndexSettings {
                docstore_compression: tantivy::store::Compressor::None,
                docstore_compress_dedicated_thread: false,
                ..Default::default()
            },
        );
        let inner = inner.map_err(|error| failure(&folder, path, error))?;
        Self::with(inner, folder, path)
    }

    /// Opens the index of a folder.
    ///
    /// # Errors
    /// There is none, it is damaged or of another form (see [`Error::wants_rebuild`]), or it
    /// cannot be read.
    pub fn open(path: &Path, key: StreamKey) -> Result<Self, Error> {
        if !path.join("meta.json").exists() {
            return Err(Error::Missing {
                path: path.to_owned(),
            });
        }
        let folder = Folder::new(path, key, CACHE);
        let inner =
            tantivy::Index::open(folder.clone()).map_err(|error| failure(&folder, path, error))?;
        if inner.schema() != schema::schema().0 {
            return Err(Error::OtherForm);
        }
        let index = Self::with(inner, folder, path)?;
        index.sequence()?;
        Ok(index)
    }

    fn with(mut inner: tantivy::Index, folder: Folder, path: &Path) -> Result<Self, Error> {
        let waiting = Arc::new(Waiting::default());
        inner.set_tokenizers(schema::tokenizers(&waiting));
        let (_, fields) = schema::schema();
        let reader = inner
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into();
        let reader: IndexReader = reader.map_err(|error| failure(&folder, path, error))?;
        let stamp = folder.stamp();
        let snapshot = Snapshot::new(reader.searcher(), fields)
            .map_err(|error| failure(&folder, path, error))?;
        Ok(Self {
            inner,
            ground: Ground {
                fields,
                paths: Arc::new(Paths::default()),
            },
            folder,
            path: path.to_owned(),
            reader,
            snapshot: Mutex::new((stamp, Arc::new(snapshot))),
            waiting,
        })
    }

    pub(crate) fn failed(&self, error: TantivyError) -> Error {
        failure(&self.folder, &self.path, error)
    }

    /// The index as the last commit left it, also of another process.
    pub(crate) fn now(&self) -> Result<Arc<Snapshot>, Error> {
        let mut held = self.snapshot.lock().unwrap_or_else(PoisonError::into_inner);
        let stamp = self.folder.stamp();
        if held.0 != stamp {
            self.reader.reload().map_err(|error| self.failed(error))?;
            let snapshot = Snapshot::new(self.reader.searcher(), self.ground.fields);
            if let Ok(snapshot) = &snapshot {
                self.ground.paths.keep(snapshot.searcher.segment_readers());
            }
            *held = (
                stamp,
                Arc::new(snapshot.map_err(|error| self.failed(error))?),
            );
        }
        Ok(held.1.clone())
    }

    /// The sequence number given with the last commit; 0 in a new index.
    ///
    /// # Errors
    /// The index is damaged or of another form.
    pub fn sequence(&self) -> Result<u64, Error> {
        let meta = self
            .inner
            .load_metas()
            .map_err(|error| self.failed(error))?;
        let Some(payload) = meta.payload else {
            return Ok(0);
        };
        let (form, sequence) = payload.split_once(' ').ok_or(Error::OtherForm)?;
        if form != FORM.to_string() {
            return Err(Error::OtherForm);
        }
        sequence.parse().map_err(|_| Error::OtherForm)
    }

    /// Documents in the index; parts are counted one by one.
    ///
    /// # Errors
    /// The index is damaged.
    pub fn entries(&self) -> Result<u64, Error> {
        Ok(self.now()?.alive)
    }

    fn engine_writer(&self, writing: Writing) -> Result<IndexWriter, Error> {
        let threads = writing.threads.clamp(1, 8);
        let options = IndexWriterOptions::builder()
            .num_worker_threads(threads)
            .memory_budget_per_thread((writing.memory / threads).max(15_000_000))
            .num_merge_threads(1)
            .build();
        let inner = self
            .inner
            .writer_with_options(options)
            .map_err(|error| self.failed(error))?;
        inner.set_merge_policy(Box::new(merging()));
        Ok(inner)
    }

    /// Begins to fill the index. One at a time, over all processes.
    ///
    /// # Errors
    /// [`Error::Busy`], or the index is damaged.
    pub fn writer(&self, writing: Writing) -> Result<Writer<'_>, Error> {
        let inner = self.engine_writer(writing)?;
        Ok(Writer {
            inner: Some(inner),
            writing,
            index: self,
            committed: self.now()?,
            fresh: HashSet::new(),
        })
    }
}

/// Fills an index.
pub struct Writer<'i> {
    /// `None` only after a failure in [`Writer::settle`].
    inner: Option<IndexWriter>,
    writing: Writing,
    index: &'i Index,
    /// What the last commit left, and what was put since. The engine holds each deletion in
    /// kilobytes until the commit and tries it on every segment; so only documents that are
    /// there are deleted.
    committed: Arc<Snapshot>,
    fresh: HashSet<DocumentId>,
}

impl std::fmt::Debug for Writer<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Writer({})", self.index.path.display())
    }
}

fn merging() -> LogMergePolicy {
    let mut policy = LogMergePolicy::default();
    policy.set_min_num_segments(10);
    policy.set_min_layer_size(5_000);
    policy.set_del_docs_ratio_before_merge(0.3);
    policy
}

fn halves(id: DocumentId) -> (u64, u64) {
    let number = |bytes: &[u8]| {
        bytes
            .iter()
            .fold(0u64, |number, byte| number << 8 | u64::from(*byte))
    };
    let (high, low) = id.0.split_at(8);
    (number(high), number(low))
}

impl Writer<'_> {
    /// Puts a document or one part of it; part 0 replaces the document.
    ///
    /// Found only after [`Writer::commit`].
    ///
    /// # Errors
    /// The index cannot be written.
    pub fn put(&mut self, entry: &Entry<'_>) -> Result<(), Error> {
        let fields = &self.index.ground.fields;
        let id = entry.document.to_string();
        if entry.part == 0 {
            self.delete(entry.document);
        }
        self.fresh.insert(entry.document);
        let mut doc = TantivyDocument::new();
        let (high, low) = halves(entry.document);
        doc.add_text(fields.id, id);
        doc.add_u64(fields.id_high, high);
        doc.add_u64(fields.id_low, low);
        doc.add_u64(fields.part, u64::from(entry.part));
        doc.add_u64(fields.multi, u64::from(entry.parts > 1 || entry.part > 0));
        doc.add_u64(fields.chars, entry.text.chars().count() as u64);
        doc.add_text(fields.text, entry.text);
        if !entry.title.is_empty() {
            doc.add_text(fields.title, entry.title);
        }
        for name in entry.names {
            doc.add_text(fields.about, name);
            doc.add_text(fields.path, name);
            doc.add_text(fields.path_key, name);
        }
        for (field, value) in entry.metadata {
            doc.add_text(fields.about, value);
            match field.as_str() {
                "author" | "editor" | "publisher" => doc.add_text(fields.author, value),
                "sender" | "from" => doc.add_text(fields.sender, value),
                "recipient" | "copied" | "to" | "cc" => doc.add_text(fields.recipient, value),
                "title" => doc.add_text(fields.title, value),
                _ => {}
            }
        }
        for source in entry.source {
            doc.add_text(fields.source, source);
        }
        doc.add_text(fields.kind, entry.kind);
        doc.add_text(fields.format, entry.format);
        doc.add_text(fields.outcome, entry.outcome.name());
        if let Some(language) = entry.language {
            doc.add_text(fields.language, language);
        }
        if let Some(date) = entry.published {
            let (first, last) = date.days();
            doc.add_text(fields.year, date.year().to_string());
            doc.add_u64(fields.first_day, u64::from(first));
            doc.add_u64(fields.last_day, u64::from(last));
        }
        let words = self.index.ground.fields.words();
        let bytes: usize = doc
            .field_values()
            .filter(|(field, _)| words.contains(field))
            .filter_map(|(_, value)| value.as_str().map(str::len))
            .sum();
        self.index.waiting.enter(bytes);
        let index = self.index;
        self.engine()?
            .add_document(doc)
            .map_err(|error| index.failed(error))?;
        Ok(())
    }

    /// Takes a document out, with all its parts.
    pub fn delete(&mut self, document: DocumentId) {
        let term = Term::from_field_text(self.index.ground.fields.id, &document.to_string());
        // Where the index cannot say, it is told to delete; the commit then tells what is wrong.
        if self.fresh.remove(&document) || self.committed.has(&term).unwrap_or(true) {
            // Without an engine the next `put` or `commit` tells that it failed.
            if let Some(engine) = &self.inner {
                engine.delete_term(term);
            }
        }
    }

    /// Makes everything put and deleted so far durable and found. `sequence` is how far the
    /// index has followed the case; [`Index::sequence`] gives it back.
    ///
    /// # Errors
    /// The index cannot be written; it is then as the commit before left it.
    pub fn commit(&mut self, sequence: u64) -> Result<(), Error> {
        let index = self.index;
        let mut prepared = self
            .engine()?
            .prepare_commit()
            .map_err(|error| index.failed(error))?;
        prepared.set_payload(&format!("{FORM} {sequence}"));
        prepared.commit().map_err(|error| index.failed(error))?;
        self.committed = index.now()?;
        self.fresh.clear();
        Ok(())
    }

    /// Joins the pieces that a long load left, once it is committed. Answers do not change.
    ///
    /// # Errors
    /// The index cannot be written.
    pub fn settle(&mut self) -> Result<(), Error> {
        let index = self.index;
        // The engine may be joining some of the pieces by itself; two joins that share a piece
        // fail. So it ends first, and its successor joins only what it is told to.
        if let Some(engine) = self.inner.take() {
            engine
                .wait_merging_threads()
                .map_err(|error| index.failed(error))?;
        }
        let engine = self.inner.insert(index.engine_writer(self.writing)?);
        engine.set_merge_policy(Box::new(NoMergePolicy));
        let segments = index
            .inner
            .searchable_segment_ids()
            .map_err(|error| index.failed(error))?;
        if segments.len() > 10 {
            engine
                .merge(&segments)
                .wait()
                .map_err(|error| index.failed(error))?;
        }
        let collected = engine.garbage_collect_files().wait();
        collected.map_err(|error| index.failed(error))?;
        engine.set_merge_policy(Box::new(merging()));
        self.committed = index.now()?;
        Ok(())
    }

    /// Ends writing after the merges that are under way.
    ///
    /// # Errors
    /// A merge failed. What was committed is safe.
    pub fn finish(self) -> Result<(), Error> {
        let index = self.index;
        match self.inner {
            Some(engine) => engine
                .wait_merging_threads()
                .map_err(|error| index.failed(error)),
            None => Ok(()),
        }
    }

    fn engine(&mut self) -> Result<&mut IndexWriter, Error> {
        self.inner.as_mut().ok_or_else(|| Error::Engine {
            what: "writing has ended".into(),
        })
    }
}

fn failure(folder: &Folder, path: &Path, error: TantivyError) -> Error {
    if let Some(what) = folder.damage() {
        return Error::Damaged { what };
    }
    let what = error.to_string();
    match error {
        TantivyError::LockFailure(tantivy::directory::error::LockError::LockBusy, _) => Error::Busy,
        TantivyError::DataCorruption(_)
        | TantivyError::OpenReadError(
            tantivy::directory::error::OpenReadError::FileDoesNotExist(_),
        ) => Error::Damaged { what },
        TantivyError::IncompatibleIndex(_)
        | TantivyError::OpenReadError(
            tantivy::directory::error::OpenReadError::IncompatibleIndex(_),
        ) => Error::OtherForm,
        TantivyError::IoError(source) => Error::Io {
            path: path.to_owned(),
            source: io::Error::new(source.kind(), what),
        },
        _ => Error::Engine { what },
    }
}

impl Snapshot {
    fn new(searcher: Searcher, fields: Fields) -> tantivy::Result<Self> {
        let mut segments = Vec::new();
        let (mut alive, mut chars) = (0, 0u64);
        for segment in searcher.segment_readers() {
            let fast = segment.fast_fields();
            let number = |name: &str| -> tantivy::Result<Column<u64>> {
                let column = fast.u64_lenient(name)?.map(|(column, _)| column);
                Ok(column.unwrap_or_else(|| Column::build_empty_column(segment.max_doc())))
            };
            let mut facets: [Option<StrColumn>; FACETS.len()] = Default::default();
            for (column, name) in facets.iter_mut().zip(FACETS) {
                *column = fast.str(name)?;
            }
            let lengths = number("chars")?;
            for doc in segment.doc_ids_alive() {
                alive += 1;
                chars = chars.saturating_add(lengths.first(doc).unwrap_or(0));
            }
            segments.push(Columns {
                id_high: number("id_high")?,
                id_low: number("id_low")?,
                part: number("part")?,
                first_day: number("first_day")?,
                facets,
            });
        }
        let mut snapshot = Self {
            searcher,
            segments,
            fields,
            alive,
            chars,
            has_multi: false,
        };
        snapshot.has_multi = snapshot.doc_freq(&Term::from_field_u64(fields.multi, 1))? > 0;
        Ok(snapshot)
    }
}

impl Snapshot {
    /// Whether any document has the term; one that is deleted but not yet merged away counts.
    fn has(&self, term: &Term) -> tantivy::Result<bool> {
        for segment in self.searcher.segment_readers() {
            if segment.inverted_index(term.field())?.doc_freq(term)? > 0 {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Statistics over what is there, never over what is deleted and not yet merged away: so an index
/// that grew and one that was made at once give the same scores.
impl Bm25StatisticsProvider for Snapshot {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        let all = if field == self.fields.text {
            self.chars / 5
        } else if field == self.fields.about {
            self.alive.saturating_mul(30)
        } else {
            self.alive.saturating_mul(10)
        };
        Ok(all.max(self.alive).max(1))
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(self.alive.max(1))
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        let mut found = 0;
        for segment in self.searcher.segment_readers() {
            let inverted = segment.inverted_index(term.field())?;
            let Some(alive) = segment.alive_bitset() else {
                found += u64::from(inverted.doc_freq(term)?);
                continue;
            };
            if let Some(mut postings) = inverted.read_postings(term, IndexRecordOption::Basic)? {
                while postings.doc() != TERMINATED {
                    found += u64::from(alive.is_alive(postings.doc()));
                    postings.advance();
                }
            }
        }
        Ok(found)
    }
}
