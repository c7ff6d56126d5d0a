//! Recovery codes: printed once, kept in a drawer, typed in a hurry.
//!
//! 26 random symbols of 5 bits (130 bits) and 2 check symbols, in 7 groups of 4:
//! `7K3M-X0QH-…`. The alphabet has no I, L, O and U. The check is a Reed–Solomon code over GF(32):
//! any one or two wrong symbols and any two exchanged neighbours are told as a typing mistake
//! before a key is tried, and for a single wrong symbol also in which group it is.

use std::fmt;

use unicode_normalization::UnicodeNormalization;
use zeroize::{Zeroize, Zeroizing};

use crate::random;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const RANDOM: usize = 26;
const SYMBOLS: usize = 28;
const GROUP: usize = 4;

/// Why a typed code cannot be a recovery code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    #[error("a recovery code has 28 letters and digits, this has {0}")]
    Length(usize),
    #[error("recovery codes do not use {0:?}")]
    Symbol(char),
    #[error("a typing mistake in the recovery code, probably in group {0}")]
    MistypedGroup(usize),
    #[error("a typing mistake in the recovery code")]
    Mistyped,
}

/// A recovery code; wiped when dropped. `Debug` masks it; [`RecoveryCode::printed`] shows it.
#[derive(Clone)]
pub struct RecoveryCode(Zeroizing<[u8; SYMBOLS]>);

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(‹withheld›)")
    }
}

impl RecoveryCode {
    /// # Errors
    /// The system gives no random bytes.
    pub(crate) fn random() -> std::io::Result<Self> {
        let mut random = random::bytes::<RANDOM>()?;
        let mut symbols = Zeroizing::new([0; SYMBOLS]);
        for (symbol, byte) in symbols.iter_mut().zip(random) {
            *symbol = byte & 31;
        }
        random.zeroize();
        let check = check_symbols(symbols.as_slice());
        for (symbol, check) in symbols.iter_mut().skip(RANDOM).zip(check) {
            *symbol = check;
        }
        Ok(Self(symbols))
    }

    /// In groups, as it is printed: 34 characters.
    #[must_use]
    pub fn printed(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(SYMBOLS + SYMBOLS / GROUP));
        for (at, symbol) in self.0.iter().enumerate() {
            if at > 0 && at % GROUP == 0 {
                text.push('-');
            }
            let letter = ALPHABET.get(usize::from(*symbol)).copied();
            text.push(char::from(letter.unwrap_or(b'0')));
        }
        text
    }

    /// Reads a typed code. Case, spaces, any dashes, full-width letters, O for 0 and I or L for 1
    /// are forgiven.
    ///
    /// # Errors
    /// It cannot be a recovery code, and why.
    pub fn parse(typed: &str) -> Result<Self, CodeError> {
        let mut symbols = Zeroizing::new([0; SYMBOLS]);
        let mut count = 0_usize;
        for typed in typed.nfkc() {
            let letter = match typed.to_ascii_uppercase() {
                dash if is_filling(dash) => continue,
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            let symbol = ALPHABET
                .iter()
                .position(|known| char::from(*known) == letter);
            let symbol = symbol.ok_or(CodeError::Symbol(typed))?;
            if let Some(place) = symbols.get_mut(count) {
                *place = u8::try_from(symbol).unwrap_or(0);
            }
            count = count.saturating_add(1);
        }
        if count != SYMBOLS {
            return Err(CodeError::Length(count));
        }
        match syndromes(symbols.as_slice()) {
            (0, 0) => Ok(Self(symbols)),
            // One wrong symbol of value e at place p gives e·αᵖ and e·α²ᵖ.
            (first @ 1.., second @ 1..) => {
                let place = log(divide(second, first)).filter(|place| *place < SYMBOLS);
                Err(place.map_or(CodeError::Mistyped, |place| {
                    CodeError::MistypedGroup(place / GROUP + 1)
                }))
            }
            _ => Err(CodeError::Mistyped),
        }
    }

    pub(crate) fn symbols(&self) -> &[u8] {
        self.0.as_slice()
    }
}

