//! The summary that people read.

use crate::world::{ISIS, REBELS, rich_records, setup};
use allegiance_model::setup::{Mechanism, Setup};
use allegiance_model::tables::{Allegiance, AllegianceKind, Cause, Records};
use allegiance_record::ObservationParameters;
use allegiance_record::ReplicateSummary;
use allegiance_record::observe::{Gazetteer, observe};
use allegiance_record::summary::SummaryInput;
use allegiance_show::summary::render_summary;
use std::path::Path;

fn summaries(setup: &Setup, n_replicates: u32) -> Vec<ReplicateSummary> {
    (0..n_replicates)
        .map(|replicate| {
            let records = rich_records(setup, replicate);
            let parameters = ObservationParameters::default();
            let events = observe(&records, setup, &Gazetteer::of(setup), &parameters, replicate);
            ReplicateSummary::of(&records, setup, &events)
        })
        .collect()
}

fn rendered(setup: &Setup, replicates: &[ReplicateSummary]) -> String {
    render_summary(&SummaryInput {
        title: "Four places",
        scenario_id: "four-places",
        setup,
        unchanged: None,
        replicates,
        folder: Some(Path::new("runs/first")),
        tables: None,
    })
}

#[test]
fn a_replicate_is_summed_up_from_its_record() {
    let setup = setup(12);
    let summary = &summaries(&setup, 1)[0];
    let isis = &summary.groups[ISIS.idx()];
    assert_eq!((isis.members_start, isis.members_end, isis.members_by_week.clone()), (800, 789, vec![794, 789]));
    assert_eq!((isis.dead, isis.executed_by_enemy, isis.dead_combat), (22, 5, 17));
    assert_eq!((isis.captured, isis.civilians_killed), (1, 11));
    // Each of three groups has 2 dead and 1 civilian more on every day but the first.
    assert_eq!(summary.deaths_by_day[0], 0);
    assert_eq!(summary.deaths_by_day[1..], [9; 11]);
    assert_eq!(summary.deaths(), 99);
    assert_eq!((summary.switches[0].from, summary.switches[0].to, summary.switches[0].n), (ISIS.0, REBELS.0, 1));
    assert_eq!(summary.deadliest_places[0], (1, 3 * 6 + 12 * 2));
    assert_eq!(summary.people_away_end, 54);
    let idlib = &summary.governorates[0];
    assert_eq!(idlib.name, "Idlib");
    let people = 46_000.0;
    assert!((idlib.start[0] - (0.9 * 30_000.0 + 0.6 * 2_000.0 + 0.2 * 14_000.0) / people).abs() < 1e-12);
    assert!((idlib.end[0] - (0.2 * 30_000.0 + 0.6 * 2_000.0 + 0.2 * 14_000.0) / people).abs() < 1e-12);
}

#[test]
fn summaries_survive_being_kept() {
    let setup = setup(12);
    for summary in summaries(&setup, 3) {
        let text = serde_json::to_string(&summary).unwrap();
        let back: ReplicateSummary = serde_json::from_str(&text).unwrap();
        assert_eq!(summary, back);
    }
}

#[test]
fn one_replicate_is_called_one_possible_history() {
    let setup = setup(12);
    let text = rendered(&setup, &summaries(&setup, 1));
    assert!(text.contains("Simulated: synthetic people in real places; not a forecast."));
    assert!(text.contains("One possible history"));
    assert!(text.contains("2014-01-01 to 2014-01-12 (12 days) · 266,000 inhabitants of 4 places"), "{text}");
    assert!(!text.contains("replicates"), "{text}");
}

#[test]
fn several_replicates_are_shown_with_intervals_and_sentences() {
    let mut setup = setup(12);
    setup.switches.set(Mechanism::Claims, false);
    setup.parameters.set("combat.decisiveness", 2.5).unwrap();
    let mut replicates = summaries(&setup, 20);
    for replicate in &mut replicates[..3] {
        replicate.governorates[0].end = vec![0.9, 0.1, 0.0];
    }
    for (number, replicate) in replicates.iter_mut().enumerate() {
        replicate.groups[0].dead = 100 + number as u32;
    }
    let text = rendered(&setup, &replicates);
    assert!(text.contains("110 (101–118)"), "{text}");
    let flowing = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let of_idlib =
        "In 17 of 20 replicates most inhabitants of the scenario's places in Idlib are under Group rebels at the end.";
    assert!(flowing.contains(of_idlib), "{text}");
    assert!(text.contains("In 20 of 20 replicates the members of Group isis are fewer"), "{text}");
    assert!(text.contains("Switched off: claims"), "{text}");
    assert!(text.contains("combat.decisiveness = 2.5"), "{text}");
    assert!(text.contains("kin and home"), "{text}");
    assert!(text.contains("Group isis → Group rebels: 1"), "{text}");
    assert!(text.contains("read_parquet(\"runs/first/incidents.parquet\")"), "{text}");
    for line in text.lines() {
        assert!(line.chars().count() <= 105, "{line}");
    }
}

