//! Stories told from a finished run.

use crate::world::{ISIS, REBELS, TemporaryFolder, exposure, incident, input, options, run, setup, turn};
use allegiance_model::exits::N_BLOCKS;
use allegiance_model::ids::{HouseholdId, PersonId, PlaceId};
use allegiance_model::tables::{Allegiance, AllegianceKind, Cause, Person, Persons, Records, Standing};
use allegiance_record::setting::Setting;
use allegiance_replay::Silent;
use allegiance_runs::FinishedRun;
use allegiance_show::story::{
    Pick, Story, TellStoryError, pick, read_story_records, render_story, stayer_beside, tell,
};

fn finished(folder: &TemporaryFolder) -> FinishedRun {
    let out = folder.join("run");
    run(&input(25), &options(out.clone(), 3), &Silent).expect("it runs");
    FinishedRun::open(&out).expect("it opens")
}

fn story_of(run: &FinishedRun, what: Pick) -> Option<Story> {
    let (replicate, person) = pick(run, what, None, None).expect("it can be read")?;
    let records = read_story_records(run, replicate).expect("it can be read");
    Some(tell(run.setting(), &records, replicate, person).expect("there is such a person"))
}

#[test]
fn a_leaver_has_his_hazard_by_block_and_a_stayer_has_reasons() {
    let folder = TemporaryFolder::new("story-kinds");
    let run = finished(&folder);
    let deserter = story_of(&run, Pick::Deserter).expect("somebody deserts");
    let exit = deserter.path.iter().find(|turn| turn.kind == "desertion").unwrap();
    let hazard = exit.hazard.as_ref().expect("a decision has its hazard");
    let log_sum: f64 = hazard.blocks.iter().map(|(_, value)| value).sum();
    assert!(hazard.blocks.len() == N_BLOCKS && log_sum.is_finite() && hazard.desertion > 0.0);
    let stayer = story_of(&run, Pick::Stayer).expect("somebody stays");
    assert!(stayer.path.iter().all(|turn| turn.hazard.is_none() || turn.kind == "capture"));
    assert!(!stayer.why.is_empty());
    let text = render_story(&stayer);
    assert!(text.starts_with("Simulated person ") && text.contains("Why not"));
    assert!(render_story(&deserter).contains("Log-hazard by block: "));
    assert!(text.lines().all(|line| line.chars().count() <= 96), "{text}");
}

/// Everybody's paragraph is whole sentences without a number that takes training, and a
/// chance that came true is never told as none.
#[test]
fn every_path_has_a_paragraph_in_plain_words() {
    let folder = TemporaryFolder::new("story-plain");
    let run = finished(&folder);
    let records = read_story_records(&run, 0).unwrap();
    let mut n_left = 0;
    for person in &records.persons.person {
        let story = tell(run.setting(), &records, 0, *person).unwrap();
        let plain = &story.plain;
        assert!(plain.starts_with("This simulated ") && plain.ends_with('.'), "{plain}");
        for never in ["log", "hazard", "onviction", "  ", "..", "_", "0%", "was none"] {
            assert!(!plain.contains(never), "{never:?} in: {plain}");
        }
        assert!(render_story(&story).contains(plain.split(' ').next().unwrap()));
        if let Some(odds) = &story.odds {
            n_left += 1;
            assert!(odds.chance > 0.0 && odds.chance_without.is_none_or(|without| without < odds.chance), "{odds:?}");
            let told = ["1 in ", " in 10", " in 100"].iter().any(|words| odds.words.contains(words));
            assert!(told && plain.contains(&odds.words), "{plain}");
        }
    }
    assert!(n_left > 5);
}

/// Who goes because his unit does is told so: no hazard of his own decided it.
#[test]
fn who_leaves_with_his_unit_is_told_to() {
    let folder = TemporaryFolder::new("story-unit");
    let run = finished(&folder);
    let mut records = read_story_records(&run, 0).unwrap();
    let leaver = records.allegiance.rows().find(|row| row.kind == AllegianceKind::Desertion).expect("somebody deserts");
    let said = |records: &_| render_story(&tell(run.setting(), records, 0, leaver.person).unwrap());
    assert!(!said(&records).contains("with his unit"));
    for cause in &mut records.allegiance.cause {
        *cause = cause.map(|_| Cause::WithUnit);
    }
    assert!(said(&records).contains(" and the war, with his unit."), "{}", said(&records));
}

#[test]
fn a_path_is_in_the_order_of_days() {
    let folder = TemporaryFolder::new("story-order");
    let run = finished(&folder);
    let records = read_story_records(&run, 0).unwrap();
    for person in records.persons.person.iter().step_by(50) {
        let story = tell(run.setting(), &records, 0, *person).unwrap();
        assert!(story.path.is_sorted_by_key(|turn| turn.day));
        assert_eq!(story.note, "Simulated person: synthetic, no one real.");
    }
}

#[test]
fn a_stayer_is_of_the_same_home_and_group() {
    let folder = TemporaryFolder::new("story-beside");
    let run = finished(&folder);
    let records = read_story_records(&run, 0).unwrap();
    let row_of = |person: PersonId| {
        let mut rows = records.persons.rows();
        rows.find(|row| row.person == person).unwrap()
    };
    let leavers = records.persons.rows();
    let leaver = leavers
        .filter(|row| row.standing == Standing::Deserter && row.home.is_some())
        .min_by_key(|row| row.person)
        .expect("somebody deserts");
    let stayer = row_of(stayer_beside(&records, leaver.person).expect("somebody stays"));
    assert_eq!((stayer.home, stayer.first_group), (leaver.home, leaver.first_group));
    assert_eq!(stayer.group, stayer.first_group);
}

