//! `doctor`: what this machine offers and lacks.

use std::process::ExitCode;

use investigation::Failure;

use super::tools;
use crate::cli::Cli;
use crate::output::Out;

pub(crate) fn doctor(cli: &Cli) -> Result<ExitCode, Failure> {
    let health = investigation::doctor(tools())?;
    let mut out = Out::new();
    if cli.json {
        out.json(&health)?;
    } else {
        for check in &health.checks {
            let mark = if check.good { "ok  " } else { "LACK" };
            out.line(format_args!("{mark}  {:<34} {}", check.what, check.found))?;
            if let Some(hint) = &check.hint {
                out.line(format_args!("      hint: {hint}"))?;
            }
        }
    }
    out.flush()?;
    Ok(if health.safe {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}
