//! `allegiance story` and `allegiance paths`.

use crate::program::Folder;

fn run_village(folder: &Folder, more: &str) {
    let output = folder.output(&format!("run one-village -q --out there {more}"));
    assert_eq!(output.status.code(), Some(0));
}

fn json_of(folder: &Folder, arguments: &str) -> serde_json::Value {
    let output = folder.output(arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments}");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn a_story_is_the_same_each_time_and_says_simulated() {
    let folder = Folder::new();
    run_village(&folder, "--replicates 3");
    let first = folder.snapshot("story there --pick deserter --beside");
    assert!(first.starts_with("exit 0\n--- stdout\nSimulated person "), "{first}");
    assert_eq!(first.matches("Simulated person ").count(), 2, "{first}");
    assert_eq!(first, folder.snapshot("story there --pick deserter --beside"));
    let story = json_of(&folder, "story there --pick deserter --format json");
    assert_eq!(story["note"], "Simulated person: synthetic, no one real.");
    let path = story["path"].as_array().unwrap();
    let exit = path.iter().find(|turn| turn["kind"] == "desertion").unwrap();
    assert!(exit["date"].as_str().unwrap().starts_with("2014-"));
    let person = story["who"]["person"].to_string();
    let again =
        json_of(&folder, &format!("story there --person {person} --replicate {} --format json", story["replicate"]));
    assert_eq!(again, story);
    let both = json_of(&folder, "story there --pick deserter --beside --format json");
    assert_eq!(both["story"], story);
    assert_eq!(both["beside"]["who"]["home"], story["who"]["home"]);
}

#[test]
fn a_place_narrows_the_pick() {
    let folder = Folder::new();
    run_village(&folder, "");
    let story = json_of(&folder, "story there --pick stayer --place tall_rumman --format json");
    assert_eq!(story["who"]["home"], "tall_rumman");
    assert_eq!(
        folder.snapshot("story there --pick stayer --place atlantis"),
        "exit 1
--- stdout
--- stderr
error: there is no place \"atlantis\" in the run; its places are in there/places.parquet
"
    );
}

#[test]
fn a_story_of_nobody_is_refused() {
    let folder = Folder::new();
    run_village(&folder, "--days 2");
    assert_eq!(
        folder.snapshot("story there --pick path"),
        "exit 1
--- stdout
--- stderr
error: nobody walks the whole path in the run's 1 replicate; try another --pick, or more replicates
"
    );
    let nobody = folder.snapshot("story there --person 4000000000");
    let told = "error: there is no person 4000000000 in replicate 0: its people are numbered from 0 to 20";
    assert!(nobody.starts_with(&format!("exit 1\n--- stdout\n--- stderr\n{told}")), "{nobody}");
    assert_eq!(
        folder.snapshot("story there --replicate 7"),
        "exit 1
--- stdout
--- stderr
error: there is no replicate 7: the run has 1, numbered from 0
"
    );
    assert_eq!(
        folder.snapshot("story nowhere"),
        "exit 1
--- stdout
--- stderr
error: there is no folder nowhere
"
    );
}

#[test]
fn a_damaged_table_is_named() {
    let folder = Folder::new();
    run_village(&folder, "--days 2");
    let table = folder.path().join("there/exposures.parquet");
    let bytes = fs_err::read(&table).unwrap();
    fs_err::write(&table, &bytes[..bytes.len() / 2]).unwrap();
    for command in ["story there --pick stayer", "paths there"] {
        let text = folder.snapshot(command);
        let expected = "exit 1\n--- stdout\n--- stderr\n\
                        error: there/exposures.parquet isn't what was written: ";
        assert!(text.starts_with(expected), "{text}");
    }
}

#[test]
fn paths_count_every_step_over_replicates() {
    let folder = Folder::new();
    run_village(&folder, "--replicates 2 --days 2");
    assert_eq!(
        folder.snapshot("paths there"),
        "exit 0
--- stdout
Simulated people who walk the conformance path in one-village · seed 2014 · 2 replicates

step  what happens                                                                   people  replicates  95%
4     believes, having heard accusations, when an incident by his group reaches him  0       0 of 2      0% (0–66%)
5     on leave at home at that moment                                                0       0 of 2      0% (0–66%)
6     his group attacks the place, which others defend                               0       0 of 2      0% (0–66%)
7     sees civilians killed, own kin among them                                      0       0 of 2      0% (0–66%)
8     conviction reverses; old accusations gain credence                             0       0 of 2      0% (0–66%)
9     complains to his commander                                                     0       0 of 2      0% (0–66%)
10    is offered restitution                                                         0       0 of 2      0% (0–66%)
11    refuses                                                                        0       0 of 2      0% (0–66%)
12    defects to a defender of the place the same day and is taken in                0       0 of 2      0% (0–66%)
--- stderr
"
    );
    let table = json_of(&folder, "paths there --format json");
    assert_eq!(table["n_replicates"], 2);
    let steps = table["steps"].as_array().unwrap();
    assert_eq!((steps.len(), steps[0]["step"].as_u64()), (9, Some(4)));
}
