//! Content transfer encodings: base64 and quoted-printable (RFC 2045 section 6) and uuencode
//! (POSIX), all forgiving, all in pieces so that a large attachment is never held twice.

/// The encoding that a part says it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coding {
    /// 7bit, 8bit, binary and whatever is unknown: the bytes as they are.
    Plain,
    Base64,
    Quoted,
    Uu,
}

impl Coding {
    /// Reads the value of `Content-Transfer-Encoding`, forgiving quotes, comments and semicolons.
    pub(crate) fn named(value: &str) -> Self {
        let name = value
            .trim_start_matches(|c: char| !c.is_ascii_alphanumeric())
            .split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'))
            .next()
            .unwrap_or("")
            .to_ascii_lowercase();
        match name.as_str() {
            "base64" => Self::Base64,
            "quoted-printable" | "quotedprintable" | "q" => Self::Quoted,
            "x-uuencode" | "uuencode" | "x-uue" | "uue" | "x-uuencoded" => Self::Uu,
            _ => Self::Plain,
        }
    }
}

/// Decodes a part piece by piece.
pub(crate) struct Decoding<'a> {
    coding: Coding,
    rest: &'a [u8],
    bits: u32,
    count: u8,
    /// Bytes that do not belong to the encoding and were left out.
    pub(crate) strange: usize,
    uu_begun: bool,
}

impl<'a> Decoding<'a> {
    pub(crate) fn new(coding: Coding, bytes: &'a [u8]) -> Self {
        Self {
            coding,
            rest: bytes,
            bits: 0,
            count: 0,
            strange: 0,
            uu_begun: false,
        }
    }

    /// The next piece, of about `most` bytes; `None` at the end.
    pub(crate) fn next_piece(&mut self, most: usize) -> Option<Vec<u8>> {
        while !self.rest.is_empty() {
            let piece = match self.coding {
                Coding::Plain => {
                    let (piece, rest) = self.rest.split_at(most.min(self.rest.len()));
                    self.rest = rest;
                    piece.to_vec()
                }
                Coding::Base64 => self.base64(most),
                Coding::Quoted => self.quoted(most),
                Coding::Uu => self.uu(most),
            };
            if !piece.is_empty() {
                return Some(piece);
            }
        }
        None
    }

    fn base64(&mut self, most: usize) -> Vec<u8> {
        let mut out = Vec::with_capacity(most.min(self.rest.len()));
        let mut used = 0;
        for &byte in self.rest {
            if out.len() + 3 > most {
                break;
            }
            used += 1;
            let value = match byte {
                b'A'..=b'Z' => byte - b'A',
                b'a'..=b'z' => byte - b'a' + 26,
                b'0'..=b'9' => byte - b'0' + 52,
                b'+' => 62,
                b'/' => 63,
                b'=' => {
                    self.flush(&mut out);
                    continue;
                }
                b' ' | b'\t' | b'\r' | b'\n' => continue,
                _ => {
                    self.strange += 1;
                    continue;
                }
            };
            self.bits = self.bits << 6 | u32::from(value);
            self.count += 1;
            if self.count == 4 {
                out.extend_from_slice(&self.bits.to_be_bytes()[1..]);
                (self.bits, self.count) = (0, 0);
            }
        }
        self.rest = self.rest.get(used..).unwrap_or_default();
        if self.rest.is_empty() {
            self.flush(&mut out);
        }
        out
    }

    /// What an unfinished group of base64 digits still holds; padding may be missing or early.
    fn flush(&mut self, out: &mut Vec<u8>) {
        match self.count {
            2 => out.push((self.bits >> 4) as u8),
            3 => out.extend_from_slice(&[(self.bits >> 10) as u8, (self.bits >> 2) as u8]),
            _ => {}
        }
        (self.bits, self.count) = (0, 0);
    }

