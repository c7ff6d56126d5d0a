//! Hostile files are read in a process that can do nothing else.
//!
//! The same program is started again as a *worker* ([`run`]), shuts itself in, and then gets one
//! original after another over a socket: an open descriptor and, if the original is sealed, the
//! key of that one file. It answers with pieces of text and members. A worker never sees the
//! case, its database, its keys, another file or the network. When it dies, or takes too long,
//! that is the outcome of one document, and another worker takes its place.

mod confine;
mod inside;
mod outside;
pub(crate) mod wire;

pub use crate::render::Wanted;
pub(crate) use confine::around_program;
pub use confine::{MEMORY, Walls};
pub use inside::run;
pub use outside::{Handed, Hints, Program, Reader};
pub use wire::{Attempt, Rendered};
