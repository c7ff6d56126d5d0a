//! A capture-history table: how many people are on exactly these lists.

use serde::Serialize;

/// Lists that a table may have; a cell for each of their 65,535 combinations.
pub const MOST_LISTS: usize = 16;
/// Most people that a table may hold: beyond it a count is a mistake of typing.
pub const MOST_PEOPLE: u64 = 1_000_000_000_000;

/// Which lists somebody is on: bit `j` stands for list `j`.
pub type Pattern = usize;

/// How many people are on exactly these lists, for each combination of lists.
///
/// What it deliberately never holds: people on no list. Their number is the question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Table {
    lists: Vec<String>,
    /// Indexed by pattern; the first is always nought.
    counts: Vec<u64>,
}

impl Table {
    /// An empty table for these lists.
    ///
    /// # Errors
    /// More than [`MOST_LISTS`] lists.
    pub fn new(lists: Vec<String>) -> Result<Self, TableError> {
        if lists.len() > MOST_LISTS {
            return Err(TableError::TooManyLists(lists.len()));
        }
        let counts = vec![0; 1 << lists.len()];
        Ok(Self { lists, counts })
    }

    /// A table of these counts; `counts[pattern]` are the people on exactly the lists of the pattern.
    /// The first, of people on no list, is taken as nought.
    ///
    /// # Errors
    /// The number of counts is not two to the number of lists, or there are too many lists or people.
    pub fn from_counts(lists: Vec<String>, counts: &[u64]) -> Result<Self, TableError> {
        let mut table = Self::new(lists)?;
        if counts.len() != table.counts.len() {
            return Err(TableError::Shape(counts.len(), table.counts.len()));
        }
        for (pattern, count) in counts.iter().enumerate().skip(1) {
            table.add(pattern, *count)?;
        }
        Ok(table)
    }

    /// Adds people with this pattern. Those on no list are not counted.
    ///
    /// # Errors
    /// The table would hold more than [`MOST_PEOPLE`], or has no such pattern.
    pub fn add(&mut self, pattern: Pattern, people: u64) -> Result<(), TableError> {
        if pattern == 0 {
            return Ok(());
        }
        let total = self.observed().checked_add(people);
        if total.is_none_or(|total| total > MOST_PEOPLE) {
            return Err(TableError::TooManyPeople);
        }
        let expected = self.counts.len();
        let cell = self
            .counts
            .get_mut(pattern)
            .ok_or(TableError::Shape(pattern, expected))?;
        *cell += people;
        Ok(())
    }

    /// Names of the lists.
    #[must_use]
    pub fn lists(&self) -> &[String] {
        &self.lists
    }

    /// Number of lists.
    #[must_use]
    pub fn width(&self) -> usize {
        self.lists.len()
    }

    /// Counts by pattern; the first is nought.
    #[must_use]
    pub fn counts(&self) -> &[u64] {
        &self.counts
    }

