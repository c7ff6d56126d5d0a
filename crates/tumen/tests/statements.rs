//! What documents say, from outside: the acceptance scenarios on documents composed here from
//! public facts.

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

struct World {
    folder: tempfile::TempDir,
}

impl World {
    /// A plain case named `case` (deriving a key takes a second, and is tested elsewhere).
    fn new() -> Self {
        let world = Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
        };
        let made = world.run(&["new", "case", "--plain"]);
        assert!(made.status.success(), "{made:?}");
        world
    }

    fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_tumen"))
            .current_dir(self.folder.path())
            .env("TUMEN_CASE", self.at("case"))
            .env_remove("TUMEN_PASSPHRASE_FILE")
            .args(arguments)
            .stdin(Stdio::null())
            .output()
            .expect("the program runs")
    }

    fn ok(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    fn json(&self, arguments: &[&str]) -> Vec<Value> {
        let mut all = vec!["--json", "--quiet"];
        all.extend(arguments);
        let parse = |line: &str| serde_json::from_str(line).expect("a JSON line");
        self.ok(&all).lines().map(parse).collect()
    }

    /// Takes in one text under a name, published by a source on a day.
    fn add(&self, name: &str, source: &str, published: &str, text: &str) {
        let path = self.at(name);
        std::fs::write(&path, text).expect("a file");
        let path = path.to_string_lossy().into_owned();
        self.ok(&[
            "--quiet",
            "add",
            &path,
            "--source",
            source,
            "--published",
            published,
        ]);
    }

    fn statements(&self, event: &str) -> Vec<Value> {
        self.json(&["statements", "--event", event, "--limit", "1000"])
    }
}

fn text<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or("")
}

const NOTICE: &str = "North Korean Refugees and the Imminent Danger of Forced Repatriation from China\n\n\
Close to 2000 North Korean refugees are reportedly held in detention centers near the China-North Korea border. \
Once North Korea lifts its COVID-19 imposed border closure policy, these refugees will likely face forced repatriation.\n";

#[test]
fn one_figure_of_the_notice_is_found_from_korean() {
    let world = World::new();
    world.add("notice.txt", "CECC", "2023-06-13", NOTICE);
    let held = world.statements("detention");
    assert_eq!(held.len(), 1, "{held:#?}");
    let held = &held[0];
    assert_eq!(text(held, "/quantity/text"), "Close to 2000");
    assert_eq!(text(held, "/quantity/kind"), "approx_below");
    assert_eq!(held.pointer("/quantity/low"), Some(&Value::Null));
    assert_eq!(held.pointer("/quantity/high"), Some(&Value::from(2000)));
    assert_eq!(text(held, "/quantity/measure"), "stock");
    assert_eq!(text(held, "/modality"), "ongoing");
    assert_eq!(text(held, "/source"), "CECC");
    assert_eq!(text(held, "/attribution/0/source/implicit"), "unnamed");
    assert!(
        held.pointer("/hedges")
            .and_then(Value::as_array)
            .is_some_and(|h| h.iter().any(|h| text(h, "/text") == "reportedly"))
    );
    let (start, end) = (
        held["start"].as_u64().expect("start") as usize,
        held["end"].as_u64().expect("end") as usize,
    );
    let shown = world.ok(&["--quiet", "show", text(held, "/document"), "--text"]);
    let read: String = shown.chars().skip(start).take(end - start).collect();
    assert_eq!(read, text(held, "/quote"));
    let risk = world.statements("repatriation");
    assert!(
        !risk.is_empty() && risk.iter().all(|s| text(s, "/modality") == "risk"),
        "{risk:#?}"
    );
    let found = world.json(&["search", "구금"]);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(text(&found[0], "/document"), text(held, "/document"));
}

#[test]
fn last_year_is_the_year_before_the_page() {
    let world = World::new();
    world.add(
        "page.txt",
        "an agency",
        "2025-10-20",
        "Last year, Chinese police arrested 14 North Korean refugees in Jilin.\n",
    );
    let arrests = world.statements("arrest");
    assert_eq!(arrests.len(), 1);
    assert_eq!(text(&arrests[0], "/date/from"), "2024-01-01");
    assert_eq!(text(&arrests[0], "/date/to"), "2024-12-31");
    assert_eq!(
        arrests[0].pointer("/date/relative"),
        Some(&Value::from(true))
    );
}

