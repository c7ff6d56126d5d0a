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
    /// From each label (outer) to each.
    transitions: [Lanes; LABELS],
    rows: &'a [u8],
}

/// A number for each label at its place in a row; the two places of the fingerprint are idle. So
/// many are added and compared at once.
type Lanes = [i32; ROW];
/// Places of a row before the first label.
const IDLE: usize = ROW - LABELS;

/// Gives the features of the unit with a number.
pub(crate) type Features<'f> = &'f mut dyn FnMut(usize, &mut dyn FnMut(u64));

impl<'a> Model<'a> {
    /// A file that is not whole gives a model without weights, which finds nothing.
    pub(crate) fn read(file: &'a [u8]) -> Self {
        Self::parse(file).unwrap_or(Self {
            mask: 0,
            transitions: [[NEVER; ROW]; LABELS],
            rows: &[],
        })
    }

    fn parse(file: &'a [u8]) -> Option<Self> {
        let rest = file.strip_prefix(MAGIC)?;
        let (&power, rest) = rest.split_first()?;
        let rest = rest.get(4..)?;
        let mut transitions = [[NEVER; ROW]; LABELS];
        let (numbers, rows) = rest.split_at_checked(LABELS * LABELS * 2)?;
        for (n, pair) in numbers.chunks_exact(2).enumerate() {
            let value = i32::from(i16::from_le_bytes([*pair.first()?, *pair.get(1)?]));
            let (before, after) = (n / LABELS, n % LABELS);
            *transitions.get_mut(before)?.get_mut(after + IDLE)? = if may_follow(before, after) {
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

    /// The sums of the weights of all features. Most are not in the table, and their rows lie far apart: looking at all
    /// heads first, without a branch, lets the memory answer them side by side.
    #[inline]
    fn scores(&self, features: &[u64], rows: &mut Vec<usize>) -> Lanes {
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
        // A unit has some fifty features: 16 bits hold the sum of as many weights of 8.
        let mut sums = [0_i16; ROW];
        for at in rows.iter().take(known) {
            let row = self.rows.get(*at..).and_then(<[u8]>::first_chunk::<ROW>);
            for (sum, weight) in sums.iter_mut().zip(row.unwrap_or(&[0; ROW])) {
                *sum = sum.wrapping_add(i16::from(weight.cast_signed()));
            }
        }
        sums.map(i32::from)
    }

    /// The best scores of rows that end with each label, from those of the unit before, and which
    /// label stands before.
    #[inline]
    fn step(&self, best: &Lanes, scores: &Lanes) -> (Lanes, Lanes) {
        let mut next: Lanes = [NEVER; ROW];
        let mut from: Lanes = [0; ROW];
        let labels = best.iter().skip(IDLE).zip(&self.transitions);
        for (before, (&so_far, row)) in (0..).zip(labels) {
            if so_far <= NEVER / 2 {
                continue;
            }
            for ((next, from), step) in next.iter_mut().zip(&mut from).zip(row) {
                let score = so_far + step;
                let better = score > *next;
                *next = if better { score } else { *next };
                *from = if better { before } else { *from };
            }
        }
        for (next, score) in next.iter_mut().zip(scores) {
            *next = next.saturating_add(*score).max(NEVER);
        }
        // Only differences count; taking the top away keeps sums small in long texts.
        let top = next.iter().skip(IDLE).copied().max().unwrap_or(0);
        for score in &mut next {
            if *score > NEVER / 2 {
                *score -= top;
            }
        }
        (next, from)
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
        let mut rows = Vec::new();
        // Before the first unit stands a word outside any name.
        let mut best: Lanes = [NEVER; ROW];
        if let Some(outside) = best.get_mut(IDLE) {
            *outside = 0;
        }
        let mut told: Vec<u64> = Vec::with_capacity(64);
        for n in 0..units.len() {
            told.clear();
            features(n, &mut |feature| told.push(feature));
            let (next, from) = self.step(&best, &self.scores(&told, &mut rows));
            best = next;
            let mut labels = [0; LABELS];
            for (label, from) in labels.iter_mut().zip(from.iter().skip(IDLE)) {
                *label = u8::try_from(*from).unwrap_or(0);
            }
            back.push(labels);
        }
        let mut last = (0..LABELS)
            .filter(|label| may_follow(*label, 0))
            .max_by_key(|label| (best.get(*label + IDLE).copied(), std::cmp::Reverse(*label)))
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
