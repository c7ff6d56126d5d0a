//! Hangul by arithmetic.

const FIRST: u32 = 0xAC00;
/// Indexes of the initials ㄴ, ㄹ and the silent ㅇ.
const N: u32 = 2;
const R: u32 = 5;
const SILENT: u32 = 11;

/// Indexes of initial, medial and final of a syllable block.
pub(super) fn parts(syllable: char) -> Option<[u32; 3]> {
    let index = (syllable as u32)
        .checked_sub(FIRST)
        .filter(|i| *i < 11_172)?;
    Some([index / 588, index % 588 / 28, index % 28])
}

/// One form for what the law of initial sounds writes in two ways: 리 is 이, 류 유, 녀 여, 로 노.
pub(super) fn fold(syllable: char) -> char {
    let Some([first, middle, last]) = parts(syllable) else {
        return syllable;
    };
    // Before i and what begins with it (ㅑ ㅒ ㅕ ㅖ ㅛ ㅠ ㅣ) both sounds fall away.
    let soft = matches!(middle, 2 | 3 | 6 | 7 | 12 | 17 | 20);
    let first = match first {
        R | N if soft => SILENT,
        R => N,
        other => other,
    };
    char::from_u32(FIRST + first * 588 + middle * 28 + last).unwrap_or(syllable)
}
