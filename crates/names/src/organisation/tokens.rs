//! The words of a name and what each does.

use super::number;
use super::sound;
use super::tables::{Class, Entry, Kind, NOWHERE, Tables, tables};
use crate::distance::Word;
use crate::fold::{self, Script};
use crate::syllables::{self, Way};

/// Words of a name that are looked at.
pub(crate) const MAX_TOKENS: usize = 24;

/// A word or phrase of a name.
#[derive(Clone, Debug)]
pub struct Token {
    /// Folded: lower case, no accents, in its script.
    pub text: String,
    pub kind: Kind,
    /// The meaning, the same in all languages; 0 where none is known. For numbers, the value.
    pub id: u64,
    /// Of legal forms.
    pub class: Option<Class>,
    /// Of places: the country, `--` for none.
    pub country: [u8; 2],
    pub is_country: bool,
    /// How much it tells: 1 for a usual brand.
    pub weight: f32,
    /// Whether it stands in brackets.
    pub aside: bool,
    /// Whether its letters are Han, Hangul or Kana.
    pub east: bool,
    pub(crate) script: Script,
    /// Spellings in Latin letters, most usual first; empty for Han and Hangul.
    pub(crate) spellings: Vec<Word>,
    /// Consonants, where a script without vowels is, or may be, on the way.
    pub(crate) skeleton: String,
    /// Whether Latin letters are all syllables of Pinyin, of Korean.
    pub(crate) pinyin: bool,
    pub(crate) korean: bool,
    /// The ways to cut it into syllables.
    pub(crate) ways: Vec<Way>,
    /// Whether it may be an acronym: short and in capitals.
    pub(crate) capital: bool,
    /// Whether it has digits.
    pub(crate) digits: bool,
}

impl Token {
    /// Whether its script writes no short vowels.
    pub(crate) fn is_vowelless(&self) -> bool {
        matches!(self.script, Script::Arabic | Script::Hebrew)
    }
}

/// A word before anybody knows what it does.
#[derive(Debug)]
pub(crate) struct Raw {
    pub(crate) text: String,
    /// As written, for capitals.
    pub(crate) cased: String,
    pub(crate) aside: bool,
    pub(crate) east: bool,
}

/// The words of `name`, which [`fold::clean`] has been through, at most [`MAX_TOKENS`].
pub(crate) fn tokens(name: &str) -> Vec<Token> {
    let tables = tables();
    let raws = mended(raw_words(name), tables);
    let mut out: Vec<Token> = Vec::new();
    let mut at = 0_usize;
    while let Some(raw) = raws.get(at) {
        if out.len() >= MAX_TOKENS {
            break;
        }
        if raw.east {
            segment(raw, &raws, at, tables, &mut out);
            at = at.saturating_add(1);
            continue;
        }
        let (mut token, taken) = latin_phrase(&raws, at, tables, !out.is_empty());
        token.aside = raw.aside;
        at = at.saturating_add(taken.max(1));
        // `No. 5`, `Nr 5`: the word before a number says nothing.
        if matches!(
            token.text.as_str(),
            "no" | "nr" | "num" | "number" | "№" | "numero"
        ) && raws
            .get(at)
            .is_some_and(|next| next.text.starts_with(|c: char| c.is_ascii_digit()))
        {
            continue;
        }
        out.push(token);
    }
    out.truncate(MAX_TOKENS);
    settle(&mut out);
    out
}

