//! Web archives: WARC 1.0 and 1.1 (ISO 28500), plain or with each record gzipped, and ARC 1.
//!
//! Each response, resource and conversion is a member of its own; a revisit is a member that says
//! what it repeats. Requests, metadata and warcinfo records are counted. A record that is broken
//! is passed over to the next that can be found.

use std::io::{self, BufRead, BufReader, Read, SeekFrom};

use casefile::{
    Emit, Field, Input, Member, MemberKind, Metadatum, Outcome, Problem, Reading, Stop,
};

use crate::digest::Digest;
use crate::members::{Copied, Halt, Members, broken};
use crate::{gzip, http};

/// A head is at most this long.
const HEAD: u64 = 1 << 20;

/// Reads a WARC or ARC file, gzipped or not.
///
/// # Errors
/// The receiver wants no more.
pub fn read(input: &mut Input<'_>, emit: Emit<'_>) -> Result<Reading, Stop> {
    let mut reading = Reading::indexed("application/warc");
    let mut members = Members::new(emit, input.limits, input.len);
    let ended = match input.bytes.seek(SeekFrom::Start(0)) {
        Ok(_) => {
            let bytes = BufReader::with_capacity(256 << 10, &mut *input.bytes);
            records(bytes, &mut reading, &mut members)
        }
        Err(error) => {
            reading.outcome = Outcome::Damaged;
            reading.reason = Some(format!("could not be read ({error})"));
            Ok(())
        }
    };
    members.settle(ended, reading)
}

#[derive(Default)]
struct Counts {
    other: u64,
    requests: u64,
    faults: Vec<String>,
}

/// Reads all records of a stream, gzipped or not.
pub(crate) fn records(
    mut bytes: impl BufRead,
    reading: &mut Reading,
    members: &mut Members<'_>,
) -> Result<(), Halt> {
    let zipped = bytes
        .fill_buf()
        .is_ok_and(|near| near.starts_with(&[0x1f, 0x8b]));
    let mut counts = Counts::default();
    let ended = if zipped {
        let stream = gzip::Members::new(bytes);
        all(
            &mut BufReader::with_capacity(64 << 10, stream),
            reading,
            members,
            &mut counts,
        )
    } else {
        all(&mut bytes, reading, members, &mut counts)
    };
    if counts.requests + counts.other > 0 {
        let note = format!(
            "{} requests and {} records of metadata beside the members",
            counts.requests, counts.other
        );
        reading.note(Field::Other, &note, "WARC records");
    }
    if let Some(first) = counts.faults.first()
        && reading.outcome == Outcome::Indexed
    {
        reading.outcome = Outcome::Damaged;
        let more = match counts.faults.len() {
            1 => String::new(),
            faults => format!(" and {} more faults", faults - 1),
        };
        let kept = crate::members::members(members.count);
        reading.reason = Some(format!("{first}{more}; {kept} kept"));
    }
    ended
}

fn all(
    bytes: &mut dyn BufRead,
    reading: &mut Reading,
    members: &mut Members<'_>,
    counts: &mut Counts,
) -> Result<(), Halt> {
    let mut passed_over = false;
    // Each fault makes progress in the file; this only guards against a reader that does not.
    while counts.faults.len() < 100_000 {
        let line = match line(bytes) {
            Ok(line) => line,
            Err(error) => {
                counts.faults.push(format!("a record is broken ({error})"));
                continue;
            }
        };
        if line.is_empty() {
            return Ok(());
        }
        let trimmed = line.trim_ascii();
        if trimmed.is_empty() {
            continue;
        }
        let fault = if trimmed.starts_with(b"WARC/") {
            passed_over = false;
            record(bytes, reading, members, counts)?
        } else if let Some(head) = ArcHead::read(trimmed) {
            passed_over = false;
            arc_record(bytes, &head, reading, members, counts)?
        } else {
            let first = !passed_over;
            passed_over = true;
            first.then(|| "bytes between records are not a record".to_owned())
        };
        if let Some(fault) = fault {
            counts.faults.push(fault);
        }
    }
    Ok(())
}

/// A line with its line end; empty at the end of the stream. Overlong lines come in pieces.
fn line(bytes: &mut dyn BufRead) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    bytes.take(64 << 10).read_until(b'\n', &mut line)?;
    Ok(line)
}

/// Fields of a record's head.
struct Head(Vec<(String, String)>);

impl Head {
    fn read(bytes: &mut dyn BufRead) -> io::Result<Self> {
        let mut fields: Vec<(String, String)> = Vec::new();
        let mut total = 0;
        loop {
            let line = line(bytes)?;
            total += line.len() as u64;
            if line.trim_ascii().is_empty() || total > HEAD {
                return Ok(Self(fields));
            }
            let text = String::from_utf8_lossy(line.trim_ascii_end()).into_owned();
            if text.starts_with([' ', '\t'])
                && let Some((_, value)) = fields.last_mut()
            {
                value.push(' ');
                value.push_str(text.trim());
            } else if let Some((name, value)) = text.split_once(':') {
                fields.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
            }
        }
    }

