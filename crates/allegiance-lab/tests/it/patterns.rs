//! The calibration patterns, on records where they can be counted by hand.

use crate::world::{ISIS, REBELS, STATE, case, exposure, group_day, incident, setup, turn};
use allegiance_model::ids::{GroupId, PlaceId};
use allegiance_model::tables::{Allegiance, AllegianceKind, ControlShare, Day, IncidentKind, Outcome, Records};
use allegiance_record::observe::{ReportedEvent, Violence};
use allegiance_record::patterns::PatternValue;
use allegiance_record::{CaseWords, PatternValues, PatternVerdict, Verdict, measure};
use allegiance_show::patterns::render_verdicts;

fn assert_near(found: Option<f64>, expected: f64) {
    assert!(found.is_some_and(|found| (found - expected).abs() < 1e-12), "{found:?} isn't {expected}");
}

fn reason(values: &PatternValues, id: &str) -> String {
    let value = values.values.iter().find(|value| value.id == id).expect("every pattern is measured");
    assert_eq!(value.value, None, "{id}");
    value.reason.clone().expect("a pattern without a value has a reason")
}

/// Days count from 1 January; the outbreak is day 2, so days 2-21 count.
fn clashes() -> Records {
    let mut records = Records::default();
    let mut push = |day, perpetrator, target, dead: (u32, u32, u32), n_executed, kind| {
        let number = records.incidents.incident.len() as u32;
        let mut row = incident(number, day, 0, perpetrator, target);
        (row.dead_perpetrator, row.dead_target, row.dead_civilians) = dead;
        row.n_executed = n_executed;
        row.kind = kind;
        records.incidents.push(row);
    };
    let assault = IncidentKind::Assault;
    push(1, REBELS, Some(ISIS), (100, 100, 100), 0, assault); // before the outbreak
    push(2, REBELS, Some(ISIS), (6, 4, 2), 0, assault);
    push(14, ISIS, Some(REBELS), (1, 3, 1), 0, assault); // day 13 of the fighting
    push(14, ISIS, Some(REBELS), (0, 3, 0), 3, IncidentKind::Execution);
    push(15, ISIS, Some(REBELS), (5, 8, 0), 0, assault); // day 14
    push(21, ISIS, Some(REBELS), (0, 2, 0), 0, assault); // day 20
    push(22, ISIS, Some(REBELS), (0, 0, 5), 0, assault); // day 21: C4 only
    push(23, ISIS, Some(REBELS), (50, 50, 50), 0, assault); // too late
    push(5, STATE, Some(ISIS), (70, 70, 70), 0, assault); // the state isn't a rival
    push(5, ISIS, None, (0, 0, 70), 0, IncidentKind::Repression); // no clash
    records
}

#[test]
fn clashes_are_counted_from_the_outbreak_on() {
    let values = measure(&clashes(), &setup(60), &[]);
    assert_near(values.value("C1"), 35.0);
    assert_near(values.value("C5"), 3.0 / 20.0);
    let c2 = values.values.iter().find(|value| value.id == "C2").unwrap();
    assert_near(c2.beside, 20.0 / 35.0);
    assert!(reason(&values, "C2").contains("reported"));
    let c3 = values.values.iter().find(|value| value.id == "C3").unwrap();
    assert_near(c3.beside, 22.0 / 10.0);
    let c4 = values.values.iter().find(|value| value.id == "C4").unwrap();
    assert_near(c4.beside, 8.0 / 40.0);
}

