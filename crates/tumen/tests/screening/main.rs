//! Screening and cross-reference from outside, as people run them.

mod imports;
mod scenarios;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

const LIST: &str = r#"{"id":"L1","schema":"Person","properties":{"name":["Ivan Petrovich Sidorov"],"alias":["Сидоров Иван Петрович"],"birthDate":["1970-05-12"],"nationality":["ru"]},"first_seen":"2023-01-10","last_seen":"2024-06-01"}
{"id":"L2","schema":"Person","properties":{"name":["Ivana Petrova"],"birthDate":["1984"],"gender":["female"]},"first_seen":"2024-02-01","last_seen":"2024-06-01"}
{"id":"L3","schema":"Vessel","properties":{"name":["OCEAN STAR 8"],"imoNumber":["9074729"],"flag":["pa"]}}
{"id":"L4","schema":"Company","properties":{"name":["Haifeng Marine Products (Dalian) Co., Ltd."],"country":["cn"],"colour":["blue"]}}
{"id":"L5","schema":"Ownership","properties":{"owner":["L4"],"asset":["L3"]}}
this line is no JSON
{"id":"L6","schema":"Martian","properties":{"name":["X"]}}
"#;

fn run(dir: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tumen"))
        .current_dir(dir)
        .args(args)
        .output()
        .expect("the program runs")
}

fn lines(output: &Output) -> Vec<Value> {
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

fn world() -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    fs::write(dir.path().join("list.json"), LIST).expect("written");
    let queries =
        "id,name,birth_date,country\nq1,\"Sidorov, Ivan\",1970-05-12,Russia\nq2,Nobody Here,,\n";
    fs::write(dir.path().join("asked.csv"), queries).expect("written");
    dir
}

#[test]
fn who_on_a_list_may_this_be() {
    let dir = world();
    let output = run(
        dir.path(),
        &["screen", "asked.csv", "--against", "list.json", "--json"],
    );
    let hits = lines(&output);
    assert_eq!(hits.len(), 1, "{hits:?}");
    assert_eq!(hits[0]["query"], "q1");
    assert_eq!(hits[0]["candidate"], "L1");
    assert_eq!(hits[0]["match"], true);
    let score = hits[0]["score"].as_f64().expect("a score");
    let odds: f64 = hits[0]["because"]
        .as_array()
        .expect("reasons")
        .iter()
        .map(|one| one["weight"].as_f64().expect("a weight"))
        .sum();
    assert!(
        (1.0 / (1.0 + (-odds).exp()) - score).abs() < 0.001,
        "{}",
        hits[0]
    );
    // A line could not be read: told, and the status says so; the others were searched.
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(
        told.contains("line 6") && told.contains("colour") && told.contains("Martian"),
        "{told}"
    );
    assert!(told.contains("sha256"), "{told}");
}

#[test]
fn a_number_with_its_check_digit_decides() {
    let dir = world();
    let renamed = r#"{"id":"q","schema":"Vessel","properties":{"name":["SEA DREAM"],"imoNumber":["IMO 9074729"],"flag":["kh"]}}"#;
    fs::write(dir.path().join("ship.json"), renamed).expect("written");
    let output = run(
        dir.path(),
        &["--json", "screen", "ship.json", "--against", "list.json"],
    );
    let hits = lines(&output);
    assert_eq!(hits.len(), 1, "{hits:?}");
    assert_eq!(hits[0]["candidate"], "L3");
    let wrong = renamed.replace("9074729", "9074728");
    fs::write(dir.path().join("ship.json"), wrong).expect("written");
    let output = run(
        dir.path(),
        &["--json", "screen", "ship.json", "--against", "list.json"],
    );
    assert!(lines(&output).is_empty());
}

