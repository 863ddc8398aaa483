//! What the condition of an `if` says of the quantities in its branches: with
//! `if(denials >= 1, 1 / denials, 0)` nothing is divided by 0.
//!
//! Only a comparison of a quantity with a constant says something, alone or joined
//! by `and`, `or` and `not`.

use super::formula::Formula;
use super::function::Function;
use super::interval::Interval;

/// A comparison of a quantity with a constant that holds in a branch.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Guard {
    /// The quantity.
    pub(crate) of: Formula,
    /// The comparison: one of `<`, `<=`, `>`, `>=` and `==`.
    pub(crate) comparison: Function,
    /// The constant.
    pub(crate) to: Formula,
}

/// What a condition says where it holds, or where it doesn't.
pub(crate) fn guards_of(condition: &Formula, holds: bool) -> Vec<Guard> {
    let Formula::Apply(function, arguments) = condition else { return Vec::new() };
    match (function, arguments.as_slice()) {
        (Function::Not, [of]) => guards_of(of, !holds),
        (Function::And, [a, b]) if holds => [guards_of(a, true), guards_of(b, true)].concat(),
        (Function::Or, [a, b]) if !holds => [guards_of(a, false), guards_of(b, false)].concat(),
        (comparison, [a, b]) => {
            let Some(comparison) = where_it_holds(*comparison, holds) else { return Vec::new() };
            if a.is_input() && b.is_constant() {
                vec![Guard { of: a.clone(), comparison, to: b.clone() }]
            } else if b.is_input() && a.is_constant() {
                vec![Guard { of: b.clone(), comparison: seen_from_the_right(comparison), to: a.clone() }]
            } else {
                Vec::new()
            }
        }
        _ => Vec::new(),
    }
}

/// The comparison that holds where one does, or doesn't.
fn where_it_holds(comparison: Function, holds: bool) -> Option<Function> {
    Some(match (comparison, holds) {
        (Function::Less, true) | (Function::AtLeast, false) => Function::Less,
        (Function::AtMost, true) | (Function::More, false) => Function::AtMost,
        (Function::More, true) | (Function::AtMost, false) => Function::More,
        (Function::AtLeast, true) | (Function::Less, false) => Function::AtLeast,
        (Function::Same, true) | (Function::Different, false) => Function::Same,
        _ => return None,
    })
}

/// The comparison of b with a that says what one of a with b says.
fn seen_from_the_right(comparison: Function) -> Function {
    match comparison {
        Function::Less => Function::More,
        Function::AtMost => Function::AtLeast,
        Function::More => Function::Less,
        Function::AtLeast => Function::AtMost,
        same => same,
    }
}

/// Where a quantity lies that compares so with a constant in an interval.
pub(crate) fn narrowed(of: Interval, comparison: Function, to: Interval) -> Interval {
    let (mut low, mut high) = (f64::NEG_INFINITY, f64::INFINITY);
    match comparison {
        Function::Less => high = to.high.next_down(),
        Function::AtMost => high = to.high,
        Function::More => low = to.low.next_up(),
        Function::AtLeast => low = to.low,
        Function::Same => (low, high) = (to.low, to.high),
        _ => {}
    }
    if low > of.high || high < of.low {
        // Nobody gets into a branch whose condition can't hold; what was checked of it holds here.
        return Interval::of(if low > of.high { low } else { high });
    }
    Interval { low: if low > of.low { low } else { of.low }, high: if high < of.high { high } else { of.high } }
}

#[cfg(test)]
mod tests {
    use super::{Formula, Function, Interval, guards_of, narrowed};

    fn compare(function: Function, a: Formula, b: Formula) -> Formula {
        Formula::Apply(function, vec![a, b])
    }

    #[test]
    fn conditions_say_where_quantities_lie() {
        let whole = Interval { low: 0.0, high: 10.0 };
        let lies = |condition: &Formula, holds| {
            let narrow = |interval, guard: &super::Guard| match guard.to {
                Formula::Number(to) => narrowed(interval, guard.comparison, Interval::of(to)),
                _ => interval,
            };
            let found = guards_of(condition, holds).iter().fold(whole, narrow);
            (found.low, found.high)
        };
        let (x, three) = (Formula::Quantity(0), Formula::Number(3.0));
        let (below, above) = (3.0_f64.next_down(), 3.0_f64.next_up());
        for (function, yes, no) in [
            (Function::Less, (0.0, below), (3.0, 10.0)),
            (Function::AtMost, (0.0, 3.0), (above, 10.0)),
            (Function::More, (above, 10.0), (0.0, 3.0)),
            (Function::AtLeast, (3.0, 10.0), (0.0, below)),
            (Function::Same, (3.0, 3.0), (0.0, 10.0)),
            (Function::Different, (0.0, 10.0), (3.0, 3.0)),
        ] {
            let condition = compare(function, x.clone(), three.clone());
            assert_eq!((lies(&condition, true), lies(&condition, false)), (yes, no), "{function:?}");
            let not = Formula::Apply(Function::Not, vec![condition.clone()]);
            assert_eq!((lies(&not, false), lies(&not, true)), (yes, no), "{function:?}");
        }
        // 3 < x is x > 3.
        assert_eq!(lies(&compare(Function::Less, three.clone(), x.clone()), true), (above, 10.0));
        let low = compare(Function::AtLeast, x.clone(), Formula::Number(1.0));
        let high = compare(Function::AtMost, x.clone(), three.clone());
        let both = compare(Function::And, low.clone(), high.clone());
        assert_eq!((lies(&both, true), lies(&both, false)), ((1.0, 3.0), (0.0, 10.0)));
        let either = compare(Function::Or, low, high);
        assert_eq!(lies(&either, true), (0.0, 10.0));
        // Nobody is there.
        assert_eq!(lies(&compare(Function::AtLeast, x, Formula::Number(20.0)), true), (20.0, 20.0));
    }
}
