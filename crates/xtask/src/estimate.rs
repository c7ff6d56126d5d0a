//! Speed of the estimates beside the R packages of the literature, and coverage of their intervals.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::machine::{cpu_of, root};

/// What is measured: the method, the table, what of it a reader should know, and the end of the peer's grid.
const JOBS: &[(&str, &str, &str, &str)] = &[
    (
        "stepwise",
        "UKdat_5",
        "stepwise, 200 resamples, against SparseMSE",
        "0",
    ),
    (
        "stepwise",
        "Western",
        "stepwise, 200 resamples, against SparseMSE",
        "0",
    ),
    (
        "bic",
        "Kosovo_silverman",
        "BIC, 100 resamples, 20 models each, against MultipleSystemsEstimation",
        "0",
    ),
    (
        "bic",
        "UKdat_5",
        "BIC, 100 resamples, 100 models each, against MultipleSystemsEstimation",
        "0",
    ),
    (
        "dga",
        "Western",
        "822 graphs, against dga with a grid to 60,000",
        "60000",
    ),
    (
        "dga",
        "NewOrl_5_v2",
        "822 graphs, against dga with a grid to 10,000",
        "10000",
    ),
    (
        "lcmcr",
        "Kosovo_silverman",
        "one chain of 110,000 sweeps, against LCMCR",
        "0",
    ),
];

/// `cargo xtask measure estimate [R-PACKAGES]`: with a folder of installed R packages, the peers run in the same
/// session; coverage is always measured.
///
/// # Errors
/// Something does not build or run.
pub(crate) fn measure(packages: Option<&str>) -> Result<(), String> {
    let program = build()?;
    let mut lines =
        vec!["what\ttable\tTumen: CPU (s)\tpeer: CPU (s)\tratio\tTumen says\tpeer says".to_owned()];
    for (what, table, told, reach) in JOBS {
        let path = root().join(format!("crates/estimate/tests/data/{table}.csv"));
        let path = path.to_string_lossy().into_owned();
        // What takes less than a tick of the clock is done many times over.
        let mut own = Command::new(&program);
        own.args([what, path.as_str()]);
        let output = own.output().map_err(|e| e.to_string())?;
        let says = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        let mut cpu = 0.0;
        let mut times = 0;
        while times < 3 || (cpu < 0.5 && times < 50) {
            cpu += cpu_of(&mut own)?;
            times += 1;
        }
        let cpu = cpu / f64::from(times);
        let (peer, peer_says) = match packages {
            Some(packages) => peer(what, &path, packages, reach)?,
            None => (f64::NAN, "not run".to_owned()),
        };
        let ratio = peer / cpu;
        let line = format!("{told}\t{table}\t{cpu:.4}\t{peer:.3}\t{ratio:.1}\t{says}\t{peer_says}");
        println!("{line}");
        lines.push(line);
    }
    let output = Command::new(&program)
        .args(["coverage", "100"])
        .output()
        .map_err(|e| e.to_string())?;
    lines.push(String::new());
    lines.push(
        String::from_utf8_lossy(&output.stdout)
            .trim_end()
            .to_owned(),
    );
    let to = root().join("bench/results/estimate.tsv");
    fs::write(&to, lines.join("\n") + "\n").map_err(|e| format!("{}: {e}", to.display()))
}

fn build() -> Result<PathBuf, String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .args([
            "build",
            "--quiet",
            "--release",
            "--package",
            "estimate",
            "--example",
            "measure",
        ])
        .current_dir(root())
        .status()
        .map_err(|e| format!("cargo: {e}"))?;
    if !built.success() {
        return Err("the example of estimate does not build".into());
    }
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    Ok(target.join("release/examples/measure"))
}

/// CPU seconds of the peer's call, without the start of R, and what it says.
fn peer(what: &str, table: &str, packages: &str, reach: &str) -> Result<(f64, String), String> {
    let output = Command::new("Rscript")
        .arg(root().join("bench/estimate/peer.R"))
        .args([what, table, packages, reach])
        .output()
        .map_err(|e| format!("Rscript: {e}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let after = |word: &str| {
        text.lines()
            .find_map(|line| line.strip_prefix(word))
            .map(str::trim)
    };
    let cpu = after("cpu ").and_then(|cpu| cpu.parse().ok());
    let cpu = cpu.ok_or_else(|| String::from_utf8_lossy(&output.stderr).into_owned())?;
    Ok((cpu, after("result ").unwrap_or_default().to_owned()))
}
