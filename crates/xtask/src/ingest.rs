//! `cargo xtask measure ingest`: CPU time of taking in, beside a peer on the same files. Sealing,
//! hashing, the log, indexing and, where it says so, the derivation of the key are all in ours.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::corpus::{Dice, Words};
use crate::machine::{cpu_of, files_below, root, tumen, write_results};

/// Made pages and texts: the size of a middling collection.
const MADE: usize = 10_000;

struct Measured {
    tumen: PathBuf,
    work: PathBuf,
}

impl Measured {
    fn passphrase(&self) -> PathBuf {
        self.work.join("passphrase")
    }

    fn new_case(&self, name: &str, plain: bool) -> Result<PathBuf, String> {
        let case = self.work.join(name);
        let mut command = Command::new(&self.tumen);
        command
            .arg("--passphrase-file")
            .arg(self.passphrase())
            .arg("new")
            .arg(&case);
        if plain {
            command.arg("--plain");
        }
        cpu_of(&mut command)?;
        Ok(case)
    }

    fn add(&self, case: &Path, folder: &Path) -> Result<f64, String> {
        self.add_with(case, folder, &[])
    }

    fn add_with(&self, case: &Path, folder: &Path, options: &[&str]) -> Result<f64, String> {
        let mut command = Command::new(&self.tumen);
        command
            .arg("--quiet")
            .arg("--case")
            .arg(case)
            .arg("--passphrase-file")
            .arg(self.passphrase());
        command.args(["add", "--ocr", "never"]).args(options);
        cpu_of(command.arg(folder))
    }

    fn folder(&self, name: &str) -> Result<PathBuf, String> {
        let folder = self.work.join(name);
        fs::create_dir_all(&folder).map_err(|e| e.to_string())?;
        Ok(folder)
    }
}

/// Measures; `keep` is a new folder in which what was made stays, to be looked into.
///
/// # Errors
/// A file cannot be written, or a program fails.
pub(crate) fn measure(keep: Option<&Path>) -> Result<(), String> {
    let measured = Measured {
        tumen: tumen()?,
        work: keep.map_or_else(
            || std::env::temp_dir().join(format!("tumen-measure-{}", std::process::id())),
            Path::to_owned,
        ),
    };
    let done = rows(&measured).and_then(|rows| write_results("ingest.tsv", &rows));
    let _ = fs::remove_file(&measured.tumen);
    if keep.is_none() {
        let _ = fs::remove_dir_all(&measured.work);
    }
    done
}

fn rows(measured: &Measured) -> Result<Vec<String>, String> {
    let documents = root().join("../shared/data/documents");
    let mut rows = vec!["what\tfiles\tours (CPU s)\tpeer (CPU s)\tratio\tpeer".to_owned()];
    fs::create_dir_all(&measured.work).map_err(|e| e.to_string())?;
    fs::write(measured.passphrase(), "only for measuring\n").map_err(|e| e.to_string())?;
    // What opening a case costs (the derivation of its key) is no part of taking in.
    let empty = measured.folder("empty")?;
    let case = measured.new_case("opening", false)?;
    let opening = least(5, |_| measured.add(&case, &empty))?;

    if documents.is_dir() {
        rows.push(pdfs(measured, &documents, opening)?);
        let all = every_kind(measured, &documents, opening)?;
        rows.extend(all);
    } else {
        rows.push("PDF and all files: the collection is not on this machine\t\t\t\t\t".into());
    }
    rows.extend(pages_and_texts(measured, &documents, opening)?);
    Ok(rows)
}

/// The least of so many times: what other programs and the machine do meanwhile is no part of it.
fn least(times: usize, mut time: impl FnMut(usize) -> Result<f64, String>) -> Result<f64, String> {
    let mut best = f64::INFINITY;
    for round in 0..times {
        best = best.min(time(round)?);
    }
    Ok(best)
}

