//! The runner: mutates, gives to the reader in a second process, keeps what breaks it.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::FileExt;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use tumen_fuzz::mutate::{self, Chance};
use tumen_fuzz::{seeds, targets};

/// What a reader of the product has (`extract::worker::MEMORY`), and as much for the rest.
const MEMORY: u64 = extract::worker::MEMORY + (512 << 20);
const STACK: usize = 128 << 20;
/// A try that stands still so long hangs: the product gives up then, too.
const HANGS: Duration = Duration::from_secs(20);

const USAGE: &str = "usage: tumen-fuzz list
       tumen-fuzz TARGET|all [--seconds N] [--seeds FOLDER] [--faults FOLDER] [--table FILE] [--start N]
       tumen-fuzz try TARGET FILE";

#[derive(Clone, Default)]
struct Options {
    seconds: u64,
    start: u64,
    seeds: Option<PathBuf>,
    faults: Option<PathBuf>,
    table: Option<PathBuf>,
}

fn options(arguments: &[String]) -> Option<Options> {
    let mut options = Options {
        seconds: 60,
        ..Options::default()
    };
    for pair in arguments.chunks(2) {
        let [flag, value] = pair else { return None };
        match flag.as_str() {
            "--seconds" => options.seconds = value.parse().ok()?,
            "--start" => options.start = value.parse().ok()?,
            "--seeds" => options.seeds = Some(value.into()),
            "--faults" => options.faults = Some(value.into()),
            "--table" => options.table = Some(value.into()),
            _ => return None,
        }
    }
    Some(options)
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["list"] => targets::ALL.iter().for_each(|target| println!("{target}")),
        ["try", target, file] => match std::fs::read(file) {
            Ok(bytes) => on_a_thread(target, &bytes),
            Err(error) => {
                eprintln!("{file}: {error}");
                return ExitCode::FAILURE;
            }
        },
        ["child", target, state, ..] => match options(&arguments[3..]) {
            Some(options) => child(target, Path::new(state), &options),
            None => return ExitCode::FAILURE,
        },
        [target, ..] if *target == "all" || targets::ALL.contains(target) => {
            let Some(options) = options(&arguments[1..]) else {
                eprintln!("{USAGE}");
                return ExitCode::FAILURE;
            };
            let chosen: Vec<_> = targets::ALL.iter().filter(|name| *target == "all" || *name == target).collect();
            let faults: u64 = chosen.into_iter().map(|target| parent(target, &options)).sum();
            return if faults == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE };
        }
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// As the product's worker runs readers: on a thread with a large stack.
fn on_a_thread(target: &str, bytes: &[u8]) {
    std::thread::scope(|scope| {
        let run = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, || targets::run(target, bytes));
        run.expect("a thread").join().expect("the reader keeps its word");
    });
}

/// The same number makes the same input.
fn input(target: &str, number: u64, seeds: &[Vec<u8>]) -> Vec<u8> {
    let name = target.bytes().fold(0_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
    let mut chance = Chance(name ^ number.wrapping_mul(0xa076_1d64_78bd_642f));
    let (seed, other) = (&seeds[chance.below(seeds.len())], &seeds[chance.below(seeds.len())]);
    mutate::file(&mut chance, seed, other)
}

static WHERE: Mutex<String> = Mutex::new(String::new());

fn child(target: &str, state: &Path, options: &Options) {
    let cap = rustix::process::Rlimit {
        current: Some(MEMORY),
        maximum: Some(MEMORY),
    };
    rustix::process::setrlimit(rustix::process::Resource::As, cap).expect("a cap on memory");
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(|at| format!("{}:{}", at.file(), at.line())).unwrap_or_default();
        let message = panic.payload_as_str().unwrap_or("").lines().next().unwrap_or("").to_owned();
        *WHERE.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = format!("{place}\t{message}");
    }));
    let state = std::fs::File::options().write(true).open(state).expect("the state");
    let seeds = seeds::of(target, options.seeds.as_deref());
    let end = Instant::now() + Duration::from_secs(options.seconds);
    let run = || {
        for number in options.start.. {
            if Instant::now() >= end {
                break;
            }
            state.write_all_at(&number.to_le_bytes(), 0).expect("the state");
            let bytes = input(target, number, &seeds);
            let begun = Instant::now();
            let ran = std::panic::catch_unwind(|| targets::run(target, &bytes));
            if ran.is_err() {
                let place = WHERE.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).clone();
                println!("panic\t{number}\t{place}");
            } else if begun.elapsed() > Duration::from_secs(5) {
                println!("slow\t{number}\tslow\t{:.1} s, {} bytes", begun.elapsed().as_secs_f64(), bytes.len());
            }
        }
    };
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, run);
        thread.expect("a thread").join().expect("caught before");
    });
}

