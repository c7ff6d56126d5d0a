//! Names beside one another, screening against lists, cross-reference.

use std::path::Path;
use std::process::ExitCode;

use investigation::{
    Failure, Likeness, ListOptions, ListRead, Lists, Matching, NamePairs, Said, Screened, Whose,
};
use serde_json::json;

use crate::cli::{self, Cli};
use crate::output::{Out, grouped, printable, say};
use crate::progress::Progress;

pub(crate) fn compare(cli: &Cli, asked: &cli::NamesCompare) -> Result<ExitCode, Failure> {
    let mut out = Out::new();
    if let Some(path) = &asked.pairs {
        return pairs(cli, asked, path, &mut out);
    }
    let [left, right] = asked.names.as_slice() else {
        return Err(
            Failure::new(Whose::You, "two-names", "two names are compared")
                .hint("tumen names compare 김철호 \"Kim Chol Ho\", or --pairs FILE.csv"),
        );
    };
    let compared = investigation::compare_names(&asked.schema, left, right);
    let is_match = compared.score >= asked.threshold;
    if cli.json {
        out.json(&json!({
            "name1": left, "name2": right, "schema": asked.schema,
            "score": rounded(compared.score), "match": is_match, "because": compared.because,
        }))?;
    } else {
        let verdict = if is_match {
            "may be the same"
        } else {
            "probably different"
        };
        out.line(format_args!(
            "{:.2}  {verdict} (threshold {})",
            compared.score, asked.threshold
        ))?;
        because(&mut out, &compared.because)?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// A score as it is shown: four places say all that it means.
pub(crate) fn rounded(score: f32) -> f64 {
    (f64::from(score) * 10_000.0).round() / 10_000.0
}

pub(crate) fn because(out: &mut Out, features: &[investigation::Because]) -> Result<(), Failure> {
    for one in features {
        let words = match (one.left.as_str(), one.right.as_str()) {
            ("", "") => String::new(),
            (left, right) => format!(" {} | {}:", printable(left), printable(right)),
        };
        out.line(format_args!(
            "  {:+6.2}  {:<14}{words} {}",
            one.weight,
            one.feature,
            printable(&one.reason)
        ))?;
    }
    Ok(())
}

fn pairs(
    cli: &Cli,
    asked: &cli::NamesCompare,
    path: &Path,
    out: &mut Out,
) -> Result<ExitCode, Failure> {
    let mut pairs = NamePairs::open(path, asked.threshold)?;
    while let Some(line) = pairs.next_line()? {
        if cli.json && !asked.summary {
            out.json(&line)?;
        } else if !asked.summary {
            let mark = if line["match"] == true {
                "same"
            } else {
                "    "
            };
            let text = |name: &str| printable(line[name].as_str().unwrap_or_default());
            let score = line["score"].as_f64().unwrap_or_default();
            out.line(format_args!(
                "{score:.2}  {mark}  {}  |  {}",
                text("name1"),
                text("name2")
            ))?;
        }
    }
    if asked.summary {
        let summary = pairs.summary();
        if summary.is_empty() {
            return Err(Failure::new(
                Whose::You,
                "no-labels",
                "the file has no column `is_match`, so there is nothing to sum up",
            ));
        }
        if !cli.json {
            out.line(format_args!(
                "{:<28} {:>6} {:>6} {:>6} {:>6}  {:>5} {:>5} {:>5}",
                "group", "pairs", "right", "missed", "false", "P", "R", "F1"
            ))?;
        }
        for row in summary {
            if cli.json {
                out.json(&row)?;
            } else {
                let number =
                    |value: Option<f64>| value.map_or_else(|| "-".into(), |v| format!("{v:.3}"));
                out.line(format_args!(
                    "{:<28} {:>6} {:>6} {:>6} {:>6}  {:>5} {:>5} {:>5}",
                    row.group,
                    row.pairs,
                    row.found,
                    row.missed,
                    row.false_alarms,
                    number(row.precision),
                    number(row.recall),
                    number(row.f1)
                ))?;
            }
        }
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn screen(cli: &Cli, asked: &cli::Screen) -> Result<ExitCode, Failure> {
    let options = ListOptions {
        schema: asked.schema.clone(),
        as_of: asked.as_of.map(|day| day.to_string()),
        prefix: None,
    };
    let how = search(asked.threshold, asked.most);
    let said = said(asked.judgements.as_deref())?;
    let mut progress = Progress::new(cli.quiet, "records");
    let lists = Lists::read(&asked.against, &options, |done, total| {
        progress.set((0, 0), (done, total));
    })?;
    progress.end();
    for list in &lists.read {
        tell(cli, list);
    }
    let mut out = Out::new();
    let mut csv = asked.csv;
    let plain = ListOptions {
        as_of: None,
        ..options
    };
    let mut progress = Progress::new(cli.quiet, "queries");
    let (sum, read) = investigation::screen(
        &asked.queries,
        &lists,
        &plain,
        &how,
        &said,
        |hit| print(cli, &mut out, &hit, &mut csv, ["query", "candidate"]),
        |done, total| progress.set((done, total), (0, 0)),
    )?;
    progress.end();
    tell(cli, &read);
    out.flush()?;
    end(cli, &sum, "queries");
    Ok(ExitCode::from(u8::from(
        read.unread > 0 || lists.read.iter().any(|l| l.unread > 0),
    )))
}

pub(crate) fn cross(cli: &Cli, asked: &cli::Match) -> Result<ExitCode, Failure> {
    let options = ListOptions {
        schema: asked.schema.clone(),
        ..ListOptions::default()
    };
    let how = search(asked.threshold, asked.most);
    let said = said(asked.judgements.as_deref())?;
    let mut out = Out::new();
    let mut csv = asked.csv;
    let mut progress = Progress::new(cli.quiet, "records");
    let target = asked.right.as_ref().unwrap_or(&asked.left);
    let lists = Lists::read(std::slice::from_ref(target), &options, |done, total| {
        progress.set((0, 0), (done, total));
    })?;
    progress.end();
    for list in &lists.read {
        tell(cli, list);
    }
    let mut progress = Progress::new(cli.quiet, "records");
    let mut each = |hit: Likeness| print(cli, &mut out, &hit, &mut csv, ["left", "right"]);
    let told = |done, total| progress.set((done, total), (0, 0));
    let mut unread = lists.read.iter().any(|l| l.unread > 0);
    let sum = if asked.right.is_some() {
        let (sum, read) =
            investigation::screen(&asked.left, &lists, &options, &how, &said, &mut each, told)?;
        tell(cli, &read);
        unread |= read.unread > 0;
        sum
    } else {
        investigation::within(&lists, &how, &said, &mut each, told)?
    };
    progress.end();
    out.flush()?;
    end(cli, &sum, "records");
    Ok(ExitCode::from(u8::from(unread)))
}

fn search(threshold: f32, most: Option<usize>) -> Matching {
    Matching {
        threshold,
        most: most.unwrap_or(usize::MAX),
        ..Matching::default()
    }
}

fn said(path: Option<&Path>) -> Result<Said, Failure> {
    path.map_or_else(|| Ok(Said::default()), Said::read)
}

fn print(
    cli: &Cli,
    out: &mut Out,
    hit: &Likeness,
    csv: &mut cli::AsCsv,
    sides: [&str; 2],
) -> Result<(), Failure> {
    let [left, right] = sides;
    if csv.csv {
        if !csv.headed {
            csv.headed = true;
            out.line(format_args!(
                "{left},{left}_caption,{right},{right}_caption,list,score,because"
            ))?;
        }
        let reasons: Vec<String> = hit
            .because
            .iter()
            .map(|one| format!("{:+.2} {}: {}", one.weight, one.feature, one.reason))
            .collect();
        let cells = [
            &hit.left,
            &hit.left_caption,
            &hit.right,
            &hit.right_caption,
            &hit.list,
            &format!("{:.4}", hit.score),
            &reasons.join("; "),
        ];
        let cells: Vec<String> = cells
            .iter()
            .map(|cell| super::statements::cell(cell))
            .collect();
        out.line(cells.join(","))
    } else if cli.json {
        out.json(&json!({
            left: hit.left, right: hit.right,
            format!("{left}_caption"): hit.left_caption, format!("{right}_caption"): hit.right_caption,
            "list": hit.list, "score": rounded(hit.score), "match": true, "because": hit.because,
        }))
    } else {
        out.line(format_args!(
            "{:.2}  {} ({})  |  {} ({}, {})",
            hit.score,
            printable(&hit.left_caption),
            printable(&hit.left),
            printable(&hit.right_caption),
            printable(&hit.right),
            printable(&hit.list)
        ))?;
        because(out, &hit.because)
    }
}

/// What a list is and what was found odd in it, on standard error.
pub(crate) fn tell(cli: &Cli, list: &ListRead) {
    if cli.quiet {
        return;
    }
    say!(
        "{}: {} records, sha256 {}",
        printable(&list.name),
        grouped(list.entities),
        list.sha256
    );
    for note in list.notes.iter().take(20) {
        let id = note
            .id
            .as_deref()
            .map_or_else(String::new, |id| format!(" ({})", printable(id)));
        say!(
            "warning: {} line {}{id}: {}",
            printable(&list.name),
            note.line,
            printable(&note.what)
        );
    }
    if list.shared > 0 {
        say!(
            "warning: {}: {} records have an id that another list of the case has: they stand beside what that list \
             says, as claims of this one, and change nothing of it",
            printable(&list.name),
            grouped(list.shared)
        );
    }
    let further = list.notes.len().saturating_sub(20) as u64 + list.more;
    if further > 0 {
        say!(
            "warning: {}: {} more remarks",
            printable(&list.name),
            grouped(further)
        );
    }
}

fn end(cli: &Cli, sum: &Screened, what: &str) {
    if cli.quiet {
        return;
    }
    say!(
        "{} {what}, {} hits. A score is no proof that two are one.",
        grouped(sum.queries),
        grouped(sum.hits)
    );
    if sum.judged_different > 0 {
        say!(
            "{} hits are not shown: somebody judged them different",
            grouped(sum.judged_different)
        );
    }
    if sum.unsearchable > 0 {
        say!(
            "{} records cannot be looked for: their schema is not known",
            grouped(sum.unsearchable)
        );
    }
}
