//! Which words of one name are which of the other.

use super::Reading;
use super::sound;
use super::tables::{KOREA, Kind};
use super::tokens::Token;
use crate::distance::{self, Word};
use crate::fold::Script;
use crate::syllables;

/// How two words are the same.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum How {
    Equal,
    Meaning,
    Number,
    /// Trades that are near.
    Near,
    /// Letters apart, in tenths.
    Spelling(u16),
    /// By letters of another script, in tenths.
    Transliterated(u16),
    Sound,
    Loan,
    Consonants,
}

/// A match of the words `left.0..left.1` with `right.0..right.1`.
#[derive(Clone, Debug)]
pub(crate) struct Match {
    pub(crate) left: (usize, usize),
    pub(crate) right: (usize, usize),
    pub(crate) quality: f32,
    pub(crate) how: How,
}

fn tells(token: &Token) -> bool {
    !matches!(token.kind, Kind::Form | Kind::Stop)
}

/// The best matches, each word in at most one. `east`: whether one of the names is from China or Korea, where syllables and not
/// letters must agree.
pub(crate) fn matches(left_name: &Reading, right_name: &Reading, east: bool) -> Vec<Match> {
    let (left, right) = (left_name.tokens.as_slice(), right_name.tokens.as_slice());
    let mut found: Vec<Match> = Vec::new();
    for (i, a) in left.iter().enumerate().filter(|(_, token)| tells(token)) {
        for (j, b) in right.iter().enumerate().filter(|(_, token)| tells(token)) {
            if let Some((quality, how)) = alike(a, b, east) {
                found.push(Match {
                    left: (i, i.saturating_add(1)),
                    right: (j, j.saturating_add(1)),
                    quality,
                    how,
                });
            }
        }
    }
    let open = |tokens: &[Token], done: &dyn Fn(usize) -> bool| {
        tokens
            .iter()
            .enumerate()
            .any(|(at, token)| token.kind == Kind::Brand && !done(at))
    };
    let sure = |m: &&Match| m.quality > 0.99;
    let left_open = open(left, &|at| {
        found.iter().filter(sure).any(|m| m.left.0 == at)
    });
    let right_open = open(right, &|at| {
        found.iter().filter(sure).any(|m| m.right.0 == at)
    });
    if left_open || right_open {
        joined(left, right_name, east, &mut found, false);
        joined(right, left_name, east, &mut found, true);
    }
    // Best first; among equals, the longer, then the first: the same whatever order they were found in.
    found.sort_by(|a, b| {
        let size = |m: &Match| {
            m.left
                .1
                .saturating_sub(m.left.0)
                .saturating_add(m.right.1.saturating_sub(m.right.0))
        };
        b.quality
            .total_cmp(&a.quality)
            .then(size(b).cmp(&size(a)))
            .then((a.left, a.right).cmp(&(b.left, b.right)))
    });
    let mut taken_left = [false; super::tokens::MAX_TOKENS];
    let mut taken_right = [false; super::tokens::MAX_TOKENS];
    found.retain(|m| {
        let free = |taken: &[bool], (from, to): (usize, usize)| {
            taken
                .get(from..to)
                .is_some_and(|range| range.iter().all(|t| !t))
        };
        if !free(&taken_left, m.left) || !free(&taken_right, m.right) {
            return false;
        }
        for (taken, (from, to)) in [(&mut taken_left, m.left), (&mut taken_right, m.right)] {
            if let Some(range) = taken.get_mut(from..to) {
                range.fill(true);
            }
        }
        true
    });
    found.sort_by_key(|m| m.left);
    found
}

/// A run of words that may be one word elsewhere.
#[derive(Clone, Debug)]
pub(crate) struct Join {
    from: u8,
    to: u8,
    /// Its letters ([`Word::seen`]) and how many there are, if nothing but the letters of an alphabet tells it.
    plain: Option<(u64, usize)>,
    /// Otherwise the word, ready.
    token: Option<Box<Token>>,
}

impl Join {
    fn text(&self, tokens: &[Token]) -> String {
        let run = tokens.get(usize::from(self.from)..usize::from(self.to));
        run.unwrap_or_default()
            .iter()
            .map(|token| token.text.as_str())
            .collect()
    }

