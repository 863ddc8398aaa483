//! Theories that people write. In the slot of exit: which built-in blocks are
//! active, and blocks of their own as formulas over what a member, his unit, his
//! home, his group and the day offer. In the slots of belief, destination,
//! joining and voice: formulas in place of the engine's own rules (`rules`).
//!
//! Text becomes a tree (`expression`), a tree whose names, units and divisions
//! have been checked becomes a formula (`formula`), and a formula with the values
//! of its parameters becomes a flat program (`program`), which is what the engine
//! evaluates. The same formula over intervals gives the bound by which the engine
//! passes over members (`exits::bounds`): what changes only when something
//! touches a member stands with its value, everything else with its range. Parts that
//! move together are seen to (`slopes`), what follows from counts is looked up
//! (`count_table`), and what is the same for everybody in a unit is added with its value
//! of the day (`summands`).
//!
//! # Form
//! ```text
//! ln h_k += sum over the own blocks b of f_bk(quantities, states, parameters)
//! state(t) = clamp(state(t') 2^(-(t - t') / half-life) + addition, 0, most)     on an event, t' the last
//! ```

mod count_table;
mod expression;
mod formula;
mod function;
mod guard;
mod interval;
mod program;
mod quantities;
mod rules;
mod slopes;
mod state;
mod summands;
#[cfg(test)]
mod tests;
mod ties;
mod unit;

pub use expression::{ExpressionError, Position};
pub use formula::{Formula, MOST_LOG_HAZARD, Vocabulary, is_taken, names_in};
pub use function::Function;
#[cfg(test)]
pub(crate) use guard::{Guard, guards_of, narrowed};
pub(crate) use quantities::{MOST_SLACK, MOST_UNHEARD, NEVER_DAYS, flag};
pub use quantities::{Of, QUANTITIES, Quantity};
pub use rules::{GIVEN, Given, Rule, RuleInfo, Slot};
pub use state::StateEvent;
pub(crate) use state::{Kept, note, note_in_unit};
pub use unit::Unit;

use crate::exits::blocks::Member;
use crate::exits::{BLOCKS, N_KINDS, PerKind};
use crate::ids::UnitId;
use crate::model::Model;
use crate::parameters::{ParameterInfo, Parameters, SetParameterError};
use crate::tables::Cause;
pub(crate) use interval::Interval;
use program::{Hearing, Input, Program};
use quantities::{BLOCK_INTERVAL, Changes};
use state::PreparedState;

/// The mechanism that parameters of a theory are named under.
pub const OWN: &str = "own";

/// A theory that somebody wrote, checked: what fills slots in place of the
/// theories and rules of the engine.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnTheory {
    /// Its name, as for a file.
    pub name: String,
    /// Who wrote it.
    pub authors: String,
    /// Where it was published.
    pub citation: String,
    /// What it says, in a sentence or more.
    pub about: String,
    /// The name of its file, without a folder.
    pub file: String,
    /// Its text.
    pub text: String,
    /// SHA-256 of that, in hexadecimal digits.
    pub digest: String,
    /// Whether it fills the slot of exit: `blocks` and `own_blocks` count only then.
    pub fills_exit: bool,
    /// The built-in blocks that are active.
    pub blocks: Vec<Cause>,
    /// Its own blocks, in the order of the file.
    pub own_blocks: Vec<OwnBlock>,
    /// Its parameters.
    pub parameters: Vec<OwnParameter>,
    /// What it keeps of each member.
    pub states: Vec<OwnState>,
    /// Its rules for the other slots, each once.
    pub rules: Vec<(Rule, Formula)>,
}

/// A block that somebody wrote.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnBlock {
    /// Its name.
    pub name: String,
    /// What it is called in stories and reports.
    pub words: String,
    /// What it adds to the log-hazard of each kind of exit, in the order of
    /// [`ExitKind::ALL`](crate::tables::ExitKind::ALL).
    pub formulas: [Formula; N_KINDS],
    /// The most that it adds, where the author states one.
    pub bound: Option<f64>,
    /// The line of its file on which it begins.
    pub line: u32,
}

