//! The pixels of a picture, upright, under caps.

use std::borrow::Cow;
use std::fmt;
use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageReader, metadata::Orientation};

use crate::{partial, tiff};

/// No more pixels than this are decoded: a scan of A3 at 600 dpi has 70 million.
const MOST_PIXELS: u64 = 120_000_000;
const MOST_BYTES: u64 = 640 << 20;

/// Why there are no pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PixelsError(String);

impl fmt::Display for PixelsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for PixelsError {}

fn because(error: &image::ImageError) -> PixelsError {
    PixelsError(match error {
        image::ImageError::Limits(_) => "the picture is too large to be decoded".into(),
        image::ImageError::Unsupported(_) => "the picture uses a variant that is not read".into(),
        _ => "the picture's data is broken".into(),
    })
}

/// An upright picture.
#[derive(Debug, Clone)]
pub struct Pixels(DynamicImage);

impl Pixels {
    #[must_use]
    pub fn width(&self) -> u32 {
        self.0.width()
    }

    #[must_use]
    pub fn height(&self) -> u32 {
        self.0.height()
    }

    /// No side longer than `most` pixels.
    #[must_use]
    pub fn at_most(self, most: u32) -> Self {
        if self.width().max(self.height()) <= most {
            return self;
        }
        Self(
            self.0
                .resize(most, most, image::imageops::FilterType::Triangle),
        )
    }

    /// PNG for the screen.
    ///
    /// # Errors
    /// The encoder refuses the picture (no side, too large).
    pub fn to_png(&self) -> Result<Vec<u8>, PixelsError> {
        let mut png = Cursor::new(Vec::new());
        let eight_bit = DynamicImage::ImageRgba8(self.0.to_rgba8());
        eight_bit
            .write_to(&mut png, image::ImageFormat::Png)
            .map_err(|e| because(&e))?;
        Ok(png.into_inner())
    }

    /// Binary PGM (grey, 8 bits, on white), the plainest form for a text recogniser.
    #[must_use]
    pub fn to_pgm(&self) -> Vec<u8> {
        let grey = if self.0.color().has_alpha() {
            let mut flat = self.0.to_rgba8();
            for pixel in flat.pixels_mut() {
                let [colours @ .., alpha] = &mut pixel.0;
                let alpha = u16::from(*alpha);
                for channel in colours {
                    let over_white = (u16::from(*channel) * alpha + 255 * (255 - alpha)) / 255;
                    *channel = u8::try_from(over_white).unwrap_or(255);
                }
            }
            DynamicImage::ImageRgba8(flat).to_luma8()
        } else {
            self.0.to_luma8()
        };
        let mut pgm = format!("P5 {} {} 255\n", grey.width(), grey.height()).into_bytes();
        pgm.extend_from_slice(grey.as_raw());
        pgm
    }
}

/// The pixels of one page (from 1; only TIFF has more than one), turned as EXIF says, with square
/// pixels. Of a picture that breaks off, what there is before the break, on white.
///
/// # Errors
/// The picture is broken, of an unknown variant, or too large.
pub fn pixels(bytes: &[u8], page: u32) -> Result<Pixels, PixelsError> {
    let bytes = &*at_page(bytes, page)?;
    let mut orientation = Orientation::NoTransforms;
    let decoded = decoder(bytes).and_then(|mut decoder| {
        orientation = decoder.orientation().unwrap_or(orientation);
        DynamicImage::from_decoder(decoder).map_err(|e| because(&e))
    });
    let mut picture = match decoded {
        Ok(picture) => picture,
        Err(error) => partial::decode(bytes).ok_or(error)?,
    };
    if let Some((width, height)) = tiff::square(bytes, picture.width(), picture.height()) {
        picture = picture.resize_exact(width, height, image::imageops::FilterType::Triangle);
    }
    picture.apply_orientation(orientation);
    Ok(Pixels(picture))
}

/// The file as a decoder finds this page in it first.
fn at_page(bytes: &[u8], page: u32) -> Result<Cow<'_, [u8]>, PixelsError> {
    if page <= 1 {
        return Ok(Cow::Borrowed(bytes));
    }
    tiff::moved_to(bytes, page)
        .map(Cow::Owned)
        .ok_or_else(|| PixelsError(format!("the picture has no page {page}")))
}

fn decoder(bytes: &[u8]) -> Result<impl ImageDecoder + '_, PixelsError> {
    let mut reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .map_err(|_| PixelsError("the picture's kind is unknown".into()))?;
    let mut limits = image::Limits::default();
    limits.max_alloc = Some(MOST_BYTES);
    reader.limits(limits);
    let decoder = reader.into_decoder().map_err(|e| because(&e))?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(PixelsError(format!(
            "{width} × {height} pixels are too many to be decoded"
        )));
    }
    Ok(decoder)
}

/// Width and height as displayed.
pub(crate) fn size(bytes: &[u8], page: u32) -> Result<(u32, u32), PixelsError> {
    let bytes = &*at_page(bytes, page)?;
    let mut decoder = match decoder(bytes) {
        Ok(decoder) => decoder,
        Err(error) => {
            let (width, height) = partial::tiff_size(bytes).ok_or(error)?;
            return Ok(tiff::square(bytes, width, height).unwrap_or((width, height)));
        }
    };
    let (width, height) = decoder.dimensions();
    let (width, height) = tiff::square(bytes, width, height).unwrap_or((width, height));
    let turned = matches!(
        decoder.orientation(),
        Ok(Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH)
    );
    Ok(if turned {
        (height, width)
    } else {
        (width, height)
    })
}
