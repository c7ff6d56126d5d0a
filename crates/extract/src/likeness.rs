//! How alike two texts are, whatever their layout: for renditions of one document.
//!
//! One-permutation MinHash (Li, Owen and Zhang 2012) over runs of letters and digits: case, white
//! space, punctuation and line-end hyphens do not count, so that a PDF and its text twin agree.

/// Length of a run, in letters and digits.
const RUN: usize = 12;
/// Number of bins.
pub const BINS: usize = 64;

/// The least hash in each of 64 bins; `u32::MAX` where a bin is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint(pub [u32; BINS]);

/// The fingerprint of a text; `None` if it is too short (under 200 letters and digits) to say.
#[must_use]
pub fn fingerprint(text: &str) -> Option<Fingerprint> {
    let mut bins = [u32::MAX; BINS];
    let mut window = [0u64; RUN];
    let (mut rolling, mut seen) = (0u64, 0usize);
    const BASE: u64 = 0x9e37_79b9_7f4a_7c15;
    // BASE to the power of RUN: what the letter that leaves the window counts.
    let leaving = (0..RUN).fold(1u64, |power, _| power.wrapping_mul(BASE));
    for c in text.chars() {
        let c = match c {
            _ if c.is_ascii_alphanumeric() => c.to_ascii_lowercase(),
            _ if c.is_ascii() => continue,
            // Letters without case, all of them: the tables need not be asked.
            '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' => c,
            _ if c.is_alphanumeric() => c.to_lowercase().next().unwrap_or(c),
            _ => continue,
        };
        let letter = u64::from(u32::from(c)) + 1;
        let slot = &mut window[seen % RUN];
        rolling = rolling
            .wrapping_mul(BASE)
            .wrapping_add(letter)
            .wrapping_sub(slot.wrapping_mul(leaving));
        *slot = letter;
        seen += 1;
        if seen >= RUN {
            let hash = mix(rolling);
            let bin = &mut bins[(hash >> 58) as usize];
            *bin = (*bin).min((hash & 0xffff_fffe) as u32);
        }
    }
    (seen >= 200).then_some(Fingerprint(bins))
}

/// Finaliser of SplitMix64 (Steele, Lea and Flood 2014).
const fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

impl Fingerprint {
    /// Estimated share of common runs (Jaccard), 0 to 1.
    #[must_use]
    pub fn similarity(&self, other: &Self) -> f32 {
        let pairs = self.0.iter().zip(&other.0);
        let filled = pairs
            .clone()
            .filter(|(a, b)| **a != u32::MAX || **b != u32::MAX)
            .count();
        let same = pairs.filter(|(a, b)| a == b && **a != u32::MAX).count();
        if filled == 0 {
            0.0
        } else {
            same as f32 / filled as f32
        }
    }

    /// Keys under which alike texts meet: sixteen bands of four bins.
    #[must_use]
    pub fn bands(&self) -> [u64; BINS / 4] {
        std::array::from_fn(|band| {
            self.0[band * 4..band * 4 + 4]
                .iter()
                .fold(band as u64 + 1, |key, bin| {
                    mix(key ^ u64::from(*bin)).wrapping_add(key)
                })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(from: usize) -> String {
        (from..from + 400)
            .map(|n| format!("word{} refugee {} ", n * 7919 % 1000, n))
            .collect()
    }

    #[test]
    fn layout_does_not_count_and_content_does() {
        let original = text(0);
        let twin: String = original
            .replace(" refugee", "\nREFU-\ngee")
            .replace(". ", ".  ");
        let (a, b) = (fingerprint(&original), fingerprint(&twin));
        let (Some(a), Some(b)) = (a, b) else {
            panic!("long enough")
        };
        assert_eq!(a, b);
        assert_eq!(a.bands(), b.bands());
        let Some(other) = fingerprint(&text(5000)) else {
            panic!("long enough")
        };
        assert!(a.similarity(&other) < 0.3, "{}", a.similarity(&other));
        let partly = format!("{}{}", &original[..original.len() * 9 / 10], text(9000));
        let Some(partly) = fingerprint(&partly) else {
            panic!("long enough")
        };
        assert!(
            (0.25..0.8).contains(&a.similarity(&partly)),
            "{}",
            a.similarity(&partly)
        );
        assert_eq!(fingerprint("too short"), None);
    }
}
