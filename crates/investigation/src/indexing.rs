//! The search index follows the ledger's feed of changes: during `add`, after a crash, and when it
//! is made anew, always in the same way, so that it always gives the same answers. It is committed
//! once, at the end, with the number of the last change: a run that was cut off leaves the index as
//! it was, and the next one follows from there.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Receiver;

use casefile::DocumentId;
use sealing::Purpose;
use search::{Entry, Index, Writing};
use store::Ledger;

use crate::statements::event_words;
use crate::{Case, Failure};

/// What a media type is for people: the facet "type".
pub(crate) fn kind_of(format: &str) -> &'static str {
    match format {
        "application/pdf" => "pdf",
        "text/html" | "application/xhtml+xml" | "application/warc" => "web",
        "message/rfc822"
        | "application/mbox"
        | "application/vnd.ms-outlook"
        | "message/x-emlx"
        | "application/vnd.ms-tnef"
        | "application/pkcs7-mime" => "mail",
        "text/csv" => "sheet",
        _ if format.starts_with("image/") => "image",
        _ if format.contains("spreadsheet") || format.contains("excel") => "sheet",
        _ if format.contains("presentation") || format.contains("powerpoint") => "slides",
        _ if format.contains("word")
            || format.contains("opendocument.text")
            || format.contains("rtf")
            || format.contains("hwp")
            || format.contains("epub") =>
        {
            "word"
        }
        _ if format.starts_with("text/") => "text",
        _ if format.contains("zip")
            || format.contains("tar")
            || format.contains("compress")
            || format.contains("xz")
            || format.contains("zstd")
            || format.contains("lzma") =>
        {
            "archive"
        }
        _ => "other",
    }
}

/// Puts all that one document has into the index.
fn put(ledger: &Ledger, writer: &mut search::Writer<'_>, id: DocumentId) -> Result<(), Failure> {
    let Some(document) = ledger.document(id)? else {
        writer.delete(id);
        return Ok(());
    };
    let mut names = Vec::new();
    let mut sources = Vec::new();
    for place in ledger.occurrences_of(document.sha256)? {
        let name = match &place.member {
            Some(member) => format!("{}/{member}", place.path),
            None => place.path.clone(),
        };
        names.push(name);
        sources.extend(place.source);
    }
    names.sort();
    names.dedup();
    sources.sort();
    sources.dedup();
    let mut metadata: Vec<(String, String)> = ledger
        .metadata(id)?
        .into_iter()
        .map(|datum| (datum.field.name().to_owned(), datum.value))
        .collect();
    // A document is found by the kinds of event that it tells of, in each language.
    metadata.extend(
        ledger
            .events_of(id)?
            .into_iter()
            .map(|event| ("event".to_owned(), event_words(event).to_owned())),
    );
    let parts = match document.text {
        Some(text) => ledger
            .text_version(text)?
            .map_or(0, |version| version.parts),
        None => 0,
    };
    let count = u32::try_from(parts.max(1)).unwrap_or(u32::MAX);
    let entry = Entry {
        document: id,
        part: 0,
        parts: count,
        title: document.title.as_deref().unwrap_or_default(),
        names: &names,
        metadata: &metadata,
        source: &sources,
        format: &document.format,
        kind: kind_of(&document.format),
        language: document.language.as_deref(),
        published: document
            .published
            .as_deref()
            .and_then(|date| date.get(..10.min(date.len()))?.parse().ok()),
        outcome: document.outcome,
        text: "",
    };
    let Some(text) = document.text.filter(|_| parts > 0) else {
        writer.put(&entry)?;
        return Ok(());
    };
    for (part, piece) in (0..).zip(ledger.text_pieces(text)) {
        writer.put(&Entry {
            part,
            text: &piece?,
            ..entry
        })?;
    }
    Ok(())
}

/// Documents that changed after they were put, until they are put anew. The engine holds each
/// deletion in memory until a commit.
const LATE: usize = 20_000;

/// The index while it follows the ledger. What it puts is found only after [`Following::end`];
/// dropped before, it leaves the index as it was.
pub(crate) struct Following<'i> {
    index: &'i Index,
    writer: search::Writer<'i>,
    /// The last change that was looked at.
    reached: u64,
    /// Documents put since the last commit, and those among them that have changed since: they
    /// are put once more at the end, not at each change.
    fresh: HashSet<DocumentId>,
    late: HashSet<DocumentId>,
    count: u64,
}

