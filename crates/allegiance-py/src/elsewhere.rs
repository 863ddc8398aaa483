//! Recoveries and calibrations whose wars are simulated elsewhere: one process owns the folder of
//! draws, others simulate wars and send back their rows.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use allegiance_lab::inference::draw_table::DrawColumn;
use allegiance_lab::inference::workers::{SimulateWar, WantedChunk, WantedWar};
use allegiance_lab::inference::{Calibrated, CalibrationCourse, DrawFolder, Study, WHOLE};
use allegiance_replay::Silent;
use allegiance_runs::{Stopped, Threads};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::errors::{argument, elsewhere, of_draws};
use crate::inference::{calibrated, folder_of_calibration, settings_of, study, told};
use crate::scenario::Scenario;
use crate::work::follow;

/// A war as it travels: its number, and its positions in the priors.
type War = (u32, Vec<f64>);
/// A chunk as it travels: its table, its number, and its wars.
type Chunk = (String, u32, Vec<War>);

/// What simulates the wars of a study or of a calibration; it keeps nothing.
#[pyclass(frozen, module = "allegiance._native")]
pub(crate) struct Wars {
    simulate: Box<dyn SimulateWar + Send>,
    digest: String,
}

impl Wars {
    fn of(py: Python<'_>, simulate: impl SimulateWar + Send + 'static) -> PyResult<Self> {
        let digest = simulate.digest().map_err(|error| of_draws(py, &error))?;
        Ok(Self { simulate: Box::new(simulate), digest })
    }
}

#[pymethods]
impl Wars {
    /// The wars of a study.
    #[staticmethod]
    fn of_study(
        py: Python<'_>,
        scenario: &Scenario,
        parameters: Vec<String>,
        theories: Vec<(String, String)>,
        evidence: Vec<PathBuf>,
    ) -> PyResult<Self> {
        Self::of(py, study(py, scenario, &parameters, &theories, &evidence)?)
    }

    /// The wars of a calibration.
    #[staticmethod]
    fn of_calibration(
        py: Python<'_>,
        scenario: &Scenario,
        particles: u32,
        parameters: Vec<String>,
        evidence: Vec<PathBuf>,
    ) -> PyResult<Self> {
        Self::of(py, calibrated(py, scenario, particles, &parameters, &evidence)?)
    }

    /// Simulates wars one after the other; gives the digest of what they are of, and their rows as
    /// numbers of eight bytes, the lowest first.
    fn simulate<'py>(&self, py: Python<'py>, wars: Vec<War>) -> PyResult<(String, Bound<'py, PyBytes>)> {
        let wars: Vec<WantedWar> =
            wars.into_iter().map(|(number, positions)| WantedWar { number, positions }).collect();
        let rows = follow(py, None, |listener| {
            let is_cancelled = || allegiance_replay::Progress::is_cancelled(listener);
            Threads(1).work(wars.len(), &is_cancelled, |at, _| {
                Ok::<Vec<f64>, Stopped<Infallible>>(self.simulate.row_of(&wars[at])?)
            })
        })?;
        let rows = rows.map_err(|stopped| match stopped {
            Stopped::Broken(broken) => of_draws(py, &broken.into()),
            // Whoever cancels has raised an exception of his own.
            Stopped::Cancelled | Stopped::Failed(_) => argument(py, "the work was cancelled", None),
        })?;
        let bytes: Vec<u8> = rows.iter().flatten().flat_map(|value| value.to_le_bytes()).collect();
        Ok((self.digest.clone(), PyBytes::new(py, &bytes)))
    }
}

/// What is filled.
enum Task {
    /// The table of a study, and its chunks that are missing.
    Table { missing: Vec<u32>, n_all: u32 },
    /// A calibration, how far it has come, and its most simulations.
    Calibration(Box<(Calibrated, CalibrationCourse)>, u32),
}

/// A chunk that was given out, and its rows so far.
struct Given {
    n_rows: usize,
    /// Pieces that came back, by the first of their rows.
    pieces: BTreeMap<usize, Vec<f64>>,
}

impl Given {
    /// The rows, once all are there.
    fn whole(&self, n_columns: usize) -> Option<Vec<Vec<f64>>> {
        let values: Vec<f64> = self.pieces.values().flatten().copied().collect();
        (values.len() == self.n_rows * n_columns).then(|| values.chunks(n_columns).map(<[f64]>::to_vec).collect())
    }
}

struct State {
    task: Task,
    given: BTreeMap<(String, u32), Given>,
    kept: BTreeSet<(String, u32)>,
    n_done: u32,
}

/// A table of draws whose wars are simulated elsewhere; this process keeps them.
#[pyclass(frozen, module = "allegiance._native")]
pub(crate) struct OpenDraws {
    folder: DrawFolder,
    columns: Vec<DrawColumn>,
    state: Mutex<State>,
}

impl OpenDraws {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn of(folder: DrawFolder, columns: Vec<DrawColumn>, task: Task, n_done: u32) -> Self {
        let state = State { task, given: BTreeMap::new(), kept: BTreeSet::new(), n_done };
        Self { folder, columns, state: Mutex::new(state) }
    }
}

