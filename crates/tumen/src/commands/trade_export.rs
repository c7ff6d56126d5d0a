//! Traces for other programs: a table, a graph, FollowTheMoney. Each of them has the claims, the denials and what was
//! withdrawn, and how goods went to those who are no longer reached: nobody gets half of a story by its format.

use std::collections::{BTreeMap, BTreeSet};

use investigation::{
    ChainFound, Entity, Failure, HopShown, Kind, RowProof, TaintOn, TaintShown, Traced, Trade,
    entity_line, entity_project,
};

use super::statements::cell;
use super::trade::words;
use crate::output::Out;

/// All chains: those that stand, then those that fell.
fn all(answer: &Traced) -> impl Iterator<Item = (&ChainFound, bool)> {
    let standing = answer.chains.iter().map(|chain| (chain, true));
    standing.chain(answer.fell.iter().map(|chain| (chain, false)))
}

/// The hops of all chains, each once, and whether it is part of one that stands.
fn distinct(answer: &Traced) -> Vec<(&HopShown, bool)> {
    let mut seen = BTreeSet::new();
    let hops =
        all(answer).flat_map(|(chain, stands)| chain.hops.iter().map(move |hop| (hop, stands)));
    hops.filter(|(hop, _)| seen.insert(hop.hop)).collect()
}

/// The claims of all chains, each once.
fn claims(answer: &Traced) -> Vec<&TaintShown> {
    let mut seen = BTreeSet::new();
    let claims = all(answer).flat_map(|(chain, _)| &chain.taints);
    claims.filter(|claim| seen.insert(claim.taint)).collect()
}

/// Whether a claim is against the sender of a hop or the goods of it.
fn concerns(trade: &Trade, claim: &TaintShown, hop: &HopShown) -> bool {
    let network = &trade.joined.network;
    let on = network
        .taints
        .get(claim.taint as usize)
        .map(|taint| taint.on);
    match on {
        Some(TaintOn::Holder(holder)) => network
            .holders
            .get(holder.at())
            .is_some_and(|holder| *holder.key == *hop.from.id),
        Some(TaintOn::Hop(on)) => on.0 == hop.hop,
        Some(TaintOn::Lot(lot)) => {
            let lot = network.lots.get(lot.at());
            lot.is_some_and(|lot| hop.lots.iter().any(|has| **has == **lot))
        }
        None => false,
    }
}

fn row(proof: &RowProof) -> String {
    let withdrawn = if proof.withdrawn { " (withdrawn)" } else { "" };
    format!("{} row {}{withdrawn}", proof.title, proof.row)
}

fn by(denials: &[investigation::DenialShown]) -> String {
    let by: Vec<&str> = denials.iter().map(|denial| denial.by.as_str()).collect();
    by.join("; ")
}

/// A claim in one line, with its standing, who denies it and where it stands written.
fn said(claim: &TaintShown) -> String {
    let open = |day: &Option<String>| day.clone().unwrap_or_else(|| "open".to_owned());
    let mut line = format!(
        "{} at {}, {} to {}: {}",
        claim.what,
        claim.on,
        open(&claim.from),
        open(&claim.to),
        words(claim.word)
    );
    if !claim.denials.is_empty() {
        line += &format!(", denied by {}", by(&claim.denials));
    }
    let rows: Vec<String> = claim.proof.iter().map(row).collect();
    line + ", " + &rows.join(", ")
}

fn said_of(trade: &Trade, claims: &[&TaintShown], hop: &HopShown) -> String {
    let of = claims.iter().filter(|claim| concerns(trade, claim, hop));
    of.map(|claim| said(claim)).collect::<Vec<_>>().join(" | ")
}

fn withdrawn(hop: &HopShown) -> Vec<&str> {
    let proofs = hop.proof.iter().filter(|proof| proof.withdrawn);
    proofs.map(|proof| proof.title.as_str()).collect()
}