/// A parameter of a theory, with its value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OwnParameter {
    /// Its entry in the dictionary.
    pub info: &'static ParameterInfo,
    /// Its value.
    pub value: f64,
}

/// A number that a theory keeps of each member.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnState {
    /// Its name.
    pub name: String,
    /// Its value on joining.
    pub start: Formula,
    /// Days in which half of it fades.
    pub half_life_days: Formula,
    /// The most that it can be.
    pub most: f64,
    /// What events add to it.
    pub additions: Vec<(StateEvent, Formula)>,
}

impl OwnTheory {
    /// The most blocks that a theory may have of its own.
    pub const MAX_BLOCKS: usize = 16;
    /// The most states.
    pub const MAX_STATES: usize = 8;

    /// The value of a parameter by its name.
    pub fn parameter(&self, name: &str) -> Option<f64> {
        self.parameters.iter().find(|parameter| parameter.info.name == name).map(|parameter| parameter.value)
    }

    /// Sets a parameter by its name.
    ///
    /// # Errors
    /// As [`Parameters::set`].
    pub fn set_parameter(&mut self, name: &str, value: f64) -> Result<(), SetParameterError> {
        let found = self.parameters.iter_mut().find(|parameter| parameter.info.name == name);
        let parameter = found.ok_or(SetParameterError::Unknown)?;
        if !parameter.info.accepts(value) {
            let (low, high) = parameter.info.allowed();
            return Err(SetParameterError::OutOfBounds { low, high });
        }
        parameter.value = value;
        Ok(())
    }

    /// Whether its formulas read a parameter of the engine.
    pub fn reads(&self, path: &str) -> bool {
        let is_it = |formula: &Formula| matches!(formula, Formula::Engine(other) if other == path);
        self.formulas().any(|formula| formula.any(&is_it))
    }

    /// Every formula in it.
    fn formulas(&self) -> impl Iterator<Item = &Formula> {
        let of_states = self.states.iter().flat_map(|state| {
            let additions = state.additions.iter().map(|(_, formula)| formula);
            [&state.start, &state.half_life_days].into_iter().chain(additions)
        });
        let of_blocks = self.own_blocks.iter().flat_map(|block| &block.formulas);
        let of_rules = self.rules.iter().map(|(_, formula)| formula);
        of_blocks.chain(of_states).chain(of_rules)
    }

    /// Whether it fills a slot, or a part of one.
    pub fn fills(&self, slot: Slot) -> bool {
        match slot {
            Slot::Exit => self.fills_exit,
            _ => self.rules.iter().any(|(rule, _)| rule.info().slot == slot),
        }
    }

    /// The slots that it fills.
    pub fn slots(&self) -> Vec<Slot> {
        Slot::ALL.iter().copied().filter(|&slot| self.fills(slot)).collect()
    }

    /// Leaves a slot to the rules of the engine.
    pub fn vacate(&mut self, slot: Slot) {
        self.rules.retain(|(rule, _)| rule.info().slot != slot);
        if slot == Slot::Exit {
            self.fills_exit = false;
            self.blocks.clear();
            self.own_blocks.clear();
        }
    }

    /// What its own blocks are called in stories and reports, together.
    pub fn words(&self) -> String {
        self.own_blocks.iter().map(|block| block.words.as_str()).collect::<Vec<_>>().join(", ")
    }

    /// Whether it has a built-in block.
    pub(crate) fn has(&self, cause: Cause) -> bool {
        if cause == Cause::Own { !self.own_blocks.is_empty() } else { self.blocks.contains(&cause) }
    }
}

/// A theory with the values of its parameters, ready to be evaluated.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PreparedTheory {
    blocks: Vec<PreparedBlock>,
    states: Vec<PreparedState>,
    /// By rule; none where the engine's own holds. Shape: `(n_rules,)`.
    rules: Vec<Option<PreparedRule>>,
    /// What claims that units hear do to what has bounds in it.
    hearing: Hearing,
    /// Where the kin of a member in his own group stand among the quantities.
    kin_in_group: usize,
}

