//! A text cut into tokens, blocks and sentences, with the way from bytes to characters.
//!
//! Everything inside this crate works on *bytes* of one text; what leaves it is in characters
//! (Unicode scalar values). A token carries both, so the way out costs a search and a short walk.

use std::ops::Range;

use casefile::Block;
use casefile::BlockKind;
use casefile::statement::Quote;

/// What a token is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    /// A word in letters with inner apostrophes cut off: `China`, `'s`, `n't`, `Jong`, `-`, `un`.
    Word,
    /// A run of digits with inner grouping and decimal marks: `2,000`, `3.5`, `30` (ASCII or full width).
    Digits,
    /// A maximal run of Han characters.
    Han,
    /// A maximal run of Hangul syllables (without the space that would end an eojeol).
    Hangul,
    /// Kana and other scripts' letters.
    Other,
    /// One punctuation mark or symbol.
    Mark,
    /// A line break that does not end a block.
    Break,
}

/// One token. Offsets are bytes of the text, `at` is the character offset of its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) at: u32,
    pub(crate) kind: Kind,
    /// First letter is upper case.
    pub(crate) capital: bool,
    /// All letters are upper case and there are at least two.
    pub(crate) shouted: bool,
    /// White space (or the text's start) stands before it.
    pub(crate) spaced: bool,
    /// [`word_hash`] of the token in lower case; equal words have equal hashes.
    pub(crate) hash: u32,
}

/// The script that a sentence is mainly written in; it decides which rules read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Script {
    Latin,
    Han,
    Hangul,
}

/// A sentence: a run of tokens inside one block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sentence {
    pub(crate) tokens: Range<usize>,
    /// Which block it stands in, counted from 0 through the text.
    pub(crate) block: u32,
    pub(crate) heading: bool,
    /// A row of a table or another block whose parts are no sentence.
    pub(crate) table: bool,
    pub(crate) script: Script,
    /// Its first token begins inside a quotation that an earlier sentence opened.
    pub(crate) inside_quotation: bool,
}

/// A cut text. `lower` has the same length and offsets as `raw` (ASCII letters lowered, other
/// letters lowered where their length in bytes stays the same).
#[derive(Debug)]
pub(crate) struct Text<'a> {
    pub(crate) raw: &'a str,
    pub(crate) lower: String,
    pub(crate) tokens: Vec<Token>,
    pub(crate) sentences: Vec<Sentence>,
    /// Byte ranges between matching quotation marks (marks left out), in order; a quotation that
    /// nothing closes ends with its paragraph.
    pub(crate) quotations: Vec<Range<u32>>,
    /// Characters before each [`STRIDE`]th byte: a token may be megabytes long.
    characters: Vec<u32>,
}

/// Bytes between two places of which the character is known.
const STRIDE: usize = 256;

/// How many characters begin in `bytes`.
fn begun(bytes: &[u8]) -> u32 {
    let begins = |byte: &&u8| **byte & 0xC0 != 0x80;
    u32::try_from(bytes.iter().filter(begins).count()).unwrap_or(u32::MAX)
}

fn characters(raw: &str) -> Vec<u32> {
    raw.as_bytes()
        .chunks(STRIDE)
        .scan(0_u32, |before, chunk| {
            let at = *before;
            *before = at.saturating_add(begun(chunk));
            Some(at)
        })
        .collect()
}

/// FNV-1a over bytes, 32 bits: small, and good enough to choose a bucket; entries compare words too.
pub(crate) const fn word_hash(word: &[u8]) -> u32 {
    let mut hash = 0x811c_9dc5_u32;
    let mut at = 0;
    while at < word.len() {
        hash ^= word[at] as u32;
        hash = hash.wrapping_mul(0x0100_0193);
        at += 1;
    }
    hash
}

pub(crate) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{323AF}' | '々' | '〇')
}

pub(crate) fn is_hangul(c: char) -> bool {
    matches!(c, '\u{AC00}'..='\u{D7A3}' | '\u{1100}'..='\u{11FF}' | '\u{3130}'..='\u{318F}')
}

/// No figure is longer, in bytes: looking back over megabytes of digits at each mark is quadratic.
const LONGEST_FIGURE: usize = 64;

/// How many marks in a row are looked at as one end of a sentence.
const ROW: usize = 16;

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '０'..='９')
}

impl<'a> Text<'a> {
    /// Cuts `raw`. `blocks` give paragraphs and headings where they are known (spans in
    /// characters, ascending); otherwise blank lines and the look of lines decide.
    pub(crate) fn new(raw: &'a str, blocks: &[Block]) -> Self {
        let mut text = Self::words(raw);
        let blocks = if blocks.is_empty() {
            text.blocks_by_look()
        } else {
            text.blocks_given(blocks)
        };
        text.cut_quotations(&blocks);
        text.cut_sentences(&blocks);
        text
    }

