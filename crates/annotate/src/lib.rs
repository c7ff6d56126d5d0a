//! Optional extractors, off unless asked for, and the gate that all of them pass.
//!
//! There are two: a `Model` in a file, run in this process, which proposes mentions and is there if
//! the feature `model` is; and an
//! [`Endpoint`], a server that speaks the protocol of chat completions, which proposes statements.
//! Neither is trusted: an extractor only *proposes*; [`admit`] and [`admit_mentions`] keep what
//! stands in the text and whose numbers, dates and negations the scanners of `statement` find
//! there too. A text that gives orders to a model can spoil its own proposals, and nothing else.

mod endpoint;
mod gate;
mod http;
mod mentions;
#[cfg(feature = "model")]
mod model;
mod passages;
mod words;

pub use endpoint::{Endpoint, Limits, Refused, Trouble};
pub use gate::{Admitted, Date, Figure, Proposal, Reason, Rejected, Teller, admit, from_json};
pub use mentions::{AdmittedMentions, Named, admit_mentions, kind_of};
#[cfg(feature = "model")]
pub use model::{LoadFault, Model};
pub use passages::{Passage, passages};
