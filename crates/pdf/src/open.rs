//! Opening a file: where it begins, its password, whether it is whole.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use casefile::Problem;
use hayro_syntax::object::Dict;
use hayro_syntax::{DecryptionError, LoadPdfError, Pdf};

use crate::encryption;
use crate::metadata::find_last;

/// A file that could be opened, and what was wrong with it.
pub(crate) struct Opened {
    pub(crate) pdf: Pdf,
    pub(crate) problems: Vec<Problem>,
    /// The end of the file is missing.
    pub(crate) truncated: bool,
    /// Only the attached files are encrypted, and no password fits.
    pub(crate) files_locked: bool,
    /// Its streams are encrypted.
    pub(crate) encrypted: bool,
    /// Pages that the document says it has.
    pub(crate) promised: Option<usize>,
}

/// Why a file could not be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Closed {
    /// It needs a password, and whether some were tried.
    Password { tried: usize },
    /// It is encrypted in a way that is not read.
    Cipher,
    /// No page could be found.
    Damaged,
}

struct Bytes(Arc<Vec<u8>>, usize);

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        self.0.get(self.1..).unwrap_or_default()
    }
}

/// Opens `bytes`, trying the empty password and then `passwords` in order.
pub(crate) fn open(bytes: &Arc<Vec<u8>>, passwords: &[String]) -> Result<Opened, Closed> {
    let head = bytes.get(..bytes.len().min(64 << 10)).unwrap_or_default();
    let start = head
        .windows(5)
        .position(|part| part == b"%PDF-")
        .unwrap_or(0);
    let mut problems = Vec::new();
    // Offsets count from the head or from the start of the file: both occur.
    let mut closed = Closed::Damaged;
    let starts = if start == 0 { vec![0] } else { vec![start, 0] };
    for from in starts {
        match unlock(bytes, from, passwords) {
            Ok(pdf) => {
                if start > 0 {
                    let message = format!(
                        "{start} bytes stand before the head of the file; they are kept but not read"
                    );
                    problems.push(Problem::new("head-late", message));
                }
                return Ok(examine(pdf, bytes, start, problems, false));
            }
            Err(Closed::Damaged) => {}
            Err(other) => closed = other,
        }
    }
    // A document may encrypt its attached files alone (ISO 32000-2, 7.6.6.2).
    let open = encryption::files_only(bytes).map(Arc::new);
    match open.map(|open| unlock(&open, start, &[])) {
        Some(Ok(pdf)) => Ok(examine(pdf, bytes, start, problems, true)),
        _ => Err(closed),
    }
}

fn unlock(bytes: &Arc<Vec<u8>>, from: usize, passwords: &[String]) -> Result<Pdf, Closed> {
    let load = |password: &str| {
        let data = Arc::new(Bytes(Arc::clone(bytes), from));
        // Foreign bytes in foreign code: a panic there is a damaged file here.
        catch_unwind(AssertUnwindSafe(|| Pdf::new_with_password(data, password)))
            .unwrap_or(Err(LoadPdfError::Invalid))
    };
    let mut cipher = false;
    for password in std::iter::once("").chain(passwords.iter().map(String::as_str)) {
        match load(password) {
            Ok(pdf) => return Ok(pdf),
            Err(LoadPdfError::Decryption(DecryptionError::PasswordProtected)) => {}
            Err(LoadPdfError::Decryption(_)) => {
                cipher = true;
                break;
            }
            Err(LoadPdfError::Invalid) => return Err(Closed::Damaged),
        }
    }
    if !cipher {
        // Owners' passwords of the older methods open the file by way of the user's.
        for password in passwords {
            if let Some(user) = encryption::user_password(bytes, password)
                && let Ok(pdf) = load(&user)
            {
                return Ok(pdf);
            }
        }
    }
    Err(if cipher {
        Closed::Cipher
    } else {
        Closed::Password {
            tried: passwords.len(),
        }
    })
}

fn examine(
    pdf: Pdf,
    bytes: &[u8],
    start: usize,
    mut problems: Vec<Problem>,
    files_locked: bool,
) -> Opened {
    let tail = bytes
        .get(bytes.len().saturating_sub(4096)..)
        .unwrap_or_default();
    let pointer = find_last(tail, b"startxref");
    let truncated = pointer.is_none() && find_last(tail, b"%%EOF").is_none();
    if !truncated && !points_to_table(bytes, start, pointer.and_then(|at| tail.get(at + 9..))) {
        let message =
            "the table of objects is broken; the objects were found by searching the file";
        problems.push(Problem::new("xref-repaired", message));
    }
    let xref = pdf.xref();
    let promised = xref
        .get::<Dict<'_>>(xref.root_id())
        .and_then(|catalog| catalog.get::<Dict<'_>>("Pages"))
        .and_then(|pages| pages.get::<u32>("Count"))
        .map(|count| count as usize);
    Opened {
        pdf,
        problems,
        truncated,
        files_locked,
        encrypted: encryption::is_encrypted(bytes),
        promised,
    }
}

fn points_to_table(bytes: &[u8], start: usize, after: Option<&[u8]>) -> bool {
    let Some(after) = after else {
        return false;
    };
    let digits: Vec<u8> = after
        .iter()
        .copied()
        .skip_while(u8::is_ascii_whitespace)
        .take_while(u8::is_ascii_digit)
        .take(20)
        .collect();
    let Some(offset) = std::str::from_utf8(&digits)
        .ok()
        .and_then(|d| d.parse::<usize>().ok())
    else {
        return false;
    };
    let fits = |at: usize| {
        let there = bytes
            .get(at..at.saturating_add(24).min(bytes.len()))
            .unwrap_or_default();
        let there = there.trim_ascii_start();
        there.starts_with(b"xref") || there.first().is_some_and(u8::is_ascii_digit)
    };
    fits(offset) || fits(offset.saturating_add(start))
}
