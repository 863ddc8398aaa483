//! `allegiance recover`, `calibrate` and `tournament`: what they print, and
//! what they say to mistakes. Few draws: the numbers mean nothing here.

use std::path::Path;

use allegiance_lab::inference::read_rows;
use allegiance_lab::inference::record_summaries::summarise_record;
use allegiance_record::table::OutputCells;
use allegiance_runs::FinishedRun;
use allegiance_tasks::read_record;

use crate::program::{Folder, snapshot};

/// What a run reported of one replicate, as the CSV of UCDP GED.
fn write_as_csv(run: &FinishedRun, replicate: u32, path: &Path) {
    let file = run.file("reported").unwrap();
    let names: Vec<&str> = file.columns().iter().map(|column| column.name.as_str()).collect();
    let mut lines = vec![names[1..].join(",")];
    assert_eq!(names[0], "replicate");
    for row_group in file.row_groups(Some(replicate)).unwrap() {
        let columns: Vec<Vec<String>> = file
            .read(row_group)
            .unwrap()
            .into_iter()
            .map(|cells| match cells {
                OutputCells::Whole(cells) => texts(cells),
                OutputCells::Signed(cells) => texts(cells),
                OutputCells::Real(cells) => texts(cells),
                OutputCells::Flag(cells) => texts(cells),
                OutputCells::Text(cells) => {
                    cells.into_iter().map(|cell| format!("\"{}\"", cell.unwrap_or_default())).collect()
                }
            })
            .collect();
        for row in 0..columns[0].len() {
            let cells: Vec<&str> = columns[1..].iter().map(|column| column[row].as_str()).collect();
            lines.push(cells.join(","));
        }
    }
    fs_err::write(path, lines.join("\n") + "\n").unwrap();
}

fn texts<T: ToString>(cells: Vec<Option<T>>) -> Vec<String> {
    cells.into_iter().map(|cell| cell.map_or_else(String::new, |cell| cell.to_string())).collect()
}

#[test]
fn a_record_written_as_csv_and_read_back_is_the_one_of_the_run() {
    let folder = Folder::new();
    let ran = folder.output("run one-village --quiet --replicates 3 --out truth");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let run = FinishedRun::open(&folder.path().join("truth")).unwrap();
    let setup = allegiance_scenario::load("one-village").unwrap().setup;
    for replicate in 0..3 {
        let csv = folder.path().join("record.csv");
        write_as_csv(&run, replicate, &csv);
        let of_run = run.reported(replicate).unwrap();
        assert!(!of_run.is_empty());
        let of_file = read_record(&csv).unwrap();
        assert_eq!(of_file, of_run);
        let [of_file, of_run] =
            [of_file, of_run].map(|rows| summarise_record(&read_rows(&rows, &setup).unwrap(), &setup));
        assert_eq!(of_file, of_run);
    }
}

#[test]
fn a_parameter_that_does_not_exist() {
    // Northern Syria has a warning of its own.
    let warning = "north-syria-2014/garrisons.csv: warning: 7 places hold more local members than men of 15 to 39 live \
                   there (20% of inhabitants): abu_al_duhur_airbase, wadi_al_deif, kuweires_airbase, division_17, \
                   brigade_93, and others; their homes will be drawn from places around\n";
    for (command, before) in [("recover", ""), ("calibrate north-syria-2014", warning)] {
        assert_eq!(
            snapshot(&format!("{command} --parameter exits.desertion")),
            format!(
                "exit 1
--- stdout
--- stderr
{before}error: exits.desertion isn't a parameter (there are exits.desertion_per_month, exits.defection_per_month, exits.departure_per_month, for instance); list them with: allegiance parameters
"
            )
        );
    }
}

#[test]
fn a_shard_that_does_not_exist() {
    assert_eq!(
        snapshot("recover --shard 9/8"),
        "exit 2
--- stdout
--- stderr
error: invalid value '9/8' for '--shard <I/N>': must be I/N with I from 1 to N, such as 1/4

For more information, try '--help'.
"
    );
}

#[test]
fn a_record_that_is_not_there_and_one_without_a_scenario() {
    let folder = Folder::new();
    let missing = folder.output("tournament runs/nothing");
    assert_eq!(String::from_utf8_lossy(&missing.stderr), "error: there is no folder runs/nothing\n");
    assert_eq!(missing.status.code(), Some(1));
}

