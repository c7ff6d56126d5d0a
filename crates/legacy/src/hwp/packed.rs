//! How streams of HWP are packed: raw deflate, and the cipher of distribution documents.

use std::io::Read;

use aes::cipher::{BlockCipherDecrypt, KeyInit};

use crate::ole::u32_at;

/// Bytes that one stream may unpack to.
const MOST: u64 = 256 << 20;

/// The bytes of a stream, and whether it was whole.
pub(super) fn open(raw: &[u8], compressed: bool) -> (Vec<u8>, bool) {
    if !compressed {
        return (raw.to_vec(), true);
    }
    let mut bytes = Vec::new();
    let mut inflate = flate2::read::DeflateDecoder::new(raw).take(MOST);
    let whole = inflate.read_to_end(&mut bytes).is_ok() && (bytes.len() as u64) < MOST;
    (bytes, whole)
}

/// The generator that the seed of a distribution document feeds.
struct Random(u32);

impl Random {
    fn next(&mut self) -> u32 {
        self.0 = self.0.wrapping_mul(214_013).wrapping_add(2_531_011);
        self.0 >> 16 & 0x7fff
    }
}

/// Opens a section of a distribution document: the first record holds 256 scrambled bytes, in
/// which the key stands at a place that the seed names; the rest is AES-128 in ECB mode.
/// `None` if the stream does not begin so.
pub(super) fn open_distribution(raw: &[u8]) -> Option<Vec<u8>> {
    let head = u32_at(raw, 0)?;
    if head & 0x3ff != 28 || head >> 20 != 256 {
        return None;
    }
    let mut data: [u8; 256] = raw.get(4..260)?.try_into().ok()?;
    let seed = u32_at(&data, 0)?;
    let mut random = Random(seed);
    let (mut key, mut left) = (0, 0);
    for (place, byte) in data.iter_mut().enumerate() {
        if left == 0 {
            key = u8::try_from(random.next() & 0xff).unwrap_or(0);
            left = (random.next() & 0xf) + 1;
        }
        if place >= 4 {
            *byte ^= key;
        }
        left -= 1;
    }
    let from = 4 + usize::try_from(seed & 0xf).ok()?;
    let key = data.get(from..from + 16)?;
    let cipher = aes::Aes128::new_from_slice(key).ok()?;
    let mut out = raw.get(260..)?.to_vec();
    for block in out.chunks_exact_mut(16) {
        if let Ok(block) = block.try_into() {
            cipher.decrypt_block(block);
        }
    }
    Some(out)
}
