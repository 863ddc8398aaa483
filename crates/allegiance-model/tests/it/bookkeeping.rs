//! What must hold in every world: people are conserved, the dead do nothing,
//! shares are shares, and every table agrees with every other.

use crate::ledger::{Counts, Ledger};
use crate::worlds::{pick, random_setup, run, run_setup};
use allegiance_model::World;
use allegiance_model::exits::BLOCKS;
use allegiance_model::ids::{GroupId, IncidentId, PersonId, PlaceId};
use allegiance_model::parameters::Parameters;
use allegiance_model::random::{Draws, Purpose};
use allegiance_model::setup::{Change, Mechanism, OperationsMode, RelationKind, Setup};
use allegiance_model::tables::{
    Allegiance, AllegianceKind, Cause, IncidentKind, Outcome, Records, Standing, Table as _,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// Worlds that every check sees: each theory of belief and of exit at least
/// six times.
const N_WORLDS: u32 = 210;

/// All worlds with their records, made once for all checks.
fn all_worlds() -> &'static [(World, Records)] {
    static WORLDS: OnceLock<Vec<(World, Records)>> = OnceLock::new();
    WORLDS.get_or_init(|| {
        let one = |number| {
            let world = World::build(random_setup(number));
            let records = run(&world, number % 3);
            (world, records)
        };
        (0..N_WORLDS).map(one).collect()
    })
}

fn for_all_worlds(mut check: impl FnMut(u32, &World, &Records)) {
    for (number, (world, records)) in all_worlds().iter().enumerate() {
        check(number as u32, world, records);
    }
}

fn dissolved_on(setup: &Setup, group: GroupId) -> Option<u32> {
    let is_end = |change: &Change| matches!(change, Change::Dissolve { group: ended } if *ended == group);
    setup.timeline.iter().find(|entry| is_end(&entry.change)).map(|entry| entry.day)
}

#[test]
fn counts_of_groups_follow_from_events_day_by_day() {
    for_all_worlds(|number, world, records| {
        let mut ledger = Ledger::open(&world.setup, records);
        let first: Vec<u32> = ledger.of_group.iter().map(|counts| counts.active).collect();
        let members: Vec<u32> = world.setup.groups.iter().map(|group| group.members).collect();
        assert_eq!(first, members, "world {number}");
        let mut events = records.allegiance.rows().peekable();
        for row in records.groups.rows() {
            while let Some(event) = events.next_if(|event| event.day <= row.day) {
                ledger.book(&event);
            }
            let implied = ledger.of_group[row.group.idx()];
            let said = Counts {
                active: row.n_members,
                wounded: row.n_wounded,
                held: row.n_held,
                dead: row.dead,
                executed_by_enemy: row.executed_by_enemy,
                executed_by_own: row.executed_by_own,
                joined: row.joined,
                deserted: row.deserted,
                defected: row.defected,
                departed: row.departed,
                arrived: row.arrived,
            };
            assert_eq!(said, implied, "world {number}, day {}, group {}", row.day.0, row.group.0);
        }
        assert!(events.next().is_none(), "world {number}: an event after the last day");
    });
}

#[test]
fn people_are_conserved() {
    for_all_worlds(|number, world, records| {
        let mut ledger = Ledger::open(&world.setup, records);
        records.allegiance.rows().for_each(|row| ledger.book(&row));
        let listed: BTreeSet<PersonId> = records.persons.person.iter().copied().collect();
        assert_eq!(listed.len(), records.persons.n_rows(), "world {number}: a person is listed once");
        let mut n_dead_civilians = 0;
        for person in records.persons.rows() {
            let Some(account) = ledger.people.remove(&person.person) else {
                assert_eq!(person.standing, Standing::Dead, "world {number}: {person:?}");
                n_dead_civilians += 1;
                continue;
            };
            assert!(!account.is_in_transit, "world {number}: {person:?}");
            let killed_as_civilian = account.standing == Standing::Deserter && person.standing == Standing::Dead;
            n_dead_civilians += u32::from(killed_as_civilian);
            assert!(
                killed_as_civilian || account.standing == person.standing,
                "world {number}: {account:?} {person:?}"
            );
            if person.standing != Standing::Dead {
                assert_eq!(account.group, person.group, "world {number}: {person:?}");
            }
        }
        assert!(ledger.people.is_empty(), "world {number}: unlisted {:?}", ledger.people);
        let killed_by_group: u32 =
            (0..world.setup.n_groups()).map(|group| last_of(records, group, &records.groups.civilians_killed)).sum();
        let n_reprisals_on_leavers = records
            .allegiance
            .rows()
            .filter(|row| row.kind == AllegianceKind::Reprisal && row.group != row.to_group)
            .count();
        let in_incidents: u32 = records.incidents.dead_civilians.iter().sum();
        assert_eq!(killed_by_group, in_incidents, "world {number}");
        let civilian_reprisals = killed_by_group - n_dead_civilians;
        assert!(civilian_reprisals as usize <= n_reprisals_on_leavers + records.incidents.n_rows(), "world {number}");
    });
}

