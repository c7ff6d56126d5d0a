//! Word lists with phrases: the one way in which rules of this crate look words up.

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::text::{Kind, Text, word_hash};

/// Phrases of one or more words, each with a value; looked up by the hash that a token carries.
#[derive(Debug)]
pub(crate) struct Lexicon<V> {
    by_first: FxHashMap<u32, Vec<Entry<V>>>,
}

#[derive(Debug)]
struct Entry<V> {
    /// All words, lower case, cut as [`Text`] cuts them.
    words: Vec<Box<str>>,
    value: V,
}

impl<V> Lexicon<V> {
    /// Builds from phrases (any case). Marks inside a phrase (`-`, `.`) are words of their own.
    pub(crate) fn new<'p>(phrases: impl IntoIterator<Item = (&'p str, V)>) -> Self {
        let mut by_first: FxHashMap<u32, Vec<Entry<V>>> = FxHashMap::default();
        for (phrase, value) in phrases {
            let cut = Text::words(phrase);
            let words: Vec<Box<str>> = (0..cut.tokens.len()).map(|n| cut.lower(n).into()).collect();
            if let Some(first) = words.first() {
                let hash = word_hash(first.as_bytes());
                by_first
                    .entry(hash)
                    .or_default()
                    .push(Entry { words, value });
            }
        }
        for entries in by_first.values_mut() {
            // The longest first, so that the first that fits is the longest that fits.
            entries.sort_by_key(|entry| std::cmp::Reverse(entry.words.len()));
        }
        Self { by_first }
    }

    /// The longest phrase that begins at token `at` and ends before `limit`: its tokens and value.
    /// A line break between two words counts as nothing.
    pub(crate) fn longest(
        &self,
        text: &Text<'_>,
        at: usize,
        limit: usize,
    ) -> Option<(Range<usize>, &V)> {
        let token = text.tokens.get(at)?;
        let entries = self.by_first.get(&token.hash)?;
        'entries: for entry in entries {
            let mut next = at;
            for (n, word) in entry.words.iter().enumerate() {
                while n > 0
                    && next < limit
                    && text.tokens.get(next).is_some_and(|t| t.kind == Kind::Break)
                {
                    next += 1;
                }
                if next >= limit || text.lower(next) != &**word {
                    continue 'entries;
                }
                next += 1;
            }
            return Some((at..next, &entry.value));
        }
        None
    }

    /// The value of a single word.
    pub(crate) fn word(&self, text: &Text<'_>, at: usize) -> Option<&V> {
        let token = text.tokens.get(at)?;
        let lower = text.lower(at);
        self.by_first
            .get(&token.hash)?
            .iter()
            .find(|entry| {
                entry.words.len() == 1 && entry.words.first().is_some_and(|w| &**w == lower)
            })
            .map(|entry| &entry.value)
    }
}

/// Names in Han or Hangul, found by bytes inside runs without spaces: at the first place where one
/// stands, the longest.
#[derive(Debug)]
pub(crate) struct Names<V> {
    /// By the first two characters, the longest first.
    by_two: FxHashMap<[char; 2], Vec<(Box<str>, V)>>,
    /// Names of one character.
    by_one: FxHashMap<char, V>,
}

impl<V> Names<V> {
    /// Of a name given twice the first counts.
    pub(crate) fn new<'p>(names: impl IntoIterator<Item = (&'p str, V)>) -> Self {
        let mut all = Self {
            by_two: FxHashMap::default(),
            by_one: FxHashMap::default(),
        };
        for (name, value) in names {
            let mut chars = name.chars();
            match (chars.next(), chars.next()) {
                (Some(first), Some(second)) => {
                    let names = all.by_two.entry([first, second]).or_default();
                    names.push((name.into(), value));
                }
                (Some(first), None) => {
                    all.by_one.entry(first).or_insert(value);
                }
                _ => {}
            }
        }
        for names in all.by_two.values_mut() {
            names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        }
        all
    }

    /// The next name at or after byte `from`: its bytes and value.
    pub(crate) fn next(&self, raw: &str, from: usize) -> Option<(Range<usize>, &V)> {
        let rest = raw.get(from..)?;
        let mut chars = rest.char_indices().peekable();
        while let Some((at, first)) = chars.next() {
            // Every name begins in one of these scripts.
            if first.is_ascii() {
                continue;
            }
            if let Some(&(_, second)) = chars.peek()
                && let Some(names) = self.by_two.get(&[first, second])
            {
                let here = rest.get(at..).unwrap_or("");
                let longest = names.iter().find(|(name, _)| here.starts_with(&**name));
                if let Some((name, value)) = longest {
                    let start = from + at;
                    return Some((start..start + name.len(), value));
                }
            }
            if let Some(value) = self.by_one.get(&first) {
                let start = from + at;
                return Some((start..start + first.len_utf8(), value));
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_phrase_wins_and_line_breaks_count_as_nothing() {
        let lexicon = Lexicon::new([
            ("forced labor", 1),
            ("forced", 2),
            ("Co. Ltd.", 3),
            ("asylum-seekers", 4),
        ]);
        let text = Text::new(
            "Forced\nlabor and forced marches by X Co. Ltd. of asylum-seekers",
            &[],
        );
        let found: Vec<(String, i32)> = (0..text.tokens.len())
            .filter_map(|at| lexicon.longest(&text, at, text.tokens.len()))
            .map(|(range, value)| (text.slice(text.bytes(range)).to_owned(), *value))
            .collect();
        assert_eq!(
            found,
            [
                ("Forced\nlabor".to_owned(), 1),
                ("forced".to_owned(), 2),
                ("Co. Ltd.".to_owned(), 3),
                ("asylum-seekers".to_owned(), 4)
            ]
        );
    }

    #[test]
    fn the_first_and_longest_name_is_found_inside_a_run() {
        let names = Names::new([
            ("图们", 1),
            ("图们江", 2),
            ("京", 3),
            ("朝鲜", 4),
            ("조선", 5),
        ]);
        let raw = "在图们江边，北京、图们 and 朝鲜朝鲜 조선말";
        let (mut from, mut found) = (0, Vec::new());
        while let Some((bytes, value)) = names.next(raw, from) {
            found.push((&raw[bytes.clone()], *value));
            from = bytes.end;
        }
        let wanted = [
            ("图们江", 2),
            ("京", 3),
            ("图们", 1),
            ("朝鲜", 4),
            ("朝鲜", 4),
            ("조선", 5),
        ];
        assert_eq!(found, wanted);
        assert_eq!(names.next(raw, raw.len() + 1), None);
    }
}
