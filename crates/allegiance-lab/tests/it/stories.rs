//! Stories told from a finished run.

use crate::world::{TemporaryFolder, input, options, run};
use allegiance_model::ids::PersonId;
use allegiance_model::tables::Standing;
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
    assert!(hazard.blocks.len() == 8 && log_sum.is_finite() && hazard.desertion > 0.0);
    let stayer = story_of(&run, Pick::Stayer).expect("somebody stays");
    assert!(stayer.path.iter().all(|turn| turn.hazard.is_none() || turn.kind == "capture"));
    assert!(!stayer.why.is_empty());
    let text = render_story(&stayer);
    assert!(text.starts_with("Simulated person ") && text.contains("Why not"));
    assert!(render_story(&deserter).contains("Log-hazard by block: "));
    assert!(text.lines().all(|line| line.chars().count() <= 96), "{text}");
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

#[test]
fn who_is_not_in_the_record_has_no_story() {
    let folder = TemporaryFolder::new("story-unknown");
    let run = finished(&folder);
    let records = read_story_records(&run, 0).unwrap();
    let error = tell(run.setting(), &records, 0, PersonId(u32::MAX)).unwrap_err();
    assert!(matches!(error, TellStoryError::UnknownPerson { replicate: 0, .. }));
}
