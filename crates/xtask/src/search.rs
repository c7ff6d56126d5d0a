//! `cargo xtask measure search`: a sealed case of many short documents, asked through the page
//! that a person asks: every figure includes the HTTP request, the opened index, the text of the
//! results from the database, snippets, facets and the written page.
//!
//! Two times stand there: what the person waits, and what the server computes. On a machine that
//! does nothing else they are nearly the same; while others use it, only the second says something
//! of Tumen.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::corpus::{Dice, Script, Words};
use crate::machine::{at, memory, on_cpu, tumen, write_results};

const SEED: u64 = 88_172_645_463_325_252;

struct Measured {
    tumen: PathBuf,
    work: PathBuf,
}

impl Measured {
    fn case(&self) -> PathBuf {
        self.work.join("case")
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(&self.tumen);
        command
            .arg("--quiet")
            .arg("--passphrase-file")
            .arg(self.work.join("passphrase"))
            .stdin(Stdio::null())
            .args(words);
        command
    }
}

/// Makes the case and measures it. `keep` is a folder in which the case stays for the next run.
///
/// # Errors
/// A file cannot be written, or `tumen` fails.
pub(crate) fn measure(documents: usize, keep: Option<&Path>) -> Result<(), String> {
    let work = keep.map_or_else(
        || std::env::temp_dir().join(format!("tumen-measure-{}", std::process::id())),
        Path::to_owned,
    );
    let measured = Measured {
        tumen: tumen()?,
        work,
    };
    let mut rows = vec![
        "what\tqueries\twait: median (ms)\twait: 99%\tCPU: median (ms)\tCPU: 99%\tCPU: most\tthat query"
            .to_owned(),
    ];
    let made = if measured.case().join("case.json").exists() {
        eprintln!("asking the case that is in {}", measured.work.display());
        Ok(())
    } else {
        make(&measured, documents)
    };
    let done = made
        .and_then(|()| ask(&measured, documents, &mut rows))
        .and_then(|()| starts(&measured, &mut rows))
        .and_then(|()| write_results("search.tsv", &rows));
    let _ = fs::remove_file(&measured.tumen);
    if keep.is_none() {
        let _ = fs::remove_dir_all(&measured.work);
    }
    done
}

fn make(measured: &Measured, documents: usize) -> Result<(), String> {
    let folder = measured.work.join("documents");
    let text = |error: std::io::Error| error.to_string();
    fs::create_dir_all(&folder).map_err(text)?;
    fs::write(
        measured.work.join("passphrase"),
        "only for measuring, never for a case\n",
    )
    .map_err(text)?;
    let mut dice = Dice(SEED);
    let words = Words::new(&mut dice);
    let kinds = [
        "notice",
        "report",
        "testimony",
        "letter",
        "list",
        "비망록",
        "记录",
    ];
    let mut folders = Vec::new();
    for number in 0..documents {
        if number % 1_000 == 0 {
            folders.push(folder.join(format!(
                "{}/{} {:03}",
                2004 + folders.len() % 20,
                dice.one(&kinds),
                folders.len()
            )));
            if let Some(new) = folders.last() {
                fs::create_dir_all(new).map_err(text)?;
            }
        }
        let (script, mut body) = words.document(&mut dice);
        let name = format!(
            "{} {} {number:06}.txt",
            dice.one(&kinds),
            words.word(script, &mut dice)
        );
        body.push_str(&format!("{number}\n"));
        if let Some(place) = folders.last() {
            fs::write(place.join(name), body).map_err(text)?;
        }
    }
    let case = measured.case();
    let case = case.to_string_lossy();
    let run = |words: &[&str]| {
        let status = measured
            .command(words)
            .stdout(Stdio::null())
            .status()
            .map_err(text)?;
        match status.code() {
            Some(0 | 1) => Ok(()),
            _ => Err(format!("tumen {}: {status}", words.join(" "))),
        }
    };
    run(&["new", &case])?;
    let begun = Instant::now();
    // By source and date, so that facets have something to count.
    let mut years: Vec<PathBuf> = fs::read_dir(&folder)
        .map_err(text)?
        .flatten()
        .map(|entry| entry.path())
        .collect();
    years.sort();
    let sources = ["CECC", "Field desk", "NGO 자료", "Courts", "Press"];
    for (number, year) in years.iter().enumerate() {
        let published = year.file_name().unwrap_or_default().to_string_lossy();
        let source = sources.get(number % sources.len()).copied().unwrap_or("");
        let folder = year.to_string_lossy();
        run(&[
            "--case",
            &case,
            "add",
            "--source",
            source,
            "--published",
            &published,
            &folder,
        ])?;
    }
    eprintln!(
        "{documents} documents taken in within {:.0} s",
        begun.elapsed().as_secs_f64()
    );
    fs::remove_dir_all(&folder).map_err(text)
}

