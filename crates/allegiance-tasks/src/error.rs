//! What can be wrong with what was asked.

use allegiance_import::ged::ReadGedError;
use allegiance_lab::inference::FindPriorError;
use allegiance_record::setup_differences::DifferenceKind;
use allegiance_runs::ReadRunError;
use allegiance_scenario::{ApplyChangeError, LoadDocumentError, LoadScenarioError};
use allegiance_show::story::TellStoryError;

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

/// What helps against a question that stands for nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fix {
    /// Look at the outcomes of this scenario.
    ListOutcomes(String),
    /// Name the incident.
    NameIncident,
    /// Name a case in the scenario's file.
    NameCase,
    /// Name parameters, here or in the case.
    NameParameters,
    /// Pick another kind of person, or run more replicates.
    PickAnother,
    /// Compare setups that are alike in this.
    SameWorld(DifferenceKind),
}

impl TaskError {
    pub(crate) fn question(text: impl Into<String>) -> Self {
        Self::Question { text: text.into(), fix: None }
    }

    pub(crate) fn fixable(text: impl Into<String>, fix: Fix) -> Self {
        Self::Question { text: text.into(), fix: Some(fix) }
    }
}
