//! The vault: originals, sealed, each once.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use casefile::{Blake3, Sha256};
use sealing::{FileKey, Hasher, Keys, Layout, Purpose, SealError, SealedReader, StreamKey};

use crate::layout::{make_folder, sync_folder};
use crate::{CaseFolder, EvidenceError, Incoming, Taken};

/// The sealed originals of an open case. All operations may be used from several threads; across
/// processes, whoever takes in holds the [`crate::CaseLock`] to write.
pub struct Vault {
    case: CaseFolder,
    keys: Keys,
    key: StreamKey,
    next: AtomicU64,
    /// Guards the moment between looking whether an original is there and moving it in.
    moving: Mutex<Unsynced>,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vault")
            .field("case", &self.case)
            .finish_non_exhaustive()
    }
}

/// What was moved in since the last [`Vault::sync`].
#[derive(Debug, Default)]
struct Unsynced {
    /// The first few; beyond that the whole file system is synchronised.
    files: Vec<PathBuf>,
    count: u64,
}

/// From here on, one call that makes everything durable is cheaper than one for each file.
const FEW: u64 = 8;

/// What a confined process needs to read one original and nothing else.
#[derive(Debug)]
pub struct WorkerInput {
    /// Open for reading; sealed.
    pub file: File,
    pub key: FileKey,
    /// Bytes of the original.
    pub len: u64,
}

/// A file below `blobs/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stored {
    /// It has the form of a name that [`Vault::name_of`] gives.
    Blob { name: String, sealed_bytes: u64 },
    /// Something else; where.
    Stray(PathBuf),
}

/// What [`Vault::verify_one`] found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Whole, and so long.
    Whole(u64),
    Missing,
    /// The sealed file is damaged.
    Damaged(SealError),
    /// The file opens but holds another original.
    Other {
        sha256: Sha256,
        blake3: Blake3,
    },
}

impl Vault {
    #[must_use]
    pub fn open(case: &CaseFolder, keys: &Keys) -> Self {
        Self {
            case: case.clone(),
            key: keys.stream(Purpose::Blob),
            keys: keys.clone(),
            next: AtomicU64::new(0),
            moving: Mutex::default(),
        }
    }

    pub(crate) const fn key(&self) -> &StreamKey {
        &self.key
    }

    /// The name of an original in the vault: 64 hexadecimal digits.
    #[must_use]
    pub fn name_of(&self, original: &Sha256) -> String {
        self.keys.keyed_name(original)
    }

    fn path_of(&self, original: &Sha256) -> PathBuf {
        self.path_of_name(&self.name_of(original))
    }

    fn path_of_name(&self, name: &str) -> PathBuf {
        let (folder, file) = name.split_at_checked(2).unwrap_or(("", name));
        self.case.blobs().join(folder).join(file)
    }

    pub(crate) fn fresh_incoming(&self) -> PathBuf {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let name = format!("{}-{number}", std::process::id());
        self.case.incoming().join(name)
    }

    /// Takes an original in: reads it once, hashing and sealing.
    ///
    /// # Errors
    /// [`EvidenceError::Source`] if `from` fails; otherwise as [`Incoming::finish`]. Nothing is
    /// left behind then.
    pub fn take(&self, from: &mut dyn Read) -> Result<Taken, EvidenceError> {
        let mut incoming = self.begin();
        // Most originals are short: a long piece would be cleared for nothing.
        let mut piece = vec![0; 8 << 10];
        loop {
            match from.read(&mut piece) {
                Ok(0) => return incoming.finish(),
                Ok(count) => {
                    incoming.push(piece.get(..count).unwrap_or_default())?;
                    if count == piece.len() {
                        piece.resize(64 << 10, 0);
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(EvidenceError::Source(error)),
            }
        }
    }

    /// Begins to take an original in that arrives in pieces.
    #[must_use]
    pub fn begin(&self) -> Incoming<'_> {
        Incoming::begin(self)
    }

    /// Room for what is too long to be held in memory.
    ///
    /// # Errors
    /// The disk is full or refuses.
    pub fn scratch(&self) -> Result<crate::Scratch, EvidenceError> {
        crate::Scratch::begin(self)
    }

    /// Whether the original is there with the right length, a right head and a right last chunk.
    ///
    /// That is cheap, and finds what a loss of power leaves of a file that was never made durable.
    pub(crate) fn holds(&self, original: &Sha256, bytes: u64) -> bool {
        let reader = File::open(self.path_of(original)).and_then(|file| self.key.reader(file));
        reader.is_ok_and(|reader| reader.len() == bytes)
    }

    /// Moves a complete sealed file to its place; false if the original is there already.
    pub(crate) fn keep(
        &self,
        partial: &Path,
        original: &Sha256,
        bytes: u64,
    ) -> Result<bool, EvidenceError> {
        let path = self.path_of(original);
        let wrong = |error| EvidenceError::file("taking in", &path, error);
        // A thread that panicked while it held the lock left at worst a file without an entry in
        // the list: then the list is counted as long.
        let mut unsynced = self.moving.lock().unwrap_or_else(|poisoned| {
            let mut unsynced = poisoned.into_inner();
            unsynced.count = unsynced.count.saturating_add(FEW);
            unsynced
        });
        if self.holds(original, bytes) {
            return Ok(false);
        }
        match fs::rename(partial, &path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                path.parent().map_or(Ok(()), make_folder).map_err(wrong)?;
                fs::rename(partial, &path).map_err(wrong)?;
            }
            other => other.map_err(wrong)?,
        }
        unsynced.count = unsynced.count.saturating_add(1);
        if unsynced.count <= FEW {
            unsynced.files.push(path);
        }
        Ok(true)
    }

