//! Groups and their relations.

use allegiance_model::axes::{LEAST_SCORE, MOST_SCORE};
use allegiance_model::setup::{
    AnswerMix, ForeignShare, GroupField, GroupSetup, Motives, Parts, PartsOf, RelationKind, ReportedAs, StrikeMix,
    Takes,
};

use super::{may, must, of_profile, table};
use crate::profiles::{PROFILE, Profile};
use crate::shape::{Field, Shape, TableShape};

/// What stands around the fields that the engine's declaration lists.
const BEFORE: [Field; 5] = [
    must("id", Shape::Id, "Identifier in files and tables; unique among groups."),
    must("name", Shape::Text, "Name shown to people."),
    must("kind", Shape::Text, "A kind of [[kinds]]."),
    may(
        PROFILE,
        Shape::Word(Profile::WORDS),
        "What it is like where the file doesn't say: a profile states every key of a group but id, name, kind, members \
         and source, and a key that the file states wins. Profiles are judgement; on axes of the scenario's own their \
         groups stand in the middle.",
    ),
    of_profile(must(
        "cause",
        Shape::NumberByKey(LEAST_SCORE, MOST_SCORE),
        "Its score on each axis of [[axes]], 1 least to 5 most: the keys are the axes' identifiers.",
    )),
];
const AFTER: [Field; 2] = [
    must("source", Shape::Texts, "Keys of [sources]."),
    may("note", Shape::Text, "Where the numbers come from, for readers."),
];

pub(crate) const GROUP: TableShape =
    table("a group", &fields_of::<{ BEFORE.len() + GroupSetup::FIELDS.len() + AFTER.len() }>(GroupSetup::FIELDS));

const fn fields_of<const N: usize>(declared: &[GroupField]) -> [Field; N] {
    let mut fields = [BEFORE[0]; N];
    let mut at = 0;
    while at < N {
        fields[at] = if at < BEFORE.len() {
            BEFORE[at]
        } else if at < BEFORE.len() + declared.len() {
            field_of(declared[at - BEFORE.len()])
        } else {
            AFTER[at - BEFORE.len() - declared.len()]
        };
        at += 1;
    }
    fields
}

const fn field_of(field: GroupField) -> Field {
    let (shape, meaning) = (shape_of(field.takes), field.meaning);
    let read = if field.is_required() { must(field.name, shape, meaning) } else { may(field.name, shape, meaning) };
    if matches!(field.name.as_bytes(), b"members") { read } else { of_profile(read) }
}

/// The shape of a score on an axis of cause.
pub(crate) const fn shape_of_score() -> Shape {
    Shape::Number(LEAST_SCORE, MOST_SCORE)
}

/// The shape of what a field takes.
pub(crate) const fn shape_of(takes: Takes) -> Shape {
    match takes {
        Takes::Number(low, high) | Takes::NumberOr(low, high) => Shape::Number(low, high),
        Takes::Whole(low, high) => Shape::Whole(low as i64, high as i64),
        Takes::Flag => Shape::Flag,
        Takes::Parts(parts) => Shape::Table(match parts.which {
            PartsOf::ForeignShare => &FOREIGN_SHARE,
            PartsOf::Motives => &MOTIVES,
            PartsOf::AnswerMix => &ANSWERS,
            PartsOf::StrikeMix => &STRIKE_MIX,
        }),
    }
}

const FOREIGN_SHARE: TableShape =
    parts_table(&ForeignShare::PARTS, &parts_of::<{ ForeignShare::PARTS.parts.len() }>(&ForeignShare::PARTS));
const MOTIVES: TableShape = parts_table(&Motives::PARTS, &parts_of::<{ Motives::PARTS.parts.len() }>(&Motives::PARTS));
const ANSWERS: TableShape =
    parts_table(&AnswerMix::PARTS, &parts_of::<{ AnswerMix::PARTS.parts.len() }>(&AnswerMix::PARTS));

const STRIKE_MIX: TableShape =
    parts_table(&StrikeMix::PARTS, &parts_of::<{ StrikeMix::PARTS.parts.len() }>(&StrikeMix::PARTS));

const fn parts_table(parts: &Parts, fields: &'static [Field]) -> TableShape {
    TableShape { sums_to_one: parts.sums_to_one, ..table(parts.noun, fields) }
}

const fn parts_of<const N: usize>(parts: &Parts) -> [Field; N] {
    let mut fields = [BEFORE[0]; N];
    let mut at = 0;
    while at < N {
        let part = parts.parts[at];
        fields[at] = must(part.name, Shape::Number(part.low, part.high), part.meaning);
        at += 1;
    }
    fields
}

