//! Results as tables for other programs and papers, and as figures.

use crate::program::Folder;

const DESIGN: &str = r#"
format = 1
id = "small"
title = "What matters"
scenario = "one-village"
set = ["days=8"]
sampler = "morris"
rows = 4
replicates = 2
outcomes = ["groups.isis.exits", "deaths_civilians"]

[[factors]]
key = "combat.decisiveness"

[[factors]]
key = "exits.desertion_per_month"
"#;

fn rows_of(csv: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(csv.as_bytes());
    // Rows of unlike lengths are refused.
    let row = |row: Result<csv::StringRecord, csv::Error>| row.unwrap().iter().map(str::to_owned).collect();
    reader.records().map(row).collect()
}

/// Commands with tables, and the first columns of each.
const COMMANDS: [(&str, &str); 10] = [
    ("compare one-village --set days=8 --set-b mechanisms.voice=false -n 3", "arm,outcome,unit,n_pairs,mean_baseline"),
    (
        "theories one-village --replicates 1 --out kept --overwrite",
        "belief,exit,n_replicates,desertions,desertions_low",
    ),
    ("scales one-village --set days=5 -n 2 --at 1,20", "id,outcome,unit,scale,value,value_low,value_high,departure"),
    (
        "audit one-village --set days=5 -n 3 --scale 4 --outcome deaths",
        "outcome,unit,way,as_written,mean,departs,departs_low",
    ),
    ("paths run", "step,what_happens,n_people,n_replicates_with,n_replicates,share,share_low,share_high"),
    ("sweep small.toml --out swept --overwrite", "outcome,unit,row_means,row_means_low,row_means_high"),
    ("sensitivity swept", "outcome,unit,factor,index,value,value_low,value_high,of_noise"),
    ("evidence show mine.toml --replicates 2", "what,wording,found,found_low,found_high,simulated"),
    (
        "conformance --replicates 2",
        "step,outcome,ablation,difference,difference_low,difference_high,p_together,verdict",
    ),
    ("recover one-village --set days=8 --draws 1000 --truths 1 --fresh 0", "scenario,evidence,kind,what,coverage_90"),
];

#[test]
fn every_result_is_a_table_for_programs_and_papers() {
    let folder = Folder::new();
    fs_err::write(folder.path().join("small.toml"), DESIGN).unwrap();
    assert!(folder.output("run one-village --days 8 -n 2 --out run").status.success());
    assert!(folder.output("evidence new mine").status.success());
    for (command, head) in COMMANDS {
        let csv = folder.output(&format!("{command} --format csv"));
        let said = String::from_utf8(csv.stderr).unwrap();
        assert!(csv.status.success(), "{command}: {said}");
        let csv = String::from_utf8(csv.stdout).unwrap();
        assert!(csv.starts_with(head), "{command}: {csv}");
        let rows = rows_of(&csv);
        assert!(rows.len() > 1, "{command}: {csv}");
        assert!(rows[1..].iter().flatten().any(|cell| cell.parse::<f64>().is_ok()), "{command}: {csv}");
        let latex = String::from_utf8(folder.output(&format!("{command} --format latex")).stdout).unwrap();
        assert!(latex.starts_with("\\begin{table}") && latex.contains("\\midrule"), "{command}: {latex}");
        assert_eq!(latex.matches(" \\\\\n").count(), rows.len(), "{command}: {latex}");
    }
}

#[test]
fn a_study_keeps_its_tables_and_prints_them_again() {
    let folder = Folder::new();
    let command = "scales one-village --set days=5 -n 2 --at 1,20 --out kept";
    let first = folder.output(&format!("{command} --format csv")).stdout;
    assert_eq!(fs_err::read(folder.path().join("kept/results.csv")).unwrap(), first);
    for (format, file) in [("csv", "results.csv"), ("markdown", "results.md"), ("latex", "results.tex")] {
        let again = folder.output(&format!("{command} --resume --format {format}"));
        assert_eq!(again.stdout, fs_err::read(folder.path().join("kept").join(file)).unwrap(), "{format}");
    }
}

#[test]
fn results_are_drawn_to_files_that_are_told_by_their_names() {
    let folder = Folder::new();
    let command = "compare one-village --set days=8 --set-b mechanisms.voice=false -n 3 -q";
    let drawn = folder.output(&format!("{command} --figure a.svg --figure a.png --figure a.json"));
    assert!(drawn.status.success(), "{}", String::from_utf8_lossy(&drawn.stderr));
    let read = |name: &str| fs_err::read(folder.path().join(name)).unwrap();
    assert!(read("a.svg").starts_with(b"<svg") && read("a.png").starts_with(b"\x89PNG"));
    let spec: serde_json::Value = serde_json::from_slice(&read("a.json")).unwrap();
    assert!(!spec["data"]["values"].as_array().unwrap().is_empty());
    // Nothing is simulated for a file that is there, nor for one of no kind.
    let again = folder.snapshot(&format!("{command} --figure b.svg --figure a.png"));
    assert!(again.starts_with("exit 3\n") && again.contains("a.png is there already"), "{again}");
    assert!(!folder.path().join("b.svg").exists());
    let other = folder.snapshot(&format!("{command} --figure a.pdf"));
    assert!(other.starts_with("exit 2\n") && other.contains("must end with .svg, .png or .json"), "{other}");
}

#[test]
fn a_sensitivity_is_drawn_with_a_panel_for_each_outcome() {
    let folder = Folder::new();
    fs_err::write(folder.path().join("small.toml"), DESIGN).unwrap();
    let drawn = folder.output("sensitivity small.toml -q --figure what.svg");
    assert!(drawn.status.success(), "{}", String::from_utf8_lossy(&drawn.stderr));
    let svg = fs_err::read_to_string(folder.path().join("what.svg")).unwrap();
    assert_eq!(svg.matches("class=\"panel\"").count(), 2, "{svg}");
    assert!(svg.contains("combat.decisiveness"));
}
