//! Pictures that break off: whether one does, and the part before the break.

use std::borrow::Cow;
use std::io::Cursor;

use image::{DynamicImage, GrayImage, ImageFormat, RgbImage, RgbaImage};

use crate::tiff;

/// Bytes of pixels that are held.
const MOST_BYTES: usize = 480 << 20;

/// Whether the file ends where its format says it should.
pub(crate) fn is_whole(bytes: &[u8]) -> bool {
    let told = |at: usize| {
        let raw = bytes.get(at..at + 4)?;
        Some(u64::from(u32::from_le_bytes(raw.try_into().ok()?)))
    };
    let len = bytes.len() as u64;
    match image::guess_format(bytes) {
        Ok(ImageFormat::Jpeg) => bytes.windows(2).rev().any(|w| w == [0xff, 0xd9]),
        Ok(ImageFormat::Png) => bytes.windows(4).rev().any(|w| w == b"IEND"),
        Ok(ImageFormat::Gif) => bytes.iter().rev().take(1024).any(|byte| *byte == 0x3b),
        // The length of a RIFF file counts from after itself.
        Ok(ImageFormat::WebP) => told(4).is_none_or(|length| length <= len.saturating_sub(8)),
        Ok(ImageFormat::Bmp) => told(2).is_none_or(|length| length <= len),
        Ok(ImageFormat::Tiff) => tiff::is_whole(bytes),
        _ => true,
    }
}

/// What can be decoded of a picture before its data breaks, on white; `None` if that is nothing.
pub(crate) fn decode(bytes: &[u8]) -> Option<DynamicImage> {
    match image::guess_format(bytes).ok()? {
        ImageFormat::Png => png_rows(bytes),
        ImageFormat::Tiff => tiff_strips(bytes),
        _ => None,
    }
}

fn png_rows(bytes: &[u8]) -> Option<DynamicImage> {
    let mut decoder =
        png::Decoder::new_with_limits(Cursor::new(bytes), png::Limits { bytes: MOST_BYTES });
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    decoder.ignore_checksums(true);
    let mut reader = decoder.read_info().ok()?;
    let info = reader.info();
    // Rows of an interlaced picture do not come from top to bottom.
    if info.interlaced {
        return None;
    }
    let (width, height) = (info.width, info.height);
    let channels = reader.output_color_type().0.samples();
    let line = reader.output_line_size(width)?;
    let whole = line.checked_mul(height as usize)?;
    if whole == 0 || whole > MOST_BYTES || line != channels.checked_mul(width as usize)? {
        return None;
    }
    let mut pixels = vec![255; whole];
    let mut rows = 0_usize;
    for goal in pixels.chunks_exact_mut(line) {
        let Ok(Some(row)) = reader.next_row() else {
            break;
        };
        let row = row.data();
        let length = row.len().min(goal.len());
        goal.get_mut(..length)?.copy_from_slice(row.get(..length)?);
        rows += 1;
    }
    (rows > 0).then_some(())?;
    match channels {
        1 => GrayImage::from_raw(width, height, pixels).map(Into::into),
        2 => image::GrayAlphaImage::from_raw(width, height, pixels).map(Into::into),
        3 => RgbImage::from_raw(width, height, pixels).map(Into::into),
        _ => RgbaImage::from_raw(width, height, pixels).map(Into::into),
    }
}

/// Strips and tiles of a TIFF that can be decoded, those of palettes and few greys among them, which
/// `image` does not take.
fn tiff_strips(bytes: &[u8]) -> Option<DynamicImage> {
    use ::tiff::ColorType;
    use ::tiff::decoder::{Decoder, DecodingResult};
    let (bytes, palette) = match tiff::with_numbers_for_colours(bytes) {
        Some((greys, palette)) => (Cow::Owned(greys), Some(palette)),
        None => (Cow::Borrowed(bytes), None),
    };
    let mut decoder = Decoder::new(Cursor::new(bytes.as_ref())).ok()?;
    let (width, height) = decoder.dimensions().ok()?;
    let (channels, bits) = match decoder.colortype().ok()? {
        ColorType::Gray(bits @ (1 | 2 | 4 | 8)) => (1_usize, bits),
        ColorType::RGB(8) if palette.is_none() => (3, 8),
        _ => return None,
    };
    let (wide, high) = (width as usize, height as usize);
    let whole = wide.checked_mul(high)?.checked_mul(channels)?;
    if whole == 0 || whole > MOST_BYTES / 3 {
        return None;
    }
    let (chunk_wide, chunk_high) = decoder.chunk_dimensions();
    let (chunk_wide, chunk_high) = (chunk_wide as usize, chunk_high as usize);
    let across = wide.div_ceil(chunk_wide.max(1));
    let chunks = across.checked_mul(high.div_ceil(chunk_high.max(1)))?;
    let most = u8::MAX >> (8 - bits);
    let mut pixels = vec![if palette.is_some() { most } else { 255 }; whole];
    let mut any = false;
    for chunk in 0..chunks {
        let number = u32::try_from(chunk).ok()?;
        let Ok(DecodingResult::U8(data)) = decoder.read_chunk(number) else {
            continue;
        };
        let (columns, _) = decoder.chunk_data_dimensions(number);
        let samples = (columns as usize).checked_mul(channels)?;
        let line = samples.checked_mul(usize::from(bits))?.div_ceil(8);
        let (left, top) = (chunk % across * chunk_wide, chunk / across * chunk_high);
        for (row, packed) in data.chunks_exact(line.max(1)).enumerate() {
            let from = (top + row)
                .checked_mul(wide)?
                .checked_add(left)?
                .checked_mul(channels)?;
            let Some(goal) = pixels.get_mut(from..from + samples) else {
                break;
            };
            for (at, pixel) in goal.iter_mut().enumerate() {
                let place = at * usize::from(bits);
                let byte = packed.get(place / 8).copied().unwrap_or(0);
                let shift = 8 - usize::from(bits) - place % 8;
                let value = byte >> shift & most;
                *pixel = if palette.is_some() {
                    value
                } else {
                    value * (255 / most)
                };
            }
            any = true;
        }
    }
    any.then_some(())?;
    if let Some(palette) = palette {
        // All reds, then all greens, then all blues, of 16 bits each.
        let colours = palette.len() / 3;
        let of = |value: u8, plane: usize| {
            let colour = palette.get(plane * colours + usize::from(value));
            colour.map_or(255, |c| u8::try_from(c >> 8).unwrap_or(255))
        };
        let coloured = pixels
            .iter()
            .flat_map(|v| [of(*v, 0), of(*v, 1), of(*v, 2)]);
        return RgbImage::from_raw(width, height, coloured.collect()).map(Into::into);
    }
    if channels == 1 {
        GrayImage::from_raw(width, height, pixels).map(Into::into)
    } else {
        RgbImage::from_raw(width, height, pixels).map(Into::into)
    }
}

/// Width and height of a TIFF whose colours [`decode`] knows and `image` does not.
pub(crate) fn tiff_size(bytes: &[u8]) -> Option<(u32, u32)> {
    use ::tiff::ColorType;
    let greys = tiff::with_numbers_for_colours(bytes);
    let known = greys.as_ref().map_or(bytes, |(greys, _)| greys);
    let mut decoder = ::tiff::decoder::Decoder::new(Cursor::new(known)).ok()?;
    let colours = decoder.colortype().ok()?;
    let taken = matches!(colours, ColorType::Gray(2 | 4))
        || (greys.is_some() && matches!(colours, ColorType::Gray(1 | 8)));
    decoder.dimensions().ok().filter(|_| taken)
}
