//! Households, clans, quarters and marriage ties, all derived from keyed
//! draws: a person's household and clan cost no memory.
//!
//! People of a place are numbered in order. Blocks of five households hold a
//! fixed number of people, so that a household is found from a person by
//! arithmetic; clans are runs of neighbouring households; a quarter is ten
//! clans, some 2,500 people: a village is one quarter, a city has many.
//!
//! # Form
//! Blocks of five households hold `5 n_h` people; within a block each household gets two people and
//! the rest is shared by drawn weights of 1 to 8. A place has `people / n_c` clans, at least three
//! where it has the households, with borders drawn around even spacing. Each household has a marriage
//! tie out of its place with probability about `p_m`: half of it is drawn from each side, to a place
//! within `4 d_m` (60 km at most) with weight
//!
//! ```text
//! people(place) exp(-distance / d_m)
//! ```

use crate::geography::Geography;
use crate::gravity::{Gravity, Surroundings};
use crate::ids::{ClanId, HouseholdId, PersonId, PlaceId};
use crate::parameters::parameters;
use crate::random::{Draws, Purpose};
use crate::setup::Setup;
use std::ops::Range;

parameters! {
    /// Households, clans and the marriage ties between places.
    pub struct KinshipParameters = "kinship" {
        /// Mean number of people in a household.
        household_size: "n_h", "persons", 6.2 in 5.0 .. 8.0 within 1.0..80.0, Sourced, "Idlib census 2004: mean household 6.2 (evidence A4)";
        /// Mean number of people in a clan.
        clan_size: "n_c", "persons", 250.0 in 100.0 .. 500.0 within 5.0..5000.0, Judgement, "evidence A4: villages hold 3-10 large families of 100-600 people";
        /// Probability that a household is tied by marriage to a household of another place.
        p_marriage_tie: "p_m", "probability", 0.2 in 0.1 .. 0.4, Judgement, "evidence A4: 10-25% of households";
        /// Distance over which marriage ties between places thin out to 1/e.
        marriage_distance_km: "d_m", "km", 15.0 in 5.0 .. 40.0 within 0.1..400.0, Judgement, "no number exists; ties stay mostly within the district";
    }
}

/// Households in a full block.
const BLOCK_HOUSEHOLDS: u32 = 5;
/// Clans in a quarter.
const QUARTER_CLANS: u32 = 10;
/// Clans that a place has at least, where it has the households.
const LEAST_CLANS: u32 = 3;
/// How far the border of a clan is drawn from even spacing, in clans.
const BORDER_JITTER: f64 = 0.6;
/// Decay distances within which a marriage tie is drawn: beyond them gravity
/// leaves next to none.
const MARRIAGE_REACH: f64 = 4.0;

/// A tie by marriage between households of two places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MarriageTie {
    /// The household on this side.
    pub household: HouseholdId,
    /// The household that it's tied to.
    pub in_laws: HouseholdId,
    /// The clan of that household.
    pub in_laws_clan: ClanId,
}

/// The kin structure of all places.
#[derive(Debug)]
pub struct Kinship {
    draws: Draws,
    block_people: u32,
    first_person: Vec<u32>,
    first_household: Vec<u32>,
    first_clan: Vec<u32>,
    clan_first_household: Vec<u32>,
    clan_first_person: Vec<u32>,
    tie_offsets: Vec<u32>,
    ties: Vec<MarriageTie>,
}

impl Kinship {
    /// The kin structure of a setup's population.
    pub fn new(setup: &Setup, geography: &Geography) -> Self {
        let draws = Draws::of_population(setup.seed);
        let parameters = &setup.parameters.kinship;
        let block_people = ((f64::from(BLOCK_HOUSEHOLDS) * parameters.household_size).round() as u32).max(10);
        let mut kinship = Self {
            draws,
            block_people,
            first_person: vec![0],
            first_household: vec![0],
            first_clan: vec![0],
            clan_first_household: Vec::new(),
            clan_first_person: Vec::new(),
            tie_offsets: Vec::new(),
            ties: Vec::new(),
        };
        for place in &setup.places {
            kinship.add_place(place.population, parameters.clan_size);
        }
        kinship.clan_first_household.push(kinship.first_household[setup.places.len()]);
        kinship.find_first_people();
        kinship.tie_by_marriage(setup, geography);
        kinship
    }

