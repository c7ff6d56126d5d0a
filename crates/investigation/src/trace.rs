//! `trace`: how goods went, on which documents, and what falls when one of them is withdrawn.

use std::collections::{BTreeMap, BTreeSet};

use casefile::Span;
use serde::Serialize;
use supply::{
    Breaking, Chain, ClaimId, Day, Days, DocumentId, Evidence, HolderId, Holding, HopId, Network,
    OriginId, Rules, Source, SourceKind, Start, Subject, Sure, TaintId, TaintOn, Traces, Withdrawn,
    Word,
};
use trade::file::Content;
use trade::voyage::EventKind;

use crate::trade::Trade;
use crate::{Failure, Whose};

/// What is asked.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Words of a holder's name, or its id. Nothing: from whatever is claimed to be tainted.
    pub from: Option<String>,
    /// Nothing: to whoever sends the goods no further.
    pub to: Option<String>,
    pub between: Option<Days>,
    /// Words of the goods, a species, or the first digits of an HS code.
    pub product: Option<String>,
    /// Documents, or `origin:NAME`, that are taken away.
    pub without: Vec<String>,
    /// Only what had left by this day.
    pub as_of: Option<Day>,
    /// Only traces that hold whatever the imprecise dates mean.
    pub certain: bool,
    /// Ask of each document whether something falls without it.
    pub critical: bool,
    /// Days that goods rest with a holder at most; nothing: any number.
    pub holding: Option<i32>,
    /// Least and greatest amounts for those at the end.
    pub bounds: bool,
    /// Explanations for each end.
    pub most: usize,
}

/// One who had the goods.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct HolderShown {
    pub id: String,
    pub name: String,
    /// `vessel`, `facility`, `exporter`, `importer`, `brand`, `party`.
    pub kind: String,
}

/// A row or passage that something stands on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RowProof {
    pub document: String,
    pub title: String,
    /// In the file the row stands in, which is the document unless the row names another.
    pub file: String,
    pub row: u32,
    pub span: Span,
    pub words: String,
    pub origin: String,
    /// `record`, `observed`, `reported`, `estimate`.
    pub basis: String,
    /// It was withdrawn for this answer.
    pub withdrawn: bool,
}

/// Somebody's denial.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DenialShown {
    pub by: String,
    pub on: Option<String>,
    pub proof: Vec<RowProof>,
}

/// One hop of a chain.
#[derive(Debug, Clone, Serialize)]
pub struct HopShown {
    pub hop: u32,
    pub from: HolderShown,
    pub to: HolderShown,
    pub departed: String,
    pub arrived: String,
    /// First and last day that the hop may touch, days since 1970, for drawing.
    #[serde(skip)]
    pub days: (Day, Day),
    pub product: Option<String>,
    pub species: Option<String>,
    pub hs: Option<String>,
    pub lots: Vec<String>,
    /// Kilograms, as the records state them.
    pub kg: Option<[f64; 2]>,
    pub mass_basis: Option<String>,
    pub bill: Option<String>,
    pub carried_by: Option<String>,
    /// The receiver is named as such; else `why` tells why it is only possible.
    pub stated: bool,
    pub why: String,
    /// `shown`, `supported`, `alleged`, `contested`.
    pub word: Word,
    /// The word without the denials.
    pub undenied: Word,
    pub origins: usize,
    pub proof: Vec<RowProof>,
    pub denials: Vec<DenialShown>,
}

/// A claim against somebody or something in a chain, and whether it touches the goods of this chain.
#[derive(Debug, Clone, Serialize)]
pub struct TaintShown {
    /// Its number among the claims.
    pub taint: u32,
    pub what: String,
    pub on: String,
    pub from: Option<String>,
    pub to: Option<String>,
    /// `certain`, `possible` or `no`: whether the goods came under it, by the dates; `withdrawn` if the claim is.
    pub touches: &'static str,
    pub word: Word,
    pub origins: usize,
    pub proof: Vec<RowProof>,
    pub denials: Vec<DenialShown>,
}

