//! Random numbers that depend on a seed and a stream alone, so that a result can be made again, with
//! any number of threads.

use std::sync::LazyLock;

use crate::special::ln_gamma;

/// So few are shared out one by one.
const FEW: u64 = 6;

/// So near to the mode, a probability is its own by a product; beyond, by logarithms. Products of so many numbers of
/// up to 2^53 stay within a float.
const NEAR: u64 = 18;

/// One over 1, 2, 3, …
const INVERSES: [f64; 200] = {
    let mut inverses = [1.0; 200];
    let mut k = 1;
    while k < 200 {
        inverses[k] = 1.0 / (k as f64 + 1.0);
        k += 1;
    }
    inverses
};

/// Where the tail of the normal density begins, for 256 layers, and the area of each layer.
const TAIL: f64 = 3.654_152_885_361_009;
const AREA: f64 = 0.004_928_673_233_974_655;

/// Layers of equal area that cover half of the normal density, the lowest first.
#[derive(Debug)]
struct Ziggurat {
    /// Right edge of each layer; that of the lowest as if the tail were part of a rectangle.
    edge: [f64; 257],
    /// The share of each layer that lies under the density whatever the height.
    inside: [f64; 256],
}

static ZIGGURAT: LazyLock<Ziggurat> = LazyLock::new(|| {
    let density = |x: f64| (-0.5 * x * x).exp();
    let mut edge = [0.0; 257];
    edge[0] = AREA / density(TAIL);
    edge[1] = TAIL;
    for layer in 2..256 {
        let above = density(edge[layer - 1]) + AREA / edge[layer - 1];
        edge[layer] = (-2.0 * above.ln()).sqrt();
    }
    Ziggurat {
        inside: std::array::from_fn(|layer| edge[layer + 1] / edge[layer]),
        edge,
    }
});

/// xoshiro256++ (Blackman and Vigna 2021), started by splitmix64 from a seed and the number of a stream.
#[derive(Clone, Debug)]
pub struct Random {
    state: [u64; 4],
    ziggurat: &'static Ziggurat,
}

impl Random {
    /// Streams of one seed are independent for all that matters here: one a chain, one a resample.
    #[must_use]
    pub fn new(seed: u64, stream: u64) -> Self {
        let mut state = seed ^ stream.wrapping_mul(0xd134_2543_de82_ef95).rotate_left(17);
        let mut next = || {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = state;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^ (z >> 31)
        };
        // One more round for the stream, so that neighbours do not start alike.
        let first = next() ^ stream;
        Self {
            state: [first, next(), next(), next() | 1],
            ziggurat: &ZIGGURAT,
        }
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        let [a, b, c, d] = &mut self.state;
        let result = a.wrapping_add(*d).rotate_left(23).wrapping_add(*a);
        let t = *b << 17;
        *c ^= *a;
        *d ^= *b;
        *b ^= *c;
        *a ^= *d;
        *c ^= t;
        *d = d.rotate_left(45);
        result
    }

    /// Uniform in (0, 1), never either end.
    pub fn uniform(&mut self) -> f64 {
        ((self.bits() >> 12) as f64 + 0.5) / (1u64 << 52) as f64
    }

    /// Standard normal, by the ziggurat (Marsaglia and Tsang 2000) as Doornik (2005) corrected it: the layer comes
    /// from bits that the place in it does not use.
    pub fn normal(&mut self) -> f64 {
        loop {
            let bits = self.bits();
            let layer = (bits & 0xff) as usize;
            let place = ((bits >> 11) as i64 - (1 << 52)) as f64 / (1u64 << 52) as f64;
            let ziggurat = self.ziggurat;
            let x = place * ziggurat.edge[layer];
            if place.abs() < ziggurat.inside[layer] {
                return x;
            }
            if layer == 0 {
                return self.normal_tail().copysign(place);
            }
            let density = |edge: f64| (0.5 * (x * x - edge * edge)).exp();
            let (low, high) = (
                density(ziggurat.edge[layer]),
                density(ziggurat.edge[layer + 1]),
            );
            if low + self.uniform() * (high - low) < 1.0 {
                return x;
            }
        }
    }

    /// A normal variate beyond the ziggurat (Marsaglia 1964).
    fn normal_tail(&mut self) -> f64 {
        loop {
            let x = self.uniform().ln() / TAIL;
            if -2.0 * self.uniform().ln() >= x * x {
                return TAIL - x;
            }
        }
    }

