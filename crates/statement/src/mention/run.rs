//! A sentence as the scanners of numbers and dates walk over it: its tokens without line breaks.

use std::ops::Range;

use crate::text::{Kind, Script, Text, Token};

/// The tokens of one sentence; positions count from 0, and any position may be asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run<'t, 'a> {
    pub(super) text: &'t Text<'a>,
    pub(super) sentence: usize,
    pub(super) block: u32,
    pub(super) script: Script,
    pub(super) heading: bool,
    pub(super) table: bool,
    tokens: &'t [u32],
}

/// Calls `each` with every sentence of the text in order.
pub(super) fn each_run<'a>(text: &Text<'a>, each: impl FnMut(&Run<'_, 'a>)) {
    first_runs(text, text.sentences.len(), each);
}

/// The same for its first sentences only.
pub(super) fn first_runs<'a>(text: &Text<'a>, many: usize, mut each: impl FnMut(&Run<'_, 'a>)) {
    let mut tokens: Vec<u32> = Vec::new();
    for (number, sentence) in text.sentences.iter().enumerate().take(many) {
        tokens.clear();
        tokens.extend(
            sentence
                .tokens
                .clone()
                .filter(|n| text.tokens.get(*n).is_some_and(|t| t.kind != Kind::Break))
                .filter_map(|n| u32::try_from(n).ok()),
        );
        each(&Run {
            text,
            sentence: number,
            block: sentence.block,
            script: sentence.script,
            heading: sentence.heading,
            table: sentence.table,
            tokens: &tokens,
        });
    }
}

impl<'t, 'a> Run<'t, 'a> {
    pub(super) fn len(&self) -> usize {
        self.tokens.len()
    }

    pub(super) fn token(&self, at: usize) -> Option<&'t Token> {
        self.text.tokens.get(*self.tokens.get(at)? as usize)
    }

    pub(super) fn kind(&self, at: usize) -> Option<Kind> {
        self.token(at).map(|t| t.kind)
    }

    /// The token's words in lower case; `""` where there is none.
    pub(super) fn lower(&self, at: usize) -> &'t str {
        self.token(at).map_or("", |t| {
            self.text
                .lower
                .get(t.start as usize..t.end as usize)
                .unwrap_or("")
        })
    }

    pub(super) fn is(&self, at: usize, word: &str) -> bool {
        self.lower(at) == word
    }

    pub(super) fn any(&self, at: usize, words: &[&str]) -> bool {
        let word = self.lower(at);
        !word.is_empty() && words.contains(&word)
    }

    /// The token `back` places before `at`, as a position; past the end where there is none.
    pub(super) fn before(&self, at: usize, back: usize) -> usize {
        at.checked_sub(back).unwrap_or(usize::MAX)
    }

    pub(super) fn digits(&self, at: usize) -> bool {
        self.kind(at) == Some(Kind::Digits)
    }

    pub(super) fn capital(&self, at: usize) -> bool {
        self.token(at).is_some_and(|t| t.capital)
    }

    /// The token stands directly after the one before it, with no space or line break between.
    pub(super) fn glued(&self, at: usize) -> bool {
        let follows = at
            .checked_sub(1)
            .and_then(|before| self.tokens.get(before))
            .zip(self.tokens.get(at))
            .is_some_and(|(before, this)| before + 1 == *this);
        follows && self.token(at).is_some_and(|t| !t.spaced)
    }

    /// From the first token's start to the last one's end.
    pub(super) fn bytes(&self, tokens: Range<usize>) -> Range<u32> {
        let start = self.token(tokens.start).map_or(0, |t| t.start);
        let end = tokens
            .end
            .checked_sub(1)
            .and_then(|last| self.token(last))
            .map_or(start, |t| t.end);
        start..end.max(start)
    }

    /// The longest of `phrases` (words parted by one space, lower case) that ends right before
    /// `at` without reaching before `floor`: where it begins, and its value.
    pub(super) fn phrase_before<'p, V>(
        &self,
        at: usize,
        floor: usize,
        phrases: &'p [(&str, V)],
    ) -> Option<(usize, &'p V)> {
        let last = at.checked_sub(1).filter(|last| *last >= floor)?;
        let word = self.lower(last);
        let mut found: Option<(usize, &'p V)> = None;
        for (phrase, value) in phrases {
            if !phrase.ends_with(word) {
                continue;
            }
            let mut start = at;
            let fits = phrase.rsplit(' ').all(|word| {
                start > floor && {
                    start -= 1;
                    self.is(start, word)
                }
            });
            if fits && found.is_none_or(|(begin, _)| start < begin) {
                found = Some((start, value));
            }
        }
        found
    }

    /// The longest of `phrases` that begins at `at`: where it ends, and its value.
    pub(super) fn phrase_at<'p, V>(
        &self,
        at: usize,
        phrases: &'p [(&str, V)],
    ) -> Option<(usize, &'p V)> {
        let word = self.lower(at);
        if word.is_empty() {
            return None;
        }
        let mut found: Option<(usize, &'p V)> = None;
        for (phrase, value) in phrases {
            if !phrase.starts_with(word) {
                continue;
            }
            let mut end = at;
            let fits = phrase.split(' ').all(|word| {
                let same = self.is(end, word);
                end += 1;
                same
            });
            if fits && found.is_none_or(|(longest, _)| end > longest) {
                found = Some((end, value));
            }
        }
        found
    }
}
