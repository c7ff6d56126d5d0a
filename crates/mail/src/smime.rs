//! S/MIME and CMS (RFC 5652, RFC 8551), and data with a time stamp (RFC 5544): signed content is
//! taken out, sealed content is told.
//!
//! Signatures are not verified here: a document that claims to be signed is not thereby proven.

use casefile::{Emit, Field, Input, Member, MemberKind, Outcome, Reading, Stop};

use crate::coding::{self, Coding};
use crate::members::Members;

/// What a CMS file holds.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Opened {
    /// Signed; the content is empty where the signature stands apart from what it signs.
    Signed {
        content: Vec<u8>,
        names: Vec<String>,
    },
    Enveloped,
    Other,
    /// Not CMS, or broken before its content.
    Unread,
}

/// Reads a `.p7m` or `.p7s` file.
///
/// # Errors
/// The receiver wants no more.
pub fn read(input: &mut Input<'_>, emit: Emit<'_>) -> Result<Reading, Stop> {
    let mut reading = Reading::indexed("application/pkcs7-mime");
    let Some(bytes) = crate::take_all(input, &mut reading) else {
        return Ok(reading);
    };
    match open(&bytes) {
        Opened::Signed { content, names } => {
            for name in names {
                reading.note(Field::Other, &name, "S/MIME certificate");
            }
            if content.is_empty() {
                "application/pkcs7-signature".clone_into(&mut reading.format);
                return Ok(reading);
            }
            let name = crate::members::file_name(input.name);
            let stem = name
                .strip_suffix(".p7m")
                .or_else(|| name.strip_suffix(".P7M"))
                .or_else(|| name.strip_suffix(".p7s"))
                .or_else(|| name.strip_suffix(".tsd"))
                .or_else(|| name.strip_suffix(".TSD"))
                .filter(|stem| !stem.is_empty())
                .unwrap_or("signed content");
            let near = content.get(..4096).unwrap_or(&content);
            let is_mail = crate::header::known_fields(near) > 0;
            let member = if is_mail {
                let mut member = Member::new(format!("{stem}.eml"), MemberKind::Message);
                member.declared_type = Some("message/rfc822".to_owned());
                member
            } else {
                Member::new(stem, MemberKind::Attachment)
            };
            let mut members = Members::new(emit, input.limits);
            let ended = members.whole(member, &content);
            crate::settle(ended, &mut reading)?;
        }
        Opened::Enveloped => {
            reading.outcome = Outcome::Encrypted;
            reading.reason = Some(
                "encrypted with S/MIME for the holder of a key; decrypt it in a mail program and add it again"
                    .to_owned(),
            );
        }
        Opened::Other => {
            reading.outcome = Outcome::Unsupported;
            reading.reason =
                Some("a CMS file that is neither signed nor encrypted content".to_owned());
        }
        Opened::Unread => {
            reading.outcome = Outcome::Damaged;
            reading.reason = Some("the CMS structure is broken; nothing could be read".to_owned());
        }
    }
    Ok(reading)
}

/// Opens a CMS file, in binary or text form.
pub(crate) fn open(bytes: &[u8]) -> Opened {
    let unarmoured;
    let mut bytes = bytes;
    if let Some(at) = crate::eml::find(bytes.get(..512).unwrap_or(bytes), b"-----BEGIN ") {
        let rest = bytes.get(at..).unwrap_or_default();
        let start = rest.iter().position(|&b| b == b'\n').unwrap_or(rest.len());
        let inside = rest.get(start..).unwrap_or_default();
        let end = crate::eml::find(inside, b"-----END").unwrap_or(inside.len());
        unarmoured = coding::decode(Coding::Base64, inside.get(..end).unwrap_or_default()).0;
        bytes = &unarmoured;
    } else if bytes.trim_ascii_start().starts_with(b"MI") {
        unarmoured = coding::decode(Coding::Base64, bytes).0;
        bytes = &unarmoured;
    }
    open_ber(bytes).unwrap_or(Opened::Unread)
}

