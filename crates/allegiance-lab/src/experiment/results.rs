//! What an experiment finds: differences, and how far their signs agree.

use super::crossed::{CrossedDifference, OutcomeParts, Settings};
use super::pieces::Pieces;
use super::priors::PriorAgreement;
use super::variants::{Variant, crossed_variants, prior_variants, theory_variants};
use super::{Arm, Experiment, ExperimentError};
use crate::measured::Measured;
use allegiance_model::parameters::ParameterInfo;
use allegiance_model::setup::Theory;
use allegiance_record::difference::{Difference, Family, MeanInterval, differences_of, together};
use allegiance_record::nothing::NothingDiffers;
use allegiance_record::outcomes::Outcome;
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
    /// Whether anything that was drawn or decided differs under it.
    #[serde(alias = "is_possible")]
    pub any_differs: bool,
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
    /// Theories under which no replicate differs at all.
    #[serde(alias = "n_impossible")]
    pub n_same: usize,
    /// Each of them.
    pub theories: Vec<SettingDifference>,
}

/// How far a sign holds elsewhere.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Agreement {
    /// Under every theory; empty where they weren't tried.
    pub theories: Option<TheoryAgreement>,
    /// Over prior draws; empty where there were none.
    pub priors: Option<PriorAgreement>,
    /// Over theories, parameters and luck; empty where they weren't crossed.
    #[serde(default)]
    pub crossed: Option<CrossedDifference>,
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
    /// Its interval and probability together with all arms and outcomes of the
    /// experiment: all such intervals hold their means in 95 of 100 experiments. Empty where it
    /// has no interval alone.
    #[serde(default)]
    pub together: Option<MeanInterval>,
    /// How far its sign holds elsewhere.
    pub agreement: Agreement,
}

impl ArmOutcome {
    /// The probability that any arm or outcome of the experiment shows so clear a difference by
    /// chance; empty where it has no interval.
    pub fn p_together(&self) -> Option<f64> {
        self.together.map(|found| found.p)
    }
}

/// An arm, as results name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArmEntry {
    /// Identifier.
    pub id: String,
    /// What it is.
    pub title: String,
    /// What differs from the baseline.
    pub differs: ArmDiffers,
}

/// What differs between an arm and the baseline: nothing for the baseline itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ArmDiffers {
    /// What it was given otherwise.
    pub setup: Vec<SetupDifference>,
    /// Where nothing came of that in any replicate: why, and whether no effect is possible.
    pub nothing_came: Option<NothingDiffers>,
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
    /// Draws of the parameters under each theory, to tell what differences depend on.
    #[serde(default)]
    pub n_crossed_draws: u32,
    /// Replicates of each.
    #[serde(default)]
    pub n_crossed_replicates: u32,
    /// What each outcome varies by, over arms, theories, parameters and luck; empty where
    /// they weren't crossed.
    #[serde(default)]
    pub parts: Vec<OutcomeParts>,
    /// How many of the intervals exclude zero, alone and together.
    pub family: Family,
    /// Outcome by outcome, the arms but the baseline.
    pub differences: Vec<ArmOutcome>,
}

impl ExperimentResults {
    /// Replicates that would make every interval of the deciding outcome as
    /// narrow as wanted; empty where they are, or no width was asked for.
    pub fn replicates_needed(&self) -> Option<u64> {
        let wanted = self.half_width.filter(|_| self.stopped == Stop::Most)?;
        let of_outcome = self.differences.iter().filter(|row| row.outcome == self.decided_by);
        let needed = of_outcome.filter_map(|row| row.difference?.pairs_for_half_width(wanted)).max()?;
        Some(needed.max(u64::from(self.n_replicates) + 1))
    }

    /// That no replicate of an arm differs, where none does.
    pub fn nothing_came(&self, arm: &str) -> Option<&NothingDiffers> {
        self.arms.iter().find(|entry| entry.id == arm)?.differs.nothing_came.as_ref()
    }
}

/// What was run: the results, and the replicates that they are of.
pub(super) struct Found {
    pub(super) results: ExperimentResults,
    /// The replicates of each arm.
    pub(super) arms: Vec<Measured>,
    /// The settings that were crossed.
    pub(super) settings: Vec<Variant>,
    /// Setting by setting, the replicates of each arm.
    pub(super) crossed: Vec<Vec<Measured>>,
}

