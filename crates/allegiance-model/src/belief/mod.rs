//! Conviction: what a member makes of what he saw and heard about his own
//! group. Rival theories fill one slot; all of them keep the claims heard.
//!
//! # Form
//! On joining, conviction is `Normal(L_0, sd_L)`, apart from motives and cause. Direct evidence `E`
//! grows by `w_h` for seeing an attack on the home quarter, `w_o` for seeing civilians killed elsewhere,
//! a share `w_0` of these where nobody died, `w_k` for kin killed, and by `voice.punished_evidence`. A command is
//! contradicted when a member who heard denials sees civilians killed.
//!
//! A group makes two claims, and its members have a conviction of each, by what they heard of it; what others
//! ask for is the mean by their own weights (`belief/hearing.rs`). The form of each theory stands in its own file. A member who changes sides starts with a fresh mind about
//! his new group.

mod direct_experience;
mod fixed;
mod hearing;
mod motivated_reasoning;
mod own_rule;
mod social_averaging;
mod source_credibility;
mod table;

pub use hearing::{ByClaim, Heard, HeardOfGroup, Told};
pub(crate) use hearing::{claim_at_stake, heard};
pub use source_credibility::{Source, SourceJudgement, judge_sources};
pub(crate) use table::BeliefTable;

use crate::causes::Claim;
use crate::ids::{Row, UnitId};
use crate::model::Model;
use crate::parameters::parameters;
use crate::setup::Mechanism;
use crate::theory::{MOST_SLACK, PreparedTheory, Rule};
use table::TermsBySource;

