//! Formulas: expressions whose names are known, whose units agree and whose
//! values are numbers whatever their inputs.

use super::expression::{Expression, ExpressionError, Form, Position, parse};
use super::function::Function;
use super::guard::{Guard, guards_of, narrowed};
use super::interval::Interval;
use super::quantities::{BLOCK_INTERVAL, QUANTITIES, block_named};
use super::rules::{GIVEN, Rule};
use super::unit::Unit;
use crate::exits::BLOCKS;
use crate::parameters::ParameterInfo;
use crate::setup::Setup;
use std::collections::BTreeMap;

/// A formula: what an expression means.
#[derive(Debug, Clone, PartialEq)]
pub enum Formula {
    /// A number.
    Number(f64),
    /// A quantity that the engine offers, by its position in [`QUANTITIES`].
    Quantity(usize),
    /// What a built-in block of the exit hazard adds, by its column.
    Block(usize),
    /// A parameter of the theory, by its position.
    Own(usize),
    /// A parameter of the engine, by its full name.
    Engine(String),
    /// A state of the theory, by its position.
    State(usize),
    /// What a slot offers to its rules, by its position in [`GIVEN`].
    Given(usize),
    /// An operator or function of others.
    Apply(Function, Vec<Self>),
}

/// What sort of value it is.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Sort {
    /// It holds or doesn't.
    Truth,
    /// A number as it was written, which takes the unit of its neighbours.
    Written,
    /// A number with a unit.
    In(Unit),
}

impl Sort {
    fn unit(self) -> Unit {
        match self {
            Self::Truth | Self::Written => Unit::NUMBER,
            Self::In(unit) => unit,
        }
    }
}

impl core::fmt::Display for Sort {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Truth => f.write_str("yes or no"),
            Self::Written => f.write_str("a plain number"),
            Self::In(unit) => unit.fmt(f),
        }
    }
}

/// A formula with what is known of its value.
#[derive(Debug, Clone, PartialEq)]
struct Checked {
    formula: Formula,
    sort: Sort,
    /// Where it lies, whatever its inputs and parameters are.
    interval: Interval,
    /// The same for parameters within their priors.
    usual: Interval,
    n_parts: usize,
    depth: usize,
}

/// The names that an expression may use, besides those of the engine.
#[derive(Debug, Clone, Default)]
pub struct Vocabulary {
    parameters: Vec<&'static ParameterInfo>,
    states: Vec<(String, f64)>,
    definitions: BTreeMap<String, Checked>,
}

/// The most parts of a formula, definitions counted as often as they are used.
const MOST_PARTS: usize = 2_000;
/// How many parts of a formula may stand inside one another, which also bounds
/// how many values wait while it is evaluated.
const MOST_DEPTH: usize = 250;
/// The largest log-hazard that a block without a stated bound may reach at the
/// ends of the ranges of its inputs and of the priors of its parameters.
pub const MOST_LOG_HAZARD: f64 = 50.0;

/// The names in an expression, in the order in which they stand.
///
/// # Errors
/// [`ExpressionError`] for a mistake of syntax.
pub fn names_in(text: &str) -> Result<Vec<String>, ExpressionError> {
    Ok(parse(text)?.names().into_iter().map(str::to_owned).collect())
}

/// Whether the engine gives a name a meaning, so that no theory can.
pub fn is_taken(name: &str) -> bool {
    let words = ["and", "or", "not", "true", "false"];
    words.contains(&name)
        || Function::named(name).is_some()
        || QUANTITIES.iter().any(|quantity| quantity.name == name)
        || GIVEN.iter().any(|given| given.name == name)
        || block_named(name).is_some()
}

impl Vocabulary {
    /// The names of a theory with these parameters and states, each state with
    /// the most that it can be.
    pub fn new(parameters: Vec<&'static ParameterInfo>, states: Vec<(String, f64)>) -> Self {
        Self { parameters, states, definitions: BTreeMap::new() }
    }

    /// Gives an expression a name for those that follow.
    ///
    /// # Errors
    /// [`ExpressionError`] for the first mistake in it.
    pub fn define(&mut self, name: &str, text: &str) -> Result<(), ExpressionError> {
        let checked = self.checked(&parse(text)?)?;
        self.definitions.insert(name.to_owned(), checked);
        Ok(())
    }

