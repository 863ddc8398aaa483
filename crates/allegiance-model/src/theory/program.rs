//! Programs: formulas whose parameters have values, flattened so that the
//! engine evaluates them without looking anything up.
//!
//! A part that stands in a formula more than once is evaluated once, what is made of
//! numbers alone is a number, and what follows from a count is looked up
//! ([`CountTable`]). The bits are those of the formula as it stands.

use std::collections::BTreeMap;

use super::count_table::{self, CountTable, Counts};
use super::formula::Formula;
use super::function::{Function, MOST_ARGUMENTS};
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

/// What claims that units hear do to a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Hearing {
    /// Nothing.
    Nothing,
    /// A few of them do most of what any number can.
    SoonDone,
    /// More and more of them may do ever more.
    Follows,
}

/// A step of a program, by the places of steps before it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Step {
    Number(f64),
    Input(usize),
    /// An input that compares so with a number here; intervals alone follow it.
    Narrowed(usize, Function, f64),
    Apply(Function, Places),
    /// What the table of some counts says; of one, both places are its.
    Table(usize, [usize; 2]),
}

/// Places of the steps that a function is of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Places {
    n: u8,
    at: [u16; MOST_ARGUMENTS],
}

impl Places {
    fn of(steps: &[usize]) -> Self {
        let mut at = [0; MOST_ARGUMENTS];
        for (at, &step) in at.iter_mut().zip(steps) {
            *at = step as u16;
        }
        Self { n: steps.len() as u8, at }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.at[..usize::from(self.n)].iter().map(|&at| usize::from(at))
    }

    /// Gives a function what the steps came to.
    pub(super) fn give<T: Copy, R>(&self, found: &[T], to: impl FnOnce(&[T]) -> R) -> R {
        let [a, b, c, ..] = self.at.map(usize::from);
        match self.n {
            1 => to(&[found[a]]),
            2 => to(&[found[a], found[b]]),
            3 => to(&[found[a], found[b], found[c]]),
            n => to(&self.at.map(|at| found[usize::from(at)])[..usize::from(n)]),
        }
    }
}

/// A formula in the order of its evaluation: parts before what is made of them, and
/// what it comes to last.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Program {
    /// What it reads, each once.
    inputs: Vec<Input>,
    steps: Vec<Step>,
    tables: Vec<CountTable>,
    /// The inputs that more than one part of it reads, so that these move together.
    shared: Vec<usize>,
}

/// So many steps need no room on the heap for what they come to.
const ROOM: usize = 48;
/// As many as most rules have; less room is cleared sooner.
const LITTLE_ROOM: usize = 16;

impl Program {
    /// The program of a formula in which each parameter has the value that
    /// `parameter` gives.
    pub(crate) fn of(formula: &Formula, parameter: &dyn Fn(&Formula) -> f64) -> Self {
        let mut builder = Builder { inputs: Vec::new(), steps: Vec::new(), places: BTreeMap::new(), parameter };
        let last = builder.add(formula, &[]);
        let whole = Self { inputs: builder.inputs, steps: builder.steps, ..Self::default() };
        let mut cut = Cut { from: &whole, found: Self::default(), places: BTreeMap::new() };
        cut.found.inputs.clone_from(&whole.inputs);
        cut.copy(last, &|at| Counts::of(&whole, at));
        cut.found.finished()
    }

    /// The same of a theory whose states stand behind those of others.
    pub(crate) fn with_states_from(mut self, first: usize) -> Self {
        for input in &mut self.inputs {
            if let Input::State(at) = input {
                *at += first;
            }
        }
        self
    }

    /// What a step comes to as a program of its own, of counts that are given in the
    /// places of some steps.
    pub(super) fn of_counts(&self, last: usize, counts: [usize; 2]) -> Self {
        let mut cut = Cut { from: self, found: Self::default(), places: BTreeMap::new() };
        for (nth, at) in counts.into_iter().enumerate() {
            cut.found.inputs.push(self.inputs[self.input_of(at)]);
            let place = cut.push(Step::Input(nth));
            cut.places.entry(at).or_insert(place);
        }
        cut.copy(last, &|_| None);
        cut.found.finished()
    }

    fn finished(mut self) -> Self {
        let n_ways = self.ways_to_inputs();
        self.shared = (0..self.inputs.len()).filter(|&at| n_ways[at] > 1).collect();
        self
    }

