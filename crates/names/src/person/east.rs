//! Names of East Asia: a surname of a known list and a given name, both as syllables.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::words;
use crate::syllables::{self, NEVER, PAIRS, Syllable, Way};

/// Syllables of a surname, of a whole name.
const SURNAME: usize = 2;
const WHOLE: usize = 6;

/// One way to part a name into surname and given name.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Reading {
    /// The surname, then the given name.
    syllables: [Syllable; WHOLE],
    cut: u8,
    end: u8,
    /// The share of the surname, in a thousand people.
    pub(super) share: u16,
    /// A first name of the west beside them: the Joshua of Joshua Wong Chi-fung.
    pub(super) western: Option<Box<str>>,
    /// Whether the surname stands last.
    pub(super) last: bool,
}

impl Reading {
    /// `None` if it is longer than names are.
    fn new(surname: &[Syllable], given: &[Syllable], share: u16) -> Option<Self> {
        let mut syllables = [Syllable::default(); WHOLE];
        let end = surname.len().checked_add(given.len())?;
        let (first, rest) = syllables
            .get_mut(..end)?
            .split_at_mut_checked(surname.len())?;
        first.copy_from_slice(surname);
        rest.copy_from_slice(given);
        Some(Self {
            syllables,
            cut: u8::try_from(surname.len()).ok()?,
            end: u8::try_from(end).ok()?,
            share,
            western: None,
            last: false,
        })
    }

    pub(super) fn surname(&self) -> &[Syllable] {
        let cut = usize::from(self.cut);
        self.syllables.get(..cut).unwrap_or_default()
    }

    pub(super) fn given(&self) -> &[Syllable] {
        let (cut, end) = (usize::from(self.cut), usize::from(self.end));
        self.syllables.get(cut..end).unwrap_or_default()
    }
}

/// At most so many readings of one name are kept.
const MOST: usize = 6;

/// Shares of surnames by their syllables.
type Shares = FxHashMap<[Syllable; SURNAME], u16>;

/// A surname to look up; `None` if it is longer than any.
fn key(surname: &[Syllable]) -> Option<[Syllable; SURNAME]> {
    let mut key = [Syllable::default(); SURNAME];
    key.get_mut(..surname.len())?.copy_from_slice(surname);
    Some(key)
}

fn folded(surname: &[Syllable]) -> Option<[Syllable; SURNAME]> {
    let mut key = key(surname)?;
    for (cell, syllable) in key.iter_mut().zip(surname) {
        *cell = syllable.folded();
    }
    Some(key)
}

fn raise(shares: &mut Shares, key: [Syllable; SURNAME], share: u16) {
    let known = shares.entry(key).or_insert(0);
    *known = share.max(*known);
}

/// Surnames in Hangul and simplified Han characters with their shares.
fn surnames() -> &'static Shares {
    static LIST: OnceLock<Shares> = OnceLock::new();
    LIST.get_or_init(|| {
        let mut list = Shares::default();
        for entry in words::KOREAN.split(' ').chain(words::CHINESE.split(' ')) {
            let name = entry.trim_end_matches(|c: char| c.is_ascii_digit());
            let share = entry
                .get(name.len()..)
                .and_then(|s| s.parse().ok())
                .unwrap_or(1);
            for way in syllables::segment(name) {
                if let Some(key) = folded(&way) {
                    raise(&mut list, key, share);
                }
            }
        }
        list
    })
}

/// All spellings of the listed surnames in letters.
fn spelled() -> &'static Shares {
    static SPELLED: OnceLock<Shares> = OnceLock::new();
    SPELLED.get_or_init(|| {
        let mut all = Shares::default();
        for (name, share) in surnames() {
            let [first, second] = name;
            let last = if *second == Syllable::default() {
                vec![*second]
            } else {
                second.spellings()
            };
            for one in first.spellings() {
                for other in &last {
                    raise(&mut all, [one, *other], *share);
                }
            }
        }
        all
    })
}

/// The share of a surname written in any way; `None` if nobody is known to have it.
fn share(surname: &[Syllable]) -> Option<u16> {
    if let Some(found) = folded(surname).and_then(|key| surnames().get(&key)) {
        return Some(*found);
    }
    // Characters of a family that the list does not have.
    if surname.iter().all(|s| s.is_character()) {
        return Some(1);
    }
    spelled().get(&key(surname)?).copied()
}

/// Readings of a name in Hangul or Han characters.
pub(super) fn characters(text: &str) -> Vec<Reading> {
    let mut out = Vec::new();
    let Some(all) = syllables::segment(text).into_iter().next() else {
        return out;
    };
    if !(2..=6).contains(&all.len()) {
        return out;
    }
    for cut in [2, 1] {
        let Some((surname, given)) = all.split_at_checked(cut) else {
            continue;
        };
        if given.is_empty() {
            continue;
        }
        let known = folded(surname).and_then(|key| surnames().get(&key));
        // A name of two syllables has a surname of one.
        if cut == 2 && (known.is_none() || all.len() == 2) {
            continue;
        }
        out.extend(Reading::new(surname, given, known.copied().unwrap_or(1)));
    }
    out
}

