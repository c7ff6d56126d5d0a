//! Reads files and prints what became of them: `look [--text] FILE…`.

use std::fs::File;
use std::path::Path;

use casefile::{Input, Limits, Piece};

fn main() {
    let mut text = false;
    for argument in std::env::args().skip(1) {
        if argument == "--text" {
            text = true;
            continue;
        }
        let path = Path::new(&argument);
        let Ok(mut file) = File::open(path) else {
            eprintln!("{argument}: cannot be opened");
            continue;
        };
        let len = file.metadata().map(|data| data.len()).unwrap_or(0);
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let passwords = ["tika".to_owned(), "solrcell".to_owned()];
        let mut input = Input {
            bytes: &mut file,
            len,
            name: &name,
            declared_type: None,
            declared_charset: None,
            passwords: &passwords,
            limits: Limits::default(),
        };
        let (mut chars, mut pages, mut members, mut sections) = (0, 0, Vec::new(), 0);
        let started = std::time::Instant::now();
        let reading = office::read(&mut input, &mut |piece| {
            match piece {
                Piece::Section(section) => {
                    chars += section.chars();
                    pages += section.pages.len();
                    sections += 1;
                    if text {
                        for block in &section.blocks {
                            let words = block.span.of(&section.text).unwrap_or("?");
                            println!("    {:?}: {}", block.kind, words);
                        }
                    }
                }
                Piece::Member(member) => members.push((member.path, 0)),
                Piece::Bytes(bytes) => {
                    if let Some((_, len)) = members.last_mut() {
                        *len += bytes.len();
                    }
                }
                Piece::MemberEnd(_) => {}
            }
            Ok(())
        });
        let ms = started.elapsed().as_millis();
        match reading {
            Ok(reading) => {
                println!(
                    "{name}: {} {} chars={chars} pages={pages} sections={sections} members={} {ms} ms {}",
                    reading.outcome,
                    reading.format.rsplit(['/', '.']).next().unwrap_or(""),
                    members.len(),
                    reading.reason.unwrap_or_default(),
                );
                if text {
                    for member in members {
                        println!("    member {} ({})", member.0, member.1);
                    }
                    for datum in reading.metadata {
                        println!(
                            "    {}: {} <{}>",
                            datum.field.name(),
                            datum.value,
                            datum.from
                        );
                    }
                }
                for problem in reading.problems {
                    println!(
                        "    problem {}: {} {:?}",
                        problem.code, problem.message, problem.place
                    );
                }
            }
            Err(stop) => println!("{name}: stopped: {}", stop.reason),
        }
    }
}
