//! How many are on no list: the methods side by side.

use std::process::ExitCode;

use investigation::{
    Columns, EstimateReport, EstimateSettings, Estimated, EstimatedLinkages, Failure, Known,
    Language, Method, MethodAnswer, Whose, Wording, wording,
};
use serde_json::{Map, Value, json};

use crate::cli::{self, Cli};
use crate::output::{Out, grouped, printable, say, table};

pub(crate) fn estimate(cli: &Cli, asked: &cli::Estimate) -> Result<ExitCode, Failure> {
    let settings = settings(asked)?;
    let columns = Columns {
        strata: asked.strata.clone(),
        ignore: asked.ignore.clone(),
        count: asked.count.clone(),
    };
    let mut out = Out::new();
    if asked.linkages {
        return linkages(cli, asked, &columns, &settings, &mut out);
    }
    let [path] = asked.tables.as_slice() else {
        let failure = Failure::new(
            Whose::You,
            "one-table",
            "one table is estimated from at a time",
        );
        return Err(failure.hint("tables of sampled linkages are given together with `--linkages`"));
    };
    let mut done = investigation::estimate(path, &columns, &settings)?;
    if asked.sensitivity {
        done.leave_out(&settings)?;
    }
    let language = language(asked.lang);
    if !cli.quiet {
        for problem in &done.problems {
            say!("note: {}", printable(&problem.message));
        }
    }
    if cli.json {
        as_json(&mut out, &done, language)?;
    } else {
        as_text(&mut out, &done, &settings, asked, language)?;
    }
    out.flush()?;
    let refused = done.strata.iter().any(|one| one.report.refused.is_some());
    Ok(if refused {
        ExitCode::from(1)
    } else {
        ExitCode::SUCCESS
    })
}

fn language(asked: cli::WordingLanguage) -> Language {
    match asked {
        cli::WordingLanguage::En => Language::English,
        cli::WordingLanguage::Ko => Language::Korean,
        cli::WordingLanguage::Zh => Language::Chinese,
    }
}

fn settings(asked: &cli::Estimate) -> Result<EstimateSettings, Failure> {
    let mut methods = Vec::new();
    for name in &asked.method {
        let named = Method::named(name).ok_or_else(|| {
            let message = format!("there is no method `{}`", printable(name));
            Failure::new(Whose::You, "no-such-method", message)
                .hint("all, loglinear (main, stepwise, bic), threshold, dga, lcmcr, chapman, chao")
        })?;
        methods.extend(
            named
                .iter()
                .filter(|one| !methods.contains(*one))
                .copied()
                .collect::<Vec<_>>(),
        );
    }
    if methods.is_empty() {
        methods = Method::ALL.to_vec();
    }
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    Ok(EstimateSettings {
        methods,
        known: Known {
            copied: chained(&asked.copied, ',')?,
            referral: chained(&asked.referral, '>')?,
            excludes: chained(&asked.excludes, ',')?,
        },
        seed: asked.seed,
        threads,
        resamples: asked.resamples,
        ..EstimateSettings::default()
    })
}

/// `A,B,C` as pairs of neighbours.
pub(crate) fn chained(told: &[String], mark: char) -> Result<Vec<(String, String)>, Failure> {
    let mut pairs = Vec::new();
    for one in told {
        let names: Vec<String> = one.split(mark).map(|name| name.trim().to_owned()).collect();
        if names.len() < 2 || names.iter().any(String::is_empty) {
            let message = format!("`{}` names no two lists", printable(one));
            return Err(Failure::new(Whose::You, "two-lists", message).hint(format!(
                "two names of lists with `{mark}` between them: A{mark}B"
            )));
        }
        pairs.extend(names.windows(2).filter_map(|pair| match pair {
            [a, b] => Some((a.clone(), b.clone())),
            _ => None,
        }));
    }
    Ok(pairs)
}

fn noted(notes: &[Wording], language: Language) -> Vec<Value> {
    let note = |note: &Wording| json!({ "code": note.code, "message": note.say(language) });
    notes.iter().map(note).collect()
}

