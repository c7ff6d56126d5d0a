//! What the records say of one holder: names by date, numbers and addresses, who owns it, what came and went, what is
//! claimed and denied, what it was asked.

use serde::Serialize;
use supply::{Day, HolderId, HopId, Network, Rules, Subject, TaintId, TaintOn};
use trade::file::Content;
use trade::reply::State;
use trade::shipment::RowAt;

use crate::Failure;
use crate::trace::{HolderShown, HopShown, RowProof, TaintShown, View, named};
use crate::trade::Trade;

/// A fact of a register or a bill.
#[derive(Debug, Clone, Serialize)]
pub struct Fact {
    /// `address`, `country`, `flag`, `number`, `officer`, `phone`.
    pub kind: String,
    pub value: String,
    pub proof: Vec<RowProof>,
}

/// An entry of a register.
#[derive(Debug, Clone, Serialize)]
pub struct Entry {
    pub scheme: Option<String>,
    pub number: Option<String>,
    pub from: Option<String>,
    pub to: Option<String>,
    pub proof: Vec<RowProof>,
}

/// A share in or of the holder.
#[derive(Debug, Clone, Serialize)]
pub struct Share {
    pub owner: HolderShown,
    pub owned: HolderShown,
    /// Per cent.
    pub low: f64,
    pub high: f64,
    pub from: Option<String>,
    pub to: Option<String>,
    pub proof: Vec<RowProof>,
}

/// A request to somebody, as it stands on a day.
#[derive(Debug, Clone, Serialize)]
pub struct Reply {
    pub party: String,
    pub about: Option<String>,
    pub asked: Option<String>,
    pub due: Option<String>,
    pub answered: Option<String>,
    pub answer: Option<String>,
    #[serde(flatten)]
    pub state: State,
    pub proof: Vec<RowProof>,
}

/// All of it.
#[derive(Debug, Clone, Serialize)]
pub struct Dossier {
    pub holder: HolderShown,
    /// Names, each with the days of the records that use it.
    pub names: Vec<(String, Option<String>)>,
    pub facts: Vec<Fact>,
    pub registers: Vec<Entry>,
    pub shares: Vec<Share>,
    pub came: Vec<HopShown>,
    pub went: Vec<HopShown>,
    pub claims: Vec<TaintShown>,
    pub replies: Vec<Reply>,
}

/// Requests of all files and how they stand on a day, the longest silence first.
#[must_use]
pub fn replies(trade: &Trade, today: Day) -> Vec<Reply> {
    let mut out: Vec<Reply> = Vec::new();
    for (file, read) in trade.files.iter().enumerate() {
        let Content::Requests(requests) = &read.read.content else {
            continue;
        };
        for (row, request) in requests.iter().enumerate() {
            let written = |days: Option<supply::Days>| days.map(trade::day::written);
            out.push(Reply {
                party: request.party.name.clone(),
                about: request.about.clone(),
                asked: written(request.asked),
                due: written(request.due),
                answered: written(request.answered),
                answer: request.answer.clone(),
                state: request.on(today),
                proof: trade.row(RowAt { file, row }).into_iter().collect(),
            });
        }
    }
    let silent = |reply: &Reply| match reply.state {
        State::Silent(days) => days,
        _ => 0,
    };
    out.sort_by_key(|reply| (std::cmp::Reverse(silent(reply)), reply.due.clone()));
    out
}

