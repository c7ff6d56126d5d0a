//! What a hop, a taint or a denial stands on: claims, each in a document, each from an origin.

use casefile::Span;
use serde::{Deserialize, Serialize};

use crate::model::ids;
use crate::{Denial, Network, Subject};

ids!(
    /// Position in [`Network::claims`].
    ClaimId,
    /// Position in [`Network::documents`].
    DocumentId,
    /// Position in [`Network::origins`].
    OriginId,
);

/// A document of the case, or a file of trade records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// Its id in the case (`d_…`), or the path of a file read without one.
    pub key: Box<str>,
    pub title: Box<str>,
}

/// The first teller: the unit of independence. Ten articles that quote one informant are one origin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    pub key: Box<str>,
    pub name: Box<str>,
}

/// How whoever is the origin knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Made in the course of business or by an authority: a bill, a register, a declaration, a position report.
    Record,
    /// Seen by the origin: testimony, an inspection, a photograph.
    Observed,
    /// Heard from somebody.
    Reported,
    /// Worked out: an analyst's or trader's estimate.
    Estimate,
}

/// Where in the document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Locus {
    /// Line of a table, counted from 1 with the header as 1.
    Row(u32),
    /// Half-open range of Unicode scalar values in the document's text, and the words there.
    Span { span: Span, quote: Box<str> },
}

/// One document says one thing, in one place, on the word of one origin. It stands while both stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    pub document: DocumentId,
    pub origin: OriginId,
    pub basis: Basis,
    pub at: Locus,
}

/// Which claims are needed: all of several parts, or any one of them. `All` of nothing holds; `Any` of nothing never.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    Claim(ClaimId),
    All(Box<[Evidence]>),
    Any(Box<[Evidence]>),
}

impl Evidence {
    /// Whether it holds if exactly the claims hold for which `stands` says so.
    pub fn holds(&self, stands: &mut impl FnMut(ClaimId) -> bool) -> bool {
        match self {
            Self::Claim(claim) => stands(*claim),
            Self::All(parts) => parts.iter().all(|part| part.holds(stands)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(stands)),
        }
    }

    /// Calls `each` with every claim in it, in order.
    pub fn claims(&self, each: &mut impl FnMut(ClaimId)) {
        match self {
            Self::Claim(claim) => each(*claim),
            Self::All(parts) | Self::Any(parts) => {
                parts.iter().for_each(|part| part.claims(each));
            }
        }
    }
}

/// How firmly something stands, weakest first. No number: a number is given only when asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Word {
    /// Somebody with a stake denies it, and nobody has ruled on that.
    Contested,
    /// Only hearsay or estimates carry it.
    Alleged,
    /// Records and first-hand observation carry it, and without some one origin it would be lost.
    Supported,
    /// Records alone carry it, or records and first-hand observation do without any one origin.
    Shown,
}

/// How a hop or taint stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    pub word: Word,
    /// The word if nobody denied it: a denial changes the word and not what carries it.
    pub undenied: Word,
    /// Distinct origins of its claims.
    pub origins: usize,
    /// Denials beside it, those ruled on included: positions in [`Network::denials`].
    pub denials: Vec<crate::DenialId>,
    /// An analyst upheld a denial: it does not stand at all.
    pub refuted: bool,
}

/// How a hop or a taint stands: its word, its origins, who denies it. `None` if there is no such subject.
#[must_use]
pub fn standing(network: &Network, of: Subject) -> Option<Standing> {
    let (evidence, most) = match of {
        Subject::Hop(hop) => (&network.hops.get(hop.at())?.evidence, Word::Shown),
        Subject::Taint(taint) => {
            let taint = network.taints.get(taint.at())?;
            (&taint.evidence, taint.stated.max(Word::Alleged))
        }
    };
    let mut origins = Vec::new();
    evidence.claims(&mut |claim| origins.extend(network.claims.get(claim.at()).map(|c| c.origin)));
    origins.sort_unstable();
    origins.dedup();
    let firm = |claim: ClaimId, without: Option<OriginId>| {
        network.claims.get(claim.at()).is_some_and(|claim| {
            matches!(claim.basis, Basis::Record | Basis::Observed) && Some(claim.origin) != without
        })
    };
    let holds = |without| evidence.holds(&mut |claim| firm(claim, without));
    let recorded = |claim: ClaimId| {
        let claim = network.claims.get(claim.at());
        claim.is_some_and(|claim| claim.basis == Basis::Record)
    };
    let undenied = if !holds(None) {
        Word::Alleged
    } else if evidence.holds(&mut { recorded }) || origins.iter().all(|origin| holds(Some(*origin)))
    {
        Word::Shown
    } else {
        Word::Supported
    };
    let undenied = undenied.min(most);
    let denials = || {
        network
            .denials
            .iter()
            .enumerate()
            .filter(|(_, d)| d.of == of)
    };
    let open = |denial: &Denial| denial.ruling.is_none();
    Some(Standing {
        word: if denials().any(|(_, denial)| open(denial)) {
            Word::Contested
        } else {
            undenied
        },
        undenied,
        origins: origins.len(),
        denials: denials().map(|(at, _)| crate::DenialId::of(at)).collect(),
        refuted: denials().any(|(_, d)| d.ruling.as_ref().is_some_and(|ruling| ruling.upheld)),
    })
}
