//! The folder of a case.
//!
//! ```text
//! case.json    marks the folder as a case; nothing secret, nothing personal
//! keys.json    key slots                     keys.copy.json   the same again
//! ledger.db    the database                  lock             who works on the case
//! blobs/xx/…   sealed originals              incoming/        sealed, not yet complete
//! index/       the search index, sealed
//! ```

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use casefile::Blake3;
use sealing::{KeyError, KeyFile, blake3};
use serde::{Deserialize, Serialize};

use crate::EvidenceError;

const MAGIC: &str = "tumen case";
const VERSION: u32 = 1;
const MARKER: &str = "case.json";
const MOST_BYTES: u64 = 1 << 20;

/// What marks a folder as a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Marker {
    magic: String,
    /// The version of the folder's form.
    pub version: u32,
    /// RFC 3339.
    pub created: String,
    /// Nothing in the case is encrypted. For show: the key file decides.
    pub plain: bool,
    check: Option<Blake3>,
}

impl Marker {
    fn new(created: &str, plain: bool) -> Self {
        let mut marker = Self {
            magic: MAGIC.to_owned(),
            version: VERSION,
            created: created.to_owned(),
            plain,
            check: None,
        };
        marker.check = Some(marker.sum());
        marker
    }

    fn sum(&self) -> Blake3 {
        let summed = Self {
            check: None,
            ..self.clone()
        };
        blake3(summed.to_text().as_bytes())
    }

    fn to_text(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    fn parse(text: &str, path: &Path) -> Result<Self, EvidenceError> {
        let damaged = |reason: &str| EvidenceError::Damaged {
            path: path.to_owned(),
            reason: reason.to_owned(),
        };
        // Only these two are read of a newer form, which may have other fields.
        #[derive(Deserialize)]
        struct Any {
            magic: String,
            version: u32,
        }
        let any: Any = serde_json::from_str(text).map_err(|_| damaged("it is not a marker"))?;
        if any.magic != MAGIC {
            return Err(damaged("it is not a marker of this program"));
        }
        if any.version > VERSION {
            return Err(EvidenceError::NewerFormat(any.version));
        }
        let marker: Self = serde_json::from_str(text).map_err(|_| damaged("it is not a marker"))?;
        if marker.check != Some(marker.sum()) || marker.to_text() != text {
            return Err(damaged("its check sum does not match"));
        }
        Ok(marker)
    }
}

/// Whether the folder is a case, be it a damaged one.
fn is_case(folder: &Path) -> bool {
    let text = read_text(&folder.join(MARKER)).unwrap_or_default();
    // One damaged bit in the marker must not hide a case.
    text.contains(MAGIC) || (folder.join("keys.json").is_file() && folder.join("blobs").is_dir())
}

/// The nearest case at `start` or above it.
#[must_use]
pub fn find(start: &Path) -> Option<PathBuf> {
    let start = fs::canonicalize(start).ok()?;
    start
        .ancestors()
        .find(|folder| is_case(folder))
        .map(Path::to_owned)
}

fn read_text(path: &Path) -> io::Result<String> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MOST_BYTES).read_to_end(&mut bytes)?;
    // A damaged byte shall be told as damage by whoever parses, not hide the file.
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Makes the entries of a folder durable.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

pub(crate) fn make_folder(path: &Path) -> io::Result<()> {
    match fs::DirBuilder::new().mode(0o700).create(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        other => other,
    }
}

/// Writes a small file so that either the old or the new content is there, whatever happens.
fn replace(path: &Path, content: &[u8]) -> Result<(), EvidenceError> {
    let partial = path.with_extension("new");
    let write = || -> io::Result<()> {
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&partial)?;
        file.write_all(content)?;
        file.sync_all()?;
        fs::rename(&partial, path)?;
        path.parent().map_or(Ok(()), sync_folder)
    };
    write().map_err(|error| {
        // What failed already is told; a leftover does no harm and is overwritten the next time.
        let _ = fs::remove_file(&partial);
        EvidenceError::file("writing", path, error)
    })
}

/// The folder of a case and where everything lies in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseFolder {
    root: PathBuf,
}

