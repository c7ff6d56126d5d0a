//! `add`: walks, seals, reads, records. Each file and member ends in one outcome.
//!
//! One thread walks, several read (each with a confined process of its own), and the calling
//! thread writes. What is told to the caller has been committed: first the blobs are durable,
//! then rows and log entries in one transaction, the index last.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
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
use crate::queue::{Queue, Work};
use crate::reading::{self, Circumstances, Document};
use crate::{Case, Event, Failure, Line, Summary, Whose, indexing};

/// Occurrences in one transaction, and how long the first may wait.
const BATCH: usize = 400;
const PATIENCE: Duration = Duration::from_millis(500);
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

/// What the threads share.
struct Run<'a> {
    case: &'a Case,
    options: &'a AddOptions,
    queue: Queue<File, MemberTask>,
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
        let (to_writer, said) = sync_channel::<Result<Said, Failure>>(BATCH);
        let mut summary = Summary::default();
        let written = std::thread::scope(|scope| {
            let feeding = to_writer.clone();
            let (run, roots, root_ids) = (&run, &roots, &root_ids);
            scope.spawn(move || feed(run, roots, root_ids, &feeding));
            for _ in 0..jobs {
                let to_writer = to_writer.clone();
                scope.spawn(move || work(run, &to_writer));
            }
            drop(to_writer);
            let mut writer = Writer {
                run,
                ledger: &mut ledger,
                roots: root_ids,
                who: &account,
                open: HashMap::new(),
                files: 0,
            };
            let written = writer.write(&said, on, &mut summary);
            if written.is_err() {
                run.queue.stop();
                // Threads that wait for room to speak must not wait for ever.
                while said.recv().is_ok() {}
            }
            written
        });
        written?;
        indexing::follow(&ledger, &index, &mut |_| ())?;
        self.checkpoint(&mut ledger)?;
        ledger.settle()?;
        summary.seconds = begun.elapsed().as_secs_f64();
        Ok(summary)
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

fn name_of(found: &evidence::Found, root: &std::path::Path) -> String {
    let shown = found.display();
    if shown.is_empty() {
        root.file_name()
            .map_or_else(|| "file".into(), |name| name.to_string_lossy().into_owned())
    } else {
        shown
    }
}

/// Walks the roots.
fn feed(
    run: &Run<'_>,
    roots: &[PathBuf],
    ids: &[RootId],
    to_writer: &SyncSender<Result<Said, Failure>>,
) {
    let case_folder = run.case.folder.root();
    for root in roots {
        if let Ok(count) = evidence::count(root, Some(case_folder)) {
            let mut totals = run.totals.lock().unwrap_or_else(PoisonError::into_inner);
            totals.0 += count.files + count.others;
            totals.1 += count.bytes;
        }
    }
    for (at, root) in roots.iter().enumerate() {
        if let Err(failure) = feed_root(run, at, root, ids[at], to_writer) {
            let _ = to_writer.send(Err(failure));
            break;
        }
    }
    run.queue.fed();
}

fn feed_root(
    run: &Run<'_>,
    at: usize,
    root: &std::path::Path,
    id: RootId,
    to_writer: &SyncSender<Result<Said, Failure>>,
) -> Result<(), Failure> {
    let ledger = crate::case::with_ledger_key(&run.case.keys, |key| {
        Ledger::open_read_only(&run.case.folder.ledger(), key)
    })?;
    let mut known: HashMap<Vec<u8>, KnownFile> = HashMap::new();
    ledger.each_known_file(id, |path, raw, file| {
        known.insert(raw.unwrap_or(path.as_bytes()).to_vec(), file);
    })?;
    let walk = evidence::walk(root, Some(run.case.folder.root())).map_err(|error| {
        Failure::new(
            Whose::You,
            "no-such-path",
            format!("`{}` cannot be read: {error}", root.display()),
        )
    })?;
    for found in walk {
        let path = name_of(&found, root);
        let raw = std::str::from_utf8(found.raw())
            .is_err()
            .then(|| found.raw().to_vec());
        let before = known.remove(raw.as_deref().unwrap_or(path.as_bytes()));
        let state = match &found.what {
            What::File(stamp) => state_of(stamp),
            _ => FileState::default(),
        };
        let retry = run.retry.contains(&(id, path.clone()));
        let told = match &found.what {
            What::File(_) => {
                let same = before
                    .as_ref()
                    .filter(|b| b.file == state && b.complete && !retry);
                match same {
                    Some(known) => unchanged(run, &ledger, at, known, &path)?,
                    None => {
                        if !run.queue.feed(File {
                            root: at,
                            path,
                            found,
                            known: before,
                        }) {
                            return Ok(());
                        }
                        continue;
                    }
                }
            }
            What::Skipped(reason) => vec![lost(
                run,
                at,
                path,
                raw,
                state,
                Outcome::Skipped,
                reason.clone(),
            )],
            What::Unreadable(error) => {
                let reason = format!("it cannot be read: {error}");
                vec![lost(run, at, path, raw, state, Outcome::Skipped, reason)]
            }
        };
        for said in told {
            if to_writer.send(Ok(said)).is_err() {
                return Ok(());
            }
        }
    }
    Ok(())
}

