//! Finds, reads, merges and checks the files of a scenario.

mod replaced;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use allegiance_model::setup::Setup;
use allegiance_model::theory::{OwnTheory, Slot};
use sha2::{Digest as _, Sha256};

use crate::builtin;
use crate::format;
use crate::format_version::refuse_newer;
use crate::overrides::{
    ApplyChangeError, apply_change, apply_change_elsewhere, check_each_once_with, put_theory, slots_of_theory,
    theory_file_of, unreadable,
};
use crate::places::TableFile;
use crate::problem::{Problem, Problems, Spot, did_you_mean};
use crate::profiles;
use crate::resolve::{TableFiles, resolve};
use crate::shape::Checker;
use crate::text_file::read_bytes;
use crate::theory;
use crate::tree::{self, Node, Value};

/// The name of a scenario's main file.
const MAIN_FILE: &str = "scenario.toml";
/// The key that names the file of the case.
const CASE: &str = "case";
/// The key that names the file of a theory, in the table of the theories.
pub(crate) const THEORY: &str = "file";
/// Where theories lie that were given beside a scenario, in the folder of a run.
const GIVEN: &str = "given";
/// How many scenarios may extend one another.
const MAX_DEPTH: usize = 8;
/// Where the scenario that one extends lies among the files of a run.
const BASE: &str = "base/";
/// The key of entries that are added to a timeline.
const APPEND: &str = "timeline_append";

/// A scenario, checked and resolved.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// The identifier, usable as a folder name.
    pub id: String,
    /// The title shown to people.
    pub title: String,
    /// What it is about.
    pub description: String,
    /// Citations by key.
    pub sources: BTreeMap<String, String>,
    /// SHA-256 of the names and texts of [`Self::files`], in hexadecimal.
    pub hash: String,
    /// What the engine runs.
    pub setup: Setup,
    /// The folder that it was read from; none of one built in or in memory.
    pub folder: Option<PathBuf>,
    /// What the engine would run without the changes; none where nothing was
    /// changed.
    pub unchanged: Option<Box<Setup>>,
    /// The files as read: the scenario's own first, then those it extends,
    /// under `base/`.
    pub files: Vec<ScenarioFile>,
    /// What may not be as the author meant.
    pub warnings: Vec<Problem>,
    /// The title without the scale.
    own_title: String,
}

impl Scenario {
    /// Makes changes in their order, each as
    /// [`apply_change`](crate::apply_change) takes it. The title tells the
    /// scale, and a value that isn't plausible becomes a warning.
    ///
    /// # Errors
    /// [`ApplyChangeError`]; the scenario is as it was.
    pub fn change(&mut self, changes: &[String]) -> Result<(), ApplyChangeError> {
        self.change_beside(changes, None)
    }

    /// The same, where theories lie beside the file in a folder that names them.
    pub(crate) fn change_beside(&mut self, changes: &[String], beside: Option<&Path>) -> Result<(), ApplyChangeError> {
        self.check_each_once(changes, beside)?;
        let mut setup = self.setup.clone();
        let mut warnings = Vec::new();
        let mut given = Vec::new();
        for change in changes {
            let before = setup.implausible();
            let (scale, n_garrisons) = (setup.scale, setup.garrisons.len());
            match self.given(change, beside)? {
                Some(Given { key, word, file, theory }) => {
                    if given.iter().any(|other: &ScenarioFile| other.name == file.name) {
                        return Err(of_one_name(key, word));
                    }
                    put_theory(&mut setup, key, word, theory)?;
                    given.push(file);
                }
                None => apply_change(&mut setup, change)?,
            }
            let found = setup.implausible().into_iter().filter(|found| !before.contains(found));
            warnings.extend(found.map(|found| Problem::of_change(change, found)));
            if setup.scale != scale && setup.garrisons.len() < n_garrisons {
                warnings.push(Problem::of_scale(change, (n_garrisons, setup.garrisons.len())));
            }
        }
        let before = std::mem::replace(&mut self.setup, setup);
        if self.setup != before && self.unchanged.is_none() {
            self.unchanged = Some(Box::new(before));
        }
        self.title = match self.setup.scale.get() {
            1 => self.own_title.clone(),
            scale => format!("{}, at 1:{scale}", self.own_title),
        };
        self.warnings.extend(warnings);
        self.files.retain(|file| given.iter().all(|other: &ScenarioFile| other.name != file.name));
        self.files.extend(given);
        Ok(())
    }

