//! Record linkage of lists from outside, as people run it.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

fn run(dir: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tumen"))
        .current_dir(dir)
        .args(["link", "--quiet"])
        .args(args)
        .output()
        .expect("the program runs")
}

fn lines(text: &[u8]) -> Vec<Value> {
    String::from_utf8_lossy(text)
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

fn message(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

const PARTS: [(&str, &str); 8] = [
    ("김", "Kim"),
    ("박", "Pak"),
    ("최", "Choe"),
    ("철", "Chol"),
    ("호", "Ho"),
    ("영", "Yong"),
    ("순", "Sun"),
    ("옥", "Ok"),
];

/// Two invented lists: 300 people each, the last 150 of the first are the first 150 of the second, in letters there and
/// with dates in another form.
fn world() -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    let person = |i: usize| {
        // Each drawn on its own: of people who go round by a rule, one is the near twin of another.
        let mut drawn = (i as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut under = |end: u64| {
            drawn ^= drawn >> 29;
            drawn = drawn.wrapping_mul(0xbf58_476d_1ce4_e5b9);
            drawn ^= drawn >> 32;
            (drawn % end) as usize
        };
        (
            PARTS[under(3)],
            PARTS[3 + under(5)],
            PARTS[3 + under(5)],
            1940 + under(60),
            1 + under(12),
            1 + under(28),
            ["Musan", "Onsong", "Hoeryong"][under(3)],
        )
    };
    let mut first = "번호,성명,생년월일,성별,지역\n".to_owned();
    let mut second = "id;Name;DOB;Sex;Place\n".to_owned();
    for i in 0..300 {
        let (s, a, b, year, month, day, place) = person(i);
        let sex = if i % 2 == 0 { "남" } else { "여" };
        writeln!(
            first,
            "A{i},{}{}{},{year}-{month:02}-{day:02},{sex},{place}",
            s.0, a.0, b.0
        )
        .expect("text");
        let (s, a, b, year, month, day, place) = person(i + 150);
        let sex = if i % 2 == 0 { "M" } else { "F" };
        writeln!(
            second,
            "B{};{} {} {};{day}/{month}/{year};{sex};{place}",
            i + 150,
            s.1,
            a.1,
            b.1
        )
        .expect("text");
    }
    fs::write(dir.path().join("first.csv"), first).expect("written");
    fs::write(dir.path().join("second.csv"), second).expect("written");
    dir
}

#[test]
fn two_lists_are_linked_counted_and_repeated() {
    let dir = world();
    let files = [
        "--clusters",
        "clusters.jsonl",
        "--table",
        "table.csv",
        "--drawn-tables",
        "drawn.csv",
    ];
    let args = [
        &[
            "first.csv",
            "second.csv",
            "--json",
            "--save-settings",
            "settings.json",
        ][..],
        &files,
    ]
    .concat();
    let output = run(dir.path(), &args);
    assert_eq!(output.status.code(), Some(0), "{}", message(&output));
    let pairs = lines(&output.stdout);
    let right = pairs
        .iter()
        .filter(|pair| {
            let id = |side: &str| pair[side]["id"].as_str().expect("an id")[1..].to_owned();
            assert_eq!(
                (&pair["left"]["file"], &pair["right"]["file"]),
                (&"first.csv".into(), &"second.csv".into())
            );
            id("left") == id("right")
        })
        .count();
    assert!(
        right >= 145 && pairs.len() <= right + 3,
        "{right} of {}",
        pairs.len()
    );
    let sum: f64 = pairs[0]["because"]
        .as_array()
        .expect("reasons")
        .iter()
        .map(|r| r["weight"].as_f64().expect("a weight"))
        .sum();
    let score = pairs[0]["score"].as_f64().expect("a score");
    assert!((1.0 / (1.0 + (-sum).exp()) - score).abs() < 1e-3);
    assert_eq!(
        pairs[0]["left"]["row"],
        pairs[0]["left"]["id"].as_str().expect("an id")[1..]
            .parse::<u64>()
            .expect("a number")
            + 1
    );

    // 600 records, and the pairs that were joined are one person each.
    let clusters = lines(&fs::read(dir.path().join("clusters.jsonl")).expect("clusters"));
    assert_eq!(clusters.len(), 600);
    let people: std::collections::BTreeSet<&str> = clusters
        .iter()
        .filter_map(|c| c["cluster"].as_str())
        .collect();
    assert_eq!(people.len(), 600 - pairs.len());
    let table = fs::read_to_string(dir.path().join("table.csv")).expect("a table");
    let both = format!("1,1,{}", pairs.len());
    assert!(
        table.starts_with("first,second,count\n") && table.contains(&both),
        "{table}"
    );
    let drawn = fs::read_to_string(dir.path().join("drawn.csv")).expect("tables");
    assert!(
        drawn.starts_with("linkage,first,second,count\n1,"),
        "{drawn}"
    );
    assert!(
        drawn.lines().last().expect("a line").starts_with("20,1,1,"),
        "{drawn}"
    );

    // The saved settings give the same answer, byte for byte.
    let again = run(
        dir.path(),
        &[
            "first.csv",
            "second.csv",
            "--json",
            "--settings",
            "settings.json",
        ],
    );
    assert_eq!(
        String::from_utf8_lossy(&again.stdout),
        String::from_utf8_lossy(&output.stdout)
    );

    // Rows are added at the start: clusters keep their ids.
    let text = fs::read_to_string(dir.path().join("first.csv")).expect("a list");
    let (heading, rest) = text.split_once('\n').expect("a heading");
    fs::write(
        dir.path().join("first.csv"),
        format!("{heading}\nA999,류옥순,2001-02-03,여,Musan\n{rest}"),
    )
    .expect("written");
    let args = [
        "first.csv",
        "second.csv",
        "--earlier",
        "clusters.jsonl",
        "--clusters",
        "later.jsonl",
    ];
    assert_eq!(run(dir.path(), &args).status.code(), Some(0));
    let later = lines(&fs::read(dir.path().join("later.jsonl")).expect("clusters"));
    let kept = later
        .iter()
        .filter(|c| {
            clusters
                .iter()
                .any(|old| old["id"] == c["id"] && old["cluster"] == c["cluster"])
        })
        .count();
    assert!(kept >= 597, "{kept}");
}

#[test]
fn the_plan_is_shown_before_anything_runs() {
    let dir = world();
    let output = run(dir.path(), &["first.csv", "second.csv", "--json", "--plan"]);
    let plan = &lines(&output.stdout)[0];
    let kinds: Vec<&str> = plan["columns"]
        .as_array()
        .expect("columns")
        .iter()
        .filter_map(|c| c["kind"].as_str())
        .collect();
    assert_eq!(kinds, ["record", "name", "date", "sex", "place"]);
    assert!(
        plan["rules"]
            .as_array()
            .expect("rules")
            .iter()
            .all(|rule| rule["pairs"].as_u64().expect("pairs") > 0)
    );
    assert_eq!(plan["all_pairs"], 90_000);

    // A name that is read in several ways makes a pair once.
    let list = |ids: [&str; 3]| {
        format!(
            "id,name,dob\n{},Kim Chol Ho,1970-01-02\n{},Pak Yong Sun,1981-03-04\n{},Ri Sun Ok,1985-05-06\n",
            ids[0], ids[1], ids[2]
        )
    };
    fs::write(dir.path().join("small.csv"), list(["1", "1", "2"])).expect("written");
    fs::write(dir.path().join("least.csv"), list(["1", "2", "3"])).expect("written");
    let output = run(dir.path(), &["small.csv", "least.csv", "--json", "--plan"]);
    let plan = &lines(&output.stdout)[0];
    let rules = plan["rules"].as_array().expect("rules");
    assert!(
        rules
            .iter()
            .all(|rule| (1..=9).contains(&rule["pairs"].as_u64().expect("pairs"))),
        "{rules:?}"
    );
}

#[test]
fn judged_pairs_tell_what_a_threshold_finds() {
    let dir = world();
    let mut labels = "left_id,right_id,match\n".to_owned();
    for i in 150..200 {
        writeln!(labels, "A{i},B{i},1\nA{i},B{},0", i + 1).expect("text");
    }
    fs::write(dir.path().join("labels.csv"), labels).expect("written");
    let output = run(
        dir.path(),
        &[
            "first.csv",
            "second.csv",
            "--json",
            "--brief",
            "--labels",
            "labels.csv",
        ],
    );
    let rows: Vec<Value> = lines(&output.stdout)
        .into_iter()
        .filter(|line| line.get("sweep").is_some())
        .collect();
    assert_eq!(rows.len(), 15, "{}", message(&output));
    let half = rows
        .iter()
        .find(|row| row["sweep"]["threshold"] == 0.5)
        .expect("a row");
    assert!(
        half["sweep"]["recall"].as_f64().expect("recall") > 0.9,
        "{half}"
    );
    assert!(
        half["sweep"]["recall_interval"][0]
            .as_f64()
            .expect("a bound")
            < 1.0
    );
}

#[test]
fn what_cannot_be_linked_is_said() {
    let dir = world();
    fs::copy(dir.path().join("first.csv"), dir.path().join("copy.csv")).expect("copied");
    fs::write(dir.path().join("empty.csv"), "name,dob\n").expect("written");
    fs::write(
        dir.path().join("other.csv"),
        "colour,weight\nred,1\nblue,2\n",
    )
    .expect("written");
    fs::write(dir.path().join("bad.json"), "{\"rulez\": []}").expect("written");
    for (args, code, words) in [
        (&["first.csv", "copy.csv"][..], 2, "are the same file"),
        (&["first.csv", "empty.csv"], 2, "has no rows"),
        (&["first.csv", "other.csv"], 2, "no column in common"),
        (&["first.csv", "nowhere.csv"], 2, "cannot be read"),
        (
            &["first.csv", "second.csv", "--settings", "bad.json"],
            2,
            "holds no settings",
        ),
        (&["first.csv", "--table", "t.csv"], 2, "two lists or more"),
        (
            &["first.csv", "second.csv", "--threshold", "7"],
            2,
            "no probability",
        ),
    ] {
        let output = run(dir.path(), args);
        assert_eq!(
            output.status.code(),
            Some(code),
            "{args:?}: {}",
            message(&output)
        );
        assert!(
            message(&output).contains(words),
            "{args:?}: {}",
            message(&output)
        );
    }
}

#[test]
fn numbers_that_collide_and_one_block_of_all_are_told() {
    let dir = tempfile::tempdir().expect("a folder");
    let rows = |number: fn(usize) -> usize| -> String {
        let row = |i: usize| format!("{},Kim Chol Ho,1970-01-01\n", number(i));
        (0..4_000).map(row).collect()
    };
    let heading = "id,name,date of birth\n";
    let path = dir.path().join("all.csv");
    fs::write(&path, format!("{heading}{}", rows(|i| i))).expect("written");
    let output = Command::new(env!("CARGO_BIN_EXE_tumen"))
        .current_dir(dir.path())
        .args(["link", "all.csv", "--brief", "--plan"])
        .output()
        .expect("the program runs");
    let told = message(&output) + &String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{told}");
    assert!(
        told.contains("puts up to 4000 records into one block"),
        "{told}"
    );
    assert!(told.contains("pairs are left out"), "{told}");

    let people = |number: fn(usize) -> usize| -> String {
        let row = |i: usize| {
            let (a, b) = (PARTS[3 + i % 5].1, PARTS[3 + i / 5 % 5].1);
            let (year, month, day) = (1940 + i % 60, 1 + i % 12, 1 + i % 28);
            format!("{},Kim {a} {b},{year}-{month:02}-{day:02}\n", number(i))
        };
        (0..100).map(row).collect()
    };
    fs::write(&path, format!("{heading}{}", people(|i| i % 5))).expect("written");
    let output = Command::new(env!("CARGO_BIN_EXE_tumen"))
        .current_dir(dir.path())
        .args(["link", "all.csv", "--brief"])
        .output()
        .expect("the program runs");
    let told = message(&output);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(
        told.contains("100 rows share their `id` with another row"),
        "{told}"
    );
}

/// As `tumen link … 2>&1 | head` does it: once this ended in a panic.
#[test]
fn remarks_that_nobody_hears_stop_nothing() {
    let dir = world();
    let (deaf, speaking) = std::io::pipe().expect("a pipe");
    drop(deaf);
    let output = Command::new(env!("CARGO_BIN_EXE_tumen"))
        .current_dir(dir.path())
        .args(["link", "first.csv", "second.csv", "--json"])
        .stderr(speaking)
        .output()
        .expect("the program runs");
    assert!(output.status.success(), "{:?}", output.status);
    assert!(!lines(&output.stdout).is_empty());
}
