//! Pictures in the drawing records that Word and PowerPoint share (MS-ODRAW 2.2.23).

use std::collections::BTreeSet;
use std::io::Read;

use casefile::Stop;

use crate::ole::{bitmap_file, u16_at, u32_at};
use crate::sink::{Sink, extension};

/// Unpacked bytes of one picture.
const MOST: u64 = 128 << 20;

/// Finds the pictures of a stream by their record headers, wherever these stand: pictures that a
/// quick save left behind are found too. Each is handed on once.
pub(crate) fn pictures(
    stream: &[u8],
    seen: &mut BTreeSet<Vec<u8>>,
    sink: &mut Sink<'_>,
) -> Result<(), Stop> {
    let mut at = 0_usize;
    while let Some(kind) = u16_at(stream, at.saturating_add(2)) {
        if !matches!(kind, 0xf01a..=0xf01f | 0xf029 | 0xf02a) {
            at += 1;
            continue;
        }
        let Some((picture, identity, end)) = picture(stream, at, kind) else {
            at += 1;
            continue;
        };
        at = end;
        if seen.insert(identity) {
            let name = format!("picture-{}.{}", seen.len(), extension(&picture));
            sink.embedded(&name, &picture)?;
        }
    }
    Ok(())
}

fn picture(stream: &[u8], at: usize, kind: u16) -> Option<(Vec<u8>, Vec<u8>, usize)> {
    let instance = u16_at(stream, at)?;
    if instance & 15 != 0 {
        return None;
    }
    // The instance says how many digests stand before the picture.
    let two = match (kind, instance >> 4) {
        (0xf01a, 0x3d4) | (0xf01b, 0x216) | (0xf01c, 0x542) => false,
        (0xf01a, 0x3d5) | (0xf01b, 0x217) | (0xf01c, 0x543) => true,
        (0xf01d | 0xf02a, 0x46a | 0x6e2) | (0xf01e, 0x6e0) | (0xf01f, 0x7a8) | (0xf029, 0x6e4) => {
            false
        }
        (0xf01d | 0xf02a, 0x46b | 0x6e3) | (0xf01e, 0x6e1) | (0xf01f, 0x7a9) | (0xf029, 0x6e5) => {
            true
        }
        _ => return None,
    };
    let len = usize::try_from(u32_at(stream, at + 4)?).ok()?;
    let body = at.checked_add(8)?;
    let rest = stream.get(body..)?;
    let data = rest.get(..len).unwrap_or(rest);
    let identity = data.get(..16)?.to_vec();
    let head = if two { 32 } else { 16 };
    let bytes = if kind <= 0xf01c {
        let packed = data.get(head + 34..)?;
        if data.get(head + 32) == Some(&0) {
            let mut out = Vec::new();
            // A broken picture is kept as far as it goes.
            let _ = flate2::read::ZlibDecoder::new(packed)
                .take(MOST)
                .read_to_end(&mut out);
            out
        } else {
            packed.to_vec()
        }
    } else {
        let bytes = data.get(head + 1..)?.to_vec();
        if kind == 0xf01f {
            bitmap_file(bytes)
        } else {
            bytes
        }
    };
    (!bytes.is_empty()).then_some((bytes, identity, body + data.len()))
}