/// What was withdrawn, and who is no longer reached; `None` if nothing was.
fn fallen(answer: &Traced) -> Option<String> {
    let fallen = answer.fallen.as_ref()?;
    let names = |all: &[investigation::HolderShown]| match all {
        [] => "nobody".to_owned(),
        all => {
            let names: Vec<&str> = all.iter().map(|one| one.name.as_str()).collect();
            names.join(", ")
        }
    };
    Some(format!(
        "without {}: {} no longer reached; {} still reached",
        fallen.title,
        names(&fallen.falls),
        names(&fallen.stands)
    ))
}

/// One hop a line. A hop whose chain fell by what was withdrawn is there too, with `stands` false.
pub(super) fn csv(out: &mut Out, trade: &Trade, answer: &Traced) -> Result<(), Failure> {
    out.line("chain,step,from,to,departed,arrived,product,hs,kg_low,kg_high,mass_basis,bill,word,stated,denied_by,documents,rows,claims,withdrawn,stands")?;
    for (number, (chain, stands)) in (1..).zip(all(answer)) {
        let claims: Vec<&TaintShown> = chain.taints.iter().collect();
        for (step, hop) in (1..).zip(&chain.hops) {
            let optional = |text: &Option<String>| text.clone().unwrap_or_default();
            let kg = |at: usize| {
                hop.kg
                    .and_then(|kg| kg.get(at).copied())
                    .map_or_else(String::new, |kg| kg.to_string())
            };
            let each = |say: &dyn Fn(&RowProof) -> String| {
                hop.proof.iter().map(say).collect::<Vec<_>>().join(";")
            };
            let cells = [
                number.to_string(),
                step.to_string(),
                hop.from.name.clone(),
                hop.to.name.clone(),
                hop.departed.clone(),
                hop.arrived.clone(),
                optional(&hop.product),
                optional(&hop.hs),
                kg(0),
                kg(1),
                optional(&hop.mass_basis),
                optional(&hop.bill),
                words(hop.word),
                hop.stated.to_string(),
                by(&hop.denials),
                each(&|proof| proof.title.clone()),
                each(&|proof| proof.row.to_string()),
                said_of(trade, &claims, hop),
                withdrawn(hop).join("; "),
                stands.to_string(),
            ];
            out.line(cells.map(|one| cell(&one)).join(","))?;
        }
    }
    Ok(())
}