/// Queries by kind: what people type, over frequent and rare words of the three scripts.
fn queries() -> Vec<(&'static str, Vec<String>)> {
    let mut dice = Dice(SEED);
    let words = Words::new(&mut dice);
    let scripts = [Script::English, Script::Korean, Script::Chinese];
    let mut dice = Dice(7);
    let mut some = |count: usize, form: &mut dyn FnMut(&mut Dice, Script) -> String| {
        (0..count)
            .map(|n| {
                let script = scripts.get(n % 3).copied().unwrap_or(Script::English);
                form(&mut dice, script)
            })
            .collect::<Vec<_>>()
    };
    let start = |word: &str, most: usize| word.chars().take(most).collect::<String>();
    let misspelt = |word: &str| {
        let mut chars: Vec<char> = word.to_lowercase().chars().filter(char::is_ascii).collect();
        let middle = chars.len() / 2;
        if let Some(letter) = chars.get_mut(middle) {
            *letter = if *letter == 'e' { 'a' } else { 'e' };
        }
        chars.into_iter().collect::<String>()
    };
    vec![
        (
            "one word",
            some(60, &mut |dice, script| words.word(script, dice).to_owned()),
        ),
        (
            "two and three words",
            some(60, &mut |dice, script| {
                (0..2 + dice.below(2))
                    .map(|_| words.word(script, dice))
                    .collect::<Vec<_>>()
                    .join(" ")
            }),
        ),
        (
            "phrases",
            some(45, &mut |dice, script| {
                let gap = if script == Script::Chinese { "" } else { " " };
                format!(
                    "\"{}{gap}{}\"",
                    words.word(script, dice),
                    words.word(script, dice)
                )
            }),
        ),
        (
            "OR, NOT",
            some(30, &mut |dice, script| {
                let mut word = || words.word(script, dice).to_owned();
                format!("({} OR {}) -{}", word(), word(), word())
            }),
        ),
        (
            "one Han or Hangul character",
            some(24, &mut |dice, script| {
                let script = if script == Script::English {
                    Script::Korean
                } else {
                    script
                };
                start(words.word(script, dice), 1)
            }),
        ),
        (
            "wildcards",
            some(36, &mut |dice, script| {
                let most = if script == Script::English { 3 } else { 2 };
                format!("{}*", start(words.word(script, dice), most))
            }),
        ),
        (
            "proximity",
            some(30, &mut |dice, script| {
                format!(
                    "\"{} {}\"~{}",
                    words.word(script, dice),
                    words.word(script, dice),
                    3 + dice.below(8)
                )
            }),
        ),
        (
            "one letter off",
            some(30, &mut |dice, _| {
                format!("{}~1", misspelt(words.word(Script::English, dice)))
            }),
        ),
        (
            "two letters off",
            some(15, &mut |dice, _| {
                format!("{}~2", misspelt(words.word(Script::English, dice)))
            }),
        ),
        (
            "fields",
            some(30, &mut |dice, script| {
                let word = words.word(script, dice);
                let year = 2004 + dice.below(20);
                match dice.below(5) {
                    0 => format!("{word} lang:ko"),
                    1 => format!("{word} source:\"Field desk\" published:{year}..2022"),
                    2 => format!("title:{word}"),
                    3 => format!("path:{word}"),
                    _ => format!("{word} published:{year}-01..{year}-09 type:text"),
                }
            }),
        ),
        (
            "parts of paths",
            some(24, &mut |dice, script| {
                let word = words.word(script, dice);
                match dice.below(3) {
                    0 => format!("path:*{}*", start(word, 3)),
                    1 => format!("path:*{:02}.txt", dice.below(100)),
                    _ => format!("path:2012/*{}*.txt", start(word, 2)),
                }
            }),
        ),
        (
            "words that are nowhere",
            some(21, &mut |dice, script| match script {
                Script::English => format!("xq{}zz", words.word(script, dice).to_lowercase()),
                Script::Korean => format!("{}뷁쀍", words.word(script, dice)),
                Script::Chinese => format!("{}龘靐", words.word(script, dice)),
            }),
        ),
        (
            "a facet chosen, by date",
            some(21, &mut |dice, script| {
                format!("{}\u{1}&year=2012&sort=newest", words.word(script, dice))
            }),
        ),
    ]
}