impl CaseFolder {
    /// Makes the folder of a new case. It may exist if it is empty. The marker is written last:
    /// before that, it is no case. `created` is the time, RFC 3339.
    ///
    /// # Errors
    /// The folder is not empty ([`EvidenceError::NotEmpty`]) or cannot be written.
    pub fn create(root: &Path, keys: &KeyFile, created: &str) -> Result<Self, EvidenceError> {
        let wrong = |error| EvidenceError::file("making the folder", root, error);
        if let Ok(mut entries) = fs::read_dir(root)
            && entries.next().is_some()
        {
            return Err(EvidenceError::NotEmpty(root.to_owned()));
        }
        let parents = root
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty());
        if let Some(parent) = parents {
            fs::create_dir_all(parent).map_err(wrong)?;
        }
        make_folder(root).map_err(wrong)?;
        let case = Self {
            root: fs::canonicalize(root).map_err(wrong)?,
        };
        for folder in [case.blobs(), case.incoming(), case.index()] {
            make_folder(&folder).map_err(wrong)?;
        }
        case.write_keys(keys)?;
        let plain = keys.cipher()? == sealing::Cipher::Plain;
        let marker = Marker::new(created, plain);
        replace(&case.root.join(MARKER), marker.to_text().as_bytes())?;
        Ok(case)
    }

    /// The folder of an existing case; its marker is read with [`CaseFolder::marker`].
    ///
    /// # Errors
    /// It is not a case.
    pub fn open(root: &Path) -> Result<Self, EvidenceError> {
        let no_case = || EvidenceError::NoCase(root.to_owned());
        let root = fs::canonicalize(root).map_err(|_| no_case())?;
        if is_case(&root) {
            Ok(Self { root })
        } else {
            Err(no_case())
        }
    }

    /// # Errors
    /// The marker is missing or damaged, or the case is of a newer version.
    pub fn marker(&self) -> Result<Marker, EvidenceError> {
        let path = self.root.join(MARKER);
        let text = read_text(&path).map_err(|e| EvidenceError::file("reading", &path, e))?;
        Marker::parse(&text, &path)
    }

    /// Writes the marker anew, after damage.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn mend_marker(&self, created: &str, plain: bool) -> Result<(), EvidenceError> {
        let marker = Marker::new(created, plain);
        replace(&self.root.join(MARKER), marker.to_text().as_bytes())
    }

    /// The key file, and whether it came from its copy because the first is missing or damaged.
    ///
    /// # Errors
    /// Both are missing or damaged.
    pub fn keys(&self) -> Result<(KeyFile, bool), EvidenceError> {
        let first = read_keys(&self.keys_file());
        match first {
            Ok(keys) => Ok((keys, false)),
            Err(error) => read_keys(&self.keys_copy())
                .map(|keys| (keys, true))
                .map_err(|_| error),
        }
    }

    /// Whether both copies of the key file are whole and the same; the reason if not.
    ///
    /// # Errors
    /// One is missing or damaged, or they differ.
    pub fn verify_keys(&self) -> Result<(), EvidenceError> {
        let keys = read_keys(&self.keys_file())?;
        if read_keys(&self.keys_copy())? != keys {
            return Err(EvidenceError::Damaged {
                path: self.keys_copy(),
                reason: "it differs from keys.json".to_owned(),
            });
        }
        Ok(())
    }

    /// Writes both copies of the key file, durably.
    ///
    /// # Errors
    /// One cannot be written; the other is as it was, or new.
    pub fn write_keys(&self, keys: &KeyFile) -> Result<(), EvidenceError> {
        let text = keys.to_text();
        replace(&self.keys_file(), text.as_bytes())?;
        replace(&self.keys_copy(), text.as_bytes())
    }

    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    #[must_use]
    pub fn keys_file(&self) -> PathBuf {
        self.root.join("keys.json")
    }

    #[must_use]
    pub fn keys_copy(&self) -> PathBuf {
        self.root.join("keys.copy.json")
    }

    #[must_use]
    pub fn ledger(&self) -> PathBuf {
        self.root.join("ledger.db")
    }

    #[must_use]
    pub fn blobs(&self) -> PathBuf {
        self.root.join("blobs")
    }

    #[must_use]
    pub fn incoming(&self) -> PathBuf {
        self.root.join("incoming")
    }

    #[must_use]
    pub fn index(&self) -> PathBuf {
        self.root.join("index")
    }

    #[must_use]
    pub fn lock_file(&self) -> PathBuf {
        self.root.join("lock")
    }
}

fn read_keys(path: &Path) -> Result<KeyFile, EvidenceError> {
    let text = read_text(path).map_err(|error| EvidenceError::file("reading", path, error))?;
    KeyFile::parse(&text).map_err(|error| match error {
        KeyError::Damaged(reason) => EvidenceError::Damaged {
            path: path.to_owned(),
            reason: reason.to_owned(),
        },
        other => other.into(),
    })
}
