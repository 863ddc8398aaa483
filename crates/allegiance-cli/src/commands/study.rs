//! Studies that can be kept in a folder and continued there: the options that
//! they share.

use std::path::PathBuf;

use allegiance_lab::paired::{Finished, Replicates, StudyError, StudySubject, Told, run_study};
use serde::Serialize;

use crate::failure::Failure;
use crate::numbers;
use crate::output;
use crate::output::TableFormat;
use crate::progress::PieceProgress;

/// Where results are kept, and who is told of what goes on.
#[derive(Debug, clap::Args)]
pub(crate) struct Keep {
    /// How many threads to use, 0 for one per core; results don't depend on it
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = numbers::threads())]
    threads: usize,
    /// Keep the results in a folder, so that an interrupted study can be continued
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Replace older results in the folder
    #[arg(long, requires = "out")]
    overwrite: bool,
    /// Continue an unfinished study in the folder; a finished one is checked
    #[arg(long, requires = "out", conflicts_with = "overwrite")]
    resume: bool,
    /// Print only results and errors
    #[arg(long, short)]
    quiet: bool,
}

impl Keep {
    /// Runs a study with a bar, on so many threads.
    pub(crate) fn run<R: Serialize, E: From<StudyError>>(
        &self,
        subject: &StudySubject<'_>,
        study: impl FnOnce(&Replicates<'_>) -> Result<R, E>,
        tell: impl FnOnce(&R) -> Told,
    ) -> Result<Finished, E> {
        let progress = PieceProgress::new(self.quiet, "replicates");
        let version = env!("CARGO_PKG_VERSION");
        let kept = self.out.as_ref().map(|out| subject.kept_in(out, version, self.overwrite, self.resume));
        let finished = run_study(Replicates::new(self.threads, &progress), kept.as_ref(), study, tell);
        progress.finish();
        finished
    }

    /// Prints results, and where they are kept.
    pub(crate) fn print(&self, format: TableFormat, finished: &Finished) -> Result<(), Failure> {
        match format {
            TableFormat::Text => output::print_words(&finished.told.text)?,
            format => output::print(&format.of(finished))?,
        }
        match &finished.folder {
            Some(folder) if !self.quiet => output::talk(&output::where_it_lies(folder, finished.was_finished)),
            _ => {}
        }
        Ok(())
    }
}

impl TableFormat {
    /// The results in this format.
    fn of(self, finished: &Finished) -> String {
        let told = &finished.told;
        match self {
            Self::Text => told.text.clone(),
            Self::Json => format!("{}\n", finished.json),
            Self::Csv => told.csv.clone(),
            Self::Markdown => told.markdown.clone(),
            Self::Latex => told.latex.clone(),
        }
    }
}

impl From<StudyError> for Failure {
    fn from(error: StudyError) -> Self {
        match error {
            StudyError::Broken(broken) => broken.into(),
            StudyError::Open(error) => error.into(),
            error => Self::Output(error.into()),
        }
    }
}