/// Readings of a name in letters; `words` are parted at spaces, `comma` is how many stand before a comma.
pub(super) fn letters(words: &[&str], comma: usize) -> Vec<Reading> {
    let mut out: Vec<Reading> = Vec::new();
    if words.len() < 2 || words.len() > 5 {
        return out;
    }
    // Each word is cut once. Two words that are no syllables are none beside any third, either.
    let mut cuts: Vec<Option<Vec<Vec<Way>>>> = Vec::with_capacity(words.len());
    let mut other = 0_usize;
    for word in words {
        // A key that was held too long: `Jong-uun`.
        let cut = match squeezed(word) {
            Some(once) => syllables::pieces(&once),
            None => syllables::pieces(word),
        };
        other += usize::from(cut.is_none());
        if other > 1 {
            return out;
        }
        cuts.push(cut);
    }
    let join = |range: std::ops::Range<usize>| -> Vec<Way> {
        let parts = cuts.get(range).unwrap_or_default();
        if parts.iter().any(Option::is_none) {
            return Vec::new();
        }
        let pieces = parts.iter().flatten().flatten();
        syllables::join(pieces.map(Vec::as_slice))
    };
    let mut add = |at: std::ops::Range<usize>,
                   given: std::ops::Range<usize>,
                   last: bool,
                   west: Option<usize>| {
        let Some(family) = words.get(at.clone()) else {
            return;
        };
        let western = west.and_then(|at| words.get(at)).map(|w| Box::from(*w));
        if western.is_some() && family.iter().any(|w| words::known(w).particle) {
            return;
        }
        let surnames = join(at);
        if surnames.is_empty() {
            return;
        }
        let ways = join(given);
        for surname in surnames.iter().filter(|s| s.len() <= SURNAME) {
            let Some(share) = share(surname) else {
                continue;
            };
            for given in &ways {
                let common = given.languages & surname.languages;
                if given.len() <= 3 && common != 0 && out.len() < MOST {
                    out.extend(Reading::new(surname, given, share).map(|reading| Reading {
                        western: western.clone(),
                        last,
                        ..reading
                    }));
                }
            }
        }
    };
    let end = words.len();
    if comma == 1 || comma == 2 && end > 2 {
        add(0..comma, comma..end, false, None);
        return out;
    }
    add(0..1, 1..end, false, None);
    add(end - 1..end, 0..end - 1, true, None);
    if end > 2 {
        // Surnames of two syllables in two words: Au Yeung.
        add(0..2, 2..end, false, None);
        // A first name of the west before or after, which no surname fits: Joshua Wong Chi-fung.
        let whole = join(0..end);
        let surname = |at: usize| share_of(&join(at..at + 1)).is_some();
        if whole.is_empty() || !surname(0) && !surname(end - 1) {
            add(1..2, 2..end, false, Some(0));
            add(0..1, 1..end - 1, false, Some(end - 1));
        }
    }
    out
}

/// A word without vowels that it has twice, as no tradition writes them, and without letters that it has three times;
/// `None` if it has none.
fn squeezed(word: &str) -> Option<String> {
    if !word
        .as_bytes()
        .windows(2)
        .any(|pair| pair.first() == pair.last())
    {
        return None;
    }
    let mut out = String::with_capacity(word.len());
    let mut run = 0_u32;
    for c in word.chars() {
        run = if out.ends_with(c) {
            run.saturating_add(1)
        } else {
            0
        };
        let most = if matches!(c, 'a' | 'i' | 'u') { 1 } else { 2 };
        if run < most {
            out.push(c);
        }
    }
    (out.len() < word.len()).then_some(out)
}

/// The share of the commonest surname that a word may be.
fn share_of(ways: &[Way]) -> Option<u16> {
    ways.iter().filter_map(|way| share(way)).max()
}

/// How two readings fit.
pub(super) struct Fit {
    pub(super) surname: u16,
    pub(super) given: u16,
    pub(super) pair: usize,
}

/// The best common pair of languages for both parts; parts that do not fit cost [`NEVER`].
pub(super) fn fit(a: &Reading, b: &Reading) -> Fit {
    let [surname, given] = syllables::fits_both([a.surname(), a.given()], [b.surname(), b.given()]);
    let mut best = Fit {
        surname: NEVER,
        given: NEVER,
        pair: 0,
    };
    let mut total = u16::MAX;
    for pair in 0..PAIRS {
        let (Some(&s), Some(&g)) = (surname.get(pair), given.get(pair)) else {
            continue;
        };
        if s.saturating_add(g) < total {
            total = s.saturating_add(g);
            best = Fit {
                surname: s,
                given: g,
                pair,
            };
        }
    }
    best
}
