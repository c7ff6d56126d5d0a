//! Lists that are hostile, broken or large, and what goes out and comes in again.

use std::fmt::Write;
use std::fs;

use serde_json::{Value, json};

use super::scenarios::Inquiry;
use super::{lines, run};

const OURS: &str = r#"{"id":"witness-1","schema":"Person","properties":{"name":["Han Sol"],"birthDate":["1985"],"topics":["poi"]}}
"#;

/// A list that uses the id of somebody in order to say more of him: what it says is its claim and changes nothing.
#[test]
fn a_list_cannot_speak_for_a_protected_person() {
    let inquiry = Inquiry::with(&[("ours", "2023-01", OURS)]);
    let theirs = r#"{"id":"witness-1","schema":"Company","caption":"Ri Kang","properties":{"name":["Ri Kang","Ri Kang (agent)"],"alias":["the informer"],"birthDate":["1971"]}}
{"id":"x-1","schema":"UnknownLink","properties":{"subject":["witness-1"],"object":["x-2"],"role":["informs"]}}
{"id":"x-2","schema":"Organization","properties":{"name":["Some Bureau"]}}
"#;
    fs::write(inquiry.path().join("theirs"), theirs).expect("written");
    let imported = inquiry.run(&["import", "theirs", "--source", "A bureau"]);
    assert!(imported.status.success());
    let warned = String::from_utf8_lossy(&imported.stderr).into_owned();
    assert!(
        warned.contains("1 records have an id that another list")
            || warned.contains("claims of this one"),
        "{warned}"
    );
    let view = inquiry.entity("witness-1");
    assert_eq!(view["caption"], "Han Sol", "{view}");
    assert_eq!(view["schema"], "Person");
    let alias = &view["properties"]["alias"][0];
    assert_eq!(
        (&alias["value"], &alias["lists"]),
        (&json!("the informer"), &json!(["theirs"]))
    );
    let names = view["properties"]["name"].as_array().expect("names");
    let ours: Vec<&Value> = names
        .iter()
        .filter(|one| one["lists"] == json!(["ours"]))
        .collect();
    assert_eq!(ours.len(), 1);
    assert_eq!(ours[0]["value"], "Han Sol");
    assert_eq!(view["disagreements"], json!(["birthDate"]));
    let again: Vec<&Value> = view["sources"]
        .as_array()
        .expect("sources")
        .iter()
        .map(|one| &one["again"])
        .collect();
    assert_eq!(again, [&json!(false), &json!(true)]);
    assert_eq!(view["judgements"], json!([]), "nobody joined anything");
    // Undoing the import takes every claim away again.
    let import = inquiry.ok(&["entities", "--lists"]);
    let theirs = import
        .iter()
        .find(|one| one["name"] == "theirs")
        .expect("listed");
    inquiry.ok(&["review", "undo", &theirs["decision"].to_string()]);
    let view = inquiry.entity("witness-1");
    assert!(
        view["properties"]["alias"].is_null() && view["links"] == json!([]),
        "{view}"
    );
}

/// Rows of two tables have nothing to do with one another, whatever their numbers.
#[test]
fn rows_of_two_tables_are_not_one_record() {
    let inquiry = Inquiry::with(&[
        (
            "a.csv",
            "2023",
            "name,birth date\nHan Sol,1985\nKim Dan,1990\n",
        ),
        (
            "b.csv",
            "2023",
            "id,name,birth date\n1,Pak Nam,1961\n2,O Un,1962\n",
        ),
        (
            "c.csv",
            "2023",
            "id,name,birth date\n1,Ju Hak,1951\n,Ma Ri,1952\n",
        ),
    ]);
    let all = inquiry.ok(&["entities"]);
    assert_eq!(all.len(), 6, "{all:?}");
    assert!(all.iter().all(|one| one["records"] == 1), "{all:?}");
    // What refers to a row of its own table goes on doing so.
    let firms = "id,schema,name,owner,asset\n1,Company,Ring One,,\n2,Company,Ring Two,,\n3,Ownership,,1,2\n";
    inquiry.import("d.csv", "2023", firms);
    let firm = inquiry.ok(&["entities", "Ring One"])[0].clone();
    let links = inquiry.entity(firm["id"].as_str().expect("an id"))["links"].clone();
    assert_eq!(links[0]["other_caption"], "Ring Two", "{links}");
    let all = inquiry.ok(&["entities"]);
    let ids: Vec<String> = all.iter().map(|one| one["id"].to_string()).collect();
    inquiry.run(&["--quiet", "rebuild"]);
    let after: Vec<String> = inquiry
        .ok(&["entities"])
        .iter()
        .map(|one| one["id"].to_string())
        .collect();
    assert_eq!(ids, after);
}

