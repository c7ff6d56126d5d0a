//! Proving, rebuilding, copying a case; and what the machine offers.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::Path;
use std::time::Instant;

use casefile::Sha256;
use evidence::{CaseFolder, CaseLock, LockError, Stored, Verdict};
use extract::ocr::Recogniser;
use extract::worker::Reader;
use sealing::{Hasher, Purpose};
use serde::Serialize;
use store::{Act, Ledger};

use crate::case::{now, who};
use crate::reading::{self, Circumstances};
use crate::{Case, Failure, Tools, Whose, indexing, take_in};

/// The first bytes of a backup.
const BACKUP: &[u8; 16] = b"tumen backup 1\n\0";

/// Whether a case is whole.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Proof {
    pub whole: bool,
    pub originals: u64,
    pub bytes: u64,
    pub texts: u64,
    pub spans: u64,
    pub log_entries: u64,
    pub index_files: u64,
    /// The signed head of the log: keep it elsewhere, and `verify --checkpoint` proves later that
    /// nothing was taken away.
    pub checkpoint: Option<String>,
    pub damages: Vec<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Rebuilt {
    pub read: u64,
    pub indexed: u64,
    /// Proposals of optional extractors that the text no longer bears out.
    pub proposals_lost: u64,
    pub seconds: f64,
}

#[derive(Debug, Clone, Serialize)]
pub struct BackupWritten {
    pub files: u64,
    pub bytes: u64,
    pub sha256: Sha256,
}

#[derive(Debug, Clone, Serialize)]
pub struct Check {
    pub what: &'static str,
    pub good: bool,
    pub found: String,
    pub hint: Option<&'static str>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Health {
    /// Hostile files can be read safely here.
    pub safe: bool,
    pub checks: Vec<Check>,
}

type OnProgress<'a> = &'a mut dyn FnMut((u64, u64), (u64, u64));

fn machine(doing: &str, path: &Path, error: &std::io::Error) -> Failure {
    let full = matches!(
        error.kind(),
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded
    );
    let code = if full { "no-space" } else { "disk" };
    Failure::new(
        Whose::Machine,
        code,
        format!("{doing} `{}`: {error}", path.display()),
    )
}

impl Case {
    pub(crate) fn lock(&self) -> Result<CaseLock, Failure> {
        match CaseLock::try_exclusive(&self.folder) {
            Ok(lock) => Ok(lock),
            Err(LockError::Held(process)) => {
                let holder =
                    process.map_or_else(|| "another process".into(), |id| format!("process {id}"));
                Err(Failure::new(
                    Whose::Case,
                    "busy",
                    format!("the case is in use by {holder}; nothing was changed"),
                )
                .hint("wait for it to end, then run this again"))
            }
            Err(LockError::Evidence(error)) => Err(error.into()),
        }
    }

