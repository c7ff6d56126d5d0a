//! UTF-16 and UTF-32 without a byte order mark.

use crate::charset::Charset;
use crate::model::{Tongue, wide};

/// The charset of a byte order mark and its length.
pub(crate) fn mark(bytes: &[u8]) -> Option<(Charset, usize)> {
    match bytes {
        [0xef, 0xbb, 0xbf, ..] => Some((Charset::Utf8, 3)),
        [0xff, 0xfe, 0, 0, ..] => Some((Charset::Utf32 { big: false }, 4)),
        [0, 0, 0xfe, 0xff, ..] => Some((Charset::Utf32 { big: true }, 4)),
        [0xff, 0xfe, ..] => Some((Charset::Known(encoding_rs::UTF_16LE), 2)),
        [0xfe, 0xff, ..] => Some((Charset::Known(encoding_rs::UTF_16BE), 2)),
        _ => None,
    }
}

/// UTF-32 or UTF-16, if the bytes make much better sense so than as single bytes.
pub(crate) fn unmarked(bytes: &[u8]) -> Option<Charset> {
    let head = bytes.get(..bytes.len().min(16_384)).unwrap_or(bytes);
    if head.len() < 4 {
        return None;
    }
    let quads = head.len() / 4;
    if head.contains(&0) && quads >= 2 {
        let valid = |big: bool| {
            let good = head.chunks_exact(4).filter(|quad| {
                let quad: [u8; 4] = (*quad).try_into().unwrap_or_default();
                let code = if big {
                    u32::from_be_bytes(quad)
                } else {
                    u32::from_le_bytes(quad)
                };
                code >= 9 && char::from_u32(code).is_some()
            });
            good.count() * 100 >= quads * 98
        };
        for big in [false, true] {
            if valid(big) {
                return Some(Charset::Utf32 { big });
            }
        }
    }
    let little = sense(head, u16::from_le_bytes);
    let big = sense(head, u16::from_be_bytes);
    let (best, charset) = if little.unwrap_or(u32::MAX) <= big.unwrap_or(u32::MAX) {
        (little?, encoding_rs::UTF_16LE)
    } else {
        (big?, encoding_rs::UTF_16BE)
    };
    // Without any NUL, only running East Asian text is believed, and not for a few characters.
    let nuls = head.iter().filter(|&&byte| byte == 0).count();
    let bound = if nuls * 10 >= head.len() { 100 } else { 88 };
    let controls = head
        .iter()
        .filter(|byte| matches!(byte, 0..=8 | 14..=26 | 28..=31))
        .count();
    let odd_as_bytes = controls * 50 >= head.len();
    ((odd_as_bytes || nuls > 0) && best <= bound).then_some(Charset::Known(charset))
}

/// Mean cost of a character in tenths of a nat under the best of the models; `None` if it is no
/// text.
fn sense(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<u32> {
    let units = bytes
        .chunks_exact(2)
        .map(|pair| unit(pair.try_into().unwrap_or_default()));
    let mut costs = [0_u64; 4];
    let tongues = [
        Tongue::Korean,
        Tongue::Simplified,
        Tongue::Traditional,
        Tongue::Japanese,
    ];
    let (mut count, mut bad) = (0_u64, 0_u64);
    for character in char::decode_utf16(units) {
        count += 1;
        let Ok(character) = character else {
            bad += 1;
            continue;
        };
        if character.is_control() && !matches!(character, '\t' | '\n' | '\r' | '\u{c}') {
            bad += 1;
            continue;
        }
        let other = match character as u32 {
            // Letters of the scripts that have an alphabet.
            0xa0..=0x24f | 0x370..=0x6ff | 0xe01..=0xe5b | 0x1e00..=0x1eff => Some(60),
            0x2010..=0x203a | 0x20ac => Some(80),
            _ => None,
        };
        for (sum, tongue) in costs.iter_mut().zip(tongues) {
            *sum += u64::from(other.unwrap_or_else(|| wide(tongue).cost(character)));
        }
    }
    if count == 0 || bad * 50 > count {
        return None;
    }
    u32::try_from(costs.iter().min()? / count).ok()
}
