//! Sweeps whose rows are run elsewhere: the same bytes, whoever ran which row.

use crate::world::{TemporaryFolder, setup};
use allegiance_lab::design::{Design, Factor, Points, Sampler, Values};
use allegiance_lab::sweep::{
    FinishedRows, KeepRowsError, OpenSweep, Part, Shard, SweepError, SweepInput, SweepOptions, WantedRow, read_sweep,
    run_rows_elsewhere, sweep,
};
use allegiance_model::setup::Setup;
use allegiance_record::outcomes::Outcome;
use allegiance_record::table::OutputCells;
use allegiance_replay::Silent;
use allegiance_runs::read_run::{FileKind, TableFile};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const VERSION: &str = "0.0.0-test";

/// The only change that these sweeps make.
fn apply(setup: &mut Setup, assignment: &str) -> Result<(), String> {
    let days = assignment.strip_prefix("days=").ok_or("isn't a number of days")?;
    setup.n_days = days.parse().map_err(|error| format!("{days} isn't a number of days: {error}"))?;
    Ok(())
}

pub(crate) fn input<'a>(setup: &'a Setup, days: &[&str]) -> SweepInput<'a> {
    let values = Values::List { values: days.iter().map(|&days| days.to_owned()).collect() };
    SweepInput {
        id: "far".to_owned(),
        title: "Far".to_owned(),
        text: format!("# {days:?}\n"),
        theories: Vec::new(),
        scenario_id: "four-places".to_owned(),
        scenario_hash: "ab".repeat(32),
        setup,
        design: Design {
            factors: vec![Factor { key: "days".to_owned(), values }],
            sampler: Sampler::Grid { n_levels: 2 },
            seed: 1,
        },
        outcomes: vec![Outcome::parse("deaths", setup).expect("every scenario has deaths")],
        evidence: Vec::new(),
        n_replicates: 2,
        apply: Box::new(apply),
    }
}

pub(crate) fn options(out: PathBuf) -> SweepOptions {
    SweepOptions { out, version: VERSION.to_owned(), ..SweepOptions::default() }
}

/// Rows with their coordinates, as they're sent elsewhere.
fn rows(input: &SweepInput<'_>, rows: &[u32]) -> Vec<WantedRow> {
    let points = Points::of(&input.design);
    rows.iter().map(|&row| WantedRow { row, point: points.row(row) }).collect()
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs_err::read_dir(folder).expect("the folder is there");
    let paths = entries.map(|entry| entry.expect("it can be listed").path());
    let name_of = |path: &Path| path.file_name().expect("a file has a name").to_string_lossy().into_owned();
    paths.map(|path| (name_of(&path), fs_err::read(&path).expect("it can be read"))).collect()
}

#[test]
fn rows_in_any_order_and_after_a_stop_give_the_bytes_of_one_machine() {
    let folder = TemporaryFolder::new("elsewhere-same");
    let setup = setup(5);
    // The last row can't be run, which is kept as well.
    let input = input(&setup, &["3", "4", "5", "six"]);
    let near = sweep(&input, &options(folder.join("near")), &Silent).unwrap();
    let far = options(folder.join("far"));
    let mut open = OpenSweep::open(&input, &far).unwrap();
    assert_eq!((open.n_rows(), open.missing()), (4, vec![0, 1, 2, 3]));
    open.keep(&run_rows_elsewhere(&input, VERSION, &rows(&input, &[3, 1]))).unwrap();
    assert_eq!(open.missing(), [0, 2]);
    drop(open);
    assert!(!far.out.exists());
    let mut open = OpenSweep::open(&input, &SweepOptions { resume: true, ..far }).unwrap();
    assert_eq!(open.missing(), [0, 2]);
    open.keep(&run_rows_elsewhere(&input, VERSION, &rows(&input, &[2]))).unwrap();
    // A row that two have run is one.
    open.keep(&run_rows_elsewhere(&input, VERSION, &rows(&input, &[0, 1]))).unwrap();
    let found = open.finish(&input).unwrap();
    assert_eq!(found.manifest.n_failed, 1);
    assert_eq!(files(&found.folder), files(&near.folder));
    assert_eq!(read_sweep(&found.folder).unwrap().n_rows, 4);
}

#[test]
fn a_sweep_with_missing_rows_is_not_finished_and_keeps_those_it_has() {
    let folder = TemporaryFolder::new("elsewhere-missing");
    let setup = setup(5);
    let input = input(&setup, &["3", "4"]);
    let mut open = OpenSweep::open(&input, &options(folder.join("far"))).unwrap();
    let locked = OpenSweep::open(&input, &SweepOptions { resume: true, ..options(folder.join("far")) }).unwrap_err();
    assert!(locked.to_string().starts_with("another process is writing to"), "{locked}");
    open.keep(&run_rows_elsewhere(&input, VERSION, &rows(&input, &[1]))).unwrap();
    let error = open.finish(&input).unwrap_err();
    assert!(matches!(error, SweepError::Cancelled { n_finished: 1, n_rows: 2, .. }), "{error}");
    assert!(!folder.join("far").exists());
    assert!(folder.join("far.partial/pieces/0000001.json").exists());
}

