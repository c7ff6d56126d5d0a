//! One message of Internet mail (RFC 5322, MIME), also as Apple Mail keeps it (`.emlx`).
//!
//! The document is the head lines and the body; every attachment, inline picture and forwarded
//! message is a member. A body in several renderings gives the one that says most.

use casefile::{
    Emit, Field, Input, Member, MemberKind, Metadatum, Outcome, Problem, Reading, Stop, TextBuilder,
};

use crate::body::{self, Stretch};
use crate::coding::{Coding, Decoding};
use crate::header::{self, Head};
use crate::members::{Halt, Members, PIECE};
use crate::mime::{self, Part};
use crate::{coding, date, smime, words};

const FORMAT: &str = "message/rfc822";

/// Reads a message.
///
/// # Errors
/// The receiver wants no more.
pub fn read(input: &mut Input<'_>, emit: Emit<'_>) -> Result<Reading, Stop> {
    let mut reading = Reading::indexed(FORMAT);
    let Some(bytes) = crate::take_all(input, &mut reading) else {
        return Ok(reading);
    };
    let mut members = Members::new(emit, input.limits);
    let ended = message(&bytes, input.limits, &mut reading, &mut members);
    crate::settle(ended, &mut reading)?;
    Ok(reading)
}

/// Reads a message as Apple Mail keeps it: its length, the message, a property list.
///
/// # Errors
/// The receiver wants no more.
pub fn read_emlx(input: &mut Input<'_>, emit: Emit<'_>) -> Result<Reading, Stop> {
    let mut reading = Reading::indexed("message/x-emlx");
    let Some(bytes) = crate::take_all(input, &mut reading) else {
        return Ok(reading);
    };
    let line_end = bytes.iter().take(32).position(|&b| b == b'\n');
    let length = line_end
        .and_then(|end| std::str::from_utf8(bytes.get(..end)?).ok())
        .and_then(|line| line.trim().parse::<usize>().ok());
    let rest = bytes
        .get(line_end.map_or(0, |end| end + 1)..)
        .unwrap_or_default();
    let mut cut = false;
    let (mail, list) = match length {
        Some(length) if length <= rest.len() => rest.split_at(length),
        Some(_) => {
            cut = true;
            (rest, &[][..])
        }
        None => {
            reading.problems.push(Problem::new(
                "emlx-length",
                "there is no length at the top; the whole file was read as the message",
            ));
            (bytes.as_slice(), &[][..])
        }
    };
    let list = String::from_utf8_lossy(list);
    for (key, field) in [
        ("date-received", Field::Other),
        ("date-last-viewed", Field::Other),
    ] {
        let number = list
            .split_once(&format!("<key>{key}</key>"))
            .and_then(|(_, rest)| rest.split_once("<integer>"))
            .and_then(|(_, rest)| rest.split_once("</integer>"))
            .and_then(|(number, _)| number.trim().parse::<i64>().ok());
        if let Some(date) = number.and_then(date::from_unix) {
            reading.note(field, &date, &format!("emlx property {key}"));
        }
    }
    if input.name.ends_with(".partial.emlx") {
        reading.problems.push(Problem::new(
            "emlx-partial",
            "Apple Mail keeps the attachments of this message in files beside it",
        ));
    }
    let mut members = Members::new(emit, input.limits);
    let ended = message(mail, input.limits, &mut reading, &mut members);
    crate::settle(ended, &mut reading)?;
    if cut && reading.outcome == Outcome::Indexed {
        reading.outcome = Outcome::Damaged;
        reading.reason = Some("shorter than it says at its top; what was there is kept".to_owned());
    }
    Ok(reading)
}

/// What a message holds, in order.
#[derive(Default)]
pub(crate) struct Contents<'a> {
    pub(crate) body: Vec<Stretch>,
    pub(crate) files: Vec<File<'a>>,
    pub(crate) problems: Vec<Problem>,
    /// Some of it cannot be read without a key; why.
    pub(crate) sealed: Option<String>,
    /// It is cut off; what is missing.
    pub(crate) cut: Option<&'static str>,
    /// A cap was reached.
    limit: Option<String>,
}

/// A member still in its transfer encoding.
pub(crate) struct File<'a> {
    pub(crate) member: Member,
    pub(crate) source: Source<'a>,
    /// How the file ended if not well.
    pub(crate) early: Option<(Outcome, String)>,
}

pub(crate) enum Source<'a> {
    Coded(Coding, &'a [u8]),
    Bytes(Vec<u8>),
}

