//! Real files, ruined in many ways: bits flipped, ends cut off, runs of one file put into another,
//! parts of packages changed from within. Whatever the bytes, there is a reading, no panic, no
//! span outside its text, and no memory over the cap of the confined process.
//!
//! `TUMEN_RUINS=2000` sets how many ruins of each kind of file are read, `TUMEN_RUINS_OF=zip` of
//! which kinds.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use casefile::{Input, Limits, Piece};
use zip::write::SimpleFileOptions;

/// Ruins of each kind that are read unless the environment says otherwise.
const RUINS: usize = 200;
/// Larger files make the same mistakes more slowly.
const SEED: usize = 64 << 10;
const SEEDS: usize = 24;

type Seed = (String, Vec<u8>);

struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 >> 11
    }

    fn below(&mut self, most: usize) -> usize {
        usize::try_from(self.next()).unwrap_or(0) % most.max(1)
    }
}

fn files(folder: &Path, into: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, into);
        } else {
            into.push(path);
        }
    }
}

fn with_input<T>(bytes: &[u8], name: &str, then: impl FnOnce(&mut Input<'_>) -> T) -> T {
    let mut source = Cursor::new(bytes);
    then(&mut Input {
        bytes: &mut source,
        len: bytes.len() as u64,
        name,
        declared_type: None,
        declared_charset: None,
        passwords: &["tika".to_owned()],
        limits: Limits {
            member_bytes: 64 << 20,
            ..Limits::default()
        },
    })
}

fn read(bytes: &[u8], name: &str) {
    let mut emit = |piece| {
        if let Piece::Section(section) = piece {
            let all = section.chars();
            for block in &section.blocks {
                let span = block.span;
                assert!(
                    span.start <= span.end && span.end <= all,
                    "{span:?} of {all}"
                );
            }
        }
        Ok(())
    };
    let reading = with_input(bytes, name, |input| extract::read(input, &mut emit));
    assert!(!reading.expect("nobody stops it").format.is_empty());
}

/// A package with one of its parts ruined.
fn ruined_package(bytes: &[u8], random: &mut Random) -> Option<Vec<u8>> {
    let mut from = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let chosen = random.below(from.len());
    for at in 0..from.len() {
        let name = from.name_for_index(at)?.ok()?.to_string();
        let mut part = from.by_index(at).ok()?;
        let mut data = Vec::new();
        part.by_ref().take(1 << 20).read_to_end(&mut data).ok()?;
        if at == chosen {
            ruin(&mut data, &[], random);
        }
        to.start_file(name, stored).ok()?;
        to.write_all(&data).ok()?;
    }
    Some(to.finish().ok()?.into_inner())
}

fn ruin(bytes: &mut Vec<u8>, others: &[Seed], random: &mut Random) {
    for _ in 0..=random.below(3) {
        let length = bytes.len();
        if length == 0 {
            return;
        }
        let at = random.below(length);
        let end = (at + random.below(600)).min(length);
        match random.below(7) {
            0 => bytes.truncate(at),
            1 => {
                for _ in 0..=random.below(40) {
                    let at = random.below(length);
                    bytes[at] ^= 1 << random.below(8);
                }
            }
            // Lengths, counts and offsets at their limits.
            2 => {
                let with = [0xff_u8, 0, 0x7f, 0x80][random.below(4)];
                bytes[at..(at + 1 + random.below(8)).min(length)].fill(with);
            }
            3 => drop(bytes.drain(at..end)),
            // A run stands twice.
            4 => {
                let run = bytes[at..end].to_vec();
                let to = random.below(length);
                bytes.splice(to..to, run);
            }
            // Headers.
            5 => {
                for _ in 0..8 {
                    let at = random.below(length.min(600));
                    bytes[at] = random.next() as u8;
                }
            }
            _ => {
                if let Some((_, other)) = others.get(random.below(others.len())) {
                    let from = random.below(other.len());
                    let until = (from + random.below(4_000)).min(other.len());
                    let last = (at + until - from).min(length);
                    bytes.splice(at..last, other[from..until].iter().copied());
                }
            }
        }
    }
}

fn peak_mebibytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok())
        .unwrap_or(0)
        >> 10
}

