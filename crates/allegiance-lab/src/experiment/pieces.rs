//! Pieces of an experiment: some replicates of one arm in one variant.

use super::{Experiment, ExperimentError, Variant};
use crate::measured::{KeptReplicate, Measured};
use allegiance_model::World;
use allegiance_record::outcomes::{Outcome, measure_outcomes};
use allegiance_replay::{WorkProgress, simulate};
use allegiance_runs::work_folder::WorkFolder;
use allegiance_runs::{Stopped, Threads};
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::ops::Range;

/// Runs pieces, or takes them from what an earlier process has kept.
pub(super) struct Pieces<'a> {
    experiment: &'a Experiment<'a>,
    folder: Option<&'a WorkFolder>,
    kept: BTreeMap<String, String>,
    threads: Threads,
    progress: &'a dyn WorkProgress,
}

impl<'a> Pieces<'a> {
    pub(super) fn new(
        experiment: &'a Experiment<'a>,
        threads: usize,
        folder: Option<&'a WorkFolder>,
        progress: &'a dyn WorkProgress,
    ) -> Result<Self, ExperimentError> {
        let kept = match folder {
            Some(folder) => folder.kept()?,
            None => BTreeMap::new(),
        };
        Ok(Self { experiment, folder, kept, threads: Threads(threads), progress })
    }

    /// Announces how much there is to do at most.
    pub(super) fn begin(&self, n_pieces: usize) {
        self.progress.begin(n_pieces as u64, 0);
    }

    /// Some replicates of an arm in a variant; `name` is the piece's own.
    pub(super) fn measure(
        &self,
        name: &str,
        arm: usize,
        variant: &Variant,
        replicates: Range<u32>,
    ) -> Result<Measured, ExperimentError> {
        let n_outcomes = self.experiment.outcomes.len();
        let is_whole = |rows: &Vec<KeptReplicate>| {
            rows.len() == replicates.len() && rows.iter().all(|row| row.n_outcomes() == n_outcomes)
        };
        let kept: Option<Vec<KeptReplicate>> =
            self.kept.get(name).and_then(|text| serde_json::from_str(text).ok()).filter(is_whole);
        let rows = match kept {
            Some(rows) => rows,
            None => self.run(name, arm, variant, replicates)?,
        };
        self.progress.piece_done();
        Ok(Measured::of(rows))
    }

    fn run(
        &self,
        name: &str,
        arm: usize,
        variant: &Variant,
        replicates: Range<u32>,
    ) -> Result<Vec<KeptReplicate>, ExperimentError> {
        let cant_run = |cause: String| ExperimentError::Arm {
            arm: self.experiment.arms[arm].id.clone(),
            variant: variant.word(),
            cause,
        };
        let setup = (self.experiment.build)(arm, variant).map_err(cant_run)?;
        // Arms may number their groups differently.
        let outcomes: Vec<Outcome> = self
            .experiment
            .outcomes
            .iter()
            .map(|outcome| Outcome::parse(&outcome.name, &setup).map_err(|error| cant_run(error.to_string())))
            .collect::<Result<_, _>>()?;
        let world = World::build(setup);
        let is_cancelled = || self.progress.is_cancelled();
        let rows = self.threads.work(replicates.len(), &is_cancelled, |at, _| {
            let replicate = replicates.start + at as u32;
            let records = simulate(&world, replicate)?;
            let values = measure_outcomes(&outcomes, &records, &world.setup, replicate);
            Ok::<KeptReplicate, Stopped<Infallible>>(KeptReplicate::of(&records, &values))
        });
        let rows = rows.map_err(|stopped| match stopped {
            Stopped::Cancelled => ExperimentError::Cancelled,
            Stopped::Broken(broken) => broken.into(),
            Stopped::Failed(never) => match never {},
        })?;
        if let Some(folder) = self.folder {
            folder.keep(name, &serde_json::to_string(&rows).expect("numbers are always JSON"))?;
        }
        Ok(rows)
    }
}
