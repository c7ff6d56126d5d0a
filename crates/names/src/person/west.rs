//! Names as words: which of one name are which of the other, in whatever order they stand.

use super::{Reasons, feature, words};
use crate::distance::{Word, distance};
use crate::fold::{self, Script};

/// Words of a name beyond this many are not looked at.
pub(super) const MOST: usize = 12;

const SAME: f32 = 2.4;
const COMMON: f32 = 1.9;
const SPELLING: f32 = 2.1;
const SLIP: f32 = 1.6;
const SHORT_FORM: f32 = 1.7;
const INITIAL: f32 = 0.9;
const OTHER: f32 = -4.5;
const OTHER_INITIAL: f32 = -4.0;
const MISSING: f32 = -0.45;
const ONE_WORD: f32 = 1.7;
const JOINED: f32 = 4.2;
const TURNED: f32 = -4.0;
const GENDER: f32 = -3.0;

/// First names so common that sharing one says less.
const FREQUENT: &str = " muhammad mohammed mohammad mohamed ahmed ahmad ali hassan hasan hussein ibrahim abdullah omar john david maria jose ivan alexander michael ";

#[derive(Clone, Debug)]
struct Token {
    word: Word,
    text: String,
    sound: String,
    /// Consonants, for what comes from a script without vowels.
    skeleton: String,
    nicknames: u128,
    initial: bool,
}

/// The words of a name that count.
#[derive(Clone, Debug)]
pub(super) struct Words {
    tokens: Vec<Token>,
    joined: Word,
    /// Whether vowels are missing.
    bare: bool,
    /// Whether it is a foreign name in Hangul or Han characters.
    pub(super) loan: bool,
    /// Whether it says of whom its bearer is the child, after a name of its own.
    child: bool,
}

impl Default for Words {
    fn default() -> Self {
        Self {
            tokens: Vec::new(),
            joined: Word::new(""),
            bare: false,
            loan: false,
            child: false,
        }
    }
}

impl Words {
    pub(super) fn len(&self) -> usize {
        self.tokens.len()
    }
}

pub(super) fn words(list: &[&str], script: Script) -> Words {
    let mut out = Words {
        bare: matches!(script, Script::Arabic | Script::Hebrew),
        ..Words::default()
    };
    let mut joined = String::new();
    let mut of = false;
    for word in list.iter().flat_map(|w| w.split('-')) {
        // The article is written together with its word.
        let bare = word
            .strip_prefix("ال")
            .filter(|rest| out.bare && rest.chars().count() > 2);
        let latin: String = fold::latin(bare.unwrap_or(word))
            .chars()
            .filter(|c| c.is_alphanumeric())
            .collect();
        if latin.is_empty() || out.tokens.len() >= MOST {
            continue;
        }
        joined.push_str(&latin);
        // What stands first may be a name of its own: Ben.
        let linked = !out.tokens.is_empty() || latin != "ben";
        if words::is_particle(&latin) && list.len() > 1 && linked {
            of |= words::is_child_of(&latin) && !out.tokens.is_empty();
            continue;
        }
        out.child |= of;
        out.tokens.push(Token {
            word: Word::new(&latin),
            sound: fold::sound(&latin),
            skeleton: fold::skeleton(&latin).trim_start_matches('A').to_owned(),
            nicknames: words::nicknames(&latin),
            initial: latin.chars().count() == 1,
            text: latin,
        });
    }
    out.joined = Word::new(&joined);
    out
}

/// Weight, feature and reason of two words being one; `None` if they are two.
fn meet(a: &Token, b: &Token, bare: bool, loan: bool) -> Option<(f32, &'static str, &'static str)> {
    if a.text == b.text {
        let weight = match (a.initial, FREQUENT.contains(&format!(" {} ", a.text))) {
            (true, _) => INITIAL,
            (_, true) => COMMON,
            _ => SAME,
        };
        return Some((weight, "name_part", "written alike"));
    }
    if a.initial || b.initial {
        let same = a.text.chars().next() == b.text.chars().next();
        return same.then_some((INITIAL, "initial", "initial of the other"));
    }
    let longer = a.word.len().max(b.word.len());
    if a.sound == b.sound && longer > 2 {
        return Some((SPELLING, "spelling", "two spellings of one sound"));
    }
    if a.nicknames & b.nicknames != 0 {
        return Some((SHORT_FORM, "nickname", "short form of the other"));
    }
    if bare && !a.skeleton.is_empty() && a.skeleton == b.skeleton {
        return Some((
            SPELLING - 0.2,
            "spelling",
            "the same consonants; one script writes no short vowels",
        ));
    }
    if loan && !a.skeleton.is_empty() && liquid(&a.skeleton) == liquid(&b.skeleton) {
        return Some((SPELLING, "spelling", "a foreign name by its sound"));
    }
    let most: u16 = match longer {
        0..=3 => return None,
        4..=5 => 10,
        6..=8 => 12,
        _ => 20,
    };
    let apart = distance(&a.word, &b.word, most + 8);
    // Yusuf and Youssef: the same consonants with other vowels are one name more often than not, unless one ends in a
    // vowel and the other does not, as Peter and Petra do.
    let open = |word: &str| word.ends_with(['a', 'e', 'i', 'o', 'u', 'y']);
    if apart <= most + 8
        && a.skeleton.chars().count() >= 3
        && a.skeleton == b.skeleton
        && open(&a.text) == open(&b.text)
    {
        return Some((
            SPELLING - 0.2,
            "spelling",
            "the same consonants with other vowels",
        ));
    }
    // In a short word another first consonant makes another name, Hung and Dung; another first vowel does not,
    // Usama and Osama.
    let vowel = |word: &str| word.starts_with(['a', 'e', 'i', 'o', 'u']);
    let head = longer > 5
        || a.text.chars().next() == b.text.chars().next()
        || vowel(&a.text) && vowel(&b.text);
    (head && apart <= most).then_some((SLIP, "spelling", "one or two letters apart"))
}

