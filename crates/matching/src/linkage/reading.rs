//! Names of persons cut into surname and given name, so that they are compared as they are read.

use names::{fold, syllables};

use super::texts::Texts;

/// A name, or one of several that stand together, as numbers of texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Form {
    /// The whole, folded.
    pub(super) text: u32,
    /// Its words in the order of the alphabet.
    pub(super) words: u32,
    pub(super) script: Script,
    pub(super) surname: u32,
    pub(super) given: u32,
    /// The same with the surname last; 0 where the order is known.
    pub(super) last_surname: u32,
    pub(super) last_given: u32,
}

/// Scripts that are told apart when names are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Script {
    #[default]
    Letters,
    Hangul,
    Han,
    /// Cyrillic, Arabic and others: compared by what they are in Latin letters.
    Other,
}

/// Which part of a name a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Whole,
    Surname,
    Given,
}

/// Forms of one cell beyond this many are not looked at.
const MOST_FORMS: usize = 4;

/// Surnames of two characters; any other name in characters has one of one.
const LONG_SURNAMES: &str = " 남궁 황보 제갈 사공 선우 서문 독고 동방 망절 欧阳 歐陽 司马 司馬 诸葛 諸葛 上官 司徒 皇甫 东方 東方 南宫 南宮 夏侯 慕容 尉迟 尉遲 公孙 公孫 令狐 司空 鲜于 鮮于 独孤 獨孤 西门 西門 ";

const TITLES: &str = " mr mrs ms miss dr prof sir lady rev ";

/// The folded forms of a cell of names: what stands between brackets and strokes is a form of its own. Each is added
/// to `texts`.
pub(super) fn forms(cell: &str, part: Part, texts: &mut Texts, into: &mut Vec<Form>) {
    let plain = fold::plain(cell);
    let mut count = 0;
    for piece in plain.split(['(', ')', '[', ']', '/', ';', '=']) {
        if count < MOST_FORMS
            && let Some(form) = form(piece, part, texts)
        {
            count += 1;
            into.push(form);
        }
    }
}

fn form(piece: &str, part: Part, texts: &mut Texts) -> Option<Form> {
    let script = match fold::main_script(piece)? {
        fold::Script::Latin => Script::Letters,
        fold::Script::Hangul => Script::Hangul,
        fold::Script::Han => Script::Han,
        _ => Script::Other,
    };
    match script {
        Script::Hangul | Script::Han => {
            let bare: String = piece.chars().filter(|c| c.is_alphanumeric()).collect();
            Some(characters(&bare, script, part, texts))
        }
        Script::Letters => letters(piece, script, part, texts),
        Script::Other => letters(&fold::latin(piece), script, part, texts),
    }
}

fn characters(bare: &str, script: Script, part: Part, texts: &mut Texts) -> Form {
    let text = texts.intern(bare);
    let mut form = Form {
        text,
        words: text,
        script,
        ..Form::default()
    };
    match part {
        Part::Surname => form.surname = text,
        Part::Given => form.given = text,
        Part::Whole => {
            let ends: Vec<usize> = bare
                .char_indices()
                .map(|(at, _)| at)
                .chain([bare.len()])
                .collect();
            let count = ends.len() - 1;
            if (2..=5).contains(&count) {
                let two = ends.get(2).copied().unwrap_or(0);
                let long = count > 2
                    && bare
                        .get(..two)
                        .is_some_and(|start| LONG_SURNAMES.split(' ').any(|s| s == start));
                let cut = ends.get(if long { 2 } else { 1 }).copied().unwrap_or(0);
                form.surname = texts.intern(bare.get(..cut).unwrap_or_default());
                form.given = texts.intern(bare.get(cut..).unwrap_or_default());
            }
        }
    }
    form
}