    /// Makes one change to a setup of this scenario; a theory that it names by its file is
    /// the one that the scenario holds.
    ///
    /// # Errors
    /// [`ApplyChangeError`]; the setup is as it was.
    pub fn apply(&self, setup: &mut Setup, change: &str) -> Result<(), ApplyChangeError> {
        self.apply_beside(setup, change, None)
    }

    /// The same, where theories lie beside the file in a folder that names them.
    pub(crate) fn apply_beside(
        &self,
        setup: &mut Setup,
        change: &str,
        beside: Option<&Path>,
    ) -> Result<(), ApplyChangeError> {
        match self.given(change, beside)? {
            Some(Given { key, word, theory, .. }) => put_theory(setup, key, word, theory),
            None => apply_change(setup, change),
        }
    }

    /// As [`Scenario::apply`], to a setup under another theory than the one that the change is meant for: parameters
    /// of a theory that isn't there are left out.
    ///
    /// # Errors
    /// See [`Scenario::apply`].
    pub fn apply_elsewhere(&self, setup: &mut Setup, change: &str) -> Result<(), ApplyChangeError> {
        match self.given(change, None)? {
            Some(Given { key, word, theory, .. }) => put_theory(setup, key, word, theory),
            None => apply_change_elsewhere(setup, change),
        }
    }

    /// Refuses two changes of one thing in one list.
    pub(crate) fn check_each_once(&self, changes: &[String], beside: Option<&Path>) -> Result<(), ApplyChangeError> {
        check_each_once_with(changes, &|change| self.slots_of(change, beside))
    }

    /// The slots of the theory that a change names, where it can be read.
    pub(crate) fn slots_of(&self, change: &str, beside: Option<&Path>) -> Option<Vec<Slot>> {
        match self.given(change, beside) {
            Ok(Some(given)) => Some(given.theory.slots()),
            Ok(None) => slots_of_theory(change),
            Err(_) => None,
        }
    }

    /// The theories that changes can name by their files' names, each with its text.
    pub fn held_theories(&self) -> impl Iterator<Item = (&str, &str)> {
        let held = self.files.iter().filter(|file| is_given(&file.name));
        held.map(|file| (&file.name[GIVEN.len() + 1..], file.text.as_str()))
    }

    /// Holds the theory that a change names by its file, if it does.
    ///
    /// # Errors
    /// [`ApplyChangeError`] where it can't be read, or another file of its name is held.
    pub fn hold_theory_of(&mut self, change: &str, beside: Option<&Path>) -> Result<(), ApplyChangeError> {
        let Some(Given { key, word, file, .. }) = self.given(change, beside)? else { return Ok(()) };
        let is_held = self.files.iter().any(|other| other.name == file.name);
        let path = path_of(word, beside);
        if is_held && path.is_file() && theory::text_of_file(&path).is_ok_and(|text| text != file.text) {
            return Err(of_one_name(key, word));
        }
        if !is_held {
            self.files.push(file);
        }
        Ok(())
    }

    /// Holds the text of a theory, which changes can then name by its file's name as
    /// if it lay in a folder.
    pub fn hold_theory(&mut self, file_name: &str, text: &str) {
        let name = format!("{GIVEN}/{file_name}");
        self.files.retain(|file| file.name != name);
        self.files.push(ScenarioFile { name, text: text.to_owned() });
    }

    /// The theory that a change names by its file, with the file. A run holds the
    /// theories that it was given, so that it can be simulated again elsewhere.
    fn given<'c>(&self, change: &'c str, beside: Option<&Path>) -> Result<Option<Given<'c>>, ApplyChangeError> {
        let Some((key, word)) = theory_file_of(change) else { return Ok(None) };
        let name = format!("{GIVEN}/{}", Path::new(word).file_name().unwrap_or_default().to_string_lossy());
        let of_run = self.folder.as_ref().map(|folder| folder.join(&name)).filter(|path| path.is_file());
        let kept = self.files.iter().find(|file| file.name == name).map(|file| file.text.clone());
        let text = match (kept, of_run) {
            (Some(text), _) => Ok(text),
            (None, Some(path)) => theory::text_of_file(&path),
            (None, None) => theory::text_of_file(&path_of(word, beside)),
        };
        let read = text.and_then(|text| Ok((theory::parse_theory(word, &text)?, text)));
        let (theory, text) = read.map_err(|error| unreadable(key, word, beside, error))?;
        Ok(Some(Given { key, word, file: ScenarioFile { name, text }, theory }))
    }
}

