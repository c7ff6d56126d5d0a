//! What a row says of a mass.

use serde::Serialize;

use crate::columns::{Field, Heading};
use crate::number::{self, How, Marks, Number, Unit};
use crate::problem::Problem;
use crate::table::Row;

/// What a mass is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The goods alone.
    Net,
    /// The goods with their packing.
    Gross,
    /// Nobody says.
    Unclear,
}

/// A share of a gross mass that is taken for goods: packing and glaze are at most a fifth of it. An assumption of
/// ours, shown wherever it is used.
pub const LEAST_NET: f64 = 0.8;

/// A mass in kilograms.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Mass {
    /// As stated, converted; `low` and `high` differ only where the number or its unit can be read in two ways.
    pub low: f64,
    pub high: f64,
    pub basis: Basis,
}

impl Mass {
    /// The mass of the goods alone: of what is not stated as net, [`LEAST_NET`] of it at least.
    #[must_use]
    pub fn net(self) -> (f64, f64) {
        match self.basis {
            Basis::Net => (self.low, self.high),
            Basis::Gross | Basis::Unclear => (self.low * LEAST_NET, self.high),
        }
    }

    /// Whether two statements agree to half a per cent, which is what conversion and rounding do.
    #[must_use]
    pub fn agrees(self, other: Self) -> bool {
        let near = |a: f64, b: f64| (a - b).abs() <= 0.005 * a.abs().max(b.abs()) + 0.51;
        near(self.low, other.low) && near(self.high, other.high)
    }

    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            low: self.low + other.low,
            high: self.high + other.high,
            basis: if self.basis == other.basis {
                self.basis
            } else {
                Basis::Unclear
            },
        }
    }

    #[must_use]
    pub fn hull(self, other: Self) -> Self {
        Self {
            low: self.low.min(other.low),
            high: self.high.max(other.high),
            basis: if self.basis == other.basis {
                self.basis
            } else {
                Basis::Unclear
            },
        }
    }
}

const MASSES: [(Field, Basis); 4] = [
    (Field::Net, Basis::Net),
    (Field::Gross, Basis::Gross),
    (Field::Weight, Basis::Unclear),
    (Field::Quantity, Basis::Unclear),
];

/// How the numbers of each column of masses are written: of pounds, of other units, of all.
#[derive(Debug, Clone, Default)]
pub struct MassStyle {
    columns: Vec<(Field, Marks, Marks)>,
}

