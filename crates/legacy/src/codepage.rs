//! Windows and Macintosh code page numbers, and the character sets that fonts name.

use encoding_rs::Encoding;

/// How a run of bytes is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Codepage {
    Known(&'static Encoding),
    /// IBM code page 437 (MS-DOS, United States).
    Dos437,
    /// IBM code page 850 (MS-DOS, Western Europe).
    Dos850,
    /// Pictures in place of letters (Symbol, Wingdings): kept in the private use area as Word does.
    Symbols,
    /// The Symbol font, whose letters are Greek.
    Greek,
    Utf16,
}

pub(crate) const WESTERN: Codepage = Codepage::Known(encoding_rs::WINDOWS_1252);

const HIGH_437: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";
const HIGH_850: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}";
/// The Symbol font from 0x41.
const GREEK_41: &str = "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼";

/// The encoding of a Windows code page number.
pub(crate) fn of_number(number: u32) -> Option<Codepage> {
    use encoding_rs as e;
    Some(Codepage::Known(match number {
        437 => return Some(Codepage::Dos437),
        850 | 858 => return Some(Codepage::Dos850),
        42 => return Some(Codepage::Symbols),
        1200 => return Some(Codepage::Utf16),
        1201 => e::UTF_16BE,
        866 => e::IBM866,
        874 => e::WINDOWS_874,
        932 | 10001 => e::SHIFT_JIS,
        936 | 10008 | 54936 | 52936 => e::GB18030,
        949 | 10003 | 51949 | 1361 => e::EUC_KR,
        950 | 10002 => e::BIG5,
        1250 => e::WINDOWS_1250,
        1251 => e::WINDOWS_1251,
        1252 | 28591 | 20127 => e::WINDOWS_1252,
        1253 => e::WINDOWS_1253,
        1254 | 28599 => e::WINDOWS_1254,
        1255 => e::WINDOWS_1255,
        1256 | 708..=720 => e::WINDOWS_1256,
        1257 => e::WINDOWS_1257,
        1258 => e::WINDOWS_1258,
        10000 => e::MACINTOSH,
        10007 | 10017 => e::X_MAC_CYRILLIC,
        20866 => e::KOI8_R,
        21866 => e::KOI8_U,
        28592 => e::ISO_8859_2,
        28595 => e::ISO_8859_5,
        50220 | 50221 => e::ISO_2022_JP,
        51932 => e::EUC_JP,
        65001 => e::UTF_8,
        _ => return None,
    }))
}

/// The encoding of a font's character set (`lfCharSet`, `\fcharset`); `None` is the document's own.
pub(crate) fn of_charset(charset: u32) -> Option<Codepage> {
    let number = match charset {
        0 => 1252,
        2 => 42,
        77 => 10000,
        78 => 932,
        79 => 949,
        80 => 936,
        81 => 950,
        128 => 932,
        129 | 130 => 949,
        134 => 936,
        136 => 950,
        161 => 1253,
        162 => 1254,
        163 => 1258,
        177 | 181 => 1255,
        178..=180 => 1256,
        186 => 1257,
        204 => 1251,
        222 => 874,
        238 => 1250,
        254 => 437,
        255 => 850,
        _ => return None,
    };
    of_number(number)
}

/// The encoding that a Windows language identifier implies (MS-LCID), for files that name no other.
pub(crate) fn of_language(lid: u16) -> Codepage {
    let number = match lid & 0x3ff {
        0x01 | 0x20 | 0x29 => 1256,
        0x02 | 0x19 | 0x22 | 0x23 | 0x2f => 1251,
        0x04 if matches!(lid, 0x0404 | 0x0c04 | 0x1404) => 950,
        0x04 => 936,
        0x05 | 0x0e | 0x15 | 0x18 | 0x1a | 0x1b | 0x1c | 0x24 => 1250,
        0x08 => 1253,
        0x0d => 1255,
        0x11 => 932,
        0x12 => 949,
        0x1e => 874,
        0x1f => 1254,
        0x25..=0x27 => 1257,
        0x2a => 1258,
        _ => 1252,
    };
    of_number(number).unwrap_or(WESTERN)
}