    /// Whether `token` is this run, how surely and how.
    fn alike(&self, token: &Token, tokens: &[Token], east: bool) -> Option<(f32, How)> {
        if let Some(join) = &self.token {
            if token.east && join.east && token.script == join.script {
                return None;
            }
            return alike(token, join, east);
        }
        let (seen, letters) = self.plain?;
        if token.script == Script::Hangul {
            let quality = sound::loan_likeness(&token.text, &self.text(tokens));
            return (quality > 0.0).then_some((quality, How::Loan));
        }
        // What surely differs is not put together.
        let near = token.spellings.iter().any(|word| {
            let most = allowed(word.len().max(letters));
            !distance::surely_far((word.seen(), word.len()), (seen, letters), most)
        });
        if near || token.is_vowelless() {
            return alike(token, &super::tokens::brand(&self.text(tokens)), east);
        }
        None
    }
}

/// Words written together in one name and apart in the other: `Goodwill`, `Good Will`; 鸿祥, `Hong Xiang`.
fn joined(one: &[Token], many: &Reading, east: bool, found: &mut Vec<Match>, swapped: bool) {
    for (i, a) in one
        .iter()
        .enumerate()
        .filter(|(_, token)| tells(token) && token.kind != Kind::Number)
    {
        for join in &many.joins {
            let Some((quality, how)) = join.alike(a, &many.tokens, east) else {
                continue;
            };
            let those = (usize::from(join.from), usize::from(join.to));
            let this = (i, i.saturating_add(1));
            let (left, right) = if swapped {
                (those, this)
            } else {
                (this, those)
            };
            found.push(Match {
                left,
                right,
                quality: quality * 0.985,
                how,
            });
        }
    }
}

/// The runs of two to six words that may be written together elsewhere.
pub(crate) fn joins(tokens: &[Token]) -> Vec<Join> {
    let mut out = Vec::new();
    for (from, start) in tokens.iter().zip(0_u8..).map(|(token, at)| (at, token)) {
        if matches!(start.kind, Kind::Number | Kind::Form) {
            continue;
        }
        let run = tokens.iter().skip(usize::from(from)).take(6);
        let run = run.take_while(|token| !matches!(token.kind, Kind::Number | Kind::Form));
        let plain = |token: &Token| {
            let text = token.text.chars();
            text.filter(|c| *c != ' ').collect::<String>()
        };
        let korean = sound::korean_ends(&run.map(plain).collect::<String>());
        let (mut text, mut letters) = (String::new(), String::new());
        let (mut seen, mut tells) = (0_u64, false);
        for (token, to) in tokens.iter().zip(1_u8..).skip(usize::from(from)).take(6) {
            if matches!(token.kind, Kind::Number | Kind::Form) || text.len() > 60 {
                break;
            }
            text.push_str(&token.text);
            letters.extend(token.text.chars().filter(|c| *c != ' '));
            seen |= token.spellings.first().map_or(0, Word::seen);
            tells |= matches!(token.kind, Kind::Brand | Kind::Industry);
            if to.saturating_sub(from) < 2 || !tells {
                continue;
            }
            let plain = letters.len() <= distance::MAX_LETTERS
                && letters.bytes().all(|b| b.is_ascii_lowercase())
                && !sound::is_korean_until(korean, letters.len())
                && !sound::is_pinyin(&letters)
                && !sound::is_pinyin_syllable(&letters);
            out.push(Join {
                from,
                to,
                plain: plain.then_some((seen, letters.len())),
                token: (!plain).then(|| Box::new(super::tokens::brand(&text))),
            });
        }
    }
    out
}