/// What a vessel of the chain did, as far as that bears on it.
#[derive(Debug, Clone, Serialize)]
pub struct SeaEvent {
    pub vessel: String,
    pub kind: &'static str,
    pub from: String,
    pub to: String,
    pub rule: String,
}

/// A way that goods may have gone.
#[derive(Debug, Clone, Serialize)]
pub struct ChainFound {
    pub from: HolderShown,
    pub to: HolderShown,
    /// The weakest word of its hops.
    pub word: Word,
    /// Distinct first tellers.
    pub origins: usize,
    /// `certain` if it holds whatever the imprecise dates mean, else `possible`.
    pub dates: &'static str,
    pub documents: Vec<String>,
    pub hops: Vec<HopShown>,
    pub taints: Vec<TaintShown>,
    pub sea: Vec<SeaEvent>,
}

/// An end that is no longer reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fallen {
    /// What was withdrawn.
    pub without: String,
    pub title: String,
    pub from: Vec<String>,
    pub falls: Vec<HolderShown>,
    pub stands: Vec<HolderShown>,
}

/// What it takes to break a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Broken {
    pub to: HolderShown,
    /// `documents` or `origins`.
    pub of: &'static str,
    /// A smallest set; `None` where only a bound is known.
    pub without: Option<Vec<String>>,
    pub at_least: Option<usize>,
}

/// A movement that nobody recorded, and the record that would show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Missing {
    pub from: HolderShown,
    pub to: HolderShown,
    pub between: String,
    /// `landing_declaration`, `bill_of_lading` and the like.
    pub record: String,
}

/// The answer.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Traced {
    pub from: Vec<HolderShown>,
    pub to: Vec<HolderShown>,
    pub chains: Vec<ChainFound>,
    /// What fell by `without`.
    pub fallen: Option<Fallen>,
    /// How goods went to those who are no longer reached, with what was withdrawn marked as such.
    pub fell: Vec<ChainFound>,
    /// For each document that alone carries something: what falls without it.
    pub critical: Vec<Fallen>,
    /// For each end the fewest documents and the fewest origins that break it.
    pub breaking: Vec<Broken>,
    pub amounts: Option<crate::amounts::Amounts>,
    /// Where no chain reaches whom it was asked for: what a further record would have to show.
    pub missing: Vec<Missing>,
    /// What a reader should know of the answer.
    pub notes: Vec<String>,
}

/// Ends that are explained; more are counted.
const MOST_ENDS: usize = 60;
/// Gaps that are told for each end that is not reached.
const MOST_GAPS: usize = 5;
/// Sources that may break a finding together before only a bound is told.
const MOST_BROKEN: usize = 4;

fn word<T: Serialize>(value: T) -> String {
    serde_json::to_value(value)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}

/// Holders that words name: by id, by the whole name, else by a part of it.
///
/// # Errors
/// There is none.
pub(crate) fn named(trade: &Trade, words: &str) -> Result<Vec<HolderId>, Failure> {
    let network = &trade.joined.network;
    let key = trade::party::key(words);
    let all = || network.holders.iter().enumerate();
    let known = |at: usize, fits: &dyn Fn(&str) -> bool| {
        trade
            .joined
            .known
            .get(at)
            .is_some_and(|known| known.names.keys().any(|name| fits(name)))
    };
    let by = |fits: &dyn Fn(usize, &supply::Holder) -> bool| -> Vec<HolderId> {
        all()
            .filter(|(at, holder)| fits(*at, holder))
            .map(|(at, _)| HolderId::of(at))
            .collect()
    };
    let exact = by(&|at, holder| {
        *holder.key == *words
            || trade::party::key(&holder.name) == key
            || known(at, &|name| trade::party::key(name) == key)
    });
    if !exact.is_empty() {
        return Ok(exact);
    }
    let part = by(&|at, holder| {
        !key.is_empty()
            && (trade::party::key(&holder.name).contains(&key)
                || known(at, &|name| trade::party::key(name).contains(&key)))
    });
    if part.is_empty() {
        let failure = Failure::new(
            Whose::You,
            "not-found",
            format!("nobody in these records is called `{words}`"),
        );
        return Err(failure.hint("`tumen trade import --json FILE` shows the names as they are written; names that differ are joined by a person: `tumen review same`"));
    }
    Ok(part)
}

