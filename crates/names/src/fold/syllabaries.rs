//! Scripts of India and South-East Asia and of Ethiopia in Latin letters: a consonant carries a vowel unless a sign says
//! otherwise.
//!
//! The blocks of the Indian scripts have one layout, so that one table reads all of them. Thai, Lao and Khmer names are
//! told by their consonants; vowels are only roughly those of the spellings in use.

/// Text in which every letter of these scripts is replaced; others stay.
pub(super) fn latin(plain: &str) -> String {
    let mut out = String::with_capacity(plain.len());
    let mut rest = plain.chars().peekable();
    while let Some(c) = rest.next() {
        let next = rest.peek().copied().unwrap_or(' ');
        let code = c as u32;
        if let Some(offset) = indian(code) {
            push_indian(offset, indian(next as u32), next, code, &mut out);
        } else if (0x1200..0x1380).contains(&code) {
            push_ethiopic(code, &mut out);
        } else if (0xE01..=0xE4E).contains(&code) {
            // The sign of silence stands on a letter that is not spoken, or on its vowel.
            let mut ahead = rest.clone();
            let vowel = matches!(next as u32, 0xE34 | 0xE38);
            if ahead.nth(usize::from(vowel)) == Some('\u{E4C}') {
                continue;
            }
            out.push_str(thai(code));
        } else if (0x1780..=0x17D3).contains(&code) {
            out.push_str(khmer(code));
        } else {
            out.push(c);
        }
    }
    out
}

/// Whether a letter is of one of these scripts.
pub(super) fn has(c: char) -> bool {
    matches!(c as u32, 0x900..=0xD7F | 0xE01..=0xE4E | 0x1200..=0x137F | 0x1780..=0x17D3)
}

/// The place of a character in the layout of the Indian blocks, from Devanagari to Malayalam.
fn indian(code: u32) -> Option<u32> {
    (0x900..0xD80)
        .contains(&code)
        .then_some(code.wrapping_sub(0x900) % 0x80)
}

/// The consonants of the layout from `ka` on.
const CONSONANTS: [&str; 37] = [
    "k", "kh", "g", "gh", "n", "ch", "chh", "j", "jh", "n", "t", "th", "d", "dh", "n", "t", "th",
    "d", "dh", "n", "n", "p", "ph", "b", "bh", "m", "y", "r", "r", "l", "l", "l", "v", "sh", "sh",
    "s", "h",
];
/// The vowel letters from `a` on, and the signs from `aa` on.
const VOWELS: [&str; 16] = [
    "a", "a", "i", "i", "u", "u", "ri", "li", "e", "e", "e", "ai", "o", "o", "o", "au",
];
const SIGNS: [&str; 15] = [
    "a", "i", "i", "u", "u", "ri", "ri", "e", "e", "e", "ai", "o", "o", "o", "au",
];

