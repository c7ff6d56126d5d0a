//! `trade import` and `trace`: supply chains.

use std::path::PathBuf;
use std::process::ExitCode;

use investigation::records::file::{Content, Options};
use investigation::records::network::Masses;
use investigation::records::shipment::{RowAt, Use};
use investigation::{
    ChainFound, Failure, Fallen, HopShown, ImportOptions, RegimeShown, TaintShown, TraceAsked,
    Trade, TradeFile, Whose, read_trade, supply_days, trade_kind,
};
use serde_json::{Value, json};

use super::trade_export as exports;
use super::{locate, open, tools};
use crate::cli::{self, Cli};
use crate::output::{Out, grouped, printable, say, table};
use crate::progress::Progress;

fn options(asked: &cli::TradeRead) -> Result<Options, Failure> {
    let columns = match &asked.columns {
        None => None,
        Some(path) => {
            let wrong = |what: String| {
                Failure::new(
                    Whose::You,
                    "bad-columns",
                    format!("`{}` is no file of columns: {what}", path.display()),
                )
                .hint("`tumen trade import FILE --save-columns FILE` writes one to correct")
            };
            let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
            Some(serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?)
        }
    };
    Ok(Options {
        kind: asked.kind.as_deref().map(trade_kind).transpose()?,
        columns,
    })
}

/// Files named on the command line, read without a case.
fn read_files(asked: &cli::TradeRead, files: &[PathBuf]) -> Result<Vec<TradeFile>, Failure> {
    let options = options(asked)?;
    let mut out = Vec::new();
    for (position, path) in files.iter().enumerate() {
        let mut file = read_trade(&tools(), path, position, &options)?;
        // Two files of one name must not be taken for one document.
        if out.iter().any(|known: &TradeFile| known.name == file.name) {
            file.name = path.display().to_string();
        }
        out.push(file);
    }
    Ok(out)
}

pub(crate) fn import(cli: &Cli, asked: &cli::TradeImport) -> Result<ExitCode, Failure> {
    let in_case = !asked.dry_run && (cli.case.is_some() || locate(cli).is_ok());
    let (files, decisions) = if in_case {
        let options = options(&asked.read)?;
        let case = open(cli)?;
        let (mut files, mut decisions) = (Vec::new(), Vec::new());
        for path in &asked.files {
            let import = ImportOptions {
                name: None,
                source: asked.source.clone(),
                published: asked.published,
                schema: None,
            };
            let mut progress = Progress::new(cli.quiet, "rows");
            let done = case.import_trade(
                path,
                &options,
                &import,
                asked.by.as_deref(),
                &mut |done, total| {
                    progress.set((0, 0), (done, total));
                },
            );
            progress.end();
            let (file, decision) = done?;
            files.push(file);
            decisions.push(decision);
        }
        (files, decisions)
    } else {
        (read_files(&asked.read, &asked.files)?, Vec::new())
    };
    if let Some(path) = &asked.save_columns {
        save_columns(path, &files)?;
    }
    let trade = Trade::of(files, Masses::Stated, &|id| id.to_owned(), 0);
    let mut out = Out::new();
    let problems = if cli.json {
        tell_json(&mut out, &trade, &decisions)?
    } else {
        tell_people(cli, &mut out, &trade, &decisions)?
    };
    out.flush()?;
    Ok(ExitCode::from(u8::from(problems > 0 && asked.strict)))
}

fn save_columns(path: &std::path::Path, files: &[TradeFile]) -> Result<(), Failure> {
    let columns = files.iter().find_map(|file| file.read.columns.as_ref());
    let Some(columns) = columns else {
        return Err(Failure::new(
            Whose::You,
            "no-columns",
            "the files have no columns; nothing was written",
        ));
    };
    let text = serde_json::to_string_pretty(columns).unwrap_or_default() + "\n";
    std::fs::write(path, text).map_err(|error| {
        Failure::new(
            Whose::Machine,
            "disk",
            format!("`{}` cannot be written: {error}", path.display()),
        )
    })
}