    /// Reads what a block adds to the log-hazard. Without a stated bound it must
    /// have one by itself.
    ///
    /// # Errors
    /// [`ExpressionError`] for the first mistake in it.
    pub fn log_hazard(&self, text: &str, has_bound: bool) -> Result<Formula, ExpressionError> {
        let expression = parse(text)?;
        let checked = self.plain(&expression, "a log-hazard")?;
        self.only_of(&expression, "a block of the exit hazard", &|part| !matches!(part, Formula::Given(_)))?;
        if !has_bound && checked.usual.high > MOST_LOG_HAZARD {
            let found = format!("can raise the log-hazard by {}", checked.usual.high);
            let allowed = format!(
                "at most {MOST_LOG_HAZARD} whatever the inputs, with parameters in their priors: use min, clamp, logistic or fade, or state a bound"
            );
            return Err(ExpressionError::new(expression.at, found, allowed));
        }
        Ok(checked.formula)
    }

    /// Reads what a rule of a slot says.
    ///
    /// # Errors
    /// [`ExpressionError`] for the first mistake in it.
    pub fn rule(&self, text: &str, rule: Rule) -> Result<Formula, ExpressionError> {
        let expression = parse(text)?;
        let checked = self.plain(&expression, &format!("{} of {}", rule.key(), rule.info().slot.word()))?;
        self.only_of(&expression, &format!("[{}]", rule.info().slot.word()), &|part| match part {
            Formula::Quantity(at) => rule.may_name_quantity(*at),
            Formula::Given(at) => rule.may_name_given(*at),
            Formula::State(_) => rule.may_name_states(),
            // What a block adds may follow from what the rule is to say.
            Formula::Block(_) => false,
            Formula::Number(_) | Formula::Own(_) | Formula::Engine(_) | Formula::Apply(..) => true,
        })
        .map_err(|error| ExpressionError { allowed: format!("it may name {}", rule.vocabulary()), ..error })?;
        Ok(checked.formula)
    }

    /// Whether an expression, or a definition that it names, names what a slot offers;
    /// none where it has mistakes.
    pub fn mentions(&self, text: &str, given: &str) -> Option<bool> {
        let checked = self.checked(&parse(text).ok()?).ok()?;
        Some(checked.formula.any(&|part| matches!(part, Formula::Given(at) if GIVEN[*at].name == given)))
    }

    /// An expression whose value is a plain number.
    fn plain(&self, expression: &Expression, what: &str) -> Result<Checked, ExpressionError> {
        let checked = self.checked(expression)?;
        if checked.sort.unit() == Unit::NUMBER {
            return Ok(checked);
        }
        let found = format!("is in {}, and {what} is a plain number", checked.sort);
        let allowed = "divide by a quantity or parameter of the same unit";
        Err(ExpressionError::new(expression.at, found, allowed))
    }

    /// Refuses the first name that stands for more than what is asked may use.
    fn only_of(
        &self,
        expression: &Expression,
        what: &str,
        may_use: &dyn Fn(&Formula) -> bool,
    ) -> Result<(), ExpressionError> {
        match &expression.form {
            Form::Name(name) => match self.named(name) {
                Some(checked) if checked.formula.any(&|part| !may_use(part)) => {
                    let is_definition = self.definitions.contains_key(name);
                    let how = if is_definition { "stands for what" } else { "is what" };
                    let found = format!("names {name:?}, which {how} {what} can't use");
                    Err(ExpressionError::new(expression.at, found, "see what the slots offer"))
                }
                _ => Ok(()),
            },
            Form::Call(_, arguments) => arguments.iter().try_for_each(|part| self.only_of(part, what, may_use)),
            Form::Number(_) | Form::Truth(_) => Ok(()),
        }
    }

    /// Reads an expression over parameters alone, whose value lies between two
    /// ends whatever these are.
    ///
    /// # Errors
    /// [`ExpressionError`] for the first mistake in it.
    pub fn constant(&self, text: &str, unit: Unit, range: (f64, f64)) -> Result<Formula, ExpressionError> {
        let expression = parse(text)?;
        let checked = self.checked(&expression)?;
        if !checked.formula.is_constant() {
            return Err(ExpressionError::new(
                expression.at,
                "changes during the war",
                "must be of numbers and parameters",
            ));
        }
        if !matches!(checked.sort, Sort::Written) && checked.sort.unit() != unit {
            let found = format!("is in {}", checked.sort);
            return Err(ExpressionError::new(expression.at, found, format!("must be in {unit}")));
        }
        let Interval { low, high } = checked.interval;
        if low < range.0 || high > range.1 {
            let found =
                if low.total_cmp(&high).is_eq() { format!("is {low}") } else { format!("can be {low} to {high}") };
            let allowed = format!("must lie between {} and {}", range.0, range.1);
            return Err(ExpressionError::new(expression.at, found, allowed));
        }
        Ok(checked.formula)
    }

