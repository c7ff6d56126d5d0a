//! Rows of bills to shipments: house and master bills counted once, one bill over several rows, the same bill from
//! two vendors.

mod assemble;
mod joining;

use std::collections::BTreeMap;

use serde::Serialize;
use supply::Days;

use assemble::assemble;
use joining::{Joining, from_source, repeats, same, with_masters};

use crate::bill::{BillRow, VesselNamed};
use crate::day;
use crate::mass::Mass;
use crate::party::{Party, Standing};
use crate::problem::Problem;

/// The rows of one file.
#[derive(Debug, Clone, Default)]
pub struct BillFile {
    pub rows: Vec<BillRow>,
    pub problems: Vec<Problem>,
}

/// A row of a file: positions, both from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct RowAt {
    pub file: usize,
    pub row: usize,
}

/// What a row became.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Use {
    /// The first row of a shipment.
    Shipment,
    /// A further row of a shipment: another container, another product.
    Part,
    /// It says once more what another row of its file says.
    Duplicate,
    /// The master bill of house bills that are counted.
    Master,
    /// The same shipment as another file or vendor has it: a second source.
    SecondSource,
    /// There is neither a shipper nor a receiver.
    Unused,
}

/// Who took the goods in, as far as the bill tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Importer {
    pub party: Party,
    /// The bill names it as the consignee; else it is only possible.
    pub stated: bool,
    pub why: String,
}

/// One product of a shipment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Item {
    pub product: Option<String>,
    pub species: Option<String>,
    pub hs: Vec<String>,
    pub kg: Option<Mass>,
    pub lots: Vec<String>,
    pub input_lots: Vec<String>,
    pub rows: Vec<RowAt>,
}

/// One movement of goods on one bill.
#[derive(Debug, Clone, Serialize)]
pub struct Shipment {
    pub id: String,
    pub bill: Option<String>,
    pub master: Option<String>,
    pub shipper: Option<Party>,
    pub consignee: Option<Party>,
    pub consignee_is: Standing,
    /// `None` where nobody is named who may have imported.
    pub importer: Option<Importer>,
    pub vessel: Option<VesselNamed>,
    #[serde(serialize_with = "day::shown")]
    pub departed: Option<Days>,
    #[serde(serialize_with = "day::shown")]
    pub arrived: Option<Days>,
    pub kg: Option<Mass>,
    pub items: Vec<Item>,
    /// Rows by source, a file or a vendor within it; each source alone tells of the shipment.
    pub sources: Vec<Vec<RowAt>>,
    pub rows: Vec<RowAt>,
}

/// What came of all rows.
#[derive(Debug, Clone, Default)]
pub struct Shipments {
    pub shipments: Vec<Shipment>,
    /// For each file, for each row: what it became and of which shipment (a position).
    pub uses: Vec<Vec<(Use, Option<usize>)>>,
    /// With the file that each is about.
    pub problems: Vec<(usize, Problem)>,
}

/// Rows on one bill from which on that is told.
const MANY_ROWS: usize = 500;
/// Rows of one bill that are compared with each other one by one.
const PAIRWISE: usize = 64;

