//! Text of HWP files whose directory is lost: sections are known by their first record.

use std::io::Read;

use super::packed;
use crate::ole::u32_at;

/// Bytes that are searched at every place a stream may begin.
const SEARCHED: usize = 32 << 20;
/// Bytes of one sealed section that are opened.
const SEALED: usize = 16 << 20;

/// The sections that stand in one run, unpacked.
pub(super) fn sections(file: &[u8]) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    let mut at = 512;
    while let Some(rest) = file
        .get(at..)
        .filter(|rest| rest.len() > 16 && at < SEARCHED)
    {
        let (section, used) = section_at(rest).unwrap_or_default();
        if used > 0 {
            found.push(section);
        }
        at += used.next_multiple_of(64).max(64);
    }
    found
}

/// Whether a section stands somewhere in these bytes.
pub(crate) fn has_section(file: &[u8]) -> bool {
    (512..file.len())
        .step_by(64)
        .any(|at| file.get(at..).and_then(section_at).is_some())
}

/// The section that begins here, sealed as in distribution documents or not, and its bytes in
/// the file.
fn section_at(bytes: &[u8]) -> Option<(Vec<u8>, usize)> {
    let sealed = u32_at(bytes, 0).is_some_and(|head| head & 0x3ff == 28 && head >> 20 == 256);
    if !sealed {
        return section(bytes);
    }
    let opened = packed::open_distribution(bytes.get(..SEALED).unwrap_or(bytes))?;
    let (section, used) = section(&opened)?;
    Some((section, used + 260))
}

/// A packed section at the start of these bytes, and the bytes that it took.
fn section(bytes: &[u8]) -> Option<(Vec<u8>, usize)> {
    let mut start = [0; 4];
    flate2::read::DeflateDecoder::new(bytes.get(..bytes.len().min(512))?)
        .read_exact(&mut start)
        .ok()?;
    // The header of a paragraph: tag 0x42, level 0, 22 to 24 bytes.
    let head = u32::from_le_bytes(start);
    if head & 0xf_ffff != 0x42 || !(20..=32).contains(&(head >> 20)) {
        return None;
    }
    let mut inflate = flate2::read::DeflateDecoder::new(bytes);
    let mut out = Vec::new();
    // What comes before a break is kept.
    let _ = (&mut inflate).take(256 << 20).read_to_end(&mut out);
    let used = usize::try_from(inflate.total_in()).ok()?;
    Some((out, used))
}
