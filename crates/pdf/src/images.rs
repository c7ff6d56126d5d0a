//! The images of a page, looked at before any of them is decoded.
//!
//! A few kilobytes can promise an image of a thousand million pixels. Drawing needs some bytes for
//! each of them, so those too large are first made smaller, row by row, and the page is drawn from
//! a copy of the file that has the smaller ones appended, as an editor would append them
//! (ISO 32000-2, 7.5.6). What cannot be made smaller is refused before memory is taken.

use std::io::{Read, Write};
use std::sync::Arc;

use hayro::hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps,
    InterpreterCache, InterpreterSettings, SoftMask, font::GlyphRun, interpret_page,
};
use hayro::kurbo::{Affine, BezPath, Rect};
use hayro_syntax::Filter;
use hayro_syntax::object::stream::{ImageColorSpace, ImageDecodeParams};
use hayro_syntax::object::{Array, Dict, Name, Object, ObjectIdentifier, Stream};
use hayro_syntax::page::Page;

use crate::metadata::find_last;
use crate::typefaces::Missing;

/// Samples (pixels times colour components) that an image may have to be drawn as it is.
const AS_IT_IS: u64 = 100_000_000;
/// Samples that it has after it was made smaller, about.
const SMALLER: u64 = 24_000_000;
/// Bytes that may be held while an image is made smaller.
const DECODED: u64 = 300_000_000;

/// What drawing a page would decode.
#[derive(Debug, Default)]
pub(crate) struct Survey {
    /// Images with too many samples, each once.
    pub(crate) large: Vec<Large>,
    /// Dots an inch of the image that covers most of the page, if any covers a good part of it.
    pub(crate) dpi: Option<f32>,
    /// What the fonts that the file does not hold are used for.
    pub(crate) missing: Missing,
}

/// An image that is too large to be drawn as it is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Large {
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// The image with its new rows, as an object of the file; `None` if it has to be refused.
    pub(crate) smaller: Option<(ObjectIdentifier, Vec<u8>)>,
}

struct Look {
    survey: Survey,
    /// Square points of the page, and of the largest image so far.
    page: f64,
    covered: f64,
    seen: Vec<ObjectIdentifier>,
    encrypted: bool,
}

/// Looks at the images of a page; those too large are made smaller on the way.
pub(crate) fn survey(page: &Page<'_>, settings: &InterpreterSettings, encrypted: bool) -> Survey {
    let (width, height) = page.render_dimensions();
    let bounds = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
    let mut look = Look {
        survey: Survey::default(),
        page: bounds.area(),
        covered: 0.0,
        seen: Vec::new(),
        encrypted,
    };
    let transform = Affine::new(page.initial_transform(true).as_coeffs());
    let cache = InterpreterCache::new();
    let mut context = Context::new(transform, bounds, &cache, page.xref(), settings.clone());
    interpret_page(page, &mut context, &mut look);
    look.survey
}

impl Look {
    fn look_at(&mut self, stream: &Stream<'_>, width: u32, height: u32) {
        let components = u64::from(components(stream.dict(), 0));
        let samples = u64::from(width) * u64::from(height) * components;
        if samples <= AS_IT_IS || self.seen.contains(&stream.obj_id()) {
            return;
        }
        self.seen.push(stream.obj_id());
        let smaller = if self.encrypted {
            None
        } else {
            shrink(stream, width, height)
        };
        self.survey.large.push(Large {
            width,
            height,
            smaller: smaller.map(|object| (stream.obj_id(), object)),
        });
    }
}

impl<'a> Device<'a> for Look {
    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        let (width, height) = (image.width(), image.height());
        let [a, b, c, d, ..] = props.transform.as_coeffs();
        // Points that one pixel is wide and high.
        let (x, y) = (a.hypot(b), c.hypot(d));
        let covered = x * y * f64::from(width) * f64::from(height);
        if covered.is_finite() && covered > self.covered && covered > self.page * 0.3 {
            self.covered = covered;
            self.survey.dpi = Some((72.0 / x.min(y)) as f32).filter(|dpi| dpi.is_finite());
        }
        let stream = match &image {
            Image::Stencil(stencil) => stencil.stream(),
            Image::Raster(raster) => raster.stream(),
        };
        self.look_at(stream, width, height);
        for mask in ["SMask", "Mask"] {
            if let Some(mask) = stream.dict().get::<Stream<'_>>(mask) {
                let side = |name| mask.dict().get::<u32>(name).unwrap_or(0);
                self.look_at(&mask, side("Width"), side("Height"));
            }
        }
    }
    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, mask: Option<SoftMask<'a>>, _: BlendMode) {
        if let Some(mask) = mask {
            mask.interpret(self);
        }
    }
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, _: DrawProps<'a>, _: &DrawMode) {
        self.survey.missing.note(run);
    }
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}

