//! The conformance path on records made by hand: whole, and broken at each step.

use crate::world::{ISIS, REBELS, STATE, exposure, incident, turn};
use allegiance_model::ids::{GroupId, HouseholdId, IncidentId, PersonId, PlaceId};
use allegiance_model::tables::{
    Allegiance, AllegianceKind, Channel, ControlShare, Day, Exposure, Incident, IncidentKind, Outcome, Person, Records,
    Standing,
};
use allegiance_record::paths::{Attempt, LAST_STEP, PathTable, Walk, controller_of};
use allegiance_record::walks;

const N_DAYS: u32 = 30;
const DAY: u32 = 5;
const HOME: PlaceId = PlaceId(1);

/// The rows of one person's whole path.
#[derive(Clone)]
struct Rows {
    incident: Incident,
    seen: Exposure,
    lost: Exposure,
    voice: Allegiance,
    answer: Allegiance,
    settlement: Allegiance,
    defection: Allegiance,
    arrival: Allegiance,
    person: Person,
    more: Vec<Allegiance>,
}

fn about(kind: AllegianceKind, outcome: Option<Outcome>, to_group: Option<GroupId>) -> Allegiance {
    Allegiance { outcome, to_group, place: HOME, incident: Some(IncidentId(0)), ..turn(DAY, 11, kind, Some(ISIS)) }
}

fn whole_path() -> Rows {
    let mut attack = incident(0, DAY, HOME.0, ISIS, Some(REBELS));
    attack.dead_civilians = 3;
    let shown = |channel, before, after| Exposure {
        channel,
        place: HOME,
        conviction_before: before,
        conviction_after: after,
        ..exposure(DAY, 11, ISIS)
    };
    Rows {
        incident: attack,
        seen: shown(Channel::Witnessed, 1.5, -0.5),
        lost: shown(Channel::KinKilled, -0.5, -2.0),
        voice: about(AllegianceKind::Voice, None, None),
        answer: about(AllegianceKind::Answer, Some(Outcome::Offered), None),
        settlement: about(AllegianceKind::Settlement, Some(Outcome::Refused), None),
        defection: about(AllegianceKind::Defection, None, Some(REBELS)),
        arrival: Allegiance {
            suspicion: Some(0.24),
            ..about(AllegianceKind::Arrival, Some(Outcome::Watched), Some(REBELS))
        },
        person: Person {
            person: PersonId(11),
            home: Some(HOME),
            household: Some(HouseholdId(3)),
            clan: None,
            age: 24,
            is_female: false,
            is_foreign: false,
            motive_ideology: 0.4,
            motive_material: 0.3,
            motive_social: 0.3,
            first_group: Some(ISIS),
            group: Some(REBELS),
            standing: Standing::Active,
            n_wounds: 1,
            suspicion: Some(0.2),
        },
        more: Vec::new(),
    }
}

fn records_of(rows: &Rows) -> Records {
    let mut records = Records::default();
    records.incidents.push(rows.incident);
    records.exposures.push(rows.seen);
    records.exposures.push(rows.lost);
    for row in [rows.voice, rows.answer, rows.settlement, rows.defection, rows.arrival] {
        records.allegiance.push(row);
    }
    for row in &rows.more {
        records.allegiance.push(*row);
    }
    records.persons.push(rows.person);
    for (day, isis, rebels) in [(0, 0.1, 0.9), (DAY + 7, 0.8, 0.2)] {
        for (group, share) in [(ISIS, isis), (REBELS, rebels)] {
            records.control.push(ControlShare { day: Day(day), place: HOME, group, share });
        }
    }
    records
}

fn only_walk(rows: &Rows) -> Option<Walk> {
    let walks = walks(&records_of(rows), N_DAYS);
    assert!(walks.len() <= 1);
    walks.first().copied()
}

fn reached_after(change: impl Fn(&mut Rows)) -> Option<u32> {
    let mut rows = whole_path();
    change(&mut rows);
    only_walk(&rows).map(|walk| walk.reached)
}

#[test]
fn a_whole_path_reaches_the_last_step() {
    let walk = only_walk(&whole_path()).unwrap();
    assert_eq!(walk.reached, LAST_STEP);
    assert_eq!((walk.person, walk.incident), (PersonId(11), IncidentId(0)));
    assert_eq!((walk.day, walk.place), (DAY, HOME));
    assert_eq!((walk.group, walk.defenders, walk.host), (ISIS, Some(REBELS), Some(REBELS)));
    assert_eq!(walk.attempt, Some(Attempt::TakenIn));
}

#[test]
fn who_heard_no_accusation_or_did_not_believe_never_sets_out() {
    assert_eq!(reached_after(|rows| rows.seen.n_accusations = 0), None);
    assert_eq!(reached_after(|rows| rows.seen.conviction_before = -0.1), None);
}

