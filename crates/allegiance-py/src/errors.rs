//! Errors as the exceptions of `allegiance._errors`.

use allegiance_record::plain;
use allegiance_replay::BrokenRun;
use std::any::Any;
use std::error::Error;
use std::path::Path;

use allegiance_import::build::BuildError;
use allegiance_import::ged::ReadGedError;
use allegiance_lab::experiment::ExperimentError;
use allegiance_lab::inference::DrawTableError;
use allegiance_lab::paired::StudyError;
use allegiance_lab::sweep::{KeepRowsError, ShardError, SweepError};
use allegiance_replay::but_for::ButForError;
use allegiance_runs::new_folder::WriteNewFolderError;
use allegiance_runs::verify::VerifyError;
use allegiance_runs::{OpenFolderError, ReadRunError, RunError};
use allegiance_scenario::{ApplyChangeError, LoadDocumentError, LoadScenarioError, Problem, Severity};
use allegiance_tasks::{Fix, TaskError, fix_of, help_to_verify};
use pyo3::prelude::*;
use pyo3::types::PyDict;

/// An error and its causes on one line.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        let next_text = next.to_string();
        if !text.ends_with(&next_text) {
            text = format!("{text}: {next_text}");
        }
        cause = next.source();
    }
    text
}

/// Makes an exception of the package.
fn raise(py: Python<'_>, class: &str, message: String, fields: &[(&str, Option<String>)]) -> PyErr {
    let make = || -> PyResult<PyErr> {
        let arguments = PyDict::new(py);
        for (key, value) in fields {
            arguments.set_item(key, value)?;
        }
        let class = py.import("allegiance._errors")?.getattr(class)?;
        Ok(PyErr::from_value(class.call((&*plain(&message),), Some(&arguments))?))
    };
    make().unwrap_or_else(|error| error)
}

/// A problem as Python's `Problem` takes it.
pub(crate) fn problem_fields<'py>(py: Python<'py>, problem: &Problem) -> PyResult<Bound<'py, PyDict>> {
    let fields = PyDict::new(py);
    fields.set_item("severity", if problem.severity == Severity::Error { "error" } else { "warning" })?;
    fields.set_item("file", &problem.file)?;
    fields.set_item("line", problem.line)?;
    fields.set_item("key", &problem.key)?;
    fields.set_item("found", &problem.found)?;
    fields.set_item("allowed", &problem.allowed)?;
    fields.set_item("hint", &problem.hint)?;
    fields.set_item("message", problem.to_string())?;
    Ok(fields)
}

fn of_problems(py: Python<'_>, class: &str, problems: &[Problem]) -> PyErr {
    let make = || -> PyResult<PyErr> {
        let fields: Vec<Bound<'_, PyDict>> =
            problems.iter().map(|problem| problem_fields(py, problem)).collect::<PyResult<_>>()?;
        let class = py.import("allegiance._errors")?.getattr(class)?;
        Ok(PyErr::from_value(class.call_method1("of_problems", (fields,))?))
    };
    make().unwrap_or_else(|error| error)
}

/// An argument of a function that can't be.
pub(crate) fn argument(py: Python<'_>, message: impl Into<String>, hint: Option<&str>) -> PyErr {
    raise(py, "ArgumentError", message.into(), &[("hint", hint.map(str::to_owned))])
}

/// A panic, which is ours.
pub(crate) fn bug(py: Python<'_>, panic: &(dyn Any + Send)) -> PyErr {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
    raise(py, "BugError", text, &[])
}

pub(crate) fn of_load(py: Python<'_>, error: LoadScenarioError) -> PyErr {
    match error {
        LoadScenarioError::Invalid(problems) => of_problems(py, "ScenarioError", &problems),
        error => raise(py, "ScenarioError", chain(&error), &[]),
    }
}

pub(crate) fn of_change(py: Python<'_>, error: &ApplyChangeError) -> PyErr {
    let message = error.to_string();
    let fields = match error {
        ApplyChangeError::NotAnAssignment { text } => vec![("key", Some(text.clone()))],
        ApplyChangeError::Theory { key, found, problems } => {
            let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
            vec![("key", Some(key.clone())), ("found", Some(found.clone())), ("allowed", Some(problems.join("; ")))]
        }
        ApplyChangeError::Twice { target, first, second } => vec![
            ("key", Some(target.clone())),
            ("found", Some(format!("is set twice, by {first} and by {second}"))),
            ("allowed", Some("keep one of the two".to_owned())),
        ],
        ApplyChangeError::UnknownKey { key, found, allowed, hint }
        | ApplyChangeError::BadValue { key, found, allowed, hint } => {
            vec![
                ("key", Some(key.clone())),
                ("found", Some(found.clone())),
                ("allowed", Some(allowed.clone())),
                ("hint", hint.clone()),
            ]
        }
    };
    raise(py, "ScenarioError", message, &fields)
}