/// id-ct-timestampedData (RFC 5544).
pub(crate) const TIMESTAMPED: &[u8] = &[
    0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x1f,
];

/// 1.2.840.113549.1.7, the arc of the content types.
const PKCS7: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07];

fn open_ber(bytes: &[u8]) -> Option<Opened> {
    let mut at = Ber { bytes, at: 0 };
    at.enter(0x30)?;
    let kind = at.primitive(0x06)?;
    if kind == TIMESTAMPED {
        at.enter(0xa0)?;
        at.enter(0x30)?;
        at.primitive(0x02)?;
        // An address and facts about the content may stand before it.
        while at.peek().is_some_and(|tag| !matches!(tag, 0x04 | 0x24)) {
            at.skip(0)?;
        }
        let mut content = Vec::new();
        at.octets(&mut content, 0)?;
        let names = names(bytes.get(at.at..).unwrap_or_default());
        return Some(Opened::Signed { content, names });
    }
    let kind = match kind.strip_prefix(PKCS7) {
        Some([kind]) => *kind,
        // authEnvelopedData, compressedData and others of the S/MIME arc.
        _ => {
            let sealed = kind.ends_with(&[0x09, 0x10, 0x01, 0x17]);
            return Some(if sealed {
                Opened::Enveloped
            } else {
                Opened::Other
            });
        }
    };
    match kind {
        2 => {}
        3 | 4 | 6 => return Some(Opened::Enveloped),
        _ => return Some(Opened::Other),
    }
    at.enter(0xa0)?;
    at.enter(0x30)?;
    at.primitive(0x02)?;
    at.skip(0)?;
    let end = at.enter(0x30)?;
    at.primitive(0x06)?;
    let mut content = Vec::new();
    if at.at < end && at.peek() == Some(0xa0) {
        at.enter(0xa0)?;
        at.octets(&mut content, 0)?;
    }
    let names = names(bytes.get(at.at..).unwrap_or_default());
    Some(Opened::Signed { content, names })
}

/// A place in BER (X.690), of definite or indefinite lengths.
struct Ber<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Ber<'a> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Tag and length; `None` as the length where it is indefinite.
    fn header(&mut self) -> Option<(u8, Option<usize>)> {
        let tag = self.peek()?;
        let first = *self.bytes.get(self.at + 1)?;
        self.at += 2;
        let length = match first {
            0x80 => None,
            0..0x80 => Some(usize::from(first)),
            _ => {
                let count = usize::from(first & 0x7f);
                if count > 8 {
                    return None;
                }
                let digits = self.bytes.get(self.at..self.at + count)?;
                self.at += count;
                let length = digits
                    .iter()
                    .fold(0_u64, |length, &digit| length << 8 | u64::from(digit));
                Some(usize::try_from(length).ok()?)
            }
        };
        Some((tag, length))
    }

    /// Steps inside and tells where it ends, if that is known.
    fn enter(&mut self, tag: u8) -> Option<usize> {
        let (found, length) = self.header()?;
        let end = length.map_or(usize::MAX, |length| self.at.saturating_add(length));
        (found == tag).then_some(end)
    }

    fn primitive(&mut self, tag: u8) -> Option<&'a [u8]> {
        let (found, length) = self.header()?;
        let length = length.filter(|_| found == tag)?;
        let value = self.bytes.get(self.at..self.at.checked_add(length)?)?;
        self.at += length;
        Some(value)
    }

    fn skip(&mut self, depth: u32) -> Option<()> {
        match self.header()? {
            (_, Some(length)) => {
                self.at = self.at.checked_add(length)?;
                (self.at <= self.bytes.len()).then_some(())
            }
            (_, None) if depth < 16 => {
                while self.bytes.get(self.at..self.at.checked_add(2)?)? != [0, 0] {
                    self.skip(depth + 1)?;
                }
                self.at += 2;
                Some(())
            }
            _ => None,
        }
    }

    /// An octet string in one or many pieces. A cut one gives what is there.
    fn octets(&mut self, into: &mut Vec<u8>, depth: u32) -> Option<()> {
        let (tag, length) = self.header()?;
        let end = length.map(|length| self.at.saturating_add(length).min(self.bytes.len()));
        match tag {
            0x04 => {
                let end = end?;
                into.extend_from_slice(self.bytes.get(self.at..end)?);
                self.at = end;
            }
            0x24 if depth < 8 => loop {
                if end.is_some_and(|end| self.at >= end) || self.at >= self.bytes.len() {
                    break;
                }
                if end.is_none() && self.bytes.get(self.at..self.at + 2) == Some(&[0, 0]) {
                    self.at += 2;
                    break;
                }
                if self.octets(into, depth + 1).is_none() {
                    break;
                }
            },
            _ => return None,
        }
        Some(())
    }
}