    fn get(&self, name: &str) -> Option<&str> {
        let mut fields = self.0.iter();
        let (_, value) = fields.find(|(known, _)| known == name)?;
        (!value.is_empty()).then_some(value)
    }
}

/// One WARC record after its version line. `Some` with what is wrong with it.
fn record(
    bytes: &mut dyn BufRead,
    reading: &mut Reading,
    members: &mut Members<'_>,
    counts: &mut Counts,
) -> Result<Option<String>, Halt> {
    let head = match Head::read(bytes) {
        Ok(head) => head,
        Err(error) => return Ok(Some(format!("the head of a record is broken ({error})"))),
    };
    let kind = head.get("warc-type").unwrap_or("").to_ascii_lowercase();
    // wget wrote the target in angle brackets.
    let url = head.get("warc-target-uri").unwrap_or("");
    let url = url.trim_start_matches('<').trim_end_matches('>').to_owned();
    let Some(length) = head
        .get("content-length")
        .and_then(|length| length.parse::<u64>().ok())
    else {
        return Ok(Some("a record does not tell its length".to_owned()));
    };
    let mut block = bytes.take(length);
    let content = head.get("content-type").unwrap_or("").to_ascii_lowercase();
    let mut fault = None;
    match kind.as_str() {
        "response" | "resource" | "conversion" | "continuation" => {
            let mut member = capture(&url, head.get("warc-date"), members.count);
            for (field, from) in [
                ("warc-record-id", "WARC-Record-ID"),
                ("warc-ip-address", "WARC-IP-Address"),
                ("warc-truncated", "WARC-Truncated"),
                ("warc-segment-number", "WARC-Segment-Number"),
            ] {
                if let Some(value) = head.get(field) {
                    let value = value.trim_start_matches("<urn:uuid:").trim_end_matches('>');
                    member
                        .metadata
                        .push(Metadatum::new(Field::Other, value, from));
                }
            }
            let digests = [
                head.get("warc-block-digest"),
                head.get("warc-payload-digest"),
            ];
            let is_http =
                kind == "response" && (content.contains("http") || url.starts_with("http"));
            fault = if is_http {
                response(&mut block, member, digests, members)?
            } else {
                let media = content.split(';').next().unwrap_or("").trim().to_owned();
                member.declared_type = Some(media).filter(|media| media.contains('/'));
                whole(&mut block, member, digests, members)?
            };
        }
        "revisit" => {
            let member = capture(&url, head.get("warc-date"), members.count);
            let refers = head.get("warc-refers-to-target-uri").unwrap_or(&url);
            let mut reason = format!("unchanged: the same content as {refers}");
            if let Some(date) = head.get("warc-refers-to-date") {
                reason += &format!(" captured {date}");
            }
            members.bare(member, Outcome::Skipped, reason)?;
        }
        "warcinfo" => {
            let mut text = Vec::new();
            // Its fields are those of a head.
            if (&mut block).take(HEAD).read_to_end(&mut text).is_ok() {
                warcinfo(&text, reading);
            }
            counts.other += 1;
        }
        "request" => counts.requests += 1,
        _ => counts.other += 1,
    }
    let drained = io::copy(&mut block, &mut io::sink());
    if fault.is_some() {
        return Ok(fault);
    }
    Ok(match drained {
        Err(error) => Some(format!("a record is broken ({error})")),
        Ok(_) if block.limit() > 0 => Some(format!(
            "the file ends inside a record, {} bytes are missing",
            block.limit()
        )),
        Ok(_) => None,
    })
}

fn warcinfo(text: &[u8], reading: &mut Reading) {
    let text = String::from_utf8_lossy(text);
    for line in text.lines().take(100) {
        let Some((name, value)) = line.split_once(':') else {
            continue;
        };
        let field = match name.trim().to_ascii_lowercase().as_str() {
            "software" => Field::Software,
            "description" => Field::Description,
            "operator" | "creator" => Field::Author,
            "created" => Field::Created,
            "ispartof"
            | "hostname"
            | "ip"
            | "robots"
            | "json-metadata"
            | "format"
            | "conformsto"
            | "publisher"
            | "audience"
            | "http-header-user-agent" => Field::Other,
            _ => continue,
        };
        reading.note(field, value, &format!("WARC warcinfo {}", name.trim()));
    }
}

