//! Which format a file is, by its bytes; its name only decides between kinds of text.

use std::io;

use casefile::{Emit, Input, Outcome, Reading, Stop};

use crate::unread;

/// A format, as far as it decides who reads the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Pdf,
    Office(&'static str),
    Legacy(legacy::Kind),
    Mail(mail::Kind),
    Archive(archives::Kind),
    Picture(&'static str),
    WebPage,
    /// XML of a vocabulary that has no reader of its own: `image/svg+xml` or `application/xml`.
    Markup(&'static str),
    /// Comma, tab or semicolon separated.
    Table,
    Text,
    /// Known by its first bytes and not read, or not known at all (`application/octet-stream`).
    Other(&'static str),
}

impl Kind {
    #[must_use]
    pub const fn media_type(&self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Office(media_type)
            | Self::Picture(media_type)
            | Self::Markup(media_type)
            | Self::Other(media_type) => media_type,
            Self::Legacy(kind) => kind.media_type(),
            Self::Mail(kind) => kind.media_type(),
            Self::Archive(kind) => kind.media_type(),
            Self::WebPage => "text/html",
            Self::Table => "text/csv",
            Self::Text => "text/plain",
        }
    }
}

/// Bytes that are looked at first; an ISO image shows itself after 32 KiB.
const HEAD: u64 = 64 << 10;

/// Tells what a file is.
///
/// # Errors
/// Its bytes cannot be read.
pub fn recognise(input: &mut Input<'_>) -> io::Result<Kind> {
    let head = input.head(HEAD)?;
    let extension = input.extension();
    let extension = extension.as_deref();
    // Signed and stamped files have what they seal near their start.
    if head.first() == Some(&0x30)
        && let Some(kind @ mail::Kind::Cms) = mail::recognise(&head, extension)
    {
        return Ok(Kind::Mail(kind));
    }
    // A PDF may have other bytes before it (ISO 32000-1, annex H.3.4.1).
    if head
        .get(..1024.min(head.len()))
        .is_some_and(|start| find(start, b"%PDF-").is_some())
    {
        return Ok(Kind::Pdf);
    }
    if head.starts_with(b"\xd0\xcf\x11\xe0") {
        return compound(input);
    }
    if head.starts_with(b"{\\rt") || head.starts_with(b"HWP Document File V3") {
        if let Some(kind) = legacy::recognise(input.bytes) {
            return Ok(Kind::Legacy(kind));
        }
        if head.starts_with(b"{\\rt") {
            return Ok(Kind::Legacy(legacy::Kind::Rtf));
        }
    }
    if head.starts_with(b"PK") {
        if let Some(kind @ legacy::Kind::Hwpx) = legacy::recognise(input.bytes) {
            return Ok(Kind::Legacy(kind));
        }
        if let Some(kind) = office::recognise(input.bytes) {
            return Ok(Kind::Office(kind.media_type));
        }
    }
    if let Some(kind) = archives::recognise(&head, extension) {
        return Ok(Kind::Archive(kind));
    }
    if let Some(media_type) = pictures::recognise(&head) {
        return Ok(Kind::Picture(media_type));
    }
    if let Some(kind) = mail::recognise(&head, extension) {
        return Ok(Kind::Mail(kind));
    }
    if let Some(kind) = office::recognise(input.bytes) {
        return Ok(Kind::Office(kind.media_type));
    }
    if let Some(media_type) = unread::recognise(&head, extension) {
        return Ok(Kind::Other(media_type));
    }
    if !head.is_empty() && encodings::is_binary(&head) {
        let known = infer::get(&head).map(|found| found.mime_type());
        return Ok(Kind::Other(known.unwrap_or("application/octet-stream")));
    }
    if let Some(media_type) = markup(&head, extension, input.declared_type) {
        return Ok(Kind::Markup(media_type));
    }
    if is_web_page(&head, extension, input.declared_type) {
        return Ok(Kind::WebPage);
    }
    if matches!(extension, Some("csv" | "tsv" | "tab"))
        || matches!(
            input.declared_type,
            Some("text/csv" | "text/tab-separated-values")
        )
    {
        return Ok(Kind::Table);
    }
    Ok(Kind::Text)
}

fn compound(input: &mut Input<'_>) -> io::Result<Kind> {
    let kind = legacy::recognise(input.bytes).unwrap_or(legacy::Kind::Compound);
    Ok(match kind {
        legacy::Kind::Message => Kind::Mail(mail::Kind::OutlookMessage),
        legacy::Kind::Workbook | legacy::Kind::EncryptedPackage => {
            match office::recognise(input.bytes) {
                Some(office) => Kind::Office(office.media_type),
                None => Kind::Legacy(kind),
            }
        }
        kind => Kind::Legacy(kind),
    })
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack
        .windows(needle.len())
        .position(|window| window == needle)
}

/// The first bytes of a text as lower-case ASCII. UTF-16 has a zero beside each ASCII letter:
/// without them it reads as ASCII.
fn ascii(head: &[u8]) -> Vec<u8> {
    let letters = head.iter().filter(|byte| **byte != 0).take(4096);
    letters.map(u8::to_ascii_lowercase).collect()
}

/// The media type of XML that is neither a web page nor of a format with its own reader.
fn markup(head: &[u8], extension: Option<&str>, declared: Option<&str>) -> Option<&'static str> {
    let start = ascii(head);
    let begins = start
        .iter()
        .position(|b| !b.is_ascii_whitespace() && *b < 0x80)?;
    let start = start.get(begins..)?;
    let named = matches!(
        extension,
        Some("xml" | "svg" | "rdf" | "rss" | "atom" | "kml" | "gpx" | "hml" | "xmp" | "ttml")
    ) || declared.is_some_and(|declared| {
        declared.ends_with("+xml") && declared != "application/xhtml+xml"
            || matches!(declared, "text/xml" | "application/xml")
    });
    let is_xml = start.starts_with(b"<?xml") || named && start.starts_with(b"<");
    match root(start).filter(|_| is_xml)? {
        b"html" => None,
        b"svg" => Some("image/svg+xml"),
        _ => Some("application/xml"),
    }
}

/// The name of the first element, without its prefix.
fn root(mut text: &[u8]) -> Option<&[u8]> {
    loop {
        text = text.get(find(text, b"<")? + 1..)?;
        let end: &[u8] = match text {
            [b'?', ..] => b"?>",
            [b'!', b'-', b'-', ..] => b"-->",
            [b'!', ..] if find(text, b"[").is_some_and(|at| Some(at) < find(text, b">")) => b"]>",
            [b'!', ..] => b">",
            _ => {
                let end = text
                    .iter()
                    .position(|b| b.is_ascii_whitespace() || matches!(b, b'>' | b'/'))?;
                let name = text.get(..end)?;
                return name.rsplit(|b| *b == b':').next();
            }
        };
        text = text.get(find(text, end)? + end.len()..)?;
    }
}

/// Whether a text begins as HTML does, or says so and has a tag.
fn is_web_page(head: &[u8], extension: Option<&str>, declared: Option<&str>) -> bool {
    let start = ascii(head);
    let has = |tag: &[u8]| find(&start, tag).is_some();
    let named = matches!(extension, Some("html" | "htm" | "xhtml" | "shtml"))
        || matches!(declared, Some("text/html" | "application/xhtml+xml"));
    let begins = start
        .iter()
        .find(|byte| !byte.is_ascii_whitespace() && **byte < 0x80)
        == Some(&b'<');
    has(b"<!doctype html")
        || (begins && (has(b"<html") || has(b"<head") || has(b"<body")))
        || (named && has(b"<"))
}

/// Gives the file to its reader.
pub(crate) fn read(kind: &Kind, input: &mut Input<'_>, emit: Emit<'_>) -> Result<Reading, Stop> {
    let mut reading = match kind {
        Kind::Pdf => pdf::read(input, emit)?,
        Kind::Office(_) => office::read(input, emit)?,
        Kind::Legacy(legacy_kind) => match legacy_kind {
            legacy::Kind::Word => legacy::doc::read(input, emit)?,
            legacy::Kind::PowerPoint => legacy::ppt::read(input, emit)?,
            legacy::Kind::Hwp => legacy::hwp::read(input, emit)?,
            legacy::Kind::Hwpx => legacy::hwpx::read(input, emit)?,
            legacy::Kind::Rtf => legacy::rtf::read(input, emit)?,
            legacy::Kind::Workbook | legacy::Kind::EncryptedPackage => office::read(input, emit)?,
            legacy::Kind::RightsManaged => Reading::failed(
                kind.media_type(),
                Outcome::Encrypted,
                "protected by rights management; it opens only where it is licensed: ask the sender for an open copy",
            ),
            // Says what to do with such files.
            legacy::Kind::Hwp3 => legacy::hwp::read(input, emit)?,
            legacy::Kind::Compound => compound_of_nobody(input),
            _ => unread::reading(kind.media_type()),
        },
        Kind::Mail(mail_kind) => mail::read(*mail_kind, input, emit)?,
        Kind::Archive(archive_kind) => archives::read(*archive_kind, input, emit)?,
        Kind::Picture(_) => pictures::read(input, emit)?,
        Kind::WebPage => webpage::read(input, emit)?,
        Kind::Table => encodings::table::read(input, emit)?,
        Kind::Text => encodings::plain::read(input, emit)?,
        Kind::Markup(media_type) => office::read_markup(media_type, input, emit)?,
        Kind::Other(media_type) => unread::reading(media_type),
    };
    if reading.format.is_empty() {
        kind.media_type().clone_into(&mut reading.format);
    }
    Ok(reading)
}

/// A compound file in which no known document was found.
fn compound_of_nobody(input: &mut Input<'_>) -> Reading {
    let media_type = legacy::Kind::Compound.media_type();
    let opened = legacy::ole::Compound::open(&mut *input.bytes);
    if opened.is_none_or(|file| file.broken) {
        return Reading::failed(
            media_type,
            Outcome::Damaged,
            "an OLE file (old Office, Hangul, Outlook) that is cut or broken: its directory is lost, and no text was found without it",
        );
    }
    unread::reading(media_type)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use casefile::Limits;

    use super::*;

    fn check(expected: &str, name: &str, bytes: &[u8]) {
        let mut cursor = Cursor::new(bytes);
        let mut input = Input {
            len: bytes.len() as u64,
            bytes: &mut cursor,
            name,
            declared_type: None,
            declared_charset: None,
            passwords: &[],
            limits: Limits::default(),
        };
        let kind = recognise(&mut input).map(|kind| kind.media_type());
        assert_eq!(kind.ok(), Some(expected), "{name}");
    }

    #[test]
    fn formats_are_told_by_their_bytes() {
        check("application/pdf", "letter.doc", b"\n\n%PDF-1.7\n");
        check("application/rtf", "a", b"{\\rtf1\\ansi x}");
        check(
            "application/zip",
            "a.docx",
            b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
        );
        check("text/html", "a", b"<!DOCTYPE html><title>x</title>");
        check("text/html", "a.htm", "\u{feff}<p>북송".as_bytes());
        check(
            "application/xml",
            "a",
            b"<?xml version=\"1.0\"?><!-- <html> --><list><header/></list>",
        );
        check(
            "application/xml",
            "a.xml",
            b"<!DOCTYPE x [<!ENTITY y 'z>'>]>\n<n:x/>",
        );
        check("image/svg+xml", "a.svg", b"<svg xmlns='x'/>");
        check(
            "text/html",
            "a.xml",
            b"<?xml version='1.0'?><!DOCTYPE html><html><body>x</body></html>",
        );
        check("text/plain", "a.xml.txt", b"a < b and <body language>");
        check("text/csv", "a.CSV", b"a;b\n1;2\n");
        check("text/plain", "a", "탈북자".as_bytes());
        check(
            "message/rfc822",
            "a.eml",
            b"From: a@example.org\r\nTo: b@example.org\r\nSubject: x\r\n\r\nx",
        );
        check(
            "audio/m4a",
            "a.txt",
            b"\0\0\0\x20ftypM4A \0\0\0\0M4A mp42isom\0\0\0\0\xff\xfe\x00\x01",
        );
        check(
            "application/octet-stream",
            "a.txt",
            &[0x80, 0, 1, 2, 3, 0, 0, 0xff, 0xfe, 4, 5, 6, 0, 0],
        );
    }
}