fn letters(piece: &str, script: Script, part: Part, texts: &mut Texts) -> Option<Form> {
    let comma = piece
        .split_once(',')
        .map(|(surname, _)| words(surname).count());
    let list: Vec<&str> = words(piece)
        .filter(|w| part != Part::Whole || !is_title(w))
        .collect();
    if list.is_empty() {
        return None;
    }
    let whole = list.join(" ");
    let mut sorted = list.clone();
    sorted.sort_unstable();
    let mut form = Form {
        text: texts.intern(&whole),
        words: texts.intern(&sorted.join(" ")),
        script,
        ..Form::default()
    };
    let mut cut = |at: usize| {
        let (surname, given) = list.split_at_checked(at).unwrap_or((&list, &[]));
        (
            texts.intern(&surname.join(" ")),
            texts.intern(&given.join(" ")),
        )
    };
    match part {
        Part::Surname => form.surname = form.text,
        Part::Given => form.given = form.text,
        Part::Whole => match comma.filter(|count| *count > 0 && *count < list.len()) {
            Some(count) => (form.surname, form.given) = cut(count),
            None if list.len() == 1 => form.given = form.text,
            None => {
                (form.surname, form.given) = cut(1);
                (form.last_given, form.last_surname) = cut(list.len() - 1);
            }
        },
    }
    Some(form)
}

fn words(piece: &str) -> impl Iterator<Item = &str> {
    piece
        .split(|c: char| !(c.is_alphanumeric() || c == '\''))
        .map(|word| word.trim_matches('\''))
        .filter(|word| !word.is_empty())
}

fn is_title(word: &str) -> bool {
    TITLES.split(' ').any(|title| title == word)
}

/// How well two name parts are read alike, remembered by the pair.
#[derive(Clone, Debug)]
pub(super) struct Readings {
    /// Pair and answer, by hash of the pair; what is overwritten is found again.
    known: Vec<u64>,
    /// What is known of each text; made when it is first asked for.
    shapes: Vec<Option<Shape>>,
    /// Single characters and pieces of words by number.
    pieces: Texts,
    /// Which of them are read alike: pair and answer, by hash of the pair.
    alike: Vec<u64>,
}

/// What rules out quickly that two name parts are read alike.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Shape {
    /// Cannot be read by syllables of Korean or Chinese.
    Other,
    /// One or two characters.
    Characters(u32, u32),
    /// A word in letters: the whole, and for each place where it can be cut the two pieces, if each can be one
    /// syllable; and what is left of it without vowels and what spellings differ in.
    Letters {
        whole: u32,
        cuts: Vec<(u32, u32)>,
        bones: u64,
    },
    /// Longer: not ruled out.
    Long,
}

/// Tenths of a natural logarithm; [`NONE`] if no reading fits.
pub(super) type Cost = u8;
pub(super) const NONE: Cost = u8::MAX;

const PLACES: usize = 1 << 16;

impl Readings {
    pub(super) fn new(texts: usize) -> Self {
        let places = |many: usize| vec![0; if texts > 1 { many } else { 1 }];
        Self {
            known: places(PLACES),
            shapes: vec![None; texts],
            pieces: Texts::default(),
            alike: places(PLACES),
        }
    }

    /// Reads two parts of names; numbers of `texts`.
    pub(super) fn cost(&mut self, texts: &Texts, a: u32, b: u32) -> Cost {
        if a == b {
            return 0;
        }
        if !self.may_be_alike(texts, a, b) {
            return NONE;
        }
        remembered(&mut self.known, a, b, || {
            syllables::align(texts.get(a), texts.get(b)).map_or(NONE, |found| {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "clamped"
                )]
                let tenths = (found.cost * 10.0).clamp(0.0, 250.0) as u8;
                tenths
            })
        })
    }

    /// `false` if it is certain that two parts are not read alike: syllable by syllable, every answer is remembered.
    fn may_be_alike(&mut self, texts: &Texts, a: u32, b: u32) -> bool {
        for part in [a, b] {
            if self.shapes.get(part as usize).is_some_and(Option::is_none) {
                let shape = shape(texts.get(part), &mut self.pieces);
                if let Some(place) = self.shapes.get_mut(part as usize) {
                    *place = Some(shape);
                }
            }
        }
        let Self {
            shapes,
            pieces,
            alike,
            ..
        } = self;
        let of = |part: u32| shapes.get(part as usize).and_then(Option::as_ref);
        let mut one = |x: u32, y: u32| {
            x != 0
                && y != 0
                && (x == y
                    || remembered(alike, x, y, || {
                        u8::from(syllables::align(pieces.get(x), pieces.get(y)).is_some())
                    }) == 1)
        };
        match (of(a), of(b)) {
            (Some(Shape::Characters(x, y)), Some(Shape::Characters(v, w))) => {
                (*y == 0) == (*w == 0) && one(*x, *v) && (*y == 0 || one(*y, *w))
            }
            (Some(Shape::Characters(x, y)), Some(Shape::Letters { whole, cuts, .. }))
            | (Some(Shape::Letters { whole, cuts, .. }), Some(Shape::Characters(x, y))) => {
                if *y == 0 {
                    one(*x, *whole)
                } else {
                    cuts.iter()
                        .any(|(first, second)| one(*x, *first) && one(*y, *second))
                }
            }
            (Some(Shape::Letters { bones: x, .. }), Some(Shape::Letters { bones: y, .. })) => {
                x == y
            }
            (Some(Shape::Other), _) | (_, Some(Shape::Other)) | (None, _) | (_, None) => false,
            (Some(Shape::Long), _) | (_, Some(Shape::Long)) => true,
        }
    }
}

