//! The program as people use it, from outside.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;

struct World {
    folder: tempfile::TempDir,
}

impl World {
    fn new() -> Self {
        let world = Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
        };
        testkit::write_sample(&world.at("documents")).expect("the sample");
        std::fs::write(world.at("passphrase"), "paper boats on a river\n").expect("a file");
        world
    }

    fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tumen"));
        command
            .current_dir(self.folder.path())
            .env_remove("TUMEN_CASE")
            .env("TUMEN_PASSPHRASE_FILE", self.at("passphrase"))
            .args(arguments)
            .stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the program runs")
    }

    /// The lines that a command prints as JSON.
    fn json(&self, arguments: &[&str]) -> Vec<Value> {
        let output = self.run(arguments);
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        let parse =
            |line: &str| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
        text.lines().map(parse).collect()
    }

    /// A case named `case`, with the sample in it.
    fn with_case(plain: bool) -> Self {
        let world = Self::new();
        let made = world.run(if plain {
            &["new", "case", "--plain"]
        } else {
            &["new", "case"]
        });
        assert!(made.status.success(), "{made:?}");
        world.add();
        world
    }

    fn add(&self) -> Vec<Value> {
        self.json(&[
            "--case",
            "case",
            "--json",
            "add",
            "--ocr",
            "never",
            "documents",
        ])
    }

    fn is_whole(&self) -> bool {
        let output = self.run(&["--case", "case", "--quiet", "verify"]);
        output.status.code() == Some(0)
    }

    /// What is in the case: where, which bytes, which outcome.
    fn content(&self) -> BTreeSet<String> {
        let lines = self.add();
        lines
            .iter()
            .filter(|line| line.get("summary").is_none())
            .map(|line| format!("{} {} {}", line["path"], line["member"], line["sha256"]))
            .collect()
    }

    fn files(&self) -> Vec<PathBuf> {
        let mut files = Vec::new();
        let mut folders = vec![self.at("case")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    folders.push(path)
                } else {
                    files.push(path)
                }
            }
        }
        files.sort();
        files
    }
}

/// The sum of outcomes equals the occurrences, and these the lines.
fn check_accounts(lines: &[Value]) -> BTreeMap<String, u64> {
    let (summary, lines) = lines.split_last().expect("a summary");
    let summary = &summary["summary"];
    let outcomes: BTreeMap<String, u64> =
        serde_json::from_value(summary["outcomes"].clone()).expect("outcomes");
    assert_eq!(summary["occurrences"], outcomes.values().sum::<u64>());
    assert_eq!(summary["occurrences"], lines.len() as u64);
    outcomes
}

#[test]
fn every_file_and_member_of_the_sample_is_accounted_for() {
    let world = World::new();
    assert!(world.run(&["new", "case", "--plain"]).status.success());
    let outcomes = check_accounts(&world.add());
    assert_eq!(outcomes["encrypted"], 3, "{outcomes:?}");
    assert_eq!(outcomes["damaged"], 1, "{outcomes:?}");
    assert_eq!(outcomes["duplicate"], 3, "{outcomes:?}");
    assert_eq!(outcomes["unsupported"], 1, "{outcomes:?}");
    // Again: nothing is read, the account is the same.
    let again = world.add();
    assert_eq!(check_accounts(&again), outcomes);
    assert_eq!(
        again.last().expect("summary")["summary"]["unchanged"],
        testkit::FILES.len() as u64
    );
    // With passwords, what was encrypted opens.
    std::fs::write(world.at("list"), testkit::FILE_PASSWORDS.join("\n")).expect("a file");
    let opened = world.json(&[
        "--case",
        "case",
        "--json",
        "add",
        "--ocr",
        "never",
        "--file-passwords",
        "list",
        "documents",
    ]);
    let outcomes = check_accounts(&opened);
    assert_eq!(outcomes.get("encrypted"), None, "{outcomes:?}");
    assert!(world.is_whole());
}