fn push_indian(offset: u32, next: Option<u32>, after: char, code: u32, out: &mut String) {
    let from = |table: &[&'static str], start: u32| -> &'static str {
        let at = offset
            .checked_sub(start)
            .and_then(|at| usize::try_from(at).ok());
        at.and_then(|at| table.get(at)).copied().unwrap_or("")
    };
    match offset {
        0x01..=0x02 => out.push('n'),
        0x03 => out.push('h'),
        0x05..=0x14 => out.push_str(from(&VOWELS, 0x05)),
        0x15..=0x39 => {
            // Bengali and Gurmukhi write b for v; Assamese has its own r.
            let consonant = from(&CONSONANTS, 0x15);
            out.push_str(consonant);
            // What follows says whether the vowel is spoken: a sign, the mark of none, or the end of the word.
            let signed = next.is_some_and(|next| matches!(next, 0x3C | 0x3E..=0x4D));
            let bengali = (0x980..0xA00).contains(&code);
            let ends = !after.is_alphanumeric() && next.is_none();
            let southern = code >= 0xB80;
            if !signed && (!ends || southern) {
                out.push(if bengali { 'o' } else { 'a' });
            }
        }
        0x3E..=0x4C => out.push_str(from(&SIGNS, 0x3E)),
        0x58..=0x5F => {
            const DOTTED: [&str; 8] = ["qa", "kha", "gha", "za", "ra", "rha", "fa", "ya"];
            out.push_str(from(&DOTTED, 0x58));
        }
        0x66..=0x6F => out.extend(char::from_digit(offset - 0x66, 10)),
        _ => {}
    }
}

/// Ethiopic is a table of rows of eight: a consonant with each of its vowels.
fn push_ethiopic(code: u32, out: &mut String) {
    const ROWS: [&str; 48] = [
        "h", "l", "h", "m", "s", "r", "s", "sh", "q", "q", "q", "q", "b", "v", "t", "ch", "h", "h",
        "n", "ny", "", "k", "k", "h", "h", "w", "", "z", "zh", "y", "d", "d", "j", "g", "g", "g",
        "t", "ch", "p", "ts", "ts", "f", "p", "", "", "", "", "",
    ];
    const ORDERS: [&str; 8] = ["e", "u", "i", "a", "e", "", "o", "wa"];
    let place = code.wrapping_sub(0x1200);
    let pick = |table: &[&'static str], at: u32| -> &'static str {
        let at = usize::try_from(at).ok();
        at.and_then(|at| table.get(at)).copied().unwrap_or("")
    };
    let (row, order) = (place / 8, place % 8);
    let consonant = pick(&ROWS, row);
    out.push_str(consonant);
    // The letters for no consonant have `a` in their first form.
    let bare = consonant.is_empty() && (order == 0 || order == 5);
    out.push_str(if bare && order == 0 {
        "a"
    } else if bare {
        "i"
    } else {
        pick(&ORDERS, order)
    });
}

fn thai(code: u32) -> &'static str {
    match code {
        0xE01 => "k",
        0xE02..=0xE06 => "kh",
        0xE07 => "ng",
        0xE08 | 0xE09 | 0xE0A | 0xE0C => "ch",
        0xE0B | 0xE28..=0xE2A => "s",
        0xE0D => "y",
        0xE0E | 0xE14 => "d",
        0xE0F | 0xE15 => "t",
        0xE10..=0xE12 | 0xE16..=0xE18 => "th",
        0xE13 | 0xE19 => "n",
        0xE1A => "b",
        0xE1B => "p",
        0xE1C | 0xE1E | 0xE20 => "ph",
        0xE1D | 0xE1F => "f",
        0xE21 => "m",
        0xE22 => "y",
        0xE23 => "r",
        0xE24 => "rue",
        0xE25 | 0xE2C => "l",
        0xE27 => "w",
        0xE2B | 0xE2E => "h",
        0xE2D => "o",
        0xE30..=0xE33 => "a",
        0xE34 | 0xE35 => "i",
        0xE36 | 0xE37 => "ue",
        0xE38 | 0xE39 => "u",
        0xE40 | 0xE41 => "e",
        0xE42 => "o",
        0xE43 | 0xE44 => "ai",
        _ => "",
    }
}

fn khmer(code: u32) -> &'static str {
    match code {
        0x1780 | 0x1782 => "k",
        0x1781 | 0x1783 => "kh",
        0x1784 => "ng",
        0x1785 | 0x1787 => "ch",
        0x1786 | 0x1788 => "chh",
        0x1789 => "nh",
        0x178A | 0x178C => "d",
        0x178B | 0x178D | 0x1790 | 0x1792 => "th",
        0x178E | 0x1793 => "n",
        0x178F | 0x1791 => "t",
        0x1794 => "b",
        0x1795 | 0x1797 => "ph",
        0x1796 => "p",
        0x1798 => "m",
        0x1799 => "y",
        0x179A => "r",
        0x179B | 0x17A1 => "l",
        0x179C => "v",
        0x179D..=0x179F => "s",
        0x17A0 => "h",
        0x17A2..=0x17A4 => "a",
        0x17A5..=0x17A6 => "i",
        0x17A7..=0x17AA => "u",
        0x17B6 => "a",
        0x17B7..=0x17BA => "i",
        0x17BB..=0x17BD => "u",
        0x17BE => "oe",
        0x17BF..=0x17C0 => "ie",
        0x17C1..=0x17C3 => "e",
        0x17C4..=0x17C5 => "o",
        0x17C6 => "m",
        _ => "",
    }
}