#[test]
fn reports_are_judged_by_what_they_say() {
    let event = |incident, day, side_a: GroupId, side_b, deaths: (u32, u32, u32, u32)| ReportedEvent {
        incident,
        violence: Violence::NonState,
        side_a,
        side_b,
        is_swapped: false,
        place: PlaceId(0),
        where_prec: 1,
        date_prec: 1,
        day,
        n_days_before: 0,
        n_days_after: 0,
        n_sources: 1,
        deaths_a: deaths.0,
        deaths_b: deaths.1,
        deaths_civilians: deaths.2,
        deaths_unknown: deaths.3,
        low: 0,
        high: 100,
    };
    let reported = [
        event(0, 1, ISIS, Some(REBELS), (9, 9, 9, 9)),
        event(1, 2, ISIS, Some(REBELS), (4, 6, 2, 3)),
        event(2, 15, REBELS, Some(ISIS), (3, 1, 1, 0)),
        event(3, 5, STATE, Some(ISIS), (9, 9, 9, 9)),
        event(4, 5, ISIS, None, (0, 0, 9, 0)),
    ];
    let values = measure(&Records::default(), &setup(60), &reported);
    assert_near(values.value("C2"), 15.0 / 20.0);
    assert_near(values.value("C3"), 9.0 / 5.0);
    assert_near(values.value("C4"), 3.0 / 20.0);
    let c1 = values.values.iter().find(|value| value.id == "C1").unwrap();
    assert_near(c1.beside, 20.0);
}

#[test]
fn lost_places_are_those_held_at_the_outbreak() {
    let mut records = Records::default();
    let mut control = |day, place, share| {
        records.control.push(ControlShare { day: Day(day), place: PlaceId(place), group: ISIS, share });
    };
    control(1, 2, 0.7); // Dana, taken the day before the outbreak
    control(5, 0, 0.1); // Saraqib, lost
    control(15, 2, 0.4); // Dana, lost on the last day that counts
    control(16, 1, 0.0); // Rami, lost too late
    control(5, 3, 0.0); // Raqqa is elsewhere
    let values = measure(&records, &setup(60), &[]);
    assert_near(values.value("C6"), 2.0 / 3.0);
}

#[test]
fn the_first_strength_is_that_of_the_first_day() {
    let mut records = Records::default();
    records.groups.push(group_day(0, REBELS, 50, 5, 0, 0));
    records.groups.push(group_day(0, ISIS, 800, 280, 0, 0));
    records.groups.push(group_day(1, ISIS, 900, 1, 0, 0));
    let values = measure(&records, &setup(60), &[]);
    assert_near(values.value("C7a"), 800.0);
    assert_near(values.value("C7b"), 0.35);
}

#[test]
fn only_quiet_members_count_for_the_baseline() {
    let mut records = Records::default();
    for day in 0..60 {
        records.groups.push(group_day(day, ISIS, 100, 0, 0, 0));
    }
    // Exposed on days 10-39 and, once more, 20-49: 40 days in all.
    records.exposures.push(exposure(20, 1, ISIS));
    records.exposures.push(exposure(10, 1, ISIS));
    // Exposed from day 5 on, but gone on day 8: 3 days.
    records.exposures.push(exposure(5, 2, ISIS));
    records.allegiance.push(turn(8, 2, AllegianceKind::Desertion, Some(ISIS)));
    // Quiet deserters, and one who deserts in the last exposed day.
    records.allegiance.push(turn(30, 3, AllegianceKind::Desertion, Some(ISIS)));
    records.allegiance.push(turn(50, 1, AllegianceKind::Desertion, Some(ISIS)));
    records.allegiance.push(turn(9, 4, AllegianceKind::Departure, Some(ISIS)));
    let values = measure(&records, &setup(60), &[]);
    assert_near(values.value("C8"), 2.0 / ((6_000.0 - 43.0) / 30.0));
}

#[test]
fn a_deserter_who_joins_elsewhere_within_a_month_has_switched() {
    let mut records = Records::default();
    for person in 0..6 {
        records.allegiance.push(turn(5, person, AllegianceKind::Desertion, Some(ISIS)));
    }
    records.allegiance.push(turn(5, 6, AllegianceKind::Defection, Some(ISIS)));
    records.allegiance.push(turn(35, 0, AllegianceKind::Join, None)); // in time
    records.allegiance.push(turn(36, 1, AllegianceKind::Join, None)); // too late
    records.allegiance.push(turn(2, 2, AllegianceKind::Join, None)); // before
    records.exposures.push(exposure(4, 7, ISIS));
    records.allegiance.push(turn(5, 7, AllegianceKind::Defection, Some(ISIS))); // not quiet
    let values = measure(&records, &setup(60), &[]);
    assert_near(values.value("C9"), 2.0 / 7.0);
    // A defector who is turned away has left once, and serves nobody else.
    push_turned_away(&mut records, 8, ISIS);
    assert_near(measure(&records, &setup(60), &[]).value("C9"), 2.0 / 8.0);
}