/// What was understood of a file, one object for each row or event.
fn rows(file: &TradeFile) -> Vec<Value> {
    fn each<T: serde::Serialize>(rows: &[T]) -> Vec<Value> {
        rows.iter().map(|row| json!(row)).collect()
    }
    match &file.read.content {
        Content::Bills(rows) => each(rows),
        Content::Claims(rows) => each(rows),
        Content::Requests(rows) => each(rows),
        Content::Register(rows) => each(rows),
        Content::Owners(rows) => each(rows),
        Content::Vessels(rows) => each(rows),
        Content::Epcis(_) => Vec::new(),
    }
}

fn tell_json(out: &mut Out, trade: &Trade, decisions: &[u64]) -> Result<usize, Failure> {
    let shipments = &trade.joined.shipments;
    let mut problems = 0;
    for (number, file) in trade.files.iter().enumerate() {
        out.json(&json!({
            "kind": "file", "file": file.name, "sha256": file.sha256, "document": file.document,
            "records": file.read.kind, "rows": file.read.rows, "columns": file.read.columns,
            "decision": decisions.get(number),
        }))?;
        let mut of: Vec<Vec<&investigation::records::Problem>> = Vec::new();
        let all: Vec<&investigation::records::Problem> = file
            .read
            .problems
            .iter()
            .chain(
                trade
                    .joined
                    .problems
                    .iter()
                    .filter(|(at, _)| *at == number)
                    .map(|(_, p)| p),
            )
            .collect();
        problems += all.len();
        let content = rows(file);
        of.resize_with(content.len(), Vec::new);
        let places: std::collections::HashMap<u64, usize> = content
            .iter()
            .enumerate()
            .filter_map(|(at, row)| Some((row.get("row")?.as_u64()?, at)))
            .collect();
        let mut loose = Vec::new();
        for problem in all {
            let at = problem.at.and_then(|at| places.get(&u64::from(at.row)));
            match at.and_then(|at| of.get_mut(*at)) {
                Some(known) => known.push(problem),
                None => loose.push(problem),
            }
        }
        for (row, (mut value, problems)) in content.into_iter().zip(of).enumerate() {
            if let Value::Object(map) = &mut value {
                map.insert("kind".into(), "row".into());
                map.insert("file".into(), file.name.clone().into());
                let used = shipments.uses.get(number).and_then(|uses| uses.get(row));
                if let (Some((used, shipment)), Content::Bills(_)) = (used, &file.read.content) {
                    map.insert("use".into(), json!(used));
                    let id = shipment
                        .and_then(|at| shipments.shipments.get(at))
                        .map(|s| s.id.clone());
                    map.insert("shipment".into(), json!(id));
                }
                map.insert("problems".into(), json!(problems));
            }
            out.json(&value)?;
        }
        for problem in loose {
            let mut value = json!(problem);
            if let Value::Object(map) = &mut value {
                map.insert("kind".into(), "problem".into());
                map.insert("file".into(), file.name.clone().into());
            }
            out.json(&value)?;
        }
    }
    for shipment in &shipments.shipments {
        let mut value = json!(shipment);
        if let Value::Object(map) = &mut value {
            map.insert("kind".into(), "shipment".into());
            let named = |rows: &[RowAt]| -> Vec<Value> {
                rows.iter().filter_map(|at| named_row(trade, *at)).collect()
            };
            map.insert("rows".into(), json!(named(&shipment.rows)));
            map.insert(
                "sources".into(),
                json!(
                    shipment
                        .sources
                        .iter()
                        .map(|rows| named(rows))
                        .collect::<Vec<_>>()
                ),
            );
        }
        out.json(&value)?;
    }
    for movement in &trade.joined.movements {
        let mut value = json!(movement);
        if let Value::Object(map) = &mut value {
            map.insert("kind".into(), "hop".into());
            map.remove("sources");
        }
        out.json(&value)?;
    }
    out.json(&json!({ "summary": summary(trade, problems) }))?;
    Ok(problems)
}

