//! Walking the dictionary of terms by a beginning, by letters that differ, or by a value with
//! stars.

use std::fmt;
use std::sync::Arc;

use tantivy::Term;
use tantivy::query::{AutomatonWeight, DfaWrapper, EnableScoring, FuzzyTermQuery, Query, Weight};
use tantivy::schema::Field;
use tantivy_fst::Automaton;

use crate::query::Glob;

/// Accepts what begins so.
#[derive(Debug, Clone)]
pub(crate) struct Starts(Arc<[u8]>);

impl Starts {
    pub(crate) fn new(start: &str) -> Self {
        Self(start.as_bytes().into())
    }
}

impl Automaton for Starts {
    /// Bytes matched; `None` after a mismatch.
    type State = Option<usize>;

    fn start(&self) -> Option<usize> {
        Some(0)
    }

    fn is_match(&self, state: &Option<usize>) -> bool {
        state.is_some_and(|matched| matched >= self.0.len())
    }

    fn can_match(&self, state: &Option<usize>) -> bool {
        state.is_some()
    }

    fn will_always_match(&self, state: &Option<usize>) -> bool {
        self.is_match(state)
    }

    fn accept(&self, state: &Option<usize>, byte: u8) -> Option<usize> {
        let matched = (*state)?;
        match self.0.get(matched) {
            None => Some(matched),
            Some(expected) if *expected == byte => Some(matched + 1),
            Some(_) => None,
        }
    }
}

/// Accepts words at most so many letters away.
///
/// In the dictionary stand tens of thousands of characters of Han and Hangul, each of which could
/// be the one letter that differs; walking over all of them is most of the work. A word never
/// holds one of them ([`crate::words`]), so the walk turns round before each.
#[derive(Clone)]
pub(crate) struct Letters(Arc<DfaWrapper>);

impl fmt::Debug for Letters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Letters")
    }
}

impl Letters {
    /// `most` is 1 or 2.
    pub(crate) fn new(word: &str, most: u8) -> tantivy::Result<Self> {
        // The field is not looked at.
        let term = Term::from_field_text(Field::from_field_id(0), word);
        let automaton = FuzzyTermQuery::new(term, most, true).automaton()?;
        Ok(Self(Arc::new(automaton)))
    }
}

/// State of the automaton, and the first byte of a character that may be one of those that are
/// in no word; 0 elsewhere.
type LettersState = (u32, u8);

impl Automaton for Letters {
    type State = LettersState;

    fn start(&self) -> LettersState {
        (self.0.start(), 0)
    }

    fn is_match(&self, (state, _): &LettersState) -> bool {
        self.0.is_match(state)
    }

    fn can_match(&self, (state, lead): &LettersState) -> bool {
        *lead != u8::MAX && self.0.can_match(state)
    }

    fn accept(&self, (state, lead): &LettersState, byte: u8) -> LettersState {
        let lead = match (*lead, byte) {
            // U+4000 to U+9FFF and U+B000 to U+DFFF; kana; U+3400 on; U+AC00 on; U+20000 on.
            (0, 0xe4..=0xe9 | 0xeb..=0xed)
            | (0xe3, 0x81..=0x83 | 0x90..)
            | (0xea, 0xb0..)
            | (0xf0, 0xa0..)
            | (u8::MAX, _) => u8::MAX,
            (0, 0xe3 | 0xea | 0xf0) => byte,
            _ => 0,
        };
        (self.0.accept(state, byte), lead)
    }
}

/// Accepts values with anything in the place of each star.
#[derive(Debug, Clone)]
pub(crate) struct Stars {
    /// Bytes of the pattern; `None` is a star.
    pattern: Arc<[Option<u8>]>,
}

impl Stars {
    /// `open` lets anything stand before and after, too.
    pub(crate) fn new(glob: &Glob, open: bool) -> Self {
        let mut pattern: Vec<Option<u8>> = Vec::new();
        if open {
            pattern.push(None);
        }
        for (number, part) in glob.parts.iter().enumerate() {
            if number > 0 {
                pattern.push(None);
            }
            pattern.extend(part.bytes().map(Some));
        }
        if open {
            pattern.push(None);
        }
        pattern.dedup_by(|a, b| a.is_none() && b.is_none());
        Self {
            pattern: pattern.into(),
        }
    }

    fn close(&self, mut places: Vec<u16>) -> Vec<u16> {
        let mut at = 0;
        while let Some(&place) = places.get(at) {
            if matches!(self.pattern.get(usize::from(place)), Some(None))
                && !places.contains(&(place + 1))
            {
                places.push(place + 1);
            }
            at += 1;
        }
        places.sort_unstable();
        places
    }
}

impl Automaton for Stars {
    /// Places of the pattern that may come next.
    type State = Vec<u16>;

    fn start(&self) -> Vec<u16> {
        self.close(vec![0])
    }

    fn is_match(&self, places: &Vec<u16>) -> bool {
        places
            .last()
            .is_some_and(|last| usize::from(*last) >= self.pattern.len())
    }

    fn can_match(&self, places: &Vec<u16>) -> bool {
        !places.is_empty()
    }

    fn accept(&self, places: &Vec<u16>, byte: u8) -> Vec<u16> {
        let mut next = Vec::with_capacity(places.len());
        for place in places {
            match self.pattern.get(usize::from(*place)) {
                Some(None) => next.push(*place),
                Some(Some(expected)) if *expected == byte => next.push(place.saturating_add(1)),
                _ => {}
            }
        }
        next.dedup();
        self.close(next)
    }
}

/// All documents with a term that the automaton accepts.
#[derive(Debug, Clone)]
pub(crate) struct Terms<A> {
    pub(crate) field: Field,
    pub(crate) automaton: A,
}

impl<A> Query for Terms<A>
where
    A: Automaton + Clone + std::fmt::Debug + Send + Sync + 'static,
    A::State: Clone,
{
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(AutomatonWeight::new(
            self.field,
            self.automaton.clone(),
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::within;

    fn accepts<A: Automaton>(automaton: &A, term: &str) -> bool {
        let mut state = automaton.start();
        for byte in term.bytes() {
            if !automaton.can_match(&state) {
                return false;
            }
            state = automaton.accept(&state, byte);
        }
        automaton.can_match(&state) && automaton.is_match(&state)
    }

    proptest::proptest! {
        #![proptest_config(proptest::test_runner::Config::with_cases(2000))]
        #[test]
        fn letters_off(word in "[abcé]{1,6}", term in "([abcé]|ж|ᏸ|ꜩ|〆|ㇰ|북|北|𠀋|か){0,7}", most in 1u8..3) {
            let gram = term.chars().any(crate::fold::is_gram);
            let expected = !gram && within(&word, &term, most);
            // A run of these scripts is never a word, so what is said of it does not matter
            // unless it is accepted.
            let letters = Letters::new(&word, most).expect("an automaton");
            if !gram {
                proptest::prop_assert_eq!(accepts(&letters, &term), expected);
            }
        }
    }

    #[test]
    fn no_walk_into_han_and_hangul() {
        let letters = Letters::new("ab", 1).expect("an automaton");
        for c in ['北', '북', 'か', '㐀', '𠀋', 'カ', '가', '힣', '一', '鿿'] {
            assert!(!accepts(&letters, &format!("a{c}")), "{c}");
        }
        for c in ['ж', 'ᏸ', 'ꜩ', 'é'] {
            assert!(accepts(&letters, &format!("a{c}")), "{c}");
        }
    }
}
