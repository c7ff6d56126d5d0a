//! Running programs and reading what they took.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A copy of release `tumen`, built by now; or of the program that `TUMEN` names, to compare one
/// version with another.
///
/// # Errors
/// It does not build.
pub(crate) fn tumen() -> Result<PathBuf, String> {
    // A copy: what is measured stays the same while others build.
    let copy = std::env::temp_dir().join(format!("tumen-measured-{}", std::process::id()));
    if let Some(program) = std::env::var_os("TUMEN") {
        fs::copy(&program, &copy).map_err(|e| format!("{}: {e}", program.display()))?;
        return Ok(copy);
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo);
    build
        .args(["build", "--quiet", "--release", "--package", "tumen"])
        .current_dir(root());
    let built = build.status().map_err(|e| format!("cargo: {e}"))?;
    if !built.success() {
        return Err("tumen does not build".into());
    }
    fs::copy(root().join("target/release/tumen"), &copy).map_err(|e| e.to_string())?;
    Ok(copy)
}

/// CPU seconds (user and system) of all children of this process that have ended.
fn children_cpu() -> Result<f64, String> {
    let stat = fs::read_to_string("/proc/self/stat").map_err(|e| e.to_string())?;
    let fields = stat
        .rsplit_once(')')
        .map(|(_, rest)| rest)
        .ok_or("no fields")?;
    let ticks = |n: usize| fields.split_ascii_whitespace().nth(n)?.parse::<f64>().ok();
    // Fields 16 and 17 of proc_pid_stat(5), in clock ticks: 100 a second on Linux.
    match (ticks(13), ticks(14)) {
        (Some(user), Some(system)) => Ok((user + system) / 100.0),
        _ => Err("no times in /proc/self/stat".into()),
    }
}

/// CPU seconds of a command and of all that it started and waited for.
///
/// # Errors
/// It cannot be started, or was ended by a signal.
pub(crate) fn cpu_of(command: &mut Command) -> Result<f64, String> {
    let before = children_cpu()?;
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command.status().map_err(|e| format!("{program}: {e}"))?;
    if status.code().is_none() {
        return Err(format!("{program}: {status}"));
    }
    Ok(children_cpu()? - before)
}

/// Milliseconds that the threads of a process have been on a processor.
///
/// # Errors
/// The process has ended.
pub(crate) fn on_cpu(process: u32) -> Result<f64, String> {
    let tasks = fs::read_dir(format!("/proc/{process}/task")).map_err(|e| e.to_string())?;
    let times = tasks.flatten().filter_map(|task| {
        let times = fs::read_to_string(task.path().join("schedstat")).ok()?;
        times.split_ascii_whitespace().next()?.parse::<f64>().ok()
    });
    Ok(times.sum::<f64>() / 1e6)
}

/// Megabytes of a process, as a line of `/proc/PID/status` tells them.
pub(crate) fn memory(process: u32, line: &str) -> Result<f64, String> {
    let status =
        fs::read_to_string(format!("/proc/{process}/status")).map_err(|e| e.to_string())?;
    let kilobytes = status.lines().find_map(|l| {
        let rest = l.strip_prefix(line)?;
        rest.split_ascii_whitespace().next()?.parse::<f64>().ok()
    });
    Ok(kilobytes.ok_or(format!("no {line} in /proc/{process}/status"))? / 1024.0)
}

/// The value at a share of sorted measures.
pub(crate) fn at(sorted: &[f64], share: f64) -> f64 {
    let last = sorted.len().saturating_sub(1) as f64;
    sorted
        .get((last * share).ceil() as usize)
        .copied()
        .unwrap_or(0.0)
}

/// Files below a folder with one of these endings, sorted.
///
/// # Errors
/// A folder cannot be read.
pub(crate) fn files_below(
    folder: &Path,
    extensions: &[&str],
    into: &mut Vec<PathBuf>,
) -> Result<(), String> {
    for entry in fs::read_dir(folder)
        .map_err(|e| format!("{}: {e}", folder.display()))?
        .flatten()
    {
        let path = entry.path();
        if path.is_dir() {
            files_below(&path, extensions, into)?;
        } else if path
            .extension()
            .is_some_and(|e| extensions.iter().any(|x| e == *x))
        {
            into.push(path);
        }
    }
    into.sort();
    Ok(())
}

/// Prints rows and writes them to `bench/results/NAME`.
///
/// # Errors
/// The file cannot be written.
pub(crate) fn write_results(name: &str, rows: &[String]) -> Result<(), String> {
    let results = root().join("bench/results");
    fs::create_dir_all(&results).map_err(|e| e.to_string())?;
    let text = rows.join("\n") + "\n";
    print!("{text}");
    fs::write(results.join(name), text).map_err(|e| e.to_string())
}
