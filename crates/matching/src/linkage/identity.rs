//! Ids of clusters that stay when rows are added.

use std::collections::HashMap;

use super::fields::{Field, Remark};
use super::kind::Kind;
use super::records::Records;
use super::sheet::{Column, Sheet};
use super::texts::hash;

/// Lists whose own numbers of records do not tell their rows apart.
#[must_use]
pub fn collisions(records: &Records<'_>, fields: &[Field]) -> Vec<Remark> {
    let told = records.sheets.iter().filter_map(|sheet| {
        let column = own_numbers(sheet, fields)?;
        let twice = shared(column);
        (twice > 0).then(|| {
            Remark::new(
                "ids-collide",
                format!(
                    "{}: {twice} rows share their `{}` with another row, so it does not tell rows apart; rows are told apart by what stands in them",
                    sheet.name, column.heading
                ),
            )
        })
    });
    told.collect()
}

/// The column with what a list calls its records.
fn own_numbers<'s>(sheet: &'s Sheet, fields: &[Field]) -> Option<&'s Column> {
    let field = fields.iter().find(|f| f.kind == Kind::Record)?;
    let heading = field.from.get(&sheet.name)?.first()?;
    sheet.columns.iter().find(|c| c.heading == *heading)
}

/// Rows whose cell stands in another row as well; an empty one calls nobody.
fn shared(column: &Column) -> u64 {
    let mut cells: Vec<u32> = column.cells.iter().copied().filter(|c| *c != 0).collect();
    cells.sort_unstable();
    let several = cells.chunk_by(|a, b| a == b).filter(|same| same.len() > 1);
    several.map(|same| same.len() as u64).sum()
}

/// For each record an id that depends on its list and on what the list calls it, or else on what stands in its row;
/// rows that are word for word the same are told apart by their order.
#[must_use]
pub fn record_ids(records: &Records<'_>, fields: &[Field]) -> Vec<u64> {
    let mut ids = Vec::with_capacity(records.len());
    for sheet in records.sheets {
        let list = hash(1, sheet.name.as_bytes());
        let unique = own_numbers(sheet, fields)
            .filter(|column| !column.cells.contains(&0) && shared(column) == 0);
        let mut seen: HashMap<u64, u64> = HashMap::new();
        for row in 0..sheet.rows() {
            ids.push(match unique {
                Some(column) => {
                    let cell = column
                        .texts
                        .get(column.cells.get(row).copied().unwrap_or(0));
                    hash(list, cell.as_bytes())
                }
                None => {
                    let content = hash(list, &sheet.row_hash(row).to_le_bytes());
                    let count = seen.entry(content).or_default();
                    *count += 1;
                    hash(content, &count.to_le_bytes())
                }
            });
        }
    }
    ids
}

/// The id of each record's cluster: `c` and the id of its least record. A cluster of which records had an id in
/// `before` keeps that of most of them (of the least in a tie), which no other cluster then has.
#[must_use]
pub fn cluster_ids(home: &[u32], ids: &[u64], before: &HashMap<u64, String>) -> Vec<String> {
    let mut members: HashMap<u32, Vec<u32>> = HashMap::new();
    for (record, home) in (0u32..).zip(home) {
        members.entry(*home).or_default().push(record);
    }
    let mut order: Vec<(u32, Vec<u32>)> = members.into_iter().collect();
    order.sort_unstable_by_key(|(home, _)| *home);
    // Who claims an old id with how many records: the strongest claim first.
    let mut claims: Vec<(usize, String, u32)> = Vec::new();
    for (home, members) in &order {
        let mut counts: HashMap<&String, usize> = HashMap::new();
        for member in members {
            if let Some(old) = ids.get(*member as usize).and_then(|id| before.get(id)) {
                *counts.entry(old).or_default() += 1;
            }
        }
        claims.extend(
            counts
                .into_iter()
                .map(|(old, count)| (count, old.clone(), *home)),
        );
    }
    claims.sort_by(|a, b| {
        b.0.cmp(&a.0)
            .then_with(|| a.1.cmp(&b.1))
            .then(a.2.cmp(&b.2))
    });
    let mut of: HashMap<u32, String> = HashMap::new();
    let mut taken = std::collections::HashSet::new();
    for (_, old, home) in claims {
        if !of.contains_key(&home) && taken.insert(old.clone()) {
            of.insert(home, old);
        }
    }
    for (home, members) in &order {
        if of.contains_key(home) {
            continue;
        }
        // The name of a record that is not in use: one cluster of before may have become two.
        let mut own = members
            .iter()
            .filter_map(|member| ids.get(*member as usize))
            .collect::<Vec<_>>();
        own.sort_unstable();
        let named = own
            .iter()
            .map(|id| format!("c{id:016x}"))
            .find(|name| !taken.contains(name));
        let name = named.unwrap_or_else(|| format!("c{:016x}", hash(2, &home.to_le_bytes())));
        taken.insert(name.clone());
        of.insert(*home, name);
    }
    home.iter()
        .map(|home| of.get(home).cloned().unwrap_or_default())
        .collect()
}
