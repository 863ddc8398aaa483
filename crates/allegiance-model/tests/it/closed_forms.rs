//! Rates and shares of single mechanisms against closed forms, on worlds so
//! small that nothing else moves. Seeds are fixed: a test passes always or
//! never.

use crate::worlds::{group, only, random_setup, run, run_setup, setup, village};
use allegiance_model::World;
use allegiance_model::ids::{GroupId, PersonId};
use allegiance_model::maths::{exp, ln};
use allegiance_model::random::{Draws, Purpose};
use allegiance_model::setup::{BeliefTheory, ExitTheory, Mechanism, RelationKind, Setup, StrikeMix, Theory};
use allegiance_model::tables::{Allegiance, AllegianceKind, Incident, IncidentKind, Outcome, Records, Standing};
use allegiance_model::traits::demography;
use std::collections::{BTreeMap, BTreeSet};

/// Standard errors that an estimate may be off.
const SIGMAS: f64 = 4.0;

/// Asserts that a number of successes is what a probability gives.
fn assert_share(n_hits: usize, n_trials: usize, p: f64, what: &str) {
    let (hits, trials) = (n_hits as f64, n_trials as f64);
    let error = (trials * p * (1.0 - p)).sqrt().max(1.0);
    assert!((hits - trials * p).abs() < SIGMAS * error, "{what}: {hits} of {trials}, expected a share of {p}");
}

/// Asserts that a count is what a Poisson mean gives.
fn assert_count(n: usize, mean: f64, what: &str) {
    assert!((n as f64 - mean).abs() < SIGMAS * mean.sqrt().max(0.5), "{what}: {n}, expected {mean}");
}

fn count(records: &Records, kind: AllegianceKind) -> usize {
    records.allegiance.kind.iter().filter(|&&other| other == kind).count()
}

/// Two hostile garrisons of 400 in two villages; only exits run.
fn leavers(exit: ExitTheory) -> Setup {
    let places = vec![village(0, 0.0, 9_000, 0, 2), village(1, 10.0, 9_000, 1, 2)];
    let mut setup = setup(places, vec![group(0, 0), group(1, 0)], &[(0, 0, 400), (1, 1, 400)], RelationKind::War);
    only(&mut setup, &[Mechanism::Exits]);
    setup.theory = Theory { belief: BeliefTheory::Fixed, exit };
    setup.n_days = 45;
    for (path, value) in
        [("exits.desertion_per_month", 0.08), ("exits.defection_per_month", 0.05), ("exits.departure_per_month", 0.02)]
    {
        setup.parameters.set(path, value).unwrap();
    }
    setup
}

#[test]
fn constant_exits_follow_the_closed_form_in_number_and_kind() {
    let mut setup = leavers(ExitTheory::Constant);
    // Under the null, peers don't matter: commanders take nobody along.
    setup.parameters.set("units.members", 10.0).unwrap();
    setup.parameters.set("exits.p_commander_takes_unit", 1.0).unwrap();
    setup.parameters.set("belief.conviction_mean", 0.0).unwrap();
    let world = World::build(setup);
    let mut first_exits: BTreeMap<AllegianceKind, usize> = BTreeMap::new();
    let n_replicates = 20;
    for replicate in 0..n_replicates {
        let mut seen = BTreeSet::new();
        for row in run(&world, replicate).allegiance.rows() {
            if row.kind.is_exit() && seen.insert(row.person) {
                *first_exits.entry(row.kind).or_default() += 1;
                assert_eq!(row.block_belief, Some(0.0));
            }
        }
    }
    let n_members = 800 * n_replicates as usize;
    let n_exits: usize = first_exits.values().sum();
    assert_share(n_exits, n_members, 1.0 - exp(-0.15 * 45.0 / 30.0), "exits in 45 days");
    for (kind, hazard) in
        [(AllegianceKind::Desertion, 0.08), (AllegianceKind::Defection, 0.05), (AllegianceKind::Departure, 0.02)]
    {
        assert_share(first_exits[&kind], n_exits, hazard / 0.15, kind.word());
    }
}