pub(crate) fn of_document(py: Python<'_>, error: LoadDocumentError) -> PyErr {
    match error {
        LoadDocumentError::Invalid { problems, .. } => of_problems(py, "DocumentError", &problems),
        error => raise(py, "DocumentError", chain(&error), &[]),
    }
}

pub(crate) fn of_record(py: Python<'_>, error: ReadGedError) -> PyErr {
    match error {
        ReadGedError::Invalid(problems) => of_problems(py, "RecordError", &problems),
        ReadGedError::Text(error) => raise(py, "RecordError", chain(&error), &[]),
        ReadGedError::Nothing(text) => raise(py, "RecordError", text, &[]),
    }
}

pub(crate) fn of_build(py: Python<'_>, error: BuildError) -> PyErr {
    match error {
        BuildError::Table { problems, .. } => of_problems(py, "RecordError", &problems),
        BuildError::Text(error) => raise(py, "RecordError", chain(&error), &[]),
        BuildError::Unsound(_) => raise(py, "BugError", error.to_string(), &[]),
        error => argument(py, error.to_string(), fix_of(&error).as_ref().map(words)),
    }
}

/// The folder of a scenario that was built.
pub(crate) fn of_built_folder(py: Python<'_>, error: TaskError) -> PyErr {
    match error {
        TaskError::Folder(WriteNewFolderError::Exists { path }) if path.is_dir() => {
            let text = format!("{} exists already", path.display());
            folder_error(py, text, Some("replace it with overwrite=True, or pass another out="))
        }
        TaskError::Folder(error) => folder_error(py, chain(&error), error.fix().as_ref().map(words)),
        error => of_task(py, error),
    }
}

/// A file or folder that can't be written, or isn't what it should be.
pub(crate) fn folder_error(py: Python<'_>, message: String, hint: Option<&str>) -> PyErr {
    raise(py, "FolderError", message, &[("hint", hint.map(str::to_owned))])
}

pub(crate) fn of_verify(py: Python<'_>, error: &VerifyError) -> PyErr {
    match error {
        VerifyError::Foreign { .. } => folder_error(py, chain(error), help_to_verify(error)),
        error => of_running(py, error),
    }
}

pub(crate) fn of_study(py: Python<'_>, error: &StudyError) -> PyErr {
    match error {
        StudyError::Open(error) => of_open(py, error),
        error => of_running(py, error),
    }
}

pub(crate) fn of_read(py: Python<'_>, error: &ReadRunError, folder: &Path) -> PyErr {
    let hint = match error {
        ReadRunError::Unfinished { .. } => Some("run it again with the same out= and resume=True".to_owned()),
        error => error.fix().as_ref().map(|fix| words(fix).to_owned()),
    };
    let file = Some(folder.display().to_string());
    raise(py, "FolderError", chain(error), &[("file", file), ("hint", hint)])
}

/// What helps, in words of Python.
fn words(fix: &Fix) -> &'static str {
    match fix {
        Fix::ListOutcomes(_) => "Scenario.outcomes lists them",
        Fix::NameIncident => "name one with incident=",
        Fix::NameCase => "name a file of patterns as case in its scenario.toml",
        Fix::NameParameters => "name them with parameters=, or as parameters in the case",
        Fix::PickAnother => "try another pick=, or more replicates",
        Fix::SameWorld(_) => "give both the same places, groups, days, seed and scale",
        Fix::NameAnotherOrRemove => "name another folder, or remove it",
        Fix::OtherFolderOrRemove => "pass another out=, or remove it",
        Fix::OtherFolder => "pass another out=",
        Fix::WriteTable(_) => "run it again without tables=, or with this one among them",
        Fix::RunShards => "run the shards first",
        Fix::RunShardAgain => "run that shard again with overwrite=True",
        Fix::MoreDraws => "pass more draws= or fewer truths=",
        Fix::GiveGroups => "ask for fewer events of a group, or give the sides groups",
        Fix::NamePopulationColumn => "name the column of the inhabitants, or give a population",
        Fix::AcceptFarPlaces => "say that places may be far from the events",
        Fix::GivePopulation => "give larger places, or a population",
    }
}

