//! What people know about the lists, and whether a table can bear an estimate at all.

use serde::Serialize;

use crate::loglinear::pairs_of;
use crate::table::{Pattern, Table, TableError};
use crate::words::Note;

/// Answers to the questions that must be asked about lists before anything is estimated.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Known {
    /// Pairs of lists of which one copied the other, or which share an informant: one origin, one list.
    pub copied: Vec<(String, String)>,
    /// Pairs of which the first sends people on to the second.
    pub referral: Vec<(String, String)>,
    /// Pairs that nobody can be on at once.
    pub excludes: Vec<(String, String)>,
}

impl Known {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.copied.is_empty() && self.referral.is_empty() && self.excludes.is_empty()
    }
}

/// A table made ready: lists of one origin put together, lists of nobody left out.
#[derive(Clone, Debug)]
pub(crate) struct Ready {
    pub(crate) table: Table,
    /// Pairs of lists that each log-linear model and each graph must have.
    pub(crate) forced: Vec<Pattern>,
    /// Those among them that nobody can be on at once.
    pub(crate) exclusive: Vec<Pattern>,
    pub(crate) warnings: Vec<Note>,
}

/// Fewest people on two lists or more with which figures mean something.
const FEW_OVERLAPS: u64 = 10;

/// Puts lists of one origin together and looks whether what is left can bear an estimate.
///
/// # Errors
/// A list is named that is not there.
pub(crate) fn make_ready(table: &Table, known: &Known) -> Result<Result<Ready, Note>, TableError> {
    let mut warnings = Vec::new();
    let groups = origins(table, known)?;
    for group in groups.iter().filter(|group| group.len() > 1) {
        let names: Vec<&str> = group.iter().map(|j| table.lists()[*j].as_str()).collect();
        warnings.push(Note::new("one-origin", [names.join(", ")]));
    }
    let filled: Vec<Vec<usize>> = groups
        .into_iter()
        .filter(|group| {
            let anybody = group.iter().any(|j| table.on_list(*j) > 0);
            if !anybody {
                let names: Vec<&str> = group.iter().map(|j| table.lists()[*j].as_str()).collect();
                warnings.push(Note::new("empty-list", [names.join("+")]));
            }
            anybody
        })
        .collect();
    let merged = table.merged(&filled);
    if let Some(refused) = unfit(&merged, !known.copied.is_empty()) {
        return Ok(Err(refused));
    }
    let place = |name: &String| -> Result<Option<usize>, TableError> {
        let j = table.pattern(&[name.as_str()])?.trailing_zeros() as usize;
        Ok(filled.iter().position(|group| group.contains(&j)))
    };
    let pairs = |named: &[(String, String)]| -> Result<Vec<Pattern>, TableError> {
        let mut pairs = Vec::new();
        for (left, right) in named {
            if let (Some(a), Some(b)) = (place(left)?, place(right)?)
                && a != b
            {
                pairs.push(1 << a | 1 << b);
            }
        }
        Ok(pairs)
    };
    let exclusive = pairs(&known.excludes)?;
    for pair in &exclusive {
        if merged.on_all(*pair) > 0 {
            let people = merged.on_all(*pair).to_string();
            return Ok(Err(Note::new(
                "not-exclusive",
                [merged.name(*pair), people],
            )));
        }
    }
    let mut forced = pairs(&known.referral)?;
    for pair in &forced {
        warnings.push(Note::new("dependent", [merged.name(*pair)]));
    }
    forced.extend(&exclusive);
    forced.sort_unstable();
    forced.dedup();
    for pair in pairs_of(merged.width()) {
        if merged.on_all(pair) == 0 && !exclusive.contains(&pair) {
            warnings.push(Note::new("empty-overlap", [merged.name(pair)]));
        }
    }
    let overlaps: u64 = merged.by_number_of_lists().iter().skip(2).sum();
    if overlaps < FEW_OVERLAPS {
        warnings.push(Note::new("few-overlaps", [overlaps.to_string()]));
    }
    if known.is_empty() {
        warnings.push(Note::new("not-asked", []));
    }
    Ok(Ok(Ready {
        table: merged,
        forced,
        exclusive,
        warnings,
    }))
}

/// Lists in groups of one origin each, in the order of the table.
fn origins(table: &Table, known: &Known) -> Result<Vec<Vec<usize>>, TableError> {
    let mut of: Vec<usize> = (0..table.width()).collect();
    for (left, right) in &known.copied {
        let pair = [left, right].map(|name| table.pattern(&[name.as_str()]));
        let [a, b] = pair;
        let (a, b) = (a?.trailing_zeros() as usize, b?.trailing_zeros() as usize);
        let (keep, gone) = (of[a].min(of[b]), of[a].max(of[b]));
        for one in &mut of {
            if *one == gone {
                *one = keep;
            }
        }
    }
    // Names in the other answers are checked as well, whether or not they matter in the end.
    for (left, right) in known.referral.iter().chain(&known.excludes) {
        table.pattern(&[left, right])?;
    }
    let members =
        |head: usize| -> Vec<usize> { (0..table.width()).filter(|j| of[*j] == head).collect() };
    let heads = (0..table.width()).filter(|j| of[*j] == *j);
    Ok(heads.map(members).collect())
}

/// Why no method can say anything about this table.
fn unfit(table: &Table, merged: bool) -> Option<Note> {
    let width = table.width();
    if table.observed() == 0 {
        return Some(Note::new("nobody", []));
    }
    match width {
        0 => return Some(Note::new("no-lists", [])),
        1 if merged => return Some(Note::new("one-informant", [])),
        1 => return Some(Note::new("one-list", [])),
        _ => {}
    }
    if table.counts().iter().filter(|count| **count > 0).count() == 1 {
        return Some(Note::new("one-cell", []));
    }
    if table.by_number_of_lists().iter().skip(2).sum::<u64>() == 0 {
        return Some(Note::new("no-overlap", []));
    }
    let name = |j: usize| table.lists()[j].clone();
    for pair in pairs_of(width) {
        let (a, b) = (
            pair.trailing_zeros() as usize,
            (usize::BITS - 1 - pair.leading_zeros()) as usize,
        );
        let (both, on_a, on_b) = (table.on_all(pair), table.on_list(a), table.on_list(b));
        if both == on_a && both == on_b {
            return Some(Note::new("same-list", [name(a), name(b)]));
        }
        if both == on_a {
            return Some(Note::new("contained", [name(a), name(b)]));
        }
        if both == on_b {
            return Some(Note::new("contained", [name(b), name(a)]));
        }
    }
    None
}
