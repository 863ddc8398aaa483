//! What expressions are made of besides numbers and names: operators and
//! functions, each with its value, its interval, and what it asks of its
//! arguments.

use super::interval::Interval;
use crate::maths::{daily_probability, exp, half_life_factor, ln, logistic, sqrt};

/// Declares the functions: how each is written, how many arguments it takes
/// and what it means.
macro_rules! functions {
    ($($variant:ident = $word:literal, $low:literal..=$high:literal, $usage:literal, $meaning:literal;)*) => {
        /// An operator or function.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Function {
            $(#[doc = $meaning] $variant,)*
        }

        impl Function {
            /// Every operator and function.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// How it is written.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// How it is used, such as `min(a, b, ...)`.
            pub fn usage(self) -> &'static str {
                match self { $(Self::$variant => $usage,)* }
            }

            /// What it means.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)* }
            }

            /// The numbers of arguments that it takes.
            pub fn arguments(self) -> core::ops::RangeInclusive<usize> {
                match self { $(Self::$variant => $low..=$high,)* }
            }
        }
    };
}

functions! {
    Or = "or", 2..=2, "a or b", "Whether one of two holds.";
    And = "and", 2..=2, "a and b", "Whether both hold.";
    Not = "not", 1..=1, "not a", "Whether it doesn't hold.";
    Less = "<", 2..=2, "a < b", "Whether a is less.";
    AtMost = "<=", 2..=2, "a <= b", "Whether a is at most b.";
    More = ">", 2..=2, "a > b", "Whether a is more.";
    AtLeast = ">=", 2..=2, "a >= b", "Whether a is at least b.";
    Same = "==", 2..=2, "a == b", "Whether both are the same.";
    Different = "!=", 2..=2, "a != b", "Whether they differ.";
    Add = "+", 2..=2, "a + b", "Their sum.";
    Subtract = "-", 2..=2, "a - b", "Their difference.";
    Multiply = "*", 2..=2, "a * b", "Their product.";
    Divide = "/", 2..=2, "a / b", "Their quotient; b must not be able to be 0.";
    Negate = "negative", 1..=1, "-a", "The opposite number.";
    Min = "min", 2..=8, "min(a, b, ...)", "The least of 2 to 8.";
    Max = "max", 2..=8, "max(a, b, ...)", "The largest of 2 to 8.";
    Clamp = "clamp", 3..=3, "clamp(a, low, high)", "a, but no less than low and no more than high.";
    Exp = "exp", 1..=1, "exp(a)", "The exponential function.";
    Ln = "ln", 1..=1, "ln(a)", "The natural logarithm; a must be above 0 whatever its inputs.";
    Sqrt = "sqrt", 1..=1, "sqrt(a)", "The square root; a must not be able to be below 0.";
    Logistic = "logistic", 1..=1, "logistic(a)", "1 / (1 + exp(-a)).";
    Fade = "fade", 2..=2, "fade(days, half_life)", "What is left of 1 after some days: 1/2 after the half-life.";
    Chance = "chance", 1..=1, "chance(rate)", "Chance within a day of what has a hazard of so much a month: 1 - exp(-rate / 30); the rate must not be able to be below 0.";
    If = "if", 3..=3, "if(condition, a, b)", "a where the condition holds, and b elsewhere.";
}

/// The most arguments that any takes.
pub(super) const MOST_ARGUMENTS: usize = 8;
/// The largest number of which [`exp`] is taken.
const MOST_EXPONENT: f64 = 700.0;

fn truth(is_true: bool) -> f64 {
    if is_true { 1.0 } else { 0.0 }
}

/// The lesser of two; unlike that of `f64`, the same for 0 and -0 on every platform.
fn lesser(a: f64, b: f64) -> f64 {
    if b < a { b } else { a }
}

fn larger(a: f64, b: f64) -> f64 {
    if b > a { b } else { a }
}

fn is_same(a: f64, b: f64) -> bool {
    a.partial_cmp(&b) == Some(core::cmp::Ordering::Equal)
}

fn fold(arguments: &[f64], choose: fn(f64, f64) -> f64) -> f64 {
    arguments[1..].iter().fold(arguments[0], |found, &value| choose(found, value))
}

impl Function {
    /// The function of a name such as `min`.
    pub(crate) fn named(word: &str) -> Option<Self> {
        Self::names().find(|function| function.word() == word)
    }

    /// The functions that are called by name.
    pub(crate) fn names() -> impl Iterator<Item = Self> {
        let first = Self::ALL.iter().position(|&function| function == Self::Min).unwrap_or(0);
        Self::ALL[first..].iter().copied()
    }

    /// Whether its value holds or doesn't.
    pub(crate) fn is_truth(self) -> bool {
        matches!(
            self,
            Self::Or
                | Self::And
                | Self::Not
                | Self::Less
                | Self::AtMost
                | Self::More
                | Self::AtLeast
                | Self::Same
                | Self::Different
        )
    }

