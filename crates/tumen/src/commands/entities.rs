//! Lists in the case, and the entities that people make of their records.

use std::process::ExitCode;

use investigation::{EntityView, Failure, ImportOptions, Judgement, Likeness, entity_line};
use serde_json::json;

use super::open;
use super::screening::{because, rounded, tell};
use super::statements::cell;
use crate::cli::{self, Cli};
use crate::output::{Out, grouped, printable, say};
use crate::progress::Progress;

pub(crate) fn import(cli: &Cli, asked: &cli::Import) -> Result<ExitCode, Failure> {
    let case = open(cli)?;
    let mut out = Out::new();
    if asked.judgements {
        let done = case.import_judgements(&asked.file, asked.by.as_deref())?;
        if cli.json {
            out.json(&json!({ "judgements": done.taken, "known": done.known, "left_out": done.left_out }))?;
        } else {
            out.line(format_args!(
                "{} judgements taken in, {} known already",
                grouped(done.taken),
                grouped(done.known)
            ))?;
        }
        if done.left_out > 0 && !cli.quiet {
            say!(
                "warning: {} lines say nothing about records of the case; they were left out",
                grouped(done.left_out)
            );
        }
        out.flush()?;
        return Ok(ExitCode::from(u8::from(done.left_out > 0)));
    }
    let options = ImportOptions {
        name: asked.name.clone(),
        source: asked.source.clone(),
        published: asked.published,
        schema: asked.schema.clone(),
    };
    let mut progress = Progress::new(cli.quiet, "records");
    let done = case.import(
        &asked.file,
        &options,
        asked.by.as_deref(),
        &mut |done, total| {
            progress.set((0, 0), (done, total));
        },
    );
    progress.end();
    let (read, decision) = done?;
    if cli.json {
        out.json(&json!({ "list": read, "decision": decision }))?;
    } else {
        out.line(format_args!(
            "{} records of `{}`, sha256 {}; decision {decision}",
            grouped(read.entities),
            printable(&read.name),
            read.sha256
        ))?;
    }
    out.flush()?;
    tell(cli, &read);
    Ok(ExitCode::from(u8::from(read.unread > 0)))
}

