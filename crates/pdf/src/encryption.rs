//! What of the standard security handler (ISO 32000-2, 7.6.4) the parser leaves to us: owners'
//! passwords of revisions 2 to 4, and documents that encrypt nothing but their attached files.

use hayro_syntax::object::{Dict, FromBytes, Name, String as PdfString};
use md5::{Digest, Md5};

use crate::metadata::find_last;

/// The bytes that fill passwords up to 32 (algorithm 2, step a).
const FILL: [u8; 32] = [
    0x28, 0xbf, 0x4e, 0x5e, 0x4e, 0x75, 0x8a, 0x41, 0x64, 0x00, 0x4e, 0x56, 0xff, 0xfa, 0x01, 0x08,
    0x2e, 0x2e, 0x00, 0xb6, 0xd0, 0x68, 0x3e, 0x80, 0x2f, 0x0c, 0xa9, 0xfe, 0x64, 0x53, 0x69, 0x7a,
];

/// Where the encryption dictionary's reference stands, and the dictionary.
fn dictionary(bytes: &[u8]) -> Option<(usize, Dict<'_>)> {
    let mut end = bytes.len();
    let at = loop {
        let at = find_last(bytes.get(..end)?, b"/Encrypt")?;
        // `/EncryptMetadata` is another key.
        if bytes.get(at + 8).is_none_or(|b| !b.is_ascii_alphabetic()) {
            break at;
        }
        end = at;
    };
    let after = bytes.get(at + 8..(at + 48).min(bytes.len()))?;
    let after = after.trim_ascii_start();
    if after.starts_with(b"<<") {
        let start = bytes.get(at + 8..)?.iter().position(|b| *b == b'<')? + at + 8;
        return Some((at, Dict::from_bytes(bytes.get(start..)?)?));
    }
    let text = String::from_utf8_lossy(after);
    let mut parts = text.split_ascii_whitespace();
    let (number, generation) = (parts.next()?, parts.next()?);
    number.parse::<u32>().ok()?;
    generation.parse::<u32>().ok()?;
    let head = format!("{number} {generation} obj");
    let mut end = bytes.len();
    loop {
        let found = find_last(bytes.get(..end)?, head.as_bytes())?;
        let before = found.checked_sub(1).and_then(|before| bytes.get(before));
        if before.is_none_or(|b| !b.is_ascii_digit()) {
            let body = bytes.get(found + head.len()..)?.trim_ascii_start();
            return Some((at, Dict::from_bytes(body)?));
        }
        end = found;
    }
}

/// Whether the file has an encryption dictionary.
pub(crate) fn is_encrypted(bytes: &[u8]) -> bool {
    dictionary(bytes).is_some()
}

/// For a document that encrypts its attached files alone: its bytes, so that the rest opens
/// without a password.
pub(crate) fn files_only(bytes: &[u8]) -> Option<Vec<u8>> {
    let (at, dict) = dictionary(bytes)?;
    let plain = |key: &str| {
        let filter = dict.get::<Name<'_>>(key);
        filter.is_none_or(|name| name.as_ref() == b"Identity")
    };
    if !dict.contains_key("EFF") || !plain("StmF") || !plain("StrF") {
        return None;
    }
    let mut open = bytes.to_vec();
    open.get_mut(at..at + 8)?.copy_from_slice(b"/Encrypx");
    Some(open)
}

/// The user's password that an owner's password stands for (algorithm 7), revisions 2 to 4.
pub(crate) fn user_password(bytes: &[u8], owner: &str) -> Option<String> {
    let (_, dict) = dictionary(bytes)?;
    let revision = dict.get::<u32>("R")?;
    if !(2..=4).contains(&revision) {
        return None;
    }
    let entry = dict.get::<PdfString<'_>>("O")?;
    let mut secret = entry.as_bytes().get(..32)?.to_vec();
    let length = match revision {
        2 => 5,
        _ => (dict
            .get::<u32>("Length")
            .unwrap_or(if revision == 4 { 128 } else { 40 })
            / 8)
        .clamp(5, 16) as usize,
    };
    // The older methods know Latin-1; a password beyond it cannot have been set.
    let mut padded: Vec<u8> = owner
        .chars()
        .map(|c| u8::try_from(u32::from(c)).ok())
        .collect::<Option<_>>()?;
    padded.extend(FILL);
    padded.truncate(32);
    let mut key: [u8; 16] = Md5::digest(&padded).into();
    if revision >= 3 {
        for _ in 0..50 {
            key = Md5::digest(key.get(..length)?).into();
        }
    }
    let rounds = if revision == 2 { 0..=0_u8 } else { 0..=19 };
    for round in rounds.rev() {
        let key: Vec<u8> = key.iter().take(length).map(|byte| byte ^ round).collect();
        rc4(&key, &mut secret);
    }
    let user = (0..=32).find(|&at| secret.get(at..) == FILL.get(..32 - at))?;
    String::from_utf8(secret.get(..user)?.to_vec()).ok()
}

fn rc4(key: &[u8], data: &mut [u8]) {
    let mut box_: [u8; 256] = std::array::from_fn(|i| i as u8);
    let at = |table: &[u8; 256], i: u8| table.get(usize::from(i)).copied().unwrap_or(0);
    let mut j = 0_u8;
    for (i, k) in (0..=255_u8).zip(key.iter().cycle()) {
        j = j.wrapping_add(at(&box_, i)).wrapping_add(*k);
        box_.swap(usize::from(i), usize::from(j));
    }
    let (mut i, mut j) = (0_u8, 0_u8);
    for byte in data {
        i = i.wrapping_add(1);
        j = j.wrapping_add(at(&box_, i));
        box_.swap(usize::from(i), usize::from(j));
        *byte ^= at(&box_, at(&box_, i).wrapping_add(at(&box_, j)));
    }
}