    /// Cuts `raw` into tokens alone: no sentences, no quotations.
    pub(crate) fn words(raw: &'a str) -> Self {
        let lower = lowered(raw);
        let tokens = tokens(raw, &lower);
        Self {
            raw,
            lower,
            tokens,
            sentences: Vec::new(),
            quotations: Vec::new(),
            characters: characters(raw),
        }
    }

    /// The token's words as they stand.
    pub(crate) fn word(&self, token: usize) -> &'a str {
        self.tokens.get(token).map_or("", |t| {
            self.raw.get(t.start as usize..t.end as usize).unwrap_or("")
        })
    }

    /// The token in lower case.
    pub(crate) fn lower(&self, token: usize) -> &str {
        self.tokens.get(token).map_or("", |t| {
            self.lower
                .get(t.start as usize..t.end as usize)
                .unwrap_or("")
        })
    }

    /// The bytes of a range, `""` if it does not lie inside.
    pub(crate) fn slice(&self, bytes: Range<u32>) -> &'a str {
        self.raw
            .get(bytes.start as usize..bytes.end as usize)
            .unwrap_or("")
    }

    /// From the first token's start to the last token's end, in bytes.
    pub(crate) fn bytes(&self, tokens: Range<usize>) -> Range<u32> {
        let start = self.tokens.get(tokens.start).map_or(0, |t| t.start);
        let end = tokens
            .end
            .checked_sub(1)
            .and_then(|last| self.tokens.get(last))
            .map_or(start, |t| t.end);
        start..end.max(start)
    }

    /// The first token that ends after `byte`.
    pub(crate) fn token_at(&self, byte: u32) -> usize {
        self.tokens.partition_point(|t| t.end <= byte)
    }

    /// The tokens that a range of bytes touches.
    pub(crate) fn tokens_of(&self, bytes: Range<u32>) -> Range<usize> {
        let first = self.token_at(bytes.start);
        let end = first
            + self
                .tokens
                .get(first..)
                .unwrap_or(&[])
                .partition_point(|t| t.start < bytes.end);
        first..end
    }

    /// The character offset of a byte offset.
    pub(crate) fn char_at(&self, byte: u32) -> u32 {
        let byte = (byte as usize).min(self.raw.len());
        let stride = byte / STRIDE;
        let Some(before) = self.characters.get(stride) else {
            // The end of a text that fills its last stride.
            let last = self.characters.last().copied().unwrap_or(0);
            let from = self.raw.len().saturating_sub(STRIDE);
            return last + begun(self.raw.as_bytes().get(from..).unwrap_or(&[]));
        };
        let between = self.raw.as_bytes().get(stride * STRIDE..byte);
        before + begun(between.unwrap_or(&[]))
    }

    /// The words at a range of bytes with their place in characters.
    pub(crate) fn quote(&self, bytes: Range<u32>) -> Quote {
        let text = self.slice(bytes.clone());
        let start = self.char_at(bytes.start);
        Quote {
            text: text.to_owned(),
            start,
            end: start + u32::try_from(text.chars().count()).unwrap_or(0),
        }
    }

    /// The sentence that a byte stands in.
    pub(crate) fn sentence_at(&self, byte: u32) -> Option<usize> {
        let token = self.token_at(byte);
        let at = self
            .sentences
            .partition_point(|sentence| sentence.tokens.end <= token);
        self.sentences
            .get(at)
            .filter(|sentence| sentence.tokens.start <= token)
            .map(|_| at)
    }

    /// Whether a byte stands inside a quotation.
    pub(crate) fn quotation_at(&self, byte: u32) -> Option<Range<u32>> {
        let at = self.quotations.partition_point(|q| q.end <= byte);
        self.quotations.get(at).filter(|q| q.start <= byte).cloned()
    }

    fn blocks_given(&self, blocks: &[Block]) -> Vec<Cut> {
        let mut cuts = Vec::with_capacity(blocks.len());
        let mut next = 0;
        for block in blocks {
            let start = next
                + self
                    .tokens
                    .get(next..)
                    .unwrap_or(&[])
                    .partition_point(|t| t.at < block.span.start);
            let end = start
                + self
                    .tokens
                    .get(start..)
                    .unwrap_or(&[])
                    .partition_point(|t| t.at < block.span.end);
            // Text between two blocks must not be lost.
            if start > next {
                cuts.push(Cut {
                    tokens: next..start,
                    heading: false,
                    table: false,
                });
            }
            if end > start {
                cuts.push(Cut {
                    tokens: start..end,
                    heading: matches!(block.kind, BlockKind::Heading(_)),
                    table: matches!(block.kind, BlockKind::TableRow | BlockKind::Margin),
                });
            }
            next = end.max(next);
        }
        if next < self.tokens.len() {
            cuts.push(Cut {
                tokens: next..self.tokens.len(),
                heading: false,
                table: false,
            });
        }
        cuts
    }

    /// Blocks of a text that comes without: blank lines part them; a line is one of its own where
    /// it looks like a heading (short, no end mark, and the next line begins anew) or where the
    /// lines are not wrapped ones (a paragraph a line).
    fn blocks_by_look(&self) -> Vec<Cut> {
        let mut cuts = Vec::new();
        let mut lines: Vec<Line> = Vec::new();
        let mut at = 0;
        let flush = |lines: &mut Vec<Line>, cuts: &mut Vec<Cut>, text: &Self| {
            text.join_lines(lines, cuts);
            lines.clear();
        };
        let mut blank_before = false;
        while at < self.tokens.len() {
            let line_end = at
                + self
                    .tokens
                    .get(at..)
                    .unwrap_or(&[])
                    .iter()
                    .take_while(|t| t.kind != Kind::Break)
                    .count();
            if blank_before {
                flush(&mut lines, &mut cuts, self);
            }
            if line_end > at {
                lines.push(Line {
                    tokens: at..line_end,
                });
            }
            let breaks_end = line_end
                + self
                    .tokens
                    .get(line_end..)
                    .unwrap_or(&[])
                    .iter()
                    .take_while(|t| t.kind == Kind::Break)
                    .count();
            blank_before = breaks_end > line_end + 1;
            at = breaks_end;
        }
        flush(&mut lines, &mut cuts, self);
        cuts
    }

    fn join_lines(&self, lines: &[Line], cuts: &mut Vec<Cut>) {
        let width = |line: &Line| {
            let bytes = self.bytes(line.tokens.clone());
            self.slice(bytes)
                .chars()
                .map(|c| if is_han(c) || is_hangul(c) { 2 } else { 1 })
                .sum::<usize>()
        };
        let widths: Vec<usize> = lines.iter().map(width).collect();
        // Wrapped lines are about equally long; where the longest is beyond any page's width the
        // lines are paragraphs.
        let longest = widths.iter().copied().max().unwrap_or(0);
        let wrapped = lines.len() > 1 && longest <= 132;
        let mut open: Option<Range<usize>> = None;
        for (n, line) in lines.iter().enumerate() {
            let this = widths.get(n).copied().unwrap_or(0);
            let ends = self.ends_sentence(line.tokens.end);
            let next_new = lines
                .get(n + 1)
                .is_none_or(|next| self.begins_anew(next.tokens.start));
            let short = this * 10 < longest * 7;
            let joined = match open.take() {
                None => line.tokens.clone(),
                Some(open) => open.start..line.tokens.end,
            };
            let alone = joined.start == line.tokens.start;
            let heading = alone && !ends && this <= 100 && next_new && (short || !wrapped);
            if heading {
                cuts.push(Cut {
                    tokens: joined,
                    heading: true,
                    table: false,
                });
            } else if !wrapped || (ends && short && next_new) || n + 1 == lines.len() {
                cuts.push(Cut {
                    tokens: joined,
                    heading: false,
                    table: false,
                });
            } else {
                open = Some(joined);
            }
        }
    }

    fn ends_sentence(&self, end: usize) -> bool {
        let mut at = end;
        while let Some(last) = at.checked_sub(1) {
            let word = self.word(last);
            match word {
                "\"" | "”" | "’" | "'" | ")" | "]" | "」" | "』" | "》" | "〉" | "）" => {
                    at = last
                }
                "." | "!" | "?" | "。" | "！" | "？" | "…" | ":" | ";" | "：" | "；" | ","
                | "，" | "、" => return true,
                _ => return false,
            }
        }
        false
    }

    fn begins_anew(&self, start: usize) -> bool {
        self.tokens.get(start).is_some_and(|t| match t.kind {
            Kind::Word => t.capital,
            Kind::Mark => !matches!(self.word(start), "," | "." | ")" | "，" | "。"),
            _ => true,
        })
    }

    fn cut_quotations(&mut self, blocks: &[Cut]) {
        let mut found = Vec::new();
        for block in blocks {
            let mut open: Option<(u32, &str)> = None;
            for n in block.tokens.clone() {
                let Some(token) = self.tokens.get(n).copied() else {
                    break;
                };
                if token.kind != Kind::Mark {
                    continue;
                }
                let mark = self.word(n);
                match open {
                    None => {
                        let closes = match mark {
                            "“" | "\"" | "„" => "”",
                            "「" => "」",
                            "『" => "』",
                            _ => continue,
                        };
                        open = Some((token.end, closes));
                    }
                    Some((start, closes)) => {
                        let ends = match closes {
                            "”" => matches!(mark, "”" | "\""),
                            closes => mark == closes,
                        };
                        if ends {
                            found.push(start..token.start);
                            open = None;
                        }
                    }
                }
            }
            if let Some((start, _)) = open {
                let end = self.bytes(block.tokens.clone()).end;
                if end > start {
                    found.push(start..end);
                }
            }
        }
        self.quotations = found;
    }

    fn cut_sentences(&mut self, blocks: &[Cut]) {
        let mut sentences = Vec::new();
        for (number, block) in blocks.iter().enumerate() {
            let mut start = block.tokens.start;
            let mut at = start;
            while at < block.tokens.end {
                let end = self.sentence_end(at, block.tokens.end);
                if let Some(end) = end {
                    self.push_sentence(&mut sentences, start..end, number, block);
                    start = end;
                    at = end;
                } else {
                    at += 1;
                }
            }
            self.push_sentence(&mut sentences, start..block.tokens.end, number, block);
        }
        self.sentences = sentences;
    }

    fn push_sentence(
        &self,
        into: &mut Vec<Sentence>,
        tokens: Range<usize>,
        block: usize,
        cut: &Cut,
    ) {
        let mut tokens = tokens;
        while tokens.start < tokens.end
            && self
                .tokens
                .get(tokens.start)
                .is_some_and(|t| t.kind == Kind::Break)
        {
            tokens.start += 1;
        }
        while tokens.start < tokens.end
            && self
                .tokens
                .get(tokens.end - 1)
                .is_some_and(|t| t.kind == Kind::Break)
        {
            tokens.end -= 1;
        }
        if tokens.is_empty() {
            return;
        }
        let (mut han, mut hangul, mut latin) = (0_u32, 0_u32, 0_u32);
        for token in self.tokens.get(tokens.clone()).unwrap_or(&[]) {
            let size = token.end - token.start;
            match token.kind {
                Kind::Han => han += size,
                Kind::Hangul => hangul += size,
                Kind::Word => latin += size,
                _ => {}
            }
        }
        // A syllable or character of three bytes says as much as a short Latin word.
        let script = if hangul > 0 && hangul >= han && hangul * 2 >= latin {
            Script::Hangul
        } else if han > 0 && han * 2 >= latin {
            Script::Han
        } else {
            Script::Latin
        };
        let first = self.tokens.get(tokens.start).map_or(0, |t| t.start);
        let inside_quotation = self.quotation_at(first).is_some_and(|q| q.start < first);
        into.push(Sentence {
            tokens,
            block: u32::try_from(block).unwrap_or(u32::MAX),
            heading: cut.heading,
            table: cut.table,
            script,
            inside_quotation,
        });
    }

    /// Where the sentence that `at` closes ends, if `at` closes one.
    fn sentence_end(&self, at: usize, limit: usize) -> Option<usize> {
        let mark = self.word(at);
        let wide = matches!(mark, "。" | "！" | "？");
        if !wide && !matches!(mark, "." | "!" | "?" | "…") {
            return None;
        }
        let mut end = at + 1;
        // Looking further ahead from each mark of a long row would be quadratic; the last of the row
        // see the same end as the first would.
        let far = limit.min(at + ROW);
        while end < far && matches!(self.word(end), "." | "!" | "?" | "。" | "！" | "？") {
            end += 1;
        }
        let marks_end = end;
        // Closing marks and footnote digits belong to the sentence before.
        while end < limit
            && matches!(
                self.word(end),
                "\"" | "”" | "’" | "'" | ")" | "]" | "」" | "』" | "）" | "》"
            )
        {
            if !wide && self.tokens.get(end).is_some_and(|t| t.spaced) {
                break;
            }
            end += 1;
        }
        if wide {
            return Some(end);
        }
        if mark == "."
            && marks_end == at + 1
            && (self.is_abbreviation(at, end) || self.in_dotted_date(at))
        {
            return None;
        }
        let mut next = end;
        // A footnote in brackets: "in 2019.[12] South".
        if self.word(next) == "["
            && self.tokens.get(next).is_some_and(|t| !t.spaced)
            && self
                .tokens
                .get(next + 1)
                .is_some_and(|t| t.kind == Kind::Digits)
            && self.word(next + 2) == "]"
        {
            next += 3;
            end = next;
        }
        // A footnote number glued to the full stop: "repatriated.12 The".
        if self
            .tokens
            .get(next)
            .is_some_and(|t| t.kind == Kind::Digits && !t.spaced && t.end - t.start <= 3)
            && self
                .tokens
                .get(next + 1)
                .is_none_or(|t| t.spaced || t.kind == Kind::Break)
            && self
                .tokens
                .get(at.wrapping_sub(1))
                .is_none_or(|t| t.kind != Kind::Digits)
        {
            next += 1;
            end = next;
        }
        while next < limit && self.tokens.get(next).is_some_and(|t| t.kind == Kind::Break) {
            next += 1;
        }
        let Some(token) = self.tokens.get(next).filter(|_| next < limit) else {
            return Some(end);
        };
        let parted = token.spaced || next > end;
        if !parted && !matches!(token.kind, Kind::Han | Kind::Hangul) {
            // "U.S.supply", "e.g.this", "cecc.gov": no space, no sentence.
            return None;
        }
        let begins = match token.kind {
            Kind::Word => token.capital || !matches!(mark, "."),
            Kind::Mark => !matches!(self.word(next), "," | ";" | ")"),
            _ => true,
        };
        begins.then_some(end)
    }

    /// Whether the full stop at `at` stands in a date written "2023. 10. 9.", as Korean does.
    fn in_dotted_date(&self, at: usize) -> bool {
        let group = |at: usize| match self.tokens.get(at) {
            Some(t) if t.kind == Kind::Digits => (t.end - t.start) as usize,
            _ => 0,
        };
        let dot =
            |at: usize| self.word(at) == "." && !self.tokens.get(at).is_some_and(|t| t.spaced);
        let date_from = |year: usize| {
            group(year) == 4
                && dot(year + 1)
                && matches!(group(year + 2), 1 | 2)
                && dot(year + 3)
                && matches!(group(year + 4), 1 | 2)
        };
        // The stop behind the year, the month, or the day with the sentence going on.
        at.checked_sub(1).is_some_and(date_from)
            || at.checked_sub(3).is_some_and(date_from)
            || (at.checked_sub(5).is_some_and(date_from)
                && self
                    .tokens
                    .get(at + 1)
                    .is_some_and(|t| t.kind == Kind::Hangul))
    }

    /// Whether the full stop at `at` ends an abbreviation rather than a sentence.
    fn is_abbreviation(&self, at: usize, after: usize) -> bool {
        let Some(before) = at.checked_sub(1) else {
            return false;
        };
        let Some(token) = self.tokens.get(before) else {
            return false;
        };
        if self.tokens.get(at).is_some_and(|t| t.spaced) || token.kind != Kind::Word {
            return false;
        }
        let next_lower = self
            .tokens
            .get(after)
            .is_some_and(|t| t.kind == Kind::Word && !t.capital && t.spaced);
        let word = self.lower(before);
        let title = matches!(
            word,
            "mr" | "mrs"
                | "ms"
                | "dr"
                | "prof"
                | "sen"
                | "rep"
                | "gen"
                | "col"
                | "lt"
                | "sgt"
                | "capt"
                | "maj"
                | "gov"
                | "hon"
                | "rev"
                | "fr"
                | "st"
                | "amb"
                | "messrs"
                | "mme"
                | "no"
                | "nos"
                | "vs"
                | "art"
                | "arts"
                | "sec"
                | "para"
                | "paras"
                | "cf"
                | "fig"
                | "vol"
                | "pp"
                | "approx"
                | "ca"
                | "est"
                | "e.g"
                | "i.e"
                | "viz"
                | "p"
                | "ch"
                | "chap"
                | "res"
                | "op"
        );
        if title {
            // "No." ends a sentence as an answer: only a number after it makes it "number".
            return !matches!(
                word,
                "no" | "nos"
                    | "art"
                    | "sec"
                    | "est"
                    | "para"
                    | "fig"
                    | "p"
                    | "ch"
                    | "chap"
                    | "res"
                    | "op"
            ) || self
                .tokens
                .get(after)
                .is_some_and(|t| t.kind == Kind::Digits || (t.kind == Kind::Word && !t.capital));
        }
        if next_lower {
            return true;
        }
        let letters = token.end - token.start;
        if letters == 1 && token.capital {
            // An initial ("Kim J. Un"), or the end of "U.S." before a capital: "U.S. Congress" goes
            // on, "in the U.S. The" does not.
            let dotted = before.checked_sub(1).is_some_and(|dot| {
                self.word(dot) == "." && !self.tokens.get(before).is_some_and(|t| t.spaced)
            });
            if !dotted {
                return true;
            }
            return !self.begins_sentence_word(after);
        }
        let company = matches!(word, "co" | "corp" | "inc" | "ltd" | "jr" | "sr" | "bros");
        let month = matches!(
            word,
            "jan"
                | "feb"
                | "mar"
                | "apr"
                | "jun"
                | "jul"
                | "aug"
                | "sep"
                | "sept"
                | "oct"
                | "nov"
                | "dec"
        );
        if month {
            return self
                .tokens
                .get(after)
                .is_some_and(|t| t.kind == Kind::Digits);
        }
        company && !self.begins_sentence_word(after)
    }

    /// A capital word that usually opens a sentence rather than goes on a name.
    fn begins_sentence_word(&self, at: usize) -> bool {
        matches!(
            self.lower(at),
            "the"
                | "a"
                | "an"
                | "this"
                | "these"
                | "those"
                | "that"
                | "it"
                | "its"
                | "he"
                | "she"
                | "they"
                | "we"
                | "i"
                | "you"
                | "in"
                | "on"
                | "at"
                | "by"
                | "for"
                | "from"
                | "after"
                | "before"
                | "since"
                | "until"
                | "during"
                | "as"
                | "and"
                | "but"
                | "however"
                | "there"
                | "their"
                | "his"
                | "her"
                | "our"
                | "no"
                | "some"
                | "many"
                | "most"
                | "all"
                | "according"
                | "while"
                | "when"
                | "if"
                | "once"
                | "both"
                | "one"
                | "two"
                | "such"
                | "with"
                | "under"
                | "also"
        )
    }
}

