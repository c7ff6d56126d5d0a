//! `cargo xtask measure statements-limits`: how long the finding of statements takes for texts that
//! no reader wrote, and for four times as much of each. Linear is a factor of four.

use std::process::Command;

use crate::machine::{root, write_results};

/// More than this for four times the text is no longer taken for linear.
const MOST: f64 = 6.0;

/// Measures, writes, and complains where the time grows too quickly.
///
/// # Errors
/// The measure cannot be built or run, or some text takes more than [`MOST`] times as long.
pub(crate) fn measure() -> Result<(), String> {
    let output = Command::new("cargo")
        .args(["run", "--quiet", "--release", "-p", "statement"])
        .args(["--example", "limits", "--", "table"])
        .current_dir(root())
        .output()
        .map_err(|e| format!("cargo: {e}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let table = String::from_utf8_lossy(&output.stdout).into_owned();
    let rows: Vec<String> = table.lines().map(str::to_owned).collect();
    write_results("statements-limits.tsv", &rows)?;
    let steep: Vec<&str> = rows
        .iter()
        .skip(1)
        .map(|row| row.split('\t').collect::<Vec<_>>())
        .filter_map(|row| {
            let times: f64 = row.get(3)?.parse().ok()?;
            (times > MOST).then_some(*row.first()?)
        })
        .collect();
    if steep.is_empty() {
        return Ok(());
    }
    Err(format!(
        "more than {MOST} times as long for four times the text: {}",
        steep.join(", ")
    ))
}
