//! Laws as data: what each asks to be shown, by what standard, and who has to show it. An assessment says for each
//! element how it stands in the case, with its exhibits. Whether something is against the law is for others to say.

use std::collections::{BTreeMap, BTreeSet};

use casefile::ApproxDate;
use serde::{Deserialize, Serialize};

use crate::{ClaimId, Day, Days, Network, OriginId, Subject, Word, standing};

/// The regimes that come with the program, each a file of `regimes/`.
const FILES: [&str; 4] = [
    include_str!("../regimes/tariff-act-307.toml"),
    include_str!("../regimes/caatsa-321.toml"),
    include_str!("../regimes/uflpa.toml"),
    include_str!("../regimes/eu-2024-3015.toml"),
];

/// What of the world an element is about: the case says what it has on each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    ForcedLabour,
    /// People sent by, or citizens of, the state that the regime names worked there.
    WorkersOfState,
    /// Made in the region, or by an entity on the list, that the regime names.
    RegionOrListed,
    /// The place in question had part in making these goods.
    PartInMaking,
    Importation,
    /// Placed or made available on the market, or exported from it.
    Market,
}

/// Where a statement about a regime can be checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    pub title: String,
    pub url: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Element {
    pub key: String,
    pub what: String,
    pub fact: Fact,
    /// How firmly it has to be shown.
    pub standard: String,
    /// Who has to show it.
    pub burden: String,
    /// Elements from which the law presumes this one.
    #[serde(default)]
    pub presumed_from: Vec<String>,
    /// Standard and burden were checked against a source.
    pub verified: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Regime {
    pub key: String,
    pub name: String,
    pub jurisdiction: String,
    /// The first day on which it applies.
    pub applies_from: ApproxDate,
    /// When this description was written.
    pub described_on: ApproxDate,
    /// Numbers and dates were checked against a source.
    pub verified: bool,
    #[serde(default)]
    pub note: String,
    #[serde(rename = "source")]
    pub sources: Vec<Reference>,
    #[serde(rename = "element")]
    pub elements: Vec<Element>,
}

impl Regime {
    /// A regime from the text of its file.
    ///
    /// # Errors
    /// It is no such file, or an element is presumed from one that is not there before it.
    pub fn read(text: &str) -> Result<Self, String> {
        let regime: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        let mut known = BTreeSet::new();
        for element in &regime.elements {
            if let Some(missing) = element
                .presumed_from
                .iter()
                .find(|key| !known.contains(key))
            {
                return Err(format!(
                    "element `{}` is presumed from `{missing}`, which is not an element before it",
                    element.key
                ));
            }
            known.insert(&element.key);
        }
        Ok(regime)
    }
}

/// The regimes that come with the program.
///
/// # Panics
/// Never: a test reads each of the files.
#[must_use]
pub fn regimes() -> Vec<Regime> {
    FILES
        .iter()
        .map(|text| Regime::read(text).expect("read by a test"))
        .collect()
}

/// How an element stands in the case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    NotShown,
    /// Not shown, and presumed by the law from elements that are shown.
    Presumed,
    /// There is something for it, and it or what it is presumed from is denied.
    Contested,
    Shown,
}

/// One element, with what the case has for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessed {
    pub element: Element,
    pub state: State,
    /// The firmest word among what the case has for it.
    pub word: Option<Word>,
    /// Claims for it, those of denials apart.
    pub exhibits: Vec<ClaimId>,
    pub origins: usize,
    pub denials: Vec<ClaimId>,
}

/// A regime against a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessment {
    pub regime: String,
    /// It applied on the day in question.
    pub applies: bool,
    pub elements: Vec<Assessed>,
}

/// How each element of a regime stands on a day. `findings` says which hops and taints speak for which fact.
#[must_use]
pub fn assess(
    network: &Network,
    regime: &Regime,
    findings: &BTreeMap<Fact, Vec<Subject>>,
    day: Day,
) -> Assessment {
    let mut states: BTreeMap<&str, State> = BTreeMap::new();
    let mut elements = Vec::new();
    for element in &regime.elements {
        let subjects = findings.get(&element.fact).map_or(&[][..], Vec::as_slice);
        let mut assessed = weigh(network, element, subjects);
        let bases = element
            .presumed_from
            .iter()
            .map(|key| states.get(key.as_str()));
        if assessed.state == State::NotShown && bases.len() > 0 {
            assessed.state = bases
                .map(|state| match state {
                    Some(State::Shown) => State::Presumed,
                    Some(State::Contested) => State::Contested,
                    _ => State::NotShown,
                })
                // Not shown if any base is not, contested if any is.
                .min_by_key(|state| match state {
                    State::NotShown => 0,
                    State::Contested => 1,
                    _ => 2,
                })
                .unwrap_or(State::NotShown);
        }
        states.insert(&element.key, assessed.state);
        elements.push(assessed);
    }
    Assessment {
        regime: regime.key.clone(),
        applies: Days::from(regime.applies_from).first <= day,
        elements,
    }
}

fn weigh(network: &Network, element: &Element, subjects: &[Subject]) -> Assessed {
    let mut exhibits = BTreeSet::new();
    let mut denials = BTreeSet::new();
    let (mut contested, mut firmest) = (false, None);
    for subject in subjects {
        let Some(found) = standing(network, *subject).filter(|found| !found.refuted) else {
            continue;
        };
        contested |= found.word == Word::Contested;
        firmest = firmest.max(Some(found.undenied));
        let evidence = match subject {
            Subject::Hop(hop) => &network.hops[hop.at()].evidence,
            Subject::Taint(taint) => &network.taints[taint.at()].evidence,
        };
        evidence.claims(&mut |claim| _ = exhibits.insert(claim));
        for denial in &found.denials {
            let denial = &network.denials[denial.at()].evidence;
            denial.claims(&mut |claim| _ = denials.insert(claim));
        }
    }
    let origin = |claim: &ClaimId| network.claims.get(claim.at()).map(|claim| claim.origin);
    let origins: BTreeSet<OriginId> = exhibits.iter().filter_map(origin).collect();
    Assessed {
        element: element.clone(),
        state: match firmest {
            Some(_) if contested => State::Contested,
            Some(Word::Shown) => State::Shown,
            _ => State::NotShown,
        },
        word: firmest,
        exhibits: exhibits.into_iter().collect(),
        origins: origins.len(),
        denials: denials.into_iter().collect(),
    }
}
