//! `allegiance verify`: simulate a finished run again and compare digests.

use std::path::PathBuf;

use allegiance_runs::RunOptions;
use allegiance_runs::verify::{VerifyError, verify};
use allegiance_tasks::{CheckedFiles, Verification, help_to_verify, input_again, render_verification};

use crate::commands::run::signed;
use crate::commands::story::open;
use crate::failure::Failure;
use crate::numbers;
use crate::output;
use crate::output::Format;
use crate::progress::RunProgress;

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
    let folder = &arguments.run;
    let files = CheckedFiles::of(folder).map_err(|error| Failure::Input(error.into()))?;
    if let Some(refusal) = files.refusal(folder) {
        files.changed.iter().for_each(|file| output::talk(&file.to_string()));
        return Err(Failure::Said(refusal));
    }
    let finished = open(folder)?;
    let manifest = finished.manifest();
    let input = input_again(&finished)?;
    let options = signed(RunOptions::new(folder.clone()));
    let n_replicates = arguments.replicates.unwrap_or(manifest.n_replicates).min(manifest.n_replicates);
    let mut found = Verification { n_files: files.n_files, n_replicates, ways: Vec::new() };
    for way in Verification::ways_of(&finished, arguments.every_way) {
        let progress = RunProgress::new(arguments.quiet);
        let differences = verify(&input, &options, manifest, n_replicates, way, &progress);
        progress.finish();
        found.ways.push((way, differences.map_err(failure_of)?));
    }
    output::print(&match arguments.format {
        Format::Text => render_verification(&found),
        Format::Json => format!("{:#}\n", found.as_json()),
    })?;
    found.refusal(folder).map_or(Ok(()), |refusal| Err(Failure::Said(refusal)))
}

fn failure_of(error: VerifyError) -> Failure {
    let hint = help_to_verify(&error);
    let error = anyhow::Error::new(error);
    Failure::Input(match hint {
        None => error,
        Some(hint) => anyhow::anyhow!("{error:#}; {hint}"),
    })
}
