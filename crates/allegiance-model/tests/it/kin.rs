//! Households, clans, quarters and marriage ties, for places of any size.

use crate::worlds::{group, setup, village};
use allegiance_model::World;
use allegiance_model::ids::{ClanId, HouseholdId, PersonId, PlaceId};
use allegiance_model::setup::RelationKind;

fn world_of(populations: &[u32], seed: u64) -> World {
    let places =
        populations.iter().enumerate().map(|(nth, &people)| village(nth, 2.0 * nth as f64, people, 0, 1)).collect();
    let mut setup = setup(places, vec![group(0, 0)], &[], RelationKind::Truce);
    setup.seed = seed;
    World::build(setup)
}

fn places(world: &World) -> impl Iterator<Item = PlaceId> + use<> {
    (0..world.setup.places.len()).map(PlaceId::from_idx)
}

#[test]
fn everyone_lives_in_one_household_of_one_clan_of_his_place() {
    for seed in 0..6 {
        let mut populations: Vec<u32> = (1..=40).collect();
        populations.extend([61, 62, 63, 155, 250, 751, 2_000, 2_501, 26_000, 120_003]);
        let world = world_of(&populations, seed);
        let kinship = world.kinship();
        let mut next_person = 0;
        for place in places(&world) {
            let first = kinship.first_household_of(place);
            for household in (first..first + kinship.n_households(place)).map(HouseholdId) {
                let people = kinship.people_of_household(household);
                assert_eq!(people.start, next_person, "households follow each other: {household:?}");
                assert!(!people.is_empty(), "an empty household: {household:?} of {place:?}");
                next_person = people.end;
                let clan = kinship.clan_of(household);
                assert!(kinship.households_of(clan).contains(&household.0));
                assert!(kinship.clans_of(place).contains(&clan.0));
                for person in people.map(PersonId) {
                    assert_eq!(world.home_of(person), (place, household, clan));
                }
            }
            assert_eq!(next_person, kinship.people_of_place(place).end);
        }
        assert_eq!(next_person, kinship.n_inhabitants());
    }
}

#[test]
fn clans_have_people_and_quarters_share_them_out() {
    for seed in 0..20 {
        let mut populations: Vec<u32> = (1..=40).collect();
        populations.extend([100, 750, 2_500, 5_100, 60_000]);
        let world = world_of(&populations, seed);
        let kinship = world.kinship();
        for place in places(&world) {
            let clans = kinship.clans_of(place);
            let mut next = clans.start;
            for quarter in 0..kinship.n_quarters(place) {
                let range = kinship.quarter_at(place, quarter);
                assert_eq!(range.start, next);
                next = range.end;
                let people = kinship.people_of_clans(&range);
                assert!(!people.is_empty());
                for clan in range.clone() {
                    assert_eq!(kinship.quarter_of(ClanId(clan), place), range);
                }
            }
            assert_eq!(next, clans.end);
            for clan in clans {
                assert!(!kinship.households_of(ClanId(clan)).is_empty(), "seed {seed}: an empty clan in {place:?}");
                assert!(!kinship.people_of_clans(&(clan..clan + 1)).is_empty());
            }
        }
    }
}

#[test]
fn households_and_clans_have_their_mean_sizes() {
    let world = world_of(&[50_000, 20_000, 3_000], 4);
    let kinship = world.kinship();
    let n_households: u32 = places(&world).map(|place| kinship.n_households(place)).sum();
    let mean_household = 73_000.0 / f64::from(n_households);
    assert!((mean_household - 6.2).abs() < 0.02, "{mean_household}");
    let mean_clan = 73_000.0 / f64::from(kinship.n_clans());
    assert!((mean_clan - 250.0).abs() < 3.0, "{mean_clan}");
    let sizes: Vec<usize> =
        (0..n_households).map(|household| kinship.people_of_household(HouseholdId(household)).len()).collect();
    assert!(sizes.iter().all(|&size| (2..=25).contains(&size)), "{:?}", sizes.iter().max());
}

#[test]
fn marriage_ties_are_symmetric_between_places_and_as_frequent_as_wanted() {
    let world = world_of(&[12_000, 9_000, 15_000, 8_000], 9);
    let kinship = world.kinship();
    let mut ties = Vec::new();
    for clan in (0..kinship.n_clans()).map(ClanId) {
        for tie in kinship.ties_of(clan) {
            assert_eq!(kinship.clan_of(tie.household), clan);
            ties.push((tie.household.0, tie.in_laws.0));
        }
    }
    let mut reversed: Vec<(u32, u32)> = ties.iter().map(|&(a, b)| (b, a)).collect();
    ties.sort_unstable();
    reversed.sort_unstable();
    assert_eq!(ties, reversed);
    assert_eq!(ties.len(), 2 * kinship.n_ties());
    let place_of =
        |household: u32| kinship.place_of(PersonId(kinship.people_of_household(HouseholdId(household)).start));
    assert!(ties.iter().all(|&(a, b)| place_of(a) != place_of(b)));
    let n_households: u32 = places(&world).map(|place| kinship.n_households(place)).sum();
    let per_household = ties.len() as f64 / f64::from(n_households);
    assert!((per_household - 0.2).abs() < 0.02, "{per_household}");
}
