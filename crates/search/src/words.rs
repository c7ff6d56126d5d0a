//! Text to the units that are indexed, searched and highlighted.
//!
//! One walk serves all three, over the normalised view of a text
//! ([`casefile::normal`]), so that what is found is what is marked.
//!
//! - *Words* of letters and digits, split as UAX #29 does but also at apostrophes, underscores
//!   and hyphens, so that a name is found however its possessive or compound is written. Each has
//!   an exact form (lower case), a folded form (without accents) and an English stem (Porter 2).
//!   `2,000` is the word 2000; `D.P.R.K.` is the word dprk.
//! - *Grams*: in Han, Hangul and kana each character with the one after it, and the last
//!   character of a run alone. A query of two or more characters is then a phrase of grams, a
//!   query of one is a prefix. Each character has its own position. Where a line broke between
//!   two Hangul syllables, the pair across the break is there too, since Korean text is broken
//!   inside words.

use std::collections::HashMap;

use rust_stemmers::{Algorithm, Stemmer};

use crate::fold;

/// Stands before a stem in the index, so that stems never meet words. Three characters: farther
/// from any word than the two that a fuzzy search may differ by.
pub(crate) const STEM_MARK: &str = "\u{1}\u{1}\u{1}";

/// Bytes of the longest form; a longer word is known by its beginning.
const LONGEST: usize = 120;

/// Stems by word: stemming costs far more than a look-up, and words repeat.
pub(crate) struct Stems {
    stemmer: Stemmer,
    known: HashMap<Box<str>, Option<Box<str>>>,
}

impl Default for Stems {
    fn default() -> Self {
        Self {
            stemmer: Stemmer::create(Algorithm::English),
            known: HashMap::new(),
        }
    }
}

impl Clone for Stems {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Stems {
    /// The stem of a lower-case ASCII word, with its mark; `None` if it is the word itself.
    pub(crate) fn of(&mut self, word: &str) -> Option<&str> {
        if word.len() < 3 || !word.bytes().all(|b| b.is_ascii_lowercase()) {
            return None;
        }
        if !self.known.contains_key(word) {
            if self.known.len() >= 60_000 {
                self.known.clear();
            }
            let stem = self.stemmer.stem(word);
            let stem = (stem != word).then(|| format!("{STEM_MARK}{stem}").into_boxed_str());
            self.known.insert(word.into(), stem);
        }
        self.known.get(word)?.as_deref()
    }
}

/// The forms of the unit at which [`Units`] stands.
#[derive(Default)]
pub(crate) struct Unit {
    /// The word in lower case, or the gram.
    pub(crate) exact: String,
    /// The word without accents, or a number without its separators.
    pub(crate) folded: String,
    pub(crate) has_folded: bool,
    /// One or two characters of a script of [`fold::is_gram`].
    pub(crate) gram: bool,
    /// Last character of its run, alone.
    pub(crate) last: bool,
    pub(crate) position: u32,
    /// In bytes of the view.
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Of a gram: where its first character ends.
    pub(crate) middle: usize,
}

impl Unit {
    /// The form that words are compared by when accents do not count.
    pub(crate) fn plain(&self) -> &str {
        if self.has_folded {
            &self.folded
        } else {
            &self.exact
        }
    }
}

/// Walks over the units of a view.
pub(crate) struct Units<'t> {
    text: &'t str,
    /// Line breaks that became spaces: ascending byte offsets.
    breaks: &'t [usize],
    at: usize,
    next_position: u32,
    /// Inside a run of grams: the character before, with its place, to be paired.
    held: Option<(char, usize, usize)>,
    /// The pair across a line break that follows the character just given alone.
    bridge: Option<(char, char, usize, usize, u32)>,
    pub(crate) unit: Unit,
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || fold::is_mark(c)
}

impl<'t> Units<'t> {
    pub(crate) fn new(text: &'t str, breaks: &'t [usize]) -> Self {
        Self {
            text,
            breaks,
            at: 0,
            next_position: 0,
            held: None,
            bridge: None,
            unit: Unit::default(),
        }
    }

    fn char_at(&self, at: usize) -> Option<char> {
        let byte = *self.text.as_bytes().get(at)?;
        if byte.is_ascii() {
            return Some(char::from(byte));
        }
        self.text.get(at..)?.chars().next()
    }

    fn gram(&mut self, first: char, second: Option<char>, place: (usize, usize), position: u32) {
        self.unit.exact.clear();
        self.unit.exact.push(first);
        self.unit.exact.extend(second);
        self.unit.has_folded = false;
        self.unit.gram = true;
        self.unit.last = second.is_none();
        (self.unit.start, self.unit.end) = place;
        let width = self.char_at(place.0).map_or(0, char::len_utf8);
        self.unit.middle = place.0 + width;
        self.unit.position = position;
    }