struct Line {
    tokens: Range<usize>,
}

struct Cut {
    tokens: Range<usize>,
    heading: bool,
    table: bool,
}

fn lowered(raw: &str) -> String {
    if raw.is_ascii() {
        return raw.to_ascii_lowercase();
    }
    let mut lower = String::with_capacity(raw.len());
    for c in raw.chars() {
        if c.is_ascii() {
            lower.push(c.to_ascii_lowercase());
            continue;
        }
        let mut folded = c.to_lowercase();
        match (folded.next(), folded.next()) {
            (Some(one), None) if one.len_utf8() == c.len_utf8() => lower.push(one),
            _ => lower.push(c),
        }
    }
    lower
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Space,
    Break,
    Letter,
    Digit,
    Han,
    Hangul,
    Other,
    Mark,
    /// Invisible: neither a token nor a space.
    Nothing,
}

fn class(c: char) -> Class {
    match c {
        'a'..='z' | 'A'..='Z' => Class::Letter,
        '0'..='9' | '０'..='９' => Class::Digit,
        '\n' | '\u{2028}' | '\u{2029}' | '\u{0C}' => Class::Break,
        '\u{200B}'
        | '\u{200E}'
        | '\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2066}'..='\u{2069}'
        | '\u{FEFF}' => Class::Nothing,
        c if c.is_whitespace() => Class::Space,
        c if c.is_ascii() => {
            if c.is_ascii_control() {
                Class::Space
            } else {
                Class::Mark
            }
        }
        c if is_han(c) => Class::Han,
        c if is_hangul(c) => Class::Hangul,
        '\u{3040}'..='\u{30FF}' => Class::Other,
        // Latin with its supplements, Greek, Cyrillic and combining marks make words.
        '\u{00AD}' | '\u{0300}'..='\u{036F}' => Class::Letter,
        c if c.is_alphabetic() => {
            if (c as u32) < 0x0530 || matches!(c, '\u{1E00}'..='\u{1FFF}') {
                Class::Letter
            } else {
                Class::Other
            }
        }
        _ => Class::Mark,
    }
}

