//! What a block adds as a sum: the summands that are the same for everybody in a unit are
//! looked at once a day with what is known then, and only the others with their ranges.

use super::formula::Formula;
use super::function::Function;
use super::program::Program;
use super::quantities::QUANTITIES;

/// A formula as a sum of two: what follows from numbers and what is the same for everybody
/// in a unit, where there is any, and the rest.
pub(super) fn split(formula: &Formula, parameter: &dyn Fn(&Formula) -> f64) -> (Option<Formula>, Formula) {
    let mut summands = Vec::new();
    collect(formula, 1.0, parameter, &mut summands);
    let (shared, rest): (Vec<_>, Vec<_>) = summands.into_iter().partition(|(_, part)| is_of_unit(part));
    if shared.iter().all(|(_, part)| part.is_constant()) {
        return (None, formula.clone());
    }
    (Some(sum(shared)), sum(rest))
}

fn collect(formula: &Formula, factor: f64, parameter: &dyn Fn(&Formula) -> f64, found: &mut Vec<(f64, Formula)>) {
    let constant = |part: &Formula| Program::of(part, parameter).value(|_| f64::NAN);
    if let Formula::Apply(function, arguments) = formula {
        match (function, arguments.as_slice()) {
            (Function::Add, [a, b]) => {
                collect(a, factor, parameter, found);
                collect(b, factor, parameter, found);
                return;
            }
            (Function::Subtract, [a, b]) => {
                collect(a, factor, parameter, found);
                collect(b, -factor, parameter, found);
                return;
            }
            (Function::Negate, [a]) => return collect(a, -factor, parameter, found),
            (Function::Multiply, [a, b]) if a.is_constant() => {
                return collect(b, factor * constant(a), parameter, found);
            }
            (Function::Multiply, [a, b]) if b.is_constant() => {
                return collect(a, factor * constant(b), parameter, found);
            }
            (Function::Divide, [a, b]) if b.is_constant() => {
                return collect(a, factor / constant(b), parameter, found);
            }
            _ => {}
        }
    }
    found.push((factor, formula.clone()));
}

fn is_of_unit(formula: &Formula) -> bool {
    match formula {
        Formula::Number(_) | Formula::Own(_) | Formula::Engine(_) => true,
        Formula::Quantity(at) => QUANTITIES[*at].is_of_unit(),
        Formula::Block(_) | Formula::State(_) | Formula::Given(_) => false,
        Formula::Apply(_, arguments) => arguments.iter().all(is_of_unit),
    }
}

fn sum(summands: Vec<(f64, Formula)>) -> Formula {
    let times =
        |(factor, part): (f64, Formula)| Formula::Apply(Function::Multiply, vec![Formula::Number(factor), part]);
    let add = |a, b| Formula::Apply(Function::Add, vec![a, b]);
    summands.into_iter().map(times).reduce(add).unwrap_or(Formula::Number(0.0))
}