    /// Re-hashes every original, re-reads every text and span, replays the log, opens every chunk
    /// of the index. `noted` is a checkpoint that was kept elsewhere.
    ///
    /// # Errors
    /// The case is in use, or cannot be read at all. Damage is not an error but an answer.
    pub fn verify(&self, noted: Option<&str>, on: OnProgress<'_>) -> Result<Proof, Failure> {
        let _lock = self.lock()?;
        let mut proof = Proof::default();
        let mut damages: Vec<String> = Vec::new();
        if let Err(error) = self.folder.marker() {
            damages.push(error.to_string());
        }
        if let Err(error) = self.folder.verify_keys() {
            damages.push(format!("the key file: {error}"));
        }
        let ledger = self.writable()?;
        let totals = ledger.totals()?;
        let all = (totals.originals, totals.original_bytes);
        let mut known = std::collections::HashSet::new();
        ledger.each_original::<Failure>(|original| {
            known.insert(self.vault.name_of(&original.sha256));
            match self.vault.verify_one(&original.sha256, &original.blake3)? {
                Verdict::Whole(bytes) => proof.bytes += bytes,
                Verdict::Missing => damages.push(format!("original {}: missing", original.sha256)),
                Verdict::Damaged(error) => {
                    damages.push(format!("original {}: {error}", original.sha256))
                }
                Verdict::Other { .. } => damages.push(format!(
                    "original {}: its bytes are others",
                    original.sha256
                )),
            }
            proof.originals += 1;
            on((proof.originals, all.0), (proof.bytes, all.1));
            Ok(())
        })?;
        for stored in self.vault.all_names() {
            match stored? {
                Stored::Blob { name, .. } if known.contains(&name) => {}
                // An orphan of a run that was cut off is harmless if it is whole; nothing refers
                // to it and the next `add` of the same bytes takes it up. So it must be whole.
                Stored::Blob { name, .. } => {
                    if let Err(error) = self.check_orphan(&name) {
                        damages.push(format!("the unreferenced original {name}: {error}"));
                    }
                }
                Stored::Stray(path) => {
                    damages.push(format!("`{}` does not belong to the case", path.display()))
                }
            }
        }
        // What a run that was cut off was about to write; its originals are read again.
        self.vault.clean_incoming()?;
        let mut spans = 0;
        for damage in ledger.verify(&mut |progress| spans = spans.max(progress.of))? {
            damages.push(damage.to_string());
        }
        proof.spans = spans;
        proof.log_entries = ledger.head()?.0;
        proof.texts = self.count_texts(&ledger)?;
        if let Some(note) = noted {
            let key = self.keys.signing_key().public();
            let verifier = store::log::Verifier {
                name: "tumen-case",
                public_key: key.0,
                verify: &|message, signature| key.verify(message, signature),
            };
            match ledger.verify_against(note, &verifier) {
                Ok(None) => {}
                Ok(Some(damage)) => damages.push(damage.to_string()),
                Err(error) => damages.push(format!("the checkpoint: {error}")),
            }
        }
        proof.checkpoint = ledger.checkpoint()?;
        self.verify_index(&ledger, &mut proof.index_files, &mut damages)?;
        if damages.is_empty() {
            ledger.settle()?;
        }
        proof.whole = damages.is_empty();
        proof.damages = damages;
        Ok(proof)
    }

    /// Reads an original that the ledger does not know. Its name must be that of its bytes.
    fn check_orphan(&self, name: &str) -> std::io::Result<()> {
        let (folder, file) = name.split_at_checked(2).unwrap_or(("", name));
        let file = File::open(self.folder.blobs().join(folder).join(file))?;
        let mut reader = self.keys.stream(Purpose::Blob).reader(file)?;
        let mut hasher = Hasher::new();
        std::io::copy(&mut reader, &mut hasher)?;
        let (sha256, ..) = hasher.finish();
        if self.vault.name_of(&sha256) == name {
            Ok(())
        } else {
            Err(std::io::Error::other("it lies under the name of another"))
        }
    }

    fn count_texts(&self, ledger: &Ledger) -> Result<u64, Failure> {
        let mut count = 0;
        let mut filter = store::DocumentFilter::default();
        loop {
            let page = ledger.documents(&filter, 2_000)?;
            let Some(last) = page.last() else {
                return Ok(count);
            };
            filter.after = Some(last.id);
            count += page
                .iter()
                .filter(|document| document.text.is_some())
                .count() as u64;
        }
    }

    /// Every chunk of every file of the index must open under its key.
    fn verify_index(
        &self,
        ledger: &Ledger,
        files: &mut u64,
        damages: &mut Vec<String>,
    ) -> Result<(), Failure> {
        let mut broken = self.broken_index_files(files)?;
        match search::Index::open(&self.folder.index(), self.keys.stream(Purpose::Index)) {
            Ok(index) => {
                // A run that was cut off leaves files that nothing refers to, half written. They
                // are cleared away; what the index does refer to stays and is judged.
                if !broken.is_empty() || index.sequence()? < ledger.last_change()? {
                    let cleared = indexing::follow(ledger, &index, &mut |_| ())
                        .and_then(|_| Ok(index.writer(search::Writing::default())?.settle()?));
                    if let Err(failure) = cleared {
                        damages.push(failure.message);
                    }
                    broken = self.broken_index_files(files)?;
                }
            }
            Err(error) => damages.push(error.to_string()),
        }
        damages.extend(broken);
        Ok(())
    }