/// The words with legal forms put right that are misspelt, cut off at the end or written together with the name:
/// `Compagny`, `JOINT STOCK COMPAN`, `SiemensAG`.
fn mended(mut raws: Vec<Raw>, tables: &Tables) -> Vec<Raw> {
    let last = raws.len().saturating_sub(1);
    for (at, raw) in raws.iter_mut().enumerate().skip(1) {
        if let Some(form) = tables.meant_form(&raw.text, at == last) {
            form.clone_into(&mut raw.text);
        }
    }
    let glued = |raw: &Raw| -> Option<(usize, Raw)> {
        let mut before = ' ';
        for (place, c) in raw.cased.char_indices() {
            let turns = before.is_lowercase() && c.is_uppercase();
            before = c;
            let (head, tail) = raw.cased.split_at_checked(place)?;
            if !turns || head.chars().count() < 3 {
                continue;
            }
            let text = fold::plain(tail);
            if tables
                .find(&text)
                .is_some_and(|entry| entry.kind == Kind::Form)
            {
                return Some((
                    place,
                    Raw {
                        text,
                        cased: tail.to_owned(),
                        ..*raw
                    },
                ));
            }
        }
        None
    };
    let found = raws.iter().enumerate();
    let found: Vec<(usize, (usize, Raw))> = found
        .filter(|(_, raw)| !raw.east)
        .filter_map(|(at, raw)| Some((at, glued(raw)?)))
        .collect();
    for (at, (place, tail)) in found.into_iter().rev() {
        if let Some(raw) = raws.get_mut(at) {
            raw.cased.truncate(place);
            raw.text = fold::plain(&raw.cased);
            raws.insert(at.saturating_add(1), tail);
        }
    }
    raws
}

fn is_east(c: char) -> bool {
    matches!(
        fold::script_of(c),
        Some(Script::Han | Script::Hangul | Script::Kana)
    )
}

/// The words of `name`, split where scripts and punctuation say.
pub(crate) fn raw_words(name: &str) -> Vec<Raw> {
    let mut out: Vec<Raw> = Vec::new();
    let mut word = String::new();
    let mut aside = 0_u32;
    let chars: Vec<char> = name.chars().collect();
    let mut flush = |word: &mut String, aside: u32| {
        if word.is_empty() {
            return;
        }
        let text: String = fold::plain(word)
            .chars()
            .filter(|c| c.is_alphanumeric() || fold::script_of(*c).is_some())
            .collect();
        if !text.is_empty() {
            let east = text.chars().next().is_some_and(is_east);
            out.push(Raw {
                text,
                cased: std::mem::take(word),
                aside: aside > 0,
                east,
            });
        }
        word.clear();
    };
    let near = |at: Option<usize>| at.and_then(|at| chars.get(at)).copied().unwrap_or(' ');
    for (at, &c) in chars.iter().enumerate() {
        // p.l.c.: a letter between dots.
        let dotted = near(at.checked_sub(2)) == '.';
        let before = near(at.checked_sub(1));
        let after = near(at.checked_add(1));
        let later = near(at.checked_add(2));
        let letter = c.is_alphanumeric()
            || fold::script_of(c).is_some()
            || (!word.is_empty() && is_joining_mark(c));
        if letter {
            let last = word.chars().last();
            if last.is_some_and(|last| is_east(last) != is_east(c)) {
                flush(&mut word, aside);
            }
            word.push(c);
            continue;
        }
        match c {
            // Initials: `G.m.b.H.`, `J. P. Morgan`, `o.o.`; a dot after one letter and before one letter.
            '.' if initials(&word, dotted)
                && (after.is_alphabetic() && !later.is_alphanumeric()
                    || one_letter(&word, dotted)
                        && after == ' '
                        && later.is_alphabetic()
                        && near(at.checked_add(3)) == '.') => {}
            ' ' if before == '.'
                && one_letter(&word, near(at.checked_sub(3)) == '.')
                && initials(&word, dotted)
                && after.is_alphabetic()
                && later == '.' => {}
            '.' if after.is_alphabetic()
                && initials(&word, dotted)
                && later.is_lowercase()
                && near(at.checked_add(3)) == '.' => {}
            // `A/S`, `a/s`, `M/V`
            '/' if word.chars().count() == 1 && after.is_alphabetic() && !later.is_alphabetic() => {
            }
            '\'' | '’' | '‘' | 'ʼ' | '`' | 'ʻ' | '\u{2bf}' | '\u{2be}' => {
                // Of somebody: `Bank's`.
                if matches!(after, 's' | 'S')
                    && !later.is_alphanumeric()
                    && word.chars().count() > 2
                {
                    flush(&mut word, aside);
                }
            }
            '&' | '+' => {
                flush(&mut word, aside);
                let mut and = "and".to_owned();
                flush(&mut and, aside);
            }
            // `3%ers` are percenters.
            '%' if after.is_alphabetic() => {
                flush(&mut word, aside);
                word.push_str("percent");
            }
            '(' | '[' | '【' | '〔' | '（' => {
                flush(&mut word, aside);
                aside = aside.saturating_add(1);
            }
            ')' | ']' | '】' | '〕' | '）' => {
                flush(&mut word, aside);
                aside = aside.saturating_sub(1);
            }
            _ => flush(&mut word, aside),
        }
    }
    flush(&mut word, aside);
    // The `s` of `Bank's`.
    out.retain(|raw| raw.cased != "s" || raw.text != "s");
    out.truncate(MAX_TOKENS.saturating_mul(4));
    out
}