    /// Its value; the number of arguments has been checked.
    pub(crate) fn value(self, arguments: &[f64]) -> f64 {
        match (self, arguments) {
            (Self::Or, [a, b]) => truth(*a != 0.0 || *b != 0.0),
            (Self::And, [a, b]) => truth(*a != 0.0 && *b != 0.0),
            (Self::Not, [a]) => truth(*a == 0.0),
            (Self::Less, [a, b]) => truth(a < b),
            (Self::AtMost, [a, b]) => truth(a <= b),
            (Self::More, [a, b]) => truth(a > b),
            (Self::AtLeast, [a, b]) => truth(a >= b),
            (Self::Same, [a, b]) => truth(is_same(*a, *b)),
            (Self::Different, [a, b]) => truth(!is_same(*a, *b)),
            (Self::Add, [a, b]) => a + b,
            (Self::Subtract, [a, b]) => a - b,
            (Self::Multiply, [a, b]) => a * b,
            (Self::Divide, [a, b]) => a / b,
            (Self::Negate, [a]) => -a,
            (Self::Min, all) => fold(all, lesser),
            (Self::Max, all) => fold(all, larger),
            (Self::Clamp, [a, low, high]) => lesser(larger(*a, *low), *high),
            (Self::Exp, [a]) => exp(*a),
            (Self::Ln, [a]) => ln(*a),
            (Self::Sqrt, [a]) => sqrt(*a),
            (Self::Logistic, [a]) => logistic(*a),
            (Self::Fade, [days, half_life]) => half_life_factor(*days, *half_life),
            (Self::Chance, [rate]) => daily_probability(*rate),
            (Self::If, [condition, a, b]) => {
                if *condition == 0.0 {
                    *b
                } else {
                    *a
                }
            }
            _ => f64::NAN,
        }
    }

    /// Where its value lies for arguments in intervals, or what is wrong with
    /// these.
    pub(crate) fn interval(self, arguments: &[Interval]) -> Result<Interval, &'static str> {
        let found = match (self, arguments) {
            (Self::Or, [a, b]) => Interval::truth(a.low != 0.0 || b.low != 0.0, a.high == 0.0 && b.high == 0.0),
            (Self::And, [a, b]) => Interval::truth(a.low != 0.0 && b.low != 0.0, a.high == 0.0 || b.high == 0.0),
            (Self::Not, [a]) => Interval::truth(a.high == 0.0, a.low != 0.0),
            (Self::Less, [a, b]) => Interval::truth(a.high < b.low, a.low >= b.high),
            (Self::AtMost, [a, b]) => Interval::truth(a.high <= b.low, a.low > b.high),
            (Self::More, [a, b]) => Interval::truth(a.low > b.high, a.high <= b.low),
            (Self::AtLeast, [a, b]) => Interval::truth(a.low >= b.high, a.high < b.low),
            // Neither is above the other anywhere: both are one number, the same.
            (Self::Same, [a, b]) => {
                Interval::truth(a.low >= b.high && b.low >= a.high, a.high < b.low || a.low > b.high)
            }
            (Self::Different, [a, b]) => {
                Interval::truth(a.high < b.low || a.low > b.high, a.low >= b.high && b.low >= a.high)
            }
            (Self::Add, [a, b]) => Interval { low: a.low + b.low, high: a.high + b.high },
            (Self::Subtract, [a, b]) => Interval { low: a.low - b.high, high: a.high - b.low },
            (Self::Negate, [a]) => Interval { low: -a.high, high: -a.low },
            (Self::Multiply, [a, b]) => corners(*a, *b, |a, b| a * b),
            (Self::Divide, [a, b]) if !b.holds(0.0) => corners(*a, *b, |a, b| a / b),
            (Self::Divide, _) => return Err("divides by what can be 0"),
            (Self::Exp, [a]) if a.high > MOST_EXPONENT => return Err("takes the exponential of what can be above 700"),
            (Self::Ln, [a]) if a.low <= 0.0 => return Err("takes the logarithm of what can be 0 or less"),
            (Self::Sqrt, [a]) if a.low < 0.0 => return Err("takes the root of what can be below 0"),
            (Self::Chance, [rate]) if rate.low < 0.0 => return Err("takes the chance of a rate that can be below 0"),
            (Self::Fade, [days, half_life]) if days.low < 0.0 || half_life.low < 0.0 => {
                return Err("fades over days or with a half-life that can be below 0");
            }
            (Self::Fade, [days, half_life]) => Interval {
                low: half_life_factor(days.high, half_life.low),
                high: half_life_factor(days.low, half_life.high),
            },
            (Self::If, [condition, a, b]) => match (condition.low != 0.0, condition.high != 0.0) {
                (true, _) => *a,
                (_, false) => *b,
                _ => a.hull(*b),
            },
            // All others rise with each of their arguments.
            (_, all) => {
                let ends = |end: fn(&Interval) -> f64| {
                    let mut ends = [0.0; MOST_ARGUMENTS];
                    for (found, argument) in ends.iter_mut().zip(all) {
                        *found = end(argument);
                    }
                    self.value(&ends[..all.len().min(MOST_ARGUMENTS)])
                };
                Interval { low: ends(|argument| argument.low), high: ends(|argument| argument.high) }
            }
        };
        if found.is_finite() { Ok(found) } else { Err("can be infinite") }
    }
}

/// Where the values of a function of two arguments lie that bends in neither.
fn corners(a: Interval, b: Interval, of: fn(f64, f64) -> f64) -> Interval {
    Interval::around(&[of(a.low, b.low), of(a.low, b.high), of(a.high, b.low), of(a.high, b.high)])
}
