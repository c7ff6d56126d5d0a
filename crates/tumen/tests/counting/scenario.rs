//! Scenario 26: lists of victims with Hangul, Hanja and Latin spellings and a planted overlap.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

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

fn said(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The lists in a folder, and the person of each row.
fn world() -> (tempfile::TempDir, HashMap<(String, usize), usize>) {
    let dir = tempfile::tempdir().expect("a folder");
    testkit::overlap::write(dir.path()).expect("written");
    let mut people = HashMap::new();
    for (file, _, rows) in testkit::overlap::lists() {
        for (row, person) in (1..).zip(rows) {
            people.insert((file.to_owned(), row), person);
        }
    }
    (dir, people)
}

const FILES: [&str; 3] = ["testimonies.csv", "notices.csv", "register.csv"];

/// Precision and recall of the pairs that were joined.
fn quality(
    pairs: &[Value],
    people: &HashMap<(String, usize), usize>,
    files: &[&str],
) -> (f64, f64) {
    let place = |side: &Value| {
        let row = side["row"].as_u64().expect("a row") as usize;
        (side["file"].as_str().expect("a file").to_owned(), row)
    };
    let right = pairs
        .iter()
        .filter(|pair| people[&place(&pair["left"])] == people[&place(&pair["right"])])
        .count();
    let mut lists: HashMap<&str, HashSet<usize>> = HashMap::new();
    for ((file, _), person) in people {
        lists.entry(file).or_default().insert(*person);
    }
    let mut all = 0;
    for (n, a) in files.iter().enumerate() {
        for b in files.iter().skip(n + 1) {
            all += lists[a].intersection(&lists[b]).count();
        }
    }
    assert!(all > 20, "the overlap is planted: {all}");
    (right as f64 / pairs.len() as f64, right as f64 / all as f64)
}

#[test]
fn two_lists_are_linked_but_get_no_headline() {
    let (dir, people) = world();
    let args = [
        "link",
        FILES[0],
        FILES[1],
        "--json",
        "--quiet",
        "--table",
        "table.csv",
    ];
    let linked = run(dir.path(), &args);
    assert!(linked.status.success(), "{}", said(&linked.stderr));
    let (precision, recall) = quality(&lines(&linked), &people, &FILES[..2]);
    assert!(precision >= 0.9 && recall >= 0.9, "{precision} {recall}");

    let estimated = run(dir.path(), &["estimate", "table.csv", "--json"]);
    let told = lines(&estimated);
    let chapman = told.iter().find(|line| line["method"] == "chapman");
    let chapman = chapman.expect("the one method for two lists");
    let interval = |end: usize| chapman["interval"][end].as_f64().expect("a limit");
    assert!(interval(0) < 220.0 && 220.0 < interval(1), "{chapman}");
    let summary = &told.last().expect("a summary")["summary"];
    assert_eq!(summary["headline"], Value::Null);
}

#[test]
fn three_lists_give_a_range_with_the_error_of_linkage_in_it() {
    let (dir, people) = world();
    let mut args = vec!["link"];
    args.extend(FILES);
    args.extend([
        "--json",
        "--quiet",
        "--table",
        "table.csv",
        "--drawn-tables",
        "drawn.csv",
    ]);
    let linked = run(dir.path(), &args);
    assert!(linked.status.success(), "{}", said(&linked.stderr));
    let (precision, recall) = quality(&lines(&linked), &people, &FILES);
    assert!(precision >= 0.9 && recall >= 0.9, "{precision} {recall}");

    let estimated = run(
        dir.path(),
        &["estimate", "table.csv", "--json", "--resamples", "200"],
    );
    assert!(estimated.status.success(), "{}", said(&estimated.stderr));
    let told = lines(&estimated);
    let summary = &told.last().expect("a summary")["summary"];
    let limit = |summary: &Value, end: &str| summary["headline"][end].as_f64().expect("a limit");
    let truth = testkit::overlap::PEOPLE as f64;
    assert!(
        limit(summary, "low") < truth && truth < limit(summary, "high"),
        "{summary}"
    );
    assert!(summary["observed"].as_u64().expect("people") < 220);

    // Taken for one table, it is refused with the way on.
    let one = run(dir.path(), &["estimate", "drawn.csv"]);
    assert_eq!(one.status.code(), Some(2));
    assert!(said(&one.stderr).contains("`--linkages`"));

    // The one file of drawn linkages, as `link` wrote it.
    let drawn = [
        "estimate",
        "--linkages",
        "drawn.csv",
        "--json",
        "--method",
        "stepwise,bic,dga",
        "--resamples",
        "50",
    ];
    let combined = run(dir.path(), &drawn);
    assert!(combined.status.success(), "{}", said(&combined.stderr));
    let told = lines(&combined);
    let summary = &told.last().expect("a summary")["summary"];
    assert_eq!(summary["linkages"], 20);
    assert!(
        limit(summary, "low") < truth && truth < limit(summary, "high"),
        "{summary}"
    );
    for method in &told[..3] {
        let share = method["share_of_linkage"].as_f64().expect("a share");
        assert!((0.0..1.0).contains(&share), "{method}");
        assert_eq!(method["linkages"], 20);
    }
}

#[test]
fn lists_of_one_informant_are_refused() {
    let (dir, _) = world();
    let mut args = vec!["link"];
    args.extend(FILES);
    args.extend(["--quiet", "--brief", "--table", "table.csv"]);
    assert!(run(dir.path(), &args).status.success());
    let table = fs::read_to_string(dir.path().join("table.csv")).expect("the table");
    assert!(
        table.starts_with("testimonies,notices,register,count\n"),
        "{table}"
    );
    let args = [
        "estimate",
        "table.csv",
        "--json",
        "--copied",
        "testimonies,notices,register",
    ];
    let refused = run(dir.path(), &args);
    assert_eq!(refused.status.code(), Some(1), "{}", said(&refused.stderr));
    let told = lines(&refused);
    let summary = &told.last().expect("a summary")["summary"];
    assert_eq!((told.len(), &summary["headline"]), (1, &Value::Null));
    assert!(summary["refused"]["message"].is_string(), "{summary}");
}

#[test]
fn a_case_takes_in_their_headings_and_dates() {
    let dir = tempfile::tempdir().expect("a folder");
    let at = dir.path();
    let check = |name: &str, text: &str, expected: &[(&str, &str)], told: &str| {
        let case = format!("{name}-case");
        assert!(
            run(at, &["new", &case, "--plain", "--quiet"])
                .status
                .success()
        );
        let file = format!("{name}.csv");
        fs::write(at.join(&file), text).expect("written");
        let imported = run(at, &["--case", &case, "import", &file]);
        let said = said(&imported.stdout) + &said(&imported.stderr);
        assert!(imported.status.success(), "{said}");
        assert!(said.contains(told), "{said}");
        let out = run(at, &["--case", &case, "export", "--format", "ftm"]);
        let entity = &lines(&out)[0]["properties"];
        for (property, value) in expected {
            assert_eq!(entity[property][0], *value, "{entity}");
        }
    };
    let person = [("birthDate", "1962-05-08"), ("gender", "male")];
    let with = |place| [&person[..], &[("birthPlace", place)]].concat();
    check(
        "ko",
        "번호,성명,성별,생년월일,출생지\n7,김철호,남,1962년 5월 8일,무산\n",
        &with("무산"),
        "",
    );
    check(
        "zh",
        "编号,姓名,性别,出生日期,籍贯\n7,金哲浩,男,1962年5月8日,茂山\n",
        &with("茂山"),
        "",
    );
    // Another date of the column says that the day stands first; without it only the year is sure.
    check(
        "en",
        "no,name,sex,date of birth,birthplace\n7,Kim Chol Ho,M,8/5/1962,Musan\n8,Pak Yong Sun,F,22/10/1983,Musan\n",
        &with("Musan"),
        "`8/5/1962` of `birthDate` can have the day or the month first: read as 1962-05-08",
    );
    check(
        "open",
        "no,name,sex,birthdate\n7,Kim Chol Ho,M,8/5/1962\n",
        &[("birthDate", "1962")],
        "only the year is taken",
    );
}

#[test]
fn the_demo_goes_from_three_scripts_to_a_range() {
    let dir = tempfile::tempdir().expect("a folder");
    let shown = run(dir.path(), &["demo", "sample", "--quiet"]);
    assert!(shown.status.success(), "{}", said(&shown.stderr));
    let told = said(&shown.stdout);
    let step = told
        .split("9. tumen link ")
        .nth(1)
        .and_then(|rest| rest.split("10. The interface").next())
        .unwrap_or_else(|| panic!("{told}"));
    for words in [
        "read alike in two scripts",
        "Log-linear, best BIC",
        "Average over graphs",
        "Latent classes",
        "20 of 20",
    ] {
        assert!(step.contains(words), "{words}: {step}");
    }
    // The range of the methods holds the number that is known, and so does that with the error of linkage.
    let ranges: Vec<(u32, u32)> = step
        .split("Probably between ")
        .skip(1)
        .map(|rest| {
            let mut numbers = rest.split(' ').filter_map(|word| word.parse().ok());
            numbers.next().zip(numbers.next()).expect("two limits")
        })
        .collect();
    let people = testkit::overlap::PEOPLE as u32;
    assert_eq!(ranges.len(), 2, "{step}");
    assert!(
        ranges
            .iter()
            .all(|(low, high)| *low < people && people < *high),
        "{ranges:?}"
    );
}
