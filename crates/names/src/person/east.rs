//! Names of East Asia: a surname of a known list and a given name, both as syllables.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::words;
use crate::syllables::{self, NEVER, PAIRS, Syllable};

/// One way to part a name into surname and given name.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Reading {
    pub(super) surname: Vec<Syllable>,
    pub(super) given: Vec<Syllable>,
    /// The share of the surname, in a thousand people.
    pub(super) share: u16,
    /// A first name of the west beside them: the Joshua of Joshua Wong Chi-fung.
    pub(super) western: Option<Box<str>>,
    /// Whether the surname stands last.
    pub(super) last: bool,
}

/// At most so many readings of one name are kept.
const MOST: usize = 6;

/// Surnames in Hangul and simplified Han characters with their shares.
fn surnames() -> &'static HashMap<Vec<Syllable>, u16> {
    static LIST: OnceLock<HashMap<Vec<Syllable>, u16>> = OnceLock::new();
    LIST.get_or_init(|| {
        let mut list: HashMap<Vec<Syllable>, u16> = HashMap::new();
        for entry in words::KOREAN.split(' ').chain(words::CHINESE.split(' ')) {
            let name = entry.trim_end_matches(|c: char| c.is_ascii_digit());
            let share = entry
                .get(name.len()..)
                .and_then(|s| s.parse().ok())
                .unwrap_or(1);
            for way in syllables::segment(name) {
                let key: Vec<Syllable> = way.iter().map(|s| s.folded()).collect();
                let known = list.entry(key).or_insert(0);
                *known = share.max(*known);
            }
        }
        list
    })
}

/// The share of a surname written in any way; `None` if nobody is known to have it.
fn share(surname: &[Syllable]) -> Option<u16> {
    static SPELLED: OnceLock<HashMap<Vec<Syllable>, u16>> = OnceLock::new();
    let folded: Vec<Syllable> = surname.iter().map(|s| s.folded()).collect();
    if let Some(found) = surnames().get(&folded) {
        return Some(*found);
    }
    // Characters of a family that the list does not have.
    if surname.iter().all(|s| s.is_character()) {
        return Some(1);
    }
    // Letters: by all spellings of the listed ones, made once.
    let spelled = SPELLED.get_or_init(|| {
        let mut all: HashMap<Vec<Syllable>, u16> = HashMap::new();
        for (name, share) in surnames() {
            let each: Vec<Vec<Syllable>> = name.iter().map(|s| s.spellings()).collect();
            let mut ways: Vec<Vec<Syllable>> = vec![Vec::new()];
            for list in &each {
                let longer = ways
                    .iter()
                    .flat_map(|way| list.iter().map(|s| [way.as_slice(), &[*s]].concat()));
                ways = longer.take(4_000).collect();
            }
            for way in ways {
                let known = all.entry(way).or_insert(0);
                *known = (*share).max(*known);
            }
        }
        all
    });
    spelled.get(surname).copied()
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
        let folded: Vec<Syllable> = surname.iter().map(|s| s.folded()).collect();
        let known = surnames().get(&folded);
        // A name of two syllables has a surname of one.
        if cut == 2 && (known.is_none() || all.len() == 2) {
            continue;
        }
        out.push(Reading {
            surname: surname.to_vec(),
            given: given.to_vec(),
            share: known.copied().unwrap_or(1),
            western: None,
            last: false,
        });
    }
    out
}

/// Readings of a name in letters; `words` are parted at spaces, `comma` is how many stand before a comma.
pub(super) fn letters(words: &[&str], comma: usize) -> Vec<Reading> {
    let mut out: Vec<Reading> = Vec::new();
    if words.len() < 2 || words.len() > 5 {
        return out;
    }
    let mut add = |at: std::ops::Range<usize>,
                   given: std::ops::Range<usize>,
                   last: bool,
                   west: Option<usize>| {
        let (Some(family), Some(parts)) = (words.get(at), words.get(given)) else {
            return;
        };
        let western = west.and_then(|at| words.get(at)).map(|w| Box::from(*w));
        if western.is_some() && family.iter().any(|w| words::is_particle(w)) {
            return;
        }
        let ways = syllables::segment(&parts.join(" "));
        for surname in syllables::segment(&family.join(" "))
            .iter()
            .filter(|s| s.len() <= 2)
        {
            let Some(share) = share(surname) else {
                continue;
            };
            let mask = surname.iter().fold(7, |mask, s| mask & s.systems());
            for given in &ways {
                let common = given.iter().fold(mask, |mask, s| mask & s.systems());
                if given.len() <= 3 && common != 0 && out.len() < MOST {
                    out.push(Reading {
                        surname: surname.clone(),
                        given: given.clone(),
                        share,
                        western: western.clone(),
                        last,
                    });
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
        let cut = |at: usize| {
            words
                .get(at)
                .map(|w| syllables::segment(w))
                .unwrap_or_default()
        };
        let whole = syllables::segment(&words.join(" "));
        if whole.is_empty() || share_of(&cut(0)).is_none() && share_of(&cut(end - 1)).is_none() {
            add(1..2, 2..end, false, Some(0));
            add(0..1, 1..end - 1, false, Some(end - 1));
        }
    }
    out
}

/// The share of the commonest surname that a word may be.
fn share_of(ways: &[Vec<Syllable>]) -> Option<u16> {
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
    let [surname, given] = syllables::fits_both([&a.surname, &a.given], [&b.surname, &b.given]);
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
