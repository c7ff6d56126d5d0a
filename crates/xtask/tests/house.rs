//! Rules of the house that the compiler cannot keep: which crate may use which, and where a heavy
//! dependency lives.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

/// Each crate and the crates of this workspace that it may name: arrows point downwards only.
const DIRECTION: &[(&str, &[&str])] = &[
    // 0: the vocabulary
    ("casefile", &[]),
    // 1a: pure
    ("sealing", &["casefile"]),
    ("encodings", &["casefile"]),
    ("statement", &["casefile"]),
    ("names", &["casefile"]),
    ("entity", &["casefile"]),
    ("matching", &["casefile", "names", "entity"]),
    ("supply", &["casefile"]),
    ("estimate", &["casefile"]),
    // 1b: formats, each bytes → text
    ("webpage", &["casefile", "encodings"]),
    ("pdf", &["casefile", "encodings"]),
    ("pictures", &["casefile"]),
    ("legacy", &["casefile", "encodings"]),
    ("office", &["casefile", "encodings", "webpage", "legacy"]),
    ("mail", &["casefile", "encodings", "webpage", "legacy"]),
    ("archives", &["casefile", "encodings"]),
    // trade records: text → rows, shipments, hops
    ("trade", &["casefile", "entity", "supply"]),
    // 1c: the parts that touch the machine; none knows another
    (
        "extract",
        &[
            "casefile",
            "sealing",
            "encodings",
            "webpage",
            "pdf",
            "pictures",
            "legacy",
            "office",
            "mail",
            "archives",
        ],
    ),
    ("evidence", &["casefile", "sealing"]),
    ("store", &["casefile", "sealing"]),
    ("search", &["casefile", "sealing"]),
    ("annotate", &["casefile", "statement"]),
    // 2: every use case once
    (
        "investigation",
        &[
            "casefile",
            "sealing",
            "evidence",
            "extract",
            "store",
            "search",
            "statement",
            "names",
            "entity",
            "matching",
            "estimate",
            "supply",
            "trade",
            "annotate",
        ],
    ),
    // 3: the program
    (
        "tumen",
        &["casefile", "extract", "investigation", "testkit"],
    ),
    // what serves development and the demonstration
    ("testkit", &["casefile"]),
    ("xtask", &["testkit"]),
    // the build of the database's cryptography, see docs/decisions
    ("openssl-src", &[]),
];

/// A heavy dependency and the only crates that may name it.
const HOMES: &[(&str, &[&str])] = &[
    ("rusqlite", &["store"]),
    ("libsqlite3-sys", &["store"]),
    ("tantivy", &["search"]),
    ("ring", &["sealing"]),
    ("argon2", &["sealing"]),
    ("x25519-dalek", &["sealing"]),
    ("html5ever", &["webpage"]),
    ("mail-parser", &["mail"]),
    ("calamine", &["office"]),
    ("image", &["pictures"]),
    ("landlock", &["extract"]),
    ("seccompiler", &["extract"]),
    ("rten", &["annotate"]),
    ("tokenizers", &["annotate"]),
    ("axum", &["tumen"]),
    ("tokio", &["tumen"]),
    ("maud", &["tumen"]),
    ("clap", &["tumen"]),
    ("csv", &["investigation"]),
];

/// Crates that may neither touch files nor the clock, the network, or other processes.
const PURE: &[&str] = &[
    "casefile",
    "statement",
    "names",
    "entity",
    "matching",
    "supply",
    "estimate",
    "encodings",
    "webpage",
    "pdf",
    "pictures",
    "legacy",
    "office",
    "mail",
    "archives",
    "trade",
];

/// Library crates of the workspace by name, with the names that their manifests depend on
/// (without dev-dependencies) and the folder of their manifest.
fn workspace() -> BTreeMap<String, (BTreeSet<String>, String)> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--no-deps", "--offline"])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
        .output()
        .expect("cargo runs");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo speaks JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let named = |package: &Value| {
        let dependencies = package["dependencies"].as_array().expect("dependencies");
        let normal = dependencies.iter().filter(|d| d["kind"].is_null());
        let folder = text(&package["manifest_path"]).replace("/Cargo.toml", "");
        (normal.map(|d| text(&d["name"])).collect(), folder)
    };
    packages
        .iter()
        .map(|package| (text(&package["name"]), named(package)))
        .collect()
}

#[test]
fn arrows_point_downwards() {
    let workspace = workspace();
    let allowed: BTreeMap<_, _> = DIRECTION.iter().copied().collect();
    for (name, (dependencies, _)) in &workspace {
        let may = allowed
            .get(name.as_str())
            .unwrap_or_else(|| panic!("{name} has no layer yet"));
        for dependency in dependencies.iter().filter(|d| workspace.contains_key(*d)) {
            assert!(
                may.contains(&dependency.as_str()),
                "{name} must not know {dependency}"
            );
        }
    }
    for name in allowed.keys().filter(|name| **name != "openssl-src") {
        assert!(
            workspace.contains_key(*name),
            "{name} is gone: take it off the list"
        );
    }
}

#[test]
fn a_heavy_dependency_has_one_home() {
    let workspace = workspace();
    for (heavy, homes) in HOMES {
        for (name, (dependencies, _)) in &workspace {
            let at_home = homes.contains(&name.as_str());
            assert!(
                at_home || !dependencies.contains(*heavy),
                "{name} must not name {heavy}"
            );
        }
    }
}

#[test]
fn folders_are_named_after_their_crates() {
    for (name, (_, folder)) in workspace() {
        assert!(
            folder.ends_with(&format!("/{name}")),
            "{name} lies in {folder}"
        );
    }
}

#[test]
fn pure_crates_touch_nothing() {
    let workspace = workspace();
    for name in PURE {
        let (_, folder) = &workspace[*name];
        let mut folders = vec![format!("{folder}/src").into()];
        while let Some(folder) = folders.pop() {
            let folder: std::path::PathBuf = folder;
            for entry in std::fs::read_dir(&folder).expect("a folder of sources") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                if path.file_name().is_some_and(|f| f == "tests.rs")
                    || path.to_string_lossy().contains("/tests/")
                {
                    continue;
                }
                let source = std::fs::read_to_string(&path).expect("a source file");
                let code = source.split("#[cfg(test)]").next().unwrap_or_default();
                for touch in [
                    "std::fs",
                    "std::net",
                    "std::process",
                    "std::env",
                    "SystemTime::now",
                    "Instant::now",
                ] {
                    let used = code
                        .lines()
                        .any(|line| line.contains(touch) && !line.trim_start().starts_with("//"));
                    assert!(!used, "{} uses {touch}", path.display());
                }
            }
        }
    }
}