#[test]
fn without_an_enemy_in_reach_defectors_desert() {
    let mut setup = leavers(ExitTheory::Constant);
    setup.places[1] = village(1, 40.0, 9_000, 1, 2);
    let records = run_setup(setup, 0);
    assert_eq!(count(&records, AllegianceKind::Defection), 0);
    let n_exits = count(&records, AllegianceKind::Desertion) + count(&records, AllegianceKind::Departure);
    assert_share(n_exits, 800, 1.0 - exp(-0.15 * 45.0 / 30.0), "exits");
    assert_share(count(&records, AllegianceKind::Departure), n_exits, 0.02 / 0.15, "departures");
}

#[test]
fn leavers_are_caught_and_executed_as_often_as_stated() {
    let mut setup = leavers(ExitTheory::Constant);
    only(&mut setup, &[Mechanism::Exits, Mechanism::Deterrence]);
    setup.parameters.set("deterrence.detention_days", 3.0).unwrap();
    let world = World::build(setup);
    let (mut n_caught, mut n_executed, mut n_away) = (0, 0, 0);
    for replicate in 0..12 {
        let records = run(&world, replicate);
        n_caught += count(&records, AllegianceKind::Capture);
        n_executed += count(&records, AllegianceKind::Execution);
        for row in records.allegiance.rows() {
            n_away += usize::from(row.kind.is_exit());
        }
    }
    assert_share(n_caught, n_caught + n_away, 0.25, "caught in deep territory");
    assert_share(n_executed, n_caught, 0.4, "executed of the caught");
}

#[test]
fn a_tenth_of_local_members_is_on_leave() {
    let mut setup = leavers(ExitTheory::Constant);
    only(&mut setup, &[Mechanism::Exits, Mechanism::Leave]);
    setup.n_days = 70;
    let world = World::build(setup);
    let (mut n_exits, mut n_on_leave) = (0, 0);
    for replicate in 0..12 {
        for row in run(&world, replicate).allegiance.rows().filter(|row| row.hazard_departure.is_some()) {
            n_exits += 1;
            n_on_leave += usize::from(row.is_on_leave);
        }
    }
    assert_share(n_on_leave, n_exits, 0.1, "exits on leave");
}

/// Members on leave leave faster by the hazard ratios of leave.
#[test]
fn leave_multiplies_hazards_by_its_ratio() {
    let mut setup = leavers(ExitTheory::KinAndHome);
    only(&mut setup, &[Mechanism::Exits, Mechanism::Leave]);
    setup.n_days = 70;
    for kind in ["desertion", "defection"] {
        setup.parameters.set(&format!("exits.home_held_{kind}"), 1.0).unwrap();
        setup.parameters.set(&format!("exits.{kind}_per_month"), 0.01).unwrap();
    }
    setup.parameters.set("exits.departure_per_month", 0.0).unwrap();
    let world = World::build(setup);
    let (mut n_exits, mut n_on_leave) = (0, 0);
    for replicate in 0..30 {
        for row in run(&world, replicate).allegiance.rows().filter(|row| row.hazard_departure.is_some()) {
            n_exits += 1;
            n_on_leave += usize::from(row.is_on_leave);
        }
    }
    let weight = 0.1 * (3.0 + 2.0) / 2.0;
    assert_share(n_on_leave, n_exits, weight / (weight + 0.9), "exits on leave");
}

