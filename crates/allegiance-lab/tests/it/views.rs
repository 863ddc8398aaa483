//! The views of a run hold what its tables hold, whether they are read back or
//! built from a record in memory.

use crate::world::{TemporaryFolder, input, options, run, setup};
use allegiance_model::ids::GroupId;
use allegiance_model::setup::{Change, TimelineEntry};
use allegiance_model::tables::Records;
use allegiance_model::{Model, World};
use allegiance_record::ObservationParameters;
use allegiance_record::digest::digest_of_table;
use allegiance_record::setting::Setting;
use allegiance_record::tabulator::Tabulator;
use allegiance_replay::Silent;
use allegiance_replay::but_for::{UnansweredError, ask_but_for};
use allegiance_replay::watch_beliefs;
use allegiance_runs::Threads;
use allegiance_runs::{FinishedRun, RunInput};
use allegiance_show::story::{Pick, pick, tell};
use allegiance_show::view::{
    Bands, ButForView, Filter, History, Measure, Overview, PairRunsError, PersonKind, Provenance, StoryView,
    check_pair, differences, persons, series_of_run, trust_of,
};
use std::collections::BTreeMap;

const N_DAYS: u32 = 25;

fn finished(folder: &TemporaryFolder, name: &str, input: &RunInput) -> FinishedRun {
    let out = folder.join(name);
    run(input, &options(out.clone(), 3), &Silent).expect("it runs");
    let mut run = FinishedRun::open(&out).expect("it opens");
    run.name_groups(|id| Some(format!("Group {id}")));
    run
}

fn simulated(replicate: u32) -> Records {
    let world = World::build(setup(N_DAYS));
    let mut model = Model::new(&world, replicate);
    while !model.is_finished() {
        model.step();
    }
    model.into_records().expect("every bound holds")
}

#[test]
fn a_run_read_back_gives_the_views_of_the_record_in_memory() {
    let folder = TemporaryFolder::new("view-same");
    let run = finished(&folder, "run", &input(N_DAYS));
    let setup = setup(N_DAYS);
    let records = simulated(1);
    let observation = ObservationParameters::default();
    let tables = Tabulator::new(&setup, &observation).tables(records.clone(), 1);
    let digests: BTreeMap<String, String> =
        tables.iter().map(|table| (table.name.to_owned(), digest_of_table(table))).collect();
    let setting = Setting::of("four-places", &setup);
    assert_eq!(&setting, run.setting());
    assert_eq!(History::of(&setting, &records, 1, digests), History::of_run(&run, 1).unwrap());
    let manifest = run.manifest();
    let provenance = Provenance {
        engine_version: manifest.engine_version.clone(),
        git: manifest.git.clone(),
        scenario_title: manifest.scenario_title.clone(),
        scenario_hash: manifest.scenario_hash.clone(),
        changes: manifest.changes.clone(),
        changed: Vec::new(),
        n_replicates: manifest.n_replicates,
    };
    let expected = Overview::of("four-places", &setup, &provenance);
    assert_eq!(expected, Overview::of_run(&run, Some(&setup)).unwrap());
    assert_eq!(expected.end, "2014-01-25");
    assert_eq!((expected.places[3].population, expected.places[3].region.as_str()), (220_000, "Raqqa"));
}

#[test]
fn a_history_holds_the_rows_of_the_tables() {
    let records = simulated(0);
    let setting = Setting::of("four-places", &setup(N_DAYS));
    let history = History::of(&setting, &records, 0, BTreeMap::new());
    assert_eq!(history.control.len(), records.control.day.len());
    assert!(history.control.iter().zip(records.control.rows()).all(|(view, row)| {
        (view.day, view.place, view.group) == (row.day.0, row.place.0, row.group.0)
            && (view.share - row.share).abs() <= 0.000_5
    }));
    assert_eq!(history.incidents.len(), records.incidents.day.len());
    assert!(history.incidents.iter().zip(records.incidents.rows()).all(|(view, row)| {
        let date = setting.date(row.day.0).to_string();
        (view.incident, view.day, view.dead_civilians) == (row.incident.0, row.day.0, row.dead_civilians)
            && view.sentence.contains(&date)
    }));
    for series in &history.series {
        assert_eq!(series.values.len(), N_DAYS as usize);
        let last = records.groups.rows().filter(|row| row.group == GroupId(series.group)).last().unwrap();
        let expected = match series.measure {
            Measure::Strength => f64::from(last.n_members),
            Measure::Deaths => f64::from(last.dead),
            Measure::Joins => f64::from(last.joined),
            Measure::Exits => f64::from(last.deserted + last.defected + last.departed),
            Measure::CiviliansKilled => f64::from(last.civilians_killed),
            Measure::PopulationShare => last.population_share,
        };
        assert!((series.values.last().unwrap() - expected).abs() < 1e-5, "{:?}", series.measure);
    }
    let n_sampled: u32 = history.beliefs.iter().map(|belief| belief.n).sum();
    let n_with_home = records.beliefs.home.iter().flatten().count();
    assert!(n_with_home > 0 && n_sampled as usize == n_with_home);
}

