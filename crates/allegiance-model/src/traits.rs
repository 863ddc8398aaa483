//! Traits that a person keeps for life, drawn from the person's number.
//!
//! # Form
//! Sex is even. Age falls under 15 with probability `s_0`, in 15-39 with `s_1` (uniform within both),
//! else in 40-79, younger ages likelier. The motives (ideology, material, social) of a member are
//! `Dirichlet(a m)`, with `m` the mean of the first group that he joins; for foreigners it is `m_I`,
//! `m_M` and the rest. The
//! threshold of following others is `Normal(theta, sd_theta)`, kept within 0.01-1.

use crate::ids::PersonId;
use crate::parameters::parameters;
use crate::random::{Draws, Purpose, narrow_unit_interval};
use crate::setup::{Motives, Setup};

parameters! {
    /// Traits that a person keeps for life.
    pub struct TraitParameters = "traits" {
        /// Share of the population under 15 years.
        share_under_15: "s_0", "share", 0.36 in 0.33 .. 0.40, Judgement, "Syria about 2010, from memory of the UN World Population Prospects";
        /// Share of the population aged 15 to 39.
        share_15_to_39: "s_1", "share", 0.40 in 0.36 .. 0.44, Derived, "evidence B5: men aged 15-39 are about 20%";
        /// Concentration of the distribution of motive mixes around the mean of the group.
        dirichlet_concentration: "a", "1", 4.0 in 2.0 .. 10.0 within 0.1..100.0, Judgement, "evidence A2";
        /// Mean motive weight of ideology of foreign members.
        foreign_motive_ideology: "m_I", "share", 0.6 in 0.4 .. 0.8, Judgement, "evidence A2: direction from Mironova, Mrie & Whitt 2014";
        /// Mean motive weight of pay of foreign members; the rest is social.
        foreign_motive_material: "m_M", "share", 0.15 in 0.05 .. 0.3, Judgement, "evidence A2";
        /// Mean share of known exits among ties at which a person follows.
        threshold_mean: "theta", "share", 0.25 in 0.1 .. 0.5, Judgement, "evidence A9; Granovetter 1978";
        /// Standard deviation of that threshold between persons.
        threshold_sd: "sd_theta", "share", 0.15 in 0.05 .. 0.25, Judgement, "evidence A9";
    }
}

/// Sex and age of an inhabitant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Demography {
    /// Whether the person is a woman or a girl.
    pub is_female: bool,
    /// Age in whole years on the first day.
    pub age: u8,
}

impl Demography {
    /// Whether the person is a man of an age to bear arms, 15 to 40.
    pub fn can_bear_arms(self) -> bool {
        !self.is_female && (15..=40).contains(&self.age)
    }
}

/// Age at which the second band of ages begins.
const GROWN_AGE: f64 = 15.0;
/// Age at which the third begins.
const LATER_AGE: f64 = 40.0;
/// Years of the third; the square of an even draw makes younger ages likelier.
const LATER_YEARS: f64 = 40.0;
/// The lowest threshold: at 0 a person would follow where nobody left.
const LEAST_THRESHOLD: f64 = 0.01;

/// Sex and age of a person.
pub fn demography(draws: &Draws, parameters: &TraitParameters, person: PersonId) -> Demography {
    let words = draws.block(Purpose::Person, person.0, 0, 0);
    let band = narrow_unit_interval(words[1]);
    let within = narrow_unit_interval(words[2]);
    let (young, grown) = (parameters.share_under_15, parameters.share_15_to_39);
    let age = if band < young {
        GROWN_AGE * within
    } else if band < young + grown {
        GROWN_AGE + (LATER_AGE - GROWN_AGE) * within
    } else {
        LATER_AGE + LATER_YEARS * within * within
    };
    Demography { is_female: words[0] & 1 == 1, age: age as u8 }
}

/// The share of known exits among his ties at which a person follows: a
/// clipped normal.
///
/// # Source
/// Granovetter (1978), Threshold models of collective behavior.
pub fn exit_threshold(draws: &Draws, parameters: &TraitParameters, person: PersonId) -> f64 {
    let z = draws.stream(Purpose::Person, person.0, 1, 0).normal();
    (parameters.threshold_mean + parameters.threshold_sd * z).clamp(LEAST_THRESHOLD, 1.0)
}

/// The motive mix of a person: Dirichlet around the mean of his group.
pub fn motives(draws: &Draws, setup: &Setup, person: PersonId, mean: Motives, is_foreign: bool) -> Motives {
    let parameters = &setup.parameters.traits;
    let mean = if is_foreign {
        let (ideology, material) = (parameters.foreign_motive_ideology, parameters.foreign_motive_material);
        Motives { ideology, material, social: (1.0 - ideology - material).max(0.0) }
    } else {
        mean
    };
    let mut stream = draws.stream(Purpose::Motives, person.0, 0, 0);
    let ideology = stream.gamma(parameters.dirichlet_concentration * mean.ideology);
    let material = stream.gamma(parameters.dirichlet_concentration * mean.material);
    let social = stream.gamma(parameters.dirichlet_concentration * mean.social);
    let total = ideology + material + social;
    if total <= 0.0 {
        return mean;
    }
    Motives { ideology: ideology / total, material: material / total, social: social / total }
}
