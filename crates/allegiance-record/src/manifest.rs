//! `run.json`: what a run was, what it wrote, and how to check it.

use crate::patterns::{CaseWords, PatternVerdict};
use crate::placed::{MissingDeaths, ReplayedSide};
use crate::setup_differences::SetupDifference;
use allegiance_model::parameters::Parameters;
use allegiance_model::setup::{Mechanism, OperationsMode, Setup};
use allegiance_model::theory::OwnTheory;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Version of the layout of a run folder.
pub const FORMAT_VERSION: u32 = 1;

/// A parameter that a run doesn't leave at its default.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChangedParameter {
    /// Its value in this run.
    pub value: f64,
    /// Its default.
    pub default: f64,
}

/// What one table of a run holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableEntry {
    /// Its file in the run folder.
    pub file: String,
    /// Rows over all replicates.
    pub n_rows: u64,
    /// Digest of its content in each replicate, in their order; a single one
    /// for a table of the whole run.
    pub digests: Vec<String>,
}

/// The theories of a run, by their words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TheoryWords {
    /// The theory of belief.
    pub belief: String,
    /// The theory of exit.
    pub exit: String,
    /// The theories in files, each in the slots that it fills.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub own: Vec<OwnTheoryWords>,
}

/// A theory that somebody wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnTheoryWords {
    /// Its name.
    pub name: String,
    /// SHA-256 of its text, in hexadecimal digits.
    pub digest: String,
    /// Who wrote it.
    pub authors: String,
    /// Where it was published.
    pub citation: String,
    /// The built-in blocks that it has.
    pub blocks: Vec<String>,
    /// What its own blocks are called, by name.
    pub own_blocks: BTreeMap<String, String>,
    /// The slots that it fills.
    pub slots: Vec<String>,
}

impl TheoryWords {
    /// The theories of a setup.
    pub fn of(setup: &Setup) -> Self {
        let words = |own: &OwnTheory| OwnTheoryWords {
            name: own.name.clone(),
            digest: own.digest.clone(),
            authors: own.authors.clone(),
            citation: own.citation.clone(),
            blocks: own.blocks.iter().map(|cause| cause.word().to_owned()).collect(),
            slots: own.slots().into_iter().map(|slot| slot.word().to_owned()).collect(),
            own_blocks: own.own_blocks.iter().map(|block| (block.name.clone(), block.words.clone())).collect(),
        };
        let own = setup.own_theories.iter().map(words).collect();
        Self { belief: setup.belief_theory().to_owned(), exit: setup.exit_theory().to_owned(), own }
    }

    /// What the theory's own blocks are called together; none where it has none.
    pub fn own_words(&self) -> Option<String> {
        let words: Vec<&str> = self.own.iter().flat_map(|own| own.own_blocks.values()).map(String::as_str).collect();
        (!words.is_empty()).then(|| words.join(", "))
    }
}

/// How long a run took and how much it did.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Effort {
    /// Threads used.
    pub threads: usize,
    /// When it started, UTC.
    pub started: String,
    /// When it ended, UTC.
    pub finished: String,
    /// Seconds between the two.
    pub wall_seconds: f64,
    /// Replicates kept from an earlier, interrupted run.
    pub n_replicates_kept: u32,
    /// Highest memory of the process so far, where the system tells it.
    pub peak_memory_bytes: Option<u64>,
    /// Inhabitants and foreign members on the first day; the foreign ones are
    /// taken from the share among the rank and file.
    pub n_agents: u64,
    /// Agents times days of the replicates simulated, by wall second.
    pub agent_days_per_second: Option<f64>,
}

