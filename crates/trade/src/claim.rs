//! Tables of claims against a plant, a vessel or goods, and of the answers to them.

use serde::Serialize;
use supply::{Basis, Days, Word};

use crate::bill;
use crate::cells;
use crate::columns::{Field, Heading};
use crate::day::{self, Style};
use crate::party::{self, Party};
use crate::problem::Problem;
use crate::table::{Place, Row};

/// The fields that a table of claims may have.
pub const FIELDS: &[Field] = &[
    Field::Facility,
    Field::Address,
    Field::Country,
    Field::Vessel,
    Field::Imo,
    Field::Mmsi,
    Field::Claim,
    Field::ValidFrom,
    Field::ValidTo,
    Field::Date,
    Field::Certainty,
    Field::Document,
    Field::FirstTeller,
    Field::Bill,
    Field::Lot,
    Field::Shipper,
    Field::Consignee,
    Field::Answer,
];

/// A dated claim, or somebody's denial of one.
#[derive(Debug, Clone, Serialize)]
pub struct ClaimRow {
    #[serde(flatten)]
    pub place: Place,
    /// The plant or party it is about.
    pub facility: Option<Party>,
    pub vessel: Option<bill::VesselNamed>,
    /// The movement that is denied, from whom to whom, or on which bill.
    pub from: Option<Party>,
    pub to: Option<Party>,
    pub bill: Option<String>,
    pub lot: Option<String>,
    /// It denies; else it claims.
    pub denial: bool,
    /// It says where goods come from: shown to be from elsewhere, or from nobody knows where.
    pub origin: Option<supply::Status>,
    /// In the words of the table.
    pub what: String,
    /// When it held: its first and its last day, each known to an interval.
    #[serde(serialize_with = "day::shown")]
    pub first_day: Option<Days>,
    #[serde(serialize_with = "day::shown")]
    pub last_day: Option<Days>,
    pub stated: Word,
    pub basis: Basis,
    pub document: Option<String>,
    pub first_teller: Option<String>,
}

/// How somebody knows what they say, by the words of a table.
#[must_use]
pub fn basis(written: &str) -> Option<Basis> {
    Some(match written.trim().to_lowercase().as_str() {
        "record" | "shown" | "documented" | "official" | "기록" | "记录" => Basis::Record,
        "observed" | "supported" | "witness" | "witnessed" | "testimony" | "first hand"
        | "first-hand" | "목격" | "증언" | "目击" | "证词" => Basis::Observed,
        "reported" | "alleged" | "hearsay" | "rumour" | "rumor" | "possible" | "전언" | "据报"
        | "传闻" => Basis::Reported,
        "estimate" | "estimated" | "inferred" | "추정" | "估计" | "推断" => Basis::Estimate,
        _ => return None,
    })
}

const DENIES: &[&str] = &["denial", "denied", "denies", "deny", "부인", "否认", "否認"];

/// How the dates of a table of claims are written.
#[derive(Debug, Clone, Default)]
pub struct Styles {
    style: Style,
}

impl Styles {
    #[must_use]
    pub fn of(rows: &[Row<'_>], heading: &Heading) -> Self {
        let cells = [
            Field::ValidFrom,
            Field::ValidTo,
            Field::Date,
            Field::Asked,
            Field::Due,
            Field::Answered,
        ]
        .into_iter()
        .flat_map(|field| rows.iter().map(move |row| heading.cell(row, field)));
        Self {
            style: heading
                .columns
                .date_order
                .map_or_else(|| Style::of(cells), Style::fixed),
        }
    }

    pub(crate) fn date(
        &self,
        row: &Row<'_>,
        heading: &Heading,
        field: Field,
        problems: &mut Vec<Problem>,
    ) -> Option<Days> {
        cells::date(row, heading, field, &self.style, problems)
    }
}

/// Reads one row; `None` for one that is about nobody, with the reason.
#[must_use]
pub fn read(row: &Row<'_>, heading: &Heading, styles: &Styles) -> (Option<ClaimRow>, Vec<Problem>) {
    let mut problems = Vec::new();
    let given = |field: Field| heading.given(row, field);
    let owned = |field: Field| given(field).map(str::to_owned);
    let named = |field: Field| party::party(given(field), None, None, None);
    let facility = party::party(
        given(Field::Facility),
        given(Field::Address),
        given(Field::Country),
        None,
    );
    let vessel = cells::vessel(row, heading, &mut problems);
    let (from, to) = (named(Field::Shipper), named(Field::Consignee));
    let (bill, lot) = (owned(Field::Bill), owned(Field::Lot));
    if facility.is_none()
        && vessel.is_none()
        && from.is_none()
        && to.is_none()
        && bill.is_none()
        && lot.is_none()
    {
        problems.push(Problem::at(
            row.place,
            "claim-about-nobody",
            "the row names no plant, vessel, bill or lot; it claims nothing",
        ));
        return (None, problems);
    }
    let mut date = |field: Field| styles.date(row, heading, field, &mut problems);
    let (mut first_day, mut last_day) = (date(Field::ValidFrom), date(Field::ValidTo));
    // One date for the whole: the claim held within it.
    if let (None, None, Some(whole)) = (first_day, last_day, date(Field::Date)) {
        (first_day, last_day) = (Some(whole), Some(whole));
    }
    if let (Some(first), Some(last)) = (first_day, last_day)
        && last.last < first.first
    {
        let message = format!(
            "it ends ({}) before it begins ({}); both dates are left empty",
            day::written(last),
            day::written(first)
        );
        problems.push(Problem::at(row.place, "ends-before-beginning", message));
        (first_day, last_day) = (None, None);
    }
    let what = owned(Field::Claim)
        .or_else(|| owned(Field::Answer))
        .unwrap_or_else(|| "claim".into());
    let lower = what.to_lowercase();
    let denial =
        given(Field::Answer).is_some_and(|answer| denies(&answer.to_lowercase())) || denies(&lower);
    let certainty = given(Field::Certainty).map(str::to_lowercase);
    let stated = match certainty.as_deref() {
        Some("alleged" | "reported" | "hearsay" | "estimate" | "estimated" | "possible") => {
            Word::Alleged
        }
        Some("supported") => Word::Supported,
        Some("contested") => Word::Contested,
        _ => Word::Shown,
    };
    let read = ClaimRow {
        place: row.place,
        facility,
        vessel,
        from,
        to,
        bill,
        lot,
        denial,
        origin: origin(&lower),
        what,
        first_day,
        last_day,
        stated,
        basis: certainty
            .as_deref()
            .and_then(basis)
            .unwrap_or(Basis::Observed),
        document: owned(Field::Document),
        first_teller: owned(Field::FirstTeller),
    };
    (Some(read), problems)
}

/// Whether the words say that goods are from elsewhere, or from nobody knows where.
fn origin(lower: &str) -> Option<supply::Status> {
    match lower.trim() {
        "clean" | "not tainted" | "from elsewhere" | "무관" | "无关" => {
            Some(supply::Status::Clean)
        }
        "unknown" | "unknown origin" | "origin unknown" | "출처 불명" | "来源不明" => {
            Some(supply::Status::Unknown)
        }
        _ => None,
    }
}

pub(crate) fn denies(lower: &str) -> bool {
    DENIES.iter().any(|word| lower.contains(word))
}