/// Reads one message: text first, then its members.
pub(crate) fn message(
    bytes: &[u8],
    limits: casefile::Limits,
    reading: &mut Reading,
    members: &mut Members<'_>,
) -> Result<(), Halt> {
    let part = Part::read(bytes, "text/plain");
    if part.head.strange > 0 {
        reading.problems.push(Problem::new(
            "mail-head-broken",
            "a line of the head is neither a field nor its continuation; it was joined to the field before",
        ));
    }
    let hint = text_charset(&part, 0);
    facts(&part.head, hint.as_deref(), reading);
    let mut builder = TextBuilder::new();
    push_heads(&mut builder, &part.head, hint.as_deref());

    let most = usize::try_from(limits.members).unwrap_or(usize::MAX);
    let mut contents = Contents::default();
    walk(&part, 0, true, most, &mut contents);
    finish(contents, builder, reading, members)
}

/// Hands over what a message holds and says what was wrong with it.
pub(crate) fn finish(
    mut contents: Contents<'_>,
    mut builder: TextBuilder,
    reading: &mut Reading,
    members: &mut Members<'_>,
) -> Result<(), Halt> {
    body::end_head(&mut builder);
    for stretch in &contents.body {
        body::push(&mut builder, stretch, members)?;
    }
    reading.problems.append(&mut contents.problems);
    let section = builder.finish();
    if !section.text.is_empty() {
        members.section(section)?;
    }
    for file in contents.files {
        let name = file.member.path.clone();
        members.begin(file.member)?;
        match file.source {
            Source::Bytes(bytes) => {
                for piece in bytes.chunks(PIECE) {
                    members.bytes(piece.to_vec())?;
                }
            }
            Source::Coded(coding, bytes) => {
                let mut decoding = Decoding::new(coding, bytes);
                while let Some(piece) = decoding.next_piece(PIECE) {
                    members.bytes(piece)?;
                }
                if decoding.strange > 0 && coding == Coding::Base64 {
                    let message = format!(
                        "{} characters that are not base64 were left out",
                        decoding.strange
                    );
                    reading
                        .problems
                        .push(Problem::new("base64-strange", message).at(name));
                }
            }
        }
        members.end(file.early)?;
    }
    if let Some(reason) = contents.limit {
        return Err(Halt::Limit(reason));
    }
    if let Some(reason) = contents.sealed {
        reading.outcome = Outcome::Encrypted;
        reading.reason = Some(reason);
    } else if let Some(cut) = contents.cut
        && reading.outcome == Outcome::Indexed
    {
        reading.outcome = Outcome::Damaged;
        reading.reason = Some(format!("{cut}; what was there is kept"));
    }
    Ok(())
}

/// The charset of the first text part: what raw bytes in the head are likely in.
fn text_charset(part: &Part<'_>, depth: u32) -> Option<String> {
    if let Some(charset) = part.charset()
        && !charset.eq_ignore_ascii_case("us-ascii")
    {
        return Some(charset);
    }
    if depth > 4 || !part.content.value.starts_with("multipart/") {
        return None;
    }
    // Only to guess by: the first parts do.
    let near = part.body.get(..64 << 10).unwrap_or(part.body);
    mime::split(near, part.content.raw("boundary"), 8)
        .parts
        .iter()
        .find_map(|bytes| text_charset(&Part::read(bytes, "text/plain"), depth + 1))
}

/// Head lines of the document, as a mail program shows them; each one that is there.
pub(crate) fn push_heads(builder: &mut TextBuilder, head: &Head, hint: Option<&str>) {
    for label in ["From", "To", "Cc", "Bcc", "Date", "Subject"] {
        for value in head.all(label) {
            body::push_head(builder, label, &words::decode(value, hint));
        }
    }
}