/// A member for a capture: its path is the URL as people read it.
fn capture(url: &str, date: Option<&str>, number: u64) -> Member {
    let path = readable(url);
    let path = if path.is_empty() {
        format!("capture {}", number.saturating_add(1))
    } else {
        path
    };
    let mut member = Member::new(path, MemberKind::Capture);
    if !url.is_empty() {
        member
            .metadata
            .push(Metadatum::new(Field::Url, url, "WARC-Target-URI"));
    }
    if let Some(date) = date {
        member
            .metadata
            .push(Metadatum::new(Field::Captured, date, "WARC-Date"));
    }
    member
}

/// `https://example.org/a%20b/` → `example.org/a b/`, percent codes read where they are UTF-8.
pub(crate) fn readable(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let mut bytes = Vec::with_capacity(rest.len());
    let mut left = rest.as_bytes();
    while let Some((&byte, after)) = left.split_first() {
        left = after;
        let digit = |d: u8| (d as char).to_digit(16).map(|d| d as u8);
        if byte == b'%'
            && let [a, b, more @ ..] = after
            && let (Some(a), Some(b)) = (digit(*a), digit(*b))
            // A slash or control character that was hidden stays hidden.
            && !matches!(a << 4 | b, b'/' | b'\\' | b'%' | 0..=0x1f | 0x7f)
        {
            bytes.push(a << 4 | b);
            left = more;
        } else {
            bytes.push(byte);
        }
    }
    let text = String::from_utf8(bytes).unwrap_or_else(|_| rest.to_owned());
    text.replace('\\', "%5C")
        .replace("/../", "/%2E%2E/")
        .trim_matches('/')
        .to_owned()
}

/// A response of HTTP: its head is taken off, its body decoded.
fn response(
    block: &mut dyn BufRead,
    mut member: Member,
    digests: [Option<&str>; 2],
    members: &mut Members<'_>,
) -> Result<Option<String>, Halt> {
    let mut block = Digest::new(digests[0], block);
    let first = match line(&mut block) {
        Ok(line) => String::from_utf8_lossy(&line).trim().to_owned(),
        Err(error) => {
            members.bare(
                member,
                Outcome::Damaged,
                format!("broken at its first byte ({error})"),
            )?;
            return Ok(Some(format!("a record is broken ({error})")));
        }
    };
    let mut version = first.split_whitespace();
    let is_http = version.next().is_some_and(|word| word.starts_with("HTTP/"));
    if !is_http {
        // Not what it says: kept as it is, its first line too.
        member
            .metadata
            .push(Metadatum::new(Field::Other, "no HTTP head", "WARC record"));
        let mut all = io::Cursor::new(format!("{first}\r\n").into_bytes()).chain(&mut block);
        let ended = hand_over(&mut all, member, members)?;
        return Ok(ended);
    }
    let status = version.next().unwrap_or("").to_owned();
    member
        .metadata
        .push(Metadatum::new(Field::Other, &status, "HTTP status"));
    let head = match Head::read(&mut block) {
        Ok(head) => head,
        Err(error) => {
            members.bare(
                member,
                Outcome::Damaged,
                format!("its HTTP head is broken ({error})"),
            )?;
            return Ok(Some(format!("a record is broken ({error})")));
        }
    };
    if let Some(content) = head.get("content-type") {
        let mut pieces = content.split(';');
        let media = pieces.next().unwrap_or("").trim().to_ascii_lowercase();
        member.declared_type = Some(media).filter(|media| media.contains('/'));
        member.declared_charset = pieces.find_map(|piece| {
            let (name, value) = piece.split_once('=')?;
            let value = value.trim().trim_matches(['"', '\'']).to_owned();
            (name.trim().eq_ignore_ascii_case("charset") && !value.is_empty()).then_some(value)
        });
    }
    member.modified = head.get("last-modified").and_then(crate::time::from_http);
    for (name, from) in [("location", "HTTP Location"), ("server", "HTTP Server")] {
        if let Some(value) = head.get(name) {
            member
                .metadata
                .push(Metadatum::new(Field::Other, value, from));
        }
    }
    let path = member.path.clone();
    let mut payload = Digest::new(digests[1], &mut block);
    let mut notes = Vec::new();
    let fault;
    {
        let chunked = head
            .get("transfer-encoding")
            .is_some_and(|value| value.to_ascii_lowercase().contains("chunked"));
        let encoding = head
            .get("content-encoding")
            .unwrap_or("")
            .to_ascii_lowercase();
        let mut body = http::body(&mut payload, chunked, &encoding, &mut notes);
        fault = hand_over(&mut *body, member, members)?;
    }
    for note in notes {
        members
            .problems
            .push(Problem::new("http-coding", note).at(&path));
    }
    let _ = io::copy(&mut payload, &mut io::sink());
    let payload_fits = payload.fits();
    let _ = io::copy(&mut block, &mut io::sink());
    // Tools differ in whether a payload is taken before or after its chunks are joined; the block
    // has one meaning only.
    let fits = block.fits().or(payload_fits.filter(|fits| *fits));
    if fault.is_none() && fits == Some(false) {
        let message = "its bytes are not those that its checksum was made of";
        members
            .problems
            .push(Problem::new("warc-digest", message).at(path));
    }
    Ok(fault)
}