    /// Makes every original taken in so far durable, with the folders they lie in. Only after
    /// this may the database speak of them.
    ///
    /// # Errors
    /// The disk reports a failed write. Originals since the last success must be taken in again.
    pub fn sync(&self) -> Result<(), EvidenceError> {
        let blobs = self.case.blobs();
        let Unsynced { files, count } = match self.moving.lock() {
            Ok(mut unsynced) => std::mem::take(&mut *unsynced),
            Err(poisoned) => Unsynced {
                count: FEW.saturating_add(1),
                files: std::mem::take(&mut poisoned.into_inner().files),
            },
        };
        if count == 0 {
            return Ok(());
        }
        if count > FEW {
            let sync = || -> io::Result<()> { Ok(rustix::fs::syncfs(File::open(&blobs)?)?) };
            return sync().map_err(|e| EvidenceError::file("making durable", &blobs, e));
        }
        for path in &files {
            let sync = || -> io::Result<()> {
                File::open(path)?.sync_all()?;
                path.parent().map_or(Ok(()), sync_folder)
            };
            sync().map_err(|error| EvidenceError::file("making durable", path, error))?;
        }
        sync_folder(&blobs).map_err(|error| EvidenceError::file("making durable", &blobs, error))
    }

    /// Whether there is a file for the original; it may be damaged.
    #[must_use]
    pub fn has(&self, original: &Sha256) -> bool {
        self.path_of(original).is_file()
    }