fn named_row(trade: &Trade, at: RowAt) -> Option<Value> {
    let file = trade.files.get(at.file)?;
    let Content::Bills(rows) = &file.read.content else {
        return None;
    };
    Some(json!({ "file": file.name, "row": rows.get(at.row)?.place.row }))
}

fn summary(trade: &Trade, problems: usize) -> Value {
    let uses = || trade.joined.shipments.uses.iter().flatten();
    let count = |wanted: &[Use]| uses().filter(|(used, _)| wanted.contains(used)).count();
    json!({
        "files": trade.files.len(),
        "rows": trade.files.iter().map(|file| u64::from(file.read.rows)).sum::<u64>(),
        "shipments": trade.joined.shipments.shipments.len(),
        "duplicates": count(&[Use::Duplicate, Use::Master]),
        "parts": count(&[Use::Part]),
        "second_sources": count(&[Use::SecondSource]),
        "unused": count(&[Use::Unused]),
        "hops": trade.joined.network.hops.len(),
        "problems": problems,
    })
}

/// Problems that are shown to people; all stand in the JSON.
const SHOWN: usize = 40;

fn tell_people(
    cli: &Cli,
    out: &mut Out,
    trade: &Trade,
    decisions: &[u64],
) -> Result<usize, Failure> {
    let mut problems = Vec::new();
    for (number, file) in trade.files.iter().enumerate() {
        let kept = decisions.get(number).map_or_else(
            || "not kept in a case".to_owned(),
            |n| format!("decision {n}"),
        );
        out.line(format_args!(
            "{}: {} rows of {}, sha256 {}; {kept}",
            printable(&file.name),
            grouped(u64::from(file.read.rows)),
            file.read.kind.name(),
            file.sha256
        ))?;
        if let Some(columns) = &file.read.columns {
            let shown: Vec<String> = columns
                .columns
                .iter()
                .map(|(field, heading)| format!("{} = `{}`", field.name(), printable(heading)))
                .collect();
            out.line(format_args!("  columns: {}", shown.join(", ")))?;
            if !columns.unused.is_empty() {
                out.line(format_args!(
                    "  not used: {}",
                    printable(&columns.unused.join(", "))
                ))?;
            }
        }
        let of = trade
            .joined
            .problems
            .iter()
            .filter(|(at, _)| *at == number)
            .map(|(_, problem)| problem);
        problems.extend(
            file.read
                .problems
                .iter()
                .chain(of)
                .map(|problem| (file, problem)),
        );
    }
    out.line("")?;
    let mut lines = vec![
        ["departed", "arrived", "from", "to", "kg", "goods", "bill"]
            .map(str::to_owned)
            .to_vec(),
    ];
    for movement in &trade.joined.movements {
        let days = |days: Option<supply_days::Days>| {
            days.map_or_else(|| "?".to_owned(), supply_days::written)
        };
        let to = if movement.stated {
            movement.to.name.clone()
        } else {
            format!("possibly {}", movement.to.name)
        };
        lines.push(vec![
            days(movement.departed),
            days(movement.arrived),
            printable(&movement.from.name),
            printable(&to),
            movement
                .kg
                .map_or_else(|| "?".to_owned(), |kg| mass([kg.low, kg.high])),
            printable(
                movement
                    .product
                    .as_deref()
                    .or(movement.species.as_deref())
                    .unwrap_or("?"),
            ),
            printable(movement.bill.as_deref().unwrap_or("")),
        ]);
    }
    let most = 200;
    for line in table(lines.get(..lines.len().min(most + 1)).unwrap_or_default()) {
        out.line(line)?;
    }
    if lines.len() > most + 1 {
        out.line(format_args!(
            "  … and {} more; `--json` shows all",
            grouped((lines.len() - most - 1) as u64)
        ))?;
    }
    let found = summary(trade, problems.len());
    let count = |name: &str| grouped(found.get(name).and_then(Value::as_u64).unwrap_or(0));
    out.line("")?;
    out.line(format_args!(
        "{} hops; {} shipments on bills; {} rows counted once with others, {} further parts, {} second sources",
        count("hops"),
        count("shipments"),
        count("duplicates"),
        count("parts"),
        count("second_sources")
    ))?;
    if !problems.is_empty() && !cli.quiet {
        out.flush()?;
        for (file, problem) in problems.iter().take(SHOWN) {
            let place = problem
                .at
                .map_or_else(String::new, |at| format!(" row {}", at.row));
            say!(
                "note: {}{place}: {} [{}]",
                printable(&file.name),
                printable(&problem.message),
                problem.code
            );
        }
        if problems.len() > SHOWN {
            say!("note: {} more; `--json` shows all", problems.len() - SHOWN);
        }
    }
    Ok(problems.len())
}

