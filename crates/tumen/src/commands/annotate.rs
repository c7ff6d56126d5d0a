//! `annotate`, and the optional extractor of `read`.

use std::collections::BTreeMap;
use std::process::ExitCode;

use casefile::ApproxDate;
use casefile::statement::Mention;
use investigation::{Annotating, Annotator, Failure, Proposed, StatementsFound, Whose};
use serde_json::{Value, json};

use super::open;
use super::statements::tell;
use crate::cli::{self, Cli};
use crate::output::{Out, grouped, printable, say};

/// Rejects that are shown to people; `--json` gives all.
const SHOWN: usize = 10;

/// The extractor that was asked for, if one was.
pub(crate) fn of(asked: &cli::Extractor) -> Result<Option<Annotator>, Failure> {
    if let Some(path) = &asked.model {
        return Annotator::model(path).map(Some);
    }
    let Some(url) = &asked.endpoint else {
        return Ok(None);
    };
    let key = match &asked.key_file {
        None => None,
        Some(path) => {
            let text = std::fs::read_to_string(path).map_err(|error| {
                Failure::new(
                    Whose::You,
                    "unreadable",
                    format!("`{}` cannot be read: {error}", path.display()),
                )
            })?;
            Some(text.lines().next().unwrap_or_default().to_owned())
        }
    };
    Annotator::endpoint(url, &asked.endpoint_model, key.as_deref()).map(Some)
}

/// Without a case there is nowhere to record a consent.
pub(crate) fn only_near(annotator: Option<&Annotator>) -> Result<(), Failure> {
    if annotator.is_some_and(Annotator::is_remote) {
        return Err(Failure::new(
            Whose::You,
            "no-consent",
            "`read` sends texts to this machine alone; nothing was sent",
        )
        .hint("`tumen annotate --consent REASON` in a case records who allows it"));
    }
    Ok(())
}

/// Asks the extractor, and puts the statements that it alone proposes behind those of the rules.
pub(crate) fn further(
    annotator: Option<&Annotator>,
    text: &str,
    published: Option<ApproxDate>,
    found: &mut StatementsFound,
) -> Option<Proposed> {
    let proposed = annotator?.propose(text, published);
    let new = proposed.agree(&mut found.statements);
    found.statements.extend(new);
    Some(proposed)
}

fn rejects(proposed: &Proposed) -> Vec<Value> {
    let each = proposed.rejected.iter();
    each.map(|one| json!({ "reason": one.reason.as_str(), "quote": one.quote }))
        .collect()
}

/// The line of `read --json` about an extractor, after the statements; whether something failed.
pub(crate) fn line(
    out: &mut Out,
    name: &str,
    of: Option<&Value>,
    proposed: &Proposed,
) -> Result<bool, Failure> {
    let mut object = json!({
        "kind": "annotation",
        "extractor": proposed.extractor,
        "passages": proposed.passages,
        "mentions": proposed.mentions,
        "mentions_agreed": proposed.mentions_agreed,
        "rejected": proposed.rejected_by_reason(),
        "rejects": rejects(proposed),
        "troubles": proposed.troubles,
    });
    if let (Some(object), Some(of)) = (object.as_object_mut(), of) {
        object.insert(name.to_owned(), of.clone());
    }
    out.json(&object)?;
    Ok(!proposed.troubles.is_empty())
}

/// What `read` tells of an extractor; whether something failed.
pub(crate) fn told(
    cli: &Cli,
    out: &mut Out,
    name: &str,
    of: Option<&Value>,
    proposed: Option<&Proposed>,
) -> Result<bool, Failure> {
    let Some(proposed) = proposed else {
        return Ok(false);
    };
    if cli.json {
        return line(out, name, of, proposed);
    }
    summary(out, proposed)?;
    Ok(!proposed.troubles.is_empty())
}

fn names(out: &mut Out, head: &str, mentions: &[Mention]) -> Result<(), Failure> {
    if mentions.is_empty() {
        return Ok(());
    }
    let each: Vec<String> = mentions
        .iter()
        .map(|m| format!("{} ({})", printable(&m.text), m.kind.as_str()))
        .collect();
    out.line(format_args!("   {head}: {}", each.join(", ")))
}

