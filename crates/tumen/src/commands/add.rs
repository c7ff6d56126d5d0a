//! `add` and `status`: taking in, and the ledger of what became of every file.

use std::collections::BTreeMap;
use std::process::ExitCode;

use casefile::Outcome;
use investigation::{AddOptions, Event, Failure, Totals, Whose};
use serde_json::json;

use super::open;
use crate::cli::{self, Cli};
use crate::output::{Out, bytes, grouped, printable, say, table};
use crate::progress::{Progress, duration};

/// The exit status when something needs attention.
const ATTENTION: u8 = 1;

pub(crate) fn passwords(file: Option<&std::path::Path>) -> Result<Vec<String>, Failure> {
    let Some(file) = file else {
        return Ok(Vec::new());
    };
    let list = std::fs::read_to_string(file).map_err(|error| {
        let message = format!("`{}` cannot be read: {error}", file.display());
        Failure::new(Whose::You, "file-passwords", message)
    })?;
    Ok(list
        .lines()
        .map(str::to_owned)
        .filter(|line| !line.is_empty())
        .collect())
}

pub(crate) fn add(cli: &Cli, add: &cli::Add) -> Result<ExitCode, Failure> {
    let options = AddOptions {
        source: add.source.clone(),
        published: add.published,
        jobs: add.jobs.map(usize::from),
        passwords: passwords(add.file_passwords.as_deref())?,
        ocr: add.ocr == cli::Ocr::Auto,
        statements_later: add.statements == cli::When::Later,
    };
    let case = open(cli)?;
    let mut out = Out::new();
    let mut progress = Progress::new(cli.quiet, "files");
    let summary = case.add(&add.paths, &options, &mut |event| match event {
        Event::Line(line) if cli.json => out.json(line),
        Event::Line(_) => Ok(()),
        Event::Progress { files, bytes } => {
            progress.set(files, bytes);
            // Comes after the lines of each commit: whoever reads along learns of them at once, and
            // what a kill cuts off is never more than was not yet committed.
            out.flush()
        }
        Event::Remark(remark) => {
            if !cli.quiet {
                say!("warning: {remark}");
            }
            Ok(())
        }
    });
    progress.end();
    let summary = summary?;
    if options.statements_later && !cli.quiet {
        say!(
            "hint: what the texts say was left for later: the next `add`, `statements`, `figures`, `serve` or `rebuild` finds it"
        );
    }
    if cli.json {
        out.json(&json!({ "summary": summary }))?;
    } else {
        out.line(format_args!(
            "{} occurrences of {} originals, {} in {}",
            grouped(summary.occurrences),
            grouped(summary.originals),
            bytes(summary.bytes),
            duration(summary.seconds),
        ))?;
        for line in table(&by_outcome(&summary.outcomes)) {
            out.line(line)?;
        }
        if summary.unchanged > 0 {
            out.line(format_args!(
                "{} files had not changed and were not read again",
                grouped(summary.unchanged)
            ))?;
        }
        if summary.attention() > 0 && !cli.quiet {
            say!("hint: `tumen status --failed` says what was not read, why, and what to do");
        }
    }
    out.flush()?;
    Ok(if summary.attention() > 0 {
        ExitCode::from(ATTENTION)
    } else {
        ExitCode::SUCCESS
    })
}

/// Rows of outcome, count and meaning, in the order of ledgers.
fn by_outcome(outcomes: &BTreeMap<&'static str, u64>) -> Vec<Vec<String>> {
    let row = |outcome: Outcome| {
        let count = outcomes.get(outcome.name()).filter(|count| **count > 0)?;
        Some(vec![
            outcome.name().into(),
            grouped(*count),
            meaning(outcome).into(),
        ])
    };
    Outcome::ALL.into_iter().filter_map(row).collect()
}

fn meaning(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Indexed => "can be searched",
        Outcome::NoText => "kept; no text was found",
        Outcome::Duplicate => "the same bytes as another file; the place is recorded",
        Outcome::Encrypted => "kept; needs a password",
        Outcome::Damaged => "kept, with what could be read",
        Outcome::Unsupported => "kept, found by name; the format is not read",
        Outcome::Limit => "kept, with what was read before a cap on time or size",
        Outcome::Skipped => "left out by a rule",
    }
}

pub(crate) fn status(cli: &Cli, status: &cli::Status) -> Result<ExitCode, Failure> {
    let case = open(cli)?;
    let mut out = Out::new();
    if status.failed {
        let failures = case.failures()?;
        for failure in &failures {
            if cli.json {
                out.json(failure)?;
                continue;
            }
            let member = failure
                .member
                .as_ref()
                .map(|m| format!(" › {m}"))
                .unwrap_or_default();
            out.line(format_args!(
                "{}  {}{}",
                failure.outcome,
                printable(&failure.path),
                printable(&member)
            ))?;
            out.line(format_args!(
                "    {}",
                printable(failure.reason.as_deref().unwrap_or("no reason was given"))
            ))?;
            if let Some(hint) = &failure.hint {
                out.line(format_args!("    hint: {hint}"))?;
            }
        }
        if !cli.json && failures.is_empty() {
            out.line("Everything was read.")?;
        }
        out.flush()?;
        return Ok(ExitCode::SUCCESS);
    }
    let totals = case.totals()?;
    let without = case.without_statements()?;
    if cli.json {
        out.json(&Ledger {
            totals: &totals,
            without_statements: without,
        })?;
    } else {
        print_totals(&mut out, case.name(), &totals)?;
        if without > 0 {
            out.line("")?;
            out.line(waiting(without))?;
        }
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// What `status --json` prints.
#[derive(serde::Serialize)]
struct Ledger<'a> {
    #[serde(flatten)]
    totals: &'a Totals,
    without_statements: u64,
}

/// The ledger: totals by outcome, then by format.
pub(crate) fn print_totals(out: &mut Out, name: &str, totals: &Totals) -> Result<(), Failure> {
    out.line(format_args!(
        "{}: {} occurrences of {} originals, {}; {} documents",
        printable(name),
        grouped(totals.occurrences),
        grouped(totals.originals),
        bytes(totals.bytes),
        grouped(totals.documents),
    ))?;
    for line in table(&by_outcome(&totals.outcomes)) {
        out.line(line)?;
    }
    if !totals.formats.is_empty() {
        out.line("")?;
        let row = |format: &investigation::FormatTotal| {
            let failed = if format.failed > 0 {
                format!("{} not read", grouped(format.failed))
            } else {
                String::new()
            };
            vec![
                printable(&format.format),
                grouped(format.count),
                bytes(format.bytes),
                failed,
            ]
        };
        for line in table(&totals.formats.iter().map(row).collect::<Vec<_>>()) {
            out.line(line)?;
        }
    }
    Ok(())
}

/// What is told of documents whose statements were left for later.
fn waiting(documents: u64) -> String {
    format!(
        "{} {} for statements: the next `add`, `statements`, `figures`, `serve` or `rebuild` finds them",
        grouped(documents),
        if documents == 1 {
            "document waits"
        } else {
            "documents wait"
        }
    )
}
