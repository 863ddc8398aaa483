//! A folder with a scenario to spoil.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use allegiance_model::setup::{Mechanism, Setup};
use allegiance_scenario::{LoadScenarioError, Scenario, builtin, load};

const FILES: &[&str] = &["scenario.toml", "places.csv", "control.csv", "garrisons.csv"];

/// A copy of `one-village` in a folder of its own, removed at the end.
pub(crate) struct Folder {
    path: PathBuf,
}

impl Folder {
    pub(crate) fn new() -> Self {
        static N: AtomicU32 = AtomicU32::new(0);
        let name = format!("allegiance-test-{}-{}", std::process::id(), N.fetch_add(1, Ordering::Relaxed));
        let folder = Self { path: std::env::temp_dir().join(name) };
        fs_err::create_dir_all(&folder.path).unwrap();
        for file in FILES {
            folder.write(file, builtin::file("one-village", file).unwrap());
        }
        folder
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn write(&self, file: &str, text: impl AsRef<[u8]>) {
        fs_err::write(self.path.join(file), text).unwrap();
    }

    /// Replaces a text that is there exactly once.
    pub(crate) fn patch(&self, file: &str, from: &str, to: &str) {
        let text = fs_err::read_to_string(self.path.join(file)).unwrap();
        assert_eq!(text.matches(from).count(), 1, "{from:?} must be in {file} once");
        self.write(file, text.replace(from, to));
    }

    pub(crate) fn load(&self) -> Result<Scenario, LoadScenarioError> {
        load(self.path.to_str().unwrap())
    }

    /// Every problem or warning, a line each, without the folder's path.
    pub(crate) fn messages(&self) -> String {
        let problems = match self.load() {
            Ok(scenario) => scenario.warnings,
            Err(LoadScenarioError::Invalid(problems)) => problems,
            Err(error) => panic!("{error}"),
        };
        let prefix = format!("{}/", self.path.display());
        let lines: Vec<String> = problems.iter().map(|problem| problem.to_string().replace(&prefix, "")).collect();
        shorten(&lines.join("\n"))
    }
}

/// Replaces the lists that grow with the model by their names.
pub(crate) fn shorten(messages: &str) -> String {
    let names = |mechanism: &str| {
        let of_it = Setup::dictionary().filter(|info| info.mechanism == mechanism);
        of_it.map(|info| info.name).collect::<Vec<_>>().join(", ")
    };
    let mut mechanisms: Vec<&str> = Setup::dictionary().map(|info| info.mechanism).collect();
    mechanisms.dedup();
    let builtins: Vec<&str> = builtin::names().collect();
    messages
        .replace(&names("combat"), "(parameters of combat)")
        .replace(&names("relations"), "(parameters of relations)")
        .replace(&mechanisms.join(", "), "(mechanisms with parameters)")
        .replace(&Mechanism::WORDS.join(", "), "(mechanisms)")
        .replace("scenarios are only", "scenarios are")
        .replace(&format!("scenarios are {}", builtins.join(", ")), "scenarios are (built-ins)")
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs_err::remove_dir_all(&self.path));
    }
}

/// The messages about `one-village` after one change.
pub(crate) fn after(file: &str, from: &str, to: &str) -> String {
    let folder = Folder::new();
    folder.patch(file, from, to);
    folder.messages()
}
