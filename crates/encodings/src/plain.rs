//! Plain text, of any length and in any encoding.
//!
//! Paragraphs are what stands between blank lines; the lines inside them are kept. Headings are
//! not guessed.

use casefile::{
    BlockKind, Emit, Field, Input, Outcome, Piece, Problem, Reading, Stop, TextBuilder,
};

use crate::Decoder;

/// Bytes read at once.
const CHUNK: usize = 256 << 10;
/// Characters after which a section ends with the next line.
const SECTION: u32 = 900_000;
/// Bytes of one line that are held before it is cut.
const LINE: usize = 64 << 10;

/// Reads a text of any length.
///
/// # Errors
/// The receiver wants no more.
pub fn read(input: &mut Input<'_>, emit: Emit<'_>) -> Result<Reading, Stop> {
    let mut reading = Reading::indexed("text/plain");
    let mut paragraphs = Paragraphs::new(emit);
    decode_all(input, &mut reading, |text, last| {
        paragraphs.push(text, last)
    })?;
    paragraphs.finish()?;
    Ok(reading)
}

/// Runs the whole input through the right decoder, in chunks of text; notes the charset, and what
/// went wrong. `push` gets the text so far undigested and says how many bytes it took.
pub(crate) fn decode_all(
    input: &mut Input<'_>,
    reading: &mut Reading,
    mut push: impl FnMut(&str, bool) -> Result<usize, Stop>,
) -> Result<(), Stop> {
    let damaged = |reading: &mut Reading, error: std::io::Error, at: u64| {
        reading.outcome = Outcome::Damaged;
        reading.reason = Some(format!(
            "could not be read past byte {at}: {error}; the text before it was kept"
        ));
    };
    let mut decoder: Option<Decoder> = None;
    let mut chunk = match input.head(0) {
        Ok(_) => vec![0; CHUNK],
        Err(error) => {
            damaged(reading, error, 0);
            return Ok(());
        }
    };
    let mut text = String::new();
    let mut chars = 0_u64;
    loop {
        let (length, error) = fill(input.bytes, &mut chunk);
        let bytes = chunk.get(..length).unwrap_or_default();
        let last = length < CHUNK;
        let decoder =
            decoder.get_or_insert_with(|| Decoder::detect(bytes, last, input.declared_charset));
        let before = text.len();
        decoder.push(bytes, &mut text, last);
        if let Some(error) = error {
            damaged(reading, error, decoder.bytes());
        }
        let new = text.get(before..).unwrap_or_default();
        chars = chars.saturating_add(new.chars().count() as u64);
        let over = chars > input.limits.text_chars;
        let taken = push(&text, last || over)?;
        text.drain(..taken.min(text.len()));
        if over && !last {
            reading.outcome = Outcome::Limit;
            reading.reason = Some(format!(
                "longer than {} characters; the first {} bytes of it were kept as text",
                input.limits.text_chars,
                decoder.bytes()
            ));
        }
        if last || over {
            break;
        }
    }
    if let Some(decoder) = decoder {
        let from = format!("charset: {}", decoder.how().name());
        reading.note(Field::Other, decoder.charset(), &from);
        if decoder.replaced() > 0 {
            let message = format!(
                "{} places are not {}; they stand as U+FFFD",
                decoder.replaced(),
                decoder.charset()
            );
            reading
                .problems
                .push(Problem::new("bytes-not-decoded", message));
        }
    }
    Ok(())
}

/// Fills the buffer as far as there are bytes.
fn fill(from: &mut dyn casefile::ReadSeek, chunk: &mut [u8]) -> (usize, Option<std::io::Error>) {
    let mut length = 0;
    while let Some(room) = chunk.get_mut(length..).filter(|room| !room.is_empty()) {
        match from.read(room) {
            Ok(0) => break,
            Ok(more) => length += more,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return (length, Some(error)),
        }
    }
    (length, None)
}

/// Lines to paragraphs to sections.
pub(crate) struct Paragraphs<'a> {
    emit: Emit<'a>,
    builder: TextBuilder,
    /// A paragraph is open, and whether its last line has ended.
    open: bool,
    line_ended: bool,
}

impl<'a> Paragraphs<'a> {
    pub(crate) fn new(emit: Emit<'a>) -> Self {
        Self {
            emit,
            builder: TextBuilder::new(),
            open: false,
            line_ended: true,
        }
    }

    /// Takes whole lines; returns how many bytes were taken. An unfinished line stays until it is
    /// too long to be held.
    pub(crate) fn push(&mut self, text: &str, last: bool) -> Result<usize, Stop> {
        let mut at = 0;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            let Some(length) = memchr::memchr2(b'\n', b'\r', rest.as_bytes()) else {
                if last {
                    self.piece(rest);
                    at = text.len();
                } else if rest.len() > LINE {
                    let cut = cut(rest);
                    self.piece(rest.get(..cut).unwrap_or(rest));
                    at += cut;
                    self.break_section(true)?;
                    if rest.len() - cut > LINE {
                        continue;
                    }
                }
                break;
            };
            let ending = match rest.get(length..length + 2) {
                Some("\r\n") => 2,
                None if rest.get(length..) == Some("\r") && !last => break,
                _ => 1,
            };
            self.piece(rest.get(..length).unwrap_or_default());
            if self.line_ended {
                // An empty line, since nothing came after the line before.
                self.close();
            }
            self.line_ended = true;
            at += length + ending;
            self.break_section(false)?;
        }
        Ok(at)
    }

    /// A line or the next part of it.
    fn piece(&mut self, text: &str) {
        if self.line_ended && text.trim().is_empty() {
            return;
        }
        if !self.open {
            self.builder.begin(BlockKind::Paragraph, true);
            self.open = true;
        } else if self.line_ended {
            self.builder.push("\n");
        }
        self.line_ended = false;
        if memchr::memchr2(0, 0xc, text.as_bytes()).is_some() {
            // NUL has no place in a text; a form feed separates pages, which these are not.
            self.builder
                .push(&text.replace('\0', "\u{fffd}").replace('\u{c}', "\n"));
        } else {
            self.builder.push(text);
        }
    }

    fn close(&mut self) {
        self.builder.end();
        self.open = false;
    }

    /// Hands over a section that is long enough. Inside a line only if it must.
    fn break_section(&mut self, inside: bool) -> Result<(), Stop> {
        if self.builder.chars() < SECTION {
            return Ok(());
        }
        self.close();
        if inside {
            // What follows is the same line, in a block of its own.
            self.line_ended = true;
        }
        (self.emit)(Piece::Section(self.builder.take_section()))
    }

    pub(crate) fn finish(mut self) -> Result<(), Stop> {
        self.close();
        if !self.builder.is_blank() {
            (self.emit)(Piece::Section(self.builder.finish()))?;
        }
        Ok(())
    }
}

/// Where to cut an overlong line: after the last space of the first `LINE` bytes, or there.
pub(crate) fn cut(line: &str) -> usize {
    let mut end = LINE.min(line.len());
    while !line.is_char_boundary(end) {
        end -= 1;
    }
    let head = line.get(..end).unwrap_or(line);
    match head.rfind(' ') {
        Some(space) if space > end / 2 => space + 1,
        _ => end.max(1),
    }
}
