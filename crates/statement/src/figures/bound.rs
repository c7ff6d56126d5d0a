//! What the words of a figure bound, as numbers.

use casefile::statement::{QuantityKind, Statement};

use super::ABOUT;

/// What a figure bounds: least and greatest, `None` = open.
pub(super) fn bounds(s: &Statement) -> (Option<f64>, Option<f64>) {
    let Some(q) = &s.quantity else {
        return (None, None);
    };
    let (low, high, best) = (
        q.low.map(|c| c.value()),
        q.high.map(|c| c.value()),
        q.best.map(|c| c.value()),
    );
    match q.kind {
        QuantityKind::Approx => (
            best.map(|b| b * (1.0 - ABOUT)),
            best.map(|b| b * (1.0 + ABOUT)),
        ),
        QuantityKind::Exact => (best.or(low), best.or(high)),
        QuantityKind::ApproxBelow | QuantityKind::Max => (None, high.or(best)),
        QuantityKind::Min | QuantityKind::MinApprox => (low, None),
        QuantityKind::Range | QuantityKind::Vague => (low, high),
    }
}

/// The number as it is spoken: 500 of "more than 500".
pub(super) fn nominal(s: &Statement) -> Option<f64> {
    let q = s.quantity.as_ref()?;
    let value = q.best.or(q.low).or(q.high)?.value();
    let above =
        matches!(q.kind, QuantityKind::Min) && q.best.is_none() && (value - 1.0) % 10.0 == 0.0;
    Some(if above { value - 1.0 } else { value })
}

pub(super) fn meet(
    all: impl Iterator<Item = (Option<f64>, Option<f64>)>,
) -> (bool, Option<f64>, Option<f64>) {
    let (mut low, mut high) = (None::<f64>, None::<f64>);
    for (l, h) in all {
        low = match (low, l) {
            (Some(a), Some(b)) => Some(a.max(b)),
            (a, b) => a.or(b),
        };
        high = match (high, h) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
    }
    let compatible = match (low, high) {
        (Some(l), Some(h)) => l <= h,
        _ => true,
    };
    (compatible, low, high)
}

pub(super) fn grouped(value: f64) -> String {
    let whole = format!("{value:.0}");
    let mut out = String::new();
    for (n, digit) in whole.chars().enumerate() {
        if n > 0 && (whole.len() - n) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
