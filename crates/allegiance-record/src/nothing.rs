//! Arms whose tables are those of the baseline in every replicate.
//!
//! Such an arm has no difference to estimate. A zero with an interval would look
//! like one. That no effect is *possible* follows only where the setups explain
//! all that differs between them; else other replicates may differ.

use allegiance_model::MECHANISMS;
use allegiance_model::exits::{ActiveBlocks, BLOCKS};
use allegiance_model::parameters::{ParameterInfo, Parameters};
use allegiance_model::setup::{BeliefTheory, Change, Lever, Mechanism, PlaceSetup, Setup, TimelineEntry};
use allegiance_model::tables::Cause;
use allegiance_model::theory::Slot;
use serde::{Deserialize, Serialize};

use crate::digest::digest_of_setup;
use crate::setup_differences::setup_differences;

/// Why nothing differs, where it is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum WhyNothing {
    /// The two setups are equal.
    SameSetup,
    /// What differs belongs to the reported record, or to what is known of the war.
    OnlyReported,
    /// What differs belongs to a mechanism that is off.
    MechanismOff {
        /// What differs.
        what: String,
        /// The mechanism.
        mechanism: String,
    },
    /// A parameter belongs to another theory of belief.
    OtherTheory {
        /// The parameter.
        what: String,
        /// The theory of belief in use.
        theory: String,
    },
    /// A parameter belongs to a block that the theory of exit lacks.
    NoBlock {
        /// The parameter.
        what: String,
        /// The block.
        block: String,
        /// The theory of exit in use.
        theory: String,
    },
    /// A parameter says how a lever acts that no entry of the timeline sets.
    NoLever {
        /// The parameter.
        what: String,
        /// The lever.
        lever: String,
    },
    /// A mechanism is switched that did nothing in these replicates.
    NothingToDo {
        /// The mechanism.
        mechanism: String,
    },
    /// An entry of the timeline is dated after the last day.
    AfterTheEnd {
        /// Its day, counted from 0.
        day: u32,
        /// Days that are simulated.
        n_days: u32,
    },
}

/// An arm whose tables are those of its baseline in every replicate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NothingDiffers {
    /// The reasons that are known; there may be none.
    pub because: Vec<WhyNothing>,
    /// Whether they explain all that differs between the two setups, so that no
    /// effect is possible in any replicate. Else only these replicates are equal.
    #[serde(default)]
    pub follows: bool,
    /// Replicates, or pairs, that were seen.
    #[serde(default)]
    pub n_pairs: usize,
}

impl NothingDiffers {
    /// Where the digests of two arms are equal in every replicate, with the
    /// reasons that their setups give; `None` where some digest differs, or there
    /// is no replicate.
    pub fn between(digests: [&[String]; 2], setups: Option<[&Setup; 2]>) -> Option<Self> {
        let [first, second] = digests;
        if first.is_empty() || first != second {
            return None;
        }
        let (because, follows) = setups.map_or_else(Default::default, |[baseline, arm]| reasons(baseline, arm));
        Some(Self { because, follows, n_pairs: first.len() })
    }
}

/// What a parameter acts through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Channel {
    Mechanism(Mechanism),
    Belief(&'static [BeliefTheory]),
    Block(Cause),
    Lever(Lever),
}

/// Mechanisms whose parameters act through another switch than one of their name,
/// or through several; those of any other act through its own switch.
const SWITCHED_ELSEWHERE: &[(&str, Option<Mechanism>)] = &[("relations", Some(Mechanism::Infighting)), ("news", None)];

const BAYESIAN: &[BeliefTheory] = &[BeliefTheory::SourceCredibility];
const MOTIVATED: &[BeliefTheory] = &[BeliefTheory::MotivatedReasoning];
const AVERAGING: &[BeliefTheory] = &[BeliefTheory::SocialAveraging];

