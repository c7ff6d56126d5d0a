//! Movements to hops, and what kind of holder each end is.

use std::collections::BTreeSet;

use supply::{Days, HolderId, HolderKind, Hop, HopId, LotId, ProductId, Status};

use super::{Build, LONGEST_WAY, Masses};
use crate::file::Content;
use crate::goods;
use crate::mass::Mass;
use crate::movement::{Holder, Movement};
use crate::shipment::RowAt;

impl Build<'_> {
    pub(super) fn lot(&mut self, name: &str) -> LotId {
        if let Some(known) = self.lots.get(name) {
            return *known;
        }
        let new = LotId::of(self.out.network.lots.len());
        self.out.network.lots.push(name.into());
        self.lots.insert(name.to_owned(), new);
        new
    }

    pub(super) fn product(&mut self, movement: &Movement) -> Option<ProductId> {
        let product = goods::product(
            movement.species.as_deref(),
            movement.product.as_deref(),
            movement.hs.as_deref(),
        )?;
        if let Some(known) = self.products.get(&product) {
            return Some(*known);
        }
        let new = ProductId::of(self.out.network.products.len());
        self.out.network.products.push(product.clone());
        self.products.insert(product, new);
        Some(new)
    }

    pub(super) fn hops(&mut self) {
        let movements = std::mem::take(&mut self.out.movements);
        for (number, movement) in movements.iter().enumerate() {
            self.hop(number, movement);
        }
        self.out.movements = movements;
    }

    pub(super) fn hop(&mut self, number: usize, movement: &Movement) {
        let lead = movement
            .sources
            .first()
            .and_then(|rows| rows.first())
            .copied();
        let Some(lead) = lead else {
            return;
        };
        let (departure, arrival) = match (movement.departed, movement.arrived) {
            (Some(out), Some(back)) => (out, back),
            (Some(out), None) => (
                out,
                Days {
                    first: out.first,
                    last: out.last.saturating_add(LONGEST_WAY),
                },
            ),
            (None, Some(back)) => (
                Days {
                    first: back.first.saturating_sub(LONGEST_WAY),
                    last: back.last,
                },
                back,
            ),
            (None, None) => return,
        };
        let from = self.holder(&movement.from.id, &movement.from.name, movement.from.vessel);
        let to = self.holder(&movement.to.id, &movement.to.name, movement.to.vessel);
        self.seen(from, &movement.from.name, Some(departure));
        self.seen(to, &movement.to.name, Some(arrival));
        self.end_properties(lead, from, to, movement);
        if from == to {
            return;
        }
        let evidence = self.evidence(&movement.sources, movement.basis, movement.bill.as_deref());
        let product = self.product(movement);
        let lots = movement.lots.iter().map(|lot| self.lot(lot)).collect();
        let inputs = movement.inputs.iter().map(|lot| self.lot(lot)).collect();
        let vessel = movement
            .carried_by
            .as_ref()
            .and_then(Holder::vessel)
            .filter(|vessel| vessel.id != movement.from.id);
        let vessel = vessel.map(|vessel| {
            let id = self.holder(&vessel.id, &vessel.name, true);
            self.seen(id, &vessel.name, Some(departure));
            self.property(id, "flag", vessel.country.as_ref(), lead);
            id
        });
        self.out.network.hops.push(Hop {
            from,
            to,
            departure,
            arrival,
            made: movement.made,
            product,
            mass: movement.kg.and_then(|mass| kilograms(mass, self.masses)),
            factor: None,
            lots,
            inputs,
            vessel,
            evidence,
        });
        if unknown(&movement.from.name) {
            let at = HopId::of(self.out.network.hops.len() - 1);
            self.out.given.insert(at, Status::Unknown);
        }
        self.out.hop_movements.push(number);
    }

    /// Addresses, phones and countries that the bill gives its parties.
    pub(super) fn end_properties(
        &mut self,
        lead: RowAt,
        from: HolderId,
        to: HolderId,
        movement: &Movement,
    ) {
        self.property(from, "country", movement.from.country.as_ref(), lead);
        self.property(to, "country", movement.to.country.as_ref(), lead);
        let sources = self.sources;
        let Some(Content::Bills(rows)) = sources.get(lead.file).map(|source| &source.read.content)
        else {
            return;
        };
        let Some(row) = rows.get(lead.row) else {
            return;
        };
        for (holder, id, party) in [
            (from, &movement.from.id, &row.shipper),
            (to, &movement.to.id, &row.consignee),
            (to, &movement.to.id, &row.notify),
        ] {
            if let Some(party) = party.as_ref().filter(|party| id.starts_with(&party.id)) {
                let seen = movement.departed.or(movement.arrived);
                self.sighted(holder, "address", party.address.as_ref(), lead, seen);
                self.sighted(holder, "phone", party.phone.as_ref(), lead, seen);
            }
        }
    }

    /// What kind of holder each is, from its part in the hops.
    pub(super) fn kinds(&mut self) {
        let plants: BTreeSet<String> = self
            .sources
            .iter()
            .filter_map(|source| match &source.read.content {
                Content::Epcis(events) => Some(&events.plants),
                _ => None,
            })
            .flatten()
            .map(|id| (self.same)(id))
            .collect();
        let network = &mut self.out.network;
        let (mut ships, mut abroad, mut takes) =
            (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for (hop, number) in network.hops.iter().zip(&self.out.hop_movements) {
            ships.insert(hop.from);
            takes.insert(hop.to);
            let ends = self
                .out
                .movements
                .get(*number)
                .map(|m| (&m.from.country, &m.to.country));
            if let Some((Some(a), Some(b))) = ends
                && a != b
            {
                abroad.insert(hop.from);
            }
        }
        for (at, node) in network.holders.iter_mut().enumerate() {
            let id = HolderId::of(at);
            if node.kind != HolderKind::Party {
                continue;
            }
            node.kind = if plants.contains(&*node.key) || is_plant(&node.name) {
                HolderKind::Facility
            } else if takes.contains(&id) && !ships.contains(&id) {
                HolderKind::Importer
            } else if abroad.contains(&id) {
                HolderKind::Exporter
            } else {
                HolderKind::Party
            };
        }
    }
}

/// A sender who is not known: goods from nobody knows where.
fn unknown(name: &str) -> bool {
    matches!(
        crate::party::key(name).as_str(),
        "unknown" | "unknown-origin" | "unknown-shipper" | "불명" | "不明" | "未知"
    )
}

/// Words in the names of places where goods are worked or kept.
fn is_plant(name: &str) -> bool {
    const WORDS: &[&str] = &[
        "plant",
        "processing",
        "cannery",
        "factory",
        "cold store",
        "cold storage",
        "coldstore",
        "mill",
        "farm",
        "冷库",
        "加工厂",
        "加工",
        "冷冻",
        "공장",
        "냉장",
        "냉동",
        "가공",
    ];
    let lower = name.to_lowercase();
    WORDS.iter().any(|word| lower.contains(word))
}

fn kilograms(mass: Mass, masses: Masses) -> Option<supply::Mass> {
    let (low, high) = match masses {
        Masses::Stated => (mass.low, mass.high),
        Masses::Net => mass.net(),
    };
    supply::Mass::kg(low, high)
}
