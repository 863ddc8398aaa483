//! Who becomes a group, on whom it draws, and how groups stand to each other.

use allegiance_model::ids::GroupId;
use allegiance_model::setup::{Change, RelationKind, Setup};

use crate::build::{Country, Event, FIGHT, STATE, file, gave, setup_of, table, with_government};

fn ids(setup: &Setup) -> Vec<&str> {
    setup.groups.iter().map(|group| group.id.as_str()).collect()
}

fn group(setup: &Setup, id: &str) -> GroupId {
    GroupId::from_idx(setup.groups.iter().position(|group| group.id == id).unwrap())
}

fn relation(setup: &Setup, a: &str, b: &str) -> RelationKind {
    setup.relations[group(setup, a).idx() * setup.groups.len() + group(setup, b).idx()]
}

#[test]
fn a_side_with_few_events_and_many_dead_is_a_group() {
    let against = |side, dead| Event { sides: [STATE, side], dead: [0, 0, dead, 0], ..FIGHT };
    let mut events: Vec<Event<'_>> = (0..12).map(|_| FIGHT).collect();
    // Nine events with 1,130 dead, as JEM has in Darfur from 2003 to 2004.
    events.extend((0..8).map(|_| against("Justice", 125)));
    events.push(against("Justice", 130));
    events.push(against("Ninety-nine", 99));
    let built = Country::new(&table(&events)).build_with(|request| request.min_events = 10);
    assert_eq!(ids(&setup_of(&built)), ["government", "front", "justice"]);
    assert_eq!(gave(&built, "small sides left out"), "Ninety-nine (1, 99 killed)");
    let page = file(&built, "ASSUMPTIONS.md");
    assert!(page.contains("fewer than 10 events, and fewer than 100 dead in these"), "{page}");
    // Small sides of one class together count by their dead, too.
    events.push(against("Splinter", 1));
    let built = Country::new(&table(&events)).build_with(|request| request.min_events = 10);
    assert_eq!(
        gave(&built, "small sides merged"),
        "Ninety-nine (1, 99 killed) to Other rebels, Splinter (1, 1 killed) to Other rebels"
    );
}

#[test]
fn a_militia_with_the_enemies_of_the_government_alone_is_its_ally_and_draws_on_its_own_people() {
    let event = |a, b, kind| Event { sides: [a, b], kind, ..FIGHT };
    let mut events: Vec<Event<'_>> = (0..4).map(|_| FIGHT).collect();
    events.extend((0..3).map(|_| event("Front", "Vigilantes", 2)));
    // Two clans, who fight each other and one of them the Front too.
    events.extend((0..3).map(|_| event("Hill clan", "River clan", 2)));
    events.push(Event { date: "2000-07-01", ..event("River clan", "Hill clan", 2) });
    events.push(event("Front", "Hill clan", 2));
    let built = Country::new(&table(&events)).build();
    let setup = setup_of(&built);
    assert_eq!(built.warnings, []);
    assert_eq!(with_government(&setup, "vigilantes"), RelationKind::Alliance);
    assert_eq!(with_government(&setup, "hill_clan"), RelationKind::Truce, "it has an enemy of its own");
    assert_eq!(with_government(&setup, "river_clan"), RelationKind::Truce);
    assert_eq!(relation(&setup, "hill_clan", "vigilantes"), RelationKind::Truce);
    assert_eq!(relation(&setup, "hill_clan", "river_clan"), RelationKind::War);
    let shared = |a, b| setup.share_constituency(group(&setup, a), group(&setup, b));
    for (a, b) in
        [("front", "vigilantes"), ("hill_clan", "river_clan"), ("front", "hill_clan"), ("vigilantes", "river_clan")]
    {
        assert!(!shared(a, b), "{a} and {b}");
    }
    assert_eq!(gave(&built, "kinds and constituencies"), "government, hill_clan, militia, opposition, river_clan");
    for kind in setup.kinds.iter().filter(|kind| !["state", "rebel"].contains(&kind.id.as_str())) {
        assert!(kind.stays_home, "{}", kind.id);
    }
    // Rebels against one government stay one camp.
    let mut rebels: Vec<Event<'_>> = (0..4).map(|_| FIGHT).collect();
    rebels.extend((0..4).map(|_| event(STATE, "Army of God", 1)));
    let setup = setup_of(&Country::new(&table(&rebels)).build());
    assert!(setup.share_constituency(group(&setup, "front"), group(&setup, "army_of_god")));
}

#[test]
fn a_clan_whose_name_is_a_word_of_the_scenario_has_a_kind_of_its_own() {
    let clans = || Event { sides: ["Militia", "Opposition"], kind: 2, ..FIGHT };
    let built = Country::new(&table(&[clans(), clans(), clans()])).build();
    let setup = setup_of(&built);
    let kinds: Vec<&str> = setup.groups.iter().map(|group| setup.kinds[group.kind.idx()].id.as_str()).collect();
    assert_eq!(kinds, ["state", "militia_people", "opposition_people"]);
    assert_eq!(built.warnings, []);
}

#[test]
fn a_group_that_attacks_civilians_alone_is_told() {
    let attack = || Event { sides: ["Horsemen", "Civilians"], kind: 3, dead: [0, 0, 9, 0], ..FIGHT };
    let mut events: Vec<Event<'_>> = (0..4).map(|_| FIGHT).collect();
    events.extend((0..4).map(|_| attack()));
    let built = Country::new(&table(&events)).build();
    assert_eq!(gave(&built, "groups that fight nobody armed"), "horsemen");
    assert_eq!(with_government(&setup_of(&built), "horsemen"), RelationKind::Truce);
}

#[test]
fn states_get_as_many_men_as_the_record_has_killed_of_them() {
    // 73 of the government in a year: six in thirty days.
    let mut events: Vec<Event<'_>> = (0..73).map(|_| FIGHT).collect();
    let expedition = || Event { sides: ["Government of Elsewhere", "Front"], dead: [10, 1, 0, 0], ..FIGHT };
    events.extend((0..4).map(|_| expedition()));
    let built = Country::new(&table(&events)).build();
    assert_eq!(gave(&built, "replacements of states"), "a month government 6, elsewhere 3.3");
    let setup = setup_of(&built);
    let inflows: Vec<(u32, GroupId, f64, bool)> = setup
        .timeline
        .iter()
        .filter_map(|entry| match entry.change {
            Change::Inflow { group, per_month, is_foreign, .. } => Some((entry.day, group, per_month, is_foreign)),
            _ => None,
        })
        .collect();
    assert_eq!(inflows, [(0, group(&setup, "government"), 6.0, false), (0, group(&setup, "elsewhere"), 3.3, true)]);
    let without = Country::new(&table(&[(); 4].map(|()| Event { dead: [0, 3, 0, 0], ..FIGHT }))).build();
    assert!(without.assumptions.iter().all(|assumption| assumption.topic != "replacements of states"));
    let is_inflow = |change: &Change| matches!(change, Change::Inflow { .. });
    assert!(setup_of(&without).timeline.iter().all(|entry| !is_inflow(&entry.change)));
}