/// The dossier of whoever is named.
///
/// # Errors
/// Nobody is called so, or several are.
pub fn dossier(trade: &Trade, words: &str, today: Day) -> Result<Dossier, Failure> {
    let found = named(trade, words)?;
    let [id] = found.as_slice() else {
        let names: Vec<&str> = found
            .iter()
            .filter_map(|id| trade.joined.network.holders.get(id.at()))
            .map(|holder| &*holder.name)
            .take(8)
            .collect();
        return Err(Failure::new(
            crate::Whose::You,
            "ambiguous",
            format!("{} are called so: {}", found.len(), names.join(", ")),
        )
        .hint("type the whole name, or the id"));
    };
    let network = &trade.joined.network;
    let rules = Rules::default();
    let view = View {
        trade,
        network,
        rules: &rules,
    };
    let known = trade.joined.known.get(id.at()).cloned().unwrap_or_default();
    let rows = |rows: &[RowAt]| -> Vec<RowProof> {
        rows.iter()
            .take(20)
            .filter_map(|at| trade.row(*at))
            .collect()
    };
    let hops = |of: &dyn Fn(&supply::Hop) -> bool| -> Vec<HopShown> {
        let mut found: Vec<(i32, HopId)> = network
            .hops
            .iter()
            .enumerate()
            .filter(|(_, hop)| of(hop))
            .map(|(at, hop)| (hop.departure.first, HopId::of(at)))
            .collect();
        found.sort_unstable();
        found
            .into_iter()
            .filter_map(|(_, hop)| view.hop(hop))
            .collect()
    };
    let holder = view.holder(*id);
    let names_of: Vec<String> = known
        .names
        .keys()
        .map(|name| trade::party::key(name))
        .collect();
    let is_it = |name: &str| names_of.contains(&trade::party::key(name));
    Ok(Dossier {
        names: known
            .names
            .iter()
            .map(|(name, days)| (name.clone(), days.map(trade::day::written)))
            .collect(),
        facts: known
            .properties
            .iter()
            .map(|((kind, value), at)| Fact {
                kind: (*kind).to_owned(),
                value: value.clone(),
                proof: rows(at),
            })
            .collect(),
        registers: registers(trade, &is_it),
        shares: shares(&view, network, *id),
        came: hops(&|hop| hop.to == *id),
        went: hops(&|hop| hop.from == *id),
        claims: claims(&view, network, *id),
        replies: replies(trade, today)
            .into_iter()
            .filter(|reply| is_it(&reply.party))
            .collect(),
        holder,
    })
}

fn registers(trade: &Trade, is_it: &dyn Fn(&str) -> bool) -> Vec<Entry> {
    let mut out = Vec::new();
    for (file, read) in trade.files.iter().enumerate() {
        let Content::Register(entries) = &read.read.content else {
            continue;
        };
        for (row, entry) in entries
            .iter()
            .enumerate()
            .filter(|(_, entry)| is_it(&entry.facility.name))
        {
            out.push(Entry {
                scheme: entry.scheme.clone(),
                number: entry.number.clone(),
                from: entry.valid_from.map(trade::day::written),
                to: entry.valid_to.map(trade::day::written),
                proof: trade.row(RowAt { file, row }).into_iter().collect(),
            });
        }
    }
    out
}

fn shares(view: &View<'_>, network: &Network, id: HolderId) -> Vec<Share> {
    let of = network
        .ownerships
        .iter()
        .filter(|one| one.owner == id || one.owned == id);
    of.map(|one| Share {
        owner: view.holder(one.owner),
        owned: view.holder(one.owned),
        low: f64::from(one.low) / 10.0,
        high: f64::from(one.high) / 10.0,
        from: one.period.from.map(trade::day::written),
        to: one.period.to.map(trade::day::written),
        proof: view.proof(&one.evidence),
    })
    .collect()
}

fn claims(view: &View<'_>, network: &Network, id: HolderId) -> Vec<TaintShown> {
    let of = network
        .taints
        .iter()
        .enumerate()
        .filter(|(_, taint)| taint.on == TaintOn::Holder(id));
    of.filter_map(|(at, taint)| {
        let standing = supply::standing(network, Subject::Taint(TaintId::of(at)))?;
        Some(TaintShown {
            taint: TaintId::of(at).0,
            what: taint.what.to_string(),
            on: view.holder(id).name,
            from: taint.period.from.map(trade::day::written),
            to: taint.period.to.map(trade::day::written),
            touches: "not asked",
            word: standing.word,
            origins: standing.origins,
            proof: view.proof(&taint.evidence),
            denials: view.denials(Subject::Taint(TaintId::of(at))),
        })
    })
    .collect()
}
