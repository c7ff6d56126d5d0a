//! Who may be who: records of entities, candidate pairs, explained scores, clusters from judgements.
//!
//! An [`entity::Entity`] becomes a [`Record`], parsed once. [`compare`] gives a probability with its reasons; an
//! [`Index`] gives for one record those of many that are worth comparing, by several keys ranked by how rare
//! they are: no bucket is cut off, so two people called Kim in one town are still reachable.
//!
//! [`linkage`] is for lists: tables of people that overlap, linked to be counted.
//!
//! What it deliberately never does: it joins nothing by itself. Clusters follow what people said ([`clusters`]), and
//! a pair that somebody called different is never joined by way of a third.

mod clusters;
mod compare;
mod dates;
mod index;
mod keys;
pub mod linkage;
mod record;

pub use clusters::{Clusters, Conflict, clusters};
pub use compare::{compare, score};
pub use index::{Hit, Index, Pair, Search};
pub use record::{Identifier, Record, record};

/// At or above this probability two records are called a match unless somebody asks otherwise.
pub const THRESHOLD: f32 = 0.7;