/// Joins the rows of all files to shipments.
#[must_use]
pub fn shipments(files: &[BillFile]) -> Shipments {
    let files = &with_masters(files);
    let mut out = Shipments {
        uses: files
            .iter()
            .map(|file| vec![(Use::Unused, None); file.rows.len()])
            .collect(),
        ..Shipments::default()
    };
    let joining = Joining::of(files);
    let mut groups: BTreeMap<String, Vec<RowAt>> = BTreeMap::new();
    let mut order: Vec<String> = Vec::new();
    for (file, bills) in files.iter().enumerate() {
        for (at, row) in bills.rows.iter().enumerate() {
            let here = RowAt { file, row: at };
            if row.shipper.is_none() && row.consignee.is_none() && row.notify.is_none() {
                out.tell(
                    files,
                    here,
                    "no-parties",
                    "there is neither a shipper nor a receiver; the row makes no shipment".into(),
                );
                continue;
            }
            let key = match row.bill.as_deref().map(|bill| joining.key(bill)) {
                Some(key) => key,
                None => {
                    // Of a table without bills that would be said of every row.
                    if numbered(bills) {
                        out.tell(
                            files,
                            here,
                            "no-bill-number",
                            "the row has no number of a bill: it is a shipment of its own, and a second one like it cannot be told from it".into(),
                        );
                    }
                    format!("row {file} {at}")
                }
            };
            let group = groups.entry(key.clone()).or_default();
            if group.is_empty() {
                order.push(key);
            }
            group.push(here);
        }
    }
    for key in &order {
        let rows = groups.remove(key).unwrap_or_default();
        if joining.is_master(key, files, &rows) {
            out.master(files, key, &rows);
        } else {
            out.bill(files, key, &rows);
        }
    }
    out.link_masters(files, &joining);
    out
}

fn numbered(file: &BillFile) -> bool {
    file.rows.iter().any(|row| row.bill.is_some())
}

fn row(files: &[BillFile], at: RowAt) -> Option<&BillRow> {
    files.get(at.file)?.rows.get(at.row)
}

impl Shipments {
    fn tell(&mut self, files: &[BillFile], at: RowAt, code: &'static str, message: String) {
        let problem = match row(files, at) {
            Some(row) => Problem::at(row.place, code, message),
            None => Problem::of_file(code, message),
        };
        self.problems.push((at.file, problem));
    }

    fn set(&mut self, at: RowAt, to: Use, shipment: Option<usize>) {
        if let Some(place) = self
            .uses
            .get_mut(at.file)
            .and_then(|rows| rows.get_mut(at.row))
        {
            *place = (to, shipment);
        }
    }

    fn master(&mut self, files: &[BillFile], key: &str, rows: &[RowAt]) {
        for at in rows {
            self.set(*at, Use::Master, None);
            self.tell(
                files,
                *at,
                "master-of-houses",
                format!(
                    "`{key}` is the master of house bills that are counted; it is not counted again"
                ),
            );
        }
    }

    /// Compares each master with the sum of its houses, and points it at the first of them.
    fn link_masters(&mut self, files: &[BillFile], joining: &Joining) {
        for (file, bills) in files.iter().enumerate() {
            for (at, bill) in bills.rows.iter().enumerate() {
                let here = RowAt { file, row: at };
                if self.uses.get(file).and_then(|uses| uses.get(at)) != Some(&(Use::Master, None)) {
                    continue;
                }
                let key = bill.bill.as_deref().map(|bill| joining.key(bill));
                let houses: Vec<usize> = self
                    .shipments
                    .iter()
                    .enumerate()
                    .filter(|(_, s)| s.master.as_deref().map(|m| joining.key(m)) == key)
                    .map(|(at, _)| at)
                    .collect();
                self.set(here, Use::Master, houses.first().copied());
                let sum = houses
                    .iter()
                    .filter_map(|at| self.shipments.get(*at)?.kg)
                    .reduce(Mass::plus);
                if let (Some(whole), Some(sum)) = (bill.kg, sum)
                    && !whole.agrees(sum)
                {
                    let message = format!(
                        "the master has {:.1} kg, its house bills here {:.1} kg: house bills may be missing",
                        whole.high, sum.high
                    );
                    self.tell(files, here, "master-differs", message);
                }
            }
        }
    }

    /// All rows with one number.
    fn bill(&mut self, files: &[BillFile], key: &str, rows: &[RowAt]) {
        let mut sources: BTreeMap<(usize, Option<&str>), Vec<RowAt>> = BTreeMap::new();
        for at in rows {
            let vendor = row(files, *at).and_then(|row| row.vendor.as_deref());
            sources.entry((at.file, vendor)).or_default().push(*at);
        }
        let first = self.shipments.len();
        for rows in sources.into_values() {
            for rows in self.by_parties(files, key, rows) {
                self.source(files, key, &rows, first);
            }
        }
    }