impl Codepage {
    /// Letters may take two bytes.
    pub(crate) fn is_double(self) -> bool {
        use encoding_rs as e;
        match self {
            Self::Known(encoding) => {
                [e::EUC_KR, e::GB18030, e::BIG5, e::SHIFT_JIS].contains(&encoding)
            }
            _ => false,
        }
    }

    /// Whether `byte` asks for a second byte.
    pub(crate) fn leads(self, byte: u8) -> bool {
        if !self.is_double() || byte <= 0x80 || byte == 0xff {
            return false;
        }
        self != Self::Known(encoding_rs::SHIFT_JIS) || !(0xa0..=0xdf).contains(&byte)
    }

    /// Bytes to text; what is not of the code page becomes U+FFFD. Control characters are kept.
    pub(crate) fn decode(self, bytes: &[u8]) -> String {
        let table = |high: &str| -> String {
            let one = |&b: &u8| match b.checked_sub(0x80) {
                None => b as char,
                Some(at) => high.chars().nth(at.into()).unwrap_or('\u{fffd}'),
            };
            bytes.iter().map(one).collect()
        };
        match self {
            Self::Known(encoding) => encoding.decode_without_bom_handling(bytes).0.into_owned(),
            Self::Dos437 => table(HIGH_437),
            Self::Dos850 => table(HIGH_850),
            Self::Utf16 => utf16(bytes),
            Self::Symbols => bytes.iter().map(|&b| private(b)).collect(),
            Self::Greek => bytes.iter().map(|&b| symbol(b)).collect(),
        }
    }

    /// The text if every byte belongs to the code page.
    pub(crate) fn decode_strictly(self, bytes: &[u8]) -> Option<String> {
        let Self::Known(encoding) = self else {
            return None;
        };
        let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
        Some(text.into_owned())
    }
}

fn private(byte: u8) -> char {
    if byte <= b' ' {
        return byte as char;
    }
    char::from_u32(0xf000 + u32::from(byte)).unwrap_or('\u{fffd}')
}

/// A character of the Symbol font.
pub(crate) fn symbol(byte: u8) -> char {
    match byte {
        0x20..=0x40 => match byte {
            0x22 => '∀',
            0x24 => '∃',
            0x27 => '∍',
            0x2a => '∗',
            0x2d => '−',
            0x40 => '≅',
            _ => byte as char,
        },
        0x41..=0x7e => GREEK_41
            .chars()
            .nth(usize::from(byte - 0x41))
            .unwrap_or('\u{fffd}'),
        0xa3 => '≤',
        0xb0 => '°',
        0xb1 => '±',
        0xb3 => '≥',
        0xb4 => '×',
        0xb7 => '•',
        0xb9 => '≠',
        0xbb => '≈',
        0xae => '→',
        0xac => '←',
        0xde => '⇒',
        0xd6 => '√',
        _ => private(byte),
    }
}

/// UTF-16, little endian; a lone surrogate becomes U+FFFD, an odd last byte is dropped.
pub(crate) fn utf16(bytes: &[u8]) -> String {
    let units = bytes.chunks_exact(2).map(|two| match two {
        [low, high] => u16::from_le_bytes([*low, *high]),
        _ => 0,
    });
    char::decode_utf16(units)
        .map(|c| c.unwrap_or('\u{fffd}'))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_of_many_code_pages() {
        let check = |page: Option<Codepage>, bytes: &[u8], expected: &str| {
            assert_eq!(page.map(|p| p.decode(bytes)).as_deref(), Some(expected));
        };
        check(of_charset(129), b"\xc5\xbb\xba\xcf", "탈북");
        check(of_charset(134), b"\xcd\xd1\xb1\xb1", "脱北");
        check(of_charset(136), b"\xb2\xe6\xa5\x5f", "脫北");
        check(of_charset(128), b"\x92\x45\x96\x6b", "脱北");
        check(of_charset(204), b"\xcf\xf0", "Пр");
        check(of_number(437), b"\x80\xff", "Ç\u{a0}");
        check(of_number(850), b"\x9b\xff", "ø\u{a0}");
        check(Some(Codepage::Greek), b"abg", "αβγ");
        check(of_number(1200), b"\xc8\xd0\x41", "탈");
        assert_eq!(
            (HIGH_437.chars().count(), HIGH_850.chars().count()),
            (128, 128)
        );
        assert_eq!(GREEK_41.chars().count(), 62);
        assert_eq!(of_number(7), None);
    }
}
