//! `read`, `statements` and `review`.

use std::io::BufRead;
use std::process::ExitCode;

use casefile::statement::{Event, Group, Modality, QuantityKind, Statement};
use casefile::{ApproxDate, Outcome};
use investigation::{Failure, Review, State, StatementQuery, Told, Whose};
use serde::Deserialize;
use serde_json::json;

use super::{annotate, open, tools};
use crate::cli::{self, Cli};
use crate::output::{Out, grouped, printable, say};
use crate::progress::Progress;

/// One line of `--passages`.
#[derive(Deserialize)]
struct Passage {
    id: serde_json::Value,
    text: String,
    #[serde(default)]
    doc_date: Option<String>,
}

pub(crate) fn read(cli: &Cli, read: &cli::Read) -> Result<ExitCode, Failure> {
    let mut out = Out::new();
    let annotator = annotate::of(&read.extractor)?;
    let annotator = annotator.as_ref();
    annotate::only_near(annotator)?;
    let mut attention = false;
    if let Some(path) = &read.passages {
        passages(path, annotator, &mut attention, &mut out)?;
        out.flush()?;
        return Ok(ExitCode::from(u8::from(attention)));
    }
    if read.files.is_empty() || read.files.iter().any(|file| file.as_os_str() == "-") {
        let text = std::io::read_to_string(std::io::stdin().lock()).map_err(|error| {
            Failure::new(
                Whose::You,
                "unreadable",
                format!("standard input cannot be read as UTF-8 text: {error}"),
            )
        })?;
        let mut found = investigation::read_text(&text, read.published);
        let proposed = annotate::further(annotator, &text, read.published, &mut found);
        print(cli, &mut out, None, &found)?;
        attention |= annotate::told(cli, &mut out, "file", None, proposed.as_ref())?;
    }
    for path in read.files.iter().filter(|file| file.as_os_str() != "-") {
        let mut done = investigation::read_file(&tools(), path, read.published)?;
        if !matches!(done.outcome, Outcome::Indexed | Outcome::Duplicate) {
            attention = true;
            if !cli.quiet {
                say!(
                    "warning: {}: {}{}",
                    path.display(),
                    done.outcome.name(),
                    done.reason
                        .as_deref()
                        .map_or_else(String::new, |r| format!(": {}", printable(r)))
                );
            }
        }
        let name = path.display().to_string();
        let proposed = annotate::further(annotator, &done.text, done.published, &mut done.found);
        print(cli, &mut out, Some(&name), &done.found)?;
        let file = json!(name);
        attention |= annotate::told(cli, &mut out, "file", Some(&file), proposed.as_ref())?;
    }
    out.flush()?;
    Ok(ExitCode::from(u8::from(attention)))
}

fn passages(
    path: &std::path::Path,
    annotator: Option<&investigation::Annotator>,
    attention: &mut bool,
    out: &mut Out,
) -> Result<(), Failure> {
    let fault = |line: usize, what: String| {
        Failure::new(
            Whose::You,
            "bad-passages",
            format!("line {line} of `{}`: {what}", path.display()),
        )
        .hint("each line is an object with `id` and `text`, and `doc_date` where it is known")
    };
    let unreadable = |error: std::io::Error| fault(0, error.to_string());
    let file: Box<dyn BufRead> = if path.as_os_str() == "-" {
        Box::new(std::io::stdin().lock())
    } else {
        let file = std::fs::File::open(path).map_err(unreadable)?;
        Box::new(std::io::BufReader::new(file))
    };
    for (number, line) in (1..).zip(file.lines()) {
        let line = line.map_err(|error| fault(number, error.to_string()))?;
        if line.trim().is_empty() {
            continue;
        }
        let passage: Passage =
            serde_json::from_str(&line).map_err(|error| fault(number, error.to_string()))?;
        let published = match passage.doc_date.as_deref() {
            None | Some("") => None,
            Some(date) => Some(
                date.parse::<ApproxDate>()
                    .map_err(|_| fault(number, format!("`{}` is no date", printable(date))))?,
            ),
        };
        if annotator.is_none() {
            let mut written = Ok(());
            investigation::read_text_each(&passage.text, published, |found| {
                if written.is_ok() {
                    written = lines(out, "passage", Some(&passage.id), &found);
                }
            });
            written?;
            continue;
        }
        let mut found = investigation::read_text(&passage.text, published);
        let proposed = annotate::further(annotator, &passage.text, published, &mut found);
        lines(out, "passage", Some(&passage.id), &found)?;
        if let Some(proposed) = &proposed {
            *attention |= annotate::line(out, "passage", Some(&passage.id), proposed)?;
        }
    }
    Ok(())
}