/// Cuts a text into tokens: linear, and total (whatever is not space is in some token).
fn tokens(raw: &str, lower: &str) -> Vec<Token> {
    let mut found: Vec<Token> = Vec::with_capacity(raw.len() / 5 + 8);
    let mut chars = raw.char_indices().peekable();
    let mut at = 0_u32;
    let mut spaced = true;
    let len = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    while let Some((start, c)) = chars.next() {
        let first_at = at;
        at += 1;
        let kind = match class(c) {
            Class::Space => {
                spaced = true;
                continue;
            }
            Class::Nothing => continue,
            Class::Break => {
                found.push(Token {
                    start: len(start),
                    end: len(start + c.len_utf8()),
                    at: first_at,
                    kind: Kind::Break,
                    capital: false,
                    shouted: false,
                    spaced,
                    hash: 0,
                });
                spaced = true;
                continue;
            }
            Class::Letter => Kind::Word,
            Class::Digit => Kind::Digits,
            Class::Han => Kind::Han,
            Class::Hangul => Kind::Hangul,
            Class::Other => Kind::Other,
            Class::Mark => Kind::Mark,
        };
        let mut end = start + c.len_utf8();
        let (mut letters, mut capitals) = (1_u32, u32::from(c.is_uppercase()));
        let mut apostrophe_s = false;
        if kind == Kind::Mark && matches!(c, '\'' | '’') && !spaced {
            // The possessive is a token of its own: 's after a letter.
            if let Some(&(s_at, s)) = chars.peek()
                && matches!(s, 's' | 'S')
                && !raw
                    .get(s_at + 1..)
                    .and_then(|rest| rest.chars().next())
                    .is_some_and(|n| class(n) == Class::Letter)
            {
                chars.next();
                at += 1;
                end = s_at + 1;
                apostrophe_s = true;
            }
        }
        if kind != Kind::Mark {
            while let Some(&(next_at, next)) = chars.peek() {
                let same = match kind {
                    Kind::Word => class(next) == Class::Letter,
                    Kind::Digits => {
                        is_digit(next)
                            || (matches!(next, ',' | '.' | '，' | '．')
                                && raw.get(next_at + next.len_utf8()..).is_some_and(|rest| {
                                    grouping_goes_on(raw, start, next_at, next, rest)
                                }))
                    }
                    Kind::Han => class(next) == Class::Han,
                    Kind::Hangul => class(next) == Class::Hangul,
                    Kind::Other => class(next) == Class::Other,
                    Kind::Mark | Kind::Break => false,
                };
                if !same {
                    break;
                }
                chars.next();
                at += 1;
                end = next_at + next.len_utf8();
                if kind == Kind::Word {
                    letters += 1;
                    capitals += u32::from(next.is_uppercase());
                }
            }
        }
        let hash = word_hash(lower.as_bytes().get(start..end).unwrap_or(&[]));
        found.push(Token {
            start: len(start),
            end: len(end),
            at: first_at,
            kind: if apostrophe_s { Kind::Mark } else { kind },
            capital: kind == Kind::Word && c.is_uppercase(),
            shouted: kind == Kind::Word && letters >= 2 && capitals == letters,
            spaced,
            hash,
        });
        spaced = false;
    }
    found
}

