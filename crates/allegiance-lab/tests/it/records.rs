//! Records as inference reads them: what is simulated and what is given pass
//! through the same rows, the same reader and the same summaries.

use crate::world::{ISIS, REBELS, STATE, TemporaryFolder, input, options, run, setup};
use allegiance_lab::inference::record_summaries::summarise_record;
use allegiance_lab::inference::{Prior, SeenEvent, Study, read_rows, seen_events};
use allegiance_model::ids::GroupId;
use allegiance_record::observe::{RecordRow, Violence};
use allegiance_replay::Silent;
use allegiance_runs::FinishedRun;

fn event(day: f64, side_a: GroupId, side_b: Option<GroupId>, deaths: [u32; 4]) -> SeenEvent {
    let [deaths_a, deaths_b, deaths_civilians, deaths_unknown] = deaths;
    let best = deaths.iter().sum();
    SeenEvent {
        violence: if side_b.is_none() { Violence::OneSided } else { Violence::NonState },
        side_a,
        side_b,
        day,
        point: [36_000_000, 37_000_000 + i64::from(side_a.0)],
        where_prec: 1,
        deaths_a,
        deaths_b,
        deaths_civilians,
        deaths_unknown,
        low: best,
        high: best + 2,
    }
}

#[test]
fn counts_shares_and_windows_are_those_of_the_record() {
    let events = [event(5.0, ISIS, Some(REBELS), [3, 2, 1, 0]), event(55.0, REBELS, None, [0, 0, 4, 0])];
    let summaries = summarise_record(&events, &setup(60));
    let value = |name: &str| summaries.values[summaries.names.iter().position(|found| found == name).unwrap()];
    let is = |name: &str, expected: f64| assert!((value(name) - expected).abs() < 1e-12, "{name}: {}", value(name));
    is("events", 3.0_f64.ln());
    is("deaths", 11.0_f64.ln());
    is("civilian share", 0.5);
    is("dead of isis", 4.0_f64.ln());
    is("dead of rebels", 3.0_f64.ln());
    is("attacks on civilians by rebels", 2.0_f64.ln());
    is("civilians killed by rebels", 5.0_f64.ln());
    is("civilians killed by isis", 0.0);
    is("deaths between isis and rebels", 7.0_f64.ln());
    is("deaths between rebels and state", 0.0);
    is("deaths in window 1", 7.0_f64.ln());
    is("deaths in window 6", 5.0_f64.ln());
    is("longest gap", 50.0 / 60.0);
    is("share of the deadliest place", 0.6);
}

#[test]
fn who_stands_as_side_a_does_not_move_what_a_dyad_counts() {
    let one = summarise_record(&[event(5.0, ISIS, Some(STATE), [3, 2, 0, 0])], &setup(60));
    let other = summarise_record(&[event(5.0, STATE, Some(ISIS), [2, 3, 0, 0])], &setup(60));
    let of = |summaries: &[f64], names: &[String]| -> Vec<f64> {
        let at = |name: &str| summaries[names.iter().position(|found| found == name).unwrap()];
        ["dead of isis", "dead of state", "events between isis and state", "deaths between isis and state"]
            .map(at)
            .to_vec()
    };
    assert_eq!(of(&one.values, &one.names), of(&other.values, &other.names));
}

#[test]
fn a_record_without_events_has_the_same_summaries_all_finite() {
    let none = summarise_record(&[], &setup(60));
    let some = summarise_record(&[event(5.0, ISIS, Some(REBELS), [3, 2, 1, 0])], &setup(60));
    assert_eq!(none.names, some.names);
    assert!(none.values.iter().chain(&some.values).all(|value| value.is_finite()));
}

/// Wide priors of what records hang on most.
fn study() -> Study {
    let priors = Prior::of_all(&[
        "operations.attacks_per_month",
        "harm.civilians_per_fighter_killed",
        "harm.repression_per_month",
        "observation.intercept",
    ]);
    Study::of_all_theories("hand-made", setup(30), priors.expect("all are parameters"), "0")
}

#[test]
fn no_summary_of_a_record_is_constant_over_the_prior() {
    let study = study();
    let record: Vec<usize> = study.layout().record.collect();
    let names: Vec<String> = study.columns().into_iter().map(|column| column.name).collect();
    let draws: Vec<Vec<f64>> = (0..150).map(|draw| study.simulate(draw).expect("every bound holds")).collect();
    let constant: Vec<&String> = record
        .into_iter()
        .filter(|&column| draws.iter().all(|draw| draw[column].to_bits() == draws[0][column].to_bits()))
        .map(|column| &names[column])
        .collect();
    assert!(constant.is_empty(), "{constant:?}");
}

#[test]
fn a_record_that_was_written_and_read_has_the_summaries_of_the_simulation() {
    let home = TemporaryFolder::new("records");
    let report = run(&input(40), &options(home.join("run"), 4), &Silent).unwrap();
    let finished = FinishedRun::open(&report.folder).unwrap();
    let setup = setup(40);
    for replicate in 0..4 {
        let simulated = crate::world::reported(&setup, replicate);
        let read = finished.reported(replicate).unwrap();
        assert_eq!(read, simulated);
        assert!(!read.is_empty());
        let [simulated, read] = [seen_events(&simulated, &setup).unwrap(), read_rows(&read, &setup).unwrap()]
            .map(|seen| summarise_record(&seen, &setup));
        assert_eq!(read, simulated);
    }
}

#[test]
fn sides_are_found_by_name_whatever_numbers_the_record_gives_them() {
    let setup = setup(40);
    let rows = crate::world::reported(&setup, 0);
    let numbered: Vec<RecordRow> =
        rows.iter().map(|row| RecordRow { side_a_id: 7_001, side_b_id: 9_999, ..row.clone() }).collect();
    let by_identifier: Vec<RecordRow> = rows
        .iter()
        .map(|row| {
            let id = |name: &str| name.trim_start_matches("Group ").to_uppercase();
            RecordRow { side_a: id(&row.side_a), side_b: id(&row.side_b), ..row.clone() }
        })
        .collect();
    let seen = seen_events(&rows, &setup).unwrap();
    assert!(!seen.is_empty());
    assert_eq!(seen_events(&numbered, &setup).unwrap(), seen);
    assert_eq!(seen_events(&by_identifier, &setup).unwrap(), seen);
}
