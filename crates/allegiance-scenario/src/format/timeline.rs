//! The kinds of timeline entries.

use allegiance_model::setup::{GroupSetup, Lever, Policy, RelationKind, Takes};
use allegiance_model::tables::Rank;

use super::{PER_MONTH, SHARE, USD, may, must, table};
use crate::shape::{KindShape, Shape, TableShape};

/// The control share that a group takes where the entry states none.
pub(crate) const CONTROL_SHARE: f64 = 0.8;

/// The settings that each lever takes, in the order of [`Lever::WORDS`].
pub(crate) const LEVER_BOUNDS: &[(&str, f64, f64)] = &[
    ("outside_messaging", 0.0, 1000.0),
    ("radio", 0.0, 1.0),
    ("safe_passage", 0.0, 1.0),
    ("amnesty", 0.0, 1.0),
    ("trusted_message", 0.0, 1.0),
    ("stipend", 0.0, 100_000.0),
];

const CHANGES: &[&str] = &[
    "relation",
    "pay",
    "strikes",
    "policy",
    "lever",
    "control",
    "assault",
    "inflow",
    "arms",
    "revenue",
    "shock",
    "conscripts",
    "dissolve",
    "happening",
];

pub(crate) const TIMELINE: TableShape = TableShape {
    by_kind: &[
        RELATION, PAY, STRIKES, POLICY, LEVER, CONTROL, ASSAULT, INFLOW, ARMS, REVENUE, SHOCK, CONSCRIPTS, DISSOLVE,
        HAPPENING,
    ],
    ..table(
        "a timeline entry",
        &[
            must("date", Shape::Day, "The day, not before the start nor before the entry above."),
            must("kind", Shape::Word(CHANGES), "What changes."),
            must("note", Shape::Text, "A sentence for readers."),
            must("source", Shape::Texts, "Keys of [sources]."),
        ],
    )
};

const RELATION: KindShape = KindShape {
    word: "relation",
    meaning: "The relation between groups becomes another.",
    fields: &[
        must("a", Shape::Texts, "Groups of one side."),
        must("b", Shape::Texts, "Groups of the other; every group of a is related to every other group of b."),
        must("relation", Shape::Word(RelationKind::WORDS), "The relation from this day on."),
    ],
    example: r#"[[timeline]]
date = 2014-02-10
kind = "relation"
a = "isis"
b = ["village_defenders", "district_rebels"]
relation = "truce"
note = "A truce in the district."
source = "fictional"
"#,
};

const PAY: KindShape = KindShape {
    word: "pay",
    meaning: "A group's pay changes; the pay of its foreign members changes in proportion.",
    fields: &[
        must("group", Shape::Text, "The group."),
        must("pay_usd_per_month", USD, "New pay of local members, US dollars per month."),
    ],
    example: r#"[[timeline]]
date = 2014-02-10
kind = "pay"
group = "isis"
pay_usd_per_month = 200
note = "Pay is halved after strikes on oil and money."
source = "fictional"
"#,
};

const STRIKES: KindShape = KindShape {
    word: "strikes",
    meaning: "The rate of a group's air and artillery strikes changes. \
              Does nothing in observed mode.",
    fields: &[
        must("group", Shape::Text, "The group that strikes."),
        must("strikes_per_month", PER_MONTH, "New rate over the whole region; 0 ends them."),
    ],
    example: r#"[[timeline]]
date = 2014-02-10
kind = "strikes"
group = "district_rebels"
strikes_per_month = 12
note = "Artillery begins to shell places held by ISIS."
source = "fictional"
"#,
};

/// The values that each policy takes, in the order of [`Policy::WORDS`]: those of
/// the field of the group.
const POLICY_BOUNDS: &[(&str, f64, f64)] = &{
    let mut bounds = [("", 0.0, 0.0); Policy::N];
    let mut at = 0;
    while at < Policy::N {
        bounds[at] = bounds_of(Policy::WORDS[at]);
        at += 1;
    }
    bounds
};

const fn bounds_of(name: &'static str) -> (&'static str, f64, f64) {
    let mut at = 0;
    while at < GroupSetup::FIELDS.len() {
        let field = &GroupSetup::FIELDS[at];
        if let Takes::Number(low, high) | Takes::NumberOr(low, high) = field.takes
            && is_same(field.name.as_bytes(), name.as_bytes())
        {
            return (name, low, high);
        }
        at += 1;
    }
    panic!("a policy isn't a field of a group that takes a number")
}

