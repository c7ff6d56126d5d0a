//! PDF: text with a place on the page for every word, metadata, attached files, page images.
//!
//! Files are parsed by `hayro-syntax`; what makes text of it (codes to characters, glyphs to words,
//! words to lines, columns, tables and paragraphs) is this crate's own. Page images come from
//! `hayro`, over the same parser.
//!
//! What it never does: read another file, use the network, the clock or a thread; follow a link or
//! an action; run JavaScript; change or normalise text (line-end hyphens and ligatures stay as they
//! are, a later step makes the normalised view).

mod annotations;
mod attachments;
mod columns;
mod encryption;
mod font;
mod geometry;
mod images;
mod layout;
mod metadata;
mod open;
mod page;
mod png;
mod render;
mod scene;
mod script;
mod stream;
mod strings;
mod typefaces;
mod words;

#[cfg(test)]
mod tests;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use casefile::{Emit, Field, Input, Outcome, Piece, Problem, Reading, Stop};
use open::{Closed, Opened};
use scene::Fault;

pub use png::png;
pub use render::{Fineness, Image, RenderError, render, render_pages};
pub use typefaces::{FontBytes, Script, Typefaces, no_typefaces};

const FORMAT: &str = "application/pdf";

/// Reads a PDF: one [`casefile::Section`] a page, then its attached files as members.
///
/// Coordinates are points (1/72 inch) from the top left of the page as displayed. Pages with hardly
/// any text but a picture, or with text that has no known characters, are marked `wants_ocr`.
/// A page that cannot be read costs that page: it comes as an empty section, with a problem.
///
/// # Errors
/// Only what `emit` returns: the receiver wants no more.
pub fn read(input: &mut Input<'_>, emit: Emit<'_>) -> Result<Reading, Stop> {
    let bytes = match input.all() {
        Ok(Some(bytes)) => Arc::new(bytes),
        Ok(None) => {
            let reason = format!(
                "larger than {} MiB; nothing of it was read",
                input.limits.input_bytes >> 20
            );
            return Ok(Reading::failed(FORMAT, Outcome::Limit, reason));
        }
        Err(error) => {
            let reason = format!("its bytes could not be read ({error})");
            return Ok(Reading::failed(FORMAT, Outcome::Damaged, reason));
        }
    };
    let opened = match open::open(&bytes, input.passwords) {
        Ok(opened) => opened,
        Err(closed) => return Ok(refusal(&closed)),
    };
    let mut reading = Reading::indexed(FORMAT);
    reading.problems.clone_from(&opened.problems);
    let about = catch_unwind(AssertUnwindSafe(|| {
        let mut about = Reading::indexed(FORMAT);
        metadata::read(&opened.pdf, &bytes, &mut about);
        about
    }));
    match about {
        Ok(about) => reading.metadata = about.metadata,
        Err(_) => reading.problems.push(Problem::new(
            "metadata-unreadable",
            "what the file says about itself could not be read",
        )),
    }
    let tally = pages(&opened, input, emit, &mut reading)?;
    reading.note(Field::Pages, &tally.pages.to_string(), "PDF page tree");
    let limits = input.limits;
    let mut problems = Vec::new();
    let attached = catch_unwind(AssertUnwindSafe(|| {
        attachments::emit(&opened, limits, emit, &mut problems)
    }));
    reading.problems.append(&mut problems);
    match attached {
        Ok(done) => {
            done?;
        }
        Err(_) => reading.problems.push(Problem::new(
            "attachments-unreadable",
            "the list of attached files is broken; some may be missing",
        )),
    }
    conclude(&opened, &tally, &mut reading);
    Ok(reading)
}

fn refusal(closed: &Closed) -> Reading {
    match closed {
        Closed::Password { tried: 0 } => Reading::failed(
            FORMAT,
            Outcome::Encrypted,
            "needs a password: `add --file-passwords LIST` tries yours",
        ),
        Closed::Password { tried } => {
            let them = if *tried == 1 {
                "the one given does not open it"
            } else {
                "none of those given opens it"
            };
            Reading::failed(
                FORMAT,
                Outcome::Encrypted,
                format!("needs a password, and {them}"),
            )
        }
        Closed::Cipher => Reading::failed(
            FORMAT,
            Outcome::Encrypted,
            "encrypted with a certificate or a method that is not read: open it in the program that made it and save it unprotected",
        ),
        Closed::Damaged => Reading::failed(
            FORMAT,
            Outcome::Damaged,
            "no page could be found in it; the original is kept",
        ),
    }
}

/// How the pages fared.
#[derive(Debug, Default)]
struct Tally {
    pages: usize,
    whole: usize,
    /// Cap that ended the reading early.
    capped: Option<String>,
    any_capped: bool,
}

