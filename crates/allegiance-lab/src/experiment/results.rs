//! What an experiment finds: differences, and how far their signs agree.

use super::pieces::{Measured, Pieces};
use super::variants::{Variant, prior_variants, theory_variants};
use super::{Arm, Experiment, ExperimentError};
use allegiance_model::setup::Theory;
use allegiance_record::difference::Difference;
use allegiance_record::intervals::Interval;
use allegiance_record::setup_differences::SetupDifference;
use serde::{Deserialize, Serialize};

/// Why no further batch was run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stop {
    /// Every interval was narrow enough.
    Precise,
    /// The most replicates were run, and some interval is wider than wanted.
    Most,
    /// The most replicates were run, as no width was asked for.
    Fixed,
}

/// The difference under one pair of theories.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SettingDifference {
    /// The theory of belief.
    pub belief: String,
    /// The theory of exit.
    pub exit: String,
    /// Arm minus baseline; empty where the outcome exists in no pair.
    pub difference: Option<Difference>,
}

/// How a difference's sign fares under every theory.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct TheoryAgreement {
    /// Theories under which the interval lies above zero.
    pub n_up: usize,
    /// Theories under which it lies below zero.
    pub n_down: usize,
    /// Theories under which it includes zero, or there is none.
    pub n_unclear: usize,
    /// Each of them.
    pub theories: Vec<SettingDifference>,
}

/// How it fares over draws of the parameters.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct PriorAgreement {
    /// Draws with a mean difference above zero.
    pub n_up: usize,
    /// Draws with one below zero.
    pub n_down: usize,
    /// Draws with none, or without the outcome.
    pub n_zero: usize,
    /// The mean differences over the draws.
    pub differences: Option<Interval>,
}

/// How far a sign holds elsewhere.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Agreement {
    /// Under every theory; empty where they weren't tried.
    pub theories: Option<TheoryAgreement>,
    /// Over prior draws; empty where there were none.
    pub priors: Option<PriorAgreement>,
}

/// One arm and one outcome.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ArmOutcome {
    /// Identifier of the arm.
    pub arm: String,
    /// Name of the outcome.
    pub outcome: String,
    /// Its unit.
    pub unit: String,
    /// Arm minus baseline, paired; empty where the outcome exists in no pair.
    pub difference: Option<Difference>,
    /// How far its sign holds elsewhere.
    pub agreement: Agreement,
}

/// An arm, as results name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArmEntry {
    /// Identifier.
    pub id: String,
    /// What it is.
    pub title: String,
    /// What differs from the baseline.
    #[serde(default)]
    pub differs: Vec<SetupDifference>,
}

/// What came of an experiment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExperimentResults {
    /// Identifier.
    pub id: String,
    /// Title.
    pub title: String,
    /// What every result says of itself.
    #[serde(default)]
    pub about: String,
    /// What was asked.
    pub question: String,
    /// Identifier of the scenario.
    pub scenario: String,
    /// The arms.
    pub arms: Vec<ArmEntry>,
    /// The arm that the others are compared with.
    pub baseline: String,
    /// Replicates of each arm.
    pub n_replicates: u32,
    /// Why no more.
    pub stopped: Stop,
    /// The outcome whose intervals decided it.
    pub decided_by: String,
    /// Half the width that was wanted.
    pub half_width: Option<f64>,
    /// Replicates under each theory.
    pub n_theory_replicates: u32,
    /// Draws of the parameters, and replicates of each.
    pub n_prior_draws: u32,
    /// Replicates of each draw.
    pub n_prior_replicates: u32,
    /// Outcome by outcome, the arms but the baseline.
    pub differences: Vec<ArmOutcome>,
}