pub(crate) fn export(cli: &Cli, asked: &cli::Export) -> Result<ExitCode, Failure> {
    let case = open(cli)?;
    let mut out = Out::new();
    match asked.format {
        cli::ExportFormat::Ftm => {
            case.export(asked.plain, |entity| out.line(entity_line(&entity)))?
        }
        cli::ExportFormat::Judgements => out.bytes(case.judgement_file()?.as_bytes())?,
        cli::ExportFormat::Csv => {
            let mut all = Vec::new();
            case.export(asked.plain, |entity| {
                all.push(entity);
                Ok(())
            })?;
            let columns = investigation::entity_columns(&all);
            let row =
                |cells: &[String]| cells.iter().map(|c| cell(c)).collect::<Vec<_>>().join(",");
            out.line(row(&columns))?;
            for entity in &all {
                out.line(row(&investigation::entity_row(entity, &columns)))?;
            }
        }
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn entities(cli: &Cli, asked: &cli::Entities) -> Result<ExitCode, Failure> {
    let case = open(cli)?;
    let mut out = Out::new();
    if asked.lists {
        for list in case.lists()? {
            if cli.json {
                out.json(&list)?;
            } else {
                out.line(format_args!(
                    "{}  {} records, {}, imported {} by {} (decision {}), sha256 {}",
                    printable(&list.name),
                    grouped(list.records),
                    printable(list.source.as_deref().unwrap_or("no source given")),
                    list.at,
                    printable(&list.by),
                    list.decision,
                    list.sha256
                ))?;
            }
        }
    } else if asked.candidates {
        for pair in case.candidates(asked.threshold, asked.limit)? {
            candidate(cli, &mut out, &pair)?;
        }
    } else {
        let words = asked.words.join(" ");
        let (total, found) =
            case.entities(&words, asked.schema.as_deref(), asked.offset, asked.limit)?;
        for line in &found {
            if cli.json {
                out.json(line)?;
            } else {
                out.line(format_args!(
                    "{}  {}  {}  ({}{})",
                    printable(&line.id),
                    line.schema,
                    printable(&line.caption),
                    printable(&line.lists.join(", ")),
                    if line.records > 1 {
                        format!("; {} records", line.records)
                    } else {
                        String::new()
                    }
                ))?;
            }
        }
        let shown = found.len() as u64;
        if !cli.quiet && !cli.json && shown < total {
            say!(
                "{} of {}; `--offset` and `--limit` show others",
                grouped(shown),
                grouped(total)
            );
        }
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn candidate(cli: &Cli, out: &mut Out, pair: &Likeness) -> Result<(), Failure> {
    if cli.json {
        return out.json(&json!({
            "left": pair.left, "right": pair.right,
            "left_caption": pair.left_caption, "right_caption": pair.right_caption,
            "list": pair.list, "score": rounded(pair.score), "because": pair.because,
        }));
    }
    print_pair(out, pair)
}

pub(super) fn print_pair(out: &mut Out, pair: &Likeness) -> Result<(), Failure> {
    out.line(format_args!(
        "{:.2}  {} ({})  |  {} ({})",
        pair.score,
        printable(&pair.left_caption),
        printable(&pair.left),
        printable(&pair.right_caption),
        printable(&pair.right)
    ))?;
    because(out, &pair.because)
}

pub(crate) fn entity(cli: &Cli, asked: &cli::EntityAsked) -> Result<ExitCode, Failure> {
    let case = open(cli)?;
    let view = case.entity(&asked.id)?;
    let mut out = Out::new();
    if cli.json {
        out.json(&view)?;
    } else {
        people(&mut out, &view)?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

pub(super) fn people(out: &mut Out, view: &EntityView) -> Result<(), Failure> {
    out.line(format_args!(
        "{}  {}  {}",
        view.schema,
        printable(&view.caption),
        printable(&view.id)
    ))?;
    for (name, values) in &view.properties {
        let apart = if view.disagreements.contains(name) {
            "  (its records disagree)"
        } else {
            ""
        };
        out.line(format_args!("  {name}{apart}"))?;
        for one in values {
            let when = investigation::between(one.from.as_deref(), one.until.as_deref());
            out.line(format_args!(
                "    {}  [{}{}]",
                printable(&one.value),
                printable(&one.lists.join(", ")),
                when.map_or_else(String::new, |when| format!("; {when}"))
            ))?;
        }
    }
    for source in &view.sources {
        out.line(format_args!(
            "  record {} of {}: {}{}",
            printable(&source.id),
            printable(&source.list),
            printable(&source.caption),
            if source.again {
                " (another list had this id first: a claim about the same)"
            } else {
                ""
            }
        ))?;
    }
    for link in &view.links {
        let arrow = if link.outgoing { "→" } else { "←" };
        out.line(format_args!(
            "  {arrow} {} {} ({})",
            printable(&link.label),
            printable(link.other_caption.as_deref().unwrap_or("not in the lists")),
            printable(&link.other)
        ))?;
    }
    for one in &view.judgements {
        out.line(format_args!(
            "  decision {}: {} and {} are {}, {} {}: {}",
            one.decision,
            printable(&one.left),
            printable(&one.right),
            one.judgement,
            printable(&one.by),
            one.at,
            printable(&one.reason)
        ))?;
    }
    Ok(())
}

/// `review alike`: a rule joins what is alike enough.
pub(crate) fn alike(
    cli: &Cli,
    review: &cli::Review,
    threshold: f32,
    only_try: bool,
) -> Result<ExitCode, Failure> {
    let case = open(cli)?;
    let reason = review.reason.as_deref().unwrap_or("");
    let joined = case.join_alike(threshold, review.by.as_deref(), reason, only_try)?;
    let mut out = Out::new();
    if cli.json {
        out.json(&joined)?;
    } else {
        for pair in &joined.pairs {
            print_pair(&mut out, pair)?;
        }
        let count = grouped(joined.pairs.len() as u64);
        match joined.rule {
            None => out.line(format_args!("{count} pairs would be joined; nothing was changed"))?,
            Some(number) => out.line(format_args!(
                "{count} pairs joined by the rule of decision {number}; `tumen review undo {number}` takes all of them back"
            ))?,
        }
    }
    out.flush()?;
    if joined.apart > 0 && !cli.quiet {
        say!(
            "{} pairs are left apart: somebody called them, or two whom they would bring together, different",
            grouped(joined.apart)
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// `review same|different|unsure`.
pub(crate) fn judge(
    cli: &Cli,
    review: &cli::Review,
    pair: &cli::PairAsked,
    judgement: Judgement,
) -> Result<ExitCode, Failure> {
    let case = open(cli)?;
    let reason = review.reason.as_deref().unwrap_or("");
    let (number, conflicts) = case.judge(
        &pair.left,
        &pair.right,
        judgement,
        review.by.as_deref(),
        reason,
    )?;
    let mut out = Out::new();
    if cli.json {
        let conflicts: Vec<_> = conflicts
            .iter()
            .map(|c| json!({ "left": c.left, "right": c.right, "apart": [c.apart.0, c.apart.1] }))
            .collect();
        out.json(&json!({ "decision": number, "conflicts": conflicts }))?;
    } else if !cli.quiet {
        out.line(format_args!(
            "decision {number}; `tumen review undo {number}` takes it back"
        ))?;
    }
    out.flush()?;
    for conflict in &conflicts {
        say!(
            "warning: {} and {} were called the same, but {} and {} different; they are left apart",
            printable(&conflict.left),
            printable(&conflict.right),
            printable(&conflict.apart.0),
            printable(&conflict.apart.1)
        );
    }
    Ok(ExitCode::from(u8::from(!conflicts.is_empty())))
}
