//! Charsets of one byte a character: which letters their languages use, and how letters stand in
//! words.

use std::sync::OnceLock;

use crate::charset::Charset;
use crate::dos;
use crate::model::ascii;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Lower,
    Upper,
    /// A letter of a script without case, or a mark on one.
    Letter,
    Other,
}

/// One candidate: a charset for one group of languages.
pub(crate) struct Narrow {
    pub(crate) charset: Charset,
    /// Latin languages have accents among ASCII letters; other scripts stand apart from them.
    latin: bool,
    prior: u32,
    upper: [(u32, Class); 128],
}

/// charset, letters by frequency, whether Latin, tenths of a nat before anything is seen.
type Row = (Charset, &'static str, bool, u32);

const RUSSIAN: &str = "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё";
const UKRAINIAN: &str = "оанитвеірслкудмпзьяйбгчхцжюїщєшфґы";
const GREEK: &str = "αοιετνσςρκπμλυηγδάίέόήχωθφύώβξζψϊ";
const HEBREW: &str = "יוהלאמרתבשנעםדחקפטכגזסצןךץףְִֶַָ";
const ARABIC: &str = "اليمنتروبهعدسفكقحجةذأصطشخىضزئثغءظإآؤًٌٍَُِّْ،؛؟";
const THAI: &str = "านรอกเงมยลวดทสตะปบคหแจพชขใไโผ่้าีิูุัืึ์ๆ็๊๋ถธศณษซฟฐญภฝฎฬฉฆำฯ";
const WESTERN: &str = "éèàáóüöäíçãêñúôõâîßåøæùëûïìòœÿýð";
const CENTRAL: &str = "áíéąęłóžšřěýčżśćńůöüúőűțăâîşţňđťźďôëľ";
const TURKISH: &str = "ıüşğçöâîû";
const BALTIC: &str = "ėāšīžēąųčūįņļķģöäõü";
const VIETNAMESE: &str = "đưàáôêơạâãảăèéòóùúìíýõũẽìộếấậợềọ\u{300}\u{301}\u{303}\u{309}\u{323}";

fn rows() -> Vec<Row> {
    use encoding_rs as e;
    let known = Charset::Known;
    vec![
        (known(e::WINDOWS_1252), WESTERN, true, 0),
        (known(e::WINDOWS_1251), RUSSIAN, false, 5),
        (known(e::WINDOWS_1251), UKRAINIAN, false, 12),
        (known(e::KOI8_U), RUSSIAN, false, 14),
        (known(e::KOI8_U), UKRAINIAN, false, 18),
        (known(e::IBM866), RUSSIAN, false, 14),
        (known(e::IBM866), UKRAINIAN, false, 25),
        (known(e::ISO_8859_5), RUSSIAN, false, 22),
        (known(e::X_MAC_CYRILLIC), RUSSIAN, false, 35),
        (known(e::WINDOWS_1250), CENTRAL, true, 14),
        (known(e::ISO_8859_2), CENTRAL, true, 20),
        (known(e::WINDOWS_1253), GREEK, false, 14),
        (known(e::ISO_8859_7), GREEK, false, 22),
        (known(e::WINDOWS_1254), TURKISH, true, 18),
        (known(e::WINDOWS_1255), HEBREW, false, 34),
        (known(e::WINDOWS_1256), ARABIC, false, 14),
        (known(e::ISO_8859_6), ARABIC, false, 25),
        (known(e::WINDOWS_1257), BALTIC, true, 22),
        (known(e::WINDOWS_1258), VIETNAMESE, true, 22),
        (known(e::WINDOWS_874), THAI, false, 10),
        (known(e::MACINTOSH), WESTERN, true, 35),
        (Charset::Dos(&dos::IBM850), WESTERN, true, 28),
        (Charset::Dos(&dos::IBM437), WESTERN, true, 30),
        (Charset::Dos(&dos::IBM852), CENTRAL, true, 32),
        (Charset::Dos(&dos::IBM857), TURKISH, true, 40),
        (Charset::Dos(&dos::IBM737), GREEK, false, 50),
        (Charset::Dos(&dos::IBM862), HEBREW, false, 50),
    ]
}

pub(crate) fn candidates() -> &'static [Narrow] {
    static ALL: OnceLock<Vec<Narrow>> = OnceLock::new();
    ALL.get_or_init(|| rows().into_iter().map(build).collect())
}

