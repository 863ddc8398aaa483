//! Interventions: levers on one group, each a dated switch of a scenario.
//!
//! What a lever does is spelled out where it acts: messaging in `news`, radio
//! and safe passage in `exits` and `deterrence`, amnesty and trusted messages
//! in `arrival`, stipends in `exits` and `joining`. This file holds their
//! sizes. Strikes are not a lever: they're what a group with an air force
//! does, see `harm`.
//!
//! # Form
//! | lever | effect of setting `x` |
//! |---|---|
//! | outside messaging | `x` accusations by outside media a month for each unit of the group |
//! | radio | log-hazard of desertion `+ x ln m_r`, while the opportunity block is active |
//! | safe passage | true risk of capture times `1 - x (1 - m_pc)`, perceived times `1 - x (1 - m_ph)` |
//! | amnesty | a stranger's chance to be taken in moves by `x` of the way from `p_as` to `p_av` |
//! | trusted message | chance to be taken in `+ x m_t` |
//! | stipend | pay `+ x` dollars a month, for joining and for staying |
//!
//! # Source
//! Armand, Atwell & Gomes (2020) for radio; Blair et al. (2021) for trusted
//! leaders; evidence A15.

use crate::ids::GroupId;
use crate::maths::ln;
use crate::model::Model;
use crate::parameters::parameters;
use crate::setup::Lever;

parameters! {
    /// Sizes of the effects of interventions.
    pub struct InterventionParameters = "interventions" {
        /// Hazard ratio of desertion under full coverage by radio that calls members home.
        radio_hazard_ratio: "m_r", "1", 1.3 in 1.0 .. 1.6, Sourced, "evidence A15: Armand, Atwell & Gomes 2020";
        /// Factor on the true probability of capture under safe passage.
        safe_passage_capture: "m_pc", "share", 0.5 in 0.2 .. 0.9, Judgement, "evidence A15";
        /// Factor on the perceived probability of capture under safe passage.
        safe_passage_perceived: "m_ph", "share", 0.4 in 0.2 .. 0.9, Judgement, "evidence A15";
        /// What the message of a trusted leader adds to the probability that a host takes a leaver in.
        trusted_message_gain: "m_t", "probability", 0.09 in 0.03 .. 0.12, Sourced, "evidence A10: Blair et al. 2021";
    }
}

/// Pay below which less makes no difference, US dollars a month; also keeps
/// logarithms of pay finite for those who are paid nothing.
pub(crate) const LEAST_PAY_USD: f64 = 10.0;

/// The setting of a lever on a group; 0 where it was never pulled.
pub(crate) fn lever(model: &Model<'_>, lever: Lever, group: GroupId) -> f64 {
    model.groups.levers[group.idx()][lever as usize]
}

/// What radio adds to the log-hazard of desertion.
pub(crate) fn radio(model: &Model<'_>, group: GroupId) -> f64 {
    let coverage = lever(model, Lever::Radio, group).clamp(0.0, 1.0);
    coverage * ln(model.world.setup.parameters.interventions.radio_hazard_ratio.max(1e-9))
}

/// A factor that moves from 1 to `full` as safe passage goes from 0 to 1.
pub(crate) fn safe_passage(model: &Model<'_>, group: GroupId, full: f64) -> f64 {
    1.0 - lever(model, Lever::SafePassage, group).clamp(0.0, 1.0) * (1.0 - full)
}

/// Pay of local members today, as far as revenue covers it and stipends
/// included, US dollars a month.
pub(crate) fn pay_usd(model: &Model<'_>, group: GroupId) -> f64 {
    model.groups.pay_usd[group.idx()] * model.groups.paid_share[group.idx()]
        + lever(model, Lever::Stipend, group).max(0.0)
}
