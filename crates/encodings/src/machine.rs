//! Decoders that take bytes chunk by chunk and never split a character.

use encoding_rs::{CoderResult, Decoder as Known};

use crate::charset::Charset;

/// A decoder in the middle of its input.
pub(crate) enum Machine {
    Utf8 {
        carry: Vec<u8>,
    },
    Known(Box<Known>),
    Utf32 {
        big: bool,
        carry: Vec<u8>,
    },
    Utf7(Utf7),
    /// Seven-bit codes with two-byte stretches: their bytes with the high bit set are EUC.
    Pairs {
        hz: bool,
        double: bool,
        carry: Vec<u8>,
        euc: Box<Known>,
    },
    Johab {
        lead: Option<u8>,
    },
    Table(Box<[char; 128]>),
}

impl Machine {
    pub(crate) fn new(charset: Charset) -> Self {
        let known = |encoding: &'static encoding_rs::Encoding| {
            Box::new(encoding.new_decoder_without_bom_handling())
        };
        match charset {
            Charset::Utf8 => Self::Utf8 { carry: Vec::new() },
            // Whoever could tell the order named it; of the two, little-endian is what is met.
            Charset::Utf16 => Self::Known(known(encoding_rs::UTF_16LE)),
            Charset::Utf32 { big } => Self::Utf32 {
                big,
                carry: Vec::new(),
            },
            Charset::Utf7 => Self::Utf7(Utf7::default()),
            Charset::Hz | Charset::Shifted { chinese: true } => Self::Pairs {
                hz: matches!(charset, Charset::Hz),
                double: false,
                carry: Vec::new(),
                euc: known(encoding_rs::GB18030),
            },
            Charset::Shifted { chinese: false } => Self::Pairs {
                hz: false,
                double: false,
                carry: Vec::new(),
                euc: known(encoding_rs::EUC_KR),
            },
            Charset::Johab => Self::Johab { lead: None },
            Charset::Dos(page) => Self::Table(Box::new(page.table())),
            Charset::Known(encoding) => Self::Known(known(encoding)),
        }
    }

    /// Decodes the next bytes to the end of `out`; returns how many places became U+FFFD.
    pub(crate) fn push(&mut self, bytes: &[u8], out: &mut String, last: bool) -> usize {
        match self {
            Self::Utf8 { carry } => utf8(carry, bytes, out, last),
            Self::Known(decoder) => known(decoder, bytes, out, last),
            Self::Utf32 { big, carry } => utf32(*big, carry, bytes, out, last),
            Self::Utf7(state) => state.push(bytes, out, last),
            Self::Pairs {
                hz,
                double,
                carry,
                euc,
            } => {
                let eight = widen(*hz, double, carry, bytes, last);
                known(euc, &eight, out, last)
            }
            Self::Johab { lead } => johab(lead, bytes, out, last),
            Self::Table(table) => {
                let mut replaced = 0;
                for &byte in bytes {
                    let upper = table.get(usize::from(byte).wrapping_sub(128));
                    let character = upper.copied().unwrap_or(char::from(byte));
                    replaced += usize::from(character == char::REPLACEMENT_CHARACTER);
                    out.push(character);
                }
                replaced
            }
        }
    }
}

fn known(decoder: &mut Known, bytes: &[u8], out: &mut String, last: bool) -> usize {
    let before = out.len();
    let mut rest = bytes;
    let mut errors = false;
    loop {
        let room = decoder
            .max_utf8_buffer_length(rest.len())
            .unwrap_or(rest.len());
        out.reserve(room.clamp(64, 4 << 20));
        let (result, read, had_errors) = decoder.decode_to_string(rest, out, last);
        errors |= had_errors;
        rest = rest.get(read..).unwrap_or_default();
        if result == CoderResult::InputEmpty {
            break;
        }
    }
    if !errors {
        return 0;
    }
    let new = out.get(before..).unwrap_or_default();
    new.matches(char::REPLACEMENT_CHARACTER).count()
}

fn utf8(carry: &mut Vec<u8>, bytes: &[u8], out: &mut String, last: bool) -> usize {
    let joined;
    let mut rest = if carry.is_empty() {
        bytes
    } else {
        joined = [std::mem::take(carry).as_slice(), bytes].concat();
        &joined
    };
    let mut replaced = 0;
    loop {
        match std::str::from_utf8(rest) {
            Ok(text) => {
                out.push_str(text);
                return replaced;
            }
            Err(error) => {
                let (good, bad) = rest
                    .split_at_checked(error.valid_up_to())
                    .unwrap_or((rest, &[]));
                out.push_str(&String::from_utf8_lossy(good));
                match error.error_len() {
                    None if !last => {
                        carry.extend_from_slice(bad);
                        return replaced;
                    }
                    skip => {
                        out.push(char::REPLACEMENT_CHARACTER);
                        replaced += 1;
                        rest = bad.get(skip.unwrap_or(bad.len())..).unwrap_or_default();
                    }
                }
            }
        }
    }
}