/// What single parameters act through; those of a block of the exit hazard act
/// through it.
const OF_PARAMETER: &[(&str, Channel)] = &[
    ("belief.discount", Channel::Belief(MOTIVATED)),
    ("belief.release", Channel::Belief(MOTIVATED)),
    ("belief.averaging_per_month", Channel::Belief(AVERAGING)),
    ("belief.averaging_kin_weight", Channel::Belief(AVERAGING)),
    ("belief.p_caught_lying_honest", Channel::Belief(BAYESIAN)),
    ("belief.p_accuse_predator", Channel::Belief(BAYESIAN)),
    ("belief.p_accuse_protector", Channel::Belief(BAYESIAN)),
    ("exits.danger_weight", Channel::Mechanism(Mechanism::Danger)),
    ("exits.protection_weight", Channel::Mechanism(Mechanism::Protection)),
    ("exits.enemy_home_risk", Channel::Mechanism(Mechanism::Protection)),
    ("exits.expectation_weight", Channel::Mechanism(Mechanism::Expectation)),
    ("interventions.radio_hazard_ratio", Channel::Lever(Lever::Radio)),
    ("interventions.safe_passage_capture", Channel::Lever(Lever::SafePassage)),
    ("interventions.safe_passage_perceived", Channel::Lever(Lever::SafePassage)),
    ("interventions.trusted_message_gain", Channel::Lever(Lever::TrustedMessage)),
];

/// Parameters that another mechanism reads too: joining compares pay, complaints weigh
/// the risk, arrests last as long, units march and come to relief within the reach of
/// operations, axes are chosen by what places are worth, towns are cut off by the links of settlement, and momentum is recorded.
const OF_SEVERAL: &[&str] = &[
    "exits.alternative_pay_usd",
    "deterrence.perceived_risk",
    "deterrence.perceived_weight",
    "deterrence.execution_visibility",
    "deterrence.detention_days",
    "operations.reach_km",
    "targets.garrison_weight",
    "settlement.link_km",
    "joining.momentum_days",
];

/// What a lever acts through.
const OF_LEVER: &[(Lever, Mechanism)] = &[
    (Lever::OutsideMessaging, Mechanism::Claims),
    (Lever::Radio, Mechanism::Exits),
    (Lever::SafePassage, Mechanism::Exits),
    (Lever::Amnesty, Mechanism::Exits),
    (Lever::TrustedMessage, Mechanism::Exits),
];

/// The reasons that two setups give for equal tables, and whether they explain
/// all that differs: without it the two would be equal.
fn reasons(baseline: &Setup, arm: &Setup) -> (Vec<WhyNothing>, bool) {
    if digest_of_setup(baseline) == digest_of_setup(arm) {
        return (vec![WhyNothing::SameSetup], true);
    }
    let mut found: Vec<WhyNothing> = Vec::new();
    let is_of_record =
        |first: &Setup, second: &Setup| setup_differences(first, second).iter().all(|one| one.kind.is_of_record());
    if is_of_record(baseline, arm) {
        return (vec![WhyNothing::OnlyReported], true);
    }
    // What is explained is taken out of both.
    let [mut first, mut second] = [baseline.clone(), arm.clone()];
    for path in Parameters::dictionary().map(ParameterInfo::path) {
        let (Some(before), Some(after)) = (baseline.parameters.value(&path), arm.parameters.value(&path)) else {
            continue;
        };
        if Some(before) == Some(after) {
            continue;
        }
        if let Some(why) = why_parameter(&path, arm)
            && second.parameters.set(&path, before).is_ok()
        {
            found.push(why);
        }
    }
    for mechanism in Mechanism::ALL {
        if baseline.switches.is_on(*mechanism) != arm.switches.is_on(*mechanism) {
            found.push(WhyNothing::NothingToDo { mechanism: mechanism.word().to_owned() });
        }
    }
    if (baseline.theory.exit, &baseline.own_theories) != (arm.theory.exit, &arm.own_theories)
        && fills_at_most_exit(baseline)
        && fills_at_most_exit(arm)
        && let Some(why) = off("the theory of exit", Mechanism::Exits, arm)
    {
        second.theory.exit = baseline.theory.exit;
        second.own_theories.clone_from(&baseline.own_theories);
        found.push(why);
    }
    let is_displaced_alike =
        |(a, b): (&PlaceSetup, &PlaceSetup)| a.displaced_share.to_bits() == b.displaced_share.to_bits();
    if !baseline.places.iter().zip(&arm.places).all(is_displaced_alike)
        && let Some(why) = off("displaced", Mechanism::Flight, arm)
    {
        for (place, before) in second.places.iter_mut().zip(&baseline.places) {
            place.displaced_share = before.displaced_share;
        }
        found.push(why);
    }
    for (own, other, reduced) in [(arm, baseline, &mut second), (baseline, arm, &mut first)] {
        for entry in own.timeline.iter().filter(|entry| !other.timeline.contains(entry)) {
            if let Some(why) = why_entry(entry, own) {
                reduced.timeline.retain(|kept| kept != entry);
                found.push(why);
            }
        }
    }
    let follows = digest_of_setup(&first) == digest_of_setup(&second) || is_of_record(&first, &second);
    (found, follows)
}

