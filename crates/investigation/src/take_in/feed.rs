//! The walking thread: what has changed is queued to be read, all else is told at once.

use super::*;

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
pub(super) fn feed(
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
    let ledger = run.case.readable()?;
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

pub(super) fn state_of(stamp: &evidence::Stamp) -> FileState {
    FileState {
        bytes: stamp.size,
        modified_ns: Some(stamp.mtime_ns),
        changed_ns: Some(stamp.ctime_ns),
        inode: Some(stamp.inode),
    }
}

/// A file that was met without bytes to keep.
pub(super) fn lost(
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
