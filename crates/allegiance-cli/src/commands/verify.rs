//! `allegiance verify`: simulate a finished run again and compare digests.

use std::path::PathBuf;

use allegiance_runs::RunOptions;
use allegiance_runs::sums::{CheckFileError, Sums, changed_files};
use allegiance_runs::verify::{Difference, VerifyError, Way, verify};
use allegiance_tasks::{input_of, load_changed};
use serde_json::json;

use crate::commands::run::signed;
use crate::commands::story::open;
use crate::failure::Failure;
use crate::numbers;
use crate::output;
use crate::output::Format;
use crate::progress::RunProgress;
use crate::text::{columns, count};

const ABOUT: &str = "\
Every file of the folder must have the digest that SHA256SUMS holds, which sha256sum
-c checks too. The scenario is the copy in the folder, with the run's changes; every
table of every replicate must come out with the digest that run.json holds. With --every-way the
run is simulated on 1, 2 and 8 threads, with its replicates in another order, and
resumed from checkpoints. Exits with 1 where a digest differs.";

/// Check a finished run's files, simulate it again and compare digests
#[derive(Debug, clap::Args)]
#[command(after_help = ABOUT)]
pub(crate) struct Arguments {
    /// The folder of a finished run
    run: PathBuf,
    /// How many replicates to check, starting with the first [default: all]
    #[arg(long, short = 'n', value_name = "N", value_parser = numbers::from(1))]
    replicates: Option<u32>,
    /// Vary threads, order and checkpoints, none of which may change a result
    #[arg(long)]
    every_way: bool,
    /// How to print the result
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Print only results and errors
    #[arg(long, short)]
    quiet: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let files = check_files(arguments)?;
    let finished = open(&arguments.run)?;
    let manifest = finished.manifest();
    let scenario = arguments.run.join("scenario");
    let scenario = load_changed(&scenario.display().to_string(), &manifest.changes)?;
    let options = signed(RunOptions { ..RunOptions::new(arguments.run.clone()) });
    let n_replicates = arguments.replicates.unwrap_or(manifest.n_replicates).min(manifest.n_replicates);
    let ways = if arguments.every_way { Way::all(manifest.n_days).to_vec() } else { vec![Way::Threads(0)] };
    let input = input_of(scenario);
    let mut results = Vec::new();
    for way in ways {
        let progress = RunProgress::new(arguments.quiet);
        let found = verify(&input, &options, manifest, n_replicates, way, &progress);
        progress.finish();
        results.push((way, found.map_err(failure_of)?));
    }
    output::print(&match arguments.format {
        Format::Text => format!("{}{}", files_in_words(files), as_text(&results, n_replicates)),
        Format::Json => as_json(files, &results, n_replicates),
    })?;
    match results.iter().map(|(_, differences)| differences.len()).sum::<usize>() {
        0 => Ok(()),
        n => Err(Failure::Said(format!(
            "{} of tables came out other than in {}",
            count(n, "digest"),
            arguments.run.join("run.json").display()
        ))),
    }
}

/// How many files hold what was written; none where the folder has no list of digests.
fn check_files(arguments: &Arguments) -> Result<Option<usize>, Failure> {
    let input = |error: CheckFileError| Failure::Input(error.into());
    let Some(changed) = changed_files(&arguments.run).map_err(input)? else { return Ok(None) };
    let n = Sums::read(&arguments.run).map_err(input)?.map_or(0, |sums| sums.names().count());
    if changed.is_empty() {
        return Ok(Some(n));
    }
    for file in &changed {
        output::talk(&file.to_string());
    }
    Err(Failure::Said(format!(
        "{} of {} in {} {} what was written; nothing was simulated",
        changed.len(),
        count(n, "file"),
        arguments.run.display(),
        if changed.len() == 1 { "isn't" } else { "aren't" }
    )))
}

fn files_in_words(files: Option<usize>) -> String {
    files.map_or_else(
        || "files: not checked, the folder has no SHA256SUMS\n".to_owned(),
        |n| format!("files: {n} as written\n"),
    )
}

fn as_text(results: &[(Way, Vec<Difference>)], n_replicates: u32) -> String {
    let mut rows = vec![["way", "replicates", "digests"].map(str::to_owned).to_vec()];
    for (way, differences) in results {
        let verdict = match differences.len() {
            0 => "equal".to_owned(),
            n => format!("{n} differ"),
        };
        rows.push(vec![way.words(), n_replicates.to_string(), verdict]);
    }
    let mut text = columns(&rows, "");
    for (way, differences) in results {
        for difference in differences {
            let Difference { replicate, table, recorded, found } = difference;
            let line =
                format!("{}: replicate {replicate}, table {table}: {recorded} recorded, {found} now\n", way.words());
            text.push_str(&line);
        }
    }
    text
}

fn as_json(files: Option<usize>, results: &[(Way, Vec<Difference>)], n_replicates: u32) -> String {
    let ways: Vec<_> = results
        .iter()
        .map(|(way, differences)| {
            let differences: Vec<_> = differences
                .iter()
                .map(|d| json!({"replicate": d.replicate, "table": d.table, "recorded": d.recorded, "found": d.found}))
                .collect();
            json!({"way": way.words(), "equal": differences.is_empty(), "differences": differences})
        })
        .collect();
    format!("{:#}\n", json!({"files_as_written": files, "replicates": n_replicates, "ways": ways}))
}

fn failure_of(error: VerifyError) -> Failure {
    let hint = match &error {
        VerifyError::Foreign { what: "the program's version", .. } => "verify it with the program that wrote it",
        VerifyError::Foreign { .. } => "the folder's scenario was changed since, or was run with other values",
        _ => "",
    };
    let error = anyhow::Error::new(error);
    Failure::Input(if hint.is_empty() { error } else { anyhow::anyhow!("{error:#}; {hint}") })
}