#[pymethods]
impl OpenDraws {
    /// The table of a study.
    #[staticmethod]
    fn of_study(
        py: Python<'_>,
        scenario: &Scenario,
        draws: u32,
        parameters: Vec<String>,
        theories: Vec<(String, String)>,
        evidence: Vec<PathBuf>,
        table: Option<PathBuf>,
    ) -> PyResult<Self> {
        let study = study(py, scenario, &parameters, &theories, &evidence)?;
        let folder =
            study.open(&table.unwrap_or_else(|| study.usual_folder())).map_err(|error| of_draws(py, &error))?;
        let mut missing = py.detach(|| study.missing(&folder, draws, WHOLE));
        let cut = Study::cut(draws);
        let n_done = cut.n_draws - missing.len() as u32 * cut.chunk_size;
        // Given out from the end of the list, so that the first are simulated first.
        missing.reverse();
        Ok(Self::of(folder, study.columns(), Task::Table { missing, n_all: cut.n_draws }, n_done))
    }

    /// A calibration.
    #[staticmethod]
    #[expect(clippy::too_many_arguments, reason = "Python's wrapper names them")]
    fn of_calibration(
        py: Python<'_>,
        scenario: &Scenario,
        budget: u32,
        minutes: Option<u32>,
        particles: u32,
        parameters: Vec<String>,
        evidence: Vec<PathBuf>,
        out: Option<PathBuf>,
    ) -> PyResult<Self> {
        let calibrated = calibrated(py, scenario, particles, &parameters, &evidence)?;
        let settings = settings_of(&calibrated, budget, minutes);
        let folder = folder_of_calibration(py, &calibrated, out)?;
        let (columns, course) = (calibrated.columns(), calibrated.begin(settings));
        Ok(Self::of(folder, columns, Task::Calibration(Box::new((calibrated, course)), budget), 0))
    }

    /// The folder in which it is kept.
    #[getter]
    fn folder(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    /// How many wars are simulated, and how many there can be at most.
    fn progress(&self) -> (u32, u32) {
        let state = self.state();
        match &state.task {
            Task::Table { n_all, .. } => (state.n_done, *n_all),
            Task::Calibration(work, budget) => (work.1.n_simulated().min(*budget), *budget),
        }
    }

    /// At most so many chunks that nobody has been given. There are none where the others have to
    /// come back first, or nothing is left to do.
    fn wanted(&self, most: usize) -> Vec<Chunk> {
        let mut state = self.state();
        let chunks: Vec<WantedChunk> = match &mut state.task {
            Task::Table { missing, .. } => {
                missing.split_off(missing.len().saturating_sub(most)).into_iter().rev().map(Study::wanted).collect()
            }
            Task::Calibration(work, _) => {
                let (calibrated, course) = work.as_mut();
                calibrated.wants(&self.folder, course, &Silent)
            }
        };
        let mut found = Vec::new();
        for wanted in chunks {
            let name = (wanted.table.clone(), wanted.chunk);
            if found.len() == most || state.given.contains_key(&name) || state.kept.contains(&name) {
                continue;
            }
            state.given.insert(name, Given { n_rows: wanted.wars.len(), pieces: BTreeMap::new() });
            let wars = wanted.wars.into_iter().map(|war| (war.number, war.positions)).collect();
            found.push((wanted.table, wanted.chunk, wars));
        }
        found
    }

    /// Takes the rows of a chunk from `first` on, as `Wars.simulate` gives them; the chunk is kept once
    /// it has all.
    fn keep(
        &self,
        py: Python<'_>,
        table: String,
        chunk: u32,
        first: usize,
        rows: (String, Bound<'_, PyBytes>),
    ) -> PyResult<()> {
        let (digest, bytes) = rows;
        let bytes = bytes.as_bytes();
        if digest != self.folder.digest() {
            let why = "wars of another study came back: the same version, scenario and files must be everywhere";
            return Err(elsewhere(py, why));
        }
        let name = (table, chunk);
        let mut state = self.state();
        let not_wanted = || elsewhere(py, "what came back isn't a part of what was asked for");
        let given = state.given.get_mut(&name).ok_or_else(not_wanted)?;
        let values: Vec<f64> = bytes.as_chunks::<8>().0.iter().map(|value| f64::from_le_bytes(*value)).collect();
        let n_rows = values.len() / self.columns.len();
        if values.len() != n_rows * self.columns.len()
            || bytes.len() != values.len() * 8
            || first + n_rows > given.n_rows
        {
            return Err(not_wanted());
        }
        given.pieces.insert(first, values);
        let whole = given.whole(self.columns.len());
        state.n_done += n_rows as u32;
        if let Some(rows) = whole {
            let (table, chunk) = &name;
            self.folder.write_chunk(table, *chunk, &self.columns, &rows).map_err(|error| of_draws(py, &error))?;
            state.given.remove(&name);
            state.kept.insert(name);
        }
        Ok(())
    }

    /// Ends a calibration: writes what it has found and enters it in the register; gives JSON and text.
    fn finish(&self, py: Python<'_>) -> PyResult<(String, String)> {
        let state = self.state();
        let Task::Calibration(work, _) = &state.task else {
            return Err(argument(py, "only a calibration ends here", None));
        };
        let (calibrated, course) = work.as_ref();
        let concluded = calibrated.conclude(&self.folder, course).and_then(|(calibration, effort)| {
            self.folder.enter(&calibrated.entry(&calibration, effort))?;
            Ok((calibration, effort))
        });
        let (calibration, effort) = concluded.map_err(|error| of_draws(py, &error))?;
        Ok(told(&calibration, effort))
    }
}