    fn broken_index_files(&self, files: &mut u64) -> Result<Vec<String>, Failure> {
        let folder = self.folder.index();
        let key = self.keys.stream(Purpose::Index);
        let mut broken = Vec::new();
        *files = 0;
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) => return Ok(vec![format!("the index: {error}")]),
        };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let empty = entry.metadata().is_ok_and(|file| file.len() == 0);
            if !entry.path().is_file() || (empty && name.to_string_lossy().ends_with(".lock")) {
                continue;
            }
            let whole = File::open(entry.path())
                .and_then(|file| {
                    key.bound_to(name.as_encoded_bytes())
                        .reader(BufReader::new(file))
                })
                .and_then(|mut reader| std::io::copy(&mut reader, &mut std::io::sink()));
            match whole {
                Ok(_) => *files += 1,
                Err(error) => {
                    broken.push(format!("index file {}: {error}", name.to_string_lossy()));
                }
            }
        }
        Ok(broken)
    }

    /// Derives everything again: texts from originals (unless only the index), then the index.
    ///
    /// # Errors
    /// The case is in use or damaged, or the machine fails.
    pub fn rebuild(
        &self,
        only_index: bool,
        jobs: Option<usize>,
        passwords: &[String],
        on: OnProgress<'_>,
    ) -> Result<Rebuilt, Failure> {
        let begun = Instant::now();
        let _lock = self.lock()?;
        let mut ledger = self.writable()?;
        let (mut read, mut lost) = (0, 0);
        if !only_index {
            read = self.read_again(&mut ledger, jobs, passwords, on)?;
            self.import_again(&mut ledger)?;
            lost = crate::annotation::follow(&mut ledger)?;
        }
        self.empty_index()?;
        let index = self.index_for_writing()?;
        let all = ledger.totals()?.documents;
        let indexed = indexing::follow(&ledger, &index, &mut |done| on((done, all), (0, 0)))?;
        self.checkpoint(&mut ledger)?;
        ledger.settle()?;
        Ok(Rebuilt {
            read,
            indexed,
            proposals_lost: lost,
            seconds: begun.elapsed().as_secs_f64(),
        })
    }

    fn read_again(
        &self,
        ledger: &mut Ledger,
        jobs: Option<usize>,
        passwords: &[String],
        on: OnProgress<'_>,
    ) -> Result<u64, Failure> {
        let mut originals = Vec::new();
        ledger.each_original::<Failure>(|original| {
            originals.push(original.sha256);
            Ok(())
        })?;
        let all = originals.len() as u64;
        let mut todo = Vec::with_capacity(originals.len());
        for sha256 in originals {
            let places = ledger.occurrences_of(sha256)?;
            let place = places
                .iter()
                .find(|p| p.outcome != Some(casefile::Outcome::Duplicate))
                .or_else(|| places.first());
            let Some(place) = place else { continue };
            let name = place.member.as_ref().unwrap_or(&place.path).clone();
            let children = ledger.members_of(place.id)?.len() as u64;
            // A member that came out of its container broken is so whatever its own bytes say.
            let broken = (place.parent.is_some()
                && place.outcome == Some(casefile::Outcome::Damaged))
            .then(|| place.reason.clone());
            let published = places.iter().find_map(|p| p.published.clone());
            // As it was taken in: scans that were left alone stay so.
            let problems = ledger.problems(sha256.into())?;
            let recognised = problems.iter().any(|problem| problem.code == "recognised");
            todo.push((
                sha256,
                reading::hints(name, &place.metadata),
                children,
                broken,
                published,
                recognised,
            ));
        }
        ledger.clear_derived()?;
        let recogniser = Recogniser::find(self.tools.recogniser.clone());
        let jobs = jobs
            .or_else(|| std::thread::available_parallelism().ok().map(usize::from))
            .unwrap_or(1);
        let next = std::sync::atomic::AtomicUsize::new(0);
        let (done, results) = std::sync::mpsc::sync_channel(64);
        let account = who();
        let mut count = 0;
        std::thread::scope(|scope| {
            for _ in 0..jobs {
                let (done, next, todo, recogniser) = (done.clone(), &next, &todo, &recogniser);
                scope.spawn(move || {
                    let mut reader = Reader::new(self.tools.worker.clone());
                    loop {
                        let at = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                        let Some((sha256, hints, _, _, published, recognised)) = todo.get(at)
                        else {
                            break;
                        };
                        let around = Circumstances {
                            published: published.as_deref(),
                            vault: &self.vault,
                            recogniser: recogniser.as_ref().filter(|_| *recognised),
                            passwords,
                            members: false,
                            statements: true,
                        };
                        let read = reading::read(&mut reader, *sha256, hints, &around);
                        if done.send((at, read)).is_err() {
                            break;
                        }
                    }
                });
            }
            drop(done);
            let outcome = (|| {
                while let Ok(first) = results.recv() {
                    let batch: Vec<_> = std::iter::once(first)
                        .chain(results.try_iter().take(200))
                        .collect();
                    let act = Act {
                        who: &account,
                        at: now(),
                    };
                    ledger.transaction::<_, Failure>(&act, |tx| {
                        for (at, read) in batch {
                            let (sha256, _, children, broken, ..) = &todo[at];
                            let (mut document, _) = read?;
                            if let Some(reason) = broken {
                                document.reading.outcome = casefile::Outcome::Damaged;
                                document.reading.reason.clone_from(reason);
                            }
                            take_in::put_document(tx, *sha256, &document, *children)?;
                            count += 1;
                        }
                        Ok(())
                    })?;
                    on((count, all), (0, 0));
                }
                let act = Act {
                    who: &account,
                    at: now(),
                };
                ledger.transaction::<_, Failure>(&act, |tx| Ok(tx.rebuilt()?))
            })();
            drop(results);
            outcome
        })?;
        Ok(count)
    }

    /// Copies the case, sealed as it is, into one file with a check sum.
    ///
    /// # Errors
    /// The file exists, the case is in use, or the disk is full (what was written is removed).
    pub fn backup(&self, to: &Path, on: OnProgress<'_>) -> Result<BackupWritten, Failure> {
        let _lock = self.lock()?;
        self.writable()?.settle()?;
        let failed = |error: std::io::Error| machine("the backup cannot be written to", to, &error);
        let file = File::options()
            .write(true)
            .create_new(true)
            .open(to)
            .map_err(|error| {
                if error.kind() == std::io::ErrorKind::AlreadyExists {
                    let message = format!("`{}` exists; nothing was written", to.display());
                    return Failure::new(Whose::You, "exists", message).hint("name a new file");
                }
                failed(error)
            })?;
        let written = write_backup(self.folder.root(), file, on).map_err(failed);
        if written.is_err() {
            let _ = std::fs::remove_file(to);
        }
        written
    }

    /// Makes a case again from a backup. The backup is checked to its last byte before the case
    /// counts as one.
    ///
    /// # Errors
    /// The folder is not empty, the backup is damaged, or the disk is full.
    pub fn restore(from: &Path, dir: &Path) -> Result<u64, Failure> {
        let damaged = |what: &str| {
            Failure::new(
                Whose::Case,
                "backup-damaged",
                format!("`{}` is not a whole backup: {what}", from.display()),
            )
            .hint("use another copy of it; nothing else was touched")
        };
        if std::fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some()) {
            let message = format!("`{}` is not empty", dir.display());
            return Err(Failure::new(Whose::You, "not-empty", message).hint("name a new folder"));
        }
        let file = File::open(from).map_err(|error| {
            Failure::new(
                Whose::You,
                "backup-file",
                format!("`{}` cannot be read: {error}", from.display()),
            )
        })?;
        std::fs::create_dir_all(dir).map_err(|error| machine("cannot make", dir, &error))?;
        match read_backup(file, dir) {
            Ok(files) => Ok(files),
            Err(error) => {
                let _ = std::fs::remove_dir_all(dir);
                if error.kind() == std::io::ErrorKind::InvalidData
                    || error.kind() == std::io::ErrorKind::UnexpectedEof
                {
                    return Err(damaged(&error.to_string()));
                }
                Err(machine("the case cannot be restored to", dir, &error))
            }
        }
    }
}