/// Metadata of the head, each with the field it stands in.
pub(crate) fn facts(head: &Head, hint: Option<&str>, reading: &mut Reading) {
    let people = [
        ("From", Field::Sender),
        ("Sender", Field::Other),
        ("To", Field::Recipient),
        ("Apparently-To", Field::Recipient),
        ("Cc", Field::Copied),
        ("Bcc", Field::Copied),
        ("Reply-To", Field::ReplyTo),
        ("Resent-From", Field::Other),
        ("Resent-To", Field::Other),
        ("Delivered-To", Field::Other),
        ("Disposition-Notification-To", Field::Other),
    ];
    for (name, field) in people {
        let from = format!("mail header {name}");
        for value in head.all(name) {
            for address in header::addresses(value, hint) {
                let fact = Metadatum::new(field, address, &from);
                if !reading.metadata.contains(&fact) || reading.metadata.len() > 1000 {
                    reading.metadata.push(fact);
                }
            }
        }
    }
    for (name, field) in [("Date", Field::Sent), ("Resent-Date", Field::Other)] {
        for value in head.all(name) {
            let text = header::one_line(&words::decode(value, hint));
            let date = date::rfc3339(&text);
            if date.is_none() && !text.is_empty() {
                let message = format!("the date '{text}' could not be understood");
                reading.problems.push(Problem::new("mail-date", message));
            }
            reading.note(field, &date.unwrap_or(text), &format!("mail header {name}"));
        }
    }
    let texts = [
        ("Subject", Field::Title),
        ("Subject", Field::Subject),
        ("Message-ID", Field::MessageId),
        ("In-Reply-To", Field::InReplyTo),
        ("References", Field::Other),
        ("X-Mailer", Field::Software),
        ("User-Agent", Field::Software),
        ("X-Newsreader", Field::Software),
        ("Organization", Field::Other),
        ("Keywords", Field::Keywords),
        ("X-Gmail-Labels", Field::Keywords),
        ("Comments", Field::Description),
        ("Content-Language", Field::Language),
        ("List-Id", Field::Other),
        ("Newsgroups", Field::Other),
        ("Thread-Topic", Field::Other),
        ("Importance", Field::Other),
        ("X-Priority", Field::Other),
        ("Return-Path", Field::Other),
        ("X-Originating-IP", Field::Other),
        ("X-Sender-IP", Field::Other),
        ("Auto-Submitted", Field::Other),
    ];
    for (name, field) in texts {
        for value in head.all(name) {
            let text = header::one_line(&words::decode(value, hint));
            let text = match field {
                Field::MessageId | Field::InReplyTo => bare_id(&text),
                _ => text,
            };
            reading.note(field, &text, &format!("mail header {name}"));
        }
    }
    // Programs add their Received line at the top: the last one is the first hop.
    if let Some(first) = head.all("received").next_back() {
        let text = header::one_line(&words::decode(first, hint));
        reading.note(Field::Other, &text, "mail header Received (first hop)");
    }
}

/// `<id>` without its brackets; several ids or none in brackets stay as they are.
fn bare_id(text: &str) -> String {
    match text
        .strip_prefix('<')
        .and_then(|rest| rest.strip_suffix('>'))
    {
        Some(id) if !id.contains(['<', '>']) => id.trim().to_owned(),
        _ => text.to_owned(),
    }
}

/// Adds what a part holds to `contents`.
pub(crate) fn walk<'a>(
    part: &Part<'a>,
    depth: u32,
    root: bool,
    most: usize,
    contents: &mut Contents<'a>,
) {
    let kind = part.content.value.clone();
    if let Some(sub) = kind.strip_prefix("multipart/") {
        if depth < mime::DEEPEST {
            return walk_multipart(part, sub, depth, most, contents);
        }
        contents.problems.push(Problem::new(
            "mail-too-deep",
            format!(
                "parts nest more than {} deep; the rest is kept whole as a file",
                mime::DEEPEST
            ),
        ));
        return push_file(part, MemberKind::Attachment, contents);
    }
    let disposition = part.disposition();
    let attached = disposition.value == "attachment";
    let named = part.file_name().is_some();
    match kind.as_str() {
        "message/rfc822" | "message/global" | "message/news" => {
            push_file(part, MemberKind::Message, contents);
        }
        "application/pkcs7-mime" | "application/x-pkcs7-mime" => {
            walk_sealed(part, depth, most, contents);
        }
        "message/external-body" => push_external(part, contents),
        "message/partial" => {
            let number = part.content.plain("number").unwrap_or_default();
            let total = part
                .content
                .plain("total")
                .unwrap_or_else(|| "?".to_owned());
            contents.problems.push(Problem::new(
                "mail-partial",
                format!("this is piece {number} of {total} of a message that was cut for sending"),
            ));
            push_text(part, false, contents);
        }
        _ if attached && !root => push_file(part, MemberKind::Attachment, contents),
        "text/plain" | "text/enriched" | "text/richtext" if root || !named => {
            push_text(part, false, contents);
        }
        "text/html" | "application/xhtml+xml" if root || !named => push_text(part, true, contents),
        "message/delivery-status"
        | "message/disposition-notification"
        | "message/feedback-report"
        | "message/global-delivery-status"
        | "text/rfc822-headers"
        | "message/rfc822-headers" => push_text(part, false, contents),
        "application/octet-stream" if root && !named && !attached && looks_like_text(part) => {
            push_text(part, false, contents);
        }
        _ => push_file(part, MemberKind::Attachment, contents),
    }
}

