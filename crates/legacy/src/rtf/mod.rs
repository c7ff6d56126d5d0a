//! Rich Text Format (Microsoft's specification 1.9.1), and what mail makes of it: compressed
//! (MS-OXRTFCP) and wrapped around HTML (MS-OXRTFEX).

mod fields;
mod lzfu;
mod parser;
#[cfg(test)]
mod tests;
mod tokens;

pub(crate) use fields::hyperlink;
pub use lzfu::decompress;

use casefile::{Emit, Input, Limits, Outcome, Reading, Stop, TextBuilder};

use crate::sink::{Sink, damage};
use parser::Parser;

pub(crate) const MEDIA_TYPE: &str = "application/rtf";

/// Reads an RTF document: paragraphs, headings, list items, tables as rows, notes, running heads,
/// hidden and deleted text; pictures and embedded objects as members.
///
/// # Errors
/// The receiver wants no more.
pub fn read(input: &mut Input<'_>, emit: Emit<'_>) -> Result<Reading, Stop> {
    let limits = input.limits;
    let bytes = match input.head(limits.input_bytes) {
        Ok(bytes) => bytes,
        Err(error) => {
            let reason = format!("its bytes cannot be read: {error}");
            return Ok(Reading::failed(MEDIA_TYPE, Outcome::Damaged, reason));
        }
    };
    let mut reading = Reading::indexed(MEDIA_TYPE);
    let mut sink = Sink::new(limits, emit);
    let mut parser = Parser::new(&bytes, &mut sink, false);
    let end = parser.run()?;
    reading.metadata = std::mem::take(&mut parser.metadata);
    if input.len > limits.input_bytes {
        sink.capped = Some("it is too large to be held; its beginning was read and kept".into());
    } else if let Some(reason) = end {
        damage(&mut reading, reason);
    }
    sink.finish(reading)
}

/// The text of an RTF, as paragraphs, added to `into`; pictures and objects are left out. Broken
/// input gives what can be read. For message bodies (MS-OXRTFCP); use [`to_html`] first.
pub fn to_text(bytes: &[u8], into: &mut TextBuilder) {
    let mut ignore = |_| Ok(());
    let mut sink = Sink::new(Limits::default(), &mut ignore);
    sink.keep_whole();
    sink.out = std::mem::take(into);
    // The receiver above never stops.
    let _ = Parser::new(bytes, &mut sink, false).run();
    sink.out.end();
    *into = sink.out;
}

/// The HTML that was wrapped in this RTF (`\fromhtml1`, MS-OXRTFEX 2.1.3); `None` if it wraps
/// none. The result is UTF-8, whatever its `meta charset` says.
#[must_use]
pub fn to_html(bytes: &[u8]) -> Option<String> {
    let head = bytes.get(..bytes.len().min(4096)).unwrap_or(&[]);
    if !head.windows(9).any(|w| w == b"\\fromhtml") {
        return None;
    }
    let mut ignore = |_| Ok(());
    let mut sink = Sink::new(Limits::default(), &mut ignore);
    let mut parser = Parser::new(bytes, &mut sink, true);
    let _ = parser.run();
    parser.html.filter(|_| parser.wraps_html)
}