const fn is_same(one: &[u8], other: &[u8]) -> bool {
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}

const POLICY: KindShape = KindShape {
    word: "policy",
    meaning: "A group changes what it does to people in its hands.",
    fields: &[
        must("group", Shape::Text, "The group."),
        must(
            "policy",
            Shape::Word(Policy::WORDS),
            "Which policy: a key of the group, where it has its value of the first day.",
        ),
        must("value", Shape::NumberBy("policy", POLICY_BOUNDS), "The new value, as that key takes it."),
    ],
    example: r#"[[timeline]]
date = 2014-02-10
kind = "policy"
group = "isis"
policy = "leavers_executed_share"
value = 0.9
note = "ISIS begins to execute nearly everyone who is caught leaving."
source = "fictional"
"#,
};

const LEVER: KindShape = KindShape {
    word: "lever",
    meaning: "An intervention on one group starts, changes or, with the value 0, stops.",
    fields: &[
        must(
            "lever",
            Shape::Word(Lever::WORDS),
            "Which lever. outside_messaging: outside messages against the group that each of its units hears, per month. \
             radio: share of its members whom radio that calls them home reaches. \
             safe_passage: how far those who leave it are offered safe passage. \
             amnesty: how far it takes in strangers from the enemy as if vouched for. \
             trusted_message: how far trusted leaders speak for taking leavers in to it. \
             stipend: money on top of the pay of its members, US dollars per month.",
        ),
        must(
            "group",
            Shape::Text,
            "The group it acts on: for amnesty and trusted_message the host, else the group whose members it is meant for.",
        ),
        must("value", Shape::NumberBy("lever", LEVER_BOUNDS), "The new setting, in the lever's unit."),
    ],
    example: r#"[[timeline]]
date = 2014-02-10
kind = "lever"
lever = "radio"
group = "isis"
value = 0.6
note = "Radio on which former members call the others home reaches six in ten."
source = "fictional"

[[timeline]]
date = 2014-02-10
kind = "lever"
lever = "outside_messaging"
group = "isis"
value = 8
note = "Eight outside messages per month against ISIS."
source = "fictional"

[[timeline]]
date = 2014-02-10
kind = "lever"
lever = "safe_passage"
group = "isis"
value = 1
note = "Anyone who leaves ISIS is let through."
source = "fictional"

[[timeline]]
date = 2014-02-10
kind = "lever"
lever = "amnesty"
group = "district_rebels"
value = 0.5
note = "The rebels take in half of the strangers as if vouched for."
source = "fictional"

[[timeline]]
date = 2014-02-10
kind = "lever"
lever = "trusted_message"
group = "village_defenders"
value = 1
note = "The elders of the village speak for taking leavers in."
source = "fictional"

[[timeline]]
date = 2014-02-10
kind = "lever"
lever = "stipend"
group = "district_rebels"
value = 150
note = "A sponsor pays the rebels 150 dollars a month."
source = "fictional"

[[timeline]]
date = 2014-02-24
kind = "lever"
lever = "stipend"
group = "district_rebels"
value = 0
note = "The stipend stops."
source = "fictional"
"#,
};

const CONTROL: KindShape = KindShape {
    word: "control",
    meaning: "A place passes under a group's control; the shares of the others shrink in proportion. \
              A group that holds more already keeps it.",
    fields: &[
        must("place", Shape::Text, "The place."),
        must("group", Shape::Text, "The group that takes it."),
        may("share", SHARE, "Control share that it takes; 0.8 by default."),
    ],
    example: r#"[[timeline]]
date = 2014-02-10
kind = "control"
place = "kafr_tut"
group = "district_rebels"
share = 0.9
note = "ISIS leaves the village to the rebels."
source = "fictional"
"#,
};

const ASSAULT: KindShape = KindShape {
    word: "assault",
    meaning: "A group is ordered to assault a place on this day, if it can reach it. \
              Does nothing in observed mode.",
    fields: &[must("group", Shape::Text, "The group that attacks."), must("place", Shape::Text, "The place attacked.")],
    example: r#"[[timeline]]
date = 2014-02-10
kind = "assault"
group = "isis"
place = "tall_rumman"
note = "ISIS attacks the village."
source = "fictional"
"#,
};

