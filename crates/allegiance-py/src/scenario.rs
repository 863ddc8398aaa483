//! Scenarios: load, look, change.

use allegiance_model::parameters::ParameterInfo;
use allegiance_model::setup::Setup;
use allegiance_model::theory::Slot;
use allegiance_record::dictionary::ParameterEntry;
use allegiance_record::digest::digest_of_setup;
use allegiance_record::outcomes::{Outcome, outcome_names};
use allegiance_record::places::places_table;
use allegiance_record::setup_differences::setup_differences;
use allegiance_runs::parquet_table::RunLabels;
use allegiance_scenario::{builtin, parse_theory};
use allegiance_tasks::load_changed;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use serde_json::json;

use crate::VERSION;
use crate::arrow::batch_of;
use crate::errors::{of_document, of_task, problem_fields};
use crate::table::{Table, refused};

/// A scenario, checked and resolved, with the changes made to it.
#[pyclass(frozen, module = "allegiance._native")]
pub(crate) struct Scenario {
    pub(crate) inner: allegiance_scenario::Scenario,
    /// What was changed, as assignments in their order.
    pub(crate) changes: Vec<String>,
    /// The name or path that it was loaded by.
    pub(crate) name: String,
    /// Theories that changes name, each with its text.
    theories: Theories,
}

/// Names of files and their texts.
type Theories = Vec<(String, String)>;

#[pymethods]
impl Scenario {
    /// Loads a scenario and changes it.
    #[new]
    fn new(py: Python<'_>, name: String, changes: Vec<String>, theories: Theories) -> PyResult<Self> {
        if theories.is_empty() {
            let inner = load_changed(&name, &changes).map_err(|error| of_task(py, error))?;
            return Ok(Self { inner, changes, name, theories });
        }
        let inner = load_changed(&name, &[]).map_err(|error| of_task(py, error))?;
        Self { inner, changes: Vec::new(), name, theories: Vec::new() }.edit(py, changes, theories)
    }

    /// The same with further changes.
    fn edit(&self, py: Python<'_>, changes: Vec<String>, theories: Theories) -> PyResult<Self> {
        let mut inner = self.inner.clone();
        for (name, text) in &theories {
            inner.hold_theory(name, text);
        }
        inner.change(&changes).map_err(|error| of_task(py, error.into()))?;
        let changes = [self.changes.clone(), changes].concat();
        let theories = [self.theories.clone(), theories].concat();
        Ok(Self { inner, changes, name: self.name.clone(), theories })
    }

    #[getter]
    fn name(&self) -> &str {
        &self.name
    }

    #[getter]
    fn id(&self) -> &str {
        &self.inner.id
    }

    #[getter]
    fn title(&self) -> &str {
        &self.inner.title
    }

    #[getter]
    fn description(&self) -> &str {
        &self.inner.description
    }

    #[getter]
    fn hash(&self) -> &str {
        &self.inner.hash
    }

    #[getter]
    fn seed(&self) -> u64 {
        self.inner.setup.seed
    }

    #[getter]
    fn days(&self) -> u32 {
        self.inner.setup.n_days
    }

    #[getter]
    fn start(&self) -> String {
        self.inner.setup.start.to_string()
    }

    #[getter]
    fn n_inhabitants(&self) -> u64 {
        self.inner.setup.n_inhabitants()
    }

    /// The words of the theories of belief and of exit.
    #[getter]
    fn theory(&self) -> (&str, &str) {
        let setup = &self.inner.setup;
        (setup.belief_theory(), setup.exit_theory())
    }

    #[getter]
    fn changes(&self) -> Vec<String> {
        self.changes.clone()
    }

    /// Theories that changes name, each with its text.
    #[getter]
    fn theories(&self) -> Theories {
        self.theories.clone()
    }

    /// The parameters of its own theory, as JSON.
    fn own_parameters(&self) -> String {
        json!(self.inner.setup.own_dictionary().map(entry).collect::<Vec<_>>()).to_string()
    }

    /// Citations by key.
    #[getter]
    fn sources(&self) -> std::collections::BTreeMap<String, String> {
        self.inner.sources.clone()
    }

    /// Identifier and name of each group.
    #[getter]
    fn groups(&self) -> Vec<(String, String)> {
        self.inner.setup.groups.iter().map(|group| (group.id.clone(), group.name.clone())).collect()
    }

    /// What may not be as the author meant, as fields of `Problem`.
    fn warnings<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyDict>>> {
        self.inner.warnings.iter().map(|problem| problem_fields(py, problem)).collect()
    }

    /// The value of a parameter; none where there is no such parameter.
    fn value(&self, name: &str) -> Option<f64> {
        self.inner.setup.parameter(name)
    }

    /// What another scenario is given otherwise than this one, as JSON.
    fn differences(&self, other: &Self) -> String {
        json!(setup_differences(&self.inner.setup, &other.inner.setup)).to_string()
    }

    /// Name, unit and meaning of what can be measured.
    fn outcomes(&self) -> Vec<(String, String, String)> {
        let setup = &self.inner.setup;
        let outcomes = outcome_names(setup).into_iter().filter_map(|name| Outcome::parse(&name, setup).ok());
        outcomes.map(|outcome| (outcome.name, outcome.unit.to_owned(), outcome.meaning)).collect()
    }

    /// The places.
    fn places(&self) -> PyResult<Table> {
        let labels = RunLabels {
            version: VERSION.to_owned(),
            scenario_id: self.inner.id.clone(),
            scenario_hash: self.inner.hash.clone(),
            setup_digest: digest_of_setup(&self.inner.setup),
            seed: self.inner.setup.seed,
            about: self.inner.setup.about(),
        };
        let batch = batch_of(places_table(&self.inner.setup), &labels).map_err(|error| refused(&error))?;
        Ok(Table::new(batch.schema(), vec![batch]))
    }
}

/// The names of the built-in scenarios.
#[pyfunction]
pub(crate) fn builtin_scenarios() -> Vec<&'static str> {
    builtin::names().collect()
}

/// The names of the built-in experiments.
#[pyfunction]
pub(crate) fn builtin_experiments() -> Vec<&'static str> {
    builtin::experiment_names().collect()
}

/// The dictionary of parameters, as JSON.
#[pyfunction]
pub(crate) fn parameters() -> String {
    json!(Setup::dictionary().map(entry).collect::<Vec<_>>()).to_string()
}

fn entry(info: &ParameterInfo) -> serde_json::Value {
    let mut entry = json!(ParameterEntry::of(info));
    entry["name"] = json!(info.path());
    entry
}

/// Checks the text of a theory, and says what is in it, as JSON; `label` names it in
/// messages.
#[pyfunction]
pub(crate) fn read_theory(py: Python<'_>, label: &str, text: &str) -> PyResult<String> {
    let theory = parse_theory(label, text).map_err(|error| of_document(py, error))?;
    Ok(json!({
        "name": theory.name,
        "authors": theory.authors,
        "citation": theory.citation,
        "about": theory.about,
        "digest": theory.digest,
        "slots": theory.slots().into_iter().map(Slot::word).collect::<Vec<_>>(),
        "parameters": theory.parameters.iter().map(|parameter| entry(parameter.info)).collect::<Vec<_>>(),
    })
    .to_string())
}

/// The text of a theory's file, or of one that comes with the program by its name.
#[pyfunction]
pub(crate) fn theory_text(py: Python<'_>, name_or_path: &str) -> PyResult<String> {
    allegiance_scenario::theory_text(name_or_path).map_err(|error| of_document(py, error))
}
