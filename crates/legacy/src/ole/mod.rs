//! OLE compound files (MS-CFB) and what is stored in them (MS-OLEDS, MS-OLEPS).

mod compound;
mod objects;
mod salvage;
mod summary;
mod write;

pub(crate) use compound::MAGIC;
pub use compound::{Compound, Entry};
pub use objects::storage_objects;
pub(crate) use objects::{bitmap_file, ole1, unwrap};
pub use salvage::{Lost, find};
pub use summary::{Property, properties, summary_of};
#[cfg(test)]
pub(crate) use write::file_of;
pub use write::storage_as_file;

use casefile::ReadSeek;

/// A compound file written anew from what can be found in a broken one, for readers that take
/// only sound ones. `None` if there is no directory to go by, or nothing in it.
#[must_use]
pub fn repaired(bytes: &mut dyn ReadSeek) -> Option<Vec<u8>> {
    storage_as_file(&mut Compound::open(bytes)?, 0)
}

/// Little-endian numbers at an offset; `None` outside the bytes.
pub(crate) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let two = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_le_bytes(two.try_into().ok()?))
}

pub(crate) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(four.try_into().ok()?))
}

/// An offset or length that a file states, as an index.
pub(crate) fn size_at(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u32_at(bytes, at)?).ok()
}