fn last_of(records: &Records, group_idx: usize, column: &[u32]) -> u32 {
    records.groups.group.iter().rposition(|group| group.idx() == group_idx).map_or(0, |row| column[row])
}

#[test]
fn members_leavers_and_dead_add_up() {
    for_all_worlds(|number, world, records| {
        for (group_idx, spec) in world.setup.groups.iter().enumerate() {
            let last = |column: &[u32]| last_of(records, group_idx, column);
            let groups = &records.groups;
            let inside = last(&groups.n_members) + last(&groups.n_wounded) + last(&groups.n_held);
            let gone = last(&groups.dead) + last(&groups.deserted) + last(&groups.defected) + last(&groups.departed);
            let came = spec.members + last(&groups.joined) + last(&groups.arrived);
            assert_eq!(inside + gone, came, "world {number}, group {group_idx}");
            assert!(last(&groups.executed_by_own) + last(&groups.executed_by_enemy) <= last(&groups.dead));
        }
    });
}

#[test]
fn a_dissolved_group_has_no_members_and_does_nothing() {
    for_all_worlds(|number, world, records| {
        for group in (0..world.setup.n_groups()).map(GroupId::from_idx) {
            let Some(day) = dissolved_on(&world.setup, group) else { continue };
            let after = records.groups.rows().filter(|row| row.group == group && row.day.0 >= day);
            for row in after {
                assert_eq!((row.n_members, row.n_wounded, row.n_held), (0, 0, 0), "world {number}: {row:?}");
            }
            if world.setup.mode == OperationsMode::Observed {
                continue;
            }
            let late = records.incidents.rows().find(|row| row.perpetrator == group && row.day.0 >= day);
            assert!(late.is_none(), "world {number}: dissolved on day {day}: {late:?}");
            let entry = records.allegiance.rows().find(|row| {
                row.day.0 >= day
                    && row.to_group == Some(group)
                    && matches!(row.kind, AllegianceKind::Join | AllegianceKind::Arrival)
            });
            assert!(entry.is_none(), "world {number}: {entry:?}");
        }
    });
}

#[test]
fn control_shares_are_shares() {
    for_all_worlds(|number, world, records| {
        let n_groups = world.setup.n_groups();
        let slack = 0.01 * n_groups as f64 + 1e-6;
        let mut shares = vec![0.0; world.setup.places.len() * n_groups];
        let mut rows = records.control.rows().peekable();
        for day in 0..world.setup.n_days {
            while let Some(row) = rows.next_if(|row| row.day.0 <= day) {
                assert!((0.0..=1.0 + 1e-12).contains(&row.share), "world {number}: {row:?}");
                shares[row.place.idx() * n_groups + row.group.idx()] = row.share;
            }
            for place in shares.chunks(n_groups) {
                assert!((place.iter().sum::<f64>() - 1.0).abs() < slack, "world {number}, day {day}: {place:?}");
            }
        }
        for day in records.groups.population_share.chunks(n_groups) {
            assert!((day.iter().sum::<f64>() - 1.0).abs() < 1e-9, "world {number}: {day:?}");
        }
        for row in records.groups.rows() {
            assert!((-0.5..=0.5).contains(&row.momentum) && row.n_foreign <= row.n_members, "world {number}: {row:?}");
        }
    });
}

