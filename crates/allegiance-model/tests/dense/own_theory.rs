//! Theories that somebody wrote: formulas walked as the trees that they are, on
//! quantities worked out anew, and states that fade from their last event.

use super::Dense;
use super::exit_blocks::PerKind;
use crate::belief::{SourceJudgement, judge_sources};
use crate::causes::Claim;
use crate::ids::{GroupId, IncidentId, PersonId};
use crate::maths::{daily_probability, exp, half_life_factor, ln, logistic, sqrt};
use crate::tables::{Rank, Standing};
use crate::theory::{
    Formula, Function, GIVEN, Guard, Interval, OwnState, OwnTheory, QUANTITIES, Rule, StateEvent, guards_of, narrowed,
};

/// Whose quantities are asked for, for which kind of exit, and what a slot offers.
#[derive(Clone, Copy)]
struct Asked<'a> {
    person: PersonId,
    members: &'a [PersonId],
    kind: usize,
    given: &'a dyn Fn(&str) -> f64,
}

/// The value of a part of a formula that isn't made of others.
type Leaf<'a> = &'a dyn Fn(&Formula) -> f64;

impl<'w> Dense<'w> {
    /// The theories that somebody wrote.
    fn owns(&self) -> &'w [OwnTheory] {
        &self.world.setup.own_theories
    }

    /// The theory that states a rule, and its formula.
    fn of_rule(&self, rule: Rule) -> Option<(&'w OwnTheory, &'w Formula)> {
        let stated =
            |own: &'w OwnTheory| own.rules.iter().find(|(other, _)| *other == rule).map(|(_, said)| (own, said));
        self.owns().iter().find_map(stated)
    }

    /// What the blocks of the theory of exit add together.
    pub(super) fn own_blocks(&self, person: PersonId, members: &[PersonId]) -> PerKind {
        std::array::from_fn(|kind| {
            let asked = Asked { person, members, kind, given: &|name| panic!("{name} is given to no block") };
            let blocks = self.owns().iter().flat_map(|own| own.own_blocks.iter().map(move |block| (own, block)));
            blocks.fold(0.0, |sum, (own, block)| sum + self.of_formula(own, &block.formulas[kind], Some(asked)))
        })
    }

    /// Whether a theory states a rule.
    pub(super) fn states_rule(&self, rule: Rule) -> bool {
        self.of_rule(rule).is_some()
    }

    /// What a rule says of a person in a unit, by what its slot offers; none where
    /// there is none, or he is in no unit.
    pub(super) fn own_rule(&self, rule: Rule, person: PersonId, given: &dyn Fn(&str) -> f64) -> Option<f64> {
        let (own, formula) = self.of_rule(rule)?;
        let members = self.members(self.person(person).unit?);
        let asked = Asked { person, members: &members, kind: 0, given };
        let (low, high) = rule.range();
        Some(self.of_formula(own, formula, Some(asked)).clamp(low, high))
    }

    /// What a rule says of one who is no member.
    pub(super) fn own_rule_of_nobody(&self, rule: Rule, given: &dyn Fn(&str) -> f64) -> f64 {
        let (low, high) = rule.range();
        let of = |(own, formula)| {
            let leaf = |part: &Formula| match part {
                Formula::Given(at) => kept(*at, given(GIVEN[*at].name)),
                other => self.of_formula(own, other, None),
            };
            walk(formula, &leaf).clamp(low, high)
        };
        self.of_rule(rule).map_or(0.0, of)
    }

    /// The most that it can say for what its slot offers in intervals.
    pub(super) fn most_of_nobody(&self, rule: Rule, given: &dyn Fn(&str) -> (f64, f64)) -> f64 {
        let (low, high) = rule.range();
        let of = |(own, formula)| {
            let leaf = |part: &Formula| match part {
                Formula::Given(at) => {
                    let (low, high) = given(GIVEN[*at].name);
                    Interval { low: kept(*at, low), high: kept(*at, high) }
                }
                other => Interval::of(self.of_formula(own, other, None)),
            };
            walk_intervals(formula, &leaf).high.clamp(low, high)
        };
        self.of_rule(rule).map_or(0.0, of)
    }

    fn of_formula(&self, own: &OwnTheory, formula: &Formula, asked: Option<Asked<'_>>) -> f64 {
        let member = || asked.expect("a formula of parameters alone asks for nothing else");
        match formula {
            Formula::Number(number) => *number,
            Formula::Own(at) => own.parameters[*at].value,
            Formula::Engine(path) => self.world.setup.parameter(path).expect("it was checked"),
            Formula::Quantity(at) => {
                let (low, high) = QUANTITIES[*at].range();
                self.quantity(QUANTITIES[*at].name, member()).clamp(low, high)
            }
            Formula::Block(column) => {
                let Asked { person, members, kind, .. } = member();
                self.block_of_column(*column, person, members)[kind].clamp(-50.0, 50.0)
            }
            Formula::State(at) => self.state_now(member().person, self.first_state(own) + *at),
            Formula::Given(at) => kept(*at, (member().given)(GIVEN[*at].name)),
            Formula::Apply(..) => walk(formula, &|part| self.of_formula(own, part, asked)),
        }
    }

    fn quantity(&self, name: &str, asked: Asked<'_>) -> f64 {
        let Asked { person, members, .. } = asked;
        let state = self.person(person);
        let (group, unit) = (self.group_of(person), self.unit_of(person));
        let since = |event: Option<(u32, IncidentId)>| event.map_or(36_500.0, |(day, _)| f64::from(self.day - day));
        let share_of_unit = |is_it: &dyn Fn(PersonId) -> bool| {
            members.iter().filter(|&&member| is_it(member)).count() as f64 / members.len().max(1) as f64
        };
        match name {
            "conviction" => self.conviction(person),
            "conviction_of_fight" => self.conviction_of(person, Claim::Fight),
            "conviction_of_rule" => self.conviction_of(person, Claim::Rule),
            "weight_of_fight" => self.heard(person).fight_weight,
            "conviction_on_joining" => state.heard.prior_conviction,
            "evidence" => state.heard.evidence,
            "claims_from_kin" => f64::from(state.heard.n_kin),
            "claims_from_rivals" => f64::from(state.told_of_fight.n_rivals + state.told_of_rule.n_rivals),
            "claims_from_outside" => f64::from(state.told_of_fight.n_outside + state.told_of_rule.n_outside),
            "denials" => f64::from(state.told_of_fight.n_denials + state.told_of_rule.n_denials),
            "released" => state.heard.released,
            "honesty_of_command" => self.judged(person).honesty[0],
            "credence" => self.judged(person).credence,
            "contradictions" => f64::from(state.heard.n_contradictions),
            "home_attacked" => flag(state.home_attacked.is_some()),
            "days_since_home_attacked" => since(state.home_attacked),
            "kin_killed" => flag(state.kin_killed.is_some()),
            "days_since_kin_killed" => since(state.kin_killed),
            "is_settled" => flag(state.settled_until > self.day),
            "offer_refused" => flag(state.offer_refused),
            "on_leave" => flag(self.is_on_leave(person)),
            "motive_ideology" => state.motives.ideology,
            "motive_material" => state.motives.material,
            "motive_social" => state.motives.social,
            "exit_threshold" => state.exit_threshold,
            "pay" => self.own_pay(person),
            "pay_on_first_day" => self.world.setup.groups[group.idx()].pay_usd_per_month,
            "is_foreign" => flag(state.is_foreign),
            "is_forced" => flag(state.is_forced),
            "is_female" => flag(state.is_female),
            "age" => f64::from(state.age),
            "rank" => match state.rank {
                Rank::RankAndFile => 0.0,
                Rank::UnitCommander => 1.0,
                Rank::FieldCommander => 2.0,
                Rank::Leadership => 3.0,
            },
            "is_commander" => flag(self.unit(unit).commander == Some(person)),
            "days_served" => f64::from(self.day - state.joined_day),
            "wounds" => f64::from(state.n_wounds),
            "is_newcomer" => flag(state.acceptance.is_some()),
            "acceptance" => state.acceptance.map_or(1.0, |acceptance| acceptance.level),
            "kin_in_group" => self.kin_in(person, &|other| other == group) - 1.0,
            "kin_with_enemies" => self.kin_in(person, &|other| self.at_war(self.unit(unit).place, group, other)),
            "unit_size" => {
                let n_active = members.iter().filter(|&&member| self.person(member).is_active()).count();
                self.world.setup.scaled_up(n_active as f64)
            }
            "unit_losses" => self.losses_of_unit(unit, members),
            "unit_exits" => self.share_who_left(person, members),
            "unit_from_one_area" => self.share_from_one_area(members),
            "unit_foreign" => share_of_unit(&|member| self.person(member).is_foreign),
            "unit_forced" => share_of_unit(&|member| self.person(member).is_forced),
            "unit_kin" => share_of_unit(&|member| state.clan.is_some() && self.person(member).clan == state.clan),
            "capture_risk" => self.perceived_risk(unit),
            "group_losses" => self.groups[group.idx()].losses,
            "group_momentum" => self.groups[group.idx()].momentum,
            "group_territory" => self.groups[group.idx()].territory,
            "victory" => self.groups[group.idx()].outlook,
            "victory_on_joining" => state.joined_outlook,
            "day" => f64::from(self.day),
            _ => self.quantity_of_places(name, person, group),
        }
    }

    fn quantity_of_places(&self, name: &str, person: PersonId, group: GroupId) -> f64 {
        let at_unit = self.unit(self.unit_of(person)).place;
        let home = self.person(person).home;
        match (name, home) {
            ("has_home", home) => flag(home.is_some()),
            ("here_held", _) => self.share(self.whereabouts(person).unwrap_or(at_unit), group),
            ("distance_home", Some(home)) => self.world.geography.distance_km(at_unit, home).unwrap_or(60.0),
            ("distance_home", None) => 60.0,
            ("home_held", Some(home)) => self.share(home, group),
            ("home_held_by_enemies", Some(home)) => self.enemy_share(group, home),
            ("home_deaths", Some(home)) => self.world.setup.scaled_up(self.places[home.idx()].recent_deaths),
            ("reprisals_at_home", Some(home)) => f64::from(self.places[home.idx()].kin_reprisals[group.idx()]),
            ("home_held" | "home_held_by_enemies" | "home_deaths" | "reprisals_at_home", None) => 0.0,
            _ => panic!("the quantity {name} has no twin"),
        }
    }

    fn judged(&self, person: PersonId) -> SourceJudgement {
        judge_sources(&self.world.setup.parameters.belief, &self.heard(person))
    }

    fn own_pay(&self, person: PersonId) -> f64 {
        let group = self.group_of(person);
        let spec = &self.world.setup.groups[group.idx()];
        let local = self.pay_usd(group);
        if self.person(person).is_foreign && spec.pay_usd_per_month > 0.0 {
            local * spec.pay_foreign_usd_per_month / spec.pay_usd_per_month
        } else {
            local
        }
    }

    /// Living members of his clan in groups; of who has none here, himself.
    fn kin_in(&self, person: PersonId, is_meant: &dyn Fn(GroupId) -> bool) -> f64 {
        let clan = self.person(person).clan;
        let is_kin = |other: &&super::Person| {
            if clan.is_some() { other.clan == clan } else { other.id == person }
        };
        let is_in = |other: &&super::Person| other.standing != Standing::Dead && other.group.is_some_and(is_meant);
        self.people.iter().filter(is_kin).filter(is_in).count() as f64
    }

    /// The states of all theories, each with its own.
    fn states(&self) -> Vec<(&'w OwnTheory, &'w OwnState)> {
        self.owns().iter().flat_map(|own| own.states.iter().map(move |state| (own, state))).collect()
    }

    /// Where those of one begin.
    fn first_state(&self, own: &OwnTheory) -> usize {
        self.owns().iter().take_while(|other| other.name != own.name).map(|other| other.states.len()).sum()
    }

    /// The states of one who has just joined, as of today.
    pub(super) fn fresh_states(&self) -> Vec<(f64, u32)> {
        let start = |(own, state): (&OwnTheory, &OwnState)| {
            (self.of_formula(own, &state.start, None).clamp(0.0, state.most), self.day)
        };
        self.states().into_iter().map(start).collect()
    }

    fn state_now(&self, person: PersonId, at: usize) -> f64 {
        let (value, since) = self.person(person).kept[at];
        let (own, state) = self.states()[at];
        let half_life_days = self.of_formula(own, &state.half_life_days, None);
        value * half_life_factor(f64::from(self.day - since), half_life_days)
    }

    /// An event adds to what the theories keep of a member.
    pub(super) fn note(&mut self, person: PersonId, event: StateEvent) {
        // Who never joined anything has none.
        let n_kept = self.person(person).kept.len();
        for (at, (own, state)) in self.states().into_iter().enumerate().take(n_kept) {
            for (_, addition) in state.additions.iter().filter(|(other, _)| *other == event) {
                let addition = self.of_formula(own, addition, None);
                if addition != 0.0 {
                    let value = (self.state_now(person, at) + addition).clamp(0.0, state.most);
                    let today = self.day;
                    self.person_mut(person).kept[at] = (value, today);
                }
            }
        }
    }

    /// Units learn today of those who got away.
    pub(super) fn learn_of_exits(&mut self) {
        for unit in self.unit_ids() {
            let n_known = self.unit(unit).exits_known.iter().filter(|&&day| day == self.day).count();
            for person in self.members(unit) {
                (0..n_known).for_each(|_| self.note(person, StateEvent::ComradeLeft));
            }
        }
    }
}

