//! Studies that can be kept in a folder and continued there: the options that
//! they share.

use std::path::PathBuf;

use allegiance_lab::paired::{Finished, Replicates, StudyError, StudyFolder, digest_of_study, run_study};
use allegiance_model::setup::Setup;
use allegiance_model::theory::OwnTheory;
use allegiance_runs::OpenFolderError;
use serde::Serialize;

use crate::failure::Failure;
use crate::output;
use crate::output::Format;
use crate::progress::PieceProgress;

/// Where results are kept, and who is told of what goes on.
#[derive(Debug, clap::Args)]
pub(crate) struct Keep {
    /// Keep the results in a folder, so that an interrupted study can be continued
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Replace older results in the folder
    #[arg(long, requires = "out")]
    overwrite: bool,
    /// Continue an unfinished study in the folder
    #[arg(long, requires = "out", conflicts_with = "overwrite")]
    resume: bool,
    /// Print only results and errors
    #[arg(long, short)]
    quiet: bool,
}

/// What a study is of: decides whether an unfinished one is the same.
pub(crate) struct Subject<'a> {
    /// The file that tells a finished one, such as `theories.json`.
    pub(crate) head: &'a str,
    /// What is simulated.
    pub(crate) setup: &'a Setup,
    /// Theories that are set beside it.
    pub(crate) theories: &'a [OwnTheory],
    /// How much of it.
    pub(crate) numbers: &'a [u32],
}

impl Keep {
    /// Runs a study with a bar, on so many threads.
    pub(crate) fn run<R: Serialize, E: From<StudyError>>(
        &self,
        subject: &Subject<'_>,
        threads: usize,
        study: impl FnOnce(&Replicates<'_>) -> Result<R, E>,
        tell: impl FnOnce(&R) -> String,
    ) -> Result<Finished, E> {
        let progress = PieceProgress::new(self.quiet, "replicates");
        let kept = self.out.as_ref().map(|out| StudyFolder {
            out,
            overwrite: self.overwrite,
            resume: self.resume,
            version: env!("CARGO_PKG_VERSION"),
            head: subject.head,
            work_digest: digest_of_study(subject.head, subject.setup, subject.theories, subject.numbers),
        });
        let finished = run_study(Replicates::new(threads, &progress), kept.as_ref(), study, tell);
        progress.finish();
        finished
    }

    /// Prints results, and where they are kept.
    pub(crate) fn print(&self, results: &str, finished: &Finished) -> Result<(), Failure> {
        output::print(results)?;
        match &finished.folder {
            Some(folder) if !self.quiet => output::talk(&format!("written to {}", folder.display())),
            _ => {}
        }
        Ok(())
    }
}

impl Format {
    /// The results in this format.
    pub(crate) fn of(self, finished: &Finished) -> String {
        match self {
            Self::Text => finished.text.clone(),
            Self::Json => format!("{}\n", finished.json),
        }
    }
}

impl From<StudyError> for Failure {
    fn from(error: StudyError) -> Self {
        let hint = match &error {
            StudyError::Open(OpenFolderError::Unfinished { .. }) => " (use --resume or --overwrite)",
            StudyError::Open(OpenFolderError::Exists { .. } | OpenFolderError::Foreign { .. }) => {
                " (use --out or --overwrite)"
            }
            _ => "",
        };
        match error {
            StudyError::Broken(broken) => broken.into(),
            error if hint.is_empty() => Self::Output(error.into()),
            error => Self::Output(anyhow::anyhow!("{error}{hint}")),
        }
    }
}
