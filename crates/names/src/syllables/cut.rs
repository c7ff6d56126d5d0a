//! Where one syllable of a text ends and the next begins.

use std::ops::Deref;

use super::inventory::inventory;
use super::{SPELLED, Syllable};

/// Ways to cut a text that is longer than this many syllables are not looked for.
const MOST_SYLLABLES: usize = 12;
/// At most so many ways to cut a text are kept.
const MOST_WAYS: usize = 12;
/// Syllables that one word in letters may have.
const MOST_IN_WORD: usize = 5;
/// Letters that one syllable may have.
const MOST_LETTERS: usize = 7;
/// A word of more letters is none of syllables.
const LONGEST_WORD: usize = 28;

/// A text cut into syllables in one way, with the languages that all of them can be read in (a bit for each).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Way {
    syllables: [Syllable; MOST_SYLLABLES],
    len: u8,
    pub(crate) languages: u8,
}

impl Way {
    const EMPTY: Self = Self {
        syllables: [Syllable(0); MOST_SYLLABLES],
        len: 0,
        languages: 7,
    };

    /// With `more` behind it; `None` if that is more than is looked at.
    fn with(mut self, more: &[Syllable], languages: u8) -> Option<Self> {
        let start = usize::from(self.len);
        let end = start.checked_add(more.len())?;
        self.syllables.get_mut(start..end)?.copy_from_slice(more);
        self.len = u8::try_from(end).ok()?;
        self.languages &= languages;
        Some(self)
    }
}

impl Deref for Way {
    type Target = [Syllable];

    fn deref(&self) -> &[Syllable] {
        self.syllables
            .get(..usize::from(self.len))
            .unwrap_or_default()
    }
}

/// The ways to cut `text` (of [`crate::fold::plain`]) into syllables of one language or more, fewest syllables
/// first; none if it is no text of syllables.
pub(crate) fn segment(text: &str) -> Vec<Way> {
    match pieces(text) {
        Some(pieces) => join(pieces.iter().map(Vec::as_slice)),
        None => Vec::new(),
    }
}

/// The ways to cut each piece of a text, a piece being a word in letters or one character; `None` if a piece has
/// none.
pub(crate) fn pieces(text: &str) -> Option<Vec<Vec<Way>>> {
    let mut out = Vec::new();
    let mut word: Option<usize> = None;
    let ends = text.char_indices().chain([(text.len(), ' ')]);
    for (at, c) in ends {
        let block =
            ('\u{AC00}'..='\u{D7A3}').contains(&c) || ('\u{3400}'..='\u{9FFF}').contains(&c);
        if c.is_ascii_lowercase() || c.is_alphabetic() && !block || c == '\'' {
            word.get_or_insert(at);
            continue;
        }
        if let Some(start) = word.take() {
            let ways = letters(text.get(start..at).unwrap_or_default());
            if ways.is_empty() {
                return None;
            }
            out.push(ways);
        }
        if block {
            let syllable = Syllable(c as u32);
            out.extend(
                Way::EMPTY
                    .with(&[syllable], syllable.systems())
                    .map(|way| vec![way]),
            );
        }
    }
    Some(out)
}

/// The ways to cut a text of these pieces, fewest syllables first.
pub(crate) fn join<'a>(pieces: impl Iterator<Item = &'a [Way]>) -> Vec<Way> {
    let mut ways: Option<Vec<Way>> = None;
    for piece in pieces {
        let longer = match ways {
            None => piece.to_vec(),
            Some(ways) => extend(&ways, piece),
        };
        if longer.is_empty() {
            return longer;
        }
        ways = Some(longer);
    }
    let mut ways = ways.unwrap_or_default();
    ways.sort_by_key(|way| way.len());
    ways
}

fn extend(ways: &[Way], more: &[Way]) -> Vec<Way> {
    let mut out = Vec::with_capacity(ways.len().saturating_mul(more.len()).min(MOST_WAYS));
    let han = |way: &Way| way.iter().all(|s| s.is_han());
    for start in ways {
        for end in more {
            // Characters without a known reading keep their own identity.
            let one = start.languages & end.languages != 0 || han(start) && han(end);
            if out.len() < MOST_WAYS && one {
                out.extend(start.with(end, end.languages));
            }
        }
    }
    out
}