/// Where the answer for a pair of numbers stands, and how it is marked. Numbers stay below 2^28.
fn place(known: &[u64], a: u32, b: u32) -> (usize, u64) {
    let key = (u64::from(a.min(b)) << 36) | (u64::from(a.max(b)) << 8);
    #[expect(clippy::cast_possible_truncation, reason = "below the length")]
    let at = (super::texts::mix(key) & (known.len() as u64).wrapping_sub(1)) as usize;
    (at, key)
}

/// The answer that was kept for a pair, if no other pair has taken its place since.
pub(super) fn recall(known: &[u64], a: u32, b: u32) -> Option<u8> {
    let (at, key) = place(known, a, b);
    let entry = known.get(at).filter(|entry| **entry >> 8 == key >> 8)?;
    #[expect(clippy::cast_possible_truncation, reason = "the lowest byte")]
    Some(*entry as u8)
}

pub(super) fn keep(known: &mut [u64], a: u32, b: u32, answer: u8) {
    let (at, key) = place(known, a, b);
    if let Some(entry) = known.get_mut(at) {
        *entry = key | u64::from(answer);
    }
}

fn remembered(known: &mut [u64], a: u32, b: u32, find: impl FnOnce() -> u8) -> u8 {
    recall(known, a, b).unwrap_or_else(|| {
        let answer = find();
        keep(known, a, b, answer);
        answer
    })
}

fn is_character(c: char) -> bool {
    matches!(c, '\u{ac00}'..='\u{d7a3}' | '\u{3400}'..='\u{9fff}')
}

fn shape(text: &str, pieces: &mut Texts) -> Shape {
    let letters: Vec<char> = text
        .chars()
        .filter(|c| c.is_alphanumeric() || *c == '\'')
        .collect();
    if letters.iter().all(|c| is_character(*c)) {
        let mut number = |at: usize| {
            letters
                .get(at)
                .map_or(0, |c| pieces.intern(c.encode_utf8(&mut [0; 4])))
        };
        return match letters.len() {
            0 => Shape::Other,
            1 | 2 => Shape::Characters(number(0), number(1)),
            _ => Shape::Long,
        };
    }
    if letters.iter().any(|c| is_character(*c)) || letters.len() > 24 || !syllabic(text) {
        return Shape::Other;
    }
    let mut piece = |part: &[char]| {
        let part: String = part.iter().collect();
        if one_syllable(&part) {
            pieces.intern(&part)
        } else {
            0
        }
    };
    let cuts = (1..letters.len()).filter_map(|at| {
        let (first, second) = letters.split_at(at);
        let cut = (piece(first), piece(second));
        (cut.0 != 0 && cut.1 != 0).then_some(cut)
    });
    let cuts = cuts.collect();
    Shape::Letters {
        whole: piece(&letters),
        cuts,
        bones: super::texts::hash(3, bones(&letters).as_bytes()),
    }
}

