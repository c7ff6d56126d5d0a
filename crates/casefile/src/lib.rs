//! The vocabulary of a case: the values that every other crate passes on.
//!
//! This crate is the bottom layer. It knows the words of `PRODUCT.md` and nothing else: no file,
//! no clock, no network, no database, and serde as its only dependency. Whatever has a rule that
//! can be stated over plain values (a span lies inside its text, an outcome is one of eight) is
//! stated here, so that a mistake does not compile or does not construct.

mod date;
mod id;
pub mod normal;
mod outcome;
mod reading;
pub mod statement;
mod text;

pub use date::ApproxDate;
pub use id::{Blake3, DocumentId, ParseIdError, Sha256, StatementId};
pub use outcome::{Outcome, Problem};
pub use reading::{
    Emit, Field, Input, Limits, Member, MemberKind, Metadatum, Piece, ReadSeek, Reading, Stop,
};
pub use text::{Block, BlockKind, Page, Section, Span, TextBuilder, WordBox};