    /// Goes to the next unit; false at the end.
    pub(crate) fn advance(&mut self) -> bool {
        if let Some((first, second, start, end, position)) = self.bridge.take() {
            self.gram(first, Some(second), (start, end), position);
            return true;
        }
        if let Some((first, start, middle)) = self.held.take() {
            self.pair(first, start, middle);
            return true;
        }
        let bytes = self.text.as_bytes();
        while let Some(&byte) = bytes.get(self.at) {
            if byte.is_ascii() {
                if byte.is_ascii_alphanumeric() {
                    return self.word();
                }
                self.at += 1;
                continue;
            }
            let Some(c) = self.char_at(self.at) else {
                break;
            };
            if fold::is_gram(c) {
                let start = self.at;
                self.at += c.len_utf8();
                self.pair(fold::gram_form(c), start, self.at);
                return true;
            }
            if c.is_alphanumeric() {
                return self.word();
            }
            self.at += c.len_utf8();
        }
        false
    }

    /// Gives the gram that begins with `first`, whose place ends at `self.at`.
    fn pair(&mut self, first: char, start: usize, middle: usize) {
        let position = self.next_position;
        self.next_position = self.next_position.saturating_add(1);
        match self.char_at(middle) {
            Some(c) if fold::is_gram(c) => {
                let second = fold::gram_form(c);
                self.at = middle + c.len_utf8();
                self.held = Some((second, middle, self.at));
                self.gram(first, Some(second), (start, self.at), position);
            }
            after => {
                if after == Some(' ') && ('\u{ac00}'..='\u{d7a3}').contains(&first) {
                    let broken = self.breaks.binary_search(&middle).is_ok();
                    let next = self.char_at(middle + 1);
                    if let Some(next) =
                        next.filter(|c| broken && ('\u{ac00}'..='\u{d7a3}').contains(c))
                    {
                        let end = middle + 1 + next.len_utf8();
                        self.bridge = Some((first, next, start, end, position));
                    }
                }
                self.gram(first, None, (start, middle), position);
            }
        }
    }

    fn word(&mut self) -> bool {
        let start = self.at;
        let bytes = self.text.as_bytes();
        self.unit.gram = false;
        self.unit.last = false;
        self.unit.has_folded = false;
        self.unit.start = start;
        self.unit.position = self.next_position;
        self.next_position = self.next_position.saturating_add(1);
        self.unit.exact.clear();
        if bytes.get(start).is_some_and(u8::is_ascii_digit) && self.number(start) {
            return true;
        }
        if self.initials(start) {
            return true;
        }
        let mut end = start;
        let mut ascii = true;
        while let Some(&byte) = bytes.get(end) {
            if byte.is_ascii_alphanumeric() {
                end += 1;
            } else if byte.is_ascii() {
                break;
            } else {
                match self.char_at(end) {
                    Some(c) if is_word(c) && !fold::is_gram(c) => {
                        ascii = false;
                        end += c.len_utf8();
                    }
                    _ => break,
                }
            }
        }
        self.at = end;
        self.unit.end = end;
        let mut known = end.min(start + LONGEST);
        while !self.text.is_char_boundary(known) {
            known -= 1;
        }
        let word = self.text.get(start..known).unwrap_or_default();
        if ascii {
            self.unit.exact.push_str(word);
            self.unit.exact.make_ascii_lowercase();
        } else {
            fold::exact_form(word, &mut self.unit.exact);
            self.unit.has_folded = fold::folded_form(&self.unit.exact, &mut self.unit.folded);
        }
        true
    }