struct Served {
    process: Child,
    stream: BufReader<TcpStream>,
    host: String,
    cookie: String,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Served {
    fn start(measured: &Measured) -> Result<Self, String> {
        let case = measured.case();
        let mut process = measured
            .command(&[
                "--case",
                &case.to_string_lossy(),
                "serve",
                "--listen",
                "127.0.0.1:0",
            ])
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|e| e.to_string())?;
        let said = process.stdout.take().ok_or("serve says nothing")?;
        let link = BufReader::new(said)
            .lines()
            .map_while(Result::ok)
            .find_map(|line| line.trim().strip_prefix("http://").map(str::to_owned));
        let Some(link) = link else {
            let _ = process.kill();
            return Err("serve printed no link".into());
        };
        let (host, path) = link.split_once('/').ok_or("no path in the link")?;
        let stream = TcpStream::connect(host).map_err(|e| e.to_string())?;
        stream
            .set_read_timeout(Some(Duration::from_secs(60)))
            .and_then(|()| stream.set_nodelay(true))
            .map_err(|e| e.to_string())?;
        let mut served = Self {
            process,
            stream: BufReader::new(stream),
            host: host.to_owned(),
            cookie: String::new(),
        };
        let (_, headers, _) = served.get(&format!("/{path}"))?;
        served.cookie = headers
            .iter()
            .find_map(|(name, value)| {
                let pair = value.split(';').next()?;
                (name == "set-cookie").then(|| pair.to_owned())
            })
            .ok_or("no cookie came with the link")?;
        Ok(served)
    }

    /// Status, headers and body of a page.
    #[allow(clippy::type_complexity)]
    fn get(&mut self, path: &str) -> Result<(u16, Vec<(String, String)>, Vec<u8>), String> {
        let text = |error: std::io::Error| format!("{path}: {error}");
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\n\r\n",
            self.host, self.cookie
        );
        self.stream
            .get_mut()
            .write_all(request.as_bytes())
            .map_err(text)?;
        let mut line = String::new();
        self.stream.read_line(&mut line).map_err(text)?;
        let status = line
            .split(' ')
            .nth(1)
            .and_then(|code| code.parse().ok())
            .ok_or(format!("{path}: no status"))?;
        let mut headers = Vec::new();
        loop {
            line.clear();
            self.stream.read_line(&mut line).map_err(text)?;
            let Some((name, value)) = line.trim_end().split_once(':') else {
                break;
            };
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let length = headers
            .iter()
            .find(|(name, _)| name == "content-length")
            .and_then(|(_, value)| value.parse::<usize>().ok())
            .ok_or(format!("{path}: no length"))?;
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).map_err(text)?;
        Ok((status, headers, body))
    }
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// What one query took.
#[derive(Clone)]
struct Took {
    wait: f64,
    cpu: f64,
    query: String,
    found: bool,
}

