//! The keys of a file of evidence: what is known of a war's people and groups, in aggregates.

use super::{may, must, table};
use crate::format_version::FORMAT;
use crate::shape::{Shape, TableShape};
use allegiance_record::evidence::Who;

/// The fewest people of whom something may be said: fewer could be recognised.
pub(crate) const FEWEST: i64 = 5;
/// The most people of a sample.
const MOST: i64 = 1_000_000;

const SHARE: Shape = Shape::Number(0.0, 1.0);
const NUMBER: Shape = Shape::Number(-1e9, 1e9);

/// A file of evidence as a whole.
pub(crate) const EVIDENCE: TableShape = table(
    "evidence",
    &[
        must("format", Shape::Whole(FORMAT, FORMAT), "Version of the format of evidence."),
        must("title", Shape::Text, "What it is called."),
        must(
            "scenario",
            Shape::Text,
            "The war that it is about: a built-in scenario, or a folder or file next to this file.",
        ),
        must("about", Shape::Text, "What it is, in a sentence or two."),
        must("source", Shape::Text, "Where it was published, or who plans it."),
        may(
            "errors",
            Shape::NumberByKey(0.0, 1.0),
            "Share of wrong answers to a question, by its name; for numbers the relative error. By default 0.1 for facts, 0.25 for answers on steps (a step off), 0.2 for numbers and 0.3 for reasons, which is judgement.",
        ),
        may("samples", Shape::List(&SAMPLE), "Who was asked."),
        may("answers", Shape::List(&ANSWER), "What they answered."),
        may("members", Shape::List(&MEMBERS), "How many members groups had."),
        may("maps", Shape::List(&MAP), "Who held which place."),
    ],
);

const SAMPLE: TableShape = TableShape {
    example: r#"[[samples]]
id = "left"
who = "leavers"
groups = ["garrison"]
asked = 2013-12-29
size = 50
least_found = 0.2
most_found = 0.6
reached = "by word of mouth from five first contacts in two towns across the border"
"#,
    ..table(
        "a sample",
        &[
            must("id", Shape::Id, "Identifier; unique among the samples."),
            must(
                "who",
                Shape::Word(Who::WORDS),
                "Whom it is of. leavers: people who left a group by decision and got away. serving: people who serve when they are asked. everyone: both.",
            ),
            may("groups", Shape::Texts, "The groups that they left or serve; by default any."),
            may("homes", Shape::Texts, "The places that they come from; by default any."),
            may("left_from", Shape::Day, "The first day on which leavers left; by default the scenario's first."),
            may("left_to", Shape::Day, "The last day on which they left; by default the day on which they were asked."),
            must(
                "asked",
                Shape::Day,
                "The day on which they were asked; after the scenario's last day they stand as on that.",
            ),
            must("size", Shape::Whole(1, MOST), "The most people who were asked."),
            may(
                "least_found",
                SHARE,
                "Of those who are alive, the least share who could have been found; 1 by default.",
            ),
            may("most_found", SHARE, "The most; where it is above the least, nobody knows which share it was."),
            may("unanswered", Shape::Number(0.0, 0.95), "Share of answers that are missing; 0 by default."),
            must("reached", Shape::Text, "How they were reached, in words."),
        ],
    )
};

const ANSWER: TableShape = TableShape {
    example: r#"[[answers]]
sample = "left"
question = "home_attacked"
wording = "Did the garrison ever attack your own village?"
yes = 17
of = 46

[[answers]]
sample = "left"
question = "kin_killed"
where = ["home_attacked", "not forced_in"]
yes = 9
of = 17
"#,
    ..table(
        "an answer",
        &[
            must("sample", Shape::Text, "Who answered: the identifier of a sample."),
            must("question", Shape::Text, "What was asked, by its name; `allegiance evidence questions` lists them."),
            may("wording", Shape::Text, "The question as it was worded."),
            may(
                "where",
                Shape::Texts,
                "Of whom: those who answered these questions with yes, or after the word `not` with no.",
            ),
            may("yes", Shape::Whole(0, MOST), "How many answered yes."),
            may("share", SHARE, "Share who answered yes, instead of a count."),
            may("mean", NUMBER, "Mean of the answers, for questions on steps and for numbers."),
            may("of", Shape::Whole(0, MOST), "How many answered."),
            may("se", Shape::Number(1e-9, 1e9), "Standard error of the share or the mean, where it is known."),
        ],
    )
};

const MEMBERS: TableShape = TableShape {
    example: r#"[[members]]
group = "garrison"
day = 2013-11-01
count = 320
error = 0.2
"#,
    ..table(
        "a count of members",
        &[
            must("group", Shape::Text, "The group."),
            must("day", Shape::Day, "The day, at its end."),
            may("count", Shape::Whole(0, 100_000_000), "How many there were; nothing in a plan."),
            must("error", Shape::Number(0.001, 2.0), "Its relative error: the standard deviation of the logarithm."),
        ],
    )
};

const MAP: TableShape = TableShape {
    example: r#"[[maps]]
day = 2013-12-01
error = 0.1
holders = { village = "front", market_town = "garrison" }
"#,
    ..table(
        "a map",
        &[
            must("day", Shape::Day, "The day, at its end."),
            must("error", Shape::Number(0.0, 0.5), "Share of places that it has wrong."),
            may("holders", Shape::TextByKey, "The group that holds each place."),
            may("places", Shape::Texts, "The places of a map that is planned, instead of holders."),
        ],
    )
};
