//! Functions of mathematics that the standard library lacks.

/// Half the logarithm of 2π.
const HALF_LN_2PI: f64 = 0.918_938_533_204_672_8;

/// Logarithm of the gamma function for positive arguments: Stirling's series (Abramowitz and Stegun
/// 6.1.41) above 10, the recurrence below. Relative error under 1e-13.
#[must_use]
pub(crate) fn ln_gamma(x: f64) -> f64 {
    let (mut z, mut product) = (x, 1.0);
    while z < 10.0 {
        product *= z;
        z += 1.0;
    }
    let product = if x < 10.0 { f64::ln(product) } else { 0.0 };
    let r = 1.0 / (z * z);
    let series =
        (1.0 / 12.0 - r * (1.0 / 360.0 - r * (1.0 / 1260.0 - r * (1.0 / 1680.0 - r / 1188.0)))) / z;
    (z - 0.5) * z.ln() - z + HALF_LN_2PI + series - product
}

/// Probability that a standard normal variate lies under `x`.
#[must_use]
pub(crate) fn normal_below(x: f64) -> f64 {
    let upper = gamma_upper(0.5, x * x / 2.0) / 2.0;
    if x > 0.0 { 1.0 - upper } else { upper }
}

/// The `p`-quantile of the standard normal distribution: an approximation by the tails (Abramowitz and
/// Stegun 26.2.23), then Newton's method. Infinite at 0 and 1.
#[must_use]
pub(crate) fn normal_quantile(p: f64) -> f64 {
    if p <= 0.0 {
        return f64::NEG_INFINITY;
    }
    if p >= 1.0 {
        return f64::INFINITY;
    }
    if p > 0.5 {
        return -normal_quantile(1.0 - p);
    }
    let t = (-2.0 * p.ln()).sqrt();
    let numerator = 2.515_517 + t * (0.802_853 + t * 0.010_328);
    let denominator = 1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308));
    let mut x = numerator / denominator - t;
    for _ in 0..4 {
        let density = (-x * x / 2.0 - HALF_LN_2PI).exp();
        x -= (normal_below(x) - p) / density;
    }
    x
}

/// Regularised upper incomplete gamma function: the series below `a + 1`, the continued fraction (Lentz)
/// above (Abramowitz and Stegun 6.5.29, 6.5.31).
#[must_use]
pub(crate) fn gamma_upper(a: f64, x: f64) -> f64 {
    if x.is_nan() || x <= 0.0 {
        return 1.0;
    }
    let front = (a * x.ln() - x - ln_gamma(a)).exp();
    if x < a + 1.0 {
        let (mut term, mut sum, mut n) = (1.0 / a, 1.0 / a, a);
        while term > sum * 1e-17 {
            n += 1.0;
            term *= x / n;
            sum += term;
        }
        return (1.0 - front * sum).max(0.0);
    }
    let tiny = 1e-300;
    let mut b = x + 1.0 - a;
    let mut c = 1.0 / tiny;
    let mut d = 1.0 / b;
    let mut h = d;
    for i in 1..10_000 {
        let i = f64::from(i);
        let an = -i * (i - a);
        b += 2.0;
        d = an * d + b;
        c = b + an / c;
        if d.abs() < tiny {
            d = tiny;
        }
        if c.abs() < tiny {
            c = tiny;
        }
        d = 1.0 / d;
        let step = d * c;
        h *= step;
        if (step - 1.0).abs() < 1e-15 {
            break;
        }
    }
    (front * h).min(1.0)
}

/// Probability that a Poisson variate of this mean is at most `k`.
#[must_use]
pub(crate) fn poisson_at_most(k: u64, mean: f64) -> f64 {
    gamma_upper(k as f64 + 1.0, mean)
}

/// The `p`-quantile of sorted numbers, between neighbours in proportion (type 7 of Hyndman and Fan 1996).
#[must_use]
pub(crate) fn quantile(sorted: &[f64], p: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let at = p.clamp(0.0, 1.0) * last as f64;
    let (low, high) = (
        sorted.get(at.floor() as usize)?,
        sorted.get(at.ceil() as usize)?,
    );
    Some(low + (high - low) * at.fract())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_close(got: f64, want: f64) {
        assert!(
            (got - want).abs() <= 1e-11 * want.abs().max(1.0),
            "{got} for {want}"
        );
    }

    #[test]
    fn values_of_the_tables() {
        check_close(ln_gamma(0.5), std::f64::consts::PI.sqrt().ln());
        check_close(ln_gamma(6.0), 120.0f64.ln());
        check_close(ln_gamma(0.03125), 3.4484891277979584);
        check_close(ln_gamma(171.0), 706.5730622457874);
        check_close(normal_below(1.959_963_984_540_054), 0.975);
        check_close(normal_below(-3.0), 0.001_349_898_031_630_094_6);
        for p in [1e-9, 0.025, 0.3, 0.5, 0.8, 0.999] {
            check_close(normal_below(normal_quantile(p)), p);
        }
        // e^-2 (1 + 2 + 2).
        check_close(poisson_at_most(2, 2.0), 5.0 * (-2.0f64).exp());
        check_close(poisson_at_most(0, 30.0), (-30.0f64).exp());
        assert_eq!(quantile(&[1.0, 2.0, 4.0], 0.75), Some(3.0));
        assert_eq!(quantile(&[], 0.5), None);
    }
}
