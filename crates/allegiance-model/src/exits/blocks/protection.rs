//! Protection: whether a member is safer inside his group than outside.
//!
//! # Form
//! ```text
//! -b_s (outside - inside)
//! outside = r_e C_enemies(home) + q C(home)
//! inside  = losses of the group
//! ```
//!
//! `C_enemies` is the control of his home by groups at war with his, `C` that of his own group, `q` the
//! risk of reprisal on kin and leavers as the cases known at home have it (see deterrence); a home that
//! neither holds is safe. Losses are the killed and wounded of the last 30 days as a share of them and of those who are
//! left; what his own unit lost is the block `danger`. It is 0 for members without a home in the
//! region, who have nowhere to compare with, and unless the mechanism `protection` runs.
//!
//! # Source
//! Kalyvas & Kocher (2007): staying out may cost as much as taking part. In Sierra Leone 20% of those who felt
//! safer inside tried to leave, and 49% of the others (Humphreys & Weinstein, from memory).

use super::{BlockBound, BlockRules, BlockWords, DayLimit, Member};
use crate::deterrence;
use crate::exits::{N_KINDS, losses};
use crate::ids::PlaceId;
use crate::model::Model;
use crate::operations;
use crate::parameters::parameters;
use crate::setup::{ExitTheory, Mechanism};

parameters! {
    /// Protection by the group, as a block of the hazard of exit.
    pub struct OwnParameters = "exits" {
        /// Fall of the log-hazard from no to certain risk outside, and its rise with the risk inside.
        protection_weight: "b_s", "log-hazard", 1.0 in 0.3..2.0 off 0.0, Judgement, "sign: Kalyvas & Kocher 2007";
        /// Perceived risk in 30 days of living at a home that enemies hold fully.
        enemy_home_risk: "r_e", "probability", 0.5 in 0.1..1.0, Judgement, "no number exists";
    }
}

pub(crate) type OwnPrepared = ();

pub(crate) const BLOCK: BlockRules = BlockRules {
    words: BlockWords {
        meaning: "Protection.",
        moved_by: "who holds the home and the reprisals known there, against what the group loses",
        factor: "little protection",
        towards: "little protection by the group",
        against: "protection by the group",
        factor_explained: None,
    },
    theories: &[ExitTheory::ControlAndFear, ExitTheory::Full],
    value: |model, member| [of_member(model, member); N_KINDS],
    bound: BlockBound {
        // Outside is never safer than without any risk.
        today: |model, group| {
            DayLimit::same(if runs(model) { weight(model) * losses::of_group(model, group) } else { 0.0 })
        },
        ..BlockBound::NEVER_ABOVE_ZERO
    },
};

fn runs(model: &Model<'_>) -> bool {
    model.runs(Mechanism::Protection)
}

fn weight(model: &Model<'_>) -> f64 {
    model.world.setup.parameters.exits.blocks.protection.protection_weight
}

fn of_member(model: &Model<'_>, member: Member) -> f64 {
    let Some(home) = model.people.at(member.row).home else { return 0.0 };
    if !runs(model) {
        return 0.0;
    }
    -weight(model) * (risk_outside(model, member, home) - losses::of_group(model, member.group))
}

/// The risk of living at his home that a member sees.
pub(crate) fn risk_outside(model: &Model<'_>, member: Member, home: PlaceId) -> f64 {
    let enemies = operations::enemy_share(model, member.group, home);
    let n_known = f64::from(model.places.kin_reprisals[model.places.cell(home, member.group)]);
    let reprisal = deterrence::kin_risk(model, n_known) * model.places.share(home, member.group);
    model.world.setup.parameters.exits.blocks.protection.enemy_home_risk * enemies + reprisal
}
