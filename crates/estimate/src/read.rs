//! Rows of text to capture-history tables.

use std::collections::BTreeMap;

use casefile::Problem;

use crate::table::{Table, TableError};

/// Headings that announce a count, folded to lower case.
const COUNTS: &[&str] = &[
    "count",
    "counts",
    "n",
    "freq",
    "frequency",
    "number",
    "people",
    "persons",
    "total",
    "수",
    "명수",
    "인원",
    "빈도",
    "数",
    "人数",
    "频数",
    "计数",
    "頻數",
    "人數",
];

/// How the columns of a table are to be taken.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    /// A column whose values divide people into strata.
    pub strata: Option<String>,
    /// Columns that are no lists: ids, names, remarks.
    pub ignore: Vec<String>,
    /// The column of counts, where its heading or place does not say so.
    pub count: Option<String>,
}

/// What was read: a table for each stratum (one with an empty name, if no column of strata was asked
/// for), in the order of their names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableRead {
    pub strata: Vec<(String, Table)>,
    /// Whether the rows are people (no column of counts was found).
    pub row_a_person: bool,
    /// What was left out or put together.
    pub problems: Vec<Problem>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    List,
    Count,
    Stratum,
    Ignored,
}

/// Reads a table: a heading, then a row for each combination of lists with a count in the last column (or in
/// one called `count`, `n`, `freq` and the like), or a row for each person. Lists are columns of 0 and 1.
///
/// # Errors
/// The first cell that cannot be what its column is.
pub fn read<R: AsRef<[String]>>(rows: &[R], columns: &Columns) -> Result<TableRead, TableError> {
    let (heading, body) = rows.split_first().ok_or(TableError::Empty)?;
    let heading: Vec<String> = heading.as_ref().iter().map(|cell| clean(cell)).collect();
    let body: Vec<(usize, &[String])> = body
        .iter()
        .enumerate()
        .map(|(at, row)| (at + 1, row.as_ref()))
        .filter(|(_, row)| row.iter().any(|cell| !cell.trim().is_empty()))
        .collect();
    if heading.iter().all(String::is_empty) {
        return Err(TableError::Empty);
    }
    if body.is_empty() {
        return Err(TableError::NoRows);
    }
    for (at, name) in heading.iter().enumerate() {
        if heading.iter().take(at).any(|before| before == name) {
            return Err(TableError::SameName(name.clone()));
        }
    }
    for (row, cells) in &body {
        if cells.len() != heading.len() {
            return Err(TableError::Ragged {
                row: *row,
                cells: cells.len(),
                columns: heading.len(),
            });
        }
    }
    let roles = roles(&heading, &body, columns)?;
    let lists = named(&heading, &roles, Role::List);
    let empty = Table::new(lists)?;
    let mut reading = Reading {
        heading: &heading,
        roles: &roles,
        empty,
        strata: BTreeMap::new(),
        on_none: 0,
    };
    let mut seen = BTreeMap::<(String, usize), u64>::new();
    for (row, cells) in &body {
        let key = reading.row(*row, cells)?;
        *seen.entry(key).or_default() += 1;
    }
    let row_a_person = !roles.contains(&Role::Count);
    let mut problems = Vec::new();
    if reading.on_none > 0 {
        let message = format!(
            "{} people on none of the lists are left out: whoever is on no list is what is estimated",
            reading.on_none
        );
        problems.push(Problem::new("on-no-list", message));
    }
    if !row_a_person {
        for ((stratum, pattern), times) in seen.iter().filter(|(_, times)| **times > 1) {
            let name = reading.empty.name(*pattern);
            let message = format!("{times} rows are of {name}: their counts were added");
            let problem = Problem::new("rows-added", message);
            problems.push(if stratum.is_empty() {
                problem
            } else {
                problem.at(stratum.clone())
            });
        }
    }
    Ok(TableRead {
        strata: reading.strata.into_iter().collect(),
        row_a_person,
        problems,
    })
}

struct Reading<'a> {
    heading: &'a [String],
    roles: &'a [Role],
    empty: Table,
    strata: BTreeMap<String, Table>,
    on_none: u64,
}