#[test]
fn who_is_not_on_leave_at_home_stops_at_step_4() {
    assert_eq!(reached_after(|rows| rows.seen.is_on_leave = false), Some(4));
    assert_eq!(reached_after(|rows| rows.person.home = Some(PlaceId(2))), Some(4));
    assert_eq!(reached_after(|rows| rows.person.home = None), Some(4));
    assert_eq!(reached_after(|rows| rows.incident.day = Day(DAY - 1)), Some(4));
}

#[test]
fn harm_that_is_no_attack_on_the_defended_home_stops_at_step_5() {
    assert_eq!(reached_after(|rows| rows.incident.kind = IncidentKind::Strike), Some(5));
    assert_eq!(reached_after(|rows| rows.incident.place = PlaceId(0)), Some(5));
    assert_eq!(reached_after(|rows| rows.incident.perpetrator = STATE), Some(5));
    assert_eq!(reached_after(|rows| rows.incident.target = None), Some(5));
    assert_eq!(reached_after(|rows| rows.incident.n_defenders = 0), Some(5));
}

#[test]
fn who_does_not_see_kin_killed_stops_at_step_6() {
    assert_eq!(reached_after(|rows| rows.incident.dead_civilians = 0), Some(6));
    assert_eq!(reached_after(|rows| rows.seen.channel = Channel::Village), Some(6));
    assert_eq!(reached_after(|rows| rows.lost.channel = Channel::Kin), Some(6));
    // Kin killed in another incident, or heard of on another day, don't count.
    assert_eq!(reached_after(|rows| rows.lost.incident = IncidentId(9)), Some(6));
    assert_eq!(reached_after(|rows| rows.lost.day = Day(DAY + 1)), Some(6));
}

#[test]
fn whose_belief_does_not_turn_stops_at_step_7() {
    assert_eq!(reached_after(|rows| rows.lost.conviction_after = 0.1), Some(7));
    assert_eq!(reached_after(|rows| rows.lost.credence_after = 0.1), Some(7));
}

#[test]
fn who_stays_silent_stops_at_step_8() {
    assert_eq!(reached_after(|rows| rows.voice.kind = AllegianceKind::Recovery), Some(8));
    assert_eq!(reached_after(|rows| rows.voice.incident = Some(IncidentId(4))), Some(8));
    assert_eq!(reached_after(|rows| rows.voice.day = Day(DAY + 1)), Some(8));
    assert_eq!(reached_after(|rows| rows.voice.person = PersonId(12)), Some(8));
}

#[test]
fn who_is_offered_nothing_stops_at_step_9() {
    assert_eq!(reached_after(|rows| rows.answer.outcome = Some(Outcome::Ignored)), Some(9));
    assert_eq!(reached_after(|rows| rows.answer.outcome = Some(Outcome::Punished)), Some(9));
}

#[test]
fn who_accepts_stops_at_step_10() {
    let reached = reached_after(|rows| rows.settlement.outcome = Some(Outcome::Accepted));
    assert_eq!(reached, Some(10));
}

#[test]
fn who_does_not_join_the_defenders_that_day_stops_at_step_11() {
    assert_eq!(reached_after(|rows| rows.defection.day = Day(DAY + 1)), Some(11));
    assert_eq!(reached_after(|rows| rows.arrival.day = Day(DAY + 1)), Some(11));
    assert_eq!(reached_after(|rows| rows.arrival.to_group = Some(STATE)), Some(11));
}

#[test]
fn who_joins_another_defender_than_the_largest_completes_the_path() {
    // The state holds part of the home, beside the rebels with most men there.
    let shares = [(0.06, LAST_STEP), (0.04, 11)];
    for (share, reached) in shares {
        let mut rows = whole_path();
        rows.defection.to_group = Some(STATE);
        rows.arrival.to_group = Some(STATE);
        rows.person.group = Some(STATE);
        let mut records = records_of(&rows);
        records.control.push(ControlShare { day: Day(DAY - 1), place: HOME, group: STATE, share });
        let walk = walks(&records, N_DAYS)[0];
        assert_eq!(walk.reached, reached, "with a share of {share}");
        if reached == LAST_STEP {
            assert_eq!((walk.defenders, walk.host), (Some(REBELS), Some(STATE)));
            assert_eq!(walk.attempt, Some(Attempt::TakenIn));
            assert!(walk.later.unwrap().serves_at_end);
        } else {
            assert_eq!((walk.host, walk.attempt), (None, Some(Attempt::WentElsewhere)));
        }
    }
}

