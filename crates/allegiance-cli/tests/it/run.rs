//! `allegiance run`.

use crate::program::{Folder, snapshot};

fn stdout_of(output: &std::process::Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn results_go_to_standard_output_and_talk_to_standard_error() {
    let folder = Folder::new();
    let output = folder.output("run one-village --days 3 --replicates 2 --full");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(
        String::from_utf8(output.stderr.clone()).unwrap(),
        "one-village: 20,200 inhabitants in 12 places, 3 groups, 3 days from 2014-01-01, seed 2014, 2 replicates
written to runs/one-village-seed2014
"
    );
    let run = folder.path().join("runs/one-village-seed2014");
    let summary = fs_err::read_to_string(run.join("summary.txt")).unwrap();
    assert_eq!(stdout_of(&output).trim_end(), summary.trim_end());
    let manifest: serde_json::Value =
        serde_json::from_str(&fs_err::read_to_string(run.join("run.json")).unwrap()).unwrap();
    assert_eq!(manifest["n_replicates"], 2);
    assert_eq!(manifest["n_days"], 3);
    assert_eq!(manifest["command_line"][1], "run");
    assert_eq!(manifest["scenario_hash"], allegiance_scenario::load("one-village").unwrap().hash);
    let copied = fs_err::read_to_string(run.join("scenario/places.csv")).unwrap();
    assert_eq!(copied, allegiance_scenario::builtin::file("one-village", "places.csv").unwrap());
}

#[test]
fn what_replicates_agree_on_is_printed_in_full_alone() {
    let folder = Folder::new();
    let [usual, full] = ["", "--full"].map(|how| {
        let output = folder.output(&format!("run one-village --days 3 -n 2 -q --overwrite --out run {how}"));
        stdout_of(&output)
    });
    let agreed = "\nWHAT THE REPLICATES AGREE ON\n";
    assert!(!usual.contains(agreed) && full.contains(agreed), "{full}");
    let (before, after) = full.split_once(agreed).unwrap();
    let after = after.split_once("\n\n").unwrap().1;
    assert_eq!(usual, format!("{before}\n{after}"));
}

#[test]
fn quiet_says_nothing_but_results() {
    let folder = Folder::new();
    let output = folder.output("run one-village --days 2 --quiet --patterns --out there");
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty());
    let summary = fs_err::read_to_string(folder.path().join("there/summary.txt")).unwrap();
    let stdout = stdout_of(&output);
    assert!(stdout.starts_with(summary.trim_end()) && stdout.len() > summary.len() + 1);
}

#[test]
fn the_command_line_changes_the_scenario() {
    let folder = Folder::new();
    let arguments = "run one-village -q --days 2 --seed 7 --theory fixed --theory cascade \
                     --set combat.decisiveness=2 --set mechanisms.voice=false --set observation.share_rebel=0.5";
    assert_eq!(folder.output(arguments).status.code(), Some(0));
    let path = folder.path().join("runs/one-village-seed7/run.json");
    let manifest: serde_json::Value = serde_json::from_str(&fs_err::read_to_string(path).unwrap()).unwrap();
    assert_eq!(manifest["seed"], 7);
    assert_eq!(manifest["theory"]["belief"], "fixed");
    assert_eq!(manifest["theory"]["exit"], "cascade");
    assert_eq!(manifest["changed_parameters"]["combat.decisiveness"]["value"], 2.0);
    assert_eq!(manifest["switched_off"][0], "voice");
    assert_eq!(manifest["observation"]["observation.share_rebel"], 0.5);
}

