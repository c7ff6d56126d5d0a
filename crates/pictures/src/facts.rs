//! What a picture says about itself: EXIF and comment texts.

use std::io::Cursor;

use casefile::{Field, Problem, Reading};
use exif::{In, Tag, Value};

/// Notes the facts; returns texts worth searching (descriptions, user comments).
pub(crate) fn note_all(bytes: &[u8], reading: &mut Reading) -> Vec<String> {
    let mut texts = Vec::new();
    let mut reader = exif::Reader::new();
    reader.continue_on_error(true);
    let exif = match reader.read_from_container(&mut Cursor::new(bytes)) {
        Ok(exif) => exif,
        Err(exif::Error::PartialResult(partial)) => {
            let (exif, _) = partial.into_inner();
            reading.problems.push(Problem::new(
                "exif-damaged",
                "part of the EXIF is unreadable",
            ));
            exif
        }
        Err(_) => return texts,
    };
    let text = |tag: Tag| {
        exif.get_field(tag, In::PRIMARY)
            .and_then(|field| match &field.value {
                Value::Ascii(lines) => {
                    let lines: Vec<_> = lines.iter().map(|l| String::from_utf8_lossy(l)).collect();
                    Some(lines.join("\n").trim_matches(['\0', ' ']).to_owned())
                }
                Value::Undefined(raw, _) => user_comment(raw),
                Value::Byte(raw) => Some(utf16_le(raw)),
                _ => None,
            })
    };
    for (tag, field, from) in [
        (
            Tag::ImageDescription,
            Field::Description,
            "EXIF ImageDescription",
        ),
        (Tag::UserComment, Field::Description, "EXIF UserComment"),
        (Tag::Artist, Field::Author, "EXIF Artist"),
        (Tag::Copyright, Field::Publisher, "EXIF Copyright"),
        (Tag::Software, Field::Software, "EXIF Software"),
    ] {
        if let Some(value) = text(tag).filter(|value| !value.trim().is_empty()) {
            reading.note(field, &value, from);
            if field == Field::Description {
                texts.push(value);
            }
        }
    }
    let device: Vec<_> = [Tag::Make, Tag::Model]
        .into_iter()
        .filter_map(text)
        .collect();
    reading.note(Field::Device, &device.join(" "), "EXIF Make and Model");
    for (tag, offset, field, from) in [
        (
            Tag::DateTimeOriginal,
            Tag::OffsetTimeOriginal,
            Field::Taken,
            "EXIF DateTimeOriginal",
        ),
        (
            Tag::DateTimeDigitized,
            Tag::OffsetTimeDigitized,
            Field::Created,
            "EXIF DateTimeDigitized",
        ),
        (
            Tag::DateTime,
            Tag::OffsetTime,
            Field::Modified,
            "EXIF DateTime",
        ),
    ] {
        if let Some(value) = text(tag) {
            reading.note(field, &date(&value, text(offset).as_deref()), from);
        }
    }
    let degrees = |tag: Tag, reference: Tag, negative: u8| {
        let field = exif.get_field(tag, In::PRIMARY)?;
        let Value::Rational(parts) = &field.value else {
            return None;
        };
        let part = |n: usize| parts.get(n).map_or(0.0, exif::Rational::to_f64);
        let sum = part(0) + part(1) / 60.0 + part(2) / 3600.0;
        let sign = text(reference).is_some_and(|r| r.as_bytes().first() == Some(&negative));
        sum.is_finite().then_some(if sign { -sum } else { sum })
    };
    if let (Some(latitude), Some(longitude)) = (
        degrees(Tag::GPSLatitude, Tag::GPSLatitudeRef, b'S'),
        degrees(Tag::GPSLongitude, Tag::GPSLongitudeRef, b'W'),
    ) {
        reading.note(
            Field::Position,
            &format!("{latitude:.6}, {longitude:.6}"),
            "EXIF GPS",
        );
    }
    texts
}

/// `2023:06:13 10:00:00` as RFC 3339, or without offset where none is told (EXIF 2.3, 4.6.5).
fn date(value: &str, offset: Option<&str>) -> String {
    match exif::DateTime::from_ascii(value.as_bytes()) {
        Ok(d) if d.year > 0 && d.month > 0 => format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}",
            d.year,
            d.month,
            d.day,
            d.hour,
            d.minute,
            d.second,
            offset.map(str::trim).filter(|o| o.len() == 6).unwrap_or("")
        ),
        _ => value.to_owned(),
    }
}

/// A user comment begins with eight bytes that name its character code (EXIF 2.3, 4.6.5).
fn user_comment(raw: &[u8]) -> Option<String> {
    let (code, text) = raw.split_at_checked(8)?;
    let text = match code {
        b"UNICODE\0" => {
            let unit = |pair: &[u8]| match pair {
                [a, b] => u16::from_be_bytes([*a, *b]),
                _ => 0,
            };
            let big: Vec<u16> = text.chunks_exact(2).map(unit).collect();
            let looks_swapped = big.iter().filter(|u| **u & 0xff == 0).count() * 2 > big.len();
            if looks_swapped {
                String::from_utf16_lossy(&big.iter().map(|u| u.swap_bytes()).collect::<Vec<_>>())
            } else {
                String::from_utf16_lossy(&big)
            }
        }
        _ => String::from_utf8_lossy(text).into_owned(),
    };
    Some(text.trim_matches(['\0', ' ', '\u{fffd}']).to_owned())
}

fn utf16_le(raw: &[u8]) -> String {
    let units: Vec<u16> = raw
        .chunks_exact(2)
        .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
        .take_while(|unit| *unit != 0)
        .collect();
    String::from_utf16_lossy(&units)
}
