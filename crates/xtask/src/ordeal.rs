//! `cargo xtask ordeal`: the built program under `kill -9` and flipped bits, from outside.
//!
//! **Kills.** A run of `add` is killed at a random moment. Then `verify` must find the case whole,
//! every line that was printed must still be true, and the same command, run to its end (sometimes
//! killed once more on the way), must leave a case equal to one that was never disturbed: the same
//! places, documents, texts and answers.
//!
//! **Flips.** One bit of one file of a case is flipped; `verify` must say so. Encrypted cases,
//! plain ones, and the journal that a killed run left.
//!
//! Rows of figures go to `bench/results/ordeal.tsv`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

type Res<T> = Result<T, String>;

fn told<T>(doing: &str, result: std::io::Result<T>) -> Res<T> {
    result.map_err(|error| format!("{doing}: {error}"))
}

/// A small generator, so that a failing run can be repeated (`--seed`).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        // SplitMix64 (Steele, Lea, Flood 2014).
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n.max(1)
    }
}

struct World {
    tumen: PathBuf,
    work: PathBuf,
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.work);
    }
}

const WORDS: [&str; 24] = [
    "refugees",
    "border",
    "detention",
    "repatriation",
    "구금",
    "북송",
    "탈북자",
    "강제송환",
    "遣返",
    "图们",
    "plant",
    "letter",
    "hearing",
    "reply",
    "witness",
    "river",
    "vessel",
    "invoice",
    "workers",
    "seafood",
    "transcript",
    "statement",
    "province",
    "interview",
];
/// Printed lines that are looked up after each kill.
const SAMPLED: usize = 6;
const QUERIES: [&str; 7] = [
    "refugees",
    "\"detention border\" OR 구금",
    "북송",
    "图们 -plant",
    "type:mail",
    "path:generated",
    "lang:en published:2023-01..2023-12",
];

fn words(chance: &mut Chance, count: u64) -> String {
    let word = |chance: &mut Chance| WORDS[usize::try_from(chance.below(24)).unwrap_or(0)];
    (0..count)
        .map(|_| word(chance))
        .collect::<Vec<_>>()
        .join(" ")
}

/// One file of a tar archive (POSIX ustar).
fn tar_member(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut head = vec![0; 512];
    let fields: [(usize, String); 6] = [
        (0, name.to_owned()),
        (100, "0000644\0".to_owned()),
        (124, format!("{:011o}\0", bytes.len())),
        (136, "14441000000\0".to_owned()),
        (148, "        0".to_owned()),
        (257, "ustar\x0000".to_owned()),
    ];
    for (at, text) in &fields {
        head[*at..*at + text.len()].copy_from_slice(text.as_bytes());
    }
    let sum: u32 = head
        .iter()
        .take(148)
        .chain(&head[156..])
        .map(|b| u32::from(*b))
        .sum::<u32>()
        + 8 * 32;
    head[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    head.extend_from_slice(bytes);
    head.resize(head.len().next_multiple_of(512), 0);
    head
}

/// Some hundred documents beside the sample: texts, pages, tables, a mailbox with attachments, an
/// archive, twins, a few long ones.
fn generate(folder: &Path) -> Res<()> {
    let mut chance = Chance(7);
    let put = |path: String, bytes: &[u8]| {
        let path = folder.join(path);
        if let Some(parent) = path.parent() {
            told("generating", fs::create_dir_all(parent))?;
        }
        told("generating", fs::write(path, bytes))
    };
    for n in 0..80 {
        let text = words(&mut chance, 60);
        put(format!("generated/texts/{n}.txt"), text.as_bytes())?;
        if n % 20 == 0 {
            put(format!("generated/twins/{n} again.txt"), text.as_bytes())?;
        }
    }
    for n in 0..30 {
        let page = format!(
            "<!DOCTYPE html><html lang=en><title>Notice {n}</title><meta name=date content=2023-0{}-12><p>{}",
            n % 9 + 1,
            words(&mut chance, 200)
        );
        put(format!("generated/pages/{n}.html"), page.as_bytes())?;
    }
    for n in 0..10 {
        let rows: Vec<_> = (0..50)
            .map(|row| format!("{row},{},{}", words(&mut chance, 2), row * 7))
            .collect();
        put(
            format!("generated/tables/{n}.csv"),
            rows.join("\n").as_bytes(),
        )?;
    }
    for n in 0..4 {
        let text = words(&mut chance, 90_000);
        put(format!("generated/long/{n}.txt"), text.as_bytes())?;
    }
    let mut mailbox = String::new();
    for n in 0..25 {
        mailbox += &format!(
            "From desk@example.org Mon Jun 12 09:00:00 2023\nFrom: desk@example.org\nTo: b@example.org\n\
             Date: Mon, 12 Jun 2023 09:{n:02}:00 +0000\nMessage-ID: <{n}@example.org>\nSubject: {}\nMIME-Version: 1.0\n\
             Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\n\n{}\n--b\n\
             Content-Type: text/html; charset=utf-8\nContent-Disposition: attachment; filename=a{n}.html\n\n<p>{}</p>\n--b--\n\n",
            words(&mut chance, 4),
            words(&mut chance, 40),
            words(&mut chance, 40),
        );
    }
    put("generated/desk.mbox".into(), mailbox.as_bytes())?;
    let mut tar = Vec::new();
    for n in 0..25 {
        tar.extend(tar_member(
            &format!("in/{n}.txt"),
            words(&mut chance, 50).as_bytes(),
        ));
    }
    tar.resize(tar.len() + 1024, 0);
    put("generated/handed over.tar".into(), &tar)
}

fn copy_folder(from: &Path, to: &Path) -> Res<()> {
    told("copying", fs::create_dir_all(to))?;
    for entry in told("copying", fs::read_dir(from))? {
        let entry = told("copying", entry)?;
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            told("copying", fs::copy(entry.path(), target))?;
        }
    }
    Ok(())
}

