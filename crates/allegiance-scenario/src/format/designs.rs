//! The keys of a design file.

use super::{SEED, may, must, table};
use crate::format_version::FORMAT;
use crate::shape::{Shape, TableShape};

/// The most rows that a design may have.
pub(crate) const MAX_ROWS: i64 = 1_000_000;
/// The most replicates of one row.
const MAX_REPLICATES: i64 = 10_000;

/// How rows are chosen.
pub(crate) const SAMPLERS: &[&str] = &["grid", "random", "latin_hypercube", "sobol", "saltelli", "morris"];
/// How a range is walked.
pub(crate) const SCALES: &[&str] = &["linear", "log", "whole"];

/// A design file as a whole.
pub(crate) const DESIGN: TableShape = table(
    "a design",
    &[
        must("format", Shape::Whole(FORMAT, FORMAT), "Version of the format of designs."),
        must("id", Shape::Id, "Identifier, used for the name of the results."),
        must("title", Shape::Text, "Title shown to people."),
        must("scenario", Shape::Text, "A built-in scenario, or a folder or file next to this file."),
        may(
            "set",
            Shape::Texts,
            "Changes that hold in every row, as `--set` takes them; theories in files lie beside this one.",
        ),
        must(
            "sampler",
            Shape::Word(SAMPLERS),
            "How rows are chosen. grid: every combination of levels. random: independent draws. \
             latin_hypercube: one row in each of `rows` slices of every factor. sobol: a Sobol sequence. \
             saltelli: the rows that Sobol's indices need. morris: trajectories of one step in each factor.",
        ),
        may(
            "rows",
            Shape::Whole(1, MAX_ROWS),
            "Rows; for saltelli the base sample N, which makes N times (factors + 2) rows, \
             and for morris the trajectories, each of (factors + 1) rows. A grid has none of its own.",
        ),
        may(
            "levels",
            Shape::Whole(2, 1000),
            "Levels of each factor without `values`, for grid (3 by default) and morris (4 by default, and even).",
        ),
        may("seed", SEED, "Seed of the sampler, 0 by default; the scenario's own seed draws the wars."),
        must("replicates", Shape::Whole(1, MAX_REPLICATES), "Replicates of each row, numbered alike in every row."),
        must("outcomes", Shape::Texts, "What is measured, by name; `allegiance outcomes` lists the names."),
        may(
            "evidence",
            Shape::Texts,
            "Files of evidence of people and groups next to this file, found or planned: each thing that they ask is \
             measured as well, under the name `FILE: ITEM`.",
        ),
        must("factors", Shape::List(&FACTOR), "What varies, 1 to 1000 factors."),
    ],
);

const FACTOR: TableShape = table(
    "a factor",
    &[
        must(
            "key",
            Shape::Text,
            "What varies: any key of `--set`, such as `exits.leave_desertion`, `groups.ID.brutality` or `theory.exit`.",
        ),
        may("low", Shape::Number(-1e6, 1e6), "Lower end of the range; a parameter's prior by default."),
        may("high", Shape::Number(-1e6, 1e6), "Upper end of the range; a parameter's prior by default."),
        may(
            "scale",
            Shape::Word(SCALES),
            "linear: evenly between the ends. log: evenly in the logarithm. whole: whole numbers between the ends, \
             both included. By default a parameter has the scale of its prior, and any other key linear.",
        ),
        may("values", Shape::Values, "A list of values, instead of a range: numbers, words, or true and false."),
    ],
);
