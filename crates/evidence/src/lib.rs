//! Originals: the folder of a case, the vault that keeps their bytes sealed, and the walk that
//! finds them.
//!
//! An original is taken in once, hashed and sealed in one pass, and lies from then on under a name
//! that is keyed: whoever has the folder and no key learns neither content nor hashes. Nothing here
//! knows what a document is, and nothing here writes outside of the case.
//!
//! What it deliberately never does: it never follows a link, never alters what it reads (not even
//! the time of last access, where the system allows that), and never writes plain bytes to disk in
//! an encrypted case, not even for a moment.

mod failure;
mod found;
mod incoming;
mod layout;
mod lock;
mod scratch;
mod vault;
mod walk;

#[cfg(test)]
mod tests;

pub use failure::EvidenceError;
pub use found::{Found, Stamp, What};
pub use incoming::{Incoming, Taken};
pub use layout::{CaseFolder, Marker, find};
pub use lock::{CaseLock, LockError};
pub use scratch::{Scratch, Written};
pub use vault::{Stored, Vault, Verdict, WorkerInput};
pub use walk::{Count, Walk, count, walk};