pub(crate) fn of_task(py: Python<'_>, error: TaskError) -> PyErr {
    match error {
        TaskError::Load { cause, .. } => of_load(py, cause),
        TaskError::Document(error) => of_document(py, error),
        TaskError::Change(error) => of_change(py, &error),
        TaskError::Record(error) => of_record(py, error),
        TaskError::Question { text, fix } => {
            let hint = fix.as_ref().map(words);
            argument(py, text, hint)
        }
        TaskError::Prior(error) => argument(py, error.to_string(), Some("allegiance.parameters() lists them")),
        TaskError::Tell(error) => argument(py, chain(&error), None),
        TaskError::Read(error) => {
            let hint = error.fix().as_ref().map(|fix| words(fix).to_owned());
            raise(py, "FolderError", chain(&error), &[("hint", hint)])
        }
        TaskError::Experiment(error) => raise(py, "FolderError", chain(&error), &[]),
        TaskError::Pair(error) => argument(py, chain(&error), None),
        TaskError::Folder(_) => {
            let hint = error.folder_fix().as_ref().map(|fix| words(fix).to_owned());
            raise(py, "FolderError", chain(&error), &[("hint", hint)])
        }
    }
}

/// A folder that can't be written.
fn of_open(py: Python<'_>, error: &OpenFolderError) -> PyErr {
    let hint = match error {
        OpenFolderError::Unfinished { .. } => Some("pass resume=True or overwrite=True"),
        OpenFolderError::Exists { .. }
        | OpenFolderError::Foreign { .. }
        | OpenFolderError::Other { .. }
        | OpenFolderError::Changed { .. }
        | OpenFolderError::Unsummed { .. } => Some("pass another out=, or overwrite=True"),
        _ => None,
    };
    raise(py, "FolderError", chain(error), &[("hint", hint.map(str::to_owned))])
}

fn of_running(py: Python<'_>, error: &(dyn Error + 'static)) -> PyErr {
    let mut causes = std::iter::successors(Some(error), |&cause| cause.source());
    let class = if causes.any(<dyn Error>::is::<BrokenRun>) { "BugError" } else { "RunError" };
    raise(py, class, chain(error), &[])
}

pub(crate) fn of_run(py: Python<'_>, error: &RunError) -> PyErr {
    match error {
        RunError::Open(error) => of_open(py, error),
        RunError::Replicates { .. } | RunError::Table { .. } => argument(py, chain(error), None),
        error => of_running(py, error),
    }
}

pub(crate) fn of_sweep(py: Python<'_>, error: &SweepError) -> PyErr {
    match error {
        SweepError::Open(error) => of_open(py, error),
        SweepError::Shards(error) if !matches!(error, ShardError::Io(_)) => {
            let hint = error.fix().as_ref().map(|fix| words(fix).to_owned());
            raise(py, "FolderError", chain(error), &[("hint", hint)])
        }
        error => of_running(py, error),
    }
}

pub(crate) fn of_kept(py: Python<'_>, error: &KeepRowsError) -> PyErr {
    match error {
        KeepRowsError::Sweep(error) => of_sweep(py, error),
        error => of_running(py, error),
    }
}

/// What came back from elsewhere and can't be kept.
pub(crate) fn elsewhere(py: Python<'_>, why: &str) -> PyErr {
    raise(py, "RunError", why.to_owned(), &[])
}

pub(crate) fn of_experiment(py: Python<'_>, error: &ExperimentError) -> PyErr {
    match error {
        ExperimentError::Open(error) => of_open(py, error),
        ExperimentError::Arm { .. } => raise(py, "DocumentError", chain(error), &[]),
        error => of_running(py, error),
    }
}

pub(crate) fn of_but_for(py: Python<'_>, error: &ButForError) -> PyErr {
    match error {
        ButForError::Cancelled | ButForError::Broken(_) => of_running(py, error),
        error => argument(py, chain(error), None),
    }
}

pub(crate) fn of_draws(py: Python<'_>, error: &DrawTableError) -> PyErr {
    match error {
        DrawTableError::Foreign { .. }
        | DrawTableError::Version(_)
        | DrawTableError::NotAStudy { .. }
        | DrawTableError::Incomplete { .. } => raise(py, "FolderError", chain(error), &[]),
        error => of_running(py, error),
    }
}
