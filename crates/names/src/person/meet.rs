//! Whether a word of one name is a word of the other.

use super::west::Words;
use super::words::{self, Lines, Listed};
use super::{compound, loan};
use crate::distance::{LETTER, Word, distance, substitution};
use crate::fold::{self, Script};
use crate::keys::hash;

const SAME: f32 = 2.4;
const COMMON: f32 = 1.9;
const SPELLING: f32 = 2.1;
const SLIP: f32 = 1.6;
/// Another first letter is no slip of a practised hand.
const SLIP_AT_HEAD: f32 = 0.8;
const SHORT_FORM: f32 = 1.7;
const INITIAL: f32 = 0.9;
const BY_EAR: f32 = 1.9;
/// A word of one that is written in two in the other.
pub(super) const CUT: f32 = 1.9;

/// A word of a name.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) word: Word,
    /// A hash of how it sounds ([`fold::sound`]).
    sound: u64,
    /// The same without an article that is written together with it; 0 without one.
    bare_sound: u64,
    /// A hash of its consonants, for what comes from a script without vowels, and how many there are.
    skeleton: u64,
    /// The same as they may be read otherwise: scripts of East Asia do not tell l from r, Hebrew not b from v.
    other_skeleton: u64,
    consonants: u8,
    lines: Lines,
    /// The first letter.
    head: char,
    pub(super) initial: bool,
    frequent: bool,
    /// Whether it begins with a vowel, ends with one.
    vowel: bool,
    open: bool,
    /// Whether an Arabic article stands before or behind it.
    pub(super) article: bool,
    /// Whether it stands behind `son of`.
    pub(super) father: bool,
    /// Whether it is a part of many names, as in `Abdul Aziz` and `Nur al-Din`.
    minor: bool,
}

impl Token {
    pub(super) fn new(latin: &str, known: words::Known, script: Script) -> Self {
        let skeleton = fold::skeleton(latin);
        let skeleton = skeleton.trim_start_matches('A');
        let other = match script {
            // Behind the first letter, Hebrew reads one letter as b or v; another is the German z.
            Script::Hebrew => {
                let (first, rest) = latin.split_at_checked(1).unwrap_or((latin, ""));
                let rest = rest.replace('v', "b").replace("tz", "z");
                fold::skeleton(&format!("{first}{rest}"))
            }
            // Turkish and Romanian s with a cedilla has lost it.
            Script::Arabic => skeleton.replace('S', "s"),
            // What is bh in Bengal is v in Latin letters as often.
            Script::Other if latin.contains("bh") => fold::skeleton(&latin.replace("bh", "v")),
            _ => skeleton.replace('r', "l"),
        };
        let mut letters = latin.chars();
        let head = letters.next().unwrap_or(' ');
        let article =
            compound::without_article(latin).or_else(|| compound::without_article_behind(latin));
        let sound = |word: &str| hash(1, fold::sound(word).as_bytes());
        Self {
            word: Word::new(latin),
            sound: sound(baltic(latin)),
            bare_sound: article.map_or(0, sound),
            consonants: u8::try_from(skeleton.chars().count()).unwrap_or(u8::MAX),
            skeleton: hash(2, skeleton.as_bytes()),
            other_skeleton: hash(2, other.trim_start_matches('A').as_bytes()),
            lines: known.lines,
            initial: letters.next().is_none(),
            frequent: known.frequent,
            vowel: matches!(head, 'a' | 'e' | 'i' | 'o' | 'u'),
            open: latin.ends_with(['a', 'e', 'i', 'o', 'u', 'y']),
            head,
            article: false,
            father: false,
            minor: compound::is_minor(latin),
        }
    }

    pub(super) fn text(&self) -> &str {
        self.word.text()
    }
}

/// A word without the ending that Latvian and Lithuanian put to foreign names: `lavrovs`, `sergejs`.
fn baltic(latin: &str) -> &str {
    if !latin.ends_with('s') {
        return latin;
    }
    for (ending, dropped) in [
        ("ovs", 1),
        ("evs", 1),
        ("js", 1),
        ("skis", 1),
        ("ovas", 2),
        ("evas", 2),
        ("skas", 2),
    ] {
        if latin.ends_with(ending) && latin.len() > ending.len() + 2 {
            return latin.get(..latin.len() - dropped).unwrap_or(latin);
        }
    }
    latin
}