#[test]
fn people_decide_undo_and_find_their_decisions_after_a_rebuild() {
    let world = World::new();
    world.add("notice.txt", "CECC", "2023-06-13", NOTICE);
    let id = text(&world.statements("detention")[0], "/id").to_owned();
    world.ok(&["review", "accept", &id, "--by", "Ari"]);
    let without_reason = world.run(&["review", "edit", &id, "--set", r#"{"modality":"happened"}"#]);
    assert_eq!(without_reason.status.code(), Some(2));
    world.ok(&[
        "review",
        "edit",
        &id,
        "--set",
        r#"{"modality":"happened"}"#,
        "--reason",
        "the page is of last year",
        "--by",
        "Ari",
    ]);
    let edited = &world.statements("detention")[0];
    assert_eq!(
        (
            text(edited, "/state"),
            text(edited, "/modality"),
            text(edited, "/proposal/modality")
        ),
        ("edited", "happened", "ongoing")
    );
    assert_eq!(text(edited, "/decided/by"), "Ari");
    let moved = world.run(&[
        "review",
        "edit",
        &id,
        "--set",
        r#"{"quote":"something else"}"#,
        "--reason",
        "no",
    ]);
    assert_eq!(moved.status.code(), Some(2), "{moved:?}");
    world.ok(&["review", "undo", "2"]);
    assert_eq!(
        text(&world.statements("detention")[0], "/state"),
        "accepted"
    );
    // Undoing the undo brings the edit back.
    world.ok(&["review", "undo", "3"]);
    assert_eq!(text(&world.statements("detention")[0], "/state"), "edited");
    world.ok(&["--quiet", "rebuild"]);
    assert_eq!(text(&world.statements("detention")[0], "/state"), "edited");
    assert_eq!(world.json(&["review", "log"]).len(), 4);
    world.ok(&["--quiet", "verify"]);
    assert_eq!(world.json(&["statements", "--state", "edited"]).len(), 1);
    assert_eq!(
        world
            .run(&["review", "accept", "s_00000000000000000000"])
            .status
            .code(),
        Some(2)
    );
}

#[test]
fn statements_are_filtered_counted_and_printed_for_spreadsheets() {
    let world = World::new();
    world.add("notice.txt", "CECC", "2023-06-13", NOTICE);
    world.add("later.txt", "an agency", "2024-05-07", "China sent back about 60 North Koreans on April 26, Human Rights Watch said. =cmd() was arrested in Jilin.\n");
    assert_eq!(
        world
            .json(&["statements", "--facts", "--event", "repatriation"])
            .len(),
        1
    );
    assert_eq!(
        world
            .json(&["statements", "--reporter", "human rights watch"])
            .len(),
        1
    );
    assert_eq!(
        world.json(&["statements", "--reporter", "unnamed"]).len(),
        1
    );
    assert_eq!(world.json(&["statements", "--during", "2024-04"]).len(), 1);
    assert_eq!(
        world
            .json(&["statements", "--group", "refugees", "--modality", "risk"])
            .len(),
        1
    );
    assert_eq!(
        world
            .run(&["statements", "--event", "dancing"])
            .status
            .code(),
        Some(2)
    );
    let facets = world.json(&["statements", "--facets", "--limit", "0"]);
    assert!(
        facets
            .last()
            .and_then(|f| f.pointer("/facets/event/repatriation"))
            .is_some_and(|n| n.as_u64() >= Some(2)),
        "{facets:#?}"
    );
    let table = world.ok(&["--quiet", "statements", "--csv"]);
    let columns = table.lines().next().unwrap_or_default().split(',').count();
    assert!(columns > 15, "{table}");
    assert!(
        !table
            .lines()
            .any(|line| line.split(',').any(|cell| cell.starts_with('='))),
        "{table}"
    );
}

#[test]
fn read_needs_no_case_and_prints_the_contract() {
    let world = World::new();
    std::fs::write(world.at("passages.jsonl"), "{\"id\":\"x1\",\"lang\":\"en\",\"doc_date\":\"2024-05-07\",\"text\":\"Police in Yanji arrested 7 North Koreans last month.\"}\n\n").expect("a file");
    let lines = world.json(&["read", "--passages", "passages.jsonl"]);
    let statement = lines
        .iter()
        .find(|l| text(l, "/kind") == "statement")
        .expect("a statement");
    assert_eq!(
        (
            text(statement, "/passage"),
            text(statement, "/event"),
            text(statement, "/trigger/text")
        ),
        ("x1", "arrest", "arrested")
    );
    assert_eq!(text(statement, "/date/from"), "2024-04-01");
    assert!(lines.iter().any(|l| text(l, "/kind") == "mention"
        && text(l, "/type") == "place"
        && text(l, "/text") == "Yanji"));
    std::fs::write(world.at("broken.jsonl"), "{\"id\":\"x1\"}\n").expect("a file");
    assert_eq!(
        world
            .run(&["read", "--passages", "broken.jsonl"])
            .status
            .code(),
        Some(2)
    );
    std::fs::write(world.at("page.html"), "<html><body><nav>12 people were executed: menu</nav><article><h1>News</h1><p>China deported 3 people on 4 March 2024, the ministry said in a long and careful statement to the press.</p></article></body></html>").expect("a file");
    let lines = world.json(&["read", "page.html"]);
    assert!(
        lines
            .iter()
            .any(|l| text(l, "/event") == "deportation" && text(l, "/date/from") == "2024-03-04"),
        "{lines:#?}"
    );
    assert_eq!(world.run(&["read", "missing.txt"]).status.code(), Some(2));
}