    /// The logarithm of a gamma variate of this shape and scale 1. The logarithm, because a variate of a small
    /// shape is often less than the least number of a float.
    pub fn ln_gamma_variate(&mut self, shape: f64) -> f64 {
        if shape < 1.0 {
            let below = self.uniform().ln() / shape;
            return self.gamma_from_one(shape + 1.0).ln() + below;
        }
        self.gamma_from_one(shape).ln()
    }

    /// A gamma variate of a shape of at least 1 (Marsaglia and Tsang 2000).
    fn gamma_from_one(&mut self, shape: f64) -> f64 {
        let d = shape - 1.0 / 3.0;
        let c = (9.0 * d).sqrt().recip();
        loop {
            let x = self.normal();
            let v = 1.0 + c * x;
            if v <= 0.0 {
                continue;
            }
            let v = v * v * v;
            let u = self.uniform();
            let square = x * x;
            if u < 1.0 - 0.0331 * square * square || u.ln() < 0.5 * square + d * (1.0 - v + v.ln())
            {
                return d * v;
            }
        }
    }

    /// A beta variate, both shapes at least 1.
    pub fn beta_from_one(&mut self, a: f64, b: f64) -> f64 {
        self.beta_pair_from_one(a, b).0
    }

    /// A beta variate and its complement, both shapes at least 1.
    pub fn beta_pair_from_one(&mut self, a: f64, b: f64) -> (f64, f64) {
        let (x, y) = (self.gamma_from_one(a), self.gamma_from_one(b));
        let inverse = (x + y).recip();
        (x * inverse, y * inverse)
    }

    /// A gamma variate of this shape and scale 1.
    pub fn gamma(&mut self, shape: f64) -> f64 {
        self.ln_gamma_variate(shape).exp()
    }

    /// The logarithms of a beta variate and of its complement.
    pub fn ln_beta(&mut self, a: f64, b: f64) -> (f64, f64) {
        let (x, y) = (self.ln_gamma_variate(a), self.ln_gamma_variate(b));
        let (high, low) = if x > y { (x, y) } else { (y, x) };
        let total = high + (low - high).exp().ln_1p();
        (x - total, y - total)
    }

    /// How many of `n` trials of probability `p` succeed.
    pub fn binomial(&mut self, n: u64, p: f64) -> u64 {
        if n == 0 || p <= 0.0 {
            return 0;
        }
        if p >= 1.0 {
            return n;
        }
        if p > 0.5 {
            return n - self.binomial(n, 1.0 - p);
        }
        let mean = n as f64 * p;
        // (1 - p)^n is at least 1 - n p: most draws that are nought are known without a power.
        if mean < 0.01 && self.uniform() < 1.0 - mean {
            return 0;
        }
        if mean < 0.01 {
            return self.binomial_not_nought(n, p, mean);
        }
        if mean < 10.0 {
            self.binomial_by_inversion(n, p)
        } else {
            self.binomial_by_rejection(n, p)
        }
    }

    /// The rest of a draw that fell beyond `1 - mean`, the least that nought can have.
    fn binomial_not_nought(&mut self, n: u64, p: f64, mean: f64) -> u64 {
        let n = n as f64;
        let mut left = self.uniform() * mean;
        let none = (n * (-p).ln_1p()).exp();
        let mut k = 0.0;
        let mut probability = none - (1.0 - mean);
        let mut whole = none;
        while left > probability && k < n.min(200.0) {
            left -= probability;
            k += 1.0;
            whole *= p / (1.0 - p) * (n - k + 1.0) / k;
            probability = whole;
        }
        k as u64
    }

    /// Goes through the probabilities of 0, 1, 2, … (Kachitvichyanukul and Schmeiser 1988, BINV).
    fn binomial_by_inversion(&mut self, n: u64, p: f64) -> u64 {
        let ratio = p / (1.0 - p);
        let none = match i32::try_from(n) {
            Ok(small) => (1.0 - p).powi(small),
            Err(_) => (n as f64 * (-p).ln_1p()).exp(),
        };
        let more = (n as f64 + 1.0) * ratio;
        loop {
            let mut left = self.uniform();
            let mut probability = none;
            for (k, inverse) in INVERSES.iter().enumerate() {
                if left <= probability {
                    return (k as u64).min(n);
                }
                left -= probability;
                // (n - k) / (k + 1) times the ratio; multiplying is several times as fast as dividing.
                probability *= more * inverse - ratio;
            }
            // Rounding left a crumb beyond all probabilities, which are nought after n: again.
        }
    }

