//! Numbers and units as trade records write them.
//!
//! `12.500` is twelve and a half or twelve thousand five hundred; the other numbers of its column decide.

use serde::{Deserialize, Serialize};

/// Which mark stands before the fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Decimal {
    #[serde(rename = ".")]
    Point,
    #[serde(rename = ",")]
    Comma,
}

/// A unit of mass, or something else that is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    Kilogram,
    Gram,
    /// Avoirdupois pound, 0.45359237 kg exactly.
    Pound,
    /// 1,000 kg.
    Tonne,
    /// 2,000 pounds.
    ShortTon,
    /// 2,240 pounds.
    LongTon,
    /// A volume: no mass follows from it.
    CubicMetre,
}

impl Unit {
    /// Kilograms in one; `None` for a volume.
    #[must_use]
    pub const fn kilograms(self) -> Option<f64> {
        Some(match self {
            Self::Kilogram => 1.0,
            Self::Gram => 0.001,
            Self::Pound => 0.453_592_37,
            Self::Tonne => 1_000.0,
            Self::ShortTon => 907.184_74,
            Self::LongTon => 1_016.046_908_8,
            Self::CubicMetre => return None,
        })
    }

    /// Reads `KGS`, `Lbs.`, `M/T`, `킬로그램`, UN/ECE codes (`KGM`, `LBR`, `TNE`, `MTQ`).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let folded: String = text
            .chars()
            .filter(|c| c.is_alphanumeric() || *c == '³')
            .flat_map(char::to_lowercase)
            .collect();
        Some(match folded.as_str() {
            "k" | "kg" | "kgs" | "kgm" | "kilo" | "kilos" | "kilogram" | "kilograms"
            | "kilogramme" | "kilogrammes" | "公斤" | "千克" | "킬로그램" | "kgsnet" | "kgnet" => {
                Self::Kilogram
            }
            "g" | "gr" | "grm" | "gram" | "grams" | "克" | "그램" => Self::Gram,
            "l" | "lb" | "lbs" | "lbr" | "pound" | "pounds" | "磅" | "파운드" => Self::Pound,
            "t" | "mt" | "mts" | "tne" | "ton" | "tons" | "tonne" | "tonnes" | "metricton"
            | "metrictons" | "metrictonnes" | "吨" | "公吨" | "톤" => Self::Tonne,
            "st" | "stn" | "shortton" | "shorttons" => Self::ShortTon,
            "lt" | "ltn" | "longton" | "longtons" => Self::LongTon,
            "cbm" | "m3" | "m³" | "mtq" | "cubicmeters" | "cubicmetres" | "立方米" | "루베" => {
                Self::CubicMetre
            }
            _ => return None,
        })
    }
}

/// A cell as its number and what stands after it.
#[must_use]
pub fn parts(cell: &str) -> (&str, &str) {
    let cell = cell.trim();
    let end = cell
        .char_indices()
        .find(|&(_, c)| !(c.is_ascii_digit() || is_mark(c) || matches!(c, '-' | '+' | '(' | ')')))
        .map_or(cell.len(), |(at, _)| at);
    let (number, rest) = cell.split_at(end);
    (number.trim(), rest.trim())
}

const fn is_mark(c: char) -> bool {
    matches!(c, '.' | ',' | '\'' | '’' | ' ' | '\u{a0}' | '\u{202f}')
}

/// The value under one meaning of the marks; `None` if the marks do not stand so.
fn under(number: &str, decimal: Decimal) -> Option<f64> {
    let negative = number.starts_with('-') || number.starts_with('(');
    let body: String = number
        .chars()
        .filter(|c| !matches!(c, '-' | '+' | '(' | ')'))
        .collect();
    let body = body.trim();
    let mark = if decimal == Decimal::Point { '.' } else { ',' };
    let (whole, fraction) = match body.split_once(mark) {
        Some((whole, fraction)) => (whole, fraction),
        None => (body, ""),
    };
    if !fraction.chars().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let groups: Vec<&str> = whole.split(is_mark).collect();
    if groups.len() > 1 {
        let (first, others) = groups.split_first()?;
        let fits = (1..=3).contains(&first.len())
            && !first.starts_with('0')
            && others.last().is_some_and(|last| last.len() == 3)
            && others.iter().all(|group| matches!(group.len(), 2 | 3));
        if !fits {
            return None;
        }
    }
    let digits: String = groups.concat();
    if digits.is_empty() && fraction.is_empty() || !digits.chars().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let value: f64 = format!("{digits}.{fraction}0").parse().ok()?;
    value
        .is_finite()
        .then_some(if negative { -value } else { value })
}

/// What the marks of a column mean, as far as its cells tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Marks {
    point: u32,
    comma: u32,
}

impl Marks {
    /// Counts the cells that can be read in one way only.
    #[must_use]
    pub fn of<'a>(cells: impl Iterator<Item = &'a str>) -> Self {
        let mut marks = Self::default();
        for cell in cells {
            let (number, _) = parts(cell);
            match (under(number, Decimal::Point), under(number, Decimal::Comma)) {
                (Some(_), None) => marks.point += 1,
                (None, Some(_)) => marks.comma += 1,
                _ => {}
            }
        }
        marks
    }

    #[must_use]
    pub const fn fixed(decimal: Decimal) -> Self {
        match decimal {
            Decimal::Point => Self { point: 1, comma: 0 },
            Decimal::Comma => Self { point: 0, comma: 1 },
        }
    }

    /// The mark of the fraction, if all that tells agrees.
    #[must_use]
    pub const fn decided(self) -> Option<Decimal> {
        match (self.point, self.comma) {
            (1.., 0) => Some(Decimal::Point),
            (0, 1..) => Some(Decimal::Comma),
            _ => None,
        }
    }
}

/// A number and how surely its marks were read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Number {
    pub low: f64,
    pub high: f64,
    pub how: How,
}

/// What decided the marks of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// There is one reading.
    Plain,
    /// The other numbers of the column, or the unit.
    Column,
    /// Nothing: a comma before three digits was taken for a mark of thousands.
    Assumed,
    /// Nothing: the interval spans both readings.
    Open,
}

/// Reads a number. Pounds are written with points before the fraction, wherever the column leaves it open.
#[must_use]
pub fn number(cell: &str, marks: Marks, unit: Option<Unit>) -> Option<Number> {
    let (number, _) = parts(cell);
    let sure = |value: f64, how: How| Number {
        low: value,
        high: value,
        how,
    };
    match (under(number, Decimal::Point), under(number, Decimal::Comma)) {
        (Some(a), Some(b)) if (a - b).abs() < f64::EPSILON => Some(sure(a, How::Plain)),
        (Some(a), Some(b)) => {
            let decided = match unit {
                Some(Unit::Pound | Unit::ShortTon) => Some(Decimal::Point),
                _ => marks.decided(),
            };
            Some(match decided {
                Some(Decimal::Point) => sure(a, How::Column),
                Some(Decimal::Comma) => sure(b, How::Column),
                None if number.contains(',') && marks == Marks::default() => sure(a, How::Assumed),
                None => Number {
                    low: a.min(b),
                    high: a.max(b),
                    how: How::Open,
                },
            })
        }
        (Some(one), None) | (None, Some(one)) => Some(sure(one, How::Plain)),
        (None, None) => None,
    }
}
