//! Experiment files: arms that differ in named ways, and what is measured.

use std::collections::BTreeMap;
use std::path::Path;

use allegiance_model::setup::{Setup, TimelineEntry};
use allegiance_record::experiment::{Precision, Robustness};
use allegiance_record::outcomes::Outcome;

use crate::builtin;
use crate::document::{Document, Folders, LoadDocumentError, owned_text, read_outcomes};
use crate::format;
use crate::load::Scenario;
use crate::names::Names;
use crate::overrides::ApplyChangeError;
use crate::problem::{Problem, Problems, Spot, did_you_mean};
use crate::resolve::{get, items, text};
use crate::text_file::read_bytes;
use crate::timeline::TimelineReader;
use crate::tree::{Node, Table};

const MAX_ARMS: usize = 50;
/// How many experiments may extend one another.
const MAX_DEPTH: usize = 8;

/// One arm of an experiment.
#[derive(Debug, Clone)]
pub struct ArmFile {
    /// Identifier.
    pub id: String,
    /// What it is, shown to people.
    pub title: String,
    /// Changes, as `--set` takes them.
    pub sets: Vec<String>,
    /// Entries added to the timeline.
    pub timeline: Vec<TimelineEntry>,
}

impl ArmFile {
    /// Makes the arm's changes to a setup of the experiment's scenario, which holds the theories that they name.
    ///
    /// # Errors
    /// [`ApplyChangeError`], where another change makes one of them impossible.
    pub fn apply(&self, scenario: &Scenario, setup: &mut Setup) -> Result<(), ApplyChangeError> {
        self.apply_by(Scenario::apply, scenario, setup)
    }

    /// The same where the experiment's theory gave way to another.
    ///
    /// # Errors
    /// See [`ArmFile::apply`].
    pub fn apply_elsewhere(&self, scenario: &Scenario, setup: &mut Setup) -> Result<(), ApplyChangeError> {
        self.apply_by(Scenario::apply_elsewhere, scenario, setup)
    }

    fn apply_by(
        &self,
        change: fn(&Scenario, &mut Setup, &str) -> Result<(), ApplyChangeError>,
        scenario: &Scenario,
        setup: &mut Setup,
    ) -> Result<(), ApplyChangeError> {
        for assignment in &self.sets {
            change(scenario, setup, assignment)?;
        }
        setup.timeline.extend(self.timeline.iter().cloned());
        setup.timeline.sort_by_key(|entry| entry.day);
        Ok(())
    }
}

/// An experiment, checked.
#[derive(Debug, Clone)]
pub struct ExperimentFile {
    /// Identifier, usable as a folder name.
    pub id: String,
    /// Title shown to people.
    pub title: String,
    /// What is asked.
    pub question: String,
    /// The scenario, with the changes that hold in every arm.
    pub scenario: Scenario,
    /// What is measured.
    pub outcomes: Vec<Outcome>,
    /// The arms.
    pub arms: Vec<ArmFile>,
    /// Position of the arm that the others are compared with.
    pub baseline: usize,
    /// How many replicates are run.
    pub precision: Precision,
    /// Where else the sign is looked at.
    pub robustness: Robustness,
    /// The file as read, and those that it extends.
    pub texts: Vec<String>,
    /// What may not be as the author meant.
    pub warnings: Vec<Problem>,
}

/// Loads a built-in experiment by name, or one from a file.
///
/// # Errors
/// [`LoadDocumentError`]: not found, unreadable, or with mistakes in it.
pub fn load_experiment(name_or_path: &str) -> Result<ExperimentFile, LoadDocumentError> {
    let mut document = open(name_or_path)?;
    extend(&mut document)?;
    let mut document = document.check(&format::EXPERIMENT)?;
    let scenario = document.load_scenario()?;
    let root = document.root().clone();
    check_n_arms(&root, &mut document.problems);
    let Some(mut scenario) = scenario else {
        return Err(document.invalid());
    };
    let folders = document.folders();
    Document::read_sets(&mut document.problems, &root, "", (&mut scenario, &folders));
    let mut warnings = Vec::new();
    let arms = read_arms(&root, (&mut scenario, &folders), &mut document.problems, &mut warnings);
    let outcomes = read_outcomes(&root, &scenario.setup, &mut document.problems);
    let baseline = read_baseline(&root, &arms, &mut document.problems);
    let precision = read_precision(&root, &mut document.problems);
    let mut document = document.give_up_on_errors()?;
    Ok(ExperimentFile {
        id: owned_text(&root, "id"),
        title: owned_text(&root, "title"),
        question: owned_text(&root, "question"),
        outcomes,
        arms,
        baseline,
        precision,
        robustness: read_robustness(&root),
        texts: std::mem::take(&mut document.texts),
        warnings: std::mem::take(&mut document.problems).into_sorted().into_iter().chain(warnings).collect(),
        scenario,
    })
}