/// Whether a word in letters can be read as syllables of Korean or Chinese: it can stand beside one.
fn syllabic(text: &str) -> bool {
    let beside = |one: &str, other: &str| {
        syllables::align(&format!("{text} {one}"), &format!("{text} {other}")).is_some()
    };
    beside("kim", "gim") || beside("jin", "chin")
}

/// Whether letters can be one syllable: consonants, vowels, consonants, with what may end one in Korean, Mandarin or
/// Cantonese.
fn one_syllable(piece: &str) -> bool {
    let vowel = |c: char| {
        matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'w' | 'ŭ' | 'ŏ' | 'ü')
            || !c.is_ascii_alphabetic()
    };
    if piece.chars().count() > 8 || !piece.is_ascii() {
        // Other letters than those of the alphabet: not ruled out.
        return piece.chars().count() <= 8;
    }
    let start = piece.find(vowel).unwrap_or(piece.len());
    let after = piece.get(start..).unwrap_or_default();
    let end = after.find(|c| !vowel(c)).unwrap_or(after.len());
    let (middle, last) = after.split_at(end);
    let ends = [
        "", "n", "ng", "k", "g", "ck", "kk", "l", "r", "m", "p", "b", "t", "d", "s", "ss", "h",
        "lh", "rk", "lk", "lm", "rh", "gg", "j", "ch",
    ];
    // Syllables of Cantonese may have no vowel: Ng.
    (start <= 4 && !middle.is_empty() && ends.contains(&last.trim_end_matches('\'')))
        || piece == "ng"
        || piece == "m"
}

/// Consonants in classes that spellings of one Korean or Chinese name share.
fn bones(letters: &[char]) -> String {
    let mut out = String::new();
    for c in letters {
        let class = match c {
            'g' | 'k' => 'k',
            'b' | 'p' => 'p',
            'd' | 't' => 't',
            'j' | 'c' | 'z' | 'q' => 'c',
            's' | 'x' => 's',
            'n' | 'm' | 'f' => *c,
            _ => continue,
        };
        // What is written twice, and ts, tz, is one sound.
        if class == 'c' && out.ends_with('t') || class == 's' && out.ends_with('t') {
            out.pop();
            out.push('c');
        } else if !out.ends_with(class) {
            out.push(class);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(cell: &str, expected: &[&str]) {
        let mut texts = Texts::default();
        let mut found = Vec::new();
        forms(cell, Part::Whole, &mut texts, &mut found);
        let told: Vec<String> = found
            .iter()
            .map(|f| {
                let get = |n| texts.get(n).to_owned();
                format!(
                    "{}|{} or {}|{}",
                    get(f.surname),
                    get(f.given),
                    get(f.last_surname),
                    get(f.last_given)
                )
            })
            .collect();
        assert_eq!(told, expected, "{cell}");
    }

    #[test]
    fn names_are_cut() {
        check("김철호", &["김|철호 or |"]);
        check("김 철 호", &["김|철호 or |"]);
        check("남궁옥분", &["남궁|옥분 or |"]);
        check(
            "金哲浩 (Kim Chol-ho)",
            &["金|哲浩 or |", "kim|chol ho or ho|kim chol"],
        );
        check("KIM, Chol Ho", &["kim|chol ho or |"]);
        check("Dr. John Smith", &["john|smith or smith|john"]);
        check("Mono", &["|mono or |"]);
        check("?", &[]);
    }

    #[test]
    fn parts_are_read_alike_or_not() {
        let mut texts = Texts::default();
        let pairs = [
            ("김", "kim", true),
            ("金", "jin", true),
            ("철호", "chol ho", true),
            ("chol ho", "cheolho", true),
            ("smith", "smyth", false),
            ("박", "kim", false),
        ];
        let numbers: Vec<(u32, u32)> = pairs
            .iter()
            .map(|(a, b, _)| (texts.intern(a), texts.intern(b)))
            .collect();
        let mut readings = Readings::new(texts.len());
        for _ in 0..2 {
            for ((a, b), (left, right, same)) in numbers.iter().zip(pairs) {
                assert_eq!(readings.cost(&texts, *a, *b) < NONE, same, "{left} {right}");
                assert_eq!(readings.cost(&texts, *b, *a), readings.cost(&texts, *a, *b));
            }
        }
    }
}
