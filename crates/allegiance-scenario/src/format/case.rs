//! The keys of a case: what is known of a war, for runs to be held against.

use allegiance_model::case::Layer;

use super::{DAYS, may, must, table};
use crate::format_version::FORMAT;
use crate::shape::{Field, KindShape, Shape, TableShape};

/// Weights and ends of bands.
const NUMBER: Shape = Shape::Number(-1e12, 1e12);

/// A case file as a whole.
pub(crate) const CASE: TableShape = table(
    "a case",
    &[
        must("format", Shape::Whole(FORMAT, FORMAT), "Version of the format of cases."),
        must("title", Shape::Text, "What the case is called."),
        must("about", Shape::Text, "What its patterns are about, as a clause without a full stop."),
        may("note", Shape::Text, "What a reader of all patterns should know, such as a source that several share."),
        may(
            "parameters",
            Shape::Texts,
            "The parameters that `allegiance calibrate` moves unless told otherwise; no more than about the number of \
             patterns.",
        ),
        may("left_out", Shape::TextByKey, "Patterns that are known and that a run can't show, each with the reason."),
        must("patterns", Shape::List(&PATTERN), "The patterns, 1 to 100."),
    ],
);

const KINDS: &[&str] = &[
    "deaths",
    "early_deaths_share",
    "deaths_ratio",
    "civilian_share",
    "executed_share",
    "places_lost",
    "first_members",
    "first_foreign_share",
    "quiet_desertions",
    "quiet_switching",
    "ideology_first",
    "prospects_named",
];

pub(crate) const PATTERN: TableShape = TableShape {
    by_kind: &[
        DEATHS,
        EARLY_DEATHS_SHARE,
        DEATHS_RATIO,
        CIVILIAN_SHARE,
        EXECUTED_SHARE,
        PLACES_LOST,
        FIRST_MEMBERS,
        FIRST_FOREIGN_SHARE,
        QUIET_DESERTIONS,
        QUIET_SWITCHING,
        IDEOLOGY_FIRST,
        PROSPECTS_FIRST,
    ],
    ..table(
        "a pattern",
        &[
            must("id", Shape::Id, "Identifier; unique among the patterns."),
            must("name", Shape::Text, "What it says, in a few words."),
            must("kind", Shape::Word(KINDS), "What is measured."),
            must("low", NUMBER, "Lower end of the band."),
            must("high", NUMBER, "Upper end of the band, above the lower."),
            must("source", Shape::Text, "Where the band comes from."),
            may(
                "record",
                Shape::Word(Layer::WORDS),
                "Which record it is judged on: happened, the default, or reported, which only counts of deaths can be.",
            ),
            may("digits", Shape::Whole(0, 6), "Digits after the point in print; 2 by default."),
            may("weight", Shape::Number(0.001, 1_000.0), "Weight in a calibration; 1 by default."),
        ],
    )
};

const GROUP: Field = must("group", Shape::Text, "The group.");
const AGAINST: Field =
    may("against", Shape::Texts, "The groups that it fights; by default every other group that is no state.");
const FROM: Field = must("from", Shape::Day, "The first day that counts.");
const N_DAYS: Field = must("days", DAYS, "How many days count.");
const CLASHES: &[Field] = &[GROUP, AGAINST, FROM, N_DAYS];
const QUIET: Field = may("quiet_days", DAYS, "Days without an exposure to the acts of the own group; 30 by default.");
const GROUPS: Field = may("groups", Shape::Texts, "The groups; by default all that are no state.");
const OF_KIND: Field = may("kinds", Shape::Texts, "Kinds of groups, instead of groups.");

const fn kind(word: &'static str, meaning: &'static str, fields: &'static [Field]) -> KindShape {
    KindShape { word, meaning, fields, example: "" }
}

const DEATHS: KindShape = KindShape {
    word: "deaths",
    meaning: "Everyone who died in assaults, executions of prisoners and strikes between the group and the others.",
    fields: CLASHES,
    example: r#"[[patterns]]
id = "P1"
name = "killed in clashes in the first month, civilians too"
kind = "deaths"
group = "front"
from = 2001-05-01
days = 30
low = 90
high = 140
digits = 0
source = "The count of the Marania Monitor, 98, and its own later correction"
"#,
};

const EARLY_DEATHS_SHARE: KindShape = kind(
    "early_deaths_share",
    "Of everyone who died between them, the share in the first days.",
    &[GROUP, AGAINST, FROM, N_DAYS, must("early_days", DAYS, "How many days are the first.")],
);

const DEATHS_RATIO: KindShape =
    kind("deaths_ratio", "Members of the others killed for each member of the group killed.", CLASHES);

const CIVILIAN_SHARE: KindShape =
    kind("civilian_share", "Share of civilians among those who died between them.", CLASHES);

const EXECUTED_SHARE: KindShape =
    kind("executed_share", "Share of executed prisoners among those who died between them.", CLASHES);

const PLACES_LOST: KindShape = kind(
    "places_lost",
    "Of the places where the group had half of the control or more before the first day, the share where it has less \
     at the end of the last.",
    &[
        GROUP,
        may("governorate", Shape::Text, "The places of this governorate."),
        may("places", Shape::Texts, "These places, instead of a governorate."),
        FROM,
        N_DAYS,
    ],
);

const FIRST_MEMBERS: KindShape =
    kind("first_members", "Members of the group at the end of the first day of the run.", &[GROUP]);

const FIRST_FOREIGN_SHARE: KindShape =
    kind("first_foreign_share", "Share of foreign members of the group at the end of the first day.", &[GROUP]);

const QUIET_DESERTIONS: KindShape = kind(
    "quiet_desertions",
    "Desertions a month of 30 days of members whom no act of their own group reached lately, of all groups together.",
    &[QUIET],
);

const QUIET_SWITCHING: KindShape = kind(
    "quiet_switching",
    "Of the same members who desert or defect, the share who serve another group: defectors, and deserters who join \
     one soon after.",
    &[QUIET, may("switch_days", DAYS, "How soon is soon, in days; 30 by default.")],
);

const IDEOLOGY_FIRST: KindShape = kind(
    "ideology_first",
    "Of the inhabitants who join the groups, the share whose heaviest motive is ideology.",
    &[GROUPS, OF_KIND],
);

const PROSPECTS_FIRST: KindShape = kind(
    "prospects_named",
    "Of the local members of the groups who leave the country, the share who name the prospects of the war among their reasons: what these add to the hazard of leaving is by a quarter above its mean among members.",
    &[GROUPS, OF_KIND],
);