impl MassStyle {
    #[must_use]
    pub fn of(rows: &[Row<'_>], heading: &Heading) -> Self {
        let columns = MASSES.iter().filter(|(field, _)| heading.has(*field));
        let columns = columns.map(|(field, _)| {
            if let Some(decimal) = heading.columns.decimal {
                return (*field, Marks::fixed(decimal), Marks::fixed(decimal));
            }
            let cells = |pounds: bool| {
                rows.iter()
                    .filter(move |row| {
                        (unit_of(row, heading, *field) == United::Known(Unit::Pound)) == pounds
                    })
                    .map(|row| heading.cell(row, *field))
            };
            let all = Marks::of(rows.iter().map(|row| heading.cell(row, *field)));
            let or_all = |marks: Marks| {
                if marks == Marks::default() {
                    all
                } else {
                    marks
                }
            };
            (
                *field,
                or_all(Marks::of(cells(true))),
                or_all(Marks::of(cells(false))),
            )
        });
        Self {
            columns: columns.collect(),
        }
    }

    fn marks(&self, field: Field, unit: Option<Unit>) -> Marks {
        let found = self.columns.iter().find(|(known, _, _)| *known == field);
        found.map_or_else(Marks::default, |(_, pounds, others)| {
            if unit == Some(Unit::Pound) {
                *pounds
            } else {
                *others
            }
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum United<'a> {
    Known(Unit),
    /// A unit that is no mass: cartons, pieces.
    Other(&'a str),
    None,
}

fn unit_of<'a>(row: &Row<'a>, heading: &Heading, field: Field) -> United<'a> {
    let (_, beside) = number::parts(heading.cell(row, field));
    if !beside.is_empty() {
        return Unit::parse(beside).map_or(United::Other(beside), United::Known);
    }
    if let Some(unit) = heading.units.get(&field) {
        return United::Known(*unit);
    }
    match heading.given(row, Field::Unit) {
        Some(written) => Unit::parse(written).map_or(United::Other(written), United::Known),
        None => heading.columns.unit.map_or(United::None, United::Known),
    }
}

/// The mass of a row in kilograms, from the best of its columns: net before gross before what is unclear.
#[must_use]
pub fn mass(row: &Row<'_>, heading: &Heading, style: &MassStyle) -> (Option<Mass>, Vec<Problem>) {
    let mut problems = Vec::new();
    let mut found: Vec<Mass> = Vec::new();
    for (field, basis) in MASSES {
        let Some(cell) = heading.given(row, field) else {
            continue;
        };
        // A count of cartons is no fault, and no mass.
        let unit = unit_of(row, heading, field);
        if field == Field::Quantity && !matches!(unit, United::Known(_)) {
            continue;
        }
        if let Some((low, high)) = kilograms(row, cell, unit, field, style, &mut problems) {
            found.push(Mass { low, high, basis });
        }
    }
    if let [net, gross, ..] = found.as_slice()
        && net.basis == Basis::Net
        && gross.basis == Basis::Gross
        && net.low > gross.high
    {
        let message = format!(
            "net {:.1} kg is more than gross {:.1} kg; both are kept as an interval",
            net.low, gross.high
        );
        problems.push(Problem::at(row.place, "net-over-gross", message));
        return (Some(net.hull(*gross)), problems);
    }
    (found.first().copied(), problems)
}

fn kilograms(
    row: &Row<'_>,
    cell: &str,
    unit: United<'_>,
    field: Field,
    style: &MassStyle,
    problems: &mut Vec<Problem>,
) -> Option<(f64, f64)> {
    let mut tell = |code, message: String| problems.push(Problem::at(row.place, code, message));
    let known = match unit {
        United::Known(unit) => Some(unit),
        _ => None,
    };
    let Some(Number { low, high, how }) = number::number(cell, style.marks(field, known), known)
    else {
        tell(
            "weight-not-a-number",
            format!("`{cell}` is no number; the mass is left empty"),
        );
        return None;
    };
    match how {
        How::Assumed => tell(
            "number-assumed",
            format!(
                "`{cell}` was taken as {low}: nothing in its column tells what the comma means; `decimal` in a file of columns does"
            ),
        ),
        How::Open => tell(
            "ambiguous-number",
            format!(
                "`{cell}` is {low} or {high}: its column does not decide; the interval is kept"
            ),
        ),
        How::Plain | How::Column => {}
    }
    if high < 0.0 {
        tell(
            "negative-weight",
            format!("`{cell}` is negative; the mass is left empty"),
        );
        return None;
    }
    if high == 0.0 {
        tell(
            "zero-weight",
            format!("`{cell}` is no mass; it is left empty"),
        );
        return None;
    }
    let pound = 0.453_592_37;
    match unit {
        United::Known(unit) => match unit.kilograms() {
            Some(factor) => Some((low * factor, high * factor)),
            None => {
                tell(
                    "volume-no-mass",
                    format!("`{cell}` is a volume; no mass follows from it"),
                );
                None
            }
        },
        United::Other(written) => {
            tell(
                "unit-unknown",
                format!("`{written}` is no unit of mass; the mass is left empty"),
            );
            None
        }
        United::None => {
            tell(
                "unit-missing",
                format!(
                    "`{cell}` has no unit: kilograms or pounds; the interval is kept. `unit` in a file of columns decides"
                ),
            );
            Some((low * pound, high))
        }
    }
}
