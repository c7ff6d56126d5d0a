//! A folder of sealed files as the index's storage.
//!
//! Every file is sealed in chunks under a key bound to its name with a fresh salt each time it is
//! written, so nothing is in the clear and no file passes for another. Opened chunks are kept in
//! a cache of bounded size. Locks are locks of the operating system: they end with the process.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::ops::Range;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use sealing::{CHUNK, ChunkOpener, Layout, SealError, SealedWriter, StreamKey};
use tantivy::HasLen;
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    AntiCallToken, Directory, DirectoryLock, FileHandle, Lock, OwnedBytes, TerminatingWrite,
    WatchCallback, WatchHandle, WritePtr,
};

/// Ranges above this are read past the cache: whole dictionaries, columns, merges.
const LARGE: usize = 512 << 10;

/// Inode, length and time of the file that names a commit.
pub(crate) type Stamp = (u64, u64, i64);

#[derive(Clone)]
pub(crate) struct Folder {
    inner: Arc<Inner>,
}

struct Inner {
    path: PathBuf,
    key: StreamKey,
    cache: Mutex<Cache>,
    files: AtomicU64,
    /// The first damage that was met.
    damage: Mutex<Option<String>>,
}

/// Opened chunks in two generations: what is not asked for while one fills is let go.
struct Cache {
    half: usize,
    used: usize,
    young: HashMap<(u64, u64), Arc<[u8]>>,
    old: HashMap<(u64, u64), Arc<[u8]>>,
}

impl Cache {
    fn get(&mut self, place: (u64, u64)) -> Option<Arc<[u8]>> {
        if let Some(chunk) = self.young.get(&place) {
            return Some(chunk.clone());
        }
        let chunk = self.old.remove(&place)?;
        self.put(place, chunk.clone());
        Some(chunk)
    }

    fn put(&mut self, place: (u64, u64), chunk: Arc<[u8]>) {
        if self.used + chunk.len() > self.half {
            self.old = std::mem::take(&mut self.young);
            self.used = 0;
        }
        self.used += chunk.len();
        self.young.insert(place, chunk);
    }
}

impl std::fmt::Debug for Folder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Folder({})", self.inner.path.display())
    }
}

impl Folder {
    pub(crate) fn new(path: &Path, key: StreamKey, cache_bytes: usize) -> Self {
        let cache = Cache {
            half: cache_bytes / 2,
            used: 0,
            young: HashMap::new(),
            old: HashMap::new(),
        };
        Self {
            inner: Arc::new(Inner {
                path: path.to_owned(),
                key,
                cache: Mutex::new(cache),
                files: AtomicU64::new(0),
                damage: Mutex::new(None),
            }),
        }
    }

    /// The first damage that was met, if any was.
    pub(crate) fn damage(&self) -> Option<String> {
        self.inner
            .damage
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Changes whenever a commit is made, here or in another process.
    pub(crate) fn stamp(&self) -> Option<Stamp> {
        let meta = fs::metadata(self.inner.path.join("meta.json")).ok()?;
        Some((
            meta.ino(),
            meta.len(),
            meta.mtime_nsec() ^ (meta.mtime() << 30),
        ))
    }

    fn place(&self, path: &Path) -> PathBuf {
        self.inner.path.join(path)
    }

    fn key(&self, path: &Path) -> StreamKey {
        self.inner.key.bound_to(path.as_os_str().as_encoded_bytes())
    }

    fn note<T>(&self, path: &Path, result: io::Result<T>) -> io::Result<T> {
        if let Err(error) = &result
            && let Some(damage) = SealError::from_io(error)
        {
            let mut first = self
                .inner
                .damage
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            first.get_or_insert_with(|| format!("{}: {damage}", path.display()));
        }
        result
    }
}

struct Sealed {
    folder: Folder,
    path: PathBuf,
    file: File,
    opener: ChunkOpener,
    layout: Layout,
    number: u64,
}

impl std::fmt::Debug for Sealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sealed({})", self.path.display())
    }
}

impl Sealed {
    fn open(folder: &Folder, path: &Path) -> io::Result<Self> {
        let file = File::open(folder.place(path))?;
        let layout = Layout::of_sealed(file.metadata()?.len())?;
        let mut head = [0; _];
        file.read_exact_at(&mut head, 0)?;
        let key = folder.key(path).key_of(&mut head.as_slice())?;
        let sealed = Self {
            folder: folder.clone(),
            path: path.to_owned(),
            file,
            opener: ChunkOpener::new(&key, head)?,
            layout,
            number: folder.inner.files.fetch_add(1, Ordering::Relaxed),
        };
        // The last chunk vouches for the length.
        sealed.chunk(layout.chunks().saturating_sub(1), true)?;
        Ok(sealed)
    }

    fn read_chunk(&self, chunk: u64, buffer: &mut Vec<u8>) -> io::Result<usize> {
        let (place, len) = self.layout.place(chunk);
        buffer.resize(len, 0);
        self.file.read_exact_at(buffer, place)?;
        Ok(self
            .opener
            .open(chunk, self.layout.is_last(chunk), buffer)?
            .len())
    }

    fn chunk(&self, chunk: u64, keep: bool) -> io::Result<Arc<[u8]>> {
        let place = (self.number, chunk);
        let cache = || {
            self.folder
                .inner
                .cache
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
        };
        if let Some(found) = cache().get(place) {
            return Ok(found);
        }
        let mut buffer = Vec::new();
        let len = self.read_chunk(chunk, &mut buffer)?;
        let opened: Arc<[u8]> = buffer.get(..len).unwrap_or_default().into();
        if keep {
            cache().put(place, opened.clone());
        }
        Ok(opened)
    }