/// Runs everything.
pub(super) fn run(experiment: &Experiment<'_>, pieces: &Pieces<'_>) -> Result<Found, ExperimentError> {
    let theories = if experiment.robustness.theories { theory_variants() } else { Vec::new() };
    let own = own_parameters(experiment);
    let priors = prior_variants(&own, experiment.robustness.prior_draws, experiment.robustness.seed);
    let n_arms = experiment.arms.len();
    let settings = crossed_variants(experiment.robustness.crossed_draws, experiment.robustness.seed);
    let n_batches = experiment.precision.max.div_ceil(experiment.precision.batch) as usize;
    pieces.begin(n_arms * (n_batches + theories.len() + priors.len() + settings.len()));
    let (arms, stopped) = run_main(experiment, pieces)?;
    let elsewhere = |kind, variants: &[Variant], n| run_elsewhere(pieces, n_arms, (kind, variants, n));
    let by_theory = elsewhere("theory", &theories, experiment.robustness.replicates)?;
    let by_prior = elsewhere("prior", &priors, experiment.robustness.prior_replicates)?;
    let crossed = elsewhere("crossed", &settings, experiment.robustness.crossed_replicates)?;
    let of_settings = Settings::of(&settings);
    let mut differences = Vec::new();
    for (at, outcome) in experiment.outcomes.iter().enumerate() {
        for arm in (0..n_arms).filter(|&arm| arm != experiment.baseline) {
            let pair_of = |arms: &Vec<Measured>| pair(experiment, arms, arm, at);
            differences.push(ArmOutcome {
                arm: experiment.arms[arm].id.clone(),
                outcome: outcome.name.clone(),
                unit: outcome.unit.to_owned(),
                difference: pair_of(&arms).difference,
                together: None,
                agreement: Agreement {
                    theories: (!theories.is_empty())
                        .then(|| theory_agreement(&theories, by_theory.iter().map(pair_of))),
                    priors: (!priors.is_empty()).then(|| PriorAgreement::of(by_prior.iter().map(pair_of))),
                    crossed: of_settings.difference(&crossed, (experiment.baseline, arm), at),
                },
            });
        }
    }
    let family = tell_together(experiment, &arms, &mut differences);
    let outcomes = experiment.outcomes.iter().enumerate();
    let parts_of = |(at, outcome): (usize, &Outcome)| {
        Some(OutcomeParts { outcome: outcome.name.clone(), parts: of_settings.parts(&crossed, at)? })
    };
    let parts = outcomes.filter_map(parts_of).collect();
    let results = ExperimentResults {
        id: experiment.id.clone(),
        title: experiment.title.clone(),
        about: experiment.about.to_owned(),
        question: experiment.question.clone(),
        scenario: experiment.scenario_id.clone(),
        arms: entries(experiment, &arms),
        baseline: experiment.arms[experiment.baseline].id.clone(),
        n_replicates: arms[0].outcomes.len() as u32,
        stopped,
        decided_by: experiment.outcomes[experiment.precision.outcome].name.clone(),
        half_width: experiment.precision.half_width,
        n_theory_replicates: if theories.is_empty() { 0 } else { experiment.robustness.replicates },
        n_prior_draws: experiment.robustness.prior_draws,
        n_prior_replicates: if priors.is_empty() { 0 } else { experiment.robustness.prior_replicates },
        n_crossed_draws: experiment.robustness.crossed_draws,
        n_crossed_replicates: if settings.is_empty() { 0 } else { experiment.robustness.crossed_replicates },
        parts,
        family,
        differences,
    };
    Ok(Found { results, arms, settings, crossed })
}