/// The content of `run.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// A line for whoever opens the file first.
    pub about: String,
    /// Version of the layout of the run folder.
    pub format_version: u32,
    /// Version of the engine.
    pub engine_version: String,
    /// Commit of the source, with `-dirty` where it had changes; empty where
    /// the program wasn't built in a checkout.
    pub git: Option<String>,
    /// The command that made the run.
    pub command_line: Vec<String>,
    /// What was changed of the scenario, as assignments in their order, such as
    /// `seed=3` or `combat.decisiveness=2`.
    #[serde(default)]
    pub changes: Vec<String>,
    /// What that makes different from the scenario as it was loaded.
    #[serde(default)]
    pub changed: Vec<SetupDifference>,
    /// Parameters outside their plausible ranges, in words.
    #[serde(default)]
    pub implausible: Vec<String>,
    /// Identifier of the scenario.
    pub scenario_id: String,
    /// Title of the scenario.
    pub scenario_title: String,
    /// Hash of the resolved scenario.
    pub scenario_hash: String,
    /// Digest of everything that the engine was given.
    pub setup_digest: String,
    /// Seed.
    pub seed: u64,
    /// Number of replicates.
    pub n_replicates: u32,
    /// Days of each replicate.
    pub n_days: u32,
    /// The first day.
    pub start: String,
    /// The last day.
    pub end: String,
    /// The theories.
    pub theory: TheoryWords,
    /// Parameters of the engine that differ from their defaults, by name.
    pub changed_parameters: BTreeMap<String, ChangedParameter>,
    /// Mechanisms that run by default and were switched off.
    pub switched_off: Vec<String>,
    /// Mechanisms that don't run by default and were switched on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub switched_on: Vec<String>,
    /// Where incidents come from: `endogenous`, or `observed` for a run that
    /// replays a record. Empty where an older run doesn't say.
    #[serde(default)]
    pub mode: String,
    /// By side, how many deaths the replayed record holds and how many could be
    /// placed; empty where no record is replayed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replay: Vec<ReplayedSide>,
    /// The deaths of the replayed record that could not be placed, by side, kind of
    /// violence and place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replay_missing: Vec<MissingDeaths>,
    /// Digest of the observation model's parameters.
    pub observation_digest: String,
    /// Parameters of the observation model, by name.
    pub observation: BTreeMap<String, f64>,
    /// The tables that were asked for; empty for all.
    #[serde(default)]
    pub tables_written: Option<Vec<String>>,
    /// How long it took.
    pub effort: Effort,
    /// Digest over the digests of all tables and replicates.
    pub digest: String,
    /// The tables, by name.
    pub tables: BTreeMap<String, TableEntry>,
    /// What the run is held against; empty where the scenario names no case.
    #[serde(default)]
    pub case: Option<CaseWords>,
    /// The calibration patterns of the case and what became of them.
    pub patterns: Vec<PatternVerdict>,
}

impl Manifest {
    /// What the run says of itself, without what it is.
    pub fn note(&self) -> &str {
        self.about.split_once(". ").map_or(self.about.as_str(), |(_, note)| note)
    }

    /// Whether the run was given the incidents of a record and replays them.
    pub fn is_replay(&self) -> bool {
        self.mode == OperationsMode::Observed.word()
    }
}

/// The parameters of a setup that differ from their defaults.
pub fn changed_parameters(setup: &Setup) -> BTreeMap<String, ChangedParameter> {
    Parameters::dictionary()
        .chain(setup.own_dictionary())
        .filter_map(|info| {
            let path = info.path();
            let value = setup.parameter(&path)?;
            (value.to_bits() != info.default.to_bits())
                .then_some((path, ChangedParameter { value, default: info.default }))
        })
        .collect()
}

/// The mechanisms that run by default and that a setup switches off.
pub fn switched_off(setup: &Setup) -> Vec<String> {
    switched(setup, false)
}

/// The mechanisms that don't run by default and that a setup switches on.
pub fn switched_on(setup: &Setup) -> Vec<String> {
    switched(setup, true)
}

fn switched(setup: &Setup, is_on: bool) -> Vec<String> {
    let is_switched =
        |mechanism: Mechanism| setup.switches.is_on(mechanism) == is_on && mechanism.runs_by_default() != is_on;
    let switched = Mechanism::ALL.iter().filter(|&&mechanism| is_switched(mechanism));
    switched.map(|mechanism| mechanism.word().to_owned()).collect()
}
