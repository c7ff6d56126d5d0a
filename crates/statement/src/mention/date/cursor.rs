//! A place in Chinese or Korean text from which words are eaten one by one.

use crate::mention::number::han_number;

#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'a> {
    pub(super) rest: &'a str,
    /// Bytes eaten.
    pub(super) len: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(rest: &'a str) -> Self {
        Self { rest, len: 0 }
    }

    fn skip(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or("");
        self.len += bytes;
    }

    pub(super) fn eat(&mut self, word: &str) -> bool {
        let fits = self.rest.starts_with(word);
        if fits {
            self.skip(word.len());
        }
        fits
    }

    /// Eats the first of `words` that stands here (longer ones must come first).
    pub(super) fn eat_any(&mut self, words: &[&str]) -> bool {
        words.iter().any(|word| self.eat(word))
    }

    /// Eats the first word of a table that stands here, and gives what it says.
    pub(super) fn table<V: Copy>(&mut self, words: &[(&str, V)]) -> Option<V> {
        let (word, value) = words.iter().find(|(word, _)| self.rest.starts_with(word))?;
        self.skip(word.len());
        Some(*value)
    }

    /// Eats one space or line break, if there is one.
    pub(super) fn space(&mut self) {
        if let Some(c @ (' ' | '\n' | '\u{3000}' | '\u{a0}')) = self.rest.chars().next() {
            self.skip(c.len_utf8());
        }
    }

    /// Eats up to `longest` Arabic digits: their value and how many; nothing if more stand there.
    pub(super) fn digits(&mut self, longest: usize) -> Option<(i32, usize)> {
        let (mut value, mut count, mut bytes) = (0_i32, 0, 0);
        for c in self.rest.chars().take(longest + 1) {
            let digit = match c {
                '0'..='9' => u32::from(c) - u32::from('0'),
                '０'..='９' => u32::from(c) - u32::from('０'),
                _ => break,
            };
            value = value
                .saturating_mul(10)
                .saturating_add(i32::try_from(digit).unwrap_or(0));
            count += 1;
            bytes += c.len_utf8();
        }
        if count == 0 || count > longest {
            return None;
        }
        self.skip(bytes);
        Some((value, count))
    }

    /// A number below a hundred in Arabic digits or Han numerals.
    pub(super) fn small(&mut self) -> Option<i32> {
        if let Some((value, _)) = self.digits(2) {
            return Some(value);
        }
        let (bytes, value) = han_number(self.rest)?;
        if value >= 100 {
            return None;
        }
        self.skip(bytes);
        Some(value)
    }

    pub(super) fn is(&self, word: &str) -> bool {
        self.rest.starts_with(word)
    }

    pub(super) fn is_any(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.is(word))
    }
}