/// Whether theories in files, if there are any, say nothing but who leaves.
fn fills_at_most_exit(setup: &Setup) -> bool {
    setup.own_theories.iter().all(|own| own.slots() == [Slot::Exit])
}

/// Why an entry of the timeline can't act in a setup.
fn why_entry(entry: &TimelineEntry, setup: &Setup) -> Option<WhyNothing> {
    if entry.day >= setup.n_days {
        return Some(WhyNothing::AfterTheEnd { day: entry.day, n_days: setup.n_days });
    }
    match entry.change {
        Change::Lever { lever, .. } => {
            let (_, mechanism) = OF_LEVER.iter().find(|(other, _)| *other == lever)?;
            off(lever.word(), *mechanism, setup)
        }
        Change::Shock { .. } => off("shock", Mechanism::Expectation, setup),
        Change::Conscripts { .. } => off("conscripts", Mechanism::Joining, setup),
        _ => None,
    }
}

fn off(what: &str, mechanism: Mechanism, setup: &Setup) -> Option<WhyNothing> {
    (!setup.switches.is_on(mechanism))
        .then(|| WhyNothing::MechanismOff { what: what.to_owned(), mechanism: mechanism.word().to_owned() })
}

/// What a parameter acts through, as far as is known.
fn channels_of(path: &str) -> Vec<Channel> {
    if OF_SEVERAL.contains(&path) {
        return Vec::new();
    }
    let mechanism = switch_of(path).map(Channel::Mechanism);
    let alone = OF_PARAMETER.iter().find(|(other, _)| *other == path).map(|found| found.1);
    let block = BLOCKS.iter().find(|block| block.parameters.iter().any(|own| own.path() == path));
    let block = block.map(|block| Channel::Block(block.cause));
    [mechanism, alone, block].into_iter().flatten().collect()
}

/// The switch without which the parameters of a mechanism do nothing.
fn switch_of(path: &str) -> Option<Mechanism> {
    let mechanism = path.split_once('.').map_or(path, |(mechanism, _)| mechanism);
    if let Some((_, switch)) = SWITCHED_ELSEWHERE.iter().find(|(other, _)| *other == mechanism) {
        return *switch;
    }
    MECHANISMS.iter().find(|info| info.name == mechanism)?.switch
}

