//! What a walk finds, and how it is opened without being led astray.

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::sync::Arc;

use rustix::fs::{AtFlags, FileType, Mode, OFlags, Stat, fstat, openat, statat};
use rustix::io::Errno;

/// By what a file is known again without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Stamp {
    pub size: u64,
    /// Nanoseconds since 1970; negative before.
    pub mtime_ns: i64,
    pub ctime_ns: i64,
    pub inode: u64,
    pub device: u64,
}

impl Stamp {
    fn of(stat: &Stat) -> Self {
        let ns = |seconds: i64, ns: i64| seconds.saturating_mul(1_000_000_000).saturating_add(ns);
        Self {
            size: u64::try_from(stat.st_size).unwrap_or(0),
            mtime_ns: ns(stat.st_mtime, stat.st_mtime_nsec as i64),
            ctime_ns: ns(stat.st_ctime, stat.st_ctime_nsec as i64),
            inode: stat.st_ino,
            device: stat.st_dev,
        }
    }
}

/// What stands at a place.
#[derive(Debug)]
pub enum What {
    File(Stamp),
    /// Left out by rule; one line for people.
    Skipped(String),
    /// A file or folder that the system does not let us read.
    Unreadable(io::Error),
}

/// One place that a walk came to.
#[derive(Debug)]
pub struct Found {
    /// From the root of the walk; the file's own name if the root is a file. May be any bytes.
    pub path: PathBuf,
    pub what: What,
    /// The folder that the place is in: opening goes through it, so that no folder on the way can
    /// be exchanged for a link in the meantime.
    pub(crate) folder: Option<Arc<OwnedFd>>,
    pub(crate) name: OsString,
}

impl Found {
    /// The path for people and for JSON: what is not UTF-8 is replaced by U+FFFD.
    #[must_use]
    pub fn display(&self) -> String {
        self.path.to_string_lossy().into_owned()
    }

    /// The path as the system has it.
    #[must_use]
    pub fn raw(&self) -> &[u8] {
        self.path.as_os_str().as_bytes()
    }

    /// Opens the file for reading. The stamp is the one of the opened file, which may have changed
    /// since the walk. Never follows a link and never waits for a pipe.
    ///
    /// # Errors
    /// It cannot be opened, or is no longer a regular file.
    pub fn open(&self) -> io::Result<(File, Stamp)> {
        let folder = self.folder.as_ref().ok_or(io::ErrorKind::NotFound)?;
        let flags =
            OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC | OFlags::NOCTTY;
        let open = |flags| openat(folder, self.name.as_os_str(), flags, Mode::empty());
        // The time of last access is evidence too; only the owner may leave it alone.
        let opened = match open(flags | OFlags::NOATIME) {
            Err(Errno::PERM) => open(flags),
            other => other,
        };
        let file = opened.map_err(|error| match error {
            Errno::LOOP => not_regular(),
            other => other.into(),
        })?;
        let stat = fstat(&file)?;
        if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
            return Err(not_regular());
        }
        Ok((File::from(file), Stamp::of(&stat)))
    }
}

fn not_regular() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidInput,
        "it is no longer a regular file",
    )
}

/// What stands at a name in a folder; folders are for the caller.
pub(crate) enum Look {
    Folder,
    Is(What),
}

pub(crate) fn look(folder: &OwnedFd, name: &std::ffi::OsStr) -> Look {
    let stat = match statat(folder, name, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(stat) => stat,
        Err(error) => return Look::Is(What::Unreadable(error.into())),
    };
    let skipped = |reason: &str| Look::Is(What::Skipped(reason.to_owned()));
    match FileType::from_raw_mode(stat.st_mode) {
        FileType::RegularFile => Look::Is(What::File(Stamp::of(&stat))),
        FileType::Directory => Look::Folder,
        FileType::Symlink => match rustix::fs::readlinkat(folder, name, Vec::new()) {
            Ok(target) => {
                let target = target.to_string_lossy().into_owned();
                skipped(&format!("a link to {target}; links are not followed"))
            }
            Err(_) => skipped("a link; links are not followed"),
        },
        FileType::Fifo => skipped("a pipe, not a file"),
        FileType::Socket => skipped("a socket, not a file"),
        FileType::CharacterDevice | FileType::BlockDevice => skipped("a device, not a file"),
        FileType::Unknown => skipped("neither a file nor a folder"),
    }
}
