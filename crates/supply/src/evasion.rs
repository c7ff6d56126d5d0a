//! Leads to evasion: what a listed company used turns up under another name after the listing. A lead says where to
//! look. It says nothing of guilt: offices are shared, numbers are handed on.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{ClaimId, Day, Days, HolderId};

/// By what two holders may be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    Address,
    Phone,
    /// Somebody who runs it.
    Officer,
    /// A number given by an authority.
    Registration,
}

/// A claim gives a holder a mark, on one of these days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sighting {
    pub holder: HolderId,
    pub mark: Mark,
    /// As printed.
    pub value: Box<str>,
    pub seen: Days,
    pub claim: ClaimId,
}

/// A holder was put on a list, on one of these days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    pub holder: HolderId,
    pub list: Box<str>,
    pub on: Days,
    pub claim: ClaimId,
}

/// Another holder is first seen with a mark of a listed one, after the listing. Three claims carry it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lead {
    pub listed: HolderId,
    pub other: HolderId,
    pub mark: Mark,
    /// The listing, the mark with the listed holder, the mark with the other.
    pub claims: [ClaimId; 3],
    /// Days from the listing to the first sighting of the other, at least.
    pub after: i32,
    /// How many holders in all are seen with the mark: an address of hundreds says little.
    pub shared_by: usize,
}

/// A mark without the ways to print it: letters and digits in lower case; of a phone number the last eight digits, which
/// leaves out the prefixes that differ with where one calls from.
#[must_use]
pub fn plain(mark: Mark, value: &str) -> String {
    if mark == Mark::Phone {
        let digit = |c: char| c.to_digit(10).and_then(|digit| char::from_digit(digit, 10));
        let digits: Vec<char> = value.chars().filter_map(digit).collect();
        return digits[digits.len().saturating_sub(8)..].iter().collect();
    }
    value
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// All leads, those of the rarest marks first. A holder that was seen with anything before the listing was certainly past
/// is no new name.
#[must_use]
pub fn leads(sightings: &[Sighting], listings: &[Listing]) -> Vec<Lead> {
    let mut seen: BTreeMap<(Mark, String), Vec<&Sighting>> = BTreeMap::new();
    let mut first: BTreeMap<HolderId, Day> = BTreeMap::new();
    let mut marks: BTreeMap<HolderId, BTreeSet<(Mark, String)>> = BTreeMap::new();
    for sighting in sightings {
        let first = first.entry(sighting.holder).or_insert(sighting.seen.first);
        *first = (*first).min(sighting.seen.first);
        let value = plain(sighting.mark, &sighting.value);
        if !value.is_empty() {
            let mark = (sighting.mark, value);
            marks
                .entry(sighting.holder)
                .or_default()
                .insert(mark.clone());
            seen.entry(mark).or_default().push(sighting);
        }
    }
    let mut leads = Vec::new();
    for listing in listings {
        for mark in marks.get(&listing.holder).into_iter().flatten() {
            let with = &seen[mark];
            let soonest = |holder: HolderId| {
                let of = with.iter().filter(|sighting| sighting.holder == holder);
                of.min_by_key(|sighting| (sighting.seen, sighting.claim))
            };
            let holders: BTreeSet<HolderId> = with.iter().map(|s| s.holder).collect();
            let Some(own) = soonest(listing.holder) else {
                continue;
            };
            for other in holders.iter().filter(|other| **other != listing.holder) {
                let new = first[other] > listing.on.last;
                if let Some(sighting) = soonest(*other).filter(|_| new) {
                    leads.push(Lead {
                        listed: listing.holder,
                        other: *other,
                        mark: mark.0,
                        claims: [listing.claim, own.claim, sighting.claim],
                        after: sighting.seen.first.saturating_sub(listing.on.last),
                        shared_by: holders.len(),
                    });
                }
            }
        }
    }
    leads.sort_by_key(|lead| {
        (
            lead.shared_by,
            lead.listed,
            lead.other,
            lead.mark,
            lead.claims,
        )
    });
    leads
}
