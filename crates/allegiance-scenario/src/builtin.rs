//! The scenarios and experiments that come with the program.

/// A file's name and text.
type File = (&'static str, &'static str);

macro_rules! builtin {
    ($id:literal: $($file:literal),*) => {
        (
            $id,
            &[$(($file, include_str!(concat!("../builtin/", $id, "/", $file)))),*],
        )
    };
    ($id:literal: $($file:literal),*; $base:literal: $shared:literal) => {
        (
            $id,
            &[
                $(($file, include_str!(concat!("../builtin/", $id, "/", $file))),)*
                ($shared, include_str!(concat!("../builtin/", $base, "/", $shared))),
            ],
        )
    };
}

const ALL: &[(&str, &[File])] = &[
    builtin!("one-village": "scenario.toml", "places.csv", "control.csv", "garrisons.csv"),
    builtin!("one-village-observed": "scenario.toml", "events.csv"),
    builtin!("cut-off-garrison": "scenario.toml", "places.csv", "control.csv", "garrisons.csv"),
    builtin!("north-syria-2014": "scenario.toml", "places.csv", "control.csv", "garrisons.csv", "january-2014.toml"),
    builtin!("syria": "scenario.toml", "places.csv", "control.csv", "garrisons.csv"; "north-syria-2014": "january-2014.toml"),
    builtin!("sierra-leone-1991-2002": "scenario.toml", "places.csv", "control.csv", "garrisons.csv"),
    builtin!("darfur-2003-04": "scenario.toml", "places.csv", "control.csv", "garrisons.csv", "events.csv"),
    builtin!("pakistan-2009": "scenario.toml", "places.csv", "control.csv", "garrisons.csv"),
    builtin!("nigeria-2014": "scenario.toml", "places.csv", "control.csv", "garrisons.csv", "events.csv"),
];

/// The names of the built-in scenarios.
pub fn names() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|(id, _)| *id)
}

/// The text of a file of a built-in scenario.
pub fn file(id: &str, name: &str) -> Option<&'static str> {
    let (_, files) = ALL.iter().find(|(builtin, _)| *builtin == id)?;
    files.iter().find(|(file, _)| *file == name).map(|(_, text)| *text)
}

/// Theories of exit and of belief: those of the engine, and others.
const THEORIES: &[File] = &[
    ("conviction", include_str!("../theories/conviction.toml")),
    ("kin_and_home", include_str!("../theories/kin_and_home.toml")),
    ("control_and_fear", include_str!("../theories/control_and_fear.toml")),
    ("material", include_str!("../theories/material.toml")),
    ("cascade", include_str!("../theories/cascade.toml")),
    ("full", include_str!("../theories/full.toml")),
    ("constant", include_str!("../theories/constant.toml")),
    ("trust_among_comrades", include_str!("../theories/trust_among_comrades.toml")),
    ("own_safety_first", include_str!("../theories/own_safety_first.toml")),
    ("source_credibility", include_str!("../theories/source_credibility.toml")),
    ("motivated_reasoning", include_str!("../theories/motivated_reasoning.toml")),
    ("direct_experience", include_str!("../theories/direct_experience.toml")),
    ("social_averaging", include_str!("../theories/social_averaging.toml")),
    ("fixed", include_str!("../theories/fixed.toml")),
    ("participation_and_incentive", include_str!("../theories/participation_and_incentive.toml")),
];

/// The engine's own rules of the other slots, as far as a file can say them.
const RULES: &[File] = &[
    ("engine_destination", include_str!("../theories/engine_destination.toml")),
    ("engine_joining", include_str!("../theories/engine_joining.toml")),
    ("engine_voice", include_str!("../theories/engine_voice.toml")),
];

/// The names of the theories that come with the program as files, of every slot.
pub fn theory_names() -> impl Iterator<Item = &'static str> {
    THEORIES.iter().chain(RULES).map(|(name, _)| *name)
}

/// Those of destination, joining and voice.
pub fn rule_names() -> impl Iterator<Item = &'static str> {
    RULES.iter().map(|(name, _)| *name)
}

/// The text of a theory that comes with the program.
pub fn theory(name: &str) -> Option<&'static str> {
    THEORIES.iter().chain(RULES).find(|(builtin, _)| *builtin == name).map(|(_, text)| *text)
}

const EXPERIMENTS: &[File] = &[
    ("thesis", include_str!("../experiments/thesis.toml")),
    ("thesis-north-syria-2014", include_str!("../experiments/thesis-north-syria-2014.toml")),
];

/// The names of the built-in experiments.
pub fn experiment_names() -> impl Iterator<Item = &'static str> {
    EXPERIMENTS.iter().map(|(id, _)| *id)
}

/// The text of a built-in experiment.
pub fn experiment(id: &str) -> Option<&'static str> {
    EXPERIMENTS.iter().find(|(builtin, _)| *builtin == id).map(|(_, text)| *text)
}
