//! A TOML file that says what to do with a scenario: a design or an
//! experiment.
//!
//! Opens it, checks it against its shape, and loads the scenario that it
//! names; mistakes in either are reported with their lines, all at once.

use std::path::{Path, PathBuf};

use allegiance_model::setup::Setup;
use allegiance_record::outcomes::Outcome;

use crate::format_version::refuse_newer;
use crate::load::{LoadScenarioError, Scenario, decode, load};
use crate::problem::{Problem, Problems, Spot, did_you_mean};
use crate::resolve::text;
use crate::shape::{Checker, TableShape};
use crate::text_file::read_bytes;
use crate::tree::{self, Node, Table};
use crate::{builtin, shape};

/// Why a design or an experiment couldn't be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadDocumentError {
    /// There is no such file.
    #[error("there is no {what} {name:?}: {expected}{hint}")]
    NotFound {
        /// What was looked for, such as `design`.
        what: &'static str,
        /// The name or path asked for.
        name: String,
        /// Where it was looked for, as a clause.
        expected: String,
        /// The nearest name, as a clause.
        hint: String,
    },
    /// The file can't be read.
    #[error("the file can't be read")]
    Read(#[from] std::io::Error),
    /// The file, or the scenario that it names, holds mistakes.
    #[error("the {what} has problems")]
    Invalid {
        /// What was read, such as `design`.
        what: &'static str,
        /// Every problem.
        problems: Vec<Problem>,
    },
}

/// The folders of files that were read, by their numbers in messages; none of those that lie in none.
#[derive(Debug, Clone)]
pub(crate) struct Folders(Vec<Option<PathBuf>>);

impl Folders {
    /// The folder beside which the names at a place in a file are looked up.
    pub(crate) fn of(&self, spot: Spot) -> Option<&Path> {
        self.0.get(spot.file_idx)?.as_deref()
    }
}

fn folder_of(path: Option<&Path>) -> Option<PathBuf> {
    path.map(|path| path.parent().map(Path::to_owned).unwrap_or_default())
}

/// A file that has been read; its tree may have mistakes still.
pub(crate) struct Document {
    /// What it is, such as `design`.
    pub(crate) what: &'static str,
    pub(crate) problems: Problems,
    pub(crate) tree: Node,
    /// The texts read: its own, then those it extends.
    pub(crate) texts: Vec<String>,
    folders: Folders,
    is_whole: bool,
    is_newer: bool,
}

impl Document {
    /// Opens a file.
    pub(crate) fn open(what: &'static str, path: &Path) -> Result<Self, LoadDocumentError> {
        if !path.is_file() {
            return Err(LoadDocumentError::NotFound {
                what,
                name: path.display().to_string(),
                expected: "no such file is there".to_owned(),
                hint: String::new(),
            });
        }
        let bytes = read_bytes(path)?;
        Ok(Self::of_bytes(what, &path.display().to_string(), bytes, Some(path)))
    }

    /// Reads a file's content under the name shown in messages.
    pub(crate) fn of_bytes(what: &'static str, label: &str, bytes: Vec<u8>, path: Option<&Path>) -> Self {
        let mut problems = Problems::default();
        let (tree, text, is_whole) = read_tree(what, label, bytes, &mut problems);
        let is_newer = refuse_newer(&tree, &mut problems);
        Self { what, problems, tree, texts: vec![text], folders: Folders(vec![folder_of(path)]), is_whole, is_newer }
    }

    /// What the file says that it extends.
    pub(crate) fn extends(&self) -> Option<(Spot, String)> {
        extends_of(&self.tree)
    }

    /// Puts the file on top of another one, which fills in what it leaves
    /// out; gives what that one extends in turn.
    pub(crate) fn extend(&mut self, label: &str, bytes: Vec<u8>, path: Option<&Path>) -> Option<(Spot, String)> {
        self.folders.0.push(folder_of(path));
        let (base, text, is_whole) = read_tree(self.what, label, bytes, &mut self.problems);
        let next = extends_of(&base);
        self.is_newer |= refuse_newer(&base, &mut self.problems);
        self.tree = tree::merge(base, self.tree.clone());
        self.texts.push(text);
        self.is_whole &= is_whole;
        next
    }

    /// The path that a name stands for, beside the file in which it stands.
    pub(crate) fn beside(&self, spot: Spot, name: &str) -> Option<PathBuf> {
        self.folders.of(spot).map(|folder| folder.join(name))
    }

    /// The folders of the files that were read.
    pub(crate) fn folders(&self) -> Folders {
        self.folders.clone()
    }

    pub(crate) fn root(&self) -> &Table {
        self.tree.as_table().expect("a document is a table")
    }

    /// Checks the tree against a shape; gives it up where what it says can't be
    /// read at all, so that every other mistake can be told at once.
    pub(crate) fn check(mut self, shape: &TableShape) -> Result<Self, LoadDocumentError> {
        if self.is_newer {
            return self.give_up_on_errors();
        }
        let spot = Spot { file_idx: 0, line: 0 };
        let mut checker = Checker { problems: &mut self.problems, is_whole: self.is_whole };
        let table = self.tree.as_table().expect("a document is a table");
        checker.check_table(table, spot, "", shape);
        if !self.is_whole {
            self.problems.drop_echoes();
            return self.give_up_on_errors();
        }
        Ok(self)
    }