/// Runs a target until its time is over; the number of different faults.
fn parent(target: &str, options: &Options) -> u64 {
    let state_path = std::env::temp_dir().join(format!("tumen-fuzz-{}-{target}", std::process::id()));
    std::fs::write(&state_path, [0; 8]).expect("a temporary file");
    let seeds = seeds::of(target, options.seeds.as_deref());
    let (begun, mut start) = (Instant::now(), options.start);
    let time = Duration::from_secs(options.seconds);
    let mut faults: BTreeMap<String, (u64, String)> = BTreeMap::new();
    let mut slow = 0_u64;
    while let Some(left) = time.checked_sub(begun.elapsed()).filter(|left| left.as_secs() > 0) {
        let mut command = Command::new(std::env::current_exe().expect("this program"));
        command.args(["child", target]).arg(&state_path);
        command.args(["--seconds", &left.as_secs().to_string(), "--start", &start.to_string()]);
        if let Some(folder) = &options.seeds {
            command.arg("--seeds").arg(folder);
        }
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("a child");
        let told = BufReader::new(child.stdout.take().expect("piped"));
        let mut complaint = child.stderr.take().expect("piped");
        let lines = std::thread::spawn(move || told.lines().map_while(Result::ok).collect::<Vec<_>>());
        let complaint = std::thread::spawn(move || {
            let mut text = Vec::new();
            let _ = complaint.read_to_end(&mut text);
            String::from_utf8_lossy(&text).lines().last().unwrap_or("").to_owned()
        });
        let number = || {
            let mut bytes = [0; 8];
            let file = std::fs::File::open(&state_path).expect("the state");
            file.read_exact_at(&mut bytes, 0).expect("the state");
            u64::from_le_bytes(bytes)
        };
        let (mut seen, mut since) = (u64::MAX, Instant::now());
        let (status, hangs) = loop {
            if let Some(status) = child.try_wait().expect("a child") {
                break (status, false);
            }
            let now = number();
            if now != seen {
                (seen, since) = (now, Instant::now());
            } else if since.elapsed() > HANGS {
                let _ = child.kill();
                break (child.wait().expect("a child"), true);
            }
            std::thread::sleep(Duration::from_millis(100));
        };
        for line in lines.join().unwrap_or_default() {
            let mut parts = line.splitn(3, '\t');
            let (kind, at, what) = (parts.next(), parts.next().and_then(|n| n.parse().ok()), parts.next());
            if let (Some(kind), Some(at), Some(what)) = (kind, at, what) {
                slow += u64::from(kind == "slow");
                let place = what.split('\t').next().unwrap_or("").to_owned();
                faults.entry(format!("{kind} {place}")).or_insert((at, what.replace('\t', ": ")));
            }
        }
        let at = number();
        start = at + 1;
        let complaint = complaint.join().unwrap_or_default();
        if hangs {
            faults.entry(format!("hang {at}")).or_insert((at, "stood still".to_owned()));
        } else if !status.success() {
            let signal = status.signal().map_or_else(String::new, |signal| format!("signal {signal} "));
            let what: String = complaint.chars().map(|c| if c.is_ascii_digit() { '#' } else { c }).collect();
            faults.entry(format!("crash {signal}{what}")).or_insert((at, complaint));
        }
    }
    let _ = std::fs::remove_file(&state_path);
    let tries = start - options.start;
    let broken = faults.keys().filter(|key| !key.starts_with("slow")).count() as u64;
    println!("{target}: {} seeds, {tries} tries in {:.0} s, {broken} faults, {slow} slow", seeds.len(), begun.elapsed().as_secs_f64());
    for (key, (at, what)) in &faults {
        println!("  {key}  [{at}] {what}");
        if let Some(folder) = &options.faults {
            let name = format!("{target}-{at}");
            if let Err(error) = seeds::keep(folder, &name, &input(target, *at, &seeds)) {
                eprintln!("{}: {error}", folder.display());
            }
        }
    }
    let _ = std::io::stdout().flush();
    if let Some(table) = &options.table {
        record(table, target, seeds.len(), tries, begun.elapsed(), broken);
    }
    broken
}

fn record(table: &Path, target: &str, seeds: usize, tries: u64, time: Duration, faults: u64) {
    let before = std::fs::read_to_string(table).unwrap_or_default();
    let mut rows = vec!["target\tseeds\ttries\tseconds\tfaults".to_owned()];
    rows.extend(before.lines().skip(1).filter(|row| !row.starts_with(&format!("{target}\t"))).map(str::to_owned));
    rows.push(format!("{target}\t{seeds}\t{tries}\t{}\t{faults}", time.as_secs()));
    if let Err(error) = std::fs::write(table, rows.join("\n") + "\n") {
        eprintln!("{}: {error}", table.display());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A short round over the sample: each target some hundred times.
    #[test]
    fn no_mutation_of_the_sample_breaks_a_reader() {
        for target in targets::ALL {
            let seeds = seeds::of(target, None);
            for number in 0..150 {
                on_a_thread(target, &input(target, number, &seeds));
            }
        }
    }
}
