//! Runs the program in a folder of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

use allegiance_scenario::builtin;

/// A working folder, removed at the end.
pub(crate) struct Folder {
    path: PathBuf,
}

impl Folder {
    pub(crate) fn new() -> Self {
        static N: AtomicU32 = AtomicU32::new(0);
        let name = format!("allegiance-cli-{}-{}", std::process::id(), N.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        fs_err::create_dir_all(&path).unwrap();
        Self { path }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Copies `one-village` here as the folder `mine`, with changes that are
    /// each found exactly once in `scenario.toml`.
    pub(crate) fn copy_village(&self, changes: &[(&str, &str)]) {
        let folder = self.path.join("mine");
        fs_err::create_dir_all(&folder).unwrap();
        for file in ["scenario.toml", "places.csv", "control.csv", "garrisons.csv"] {
            let mut text = builtin::file("one-village", file).unwrap().to_owned();
            if file == "scenario.toml" {
                for (from, to) in changes {
                    assert_eq!(text.matches(from).count(), 1, "{from:?}");
                    text = text.replace(from, to);
                }
            }
            fs_err::write(folder.join(file), text).unwrap();
        }
    }

    pub(crate) fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_allegiance"));
        command.current_dir(&self.path).args(arguments.split_whitespace());
        command
    }

    pub(crate) fn output(&self, arguments: &str) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Exit code, standard output and standard error as one text.
    pub(crate) fn snapshot(&self, arguments: &str) -> String {
        let output = self.output(arguments);
        format!(
            "exit {}\n--- stdout\n{}--- stderr\n{}",
            output.status.code().unwrap(),
            String::from_utf8(output.stdout).unwrap(),
            String::from_utf8(output.stderr).unwrap(),
        )
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs_err::remove_dir_all(&self.path));
    }
}

/// A snapshot in a folder without files.
pub(crate) fn snapshot(arguments: &str) -> String {
    Folder::new().snapshot(arguments)
}
