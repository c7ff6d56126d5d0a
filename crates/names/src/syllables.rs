//! Syllables of Korean and Chinese names in any script, as sets of readings.

/// How two spellings of name parts can be the same spoken syllables.
#[derive(Clone, Debug, PartialEq)]
pub struct Alignment {
    /// 0: the same in every common reading; grows with rarer readings and looser spellings (natural
    /// logarithm of how much likelier it is among the same than by chance, taken from a perfect fit).
    pub cost: f32,
    /// The spelling path in plain words: `哲 = 철 (Sino-Korean) = chol (northern spelling)`.
    pub path: String,
}

/// Whether `left` and `right`, each a name part of one or more syllables in Hangul, Han, Latin or Cyrillic
/// letters, can be read alike; `None` if no common reading fits.
#[must_use]
pub fn align(left: &str, right: &str) -> Option<Alignment> {
    (left == right).then(|| Alignment {
        cost: 0.0,
        path: String::new(),
    })
}