/// Seeds by the kind of file that they are.
fn seeds(folder: &Path) -> BTreeMap<String, Vec<Seed>> {
    let mut paths = Vec::new();
    files(folder, &mut paths);
    paths.sort();
    let mut kinds: BTreeMap<String, Vec<Seed>> = BTreeMap::new();
    for path in paths {
        let Ok(bytes) = std::fs::read(&path) else {
            continue;
        };
        if bytes.is_empty() || bytes.len() > SEED {
            continue;
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if let Ok(kind) = with_input(&bytes, &name, extract::recognise) {
            let seeds = kinds.entry(kind.media_type().to_owned()).or_default();
            if seeds.len() < SEEDS {
                seeds.push((name.into_owned(), bytes));
            }
        }
    }
    kinds
}

#[derive(Default)]
struct Found {
    faults: Vec<String>,
    slowest: Duration,
    slowest_name: String,
}

/// Reads half of the ruins of one kind.
fn read_ruins(seeds: &[Seed], ruins: usize, half: u64, found: &Mutex<Found>) {
    let mut random = Random(0x9e37_79b9_7f4a_7c15 ^ (half + 1));
    for round in 0..ruins / 2 {
        let (name, whole) = &seeds[random.below(seeds.len())];
        let from_within = whole.starts_with(b"PK\x03\x04") && round % 2 == 0;
        let package = from_within.then(|| ruined_package(whole, &mut random));
        let bytes = package.flatten().unwrap_or_else(|| {
            let mut bytes = whole.clone();
            ruin(&mut bytes, seeds, &mut random);
            bytes
        });
        let begun = Instant::now();
        let done = catch_unwind(AssertUnwindSafe(|| read(&bytes, name)));
        let took = begun.elapsed();
        let mut found = found.lock().expect("no thread dies");
        if let Err(panic) = done {
            let words = panic.downcast_ref::<String>().cloned();
            let words = words.or(panic.downcast_ref::<&str>().map(ToString::to_string));
            let kept = std::env::temp_dir().join(format!("ruin-{half}-{round}-{name}"));
            let _ = std::fs::write(&kept, &bytes);
            let words = words.unwrap_or_default();
            found.faults.push(format!("{}: {words}", kept.display()));
        }
        if took > found.slowest {
            found.slowest = took;
            found.slowest_name = format!("{name}, round {round}");
        }
    }
}

#[test]
fn ruined_files_do_no_harm() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/documents");
    let kinds = seeds(&folder);
    if kinds.is_empty() {
        eprintln!("NOT TESTED: {} is missing", folder.display());
        return;
    }
    let ruins = std::env::var("TUMEN_RUINS").ok();
    let ruins = ruins
        .and_then(|number| number.parse().ok())
        .unwrap_or(RUINS);
    let only = std::env::var("TUMEN_RUINS_OF").unwrap_or_default();
    let mut faults = Vec::new();
    for (kind, seeds) in kinds.iter().filter(|(kind, _)| kind.contains(&only)) {
        // A password costs 100,000 rounds of hashing a try, by design.
        let ruins = match kind.as_str() {
            "application/vnd.ms-office" => ruins / 20,
            _ => ruins,
        };
        let started = Instant::now();
        let found = Mutex::new(Found::default());
        std::thread::scope(|scope| {
            for half in 0..2 {
                let found = &found;
                std::thread::Builder::new()
                    // As in the confined process.
                    .stack_size(128 << 20)
                    .spawn_scoped(scope, move || read_ruins(seeds, ruins, half, found))
                    .expect("a thread starts");
            }
        });
        let mut found = found.into_inner().expect("no thread dies");
        eprintln!(
            "{kind}: {ruins} ruins of {} files in {:.1} s, slowest {:.2} s ({}), {} panics, peak {} MiB",
            seeds.len(),
            started.elapsed().as_secs_f32(),
            found.slowest.as_secs_f32(),
            found.slowest_name,
            found.faults.len(),
            peak_mebibytes()
        );
        faults.append(&mut found.faults);
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(peak_mebibytes() < 1 << 10, "more than 1 GiB of memory");
}
