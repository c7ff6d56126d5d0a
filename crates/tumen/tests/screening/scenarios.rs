//! Scenarios 19 and 20, through the program.

use std::fs;

use serde_json::Value;

use super::{lines, ok, run};

/// A plain case in which lists are imported, each with the day on which it was published.
pub(super) struct Inquiry(tempfile::TempDir);

impl Inquiry {
    pub(super) fn with(lists: &[(&str, &str, &str)]) -> Self {
        let inquiry = Self(tempfile::tempdir().expect("a folder"));
        assert!(
            run(inquiry.0.path(), &["new", "case", "--plain"])
                .status
                .success()
        );
        for (name, published, text) in lists {
            inquiry.import(name, published, text);
        }
        inquiry
    }

    pub(super) fn import(&self, name: &str, published: &str, text: &str) -> Vec<Value> {
        fs::write(self.0.path().join(name), text).expect("written");
        self.ok(&["import", name, "--name", name, "--published", published])
    }

    pub(super) fn path(&self) -> &std::path::Path {
        self.0.path()
    }

    pub(super) fn run(&self, args: &[&str]) -> std::process::Output {
        let mut all = vec!["--case", "case"];
        all.extend(args);
        run(self.0.path(), &all)
    }

    pub(super) fn ok(&self, args: &[&str]) -> Vec<Value> {
        let mut all = vec!["--case", "case"];
        all.extend(args);
        ok(self.0.path(), &all)
    }

    /// The pairs that are proposed, each as `left right`.
    pub(super) fn proposed(&self) -> Vec<(String, Value)> {
        let pairs = self.ok(&["entities", "--candidates"]);
        let named = |one: &Value| {
            let mut ids =
                [&one["left"], &one["right"]].map(|id| id.as_str().expect("an id").to_owned());
            ids.sort();
            ids.join(" ")
        };
        pairs.into_iter().map(|one| (named(&one), one)).collect()
    }

    pub(super) fn same(&self, left: &str, right: &str) -> String {
        let done = self.ok(&["review", "--reason", "seen by me", "same", left, right]);
        done[0]["decision"].to_string()
    }

    pub(super) fn entity(&self, id: &str) -> Value {
        self.ok(&["entity", id])[0].clone()
    }
}

/// The weights of a proposal sum to its score.
fn check_explained(pair: &Value) {
    let because = pair["because"].as_array().expect("reasons");
    let odds: f64 = because
        .iter()
        .map(|one| one["weight"].as_f64().expect("a weight"))
        .sum();
    let score = pair["score"].as_f64().expect("a score");
    assert!(
        (1.0 / (1.0 + (-odds).exp()) - score).abs() < 0.001,
        "{pair}"
    );
    assert!(
        because
            .iter()
            .all(|one| !one["reason"].as_str().expect("words").is_empty()),
        "{pair}"
    );
}

#[test]
fn scenario_19_a_renamed_and_reflagged_ship_is_one_with_dated_names() {
    let inquiry = Inquiry::with(&[
        (
            "register 2018",
            "2018-03-01",
            r#"{"id":"a-1","schema":"Vessel","properties":{"name":["HAE SONG 3"],"imoNumber":["9074729"],"flag":["kp"],"mmsi":["445123000"]}}
"#,
        ),
        (
            "register 2021",
            "2021-06-15",
            r#"{"id":"b-1","schema":"Vessel","properties":{"name":["GOLDEN WAVE"],"imoNumber":["IMO 9074729"],"flag":["pa"],"mmsi":["355901000"]},"first_seen":"2020-11-02T00:00:00","last_seen":"2021-06-15T00:00:00"}
"#,
        ),
    ]);
    let proposed = inquiry.proposed();
    assert_eq!(proposed.len(), 1, "{proposed:?}");
    let (pair, why) = &proposed[0];
    assert_eq!(pair, "a-1 b-1");
    check_explained(why);
    let number = why["because"]
        .as_array()
        .expect("reasons")
        .iter()
        .find(|one| one["feature"] == "identifier");
    assert!(
        number
            .expect("the number")
            .to_string()
            .contains("imoNumber"),
        "{why}"
    );
    // Nothing is one before a person says so.
    assert_eq!(
        inquiry.entity("b-1")["sources"].as_array().map(Vec::len),
        Some(1)
    );
    let decision = inquiry.same("a-1", "b-1");
    let ship = inquiry.entity("b-1");
    assert_eq!(ship["sources"].as_array().map(Vec::len), Some(2));
    let dated: Vec<String> = ship["properties"]["name"]
        .as_array()
        .expect("names")
        .iter()
        .map(|name| {
            format!(
                "{} {} {}",
                name["value"].as_str().unwrap_or(""),
                name["from"].as_str().unwrap_or(""),
                name["until"].as_str().unwrap_or("")
            )
        })
        .collect();
    assert_eq!(
        dated,
        [
            "HAE SONG 3 2018-03-01 2018-03-01",
            "GOLDEN WAVE 2020-11-02 2021-06-15"
        ]
    );
    assert_eq!(ship["properties"]["flag"].as_array().map(Vec::len), Some(2));
    assert_eq!(
        ship["disagreements"],
        serde_json::json!([]),
        "another name and flag is no contradiction"
    );
    let told = String::from_utf8(inquiry.run(&["entity", "a-1"]).stdout).expect("UTF-8");
    assert!(
        told.contains("GOLDEN WAVE  [register 2021; 2020-11-02 to 2021-06-15]"),
        "{told}"
    );
    inquiry.ok(&["review", "undo", &decision]);
    assert_eq!(
        inquiry.entity("b-1")["sources"].as_array().map(Vec::len),
        Some(1)
    );
}

