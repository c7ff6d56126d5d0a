//! The pixels of a picture, upright, under caps.

use std::fmt;
use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageReader, metadata::Orientation};

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
        let grey = match &self.0 {
            DynamicImage::ImageRgba8(_) | DynamicImage::ImageLumaA8(_) => {
                let mut flat = self.0.to_rgba8();
                for pixel in flat.pixels_mut() {
                    let alpha = u16::from(pixel.0[3]);
                    for channel in &mut pixel.0[..3] {
                        let over_white = (u16::from(*channel) * alpha + 255 * (255 - alpha)) / 255;
                        *channel = u8::try_from(over_white).unwrap_or(255);
                    }
                }
                DynamicImage::ImageRgba8(flat).to_luma8()
            }
            other => other.to_luma8(),
        };
        let mut pgm = format!("P5 {} {} 255\n", grey.width(), grey.height()).into_bytes();
        pgm.extend_from_slice(grey.as_raw());
        pgm
    }
}

/// The pixels of one page (from 1; only TIFF has more than one), turned as EXIF says.
///
/// # Errors
/// The picture is broken, of an unknown variant, or too large.
pub fn pixels(bytes: &[u8], page: u32) -> Result<Pixels, PixelsError> {
    if page > 1 {
        return tiff_page(bytes, page).map(Pixels);
    }
    let mut decoder = decoder(bytes)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|e| because(&e))?;
    picture.apply_orientation(orientation);
    Ok(Pixels(picture))
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
    if page > 1 {
        let picture = tiff_page(bytes, page)?;
        return Ok((picture.width(), picture.height()));
    }
    let mut decoder = decoder(bytes)?;
    let (width, height) = decoder.dimensions();
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

/// Whether the file ends where its format says it should.
pub(crate) fn check_whole(bytes: &[u8]) -> Result<(), PixelsError> {
    let missing = match image::guess_format(bytes) {
        Ok(image::ImageFormat::Jpeg) => !bytes.windows(2).rev().any(|w| w == [0xff, 0xd9]),
        Ok(image::ImageFormat::Png) => !bytes.windows(4).rev().any(|w| w == b"IEND"),
        _ => false,
    };
    if missing {
        Err(PixelsError("the file ends before the picture does".into()))
    } else {
        Ok(())
    }
}

/// Number of images in a TIFF, by following its chain of directories (TIFF 6.0, section 2).
pub(crate) fn tiff_pages(bytes: &[u8]) -> u32 {
    directories(bytes).len().max(1).try_into().unwrap_or(1)
}

/// Offsets of a TIFF's image directories.
fn directories(bytes: &[u8]) -> Vec<u32> {
    let little = bytes.starts_with(b"II");
    let take = |at: usize, n: usize| -> Option<u32> {
        let raw = bytes.get(at..at.checked_add(n)?)?;
        let fold = |sum: u32, byte: &u8| sum << 8 | u32::from(*byte);
        Some(if little {
            raw.iter().rev().fold(0, fold)
        } else {
            raw.iter().fold(0, fold)
        })
    };
    let mut found = Vec::new();
    let mut next = take(4, 4);
    while let Some(at) = next.filter(|at| *at != 0 && !found.contains(at)) {
        let Some(entries) = take(at as usize, 2) else {
            break;
        };
        found.push(at);
        if found.len() >= 2_000 {
            break;
        }
        next = take(at as usize + 2 + 12 * entries as usize, 4);
    }
    found
}

/// A later page of a TIFF: the same file with its head pointing at that page's directory.
fn tiff_page(bytes: &[u8], page: u32) -> Result<DynamicImage, PixelsError> {
    let at = directories(bytes)
        .get(page as usize - 1)
        .copied()
        .ok_or_else(|| PixelsError(format!("the picture has no page {page}")))?;
    let mut moved = bytes.to_vec();
    let head = if moved.starts_with(b"II") {
        at.to_le_bytes()
    } else {
        at.to_be_bytes()
    };
    let Some(pointer) = moved.get_mut(4..8) else {
        return Err(PixelsError("the picture's data is broken".into()));
    };
    pointer.copy_from_slice(&head);
    let decoder = decoder(&moved)?;
    DynamicImage::from_decoder(decoder).map_err(|e| because(&e))
}