fn build((charset, letters, latin, prior): Row) -> Narrow {
    let characters: Vec<char> = match charset {
        Charset::Dos(page) => page.table().to_vec(),
        Charset::Known(encoding) => (0x80..=0xff_u8)
            .map(|byte| {
                let one = [byte];
                let text = encoding.decode_without_bom_handling(&one).0;
                text.chars().next().unwrap_or(char::REPLACEMENT_CHARACTER)
            })
            .collect(),
        _ => Vec::new(),
    };
    let mut upper = [(200, Class::Other); 128];
    for (slot, character) in upper.iter_mut().zip(characters) {
        *slot = (cost(character, letters, latin), class(character));
    }
    Narrow {
        charset,
        latin,
        prior,
        upper,
    }
}

fn class(character: char) -> Class {
    if character.is_lowercase() {
        Class::Lower
    } else if character.is_uppercase() {
        Class::Upper
    } else if character.is_alphabetic() || matches!(character as u32, 0x300..=0x36f | 0xe31..=0xe4e)
    {
        Class::Letter
    } else {
        Class::Other
    }
}

fn cost(character: char, letters: &str, latin: bool) -> u32 {
    let rank = |c: char| letters.chars().position(|known| known == c);
    // Accents are a few in a hundred letters; letters of another script are all of them.
    let (first, step) = if latin { (42, 11) } else { (24, 10) };
    let listed = |rank: usize| first + (rank as u32 * step / 10).min(50);
    if let Some(rank) = rank(character) {
        return listed(rank);
    }
    let mut lower = character.to_lowercase();
    if let (Some(small), None) = (lower.next(), lower.next())
        && small != character
        && let Some(rank) = rank(small)
    {
        return listed(rank) + if latin { 22 } else { 12 };
    }
    match character {
        '“' | '”' | '’' | '–' | '—' | '«' | '»' | '…' | '\u{a0}' => 52,
        '‘' | '„' | '‚' | '•' | '©' | '®' | '°' | '§' | '№' | '€' | '£' | '·' | '¡' | '¿' | '´'
        | 'º' | 'ª' | '½' | '²' => 78,
        '\u{80}'..='\u{9f}' | '\u{f8ff}' | char::REPLACEMENT_CHARACTER => 190,
        '─'..='▟' => 105,
        c if c.is_alphabetic() => 105,
        _ => 110,
    }
}

impl Narrow {
    /// Tenths of a nat for these bytes; `None` once it is worse than `worst`.
    pub(crate) fn cost(&self, bytes: &[u8], worst: u32) -> Option<u32> {
        let mut total = self.prior;
        // Class of the letter before, and whether it was ASCII.
        let mut before: Option<(Class, bool)> = None;
        let mut uppers = 0_u32;
        for &byte in bytes {
            let now = if byte < 0x80 {
                total += ascii(char::from(byte));
                match byte {
                    b'a'..=b'z' => Some((Class::Lower, true)),
                    b'A'..=b'Z' => Some((Class::Upper, true)),
                    _ => None,
                }
            } else {
                let index = usize::from(byte - 0x80);
                let (cost, class) = self
                    .upper
                    .get(index)
                    .copied()
                    .unwrap_or((200, Class::Other));
                total += cost;
                if class == Class::Other {
                    // Signs seldom touch letters on the left, but for quotes and dashes.
                    total += if cost > 60 && before.is_some() { 15 } else { 0 };
                    None
                } else {
                    Some((class, false))
                }
            };
            if let Some((class, is_ascii)) = now {
                if let Some((last, last_ascii)) = before {
                    if class == Class::Upper && last == Class::Lower && !(is_ascii && last_ascii) {
                        total += 45;
                    }
                    if class == Class::Lower && last == Class::Upper && uppers > 1 && !is_ascii {
                        total += 25;
                    }
                    if class == Class::Upper && last == Class::Upper && !is_ascii && !self.latin {
                        // A word in capitals: its letters are as frequent as the small ones.
                        total = total.saturating_sub(11);
                    }
                    match (self.latin, is_ascii, last_ascii) {
                        (false, true, false) | (false, false, true) => total += 40,
                        (true, false, false) => total += 20,
                        _ => {}
                    }
                } else if self.latin && !is_ascii {
                    total += 8;
                }
                uppers = if class == Class::Upper { uppers + 1 } else { 0 };
            } else {
                uppers = 0;
            }
            before = now;
            if total > worst {
                return None;
            }
        }
        Some(total)
    }
}
