//! What still stands without a document or an origin, for each of them at once; and the fewest that break a finding.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use crate::question::{Start, Traces};
use crate::timetable::START;
use crate::worlds::{Bits, NO_END, Worlds};
use crate::{ClaimId, DocumentId, Evidence, HolderId, Network, OriginId};

/// Something that can be taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    Document(DocumentId),
    Origin(OriginId),
}

/// What falls if one source is taken away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fall {
    pub without: Source,
    /// Holders that were reached and no longer are, in the order in which they were asked about.
    pub lost: Vec<HolderId>,
}

/// The evidence of the legs of a question, each kind of it once. Claims of one document and one origin stand and fall
/// together, so they are one *witness*.
pub(crate) struct Grounds {
    /// What each leg stands on: a position in `classes`.
    pub(crate) class: Vec<u32>,
    /// Evidence, with witnesses in the place of claims.
    pub(crate) classes: Vec<Evidence>,
    pub(crate) witnesses: Vec<(DocumentId, OriginId)>,
}

impl Grounds {
    pub(crate) fn new(network: &Network, traces: &Traces) -> Self {
        let mut grounds = Self {
            class: Vec::with_capacity(traces.table.len()),
            classes: Vec::new(),
            witnesses: Vec::new(),
        };
        let mut witnesses = HashMap::new();
        let mut classes = HashMap::new();
        let mut single = Vec::new();
        let begun = traces.table.starts().start;
        for leg in 0..traces.table.len() {
            let hop = &network.hops[traces.table.hop[leg] as usize].evidence;
            let taint = match leg.checked_sub(begun).map(|at| traces.starts[at]) {
                Some(Start::Taint(taint)) => network.taints.get(taint.at()).map(|t| &t.evidence),
                _ => None,
            };
            let hop = grounds.witnessed(network, hop, &mut witnesses);
            let all = match taint {
                Some(taint) => {
                    let taint = grounds.witnessed(network, taint, &mut witnesses);
                    Evidence::All([taint, hop].into())
                }
                None => hop,
            };
            let fresh = grounds.classes.len() as u32;
            // Most hops stand on one claim: no need to look at more than its number.
            let class = match &all {
                Evidence::Claim(witness) => {
                    single.resize(single.len().max(witness.at() + 1), None);
                    *single[witness.at()].get_or_insert(fresh)
                }
                _ => *classes.entry(all.clone()).or_insert(fresh),
            };
            if class == fresh {
                grounds.classes.push(all);
            }
            grounds.class.push(class);
        }
        grounds
    }

    fn witnessed(
        &mut self,
        network: &Network,
        evidence: &Evidence,
        known: &mut HashMap<(DocumentId, OriginId), u32>,
    ) -> Evidence {
        let mut parts = |parts: &[Evidence]| {
            parts
                .iter()
                .map(|part| self.witnessed(network, part, known))
                .collect::<Box<_>>()
        };
        match evidence {
            Evidence::All(all) => Evidence::All(parts(all)),
            Evidence::Any(any) => Evidence::Any(parts(any)),
            Evidence::Claim(claim) => match network.claims.get(claim.at()) {
                // A claim that is not there holds in no world.
                None => Evidence::Any([].into()),
                Some(claim) => {
                    let fresh = self.witnesses.len() as u32;
                    let witness = (claim.document, claim.origin);
                    let number = *known.entry(witness).or_insert(fresh);
                    if number == fresh {
                        self.witnesses.push(witness);
                    }
                    Evidence::Claim(ClaimId(number))
                }
            },
        }
    }

    /// The worlds in which each class stands, of those in which each witness does.
    pub(crate) fn masks<const W: usize>(&self, witnesses: &[Bits<W>]) -> Vec<Bits<W>> {
        self.classes
            .iter()
            .map(|class| holds(class, witnesses))
            .collect()
    }

    /// The worlds of one pass, each without some of the sources; worlds beyond the last are without nothing.
    pub(crate) fn without<const W: usize>(&self, worlds: &[BTreeSet<Source>]) -> Vec<Bits<W>> {
        let mut gone: BTreeMap<Source, Bits<W>> = BTreeMap::new();
        for (world, sources) in worlds.iter().enumerate() {
            for source in sources {
                gone.entry(*source).or_insert([0; W])[world / 64] |= 1 << (world % 64);
            }
        }
        let gone = |source| gone.get(&source).copied().unwrap_or([0; W]);
        let stands = |(document, origin): &(DocumentId, OriginId)| {
            let (document, origin) = (
                gone(Source::Document(*document)),
                gone(Source::Origin(*origin)),
            );
            std::array::from_fn(|w| !(document[w] | origin[w]))
        };
        self.witnesses.iter().map(stands).collect()
    }
}

