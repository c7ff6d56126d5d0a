//! Mailboxes in one file (mbox; RFC 4155 and the kinds mboxo, mboxrd, mboxcl, mboxcl2).
//!
//! Streamed: a mailbox of many gigabytes needs the memory of one line. Each message is a member
//! named by its number. A line `From …` begins a message where it stands after an empty line (or
//! first) and a field of a head follows, or where it carries a date in the form of mbox; so an
//! unquoted "From the start …" in a text does not cut a letter in two.

use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};

use casefile::{
    Emit, Field, Input, Member, MemberKind, Metadatum, Outcome, Problem, Reading, Stop,
};

use crate::date;
use crate::members::{Halt, Members, PIECE};

/// A line is read in pieces of at most this; only the first is looked at.
const LINE: u64 = 1 << 16;
/// What is looked at to tell how lines that begin with "From " are quoted.
const SAMPLE: u64 = 64 << 20;

/// How a mailbox writes lines of text that begin with "From ".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quoting {
    /// It leaves them, or there are none.
    None,
    /// `>From ` (mboxo).
    Once,
    /// One more `>` before any number of them (mboxrd).
    Reversible,
}

/// Reads a mailbox.
///
/// # Errors
/// The receiver wants no more.
pub fn read(input: &mut Input<'_>, emit: Emit<'_>) -> Result<Reading, Stop> {
    let mut reading = Reading::indexed("application/mbox");
    let mut members = Members::new(emit, input.limits);
    let ended = split(input, &mut reading, &mut members);
    match ended {
        Ok(Ok(())) => {}
        Ok(Err(halt)) => crate::settle(Err(halt), &mut reading)?,
        Err(error) => {
            let count = members.count;
            reading.outcome = Outcome::Damaged;
            reading.reason = Some(format!(
                "could not be read to its end ({error}); {count} messages were kept"
            ));
        }
    }
    Ok(reading)
}

fn split(
    input: &mut Input<'_>,
    reading: &mut Reading,
    members: &mut Members<'_>,
) -> io::Result<Result<(), Halt>> {
    let quoting = quoting(input)?;
    let note = match quoting {
        Quoting::None => "",
        Quoting::Once => "mboxo: '>From ' at the start of a line was read as 'From '",
        Quoting::Reversible => "mboxrd: one '>' was taken from '>From ', '>>From ' …",
    };
    reading.note(Field::Other, note, "mbox quoting");
    input.bytes.seek(SeekFrom::Start(0))?;
    let len = input.len;
    let mut lines = Lines::new(BufReader::with_capacity(256 << 10, &mut *input.bytes));
    let mut message: Option<Message> = None;
    let mut blank = true;
    let mut before_first = 0_u64;
    while let Some(line) = lines.next_line()? {
        if line.starts_with(b"From ") {
            let next = lines.peek_line()?;
            if separates(&line, &next, blank, message.is_none()) {
                if let Some(message) = message.take()
                    && let Err(halt) = message.end(members)
                {
                    return Ok(Err(halt));
                }
                message = match Message::begin(&line, members) {
                    Ok(message) => Some(message),
                    Err(halt) => return Ok(Err(halt)),
                };
                blank = false;
                continue;
            }
        }
        let Some(open) = &mut message else {
            if !line.trim_ascii().is_empty() {
                before_first += line.len() as u64;
            }
            // A mailbox that begins with a head instead of its "From " line.
            if before_first > 0 && crate::header::known_fields(&line) > 0 {
                let mut first = match Message::begin(b"", members) {
                    Ok(message) => message,
                    Err(halt) => return Ok(Err(halt)),
                };
                before_first -= line.len() as u64;
                if let Err(halt) = first.line(&line, quoting, members) {
                    return Ok(Err(halt));
                }
                message = Some(first);
            }
            continue;
        };
        blank = line.trim_ascii().is_empty();
        if let Err(halt) = open.line(&line, quoting, members) {
            return Ok(Err(halt));
        }
        if blank && open.in_head {
            open.in_head = false;
            // mboxcl: the head says how long the body is. Believed only if it fits.
            if let Some(length) = open.content_length
                && lines.body_fits(length, len)?
            {
                let mut left = length;
                while left > 0 {
                    let piece = lines.take_piece(left.min(PIECE as u64))?;
                    if piece.is_empty() {
                        break;
                    }
                    left = left.saturating_sub(piece.len() as u64);
                    if let Err(halt) = open.verbatim(piece, members) {
                        return Ok(Err(halt));
                    }
                }
                blank = true;
            }
        }
    }
    if let Some(message) = message.take()
        && let Err(halt) = message.end(members)
    {
        return Ok(Err(halt));
    }
    if before_first > 0 {
        reading.problems.push(Problem::new(
            "mbox-start",
            format!("{before_first} bytes before the first message belong to none"),
        ));
    }
    if members.count == 0 {
        reading.outcome = Outcome::Damaged;
        reading.reason = Some("a mailbox without a single message".to_owned());
    }
    Ok(Ok(()))
}

