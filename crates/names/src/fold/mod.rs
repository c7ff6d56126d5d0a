//! One form for what is the same writing: width, case, accents, look-alikes, invisible characters; and
//! Latin letters for scripts with letters, so that spellings can be compared.
//!
//! Han and Hangul are left as they are: their syllables have readings ([`crate::syllables`]), not one
//! transliteration.

mod lookalike;
mod syllabaries;
mod transliterate;

use unicode_normalization::UnicodeNormalization;

/// Characters of a name that are looked at; what follows is kept as written and does not count. It caps
/// the time that a name made to be long can take.
pub const MAX_CHARS: usize = 400;

/// The script of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Script {
    Latin,
    Cyrillic,
    Greek,
    Arabic,
    Hebrew,
    Armenian,
    Georgian,
    Kana,
    Han,
    Hangul,
    /// Letters of a script without a table here.
    Other,
}

impl Script {
    const ALL: [Self; 11] = [
        Self::Latin,
        Self::Cyrillic,
        Self::Greek,
        Self::Arabic,
        Self::Hebrew,
        Self::Armenian,
        Self::Georgian,
        Self::Kana,
        Self::Han,
        Self::Hangul,
        Self::Other,
    ];

    /// Its name in a sentence.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Latin => "Latin",
            Self::Cyrillic => "Cyrillic",
            Self::Greek => "Greek",
            Self::Arabic => "Arabic",
            Self::Hebrew => "Hebrew",
            Self::Armenian => "Armenian",
            Self::Georgian => "Georgian",
            Self::Kana => "Kana",
            Self::Han => "Han",
            Self::Hangul => "Hangul",
            Self::Other => "other",
        }
    }

    /// Whether names in it are read syllable by syllable ([`crate::syllables`]).
    #[must_use]
    pub fn is_syllabic(self) -> bool {
        matches!(self, Self::Han | Self::Hangul)
    }
}

/// The script of a letter; `None` for what is no letter (digits, marks, punctuation).
#[must_use]
pub fn script_of(c: char) -> Option<Script> {
    let script = match c as u32 {
        0x41..=0x5A | 0x61..=0x7A => Script::Latin,
        0..=0xA9 => return None,
        0xAA
        | 0xBA
        | 0xC0..=0x2AF
        | 0x1D00..=0x1DBF
        | 0x1E00..=0x1EFF
        | 0x2C60..=0x2C7F
        | 0xA720..=0xA7FF
        | 0xFF21..=0xFF3A
        | 0xFF41..=0xFF5A => Script::Latin,
        0x370..=0x3FF | 0x1F00..=0x1FFF => Script::Greek,
        0x400..=0x52F | 0x1C80..=0x1C8F | 0x2DE0..=0x2DFF | 0xA640..=0xA69F => Script::Cyrillic,
        0x531..=0x587 => Script::Armenian,
        0x5D0..=0x5F2 | 0xFB1D..=0xFB4F => Script::Hebrew,
        0x620..=0x64A
        | 0x66E..=0x6D3
        | 0x6EE..=0x6EF
        | 0x6FA..=0x6FF
        | 0x750..=0x77F
        | 0x8A0..=0x8C9
        | 0xFB50..=0xFDFF
        | 0xFE70..=0xFEFC => Script::Arabic,
        0x10A0..=0x10FF | 0x1C90..=0x1CBF | 0x2D00..=0x2D2F => Script::Georgian,
        0x1100..=0x11FF | 0x3130..=0x318F | 0xA960..=0xA97F | 0xAC00..=0xD7FF => Script::Hangul,
        0x3041..=0x309F | 0x30A1..=0x30FF | 0x31F0..=0x31FF | 0xFF66..=0xFF9D => Script::Kana,
        0x3005
        | 0x3007
        | 0x3400..=0x4DBF
        | 0x4E00..=0x9FFF
        | 0xF900..=0xFAFF
        | 0x20000..=0x323AF => Script::Han,
        _ if c.is_alphabetic() => Script::Other,
        _ => return None,
    };
    Some(script)
}

