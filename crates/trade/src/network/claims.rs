//! Registers, shares, claims and denials.

use supply::{
    Basis, Denial, Evidence, HolderId, HolderKind, Hop, HopId, Listing, Ownership, Period, Status,
    Subject, Taint, TaintId, TaintOn,
};

use super::Build;
use crate::bill::number_key;
use crate::claim::ClaimRow;
use crate::file::Content;
use crate::movement::Holder;
use crate::problem::Problem;
use crate::shipment::RowAt;

impl Build<'_> {
    pub(super) fn registers(&mut self) {
        let sources = self.sources;
        for (file, source) in sources.iter().enumerate() {
            let Content::Register(entries) = &source.read.content else {
                continue;
            };
            for (row, entry) in entries.iter().enumerate() {
                let at = RowAt { file, row };
                let holder = self.holder(&entry.facility.id, &entry.facility.name, false);
                if let Some(node) = self.out.network.holders.get_mut(holder.at()) {
                    node.kind = HolderKind::Facility;
                }
                self.seen(holder, &entry.facility.name, entry.valid_from);
                let number = entry.number.as_ref().map(|number| match &entry.scheme {
                    Some(scheme) => format!("{scheme} {number}"),
                    None => number.clone(),
                });
                self.sighted(holder, "number", number.as_ref(), at, entry.valid_from);
                self.sighted(
                    holder,
                    "address",
                    entry.facility.address.as_ref(),
                    at,
                    entry.valid_from,
                );
                self.sighted(
                    holder,
                    "phone",
                    entry.facility.phone.as_ref(),
                    at,
                    entry.valid_from,
                );
                self.property(holder, "country", entry.facility.country.as_ref(), at);
                self.sighted(
                    holder,
                    "officer",
                    entry.officer.as_ref(),
                    at,
                    entry.valid_from,
                );
            }
        }
    }

    pub(super) fn owners(&mut self) {
        let sources = self.sources;
        for (file, source) in sources.iter().enumerate() {
            let Content::Owners(owners) = &source.read.content else {
                continue;
            };
            for (row, one) in owners
                .iter()
                .enumerate()
                .filter(|(_, one)| one.owner != one.owned)
            {
                let Some(claim) = self.claim(RowAt { file, row }, Basis::Record, None) else {
                    continue;
                };
                let owner = self.holder(&one.owner, &one.owner_name, false);
                let owned = self.holder(&one.owned, &one.owned_name, false);
                let thousandths = |share: f64| (share * 10.0).round().clamp(0.0, 1000.0) as u16;
                self.out.network.ownerships.push(Ownership {
                    owner,
                    owned,
                    low: thousandths(one.low),
                    high: thousandths(one.high),
                    period: Period {
                        from: one.first_day,
                        to: one.last_day,
                    },
                    evidence: Evidence::Claim(claim),
                });
            }
        }
    }

    pub(super) fn claims(&mut self) {
        let sources = self.sources;
        let rows = || {
            sources.iter().enumerate().flat_map(|(file, source)| {
                let rows = match &source.read.content {
                    Content::Claims(rows) => rows.as_slice(),
                    _ => &[],
                };
                rows.iter()
                    .enumerate()
                    .map(move |(row, claim)| (RowAt { file, row }, claim))
            })
        };
        // What is claimed first, then what denies it.
        for (at, claim) in rows().filter(|(_, claim)| !claim.denial) {
            match claim.origin {
                Some(status) => self.origin_of_goods(at, claim, status),
                None => self.taint(at, claim),
            }
        }
        for (at, claim) in rows().filter(|(_, claim)| claim.denial) {
            self.denial(at, claim);
        }
    }

    /// Who a claim is about.
    pub(super) fn about(&mut self, claim: &ClaimRow) -> Option<HolderId> {
        if let Some(facility) = &claim.facility {
            let id = self.holder(&facility.id, &facility.name, false);
            if let Some(node) = self
                .out
                .network
                .holders
                .get_mut(id.at())
                .filter(|node| node.kind == HolderKind::Party)
            {
                node.kind = HolderKind::Facility;
            }
            return Some(id);
        }
        let vessel = Holder::vessel(claim.vessel.as_ref()?)?;
        Some(self.holder(&vessel.id, &vessel.name, true))
    }

    pub(super) fn taint(&mut self, at: RowAt, row: &ClaimRow) {
        if let Some(list) = listed(&row.what) {
            self.listing(at, row, list);
            return;
        }
        let on = match (&row.lot, &row.bill) {
            (Some(lot), _) => vec![TaintOn::Lot(self.lot(lot))],
            (None, Some(_)) => self.hops_of(row).into_iter().map(TaintOn::Hop).collect(),
            (None, None) => self.about(row).map(TaintOn::Holder).into_iter().collect(),
        };
        if on.is_empty() {
            self.unmatched(
                at,
                row,
                "the bill that the claim names is in none of these records",
            );
        }
        for on in on {
            let Some(claim) = self.claim(at, row.basis, None) else {
                continue;
            };
            let period = Period {
                from: row.first_day,
                to: row.last_day,
            };
            let evidence = Evidence::Claim(claim);
            // The same thing said again is a further source of one claim.
            let known =
                self.out.network.taints.iter_mut().find(|known| {
                    known.on == on && known.period == period && *known.what == *row.what
                });
            match known {
                Some(known) => {
                    let one = std::mem::replace(&mut known.evidence, Evidence::Any(Box::new([])));
                    let mut any = match one {
                        Evidence::Any(parts) => parts.into_vec(),
                        other => vec![other],
                    };
                    any.push(evidence);
                    known.evidence = Evidence::Any(any.into());
                    known.stated = known.stated.max(row.stated);
                }
                None => self.out.network.taints.push(Taint {
                    on,
                    period,
                    what: row.what.as_str().into(),
                    stated: row.stated,
                    evidence,
                }),
            }
        }
    }

    /// Being put on a list is no claim about goods: it is what a new name may be there to hide.
    fn listing(&mut self, at: RowAt, row: &ClaimRow, list: &str) {
        let about = self.about(row);
        let (Some(holder), Some(on)) = (about, row.first_day) else {
            self.unmatched(at, row, "a listing needs somebody and a day");
            return;
        };
        if let Some(claim) = self.claim(at, row.basis, None) {
            for (kind, value) in [
                (
                    "address",
                    row.facility
                        .as_ref()
                        .and_then(|party| party.address.clone()),
                ),
                (
                    "phone",
                    row.facility.as_ref().and_then(|party| party.phone.clone()),
                ),
            ] {
                self.sighted(holder, kind, value.as_ref(), at, Some(on));
            }
            self.out.listings.push(Listing {
                holder,
                list: list.into(),
                on,
                claim,
            });
        }
    }

    /// Goods of which it is said where they come from: those of a bill or lot, or all that left a holder in the period.
    fn origin_of_goods(&mut self, at: RowAt, row: &ClaimRow, status: Status) {
        let hops: Vec<HopId> = if row.bill.is_some() || row.from.is_some() || row.to.is_some() {
            self.hops_of(row)
        } else {
            let lot = row.lot.as_deref().map(|lot| self.lot(lot));
            let about = if lot.is_some() { None } else { self.about(row) };
            let (first, last) = Period {
                from: row.first_day,
                to: row.last_day,
            }
            .possible();
            let fits = |hop: &Hop| match (lot, about) {
                (Some(lot), _) => hop.lots.contains(&lot),
                (None, about) => {
                    about == Some(hop.from)
                        && hop.departure.first >= first
                        && hop.departure.last <= last
                }
            };
            let hops = self.out.network.hops.iter().enumerate();
            hops.filter(|(_, hop)| fits(hop))
                .map(|(at, _)| HopId::of(at))
                .collect()
        };
        if hops.is_empty() {
            self.unmatched(
                at,
                row,
                "the goods whose origin it tells are in none of these records",
            );
        }
        self.out
            .given
            .extend(hops.into_iter().map(|hop| (hop, status)));
    }

    /// Hops between the parties, or on the bill, that a row names.
    pub(super) fn hops_of(&self, row: &ClaimRow) -> Vec<HopId> {
        let key = |party: &Option<crate::party::Party>| {
            party.as_ref().map(|party| (self.same)(&party.id))
        };
        let (from, to) = (key(&row.from), key(&row.to));
        let bill = row.bill.as_deref().map(number_key);
        let named = |holder: HolderId, key: &Option<String>| {
            key.as_ref().is_none_or(|key| {
                self.out
                    .network
                    .holders
                    .get(holder.at())
                    .is_some_and(|node| *node.key == **key)
            })
        };
        let fits = |at: usize, hop: &Hop| {
            let number = self
                .out
                .hop_movements
                .get(at)
                .and_then(|number| self.out.movements.get(*number)?.bill.as_deref())
                .map(number_key);
            (bill.is_none() || bill == number) && named(hop.from, &from) && named(hop.to, &to)
        };
        self.out
            .network
            .hops
            .iter()
            .enumerate()
            .filter(|(at, hop)| fits(*at, hop))
            .map(|(at, _)| HopId::of(at))
            .collect()
    }

    pub(super) fn denial(&mut self, at: RowAt, row: &ClaimRow) {
        let of_hops = row.bill.is_some() || row.from.is_some() || row.to.is_some();
        let subjects: Vec<Subject> = if of_hops {
            self.hops_of(row).into_iter().map(Subject::Hop).collect()
        } else {
            let about = self.about(row);
            let taints = self.out.network.taints.iter().enumerate();
            taints
                .filter(|(_, taint)| about.is_some_and(|about| taint.on == TaintOn::Holder(about)))
                .map(|(number, _)| Subject::Taint(TaintId::of(number)))
                .collect()
        };
        if subjects.is_empty() {
            self.unmatched(at, row, "what it denies is in none of these records");
        }
        let by = row
            .facility
            .as_ref()
            .or(row.from.as_ref())
            .or(row.to.as_ref());
        let by = row
            .first_teller
            .clone()
            .or_else(|| by.map(|party| party.name.clone()))
            .unwrap_or_default();
        for of in subjects {
            let Some(claim) = self.claim(at, Basis::Reported, None) else {
                continue;
            };
            self.out.network.denials.push(Denial {
                of,
                by: by.as_str().into(),
                on: row.first_day,
                evidence: Evidence::Claim(claim),
                ruling: None,
            });
        }
    }

    pub(super) fn unmatched(&mut self, at: RowAt, row: &ClaimRow, why: &str) {
        let problem = Problem::at(row.place, "claim-unmatched", why);
        self.out.problems.push((at.file, problem));
    }
}

/// The list that a claim is about: `listed: UFLPA Entity List`, `added to the …`.
fn listed(what: &str) -> Option<&str> {
    let lower = what.to_lowercase();
    let begins = ["listed", "listing", "added to", "등재", "列入"];
    let found = begins.iter().find(|word| lower.starts_with(**word))?;
    let list = what.get(found.len()..)?.trim_matches([':', ' ', '-']);
    Some(if list.is_empty() { "a list" } else { list })
}
