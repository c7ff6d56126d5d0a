//! Page images, for the reader's view and for recognition.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use casefile::Input;
use hayro::hayro_interpret::InterpreterSettings;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};

use crate::images::{self, Large};
use crate::open::{self, Closed, Opened};
use crate::typefaces::{self, Missing, Typefaces};

/// Pixels of one image: 25 million is an A4 page at 500 dots an inch.
const PIXELS: f32 = 25_000_000.0;
/// Longest side that the rasteriser takes.
const SIDE: f32 = 32_000.0;

/// A page as pixels, rows from top to bottom, no padding.
#[derive(Debug, Clone, PartialEq)]
pub struct Image {
    pub width: u32,
    pub height: u32,
    /// One byte a pixel if `grey`, else three (red, green, blue).
    pub pixels: Vec<u8>,
    pub grey: bool,
    /// Dots an inch that were reached: less than asked where the image would be too large.
    pub dpi: f32,
}

/// How fine a page is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Fineness {
    /// So many dots an inch.
    Dots(f32),
    /// Longest side in pixels.
    Longest(u32),
    /// Fit for recognising text: 300 dots an inch, or less where the page is a picture of fewer.
    Recognition,
}

impl Image {
    /// Bytes a pixel.
    #[must_use]
    pub const fn channels(&self) -> usize {
        if self.grey { 1 } else { 3 }
    }
}

/// Why there is no image of a page.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    #[error("the file could not be read")]
    Unread,
    #[error("the file is larger than the cap")]
    TooLarge,
    #[error("the file needs a password")]
    Encrypted,
    #[error("no page could be found in the file")]
    Damaged,
    #[error("there is no page {0}")]
    NoPage(u32),
    #[error("page {0} could not be drawn")]
    Undrawn(u32),
    #[error(
        "page {page} holds a picture of {width} × {height} pixels, which is too large to be drawn"
    )]
    HugePicture { page: u32, width: u32, height: u32 },
}

/// Draws page `page` (from 1) on white, as finely as asked or as fits 25 million pixels. Pages
/// without colour come out grey.
///
/// # Errors
/// The file cannot be opened, has no such page, or the page cannot be drawn.
pub fn render(
    input: &mut Input<'_>,
    page: u32,
    fineness: Fineness,
    typefaces: &Typefaces,
) -> Result<Image, RenderError> {
    let mut result = Err(RenderError::NoPage(page));
    render_pages(input, &[page], fineness, typefaces, &mut |_, image| {
        result = image;
        true
    })?;
    result
}

/// Draws several pages of one file, which is opened once; `each` gets the page's number and image
/// and says whether to go on.
///
/// # Errors
/// The file cannot be opened. What is wrong with a page is given to `each`.
pub fn render_pages(
    input: &mut Input<'_>,
    pages: &[u32],
    fineness: Fineness,
    typefaces: &Typefaces,
    each: &mut dyn FnMut(u32, Result<Image, RenderError>) -> bool,
) -> Result<(), RenderError> {
    let bytes = match input.all() {
        Ok(Some(bytes)) => Arc::new(bytes),
        Ok(None) => return Err(RenderError::TooLarge),
        Err(_) => return Err(RenderError::Unread),
    };
    let opened = open::open(&bytes, input.passwords).map_err(|closed| match closed {
        Closed::Damaged => RenderError::Damaged,
        Closed::Password { .. } | Closed::Cipher => RenderError::Encrypted,
    })?;
    for &number in pages {
        let image = catch_unwind(AssertUnwindSafe(|| {
            one(
                &opened,
                &bytes,
                input.passwords,
                number,
                fineness,
                typefaces,
            )
        }))
        .unwrap_or(Err(RenderError::Undrawn(number)));
        if !each(number, image) {
            break;
        }
    }
    Ok(())
}

fn page_of(opened: &Opened, number: u32) -> Option<&hayro_syntax::page::Page<'_>> {
    let index = usize::try_from(number).ok()?.checked_sub(1)?;
    opened.pdf.pages().get(index)
}