/// `18,450.8`, or both bounds.
pub(crate) fn mass(kg: [f64; 2]) -> String {
    let one = |kg: f64| {
        let tenths = (kg * 10.0).round() / 10.0;
        let whole = grouped(tenths.trunc() as u64);
        let rest = ((tenths - tenths.trunc()) * 10.0).round() as u64;
        if rest == 0 {
            whole
        } else {
            format!("{whole}.{rest}")
        }
    };
    let [low, high] = kg;
    if (high - low).abs() < 0.05 {
        one(high)
    } else {
        format!("{} to {}", one(low), one(high))
    }
}

fn days(text: &str) -> Result<supply_days::Days, Failure> {
    supply_days::read(text).ok_or_else(|| {
        let backwards = text.split_once("..").is_some_and(|(first, last)| {
            let day = |text| supply_days::read(text).map(|days| days.first);
            day(first)
                .zip(day(last))
                .is_some_and(|(first, last)| last < first)
        });
        if backwards {
            return Failure::new(
                Whose::You,
                "bad-date",
                format!("`{text}` ends before it begins"),
            )
            .hint("write the earlier date first");
        }
        Failure::new(Whose::You, "bad-date", format!("`{text}` is no date"))
            .hint("write 2023, 2023-06, 2023-06-13, or 2023-01..2023-06 for a range")
    })
}