/// What is known of the two names before their words are compared.
#[derive(Clone, Copy)]
struct How {
    /// One of them has no short vowels.
    bare: bool,
    /// One of them is a foreign name by ear.
    loan: bool,
    /// In both every letter counts.
    exact: bool,
}

/// Weight, feature and reason of two words being one; `None` if they are two.
fn meet(a: &Token, b: &Token, how: How) -> Option<(f32, &'static str, &'static str)> {
    let How { bare, loan, exact } = how;
    if a.word == b.word {
        let weight = match (a.initial || a.minor, a.frequent) {
            (true, _) => INITIAL,
            (_, true) => COMMON,
            _ => SAME,
        };
        return Some((weight, "name_part", "written alike"));
    }
    if a.initial || b.initial {
        return (a.head == b.head).then_some((INITIAL, "initial", "initial of the other"));
    }
    if a.minor || b.minor {
        return None;
    }
    let longer = a.word.len().max(b.word.len());
    let spelling = if a.frequent && b.frequent {
        COMMON - 0.2
    } else {
        SPELLING
    };
    if a.sound == b.sound && longer > 2 {
        return Some((spelling, "spelling", "two spellings of one sound"));
    }
    match a.lines.with(b.lines) {
        Listed::Spellings => {
            return Some((spelling, "spelling", "two spellings of one first name"));
        }
        Listed::Short => return Some((SHORT_FORM, "nickname", "short form of the other")),
        // However near their letters are: Hassan and Hussein.
        Listed::Two => return None,
        Listed::Unknown => {}
    }
    if a.article && a.sound == b.bare_sound || b.article && b.sound == a.bare_sound {
        return Some((
            SPELLING,
            "spelling",
            "with the article in one, without it in the other",
        ));
    }
    let skeletons = a.skeleton == b.skeleton;
    if bare
        && a.consonants > 0
        && (skeletons || a.other_skeleton == b.skeleton || a.skeleton == b.other_skeleton)
    {
        return Some((
            SPELLING - 0.2,
            "spelling",
            "the same consonants; one script writes no short vowels",
        ));
    }
    if loan {
        if a.consonants > 0 && a.other_skeleton == b.other_skeleton {
            return Some((SPELLING, "spelling", "a foreign name by its sound"));
        }
        if loan::alike(a.text(), b.text()) {
            return Some((BY_EAR, "spelling", "a foreign name by its sound"));
        }
    }
    let most: u16 = match longer {
        0..=3 => return None,
        4..=5 => 10,
        6..=8 => 12,
        _ => 16,
    };
    let vowels_apart = a.consonants >= 3 && skeletons && a.open == b.open;
    // In a short word another first consonant makes another name, Hung and Dung; another first vowel does not,
    // Usama and Osama.
    let head = longer > 5 || a.head == b.head || a.vowel && b.vowel;
    let apart = match (vowels_apart, head) {
        (true, _) => distance(&a.word, &b.word, most + 8),
        (false, true) => distance(&a.word, &b.word, most),
        (false, false) => return None,
    };
    if apart > most + 8 || !bare && !loan && man_and_woman(a.text(), b.text()) {
        return None;
    }
    // Yusuf and Youssef: the same consonants with other vowels are one name more often than not, unless one ends in a
    // vowel and the other does not, as Peter and Petra do.
    if vowels_apart && !exact {
        return Some((
            SPELLING - 0.2,
            "spelling",
            "the same consonants with other vowels",
        ));
    }
    let slip = if substitution(a.head, b.head) < LETTER || a.vowel && b.vowel {
        SLIP
    } else {
        SLIP_AT_HEAD
    };
    (head && apart <= most && !exact).then_some((slip, "spelling", "one or two letters apart"))
}