/// Whether a line that begins with "From " begins a message.
fn separates(line: &[u8], next: &[u8], blank: bool, first: bool) -> bool {
    let field = next.starts_with(b">From ") || {
        let colon = next.iter().position(|&b| b == b':').unwrap_or(0);
        let name = next.get(..colon).unwrap_or_default();
        colon > 0
            && name
                .iter()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
    };
    let dated = dated(line);
    match (blank || first, dated, field) {
        (true, true, _) => true,
        (true, false, true) => first || crate::header::known_fields(next) > 0,
        (false, true, true) => crate::header::known_fields(next) > 0,
        _ => first && line.len() > 6,
    }
}

/// `From somebody Thu Jan  1 10:00:00 2004` and its kin: a time of day and a year.
fn dated(line: &[u8]) -> bool {
    let line = String::from_utf8_lossy(line.get(..256).unwrap_or(line));
    let mut words = line.split_whitespace().skip(1);
    let mut clock = false;
    let mut year = false;
    words.by_ref().take(16).for_each(|word| {
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let parts: Vec<&str> = word.split(':').collect();
        clock |= parts.len() >= 2 && parts.iter().all(|part| part.len() <= 2 && digits(part));
        year |=
            word.len() == 4 && digits(word) && matches!(word.as_bytes().first(), Some(b'1' | b'2'));
    });
    clock && year
}

/// Looks at the start of the mailbox for the way in which it quotes.
fn quoting(input: &mut Input<'_>) -> io::Result<Quoting> {
    input.bytes.seek(SeekFrom::Start(0))?;
    let mut lines = Lines::new(BufReader::new((&mut *input.bytes).take(SAMPLE)));
    let mut found = Quoting::None;
    let mut blank = true;
    let mut first = true;
    let mut head = true;
    while let Some(line) = lines.next_line()? {
        if line.starts_with(b"From ") {
            let next = lines.peek_line()?;
            if separates(&line, &next, blank, first) {
                (first, head) = (false, true);
            } else if blank {
                // A text has it unquoted after an empty line: this mailbox does not quote.
                return Ok(Quoting::None);
            }
        } else if !head && line.starts_with(b">") {
            let marks = line.iter().take_while(|&&b| b == b'>').count();
            if line
                .get(marks..)
                .is_some_and(|rest| rest.starts_with(b"From "))
            {
                if marks > 1 {
                    found = Quoting::Reversible;
                } else if found == Quoting::None {
                    found = Quoting::Once;
                }
            }
        }
        blank = line.trim_ascii().is_empty();
        head &= !blank;
    }
    Ok(found)
}

/// The message that is on its way out.
struct Message {
    in_head: bool,
    content_length: Option<u64>,
    buffer: Vec<u8>,
    /// The empty line before the next "From " belongs to the mailbox: held back until more comes.
    held: Vec<u8>,
}

impl Message {
    fn begin(from: &[u8], members: &mut Members<'_>) -> Result<Self, Halt> {
        let mut member = Member::new((members.count + 1).to_string(), MemberKind::Message);
        member.declared_type = Some("message/rfc822".to_owned());
        let from = String::from_utf8_lossy(from.get(5..).unwrap_or_default())
            .trim()
            .to_owned();
        if !from.is_empty() {
            member.modified = from
                .split_once(' ')
                .and_then(|(_, date)| date::rfc3339(date));
            member
                .metadata
                .push(Metadatum::new(Field::Other, from, "mbox From line"));
        }
        members.begin(member)?;
        Ok(Self {
            in_head: true,
            content_length: None,
            buffer: Vec::new(),
            held: Vec::new(),
        })
    }