    /// Transformed rejection (Hörmann 1993, algorithm BTRS); `n p` at least 10.
    fn binomial_by_rejection(&mut self, n: u64, p: f64) -> u64 {
        let n = n as f64;
        let spread = (n * p * (1.0 - p)).sqrt();
        let b = 1.15 + 2.53 * spread;
        let a = -0.0873 + 0.0248 * b + 0.01 * p;
        let centre = n * p + 0.5;
        let v_most = 0.92 - 4.2 / b;
        loop {
            let u = self.uniform() - 0.5;
            let v = self.uniform();
            let us = 0.5 - u.abs();
            let at = (2.0 * a / us + b) * u + centre;
            if at < 0.0 || at >= n + 1.0 {
                continue;
            }
            let k = at as u64;
            if us >= 0.07 && v <= v_most {
                return k;
            }
            let mode = ((n + 1.0) * p) as u64;
            let alpha = (2.83 + 5.1 / b) * spread;
            let left = v * alpha / (a / (us * us) + b);
            let ratio = p / (1.0 - p);
            let accepted = if k.abs_diff(mode) <= NEAR {
                let (low, high) = (k.min(mode), k.max(mode));
                let (mut above, mut below) = (1.0, 1.0);
                for i in low..high {
                    above *= (n - i as f64) * ratio;
                    below *= i as f64 + 1.0;
                }
                // above / below is the probability of the greater over that of the lesser.
                if k == high {
                    left * below <= above
                } else {
                    left * above <= below
                }
            } else {
                let (k, mode) = (k as f64, mode as f64);
                let density = ln_gamma(mode + 1.0) + ln_gamma(n - mode + 1.0)
                    - ln_gamma(k + 1.0)
                    - ln_gamma(n - k + 1.0)
                    + (k - mode) * ratio.ln();
                left.ln() <= density
            };
            if accepted {
                return k;
            }
        }
    }

    /// A Poisson variate. Means at or above 2^52 come back rounded from the normal.
    pub fn poisson(&mut self, mean: f64) -> u64 {
        if mean.is_nan() || mean <= 0.0 {
            return 0;
        }
        if mean < 10.0 {
            let (mut product, least, mut k) = (self.uniform(), (-mean).exp(), 0);
            while product > least {
                product *= self.uniform();
                k += 1;
            }
            return k;
        }
        if mean > 1e12 {
            return (mean + self.normal() * mean.sqrt()).round().max(0.0) as u64;
        }
        // Transformed rejection (Hörmann 1993, PTRS).
        let b = 0.931 + 2.53 * mean.sqrt();
        let a = -0.059 + 0.02483 * b;
        let inverse = 1.1239 + 1.1328 / (b - 3.4);
        let v_most = 0.9277 - 3.6224 / (b - 2.0);
        loop {
            let u = self.uniform() - 0.5;
            let v = self.uniform();
            let us = 0.5 - u.abs();
            let k = ((2.0 * a / us + b) * u + mean + 0.43).floor();
            if us >= 0.07 && v <= v_most {
                return k as u64;
            }
            if k < 0.0 || (us < 0.013 && v > us) {
                continue;
            }
            let left = v.ln() + inverse.ln() - (a / (us * us) + b).ln();
            if left <= k * mean.ln() - mean - ln_gamma(k + 1.0) {
                return k as u64;
            }
        }
    }

    /// How many failures come before the `successes`-th success, where `ln_ratio` is the logarithm of
    /// failure over success. A Poisson variate of a gamma mean.
    pub fn negative_binomial(&mut self, successes: f64, ln_ratio: f64) -> u64 {
        let mean = (self.ln_gamma_variate(successes) + ln_ratio).exp();
        self.poisson(mean)
    }

    /// `n` shared out over cells in proportion to `weights`; what is shared is added to `to`.
    pub fn multinomial(&mut self, n: u64, weights: &[f64], to: &mut [u64]) {
        let mut left = n;
        let mut rest: f64 = weights.iter().sum();
        for (at, weight) in weights.iter().enumerate() {
            if left == 0 {
                return;
            }
            if left <= FEW {
                self.one_by_one(left, rest, weights.get(at..), to.get_mut(at..));
                return;
            }
            if *weight <= 0.0 {
                continue;
            }
            let share = if *weight >= rest { 1.0 } else { weight / rest };
            let taken = self.binomial(left, share);
            if let Some(cell) = to.get_mut(at) {
                *cell += taken;
            }
            left -= taken;
            rest -= weight;
        }
        // The rest of the weights was nothing but rounding: it belongs to the last cell of any weight.
        if left > 0
            && let Some(at) = weights.iter().rposition(|weight| *weight > 0.0)
            && let Some(cell) = to.get_mut(at)
        {
            *cell += left;
        }
    }

