//! Forced entry: some of a group's men were made to join it.
//!
//! # Form
//! Of the local members of a group, on the first day and later, a share `groups.forced_share` was forced; who
//! came over from another group never was. A forced man
//!
//! ```text
//! h_k -> HR_f h_k                          each hazard of leaving, for as long as he serves that group
//! L on joining ~ Normal(L_0 - L_f, sd_L)   conviction
//! ```
//!
//! Guards over forced men are a policy of the group (see coercion).
//!
//! # Source
//! Gates (2002, 2017): who is forced must be kept by other means than who is convinced. Sierra Leone
//! (Humphreys & Weinstein, from memory): of the abducted 56% tried to leave, of others 20%, which is a ratio of
//! hazards of `ln(.44) / ln(.8) = 3.7`; `HR_f` and what `L_f` adds through conviction make it up together.

use crate::ids::{GroupId, PersonId};
use crate::model::Model;
use crate::parameters::parameters;
use crate::random::Purpose;
use crate::setup::Mechanism;

parameters! {
    /// Forced entry.
    pub struct EntryParameters = "entry" {
        /// Hazard ratio of leaving of a forced man, besides what his conviction does.
        hazard_ratio: "HR_f", "1", 2.5 in 1.3..5.0 off 1.0, Derived, "Sierra Leone: 56% of the abducted tried, 20% of others; Gates 2002, 2017";
        /// How much lower the conviction of a forced man is on joining.
        conviction_loss: "L_f", "log-odds", 0.5 in 0.0..1.5, Derived, "what is left of a ratio of hazards of 3.7 at `exits.conviction_hazard_ratio`";
    }
}

/// Whether a person who joins a group as his first is made to.
pub(crate) fn is_forced(model: &Model<'_>, person: PersonId, group: GroupId) -> bool {
    let share = model.world.setup.groups[group.idx()].forced_share;
    model.runs(Mechanism::Entry) && model.draws.chance(share, Purpose::Forced, person.0, 0, u32::from(group.0))
}
