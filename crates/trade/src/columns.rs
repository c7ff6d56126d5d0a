//! Which column holds what: guessed from the words of the heading, shown, saved and corrected.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::day::Order;
use crate::number::{Decimal, Unit};
use crate::table::Row;
use crate::vocabulary;

/// What a column may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    Bill,
    House,
    Master,
    BillType,
    Shipper,
    ShipperAddress,
    ShipperCountry,
    ShipperPhone,
    Consignee,
    ConsigneeAddress,
    ConsigneeCountry,
    ConsigneePhone,
    Notify,
    NotifyAddress,
    Carrier,
    Vessel,
    Imo,
    Mmsi,
    Flag,
    Voyage,
    Departed,
    Arrived,
    /// A date that may be either.
    Date,
    Lading,
    Discharge,
    Origin,
    Product,
    Species,
    Hs,
    Gross,
    Net,
    /// A mass of which nobody says whether it is gross or net.
    Weight,
    /// Pieces, cartons, or a mass if its unit is one.
    Quantity,
    Unit,
    Container,
    Lot,
    InputLot,
    /// The vendor or collection that the row is from.
    Vendor,
    /// The document that says so, where the table is somebody's own.
    Document,
    /// Who said so first.
    FirstTeller,
    // Vessel positions and events
    Time,
    Ended,
    Latitude,
    Longitude,
    Event,
    OtherVessel,
    OtherMmsi,
    OtherImo,
    Port,
    PortCountry,
    // Registers and claims
    Facility,
    Address,
    Country,
    Phone,
    Officer,
    Scheme,
    Number,
    ValidFrom,
    ValidTo,
    Claim,
    Certainty,
    Answer,
    // Requests for an answer
    Asked,
    Due,
    Answered,
}

impl Field {
    /// The name in files of columns.
    #[must_use]
    pub fn name(self) -> String {
        serde_json::to_value(self)
            .ok()
            .and_then(|value| value.as_str().map(str::to_owned))
            .unwrap_or_default()
    }
}

/// Which column holds what. As JSON it can be saved, corrected and given again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Columns {
    /// The heading of the column that holds a field.
    pub columns: BTreeMap<Field, String>,
    /// The unit of a mass whose row names none.
    #[serde(default)]
    pub unit: Option<Unit>,
    /// How dates of three numbers are to be read, where the column leaves it open.
    #[serde(default)]
    pub date_order: Option<Order>,
    /// The mark before the fraction, where the column leaves it open.
    #[serde(default)]
    pub decimal: Option<Decimal>,
    /// Headings that no field was found for; what stands there is kept in the row's span.
    #[serde(default)]
    pub unused: Vec<String>,
}

/// The heading of a table: where it stands and which field is at which column.
#[derive(Debug, Clone, Default)]
pub struct Heading {
    /// Its index among the rows.
    pub at: usize,
    pub at_column: BTreeMap<Field, usize>,
    /// Units that the headings of masses name.
    pub units: BTreeMap<Field, Unit>,
    pub columns: Columns,
}

impl Heading {
    /// A field's cell; empty if there is no such column.
    #[must_use]
    pub fn cell<'a>(&self, row: &Row<'a>, field: Field) -> &'a str {
        self.at_column
            .get(&field)
            .map_or("", |column| row.cell(*column))
    }

    /// [`Heading::cell`], or nothing where it is blank or says that there is nothing.
    #[must_use]
    pub fn given<'a>(&self, row: &Row<'a>, field: Field) -> Option<&'a str> {
        let cell = self.cell(row, field);
        let nothing = matches!(
            cell.to_lowercase().as_str(),
            "" | "-"
                | "--"
                | "n/a"
                | "na"
                | "null"
                | "none"
                | "nan"
                | "not available"
                | "없음"
                | "无"
        );
        (!nothing).then_some(cell)
    }

    #[must_use]
    pub fn has(&self, field: Field) -> bool {
        self.at_column.contains_key(&field)
    }
}

/// Why no heading was found.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HeadingError {
    #[error("there is no row whose cells are headings that are known here")]
    None,
    #[error("there is no column `{heading}`, which the file of columns names for `{field}`")]
    NoSuchColumn { field: String, heading: String },
}

/// Rows that are looked at for the heading: exports often begin with a title and notes.
const MOST_PREAMBLE: usize = 40;

/// Finds the heading among the `wanted` fields: the row with most cells that are known, the first of equals.
///
/// # Errors
/// No row has at least two known headings, or a corrected column does not exist.
pub fn heading(
    rows: &[Row<'_>],
    given: Option<&Columns>,
    wanted: &[Field],
) -> Result<Heading, HeadingError> {
    let known = |row: &Row<'_>| {
        let named = |cell: &&str| {
            given.is_some_and(|given| given.columns.values().any(|heading| same(heading, cell)))
        };
        row.cells
            .iter()
            .filter(|cell| {
                vocabulary::field(cell).is_some_and(|meant| wanted.contains(&meant.field))
                    || named(cell)
            })
            .count()
    };
    let mut best = (0, 0);
    for (at, row) in rows.iter().take(MOST_PREAMBLE).enumerate() {
        let count = known(row);
        if count > best.1 {
            best = (at, count);
        }
    }
    let Some(row) = rows.get(best.0).filter(|_| best.1 >= 2) else {
        return Err(HeadingError::None);
    };
    let mut found = Heading {
        at: best.0,
        columns: given.cloned().unwrap_or_default(),
        ..Heading::default()
    };
    found.columns.unused.clear();
    if let Some(given) = given {
        for (field, heading) in &given.columns {
            let column = row.cells.iter().position(|cell| same(cell, heading));
            let column = column.ok_or_else(|| HeadingError::NoSuchColumn {
                field: field.name(),
                heading: heading.clone(),
            })?;
            found.at_column.insert(*field, column);
            let unit = vocabulary::field(heading).and_then(|meant| meant.unit);
            found.units.extend(unit.map(|unit| (*field, unit)));
        }
    }
    guess(row, wanted, &mut found);
    Ok(found)
}

fn same(a: &str, b: &str) -> bool {
    a.trim()
        .trim_start_matches('\u{feff}')
        .eq_ignore_ascii_case(b.trim())
}

fn guess(row: &Row<'_>, wanted: &[Field], found: &mut Heading) {
    let taken: Vec<usize> = found.at_column.values().copied().collect();
    // A heading that is exactly one of ours goes before one that only contains its words.
    for exact in [true, false] {
        for (column, cell) in row.cells.iter().enumerate() {
            let Some(meant) = vocabulary::field(cell)
                .filter(|meant| meant.exact == exact && wanted.contains(&meant.field))
            else {
                continue;
            };
            if taken.contains(&column) || found.at_column.contains_key(&meant.field) {
                continue;
            }
            found.at_column.insert(meant.field, column);
            let shown = cell.trim().trim_start_matches('\u{feff}').to_owned();
            found.columns.columns.insert(meant.field, shown);
            found
                .units
                .extend(meant.unit.map(|unit| (meant.field, unit)));
        }
    }
    let used: Vec<usize> = found.at_column.values().copied().collect();
    for (column, cell) in row.cells.iter().enumerate() {
        if !used.contains(&column) && !cell.trim().is_empty() {
            found.columns.unused.push(cell.trim().to_owned());
        }
    }
}
