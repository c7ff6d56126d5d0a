//! The one normalisation under which a quote must equal the text, and the way back.

/// A text with runs of white space as one space and typographic quotes as plain ones.
#[derive(Debug)]
pub(crate) struct View<'a> {
    raw: &'a str,
    text: String,
    /// For each character of `text`: its byte there, and the byte and character of `raw`.
    map: Vec<(usize, usize, u32)>,
}

/// Characters `start..end` of the text, with the words that stand there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) text: String,
}

const fn plain(c: char) -> char {
    match c {
        '“' | '”' | '„' | '‟' | '«' | '»' | '〝' | '〞' | '＂' => '"',
        '‘' | '’' | '‚' | '‛' | '‹' | '›' | '＇' => '\'',
        _ => c,
    }
}

/// The quote in the form of a [`View`].
pub(crate) fn normalised(quote: &str) -> String {
    View::new(quote.trim()).text
}

impl<'a> View<'a> {
    pub(crate) fn new(raw: &'a str) -> Self {
        let mut text = String::with_capacity(raw.len());
        let mut map = Vec::new();
        let mut after_space = false;
        let mut chars = 0;
        for (byte, c) in raw.char_indices() {
            let space = c.is_whitespace();
            if !(space && after_space) {
                map.push((text.len(), byte, chars));
                text.push(if space { ' ' } else { plain(c) });
            }
            after_space = space;
            chars += 1;
        }
        map.push((text.len(), raw.len(), chars));
        Self { raw, text, map }
    }

    /// Every place of `quote` (normalised), from character `from` on, at most `limit` of them.
    /// Letters and digits of alphabets are not cut in the middle of a word.
    pub(crate) fn places(&self, quote: &str, limit: usize) -> Vec<Place> {
        if quote.is_empty() {
            return Vec::new();
        }
        self.text
            .match_indices(quote)
            .filter(|(at, _)| self.is_whole(*at, *at + quote.len()))
            .filter_map(|(at, _)| self.place(at, at + quote.len()))
            .take(limit)
            .collect()
    }

    /// The words at characters of the raw text.
    pub(crate) fn read(&self, start: u32, end: u32) -> Option<Place> {
        // Characters of the view run behind those of the raw text only where white space is cut.
        let byte = |char: u32| {
            let at = self.map.partition_point(|(_, _, c)| *c < char);
            let (_, byte, c) = *self.map.get(at)?;
            (c == char).then_some(byte).or_else(|| {
                self.raw
                    .char_indices()
                    .nth(char as usize)
                    .map(|(byte, _)| byte)
            })
        };
        let text = self.raw.get(byte(start)?..byte(end)?)?.to_owned();
        Some(Place { start, end, text })
    }

    fn is_whole(&self, from: usize, to: usize) -> bool {
        let cut = |at: usize| {
            let before = self.text.get(..at).and_then(|t| t.chars().next_back());
            let after = self.text.get(at..).and_then(|t| t.chars().next());
            before.zip(after).is_some_and(|(a, b)| {
                (joins(a) && joins(b)) || (a.is_numeric() && b.is_numeric())
                    // 2,000 does not stand in 12,000, nor 12 in 12,000.
                    || (a.is_numeric() && matches!(b, ',' | '.') && self.digit_at(at + 1))
                    || (matches!(a, ',' | '.') && b.is_numeric() && self.digit_before(at))
            })
        };
        !cut(from) && !cut(to)
    }

    fn digit_at(&self, at: usize) -> bool {
        let next = self.text.get(at..).and_then(|t| t.chars().next());
        next.is_some_and(char::is_numeric)
    }

    fn digit_before(&self, at: usize) -> bool {
        let two = self.text.get(..at).and_then(|t| t.chars().rev().nth(1));
        two.is_some_and(char::is_numeric)
    }

    fn place(&self, from: usize, to: usize) -> Option<Place> {
        let at = |byte: usize| {
            let found = self.map.binary_search_by_key(&byte, |(b, _, _)| *b).ok()?;
            self.map.get(found).copied()
        };
        let (_, byte, start) = at(from)?;
        // The end is that of the last character, not the start of the next: a quote must not take
        // in white space that follows it.
        let (_, end_byte, end) = at(to)?;
        Some(Place {
            start,
            end,
            text: self.raw.get(byte..end_byte)?.to_owned(),
        })
    }
}

/// Letters of scripts that put spaces between words.
fn joins(c: char) -> bool {
    c.is_alphanumeric()
        && !matches!(c, '\u{1100}'..='\u{11FF}' | '\u{3040}'..='\u{D7FF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(raw: &str, quote: &str, wanted: &[(u32, u32)]) {
        let places = View::new(raw).places(&normalised(quote), 100);
        let got: Vec<_> = places.iter().map(|p| (p.start, p.end)).collect();
        assert_eq!(got, wanted, "{quote:?} in {raw:?}");
    }

    #[test]
    fn quotes_are_found_as_they_stand() {
        check("He said “no”.", "said \"no\"", &[(3, 12)]);
        check("held\n  in   Tumen", "held in Tumen", &[(0, 17)]);
        check("held, held, held", "held", &[(0, 4), (6, 10), (12, 16)]);
        check("withheld", "held", &[]);
        check("12,000 people", "2,000", &[]);
        check("12,000 people", "12", &[]);
        check("12,000 people", "000", &[]);
        check("in 2023, they", "2023", &[(3, 7)]);
        check("약 600여 명이 북송", "600여 명", &[(2, 8)]);
        check("被遣返回国", "遣返", &[(1, 3)]);
        check("anything", "", &[]);
        check("Held", "held", &[]);
    }

    proptest! {
        #[test]
        fn a_place_reads_back(raw in "[ab \n“”’é한中,0]{0,40}", quote in "[ab “\"é한中,0]{0,4}") {
            let chars: Vec<char> = raw.chars().collect();
            let wanted = normalised(&quote);
            for place in View::new(&raw).places(&wanted, 100) {
                let read: String = chars[place.start as usize..place.end as usize].iter().collect();
                prop_assert_eq!(&read, &place.text);
                prop_assert_eq!(normalised(&read), wanted.as_str());
            }
        }
    }
}