/// What `without` names.
fn withdrawn(network: &Network, names: &[String]) -> Result<(Withdrawn, Vec<String>), Failure> {
    let mut out = Withdrawn::default();
    let mut titles = Vec::new();
    for name in names {
        if let Some(origin) = name.strip_prefix("origin:") {
            let found = network
                .origins
                .iter()
                .position(|o| *o.name == *origin || *o.key == *origin);
            let at = found.ok_or_else(|| no_document(network, name))?;
            out.origins.insert(OriginId::of(at));
            titles.push(name.clone());
            continue;
        }
        let whole = |d: &supply::Document| *d.key == **name || *d.title == **name;
        let begins = |d: &supply::Document| name.len() >= 5 && d.key.starts_with(name.as_str());
        let found = network
            .documents
            .iter()
            .position(whole)
            .or_else(|| network.documents.iter().position(begins));
        let at = found.ok_or_else(|| no_document(network, name))?;
        out.documents.insert(DocumentId::of(at));
        titles.extend(network.documents.get(at).map(|d| d.title.to_string()));
    }
    Ok((out, titles))
}

fn no_document(network: &Network, name: &str) -> Failure {
    let known: Vec<&str> = network
        .documents
        .iter()
        .take(8)
        .map(|d| &*d.title)
        .collect();
    Failure::new(
        Whose::You,
        "not-found",
        format!("nothing here stands on `{name}`"),
    )
    .hint(format!("documents are: {}", known.join(", ")))
}

/// Hops that do not come into question hold on nothing.
fn narrowed(trade: &Trade, asked: &Asked) -> Network {
    let mut network = trade.joined.network.clone();
    let wanted = asked.product.as_deref().map(|words| {
        let digits: String = words.chars().filter(char::is_ascii_digit).collect();
        (words.to_lowercase(), trade::goods::species(words), digits)
    });
    for (at, hop) in network.hops.iter_mut().enumerate() {
        let left = if asked.certain {
            hop.departure.last
        } else {
            hop.departure.first
        };
        let late = asked.as_of.is_some_and(|day| left > day);
        let product = hop
            .product
            .and_then(|id| trade.joined.network.products.get(id.at()));
        let other = wanted.as_ref().is_some_and(|(words, species, digits)| {
            let said = trade
                .joined
                .hop_movements
                .get(at)
                .and_then(|number| trade.joined.movements.get(*number))
                .and_then(|movement| {
                    movement
                        .product
                        .clone()
                        .or_else(|| movement.species.clone())
                });
            let species_differs = match (species, product.and_then(|p| p.species.as_deref())) {
                (Some(wanted), Some(is)) => *wanted != is,
                // Goods that nobody describes may be those that are asked for.
                (_, None) => said
                    .as_ref()
                    .is_some_and(|said| !said.to_lowercase().contains(words.as_str())),
                (None, Some(_)) => {
                    said.is_none_or(|said| !said.to_lowercase().contains(words.as_str()))
                }
            };
            let code = product.and_then(|p| p.hs.as_ref());
            if digits.len() >= 2 && words.chars().all(|c| c.is_ascii_digit() || c == '.') {
                return code.is_some_and(|hs| !hs.code.starts_with(digits.as_str()));
            }
            species_differs
        });
        if late || other {
            hop.evidence = Evidence::Any(Box::new([]));
        }
    }
    network
}