/// The contract's lines: mentions first, then statements; of a text above a megabyte so for each
/// stretch of it.
fn lines(
    out: &mut Out,
    name: &str,
    of: Option<&serde_json::Value>,
    found: &investigation::StatementsFound,
) -> Result<(), Failure> {
    let mut line = |kind: &str, value: Result<serde_json::Value, serde_json::Error>| {
        let mut object = json!({ "kind": kind });
        if let (Some(object), Some(of)) = (object.as_object_mut(), of) {
            object.insert(name.to_owned(), of.clone());
        }
        if let (Some(object), Ok(serde_json::Value::Object(value))) =
            (object.as_object_mut(), value)
        {
            object.extend(value);
        }
        out.json(&object)
    };
    for mention in &found.mentions {
        line("mention", serde_json::to_value(mention))?;
    }
    for statement in &found.statements {
        line("statement", serde_json::to_value(statement))?;
    }
    Ok(())
}

fn print(
    cli: &Cli,
    out: &mut Out,
    file: Option<&str>,
    found: &investigation::StatementsFound,
) -> Result<(), Failure> {
    if cli.json {
        let file = file.map(|file| json!(file));
        return lines(out, "file", file.as_ref(), found);
    }
    if let Some(file) = file {
        out.line(format_args!("{}", printable(file)))?;
    }
    for statement in &found.statements {
        tell(out, statement)?;
        out.line("")?;
    }
    out.line(format_args!(
        "{} statements, {} mentions",
        grouped(found.statements.len() as u64),
        grouped(found.mentions.len() as u64)
    ))
}

/// `detention · ongoing · at most about 2,000 persons`, who says so, and the words.
pub(crate) fn tell(out: &mut Out, statement: &Statement) -> Result<(), Failure> {
    let mut head = format!(
        "{} · {}",
        statement.event.as_str().replace('_', " "),
        statement.modality.as_str()
    );
    if let Some(quantity) = &statement.quantity {
        head.push_str(" · ");
        head.push_str(&figure_in_words(quantity));
    }
    if let Some(date) = &statement.date {
        let bounds = match (&date.from, &date.to) {
            (Some(from), Some(to)) if from == to => from.clone(),
            (None, None) => printable(&date.text),
            (from, to) => format!(
                "{}..{}",
                from.as_deref().unwrap_or(""),
                to.as_deref().unwrap_or("")
            ),
        };
        head.push_str(&format!(" · {bounds}"));
    }
    out.line(head)?;
    out.line(format_args!("   “{}”", printable(&statement.quote)))?;
    if !statement.attribution.is_empty() {
        let chain: Vec<String> = statement
            .attribution
            .iter()
            .map(|step| {
                step.source
                    .quote()
                    .map_or_else(|| "somebody unnamed".to_owned(), |q| printable(&q.text))
            })
            .collect();
        out.line(format_args!("   says {}", chain.join(", told to ")))?;
    }
    if !statement.hedges.is_empty() {
        let hedges: Vec<_> = statement
            .hedges
            .iter()
            .map(|h| printable(&h.text))
            .collect();
        out.line(format_args!("   hedged by “{}”", hedges.join("”, “")))?;
    }
    if statement.extractor.starts_with("model:") {
        out.line(format_args!(
            "   proposed by {}",
            printable(&statement.extractor)
        ))?;
    }
    if !statement.agreed.is_empty() {
        let also = printable(&statement.agreed.join(", "));
        out.line(format_args!("   proposed by {also} as well"))?;
    }
    Ok(())
}