fn summary(out: &mut Out, proposed: &Proposed) -> Result<(), Failure> {
    names(out, "names that the rules did not find", &proposed.mentions)?;
    names(
        out,
        "names that the rules found too",
        &proposed.mentions_agreed,
    )?;
    if !proposed.rejected.is_empty() {
        let reasons: Vec<String> = proposed
            .rejected_by_reason()
            .into_iter()
            .map(|(reason, count)| format!("{reason} {}", grouped(count)))
            .collect();
        out.line(format_args!(
            "   {} rejected: {}",
            grouped(proposed.rejected.len() as u64),
            reasons.join(", ")
        ))?;
        for one in proposed.rejected.iter().take(SHOWN) {
            out.line(format_args!(
                "     {}: “{}”",
                why(one.reason.as_str()),
                printable(&one.quote)
            ))?;
        }
        let more = proposed.rejected.len().saturating_sub(SHOWN);
        if more > 0 {
            out.line(format_args!("     and {more} more; `--json` lists all"))?;
        }
    }
    for trouble in &proposed.troubles {
        out.line(format_args!("   no answer: {}", printable(trouble)))?;
    }
    Ok(())
}

/// A reason in words.
fn why(reason: &str) -> &str {
    match reason {
        "form" => "not of the form that was asked for",
        "value" => "a kind that is not known",
        "quote" => "does not stand in the text",
        "trigger" => "its word for the event does not stand in its quote",
        "words" => "names somebody or something that the text does not",
        "number" => "a number that the text does not bear out",
        "date" => "a date that the text does not bear out",
        "negation" => "a denial left out or put in",
        "doubt" => "told as fact, which the text does not",
        "order" => "told as fact, where the text tells a reader what to say",
        "repeated" => "proposed more often than it stands there",
        "too_many" => "more than are looked at",
        other => other,
    }
}

pub(crate) fn annotate(cli: &Cli, asked: &cli::Annotate) -> Result<ExitCode, Failure> {
    let annotator = of(&asked.extractor)?.ok_or_else(|| {
        Failure::new(
            Whose::You,
            "no-extractor",
            "no extractor was named, and none is asked by itself",
        )
        .hint("`--model FILE` for a model that runs here, `--endpoint URL` for a server")
    })?;
    let case = open(cli)?;
    let mut documents = Vec::with_capacity(asked.documents.len());
    for typed in &asked.documents {
        documents.push(case.resolve(typed)?);
    }
    super::statements::refresh(cli, &case)?;
    if let (Some(url), false) = (annotator.url(), cli.quiet) {
        say!("warning: the text of each document goes to {url}; the log says which");
    }
    let mut out = Out::new();
    let (mut new, mut agreed, mut mentions, mut failed) = (0_u64, 0_u64, 0_u64, 0_u64);
    let mut rejected: BTreeMap<&str, u64> = BTreeMap::new();
    let annotating = Annotating {
        documents: &documents,
        consent: asked.consent.as_deref(),
        by: asked.by.as_deref(),
    };
    let (done, left_out) = case.annotate(&annotator, &annotating, &mut |one| {
        let proposed = &one.proposed;
        new += one.new.len() as u64;
        agreed += one.agreed.len() as u64;
        mentions += proposed.mentions.len() as u64;
        failed += u64::from(!proposed.troubles.is_empty());
        for (reason, count) in proposed.rejected_by_reason() {
            *rejected.entry(reason).or_default() += count;
        }
        if cli.json {
            out.json(&json!({
                "document": one.document, "title": one.title, "extractor": proposed.extractor,
                "endpoint": annotator.url(), "decision": one.decision, "passages": proposed.passages,
                "new": one.new, "agreed": one.agreed,
                "mentions": proposed.mentions, "mentions_agreed": proposed.mentions_agreed,
                "rejected": proposed.rejected_by_reason(), "rejects": rejects(proposed),
                "troubles": proposed.troubles,
            }))?;
        } else {
            out.line(format_args!(
                "{} · {}",
                one.document,
                printable(one.title.as_deref().unwrap_or("(no title)"))
            ))?;
            for statement in &one.new {
                tell(&mut out, statement)?;
            }
            out.line(format_args!(
                "   {} new, {} that the rules found too; decision {}",
                grouped(one.new.len() as u64),
                grouped(one.agreed.len() as u64),
                one.decision
            ))?;
            summary(&mut out, proposed)?;
        }
        out.flush()
    })?;
    if cli.json {
        out.json(&json!({ "summary": {
            "documents": done, "left_out": left_out, "extractor": annotator.extractor(), "new": new, "agreed": agreed,
            "mentions": mentions, "rejected": rejected, "failed": failed,
        }}))?;
    } else {
        let lost: u64 = rejected.values().sum();
        out.line(format_args!(
            "{} documents read by {}: {} new proposals, {} agree with what is there, {} rejected",
            grouped(done),
            annotator.extractor(),
            grouped(new),
            grouped(agreed),
            grouped(lost),
        ))?;
    }
    out.flush()?;
    if left_out > 0 && !cli.quiet {
        say!(
            "warning: {left_out} documents were left out: they have no text, or one of more than 16,000,000 characters"
        );
    }
    Ok(ExitCode::from(u8::from(failed > 0 || left_out > 0)))
}