impl Reading<'_> {
    /// Takes one row; gives its stratum and pattern.
    fn row(&mut self, row: usize, cells: &[String]) -> Result<(String, usize), TableError> {
        let (mut pattern, mut list, mut people, mut stratum) = (0, 0, 1, String::new());
        for ((cell, role), column) in cells.iter().zip(self.roles).zip(self.heading) {
            let cell = clean(cell);
            match role {
                Role::List => {
                    let on = membership(&cell).ok_or_else(|| TableError::NotMembership {
                        row,
                        column: column.clone(),
                        value: short(&cell),
                    })?;
                    pattern |= usize::from(on) << list;
                    list += 1;
                }
                Role::Count => people = count(row, column, &cell)?,
                Role::Stratum => stratum = cell,
                Role::Ignored => {}
            }
        }
        let empty = &self.empty;
        let table = self
            .strata
            .entry(stratum.clone())
            .or_insert_with(|| empty.clone());
        if pattern == 0 {
            self.on_none = self.on_none.saturating_add(people);
        }
        table.add(pattern, people)?;
        Ok((stratum, pattern))
    }
}

/// What each column is.
fn roles(
    heading: &[String],
    body: &[(usize, &[String])],
    columns: &Columns,
) -> Result<Vec<Role>, TableError> {
    let place = |name: &String| {
        let at = heading.iter().position(|column| column == name);
        at.ok_or_else(|| TableError::NoSuchColumn(name.clone()))
    };
    let mut roles = vec![Role::List; heading.len()];
    let mut set = |name: &String, role: Role| -> Result<(), TableError> {
        let at = place(name)?;
        if let Some(slot) = roles.get_mut(at) {
            *slot = role;
        }
        Ok(())
    };
    for name in &columns.ignore {
        set(name, Role::Ignored)?;
    }
    if let Some(name) = &columns.strata {
        set(name, Role::Stratum)?;
    }
    if let Some(name) = &columns.count {
        set(name, Role::Count)?;
        return Ok(roles);
    }
    let is_list = |at: usize| roles.get(at) == Some(&Role::List);
    let called = heading
        .iter()
        .enumerate()
        .rfind(|(at, name)| is_list(*at) && COUNTS.contains(&name.to_lowercase().as_str()));
    // Without a heading that says so: the last column, if it holds more than 0 and 1.
    let last = (0..heading.len()).rfind(|at| is_list(*at)).filter(|at| {
        let cells = body.iter().filter_map(|(_, cells)| cells.get(*at));
        cells.clone().any(|cell| membership(&clean(cell)).is_none())
            && cells
                .into_iter()
                .all(|cell| clean(cell).parse::<f64>().is_ok())
    });
    if let Some(slot) = called
        .map(|(at, _)| at)
        .or(last)
        .and_then(|at| roles.get_mut(at))
    {
        *slot = Role::Count;
    }
    Ok(roles)
}

fn named(heading: &[String], roles: &[Role], role: Role) -> Vec<String> {
    let columns = heading.iter().zip(roles);
    columns
        .filter(|(_, of)| **of == role)
        .map(|(name, _)| name.clone())
        .collect()
}

fn clean(cell: &str) -> String {
    cell.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '"')
        .to_owned()
}

/// A stranger's cell as far as a message shows it.
fn short(cell: &str) -> String {
    cell.chars().take(40).collect()
}

fn membership(cell: &str) -> Option<bool> {
    match cell.to_ascii_lowercase().as_str() {
        "1" | "true" | "yes" | "1.0" => Some(true),
        "0" | "false" | "no" | "0.0" => Some(false),
        _ => None,
    }
}

fn count(row: usize, column: &str, cell: &str) -> Result<u64, TableError> {
    let (column, value) = (column.to_owned(), short(cell));
    if let Ok(count) = cell.parse::<u64>() {
        return Ok(count);
    }
    match cell.parse::<f64>() {
        Ok(number) if number < 0.0 => Err(TableError::Negative { row, column, value }),
        Ok(number) if number.fract() != 0.0 && number.is_finite() => {
            Err(TableError::Fractional { row, column, value })
        }
        // R and spreadsheets write 100000 as 1e+05.
        Ok(number) if number.is_finite() && number < 1e15 => Ok(number as u64),
        _ => Err(TableError::NotACount { row, column, value }),
    }
}
