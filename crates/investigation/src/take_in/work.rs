//! The reading threads: an original at a time, sealed, read, and told to the writer.

use super::feed::{lost, state_of};
use super::*;

/// One of the reading threads.
pub(super) fn work(run: &Run<'_>, to_writer: &SyncSender<Result<Said, Failure>>) {
    let ledger = match run.case.readable() {
        Ok(ledger) => ledger,
        Err(failure) => {
            let _ = to_writer.send(Err(failure));
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
    let said = Said {
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
    };
    run.room.enter(said.weight());
    let _ = to_writer.send(Ok(said));
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
    let published = run.options.published.map(|date| date.to_string());
    let around = Circumstances {
        published: published.as_deref(),
        vault: &run.case.vault,
        recogniser: run.recogniser.as_ref(),
        passwords: &run.options.passwords,
        members: true,
        statements: !run.options.statements_later,
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
    line.text_chars = document.text.chars;
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
        let declared = reading::declared(&found.member);
        let mut metadata = found.member.metadata;
        if let Some(modified) = found.member.modified {
            metadata.push(Metadatum::new(
                casefile::Field::Modified,
                modified,
                "container entry",
            ));
        }
        metadata.extend(declared);
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