#[test]
fn scenario_19_two_hulls_that_send_one_mmsi_are_two() {
    let inquiry = Inquiry::with(&[(
        "positions",
        "2022-05-01",
        r#"{"id":"h-1","schema":"Vessel","properties":{"name":["SEA PEARL"],"imoNumber":["9074729"],"mmsi":["355901000"],"buildDate":["1994"]}}
{"id":"h-2","schema":"Vessel","properties":{"name":["SEA PEARL"],"imoNumber":["9241061"],"mmsi":["355901000"],"buildDate":["2002"]}}
{"id":"h-3","schema":"Vessel","properties":{"name":["BRIGHT MOON"],"mmsi":["355901000"],"buildDate":["2010"]}}
"#,
    )]);
    let proposed = inquiry.proposed();
    assert!(proposed.is_empty(), "{proposed:?}");
    // Whoever joins them all the same sees what speaks against it, and can take it back.
    let decision = inquiry.same("h-1", "h-2");
    let joined = inquiry.entity("h-2");
    assert_eq!(
        joined["disagreements"],
        serde_json::json!(["buildDate", "imoNumber"])
    );
    inquiry.ok(&["review", "undo", &decision]);
    assert_eq!(
        inquiry.entity("h-2")["disagreements"],
        serde_json::json!([])
    );
    // Called different, they stay so, whatever a third record would bring together.
    inquiry.ok(&["review", "--reason", "two hulls", "different", "h-1", "h-2"]);
    inquiry.same("h-1", "h-3");
    let third = inquiry.run(&["review", "--reason", "perhaps", "same", "h-2", "h-3"]);
    assert_eq!(third.status.code(), Some(1), "{third:?}");
    assert_eq!(
        inquiry.entity("h-2")["sources"].as_array().map(Vec::len),
        Some(1)
    );
}

