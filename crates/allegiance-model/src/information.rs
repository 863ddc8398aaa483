//! What a newcomer tells: the positions and plans of the unit that he left.
//!
//! # Form
//! A side that knows some of the other's units fights as if it were stronger:
//!
//! ```text
//! A' = A exp(i_w s)      s: mean of half(t, tau_i) over the other side's engaged, 0 for who is in no known unit
//! ```
//!
//! with `t` the days since somebody last came over from that unit to the side's group or an ally; attackers
//! and defenders alike. Plans are worth most on the day, and positions move: what is known fades, so that
//! old news of both sides, which a war of neighbours has in plenty, cancels less of what is new.
//!
//! # Source
//! No number exists. That an insurgent who comes over brings what his former comrades would hide is the
//! ground of amnesties and rewards (Kalyvas 2006, ch. 6; Berman, Shapiro & Felter 2011 on information as
//! the scarce good); the form is judgement.

use crate::combat::Side;
use crate::ids::{GroupId, UnitId};
use crate::maths::{exp, half_life_factor};
use crate::model::Model;
use crate::parameters::parameters;
use crate::setup::Mechanism;

parameters! {
    /// What newcomers tell of the unit that they left.
    pub struct InformationParameters = "information" {
        /// Rise of the log of a side's strength against units that it knows.
        weight: "i_w", "log", 0.3 in 0.0..0.8 off 0.0, Judgement, "no number exists";
        /// Half-life of what a newcomer tells.
        memory_days: "tau_i", "d", 10.0 in 3.0..30.0, Judgement, "no number exists";
    }
}

/// A newcomer tells a group of the unit that he left.
pub(crate) fn tell(model: &mut Model<'_>, group: GroupId, unit: Option<UnitId>) {
    let (Some(unit), day) = (unit, model.day) else { return };
    let known_to = &mut model.units.at_mut(unit).known_to;
    known_to.retain(|&(other, _)| other != group);
    known_to.push((group, day));
}

/// What a group's strength is multiplied by for what it knows of the other side.
pub(crate) fn advantage(model: &Model<'_>, group: GroupId, against: &Side) -> f64 {
    if !model.runs(Mechanism::Information) || against.engaged.is_empty() {
        return 1.0;
    }
    let parameters = &model.world.setup.parameters.information;
    let worth = |unit: UnitId| {
        let told = model.units.at(unit).known_to.iter().filter(|&&(other, _)| model.groups.allied(group, other));
        let last = told.map(|&(_, day)| day).max();
        last.map_or(0.0, |day| half_life_factor(f64::from(model.day - day), parameters.memory_days))
    };
    let units = against.engaged.iter().filter_map(|&row| model.people.at(row).unit);
    let known: f64 = units.map(worth).sum();
    exp(parameters.weight * known / against.engaged.len() as f64)
}