fn kept(given: usize, value: f64) -> f64 {
    let (low, high) = GIVEN[given].range();
    value.clamp(low, high)
}

/// A formula as the tree that it is, by the values of its leaves.
fn walk(formula: &Formula, leaf: Leaf<'_>) -> f64 {
    match formula {
        Formula::Apply(function, arguments) => {
            let values: Vec<f64> = arguments.iter().map(|argument| walk(argument, leaf)).collect();
            of_function(*function, &values)
        }
        part => leaf(part),
    }
}

/// The same over intervals, with the intervals of each function, which have a test of
/// their own; in a branch of an `if` what its condition says holds.
fn walk_intervals(formula: &Formula, leaf: &dyn Fn(&Formula) -> Interval) -> Interval {
    let Formula::Apply(function, arguments) = formula else { return leaf(formula) };
    let condition = (*function == Function::If).then(|| &arguments[0]);
    let part = |(nth, argument): (usize, &Formula)| {
        let known = condition.filter(|_| nth > 0).map_or_else(Vec::new, |condition| guards_of(condition, nth == 1));
        walk_intervals(argument, &|part| {
            let narrow = |interval, guard: &Guard| narrowed(interval, guard.comparison, leaf(&guard.to));
            known.iter().filter(|guard| guard.of == *part).fold(leaf(part), narrow)
        })
    };
    let parts: Vec<Interval> = arguments.iter().enumerate().map(part).collect();
    function.interval(&parts).expect("it was checked over the whole ranges")
}