/// The path of a theory that is named, in a folder or in the working one.
fn path_of(word: &str, beside: Option<&Path>) -> PathBuf {
    beside.map_or_else(|| PathBuf::from(word), |folder| folder.join(word))
}

/// A theory that a change names by its file.
struct Given<'c> {
    key: &'c str,
    word: &'c str,
    file: ScenarioFile,
    theory: OwnTheory,
}

/// Two theories' files of one name, of which a run could keep one.
fn of_one_name(key: &str, word: &str) -> ApplyChangeError {
    let name = Path::new(word).file_name().unwrap_or_default().to_string_lossy();
    ApplyChangeError::Theory {
        key: key.to_owned(),
        found: format!(
            "names the theory {word}, and another file of the name {name} is named too; rename one of the two"
        ),
        problems: Vec::new(),
    }
}

/// One file of a scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScenarioFile {
    /// Its name, relative to the scenario's folder.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// Why a scenario couldn't be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadScenarioError {
    /// No built-in scenario and no file has that name.
    #[error("there is no scenario {name:?}: it is neither a built-in scenario ({builtins}) nor a folder or file{hint}")]
    NotFound {
        /// The name or path asked for.
        name: String,
        /// The built-in scenarios.
        builtins: String,
        /// The nearest name, as a clause.
        hint: String,
    },
    /// A file couldn't be read.
    #[error("the scenario can't be read")]
    Read(#[from] std::io::Error),
    /// The files hold mistakes; every one of them is listed, with warnings.
    #[error("the scenario has {}", count_problems(.0))]
    Invalid(Vec<Problem>),
}

fn count_problems(problems: &[Problem]) -> String {
    let errors = problems.iter().filter(|problem| problem.is_error()).count();
    crate::csv_table::count(errors, "problem")
}

/// Loads a built-in scenario by name, or one from a folder or file.
///
/// A built-in scenario wins over a folder of the same name; `./name` names the
/// folder.
///
/// # Errors
/// [`LoadScenarioError`]: not found, unreadable, or with mistakes in it.
pub fn load(name_or_path: &str) -> Result<Scenario, LoadScenarioError> {
    let mut loader = Loader { problems: Problems::default(), layers: Vec::new(), is_whole: true };
    let root = locate(name_or_path)?;
    loader.read_layers(root)?;
    loader.finish()
}

/// Loads a scenario whose files are in memory, `scenario.toml` among them, by name as
/// [`Scenario::files`] has them: what it extends is taken from below `base/` where it
/// is there, and else from the built-in scenarios; theories below `given/` are held for
/// the changes that name them.
///
/// # Errors
/// As [`load`].
pub fn load_files(files: Vec<ScenarioFile>) -> Result<Scenario, LoadScenarioError> {
    let mut loader = Loader { problems: Problems::default(), layers: Vec::new(), is_whole: true };
    let (given, own): (Vec<_>, Vec<_>) = files.into_iter().partition(|file| is_given(&file.name));
    let shared = own.into_iter().map(|file| (file.name, Rc::new(file.text))).collect();
    loader.read_layers(Root::Memory(shared))?;
    let mut scenario = loader.finish()?;
    scenario.files.extend(given);
    Ok(scenario)
}

/// Whether a file of a run is a theory that was given beside its scenario.
fn is_given(name: &str) -> bool {
    name.strip_prefix(GIVEN).is_some_and(|rest| rest.starts_with('/'))
}

/// Where the files of one scenario are.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Root {
    Builtin(&'static str),
    File(PathBuf),
    /// Names and texts, which may be large and are never copied.
    Memory(Vec<(String, Rc<String>)>),
}

impl Root {
    fn label(&self, name: &str) -> String {
        match self {
            Self::Builtin(id) => format!("{id}/{name}"),
            Self::File(path) if name == MAIN_FILE => path.display().to_string(),
            Self::File(path) => path.with_file_name(name).display().to_string(),
            Self::Memory(_) => name.to_owned(),
        }
    }

    fn read(&self, name: &str) -> Result<Vec<u8>, std::io::Error> {
        match self {
            Self::Builtin(id) => builtin::file(id, name)
                .map(|text| text.as_bytes().to_vec())
                .ok_or_else(|| std::io::Error::new(std::io::ErrorKind::NotFound, "not built in")),
            Self::File(path) if name == MAIN_FILE => read_bytes(path),
            Self::File(path) => read_bytes(&path.with_file_name(name)),
            Self::Memory(_) => self.held(name).map(|text| text.as_bytes().to_vec()).ok_or_else(|| {
                std::io::Error::new(std::io::ErrorKind::NotFound, format!("{name} isn't among the files"))
            }),
        }
    }

