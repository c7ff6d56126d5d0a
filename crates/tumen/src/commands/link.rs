//! Record linkage of lists.

use std::process::ExitCode;

use investigation::{
    Failure, LinkKnown, LinkPlan, LinkSettings, Linked, LinkedPair, MSource, Remark, Whose,
    plan_link, read_lists, read_settings, write_settings,
};
use serde_json::json;

use crate::cli::{self, Cli};
use crate::output::{Out, grouped, printable, say, table};
use crate::progress::Progress;

pub(crate) fn link(cli: &Cli, asked: &cli::Link) -> Result<ExitCode, Failure> {
    let settings = settings(asked)?;
    let mut progress = Progress::new(cli.quiet, "lists");
    let lists = read_lists(&super::tools(), &asked.lists, |done, total| {
        progress.set((0, 0), (done, total))
    })?;
    progress.end();
    let plan = plan_link(&lists, settings)?;
    let mut out = Out::new();
    if asked.plan {
        if cli.json {
            out.json(&json!({
                "columns": plan.fields, "rules": plan.counts, "training": plan.settings.training,
                "without_m": plan.without_m, "all_pairs": plan.all_pairs(), "remarks": plan.remarks,
            }))?;
        } else {
            for line in plan_lines(&plan) {
                out.line(line)?;
            }
        }
        save(asked, &plan.settings)?;
        out.flush()?;
        return Ok(ExitCode::SUCCESS);
    }
    if !cli.quiet {
        plan_lines(&plan).iter().for_each(|line| say!("{line}"));
    }
    let told = plan.remarks.len();
    let linked = plan.run(&LinkKnown {
        labels: asked.labels.clone(),
        clusters: asked.earlier.clone(),
    })?;
    if !cli.quiet {
        linked
            .remarks
            .iter()
            .skip(told)
            .for_each(|remark| say!("{}", warning(remark)));
    }
    let shown = linked.pairs(asked.all, !asked.brief, |pair| print(cli, &mut out, pair))?;
    if !linked.sweep.is_empty() {
        sweep(cli, &mut out, &linked)?;
    }
    out.flush()?;
    files(cli, asked, &linked)?;
    if !cli.quiet {
        end(&linked, shown, asked.weights);
    }
    let attention = ["list-twice", "list-contained", "block-cut", "ids-collide"];
    let needs = linked
        .remarks
        .iter()
        .any(|remark| attention.contains(&remark.code));
    Ok(ExitCode::from(u8::from(needs)))
}

/// The settings of the file, changed by what the command line says.
fn settings(asked: &cli::Link) -> Result<LinkSettings, Failure> {
    let mut settings = match &asked.settings {
        Some(path) => read_settings(path)?,
        None => LinkSettings::default(),
    };
    if let Some(threshold) = asked.threshold {
        if !(investigation::LEAST_PROBABLE..=1.0).contains(&threshold) {
            return Err(Failure::new(
                Whose::You,
                "bad-threshold",
                format!("{threshold} is no probability from 0.01 to 1"),
            )
            .hint("--threshold 0.5 joins what is likelier the same person than not"));
        }
        settings.threshold = threshold;
    }
    settings.pairing.within |= asked.within;
    settings.seed = asked.seed.unwrap_or(settings.seed);
    settings.linkages = asked.linkages.unwrap_or(settings.linkages);
    Ok(settings)
}

fn save(asked: &cli::Link, settings: &LinkSettings) -> Result<(), Failure> {
    asked
        .save_settings
        .as_ref()
        .map_or(Ok(()), |path| write_settings(path, settings))
}

fn warning(remark: &Remark) -> String {
    format!("warning: {}", printable(&remark.message))
}

/// What is going to be compared, for people.
fn plan_lines(plan: &LinkPlan<'_>) -> Vec<String> {
    let mut lines = vec!["columns:".to_owned()];
    let from = |headings: &[String]| headings.join(" / ");
    let rows: Vec<Vec<String>> = plan
        .fields
        .iter()
        .map(|field| {
            let columns = field
                .from
                .iter()
                .map(|(list, headings)| format!("{list}: {}", from(headings)));
            let columns: Vec<String> = columns.collect();
            vec![
                field.name.clone(),
                field.kind.label().to_owned(),
                columns.join("; "),
            ]
        })
        .collect();
    lines.extend(table(&rows).iter().map(|line| printable(line)));
    lines.push(format!(
        "rules, of {} pairs that there are:",
        grouped(plan.all_pairs())
    ));
    let rows: Vec<Vec<String>> = plan
        .counts
        .iter()
        .map(|count| {
            let cut = if count.cut > 0 {
                format!(
                    "{} blocks cut, {} pairs left out",
                    grouped(count.cut),
                    grouped(count.left_out)
                )
            } else {
                format!("largest block {}", grouped(count.largest))
            };
            vec![
                grouped(count.pairs),
                "pairs".to_owned(),
                count.rule.clone(),
                cut,
            ]
        })
        .collect();
    lines.extend(table(&rows).iter().map(|line| printable(line)));
    if !plan.without_m.is_empty() {
        lines.push(format!(
            "warning: no round of training leaves {} free: how often they agree for one person cannot be learned",
            plan.without_m.join(", ")
        ));
    }
    lines.extend(plan.remarks.iter().map(warning));
    lines
}

