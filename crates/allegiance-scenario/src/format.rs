//! Version 1 of the scenario format, as data.
//!
//! The keys of `scenario.toml` and the columns of its tables, with their types,
//! bounds and meanings, are stated here once; checking, messages, `--set`, the
//! JSON Schema and the reference page all read them.

mod case;
mod designs;
mod evidence;
mod experiments;
mod groups;
mod tables;
mod theories;
mod timeline;

use allegiance_model::setup::{BeliefTheory, ExitTheory, Mechanism, OperationsMode};

use crate::format_version::FORMAT;
use crate::shape::{Field, Shape, TableShape};

pub(crate) use case::CASE;
pub(crate) use designs::{DESIGN, MAX_ROWS, SAMPLERS};
pub(crate) use evidence::{EVIDENCE, FEWEST};
pub(crate) use experiments::EXPERIMENT;
pub(crate) use groups::{AXIS, GROUP, KIND, RELATION, shape_of, shape_of_score};
pub use tables::{ACTORS, Column, CsvShape, EVENTS};
pub(crate) use tables::{CONTROL, GARRISONS, PLACES};
pub(crate) use theories::{OWN_PARAMETER, OWN_STATE, TAGS, THEORY_FILE};
pub(crate) use timeline::{CONTROL_SHARE, LEVER_BOUNDS, TIMELINE};

/// The most days that a scenario may simulate.
pub const MAX_DAYS: i64 = 5_000;
/// The smallest share of its people at which a scenario can be run, as its inverse.
pub const MAX_SCALE: i64 = 1_000_000;

/// How far from a place an event of the event table may lie, in kilometres.
pub(crate) const EVENTS_WITHIN_KM: f64 = 25.0;

const fn must(name: &'static str, shape: Shape, meaning: &'static str) -> Field {
    Field { name, shape, is_required: true, is_of_profile: false, meaning }
}

const fn may(name: &'static str, shape: Shape, meaning: &'static str) -> Field {
    Field { name, shape, is_required: false, is_of_profile: false, meaning }
}

/// The same, where a profile states what the file doesn't.
const fn of_profile(field: Field) -> Field {
    Field { is_of_profile: true, ..field }
}

const fn table(noun: &'static str, fields: &'static [Field]) -> TableShape {
    TableShape { noun, fields, sums_to_one: false, by_kind: &[], example: "" }
}

const SHARE: Shape = Shape::Number(0.0, 1.0);
const USD: Shape = Shape::Number(0.0, 100_000.0);
const PER_MONTH: Shape = Shape::Number(0.0, 3_000.0);

pub(crate) const DAYS: Shape = Shape::Whole(1, MAX_DAYS);
pub(crate) const SCALE: Shape = Shape::Whole(1, MAX_SCALE);
pub(crate) const SEED: Shape = Shape::Whole(0, i64::MAX);
pub(crate) const MODE: Shape = Shape::Word(OperationsMode::WORDS);

/// `scenario.toml` as a whole.
pub(crate) const SCENARIO: TableShape = table(
    "a scenario",
    &[
        must("format", Shape::Whole(FORMAT, FORMAT), "Version of the scenario format."),
        may(
            "extends",
            Shape::Text,
            "A built-in scenario, or a folder or file next to this one, whose keys hold where this file sets none. \
             Tables merge key by key; groups merge by id; other lists and the CSV files are replaced as a whole, \
             which a warning tells. timeline_append adds to the timeline instead. \
             A file that extends another must state only format and id.",
        ),
        must("id", Shape::Id, "Identifier, used for the run folder's name."),
        must("title", Shape::Text, "Title shown to people."),
        must("description", Shape::Text, "What the scenario is about."),
        must("start", Shape::Day, "The first day."),
        must("days", DAYS, "Number of days to simulate."),
        must("seed", SEED, "Seed of the synthetic population and, with the replicate's number, of every draw."),
        may(
            "places_are_real",
            Shape::Flag,
            "Whether its places exist, for every result says whether its synthetic people live in real places or in \
             invented ones; without it none says either.",
        ),
        must("sources", Shape::TextByKey, "Citations by key; every `source` elsewhere names keys of this table."),
        may("theory", Shape::Table(&THEORY), "The theories that fill the slots of belief and exit."),
        may("operations", Shape::Table(&OPERATIONS), "Where incidents come from."),
        may("observation", Shape::Table(&OBSERVATION), "What a reported record of the war names."),
        may(
            "case",
            Shape::Text,
            "A file in the scenario's folder or below with what is known of the war, for runs to be held against; \
             without it no run is judged.",
        ),
        must("tables", Shape::Table(&TABLES), "The CSV files, in the scenario's folder or below."),
        may(
            "actors",
            Shape::MaybeTextByKey,
            "Groups by the names of sides in the event table: each key is a text of `side_a` or `side_b`, \
             each value the id of a group, or \"\" to leave that side's events out on purpose.",
        ),
        may(
            "constituencies",
            Shape::TextByKey,
            "Whom groups draw on: each key names a constituency, each text says who they are.",
        ),
        may(
            "kinds",
            Shape::List(&KIND),
            "Kinds of groups, 1 to 32, in the scenario's own words. Without it they are state, of the constituency \
             government, and rebel and local_defence (which stays at home), of the constituency opposition.",
        ),
        may(
            "axes",
            Shape::List(&AXIS),
            "Axes of cause, 1 to 16, in the scenario's own words: what its groups differ over. Without it they are \
             revisionism, islamism and sectarianism, the dimensions of Gade, Hafez & Gabbay (2019). Where this file sets \
             them, scores of the groups below on other axes don't count.",
        ),
        must("groups", Shape::List(&GROUP), "The armed groups, 1 to 32."),
        may(
            "relations",
            Shape::List(&RELATION),
            "Relations on the first day. A pair that no entry names starts at truce.",
        ),
        may(
            "displaced",
            Shape::List(&DISPLACED),
            "Households away from home on the first day, by governorate; nobody is away where it says nothing. \
             Read by the mechanism flight.",
        ),
        may("timeline", Shape::List(&TIMELINE), "What changes on which day, in the order of dates."),
        may(
            "timeline_append",
            Shape::List(&TIMELINE),
            "Entries that are added to the timeline of the scenario that this one extends, in the order of dates; \
             those of all that extend one another are added.",
        ),
        may(
            "parameters",
            Shape::Open,
            "Parameters of the model by mechanism, such as `[parameters.combat]`; \
             `allegiance parameters` lists them.",
        ),
        may(
            "mechanisms",
            Shape::Flags(Mechanism::WORDS),
            "Mechanisms switched on with true or off with false; docs/reference/theories.md says which run by default.",
        ),
    ],
);