/// Writes and hashes.
struct Hashed<W> {
    to: W,
    hasher: Hasher,
}

impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.to.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        Ok(written)
    }
    fn flush(&mut self) -> std::io::Result<()> {
        self.to.flush()
    }
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let read = self.to.read(into)?;
        self.hasher.update(&into[..read]);
        Ok(read)
    }
}

/// Form: magic; for each file the length of its path (u16), the path, its length (u64), its bytes;
/// a path of length 0; the SHA-256 of all before. Numbers are little endian.
fn write_backup(root: &Path, file: File, on: OnProgress<'_>) -> std::io::Result<BackupWritten> {
    let mut files = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else if let Ok(path) = entry.path().strip_prefix(root)
                && path != Path::new("lock")
                && !path.starts_with("incoming")
            {
                files.push((path.to_owned(), entry.metadata()?.len()));
            }
        }
    }
    files.sort();
    let all = (
        files.len() as u64,
        files.iter().map(|(_, bytes)| bytes).sum::<u64>(),
    );
    let mut to = Hashed {
        to: BufWriter::with_capacity(1 << 20, file),
        hasher: Hasher::new(),
    };
    to.write_all(BACKUP)?;
    let (mut done, mut bytes) = (0, 0);
    for (path, length) in &files {
        let name = path.as_os_str().as_encoded_bytes();
        to.write_all(&u16::try_from(name.len()).unwrap_or(u16::MAX).to_le_bytes())?;
        to.write_all(name)?;
        to.write_all(&length.to_le_bytes())?;
        let copied = std::io::copy(&mut File::open(root.join(path))?.take(*length), &mut to)?;
        if copied != *length {
            return Err(std::io::Error::other(
                "a file of the case changed while it was copied",
            ));
        }
        done += 1;
        bytes += length;
        on((done, all.0), (bytes, all.1));
    }
    to.write_all(&0u16.to_le_bytes())?;
    let (sha256, _, length) = to.hasher.finish();
    to.to.write_all(&sha256.0)?;
    to.to.flush()?;
    to.to.get_ref().sync_all()?;
    Ok(BackupWritten {
        files: done,
        bytes: length + 32,
        sha256,
    })
}