fn answer_json(answer: &MethodAnswer, report: &EstimateReport, language: Language) -> Value {
    let diagnostics: Map<String, Value> = answer
        .diagnostics
        .iter()
        .map(|(name, value)| ((*name).to_owned(), json!(value)))
        .collect();
    json!({
        "method": answer.method, "name": wording(answer.method.name(), language),
        "observed": report.observed, "lists": report.lists,
        "estimate": answer.estimate, "interval": answer.interval,
        "model": answer.model, "models_considered": answer.models_considered,
        "models_without_estimate": answer.models_without_estimate,
        "models": answer.ranking, "diagnostics": diagnostics,
        "assumes": wording(answer.method.assumes(), language),
        "warnings": noted(&answer.warnings, language),
        "refused": answer.refused.as_ref().map(|why| json!({ "code": why.code, "message": why.say(language) })),
    })
}

fn as_json(out: &mut Out, done: &Estimated, language: Language) -> Result<(), Failure> {
    for one in &done.strata {
        let stratum = (!one.name.is_empty()).then_some(&one.name);
        let with = |mut line: Value, key: &str, value: Value| {
            line[key] = value;
            line
        };
        for answer in &one.report.answers {
            let line = answer_json(answer, &one.report, language);
            out.json(&with(line, "stratum", json!(stratum)))?;
        }
        for (list, report) in &one.without {
            for answer in &report.answers {
                let line = answer_json(answer, report, language);
                let line = with(line, "stratum", json!(stratum));
                out.json(&with(line, "without", json!(list)))?;
            }
        }
        let report = &one.report;
        out.json(&json!({ "summary": {
            "stratum": stratum, "observed": report.observed, "lists": report.lists,
            "headline": report.headline, "text": report.summary.say(language),
            "refused": report.refused.as_ref().map(|why| json!({ "code": why.code, "message": why.say(language) })),
            "warnings": noted(&report.warnings, language), "questions": report.known,
            "problems": done.problems,
        }}))?;
    }
    for (method, estimate, interval) in &done.together {
        out.json(&json!({ "all_strata": { "method": method, "estimate": estimate, "interval": interval } }))?;
    }
    Ok(())
}

/// People as they are printed: whole, or `∞`.
fn people(number: f64) -> String {
    if number.is_finite() && number < 1e15 {
        grouped(number.max(0.0).round() as u64)
    } else {
        "∞".to_owned()
    }
}

fn range((low, high): (f64, f64)) -> String {
    format!("{} - {}", people(low), people(high))
}

fn as_text(
    out: &mut Out,
    done: &Estimated,
    settings: &EstimateSettings,
    asked: &cli::Estimate,
    language: Language,
) -> Result<(), Failure> {
    let say = |code: &'static str| wording(code, language).to_owned();
    for one in &done.strata {
        if !one.name.is_empty() {
            out.line(format_args!("{}: {}", say("stratum"), printable(&one.name)))?;
        }
        report_text(out, &one.report, language)?;
        if asked.cells {
            cells(out, &one.table, language)?;
        }
        for (list, report) in &one.without {
            out.line("")?;
            out.line(format_args!("{} {}", say("without-list"), printable(list)))?;
            answers(out, report, language)?;
            out.line(report.summary.say(language))?;
        }
        if asked.appendix {
            out.line("")?;
            out.line(printable_lines(&investigation::appendix(
                &one.report,
                settings,
                language,
            )))?;
        }
    }
    if !done.together.is_empty() {
        out.line(say("all-strata"))?;
        let row = |(method, estimate, interval): &(Method, f64, (f64, f64))| {
            vec![say(method.name()), people(*estimate), range(*interval)]
        };
        for line in table(&done.together.iter().map(row).collect::<Vec<_>>()) {
            out.line(line)?;
        }
    }
    Ok(())
}

fn printable_lines(text: &str) -> String {
    text.lines().map(printable).collect::<Vec<_>>().join("\n")
}