#[test]
fn probabilities_and_hazards_are_sound() {
    for_all_worlds(|number, _, records| {
        let is_probability = |p: f64| (0.0..=1.0).contains(&p);
        for row in records.allegiance.rows() {
            for hazard in [row.hazard, row.hazard_defection, row.hazard_departure].into_iter().flatten() {
                assert!(hazard.is_finite() && hazard >= 0.0, "world {number}: {row:?}");
            }
            let blocks = BLOCKS.iter().filter_map(|block| block.of_row(&row));
            assert!(blocks.chain(row.conviction).all(f64::is_finite), "world {number}: {row:?}");
            assert!(row.suspicion.is_none_or(is_probability), "world {number}: {row:?}");
        }
        for row in records.incidents.rows() {
            assert!(row.p_attackers_win.is_none_or(is_probability), "world {number}: {row:?}");
            assert!(is_probability(row.control_after), "world {number}: {row:?}");
        }
        for row in records.exposures.rows() {
            assert!(
                is_probability(row.credence_before) && is_probability(row.credence_after),
                "world {number}: {row:?}"
            );
            assert!(row.conviction_before.is_finite() && row.conviction_after.is_finite(), "world {number}: {row:?}");
        }
        for row in records.beliefs.rows() {
            let all = [
                row.honesty_own_command,
                row.honesty_kin,
                row.honesty_rivals,
                row.honesty_outside_media,
                row.credence,
                row.perceived_risk,
            ];
            assert!(all.into_iter().all(is_probability) && row.conviction.is_finite(), "world {number}: {row:?}");
        }
        for row in records.persons.rows() {
            let total = row.motive_ideology + row.motive_material + row.motive_social;
            assert!((total - 1.0).abs() < 1e-9, "world {number}: {row:?}");
        }
    });
}

#[test]
fn incidents_are_numbered_in_order_and_days_lie_in_the_run() {
    for_all_worlds(|number, world, records| {
        let n_days = world.setup.n_days;
        let mut n_of_wounds: BTreeMap<IncidentId, u32> = BTreeMap::new();
        for row in records.allegiance.rows().filter(|row| row.outcome == Some(Outcome::Wounds)) {
            *n_of_wounds.entry(row.incident.unwrap()).or_default() += 1;
        }
        for (nth, row) in records.incidents.rows().enumerate() {
            assert_eq!(row.incident, IncidentId::from_idx(nth), "world {number}");
            if row.kind == IncidentKind::Assault {
                assert!(row.n_executed <= row.n_prisoners, "world {number}: {row:?}");
            } else {
                assert!(row.n_executed <= row.dead_target, "world {number}: {row:?}");
            }
            // Who dies of wounds is counted among the wounded, too.
            let of_wounds = n_of_wounds.get(&row.incident).copied().unwrap_or(0);
            assert!(
                row.n_prisoners + row.n_wounded + row.dead_perpetrator + row.dead_target - of_wounds
                    <= row.n_attackers + row.n_defenders
                    || row.kind != IncidentKind::Assault,
                "world {number}: {row:?}"
            );
        }
        let days = [
            &records.incidents.day,
            &records.allegiance.day,
            &records.exposures.day,
            &records.groups.day,
            &records.control.day,
            &records.displacement.day,
            &records.beliefs.day,
        ];
        for table in days {
            assert!(table.is_sorted(), "world {number}");
            assert!(table.iter().all(|day| day.0 < n_days), "world {number}");
        }
        assert_eq!(records.groups.n_rows(), n_days as usize * world.setup.n_groups(), "world {number}");
    });
}

#[test]
fn an_incident_counts_the_people_whom_it_touched() {
    for_all_worlds(|number, _, records| {
        let mut dead: BTreeMap<(IncidentId, Outcome), u32> = BTreeMap::new();
        let (mut wounded, mut prisoners) = (BTreeMap::new(), BTreeMap::new());
        for row in records.allegiance.rows() {
            let Some(incident) = row.incident else { continue };
            match row.kind {
                AllegianceKind::Death => *dead.entry((incident, row.outcome.unwrap())).or_default() += 1,
                AllegianceKind::Wound => *wounded.entry(incident).or_default() += 1,
                AllegianceKind::Imprisonment => *prisoners.entry(incident).or_default() += 1,
                _ => {}
            }
        }
        let n_dead_of = |incident, outcome| dead.get(&(incident, outcome)).copied().unwrap_or(0);
        for row in records.incidents.rows().filter(|row| row.kind == IncidentKind::Assault) {
            let n_dead = n_dead_of(row.incident, Outcome::Combat) + n_dead_of(row.incident, Outcome::Wounds);
            assert_eq!(n_dead, row.dead_perpetrator + row.dead_target, "world {number}: {row:?}");
            assert_eq!(wounded.get(&row.incident).copied().unwrap_or(0), row.n_wounded, "world {number}: {row:?}");
            assert_eq!(prisoners.get(&row.incident).copied().unwrap_or(0), row.n_prisoners, "world {number}: {row:?}");
        }
        for row in records.incidents.rows().filter(|row| row.kind == IncidentKind::Strike) {
            assert_eq!(n_dead_of(row.incident, Outcome::Strike), row.dead_target, "world {number}: {row:?}");
        }
    });
}