/// Runs everything; gives the results and the replicates of each arm.
pub(super) fn run(
    experiment: &Experiment<'_>,
    pieces: &Pieces<'_>,
) -> Result<(ExperimentResults, Vec<Measured>), ExperimentError> {
    let theories = if experiment.robustness.theories { theory_variants() } else { Vec::new() };
    let priors = prior_variants(experiment.robustness.prior_draws, experiment.robustness.seed);
    let n_arms = experiment.arms.len();
    let n_batches = experiment.precision.max.div_ceil(experiment.precision.batch) as usize;
    pieces.begin(n_arms * (n_batches + theories.len() + priors.len()));
    let (arms, stopped) = run_main(experiment, pieces)?;
    let run_all =
        |kind: &str, variants: &[Variant], n_replicates: u32| -> Result<Vec<Vec<Measured>>, ExperimentError> {
            let each = |(number, variant): (usize, &Variant)| {
                let arms = 0..n_arms;
                arms.map(|arm| pieces.measure(&format!("{kind}{number:05}-arm{arm:02}"), arm, variant, 0..n_replicates))
                    .collect()
            };
            variants.iter().enumerate().map(each).collect()
        };
    let by_theory = run_all("theory", &theories, experiment.robustness.replicates)?;
    let by_prior = run_all("prior", &priors, experiment.robustness.prior_replicates)?;
    let mut differences = Vec::new();
    for (at, outcome) in experiment.outcomes.iter().enumerate() {
        for arm in (0..n_arms).filter(|&arm| arm != experiment.baseline) {
            differences.push(ArmOutcome {
                arm: experiment.arms[arm].id.clone(),
                outcome: outcome.name.clone(),
                unit: outcome.unit.to_owned(),
                difference: difference(experiment, &arms, arm, at),
                agreement: Agreement {
                    theories: (!theories.is_empty()).then(|| {
                        let found = by_theory.iter().map(|arms| difference(experiment, arms, arm, at));
                        theory_agreement(&theories, found)
                    }),
                    priors: (!priors.is_empty())
                        .then(|| prior_agreement(by_prior.iter().map(|arms| difference(experiment, arms, arm, at)))),
                },
            });
        }
    }
    let results = ExperimentResults {
        id: experiment.id.clone(),
        title: experiment.title.clone(),
        about: experiment.about.to_owned(),
        question: experiment.question.clone(),
        scenario: experiment.scenario_id.clone(),
        arms: experiment.arms.iter().map(|arm| entry(arm)).collect(),
        baseline: experiment.arms[experiment.baseline].id.clone(),
        n_replicates: arms[0].len() as u32,
        stopped,
        decided_by: experiment.outcomes[experiment.precision.outcome].name.clone(),
        half_width: experiment.precision.half_width,
        n_theory_replicates: if theories.is_empty() { 0 } else { experiment.robustness.replicates },
        n_prior_draws: experiment.robustness.prior_draws,
        n_prior_replicates: if priors.is_empty() { 0 } else { experiment.robustness.prior_replicates },
        differences,
    };
    Ok((results, arms))
}

fn entry(arm: &Arm) -> ArmEntry {
    ArmEntry { id: arm.id.clone(), title: arm.title.clone(), differs: arm.differs.clone() }
}

/// Runs batches of every arm until the intervals are narrow enough.
fn run_main(experiment: &Experiment<'_>, pieces: &Pieces<'_>) -> Result<(Vec<Measured>, Stop), ExperimentError> {
    let precision = &experiment.precision;
    let mut arms: Vec<Measured> = vec![Vec::new(); experiment.arms.len()];
    let mut n_done = 0;
    loop {
        let until = (n_done + precision.batch).min(precision.max);
        for (arm, measured) in arms.iter_mut().enumerate() {
            let name = format!("main{n_done:06}-arm{arm:02}");
            measured.extend(pieces.measure(&name, arm, &Variant::Main, n_done..until)?);
        }
        n_done = until;
        let is_narrow = |wanted: f64| {
            let mut others = (0..arms.len()).filter(|&arm| arm != experiment.baseline);
            // An outcome that exists in no pair will not exist in more.
            others.all(|arm| {
                difference(experiment, &arms, arm, precision.outcome).is_none_or(|d| (d.high - d.low) / 2.0 <= wanted)
            })
        };
        match precision.half_width {
            Some(wanted) if n_done >= precision.min && is_narrow(wanted) => return Ok((arms, Stop::Precise)),
            Some(_) if n_done >= precision.max => return Ok((arms, Stop::Most)),
            None if n_done >= precision.max => return Ok((arms, Stop::Fixed)),
            _ => {}
        }
    }
}

/// An arm's difference from the baseline in one outcome.
fn difference(experiment: &Experiment<'_>, arms: &[Measured], arm: usize, outcome: usize) -> Option<Difference> {
    let column = |arm: usize| arms[arm].iter().map(|row| row[outcome]).collect::<Vec<f64>>();
    Difference::between(&column(experiment.baseline), &column(arm), experiment.robustness.seed)
}

fn theory_agreement(variants: &[Variant], found: impl Iterator<Item = Option<Difference>>) -> TheoryAgreement {
    let mut agreement = TheoryAgreement::default();
    for (variant, difference) in variants.iter().zip(found) {
        match difference {
            Some(d) if d.low > 0.0 => agreement.n_up += 1,
            Some(d) if d.high < 0.0 => agreement.n_down += 1,
            _ => agreement.n_unclear += 1,
        }
        let Variant::Theory(Theory { belief, exit }) = variant else {
            continue;
        };
        agreement.theories.push(SettingDifference {
            belief: belief.word().to_owned(),
            exit: exit.word().to_owned(),
            difference,
        });
    }
    agreement
}

fn prior_agreement(found: impl Iterator<Item = Option<Difference>>) -> PriorAgreement {
    let means: Vec<f64> = found.map(|difference| difference.map_or(f64::NAN, |d| d.mean)).collect();
    let n_of = |is_so: fn(f64) -> bool| means.iter().filter(|&&mean| is_so(mean)).count();
    let (n_up, n_down) = (n_of(|mean| mean > 0.0), n_of(|mean| mean < 0.0));
    PriorAgreement { n_up, n_down, n_zero: means.len() - n_up - n_down, differences: Interval::of(means) }
}
