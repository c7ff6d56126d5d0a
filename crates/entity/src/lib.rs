//! Entities in the form of FollowTheMoney: what watch lists, registers and other cases exchange.
//!
//! The schemata and types are those of the Python package `followthemoney` at the version that
//! [`Model::version`] tells, embedded as data; a few of our own ([`Model::own`]) stand beside them in the same
//! form, each with its projection to plain FollowTheMoney. A line of JSON becomes an [`Entity`] and a list of
//! [`Trouble`]: a property that the model does not know, a value that is not of its type, an identifier whose
//! check digit is wrong are kept as they came and told beside it. Nothing is dropped.
//!
//! What it deliberately never does: it touches no file, no clock and no network, and it merges nothing.

mod clean;
mod country;
mod edge;
mod entity;
pub mod identifier;
mod judgement;
mod kind;
mod lines;
mod model;
mod project;
mod table;

pub use clean::{clean, text};
pub use country::country;
pub use edge::{Edge, edges};
pub use entity::{Entity, Trouble, caption};
pub use judgement::{
    Judged, Judgement, JudgementError, grounded, read_judgements, write_judgements,
};
pub use kind::Kind;
pub use lines::{LineError, read_line, write_line};
pub use model::{EdgeSpec, Model, Property, Schema, model};
pub use project::project;
pub use table::{TableError, columns, from_row, statements, to_row};
