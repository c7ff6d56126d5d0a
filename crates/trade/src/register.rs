//! Registers of plants: under which scheme, with which number, valid from when to when.

use serde::Serialize;
use supply::Days;

use crate::bill;
use crate::claim::Styles;
use crate::columns::{Field, Heading};
use crate::day;
use crate::party::{self, Party};
use crate::problem::Problem;
use crate::table::{Place, Row};

/// The fields that a register may have.
pub const FIELDS: &[Field] = &[
    Field::Facility,
    Field::Address,
    Field::Country,
    Field::Phone,
    Field::Officer,
    Field::Scheme,
    Field::Number,
    Field::ValidFrom,
    Field::ValidTo,
    Field::Species,
    Field::Product,
];

/// One entry of a register.
#[derive(Debug, Clone, Serialize)]
pub struct Registration {
    #[serde(flatten)]
    pub place: Place,
    pub facility: Party,
    pub officer: Option<String>,
    pub scheme: Option<String>,
    pub number: Option<String>,
    #[serde(serialize_with = "day::shown")]
    pub valid_from: Option<Days>,
    #[serde(serialize_with = "day::shown")]
    pub valid_to: Option<Days>,
    pub goods: Option<String>,
}

/// Reads one row; `None` for one that names no plant, with the reason.
#[must_use]
pub fn read(
    row: &Row<'_>,
    heading: &Heading,
    styles: &Styles,
) -> (Option<Registration>, Vec<Problem>) {
    let mut problems = Vec::new();
    let given = |field: Field| heading.given(row, field);
    let owned = |field: Field| given(field).map(str::to_owned);
    let facility = party::party(
        given(Field::Facility),
        given(Field::Address),
        given(Field::Country),
        given(Field::Phone),
    );
    let Some(facility) = facility else {
        problems.push(Problem::at(
            row.place,
            "no-facility",
            "the row names no plant",
        ));
        return (None, problems);
    };
    let number = owned(Field::Number);
    if number.is_none() {
        problems.push(Problem::at(
            row.place,
            "no-number",
            "the entry has no number; it is kept by its name",
        ));
    }
    let mut date = |field: Field| styles.date(row, heading, field, &mut problems);
    let (valid_from, mut valid_to) = (date(Field::ValidFrom), date(Field::ValidTo));
    if let (Some(from), Some(to)) = (valid_from, valid_to)
        && to.last < from.first
    {
        problems.push(Problem::at(
            row.place,
            "ends-before-beginning",
            "the entry ends before it begins; its end is left empty",
        ));
        valid_to = None;
    }
    let read = Registration {
        place: row.place,
        facility,
        officer: owned(Field::Officer),
        scheme: owned(Field::Scheme),
        number,
        valid_from,
        valid_to,
        goods: owned(Field::Species).or_else(|| owned(Field::Product)),
    };
    (Some(read), problems)
}

/// Entries of one register with one number and different names: named, so that a person looks at them.
#[must_use]
pub fn same_numbers(entries: &[Registration]) -> Vec<Problem> {
    let mut seen: std::collections::BTreeMap<(String, String), &Registration> =
        std::collections::BTreeMap::new();
    let mut problems = Vec::new();
    for entry in entries {
        let Some(number) = &entry.number else {
            continue;
        };
        let scheme = entry.scheme.clone().unwrap_or_default().to_lowercase();
        match seen.get(&(scheme.clone(), bill::number_key(number))) {
            Some(first) if first.facility.id != entry.facility.id => {
                let message = format!(
                    "number {number} stands for `{}` in row {} as well; nothing is joined",
                    first.facility.name, first.place.row
                );
                problems.push(Problem::at(entry.place, "number-of-two", message));
            }
            Some(_) => {}
            None => {
                seen.insert((scheme, bill::number_key(number)), entry);
            }
        }
    }
    problems
}
