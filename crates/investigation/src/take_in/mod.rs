//! `add`: walks, seals, reads, records. Each file and member ends in one outcome.
//!
//! One thread walks, several read (each with a confined process of its own), the calling thread
//! writes, and one more keeps the index up with what has been written. What is told to the caller
//! has been committed: first the blobs are durable, then rows and log entries in one transaction.
//! The index is committed once, at the end.

mod feed;
mod work;
mod writer;

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use casefile::{ApproxDate, DocumentId, MemberKind, Metadatum, Outcome, Sha256};
use evidence::{CaseLock, LockError, Taken, What};
use extract::ocr::Recogniser;
use extract::worker::{Hints, Reader};
use store::{
    Act, FileState, KnownFile, Ledger, NewDocument, NewOccurrence, OccurrenceFilter, OccurrenceId,
    Place, RootId,
};

use crate::case::{now, who};
use crate::indexing::Following;
use crate::queue::{Queue, Room, Work};
use crate::reading::{self, Circumstances, Document};
use crate::{Case, Event, Failure, Line, Summary, Whose};

pub(crate) use writer::put_document;

/// Occurrences in one transaction, and how long the first may wait.
const BATCH: usize = 400;
const PATIENCE: Duration = Duration::from_millis(200);
/// Bytes of text that are committed at once, and that may wait for the writer.
const BATCH_BYTES: usize = 8 << 20;
const WAITING_BYTES: usize = 32 << 20;
/// Containers in containers, at most.
const DEPTH: u32 = 24;

/// How files are taken in.
#[derive(Debug, Clone, Default)]
pub struct AddOptions {
    pub source: Option<String>,
    pub published: Option<ApproxDate>,
    /// Files read at once; one for each core if not said.
    pub jobs: Option<usize>,
    /// Passwords to try on encrypted files.
    pub passwords: Vec<String>,
    /// Recognise the text of scans if a recogniser is installed.
    pub ocr: bool,
    /// Leave what the texts say to the next run, a rebuild, or the first question about it.
    pub statements_later: bool,
}

/// A file that is to be read.
struct File {
    root: usize,
    path: String,
    found: evidence::Found,
    known: Option<KnownFile>,
}

/// A member that has been taken into the vault and is to be read.
struct MemberTask {
    parent: u64,
    ordinal: u64,
    path: String,
    kind: MemberKind,
    taken: Option<Taken>,
    ended: Option<(Outcome, String)>,
    hints: Hints,
    metadata: Vec<Metadatum>,
    depth: u32,
    file: String,
    root: usize,
    before: Option<Before>,
    retry: bool,
}

/// What an earlier run has recorded at the same place.
#[derive(Clone)]
struct Before {
    id: OccurrenceId,
    sha256: Option<Sha256>,
    outcome: Option<Outcome>,
    complete: bool,
}

/// What the writer is told.
struct Said {
    key: u64,
    /// Key of the container, and the place in it.
    container: Option<(u64, u64)>,
    kind: MemberKind,
    root: usize,
    raw: Option<Vec<u8>>,
    state: FileState,
    taken: Option<Taken>,
    metadata: Vec<Metadatum>,
    document: Option<Box<Document>>,
    members: u64,
    line: Line,
    unchanged: Option<OccurrenceId>,
}

impl Said {
    /// Bytes of memory that wait with it.
    fn weight(&self) -> usize {
        self.document
            .as_ref()
            .map_or(0, |document| document.text.weight)
    }
}

/// How far the run under way is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UnderWay {
    /// Done, and found so far.
    pub files: (u64, u64),
    pub bytes: (u64, u64),
    pub seconds: f64,
    /// Seconds that are left, where that can be told.
    pub left: Option<f64>,
}

/// What the threads share.
struct Run<'a> {
    case: &'a Case,
    options: &'a AddOptions,
    queue: Queue<File, MemberTask>,
    room: Room,
    claimed: Mutex<HashSet<Sha256>>,
    keys: AtomicU64,
    recogniser: Option<Recogniser>,
    retry: HashSet<(RootId, String)>,
    bytes_done: AtomicU64,
    totals: Mutex<(u64, u64)>,
}