/// Marks that are vowels of scripts of India and South-East Asia.
fn is_joining_mark(c: char) -> bool {
    matches!(c as u32, 0x300..=0x36F | 0x900..=0xDFF | 0xE31..=0xE4E | 0xEB1..=0xECD | 0xF00..=0xFBC | 0x1000..=0x109F | 0x1780..=0x17D3)
}

/// Whether a word is of one letter so far, or of some that a dot parted (`lately`): `Co.` is neither.
fn one_letter(word: &str, lately: bool) -> bool {
    lately || word.chars().nth(1).is_none()
}

/// Whether a word is made of initials so far.
fn initials(word: &str, dotted: bool) -> bool {
    let letters = word.chars().count();
    (1..=6).contains(&letters)
        && word.chars().all(char::is_alphabetic)
        && (letters == 1 || dotted || word.chars().any(char::is_uppercase))
}

/// The longest phrase of the tables at `at`, or the word itself as a brand, and how many words it takes.
fn latin_phrase(raws: &[Raw], at: usize, tables: &Tables, later: bool) -> (Token, usize) {
    let Some(raw) = raws.get(at) else {
        return (brand(""), 1);
    };
    let next = raws.get(at.saturating_add(1)).filter(|next| !next.east);
    let most = tables
        .longest_phrase(&raw.text)
        .min(raws.len().saturating_sub(at));
    for taken in (1..=most).rev() {
        let Some(words) = raws.get(at..at.saturating_add(taken)) else {
            continue;
        };
        if words.iter().any(|word| word.east) {
            continue;
        }
        let text = words
            .iter()
            .map(|word| word.text.as_str())
            .collect::<Vec<_>>()
            .join(" ");
        let Some(entry) = tables.find(&text) else {
            continue;
        };
        let ends = raws.get(at.saturating_add(taken)..).unwrap_or_default();
        if entry.kind == Kind::Form
            && !form_may_stand(&text, raws.get(..at).unwrap_or_default(), ends, tables)
        {
            continue;
        }
        if number::written(&text, None).is_some() {
            continue;
        }
        return (known(text, entry), taken);
    }
    if let Some(value) = number::digits(&raw.text) {
        return (numbered(raw, value), 1);
    }
    if let Some((value, both)) = number::written(&raw.text, next.map(|next| next.text.as_str())) {
        return (numbered(raw, value), if both { 2 } else { 1 });
    }
    if let Some(value) = number::roman(&raw.cased).filter(|_| later) {
        let single = raw.cased.len() == 1;
        // One letter is a number only at the end of the proper name.
        let ends = next.is_none_or(|next| {
            tables
                .find(&next.text)
                .is_some_and(|entry| entry.kind == Kind::Form)
        });
        if !single || ends {
            return (numbered(raw, value), 1);
        }
    }
    let mut token = brand(&raw.text);
    token.capital = (2..=8).contains(&raw.cased.len())
        && raw.cased.chars().all(|c| c.is_uppercase() || c == '&');
    (token, 1)
}

/// Short legal forms (`as`, `se`, `ag`, `co`) are words or parts of names where names begin; they count at the end,
/// or first before others.
fn form_may_stand(text: &str, before: &[Raw], after: &[Raw], tables: &Tables) -> bool {
    if text.chars().count() > 3 {
        return true;
    }
    let rest_is_form = after.iter().all(|raw| {
        raw.aside
            || raw.text == "and"
            || tables
                .find(&raw.text)
                .is_some_and(|entry| matches!(entry.kind, Kind::Form | Kind::Place | Kind::Stop))
    });
    if !before.is_empty() && (rest_is_form || matches!(text, "co" | "inc" | "llc" | "ltd")) {
        return true;
    }
    let other_script = fold::main_script(text) != Some(Script::Latin);
    let first = matches!(
        text,
        "ooo" | "tov" | "too" | "ao" | "oao" | "pao" | "zao" | "pt" | "srl" | "jsc" | "ano"
    );
    before.is_empty() && !after.is_empty() && (other_script || first)
}

