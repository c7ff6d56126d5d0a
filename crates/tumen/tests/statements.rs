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
fn scenario_01_one_figure_of_the_notice_is_found_from_korean() {
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
fn scenario_09_last_year_is_the_year_before_the_page() {
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
fn what_was_left_for_later_is_found_by_the_first_question() {
    let waiting = |world: &World| world.json(&["status"])[0]["without_statements"].clone();
    let late = World::new();
    let notice = late.at("notice.txt");
    std::fs::write(&notice, NOTICE).expect("a file");
    let notice = notice.to_string_lossy().into_owned();
    let later = |world: &World| {
        world.ok(&[
            "--quiet",
            "add",
            "--source",
            "CECC",
            "--published",
            "2023-06-13",
            "--statements",
            "later",
            &notice,
        ]);
    };
    later(&late);
    assert_eq!(waiting(&late), 1);
    assert!(
        late.ok(&["status"])
            .contains("1 document waits for statements")
    );
    // The text itself is found at once; the same files again change nothing.
    assert!(late.ok(&["search", "refugees"]).contains("notice.txt"));
    later(&late);
    assert_eq!(waiting(&late), 1);
    // The answers are those of a case whose statements were found at once.
    let found = late.json(&["statements"]);
    assert!(!found.is_empty());
    assert_eq!(waiting(&late), 0);
    assert!(!late.ok(&["status"]).contains("for statements"));
    assert!(late.ok(&["search", "구금"]).contains("notice.txt"));
    let at_once = World::new();
    at_once.add("notice.txt", "CECC", "2023-06-13", NOTICE);
    assert_eq!(waiting(&at_once), 0);
    assert_eq!(at_once.json(&["statements"]), found);
    // The next `add` finds them as well, and so does a rebuild.
    for second in [vec!["add", &notice], vec!["rebuild"]] {
        let world = World::new();
        later(&world);
        world.ok(&second);
        assert_eq!(waiting(&world), 0, "{second:?}");
        assert_eq!(world.json(&["statements"]), found, "{second:?}");
    }
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

/// Series about one event that claim facts.
fn facts<'a>(series: &'a [Value], event: &str) -> Vec<&'a Value> {
    series
        .iter()
        .filter(|s| text(s, "/event") == event && text(s, "/standing") == "fact")
        .collect()
}

#[test]
fn scenario_02_and_03_a_relay_adds_no_origin_and_other_figures_stand_beside() {
    let world = World::new();
    world.add("notice.txt", "CECC", "2023-06-13", NOTICE);
    world.add("agency.txt", "Yonhap", "2023-06-14", "Close to 2,000 North Korean refugees are reportedly held in detention centers in China, the Congressional-Executive Commission on China said in a notice of its hearing.\n");
    let all = world.json(&["figures", "--event", "detention"]);
    let held = facts(&all, "detention");
    assert_eq!(held.len(), 1, "{all:#?}");
    assert_eq!(
        (
            held[0]["mentions"].as_u64(),
            held[0]["origins"].as_array().map(Vec::len)
        ),
        (Some(2), Some(1)),
        "{held:#?}"
    );
    world.add("testimony.txt", "NKDB", "2023-06-13", "Testimony before the Commission.\n\nBetween 600 and 2,000 North Koreans are held in detention centers in China.\n");
    let all = world.json(&["figures", "--event", "detention"]);
    let held = facts(&all, "detention");
    assert_eq!(held.len(), 1, "{all:#?}");
    assert_eq!(
        (
            held[0]["mentions"].as_u64(),
            held[0]["origins"].as_array().map(Vec::len)
        ),
        (Some(3), Some(2))
    );
    assert_eq!(held[0]["conflicts"].as_array().map(Vec::len), Some(0));
    // Nothing is preferred before a person does it, with a reason.
    assert_eq!(held[0]["preferred"], Value::Null);
    let id = text(held[0], "/figures/0/id").to_owned();
    assert_eq!(world.run(&["review", "prefer", &id]).status.code(), Some(2));
    world.ok(&[
        "review",
        "prefer",
        &id,
        "--reason",
        "the first teller",
        "--by",
        "Ari",
    ]);
    let all = world.json(&["figures", "--event", "detention"]);
    assert_eq!(
        text(facts(&all, "detention")[0], "/preferred/statement"),
        id
    );
    assert_eq!(text(facts(&all, "detention")[0], "/preferred/by"), "Ari");
    world.ok(&["review", "undo", "1"]);
    let all = world.json(&["figures", "--event", "detention"]);
    assert_eq!(facts(&all, "detention")[0]["preferred"], Value::Null);
}

#[test]
fn scenario_04_and_05_the_night_of_october_and_the_spring_after_it() {
    let world = World::new();
    world.add(
        "a.txt",
        "Human Rights Watch",
        "2023-10-12",
        "China forcibly returned more than 500 North Koreans on October 9, 2023.\n",
    );
    world.add(
        "b.txt",
        "Justice for North Korea",
        "2023-10-11",
        "China forcibly returned about 600 North Koreans on the night of October 9.\n",
    );
    world.add(
        "c.txt",
        "a member of parliament",
        "2023-10-12",
        "China forcibly returned as many as 600 North Koreans on October 9.\n",
    );
    world.add(
        "d.txt",
        "Justice for North Korea",
        "2023-10-20",
        "China has forcibly returned 2,600 North Koreans since August 2020.\n",
    );
    let all = world.json(&["figures", "--event", "repatriation"]);
    let night = *facts(&all, "repatriation")
        .iter()
        .find(|s| s["mentions"] == 3)
        .expect("the night");
    assert_eq!(
        (
            night.pointer("/points/0/compatible"),
            night.pointer("/points/0/high")
        ),
        (Some(&Value::from(true)), Some(&Value::from(600.0))),
        "{night:#?}"
    );
    let sum = *facts(&all, "repatriation")
        .iter()
        .find(|s| s["mentions"] == 1)
        .expect("the sum");
    assert_eq!(text(sum, "/measure"), "cumulative");
    world.add("e.txt", "Human Rights Watch", "2024-05-07", "China sent back about 60 North Koreans on April 26, 2024, Human Rights Watch said, citing a missionary.\n");
    world.add(
        "f.txt",
        "an agency",
        "2024-05-02",
        "China sent back 200 North Koreans on April 26, 2024, an activist said.\n",
    );
    let all = world.json(&["figures", "--event", "repatriation"]);
    let spring = *facts(&all, "repatriation")
        .iter()
        .find(|s| s["conflicts"].as_array().is_some_and(|c| !c.is_empty()))
        .expect("a conflict");
    assert_eq!(
        spring["origins"].as_array().map(Vec::len),
        Some(2),
        "{spring:#?}"
    );
    assert_eq!(
        text(spring, "/figures/1/chain/0"),
        "missionary",
        "{spring:#?}"
    );
    let printed = world.ok(&["--quiet", "figures", "--event", "repatriation"]);
    assert!(
        printed.contains("conflict: “200” and “about 60” cannot both hold"),
        "{printed}"
    );
}

#[test]
fn scenario_07_sums_add_up_and_relays_that_drift_are_told() {
    let world = World::new();
    world.add("a.txt", "a database", "2023-01-10", "3,732 North Koreans were detained in Jilin. 1,077 North Koreans were detained in Liaoning. In all, 4,809 North Koreans were detained in Yanbian.\n");
    world.add(
        "b.txt",
        "an agency",
        "2023-02-10",
        "4,809 North Koreans were detained in China.\n",
    );
    world.add(
        "c.txt",
        "a database",
        "2023-03-01",
        "The database holds 8,148 cases of forced repatriation from China.\n",
    );
    world.add(
        "d.txt",
        "an agency",
        "2023-03-02",
        "China repatriated over 8,000 North Koreans.\n",
    );
    world.add(
        "e.txt",
        "X",
        "2024-03-02",
        "108 workers were arrested in Helong in January 2024.\n",
    );
    world.add(
        "f.txt",
        "Y",
        "2024-04-02",
        "108 workers were arrested in Helong in January 2023.\n",
    );
    let printed = world.ok(&["--quiet", "figures"]);
    for wanted in [
        "adds up: 3,732 + 1,077 = 4,809",
        "drift (unit)",
        "drift (scope)",
        "drift (date)",
    ] {
        assert!(printed.contains(wanted), "{wanted} in\n{printed}");
    }
}

#[test]
fn scenario_30_annual_chapters_make_one_series() {
    let world = World::new();
    for (year, figure) in [
        (
            "2017",
            "1,414 North Korean refugees reached South Korea in 2016",
        ),
        (
            "2018",
            "1,127 North Korean refugees reached South Korea in 2017",
        ),
        (
            "2020",
            "About 1,047 North Korean refugees reached South Korea in 2019, compared with the peak of 2,914 in 2009",
        ),
    ] {
        world.add(
            &format!("chapter-{year}.txt"),
            "CECC",
            &format!("{year}-10-10"),
            &format!(
                "Annual report {year}\n\n{figure}, according to the Ministry of Unification.\n"
            ),
        );
    }
    let all = world.json(&["figures", "--event", "arrival"]);
    let arrivals = facts(&all, "arrival");
    assert_eq!(arrivals.len(), 1, "{all:#?}");
    let best: Vec<f64> = arrivals[0]["figures"]
        .as_array()
        .expect("figures")
        .iter()
        .filter_map(|f| f["best"].as_f64())
        .collect();
    for wanted in [1414.0, 1127.0, 1047.0, 2914.0] {
        assert!(best.contains(&wanted), "{wanted} in {best:?}");
    }
}

/// How many values a list in JSON has.
fn many(value: &Value, pointer: &str) -> usize {
    value
        .pointer(pointer)
        .and_then(Value::as_array)
        .map_or(0, Vec::len)
}

#[test]
fn scenario_06_a_new_total_contains_the_old_one() {
    let world = World::new();
    world.add(
        "may.txt",
        "Human Rights Watch",
        "2024-05-07",
        "China has forcibly returned more than 670 North Koreans since 2020.\n",
    );
    world.add("later.txt", "Human Rights Watch", "2025-10-15", "China has forcibly returned at least 406 people since 2024. China has forcibly returned at least 1,076 North Koreans since 2020.\n");
    let all = world.json(&["figures", "--event", "repatriation"]);
    let words: Vec<&str> = all
        .iter()
        .flat_map(|s| s["identities"].as_array().into_iter().flatten())
        .map(|i| text(i, "/words"))
        .collect();
    assert!(words.contains(&"670 + 406 = 1,076"), "{all:#?}");
    // The older total stands in the series of the newer one, and nothing says that they differ.
    let since = *facts(&all, "repatriation")
        .iter()
        .find(|s| s["mentions"] == 2)
        .expect("both totals");
    assert_eq!(many(since, "/conflicts"), 0, "{since:#?}");
}

#[test]
fn scenario_08_one_event_with_two_years_is_not_two() {
    let world = World::new();
    world.add(
        "e.txt",
        "one relay",
        "2024-03-02",
        "China deported 108 North Korean workers from Helong in January 2024.\n",
    );
    world.add(
        "f.txt",
        "another relay",
        "2024-04-02",
        "China deported 108 workers from Helong in January 2023.\n",
    );
    let all = world.json(&[
        "figures",
        "--event",
        "repatriation",
        "--event",
        "deportation",
    ]);
    let sent = facts(&all, "repatriation");
    assert_eq!(sent.len(), 1, "{all:#?}");
    assert_eq!(sent[0]["mentions"], 2);
    assert_eq!(text(sent[0], "/warnings/0/kind"), "date", "{sent:#?}");
}

#[test]
fn scenario_10_cases_are_not_persons() {
    let world = World::new();
    world.add(
        "database.txt",
        "NKDB",
        "2023-03-01",
        "The database of NKDB holds 8,148 cases of forced repatriation from China.\n",
    );
    world.add(
        "relay.txt",
        "an agency",
        "2023-03-02",
        "China has repatriated over 8,000 North Koreans, according to NKDB.\n",
    );
    let all = world.json(&["figures", "--event", "repatriation"]);
    let (cases, persons): (Vec<&Value>, Vec<&Value>) =
        all.iter().partition(|s| text(s, "/unit") == "case");
    assert_eq!((cases.len(), persons.len()), (1, 1), "{all:#?}");
    for one in [cases[0], persons[0]] {
        assert_eq!(one["mentions"], 1);
        assert_eq!(text(one, "/warnings/0/kind"), "unit", "{one:#?}");
    }
    assert_eq!(persons[0].pointer("/figures/0/best"), Some(&Value::Null));
    let printed = world.ok(&["--quiet", "figures"]);
    assert!(printed.contains("drift (unit)"), "{printed}");
}

#[test]
fn scenario_11_a_heading_that_forgets_two_chinese_is_contested() {
    let world = World::new();
    world.add(
        "police.txt",
        "a radio station",
        "2024-05-03",
        "Police in Yanji arrested 13 people on May 1, 2024, of whom two were Chinese nationals.\n",
    );
    world.add(
        "relay.txt",
        "an agency",
        "2024-05-04",
        "Police in Yanji arrested 13 North Koreans on May 1, 2024.\n",
    );
    let all = world.json(&["figures", "--event", "arrest"]);
    let whole = *facts(&all, "arrest")
        .iter()
        .find(|s| s["mentions"] == 2)
        .unwrap_or_else(|| panic!("both of 13: {all:#?}"));
    assert_eq!(
        text(whole, "/splits/0/words"),
        "13 = 2 chinese + 11 others",
        "{whole:#?}"
    );
    assert_eq!(
        text(whole, "/conflicts/0/reason"),
        "13 north koreans is contested: 13 = 2 chinese + 11 others",
        "{whole:#?}"
    );
    let two = *facts(&all, "arrest")
        .iter()
        .find(|s| text(s, "/population") == "chinese")
        .expect("the two");
    assert_eq!(two.pointer("/figures/0/best"), Some(&Value::from(2.0)));
    let printed = world.ok(&["--quiet", "figures"]);
    assert!(
        printed.contains("divides: 13 = 2 chinese + 11 others"),
        "{printed}"
    );
}

#[test]
fn scenario_12_a_ministry_confirms_the_event_and_keeps_the_number() {
    let world = World::new();
    world.add(
        "group.txt",
        "Justice for North Korea",
        "2023-10-11",
        "China forcibly returned about 600 North Koreans on October 9, 2023.\n",
    );
    world.add("ministry.txt", "a newspaper", "2023-10-13", "The Ministry of Unification confirmed that many North Koreans were repatriated from China on October 9, 2023, but declined to say how many.\n");
    let all = world.json(&["figures", "--event", "repatriation"]);
    let back = facts(&all, "repatriation");
    assert_eq!(back.len(), 1, "{all:#?}");
    assert_eq!(text(back[0], "/status"), "confirmed_by_state");
    let rows = back[0]["figures"].as_array().expect("figures");
    assert_eq!(rows.len(), 2);
    let row = rows
        .iter()
        .find(|f| f["kind"].is_null())
        .expect("a row without a number");
    assert_eq!(
        (&row["low"], &row["high"], &row["best"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    assert_eq!(row["confirmed_by_state"], true);
    // The state confirms no number: what they leave together is what the group's figure leaves.
    assert_eq!(many(back[0], "/conflicts"), 0);
    let printed = world.ok(&["--quiet", "figures"]);
    assert!(printed.contains("no number given"), "{printed}");
}

#[test]
fn tellers_who_cite_one_another_are_one_origin() {
    let world = World::new();
    world.add("a.txt", "Daily NK", "2023-10-11", "China forcibly returned about 600 North Koreans on October 9, 2023, Radio Free Asia said.\n");
    world.add(
        "b.txt",
        "Radio Free Asia",
        "2023-10-12",
        "China forcibly returned about 600 North Koreans on October 9, 2023, Daily NK said.\n",
    );
    let all = world.json(&["figures", "--event", "repatriation"]);
    let back = facts(&all, "repatriation");
    assert_eq!(back.len(), 1, "{all:#?}");
    assert_eq!(
        (many(back[0], "/origins"), many(back[0], "/circles")),
        (1, 1),
        "{back:#?}"
    );
    let printed = world.ok(&["--quiet", "figures"]);
    assert!(printed.contains("circular: "), "{printed}");
}
