//! Names as words: which of one name are which of the other, in whatever order they stand.

use super::{Reasons, feature, words};
use crate::distance::{Word, distance};
use crate::fold::{self, Script};
use crate::keys::hash;

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

#[derive(Clone, Debug)]
struct Token {
    word: Word,
    /// A hash of how it sounds ([`fold::sound`]).
    sound: u64,
    /// A hash of its consonants, for what comes from a script without vowels, and how many there are.
    skeleton: u64,
    /// The same for scripts of East Asia, which do not tell l from r.
    liquid: u64,
    consonants: u8,
    nicknames: u128,
    /// The first letter.
    head: char,
    initial: bool,
    frequent: bool,
    /// Whether it begins with a vowel, ends with one.
    vowel: bool,
    open: bool,
}

impl Token {
    fn new(latin: &str, known: words::Known) -> Self {
        let skeleton = fold::skeleton(latin);
        let skeleton = skeleton.trim_start_matches('A');
        let mut letters = latin.chars();
        let head = letters.next().unwrap_or(' ');
        Self {
            word: Word::new(latin),
            sound: hash(1, fold::sound(latin).as_bytes()),
            consonants: u8::try_from(skeleton.chars().count()).unwrap_or(u8::MAX),
            skeleton: hash(2, skeleton.as_bytes()),
            liquid: hash(3, skeleton.replace('r', "l").as_bytes()),
            nicknames: known.nicknames,
            initial: letters.next().is_none(),
            frequent: known.frequent,
            vowel: matches!(head, 'a' | 'e' | 'i' | 'o' | 'u'),
            open: latin.ends_with(['a', 'e', 'i', 'o', 'u', 'y']),
            head,
        }
    }

    fn text(&self) -> &str {
        self.word.text()
    }
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
        let known = words::known(&latin);
        if known.particle && list.len() > 1 && linked {
            of |= known.child_of && !out.tokens.is_empty();
            continue;
        }
        out.child |= of;
        out.tokens.push(Token::new(&latin, known));
    }
    out.joined = Word::new(&joined);
    out
}