/// Where a quantity stands in the list.
fn quantity_called(name: &str) -> usize {
    QUANTITIES.iter().position(|quantity| quantity.name == name).unwrap_or(usize::MAX)
}

#[derive(Debug, Clone, PartialEq)]
struct PreparedRule {
    program: Program,
    /// Where in [`GIVEN`] what its slot offers begins.
    first: usize,
}

#[derive(Debug, Clone, PartialEq)]
struct PreparedBlock {
    /// One program for each kind of exit, or one for all.
    programs: Vec<Program>,
    /// The same of what is bounded by the member, without the summands of the next.
    of_member: Vec<Program>,
    /// What is the same for everybody in a unit, where there is any.
    of_unit: Vec<Option<Program>>,
    bound: Option<f64>,
}

/// Something of each program of a block, by kind of exit.
fn per_kind(programs: &[Program], of: impl Fn(&Program, usize) -> f64) -> PerKind {
    match programs {
        [only] if !only.inputs().iter().any(|input| matches!(input, Input::Block(_))) => [of(only, 0); N_KINDS],
        programs => core::array::from_fn(|kind| of(&programs[kind % programs.len()], kind)),
    }
}

impl PreparedTheory {
    /// Theories that fill different slots, as one.
    pub(crate) fn of(theories: &[OwnTheory], parameters: &Parameters) -> Option<Self> {
        let nothing = Self {
            blocks: Vec::new(),
            states: Vec::new(),
            rules: vec![None; Rule::ALL.len()],
            hearing: Hearing::Nothing,
            kin_in_group: quantity_called("kin_in_group"),
        };
        let add = |mut whole: Self, theory| {
            whole.add(theory, parameters);
            whole
        };
        (!theories.is_empty()).then(|| theories.iter().fold(nothing, add))
    }

    fn add(&mut self, theory: &OwnTheory, parameters: &Parameters) {
        let parameter = |formula: &Formula| match formula {
            Formula::Own(at) => theory.parameters[*at].value,
            Formula::Engine(path) => parameters.value(path).unwrap_or(f64::NAN),
            _ => f64::NAN,
        };
        let first_state = self.states.len();
        let program = |formula: &Formula| Program::of(formula, &parameter).with_states_from(first_state);
        let constant = |formula: &Formula| program(formula).value(|_| f64::NAN);
        self.blocks.extend(theory.own_blocks.iter().map(|block| {
            let is_one = block.formulas.iter().all(|formula| *formula == block.formulas[0]);
            let formulas = if is_one { &block.formulas[..1] } else { &block.formulas[..] };
            let (of_unit, of_member): (Vec<_>, Vec<_>) =
                formulas.iter().map(|formula| summands::split(formula, &parameter)).unzip();
            PreparedBlock {
                programs: formulas.iter().map(program).collect(),
                of_member: of_member.iter().map(program).collect(),
                of_unit: of_unit.iter().map(|shared| shared.as_ref().map(program)).collect(),
                bound: block.bound,
            }
        }));
        self.states.extend(theory.states.iter().map(|state| {
            let mut additions = [0.0; StateEvent::ALL.len()];
            for (event, formula) in &state.additions {
                additions[*event as usize] = constant(formula);
            }
            let start = constant(&state.start).clamp(0.0, state.most);
            PreparedState { start, half_life_days: constant(&state.half_life_days), most: state.most, additions }
        }));
        for (rule, formula) in &theory.rules {
            let first = rule.info().slot.given().start;
            self.rules[*rule as usize] = Some(PreparedRule { program: program(formula), first });
        }
        // What a block or conviction can be is bounded; the other rules are asked as they stand.
        let conviction = self.rules[Rule::Conviction as usize].iter().map(|rule| &rule.program);
        let bounded = self.blocks.iter().flat_map(|block| &block.of_member).chain(conviction);
        let hearing = bounded.map(|program| program.hearing(usize::from(MOST_UNHEARD))).max();
        self.hearing = hearing.unwrap_or(Hearing::Nothing);
    }