    fn quoted(&mut self, most: usize) -> Vec<u8> {
        let mut out = Vec::with_capacity(most.min(self.rest.len()));
        while out.len() < most
            && let Some((&byte, rest)) = self.rest.split_first()
        {
            self.rest = rest;
            match byte {
                b'=' => match rest {
                    [a, b, after @ ..] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit() => {
                        let digit = |d: u8| (d as char).to_digit(16).unwrap_or(0) as u8;
                        out.push(digit(*a) << 4 | digit(*b));
                        self.rest = after;
                    }
                    _ => {
                        // A soft line break may carry spaces before its line end.
                        let blank = rest
                            .iter()
                            .take_while(|b| matches!(b, b' ' | b'\t'))
                            .count();
                        let after = rest.get(blank..).unwrap_or_default();
                        match after {
                            [b'\r', b'\n', more @ ..] | [b'\n' | b'\r', more @ ..] => {
                                self.rest = more;
                            }
                            [] => self.rest = after,
                            _ => {
                                self.strange += 1;
                                out.push(b'=');
                            }
                        }
                    }
                },
                b' ' | b'\t' => {
                    // Spaces before a line end were added on the way (RFC 2045 6.7 rule 3).
                    let blank = rest
                        .iter()
                        .take_while(|b| matches!(b, b' ' | b'\t'))
                        .count();
                    match rest.get(blank) {
                        Some(b'\r' | b'\n') => self.rest = rest.get(blank..).unwrap_or_default(),
                        _ => {
                            out.push(byte);
                            out.extend_from_slice(rest.get(..blank).unwrap_or_default());
                            self.rest = rest.get(blank..).unwrap_or_default();
                        }
                    }
                }
                _ => out.push(byte),
            }
        }
        out
    }

    fn uu(&mut self, most: usize) -> Vec<u8> {
        let mut out = Vec::new();
        while out.len() < most && !self.rest.is_empty() {
            let end = self.rest.iter().position(|&b| b == b'\n');
            let (line, rest) = self
                .rest
                .split_at(end.map_or(self.rest.len(), |end| end + 1));
            self.rest = rest;
            let line = line.trim_ascii_end();
            if !self.uu_begun && line.starts_with(b"begin ") {
                self.uu_begun = true;
            } else if line == b"end" {
                self.rest = &[];
            } else if line.is_empty() || line == b"`" {
                // The line of length nought before `end`.
            } else {
                uu_line(line, &mut out);
            }
        }
        out
    }
}

/// One line of uuencode: a length and groups of four digits of six bits from U+0020 on.
fn uu_line(line: &[u8], out: &mut Vec<u8>) {
    let value = |b: u8| u32::from(b.wrapping_sub(32) & 63);
    let Some((&first, digits)) = line.split_first() else {
        return;
    };
    let length = value(first) as usize;
    let start = out.len();
    for group in digits.chunks(4) {
        let mut bits = 0;
        for at in 0..4 {
            bits = bits << 6 | group.get(at).map_or(0, |&b| value(b));
        }
        out.extend_from_slice(&bits.to_be_bytes()[1..]);
    }
    out.truncate(start + length);
}

/// Everything at once, for texts and headers.
pub(crate) fn decode(coding: Coding, bytes: &[u8]) -> (Vec<u8>, usize) {
    let mut decoding = Decoding::new(coding, bytes);
    let mut out = Vec::new();
    while let Some(piece) = decoding.next_piece(1 << 20) {
        out.extend_from_slice(&piece);
    }
    (out, decoding.strange)
}

/// A file that stands uuencoded inside a text.
pub(crate) struct UuFile {
    pub(crate) name: Vec<u8>,
    pub(crate) bytes: Vec<u8>,
    /// The `end` line was found.
    pub(crate) whole: bool,
}

