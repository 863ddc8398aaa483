//! Runs without a folder, and the files of runs as they lie there.

use crate::world::{TemporaryFolder, input, options, run};
use allegiance_record::table::{OutputCells, OutputColumn, OutputKind, TableData};
use allegiance_replay::{Progress, Silent};
use allegiance_runs::parquet_table::RunLabels;
use allegiance_runs::read_run::{FileKind, TableFile};
use allegiance_runs::{MemoryRun, ReadRunError, RunError, RunOptions, run_in_memory};
use allegiance_show::summary::render_summary;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

const N_DAYS: u32 = 12;
const N_REPLICATES: u32 = 4;

fn in_memory(options: &RunOptions) -> Result<MemoryRun<TableData>, RunError> {
    run_in_memory(&input(N_DAYS), options, &render_summary, &Silent, &|table, _labels: &RunLabels| table)
}

fn asked() -> RunOptions {
    options(PathBuf::new(), N_REPLICATES)
}

/// What the cells of a column are in its file: words instead of codes, counts signed.
fn as_stored(column: &OutputColumn) -> OutputCells {
    match (&column.kind, &column.cells) {
        (OutputKind::Coded(_, words), OutputCells::Whole(codes)) => {
            OutputCells::Text(codes.iter().map(|code| code.map(|code| words[code as usize].clone())).collect())
        }
        (_, OutputCells::Whole(counts)) => {
            OutputCells::Signed(counts.iter().map(|count| count.map(|count| count as i32)).collect())
        }
        (_, cells) => cells.clone(),
    }
}

fn kind_in_file(column: &OutputColumn) -> FileKind {
    match column.kind {
        OutputKind::Day | OutputKind::Index | OutputKind::Count => FileKind::Signed,
        OutputKind::Date => FileKind::Date,
        OutputKind::Real => FileKind::Real,
        OutputKind::Flag => FileKind::Flag,
        OutputKind::Coded(..) | OutputKind::Text => FileKind::Text,
    }
}

#[test]
fn a_run_in_memory_is_the_run_in_a_folder() {
    let folder = TemporaryFolder::new("memory-same");
    let report = run(&input(N_DAYS), &options(folder.join("run"), N_REPLICATES), &Silent).unwrap();
    let found = in_memory(&asked()).unwrap();
    let text = fs_err::read_to_string(report.folder.join("run.json")).unwrap();
    let manifest: allegiance_record::Manifest = serde_json::from_str(&text).unwrap();
    assert_eq!(found.manifest.digest, manifest.digest);
    assert_eq!(found.manifest.setup_digest, manifest.setup_digest);
    let names: Vec<&str> = found.tables.keys().copied().collect();
    assert_eq!(names, manifest.tables.keys().collect::<Vec<_>>());
    for (name, entry) in &manifest.tables {
        assert_eq!(found.manifest.tables[name].digests, entry.digests, "{name}");
        assert_eq!(found.manifest.tables[name].n_rows, entry.n_rows, "{name}");
    }
    assert!(report.summary.starts_with(found.summary.trim_end()));
    assert!(found.manifest.patterns.iter().any(|pattern| pattern.id == "C1"));
}

#[test]
fn every_table_of_a_file_is_that_of_memory_cell_by_cell() {
    let folder = TemporaryFolder::new("memory-files");
    let out = run(&input(N_DAYS), &options(folder.join("run"), N_REPLICATES), &Silent).unwrap().folder;
    let found = in_memory(&asked()).unwrap();
    let mut n_rows = 0;
    for (name, replicates) in &found.tables {
        let file = TableFile::open(&out.join(format!("{name}.parquet"))).unwrap();
        let columns: Vec<_> = replicates[0].columns.iter().map(|c| (&*c.name, kind_in_file(c), c.nullable)).collect();
        let stored: Vec<_> = file.columns().iter().map(|c| (c.name.as_str(), c.kind, c.nullable)).collect();
        assert_eq!(stored, columns, "{name}");
        assert!(file.metadata().contains(&("allegiance.table".to_owned(), (*name).to_owned())));
        for (replicate, table) in replicates.iter().enumerate() {
            let groups = if *name == "places" {
                file.row_groups(None).unwrap()
            } else {
                file.row_groups(Some(replicate as u32)).unwrap()
            };
            let expected: Vec<OutputCells> = table.columns.iter().map(as_stored).collect();
            match groups.as_slice() {
                [] => assert_eq!(table.n_rows(), 0, "{name} of {replicate}"),
                [group] => assert_eq!(file.read(*group).unwrap(), expected, "{name} of {replicate}"),
                _ => panic!("a replicate of {name} has {} row groups", groups.len()),
            }
            n_rows += table.n_rows();
        }
    }
    assert!(n_rows > 1_000);
}