/// A town that two friendly groups share; only joining runs.
fn recruiting_town() -> Setup {
    let mut town = village(0, 0.0, 60_000, 0, 2);
    town.control = vec![0.7, 0.3];
    let mut groups = vec![group(0, 0), group(1, 0)];
    groups[1].pay_usd_per_month = 400.0;
    let mut setup = setup(vec![town], groups, &[(0, 0, 70), (1, 0, 30)], RelationKind::Truce);
    only(&mut setup, &[Mechanism::Joining]);
    setup.parameters.set("joining.ties_weight", 0.0).unwrap();
    setup.parameters.set("joining.momentum_weight", 0.0).unwrap();
    setup.parameters.set("control.relaxation_per_month", 0.0).unwrap();
    setup.parameters.set("joining.per_month", 0.02).unwrap();
    setup.n_days = 30;
    setup
}

#[test]
fn joining_counts_match_the_sum_of_hazards() {
    let world = World::build(recruiting_town());
    let (draws, parameters) = (Draws::of_population(world.setup.seed), &world.setup.parameters);
    let n_idle_men = (0..60_000)
        .map(PersonId)
        .filter(|&person| {
            demography(&draws, &parameters.traits, person).can_bear_arms()
                && draws.uniform(Purpose::Person, person.0, 3, 0) < parameters.joining.idle_share
        })
        .count();
    assert_share(n_idle_men, 60_000, 0.5 * (0.4 + 0.24 * (1.0_f64 / 40.0).sqrt()) * 0.4, "idle men");
    let hazard = |control: f64, pay: f64| 0.02 * exp(1.5 * control + 0.3 * 0.5 * control + 0.4 * ln(pay / 100.0));
    let hazards = [hazard(0.7, 100.0), hazard(0.3, 400.0)];
    let total: f64 = hazards.iter().sum();
    let mut n_joined = [0; 2];
    let mut n_free = 0;
    for replicate in 0..8 {
        let records = run(&world, replicate);
        let joiners: BTreeSet<PersonId> =
            records.allegiance.rows().filter(|row| row.kind == AllegianceKind::Join).map(|row| row.person).collect();
        let n_idle_members = records
            .persons
            .rows()
            .filter(|person| !joiners.contains(&person.person))
            .filter(|person| draws.uniform(Purpose::Person, person.person.0, 3, 0) < parameters.joining.idle_share)
            .count();
        n_free += n_idle_men - n_idle_members;
        for row in records.allegiance.rows() {
            assert_eq!(row.kind, AllegianceKind::Join);
            let group = row.to_group.unwrap().idx();
            assert!((row.hazard.unwrap() / hazards[group] - 1.0).abs() < 1e-9, "{row:?}");
            n_joined[group] += 1;
        }
    }
    let n_all = n_joined[0] + n_joined[1];
    assert_share(n_all, n_free, 1.0 - exp(-total), "joined in a month");
    assert_share(n_joined[0], n_all, hazards[0] / total, "joined the first group");
}

/// With ties, the hazard that each joiner had when he joined is the base
/// times at most what ties can add, and clans with members inside give more.
#[test]
fn kin_inside_draw_men_in() {
    let mut setup = recruiting_town();
    setup.parameters.set("joining.ties_weight", 3.0).unwrap();
    setup.garrisons[0].members = 1_500;
    setup.groups[0].members = 1_500;
    let records = run_setup(setup, 0);
    let base = 0.02 * exp(1.5 * 0.7 + 0.15 * 0.7);
    let ratios: Vec<f64> = records
        .allegiance
        .rows()
        .filter(|row| row.to_group.unwrap().idx() == 0)
        .map(|row| row.hazard.unwrap() / base)
        .collect();
    assert!(ratios.len() > 100);
    assert!(ratios.iter().all(|&ratio| ratio >= 1.0 - 1e-9 && ratio <= exp(1.5) + 1e-9));
    let mean = ratios.iter().sum::<f64>() / ratios.len() as f64;
    // 1,500 of the 60,000 people are 12.5% of the men of a clan of 250.
    assert!((mean / exp(3.0 * 0.125) - 1.0).abs() < 0.2, "{mean}");
}

