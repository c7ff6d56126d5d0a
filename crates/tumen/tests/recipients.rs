//! A case that age identities open, as people use it, from outside.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

/// Made by `age-keygen` for these tests; they protect nothing.
const MINE: (&str, &str) = (
    "AGE-SECRET-KEY-1NLPGS2548WWL7TMJ2S3526PGKHXGNVTM3Y344ED77H6NQY4Z2A8SM3QC2P",
    "age195u553h40wfqz7240rgjlm5u8j5g3q5rg4g6kz7ayg2fn3denegqu50g38",
);
const YOURS: (&str, &str) = (
    "AGE-SECRET-KEY-1SA8QS67WMQGR85TH7CTREE8SMTAD90LNR62JVUK60G282AZJ3SWSQ7QFET",
    "age1x0u2tckcr2zef403mz06k29gdalacj724sggg03msdj3j8dx2gdqt05vyd",
);

struct World(tempfile::TempDir);

impl World {
    fn new() -> Self {
        let world = Self(tempfile::tempdir().expect("a temporary folder"));
        let file = |name: &str, (identity, recipient): (&str, &str)| {
            let text = format!("# created: today\n# public key: {recipient}\n{identity}\n");
            std::fs::write(world.at(name), text).expect("a file");
        };
        file("mine", MINE);
        file("yours", YOURS);
        std::fs::write(world.at("passphrase"), "paper boats on a river\n").expect("a file");
        std::fs::write(
            world.at("note.txt"),
            "Close to 2000 refugees are held near the border.\n",
        )
        .expect("a file");
        world
    }

    fn at(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    /// What opens the case is in the arguments alone.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tumen"));
        command
            .current_dir(self.0.path())
            .env_remove("TUMEN_CASE")
            .env_remove("TUMEN_PASSPHRASE_FILE")
            .env_remove("TUMEN_IDENTITY_FILE")
            .args(arguments)
            .stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the program runs")
    }

    fn check(&self, expected: i32, arguments: &[&str], says: &str) -> String {
        let output = self.run(arguments);
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(
            output.status.code(),
            Some(expected),
            "{arguments:?}: {message}"
        );
        assert!(message.contains(says), "{arguments:?}: {message}");
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    fn slots(&self, arguments: &[&str]) -> Vec<Value> {
        let mut all = vec!["--json", "--case", "case"];
        all.extend(arguments);
        let printed = self.check(0, &all, "");
        let parse = |line: &str| serde_json::from_str(line).expect("JSON");
        printed.lines().map(parse).collect()
    }
}

/// Ended with the test, whatever becomes of it.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_case_for_a_recipient_from_its_making_to_its_backup() {
    let world = World::new();
    let made = world.check(
        0,
        &["--quiet", "--json", "new", "case", "--recipient", MINE.1],
        "",
    );
    let made: Value = serde_json::from_str(&made).expect("JSON");
    let code = made["recovery_code"].as_str().expect("a code").to_owned();
    std::fs::write(world.at("code"), code).expect("a file");

