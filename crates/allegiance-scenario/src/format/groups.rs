//! Groups and their relations.

use allegiance_model::setup::{RelationKind, ReportedAs};

use super::{PER_MONTH, SHARE, USD, may, must, table};
use crate::shape::{Shape, TableShape};

const SCORE: Shape = Shape::Number(1.0, 5.0);

pub(crate) const GROUP: TableShape = table(
    "a group",
    &[
        must("id", Shape::Id, "Identifier in files and tables; unique among groups."),
        must("name", Shape::Text, "Name shown to people."),
        must("kind", Shape::Text, "A kind of [[kinds]]."),
        must("members", Shape::Whole(0, 10_000_000), "Members on the first day."),
        must("cause", Shape::Table(&CAUSE), "Ideology scores."),
        must("brutality", SHARE, "How readily it kills civilians, 0 not at all."),
        must("discipline", Shape::Number(0.1, 10.0), "Fighting value of a member; 1 is that of an average rebel."),
        must("pay_usd_per_month", USD, "Pay of a local member, US dollars per month."),
        must("pay_foreign_usd_per_month", USD, "Pay of a foreign member, US dollars per month."),
        must("foreign_share", Shape::Table(&FOREIGN_SHARE), "Share of foreign members by rank."),
        must("motives", Shape::Table(&MOTIVES), "Mean motive mix of its local members."),
        must("answers", Shape::Table(&ANSWERS), "How its commanders answer complaints."),
        must("prisoners_executed_share", SHARE, "Share of its prisoners that it executes."),
        may(
            "strikes_per_month",
            PER_MONTH,
            "Air and artillery strikes per month on places held by its enemies; 0 by default.",
        ),
        may(
            "offensive_tempo",
            Shape::Number(0.0, 100.0),
            "How often it attacks; 1, the default, is an average group, 0 never.",
        ),
        may("recruits", Shape::Flag, "Whether inhabitants can join it; true by default."),
        must("source", Shape::Texts, "Keys of [sources]."),
        may("note", Shape::Text, "Where the numbers come from, for readers."),
    ],
);

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

const CAUSE: TableShape = table(
    "a cause",
    &[
        must("revisionism", SCORE, "Revision of borders against nationalism, 1 least to 5 most."),
        must("islamism", SCORE, "Political Islam and Salafism, 1 least to 5 most."),
        must("sectarianism", SCORE, "Sectarianism, 1 least to 5 most."),
    ],
);

const FOREIGN_SHARE: TableShape = table(
    "the foreign shares",
    &[
        must("rank_and_file", SHARE, "Foreign share of rank and file."),
        must("unit_commander", SHARE, "Foreign share of commanders of units."),
        must("field_commander", SHARE, "Foreign share of field commanders."),
        must("leadership", SHARE, "Foreign share of the leadership."),
    ],
);

const MOTIVES: TableShape = TableShape {
    sums_to_one: true,
    ..table(
        "the motives",
        &[
            must("ideology", SHARE, "Weight of ideology."),
            must("material", SHARE, "Weight of pay and goods."),
            must("social", SHARE, "Weight of kin, friends and protection."),
        ],
    )
};

const ANSWERS: TableShape = TableShape {
    sums_to_one: true,
    ..table(
        "the answers",
        &[
            must("ignore", SHARE, "Probability that nothing comes of it."),
            must("offer", SHARE, "Probability that restitution is offered."),
            must("punish", SHARE, "Probability that the complainant is punished."),
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
