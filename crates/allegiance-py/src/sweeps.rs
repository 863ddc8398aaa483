//! Sweeps and what they say about sensitivity.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use allegiance_lab::sensitivity::sensitivity as analyse;
use allegiance_lab::sweep::{
    FinishedRows, Part, Shard, SweepOptions, SweepReport, SweepResults, WantedRow, read_sweep, run_rows_elsewhere,
    sweep as run_sweep, sweep_is_finished,
};
use allegiance_report::sensitivity::render_sensitivity;
use allegiance_report::sweep::render_sweep;
use allegiance_scenario::{DesignFile, load_design_with, parse_design};
use allegiance_tasks::sweep_input;
use pyo3::prelude::*;

use crate::VERSION;
use crate::errors::{argument, of_document, of_kept, of_read, of_sweep};
use crate::experiments::folder_of;
use crate::work::{NThreads, follow};

/// File names of theories and their texts.
type Theories = Vec<(String, String)>;

/// A design from its file, or from a text that stands for one, with theories that lie in no
/// folder.
fn design_of(
    py: Python<'_>,
    file: Option<PathBuf>,
    text: Option<&str>,
    theories: &[(String, String)],
) -> PyResult<DesignFile> {
    let design = match (file, text) {
        (Some(file), _) => load_design_with(&file, theories),
        (None, text) => parse_design("design", text.unwrap_or_default(), theories),
    };
    design.map_err(|error| of_document(py, error))
}

/// The whole, or shard `(at, of)`.
fn part_of(py: Python<'_>, shard: Option<(u32, u32)>) -> PyResult<Part> {
    match shard {
        None => Ok(Part::Whole),
        Some((at, of)) if (1..=of).contains(&at) => Ok(Part::Shard(Shard { at, of })),
        Some((at, of)) => {
            Err(argument(py, format!("the shard {at} of {of} doesn't exist"), Some("shards count from 1")))
        }
    }
}

/// Runs the rows of a design: all, those of shard `(at, of)`, or none and joins
/// the shards, for `(0, 0)`. Gives the folder, `design.json`, and a text where
/// the sweep is whole.
#[pyfunction]
#[pyo3(signature = (file, text, theories, out, shard, threads, overwrite, resume, progress))]
#[expect(clippy::too_many_arguments, reason = "Python's wrapper names them")]
pub(crate) fn sweep(
    py: Python<'_>,
    file: Option<PathBuf>,
    text: Option<&str>,
    theories: Theories,
    out: Option<PathBuf>,
    shard: Option<(u32, u32)>,
    threads: NThreads,
    overwrite: bool,
    resume: bool,
    progress: Option<Py<PyAny>>,
) -> PyResult<Found> {
    let design = design_of(py, file, text, &theories)?;
    let part = if shard == Some((0, 0)) { Part::Merge } else { part_of(py, shard)? };
    let out = out.unwrap_or_else(|| folder_of("sweeps", &design.id));
    let options = SweepOptions { out, part, threads: threads.0, overwrite, resume, version: VERSION.to_owned() };
    let input = sweep_input(&design);
    let report = follow(py, progress.as_ref(), |listener| run_sweep(&input, &options, listener))?;
    found(py, report.map_err(|error| of_sweep(py, &error))?)
}

/// The folder, `design.json`, and a text where the sweep is whole.
type Found = (PathBuf, String, Option<String>);

fn found(py: Python<'_>, report: SweepReport) -> PyResult<Found> {
    let rendered = if report.manifest.shard.is_some() {
        None
    } else {
        let results = SweepResults::open(&report.folder).map_err(|error| of_read(py, &error, &report.folder))?;
        Some(render_sweep(&results))
    };
    Ok((report.folder, serde_json::json!(report.manifest).to_string(), rendered))
}

/// A finished sweep, or a finished shard of one.
#[pyfunction]
pub(crate) fn open_sweep(py: Python<'_>, folder: PathBuf) -> PyResult<Found> {
    let manifest = read_sweep(&folder).map_err(|error| of_read(py, &error, &folder))?;
    found(py, SweepReport { folder, manifest, was_finished: true })
}

/// A sweep whose rows are run elsewhere; this process owns its folder.
#[pyclass(frozen, module = "allegiance._native")]
pub(crate) struct OpenSweep {
    design: DesignFile,
    /// None once it is finished or closed.
    inner: Mutex<Option<allegiance_lab::sweep::OpenSweep>>,
}

impl OpenSweep {
    fn with<T>(
        &self,
        py: Python<'_>,
        act: impl FnOnce(&mut Option<allegiance_lab::sweep::OpenSweep>) -> PyResult<T>,
    ) -> PyResult<T> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if inner.is_none() {
            return Err(argument(py, "the sweep is finished or closed", None));
        }
        act(&mut inner)
    }
}

