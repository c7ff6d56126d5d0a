//! Pages saved with their pictures (MHTML, RFC 2557): the page is the document, what it shows are
//! members.

use casefile::{Emit, Field, Input, MemberKind, Problem, Reading, Stop, TextBuilder};

use crate::coding;
use crate::eml::{self, Contents};
use crate::members::Members;
use crate::mime::{self, Part};
use crate::{date, header, words};

/// Reads a saved page.
///
/// # Errors
/// The receiver wants no more.
pub fn read(input: &mut Input<'_>, emit: Emit<'_>) -> Result<Reading, Stop> {
    let mut reading = Reading::indexed("multipart/related");
    let Some(bytes) = crate::take_all(input, &mut reading) else {
        return Ok(reading);
    };
    let limits = input.limits;
    let most = usize::try_from(limits.members).unwrap_or(usize::MAX);
    let whole = Part::read(&bytes, "text/html");
    let mut leaves = Vec::new();
    let mut problems = Vec::new();
    gather(whole, 0, most, &mut leaves, &mut problems);
    reading.problems.append(&mut problems);
    let top = header::Head::read(&bytes).0;
    let content = header::Parametered::read(top.first("content-type").unwrap_or_default());
    let start = content.plain("start");
    let root = leaves
        .iter()
        .position(|part| start.is_some() && part.head.text("content-id", None) == start)
        .or_else(|| leaves.iter().position(is_page))
        .unwrap_or(0);

    let mut builder = TextBuilder::new();
    if root < leaves.len() && leaves.get(root).is_some_and(is_page) {
        let page = leaves.remove(root);
        let (html, _) = coding::decode(page.coding(), page.body);
        let html = webpage::decode_html(&html, page.charset().as_deref());
        let facts = webpage::push_html(&html, &mut builder, webpage::Options::default());
        reading.metadata.extend(facts.metadata);
        for (head, from) in [
            (&top, "snapshot-content-location"),
            (&page.head, "content-location"),
        ] {
            if let Some(url) = head.text(from, None) {
                reading.note(Field::Url, &url, &format!("MHTML header {from}"));
            }
        }
    } else {
        reading.problems.push(Problem::new(
            "mhtml-no-page",
            "no page was found in it; its parts were kept",
        ));
    }
    if let Some(subject) = top.first("subject") {
        let subject = header::one_line(&words::decode(subject, None));
        if reading.first(Field::Title).is_none() {
            reading.note(Field::Title, &subject, "MHTML header Subject");
        }
    }
    if let Some(saved) = top.text("date", None) {
        let date = date::rfc3339(&saved).unwrap_or(saved);
        reading.note(Field::Captured, &date, "MHTML header Date");
    }
    if let Some(by) = top.text("from", None) {
        reading.note(Field::Software, &header::one_line(&by), "MHTML header From");
    }
    let mut contents = Contents::default();
    for part in &leaves {
        eml::push_file(part, MemberKind::Embedded, &mut contents);
    }
    let mut members = Members::new(emit, limits);
    let ended = eml::finish(contents, builder, &mut reading, &mut members);
    crate::settle(ended, &mut reading)?;
    Ok(reading)
}

fn is_page(part: &Part<'_>) -> bool {
    matches!(&*part.content.value, "text/html" | "application/xhtml+xml")
}

/// All parts that hold no parts, in order.
fn gather<'a>(
    part: Part<'a>,
    depth: u32,
    most: usize,
    leaves: &mut Vec<Part<'a>>,
    problems: &mut Vec<Problem>,
) {
    if !part.content.value.starts_with("multipart/") || depth >= mime::DEEPEST {
        leaves.push(part);
        return;
    }
    let found = mime::split(part.body, part.content.raw("boundary"), most);
    if found.parts.is_empty() {
        problems.push(Problem::new(
            "boundary-missing",
            "its parts were not found; it was read as one",
        ));
        leaves.push(Part::with_head(
            header::Head::default(),
            part.body,
            "text/html",
        ));
        return;
    }
    if !found.closed {
        problems.push(Problem::new(
            "boundary-unclosed",
            "the last part has no end; the file may have been cut off",
        ));
    }
    for bytes in found.parts {
        gather(
            Part::read(bytes, "text/plain"),
            depth + 1,
            most,
            leaves,
            problems,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use casefile::{Limits, Piece};

    #[test]
    fn a_page_and_its_picture() {
        let raw = "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://x.kr/a\r\n\
            Subject: =?utf-8?b?6rO17KeA?=\r\nDate: Tue, 13 Jun 2023 10:00:00 +0900\r\n\
            Content-Type: multipart/related; type=\"text/html\"; boundary=\"b\"\r\n\r\n\
            --b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\
            Content-Location: https://x.kr/a\r\n\r\n<p>He=\r\nllo</p>\r\n\
            --b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\
            Content-Location: https://x.kr/pic/one.png?x=1\r\n\r\naGVsbG8=\r\n--b--\r\n";
        let mut bytes = std::io::Cursor::new(raw);
        let mut input = Input {
            bytes: &mut bytes,
            len: raw.len() as u64,
            name: "a.mht",
            declared_type: None,
            declared_charset: None,
            passwords: &[],
            limits: Limits::default(),
        };
        let (mut text, mut members) = (String::new(), Vec::new());
        let reading = read(&mut input, &mut |piece| {
            match piece {
                Piece::Section(section) => text += &section.text,
                Piece::Member(member) => members.push(member.path),
                _ => {}
            }
            Ok(())
        })
        .expect("nobody stops it");
        assert_eq!(text.trim(), "Hello");
        assert_eq!(members, ["one.png"]);
        assert_eq!(reading.first(Field::Title), Some("공지"));
        assert_eq!(reading.first(Field::Url), Some("https://x.kr/a"));
        assert_eq!(
            reading.first(Field::Captured),
            Some("2023-06-13T10:00:00+09:00")
        );
    }
}
