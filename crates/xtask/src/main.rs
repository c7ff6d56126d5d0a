//! `cargo xtask measure ingest`: CPU time of taking in, beside a peer on the same files in the
//! same session, written to `bench/results/`. Ratios carry over between machines; seconds do not.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["measure", "ingest"] => measure_ingest(),
        _ => Err("usage: cargo xtask measure ingest".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
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
fn cpu_of(command: &mut Command) -> Result<f64, String> {
    let before = children_cpu()?;
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let program = command.get_program().to_string_lossy().into_owned();
    command.status().map_err(|e| format!("{program}: {e}"))?;
    Ok(children_cpu()? - before)
}

fn files_below(folder: &Path, extensions: &[&str], into: &mut Vec<PathBuf>) -> Result<(), String> {
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

fn measure_ingest() -> Result<(), String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let tumen = root.join("target/release/tumen");
    if !tumen.is_file() {
        return Err("build it first: cargo build --release".into());
    }
    let documents = root.join("../shared/data/documents");
    let work = std::env::temp_dir().join(format!("tumen-measure-{}", std::process::id()));
    let mut rows = vec!["what\tfiles\tours (CPU s)\tpeer (CPU s)\tratio\tpeer".to_owned()];
    let passphrase = work.join("passphrase");
    let new_case = |name: &str, plain: bool| -> Result<PathBuf, String> {
        let case = work.join(name);
        let mut command = Command::new(&tumen);
        command
            .arg("--passphrase-file")
            .arg(&passphrase)
            .arg("new")
            .arg(&case);
        if plain {
            command.arg("--plain");
        }
        cpu_of(&mut command)?;
        Ok(case)
    };
    let add = |case: &Path, folder: &Path| {
        let mut command = Command::new(&tumen);
        command
            .arg("--quiet")
            .arg("--case")
            .arg(case)
            .arg("--passphrase-file")
            .arg(&passphrase);
        cpu_of(command.args(["add", "--ocr", "never"]).arg(folder))
    };
    fs::create_dir_all(&work).map_err(|e| e.to_string())?;
    fs::write(&passphrase, "only for measuring\n").map_err(|e| e.to_string())?;

    // What opening a case costs (the derivation of its key) is no part of taking in.
    let empty = work.join("empty");
    fs::create_dir_all(&empty).map_err(|e| e.to_string())?;
    let opening = add(&new_case("opening", false)?, &empty)?;

    let mut pdfs = Vec::new();
    files_below(&documents, &["pdf"], &mut pdfs)?;
    // One bomb on which the peer spends half a minute would flatter us.
    pdfs.retain(|path| !path.to_string_lossy().contains("bomb"));
    let folder = work.join("pdf");
    fs::create_dir_all(&folder).map_err(|e| e.to_string())?;
    for (n, pdf) in pdfs.iter().enumerate() {
        fs::copy(pdf, folder.join(format!("{n}.pdf"))).map_err(|e| e.to_string())?;
    }
    let ours = add(&new_case("pdf-case", false)?, &folder)? - opening;
    let mut peer = 0.0;
    for pdf in &pdfs {
        peer += cpu_of(
            Command::new("pdftotext")
                .arg("-bbox")
                .arg(pdf)
                .arg("/dev/null"),
        )?;
    }
    rows.push(format!(
        "PDF\t{}\t{ours:.2}\t{peer:.2}\t{:.2}\tpdftotext -bbox",
        pdfs.len(),
        ours / peer
    ));

    // Everything, sealed and plain; then again, unchanged.
    let sealed_case = new_case("sealed", false)?;
    let sealed = add(&sealed_case, &documents)? - opening;
    let plain = add(&new_case("plain", true)?, &documents)?;
    rows.push(format!(
        "sealed against plain\t483\t{sealed:.2}\t{plain:.2}\t{:.2}\ttumen --plain",
        sealed / plain
    ));
    let again = add(&sealed_case, &documents)? - opening;
    rows.push(format!(
        "second pass, unchanged\t483\t{again:.2}\t{sealed:.2}\t{:.2}\tfirst pass",
        again / sealed
    ));

    let results = root.join("bench/results");
    fs::create_dir_all(&results).map_err(|e| e.to_string())?;
    let text = rows.join("\n") + "\n";
    print!("{text}");
    fs::write(results.join("ingest.tsv"), text).map_err(|e| e.to_string())?;
    fs::remove_dir_all(&work).map_err(|e| e.to_string())
}
