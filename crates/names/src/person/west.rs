//! Names as words: which of one name are which of the other, in whatever order they stand.

use super::meet::{self, Token, meetings};
use super::{Reasons, compound, feature, words};
use crate::distance::{Word, distance};
use crate::fold::{self, Script};

/// Words of a name beyond this many are not looked at.
pub(super) const MOST: usize = 12;

const OTHER: f32 = -4.5;
const OTHER_INITIAL: f32 = -4.0;
const MISSING: f32 = -0.45;
/// A forefather that one of them leaves out.
const MISSING_FATHER: f32 = -0.2;
const ONE_WORD: f32 = 1.7;
const JOINED: f32 = 4.2;
const TURNED: f32 = -4.0;
/// Two of three words have changed places, the third has not.
const EXCHANGED: f32 = -4.5;
const GENDER: f32 = -3.0;

/// The words of a name that count.
#[derive(Clone, Debug)]
pub(super) struct Words {
    pub(super) tokens: Vec<Token>,
    joined: Word,
    /// Particles that are no words of it, but letters of `joined`.
    particles: u8,
    /// Whether vowels are missing.
    pub(super) bare: bool,
    /// Whether it is a foreign name in Hangul or Han characters.
    pub(super) loan: bool,
    /// Whether it is Vietnamese: of short syllables, in which every letter counts.
    pub(super) vietnamese: bool,
    /// Whether it says of whom its bearer is the child, after a name of its own.
    child: bool,
}