/// The script most letters of `text` are of; of several that have as many, the first of [`Script`].
#[must_use]
pub fn main_script(text: &str) -> Option<Script> {
    let mut counts = [0_u32; Script::ALL.len()];
    for script in text.chars().filter_map(script_of) {
        if let Some(count) = counts.get_mut(script as usize) {
            *count += 1;
        }
    }
    let most = counts.iter().copied().max().filter(|most| *most > 0)?;
    let of = Script::ALL.iter().zip(counts);
    of.into_iter()
        .find(|(_, count)| *count == most)
        .map(|(script, _)| *script)
}

/// Whether a character is never seen: zero width, direction marks, controls, selectors, tags.
fn is_invisible(c: char) -> bool {
    matches!(c as u32,
        0..=8 | 0xE..=0x1F | 0x7F..=0x84 | 0x86..=0x9F | 0xAD | 0x34F | 0x61C | 0x115F | 0x1160 | 0x17B4 | 0x17B5
        | 0x180B..=0x180F | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x206F | 0x3164
        | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0 | 0xFFF0..=0xFFFB | 0xE0000..=0xE0FFF)
}

/// The same writing without what does not show: compatibility forms (full width, ligatures, circled
/// numbers) are replaced, invisible characters dropped, letters that pose as letters of the script of
/// their word put right, white space single. Case, accents and script stay. Cut at [`MAX_CHARS`].
#[must_use]
pub fn clean(text: &str) -> String {
    if is_simple(text) {
        return single_spaces(text);
    }
    // The unfolded text is cut as well: one compatibility character can stand for 18, and combining
    // marks without end are put in order before anything else is looked at.
    let seen = text.chars().filter(|&c| !is_invisible(c)).take(MAX_CHARS);
    let composed: String = seen
        .nfkc()
        .filter(|&c| !is_invisible(c))
        .take(MAX_CHARS)
        .collect();
    single_spaces(&lookalike::repair(&composed))
}

/// Whether a text is short and of nothing but visible ASCII and spaces.
fn is_simple(text: &str) -> bool {
    text.len() <= MAX_CHARS && text.bytes().all(|b| (0x20..0x7F).contains(&b))
}

