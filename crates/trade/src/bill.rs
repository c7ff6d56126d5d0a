//! One row of a table of bills of lading.

use serde::Serialize;
use supply::Days;

use crate::cells::{date, hs, in_order, list, vessel};
use crate::columns::{Field, Heading};
use crate::day::{self, Style};
use crate::mass::{self, Mass, MassStyle};
use crate::party::{self, Party, Standing};
use crate::problem::Problem;
use crate::table::{Place, Row};

/// The fields that a table of bills may have.
pub const FIELDS: &[Field] = &[
    Field::Bill,
    Field::House,
    Field::Master,
    Field::BillType,
    Field::Shipper,
    Field::ShipperAddress,
    Field::ShipperCountry,
    Field::ShipperPhone,
    Field::Consignee,
    Field::ConsigneeAddress,
    Field::ConsigneeCountry,
    Field::ConsigneePhone,
    Field::Notify,
    Field::NotifyAddress,
    Field::Carrier,
    Field::Vessel,
    Field::Imo,
    Field::Mmsi,
    Field::Flag,
    Field::Voyage,
    Field::Departed,
    Field::Arrived,
    Field::Date,
    Field::Lading,
    Field::Discharge,
    Field::Origin,
    Field::Product,
    Field::Species,
    Field::Hs,
    Field::Gross,
    Field::Net,
    Field::Weight,
    Field::Quantity,
    Field::Unit,
    Field::Container,
    Field::Lot,
    Field::InputLot,
    Field::Vendor,
    Field::Document,
    Field::FirstTeller,
    Field::Certainty,
];

/// A vessel as a record names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VesselNamed {
    pub name: Option<String>,
    /// Seven digits whose check digit is right.
    pub imo: Option<String>,
    pub mmsi: Option<String>,
    pub flag: Option<String>,
}

impl VesselNamed {
    /// A hull is told by its IMO number, else by its MMSI, else by its name.
    #[must_use]
    pub fn id(&self) -> Option<String> {
        let named = self
            .name
            .as_deref()
            .map(party::key)
            .filter(|key| !key.is_empty());
        self.imo
            .as_ref()
            .map(|imo| format!("imo:{imo}"))
            .or_else(|| self.mmsi.as_ref().map(|mmsi| format!("mmsi:{mmsi}")))
            .or_else(|| named.map(|name| format!("vessel:{name}")))
    }
}

/// What a row says, as it was understood.
#[derive(Debug, Clone, Serialize)]
pub struct BillRow {
    #[serde(flatten)]
    pub place: Place,
    /// The number that tells this consignment: the house bill's, else the bill's, else the master's.
    pub bill: Option<String>,
    /// The master bill under which it sailed, where the row names one beside its own.
    pub master: Option<String>,
    /// It says of itself that it is a master bill.
    pub is_master: bool,
    /// It says of itself that it is a house bill.
    pub is_house: bool,
    pub shipper: Option<Party>,
    pub consignee: Option<Party>,
    pub consignee_is: Standing,
    pub notify: Option<Party>,
    pub notify_is: Standing,
    pub vessel: Option<VesselNamed>,
    pub voyage: Option<String>,
    #[serde(serialize_with = "day::shown")]
    pub departed: Option<Days>,
    #[serde(serialize_with = "day::shown")]
    pub arrived: Option<Days>,
    pub lading: Option<String>,
    pub discharge: Option<String>,
    pub origin: Option<String>,
    pub product: Option<String>,
    pub species: Option<String>,
    /// Digits only; empty where none is given, never guessed.
    pub hs: Vec<String>,
    pub kg: Option<Mass>,
    pub containers: Vec<String>,
    pub lots: Vec<String>,
    pub input_lots: Vec<String>,
    pub vendor: Option<String>,
    pub document: Option<String>,
    pub first_teller: Option<String>,
    /// How whoever says so knows it; a bill is a record unless its row says otherwise.
    pub basis: supply::Basis,
}

/// Letters and digits of a bill's number, upper case.
#[must_use]
pub fn number_key(number: &str) -> String {
    number
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_uppercase())
        .collect()
}

/// How the columns of a table are written.
#[derive(Debug, Clone, Default)]
pub struct Styles {
    departed: Style,
    arrived: Style,
    date: Style,
    mass: MassStyle,
}

