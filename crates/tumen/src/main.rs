//! Tumen: a folder of documents becomes a sealed, searchable case.
//!
//! This crate is the edge: it parses what people type, makes one call to `investigation`, and
//! prints the answer. It holds no rule of the subject.

#![warn(clippy::print_stderr)]

mod cli;
mod commands;
mod output;
mod passphrase;
mod progress;
mod serve;

use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use investigation::Failure;

use output::say;

/// The argument that makes this program a confined reader.
pub(crate) const WORKER: &str = "__worker";
/// The argument that makes this program a confined text recogniser.
pub(crate) const RECOGNISER: &str = "__recognise";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    match arguments.next().as_deref() {
        Some(WORKER) => return extract::worker::run(),
        Some(RECOGNISER) => return extract::ocr::run_confined(&arguments.collect::<Vec<_>>()),
        _ => {}
    }
    // A limit on file size is told as a full disk is, by the write that fails: the signal that comes
    // with it would end the program without a word. Catching it is enough.
    let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, Arc::default());
    // A panic is a fault of ours: say so in one line, without what was being worked on.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic
            .location()
            .map(|l| format!("{}:{}", l.file(), l.line()));
        say!(
            "error: an internal fault at {}; what was committed to the case is safe\n\
             hint: run `tumen verify`, and report this line",
            place.as_deref().unwrap_or("an unknown place")
        );
    }));
    let cli = match cli::Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| commands::run(&cli)));
    match ended {
        Ok(Ok(code)) => code,
        Ok(Err(failure)) => report(&failure, cli.json),
        Err(_) => ExitCode::from(70),
    }
}

/// The failure on standard error: what happened and what is safe, then each hint on its own line.
fn report(failure: &Failure, json: bool) -> ExitCode {
    // The reader of our output closed it: that is not worth a message.
    if failure.code == "output-closed" {
        return ExitCode::SUCCESS;
    }
    let mut to = std::io::stderr().lock();
    let _ = if json {
        let error = serde_json::json!({ "error": failure });
        writeln!(to, "{error}")
    } else {
        let hints = failure
            .hints
            .iter()
            .map(|hint| format!("\nhint: {hint}"))
            .collect::<String>();
        writeln!(to, "error: {failure}{hints}")
    };
    ExitCode::from(failure.exit_status())
}