#[pymethods]
impl OpenSweep {
    /// Opens the folder of the whole or of shard `(at, of)`, new or to be resumed.
    #[new]
    #[expect(clippy::too_many_arguments, reason = "Python's wrapper names them")]
    fn new(
        py: Python<'_>,
        file: Option<PathBuf>,
        text: Option<&str>,
        theories: Theories,
        out: Option<PathBuf>,
        shard: Option<(u32, u32)>,
        overwrite: bool,
        resume: bool,
    ) -> PyResult<Self> {
        let design = design_of(py, file, text, &theories)?;
        let out = out.unwrap_or_else(|| folder_of("sweeps", &design.id));
        let part = part_of(py, shard)?;
        let options =
            SweepOptions { out, part, overwrite, resume, version: VERSION.to_owned(), ..SweepOptions::default() };
        let opened = allegiance_lab::sweep::OpenSweep::open(&sweep_input(&design), &options);
        let inner = opened.map_err(|error| of_sweep(py, &error))?;
        Ok(Self { inner: Mutex::new(Some(inner)), design })
    }

    /// The text of the design.
    #[getter]
    fn text(&self) -> &str {
        &self.design.text
    }

    /// The theories in files that the design names, each with its text.
    #[getter]
    fn theories(&self) -> Theories {
        sweep_input(&self.design).theories
    }

    /// Number of rows.
    #[getter]
    fn n_rows(&self, py: Python<'_>) -> PyResult<usize> {
        self.with(py, |inner| Ok(inner.as_ref().map_or(0, allegiance_lab::sweep::OpenSweep::n_rows)))
    }

    /// The rows that nobody has run yet.
    fn missing(&self, py: Python<'_>) -> PyResult<Vec<u32>> {
        self.with(py, |inner| Ok(inner.as_ref().map_or_else(Vec::new, allegiance_lab::sweep::OpenSweep::missing)))
    }

    /// Rows with their coordinates, for `Rows.run`.
    fn wanted(&self, py: Python<'_>, rows: Vec<u32>) -> PyResult<Vec<(u32, Vec<f64>)>> {
        self.with(py, |inner| {
            let wanted = rows.into_iter().filter_map(|row| inner.as_ref()?.wanted(row));
            Ok(wanted.map(|wanted| (wanted.row, wanted.point)).collect())
        })
    }

    /// Keeps rows that came back from `Rows.run`.
    fn keep(&self, py: Python<'_>, finished: (String, Vec<String>)) -> PyResult<()> {
        let (work, records) = finished;
        let finished = FinishedRows { work, records };
        self.with(py, |inner| match inner {
            Some(inner) => inner.keep(&finished).map_err(|error| of_kept(py, &error)),
            None => Ok(()),
        })
    }

    /// Lets go of the folder; what was kept stays for a resume.
    fn close(&self) {
        *self.inner.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Writes the folder of the whole sweep.
    fn finish(&self, py: Python<'_>) -> PyResult<Found> {
        let input = sweep_input(&self.design);
        let report = self.with(py, |inner| match inner.take() {
            Some(inner) => inner.finish(&input).map_err(|error| of_sweep(py, &error)),
            None => Err(argument(py, "the sweep is finished or closed", None)),
        })?;
        found(py, report)
    }
}

/// What runs rows of a design; it keeps nothing.
#[pyclass(frozen, module = "allegiance._native")]
pub(crate) struct Rows(DesignFile);

#[pymethods]
impl Rows {
    /// Reads a design, once for all its rows.
    #[new]
    fn new(py: Python<'_>, file: Option<PathBuf>, text: Option<&str>, theories: Theories) -> PyResult<Self> {
        design_of(py, file, text, &theories).map(Self)
    }

    /// Runs rows one after the other, each with its coordinates, and gives them with the sweep that
    /// they belong to, for `OpenSweep.keep`.
    fn run(&self, py: Python<'_>, wanted: Vec<(u32, Vec<f64>)>) -> PyResult<(String, Vec<String>)> {
        let wanted: Vec<WantedRow> = wanted.into_iter().map(|(row, point)| WantedRow { row, point }).collect();
        let input = sweep_input(&self.0);
        let finished = follow(py, None, |_listener| run_rows_elsewhere(&input, VERSION, &wanted))?;
        Ok((finished.work, finished.records))
    }
}

/// What an outcome depends on, from a design or a swept folder, as JSON and
/// text.
#[pyfunction]
#[pyo3(signature = (file, text, theories, out, threads, progress))]
pub(crate) fn sensitivity(
    py: Python<'_>,
    file: Option<PathBuf>,
    text: Option<&str>,
    theories: Theories,
    out: Option<PathBuf>,
    threads: NThreads,
    progress: Option<Py<PyAny>>,
) -> PyResult<(String, String)> {
    let folder = if let Some(folder) = file.clone().filter(|file| file.is_dir()) {
        folder
    } else {
        let design = design_of(py, file.clone(), text, &theories)?;
        if !design.design.sampler.tells_sensitivity() {
            let why = "sensitivity needs the sampler saltelli (Sobol's indices) or morris (elementary effects)";
            return Err(argument(py, why, None));
        }
        let out = out.clone().unwrap_or_else(|| folder_of("sweeps", &design.id));
        match sweep_is_finished(&out, &sweep_input(&design), VERSION) {
            Some(folder) => folder,
            None => sweep(py, file, text, theories, Some(out), None, threads, false, true, progress)?.0,
        }
    };
    let results = SweepResults::open(&folder).map_err(|error| of_read(py, &error, &folder))?;
    let found = py.detach(|| analyse(&results)).map_err(|error| argument(py, error.to_string(), None))?;
    Ok((serde_json::json!(found).to_string(), render_sensitivity(&found)))
}
