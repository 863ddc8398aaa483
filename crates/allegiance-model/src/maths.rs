//! The engine's mathematics: the pure-Rust `libm`, so that the same release
//! gives the same bits on every platform, WebAssembly included.

/// The exponential function.
#[inline]
pub fn exp(x: f64) -> f64 {
    libm::exp(x)
}

/// The natural logarithm.
#[inline]
pub fn ln(x: f64) -> f64 {
    libm::log(x)
}

/// A power with a positive base.
#[inline]
pub fn powf(base: f64, exponent: f64) -> f64 {
    libm::pow(base, exponent)
}

/// The square root, which IEEE 754 fixes to the last bit.
#[inline]
pub fn sqrt(x: f64) -> f64 {
    x.sqrt()
}

/// The cosine.
#[inline]
pub fn cos(x: f64) -> f64 {
    libm::cos(x)
}

/// The logistic function `1 / (1 + e^-x)`.
#[inline]
pub fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + exp(-x))
}

/// The log-odds of a probability in (0, 1).
#[inline]
pub fn logit(p: f64) -> f64 {
    ln(p / (1.0 - p))
}

/// The factor that remains of a quantity with a half-life after some days;
/// with a half-life of 0, nothing of what isn't of today.
#[inline]
pub fn half_life_factor(days: f64, half_life_days: f64) -> f64 {
    if half_life_days <= 0.0 {
        return if days > 0.0 { 0.0 } else { 1.0 };
    }
    exp(-core::f64::consts::LN_2 * days / half_life_days)
}

/// Days in the month that monthly hazards refer to.
pub const DAYS_PER_MONTH: f64 = 30.0;

/// Days in a week, the time from one look at what is looked at weekly to the next.
pub const DAYS_PER_WEEK: u32 = 7;

/// The probability that something of a monthly hazard happens within a week.
pub fn weekly_probability(hazard_per_month: f64) -> f64 {
    daily_probability(hazard_per_month * f64::from(DAYS_PER_WEEK))
}

/// The probability that something of a monthly hazard happens within a day:
/// `1 - exp(-h / 30)`.
#[inline]
pub fn daily_probability(hazard_per_month: f64) -> f64 {
    -libm::expm1(-hazard_per_month / DAYS_PER_MONTH)
}

/// How many degrees of longitude a point lies east of another, by the shorter way
/// around the Earth: from -180 to 180.
pub fn degrees_east(longitude_deg: f64, from_deg: f64) -> f64 {
    near_longitude(longitude_deg, from_deg) - from_deg
}

/// A longitude as that of points near another is written: beyond 180 or -180 where
/// the 180th meridian lies between the two.
pub fn near_longitude(longitude_deg: f64, of_deg: f64) -> f64 {
    let turn = longitude_deg - of_deg;
    if turn > 180.0 {
        longitude_deg - 360.0
    } else if turn < -180.0 {
        longitude_deg + 360.0
    } else {
        longitude_deg
    }
}

#[cfg(test)]
mod tests {
    use super::{daily_probability, exp, half_life_factor, logistic, logit};

    #[test]
    fn a_month_of_days_survives_like_the_monthly_hazard() {
        for hazard in [0.002, 0.5, 4.0] {
            let survival = (0..30).fold(1.0, |s, _| s * (1.0 - daily_probability(hazard)));
            assert!((survival - exp(-hazard)).abs() < 1e-12);
        }
    }

    #[test]
    fn logit_inverts_logistic_and_half_lives_halve() {
        assert!((logit(logistic(1.3)) - 1.3).abs() < 1e-12);
        assert!((half_life_factor(30.0, 30.0) - 0.5).abs() < 1e-15);
        assert!((half_life_factor(0.0, 0.0) - 1.0).abs() < 1e-15 && half_life_factor(1.0, 0.0) < 1e-15);
    }
}