#[test]
fn bands_enclose_most_replicates_and_a_run_differs_from_itself_by_nothing() {
    let folder = TemporaryFolder::new("view-bands");
    let run = finished(&folder, "run", &input(N_DAYS));
    let replicates = series_of_run(&run, &Threads(2)).unwrap();
    let bands = Bands::of(&replicates, run.setting());
    assert_eq!((bands.n_replicates, bands.bands.len()), (3, 18));
    for (at, band) in bands.bands.iter().enumerate() {
        let mut last: Vec<f64> = replicates.iter().map(|all| *all[at].values.last().unwrap()).collect();
        last.sort_by(f64::total_cmp);
        assert!((band.median.last().unwrap() - last[1]).abs() <= 0.05, "{:?}", band.measure);
    }
    let same = differences(&replicates, &replicates, run.setting(), None, &Threads(2));
    assert_eq!(same.len(), 18);
    assert!(same.iter().all(|one| one.day_values.high.iter().all(|&value| value.to_bits() == 0)));
    let reversed: Vec<_> = replicates.iter().rev().cloned().collect();
    let other = differences(&replicates[..1], &reversed, run.setting(), None, &Threads(2));
    let strength = &other[0];
    let expected = replicates[2][0].values.last().unwrap() - replicates[0][0].values.last().unwrap();
    assert!((strength.day_values.mean.last().unwrap() - expected).abs() <= 0.005);
    let end = format!(", one pair ({} of {}).", strength.percent, strength.baseline);
    assert!(strength.sentence.ends_with(&end), "{}", strength.sentence);
    assert!(same.iter().all(|one| one.sentence.ends_with("0, no pair of 3 differs.")), "{}", same[0].sentence);
}

#[test]
fn people_are_listed_by_number_and_fit_the_filter() {
    let records = simulated(0);
    let setting = Setting::of("four-places", &setup(N_DAYS));
    let all = persons(&setting, &records, &Filter::default()).rows;
    assert!(!all.is_empty() && all.is_sorted_by_key(|row| row.person));
    for kind in PersonKind::ALL {
        let filter = Filter { kind: Some(kind), limit: Some(5), ..Filter::default() };
        let listed = persons(&setting, &records, &filter).rows;
        assert!(listed.len() <= 5 && listed.iter().all(|row| row.kind == kind));
        assert_eq!(PersonKind::from_word(kind.word()), Some(kind));
    }
    let filter = Filter { home: Some(1), group: Some(1), ..Filter::default() };
    let listed = persons(&setting, &records, &filter).rows;
    assert!(listed.iter().all(|row| row.home == Some(1) && row.first_group == Some(1)));
    assert!(!listed.is_empty());
}

#[test]
fn a_story_has_its_conviction_ties_and_a_stayer() {
    let folder = TemporaryFolder::new("view-story");
    let run = finished(&folder, "run", &input(N_DAYS));
    let (replicate, person) = pick(&run, Pick::Deserter, None, None).unwrap().expect("somebody deserts");
    let records = run.records(replicate).unwrap();
    let view = StoryView::of(run.setting(), &records, replicate, person).unwrap();
    assert_eq!(view.story, tell(run.setting(), &records, replicate, person).unwrap());
    assert!(view.conviction.is_sorted_by_key(|point| point.day));
    assert!(view.conviction.iter().any(|point| point.kind == "desertion"));
    let household = records.persons.rows().find(|row| row.person == person).unwrap().household;
    let n_kin = records.persons.rows().filter(|row| row.household == household && row.person != person).count();
    let told: u32 = view.ties.iter().filter(|tie| format!("{:?}", tie.relation) == "Household").map(|tie| tie.n).sum();
    assert!(household.is_none() || told as usize == n_kin);
}