/// The ways to cut one word of Latin or Cyrillic letters.
fn letters(word: &str) -> Vec<Way> {
    let word = word.trim_matches('\'');
    let mut out = Vec::new();
    if word.is_empty() || word.chars().take(LONGEST_WORD + 1).count() > LONGEST_WORD {
        return out;
    }
    let tables = inventory();
    if !tables.spellings.can_end(word) {
        return out;
    }
    let mut open: Vec<(usize, Way)> = Vec::with_capacity(16);
    open.push((0, Way::EMPTY));
    let mut steps = 0_u32;
    while let Some((start, way)) = open.pop() {
        steps += 1;
        if steps > 400 || out.len() >= MOST_WAYS {
            break;
        }
        let rest = word.get(start..).unwrap_or_default();
        if rest.is_empty() {
            out.push(way);
            continue;
        }
        if way.len() >= MOST_IN_WORD {
            continue;
        }
        // The last pushed is looked at first: longer syllables first.
        let mut place = Spellings::ROOT;
        let mut end = start;
        for c in rest.chars().take(MOST_LETTERS) {
            end += c.len_utf8();
            let before = place;
            place = tables.spellings.step(place, c);
            // An apostrophe belongs to the sound before it or parts two syllables.
            let found = tables
                .spellings
                .at(place)
                .or_else(|| tables.spellings.at(before).filter(|_| c == '\''));
            if let Some(index) = found {
                let syllable = Syllable(SPELLED | index);
                let languages = way.languages & syllable.systems();
                if languages != 0 {
                    open.extend(way.with(&[syllable], languages).map(|longer| (end, longer)));
                }
            }
            if place == Spellings::NOWHERE {
                break;
            }
        }
    }
    out
}

/// All spellings as a tree of their letters.
#[derive(Debug)]
pub(super) struct Spellings {
    /// For each node: where its edges begin, how many there are, and the spelling that ends there.
    nodes: Vec<(u32, u8, u32)>,
    edges: Vec<(char, u32)>,
    /// The nodes of the first letters `a` to `z`.
    first: [u32; 26],
}

impl Spellings {
    const ROOT: u32 = 0;
    const NOWHERE: u32 = u32::MAX;

    /// Builds the tree of spellings with their places in the table.
    pub(super) fn of(mut list: Vec<(&str, u32)>) -> Self {
        list.sort_unstable();
        let mut tree = Self {
            nodes: Vec::new(),
            edges: Vec::new(),
            first: [Self::NOWHERE; 26],
        };
        tree.grow(&list, 0);
        for (letter, node) in ('a'..='z').zip(&mut tree.first.clone()) {
            *node = tree.walk(Self::ROOT, letter);
            if let Some(first) = tree.first.get_mut(letter as usize - 'a' as usize) {
                *first = *node;
            }
        }
        tree
    }

    /// Adds the node of spellings that are the same up to byte `depth`; gives its place.
    fn grow(&mut self, list: &[(&str, u32)], depth: usize) -> u32 {
        let place = u32::try_from(self.nodes.len()).unwrap_or(Self::NOWHERE);
        let ends = list.iter().find(|(text, _)| text.len() == depth);
        self.nodes
            .push((0, 0, ends.map_or(Self::NOWHERE, |(_, index)| *index)));
        let next = |text: &str| text.get(depth..).and_then(|rest| rest.chars().next());
        let mut children = Vec::new();
        for part in list.chunk_by(|(a, _), (b, _)| next(a) == next(b)) {
            if let Some(c) = part.first().and_then(|(text, _)| next(text)) {
                children.push((c, self.grow(part, depth + c.len_utf8())));
            }
        }
        let start = u32::try_from(self.edges.len()).unwrap_or(Self::NOWHERE);
        if let Some(node) = self.nodes.get_mut(place as usize) {
            node.0 = start;
            node.1 = u8::try_from(children.len()).unwrap_or(u8::MAX);
        }
        self.edges.extend(children);
        place
    }

    /// Whether syllables of any language make up the whole word, of at most [`LONGEST_WORD`] letters of two bytes.
    fn can_end(&self, word: &str) -> bool {
        // A bit for each byte where a syllable can begin.
        let mut starts = 1_u64;
        let end = word.len();
        if end > 63 {
            return true;
        }
        for at in 0..end {
            if starts >> at & 1 == 0 {
                if starts >> at == 0 {
                    return false;
                }
                continue;
            }
            let rest = word.get(at..).unwrap_or_default();
            let (mut place, mut to) = (Self::ROOT, at);
            for c in rest.chars().take(MOST_LETTERS) {
                to += c.len_utf8();
                let before = place;
                place = self.step(place, c);
                if self.at(place).is_some() || c == '\'' && self.at(before).is_some() {
                    starts |= 1 << to;
                }
                if place == Self::NOWHERE {
                    break;
                }
            }
        }
        starts >> end & 1 == 1
    }

    fn step(&self, place: u32, c: char) -> u32 {
        if place == Self::ROOT && c.is_ascii_lowercase() {
            let letter = c as usize - 'a' as usize;
            return self.first.get(letter).copied().unwrap_or(Self::NOWHERE);
        }
        self.walk(place, c)
    }

    fn walk(&self, place: u32, c: char) -> u32 {
        let Some(&(start, count, _)) = self.nodes.get(place as usize) else {
            return Self::NOWHERE;
        };
        let start = start as usize;
        let edges = self.edges.get(start..start + usize::from(count));
        let found = edges
            .unwrap_or_default()
            .iter()
            .find(|(letter, _)| *letter == c);
        found.map_or(Self::NOWHERE, |(_, node)| *node)
    }

    /// The spelling that ends at a node.
    fn at(&self, place: u32) -> Option<u32> {
        let found = self.nodes.get(place as usize).map(|node| node.2);
        found.filter(|index| *index != Self::NOWHERE)
    }
}
