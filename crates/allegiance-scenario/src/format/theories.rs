//! The keys of a theory file.

use allegiance_model::theory::Rule;

use super::{may, must, table};
use crate::format_version::FORMAT;
use crate::shape::{Field, Shape, TableShape};

/// The words of a parameter's tag.
pub(crate) const TAGS: &[&str] = &["sourced", "derived", "judgement"];

/// A theory file as a whole.
pub(crate) const THEORY_FILE: TableShape = TableShape {
    example: "format = 1\nname = \"tired_of_war\"\nauthors = \"You\"\ncitation = \"none\"\n\
              about = \"Who has seen many comrades fall goes home.\"\nblocks = [\"opportunity\", \"deterrence\"]\n\n\
              [parameters.tiredness_weight]\ndefault = 0.5\nprior = [0.1, 1.5]\nunit = \"log-hazard\"\n\
              meaning = \"Rise of the log-hazard for one comrade lost.\"\ntag = \"judgement\"\nsource = \"none\"\n\n\
              [state.tiredness]\nhalf_life_days = 60\nmost = 10\nadd = { comrade_lost = 1 }\n\n\
              [[block]]\nname = \"tiredness\"\nwords = \"tiredness of war\"\nall = \"tiredness_weight * tiredness\"\n",
    ..table(
        "a theory",
        &[
            must("format", Shape::Whole(FORMAT, FORMAT), "Version of the format of theories."),
            must("name", Shape::Id, "Its name, in results and on the command line."),
            must("authors", Shape::Text, "Who holds it."),
            must("citation", Shape::Text, "Where it was published, or \"none\"."),
            must("about", Shape::Text, "What it says."),
            may(
                "blocks",
                Shape::Values,
                "Built-in blocks of the exit hazard that are active, by name, such as `belief`. A file that states neither \
                 `blocks` nor `[[block]]`, but another slot, leaves that of exit to the scenario.",
            ),
            may(
                "let",
                Shape::Open,
                "Names for expressions, to be used in others: `[let]`, then `trust = \"unit_kin * acceptance\"`.",
            ),
            may("parameters", Shape::Open, "Its parameters: a table `[parameters.NAME]` for each."),
            may("state", Shape::Open, "What it keeps of each member: a table `[state.NAME]` for each."),
            may("block", Shape::List(&OWN_BLOCK), "Its own blocks of the exit hazard, up to 16."),
            may(
                "belief",
                Shape::Table(&OWN_BELIEF),
                "Its rule of belief, in place of the scenario's theory of belief.",
            ),
            may(
                "destination",
                Shape::Table(&OWN_DESTINATION),
                "Its rules for where a leaver goes; they count where the mechanism `destination` runs.",
            ),
            may(
                "joining",
                Shape::Table(&OWN_JOINING),
                "Its rule for who joins; it counts where the mechanism `joining` runs.",
            ),
            may(
                "voice",
                Shape::Table(&OWN_VOICE),
                "Its rules for who complains, and who takes what he is offered; they count where the mechanism `voice` runs.",
            ),
        ],
    )
};

const fn rule(rule: Rule) -> Field {
    may(rule.key(), Shape::Open, rule.meaning())
}

/// The slot of belief.
pub(crate) const OWN_BELIEF: TableShape = table(
    "the slot of belief",
    &[must(Rule::Conviction.key(), Shape::Open, Rule::Conviction.meaning()), rule(Rule::Daily), rule(Rule::Trust)],
);

/// The slot of destination.
pub(crate) const OWN_DESTINATION: TableShape =
    table("the slot of destination", &[rule(Rule::Host), rule(Rule::Abroad)]);

/// The slot of joining.
pub(crate) const OWN_JOINING: TableShape =
    table("the slot of joining", &[must(Rule::Join.key(), Shape::Open, Rule::Join.meaning())]);

/// The slot of voice.
pub(crate) const OWN_VOICE: TableShape = table("the slot of voice", &[rule(Rule::Complain), rule(Rule::Accept)]);

/// A parameter of a theory.
pub(crate) const OWN_PARAMETER: TableShape = table(
    "a parameter of a theory",
    &[
        must("default", Shape::Number(-1e6, 1e6), "The value used where nothing sets one."),
        must("prior", Shape::Values, "Lowest and highest plausible value, such as `[0.1, 1.5]`."),
        may(
            "within",
            Shape::Values,
            "Lowest and highest value that it takes; by default as far beyond the prior as for other parameters.",
        ),
        may("off", Shape::Number(-1e6, 1e6), "The value with which it has no effect."),
        may("symbol", Shape::Text, "Its symbol in equations; its name by default."),
        must(
            "unit",
            Shape::Text,
            "Its unit: `log-hazard`, `share`, `d`, `km`, `persons`, `USD`, `years`, or a product and quotient of such, \
             as in `USD/month`.",
        ),
        must("meaning", Shape::Text, "What it means, in a sentence."),
        must("tag", Shape::Word(TAGS), "How far the default can be trusted."),
        must("source", Shape::Text, "Where default and prior come from."),
    ],
);

/// A number that a theory keeps of each member.
pub(crate) const OWN_STATE: TableShape = table(
    "a state of a theory",
    &[
        may("meaning", Shape::Text, "What it stands for."),
        may("start", Shape::Open, "Its value on joining, a number or an expression over parameters; 0 by default."),
        must(
            "half_life_days",
            Shape::Open,
            "Days in which half of it fades, a number or an expression over parameters.",
        ),
        must("most", Shape::Number(0.0, 1000.0), "The most that it can be; it's never below 0."),
        must(
            "add",
            Shape::Open,
            "What events add, such as `{ comrade_lost = 1 }`: numbers or expressions over parameters.",
        ),
    ],
);

/// A block that a theory has of its own.
pub(crate) const OWN_BLOCK: TableShape = table(
    "a block of a theory",
    &[
        must("name", Shape::Id, "Its name."),
        must("words", Shape::Text, "What stories and reports call it, such as `trust among comrades`."),
        may("all", Shape::Open, "What it adds to the log-hazard of every kind of exit: an expression."),
        may("desertion", Shape::Open, "What it adds to the log-hazard of desertion."),
        may("defection", Shape::Open, "What it adds to the log-hazard of defection."),
        may(
            "departure",
            Shape::Open,
            "What it adds to the log-hazard of leaving the country; as desertion by default.",
        ),
        may(
            "bound",
            Shape::Number(-1000.0, 1000.0),
            "The most that it adds, if you know a lower one than what follows from the ranges; a value above it ends \
             the run.",
        ),
    ],
);
