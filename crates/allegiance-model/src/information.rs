//! What a newcomer tells: the positions and plans of the unit that he left.
//!
//! # Form
//! A side that knows some of the other's units fights as if it were stronger:
//!
//! ```text
//! A' = A exp(i_w s)      s: share of the other side's engaged whose unit the side knows of
//! ```
//!
//! A group knows a unit for `i_t` days after somebody came over to it from there; attackers and
//! defenders alike.
//!
//! # Source
//! No number exists. That an insurgent who comes over brings what his former comrades would hide is the
//! ground of amnesties and rewards (Kalyvas 2006, ch. 6; Berman, Shapiro & Felter 2011 on information as
//! the scarce good); the form is judgement.

use crate::combat::Side;
use crate::ids::{GroupId, UnitId};
use crate::maths::exp;
use crate::model::Model;
use crate::parameters::parameters;
use crate::setup::Mechanism;

parameters! {
    /// What newcomers tell of the unit that they left.
    pub struct InformationParameters = "information" {
        /// Rise of the log of a side's strength against units that it knows.
        weight: "i_w", "log", 0.3 in 0.0..0.8 off 0.0, Judgement, "no number exists";
        /// Days for which what a newcomer tells is worth something.
        days: "i_t", "d", 30.0 in 7.0..90.0, Judgement, "no number exists";
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
    let is_fresh = |day: u32| f64::from(model.day - day) < parameters.days;
    let is_known = |unit: UnitId| {
        let known_to = &model.units.at(unit).known_to;
        known_to.iter().any(|&(other, day)| other == group && is_fresh(day))
    };
    let units = against.engaged.iter().filter_map(|&row| model.people.at(row).unit);
    let n_known = units.filter(|&unit| is_known(unit)).count();
    exp(parameters.weight * n_known as f64 / against.engaged.len() as f64)
}