    /// Whether it states a rule.
    pub(crate) fn has_rule(&self, rule: Rule) -> bool {
        self.rules[rule as usize].is_some()
    }

    /// What a rule says of a member, with what its slot offers; none where it states none.
    pub(crate) fn of_member(&self, rule: Rule, model: &Model<'_>, member: Member, given: &[f64]) -> Option<f64> {
        // A rule names no block, whose kinds of exit it would have to tell apart.
        self.said(rule, given, |input| self.read(model, member, 0, input))
    }

    /// The same of a member whose conviction and number of kin in his group are known already.
    pub(crate) fn of_convinced(
        &self,
        rule: Rule,
        model: &Model<'_>,
        (member, conviction, n_kin): (Member, f64, f64),
        given: &[f64],
    ) -> Option<f64> {
        self.said(rule, given, |input| match input {
            Input::Quantity(at) if at == self.kin_in_group => QUANTITIES[at].kept(n_kin),
            Input::Quantity(at) if QUANTITIES[at].changes == Changes::AsConviction => QUANTITIES[at].kept(conviction),
            other => self.read(model, member, 0, other),
        })
    }

    /// Where it can lie until something touches the member, with what its slot offers
    /// in intervals.
    pub(crate) fn of_member_until_touched(
        &self,
        rule: Rule,
        model: &Model<'_>,
        member: Member,
        given: &[Interval],
    ) -> Option<Interval> {
        let PreparedRule { program, first } = self.rules[rule as usize].as_ref()?;
        Some(rule.kept_interval(program.bounds(|input| match input {
            Input::Given(at) => GIVEN[at].kept_interval(given[at - first]),
            other => self.until_touched(model, member, other),
        })))
    }

    /// What a rule says of one who is no member, by what its slot offers; none where
    /// it states none.
    pub(crate) fn of_nobody(&self, rule: Rule, given: &[f64]) -> Option<f64> {
        self.said(rule, given, |_| f64::NAN)
    }

    /// Where that can lie for what its slot offers in intervals, each part by itself:
    /// candidates are drawn below it, so that it's as much a part of what is drawn as the
    /// rule.
    pub(crate) fn of_nobody_within(&self, rule: Rule, given: &[Interval]) -> Option<Interval> {
        let PreparedRule { program, first } = self.rules[rule as usize].as_ref()?;
        Some(rule.kept_interval(program.interval(|input| match input {
            Input::Given(at) => GIVEN[at].kept_interval(given[at - first]),
            _ => Interval::of(f64::NAN),
        })))
    }

    fn said(&self, rule: Rule, given: &[f64], read: impl Fn(Input) -> f64) -> Option<f64> {
        let PreparedRule { program, first } = self.rules[rule as usize].as_ref()?;
        Some(rule.kept(program.value(|input| match input {
            Input::Given(at) => GIVEN[at].kept(given[at - first]),
            other => read(other),
        })))
    }

    /// How many claims of a kind a member may hear before he is looked at again: where more
    /// and more of them do ever more, few.
    pub(crate) fn most_unheard(&self) -> f64 {
        if self.hearing == Hearing::Follows { f64::from(MOST_UNHEARD) } else { f64::INFINITY }
    }

    /// What of the room of [`MOST_UNHEARD`] claims one more takes, where they are counted.
    pub(crate) fn room_of_claim(&self) -> f64 {
        if self.hearing == Hearing::Follows { 1.0 / f64::from(MOST_UNHEARD) } else { 0.0 }
    }

    /// Whether an author stated a bound, which may not hold.
    pub(crate) fn states_bounds(&self) -> bool {
        self.blocks.iter().any(|block| block.bound.is_some())
    }