fn looks_like_text(part: &Part<'_>) -> bool {
    let near = part.body.get(..4096).unwrap_or(part.body);
    part.coding() == Coding::Plain && !near.iter().any(|b| *b < 9)
}

fn walk_multipart<'a>(
    part: &Part<'a>,
    sub: &str,
    depth: u32,
    most: usize,
    contents: &mut Contents<'a>,
) {
    if sub == "encrypted" {
        let protocol = part.content.plain("protocol").unwrap_or_default();
        let how = if protocol.contains("pgp") {
            " with OpenPGP"
        } else {
            ""
        };
        contents.sealed = Some(format!(
            "the message is encrypted{how}; its head lines are kept. Decrypt it in a mail program and add it again"
        ));
    }
    let found = mime::split(part.body, part.content.raw("boundary"), most);
    if found.more {
        contents.limit = Some(format!(
            "more than {most} parts; the first {most} were kept"
        ));
    }
    if found.guessed {
        contents.problems.push(Problem::new(
            "boundary-guessed",
            "the boundary that the head names never occurs; the parts were found by the lines that look like one",
        ));
    } else if found.parts.is_empty() {
        if !found.preamble.trim_ascii().is_empty() {
            contents.problems.push(Problem::new(
                "boundary-missing",
                "the message says that it has parts, but none were found; it was read as one text",
            ));
            let head = Head::default();
            push_text(
                &Part::with_head(head, found.preamble, "text/plain"),
                false,
                contents,
            );
        }
        return;
    } else if !found.closed {
        contents.cut = Some("the message ends before its last part does");
    }
    // Text outside the parts is a notice for old programs; anything longer is kept.
    let preamble = String::from_utf8_lossy(found.preamble).trim().to_owned();
    let notice = preamble.len() < 300 && {
        let lower = preamble.to_ascii_lowercase();
        lower.contains("mime") || lower.contains("multi-part") || lower.contains("multipart")
    };
    if !preamble.is_empty() && !notice {
        let text = crate::charset::decode(found.preamble, None);
        contents.body.push(plain(text));
    }
    let default_type = if sub == "digest" {
        "message/rfc822"
    } else {
        "text/plain"
    };
    let parts: Vec<Part<'a>> = found
        .parts
        .iter()
        .map(|bytes| Part::read(bytes, default_type))
        .collect();
    if sub == "alternative" {
        walk_alternatives(&parts, depth, most, contents);
    } else {
        for part in &parts {
            walk(part, depth + 1, false, most, contents);
        }
    }
    if !found.epilogue.trim_ascii().is_empty() {
        let text = crate::charset::decode(found.epilogue, None);
        contents.body.push(plain(text));
    }
}

const fn plain(text: String) -> Stretch {
    Stretch::Plain {
        text,
        flowed: false,
        delsp: false,
    }
}

/// Takes the rendering that says most: plain text as a rule, HTML where it has notably more.
fn walk_alternatives<'a>(parts: &[Part<'a>], depth: u32, most: usize, contents: &mut Contents<'a>) {
    let mut renderings: Vec<Vec<Stretch>> = Vec::new();
    for part in parts {
        // Renderings for phones and watches repeat the others in short.
        let repeats = ["text/x-amp-html", "text/watch-html"].contains(&&*part.content.value);
        if repeats && parts.len() > 1 {
            continue;
        }
        let mut one = Contents::default();
        walk(part, depth + 1, false, most, &mut one);
        contents.files.append(&mut one.files);
        contents.problems.append(&mut one.problems);
        contents.sealed = contents.sealed.take().or(one.sealed);
        contents.cut = contents.cut.or(one.cut);
        contents.limit = contents.limit.take().or(one.limit);
        if one.body.iter().any(|stretch| stretch.weight() > 0) {
            renderings.push(one.body);
        }
    }
    if let Some(best) = choose(renderings) {
        contents.body.extend(best);
    }
}