/// Answers a question.
///
/// # Errors
/// A name or document is not known, or there is nothing to trace from.
pub fn trace(trade: &Trade, asked: &Asked) -> Result<Traced, Failure> {
    let network = narrowed(trade, asked);
    let (without, titles) = withdrawn(&network, &asked.without)?;
    let from = asked
        .from
        .as_deref()
        .map(|words| named(trade, words))
        .transpose()?;
    let to = asked
        .to
        .as_deref()
        .map(|words| named(trade, words))
        .transpose()?;
    let mut answer = Traced::default();
    let starts = starts(&network, from.as_deref(), to.is_some(), &mut answer)?;
    let rules = Rules {
        dates: if asked.certain {
            Sure::Certain
        } else {
            Sure::Possible
        },
        between: asked.between,
        without: without.clone(),
        holding: asked
            .holding
            .map_or(Holding::ANY, |max| Holding { min: 0, max }),
        ..Rules::default()
    };
    let view = View {
        trade,
        network: &network,
        rules: &rules,
    };
    answer.from = from.iter().flatten().map(|id| view.holder(*id)).collect();
    answer.to = to.iter().flatten().map(|id| view.holder(*id)).collect();
    let traces = Traces::new(&network, &starts, &rules);
    let whole = Rules {
        without: Withdrawn::default(),
        ..rules.clone()
    };
    let ends = ends(&network, &starts, to.as_deref(), &whole);
    let reached: BTreeSet<HolderId> = traces
        .arrivals()
        .into_iter()
        .map(|arrival| arrival.holder)
        .collect();
    let standing: Vec<HolderId> = ends
        .iter()
        .copied()
        .filter(|end| reached.contains(end))
        .collect();
    for end in standing.iter().take(MOST_ENDS) {
        for chain in traces.different(&network, *end, asked.most.max(1)) {
            answer.chains.extend(view.chain(&chain));
        }
    }
    if standing.len() > MOST_ENDS {
        answer.notes.push(format!(
            "{} further ends are reached; `--to` names one",
            standing.len() - MOST_ENDS
        ));
    }
    if !asked.without.is_empty() {
        let before = Traces::new(&network, &starts, &whole);
        let fell = ends.iter().filter(|end| !reached.contains(end));
        for end in fell.take(MOST_ENDS) {
            let chains = before.different(&network, *end, asked.most.max(1));
            answer
                .fell
                .extend(chains.iter().filter_map(|chain| view.chain(chain)));
        }
        answer.fallen =
            Some(view.fallen(&ends, &reached, asked.without.join(", "), titles.join(", ")));
    }
    if asked.critical {
        answer.critical = view.critical(&traces, &standing);
        answer.breaking = view.breaking(&traces, &standing);
    }
    for end in to
        .iter()
        .flatten()
        .filter(|end| !reached.contains(end))
        .take(MOST_ENDS)
    {
        answer.missing.extend(view.missing(&starts, *end));
    }
    if asked.bounds && !standing.is_empty() {
        let begin = crate::amounts::starts(&network, from.as_deref(), &starts);
        let given = &trade.joined.given;
        answer.amounts = Some(crate::amounts::amounts(
            &view, &begin, &rules, given, &standing,
        ));
    }
    assumptions(trade, &mut answer);
    Ok(answer)
}

