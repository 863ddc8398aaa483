//! The files of a run's scenario, for whoever goes on with it.

use serde::Serialize;
use std::collections::BTreeMap;

/// What a run was made from: its scenario as texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ScenarioFiles {
    /// What the command line takes in its place, such as `one-village` or
    /// `runs/base/scenario`; none where nobody knows where it lies.
    pub named: Option<String>,
    /// The files' texts by name, `scenario.toml` among them; what it extends lies below
    /// `base/`, theories that were given beside it below `given/`.
    pub files: BTreeMap<String, String>,
}
