//! The runs that are shown, and what has been worked out about them.

use crate::kept::Kept;
use crate::packed::Packed;
use allegiance_model::setup::Setup;
use allegiance_model::tables::Records;
use allegiance_record::setup_differences::setup_differences;
use allegiance_runs::Threads;
use allegiance_runs::{FinishedRun, ReadRunError};
use allegiance_show::setup_differences::other_worlds_in_words;
use allegiance_show::view::{
    Agreement, Bands, History, Overview, Pair, PairRunsError, ScenarioFiles, Series, SeriesDifference, check_pair,
    differences, nothing_differs, series_of_run,
};
use axum::body::Bytes;
use serde::Serialize;
use std::sync::Arc;

/// Histories kept as text, a run.
const HISTORIES_KEPT: usize = 8;
/// Records kept for stories and lists of people, a run.
const RECORDS_KEPT: usize = 2;
/// The number of what there is one of.
const ONE: u32 = 0;

/// Why runs can't be shown.
#[derive(Debug, thiserror::Error)]
pub enum ShowRunsError {
    /// A run can't be read.
    #[error(transparent)]
    Read(#[from] ReadRunError),
    /// Two runs can't be side by side.
    #[error(transparent)]
    Pair(#[from] PairRunsError),
    /// Two runs have other people.
    #[error("the runs are different worlds, whose replicates share no random draws: {0}")]
    Worlds(String),
}

/// The series of every replicate.
type AllSeries = Arc<Vec<Vec<Series>>>;

/// What a run was made from.
#[derive(Debug, Clone)]
pub struct Origin {
    /// What its engine was given.
    pub setup: Setup,
    /// The scenario that the setup is of, with the word by which the command line knows it.
    pub scenario: ScenarioFiles,
}

/// One run.
#[derive(Debug)]
pub struct Exhibit {
    pub(crate) run: FinishedRun,
    /// What it was made from, or why that can't be had.
    origin: Result<Origin, String>,
    overview: Overview,
    histories: Kept<Packed>,
    records: Kept<Arc<Records>>,
    series: Kept<AllSeries>,
    bands: Kept<Packed>,
    agreement: Kept<Packed>,
}

impl Exhibit {
    /// A run to show. `origin` is what it was made from, or says why that
    /// can't be had; then nothing can be simulated again.
    ///
    /// # Errors
    /// Where the run can't be read.
    pub fn new(run: FinishedRun, origin: Result<Origin, String>) -> Result<Self, ReadRunError> {
        Ok(Self {
            overview: Overview::of_run(&run, origin.as_ref().ok().map(|origin| &origin.setup))?.with_base(),
            run,
            origin,
            histories: Kept::new(HISTORIES_KEPT),
            records: Kept::new(RECORDS_KEPT),
            series: Kept::new(1),
            bands: Kept::new(1),
            agreement: Kept::new(1),
        })
    }

    /// What its engine was given, or why that can't be had.
    pub(crate) fn setup(&self) -> Result<&Setup, &String> {
        self.origin.as_ref().map(|origin| &origin.setup)
    }

    /// Its scenario, or why that can't be had.
    pub(crate) fn scenario(&self) -> Result<Packed, &String> {
        self.origin.as_ref().map(|origin| Packed::of(&origin.scenario))
    }

    /// The same for readers elsewhere, who have no use for where it lies here.
    pub(crate) fn scenario_elsewhere(&self) -> Result<Packed, &String> {
        self.origin
            .as_ref()
            .map(|Origin { scenario, .. }| Packed::of(&ScenarioFiles { named: None, ..scenario.clone() }))
    }

    pub(crate) fn n_replicates(&self) -> u32 {
        self.overview.n_replicates
    }

    pub(crate) fn history(&self, replicate: u32) -> Result<Packed, ReadRunError> {
        self.histories.get(replicate, || Ok(Packed::of(&History::of_run(&self.run, replicate)?)))
    }

    pub(crate) fn records(&self, replicate: u32) -> Result<Arc<Records>, ReadRunError> {
        self.records.get(replicate, || self.run.records(replicate).map(Arc::new))
    }

    pub(crate) fn bands(&self) -> Result<Packed, ReadRunError> {
        self.bands.get(ONE, || Ok(Packed::of(&Bands::of(&self.series()?, self.run.setting()))))
    }

    pub(crate) fn agreement(&self) -> Result<Packed, ReadRunError> {
        self.agreement.get(ONE, || Ok(Packed::of(&Agreement::of_run(&self.run, &Threads(0))?)))
    }

    fn series(&self) -> Result<AllSeries, ReadRunError> {
        self.series.get(ONE, || series_of_run(&self.run, &Threads(0)).map(Arc::new))
    }
}

/// All that is shown.
#[derive(Debug)]
pub struct Exhibition {
    exhibits: Vec<Exhibit>,
    runs: Packed,
    difference: Kept<Packed>,
}

/// The answer that lists the runs.
#[derive(Debug, Serialize)]
struct Runs<'e> {
    runs: Vec<&'e Overview>,
    /// What each further run is to the first.
    pairs: Vec<Pair>,
}

impl Exhibition {
    /// One run, or several side by side.
    ///
    /// # Errors
    /// Where they aren't of the same places, groups and seed.
    pub fn of(exhibits: Vec<Exhibit>) -> Result<Self, ShowRunsError> {
        let mut pairs = Vec::new();
        if let Some((first, others)) = exhibits.split_first() {
            for other in others {
                check_pair(&first.run, &other.run)?;
                let setups = setups_of(first, other);
                let differs = setups.as_ref().ok().map(|[first, other]| setup_differences(first, other));
                if let Some(words) = differs.as_deref().and_then(other_worlds_in_words) {
                    return Err(ShowRunsError::Worlds(words));
                }
                pairs.push(Pair::of_runs(&first.run, &other.run, setups));
            }
        }
        let runs = Packed::of(&Runs { runs: exhibits.iter().map(|exhibit| &exhibit.overview).collect(), pairs });
        Ok(Self { exhibits, runs, difference: Kept::new(1) })
    }

    pub(crate) fn runs(&self) -> Packed {
        self.runs.clone()
    }

    pub(crate) fn exhibit(&self, number: usize) -> Option<&Exhibit> {
        self.exhibits.get(number)
    }

    /// The second run minus the first; none unless there are two.
    pub(crate) fn difference(&self) -> Result<Option<Packed>, ReadRunError> {
        let [first, second] = self.exhibits.as_slice() else {
            return Ok(None);
        };
        let make = || -> Result<Packed, ReadRunError> {
            let setups = setups_of(first, second).ok();
            let nothing = nothing_differs(first.run.manifest(), second.run.manifest(), setups);
            let [a, b] = [first.series()?, second.series()?];
            let setting = first.run.setting();
            let found: Vec<SeriesDifference> = differences(&a, &b, setting, nothing.as_ref(), &Threads(0));
            Ok(Packed::of(&found))
        };
        self.difference.get(ONE, make).map(Some)
    }
}

/// What the engines of two runs were given, or why that can't be had.
fn setups_of<'e>(first: &'e Exhibit, second: &'e Exhibit) -> Result<[&'e Setup; 2], String> {
    match (first.setup(), second.setup()) {
        (Ok(first), Ok(second)) => Ok([first, second]),
        (Err(why), _) | (_, Err(why)) => Err(why.clone()),
    }
}

/// A view as JSON.
pub(crate) fn json(view: &impl Serialize) -> Bytes {
    Bytes::from(serde_json::to_vec(view).expect("a view has only texts as keys"))
}