    /// People on at least one list.
    #[must_use]
    pub fn observed(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// People on list `j`.
    #[must_use]
    pub fn on_list(&self, j: usize) -> u64 {
        self.on_all(1 << j)
    }

    /// People who are on all lists of the pattern, whatever others they are on.
    #[must_use]
    pub fn on_all(&self, pattern: Pattern) -> u64 {
        let cells = self.counts.iter().enumerate();
        cells
            .filter(|(cell, _)| cell & pattern == pattern)
            .map(|(_, count)| count)
            .sum()
    }

    /// How many people are on exactly 0, 1, 2, … lists.
    #[must_use]
    pub fn by_number_of_lists(&self) -> Vec<u64> {
        let mut by = vec![0; self.width() + 1];
        for (pattern, count) in self.counts.iter().enumerate() {
            if let Some(cell) = by.get_mut(pattern.count_ones() as usize) {
                *cell += count;
            }
        }
        by
    }

    /// The table without list `j`; also how many people were on that list alone, who are in no cell of it.
    #[must_use]
    pub fn without(&self, j: usize) -> (Self, u64) {
        let lists = self.lists.iter().enumerate();
        let kept: Vec<usize> = lists.filter(|(i, _)| *i != j).map(|(i, _)| i).collect();
        let groups: Vec<Vec<usize>> = kept.into_iter().map(|i| vec![i]).collect();
        let table = self.merged(&groups);
        let lost = self.observed() - table.observed();
        (table, lost)
    }

    /// The table in which the lists of each group stand as one: whoever is on one of them is on it. Lists
    /// of no group are left out.
    #[must_use]
    pub fn merged(&self, groups: &[Vec<usize>]) -> Self {
        let name = |group: &Vec<usize>| {
            let names = group.iter().filter_map(|i| self.lists.get(*i));
            names.map(String::as_str).collect::<Vec<_>>().join("+")
        };
        let lists: Vec<String> = groups.iter().map(name).collect();
        let mut counts = vec![0; 1 << groups.len()];
        for (pattern, count) in self.counts.iter().enumerate() {
            let new: usize = groups
                .iter()
                .enumerate()
                .filter(|(_, group)| group.iter().any(|i| pattern >> i & 1 == 1))
                .map(|(at, _)| 1 << at)
                .sum();
            if new != 0
                && let Some(cell) = counts.get_mut(new)
            {
                *cell += count;
            }
        }
        Self { lists, counts }
    }

    /// The lists of a pattern: `A:B`, or `-` for none.
    #[must_use]
    pub fn name(&self, pattern: Pattern) -> String {
        if pattern == 0 {
            return "-".to_owned();
        }
        let lists = self.lists.iter().enumerate();
        let names = lists.filter(|(j, _)| pattern >> j & 1 == 1);
        names
            .map(|(_, name)| name.as_str())
            .collect::<Vec<_>>()
            .join(":")
    }

    /// The pattern of these names of lists.
    ///
    /// # Errors
    /// The first name that is no list.
    pub fn pattern(&self, names: &[&str]) -> Result<Pattern, TableError> {
        let mut pattern = 0;
        for name in names {
            let at = self.lists.iter().position(|list| list == name);
            pattern |= 1 << at.ok_or_else(|| TableError::NoSuchList((*name).to_owned()))?;
        }
        Ok(pattern)
    }
}

/// Why text is no capture-history table. Rows count from 1 below the heading, as a spreadsheet shows them
/// from 2.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    #[error("the table is empty")]
    Empty,
    #[error("the table has a heading and no rows")]
    NoRows,
    #[error("two columns are called `{0}`")]
    SameName(String),
    #[error("{0} lists: at most {MOST_LISTS} can be read")]
    TooManyLists(usize),
    #[error("{0} counts for a table of {1} cells")]
    Shape(usize, usize),
    #[error("more than {MOST_PEOPLE} people: no such table is real")]
    TooManyPeople,
    #[error("there is no list `{0}`")]
    NoSuchList(String),
    #[error("there is no column `{0}`")]
    NoSuchColumn(String),
    #[error("row {row}, column `{column}`: `{value}` is neither 0 nor 1")]
    NotMembership {
        row: usize,
        column: String,
        value: String,
    },
    #[error("row {row}, column `{column}`: {value} is a negative count")]
    Negative {
        row: usize,
        column: String,
        value: String,
    },
    #[error("row {row}, column `{column}`: {value} is no whole number of people")]
    Fractional {
        row: usize,
        column: String,
        value: String,
    },
    #[error("row {row}, column `{column}`: `{value}` is no count")]
    NotACount {
        row: usize,
        column: String,
        value: String,
    },
    #[error("row {row} has {cells} cells, the heading has {columns}")]
    Ragged {
        row: usize,
        cells: usize,
        columns: usize,
    },
}

impl TableError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Fractional { .. } => {
                "counts are of people; weighted or averaged figures cannot be estimated from"
            }
            Self::Negative { .. } | Self::NotACount { .. } => {
                "the count column holds whole numbers, 0 or more"
            }
            Self::NotMembership { .. } => {
                "each list is a column of 0 and 1; a column that tells people apart is named with \
                 `--strata COLUMN`, others are left out with `--ignore COLUMN`"
            }
            Self::TooManyLists(_) => {
                "put lists of one kind together, or leave some out with `--ignore`"
            }
            Self::NoSuchList(_) | Self::NoSuchColumn(_) => {
                "names of lists are those of the heading, letter for letter"
            }
            _ => {
                "a heading, then one row for each combination of lists with a count, or one row a person"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let names = ["A", "B", "C"].map(String::from).to_vec();
        Table::from_counts(names, &[9, 1, 2, 4, 8, 16, 32, 64]).expect("a table")
    }

    #[test]
    fn sums_over_patterns() {
        let table = table();
        assert_eq!(table.observed(), 127);
        assert_eq!(table.on_list(0), 1 + 4 + 16 + 64);
        assert_eq!(table.on_all(0b110), 32 + 64);
        assert_eq!(table.by_number_of_lists(), [0, 11, 52, 64]);
        assert_eq!(
            (table.name(0b101), table.pattern(&["C", "A"])),
            ("A:C".into(), Ok(0b101))
        );
    }

    #[test]
    fn lists_are_left_out_and_put_together() {
        let (without, lost) = table().without(1);
        assert_eq!((without.lists().join(""), lost), ("AC".into(), 2));
        assert_eq!(without.counts(), [0, 1 + 4, 8 + 32, 16 + 64]);
        let merged = table().merged(&[vec![0, 2], vec![1]]);
        assert_eq!(merged.lists(), ["A+C", "B"]);
        assert_eq!(merged.counts(), [0, 1 + 8 + 16, 2, 4 + 32 + 64]);
    }
}