#[test]
fn faults_are_told_with_their_lines_and_nothing_is_lost() {
    let list = r#"{"id":"a","schema":"Person","properties":{"name":["Han Sol"],"birthDate":["in spring"],"shoeSize":["44"]}}
{"id":"b","schema":"Martian","properties":{"name":["Zork"]}}
{"id":"a","schema":"Person","properties":{"name":["Han Sol"],"alias":["Sol"]}}
not JSON
{"schema":"Person","properties":{"name":["No Id"]}}
{"id":"v","schema":"Vessel","properties":{"name":["STAR"],"imoNumber":["9074728"]}}
{"id":"o","schema":"Ownership","properties":{"owner":["o"],"asset":["v"]}}
{"id":"p","schema":"Company","properties":{"name":["Ring One"],"parent":["q"]}}
{"id":"q","schema":"Company","properties":{"name":["Ring Two"],"parent":["p"]}}
"#;
    let inquiry = Inquiry::with(&[]);
    fs::write(inquiry.path().join("list"), list).expect("written");
    let output = inquiry.run(&["--json", "import", "list"]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let read = lines(&output)[0]["list"].clone();
    assert_eq!((&read["entities"], &read["unread"]), (&json!(7), &json!(2)));
    let told = |line: u64| -> String {
        let notes = read["notes"].as_array().expect("notes");
        let of = notes.iter().filter(|note| note["line"] == line);
        of.map(|note| note["what"].as_str().unwrap_or(""))
            .collect::<Vec<_>>()
            .join("; ")
    };
    for (line, words) in [
        (1, "birthDate"),
        (1, "shoeSize"),
        (2, "Martian"),
        (3, "line 1 has a record of the same id"),
        (4, "left out"),
        (5, "no `id`"),
        (6, "imoNumber"),
        (7, "refers to the record itself"),
    ] {
        assert!(
            told(line).contains(words),
            "line {line}: {} in {read}",
            told(line)
        );
    }
    // Both records of one id are kept; what the model does not know, too; circles end.
    let view = inquiry.entity("a");
    assert_eq!(view["properties"]["alias"][0]["value"], "Sol");
    assert_eq!(view["properties"]["shoeSize"][0]["value"], "44");
    assert_eq!(
        inquiry.entity("b")["properties"]["name"][0]["value"],
        "Zork"
    );
    let ring = inquiry.entity("p");
    assert_eq!(ring["links"].as_array().map(Vec::len), Some(2), "{ring}");
    let none = inquiry.run(&["import", "missing"]);
    assert_eq!(none.status.code(), Some(2));
    fs::write(inquiry.path().join("empty"), "\n\n").expect("written");
    let empty = inquiry.run(&["import", "empty"]);
    assert_eq!(empty.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&empty.stderr).contains("nothing was changed"));
    assert_eq!(inquiry.ok(&["entities", "--lists"]).len(), 1);
}

#[test]
fn an_entity_with_5000_names_is_kept_found_and_compared() {
    let mut names = String::new();
    for number in 0..5_000 {
        let comma = if number > 0 { "," } else { "" };
        write!(
            names,
            "{comma}\"Name{number} Of{} Many\"",
            number * 7 % 5_000
        )
        .expect("a text");
    }
    let list = format!(
        "{{\"id\":\"m-1\",\"schema\":\"Person\",\"properties\":{{\"name\":[{names}]}}}}\n{{\"id\":\"m-2\",\"schema\":\"Person\",\"properties\":{{\"name\":[\"Name4999 Of4993 Many\"]}}}}\n"
    );
    let inquiry = Inquiry::with(&[("many", "2024", &list)]);
    let view = inquiry.entity("m-1");
    assert_eq!(
        view["properties"]["name"].as_array().map(Vec::len),
        Some(5_000)
    );
    assert_eq!(
        inquiry.ok(&["export"])[0]["properties"]["name"]
            .as_array()
            .map(Vec::len),
        Some(5_000)
    );
    inquiry.same("m-1", "m-2");
    assert_eq!(
        inquiry.entity("m-2")["properties"]["name"]
            .as_array()
            .map(Vec::len),
        Some(5_000)
    );
}

