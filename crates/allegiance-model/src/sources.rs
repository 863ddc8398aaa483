//! The engine's own source text, for documents that are generated from it.
//!
//! Here and not in the program that writes the documents, because a published
//! crate holds nothing of its neighbours.

/// One source file of the engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SourceFile {
    /// Path below the engine's `src`, with forward slashes.
    pub path: &'static str,
    /// The whole text.
    pub text: &'static str,
}

macro_rules! files {
    ($($path:literal,)*) => {
        &[$(SourceFile { path: $path, text: include_str!($path) },)*]
    };
}

/// Every source file of the engine, in order of path.
pub const FILES: &[SourceFile] = files![
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
    "exits/blocks/belief.rs",
    "exits/blocks/cascade.rs",
    "exits/blocks/cohesion.rs",
    "exits/blocks/deterrence.rs",
    "exits/blocks/kin_and_home.rs",
    "exits/blocks/material.rs",
    "exits/blocks/mod.rs",
    "exits/blocks/opportunity.rs",
    "exits/blocks/prospects.rs",
    "exits/bounds.rs",
    "exits/draws.rs",
    "exits/hazards.rs",
    "exits/leaving.rs",
    "exits/mod.rs",
    "first_members.rs",
    "geography.rs",
    "groups.rs",
    "harm.rs",
    "ids.rs",
    "interventions.rs",
    "joining.rs",
    "kinship.rs",
    "leave.rs",
    "lib.rs",
    "maths.rs",
    "mechanisms.rs",
    "model.rs",
    "movement.rs",
    "muster.rs",
    "news.rs",
    "observation.rs",
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
    "sources.rs",
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