    fn file_of(&self, original: &Sha256) -> Result<File, EvidenceError> {
        let path = self.path_of(original);
        File::open(&path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => EvidenceError::Missing(*original),
            _ => EvidenceError::file("reading", &path, error),
        })
    }

    fn unsealing(&self, original: &Sha256, error: io::Error) -> EvidenceError {
        match SealError::from_io(&error) {
            Some(source) => EvidenceError::DamagedOriginal {
                original: *original,
                source,
            },
            None => EvidenceError::file("reading", &self.path_of(original), error),
        }
    }

    /// The bytes of an original, readable at any place.
    ///
    /// # Errors
    /// It is missing or damaged. Damage inside is told when it is reached.
    pub fn read(&self, original: &Sha256) -> Result<SealedReader<File>, EvidenceError> {
        let file = self.file_of(original)?;
        let reader = self.key.reader(file);
        reader.map_err(|error| self.unsealing(original, error))
    }

    /// The sealed file of an original and the key of that file alone.
    ///
    /// # Errors
    /// It is missing, or its head or length are damaged.
    pub fn for_worker(&self, original: &Sha256) -> Result<WorkerInput, EvidenceError> {
        let mut file = self.file_of(original)?;
        let key = self.key.key_of(&mut file);
        let key = key.map_err(|error| self.unsealing(original, error))?;
        let sealed = file.metadata().map(|metadata| metadata.len());
        let layout = sealed.and_then(|sealed| Ok(Layout::of_sealed(sealed)?));
        let layout = layout.map_err(|error| self.unsealing(original, error))?;
        Ok(WorkerInput {
            file,
            key,
            len: layout.plain_len(),
        })
    }

    /// Reads an original to its end and hashes it again.
    ///
    /// # Errors
    /// The disk cannot be read; damage is a [`Verdict`].
    pub fn verify_one(
        &self,
        original: &Sha256,
        expected: &Blake3,
    ) -> Result<Verdict, EvidenceError> {
        let mut reader = match self.read(original) {
            Ok(reader) => reader,
            Err(EvidenceError::Missing(_)) => return Ok(Verdict::Missing),
            Err(EvidenceError::DamagedOriginal { source, .. }) => {
                return Ok(Verdict::Damaged(source));
            }
            Err(error) => return Err(error),
        };
        let mut hasher = Hasher::new();
        if let Err(error) = io::copy(&mut reader, &mut hasher) {
            return match self.unsealing(original, error) {
                EvidenceError::DamagedOriginal { source, .. } => Ok(Verdict::Damaged(source)),
                error => Err(error),
            };
        }
        let (sha256, blake3, bytes) = hasher.finish();
        Ok(if (sha256, blake3) == (*original, *expected) {
            Verdict::Whole(bytes)
        } else {
            Verdict::Other { sha256, blake3 }
        })
    }

    /// Everything below `blobs/`, in the order of names; one folder is held at a time.
    pub fn all_names(&self) -> impl Iterator<Item = Result<Stored, EvidenceError>> + use<> {
        let blobs = self.case.blobs();
        let folders = sorted(&blobs);
        let folders: Box<dyn Iterator<Item = _>> = match folders {
            Ok(folders) => Box::new(folders.into_iter().map(Ok)),
            Err(error) => Box::new([Err(error)].into_iter()),
        };
        folders.flat_map(|folder| {
            let listed = folder.and_then(|(folder, is_folder)| {
                let prefix = folder.file_name().and_then(|name| name.to_str());
                let Some(prefix) = prefix.filter(|name| is_folder && is_hex(name, 2)) else {
                    return Ok(vec![Ok(Stored::Stray(folder))]);
                };
                let stored = |(path, is_folder): (PathBuf, bool)| {
                    let name = path.file_name().and_then(|name| name.to_str());
                    let Some(name) = name.filter(|name| !is_folder && is_hex(name, 62)) else {
                        return Ok(Stored::Stray(path));
                    };
                    let metadata = fs::symlink_metadata(&path);
                    let metadata =
                        metadata.map_err(|e| EvidenceError::file("reading", &path, e))?;
                    if !metadata.is_file() {
                        return Ok(Stored::Stray(path));
                    }
                    Ok(Stored::Blob {
                        name: format!("{prefix}{name}"),
                        sealed_bytes: metadata.len(),
                    })
                };
                Ok(sorted(&folder)?.into_iter().map(stored).collect())
            });
            listed.unwrap_or_else(|error| vec![Err(error)])
        })
    }

    /// Removes a sealed original by its name: for those that the database does not know.
    ///
    /// # Errors
    /// The name has not the form of one, or the file cannot be removed. One that is not there is
    /// no error.
    pub fn remove(&self, name: &str) -> Result<(), EvidenceError> {
        let path = self.path_of_name(name);
        if !is_hex(name, 64) {
            let error = io::Error::from(io::ErrorKind::InvalidInput);
            return Err(EvidenceError::file("removing", &path, error));
        }
        remove_if_there(&path)
    }

    /// Removes what killed runs left in `incoming/`, and says how many files that were. The
    /// caller holds the lock to write.
    ///
    /// # Errors
    /// The folder cannot be read or a file not be removed.
    pub fn clean_incoming(&self) -> Result<u64, EvidenceError> {
        let incoming = self.case.incoming();
        make_folder(&incoming).map_err(|e| EvidenceError::file("making", &incoming, e))?;
        let mut removed = 0_u64;
        for (path, is_folder) in sorted(&incoming)? {
            if !is_folder {
                remove_if_there(&path)?;
                removed = removed.saturating_add(1);
            }
        }
        Ok(removed)
    }
}

fn remove_if_there(path: &Path) -> Result<(), EvidenceError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(EvidenceError::file("removing", path, error))
        }
        _ => Ok(()),
    }
}

fn is_hex(name: &str, len: usize) -> bool {
    let digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    name.len() == len && name.bytes().all(digit)
}

/// The entries of a folder, and which are folders themselves.
fn sorted(folder: &Path) -> Result<Vec<(PathBuf, bool)>, EvidenceError> {
    let list = || -> io::Result<Vec<(PathBuf, bool)>> {
        let mut entries = fs::read_dir(folder)?
            .map(|entry| entry.and_then(|entry| Ok((entry.path(), entry.file_type()?.is_dir()))))
            .collect::<io::Result<Vec<_>>>()?;
        entries.sort_unstable();
        Ok(entries)
    };
    list().map_err(|error| EvidenceError::file("reading", folder, error))
}