pub(super) fn report_text(
    out: &mut Out,
    report: &EstimateReport,
    language: Language,
) -> Result<(), Failure> {
    let say = |code: &'static str| wording(code, language);
    out.line(format_args!(
        "{}: {} ({})",
        say("seen"),
        grouped(report.observed),
        printable(&report.lists.join(", "))
    ))?;
    if report.refused.is_none() {
        out.line("")?;
        answers(out, report, language)?;
    }
    out.line("")?;
    out.line(printable(&report.summary.say(language)))?;
    if report.refused.is_some() {
        return Ok(());
    }
    out.line("")?;
    out.line(say("assumptions"))?;
    for answer in &report.answers {
        let (name, assumes) = (say(answer.method.name()), say(answer.method.assumes()));
        out.line(format_args!("  {name}: {assumes}"))?;
    }
    let own = report.answers.iter().flat_map(|answer| {
        let name = say(answer.method.name());
        let notes = answer.refused.iter().chain(&answer.warnings);
        notes.map(move |note| format!("{name}: {}", note.say(language)))
    });
    let all: Vec<String> = report
        .warnings
        .iter()
        .map(|note| note.say(language))
        .chain(own)
        .collect();
    if !all.is_empty() {
        out.line("")?;
        out.line(say("warnings"))?;
        for text in all {
            out.line(format_args!("  {}", printable(&text)))?;
        }
    }
    Ok(())
}

/// The table of methods.
pub(super) fn answers(
    out: &mut Out,
    report: &EstimateReport,
    language: Language,
) -> Result<(), Failure> {
    let say = |code: &'static str| wording(code, language).to_owned();
    let heading = ["method", "estimate", "interval", "model"]
        .map(say)
        .to_vec();
    let row = |answer: &MethodAnswer| {
        vec![
            say(answer.method.name()),
            answer.estimate.map_or_else(|| "-".to_owned(), people),
            answer.interval.map_or_else(|| "-".to_owned(), range),
            printable(answer.model.as_deref().unwrap_or_default()),
        ]
    };
    let rows: Vec<Vec<String>> = std::iter::once(heading)
        .chain(report.answers.iter().map(row))
        .collect();
    for line in table(&rows) {
        out.line(line)?;
    }
    Ok(())
}

/// The overlaps, small ones kept back.
fn cells(
    out: &mut Out,
    overlaps: &investigation::OverlapTable,
    language: Language,
) -> Result<(), Failure> {
    let hidden = wording("kept-back", language).replace("{0}", "5");
    out.line("")?;
    let Some(cells) = investigation::shown_cells(overlaps) else {
        return out.line(hidden);
    };
    let row = |(pattern, count): &(usize, Option<u64>)| {
        let shown = count.map_or_else(|| hidden.clone(), grouped);
        vec![printable(&overlaps.name(*pattern)), shown]
    };
    for line in table(&cells.iter().map(row).collect::<Vec<_>>()) {
        out.line(line)?;
    }
    Ok(())
}

fn linkages(
    cli: &Cli,
    asked: &cli::Estimate,
    columns: &Columns,
    settings: &EstimateSettings,
    out: &mut Out,
) -> Result<ExitCode, Failure> {
    let done = investigation::estimate_linkages(&asked.tables, columns, settings)?;
    let language = language(asked.lang);
    if cli.json {
        for one in &done.combined {
            out.json(one)?;
        }
        out.json(&json!({ "summary": {
            "linkages": done.linkages, "headline": done.headline, "text": done.summary.say(language),
        }}))?;
    } else {
        linkages_text(out, &done, language)?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// The methods over drawn linkages, and what they say together.
pub(super) fn linkages_text(
    out: &mut Out,
    done: &EstimatedLinkages,
    language: Language,
) -> Result<(), Failure> {
    let mut rows = vec![
        ["method", "estimate", "interval", "linkages", "of linkage"]
            .map(String::from)
            .to_vec(),
    ];
    for one in &done.combined {
        rows.push(vec![
            wording(one.method.name(), language).to_owned(),
            one.estimate.map_or_else(|| "-".to_owned(), people),
            one.interval.map_or_else(|| "-".to_owned(), range),
            format!("{} of {}", one.linkages, done.linkages),
            if one.share_of_linkage.is_finite() {
                format!("{:.0}% of the variance", one.share_of_linkage * 100.0)
            } else {
                "-".to_owned()
            },
        ]);
    }
    for line in table(&rows) {
        out.line(line)?;
    }
    out.line("")?;
    out.line(printable(&done.summary.say(language)))
}