    fn checked(&self, expression: &Expression) -> Result<Checked, ExpressionError> {
        self.checked_where(expression, &[])
    }

    /// Checks an expression in a branch in which some comparisons hold.
    fn checked_where(&self, expression: &Expression, known: &[Guard]) -> Result<Checked, ExpressionError> {
        let at = expression.at;
        let leaf = |formula, sort, interval| Checked { formula, sort, interval, usual: interval, n_parts: 1, depth: 1 };
        match &expression.form {
            Form::Number(number) => Ok(leaf(Formula::Number(*number), Sort::Written, Interval::of(*number))),
            Form::Truth(is_true) => {
                let value = if *is_true { 1.0 } else { 0.0 };
                Ok(leaf(Formula::Number(value), Sort::Truth, Interval::of(value)))
            }
            Form::Name(name) => {
                let checked = self.named(name).ok_or_else(|| self.unknown(at, name))?;
                Ok(known
                    .iter()
                    .filter(|guard| guard.of == checked.formula)
                    .fold(checked.clone(), |checked, guard| self.narrowed(checked, guard)))
            }
            Form::Call(Function::If, arguments) if arguments.len() == 3 => {
                let condition = self.checked_where(&arguments[0], known)?;
                let branch = |which: usize, holds: bool| {
                    let known = [known, &guards_of(&condition.formula, holds)].concat();
                    self.checked_where(&arguments[which], &known)
                };
                let (a, b) = (branch(1, true)?, branch(2, false)?);
                apply(at, Function::If, arguments, vec![condition, a, b])
            }
            Form::Call(function, arguments) => {
                let checked: Vec<Checked> =
                    arguments.iter().map(|argument| self.checked_where(argument, known)).collect::<Result<_, _>>()?;
                apply(at, *function, arguments, checked)
            }
        }
    }

    /// A quantity where a comparison holds.
    fn narrowed(&self, checked: Checked, guard: &Guard) -> Checked {
        let Some((to, usual)) = self.of_constant(&guard.to) else { return checked };
        let interval = narrowed(checked.interval, guard.comparison, to);
        Checked { interval, usual: narrowed(checked.usual, guard.comparison, usual), ..checked }
    }

    /// Where a constant lies, and where it does for parameters within their priors.
    fn of_constant(&self, constant: &Formula) -> Option<(Interval, Interval)> {
        let of = |info: &ParameterInfo| {
            let (low, high) = info.allowed();
            (Interval { low, high }, Interval { low: info.low, high: info.high })
        };
        match constant {
            Formula::Number(number) => Some((Interval::of(*number), Interval::of(*number))),
            Formula::Own(at) => Some(of(self.parameters[*at])),
            Formula::Engine(path) => Some(of(Setup::dictionary().find(|info| info.path() == *path)?)),
            Formula::Apply(function, arguments) => {
                let parts: Vec<(Interval, Interval)> =
                    arguments.iter().map(|argument| self.of_constant(argument)).collect::<Option<_>>()?;
                let (whole, usual): (Vec<Interval>, Vec<Interval>) = parts.into_iter().unzip();
                Some((function.interval(&whole).ok()?, function.interval(&usual).ok()?))
            }
            Formula::Quantity(_) | Formula::Block(_) | Formula::State(_) | Formula::Given(_) => None,
        }
    }