fn open(name_or_path: &str) -> Result<Document, LoadDocumentError> {
    if let Some(text) = builtin::experiment(name_or_path) {
        return Ok(Document::of_bytes("experiment", name_or_path, text.as_bytes().to_vec(), None));
    }
    Document::open("experiment", Path::new(name_or_path)).map_err(|error| match error {
        LoadDocumentError::NotFound { what, name, .. } => {
            let names: Vec<&str> = builtin::experiment_names().collect();
            LoadDocumentError::NotFound {
                what,
                expected: format!("it is neither a built-in experiment ({}) nor a file", names.join(", ")),
                hint: did_you_mean(&name, &names).map_or_else(String::new, |hint| format!("; {hint}")),
                name,
            }
        }
        error => error,
    })
}

/// Puts the file on top of the one that it extends, and that on top of its
/// own.
fn extend(document: &mut Document) -> Result<(), LoadDocumentError> {
    let mut next = document.extends();
    for depth in 0.. {
        let Some((spot, name)) = next else {
            break;
        };
        let beside = document.beside(spot, &name).filter(|path| path.is_file());
        if depth >= MAX_DEPTH {
            let found = format!("is {name:?}, which leads back to this experiment, or too deep");
            document.problems.error(spot, "extends", found);
            return Err(document.invalid());
        } else if let Some(text) = builtin::experiment(&name) {
            next = document.extend(&name, text.as_bytes().to_vec(), None);
        } else if let Some(path) = beside {
            next = document.extend(&path.display().to_string(), read_bytes(&path)?, Some(&path));
        } else {
            let names: Vec<&str> = builtin::experiment_names().collect();
            let found = format!("is {name:?}, which is neither a built-in experiment nor a file next to it");
            document.problems.error(spot, "extends", found).choices("built-in experiments", &name, names);
            return Err(document.invalid());
        }
    }
    Ok(())
}

fn read_arms(
    root: &Table,
    (scenario, folders): (&mut Scenario, &Folders),
    problems: &mut Problems,
    warnings: &mut Vec<Problem>,
) -> Vec<ArmFile> {
    let (places, groups, sources) = names_of(root, scenario);
    let mut arms: Vec<ArmFile> = Vec::new();
    for (idx, table, spot) in items(root, "arms") {
        let path = format!("arms[{idx}]");
        let id = owned_text(table, "id");
        if !id.is_empty() && arms.iter().any(|other| other.id == id) {
            problems.error(spot, format!("{path}.id"), format!("{id:?} is there twice")).allowed("must be unique");
        }
        let mut changed = scenario.clone();
        let sets = Document::read_sets(problems, table, &path, (&mut changed, folders));
        hold_theories(table, &path, (&mut *scenario, folders), problems);
        warnings.extend(changed.warnings.drain(scenario.warnings.len()..));
        let mut reader = TimelineReader {
            names: (&places, &groups, &sources),
            prefix: format!("{path}."),
            start: Some(changed.setup.start),
            n_days: Some(changed.setup.n_days),
            problems: &mut *problems,
        };
        let timeline = reader.read(table);
        arms.push(ArmFile { id, title: owned_text(table, "title"), sets, timeline });
    }
    arms
}

/// Holds the theories that an arm names by their files, so that every replicate has the same.
fn hold_theories(table: &Table, path: &str, (scenario, folders): (&mut Scenario, &Folders), problems: &mut Problems) {
    let sets = table.get("set").map_or_else(Vec::new, |(_, node)| node.as_texts());
    for (idx, (change, spot)) in sets.into_iter().enumerate() {
        let key = format!("{path}.set[{idx}]");
        // What can't be used at all has been told.
        if let Err(error) = scenario.hold_theory_of(change, folders.of(spot))
            && !problems.has_error_at(&key)
        {
            problems.error(spot, key, format!("can't be made: {error}"));
        }
    }
}

