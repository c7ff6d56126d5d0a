//! Foreign names by ear: how the consonants of a western name come out in Kana, Hangul or Han characters and back.

/// Whether two words in Latin letters, one of which came by ear, may be one: `uraajimiru` and `vladimir`.
pub(super) fn alike(one: &str, other: &str) -> bool {
    let mut keys = [String::new(), String::new()];
    for way in 0..WAYS {
        key(one, way, &mut keys[0]);
        if keys[0].len() < 2 {
            continue;
        }
        for back in 0..WAYS {
            key(other, back, &mut keys[1]);
            if keys[0] == keys[1] {
                return true;
            }
        }
    }
    false
}

/// Ways to hear a word: `r` before a consonant or at the end is spoken or not, so is `v` before a consonant at the
/// beginning.
const WAYS: u8 = 4;

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
        at = at.saturating_add(1);
        if c == next {
            continue;
        }
        let class = match c {
            // Two of one sound, as Korean has them.
            b'l' if next == b'r' => continue,
            b'l' => 'L',
            b'r' if way & 1 == 1 && !start && !vowel(next) => continue,
            b'r' => 'L',
            b'm' | b'n' => 'N',
            b'v' if way & 2 == 2 && start && !vowel(next) => continue,
            b'f' | b'v' | b'b' | b'p' => 'P',
            b'c' if matches!(next, b'e' | b'i' | b'y' | b'h') => 'T',
            b'c' if next == b'k' => continue,
            b'k' | b'g' | b'q' | b'c' => 'K',
            b'x' => {
                out.push('K');
                'T'
            }
            // One sound of several letters.
            b't' | b'd' if matches!(next, b's' | b'z' | b'j') || next == b'c' => continue,
            b's' if next == b'c' && letter(at.saturating_add(1)) == b'h' => continue,
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
        ] {
            assert!(alike(heard, written), "{heard} {written}");
            assert!(alike(written, heard), "{heard} {written}");
        }
        assert!(!alike("puuchin", "potanin"));
        assert!(!alike("merukeru", "davis"));
    }
}
