//! What a group is for: the closed form of the two claims, and the sign of what moves them.

use crate::common::only_besides_common;
use crate::worlds::{group, only, run, setup, small_war, village};
use allegiance_model::belief::ByClaim;
use allegiance_model::causes::{Claim, Claims};
use allegiance_model::ids::{GroupId, PersonId};
use allegiance_model::setup::{AxisSetup, BeliefTheory, ForeignShare, Mechanism, RelationKind, Setup};
use allegiance_model::tables::{AllegianceKind, IncidentKind, Records};
use allegiance_model::{Model, World};

/// An axis against some groups, where the people stand at 4.
fn war_on(against: &[u8]) -> AxisSetup {
    let against = against.iter().map(|&group| GroupId(group)).collect();
    AxisSetup { weight: 0.0, mean: 4.0, against, ..AxisSetup::plain("war", "War on them") }
}

/// Who rules, with people at 3.
fn home_rule() -> AxisSetup {
    AxisSetup { weight: 0.0, is_home_rule: true, ..AxisSetup::plain("home_rule", "Who rules") }
}

/// What the groups differ over, with people at 4.
fn order() -> AxisSetup {
    AxisSetup { mean: 4.0, ..AxisSetup::plain("order", "Religious order") }
}

fn set(setup: &mut Setup, name: &str, value: f64) {
    setup.parameters.set(&format!("causes.{name}"), value).unwrap();
}

fn with_causes(mut setup: Setup, axes: Vec<AxisSetup>, causes: &[Vec<f64>]) -> Setup {
    setup.axes = axes;
    for (group, cause) in setup.groups.iter_mut().zip(causes) {
        group.cause.clone_from(cause);
    }
    only_besides_common(&mut setup, &[Mechanism::Causes]);
    setup
}

/// A group among its rivals, and an enemy far away, with whom it may be at
/// truce: what it does where it is stays the same.
fn far_enemy(relation: RelationKind) -> Setup {
    let mut places: Vec<_> = (0..4).map(|nth| village(nth, 6.0 * nth as f64, 3_000, nth % 2, 3)).collect();
    places.push(village(4, 400.0, 3_000, 2, 3));
    let garrisons = [(0, 0, 150), (0, 2, 150), (1, 1, 150), (1, 3, 150), (2, 4, 100)];
    let mut setup = setup(places, (0..3).map(|nth| group(nth, 0)).collect(), &garrisons, RelationKind::War);
    for cell in [2, 6] {
        setup.relations[cell] = relation;
    }
    setup.n_days = 60;
    let mut setup = with_causes(
        setup,
        vec![order(), war_on(&[2]), home_rule()],
        &[vec![5.0, 5.0, 3.0], vec![3.0, 5.0, 3.0], vec![1.0, 1.0, 3.0]],
    );
    setup.switches.set(Mechanism::Infighting, false);
    setup
}

/// The people who are members of a group now, by number.
fn members(model: &Model<'_>, of: GroupId) -> Vec<(PersonId, bool)> {
    let records = model.clone().into_records().unwrap();
    let rows = records.persons.rows().filter(|row| row.group == Some(of));
    rows.map(|row| (row.person, row.is_foreign)).collect()
}

fn after(world: &World, replicate: u32, n_days: u32) -> Model<'_> {
    let mut model = Model::new(world, replicate);
    while model.day() < n_days {
        model.step();
    }
    model
}

/// Mean conviction of the first group's members at the end of a replicate,
/// foreigners left out.
fn conviction(setup: &Setup, replicate: u32) -> f64 {
    let world = World::build(setup.clone());
    let model = after(&world, replicate, setup.n_days);
    let locals = members(&model, GroupId(0)).into_iter().filter(|&(_, is_foreign)| !is_foreign);
    let found: Vec<f64> = locals.filter_map(|(person, _)| Some(model.belief_of(person)?.conviction)).collect();
    assert!(found.len() > 50, "{}", found.len());
    found.iter().sum::<f64>() / found.len() as f64
}

