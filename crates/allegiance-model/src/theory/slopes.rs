//! How fast a program can rise and fall with each of its inputs, over intervals, and the
//! narrower interval of its value that follows.
//!
//! The interval of each part by itself doesn't see that two parts move together: over
//! 0 to 1, `x / (x + 1)` seems to lie between 0 and 1. Where the program only rises with
//! an input, it's most where the input is; where it may do either, it's as far from its
//! value in the middle as its slope allows.
//!
//! # Form
//! ```text
//! f(X) within f(c) + sum over i of (df/dx_i)(X) (X_i - c_i)          the mean value theorem
//! ```

use super::function::Function;
use super::interval::Interval;
use super::program::{Program, Step};
use crate::maths::{DAYS_PER_MONTH, exp, logistic};

/// Room for rounding in a slope, relative to what it's the sum of.
const ROUNDING: f64 = 1e-13;
/// Room for rounding in an interval that follows from slopes.
const ROOM: f64 = 1e-10;

const ONE: Interval = Interval { low: 1.0, high: 1.0 };
const NONE: Interval = Interval { low: 0.0, high: 0.0 };

impl Program {
    /// An interval of its value within the natural one, by the intervals of its steps.
    pub(super) fn narrower(&self, inputs: &[Interval], steps: &[Interval], natural: Interval) -> Interval {
        let slopes = self.slopes(inputs.len(), steps);
        let high = self.most(inputs, &slopes);
        let falls: Vec<Interval> = slopes.iter().map(|slope| slope.negative()).collect();
        let low = self.least(inputs, &falls);
        let high = high.map_or(natural.high, |high| if high < natural.high { high } else { natural.high });
        let low = low.map_or(natural.low, |low| if low > natural.low { low } else { natural.low });
        if low <= high { Interval { low, high } } else { natural }
    }

    fn most(&self, inputs: &[Interval], slopes: &[Interval]) -> Option<f64> {
        let (corner, centre, spread) = points(inputs, slopes);
        let end = |at: &[Interval]| Some(self.intervals_at(at)?.last()?.high);
        let at_corner = end(&corner);
        let by_slope = end(&centre).map(|high| high + spread).filter(|high| high.is_finite());
        let found = match (at_corner, by_slope) {
            (Some(a), Some(b)) => Some(if b < a { b } else { a }),
            (a, b) => a.or(b),
        };
        found.map(|high| high + ROOM * (1.0 + high.abs()))
    }

    fn least(&self, inputs: &[Interval], falls: &[Interval]) -> Option<f64> {
        let (corner, centre, spread) = points(inputs, falls);
        let end = |at: &[Interval]| Some(self.intervals_at(at)?.last()?.low);
        let at_corner = end(&corner);
        let by_slope = end(&centre).map(|low| low - spread).filter(|low| low.is_finite());
        let found = match (at_corner, by_slope) {
            (Some(a), Some(b)) => Some(if b > a { b } else { a }),
            (a, b) => a.or(b),
        };
        found.map(|low| low - ROOM * (1.0 + low.abs()))
    }

    /// The slopes by input: those of the last step by each step, from the last to the first.
    fn slopes(&self, n_inputs: usize, found: &[Interval]) -> Vec<Interval> {
        let mut by_step = vec![NONE; found.len()];
        let mut by_input = vec![NONE; n_inputs];
        if let Some(last) = by_step.last_mut() {
            *last = ONE;
        }
        for (at, step) in self.steps().iter().enumerate().rev() {
            let own = by_step[at];
            if own == NONE {
                continue;
            }
            match step {
                Step::Number(_) => {}
                Step::Input(input) => by_input[*input] = by_input[*input].plus(own),
                Step::Narrowed(of, ..) => by_step[*of] = by_step[*of].plus(own),
                Step::Apply(function, places) => {
                    let slopes = places.give(found, |arguments| of_function(*function, arguments, found[at]));
                    for (part, slope) in places.iter().zip(slopes) {
                        by_step[part] = by_step[part].plus(own.times(slope));
                    }
                }
                Step::Table(table, both) => {
                    let table = &self.tables()[*table];
                    for (place, slope) in table.slopes(both.map(|place| found[place])).into_iter().enumerate() {
                        let part = both[place];
                        by_step[part] = by_step[part].plus(own.times(slope));
                    }
                }
            }
        }
        by_input
    }
}

/// Where the most is looked for: with the inputs that it only rises or falls with at
/// their ends; the same with the others in their middles, and how far it can be from there.
fn points(inputs: &[Interval], slopes: &[Interval]) -> (Vec<Interval>, Vec<Interval>, f64) {
    let (mut corner, mut centre, mut spread) = (inputs.to_vec(), inputs.to_vec(), 0.0);
    for (at, (&input, slope)) in inputs.iter().zip(slopes).enumerate() {
        if input.is_one() {
            continue;
        }
        let end = match (slope.low >= 0.0, slope.high <= 0.0) {
            (true, _) => input.high,
            (_, true) => input.low,
            _ if slope.is_finite() => {
                let middle = Interval::of(0.5 * input.low + 0.5 * input.high);
                spread += slope.times(input.plus(middle.negative())).high;
                centre[at] = middle;
                continue;
            }
            _ => continue,
        };
        (corner[at], centre[at]) = (Interval::of(end), Interval::of(end));
    }
    (corner, centre, spread)
}