#[test]
fn what_cannot_be_measured_says_why() {
    let short = measure(&clashes(), &setup(20), &[]);
    assert!(reason(&short, "C1").contains("2014-01-22"));
    assert_near(short.value("C5"), 3.0 / 20.0);
    let mut without = setup(60);
    without.case = None;
    assert_eq!(measure(&clashes(), &without, &[]), PatternValues::default(), "without a case nothing is measured");
    let mut late = setup(60);
    late.start = late.start.plus_days(3);
    assert!(reason(&measure(&clashes(), &late, &[]), "C1").contains("starts after 2014-01-03"));
    let empty = measure(&Records::default(), &setup(60), &[]);
    assert!(reason(&empty, "C9").contains("no quiet member left"));
    assert!(reason(&empty, "C8").contains("no member was quiet"));
}

fn push_turned_away(records: &mut Records, person: u32, group: GroupId) {
    records.allegiance.push(turn(5, person, AllegianceKind::Defection, Some(group)));
    let away = turn(5, person, AllegianceKind::Arrival, Some(group));
    records.allegiance.push(Allegiance { outcome: Some(Outcome::TurnedAway), ..away });
    records.allegiance.push(turn(5, person, AllegianceKind::Desertion, Some(group)));
}

fn verdicts(replicates: &[PatternValues]) -> Vec<PatternVerdict> {
    allegiance_record::verdicts(&case().patterns, replicates)
}

fn with_c1(values: impl IntoIterator<Item = f64>) -> Vec<PatternValues> {
    values
        .into_iter()
        .map(|value| PatternValues {
            values: vec![PatternValue { id: "C1".to_owned(), value: Some(value), beside: None, reason: None }],
        })
        .collect()
}

#[test]
fn verdicts_follow_the_rule_of_the_intervals() {
    let verdict = |values: Vec<f64>| verdicts(&with_c1(values))[0].verdict;
    // The band of C1 is 1,400-2,100.
    assert_eq!(verdict(vec![1_500.0]), Verdict::Hit);
    assert_eq!(verdict(vec![1_300.0, 1_350.0, 1_410.0, 1_420.0, 1_450.0]), Verdict::Hit);
    let spread: Vec<f64> = (0..101).map(|step| 700.0 + 8.0 * f64::from(step)).collect();
    assert_eq!(verdict(spread.clone()), Verdict::Missed);
    assert!(verdicts(&with_c1(spread))[0].reason.contains("the 90% reaches it"));
    assert_eq!(verdict(vec![3_000.0, 3_100.0]), Verdict::Missed);
    let missed = &verdicts(&with_c1([3_000.0, 3_100.0]))[0];
    assert!(missed.reason.contains("wholly above"), "{}", missed.reason);
    let all = verdicts(&with_c1([1_500.0]));
    assert_eq!(all.len(), case().patterns.len());
    assert!(all[1..].iter().all(|verdict| verdict.verdict == Verdict::NotMeasurable));
}

#[test]
fn the_table_of_verdicts_shows_bands_and_reasons() {
    let words = CaseWords::of(&case());
    let text = render_verdicts(Some(&words), &verdicts(&with_c1([1_500.0, 1_600.0])), 2);
    assert!(text.starts_with("Calibration patterns: ISIS and its rivals, January 2014\n"), "{text}");
    assert!(text.contains("1 hit, 0 missed, 11 not measurable, over 2 replicates"), "{text}");
    assert!(text.contains("1,400–2,100"), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
}

#[test]
fn a_run_without_a_case_is_held_against_nothing() {
    assert_eq!(
        render_verdicts(None, &[], 2),
        "Calibration patterns: none, for the scenario names no case to hold its runs against.\n"
    );
}
