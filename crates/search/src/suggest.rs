//! "Did you mean": words of a query that are nowhere in the index, and the nearest that are.
//!
//! A word of letters is compared with the words of the dictionary, one letter off, then two. In
//! Han and Hangul the dictionary holds pairs of characters: there one character is exchanged,
//! left out, put in or swapped with its neighbour, so that all pairs are known; whether they
//! stand together anywhere is then asked of the index. A Hangul syllable is first taken for those
//! with which it shares all letters but one, which is how Korean is mistyped.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use tantivy::schema::Field;
use tantivy::{Term, query::Bm25StatisticsProvider};
use tantivy_fst::Automaton;

use crate::automaton::{Letters, Starts};
use crate::fold;
use crate::index::{Error, Index, Snapshot};
use crate::pattern::{self, Pattern};
use crate::query::{Leaf, Node, Query, Target};
use crate::results::Options;
use crate::words::{STEM_MARK, Stems, Units};

/// Words of a query that are looked at.
const MOST_WORDS: usize = 6;
/// Neighbours of a character that are tried, the frequent ones first.
const NEIGHBOURS: usize = 48;
/// Candidates of which the index is asked.
const ASKED: usize = 10;

/// How far a candidate is: the kind of slip, the likely ones first.
type Far = u8;

impl Query {
    /// Whether something may be found though one of the words is nowhere.
    #[must_use]
    pub fn has_choices(&self) -> bool {
        fn choice(node: &Node) -> bool {
            match node {
                Node::Or(nodes) => !spellings(nodes),
                Node::And(nodes) => nodes.iter().any(choice),
                _ => false,
            }
        }
        choice(&self.root)
    }
}

/// Whether these are one word, together and apart.
fn spellings(nodes: &[Node]) -> bool {
    matches!(nodes, [Node::Leaf(Leaf::Text(_, together)), Node::Leaf(Leaf::Text(_, apart))]
        if !together.spaced && apart.spaced)
}

/// The words that are asked for, each as it is to be found.
fn asked<'q>(node: &'q Node, to: &mut Vec<(&'q Node, Target, &'q Pattern)>) {
    match node {
        Node::Leaf(Leaf::Text(target, pattern)) => to.push((node, *target, pattern)),
        Node::Or(nodes) if spellings(nodes) => {
            if let Some(Node::Leaf(Leaf::Text(target, pattern))) = nodes.first() {
                to.push((node, *target, pattern));
            }
        }
        Node::And(nodes) | Node::Or(nodes) => nodes.iter().for_each(|node| asked(node, to)),
        _ => {}
    }
}

impl Index {
    /// The query with each word that is nowhere replaced by the nearest that is somewhere; `None`
    /// if no word is missing, or nothing is near. For queries that find nothing or offer a
    /// choice: the words of any other are there.
    ///
    /// # Errors
    /// The index is damaged or cannot be read.
    pub fn did_you_mean(&self, query: &str) -> Result<Option<String>, Error> {
        let Ok(parsed) = crate::parse(query) else {
            return Ok(None);
        };
        let mut words = Vec::new();
        asked(&parsed.root, &mut words);
        let mut meant = query.to_owned();
        for (node, target, pattern) in words.into_iter().take(MOST_WORDS) {
            if self.count(node.clone())? > 0 {
                continue;
            }
            for word in pattern.written.split_whitespace() {
                // Who writes a pattern means a pattern.
                if word.contains(['*', '＊', '~', '～']) {
                    continue;
                }
                let Some(nearest) = self.nearest(target, word)? else {
                    continue;
                };
                if let Some(better) = replaced(&meant, word, &nearest) {
                    meant = better;
                }
            }
        }
        Ok((meant != query).then_some(meant))
    }

    fn count(&self, root: Node) -> Result<u64, Error> {
        let options = Options {
            limit: 0,
            ..Options::default()
        };
        Ok(self.search(&Query { root }, &options)?.total)
    }