fn read_backup(file: File, dir: &Path) -> std::io::Result<u64> {
    let invalid =
        |what: &str| std::io::Error::new(std::io::ErrorKind::InvalidData, what.to_owned());
    let mut from = Hashed {
        to: BufReader::with_capacity(1 << 20, file),
        hasher: Hasher::new(),
    };
    let mut magic = [0; 16];
    from.read_exact(&mut magic)?;
    if magic != *BACKUP {
        return Err(invalid("it does not begin as one"));
    }
    let mut files = 0;
    loop {
        let mut length = [0; 2];
        from.read_exact(&mut length)?;
        let mut name = vec![0; usize::from(u16::from_le_bytes(length))];
        if name.is_empty() {
            break;
        }
        from.read_exact(&mut name)?;
        let name = String::from_utf8(name).map_err(|_| invalid("a path in it is broken"))?;
        let plain = Path::new(&name)
            .components()
            .all(|part| matches!(part, std::path::Component::Normal(_)));
        if !plain {
            return Err(invalid("a path in it leads elsewhere"));
        }
        let mut length = [0; 8];
        from.read_exact(&mut length)?;
        let length = u64::from_le_bytes(length);
        let path = dir.join(&name);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut to = File::options().write(true).create_new(true).open(&path)?;
        if std::io::copy(&mut (&mut from).take(length), &mut to)? != length {
            return Err(invalid("it ends early"));
        }
        to.sync_all()?;
        files += 1;
    }
    let (sha256, ..) = std::mem::take(&mut from.hasher).finish();
    let mut told = [0; 32];
    from.to.read_exact(&mut told)?;
    if told != sha256.0 || from.to.read(&mut [0])? != 0 {
        return Err(invalid("its check sum does not match"));
    }
    // An empty folder of the layout is not in the list of files.
    if let Ok(case) = CaseFolder::open(dir) {
        std::fs::create_dir_all(case.incoming())?;
        std::fs::create_dir_all(case.blobs())?;
    }
    Ok(files)
}

