//! Version 1 of the format of `scenario.toml`, as data.
//!
//! The keys, their types and bounds are stated here once; checking, messages
//! and `--set` all read them.

use allegiance_model::setup::{BeliefTheory, ExitTheory, GroupKind, Mechanism, RelationKind};

use crate::shape::{Field, Shape, TableShape};

/// The most days that a scenario may simulate.
pub const MAX_DAYS: i64 = 3_650;

const fn must(name: &'static str, shape: Shape) -> Field {
    Field {
        name,
        shape,
        is_required: true,
    }
}

const fn may(name: &'static str, shape: Shape) -> Field {
    Field {
        name,
        shape,
        is_required: false,
    }
}

const fn table(noun: &'static str, fields: &'static [Field]) -> TableShape {
    TableShape {
        noun,
        fields,
        sums_to_one: false,
        by_kind: &[],
    }
}

const SHARE: Shape = Shape::Number(0.0, 1.0);
const SCORE: Shape = Shape::Number(1.0, 5.0);
const USD: Shape = Shape::Number(0.0, 100_000.0);
const PER_MONTH: Shape = Shape::Number(0.0, 100_000.0);

/// `scenario.toml` as a whole.
pub(crate) const SCENARIO: TableShape = table(
    "a scenario",
    &[
        must("format", Shape::Whole(1, 1)),
        may("extends", Shape::Text),
        must("id", Shape::Id),
        must("title", Shape::Text),
        must("description", Shape::Text),
        must("start", Shape::Day),
        must("days", DAYS),
        must("seed", SEED),
        must("sources", Shape::TextByKey),
        may("theory", Shape::Table(&THEORY)),
        must("tables", Shape::Table(&TABLES)),
        must("groups", Shape::List(&GROUP)),
        may("relations", Shape::List(&RELATION)),
        may("timeline", Shape::List(&TIMELINE)),
        may("parameters", Shape::Open),
        may("mechanisms", Shape::Flags(Mechanism::WORDS)),
    ],
);

pub(crate) const DAYS: Shape = Shape::Whole(1, MAX_DAYS);
pub(crate) const SEED: Shape = Shape::Whole(0, i64::MAX);

pub(crate) const THEORY: TableShape = table(
    "the theory",
    &[
        may("belief", Shape::Word(BeliefTheory::WORDS)),
        may("exit", Shape::Word(ExitTheory::WORDS)),
    ],
);

const TABLES: TableShape = table(
    "the tables",
    &[
        must("places", Shape::Text),
        must("control", Shape::Text),
        may("garrisons", Shape::Text),
    ],
);

pub(crate) const GROUP: TableShape = table(
    "a group",
    &[
        must("id", Shape::Id),
        must("name", Shape::Text),
        must("kind", Shape::Word(GroupKind::WORDS)),
        must("members", Shape::Whole(0, 10_000_000)),
        must("cause", Shape::Table(&CAUSE)),
        must("brutality", SHARE),
        must("discipline", Shape::Number(0.1, 10.0)),
        must("pay_usd_per_month", USD),
        must("pay_foreign_usd_per_month", USD),
        must("foreign_share", Shape::Table(&FOREIGN_SHARE)),
        must("motives", Shape::Table(&MOTIVES)),
        must("answers", Shape::Table(&ANSWERS)),
        must("prisoners_executed_share", SHARE),
        may("strikes_per_month", PER_MONTH),
        may("offensive_tempo", Shape::Number(0.0, 100.0)),
        may("recruits", Shape::Flag),
        must("source", Shape::Texts),
        may("note", Shape::Text),
    ],
);

const CAUSE: TableShape = table(
    "a cause",
    &[
        must("revisionism", SCORE),
        must("islamism", SCORE),
        must("sectarianism", SCORE),
    ],
);

const FOREIGN_SHARE: TableShape = table(
    "the foreign shares",
    &[
        must("rank_and_file", SHARE),
        must("unit_commander", SHARE),
        must("field_commander", SHARE),
        must("leadership", SHARE),
    ],
);

const MOTIVES: TableShape = TableShape {
    sums_to_one: true,
    ..table(
        "the motives",
        &[
            must("ideology", SHARE),
            must("material", SHARE),
            must("social", SHARE),
        ],
    )
};

const ANSWERS: TableShape = TableShape {
    sums_to_one: true,
    ..table(
        "the answers",
        &[
            must("ignore", SHARE),
            must("offer", SHARE),
            must("punish", SHARE),
        ],
    )
};

const RELATION: TableShape = table(
    "a relation",
    &[
        must("a", Shape::Texts),
        must("b", Shape::Texts),
        must("kind", Shape::Word(RelationKind::WORDS)),
        must("source", Shape::Texts),
        may("note", Shape::Text),
    ],
);

/// The kinds of timeline entries.
const CHANGES: &[&str] = &[
    "relation",
    "pay",
    "strikes",
    "assault",
    "dissolve",
    "happening",
];

const TIMELINE: TableShape = TableShape {
    by_kind: &[
        (
            "relation",
            &[
                must("a", Shape::Texts),
                must("b", Shape::Texts),
                must("relation", Shape::Word(RelationKind::WORDS)),
            ],
        ),
        (
            "pay",
            &[must("group", Shape::Text), must("pay_usd_per_month", USD)],
        ),
        (
            "strikes",
            &[
                must("group", Shape::Text),
                must("strikes_per_month", PER_MONTH),
            ],
        ),
        (
            "assault",
            &[must("group", Shape::Text), must("place", Shape::Text)],
        ),
        ("dissolve", &[must("group", Shape::Text)]),
        ("happening", &[may("place", Shape::Text)]),
    ],
    ..table(
        "a timeline entry",
        &[
            must("date", Shape::Day),
            must("kind", Shape::Word(CHANGES)),
            must("note", Shape::Text),
            must("source", Shape::Texts),
        ],
    )
};
