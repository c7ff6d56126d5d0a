use std::io::Cursor;

use casefile::{Field, Input, Limits, Outcome, Piece, Reading, Section};
use image::{DynamicImage, ImageFormat, Rgba, RgbaImage};
use proptest::prelude::*;

fn read(bytes: &[u8]) -> (Reading, Vec<Section>) {
    let mut cursor = Cursor::new(bytes);
    let mut input = Input {
        len: bytes.len() as u64,
        bytes: &mut cursor,
        name: "picture",
        declared_type: None,
        declared_charset: None,
        passwords: &[],
        limits: Limits::default(),
    };
    let mut sections = Vec::new();
    let reading = super::read(&mut input, &mut |piece| {
        if let Piece::Section(section) = piece {
            sections.push(section);
        }
        Ok(())
    });
    (reading.expect("nobody stops it"), sections)
}

fn picture(format: ImageFormat) -> Vec<u8> {
    let mut image = RgbaImage::from_pixel(40, 20, Rgba([255, 255, 255, 255]));
    image.put_pixel(3, 4, Rgba([0, 0, 0, 255]));
    let mut bytes = Cursor::new(Vec::new());
    let image = DynamicImage::ImageRgba8(image);
    let image = if format == ImageFormat::Jpeg {
        image.to_rgb8().into()
    } else {
        image
    };
    image
        .write_to(&mut bytes, format)
        .expect("an encodable picture");
    bytes.into_inner()
}

const FORMATS: [(ImageFormat, &str); 6] = [
    (ImageFormat::Jpeg, "image/jpeg"),
    (ImageFormat::Png, "image/png"),
    (ImageFormat::Tiff, "image/tiff"),
    (ImageFormat::WebP, "image/webp"),
    (ImageFormat::Gif, "image/gif"),
    (ImageFormat::Bmp, "image/bmp"),
];

#[test]
fn every_format_gives_a_page_that_wants_recognition() {
    for (format, media_type) in FORMATS {
        let bytes = picture(format);
        let (reading, sections) = read(&bytes);
        assert_eq!(
            (reading.format.as_str(), reading.outcome),
            (media_type, Outcome::Indexed)
        );
        let page = &sections[0].pages[0];
        assert_eq!(
            (page.width, page.height, page.wants_ocr),
            (40.0, 20.0, true),
            "{media_type}"
        );
        let pixels = super::pixels(&bytes, 1).expect("whole");
        assert!(pixels.to_pgm().starts_with(b"P5 40 20 255\n"));
        assert!(pixels.to_png().is_ok_and(|png| png.starts_with(b"\x89PNG")));
    }
}

#[test]
fn a_truncated_picture_is_damaged() {
    for (format, _) in [FORMATS[0], FORMATS[1]] {
        let bytes = picture(format);
        let (reading, _) = read(&bytes[..bytes.len() * 2 / 3]);
        assert_eq!(reading.outcome, Outcome::Damaged, "{reading:?}");
    }
}

/// A JPEG whose EXIF says: turned by 90°, taken when, with which camera, where.
fn jpeg_with_exif() -> Vec<u8> {
    let mut tiff = b"MM\0\x2a\0\0\0\x08".to_vec();
    let entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        let mut e = tag.to_be_bytes().to_vec();
        e.extend(kind.to_be_bytes());
        e.extend(count.to_be_bytes());
        e.extend(value);
        e
    };
    let text_at = 8 + 2 + 4 * 12 + 4;
    let entries = [
        entry(0x010e, 2, 15, (text_at as u32).to_be_bytes()),
        entry(0x010f, 2, 4, *b"Cam\0"),
        entry(0x0112, 3, 1, [0, 6, 0, 0]),
        entry(0x0132, 2, 20, (text_at as u32 + 15).to_be_bytes()),
    ];
    tiff.extend(4u16.to_be_bytes());
    tiff.extend(entries.concat());
    tiff.extend([0; 4]);
    tiff.extend(b"A cold store 1\0");
    tiff.extend(b"2023:06:13 10:00:00\0");
    let jpeg = picture(ImageFormat::Jpeg);
    let mut bytes = jpeg[..2].to_vec();
    bytes.extend([0xff, 0xe1]);
    bytes.extend((tiff.len() as u16 + 8).to_be_bytes());
    bytes.extend(b"Exif\0\0");
    bytes.extend(tiff);
    bytes.extend(&jpeg[2..]);
    bytes
}

#[test]
fn exif_is_read_with_its_provenance_and_turns_the_page() {
    let bytes = jpeg_with_exif();
    let (reading, sections) = read(&bytes);
    assert_eq!(reading.first(Field::Modified), Some("2023-06-13T10:00:00"));
    assert_eq!(reading.first(Field::Device), Some("Cam"));
    assert_eq!(sections[0].text.trim(), "A cold store 1");
    let page = &sections[0].pages[0];
    assert_eq!((page.width, page.height), (20.0, 40.0));
    assert_eq!(
        super::pixels(&bytes, 1).map(|p| (p.width(), p.height())),
        Ok((20, 40))
    );
}

proptest! {
    #[test]
    fn no_bytes_crash_it(start in 0usize..6, cut in 0usize..2000, at in 0usize..2000, flip: u8) {
        let mut bytes = picture(FORMATS[start].0);
        let len = bytes.len();
        bytes[at % len] ^= flip;
        bytes.truncate(cut.max(8).min(len));
        read(&bytes);
        let _ = super::pixels(&bytes, 1);
    }
}

