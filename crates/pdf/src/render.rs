//! Page images, for the reader's view and for recognition.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use casefile::Input;
use hayro::hayro_interpret::InterpreterSettings;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};

use crate::open::{self, Closed};

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
}

/// Draws page `page` (from 1) on white at `dpi` dots an inch, or at as many as fit 25 million
/// pixels. Pages without colour come out grey.
///
/// # Errors
/// The file cannot be opened, has no such page, or the page cannot be drawn.
pub fn render(input: &mut Input<'_>, page: u32, dpi: f32) -> Result<Image, RenderError> {
    let mut result = Err(RenderError::NoPage(page));
    render_pages(input, &[page], dpi, &mut |_, image| {
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
    dpi: f32,
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
    let all = opened.pdf.pages();
    let settings = InterpreterSettings::default();
    for &number in pages {
        let found = usize::try_from(number)
            .ok()
            .and_then(|n| n.checked_sub(1))
            .and_then(|n| all.get(n));
        let image = match found {
            None => Err(RenderError::NoPage(number)),
            Some(page) => catch_unwind(AssertUnwindSafe(|| draw(page, &settings, dpi)))
                .unwrap_or(None)
                .ok_or(RenderError::Undrawn(number)),
        };
        if !each(number, image) {
            break;
        }
    }
    Ok(())
}

fn draw(
    page: &hayro_syntax::page::Page<'_>,
    settings: &InterpreterSettings,
    dpi: f32,
) -> Option<Image> {
    let (width, height) = page.render_dimensions();
    if !(width.is_finite() && height.is_finite() && width > 0.0 && height > 0.0) {
        return None;
    }
    let wanted = if dpi.is_finite() {
        dpi.clamp(1.0, 2400.0) / 72.0
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