/// Scripts of East Asia do not tell l from r.
fn liquid(skeleton: &str) -> String {
    skeleton.replace('r', "l")
}

/// `Ivanov` and `Ivanova`: a man and a woman.
fn genders(a: &Token, b: &Token) -> bool {
    let pair = |man: &str, woman: &str| {
        woman.strip_suffix('a') == Some(man)
            && (man.ends_with("ov") || man.ends_with("ev") || man.ends_with("in"))
    };
    pair(&a.text, &b.text) || pair(&b.text, &a.text)
}

pub(super) fn weigh(a: &Words, b: &Words, mut because: Reasons<'_>) -> f32 {
    let mut odds = 0.0;
    let mut say = |name, weight: f32, left: &str, right: &str, reason: &str| {
        odds += weight;
        if let Some(list) = because.as_deref_mut() {
            list.push(feature(name, weight, left, right, reason.to_owned()));
        }
    };
    if a.tokens.is_empty() || b.tokens.is_empty() {
        return odds;
    }
    let mut pairs: Vec<(f32, usize, usize, &'static str, &'static str)> = Vec::new();
    for (i, x) in a.tokens.iter().enumerate() {
        for (j, y) in b.tokens.iter().enumerate() {
            if let Some((weight, name, reason)) = meet(x, y, a.bare || b.bare, a.loan || b.loan) {
                pairs.push((weight, i, j, name, reason));
            }
        }
    }
    // The same both ways: by weight, then by how near their places are, then by place.
    pairs.sort_by(|p, q| {
        let place = |t: &(f32, usize, usize, _, _)| (t.1.abs_diff(t.2), t.1 + t.2, t.1.min(t.2));
        q.0.total_cmp(&p.0).then(place(p).cmp(&place(q)))
    });
    let (mut left, mut right) = ([None::<usize>; MOST], [false; MOST]);
    let mut matched = 0_usize;
    let mut whole = 0_usize;
    let mut shared = 0.0_f32;
    for (weight, i, j, name, reason) in pairs {
        let (Some(l), Some(r)) = (left.get_mut(i), right.get_mut(j)) else {
            continue;
        };
        let (Some(x), Some(y)) = (a.tokens.get(i), b.tokens.get(j)) else {
            continue;
        };
        if l.is_some() || *r {
            continue;
        }
        *l = Some(j);
        *r = true;
        matched += 1;
        whole += usize::from(name != "initial");
        shared += weight;
        say(name, weight, &x.text, &y.text, reason);
        if genders(x, y) {
            say(
                "gender",
                GENDER,
                &x.text,
                &y.text,
                "a man's and a woman's form of a surname",
            );
        }
    }
    let (m, n) = (a.tokens.len(), b.tokens.len());
    let joined = whole < m.max(n) && {
        let most = if a.joined.len().min(b.joined.len()) > 7 {
            10
        } else {
            0
        };
        distance(&a.joined, &b.joined, most) <= most && m != n
    };
    if joined {
        say(
            "spelling",
            JOINED,
            "",
            "",
            "the same letters, parted otherwise",
        );
        return odds;
    }
    let (lost, found) = (m.saturating_sub(matched), n.saturating_sub(matched));
    let rest = |list: &[Token], free: &dyn Fn(usize) -> bool| {
        let each = list
            .iter()
            .enumerate()
            .filter(|(i, _)| free(*i))
            .map(|(_, t)| t.text.clone());
        each.collect::<Vec<_>>()
    };
    if lost + found > 0 {
        let l = rest(&a.tokens, &|i| left.get(i).is_some_and(Option::is_none));
        let r = rest(&b.tokens, &|j| right.get(j).is_some_and(|taken| !taken));
        let count = |n: usize| f32::from(u8::try_from(n).unwrap_or(u8::MAX));
        let against = lost.min(found);
        if against > 0 {
            let short = |list: &[String]| list.iter().any(|w| w.chars().count() == 1);
            let weight = if short(&l) || short(&r) {
                OTHER_INITIAL
            } else {
                OTHER
            };
            // Long names share more by family and custom: what they share does not outweigh the difference.
            say(
                "contradiction",
                weight * count(against) - (shared - 4.5).max(0.0),
                &l.join(" "),
                &r.join(" "),
                "other words stand in their place",
            );
        }
        let extra = lost.abs_diff(found);
        if extra > 0 {
            say(
                "missing_part",
                MISSING * count(extra),
                &l.join(" "),
                &r.join(" "),
                "a part that one of them does not give",
            );
        }
    } else if m == 1 && whole == 1 {
        say("name_part", ONE_WORD, "", "", "the only word of both");
    }
    // Abdullah bin Omar is the son of Omar, and Omar bin Abdullah his father.
    if a.child
        && b.child
        && left.first().copied().flatten().is_some_and(|j| j > 0)
        && right.first() == Some(&true)
    {
        say(
            "order",
            TURNED,
            "",
            "",
            "who is the child of whom is turned round",
        );
    }
    odds
}
