//! Transforms and rectangles.

/// A rectangle as left, top, right, bottom; y grows downwards.
pub(crate) type Rect = [f32; 4];

pub(crate) const EMPTY: Rect = [f32::MAX, f32::MAX, f32::MIN, f32::MIN];

pub(crate) fn join(a: Rect, b: Rect) -> Rect {
    [
        a[0].min(b[0]),
        a[1].min(b[1]),
        a[2].max(b[2]),
        a[3].max(b[3]),
    ]
}

pub(crate) fn width(rect: Rect) -> f32 {
    (rect[2] - rect[0]).max(0.0)
}

pub(crate) fn height(rect: Rect) -> f32 {
    (rect[3] - rect[1]).max(0.0)
}

/// The part of `rect` that lies on a page of this size.
pub(crate) fn clip(rect: Rect, page: (f32, f32)) -> Rect {
    [
        rect[0].clamp(0.0, page.0),
        rect[1].clamp(0.0, page.1),
        rect[2].clamp(0.0, page.0),
        rect[3].clamp(0.0, page.1),
    ]
}

/// An affine map as PDF writes it: `x' = a x + c y + e`, `y' = b x + d y + f` (ISO 32000-2, 8.3.3).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Matrix(pub(crate) [f64; 6]);

impl Matrix {
    pub(crate) const IDENTITY: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    pub(crate) const fn shift(x: f64, y: f64) -> Self {
        Self([1.0, 0.0, 0.0, 1.0, x, y])
    }

    /// First `self`, then `outer`.
    pub(crate) fn then(self, outer: Self) -> Self {
        let [a, b, c, d, e, f] = self.0;
        let [oa, ob, oc, od, oe, of] = outer.0;
        Self([
            a * oa + b * oc,
            a * ob + b * od,
            c * oa + d * oc,
            c * ob + d * od,
            e * oa + f * oc + oe,
            e * ob + f * od + of,
        ])
    }

    pub(crate) fn point(self, x: f64, y: f64) -> (f64, f64) {
        let [a, b, c, d, e, f] = self.0;
        (a * x + c * y + e, b * x + d * y + f)
    }

    /// A direction: without the shift.
    pub(crate) fn vector(self, x: f64, y: f64) -> (f64, f64) {
        let [a, b, c, d, _, _] = self.0;
        (a * x + c * y, b * x + d * y)
    }

    /// The upright rectangle around the image of `x0, y0, x1, y1`.
    pub(crate) fn bounds(self, [x0, y0, x1, y1]: [f64; 4]) -> Rect {
        let mut bounds = EMPTY;
        for (x, y) in [(x0, y0), (x1, y0), (x0, y1), (x1, y1)] {
            let (x, y) = self.point(x, y);
            let (x, y) = (x as f32, y as f32);
            bounds = join(bounds, [x, y, x, y]);
        }
        bounds
    }
}