pub(crate) const THEORY: TableShape = TableShape {
    example: "[theory]\nbelief = \"motivated_reasoning\"\nexit = \"full\"\n",
    ..table(
        "the theory",
        &[
            may(
                "belief",
                Shape::Word(BeliefTheory::WORDS),
                "How conviction follows from what a member saw and heard; source_credibility by default.",
            ),
            may("exit", Shape::Word(ExitTheory::WORDS), "Which blocks move the hazards of exit; full by default."),
            may(
                "file",
                Shape::Texts,
                "Theories that somebody wrote, in the scenario's folder or below; each stands in place of exit, of belief, or of \
                 whichever slots it fills, and no two fill one slot.",
            ),
        ],
    )
};

pub(crate) const OPERATIONS: TableShape = TableShape {
    example: "[operations]\nmode = \"observed\"\nevents_within_km = 10\n\n\
              [tables]\nevents = \"events.csv\"\n\n\
              [actors]\nIS = \"isis\"\n\"Syrian insurgents\" = \"district_rebels\"\n\"Government of Syria\" = \"\"\n",
    ..table(
        "the operations",
        &[
            may(
                "mode",
                MODE,
                "endogenous (the default): groups choose their operations. \
                 observed: incidents come from the event table and only allegiance is simulated; \
                 assaults and strikes on the timeline do nothing.",
            ),
            may(
                "events_within_km",
                Shape::Number(0.0, 1000.0),
                "An event happens at the nearest place; one farther than this from every place is left out. \
                 25 km by default.",
            ),
        ],
    )
};

const DISPLACED: TableShape = TableShape {
    example: "[[displaced]]\ngovernorate = \"Idlib\"\nshare = 0.2\nsource = \"fictional\"\n",
    ..table(
        "an entry of the displaced",
        &[
            must("governorate", Shape::Text, "A governorate of the places, where they fled from."),
            must("share", SHARE, "Share of the households of each of its places that are away."),
            must("source", Shape::Texts, "Keys of [sources]."),
            may("note", Shape::Text, "Where the number comes from, for readers."),
        ],
    )
};

pub(crate) const GW_NUMBER: Shape = Shape::Whole(1, 999);

pub(crate) const OBSERVATION: TableShape = TableShape {
    example: "[observation]\ncountry = \"Mali\"\ngw_number = 432\nregion = \"Africa\"\n",
    ..table(
        "the observation",
        &[
            may("country", Shape::Text, "Country, as UCDP GED spells it; `Unnamed country` by default."),
            may(
                "gw_number",
                GW_NUMBER,
                "Gleditsch & Ward number of the country and of its government; 0, which no country has, by default.",
            ),
            may(
                "region",
                Shape::Text,
                "Region of the world: Africa, Americas, Asia, Europe or Middle East in UCDP GED; \
                 `Unnamed region` by default.",
            ),
            may(
                "conflict",
                Shape::Text,
                "Name of the conflict in which the state fights; the country with `: Government` by default.",
            ),
        ],
    )
};

pub(crate) const TABLES: TableShape = table(
    "the tables",
    &[
        must("places", Shape::Text, "The populated places."),
        must("control", Shape::Text, "Control shares of groups in places on the first day."),
        may(
            "garrisons",
            Shape::Text,
            "Members by place on the first day. \
             A group without rows is spread over the places by its control share times the square root of the population.",
        ),
        may(
            "events",
            Shape::Text,
            "Observed incidents in the columns of UCDP GED, needed where operations.mode is observed.",
        ),
    ],
);