fn flag(is_so: bool) -> f64 {
    if is_so { 1.0 } else { 0.0 }
}

/// Arithmetic, written down once more.
fn of_function(function: Function, values: &[f64]) -> f64 {
    let is = |at: usize| values[at] != 0.0;
    let extreme = |is_better: fn(f64, f64) -> bool| {
        let mut found = values[0];
        for &value in &values[1..] {
            if is_better(value, found) {
                found = value;
            }
        }
        found
    };
    match function {
        Function::Or => flag(is(0) || is(1)),
        Function::And => flag(is(0) && is(1)),
        Function::Not => flag(!is(0)),
        Function::Less => flag(values[0] < values[1]),
        Function::AtMost => flag(values[0] <= values[1]),
        Function::More => flag(values[0] > values[1]),
        Function::AtLeast => flag(values[0] >= values[1]),
        Function::Same => flag(values[0].partial_cmp(&values[1]) == Some(core::cmp::Ordering::Equal)),
        Function::Different => flag(values[0].partial_cmp(&values[1]) != Some(core::cmp::Ordering::Equal)),
        Function::Add => values[0] + values[1],
        Function::Subtract => values[0] - values[1],
        Function::Multiply => values[0] * values[1],
        Function::Divide => values[0] / values[1],
        Function::Negate => -values[0],
        Function::Min => extreme(|a, b| a < b),
        Function::Max => extreme(|a, b| a > b),
        Function::Clamp => {
            let raised = if values[1] > values[0] { values[1] } else { values[0] };
            if values[2] < raised { values[2] } else { raised }
        }
        Function::Exp => exp(values[0]),
        Function::Ln => ln(values[0]),
        Function::Sqrt => sqrt(values[0]),
        Function::Logistic => logistic(values[0]),
        Function::Fade => half_life_factor(values[0], values[1]),
        Function::Chance => daily_probability(values[0]),
        Function::If => values[if is(0) { 1 } else { 2 }],
    }
}