/// Of several renderings of one text: the plain one unless HTML says notably more.
pub(crate) fn choose(renderings: Vec<Vec<Stretch>>) -> Option<Vec<Stretch>> {
    let weigh = |body: &Vec<Stretch>| body.iter().map(Stretch::weight).sum::<usize>();
    let rich = |body: &Vec<Stretch>| body.iter().any(Stretch::is_html);
    let (html, other): (Vec<_>, Vec<_>) = renderings.into_iter().partition(rich);
    let html = html.into_iter().max_by_key(weigh);
    let other = other.into_iter().max_by_key(weigh);
    match (html, other) {
        (Some(html), Some(other)) => {
            let more = weigh(&html) > weigh(&other).saturating_mul(5) / 4 + 100;
            Some(if more { html } else { other })
        }
        (html, other) => other.or(html),
    }
}

fn push_text<'a>(part: &Part<'a>, html: bool, contents: &mut Contents<'a>) {
    let (bytes, strange) = coding::decode(part.coding(), part.body);
    if strange > 0 && part.coding() == Coding::Base64 {
        let message = format!("{strange} characters of the body are not base64 and were left out");
        contents
            .problems
            .push(Problem::new("base64-strange", message));
    }
    let charset = part.charset();
    if html {
        let html = crate::html::decode(&bytes, charset.as_deref());
        contents.body.push(Stretch::Html(html));
        return;
    }
    let (bytes, files) = if find(&bytes, b"begin ").is_some() {
        coding::take_uu_files(&bytes)
    } else {
        (bytes, Vec::new())
    };
    for file in files {
        let name =
            crate::members::file_name(&crate::charset::decode(&file.name, charset.as_deref()));
        let name = if name.is_empty() {
            "attachment".to_owned()
        } else {
            name
        };
        contents.files.push(File {
            member: Member::new(name, MemberKind::Attachment),
            source: Source::Bytes(file.bytes),
            early: (!file.whole).then(|| {
                (
                    Outcome::Damaged,
                    "the uuencoded file has no end; what was there is kept".to_owned(),
                )
            }),
        });
    }
    let text = crate::charset::decode(&bytes, charset.as_deref());
    if text.trim_start().starts_with("-----BEGIN PGP MESSAGE-----") && contents.sealed.is_none() {
        contents.sealed = Some(
            "the text is encrypted with OpenPGP; its head lines are kept. Decrypt it and add it again"
                .to_owned(),
        );
    }
    let is = |name: &str, value: &str| {
        part.content
            .plain(name)
            .is_some_and(|found| found.eq_ignore_ascii_case(value))
    };
    contents.body.push(Stretch::Plain {
        text,
        flowed: is("format", "flowed"),
        delsp: is("delsp", "yes"),
    });
}

pub(crate) fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    let (&first, _) = what.split_first()?;
    let mut at = 0;
    loop {
        let rest = bytes.get(at..)?;
        let next = rest.iter().position(|&b| b == first)?;
        if rest.get(next..)?.starts_with(what) {
            return Some(at + next);
        }
        at += next + 1;
    }
}

/// A part as a member.
pub(crate) fn push_file<'a>(part: &Part<'a>, kind: MemberKind, contents: &mut Contents<'a>) {
    let coding = part.coding();
    let mut kind = kind;
    let mut declared = part.content.value.clone();
    let name = part.file_name();
    let mut metadata = Vec::new();
    for (header, from) in [
        ("content-id", "mail header Content-ID"),
        ("content-location", "mail header Content-Location"),
        ("content-description", "mail header Content-Description"),
    ] {
        if let Some(value) = part.head.text(header, None) {
            let value = header::one_line(&value);
            let (field, value) = match header {
                "content-location" if value.contains("://") => (Field::Url, value),
                "content-description" => (Field::Description, value),
                _ => (Field::Other, bare_id(&value)),
            };
            metadata.push(Metadatum::new(field, value, from));
        }
    }
    let name = if kind == MemberKind::Message {
        let subject = subject_of(coding, part.body);
        name.or_else(|| subject.map(|subject| format!("{subject}.eml")))
            .unwrap_or_else(|| format!("message {}.eml", contents.files.len() + 1))
    } else {
        name.or_else(|| {
            let location = part.head.text("content-location", None)?;
            let last = location
                .split(['?', '#'])
                .next()?
                .rsplit('/')
                .next()?
                .to_owned();
            Some(crate::members::file_name(&last)).filter(|name| name.contains('.'))
        })
        .unwrap_or_else(|| {
            let number = contents.files.len() + 1;
            format!("part {number}{}", extension(&declared))
        })
    };
    if kind == MemberKind::Attachment && declared == "application/octet-stream" {
        // A forwarded message that was attached as a file is still a message.
        if name.to_ascii_lowercase().ends_with(".eml") {
            kind = MemberKind::Message;
            "message/rfc822".clone_into(&mut declared);
        }
    }
    let disposition = part.disposition();
    let mut member = Member::new(name, kind);
    member.declared_type = Some(declared);
    member.declared_charset = part.charset();
    member.modified = disposition
        .plain("modification-date")
        .or_else(|| disposition.plain("creation-date"))
        .and_then(|date| date::rfc3339(&date));
    member.metadata = metadata;
    contents.files.push(File {
        member,
        source: Source::Coded(coding, part.body),
        early: None,
    });
}

