//! Which rows tell of one shipment.

use std::collections::BTreeSet;

use supply::Days;

use super::{BillFile, RowAt, Shipment, row};
use crate::bill::{BillRow, number_key};
use crate::party::{Party, key};

/// House bills that name their master by their number only: `BL-88120-A` is of the master bill `BL-88120`.
pub(super) fn with_masters(files: &[BillFile]) -> Vec<BillFile> {
    let mut files = files.to_vec();
    for file in &mut files {
        let masters: BTreeSet<String> = file
            .rows
            .iter()
            .filter(|row| row.is_master)
            .filter_map(|row| row.bill.clone())
            .collect();
        for row in &mut file.rows {
            if !row.is_house || row.master.is_some() {
                continue;
            }
            row.master = row.bill.as_deref().and_then(|bill| {
                let ends = bill.match_indices(['-', '/', ' ', '_']).map(|(at, _)| at);
                let mut beginnings = ends.filter_map(|at| bill.get(..at));
                beginnings
                    .find(|start| masters.contains(*start))
                    .map(str::to_owned)
            });
        }
    }
    files
}

/// How numbers of bills are recognised across vendors, and which are masters of others.
pub(super) struct Joining {
    numbers: BTreeSet<String>,
    masters: BTreeSet<String>,
}

impl Joining {
    pub(super) fn of(files: &[BillFile]) -> Self {
        let rows = || files.iter().flat_map(|file| &file.rows);
        let numbers = rows()
            .filter_map(|row| row.bill.as_deref())
            .map(number_key)
            .collect();
        let mut joining = Self {
            numbers,
            masters: BTreeSet::new(),
        };
        joining.masters = rows()
            .filter_map(|row| row.master.as_deref())
            .map(|master| joining.key(master))
            .collect();
        joining
    }

    /// A number without the carrier's code of four letters, if some vendor leaves that out.
    pub(super) fn key(&self, number: &str) -> String {
        let whole = number_key(number);
        let bare = whole.get(4..).filter(|bare| {
            let code = whole.get(..4).unwrap_or_default();
            code.chars().all(|c| c.is_ascii_alphabetic())
                && bare.len() >= 6
                && self.numbers.contains(*bare)
        });
        bare.map_or_else(|| whole.clone(), str::to_owned)
    }

    pub(super) fn is_master(&self, key: &str, files: &[BillFile], rows: &[RowAt]) -> bool {
        self.masters.contains(key)
            && rows
                .iter()
                .filter_map(|at| row(files, *at))
                .all(|row| row.master.is_none())
    }
}

pub(super) fn from_source(files: &[BillFile], one: RowAt, other: RowAt) -> bool {
    let vendor = |at: RowAt| row(files, at).and_then(|row| row.vendor.as_deref());
    one.file == other.file && vendor(one) == vendor(other)
}

/// Two sources tell of one shipment if their parties or their masses and dates agree. Numbers of bills alone are
/// used again by carriers after years.
pub(super) fn same(known: &Shipment, new: &Shipment) -> bool {
    let id = |party: &Option<Party>| party.as_ref().map(|party| party.id.clone());
    let agrees = |a: Option<String>, b: Option<String>| a.is_none() || b.is_none() || a == b;
    let parties = agrees(id(&known.shipper), id(&new.shipper))
        && agrees(id(&known.consignee), id(&new.consignee));
    let masses = match (known.kg, new.kg) {
        (Some(a), Some(b)) => a.agrees(b),
        _ => false,
    };
    let near = |a: Option<Days>, b: Option<Days>| match (a, b) {
        (Some(a), Some(b)) => {
            a.first <= b.last.saturating_add(60) && b.first <= a.last.saturating_add(60)
        }
        _ => true,
    };
    near(known.departed, new.departed) && near(known.arrived, new.arrived) && (parties || masses)
}

/// The second row says nothing that the first does not.
pub(super) fn repeats(first: &BillRow, second: &BillRow) -> bool {
    fn fits<T: PartialEq>(a: &[T], b: &[T]) -> bool {
        a.is_empty() || b.is_empty() || a == b
    }
    let text = |text: &Option<String>| text.as_deref().map(key);
    let agree = |a: Option<String>, b: Option<String>| a.is_none() || b.is_none() || a == b;
    let masses = match (first.kg, second.kg) {
        (Some(a), Some(b)) => a.agrees(b),
        (None, None) => true,
        _ => false,
    };
    masses
        && fits(&first.containers, &second.containers)
        && fits(&first.hs, &second.hs)
        && fits(&first.lots, &second.lots)
        && agree(text(&first.product), text(&second.product))
        && agree(text(&first.species), text(&second.species))
        && agree(text(&first.document), text(&second.document))
}
