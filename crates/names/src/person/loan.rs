//! Foreign names by ear: how the consonants of a western name come out in Kana, Hangul or Han characters and back.

/// Whether two words in Latin letters, one of which came by ear, may be one: `uraajimiru` and `vladimir`.
pub(super) fn alike(one: &str, other: &str) -> bool {
    let (mut first, mut second) = (String::new(), String::new());
    let (ways, ways_back) = (ways(one), ways(other));
    for way in (0..ALL).filter(|way| way & !ways == 0) {
        key(one, way, &mut first);
        if first.len() < 2 {
            continue;
        }
        for back in (0..ALL).filter(|way| way & !ways_back == 0) {
            key(other, back, &mut second);
            if first == second {
                return true;
            }
        }
    }
    false
}

/// Ways to hear a word, which go together: `r` before a consonant or at the end is not spoken, nor `v` before a consonant
/// at the beginning; `g` is soft before `e` and `i`, and not spoken behind `n`; `s` at the end is not spoken.
const SILENT_R: u8 = 1;
const SILENT_V: u8 = 2;
const OTHER_G: u8 = 4;
const SILENT_S: u8 = 8;
const ALL: u8 = 16;

/// The ways that make a difference to a word.
fn ways(word: &str) -> u8 {
    let when = |yes: bool, way: u8| if yes { way } else { 0 };
    when(word.contains('r'), SILENT_R)
        | when(word.starts_with('v'), SILENT_V)
        | when(word.contains('g'), OTHER_G)
        | when(word.ends_with('s'), SILENT_S)
}

/// What a word and its spellings by ear share, or nearly: its consonants without `l` and `r`, and without the first if
/// that is a `v` which may not be spoken.
pub(super) fn common(word: &str) -> String {
    let mut out = String::new();
    key(word, ALL - 1, &mut out);
    out.retain(|c| c != 'L');
    out
}

/// The consonants of a word in the classes that are told apart by ear everywhere.
fn key(word: &str, way: u8, out: &mut String) {
    out.clear();
    let bytes = word.as_bytes();
    let letter = |at: usize| bytes.get(at).copied().unwrap_or(b' ');
    let vowel = |c: u8| matches!(c, b'a' | b'e' | b'i' | b'o' | b'u' | b'y');
    let mut at = 0_usize;
    while at < bytes.len() {
        let (c, next) = (letter(at), letter(at.saturating_add(1)));
        let start = at == 0;
        let before = at.checked_sub(1).map_or(b' ', letter);
        at = at.saturating_add(1);
        if c == next {
            continue;
        }
        let class = match c {
            // Two of one sound, as Korean has them.
            b'l' if next == b'r' => continue,
            b'l' => 'L',
            b'r' if way & SILENT_R != 0 && !start && !vowel(next) => continue,
            b'r' => 'L',
            b'm' | b'n' => 'N',
            b'v' if way & SILENT_V != 0 && start && !vowel(next) => continue,
            b'f' | b'v' | b'b' | b'p' => 'P',
            b'c' if matches!(next, b'e' | b'i' | b'y' | b'h') => 'T',
            b'c' if next == b'k' => continue,
            b'g' if way & OTHER_G != 0 && matches!(next, b'e' | b'i') => 'T',
            b'g' if way & OTHER_G != 0 && before == b'n' && !vowel(next) => continue,
            b'k' | b'g' | b'q' | b'c' => 'K',
            b'x' => {
                out.push('K');
                'T'
            }
            // One sound of several letters.
            b't' | b'd' if matches!(next, b's' | b'z' | b'j') || next == b'c' => continue,
            b's' if next == b'c' && letter(at.saturating_add(1)) == b'h' => continue,
            b's' if way & SILENT_S != 0 && next == b' ' => continue,
            b's' | b'z' | b'j' | b't' | b'd' => 'T',
            b'h' if start => 'H',
            _ => continue,
        };
        out.push(class);
    }
}

#[cfg(test)]
mod tests {
    use super::alike;

    #[test]
    fn by_ear() {
        for (heard, written) in [
            ("uraajimiru", "vladimir"),
            ("puuchin", "putin"),
            ("merukeru", "merkel"),
            ("kaataa", "carter"),
            ("baraku", "barack"),
            ("emanyueru", "emmanuel"),
            ("beulladimireu", "vladimir"),
            ("fulajimier", "vladimir"),
            ("pujing", "putin"),
            ("jooji", "george"),
            ("nikora", "nicolas"),
        ] {
            assert!(alike(heard, written), "{heard} {written}");
            assert!(alike(written, heard), "{heard} {written}");
        }
        assert!(!alike("puuchin", "potanin"));
        assert!(!alike("merukeru", "davis"));
    }
}