fn ask(measured: &Measured, documents: usize, rows: &mut Vec<String>) -> Result<(), String> {
    let mut served = Served::start(measured)?;
    let process = served.process.id();
    let mut row = |what: &str, mut times: Vec<Took>| {
        let sorted = |time: fn(&Took) -> f64| {
            let mut all: Vec<f64> = times.iter().map(time).collect();
            all.sort_by(f64::total_cmp);
            all
        };
        let (wait, cpu) = (sorted(|took| took.wait), sorted(|took| took.cpu));
        times.sort_by(|a, b| a.cpu.total_cmp(&b.cpu));
        let most = times.last().map_or("", |took| took.query.as_str());
        rows.push(format!(
            "{what}\t{}\t{:.1}\t{:.1}\t{:.1}\t{:.1}\t{:.1}\t{}",
            times.len(),
            at(&wait, 0.5),
            at(&wait, 0.99),
            at(&cpu, 0.5),
            at(&cpu, 0.99),
            at(&cpu, 1.0),
            most.replace(['\t', '\u{1}'], " ")
        ));
    };
    let mut once = |query: &str| -> Result<Took, String> {
        let (words, rest) = query.split_once('\u{1}').unwrap_or((query, ""));
        let path = format!("/?q={}{rest}", encoded(words));
        let before = on_cpu(process)?;
        let begun = Instant::now();
        let (status, _, body) = served.get(&path)?;
        let wait = begun.elapsed().as_secs_f64() * 1e3;
        if status != 200 {
            return Err(format!("`{words}`: status {status}"));
        }
        Ok(Took {
            wait,
            cpu: on_cpu(process)? - before,
            query: query.to_owned(),
            found: String::from_utf8_lossy(&body).contains("class=\"result\""),
        })
    };
    let first = once("refugees border")?;
    row("the first query after the start", vec![first]);
    let mut everything = Vec::new();
    let mut kinds = Vec::new();
    for (kind, queries) in queries() {
        let mut times = Vec::new();
        let mut with_results = 0;
        for query in &queries {
            let took = once(query)?;
            with_results += usize::from(took.found);
            times.push(took);
        }
        everything.extend(times.clone());
        kinds.push((format!("{kind} ({with_results} with results)"), times));
    }
    row(
        &format!("all, page served, {documents} documents sealed"),
        everything,
    );
    for (kind, times) in kinds {
        row(&kind, times);
    }
    rows.push(format!(
        "memory of serve: peak, then (MB)\t\t{:.0}\t{:.0}\t\t\t\t",
        memory(process, "VmHWM:")?,
        memory(process, "VmRSS:")?
    ));
    Ok(())
}

/// The start of `tumen search`: its wall time without what the derivation of the key took, which
/// it tells under `TUMEN_TIMES`.
fn starts(measured: &Measured, rows: &mut Vec<String>) -> Result<(), String> {
    let case = measured.case();
    let mut times = Vec::new();
    for query in ["refugees", "구금", "遣返", "\"held in\"", "border -china"].repeat(3) {
        let mut command = measured.command(&["--case", &case.to_string_lossy(), "search", query]);
        command.env("TUMEN_TIMES", "1");
        let begun = Instant::now();
        let output = command.output().map_err(|e| e.to_string())?;
        let wall = begun.elapsed().as_secs_f64() * 1e3;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let derived = said
            .lines()
            .find_map(|line| line.strip_prefix("times: key ")?.strip_suffix(" ms"))
            .and_then(|ms| ms.parse::<f64>().ok())
            .ok_or(format!("search told no times: {said}"))?;
        times.push(wall - derived);
    }
    times.sort_by(f64::total_cmp);
    rows.push(format!(
        "`tumen search`, start to end, without deriving the key\t{}\t{:.1}\t{:.1}\t\t\t\t",
        times.len(),
        at(&times, 0.5),
        at(&times, 0.99)
    ));
    Ok(())
}
