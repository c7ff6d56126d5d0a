//! Who had the goods, how they moved, what is said of them.

use serde::{Deserialize, Serialize};

use crate::{Claim, Day, Days, Document, Evidence, Factor, Mass, Origin, Product, ProductId};

/// Declares ids that are positions in a list of the [`Network`] and cannot be swapped for one another.
macro_rules! ids {
    ($($(#[$about:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[derive(serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u32);

        impl $name {
            /// As a position.
            #[must_use]
            pub const fn at(self) -> usize {
                self.0 as usize
            }

            /// The id of a position in a list of the network.
            ///
            /// # Panics
            /// Beyond four thousand million.
            #[must_use]
            pub fn of(position: usize) -> Self {
                Self(u32::try_from(position).expect("fewer than 2^32"))
            }
        }
    )+};
}
pub(crate) use ids;

ids!(
    /// Position in [`Network::holders`].
    HolderId,
    /// Position in [`Network::hops`].
    HopId,
    /// Position in [`Network::lots`].
    LotId,
    /// Position in [`Network::taints`].
    TaintId,
    /// Position in [`Network::denials`].
    DenialId,
);

/// Everything known, as plain lists that point at each other by position. Any list may be filled in any order.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Network {
    pub holders: Vec<Holder>,
    pub products: Vec<Product>,
    /// Names of lots (batch number, EPC class or instance) as printed, each once.
    pub lots: Vec<Box<str>>,
    pub hops: Vec<Hop>,
    pub taints: Vec<Taint>,
    pub denials: Vec<Denial>,
    pub ownerships: Vec<Ownership>,
    pub claims: Vec<Claim>,
    pub documents: Vec<Document>,
    pub origins: Vec<Origin>,
}

/// What kind of thing held the goods.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum HolderKind {
    /// A vessel that catches, carries or supplies.
    Vessel,
    /// A plant, farm, cold store, mine or mill: a place.
    Facility,
    /// A company that sells abroad.
    Exporter,
    /// A company that takes in from abroad.
    Importer,
    /// Whose name the goods are sold under.
    Brand,
    /// A company or person whose part is not known.
    #[default]
    Party,
}

/// One who had the goods: a party, a facility or a vessel. Names over time are the case's affair; here is one label
/// and the key by which the case knows the entity.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// The entity's id in the case, or the normalised name where there is none.
    pub key: Box<str>,
    pub name: Box<str>,
    pub kind: HolderKind,
    /// How long this holder keeps goods, if known better than the question's general limits.
    pub holding: Option<Holding>,
}

/// Days from arrival to departure, both included; `min` 0 is the same day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Holding {
    pub min: i32,
    pub max: i32,
}

/// One dated movement of goods between two holders. A shipment of several products is several hops.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Hop {
    pub from: HolderId,
    pub to: HolderId,
    /// When the goods left; one day somewhere in here.
    pub departure: Days,
    /// When they arrived; one day somewhere in here, not before the departure.
    pub arrival: Days,
    /// When they were caught, grown or made at `from`, where a record says so.
    pub made: Option<Days>,
    pub product: Option<ProductId>,
    /// Live-weight equivalent where `factor` is set, else as on the record. `None`: no weight on the record.
    pub mass: Option<Mass>,
    /// The factor that was applied, in full, as an exhibit needs it.
    pub factor: Option<Box<Factor>>,
    /// The lots that moved.
    pub lots: Box<[LotId]>,
    /// The lots that these were made of at `from`, where a record states them all; else empty.
    pub inputs: Box<[LotId]>,
    /// The vessel that carried them, if it is not a holder of its own in the chain.
    pub vessel: Option<HolderId>,
    /// What the hop stands on.
    pub evidence: Evidence,
}

/// From one day to another, each known to an interval; `None` is open. A state that lasted, not one event.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// The first day on which it held; one day somewhere in here.
    pub from: Option<Days>,
    /// The last day on which it held; one day somewhere in here.
    pub to: Option<Days>,
}

impl Period {
    /// It may have held on these days, both included.
    #[must_use]
    pub fn possible(self) -> (Day, Day) {
        (
            self.from.map_or(Day::MIN, |days| days.first),
            self.to.map_or(Day::MAX, |days| days.last),
        )
    }

    /// It held on these days, both included, whatever the imprecise dates mean; `None` if on no day for certain.
    #[must_use]
    pub fn certain(self) -> Option<Days> {
        Days::new(
            self.from.map_or(Day::MIN, |days| days.last),
            self.to.map_or(Day::MAX, |days| days.first),
        )
    }
}

/// What a taint is on. What leaves a tainted *place* is exposed; only goods named themselves are shown tainted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaintOn {
    /// Everything made at a facility or caught by a vessel in the period.
    Holder(HolderId),
    /// One lot, wherever it moves.
    Lot(LotId),
    /// The goods of one hop.
    Hop(HopId),
}

/// A dated claim against a facility, a vessel or goods: forced labour, illegal fishing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Taint {
    pub on: TaintOn,
    /// When it held. Of no account for lots and hops.
    pub period: Period,
    /// In the words of the case ("North Korean workers", "forced labour").
    pub what: Box<str>,
    /// The most that the sources themselves say; the standing is never above it.
    pub stated: crate::Word,
    pub evidence: Evidence,
}

/// What a denial is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    Hop(HopId),
    Taint(TaintId),
}

/// A denial is a claim of its own: it stands beside what it denies and takes nothing away.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Denial {
    pub of: Subject,
    /// Who denies, as the document has it.
    pub by: Box<str>,
    pub on: Option<Days>,
    pub evidence: Evidence,
    /// What an analyst made of it; until then the subject is contested.
    pub ruling: Option<Ruling>,
}

/// A person's decision about a denial.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruling {
    /// The denial is believed: what it denies does not stand.
    pub upheld: bool,
    pub by: Box<str>,
    pub reason: Box<str>,
}

/// One holds a share of another (BODS), in thousandths, at least `low` and at most `high`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ownership {
    pub owner: HolderId,
    pub owned: HolderId,
    pub low: u16,
    pub high: u16,
    pub period: Period,
    pub evidence: Evidence,
}