fn starts(
    network: &Network,
    from: Option<&[HolderId]>,
    to_given: bool,
    answer: &mut Traced,
) -> Result<Vec<Start>, Failure> {
    if let Some(from) = from {
        return Ok(from.iter().copied().map(Start::Holder).collect());
    }
    let taints = || (0..network.taints.len()).map(|at| Start::Taint(TaintId::of(at)));
    if !network.taints.is_empty() && !to_given {
        answer
            .notes
            .push("from all goods that a claim is made against".into());
        return Ok(taints().collect());
    }
    let takes: BTreeSet<HolderId> = network.hops.iter().map(|hop| hop.to).collect();
    let sources: BTreeSet<HolderId> = network
        .hops
        .iter()
        .map(|hop| hop.from)
        .filter(|from| !takes.contains(from))
        .collect();
    let mut starts: Vec<Start> = sources.into_iter().map(Start::Holder).collect();
    if starts.is_empty() {
        starts = network
            .hops
            .iter()
            .map(|hop| hop.from)
            .collect::<BTreeSet<_>>()
            .into_iter()
            .map(Start::Holder)
            .collect();
    }
    if starts.is_empty() {
        return Err(Failure::new(
            Whose::You,
            "nothing-to-trace",
            "there is no hop in these records",
        )
        .hint("`tumen trade import FILE` shows what was understood of each row"));
    }
    answer
        .notes
        .push("from everybody whom nothing is sent to in these records".into());
    Ok(starts)
}

/// Where the question ends: those asked for, else whoever sends nothing on.
fn ends(
    network: &Network,
    starts: &[Start],
    to: Option<&[HolderId]>,
    rules: &Rules,
) -> Vec<HolderId> {
    let arrivals = Traces::new(network, starts, rules).arrivals();
    let reached = arrivals.into_iter().map(|arrival| arrival.holder);
    match to {
        // Whom nothing reached before has nothing to lose.
        Some(to) => {
            let reached: BTreeSet<HolderId> = reached.collect();
            let once = |holder: &HolderId| reached.contains(holder);
            to.iter().copied().filter(once).collect()
        }
        None => {
            let sends: BTreeSet<HolderId> = network.hops.iter().map(|hop| hop.from).collect();
            let all: Vec<HolderId> = reached.collect();
            let last: Vec<HolderId> = all
                .iter()
                .copied()
                .filter(|holder| !sends.contains(holder))
                .collect();
            if last.is_empty() { all } else { last }
        }
    }
}

fn assumptions(trade: &Trade, answer: &mut Traced) {
    let open = answer
        .chains
        .iter()
        .flat_map(|chain| &chain.hops)
        .any(|hop| {
            trade
                .joined
                .hop_movements
                .get(hop.hop as usize)
                .and_then(|number| trade.joined.movements.get(*number))
                .is_some_and(|movement| movement.departed.is_none() || movement.arrived.is_none())
        });
    if open {
        answer.notes.push(format!(
            "where a record dates one end of a hop only, the other is taken to be within {} days of it",
            trade::network::LONGEST_WAY
        ));
    }
}

/// The network in words, under the rules of a question.
pub(crate) struct View<'a> {
    pub(crate) trade: &'a Trade,
    pub(crate) network: &'a Network,
    pub(crate) rules: &'a Rules,
}