#[test]
fn replicates_come_in_their_order_for_any_number_of_threads() {
    let alone = in_memory(&RunOptions { threads: 1, ..asked() }).unwrap();
    let together = in_memory(&RunOptions { threads: 4, ..asked() }).unwrap();
    assert_eq!(alone.tables, together.tables);
    assert_eq!(alone.summary, together.summary);
    for (replicate, table) in alone.tables["groups"].iter().enumerate() {
        let OutputCells::Signed(cells) = &table.columns[0].cells else { panic!("replicates are whole numbers") };
        assert!(!cells.is_empty() && cells.iter().all(|&cell| cell == Some(replicate as i32)));
    }
}

#[test]
fn only_the_tables_asked_for_are_handed_over() {
    let whole = in_memory(&asked()).unwrap();
    let part = in_memory(&RunOptions { tables: Some(vec!["beliefs".to_owned()]), ..asked() }).unwrap();
    assert_eq!(part.tables.keys().copied().collect::<Vec<_>>(), ["beliefs", "places"]);
    assert_eq!(part.tables["beliefs"], whole.tables["beliefs"]);
    let error = in_memory(&RunOptions { tables: Some(vec!["people".to_owned()]), ..asked() }).unwrap_err();
    assert!(matches!(error, RunError::Table { found, .. } if found == "people"));
    let error = in_memory(&RunOptions { replicates: 0, ..asked() }).unwrap_err();
    assert!(matches!(error, RunError::Replicates { found: 0 }));
}

/// Stops once a replicate is finished.
#[derive(Default)]
struct StopAfterOne(AtomicU32);

impl Progress for StopAfterOne {
    fn replicate_done(&self, _replicate: u32) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }

    fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::SeqCst) > 0
    }
}

#[test]
fn a_cancelled_run_in_memory_keeps_nothing() {
    let options = RunOptions { threads: 1, ..options(PathBuf::new(), 50) };
    let keep = |table: TableData, _labels: &RunLabels| table;
    let error = run_in_memory(&input(N_DAYS), &options, &render_summary, &StopAfterOne::default(), &keep).unwrap_err();
    assert_eq!(error.to_string(), "cancelled after 1 of 50 replicates; nothing is kept");
}

#[test]
fn files_that_are_no_tables_are_told_apart() {
    let folder = TemporaryFolder::new("memory-wrong");
    let out = run(&input(N_DAYS), &options(folder.join("run"), 1), &Silent).unwrap().folder;
    assert!(matches!(TableFile::open(&folder.join("none.parquet")), Err(ReadRunError::Io(_))));
    let path = folder.join("cut.parquet");
    let whole = fs_err::read(out.join("groups.parquet")).unwrap();
    fs_err::write(&path, &whole[..whole.len() / 2]).unwrap();
    assert!(matches!(TableFile::open(&path), Err(ReadRunError::Damaged { .. })));
    let places = TableFile::open(&out.join("places.parquet")).unwrap();
    let error = places.row_groups(Some(0)).unwrap_err().to_string();
    assert!(error.ends_with("places.parquet can't be understood: column replicate is missing"), "{error}");
    let groups = TableFile::open(&out.join("groups.parquet")).unwrap();
    assert_eq!(groups.row_groups(Some(7)).unwrap(), Vec::<usize>::new());
}
