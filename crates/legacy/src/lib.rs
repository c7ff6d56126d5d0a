//! Documents of older and of Korean programs: RTF, Word 6 to 2003, PowerPoint 97 to 2003, HWP 5
//! and HWPX; and what an OLE compound file is.
//!
//! Each module has a `read` of the form that [`casefile::Input`] describes. All parsers are our
//! own, written after the published specifications, and take what can be read from broken files.
//! This crate never opens a file and keeps no state; workbooks and messages are read elsewhere.

mod codepage;
pub mod crypt;
pub mod doc;
pub mod hwp;
pub mod hwpx;
mod officeart;
pub mod ole;
pub mod ppt;
mod recognise;
pub mod rtf;
mod sink;

pub use recognise::{Kind, recognise};

use std::io::{Read, SeekFrom};

/// The first bytes of an input, which is left at its start.
fn head(bytes: &mut dyn casefile::ReadSeek, most: u64) -> Option<Vec<u8>> {
    bytes.seek(SeekFrom::Start(0)).ok()?;
    let mut head = Vec::new();
    (&mut *bytes).take(most).read_to_end(&mut head).ok()?;
    bytes.seek(SeekFrom::Start(0)).ok()?;
    Some(head)
}