    fn add_place(&mut self, population: u32, clan_size: f64) {
        let place_idx = self.first_person.len() - 1;
        let n_full = population / self.block_people;
        let rest = population % self.block_people;
        let n_households = n_full * BLOCK_HOUSEHOLDS + self.n_block_households(rest);
        let wanted = (f64::from(population) / clan_size.max(1.0)).round() as u32;
        let n_clans = wanted.max(LEAST_CLANS).min(n_households).max(1);
        let first = self.first_household[place_idx];
        let mut border = 0;
        for local in 0..n_clans {
            let clan = self.first_clan[place_idx] + local;
            let even = f64::from(n_households) / f64::from(n_clans);
            let jitter = self.draws.uniform(Purpose::ClanBorder, clan, 0, 0) - 0.5;
            if local > 0 {
                let drawn = (even * (f64::from(local) + BORDER_JITTER * jitter)) as u32;
                // No clan is empty, in the smallest hamlet either.
                border = drawn.clamp(border + 1, n_households - (n_clans - local));
            }
            self.clan_first_household.push(first + border);
        }
        self.first_person.push(self.first_person[place_idx] + population);
        self.first_household.push(first + n_households);
        self.first_clan.push(self.first_clan[place_idx] + n_clans);
    }

    fn find_first_people(&mut self) {
        for place_idx in 0..self.first_person.len() - 1 {
            let place = PlaceId::from_idx(place_idx);
            for clan in self.clans_of(place) {
                let household = HouseholdId(self.clan_first_household[clan as usize]);
                self.clan_first_person.push(self.people_of_household_in(household, place).start);
            }
        }
        self.clan_first_person.push(self.n_inhabitants());
    }

    fn n_block_households(&self, people: u32) -> u32 {
        (people * BLOCK_HOUSEHOLDS).div_ceil(self.block_people)
    }

    /// Ties every household with half the wanted probability, in each
    /// direction, to a household drawn by gravity among the places around.
    fn tie_by_marriage(&mut self, setup: &Setup, geography: &Geography) {
        let parameters = &setup.parameters.kinship;
        let distance_km = parameters.marriage_distance_km;
        let gravity = Gravity::new(geography, &setup.places, distance_km, MARRIAGE_REACH * distance_km).of_others();
        let n_clans = self.n_clans() as usize;
        let mut pairs: Vec<(ClanId, MarriageTie)> = Vec::new();
        for place_idx in 0..setup.places.len() {
            let place = PlaceId::from_idx(place_idx);
            let Some(around) = gravity.around(place) else { continue };
            for clan in self.clans_of(place) {
                self.tie_clan(ClanId(clan), &around, parameters.p_marriage_tie, &mut pairs);
            }
        }
        pairs.sort_by_key(|(clan, tie)| (*clan, tie.household, tie.in_laws));
        self.tie_offsets = vec![0; n_clans + 1];
        for (clan, _) in &pairs {
            self.tie_offsets[clan.idx() + 1] += 1;
        }
        for clan_idx in 0..n_clans {
            self.tie_offsets[clan_idx + 1] += self.tie_offsets[clan_idx];
        }
        self.ties = pairs.into_iter().map(|(_, tie)| tie).collect();
    }

    fn tie_clan(&self, clan: ClanId, around: &Surroundings<'_>, p_tie: f64, pairs: &mut Vec<(ClanId, MarriageTie)>) {
        let households = self.households_of(clan);
        let n_households = households.end - households.start;
        let mut stream = self.draws.stream(Purpose::MarriageTie, clan.0, 0, 0);
        for _ in 0..stream.binomial(n_households, 0.5 * p_tie) {
            let household = HouseholdId(households.start + stream.below(n_households));
            let other = around.pick(&mut stream);
            let theirs = self.first_household[other.idx()]..self.first_household[other.idx() + 1];
            let in_laws = HouseholdId(theirs.start + stream.below(theirs.end - theirs.start));
            let in_laws_clan = self.clan_of(in_laws);
            pairs.push((clan, MarriageTie { household, in_laws, in_laws_clan }));
            pairs.push((in_laws_clan, MarriageTie { household: in_laws, in_laws: household, in_laws_clan: clan }));
        }
    }