    /// A number with thousands or decimals: `2,000`, `2,000.5`, `3.5`, `2.000`.
    fn number(&mut self, start: usize) -> bool {
        let bytes = self.text.as_bytes();
        let digits = |from: usize| {
            bytes
                .iter()
                .skip(from)
                .take(20)
                .take_while(|b| b.is_ascii_digit())
                .count()
        };
        let byte = |at: usize| bytes.get(at).copied().unwrap_or(b' ');
        let digit_before = |at: usize| at > 0 && byte(at - 1).is_ascii_digit();
        // The middle of a date or of an address is no number by itself.
        if start > 1 && matches!(byte(start - 1), b'.' | b',') && digit_before(start - 1) {
            return false;
        }
        let whole = digits(start);
        let mut end = start + whole;
        let mark = byte(end);
        let grouped = |mut at: usize, mark: u8| {
            let mut groups = 0;
            while groups < 8 && byte(at) == mark && digits(at + 1) == 3 {
                at += 4;
                groups += 1;
            }
            (at, groups)
        };
        let mut thousands = false;
        if (1..=3).contains(&whole) && mark == b',' {
            let (to, groups) = grouped(end, b',');
            if groups > 0 {
                (end, thousands) = (to, true);
            }
        }
        let mut points = 0;
        if byte(end) == b'.' && digits(end + 1) > 0 && digits(end + 1) < 20 {
            let (to, groups) = if (1..=3).contains(&whole) && !thousands {
                grouped(end, b'.')
            } else {
                (end, 0)
            };
            if groups > 0 {
                (end, points) = (to, groups);
            } else {
                let to = end + 1 + digits(end + 1);
                if !(byte(to) == b'.' && byte(to + 1).is_ascii_digit()) {
                    (end, points) = (to, 1);
                }
            }
        }
        let goes_on = matches!(byte(end), b'.' | b',') && byte(end + 1).is_ascii_digit();
        let lettered = self
            .char_at(end)
            .is_some_and(|c| is_word(c) && !fold::is_gram(c));
        if (!thousands && points == 0) || goes_on || lettered {
            return false;
        }
        let written = self.text.get(start..end).unwrap_or_default();
        self.unit
            .exact
            .extend(written.chars().filter(|c| *c != ','));
        if points > 0 && whole <= 3 && !thousands && grouped(start + whole, b'.').0 == end {
            // 2.000 is two thousand in half of the world.
            self.unit.folded.clear();
            self.unit
                .folded
                .extend(written.chars().filter(|c| *c != '.'));
            self.unit.has_folded = true;
        }
        self.at = end;
        self.unit.end = end;
        true
    }

    /// Single letters with points between them are one word: `U.N.`, `D.P.R.K.`
    fn initials(&mut self, start: usize) -> bool {
        let bytes = self.text.as_bytes();
        let letter = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphabetic);
        let word_at = |at: usize| self.char_at(at).is_some_and(is_word);
        let mut end = start;
        let mut letters = 0;
        while letters < 12 && letter(end) && !word_at(end + 1) {
            letters += 1;
            end += 1;
            if bytes.get(end) != Some(&b'.') || !letter(end + 1) || word_at(end + 2) {
                break;
            }
            end += 1;
        }
        if letters < 2 {
            return false;
        }
        let letters = bytes
            .get(start..end)
            .unwrap_or_default()
            .iter()
            .filter(|b| **b != b'.');
        self.unit
            .exact
            .extend(letters.map(|b| char::from(b.to_ascii_lowercase())));
        self.at = end;
        self.unit.end = end;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check_units(text: &str, expect: Expect) {
        let view = casefile::normal::normalise(text);
        let mut units = Units::new(&view.text, &view.breaks);
        let mut stems = Stems::default();
        let mut shown = String::new();
        while units.advance() {
            let unit = &units.unit;
            shown.push_str(&format!("{}:{}", unit.position, unit.exact));
            if unit.has_folded {
                shown.push_str(&format!("={}", unit.folded));
            }
            if !unit.gram
                && let Some(stem) = stems.of(unit.plain())
            {
                shown.push_str(&format!("~{}", stem.trim_start_matches('\u{1}')));
            }
            assert!(view.text.get(unit.start..unit.end).is_some());
            shown.push(' ');
        }
        expect.assert_eq(shown.trim_end());
    }

    #[test]
    fn words_and_grams() {
        check_units(
            "North Korea's refugees, D.P.R.K. Café 2,000 of 3.5 on 13.06.2023",
            expect![
                "0:north 1:korea 2:s 3:refugees~refuge 4:dprk 5:café=cafe 6:2000 7:of 8:3.5 9:on 10:13 11:06 12:2023"
            ],
        );
        check_units(
            "탈북자들이 脫北者",
            expect!["0:탈북 1:북자 2:자들 3:들이 4:이 5:脱北 6:北者 7:者"],
        );
        check_units(
            "강제\n송환 2024년 NGO들",
            expect!["0:강제 1:제 1:제송 2:송환 3:환 4:2024 5:년 6:ngo 7:들"],
        );
        check_units(
            "2.000 1,234,567.89 K12 report_2023.pdf 20th",
            expect!["0:2.000=2000 1:1234567.89 2:k12 3:report 4:2023 5:pdf 6:20th"],
        );
    }

    proptest::proptest! {
        #[test]
        fn any_text(text in "(?s)([a-c.,0-9' ]|탈|北|é|\u{301}|\n|.){0,40}") {
            let view = casefile::normal::normalise(&text);
            let mut units = Units::new(&view.text, &view.breaks);
            let mut last = 0;
            while units.advance() {
                assert!(view.text.get(units.unit.start..units.unit.end).is_some_and(|form| !form.is_empty()));
                assert!(units.unit.position >= last);
                last = units.unit.position;
            }
        }
    }
}
