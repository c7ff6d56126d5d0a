//! Names across scripts: is this name that name, and why.
//!
//! A name becomes parsed parts ([`person`], [`organisation`], [`vessel`]); each syllable of a name from
//! East Asia is a *set of readings* ([`syllables`]) and not one transliteration, so that 김철호, 金哲浩,
//! Kim Chol Ho and Jin Zhehao can meet, while 리영호 and 리용호, which fall together only in Latin letters,
//! stay apart. A comparison is a sum of log-odds, each with its reason ([`Comparison`]).
//!
//! What it deliberately never does: it reads no file and no clock, it never decides that two people
//! are one (a score is no proof of identity), and it never compares by a single romanised form.

pub mod comparison;
pub mod distance;
pub mod fold;
mod keys;
pub mod organisation;
pub mod person;
pub mod syllables;
pub mod vessel;

pub use comparison::{Comparison, Feature, Prepared, compare, compare_names, log_odds, prepare};
pub use keys::keys;