    /// Number of inhabitants of all places.
    pub fn n_inhabitants(&self) -> u32 {
        self.first_person[self.first_person.len() - 1]
    }

    /// Number of clans of all places.
    pub fn n_clans(&self) -> u32 {
        self.first_clan[self.first_clan.len() - 1]
    }

    /// Number of households of a place.
    pub fn n_households(&self, place: PlaceId) -> u32 {
        self.first_household[place.idx() + 1] - self.first_household[place.idx()]
    }

    /// The number of a place's first household.
    pub fn first_household_of(&self, place: PlaceId) -> u32 {
        self.first_household[place.idx()]
    }

    /// The people of a place, as a range of person numbers.
    pub fn people_of_place(&self, place: PlaceId) -> Range<u32> {
        self.first_person[place.idx()]..self.first_person[place.idx() + 1]
    }

    /// The clans of a place, as a range of clan numbers.
    pub fn clans_of(&self, place: PlaceId) -> Range<u32> {
        self.first_clan[place.idx()]..self.first_clan[place.idx() + 1]
    }

    /// The households of a clan, as a range of household numbers.
    pub fn households_of(&self, clan: ClanId) -> Range<u32> {
        self.clan_first_household[clan.idx()]..self.clan_first_household[clan.idx() + 1]
    }

    /// The place where a person lives.
    pub fn place_of(&self, person: PersonId) -> PlaceId {
        PlaceId::from_idx(self.first_person.partition_point(|&first| first <= person.0) - 1)
    }

    fn place_of_household(&self, household: HouseholdId) -> PlaceId {
        PlaceId::from_idx(self.first_household.partition_point(|&first| first <= household.0) - 1)
    }

    /// The household of a person who lives in a place.
    pub fn household_of(&self, person: PersonId, place: PlaceId) -> HouseholdId {
        let local = person.0 - self.first_person[place.idx()];
        let (block, within) = (local / self.block_people, local % self.block_people);
        let borders = self.block_borders(place, block);
        let slot = borders[1..].iter().position(|&end| within < end).unwrap_or(0) as u32;
        HouseholdId(self.first_household[place.idx()] + block * BLOCK_HOUSEHOLDS + slot)
    }

    /// The members of a household, as a range of person numbers.
    pub fn people_of_household(&self, household: HouseholdId) -> Range<u32> {
        self.people_of_household_in(household, self.place_of_household(household))
    }

    fn people_of_household_in(&self, household: HouseholdId, place: PlaceId) -> Range<u32> {
        let local = household.0 - self.first_household[place.idx()];
        let (block, slot) = (local / BLOCK_HOUSEHOLDS, (local % BLOCK_HOUSEHOLDS) as usize);
        let borders = self.block_borders(place, block);
        let first = self.first_person[place.idx()] + block * self.block_people;
        first + borders[slot]..first + borders[slot + 1]
    }

    /// Where the households of a block begin and end: two people each, the
    /// rest shared by drawn weights of 1 to 8.
    fn block_borders(&self, place: PlaceId, block: u32) -> [u32; BLOCK_HOUSEHOLDS as usize + 1] {
        let people_of_place = self.people_of_place(place);
        let people = (people_of_place.end - people_of_place.start - block * self.block_people).min(self.block_people);
        let n_households = self.n_block_households(people);
        let entity = self.first_household[place.idx()] + block * BLOCK_HOUSEHOLDS;
        let words = self.draws.block(Purpose::Household, entity, 0, 0);
        let weight = |slot: u32| 1 + (words[(slot % 4) as usize] >> (3 * (slot / 4))) % 8;
        let total: u32 = (0..n_households).map(weight).sum();
        let least = if people >= 2 * n_households { 2 } else { 0 };
        let rest = people - least * n_households;
        let mut borders = [people; BLOCK_HOUSEHOLDS as usize + 1];
        borders[0] = 0;
        let mut sum = 0;
        for slot in 0..n_households.saturating_sub(1) {
            sum += weight(slot);
            borders[slot as usize + 1] = least * (slot + 1) + rest * sum / total.max(1);
        }
        borders
    }