    /// The word with those of its parts that are nowhere replaced.
    fn nearest(&self, target: Target, word: &str) -> Result<Option<String>, Error> {
        let view = casefile::normal::normalise(word);
        if view.text != word {
            return Ok(None);
        }
        let snapshot = self.now()?;
        let fields: Vec<Field> = self
            .ground
            .fields
            .of_target(target)
            .into_iter()
            .map(|(field, _)| field)
            .collect();
        let dictionary = Dictionary {
            snapshot: &snapshot,
            fields: &fields,
        };
        let known = |error| self.failed(error);
        let mut stems = Stems::default();
        let mut units = Units::new(&view.text, &view.breaks);
        let mut better = String::new();
        let mut copied = 0;
        let mut run: Vec<(char, usize, usize)> = Vec::new();
        let mut runs: Vec<Vec<(char, usize, usize)>> = Vec::new();
        while units.advance() {
            let unit = &units.unit;
            if unit.gram {
                let first = unit.exact.chars().next();
                run.extend(first.map(|c| (c, unit.start, unit.middle)));
                if unit.last {
                    runs.push(std::mem::take(&mut run));
                }
                continue;
            }
            let forms = pattern::loose_forms(unit.plain(), &mut stems);
            if dictionary.has_any(&forms).map_err(known)? {
                continue;
            }
            let near = dictionary.near_word(unit.plain()).map_err(known)?;
            if let Some(near) = near {
                better.push_str(word.get(copied..unit.start).unwrap_or_default());
                better.push_str(&near);
                copied = unit.end;
            }
        }
        if copied > 0 {
            better.push_str(word.get(copied..).unwrap_or_default());
            return Ok(Some(better));
        }
        for run in runs {
            let chars: Vec<char> = run.iter().map(|(c, ..)| *c).collect();
            let whole: String = chars.iter().collect();
            if !(2..=8).contains(&chars.len()) || self.stands(target, &whole)? {
                continue;
            }
            for candidate in dictionary.near_run(&chars).map_err(known)? {
                if !self.stands(target, &candidate)? {
                    continue;
                }
                let start = run.first().map_or(0, |(_, start, _)| *start);
                let end = run.last().map_or(start, |(.., end)| *end);
                let written = word.get(start..end).unwrap_or_default();
                let candidate = as_written(&candidate, &chars, written);
                return Ok(Some(format!(
                    "{}{candidate}{}",
                    word.get(..start).unwrap_or_default(),
                    word.get(end..).unwrap_or_default()
                )));
            }
        }
        Ok(None)
    }

    /// Whether a run of characters stands anywhere.
    fn stands(&self, target: Target, run: &str) -> Result<bool, Error> {
        let groups = pattern::read(run, pattern::Reading::Exact, &mut Stems::default());
        let Some(together) = groups.into_iter().next().map(pattern::open_ended) else {
            return Ok(false);
        };
        let apart = pattern::spaced(&together);
        let leaf = |group, spaced| {
            let pattern = Pattern {
                groups: vec![group],
                slop: 0,
                written: String::new(),
                spaced,
            };
            Node::Leaf(Leaf::Text(target, pattern))
        };
        let mut either = vec![leaf(together, false)];
        either.extend(apart.map(|apart| leaf(apart, true)));
        Ok(self.count(Node::Or(either))? > 0)
    }
}

/// A candidate with the characters that stayed as the user wrote them: 遣 for 遣, but 強 for 强.
fn as_written(candidate: &str, folded: &[char], written: &str) -> String {
    if candidate.chars().count() != folded.len() || written.chars().count() != folded.len() {
        return candidate.to_owned();
    }
    let places = candidate.chars().zip(folded).zip(written.chars());
    places
        .map(|((c, same), written)| if c == *same { written } else { c })
        .collect()
}

/// The query with a word in another's place, where it stands by itself.
fn replaced(query: &str, word: &str, by: &str) -> Option<String> {
    let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let (at, _) = query.match_indices(word).find(|(at, _)| {
        let before = query.get(..*at).unwrap_or_default();
        let after = query.get(at + word.len()..).unwrap_or_default();
        !inside(before.chars().next_back()) && !inside(after.chars().next())
    })?;
    Some(format!(
        "{}{by}{}",
        query.get(..at)?,
        query.get(at + word.len()..)?
    ))
}

struct Dictionary<'s> {
    snapshot: &'s Snapshot,
    fields: &'s [Field],
}

