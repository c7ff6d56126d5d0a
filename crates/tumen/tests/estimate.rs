//! Estimates from outside, as people ask for them.

mod served;

use std::fmt::Write as _;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

const WESTERN: &str = "A,B,C,D,E,n
1,0,0,0,0,52\n0,1,0,0,0,90\n0,0,1,0,0,114\n0,0,0,1,0,45\n0,0,0,0,1,21
1,0,0,0,1,7\n0,0,0,1,1,5\n0,1,1,0,0,4\n1,0,1,0,0,3\n0,1,0,1,0,2\n1,0,0,1,1,2
";

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

fn with(text: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    fs::write(dir.path().join("table.csv"), text).expect("written");
    dir
}

#[test]
fn methods_side_by_side_and_a_range() {
    let dir = with(WESTERN);
    let args = [
        "estimate",
        "table.csv",
        "--json",
        "--method",
        "loglinear,dga",
        "--resamples",
        "50",
    ];
    let output = run(dir.path(), &args);
    assert!(output.status.success(), "{}", said(&output.stderr));
    let lines = lines(&output);
    let methods: Vec<&str> = lines
        .iter()
        .filter_map(|line| line["method"].as_str())
        .collect();
    assert_eq!(methods, ["main", "stepwise", "bic", "dga"]);
    for line in &lines[..4] {
        let estimate = line["estimate"].as_f64().expect("an estimate");
        assert!(estimate > 345.0 && line["observed"] == 345);
        assert!(line["interval"][0].as_f64() < line["interval"][1].as_f64());
        assert!(line["diagnostics"].is_object() && line["assumes"].is_string());
    }
    let summary = &lines[4]["summary"];
    assert!(summary["headline"]["low"].as_f64() < summary["headline"]["high"].as_f64());
    assert_eq!(
        summary["warnings"]
            .as_array()
            .map(|w| w.iter().any(|w| w["code"] == "not-asked")),
        Some(true)
    );
    // The same seed, the same answer.
    assert_eq!(run(dir.path(), &args).stdout, output.stdout);
}

#[test]
fn text_in_three_languages() {
    let dir = with(WESTERN);
    for (lang, words) in [
        ("en", "What each method assumes"),
        ("ko", "각 방법의 가정"),
        ("zh", "各方法的假设"),
    ] {
        let output = run(
            dir.path(),
            &[
                "estimate",
                "table.csv",
                "--method",
                "dga,stepwise",
                "--resamples",
                "20",
                "--lang",
                lang,
                "--cells",
                "--appendix",
            ],
        );
        let text = said(&output.stdout);
        assert!(output.status.success() && text.contains(words), "{text}");
        assert!(
            text.contains("Madigan") && !text.contains("B:D  2\n"),
            "{text}"
        );
    }
}

#[test]
fn what_cannot_be_estimated_is_refused_with_the_reason() {
    let check = |text: &str, args: &[&str], status: i32, words: &str| {
        let dir = with(text);
        let all: Vec<&str> = ["estimate", "table.csv"]
            .iter()
            .chain(args)
            .copied()
            .collect();
        let output = run(dir.path(), &all);
        let told = said(&output.stdout) + &said(&output.stderr);
        assert_eq!(output.status.code(), Some(status), "{told}");
        assert!(told.contains(words), "{told}");
    };
    check("A,n\n1,40\n", &[], 1, "There is one list");
    check("A,B,n\n1,0,4\n0,1,5\n", &[], 1, "Nobody is on two lists");
    check("A,B,n\n1,0,4.5\n", &[], 2, "no whole number");
    check("A,B,n\n1,0,-4\n", &[], 2, "negative");
    check("", &[], 2, "empty");
    check(WESTERN, &["--method", "magic"], 2, "no method `magic`");
    check(WESTERN, &["--copied", "A,Q"], 2, "no list `Q`");
    let informant = ["--copied", "A,B,C,D,E"];
    check(WESTERN, &informant, 1, "one informant");
    check(
        "A,B,n\n1,0,150\n0,1,100\n1,1,50\n",
        &[],
        0,
        "No headline: with two lists",
    );
}

