//! Branches of a history: what they share with the run, and what they lack.

use crate::worlds::{random_setup, run};
use allegiance_model::ids::{IncidentId, PersonId};
use allegiance_model::setup::Mechanism;
use allegiance_model::tables::{Allegiance, AllegianceKind, Exposure, Incident, IncidentKind, Outcome, Records};
use allegiance_model::{Model, World};

/// The clone of a replicate at the start of a day, changed, to the end.
fn branch(world: &World, day: u32, change: impl Fn(&mut Model<'_>)) -> Records {
    let mut model = Model::new(world, 0);
    while model.day() < day {
        model.step();
    }
    change(&mut model);
    while !model.is_finished() {
        model.step();
    }
    model.into_records().unwrap()
}

/// The incidents of a history up to a day, without those who died of wounds
/// later, so that both sides' dead are in one number.
fn incidents_until(records: &Records, day: u32) -> Vec<Incident> {
    let n_of_wounds = |incident: IncidentId| {
        let of_wounds = |row: &Allegiance| row.outcome == Some(Outcome::Wounds) && row.incident == Some(incident);
        records.allegiance.rows().filter(of_wounds).count() as u32
    };
    let at_first = |row: Incident| {
        let n_dead = row.dead_perpetrator + row.dead_target - n_of_wounds(row.incident);
        Incident { dead_perpetrator: n_dead, dead_target: 0, ..row }
    };
    records.incidents.rows().filter(|row| row.day.0 <= day).map(at_first).collect()
}

/// An incident as it stood when the news of its day spread: with two watches,
/// how an assault goes on and ends is decided after that.
fn as_told(world: &World, row: Incident, day: u32) -> Incident {
    let goes_on = row.kind == IncidentKind::Assault && row.day.0 == day;
    if !goes_on || !world.setup.switches.is_on(Mechanism::Watches) {
        return row;
    }
    Incident {
        n_attackers: 0,
        n_defenders: 0,
        p_attackers_win: None,
        attackers_won: false,
        dead_perpetrator: 0,
        dead_target: 0,
        n_wounded: 0,
        n_prisoners: 0,
        control_after: 0.0,
        ..row
    }
}

fn exposures_until(records: &Records, day: u32) -> Vec<Exposure> {
    records.exposures.rows().filter(|row| row.day.0 < day).collect()
}

/// Worlds in which something happens that can be taken out, with the first
/// such incident of a kind.
fn incidents_of(kind: IncidentKind) -> Vec<(World, Records, Incident)> {
    (0..40)
        .map(|number| World::build(random_setup(number)))
        .filter_map(|world| {
            let records = run(&world, 0);
            let first = records.incidents.rows().find(|row| row.kind == kind)?;
            Some((world, records, first))
        })
        .take(6)
        .collect()
}

#[test]
fn an_incident_taken_out_is_missing_and_everything_before_it_is_the_same() {
    for kind in [IncidentKind::Assault, IncidentKind::Repression, IncidentKind::Strike, IncidentKind::Reprisal] {
        let found = incidents_of(kind);
        assert!(found.len() >= 2, "{kind:?} hardly happens");
        for (world, records, taken) in found {
            let number = taken.incident;
            let without = branch(&world, taken.day.0, |model| model.take_out_incident(number));
            let before = |records: &Records| -> Vec<Incident> {
                let rows = incidents_until(records, taken.day.0).into_iter().take(number.idx());
                rows.map(|row| as_told(&world, row, taken.day.0)).collect()
            };
            assert_eq!(before(&records), before(&without), "{kind:?}");
            let n_alike = |records: &Records| {
                let who = |row: &Incident| (row.kind, row.day, row.perpetrator, row.place);
                records.incidents.rows().filter(|row| who(row) == who(&taken)).count()
            };
            // A group doesn't try an assault again on the same day.
            let n_left = if kind == IncidentKind::Assault { 0 } else { n_alike(&records) - 1 };
            assert_eq!(n_alike(&without), n_left, "{taken:?}");
            assert_ne!(records, without, "{kind:?} changed nothing");
        }
    }
}

#[test]
fn branches_share_the_past_and_the_incidents_of_the_day_but_not_the_future() {
    for (world, records, first) in incidents_of(IncidentKind::Assault) {
        let day = first.day.0;
        let future = |number| branch(&world, day, |model| model.branch_off(day, number));
        let (one, other) = (future(1), future(2));
        assert_eq!(one, future(1), "a branch is a function of its number");
        for changed in [&one, &other] {
            let morning = |records: &Records| -> Vec<Incident> {
                let goes_on = world.setup.switches.is_on(Mechanism::Watches);
                let is_late = |row: &Incident| {
                    row.day.0 == day
                        && (row.kind == IncidentKind::Reprisal || goes_on && row.kind == IncidentKind::Execution)
                };
                let rows = incidents_until(records, day).into_iter().filter(|row| !is_late(row));
                rows.map(|row| Incident { incident: IncidentId(0), ..as_told(&world, row, day) }).collect()
            };
            assert_eq!(morning(&records), morning(changed));
            assert_eq!(exposures_until(&records, day), exposures_until(changed, day));
        }
        let late = |records: &Records| records.allegiance.rows().filter(|row| row.day.0 > day).count();
        assert!(late(&records) == 0 || one != other, "luck is the same in two branches");
    }
}

#[test]
fn without_any_other_luck_or_removal_a_branch_is_the_run() {
    for number in 0..8 {
        let world = World::build(random_setup(number));
        assert_eq!(run(&world, 0), branch(&world, world.setup.n_days / 3, |_| {}));
    }
}

#[test]
fn a_hidden_incident_never_reaches_the_person_and_still_reaches_others() {
    let mut n_reached = 0;
    for (world, records, _) in incidents_of(IncidentKind::Assault) {
        let Some(exposure) = records.exposures.rows().next() else { continue };
        let (person, incident): (PersonId, IncidentId) = (exposure.person, exposure.incident);
        let hidden = branch(&world, exposure.day.0, |model| model.take_out_exposure(person, incident));
        let reached = |records: &Records, who: &dyn Fn(PersonId) -> bool| {
            records.exposures.rows().filter(|row| row.incident == incident && who(row.person)).count()
        };
        assert!(reached(&records, &|other| other == person) > 0);
        assert_eq!(reached(&hidden, &|other| other == person), 0);
        let of_the_day = |records: &Records| {
            let rows = records.exposures.rows().filter(|row| row.day == exposure.day && row.person != person);
            rows.map(|row| (row.person, row.incident, row.channel)).collect::<Vec<_>>()
        };
        assert_eq!(of_the_day(&records), of_the_day(&hidden));
        n_reached += of_the_day(&hidden).len();
        let is_his = |row: &Allegiance| row.person == person && row.day < exposure.day;
        let earlier = |records: &Records| {
            records.allegiance.rows().filter(is_his).map(|row| row.kind).collect::<Vec<AllegianceKind>>()
        };
        assert_eq!(earlier(&records), earlier(&hidden));
    }
    assert!(n_reached > 0, "nobody else was reached in any world");
}