#[test]
fn rows_of_another_sweep_or_of_none_are_refused() {
    let folder = TemporaryFolder::new("elsewhere-foreign");
    let setup = setup(5);
    let (mine, other) = (input(&setup, &["3", "4"]), input(&setup, &["3", "5"]));
    let mut open = OpenSweep::open(&mine, &options(folder.join("far"))).unwrap();
    for foreign in [
        run_rows_elsewhere(&other, VERSION, &rows(&other, &[0])),
        run_rows_elsewhere(&mine, "0.0.1", &rows(&mine, &[0])),
    ] {
        assert!(matches!(open.keep(&foreign), Err(KeepRowsError::Foreign { .. })));
    }
    let good = run_rows_elsewhere(&mine, VERSION, &rows(&mine, &[0]));
    assert_eq!(
        run_rows_elsewhere(&mine, VERSION, &[WantedRow { row: 0, point: Vec::new() }]).records,
        Vec::<String>::new()
    );
    let numbered = good.records[0].replacen("\"row\":0", "\"row\":2", 1);
    assert_ne!(numbered, good.records[0]);
    for (record, problem) in
        [(numbered.as_str(), "it has the number 2, and that isn't one of those wanted"), ("{}", "missing field")]
    {
        let wrong = FinishedRows { records: vec![record.to_owned()], ..good.clone() };
        let error = open.keep(&wrong).unwrap_err().to_string();
        assert!(error.contains(problem), "{error}");
    }
    assert_eq!(open.missing(), [0, 1]);
}

#[test]
fn a_shard_that_was_run_elsewhere_has_the_bytes_of_one_that_was_run_here() {
    let folder = TemporaryFolder::new("elsewhere-shard");
    let setup = setup(5);
    let input = input(&setup, &["3", "4", "5", "six", "7"]);
    let part = Part::Shard(Shard { at: 2, of: 2 });
    let near = sweep(&input, &SweepOptions { part, ..options(folder.join("near")) }, &Silent).unwrap();
    let mut open = OpenSweep::open(&input, &SweepOptions { part, ..options(folder.join("far")) }).unwrap();
    assert_eq!((open.n_rows(), open.missing()), (2, vec![1, 3]));
    assert_eq!(open.wanted(5), None);
    let wanted: Vec<WantedRow> = open.missing().into_iter().filter_map(|row| open.wanted(row)).collect();
    open.keep(&run_rows_elsewhere(&input, VERSION, &wanted)).unwrap();
    // A row of the other shard isn't one of this.
    let foreign = open.keep(&run_rows_elsewhere(&input, VERSION, &rows(&input, &[0]))).unwrap_err();
    assert!(matches!(foreign, KeepRowsError::NotARow { .. }), "{foreign}");
    let found = open.finish(&input).unwrap();
    assert_eq!(found.folder, folder.join("far.shard-2-of-2"));
    assert_eq!(files(&found.folder), files(&near.folder));
}

#[test]
fn a_folder_without_a_sweep_tells_so() {
    let folder = TemporaryFolder::new("elsewhere-none");
    let error = read_sweep(&folder.join("none")).unwrap_err().to_string();
    assert!(error.starts_with("there is no folder"), "{error}");
    fs_err::create_dir_all(folder.join("wrong")).unwrap();
    fs_err::write(folder.join("wrong/design.json"), "{}").unwrap();
    let error = read_sweep(&folder.join("wrong")).unwrap_err().to_string();
    assert!(error.contains("design.json isn't what a run writes: missing field"), "{error}");
}

#[test]
fn levels_that_are_all_numbers_are_a_column_of_numbers() {
    let folder = TemporaryFolder::new("sweep-levels");
    let setup = setup(5);
    let kind_of = |days: &[&str], name: &str| {
        let swept = sweep(&input(&setup, days), &options(folder.join(name)), &Silent).unwrap();
        let file = TableFile::open(&swept.folder.join("rows.parquet")).unwrap();
        let at = file.columns().iter().position(|column| column.name == "days").unwrap();
        (file.columns()[at].kind, file.read(0).unwrap().swap_remove(at))
    };
    let (kind, cells) = kind_of(&["3", "5", "4"], "numbers");
    assert_eq!(kind, FileKind::Real);
    assert_eq!(cells, OutputCells::Real([3.0, 3.0, 5.0, 5.0, 4.0, 4.0].map(Some).to_vec()));
    let (kind, cells) = kind_of(&["3", "six"], "words");
    assert_eq!(kind, FileKind::Text);
    assert_eq!(cells, OutputCells::Text(vec![Some("3".to_owned()); 2]));
}