#[test]
fn who_dies_of_wounds_belongs_to_the_incident_in_which_he_was_wounded() {
    let mut n_dead = 0;
    for_all_worlds(|number, _, records| {
        let mut wounded_in: BTreeMap<PersonId, IncidentId> = BTreeMap::new();
        for row in records.allegiance.rows() {
            if row.kind == AllegianceKind::Wound {
                wounded_in.insert(row.person, row.incident.unwrap());
            }
            if row.outcome == Some(Outcome::Wounds) {
                assert_eq!(row.incident, wounded_in.get(&row.person).copied(), "world {number}: {row:?}");
                n_dead += 1;
            }
        }
    });
    assert!(n_dead > 100, "{n_dead}");
}

/// The dead of a record are all who died of its events.
#[test]
fn a_replay_kills_no_more_in_fighting_than_its_record() {
    let (mut n_replayed, mut n_wounded) = (0, 0);
    for_all_worlds(|number, world, records| {
        if world.setup.mode != OperationsMode::Observed {
            return;
        }
        let of_record: u32 = world.setup.events.iter().map(|event| event.deaths_a + event.deaths_b).sum();
        let of_fighting = |row: &Allegiance| {
            matches!(row.outcome, Some(Outcome::Combat | Outcome::Wounds)) && row.kind == AllegianceKind::Death
        };
        let n_dead = records.allegiance.rows().filter(of_fighting).count() as u32;
        assert!(n_dead <= of_record, "world {number}: {n_dead} of {of_record}");
        n_replayed += n_dead;
        n_wounded += records.incidents.n_wounded.iter().sum::<u32>();
    });
    assert!(n_replayed > 500 && n_wounded > 500, "{n_replayed} dead and {n_wounded} wounded");
}

/// Relations as the timeline dates them; only of use where infighting is off.
fn relation_on(setup: &Setup, a: GroupId, b: GroupId, day: u32) -> RelationKind {
    let mut kind = setup.relations[a.idx() * setup.n_groups() + b.idx()];
    for entry in setup.timeline.iter().filter(|entry| entry.day <= day) {
        if let Change::Relation { a: x, b: y, kind: changed } = entry.change
            && ((x, y) == (a, b) || (x, y) == (b, a))
            && a != b
        {
            kind = changed;
        }
    }
    kind
}

#[test]
fn captors_and_hosts_are_at_war_with_the_group_of_the_man() {
    for_all_worlds(|number, world, records| {
        let reviews_begin = if world.setup.switches.is_on(Mechanism::Infighting) { 29 } else { u32::MAX };
        for row in records.allegiance.rows().filter(|row| row.day.0 < reviews_begin) {
            // A unit may also pass to an ally, or found a group; a prisoner may be recruited after
            // the war with his captor is over.
            let is_recruited = row.cause.is_none();
            let by_himself =
                row.kind == AllegianceKind::Defection && row.cause != Some(Cause::WithUnit) && !is_recruited;
            if by_himself || row.kind == AllegianceKind::Imprisonment {
                let (own, other) = (row.group.unwrap(), row.to_group.unwrap());
                assert_eq!(
                    relation_on(&world.setup, own, other, row.day.0),
                    RelationKind::War,
                    "world {number}: {row:?}"
                );
            }
        }
        for row in records.incidents.rows().filter(|row| row.day.0 < reviews_begin && row.p_attackers_win.is_some()) {
            let target = row.target.unwrap();
            assert_eq!(
                relation_on(&world.setup, row.perpetrator, target, row.day.0),
                RelationKind::War,
                "world {number}: {row:?}"
            );
        }
    });
}