impl Styles {
    #[must_use]
    pub fn of(rows: &[Row<'_>], heading: &Heading) -> Self {
        // Columns of dates of one export are written alike: those of the other columns count too.
        let cells = || {
            [Field::Departed, Field::Arrived, Field::Date]
                .into_iter()
                .flat_map(|field| rows.iter().map(move |row| heading.cell(row, field)))
        };
        let dates = |field: Field| match heading.columns.date_order {
            Some(order) => Style::fixed(order),
            None if heading.has(field) => Style::of(cells()),
            None => Style::default(),
        };
        Self {
            departed: dates(Field::Departed),
            arrived: dates(Field::Arrived),
            date: dates(Field::Date),
            mass: MassStyle::of(rows, heading),
        }
    }
}

/// Reads one row.
#[must_use]
pub fn read(row: &Row<'_>, heading: &Heading, styles: &Styles) -> (BillRow, Vec<Problem>) {
    let mut problems = Vec::new();
    let given = |field: Field| heading.given(row, field);
    let owned = |field: Field| given(field).map(str::to_owned);
    let number = |field: Field| owned(field).filter(|text| !number_key(text).is_empty());
    let (bill, house, master) = (
        number(Field::Bill),
        number(Field::House),
        number(Field::Master),
    );
    let own = house
        .clone()
        .or_else(|| bill.clone())
        .or_else(|| master.clone());
    let kind = given(Field::BillType).unwrap_or_default().to_lowercase();
    let kind_says = matches!(
        kind.as_str(),
        "m" | "mb" | "mbl" | "master" | "master bill" | "마스터" | "主单"
    );
    // Of a row with a house bill and a bill, the bill is its master's.
    let above = master
        .clone()
        .or_else(|| house.as_ref().and(bill.clone()))
        .filter(|above| {
            own.as_deref()
                .is_some_and(|own| number_key(own) != number_key(above))
        });
    let is_house = house.is_some()
        || matches!(
            kind.as_str(),
            "h" | "hb" | "hbl" | "house" | "house bill" | "하우스" | "分单"
        );
    let is_master = house.is_none() && (kind_says || bill.is_none() && master.is_some());

    let departed = date(
        row,
        heading,
        Field::Departed,
        &styles.departed,
        &mut problems,
    );
    let arrived = date(row, heading, Field::Arrived, &styles.arrived, &mut problems);
    let either = date(row, heading, Field::Date, &styles.date, &mut problems);
    let (departed, arrived) = match (departed, arrived) {
        (None, None) => (either, either),
        known => known,
    };
    let (departed, arrived) = in_order(row.place, departed, arrived, &mut problems);
    let (kg, more) = mass::mass(row, heading, &styles.mass);
    problems.extend(more);

    let parties = Parties::read(row, heading);
    let read = BillRow {
        place: row.place,
        bill: own,
        master: above,
        is_master,
        is_house,
        shipper: parties.shipper,
        consignee: parties.consignee,
        consignee_is: parties.consignee_is,
        notify: parties.notify,
        notify_is: parties.notify_is,
        vessel: vessel(row, heading, &mut problems),
        voyage: owned(Field::Voyage),
        departed,
        arrived,
        lading: owned(Field::Lading),
        discharge: owned(Field::Discharge),
        origin: owned(Field::Origin),
        product: owned(Field::Product),
        species: owned(Field::Species),
        hs: hs(row.place, given(Field::Hs), &mut problems),
        kg,
        containers: list(given(Field::Container)),
        lots: list(given(Field::Lot)),
        input_lots: list(given(Field::InputLot)),
        vendor: owned(Field::Vendor),
        document: owned(Field::Document),
        first_teller: owned(Field::FirstTeller),
        basis: given(Field::Certainty)
            .and_then(crate::claim::basis)
            .unwrap_or(supply::Basis::Record),
    };
    (read, problems)
}

struct Parties {
    shipper: Option<Party>,
    consignee: Option<Party>,
    consignee_is: Standing,
    notify: Option<Party>,
    notify_is: Standing,
}

impl Parties {
    fn read(row: &Row<'_>, heading: &Heading) -> Self {
        let given = |field: Field| heading.given(row, field);
        let consignee_is = party::standing(given(Field::Consignee));
        let notify_is = party::standing(given(Field::Notify));
        let consignee = || {
            party::party(
                given(Field::Consignee),
                given(Field::ConsigneeAddress),
                given(Field::ConsigneeCountry),
                given(Field::ConsigneePhone),
            )
        };
        Self {
            shipper: party::party(
                given(Field::Shipper),
                given(Field::ShipperAddress),
                given(Field::ShipperCountry),
                given(Field::ShipperPhone),
            ),
            consignee: if consignee_is == Standing::Named {
                consignee()
            } else {
                None
            },
            consignee_is,
            notify: match notify_is {
                Standing::Named => party::party(
                    given(Field::Notify),
                    given(Field::NotifyAddress),
                    None,
                    None,
                ),
                Standing::Same if consignee_is == Standing::Named => consignee(),
                _ => None,
            },
            notify_is,
        }
    }
}