#[test]
fn convictions_on_joining_have_their_mean_and_spread() {
    let records = run_setup(recruiting_town(), 1);
    let convictions: Vec<f64> = records.allegiance.conviction.iter().map(|conviction| conviction.unwrap()).collect();
    let n = convictions.len() as f64;
    let mean = convictions.iter().sum::<f64>() / n;
    let variance = convictions.iter().map(|conviction| (conviction - mean) * (conviction - mean)).sum::<f64>() / n;
    assert!((mean - 1.6).abs() < SIGMAS / n.sqrt(), "{mean} over {n}");
    assert!((variance.sqrt() - 1.0).abs() < SIGMAS / (2.0 * n).sqrt(), "{variance}");
}

#[test]
fn foreigners_are_their_share_of_the_inflow() {
    let mut setup = recruiting_town();
    setup.groups[0].foreign_share.rank_and_file = 0.5;
    let world = World::build(setup);
    let (mut n_foreign, mut n_all) = (0, 0);
    for replicate in 0..6 {
        for row in run(&world, replicate).allegiance.rows().filter(|row| row.to_group.unwrap().idx() == 0) {
            n_all += 1;
            n_foreign += usize::from(row.is_foreign);
        }
    }
    assert_share(n_foreign, n_all, 0.2, "foreign recruits");
}

/// An air force over a quiet town of its enemy; only strikes run.
fn bombed_town() -> Setup {
    let places = vec![village(0, 0.0, 40_000, 0, 2), village(1, 50.0, 200, 1, 2)];
    let mut setup = setup(places, vec![group(0, 0), group(1, 0)], &[(0, 0, 300), (1, 1, 10)], RelationKind::War);
    setup.groups[1].strikes_per_month = 60.0;
    only(&mut setup, &[Mechanism::Strikes]);
    setup.n_days = 60;
    setup
}

#[test]
fn strikes_kill_as_many_as_stated_and_families_together() {
    let world = World::build(bombed_town());
    let (mut n_strikes, mut n_civilians, mut n_fighters) = (0, 0, 0);
    let (mut n_pairs, mut n_same) = (0, 0);
    for replicate in 0..6 {
        let records = run(&world, replicate);
        n_strikes += records.incidents.kind.iter().filter(|&&kind| kind == IncidentKind::Strike).count();
        n_civilians += records.incidents.dead_civilians.iter().sum::<u32>() as usize;
        n_fighters += records.incidents.dead_target.iter().sum::<u32>() as usize;
        let mut dead = records.persons.rows().filter(|person| person.first_group.is_none());
        for row in records.incidents.rows() {
            let victims: Vec<_> = dead.by_ref().take(row.dead_civilians as usize).collect();
            assert!(victims.iter().all(|victim| victim.home == Some(row.place) && victim.standing == Standing::Dead));
            n_pairs += victims.len().saturating_sub(1);
            n_same += victims.windows(2).filter(|pair| pair[0].household == pair[1].household).count();
        }
    }
    assert_count(n_strikes, 60.0 * 2.0 * 6.0, "strikes");
    assert_count(n_civilians, 3.0 * n_strikes as f64, "civilians killed");
    assert_count(n_fighters, 0.7 * n_strikes as f64, "fighters killed");
    assert_share(n_same, n_pairs, 0.4, "next victims of the same household");
}

#[test]
fn each_kind_of_strike_kills_as_many_as_stated() {
    let mixes = [
        (StrikeMix { artillery: 0.0, barrel: 1.0, guided: 0.0 }, [5.0, 0.2]),
        (StrikeMix { artillery: 0.0, barrel: 0.0, guided: 1.0 }, [0.07, 1.5]),
        (StrikeMix { artillery: 0.5, barrel: 0.3, guided: 0.2 }, [0.5 * 3.0 + 1.5 + 0.014, 0.35 + 0.06 + 0.3]),
    ];
    for (mix, [civilians, members]) in mixes {
        let mut setup = bombed_town();
        setup.groups[1].strike_mix = mix;
        let (mut n_strikes, mut n_civilians, mut n_members) = (0, 0, 0);
        let world = World::build(setup);
        for replicate in 0..6 {
            let records = run(&world, replicate);
            n_strikes += records.incidents.n_strikes();
            n_civilians += records.incidents.dead_civilians.iter().sum::<u32>() as usize;
            n_members += records.incidents.dead_target.iter().sum::<u32>() as usize;
        }
        // Sums of Poisson numbers with several means vary a little more than one does.
        let near = |n: usize, mean: f64| (n as f64 - mean).abs() < 2.0 * SIGMAS * mean.sqrt();
        assert!(near(n_civilians, civilians * n_strikes as f64), "{mix:?}: {n_civilians} in {n_strikes} strikes");
        assert!(near(n_members, members * n_strikes as f64), "{mix:?}: {n_members} in {n_strikes} strikes");
    }
}