fn pdfs(measured: &Measured, documents: &Path, opening: f64) -> Result<String, String> {
    let mut pdfs = Vec::new();
    files_below(documents, &["pdf"], &mut pdfs)?;
    // One bomb on which the peer spends half a minute would flatter us.
    pdfs.retain(|path| !path.to_string_lossy().contains("bomb"));
    let folder = measured.folder("pdf")?;
    for (n, pdf) in pdfs.iter().enumerate() {
        fs::copy(pdf, folder.join(format!("{n}.pdf"))).map_err(|e| e.to_string())?;
    }
    let ours = least(3, |round| {
        let case = measured.new_case(&format!("pdf-case-{round}"), false)?;
        measured.add(&case, &folder)
    })? - opening;
    let mut peer = 0.0;
    for pdf in &pdfs {
        let mut command = Command::new("pdftotext");
        command.arg("-bbox").arg(pdf).arg("/dev/null");
        match cpu_of(&mut command) {
            Ok(took) => peer += took,
            Err(error) => {
                return Ok(format!(
                    "PDF\t{}\t{ours:.2}\t\t\tpdftotext is missing ({error})",
                    pdfs.len()
                ));
            }
        }
    }
    Ok(format!(
        "PDF\t{}\t{ours:.2}\t{peer:.2}\t{:.2}\tpdftotext -bbox",
        pdfs.len(),
        ours / peer
    ))
}

/// Everything, sealed and plain; then again, unchanged.
fn every_kind(measured: &Measured, documents: &Path, opening: f64) -> Result<Vec<String>, String> {
    let mut files = 0;
    count(documents, &mut files)?;
    let new = |round, plain| {
        let name = if plain { "plain" } else { "sealed" };
        measured.new_case(&format!("{name}-{round}"), plain)
    };
    let sealed = least(3, |round| measured.add(&new(round, false)?, documents))? - opening;
    let plain = least(3, |round| measured.add(&new(round, true)?, documents))?;
    let case = measured.work.join("sealed-0");
    let again = least(3, |_| measured.add(&case, documents))? - opening;
    Ok(vec![
        format!(
            "sealed against plain\t{files}\t{sealed:.2}\t{plain:.2}\t{:.2}\ttumen --plain",
            sealed / plain
        ),
        format!(
            "second pass, unchanged\t{files}\t{again:.2}\t{sealed:.2}\t{:.2}\tfirst pass",
            again / sealed
        ),
    ])
}

fn count(folder: &Path, files: &mut usize) -> Result<(), String> {
    for entry in fs::read_dir(folder).map_err(|e| e.to_string())?.flatten() {
        let path = entry.path();
        if path.is_dir() {
            count(&path, files)?;
        } else {
            *files += 1;
        }
    }
    Ok(())
}

/// Pages of the web and plain texts, made and real, beside Recoll; then the second pass.
fn pages_and_texts(
    measured: &Measured,
    documents: &Path,
    opening: f64,
) -> Result<Vec<String>, String> {
    let folder = measured.folder("pages and texts")?;
    let mut files = 0;
    let mut dice = Dice(88_172_645_463_325_252);
    let words = Words::new(&mut dice);
    for number in 0..MADE {
        let place = folder.join(format!("{:02}", number / 500));
        if number % 500 == 0 {
            fs::create_dir_all(&place).map_err(|e| e.to_string())?;
        }
        let (name, text) = if number % 2 == 0 {
            (format!("page {number}.html"), words.page(&mut dice))
        } else {
            let several: String = (0..1 + dice.below(6))
                .map(|_| words.document(&mut dice).1)
                .collect();
            (format!("text {number}.txt"), several)
        };
        fs::write(place.join(name), text).map_err(|e| e.to_string())?;
        files += 1;
    }
    let mut real = Vec::new();
    if documents.is_dir() {
        files_below(documents, &["html", "htm", "txt"], &mut real)?;
        let place = folder.join("real");
        fs::create_dir_all(&place).map_err(|e| e.to_string())?;
        for (n, path) in real.iter().enumerate() {
            let ending = path.extension().unwrap_or_default().to_string_lossy();
            fs::copy(path, place.join(format!("{n}.{ending}"))).map_err(|e| e.to_string())?;
            files += 1;
        }
    }
    let case = measured.new_case("pages-case", false)?;
    let ours = measured.add(&case, &folder)?;
    // What the peer does as well: its part of the work, without finding what the texts say.
    let later = measured.new_case("pages-later", false)?;
    let without = measured.add_with(&later, &folder, &["--statements", "later"])?;
    let peer = recoll(measured, &folder);
    let real = real.len();
    let mut rows = Vec::new();
    for (what, ours) in [
        ("statements left for later", without),
        ("statements too", ours),
    ] {
        let what = format!("web pages and text ({real} real), key derivation included, {what}");
        rows.push(match &peer {
            Ok((peer, indexed)) => format!(
                "{what}\t{files}\t{ours:.2}\t{peer:.2}\t{:.1} times as many files a CPU second\trecollindex ({indexed} indexed)",
                peer / ours
            ),
            Err(error) => format!("{what}\t{files}\t{ours:.2}\t\t\trecoll is missing ({error})"),
        });
    }
    let again = least(3, |_| measured.add(&case, &folder))? - opening;
    rows.push(format!(
        "second pass, unchanged, web pages and text\t{files}\t{again:.2}\t{ours:.2}\t{:.2}\tfirst pass",
        again / ours
    ));
    rows.push(cores(measured, &folder, files));
    Ok(rows)
}

