//! One function for each command: one call to `investigation`, one answer printed.

mod add;
mod annotate;
mod case;
mod demo;
mod doctor;
mod entities;
mod estimate;
mod figures;
mod find;
mod link;
mod screening;
pub(crate) mod statements;
pub(crate) mod trade;
mod trade_export;

pub(crate) use estimate::chained as chained_lists;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use extract::worker::Program;
use investigation::{Case, Failure, Judgement, Whose};

use crate::cli::{self, Cli, Command};
use crate::output::say;

pub(crate) fn run(cli: &Cli) -> Result<ExitCode, Failure> {
    match &cli.command {
        Command::New(new) => case::new(cli, new),
        Command::Add(add) => add::add(cli, add),
        Command::Status(status) => add::status(cli, status),
        Command::Search(search) => find::search(cli, search),
        Command::Show(show) => find::show(cli, show),
        Command::Statements(asked) => statements::statements(cli, asked),
        Command::Figures(asked) => figures::figures(cli, asked),
        Command::Read(read) => statements::read(cli, read),
        Command::Annotate(asked) => annotate::annotate(cli, asked),
        Command::Review(review) => match &review.command {
            cli::ReviewCommand::Same(pair) => {
                entities::judge(cli, review, pair, Judgement::Positive)
            }
            cli::ReviewCommand::Different(pair) => {
                entities::judge(cli, review, pair, Judgement::Negative)
            }
            cli::ReviewCommand::Unsure(pair) => {
                entities::judge(cli, review, pair, Judgement::Unsure)
            }
            cli::ReviewCommand::Alike {
                threshold,
                only_try,
            } => entities::alike(cli, review, *threshold, *only_try),
            _ => statements::review(cli, review),
        },
        Command::Names(cli::Names {
            command: cli::NamesCommand::Compare(asked),
        }) => screening::compare(cli, asked),
        Command::Import(asked) => entities::import(cli, asked),
        Command::Export(asked) => entities::export(cli, asked),
        Command::Entities(asked) => entities::entities(cli, asked),
        Command::Entity(asked) => entities::entity(cli, asked),
        Command::Screen(asked) => screening::screen(cli, asked),
        Command::Match(asked) => screening::cross(cli, asked),
        Command::Link(asked) => link::link(cli, asked),
        Command::Estimate(asked) => estimate::estimate(cli, asked),
        Command::Trade(cli::TradeAsked {
            command: cli::TradeCommand::Import(asked),
        }) => trade::import(cli, asked),
        Command::Trace(asked) => trade::trace(cli, asked),
        Command::Passphrase(passphrase) => case::passphrase(cli, passphrase),
        Command::Verify(verify) => case::verify(cli, verify),
        Command::Rebuild(rebuild) => case::rebuild(cli, rebuild),
        Command::Backup(backup) => case::backup(cli, backup),
        Command::Restore(restore) => case::restore(cli, restore),
        Command::Doctor => doctor::doctor(cli),
        Command::Serve(serve) => {
            crate::serve::run(open(cli)?, serve.listen, serve.open, serve.api_token)
        }
        Command::Demo(demo) => demo::demo(cli, demo),
    }
}

/// The folder of the case: `--case`, else the nearest at or above this folder, else `TUMEN_CASE`.
pub(crate) fn locate(cli: &Cli) -> Result<PathBuf, Failure> {
    let missing = |dir: &Path| {
        Failure::new(
            Whose::Case,
            "no-case",
            format!("`{}` is not a case", dir.display()),
        )
        .hint("make one with `tumen new DIR`")
    };
    if let Some(dir) = &cli.case {
        return if Case::is_case(dir) {
            Ok(dir.clone())
        } else {
            Err(missing(dir))
        };
    }
    let here = std::env::current_dir().map_err(|error| {
        Failure::new(
            Whose::Machine,
            "no-folder",
            format!("this folder cannot be read: {error}"),
        )
    })?;
    if let Some(found) = Case::find(&here) {
        return Ok(found);
    }
    match std::env::var_os("TUMEN_CASE").map(PathBuf::from) {
        Some(dir) if Case::is_case(&dir) => Ok(dir),
        Some(dir) => Err(missing(&dir)),
        None => Err(Failure::new(
            Whose::Case,
            "no-case",
            "there is no case at or above this folder",
        )
        .hint("make one with `tumen new DIR`, or name one with `--case DIR` or TUMEN_CASE")),
    }
}

/// The case, open.
pub(crate) fn open(cli: &Cli) -> Result<Case, Failure> {
    let dir = locate(cli)?;
    let unlock = crate::passphrase::unlock(cli, &dir)?;
    let case = Case::open(&dir, &unlock, tools())?;
    if case.is_plain() && !cli.quiet && !cli.json {
        say!("warning: this case is plain: whoever gets its folder can read it");
    }
    Ok(case)
}

/// How confined processes are started: this program again.
pub(crate) fn tools() -> investigation::Tools {
    let path = std::env::current_exe().unwrap_or_else(|_| PathBuf::from("/proc/self/exe"));
    let again = |role: &str| Program {
        path: path.clone(),
        arguments: vec![role.to_owned()],
    };
    investigation::Tools {
        worker: again(crate::WORKER),
        recogniser: again(crate::RECOGNISER),
    }
}