#[test]
fn scenario_20_a_plant_in_three_scripts_is_proposed_confirmed_and_split_again() {
    let inquiry = Inquiry::with(&[
        (
            "登记",
            "2020",
            r#"{"id":"zh-1","schema":"Company","properties":{"name":["大连东港冷库有限公司"],"country":["cn"]}}
{"id":"zh-2","schema":"Company","properties":{"name":["大连西港冷库有限公司"],"country":["cn"]}}
"#,
        ),
        (
            "bills",
            "2022",
            r#"{"id":"en-1","schema":"Company","properties":{"name":["Cold Store Donggang (Dalian) Co Ltd"],"country":["cn"]}}
{"id":"en-2","schema":"Company","properties":{"name":["Donggang Garment (Dalian) Co Ltd"],"country":["cn"]}}
"#,
        ),
        (
            "증언",
            "2023",
            r#"{"id":"ko-1","schema":"Company","properties":{"name":["다롄둥강냉장"],"country":["cn"]}}
"#,
        ),
    ]);
    let proposed = inquiry.proposed();
    let pairs: Vec<&str> = proposed.iter().map(|(pair, _)| pair.as_str()).collect();
    for wanted in ["en-1 zh-1", "ko-1 zh-1", "en-1 ko-1"] {
        assert!(pairs.contains(&wanted), "{wanted}: {pairs:?}");
    }
    assert!(!pairs.iter().any(|pair| pair.contains("-2")), "{pairs:?}");
    proposed.iter().for_each(|(_, pair)| check_explained(pair));
    // The explanation tells how one spelling leads to the other.
    let (_, across) = proposed
        .iter()
        .find(|(pair, _)| pair == "en-1 zh-1")
        .expect("proposed");
    let told = across.to_string();
    assert!(
        told.contains("大连") && told.to_lowercase().contains("dalian"),
        "{told}"
    );
    let first = inquiry.same("zh-1", "en-1");
    let second = inquiry.same("ko-1", "zh-1");
    let plant = inquiry.entity("ko-1");
    assert_eq!(
        plant["sources"].as_array().map(Vec::len),
        Some(3),
        "{plant}"
    );
    assert_eq!(plant["id"], "en-1");
    // Nothing is asked twice: the pair that is left follows from the other two.
    assert!(inquiry.proposed().is_empty());
    let exported = inquiry.ok(&["export"]);
    let joined = exported
        .iter()
        .find(|one| one["id"] == "en-1")
        .expect("exported");
    assert_eq!(joined["referents"], serde_json::json!(["ko-1", "zh-1"]));
    inquiry.ok(&["review", "undo", &second]);
    assert_eq!(
        inquiry.entity("ko-1")["sources"].as_array().map(Vec::len),
        Some(1)
    );
    assert_eq!(
        inquiry.entity("zh-1")["sources"].as_array().map(Vec::len),
        Some(2)
    );
    inquiry.ok(&["review", "undo", &first]);
    assert_eq!(inquiry.proposed().len(), proposed.len(), "all is as it was");
}

#[test]
fn a_rule_joins_only_when_it_is_switched_on_and_is_taken_back_as_a_whole() {
    let list = r#"{"id":"r-1","schema":"Person","properties":{"name":["Ivan Petrovich Sidorov"],"birthDate":["1970-05-12"],"nationality":["ru"]}}
{"id":"r-2","schema":"Person","properties":{"name":["Сидоров Иван Петрович"],"birthDate":["1970-05-12"],"nationality":["ru"]}}
{"id":"r-3","schema":"Person","properties":{"name":["Ivan P. Sidorov"],"birthDate":["1970-05-12"],"nationality":["ru"]}}
{"id":"s-1","schema":"Vessel","properties":{"name":["OCEAN STAR 8"],"imoNumber":["9074729"]}}
{"id":"s-2","schema":"Vessel","properties":{"name":["BLUE ROSE"],"imoNumber":["9074729"]}}
"#;
    let inquiry = Inquiry::with(&[("list", "2024", list)]);
    let sources = |id: &str| inquiry.entity(id)["sources"].as_array().map(Vec::len);
    assert_eq!(
        (sources("r-1"), sources("s-1")),
        (Some(1), Some(1)),
        "nothing joins by itself"
    );
    for (threshold, reason) in [("0.8", "why not"), ("1.5", "why not"), ("0.95", " ")] {
        let refused = inquiry.run(&[
            "review",
            "--reason",
            reason,
            "alike",
            "--threshold",
            threshold,
        ]);
        assert_eq!(refused.status.code(), Some(2), "{refused:?}");
    }
    let tried = inquiry.ok(&["review", "alike", "--threshold", "0.95", "--only-try"]);
    assert!(tried[0]["rule"].is_null() && !tried[0]["pairs"].as_array().expect("pairs").is_empty());
    assert_eq!(sources("s-1"), Some(1), "only tried");
    // What a person said stands above the rule.
    inquiry.ok(&[
        "review",
        "--reason",
        "his cousin",
        "different",
        "r-1",
        "r-3",
    ]);
    let done = inquiry.ok(&[
        "review",
        "--reason",
        "a clean register",
        "alike",
        "--threshold",
        "0.95",
        "--by",
        "J. Moreau",
    ]);
    let rule = done[0]["rule"].to_string();
    assert_eq!(sources("s-1"), Some(2));
    let person = inquiry.entity("r-1");
    let ids: Vec<&Value> = person["sources"]
        .as_array()
        .expect("sources")
        .iter()
        .map(|s| &s["id"])
        .collect();
    assert!(!ids.contains(&&Value::from("r-3")), "{ids:?}");
    let judged = inquiry.entity("s-2")["judgements"][0].clone();
    assert_eq!(judged["by"], format!("rule {rule}"), "{judged}");
    assert_eq!(judged["rule"].to_string(), rule);
    let log = inquiry.ok(&["review", "log"]);
    let switched = log
        .iter()
        .find(|one| one["act"] == "rule")
        .expect("in the log");
    assert_eq!(
        (&switched["by"], &switched["reason"]),
        (&"J. Moreau".into(), &"a clean register".into())
    );
    // One pair of it, then all of it.
    inquiry.ok(&["review", "undo", &judged["decision"].to_string()]);
    assert_eq!(sources("s-1"), Some(1));
    assert_eq!(sources("r-2"), Some(2));
    inquiry.ok(&["review", "undo", &rule]);
    assert_eq!(sources("r-2"), Some(1));
    assert!(inquiry.run(&["verify"]).status.success());
    assert!(lines(&inquiry.run(&["--json", "export", "--format", "judgements"])).len() == 1);
}