/// The words of a run of Han, Hangul or Kana, which are written together.
fn segment(raw: &Raw, raws: &[Raw], index: usize, tables: &Tables, out: &mut Vec<Token>) {
    let chars: Vec<char> = raw.text.chars().collect();
    let mut pending = String::new();
    let mut at = 0_usize;
    let first = out.len();
    let flush = |pending: &mut String, out: &mut Vec<Token>| {
        if !pending.is_empty() {
            let mut token = brand(pending);
            token.aside = raw.aside;
            out.push(token);
            pending.clear();
        }
    };
    while at < chars.len() && out.len() < MAX_TOKENS {
        let left = chars.len().saturating_sub(at);
        // Ordinals: 第一, 제1 (the digit is the next word), 24호 (the digit was the word before).
        if chars.get(at) == Some(&'第') {
            let digits: String = chars
                .iter()
                .skip(at.saturating_add(1))
                .take_while(|&&c| number::han(&c.to_string()).is_some() || c == '十')
                .collect();
            if let Some(value) = number::han(&digits) {
                flush(&mut pending, out);
                let mut token = number_token(&format!("第{digits}"), value);
                token.aside = raw.aside;
                out.push(token);
                at = at.saturating_add(1).saturating_add(digits.chars().count());
                continue;
            }
        }
        let next_is_digit = raws
            .get(index.saturating_add(1))
            .is_some_and(|next| next.text.starts_with(|c: char| c.is_ascii_digit()));
        if left == 1 && matches!(chars.get(at), Some('제' | '第')) && next_is_digit {
            break;
        }
        let previous_is_digit = at == 0
            && index
                .checked_sub(1)
                .and_then(|i| raws.get(i))
                .is_some_and(|previous| previous.text.ends_with(|c: char| c.is_ascii_digit()));
        if previous_is_digit && matches!(chars.get(at), Some('호' | '号' | '號')) {
            at = at.saturating_add(1);
            continue;
        }
        let most = chars.get(at).map_or(0, |&c| tables.longest_run(c));
        let found = (1..=left.min(most)).rev().find_map(|taken| {
            let text: String = chars.get(at..at.checked_add(taken)?)?.iter().collect();
            let entry = tables.find(&text)?;
            let after_place = pending.is_empty()
                && out.len() > first
                && out.last().is_some_and(|last| last.kind == Kind::Place);
            let ends = taken == left;
            let fits = match (entry.kind, taken) {
                (Kind::Place, 1) => false,
                (Kind::Place, 2) => pending.is_empty(),
                (Kind::Stop, 1) => after_place,
                (Kind::Form, 1) => ends && (at > 0 || raw.aside || !out.is_empty()),
                (Kind::Industry, 1) => ends && at > 0,
                (Kind::Quality, 1) => false,
                _ => true,
            };
            fits.then_some((text, entry, taken))
        });
        match found {
            Some((text, entry, taken)) => {
                flush(&mut pending, out);
                let mut token = known(text, entry);
                token.aside = raw.aside;
                out.push(token);
                at = at.saturating_add(taken);
            }
            None => {
                if let Some(&c) = chars.get(at) {
                    // (주), (株): what stands in for a legal form.
                    if raw.aside && chars.len() == 1 && matches!(c, '주' | '株') {
                        let mut token = brand(&c.to_string());
                        token.kind = Kind::Form;
                        token.class = Some(Class::Public);
                        token.aside = true;
                        out.push(token);
                        return;
                    }
                    let turns = pending.chars().last().is_some_and(|last| {
                        (fold::script_of(last) == Some(Script::Kana))
                            != (fold::script_of(c) == Some(Script::Kana))
                    });
                    if turns {
                        flush(&mut pending, out);
                    }
                    pending.push(c);
                }
                at = at.saturating_add(1);
            }
        }
    }
    flush(&mut pending, out);
}

