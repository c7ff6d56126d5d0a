//! Real files, whole and broken on purpose: each gives a reading, no text is lost without a word,
//! nothing panics, and nothing takes long.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use casefile::{Emit, Input, Limits, Outcome, Piece, Reading, Stop};
use legacy::Kind;

type Read = fn(&mut Input<'_>, Emit<'_>) -> Result<Reading, Stop>;

const READERS: [(&str, Read); 5] = [
    ("rtf", legacy::rtf::read),
    ("doc", legacy::doc::read),
    ("ppt", legacy::ppt::read),
    ("hwp", legacy::hwp::read),
    ("hwpx", legacy::hwpx::read),
];

/// Files of the shared documents (and of `LEGACY_SAMPLES`, for other collections at hand).
fn files() -> Vec<PathBuf> {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/documents/tika");
    let mut folders: Vec<PathBuf> = ["rtf", "doc", "ppt", "hwp"].map(|f| shared.join(f)).into();
    folders.extend(std::env::var_os("LEGACY_SAMPLES").map(PathBuf::from));
    let mut files: Vec<PathBuf> = folders
        .iter()
        .filter_map(|folder| std::fs::read_dir(folder).ok())
        .flat_map(|entries| entries.filter_map(Result::ok).map(|entry| entry.path()))
        .collect();
    files.sort();
    if files.is_empty() {
        eprintln!("SKIPPED: there is no folder {}", shared.display());
    }
    files
}

fn read(reader: Read, bytes: &[u8]) -> (Reading, String) {
    let mut text = String::new();
    let mut emit = |piece| {
        if let Piece::Section(section) = piece {
            let chars = section.chars();
            for block in &section.blocks {
                assert!(block.span.end <= chars && block.span.start <= block.span.end);
            }
            text.push_str(&section.text);
        }
        Ok(())
    };
    let mut cursor = std::io::Cursor::new(bytes);
    let mut input = Input {
        bytes: &mut cursor,
        len: bytes.len() as u64,
        name: "",
        declared_type: None,
        declared_charset: None,
        passwords: &["wrong".to_owned()],
        limits: Limits::default(),
    };
    match reader(&mut input, &mut emit) {
        Ok(reading) => (reading, text),
        Err(stop) => panic!("{stop:?}"),
    }
}

fn reader_of(path: &Path, bytes: &[u8]) -> Option<Read> {
    match legacy::recognise(&mut std::io::Cursor::new(bytes)) {
        Some(Kind::Rtf) => Some(legacy::rtf::read),
        Some(Kind::Word) => Some(legacy::doc::read),
        Some(Kind::PowerPoint) => Some(legacy::ppt::read),
        Some(Kind::Hwp) => Some(legacy::hwp::read),
        Some(Kind::Hwpx) => Some(legacy::hwpx::read),
        other => {
            eprintln!("{}: {other:?}", path.display());
            None
        }
    }
}

#[test]
fn whole_files_are_read_whole() {
    for path in files() {
        let Ok(bytes) = std::fs::read(&path) else {
            continue;
        };
        let Some(reader) = reader_of(&path, &bytes) else {
            continue;
        };
        let (reading, _) = read(reader, &bytes);
        let fine = matches!(reading.outcome, Outcome::Indexed | Outcome::Encrypted);
        assert!(
            fine,
            "{}: {:?} {:?}",
            path.display(),
            reading.outcome,
            reading.reason
        );
        assert_eq!(
            reading.outcome == Outcome::Indexed,
            reading.reason.is_none()
        );
    }
}

#[test]
fn broken_files_do_no_harm() {
    let mut state = 0x9e37_79b9_u64;
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 16).unwrap_or(0)
    };
    for path in files() {
        let Ok(whole) = std::fs::read(&path) else {
            continue;
        };
        if whole.len() > 120_000 {
            continue;
        }
        for round in 0..24 {
            let mut bytes = whole.clone();
            if round % 3 == 0 {
                bytes.truncate(random() % (whole.len() + 1));
            }
            let changes = if round % 3 == 1 { 3 } else { whole.len() / 200 };
            for _ in 0..changes {
                let at = random() % whole.len();
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = if random() % 4 == 0 {
                        0xff
                    } else {
                        u8::try_from(random() & 255).unwrap_or(0)
                    };
                }
            }
            let start = Instant::now();
            let _ = legacy::recognise(&mut std::io::Cursor::new(&bytes));
            match reader_of(&path, &bytes) {
                Some(reader) => drop(read(reader, &bytes)),
                None => READERS
                    .iter()
                    .for_each(|(_, reader)| drop(read(*reader, &bytes))),
            }
            let took = start.elapsed();
            assert!(
                took < Duration::from_secs(10),
                "{} took {took:?}",
                path.display()
            );
        }
    }
}

/// A file that lost its end still gives most of its beginning, and says that it is damaged.
#[test]
fn cut_files_say_so() {
    for path in files() {
        let Ok(whole) = std::fs::read(&path) else {
            continue;
        };
        let Some(reader) = reader_of(&path, &whole) else {
            continue;
        };
        let (reading, text) = read(reader, &whole);
        if reading.outcome != Outcome::Indexed || text.trim().is_empty() {
            continue;
        }
        let cut = whole.get(..whole.len() * 3 / 5).unwrap_or(&[]);
        let (reading, less) = read(reader, cut);
        let known = matches!(reading.outcome, Outcome::Damaged | Outcome::Encrypted);
        assert!(
            known || less.trim() == text.trim(),
            "{}: {:?}",
            path.display(),
            reading.outcome
        );
    }
}
