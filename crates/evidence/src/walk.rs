//! Walking a folder: every file once, in a stable order, without ever leaving it.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::vec;

use rustix::fs::{Dir, FileType, Mode, OFlags, fstat, open, openat};
use rustix::io::Errno;

use crate::found::{Found, Look, What, look};

/// Deeper folders are reported, not entered: each level keeps a folder open.
const DEEPEST: usize = 400;

/// Files below a folder, depth first, names in the order of their bytes. The names of one folder
/// for each level are in memory, never the tree.
#[derive(Debug)]
pub struct Walk {
    levels: Vec<Level>,
    /// Where the current level is, from the root.
    path: PathBuf,
    ready: Vec<Found>,
    /// The folder of the case, by device and inode: it is not part of what it takes in.
    case: Option<(u64, u64)>,
}

#[derive(Debug)]
struct Level {
    folder: Arc<OwnedFd>,
    names: vec::IntoIter<OsString>,
}

/// Files and bytes below a root.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    pub files: u64,
    pub bytes: u64,
    /// Places that are skipped or cannot be read.
    pub others: u64,
}

/// Walks a folder, or a single file. A root that is a link itself was named by the user and is
/// followed; links below it are not. `case` is left out if it lies inside.
///
/// # Errors
/// There is nothing at `root`, or it cannot be opened.
pub fn walk(root: &Path, case: Option<&Path>) -> io::Result<Walk> {
    let root = fs::canonicalize(root)?;
    let case = case.and_then(|case| {
        let flags = OFlags::PATH | OFlags::CLOEXEC;
        identity(&open(case, flags, Mode::empty()).ok()?)
    });
    let mut walk = Walk {
        levels: Vec::new(),
        path: PathBuf::new(),
        ready: Vec::new(),
        case,
    };
    if fs::symlink_metadata(&root)?.is_dir() {
        let folder = open_folder(None, root.as_os_str())?;
        walk.enter(folder);
        return Ok(walk);
    }
    let (Some(parent), Some(name)) = (root.parent(), root.file_name()) else {
        return Err(io::ErrorKind::InvalidInput.into());
    };
    let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let folder = Arc::new(open(parent, flags, Mode::empty())?);
    if let Look::Is(what) = look(&folder, name) {
        walk.ready.push(Found {
            path: PathBuf::from(name),
            what,
            folder: Some(folder),
            name: name.to_owned(),
        });
    }
    Ok(walk)
}

/// Counts what [`walk`] will find.
///
/// # Errors
/// As [`walk`].
pub fn count(root: &Path, case: Option<&Path>) -> io::Result<Count> {
    let mut count = Count::default();
    for found in walk(root, case)? {
        match found.what {
            What::File(stamp) => {
                count.files = count.files.saturating_add(1);
                count.bytes = count.bytes.saturating_add(stamp.size);
            }
            What::Skipped(_) | What::Unreadable(_) => {
                count.others = count.others.saturating_add(1);
            }
        }
    }
    Ok(count)
}

fn identity(folder: &OwnedFd) -> Option<(u64, u64)> {
    let stat = fstat(folder).ok()?;
    let folder = FileType::from_raw_mode(stat.st_mode) == FileType::Directory;
    folder.then_some((stat.st_dev, stat.st_ino))
}

fn open_folder(within: Option<&OwnedFd>, name: &OsStr) -> Result<OwnedFd, Errno> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let open = |flags| match within {
        Some(folder) => openat(folder, name, flags, Mode::empty()),
        None => open(name, flags, Mode::empty()),
    };
    match open(flags | OFlags::NOATIME) {
        Err(Errno::PERM) => open(flags),
        other => other,
    }
}

impl Walk {
    /// Lists a folder and makes it the current level. A listing that breaks off is told, and what
    /// was listed is walked.
    fn enter(&mut self, folder: OwnedFd) {
        let mut names = Vec::new();
        let mut broken = None;
        match Dir::read_from(&folder) {
            Err(error) => broken = Some(error),
            Ok(mut entries) => loop {
                match entries.next() {
                    None => break,
                    Some(Err(error)) => {
                        broken = Some(error);
                        break;
                    }
                    Some(Ok(entry)) => {
                        let name = entry.file_name().to_bytes();
                        if name != b"." && name != b".." {
                            names.push(OsStr::from_bytes(name).to_owned());
                        }
                    }
                }
            },
        }
        names.sort_unstable();
        if let Some(error) = broken {
            self.ready.push(Found {
                path: self.path.clone(),
                what: What::Unreadable(error.into()),
                folder: None,
                name: OsString::new(),
            });
        }
        self.levels.push(Level {
            folder: Arc::new(folder),
            names: names.into_iter(),
        });
    }

    /// Enters a folder below the current one, or says why not.
    fn descend(&mut self, folder: &OwnedFd, name: &OsStr) -> Option<What> {
        if self.levels.len() >= DEEPEST {
            let reason = format!("more than {DEEPEST} folders deep");
            return Some(What::Skipped(reason));
        }
        let opened = match open_folder(Some(folder), name) {
            Ok(opened) => opened,
            // It was a folder a moment ago.
            Err(Errno::LOOP | Errno::NOTDIR) => {
                return Some(What::Skipped("a link; links are not followed".to_owned()));
            }
            Err(error) => return Some(What::Unreadable(error.into())),
        };
        if self.case.is_some() && identity(&opened) == self.case {
            return Some(What::Skipped("the folder of this case".to_owned()));
        }
        self.path.push(name);
        self.enter(opened);
        None
    }
}

impl Iterator for Walk {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        loop {
            if let Some(found) = self.ready.pop() {
                return Some(found);
            }
            let level = self.levels.last_mut()?;
            let Some(name) = level.names.next() else {
                self.levels.pop();
                self.path.pop();
                continue;
            };
            let folder = Arc::clone(&level.folder);
            let what = match look(&folder, &name) {
                Look::Is(what) => what,
                Look::Folder => match self.descend(&folder, &name) {
                    Some(what) => what,
                    None => continue,
                },
            };
            return Some(Found {
                path: self.path.join(&name),
                what,
                folder: Some(folder),
                name,
            });
        }
    }
}
