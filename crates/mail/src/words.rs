//! Encoded words in headers (RFC 2047) and header bytes outside ASCII.

use crate::coding::{self, Coding};

/// Decodes a header's bytes: encoded words, raw UTF-8 (RFC 6532), or bytes of an unnamed charset.
///
/// Neighbouring words of one charset are joined before they are decoded, since many programs cut
/// characters of several bytes in two. Words without their end, with spaces inside, or glued to
/// plain text are read as well.
pub(crate) fn decode(bytes: &[u8], hint: Option<&str>) -> String {
    let mut text = String::new();
    let mut literal = Vec::new();
    let mut open: Option<(String, Vec<u8>)> = None;
    let mut rest = bytes;
    while !rest.is_empty() {
        if rest.starts_with(b"=?")
            && let Some(word) = Word::read(rest)
        {
            let blank = literal.iter().all(u8::is_ascii_whitespace);
            match &mut open {
                // White space between two encoded words does not count (RFC 2047 section 6.2).
                Some((charset, decoded))
                    if blank && charset.eq_ignore_ascii_case(&word.charset) =>
                {
                    // Each word of ISO-2022 goes back to ASCII; two shifts in a row are an error to
                    // decoders, so that the way back is left out.
                    if decoded.ends_with(b"\x1b(B") && word.bytes.starts_with(b"\x1b") {
                        decoded.truncate(decoded.len().saturating_sub(3));
                    }
                    decoded.extend_from_slice(&word.bytes);
                }
                _ => {
                    if let Some((charset, decoded)) = open.take() {
                        text.push_str(&crate::charset::decode(&decoded, Some(&charset)));
                        if !blank {
                            text.push_str(&crate::charset::decode(&literal, hint));
                        }
                    } else {
                        text.push_str(&crate::charset::decode(&literal, hint));
                    }
                    open = Some((word.charset, word.bytes));
                }
            }
            literal.clear();
            rest = word.rest;
            continue;
        }
        let (byte, after) = rest.split_at(1);
        literal.extend_from_slice(byte);
        rest = after;
    }
    if let Some((charset, decoded)) = open {
        text.push_str(&crate::charset::decode(&decoded, Some(&charset)));
    }
    text.push_str(&crate::charset::decode(&literal, hint));
    text
}

struct Word<'a> {
    charset: String,
    bytes: Vec<u8>,
    rest: &'a [u8],
}

impl<'a> Word<'a> {
    /// Reads `=?charset?B|Q?text?=` at the start of `bytes`.
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let rest = bytes.strip_prefix(b"=?")?;
        let mark = rest.iter().take(64).position(|&b| b == b'?')?;
        let (charset, rest) = rest.split_at(mark);
        // RFC 2231 section 5: `charset*language`.
        let charset = charset.split(|&b| b == b'*').next()?;
        if charset.is_empty() || !charset.iter().all(u8::is_ascii_graphic) {
            return None;
        }
        let [b'?', letter, b'?', rest @ ..] = rest else {
            return None;
        };
        let base64 = match letter {
            b'b' | b'B' => true,
            b'q' | b'Q' => false,
            _ => return None,
        };
        let (text, rest) = match end_of_word(rest) {
            Some(end) => (rest.get(..end)?, rest.get(end + 2..)?),
            // Cut off: what is there still says something.
            None => (rest.trim_ascii_end(), &rest[rest.len()..]),
        };
        let bytes = if base64 {
            coding::decode(Coding::Base64, text).0
        } else {
            let spaced: Vec<u8> = text
                .iter()
                .map(|&b| if b == b'_' { b' ' } else { b })
                .collect();
            // A space at the end belongs to the word; quoted-printable would not trim it here.
            coding::decode(Coding::Quoted, &spaced).0
        };
        Some(Self {
            charset: String::from_utf8_lossy(charset).into_owned(),
            bytes,
            rest,
        })
    }
}

/// Where `?=` ends the word: not the one in `?=E9` of a Q word whose first character is encoded.
fn end_of_word(text: &[u8]) -> Option<usize> {
    text.windows(2)
        .position(|pair| pair == b"?=")
        .filter(|&at| {
            // Another word must not begin before this one ends.
            !text
                .get(..at)
                .unwrap_or_default()
                .windows(2)
                .any(|pair| pair == b"=?")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoded_words() {
        for (raw, want) in [
            ("plain", "plain"),
            ("=?UTF-8?Q?caf=C3=A9_au_lait?=", "café au lait"),
            ("=?utf-8?b?7YOI67aB7J6Q?= list", "탈북자 list"),
            // One character over two words.
            ("=?UTF-8?B?7YM=?=\n =?UTF-8?B?iA==?=", "탈"),
            (
                "=?ISO-2022-JP?B?GyRCJUYbKEI=?=\n =?ISO-2022-JP?B?GyRCJTkbKEI=?=",
                "テス",
            ),
            ("a =?UTF-8?Q?b?= =?UTF-8?Q?c?= d", "a bc d"),
            ("=?UTF-8?Q?b?=c", "bc"),
            ("=?UTF-8*en?Q?b c?=", "b c"),
            ("=?UTF-8?Q?cut off", "cut off"),
            ("=?broken", "=?broken"),
            ("=?UTF-8?X?a?=", "=?UTF-8?X?a?="),
        ] {
            assert_eq!(decode(raw.as_bytes(), None), want, "{raw}");
        }
    }
}