/// What may stand between symbols: white space, dashes and the like.
fn is_filling(letter: char) -> bool {
    letter.is_whitespace()
        || matches!(
            letter,
            '-' | '_' | '.' | '\u{ad}' | '\u{2010}'
                ..='\u{2015}' | '\u{2212}' | '\u{30fc}' | '\u{200b}' | '\u{feff}'
        )
}

/// α to the power of `power` in GF(32) with the polynomial x⁵ + x² + 1.
fn power(power: usize) -> u8 {
    let mut value = 1_u8;
    for _ in 0..power % 31 {
        value <<= 1;
        if value & 32 != 0 {
            value ^= 0b10_0101;
        }
    }
    value
}

/// The exponent of α that gives `value`; `None` for 0.
fn log(value: u8) -> Option<usize> {
    (0..31).find(|exponent| power(*exponent) == value)
}

fn times(left: u8, right: u8) -> u8 {
    match (log(left), log(right)) {
        (Some(left), Some(right)) => power(left + right),
        _ => 0,
    }
}

fn divide(left: u8, right: u8) -> u8 {
    match (log(left), log(right)) {
        (Some(left), Some(right)) => power(left + 31 - right),
        _ => 0,
    }
}

/// Σ sᵢ·αⁱ and Σ sᵢ·α²ⁱ: both 0 for a code without mistakes.
fn syndromes(symbols: &[u8]) -> (u8, u8) {
    let mut sums = (0, 0);
    for (place, symbol) in symbols.iter().enumerate() {
        sums.0 ^= times(*symbol, power(place));
        sums.1 ^= times(*symbol, power(2 * place));
    }
    sums
}

/// The last two symbols that make both sums 0, given the others and 0 in their places.
fn check_symbols(symbols: &[u8]) -> [u8; 2] {
    // x·a + y·b = first, x·a² + y·b² = second, with a = α²⁶ and b = α²⁷.
    let (first, second) = syndromes(symbols);
    let (a, b) = (power(RANDOM), power(RANDOM + 1));
    let y = divide(times(first, a) ^ second, times(b, a ^ b));
    let x = divide(first ^ times(y, b), a);
    [x, y]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = RecoveryCode::random().unwrap();
        let printed = code.printed();
        assert_eq!(printed.len(), 34);
        let ways = [
            printed.to_lowercase(),
            printed.replace('-', ""),
            printed.replace('-', " – "),
            printed.replace('0', "O").replace('1', "l"),
            printed.replace('0', "o").replace('1', "I"),
            format!("  {}\n", printed.as_str()),
            printed
                .chars()
                .filter_map(|c| char::from_u32(u32::from(c) + 0xfee0))
                .collect(),
        ];
        for way in ways {
            assert_eq!(
                RecoveryCode::parse(&way).unwrap().symbols(),
                code.symbols(),
                "{way}"
            );
        }
        assert!(matches!(RecoveryCode::parse(""), Err(CodeError::Length(0))));
        assert!(matches!(
            RecoveryCode::parse("7U"),
            Err(CodeError::Symbol('U'))
        ));
        assert!(matches!(
            RecoveryCode::parse("é"),
            Err(CodeError::Symbol('é'))
        ));
        assert_eq!(format!("{code:?}"), "RecoveryCode(‹withheld›)");
    }

    proptest! {
        #[test]
        fn one_or_two_mistakes_are_found(
            first in 0..SYMBOLS, other in 0..SYMBOLS, by in 1_u8..32, by_other in 1_u8..32
        ) {
            let code = RecoveryCode::random().unwrap();
            let mut symbols = code.0.clone();
            symbols[first] ^= by;
            let told = RecoveryCode::parse(&RecoveryCode(symbols.clone()).printed()).unwrap_err();
            prop_assert_eq!(told, CodeError::MistypedGroup(first / GROUP + 1));
            if other != first {
                symbols[other] ^= by_other;
                prop_assert!(RecoveryCode::parse(&RecoveryCode(symbols).printed()).is_err());
            }
            let mut exchanged = code.0.clone();
            if first + 1 < SYMBOLS && exchanged[first] != exchanged[first + 1] {
                exchanged.swap(first, first + 1);
                prop_assert!(RecoveryCode::parse(&RecoveryCode(exchanged).printed()).is_err());
            }
        }
    }
}