    fn read(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        let outside = || io::Error::new(io::ErrorKind::UnexpectedEof, "a range outside the file");
        if range.start > range.end || range.end as u64 > self.layout.plain_len() {
            return Err(outside());
        }
        if range.is_empty() {
            return Ok(OwnedBytes::empty());
        }
        let (first, last) = (range.start / CHUNK, (range.end - 1) / CHUNK);
        if first == last {
            let chunk = self.chunk(first as u64, true)?;
            let base = first * CHUNK;
            let within = range.start - base..range.end - base;
            if within.end > chunk.len() {
                return Err(outside());
            }
            return Ok(OwnedBytes::new(chunk).slice(within));
        }
        let mut bytes = Vec::with_capacity(range.len());
        let mut buffer = Vec::new();
        for chunk in first..=last {
            let base = chunk * CHUNK;
            let from = range.start.saturating_sub(base);
            let to = (range.end - base).min(CHUNK);
            if range.len() > LARGE {
                let len = self.read_chunk(chunk as u64, &mut buffer)?;
                bytes.extend_from_slice(
                    buffer
                        .get(..len)
                        .and_then(|b| b.get(from..to))
                        .ok_or_else(outside)?,
                );
            } else {
                let opened = self.chunk(chunk as u64, true)?;
                bytes.extend_from_slice(opened.get(from..to).ok_or_else(outside)?);
            }
        }
        Ok(OwnedBytes::new(bytes))
    }
}

impl HasLen for Sealed {
    fn len(&self) -> usize {
        usize::try_from(self.layout.plain_len()).unwrap_or(usize::MAX)
    }
}

impl FileHandle for Sealed {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        self.folder.note(&self.path, self.read(range))
    }
}

struct Sink(Option<SealedWriter<File>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.0 {
            Some(writer) => writer.write(bytes),
            None => Err(io::Error::other("the file is finished")),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl TerminatingWrite for Sink {
    fn terminate_ref(&mut self, _: AntiCallToken) -> io::Result<()> {
        match self.0.take() {
            Some(writer) => writer.finish()?.sync_all(),
            None => Ok(()),
        }
    }
}

fn reading(path: &Path, error: io::Error) -> OpenReadError {
    if error.kind() == io::ErrorKind::NotFound {
        OpenReadError::FileDoesNotExist(path.to_owned())
    } else {
        OpenReadError::IoError {
            io_error: Arc::new(error),
            filepath: path.to_owned(),
        }
    }
}

/// A lock on the file; dropping it lets go at once, although a process that is just being started
/// may still hold a copy of the open file.
struct Held(File);

impl Drop for Held {
    fn drop(&mut self) {
        // If it fails, closing the file still lets go.
        let _ = self.0.unlock();
    }
}

impl Directory for Folder {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        let sealed = self.note(path, Sealed::open(self, path));
        Ok(Arc::new(sealed.map_err(|error| reading(path, error))?))
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        fs::remove_file(self.place(path)).map_err(|error| {
            if error.kind() == io::ErrorKind::NotFound {
                DeleteError::FileDoesNotExist(path.to_owned())
            } else {
                DeleteError::IoError {
                    io_error: Arc::new(error),
                    filepath: path.to_owned(),
                }
            }
        })
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.place(path)
            .try_exists()
            .map_err(|error| reading(path, error))
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(self.place(path));
        let writer = file.and_then(|file| self.key(path).writer(file));
        let writer = writer.map_err(|error| {
            if error.kind() == io::ErrorKind::AlreadyExists {
                OpenWriteError::FileAlreadyExists(path.to_owned())
            } else {
                OpenWriteError::IoError {
                    io_error: Arc::new(error),
                    filepath: path.to_owned(),
                }
            }
        })?;
        Ok(io::BufWriter::new(Box::new(Sink(Some(writer)))))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        let sealed = fs::read(self.place(path)).map_err(|error| reading(path, error))?;
        let opened = self.key(path).open(&sealed).map_err(io::Error::from);
        self.note(path, opened)
            .map_err(|error| reading(path, error))
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        let sealed = self.key(path).seal(data)?;
        let place = self.place(path);
        let mut name = place.file_name().unwrap_or_default().to_owned();
        name.push(".new");
        let new = place.with_file_name(name);
        let mut file = File::create(&new)?;
        file.write_all(&sealed)?;
        file.sync_all()?;
        fs::rename(&new, &place)?;
        self.sync_directory()
    }

    fn sync_directory(&self) -> io::Result<()> {
        File::open(&self.inner.path)?.sync_all()
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        let open = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(self.place(&lock.filepath));
        let file = open.map_err(LockError::wrap_io_error)?;
        if lock.is_blocking {
            file.lock().map_err(LockError::wrap_io_error)?;
        } else {
            file.try_lock().map_err(|error| match error {
                fs::TryLockError::WouldBlock => LockError::LockBusy,
                fs::TryLockError::Error(error) => LockError::wrap_io_error(error),
            })?;
        }
        Ok(DirectoryLock::from(Box::new(Held(file))))
    }

    fn watch(&self, _: WatchCallback) -> tantivy::Result<WatchHandle> {
        Ok(WatchHandle::empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dropped_lock_is_free_although_a_copy_of_its_file_is_still_open() {
        let world = tempfile::tempdir().expect("a temporary folder");
        let path = world.path().join("lock");
        let file = File::create(&path).expect("a file");
        file.lock().expect("locked");
        // What a child has between fork and exec.
        let copy = file.try_clone().expect("a copy");
        drop(Held(file));
        File::open(&path)
            .expect("there")
            .try_lock()
            .expect("free at once");
        drop(copy);
    }
}