/// Two are asked about once: neither twice because both lists have the record, nor again for each record of one entity.
#[test]
fn no_pair_stands_in_the_queue_twice() {
    let one = r#"{"id":"p-1","schema":"Person","properties":{"name":["Ivan Petrovich Sidorov"],"birthDate":["1970-05-12"]}}
"#;
    let more = r#"{"id":"p-1","schema":"Person","properties":{"name":["Ivan Petrovich Sidorov"],"birthDate":["1970-05-12"],"nationality":["ru"]}}
{"id":"p-2","schema":"Person","properties":{"name":["Сидоров Иван Петрович"],"birthDate":["1970-05-12"]}}
{"id":"p-3","schema":"Person","properties":{"name":["Ivan P. Sidorov"],"birthDate":["1970"]}}
"#;
    let inquiry = Inquiry::with(&[("one", "2023", one), ("more", "2024", more)]);
    let pairs = |inquiry: &Inquiry| -> Vec<String> {
        let mut pairs: Vec<String> = inquiry
            .proposed()
            .into_iter()
            .map(|(pair, _)| pair)
            .collect();
        pairs.sort();
        pairs
    };
    assert_eq!(pairs(&inquiry), ["p-1 p-2", "p-1 p-3", "p-2 p-3"]);
    inquiry.same("p-1", "p-2");
    let left = pairs(&inquiry);
    assert_eq!(left.len(), 1, "{left:?}");
    // Nobody can tell of one of them: that was the answer about both.
    let (left, right) = left[0].split_once(' ').expect("two ids");
    inquiry.ok(&["review", "unsure", left, right]);
    assert!(pairs(&inquiry).is_empty());
}

#[test]
fn the_demo_links_one_man_across_three_scripts_and_explains_it() {
    let dir = tempfile::tempdir().expect("a folder");
    let output = run(dir.path(), &["demo", "sample", "--quiet"]);
    assert!(output.status.success(), "{output:?}");
    let told = String::from_utf8(output.stdout).expect("UTF-8");
    for words in [
        "차명학 (testimony-1)  |  车明鹤 (police-1)",
        "车明鹤 (police-1)  |  CHA Myong Hak (visa-1)",
        "鹤 (Sino-Korean) = 학 = hak (Revised Romanization)",
        "record visa-1 of visas.csv: CHA Myong Hak",
    ] {
        assert!(told.contains(words), "{words}: {told}");
    }
    let asked = [
        "--case",
        "sample/case",
        "--passphrase-file",
        "sample/passphrase",
        "entity",
        "visa-1",
    ];
    let man = ok(dir.path(), &asked)[0].clone();
    assert_eq!(man["sources"].as_array().map(Vec::len), Some(3), "{man}");
    assert_eq!(man["properties"]["name"].as_array().map(Vec::len), Some(3));
    assert_eq!(man["disagreements"], serde_json::json!([]));
    // His brother is a man of his own.
    let brother = [
        "--case",
        "sample/case",
        "--passphrase-file",
        "sample/passphrase",
        "entity",
        "testimony-2",
    ];
    assert_eq!(
        ok(dir.path(), &brother)[0]["sources"]
            .as_array()
            .map(Vec::len),
        Some(1)
    );
}
