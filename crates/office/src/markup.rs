//! XML of any vocabulary: the words of its elements, not its tags.
//!
//! A paragraph, and an element whose children stand between words (mixed content), is one block;
//! elsewhere each element with words of its own is one. Many exports keep all they know in
//! attributes: those with words or numbers become a row `name: value`. Drawings (SVG) and Hangul's
//! XML (HWPML) use attributes for looks alone, and give only their words. Bytes written as base64
//! become members.

use casefile::{BlockKind, Stop};
use data_encoding::BASE64;

use crate::job::Job;
use crate::xml::{Tag, Token, Xml};

/// The longest value of an attribute that is taken for words.
const VALUE: usize = 2_000;
/// Base64 shorter than this, or in lines shorter than the other, may be a word.
const CODED: usize = 400;
const CODED_LINE: usize = 60;

/// Attributes that say how an element is drawn, named or typed, not what it tells.
const SILENT: &[&str] = &[
    "class",
    "color",
    "colour",
    "encoding",
    "height",
    "id",
    "lang",
    "ref",
    "schemaLocation",
    "space",
    "style",
    "type",
    "version",
    "width",
];

pub(crate) fn read(bytes: &[u8], job: &mut Job<'_>) -> Result<(), Stop> {
    let mut xml = Xml::new(bytes);
    let mut words = String::new();
    // How many elements are open where the block began that is being gathered.
    let mut gathering: Option<u32> = None;
    let mut looks_only = false;
    let mut coded = 0_u32;
    loop {
        let depth = xml.depth();
        match xml.next() {
            Token::Open(tag) => {
                let name = tag.name().to_owned();
                if depth == 0 {
                    looks_only = matches!(tag.name(), "svg" | "HWPML");
                }
                if looks_only && matches!(tag.name(), "style" | "script" | "metadata") {
                    xml.skip();
                    continue;
                }
                let paragraph = matches!(tag.name(), "p" | "P" | "para" | "Paragraph");
                let row = if looks_only {
                    String::new()
                } else {
                    attributes(&tag)
                };
                if paragraph {
                    flush(&mut words, &mut coded, job)?;
                    gathering = Some(depth.saturating_add(1));
                } else if gathering.is_none() && !words.trim().is_empty() {
                    gathering = Some(depth);
                }
                match gathering {
                    Some(_) if paragraph || row.is_empty() => {}
                    Some(_) => words.push_str(&format!(" [{}] ", row.replace('\t', "; "))),
                    None => job.block(BlockKind::TableRow, &row)?,
                }
                if gathering.is_none() {
                    words.clear();
                }
                if matches!(name.as_str(), "br" | "lb" | "tab") {
                    words.push(' ');
                }
            }
            Token::Close(_) => {
                if gathering.is_none_or(|outer| depth <= outer) {
                    flush(&mut words, &mut coded, job)?;
                    gathering = None;
                }
            }
            Token::Text(text) => words.push_str(text),
            Token::End => break,
        }
        if job.is_full() {
            break;
        }
    }
    flush(&mut words, &mut coded, job)?;
    if let Some(fault) = xml.fault() {
        let fault = fault.to_owned();
        job.damage(format!("its XML cannot be followed to the end ({fault})"));
    }
    Ok(())
}

/// Writes what was gathered: as text, or as a member if it is base64.
fn flush(words: &mut String, coded: &mut u32, job: &mut Job<'_>) -> Result<(), Stop> {
    match decoded(words) {
        Some(bytes) => {
            *coded = coded.saturating_add(1);
            job.member(&format!("data {coded}"), None, &bytes)?;
        }
        None => job.block(BlockKind::Paragraph, &one_line(words))?,
    }
    words.clear();
    Ok(())
}

fn decoded(words: &str) -> Option<Vec<u8>> {
    let text = words.trim();
    let is_code = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=');
    let whole = text.len() >= CODED
        && text.lines().next()?.trim().len() >= CODED_LINE
        && text.bytes().all(|b| is_code(b) || b.is_ascii_whitespace());
    if !whole {
        return None;
    }
    let code: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
    BASE64.decode(&code).ok()
}

/// Attributes that tell something, as a row.
fn attributes(tag: &Tag<'_>) -> String {
    let mut row = String::new();
    for (key, value) in tag.attributes() {
        let value = one_line(&value);
        let local = key.rsplit_once(':').map_or(key, |(_, local)| local);
        let silent = key.starts_with("xml")
            || SILENT
                .iter()
                .any(|silent| local.eq_ignore_ascii_case(silent));
        let tells = value.chars().any(char::is_alphanumeric) && value.len() <= VALUE;
        if silent || !tells {
            continue;
        }
        if !row.is_empty() {
            row.push('\t');
        }
        row.push_str(&format!("{key}: {value}"));
    }
    row
}

/// White space in XML is layout.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