/// Checks that there are 2 to the most arms.
fn check_n_arms(root: &Table, problems: &mut Problems) {
    let Some((spot, node)) = root.get("arms").filter(|_| !problems.has_error_at("arms")) else { return };
    let n_arms = node.items().len();
    if !(2..=MAX_ARMS).contains(&n_arms) {
        problems
            .error(*spot, "arms", format!("lists {}", crate::csv_table::count(n_arms, "arm")))
            .allowed(format!("must list 2 to {MAX_ARMS}"));
    }
}

/// The names of places, groups and sources that an arm's timeline may use.
fn names_of(root: &Table, scenario: &Scenario) -> (Names, Names, Names) {
    let (mut places, mut groups) = (Names::new("place", "places"), Names::new("group", "groups"));
    for place in &scenario.setup.places {
        places.add(&place.id);
    }
    for group in &scenario.setup.groups {
        groups.add(&group.id);
    }
    let mut sources = Names::new("source", "sources");
    let own: BTreeMap<_, _> = get(root, "sources").and_then(Node::as_table).cloned().unwrap_or_default();
    for key in own.keys().chain(scenario.sources.keys()) {
        sources.add(key);
    }
    (places, groups, sources)
}

fn read_baseline(root: &Table, arms: &[ArmFile], problems: &mut Problems) -> usize {
    let Some((spot, node)) = root.get("baseline") else {
        return 0;
    };
    let name = node.as_text().unwrap_or_default();
    arms.iter().position(|arm| arm.id == name).unwrap_or_else(|| {
        problems.error(*spot, "baseline", format!("names the arm {name:?}, which doesn't exist")).choices(
            "arms",
            name,
            arms.iter().map(|arm| arm.id.as_str()),
        );
        0
    })
}

fn whole(table: &Table, key: &str, default: u32) -> u32 {
    get(table, key).and_then(Node::as_whole).map_or(default, |value| value as u32)
}

fn inner(root: &Table, key: &str) -> Table {
    get(root, key).and_then(Node::as_table).cloned().unwrap_or_default()
}

fn read_precision(root: &Table, problems: &mut Problems) -> Precision {
    let table = inner(root, "precision");
    let outcomes = get(root, "outcomes").map_or_else(Vec::new, Node::as_texts);
    let position = table.get("outcome").map(|_| {
        let name = text(&table, "outcome");
        outcomes.iter().position(|(other, _)| *other == name)
    });
    let precision = Precision {
        // A name that isn't among the outcomes is refused below.
        outcome: position.flatten().unwrap_or(0),
        half_width: get(&table, "half_width").and_then(Node::as_number),
        batch: whole(&table, "batch", 20),
        min: whole(&table, "min", 40),
        max: whole(&table, "max", 200),
    };
    if let (Some(None), Some((spot, _))) = (position, table.get("outcome")) {
        let name = text(&table, "outcome");
        problems.error(*spot, "precision.outcome", format!("is {name:?}")).choices(
            "outcomes of this experiment",
            name,
            outcomes.iter().map(|(name, _)| *name),
        );
    }
    let is_told = |key: &&str| problems.has_error_at(&format!("precision.{key}"));
    if precision.min > precision.max && !["min", "max"].iter().any(is_told) {
        let spot = table.get("max").or(table.get("min")).map_or(Spot { file_idx: 0, line: 0 }, |(spot, _)| *spot);
        problems
            .error(spot, "precision.max", format!("is {}", precision.max))
            .allowed(format!("must be min, which is {}, or more", precision.min));
    }
    precision
}

fn read_robustness(root: &Table) -> Robustness {
    let table = inner(root, "robustness");
    Robustness {
        theories: get(&table, "theories").and_then(Node::as_flag).unwrap_or(true),
        replicates: whole(&table, "replicates", 20),
        prior_draws: whole(&table, "prior_draws", 20),
        prior_replicates: whole(&table, "prior_replicates", 4),
        crossed_draws: whole(&table, "crossed_draws", 0),
        crossed_replicates: whole(&table, "crossed_replicates", 4),
        seed: get(&table, "seed").and_then(Node::as_whole).unwrap_or(0) as u64,
    }
}
