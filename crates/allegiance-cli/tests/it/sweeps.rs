//! `allegiance sweep` and `allegiance sensitivity`.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use allegiance_model::random::{Draws, Purpose};

use crate::program::Folder;

/// Some rows can't be run: their members are more than there are men.
const DESIGN: &str = r#"
format = 1
id = "leave"
title = "Leave and size"
scenario = "one-village"
set = ["days=20"]
sampler = "latin_hypercube"
rows = 40
replicates = 6
outcomes = ["groups.isis.members_end", "groups.isis.conviction_end", "deaths"]

[[factors]]
key = "exits.leave_desertion"

[[factors]]
key = "groups.isis.members"
low = 200
high = 3700
scale = "whole"

[[factors]]
key = "groups.district_rebels.members"
low = 100
high = 3000
scale = "whole"

[[factors]]
key = "theory.exit"
values = ["full", "constant"]
"#;

fn files_in(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs_err::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs_err::read(&path).unwrap()))
        .collect()
}

fn n_kept(folder: &Folder) -> usize {
    let pieces = folder.path().join("killed.partial/pieces");
    fs_err::read_dir(pieces).map_or(0, |entries| {
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        names.filter(|name| Path::new(name).extension().is_some_and(|extension| extension == "json")).count()
    })
}

#[test]
fn a_sweep_killed_ten_times_ends_with_the_bytes_of_an_undisturbed_one() {
    let folder = Folder::new();
    fs_err::write(folder.path().join("design.toml"), DESIGN).unwrap();
    let draws = Draws::of_population(10);
    let mut n_before = 0;
    for kill in 0..10_u32 {
        let mut child = folder
            .command("sweep design.toml --out killed --resume --threads 1 -q")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // At a random moment after one more row is kept, so that all ten kills
        // hit a sweep at work, however fast the machine is.
        let patience = Instant::now() + Duration::from_secs(60);
        while n_kept(&folder) <= n_before && Instant::now() < patience {
            std::thread::sleep(Duration::from_millis(1));
        }
        let wait = draws.uniform(Purpose::Bootstrap, kill, 0, 0) * 12.0;
        std::thread::sleep(Duration::from_secs_f64(wait / 1_000.0));
        // On Unix this is SIGKILL: nothing in the process can clean up.
        child.kill().unwrap();
        let status = child.wait().unwrap();
        assert_eq!(status.code(), None, "the sweep had ended before kill {kill}");
        assert!(!folder.path().join("killed").exists());
        n_before = n_kept(&folder);
        assert!((1..40).contains(&n_before), "{n_before} rows kept");
    }
    let resumed = folder.output("sweep design.toml --out killed --resume --threads 2 -q");
    let straight = folder.output("sweep design.toml --out straight --threads 1 -q");
    assert_eq!(resumed.status.code(), Some(1));
    assert_eq!(straight.status.code(), Some(1), "some rows of this design fail on purpose");
    assert_eq!(resumed.stdout, straight.stdout);
    let files = files_in(&folder.path().join("killed"));
    let names = ["SHA256SUMS", "design.json", "design.toml", "failures.parquet", "rows.parquet"];
    assert_eq!(files.keys().collect::<Vec<_>>(), names);
    assert!(files == files_in(&folder.path().join("straight")), "the bytes differ");
}