fn one(
    opened: &Opened,
    bytes: &[u8],
    passwords: &[String],
    number: u32,
    fineness: Fineness,
    typefaces: &Typefaces,
) -> Result<Image, RenderError> {
    let page = page_of(opened, number).ok_or(RenderError::NoPage(number))?;
    let settings = InterpreterSettings {
        font_resolver: Arc::new(typefaces::boxes_only),
        ..InterpreterSettings::default()
    };
    let found = images::survey(page, &settings, opened.encrypted);
    let (missing, dpi) = (found.missing, found.dpi);
    let settings = InterpreterSettings {
        font_resolver: {
            let (typefaces, missing): (_, Missing) = (Arc::clone(typefaces), missing);
            Arc::new(move |query| typefaces::resolve(query, &typefaces, &missing))
        },
        ..settings
    };
    let undrawn = RenderError::Undrawn(number);
    if found.large.is_empty() {
        return draw(page, &settings, fineness, dpi).ok_or(undrawn);
    }
    let refused = |large: &Large| RenderError::HugePicture {
        page: number,
        width: large.width,
        height: large.height,
    };
    let mut objects = Vec::new();
    for large in found.large {
        match large.smaller {
            Some(object) => objects.push(object),
            None => return Err(refused(&large)),
        }
    }
    let copy = images::with_objects(bytes, opened.pdf.xref().root_id(), &objects);
    drop(objects);
    let opened = open::open(&copy, passwords).map_err(|_| undrawn.clone())?;
    let page = page_of(&opened, number).ok_or_else(|| undrawn.clone())?;
    // A file whose table is broken may not take the smaller images: then the large ones are still
    // there, and drawing them is refused.
    if let Some(large) = images::survey(page, &settings, true).large.first() {
        return Err(refused(large));
    }
    draw(page, &settings, fineness, dpi).ok_or(undrawn)
}

fn draw(
    page: &hayro_syntax::page::Page<'_>,
    settings: &InterpreterSettings,
    fineness: Fineness,
    native: Option<f32>,
) -> Option<Image> {
    let (width, height) = page.render_dimensions();
    if !(width.is_finite() && height.is_finite() && width > 0.0 && height > 0.0) {
        return None;
    }
    let dpi = match fineness {
        Fineness::Dots(dpi) => dpi,
        Fineness::Longest(side) => side as f32 * 72.0 / width.max(height),
        // Twice as fine as the scan is all that recognition gains from.
        Fineness::Recognition => native.map_or(300.0, |native| (native * 2.0).min(300.0)),
    };
    let wanted = if dpi.is_finite() {
        dpi.clamp(0.01, 2400.0) / 72.0
    } else {
        1.0
    };
    let scale = wanted
        .min((PIXELS / (width * height)).sqrt())
        .min(SIDE / width)
        .min(SIDE / height);
    // Even a very long and thin page is one pixel wide.
    let (x_scale, y_scale) = (scale.max(1.0 / width), scale.max(1.0 / height));
    let pixmap = hayro::render(
        page,
        &RenderCache::new(),
        settings,
        &RenderSettings::default(),
        &PixmapSettings {
            x_scale,
            y_scale,
            bg_color: WHITE,
        },
    );
    let (width, height) = (u32::from(pixmap.width()), u32::from(pixmap.height()));
    let rgba = pixmap.data_as_u8_slice();
    let grey = rgba.chunks_exact(4).all(|pixel| match pixel {
        [r, g, b, _] => r.abs_diff(*g) < 4 && g.abs_diff(*b) < 4,
        _ => true,
    });
    let pixels = if grey {
        rgba.chunks_exact(4)
            .map(|pixel| pixel.get(1).copied().unwrap_or(255))
            .collect()
    } else {
        rgba.chunks_exact(4)
            .flat_map(|pixel| pixel.iter().take(3).copied())
            .collect()
    };
    (width > 0 && height > 0).then_some(Image {
        width,
        height,
        pixels,
        grey,
        dpi: scale * 72.0,
    })
}