#[test]
fn a_list_as_it_was_and_what_was_judged() {
    let dir = world();
    let early = run(
        dir.path(),
        &[
            "--json",
            "screen",
            "asked.csv",
            "--against",
            "list.json",
            "--as-of",
            "2022-12-31",
        ],
    );
    assert!(lines(&early).is_empty());
    let then = run(
        dir.path(),
        &[
            "--json",
            "screen",
            "asked.csv",
            "--against",
            "list.json",
            "--as-of",
            "2023-05",
        ],
    );
    assert_eq!(lines(&then).len(), 1);
    fs::write(
        dir.path().join("judged.ijson"),
        "[\"L1\", \"q1\", \"negative\", 0.9, \"Kim\", \"2024-01-01T00:00:00\"]\n",
    )
    .expect("written");
    let judged = run(
        dir.path(),
        &[
            "--json",
            "screen",
            "asked.csv",
            "--against",
            "list.json",
            "--judgements",
            "judged.ijson",
        ],
    );
    assert!(lines(&judged).is_empty());
    assert!(String::from_utf8_lossy(&judged.stderr).contains("judged them different"));
}

#[test]
fn records_of_one_file_that_may_be_one() {
    let dir = world();
    let twice = r#"{"id":"a","schema":"Company","properties":{"name":["Haifeng Marine Products Dalian Co Ltd"],"country":["cn"]}}
{"id":"b","schema":"Company","properties":{"name":["HAIFENG MARINE PRODUCTS (DALIAN) CO., LTD."],"country":["cn"]}}
{"id":"c","schema":"Company","properties":{"name":["Yongda Garment Dandong Co Ltd"],"country":["cn"]}}
"#;
    fs::write(dir.path().join("two.json"), twice).expect("written");
    let found = lines(&run(dir.path(), &["--json", "match", "two.json"]));
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(
        (&found[0]["left"], &found[0]["right"]),
        (&"a".into(), &"b".into())
    );
    let found = lines(&run(
        dir.path(),
        &["--json", "match", "two.json", "list.json"],
    ));
    let pairs: Vec<_> = found
        .iter()
        .map(|one| one["left"].as_str().unwrap_or_default())
        .collect();
    assert_eq!(pairs, ["a", "b"], "{found:?}");
    let csv = run(dir.path(), &["match", "two.json", "--csv", "--quiet"]);
    let text = String::from_utf8_lossy(&csv.stdout).into_owned();
    assert!(text.starts_with("left,left_caption,right,"), "{text}");
    assert_eq!(text.lines().count(), 2, "{text}");
}

#[test]
fn names_are_compared_without_a_case() {
    let dir = world();
    fs::write(
        dir.path().join("pairs.csv"),
        "schema,name1,name2,is_match,note\nPerson,John Smith,John Smith,true,x\nPerson,John Smith,Mary Jones,false,y\n",
    )
    .expect("written");
    let found = lines(&run(
        dir.path(),
        &["names", "compare", "--pairs", "pairs.csv", "--json"],
    ));
    assert_eq!(found.len(), 2);
    assert_eq!(found[0]["match"], true, "{}", found[0]);
    assert_eq!(found[1]["match"], false, "{}", found[1]);
    assert_eq!(found[0]["note"], "x");
    let summary = lines(&run(
        dir.path(),
        &[
            "names",
            "compare",
            "--pairs",
            "pairs.csv",
            "--summary",
            "--json",
        ],
    ));
    assert_eq!(summary[0]["group"], "all");
    assert_eq!(summary[0]["f1"], 1.0);
    let bad = run(dir.path(), &["names", "compare", "only one"]);
    assert_eq!(bad.status.code(), Some(2));
    let none = run(
        dir.path(),
        &["screen", "missing.csv", "--against", "list.json"],
    );
    assert_eq!(none.status.code(), Some(2));
}

fn ok(dir: &Path, args: &[&str]) -> Vec<Value> {
    let mut all = vec!["--json", "--quiet"];
    all.extend(args);
    let output = run(dir, &all);
    assert!(
        matches!(output.status.code(), Some(0 | 1)),
        "{args:?}: {output:?}"
    );
    lines(&output)
}