impl Dictionary<'_> {
    fn frequency(&self, form: &str) -> tantivy::Result<u64> {
        let mut found = 0;
        for field in self.fields {
            found += self
                .snapshot
                .doc_freq(&Term::from_field_text(*field, form))?;
        }
        Ok(found)
    }

    fn has_any(&self, forms: &[String]) -> tantivy::Result<bool> {
        for form in forms {
            if self.frequency(form)? > 0 {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Terms that an automaton accepts, with how many documents have them.
    fn terms<A>(&self, automaton: &A) -> tantivy::Result<BTreeMap<String, u64>>
    where
        A: Automaton,
        A::State: Clone,
    {
        let mut found: BTreeMap<String, u64> = BTreeMap::new();
        for segment in self.snapshot.searcher.segment_readers() {
            for field in self.fields {
                let inverted = segment.inverted_index(*field)?;
                let mut terms = inverted.terms().search(automaton).into_stream()?;
                while terms.advance() {
                    if let Ok(term) = std::str::from_utf8(terms.key()) {
                        *found.entry(term.to_owned()).or_default() +=
                            u64::from(terms.value().doc_freq);
                    }
                }
            }
        }
        Ok(found)
    }

    /// The nearest word: fewest letters off, then with the same first letter, then the one that
    /// most documents have.
    fn near_word(&self, word: &str) -> tantivy::Result<Option<String>> {
        let letters = word.chars().count();
        let numeric = word.chars().all(|c| c.is_ascii_digit() || c == '.');
        let most = match letters {
            _ if numeric => 0,
            0..=2 => 0,
            3..=4 => 1,
            _ => 2,
        };
        for far in 1..=most {
            let mut near: Vec<_> = self
                .terms(&Letters::new(word, far)?)?
                .into_iter()
                .filter(|(term, _)| !term.starts_with(STEM_MARK) && term != word)
                .filter(|(term, _)| term.chars().all(char::is_alphabetic))
                .map(|(term, documents)| {
                    let same = term.chars().next() == word.chars().next();
                    (!same, Reverse(documents), term)
                })
                .collect();
            near.sort();
            // What is deleted and not yet merged away is no suggestion.
            for (_, _, term) in near.into_iter().take(ASKED) {
                if self.frequency(&term)? > 0 {
                    return Ok(Some(term));
                }
            }
        }
        Ok(None)
    }

    /// Runs of characters one slip away of which all pairs are known, the likely ones first.
    fn near_run(&self, chars: &[char]) -> tantivy::Result<Vec<String>> {
        let mut tried: BTreeSet<Vec<char>> = BTreeSet::new();
        let mut near: Vec<(Far, Reverse<u64>, String)> = Vec::new();
        for (far, candidate) in self.slips(chars)? {
            if candidate == chars || candidate.len() < 2 || !tried.insert(candidate.clone()) {
                continue;
            }
            let mut least = u64::MAX;
            for (at, pair) in candidate.windows(2).enumerate() {
                let mut known = self.frequency(&pair.iter().collect::<String>())?;
                // Between parts that may be written apart, as [`pattern::spaced`] has it.
                if known == 0 && at > 0 && at + 2 < candidate.len() {
                    let ends = pair.iter().take(1).collect::<String>();
                    known = self.frequency(&ends)?;
                }
                least = least.min(known);
                if least == 0 {
                    break;
                }
            }
            if least > 0 {
                near.push((far, Reverse(least), candidate.into_iter().collect()));
            }
        }
        near.sort();
        Ok(near
            .into_iter()
            .take(ASKED)
            .map(|(.., candidate)| candidate)
            .collect())
    }

    fn slips(&self, chars: &[char]) -> tantivy::Result<Vec<(Far, Vec<char>)>> {
        let mut slips = Vec::new();
        let with = |at: usize, c: char| {
            let mut changed = chars.to_vec();
            if let Some(slot) = changed.get_mut(at) {
                *slot = c;
            }
            changed
        };
        for (at, c) in chars.iter().enumerate() {
            slips.extend(one_letter_off(*c).map(|other| (0, with(at, other))));
            if at + 1 < chars.len() {
                let mut swapped = chars.to_vec();
                swapped.swap(at, at + 1);
                slips.push((1, swapped));
            }
            if chars.len() > 2 {
                let mut shorter = chars.to_vec();
                shorter.remove(at);
                slips.push((2, shorter));
            }
        }
        // Any other character: only where enough of the word stays.
        let hangul = chars.iter().any(|c| ('\u{ac00}'..='\u{d7a3}').contains(c));
        if hangul && chars.len() < 3 {
            return Ok(slips);
        }
        for at in 0..chars.len() {
            let before = at.checked_sub(1).and_then(|at| chars.get(at));
            let others = match (before, chars.get(1)) {
                (Some(before), _) => self.neighbours(&Starts::new(&before.to_string()), 1)?,
                (None, Some(after)) => self.neighbours(&Before::new(*after), 0)?,
                (None, None) => Vec::new(),
            };
            for other in others {
                slips.push((3, with(at, other)));
                let mut longer = chars.to_vec();
                longer.insert(at, other);
                slips.push((4, longer));
            }
        }
        Ok(slips)
    }

    /// The characters at one place of the pairs that an automaton accepts.
    fn neighbours<A>(&self, pairs: &A, place: usize) -> tantivy::Result<Vec<char>>
    where
        A: Automaton,
        A::State: Clone,
    {
        let mut found: Vec<(Reverse<u64>, char)> = Vec::new();
        for (pair, documents) in self.terms(pairs)? {
            let mut chars = pair.chars().filter(|c| fold::is_gram(*c));
            if pair.chars().count() == 2 {
                found.extend(chars.nth(place).map(|c| (Reverse(documents), c)));
            }
        }
        found.sort_unstable();
        Ok(found.into_iter().take(NEIGHBOURS).map(|(_, c)| c).collect())
    }
}

/// Syllables that share with a Hangul syllable two of first consonant, vowel and last consonant.
fn one_letter_off(c: char) -> impl Iterator<Item = char> {
    // Unicode Standard, section 3.12.
    const FIRST: u32 = 0xac00;
    const VOWELS: u32 = 21;
    const LASTS: u32 = 28;
    let code = u32::from(c);
    let index = code
        .checked_sub(FIRST)
        .filter(|index| *index < 19 * VOWELS * LASTS);
    let others = index.into_iter().flat_map(|index| {
        let last = index % LASTS;
        let vowel = index / LASTS % VOWELS;
        let first = index / LASTS / VOWELS;
        let syllable = |first: u32, vowel: u32, last: u32| {
            char::from_u32(FIRST + (first * VOWELS + vowel) * LASTS + last)
        };
        let firsts = (0..19).map(move |first| syllable(first, vowel, last));
        let vowels = (0..VOWELS).map(move |vowel| syllable(first, vowel, last));
        let lasts = (0..LASTS).map(move |last| syllable(first, vowel, last));
        firsts.chain(vowels).chain(lasts).flatten()
    });
    others.filter(move |other| *other != c)
}

/// Accepts one character of Han or Hangul and then the one that is given.
struct Before(Vec<u8>);

impl Before {
    fn new(after: char) -> Self {
        Self(after.to_string().into_bytes())
    }
}

impl Automaton for Before {
    /// Bytes of the first character that are to come, and bytes of the second matched; `None`
    /// after a mismatch.
    type State = Option<(u8, usize)>;

    fn start(&self) -> Self::State {
        Some((u8::MAX, 0))
    }

    fn is_match(&self, state: &Self::State) -> bool {
        state.is_some_and(|(first, matched)| first == 0 && matched == self.0.len())
    }

    fn can_match(&self, state: &Self::State) -> bool {
        state.is_some()
    }

    fn accept(&self, state: &Self::State, byte: u8) -> Self::State {
        match (*state)? {
            (u8::MAX, _) => match byte {
                0xe3..=0xed => Some((2, 0)),
                0xf0 => Some((3, 0)),
                _ => None,
            },
            (0, matched) => (self.0.get(matched) == Some(&byte)).then_some((0, matched + 1)),
            (first, _) => Some((first.saturating_sub(1), 0)),
        }
    }
}