/// Without a mix in the scenario a strike is of the kind that there was before.
#[test]
fn the_usual_mix_is_artillery_alone() {
    let usual = bombed_town().groups[1].strike_mix;
    assert_eq!(usual, StrikeMix { artillery: 1.0, barrel: 0.0, guided: 0.0 });
}

#[test]
fn members_on_leave_are_not_hit_where_their_unit_stands() {
    let mut setup = bombed_town();
    only(&mut setup, &[Mechanism::Strikes, Mechanism::Leave]);
    setup.parameters.set("leave.share_on_leave", 1.0).unwrap();
    let records = run_setup(setup, 0);
    assert!(records.incidents.n_strikes() > 50);
    assert_eq!(records.incidents.dead_target.iter().sum::<u32>(), 0);
}

trait Strikes {
    fn n_strikes(&self) -> usize;
}

impl Strikes for allegiance_model::tables::Incidents {
    fn n_strikes(&self) -> usize {
        self.kind.iter().filter(|&&kind| kind == IncidentKind::Strike).count()
    }
}

#[test]
fn repression_peaks_where_control_is_contested() {
    let n_killed = |share: f64| {
        let mut town = village(0, 0.0, 80_000, 0, 2);
        town.control = vec![share, 1.0 - share];
        let mut setup =
            setup(vec![town], vec![group(0, 0), group(1, 0)], &[(0, 0, 100), (1, 0, 100)], RelationKind::Truce);
        setup.groups[1].brutality = 0.0;
        only(&mut setup, &[Mechanism::Repression]);
        setup.parameters.set("control.relaxation_per_month", 0.0).unwrap();
        setup.parameters.set("harm.repression_per_month", 40.0).unwrap();
        setup.n_days = 90;
        let records = run_setup(setup, 0);
        records.incidents.dead_civilians.iter().sum::<u32>() as usize
    };
    for share in [0.03, 0.2, 0.5, 0.8, 0.97] {
        let rate =
            if (0.05..0.95).contains(&share) { 40.0 * 0.5 * 4.0 * share * (1.0 - share) * 0.8 * 3.0 } else { 0.0 };
        assert_count(n_killed(share), rate, "killed selectively");
    }
}

#[test]
fn households_away_follow_a_two_state_process() {
    let places = vec![village(0, 0.0, 60_000, 0, 1)];
    let mut setup = setup(places, vec![group(0, 0)], &[(0, 0, 10)], RelationKind::Truce);
    only(&mut setup, &[Mechanism::Displacement]);
    setup.n_days = 120;
    let world = World::build(setup);
    let records = run(&world, 0);
    let n_households = world.kinship().n_households(allegiance_model::ids::PlaceId(0)) as usize;
    let away = *records.displacement.households_away.last().unwrap() as usize;
    let expected = 0.01 / 0.07 * (1.0 - exp(-0.07 * 4.0));
    assert_share(away, n_households, expected, "households away");
}

