//! Figures about the same time: what they leave together, and which of them cannot both hold.

use std::collections::HashMap;

use casefile::StatementId;
use casefile::statement::Measure;

use super::aspect::{self, Days};
use super::bound::{bounds, grouped, meet, nominal};
use super::{Conflict, Figure, Point, Split, Told};

/// Days within which two numbers of those who are held, or of a sum so far, are compared.
const SAME_TIME: i64 = 31;
/// More conflicts in one series are not told one by one.
const MOST: usize = 1000;

/// When a figure holds.
fn days(told: &Told) -> Days {
    let own = aspect::span(told);
    match aspect::measure(told) {
        Some(Measure::Stock) => own.or_else(|| aspect::told_on(told)),
        // A sum holds at its end.
        Some(Measure::Cumulative) => own.map(|(_, to)| (to, to)),
        _ => own,
    }
}

/// Figures that are about overlapping times. `told` and `figures` go together.
pub(super) fn points(told: &[&Told], figures: &[Figure]) -> Vec<Point> {
    let spans: Vec<Days> = told.iter().map(|t| days(t)).collect();
    let mut order: Vec<usize> = (0..told.len()).collect();
    order.sort_by_key(|&n| spans.get(n).copied().flatten());
    let mut points: Vec<(Days, Vec<usize>)> = Vec::new();
    for n in order {
        let own = spans.get(n).copied().flatten();
        let near = told.get(n).is_some_and(|t| {
            matches!(
                aspect::measure(t),
                Some(Measure::Stock | Measure::Cumulative)
            )
        });
        match points.last_mut() {
            Some((open, members))
                if match (*open, own) {
                    (Some(a), Some(b)) if near => b.0 <= a.0.saturating_add(SAME_TIME),
                    (Some(a), Some(b)) => b.0 <= a.1,
                    (None, None) => true,
                    _ => false,
                } =>
            {
                if let (Some(a), Some(b)) = (&mut *open, own) {
                    a.1 = a.1.max(b.1);
                }
                members.push(n);
            }
            _ => points.push((own, vec![n])),
        }
    }
    // What tells no time is about the only time that the others tell.
    if let [(None, _), (Some(_), _)] = points.as_slice() {
        let (_, open) = points.swap_remove(0);
        if let Some((_, members)) = points.first_mut() {
            members.extend(open);
        }
    }
    points
        .into_iter()
        .map(|(_, mut members)| {
            members.sort_unstable();
            let (compatible, low, high) = meet(
                members
                    .iter()
                    .filter_map(|&n| told.get(n))
                    .map(|t| bounds(&t.statement)),
            );
            let of = |pick: fn(&Figure) -> &Option<String>| {
                members
                    .iter()
                    .filter_map(|&n| figures.get(n))
                    .filter_map(move |f| pick(f).clone())
            };
            let mut origins: Vec<usize> = members
                .iter()
                .filter_map(|&n| figures.get(n))
                .map(|f| f.origin)
                .collect();
            origins.sort_unstable();
            origins.dedup();
            Point {
                from: of(|f| &f.from).min(),
                to: of(|f| &f.to).max(),
                compatible,
                low: low.filter(|_| compatible),
                high: high.filter(|_| compatible),
                origins: origins.len(),
                figures: members,
            }
        })
        .collect()
}

/// Figures of one time that cannot both hold, and those whose people another text divides.
pub(super) fn conflicts(told: &[&Told], points: &[Point], splits: &[Split]) -> Vec<Conflict> {
    let words = |t: &Told| {
        let quantity = t.statement.quantity.as_ref();
        quantity.map_or(String::new(), |q| q.text.clone())
    };
    let mut found = Vec::new();
    for point in points.iter().filter(|p| !p.compatible) {
        for (n, &a) in point.figures.iter().enumerate() {
            for &b in point.figures.iter().skip(n + 1) {
                let (Some(x), Some(y)) = (told.get(a), told.get(b)) else {
                    continue;
                };
                // Parts of one account are no contradiction.
                if x.rendition == y.rendition || found.len() >= MOST {
                    continue;
                }
                if !meet([bounds(&x.statement), bounds(&y.statement)].into_iter()).0 {
                    found.push(Conflict {
                        figures: [a, b],
                        reason: format!("“{}” and “{}” cannot both hold", words(x), words(y)),
                    });
                }
            }
        }
    }
    let divided: HashMap<StatementId, &Split> = splits.iter().map(|s| (s.total, s)).collect();
    for (a, x) in told.iter().enumerate() {
        let Some(split) = divided.get(&x.id) else {
            continue;
        };
        for (b, y) in told.iter().enumerate() {
            let Some(nation) = aspect::nation(&y.statement) else {
                continue;
            };
            let same = nominal(&x.statement) == nominal(&y.statement);
            if a == b || !same || nation == split.population || divided.contains_key(&y.id) {
                continue;
            }
            if found.len() < MOST {
                found.push(Conflict {
                    figures: [b, a],
                    reason: format!(
                        "{} {nation} is contested: {}",
                        nominal(&y.statement).map_or(String::new(), grouped),
                        split.words
                    ),
                });
            }
        }
    }
    found
}
