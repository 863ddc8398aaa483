//! Denunciation: who is named to a group.

use super::Dense;
use crate::ids::{GroupId, PersonId, PlaceId};
use crate::random::Stream;
use crate::tables::Standing;
use std::ops::Range;

impl Dense<'_> {
    /// The person whom a group kills selectively in a quarter: at home, of the
    /// family of an enemy's member or of its own leaver.
    pub(super) fn denounced(
        &self,
        group: GroupId,
        (place, quarter): (PlaceId, &Range<u32>),
        stream: &mut Stream,
    ) -> Option<PersonId> {
        let neighbours: Vec<PersonId> = quarter.clone().flat_map(|clan| self.touched_of_clan(clan)).collect();
        let suspects: Vec<PersonId> =
            neighbours.into_iter().filter(|&person| self.is_suspect(person, group, place)).collect();
        if suspects.is_empty() {
            return None;
        }
        let suspect = self.person(suspects[stream.below(suspects.len() as u32) as usize]);
        let is_shielded = self
            .people
            .iter()
            .any(|kin| kin.clan.is_some() && kin.clan == suspect.clan && kin.group == Some(group) && kin.is_active());
        if is_shielded && stream.uniform() >= self.world.setup.parameters.denunciation.tie_penalty {
            return None;
        }
        let is_victim =
            |person: PersonId| self.person(person).standing == Standing::Civilian && self.is_at_home(person);
        self.world.kinship.people_of_household(suspect.household?).map(PersonId).find(|&person| is_victim(person))
    }

    fn is_suspect(&self, person: PersonId, group: GroupId, place: PlaceId) -> bool {
        let state = self.person(person);
        let serves_enemy = state.group.is_some_and(|other| self.at_war(place, group, other));
        let is_leaver = state.standing == Standing::Deserter && state.old_group == Some(group);
        (serves_enemy && state.standing != Standing::Dead) || is_leaver
    }

    /// The group, besides the perpetrator, that a victim's clan has somebody
    /// in: that of the latest whom history touched.
    pub(super) fn family_group(&self, victim: PersonId, perpetrator: GroupId) -> Option<GroupId> {
        let clan = self.person(victim).clan?;
        let serving = self
            .touched_of_clan(clan.0)
            .into_iter()
            .map(|kin| self.person(kin))
            .find(|kin| kin.is_active() && kin.group.is_some_and(|group| group != perpetrator));
        serving.and_then(|kin| kin.group)
    }
}