#[test]
fn attackers_win_as_often_as_the_contest_says() {
    let (mut surplus, mut variance, mut n_fights) = (0.0, 0.0, 0);
    for number in 0..120 {
        for row in run_setup(random_setup(number), 0).incidents.rows() {
            if let Some(p) = row.p_attackers_win.filter(|_| row.kind == IncidentKind::Assault && row.n_defenders > 0) {
                surplus += f64::from(u8::from(row.attackers_won)) - p;
                variance += p * (1.0 - p);
                n_fights += 1;
            }
        }
    }
    assert!(n_fights > 500, "{n_fights}");
    assert!(surplus.abs() < SIGMAS * variance.sqrt(), "{surplus} over {n_fights}");
}

#[test]
fn prisoners_and_wounded_meet_the_stated_fates() {
    let places = vec![village(0, 0.0, 20_000, 0, 2), village(1, 5.0, 20_000, 1, 2)];
    let mut setup = setup(places, vec![group(0, 0), group(1, 0)], &[(0, 0, 900), (1, 1, 900)], RelationKind::War);
    only(&mut setup, &[Mechanism::Operations]);
    setup.parameters.set("operations.attacks_per_month", 2.0).unwrap();
    setup.n_days = 200;
    let world = World::build(setup);
    let mut n = BTreeMap::new();
    for replicate in 0..6 {
        for row in run(&world, replicate)
            .allegiance
            .rows()
            .filter(|row| row.day.0 < 140 || row.outcome == Some(Outcome::Wounds))
        {
            *n.entry((row.kind, row.outcome)).or_insert(0_usize) += 1;
        }
    }
    let of = |kind, outcome| n.get(&(kind, outcome)).copied().unwrap_or(0);
    let prisoners = of(AllegianceKind::Imprisonment, None);
    assert_share(of(AllegianceKind::Death, Some(Outcome::Executed)), prisoners, 0.2, "prisoners executed");
    let (killed, wounded) = (of(AllegianceKind::Death, Some(Outcome::Combat)), of(AllegianceKind::Wound, None));
    assert!((wounded as f64 / killed as f64 - 3.0).abs() < 0.25, "{wounded} wounded, {killed} killed");
}

/// With two groups and no strikes, every death is that of one side of an
/// incident: those of wounds count with the side on which they were wounded.
#[test]
fn incidents_add_up_to_the_dead_of_each_side() {
    let places = vec![village(0, 0.0, 20_000, 0, 2), village(1, 5.0, 20_000, 1, 2)];
    let mut setup = setup(places, vec![group(0, 0), group(1, 0)], &[(0, 0, 900), (1, 1, 900)], RelationKind::War);
    only(&mut setup, &[Mechanism::Operations]);
    setup.parameters.set("operations.attacks_per_month", 2.0).unwrap();
    setup.parameters.set("combat.p_death_of_wounds", 0.2).unwrap();
    setup.n_days = 200;
    let records = run_setup(setup, 0);
    for side in [GroupId(0), GroupId(1)] {
        let of_side = |row: Incident| {
            let (as_perpetrator, as_target) = (row.perpetrator == side, row.target == Some(side));
            u32::from(as_perpetrator) * row.dead_perpetrator + u32::from(as_target) * row.dead_target
        };
        let in_incidents: u32 = records.incidents.rows().map(of_side).sum();
        let of_wounds = |row: &Allegiance| row.group == Some(side) && row.outcome == Some(Outcome::Wounds);
        assert!(records.allegiance.rows().any(|row| of_wounds(&row)));
        let last = records.groups.rows().filter(|row| row.group == side).last().unwrap();
        assert_eq!(in_incidents, last.dead, "{side:?}");
    }
}

/// A garrison of 20,000 in a city finds its men there: the draws of one
/// address don't run out and repeat.
#[test]
fn a_large_garrison_finds_its_men_at_home() {
    let city = village(0, 0.0, 900_000, 0, 1);
    let setup = setup(vec![city], vec![group(0, 0)], &[(0, 0, 20_000)], RelationKind::Truce);
    let world = World::build(setup);
    assert_eq!(world.n_agents(), 900_000);
}