/// Whether two words are the same, how surely (0 to 1), and how.
pub(crate) fn alike(a: &Token, b: &Token, east: bool) -> Option<(f32, How)> {
    if a.kind == Kind::Number || b.kind == Kind::Number {
        return (a.kind == b.kind && a.id == b.id).then_some((1.0, How::Number));
    }
    if a.text == b.text {
        return Some((1.0, How::Equal));
    }
    if a.id != 0 && b.id != 0 && a.kind == b.kind {
        if a.id == b.id {
            // The word itself goes before another that means the same.
            return Some((0.999, How::Meaning));
        }
        if a.kind == Kind::Place {
            let korea = |this: &Token, that: &Token| {
                this.id == u64::from(KOREA)
                    && that.is_country
                    && matches!(&that.country, b"KP" | b"KR")
            };
            return (korea(a, b) || korea(b, a)).then_some((0.95, How::Meaning));
        }
        let near = a.kind == Kind::Industry && super::tables::tables().are_near(a.id, b.id);
        return near.then_some((0.6, How::Near));
    }
    if a.id != 0 && b.id != 0 {
        return None;
    }
    let syllabic = |token: &Token| token.script.is_syllabic();
    if syllabic(a) || syllabic(b) {
        return by_sound(a, b);
    }
    if east && a.pinyin && b.pinyin {
        return by_sound(a, b);
    }
    let letters = by_letters(a, b).filter(|(_, how)| {
        // A word like that of a trade is not taken for it: constructors, construction; missives, missiles. A letter too
        // few or too many is a slip.
        let sure = |apart: u16| apart < 10 || apart == 10 && a.text.len() != b.text.len();
        (a.id == 0 && b.id == 0) || !matches!(how, How::Spelling(apart) if !sure(*apart))
    });
    letters.or_else(|| by_consonants(a, b)).or_else(|| {
        (east && a.korean && b.korean)
            .then(|| by_sound(a, b))
            .flatten()
    })
}

fn by_sound(a: &Token, b: &Token) -> Option<(f32, How)> {
    let mut cost = syllables::NEVER;
    for x in &a.ways {
        for y in b.ways.iter().filter(|y| y.len() == x.len()) {
            cost = cost.min(syllables::cheapest(&syllables::fits(x, y)).1);
        }
    }
    if cost < syllables::NEVER {
        // Han against Han: simplified and traditional forms, and nothing else, is one writing.
        let same_script = a.script == b.script && a.script.is_syllabic();
        let quality = (-f32::from(cost) / 60.0).exp();
        if same_script && cost > 7 || quality < 0.4 {
            return None;
        }
        return Some((quality.min(0.98), How::Sound));
    }
    let loan = |word: Script, foreign: Script| {
        word == Script::Hangul && matches!(foreign, Script::Latin | Script::Cyrillic | Script::Kana)
    };
    if loan(a.script, b.script) || loan(b.script, a.script) {
        let (hangul, foreign) = if a.script == Script::Hangul {
            (a, b)
        } else {
            (b, a)
        };
        // A Korean word in Latin letters is read by syllables, and they did not agree.
        if foreign.korean && !sound::is_loan(&hangul.text) {
            return None;
        }
        let quality = sound::loan_likeness(&a.text, &b.text);
        return (quality > 0.0).then_some((quality, How::Loan));
    }
    None
}

fn by_letters(a: &Token, b: &Token) -> Option<(f32, How)> {
    // Marks and numbers in a word (`N123AB`, `3M`) agree or do not.
    if a.digits || b.digits {
        return None;
    }
    let mut best = distance::FAR;
    let mut length = 1;
    for x in &a.spellings {
        for y in &b.spellings {
            let longer = x.len().max(y.len());
            let apart = distance::distance(x, y, allowed(longer).min(best));
            if apart < best {
                best = apart;
                length = longer;
            }
        }
    }
    if best == distance::FAR {
        return None;
    }
    let across = a.script != b.script;
    // In a short word one other letter makes another: grain and brain.
    if !across && length <= 6 && best == distance::LETTER && a.text.len() == b.text.len() {
        return None;
    }
    let length = f32::from(u16::try_from(length).unwrap_or(u16::MAX));
    let quality = 1.0 - 1.3 * f32::from(best) / (10.0 * length) - if across { 0.02 } else { 0.0 };
    Some((
        quality,
        if across {
            How::Transliterated(best)
        } else {
            How::Spelling(best)
        },
    ))
}

/// How many tenths of a wrong letter two spellings of one word may be apart: short words are other words at once.
fn allowed(letters: usize) -> u16 {
    match letters {
        0..=3 => 3,
        4 => 6,
        5 => 10,
        6..=8 => 12,
        9..=11 => 17,
        _ => 24,
    }
}

fn by_consonants(a: &Token, b: &Token) -> Option<(f32, How)> {
    if a.is_vowelless() == b.is_vowelless() || a.skeleton.chars().count() < 3 {
        return None;
    }
    if a.skeleton == b.skeleton {
        return Some((0.85, How::Consonants));
    }
    let (x, y) = (Word::new(&a.skeleton), Word::new(&b.skeleton));
    (a.skeleton.len() >= 5 && distance::distance(&x, &y, 10) <= 10)
        .then_some((0.65, How::Consonants))
}
