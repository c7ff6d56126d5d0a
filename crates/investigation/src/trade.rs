//! Trade records: read from files or kept in a case, and joined to one network.
//!
//! A file of trade records is an original like any other, and a decision of the log says that it was imported and as
//! what. Its rows are derived from its text whenever they are asked for; its parties stand among the records of lists,
//! so that people can judge which of them are one.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use casefile::{DocumentId, Sha256, Span};
use entity::Entity;
use sealing::Hasher;
use serde_json::{Value, json};
use store::{Act, Ledger, Listed, NewDecision};
use trade::file::{self, Kind, Options, Read};
use trade::network::{Joined, Masses, Source};
use trade::shipment::RowAt;

use crate::case::{Case, now};
use crate::{AddOptions, Event, Failure, ImportOptions, Tools, Whose, who};

/// A file of trade records, read.
#[derive(Debug, Clone)]
pub struct TradeFile {
    /// Without its folder.
    pub name: String,
    pub sha256: Sha256,
    /// The document, where the file is in a case.
    pub document: Option<DocumentId>,
    pub published: Option<String>,
    pub read: Read,
    /// The text that spans of rows count in.
    pub text: String,
}

impl TradeFile {
    /// The words at a span.
    #[must_use]
    pub fn words(&self, span: Span) -> &str {
        span.of(&self.text).unwrap_or_default()
    }

    /// By which the file is told among documents.
    #[must_use]
    pub fn key(&self) -> String {
        self.document
            .map_or_else(|| self.name.clone(), |document| document.to_string())
    }
}

/// Files of trade records and what they come to together.
pub struct Trade {
    pub files: Vec<TradeFile>,
    pub joined: Joined,
    /// Pairs of records that people called the same, as the network was joined.
    pub judgements: usize,
}

fn not_understood(name: &str, error: &file::ReadError) -> Failure {
    let failure = Failure::new(
        Whose::You,
        "no-trade-records",
        format!("`{name}` cannot be taken for trade records: {error}; nothing was changed"),
    );
    match error {
        file::ReadError::Json(_) | file::ReadError::Empty => failure,
        _ => failure.hint(
            "say what it is with `--kind`, and which column holds what with `--columns FILE`: \
             {\"columns\":{\"shipper\":\"Heading\",\"consignee\":\"Heading\"}}",
        ),
    }
}

/// Reads a file of trade records in a confined process; `position` is its place among those read together.
///
/// # Errors
/// The file cannot be read, or is of no kind that is known.
pub fn read_trade(
    tools: &Tools,
    path: &Path,
    position: usize,
    options: &Options,
) -> Result<TradeFile, Failure> {
    let (reading, section) = crate::read::read_whole(tools, path)?;
    let name = path
        .file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    if let Some(reason) = reading.reason {
        return Err(Failure::new(
            Whose::You,
            "not-read",
            format!("`{name}` could not be read whole: {reason}; nothing was changed"),
        ));
    }
    let read = file::read(position, &section.text, options)
        .map_err(|error| not_understood(&name, &error))?;
    Ok(TradeFile {
        name,
        sha256: hash(path)?,
        document: None,
        published: None,
        read,
        text: section.text,
    })
}

fn hash(path: &Path) -> Result<Sha256, Failure> {
    let unreadable = |error: std::io::Error| {
        Failure::new(
            Whose::You,
            "unreadable",
            format!("`{}` cannot be read: {error}", path.display()),
        )
    };
    let mut file = File::open(path).map_err(unreadable)?;
    let mut hasher = Hasher::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer).map_err(unreadable)? {
            0 => return Ok(hasher.finish().0),
            read => hasher.update(buffer.get(..read).unwrap_or_default()),
        }
    }
}

impl Trade {
    /// Joins files that were read.
    #[must_use]
    pub fn of(
        files: Vec<TradeFile>,
        masses: Masses,
        same: &dyn Fn(&str) -> String,
        judgements: usize,
    ) -> Self {
        let sources: Vec<Source> = files
            .iter()
            .map(|file| Source {
                key: file.key(),
                title: file.name.clone(),
                read: file.read.clone(),
            })
            .collect();
        Self {
            joined: trade::network::network(&sources, masses, same),
            files,
            judgements,
        }
    }
}

/// The parties, vessels, shipments and shares of one file, as records of a list.
fn records(file: &TradeFile) -> Vec<Entity> {
    let alone = Trade::of(vec![file.clone()], Masses::Stated, &|id| id.to_owned(), 0);
    alone.entities()
}