/// What the words bound, in words.
pub(crate) fn figure_in_words(quantity: &casefile::statement::Quantity) -> String {
    let number = |count: Option<casefile::statement::Count>| match count {
        Some(casefile::statement::Count::Whole(whole)) => {
            u64::try_from(whole).map_or_else(|_| whole.to_string(), grouped)
        }
        Some(casefile::statement::Count::Real(real)) => format!("{real}"),
        None => "?".into(),
    };
    let (low, high, best) = (
        number(quantity.low),
        number(quantity.high),
        number(quantity.best),
    );
    let bound = match quantity.kind {
        QuantityKind::Exact => best,
        QuantityKind::Approx => format!("about {best}"),
        QuantityKind::ApproxBelow => format!("at most about {best}"),
        QuantityKind::Min => format!("at least {low}"),
        QuantityKind::MinApprox => format!("somewhat more than {low}"),
        QuantityKind::Max => format!("at most {high}"),
        QuantityKind::Range | QuantityKind::Vague => format!("{low} to {high}"),
    };
    match &quantity.unit {
        Some(unit) => format!("{bound} ({})", printable(unit)),
        None => bound,
    }
}

fn words<T>(
    given: &[String],
    from_word: impl Fn(&str) -> Option<T>,
    known: &[&str],
    what: &str,
) -> Result<Vec<T>, Failure> {
    given
        .iter()
        .map(|word| {
            from_word(&word.replace('-', "_")).ok_or_else(|| {
                Failure::new(
                    Whose::You,
                    "unknown-word",
                    format!("`{}` is no {what}", printable(word)),
                )
                .hint(format!("one of: {}", known.join(", ")))
            })
        })
        .collect()
}

fn during(text: &str) -> Result<(ApproxDate, ApproxDate), Failure> {
    let (from, to) = text.split_once("..").unwrap_or((text, text));
    match (from.parse(), to.parse()) {
        (Ok(from), Ok(to)) => Ok((from, to)),
        _ => Err(Failure::new(
            Whose::You,
            "bad-date",
            format!("`{}` is no time", printable(text)),
        )
        .hint("write 2023, 2023-06, 2023-06-13 or 2023-01..2023-06")),
    }
}

pub(crate) fn query(filters: &cli::StatementFilters) -> Result<StatementQuery, Failure> {
    let events: Vec<&str> = Event::ALL.iter().map(|e| e.as_str()).collect();
    let groups: Vec<&str> = Group::ALL.iter().map(|e| e.as_str()).collect();
    let modalities: Vec<&str> = Modality::ALL.iter().map(|e| e.as_str()).collect();
    let states: Vec<&str> = State::ALL.iter().map(|e| e.as_str()).collect();
    Ok(StatementQuery {
        document: filters.document,
        events: words(&filters.event, Event::from_word, &events, "event")?,
        groups: words(&filters.group, Group::from_word, &groups, "group")?,
        modalities: words(
            &filters.modality,
            Modality::from_word,
            &modalities,
            "modality",
        )?,
        states: words(&filters.state, State::from_word, &states, "state")?,
        place: filters.place.clone(),
        reporter: filters.reporter.clone(),
        origin: filters.origin.clone(),
        words: filters.words.clone(),
        within: None,
        during: filters.during.as_deref().map(during).transpose()?,
        counted: filters.counted,
        facts: filters.facts,
    })
}