/// The subject of a message that is a part, as a file name.
fn subject_of(coding: Coding, body: &[u8]) -> Option<String> {
    let near = body.get(..32 << 10).unwrap_or(body);
    let (bytes, _) = coding::decode(coding, near);
    let (head, _) = Head::read(&bytes);
    let subject = crate::members::file_name(&head.text("subject", None)?);
    let short: String = subject.chars().take(120).collect();
    (!short.is_empty()).then_some(short)
}

/// An extension for a part without a name, so that people know what it is.
pub(crate) fn extension(declared: &str) -> &'static str {
    match declared {
        "image/jpeg" | "image/jpg" | "image/pjpeg" => ".jpg",
        "image/png" => ".png",
        "image/gif" => ".gif",
        "image/tiff" => ".tif",
        "image/bmp" => ".bmp",
        "image/webp" => ".webp",
        "text/html" => ".html",
        "text/plain" => ".txt",
        "text/css" => ".css",
        "text/csv" => ".csv",
        "text/calendar" | "application/ics" => ".ics",
        "text/vcard" | "text/x-vcard" | "text/directory" => ".vcf",
        "text/rtf" | "application/rtf" => ".rtf",
        "application/pdf" => ".pdf",
        "application/msword" => ".doc",
        "application/zip" | "application/x-zip-compressed" => ".zip",
        "application/ms-tnef" | "application/vnd.ms-tnef" => ".dat",
        "application/pgp-signature" => ".asc",
        "application/pgp-encrypted" => ".pgp",
        "application/pkcs7-signature" | "application/x-pkcs7-signature" => ".p7s",
        "message/rfc822" => ".eml",
        _ => "",
    }
}

/// `message/external-body`: says where the body is (RFC 2046 section 5.2.3).
fn push_external(part: &Part<'_>, contents: &mut Contents<'_>) {
    let mut note = "External body:".to_owned();
    for name in [
        "access-type",
        "url",
        "site",
        "directory",
        "name",
        "server",
        "expiration",
        "size",
    ] {
        if let Some(value) = part.content.decoded(name, None) {
            note += &format!(" {name}={}", header::one_line(&value));
        }
    }
    let (head, _) = Head::read(part.body);
    for field in &head.fields {
        note += &format!("\n{}: {}", field.name, words::decode(&field.value, None));
    }
    contents.body.push(Stretch::Note(note));
}

/// S/MIME: signed content is unwrapped and read as part of the message; sealed content is told.
fn walk_sealed<'a>(part: &Part<'a>, depth: u32, most: usize, contents: &mut Contents<'a>) {
    let (bytes, _) = coding::decode(part.coding(), part.body);
    match smime::open(&bytes) {
        smime::Opened::Signed { content, .. } if !content.is_empty() && depth < mime::DEEPEST => {
            let inner = Part::read(&content, "text/plain");
            let mut found = Contents::default();
            walk(&inner, depth + 1, false, most, &mut found);
            contents.body.append(&mut found.body);
            contents.problems.append(&mut found.problems);
            contents.sealed = contents.sealed.take().or(found.sealed);
            contents.cut = contents.cut.or(found.cut);
            contents.limit = contents.limit.take().or(found.limit);
            for file in found.files {
                let source = match file.source {
                    Source::Coded(coding, bytes) => Source::Bytes(coding::decode(coding, bytes).0),
                    Source::Bytes(bytes) => Source::Bytes(bytes),
                };
                contents.files.push(File { source, ..file });
            }
        }
        smime::Opened::Enveloped => {
            contents.sealed = Some(
                "the message is encrypted with S/MIME; its head lines are kept. Decrypt it in a mail program and add it again"
                    .to_owned(),
            );
            push_file(part, MemberKind::Attachment, contents);
        }
        _ => push_file(part, MemberKind::Attachment, contents),
    }
}