    fn named(&self, name: &str) -> Option<Checked> {
        let leaf = |formula, sort, (low, high)| {
            let interval = Interval { low, high };
            Some(Checked { formula, sort, interval, usual: interval, n_parts: 1, depth: 1 })
        };
        let of_parameter = |formula, info: &ParameterInfo| {
            let usual = Interval { low: info.low, high: info.high };
            Some(Checked { usual, ..leaf(formula, sort_of(info.unit)?, info.allowed())? })
        };
        if let Some(checked) = self.definitions.get(name) {
            return Some(checked.clone());
        }
        if let Some(at) = self.parameters.iter().position(|info| info.name == name) {
            return of_parameter(Formula::Own(at), self.parameters[at]);
        }
        if let Some(at) = self.states.iter().position(|(state, _)| state == name) {
            return leaf(Formula::State(at), Sort::In(Unit::NUMBER), (0.0, self.states[at].1));
        }
        if let Some(at) = QUANTITIES.iter().position(|quantity| quantity.name == name) {
            let quantity = &QUANTITIES[at];
            return leaf(Formula::Quantity(at), sort_of(quantity.unit)?, quantity.range());
        }
        if let Some(at) = GIVEN.iter().position(|given| given.name == name) {
            return leaf(Formula::Given(at), sort_of(GIVEN[at].unit)?, GIVEN[at].range());
        }
        if let Some(column) = block_named(name) {
            let Interval { low, high } = BLOCK_INTERVAL;
            return leaf(Formula::Block(column), Sort::In(Unit::NUMBER), (low, high));
        }
        let info = Setup::dictionary().find(|info| info.mechanism != "observation" && info.path() == name)?;
        of_parameter(Formula::Engine(info.path()), info)
    }

    fn unknown(&self, at: Position, name: &str) -> ExpressionError {
        let own = self.definitions.keys().cloned().chain(self.parameters.iter().map(|info| info.name.to_owned()));
        let given = GIVEN.iter().map(|given| given.name.to_owned());
        let quantities = QUANTITIES.iter().map(|quantity| quantity.name.to_owned()).chain(given);
        let names: Vec<String> = if name.contains('.') {
            Setup::dictionary().map(ParameterInfo::path).collect()
        } else {
            let blocks = BLOCKS.iter().map(|block| format!("block_{}", block.cause.word()));
            own.chain(self.states.iter().map(|(state, _)| state.clone())).chain(quantities).chain(blocks).collect()
        };
        let found = format!("names {name:?}, which is neither a quantity nor a name of this file");
        ExpressionError { unknown: Some((name.to_owned(), names)), ..ExpressionError::new(at, found, "") }
    }
}

fn sort_of(unit: &str) -> Option<Sort> {
    if unit == "yes or no" { Some(Sort::Truth) } else { Unit::parse(unit).map(Sort::In) }
}

/// An operator or function of arguments that are known.
fn apply(
    at: Position,
    function: Function,
    written: &[Expression],
    arguments: Vec<Checked>,
) -> Result<Checked, ExpressionError> {
    let sorts: Vec<Sort> = arguments.iter().map(|argument| argument.sort).collect();
    let sort = sort_of_result(at, function, written, &sorts)?;
    let intervals: Vec<Interval> = arguments.iter().map(|argument| argument.interval).collect();
    let interval = function.interval(&intervals).map_err(|what| {
        let of = intervals.last().copied().unwrap_or(Interval::EITHER);
        let allowed = match function {
            Function::Divide => {
                format!(
                    "the divisor lies between {} and {}: write max(..., 0.01), say, or if(... >= 0.01, ..., ...) with a \
                     quantity by itself in the condition",
                    of.low, of.high
                )
            }
            Function::Ln | Function::Sqrt => {
                format!("it lies between {} and {}: write max(..., 0.01), say", of.low, of.high)
            }
            _ => "use min, max or clamp".to_owned(),
        };
        ExpressionError::new(at, what, allowed)
    })?;
    let usual: Vec<Interval> = arguments.iter().map(|argument| argument.usual).collect();
    let usual = function.interval(&usual).unwrap_or(interval);
    let n_parts = 1 + arguments.iter().map(|argument| argument.n_parts).sum::<usize>();
    let depth = 1 + arguments.iter().map(|argument| argument.depth).max().unwrap_or(0);
    if n_parts > MOST_PARTS || depth > MOST_DEPTH {
        let found = "is too long with all that it names";
        return Err(ExpressionError::new(
            at,
            found,
            format!("at most {MOST_PARTS} parts, {MOST_DEPTH} inside one another"),
        ));
    }
    let formula = Formula::Apply(function, arguments.into_iter().map(|argument| argument.formula).collect());
    Ok(Checked { formula, sort, interval, usual, n_parts, depth })
}