    /// Rows of one source with one number; those of other parties are other shipments.
    fn by_parties(&mut self, files: &[BillFile], key: &str, rows: Vec<RowAt>) -> Vec<Vec<RowAt>> {
        let mut groups: Vec<(Option<String>, Option<String>, Vec<RowAt>)> = Vec::new();
        for at in rows {
            let Some(bill) = row(files, at) else {
                continue;
            };
            let id = |party: &Option<Party>| party.as_ref().map(|party| party.id.clone());
            let (from, to) = (id(&bill.shipper), id(&bill.consignee));
            let fits = |known: &Option<String>, new: &Option<String>| {
                known.is_none() || new.is_none() || known == new
            };
            let group = groups
                .iter_mut()
                .find(|(f, t, _)| fits(f, &from) && fits(t, &to));
            match group {
                Some((f, t, rows)) => {
                    *f = f.take().or(from);
                    *t = t.take().or(to);
                    rows.push(at);
                }
                None => {
                    if !groups.is_empty() {
                        self.tell(files, at, "bill-of-others", format!("`{key}` stands on another row with other parties; both are kept as shipments"));
                    }
                    groups.push((from, to, vec![at]));
                }
            }
        }
        groups.into_iter().map(|(_, _, rows)| rows).collect()
    }

    /// The rows of one source about one consignment: a shipment, or a second source of one that is known.
    fn source(&mut self, files: &[BillFile], key: &str, rows: &[RowAt], from: usize) {
        let parts = self.parts(files, rows);
        let Some(new) = assemble(files, key, &parts, &mut |at, code, message| {
            self.problems.push((
                at.file,
                match row(files, at) {
                    Some(row) => Problem::at(row.place, code, message),
                    None => Problem::of_file(code, message),
                },
            ));
        }) else {
            return;
        };
        let Some(lead) = rows.first().copied() else {
            return;
        };
        let known = (from..self.shipments.len()).find(|at| {
            self.shipments.get(*at).is_some_and(|known| {
                same(known, &new) && !known.rows.iter().any(|r| from_source(files, *r, lead))
            })
        });
        let main = known.unwrap_or(self.shipments.len());
        for (number, part) in parts.iter().enumerate() {
            for (repeat, at) in part.iter().enumerate() {
                let to = match (known, repeat, number) {
                    (_, 1.., _) => Use::Duplicate,
                    (Some(_), 0, _) => Use::SecondSource,
                    (None, 0, 0) => Use::Shipment,
                    (None, 0, _) => Use::Part,
                };
                self.set(*at, to, Some(main));
                if to == Use::Duplicate {
                    let first = part
                        .first()
                        .and_then(|at| row(files, *at))
                        .map_or(0, |r| r.place.row);
                    self.tell(
                        files,
                        *at,
                        "row-repeated",
                        format!("it says what row {first} says; it is counted once"),
                    );
                }
            }
        }
        if rows.len() > MANY_ROWS {
            self.tell(
                files,
                lead,
                "many-rows",
                format!(
                    "`{key}` has {} rows, more than a bill is likely to have",
                    rows.len()
                ),
            );
        }
        match known {
            None => {
                // One number on the bills of others: a shipment of its own, told by where it stands.
                let id = if self.shipments.iter().skip(from).any(|s| s.id == new.id) {
                    format!("{}:{}.{}", new.id, lead.file, lead.row)
                } else {
                    new.id.clone()
                };
                self.shipments.push(Shipment {
                    id,
                    sources: vec![rows.to_vec()],
                    rows: rows.to_vec(),
                    ..new
                });
            }
            Some(at) => self.second(files, at, new, rows),
        }
    }