    /// By how many ways each input is read, 2 for all beyond.
    fn ways_to_inputs(&self) -> Vec<u8> {
        let mut ways = vec![0_u8; self.steps.len()];
        if let Some(last) = ways.last_mut() {
            *last = 1;
        }
        let mut of_inputs = vec![0_u8; self.inputs.len()];
        for at in (0..self.steps.len()).rev() {
            let own = ways[at];
            let mut add = |part: usize| ways[part] = (ways[part] + own).min(2);
            match &self.steps[at] {
                Step::Number(_) => {}
                Step::Input(input) => of_inputs[*input] = (of_inputs[*input] + own).min(2),
                Step::Narrowed(of, ..) => add(*of),
                Step::Apply(_, places) => places.iter().for_each(add),
                Step::Table(_, [a, b]) if a == b => add(*a),
                Step::Table(_, both) => both.iter().copied().for_each(add),
            }
        }
        of_inputs
    }

    /// What it reads, each once, in the order in which it's asked for.
    pub(crate) fn inputs(&self) -> &[Input] {
        &self.inputs
    }

    pub(super) fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The tables of counts in it.
    pub(super) fn tables(&self) -> &[CountTable] {
        &self.tables
    }

    /// Whether it follows from claims that units hear, and whether any number of further ones
    /// can do little more to it than a few.
    pub(crate) fn hearing(&self, few: usize) -> Hearing {
        let is_heard =
            |at: usize| self.inputs.get(self.input_of(at)).is_some_and(|&input| count_table::is_heard(input));
        let reads = |step: &Step| match step {
            Step::Apply(_, places) => places.iter().any(is_heard),
            _ => false,
        };
        let is_read_by_itself = self.steps.iter().any(reads) || self.steps.len().checked_sub(1).is_some_and(is_heard);
        if !self.inputs.iter().any(|&input| count_table::is_heard(input)) {
            Hearing::Nothing
        } else if is_read_by_itself || !self.tables.iter().all(|table| table.is_soon_done(few)) {
            Hearing::Follows
        } else {
            Hearing::SoonDone
        }
    }

    /// The input that a step reads, narrowed or not.
    pub(super) fn input_of(&self, at: usize) -> usize {
        match self.steps[at] {
            Step::Narrowed(of, ..) => self.input_of(of),
            Step::Input(input) => input,
            _ => usize::MAX,
        }
    }

    /// Its value.
    pub(crate) fn value(&self, read: impl Fn(Input) -> f64) -> f64 {
        let n = self.inputs.len();
        if n.max(self.steps.len()) <= LITTLE_ROOM {
            let mut inputs = [0.0; LITTLE_ROOM];
            for (value, &input) in inputs.iter_mut().zip(&self.inputs) {
                *value = read(input);
            }
            self.value_in(&inputs[..n], &mut [0.0; LITTLE_ROOM])
        } else if n <= ROOM {
            let mut inputs = [0.0; ROOM];
            for (value, &input) in inputs.iter_mut().zip(&self.inputs) {
                *value = read(input);
            }
            self.value_at(&inputs[..n])
        } else {
            self.value_at(&self.inputs.iter().map(|&input| read(input)).collect::<Vec<_>>())
        }
    }

    /// Its value for inputs in their order.
    pub(super) fn value_at(&self, inputs: &[f64]) -> f64 {
        if self.steps.len() <= ROOM {
            self.value_in(inputs, &mut [0.0; ROOM])
        } else {
            self.value_in(inputs, &mut vec![0.0; self.steps.len()])
        }
    }

    fn value_in(&self, inputs: &[f64], found: &mut [f64]) -> f64 {
        for (at, step) in self.steps.iter().enumerate() {
            found[at] = match step {
                Step::Number(number) => *number,
                Step::Input(input) => inputs[*input],
                Step::Narrowed(of, ..) => found[*of],
                Step::Apply(function, places) => match (function, places.at.map(usize::from)) {
                    (Function::Add, [a, b, ..]) => found[a] + found[b],
                    (Function::Subtract, [a, b, ..]) => found[a] - found[b],
                    (Function::Multiply, [a, b, ..]) => found[a] * found[b],
                    _ => places.give(found, |arguments| function.value(arguments)),
                },
                Step::Table(table, [a, b]) => self.tables[*table].value([found[*a], found[*b]]),
            };
        }
        self.steps.len().checked_sub(1).map_or(f64::NAN, |last| found[last])
    }

