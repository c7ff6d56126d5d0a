//! Estimates of what no list has, from files, without a case.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use casefile::Problem;
use estimate::linkages::{Combined, LinkageError};
use estimate::{
    Columns, Headline, Method, Note, PriorChanged, Report, Settings, Table, TableError,
};

use crate::failure::{Failure, Whose};

/// Bytes of a table of overlaps; it is held in memory while it is counted.
const MOST_BYTES: u64 = 1 << 30;

/// What the methods say of a table and of its strata.
#[derive(Debug)]
pub struct Estimated {
    /// One report for each stratum; its name is empty if none was asked for.
    pub strata: Vec<Stratum>,
    /// Each method over all strata together, where it has an estimate in each.
    pub together: Vec<(Method, f64, (f64, f64))>,
    /// What was left out or added up while the table was read.
    pub problems: Vec<Problem>,
}

/// One stratum with its table.
#[derive(Debug)]
pub struct Stratum {
    pub name: String,
    pub table: Table,
    pub report: Report,
    /// The report without each list in turn, if that was asked for.
    pub without: Vec<(String, Report)>,
}

/// What the methods say over many sampled linkages.
#[derive(Debug)]
pub struct EstimatedLinkages {
    pub linkages: usize,
    pub combined: Vec<Combined>,
    /// What they say together: a range, unless too few of them have an estimate.
    pub headline: Option<Headline>,
    /// The same in words, or why there is none.
    pub summary: Note,
}

impl Estimated {
    /// Adds to each stratum its report without each list in turn.
    ///
    /// # Errors
    /// A list is named that is not there.
    pub fn leave_out(&mut self, settings: &Settings) -> Result<(), Failure> {
        for one in &mut self.strata {
            if one.report.refused.is_none() {
                let without = estimate::without_each(&one.table, settings);
                one.without = without.map_err(|error| refused("the table", &error))?;
            }
        }
        Ok(())
    }
}

/// Estimates from a table in a file: lists of 0 and 1 with a count, or a row for each person.
///
/// # Errors
/// The file cannot be read, is no such table, or lacks a list that was named.
pub fn estimate(path: &Path, columns: &Columns, settings: &Settings) -> Result<Estimated, Failure> {
    let shown = format!("`{}`", path.display());
    estimated(read(path, columns)?, &shown, settings)
}

/// The same from a table as text.
///
/// # Errors
/// It is no such table, or lacks a list that was named.
pub fn estimate_text(
    text: &str,
    columns: &Columns,
    settings: &Settings,
) -> Result<Estimated, Failure> {
    let rows = rows_from(text.trim_start().as_bytes(), "the table")?;
    let read = estimate::read(&rows, columns).map_err(|error| refused("the table", &error))?;
    estimated(read, "the table", settings)
}

/// The same from a table that is at hand.
///
/// # Errors
/// It lacks a list that was named.
pub fn estimate_table(table: Table, settings: &Settings) -> Result<Estimated, Failure> {
    let read = estimate::TableRead {
        strata: vec![(String::new(), table)],
        row_a_person: false,
        problems: Vec::new(),
    };
    estimated(read, "the table", settings)
}

fn estimated(
    read: estimate::TableRead,
    shown: &str,
    settings: &Settings,
) -> Result<Estimated, Failure> {
    let mut strata = Vec::new();
    for (name, table) in read.strata {
        let report = estimate::report(&table, settings).map_err(|error| refused(shown, &error))?;
        strata.push(Stratum {
            name,
            table,
            report,
            without: Vec::new(),
        });
    }
    let mut together = Vec::new();
    if strata.len() > 1 {
        let reports: Vec<Report> = strata.iter().map(|one| one.report.clone()).collect();
        for method in &settings.methods {
            if let Some((estimate, interval)) =
                estimate::linkages::add_strata(&reports, *method, settings.level)
            {
                together.push((*method, estimate, interval));
            }
        }
    }
    Ok(Estimated {
        strata,
        together,
        problems: read.problems,
    })
}

/// The column of a file of drawn linkages that tells them apart, as `link` writes it.
const LINKAGE: &str = "linkage";

/// The Bayesian methods under other priors: how much rests on what was assumed before anything was seen.
///
/// # Errors
/// A list is named that is not there.
pub fn change_priors(table: &Table, settings: &Settings) -> Result<Vec<PriorChanged>, Failure> {
    estimate::change_priors(table, settings).map_err(|error| refused("the table", &error))
}