pub(crate) const KIND: TableShape = TableShape {
    example: "[constituencies]\ngovernment = \"Those who side with the government\"\nhills = \"The people of the hills\"\n\n\
              [[kinds]]\nid = \"army\"\nconstituency = \"government\"\nis_state = true\n\n\
              [[kinds]]\nid = \"hill_rebels\"\nconstituency = \"hills\"\n",
    ..table(
        "a kind",
        &[
            must("id", Shape::Id, "Identifier, which groups name; unique among kinds."),
            must(
                "constituency",
                Shape::Text,
                "A key of [constituencies]: whom its groups draw on. Groups of one constituency may fall out with each \
                 other, are forgiven more of the harm that they do to each other's people, and are blamed for fighting \
                 each other.",
            ),
            may(
                "is_state",
                Shape::Flag,
                "Whether its groups are a state: some of its members come from elsewhere, and violence with it is \
                 state-based; false by default.",
            ),
            may(
                "stays_home",
                Shape::Flag,
                "Whether its groups stay where they are stationed and neither march nor fall back; false by default.",
            ),
            may(
                "reported_as",
                Shape::Word(ReportedAs::WORDS),
                "How observers count its dead; state by default where it is one, else rebel. hidden: a group that \
                 hides its losses. autonomous: a force with a territory of its own. Each has its parameters in \
                 `observation`.",
            ),
        ],
    )
};

pub(crate) const AXIS: TableShape = TableShape {
    example: "[[axes]]\nid = \"religious_order\"\nmeaning = \"A state under religious law: 1 rejects it, 5 demands it\"\n\n\
              [[axes]]\nid = \"against_rebels\"\nmeaning = \"War on the rebels: 1 none, 5 above all else\"\n\
              against = [\"district_rebels\"]\nmean = 2\nweight = 0\n\n\
              [[axes]]\nid = \"home_rule\"\nmeaning = \"Who rules and commands: 1 whoever, 5 our own people alone\"\n\
              is_home_rule = true\nweight = 0\n\n\
              [[groups]]\nid = \"isis\"\ncause = { religious_order = 5, against_rebels = 4, home_rule = 1 }\n\n\
              [[groups]]\nid = \"district_rebels\"\ncause = { religious_order = 3, against_rebels = 1, home_rule = 4 }\n\n\
              [[groups]]\nid = \"village_defenders\"\ncause = { religious_order = 2, against_rebels = 1, home_rule = 5 }\n",
    ..table(
        "an axis",
        &[
            must("id", Shape::Id, "Identifier, which the causes of groups name; unique among axes."),
            must("meaning", Shape::Text, "What 1 and 5 stand for."),
            may(
                "mean",
                Shape::Number(LEAST_SCORE, MOST_SCORE),
                "Where the inhabitants stand on average; 3 by default.",
            ),
            may(
                "weight",
                Shape::Number(0.0, 10.0),
                "How much it counts in the distance between causes; 1 by default. With 0 it doesn't.",
            ),
            may(
                "against",
                Shape::Texts,
                "The groups that those high on it fight. A group that is at peace with them, or that fights others \
                 instead, disappoints its members who stand high on it, where the mechanism `causes` runs.",
            ),
            may(
                "is_home_rule",
                Shape::Flag,
                "Whether those high on it want to be ruled and commanded by their own people; false by default. What \
                 a group does to its constituency, and foreigners who command, weigh the more with them, where the \
                 mechanism `causes` runs.",
            ),
            may("source", Shape::Texts, "Keys of [sources]."),
        ],
    )
};

pub(crate) const RELATION: TableShape = TableShape {
    example: "[[relations]]\na = \"isis\"\nb = [\"village_defenders\", \"district_rebels\"]\n\
              kind = \"truce\"\nsource = [\"S7\"]\n",
    ..table(
        "a relation",
        &[
            must("a", Shape::Texts, "Groups of one side."),
            must("b", Shape::Texts, "Groups of the other; every group of a is related to every other group of b."),
            must(
                "kind",
                Shape::Word(RelationKind::WORDS),
                "War: they fight where they meet. Truce: they leave each other alone. \
                 Alliance: they fight side by side and shelter each other.",
            ),
            must("source", Shape::Texts, "Keys of [sources]."),
            may("note", Shape::Text, "A note for readers."),
        ],
    )
};