    /// The files of what this one extends, where they are in memory, too.
    fn held_base(&self) -> Option<Self> {
        let Self::Memory(files) = self else { return None };
        let below =
            files.iter().filter_map(|(name, text)| Some((name.strip_prefix(BASE)?.to_owned(), Rc::clone(text))));
        let below: Vec<_> = below.collect();
        below.iter().any(|(name, _)| name == MAIN_FILE).then_some(Self::Memory(below))
    }

    /// The text of a file that is in memory.
    fn held(&self, name: &str) -> Option<&Rc<String>> {
        let Self::Memory(files) = self else { return None };
        files.iter().find(|(held, _)| held == name).map(|(_, text)| text)
    }
}

/// Finds what a name or path stands for.
fn locate(name_or_path: &str) -> Result<Root, LoadScenarioError> {
    if let Some(id) = builtin::names().find(|id| *id == name_or_path) {
        return Ok(Root::Builtin(id));
    }
    let path = Path::new(name_or_path);
    if path.is_dir() {
        return Ok(Root::File(path.join(MAIN_FILE)));
    }
    if path.is_file() {
        return Ok(Root::File(path.to_owned()));
    }
    let names: Vec<&str> = builtin::names().collect();
    Err(LoadScenarioError::NotFound {
        name: name_or_path.to_owned(),
        builtins: names.join(", "),
        hint: did_you_mean(name_or_path, &names).map_or_else(String::new, |hint| format!("; {hint}")),
    })
}

/// One scenario of a chain in which each extends the next.
struct Layer {
    root: Root,
    file_idx: usize,
    text: String,
    tree: Node,
}

struct Loader {
    problems: Problems,
    layers: Vec<Layer>,
    is_whole: bool,
}

impl Loader {
    /// Reads the scenario and those it extends.
    fn read_layers(&mut self, first: Root) -> Result<(), LoadScenarioError> {
        let mut next = Some(first);
        while let Some(root) = next.take() {
            let file_idx = self.problems.add_file(root.label(MAIN_FILE));
            let bytes = root.read(MAIN_FILE)?;
            let n_before = self.problems.n_errors();
            let text = decode(bytes, file_idx, &mut self.problems);
            if text.trim().is_empty() {
                let problem = self.problems.error(Spot { file_idx, line: 0 }, "", "is empty");
                problem.hint("copy a built-in scenario's file and change it");
            }
            let tree = tree::parse(&text, file_idx, &mut self.problems);
            if refuse_newer(&tree, &mut self.problems) {
                return Err(LoadScenarioError::Invalid(std::mem::take(&mut self.problems).into_sorted()));
            }
            self.is_whole &= self.problems.n_errors() == n_before;
            next = self.find_base(&tree, &root);
            self.layers.push(Layer { root, file_idx, text, tree });
        }
        Ok(())
    }

    /// The scenario that a tree extends.
    fn find_base(&mut self, tree: &Node, root: &Root) -> Option<Root> {
        let (spot, node) = tree.as_table()?.get("extends")?;
        let name = node.as_text()?;
        let held = root.held_base();
        let base = match (builtin::names().find(|id| *id == name), root) {
            // A run's files are what it was made from, whatever is built in by now.
            _ if held.is_some() => held?,
            (Some(id), _) => Root::Builtin(id),
            (None, Root::Builtin(_) | Root::Memory(_)) => {
                return self.refuse_base(*spot, name, "isn't a built-in scenario");
            }
            (None, Root::File(path)) => {
                let of_run = path.with_file_name(BASE).join(MAIN_FILE);
                let path = path.with_file_name(name);
                if path.is_dir() {
                    Root::File(path.join(MAIN_FILE))
                } else if path.is_file() {
                    Root::File(path)
                } else if of_run.is_file() {
                    // In the folder of a run, what was extended lies below.
                    Root::File(of_run)
                } else {
                    return self.refuse_base(
                        *spot,
                        name,
                        "is neither a built-in scenario nor a folder or file next to it",
                    );
                }
            }
        };
        let is_circle = base == *root || self.layers.iter().any(|layer| layer.root == base);
        if is_circle || self.layers.len() + 1 >= MAX_DEPTH {
            return self.refuse_base(*spot, name, "leads back to this scenario, or too deep");
        }
        Some(base)
    }