/// Common names and mail addresses in the certificates that come along.
fn names(bytes: &[u8]) -> Vec<String> {
    const COMMON_NAME: &[u8] = &[0x06, 0x03, 0x55, 0x04, 0x03];
    const EMAIL: &[u8] = &[
        0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x01,
    ];
    let mut names: Vec<String> = Vec::new();
    for oid in [COMMON_NAME, EMAIL] {
        let mut rest = bytes;
        while let Some(at) = crate::eml::find(rest, oid) {
            rest = rest.get(at + oid.len()..).unwrap_or_default();
            let mut value = Ber { bytes: rest, at: 0 };
            let Some((tag @ (0x0c | 0x13 | 0x14 | 0x16 | 0x1e), Some(length))) = value.header()
            else {
                continue;
            };
            let Some(bytes) = rest.get(value.at..value.at.saturating_add(length)) else {
                continue;
            };
            let name = if tag == 0x1e {
                let units: Vec<u16> = bytes
                    .chunks_exact(2)
                    .map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
                    .collect();
                String::from_utf16_lossy(&units)
            } else {
                String::from_utf8_lossy(bytes).into_owned()
            };
            if !names.contains(&name) && names.len() < 20 {
                names.push(name);
            }
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
        let body = parts.concat();
        let mut out = vec![tag];
        if body.len() < 128 {
            out.push(body.len() as u8);
        } else {
            out.extend([0x82, (body.len() >> 8) as u8, body.len() as u8]);
        }
        out.extend(body);
        out
    }

    pub(crate) fn signed(content: &[u8], indefinite: bool) -> Vec<u8> {
        let oid = |kind: u8| tlv(0x06, &[PKCS7, &[kind]]);
        let octets = if indefinite {
            let (a, b) = content.split_at(content.len() / 2);
            [
                &[0x24, 0x80][..],
                &tlv(0x04, &[a]),
                &tlv(0x04, &[b]),
                &[0, 0],
            ]
            .concat()
        } else {
            tlv(0x04, &[content])
        };
        let encapsulated = tlv(0x30, &[&oid(1), &tlv(0xa0, &[&octets])]);
        let data = tlv(0x30, &[&tlv(0x02, &[&[1]]), &tlv(0x31, &[]), &encapsulated]);
        tlv(0x30, &[&oid(2), &tlv(0xa0, &[&data])])
    }

    #[test]
    fn signed_content_is_taken_out() {
        for indefinite in [false, true] {
            let want = Opened::Signed {
                content: b"Subject: x\n\nhello".to_vec(),
                names: vec![],
            };
            assert_eq!(open(&signed(b"Subject: x\n\nhello", indefinite)), want);
        }
        let enveloped = tlv(0x30, &[&tlv(0x06, &[PKCS7, &[3]]), &tlv(0xa0, &[])]);
        assert_eq!(open(&enveloped), Opened::Enveloped);
        assert_eq!(open(b"0\x84\xff\xff\xff\xff"), Opened::Unread);
        assert_eq!(open(b""), Opened::Unread);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) {
            open(&bytes);
        }
    }
}
