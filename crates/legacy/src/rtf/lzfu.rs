//! Compressed RTF as mail stores it (MS-OXRTFCP).

/// What the dictionary holds before the first byte (MS-OXRTFCP, 2.1.2.1).
const PRELOADED: &[u8] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \
\\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\
\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

const COMPRESSED: u32 = 0x7546_5A4C;
const STORED: u32 = 0x414C_454D;
/// The format cannot give more than 17 bytes for 2; a header that claims more is not believed.
const MOST: usize = 256 << 20;

/// Unpacks the value of `PidTagRtfCompressed`: header of 16 bytes, then tokens. Broken input gives
/// what could be unpacked; the checksum is not demanded. `None` if this is no compressed RTF.
#[must_use]
pub fn decompress(bytes: &[u8]) -> Option<Vec<u8>> {
    let word = |at: usize| {
        let four = bytes.get(at..at.checked_add(4)?)?;
        Some(u32::from_le_bytes(four.try_into().ok()?))
    };
    let raw = usize::try_from(word(4)?).ok()?.min(MOST);
    let body = bytes.get(16..)?;
    match word(8)? {
        STORED => Some(body.get(..raw).unwrap_or(body).to_vec()),
        COMPRESSED => Some(unpack(body, raw)),
        _ => None,
    }
}

fn unpack(body: &[u8], raw: usize) -> Vec<u8> {
    let mut ring = [0_u8; 4096];
    for (slot, byte) in ring.iter_mut().zip(PRELOADED) {
        *slot = *byte;
    }
    let mut write = PRELOADED.len();
    let mut out = Vec::with_capacity(raw.min(body.len().saturating_mul(9)));
    let mut rest = body.iter().copied();
    'tokens: while let Some(control) = rest.next() {
        for bit in 0..8 {
            if out.len() >= raw {
                break 'tokens;
            }
            let Some(first) = rest.next() else {
                break 'tokens;
            };
            if control & (1 << bit) == 0 {
                out.push(first);
                put(&mut ring, &mut write, first);
                continue;
            }
            let Some(second) = rest.next() else {
                break 'tokens;
            };
            let token = usize::from(first) << 8 | usize::from(second);
            let (from, length) = (token >> 4, (token & 15) + 2);
            if from == write {
                break 'tokens;
            }
            for step in 0..length {
                let byte = ring.get((from + step) % 4096).copied().unwrap_or(0);
                out.push(byte);
                put(&mut ring, &mut write, byte);
            }
        }
    }
    out.truncate(raw);
    out
}

fn put(ring: &mut [u8; 4096], write: &mut usize, byte: u8) {
    if let Some(slot) = ring.get_mut(*write) {
        *slot = byte;
    }
    *write = (*write + 1) % 4096;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The worked example of MS-OXRTFCP 4.1.
    #[test]
    fn the_published_example_unpacks() {
        let packed = [
            0x2d, 0, 0, 0, 0x2b, 0, 0, 0, 0x4c, 0x5a, 0x46, 0x75, 0xf1, 0xc5, 0xc7, 0xa7, 0x03, 0,
            0x0a, 0, 0x72, 0x63, 0x70, 0x67, 0x31, 0x32, 0x35, 0x42, 0x32, 0x0a, 0xf3, 0x20, 0x68,
            0x65, 0x6c, 0x09, 0, 0x20, 0x62, 0x77, 0x05, 0xb0, 0x6c, 0x64, 0x7d, 0x0a, 0x80, 0x0f,
            0xa0,
        ];
        let text = decompress(&packed);
        assert_eq!(
            text.as_deref(),
            Some(&b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"[..])
        );
        for cut in 0..packed.len() {
            let _ = decompress(packed.get(..cut).unwrap_or(&[]));
        }
    }

    #[test]
    fn stored_rtf_and_other_bytes() {
        let mut stored = vec![0, 0, 0, 0, 3, 0, 0, 0, b'M', b'E', b'L', b'A', 0, 0, 0, 0];
        stored.extend_from_slice(b"abcd");
        assert_eq!(decompress(&stored).as_deref(), Some(&b"abc"[..]));
        assert_eq!(decompress(b"{\\rtf1 no header here}"), None);
    }
}
