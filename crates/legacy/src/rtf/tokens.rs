//! The syntax of RTF: groups, control words, bytes.

/// One token of an RTF stream (RTF 1.9.1, "Basic entities").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    Open,
    Close,
    /// A control word, lower and upper case as written, with its number.
    Word(&'a [u8], Option<i32>),
    /// A control symbol: `\~`, `\*` …
    Symbol(u8),
    /// `\'hh`, one byte of text.
    Hex(u8),
    /// Bytes of text up to the next `\`, brace or line break.
    Text(&'a [u8]),
    /// The bytes after `\bin`; fewer than it says if the file ends.
    Bin(&'a [u8], bool),
}

pub(super) struct Tokens<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Tokens<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// The bytes not yet read.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or(&[])
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn run(&mut self, most: usize, accept: impl Fn(u8) -> bool) -> &'a [u8] {
        let rest = self.bytes.get(self.at..).unwrap_or(&[]);
        let length = rest.iter().take(most).take_while(|&&b| accept(b)).count();
        self.at += length;
        rest.get(..length).unwrap_or(&[])
    }

    fn word(&mut self) -> Token<'a> {
        let word = self.run(64, |b| b.is_ascii_alphabetic());
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        let digits = self.run(12, |b| b.is_ascii_digit());
        let number = if digits.is_empty() {
            self.at = start;
            None
        } else {
            let signed = self.bytes.get(start..self.at).unwrap_or(&[]);
            let value = std::str::from_utf8(signed)
                .ok()
                .and_then(|s| s.parse::<i64>().ok());
            let clamped = value.unwrap_or(0).clamp(i32::MIN.into(), i32::MAX.into());
            Some(i32::try_from(clamped).unwrap_or(0))
        };
        if self.peek() == Some(b' ') {
            self.at += 1;
        }
        if word == b"bin" {
            let asked = usize::try_from(number.unwrap_or(0)).unwrap_or(0);
            let rest = self.bytes.get(self.at..).unwrap_or(&[]);
            let data = rest.get(..asked).unwrap_or(rest);
            self.at += data.len();
            return Token::Bin(data, data.len() == asked);
        }
        Token::Word(word, number)
    }
}

pub(super) fn nibble(byte: u8) -> Option<u8> {
    (byte as char)
        .to_digit(16)
        .and_then(|d| u8::try_from(d).ok())
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let byte = self.peek()?;
            match byte {
                b'{' => {
                    self.at += 1;
                    return Some(Token::Open);
                }
                b'}' => {
                    self.at += 1;
                    return Some(Token::Close);
                }
                b'\r' | b'\n' | 0 => self.at += 1,
                b'\\' => {
                    self.at += 1;
                    let next = self.peek()?;
                    if next.is_ascii_alphabetic() {
                        return Some(self.word());
                    }
                    self.at += 1;
                    if next != b'\'' {
                        return Some(Token::Symbol(next));
                    }
                    let high = self.peek().and_then(nibble);
                    let low = self.bytes.get(self.at + 1).copied().and_then(nibble);
                    match (high, low) {
                        (Some(high), Some(low)) => {
                            self.at += 2;
                            return Some(Token::Hex(high << 4 | low));
                        }
                        // One digit, or none: Word takes what is there and goes on.
                        (Some(high), None) => {
                            self.at += 1;
                            return Some(Token::Hex(high));
                        }
                        _ => {}
                    }
                }
                _ => {
                    let stops = |b| matches!(b, b'{' | b'}' | b'\\' | b'\r' | b'\n' | 0);
                    return Some(Token::Text(self.run(usize::MAX, |b| !stops(b))));
                }
            }
        }
    }
}