/// Weight, feature and reason of two words being one; `None` if they are two.
fn meet(a: &Token, b: &Token, bare: bool, loan: bool) -> Option<(f32, &'static str, &'static str)> {
    if a.word == b.word {
        let weight = match (a.initial, a.frequent) {
            (true, _) => INITIAL,
            (_, true) => COMMON,
            _ => SAME,
        };
        return Some((weight, "name_part", "written alike"));
    }
    if a.initial || b.initial {
        return (a.head == b.head).then_some((INITIAL, "initial", "initial of the other"));
    }
    let longer = a.word.len().max(b.word.len());
    if a.sound == b.sound && longer > 2 {
        return Some((SPELLING, "spelling", "two spellings of one sound"));
    }
    if a.nicknames & b.nicknames != 0 {
        return Some((SHORT_FORM, "nickname", "short form of the other"));
    }
    let skeletons = a.skeleton == b.skeleton;
    if bare && a.consonants > 0 && skeletons {
        return Some((
            SPELLING - 0.2,
            "spelling",
            "the same consonants; one script writes no short vowels",
        ));
    }
    if loan && a.consonants > 0 && a.liquid == b.liquid {
        return Some((SPELLING, "spelling", "a foreign name by its sound"));
    }
    let most: u16 = match longer {
        0..=3 => return None,
        4..=5 => 10,
        6..=8 => 12,
        _ => 20,
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
    // Yusuf and Youssef: the same consonants with other vowels are one name more often than not, unless one ends in a
    // vowel and the other does not, as Peter and Petra do.
    if apart <= most + 8 && vowels_apart {
        return Some((
            SPELLING - 0.2,
            "spelling",
            "the same consonants with other vowels",
        ));
    }
    (head && apart <= most).then_some((SLIP, "spelling", "one or two letters apart"))
}

/// `Ivanov` and `Ivanova`: a man and a woman.
fn genders(a: &Token, b: &Token) -> bool {
    let pair = |man: &str, woman: &str| {
        woman.strip_suffix('a') == Some(man)
            && (man.ends_with("ov") || man.ends_with("ev") || man.ends_with("in"))
    };
    pair(a.text(), b.text()) || pair(b.text(), a.text())
}

/// How a word of one name and one of the other are the same.
struct Meeting {
    weight: f32,
    left: usize,
    right: usize,
    feature: &'static str,
    reason: &'static str,
}

/// The best meetings, best first, each word in at most one. The same both ways: by weight, then by how near their
/// places are, then by place.
fn meetings(a: &Words, b: &Words) -> Vec<Meeting> {
    let mut found: Vec<Meeting> = Vec::new();
    let (bare, loan) = (a.bare || b.bare, a.loan || b.loan);
    for (left, x) in a.tokens.iter().enumerate() {
        for (right, y) in b.tokens.iter().enumerate() {
            if let Some((weight, feature, reason)) = meet(x, y, bare, loan) {
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

/// The words that no meeting takes.
fn rest(words: &[Token], taken: u32) -> impl Iterator<Item = &Token> {
    let free = move |at: usize| taken & 1 << at == 0;
    let each = words.iter().enumerate();
    each.filter(move |(at, _)| free(*at)).map(|(_, word)| word)
}

fn listed<'a>(words: impl Iterator<Item = &'a Token>) -> String {
    words.map(Token::text).collect::<Vec<_>>().join(" ")
}

pub(super) fn weigh(a: &Words, b: &Words, mut because: Reasons<'_>) -> f32 {
    let mut odds = 0.0;
    let mut say = |name, weight: f32, reason: &str, told: &dyn Fn() -> (String, String)| {
        odds += weight;
        if let Some(list) = because.as_deref_mut() {
            let (left, right) = told();
            list.push(feature(name, weight, &left, &right, reason.to_owned()));
        }
    };
    if a.tokens.is_empty() || b.tokens.is_empty() {
        return odds;
    }
    let nothing = || (String::new(), String::new());
    let (mut lefts, mut rights) = (0_u32, 0_u32);
    let (mut matched, mut whole, mut turned) = (0_usize, 0_usize, false);
    let mut shared = 0.0_f32;
    for m in meetings(a, b) {
        let (Some(x), Some(y)) = (a.tokens.get(m.left), b.tokens.get(m.right)) else {
            continue;
        };
        lefts |= 1 << m.left;
        rights |= 1 << m.right;
        turned |= m.left == 0 && m.right > 0;
        matched += 1;
        whole += usize::from(m.feature != "initial");
        shared += m.weight;
        let texts = || (x.text().to_owned(), y.text().to_owned());
        say(m.feature, m.weight, m.reason, &texts);
        if genders(x, y) {
            say(
                "gender",
                GENDER,
                "a man's and a woman's form of a surname",
                &texts,
            );
        }
    }
    let (m, n) = (a.tokens.len(), b.tokens.len());
    let joined = m != n && whole < m.max(n) && {
        let most = if a.joined.len().min(b.joined.len()) > 7 {
            10
        } else {
            0
        };
        distance(&a.joined, &b.joined, most) <= most
    };
    if joined {
        say(
            "spelling",
            JOINED,
            "the same letters, parted otherwise",
            &nothing,
        );
        return odds;
    }
    let (lost, found) = (m.saturating_sub(matched), n.saturating_sub(matched));
    if lost + found > 0 {
        let told = || {
            (
                listed(rest(&a.tokens, lefts)),
                listed(rest(&b.tokens, rights)),
            )
        };
        let count = |n: usize| f32::from(u8::try_from(n).unwrap_or(u8::MAX));
        let against = lost.min(found);
        if against > 0 {
            let short = rest(&a.tokens, lefts).any(|word| word.initial)
                || rest(&b.tokens, rights).any(|word| word.initial);
            let weight = if short { OTHER_INITIAL } else { OTHER };
            // Long names share more by family and custom: what they share does not outweigh the difference.
            say(
                "contradiction",
                weight * count(against) - (shared - 4.5).max(0.0),
                "other words stand in their place",
                &told,
            );
        }
        let extra = lost.abs_diff(found);
        if extra > 0 {
            say(
                "missing_part",
                MISSING * count(extra),
                "a part that one of them does not give",
                &told,
            );
        }
    } else if m == 1 && whole == 1 {
        say("name_part", ONE_WORD, "the only word of both", &nothing);
    }
    // Abdullah bin Omar is the son of Omar, and Omar bin Abdullah his father.
    if a.child && b.child && turned && rights & 1 != 0 {
        say(
            "order",
            TURNED,
            "who is the child of whom is turned round",
            &nothing,
        );
    }
    odds
}
