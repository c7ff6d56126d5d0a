//! Masses, as intervals.

use serde::{Deserialize, Serialize};

/// A mass in whole grams, at least `low` and at most `high`. Whole numbers, so that sums and bounds are exact and
/// equal on every machine.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
pub struct Mass {
    pub low: u64,
    pub high: u64,
}

/// More than was ever shipped (10^12 t), and far from the end of the numbers: sums of many stay exact.
const MOST_KG: f64 = 1e15;

impl Mass {
    /// A mass from kilograms, rounded outwards to grams. `None` if a bound is negative, not a number or beyond
    /// 10^15 kg, or if `high` is below `low`.
    #[must_use]
    pub fn kg(low: f64, high: f64) -> Option<Self> {
        let sound = (0.0..=MOST_KG).contains(&low) && (0.0..=MOST_KG).contains(&high);
        // A thousandth of a gram is noise of binary fractions: 0.3 kg are 300 g.
        let grams = |kg: f64| {
            let grams = kg * 1000.0;
            let whole = grams.round();
            if (grams - whole).abs() < 1e-3 {
                (whole, whole)
            } else {
                (grams.floor(), grams.ceil())
            }
        };
        (sound && low <= high).then(|| Self {
            low: grams(low).0 as u64,
            high: grams(high).1 as u64,
        })
    }

    /// A mass known exactly, in grams.
    #[must_use]
    pub const fn exactly(grams: u64) -> Self {
        Self {
            low: grams,
            high: grams,
        }
    }

    #[must_use]
    pub const fn is_exact(self) -> bool {
        self.low == self.high
    }

    /// Both bounds in kilograms, for showing.
    #[must_use]
    pub fn in_kg(self) -> (f64, f64) {
        (self.low as f64 / 1000.0, self.high as f64 / 1000.0)
    }

    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            low: self.low.saturating_add(other.low),
            high: self.high.saturating_add(other.high),
        }
    }
}

/// Live weight of the animal for one unit of product weight, in thousandths (a fillet with 2.5 kg live weight a
/// kilogram: 2500), and where the factor is from. Factors in use differ, hence two bounds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Factor {
    pub low: u32,
    pub high: u32,
    pub source: Box<str>,
}

impl Factor {
    /// The live weight of a product, rounded outwards to grams.
    #[must_use]
    pub fn live(&self, product: Mass) -> Mass {
        let low = u128::from(product.low) * u128::from(self.low) / 1000;
        let high = (u128::from(product.high) * u128::from(self.high)).div_ceil(1000);
        let narrow = |grams: u128| u64::try_from(grams).unwrap_or(u64::MAX);
        Mass {
            low: narrow(low),
            high: narrow(high),
        }
    }
}
