//! Who the members are on the first day: garrisons are filled with people
//! drawn from the places around, and split into units.
//!
//! # Form
//! A garrison of `n` members has `n / n_u` units. Each member is foreign with the share of his rank in
//! his group; of a state's others, a share `s_u` comes from outside the region. A home is drawn with
//! weight `people exp(-distance / d_u)` around the garrison, and in it a free man of 15-40. A garrison
//! that finds none takes an outsider. The first of a unit commands; every `n_f`-th commander of a group
//! is a field commander, the first one leads.

use crate::geography::Geography;
use crate::gravity::{Gravity, Surroundings};
use crate::ids::{GroupId, PersonId, PlaceId};
use crate::kinship::Kinship;
use crate::parameters::parameters;
use crate::random::{Draws, Purpose, Stream};
use crate::setup::Setup;
use crate::tables::Rank;
use crate::traits::demography;

parameters! {
    /// Units and where their members come from.
    pub struct UnitParameters = "units" {
        /// Members of a unit on the first day.
        members: "n_u", "persons", 60.0 in 10.0 .. 150.0, Judgement, "MODEL 2: 10-150 who serve together";
        /// Distance from the garrison over which members' homes thin out to 1/e.
        home_distance_km: "d_u", "km", 15.0 in 5.0 .. 40.0 within 0.1..400.0, Judgement, "no number exists; rebels recruited locally (Arjona & Kalyvas)";
        /// Share of a state's members whose home lies outside the region.
        state_outsider_share: "s_u", "share", 0.6 in 0.3 .. 0.9, Judgement, "conscripts served away from home; no number exists";
        /// Units under one field commander.
        units_per_field_commander: "n_f", "1", 8.0 in 3.0 .. 20.0 within 1.0..200.0, Judgement, "no number exists";
    }
}

/// A member on the first day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct FirstMember {
    /// The person: an inhabitant, or a number after the last inhabitant.
    pub person: PersonId,
    /// Whether the home lies in the region.
    pub has_home: bool,
    /// Whether the member is foreign.
    pub is_foreign: bool,
    /// Rank.
    pub rank: Rank,
}

/// A unit on the first day.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FirstUnit {
    /// Its group.
    pub group: GroupId,
    /// Where it is.
    pub place: PlaceId,
    /// Its members; the first one commands.
    pub members: Vec<FirstMember>,
}

/// Units and members on the first day.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FirstMembers {
    /// The units.
    pub units: Vec<FirstUnit>,
    /// Members whose home lies outside the region.
    pub n_outsiders: u32,
}

struct Recruiter<'a> {
    setup: &'a Setup,
    kinship: &'a Kinship,
    draws: Draws,
    is_taken: Vec<u64>,
    n_outsiders: u32,
}

/// Draws the members of every garrison.
///
/// A home is drawn by gravity around the garrison (population times a
/// distance decay), a man of 15 to 40 within it at random; where the places
/// around have no men left, the member comes from outside the region.
pub(crate) fn first_members(setup: &Setup, geography: &Geography, kinship: &Kinship, draws: Draws) -> FirstMembers {
    let n_words = (kinship.n_inhabitants() as usize).div_ceil(64);
    let mut recruiter = Recruiter { setup, kinship, draws, is_taken: vec![0; n_words], n_outsiders: 0 };
    let home_km = setup.parameters.units.home_distance_km.max(0.1);
    let gravity = Gravity::new(geography, &setup.places, home_km, Geography::RADIUS_KM);
    let mut units: Vec<FirstUnit> = Vec::new();
    let mut n_units_of_group = vec![0_u32; setup.n_groups()];
    for (garrison_idx, garrison) in setup.garrisons.iter().enumerate() {
        let homes = gravity.around(garrison.place);
        let usual = setup.scaled_down(setup.parameters.units.members).max(1.0);
        let wanted_units = (f64::from(garrison.members) / usual).round() as u32;
        let n_units = wanted_units.clamp(1, garrison.members.max(1));
        let mut stream = draws.stream(Purpose::FirstMember, garrison_idx as u32, 0, 0);
        for unit in 0..n_units {
            let from = garrison.members * unit / n_units;
            let to = garrison.members * (unit + 1) / n_units;
            let nth = n_units_of_group[garrison.group.idx()];
            n_units_of_group[garrison.group.idx()] += 1;
            let members = (from..to)
                .map(|member| {
                    recruiter.recruit(garrison.group, rank_of(setup, nth, member == from), homes.as_ref(), &mut stream)
                })
                .collect();
            units.push(FirstUnit { group: garrison.group, place: garrison.place, members });
        }
    }
    FirstMembers { units, n_outsiders: recruiter.n_outsiders }
}

/// The rank of the first member of a group's nth unit: every so many units
/// the commander of a unit is also a field commander, the first leads.
fn rank_of(setup: &Setup, nth_unit: u32, is_first: bool) -> Rank {
    let span = (setup.parameters.units.units_per_field_commander.round() as u32).max(1);
    match (is_first, nth_unit) {
        (false, _) => Rank::RankAndFile,
        (true, 0) => Rank::Leadership,
        (true, nth) if nth % span == 0 => Rank::FieldCommander,
        (true, _) => Rank::UnitCommander,
    }
}

impl Recruiter<'_> {
    fn recruit(
        &mut self,
        group: GroupId,
        rank: Rank,
        homes: Option<&Surroundings<'_>>,
        stream: &mut Stream,
    ) -> FirstMember {
        let spec = &self.setup.groups[group.idx()];
        let foreign_share = match rank {
            Rank::RankAndFile => spec.foreign_share.rank_and_file,
            Rank::UnitCommander => spec.foreign_share.unit_commander,
            Rank::FieldCommander => spec.foreign_share.field_commander,
            Rank::Leadership => spec.foreign_share.leadership,
        };
        let is_foreign = stream.uniform() < foreign_share;
        let outsider_share =
            if self.setup.kind_of(group).is_state { self.setup.parameters.units.state_outsider_share } else { 0.0 };
        let is_outsider = is_foreign || stream.uniform() < outsider_share;
        let person = if is_outsider { None } else { homes.and_then(|homes| self.find_man(homes, stream)) };
        let has_home = person.is_some();
        let person = person.unwrap_or_else(|| {
            self.n_outsiders += 1;
            PersonId(self.kinship.n_inhabitants() + self.n_outsiders - 1)
        });
        FirstMember { person, has_home, is_foreign, rank }
    }

    fn find_man(&mut self, homes: &Surroundings<'_>, stream: &mut Stream) -> Option<PersonId> {
        const MAX_TRIES: u32 = 200;
        for _ in 0..MAX_TRIES {
            let people = self.kinship.people_of_place(homes.pick(stream));
            let person = PersonId(people.start + stream.below(people.end - people.start));
            let (word, bit) = ((person.0 / 64) as usize, person.0 % 64);
            let is_free = self.is_taken[word] >> bit & 1 == 0;
            if is_free && demography(&self.draws, &self.setup.parameters.traits, person).can_bear_arms() {
                self.is_taken[word] |= 1 << bit;
                return Some(person);
            }
        }
        None
    }
}
