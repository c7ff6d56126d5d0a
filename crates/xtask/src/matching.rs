//! `cargo xtask measure matching`: what it takes to find who may be who among invented records of whom it is known,
//! for ten thousand to a million, beside nomenklatura on the same records where `PEER_PYTHON` names a Python that
//! has it.

mod growth;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::machine::{root, write_results};

/// Records of a file that is compared with itself.
const SIZES: [usize; 4] = [10_000, 50_000, 250_000, 1_000_000];
/// As many as the peer gets through in a minute or two.
const PEER: usize = 10_000;

/// Measures and writes `bench/results/matching.tsv`.
///
/// # Errors
/// The measure cannot be built or run.
pub(crate) fn measure() -> Result<(), String> {
    let built = Command::new("cargo")
        .args(["build", "--quiet", "--release", "-p", "matching"])
        .args(["--example", "measure"])
        .current_dir(root())
        .status()
        .map_err(|e| format!("cargo: {e}"))?;
    if !built.success() {
        return Err("the measure does not build".into());
    }
    let program = root().join("target/release/examples/measure");
    let folder = std::env::temp_dir().join(format!("tumen-matching-{}", std::process::id()));
    std::fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let measured = all(&program, &folder);
    std::fs::remove_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let rows = measured?;
    let plot = root().join("bench/results/matching.svg");
    std::fs::write(&plot, growth::plot(&rows)).map_err(|e| format!("{}: {e}", plot.display()))?;
    write_results("matching.tsv", &rows)
}

fn all(program: &Path, folder: &Path) -> Result<Vec<String>, String> {
    let mut rows = vec!["who\ttask\trecords\twhat\tvalue".to_owned()];
    let crowd = |records: usize, seed: &str| -> Result<PathBuf, String> {
        let file = folder.join(format!("{records}-{seed}.jsonl"));
        let (count, path) = (records.to_string(), file.to_string_lossy().into_owned());
        told(Command::new(program).args(["crowd", &count, seed, &path]))?;
        Ok(file)
    };
    let mut row = |who: &str, task: &str, records: usize, told: BTreeMap<String, String>| {
        let told = told.into_iter().filter(|(what, _)| what != "records");
        rows.extend(told.map(|(what, value)| format!("{who}\t{task}\t{records}\t{what}\t{value}")));
    };
    for records in SIZES {
        let file = crowd(records, "7")?;
        let told = told(Command::new(program).arg("pairs").arg(file))?;
        row("tumen", "a file with itself", records, told);
    }
    if let Some(python) = std::env::var_os("PEER_PYTHON") {
        let script = root().join("crates/xtask/matching/peer.py");
        let file = crowd(PEER, "7")?;
        let told = told(Command::new(python).arg(script).arg(file))?;
        row("nomenklatura 4.17.4", "a file with itself", PEER, told);
    }
    let (list, queries) = (crowd(1_000_000, "11")?, crowd(100_000, "13")?);
    let screened = told(Command::new(program).arg("screen").arg(&list).arg(queries))?;
    row("tumen", "100,000 screened", 1_000_000, screened);
    let few = crowd(2_000, "13")?;
    let asked = told(Command::new(program).arg("ask").arg(&list).arg(few))?;
    row("tumen", "one request", 1_000_000, asked);
    Ok(rows)
}

/// Runs a measure and reads its lines `what<TAB>value`.
fn told(command: &mut Command) -> Result<BTreeMap<String, String>, String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|e| format!("{program}: {e}"))?;
    if !output.status.success() {
        return Err(format!(
            "{program}: {}",
            String::from_utf8_lossy(&output.stderr)
        ));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let lines = text.lines().filter_map(|line| line.split_once('\t'));
    Ok(lines
        .map(|(what, value)| (what.to_owned(), value.to_owned()))
        .collect())
}