fn utf32(big: bool, carry: &mut Vec<u8>, bytes: &[u8], out: &mut String, last: bool) -> usize {
    let mut replaced = 0;
    let joined = [std::mem::take(carry).as_slice(), bytes].concat();
    let mut units = joined.chunks_exact(4);
    for unit in &mut units {
        let unit: [u8; 4] = unit.try_into().unwrap_or_default();
        let code = if big {
            u32::from_be_bytes(unit)
        } else {
            u32::from_le_bytes(unit)
        };
        let character = char::from_u32(code);
        replaced += usize::from(character.is_none());
        out.push(character.unwrap_or(char::REPLACEMENT_CHARACTER));
    }
    if last && !units.remainder().is_empty() {
        out.push(char::REPLACEMENT_CHARACTER);
        replaced += 1;
    } else {
        carry.extend_from_slice(units.remainder());
    }
    replaced
}

/// UTF-7 (RFC 2152): `+` begins base64 of UTF-16BE, anything that is not base64 ends it.
#[derive(Default)]
pub(crate) struct Utf7 {
    base64: bool,
    fresh: bool,
    bits: u32,
    count: u32,
    high: Option<u16>,
}

impl Utf7 {
    fn push(&mut self, bytes: &[u8], out: &mut String, last: bool) -> usize {
        let mut replaced = 0;
        for &byte in bytes {
            if !self.base64 {
                match byte {
                    b'+' => (self.base64, self.fresh) = (true, true),
                    0..=0x7f => out.push(char::from(byte)),
                    _ => {
                        out.push(char::REPLACEMENT_CHARACTER);
                        replaced += 1;
                    }
                }
                continue;
            }
            let Some(six) = sextet(byte) else {
                if self.fresh && byte == b'-' {
                    out.push('+');
                } else {
                    replaced += self.finish(out);
                    // The hyphen that ends a stretch belongs to it; anything else is text.
                    match byte {
                        b'-' => {}
                        0..=0x7f => out.push(char::from(byte)),
                        _ => {
                            out.push(char::REPLACEMENT_CHARACTER);
                            replaced += 1;
                        }
                    }
                }
                *self = Self::default();
                continue;
            };
            self.fresh = false;
            self.bits = self.bits << 6 | u32::from(six);
            self.count += 6;
            if self.count >= 16 {
                self.count -= 16;
                let unit = (self.bits >> self.count) as u16;
                self.bits &= (1 << self.count) - 1;
                replaced += self.unit(unit, out);
            }
        }
        if last {
            replaced += self.finish(out);
        }
        replaced
    }