    fn line(
        &mut self,
        line: &[u8],
        quoting: Quoting,
        members: &mut Members<'_>,
    ) -> Result<(), Halt> {
        if self.in_head {
            let lower = line.get(..15).map(<[u8]>::to_ascii_lowercase);
            if lower.as_deref() == Some(b"content-length:") {
                let value = String::from_utf8_lossy(line.get(15..).unwrap_or_default());
                self.content_length = value.trim().parse().ok();
            }
        }
        self.buffer.append(&mut self.held);
        let marks = line.iter().take_while(|&&b| b == b'>').count();
        let quoted = marks > 0
            && line
                .get(marks..)
                .is_some_and(|rest| rest.starts_with(b"From "));
        let strip = quoted
            && !self.in_head
            && (quoting == Quoting::Reversible || (quoting == Quoting::Once && marks == 1));
        let line = if strip {
            line.get(1..).unwrap_or_default()
        } else {
            line
        };
        if line == b"\n" || line == b"\r\n" {
            self.held.extend_from_slice(line);
        } else {
            self.buffer.extend_from_slice(line);
        }
        if self.buffer.len() + LINE as usize >= PIECE {
            members.bytes(std::mem::take(&mut self.buffer))?;
        }
        Ok(())
    }

    fn verbatim(&mut self, piece: Vec<u8>, members: &mut Members<'_>) -> Result<(), Halt> {
        self.buffer.append(&mut self.held);
        if !self.buffer.is_empty() {
            members.bytes(std::mem::take(&mut self.buffer))?;
        }
        members.bytes(piece)
    }

    fn end(mut self, members: &mut Members<'_>) -> Result<(), Halt> {
        if self.in_head {
            // The empty line that ends a head without a body belongs to the message.
            self.buffer.append(&mut self.held);
        }
        if !self.buffer.is_empty() {
            members.bytes(self.buffer)?;
        }
        members.end(None)
    }
}

/// Lines with their line ends; overlong ones in several pieces.
struct Lines<R> {
    inner: R,
    ahead: Option<Vec<u8>>,
}

impl<R: BufRead> Lines<R> {
    const fn new(inner: R) -> Self {
        Self { inner, ahead: None }
    }

    fn next_line(&mut self) -> io::Result<Option<Vec<u8>>> {
        if let Some(line) = self.ahead.take() {
            return Ok(Some(line));
        }
        let mut line = Vec::new();
        (&mut self.inner).take(LINE).read_until(b'\n', &mut line)?;
        Ok((!line.is_empty()).then_some(line))
    }

    fn peek_line(&mut self) -> io::Result<Vec<u8>> {
        if self.ahead.is_none() {
            self.ahead = self.next_line()?;
        }
        Ok(self.ahead.clone().unwrap_or_default())
    }

    fn take_piece(&mut self, most: u64) -> io::Result<Vec<u8>> {
        let mut piece = Vec::new();
        (&mut self.inner).take(most).read_to_end(&mut piece)?;
        Ok(piece)
    }
}

impl<R: Read + Seek> Lines<BufReader<R>> {
    /// Whether a body of `length` bytes from here ends at a "From " line or the end of the file.
    fn body_fits(&mut self, length: u64, len: u64) -> io::Result<bool> {
        if self.ahead.is_some() || length == 0 {
            return Ok(false);
        }
        let here = self.inner.stream_position()?;
        let Some(end) = here.checked_add(length).filter(|end| *end <= len) else {
            return Ok(false);
        };
        self.inner.seek(SeekFrom::Start(end))?;
        let mut near = [0; 16];
        let mut filled = 0;
        while filled < near.len() {
            match self
                .inner
                .read(near.get_mut(filled..).unwrap_or_default())?
            {
                0 => break,
                more => filled += more,
            }
        }
        self.inner.seek(SeekFrom::Start(here))?;
        let near = near.get(..filled).unwrap_or_default();
        Ok(near.trim_ascii_start().starts_with(b"From ")
            || near.trim_ascii().is_empty() && end + 16 > len)
    }
}