impl View<'_> {
    pub(crate) fn holder(&self, id: HolderId) -> HolderShown {
        let found = self.network.holders.get(id.at());
        HolderShown {
            id: found.map(|h| h.key.to_string()).unwrap_or_default(),
            name: found.map(|h| h.name.to_string()).unwrap_or_default(),
            kind: found.map(|h| word(h.kind)).unwrap_or_default(),
        }
    }

    pub(crate) fn proof(&self, evidence: &Evidence) -> Vec<RowProof> {
        let mut claims: Vec<ClaimId> = Vec::new();
        evidence.claims(&mut |claim| claims.push(claim));
        claims
            .into_iter()
            .filter_map(|claim| self.proof_of(claim))
            .collect()
    }

    pub(crate) fn proof_of(&self, id: ClaimId) -> Option<RowProof> {
        let claim = self.network.claims.get(id.at())?;
        let document = self.network.documents.get(claim.document.at())?;
        let origin = self.network.origins.get(claim.origin.at())?;
        let (at, place) = self.trade.joined.claim_rows.get(id.at())?;
        let file = self.trade.files.get(at.file)?;
        Some(RowProof {
            document: document.key.to_string(),
            title: document.title.to_string(),
            file: file.key(),
            row: place.row,
            span: place.span,
            words: file.words(place.span).chars().take(400).collect(),
            origin: origin.name.to_string(),
            basis: word(claim.basis),
            withdrawn: !self.rules.without.leaves(self.network, id),
        })
    }

    pub(crate) fn denials(&self, of: Subject) -> Vec<DenialShown> {
        let all = self.network.denials.iter().filter(|denial| denial.of == of);
        all.map(|denial| DenialShown {
            by: denial.by.to_string(),
            on: denial.on.map(trade::day::written),
            proof: self.proof(&denial.evidence),
        })
        .collect()
    }

    pub(crate) fn hop(&self, id: HopId) -> Option<HopShown> {
        let hop = self.network.hops.get(id.at())?;
        let number = *self.trade.joined.hop_movements.get(id.at())?;
        let movement = self.trade.joined.movements.get(number)?;
        let standing = supply::standing(self.network, Subject::Hop(id))?;
        let written = |days: Option<Days>, else_days: Days| {
            days.map_or_else(
                || format!("not said ({})", trade::day::written(else_days)),
                trade::day::written,
            )
        };
        Some(HopShown {
            hop: id.0,
            from: self.holder(hop.from),
            to: self.holder(hop.to),
            departed: written(movement.departed, hop.departure),
            arrived: written(movement.arrived, hop.arrival),
            days: (hop.departure.first, hop.arrival.last),
            product: movement.product.clone(),
            species: movement.species.clone(),
            hs: movement.hs.clone(),
            lots: movement.lots.clone(),
            kg: movement.kg.map(|mass| [mass.low, mass.high]),
            mass_basis: movement.kg.map(|mass| word(mass.basis)),
            bill: movement.bill.clone(),
            carried_by: hop.vessel.map(|id| self.holder(id).name),
            stated: movement.stated,
            why: movement.why.clone(),
            word: standing.word,
            undenied: standing.undenied,
            origins: standing.origins,
            proof: self.proof(&hop.evidence),
            denials: self.denials(Subject::Hop(id)),
        })
    }

    fn chain(&self, chain: &Chain) -> Option<ChainFound> {
        let hops: Vec<HopShown> = chain.hops.iter().filter_map(|hop| self.hop(*hop)).collect();
        let (first, last) = (hops.first()?, hops.last()?);
        let (from, to) = (first.from.clone(), last.to.clone());
        let documents: BTreeSet<String> = hops
            .iter()
            .flat_map(|hop| &hop.proof)
            .filter(|proof| !proof.withdrawn)
            .map(|proof| proof.document.clone())
            .collect();
        Some(ChainFound {
            word: hops.iter().map(|hop| hop.word).min()?,
            origins: chain.origins,
            dates: self.sure(&chain.hops, None, None)?,
            documents: documents.into_iter().collect(),
            taints: self.taints(&chain.hops),
            sea: self.sea(&hops),
            from,
            to,
            hops,
        })
    }

    /// Whether the hops follow each other, from a taint if one is given, by the dates alone.
    /// Goods that came by a hop `before` were not made before they can have come.
    fn sure(
        &self,
        hops: &[HopId],
        taint: Option<TaintId>,
        before: Option<HopId>,
    ) -> Option<&'static str> {
        let mut alone = Network {
            holders: self.network.holders.clone(),
            products: self.network.products.clone(),
            lots: self.network.lots.clone(),
            ..Network::default()
        };
        for id in hops {
            let mut hop = self.network.hops.get(id.at())?.clone();
            hop.evidence = Evidence::All(Box::new([]));
            alone.hops.push(hop);
        }
        let came = before
            .and_then(|hop| self.network.hops.get(hop.at()))
            .map(|hop| hop.arrival.first);
        if let (Some(came), Some(hop)) = (
            came,
            alone.hops.first_mut().filter(|hop| hop.made.is_none()),
        ) {
            hop.made = Days::new(came, hop.departure.last);
        }
        let (first, last) = (alone.hops.first()?.from, alone.hops.last()?.to);
        let start = match taint {
            None => Start::Holder(first),
            Some(taint) => {
                let mut taint = self.network.taints.get(taint.at())?.clone();
                taint.evidence = Evidence::All(Box::new([]));
                if let TaintOn::Hop(hop) = taint.on {
                    taint.on = TaintOn::Hop(HopId::of(hops.iter().position(|id| *id == hop)?));
                }
                alone.taints.push(taint);
                Start::Taint(TaintId(0))
            }
        };
        let holds = |dates: Sure| {
            let rules = Rules {
                dates,
                holding: self.rules.holding,
                between: self.rules.between,
                ..Rules::default()
            };
            Traces::new(&alone, &[start], &rules)
                .arrivals()
                .iter()
                .any(|arrival| arrival.holder == last)
        };
        Some(if holds(Sure::Certain) {
            "certain"
        } else if holds(Sure::Possible) {
            "possible"
        } else {
            "no"
        })
    }

    /// The claims against anybody or anything in the chain.
    fn taints(&self, hops: &[HopId]) -> Vec<TaintShown> {
        let mut out = Vec::new();
        for (at, taint) in self.network.taints.iter().enumerate() {
            let id = TaintId::of(at);
            let begins = hops.iter().position(|hop| {
                self.network
                    .hops
                    .get(hop.at())
                    .is_some_and(|of| match taint.on {
                        TaintOn::Holder(holder) => of.from == holder,
                        TaintOn::Hop(tainted) => tainted == *hop,
                        TaintOn::Lot(lot) => of.lots.contains(&lot),
                    })
            });
            let Some(begins) = begins else {
                continue;
            };
            let Some(standing) = supply::standing(self.network, Subject::Taint(id)) else {
                continue;
            };
            let stands = self.rules.without.spares(self.network, &taint.evidence);
            let rest = hops.get(begins..).unwrap_or_default();
            let before = begins.checked_sub(1).and_then(|at| hops.get(at)).copied();
            let on = match taint.on {
                TaintOn::Holder(holder) => self.holder(holder).name,
                TaintOn::Lot(lot) => format!(
                    "lot {}",
                    self.network.lots.get(lot.at()).map_or("", |lot| lot)
                ),
                TaintOn::Hop(_) => "the goods of this hop".to_owned(),
            };
            out.push(TaintShown {
                taint: id.0,
                what: taint.what.to_string(),
                on,
                from: taint.period.from.map(trade::day::written),
                to: taint.period.to.map(trade::day::written),
                touches: if stands {
                    self.sure(rest, Some(id), before).unwrap_or("no")
                } else {
                    "withdrawn"
                },
                word: standing.word,
                origins: standing.origins,
                proof: self.proof(&taint.evidence),
                denials: self.denials(Subject::Taint(id)),
            });
        }
        out
    }

    /// Dark intervals and waits of the vessels of a chain.
    fn sea(&self, hops: &[HopShown]) -> Vec<SeaEvent> {
        let vessels: BTreeMap<&str, &str> = hops
            .iter()
            .flat_map(|hop| [&hop.from, &hop.to])
            .filter(|holder| holder.kind == "vessel")
            .map(|holder| (holder.id.as_str(), holder.name.as_str()))
            .collect();
        let span = hops
            .iter()
            .map(|hop| hop.days)
            .reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
        let Some((first, last)) = span.filter(|_| !vessels.is_empty()) else {
            return Vec::new();
        };
        let mut out = Vec::new();
        for file in &self.trade.files {
            let Content::Vessels(events) = &file.read.content else {
                continue;
            };
            for event in events {
                let days = event.days();
                let near =
                    days.first <= last.saturating_add(60) && days.last >= first.saturating_sub(60);
                let id = event.vessel.id().unwrap_or_default();
                let Some(name) = vessels.get(id.as_str()).filter(|_| near) else {
                    continue;
                };
                if matches!(event.kind, EventKind::Gap | EventKind::Loitering) {
                    out.push(SeaEvent {
                        vessel: (*name).to_owned(),
                        kind: trade::voyage::serde_name(event.kind),
                        from: trade::clock::written(event.from),
                        to: trade::clock::written(event.to),
                        rule: event.rule.clone(),
                    });
                }
            }
        }
        out
    }

    fn fallen(
        &self,
        ends: &[HolderId],
        reached: &BTreeSet<HolderId>,
        without: String,
        title: String,
    ) -> Fallen {
        let shown = |stands: bool| -> Vec<HolderShown> {
            let of = ends.iter().filter(|end| reached.contains(end) == stands);
            of.map(|end| self.holder(*end)).collect()
        };
        Fallen {
            without,
            title,
            from: Vec::new(),
            falls: shown(false),
            stands: shown(true),
        }
    }

    /// Documents without which some end is reached no more, each withdrawn alone.
    fn critical(&self, traces: &Traces, ends: &[HolderId]) -> Vec<Fallen> {
        let documents: Vec<Source> = traces
            .sources(self.network, ends)
            .into_iter()
            .filter(|source| matches!(source, Source::Document(_)))
            .collect();
        let mut out: Vec<Fallen> = traces
            .falls(self.network, ends, &documents)
            .into_iter()
            .map(|fall| {
                let (key, title) = self.source(fall.without);
                let reached = ends
                    .iter()
                    .copied()
                    .filter(|end| !fall.lost.contains(end))
                    .collect();
                self.fallen(ends, &reached, key, title)
            })
            .collect();
        out.sort_by_key(|fallen| std::cmp::Reverse(fallen.falls.len()));
        out
    }

    /// What a record would have to show for goods to have come here.
    fn missing(&self, starts: &[Start], to: HolderId) -> Vec<Missing> {
        let day = |day: Day, open: &str| {
            if day == Day::MIN || day == Day::MAX {
                open.to_owned()
            } else {
                supply::iso(day)
            }
        };
        supply::gaps(self.network, starts, self.rules, to, MOST_GAPS)
            .into_iter()
            .map(|gap| Missing {
                from: self.holder(gap.from),
                to: self.holder(gap.to),
                between: format!(
                    "{} to {}",
                    day(gap.between.first, "any day"),
                    day(gap.between.last, "any day")
                ),
                record: word(gap.record),
            })
            .collect()
    }

    /// Key and title of a document or origin.
    fn source(&self, source: Source) -> (String, String) {
        match source {
            Source::Document(id) => self
                .network
                .documents
                .get(id.at())
                .map(|document| (document.key.to_string(), document.title.to_string())),
            Source::Origin(id) => self
                .network
                .origins
                .get(id.at())
                .map(|origin| (format!("origin:{}", origin.key), origin.name.to_string())),
        }
        .unwrap_or_default()
    }

    /// The fewest documents, and the fewest origins, that break each end.
    fn breaking(&self, traces: &Traces, ends: &[HolderId]) -> Vec<Broken> {
        let mut out = Vec::new();
        for end in ends.iter().take(MOST_ENDS) {
            for (kind, what) in [
                (SourceKind::Documents, "documents"),
                (SourceKind::Origins, "origins"),
            ] {
                let (without, at_least) =
                    match traces.breaking(self.network, *end, kind, MOST_BROKEN) {
                        Breaking::Without(set) => {
                            let titles: Vec<String> = set
                                .into_iter()
                                .map(|source| self.source(source).1)
                                .collect();
                            (Some(titles), None)
                        }
                        Breaking::AtLeast(least) => (None, Some(least)),
                        Breaking::NotReached | Breaking::Unbreakable => continue,
                    };
                out.push(Broken {
                    to: self.holder(*end),
                    of: what,
                    without,
                    at_least,
                });
            }
        }
        out
    }
}