impl<'i> Following<'i> {
    pub(crate) fn begin(index: &'i Index) -> Result<Self, Failure> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Ok(Self {
            index,
            reached: index.sequence()?,
            writer: index.writer(Writing {
                // Two at most: each keeps, writes and has merged a dictionary of its own, but with one alone a core
                // is idle at the end, while the other works off what waits and writes the last segment.
                memory: 64 << 20,
                threads: cores.min(2),
            })?,
            fresh: HashSet::new(),
            late: HashSet::new(),
            count: 0,
        })
    }

    /// Takes up the ledger's changes. Stops early when told to.
    fn advance(
        &mut self,
        ledger: &Ledger,
        on_document: &mut dyn FnMut(u64) -> bool,
    ) -> Result<(), Failure> {
        let until = ledger.last_change()?;
        while self.reached < until {
            let changes = ledger.changes_since(self.reached, 500)?;
            if changes.is_empty() {
                break;
            }
            let go_on = ledger.at_once::<_, Failure>(|| {
                for change in changes.iter().take_while(|change| change.number <= until) {
                    self.reached = change.number;
                    if self.fresh.contains(&change.document) {
                        self.late.insert(change.document);
                    } else {
                        self.put(ledger, change.document)?;
                        self.count += 1;
                    }
                    if !on_document(self.count) {
                        return Ok(false);
                    }
                }
                Ok(true)
            })?;
            if !go_on {
                return Ok(());
            }
            if changes.last().is_some_and(|last| last.number > until) {
                break;
            }
            if self.late.len() >= LATE {
                self.commit(ledger, self.reached)?;
            }
        }
        Ok(())
    }

    fn put(&mut self, ledger: &Ledger, id: DocumentId) -> Result<(), Failure> {
        put(ledger, &mut self.writer, id)?;
        self.fresh.insert(id);
        Ok(())
    }

    /// Everything up to `reached` is in the index, and is found.
    fn commit(&mut self, ledger: &Ledger, reached: u64) -> Result<(), Failure> {
        for id in std::mem::take(&mut self.late) {
            put(ledger, &mut self.writer, id)?;
        }
        self.writer.commit(reached)?;
        self.fresh.clear();
        Ok(())
    }

    /// Follows for as long as `news` come: one is sent after each commit of the ledger. When there
    /// will be no more it takes up the rest. False if `stopped` was set meanwhile.
    pub(crate) fn along(
        &mut self,
        ledger: &Ledger,
        news: &Receiver<()>,
        stopped: &AtomicBool,
    ) -> Result<bool, Failure> {
        let mut go_on = |_| !stopped.load(Ordering::Relaxed);
        while news.recv().is_ok() {
            self.advance(ledger, &mut go_on)?;
        }
        self.advance(ledger, &mut go_on)?;
        Ok(go_on(0))
    }

    /// Takes up what is left and makes all of it found.
    pub(crate) fn end(
        mut self,
        ledger: &Ledger,
        on_document: &mut dyn FnMut(u64),
    ) -> Result<u64, Failure> {
        self.advance(ledger, &mut |count| {
            on_document(count);
            true
        })?;
        if self.index.sequence()? < ledger.last_change()? {
            let last = self.reached.max(ledger.last_change()?);
            self.commit(ledger, last)?;
        }
        self.writer.settle()?;
        self.writer.finish()?;
        Ok(self.count)
    }
}

/// Brings the index up to the ledger. Its caller holds the case's lock.
pub(crate) fn follow(
    ledger: &Ledger,
    index: &Index,
    on_document: &mut dyn FnMut(u64),
) -> Result<u64, Failure> {
    if index.sequence()? >= ledger.last_change()? {
        return Ok(0);
    }
    Following::begin(index)?.end(ledger, on_document)
}

impl Case {
    /// The index, made anew if it is missing or damaged: it is only derived.
    pub(crate) fn index_for_writing(&self) -> Result<Arc<Index>, Failure> {
        let path = self.folder.index();
        let key = || self.keys.stream(Purpose::Index);
        let index = match Index::open(&path, key()) {
            Ok(index) => index,
            Err(error)
                if error.wants_rebuild() || matches!(error, search::Error::Missing { .. }) =>
            {
                self.empty_index()?;
                Index::create(&path, key())?
            }
            Err(error) => return Err(error.into()),
        };
        let index = Arc::new(index);
        *self
            .index
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner) = Some(index.clone());
        Ok(index)
    }

    pub(crate) fn empty_index(&self) -> Result<(), Failure> {
        let path = self.folder.index();
        *self
            .index
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner) = None;
        match std::fs::remove_dir_all(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                let message = format!("the old index cannot be removed: {error}");
                Err(Failure::new(crate::Whose::Machine, "disk", message))
            }
            _ => Ok(()),
        }
    }

    /// The index for searching, as new as the ledger where that can be had now; else a remark.
    pub(crate) fn index_for_search(&self) -> Result<(Arc<Index>, Option<String>), Failure> {
        let held = self
            .index
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .clone();
        let opened = match held {
            Some(index) => Some(index),
            None => match Index::open(&self.folder.index(), self.keys.stream(Purpose::Index)) {
                Ok(index) => {
                    let index = Arc::new(index);
                    *self
                        .index
                        .lock()
                        .unwrap_or_else(std::sync::PoisonError::into_inner) = Some(index.clone());
                    Some(index)
                }
                Err(error)
                    if error.wants_rebuild() || matches!(error, search::Error::Missing { .. }) =>
                {
                    None
                }
                Err(error) => return Err(error.into()),
            },
        };
        let last = self.read(|ledger| Ok(ledger.last_change()?))?;
        if let Some(index) = &opened
            && index.sequence().is_ok_and(|reached| reached >= last)
        {
            return Ok((index.clone(), None));
        }
        // A run was cut off, or is at work.
        match evidence::CaseLock::try_exclusive(&self.folder) {
            Ok(_lock) => {
                let index = self.index_for_writing()?;
                self.read(|ledger| follow(ledger, &index, &mut |_| ()))?;
                Ok((index, None))
            }
            Err(_) => match opened {
                Some(index) => Ok((
                    index,
                    Some(
                        "documents are being taken in; the latest are not in this answer yet"
                            .into(),
                    ),
                )),
                None => Err(Failure::new(
                    crate::Whose::Case,
                    "busy",
                    "the index is being made by another command; nothing is lost",
                )
                .hint("wait for it to end, then search again")),
            },
        }
    }
}
