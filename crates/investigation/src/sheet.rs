//! What laws ask to be shown about one importer, and what the case has for each element. Whether anything is against a
//! law is for others to say.

use std::collections::BTreeMap;

use serde::Serialize;
use supply::{Day, Fact, HopId, Network, State, Subject, TaintId, TaintOn, Word};

use crate::trace::{ChainFound, RowProof, View};
use crate::trade::Trade;

/// One element of a regime.
#[derive(Debug, Clone, Serialize)]
pub struct ElementShown {
    pub key: String,
    pub what: String,
    /// `shown`, `not_shown`, `contested`, `presumed`.
    pub state: State,
    pub word: Option<Word>,
    pub standard: String,
    pub burden: String,
    pub presumed_from: Vec<String>,
    /// Standard and burden were checked against a public source.
    pub verified: bool,
    pub origins: usize,
    pub exhibits: Vec<RowProof>,
    pub denials: Vec<RowProof>,
}

/// One regime against the chains that end with an importer.
#[derive(Debug, Clone, Serialize)]
pub struct RegimeShown {
    pub key: String,
    pub name: String,
    pub jurisdiction: String,
    pub applies_from: String,
    /// It applied on the day asked about.
    pub applies: bool,
    pub verified: bool,
    pub note: String,
    /// Titles and addresses of the sources of this description.
    pub sources: Vec<(String, String)>,
    pub elements: Vec<ElementShown>,
}

/// Words by which a claim speaks of an element.
const WORKERS: &[&str] = &["north korea", "dprk", "북한", "조선 노동자", "朝鲜", "朝鮮"];
const FORCED: &[&str] = &[
    "forced",
    "coerced",
    "could not leave",
    "not free to leave",
    "bonded",
    "indentured",
    "slavery",
    "강제",
    "强迫",
    "強迫",
    "强制",
];
const REGION: &[&str] = &["xinjiang", "uyghur", "uighur", "신장", "新疆"];

fn facts(what: &str) -> Vec<Fact> {
    let lower = what.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    [
        (Fact::WorkersOfState, says(WORKERS)),
        (Fact::ForcedLabour, says(FORCED)),
        (Fact::RegionOrListed, says(REGION)),
    ]
    .into_iter()
    .filter_map(|(fact, says)| says.then_some(fact))
    .collect()
}

/// What the chains have for each fact: claims that touch their goods, the hops by which those left the place, and the
/// last hop. What a claim does not touch by the dates speaks for nothing.
fn findings(network: &Network, chains: &[ChainFound]) -> BTreeMap<Fact, Vec<Subject>> {
    let mut out: BTreeMap<Fact, Vec<Subject>> = BTreeMap::new();
    let mut put = |fact: Fact, subject: Subject| {
        let known = out.entry(fact).or_default();
        if !known.contains(&subject) {
            known.push(subject);
        }
    };
    for chain in chains {
        let mut touched = false;
        for taint in chain
            .taints
            .iter()
            .filter(|taint| matches!(taint.touches, "certain" | "possible"))
        {
            touched = true;
            let id = TaintId(taint.taint);
            for fact in facts(&taint.what) {
                put(fact, Subject::Taint(id));
            }
            let on = network.taints.get(id.at()).map(|taint| taint.on);
            let left = chain.hops.iter().find(|hop| match on {
                Some(TaintOn::Holder(holder)) => network
                    .hops
                    .get(hop.hop as usize)
                    .is_some_and(|of| of.from == holder),
                _ => true,
            });
            if let Some(hop) = left {
                put(Fact::PartInMaking, Subject::Hop(HopId(hop.hop)));
            }
        }
        if let Some(last) = chain.hops.last().filter(|_| touched) {
            put(Fact::Importation, Subject::Hop(HopId(last.hop)));
            put(Fact::Market, Subject::Hop(HopId(last.hop)));
        }
    }
    out
}

/// Every regime, element by element, for chains that end with one importer.
#[must_use]
pub fn sheet(trade: &Trade, chains: &[ChainFound], day: Day) -> Vec<RegimeShown> {
    let network = &trade.joined.network;
    let rules = supply::Rules::default();
    let view = View {
        trade,
        network,
        rules: &rules,
    };
    let findings = findings(network, chains);
    let proofs = |claims: &[supply::ClaimId]| -> Vec<RowProof> {
        claims
            .iter()
            .filter_map(|claim| view.proof_of(*claim))
            .collect()
    };
    supply::regimes()
        .iter()
        .map(|regime| {
            let assessed = supply::assess(network, regime, &findings, day);
            RegimeShown {
                key: regime.key.clone(),
                name: regime.name.clone(),
                jurisdiction: regime.jurisdiction.clone(),
                applies_from: regime.applies_from.to_string(),
                applies: assessed.applies,
                verified: regime.verified,
                note: regime.note.clone(),
                sources: regime
                    .sources
                    .iter()
                    .map(|one| (one.title.clone(), one.url.clone()))
                    .collect(),
                elements: assessed
                    .elements
                    .into_iter()
                    .map(|one| ElementShown {
                        exhibits: proofs(&one.exhibits),
                        denials: proofs(&one.denials),
                        key: one.element.key,
                        what: one.element.what,
                        state: one.state,
                        word: one.word,
                        standard: one.element.standard,
                        burden: one.element.burden,
                        presumed_from: one.element.presumed_from,
                        verified: one.element.verified,
                        origins: one.origins,
                    })
                    .collect(),
            }
        })
        .collect()
}

/// A lead: what a listed holder used turns up under another name. No claim of guilt.
#[derive(Debug, Clone, Serialize)]
pub struct LeadShown {
    pub listed: String,
    pub other: String,
    /// `address`, `phone`, `officer`, `registration`.
    pub mark: String,
    /// Days from the listing to the first record of the other name.
    pub after: i32,
    /// How many are seen with the mark.
    pub shared_by: usize,
    /// The listing, the mark with the one, the mark with the other.
    pub proof: Vec<RowProof>,
}

/// All leads, those of the rarest marks first.
#[must_use]
pub fn leads(trade: &Trade) -> Vec<LeadShown> {
    let network = &trade.joined.network;
    let rules = supply::Rules::default();
    let view = View {
        trade,
        network,
        rules: &rules,
    };
    supply::leads(&trade.joined.sightings, &trade.joined.listings)
        .into_iter()
        .map(|lead| LeadShown {
            listed: view.holder(lead.listed).name,
            other: view.holder(lead.other).name,
            mark: serde_json::json!(lead.mark)
                .as_str()
                .unwrap_or_default()
                .to_owned(),
            after: lead.after,
            shared_by: lead.shared_by,
            proof: lead
                .claims
                .iter()
                .filter_map(|claim| view.proof_of(*claim))
                .collect(),
        })
        .collect()
}