    /// The clan of a household.
    pub fn clan_of(&self, household: HouseholdId) -> ClanId {
        let n_before = self.clan_first_household.partition_point(|&first| first <= household.0);
        ClanId::from_idx(n_before.min(self.n_clans() as usize) - 1)
    }

    /// The quarter of a clan of a place: the clans that live around it.
    pub fn quarter_of(&self, clan: ClanId, place: PlaceId) -> Range<u32> {
        let clans = self.clans_of(place);
        self.quarter_at(place, (clan.0 - clans.start) / QUARTER_CLANS)
    }

    /// Number of quarters of a place.
    pub fn n_quarters(&self, place: PlaceId) -> u32 {
        let clans = self.clans_of(place);
        ((clans.end - clans.start) / QUARTER_CLANS).max(1)
    }

    /// The clans of a quarter of a place; a last quarter of fewer than ten
    /// clans belongs to the one before it.
    pub fn quarter_at(&self, place: PlaceId, quarter: u32) -> Range<u32> {
        let clans = self.clans_of(place);
        let last = self.n_quarters(place) - 1;
        let quarter = quarter.min(last);
        let start = clans.start + quarter * QUARTER_CLANS;
        let end = if quarter == last { clans.end } else { start + QUARTER_CLANS };
        start..end
    }

    /// The people of a run of clans of one place, as a range of person numbers.
    pub fn people_of_clans(&self, clans: &Range<u32>) -> Range<u32> {
        self.clan_first_person[clans.start as usize]..self.clan_first_person[clans.end as usize]
    }

    /// The clan of a person who lives in a place.
    pub fn clan_of_person(&self, person: PersonId, place: PlaceId) -> ClanId {
        let clans = self.clans_of(place);
        let first_people = &self.clan_first_person[clans.start as usize..clans.end as usize];
        ClanId(clans.start + last_not_above(first_people, person.0, self.people_of_place(place).end) as u32)
    }

    /// The marriage ties of the households of a clan, in order of household.
    pub fn ties_of(&self, clan: ClanId) -> &[MarriageTie] {
        &self.ties[self.tie_offsets[clan.idx()] as usize..self.tie_offsets[clan.idx() + 1] as usize]
    }

    /// Number of marriage ties, each counted once.
    pub fn n_ties(&self) -> usize {
        self.ties.len() / 2
    }
}

/// Where the last of some rising numbers stands that isn't above another, which lies between the
/// first of them and `end`. Numbers that rise nearly evenly are found in a step or two, where
/// looking in the middle first costs a cache miss a step.
fn last_not_above(rising: &[u32], number: u32, end: u32) -> usize {
    let Some(&first) = rising.first() else { return 0 };
    let (offset, span) = (u64::from(number.saturating_sub(first)), u64::from(end.saturating_sub(first).max(1)));
    let mut at = ((offset * rising.len() as u64 / span) as usize).min(rising.len() - 1);
    while at > 0 && rising[at] > number {
        at -= 1;
    }
    while at + 1 < rising.len() && rising[at + 1] <= number {
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::last_not_above;

    #[test]
    fn the_last_that_is_not_above_is_found_however_numbers_rise() {
        for rising in [vec![3], vec![0, 10, 20, 30], vec![5, 6, 7, 90, 91], vec![2, 80, 81, 82, 83]] {
            for number in rising[0]..100 {
                let wanted = rising.iter().rposition(|&first| first <= number).expect("the first isn't above");
                assert_eq!(last_not_above(&rising, number, 100), wanted, "{number} in {rising:?}");
            }
        }
    }
}
