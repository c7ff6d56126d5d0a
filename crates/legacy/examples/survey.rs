//! Reads files of old formats and prints a line for each; with `--text` their text.
//!
//! `cargo run -p legacy --example survey -- [--text] FILE…`

use casefile::{Input, Limits, Outcome, Piece, Reading};

fn main() {
    let mut text_wanted = false;
    for path in std::env::args().skip(1) {
        if path == "--text" {
            text_wanted = true;
            continue;
        }
        let Ok(bytes) = std::fs::read(&path) else {
            eprintln!("{path}: cannot be read");
            continue;
        };
        let mut cursor = std::io::Cursor::new(&bytes);
        let kind = legacy::recognise(&mut cursor);
        let mut input = Input {
            bytes: &mut cursor,
            len: bytes.len() as u64,
            name: &path,
            declared_type: None,
            declared_charset: None,
            passwords: &["password".to_owned(), "Password1234_".to_owned()],
            limits: Limits::default(),
        };
        let (mut text, mut members, mut pages) = (String::new(), Vec::new(), 0);
        let mut emit = |piece| {
            match piece {
                Piece::Section(section) => {
                    pages += section.pages.len();
                    text.push_str(&section.text);
                }
                Piece::Member(member) => members.push((member.path, 0)),
                Piece::Bytes(more) => {
                    if let Some((_, len)) = members.last_mut() {
                        *len += more.len();
                    }
                }
                Piece::MemberEnd(_) => {}
            }
            Ok(())
        };
        let start = std::time::Instant::now();
        use legacy::Kind;
        let read = match kind {
            Some(Kind::Rtf) => legacy::rtf::read(&mut input, &mut emit),
            Some(Kind::Word) => legacy::doc::read(&mut input, &mut emit),
            Some(Kind::PowerPoint) => legacy::ppt::read(&mut input, &mut emit),
            Some(Kind::Hwp | Kind::Hwp3) => legacy::hwp::read(&mut input, &mut emit),
            Some(Kind::Hwpx) => legacy::hwpx::read(&mut input, &mut emit),
            _ => Ok(Reading::failed(
                "?",
                Outcome::Unsupported,
                format!("{kind:?}"),
            )),
        };
        let Ok(reading) = read else { continue };
        if text_wanted {
            println!("{text}");
            eprintln!("{:#?}\n{members:#?}", reading);
            continue;
        }
        let name = path.rsplit('/').next().unwrap_or(&path);
        println!(
            "{name:48} {:12} {:7} chars {pages:3} pages {:3} members {:3} facts {:4} ms  {}",
            reading.outcome.name(),
            text.chars().count(),
            members.len(),
            reading.metadata.len(),
            start.elapsed().as_millis(),
            reading.reason.unwrap_or_default(),
        );
    }
}