fn pages(
    opened: &Opened,
    input: &Input<'_>,
    emit: Emit<'_>,
    reading: &mut Reading,
) -> Result<Tally, Stop> {
    let fonts = font::Fonts::default();
    let mut running = page::Running::default();
    let all = opened.pdf.pages();
    let mut tally = Tally {
        pages: all.len(),
        ..Tally::default()
    };
    let mut chars = 0_u64;
    for (index, page) in all.iter().enumerate() {
        let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
        let place = format!("page {number}");
        if number > input.limits.pages || chars >= input.limits.text_chars {
            let cap = if number > input.limits.pages {
                "pages"
            } else {
                "characters"
            };
            tally.capped = Some(format!(
                "more {cap} than the cap: {index} of {} pages were kept",
                all.len()
            ));
            break;
        }
        let size = page_size(page);
        let read = catch_unwind(AssertUnwindSafe(|| {
            let scene = scene::of_page(page, &fonts);
            let notes = catch_unwind(AssertUnwindSafe(|| annotations::of_page(page, &fonts)));
            let section = page::section(
                &scene,
                notes.as_deref().unwrap_or_default(),
                number,
                size,
                &mut running,
            );
            (section, scene.faults)
        }));
        let (section, faults) = if let Ok(read) = read {
            read
        } else {
            let message = "the page could not be read; its text is missing";
            reading
                .problems
                .push(Problem::new("page-unreadable", message).at(place));
            let mut empty = casefile::TextBuilder::new();
            empty.begin_page(number, size.0, size.1);
            if let Some(page) = empty.page_mut() {
                page.wants_ocr = true;
            }
            emit(Piece::Section(empty.finish()))?;
            continue;
        };
        chars += section.text.chars().count() as u64;
        let blank = section.boxes.is_empty();
        emit(Piece::Section(section))?;
        if faults.is_empty() {
            tally.whole += 1;
        }
        for fault in faults {
            tally.any_capped |= fault == Fault::Capped;
            let (code, message) = match (fault, blank) {
                (Fault::Broken, true) => (
                    "page-unreadable",
                    "its content is broken; nothing of it could be read",
                ),
                (Fault::Broken, false) => (
                    "page-damaged",
                    "a part of its content is broken; the rest was read",
                ),
                (Fault::Capped, _) => (
                    "page-too-large",
                    "its content is larger than the cap; what comes before was read",
                ),
            };
            reading
                .problems
                .push(Problem::new(code, message).at(place.clone()));
        }
    }
    let elsewhere = fonts.elsewhere();
    if !elsewhere.is_empty() {
        let message = format!(
            "not in the file: {}; page images show other glyphs in their place, or boxes; the text is not affected",
            elsewhere.join(", ")
        );
        reading.problems.push(Problem::new("font-missing", message));
    }
    Ok(tally)
}

/// Size as displayed, in points; sizes that no page has become A4.
fn page_size(page: &hayro_syntax::page::Page<'_>) -> (f32, f32) {
    let (width, height) = page.render_dimensions();
    let sane = |side: f32| side.is_finite() && (0.0..=1_000_000.0).contains(&side);
    if sane(width) && sane(height) {
        (width, height)
    } else {
        (595.0, 842.0)
    }
}

fn conclude(opened: &Opened, tally: &Tally, reading: &mut Reading) {
    if tally.pages == 0 {
        reading.outcome = Outcome::Damaged;
        reading.reason = Some("no page could be found in it; the original is kept".to_owned());
        return;
    }
    let promised = opened.promised.unwrap_or(tally.pages).max(tally.pages);
    // A count that no file of this size can hold is itself a fault, and says nothing.
    let lost = if promised < tally.pages.saturating_mul(1000).saturating_add(1000) {
        promised - tally.pages
    } else {
        0
    };
    if let Some(reason) = &tally.capped {
        (reading.outcome, reading.reason) = (Outcome::Limit, Some(reason.clone()));
    } else if opened.truncated {
        let reason = format!(
            "the end of the file is missing; {} of {} pages were kept",
            tally.whole,
            tally.pages + lost
        );
        (reading.outcome, reading.reason) = (Outcome::Damaged, Some(reason));
    } else if lost > 0 || tally.whole < tally.pages {
        let outcome = if tally.any_capped {
            Outcome::Limit
        } else {
            Outcome::Damaged
        };
        let reason = match tally.pages + lost {
            1 => "its page is broken in part; what could be read was kept".to_owned(),
            all => format!(
                "{} of {all} pages were kept whole; of the others what could be read",
                tally.whole
            ),
        };
        (reading.outcome, reading.reason) = (outcome, Some(reason));
    }
}