/// What this machine offers and lacks.
///
/// # Errors
/// The confined reader cannot be started at all.
pub fn doctor(tools: Tools) -> Result<Health, Failure> {
    let probed = Reader::new(tools.worker).probe().map_err(|error| {
        Failure::new(
            Whose::Machine,
            "worker",
            format!("the confined reader cannot be started: {error}"),
        )
    })?;
    let (walls, attempts) = probed;
    let mut checks = Vec::new();
    let mut check = |what, good, found: String, hint: Option<&'static str>| {
        checks.push(Check {
            what,
            good,
            found,
            hint: hint.filter(|_| !good),
        });
    };
    let state = |stands: bool| {
        if stands {
            "enforced".to_owned()
        } else {
            "not available".to_owned()
        }
    };
    check(
        "caps on memory and CPU",
        walls.limits,
        state(walls.limits),
        Some("resource limits could not be set"),
    );
    check(
        "landlock (no files)",
        walls.landlock,
        state(walls.landlock),
        Some("a Linux kernel from 5.13 with Landlock switched on has it"),
    );
    check(
        "seccomp (no system calls but a few)",
        walls.seccomp,
        state(walls.seccomp),
        Some("a kernel with seccomp filters has it"),
    );
    let through: Vec<_> = attempts
        .iter()
        .filter(|a| !a.refused)
        .map(|a| a.what.as_str())
        .collect();
    let safe = through.is_empty();
    let found = if safe {
        format!(
            "{} attempts of a hostile reader, all refused",
            attempts.len()
        )
    } else {
        format!("a hostile reader could: {}", through.join(", "))
    };
    check(
        "what a hostile file can do",
        safe,
        found,
        Some("read only files that you trust on this machine"),
    );
    let recogniser = Recogniser::find(tools.recogniser);
    let found = recogniser.as_ref().map_or_else(
        || "not installed".to_owned(),
        |r| format!("{} ({})", r.version(), r.languages().join(", ")),
    );
    check(
        "text recognition",
        recogniser.is_some(),
        found,
        Some("install tesseract with eng, kor, chi_sim and chi_tra to read scans"),
    );
    let (named, all) = typefaces();
    check(
        "fonts for pages without their own",
        all,
        named,
        Some(
            "install Noto Sans CJK: without it, Chinese, Japanese and Korean characters whose font \
             is not in the file are drawn as boxes; their text is right",
        ),
    );
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    check("cores", true, cores.to_string(), None);
    Ok(Health {
        safe: safe && walls.limits,
        checks,
    })
}

/// The typefaces of this machine that stand in for missing ones, and whether each script has one.
fn typefaces() -> (String, bool) {
    let found = extract::typefaces();
    let scripts = [
        (extract::Script::Korean, "Korean"),
        (extract::Script::Simplified, "simplified Chinese"),
        (extract::Script::Traditional, "traditional Chinese"),
        (extract::Script::Japanese, "Japanese"),
        (extract::Script::Other, "others"),
    ];
    let named = scripts.map(|(script, name)| {
        let face = found.iter().find(|face| face.script == script);
        let file = face.and_then(|face| face.path.file_name());
        let file = file.map_or("none".into(), |file| file.to_string_lossy());
        format!("{name}: {file}")
    });
    (named.join(", "), found.len() == scripts.len())
}
