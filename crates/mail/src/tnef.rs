//! `winmail.dat` (MS-OXTNEF): what Outlook wraps a message and its attachments in.

use casefile::{
    Emit, Field, Input, Member, MemberKind, Outcome, Problem, Reading, Stop, TextBuilder,
};

use crate::eml::{self, Contents, File, Source};
use crate::letter::{self, Recipient};
use crate::mapi::{self, Properties, Value};
use crate::members::Members;

const FORMAT: &str = "application/vnd.ms-tnef";
const MOST_ATTRIBUTES: usize = 200_000;

/// Reads a `winmail.dat`.
///
/// # Errors
/// The receiver wants no more.
pub fn read(input: &mut Input<'_>, emit: Emit<'_>) -> Result<Reading, Stop> {
    let mut reading = Reading::indexed(FORMAT);
    let Some(bytes) = crate::take_all(input, &mut reading) else {
        return Ok(reading);
    };
    let limits = input.limits;
    let mut message = Properties::default();
    let mut attachments: Vec<Properties> = Vec::new();
    let mut rest = bytes.get(6..).unwrap_or_default();
    let mut cut = None;
    let mut page = None;
    for _ in 0..MOST_ATTRIBUTES {
        if rest.is_empty() {
            break;
        }
        let attribute = Attribute::read(rest);
        let Some((attribute, after)) = attribute else {
            cut = Some("the file ends inside an attribute");
            break;
        };
        rest = after;
        let data = attribute.data;
        let mut whole = true;
        match (attribute.level, attribute.id) {
            (1, 0x9007) => page = u32_at(data, 0),
            (1, 0x9003) => whole = properties(data, &mut message).is_some(),
            (1, 0x8004) => message.insert(mapi::SUBJECT, Value::Bytes8(data.to_vec())),
            (1, 0x800c) => message.insert(mapi::BODY, Value::Bytes8(data.to_vec())),
            (1, 0x9004) => {
                // Recipients come as rows; Outlook repeats them in the mail around this file.
            }
            (2, 0x9002) => attachments.push(Properties::default()),
            (2, id) => {
                if attachments.is_empty() {
                    attachments.push(Properties::default());
                }
                if let Some(last) = attachments.last_mut() {
                    match id {
                        0x8010 => last.insert(mapi::ATTACH_NAME, Value::Bytes8(data.to_vec())),
                        0x800f => last.insert(mapi::ATTACH_DATA, Value::Binary(data.to_vec())),
                        0x9005 => whole = properties(data, last).is_some(),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
        if !whole {
            reading.problems.push(Problem::new(
                "tnef-properties",
                "a list of properties is broken; those before the fault were read",
            ));
        }
        if !attribute.sum_fits {
            let note = format!(
                "the checksum of attribute {:04x} does not fit",
                attribute.id
            );
            reading.problems.push(Problem::new("tnef-checksum", note));
        }
    }
    if let Some(page) = page
        && message.long(mapi::MESSAGE_CODEPAGE).is_none()
    {
        message.insert(mapi::MESSAGE_CODEPAGE, Value::Long(page));
    }
    let charset = message.charset();
    let mut builder = TextBuilder::new();
    letter::head(
        &message,
        &Vec::<Recipient>::new(),
        "TNEF",
        &mut builder,
        &mut reading,
    );
    let mut contents = Contents::default();
    letter::body(&message, &mut contents);
    for mut found in attachments {
        contents.files.push(attachment(
            &mut found,
            charset.as_deref(),
            contents.files.len() + 1,
        ));
    }
    if let Some(reason) = cut {
        reading.outcome = Outcome::Damaged;
        let kept = contents.files.len();
        reading.reason = Some(format!(
            "{reason}; the text and {kept} attachments before were kept"
        ));
    }
    let mut members = Members::new(emit, limits);
    let ended = eml::finish(contents, builder, &mut reading, &mut members);
    crate::settle(ended, &mut reading)?;
    Ok(reading)
}

fn attachment<'a>(found: &mut Properties, charset: Option<&str>, number: usize) -> File<'a> {
    let text = |id| found.text(id, charset);
    let declared = text(mapi::ATTACH_TYPE);
    let name = text(mapi::ATTACH_LONG_NAME)
        .or_else(|| text(mapi::ATTACH_NAME))
        .or_else(|| text(mapi::DISPLAY_NAME))
        .map(|name| crate::members::file_name(&name))
        .filter(|name| !name.is_empty());
    let content_id = text(mapi::ATTACH_CONTENT_ID);
    let modified = found.time(mapi::MODIFIED);
    let mut data = match found.0.remove(&mapi::ATTACH_DATA) {
        Some(Value::Binary(bytes)) => bytes,
        _ => Vec::new(),
    };
    // An object begins with the id of its interface; IMessage is a TNEF of its own.
    let is_message = data.get(16..20) == Some(&[0x78, 0x9f, 0x3e, 0x22]);
    if is_message {
        data.drain(..16);
    }
    let name = name.unwrap_or_else(|| {
        let end = declared.as_deref().map_or("", eml::extension);
        format!("part {number}{end}")
    });
    let mut member = if is_message {
        let mut member = Member::new(format!("{name}.dat"), MemberKind::Message);
        member.declared_type = Some(FORMAT.to_owned());
        member
    } else {
        let mut member = Member::new(name, MemberKind::Attachment);
        member.declared_type = declared;
        member
    };
    member.modified = modified;
    if let Some(id) = content_id {
        let fact = casefile::Metadatum::new(Field::Other, id, "TNEF attachment content id");
        member.metadata.push(fact);
    }
    File {
        member,
        source: Source::Bytes(data),
        early: None,
    }
}

struct Attribute<'a> {
    level: u8,
    id: u16,
    data: &'a [u8],
    sum_fits: bool,
}

impl<'a> Attribute<'a> {
    fn read(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let level = *bytes.first()?;
        let id = (u32_at(bytes, 1)? & 0xffff) as u16;
        let length = usize::try_from(u32_at(bytes, 5)?).ok()?;
        let end = 9_usize.checked_add(length)?;
        let data = bytes.get(9..end)?;
        let sum = bytes.get(end..end.checked_add(2)?)?;
        let stated = u16::from_le_bytes([*sum.first()?, *sum.get(1)?]);
        let found = data
            .iter()
            .fold(0_u16, |sum, &byte| sum.wrapping_add(u16::from(byte)));
        let attribute = Self {
            level,
            id,
            data,
            sum_fits: stated == found,
        };
        Some((attribute, bytes.get(end + 2..)?))
    }
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(
        bytes.get(at..at.checked_add(4)?)?.try_into().ok()?,
    ))
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(
        bytes.get(at..at.checked_add(8)?)?.try_into().ok()?,
    ))
}

/// A list of properties (MS-OXTNEF 2.1.3.4). `None` if it is broken; what came before is kept.
fn properties(data: &[u8], into: &mut Properties) -> Option<()> {
    let count = u32_at(data, 0)?;
    let mut at = 4_usize;
    let pad = |length: usize| length.checked_add((4 - length % 4) % 4);
    for _ in 0..count {
        let tag = u32_at(data, at)?;
        at = at.checked_add(4)?;
        let (kind, id) = (tag & 0xffff, (tag >> 16) as u16);
        let named = id >= 0x8000;
        if named {
            let by_name = u32_at(data, at.checked_add(16)?)? != 0;
            at = at.checked_add(20)?;
            let length = u32_at(data, at)?;
            at = at.checked_add(4)?;
            if by_name {
                at = at.checked_add(pad(usize::try_from(length).ok()?)?)?;
            }
        }
        let many = kind & 0x1000 != 0;
        let kind = kind & 0xfff;
        let sized = matches!(kind, 0x01e | 0x01f | 0x102 | 0x00d);
        let values = if many || sized {
            let values = u32_at(data, at)?;
            at = at.checked_add(4)?;
            values
        } else {
            1
        };
        for number in 0..values {
            let value = if sized {
                let length = usize::try_from(u32_at(data, at)?).ok()?;
                at = at.checked_add(4)?;
                let bytes = data.get(at..at.checked_add(length)?)?;
                at = at.checked_add(pad(length)?)?;
                match kind {
                    0x01f => {
                        let units: Vec<u16> = bytes
                            .chunks_exact(2)
                            .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
                            .collect();
                        Some(Value::Text(String::from_utf16_lossy(&units)))
                    }
                    0x01e => Some(Value::Bytes8(bytes.to_vec())),
                    _ => Some(Value::Binary(bytes.to_vec())),
                }
            } else {
                let (value, length) = match kind {
                    0x002 | 0x00b => (Some(Value::Long(u32_at(data, at)? & 0xffff)), 4),
                    0x003 | 0x00a => (Some(Value::Long(u32_at(data, at)?)), 4),
                    0x004 | 0x001 => (None, 4),
                    0x040 => (Some(Value::Time(u64_at(data, at)?)), 8),
                    0x005..=0x007 | 0x014 => (None, 8),
                    0x048 => (None, 16),
                    _ => return None,
                };
                at = at.checked_add(length)?;
                (at <= data.len()).then_some(())?;
                value
            };
            if let Some(value) = value
                && !named
                && number == 0
            {
                into.insert(id, value);
            }
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use casefile::{Limits, Piece};

    fn attribute(level: u8, id: u32, data: &[u8]) -> Vec<u8> {
        let mut out = vec![level];
        out.extend(id.to_le_bytes());
        out.extend((data.len() as u32).to_le_bytes());
        out.extend(data);
        let sum = data
            .iter()
            .fold(0_u16, |sum, &b| sum.wrapping_add(u16::from(b)));
        out.extend(sum.to_le_bytes());
        out
    }

    fn sample() -> Vec<u8> {
        let mut properties = 1_u32.to_le_bytes().to_vec();
        let name: Vec<u8> = "보고서.txt"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        properties.extend(0x3707_001f_u32.to_le_bytes());
        properties.extend(1_u32.to_le_bytes());
        properties.extend((name.len() as u32).to_le_bytes());
        properties.extend(&name);
        properties.resize(properties.len().next_multiple_of(4), 0);
        [
            vec![0x78, 0x9f, 0x3e, 0x22, 1, 0],
            attribute(1, 0x0006_9007, &[0xb5, 3, 0, 0, 0, 0, 0, 0]),
            attribute(1, 0x0001_8004, b"\xba\xb8\xb0\xed\0"),
            attribute(1, 0x0002_800c, b"hello\0"),
            attribute(2, 0x0006_9002, &[0; 14]),
            attribute(2, 0x0001_8010, b"REPORT~1.TXT\0"),
            attribute(2, 0x0006_800f, b"the bytes"),
            attribute(2, 0x0006_9005, &properties),
        ]
        .concat()
    }

    fn run(raw: &[u8]) -> (Reading, String, Vec<(String, Vec<u8>)>) {
        let mut bytes = std::io::Cursor::new(raw);
        let mut input = Input {
            bytes: &mut bytes,
            len: raw.len() as u64,
            name: "winmail.dat",
            declared_type: None,
            declared_charset: None,
            passwords: &[],
            limits: Limits::default(),
        };
        let (mut text, mut members) = (String::new(), Vec::new());
        let reading = read(&mut input, &mut |piece| {
            match piece {
                Piece::Section(section) => text += &section.text,
                Piece::Member(member) => members.push((member.path, Vec::new())),
                Piece::Bytes(bytes) => members.last_mut().expect("begun").1.extend(bytes),
                Piece::MemberEnd(_) => {}
            }
            Ok(())
        });
        (reading.expect("nobody stops it"), text, members)
    }

    #[test]
    fn a_message_with_an_attachment() {
        let (reading, text, members) = run(&sample());
        assert_eq!(reading.outcome, Outcome::Indexed);
        assert!(reading.problems.is_empty(), "{:?}", reading.problems);
        assert_eq!(text, "Subject: 보고\n\nhello\n\n");
        assert_eq!(members, [("보고서.txt".to_owned(), b"the bytes".to_vec())]);
    }

    proptest::proptest! {
        #[test]
        fn a_broken_one_is_read(at in 0_usize..400, with: u8, keep in 0_usize..400) {
            let mut bytes = sample();
            if let Some(byte) = bytes.get_mut(at) {
                *byte = with;
            }
            bytes.truncate(bytes.len().min(keep));
            run(&bytes);
        }
    }
}