/// What sort of value a function gives, or which argument is of the wrong sort.
fn sort_of_result(
    at: Position,
    function: Function,
    written: &[Expression],
    sorts: &[Sort],
) -> Result<Sort, ExpressionError> {
    let must_be_truth = |which: usize| match sorts[which] {
        Sort::Truth => Ok(()),
        other => {
            let found = format!("is {other}, where {} asks what holds or doesn't", function.word());
            Err(ExpressionError::new(written[which].at, found, "write a comparison, such as conviction < 0"))
        }
    };
    let must_be_number = |which: usize| match sorts[which].unit() {
        unit if unit == Unit::NUMBER => Ok(()),
        unit => {
            let found = format!("is in {unit}, where {} takes a plain number", function.word());
            Err(ExpressionError::new(written[which].at, found, "divide by a quantity or parameter of the same unit"))
        }
    };
    let too_high = || ExpressionError::new(at, "gives a unit of a power that nothing has", "");
    match function {
        Function::Or | Function::And | Function::Not => {
            (0..sorts.len()).try_for_each(must_be_truth)?;
            Ok(Sort::Truth)
        }
        Function::Multiply | Function::Divide => {
            if sorts.iter().all(|sort| *sort == Sort::Written) {
                return Ok(Sort::Written);
            }
            let (a, b) = (sorts[0].unit(), sorts[1].unit());
            let unit = if function == Function::Multiply { a.times(b) } else { a.over(b) };
            unit.map(Sort::In).ok_or_else(too_high)
        }
        Function::Negate => Ok(if sorts[0] == Sort::Truth { Sort::In(Unit::NUMBER) } else { sorts[0] }),
        Function::Exp | Function::Ln | Function::Logistic => {
            must_be_number(0)?;
            Ok(if sorts[0] == Sort::Written { Sort::Written } else { Sort::In(Unit::NUMBER) })
        }
        Function::Sqrt if sorts[0] == Sort::Written => Ok(Sort::Written),
        Function::Sqrt => {
            let odd =
                || ExpressionError::new(at, format!("takes the root of {}", sorts[0]), "its unit must be a square");
            sorts[0].unit().root().map(Sort::In).ok_or_else(odd)
        }
        Function::Fade => {
            common(function, written, sorts)?;
            Ok(Sort::In(Unit::NUMBER))
        }
        Function::Chance => match sorts[0] {
            Sort::Written => Ok(Sort::Written),
            Sort::In(unit) if Some(unit) == Unit::parse("1/month") => Ok(Sort::In(Unit::NUMBER)),
            other => {
                let found = format!("is in {other}, where chance takes a rate a month");
                Err(ExpressionError::new(written[0].at, found, "a parameter in 1/month, or a number"))
            }
        },
        Function::If => {
            must_be_truth(0)?;
            common(function, &written[1..], &sorts[1..])
        }
        _ => {
            let sort = common(function, written, sorts)?;
            Ok(if function.is_truth() { Sort::Truth } else { sort })
        }
    }
}

/// The unit that all arguments have.
fn common(function: Function, written: &[Expression], sorts: &[Sort]) -> Result<Sort, ExpressionError> {
    if function == Function::If && sorts.iter().all(|sort| *sort == Sort::Truth) {
        return Ok(Sort::Truth);
    }
    let mut stated = sorts.iter().enumerate().filter(|(_, sort)| **sort != Sort::Written);
    let Some((_, first)) = stated.next() else { return Ok(Sort::Written) };
    match stated.find(|(_, sort)| sort.unit() != first.unit()) {
        Some((which, other)) => {
            let found =
                format!("is in {}, and what {} sets beside it in {}", other.unit(), function.word(), first.unit());
            Err(ExpressionError::new(written[which].at, found, "both must have one unit"))
        }
        None => Ok(Sort::In(first.unit())),
    }
}

impl Formula {
    /// Whether it is one thing that is read.
    pub(crate) fn is_input(&self) -> bool {
        matches!(self, Self::Quantity(_) | Self::Block(_) | Self::State(_) | Self::Given(_))
    }

    /// Whether nothing of the war is in it.
    pub(crate) fn is_constant(&self) -> bool {
        match self {
            Self::Number(_) | Self::Own(_) | Self::Engine(_) => true,
            Self::Quantity(_) | Self::Block(_) | Self::State(_) | Self::Given(_) => false,
            Self::Apply(_, arguments) => arguments.iter().all(Self::is_constant),
        }
    }

    /// Whether any part of it is of a kind.
    pub(crate) fn any(&self, is_it: &dyn Fn(&Self) -> bool) -> bool {
        is_it(self)
            || match self {
                Self::Apply(_, arguments) => arguments.iter().any(|argument| argument.any(is_it)),
                _ => false,
            }
    }
}