/// Why a parameter can't act in a setup.
fn why_parameter(path: &str, setup: &Setup) -> Option<WhyNothing> {
    let what = || path.to_owned();
    if setup.own_theories.iter().any(|own| own.reads(path)) {
        return None;
    }
    channels_of(path).into_iter().find_map(|channel| match channel {
        Channel::Mechanism(mechanism) => off(path, mechanism, setup),
        // What a rule in a file makes of it isn't known here.
        Channel::Belief(_) if setup.own_in(Slot::Belief).is_some() => None,
        Channel::Belief(theories) => (!theories.contains(&setup.theory.belief))
            .then(|| WhyNothing::OtherTheory { what: what(), theory: setup.theory.belief.word().to_owned() }),
        Channel::Block(block) => (!ActiveBlocks::of_setup(setup).blocks().any(|other| other.cause == block)).then(|| {
            WhyNothing::NoBlock {
                what: what(),
                block: block.word().to_owned(),
                theory: setup.exit_theory().to_owned(),
            }
        }),
        Channel::Lever(lever) => {
            let is_set = setup.timeline.iter().any(|entry| {
                entry.day < setup.n_days && matches!(entry.change, Change::Lever { lever: other, value, .. } if other == lever && value > 0.0)
            });
            (!is_set).then(|| WhyNothing::NoLever { what: what(), lever: lever.word().to_owned() })
        }
    })
}

#[cfg(test)]
mod tests {
    use super::{Channel, MOTIVATED, OF_PARAMETER, OF_SEVERAL, SWITCHED_ELSEWHERE, channels_of};
    use allegiance_model::parameters::{ParameterInfo, Parameters};
    use allegiance_model::setup::Mechanism;
    use allegiance_model::tables::Cause;

    #[test]
    fn every_channel_is_one_of_the_dictionary() {
        let paths: Vec<String> = Parameters::dictionary().map(ParameterInfo::path).collect();
        for path in OF_PARAMETER.iter().map(|(path, _)| path).chain(OF_SEVERAL) {
            assert!(paths.iter().any(|other| other == path), "{path} is no parameter");
        }
        for (mechanism, _) in SWITCHED_ELSEWHERE {
            assert!(paths.iter().any(|other| other.starts_with(&format!("{mechanism}."))), "{mechanism} has none");
        }
    }

    #[test]
    fn a_parameter_of_a_block_acts_through_it_and_one_of_two_mechanisms_through_none() {
        let exits = Channel::Mechanism(Mechanism::Exits);
        for (path, block) in [
            ("exits.homogeneity_mean", Cause::Cohesion),
            ("exits.p_commander_takes_unit", Cause::Cascade),
            ("exits.fear_weight", Cause::Deterrence),
        ] {
            assert_eq!(channels_of(path), [exits, Channel::Block(block)], "{path}");
        }
        assert_eq!(
            channels_of("exits.danger_weight"),
            [exits, Channel::Mechanism(Mechanism::Danger), Channel::Block(Cause::Danger)]
        );
        assert!(channels_of("exits.alternative_pay_usd").is_empty(), "joining reads it too");
        assert!(channels_of("deterrence.detention_days").is_empty(), "arrests last as long");
        assert!(channels_of("news.p_village").is_empty(), "news and claims read them");
        assert_eq!(channels_of("belief.discount"), [Channel::Belief(MOTIVATED)]);
    }

    #[test]
    fn a_parameter_acts_through_the_switch_of_its_mechanism() {
        for (path, switch) in [
            ("voice.p_refuse_kin", Mechanism::Voice),
            ("watches.first_share", Mechanism::Watches),
            ("targets.most_odds", Mechanism::Targets),
            ("campaigns.p_opening", Mechanism::Campaigns),
            ("sieges.assaults", Mechanism::Sieges),
            ("settlement.per_day", Mechanism::Settlement),
            ("destination.host", Mechanism::Destination),
            ("information.weight", Mechanism::Information),
            ("expectation.even", Mechanism::Expectation),
            ("relations.truce_per_month", Mechanism::Infighting),
        ] {
            assert_eq!(channels_of(path), [Channel::Mechanism(switch)], "{path}");
        }
        assert!(channels_of("combat.decisiveness").is_empty(), "it has no switch");
    }
}