impl Case {
    /// Takes in files, folders and what is inside containers.
    ///
    /// # Errors
    /// A path does not exist, the disk is full, another fault of the machine or the case. What was
    /// told as a line before is committed; the next `add` goes on from there.
    pub fn add(
        &self,
        paths: &[PathBuf],
        options: &AddOptions,
        on: &mut dyn FnMut(Event<'_>) -> Result<(), Failure>,
    ) -> Result<Summary, Failure> {
        let begun = Instant::now();
        let mut roots = Vec::new();
        for path in paths {
            let absolute = std::fs::canonicalize(path).map_err(|error| {
                let message = format!(
                    "`{}` cannot be read: {error}; nothing was taken in",
                    path.display()
                );
                Failure::new(Whose::You, "no-such-path", message)
            })?;
            roots.push(absolute);
        }
        let _lock = match CaseLock::try_exclusive(&self.folder) {
            Ok(lock) => lock,
            Err(LockError::Held(process)) => {
                let holder =
                    process.map_or_else(|| "another process".into(), |id| format!("process {id}"));
                on(Event::Remark(format!(
                    "the case is in use by {holder}; waiting for it to end"
                )))?;
                CaseLock::exclusive(&self.folder, |_| ())?
            }
            Err(LockError::Evidence(error)) => return Err(error.into()),
        };
        if let Ok((walls, _)) = Reader::new(self.tools.worker.clone()).probe()
            && !(walls.limits && walls.landlock && walls.seccomp)
        {
            on(Event::Remark(
                "this machine cannot shut the readers of files in fully; take in only what you trust \
                 (`tumen doctor` says what is missing)"
                    .into(),
            ))?;
        }
        self.vault.clean_incoming()?;
        let mut ledger = self.writable()?;
        let index = self.index_for_writing()?;
        let account = who();
        let root_ids = ledger.transaction::<_, Failure>(
            &Act {
                who: &account,
                at: now(),
            },
            |tx| {
                roots
                    .iter()
                    .map(|root| {
                        let raw = root
                            .to_str()
                            .is_none()
                            .then(|| root.as_os_str().as_encoded_bytes());
                        Ok(tx.root(&root.to_string_lossy(), raw)?)
                    })
                    .collect::<Result<Vec<RootId>, Failure>>()
            },
        )?;
        let run = Run {
            case: self,
            options,
            queue: Queue::new(),
            room: Room::new(WAITING_BYTES),
            claimed: Mutex::default(),
            keys: AtomicU64::new(1),
            recogniser: if options.ocr {
                Recogniser::find(self.tools.recogniser.clone())
            } else {
                None
            },
            retry: retried(&ledger, options)?,
            bytes_done: AtomicU64::new(0),
            totals: Mutex::new((0, 0)),
        };
        let jobs = options
            .jobs
            .or_else(|| std::thread::available_parallelism().ok().map(usize::from))
            .unwrap_or(1);
        // Texts of before whose statements are missing or were found by older rules.
        if !options.statements_later {
            crate::statements::derive(self, &mut ledger, jobs, &mut |_| ())?;
        }
        let (to_writer, said) = sync_channel::<Result<Said, Failure>>(BATCH);
        let (news, committed) = sync_channel::<()>(1);
        let stopped = AtomicBool::new(false);
        let mut summary = Summary::default();
        std::thread::scope(|scope| {
            let feeding = to_writer.clone();
            let (run, roots, root_ids, stopped) = (&run, &roots, &root_ids, &stopped);
            let index = &*index;
            scope.spawn(move || feed::feed(run, roots, root_ids, &feeding));
            for _ in 0..jobs {
                let to_writer = to_writer.clone();
                scope.spawn(move || work::work(run, &to_writer));
            }
            drop(to_writer);
            let following = scope.spawn(move || self.index_along(index, &committed, stopped));
            let mut writer = writer::Writer::new(run, &mut ledger, root_ids, &account, &news);
            let written = writer.write(&said, on, &mut summary);
            if written.is_err() {
                stopped.store(true, Relaxed);
                run.queue.stop();
                run.room.open();
                // Threads that wait for room to speak must not wait for ever.
                while said.recv().is_ok() {}
            }
            // What was read again lost what optional extractors had proposed on it.
            let written = written.and_then(|()| crate::annotation::follow(&mut ledger).map(|_| ()));
            drop(news);
            let signed = written.and_then(|()| self.checkpoint(&mut ledger));
            let indexed = following.join().unwrap_or_else(|_| {
                let message = "the index could not be brought up; the documents are safe";
                Err(Failure::new(Whose::Bug, "index", message))
            });
            signed.and(indexed)
        })?;
        ledger.settle()?;
        summary.seconds = begun.elapsed().as_secs_f64();
        Ok(summary)
    }

    /// The run that takes in documents at this moment, in whatever process, if there is one.
    ///
    /// # Errors
    /// The case is damaged.
    pub fn running(&self) -> Result<Option<UnderWay>, Failure> {
        let Some(run) = self.read(|ledger| Ok(ledger.running()?))? else {
            return Ok(None);
        };
        // A run that was cut off has left its note, but holds no lock.
        if CaseLock::try_exclusive(&self.folder).is_ok() {
            return Ok(None);
        }
        let seconds = (run.at.saturating_sub(run.begun)).max(0) as f64 / 1e6;
        let share = if run.bytes.1 > 0 {
            run.bytes.0 as f64 / run.bytes.1 as f64
        } else {
            0.0
        };
        Ok(Some(UnderWay {
            files: run.files,
            bytes: run.bytes,
            seconds,
            left: (share > 0.01 && seconds > 1.0).then(|| seconds * (1.0 - share) / share),
        }))
    }

    /// Keeps the index up with the ledger until there is no more news, and commits it.
    fn index_along(
        &self,
        index: &search::Index,
        committed: &Receiver<()>,
        stopped: &AtomicBool,
    ) -> Result<(), Failure> {
        let ledger = self.readable()?;
        // Most runs change nothing: the engine is started by the first news.
        if index.sequence()? >= ledger.last_change()? && committed.recv().is_err() {
            return Ok(());
        }
        let mut following = Following::begin(index)?;
        if following.along(&ledger, committed, stopped)? {
            following.end(&ledger, &mut |_| ())?;
        }
        Ok(())
    }

    /// Another connection to the ledger, for a thread that reads.
    pub(crate) fn readable(&self) -> Result<Ledger, Failure> {
        Ok(crate::case::with_ledger_key(&self.keys, |key| {
            Ledger::open_read_only(&self.folder.ledger(), key)
        })?)
    }

    /// Signs the head of the log.
    pub(crate) fn checkpoint(&self, ledger: &mut Ledger) -> Result<(), Failure> {
        let key = self.keys.signing_key();
        let signer = store::log::Signer {
            name: "tumen-case",
            public_key: key.public().0,
            sign: &|message| key.sign(message).to_vec(),
        };
        ledger.sign_checkpoint(&signer)?;
        Ok(())
    }
}

/// With new passwords, files that were encrypted (or hold such members) are read again.
fn retried(ledger: &Ledger, options: &AddOptions) -> Result<HashSet<(RootId, String)>, Failure> {
    let mut files = HashSet::new();
    if options.passwords.is_empty() {
        return Ok(files);
    }
    let mut filter = OccurrenceFilter {
        outcomes: &[Outcome::Encrypted],
        ..OccurrenceFilter::default()
    };
    loop {
        let page = ledger.occurrences(&filter, 1_000)?;
        let Some(last) = page.last() else {
            return Ok(files);
        };
        filter.after = Some(last.id);
        files.extend(
            page.into_iter()
                .map(|occurrence| (occurrence.root, occurrence.path)),
        );
    }
}

fn line(
    path: String,
    member: Option<String>,
    sha256: Option<Sha256>,
    outcome: Outcome,
    reason: Option<String>,
    bytes: u64,
) -> Line {
    Line {
        path,
        member,
        sha256,
        outcome,
        reason,
        format: None,
        bytes,
        document: sha256.map(DocumentId::from),
        text_chars: 0,
        language: None,
        children: 0,
        ms: 0,
        unchanged: false,
    }
}
