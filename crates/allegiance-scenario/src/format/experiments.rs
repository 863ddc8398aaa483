//! The keys of an experiment file.

use super::{SEED, TIMELINE, may, must, table};
use crate::format_version::FORMAT;
use crate::shape::{Shape, TableShape};

/// The most replicates of one arm.
const MAX_REPLICATES: i64 = 100_000;

/// An experiment file as a whole.
pub(crate) const EXPERIMENT: TableShape = table(
    "an experiment",
    &[
        must("format", Shape::Whole(FORMAT, FORMAT), "Version of the format of experiments."),
        may(
            "extends",
            Shape::Text,
            "A built-in experiment, or a file next to this one, whose keys hold where this file sets none; \
             arms merge by id.",
        ),
        must("id", Shape::Id, "Identifier, used for the name of the results."),
        must("title", Shape::Text, "Title shown to people."),
        must("question", Shape::Text, "What is asked, written down before anything is run."),
        must("scenario", Shape::Text, "A built-in scenario, or a folder or file next to this file."),
        may(
            "set",
            Shape::Texts,
            "Changes that hold in every arm, as `--set` takes them; theories in files lie beside this one.",
        ),
        must("outcomes", Shape::Texts, "What is measured, by name; `allegiance outcomes` lists the names."),
        may("baseline", Shape::Text, "The arm that the others are compared with, the first by default."),
        may("precision", Shape::Table(&PRECISION), "How many replicates are run."),
        may("robustness", Shape::Table(&ROBUSTNESS), "Where else the sign of a difference is looked at."),
        may("sources", Shape::TextByKey, "Citations by key, in addition to those of the scenario."),
        must("arms", Shape::List(&ARM), "The arms, 2 to 50."),
    ],
);

const PRECISION: TableShape = table(
    "the precision",
    &[
        may("outcome", Shape::Text, "The outcome whose differences decide, the first by default."),
        may(
            "half_width",
            Shape::Number(0.0, 1e9),
            "Batches are run until the 95% interval of every difference is at most this far from its middle, \
             in the outcome's unit. Without it the most replicates are run.",
        ),
        may("batch", Shape::Whole(1, MAX_REPLICATES), "Replicates of a batch, 20 by default."),
        may("min", Shape::Whole(2, MAX_REPLICATES), "Fewest replicates, 40 by default."),
        may("max", Shape::Whole(2, MAX_REPLICATES), "Most replicates, 200 by default."),
    ],
);

const ROBUSTNESS: TableShape = table(
    "the robustness",
    &[
        may("theories", Shape::Flag, "Whether every theory of belief and of exit is tried, true by default."),
        may("replicates", Shape::Whole(2, MAX_REPLICATES), "Replicates under each theory, 20 by default."),
        may(
            "prior_draws",
            Shape::Whole(0, 100_000),
            "Draws of all parameters of the model within their priors, 20 by default.",
        ),
        may("prior_replicates", Shape::Whole(1, MAX_REPLICATES), "Replicates of each draw, 4 by default."),
        may(
            "crossed_draws",
            Shape::Whole(0, 10_000),
            "Draws of all parameters under each theory of belief and of exit, which tell how much of a difference is \
             due to theories, parameters and luck; 0 by default, 20 is a good number.",
        ),
        may(
            "crossed_replicates",
            Shape::Whole(2, MAX_REPLICATES),
            "Replicates of each such draw in every arm, 4 by default.",
        ),
        may("seed", SEED, "Seed of the draws, 0 by default."),
    ],
);

const ARM: TableShape = table(
    "an arm",
    &[
        must("id", Shape::Id, "Identifier."),
        must("title", Shape::Text, "What the arm is, shown to people."),
        may("set", Shape::Texts, "Changes of this arm, as `--set` takes them; theories in files lie beside this one."),
        may("timeline", Shape::List(&TIMELINE), "Entries that this arm adds to the scenario's timeline."),
    ],
);