impl Trade {
    /// Parties, vessels, shipments and shares in FollowTheMoney, our own schemata among them.
    #[must_use]
    pub fn entities(&self) -> Vec<Entity> {
        let network = &self.joined.network;
        let mut out = Vec::new();
        for (node, known) in network.holders.iter().zip(&self.joined.known) {
            out.push(holder(node, known));
        }
        for (at, hop) in network.hops.iter().enumerate() {
            let number = self.joined.hop_movements.get(at);
            if let Some(movement) = number.and_then(|number| self.joined.movements.get(*number)) {
                out.push(self.shipment(at, hop, movement));
            }
        }
        for one in &network.ownerships {
            let (owner, asset) = (self.id(one.owner), self.id(one.owned));
            let mut entity = new(&format!("ownership:{owner}:{asset}"), "Ownership");
            entity.add("percentage", (f64::from(one.low) / 10.0).to_string());
            entity.add("owner", owner);
            entity.add("asset", asset);
            out.push(entity);
        }
        let mut seen = BTreeSet::new();
        out.retain(|entity| seen.insert(entity.id.clone()));
        for entity in &mut out {
            entity.normalise();
        }
        out
    }

    /// A row as what stands for something, whatever it says.
    pub(crate) fn row(&self, at: RowAt) -> Option<crate::RowProof> {
        let file = self.files.get(at.file)?;
        let place = file.read.place(at.row)?;
        Some(crate::RowProof {
            document: file.key(),
            title: file.name.clone(),
            file: file.key(),
            row: place.row,
            span: place.span,
            words: file.words(place.span).chars().take(400).collect(),
            origin: file.name.clone(),
            basis: "record".into(),
            withdrawn: false,
        })
    }

    fn id(&self, holder: supply::HolderId) -> String {
        let found = self.joined.network.holders.get(holder.at());
        found.map(|node| node.key.to_string()).unwrap_or_default()
    }

    fn shipment(
        &self,
        at: usize,
        hop: &supply::Hop,
        movement: &trade::movement::Movement,
    ) -> Entity {
        let mut entity = new(&format!("{}:{at}", movement.id), "Shipment");
        entity.add("shipper", self.id(hop.from));
        entity.add("consignee", self.id(hop.to));
        for (name, value) in [
            ("vessel", hop.vessel.map(|vessel| self.id(vessel))),
            ("billNumber", movement.bill.clone()),
            ("product", movement.product.clone()),
            ("hsCode", movement.hs.clone()),
            ("startDate", movement.departed.and_then(shared)),
            ("endDate", movement.arrived.and_then(shared)),
            ("summary", (!movement.stated).then(|| movement.why.clone())),
        ] {
            value.into_iter().for_each(|value| entity.add(name, value));
        }
        for lot in &movement.lots {
            entity.add("lot", lot.clone());
        }
        if let Some(mass) = movement.kg.filter(|mass| mass.low >= mass.high) {
            let name = if mass.basis == trade::mass::Basis::Net {
                "netWeight"
            } else {
                "grossWeight"
            };
            entity.add(name, mass.high.to_string());
        }
        entity
    }
}

/// As much of a date as is the same on all days that it may mean: a day, a month, a year, or nothing.
fn shared(days: supply::Days) -> Option<String> {
    let (first, last) = (supply::iso(days.first), supply::iso(days.last));
    let same = |length: usize| {
        first
            .get(..length)
            .filter(|part| last.get(..length) == Some(part))
    };
    [10, 7, 4].into_iter().find_map(same).map(str::to_owned)
}

fn new(id: &str, schema: &str) -> Entity {
    Entity {
        id: id.to_owned(),
        schema: schema.to_owned(),
        ..Entity::default()
    }
}

fn holder(node: &supply::Holder, known: &trade::network::Known) -> Entity {
    let mut entity = new(
        &node.key,
        match node.kind {
            supply::HolderKind::Vessel => "Vessel",
            supply::HolderKind::Facility => "Facility",
            _ => "Company",
        },
    );
    entity.add("name", node.name.to_string());
    for name in known.names.keys() {
        entity.add("name", name.clone());
    }
    for (kind, value) in known.properties.keys() {
        let property = match *kind {
            "number" => "registrationNumber",
            "officer" => "notes",
            "country" if node.kind == supply::HolderKind::Vessel => "flag",
            other => other,
        };
        entity.add(property, value.clone());
    }
    if let Some(imo) = node.key.strip_prefix("imo:") {
        entity.add("imoNumber", imo.to_owned());
    }
    if let Some(mmsi) = node.key.strip_prefix("mmsi:") {
        entity.add("mmsi", mmsi.to_owned());
    }
    entity
}

/// How a decision's body says that a list is of trade records.
pub(crate) fn options_of(body: &Value) -> Option<Options> {
    serde_json::from_value(body.get("trade")?.clone()).ok()
}

