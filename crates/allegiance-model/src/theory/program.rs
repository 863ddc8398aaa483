//! Programs: formulas whose parameters have values, flattened so that the
//! engine evaluates them without looking anything up.

use super::formula::Formula;
use super::function::Function;
use super::guard::{Guard, guards_of, narrowed};
use super::interval::Interval;

/// What a program reads of a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Input {
    /// A quantity of the list.
    Quantity(usize),
    /// What a built-in block adds.
    Block(usize),
    /// A state of the theory.
    State(usize),
    /// What a slot offers.
    Given(usize),
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Step {
    Number(f64),
    Input(usize),
    Apply(Function, usize),
    /// From here on an input compares so with a number; intervals alone follow it.
    Narrow(usize, Function, f64),
    /// No longer.
    Widen(usize),
}

/// A formula in the order of its evaluation: arguments before what is made of them.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Program {
    /// What it reads, each once.
    inputs: Vec<Input>,
    steps: Vec<Step>,
}

/// The room that values of steps have before it's asked for.
const ROOM: usize = 16;

impl Program {
    /// The program of a formula in which each parameter has the value that
    /// `parameter` gives.
    pub(crate) fn of(formula: &Formula, parameter: &dyn Fn(&Formula) -> f64) -> Self {
        let mut program = Self::default();
        program.add(formula, parameter);
        program
    }

    fn add(&mut self, formula: &Formula, parameter: &dyn Fn(&Formula) -> f64) {
        let step = match formula {
            Formula::Number(number) => Step::Number(*number),
            Formula::Own(_) | Formula::Engine(_) => Step::Number(parameter(formula)),
            Formula::Quantity(at) => self.input(Input::Quantity(*at)),
            Formula::Block(column) => self.input(Input::Block(*column)),
            Formula::State(at) => self.input(Input::State(*at)),
            Formula::Given(at) => self.input(Input::Given(*at)),
            Formula::Apply(Function::If, arguments) if arguments.len() == 3 => {
                self.add(&arguments[0], parameter);
                self.add_branch(&arguments[1], &guards_of(&arguments[0], true), parameter);
                self.add_branch(&arguments[2], &guards_of(&arguments[0], false), parameter);
                Step::Apply(Function::If, arguments.len())
            }
            Formula::Apply(function, arguments) => {
                for argument in arguments {
                    self.add(argument, parameter);
                }
                Step::Apply(*function, arguments.len())
            }
        };
        self.steps.push(step);
    }

    /// A branch in which some comparisons hold.
    fn add_branch(&mut self, branch: &Formula, known: &[Guard], parameter: &dyn Fn(&Formula) -> f64) {
        let mut narrow = Vec::new();
        for guard in known.iter().filter(|guard| branch.any(&|part| *part == guard.of)) {
            let to = Self::of(&guard.to, parameter).value(|_| f64::NAN);
            // The condition has read it.
            let mut of = Self { inputs: self.inputs.clone(), steps: Vec::new() };
            of.add(&guard.of, parameter);
            if let Some(Step::Input(at)) = of.steps.pop() {
                narrow.push((at, guard.comparison, to));
            }
        }
        self.steps.extend(narrow.iter().map(|&(at, comparison, to)| Step::Narrow(at, comparison, to)));
        self.add(branch, parameter);
        self.steps.extend(narrow.iter().rev().map(|&(at, ..)| Step::Widen(at)));
    }

    fn input(&mut self, input: Input) -> Step {
        let at = self.inputs.iter().position(|other| *other == input).unwrap_or_else(|| {
            self.inputs.push(input);
            self.inputs.len() - 1
        });
        Step::Input(at)
    }

    /// What it reads, each once, in the order in which it's asked for.
    pub(crate) fn inputs(&self) -> &[Input] {
        &self.inputs
    }

    /// Its value.
    pub(crate) fn value(&self, read: impl Fn(Input) -> f64) -> f64 {
        let inputs: Vec<f64> = self.inputs.iter().map(|&input| read(input)).collect();
        let mut stack = Vec::with_capacity(ROOM);
        for step in &self.steps {
            let value = match *step {
                Step::Number(number) => number,
                Step::Input(at) => inputs[at],
                Step::Apply(function, n) => {
                    let value = function.value(&stack[stack.len() - n..]);
                    stack.truncate(stack.len() - n);
                    value
                }
                Step::Narrow(..) | Step::Widen(_) => continue,
            };
            stack.push(value);
        }
        stack.pop().unwrap_or(f64::NAN)
    }

    /// Where its value lies for inputs in intervals.
    pub(crate) fn interval(&self, read: impl Fn(Input) -> Interval) -> Interval {
        let everywhere = Interval { low: f64::NEG_INFINITY, high: f64::INFINITY };
        let mut inputs: Vec<Interval> = self.inputs.iter().map(|&input| read(input)).collect();
        let mut wider = Vec::new();
        let mut stack = Vec::with_capacity(ROOM);
        for step in &self.steps {
            let value = match *step {
                Step::Number(number) => Interval::of(number),
                Step::Input(at) => inputs[at],
                Step::Narrow(at, comparison, to) => {
                    wider.push(inputs[at]);
                    inputs[at] = narrowed(inputs[at], comparison, Interval::of(to));
                    continue;
                }
                Step::Widen(at) => {
                    inputs[at] = wider.pop().unwrap_or(everywhere);
                    continue;
                }
                Step::Apply(function, n) => {
                    let value = function.interval(&stack[stack.len() - n..]);
                    stack.truncate(stack.len() - n);
                    match value {
                        Ok(interval) => interval,
                        // Within the ranges that were checked nothing is wrong.
                        Err(_) => return everywhere,
                    }
                }
            };
            stack.push(value);
        }
        stack.pop().unwrap_or(everywhere)
    }
}