fn escaped(text: &str) -> String {
    // What XML 1.0 cannot hold is left out: it is not in any name or cell that people wrote.
    let holds = |c: &char| matches!(c, '\t' | '\n' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    let clean: String = text.chars().filter(holds).collect();
    clean
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// What the graph, its nodes and its edges carry.
const KEYS: [(&str, &[&str]); 3] = [
    ("graph", &["withdrawn"]),
    ("node", &["name", "kind", "claims"]),
    (
        "edge",
        &[
            "departed",
            "arrived",
            "product",
            "kg_low",
            "kg_high",
            "bill",
            "word",
            "denied_by",
            "documents",
            "claims",
            "withdrawn",
            "stands",
        ],
    ),
];

fn data(of: &str, values: &[(&str, String)]) -> String {
    let values = values.iter().filter(|(_, value)| !value.is_empty());
    let values =
        values.map(|(name, value)| format!("<data key=\"{of}-{name}\">{}</data>", escaped(value)));
    values.collect()
}

/// GraphML 1.0: holders as nodes, hops as edges.
pub(super) fn graphml(out: &mut Out, trade: &Trade, answer: &Traced) -> Result<(), Failure> {
    out.line("<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    out.line("<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">")?;
    for (of, names) in KEYS {
        for name in names {
            let kind = match *name {
                "kg_low" | "kg_high" => "double",
                "stands" => "boolean",
                _ => "string",
            };
            out.line(format_args!(
                "  <key id=\"{of}-{name}\" for=\"{of}\" attr.name=\"{name}\" attr.type=\"{kind}\"/>"
            ))?;
        }
    }
    out.line("  <graph id=\"trace\" edgedefault=\"directed\">")?;
    if let Some(fallen) = fallen(answer) {
        out.line(format_args!(
            "    {}",
            data("graph", &[("withdrawn", fallen)])
        ))?;
    }
    let hops = distinct(answer);
    let claims = claims(answer);
    let holders: BTreeSet<_> = hops
        .iter()
        .flat_map(|(hop, _)| [&hop.from, &hop.to])
        .collect();
    for holder in holders {
        let against = claims.iter().filter(|claim| {
            let on = trade.joined.network.taints.get(claim.taint as usize);
            let on = on.and_then(|taint| match taint.on {
                TaintOn::Holder(on) => trade.joined.network.holders.get(on.at()),
                _ => None,
            });
            on.is_some_and(|on| *on.key == *holder.id)
        });
        let against: Vec<String> = against.map(|claim| said(claim)).collect();
        let values = [
            ("name", holder.name.clone()),
            ("kind", holder.kind.clone()),
            ("claims", against.join(" | ")),
        ];
        out.line(format_args!(
            "    <node id=\"{}\">{}</node>",
            escaped(&holder.id),
            data("node", &values)
        ))?;
    }
    for (hop, stands) in hops {
        let documents: Vec<&str> = hop.proof.iter().map(|proof| proof.title.as_str()).collect();
        let kg = |at: usize| hop.kg.map_or_else(String::new, |kg| kg[at].to_string());
        let values = [
            ("departed", hop.departed.clone()),
            ("arrived", hop.arrived.clone()),
            ("product", hop.product.clone().unwrap_or_default()),
            ("kg_low", kg(0)),
            ("kg_high", kg(1)),
            ("bill", hop.bill.clone().unwrap_or_default()),
            ("word", words(hop.word)),
            ("denied_by", by(&hop.denials)),
            ("documents", documents.join("; ")),
            ("claims", said_of(trade, &claims, hop)),
            ("withdrawn", withdrawn(hop).join("; ")),
            ("stands", stands.to_string()),
        ];
        out.line(format_args!(
            "    <edge id=\"hop-{}\" source=\"{}\" target=\"{}\">{}</edge>",
            hop.hop,
            escaped(&hop.from.id),
            escaped(&hop.to.id),
            data("edge", &values)
        ))?;
    }
    out.line("  </graph>")?;
    out.line("</graphml>")
}

/// An id as FollowTheMoney lets entities refer to each other: letters of ASCII, digits, points and hyphens. Any other
/// becomes such a one, with a checksum of what it was (FNV-1a), so that two stay two.
fn plain_id(id: &str) -> String {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    let ends = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    if id.chars().all(fits) && ends(id.chars().next()) && ends(id.chars().last()) {
        return id.to_owned();
    }
    let step = |sum: u64, byte: u8| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let sum = id.bytes().fold(0xcbf2_9ce4_8422_2325, step);
    let readable: String = id.chars().map(|c| if fits(c) { c } else { '-' }).collect();
    let readable = readable.trim_matches(['-', '.']);
    let readable: String = readable.chars().take(80).collect();
    format!(
        "{}{}{sum:016x}",
        readable,
        if readable.is_empty() { "" } else { "-" }
    )
}

/// The same for an entity and all that it refers to.
fn plain_ids(mut entity: Entity) -> Entity {
    entity.id = plain_id(&entity.id);
    let schema = entity.schema();
    for (name, values) in &mut entity.properties {
        let property = schema.and_then(|schema| schema.properties.get(name));
        if property.is_some_and(|property| property.kind == Kind::Entity) {
            values.iter_mut().for_each(|value| *value = plain_id(value));
        }
    }
    entity
}

fn entity(id: String, schema: &str) -> Entity {
    Entity {
        id,
        schema: schema.to_owned(),
        ..Entity::default()
    }
}

/// Plain FollowTheMoney: holders, hops as links between them, the documents that these stand on, claims and denials as notes on
/// those whom they are about.
pub(super) fn ftm(out: &mut Out, trade: &Trade, answer: &Traced) -> Result<(), Failure> {
    let hops = distinct(answer);
    let holders: BTreeSet<&str> = hops
        .iter()
        .flat_map(|(hop, _)| [hop.from.id.as_str(), hop.to.id.as_str()])
        .collect();
    let mut documents = BTreeMap::new();
    for made in trade.entities() {
        let number = made
            .id
            .rsplit(':')
            .next()
            .and_then(|number| number.parse::<u32>().ok());
        let hop = (made.schema == "Shipment")
            .then(|| hops.iter().find(|(hop, _)| Some(hop.hop) == number))
            .flatten();
        if hop.is_none() && (made.schema == "Shipment" || !holders.contains(made.id.as_str())) {
            continue;
        }
        let mut plain = entity_project(&made);
        if made.schema == "Facility" {
            plain.add("description", "facility");
        }
        if let Some((hop, stands)) = hop {
            plain.add("status", words(hop.word));
            if !stands {
                plain.add("summary", "falls by what was withdrawn");
            }
            plain.add(
                "summary",
                format!("left {}, arrived {}", hop.departed, hop.arrived),
            );
            if let Some([low, high]) = hop.kg {
                plain.add("summary", format!("{low} to {high} kg"));
            }
            for denial in &hop.denials {
                plain.add("summary", format!("denied by {}", denial.by));
            }
            proven(&mut plain, &hop.proof, &mut documents);
        }
        out.line(entity_line(&plain_ids(plain)))?;
    }
    for claim in claims(answer) {
        let mut note = entity(format!("claim:{}", claim.taint), "Note");
        note.add("name", format!("claim: {} at {}", claim.what, claim.on));
        note.add("description", said(claim));
        let about = hops.iter().filter(|(hop, _)| concerns(trade, claim, hop));
        about.for_each(|(hop, _)| note.add("entity", hop.from.id.clone()));
        proven(&mut note, &claim.proof, &mut documents);
        let about = note.get("entity").to_vec();
        out.line(entity_line(&plain_ids(note)))?;
        for (number, denial) in claim.denials.iter().enumerate() {
            let id = format!("denial:claim:{}:{number}", claim.taint);
            tell_denial(out, id, denial, &about, &mut documents)?;
        }
    }
    for (hop, _) in &hops {
        let about = [hop.from.id.clone(), hop.to.id.clone()];
        for (number, denial) in hop.denials.iter().enumerate() {
            let id = format!("denial:hop:{}:{number}", hop.hop);
            tell_denial(out, id, denial, &about, &mut documents)?;
        }
    }
    if let Some(fallen) = fallen(answer) {
        let mut note = entity("withdrawn".to_owned(), "Note");
        note.add("name", "withdrawn for this answer");
        note.add("description", fallen);
        out.line(entity_line(&plain_ids(note)))?;
    }
    for document in documents.values() {
        out.line(entity_line(&plain_ids(document.clone())))?;
    }
    Ok(())
}

fn tell_denial(
    out: &mut Out,
    id: String,
    denial: &investigation::DenialShown,
    about: &[String],
    documents: &mut BTreeMap<String, Entity>,
) -> Result<(), Failure> {
    let mut note = entity(id, "Note");
    note.add("name", format!("denied by {}", denial.by));
    if let Some(on) = &denial.on {
        note.add("description", format!("denied on {on}"));
    }
    about.iter().for_each(|one| note.add("entity", one.clone()));
    proven(&mut note, &denial.proof, documents);
    out.line(entity_line(&plain_ids(note)))
}

/// Puts what something stands on beside it: the rows in words, and the documents as entities of their own.
fn proven(of: &mut Entity, proof: &[RowProof], documents: &mut BTreeMap<String, Entity>) {
    for proof in proof {
        of.add("summary", format!("{}: {}", row(proof), proof.words));
        of.add("proof", proof.document.clone());
        let document = documents.entry(proof.document.clone()).or_insert_with(|| {
            let mut document = entity(proof.document.clone(), "Document");
            document.add("fileName", proof.title.clone());
            document.add("name", proof.title.clone());
            document
        });
        if proof.withdrawn {
            document.add("notes", "withdrawn for this answer");
        }
    }
}