/// Estimates over tables of sampled linkages, at least twenty: the one file that `link` writes, whose column `linkage`
/// tells them apart, or a file for each.
///
/// # Errors
/// A file cannot be read or is no table, there are too few, or they differ in their lists.
pub fn estimate_linkages(
    paths: &[impl AsRef<Path>],
    columns: &Columns,
    settings: &Settings,
) -> Result<EstimatedLinkages, Failure> {
    let mut tables = Vec::new();
    for path in paths {
        let shown = format!("`{}`", path.as_ref().display());
        let rows = rows_of(path.as_ref())?;
        let columns = Columns {
            strata: of_linkages(&rows).then(|| LINKAGE.to_owned()),
            ..columns.clone()
        };
        let read = estimate::read(&rows, &columns).map_err(|error| refused(&shown, &error))?;
        tables.extend(read.strata.into_iter().map(|(_, table)| table));
    }
    estimate_drawn(&tables, settings)
}

/// The same over tables that are at hand.
///
/// # Errors
/// There are too few, or they differ in their lists.
pub fn estimate_drawn(tables: &[Table], settings: &Settings) -> Result<EstimatedLinkages, Failure> {
    let combined = estimate::linkages::over(tables, settings).map_err(|error| {
        let code = match error {
            LinkageError::TooFew(_) => "few-linkages",
            LinkageError::DifferentLists => "different-lists",
            LinkageError::Table(_) => "bad-table",
        };
        Failure::new(Whose::You, code, error.to_string())
            .hint("`tumen link … --drawn-tables FILE` writes tables of linkages drawn from the probabilities of their matches")
    })?;
    let (headline, summary) = estimate::linkages::together(tables, &combined);
    Ok(EstimatedLinkages {
        linkages: tables.len(),
        combined,
        headline,
        summary,
    })
}

fn refused(shown: &str, error: &TableError) -> Failure {
    let message = format!("{shown}: {error}; nothing was estimated");
    Failure::new(Whose::You, "bad-table", message).hint(error.hint())
}

fn unreadable(shown: &str, error: &dyn std::fmt::Display) -> Failure {
    Failure::new(
        Whose::You,
        "unreadable",
        format!("{shown} cannot be read: {error}"),
    )
}

fn read(path: &Path, columns: &Columns) -> Result<estimate::TableRead, Failure> {
    let shown = format!("`{}`", path.display());
    let rows = rows_of(path)?;
    if columns.strata.is_none() && columns.ignore.is_empty() && of_linkages(&rows) {
        let message =
            format!("{shown} holds the tables of several linkages; nothing was estimated");
        return Err(Failure::new(Whose::You, "drawn-linkages", message)
            .hint("add `--linkages` to estimate over all of them; `link --table FILE` writes the one table"));
    }
    estimate::read(&rows, columns).map_err(|error| refused(&shown, &error))
}

/// Whether a column tells linkages apart.
fn of_linkages(rows: &[Vec<String>]) -> bool {
    let heading = rows.first();
    heading.is_some_and(|heading| heading.iter().any(|cell| cell.trim() == LINKAGE))
}

fn rows_of(path: &Path) -> Result<Vec<Vec<String>>, Failure> {
    let shown = format!("`{}`", path.display());
    let file = File::open(path).map_err(|error| unreadable(&shown, &error))?;
    let length = file
        .metadata()
        .map_err(|error| unreadable(&shown, &error))?
        .len();
    if length > MOST_BYTES {
        let message = format!("{shown} is larger than a table of overlaps can be");
        return Err(Failure::new(Whose::You, "too-large", message).hint(
            "count equal rows first: one row for each combination of lists, with its count",
        ));
    }
    rows_from(BufReader::new(file), &shown)
}

fn rows_from(mut input: impl BufRead, shown: &str) -> Result<Vec<Vec<String>>, Failure> {
    let start = input
        .fill_buf()
        .map_err(|error| unreadable(shown, &error))?;
    let line = start.split(|b| *b == b'\n').next().unwrap_or_default();
    let count = |mark: u8| line.iter().filter(|b| **b == mark).count();
    let delimiter = [b'\t', b';', b',']
        .into_iter()
        .max_by_key(|mark| count(*mark))
        .unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(input);
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut row = csv::ByteRecord::new();
    while reader
        .read_byte_record(&mut row)
        .map_err(|error| unreadable(shown, &error))?
    {
        let cells = row.iter();
        rows.push(
            cells
                .map(|cell| String::from_utf8_lossy(cell).into_owned())
                .collect(),
        );
    }
    Ok(rows)
}
