//! Two scenarios on the same seeds.

use allegiance_lab::experiment::{Arm, BuildArm, Experiment, Precision, Robustness, Variant};
use allegiance_model::parameters::{ParameterInfo, Parameters};
use allegiance_model::setup::Setup;
use allegiance_record::outcomes::{Outcome, outcome_names};
use allegiance_record::setup_differences::{DifferenceKind, SetupDifference, setup_differences};
use allegiance_report::experiment::render_experiment;
use allegiance_scenario::problem::did_you_mean;
use allegiance_scenario::{ApplyChangeError, Scenario, apply_change, apply_change_elsewhere, check_each_once};
use allegiance_show::setup_differences::setup_differences_in_words;

use crate::{Fix, TaskError};

/// The outcomes of the whole war that are compared where none is named.
const USUAL_OUTCOMES: &[&str] = &[
    "deaths",
    "deaths_civilians",
    "exit_attempts",
    "desertions",
    "defections",
    "departures",
    "captures",
    "executed_leaving",
];
/// The outcomes of each group that are compared where none is named.
const USUAL_GROUP_OUTCOMES: &[&str] = &["members_end", "control_end"];
/// Fewest replicates before a width can stop the comparison.
const FEWEST: u32 = 20;

/// Two scenarios that share their luck, with what is asked of them.
#[derive(Debug)]
pub struct Comparison {
    scenarios: [Scenario; 2],
    sets: [Vec<String>; 2],
    /// The parameters that both scenarios set alike: what they differ in isn't
    /// drawn, or it would no longer be what is compared.
    shared: Vec<String>,
    /// The same of parameters of a theory that both have.
    shared_own: Vec<String>,
    outcomes: Vec<Outcome>,
    /// The two with their changes.
    setups: [Setup; 2],
    /// What differs between them.
    differs: Vec<SetupDifference>,
    /// Most replicates of each.
    pub replicates: u32,
    /// Half the width at which it stops.
    pub half_width: Option<f64>,
    /// Whether the sign is looked at under every theory.
    pub theories: bool,
    /// Draws of all parameters in which the sign is looked at.
    pub prior_draws: u32,
    /// Draws of all parameters under each theory, to tell what the differences depend on.
    pub crossed_draws: u32,
}

impl Comparison {
    /// Compares `b` with `a`, after the changes of both (`set`) and those of
    /// `b` alone (`set_b`); `b` gets the seed of `a`. Without names of
    /// outcomes, the usual ones that both have.
    ///
    /// # Errors
    /// Where a change can't be made, an outcome doesn't exist, or the two are
    /// different worlds: other places, groups, days, seeds or scales.
    pub fn new(
        (a, mut b): (Scenario, Scenario),
        (set, set_b): (&[String], &[String]),
        outcomes: &[String],
    ) -> Result<Self, TaskError> {
        b.setup.seed = a.setup.seed;
        // What both get may be changed again for the second.
        check_each_once(set)?;
        check_each_once(set_b)?;
        let sets = [set.to_vec(), [set, set_b].concat()];
        let scenarios = [a, b];
        let [mut first, mut second] = [&scenarios[0], &scenarios[1]].map(|scenario| scenario.setup.clone());
        change(&mut first, &sets[0])?;
        change(&mut second, &sets[1])?;
        let [a, b] = [&scenarios[0], &scenarios[1]];
        let differs = setup_differences(&first, &second);
        check_same_world((&a.id, &b.id), &differs)?;
        let paths = Parameters::dictionary().map(ParameterInfo::path);
        let is_shared = |path: &String| a.setup.parameters.value(path) == b.setup.parameters.value(path);
        let shared = paths.filter(is_shared).collect();
        let is_shared = |path: &String| first.parameter(path) == second.parameter(path);
        let is_set = |path: &String| {
            sets[1].iter().any(|set| set.split_once('=').is_some_and(|(key, _)| key.trim() == path.as_str()))
        };
        let own = first.own_dictionary().map(ParameterInfo::path);
        let shared_own = own.filter(|path| is_shared(path) && !is_set(path)).collect();
        let outcomes = outcomes_of(outcomes, a, b)?;
        Ok(Self {
            shared,
            shared_own,
            outcomes,
            scenarios,
            sets,
            differs,
            setups: [first, second],
            replicates: 100,
            half_width: None,
            theories: false,
            prior_draws: 0,
            crossed_draws: 0,
        })
    }