#[test]
fn shards_join_to_the_bytes_of_a_whole_sweep() {
    let folder = Folder::new();
    fs_err::write(folder.path().join("design.toml"), DESIGN.replace("rows = 40", "rows = 9")).unwrap();
    for shard in ["3/3", "1/3"] {
        folder.output(&format!("sweep design.toml --out parts --shard {shard} -q"));
    }
    assert_eq!(
        folder.snapshot("sweep design.toml --out parts --merge -q"),
        "exit 1\n--- stdout\n--- stderr\nerror: 1 of 3 shards are missing or unfinished: 2\n"
    );
    folder.output("sweep design.toml --out parts --shard 2/3 -q");
    folder.output("sweep design.toml --out parts --merge -q");
    folder.output("sweep design.toml --out whole -q");
    assert!(files_in(&folder.path().join("parts")) == files_in(&folder.path().join("whole")), "the bytes differ");

    let rows = folder.path().join("parts.shard-2-of-3/rows.jsonl");
    let text = fs_err::read_to_string(&rows).unwrap();
    fs_err::write(&rows, &text[..text.len() / 2]).unwrap();
    let told = folder.snapshot("sweep design.toml --out parts --merge --overwrite -q");
    let start =
        "exit 1\n--- stdout\n--- stderr\nerror: parts.shard-2-of-3/rows.jsonl isn't what was written: its SHA-256 is ";
    assert!(told.starts_with(start) && told.ends_with("; run that shard again with --overwrite\n"), "{told}");
    // A shard of an early version has no digests of its files but this.
    fs_err::remove_file(folder.path().join("parts.shard-2-of-3/SHA256SUMS")).unwrap();
    assert_eq!(
        folder.snapshot("sweep design.toml --out parts --merge --overwrite -q"),
        "exit 1\n--- stdout\n--- stderr\nerror: parts.shard-2-of-3/rows.jsonl is damaged; \
         run that shard again with --overwrite\n"
    );
}

#[test]
fn a_damaged_row_is_run_again_and_another_design_is_not_resumed() {
    let folder = Folder::new();
    let write = |text: String| fs_err::write(folder.path().join("design.toml"), text).unwrap();
    write(DESIGN.replace("rows = 40", "rows = 5"));
    folder.output("sweep design.toml --out whole -q");
    folder.output("sweep design.toml --out parts --shard 1/1 -q");
    // What a killed sweep leaves, with one row cut short by a full disk.
    let rows = fs_err::read_to_string(folder.path().join("parts.shard-1-of-1/rows.jsonl")).unwrap();
    let pieces = folder.path().join("again.partial/pieces");
    fs_err::create_dir_all(&pieces).unwrap();
    let identity = fs_err::read_to_string(folder.path().join("whole/design.json")).unwrap();
    fs_err::write(folder.path().join("again.partial/partial.json"), identity).unwrap();
    fs_err::write(pieces.join("0000003.json"), format!("0000\n{}", rows.lines().nth(3).unwrap())).unwrap();
    folder.output("sweep design.toml --out again --resume -q");
    assert!(files_in(&folder.path().join("again")) == files_in(&folder.path().join("whole")), "the bytes differ");

    fs_err::create_dir_all(folder.path().join("other.partial")).unwrap();
    let identity = fs_err::read_to_string(folder.path().join("whole/design.json")).unwrap();
    fs_err::write(folder.path().join("other.partial/partial.json"), identity).unwrap();
    write(DESIGN.replace("rows = 40", "rows = 6"));
    let refused = folder.snapshot("sweep design.toml --out other --resume -q");
    assert!(refused.starts_with("exit 3\n--- stdout\n--- stderr\nerror: other.partial holds another"), "{refused}");
}

#[test]
fn mistakes_in_a_design_are_reported_together_with_their_lines() {
    let folder = Folder::new();
    let text = DESIGN
        .replace("\"deaths\"]", "\"deths\"]")
        .replace("latin_hypercube", "sobol")
        .replace("rows = 40", "rows = 4\nlevels = 3")
        .replace("high = 3000", "high = 50")
        .replace("\"constant\"]", "\"constnt\"]");
    fs_err::write(folder.path().join("design.toml"), text).unwrap();
    assert_eq!(
        folder.snapshot("sweep design.toml"),
        "exit 1\n--- stdout\n--- stderr\n\
         design.toml:9: levels means nothing for this sampler; only grid and morris have levels\n\
         design.toml:11: outcomes[2] \"deths\" isn't an outcome of this scenario; outcomes are deaths, deaths_civilians, \
         deaths_members, joins, desertions, defections, departures, complaints, assaults, reprisals, people_away_end, \
         exit_attempts, exit_attempts.under_18, exit_attempts.age_18_24, exit_attempts.age_25_34, and 110 more; \
         did you mean \"deaths\"?\n\
         design.toml:22: factors[2].low is 100; must be below high, which is 50\n\
         design.toml:30: factors[3].values[1] can't be used: theory.exit is the text \"constnt\"; allowed words are \
         conviction, kin_and_home, control_and_fear, material, cascade, full, constant; did you mean \"constant\"?\n\
         error: the design has 4 problems\n"
    );
    fs_err::write(folder.path().join("design.toml"), DESIGN.replace("\"deaths\"]", "\"deths\"]")).unwrap();
    let refused = folder.snapshot("sweep design.toml");
    assert!(
        refused.starts_with(
            "exit 1\n--- stdout\n--- stderr\n\
             design.toml:10: outcomes[2] \"deths\" isn't an outcome of this scenario; "
        ) && refused.ends_with("did you mean \"deaths\"?\nerror: the design has 1 problem\n"),
        "{refused}"
    );
}