#[test]
fn only_members_of_the_perpetrator_are_exposed() {
    for_all_worlds(|number, world, records| {
        let mut ledger = Ledger::open(&world.setup, records);
        let perpetrators = &records.incidents.perpetrator;
        let freed = records.allegiance.rows().filter(|row| row.kind == AllegianceKind::Release);
        let freed_today: BTreeSet<(PersonId, u32)> = freed.map(|row| (row.person, row.day.0)).collect();
        let mut events = records.allegiance.rows().peekable();
        for row in records.exposures.rows() {
            while let Some(event) = events.next_if(|event| event.day < row.day) {
                ledger.book(&event);
            }
            assert_eq!(perpetrators[row.incident.idx()], row.group, "world {number}: {row:?}");
            assert!(records.incidents.day[row.incident.idx()] <= row.day, "world {number}: {row:?}");
            // A prisoner may serve his captor since this morning.
            if freed_today.contains(&(row.person, row.day.0)) {
                continue;
            }
            let account = ledger.people.get(&row.person);
            assert_eq!(
                account.and_then(|account| account.group),
                Some(row.group),
                "world {number}: {row:?} {account:?}"
            );
        }
    });
}

#[test]
fn victims_live_in_the_place_that_was_hit() {
    for_all_worlds(|number, world, records| {
        let mut killed_in = vec![0_u32; world.setup.places.len()];
        for row in records.incidents.rows() {
            killed_in[row.place.idx()] += row.dead_civilians;
        }
        let members: BTreeSet<PersonId> =
            records.allegiance.rows().filter(|row| row.kind == AllegianceKind::Death).map(|row| row.person).collect();
        let mut buried_in = vec![0_u32; world.setup.places.len()];
        for person in records.persons.rows() {
            if person.standing == Standing::Dead && !members.contains(&person.person) {
                buried_in[person.home.unwrap().idx()] += 1;
            }
        }
        assert_eq!(killed_in, buried_in, "world {number}");
    });
}

#[test]
fn households_away_are_at_most_those_of_the_place() {
    for_all_worlds(|number, world, records| {
        let has_stock = [Mechanism::Flight, Mechanism::Displacement].iter().all(|&of| world.setup.switches.is_on(of));
        let mut away: Vec<u32> = (0..world.setup.places.len())
            .map(|idx| {
                let n_households = f64::from(world.kinship().n_households(PlaceId::from_idx(idx)));
                let share = if has_stock { world.setup.places[idx].displaced_share } else { 0.0 };
                (share * n_households).round() as u32
            })
            .collect();
        for row in records.displacement.rows() {
            let population = world.setup.places[row.place.idx()].population;
            away[row.place.idx()] = away[row.place.idx()] + row.households_fled - row.households_returned;
            assert_eq!(away[row.place.idx()], row.households_away, "world {number}: {row:?}");
            assert!(row.households_away <= population && row.people_away <= population, "world {number}: {row:?}");
            let is_empty = row.households_away == 0;
            assert!(!is_empty || row.people_away == 0, "world {number}: {row:?}");
        }
    });
}

#[test]
fn random_worlds_show_every_kind_of_event() {
    let mut n_seen = vec![0; AllegianceKind::ALL.len()];
    let mut n_incidents = vec![0; IncidentKind::ALL.len()];
    for_all_worlds(|_, _, records| {
        records.allegiance.kind.iter().for_each(|&kind| n_seen[kind as usize] += 1);
        records.incidents.kind.iter().for_each(|&kind| n_incidents[kind as usize] += 1);
    });
    for &kind in AllegianceKind::ALL {
        assert!(n_seen[kind as usize] >= 20, "{} happened {} times", kind.word(), n_seen[kind as usize]);
    }
    for &kind in IncidentKind::ALL {
        assert!(n_incidents[kind as usize] >= 20, "{} happened {} times", kind.word(), n_incidents[kind as usize]);
    }
}

/// Whatever the engine accepts, it computes: values far outside the priors
/// give finite hazards under bounds that hold (the engine asserts the bounds).
#[test]
fn parameters_far_outside_their_priors_are_computed() {
    for number in 0..70 {
        let mut setup = random_setup(number);
        let mut stream = Draws::of_population(77).stream(Purpose::Observation, number, 0, 0);
        for info in Parameters::dictionary() {
            let value = info.default * pick(&mut stream, &[0.0, 0.2, 1.0, 1.0, 1.0, 3.0]);
            // Units and populations of other sizes are other worlds.
            if !matches!(info.mechanism, "kinship" | "units") && info.accepts(value) {
                setup.parameters.set(&info.path(), value).unwrap();
            }
        }
        let records = run_setup(setup, 0);
        let hazards =
            records.allegiance.rows().flat_map(|row| [row.hazard, row.hazard_defection, row.hazard_departure]);
        assert!(hazards.flatten().all(f64::is_finite), "world {number}");
    }
}
