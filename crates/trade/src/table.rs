//! The rows of a text: one a line, cells separated by tabs, as tables of every format come out of their readers.

use casefile::Span;
use serde::{Deserialize, Serialize};

/// Where a row stands: the evidence of whatever is read from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// From 1, headings included, blank lines not counted. Of a JSON file, the number of the event.
    pub row: u32,
    /// In the text version of the file, in Unicode scalar values.
    pub span: Span,
}

/// One line of a text.
#[derive(Debug, Clone)]
pub struct Row<'a> {
    pub place: Place,
    pub cells: Vec<&'a str>,
}

impl<'a> Row<'a> {
    /// A cell without the blanks around it; empty if the row is shorter.
    #[must_use]
    pub fn cell(&self, column: usize) -> &'a str {
        self.cells.get(column).map_or("", |cell| cell.trim())
    }
}

/// All rows that are not blank.
#[must_use]
pub fn rows(text: &str) -> Vec<Row<'_>> {
    let mut out = Vec::new();
    let mut chars = 0_u32;
    let mut number = 0_u32;
    for line in text.split('\n') {
        let length = u32::try_from(line.chars().count()).unwrap_or(u32::MAX);
        let fed = line.strip_prefix('\u{c}');
        let (from, content) = match fed {
            Some(rest) => (chars.saturating_add(1), rest),
            None => (chars, line),
        };
        let end = chars.saturating_add(length);
        if !content.trim().is_empty() {
            number = number.saturating_add(1);
            out.push(Row {
                place: Place {
                    row: number,
                    span: Span::new(from, end),
                },
                cells: content.trim_end_matches('\r').split('\t').collect(),
            });
        }
        chars = end.saturating_add(1);
    }
    out
}