    fn refuse_base(&mut self, spot: Spot, name: &str, why: &str) -> Option<Root> {
        self.is_whole = false;
        let names: Vec<&str> = builtin::names().collect();
        self.problems.error(spot, "extends", format!("is {name:?}, which {why}")).choices(
            "built-in scenarios",
            name,
            names,
        );
        None
    }

    /// Merges and checks what was read.
    fn finish(mut self) -> Result<Scenario, LoadScenarioError> {
        self.check_own_keys();
        let mut merged = self.merge_layers();
        profiles::fill_in(&mut merged, &mut self.problems);
        let table = merged.as_table().expect("a document is a table");
        let spot = Spot { file_idx: 0, line: 0 };
        let mut checker = Checker { problems: &mut self.problems, is_whole: self.is_whole };
        checker.check_table(table, spot, "", &format::SCENARIO);
        if !self.is_whole {
            self.problems.drop_echoes();
            return Err(LoadScenarioError::Invalid(self.problems.into_sorted()));
        }
        let (table_files, files) = self.read_tables(&merged);
        let setup = resolve(&merged, &table_files, &mut self.problems);
        drop(table_files);
        if self.problems.has_errors() {
            return Err(LoadScenarioError::Invalid(self.problems.into_sorted()));
        }
        let text = |key: &str| table.get(key).and_then(|(_, node)| node.as_text()).unwrap_or_default().to_owned();
        let sources = table.get("sources").and_then(|(_, node)| node.as_table());
        let folder = match &self.layers[0].root {
            Root::File(path) => path.parent().map(Path::to_owned),
            Root::Builtin(_) | Root::Memory(_) => None,
        };
        // Texts that nobody else holds any more needn't be copied.
        self.layers.clear();
        let unshared = |(name, text): (String, Rc<String>)| ScenarioFile { name, text: Rc::unwrap_or_clone(text) };
        let files: Vec<ScenarioFile> = files.into_iter().map(unshared).collect();
        Ok(Scenario {
            folder,
            id: text("id"),
            title: text("title"),
            own_title: text("title"),
            unchanged: None,
            description: text("description"),
            sources: sources
                .into_iter()
                .flatten()
                .filter_map(|(key, (_, node))| Some((key.clone(), node.as_text()?.to_owned())))
                .collect(),
            hash: hash(&files),
            setup,
            files,
            warnings: self.problems.into_sorted(),
        })
    }

    /// Puts each scenario on top of the one that it extends, and tells what is
    /// replaced as a whole.
    fn merge_layers(&mut self) -> Node {
        let mut layers = self.layers.iter().rev();
        let mut merged = layers.next().expect("there is a first layer").tree.clone();
        for layer in layers {
            replaced::tell(&merged, layer, &self.layers, &mut self.problems);
            merged = put_on_top(merged, layer.tree.clone());
        }
        merged
    }

    /// What every file must state itself, even where it extends another.
    fn check_own_keys(&mut self) {
        if !self.is_whole || self.layers.len() == 1 {
            return;
        }
        for layer in &self.layers[..self.layers.len() - 1] {
            for key in ["format", "id"] {
                if layer.tree.as_table().is_some_and(|table| !table.contains_key(key)) {
                    let spot = Spot { file_idx: layer.file_idx, line: 0 };
                    self.problems
                        .error(spot, key, "is missing")
                        .allowed("a scenario that extends another states its own format and id");
                }
            }
        }
    }