    /// What its own blocks add to the log-hazards of a member.
    pub(crate) fn value(&self, model: &Model<'_>, member: Member) -> PerKind {
        sum(self.blocks.iter().map(|block| self.value_of(block, model, member)))
    }

    /// The most that they can add until something touches the member, without what is the
    /// same for everybody in his unit.
    pub(crate) fn most(&self, model: &Model<'_>, member: Member) -> PerKind {
        sum(self.blocks.iter().map(|block| self.most_of(block, model, member)))
    }

    /// The most that what is the same for everybody in a unit adds today, to any kind.
    pub(crate) fn most_of_unit(&self, model: &Model<'_>, unit: UnitId) -> f64 {
        let state = model.units.at(unit);
        let somebody = state.members.first().map(|&row| Member { row, unit, group: state.group });
        somebody.map_or(0.0, |member| self.blocks.iter().map(|block| self.of_unit_of(block, model, member)).sum())
    }

    /// The first block that adds more than it can or is stated to, with what it adds and
    /// could. A stated bound is looked at and nothing else: what may be passed over follows
    /// from what is derived, so that no exit is lost where the author is wrong.
    pub(crate) fn broken(&self, model: &Model<'_>, member: Member) -> Option<(usize, f64, f64)> {
        let is_above = |(value, most): (f64, f64)| (value.is_nan() || value > most).then_some((value, most));
        self.blocks.iter().enumerate().find_map(|(at, block)| {
            let of_unit = self.of_unit_of(block, model, member);
            let most = self.most_of(block, model, member).map(|of_member| {
                let derived = Interval::of(of_member + of_unit).ceiling();
                block.bound.map_or(derived, |bound| if bound < derived { bound } else { derived })
            });
            let pairs = self.value_of(block, model, member).into_iter().zip(most);
            pairs.into_iter().find_map(is_above).map(|(value, most)| (at, value, most))
        })
    }

    fn value_of(&self, block: &PreparedBlock, model: &Model<'_>, member: Member) -> PerKind {
        per_kind(&block.programs, |program, kind| program.value(|input| self.read(model, member, kind, input)))
    }

    fn most_of(&self, block: &PreparedBlock, model: &Model<'_>, member: Member) -> PerKind {
        let most = |program: &Program, _| program.bounds(|input| self.until_touched(model, member, input)).ceiling();
        per_kind(&block.of_member, most)
    }

    fn of_unit_of(&self, block: &PreparedBlock, model: &Model<'_>, member: Member) -> f64 {
        let value = |shared: &Option<Program>| match shared {
            Some(program) => Interval::of(program.value(|input| self.read(model, member, 0, input))).ceiling(),
            None => 0.0,
        };
        block.of_unit.iter().map(value).reduce(|a, b| if b > a { b } else { a }).unwrap_or(0.0)
    }

    fn read(&self, model: &Model<'_>, member: Member, kind: usize, input: Input) -> f64 {
        match input {
            Input::Quantity(at) => QUANTITIES[at].value(model, member),
            Input::Block(column) => {
                let value = (BLOCKS[column].rules.value)(model, member)[kind];
                value.clamp(BLOCK_INTERVAL.low, BLOCK_INTERVAL.high)
            }
            Input::State(at) => self.state_of(model, member.row, at),
            // Only rules of slots are given anything.
            Input::Given(_) => f64::NAN,
        }
    }

    fn until_touched(&self, model: &Model<'_>, member: Member, input: Input) -> Interval {
        match input {
            Input::Quantity(at) => QUANTITIES[at].until_touched(model, member, self.most_unheard()),
            Input::Block(_) => BLOCK_INTERVAL,
            Input::State(at) => Interval { low: 0.0, high: self.state_of(model, member.row, at) },
            Input::Given(_) => Interval::of(f64::NAN),
        }
    }
}

fn sum(parts: impl Iterator<Item = PerKind>) -> PerKind {
    parts.fold([0.0; N_KINDS], |sums, part| core::array::from_fn(|kind| sums[kind] + part[kind]))
}
