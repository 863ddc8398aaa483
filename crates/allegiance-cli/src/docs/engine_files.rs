//! The engine's source text, from which documents are generated.
//!
//! The engine may not include texts itself (its boundary is checked by the
//! gate), so its files are embedded here. A program packaged without the rest
//! of the workspace would have to leave `allegiance docs` out.

/// One source file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SourceFile {
    /// Path below the engine's `src`, with forward slashes.
    pub(super) path: &'static str,
    /// The whole text.
    pub(super) text: &'static str,
}

macro_rules! engine_files {
    ($($path:literal,)*) => {
        &[$(SourceFile {
            path: $path,
            text: include_str!(concat!("../../../allegiance-model/src/", $path)),
        },)*]
    };
}

/// The source files of the engine, in order of path.
pub(super) const FILES: &[SourceFile] = engine_files![
    "arrival.rs",
    "belief/direct_experience.rs",
    "belief/mod.rs",
    "belief/motivated_reasoning.rs",
    "belief/social_averaging.rs",
    "belief/source_credibility.rs",
    "belief/table.rs",
    "branch.rs",
    "calendar.rs",
    "combat.rs",
    "control.rs",
    "denunciation.rs",
    "deterrence.rs",
    "displacement.rs",
    "exit_draws.rs",
    "exits.rs",
    "first_members.rs",
    "geography.rs",
    "harm.rs",
    "ids.rs",
    "interventions.rs",
    "joining.rs",
    "kinship.rs",
    "leave.rs",
    "lib.rs",
    "maths.rs",
    "model.rs",
    "movement.rs",
    "muster.rs",
    "news.rs",
    "observed.rs",
    "operations.rs",
    "parameters.rs",
    "random.rs",
    "records.rs",
    "relations.rs",
    "reprisal.rs",
    "saved.rs",
    "scale.rs",
    "setup.rs",
    "state/groups.rs",
    "state/mod.rs",
    "state/people.rs",
    "state/places.rs",
    "state/schedule.rs",
    "state/units.rs",
    "support.rs",
    "tables.rs",
    "timeline.rs",
    "traits.rs",
    "voice.rs",
    "world.rs",
];

/// The observation model of the laboratory.
pub(super) const OBSERVATION: &str = include_str!("../../../allegiance-lab/src/observe/mod.rs");

#[cfg(test)]
mod tests {
    use super::FILES;
    use std::path::{Path, PathBuf};

    fn add_files(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs_err::read_dir(folder).expect("the engine's source is beside this crate") {
            let path = entry.expect("a folder can be listed").path();
            if path.is_dir() {
                add_files(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }

    #[test]
    fn every_file_of_the_engine_is_listed() {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../allegiance-model/src");
        let mut found = Vec::new();
        add_files(&source, &mut found);
        found.sort();
        let listed: Vec<PathBuf> = FILES.iter().map(|file| source.join(file.path)).collect();
        assert_eq!(listed, found, "docs/engine_files.rs doesn't list the engine's files");
    }
}
