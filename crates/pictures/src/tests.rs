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
