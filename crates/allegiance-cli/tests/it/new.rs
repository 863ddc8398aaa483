//! A scenario to start from: written, checked and run; what is said of mistakes.

use std::io::Write as _;
use std::process::Stdio;

use allegiance_model::setup::RelationKind;
use allegiance_scenario::load;

use crate::program::Folder;

/// The exit code, and what is said on standard error.
fn said(folder: &Folder, arguments: &[&str]) -> (i32, String) {
    let output = folder.command("new").args(arguments).output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

fn path(folder: &Folder, name: &str) -> String {
    folder.path().join(name).display().to_string()
}

#[test]
fn what_is_written_runs_at_once_without_a_warning_and_has_a_war() {
    let folder = Folder::new();
    assert_eq!(said(&folder, &["my-war"]).0, 0);
    let scenario = load(&path(&folder, "my-war")).unwrap();
    assert!(scenario.warnings.is_empty(), "{:?}", scenario.warnings);
    assert_eq!((scenario.setup.places.len(), scenario.setup.groups.len(), scenario.setup.n_days), (4, 2, 90));
    let lines = fs_err::read_to_string(folder.path().join("my-war/scenario.toml")).unwrap();
    let stated = lines.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).count();
    assert!(stated <= 35, "a war of two groups takes {stated} lines");
    let run = folder.output("run my-war --replicates 5");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let manifest = fs_err::read_to_string(folder.path().join("runs/my-war-seed1/run.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    assert!(manifest["tables"]["incidents"]["n_rows"].as_u64().unwrap() > 5, "{}", manifest["tables"]);
}

#[test]
fn groups_places_and_dates_are_those_asked_for() {
    let folder = Folder::new();
    let groups = ["Gov:government:400", "Hill rebels:rebel:250", "Homeguard:militia", "Neighbour:foreign_state:60"];
    let mut arguments = vec!["wars", "--start", "1996-02-03", "--days", "30", "--places", "12", "--title", "A \"war\""];
    arguments.extend(groups.iter().flat_map(|group| ["--group", group]));
    assert_eq!(said(&folder, &arguments).0, 0);
    let scenario = load(&path(&folder, "wars")).unwrap();
    let setup = &scenario.setup;
    assert_eq!(scenario.title, "A \"war\"");
    assert_eq!((setup.start.to_string().as_str(), setup.n_days, setup.places.len()), ("1996-02-03", 30, 12));
    let ids: Vec<&str> = setup.groups.iter().map(|group| group.id.as_str()).collect();
    assert_eq!(ids, ["gov", "hill_rebels", "homeguard", "neighbour"]);
    assert_eq!(setup.groups.iter().map(|group| group.members).collect::<Vec<_>>(), [400, 250, 40, 60]);
    assert!(setup.groups[3].foreign_share.leadership > 0.99, "a foreign state's men are foreign");
    let relation = |a: usize, b: usize| setup.relations[a * 4 + b];
    assert_eq!((relation(0, 1), relation(1, 2)), (RelationKind::War, RelationKind::War));
    assert_eq!((relation(0, 2), relation(0, 3)), (RelationKind::Alliance, RelationKind::Alliance));
}

#[test]
fn many_groups_share_places_and_large_ones_find_their_men() {
    let folder = Folder::new();
    let six = ["A:government", "B:rebel", "C:rebel", "D:militia", "E:foreign_state", "F:rebel"];
    let arguments: Vec<&str> = std::iter::once("six").chain(six.iter().flat_map(|group| ["--group", group])).collect();
    assert_eq!(said(&folder, &arguments).0, 0);
    let scenario = load(&path(&folder, "six")).unwrap();
    assert!(scenario.warnings.is_empty(), "{:?}", scenario.warnings);
    let control = fs_err::read_to_string(folder.path().join("six/control.csv")).unwrap();
    assert_eq!(
        control,
        "place,group,share,source\ntown,a,0.5,invented\ntown,e,0.5,invented\nvillage_1,b,0.5,invented\n\
         village_1,f,0.5,invented\nvillage_2,c,1,invented\nvillage_3,d,1,invented\n"
    );
    let large = ["large", "--group", "Army:government:100000", "--group", "Front:rebel:40000", "--days", "3"];
    assert_eq!(said(&folder, &large).0, 0);
    let setup = load(&path(&folder, "large")).unwrap().setup;
    assert_eq!(setup.places.iter().map(|place| u64::from(place.population)).sum::<u64>(), 123 * 11_400);
    assert!(folder.output("run large --replicates 1").status.success());
}

#[test]
fn answers_on_standard_input_make_a_war() {
    let folder = Folder::new();
    let answer = |answers: &str| {
        let mut child = folder.command("new asked --ask").stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(answers.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, text) = answer("The valley\n1996-13-01\n");
    assert_eq!((code, text.contains("must be a date such as 2014-01-12")), (1, true), "{text}");
    assert!(!folder.path().join("asked").exists());
    let (code, text) = answer("The valley\n1996-01-01\n\n6\nArmy:government:200\nValley men:rebel\n\n");
    assert_eq!(code, 0, "{text}");
    let scenario = load(&path(&folder, "asked")).unwrap();
    assert_eq!((scenario.title.as_str(), scenario.setup.places.len()), ("The valley", 6));
    assert_eq!((scenario.setup.n_days, scenario.setup.groups[0].members), (90, 200));
}

#[test]
fn one_that_extends_a_built_in_scenario_is_the_same_war() {
    let folder = Folder::new();
    assert_eq!(said(&folder, &["what-if", "--from", "one-village"]).0, 0);
    let (mine, base) = (load(&path(&folder, "what-if")).unwrap(), load("one-village").unwrap());
    assert_eq!((mine.id.as_str(), &mine.setup), ("what-if", &base.setup));
}

#[test]
fn mistakes_are_told_and_nothing_is_written() {
    let folder = Folder::new();
    for (arguments, code, text) in [
        (&["a", "--from", "one-vilage"][..], 1, "did you mean \"one-village\"?"),
        (&["a", "--group", "Army:army"], 2, "profiles are government, foreign_state, rebel, militia"),
        (&["a", "--group", "Army"], 2, "isn't NAME:PROFILE or NAME:PROFILE:MEMBERS"),
        (&["a", "--group", "Army:rebel:many"], 2, "must be a whole number from 0 to 10000000"),
        (&["a", "--group", "Men:rebel", "--group", "men:rebel"], 1, "two groups would have the identifier men"),
        (&["a b"], 1, "\"a b\" is no identifier"),
        (&["."], 1, "has no name of its own; give one such as my-war"),
        (&["a", "--places", "1", "--group", "A:rebel:9000000"], 1, "give more places or fewer members"),
        (&["a", "--days", "0"], 2, "1 to 5000"),
    ] {
        let (found, said) = said(&folder, arguments);
        assert_eq!((found, said.contains(text)), (code, true), "{arguments:?}: {said}");
    }
    assert_eq!(fs_err::read_dir(folder.path()).unwrap().count(), 0);
    fs_err::create_dir(folder.path().join("there")).unwrap();
    fs_err::write(folder.path().join("there/notes.txt"), "mine").unwrap();
    let (code, text) = said(&folder, &["there"]);
    assert_eq!((code, text.contains("exists already")), (3, true), "{text}");
}