fn grey_of(bytes: &[u8], page: u32) -> (u32, Vec<u8>) {
    let pixels = super::pixels(bytes, page).unwrap_or_else(|error| panic!("{error}"));
    let width = pixels.width();
    let pgm = pixels.to_pgm();
    let head = pgm.iter().position(|byte| *byte == b'\n').expect("a head");
    (width, pgm[head + 1..].to_vec())
}

#[test]
fn sixteen_bits_and_transparency_are_seen_on_white() {
    let mut image = image::ImageBuffer::<Rgba<u16>, Vec<u16>>::from_pixel(8, 2, Rgba([0; 4]));
    image.put_pixel(3, 0, Rgba([0, 0, 0, u16::MAX]));
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageRgba16(image)
        .write_to(&mut bytes, ImageFormat::Png)
        .expect("encodable");
    let (_, grey) = grey_of(&bytes.into_inner(), 1);
    assert_eq!(grey[..5], [255, 255, 255, 0, 255]);
}

/// A TIFF with one grey page for each value.
fn tiff_of(values: &[u8], side: usize) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let mut encoder = ::tiff::encoder::TiffEncoder::new(&mut bytes).expect("an encoder");
    for value in values {
        let side_u32 = u32::try_from(side).expect("small");
        encoder
            .write_image::<::tiff::encoder::colortype::Gray8>(
                side_u32,
                side_u32,
                &vec![*value; side * side],
            )
            .expect("a page");
    }
    bytes.into_inner()
}

#[test]
fn all_pages_of_a_tiff_want_recognition_and_have_pixels() {
    let bytes = tiff_of(&[10, 120, 240], 30);
    let (reading, sections) = read(&bytes);
    assert_eq!(reading.outcome, Outcome::Indexed, "{reading:?}");
    let pages: Vec<_> = sections
        .iter()
        .map(|s| (s.pages[0].number, s.pages[0].wants_ocr))
        .collect();
    assert_eq!(pages, [(1, true), (2, true), (3, true)]);
    for (page, value) in [(1, 10), (2, 120), (3, 240)] {
        assert_eq!(grey_of(&bytes, page), (30, vec![value; 900]));
    }
    assert!(super::pixels(&bytes, 4).is_err());
}

#[test]
fn a_picture_that_breaks_off_keeps_what_comes_before() {
    let mut image = image::GrayImage::new(300, 300);
    for (x, y, pixel) in image.enumerate_pixels_mut() {
        // Little that compresses, so that half of the file is about half of the rows.
        pixel.0 = [u8::try_from((x * 7 + y * y * 13 + x * y) % 120).expect("a byte")];
    }
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageLuma8(image)
        .write_to(&mut bytes, ImageFormat::Png)
        .expect("encodable");
    let whole = bytes.into_inner();
    let cut = &whole[..whole.len() / 2];
    let (reading, sections) = read(cut);
    assert_eq!(reading.outcome, Outcome::Damaged);
    assert!(sections[0].pages[0].wants_ocr);
    let ((_, before), (_, after)) = (grey_of(&whole, 1), grey_of(cut, 1));
    assert_eq!(before[..300 * 40], after[..300 * 40]);
    assert_eq!(after[300 * 299..], [255; 300]);

    // What is decoded strip by strip is the same as what is decoded at once.
    let whole = tiff_of(&[7], 2_000);
    assert!(super::partial::is_whole(&whole));
    let shown = super::partial::decode(&whole).map(|image| image.to_luma8());
    assert!(shown.is_some_and(|image| image.pixels().all(|pixel| pixel.0 == [7])));
}

#[test]
fn pictures_of_a_palette_are_read() {
    // Two strips of one row of 4 pixels of 4 bits, over a palette of white, black and red.
    let mut file = b"II*\0\x08\0\0\0\x09\0".to_vec();
    let colours = 8 + 2 + 9 * 12 + 4;
    let strips = colours + 96;
    for (tag, kind, count, value) in [
        (256_u16, 3_u16, 1_u32, 4_u32),
        (257, 3, 1, 2),
        (258, 3, 1, 4),
        (259, 3, 1, 1),
        (262, 3, 1, 3),
        (273, 4, 1, strips),
        (278, 3, 1, 2),
        (279, 4, 1, 4),
        (320, 3, 48, colours),
    ] {
        file.extend(tag.to_le_bytes());
        file.extend(kind.to_le_bytes());
        file.extend(count.to_le_bytes());
        file.extend(value.to_le_bytes());
    }
    file.extend([0; 4]);
    for plane in 0..3 {
        for colour in 0..16 {
            let full = colour == 0 || (colour == 2 && plane == 0);
            file.extend(if full { u16::MAX } else { 0 }.to_le_bytes());
        }
    }
    file.extend([0x01, 0x20, 0x10, 0x02]);
    let (reading, sections) = read(&file);
    assert_eq!(reading.outcome, Outcome::Indexed, "{reading:?}");
    assert_eq!(sections[0].pages[0].width, 4.0);
    let (width, grey) = grey_of(&file, 1);
    assert_eq!(width, 4);
    assert_eq!([grey[0], grey[1], grey[3], grey[4]], [255, 0, 255, 0]);
    assert_eq!(grey[2], grey[7]);
    let cut = &file[..file.len() - 2];
    assert_eq!(read(cut).0.outcome, Outcome::Damaged);
}