    /// The document, or every problem where there is an error.
    pub(crate) fn give_up_on_errors(self) -> Result<Self, LoadDocumentError> {
        if self.problems.has_errors() {
            return Err(LoadDocumentError::Invalid { what: self.what, problems: self.problems.into_sorted() });
        }
        Ok(self)
    }

    /// Loads the scenario of the key `scenario`: a built-in one, or a folder
    /// or file beside this file. There is none where the key or the scenario
    /// has mistakes, which are added; those of the scenario alone are an error.
    pub(crate) fn load_scenario(&mut self) -> Result<Option<Scenario>, LoadDocumentError> {
        let named = self.root().get("scenario").and_then(|(spot, node)| Some((*spot, node.as_text()?.to_owned())));
        let Some((spot, name)) = named.filter(|(_, name)| !name.trim().is_empty()) else {
            return Ok(None);
        };
        let is_builtin = builtin::names().any(|id| id == name);
        let path = match self.beside(spot, &name) {
            Some(path) if !is_builtin => path.display().to_string(),
            _ => name.clone(),
        };
        match load(&path) {
            Ok(scenario) => return Ok(Some(scenario)),
            Err(LoadScenarioError::Read(source)) => return Err(source.into()),
            Err(LoadScenarioError::Invalid(problems)) if !self.problems.has_errors() => {
                return Err(LoadDocumentError::Invalid { what: "scenario", problems });
            }
            Err(LoadScenarioError::Invalid(problems)) => self.problems.append(problems),
            Err(LoadScenarioError::NotFound { builtins, .. }) => {
                // What was written, not the path that it was made into.
                let nearest = did_you_mean(&name, &builtin::names().collect::<Vec<&str>>());
                let problem = self.problems.error(spot, "scenario", format!("is {name:?}, which doesn't exist"));
                problem
                    .allowed(format!("must be a built-in scenario ({builtins}) or a folder or file next to this file"));
                problem.hint = nearest;
            }
        }
        Ok(None)
    }

    /// Takes every problem found so far.
    pub(crate) fn invalid(&mut self) -> LoadDocumentError {
        LoadDocumentError::Invalid { what: self.what, problems: std::mem::take(&mut self.problems).into_sorted() }
    }

    /// The changes of a key such as `set`, each tried on the scenario.
    pub(crate) fn read_sets(
        problems: &mut Problems,
        table: &Table,
        path: &str,
        (scenario, folders): (&mut Scenario, &Folders),
    ) -> Vec<String> {
        let Some((_, node)) = table.get("set") else {
            return Vec::new();
        };
        let mut sets = Vec::new();
        for (idx, (assignment, spot)) in node.as_texts().into_iter().enumerate() {
            sets.push(assignment.to_owned());
            let beside = folders.of(spot);
            let checked = scenario.check_each_once(&sets, beside);
            if let Err(error) = checked.and_then(|()| scenario.change_beside(&sets[idx..], beside)) {
                problems.error(spot, format!("{}[{idx}]", shape::join(path, "set")), format!("can't be made: {error}"));
            }
        }
        sets
    }
}

fn extends_of(tree: &Node) -> Option<(Spot, String)> {
    let (spot, node) = tree.as_table()?.get("extends")?;
    Some((*spot, node.as_text()?.to_owned()))
}

fn read_tree(what: &str, label: &str, bytes: Vec<u8>, problems: &mut Problems) -> (Node, String, bool) {
    let file_idx = problems.add_file(label.to_owned());
    let n_before = problems.n_errors();
    let content = decode(bytes, file_idx, problems);
    if content.trim().is_empty() {
        problems.error(Spot { file_idx, line: 0 }, "", format!("is empty; a {what} was expected"));
    }
    let tree = tree::parse(&content, file_idx, problems);
    let is_whole = problems.n_errors() == n_before;
    (tree, content, is_whole)
}

/// The outcomes that the document names, as the scenario has them; a problem
/// for each name that it doesn't have, or has already.
pub(crate) fn read_outcomes(root: &Table, setup: &Setup, problems: &mut Problems) -> Vec<Outcome> {
    let mut outcomes: Vec<Outcome> = Vec::new();
    let names = root.get("outcomes").map_or_else(Vec::new, |(_, node)| node.as_texts());
    for (idx, (name, spot)) in names.into_iter().enumerate() {
        let key = format!("outcomes[{idx}]");
        if outcomes.iter().any(|other| other.name == name) {
            problems.error(spot, key, format!("{name:?} is there twice"));
            continue;
        }
        match Outcome::parse(name, setup) {
            Ok(outcome) => outcomes.push(outcome),
            Err(error) => {
                let choices: Vec<&str> = error.choices.iter().map(String::as_str).collect();
                problems.error(spot, key, error.to_string()).choices("outcomes", name, choices);
            }
        }
    }
    outcomes
}

/// A text of the document, empty where the key is missing.
pub(crate) fn owned_text(table: &Table, key: &str) -> String {
    text(table, key).to_owned()
}