    /// Where its value lies for inputs in intervals, each part by itself.
    pub(crate) fn interval(&self, read: impl Fn(Input) -> Interval) -> Interval {
        let inputs: Vec<Interval> = self.inputs.iter().map(|&input| read(input)).collect();
        self.intervals_at(&inputs).and_then(|found| found.last().copied()).unwrap_or(Interval::EVERYWHERE)
    }

    /// The same, with what moves together taken into account.
    pub(crate) fn bounds(&self, read: impl Fn(Input) -> Interval) -> Interval {
        let n = self.inputs.len();
        if n.max(self.steps.len()) <= LITTLE_ROOM && self.shared.is_empty() {
            let mut inputs = [Interval::EVERYWHERE; LITTLE_ROOM];
            for (interval, &input) in inputs.iter_mut().zip(&self.inputs) {
                *interval = read(input);
            }
            let found = self.intervals_in(&inputs[..n], &mut [Interval::EVERYWHERE; LITTLE_ROOM]);
            found.unwrap_or(Interval::EVERYWHERE)
        } else if n <= ROOM {
            let mut inputs = [Interval::EVERYWHERE; ROOM];
            for (interval, &input) in inputs.iter_mut().zip(&self.inputs) {
                *interval = read(input);
            }
            self.bounds_at(&inputs[..n])
        } else {
            self.bounds_at(&self.inputs.iter().map(|&input| read(input)).collect::<Vec<_>>())
        }
    }

    /// The same for inputs in their order.
    pub(super) fn bounds_at(&self, inputs: &[Interval]) -> Interval {
        if self.shared.iter().all(|&at| inputs[at].is_one()) && self.steps.len() <= ROOM {
            let mut found = [Interval::EVERYWHERE; ROOM];
            return self.intervals_in(inputs, &mut found).unwrap_or(Interval::EVERYWHERE);
        }
        let Some(found) = self.intervals_at(inputs) else { return Interval::EVERYWHERE };
        let natural = found.last().copied().unwrap_or(Interval::EVERYWHERE);
        self.narrower(inputs, &found, natural)
    }

    /// Where each step lies; none where one can be wrong or infinite, which within the
    /// ranges that were checked none can.
    pub(super) fn intervals_at(&self, inputs: &[Interval]) -> Option<Vec<Interval>> {
        let mut found = vec![Interval::EVERYWHERE; self.steps.len()];
        self.intervals_in(inputs, &mut found)?;
        Some(found)
    }

    fn intervals_in(&self, inputs: &[Interval], found: &mut [Interval]) -> Option<Interval> {
        for (at, step) in self.steps.iter().enumerate() {
            found[at] = match step {
                Step::Number(number) => Interval::of(*number),
                Step::Input(input) => inputs[*input],
                Step::Narrowed(of, comparison, to) => narrowed(found[*of], *comparison, Interval::of(*to)),
                Step::Apply(function, places) => {
                    let [a, b] = [places.at[0], places.at[1]].map(|at| found[usize::from(at)]);
                    match function {
                        Function::Add => Interval { low: a.low + b.low, high: a.high + b.high }.finite()?,
                        Function::Subtract => Interval { low: a.low - b.high, high: a.high - b.low }.finite()?,
                        _ => places.give(found, |arguments| function.interval(arguments)).ok()?,
                    }
                }
                Step::Table(table, [a, b]) => self.tables[*table].bounds([found[*a], found[*b]])?,
            };
        }
        self.steps.len().checked_sub(1).map(|last| found[last])
    }
}

/// Makes steps of a formula.
struct Builder<'a> {
    inputs: Vec<Input>,
    steps: Vec<Step>,
    /// Where each step stands, by what it is.
    places: BTreeMap<Vec<u64>, usize>,
    parameter: &'a dyn Fn(&Formula) -> f64,
}

/// That a quantity compares so with a number.
type Known = (Formula, Function, f64);

