//! Files of trade records to one [`supply::Network`].

mod claims;
mod evidence;
mod hops;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use supply::{
    Basis, Days, DocumentId, Holder as Node, HolderId, HolderKind, HopId, Listing, LotId, Mark,
    Network, OriginId, ProductId, Sighting, Status,
};

use crate::day;
use crate::file::{Content, Read};
use crate::movement::{Holder, Movement};
use crate::problem::Problem;
use crate::shipment::{self, BillFile, RowAt, Shipments};
use crate::table::Place;

/// Days that goods may be on their way where only one end of a hop is dated. An assumption of ours, shown with each
/// such hop: long sea voyages with transshipment take less.
pub const LONGEST_WAY: i32 = 120;

/// A file that takes part.
#[derive(Debug, Clone)]
pub struct Source {
    /// Its id in the case (`d_…`), or its path.
    pub key: String,
    pub title: String,
    pub read: Read,
}

/// Which masses the bounds are to be of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Masses {
    /// As the records state them, gross and net alike.
    #[default]
    Stated,
    /// Of the goods alone: an interval where a record does not say net ([`crate::mass::LEAST_NET`]).
    Net,
}

/// A name under which somebody stands in the records, and in which days.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    pub names: BTreeMap<String, Option<Days>>,
    /// Values by property (`address`, `phone`, `country`, `flag`, `officer`, `number`), each with its rows.
    pub properties: BTreeMap<(&'static str, String), Vec<RowAt>>,
    pub first_seen: Option<i32>,
}

/// The network and the way back from it to the rows.
#[derive(Debug, Clone, Default)]
pub struct Joined {
    pub network: Network,
    pub shipments: Shipments,
    pub movements: Vec<Movement>,
    /// For each hop, the movement it is of.
    pub hop_movements: Vec<usize>,
    /// Addresses, phones, officers and numbers, each with its day and claim.
    pub sightings: Vec<Sighting>,
    /// Who was put on a list, by the claims.
    pub listings: Vec<Listing>,
    /// Hops whose goods are said to be from elsewhere, or from nobody knows where.
    pub given: BTreeMap<HopId, Status>,
    /// For each claim, the row it stands in and its place.
    pub claim_rows: Vec<(RowAt, Place)>,
    /// For each holder.
    pub known: Vec<Known>,
    /// With the position of the file that each is about.
    pub problems: Vec<(usize, Problem)>,
}

/// Joins files. `same` gives the id by which holders are joined: a person's judgements that two are one.
#[must_use]
pub fn network(sources: &[Source], masses: Masses, same: &dyn Fn(&str) -> String) -> Joined {
    let mut build = Build {
        sources,
        masses,
        same,
        holders: HashMap::new(),
        documents: HashMap::new(),
        origins: HashMap::new(),
        products: HashMap::new(),
        lots: HashMap::new(),
        out: Joined::default(),
    };
    build.shipments();
    build.other_movements();
    build.apart();
    build.hops();
    build.registers();
    build.owners();
    build.claims();
    build.kinds();
    build.out
}

struct Build<'a> {
    sources: &'a [Source],
    masses: Masses,
    same: &'a dyn Fn(&str) -> String,
    holders: HashMap<String, HolderId>,
    documents: HashMap<String, DocumentId>,
    origins: HashMap<String, OriginId>,
    products: HashMap<supply::Product, ProductId>,
    lots: HashMap<String, LotId>,
    out: Joined,
}