pub(crate) fn trace(cli: &Cli, asked: &cli::Trace) -> Result<ExitCode, Failure> {
    let question = TraceAsked {
        from: asked.from.clone(),
        to: asked.to.clone(),
        between: asked.between.as_deref().map(days).transpose()?,
        product: asked.product.clone(),
        without: asked.without.clone(),
        as_of: asked
            .as_of
            .as_deref()
            .map(days)
            .transpose()?
            .map(|days| days.last),
        certain: asked.certain,
        critical: asked.critical,
        bounds: asked.bounds,
        holding: asked.holding,
        most: usize::from(asked.most),
    };
    let trade = if asked.files.is_empty() {
        open(cli)?.trade(Masses::Stated)?
    } else {
        Trade::of(
            read_files(&asked.read, &asked.files)?,
            Masses::Stated,
            &|id| id.to_owned(),
            0,
        )
    };
    let answer = investigation::trace(&trade, &question)?;
    let mut out = Out::new();
    let sheets: Vec<(String, Vec<RegimeShown>)> = if asked.sheet {
        let day = question.as_of.unwrap_or_else(investigation::today);
        by_end(&answer.chains)
            .into_iter()
            .map(|(name, chains)| (name, investigation::sheet(&trade, &chains, day)))
            .collect()
    } else {
        Vec::new()
    };
    let leads = if asked.leads {
        investigation::leads(&trade)
    } else {
        Vec::new()
    };
    match asked.format {
        Some(cli::TraceFormat::Csv) => exports::csv(&mut out, &trade, &answer)?,
        Some(cli::TraceFormat::Graphml) => exports::graphml(&mut out, &trade, &answer)?,
        Some(cli::TraceFormat::Ftm) => exports::ftm(&mut out, &trade, &answer)?,
        None if cli.json => {
            for chain in &answer.chains {
                let mut value = json!(chain);
                if let Value::Object(map) = &mut value {
                    map.insert("kind".into(), "chain".into());
                }
                out.json(&value)?;
            }
            for chain in &answer.fell {
                let mut value = json!(chain);
                if let Value::Object(map) = &mut value {
                    map.insert("kind".into(), "fallen_chain".into());
                }
                out.json(&value)?;
            }
            if let Some(fallen) = &answer.fallen {
                out.json(&json!({ "kind": "withdrawn", "withdrawn": fallen }))?;
            }
            for fallen in &answer.critical {
                out.json(&json!({ "kind": "critical", "critical": fallen }))?;
            }
            for missing in &answer.missing {
                out.json(&json!({ "kind": "gap", "gap": missing }))?;
            }
            for (name, regimes) in &sheets {
                for regime in regimes {
                    out.json(&json!({ "kind": "sheet", "importer": name, "regime": regime }))?;
                }
            }
            for lead in &leads {
                out.json(&json!({ "kind": "lead", "lead": lead }))?;
            }
            if let Some(amounts) = &answer.amounts {
                for amount in &amounts.amounts {
                    out.json(&json!({ "kind": "amount", "amount": amount }))?;
                }
            }
            for broken in &answer.breaking {
                out.json(&json!({ "kind": "breaking", "breaking": broken }))?;
            }
            out.json(&json!({ "summary": {
                "chains": answer.chains.len(), "from": answer.from, "to": answer.to, "notes": answer.notes,
                "tainted_volume_shown": answer.amounts.as_ref().map(|amounts| !amounts.tainted_not_shown),
            } }))?;
        }
        None => {
            for (number, chain) in (1..).zip(&answer.chains) {
                people(&mut out, number, chain)?;
            }
            tell_fallen(&mut out, &answer, asked.critical)?;
            if let Some(amounts) = &answer.amounts {
                tell_amounts(&mut out, amounts)?;
            }
            for (name, regimes) in &sheets {
                tell_sheet(&mut out, name, regimes)?;
            }
            for lead in &leads {
                out.line(format_args!(
                    "lead, no claim of guilt: the {} of {} turns up with {}, {} days after the listing; {} share it",
                    lead.mark,
                    printable(&lead.listed),
                    printable(&lead.other),
                    lead.after,
                    lead.shared_by
                ))?;
                for proof in &lead.proof {
                    print_proof(&mut out, proof)?;
                }
            }
            for missing in &answer.missing {
                out.line(format_args!(
                    "gap: a {} from {} to {}, {}, would join them",
                    missing.record.replace('_', " "),
                    printable(&missing.from.name),
                    printable(&missing.to.name),
                    missing.between
                ))?;
            }
            if answer.chains.is_empty() {
                out.line("no chain stands that these dates and documents allow")?;
            }
            if !cli.quiet {
                out.flush()?;
                for note in &answer.notes {
                    say!("note: {}", printable(note));
                }
            }
        }
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

pub(super) fn words<T: serde::Serialize>(value: T) -> String {
    json!(value).as_str().unwrap_or_default().to_owned()
}

pub(crate) fn people(out: &mut Out, number: usize, chain: &ChainFound) -> Result<(), Failure> {
    let mut names = vec![printable(&chain.from.name)];
    names.extend(chain.hops.iter().map(|hop| printable(&hop.to.name)));
    out.line(format_args!(
        "{number}. {}   {}, {} {}, by the dates {}",
        names.join(" → "),
        words(chain.word),
        chain.origins,
        if chain.origins == 1 {
            "origin"
        } else {
            "origins"
        },
        chain.dates
    ))?;
    for hop in &chain.hops {
        print_hop(out, hop)?;
    }
    for taint in &chain.taints {
        print_taint(out, taint)?;
    }
    for event in &chain.sea {
        out.line(format_args!(
            "   at sea: {} of {}, {} to {} ({})",
            event.kind,
            printable(&event.vessel),
            event.from,
            event.to,
            event.rule
        ))?;
    }
    out.line("")
}

fn print_hop(out: &mut Out, hop: &HopShown) -> Result<(), Failure> {
    let goods = hop
        .product
        .as_deref()
        .or(hop.species.as_deref())
        .unwrap_or("goods not described");
    let kg = hop.kg.map_or_else(
        || "no mass".to_owned(),
        |kg| {
            format!(
                "{} kg ({})",
                mass(kg),
                hop.mass_basis.as_deref().unwrap_or("unclear")
            )
        },
    );
    out.line(format_args!(
        "   {} → {}: {} to {}, {}, {kg}; {}",
        printable(&hop.from.name),
        printable(&hop.to.name),
        hop.departed,
        hop.arrived,
        printable(goods),
        words(hop.word)
    ))?;
    if !hop.stated {
        out.line(format_args!("     only possible: {}", printable(&hop.why)))?;
    }
    for proof in &hop.proof {
        print_proof(out, proof)?;
    }
    for denial in &hop.denials {
        out.line(format_args!("     denied by {}", printable(&denial.by)))?;
        for proof in &denial.proof {
            print_proof(out, proof)?;
        }
    }
    Ok(())
}

fn print_proof(out: &mut Out, proof: &investigation::RowProof) -> Result<(), Failure> {
    out.line(format_args!(
        "     {}{} row {}: {}",
        if proof.withdrawn { "(withdrawn) " } else { "" },
        printable(&proof.title),
        proof.row,
        printable(&proof.words)
    ))
}

fn print_taint(out: &mut Out, taint: &TaintShown) -> Result<(), Failure> {
    let open = |day: &Option<String>| day.clone().unwrap_or_else(|| "open".to_owned());
    let touches = match taint.touches {
        "certain" => "these goods came under it, whatever the imprecise dates mean",
        "possible" => "these goods may have come under it, by the dates",
        "withdrawn" => "it is withdrawn for this answer",
        _ => "these goods did not come under it, by the dates",
    };
    out.line(format_args!(
        "   claim: {} at {}, {} to {}; {}, {} {}; {touches}",
        printable(&taint.what),
        printable(&taint.on),
        open(&taint.from),
        open(&taint.to),
        words(taint.word),
        taint.origins,
        if taint.origins == 1 {
            "origin"
        } else {
            "origins"
        }
    ))?;
    for proof in &taint.proof {
        print_proof(out, proof)?;
    }
    for denial in &taint.denials {
        out.line(format_args!("     denied by {}", printable(&denial.by)))?;
    }
    Ok(())
}

pub(crate) fn tell_fallen(
    out: &mut Out,
    answer: &investigation::Traced,
    critical: bool,
) -> Result<(), Failure> {
    let names = |list: &[investigation::HolderShown]| {
        let names: Vec<String> = list.iter().map(|one| printable(&one.name)).collect();
        if names.is_empty() {
            "nobody".to_owned()
        } else {
            names.join(", ")
        }
    };
    let tell = |fallen: &Fallen| {
        format!(
            "without {}: {} no longer reached; {} still reached",
            printable(&fallen.title),
            names(&fallen.falls),
            names(&fallen.stands)
        )
    };
    if let Some(fallen) = &answer.fallen {
        out.line(tell(fallen))?;
    }
    for fallen in &answer.critical {
        out.line(tell(fallen))?;
    }
    for broken in &answer.breaking {
        let to = printable(&broken.to.name);
        match (&broken.without, broken.at_least) {
            (Some(set), _) => out.line(format_args!(
                "the fewest {} that break the way to {to}: {} ({})",
                broken.of,
                set.len(),
                printable(&set.join(", "))
            ))?,
            (None, Some(least)) => out.line(format_args!(
                "at least {least} {} are needed to break the way to {to}",
                broken.of
            ))?,
            (None, None) => {}
        }
    }
    if critical && answer.critical.is_empty() && !answer.chains.is_empty() {
        out.line("no single document breaks any of these")?;
    }
    Ok(())
}

/// The chains of each end.
pub(crate) fn by_end(chains: &[ChainFound]) -> Vec<(String, Vec<ChainFound>)> {
    let mut out: Vec<(String, Vec<ChainFound>)> = Vec::new();
    for chain in chains {
        match out.iter_mut().find(|(name, _)| *name == chain.to.name) {
            Some((_, known)) => known.push(chain.clone()),
            None => out.push((chain.to.name.clone(), vec![chain.clone()])),
        }
    }
    out
}

fn tell_sheet(out: &mut Out, name: &str, regimes: &[RegimeShown]) -> Result<(), Failure> {
    out.line(format_args!("elements for {}", printable(name)))?;
    for regime in regimes {
        out.line(format_args!(
            "  {} ({}), from {}{}{}",
            regime.name,
            regime.jurisdiction,
            regime.applies_from,
            if regime.applies {
                ""
            } else {
                "; does not apply yet"
            },
            if regime.verified {
                ""
            } else {
                "; this description is unverified"
            }
        ))?;
        for element in &regime.elements {
            let exhibits: Vec<String> = element
                .exhibits
                .iter()
                .map(|proof| format!("{} row {}", printable(&proof.title), proof.row))
                .collect();
            out.line(format_args!(
                "    {}: {}{}{}",
                words(element.state).replace('_', " "),
                element.what,
                if exhibits.is_empty() {
                    String::new()
                } else {
                    format!(" [{}]", exhibits.join("; "))
                },
                if element.denials.is_empty() {
                    ""
                } else {
                    " (denied)"
                }
            ))?;
        }
    }
    Ok(())
}

/// `10,000 to 30,000 kg`.
pub(crate) fn bounds(kg: investigation::Kilograms) -> String {
    match kg.high {
        Some(high) => format!("{} kg", mass([kg.low, high])),
        None => format!(
            "at least {} kg; no greatest amount, since a shipment has no weight",
            mass([kg.low, kg.low])
        ),
    }
}

/// What a measure is called for people.
pub(crate) fn measured(amount: &investigation::Amount) -> String {
    let measure = match amount.measure.as_str() {
        "exposed" => {
            "exposed volume (came from or passed the place in question; not shown to be tainted)"
        }
        _ => "volume shown tainted",
    };
    let masses = match amount.masses {
        "stated" => "masses as stated",
        _ => "goods alone, taken as 80 to 100 % of what is not stated as net",
    };
    format!("{measure}, {masses}")
}

fn tell_amounts(out: &mut Out, amounts: &investigation::Amounts) -> Result<(), Failure> {
    let mut said = String::new();
    for amount in &amounts.amounts {
        let measured = measured(amount);
        if measured != said {
            out.line(format_args!("{measured}:"))?;
            said = measured;
        }
        let names: Vec<String> = amount.of.iter().map(|one| printable(&one.name)).collect();
        out.line(format_args!(
            "  {}{}: {} of {}; with goods of unknown origin {}{}",
            names.join(" and "),
            if names.len() > 1 { " together" } else { "" },
            bounds(amount.known),
            bounds(amount.received),
            bounds(amount.with_unknown),
            if amount.attained {
                ""
            } else {
                " (the truth lies within)"
            }
        ))?;
        if names.len() > 1 || amounts.amounts.len() <= 2 {
            for one in &amount.conventions {
                let kg: Vec<String> = one
                    .kg
                    .iter()
                    .map(|(name, kg)| format!("{} {} kg", printable(name), mass([*kg, *kg])))
                    .collect();
                out.line(format_args!(
                    "    by {}: {}",
                    one.convention.replace('_', " "),
                    kg.join(", ")
                ))?;
            }
        }
    }
    if amounts.tainted_not_shown {
        out.line("tainted volume is not shown: no claim names goods themselves")?;
    }
    Ok(())
}
