//! Words of headings, as vendors and customs offices write them.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::columns::Field;
use crate::number::Unit;

/// What a heading means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Meant {
    pub(crate) field: Field,
    pub(crate) unit: Option<Unit>,
    /// The whole heading is known, not only words in it.
    pub(crate) exact: bool,
}

/// Headings without case, marks and blanks, by field: English, Korean and Chinese.
static WHOLE: LazyLock<HashMap<&'static str, Field>> = LazyLock::new(|| {
    let mut out = HashMap::new();
    for line in include_str!("../data/headings.tsv").lines() {
        let (name, headings) = line.split_once('\t').unwrap_or((line, ""));
        let field = serde_json::from_value::<Field>(name.into());
        for heading in headings.split(' ') {
            out.extend(field.as_ref().ok().map(|field| (heading, *field)));
        }
    }
    out
});

/// Words that tell a heading which is not known as a whole; all of a group must stand in it. The order matters.
const PARTS: &[(Field, &[&str])] = &[
    (Field::House, &["house", "bill"]),
    (Field::House, &["house", "bol"]),
    (Field::Master, &["master", "bill"]),
    (Field::Master, &["master", "bol"]),
    (Field::NotifyAddress, &["notify", "address"]),
    (Field::Notify, &["notify", "name"]),
    (Field::ShipperAddress, &["shipper", "address"]),
    (Field::ConsigneeAddress, &["consignee", "address"]),
    (Field::ShipperCountry, &["shipper", "country"]),
    (Field::ConsigneeCountry, &["consignee", "country"]),
    (Field::Shipper, &["shipper", "name"]),
    (Field::Consignee, &["consignee", "name"]),
    (Field::Gross, &["gross", "weight"]),
    (Field::Net, &["net", "weight"]),
    (Field::Unit, &["weight", "unit"]),
    (Field::Arrived, &["arrival", "date"]),
    (Field::Departed, &["departure", "date"]),
    (Field::Weight, &["weight"]),
    (Field::Bill, &["bill", "lading"]),
    (Field::Hs, &["hs", "code"]),
    (Field::Container, &["container", "number"]),
];

fn folded(heading: &str) -> String {
    heading
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// What a heading means; `None` for one that is not known.
#[must_use]
pub(crate) fn field(heading: &str) -> Option<Meant> {
    let heading = heading.trim().trim_start_matches('\u{feff}');
    if heading.is_empty() || heading.chars().count() > 80 {
        return None;
    }
    let (bare, unit) = without_unit(heading);
    let exactly = |text: &str| WHOLE.get(folded(text).as_str()).copied();
    if let Some(field) = exactly(heading).or_else(|| exactly(bare)) {
        let unit = unit.or_else(|| Unit::parse(heading));
        return Some(Meant {
            field,
            unit,
            exact: true,
        });
    }
    let words = folded(bare);
    let part = PARTS
        .iter()
        .find(|(_, parts)| parts.iter().all(|part| words.contains(part)))?;
    // "Gross weight unit" is no weight, "weight country" neither.
    let other = ["unit", "uom", "code", "type", "currency", "value", "price"]
        .iter()
        .any(|word| words.contains(word))
        && matches!(part.0, Field::Gross | Field::Net | Field::Weight);
    (!other).then_some(Meant {
        field: part.0,
        unit,
        exact: false,
    })
}

/// `Weight (kg)`, `weight_kg`, `Weight in KG`, `중량(kg)`: the heading and the unit.
fn without_unit(heading: &str) -> (&str, Option<Unit>) {
    for (open, close) in [('(', ')'), ('（', '）'), ('[', ']')] {
        if let Some((before, after)) = heading.split_once(open)
            && let Some((inside, _)) = after.split_once(close)
            && let Some(unit) = Unit::parse(inside)
        {
            return (before, Some(unit));
        }
    }
    let cut = heading.rfind(|c: char| !c.is_alphanumeric());
    if let Some((before, last)) = cut.and_then(|at| heading.split_at_checked(at))
        && let Some(unit) = Unit::parse(last)
        && !before.trim().is_empty()
    {
        let before = before.trim_end_matches(|c: char| !c.is_alphanumeric());
        let before = before
            .strip_suffix(" in")
            .or_else(|| before.strip_suffix("_in"))
            .unwrap_or(before);
        return (before, Some(unit));
    }
    (heading, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_headings_is_a_field() {
        for line in include_str!("../data/headings.tsv").lines() {
            let (name, headings) = line.split_once('\t').expect("a field and its headings");
            assert!(
                serde_json::from_value::<Field>(name.into()).is_ok(),
                "{name}"
            );
            for heading in headings.split(' ') {
                assert_eq!(folded(heading), heading);
            }
        }
    }
}
