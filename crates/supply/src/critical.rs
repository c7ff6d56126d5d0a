//! The fewest documents, or origins, without which a finding falls.
//!
//! Every set that breaks a finding takes at least one source away from each proof of it. So: find a proof, try each of
//! its sources as taken away, find a proof that still stands, and so on, no deeper than the size that is looked for.
//! That is exact (a search for a smallest hitting set whose sets are made as they are needed), and quick as long as
//! few sources break it, which is the case that matters.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::chains::cheapest;
use crate::question::Traces;
use crate::withdraw::{Grounds, Source};
use crate::worlds::Worlds;
use crate::{Evidence, HolderId, Network};

/// What is taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    Documents,
    Origins,
}

/// How a finding can be broken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Breaking {
    /// There is nothing to break: the holder is not reached.
    NotReached,
    /// It stands on nothing that could be taken away.
    Unbreakable,
    /// A smallest set without which it falls.
    Without(Vec<Source>),
    /// No set smaller than this breaks it; larger ones were not tried.
    AtLeast(usize),
}

/// How many proofs are looked for before the search ends with what it knows.
const PATIENCE: usize = 50_000;

impl Traces {
    /// A smallest set of sources of one kind without which `to` is not reached, of up to `most`.
    #[must_use]
    pub fn breaking(
        &self,
        network: &Network,
        to: HolderId,
        kind: SourceKind,
        most: usize,
    ) -> Breaking {
        let cone = self.only(&self.on(&[to]));
        let grounds = Grounds::new(network, &cone);
        let end = cone.ends(&[to]);
        let worlds = Worlds::new(&cone.table, &grounds.class, &end, 1);
        let mut search = Search {
            cone: &cone,
            grounds: &grounds,
            worlds,
            to,
            kind,
            patience: PATIENCE,
            tried: BTreeSet::new(),
        };
        match search.proof(&BTreeSet::new()) {
            None => return Breaking::NotReached,
            Some(proof) if proof.is_empty() => return Breaking::Unbreakable,
            Some(_) => {}
        }
        for size in 1..=most {
            search.tried.clear();
            match search.within(&BTreeSet::new(), size) {
                Found::Set(set) => return Breaking::Without(set.into_iter().collect()),
                Found::Unbreakable => return Breaking::Unbreakable,
                Found::None if search.patience == 0 => return Breaking::AtLeast(size),
                Found::None => {}
            }
        }
        Breaking::AtLeast(most + 1)
    }
}

enum Found {
    Set(BTreeSet<Source>),
    Unbreakable,
    None,
}

struct Search<'a> {
    cone: &'a Traces,
    grounds: &'a Grounds,
    worlds: Worlds<'a>,
    to: HolderId,
    kind: SourceKind,
    patience: usize,
    tried: BTreeSet<BTreeSet<Source>>,
}

impl Search<'_> {
    fn source(&self, witness: usize) -> Source {
        let (document, origin) = self.grounds.witnesses[witness];
        match self.kind {
            SourceKind::Documents => Source::Document(document),
            SourceKind::Origins => Source::Origin(origin),
        }
    }

    /// A set of up to `more` sources besides `gone` that breaks the finding.
    fn within(&mut self, gone: &BTreeSet<Source>, more: usize) -> Found {
        if self.patience == 0 || !self.tried.insert(gone.clone()) {
            return Found::None;
        }
        let Some(proof) = self.proof(gone) else {
            return Found::Set(gone.clone());
        };
        if proof.is_empty() {
            return Found::Unbreakable;
        }
        let with = |source: &Source| gone.iter().chain([source]).copied().collect();
        let next: Vec<BTreeSet<Source>> = proof.iter().map(with).collect();
        if more == 1 {
            return self.last(next);
        }
        for gone in next {
            match self.within(&gone, more - 1) {
                Found::None => {}
                found => return found,
            }
        }
        Found::None
    }

    /// The first of some sets that breaks the finding, 64 at a time.
    fn last(&self, sets: Vec<BTreeSet<Source>>) -> Found {
        for some in sets.chunks(64) {
            let masks = self.grounds.masks(&self.grounds.without(some));
            let [reached] = self.worlds.run::<1>(&masks)[0];
            if let Some(set) = some.get(reached.trailing_ones() as usize) {
                return Found::Set(set.clone());
            }
        }
        Found::None
    }

    /// The sources of a short proof that stands without some; `None` if there is none.
    fn proof(&mut self, gone: &BTreeSet<Source>) -> Option<BTreeSet<Source>> {
        self.patience = self.patience.saturating_sub(1);
        let table = &self.cone.table;
        let stands = |witness: usize| !gone.contains(&self.source(witness));
        let holds: Vec<bool> = self
            .grounds
            .classes
            .iter()
            .map(|class| class.holds(&mut |witness| stands(witness.at())))
            .collect();
        let of = |leg: usize| self.grounds.class[leg] as usize;
        let ends = |leg: usize| self.cone.holder[table.to[leg] as usize] == self.to;
        let cost = |leg: usize| if holds[of(leg)] { 1 } else { u64::MAX };
        let way = cheapest(table, self.cone.start_legs(), ends, cost)?;
        let mut proof = BTreeSet::new();
        for leg in way {
            let class = &self.grounds.classes[of(leg as usize)];
            proof = self.carries(class, &stands, proof)?;
        }
        Some(proof)
    }

    /// The sources known so far and those that evidence needs besides: of several ways, the one that adds fewest.
    fn carries(
        &self,
        evidence: &Evidence,
        stands: &dyn Fn(usize) -> bool,
        known: BTreeSet<Source>,
    ) -> Option<BTreeSet<Source>> {
        match evidence {
            Evidence::Claim(witness) => stands(witness.at()).then(|| {
                let mut known = known;
                known.insert(self.source(witness.at()));
                known
            }),
            Evidence::All(parts) => parts
                .iter()
                .try_fold(known, |known, part| self.carries(part, stands, known)),
            Evidence::Any(parts) => parts
                .iter()
                .filter_map(|part| self.carries(part, stands, known.clone()))
                .min_by_key(BTreeSet::len),
        }
    }
}