const INFLOW: KindShape = KindShape {
    word: "inflow",
    meaning: "Members come to a group from outside the scenario's places, at a rate, \
              on top of those who join in them.",
    fields: &[
        must("group", Shape::Text, "The group."),
        must(
            "members_per_month",
            Shape::Number(0.0, 100_000.0),
            "New rate of those of this rank and origin; 0 ends them.",
        ),
        must("foreign", Shape::Flag, "Whether they are foreign."),
        may("rank", Shape::Word(Rank::WORDS), "Their rank; rank_and_file by default."),
    ],
    example: r#"[[timeline]]
date = 2014-02-10
kind = "inflow"
group = "isis"
members_per_month = 8
foreign = true
note = "Volunteers come over the border."
source = "fictional"

[[timeline]]
date = 2014-02-24
kind = "inflow"
group = "isis"
members_per_month = 0
foreign = true
note = "The border is closed."
source = "fictional"
"#,
};

const ARMS: KindShape = KindShape {
    word: "arms",
    meaning: "A group's fighting value changes: arms and training come, or run out.",
    fields: &[
        must("group", Shape::Text, "The group."),
        must("discipline", Shape::Number(0.1, 10.0), "New fighting value of a member; 1 is that of an average rebel."),
    ],
    example: r#"[[timeline]]
date = 2014-02-10
kind = "arms"
group = "isis"
discipline = 1.6
note = "Captured depots arm ISIS."
source = "fictional"
"#,
};

const REVENUE: KindShape = KindShape {
    word: "revenue",
    meaning: "From this day on a group pays its members out of what its places yield. On each payday, every 30 days \
              from the start on, they get the share of their pay that it covers; nothing is saved.",
    fields: &[
        must("group", Shape::Text, "The group."),
        must(
            "usd_per_place_per_month",
            Shape::Number(0.0, 10_000_000.0),
            "What each place in which it has the largest control share yields, US dollars per month.",
        ),
    ],
    example: r#"[[timeline]]
date = 2014-02-10
kind = "revenue"
group = "isis"
usd_per_place_per_month = 9000
note = "Outside money ends, and taxes of its places are what is left."
source = "fictional"
"#,
};

const SHOCK: KindShape = KindShape {
    word: "shock",
    meaning: "Something makes victory more or less likely in the eyes of a group's members and of those who might join \
              it, from the end of the week on. Does nothing unless the mechanism expectation is on.",
    fields: &[
        must("group", Shape::Text, "The group."),
        must(
            "log_odds",
            Shape::Number(-3.0, 3.0),
            "What is added to its log-odds of victory; it replaces the group's last shock, and 0 ends it.",
        ),
    ],
    example: r#"[[timeline]]
date = 2014-02-10
kind = "shock"
group = "district_rebels"
log_odds = 1
note = "A foreign government promises the rebels its help."
source = "fictional"
"#,
};

const CONSCRIPTS: KindShape = KindShape {
    word: "conscripts",
    meaning: "From this day on only so many inhabitants can still be raised by a group, and the fewer are left, the \
              fewer join; who comes from outside or over from another group isn't counted.",
    fields: &[must("group", Shape::Text, "The group."), must("men", Shape::Whole(0, 10_000_000), "How many.")],
    example: r#"[[timeline]]
date = 2014-02-10
kind = "conscripts"
group = "district_rebels"
men = 60
note = "Of the men of the district sixty can still be found."
source = "fictional"
"#,
};

const DISSOLVE: KindShape = KindShape {
    word: "dissolve",
    meaning: "A group dissolves: its local members go home as deserters, the foreign leave the country.",
    fields: &[must("group", Shape::Text, "The group.")],
    example: r#"[[timeline]]
date = 2014-02-10
kind = "dissolve"
group = "district_rebels"
note = "The rebels of the district disband."
source = "fictional"
"#,
};

const HAPPENING: KindShape = KindShape {
    word: "happening",
    meaning: "A dated fact that is shown to readers and changes nothing.",
    fields: &[may("place", Shape::Text, "Where.")],
    example: r#"[[timeline]]
date = 2014-02-10
kind = "happening"
place = "burj_sindyan"
note = "Notables meet in the town."
source = "fictional"
"#,
};

#[cfg(test)]
mod tests {
    use super::{CHANGES, LEVER_BOUNDS, Lever, TIMELINE};

    #[test]
    fn every_lever_has_bounds_and_every_kind_its_keys() {
        let levers: Vec<&str> = LEVER_BOUNDS.iter().map(|&(word, ..)| word).collect();
        assert_eq!(levers, Lever::WORDS);
        let kinds: Vec<&str> = TIMELINE.by_kind.iter().map(|kind| kind.word).collect();
        assert_eq!(kinds, CHANGES);
    }
}
