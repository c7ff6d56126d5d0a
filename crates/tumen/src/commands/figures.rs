//! `figures`: figure series, side by side.

use std::process::ExitCode;

use casefile::statement::{Count, Quantity};
use investigation::figures::Figure;
use investigation::{Failure, FigureSeries};

use super::open;
use super::statements::{cell, figure_in_words, query, refresh};
use crate::cli::{self, Cli};
use crate::output::{Out, printable};

pub(crate) fn figures(cli: &Cli, asked: &cli::Figures) -> Result<ExitCode, Failure> {
    let query = query(&asked.filters)?;
    let case = open(cli)?;
    refresh(cli, &case)?;
    let mut all = case.figures(&query)?;
    all.retain(|one| one.series.mentions >= asked.least);
    // The series that most documents tell of come first.
    all.sort_by_key(|one| std::cmp::Reverse(one.series.mentions));
    let mut out = Out::new();
    if cli.json {
        for one in &all {
            out.json(one)?;
        }
    } else if asked.csv {
        csv(&mut out, &all)?;
    } else {
        for one in &all {
            print(&mut out, one)?;
        }
        if all.is_empty() {
            out.line("no figures")?;
        }
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// What a figure's words bound, in words.
pub(crate) fn bound(figure: &Figure, unit: &str) -> String {
    let count = |value: Option<f64>| value.map(Count::new);
    let Some(kind) = figure.kind else {
        return "no number given".into();
    };
    figure_in_words(&Quantity {
        text: figure.text.clone(),
        start: 0,
        end: 0,
        kind,
        low: count(figure.low),
        high: count(figure.high),
        best: count(figure.best),
        unit: (!unit.is_empty()).then(|| unit.to_owned()),
        measure: None,
    })
}

pub(crate) fn heading(one: &FigureSeries) -> String {
    let series = &one.series;
    let mut parts = vec![
        series.event.as_str().replace('_', " "),
        series.population.clone(),
    ];
    parts.extend(series.place.clone());
    parts.extend(series.measure.map(|m| m.as_str().to_owned()));
    if series.standing != "fact" {
        parts.push(format!("not told as fact: {}", series.standing));
    }
    parts.join(" · ")
}

pub(crate) fn print(out: &mut Out, one: &FigureSeries) -> Result<(), Failure> {
    let series = &one.series;
    out.line(heading(one))?;
    let noun = |n: usize, one: &str| {
        if n == 1 {
            format!("1 {one}")
        } else {
            format!("{n} {one}s")
        }
    };
    out.line(format_args!(
        "   {}, {}{}",
        noun(series.mentions, "mention"),
        noun(series.origins.len(), "independent origin"),
        if series.status == "confirmed_by_state" {
            "; a state confirms the event, not any number"
        } else {
            ""
        },
    ))?;
    for figure in &series.figures {
        let time = match (&figure.from, &figure.to) {
            (Some(from), Some(to)) if from == to => from.clone(),
            (None, None) => String::new(),
            (from, to) => format!(
                "{}..{}",
                from.as_deref().unwrap_or(""),
                to.as_deref().unwrap_or("")
            ),
        };
        out.line(format_args!(
            "   {:<34} {:<23} {}",
            bound(figure, &series.unit),
            time,
            printable(&figure.chain.join(" < ")),
        ))?;
        out.line(format_args!("      “{}”", printable(&figure.quote)))?;
        out.line(format_args!("      {}", figure.id))?;
    }
    for point in series.points.iter().filter(|p| p.figures.len() > 1) {
        let number = |value: Option<f64>| value.map_or("open".to_owned(), |v| format!("{v:.0}"));
        if point.compatible {
            out.line(format_args!(
                "   together they leave {} to {}",
                number(point.low),
                number(point.high)
            ))?;
        }
    }
    for conflict in &series.conflicts {
        out.line(format_args!("   conflict: {}", printable(&conflict.reason)))?;
    }
    for identity in &series.identities {
        out.line(format_args!("   adds up: {}", identity.words))?;
    }
    for split in &series.splits {
        out.line(format_args!("   divides: {}", printable(&split.words)))?;
    }
    for circle in &series.circles {
        out.line(format_args!(
            "   circular: {} cite one another and count once",
            printable(&circle.join(" and "))
        ))?;
    }
    for warning in &series.warnings {
        out.line(format_args!(
            "   drift ({}): {}",
            warning.kind.replace('_', " "),
            printable(&warning.words)
        ))?;
    }
    if let Some(preferred) = &one.preferred {
        out.line(format_args!(
            "   preferred: {} by {}: {}",
            preferred.statement,
            printable(&preferred.decided.by),
            printable(&preferred.decided.reason)
        ))?;
    }
    out.line("")
}

fn csv(out: &mut Out, all: &[FigureSeries]) -> Result<(), Failure> {
    out.line("series,event,population,place,measure,standing,low,high,best,kind,unit,from,to,chain,origin,unnamed,statement,document,quote,status,confirmed_by_state")?;
    for one in all {
        let series = &one.series;
        for figure in &series.figures {
            let number = |value: Option<f64>| value.map_or_else(String::new, |v| v.to_string());
            let origin = series.origins.get(figure.origin);
            let fields = [
                series.key.clone(),
                series.event.as_str().to_owned(),
                series.population.clone(),
                series.place.clone().unwrap_or_default(),
                series
                    .measure
                    .map_or_else(String::new, |m| m.as_str().to_owned()),
                series.standing.to_owned(),
                number(figure.low),
                number(figure.high),
                number(figure.best),
                figure
                    .kind
                    .map_or_else(String::new, |kind| kind.as_str().to_owned()),
                series.unit.clone(),
                figure.from.clone().unwrap_or_default(),
                figure.to.clone().unwrap_or_default(),
                figure.chain.join(" < "),
                origin.map_or_else(String::new, |o| o.name.clone()),
                origin.is_some_and(|o| o.unnamed).to_string(),
                figure.id.to_string(),
                figure.document.to_string(),
                figure.quote.clone(),
                series.status.to_owned(),
                figure.confirmed_by_state.to_string(),
            ];
            let cells: Vec<String> = fields.iter().map(|field| cell(field)).collect();
            out.line(cells.join(","))?;
        }
    }
    Ok(())
}
