//! One table of hops, whatever they were read from.

use serde::Serialize;
use supply::{Basis, Days};

use crate::bill::VesselNamed;
use crate::day;
use crate::mass::Mass;
use crate::party::Party;
use crate::shipment::RowAt;

/// Who holds goods at one end of a hop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Holder {
    pub id: String,
    pub name: String,
    pub vessel: bool,
    pub country: Option<String>,
}

impl From<&Party> for Holder {
    fn from(party: &Party) -> Self {
        Self {
            id: party.id.clone(),
            name: party.name.clone(),
            vessel: false,
            country: party.country.clone(),
        }
    }
}

impl Holder {
    /// A vessel that is told by something.
    #[must_use]
    pub fn vessel(vessel: &VesselNamed) -> Option<Self> {
        let id = vessel.id()?;
        Some(Self {
            name: vessel.name.clone().unwrap_or_else(|| id.clone()),
            id,
            vessel: true,
            country: vessel.flag.clone(),
        })
    }
}

/// One movement of goods between two holders, as records tell it.
#[derive(Debug, Clone, Serialize)]
pub struct Movement {
    /// The shipment or event it is from.
    pub id: String,
    pub from: Holder,
    pub to: Holder,
    /// The record names the receiver as such; else it is only possible, and `why` tells.
    pub stated: bool,
    pub why: String,
    #[serde(serialize_with = "day::shown")]
    pub departed: Option<Days>,
    #[serde(serialize_with = "day::shown")]
    pub arrived: Option<Days>,
    /// When the goods were caught or made at `from`.
    #[serde(serialize_with = "day::shown")]
    pub made: Option<Days>,
    pub product: Option<String>,
    pub species: Option<String>,
    pub hs: Option<String>,
    pub kg: Option<Mass>,
    pub lots: Vec<String>,
    pub inputs: Vec<String>,
    pub carried_by: Option<VesselNamed>,
    pub basis: Basis,
    /// The number of a bill: whoever declared it is the one origin, however many vendors resell it.
    pub bill: Option<String>,
    /// Sources, any of which tells of it; the rows of one belong together.
    pub sources: Vec<Vec<RowAt>>,
}