/// Beside a leaver stands one who never tried to leave, where there is one.
#[test]
fn a_stayer_who_was_caught_comes_after_those_who_never_tried() {
    let folder = TemporaryFolder::new("story-caught");
    let run = finished(&folder);
    let mut records = read_story_records(&run, 0).unwrap();
    let (_, leaver) = pick(&run, Pick::Deserter, Some(0), None).unwrap().expect("somebody deserts");
    let first = stayer_beside(&records, leaver).expect("somebody stays");
    let row = records.allegiance.rows().next().unwrap();
    records.allegiance.push(Allegiance { person: first, kind: AllegianceKind::Capture, ..row });
    let second = stayer_beside(&records, leaver).expect("others stay");
    assert_ne!(first, second);
    let is_caught = |row: Allegiance| row.kind == AllegianceKind::Capture && row.person == second;
    assert!(!records.allegiance.rows().any(is_caught));
}

#[test]
fn who_is_not_in_the_record_has_no_story() {
    let folder = TemporaryFolder::new("story-unknown");
    let run = finished(&folder);
    let records = read_story_records(&run, 0).unwrap();
    let error = tell(run.setting(), &records, 0, PersonId(u32::MAX)).unwrap_err();
    assert!(matches!(error, TellStoryError::UnknownPerson { replicate: 0, .. }));
    let is_known = |person: &u32| records.persons.person.contains(&PersonId(*person));
    let untouched = (0..run.setting().n_inhabitants as u32).find(|person| !is_known(person)).unwrap();
    let error = tell(run.setting(), &records, 0, PersonId(untouched)).unwrap_err();
    assert!(matches!(error, TellStoryError::Untouched { replicate: 0, .. }), "{error}");
}

/// Person 11, who joined ISIS first and stands somehow at the end.
fn person(group: Option<allegiance_model::ids::GroupId>, standing: Standing) -> Person {
    Person {
        person: PersonId(11),
        home: Some(PlaceId(1)),
        household: Some(HouseholdId(3)),
        clan: None,
        age: 24,
        is_female: false,
        is_foreign: false,
        motive_ideology: 0.4,
        motive_material: 0.3,
        motive_social: 0.3,
        first_group: Some(ISIS),
        group,
        standing,
        n_wounds: 0,
        suspicion: None,
    }
}

fn told(records: &Records) -> Story {
    tell(&Setting::of("four-places", &setup(20)), records, 0, PersonId(11)).expect("there is such a person")
}

#[test]
fn a_prisoner_is_his_captors_and_not_his_own_groups() {
    let mut records = Records::default();
    records.persons.push(person(Some(REBELS), Standing::Prisoner));
    let mut taken = turn(4, 11, AllegianceKind::Imprisonment, Some(REBELS));
    taken.to_group = Some(ISIS);
    records.allegiance.push(taken);
    let story = told(&records);
    assert_eq!(story.end, "On 2014-01-20: a prisoner of Group isis, a member of Group rebels.");
    assert_eq!(story.path[0].sentences, ["He is taken prisoner by Group isis."]);
    records.persons = Persons::default();
    records.persons.push(person(Some(REBELS), Standing::Active));
    assert_eq!(told(&records).end, "On 2014-01-20: active with Group rebels.");
}

#[test]
fn what_happened_never_had_no_chance_and_the_strongest_factor_is_named() {
    let mut records = Records::default();
    records.persons.push(person(None, Standing::Deserter));
    let mut left = turn(4, 11, AllegianceKind::Desertion, Some(ISIS));
    (left.hazard, left.cause) = (Some(0.01), Some(Cause::Deterrence));
    records.allegiance.push(left);
    let story = told(&records);
    let numbers = &story.path[0].numbers;
    assert_eq!(
        numbers[0],
        "Hazard per month: desertion 0.01, defection 0.00, departure 0.00; together a chance of 1 in 3,000 on that day."
    );
    assert_eq!(numbers.last().expect("a factor"), "Strongest factor: low deterrence.");
    assert!(story.plain.contains(" was 1 in 3,000. It was a small chance, and it came true."), "{}", story.plain);
}

#[test]
fn an_attack_without_deaths_is_no_harm_and_groups_are_no_subjects() {
    let mut records = Records::default();
    records.persons.push(person(Some(ISIS), Standing::Active));
    let mut walked_in = incident(0, 3, 1, ISIS, Some(REBELS));
    (walked_in.n_defenders, walked_in.dead_perpetrator, walked_in.dead_target) = (0, 0, 0);
    (walked_in.dead_civilians, walked_in.attackers_won, walked_in.n_attackers) = (0, true, 60);
    records.incidents.push(walked_in);
    records.exposures.push(exposure(3, 11, ISIS));
    let story = told(&records);
    let text = story.path[0].sentences[0].clone();
    assert!(text.starts_with("Attack by Group isis (60 men) on "), "{text}");
    assert!(text.ends_with("without defenders, on 2014-01-04 (incident 0): won. Killed: nobody."), "{text}");
    let why = story.why.join(" ");
    assert!(why.contains("1 incident by Group isis reached him, an attack in which nobody died."), "{why}");
    assert!(!why.contains("harm"), "{why}");
}