impl Default for Words {
    fn default() -> Self {
        Self {
            tokens: Vec::new(),
            joined: Word::new(""),
            particles: 0,
            bare: false,
            loan: false,
            vietnamese: false,
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
        bare: matches!(script, Script::Arabic | Script::Hebrew | Script::Other),
        loan: script == Script::Kana,
        vietnamese: is_vietnamese(list),
        ..Words::default()
    };
    let mut joined = String::new();
    let (mut of, mut article) = (false, false);
    let mut servant = false;
    for word in list.iter().flat_map(|w| w.split('-')) {
        // `Abd Allah` is one name.
        if servant && compound::is_god(word) {
            joined.push_str("allah");
            if let Some(last) = out.tokens.last_mut() {
                *last = Token::new("abdullah", words::known("abdullah"), script);
            }
            servant = false;
            continue;
        }
        // The article is written together with its word.
        let bare = word
            .strip_prefix("ال")
            .filter(|rest| script == Script::Arabic && rest.chars().count() > 2);
        let word = bare.unwrap_or(word);
        let latin = letters(word);
        if latin.is_empty() || out.tokens.len() >= MOST {
            continue;
        }
        joined.push_str(&latin);
        // What stands first may be a name of its own: Ben.
        let linked = !out.tokens.is_empty() || latin != "ben";
        let known = words::known(&latin);
        if known.particle && list.len() > 1 && linked {
            out.particles = out.particles.saturating_add(1);
            of |= known.child_of && !out.tokens.is_empty();
            article |= known.article;
            if known.article
                && let Some(last) = out.tokens.last_mut()
            {
                last.article = true;
            }
            continue;
        }
        out.child |= of;
        servant = compound::is_servant(word) || compound::is_servant(&latin);
        let own = matches!(script, Script::Arabic | Script::Hebrew);
        let whole = if own { word } else { &latin };
        let parts = if servant {
            [compound::SERVANT, ""]
        } else {
            compound::parts(whole)
        };
        for part in parts.iter().filter(|part| !part.is_empty()) {
            let mut token = if *part == whole {
                let listed = if own { words::known(part) } else { known };
                let listed = if listed.lines.is_empty() {
                    known
                } else {
                    listed
                };
                Token::new(&latin, listed, script)
            } else {
                let latin = letters(part);
                let listed = words::known(part);
                let known = words::known(&latin);
                let listed = if listed.lines.is_empty() {
                    known
                } else {
                    listed
                };
                Token::new(&latin, listed, script)
            };
            token.article = article || bare.is_some();
            token.father = of;
            out.tokens.push(token);
            article = false;
        }
    }
    out.joined = Word::new(&joined);
    out
}

/// Whether a name begins with a surname of Vietnam and goes on in short syllables.
fn is_vietnamese(list: &[&str]) -> bool {
    let surname = |word: &str| {
        matches!(
            word,
            "nguyen"
                | "tran"
                | "le"
                | "pham"
                | "huynh"
                | "hoang"
                | "phan"
                | "vu"
                | "vo"
                | "dang"
                | "bui"
                | "do"
                | "ngo"
                | "duong"
        )
    };
    list.len() >= 3
        && list.first().is_some_and(|word| surname(word))
        && list.iter().all(|word| word.len() <= 6)
}

/// A word in Latin letters, without marks.
fn letters(word: &str) -> String {
    let latin = fold::latin(word);
    if latin.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return latin;
    }
    latin.chars().filter(|c| c.is_alphanumeric()).collect()
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
    let (mut whole, mut turned) = (0_usize, false);
    let (mut places, mut moved) = ([0_usize; 3], 0_usize);
    let mut shared = 0.0_f32;
    for m in meetings(a, b) {
        let (Some(x), Some(y)) = (a.tokens.get(m.left), b.tokens.get(m.right)) else {
            continue;
        };
        lefts |= 1 << m.left;
        rights |= 1 << m.right;
        turned |= m.left == 0 && m.right > 0;
        moved += usize::from(m.left != m.right);
        if let Some(place) = places.get_mut(m.left) {
            *place = m.right;
        }
        whole += usize::from(m.feature != "initial");
        shared += m.weight;
        let texts = || (x.text().to_owned(), y.text().to_owned());
        say(m.feature, m.weight, m.reason, &texts);
        if meet::genders(x, y) {
            say(
                "gender",
                GENDER,
                "a man's and a woman's form of a surname",
                &texts,
            );
        }
    }
    let (m, n) = (a.tokens.len(), b.tokens.len());
    let cut = m != n || a.particles != b.particles;
    let joined = cut && whole < m.max(n) && {
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
    // Nooristani and Nuri Stani, Patrushev and Patr ushev: a word cut in two by a break or a habit.
    // Beside no other word that agrees it would not count for much.
    let any = lefts != 0;
    let there = any.then(|| meet::cut_in_two(a, b, lefts, rights)).flatten();
    let back = any.then(|| meet::cut_in_two(b, a, rights, lefts)).flatten();
    if let Some((cut, turned)) = there.xor(back).map(|cut| (cut, back.is_some())) {
        let (one, other) = if turned { (b, a) } else { (a, b) };
        let (taken, taken_there) = if turned {
            (&mut rights, &mut lefts)
        } else {
            (&mut lefts, &mut rights)
        };
        *taken |= 1 << cut.whole;
        *taken_there |= 3 << cut.first;
        say("spelling", meet::CUT, "one word, written in two", &|| {
            let word = one.tokens.get(cut.whole).map_or("", Token::text);
            let halves = listed(other.tokens.iter().skip(cut.first).take(2));
            if turned {
                (halves, word.to_owned())
            } else {
                (word.to_owned(), halves)
            }
        });
    }
    let count_of = |taken: u32| taken.count_ones() as usize;
    let lost = m.saturating_sub(count_of(lefts));
    let found = n.saturating_sub(count_of(rights));
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
            let longer = if lost > found {
                rest(&a.tokens, lefts)
            } else {
                rest(&b.tokens, rights)
            };
            let fathers = longer.filter(|word| word.father).count().min(extra);
            say(
                "missing_part",
                MISSING * count(extra - fathers) + MISSING_FATHER * count(fathers),
                "a part that one of them does not give",
                &told,
            );
        }
    } else if m == 1 && whole == 1 {
        say("name_part", ONE_WORD, "the only word of both", &nothing);
    }
    // Ali Hassan Saleh is not Hassan Ali Saleh; to put the surname first moves all three.
    let exchanged = m == 3 && n == 3 && moved == 2 && lost + found == 0 && places != [2, 1, 0];
    if exchanged {
        say(
            "order",
            EXCHANGED,
            "two of three words have changed places",
            &nothing,
        );
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
