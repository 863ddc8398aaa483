//! Intervals: between which ends a quantity lies.

/// All numbers from `low` to `high`, both included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Interval {
    /// The lower end.
    pub(crate) low: f64,
    /// The upper end.
    pub(crate) high: f64,
}

/// Room for rounding in a derived end: functions of an interval's ends are rounded
/// as those of values are, in either direction.
const ROUNDING: f64 = 1e-12;

impl Interval {
    /// The upper end with room for rounding above it.
    pub(crate) fn ceiling(self) -> f64 {
        self.high + ROUNDING * (1.0 + self.high.abs())
    }

    /// The lower end with room for rounding below it.
    pub(crate) fn floor(self) -> f64 {
        self.low - ROUNDING * (1.0 + self.low.abs())
    }

    /// What is neither true nor false yet.
    pub(crate) const EITHER: Self = Self { low: 0.0, high: 1.0 };

    /// Every number.
    pub(crate) const EVERYWHERE: Self = Self { low: f64::NEG_INFINITY, high: f64::INFINITY };
    /// No number, to which others are added.
    pub(crate) const NOWHERE: Self = Self { low: f64::INFINITY, high: f64::NEG_INFINITY };

    /// The same, if both ends are finite.
    pub(crate) fn finite(self) -> Option<Self> {
        self.is_finite().then_some(self)
    }

    /// Whether it holds one number.
    pub(crate) fn is_one(self) -> bool {
        self.low.total_cmp(&self.high).is_eq()
    }

    /// The least interval that holds it and one more number.
    pub(crate) fn and_of(self, value: f64) -> Self {
        if value.is_nan() {
            return Self::EVERYWHERE;
        }
        Self {
            low: if value < self.low { value } else { self.low },
            high: if value > self.high { value } else { self.high },
        }
    }

    /// One number.
    pub(crate) fn of(value: f64) -> Self {
        Self { low: value, high: value }
    }

    pub(crate) fn truth(is_surely: bool, is_surely_not: bool) -> Self {
        match (is_surely, is_surely_not) {
            (true, _) => Self::of(1.0),
            (_, true) => Self::of(0.0),
            _ => Self::EITHER,
        }
    }

    /// The least interval that holds some numbers.
    pub(crate) fn around(values: &[f64]) -> Self {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for &value in values {
            // Comparisons with no number are false, and no number is nowhere between ends.
            if value.is_nan() {
                return Self { low: f64::NEG_INFINITY, high: f64::INFINITY };
            }
            low = if value < low { value } else { low };
            high = if value > high { value } else { high };
        }
        Self { low, high }
    }

    /// The least interval that holds two.
    pub(crate) fn hull(self, other: Self) -> Self {
        self.and_of(other.low).and_of(other.high)
    }

    pub(crate) fn holds(self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }

    pub(crate) fn is_finite(self) -> bool {
        self.low.is_finite() && self.high.is_finite()
    }
}
