//! `cargo xtask measure supply`: what traces, worlds and withdrawals take on invented networks of known answer, and
//! the plain question beside DuckDB, networkx, igraph and petgraph on the same hops in the same run. Others must reach
//! the same holders by the same days. Written to `bench/results/supply.tsv`.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::machine::{root, write_results};
use crate::tagger::python;

const PEERS: [&str; 3] = ["duckdb==2.0.1", "networkx==3.6.1", "igraph==1.0.0"];

/// Runs all sizes.
///
/// # Errors
/// Something does not build, or a peer gives another answer.
pub(crate) fn measure() -> Result<(), String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo);
    build.current_dir(root()).args([
        "build",
        "--quiet",
        "--release",
        "--package",
        "supply",
        "--features",
        "testkit",
        "--example",
        "measure",
    ]);
    if !build.status().map_err(|e| format!("cargo: {e}"))?.success() {
        return Err("the supply crate does not build".into());
    }
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), Into::into);
    let program = target.join("release/examples/measure");
    let python = python("supply-peers", &PEERS)?;
    let work = std::env::temp_dir().join(format!("tumen-supply-{}", std::process::id()));
    fs::create_dir_all(&work).map_err(|e| e.to_string())?;
    let mut rows = vec!["who\thops\twhat\tvalue".to_owned()];
    for hops in [200_000, 1_000_000, 5_000_000] {
        let table = work.join("hops.csv");
        let mut run = Command::new(&program);
        run.arg(hops.to_string());
        if hops <= 1_000_000 {
            run.arg(&table);
        }
        let ours = lines(&mut run)?;
        rows.extend(ours.iter().map(|line| format!("tumen\t{hops}\t{line}")));
        if hops <= 1_000_000 {
            peers(&python, &table, hops, &ours, &mut rows)?;
        }
    }
    // Scratch of this run; a remainder in the temporary folder harms nobody.
    let _ = fs::remove_dir_all(&work);
    write_results("supply.tsv", &rows)
}

/// The plain question to each peer, its answer held against ours.
fn peers(
    python: &Path,
    table: &Path,
    hops: u32,
    ours: &[String],
    rows: &mut Vec<String>,
) -> Result<(), String> {
    let value = |name: &str| {
        let found = ours
            .iter()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix('\t'));
        found.ok_or(format!("no line `{name}`"))
    };
    let seconds: f64 = value("plain: reach")?.parse().map_err(|_| "no number")?;
    let expected = format!(
        "{}\t{}",
        value("plain: holders reached")?,
        value("plain: days")?
    );
    let script = root().join("crates/xtask/src/supply/peers.py");
    let mut run = Command::new(python);
    for line in lines(
        run.arg(script)
            .arg(table)
            .args(["duckdb", "networkx", "igraph"]),
    )? {
        let (who, rest) = line.split_once('\t').ok_or("no columns")?;
        let (took, found) = rest.split_once('\t').ok_or("no columns")?;
        if found != expected {
            return Err(format!("{who}: reaches {found}, not {expected}"));
        }
        let took: f64 = took.parse().map_err(|_| "no number")?;
        rows.push(format!("{who}\t{hops}\tplain: reach\t{took:.6}"));
        rows.push(format!(
            "{who}\t{hops}\ttimes what Tumen takes\t{:.1}",
            took / seconds
        ));
    }
    Ok(())
}

fn lines(command: &mut Command) -> Result<Vec<String>, String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|e| format!("{program}: {e}"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{program}: {}\n{said}", output.status));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text.lines().map(str::to_owned).collect())
}
