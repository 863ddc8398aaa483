//! Experiments: arms that differ in named ways, on the same seeds.
//!
//! Every draw is addressed, so that arms share all luck that their difference
//! doesn't touch, and differences within a replicate are far less noisy than
//! the replicates. The arms are compared with one of them, the baseline, on
//! outcomes that were named beforehand; then the sign of each difference is
//! looked at under every theory and over draws of the parameters' priors.
//!
//! Work is cut into pieces (a batch of replicates of one arm) that are kept as
//! they finish, so that a killed experiment resumes to the same bytes.

mod crossed;
mod folder;
mod pieces;
mod priors;
mod results;
mod tables;
mod variants;

pub use crossed::{ABOUT_NONE, CrossedDifference, FEWEST_DRAWS, Knowing, OutcomeParts, Parts};
pub use folder::{EXPERIMENT_HEAD, ExperimentReport, ReadExperimentError, read_experiment, run_experiment_into};
pub use priors::{LEAST_TOLD, PriorAgreement, ShareAbove};
pub use results::{
    Agreement, ArmDiffers, ArmEntry, ArmOutcome, ExperimentResults, SettingDifference, Stop, TheoryAgreement,
};
pub use variants::Variant;

pub use allegiance_record::experiment::{Precision, Robustness};

use allegiance_model::setup::Setup;
use allegiance_record::outcomes::Outcome;
use allegiance_record::setup_differences::SetupDifference;
use allegiance_replay::BrokenRun;
use allegiance_replay::WorkProgress;
use allegiance_runs::run_folder::{OpenFolderError, WriteFolderError};
use pieces::Pieces;

/// One arm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arm {
    /// Identifier.
    pub id: String,
    /// What it is.
    pub title: String,
    /// What differs from the baseline.
    pub differs: Vec<SetupDifference>,
}

/// Gives the setup of an arm in a variant; an error says why there is none.
pub type BuildArm<'a> = dyn Fn(usize, &Variant) -> Result<Setup, String> + Sync + 'a;

/// An experiment.
pub struct Experiment<'a> {
    /// Identifier.
    pub id: String,
    /// Title.
    pub title: String,
    /// What is asked.
    pub question: String,
    /// Identifier of the scenario.
    pub scenario_id: String,
    /// What every result of the scenario says of itself.
    pub about: &'static str,
    /// The files that state it, which are part of its identity.
    pub texts: Vec<String>,
    /// The arms, two or more.
    pub arms: Vec<Arm>,
    /// Position of the arm that the others are compared with.
    pub baseline: usize,
    /// What is measured.
    pub outcomes: Vec<Outcome>,
    /// How many replicates are run.
    pub precision: Precision,
    /// Where else the sign is looked at.
    pub robustness: Robustness,
    /// Builds an arm.
    pub build: &'a BuildArm<'a>,
    /// Puts the results into words, for `summary.txt`.
    pub summarise: fn(&ExperimentResults) -> String,
}

impl std::fmt::Debug for Experiment<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Experiment").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Why an experiment didn't finish.
#[derive(Debug, thiserror::Error)]
pub enum ExperimentError {
    /// An arm can't be built.
    #[error("the arm {arm} can't be run ({variant}): {cause}")]
    Arm {
        /// Identifier of the arm.
        arm: String,
        /// In which variant.
        variant: String,
        /// Why not.
        cause: String,
    },
    /// The folder can't be used.
    #[error(transparent)]
    Open(#[from] OpenFolderError),
    /// Something can't be written.
    #[error(transparent)]
    Write(#[from] WriteFolderError),
    /// The caller cancelled; finished pieces are kept where there is a folder.
    #[error("cancelled; resume to continue from what is finished")]
    Cancelled,
    /// A bound of the engine didn't hold.
    #[error("the engine stopped with a bug")]
    Broken(#[from] BrokenRun),
}

/// Runs an experiment without a folder.
///
/// # Errors
/// See [`ExperimentError`].
pub fn run_experiment(
    experiment: &Experiment<'_>,
    threads: usize,
    progress: &dyn WorkProgress,
) -> Result<ExperimentResults, ExperimentError> {
    let pieces = Pieces::new(experiment, threads, None, progress)?;
    results::run(experiment, &pieces).map(|found| found.results)
}