    fn unit(&mut self, unit: u16, out: &mut String) -> usize {
        let pair = self.high.take().into_iter().chain([unit]);
        if (0xd800..0xdc00).contains(&unit) {
            let lost = pair.count() - 1;
            self.high = Some(unit);
            return lost;
        }
        let mut replaced = 0;
        for character in char::decode_utf16(pair) {
            replaced += usize::from(character.is_err());
            out.push(character.unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        replaced
    }

    fn finish(&mut self, out: &mut String) -> usize {
        let lost = usize::from(self.high.take().is_some());
        if lost > 0 {
            out.push(char::REPLACEMENT_CHARACTER);
        }
        lost
    }
}

fn sextet(byte: u8) -> Option<u8> {
    Some(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    })
}

/// HZ (RFC 1843) and ISO-2022-KR/CN (RFC 1557, RFC 1922) as EUC: escapes go, pairs get high bits.
fn widen(hz: bool, double: &mut bool, carry: &mut Vec<u8>, bytes: &[u8], last: bool) -> Vec<u8> {
    let joined = [std::mem::take(carry).as_slice(), bytes].concat();
    let mut eight = Vec::with_capacity(joined.len());
    let mut at = 0;
    while let Some(&byte) = joined.get(at) {
        let next = joined.get(at + 1).copied();
        let length = match byte {
            b'~' if hz => {
                if next.is_none() && !last {
                    break;
                }
                match next {
                    Some(b'{') => *double = true,
                    Some(b'}') => *double = false,
                    Some(b'~') => eight.push(b'~'),
                    Some(b'\n') => {}
                    _ => {
                        eight.push(b'~');
                        at += 1;
                        continue;
                    }
                }
                2
            }
            0x0e | 0x0f if !hz => {
                *double = byte == 0x0e;
                1
            }
            0x1b if !hz => {
                let escape = joined.get(at..at + 4);
                if escape.is_none() && !last {
                    break;
                }
                if escape.is_some_and(|e| e.starts_with(b"\x1b$)") || e.starts_with(b"\x1b$*")) {
                    4
                } else {
                    eight.push(byte);
                    1
                }
            }
            b'\n' | b'\r' => {
                // A line ends a stretch, whatever was forgotten.
                *double = false;
                eight.push(byte);
                1
            }
            0x21..=0x7e if *double => {
                let Some(second) = next else {
                    if last {
                        eight.push(byte);
                        break;
                    }
                    break;
                };
                if (0x21..=0x7e).contains(&second) {
                    eight.extend([byte | 0x80, second | 0x80]);
                    2
                } else {
                    eight.push(byte | 0x80);
                    1
                }
            }
            _ => {
                eight.push(byte);
                1
            }
        };
        at += length;
    }
    if !last {
        carry.extend_from_slice(joined.get(at..).unwrap_or_default());
    }
    eight
}

/// Johab (KS X 1001:1992 annex 3): a syllable is three five-bit letters; symbols and hanja are
/// those of the plane of EUC-KR in another order.
pub(crate) fn johab_pair(lead: u8, trail: u8) -> Option<char> {
    const NONE: u8 = 0xff;
    // Index of the 5-bit code in the order of Unicode's Hangul syllables.
    const INITIAL: [u8; 32] = {
        let mut table = [NONE; 32];
        let mut code = 2;
        while code <= 20 {
            table[code] = code as u8 - 2;
            code += 1;
        }
        table
    };
    const MEDIAL: [u8; 32] = [
        NONE, NONE, NONE, 0, 1, 2, 3, 4, NONE, NONE, 5, 6, 7, 8, 9, 10, NONE, NONE, 11, 12, 13, 14,
        15, 16, NONE, NONE, 17, 18, 19, 20, NONE, NONE,
    ];
    const FINAL: [u8; 32] = [
        NONE, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, NONE, 17, 18, 19, 20, 21,
        22, 23, 24, 25, 26, 27, NONE, NONE,
    ];
    // Letters that stand alone, as compatibility jamo.
    const INITIAL_ALONE: &str = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
    const FINAL_ALONE: &str = "ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ";
    if (0x84..=0xd3).contains(&lead) {
        if !matches!(trail, 0x41..=0x7e | 0x81..=0xfe) {
            return None;
        }
        let code = u16::from(lead) << 8 | u16::from(trail);
        let part = |shift: u16| usize::from(code >> shift & 31);
        let (i, m, f) = (part(10), part(5), part(0));
        let (initial, medial, last) = (*INITIAL.get(i)?, *MEDIAL.get(m)?, *FINAL.get(f)?);
        return if initial != NONE && medial != NONE && last != NONE {
            let index = (u32::from(initial) * 21 + u32::from(medial)) * 28 + u32::from(last);
            char::from_u32(0xac00 + index)
        } else if initial != NONE && m == 2 && f == 1 {
            INITIAL_ALONE.chars().nth(usize::from(initial))
        } else if i == 1 && medial != NONE && f == 1 {
            char::from_u32(0x314f + u32::from(medial))
        } else if i == 1 && m == 2 && last != NONE && last > 0 {
            FINAL_ALONE.chars().nth(usize::from(last) - 1)
        } else {
            None
        };
    }
    let row = match lead {
        0xd9..=0xde => 2 * (u16::from(lead) - 0xd9),
        0xe0..=0xf9 => 2 * u16::from(lead) - 0x197,
        _ => return None,
    };
    let column = match trail {
        0x31..=0x7e => u16::from(trail) - 0x31,
        0x91..=0xfe => u16::from(trail) - 0x43,
        _ => return None,
    };
    let (row, column) = if column < 94 {
        (row, column)
    } else {
        (row + 1, column - 94)
    };
    let euc = [
        u8::try_from(row + 0xa1).ok()?,
        u8::try_from(column + 0xa1).ok()?,
    ];
    let text = encoding_rs::EUC_KR.decode_without_bom_handling_and_without_replacement(&euc)?;
    text.chars().next()
}

fn johab(lead: &mut Option<u8>, bytes: &[u8], out: &mut String, last: bool) -> usize {
    let mut replaced = 0;
    for &byte in bytes {
        let Some(first) = lead.take() else {
            match byte {
                0..=0x7f => out.push(char::from(byte)),
                _ => *lead = Some(byte),
            }
            continue;
        };
        if let Some(character) = johab_pair(first, byte) {
            out.push(character);
            continue;
        }
        out.push(char::REPLACEMENT_CHARACTER);
        replaced += 1;
        if byte < 0x80 {
            out.push(char::from(byte));
        }
    }
    if last && lead.take().is_some() {
        out.push(char::REPLACEMENT_CHARACTER);
        replaced += 1;
    }
    replaced
}
