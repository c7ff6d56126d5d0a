//! The writing thread: what was read becomes rows and log entries, a batch in each transaction.

use super::*;

/// A container whose members are not all committed.
struct Open {
    id: OccurrenceId,
    left: u64,
    said: Said,
    container: Option<(OccurrenceId, u64)>,
}

pub(super) struct Writer<'a> {
    run: &'a Run<'a>,
    ledger: &'a mut Ledger,
    roots: &'a [RootId],
    who: &'a str,
    /// Told after each commit.
    news: &'a SyncSender<()>,
    open: HashMap<u64, Open>,
    /// Places of bytes whose other place is being read at this moment: what those bytes are is
    /// known when that is done.
    twins: HashMap<Sha256, Vec<Said>>,
    files: u64,
    begun: i64,
    /// That the run is under way stands in the ledger.
    noted: bool,
}

impl<'a> Writer<'a> {
    pub(super) fn new(
        run: &'a Run<'a>,
        ledger: &'a mut Ledger,
        roots: &'a [RootId],
        who: &'a str,
        news: &'a SyncSender<()>,
    ) -> Self {
        Self {
            run,
            ledger,
            roots,
            who,
            news,
            open: HashMap::new(),
            twins: HashMap::new(),
            files: 0,
            begun: now(),
            noted: false,
        }
    }

    pub(super) fn write(
        &mut self,
        said: &Receiver<Result<Said, Failure>>,
        on: &mut dyn FnMut(Event<'_>) -> Result<(), Failure>,
        summary: &mut Summary,
    ) -> Result<(), Failure> {
        let mut batch: Vec<Said> = Vec::new();
        let mut weight = 0usize;
        let mut since = Instant::now();
        loop {
            let wait = PATIENCE.saturating_sub(since.elapsed());
            let (full, end) = match said.recv_timeout(wait) {
                Ok(said) => {
                    let said = said?;
                    weight = weight.saturating_add(said.weight());
                    batch.push(said);
                    let full = batch.len() >= BATCH
                        || weight >= BATCH_BYTES
                        || since.elapsed() >= PATIENCE;
                    (full, false)
                }
                Err(RecvTimeoutError::Timeout) => (true, false),
                Err(RecvTimeoutError::Disconnected) => (true, true),
            };
            if full {
                self.commit(std::mem::take(&mut batch), end, on, summary)?;
                self.run.room.leave(std::mem::take(&mut weight));
                since = Instant::now();
            }
            if end {
                return Ok(());
            }
        }
    }

    /// `last` when nothing more comes: what waits for a twin waits no longer.
    fn commit(
        &mut self,
        batch: Vec<Said>,
        last: bool,
        on: &mut dyn FnMut(Event<'_>) -> Result<(), Failure>,
        summary: &mut Summary,
    ) -> Result<(), Failure> {
        let totals = *self
            .run
            .totals
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if !batch.is_empty() || (last && (self.noted || !self.twins.is_empty())) {
            // Blobs first: no row may speak of bytes that a power cut takes away.
            if batch.iter().any(|said| said.taken.is_some()) {
                self.run.case.vault.sync()?;
            }
            let act = Act {
                who: self.who,
                at: now(),
            };
            let (open, twins, roots, source, published) = (
                &mut self.open,
                &mut self.twins,
                self.roots,
                self.run.options.source.as_deref(),
                self.run.options.published,
            );
            let published = published.map(|date| date.to_string());
            let mut lines = Vec::with_capacity(batch.len());
            let run = store::Running {
                begun: self.begun,
                at: now(),
                files: (self.files, totals.0.max(self.files)),
                bytes: (self.run.bytes_done.load(Relaxed), totals.1),
            };
            self.ledger.transaction::<_, Failure>(&act, |tx| {
                tx.note_run((!last).then_some(run))?;
                let mut put = |tx: &mut store::Transaction<'_>, said: Said| {
                    lines.push((
                        said.line.clone(),
                        said.taken.as_ref().is_some_and(|t| t.new),
                    ));
                    record(tx, open, roots, source, published.as_deref(), said)
                };
                for mut said in batch {
                    if !like_its_twin(tx, &mut said)?
                        && let Some(sha256) = said.line.sha256
                    {
                        twins.entry(sha256).or_default().push(said);
                        continue;
                    }
                    let read = said.line.sha256.filter(|_| said.document.is_some());
                    put(tx, said)?;
                    for mut twin in read
                        .and_then(|sha256| twins.remove(&sha256))
                        .unwrap_or_default()
                    {
                        like_its_twin(tx, &mut twin)?;
                        put(tx, twin)?;
                    }
                }
                if last {
                    for twin in std::mem::take(twins).into_values().flatten() {
                        put(tx, twin)?;
                    }
                }
                Ok(())
            })?;
            self.noted = !last;
            // Full: the follower has not yet taken up the news before. Gone: it says why itself.
            let _ = self.news.try_send(());
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

/// Fills in what is known of a duplicate's bytes. False if they are being read just now.
fn like_its_twin(tx: &store::Transaction<'_>, said: &mut Said) -> Result<bool, Failure> {
    let line = &mut said.line;
    let (Outcome::Duplicate, None, Some(sha256)) = (line.outcome, &line.format, line.sha256) else {
        return Ok(true);
    };
    let Some(document) = tx.document(sha256.into())? else {
        return Ok(false);
    };
    line.format = Some(document.format);
    line.text_chars = document.chars;
    line.language = document.language;
    Ok(true)
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
        pages: (document.text.pages > 0).then_some(document.text.pages),
        children,
        extractor: "extract",
        extractor_version: &version,
        milliseconds: document.milliseconds,
        metadata: &reading.metadata,
        problems: &reading.problems,
    })?;
    if !document.text.is_empty() {
        let mut writer = tx.begin_text(id, "extract", &version)?;
        document.text.each(&mut |part| Ok(writer.push(part)?))?;
        let text = writer.finish()?;
        match &document.found {
            crate::reading::Finding::Held(found) => {
                let (mentions, statements) = (&found.mentions, &found.statements);
                tx.put_statements(id, text, statement::EXTRACTOR, mentions, statements)?;
            }
            crate::reading::Finding::Long => crate::statements::write_long(tx, id, text)?,
            crate::reading::Finding::Later => {}
        }
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
