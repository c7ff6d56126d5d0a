//! How many people are on none of the lists.
//!
//! Lists of the same people overlap; how they overlap says something about how many are on no list. A
//! [`Table`] counts people by the lists they are on. [`report`] puts several methods side by side, each with its
//! assumptions, its diagnostics and its warnings, and gives a range where two or more of them have an answer. What
//! the data cannot bear is refused with the reason.
//!
//! Each method stands in a module of its own: [`loglinear`] (Poisson models for sparse tables, chosen step by
//! step or by BIC, with resampling that repeats the choice), [`threshold`], [`graphs`], [`classes`], [`lists`].
//! [`linkages`] carries the uncertainty of record linkage into an estimate.
//!
//! What it deliberately never does: it shows no single figure as the answer, reads no figure out of a document,
//! and draws no random number that its seed does not give again. It touches no file, clock or network.

mod appendix;
mod bootstrap;
mod cells;
pub mod chains;
pub mod classes;
mod dense;
mod existence;
pub mod graphs;
mod hierarchy;
mod known;
pub mod linkages;
pub mod lists;
pub mod loglinear;
mod methods;
mod poisson;
mod random;
mod read;
mod report;
mod special;
mod table;
pub mod threshold;
mod words;

pub use appendix::{appendix, source};
pub use bootstrap::{Resampled, resample};
pub use cells::{SMALL, shown};
pub use existence::Existence;
pub use known::Known;
pub use methods::Method;
pub use poisson::{Fit, Fitter, Model, NoFit};
pub use random::Random;
pub use read::{Columns, TableRead, read};
pub use report::{
    Answer, Headline, PriorChanged, RankedModel, Report, Settings, change_priors, report,
    without_each,
};
pub use table::{MOST_LISTS, MOST_PEOPLE, Pattern, Table, TableError};
pub use words::{Language, Note, WORDING, wording};