impl Case {
    /// Imports a file of trade records: it becomes an original of the case, its parties become records. The same bytes
    /// imported again, in the same way, change nothing.
    ///
    /// # Errors
    /// The file cannot be read or understood, or the case cannot be written.
    pub fn import_trade(
        &self,
        path: &Path,
        how: &Options,
        options: &ImportOptions,
        by: Option<&str>,
        told: &mut dyn FnMut(u64, u64),
    ) -> Result<(TradeFile, u64), Failure> {
        // First without keeping anything: what is no trade record does not get into the case as one.
        let mut read = read_trade(&self.tools, path, 0, how)?;
        // What was guessed is written down, so that a better guesser changes nothing behind anybody's back.
        let kept = Options {
            kind: Some(read.read.kind),
            columns: read.read.columns.clone(),
        };
        let add = AddOptions {
            source: options.source.clone(),
            published: options.published,
            ocr: false,
            ..AddOptions::default()
        };
        self.add(&[path.to_owned()], &add, &mut |event| {
            if let Event::Progress { bytes, .. } = event {
                told(bytes.0, bytes.1);
            }
            Ok(())
        })?;
        read.document = Some(DocumentId::from(read.sha256));
        let subject = format!("list {}", read.sha256);
        let known = self.read(crate::entities::imports)?;
        let known = known.iter().find(|(decision, body)| {
            decision.subject == subject && options_of(body).as_ref() == Some(&kept)
        });
        if let Some((known, _)) = known {
            return Ok((read, known.number));
        }
        let records = records(&read);
        let body = json!({
            "name": options.name.clone().unwrap_or_else(|| read.name.clone()),
            "source": options.source,
            "published": options.published.map(|day| day.to_string()),
            "records": records.len(),
            "trade": kept,
        })
        .to_string();
        let _lock = self.lock()?;
        let mut ledger = self.writable()?;
        let me = who();
        let act = Act {
            who: by.filter(|by| !by.trim().is_empty()).unwrap_or(&me),
            at: now(),
        };
        let new = NewDecision {
            act: crate::entities::IMPORT,
            subject: &subject,
            body: &body,
            reason: "",
            undoes: None,
        };
        let number = ledger.transaction::<_, Failure>(&act, |tx| {
            write(tx, read.sha256, &records)?;
            Ok(tx.decide(&new)?)
        })?;
        self.checkpoint(&mut ledger)?;
        Ok((read, number))
    }

    /// The records of a file again, after the derived tables were emptied.
    pub(crate) fn fill_trade(
        &self,
        ledger: &mut Ledger,
        sha256: Sha256,
        name: &str,
        how: &Options,
    ) -> Result<(), Failure> {
        let file = stored(ledger, sha256, name, 0, how)?;
        let me = who();
        let act = Act {
            who: &me,
            at: now(),
        };
        let records = records(&file);
        ledger.transaction::<_, Failure>(&act, |tx| write(tx, sha256, &records))
    }

    /// All files of trade records of the case, joined as people judged.
    ///
    /// # Errors
    /// The case is damaged.
    pub fn trade(&self, masses: Masses) -> Result<Trade, Failure> {
        self.read(|ledger| {
            let mut files = Vec::new();
            for (decision, body) in crate::entities::imports(ledger)? {
                let (Some(how), Some(hash)) =
                    (options_of(&body), decision.subject.strip_prefix("list "))
                else {
                    continue;
                };
                let Ok(sha256) = hash.parse() else {
                    continue;
                };
                let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
                let name = text("name").unwrap_or_default();
                let mut file = stored(ledger, sha256, &name, files.len(), &how)?;
                file.published = text("published");
                files.push(file);
            }
            let judged = crate::entities::judged(&crate::entities::judgings(ledger)?);
            let clusters = matching::clusters(&judged);
            let same = |id: &str| clusters.canonical(id).to_owned();
            Ok(Trade::of(files, masses, &same, judged.len()))
        })
    }
}

fn write(
    tx: &mut store::Transaction<'_>,
    sha256: Sha256,
    records: &[Entity],
) -> Result<(), Failure> {
    tx.forget_list(sha256)?;
    for entity in records {
        let row = Listed {
            list: sha256,
            id: entity.id.clone(),
            schema: entity.schema.clone(),
            caption: entity::caption(entity),
            body: entity::write_line(entity),
        };
        let refers = entity.values_of(entity::Kind::Entity, false);
        let refers: Vec<String> = refers.into_iter().map(str::to_owned).collect();
        tx.put_listed(&row, &refers)?;
    }
    Ok(())
}

/// A file of the case, from its stored text.
fn stored(
    ledger: &Ledger,
    sha256: Sha256,
    name: &str,
    position: usize,
    how: &Options,
) -> Result<TradeFile, Failure> {
    let document = DocumentId::from(sha256);
    let found = ledger
        .document(document)?
        .ok_or_else(|| crate::ask::unknown(document))?;
    let text = found
        .text
        .map(|text| ledger.text(text))
        .transpose()?
        .unwrap_or_default();
    let read = file::read(position, &text, how).map_err(|error| {
        Failure::new(
            Whose::Case,
            "no-trade-records",
            format!("`{name}` was imported as trade records and its text cannot be read as such any more: {error}; the original is safe"),
        )
        .hint("`tumen rebuild` derives its text again")
    })?;
    Ok(TradeFile {
        name: name.to_owned(),
        sha256,
        document: Some(document),
        published: None,
        read,
        text,
    })
}

/// The kind that a word names.
///
/// # Errors
/// There is no such kind.
pub fn trade_kind(word: &str) -> Result<Kind, Failure> {
    Kind::from_name(word).ok_or_else(|| {
        let known: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
        Failure::new(
            Whose::You,
            "no-such-kind",
            format!("`{word}` is no kind of trade records"),
        )
        .hint(format!("say one of: {}", known.join(", ")))
    })
}
