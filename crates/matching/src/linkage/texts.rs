//! Distinct texts by number.

/// Texts, each once; number 0 is the empty one, which stands for what is missing.
#[derive(Clone, Debug)]
pub struct Texts {
    arena: String,
    /// Where each text ends in the arena, in bytes.
    ends: Vec<usize>,
    /// Numbers + 1 by hash, open addressing; 0 is a free place.
    places: Vec<u32>,
}

impl Default for Texts {
    fn default() -> Self {
        let mut texts = Self {
            arena: String::new(),
            ends: Vec::new(),
            places: vec![0; 64],
        };
        texts.intern("");
        texts
    }
}

impl Texts {
    /// The number of a text, which is added if it is new. After 4,294,967,294 texts all new ones are the missing one.
    pub fn intern(&mut self, text: &str) -> u32 {
        if self.ends.len() * 2 > self.places.len() {
            self.grow();
        }
        let mask = self.places.len() - 1;
        let mut at = spread(text) & mask;
        loop {
            match self.places.get(at).copied() {
                Some(0) | None => break,
                Some(number) if self.get(number - 1) == text => return number - 1,
                Some(_) => at = (at + 1) & mask,
            }
        }
        let Some(number) = u32::try_from(self.ends.len())
            .ok()
            .filter(|n| *n < u32::MAX)
        else {
            return 0;
        };
        self.arena.push_str(text);
        self.ends.push(self.arena.len());
        if let Some(place) = self.places.get_mut(at) {
            *place = number + 1;
        }
        number
    }

    /// The number of a text, 0 if it is not among them.
    pub(super) fn find(&self, text: &str) -> u32 {
        let mask = self.places.len() - 1;
        let mut at = spread(text) & mask;
        loop {
            match self.places.get(at).copied() {
                Some(0) | None => return 0,
                Some(number) if self.get(number - 1) == text => return number - 1,
                Some(_) => at = (at + 1) & mask,
            }
        }
    }

    /// The text of a number; empty if there is none.
    #[must_use]
    pub fn get(&self, number: u32) -> &str {
        let at = number as usize;
        let start = at
            .checked_sub(1)
            .and_then(|before| self.ends.get(before).copied())
            .unwrap_or(0);
        let end = self.ends.get(at).copied().unwrap_or(start);
        self.arena.get(start..end).unwrap_or_default()
    }

    /// How many there are, the missing one among them.
    #[must_use]
    #[expect(
        clippy::len_without_is_empty,
        reason = "the missing one is always there"
    )]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// All of them with their numbers, the missing one first.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &str)> {
        (0..u32::try_from(self.ends.len()).unwrap_or(u32::MAX))
            .map(|number| (number, self.get(number)))
    }

    fn grow(&mut self) {
        let size = self.places.len() * 2;
        let mask = size - 1;
        let mut places = vec![0u32; size];
        for (number, text) in self.iter() {
            let mut at = spread(text) & mask;
            while places.get(at).is_some_and(|place| *place != 0) {
                at = (at + 1) & mask;
            }
            if let Some(place) = places.get_mut(at) {
                *place = number + 1;
            }
        }
        self.places = places;
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the low bits of a hash")]
fn spread(text: &str) -> usize {
    hash(0, text.as_bytes()) as usize
}

/// A hash that is the same in every run and on every machine: eight bytes at a time, multiplied and folded.
pub(super) fn hash(seed: u64, bytes: &[u8]) -> u64 {
    let mut state = seed ^ 0x9e37_79b9_7f4a_7c15;
    let mut words = bytes.chunks_exact(8);
    for word in &mut words {
        let word = word.try_into().map_or(0, u64::from_le_bytes);
        state = mix(state ^ word);
    }
    let mut last = [0u8; 8];
    for (to, from) in last.iter_mut().zip(words.remainder()) {
        *to = *from;
    }
    mix(mix(state ^ u64::from_le_bytes(last)) ^ bytes.len() as u64)
}

/// All bits of a number into all bits (the finaliser of SplitMix64, Steele et al. 2014).
pub(super) const fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// Numbers that look like chance and are the same in every run (SplitMix64).
#[derive(Clone, Debug)]
pub(super) struct Chance(u64);

impl Chance {
    pub(super) const fn new(seed: u64) -> Self {
        Self(mix(seed.wrapping_add(0x1234_5678_9abc_def1)))
    }

    pub(super) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// Below `end`, which is above 0.
    pub(super) fn below(&mut self, end: usize) -> usize {
        let wide = u128::from(self.next()) * (end as u128);
        usize::try_from(wide >> 64).unwrap_or(0)
    }

    /// From 0 to below 1.
    #[expect(clippy::cast_precision_loss, reason = "53 bits")]
    pub(super) fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_text_has_one_number_and_gives_it_back(list in proptest::collection::vec("\\PC{0,12}", 0..300)) {
            let mut texts = Texts::default();
            let mut known: HashMap<String, u32> = HashMap::from([(String::new(), 0)]);
            for text in &list {
                let number = texts.intern(text);
                prop_assert_eq!(*known.entry(text.clone()).or_insert(number), number);
                prop_assert_eq!(texts.get(number), text.as_str());
            }
            prop_assert_eq!(texts.len(), known.len());
        }
    }
}
