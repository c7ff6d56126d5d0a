//! Lists that are not two lists.

use std::collections::HashMap;

use super::fields::Remark;
use super::records::Records;
use super::texts::hash;

/// Says of each two lists whether they are one list twice, or one holds the other, by what is compared of their
/// records. Estimates need lists that were made apart.
#[must_use]
pub fn copied(records: &Records<'_>) -> Vec<Remark> {
    let lists: Vec<HashMap<u64, u64>> = records
        .starts
        .windows(2)
        .map(|ends| {
            let mut rows: HashMap<u64, u64> = HashMap::new();
            for record in ends.first().copied().unwrap_or(0)..ends.last().copied().unwrap_or(0) {
                let codes = records.codes(u32::try_from(record).unwrap_or(u32::MAX));
                // A record of hardly anything is the same as many others.
                if codes.iter().filter(|code| **code != 0).count() >= 3 {
                    let content = codes
                        .iter()
                        .fold(0, |state, code| hash(state, &code.to_le_bytes()));
                    *rows.entry(content).or_default() += 1;
                }
            }
            rows
        })
        .collect();
    let mut remarks = Vec::new();
    for (i, left) in lists.iter().enumerate() {
        for (j, right) in lists.iter().enumerate().skip(i + 1) {
            let (fewer, more, small, large) = if left.len() <= right.len() {
                (left, right, i, j)
            } else {
                (right, left, j, i)
            };
            let shared = fewer.keys().filter(|row| more.contains_key(row)).count();
            // Honest lists write some of their common records differently.
            if fewer.len() < 5 || shared * 20 < fewer.len() * 19 {
                continue;
            }
            let name = |list: usize| {
                records
                    .sheets
                    .get(list)
                    .map_or("", |sheet| sheet.name.as_str())
            };
            let (small, large) = (name(small), name(large));
            let same = fewer.len() == more.len();
            remarks.push(Remark::new(
                if same { "list-twice" } else { "list-contained" },
                if same {
                    format!("{small} and {large} say the same of {shared} of {} records: one list given twice. Their overlap says nothing of how many people are on no list; leave one out", fewer.len())
                } else {
                    format!("{shared} of the {} records of {small} stand word for word in {large}, too: it seems to be taken from it. Such lists are no two sources; estimates from their overlap are too low", fewer.len())
                },
            ));
        }
    }
    remarks
}