#[test]
fn a_tournament_on_a_run_puts_every_theory_and_reuses_the_table_of_recover() {
    let folder = Folder::new();
    let run = folder.output("run one-village --quiet --out truth");
    assert!(run.status.success());
    let arguments = "--draws 1000 --table table --quiet --format json";
    let first = folder.output(&format!("tournament truth {arguments}"));
    assert!(first.status.success(), "{}", String::from_utf8_lossy(&first.stderr));
    let found: serde_json::Value = serde_json::from_slice(&first.stdout).unwrap();
    let n_of = |slot: usize| found["slots"][slot]["contestants"].as_array().unwrap().len();
    assert_eq!((n_of(0), n_of(1)), (5, 7));
    assert_eq!(found["n_draws"], 1024);
    let again = folder.output(&format!("tournament truth {arguments} --threads 1"));
    assert_eq!(again.stdout, first.stdout);
    write_as_csv(&FinishedRun::open(&folder.path().join("truth")).unwrap(), 0, &folder.path().join("record.csv"));
    let of_file = folder.output(&format!("tournament record.csv --scenario truth/scenario {arguments}"));
    assert_eq!(String::from_utf8_lossy(&of_file.stdout), String::from_utf8_lossy(&first.stdout));
    let recovery = folder.output(&format!("recover truth/scenario --truths 5 --fresh 20 {arguments}"));
    assert!(recovery.status.success(), "{}", String::from_utf8_lossy(&recovery.stderr));
    let recovery: serde_json::Value = serde_json::from_slice(&recovery.stdout).unwrap();
    assert_eq!(recovery["n_truths"], 5 * 35);
    assert_eq!(recovery["tournament"]["refused"]["n_cases"], 20);
    assert_eq!((&recovery["scenario"], &recovery["n_days"]), (&"one-village".into(), &60.into()));
    // A run of other days is held against wars of as many.
    assert!(folder.output("run one-village --days 20 --quiet --out short").status.success());
    let short = folder.output(&format!("tournament short {arguments}"));
    let message = String::from_utf8_lossy(&short.stderr).into_owned();
    assert!(message.starts_with("error: table holds the draws of another study: setup_digest is "), "{message}");
    let other = folder.output(&format!("tournament truth --seed 1 {arguments}"));
    assert_eq!(
        String::from_utf8_lossy(&other.stderr),
        "error: table holds the draws of another study: seed is 2014, and this one has 1; choose another folder\n"
    );
}

/// A scenario with a case of its own, which names nothing of any other war.
fn write_case(folder: &Folder) {
    let files = [
        ("scenario.toml", "format = 1\nextends = \"one-village\"\nid = \"own\"\ndays = 16\ncase = \"patterns.toml\"\n"),
        (
            "patterns.toml",
            "format = 1\ntitle = \"Two weeks in the valley\"\nabout = \"an invented fortnight\"\n\
             parameters = [\"exits.desertion_per_month\"]\n[left_out]\nQ9 = \"nobody counted\"\n\
             [[patterns]]\nid = \"Q1\"\nname = \"killed in two weeks\"\nkind = \"deaths\"\ngroup = \"isis\"\n\
             from = 2014-01-03\ndays = 14\nlow = 10\nhigh = 20\nsource = \"invented\"\n\
             [[patterns]]\nid = \"Q2\"\nname = \"quiet desertions\"\nkind = \"quiet_desertions\"\nlow = 0.004\n\
             high = 0.015\nsource = \"invented\"\n",
        ),
    ];
    fs_err::create_dir(folder.path().join("own")).unwrap();
    for (name, text) in files {
        fs_err::write(folder.path().join("own").join(name), text).unwrap();
    }
}

#[test]
fn a_run_is_held_against_the_case_of_its_scenario_and_no_other() {
    let folder = Folder::new();
    write_case(&folder);
    let own = folder.output("run ./own --quiet --patterns --replicates 2 --out own-run");
    let text = String::from_utf8_lossy(&own.stdout).into_owned();
    assert!(text.contains("\nCalibration patterns: Two weeks in the valley\n"), "{text}");
    assert!(text.contains("\nQ1 ") && !text.contains("January"), "{text}");
    let without = folder.output("run one-village --days 2 --quiet --patterns --out without");
    let text = String::from_utf8_lossy(&without.stdout).into_owned();
    assert!(
        text.ends_with("\nCalibration patterns: none, for the scenario names no case to hold its runs against.\n"),
        "{text}"
    );
    let manifest = fs_err::read_to_string(folder.path().join("without/run.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    assert_eq!((&manifest["case"], &manifest["patterns"]), (&serde_json::Value::Null, &serde_json::json!([])));
    assert_eq!(
        folder.snapshot("calibrate one-village --budget 64 --particles 32"),
        "exit 1\n--- stdout\n--- stderr\nerror: one-village has no case, so there are no patterns to calibrate it on; \
         what is known of another war says nothing of it; name a file of patterns as `case` in its scenario.toml (docs/reference/case-format.md)\n"
    );
    let report = folder.output("report without --out without.html");
    assert!(report.status.success(), "{}", String::from_utf8_lossy(&report.stderr));
    let page = fs_err::read_to_string(folder.path().join("without.html")).unwrap();
    assert!(!page.contains("Patterns hit and missed") && !page.contains("ISIS and its rivals"));
}

#[test]
fn a_calibration_leaves_its_posterior_and_a_line_in_the_register_each_session() {
    let folder = Folder::new();
    write_case(&folder);
    let command = "calibrate ./own --budget 64 --particles 32 --parameter exits.desertion_per_month \
                   --out calibration --quiet";
    let first = folder.output(command);
    assert!(first.status.success(), "{}", String::from_utf8_lossy(&first.stderr));
    let text = String::from_utf8_lossy(&first.stdout).into_owned();
    assert!(text.starts_with("# Calibration of own on Two weeks in the valley\n"), "{text}");
    assert!(text.contains("- Q9: nobody counted\n") && !text.contains("January"), "{text}");
    let posterior = fs_err::read(folder.path().join("calibration/posterior.parquet")).unwrap();
    let second = folder.output(command);
    assert_eq!(second.stdout, first.stdout);
    assert_eq!(fs_err::read(folder.path().join("calibration/posterior.parquet")).unwrap(), posterior);
    let register = fs_err::read_to_string(folder.path().join("calibration/register.jsonl")).unwrap();
    assert_eq!(register.lines().count(), 2);
}