    /// Reads the tables and the case that the merged tree names, each beside the scenario
    /// file that names it.
    fn read_tables(&mut self, merged: &Node) -> (TableFiles, Vec<(String, Rc<String>)>) {
        let mut tables = TableFiles::default();
        let mut read: Vec<Vec<(String, Rc<String>)>> = vec![Vec::new(); self.layers.len()];
        let named = merged.as_table().and_then(|table| table.get("tables")?.1.as_table());
        let theory = merged.as_table().and_then(|table| table.get("theory")?.1.as_table());
        for key in ["places", "control", "garrisons", "events", CASE, THEORY] {
            let holder = match key {
                CASE => merged.as_table(),
                THEORY => theory,
                _ => named,
            };
            let Some(node) = holder.and_then(|table| Some(&table.get(key)?.1)) else {
                continue;
            };
            let Some(layer_idx) = self.layers.iter().position(|layer| layer.file_idx == node.spot.file_idx) else {
                continue;
            };
            let path = match key {
                CASE => key.to_owned(),
                THEORY => "theory.file".to_owned(),
                _ => format!("tables.{key}"),
            };
            for (name, spot) in node.as_texts() {
                let Some(file) = self.read_table(layer_idx, path.clone(), name, spot) else {
                    continue;
                };
                let is_read = read[layer_idx].iter().any(|(read, _)| read == name);
                if !is_read {
                    read[layer_idx].push((name.to_owned(), Rc::clone(&file.text)));
                }
                match key {
                    "places" => tables.places = Some(file),
                    "control" => tables.control = Some(file),
                    "garrisons" => tables.garrisons = Some(file),
                    CASE => tables.case = Some(file),
                    THEORY => tables.theories.push((file, spot)),
                    _ => tables.events = Some(file),
                }
            }
        }
        let mut files = Vec::new();
        for (depth, (layer, tables)) in self.layers.iter().zip(read).enumerate() {
            let main = (MAIN_FILE.to_owned(), Rc::new(layer.text.clone()));
            for (name, text) in std::iter::once(main).chain(tables) {
                files.push((format!("{}{name}", BASE.repeat(depth)), text));
            }
        }
        (tables, files)
    }

    fn read_table(&mut self, layer_idx: usize, path: String, name: &str, spot: Spot) -> Option<TableFile> {
        let root = self.layers[layer_idx].root.clone();
        if !is_plain_path(name) {
            self.problems
                .error(spot, path, format!("is {name:?}"))
                .allowed("must be a file in the scenario's folder or below, such as \"places.csv\"");
            return None;
        }
        if let Some(text) = root.held(name) {
            let file_idx = self.problems.add_file(root.label(name));
            return Some(TableFile { file_idx, text: Rc::clone(text) });
        }
        let bytes = match root.read(name) {
            Ok(bytes) => bytes,
            Err(error) => {
                let why = match error.kind() {
                    std::io::ErrorKind::NotFound => "which isn't there".to_owned(),
                    _ => format!("which can't be read: {error}"),
                };
                let found = format!("names the file {:?}, {why}", root.label(name));
                self.problems.error(spot, path, found);
                return None;
            }
        };
        let file_idx = self.problems.add_file(root.label(name));
        let text = decode(bytes, file_idx, &mut self.problems);
        Some(TableFile { file_idx, text: Rc::new(text) })
    }
}

/// Puts a scenario on top of another. Entries that both add to a timeline are
/// all added; a timeline of its own replaces what is below, and added there.
fn put_on_top(mut base: Node, over: Node) -> Node {
    let has = |key: &str| over.as_table().is_some_and(|table| table.contains_key(key));
    let mut added: Vec<Node> = Vec::new();
    if let (Value::Table(table), true) = (&mut base.value, has("timeline") || has(APPEND))
        && let Some((_, node)) = table.remove(APPEND)
        && !has("timeline")
    {
        added.extend_from_slice(node.items());
    }
    let mut merged = tree::merge(base, over);
    if let Value::Table(table) = &mut merged.value
        && let Some((_, Node { value: Value::List(items), .. })) = table.get_mut(APPEND)
    {
        added.append(items);
        *items = added;
    }
    merged
}

/// Whether a path stays below the folder that it starts from.
fn is_plain_path(name: &str) -> bool {
    let is_normal = |part| matches!(part, std::path::Component::Normal(_));
    !name.contains('\\') && Path::new(name).components().all(is_normal)
}

/// Reads bytes as UTF-8; what isn't becomes a problem and a replacement mark.
pub(crate) fn decode(bytes: Vec<u8>, file_idx: usize, problems: &mut Problems) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| {
        let at = error.utf8_error().valid_up_to();
        let bytes = error.as_bytes();
        let line = bytes[..at].split(|byte| *byte == b'\n').count() as u32;
        problems
            .error(Spot { file_idx, line }, "", format!("isn't UTF-8 (byte 0x{:02X})", bytes[at]))
            .hint("save the file with the encoding UTF-8");
        String::from_utf8_lossy(bytes).into_owned()
    })
}

/// SHA-256 over the name and text of each file, each preceded by its length.
fn hash(files: &[ScenarioFile]) -> String {
    let mut digest = Sha256::new();
    for part in files.iter().flat_map(|file| [&file.name, &file.text]) {
        digest.update((part.len() as u64).to_le_bytes());
        digest.update(part.as_bytes());
    }
    format!("{:x}", digest.finalize())
}