/// Mean and standard error of the paired differences of the second setup from
/// the first.
fn differences(first: &Setup, second: &Setup, n: u32, measure: impl Fn(&Setup, u32) -> f64) -> (f64, f64) {
    let pairs: Vec<f64> = (0..n).map(|replicate| measure(second, replicate) - measure(first, replicate)).collect();
    let mean = pairs.iter().sum::<f64>() / f64::from(n);
    let square: f64 = pairs.iter().map(|pair| (pair - mean) * (pair - mean)).sum();
    (mean, (square / f64::from(n * (n - 1))).sqrt())
}

/// Whether a mean lies more than three standard errors on one side of zero.
fn falls((mean, error): (f64, f64)) -> bool {
    mean < -3.0 * error && mean < -1e-9
}

fn rises((mean, error): (f64, f64)) -> bool {
    falls((-mean, error))
}

fn is_near(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-12
}

#[test]
fn the_claims_of_one_of_the_mean_are_those_of_the_closed_form() {
    let mut setup = far_enemy(RelationKind::Truce);
    only(&mut setup, &[Mechanism::Causes]);
    set(&mut setup, "person_sd", 0.0);
    set(&mut setup, "place_sd", 0.0);
    let world = World::build(setup.clone());
    let model = after(&world, 0, 0);
    let (person, _) = members(&model, GroupId(0))[0];
    // He stands at 4, 4 and 3, his group at 5, 5 and 3: F = .75, R = .5, distance .25. The truce alone counts half.
    let found = model.claims_of(person).unwrap();
    let expected = Claims { fight_weight: 0.6, against_fight: 1.0, against_rule: -0.25 };
    assert!(is_near(found.fight_weight, expected.fight_weight), "{found:?}");
    assert!(is_near(found.against_fight, expected.against_fight), "{found:?}");
    assert!(is_near(found.against_rule, expected.against_rule), "{found:?}");
    setup.relations = far_enemy(RelationKind::War).relations;
    let world = World::build(setup);
    let at_war = after(&world, 0, 0).claims_of(person).unwrap();
    assert!(is_near(at_war.against_fight, 0.0) && is_near(at_war.fight_weight, 0.6), "{at_war:?}");
}

#[test]
fn what_is_heard_of_a_truce_grows_by_halves() {
    let mut setup = far_enemy(RelationKind::War);
    only(&mut setup, &[Mechanism::Causes]);
    set(&mut setup, "person_sd", 0.0);
    set(&mut setup, "place_sd", 0.0);
    set(&mut setup, "hearing_days", 14.0);
    let change = allegiance_model::setup::Change::Relation { a: GroupId(0), b: GroupId(2), kind: RelationKind::Truce };
    setup.timeline = vec![allegiance_model::setup::TimelineEntry { day: 0, change, place: None, note: String::new() }];
    let world = World::build(setup);
    for (n_days, heard) in [(6, 0.0), (14, 0.5), (28, 0.75), (42, 0.875)] {
        let model = after(&world, 0, n_days);
        let (person, _) = members(&model, GroupId(0))[0];
        let claims = model.claims_of(person).unwrap();
        assert!(is_near(claims.against_fight, heard), "after {n_days} days: {claims:?}");
    }
}

#[test]
fn conviction_is_the_weighted_sum_of_both_claims_under_every_theory_that_moves() {
    for &theory in BeliefTheory::ALL {
        let mut setup = far_enemy(RelationKind::Truce);
        setup.theory.belief = theory;
        setup.parameters.set("belief.averaging_per_month", 0.0).unwrap();
        only(&mut setup, &[Mechanism::Causes]);
        let with = World::build(setup.clone());
        setup.switches.set(Mechanism::Causes, false);
        let without = World::build(setup);
        let (with, without) = (after(&with, 0, 7), after(&without, 0, 7));
        for (person, _) in members(&with, GroupId(0)) {
            let claims = with.claims_of(person).unwrap();
            let (now, before) =
                (with.belief_of(person).unwrap().conviction, without.belief_of(person).unwrap().conviction);
            let [of_fight, of_rule] = [claims.against_fight, claims.against_rule].map(|against| before - against);
            let sum = claims.fight_weight * of_fight + (1.0 - claims.fight_weight) * of_rule;
            let expected = if theory == BeliefTheory::Fixed { before } else { sum };
            assert!((now - expected).abs() < 1e-9, "{}: {now} and {expected}", theory.word());
            assert_eq!(without.claims_of(person), None);
        }
    }
}

