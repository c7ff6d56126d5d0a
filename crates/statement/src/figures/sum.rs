//! Figures that add up to another, and figures that are divided by whom they count.

use std::collections::{BTreeMap, HashMap};

use casefile::DocumentId;
use casefile::statement::Event;

use super::aspect::{nation, same_event};
use super::bound::{grouped, nominal};
use super::{Identity, Split, Told};

/// Figures of one event among which sums are looked for; more are too many to mean something, and
/// then each text is looked at alone.
const MOST_SUMMED: usize = 48;

/// A figure's number as it is spoken, and the figure.
type Spoken<'t> = (f64, &'t Told);

/// Figures that add up: two to four parts with a total of the same event and unit.
pub(super) fn identities(told: &[&Told]) -> Vec<Identity> {
    let mut by: BTreeMap<(Event, String, Option<DocumentId>), Vec<Spoken<'_>>> = BTreeMap::new();
    for one in told.iter().filter(|t| t.statement.modality.is_fact()) {
        let Some(value) = nominal(&one.statement).filter(|v| *v >= 10.0 && v.fract() == 0.0) else {
            continue;
        };
        let unit = one
            .statement
            .quantity
            .as_ref()
            .and_then(|q| q.unit.clone())
            .unwrap_or_default();
        let event = same_event(one.statement.event);
        for key in [
            (event, unit.clone(), None),
            (event, unit, Some(one.document)),
        ] {
            let list = by.entry(key).or_default();
            if list.len() <= MOST_SUMMED && !list.iter().any(|(known, _)| known == &value) {
                list.push((value, one));
            }
        }
    }
    let mut found = Vec::new();
    for list in by
        .values()
        .filter(|l| l.len() >= 3 && l.len() <= MOST_SUMMED)
    {
        for &(total, whole) in list {
            let parts: Vec<(f64, &Told)> =
                list.iter().filter(|(v, _)| *v < total).copied().collect();
            let mut picked = Vec::new();
            sums(&parts, total, 0, &mut picked, &mut |picked| {
                // Round numbers add up by chance: two round parts say nothing.
                let round = picked.iter().filter(|(v, _)| v % 100.0 == 0.0).count();
                let told_together = picked.iter().all(|(_, t)| {
                    t.document == picked[0].1.document || t.document == whole.document
                });
                if picked.len() == 2 && round == 2 && !told_together || found.len() >= 200 {
                    return;
                }
                let sum: Vec<String> = picked.iter().map(|(v, _)| grouped(*v)).collect();
                let one = Identity {
                    parts: picked.iter().map(|(_, t)| t.id).collect(),
                    total: whole.id,
                    words: format!("{} = {}", sum.join(" + "), grouped(total)),
                };
                if !found.contains(&one) {
                    found.push(one);
                }
            });
        }
    }
    found
}

fn sums<'t>(
    parts: &[Spoken<'t>],
    rest: f64,
    from: usize,
    picked: &mut Vec<Spoken<'t>>,
    hit: &mut dyn FnMut(&[Spoken<'t>]),
) {
    if rest == 0.0 && picked.len() >= 2 {
        hit(picked);
        return;
    }
    if picked.len() == 4 {
        return;
    }
    for (n, part) in parts.iter().enumerate().skip(from) {
        if part.0 <= rest {
            picked.push(*part);
            sums(parts, rest - part.0, n + 1, picked, hit);
            picked.pop();
        }
    }
}

/// Figures of one sentence of which one is a named part of the other: "13 people, of whom two were
/// Chinese".
pub(super) fn splits(told: &[&Told]) -> Vec<Split> {
    let mut by: HashMap<(DocumentId, Event, u32), Vec<Spoken<'_>>> = HashMap::new();
    let mut order = Vec::new();
    for one in told {
        if let Some(value) = nominal(&one.statement) {
            let key = (
                one.document,
                one.statement.event,
                one.statement.trigger.start,
            );
            let list = by.entry(key).or_default();
            if list.is_empty() {
                order.push(key);
            }
            list.push((value, one));
        }
    }
    let mut found = Vec::new();
    for list in order.iter().filter_map(|key| by.get(key)) {
        for (whole, total) in list {
            for (value, part) in list {
                let (Some(of), Some(in_all)) =
                    (&part.statement.quantity, &total.statement.quantity)
                else {
                    continue;
                };
                let own = part
                    .statement
                    .patient
                    .iter()
                    .filter_map(|a| a.quote())
                    .any(|q| q.start >= of.start);
                let Some(people) = nation(&part.statement).filter(|people| {
                    own && value < whole
                        && of.start > in_all.end
                        && Some(*people) != nation(&total.statement)
                }) else {
                    continue;
                };
                found.push(Split {
                    total: total.id,
                    part: part.id,
                    population: people.into(),
                    words: format!(
                        "{} = {} {people} + {} others",
                        grouped(*whole),
                        grouped(*value),
                        grouped(whole - value)
                    ),
                });
            }
        }
    }
    found
}
