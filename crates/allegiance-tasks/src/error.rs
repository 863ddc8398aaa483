//! What can be wrong with what was asked.

use std::error::Error;

use allegiance_import::build::BuildError;
use allegiance_import::ged::ReadGedError;
use allegiance_lab::experiment::ReadExperimentError;
use allegiance_lab::inference::{FindPriorError, RecoverError};
use allegiance_lab::sweep::{ShardError, SweepError};
pub use allegiance_record::Fix;
use allegiance_runs::ReadRunError;
use allegiance_runs::new_folder::WriteNewFolderError;
use allegiance_scenario::{ApplyChangeError, LoadDocumentError, LoadScenarioError};
use allegiance_show::story::TellStoryError;
use allegiance_show::view::PairRunsError;

/// Why a task can't be set up.
#[derive(Debug, thiserror::Error)]
pub enum TaskError {
    /// The scenario can't be loaded.
    #[error("{cause}")]
    Load {
        /// Its name or path.
        name: String,
        /// Why.
        cause: LoadScenarioError,
    },
    /// The design or experiment can't be loaded.
    #[error(transparent)]
    Document(#[from] LoadDocumentError),
    /// The scenario can't be changed so.
    #[error(transparent)]
    Change(#[from] ApplyChangeError),
    /// The record can't be read.
    #[error(transparent)]
    Record(#[from] ReadGedError),
    /// The run can't be read.
    #[error(transparent)]
    Read(#[from] ReadRunError),
    /// There is no such parameter to infer.
    #[error(transparent)]
    Prior(#[from] FindPriorError),
    /// The experiment's folder can't be read.
    #[error(transparent)]
    Experiment(#[from] ReadExperimentError),
    /// Two runs can't be paired.
    #[error(transparent)]
    Pair(#[from] PairRunsError),
    /// The folder can't be written.
    #[error(transparent)]
    Folder(WriteNewFolderError),
    /// The story can't be told.
    #[error(transparent)]
    Tell(#[from] TellStoryError),
    /// A word or a number of the question stands for nothing.
    #[error("{text}")]
    Question {
        /// What is wrong with it.
        text: String,
        /// What helps, which every caller says in its own words.
        fix: Option<Fix>,
    },
}

/// What helps against an error of any library, where one of its causes tells.
pub fn fix_of(error: &(dyn Error + 'static)) -> Option<Fix> {
    let mut next = Some(error);
    while let Some(error) = next {
        let fix = of_one(error);
        if fix.is_some() {
            return fix;
        }
        next = error.source();
    }
    None
}

fn of_one(error: &(dyn Error + 'static)) -> Option<Fix> {
    let of_task = |error: &TaskError| match error {
        TaskError::Read(error) => error.fix(),
        TaskError::Folder(_) => error.folder_fix(),
        TaskError::Question { fix, .. } => fix.clone(),
        _ => None,
    };
    let of_sweep = |error: &SweepError| if let SweepError::Shards(error) = error { error.fix() } else { None };
    let of_build =
        |error: &BuildError| if let BuildError::Fixable { fix, .. } = error { Some(fix.clone()) } else { None };
    error
        .downcast_ref::<TaskError>()
        .and_then(of_task)
        .or_else(|| error.downcast_ref::<SweepError>().and_then(of_sweep))
        .or_else(|| error.downcast_ref::<BuildError>().and_then(of_build))
        .or_else(|| error.downcast_ref::<ReadRunError>().and_then(ReadRunError::fix))
        .or_else(|| error.downcast_ref::<WriteNewFolderError>().and_then(WriteNewFolderError::fix))
        .or_else(|| error.downcast_ref::<ShardError>().and_then(ShardError::fix))
        .or_else(|| error.downcast_ref::<RecoverError>().and_then(RecoverError::fix))
}

impl TaskError {
    /// What helps where the folder of a new scenario can't be written: it has no
    /// setting of its own.
    pub fn folder_fix(&self) -> Option<Fix> {
        let Self::Folder(error) = self else { return None };
        match error.fix()? {
            Fix::OtherFolderOrRemove | Fix::OtherFolder => Some(Fix::NameAnotherOrRemove),
            fix => Some(fix),
        }
    }

    pub(crate) fn question(text: impl Into<String>) -> Self {
        Self::Question { text: text.into(), fix: None }
    }

    pub(crate) fn fixable(text: impl Into<String>, fix: Fix) -> Self {
        Self::Question { text: text.into(), fix: Some(fix) }
    }
}