#[test]
fn a_run_at_a_smaller_scale_says_so_and_can_be_verified() {
    let folder = Folder::new();
    let arguments = "run one-village -q --days 3 --scale 10 --set groups.isis.members=170 --out tenth";
    assert_eq!(folder.output(arguments).status.code(), Some(0));
    let summary = fs_err::read_to_string(folder.path().join("tenth/summary.txt")).unwrap();
    assert!(summary.lines().next().unwrap().ends_with(", at 1:10"), "{summary}");
    assert!(summary.contains("2,020 inhabitants of 12 places"), "{summary}");
    let manifest = fs_err::read_to_string(folder.path().join("tenth/run.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    assert_eq!(manifest["changes"], serde_json::json!(["days=3", "groups.isis.members=170", "scale=10"]));
    assert_eq!(folder.output("verify tenth --quiet").status.code(), Some(0));
    assert_eq!(
        folder.snapshot("run one-village -q --set scale=0"),
        "exit 1
--- stdout
--- stderr
error: scale is 0; must be a whole number from 1 to 1000000
"
    );
}

#[test]
fn patterns_count_the_people_of_the_whole_war_at_every_scale() {
    let folder = Folder::new();
    let first_members = |scale: u32| {
        let arguments = format!("run north-syria-2014 -q --days 1 --scale {scale} --out at-{scale}");
        assert_eq!(folder.output(&arguments).status.code(), Some(0));
        let manifest = fs_err::read_to_string(folder.path().join(format!("at-{scale}/run.json"))).unwrap();
        let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
        let patterns = manifest["patterns"].as_array().expect("the case has patterns").clone();
        let found = patterns.iter().find(|pattern| pattern["id"] == "C7a").expect("members on the first day");
        found["interval"]["median"].as_f64().expect("a number")
    };
    let (whole, tenth) = (first_members(1), first_members(10));
    assert!((tenth / whole - 1.0).abs() < 0.05, "{tenth} and {whole}");
}

#[test]
fn a_run_without_tables_tells_nothing_that_they_would_have_told() {
    let folder = Folder::new();
    assert_eq!(folder.output("run one-village -q -n 2 --days 20 --tables groups --out few").status.code(), Some(0));
    let summary = fs_err::read_to_string(folder.path().join("few/summary.txt")).unwrap();
    assert!(summary.contains("tables (.parquet): groups, places\n"), "{summary}");
    assert!(summary.contains("DuckDB") && !summary.contains("pandas"), "{summary}");
    assert_eq!(folder.output("report few --out few.html").status.code(), Some(0));
    let report = fs_err::read_to_string(folder.path().join("few.html")).unwrap();
    assert!(!report.contains("0 incidents kill") && !report.contains("no group has most"), "a report of nothing");
    assert!(report.contains("The run was written without the tables that this section needs"));
}

#[test]
fn an_older_run_is_kept_unless_told_otherwise() {
    let folder = Folder::new();
    assert_eq!(folder.output("run one-village -q --days 2 --out there").status.code(), Some(0));
    assert_eq!(
        folder.snapshot("run one-village -q --days 2 --out there"),
        "exit 3
--- stdout
--- stderr
error: there exists already; choose another folder, or overwrite it (use --out or --overwrite)
"
    );
    let again = folder.output("run one-village -q --days 3 --out there --overwrite");
    assert_eq!(again.status.code(), Some(0));
}

#[test]
fn a_folder_that_cannot_be_made_exits_with_3() {
    let folder = Folder::new();
    fs_err::write(folder.path().join("file"), "").unwrap();
    let text = folder.snapshot("run one-village -q --days 2 --out file/there");
    assert!(text.starts_with("exit 3\n--- stdout\n--- stderr\nerror: "), "{text}");
    assert!(text.contains("file/there"), "{text}");
}

#[test]
fn mistakes_in_values_exit_with_1() {
    assert_eq!(
        snapshot("run one-village --set days=0"),
        "exit 1
--- stdout
--- stderr
error: days is 0; must be a whole number from 1 to 5000
"
    );
    assert_eq!(
        snapshot("run one-village --set groups.isiss.brutality=0.5"),
        r#"exit 1
--- stdout
--- stderr
error: groups.isiss.brutality names the group "isiss", which doesn't exist; groups are village_defenders, district_rebels, isis; did you mean "isis"?
"#
    );
    assert_eq!(
        snapshot("run one-village --set news.p_call_kin=1.5"),
        "exit 1
--- stdout
--- stderr
error: news.p_call_kin is 1.5; must be a number from 0 to 1; 0.3 to 0.9 is plausible
"
    );
    assert_eq!(
        snapshot("run one-village --set days"),
        r#"exit 1
--- stdout
--- stderr
error: "days" isn't of the form key=value, such as combat.decisiveness=2
"#
    );
    assert_eq!(
        snapshot("run one-village --set observation.share_unicorn=1"),
        "exit 1
--- stdout
--- stderr
error: observation.share_unicorn isn't a parameter of observation; parameters are country, gw_number, region, conflict, intercept, size, civilian, hidden, remote, intensity, share_civilian, share_rebel, share_hidden, share_state, share_autonomous, share_local_defence, side_unknown, contested, rumoured, exaggerated, exact_place_town, exact_place_village, near_place, district_place, exact_date, week_date, further_sources
"
    );
    assert_eq!(
        snapshot("run one-village --theory materiel"),
        r#"exit 1
--- stdout
--- stderr
error: theory is the text "materiel"; theories of belief are source_credibility, motivated_reasoning, direct_experience, social_averaging, fixed; theories of exit are conviction, kin_and_home, control_and_fear, material, cascade, full, constant, trust_among_comrades, own_safety_first, participation_and_incentive; rules of other slots are engine_destination, engine_joining, engine_voice, or a file such as mine.toml; did you mean "material"?
"#
    );
}

#[test]
fn a_scenario_with_problems_is_not_run() {
    let folder = Folder::new();
    folder.copy_village(&[("brutality = 0.8", "brutality = 8"), ("kind = \"truce\"", "kind = \"truse\"")]);
    assert_eq!(
        folder.snapshot("run mine"),
        r#"exit 1
--- stdout
--- stderr
mine/scenario.toml:88: groups[2].brutality is 8; must be a number from 0 to 1
mine/scenario.toml:108: relations[1].kind is "truse"; allowed words are war, truce, alliance; did you mean "truce"?
error: the scenario has 2 problems
"#
    );
    assert!(!folder.path().join("runs").exists());
}

#[test]
fn a_long_list_of_problems_points_to_check() {
    let folder = Folder::new();
    folder.copy_village(&[]);
    let mut text = "group,place,members,source\n".to_owned();
    for row in 0..30 {
        text += &["isis,nowhere_", &row.to_string(), ",1,judgement\n"].concat();
    }
    fs_err::write(folder.path().join("mine/garrisons.csv"), text).unwrap();
    let output = folder.output("run mine");
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(stderr.lines().count(), 21);
    assert!(
        stderr.ends_with("error: the scenario has 30 problems; list all with: allegiance check mine\n"),
        "{stderr}"
    );
}

/// Stopped in its first milliseconds, before it wrote down that it replaces what is there.
#[test]
fn a_run_that_was_to_replace_another_and_kept_nothing_is_started_again() {
    let folder = Folder::new();
    assert_eq!(folder.output("run one-village -q --days 2 --out there").status.code(), Some(0));
    let partial = folder.path().join("there.partial");
    fs_err::create_dir_all(&partial).unwrap();
    fs_err::write(partial.join("resume.json"), "{}").unwrap();
    let refused = folder.output("resume there");
    assert_eq!(refused.status.code(), Some(1));
    assert_eq!(
        String::from_utf8(refused.stderr).unwrap(),
        "error: the run in there.partial was stopped before anything was kept; start it again as it was started\n"
    );
    assert!(folder.path().join("there/run.json").is_file());
}