/// Scenario 20 as far as records go: proposed with reasons, joined by a person, split by taking it back.
#[test]
fn scenario_20_records_are_joined_by_a_person_and_split_again() {
    let dir = world();
    run(dir.path(), &["new", "case", "--plain"]);
    let case = dir.path().join("case");
    let case = case.to_str().expect("a path");
    fs::write(
        dir.path().join("other.json"),
        r#"{"id":"M1","schema":"Company","properties":{"name":["Haifeng Marine Products Dalian Co Ltd"],"country":["cn"],"incorporationDate":["2009"]}}
{"id":"M2","schema":"Company","properties":{"name":["Haifeng Marine Products (Dalian) Company Limited"],"incorporationDate":["2011"]}}
"#,
    )
    .expect("written");
    let imported = ok(
        dir.path(),
        &[
            "--case",
            case,
            "import",
            "list.json",
            "--source",
            "A ministry",
        ],
    );
    assert_eq!(imported[0]["list"]["entities"], 6, "{imported:?}");
    // The same bytes again change nothing.
    let again = ok(dir.path(), &["--case", case, "import", "list.json"]);
    assert_eq!(again[0]["decision"], imported[0]["decision"]);
    ok(dir.path(), &["--case", case, "import", "other.json"]);
    assert_eq!(
        ok(dir.path(), &["--case", case, "entities", "--lists"]).len(),
        2
    );
    let found = ok(dir.path(), &["--case", case, "entities", "--candidates"]);
    let pair = |one: &Value| {
        format!(
            "{} {}",
            one["left"].as_str().unwrap_or(""),
            one["right"].as_str().unwrap_or("")
        )
    };
    let pairs: Vec<_> = found.iter().map(pair).collect();
    assert!(pairs.contains(&"L4 M1".to_owned()), "{pairs:?}");
    assert!(
        found[0]["because"]
            .as_array()
            .is_some_and(|b| !b.is_empty())
    );
    // No reason, no decision.
    assert_eq!(
        run(dir.path(), &["--case", case, "review", "same", "L4", "M1"])
            .status
            .code(),
        Some(2)
    );
    let same = ok(
        dir.path(),
        &[
            "--case",
            case,
            "review",
            "--reason",
            "same address",
            "same",
            "L4",
            "M1",
        ],
    );
    let view = ok(dir.path(), &["--case", case, "entity", "M1"]);
    assert_eq!(view[0]["id"], "L4");
    assert_eq!(view[0]["sources"].as_array().map(Vec::len), Some(2));
    ok(
        dir.path(),
        &[
            "--case",
            case,
            "review",
            "--reason",
            "one group",
            "same",
            "M1",
            "M2",
        ],
    );
    // Two years of incorporation stand side by side.
    let view = ok(dir.path(), &["--case", case, "entity", "M2"]);
    assert_eq!(view[0]["disagreements"][0], "incorporationDate", "{view:?}");
    let exported = ok(dir.path(), &["--case", case, "export"]);
    let joined = exported.iter().find(|e| e["id"] == "L4").expect("exported");
    assert_eq!(joined["referents"], serde_json::json!(["M1", "M2"]));
    // The other list's link leads to what was joined; rebuilding keeps lists and judgements.
    let before = exported.len();
    run(dir.path(), &["--case", case, "--quiet", "rebuild"]);
    assert_eq!(ok(dir.path(), &["--case", case, "export"]).len(), before);
    // What was called different is not joined by way of a third.
    let apart = run(
        dir.path(),
        &[
            "--case",
            case,
            "review",
            "--reason",
            "other owner",
            "different",
            "L4",
            "M2",
        ],
    );
    assert_eq!(apart.status.code(), Some(1), "{apart:?}");
    assert!(String::from_utf8_lossy(&apart.stderr).contains("left apart"));
    let number = same[0]["decision"].to_string();
    ok(dir.path(), &["--case", case, "review", "undo", &number]);
    let view = ok(dir.path(), &["--case", case, "entity", "L4"]);
    assert_eq!(
        view[0]["sources"].as_array().map(Vec::len),
        Some(1),
        "{view:?}"
    );
    let judged = run(
        dir.path(),
        &["--case", case, "export", "--format", "judgements"],
    );
    let text = String::from_utf8_lossy(&judged.stdout).into_owned();
    assert!(
        text.contains("\"negative\"") && text.contains("\"positive\""),
        "{text}"
    );
    assert!(
        run(dir.path(), &["--case", case, "verify"])
            .status
            .success()
    );
}