/// A number as a word of a name.
pub(crate) fn number_token(text: &str, value: u64) -> Token {
    Token {
        kind: Kind::Number,
        id: value,
        weight: 0.3,
        spellings: Vec::new(),
        ..brand(text)
    }
}

fn numbered(raw: &Raw, value: u64) -> Token {
    number_token(&raw.text, value)
}

fn known(text: String, entry: Entry) -> Token {
    let mut token = brand(&text);
    token.kind = entry.kind;
    token.id = u64::from(entry.id);
    token.class = entry.class;
    token.country = entry.country;
    token.is_country = entry.is_country;
    match entry.kind {
        Kind::Industry => token.weight = 0.4,
        Kind::Quality => token.weight = 0.25,
        Kind::Place => token.weight = 0.4,
        Kind::Form | Kind::Stop => token.weight = 0.05,
        Kind::Brand | Kind::Number => {}
    }
    token
}

/// A word of the proper name.
pub(crate) fn brand(text: &str) -> Token {
    let script = fold::main_script(text).unwrap_or(Script::Other);
    let spellings = if script == Script::Latin && text.bytes().all(|b| b.is_ascii_alphanumeric()) {
        vec![Word::new(text)]
    } else if script.is_syllabic() {
        Vec::new()
    } else {
        let mut spellings: Vec<String> = fold::spellings(text)
            .into_iter()
            .map(|spelling| spelling.chars().filter(|c| c.is_alphanumeric()).collect())
            .collect();
        if script == Script::Cyrillic
            && let Some(stem) = spellings
                .first()
                .and_then(|spelling| adjective_stem(spelling))
        {
            spellings.push(stem);
        }
        spellings
            .iter()
            .filter(|spelling| !spelling.is_empty())
            .map(|spelling| Word::new(spelling))
            .collect()
    };
    let letters = text.chars().count();
    let weight = if tables_know_common(text) {
        0.55
    } else if script.is_syllabic() {
        match letters {
            1 => 0.5,
            2 => 1.0,
            _ => 1.2,
        }
    } else {
        match letters {
            0 | 1 => 0.3,
            2 => 0.6,
            3 => 0.85,
            4..=6 => 1.0,
            _ => 1.2,
        }
    };
    let skeleton = spellings
        .first()
        .map_or_else(String::new, |word: &Word| fold::skeleton(word.looked_at()));
    let letters = spellings
        .first()
        .map(Word::looked_at)
        .filter(|_| script == Script::Latin);
    let pinyin = letters.is_some_and(sound::is_pinyin);
    let korean = letters.is_some_and(sound::is_korean);
    let reads = script.is_syllabic()
        || script == Script::Cyrillic
        || pinyin
        || korean
        || letters.is_some_and(sound::is_pinyin_syllable);
    let ways = if reads {
        syllables::segment(text)
    } else {
        Vec::new()
    };
    Token {
        text: text.to_owned(),
        kind: Kind::Brand,
        id: 0,
        class: None,
        country: NOWHERE,
        is_country: false,
        weight,
        aside: false,
        east: matches!(script, Script::Han | Script::Hangul | Script::Kana),
        script,
        spellings,
        skeleton,
        pinyin,
        korean,
        ways,
        capital: false,
        digits: text.bytes().any(|b| b.is_ascii_digit()),
    }
}

fn tables_know_common(text: &str) -> bool {
    tables().is_common(text)
}

/// `muromskiy` → `murom`: English names have the noun where Russian ones have the adjective.
fn adjective_stem(spelling: &str) -> Option<String> {
    ["skiy", "skaya", "skoye", "skoe", "skogo", "skii"]
        .iter()
        .find_map(|ending| spelling.strip_suffix(ending))
        .filter(|stem| stem.len() >= 4)
        .map(str::to_owned)
}

/// A name of nothing but words that many names have: what tells it apart then are these.
fn settle(tokens: &mut [Token]) {
    let tells = |token: &Token| !matches!(token.kind, Kind::Form | Kind::Stop);
    if !tokens.iter().any(tells) {
        for token in tokens.iter_mut() {
            token.kind = Kind::Brand;
            token.weight = 0.8;
        }
    }
}