pub(crate) fn statements(cli: &Cli, asked: &cli::Statements) -> Result<ExitCode, Failure> {
    let query = query(&asked.filters)?;
    let case = open(cli)?;
    refresh(cli, &case)?;
    let answer = case.statements(&query, asked.offset, asked.limit)?;
    let mut out = Out::new();
    if cli.json {
        for told in &answer.statements {
            out.json(&WithKind {
                kind: "statement",
                told,
            })?;
        }
        if asked.facets {
            out.json(&json!({ "facets": answer.facets, "total": answer.total }))?;
        }
    } else if asked.csv {
        csv(&mut out, &answer.statements)?;
    } else {
        out.line(format_args!("{} statements", grouped(answer.total)))?;
        for told in &answer.statements {
            out.line("")?;
            tell(&mut out, &told.statement)?;
            let place = told
                .page
                .map_or_else(String::new, |page| format!(", page {page}"));
            out.line(format_args!(
                "   {} · {} · {}{place}",
                told.id,
                told.state.as_str(),
                printable(told.title.as_deref().unwrap_or("(no title)")),
            ))?;
        }
        if asked.facets {
            for (facet, values) in &answer.facets {
                out.line("")?;
                out.line(facet)?;
                let mut values: Vec<_> = values.iter().collect();
                values.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
                for (value, count) in values.into_iter().take(20) {
                    out.line(format_args!(
                        "  {:>7}  {}",
                        grouped(*count),
                        printable(value)
                    ))?;
                }
            }
        }
        let shown = asked.offset as u64 + answer.statements.len() as u64;
        if shown < answer.total && !cli.quiet {
            out.flush()?;
            say!(
                "hint: {} more; `--offset {shown}` goes on, `--limit N` shows more at once",
                grouped(answer.total - shown)
            );
        }
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// Statements of a new extractor are made before they are shown.
pub(crate) fn refresh(cli: &Cli, case: &investigation::Case) -> Result<(), Failure> {
    let waiting = case.without_statements()?;
    let mut progress = Progress::new(cli.quiet || waiting == 0, "documents");
    let done = case.refresh_statements(&mut |done| progress.set((done, waiting), (0, 0)));
    progress.end();
    let done = done?;
    if !done && !cli.quiet {
        say!(
            "warning: another command is at work on the case; statements of some documents may be missing or older"
        );
    }
    Ok(())
}

/// A line of `statements --json`.
#[derive(serde::Serialize)]
pub(crate) struct WithKind<'a> {
    pub(crate) kind: &'static str,
    #[serde(flatten)]
    pub(crate) told: &'a Told,
}

fn csv(out: &mut Out, statements: &[Told]) -> Result<(), Failure> {
    out.line("id,document,page,event,modality,polarity,low,high,best,kind,unit,from,to,group,patient,place,attribution,hedges,state,start,end,quote")?;
    let join = |list: &[casefile::statement::Argument]| {
        let words: Vec<&str> = list
            .iter()
            .filter_map(|a| a.quote())
            .map(|q| q.text.as_str())
            .collect();
        words.join("; ")
    };
    for told in statements {
        let s = &told.statement;
        let count =
            |pick: fn(&casefile::statement::Quantity) -> Option<casefile::statement::Count>| {
                s.quantity
                    .as_ref()
                    .and_then(pick)
                    .map_or_else(String::new, |count| count.value().to_string())
            };
        let sources: Vec<String> = s
            .attribution
            .iter()
            .map(|step| {
                step.source
                    .quote()
                    .map_or_else(|| "unnamed".into(), |q| q.text.clone())
            })
            .collect();
        let fields = [
            told.id.to_string(),
            told.document.to_string(),
            told.page.map_or_else(String::new, |page| page.to_string()),
            s.event.as_str().into(),
            s.modality.as_str().into(),
            if s.polarity == casefile::statement::Polarity::Positive {
                "+".into()
            } else {
                "-".into()
            },
            count(|q| q.low),
            count(|q| q.high),
            count(|q| q.best),
            s.quantity
                .as_ref()
                .map_or_else(String::new, |q| q.kind.as_str().into()),
            s.quantity
                .as_ref()
                .and_then(|q| q.unit.clone())
                .unwrap_or_default(),
            s.date
                .as_ref()
                .and_then(|d| d.from.clone())
                .unwrap_or_default(),
            s.date
                .as_ref()
                .and_then(|d| d.to.clone())
                .unwrap_or_default(),
            s.group
                .iter()
                .map(|g| g.as_str())
                .collect::<Vec<_>>()
                .join("; "),
            join(&s.patient),
            join(&s.place),
            sources.join(" < "),
            s.hedges
                .iter()
                .map(|h| h.text.as_str())
                .collect::<Vec<_>>()
                .join("; "),
            told.state.as_str().into(),
            s.start.to_string(),
            s.end.to_string(),
            s.quote.clone(),
        ];
        let line: Vec<String> = fields.iter().map(|field| cell(field)).collect();
        out.line(line.join(","))?;
    }
    Ok(())
}

/// RFC 4180, and no cell that a spreadsheet would run as a formula.
pub(crate) fn cell(text: &str) -> String {
    let risky = text.starts_with(['=', '@', '\t', '\r'])
        || (text.starts_with(['+', '-']) && text.len() > 1);
    let text = if risky {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if text.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

pub(crate) fn review(cli: &Cli, review: &cli::Review) -> Result<ExitCode, Failure> {
    let case = open(cli)?;
    let mut out = Out::new();
    let act = match &review.command {
        cli::ReviewCommand::Accept { statements } => {
            statements.iter().map(|id| Review::Accept(*id)).collect()
        }
        cli::ReviewCommand::Reject { statements } => {
            statements.iter().map(|id| Review::Reject(*id)).collect()
        }
        cli::ReviewCommand::Edit { statement, set } => {
            let patch = serde_json::from_str(set).map_err(|error| {
                Failure::new(
                    Whose::You,
                    "bad-edit",
                    format!("`--set` is no JSON object: {error}"),
                )
                .hint("for example --set '{\"modality\":\"risk\"}'")
            })?;
            vec![Review::Edit(*statement, patch)]
        }
        cli::ReviewCommand::Prefer { statement } => {
            let series = case.series_of(*statement)?;
            vec![Review::Prefer(*statement, series)]
        }
        cli::ReviewCommand::Undo { decision } => vec![Review::Undo(*decision)],
        cli::ReviewCommand::Same(_)
        | cli::ReviewCommand::Different(_)
        | cli::ReviewCommand::Unsure(_)
        | cli::ReviewCommand::Alike { .. } => Vec::new(),
        cli::ReviewCommand::Log => {
            for line in case.decisions()? {
                if cli.json {
                    out.json(&line)?;
                } else {
                    let note = match (line.undone, line.without_proposal) {
                        (true, _) => "  (undone)",
                        (_, true) => "  (its proposal is no longer found)",
                        _ => "",
                    };
                    out.line(format_args!(
                        "{:>5}  {}  {:<7} {}  {}{note}",
                        line.decided.number,
                        line.decided.at,
                        line.decided.act,
                        printable(&line.subject),
                        printable(&line.decided.by),
                    ))?;
                    if !line.decided.reason.is_empty() {
                        out.line(format_args!("       {}", printable(&line.decided.reason)))?;
                    }
                }
            }
            out.flush()?;
            return Ok(ExitCode::SUCCESS);
        }
    };
    let acts: Vec<Review> = act;
    for one in &acts {
        let number = case.review(
            one,
            review.by.as_deref(),
            review.reason.as_deref().unwrap_or(""),
        )?;
        if cli.json {
            out.json(&json!({ "decision": number }))?;
        } else if !cli.quiet {
            out.line(format_args!(
                "decision {number}; `tumen review undo {number}` takes it back"
            ))?;
        }
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
