//! The engine's own source text, for documents that are generated from it.
//!
//! The text is embedded by the crate that owns it, so that every crate can be
//! packaged alone. A program that doesn't use it doesn't carry it.

/// One source file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SourceFile {
    /// Path below `src`, with forward slashes.
    pub path: &'static str,
    /// The whole text.
    pub text: &'static str,
}

macro_rules! files {
    ($($path:literal,)*) => {
        &[$(SourceFile { path: $path, text: include_str!($path) },)*]
    };
}

/// The source files of the engine, in order of path; this one isn't among them.
pub const FILES: &[SourceFile] = files![
    "arrival.rs",
    "belief/direct_experience.rs",
    "belief/mod.rs",
    "belief/motivated_reasoning.rs",
    "belief/social_averaging.rs",
    "belief/source_credibility.rs",
    "belief/table.rs",
    "calendar.rs",
    "combat.rs",
    "control.rs",
    "denunciation.rs",
    "deterrence.rs",
    "displacement.rs",
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

#[cfg(test)]
mod tests {
    use super::FILES;
    use std::path::Path;

    /// Every module that a file declares, itself aside, is listed.
    #[test]
    fn no_module_is_missing() {
        for file in FILES {
            let name = Path::new(file.path).with_extension("");
            let folder = match name.file_name().and_then(|stem| stem.to_str()) {
                Some("lib" | "mod") => name.parent().unwrap_or(Path::new("")).to_owned(),
                _ => name.clone(),
            };
            for line in file.text.lines() {
                let Some(module) =
                    line.trim_start_matches("pub ").strip_prefix("mod ").and_then(|rest| rest.strip_suffix(';'))
                else {
                    continue;
                };
                let own = folder.join(module);
                let is_listed = FILES.iter().any(|other| {
                    let other = Path::new(other.path);
                    other == own.with_extension("rs") || other == own.join("mod.rs")
                });
                assert!(
                    is_listed || module == "source",
                    "src/source.rs doesn't list the module {module} of {}",
                    file.path
                );
            }
        }
    }
}