#[test]
fn the_hearing_notice_is_found_with_its_words() {
    let world = World::with_case(false);
    let found = world.json(&["--case", "case", "--json", "search", "\"reportedly held\""]);
    let notice = found
        .iter()
        .find(|one| one["path"] == "commission/2023-06-13 hearing notice.html")
        .expect("the notice");
    assert_eq!(notice["published"], "2023-06-13");
    assert_eq!(notice["language"], "en");
    let id = notice["document"].as_str().expect("an id");
    let hit = &notice["hits"][0];
    let text = world.json(&["--case", "case", "--json", "show", id, "--text"]);
    let chars: Vec<char> = text[0]["text"].as_str().expect("text").chars().collect();
    let offset =
        |name: &str| usize::try_from(hit[name].as_u64().expect("an offset")).expect("small");
    let quote: String = chars[offset("start")..offset("end")].iter().collect();
    assert_eq!(quote, "reportedly held");
    for (query, least) in [
        ("구금", 3),
        ("강제송환", 1),
        ("탈북자", 2),
        ("遣返", 1),
        ("圖們", 2),
        ("图们", 2),
    ] {
        let found = world.json(&["--case", "case", "--json", "search", query]);
        assert!(found.len() >= least, "{query}: {found:?}");
    }
    // Flags stand before or after the command and its words.
    let after = world.json(&[
        "search", "refugees", "--limit", "1", "--case", "case", "--json",
    ]);
    assert_eq!(after.len(), 1, "{after:?}");
    let without = world.json(&["--case", "case", "--json", "search", "refugees -reportedly"]);
    assert!(
        without
            .iter()
            .all(|one| one["document"] != notice["document"])
    );
    // The plain-text twin of the notice is known as a rendition of it.
    let shown = world.json(&["--case", "case", "--json", "show", id]);
    assert_eq!(
        shown[0]["renditions"].as_array().map(Vec::len),
        Some(1),
        "{shown:?}"
    );
    // The original comes back to the byte.
    let original = world
        .run(&["--case", "case", "show", id, "--original"])
        .stdout;
    let (_, bytes) = testkit::FILES
        .iter()
        .find(|(path, _)| *path == "commission/2023-06-13 hearing notice.html")
        .expect("the notice");
    assert_eq!(original, *bytes);
}

#[test]
fn wrong_use_is_told_by_exit_status_and_message() {
    let world = World::with_case(false);
    let check = |expected: i32, arguments: &[&str], says: &str| {
        let output = world.run(arguments);
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(
            output.status.code(),
            Some(expected),
            "{arguments:?}: {message}"
        );
        assert!(message.contains(says), "{arguments:?}: {message}");
    };
    check(2, &["--case", "case", "search", "(held"], "character");
    check(2, &["--case", "case", "add", "nowhere"], "nowhere");
    check(2, &["frobnicate"], "frobnicate");
    check(4, &["status"], "no case");
    check(2, &["new", "case"], "not empty");
    std::fs::write(world.at("passphrase"), "something else\n").expect("a file");
    check(3, &["--case", "case", "status"], "does not open");
    std::fs::remove_file(world.at("passphrase")).expect("a file");
    check(2, &["--case", "case", "status"], "cannot be read");
}

#[test]
fn passphrases_can_be_added_changed_lost_and_recovered() {
    let world = World::new();
    let made = world.json(&["--json", "new", "case"]);
    let code = made[0]["recovery_code"]
        .as_str()
        .expect("a code")
        .to_owned();
    std::fs::write(world.at("second"), "rowing to the other side\n").expect("a file");
    let added = world.run(&[
        "--case",
        "case",
        "passphrase",
        "add",
        "--new-passphrase-file",
        "second",
    ]);
    assert!(added.status.success(), "{added:?}");
    for file in ["passphrase", "second"] {
        assert!(
            world
                .run(&["--case", "case", "--passphrase-file", file, "status"])
                .status
                .success()
        );
    }
    // As people type it: small letters, no dashes.
    std::fs::write(world.at("code"), code.to_lowercase().replace('-', " ")).expect("a file");
    assert!(
        world
            .run(&["--case", "case", "--recovery-file", "code", "status"])
            .status
            .success()
    );
    let removed = world.run(&[
        "--case",
        "case",
        "--passphrase-file",
        "second",
        "passphrase",
        "remove",
        "1",
    ]);
    assert!(removed.status.success(), "{removed:?}");
    assert_eq!(
        world.run(&["--case", "case", "status"]).status.code(),
        Some(3)
    );
}

#[test]
fn nothing_of_the_documents_stands_in_the_clear() {
    let world = World::with_case(false);
    let words = ["reportedly", "구금", "Haishan", "hearing notice", "遣返"];
    let canaries: Vec<Vec<u8>> = words
        .iter()
        .flat_map(|word| {
            let wide: Vec<u8> = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
            [word.as_bytes().to_vec(), wide]
        })
        .collect();
    for file in world.files() {
        let bytes = std::fs::read(&file).expect("a file of the case");
        for canary in &canaries {
            let found = bytes.windows(canary.len()).any(|window| window == canary);
            assert!(
                !found,
                "{} holds {:?}",
                file.display(),
                String::from_utf8_lossy(canary)
            );
        }
    }
}

/// A small generator, so that a failing run can be repeated.
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % n.max(1)
    }
}

