//! Denunciation: how far violence against civilians is selective, and who is
//! named.
//!
//! Collaboration follows control; with denouncers a group finds the families
//! of its enemies, without them it kills whoever is there. Denouncers spare
//! families with kin in the group they would denounce them to.
//!
//! # Form
//! A share of the killings of repression is selective:
//!
//! ```text
//! 1 - exp(-c sig(k (C - 1/2)))
//! ```
//!
//! Its victim is a civilian of the household of an enemy's member or of a deserter from the killing
//! group; a household with kin in that group is spared unless it is denounced all the same, with
//! probability `t`. Where nobody is found, the killing is blind.
//!
//! # Source
//! Kalyvas (2006); evidence A13.

use crate::displacement;
use crate::ids::{ClanId, GroupId, PersonId, PlaceId, Row};
use crate::maths::{exp, logistic};
use crate::model::Model;
use crate::parameters::parameters;
use crate::random::Stream;
use crate::tables::Standing;
use std::ops::Range;

parameters! {
    /// Denunciation and the selectivity of violence.
    pub struct DenunciationParameters = "denunciation" {
        /// How steeply denunciation rises with the control share of the group denounced to.
        control_slope: "k", "1", 8.0 in 5.0 .. 12.0, Judgement, "evidence A13: Kalyvas 2006";
        /// How far denunciations make violence selective.
        information: "c", "1", 2.0 in 0.5 .. 5.0, Judgement, "evidence A13";
        /// Probability that a family with kin in the group is denounced all the same.
        tie_penalty: "t", "probability", 0.3 in 0.0 .. 1.0, Judgement, "no number exists";
    }
}

/// The share of a group's killings in a place that are selective.
pub fn selectivity(parameters: &DenunciationParameters, control: f64) -> f64 {
    let denounced = logistic(parameters.control_slope * (control - 0.5));
    1.0 - exp(-parameters.information * denounced)
}

/// The person whom a group kills selectively in a quarter of a place: at home, of the
/// family of an enemy's member or of its own leaver; none where nobody is.
pub(crate) fn denounced(
    model: &Model<'_>,
    group: GroupId,
    (place, quarter): (PlaceId, &Range<u32>),
    stream: &mut Stream,
) -> Option<PersonId> {
    let suspects: Vec<Row> = quarter
        .clone()
        .flat_map(|clan| model.people.of_clan(ClanId(clan)))
        .filter(|&row| is_suspect(model, row, group, place))
        .collect();
    if suspects.is_empty() {
        return None;
    }
    let row = suspects[stream.below(suspects.len() as u32) as usize];
    let state = model.people.at(row);
    let is_shielded = state.clan.is_some_and(|clan| {
        let mut kin = model.people.of_clan(clan);
        kin.any(|kin| model.people.at(kin).group == Some(group) && model.people.at(kin).standing == Standing::Active)
    });
    if is_shielded && stream.uniform() >= model.world.setup.parameters.denunciation.tie_penalty {
        return None;
    }
    model.world.kinship.people_of_household(state.household?).map(PersonId).find(|&person| {
        let is_civilian =
            model.people.row_of(person).is_none_or(|row| model.people.at(row).standing == Standing::Civilian);
        is_civilian && displacement::is_at_home(model, person)
    })
}

fn is_suspect(model: &Model<'_>, row: Row, group: GroupId, place: PlaceId) -> bool {
    let state = model.people.at(row);
    let is_enemy = state.group.is_some_and(|other| model.groups.at_war_at(place, group, other))
        && state.standing != Standing::Dead;
    let is_leaver = state.standing == Standing::Deserter && state.old_group == Some(group);
    is_enemy || is_leaver
}

/// Whether a group killed people of a member's family as suspects: counted as
/// a provocation of the member's group.
pub(crate) fn family_group(model: &Model<'_>, victim: Row, place: PlaceId, perpetrator: GroupId) -> Option<GroupId> {
    debug_assert!(model.people.at(victim).home == Some(place));
    let clan = model.people.at(victim).clan?;
    model.people.of_clan(clan).find_map(|row| {
        let state = model.people.at(row);
        state.group.filter(|&group| group != perpetrator && state.standing == Standing::Active)
    })
}

#[cfg(test)]
mod tests {
    use super::{DenunciationParameters, selectivity};

    #[test]
    fn violence_is_selective_only_under_control() {
        let parameters = DenunciationParameters::default();
        assert!(selectivity(&parameters, 0.1) < 0.1);
        assert!(selectivity(&parameters, 0.9) > 0.8);
    }
}