/// Whether pairs of digits lead to a last group of three ("75,000", "75,00,000").
fn ends_a_lakh(rest: &str) -> bool {
    let end = rest
        .find(|c: char| !is_digit(c) && c != ',')
        .unwrap_or(rest.len());
    let mut groups = rest
        .get(..end)
        .unwrap_or("")
        .trim_end_matches(',')
        .split(',');
    let last = groups.next_back().unwrap_or("");
    let mut before = groups.peekable();
    last.chars().count() == 3
        && before.peek().is_some()
        && before.all(|group| group.chars().count() == 2)
}

/// Whether a mark inside digits groups or parts them: `2,000` and `3.5` go on, `12, 13` and
/// `500,600` between years do not (three digits must follow a comma, and no more).
fn grouping_goes_on(raw: &str, start: usize, mark_at: usize, mark: char, rest: &str) -> bool {
    let digits = rest.chars().take_while(|c| is_digit(*c)).count();
    if digits == 0 {
        return false;
    }
    if matches!(mark, ',' | '，') {
        if mark_at - start > LONGEST_FIGURE {
            return false;
        }
        let before = raw.get(start..mark_at).unwrap_or("");
        let head = before.rsplit([',', '，']).next().unwrap_or("");
        let grouped = before.contains([',', '，']);
        // "2,75,000": lakhs, in pairs before the last three.
        let pairs =
            before
                .split([',', '，'])
                .enumerate()
                .all(|(n, group)| match group.chars().count() {
                    1 => n == 0,
                    many => many == 2,
                });
        if digits == 2 {
            return pairs && !before.contains('.') && ends_a_lakh(rest);
        }
        return digits == 3
            && !before.contains('.')
            && (if grouped {
                head.chars().count() == 3 || pairs
            } else {
                head.chars().count() <= 3
            });
    }
    // "since 2017.1 Former", "to 45,000.14 The": a full stop with a footnote's number.
    let before = raw.get(start..mark_at).unwrap_or("");
    let after_digits = rest.trim_start_matches(is_digit);
    let note = digits <= 3
        && before.len() <= LONGEST_FIGURE
        && (before.contains(',')
            || before.len() == 4 && (before.starts_with("19") || before.starts_with("20")))
        && {
            let mut next = after_digits.chars();
            next.next().is_some_and(char::is_whitespace)
                && next.next().is_some_and(char::is_uppercase)
        };
    // "rose to more than 670.1 They include": the next sentence opens as sentences do.
    let opens = digits <= 3
        && !before.contains('.')
        && (2..=3).contains(&before.len())
        && after_digits
            .strip_prefix(char::is_whitespace)
            .and_then(|next| next.split(|c: char| !c.is_alphabetic()).next())
            .is_some_and(|word| OPENERS.contains(&word));
    if note || opens {
        return false;
    }
    // One decimal point; "3.5.1" is a section number and stays one token.
    true
}