#[test]
fn any_flipped_bit_is_found() {
    let world = World::with_case(false);
    assert!(world.is_whole());
    let mut chance = Chance(0x5eed);
    let files: Vec<_> = world
        .files()
        .into_iter()
        .filter(|f| !f.ends_with("lock"))
        .collect();
    for _ in 0..60 {
        let file = &files[chance.below(files.len())];
        let mut bytes = std::fs::read(file).expect("a file of the case");
        if bytes.is_empty() {
            continue;
        }
        let (at, bit) = (chance.below(bytes.len()), chance.below(8));
        bytes[at] ^= 1 << bit;
        std::fs::write(file, &bytes).expect("writable");
        assert!(
            !world.is_whole(),
            "bit {bit} of byte {at} of {}",
            file.display()
        );
        bytes[at] ^= 1 << bit;
        std::fs::write(file, &bytes).expect("writable");
    }
    assert!(world.is_whole());
}

#[test]
fn a_killed_run_loses_nothing_and_repeats_nothing() {
    let undisturbed = World::with_case(true);
    let expected = undisturbed.content();
    let accounts = check_accounts(&undisturbed.add());
    let mut chance = Chance(42);
    for round in 0..6 {
        let world = World::new();
        assert!(world.run(&["new", "case", "--plain"]).status.success());
        for _ in 0..4 {
            let mut child = world
                .command(&[
                    "--case",
                    "case",
                    "--json",
                    "add",
                    "--ocr",
                    "never",
                    "documents",
                ])
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .expect("the program runs");
            std::thread::sleep(Duration::from_millis(chance.below(700) as u64));
            child.kill().expect("killed");
            child.wait().expect("ended");
            let proof = world.json(&["--case", "case", "--json", "--quiet", "verify"]);
            assert_eq!(proof[0]["whole"], true, "round {round}: {proof:?}");
        }
        assert_eq!(world.content(), expected, "round {round}");
        assert_eq!(check_accounts(&world.add()), accounts, "round {round}");
        assert!(world.is_whole());
    }
}

#[test]
fn a_rebuilt_case_and_a_restored_one_give_the_same_answers() {
    let world = World::with_case(false);
    let ask = |case: &str| {
        [
            "refugees",
            "구금",
            "type:mail",
            "published:2023-10..",
            "\"forced labor\" OR 工厂",
        ]
        .map(|query| {
            let lines = world.json(&["--case", case, "--json", "search", query]);
            lines
                .iter()
                .map(|one| format!("{} {}", one["document"], one["hits"]))
                .collect::<Vec<_>>()
        })
    };
    let before = ask("case");
    let outcomes =
        |world: &World| world.json(&["--case", "case", "--json", "status"])[0]["outcomes"].clone();
    let counted = outcomes(&world);
    let rebuilt = world.run(&["--case", "case", "--quiet", "rebuild"]);
    assert!(rebuilt.status.success(), "{rebuilt:?}");
    assert_eq!(outcomes(&world), counted);
    assert_eq!(ask("case"), before);
    assert!(world.is_whole());
    assert!(
        world
            .run(&["--case", "case", "--quiet", "backup", "copy"])
            .status
            .success()
    );
    assert!(world.run(&["restore", "copy", "again"]).status.success());
    assert_eq!(ask("again"), before);
    // A backup with one wrong byte is refused, and leaves nothing.
    let mut bytes = std::fs::read(world.at("copy")).expect("the backup");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(world.at("copy"), bytes).expect("writable");
    assert_eq!(
        world.run(&["restore", "copy", "third"]).status.code(),
        Some(4)
    );
    assert!(!world.at("third").exists());
}

#[test]
fn a_hostile_reader_gets_nowhere() {
    let world = World::new();
    let health = world.json(&["--json", "doctor"]);
    let checks = health[0]["checks"].as_array().expect("checks");
    let hostile = checks
        .iter()
        .find(|c| c["what"] == "what a hostile file can do")
        .expect("the probe");
    let walls = checks.iter().take(3).all(|check| check["good"] == true);
    // On a kernel without these walls the program warns instead; there is nothing to prove then.
    if walls {
        assert_eq!(hostile["good"], true, "{hostile}");
    } else {
        eprintln!("WARNING: this kernel lacks Landlock or seccomp: {checks:?}");
    }
}

#[test]
fn the_collection_of_real_and_hostile_files_is_accounted_for() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/documents");
    if !folder.is_dir() {
        eprintln!("WARNING: the collection of real files is not here; this test says nothing");
        return;
    }
    let world = World::new();
    assert!(world.run(&["new", "case", "--plain"]).status.success());
    let folder = folder.to_str().expect("UTF-8");
    let add = ["--case", "case", "--json", "add", "--ocr", "never", folder];
    let first = world.json(&add);
    let outcomes = check_accounts(&first);
    assert!(outcomes["indexed"] > 500, "{outcomes:?}");
    assert_eq!(check_accounts(&world.json(&add)), outcomes);
    assert!(world.is_whole());
}