fn holds<const W: usize>(evidence: &Evidence, witnesses: &[Bits<W>]) -> Bits<W> {
    let join = |parts: &[Evidence], from: Bits<W>, step: fn(u64, u64) -> u64| {
        parts.iter().fold(from, |known, part| {
            let part = holds(part, witnesses);
            std::array::from_fn(|w| step(known[w], part[w]))
        })
    };
    match evidence {
        Evidence::Claim(witness) => witnesses[witness.at()],
        Evidence::All(parts) => join(parts, [!0; W], |a, b| a & b),
        Evidence::Any(parts) => join(parts, [0; W], |a, b| a | b),
    }
}

impl Traces {
    /// The same question, of the marked legs only.
    pub(crate) fn only(&self, on: &[bool]) -> Self {
        let begun = self.table.starts().start;
        let legs = (0..self.table.len()).filter(|leg| on[*leg]);
        let rows = legs.map(|leg| {
            let mut row = self.table.row(leg);
            if row.from == START {
                row.from = START - (leg - begun) as u32;
            }
            row
        });
        Self::lay(
            rows.collect(),
            self.table.holding.clone(),
            self.holder.clone(),
            &self.starts,
        )
    }

    /// The same question without what cannot lead to these holders; `None` if that is nothing. Days are set aside: when
    /// all worlds are asked at once, looking at them here costs more than it saves.
    fn leading_to(&self, to: &[HolderId]) -> Option<Self> {
        let ends = self.ends(to);
        let leading = self.table.leading(|slot| ends[slot as usize] != NO_END);
        let all = leading.iter().all(|leading| *leading);
        let on: Vec<bool> = self
            .table
            .to
            .iter()
            .map(|to| leading[*to as usize])
            .collect();
        (!all).then(|| self.only(&on))
    }

    /// For each slot the number of its holder among `to`, as worlds count ends.
    pub(crate) fn ends(&self, to: &[HolderId]) -> Vec<u32> {
        let number: BTreeMap<HolderId, u32> = to.iter().copied().zip(0..).collect();
        let end = |holder: &HolderId| number.get(holder).copied().unwrap_or(NO_END);
        self.holder.iter().map(end).collect()
    }

    /// Takes away each source by itself, all of them at once, and tells which of the holders `to` are no longer reached.
    /// Exact. Sources that change nothing are not in the answer; its order is theirs. `to` names each holder once.
    #[must_use]
    pub fn falls(&self, network: &Network, to: &[HolderId], sources: &[Source]) -> Vec<Fall> {
        /// Words a pass: a cache line for each leg.
        const W: usize = 8;
        let pruned = self.leading_to(to);
        let cone = pruned.as_ref().unwrap_or(self);
        let grounds = Grounds::new(network, cone);
        let end = cone.ends(to);
        let worlds = Worlds::new(&cone.table, &grounds.class, &end, to.len());
        let mut concerned = BTreeSet::new();
        for (document, origin) in &grounds.witnesses {
            concerned.extend([Source::Document(*document), Source::Origin(*origin)]);
        }
        let sources: Vec<Source> = sources
            .iter()
            .filter(|source| concerned.contains(source))
            .copied()
            .collect();
        let whole = worlds.run::<1>(&grounds.masks(&grounds.without(&[])));
        let mut falls = Vec::new();
        for some in sources.chunks(64 * W) {
            let away: Vec<BTreeSet<Source>> = some.iter().map(|s| BTreeSet::from([*s])).collect();
            let reached = worlds.run::<W>(&grounds.masks(&grounds.without(&away)));
            for (world, without) in some.iter().enumerate() {
                let lost = |end: &usize| {
                    whole[*end][0] & 1 == 1 && reached[*end][world / 64] >> (world % 64) & 1 == 0
                };
                let lost: Vec<HolderId> = (0..to.len()).filter(lost).map(|end| to[end]).collect();
                if !lost.is_empty() {
                    falls.push(Fall {
                        without: *without,
                        lost,
                    });
                }
            }
        }
        falls
    }

    /// Every document and every origin on which something between the starts and these holders rests.
    #[must_use]
    pub fn sources(&self, network: &Network, to: &[HolderId]) -> Vec<Source> {
        let cone = self.only(&self.on(to));
        let mut sources = BTreeSet::new();
        for (document, origin) in Grounds::new(network, &cone).witnesses {
            sources.extend([Source::Document(document), Source::Origin(origin)]);
        }
        sources.into_iter().collect()
    }
}