fn files_of(folder: &Path) -> Res<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in told("listing", fs::read_dir(&folder))? {
            let path = told("listing", entry)?.path();
            if path.is_dir() {
                folders.push(path);
            } else if told("listing", path.metadata())?.len() > 0 {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// What two equal cases have in common, in lines that can be compared.
type Portrait = BTreeSet<String>;

impl World {
    fn new() -> Res<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let built = std::env::var_os("TUMEN")
            .map_or_else(|| root.join("target/release/tumen"), PathBuf::from);
        if !built.is_file() {
            return Err("build it first: cargo build --release (or name a binary in TUMEN)".into());
        }
        let work = std::env::temp_dir().join(format!("tumen-ordeal-{}", std::process::id()));
        told("making a folder", fs::create_dir_all(&work))?;
        // A copy: building anew during the ordeal must not change what is tried.
        let tumen = work.join("tumen");
        told("copying the program", fs::copy(&built, &tumen))?;
        let world = Self { tumen, work };
        copy_folder(&root.join("crates/testkit/sample"), &world.at("documents"))?;
        generate(&world.at("documents"))?;
        told(
            "writing",
            fs::write(world.at("passphrase"), "paper boats on a river\n"),
        )?;
        for (name, plain) in [("new-plain", true), ("new-sealed", false)] {
            let mut arguments = vec!["new", name];
            arguments.extend(plain.then_some("--plain"));
            let made = world.run(&arguments)?;
            if !made.status.success() {
                return Err(format!("new: {}", String::from_utf8_lossy(&made.stderr)));
            }
        }
        Ok(world)
    }

    fn at(&self, path: &str) -> PathBuf {
        self.work.join(path)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.tumen);
        command
            .current_dir(&self.work)
            .env_remove("TUMEN_CASE")
            .env("TUMEN_PASSPHRASE_FILE", self.at("passphrase"))
            .args(arguments)
            .stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Res<Output> {
        told("running the program", self.command(arguments).output())
    }

    /// The lines that a command prints as JSON; a line cut short by a kill is left out.
    fn json(&self, case: &str, arguments: &[&str]) -> Res<Vec<Value>> {
        let all = [&["--case", case, "--json", "--quiet"], arguments].concat();
        let output = self.run(&all)?;
        match output.status.code() {
            Some(0 | 1) => Ok(lines(&output.stdout)),
            code => Err(format!(
                "{arguments:?} ended with {code:?}: {}",
                String::from_utf8_lossy(&output.stderr)
            )),
        }
    }

    fn add_command(&self, case: &str) -> Command {
        let mut command = self.command(&[
            "--case",
            case,
            "--json",
            "--quiet",
            "add",
            "--ocr",
            "never",
            "documents",
        ]);
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        command
    }

    /// Runs `add` and kills it after `wait`; gives what it had printed, and whether it was killed
    /// before it ended by itself.
    fn add_and_kill(&self, case: &str, wait: Duration) -> Res<(Vec<Value>, bool)> {
        let out = self.at("printed");
        let file = told("writing", fs::File::create(&out))?;
        let mut child = told("running", self.add_command(case).stdout(file).spawn())?;
        std::thread::sleep(wait);
        let ended = told("waiting", child.try_wait())?.is_some();
        // SIGKILL; of a process that has ended nothing more can be taken.
        let _ = child.kill();
        told("waiting", child.wait())?;
        Ok((lines(&told("reading", fs::read(out))?), !ended))
    }

    fn verify(&self, case: &str) -> Res<Value> {
        let mut proof = self.json(case, &["verify"])?;
        proof.pop().ok_or_else(|| "verify said nothing".to_owned())
    }

    fn portrait(&self, case: &str) -> Res<Portrait> {
        let mut portrait = Portrait::new();
        let again = self.json(case, &["add", "--ocr", "never", "documents"])?;
        // Which of several equal files counts as the first is up to the order of threads.
        let mut outcomes: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for line in &again {
            if let Some(summary) = line.get("summary") {
                portrait.insert(format!(
                    "{} {} {}",
                    summary["occurrences"], summary["originals"], summary["outcomes"]
                ));
                continue;
            }
            let fields = [
                "path",
                "member",
                "sha256",
                "format",
                "bytes",
                "document",
                "text_chars",
                "language",
                "children",
            ];
            portrait.insert(fields.map(|field| line[field].to_string()).join(" "));
            outcomes
                .entry(line["sha256"].to_string())
                .or_default()
                .push(format!("{} {}", line["outcome"], line["reason"]));
        }
        for (sha256, mut of_it) in outcomes {
            // A duplicate names the file that it equals.
            of_it
                .iter_mut()
                .filter(|outcome| outcome.contains("duplicate"))
                .for_each(|o| o.truncate(11));
            of_it.sort();
            portrait.insert(format!("{sha256} {of_it:?}"));
        }
        for query in QUERIES {
            for found in self.json(case, &["search", query, "--limit", "1000"])? {
                portrait.insert(format!(
                    "{query}: {} {} {} {} {}",
                    found["document"],
                    found["title"],
                    found["published"],
                    found["language"],
                    found["hits"]
                ));
            }
        }
        let proof = self.verify(case)?;
        for field in ["whole", "originals", "bytes", "texts", "spans", "damages"] {
            portrait.insert(format!("verify {field} {}", proof[field]));
        }
        let status = self.json(case, &["status"])?;
        portrait.extend(status.iter().map(ToString::to_string));
        Ok(portrait)
    }

    /// What was printed is in the case: as many places as lines, and some of them, taken by
    /// chance, looked up one by one.
    fn check_acknowledged(&self, case: &str, printed: &[Value], chance: &mut Chance) -> Res<u64> {
        let told: Vec<&Value> = printed
            .iter()
            .filter(|line| line.get("path").is_some())
            .collect();
        let totals = self.json(case, &["status"])?;
        let kept = totals
            .first()
            .and_then(|totals| totals["occurrences"].as_u64());
        if kept.is_none_or(|kept| kept < told.len() as u64) {
            return Err(format!("{} were told of, {kept:?} are kept", told.len()));
        }
        for _ in 0..told.len().min(SAMPLED) {
            let line = told[usize::try_from(chance.below(told.len() as u64)).unwrap_or(0)];
            let Some(document) = line["document"].as_str() else {
                continue;
            };
            let shown = self
                .json(case, &["show", document])
                .map_err(|error| format!("{document} was told of and is lost: {error}"))?;
            let is_there = shown
                .first()
                .and_then(|shown| shown["occurrences"].as_array())
                .into_iter()
                .flatten()
                .any(|place| place["path"] == line["path"] && place["member"] == line["member"]);
            if !is_there {
                return Err(format!(
                    "{document} at {} {} was told of and is lost",
                    line["path"], line["member"]
                ));
            }
        }
        Ok(told.len() as u64)
    }

    fn copy_case(&self, from: &str, to: &str) -> Res<()> {
        let _ = fs::remove_dir_all(self.at(to));
        copy_folder(&self.at(from), &self.at(to))
    }
}

fn lines(bytes: &[u8]) -> Vec<Value> {
    let whole = bytes
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |end| end + 1);
    String::from_utf8_lossy(&bytes[..whole])
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect()
}