impl Build<'_> {
    fn shipments(&mut self) {
        let files: Vec<BillFile> = self
            .sources
            .iter()
            .map(|source| match &source.read.content {
                Content::Bills(rows) => BillFile {
                    rows: rows.clone(),
                    problems: Vec::new(),
                },
                _ => BillFile::default(),
            })
            .collect();
        let found = shipment::shipments(&files);
        self.out.problems.extend(found.problems.iter().cloned());
        for shipment in &found.shipments {
            let (Some(from), Some(importer)) = (&shipment.shipper, &shipment.importer) else {
                continue;
            };
            let first = shipment
                .rows
                .first()
                .and_then(|at| files.get(at.file)?.rows.get(at.row));
            // Whom a bill only lets be notified is inferred to have imported, not recorded.
            let basis = match first {
                _ if !importer.stated => Basis::Estimate,
                Some(row) => row.basis,
                None => Basis::Record,
            };
            // A catch that is landed or transshipped: the vessel of the row is its shipper.
            let from = match shipment.vessel.as_ref().and_then(Holder::vessel) {
                Some(vessel) if ships_itself(&from.name, &vessel.name) => vessel,
                _ => Holder::from(from),
            };
            for item in &shipment.items {
                self.out.movements.push(Movement {
                    id: shipment.id.clone(),
                    from: from.clone(),
                    to: Holder::from(&importer.party),
                    stated: importer.stated,
                    why: importer.why.clone(),
                    departed: shipment.departed,
                    arrived: shipment.arrived,
                    made: None,
                    product: item.product.clone(),
                    species: item.species.clone(),
                    hs: item.hs.first().cloned(),
                    kg: item.kg,
                    lots: item.lots.clone(),
                    inputs: item.input_lots.clone(),
                    carried_by: shipment.vessel.clone(),
                    basis,
                    bill: shipment.bill.clone(),
                    sources: shipment.sources.clone(),
                });
            }
        }
        self.out.shipments = found;
    }

    fn other_movements(&mut self) {
        for (file, source) in self.sources.iter().enumerate() {
            match &source.read.content {
                Content::Epcis(events) => {
                    self.out.movements.extend(events.movements.iter().cloned())
                }
                Content::Vessels(events) => {
                    let made = events.iter().flat_map(|event| event.movements(file));
                    self.out.movements.extend(made);
                }
                _ => {}
            }
        }
    }

    /// One name in two countries is not joined: where the records contradict each other, the country is part of who
    /// somebody is.
    fn apart(&mut self) {
        let mut countries: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for movement in &self.out.movements {
            for end in [&movement.from, &movement.to] {
                if let (false, Some(country)) = (end.vessel, &end.country) {
                    countries
                        .entry(end.id.clone())
                        .or_default()
                        .insert(country.clone());
                }
            }
        }
        countries.retain(|_, found| found.len() > 1);
        if countries.is_empty() {
            return;
        }
        let mut told: BTreeSet<String> = BTreeSet::new();
        for movement in &mut self.out.movements {
            let file = movement
                .sources
                .first()
                .and_then(|rows| rows.first())
                .map_or(0, |at| at.file);
            for end in [&mut movement.from, &mut movement.to] {
                let Some(found) = countries.get(&end.id) else {
                    continue;
                };
                if told.insert(end.id.clone()) {
                    let all: Vec<&str> = found.iter().map(String::as_str).collect();
                    let message = format!(
                        "`{}` stands in several countries ({}); its records are not joined across them",
                        end.name,
                        all.join(", ")
                    );
                    self.out
                        .problems
                        .push((file, Problem::of_file("one-name-two-countries", message)));
                }
                if let Some(country) = &end.country {
                    end.id = format!("{}@{country}", end.id);
                }
            }
        }
    }

    fn holder(&mut self, id: &str, name: &str, vessel: bool) -> HolderId {
        let key = (self.same)(id);
        if let Some(known) = self.holders.get(&key) {
            return *known;
        }
        let new = HolderId::of(self.out.network.holders.len());
        self.out.network.holders.push(Node {
            key: key.as_str().into(),
            name: name.into(),
            kind: if vessel {
                HolderKind::Vessel
            } else {
                HolderKind::Party
            },
            holding: None,
        });
        self.out.known.push(Known::default());
        self.holders.insert(key, new);
        new
    }

    fn seen(&mut self, holder: HolderId, name: &str, days: Option<Days>) {
        let Some(known) = self.out.known.get_mut(holder.at()) else {
            return;
        };
        let at = known.names.entry(name.to_owned()).or_default();
        *at = match (*at, days) {
            (Some(a), Some(b)) => Some(day::hull(a, b)),
            (a, b) => a.or(b),
        };
        if let Some(days) = days {
            known.first_seen = Some(
                known
                    .first_seen
                    .map_or(days.first, |first| first.min(days.first)),
            );
        }
    }

    fn property(
        &mut self,
        holder: HolderId,
        name: &'static str,
        value: Option<&String>,
        at: RowAt,
    ) {
        let (Some(value), Some(known)) = (value, self.out.known.get_mut(holder.at())) else {
            return;
        };
        known
            .properties
            .entry((name, value.clone()))
            .or_default()
            .push(at);
    }

    /// A property that may tell two names as one, on the day of its record.
    fn sighted(
        &mut self,
        holder: HolderId,
        name: &'static str,
        value: Option<&String>,
        at: RowAt,
        seen: Option<Days>,
    ) {
        self.property(holder, name, value, at);
        let mark = match name {
            "address" => Mark::Address,
            "phone" => Mark::Phone,
            "officer" => Mark::Officer,
            "number" => Mark::Registration,
            _ => return,
        };
        let (Some(value), Some(seen)) = (value, seen) else {
            return;
        };
        if let Some(claim) = self.claim(at, Basis::Record, None) {
            self.out.sightings.push(Sighting {
                holder,
                mark,
                value: value.as_str().into(),
                seen,
                claim,
            });
        }
    }
}

/// `F/V OCEAN STAR` ships what the vessel `OCEAN STAR` carries.
fn ships_itself(shipper: &str, vessel: &str) -> bool {
    let bare = |name: &str| {
        let key = crate::party::key(name);
        ["f-v-", "fv-", "m-v-", "mv-", "m-t-", "vessel-"]
            .iter()
            .find_map(|prefix| key.strip_prefix(prefix).map(str::to_owned))
            .unwrap_or(key)
    };
    !vessel.is_empty() && bare(shipper) == bare(vessel)
}