#[test]
fn what_a_group_holds_only_after_the_attack_makes_it_no_defender() {
    let mut rows = whole_path();
    rows.defection.to_group = Some(STATE);
    rows.arrival.to_group = Some(STATE);
    let mut records = records_of(&rows);
    records.control.push(ControlShare { day: Day(DAY), place: HOME, group: STATE, share: 0.5 });
    assert_eq!(walks(&records, N_DAYS)[0].reached, 11);
}

#[test]
fn an_attempt_that_fails_is_distinguished() {
    let attempt_after = |change: fn(&mut Rows)| {
        let mut rows = whole_path();
        change(&mut rows);
        let walk = only_walk(&rows).unwrap();
        assert_eq!((walk.reached, walk.later), (11, None));
        walk.attempt
    };
    let away = attempt_after(|rows| rows.arrival.outcome = Some(Outcome::TurnedAway));
    assert_eq!(away, Some(Attempt::TurnedAway));
    let caught = attempt_after(|rows| rows.defection.kind = AllegianceKind::Capture);
    assert_eq!(caught, Some(Attempt::Caught));
    let left = attempt_after(|rows| rows.defection.kind = AllegianceKind::Desertion);
    assert_eq!(left, Some(Attempt::Deserted));
    let gone = attempt_after(|rows| rows.defection.kind = AllegianceKind::Departure);
    assert_eq!(gone, Some(Attempt::Departed));
    let elsewhere = attempt_after(|rows| rows.defection.to_group = Some(STATE));
    assert_eq!(elsewhere, Some(Attempt::WentElsewhere));
    let stayed = attempt_after(|rows| rows.defection.day = Day(DAY + 3));
    assert_eq!(stayed, None);
}

#[test]
fn of_several_incidents_the_one_that_leads_furthest_counts() {
    let mut records = records_of(&whole_path());
    records.incidents.push(incident(1, 2, 0, ISIS, Some(STATE)));
    let earlier = Exposure { incident: IncidentId(1), ..exposure(2, 11, ISIS) };
    records.exposures.push(Exposure { is_on_leave: false, ..earlier });
    let walks = walks(&records, N_DAYS);
    assert_eq!(walks.len(), 1);
    assert_eq!((walks[0].incident, walks[0].reached), (IncidentId(0), LAST_STEP));
}

#[test]
fn later_steps_are_read_where_the_tables_allow() {
    let mut rows = whole_path();
    let later = only_walk(&rows).unwrap().later.unwrap();
    assert!(!later.is_wounded && later.serves_at_end);
    assert_eq!(
        (later.place_holds, later.suspicion_on_arrival, later.suspicion_at_end),
        (Some(true), Some(0.24), Some(0.2))
    );
    rows.more.push(turn(DAY + 2, 11, AllegianceKind::Wound, Some(REBELS)));
    rows.person.standing = Standing::Dead;
    let later = only_walk(&rows).unwrap().later.unwrap();
    assert!(later.is_wounded && !later.serves_at_end && later.suspicion_at_end.is_none());
    let too_short = walks(&records_of(&rows), DAY + 6);
    assert_eq!(too_short[0].later.unwrap().place_holds, None);
}

#[test]
fn the_controller_of_a_place_is_the_group_with_most_of_it_on_the_day() {
    let records = records_of(&whole_path());
    assert_eq!(controller_of(&records, HOME, DAY + 6), Some(REBELS));
    assert_eq!(controller_of(&records, HOME, DAY + 7), Some(ISIS));
    assert_eq!(controller_of(&records, PlaceId(3), 0), None);
}

#[test]
fn steps_are_counted_over_replicates() {
    let whole = walks(&records_of(&whole_path()), N_DAYS);
    let mut rows = whole_path();
    rows.defection.kind = AllegianceKind::Desertion;
    let refused = walks(&records_of(&rows), N_DAYS);
    let mut table = PathTable::default();
    for (replicate, walks) in [whole, refused, Vec::new()].iter().enumerate() {
        table.add(replicate as u32, walks);
    }
    let steps = table.steps();
    let counts: Vec<(u32, u64, u32)> = steps.iter().map(|step| (step.step, step.n_people, step.replicates.n)).collect();
    assert_eq!((counts[0], counts[7], counts[8]), ((4, 2, 2), (11, 2, 2), (12, 1, 1)));
    let last = steps[8].replicates;
    assert!(last.n_cases == 3 && last.low_95 < 1.0 / 3.0 && last.high_95 > 1.0 / 3.0);
    assert_eq!(table.complete.len(), 1);
    assert_eq!(table.attempts_of_refusers[&Attempt::Deserted], 1);
    assert_eq!(table.attempts_of_refusers[&Attempt::TakenIn], 1);
    assert_eq!((table.later().n_place_holds, table.later().n_suspected_less_at_end), (1, 1));
}