/// What evidence asks is measured beside the outcomes, and counts in what a sweep is.
fn asks_evidence(folder: &Folder, design: &str) {
    assert_eq!(folder.output("evidence new survey").status.code(), Some(0));
    let head = |id: &str| design.replace("id = \"size\"", &format!("id = \"{id}\"\nevidence = [\"survey.toml\"]"));
    fs_err::write(folder.path().join("asked.toml"), head("asked")).unwrap();
    let output = folder.output("sensitivity asked.toml --format json -q");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let outcomes = found["outcomes"].as_array().unwrap();
    let names: Vec<&str> = outcomes.iter().map(|outcome| outcome["outcome"].as_str().unwrap()).collect();
    assert_eq!((names.len(), names[0]), (21, "groups.isis.members_end"));
    assert!(names[1..].iter().all(|name| name.starts_with("survey: ")), "{names:?}");
    // The war is the same whether or not anybody asks.
    let without: serde_json::Value =
        serde_json::from_slice(&folder.output("sensitivity sweeps/size --format json").stdout).unwrap();
    assert_eq!(found["outcomes"][0]["factors"], without["outcomes"][0]["factors"]);
    // In five days of war some serve, and who is asked was told, so that there are answers.
    let answered = outcomes.iter().filter(|outcome| outcome["n_used"] == 8).count();
    assert!(answered > 5, "{found:#}");
    fs_err::write(folder.path().join("lost.toml"), head("lost").replace("survey.toml", "nothing.toml")).unwrap();
    let refused = folder.snapshot("sweep lost.toml");
    let told = "lost.toml:4: evidence[0] names nothing.toml, and there is no such file; write one with: allegiance evidence new";
    assert!(refused.starts_with("exit 1") && refused.contains(told), "{refused}");
}

#[test]
fn sensitivity_sweeps_where_needed_and_refuses_other_samplers() {
    let folder = Folder::new();
    let design = r#"
format = 1
id = "size"
title = "Size"
scenario = "one-village"
set = ["days=5"]
sampler = "saltelli"
rows = 8
replicates = 2
outcomes = ["groups.isis.members_end"]

[[factors]]
key = "groups.isis.members"
low = 100
high = 600
scale = "whole"

[[factors]]
key = "exits.leave_desertion"
"#;
    fs_err::write(folder.path().join("design.toml"), design).unwrap();
    let output = folder.output("sensitivity design.toml --format json -q");
    assert_eq!(output.status.code(), Some(0));
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let factors = &found["outcomes"][0]["factors"];
    // In five days hardly anything but the first size moves the last one.
    assert!(factors[0]["total"]["value"].as_f64().unwrap() > 0.9, "{found:#}");
    assert!(factors[1]["total"]["value"].as_f64().unwrap() < 0.1, "{found:#}");
    assert_eq!(folder.output("sensitivity sweeps/size --format json").stdout, output.stdout);
    asks_evidence(&folder, design);
    fs_err::write(folder.path().join("design.toml"), design.replace("saltelli", "random")).unwrap();
    assert_eq!(
        folder.snapshot("sensitivity design.toml"),
        "exit 1\n--- stdout\n--- stderr\nerror: design.toml: sensitivity needs the sampler saltelli \
         (Sobol's indices) or morris (elementary effects)\n"
    );
}