/// Colour components of an image, by its dictionary; three where that is not clear.
fn components(image: &Dict<'_>, depth: u8) -> u8 {
    if image.get::<bool>("ImageMask") == Some(true) || image.get::<bool>("IM") == Some(true) {
        return 1;
    }
    let space = image
        .get::<Object<'_>>("ColorSpace")
        .or_else(|| image.get::<Object<'_>>("CS"));
    space.map_or(3, |space| space_components(&space, depth))
}

fn space_components(space: &Object<'_>, depth: u8) -> u8 {
    let by_name = |name: &Name<'_>| match name.as_ref() {
        b"DeviceGray" | b"CalGray" | b"G" | b"Indexed" | b"I" | b"Separation" => 1,
        b"DeviceCMYK" | b"CMYK" => 4,
        _ => 3,
    };
    match space {
        Object::Name(name) => by_name(name),
        Object::Array(array) => {
            let mut parts = array.iter::<Object<'_>>();
            match (parts.next(), parts.next()) {
                (Some(Object::Name(name)), Some(Object::Stream(profile)))
                    if name.as_ref() == b"ICCBased" =>
                {
                    profile.dict().get::<u8>("N").unwrap_or(3).clamp(1, 32)
                }
                (Some(Object::Name(name)), Some(Object::Array(names)))
                    if name.as_ref() == b"DeviceN" =>
                {
                    u8::try_from(names.iter::<Object<'_>>().take(32).count())
                        .unwrap_or(32)
                        .max(1)
                }
                (Some(Object::Name(name)), Some(base)) if name.as_ref() == b"Pattern" => {
                    if depth > 3 {
                        3
                    } else {
                        space_components(&base, depth + 1)
                    }
                }
                (Some(Object::Name(name)), _) => by_name(&name),
                _ => 3,
            }
        }
        _ => 3,
    }
}

fn is_indexed(image: &Dict<'_>) -> bool {
    let first = image
        .get::<Array<'_>>("ColorSpace")
        .and_then(|space| space.iter::<Object<'_>>().next());
    matches!(first, Some(Object::Name(name)) if matches!(name.as_ref(), b"Indexed" | b"I"))
}

/// How the samples of an image lie in its rows.
struct Rows {
    width: usize,
    height: usize,
    components: usize,
    /// Bits of one sample.
    bits: usize,
    /// Samples are numbers of colours: they cannot be averaged.
    indexed: bool,
}

impl Rows {
    const fn bytes(&self) -> usize {
        (self.width * self.components * self.bits).div_ceil(8)
    }

    fn sample(&self, row: &[u8], at: usize) -> u8 {
        let byte = |n: usize| row.get(n).copied().unwrap_or(0);
        match self.bits {
            16 => byte(at * 2),
            8 => byte(at),
            bits => {
                let place = at * bits;
                let shift = 8_usize.saturating_sub(bits + place % 8);
                let mask = (1_u16 << bits) - 1;
                let value = u16::from(byte(place / 8)) >> shift & mask;
                let value = if self.indexed {
                    value
                } else {
                    value * 255 / mask
                };
                u8::try_from(value).unwrap_or(255)
            }
        }
    }
}

/// The image as an object of 8 bits a sample, each side divided by a whole number.
fn shrink(stream: &Stream<'_>, width: u32, height: u32) -> Option<Vec<u8>> {
    let dict = stream.dict();
    let filters = stream.filters();
    let last = filters.last().copied();
    let stencil = dict.get::<bool>("ImageMask") == Some(true);
    let mut rows = Rows {
        width: width as usize,
        height: height as usize,
        components: usize::from(components(dict, 0)),
        bits: usize::from(dict.get::<u8>("BitsPerComponent").unwrap_or(if stencil {
            1
        } else {
            8
        })),
        indexed: is_indexed(dict),
    };
    if !matches!(rows.bits, 1 | 2 | 4 | 8 | 16) || stream.obj_id().obj_number == 0 {
        return None;
    }
    // A JPEG is decoded to whole bytes, JPEG 2000 to an unknown depth that it shrinks by itself.
    let bits = match last {
        Some(Filter::DctDecode) => 8,
        Some(Filter::CcittFaxDecode | Filter::Jbig2Decode) => 1,
        Some(Filter::JpxDecode) => return None,
        _ => rows.bits,
    };
    let samples = u64::from(width) * u64::from(height) * rows.components as u64;
    if samples / 8 * bits as u64 > DECODED {
        return None;
    }
    // The next whole number that divides enough off each side.
    let by = ((samples as f64 / SMALLER as f64).sqrt().ceil() as usize).max(2);
    let mut small = Smaller::new(by, stencil);
    let deflated = matches!(filters.as_slice(), [Filter::FlateDecode])
        && dict.get::<Dict<'_>>("DecodeParms").is_none();
    if deflated {
        // Rows come one after another: the whole image is never in memory.
        let packed = stream.raw_data();
        let mut unpacker = flate2::read::ZlibDecoder::new(packed.as_ref());
        let mut row = vec![0; rows.bytes()];
        for _ in 0..rows.height {
            if unpacker.read_exact(&mut row).is_err() {
                break;
            }
            small.row(&rows, &row);
        }
    } else {
        let decoded = stream
            .decoded_image(&ImageDecodeParams {
                // Two colours stay eight pixels a byte only where they are numbers of colours.
                is_indexed: bits == 1,
                bpc: Some(u8::try_from(bits).ok()?),
                num_components: u8::try_from(rows.components).ok(),
                target_dimension: None,
                width,
                height,
            })
            .ok()?;
        if let Some(told) = &decoded.image_data {
            rows.width = told.width as usize;
            rows.height = told.height as usize;
            rows.bits = usize::from(told.bits_per_component);
            rows.components = match told.color_space {
                Some(ImageColorSpace::Gray) => 1,
                Some(ImageColorSpace::Rgb) => 3,
                Some(ImageColorSpace::Cmyk) => 4,
                Some(ImageColorSpace::Unknown(n)) => usize::from(n),
                None => rows.components,
            };
        }
        if !matches!(rows.bits, 1 | 2 | 4 | 8 | 16) || rows.components == 0 || rows.width == 0 {
            return None;
        }
        for row in decoded
            .data
            .chunks_exact(rows.bytes().max(1))
            .take(rows.height)
        {
            small.row(&rows, row);
        }
    }
    let (width, height, samples) = small.finish(&rows);
    (width > 0 && height > 0).then(|| object(stream, width, height, stencil, &samples))
}

/// Sums up squares of pixels.
struct Smaller {
    by: usize,
    /// One bit a pixel in the end, dark where a quarter of the square was: thin lines stay.
    stencil: bool,
    sums: Vec<u32>,
    summed: usize,
    height: usize,
    out: Vec<u8>,
}

impl Smaller {
    const fn new(by: usize, stencil: bool) -> Self {
        Self {
            by,
            stencil,
            sums: Vec::new(),
            summed: 0,
            height: 0,
            out: Vec::new(),
        }
    }

    fn row(&mut self, rows: &Rows, row: &[u8]) {
        let columns = rows.width.div_ceil(self.by);
        if self.summed == 0 {
            self.sums.clear();
            self.sums.resize(columns * rows.components, 0);
        }
        let step = if rows.indexed { self.by } else { 1 };
        if rows.bits == 1 && rows.components == 1 && !rows.indexed {
            self.two_colours(row);
        } else if !rows.indexed || self.summed == 0 {
            for column in (0..rows.width).step_by(step) {
                for component in 0..rows.components {
                    let value = rows.sample(row, column * rows.components + component);
                    let at = column / self.by * rows.components + component;
                    if let Some(sum) = self.sums.get_mut(at) {
                        *sum += u32::from(value);
                    }
                }
            }
        }
        self.summed += 1;
        if self.summed == self.by {
            self.flush(rows);
        }
    }

    /// As `row`, for one bit a pixel: scans are mostly whole bytes of one colour.
    fn two_colours(&mut self, row: &[u8]) {
        let mut add = |column: usize, pixels: u32| {
            if let Some(sum) = self.sums.get_mut(column) {
                *sum += 255 * pixels;
            }
        };
        for (at, byte) in row.iter().enumerate().filter(|(_, byte)| **byte != 0) {
            let first = at * 8 / self.by;
            if (at * 8 + 7) / self.by == first {
                add(first, byte.count_ones());
            } else {
                for bit in 0..8 {
                    add((at * 8 + bit) / self.by, u32::from(byte >> (7 - bit) & 1));
                }
            }
        }
    }

    fn flush(&mut self, rows: &Rows) {
        if self.summed == 0 {
            return;
        }
        let columns = rows.width.div_ceil(self.by);
        let mut line = Vec::with_capacity(self.sums.len());
        for (at, sum) in self.sums.iter().enumerate() {
            let column = at / rows.components.max(1);
            // The last column may be narrower.
            let wide = self
                .by
                .min(rows.width - (column * self.by).min(rows.width - 1));
            let pixels = if rows.indexed { 1 } else { wide * self.summed };
            let value = *sum as usize / pixels.max(1);
            line.push(u8::try_from(value).unwrap_or(255));
        }
        if self.stencil {
            let mut packed = vec![0; columns.div_ceil(8)];
            for (at, value) in line.iter().enumerate() {
                if *value >= 192
                    && let Some(byte) = packed.get_mut(at / 8)
                {
                    *byte |= 0x80 >> (at % 8);
                }
            }
            line = packed;
        }
        self.out.extend_from_slice(&line);
        self.height += 1;
        self.summed = 0;
    }

    fn finish(mut self, rows: &Rows) -> (usize, usize, Vec<u8>) {
        self.flush(rows);
        (rows.width.div_ceil(self.by), self.height, self.out)
    }
}

/// The image's own dictionary with what has changed written after it: of two entries of one name
/// the parser keeps the later.
fn object(
    stream: &Stream<'_>,
    width: usize,
    height: usize,
    stencil: bool,
    samples: &[u8],
) -> Vec<u8> {
    let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    // Writing into memory does not fail.
    let _ = packer.write_all(samples);
    let packed = packer.finish().unwrap_or_default();
    let own = stream.dict().data();
    let own = own.strip_suffix(b">>").unwrap_or(own);
    let bits = if stencil { 1 } else { 8 };
    let id = stream.obj_id();
    let mut object = format!("{} {} obj\n", id.obj_number, id.gen_number).into_bytes();
    object.extend_from_slice(own);
    object.extend_from_slice(
        format!(
            "\n/Width {width}/Height {height}/W {width}/H {height}/BitsPerComponent {bits}/BPC {bits}\
             /Filter/FlateDecode/DecodeParms null/Length {}>>\nstream\n",
            packed.len()
        )
        .as_bytes(),
    );
    object.extend_from_slice(&packed);
    object.extend_from_slice(b"\nendstream\nendobj\n");
    object
}

/// The file with these objects in place of those of the same number.
pub(crate) fn with_objects(
    bytes: &[u8],
    root: ObjectIdentifier,
    objects: &[(ObjectIdentifier, Vec<u8>)],
) -> Arc<Vec<u8>> {
    let start = bytes
        .get(..bytes.len().min(64 << 10))
        .and_then(|head| head.windows(5).position(|part| part == b"%PDF-"))
        .unwrap_or(0);
    let mut copy = bytes.get(start..).unwrap_or_default().to_vec();
    let before = find_last(&copy, b"startxref")
        .and_then(|at| copy.get(at + 9..))
        .and_then(|rest| {
            let rest = rest.trim_ascii_start();
            let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
            std::str::from_utf8(rest.get(..digits)?)
                .ok()?
                .parse::<u64>()
                .ok()
        });
    copy.push(b'\n');
    let mut table = String::from("xref\n");
    for (id, object) in objects {
        table.push_str(&format!(
            "{} 1\n{:010} {:05} n \n",
            id.obj_number,
            copy.len(),
            id.gen_number
        ));
        copy.extend_from_slice(object);
    }
    let at = copy.len();
    let size = objects
        .iter()
        .map(|(id, _)| id.obj_number)
        .max()
        .unwrap_or(0)
        .saturating_add(1);
    let before = before.map_or_else(String::new, |before| format!("/Prev {before}"));
    copy.extend_from_slice(table.as_bytes());
    copy.extend_from_slice(
        format!(
            "trailer\n<</Root {} {} R/Size {size}{before}>>\nstartxref\n{at}\n%%EOF\n",
            root.obj_number, root.gen_number
        )
        .as_bytes(),
    );
    Arc::new(copy)
}
