//! Supply chains with evidence on every hop.
//!
//! A [`Network`] holds who had the goods ([`Holder`]), their dated movements ([`Hop`]), what is said against a place
//! or a lot ([`Taint`]), who denies it ([`Denial`]), and for each of these the claims it stands on, down to document
//! and origin. The questions are functions over it. All dates are intervals of days, all masses intervals of grams.
//!
//! What it deliberately never does: it spreads no risk along paths, multiplies no probabilities of edges, calls
//! nothing illegal and nobody guilty, and does not take the volume that passed through a place for volume shown
//! tainted.

mod amounts;
mod chains;
mod check;
mod conventions;
mod critical;
mod days;
mod evasion;
mod evidence;
mod flow;
mod likelihood;
mod mass;
mod missing;
mod model;
mod product;
mod question;
mod reach;
mod regime;
mod sweep;
#[cfg(feature = "testkit")]
pub mod testkit;
mod timetable;
mod withdraw;
mod worlds;

pub use amounts::{Bounds, Measure, Status, Volume, Volumes, volume};
pub use chains::{Arrival, Chain, is_place};
pub use check::check;
pub use conventions::{Convention, Share};
pub use critical::{Breaking, SourceKind};
pub use days::{Day, Days, day, iso};
pub use evasion::{Lead, Listing, Mark, Sighting, leads, plain};
pub use evidence::{
    Basis, Claim, ClaimId, Document, DocumentId, Evidence, Locus, Origin, OriginId, Standing, Word,
    standing,
};
pub use likelihood::{EXACT, Likelihood, Method, Untold};
pub use mass::{Factor, Mass};
pub use missing::{Gap, Lack, Record, gaps, lacks, record};
pub use model::{
    Denial, DenialId, Holder, HolderId, HolderKind, Holding, Hop, HopId, LotId, Network, Ownership,
    Period, Ruling, Subject, Taint, TaintId, TaintOn,
};
pub use product::{Fit, Form, Hs, Product, ProductId, becomes, carried, fit};
pub use question::{Rules, Start, Sure, Traces, Withdrawn, tight};
pub use regime::{Assessed, Assessment, Element, Fact, Reference, Regime, State, assess, regimes};
pub use timetable::Timetable;
pub use withdraw::{Fall, Source};
