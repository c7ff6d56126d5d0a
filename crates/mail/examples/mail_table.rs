//! Reads files and prints one line for each: outcome, characters, members, problems.
//!
//! `cargo run -p mail --example mail_table -- [--text] FILE…`

use std::fs;
use std::io::Cursor;

use casefile::{Input, Limits, Piece};

fn main() {
    let mut text_too = false;
    for path in std::env::args().skip(1) {
        if path == "--text" {
            text_too = true;
            continue;
        }
        let Ok(bytes) = fs::read(&path) else { continue };
        let name = path.rsplit('/').next().unwrap_or_default().to_owned();
        let extension = name.rsplit_once('.').map(|(_, end)| end.to_lowercase());
        let near = bytes.get(..4096).unwrap_or(&bytes);
        let Some(kind) = mail::recognise(near, extension.as_deref()) else {
            println!("{name}: not mail");
            continue;
        };
        let len = bytes.len() as u64;
        let mut bytes = Cursor::new(bytes);
        let mut input = Input {
            bytes: &mut bytes,
            len,
            name: &name,
            declared_type: None,
            declared_charset: None,
            passwords: &[],
            limits: Limits::default(),
        };
        let (mut text, mut members, mut size) = (String::new(), Vec::new(), 0);
        let reading = mail::read(kind, &mut input, &mut |piece| {
            match piece {
                Piece::Section(section) => text += &section.text,
                Piece::Member(member) => {
                    size = 0;
                    let declared = member.declared_type.unwrap_or_default();
                    members.push(format!("{} [{declared}]", member.path));
                }
                Piece::Bytes(bytes) => size += bytes.len(),
                Piece::MemberEnd(end) => {
                    if let Some(last) = members.last_mut() {
                        *last += &format!(" {size}");
                        if let Some((outcome, reason)) = end {
                            *last += &format!(" {outcome}: {reason}");
                        }
                    }
                }
            }
            Ok(())
        });
        match reading {
            Err(stop) => println!("{name}: stopped: {}", stop.reason),
            Ok(reading) => {
                let (outcome, chars) = (reading.outcome, text.chars().count());
                let reason = reading.reason.unwrap_or_default();
                println!("{name}: {} {outcome} {chars} {reason}", reading.format);
                for member in members {
                    println!("    + {member}");
                }
                for problem in reading.problems {
                    println!("    ! {}: {}", problem.code, problem.message);
                }
                if text_too {
                    for datum in reading.metadata {
                        println!(
                            "    {}: {} ({})",
                            datum.field.name(),
                            datum.value,
                            datum.from
                        );
                    }
                    println!("{text}\n────────");
                }
            }
        }
    }
}