    let mine = ["--case", "case", "--identity", "mine", "--quiet"];
    let with_mine = |rest: &[&'static str]| [&mine[..], rest].concat();
    world.check(0, &with_mine(&["add", "note.txt"]), "");
    let found = world.check(0, &with_mine(&["--json", "search", "refugees"]), "");
    assert!(found.contains("note.txt"), "{found}");
    let mut by_environment = world.command(&["--case", "case", "--json", "status"]);
    by_environment.env("TUMEN_IDENTITY_FILE", world.at("mine"));
    let opened = by_environment.output().expect("it runs");
    assert!(opened.status.success(), "{opened:?}");
    world.check(
        0,
        &["--case", "case", "--recovery-file", "code", "status"],
        "",
    );

    let wrong = ["--case", "case", "--identity", "yours", "status"];
    world.check(3, &wrong, "no identity in this file opens the case");
    world.check(3, &["--case", "case", "status"], "--identity FILE");
    world.check(
        3,
        &[
            "--case",
            "case",
            "--passphrase-file",
            "passphrase",
            "status",
        ],
        "does not open the case",
    );

    world.check(0, &with_mine(&["backup", "copy"]), "");
    world.check(0, &["--quiet", "restore", "copy", "again"], "");
    for case in ["case", "again"] {
        world.check(0, &["--case", case, "--identity", "mine", "verify"], "");
        world.check(
            3,
            &["--case", case, "--identity", "yours", "verify"],
            "no identity",
        );
    }

    let mut serve = world.command(&with_mine(&["serve"]));
    let mut serve = serve
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("it runs");
    let printed = BufReader::new(serve.stdout.take().expect("its output"));
    let _serve = Running(serve);
    let mut lines = printed.lines().map_while(Result::ok);
    assert!(lines.any(|line| line.contains("http://127.0.0.1:")));
}

#[test]
fn recipients_are_added_listed_and_removed() {
    let world = World::new();
    let passphrase = ["--passphrase-file", "passphrase"];
    world.check(
        0,
        &["--quiet", "new", "case", passphrase[0], passphrase[1]],
        "",
    );
    let with = |rest: &[&'static str]| [&passphrase[..], &["passphrase"], rest].concat();

    let no = ["--case", "case", "--identity", "mine", "status"];
    world.check(3, &no, "it has no recipient");
    let slots = world.slots(&with(&["add", "--recipient", MINE.1, "--label", "desk"]));
    assert_eq!(slots.len(), 3, "{slots:?}");
    assert_eq!(slots[2]["kind"], "recipient");
    assert_eq!(slots[2]["label"], "desk");
    assert_eq!(slots[2]["recipient"], MINE.1);
    assert_eq!(slots[0]["recipient"], Value::Null);
    world.check(0, &["--case", "case", "--identity", "mine", "status"], "");

    let refuse = |expected, arguments: &[&'static str], says: &str| {
        let mut all = vec!["--case", "case"];
        all.extend(with(arguments));
        let printed = world.check(expected, &all, says);
        assert_eq!(printed, "", "{arguments:?}");
    };
    refuse(2, &["add", "--recipient", MINE.1], "already");
    refuse(2, &["add", "--recipient", "age1nobody"], "mistyped");
    refuse(2, &["add", "--recipient", "ssh-ed25519 AAAA"], "X25519");
    refuse(2, &["add", "--recipient", MINE.0], "age-keygen");
    let told = world.run(&["--case", "case", "passphrase", "add", "--recipient", MINE.0]);
    let told = [told.stdout, told.stderr].concat();
    assert!(!String::from_utf8_lossy(&told).contains(MINE.0));

    // Neither copy of the key file tells who it is for.
    for file in ["case/keys.json", "case/keys.copy.json"] {
        let text = std::fs::read_to_string(world.at(file)).expect("a file");
        assert!(!text.contains(MINE.1.trim_start_matches("age1")), "{file}");
        assert!(text.contains("BEGIN AGE ENCRYPTED FILE"), "{file}");
    }
    // One copy is enough.
    std::fs::remove_file(world.at("case/keys.json")).expect("a file");
    world.check(
        0,
        &["--case", "case", "--identity", "mine", "--quiet", "status"],
        "",
    );

    // With a passphrase nobody shows that they have the identity; with it they may go on alone.
    world.slots(&with(&["remove", "2"]));
    refuse(2, &["remove", "1"], "only recipients would be left");
    let slots = world.slots(&["--identity", "mine", "passphrase", "remove", "1"]);
    assert_eq!(slots.len(), 1, "{slots:?}");
    let last = [
        "--case",
        "case",
        "--identity",
        "mine",
        "passphrase",
        "remove",
        "1",
    ];
    world.check(2, &last, "last");
    let slots = world.slots(&[
        "--identity",
        "mine",
        "passphrase",
        "add",
        "--recipient",
        YOURS.1,
    ]);
    assert_eq!(slots.len(), 2, "{slots:?}");
    let alone = [
        "--case",
        "case",
        "--identity",
        "mine",
        "passphrase",
        "remove",
        "1",
    ];
    world.check(2, &alone, "only recipients would be left");
    let slots = world.slots(&["--identity", "yours", "passphrase", "remove", "1"]);
    assert_eq!(slots.len(), 1, "{slots:?}");
    world.check(
        3,
        &["--case", "case", "--identity", "mine", "status"],
        "no identity",
    );
    world.check(0, &["--case", "case", "--identity", "yours", "status"], "");
}

#[test]
fn files_that_are_no_identities_are_told_as_what_they_are() {
    let world = World::new();
    world.check(0, &["--quiet", "new", "case", "--recipient", MINE.1], "");
    let check = |content: &[u8], says: &str| {
        std::fs::write(world.at("given"), content).expect("a file");
        let given = ["--case", "case", "--identity", "given", "status"];
        world.check(2, &given, says);
    };
    check(
        b"age-encryption.org/v1\n-> scrypt bBjl 18\n\xff\xfe\x80",
        "itself encrypted",
    );
    check(
        b"-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n",
        "itself encrypted",
    );
    check(
        b"-----BEGIN OPENSSH PRIVATE KEY-----\n",
        "kind that is not known",
    );
    check(b"", "holds no identity");
    check(b"\xff\xfe\x00\x01", "no identity");
    check(MINE.1.as_bytes(), "is a recipient, which is public");
    check(&MINE.0.as_bytes()[..60], "mistyped");
    let absent = ["--case", "case", "--identity", "nowhere", "status"];
    world.check(2, &absent, "cannot be read");
    world.check(
        2,
        &["new", "other", "--plain", "--recipient", MINE.1],
        "--plain",
    );
    world.check(
        2,
        &["new", "other", "--recipient", "age1nobody"],
        "mistyped",
    );
    assert!(!world.at("other").exists());
}