fn print(cli: &Cli, out: &mut Out, pair: &LinkedPair) -> Result<(), Failure> {
    if cli.json {
        return out.json(pair);
    }
    people(out, pair)
}

/// A pair with its reasons, for people.
pub(super) fn people(out: &mut Out, pair: &LinkedPair) -> Result<(), Failure> {
    let place = |place: &investigation::RecordPlace| match &place.id {
        Some(id) => format!("{} row {} ({id})", place.file, place.row),
        None => format!("{} row {}", place.file, place.row),
    };
    let mark = if pair.joined { "" } else { "  not joined" };
    out.line(format_args!(
        "{:.3}  {}  |  {}{mark}",
        pair.score,
        printable(&place(&pair.left)),
        printable(&place(&pair.right))
    ))?;
    for step in &pair.because {
        let words = if step.left.is_empty() && step.right.is_empty() {
            String::new()
        } else {
            format!(" {} | {}:", printable(&step.left), printable(&step.right))
        };
        out.line(format_args!(
            "  {:+6.2}  {:<14}{words} {}",
            step.weight,
            printable(&step.feature),
            step.reason
        ))?;
    }
    Ok(())
}

/// Thresholds with what they find of the judged pairs: on standard output, after the pairs.
fn sweep(cli: &Cli, out: &mut Out, linked: &Linked<'_>) -> Result<(), Failure> {
    if cli.json {
        return linked
            .sweep
            .iter()
            .try_for_each(|row| out.json(&json!({ "sweep": row })));
    }
    out.line("thresholds, by the judged pairs (intervals: 95%):")?;
    let share = |share: Option<f64>, interval: Option<(f64, f64)>| match share.zip(interval) {
        Some((share, (low, high))) => format!("{share:.3} ({low:.3} to {high:.3})"),
        None => "-".to_owned(),
    };
    let mut rows = vec![
        ["threshold", "pairs", "precision", "recall"]
            .map(String::from)
            .to_vec(),
    ];
    rows.extend(linked.sweep.iter().map(|row| {
        vec![
            row.threshold.to_string(),
            grouped(row.pairs),
            share(row.precision, row.precision_interval),
            share(row.recall, row.recall_interval),
        ]
    }));
    table(&rows).iter().try_for_each(|line| out.line(line))
}

fn files(cli: &Cli, asked: &cli::Link, linked: &Linked<'_>) -> Result<(), Failure> {
    save(asked, &linked.settings)?;
    if let Some(path) = &asked.clusters {
        linked.write_clusters(path)?;
    }
    if let Some(path) = &asked.table {
        linked.write_table(path)?;
    }
    if let Some(path) = &asked.drawn_tables {
        let (least, most) = linked.write_drawn_tables(path)?;
        if !cli.quiet {
            say!(
                "{} linkages drawn: {} to {} people",
                linked.settings.linkages,
                grouped(least),
                grouped(most)
            );
        }
    }
    Ok(())
}

fn end(linked: &Linked<'_>, shown: u64, weights: bool) {
    for round in &linked.model.rounds {
        let used = if round.used { "" } else { "; not used" };
        say!(
            "round `{}`: {} pairs, {:.1}% of one person{used}",
            round.rule,
            grouped(round.pairs),
            round.matches * 100.0
        );
    }
    for field in linked.model.fields.iter().filter(|_| weights) {
        let from = match field.from {
            MSource::Rounds => "rounds",
            MSource::RoundsAndLabels => "rounds and judged pairs",
            MSource::Labels => "judged pairs",
            MSource::Usual => "usual values",
        };
        let range = field.range.map_or_else(String::new, |(least, most)| {
            format!(
                "; full agreement from {:.1}% to {:.1}%",
                least * 100.0,
                most * 100.0
            )
        });
        say!("{} (m from {from}{range})", field.name);
        let rows: Vec<Vec<String>> = field
            .levels
            .iter()
            .map(|level| {
                vec![
                    level.label.clone(),
                    format!("{:.5}", level.m),
                    format!("{:.7}", level.u),
                    format!("{:+.2}", (level.m / level.u).ln()),
                ]
            })
            .collect();
        table(&rows).iter().for_each(|line| say!("{line}"));
    }
    let (records, people) = linked.totals();
    say!(
        "{} pairs compared, {} shown; {} records are counted as {} people. A score is no proof that two are one.",
        grouped(linked.compared),
        grouped(shown),
        grouped(records),
        grouped(people)
    );
    let refused = linked.refused().len() as u64;
    if refused > 0 {
        say!(
            "{} probable pairs are not joined: a likelier pair came before, or others speak against it (--all shows them)",
            grouped(refused)
        );
    }
}