fn single_spaces(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// [`clean`], lower case, accents off, apostrophes of one kind; the script stays. `ß` becomes `ss`, `ø` `o`,
/// `ё` `е`; Arabic loses vowel signs and has one form of each alef; `й` stays a letter of its own.
#[must_use]
pub fn plain(text: &str) -> String {
    if is_simple(text) {
        let mut out = single_spaces(text);
        out.make_ascii_lowercase();
        return if out.contains('`') {
            out.replace('`', "'")
        } else {
            out
        };
    }
    let cleaned = clean(text);
    let mut out = String::with_capacity(cleaned.len());
    for c in cleaned.chars() {
        if c.is_ascii() {
            out.push(if c == '`' {
                '\''
            } else {
                c.to_ascii_lowercase()
            });
            continue;
        }
        for lower in c.to_lowercase() {
            push_plain(lower, &mut out);
        }
    }
    out
}

fn push_plain(c: char, out: &mut String) {
    match c {
        'ß' => out.push_str("ss"),
        'æ' => out.push_str("ae"),
        'œ' => out.push_str("oe"),
        'ø' => out.push('o'),
        'đ' | 'ð' => out.push('d'),
        'þ' => out.push_str("th"),
        'ł' => out.push('l'),
        'ı' | 'ɨ' => out.push('i'),
        'ħ' => out.push('h'),
        'ŋ' => out.push('n'),
        'ŧ' => out.push('t'),
        'ə' => out.push('a'),
        'ё' => out.push('е'),
        'ς' => out.push('σ'),
        '’' | '‘' | 'ʼ' | 'ʻ' | '´' | 'ʹ' | 'ʾ' | 'ʿ' | '′' | '‛' | 'ʽ' | '＇' => {
            out.push('\'')
        }
        '“' | '”' | '„' | '«' | '»' | '「' | '」' | '『' | '』' | '《' | '》' => {
            out.push('"')
        }
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '־' => out.push('-'),
        '・' | '·' | '‧' | '･' | '•' => out.push(' '),
        '،' | '、' => out.push(','),
        'أ' | 'إ' | 'آ' | 'ٱ' => out.push('ا'),
        'ى' | 'ی' | 'ې' => out.push('ي'),
        'ک' => out.push('ك'),
        'ھ' | 'ہ' | 'ە' => out.push('ه'),
        'ـ' => {}
        'й' | 'ї' | 'ў' | 'ґ' | 'ѓ' | 'ќ' => out.push(c),
        '٠'..='٩' => push_digit(c, '٠', out),
        '۰'..='۹' => push_digit(c, '۰', out),
        '०'..='९' => push_digit(c, '०', out),
        _ => match script_of(c) {
            Some(Script::Latin | Script::Greek | Script::Cyrillic) => {
                out.extend(std::iter::once(c).nfd().filter(|&part| !is_mark(part)));
            }
            _ if is_mark(c) => {}
            _ => out.push(c),
        },
    }
}

fn push_digit(c: char, zero: char, out: &mut String) {
    if let Some(digit) = (c as u32)
        .checked_sub(zero as u32)
        .and_then(|value| char::from_digit(value, 10))
    {
        out.push(digit);
    }
}

/// Marks that are put on letters of Latin, Greek, Cyrillic, Arabic and Hebrew. (Marks of Indic scripts are
/// vowels and stay.)
fn is_mark(c: char) -> bool {
    matches!(c as u32, 0x300..=0x36F | 0x483..=0x489 | 0x591..=0x5BD | 0x5BF | 0x5C1 | 0x5C2 | 0x5C4..=0x5C7
        | 0x610..=0x61A | 0x64B..=0x65F | 0x670 | 0x6D6..=0x6DC | 0x6DF..=0x6E4 | 0x6E7 | 0x6E8 | 0x6EA..=0x6ED
        | 0x1AB0..=0x1AFF | 0x1DC0..=0x1DFF | 0x20D0..=0x20FF | 0xFE20..=0xFE2F)
}

/// The most usual spelling in Latin letters: [`plain`] with letters of Cyrillic (Russian habits), Greek,
/// Arabic, Hebrew, Armenian, Georgian, Kana, and the scripts of India, Ethiopia, Thailand and Cambodia replaced. Han and Hangul stay as they are.
#[must_use]
pub fn latin(text: &str) -> String {
    let folded = plain(text);
    if folded.is_ascii() {
        return folded;
    }
    if folded.contains(syllabaries::has) {
        return transliterate::latin(&syllabaries::latin(&folded), transliterate::Habit::Usual);
    }
    transliterate::latin(&folded, transliterate::Habit::Usual)
}

/// Spellings in Latin letters by differing traditions, the most usual first, without repeats: Russian,
/// Ukrainian, Bulgarian and Serbian readings of Cyrillic letters; Greek by letter and by sound; Arabic and
/// Persian; German `ä` as `a` and `ae`. At most four.
#[must_use]
pub fn spellings(text: &str) -> Vec<String> {
    let folded = plain(text);
    if text.is_ascii() {
        return vec![folded];
    }
    if folded.contains(syllabaries::has) {
        return vec![latin(text)];
    }
    let mut out = vec![transliterate::latin(&folded, transliterate::Habit::Usual)];
    let mut add = |spelling: String| {
        if out.len() < 4 && !out.contains(&spelling) {
            out.push(spelling);
        }
    };
    if !folded.is_ascii() {
        for habit in transliterate::Habit::OTHERS {
            add(transliterate::latin(&folded, habit));
        }
    }
    let umlauts = |c: char| matches!(c, 'ä' | 'ö' | 'ü' | 'Ä' | 'Ö' | 'Ü' | 'å' | 'Å' | 'ø' | 'Ø');
    if text.contains(umlauts) {
        let mut spelt = String::new();
        for c in clean(text).chars() {
            match transliterate::umlaut(c) {
                Some(two) => spelt.push_str(two),
                None => spelt.push(c),
            }
        }
        add(transliterate::latin(
            &plain(&spelt),
            transliterate::Habit::Usual,
        ));
    }
    out
}

/// Letters that together stand for a sound, and what stands for it in a key.
type Groups = &'static [(&'static str, &'static str)];

/// The groups of [`sound`] that begin with a letter, the first that fits counts.
fn sounds_from(first: char) -> Groups {
    match first {
        's' => &[("shch", "s"), ("sch", "s"), ("sh", "s"), ("sz", "s")],
        't' => &[("tsch", "c"), ("tch", "c"), ("th", "t"), ("tz", "ts")],
        'd' => &[("dzh", "j"), ("dh", "d"), ("dj", "j")],
        'c' => &[
            ("ch", "c"),
            ("cz", "c"),
            ("ck", "k"),
            ("ce", "se"),
            ("ci", "si"),
            ("cy", "si"),
            ("c", "k"),
        ],
        'k' => &[("kh", "h")],
        'z' => &[("zh", "j")],
        'p' => &[("ph", "f")],
        'g' => &[("gh", "g")],
        'q' => &[("qu", "kv"), ("q", "k")],
        'o' => &[("ou", "u"), ("oo", "u"), ("oe", "o")],
        'e' => &[("ee", "i"), ("ei", "i"), ("ey", "i")],
        'a' => &[("ai", "i"), ("ay", "i"), ("ae", "e"), ("aa", "a")],
        'i' => &[("iy", "i"), ("ii", "i")],
        'y' => &[("yi", "i"), ("y", "i")],
        'u' => &[("ue", "u")],
        'x' => &[("x", "ks")],
        'w' => &[("w", "v")],
        _ => &[],
    }
}

/// A key of a word in Latin letters that is the same for most spellings of one sound: `kh` and `h`, `sh`
/// `sch` `sz` and `s`, `y j i`, `w v`, `ph f`, `q k c`, `ou u`, doubled letters and one.
#[must_use]
pub fn sound(latin: &str) -> String {
    let mut out = String::with_capacity(latin.len());
    let mut last = '\0';
    let mut rest = latin;
    while let Some(first) = rest.chars().next() {
        // The end of Enrique and Haque.
        if rest == "que" {
            out.push('k');
            break;
        }
        // `j` stays: whether it is the sound of `i` or of `zh` differs by language.
        let found = sounds_from(first)
            .iter()
            .find(|(from, _)| rest.starts_with(from));
        let taken = found.map_or(first.len_utf8(), |(from, _)| from.len());
        let (given, after) = rest.split_at_checked(taken).unwrap_or((rest, ""));
        for c in found.map_or(given, |(_, to)| to).chars() {
            if c != last || !c.is_alphabetic() {
                out.push(c);
                last = c;
            }
        }
        rest = after;
    }
    out
}

/// The groups of [`skeleton`] that begin with a letter, the first that fits counts.
fn consonants_from(first: char) -> Groups {
    match first {
        'k' => &[("kh", "h")],
        'g' => &[("gh", "k"), ("g", "k")],
        'b' => &[("bh", "b")],
        'j' => &[("jh", "j")],
        'd' => &[("dh", "d"), ("dj", "j")],
        't' => &[("th", "t")],
        's' => &[("sh", "S")],
        'c' => &[("ch", "S"), ("c", "k")],
        'p' => &[("ph", "f"), ("p", "b")],
        'z' => &[("zh", "j"), ("z", "s")],
        'q' => &[("q", "k")],
        'x' => &[("x", "ks")],
        'v' => &[("v", "w")],
        _ => &[],
    }
}

/// The consonants of a word in Latin letters, in classes that survive a way through Arabic or Hebrew
/// letters, which do not write short vowels: `Muhammad`, `mhmd` and `Mohamed` are one.
#[must_use]
pub fn skeleton(latin: &str) -> String {
    let mut out = String::with_capacity(latin.len());
    let mut rest = latin;
    let mut initial = true;
    while let Some(first) = rest.chars().next() {
        let found = consonants_from(first)
            .iter()
            .find(|(from, _)| rest.starts_with(from));
        let taken = found.map_or(first.len_utf8(), |(from, _)| from.len());
        let (given, after) = rest.split_at_checked(taken).unwrap_or((rest, ""));
        let put = found.map_or(given, |(_, to)| to);
        let vowel = matches!(first, 'a' | 'e' | 'i' | 'o' | 'u' | '\'' | '-');
        let weak = matches!(first, 'y' | 'w' | 'v');
        if vowel && initial && !out.ends_with('A') && first.is_alphabetic() {
            out.push('A');
        } else if !vowel && (!weak || initial) && !out.ends_with(put) {
            out.push_str(put);
        }
        initial = first == ' ';
        rest = after;
    }
    if out.ends_with('h') && out.chars().count() > 2 {
        out.pop();
    }
    out
}

#[cfg(test)]
mod tests;
