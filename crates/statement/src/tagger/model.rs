//! The weights and the search for the best row of labels.
//!
//! A model file is: `TMT1`, the number of rows as a power of two (1 byte), the weight of one step
//! (f32 little-endian), 14 × 14 transitions (i16), then the rows. A row is a fingerprint of its
//! feature (u16) and 14 weights (i8). Features that training never saw have another fingerprint
//! and say nothing.

use std::ops::Range;

use super::{Tag, Tagged};

/// O, other names, and begin, inside, end, single of person, organisation, place.
pub(crate) const LABELS: usize = 14;
pub(crate) const ROW: usize = 16;
pub(crate) const MAGIC: &[u8; 4] = b"TMT1";
const NEVER: i32 = i32::MIN / 4;

#[cfg(feature = "training")]
/// The label of a kind (0 person, 1 organisation, 2 place) and part (0 B, 1 I, 2 E, 3 S).
pub(crate) const fn label(kind: usize, part: usize) -> usize {
    2 + kind * 4 + part
}

/// Whether a label may follow another.
pub(crate) const fn may_follow(before: usize, after: usize) -> bool {
    let open = before >= 2 && (before - 2) % 4 < 2;
    let goes_on = after >= 2 && matches!((after - 2) % 4, 1 | 2);
    if open {
        goes_on && (before - 2) / 4 == (after - 2) / 4
    } else {
        !goes_on
    }
}

/// Weights as they lie in the file.
pub(crate) struct Model<'a> {
    mask: usize,
    transitions: [[i32; LABELS]; LABELS],
    rows: &'a [u8],
}

/// Gives the features of the unit with a number.
pub(crate) type Features<'f> = &'f mut dyn FnMut(usize, &mut dyn FnMut(u64));

/// The labels' scores of one unit.
pub(crate) type Scores = [i32; LABELS];

impl<'a> Model<'a> {
    /// A file that is not whole gives a model without weights, which finds nothing.
    pub(crate) fn read(file: &'a [u8]) -> Self {
        Self::parse(file).unwrap_or(Self {
            mask: 0,
            transitions: [[0; LABELS]; LABELS],
            rows: &[],
        })
    }

    fn parse(file: &'a [u8]) -> Option<Self> {
        let rest = file.strip_prefix(MAGIC)?;
        let (&power, rest) = rest.split_first()?;
        let rest = rest.get(4..)?;
        let mut transitions = [[0; LABELS]; LABELS];
        let (numbers, rows) = rest.split_at_checked(LABELS * LABELS * 2)?;
        for (n, pair) in numbers.chunks_exact(2).enumerate() {
            let value = i32::from(i16::from_le_bytes([*pair.first()?, *pair.get(1)?]));
            let (before, after) = (n / LABELS, n % LABELS);
            *transitions.get_mut(before)?.get_mut(after)? = if may_follow(before, after) {
                value
            } else {
                NEVER
            };
        }
        let count = 1_usize.checked_shl(u32::from(power))?;
        (rows.len() == count.checked_mul(ROW)?).then_some(Self {
            mask: count - 1,
            transitions,
            rows,
        })
    }

    /// Where the row of a feature begins, and whether the row there is the feature's own.
    #[inline]
    fn row(&self, feature: u64) -> (usize, bool) {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the low bits choose the row"
        )]
        let at = (feature as usize & self.mask) * ROW;
        let head = self.rows.get(at..at + 2).unwrap_or(&[0, 0]);
        let head = head
            .iter()
            .rev()
            .fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
        (at, head == feature >> 48)
    }

    /// Adds the weights of all features. Most are not in the table, and their rows lie far apart:
    /// looking at all heads first, without a branch, lets the memory answer them side by side.
    fn add(&self, features: &[u64], rows: &mut Vec<usize>, scores: &mut Scores) {
        rows.clear();
        rows.resize(features.len(), 0);
        let mut known = 0;
        for feature in features {
            let (at, own) = self.row(*feature);
            if let Some(slot) = rows.get_mut(known) {
                *slot = at;
            }
            known += usize::from(own);
        }
        for &at in rows.iter().take(known) {
            let Some([_, _, weights @ ..]) = self.rows.get(at..at + ROW) else {
                continue;
            };
            for (score, weight) in scores.iter_mut().zip(weights) {
                *score += i32::from(weight.cast_signed());
            }
        }
    }

    /// Finds the best labels of `units` and pushes the names that they spell.
    pub(crate) fn decode(
        &self,
        units: &[Range<u32>],
        features: Features<'_>,
        into: &mut Vec<Tagged>,
    ) {
        if self.rows.is_empty() || units.is_empty() {
            return;
        }
        let mut back: Vec<[u8; LABELS]> = Vec::with_capacity(units.len());
        let (mut all, mut rows) = (Vec::new(), Vec::new());
        // Before the first unit stands a word outside any name.
        let mut best: Scores = [NEVER; LABELS];
        if let Some(first) = best.first_mut() {
            *first = 0;
        }
        for n in 0..units.len() {
            let mut scores: Scores = [0; LABELS];
            all.clear();
            features(n, &mut |feature| all.push(feature));
            self.add(&all, &mut rows, &mut scores);
            let mut next: Scores = [NEVER; LABELS];
            let mut from = [0_u8; LABELS];
            for (before, (&so_far, row)) in (0_u8..).zip(best.iter().zip(&self.transitions)) {
                if so_far <= NEVER / 2 {
                    continue;
                }
                for ((next, from), step) in next.iter_mut().zip(&mut from).zip(row) {
                    let score = so_far + step;
                    if score > *next {
                        *next = score;
                        *from = before;
                    }
                }
            }
            for (next, score) in next.iter_mut().zip(&scores) {
                *next = next.saturating_add(*score).max(NEVER);
            }
            // Only differences count; taking the top away keeps sums small in long texts.
            let top = next.iter().copied().max().unwrap_or(0);
            for score in &mut next {
                if *score > NEVER / 2 {
                    *score -= top;
                }
            }
            best = next;
            back.push(from);
        }
        let mut last = (0..LABELS)
            .filter(|label| may_follow(*label, 0))
            .max_by_key(|label| (best.get(*label).copied(), std::cmp::Reverse(*label)))
            .unwrap_or(0);
        let mut labels = vec![0_u8; units.len()];
        for (label, from) in labels.iter_mut().zip(&back).rev() {
            *label = u8::try_from(last).unwrap_or(0);
            last = usize::from(from.get(last).copied().unwrap_or(0));
        }
        spell(units, &labels, into);
    }
}

/// Turns labels into spans.
fn spell(units: &[Range<u32>], labels: &[u8], into: &mut Vec<Tagged>) {
    let mut start = 0;
    for (unit, label) in units.iter().zip(labels) {
        let Some(name) = usize::from(*label).checked_sub(2) else {
            continue;
        };
        let tag = match name / 4 {
            0 => Tag::Person,
            1 => Tag::Organisation,
            _ => Tag::Place,
        };
        match name % 4 {
            0 => start = unit.start,
            1 => {}
            part => {
                let start = if part == 3 { unit.start } else { start };
                into.push(Tagged {
                    tag,
                    bytes: start..unit.end,
                });
            }
        }
    }
}