fn check_whole(proof: &Value) -> Res<()> {
    if proof["whole"] == true {
        Ok(())
    } else {
        Err(format!("the case is not whole: {}", proof["damages"]))
    }
}

pub(crate) fn run(arguments: &[&str]) -> Res<()> {
    let wrong =
        || "usage: cargo xtask ordeal kills --moments N | flips --bits N [--seed N]".to_owned();
    let number = |text: &str| text.parse().map_err(|_| wrong());
    match arguments {
        ["kills", "--moments", count] => kills(number(count)?, 1),
        ["kills", "--moments", count, "--seed", seed] => kills(number(count)?, number(seed)?),
        ["flips", "--bits", count] => flips(number(count)?, 1),
        ["flips", "--bits", count, "--seed", seed] => flips(number(count)?, number(seed)?),
        _ => Err(wrong()),
    }
}

fn kills(moments: u64, seed: u64) -> Res<()> {
    let world = World::new()?;
    let mut chance = Chance(seed);
    let mut undisturbed = BTreeMap::new();
    for kind in ["plain", "sealed"] {
        let (from, case) = (format!("new-{kind}"), format!("undisturbed-{kind}"));
        world.copy_case(&from, &case)?;
        let begun = Instant::now();
        told(
            "running",
            world.add_command(&case).stdout(Stdio::null()).status(),
        )?;
        let lasts = begun.elapsed();
        undisturbed.insert(kind, (world.portrait(&case)?, lasts));
        println!("undisturbed, {kind}: {:.2} s", lasts.as_secs_f64());
    }
    let (mut killed, mut done, mut acknowledged, mut rounds, mut faults) =
        (0, 0, 0, 0_u64, Vec::new());
    let mut early = 0_u64;
    while done < moments {
        // The key of a sealed case takes a second to derive, each time: one round in four.
        let kind = if rounds % 4 == 3 { "sealed" } else { "plain" };
        let (expected, lasts) = undisturbed.get(kind).ok_or("no portrait")?;
        let most = u64::try_from(lasts.as_micros()).unwrap_or(u64::MAX);
        world.copy_case(&format!("new-{kind}"), "case")?;
        let times = (chance.below(2) + 1).min(moments - done);
        let mut round = || -> Res<()> {
            for _ in 0..times {
                let wait = Duration::from_micros(chance.below(most));
                let (printed, in_time) = world.add_and_kill("case", wait)?;
                done += 1;
                killed += u64::from(in_time);
                early += u64::from(printed.is_empty());
                let fault = |error| format!("killed after {wait:?}: {error}");
                check_whole(&world.verify("case")?).map_err(fault)?;
                acknowledged += world
                    .check_acknowledged("case", &printed, &mut chance)
                    .map_err(fault)?;
            }
            world.json("case", &["add", "--ocr", "never", "documents"])?;
            let after = world.portrait("case")?;
            let odd: Vec<_> = after.symmetric_difference(expected).take(6).collect();
            if odd.is_empty() {
                Ok(())
            } else {
                Err(format!("differs from the undisturbed case: {odd:#?}"))
            }
        };
        if let Err(fault) = round() {
            eprintln!("round {rounds} ({kind}): {fault}");
            let kept = std::env::temp_dir().join(format!("tumen-ordeal-fault-{seed}-{rounds}"));
            copy_folder(&world.at("case"), &kept)?;
            eprintln!("the case is kept at {}", kept.display());
            faults.push(fault);
        }
        rounds += 1;
        // After each round, so that a run that is cut off itself leaves its figures.
        record(
            "kills",
            &[
                ("moments", done),
                ("killed before the end", killed),
                ("killed before anything was told", early),
                ("resumed to the end and compared", rounds),
                ("printed lines, all kept", acknowledged),
                ("faults", faults.len() as u64),
            ],
        )?;
        if rounds % 10 == 0 {
            println!("{done} of {moments} moments, {} faults", faults.len());
            let _ = std::io::stdout().flush();
        }
    }
    if faults.is_empty() {
        Ok(())
    } else {
        Err(format!("{} faults", faults.len()))
    }
}

