//! Measures the ledger: rows a second of writing, looking up and verifying.
//! `cargo run --release -p store --example rate [DOCUMENTS]`

use std::time::Instant;

use casefile::{Blake3, Outcome, Section, Sha256};
use store::{Act, FileState, Ledger, NewDocument, NewOccurrence, Place, StoreError};

/// CPU seconds of this process (user and system), from Linux's clock ticks of 1/100 s.
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit_once(')').map_or("", |(_, after)| after);
    let ticks = after
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|n| n.parse::<f64>().ok());
    ticks.sum::<f64>() / 100.0
}

fn measured(what: &str, count: u64, work: impl FnOnce()) {
    let (cpu_before, before) = (cpu(), Instant::now());
    work();
    let (seconds, spent) = (before.elapsed().as_secs_f64(), cpu() - cpu_before);
    println!(
        "{what:<44} {count:>8}  {seconds:>7.2} s  {spent:>7.2} CPU s  {:>9.0} a CPU second",
        count as f64 / spent.max(0.01)
    );
}

fn hash(number: u64) -> Sha256 {
    Sha256(store::log::leaf_hash(&number.to_be_bytes()))
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let count: u64 = std::env::args()
        .nth(1)
        .and_then(|n| n.parse().ok())
        .unwrap_or(50_000);
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("ledger.db");
    let mut ledger = Ledger::create(&path, &[7; 32])?;
    let act = Act {
        who: "measure",
        at: 0,
    };
    let text = "North Korean refugees are reportedly held in detention centers near the border. "
        .repeat(12);
    let root = ledger.transaction(&act, |tx| tx.root("/measure", None))?;
    let with = |ledger: &mut Ledger, from: u64, text: Option<&Section>| {
        for batch in (from..from + count).step_by(500) {
            let done = ledger.transaction(&act, |tx| {
                for number in batch..(batch + 500).min(from + count) {
                    let sha256 = hash(number);
                    let path = format!("folder {}/file number {number}.html", number / 100);
                    tx.put_original(sha256, Blake3(sha256.0), 1000)?;
                    tx.put_occurrence(&NewOccurrence {
                        place: Place::File {
                            root,
                            path: &path,
                            raw: None,
                        },
                        source: Some("measure"),
                        published: None,
                        sha256: Some(sha256),
                        file: FileState {
                            bytes: 1000,
                            modified_ns: Some(1),
                            changed_ns: Some(1),
                            inode: Some(number),
                        },
                        outcome: Some(Outcome::Indexed),
                        reason: None,
                        format: Some("text/html"),
                        complete: true,
                        metadata: &[],
                    })?;
                    let id = tx.put_document(&NewDocument {
                        sha256,
                        format: "text/html",
                        outcome: Outcome::Indexed,
                        reason: None,
                        title: Some("A hearing notice"),
                        language: Some("en"),
                        published: Some("2023-06-13"),
                        published_from: Some("HTML meta date"),
                        pages: None,
                        children: 0,
                        extractor: "webpage",
                        extractor_version: "1",
                        milliseconds: 1,
                        metadata: &[],
                        problems: &[],
                    })?;
                    if let Some(section) = text {
                        tx.put_text(id, "webpage", "1", std::slice::from_ref(section))?;
                        let print = std::array::from_fn(|at| {
                            (number as u32)
                                .wrapping_mul(2_654_435_761)
                                .wrapping_add(at as u32)
                        });
                        tx.put_fingerprint(id, &print)?;
                    }
                }
                Ok::<_, StoreError>(())
            });
            done.expect("the ledger takes what is measured");
        }
    };
    measured("originals, occurrences, documents, log", count, || {
        with(&mut ledger, 0, None)
    });
    let section = Section {
        text,
        ..Section::default()
    };
    measured("the same with text (1 kB) and fingerprint", count, || {
        with(&mut ledger, count, Some(&section));
    });
    measured("files looked up by path", count, || {
        for number in 0..count {
            let path = format!("folder {}/file number {number}.html", number / 100);
            let known = ledger
                .known_file(root, &path, None)
                .expect("the ledger is read");
            assert!(known.is_some_and(|known| known.complete));
        }
    });
    measured("files noted as seen again", count, || {
        let noted = ledger.transaction(&act, |tx| {
            (1..=count).try_for_each(|id| tx.seen(store::OccurrenceId(id as i64)))
        });
        noted
            .map_err(|error: StoreError| error.to_string())
            .expect("the ledger is written");
    });
    measured("totals", 1, || {
        println!("{:?}", ledger.totals().map(|totals| totals.occurrences))
    });
    measured("verified entries of the log", 4 * count, || {
        let damages = ledger.verify(&mut |_| {}).expect("the ledger is read");
        assert_eq!(damages, []);
    });
    let bytes = std::fs::metadata(&path)?.len();
    println!("{} bytes on disk for each document", bytes / (2 * count));
    Ok(())
}