/// Takes uuencoded files (`begin 644 name` … `end`) out of a text and gives back the text that
/// remains. Whatever does not look like uuencode line for line stays text.
pub(crate) fn take_uu_files(text: &[u8]) -> (Vec<u8>, Vec<UuFile>) {
    let mut kept = Vec::with_capacity(text.len());
    let mut files = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let line_end = |bytes: &[u8]| {
            bytes
                .iter()
                .position(|&b| b == b'\n')
                .map_or(bytes.len(), |at| at + 1)
        };
        let (line, after) = rest.split_at(line_end(rest));
        if let Some(name) = uu_begin(line) {
            let (mut more, mut bytes, mut whole, mut lines) = (after, Vec::new(), false, 0_usize);
            while !more.is_empty() {
                let (line, next) = more.split_at(line_end(more));
                let trimmed = line.strip_suffix(b"\n").unwrap_or(line);
                let trimmed = trimmed.strip_suffix(b"\r").unwrap_or(trimmed);
                if trimmed.trim_ascii() == b"end" {
                    (more, whole) = (next, true);
                    break;
                }
                if trimmed.is_empty() || trimmed == b"`" || trimmed == b" " {
                    more = next;
                    continue;
                }
                if !is_uu_line(trimmed) {
                    break;
                }
                uu_line(trimmed, &mut bytes);
                (more, lines) = (next, lines + 1);
            }
            if lines > 0 {
                files.push(UuFile {
                    name: name.to_vec(),
                    bytes,
                    whole,
                });
                rest = more;
                continue;
            }
        }
        kept.extend_from_slice(line);
        rest = after;
    }
    (kept, files)
}

fn uu_begin(line: &[u8]) -> Option<&[u8]> {
    let rest = line.strip_prefix(b"begin ")?.trim_ascii();
    let mode = rest
        .iter()
        .take_while(|b| (b'0'..=b'7').contains(b))
        .count();
    let name = rest.get(mode..)?;
    ((3..=5).contains(&mode) && name.first() == Some(&b' ')).then(|| name.trim_ascii())
}

fn is_uu_line(line: &[u8]) -> bool {
    let Some((&first, digits)) = line.split_first() else {
        return false;
    };
    let length = usize::from(first.wrapping_sub(32) & 63);
    let needed = length.div_ceil(3) * 4;
    // Trailing spaces (digits of value nought) are often lost; a check character is often added.
    (33..=96).contains(&first)
        && digits.iter().all(|b| (32..=96).contains(b))
        && digits.len() <= needed + 2
        && digits.len() + 8 >= needed.min(60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(coding: Coding, input: &[u8], want: &[u8]) {
        assert_eq!(decode(coding, input).0, want, "{coding:?}");
        // Any size of piece gives the same.
        let mut decoding = Decoding::new(coding, input);
        let mut out = Vec::new();
        while let Some(piece) = decoding.next_piece(4) {
            out.extend_from_slice(&piece);
        }
        assert_eq!(out, want, "{coding:?} in pieces");
    }

    #[test]
    fn base64_forgives() {
        check(Coding::Base64, b"aGVs\r\nbG8=", b"hello");
        check(Coding::Base64, b"aGVsbG8", b"hello");
        check(Coding::Base64, b"aGVs*bG8=!aGVsbG8=\n--", b"hellohello");
        check(Coding::Base64, b"a", b"");
    }

    #[test]
    fn quoted_printable_forgives() {
        check(Coding::Quoted, b"a=\r\nb=3Dc  \r\nd=", b"ab=c\r\nd");
        check(
            Coding::Quoted,
            b"50=20% =zz e=e9 = \nx",
            b"50 % =zz e\xe9 x",
        );
    }

    #[test]
    fn uuencode_reads() {
        check(Coding::Uu, b"begin 644 a.txt\n#0V%T\n`\nend\n", b"Cat");
        let (text, files) =
            take_uu_files(b"see:\nbegin 644 cat.txt\n#0V%T\n`\nend\nbegin 12 nothing\nbye\n");
        assert_eq!(text, b"see:\nbegin 12 nothing\nbye\n");
        assert_eq!(files.len(), 1);
        assert_eq!(
            (&files[0].name[..], &files[0].bytes[..]),
            (&b"cat.txt"[..], &b"Cat"[..])
        );
        assert!(files[0].whole);
    }

    #[test]
    fn names_of_codings() {
        for (name, want) in [
            ("base64;", Coding::Base64),
            (" \"Base64\"", Coding::Base64),
            ("Quoted-Printable (x)", Coding::Quoted),
            ("7-bit", Coding::Plain),
            ("plain", Coding::Plain),
            ("x-uuencode", Coding::Uu),
        ] {
            assert_eq!(Coding::named(name), want, "{name}");
        }
    }
}
