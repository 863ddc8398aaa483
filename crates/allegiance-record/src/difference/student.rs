//! Student's t distribution at whole degrees of freedom.
//!
//! Written out here because this crate is part of the browser's module, which
//! carries no library of statistics; a test holds it against published values.

use std::f64::consts::{FRAC_2_PI, FRAC_PI_2};

/// The 97.5% quantile of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;
/// From so many degrees of freedom on, the expansion in their inverse is exact to
/// nine digits.
const MANY: f64 = 200.0;

/// The probability that `|T|` is at least `|t|`, for `freedom` whole degrees.
///
/// # Source
/// Abramowitz & Stegun (1964), Handbook of mathematical functions, 26.7.3 and
/// 26.7.4: finite series in the cosine of `atan(t / sqrt(freedom))`.
pub(super) fn two_sided(t: f64, freedom: f64) -> f64 {
    let angle = (t.abs() / freedom.sqrt()).atan();
    let (sine, cosine) = (angle.sin(), angle.cos());
    let whole = freedom.round() as u64;
    let is_odd = whole % 2 == 1;
    // Each term is the one before, times cosine squared and a ratio of whole numbers.
    let mut term = if is_odd { cosine } else { 1.0 };
    let mut sum = if whole == 1 { 0.0 } else { term };
    let mut at = if is_odd { 3 } else { 2 };
    while at < whole && term > 1e-18 {
        term *= cosine * cosine * (at - 1) as f64 / at as f64;
        sum += term;
        at += 2;
    }
    let within = if is_odd { FRAC_2_PI * (angle + sine * sum) } else { sine * sum };
    (1.0 - within).clamp(0.0, 1.0)
}

/// The 97.5% quantile for `freedom` degrees, of which there are one or more.
///
/// # Source
/// Abramowitz & Stegun (1964), 26.7.5, for many degrees.
pub(super) fn quantile_975(freedom: f64) -> f64 {
    if freedom >= MANY {
        let (z3, z5, z7) = (Z.powi(3), Z.powi(5), Z.powi(7));
        let terms = [
            (z3 + Z) / 4.0,
            (5.0 * z5 + 16.0 * z3 + 3.0 * Z) / 96.0,
            (3.0 * z7 + 19.0 * z5 + 17.0 * z3 - 15.0 * Z) / 384.0,
        ];
        return Z + (terms[0] + (terms[1] + terms[2] / freedom) / freedom) / freedom;
    }
    quantile(0.05, freedom)
}

/// What `|T|` exceeds with probability `alpha`, for `freedom` whole degrees.
pub(super) fn quantile(alpha: f64, freedom: f64) -> f64 {
    // In the angle, so that one degree, with its quantile of 12.7, needs no more.
    let (mut low, mut high) = (0.0, FRAC_PI_2);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if two_sided(middle.tan() * freedom.sqrt(), freedom) > alpha {
            low = middle;
        } else {
            high = middle;
        }
    }
    low.tan() * freedom.sqrt()
}

#[cfg(test)]
mod tests {
    use super::{MANY, quantile, quantile_975, two_sided};

    #[test]
    fn quantiles_equal_those_of_r() {
        // R: qt(.975, c(1, 2, 3, 4, 9, 19, 99, 199, 200, 1000, 1e6))
        for (freedom, expected) in [
            (1.0, 12.706_204_7),
            (2.0, 4.302_652_7),
            (3.0, 3.182_446_3),
            (4.0, 2.776_445_1),
            (9.0, 2.262_157_2),
            (19.0, 2.093_024_1),
            (99.0, 1.984_217_0),
            (199.0, 1.971_956_5),
            (200.0, 1.971_896_2),
            (1_000.0, 1.962_339_1),
            (1e6, 1.959_966_4),
        ] {
            let found = quantile_975(freedom);
            assert!((found - expected).abs() < 2e-7, "{freedom} degrees: {found} instead of {expected}");
        }
        assert!((quantile_975(MANY) - quantile_975(MANY - 1e-9)).abs() < 1e-6, "the two ways meet");
        // R: qt(1 - c(.01, .0025, .0001) / 2, c(9, 39, 399))
        for (alpha, freedom, expected) in
            [(0.01, 9.0, 3.249_836), (0.0025, 39.0, 3.232_162), (0.0001, 399.0, 3.930_285)]
        {
            let found = quantile(alpha, freedom);
            assert!((found - expected).abs() < 2e-5, "{alpha}, {freedom} degrees: {found} instead of {expected}");
        }
    }

    #[test]
    fn probabilities_equal_those_of_r() {
        // R: 2 * pt(-t, df)
        for (t, freedom, expected) in [
            (0.0, 7.0, 1.0),
            (1.0, 1.0, 0.5),
            (2.0, 10.0, 0.073_388_0),
            (-2.0, 10.0, 0.073_388_0),
            (2.0, 9.0, 0.076_551_5),
            (3.0, 2.0, 0.095_466_0),
            (1.96, 100_000.0, 0.049_997),
            (40.0, 60.0, 0.0),
        ] {
            let found = two_sided(t, freedom);
            assert!((found - expected).abs() < 3e-6, "{t} with {freedom} degrees: {found} instead of {expected}");
        }
        for freedom in [1.0, 2.0, 5.0, 30.0, 500.0] {
            assert!((two_sided(quantile_975(freedom), freedom) - 0.05).abs() < 1e-9, "{freedom} degrees");
        }
    }
}
