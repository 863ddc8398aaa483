//! A run without a folder: its tables go to the caller and no file is written.

use super::{
    RunError, RunInput, RunOptions, Summarise, all_tables, check, effort, identity_of, is_wanted, labels_of,
    leaves_out_exposures, manifest_of,
};
use crate::parquet_table::RunLabels;
use crate::replicates::{KeepNothing, run_kept_replicates};
use crate::run_folder::FinishedReplicate;
use crate::threads::Stopped;
use allegiance_model::World;
use allegiance_model::tables::Records;
use allegiance_record::digest::digest_of_table;
use allegiance_record::manifest::{Manifest, TableEntry};
use allegiance_record::patterns::{PatternValues, measure, patterns_of, verdicts};
use allegiance_record::places::places_table;
use allegiance_record::plain;
use allegiance_record::summary::{ReplicateSummary, SummaryInput};
use allegiance_record::table::TableData;
use allegiance_record::tabulator::Tabulator;
use allegiance_replay::Progress;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

/// A finished run that lies in no folder.
#[derive(Debug)]
pub struct MemoryRun<T> {
    /// The summary, without its list of files.
    pub summary: String,
    /// What `run.json` would say; its tables have no files.
    pub manifest: Manifest,
    /// What the caller made of each table: by name, one a replicate in their
    /// order; a single one for the places.
    pub tables: BTreeMap<&'static str, Vec<T>>,
}

/// Makes of a table, in the columns of a file, what the caller keeps.
pub type KeepTable<'a, T> = dyn Fn(TableData, &RunLabels) -> T + Sync + 'a;

/// Simulates every replicate and hands its tables to `keep`, from several
/// threads. Digests are those of [`run()`](super::run()); `out`, `overwrite`,
/// `resume` and `checkpoint_every` of the options are without meaning here.
///
/// # Errors
/// See [`RunError`]; a cancelled run keeps nothing.
pub fn run_in_memory<T: Send>(
    input: &RunInput,
    options: &RunOptions,
    summarise: &Summarise<'_>,
    progress: &dyn Progress,
    keep: &KeepTable<'_, T>,
) -> Result<MemoryRun<T>, RunError> {
    let started = SystemTime::now();
    check(input, options)?;
    let identity = identity_of(input, options);
    let labels = labels_of(input, options, &identity);
    progress.begin(options.replicates, 0, input.setup.n_days);
    let finished = simulate(input, options, &labels, progress, keep)?;
    let mut tables: BTreeMap<&'static str, Vec<T>> = BTreeMap::new();
    for table in all_tables(input).iter().filter(|table| is_wanted(options, table.name)) {
        tables.insert(table.name, Vec::new());
    }
    let (mut replicates, mut summaries, mut patterns) = (Vec::new(), Vec::new(), Vec::<PatternValues>::new());
    for (replicate, kept) in finished {
        summaries.push(replicate.summary.clone());
        patterns.push(replicate.patterns.clone());
        replicates.push(replicate);
        for (name, table) in kept {
            tables.entry(name).or_default().push(table);
        }
    }
    let summary = summarise(&SummaryInput {
        title: &input.title,
        scenario_id: &input.scenario_id,
        setup: &input.setup,
        unchanged: input.unchanged.as_ref(),
        replicates: &summaries,
        folder: None,
        tables: options.tables.as_deref(),
    });
    let summary = plain(&summary).into_owned();
    let mut entries = entries_of(&replicates, &tables);
    let places = places_table(&input.setup);
    let entry =
        TableEntry { file: String::new(), n_rows: places.n_rows() as u64, digests: vec![digest_of_table(&places)] };
    entries.insert(places.name.to_owned(), entry);
    tables.insert(places.name, vec![keep(places, &labels)]);
    let manifest = Manifest {
        tables: entries,
        patterns: verdicts(patterns_of(&input.setup), &patterns),
        effort: effort(input, options, started, 0),
        ..manifest_of(input, options, &identity, &replicates)
    };
    Ok(MemoryRun { summary, manifest, tables })
}

/// What is kept of one replicate.
type Kept<T> = (FinishedReplicate, Vec<(&'static str, T)>);

/// Runs the replicates; gives what is kept of each, in their order.
fn simulate<T: Send>(
    input: &RunInput,
    options: &RunOptions,
    labels: &RunLabels,
    progress: &dyn Progress,
    keep: &KeepTable<'_, T>,
) -> Result<Vec<Kept<T>>, RunError> {
    let world = World::build(input.setup.clone());
    let tabulator = Tabulator::new(&input.setup, &input.setup.observation);
    let start = input.setup.start.days_since_1970();
    let finished: Mutex<Vec<Kept<T>>> = Mutex::new(Vec::new());
    let sink = |replicate: u32, records: Records| -> Result<(), Infallible> {
        let events = tabulator.observe(&records, replicate);
        let mut done = FinishedReplicate {
            replicate,
            digests: BTreeMap::new(),
            n_rows: BTreeMap::new(),
            files: BTreeMap::new(),
            summary: ReplicateSummary::of(&records, &input.setup, &events),
            patterns: measure(&records, &input.setup, &events),
        };
        let mut kept = Vec::new();
        for table in tabulator.tables_with(records, &events) {
            if is_wanted(options, table.name) {
                done.digests.insert(table.name.to_owned(), digest_of_table(&table));
                done.n_rows.insert(table.name.to_owned(), table.n_rows() as u64);
                kept.push((table.name, keep(table.with_file_columns(Some(replicate), start), labels)));
            }
        }
        finished.lock().unwrap_or_else(PoisonError::into_inner).push((done, kept));
        Ok(())
    };
    let all: Vec<u32> = (0..options.replicates).collect();
    let keeper = KeepNothing { leaves_out_exposures: leaves_out_exposures(input, options) };
    let result = run_kept_replicates(&world, &all, options.threads, progress, &keeper, &sink);
    let mut finished = finished.into_inner().unwrap_or_else(PoisonError::into_inner);
    finished.sort_by_key(|(done, _)| done.replicate);
    match result {
        Ok(()) => Ok(finished),
        Err(Stopped::Broken(broken)) => Err(broken.into()),
        Err(Stopped::Cancelled) => {
            Err(RunError::Stopped { n_finished: finished.len(), n_replicates: options.replicates })
        }
        Err(Stopped::Failed(never)) => match never {},
    }
}

fn entries_of<T>(
    replicates: &[FinishedReplicate],
    tables: &BTreeMap<&'static str, Vec<T>>,
) -> BTreeMap<String, TableEntry> {
    let entry = |name: &str| TableEntry {
        file: String::new(),
        n_rows: replicates.iter().filter_map(|kept| kept.n_rows.get(name)).sum(),
        digests: replicates.iter().filter_map(|kept| kept.digests.get(name).cloned()).collect(),
    };
    tables.keys().map(|&name| (name.to_owned(), entry(name))).collect()
}
