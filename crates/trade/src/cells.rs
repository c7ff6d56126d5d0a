//! Cells that tables of every kind have: dates, vessels, codes, lists.

use supply::Days;

use crate::bill::VesselNamed;
use crate::columns::{Field, Heading};
use crate::day::{self, Style, Wrong};
use crate::problem::Problem;
use crate::table::{Place, Row};

/// The number of a hull, if its check digit is right.
pub(crate) fn imo(
    place: Place,
    written: Option<&str>,
    problems: &mut Vec<Problem>,
) -> Option<String> {
    let written = written?;
    let digits: String = written.chars().filter(char::is_ascii_digit).collect();
    match entity::identifier::clean("imo", &digits) {
        Some(clean) => Some(clean.trim_start_matches("IMO").trim().to_owned()),
        None => {
            let message =
                format!("`{written}` is no IMO number: its check digit is wrong; it is not used");
            problems.push(Problem::at(place, "imo-wrong", message));
            None
        }
    }
}

pub(crate) fn vessel(
    row: &Row<'_>,
    heading: &Heading,
    problems: &mut Vec<Problem>,
) -> Option<VesselNamed> {
    let given = |field: Field| heading.given(row, field).map(str::to_owned);
    let found = VesselNamed {
        name: given(Field::Vessel),
        imo: imo(row.place, heading.given(row, Field::Imo), problems),
        mmsi: given(Field::Mmsi),
        flag: given(Field::Flag),
    };
    found.id().is_some().then_some(found)
}

pub(crate) fn date(
    row: &Row<'_>,
    heading: &Heading,
    field: Field,
    style: &Style,
    problems: &mut Vec<Problem>,
) -> Option<Days> {
    let cell = heading.given(row, field)?;
    let (code, message) = match day::days(cell, style) {
        Ok((days, false)) => return Some(days),
        Ok((days, true)) => {
            let message = format!(
                "`{cell}` is {} or {}: day and month cannot be told apart in its column; the interval is kept",
                supply::iso(days.first),
                supply::iso(days.last)
            );
            problems.push(Problem::at(row.place, "ambiguous-date", message));
            return Some(days);
        }
        Err(Wrong::Year(year)) => (
            "date-impossible",
            format!(
                "`{cell}` is of the year {year}, which cannot be meant; the date is left empty"
            ),
        ),
        Err(Wrong::NotADate) => (
            "date-unreadable",
            format!("`{cell}` is no date that can be read; it is left empty"),
        ),
    };
    problems.push(Problem::at(row.place, code, message));
    None
}

/// What arrives before it departs has no date that can be relied on.
pub(crate) fn in_order(
    place: Place,
    departed: Option<Days>,
    arrived: Option<Days>,
    problems: &mut Vec<Problem>,
) -> (Option<Days>, Option<Days>) {
    if let (Some(out), Some(back)) = (departed, arrived) {
        if back.last < out.first {
            let (out, back) = (day::written(out), day::written(back));
            let message =
                format!("it arrives ({back}) before it departs ({out}); both dates are left empty");
            problems.push(Problem::at(place, "arrives-before-departing", message));
            return (None, None);
        }
        // Each end narrows the other.
        return (
            Days::new(out.first, out.last.min(back.last)),
            Days::new(back.first.max(out.first), back.last),
        );
    }
    (departed, arrived)
}

pub(crate) fn hs(place: Place, cell: Option<&str>, problems: &mut Vec<Problem>) -> Vec<String> {
    let mut out = Vec::new();
    let codes = cell
        .into_iter()
        .flat_map(|cell| cell.split([',', ';', '|', '/']));
    for one in codes.map(str::trim).filter(|one| !one.is_empty()) {
        match supply::Hs::parse(one, None) {
            Some(hs) if hs.code.len().is_multiple_of(2) => {
                if !out.contains(&hs.code.to_string()) {
                    out.push(hs.code.to_string());
                }
            }
            known => {
                let (code, why) = match known {
                    Some(_) => (
                        "hs-digit-missing",
                        "has an odd number of digits (a spreadsheet drops a leading zero)",
                    ),
                    None => ("hs-not-a-code", "is no code of the Harmonized System"),
                };
                problems.push(Problem::at(
                    place,
                    code,
                    format!("`{one}` {why}; it is left empty"),
                ));
            }
        }
    }
    out
}

/// Several values in one cell.
pub(crate) fn list(cell: Option<&str>) -> Vec<String> {
    cell.map_or_else(Vec::new, |cell| {
        cell.split([',', ';', '|', '/'])
            .map(|one| one.trim().to_owned())
            .filter(|one| !one.is_empty())
            .collect()
    })
}