/// Words that open a sentence and follow no figure inside one.
const OPENERS: &[&str] = &[
    "The",
    "They",
    "These",
    "This",
    "Those",
    "There",
    "In",
    "On",
    "He",
    "She",
    "It",
    "We",
    "A",
    "An",
    "At",
    "As",
    "After",
    "According",
    "Before",
    "During",
    "For",
    "From",
    "However",
    "Although",
    "Some",
    "Many",
    "Most",
    "Of",
    "Among",
    "Since",
    "While",
    "When",
    "If",
    "Both",
    "Several",
    "Another",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn check_sentences(raw: &str, wanted: &[&str]) {
        let text = Text::new(raw, &[]);
        let got: Vec<&str> = text
            .sentences
            .iter()
            .map(|s| text.slice(text.bytes(s.tokens.clone())))
            .collect();
        assert_eq!(got, wanted);
    }

    #[test]
    fn sentences_end_where_a_reader_would_end_them() {
        check_sentences("He was held. She fled.", &["He was held.", "She fled."]);
        check_sentences(
            "Rep. Chris Smith (R-NJ) spoke. Sen. Merkley did not.",
            &["Rep. Chris Smith (R-NJ) spoke.", "Sen. Merkley did not."],
        );
        check_sentences(
            "The U.S. Congress met. It is in the U.S. The rest followed.",
            &[
                "The U.S. Congress met.",
                "It is in the U.S.",
                "The rest followed.",
            ],
        );
        check_sentences(
            "They were returned.12 The group said so.",
            &["They were returned.12", "The group said so."],
        );
        check_sentences(
            "It says so, see p. 12 and H. Res. 7. It goes on.",
            &["It says so, see p. 12 and H. Res. 7.", "It goes on."],
        );
        check_sentences(
            "It fell in 2019.[12] The rest rose.",
            &["It fell in 2019.[12]", "The rest rose."],
        );
        check_sentences(
            "그들은 2023. 10. 9. 북송됐다. 한국은 항의했다.",
            &["그들은 2023. 10. 9. 북송됐다.", "한국은 항의했다."],
        );
        check_sentences("“We fled.” He wept.", &["“We fled.”", "He wept."]);
        check_sentences("他们被遣返。韩国抗议。", &["他们被遣返。", "韩国抗议。"]);
        check_sentences(
            "그들은 북송됐다. 한국은 항의했다.",
            &["그들은 북송됐다.", "한국은 항의했다."],
        );
        check_sentences(
            "North Korean Refugees in China\nIntroduction\n2024 marked the 75th anniversary of the relationship between the two. More followed in the course of the year, as is often the case with such matters.",
            &[
                "North Korean Refugees in China",
                "Introduction",
                "2024 marked the 75th anniversary of the relationship between the two.",
                "More followed in the course of the year, as is often the case with such matters.",
            ],
        );
        check_sentences(
            "About 600 people were sent back to North Korea on the\nnight of 9 October, Human Rights Watch said in a\nstatement. It named no source.",
            &[
                "About 600 people were sent back to North Korea on the\nnight of 9 October, Human Rights Watch said in a\nstatement.",
                "It named no source.",
            ],
        );
    }

    #[test]
    fn tokens_keep_figures_whole_and_cut_possessives() {
        let text = Text::new("China’s 3,732 + 1,077 in 12, 13; 3만3981명", &[]);
        let got: Vec<&str> = (0..text.tokens.len()).map(|n| text.word(n)).collect();
        assert_eq!(
            got,
            [
                "China", "’s", "3,732", "+", "1,077", "in", "12", ",", "13", ";", "3", "만",
                "3981", "명"
            ]
        );
    }

    proptest::proptest! {
        #[test]
        fn every_token_reads_back_and_knows_its_character(raw in "[ \\na-zA-Z0-9.,'’“”\"가-힣一-龥é-]{0,80}") {
            let text = Text::new(&raw, &[]);
            for (n, token) in text.tokens.iter().enumerate() {
                let quote = text.quote(token.start..token.end);
                let again: String = raw.chars().skip(quote.start as usize).take((quote.end - quote.start) as usize).collect();
                proptest::prop_assert_eq!(&again, text.word(n));
                proptest::prop_assert_eq!(token.at, text.char_at(token.start));
            }
            let covered: usize = text.sentences.iter().map(|s| s.tokens.len()).sum();
            let breaks = text.tokens.iter().filter(|t| t.kind == Kind::Break).count();
            proptest::prop_assert!(covered + breaks >= text.tokens.len());
        }
    }
}
