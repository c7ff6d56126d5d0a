//! Pictures: JPEG, PNG, TIFF, WebP, GIF and BMP with what their EXIF says, and their pixels for
//! the reader's page image and for text recognition.
//!
//! This crate recognises no text and draws nothing itself.

mod facts;
mod partial;
mod pixels;
mod tiff;

pub use pixels::{Pixels, PixelsError, pixels};

use casefile::{Emit, Field, Input, Outcome, Problem, Reading, Stop, TextBuilder};
use image::ImageFormat;

/// The media type of a picture that this crate reads, from its first bytes.
#[must_use]
pub fn recognise(head: &[u8]) -> Option<&'static str> {
    Some(match image::guess_format(head).ok()? {
        ImageFormat::Jpeg => "image/jpeg",
        ImageFormat::Png => "image/png",
        ImageFormat::Tiff => "image/tiff",
        ImageFormat::WebP => "image/webp",
        ImageFormat::Gif => "image/gif",
        // "BM" begins many a text: the reserved bytes of a real one are zero.
        ImageFormat::Bmp if head.get(6..10) == Some(&[0; 4]) => "image/bmp",
        _ => return None,
    })
}

/// Reads a picture: one page per image (TIFF may hold several), each wanting text recognition.
///
/// # Errors
/// The receiver wants no more.
pub fn read(input: &mut Input<'_>, emit: Emit<'_>) -> Result<Reading, Stop> {
    let Ok(Some(bytes)) = input.all() else {
        return Ok(Reading::failed(
            "image/*",
            Outcome::Limit,
            "the picture is larger than the memory allowed for one file; its bytes are kept",
        ));
    };
    let format = recognise(&bytes).unwrap_or("image/*");
    let mut reading = Reading::indexed(format);
    let comments = facts::note_all(&bytes, &mut reading);
    let count = if format == "image/tiff" {
        tiff::pages(&bytes)
    } else {
        1
    };
    let mut sizes = Vec::new();
    for page in 1..=count.min(input.limits.pages) {
        match pixels::size(&bytes, page) {
            Ok(size) => sizes.push((page, size)),
            Err(problem) => reading.problems.push(
                Problem::new("page-unreadable", problem.to_string()).at(format!("page {page}")),
            ),
        }
    }
    if sizes.is_empty() {
        reading.outcome = Outcome::Damaged;
        reading.reason =
            Some("the picture cannot be decoded; its bytes and what its EXIF says are kept".into());
    } else if let Some((_, (width, height))) = sizes.first() {
        reading.note(
            Field::Other,
            &format!("{width} × {height} pixels"),
            "image size",
        );
        if !partial::is_whole(&bytes) {
            reading.outcome = Outcome::Damaged;
            reading.reason = Some(
                "the file ends before the picture does; what there is of it was read".to_owned(),
            );
        }
    }
    if count > 1 {
        reading.note(Field::Pages, &count.to_string(), "TIFF directories");
    }
    for (at, (page, (width, height))) in sizes.into_iter().enumerate() {
        let mut builder = TextBuilder::new();
        builder.begin_page(page, width as f32, height as f32);
        if at == 0 {
            for comment in &comments {
                builder.block(casefile::BlockKind::Caption, true, comment);
            }
        }
        if let Some(open) = builder.page_mut() {
            open.wants_ocr = true;
        }
        emit(casefile::Piece::Section(builder.finish()))?;
    }
    Ok(reading)
}

#[cfg(test)]
mod tests;