/// Flips one bit of a file in place.
fn flip(path: &Path, bit: u64) -> Res<()> {
    let file = told(
        "opening",
        fs::File::options().read(true).write(true).open(path),
    )?;
    let mut byte = [0];
    told("reading", file.read_exact_at(&mut byte, bit / 8))?;
    byte[0] ^= 1 << (bit % 8);
    told("writing", file.write_all_at(&byte, bit / 8))
}

fn flips(bits: u64, seed: u64) -> Res<()> {
    let world = World::new()?;
    let mut chance = Chance(seed);
    for kind in ["plain", "sealed"] {
        world.copy_case(&format!("new-{kind}"), kind)?;
        world.json(kind, &["add", "--ocr", "never", "documents"])?;
        check_whole(&world.verify(kind)?)?;
    }
    let mut figures = [("plain", 0, 0), ("sealed", 0, 0), ("journal", 0, 0)];
    let mut missed = Vec::new();
    for n in 0..bits {
        // Each check of a sealed case costs a derivation of its key; each of a journal a copy.
        let which = match n % 5 {
            0 => 1,
            1 => 2,
            _ => 0,
        };
        let case = figures[which].0;
        if case == "journal" {
            // The journal of a killed run is folded in by the first command after.
            loop {
                world.copy_case("new-plain", case)?;
                world.add_and_kill(case, Duration::from_millis(20 + chance.below(250)))?;
                let journal = world.at(case).join("ledger.db-wal");
                if fs::metadata(&journal).is_ok_and(|meta| (100..4_000_000).contains(&meta.len())) {
                    break;
                }
            }
        }
        let files = if case == "journal" {
            vec![world.at(case).join("ledger.db-wal")]
        } else {
            files_of(&world.at(case))?
        };
        // Every file has the same chance, whatever its size: small ones matter as much.
        let path = &files[usize::try_from(chance.below(files.len() as u64)).unwrap_or(0)];
        let mut length = told("reading", fs::metadata(path))?.len();
        if case == "journal" {
            // A frame that was cut short was never committed.
            length -= (length - 32) % (8192 + 24);
        }
        let bit = chance.below(length * 8);
        flip(path, bit)?;
        let output = world.run(&["--case", case, "--json", "--quiet", "verify"])?;
        let found = match output.status.code() {
            Some(0) => false,
            Some(1 | 3 | 4) => true,
            code => {
                return Err(format!(
                    "verify ended with {code:?}: {}",
                    String::from_utf8_lossy(&output.stderr)
                ));
            }
        };
        figures[which].1 += 1;
        figures[which].2 += u64::from(found);
        if !found {
            let shown = path.strip_prefix(&world.work).unwrap_or(path).display();
            eprintln!("not found: bit {} of byte {} of {shown}", bit % 8, bit / 8);
            missed.push(shown.to_string());
        }
        if case != "journal"
            && path.is_file()
            && fs::metadata(path).is_ok_and(|meta| meta.len() == length)
        {
            flip(path, bit)?;
        }
        if n % 50 == 49 {
            println!("{} of {bits} bits, {} not found", n + 1, missed.len());
        }
    }
    for kind in ["plain", "sealed"] {
        check_whole(&world.verify(kind)?)?;
    }
    let names: Vec<_> = figures
        .iter()
        .flat_map(|(kind, tried, found)| {
            [
                (format!("{kind}: bits flipped"), *tried),
                (format!("{kind}: found"), *found),
            ]
        })
        .collect();
    let rows: Vec<_> = names
        .iter()
        .map(|(name, count)| (name.as_str(), *count))
        .collect();
    record("flips", &rows)?;
    if missed.is_empty() {
        Ok(())
    } else {
        Err(format!("{} flips were not found", missed.len()))
    }
}

/// Replaces the rows of one ordeal in the table of results.
fn record(ordeal: &str, rows: &[(&str, u64)]) -> Res<()> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../bench/results/ordeal.tsv");
    let before = fs::read_to_string(&path).unwrap_or_default();
    let mut table = vec!["ordeal\twhat\tcount".to_owned()];
    table.extend(
        before
            .lines()
            .skip(1)
            .filter(|line| !line.starts_with(&format!("{ordeal}\t")))
            .map(str::to_owned),
    );
    for (what, count) in rows {
        table.push(format!("{ordeal}\t{what}\t{count}"));
    }
    told(
        "writing the results",
        fs::write(path, table.join("\n") + "\n"),
    )
}