#[test]
fn what_goes_out_comes_in_and_goes_out_the_same() {
    let list = r#"{"id":"a","schema":"Person","properties":{"name":["Han Sol","  han   sol "],"birthDate":["1985-4-1"],"nationality":["North Korea"],"unknown":["kept"]},"first_seen":"2021-01-01","datasets":["far_away"],"referents":["old-a"],"note":{"deep":[1,2]}}
{"id":"b","schema":"Company","properties":{"name":["Haifeng (Dalian) Co., Ltd."],"country":["China"]},"caption":"a caption of theirs"}
{"id":"c","schema":"Ownership","properties":{"owner":["a"],"asset":["b"],"percentage":["51"]}}
"#;
    let first = Inquiry::with(&[("list", "2024", list)]);
    let out = first.run(&["export"]).stdout;
    let again = Inquiry::with(&[]);
    fs::write(again.path().join("list"), &out).expect("written");
    again.ok(&["import", "list"]);
    let twice = again.run(&["export"]).stdout;
    assert_eq!(
        String::from_utf8_lossy(&out),
        String::from_utf8_lossy(&twice)
    );
    let one = &lines(&first.run(&["export"]))[0];
    assert_eq!(one["datasets"], json!(["far_away"]));
    assert_eq!(one["referents"], json!(["old-a"]));
    assert_eq!(one["note"], json!({ "deep": [1, 2] }));
    assert_eq!(one["properties"]["nationality"], json!(["kp"]));
    assert_eq!(one["properties"]["unknown"], json!(["kept"]));
}

#[test]
fn judgements_go_out_and_come_in_with_their_person_and_time() {
    let list = r#"{"id":"a","schema":"Person","properties":{"name":["Han Sol"]}}
{"id":"b","schema":"Person","properties":{"name":["Han Sol"]}}
{"id":"c","schema":"Person","properties":{"name":["Han Sul"]}}
{"id":"d","schema":"Person","properties":{"name":["Han Seol"]}}
"#;
    let first = Inquiry::with(&[("list", "2024", list)]);
    first.same("a", "b");
    first.ok(&["review", "--reason", "another year", "different", "a", "c"]);
    first.ok(&["review", "unsure", "b", "d"]);
    let out = first.run(&["export", "--format", "judgements"]).stdout;
    let again = Inquiry::with(&[("list", "2024", list)]);
    fs::write(again.path().join("judged"), &out).expect("written");
    let taken = again.ok(&["import", "--judgements", "judged"]);
    assert_eq!(
        taken[0],
        json!({ "judgements": 3, "known": 0, "left_out": 0 })
    );
    assert_eq!(again.run(&["export", "--format", "judgements"]).stdout, out);
    assert_eq!(
        again.entity("b")["sources"].as_array().map(Vec::len),
        Some(2)
    );
    // The same file again says nothing new.
    let taken = again.ok(&["import", "--judgements", "judged"]);
    assert_eq!(
        taken[0],
        json!({ "judgements": 0, "known": 3, "left_out": 0 })
    );

    // A file of nomenklatura's, where an id of its own stands for those who are one.
    let theirs = "[\"NK-1\", \"a\", \"positive\", 0.9, \"Kim\", \"2024-01-01T00:00:00\"]\n[\"NK-1\", \"d\", \"positive\", null, \"Kim\", \"2024-01-02T00:00:00\"]\n[\"NK-2\", \"elsewhere\", \"positive\", null, null, null]\n";
    let other = Inquiry::with(&[("list", "2024", list)]);
    fs::write(other.path().join("judged"), theirs).expect("written");
    let output = other.run(&["--json", "import", "--judgements", "judged"]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert_eq!(lines(&output)[0]["judgements"], 1);
    let person = other.entity("d");
    assert_eq!(person["id"], "a");
    assert_eq!(person["judgements"][0]["said_by"], "Kim");
    // One bad line, and nothing is taken.
    fs::write(
        other.path().join("judged"),
        "[\"a\", \"b\", \"positive\"]\n[\"a\", \"c\", \"perhaps\"]\n",
    )
    .expect("written");
    let refused = run(
        other.path(),
        &["--case", "case", "import", "--judgements", "judged"],
    );
    assert_eq!(refused.status.code(), Some(2));
    let told = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(
        told.contains("line 2") && told.contains("nothing was changed"),
        "{told}"
    );
    assert_eq!(
        other.entity("b")["sources"].as_array().map(Vec::len),
        Some(1)
    );
}
