//! `new`, `passphrase`, `verify`, `rebuild`, `backup`, `restore`.

use std::process::ExitCode;

use investigation::{Case, Failure, Protection, Whose};
use serde_json::json;

use super::{locate, open, tools};
use crate::cli::{self, Cli, PassphraseAction};
use crate::output::{Out, bytes, grouped, say};
use crate::passphrase;
use crate::progress::{Progress, duration};

pub(crate) fn new(cli: &Cli, new: &cli::New) -> Result<ExitCode, Failure> {
    let name = new.name.clone().unwrap_or_else(|| {
        new.dir
            .file_name()
            .map_or_else(|| "case".into(), |n| n.to_string_lossy().into_owned())
    });
    let protection = if new.plain {
        Protection::Plain
    } else if new.recipient.is_empty() {
        Protection::Passphrase(passphrase::for_new_case(cli)?.into())
    } else {
        Protection::Recipients {
            recipients: new.recipient.clone(),
            passphrase: passphrase::named_for_new_case(cli)?.map(Into::into),
        }
    };
    let (case, recovery) = Case::create(&new.dir, &name, &protection, tools())?;
    let mut out = Out::new();
    if cli.json {
        out.json(&json!({
            "case": new.dir, "name": case.name(), "plain": new.plain, "recovery_code": recovery.as_ref().map(investigation::Secret::as_str),
        }))?;
    } else {
        out.line(format_args!(
            "Made the case `{}` in {}",
            case.name(),
            new.dir.display()
        ))?;
        match &recovery {
            Some(code) => {
                out.line("")?;
                let lost = if new.recipient.is_empty() {
                    "the passphrase is lost"
                } else {
                    "all else is lost"
                };
                out.line(format_args!(
                    "Its recovery code, which opens it when {lost}:"
                ))?;
                out.line("")?;
                out.line(format_args!("    {}", code.as_str()))?;
                out.line("")?;
                out.line("Print it, keep it away from this machine; it is not shown again.")?;
            }
            None => {
                out.line("It is PLAIN: not encrypted. Whoever gets this folder can read it.")?
            }
        }
    }
    out.flush()?;
    if !cli.quiet && !cli.json {
        say!(
            "hint: take documents in with `tumen --case {} add FOLDER`",
            new.dir.display()
        );
    }
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn passphrase(cli: &Cli, passphrase: &cli::Passphrase) -> Result<ExitCode, Failure> {
    let dir = locate(cli)?;
    let unlock = crate::passphrase::unlock(cli, &dir)?;
    let mut keys = Case::keys(&dir, &unlock)?;
    let mut out = Out::new();
    match &passphrase.action {
        PassphraseAction::List => {}
        PassphraseAction::Add {
            label,
            recipient: Some(recipient),
            ..
        } => keys.add_recipient(recipient, label.as_deref())?,
        PassphraseAction::Add {
            label,
            recipient: None,
            new_passphrase_file,
        } => {
            let new = crate::passphrase::new(new_passphrase_file.as_deref())?;
            keys.add(&new.into(), label.as_deref().unwrap_or("passphrase"))?;
        }
        PassphraseAction::Change {
            new_passphrase_file,
        } => {
            let new = crate::passphrase::new(new_passphrase_file.as_deref())?;
            keys.change(&new.into())?;
        }
        PassphraseAction::Recovery => {
            let code = keys.new_recovery()?;
            if cli.json {
                out.json(&json!({ "recovery_code": code.as_str() }))?;
            } else {
                out.line(format_args!(
                    "The new recovery code:\n\n    {}\n",
                    code.as_str()
                ))?;
            }
        }
        PassphraseAction::Remove { number } => keys.remove(*number)?,
    }
    for slot in keys.slots() {
        if cli.json {
            out.json(&slot)?;
        } else {
            out.line(format_args!(
                "{:>3}  {:<12} {:<20} since {}",
                slot.number, slot.kind, slot.label, slot.created
            ))?;
            if let Some(recipient) = &slot.recipient {
                out.line(format_args!("     {recipient}"))?;
            }
        }
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn verify(cli: &Cli, verify: &cli::Verify) -> Result<ExitCode, Failure> {
    let noted = match &verify.checkpoint {
        None => None,
        Some(file) => Some(std::fs::read_to_string(file).map_err(|error| {
            let message = format!("`{}` cannot be read: {error}", file.display());
            Failure::new(Whose::You, "checkpoint-file", message)
        })?),
    };
    let case = open(cli)?;
    let mut progress = Progress::new(cli.quiet, "originals");
    let report = case.verify(noted.as_deref(), &mut |originals, bytes| {
        progress.set(originals, bytes)
    });
    progress.end();
    let report = report?;
    let mut out = Out::new();
    if cli.json {
        out.json(&report)?;
    } else {
        for damage in &report.damages {
            out.line(format_args!("damaged  {damage}"))?;
        }
        out.line(format_args!(
            "{}: {} originals ({}), {} text versions, {} spans, {} log entries, {} index files",
            if report.whole { "whole" } else { "NOT WHOLE" },
            grouped(report.originals),
            bytes(report.bytes),
            grouped(report.texts),
            grouped(report.spans),
            grouped(report.log_entries),
            grouped(report.index_files),
        ))?;
        if !report.whole && !cli.quiet {
            say!(
                "hint: derived parts come back with `tumen rebuild`; originals and decisions from a backup"
            );
        }
    }
    out.flush()?;
    Ok(if report.whole {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

pub(crate) fn rebuild(cli: &Cli, rebuild: &cli::Rebuild) -> Result<ExitCode, Failure> {
    let case = open(cli)?;
    let mut progress = Progress::new(cli.quiet, "documents");
    let jobs = rebuild.jobs.map(usize::from);
    let passwords = super::add::passwords(rebuild.file_passwords.as_deref())?;
    let rebuilt = case.rebuild(rebuild.index, jobs, &passwords, &mut |documents, bytes| {
        progress.set(documents, bytes)
    });
    progress.end();
    let rebuilt = rebuilt?;
    let mut out = Out::new();
    if cli.json {
        out.json(&rebuilt)?;
    } else {
        out.line(format_args!(
            "{} documents read again, {} indexed, in {}",
            grouped(rebuilt.read),
            grouped(rebuilt.indexed),
            duration(rebuilt.seconds),
        ))?;
        if rebuilt.proposals_lost > 0 {
            out.line(format_args!(
                "{} proposals of optional extractors are no longer borne out by the text; they stay in the log",
                grouped(rebuilt.proposals_lost),
            ))?;
        }
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn backup(cli: &Cli, backup: &cli::Backup) -> Result<ExitCode, Failure> {
    let case = open(cli)?;
    let mut progress = Progress::new(cli.quiet, "files");
    let written = case.backup(&backup.file, &mut |files, bytes| progress.set(files, bytes));
    progress.end();
    let written = written?;
    let mut out = Out::new();
    if cli.json {
        out.json(&json!({ "backup": backup.file, "bytes": written.bytes, "files": written.files, "sha256": written.sha256 }))?;
    } else {
        out.line(format_args!(
            "{} files, {}, into {} (sha256 {})",
            grouped(written.files),
            bytes(written.bytes),
            backup.file.display(),
            written.sha256,
        ))?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn restore(cli: &Cli, restore: &cli::Restore) -> Result<ExitCode, Failure> {
    let files = Case::restore(&restore.file, &restore.dir)?;
    let mut out = Out::new();
    if cli.json {
        out.json(&json!({ "case": restore.dir, "files": files }))?;
    } else {
        out.line(format_args!(
            "{} files into {}",
            grouped(files),
            restore.dir.display()
        ))?;
    }
    out.flush()?;
    if !cli.quiet {
        say!(
            "hint: prove it with `tumen --case {} verify`",
            restore.dir.display()
        );
    }
    Ok(ExitCode::SUCCESS)
}
