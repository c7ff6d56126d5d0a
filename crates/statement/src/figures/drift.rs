//! What changed between two tellings of what looks like one figure.

use std::collections::HashMap;

use casefile::statement::QuantityKind;

use super::aspect::{nation, nested, part, places, population, same_event};
use super::bound::{grouped, nominal};
use super::{Drift, Told};

/// More warnings than this help nobody.
const MOST: usize = 500;
/// Tellings of nearly the same number that one is compared with.
const NEIGHBOURS: usize = 200;
/// How near two numbers are that may be one counted in two units.
const NEAR: f64 = 0.05;

/// What changed between two tellings that share event and number, the earlier telling first.
pub(super) fn drifts(told: &[&Told]) -> Vec<Drift> {
    let mut events: HashMap<_, Vec<(f64, usize)>> = HashMap::new();
    for (n, one) in told.iter().enumerate() {
        if let Some(value) = nominal(&one.statement).filter(|value| *value >= 10.0) {
            let event = same_event(one.statement.event);
            events.entry(event).or_default().push((value, n));
        }
    }
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for list in events.values_mut() {
        list.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        for (at, (value, n)) in list.iter().enumerate() {
            let near = list.iter().skip(at + 1).take(NEIGHBOURS);
            let near = near.take_while(|(other, _)| other - value <= other * NEAR);
            pairs.extend(near.map(|(_, m)| (*n.min(m), *n.max(m))));
        }
    }
    pairs.sort_unstable();
    pairs
        .into_iter()
        .filter_map(|(a, b)| drift(told.get(a)?, told.get(b)?))
        .take(MOST)
        .collect()
}

fn drift(a: &Told, b: &Told) -> Option<Drift> {
    let (x, y) = (nominal(&a.statement)?, nominal(&b.statement)?);
    let (p, q) = (
        a.statement.quantity.as_ref()?,
        b.statement.quantity.as_ref()?,
    );
    let make = |kind, words| {
        Some(Drift {
            kind,
            from: a.id,
            to: b.id,
            words,
        })
    };
    let near = (x - y).abs() <= x.max(y) * NEAR;
    if near && p.unit != q.unit && p.unit.is_some() && q.unit.is_some() {
        let unit = |u: &Option<String>| u.clone().unwrap_or_default();
        return make(
            "unit",
            format!(
                "“{}” counts {}s, “{}” counts {}s",
                p.text,
                unit(&p.unit),
                q.text,
                unit(&q.unit)
            ),
        );
    }
    if x != y || a.document == b.document {
        return None;
    }
    let (from, to) = (places(&a.statement), places(&b.statement));
    if let (Some(one), Some(other)) = (from.first(), to.first())
        && let (Some(here), Some(there)) = (one.first(), other.first())
        && here != there
        && !from.iter().any(|place| to.contains(place))
        && nested(one, other)
    {
        return make(
            "scope",
            format!("{} of {here} is told of {there}", grouped(x)),
        );
    }
    // Less said of the people is no other people.
    let (parts, nations) = (
        (part(&a.statement), part(&b.statement)),
        (nation(&a.statement), nation(&b.statement)),
    );
    let other_part = !parts.0.is_empty() && !parts.1.is_empty() && parts.0 != parts.1;
    let other_nation = nations.0.is_some() && nations.1.is_some() && nations.0 != nations.1;
    if other_part || other_nation {
        return make(
            "population",
            format!(
                "{} {} became {} {}",
                grouped(x),
                population(&parts.0, nations.0),
                grouped(y),
                population(&parts.1, nations.1)
            ),
        );
    }
    let year = |t: &Told| {
        t.statement.date.as_ref().and_then(|d| {
            d.from
                .as_deref()
                .or(d.to.as_deref())
                .and_then(|d| d.get(..4))
                .map(str::to_owned)
        })
    };
    if let (Some(one), Some(other)) = (year(a), year(b))
        && one != other
        && x % 100.0 != 0.0
    {
        return make(
            "date",
            format!(
                "{} is told of {one} and of {other}: one event with a contested date, or two",
                grouped(x)
            ),
        );
    }
    if a.statement.modality.is_fact() != b.statement.modality.is_fact() {
        return make(
            "modality",
            format!(
                "“{}” is {} in one and {} in the other",
                p.text,
                a.statement.modality.as_str(),
                b.statement.modality.as_str()
            ),
        );
    }
    match (p.kind, q.kind) {
        (QuantityKind::Approx, QuantityKind::Exact) => make(
            "false_precision",
            format!("“{}” became “{}”", p.text, q.text),
        ),
        (one, QuantityKind::Exact) if one != QuantityKind::Exact => {
            make("bound", format!("“{}” became “{}”", p.text, q.text))
        }
        _ => None,
    }
}
