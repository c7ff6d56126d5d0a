//! A list as it was read: cells by number.

use super::texts::{Texts, hash};

/// One list: a heading for each column and the cells under it.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// What the list is called; the name of its file, as a rule.
    pub name: String,
    pub columns: Vec<Column>,
    rows: usize,
}

/// One column of a list.
#[derive(Clone, Debug, Default)]
pub struct Column {
    pub heading: String,
    /// Its distinct cells.
    pub texts: Texts,
    /// For each row the number of its cell.
    pub cells: Vec<u32>,
}

impl Sheet {
    /// An empty list with these headings. An empty or repeated heading gets the column's number behind it, so that
    /// each can be named.
    #[must_use]
    pub fn new<'a>(name: &str, headings: impl IntoIterator<Item = &'a str>) -> Self {
        let mut columns: Vec<Column> = Vec::new();
        for heading in headings {
            let mut heading = heading.trim_start_matches('\u{feff}').trim().to_owned();
            if heading.is_empty() || columns.iter().any(|c| c.heading == heading) {
                heading = format!("{heading} {}", columns.len() + 1).trim().to_owned();
            }
            columns.push(Column {
                heading,
                ..Column::default()
            });
        }
        Self {
            name: name.to_owned(),
            columns,
            rows: 0,
        }
    }

    /// Adds a row. Cells beyond the headings are told by the return value: `false` if there were any that say
    /// something. A row that is too short has missing cells at its end.
    pub fn push<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) -> bool {
        let mut cells = cells.into_iter();
        for column in &mut self.columns {
            let cell = cells.next().unwrap_or_default();
            let number = column.texts.intern(cell);
            column.cells.push(number);
        }
        self.rows += 1;
        !cells.any(|cell| !cell.trim().is_empty())
    }

    #[must_use]
    pub const fn rows(&self) -> usize {
        self.rows
    }

    /// The cell as it was written.
    #[must_use]
    pub fn cell(&self, row: usize, column: usize) -> &str {
        self.columns.get(column).map_or("", |column| {
            column
                .texts
                .get(column.cells.get(row).copied().unwrap_or(0))
        })
    }

    /// A hash of everything that stands in a row.
    pub(super) fn row_hash(&self, row: usize) -> u64 {
        (0..self.columns.len()).fold(0, |state, column| {
            hash(state, self.cell(row, column).as_bytes())
        })
    }
}
