//! Reads every PDF of a folder and compares with poppler's `pdftotext`: words found, recall, CPU
//! time. `cargo run --release -p pdf --example compare [FOLDER]`; with `--draw FILE PAGE OUT.png`
//! it draws a page with the boxes of its words instead; with `--text FILE` it prints the text.

use std::collections::HashMap;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use casefile::{Input, Limits, Piece, Reading, Section};
use rustix::time::{ClockId, clock_gettime};

fn main() {
    let mut arguments = std::env::args().skip(1);
    match arguments.next().as_deref() {
        Some("--draw") => {
            let all: Vec<String> = arguments.collect();
            if let [file, page, out] = all.as_slice() {
                draw(Path::new(file), page.parse().unwrap_or(1), Path::new(out));
            }
        }
        Some("--text") => {
            let (reading, sections, members) =
                read(Path::new(&arguments.next().unwrap_or_default()));
            for section in &sections {
                for block in &section.blocks {
                    println!(
                        "[{:?}] {}",
                        block.kind,
                        block.span.of(&section.text).unwrap_or("?")
                    );
                }
                for page in &section.pages {
                    println!(
                        "--- page {} {}x{} ocr {}",
                        page.number, page.width, page.height, page.wants_ocr
                    );
                }
            }
            println!("{reading:#?}\nmembers {members:?}");
        }
        folder => table(Path::new(folder.unwrap_or(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../../shared/data/documents"
        )))),
    }
}

fn read(path: &Path) -> (Reading, Vec<Section>, Vec<String>) {
    let bytes = std::fs::read(path).unwrap_or_default();
    let mut cursor = Cursor::new(&bytes);
    let mut input = Input {
        len: bytes.len() as u64,
        bytes: &mut cursor,
        name: "",
        declared_type: None,
        declared_charset: None,
        passwords: &["foo".to_owned(), "usersecret".to_owned()],
        limits: Limits::default(),
    };
    let (mut sections, mut members) = (Vec::new(), Vec::new());
    let reading = pdf::read(&mut input, &mut |piece| {
        match piece {
            Piece::Section(section) => sections.push(section),
            Piece::Member(member) => members.push(member.path),
            _ => {}
        }
        Ok(())
    });
    (
        reading.unwrap_or_else(|stop| Reading::failed("", casefile::Outcome::Limit, stop.reason)),
        sections,
        members,
    )
}

fn words(text: &str) -> HashMap<String, usize> {
    let mut words = HashMap::new();
    for word in text
        .split(|c: char| c.is_whitespace() || c == '\u{c}')
        .filter(|w| w.chars().any(char::is_alphanumeric) && !w.chars().any(is_noise))
    {
        *words.entry(word.to_owned()).or_default() += 1;
    }
    words
}

/// Poppler writes codes that it cannot map as control characters: no words.
fn is_noise(c: char) -> bool {
    c.is_control() || matches!(c, '\u{fffd}' | '\u{e000}'..='\u{f8ff}')
}

fn own_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(
        time.tv_sec.unsigned_abs(),
        time.tv_nsec.unsigned_abs() as u32,
    )
}

fn children_time() -> Duration {
    // Fields 16 and 17 of the process's own line: time of children that were waited for.
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let rest = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks: u64 = rest
        .split_whitespace()
        .skip(13)
        .take(2)
        .filter_map(|t| t.parse::<u64>().ok())
        .sum();
    Duration::from_millis(ticks * 10)
}

fn poppler(path: &Path) -> String {
    let run = Command::new("timeout")
        .args(["30", "pdftotext"])
        .arg(path)
        .arg("-")
        .output();
    run.map(|out| String::from_utf8_lossy(&out.stdout).into_owned())
        .unwrap_or_default()
}

fn boxes(path: &Path, times: u32) -> Duration {
    let before = children_time();
    for _ in 0..times {
        let _ = Command::new("timeout")
            .args(["30", "pdftotext", "-bbox"])
            .arg(path)
            .arg("/dev/null")
            .output();
    }
    (children_time() - before) / times
}

fn pdfs(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            pdfs(&path, found);
        } else if path
            .extension()
            .is_some_and(|e| e.eq_ignore_ascii_case("pdf"))
        {
            found.push(path);
        }
    }
    found.sort();
}