#[test]
fn strata_and_linkages() {
    let rows = |camp: &str, times: u64| -> String {
        WESTERN
            .lines()
            .skip(1)
            .map(|line| {
                let (lists, count) = line.rsplit_once(',').expect("a count");
                let count: u64 = count.parse().expect("a number");
                format!("{camp},{lists},{}\n", count * times)
            })
            .collect()
    };
    let dir = with(&format!(
        "camp,A,B,C,D,E,n\n{}{}",
        rows("north", 1),
        rows("south", 2)
    ));
    let output = run(
        dir.path(),
        &[
            "estimate",
            "table.csv",
            "--strata",
            "camp",
            "--method",
            "dga",
            "--json",
        ],
    );
    let all = lines(&output);
    let of = |stratum: &str| {
        let line = all
            .iter()
            .find(|line| line["stratum"] == stratum)
            .expect("a stratum");
        line["observed"].as_u64()
    };
    assert_eq!((of("north"), of("south")), (Some(345), Some(690)));
    assert!(
        all.iter()
            .any(|line| line["all_strata"]["estimate"].as_f64() > Some(1035.0))
    );

    let dir = with(WESTERN);
    let twenty = ["table.csv"; 20];
    let mut args = vec!["estimate", "--linkages", "--method", "dga", "--json"];
    args.extend(twenty);
    let output = run(dir.path(), &args);
    let combined = lines(&output);
    assert_eq!(combined[0]["linkages"], 20, "{}", said(&output.stderr));
    assert_eq!(combined[0]["between"].as_f64(), Some(0.0));
    args.pop();
    let few = run(dir.path(), &args);
    assert_eq!(few.status.code(), Some(2));
    assert!(said(&few.stderr).contains("at least 20"));
}

/// The head and the body of an answer.
fn asked(home: &str, method: &str, path: &str, cookie: &str, body: &str) -> (String, String) {
    let address = home.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).expect("it listens");
    write!(
        stream,
        "{method} {path} HTTP/1.0\r\nHost: {address}\r\nOrigin: {home}\r\nCookie: {cookie}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    (head.to_owned(), body.to_owned())
}

fn form(fields: &[(&str, &str)]) -> String {
    let mut out = String::new();
    for (name, value) in fields {
        let _ = write!(out, "&{name}=");
        for byte in value.bytes() {
            let _ = write!(out, "%{byte:02x}");
        }
    }
    out.trim_start_matches('&').to_owned()
}

#[test]
fn a_page_from_table_to_range() {
    let served = served::Served::start(|_| {});
    let entry = served.link.trim_start_matches(&served.home).to_owned();
    let (head, _) = asked(&served.home, "GET", &entry, "", "");
    let cookie = head
        .lines()
        .find_map(|line| line.strip_prefix("set-cookie: "))
        .and_then(|cookie| cookie.split(';').next())
        .expect("a session")
        .to_owned();
    let (_, page) = asked(&served.home, "GET", "/estimate", &cookie, "");
    let token = page
        .split("name=\"token\" value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("a token")
        .to_owned();
    let ask = |fields: &[(&str, &str)]| {
        let mut all = vec![("token", token.as_str())];
        all.extend(fields);
        asked(&served.home, "POST", "/estimate", &cookie, &form(&all))
    };
    let (head, page) = ask(&[("table", WESTERN), ("sensitivity", "1"), ("lang", "ko")]);
    assert!(head.starts_with("HTTP/1.0 200"), "{head}");
    for words in [
        "각 방법의 가정",
        "class=\"series upset\"",
        "[A:E]",
        "How much rests on one list",
    ] {
        assert!(page.contains(words), "{words}");
    }
    let (head, page) = ask(&[("table", "A,B,n\n1,0,-3\n")]);
    assert!(
        head.starts_with("HTTP/1.0 400") && page.contains("negative"),
        "{head}"
    );
    let (_, page) = ask(&[("table", WESTERN), ("copied", "A,B,C,D,E")]);
    assert!(page.contains("one informant"));
}