    /// A cell for each of `n`, in proportion to weights that add up to `rest`.
    fn one_by_one(&mut self, n: u64, rest: f64, weights: Option<&[f64]>, to: Option<&mut [u64]>) {
        let (Some(weights), Some(to)) = (weights, to) else {
            return;
        };
        for _ in 0..n {
            let mut left = self.uniform() * rest;
            // Rounding may leave a crumb beyond the last: it belongs to the last cell of any weight.
            let mut chosen = None;
            for (cell, weight) in to.iter_mut().zip(weights) {
                if *weight > 0.0 {
                    chosen = Some(cell);
                    left -= weight;
                    if left < 0.0 {
                        break;
                    }
                }
            }
            if let Some(cell) = chosen {
                *cell += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Mean and variance of many draws against those of the distribution, within five standard errors.
    fn check_moments(mean: f64, variance: f64, mut draw: impl FnMut(&mut Random) -> f64) {
        let n = 60_000;
        let mut random = Random::new(7, 3);
        let draws: Vec<f64> = (0..n).map(|_| draw(&mut random)).collect();
        let n = f64::from(n);
        let seen = draws.iter().sum::<f64>() / n;
        let seen_variance = draws.iter().map(|x| (x - seen).powi(2)).sum::<f64>() / n;
        assert!(
            (seen - mean).abs() < 5.0 * (variance / n).sqrt(),
            "mean {seen} for {mean}"
        );
        assert!(
            (seen_variance / variance - 1.0).abs() < 0.08,
            "variance {seen_variance} for {variance}"
        );
    }

    #[test]
    fn moments_are_those_of_the_distributions() {
        check_moments(0.5, 1.0 / 12.0, Random::uniform);
        check_moments(0.0, 1.0, Random::normal);
        for shape in [0.3, 1.0, 2.5, 40.0] {
            check_moments(shape, shape, |r| r.gamma(shape));
        }
        check_moments(0.25, 0.25 * 0.75 / 5.0, |r| r.ln_beta(1.0, 3.0).0.exp());
        for (n, p) in [
            (5, 0.3),
            (40, 0.9),
            (400, 0.1),
            (100_000, 0.5),
            (1000, 0.02),
        ] {
            let (mean, q) = (n as f64 * p, 1.0 - p);
            check_moments(mean, mean * q, |r| r.binomial(n, p) as f64);
        }
        for mean in [0.2, 4.0, 12.0, 3000.0] {
            check_moments(mean, mean, |r| r.poisson(mean) as f64);
        }
        // 20 successes, failure three times as likely: mean 60, variance 60 * 4.
        check_moments(60.0, 240.0, |r| {
            r.negative_binomial(20.0, 3.0f64.ln()) as f64
        });
        check_moments(30.0, 21.0, |r| {
            let mut cells = [0; 3];
            r.multinomial(100, &[0.7, 0.0, 0.3], &mut cells);
            assert_eq!((cells[0] + cells[2], cells[1]), (100, 0));
            cells[2] as f64
        });
    }

    #[test]
    fn normals_fall_where_the_density_says() {
        let (mut random, n) = (Random::new(11, 2), 2_000_000);
        let mut bins = [0.0; 38];
        for _ in 0..n {
            bins[((random.normal() + 4.75) * 4.0).clamp(0.0, 37.0) as usize] += 1.0;
        }
        let edge = |bin: usize| match bin {
            0 => 0.0,
            38 => 1.0,
            _ => crate::special::normal_below(bin as f64 / 4.0 - 4.75),
        };
        let statistic: f64 = (0..38)
            .map(|bin| {
                let expected = f64::from(n) * (edge(bin + 1) - edge(bin));
                (bins[bin] - expected).powi(2) / expected
            })
            .sum();
        // 37 degrees of freedom: one in ten thousand is above 77.
        assert!(statistic < 77.0, "{statistic} {bins:?}");
    }

    #[test]
    fn a_seed_and_a_stream_give_the_same_numbers() {
        let of = |seed, stream| Random::new(seed, stream).bits();
        assert_eq!(of(1, 1), of(1, 1));
        assert_ne!(of(1, 1), of(1, 2));
        assert_ne!(of(1, 1), of(2, 1));
    }
}