fn whole(
    block: &mut dyn BufRead,
    member: Member,
    digests: [Option<&str>; 2],
    members: &mut Members<'_>,
) -> Result<Option<String>, Halt> {
    let path = member.path.clone();
    let mut block = Digest::new(digests[0].or(digests[1]), block);
    let fault = hand_over(&mut block, member, members)?;
    if fault.is_none() && block.fits() == Some(false) {
        let message = "its bytes are not those that its checksum was made of";
        members
            .problems
            .push(Problem::new("warc-digest", message).at(path));
    }
    Ok(fault)
}

fn hand_over(
    body: &mut dyn Read,
    member: Member,
    members: &mut Members<'_>,
) -> Result<Option<String>, Halt> {
    members.begin(member)?;
    match members.copy(body)? {
        Copied::Whole(_) => {
            members.end(None)?;
            Ok(None)
        }
        Copied::Broken(done, error) => {
            members.end(Some(broken(done, &error)))?;
            Ok(Some(format!("a capture is broken ({error})")))
        }
    }
}

/// The line before a record of ARC 1: URL, address, date, type, length.
struct ArcHead {
    url: String,
    date: String,
    media: String,
    length: u64,
}

impl ArcHead {
    fn read(line: &[u8]) -> Option<Self> {
        let line = std::str::from_utf8(line).ok()?;
        // A URL may hold spaces: the last four words are sure.
        let mut words = line.rsplitn(5, ' ');
        let length = words.next()?.parse().ok()?;
        let media = words.next()?;
        let date = words.next()?;
        let _address = words.next()?;
        let url = words.next()?;
        let dated = date.len() >= 8 && date.bytes().all(|b| b.is_ascii_digit());
        (dated && url.contains(':')).then(|| Self {
            url: url.to_owned(),
            date: date.to_owned(),
            media: media.to_owned(),
            length,
        })
    }
}

fn arc_record(
    bytes: &mut dyn BufRead,
    head: &ArcHead,
    reading: &mut Reading,
    members: &mut Members<'_>,
    counts: &mut Counts,
) -> Result<Option<String>, Halt> {
    let mut block = bytes.take(head.length);
    let date = arc_date(&head.date);
    let mut fault = None;
    if head.url.starts_with("filedesc:") {
        "application/x-internet-archive".clone_into(&mut reading.format);
        reading.note(Field::Created, &date, "ARC file head");
        counts.other += 1;
    } else {
        let mut member = capture(&head.url, Some(&date), members.count);
        for datum in &mut member.metadata {
            datum.from = format!("ARC record, {}", datum.from.trim_start_matches("WARC-"));
        }
        fault = if head.url.starts_with("http") {
            member.declared_type = Some(head.media.clone()).filter(|media| media.contains('/'));
            response(&mut block, member, [None, None], members)?
        } else {
            member.declared_type = Some(head.media.clone());
            whole(&mut block, member, [None, None], members)?
        };
    }
    let drained = io::copy(&mut block, &mut io::sink());
    if fault.is_some() {
        return Ok(fault);
    }
    Ok(match drained {
        Err(error) => Some(format!("a record is broken ({error})")),
        Ok(_) if block.limit() > 0 => Some(format!(
            "the file ends inside a record, {} bytes are missing",
            block.limit()
        )),
        Ok(_) => None,
    })
}

/// `20140216050221` → `2014-02-16T05:02:21Z`.
fn arc_date(digits: &str) -> String {
    let part = |from: usize, to: usize| digits.get(from..to);
    match (part(0, 4), part(4, 6), part(6, 8)) {
        (Some(year), Some(month), Some(day)) => {
            let date = format!("{year}-{month}-{day}");
            match (part(8, 10), part(10, 12), part(12, 14)) {
                (Some(hour), Some(minute), Some(second)) => {
                    format!("{date}T{hour}:{minute}:{second}Z")
                }
                _ => date,
            }
        }
        _ => digits.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_for_people() {
        for (url, want) in [
            ("https://example.org/", "example.org"),
            (
                "http://example.org/a%20b?q=%ED%83%88",
                "example.org/a b?q=탈",
            ),
            ("http://x/%FF", "x/%FF"),
            ("http://x/a%2Fb/../c", "x/a%2Fb/%2E%2E/c"),
            ("urn:pageinfo:https://x/", "x"),
        ] {
            assert_eq!(readable(url), want, "{url}");
        }
        assert_eq!(arc_date("20140216050221"), "2014-02-16T05:02:21Z");
        assert_eq!(arc_date("20140216"), "2014-02-16");
    }
}
