//! Pairs of records that people judged, as a table.

use std::collections::HashMap;
use std::path::Path;

use matching::linkage::{Field, Kind, Label, Place, Records, Remark};

use crate::{Failure, Whose};

/// How a side of a pair is told.
struct Side {
    file: Option<usize>,
    row: Option<usize>,
    id: Option<usize>,
}

/// Reads judged pairs: columns `left_file`, `left_row` (from 1, the heading not counted), or `left_id` (what the list
/// calls the record), the same for `right`, and `match` (1, true, yes, same, positive; 0, false, no, different,
/// negative; anything else is unsure and not used). Without a file, left is the first list and right the second, or
/// the only one.
pub(super) fn read(
    path: &Path,
    records: &Records<'_>,
    fields: &[Field],
    remarks: &mut Vec<Remark>,
) -> Result<Vec<Label>, Failure> {
    let name = path.display();
    let bad = |error: csv::Error| {
        Failure::new(
            Whose::You,
            "bad-labels",
            format!("`{name}` cannot be read: {error}"),
        )
    };
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_path(path)
        .map_err(bad)?;
    let headings: Vec<String> = reader.headers().map_err(bad)?.iter().map(bare).collect();
    let at = |names: &[&str]| headings.iter().position(|h| names.contains(&h.as_str()));
    let side = |side: &str| Side {
        file: at(&[&format!("{side}file")]),
        row: at(&[&format!("{side}row")]),
        id: at(&[&format!("{side}id"), side]),
    };
    let (left, right) = (side("left"), side("right"));
    let answer = at(&["match", "ismatch", "same", "label", "judgement"]);
    let told = |side: &Side| side.row.is_some() || side.id.is_some();
    let (true, true, Some(answer)) = (told(&left), told(&right), answer) else {
        return Err(Failure::new(
            Whose::You,
            "bad-labels",
            format!("`{name}` does not say which pairs were judged, or how"),
        )
        .hint("give a table with the columns left_file, left_row, right_file, right_row, match; or left_id, right_id, match"));
    };
    let ids = by_id(records, fields);
    let mut labels = Vec::new();
    let mut unknown = 0u64;
    let mut row = csv::StringRecord::new();
    while reader.read_record(&mut row).map_err(bad)? {
        let same = match row
            .get(answer)
            .unwrap_or_default()
            .trim()
            .to_lowercase()
            .as_str()
        {
            "1" | "true" | "yes" | "y" | "same" | "match" | "positive" => true,
            "0" | "false" | "no" | "n" | "different" | "negative" => false,
            _ => continue,
        };
        let last = records.sheets.len().saturating_sub(1);
        let found =
            find(&row, &left, 0, records, &ids).zip(find(&row, &right, last.min(1), records, &ids));
        match found.filter(|(a, b)| a != b) {
            Some((a, b)) => labels.push(Label {
                left: a.min(b),
                right: a.max(b),
                same,
            }),
            None => unknown += 1,
        }
    }
    if unknown > 0 {
        remarks.push(super::remark(
            "labels-unknown",
            format!("{name}: {unknown} judged pairs name a list or a record that is not there; they are not used"),
        ));
    }
    Ok(labels)
}

fn bare(heading: &str) -> String {
    let letters = heading
        .trim_start_matches('\u{feff}')
        .chars()
        .filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

fn find(
    row: &csv::StringRecord,
    side: &Side,
    list: usize,
    records: &Records<'_>,
    ids: &HashMap<(usize, &str), usize>,
) -> Option<u32> {
    let cell = |at: Option<usize>| {
        at.and_then(|at| row.get(at))
            .map(str::trim)
            .filter(|c| !c.is_empty())
    };
    let list = match cell(side.file) {
        Some(file) => records.sheets.iter().position(|sheet| sheet.name == file)?,
        None => list,
    };
    let row = match (cell(side.row), cell(side.id)) {
        (Some(row), _) => row.parse::<usize>().ok()?.checked_sub(1)?,
        (None, Some(id)) => *ids.get(&(list, id))?,
        (None, None) => return None,
    };
    records.at(Place { list, row })
}

/// Rows by what each list calls its records.
fn by_id<'s>(records: &Records<'s>, fields: &[Field]) -> HashMap<(usize, &'s str), usize> {
    let mut ids = HashMap::new();
    for (list, sheet) in records.sheets.iter().enumerate() {
        if let Some(column) = super::id_column(sheet, fields) {
            for row in 0..sheet.rows() {
                let cell = sheet.cell(row, column).trim();
                if !cell.is_empty() {
                    ids.entry((list, cell)).or_insert(row);
                }
            }
        }
    }
    ids
}

/// Whether a field tells what lists call their records.
pub(super) fn is_record(field: &Field) -> bool {
    field.kind == Kind::Record
}