impl Builder<'_> {
    fn add(&mut self, formula: &Formula, known: &[Known]) -> usize {
        let input = match formula {
            Formula::Number(number) => return self.push(Step::Number(*number)),
            Formula::Own(_) | Formula::Engine(_) => return self.push(Step::Number((self.parameter)(formula))),
            Formula::Apply(function, arguments) => return self.apply(*function, arguments, known),
            Formula::Quantity(at) => Input::Quantity(*at),
            Formula::Block(column) => Input::Block(*column),
            Formula::State(at) => Input::State(*at),
            Formula::Given(at) => Input::Given(*at),
        };
        let at = self.inputs.iter().position(|other| *other == input).unwrap_or_else(|| {
            self.inputs.push(input);
            self.inputs.len() - 1
        });
        let mut place = self.push(Step::Input(at));
        for (_, comparison, to) in known.iter().filter(|(of, ..)| of == formula) {
            place = self.push(Step::Narrowed(place, *comparison, *to));
        }
        place
    }

    fn apply(&mut self, function: Function, arguments: &[Formula], known: &[Known]) -> usize {
        let mut places = Vec::with_capacity(arguments.len());
        for (nth, argument) in arguments.iter().enumerate() {
            let in_branch = match arguments.first() {
                Some(condition) if function == Function::If && nth > 0 => {
                    guards_of(condition, nth == 1).into_iter().map(|guard| self.known_of(guard)).collect()
                }
                _ => Vec::<Known>::new(),
            };
            places.push(self.add(argument, &[known, &in_branch].concat()));
        }
        let number = |place: &usize| match self.steps[*place] {
            Step::Number(number) => Some(number),
            _ => None,
        };
        if let (Function::If, Some(condition)) = (function, number(&places[0])) {
            return places[if condition == 0.0 { 2 } else { 1 }];
        }
        let numbers: Option<Vec<f64>> = places.iter().map(number).collect();
        // What is no number was refused, wherever somebody can get to it.
        match numbers.map(|numbers| function.value(&numbers)).filter(|value| value.is_finite()) {
            Some(value) => self.push(Step::Number(value)),
            None => self.push(Step::Apply(function, Places::of(&places))),
        }
    }

    fn known_of(&self, guard: Guard) -> Known {
        let to = Program::of(&guard.to, self.parameter).value(|_| f64::NAN);
        (guard.of, guard.comparison, to)
    }

    /// The place of a step, which stands once.
    fn push(&mut self, step: Step) -> usize {
        let key = match &step {
            Step::Number(number) => vec![0, number.to_bits()],
            Step::Input(input) => vec![1, *input as u64],
            Step::Narrowed(of, comparison, to) => vec![2, *of as u64, *comparison as u64, to.to_bits()],
            Step::Apply(function, places) => {
                [3, *function as u64].into_iter().chain(places.iter().map(|at| at as u64)).collect()
            }
            Step::Table(table, [a, b]) => vec![4, *table as u64, *a as u64, *b as u64],
        };
        *self.places.entry(key).or_insert_with(|| {
            self.steps.push(step);
            self.steps.len() - 1
        })
    }
}

/// Copies the steps that one needs into a program that ends with it.
struct Cut<'p> {
    from: &'p Program,
    found: Program,
    /// Where a step stands in the copy.
    places: BTreeMap<usize, usize>,
}

impl Cut<'_> {
    /// Copies a step after all that it needs, with tables for those of which
    /// `counts` knows what they follow from.
    fn copy(&mut self, at: usize, counts: &dyn Fn(usize) -> Option<Counts>) -> usize {
        if let Some(&place) = self.places.get(&at) {
            return place;
        }
        let step = match self.from.steps[at] {
            step @ (Step::Number(_) | Step::Input(_) | Step::Table(..)) => step,
            Step::Narrowed(of, comparison, to) => Step::Narrowed(self.copy(of, counts), comparison, to),
            Step::Apply(function, places) => {
                if let Some(found) = counts(at) {
                    let both = found.places.map(|place| self.copy(place, &|_| None));
                    self.found.tables.push(CountTable::of(self.from, at, &found));
                    Step::Table(self.found.tables.len() - 1, both)
                } else {
                    let parts: Vec<usize> = places.iter().map(|part| self.copy(part, counts)).collect();
                    Step::Apply(function, Places::of(&parts))
                }
            }
        };
        let place = self.push(step);
        self.places.insert(at, place);
        place
    }

    fn push(&mut self, step: Step) -> usize {
        self.found.steps.push(step);
        self.found.steps.len() - 1
    }
}
