//! A shipment of the rows of one source.

use supply::Days;

use super::{BillFile, Importer, Item, RowAt, Shipment, row};
use crate::bill::BillRow;
use crate::day;
use crate::mass::Mass;
use crate::party::{Standing, key};

/// A shipment from its parts, each told by its first row.
pub(super) fn assemble(
    files: &[BillFile],
    key: &str,
    parts: &[Vec<RowAt>],
    tell: &mut dyn FnMut(RowAt, &'static str, String),
) -> Option<Shipment> {
    let leads: Vec<(RowAt, &BillRow)> = parts
        .iter()
        .filter_map(|part| part.first().and_then(|at| Some((*at, row(files, *at)?))))
        .collect();
    let (lead, first) = *leads.first()?;
    let shipper = leads.iter().find_map(|(_, row)| row.shipper.clone());
    let consignee = leads.iter().find_map(|(_, row)| row.consignee.clone());
    let mut items: Vec<Item> = Vec::new();
    for (at, bill) in &leads {
        let says = (bill.product.as_deref().map(key_of), &bill.species, &bill.hs);
        let known = items.iter_mut().find(|item| {
            (item.product.as_deref().map(key_of), &item.species, &item.hs) == says
                && item.lots == bill.lots
        });
        match known {
            Some(item) => {
                item.rows.push(*at);
                item.kg = match (item.kg, bill.kg) {
                    (Some(a), Some(b)) => Some(a.plus(b)),
                    (a, b) => a.or(b),
                };
            }
            None => items.push(Item {
                product: bill.product.clone(),
                species: bill.species.clone(),
                hs: bill.hs.clone(),
                kg: bill.kg,
                lots: bill.lots.clone(),
                input_lots: bill.input_lots.clone(),
                rows: vec![*at],
            }),
        }
    }
    let masses: Vec<Mass> = leads.iter().filter_map(|(_, row)| row.kg).collect();
    let mut kg = masses.iter().copied().reduce(Mass::plus);
    if let [one, another, ..] = masses.as_slice()
        && masses.iter().all(|mass| mass.agrees(*one))
        && another.agrees(*one)
    {
        let sum = kg.map_or(0.0, |kg| kg.high);
        tell(
            lead,
            "weight-repeated",
            format!(
                "each of {} rows of the bill has {:.1} kg: that is the whole bill on every row, or equal parts; {:.1} to {sum:.1} kg is kept",
                masses.len(),
                one.high,
                one.low
            ),
        );
        kg = kg.map(|kg| Mass { low: one.low, ..kg });
        let alike = items.len() == 1;
        for item in &mut items {
            item.kg = if alike {
                kg
            } else {
                item.kg.map(|kg| Mass { low: 0.0, ..kg })
            };
        }
    }
    let span = |pick: fn(&BillRow) -> Option<Days>| {
        leads
            .iter()
            .filter_map(|(_, row)| pick(row))
            .reduce(day::hull)
    };
    let importer = importer(&leads);
    if importer.as_ref().is_none_or(|importer| !importer.stated) {
        told_importer(lead, first, importer.as_ref(), tell);
    }
    if shipper.is_none() {
        tell(
            lead,
            "no-shipper",
            "nobody is named who shipped; no hop is made of it".into(),
        );
    }
    if let (Some(from), Some(to)) = (&shipper, importer.as_ref())
        && from.id == to.party.id
    {
        tell(
            lead,
            "ships-to-itself",
            format!(
                "`{}` is shipper and receiver; no hop is made of it",
                from.name
            ),
        );
    }
    let (departed, arrived) = (span(|row| row.departed), span(|row| row.arrived));
    if departed.is_none() && arrived.is_none() {
        tell(
            lead,
            "no-date",
            "no date can be used; no hop is made of it".into(),
        );
    }
    Some(Shipment {
        id: format!("bill:{key}").replace(' ', "-"),
        bill: first.bill.clone(),
        master: leads.iter().find_map(|(_, row)| row.master.clone()),
        shipper,
        consignee,
        consignee_is: first.consignee_is,
        importer,
        vessel: leads.iter().find_map(|(_, row)| row.vessel.clone()),
        departed,
        arrived,
        kg,
        items,
        sources: Vec::new(),
        rows: Vec::new(),
    })
}

fn key_of(text: &str) -> String {
    key(text)
}

/// The consignee, unless the goods are to order or it only forwards; then whoever is to be notified may be.
fn importer(rows: &[(RowAt, &BillRow)]) -> Option<Importer> {
    let consignee = rows.iter().find_map(|(_, row)| row.consignee.as_ref());
    let notify = rows.iter().find_map(|(_, row)| row.notify.as_ref());
    let possible = |why: &str| {
        notify
            .filter(|party| !party.forwarder)
            .map(|party| Importer {
                party: party.clone(),
                stated: false,
                why: why.to_owned(),
            })
    };
    match consignee {
        Some(party) if party.forwarder => {
            possible("notify party: the consignee forwards goods of others").or_else(|| {
                Some(Importer {
                    party: party.clone(),
                    stated: false,
                    why: "the consignee forwards goods of others, and nobody else is named"
                        .to_owned(),
                })
            })
        }
        Some(party) => Some(Importer {
            party: party.clone(),
            stated: true,
            why: "consignee".to_owned(),
        }),
        None if rows
            .iter()
            .any(|(_, row)| row.consignee_is == Standing::ToOrder) =>
        {
            possible("notify party: the consignee is to order")
        }
        None => possible("notify party: no consignee is named"),
    }
}

fn told_importer(
    lead: RowAt,
    first: &BillRow,
    importer: Option<&Importer>,
    tell: &mut dyn FnMut(RowAt, &'static str, String),
) {
    match (first.consignee_is, importer) {
        (Standing::ToOrder, Some(importer)) => tell(
            lead,
            "to-order",
            format!(
                "the consignee is \"to order\": the notify party `{}` is a possible importer",
                importer.party.name
            ),
        ),
        (Standing::ToOrder, None) => tell(
            lead,
            "to-order",
            "the consignee is \"to order\" and no notify party is named who may have imported"
                .into(),
        ),
        (_, Some(importer)) if importer.party.forwarder => tell(
            lead,
            "forwarder",
            format!(
                "the consignee `{}` forwards goods of others; who imported is not known",
                importer.party.name
            ),
        ),
        (Standing::Named, Some(importer)) => tell(
            lead,
            "forwarder",
            format!(
                "the consignee forwards goods of others: the notify party `{}` is a possible importer",
                importer.party.name
            ),
        ),
        (_, Some(importer)) => tell(
            lead,
            "no-consignee",
            format!(
                "no consignee is named: the notify party `{}` is a possible importer",
                importer.party.name
            ),
        ),
        (_, None) => tell(
            lead,
            "no-consignee",
            "nobody is named who may have imported".into(),
        ),
    }
}