/// Declares the theories: each with the module that holds its [`TheoryOfBelief`],
/// whose name is its word.
macro_rules! theories {
    (
        $(#[$meta:meta])*
        pub enum $theories:ident {
            $($(#[doc = $meaning:literal])+ $name:ident = $module:ident,)*
        }
    ) => {
        crate::setup::named! {
            $(#[$meta])*
            pub enum $theories {
                $($(#[doc = $meaning])+ $name = stringify!($module),)*
            }
        }

        /// What each theory computes, in the order of [`BeliefTheory::ALL`].
        static THEORIES: [TheoryOfBelief; $theories::ALL.len()] = [$($module::THEORY,)*];
    };
}

theories! {
    /// The theory that fills the slot of belief (MODEL.md 5).
    pub enum BeliefTheory {
        /// Sources are honest or partisan, and one that is caught lying is trusted less.
        SourceCredibility = source_credibility,
        /// Bad news at second hand is discounted, stored, and released by a contradiction.
        MotivatedReasoning = motivated_reasoning,
        /// Only what one saw, or what befell one's kin, counts.
        DirectExperience = direct_experience,
        /// Conviction moves to the mean of the unit's and the kin's.
        SocialAveraging = social_averaging,
        /// Null: conviction never moves.
        Fixed = fixed,
    }
}

/// A theory of belief: what a member makes of all that he heard and saw. All
/// that tells the theories apart is here.
#[derive(Debug, Clone, Copy)]
struct TheoryOfBelief {
    /// Conviction of one claim of the group, log-odds.
    conviction: fn(&BeliefParameters, &Heard) -> f64,
    /// How honest he takes his command to be where it denies what others tell;
    /// 0 where denials do nothing.
    honesty_of_command: fn(&BeliefParameters, &SourceJudgement) -> f64,
    /// The most that conviction can fall with one more claim by rivals, by
    /// outside media, by the own command.
    largest_drops: fn(&BeliefParameters) -> [f64; 3],
    /// The same conviction by look-up, where each source adds a term of its own
    /// that is dear to compute; the largest drops are then those of the terms.
    by_source: Option<fn(&BeliefParameters) -> TermsBySource>,
    /// What it does with everyone's conviction once a day.
    daily: Option<fn(&mut Model<'_>)>,
}

impl TheoryOfBelief {
    /// Nothing that anybody says moves conviction.
    const CLAIMS_DO_NOTHING: Self = Self {
        conviction: |_, heard| heard.prior_conviction,
        honesty_of_command: |_, _| 0.0,
        largest_drops: |_| [0.0; 3],
        by_source: None,
        daily: None,
    };
}

impl BeliefTheory {
    fn entry(self) -> &'static TheoryOfBelief {
        &THEORIES[self as usize]
    }
}

parameters! {
    /// Conviction and the theories of it.
    pub struct BeliefParameters = "belief" {
        /// Mean conviction of a member on joining.
        conviction_mean: "L_0", "log-odds", 1.6 in 0.5..3.0, Judgement, "evidence A3";
        /// Standard deviation of conviction on joining.
        conviction_sd: "sd_L", "log-odds", 1.0 in 0.5..1.5, Judgement, "evidence A3";
        /// Direct evidence of seeing the own group attack the home place.
        witness_home_attack: "w_h", "log-odds", 2.5 in 1.5..4.0 off 0.0, Judgement, "evidence A3";
        /// Direct evidence of seeing the own group kill civilians elsewhere.
        witness_other: "w_o", "log-odds", 0.8 in 0.3..1.5 off 0.0, Judgement, "a third of an attack on the home";
        /// Share of what was seen that counts as evidence where nobody died.
        witness_no_dead_share: "w_0", "share", 0.5 in 0.1..1.0, Judgement, "no number exists";
        /// Direct evidence of kin killed by the own group.
        kin_killed: "w_k", "log-odds", 1.5 in 0.5..3.0 off 0.0, Judgement, "evidence A3";
        /// Probability that an honest source accuses when the group is a predator.
        p_accuse_predator: "a", "probability", 0.8 in 0.6..0.95 within 0.001..0.999, Judgement, "MODEL 5; Gentzkow & Shapiro 2006 for the form";
        /// Probability that an honest source accuses when the group is a protector.
        p_accuse_protector: "b", "probability", 0.2 in 0.05..0.4 within 0.001..0.999, Judgement, "MODEL 5";
        /// Prior probability that the own command is honest.
        honesty_own_command: "r_c", "probability", 0.7 in 0.4..0.9 within 0.001..0.999, Judgement, "evidence A3: credibility of the commander";
        /// Prior probability that kin and neighbours are honest.
        honesty_kin: "r_k", "probability", 0.9 in 0.7..0.98 within 0.001..0.999, Judgement, "evidence A3: weight of testimony by phone";
        /// Prior probability that rival groups are honest.
        honesty_rivals: "r_r", "probability", 0.15 in 0.02..0.4 within 0.001..0.999, Judgement, "evidence A3: rumour";
        /// Prior probability that outside media are honest.
        honesty_outside_media: "r_o", "probability", 0.03 in 0.005..0.3 within 0.001..0.999, Judgement, "evidence A3: 82% of Syrians thought ISIS a foreign creation (ORB 2015)";
        /// Probability that a partisan own command accuses its own group.
        partisan_accuses_own: "q_c", "probability", 0.05 in 0.01..0.2 within 0.001..0.999, Judgement, "MODEL 5";
        /// Probability that a partisan rival, relative or foreign source accuses.
        partisan_accuses_rival: "q_r", "probability", 0.95 in 0.8..0.99 within 0.001..0.999, Judgement, "MODEL 5";
        /// Likelihood under honesty of being contradicted by what a person saw.
        p_caught_lying_honest: "eps", "probability", 0.05 in 0.01..0.2 within 0.001..0.999, Judgement, "MODEL 5";
        /// Share of second-hand bad news that a convinced member discounts (motivated reasoning).
        discount: "kappa", "share", 0.5 in 0.2..0.8, Judgement, "evidence A3; Taber & Lodge 2006 for the direction";
        /// Share of the discounted store released by a direct contradiction (motivated reasoning).
        release: "phi", "share", 0.6 in 0.0..1.0, Judgement, "evidence A3; ablation required";
        /// Weight of an accusation by kin or neighbours (motivated reasoning).
        weight_kin_claim: "w_n", "log-odds", 0.6 in 0.2..1.2 off 0.0, Judgement, "evidence A3";
        /// Weight of an accusation by rivals (motivated reasoning).
        weight_rival_claim: "w_r", "log-odds", 0.25 in 0.05..0.5 off 0.0, Judgement, "evidence A3: rumour";
        /// Weight of an accusation by outside media (motivated reasoning).
        weight_outside_claim: "w_f", "log-odds", 0.02 in 0.0..0.1, Judgement, "evidence A3";
        /// Weight of a justification by the own command (motivated reasoning).
        weight_command_claim: "w_c", "log-odds", 0.1 in 0.0..0.4, Judgement, "evidence A3: .8 x credibility for the frame as a whole";
        /// Rate at which conviction moves to the mean of those around (social averaging).
        averaging_per_month: "lambda", "1/month", 1.0 in 0.2 .. 4.0, Judgement, "DeGroot 1974 for the form; no number exists";
        /// Weight of kin in the same group against the unit in that mean (social averaging).
        averaging_kin_weight: "w_kin", "share", 0.3 in 0.0 .. 0.7, Judgement, "no number exists";
    }
}

/// Conviction of one claim under a theory, log-odds.
pub fn conviction_of_claim(theory: BeliefTheory, parameters: &BeliefParameters, heard: &Heard) -> f64 {
    (theory.entry().conviction)(parameters, heard)
}

/// Conviction under a theory of the engine: log-odds that the group serves its cause.
pub fn conviction(theory: BeliefTheory, parameters: &BeliefParameters, heard: &HeardOfGroup) -> f64 {
    heard.mean(|heard| conviction_of_claim(theory, parameters, heard))
}

/// Moves everyone's conviction by the day, under a theory that does.
pub(crate) fn average(model: &mut Model<'_>) {
    if own(model).is_some() {
        own_rule::move_daily(model);
    } else if let Some(daily) = model.world.setup.theory.belief.entry().daily {
        daily(model);
    }
}

/// The theory that somebody wrote, where it fills the slot of belief.
fn own<'m>(model: &Model<'m>) -> Option<&'m PreparedTheory> {
    model.world.own.as_ref().filter(|own| own.has_rule(Rule::Conviction))
}

/// A member's conviction now.
pub(crate) fn conviction_now(model: &Model<'_>, row: Row) -> f64 {
    conviction_by(model, row, || heard(model, row))
}

/// The same, of a member of whom it's known what he has heard up to now.
pub(crate) fn conviction_of_heard(model: &Model<'_>, row: Row, heard: &HeardOfGroup) -> f64 {
    conviction_by(model, row, || *heard)
}

/// The same from what he has heard, which a theory that somebody wrote doesn't ask for.
fn conviction_by(model: &Model<'_>, row: Row, heard: impl FnOnce() -> HeardOfGroup) -> f64 {
    match own(model) {
        Some(own) => own_rule::conviction(own, model, row),
        None => model.world.belief.conviction(&heard()),
    }
}

/// A member's conviction of one claim now.
pub(crate) fn conviction_of(model: &Model<'_>, row: Row, claim: Claim) -> f64 {
    let heard = heard(model, row).by_claim;
    match own(model) {
        Some(own) => own_rule::conviction_of_claim(own, model, row, heard.of(claim)),
        None => model.world.belief.conviction_of_claim(heard.of(claim)),
    }
}

/// The lowest that it can be, as [`lowest_conviction`].
pub(crate) fn lowest_of(model: &Model<'_>, row: Row, claim: Claim) -> f64 {
    let heard = heard(model, row).by_claim;
    match own(model) {
        Some(own) => own_rule::lowest_of_claim(own, model, row, heard.of(claim)),
        None => model.world.belief.lowest_of_claim(heard.of(claim)),
    }
}

/// The lowest that a member's conviction can be until something touches him or makes
/// his unit stale; under a theory of the engine whose claims have no limit, his
/// conviction now, and the unit's `claim_slack` tells how far these lowered it.
pub(crate) fn lowest_conviction(model: &Model<'_>, row: Row) -> f64 {
    match own(model) {
        Some(own) => own_rule::lowest_conviction(own, model, row),
        None => model.world.belief.lowest_conviction(&heard(model, row)),
    }
}

/// How far claims by rivals, by outside media and by the own command, so many of
/// each, can lower the conviction of a unit's members beyond [`lowest_conviction`];
/// where a theory that somebody wrote follows from claims, at least the share that
/// they take of the room that its bounds leave for them.
pub(crate) fn slack_of_claims(model: &Model<'_>, told: Told, room: f64) -> f64 {
    let n_claims = [told.n_rivals, told.n_outside, told.n_denials];
    let by_claims = match own(model) {
        Some(_) => 0.0,
        None => n_claims.into_iter().zip(model.world.belief.max_drop()).map(|(n, drop)| f64::from(n) * drop).sum(),
    };
    let of_room = model.world.own.as_ref().map_or(0.0, PreparedTheory::room_of_claim);
    by_claims + room * of_room * f64::from(n_claims.iter().sum::<u32>())
}

/// How far the convictions of a unit's members may have fallen below
/// [`lowest_conviction`] since their ceilings; that of a theory that somebody wrote has
/// room for it already.
pub(crate) fn slack_of_unit(model: &Model<'_>, unit: UnitId) -> f64 {
    if own(model).is_some() { 0.0 } else { model.units.at(unit).claim_slack }
}

/// The most that this can be.
pub(crate) fn most_slack(model: &Model<'_>) -> f64 {
    let falls = model.runs(Mechanism::Causes) || model.world.belief.max_drop().into_iter().any(|drop| drop > 0.0);
    if falls && own(model).is_none() { MOST_SLACK } else { 0.0 }
}

/// How honest a member takes his command to be where it denies what others tell.
pub(crate) fn honesty_of_command(model: &Model<'_>, row: Row, judged: &SourceJudgement) -> f64 {
    match own(model) {
        Some(own) => own_rule::trust_in_command(own, model, row),
        None => model.world.belief.honesty_of_command(judged),
    }
}