impl Interval {
    pub(super) fn negative(self) -> Self {
        Self { low: -self.high, high: -self.low }
    }

    /// A sum, with room for what its parts were rounded by.
    fn plus(self, other: Self) -> Self {
        let room = |a: f64, b: f64| if a == 0.0 || b == 0.0 { 0.0 } else { ROUNDING * (a.abs() + b.abs()) };
        let low = self.low + other.low - room(self.low, other.low);
        let high = self.high + other.high + room(self.high, other.high);
        if low.is_nan() || high.is_nan() { Self::EVERYWHERE } else { Self { low, high } }
    }

    fn over(self, other: Self) -> Self {
        if other.holds(0.0) {
            return Self::EVERYWHERE;
        }
        Self::around(&[self.low / other.low, self.low / other.high, self.high / other.low, self.high / other.high])
    }

    fn times(self, other: Self) -> Self {
        if self == NONE || other == NONE {
            return NONE;
        }
        Self::around(&[self.low * other.low, self.low * other.high, self.high * other.low, self.high * other.high])
    }
}

/// Anything between not moving with an argument and moving as it does.
const PARTLY: Interval = Interval { low: 0.0, high: 1.0 };

/// How fast a function rises with each of its arguments; the comparisons jump.
fn of_function(function: Function, arguments: &[Interval], value: Interval) -> Vec<Interval> {
    let jump = |is_decided: bool| vec![if is_decided { NONE } else { Interval::EVERYWHERE }; arguments.len()];
    match (function, arguments) {
        (Function::Add, _) => vec![ONE, ONE],
        (Function::Subtract, _) => vec![ONE, ONE.negative()],
        (Function::Negate, _) => vec![ONE.negative()],
        (Function::Multiply, [a, b]) => vec![*b, *a],
        (Function::Divide, [_, b]) => {
            let inverse = ONE.over(*b);
            vec![inverse, value.times(inverse).negative()]
        }
        (Function::Min, all) => of_choice(all, |one, other| one.high < other.low),
        (Function::Max, all) => of_choice(all, |one, other| one.low > other.high),
        (Function::Clamp, [a, low, high]) => {
            if low.high <= a.low && a.high <= high.low {
                vec![ONE, NONE, NONE]
            } else if a.high <= low.low && low.high <= high.low {
                vec![NONE, ONE, NONE]
            } else if a.low >= high.high {
                vec![NONE, NONE, ONE]
            } else {
                vec![PARTLY; 3]
            }
        }
        (Function::Exp, [a]) => vec![Interval { low: exp(a.low), high: exp(a.high) }],
        (Function::Ln, [a]) => vec![ONE.over(*a)],
        (Function::Sqrt, _) => vec![Interval { low: 0.5, high: 0.5 }.over(value)],
        (Function::Logistic, [a]) => {
            let at = |x: f64| logistic(x) * logistic(-x);
            let ends = [at(a.low), at(a.high)];
            let most = if a.holds(0.0) { 0.25 } else { ends[0].max(ends[1]) };
            vec![Interval { low: ends[0].min(ends[1]), high: most }]
        }
        (Function::Fade, [days, half_life]) => {
            let rate = Interval::of(core::f64::consts::LN_2).over(*half_life).times(value);
            vec![rate.negative(), rate.times(*days).times(ONE.over(*half_life))]
        }
        (Function::Chance, [rate]) => {
            let at = |rate: f64| exp(-rate / DAYS_PER_MONTH) / DAYS_PER_MONTH;
            vec![Interval { low: at(rate.high), high: at(rate.low) }]
        }
        (Function::If, [condition, ..]) => match (condition.low != 0.0, condition.high != 0.0) {
            (true, _) => vec![NONE, ONE, NONE],
            (_, false) => vec![NONE, NONE, ONE],
            _ => vec![Interval::EVERYWHERE, PARTLY, PARTLY],
        },
        // Comparisons, and what is made of them.
        _ => jump(value.is_one()),
    }
}

/// That of one chosen among many: `beats` says that the first is chosen over the second
/// wherever they lie.
fn of_choice(all: &[Interval], beats: fn(Interval, Interval) -> bool) -> Vec<Interval> {
    let others = |at: usize| all.iter().enumerate().filter(move |(other, _)| *other != at).map(|(_, other)| *other);
    let slope = |(at, &one): (usize, &Interval)| {
        if others(at).all(|other| beats(one, other)) {
            ONE
        } else if others(at).any(|other| beats(other, one)) {
            NONE
        } else {
            PARTLY
        }
    };
    all.iter().enumerate().map(slope).collect()
}