/// The parameters of theories that somebody wrote, as the baseline has them.
fn own_parameters(experiment: &Experiment<'_>) -> Vec<&'static ParameterInfo> {
    let baseline = (experiment.build)(experiment.baseline, &Variant::Main);
    baseline.map_or_else(|_| Vec::new(), |setup| setup.own_dictionary().collect())
}

/// Runs every arm in some variants: variant by variant, the replicates of each arm.
fn run_elsewhere(
    pieces: &Pieces<'_>,
    n_arms: usize,
    (kind, variants, n_replicates): (&str, &[Variant], u32),
) -> Result<Vec<Vec<Measured>>, ExperimentError> {
    let each = |(number, variant): (usize, &Variant)| {
        let measure = |arm| pieces.measure(&format!("{kind}{number:05}-arm{arm:02}"), arm, variant, 0..n_replicates);
        (0..n_arms).map(measure).collect()
    };
    variants.iter().enumerate().map(each).collect()
}

/// Gives each difference its interval together with all others; how many tell their sign.
fn tell_together(experiment: &Experiment<'_>, arms: &[Measured], differences: &mut [ArmOutcome]) -> Family {
    let others = || (0..arms.len()).filter(|&arm| arm != experiment.baseline);
    let pairs = (0..experiment.outcomes.len()).flat_map(|at| others().map(move |arm| (arm, at)));
    let rows: Vec<Vec<f64>> =
        pairs.map(|(arm, at)| differences_of(&arms[experiment.baseline].column(at), &arms[arm].column(at))).collect();
    differences.iter_mut().zip(together(&rows)).for_each(|(row, found)| row.together = found);
    let p_of = |of: fn(&ArmOutcome) -> Option<MeanInterval>| -> Vec<Option<f64>> {
        differences.iter().map(|row| of(row).map(|found| found.p)).collect()
    };
    Family::of(&p_of(|row| row.difference?.interval), &p_of(|row| row.together))
}

/// The arms, with why nothing differs in those where nothing does.
fn entries(experiment: &Experiment<'_>, arms: &[Measured]) -> Vec<ArmEntry> {
    let setup = |arm: usize| (experiment.build)(arm, &Variant::Main).ok();
    let baseline = experiment.baseline;
    let entry = |(at, arm): (usize, &Arm)| {
        let digests = [arms[baseline].digests.as_slice(), arms[at].digests.as_slice()];
        let is_the_same = at != baseline && digests[0] == digests[1];
        let setups = if is_the_same { setup(baseline).zip(setup(at)) } else { None };
        let nothing_came = is_the_same
            .then(|| NothingDiffers::between(digests, setups.as_ref().map(|(first, second)| [first, second])))
            .flatten();
        let differs = ArmDiffers { setup: arm.differs.clone(), nothing_came };
        ArmEntry { id: arm.id.clone(), title: arm.title.clone(), differs }
    };
    experiment.arms.iter().enumerate().map(entry).collect()
}

/// Runs batches of every arm until the intervals are narrow enough.
fn run_main(experiment: &Experiment<'_>, pieces: &Pieces<'_>) -> Result<(Vec<Measured>, Stop), ExperimentError> {
    let precision = &experiment.precision;
    let mut arms: Vec<Measured> = vec![Measured::default(); experiment.arms.len()];
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
            // What exists in no pair will not exist in more; what differs in none has
            // no width.
            others.all(|arm| {
                let found = pair(experiment, &arms, arm, precision.outcome).difference;
                found.and_then(|found| found.interval).is_none_or(|interval| interval.half_width() <= wanted)
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

/// An arm beside the baseline in one outcome.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair {
    pub(super) difference: Option<Difference>,
    /// Whether anything that was drawn or decided differs.
    pub(super) any_differs: bool,
}

fn pair(experiment: &Experiment<'_>, arms: &[Measured], arm: usize, outcome: usize) -> Pair {
    let [baseline, arm] = [&arms[experiment.baseline], &arms[arm]];
    Pair {
        difference: Difference::between(&baseline.column(outcome), &arm.column(outcome)),
        any_differs: baseline.digests != arm.digests,
    }
}

fn theory_agreement(variants: &[Variant], found: impl Iterator<Item = Pair>) -> TheoryAgreement {
    let mut agreement = TheoryAgreement::default();
    for (variant, Pair { difference, any_differs }) in variants.iter().zip(found) {
        let count = match difference {
            _ if !any_differs => &mut agreement.n_same,
            Some(found) if found.is_above() => &mut agreement.n_up,
            Some(found) if found.is_below() => &mut agreement.n_down,
            _ => &mut agreement.n_unclear,
        };
        *count += 1;
        let Variant::Theory(Theory { belief, exit }) = variant else {
            continue;
        };
        agreement.theories.push(SettingDifference {
            belief: belief.word().to_owned(),
            exit: exit.word().to_owned(),
            difference,
            any_differs,
        });
    }
    agreement
}