fn state_of(stamp: &evidence::Stamp) -> FileState {
    FileState {
        bytes: stamp.size,
        modified_ns: Some(stamp.mtime_ns),
        changed_ns: Some(stamp.ctime_ns),
        inode: Some(stamp.inode),
    }
}

/// A file that was met without bytes to keep.
fn lost(
    run: &Run<'_>,
    root: usize,
    path: String,
    raw: Option<Vec<u8>>,
    state: FileState,
    outcome: Outcome,
    reason: String,
) -> Said {
    Said {
        key: run.keys.fetch_add(1, Relaxed),
        container: None,
        kind: MemberKind::Entry,
        root,
        raw,
        state,
        taken: None,
        metadata: Vec::new(),
        document: None,
        members: 0,
        unchanged: None,
        line: line(path, None, None, outcome, Some(reason), state.bytes),
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

/// The lines of a file that has not changed, and of all that is in it.
fn unchanged(
    run: &Run<'_>,
    ledger: &Ledger,
    root: usize,
    known: &KnownFile,
    path: &str,
) -> Result<Vec<Said>, Failure> {
    let mut told = Vec::new();
    let mut waiting = vec![(
        known.id,
        None,
        known.sha256,
        known.outcome,
        known.file.bytes,
        None,
    )];
    while let Some((id, member, sha256, outcome, bytes, reason)) = waiting.pop() {
        let mut line = line(
            path.to_owned(),
            member,
            sha256,
            outcome.unwrap_or(Outcome::Skipped),
            reason,
            bytes,
        );
        line.unchanged = true;
        let document = match line.document {
            Some(id) => ledger.document(id)?,
            None => None,
        };
        let mut children = 0;
        if let Some(document) = document {
            children = document.children;
            line.format = Some(document.format);
            line.text_chars = document.chars;
            line.language = document.language;
            line.children = document.children;
            line.reason = line.reason.or(document.reason);
        }
        if children > 0 && line.outcome != Outcome::Duplicate {
            for below in ledger.members_of(id)? {
                waiting.push((
                    below.id,
                    below.member,
                    below.sha256,
                    below.outcome,
                    below.file.bytes,
                    below.reason,
                ));
            }
        }
        told.push(Said {
            key: run.keys.fetch_add(1, Relaxed),
            container: None,
            kind: MemberKind::Entry,
            root,
            raw: None,
            state: known.file,
            taken: None,
            metadata: Vec::new(),
            document: None,
            members: 0,
            line,
            unchanged: Some(id),
        });
    }
    Ok(told)
}

/// One of the reading threads.
fn work(run: &Run<'_>, to_writer: &SyncSender<Result<Said, Failure>>) {
    let ledger = crate::case::with_ledger_key(&run.case.keys, |key| {
        Ledger::open_read_only(&run.case.folder.ledger(), key)
    });
    let ledger = match ledger {
        Ok(ledger) => ledger,
        Err(error) => {
            let _ = to_writer.send(Err(error.into()));
            return;
        }
    };
    let mut reader = Reader::new(run.case.tools.worker.clone());
    while let Some(work) = run.queue.take() {
        let outcome = match work {
            Work::File(file) => read_file(run, &ledger, &mut reader, file, to_writer),
            Work::Member(member) => read_member(run, &ledger, &mut reader, member, to_writer),
        };
        if let Err(failure) = outcome {
            let _ = to_writer.send(Err(failure));
            run.queue.stop();
        }
        run.queue.done();
    }
}

fn read_file(
    run: &Run<'_>,
    ledger: &Ledger,
    reader: &mut Reader,
    file: File,
    to_writer: &SyncSender<Result<Said, Failure>>,
) -> Result<(), Failure> {
    let path = file.path;
    let raw = std::str::from_utf8(file.found.raw())
        .is_err()
        .then(|| file.found.raw().to_vec());
    let opened = file.found.open();
    let (mut open, stamp) = match opened {
        Ok(opened) => opened,
        Err(error) => {
            let reason = format!("it cannot be read: {error}");
            let said = lost(
                run,
                file.root,
                path,
                raw,
                FileState::default(),
                Outcome::Skipped,
                reason,
            );
            let _ = to_writer.send(Ok(said));
            return Ok(());
        }
    };
    let taken = match run.case.vault.take(&mut open) {
        Ok(taken) => taken,
        Err(evidence::EvidenceError::Source(error)) => {
            let reason = format!("it cannot be read to its end: {error}");
            let said = lost(
                run,
                file.root,
                path,
                raw,
                state_of(&stamp),
                Outcome::Skipped,
                reason,
            );
            let _ = to_writer.send(Ok(said));
            return Ok(());
        }
        Err(error) => return Err(error.into()),
    };
    run.bytes_done.fetch_add(taken.bytes, Relaxed);
    let retry = !run.options.passwords.is_empty();
    let before = file.known.map(|known| Before {
        id: known.id,
        sha256: known.sha256,
        outcome: known.outcome,
        complete: known.complete,
    });
    let hints = Hints {
        name: path.clone(),
        ..Hints::default()
    };
    let place = Spot {
        container: None,
        kind: MemberKind::Entry,
        root: file.root,
        raw,
        state: state_of(&stamp),
        metadata: Vec::new(),
        file: path,
        member: None,
        depth: 0,
        retry,
    };
    read_original(
        run, ledger, reader, place, &taken, None, &hints, before, to_writer,
    )
}

fn read_member(
    run: &Run<'_>,
    ledger: &Ledger,
    reader: &mut Reader,
    task: MemberTask,
    to_writer: &SyncSender<Result<Said, Failure>>,
) -> Result<(), Failure> {
    let place = Spot {
        container: Some((task.parent, task.ordinal)),
        kind: task.kind,
        root: task.root,
        raw: None,
        state: FileState {
            bytes: task.taken.as_ref().map_or(0, |t| t.bytes),
            ..FileState::default()
        },
        metadata: task.metadata,
        file: task.file,
        member: Some(task.path),
        depth: task.depth,
        retry: task.retry,
    };
    let Some(taken) = task.taken else {
        let (outcome, reason) = task
            .ended
            .unwrap_or((Outcome::Damaged, "its bytes could not be had".into()));
        let line = line(
            place.file.clone(),
            place.member.clone(),
            None,
            outcome,
            Some(reason),
            0,
        );
        tell(run, place, None, None, 0, line, to_writer);
        return Ok(());
    };
    read_original(
        run,
        ledger,
        reader,
        place,
        &taken,
        task.ended,
        &task.hints,
        task.before,
        to_writer,
    )
}

/// Where an original was met.
struct Spot {
    container: Option<(u64, u64)>,
    kind: MemberKind,
    root: usize,
    raw: Option<Vec<u8>>,
    state: FileState,
    metadata: Vec<Metadatum>,
    file: String,
    member: Option<String>,
    depth: u32,
    retry: bool,
}

fn tell(
    run: &Run<'_>,
    place: Spot,
    taken: Option<Taken>,
    document: Option<Box<Document>>,
    members: u64,
    line: Line,
    to_writer: &SyncSender<Result<Said, Failure>>,
) -> u64 {
    let key = run.keys.fetch_add(1, Relaxed);
    let _ = to_writer.send(Ok(Said {
        key,
        container: place.container,
        kind: place.kind,
        root: place.root,
        raw: place.raw,
        state: place.state,
        taken,
        metadata: place.metadata,
        document,
        members,
        line,
        unchanged: None,
    }));
    key
}

#[allow(clippy::too_many_arguments)]
fn read_original(
    run: &Run<'_>,
    ledger: &Ledger,
    reader: &mut Reader,
    place: Spot,
    taken: &Taken,
    ended: Option<(Outcome, String)>,
    hints: &Hints,
    before: Option<Before>,
    to_writer: &SyncSender<Result<Said, Failure>>,
) -> Result<(), Failure> {
    let sha256 = taken.sha256;
    let first = run
        .claimed
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .insert(sha256);
    let known = ledger.document(sha256.into())?;
    let same = before
        .as_ref()
        .filter(|before| before.sha256 == Some(sha256));
    let was = same.and_then(|before| before.outcome);
    let again = match (&known, was) {
        // Met here before: as it was, unless it was left half done or may open now.
        (Some(document), Some(outcome)) if outcome != Outcome::Duplicate => {
            let unfinished = same.is_some_and(|before| !before.complete);
            let may_open = place.retry && (outcome == Outcome::Encrypted || document.children > 0);
            if !unfinished && !may_open {
                let mut line = line(
                    place.file.clone(),
                    place.member.clone(),
                    Some(sha256),
                    outcome,
                    document.reason.clone(),
                    taken.bytes,
                );
                line.format = Some(document.format.clone());
                line.text_chars = document.chars;
                line.language.clone_from(&document.language);
                line.children = document.children;
                tell(run, place, Some(*taken), None, 0, line, to_writer);
                return Ok(());
            }
            true
        }
        (_, Some(Outcome::Duplicate)) => false,
        (None, _) => first,
        (Some(_), None) => false,
        (Some(_), Some(_)) => true,
    };
    if !again {
        let reason = Some("its bytes are known already; this place is recorded".to_owned());
        let mut line = line(
            place.file.clone(),
            place.member.clone(),
            Some(sha256),
            Outcome::Duplicate,
            reason,
            taken.bytes,
        );
        if let Some(document) = &known {
            line.format = Some(document.format.clone());
            line.text_chars = document.chars;
            line.language.clone_from(&document.language);
        }
        tell(run, place, Some(*taken), None, 0, line, to_writer);
        return Ok(());
    }
    let around = Circumstances {
        vault: &run.case.vault,
        recogniser: run.recogniser.as_ref(),
        passwords: &run.options.passwords,
        members: true,
    };
    let (mut document, mut members) = reading::read(reader, sha256, hints, &around)?;
    if let Some((outcome, reason)) = ended {
        document.reading.outcome = outcome;
        document.reading.reason = Some(reason);
    }
    if place.depth >= DEPTH && !members.is_empty() {
        document.reading.outcome = Outcome::Limit;
        document.reading.reason = Some(format!(
            "containers lie {DEPTH} deep in one another; what is further down is not read"
        ));
        members.clear();
    }
    if let Some(published) = run.options.published {
        document.published = Some((published.to_string(), "given with --published".into()));
    }
    let earlier: HashMap<u64, Before> = match same {
        Some(before) => ledger
            .members_of(before.id)?
            .into_iter()
            .filter_map(|m| {
                let before = Before {
                    id: m.id,
                    sha256: m.sha256,
                    outcome: m.outcome,
                    complete: m.complete,
                };
                Some((m.ordinal?, before))
            })
            .collect(),
        None => HashMap::new(),
    };
    let mut line = line(
        place.file.clone(),
        place.member.clone(),
        Some(sha256),
        document.reading.outcome,
        document.reading.reason.clone(),
        taken.bytes,
    );
    line.format = Some(document.reading.format.clone());
    line.text_chars = document.chars;
    line.language = document.language.map(str::to_owned);
    line.children = members.len() as u64;
    line.ms = document.milliseconds;
    let (file, member, root, depth, retry) = (
        place.file.clone(),
        place.member.clone(),
        place.root,
        place.depth,
        place.retry,
    );
    let count = members.len() as u64;
    let key = tell(
        run,
        place,
        Some(*taken),
        Some(Box::new(document)),
        count,
        line,
        to_writer,
    );
    let task = |(ordinal, found): (u64, reading::FoundMember)| {
        let path = match &member {
            Some(container) => format!("{container}/{}", found.member.path),
            None => found.member.path.clone(),
        };
        let mut metadata = found.member.metadata;
        if let Some(modified) = found.member.modified {
            metadata.push(Metadatum::new(
                casefile::Field::Modified,
                modified,
                "container entry",
            ));
        }
        MemberTask {
            parent: key,
            ordinal,
            path,
            kind: found.member.kind,
            taken: found.taken,
            ended: found.ended,
            hints: Hints {
                name: found.member.path,
                declared_type: found.member.declared_type,
                declared_charset: found.member.declared_charset,
            },
            metadata,
            depth: depth + 1,
            file: file.clone(),
            root,
            before: earlier.get(&ordinal).cloned(),
            retry,
        }
    };
    let tasks: Vec<MemberTask> = (0..).zip(members).map(task).collect();
    run.queue.add_members(tasks.into_iter());
    Ok(())
}

/// A container whose members are not all committed.
struct Open {
    id: OccurrenceId,
    left: u64,
    said: Said,
    container: Option<(OccurrenceId, u64)>,
}

struct Writer<'a> {
    run: &'a Run<'a>,
    ledger: &'a mut Ledger,
    roots: &'a [RootId],
    who: &'a str,
    open: HashMap<u64, Open>,
    files: u64,
}

impl Writer<'_> {
    fn write(
        &mut self,
        said: &Receiver<Result<Said, Failure>>,
        on: &mut dyn FnMut(Event<'_>) -> Result<(), Failure>,
        summary: &mut Summary,
    ) -> Result<(), Failure> {
        let mut batch: Vec<Said> = Vec::new();
        let mut since = Instant::now();
        loop {
            let wait = PATIENCE.saturating_sub(since.elapsed());
            let (full, end) = match said.recv_timeout(wait) {
                Ok(said) => {
                    batch.push(said?);
                    (batch.len() >= BATCH || since.elapsed() >= PATIENCE, false)
                }
                Err(RecvTimeoutError::Timeout) => (true, false),
                Err(RecvTimeoutError::Disconnected) => (true, true),
            };
            if full {
                self.commit(std::mem::take(&mut batch), on, summary)?;
                since = Instant::now();
            }
            if end {
                return Ok(());
            }
        }
    }

    fn commit(
        &mut self,
        batch: Vec<Said>,
        on: &mut dyn FnMut(Event<'_>) -> Result<(), Failure>,
        summary: &mut Summary,
    ) -> Result<(), Failure> {
        let totals = *self
            .run
            .totals
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if !batch.is_empty() {
            // Blobs first: no row may speak of bytes that a power cut takes away.
            if batch.iter().any(|said| said.taken.is_some()) {
                self.run.case.vault.sync()?;
            }
            let act = Act {
                who: self.who,
                at: now(),
            };
            let (open, roots, source, published) = (
                &mut self.open,
                self.roots,
                self.run.options.source.as_deref(),
                self.run.options.published,
            );
            let published = published.map(|date| date.to_string());
            let mut lines = Vec::with_capacity(batch.len());
            self.ledger.transaction::<_, Failure>(&act, |tx| {
                for said in batch {
                    lines.push((
                        said.line.clone(),
                        said.taken.as_ref().is_some_and(|t| t.new),
                    ));
                    record(tx, open, roots, source, published.as_deref(), said)?;
                }
                Ok(())
            })?;
            for (line, new) in &lines {
                summary.count(line);
                summary.originals += u64::from(*new);
                self.files += u64::from(line.member.is_none());
                if line.unchanged && line.member.is_none() {
                    self.run.bytes_done.fetch_add(line.bytes, Relaxed);
                }
                on(Event::Line(line))?;
            }
        }
        on(Event::Progress {
            files: (self.files, totals.0.max(self.files)),
            bytes: (self.run.bytes_done.load(Relaxed), totals.1),
        })
    }
}

fn record(
    tx: &mut store::Transaction<'_>,
    open: &mut HashMap<u64, Open>,
    roots: &[RootId],
    source: Option<&str>,
    published: Option<&str>,
    said: Said,
) -> Result<(), Failure> {
    if let Some(id) = said.unchanged {
        tx.seen(id)?;
        return Ok(());
    }
    if let Some(taken) = &said.taken {
        tx.put_original(taken.sha256, taken.blake3, taken.bytes)?;
    }
    let container = said
        .container
        .and_then(|(key, ordinal)| open.get(&key).map(|container| (container.id, ordinal)));
    let id = put_occurrence(
        tx,
        roots,
        source,
        published,
        &said,
        container,
        said.members == 0,
    )?;
    if let Some(document) = &said.document
        && let Some(taken) = &said.taken
    {
        put_document(tx, taken.sha256, document, said.members)?;
        tx.keep_members(id, said.members)?;
    }
    let parent = said.container.map(|(key, _)| key);
    if said.members > 0 {
        open.insert(
            said.key,
            Open {
                id,
                left: said.members,
                container,
                said: Said {
                    document: None,
                    ..said
                },
            },
        );
        return Ok(());
    }
    // Its container may be whole now, and that one's container.
    let mut above = parent;
    while let Some(key) = above {
        let Some(container) = open.get_mut(&key) else {
            break;
        };
        container.left -= 1;
        if container.left > 0 {
            break;
        }
        let Some(whole) = open.remove(&key) else {
            break;
        };
        put_occurrence(
            tx,
            roots,
            source,
            published,
            &whole.said,
            whole.container,
            true,
        )?;
        above = whole.said.container.map(|(key, _)| key);
    }
    Ok(())
}

fn put_occurrence(
    tx: &mut store::Transaction<'_>,
    roots: &[RootId],
    source: Option<&str>,
    published: Option<&str>,
    said: &Said,
    container: Option<(OccurrenceId, u64)>,
    complete: bool,
) -> Result<OccurrenceId, Failure> {
    let place = match (container, &said.line.member) {
        (Some((container, ordinal)), Some(path)) => Place::Member {
            container,
            ordinal,
            path,
            kind: said.kind,
        },
        _ => Place::File {
            root: roots[said.root],
            path: &said.line.path,
            raw: said.raw.as_deref(),
        },
    };
    let new = NewOccurrence {
        place,
        source,
        published,
        sha256: said.line.sha256,
        file: said.state,
        outcome: Some(said.line.outcome),
        reason: said.line.reason.as_deref(),
        format: said.line.format.as_deref(),
        complete,
        metadata: &said.metadata,
    };
    Ok(tx.put_occurrence(&new)?.0)
}

/// The document with its text, and its renditions.
pub(crate) fn put_document(
    tx: &mut store::Transaction<'_>,
    sha256: Sha256,
    document: &Document,
    children: u64,
) -> Result<(), Failure> {
    let version = extract::VERSION.to_string();
    let reading = &document.reading;
    let id = tx.put_document(&NewDocument {
        sha256,
        format: &reading.format,
        outcome: reading.outcome,
        reason: reading.reason.as_deref(),
        title: document.title.as_deref(),
        language: document.language,
        published: document.published.as_ref().map(|(date, _)| date.as_str()),
        published_from: document.published.as_ref().map(|(_, from)| from.as_str()),
        pages: (document.pages > 0).then_some(document.pages),
        children,
        extractor: "extract",
        extractor_version: &version,
        milliseconds: document.milliseconds,
        metadata: &reading.metadata,
        problems: &reading.problems,
    })?;
    let has_pages = document.parts.iter().any(|part| !part.pages.is_empty());
    if document.chars > 0 || has_pages {
        tx.put_text(id, "extract", &version, &document.parts)?;
    }
    if let Some(fingerprint) = &document.fingerprint {
        for alike in tx.similar(&fingerprint.0)? {
            if alike.document != id && alike.similarity >= 0.6 {
                tx.put_rendition(id, alike.document, alike.similarity)?;
            }
        }
        tx.put_fingerprint(id, &fingerprint.0)?;
    }
    Ok(())
}