    /// What the two set outside its plausible range, in words, each once.
    pub fn implausible(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for found in self.setups.iter().flat_map(Setup::implausible) {
            let line = format!("warning: {found}");
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        lines
    }

    /// What differs between the two.
    pub fn differs(&self) -> &[SetupDifference] {
        &self.differs
    }

    /// The setup of one of the two in a variant.
    ///
    /// # Errors
    /// Why there is none, as text.
    pub fn build(&self, arm: usize, variant: &Variant) -> Result<Setup, String> {
        let mut setup = self.scenarios[arm].setup.clone();
        // Theories that a change names give way to those that are tried.
        let by = match variant {
            Variant::Theory(_) | Variant::Crossed { .. } => apply_change_elsewhere,
            Variant::Main | Variant::Prior(..) => apply_change,
        };
        variant.drawing(&|path| self.shared.iter().any(|shared| shared == path)).apply(&mut setup)?;
        let changed = self.sets[arm].iter().try_for_each(|assignment| by(&mut setup, assignment));
        changed.map_err(|error| error.to_string())?;
        if let Variant::Prior(..) = variant {
            // The changes bring the theory whose parameters are drawn.
            variant.drawing(&|path| self.shared_own.iter().any(|own| own == path)).apply(&mut setup)?;
        }
        Ok(setup)
    }

    /// The comparison as an experiment of two arms; `build` is
    /// [`Comparison::build`] of the same comparison.
    pub fn experiment<'a>(&self, build: &'a BuildArm<'a>) -> Experiment<'a> {
        let [a, b] = &self.scenarios;
        let of_b = &self.sets[1][self.sets[0].len()..];
        let changes = if of_b.is_empty() { String::new() } else { format!(" with {}", of_b.join(", ")) };
        Experiment {
            id: "compare".to_owned(),
            title: if a.id == b.id {
                format!("{} against itself{changes}", a.id)
            } else {
                format!("{} against {}", a.id, b.id)
            },
            question: if a.title == b.title && !of_b.is_empty() {
                format!("What does {} change in {}?", of_b.join(", "), a.title)
            } else {
                format!("What differs between {} and {}{changes}?", a.title, b.title)
            },
            scenario_id: a.id.clone(),
            about: a.setup.about(),
            texts: vec![format!("# allegiance compare {} {}{changes}\n", a.id, b.id)],
            arms: vec![
                Arm { id: "a".to_owned(), title: a.title.clone(), differs: Vec::new() },
                Arm { id: "b".to_owned(), title: format!("{}{changes}", b.title), differs: self.differs.clone() },
            ],
            baseline: 0,
            outcomes: self.outcomes.clone(),
            precision: Precision {
                outcome: 0,
                half_width: self.half_width,
                batch: FEWEST.min(self.replicates),
                min: FEWEST.min(self.replicates),
                max: self.replicates,
            },
            robustness: Robustness {
                theories: self.theories,
                replicates: self.replicates.min(FEWEST),
                prior_draws: self.prior_draws,
                prior_replicates: 4,
                crossed_draws: self.crossed_draws,
                crossed_replicates: 4,
                seed: 0,
            },
            build,
            summarise: render_experiment,
        }
    }
}

/// Refuses to compare different worlds.
pub(crate) fn check_same_world((a, b): (&str, &str), differs: &[SetupDifference]) -> Result<(), TaskError> {
    let of_world: Vec<SetupDifference> = differs.iter().filter(|one| one.kind.is_of_world()).cloned().collect();
    // Other places or groups are other worlds, whatever else is made equal.
    let is_map = |one: &&SetupDifference| matches!(one.kind, DifferenceKind::Place | DifferenceKind::Group);
    let Some(first) = of_world.iter().find(is_map).or(of_world.first()) else { return Ok(()) };
    let words = setup_differences_in_words(&of_world).join("; ");
    let text = format!(
        "{a} and {b} are different worlds, whose replicates share no random draws, or are counted over other days or \
         people: {words}"
    );
    Err(TaskError::fixable(text, Fix::SameWorld(first.kind)))
}

fn change(setup: &mut Setup, sets: &[String]) -> Result<(), ApplyChangeError> {
    sets.iter().try_for_each(|assignment| apply_change(setup, assignment))
}

/// The outcome of a name, or why there is none, with the nearest name.
pub(crate) fn parse_outcome(name: &str, (scenario_id, setup): (&str, &Setup)) -> Result<Outcome, TaskError> {
    Outcome::parse(name, setup).map_err(|error| {
        let choices: Vec<&str> = error.choices.iter().map(String::as_str).collect();
        let hint = did_you_mean(name, &choices).map_or_else(String::new, |hint| format!(" ({hint})"));
        let text = format!("{name:?} isn't an outcome of {scenario_id}{hint}");
        TaskError::fixable(text, Fix::ListOutcomes(scenario_id.to_owned()))
    })
}

/// The outcomes asked for, or the usual ones that both scenarios have.
pub(crate) fn outcomes_of(names: &[String], a: &Scenario, b: &Scenario) -> Result<Vec<Outcome>, TaskError> {
    let mut outcomes: Vec<Outcome> = Vec::new();
    for name in names {
        for scenario in [a, b] {
            let outcome = parse_outcome(name, (&scenario.id, &scenario.setup))?;
            if std::ptr::eq(scenario, a) {
                outcomes.push(outcome);
            }
        }
    }
    if !outcomes.is_empty() {
        return Ok(outcomes);
    }
    let is_usual = |name: &String| {
        USUAL_OUTCOMES.contains(&name.as_str())
            || name.starts_with("groups.")
                && name.rsplit_once('.').is_some_and(|(_, word)| USUAL_GROUP_OUTCOMES.contains(&word))
    };
    let names = outcome_names(&a.setup).into_iter().filter(is_usual);
    Ok(names
        .filter(|name| Outcome::parse(name, &b.setup).is_ok())
        .filter_map(|name| Outcome::parse(&name, &a.setup).ok())
        .collect())
}
