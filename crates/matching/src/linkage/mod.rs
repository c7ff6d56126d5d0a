//! Record linkage of lists: which records of several lists, or of one, are of the same person.
//!
//! Columns are recognised ([`recognise`]) and read into values ([`Records`]); rules of blocking say which pairs are
//! compared at all, and how many that makes is known before anything runs.
//! The model is that of Fellegi and Sunter (1969), with probabilities found by expectation maximisation.
//!
//! What it deliberately never does: it touches no file and no clock, and it calls nobody the same person; it gives
//! probabilities with their reasons, and clusters for counting.

mod blocking;
mod counting;
mod fields;
mod history;
mod identity;
mod jaro;
mod kind;
mod levels;
mod model;
mod overlap;
mod propose;
mod reading;
mod records;
mod scoring;
mod settings;
mod sheet;
mod sweep;
mod texts;
mod training;
mod written;

pub use blocking::{By, Pairing, Rule, RuleCount, RulePart};
pub use counting::{Constraints, Joined, Refusal, join};
pub use fields::{Field, Remark, recognise};
pub use history::{History, MOST_LISTS, drawn, history};
pub use identity::{cluster_ids, collisions, record_ids};
pub use jaro::{jaro, jaro_winkler};
pub use kind::Kind;
pub use model::{FieldModel, LevelModel, Model, Round, Source};
pub use overlap::copied;
pub use propose::{Proposal, count, propose};
pub use records::{Place, Records};
pub use scoring::{Explainer, LEAST, Scored, ScoredPairs, Step, score};
pub use settings::{SETTINGS_VERSION, Settings};
pub use sheet::{Column, Sheet};
pub use sweep::{SweepRow, THRESHOLDS, sweep};
pub use texts::Texts;
pub use training::{Label, train, without_m};
pub use written::{DateRead, day_first, read_date};

#[cfg(test)]
mod tests;