/// Convictions of the first group's members after forty days of a war in which
/// nobody leaves: by claim, their own weights of the first, and those used
/// elsewhere.
fn convictions(mut setup: Setup, theory: BeliefTheory, changes: &[(&str, f64)]) -> Vec<(ByClaim<f64>, f64, f64)> {
    setup.theory.belief = theory;
    only(&mut setup, &[Mechanism::Causes, Mechanism::Claims, Mechanism::Repression]);
    setup.parameters.set("harm.repression_per_month", 200.0).unwrap();
    for place in &mut setup.places[..4] {
        place.control = vec![0.5, 0.5, 0.0];
    }
    for (path, value) in changes {
        setup.parameters.set(path, *value).unwrap();
    }
    let world = World::build(setup);
    let model = after(&world, 0, 40);
    let people = members(&model, GroupId(0)).into_iter();
    people
        .filter_map(|(person, _)| {
            let conviction = model.belief_of(person)?.conviction;
            Some((model.convictions_of(person).unwrap(), model.claims_of(person).unwrap().fight_weight, conviction))
        })
        .collect()
}

fn no_framing() -> [(&'static str, f64); 2] {
    [("news.background_accusations_per_month", 0.0), ("news.framing_per_month", 0.0)]
}

#[test]
fn a_war_on_ones_own_is_told_of_the_first_claim_and_harm_of_the_second() {
    for theory in [BeliefTheory::SourceCredibility, BeliefTheory::MotivatedReasoning] {
        let framing = [("news.background_accusations_per_month", 8.0), ("news.framing_per_month", 0.0)];
        let harm = [("news.p_rival_claim", 0.0), ("news.p_outside_claim", 0.0)];
        let quiet = || [no_framing(), harm].concat();
        let silent = convictions(far_enemy(RelationKind::War), theory, &quiet());
        assert!(silent.len() > 200 && silent.iter().any(|(_, weight, _)| *weight > 0.0));
        let of_war = convictions(far_enemy(RelationKind::War), theory, &[framing, harm].concat());
        // Denials by a command that is trusted would weigh more than what rivals say.
        let undenied = [("news.p_command_denies", 0.0), ("news.p_rival_claim", 0.6)];
        let of_harm = convictions(far_enemy(RelationKind::War), theory, &[no_framing(), undenied].concat());
        let mean = |found: &[(ByClaim<f64>, f64, f64)], of: Claim| {
            found.iter().map(|(by_claim, ..)| by_claim.of(of)).sum::<f64>() / found.len() as f64
        };
        let (fight, rule) = (Claim::Fight, Claim::Rule);
        assert!(mean(&of_war, fight) < mean(&silent, fight) - 0.02, "{}", theory.word());
        assert!(is_near(mean(&of_war, rule), mean(&silent, rule)), "{}", theory.word());
        assert!(mean(&of_harm, rule) < mean(&silent, rule) - 0.005, "{}", theory.word());
        assert!(is_near(mean(&of_harm, fight), mean(&silent, fight)), "{}", theory.word());
        for (by_claim, weight, conviction) in of_war.into_iter().chain(of_harm) {
            let sum = weight * by_claim.fight + (1.0 - weight) * by_claim.rule;
            assert!((conviction - sum).abs() < 1e-9, "{conviction} and {sum}");
        }
    }
}

#[test]
fn where_no_axis_is_against_anybody_all_is_told_of_one_claim() {
    let theory = BeliefTheory::MotivatedReasoning;
    let mut setup = far_enemy(RelationKind::War);
    setup.axes[1].against.clear();
    let framing = [("news.background_accusations_per_month", 8.0), ("news.framing_per_month", 0.0)];
    let silent = convictions(setup.clone(), theory, &no_framing());
    let of_war = convictions(setup, theory, &framing);
    let mean = |found: &[(ByClaim<f64>, f64, f64)]| {
        found.iter().map(|(_, _, conviction)| conviction).sum::<f64>() / found.len() as f64
    };
    assert!(of_war.iter().all(|(_, weight, _)| *weight <= 0.0));
    assert!(mean(&of_war) < mean(&silent) - 0.02, "{} and {}", mean(&of_war), mean(&silent));
}

#[test]
fn a_truce_with_those_whom_they_joined_against_costs_conviction() {
    for &theory in BeliefTheory::ALL.iter().filter(|&&theory| theory != BeliefTheory::Fixed) {
        let [war, truce] = [RelationKind::War, RelationKind::Truce].map(|relation| {
            let mut setup = far_enemy(relation);
            setup.theory.belief = theory;
            setup
        });
        let found = differences(&war, &truce, 8, conviction);
        assert!(falls(found), "{}: {found:?}", theory.word());
    }
}

#[test]
fn attacks_on_others_cost_conviction_and_attacks_on_the_enemy_do_not() {
    let against = |enemy: u8| {
        let mut setup = far_enemy(RelationKind::War);
        setup.axes[1].against = vec![GroupId(enemy)];
        setup
    };
    // It attacks the neighbour either way; only whom its men joined against differs.
    let found = differences(&against(1), &against(2), 8, conviction);
    assert!(falls(found), "{found:?}");
}

#[test]
fn foreigners_in_command_cost_the_conviction_of_locals() {
    let under = |share: f64| {
        let mut setup = far_enemy(RelationKind::War);
        setup.groups[0].foreign_share =
            ForeignShare { rank_and_file: 0.2, unit_commander: share, field_commander: share, leadership: share };
        setup
    };
    let found = differences(&under(0.0), &under(1.0), 8, conviction);
    assert!(falls(found), "{found:?}");
}

#[test]
fn harm_to_the_constituency_costs_conviction_though_nobody_saw_it() {
    let with = |brutality: f64| {
        let mut setup = far_enemy(RelationKind::War);
        setup.groups[0].brutality = brutality;
        for mechanism in [Mechanism::News, Mechanism::Claims, Mechanism::Exits] {
            setup.switches.set(mechanism, false);
        }
        setup
    };
    let found = differences(&with(0.05), &with(1.0), 8, conviction);
    assert!(falls(found), "{found:?}");
    let other_people = |mut setup: Setup| {
        // The same killing among people of another constituency than its own.
        setup.groups[0].kind = allegiance_model::ids::KindId(3);
        setup
    };
    let of_others = differences(&other_people(with(0.05)), &other_people(with(1.0)), 8, conviction);
    assert!(of_others.0 > 0.5 * found.0, "{of_others:?} against {found:?}");
}

fn n_joins(records: &Records, of: GroupId) -> f64 {
    let joins = records.allegiance.rows();
    joins.filter(|row| row.kind == AllegianceKind::Join && row.to_group == Some(of)).count() as f64
}

/// Two groups in the same places; the first's score on what people stand high
/// on is given.
fn recruiting(score: f64) -> Setup {
    let mut setup = small_war();
    setup.parameters.set("joining.per_month", 0.02).unwrap();
    setup.parameters.set("joining.reach_km", 20.0).unwrap();
    let mut axis = order();
    axis.mean = 4.5;
    with_causes(setup, vec![axis], &[vec![score], vec![3.0]])
}

#[test]
fn men_join_the_group_that_stands_where_they_do() {
    let joins = |setup: &Setup, replicate| n_joins(&run(&World::build(setup.clone()), replicate), GroupId(0));
    let found = differences(&recruiting(5.0), &recruiting(1.0), 8, joins);
    assert!(falls(found), "{found:?}");
    let mut off = [recruiting(5.0), recruiting(1.0)];
    for setup in &mut off {
        setup.switches.set(Mechanism::Causes, false);
        setup.switches.set(Mechanism::Infighting, false);
    }
    assert_eq!(joins(&off[0], 0).to_bits(), joins(&off[1], 0).to_bits(), "off, scores move nobody");
}

#[test]
fn a_group_far_from_its_men_loses_more_of_them() {
    let exits = |setup: &Setup, replicate| {
        let records = run(&World::build(setup.clone()), replicate);
        let rows = records.allegiance.rows();
        rows.filter(|row| row.group == Some(GroupId(0)) && row.hazard_defection.is_some()).count() as f64
    };
    let [near, far] = [5.0, 1.0].map(|score| {
        let mut setup = recruiting(score);
        setup.switches.set(Mechanism::Joining, false);
        setup.switches.set(Mechanism::Destination, true);
        setup.parameters.set("exits.desertion_per_month", 0.05).unwrap();
        setup
    });
    let found = differences(&near, &far, 12, exits);
    assert!(rises(found), "{found:?}");
}

#[test]
fn a_leaver_goes_where_people_stand_as_he_does() {
    let share = |setup: &Setup, replicate| {
        let records = run(&World::build(setup.clone()), replicate);
        let shares: Vec<f64> = records
            .allegiance
            .rows()
            .filter(|row| row.group == Some(GroupId(0)) && row.hazard_defection.is_some())
            .map(|row| {
                let [home, host, abroad] = [row.hazard, row.hazard_defection, row.hazard_departure].map(Option::unwrap);
                host / (home + host + abroad)
            })
            .collect();
        shares.iter().sum::<f64>() / shares.len() as f64
    };
    let [near, far] = [5.0, 1.0].map(|score| {
        let mut setup = recruiting(3.0);
        setup.groups[1].cause = vec![score];
        setup.switches.set(Mechanism::Destination, true);
        setup.parameters.set("exits.desertion_per_month", 0.05).unwrap();
        setup.parameters.set("destination.cause_distance", 2.0).unwrap();
        setup
    });
    let found = differences(&near, &far, 8, share);
    assert!(falls(found), "{found:?}");
}

/// Two allies of one constituency who fight a third, for half a year.
fn allies(brutality: f64) -> Setup {
    let places = (0..6).map(|nth| village(nth, 6.0 * nth as f64, 4_000, nth % 3, 3)).collect();
    let garrisons = [(0, 0, 150), (0, 3, 150), (1, 1, 150), (1, 4, 150), (2, 2, 200), (2, 5, 200)];
    let mut setup = setup(places, (0..3).map(|nth| group(nth, 0)).collect(), &garrisons, RelationKind::War);
    for cell in [1, 3] {
        setup.relations[cell] = RelationKind::Alliance;
    }
    setup.groups[0].brutality = brutality;
    for group in &mut setup.groups[1..] {
        group.brutality = 0.3;
    }
    setup.n_days = 151;
    setup.parameters.set("relations.alliance_weight", 0.5).unwrap();
    setup.parameters.set("relations.infighting_intercept", -3.0).unwrap();
    setup.parameters.set("relations.blame_weight", 4.0).unwrap();
    setup.parameters.set("harm.civilians_per_fighter_killed", 1.0).unwrap();
    with_causes(setup, vec![order(), home_rule()], &vec![vec![3.0, 3.0]; 3])
}

#[test]
fn brutality_turns_allies_into_enemies() {
    let fell_out = |setup: &Setup, replicate| {
        let records = run(&World::build(setup.clone()), replicate);
        let between = [(Some(GroupId(0)), GroupId(1)), (Some(GroupId(1)), GroupId(0))];
        let clash = records
            .incidents
            .rows()
            .find(|row| row.kind == IncidentKind::Assault && between.contains(&(row.target, row.perpetrator)));
        f64::from(u8::from(clash.is_some()))
    };
    let found = differences(&allies(0.05), &allies(1.0), 240, fell_out);
    assert!(rises(found), "{found:?}");
    let off = |mut setup: Setup| {
        setup.switches.set(Mechanism::Causes, false);
        setup
    };
    let without = differences(&off(allies(0.05)), &off(allies(1.0)), 240, fell_out);
    assert!(without.0 < found.0, "{without:?} against {found:?}");
}