    /// Adds a source to a shipment; where the two differ, both are kept as an interval and told.
    fn second(&mut self, files: &[BillFile], at: usize, new: Shipment, rows: &[RowAt]) {
        let Some(lead) = rows.first().copied() else {
            return;
        };
        let mut told: Vec<(&'static str, String)> = Vec::new();
        let Some(known) = self.shipments.get_mut(at) else {
            return;
        };
        let id = |party: &Option<Party>| {
            party
                .as_ref()
                .map(|party| (party.id.clone(), party.name.clone()))
        };
        for (what, one, other) in [
            ("shipper", id(&known.shipper), id(&new.shipper)),
            ("consignee", id(&known.consignee), id(&new.consignee)),
        ] {
            if let (Some((a, written)), Some((b, differently))) = (one, other)
                && a != b
            {
                told.push(("sources-name-differently", format!("the {what} is `{differently}` here and `{written}` in another source of the same bill; the first is used")));
            }
        }
        match (known.kg, new.kg) {
            (Some(a), Some(b)) if !a.agrees(b) => {
                told.push(("sources-differ", format!("the mass is {:.1} kg here and {:.1} kg in another source; the interval is kept", b.high, a.high)));
                known.kg = Some(a.hull(b));
                if let ([item], [_]) = (known.items.as_mut_slice(), new.items.as_slice()) {
                    item.kg = known.kg;
                }
            }
            (None, Some(_)) => {
                known.kg = new.kg;
                known.items = new.items;
            }
            _ => {}
        }
        for (mine, theirs) in [
            (&mut known.departed, new.departed),
            (&mut known.arrived, new.arrived),
        ] {
            match (*mine, theirs) {
                (Some(a), Some(b)) => match a.both(b) {
                    Some(both) => *mine = Some(both),
                    None => {
                        told.push(("sources-differ", format!("the date is {} here and {} in another source; the interval is kept", day::written(b), day::written(a))));
                        *mine = Some(day::hull(a, b));
                    }
                },
                (None, _) => *mine = theirs,
                _ => {}
            }
        }
        known.shipper = known.shipper.take().or(new.shipper);
        known.consignee = known.consignee.take().or(new.consignee);
        if known.importer.as_ref().is_none_or(|known| !known.stated)
            && let Some(better) = new.importer
            && (better.stated || known.importer.is_none())
        {
            known.importer = Some(better);
        }
        known.vessel = known.vessel.take().or(new.vessel);
        known.rows.extend_from_slice(rows);
        known.sources.push(rows.to_vec());
        for (code, message) in told {
            self.tell(files, lead, code, message);
        }
    }

    /// Rows that say the same stand together; the first of each says it.
    fn parts(&mut self, files: &[BillFile], rows: &[RowAt]) -> Vec<Vec<RowAt>> {
        let mut parts: Vec<Vec<RowAt>> = Vec::new();
        if rows.len() > PAIRWISE {
            let mut exact: BTreeMap<String, usize> = BTreeMap::new();
            for at in rows {
                let Some(bill) = row(files, *at) else {
                    continue;
                };
                let says = format!(
                    "{:?}",
                    (
                        &bill.containers,
                        &bill.hs,
                        &bill.product,
                        &bill.lots,
                        bill.kg.map(|m| m.high.round())
                    )
                );
                match exact.get(&says).and_then(|part| parts.get_mut(*part)) {
                    Some(part) => part.push(*at),
                    None => {
                        exact.insert(says, parts.len());
                        parts.push(vec![*at]);
                    }
                }
            }
            return parts;
        }
        for at in rows {
            let Some(bill) = row(files, *at) else {
                continue;
            };
            let known = parts.iter_mut().find(|part| {
                part.first()
                    .and_then(|first| row(files, *first))
                    .is_some_and(|first| repeats(first, bill))
            });
            match known {
                Some(part) => part.push(*at),
                None => parts.push(vec![*at]),
            }
        }
        parts
    }
}