/// Prints a summary: `cargo test -p allegiance-lab -- --ignored --nocapture looks`.
#[test]
#[ignore = "prints a summary to look at"]
#[expect(clippy::print_stdout, reason = "this is what the test is for")]
fn the_summary_looks_well() {
    let setup = setup(12);
    println!("{}", rendered(&setup, &summaries(&setup, 1)));
    println!("{}", rendered(&setup, &summaries(&setup, 20)));
}

/// The number behind `(to ` in the line of cumulative deaths.
fn cumulative_end(text: &str) -> &str {
    let line = text.lines().find(|line| line.trim_start().starts_with("cumulative")).expect("the summary has the line");
    line.split_once("(to ").expect("it ends with a sum").1.trim_end_matches(')')
}

#[test]
fn cumulative_deaths_end_at_the_median_of_all_deaths() {
    // Each replicate has its deaths in another week: the weekly medians are 0.
    let setup = setup(21);
    let replicates: Vec<ReplicateSummary> = (0..3)
        .map(|at| {
            let mut summary = summaries(&setup, 1).swap_remove(0);
            summary.deaths_by_day = vec![0; 21];
            summary.deaths_by_day[7 * at + 2] = 40 + at as u32;
            summary
        })
        .collect();
    let text = rendered(&setup, &replicates);
    assert_eq!(cumulative_end(&text), "41");
    assert!(text.contains("All deaths: 41 (40–42)"), "{text}");
    assert!(text.contains("(highest 0)"), "{text}");
}

#[test]
fn deaths_are_those_of_the_table_of_groups_wherever_they_are_summed() {
    let setup = setup(12);
    let records = rich_records(&setup, 0);
    let summary = ReplicateSummary::of(&records, &setup, &[]);
    let last = records.groups.rows().filter(|row| row.day.0 == 11);
    let of_groups: u32 = last.map(|row| row.dead + row.civilians_killed).sum();
    assert_eq!(summary.deaths(), of_groups);
    assert_eq!(summary.deaths_in(0..7) + summary.deaths_in(7..14), of_groups);
    assert_eq!(summary.deaths_in(12..40), 0);
    let text = rendered(&setup, &[summary]);
    assert_eq!(cumulative_end(&text), of_groups.to_string());
}

#[test]
fn long_names_are_never_cut() {
    let mut setup = setup(12);
    setup.groups[0].name = "The Combined Joint Operational Command of the Northern Districts".to_owned();
    setup.places[0].governorate = "A governorate with a long name".to_owned();
    let text = rendered(&setup, &summaries(&setup, 2));
    assert!(!text.contains('…'), "{text}");
    assert!(text.contains(&setup.groups[0].name) && text.contains(&setup.places[0].governorate), "{text}");
}

/// No hazard decided the exits of a whole unit that gave up: peers who left didn't bring them about.
#[test]
fn exits_of_whole_units_are_not_those_of_peers() {
    let setup = setup(12);
    let mut records = rich_records(&setup, 0);
    let count = |records: &Records| {
        let found = ReplicateSummary::of(records, &setup, &[]);
        let n_of = |by: &str| found.causes.iter().filter(|tally| tally.by == by).map(|tally| tally.n).sum::<u32>();
        [n_of("with_unit"), n_of("cascade")]
    };
    let before = count(&records);
    let exit = records.allegiance.rows().find(|row| row.kind == AllegianceKind::Desertion).unwrap();
    for cause in [Cause::WithUnit, Cause::WithUnit, Cause::Cascade] {
        records.allegiance.push(Allegiance { cause: Some(cause), ..exit });
    }
    let after = count(&records);
    assert_eq!([after[0] - before[0], after[1] - before[1]], [2, 1]);
}