#[test]
fn a_but_for_needs_no_threads_and_gives_the_same_with_them() {
    let records = simulated(0);
    let setup = setup(N_DAYS);
    let setting = Setting::of("four-places", &setup);
    let exposed = records.exposures.rows().next().expect("something reaches somebody");
    let ask = |threads| {
        let (incident, found) = ask_but_for(
            &setup,
            (&records, 0),
            exposed.person,
            Some(exposed.incident),
            4,
            (&Threads(threads), &Silent),
        )?;
        Ok::<_, UnansweredError>(ButForView::of(&setting, exposed.person, &incident, &found))
    };
    let answer = ask(1).unwrap();
    assert_eq!(answer, ask(2).unwrap());
    assert_eq!((answer.n_replicates, answer.incident), (4, Some(exposed.incident.0)));
    assert!(answer.low.unwrap() <= answer.difference && answer.difference <= answer.high.unwrap());
    assert!(answer.sentences[3].starts_with("Left by the end: "), "{:?}", answer.sentences);
}

#[test]
fn the_timeline_is_told_once_a_note() {
    let mut setup = setup(N_DAYS);
    let entry = |day, change, note: &str| TimelineEntry { day, change, place: None, note: note.to_owned() };
    let pay = |usd_per_month| Change::Pay { group: GroupId(1), usd_per_month };
    setup.timeline = vec![
        entry(3, pay(50.0), "Pay is cut."),
        entry(3, Change::Strikes { group: GroupId(2), per_month: 9.0 }, "Pay is cut."),
        entry(4, pay(40.0), ""),
        entry(90, Change::Happening, "Too late."),
    ];
    let provenance = Provenance {
        engine_version: "1".to_owned(),
        git: None,
        scenario_title: "Four places".to_owned(),
        scenario_hash: "ab".to_owned(),
        changes: vec!["theory=fixed".to_owned()],
        changed: Vec::new(),
        n_replicates: 1,
    };
    let overview = Overview::of("four-places", &setup, &provenance);
    let told: Vec<(u32, &str)> = overview.happenings.iter().map(|told| (told.day, told.text.as_str())).collect();
    assert_eq!(told, [(3, "Pay is cut."), (4, "Group rebels pays 40 USD a month")]);
    assert_eq!(overview.label, "four-places · theory=fixed");
}

#[test]
fn runs_of_other_people_are_no_pair() {
    let folder = TemporaryFolder::new("view-pair");
    let first = finished(&folder, "first", &input(3));
    assert_eq!(check_pair(&first, &first), Ok(()));
    let mut other = input(3);
    other.setup.seed = 8;
    let second = finished(&folder, "second", &other);
    assert_eq!(check_pair(&first, &second), Err(PairRunsError::Seed { first: 7, second: 8 }));
    other.setup.places[2].id = "harim".to_owned();
    let third = finished(&folder, "third", &other);
    assert_eq!(
        check_pair(&first, &third).unwrap_err().to_string(),
        "the runs have different places: dana and harim; only runs of the same places and groups can be side by side"
    );
}

#[test]
fn a_person_watched_trusts_as_the_weekly_sample_says() {
    let records = simulated(1);
    let setup = setup(N_DAYS);
    let setting = Setting::of("four-places", &setup);
    let sampled = records.beliefs.person[0];
    let view = StoryView::of(&setting, &records, 1, sampled).unwrap();
    assert!(!view.trust.is_empty());
    assert_eq!(trust_of(watch_beliefs(&setup, 1, sampled).into_iter()), view.trust);
    let is_sampled = |person| records.beliefs.person.contains(&person);
    let mut members = records.persons.rows().filter(|row| row.group.is_some() && row.first_group == row.group);
    let other = members.find(|row| !is_sampled(row.person)).expect("most aren't sampled").person;
    assert!(StoryView::of(&setting, &records, 1, other).unwrap().trust.is_empty());
    let watched = trust_of(watch_beliefs(&setup, 1, other).into_iter());
    assert_eq!(watched.last().map(|point| point.day), Some(20));
    assert!(watched.iter().all(|point| (0.0..=1.0).contains(&point.value)));
}