/// Waiting time on both of two cores against one, the best of three runs each, in turns so that
/// both meet the machine in the same state; plain, as the derivation of the key uses one core.
fn cores(measured: &Measured, folder: &Path, files: usize) -> String {
    let what = "both of two cores against one, web pages and text: seconds waited";
    let mut best = [f64::INFINITY; 2];
    for round in 0..3 {
        for (n, which) in ["0", "0,1"].iter().enumerate() {
            match pinned(measured, folder, which, &format!("cores-{round}-{n}")) {
                Ok(took) => best[n] = best[n].min(took),
                Err(error) => return format!("{what}\t{files}\t\t\t\tnot measured ({error})"),
            }
        }
    }
    let [one, both] = best;
    format!(
        "{what}\t{files}\t{both:.2}\t{one:.2}\t{:.2}\ttaskset -c 0",
        both / one
    )
}

fn pinned(measured: &Measured, folder: &Path, which: &str, name: &str) -> Result<f64, String> {
    let case = measured.new_case(name, true)?;
    let begun = std::time::Instant::now();
    let status = Command::new("taskset")
        .args(["-c", which])
        .arg(&measured.tumen)
        .arg("--quiet")
        .arg("--case")
        .arg(&case)
        .args(["add", "--ocr", "never"])
        .arg(folder)
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .status()
        .map_err(|e| format!("taskset: {e}"))?;
    let took = begun.elapsed().as_secs_f64();
    // The case stays until the end: ext4 searches long for room among files that were deleted just now, with one core.
    // 1: done, but some file needs attention.
    matches!(status.code(), Some(0 | 1))
        .then_some(took)
        .ok_or_else(|| "add failed".into())
}

/// CPU seconds of Recoll over a folder, and how many documents its index then says it has.
fn recoll(measured: &Measured, folder: &Path) -> Result<(f64, String), String> {
    let config = measured.folder("recoll")?;
    let settings = format!(
        "topdirs = \"{}\"\nidxniceprio = 0\nidxflushmb = 50\nloglevel = 1\nthrQSizes = -1 -1 -1\n",
        folder.display()
    );
    fs::write(config.join("recoll.conf"), settings).map_err(|e| e.to_string())?;
    let took = cpu_of(Command::new("recollindex").arg("-z").arg("-c").arg(&config))?;
    let status = fs::read_to_string(config.join("idxstatus.txt")).map_err(|e| e.to_string())?;
    let count = status
        .lines()
        .find_map(|line| line.strip_prefix("docsdone"))
        .map(|rest| rest.trim_start_matches([' ', '=']).trim().to_owned());
    let count = count.ok_or("recollindex told no number of documents")?;
    if count == "0" {
        return Err("recollindex indexed nothing".into());
    }
    Ok((took, count))
}