/// `Mario` and `Maria`, `Julian` and `Juliana`, `Michel` and `Michelle`: a man's and a woman's first name.
fn man_and_woman(a: &str, b: &str) -> bool {
    let vowel = |c: u8| matches!(c, b'a' | b'e' | b'i' | b'o' | b'u');
    // Two consonants before the ending are a name with its vowel dropped, Rajendr and Rajendra, unless they are one.
    let firm = |stem: &str| match stem.as_bytes() {
        [.., before, last] => {
            stem.len() >= 4 && !vowel(*last) && (vowel(*before) || before == last)
        }
        _ => false,
    };
    let pair = |man: &str, woman: &str| {
        if let (Some(one), Some(other)) = (man.strip_suffix('o'), woman.strip_suffix('a')) {
            // Lukashenko and Lukashenka are one surname.
            return one == other && man.len() >= 4 && !man.ends_with("enko");
        }
        woman.strip_prefix(man).is_some_and(|ending| {
            firm(man) && matches!(ending, "a" | "le" | "ne" | "ine" | "ina" | "ette")
        })
    };
    pair(a, b) || pair(b, a)
}

/// `Ivanov` and `Ivanova`, `Sikorski` and `Sikorska`: a man and a woman.
pub(super) fn genders(a: &Token, b: &Token) -> bool {
    let pair = |man: &str, woman: &str| {
        woman.strip_suffix('a').is_some_and(|stem| {
            stem == man && (man.ends_with("ov") || man.ends_with("ev") || man.ends_with("in"))
                || man.strip_suffix('i') == Some(stem)
                    && (stem.ends_with("sk") || stem.ends_with("ck"))
        })
    };
    pair(a.text(), b.text()) || pair(b.text(), a.text())
}

/// A word of one name that stands in two words of the other.
#[derive(Clone, Copy)]
pub(super) struct Cut {
    pub(super) whole: usize,
    /// The first of the two.
    pub(super) first: usize,
}

/// The first word of `one` that two neighbours of `other` make together, none of them taken.
pub(super) fn cut_in_two(one: &Words, other: &Words, taken: u32, taken_there: u32) -> Option<Cut> {
    let free = |taken: u32, bits: u32, at: usize| taken >> at & bits == 0;
    let bare = one.bare || other.bare;
    for (first, halves) in other.tokens.windows(2).enumerate() {
        let [x, y] = halves else { continue };
        if !free(taken_there, 3, first) {
            continue;
        }
        let letters = x.word.len().saturating_add(y.word.len());
        for (whole, word) in one.tokens.iter().enumerate() {
            let near = word.word.len().abs_diff(letters) <= if bare { 6 } else { 1 };
            if letters < 5 || word.head != x.head || !near || !free(taken, 1, whole) {
                continue;
            }
            let text = [x.text(), y.text()].concat();
            let same = if bare {
                word.consonants >= 4 && word.skeleton == skeleton(&text)
            } else {
                distance(&word.word, &Word::new(&text), 10) <= 10
            };
            if same {
                return Some(Cut { whole, first });
            }
        }
    }
    None
}

fn skeleton(latin: &str) -> u64 {
    hash(2, fold::skeleton(latin).trim_start_matches('A').as_bytes())
}

/// How a word of one name and one of the other are the same.
pub(super) struct Meeting {
    pub(super) weight: f32,
    pub(super) left: usize,
    pub(super) right: usize,
    pub(super) feature: &'static str,
    pub(super) reason: &'static str,
}

/// The best meetings, best first, each word in at most one. The same both ways: by weight, then by how near their
/// places are, then by place.
pub(super) fn meetings(a: &Words, b: &Words) -> Vec<Meeting> {
    let mut found: Vec<Meeting> = Vec::new();
    let how = How {
        bare: a.bare || b.bare,
        loan: a.loan || b.loan,
        exact: a.vietnamese && b.vietnamese,
    };
    for (left, x) in a.tokens.iter().enumerate() {
        for (right, y) in b.tokens.iter().enumerate() {
            if let Some((weight, feature, reason)) = meet(x, y, how) {
                found.push(Meeting {
                    weight,
                    left,
                    right,
                    feature,
                    reason,
                });
            }
        }
    }
    found.sort_by(|p, q| {
        let place = |m: &Meeting| {
            (
                m.left.abs_diff(m.right),
                m.left + m.right,
                m.left.min(m.right),
            )
        };
        q.weight.total_cmp(&p.weight).then(place(p).cmp(&place(q)))
    });
    let (mut lefts, mut rights) = (0_u32, 0_u32);
    found.retain(|m| {
        let (x, y) = (1 << m.left, 1 << m.right);
        let free = lefts & x == 0 && rights & y == 0;
        if free {
            lefts |= x;
            rights |= y;
        }
        free
    });
    found
}
