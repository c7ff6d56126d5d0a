//! `search` and `show`.

use std::io::Read;
use std::process::ExitCode;

use investigation::{Failure, SearchOptions, Sort};
use serde_json::json;

use super::open;
use crate::cli::{self, Cli};
use crate::output::{Out, bytes, grouped, printable, say};

pub(crate) fn search(cli: &Cli, search: &cli::Search) -> Result<ExitCode, Failure> {
    // What the shell split, in the words of the query language.
    let query = search.query.join(" ");
    let options = SearchOptions {
        limit: search.limit,
        offset: search.offset,
        language: search.lang.clone(),
        sort: match search.sort {
            cli::Sort::Relevance => Sort::Relevance,
            cli::Sort::Newest => Sort::Newest,
            cli::Sort::Oldest => Sort::Oldest,
        },
        facets: search.facets,
        snippets: 3,
        ..SearchOptions::default()
    };
    let case = open(cli)?;
    let answer = case.search(&query, &options)?;
    // For `cargo xtask measure search`.
    if std::env::var_os("TUMEN_TIMES").is_some() {
        say!("times: key {:.2} ms", case.derived_in().as_secs_f64() * 1e3);
    }
    for remark in answer.remarks.iter().filter(|_| !cli.quiet) {
        say!("warning: {remark}");
    }
    let hint = || {
        if let Some(other) = answer.did_you_mean.as_ref().filter(|_| !cli.quiet) {
            say!("hint: did you mean `{}`?", printable(other));
        }
    };
    let mut out = Out::new();
    if cli.json {
        for found in &answer.documents {
            out.json(found)?;
        }
        if search.facets {
            out.json(&json!({ "facets": answer.facets, "total": answer.total }))?;
        }
        out.flush()?;
        hint();
        return Ok(ExitCode::SUCCESS);
    }
    let noun = if answer.total == 1 {
        "document"
    } else {
        "documents"
    };
    out.line(format_args!("{} {noun}", grouped(answer.total)))?;
    for (number, found) in (search.offset + 1..).zip(&answer.documents) {
        let facts = [found.published.as_deref(), found.language.as_deref()];
        let facts: Vec<_> = facts.into_iter().flatten().collect();
        out.line("")?;
        out.line(format_args!(
            "{number}. {}",
            printable(found.title.as_deref().unwrap_or("(no title)"))
        ))?;
        out.line(format_args!(
            "   {}  {}{}{}",
            found.document,
            facts.join(" · "),
            if facts.is_empty() { "" } else { " · " },
            printable(&found.path),
        ))?;
        for hit in &found.hits {
            let page = hit
                .page
                .map(|page| format!("p. {page}: "))
                .unwrap_or_default();
            out.line(format_args!("   {page}{}", printable(&hit.snippet)))?;
        }
    }
    for facet in answer
        .facets
        .iter()
        .flatten()
        .filter(|facet| !facet.values.is_empty())
    {
        let values = facet
            .values
            .iter()
            .map(|(value, count)| format!("{} {}", printable(value), grouped(*count)));
        out.line("")?;
        out.line(format_args!(
            "{}: {}",
            facet.name,
            values.collect::<Vec<_>>().join(" · ")
        ))?;
    }
    out.flush()?;
    hint();
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn show(cli: &Cli, show: &cli::Show) -> Result<ExitCode, Failure> {
    let case = open(cli)?;
    let id = case.resolve(&show.document)?;
    let mut out = Out::new();
    if show.original {
        let mut original = case.original(id)?;
        let mut piece = vec![0; 256 << 10];
        loop {
            match original.read(&mut piece) {
                Ok(0) => break,
                Ok(n) => out.bytes(&piece[..n])?,
                Err(error) => return Err(investigation::damaged_original(&error)),
            }
        }
        out.flush()?;
        return Ok(ExitCode::SUCCESS);
    }
    let document = case.document(id)?;
    if show.text {
        if cli.json {
            // Piece by piece, for a text may be longer than memory.
            let head = json!({ "document": id, "text_version": document.text_version });
            let head = head.to_string();
            out.bytes(head.trim_end_matches('}').as_bytes())?;
            out.bytes(b",\"text\":\"")?;
            case.each_piece(id, &mut |piece| {
                let quoted = json!(piece).to_string();
                out.bytes(
                    quoted
                        .get(1..quoted.len() - 1)
                        .unwrap_or_default()
                        .as_bytes(),
                )
            })?;
            out.bytes(b"\"}\n")?;
        } else {
            case.each_piece(id, &mut |piece| out.bytes(piece.as_bytes()))?;
        }
        out.flush()?;
        return Ok(ExitCode::SUCCESS);
    }
    if cli.json {
        out.json(&document)?;
        out.flush()?;
        return Ok(ExitCode::SUCCESS);
    }
    out.line(printable(document.title.as_deref().unwrap_or("(no title)")))?;
    let published = document.published.as_ref().map(|date| {
        format!(
            "{date} ({})",
            document.published_from.as_deref().unwrap_or("unknown")
        )
    });
    let pages = (document.pages > 0).then(|| grouped(document.pages.into()));
    let facts: [(&str, Option<String>); 10] = [
        ("document", Some(document.document.to_string())),
        ("outcome", Some(document.outcome.to_string())),
        ("reason", document.reason.clone()),
        ("format", Some(document.format.clone())),
        ("size", Some(bytes(document.bytes))),
        ("sha256", Some(document.sha256.to_string())),
        ("published", published),
        ("language", document.language.clone()),
        ("characters", Some(grouped(document.text_chars))),
        ("pages", pages),
    ];
    for (name, value) in facts {
        if let Some(value) = value {
            out.line(format_args!("  {name:<12}{}", printable(&value)))?;
        }
    }
    for place in &document.occurrences {
        let member = place
            .member
            .as_ref()
            .map(|m| format!(" › {m}"))
            .unwrap_or_default();
        out.line(format_args!(
            "  {:<12}{}{}",
            "found at",
            printable(&place.path),
            printable(&member)
        ))?;
    }
    for datum in &document.metadata {
        out.line(format_args!(
            "  {:<12}{}  [{}]",
            datum.field,
            printable(&datum.value),
            printable(&datum.from)
        ))?;
    }
    for problem in &document.problems {
        let place = problem
            .place
            .as_ref()
            .map(|p| format!(" ({p})"))
            .unwrap_or_default();
        out.line(format_args!(
            "  {:<12}{}{}",
            "problem",
            printable(&problem.message),
            printable(&place)
        ))?;
    }
    for child in &document.children {
        out.line(format_args!(
            "  {:<12}{}  {}",
            "contains",
            printable(&child.member),
            child.outcome
        ))?;
    }
    for rendition in &document.renditions {
        let percent = rendition.similarity * 100.0;
        let title = rendition.title.as_deref().unwrap_or("(no title)");
        out.line(format_args!(
            "  {:<12}{}  {percent:.0}%  {}",
            "same text",
            rendition.document,
            printable(title)
        ))?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
