//! What peers do: whether the share of known exits passes the member's
//! threshold.
//!
//! # Form
//! ```text
//! b_p [known exits / (known exits + active members) >= threshold]
//! ```
//!
//! in his unit, with exits remembered with a half-life of 30 days and the threshold his own (see traits).
//!
//! # Source
//! Granovetter (1978); evidence A9.

use super::{BlockBound, BlockRules, BlockWords, DayLimit};
use crate::exits::N_KINDS;
use crate::parameters::parameters;
use crate::setup::ExitTheory;

parameters! {
    /// Exits of peers, as a block of the hazard of exit.
    pub struct OwnParameters = "exits" {
        /// Rise of the log-hazard once known exits among ties pass the threshold.
        peer_weight: "b_p", "log-hazard", 1.0 in 0.3..2.0 off 0.0, Judgement, "evidence A9";
        /// Probability that a commander who defects takes his unit along: those of its members who doubt the group.
        p_commander_takes_unit: "p_u", "probability", 0.4 in 0.1..0.8, Judgement, "evidence A9: whole FSA units moved";
    }
}

pub(crate) type OwnPrepared = ();

pub(crate) const BLOCK: BlockRules = BlockRules {
    words: BlockWords {
        meaning: "Exits of peers.",
        moved_by: "whether the exits that the unit knows of pass the person's threshold",
        factor: "exits of peers",
        towards: "the exits of comrades",
        against: "few exits of comrades",
        factor_explained: None,
    },
    theories: &[ExitTheory::Cascade, ExitTheory::Full],
    value: |model, member| {
        let share = model.units.at(member.unit).exit_share(model.day);
        let passed = share >= model.people.mind(member.row).exit_threshold;
        [if passed { model.world.setup.parameters.exits.blocks.cascade.peer_weight } else { 0.0 }; N_KINDS]
    },
    bound: BlockBound {
        today: |model, _| DayLimit::same(model.world.setup.parameters.exits.blocks.cascade.peer_weight.max(0.0)),
        ..BlockBound::NEVER_ABOVE_ZERO
    },
};
