//! Ownership statements of the Beneficial Ownership Data Standard 0.4 (Open Ownership).

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use supply::Days;

use crate::day::{self, Style};
use crate::json::{self, Record};
use crate::party;
use crate::problem::Problem;
use crate::table::Place;

/// One holds a share of another.
#[derive(Debug, Clone, Serialize)]
pub struct Owner {
    #[serde(flatten)]
    pub place: Place,
    pub owner: String,
    pub owner_name: String,
    pub owned: String,
    pub owned_name: String,
    /// Per cent.
    pub low: f64,
    pub high: f64,
    #[serde(serialize_with = "day::shown")]
    pub first_day: Option<Days>,
    #[serde(serialize_with = "day::shown")]
    pub last_day: Option<Days>,
}

/// Reads statements; a record said again replaces what it said before, as the standard has it.
#[must_use]
pub(crate) fn read(records: &[Record]) -> (Vec<Owner>, Vec<Problem>) {
    let mut problems = Vec::new();
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let mut relations: BTreeMap<String, &Record> = BTreeMap::new();
    for record in records {
        let value = &record.value;
        let id = json::text(value, &["recordId"])
            .or_else(|| json::text(value, &["statementId"]))
            .unwrap_or_default();
        let closed = json::text(value, &["recordStatus"]).as_deref() == Some("closed");
        match json::text(value, &["recordType"]).as_deref() {
            Some("entity" | "person") => {
                if let Some(name) = name(value) {
                    for key in [Some(id), json::text(value, &["statementId"])]
                        .into_iter()
                        .flatten()
                    {
                        names.insert(key, name.clone());
                    }
                }
            }
            Some("relationship") if closed => {
                relations.remove(&id);
            }
            Some("relationship") => {
                relations.insert(id, record);
            }
            _ => problems.push(Problem::at(
                record.place,
                "statement-unknown",
                "the statement is about no entity, person or relationship; it is kept and not used",
            )),
        }
    }
    let mut out = Vec::new();
    for record in relations.into_values() {
        let details = record.value.get("recordDetails").unwrap_or(&Value::Null);
        let (Some(owned), Some(owner)) = (end(details, "subject"), end(details, "interestedParty"))
        else {
            problems.push(Problem::at(
                record.place,
                "owner-unknown",
                "the statement does not name both ends; nothing follows from it",
            ));
            continue;
        };
        for interest in json::list(details, "interests") {
            out.push(one(record, interest, &owner, &owned, &names));
        }
    }
    out.sort_by_key(|owner| owner.place);
    contradictions(&out, &mut problems);
    (out, problems)
}

fn end(details: &Value, key: &str) -> Option<String> {
    json::text(details, &[key]).or_else(|| {
        let one = details.get(key)?;
        [
            "recordId",
            "describedByEntityStatement",
            "describedByPersonStatement",
        ]
        .iter()
        .find_map(|name| json::text(one, &[name]))
    })
}

fn name(value: &Value) -> Option<String> {
    let details = value.get("recordDetails")?;
    json::text(details, &["name"]).or_else(|| {
        json::list(details, "names")
            .into_iter()
            .find_map(|name| json::text(name, &["fullName"]))
    })
}

fn one(
    record: &Record,
    interest: &Value,
    owner: &str,
    owned: &str,
    names: &BTreeMap<String, String>,
) -> Owner {
    let share = |key: &str| json::number(interest, &["share", key]);
    let (low, high) = match share("exact") {
        Some(exact) => (exact, exact),
        None => (
            share("minimum")
                .or_else(|| share("exclusiveMinimum"))
                .unwrap_or(0.0),
            share("maximum")
                .or_else(|| share("exclusiveMaximum"))
                .unwrap_or(100.0),
        ),
    };
    let date = |key: &str| {
        let text = json::text(interest, &[key])?;
        day::days(&text, &Style::default())
            .ok()
            .map(|(days, _)| days)
    };
    let named = |id: &str| names.get(id).cloned().unwrap_or_else(|| id.to_owned());
    let key = |id: &str| {
        names.get(id).map_or_else(
            || id.to_owned(),
            |name| format!("party:{}", party::key(name)),
        )
    };
    Owner {
        place: record.place,
        owner: key(owner),
        owner_name: named(owner),
        owned: key(owned),
        owned_name: named(owned),
        low: low.clamp(0.0, 100.0),
        high: high.clamp(low.clamp(0.0, 100.0), 100.0),
        first_day: date("startDate"),
        last_day: date("endDate"),
    }
}

/// More than the whole is owned at once, or two own each other.
fn contradictions(owners: &[Owner], problems: &mut Vec<Problem>) {
    let meets = |a: &Owner, b: &Owner| {
        let from = |o: &Owner| o.first_day.map_or(i32::MIN, |d| d.last);
        let to = |o: &Owner| o.last_day.map_or(i32::MAX, |d| d.first);
        from(a) <= to(b) && from(b) <= to(a)
    };
    for (at, one) in owners.iter().enumerate() {
        let sum: f64 = owners
            .iter()
            .take(at + 1)
            .filter(|other| other.owned == one.owned && meets(one, other))
            .map(|other| other.low)
            .sum();
        if sum > 100.0 {
            problems.push(Problem::at(
                one.place,
                "shares-over-whole",
                format!(
                    "shares of at least {sum:.1} % of `{}` are stated for one time; all are kept",
                    one.owned_name
                ),
            ));
        }
        if one.owner == one.owned {
            problems.push(Problem::at(
                one.place,
                "owns-itself",
                format!(
                    "`{}` is stated to own itself; nothing follows from it",
                    one.owned_name
                ),
            ));
        }
        let back = owners.iter().take(at).any(|other| {
            other.owner == one.owned
                && other.owned == one.owner
                && one.owner != one.owned
                && meets(one, other)
        });
        if back {
            problems.push(Problem::at(
                one.place,
                "own-each-other",
                format!(
                    "`{}` and `{}` are stated to own each other; both are kept",
                    one.owner_name, one.owned_name
                ),
            ));
        }
    }
}