fn table(folder: &Path) {
    let mut files = Vec::new();
    pdfs(folder, &mut files);
    let (mut all_ours, mut all_theirs) = (Duration::ZERO, Duration::ZERO);
    let (mut all_pages, mut all_found, mut all_words) = (0, 0, 0);
    println!(
        "{:44} {:9} {:>5} {:>7} {:>7} {:>6} {:>8} {:>8}",
        "file", "outcome", "pages", "words", "poppler", "recall", "ms", "theirs"
    );
    for path in &files {
        let (reading, sections, members) = read(path);
        let before = own_time();
        for _ in 0..5 {
            std::hint::black_box(read(path));
        }
        let ours = (own_time() - before) / 5;
        let theirs = boxes(path, 3);
        let text: String = sections.iter().map(|s| s.text.as_str()).collect();
        let (own, other) = (words(&text), words(&poppler(path)));
        let total: usize = other.values().sum();
        let found: usize = other
            .iter()
            .map(|(word, n)| own.get(word).map_or(0, |m| *m.min(n)))
            .sum();
        let name = path
            .strip_prefix(folder)
            .unwrap_or(path)
            .display()
            .to_string();
        let ocr = sections
            .iter()
            .flat_map(|s| &s.pages)
            .filter(|p| p.wants_ocr)
            .count();
        println!(
            "{:44} {:9} {:5} {:7} {:7} {:6.3} {:8.2} {:8.2} {}{}{}",
            name,
            reading.outcome.name(),
            sections.len(),
            own.values().sum::<usize>(),
            total,
            if total == 0 {
                1.0
            } else {
                found as f64 / total as f64
            },
            ours.as_secs_f64() * 1e3,
            theirs.as_secs_f64() * 1e3,
            if ocr > 0 {
                format!("ocr:{ocr} ")
            } else {
                String::new()
            },
            if members.is_empty() {
                String::new()
            } else {
                format!("members:{} ", members.len())
            },
            reading.reason.unwrap_or_default(),
        );
        if std::env::var_os("MISSING").is_some() {
            let mut missing: Vec<&String> = other
                .iter()
                .filter(|(w, n)| own.get(*w).copied().unwrap_or(0) < **n)
                .map(|(w, _)| w)
                .collect();
            missing.sort();
            println!(
                "    missing {:?}",
                missing.iter().take(30).collect::<Vec<_>>()
            );
        }
        all_ours += ours;
        all_theirs += theirs;
        all_pages += sections.len();
        all_found += found;
        all_words += total;
    }
    println!(
        "all: {} files, {all_pages} pages, recall {:.4} of {all_words} words, CPU {:.1} ms, pdftotext -bbox {:.1} ms, ratio {:.3}",
        files.len(),
        all_found as f64 / all_words.max(1) as f64,
        all_ours.as_secs_f64() * 1e3,
        all_theirs.as_secs_f64() * 1e3,
        all_ours.as_secs_f64() / all_theirs.as_secs_f64().max(1e-9),
    );
}

fn draw(path: &Path, number: u32, out: &Path) {
    let bytes = std::fs::read(path).unwrap_or_default();
    let mut cursor = Cursor::new(&bytes);
    let mut input = Input {
        len: bytes.len() as u64,
        bytes: &mut cursor,
        name: "",
        declared_type: None,
        declared_charset: None,
        passwords: &["foo".to_owned()],
        limits: Limits::default(),
    };
    let mut image = match pdf::render(
        &mut input,
        number,
        pdf::Fineness::Dots(90.0),
        &pdf::no_typefaces(),
    ) {
        Ok(image) => image,
        Err(error) => return println!("{error}"),
    };
    let scale = image.dpi / 72.0;
    let channels = image.channels();
    let (_, sections, _) = read(path);
    for word in sections
        .iter()
        .flat_map(|s| &s.boxes)
        .filter(|b| b.page == number)
    {
        let [l, t, r, b] = word.rect.map(|v| (v * scale) as usize);
        let mut dot = |x: usize, y: usize| {
            if x < image.width as usize
                && let Some(pixel) = image
                    .pixels
                    .get_mut((y * image.width as usize + x) * channels)
            {
                *pixel = 90;
            }
        };
        (l..=r).for_each(|x| {
            dot(x, t);
            dot(x, b);
        });
        (t..=b).for_each(|y| {
            dot(l, y);
            dot(r, y);
        });
    }
    let _ = std::fs::write(out, pdf::png(&image));
    println!("{} x {} at {} dpi", image.width, image.height, image.dpi);
}
