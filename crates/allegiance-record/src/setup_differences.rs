//! What differs between two resolved setups.
//!
//! Every comparison prints this list, so that nobody takes a changed timeline
//! or another group's pay for the effect of what was meant to differ.

mod timeline;

pub use timeline::change_in_words;

use allegiance_model::case::Case;
use allegiance_model::setup::{AxisSetup, Country, FieldValue, GroupSetup, KindSetup, Mechanism, PlaceSetup, Setup};
use allegiance_model::theory::Slot;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A value in words.
type Words<T> = fn(&T) -> String;
/// A value of a kind in words, with the setup that names what it refers to.
type WordsOfKind = fn(&Setup, &KindSetup) -> String;

/// What kind of thing differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DifferenceKind {
    /// The first day.
    Start,
    /// The number of days.
    Days,
    /// The seed.
    Seed,
    /// The scale.
    Scale,
    /// A place that only one has, or what a place is.
    Place,
    /// A group that only one has.
    Group,
    /// Where incidents come from.
    Mode,
    /// The event table.
    Events,
    /// The theory of belief or of exit.
    Theory,
    /// A mechanism that only one runs.
    Mechanism,
    /// A parameter of the model.
    Parameter,
    /// A lever on the timeline.
    Lever,
    /// A group's pay on the first day.
    Pay,
    /// Another field of a group.
    GroupField,
    /// A relation on the first day.
    Relation,
    /// A control share on the first day.
    Control,
    /// Households away on the first day.
    Displaced,
    /// Members by place on the first day.
    Garrison,
    /// Another entry of the timeline.
    Timeline,
    /// What a kind of group or a constituency is.
    Kind,
    /// What an axis of cause is.
    Axis,
    /// A parameter of the observation model.
    Observation,
    /// What reports of the war name.
    Country,
    /// What is known of the war.
    Case,
}

impl DifferenceKind {
    /// Whether setups that differ in it are other worlds: replicates of the
    /// same number share no luck, or are counted over other days or people.
    pub fn is_of_world(self) -> bool {
        matches!(self, Self::Start | Self::Days | Self::Seed | Self::Scale | Self::Place | Self::Group)
    }

    /// Whether it belongs to the reported record, or to what is known of the war,
    /// which no draw and no decision reads.
    pub fn is_of_record(self) -> bool {
        matches!(self, Self::Observation | Self::Country | Self::Case)
    }

    /// Its word in files and views.
    pub fn word(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Days => "days",
            Self::Seed => "seed",
            Self::Scale => "scale",
            Self::Place => "place",
            Self::Group => "group",
            Self::Mode => "mode",
            Self::Events => "events",
            Self::Theory => "theory",
            Self::Mechanism => "mechanism",
            Self::Parameter => "parameter",
            Self::Lever => "lever",
            Self::Pay => "pay",
            Self::GroupField => "group_field",
            Self::Relation => "relation",
            Self::Control => "control",
            Self::Displaced => "displaced",
            Self::Garrison => "garrison",
            Self::Timeline => "timeline",
            Self::Kind => "kind",
            Self::Axis => "axis",
            Self::Observation => "observation",
            Self::Country => "country",
            Self::Case => "case",
        }
    }

    /// What several of the kind are called.
    pub fn plural(self) -> &'static str {
        match self {
            Self::Start => "first days",
            Self::Days => "lengths",
            Self::Seed => "seeds",
            Self::Scale => "scales",
            Self::Place => "differences in places",
            Self::Group => "groups",
            Self::Mode => "modes",
            Self::Events => "event tables",
            Self::Theory => "theories",
            Self::Mechanism => "mechanisms",
            Self::Parameter => "parameters",
            Self::Lever => "levers",
            Self::Pay => "rates of pay",
            Self::GroupField => "fields of groups",
            Self::Relation => "relations",
            Self::Control => "control shares",
            Self::Displaced => "shares of households away",
            Self::Garrison => "garrisons",
            Self::Timeline => "entries of the timeline",
            Self::Kind => "kinds of groups",
            Self::Axis => "axes of cause",
            Self::Observation => "parameters of observation",
            Self::Country => "names in reports",
            Self::Case => "differences in what is known of the war",
        }
    }
}

/// One difference of a second setup from a first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetupDifference {
    /// What kind of thing differs.
    pub kind: DifferenceKind,
    /// Its key: that of `--set` where there is one.
    pub key: String,
    /// Its value in the first; none where the first hasn't it.
    pub a: Option<String>,
    /// Its value in the second; none where the second hasn't it.
    pub b: Option<String>,
    /// The second as seen from the first, such as "combat.decisiveness is 2
    /// instead of 1.5".
    pub words: String,
}

/// Everything in which `b` differs from `a`, in the order of the kinds; empty
/// where they are the same.
pub fn setup_differences(a: &Setup, b: &Setup) -> Vec<SetupDifference> {
    let mut found = Differences(Vec::new());
    found.whole(a, b);
    found.places(a, b);
    found.groups(a, b);
    found.kinds(a, b);
    found.axes(a, b);
    found.record(a, b);
    found.switches(a, b);
    found.parameters(a, b);
    found.relations(a, b);
    found.garrisons(a, b);
    timeline::compare(a, b, &mut found.0);
    // Stable, so that within a kind the order of the setup is kept.
    found.0.sort_by_key(|difference| difference.kind);
    found.0
}

/// An identifier, and what it is in words.
type Named = (String, String);

fn ids(list: &[Named]) -> BTreeSet<&str> {
    list.iter().map(|(id, _)| id.as_str()).collect()
}

/// A number as people read it.
fn shown(value: f64) -> String {
    let rounded = (value * 1e9).round() / 1e9;
    if rounded == 0.0 && value != 0.0 { format!("{value:e}") } else { rounded.to_string() }
}

struct Differences(Vec<SetupDifference>);

impl Differences {
    /// Adds a value where it differs: `what` is as in "`what` is b instead of a".
    fn value(&mut self, kind: DifferenceKind, key: impl Into<String>, what: &str, values: (String, String)) {
        let (a, b) = values;
        if a != b {
            let words = format!("{what} is {b} instead of {a}");
            self.0.push(SetupDifference { kind, key: key.into(), a: Some(a), b: Some(b), words });
        }
    }

    fn only(&mut self, kind: DifferenceKind, key: String, what: String, is_in_b: bool) {
        let words = if is_in_b { format!("{what} is added") } else { format!("{what} is missing") };
        let (a, b) = if is_in_b { (None, Some(what)) } else { (Some(what), None) };
        self.0.push(SetupDifference { kind, key, a, b, words });
    }

    fn whole(&mut self, a: &Setup, b: &Setup) {
        use DifferenceKind as Kind;
        self.value(Kind::Start, "start", "the first day", (a.start.to_string(), b.start.to_string()));
        self.value(Kind::Days, "days", "the number of days", (a.n_days.to_string(), b.n_days.to_string()));
        self.value(Kind::Seed, "seed", "the seed", (a.seed.to_string(), b.seed.to_string()));
        self.value(Kind::Scale, "scale", "the scale", (format!("1:{}", a.scale), format!("1:{}", b.scale)));
        let modes = (a.mode.word().to_owned(), b.mode.word().to_owned());
        self.value(Kind::Mode, "operations.mode", "the mode of operations", modes);
        let belief = (a.belief_theory().to_owned(), b.belief_theory().to_owned());
        self.value(Kind::Theory, "theory.belief", "the theory of belief", belief);
        let exit = (a.exit_theory().to_owned(), b.exit_theory().to_owned());
        for of_a in &a.own_theories {
            let Some(of_b) = b.own_theories.iter().find(|of_b| of_b.name == of_a.name) else { continue };
            let what = format!("the digest of the theory {}", of_a.name);
            self.value(Kind::Theory, "theory.file", &what, (of_a.digest.clone(), of_b.digest.clone()));
        }
        for slot in [Slot::Destination, Slot::Joining, Slot::Voice] {
            let filler = |setup: &Setup| {
                setup.own_in(slot).map_or_else(|| "the engine's own rule".to_owned(), |own| own.name.clone())
            };
            let what = format!("what fills the slot of {}", slot.word());
            self.value(Kind::Theory, "theory.file", &what, (filler(a), filler(b)));
        }
        self.value(Kind::Theory, "theory.exit", "the theory of exit", exit);
        // People of another scale have other dead in their event table.
        if a.events != b.events && a.scale == b.scale {
            let [of_a, of_b] = [a, b].map(|setup| match setup.events.len() {
                0 => "no event".to_owned(),
                1 => "1 event".to_owned(),
                n => format!("{n} events"),
            });
            let words = if of_a == of_b {
                format!("the event table has {of_b} too, and not the same ones")
            } else {
                format!("the event table has {of_b} instead of {of_a}")
            };
            self.0.push(SetupDifference {
                kind: Kind::Events,
                key: "tables.events".to_owned(),
                a: Some(of_a),
                b: Some(of_b),
                words,
            });
        }
    }

    /// What only one of two lists has, given by identifier and words.
    fn only_in_one(&mut self, kind: DifferenceKind, what: &str, a: &[Named], b: &[Named]) {
        for (one, other, is_in_b) in [(a, b, false), (b, a, true)] {
            let others = ids(other);
            for (id, words) in one.iter().filter(|(id, _)| !others.contains(id.as_str())) {
                self.only(kind, format!("{what}.{id}"), words.clone(), is_in_b);
            }
        }
    }

    /// Another order of what both lists have.
    fn order(&mut self, kind: DifferenceKind, what: &str, a: &[Named], b: &[Named]) {
        let shared = |one: &[Named], other: &[Named]| -> Vec<String> {
            let others = ids(other);
            one.iter().filter(|(id, _)| others.contains(id.as_str())).map(|(id, _)| id.clone()).collect()
        };
        let (a, b) = (shared(a, b), shared(b, a));
        if a != b {
            let (a, b) = (Some(a.join(", ")), Some(b.join(", ")));
            let words = format!("the {what} are in another order");
            self.0.push(SetupDifference { kind, key: what.to_owned(), a, b, words });
        }
    }

    fn places(&mut self, a: &Setup, b: &Setup) {
        let named = |setup: &Setup| -> Vec<Named> {
            let words = |place: &PlaceSetup| format!("the place {} ({} inhabitants)", place.name, place.population);
            setup.places.iter().map(|place| (place.id.clone(), words(place))).collect()
        };
        let (of_a, of_b) = (named(a), named(b));
        self.only_in_one(DifferenceKind::Place, "places", &of_a, &of_b);
        self.order(DifferenceKind::Place, "places", &of_a, &of_b);
        // Places are many: each is looked up, and none looked for among all.
        let places_of_b: BTreeMap<&str, usize> =
            b.places.iter().enumerate().rev().map(|(at, place)| (place.id.as_str(), at)).collect();
        for (at, place) in a.places.iter().enumerate() {
            if let Some(&other) = places_of_b.get(place.id.as_str()) {
                self.place((a, at), (b, other));
            }
        }
    }

    fn place(&mut self, (a, at): (&Setup, usize), (b, other): (&Setup, usize)) {
        let (first, second) = (&a.places[at], &b.places[other]);
        // At another scale every place has other people; that is one difference.
        let population =
            |place: &PlaceSetup| if a.scale == b.scale { place.population.to_string() } else { String::new() };
        let fields: [(&str, Words<PlaceSetup>); 7] = [
            ("name", |place| place.name.clone()),
            ("kind", |place| place.kind.word().to_owned()),
            ("governorate", |place| place.governorate.clone()),
            ("district", |place| place.district.clone()),
            ("subdistrict", |place| place.subdistrict.clone()),
            ("latitude", |place| shown(place.latitude_deg)),
            ("longitude", |place| shown(place.longitude_deg)),
        ];
        let key = |field: &str| format!("places.{}.{field}", first.id);
        for (name, of) in fields {
            let what = format!("{name} of {}", first.name);
            self.value(DifferenceKind::Place, key(name), &what, (of(first), of(second)));
        }
        let what = format!("population of {}", first.name);
        self.value(DifferenceKind::Place, key("population"), &what, (population(first), population(second)));
        let what = format!("the share of households of {} away on the first day", first.name);
        let away = (shown(first.displaced_share), shown(second.displaced_share));
        self.value(DifferenceKind::Displaced, key("displaced_share"), &what, away);
        for (group, share) in a.groups.iter().zip(&first.control) {
            let of_b = b.groups.iter().position(|other| other.id == group.id).and_then(|at| second.control.get(at));
            if let Some(of_b) = of_b {
                let what = format!("control of {} by {}", first.name, group.name);
                let key = format!("control.{}.{}", first.id, group.id);
                self.value(DifferenceKind::Control, key, &what, (shown(*share), shown(*of_b)));
            }
        }
    }

    fn groups(&mut self, a: &Setup, b: &Setup) {
        let named = |setup: &Setup| -> Vec<Named> {
            let words = |group: &GroupSetup| format!("the group {} ({} members)", group.name, group.members);
            setup.groups.iter().map(|group| (group.id.clone(), words(group))).collect()
        };
        let (of_a, of_b) = (named(a), named(b));
        self.only_in_one(DifferenceKind::Group, "groups", &of_a, &of_b);
        self.order(DifferenceKind::Group, "groups", &of_a, &of_b);
        for first in &a.groups {
            if let Some(second) = b.groups.iter().find(|other| other.id == first.id) {
                self.group((a, first), (b, second));
            }
        }
    }

    fn group(&mut self, (a, first): (&Setup, &GroupSetup), (b, second): (&Setup, &GroupSetup)) {
        let key = |path: &str| format!("groups.{}.{path}", first.id);
        let names = (first.name.clone(), second.name.clone());
        self.value(DifferenceKind::GroupField, key("name"), &format!("the name of {}", first.id), names);
        let kinds = (a.kinds[first.kind.idx()].id.clone(), b.kinds[second.kind.idx()].id.clone());
        self.value(DifferenceKind::GroupField, key("kind"), &format!("the kind of {}", first.name), kinds);
        let show = |value: FieldValue| match value {
            FieldValue::Number(number) => shown(number),
            other => other.to_string(),
        };
        let of_second = second.values_on(&b.axes);
        for (path, of_a) in first.values_on(&a.axes) {
            // An axis that only one has is told where axes are.
            let Some(&(_, of_b)) = of_second.iter().find(|(other, _)| *other == path) else { continue };
            if path == "members" && a.scale != b.scale && is_of_scale(a, first.members, b, second.members) {
                continue;
            }
            let is_pay = path.starts_with("pay_");
            let kind = if is_pay { DifferenceKind::Pay } else { DifferenceKind::GroupField };
            let what = match path.as_str() {
                "pay_usd_per_month" => format!("pay of local members of {}, in US dollars a month,", first.name),
                "pay_foreign_usd_per_month" => {
                    format!("pay of foreign members of {}, in US dollars a month,", first.name)
                }
                "members" => format!("the number of members of {}", first.name),
                path => format!("{} of {}", path.replace('.', ", ").replace('_', " "), first.name),
            };
            self.value(kind, key(&path), &what, (show(of_a), show(of_b)));
        }
    }

    fn kinds(&mut self, a: &Setup, b: &Setup) {
        let named = |setup: &Setup| -> Vec<Named> {
            let words = |id: &str| format!("the kind of group {id}");
            setup.kinds.iter().map(|kind| (kind.id.clone(), words(&kind.id))).collect()
        };
        self.only_in_one(DifferenceKind::Kind, "kinds", &named(a), &named(b));
        let word = |is_so: bool| if is_so { "true" } else { "false" }.to_owned();
        let fields: [(&str, WordsOfKind, &str); 2] = [
            ("constituency", |setup, kind| setup.constituencies[kind.constituency.idx()].clone(), "the constituency"),
            ("reported_as", |_, kind| kind.reported_as.word().to_owned(), "how observers count the dead"),
        ];
        for first in &a.kinds {
            let Some(second) = b.kinds.iter().find(|other| other.id == first.id) else { continue };
            let key = |field: &str| format!("kinds.{}.{field}", first.id);
            for (field, of, what) in fields {
                let what = format!("{what} of the kind {}", first.id);
                self.value(DifferenceKind::Kind, key(field), &what, (of(a, first), of(b, second)));
            }
            for (field, values) in
                [("is_state", (first.is_state, second.is_state)), ("stays_home", (first.stays_home, second.stays_home))]
            {
                let what = format!("{field} of the kind {}", first.id);
                self.value(DifferenceKind::Kind, key(field), &what, (word(values.0), word(values.1)));
            }
        }
    }

    fn axes(&mut self, a: &Setup, b: &Setup) {
        let named = |setup: &Setup| -> Vec<Named> {
            setup.axes.iter().map(|axis| (axis.id.clone(), format!("the axis of cause {}", axis.id))).collect()
        };
        let (of_a, of_b) = (named(a), named(b));
        self.only_in_one(DifferenceKind::Axis, "axes", &of_a, &of_b);
        self.order(DifferenceKind::Axis, "axes", &of_a, &of_b);
        let enemies = |setup: &Setup, axis: &AxisSetup| {
            let ids: Vec<&str> = axis.against.iter().map(|group| setup.groups[group.idx()].id.as_str()).collect();
            if ids.is_empty() { "nobody".to_owned() } else { ids.join(", ") }
        };
        let fields: [(&str, Words<AxisSetup>, &str); 4] = [
            ("meaning", |axis| axis.meaning.clone(), "the meaning"),
            ("mean", |axis| shown(axis.mean), "the inhabitants' mean"),
            ("weight", |axis| shown(axis.weight), "the weight"),
            ("is_home_rule", |axis| axis.is_home_rule.to_string(), "is_home_rule"),
        ];
        for first in &a.axes {
            let Some(second) = b.axes.iter().find(|other| other.id == first.id) else { continue };
            let key = |field: &str| format!("axes.{}.{field}", first.id);
            for (field, of, what) in fields {
                let what = format!("{what} of the axis {}", first.id);
                self.value(DifferenceKind::Axis, key(field), &what, (of(first), of(second)));
            }
            let what = format!("whom the axis {} is against", first.id);
            self.value(DifferenceKind::Axis, key("against"), &what, (enemies(a, first), enemies(b, second)));
        }
    }

    /// What reports name and what is known of the war.
    fn record(&mut self, a: &Setup, b: &Setup) {
        let fields: [(&str, Words<Country>, &str); 4] = [
            ("country", |country| country.name.clone(), "the country"),
            ("gw_number", |country| country.gw_number.to_string(), "the country's Gleditsch & Ward number"),
            ("region", |country| country.region.clone(), "the region of the world"),
            ("conflict", Country::conflict_name, "the conflict"),
        ];
        for (field, of, what) in fields {
            let values = (of(&a.country), of(&b.country));
            self.value(DifferenceKind::Country, format!("observation.{field}"), what, values);
        }
        let told = |setup: &Setup| setup.places_are_real.map_or("unknown".to_owned(), |are_real| are_real.to_string());
        self.value(DifferenceKind::Country, "places_are_real", "whether the places are real", (told(a), told(b)));
        if a.case != b.case {
            let title = |setup: &Setup| setup.case.as_ref().map_or("none".to_owned(), |case| case.title.clone());
            let (of_a, of_b) = (title(a), title(b));
            let words = if of_a == of_b {
                format!("the case {of_b} has other {}", parts_that_differ(a.case.as_ref(), b.case.as_ref()).join(", "))
            } else {
                format!("the case is {of_b} instead of {of_a}")
            };
            let (a, b) = (Some(of_a), Some(of_b));
            self.0.push(SetupDifference { kind: DifferenceKind::Case, key: "case".to_owned(), a, b, words });
        }
    }

    fn switches(&mut self, a: &Setup, b: &Setup) {
        let word = |is_on: bool| if is_on { "on" } else { "off" }.to_owned();
        for &mechanism in Mechanism::ALL {
            let what = format!("the mechanism {}", mechanism.word().replace('_', " "));
            let values = (word(a.switches.is_on(mechanism)), word(b.switches.is_on(mechanism)));
            self.value(DifferenceKind::Mechanism, format!("mechanisms.{}", mechanism.word()), &what, values);
        }
    }

    fn parameters(&mut self, a: &Setup, b: &Setup) {
        for info in a.whole_dictionary() {
            let path = info.path();
            let (Some(of_a), Some(of_b)) = (a.parameter(&path), b.parameter(&path)) else { continue };
            let kind = match info.mechanism {
                "observation" => DifferenceKind::Observation,
                _ => DifferenceKind::Parameter,
            };
            if of_a.to_bits() != of_b.to_bits() {
                self.value(kind, path.as_str(), &path, (of_a.to_string(), of_b.to_string()));
            }
        }
    }

    fn relations(&mut self, a: &Setup, b: &Setup) {
        let find = |id: &str| b.groups.iter().position(|group| group.id == id);
        for (at, first) in a.groups.iter().enumerate() {
            for (with, second) in a.groups.iter().enumerate().skip(at + 1) {
                let (Some(b_at), Some(b_with)) = (find(&first.id), find(&second.id)) else { continue };
                let of_a = a.relations[at * a.n_groups() + with].word().to_owned();
                let of_b = b.relations[b_at * b.n_groups() + b_with].word().to_owned();
                let key = format!("relations.{}.{}", first.id, second.id);
                let what = format!("the relation of {} and {} on the first day", first.name, second.name);
                self.value(DifferenceKind::Relation, key, &what, (of_a, of_b));
            }
        }
    }

    fn garrisons(&mut self, a: &Setup, b: &Setup) {
        if a.scale != b.scale {
            return;
        }
        let [members_in_a, members_in_b] = [a, b].map(members_by_group_and_place);
        let places_of_b: BTreeSet<&str> = b.places.iter().map(|place| place.id.as_str()).collect();
        for group in a.groups.iter().filter(|group| b.groups.iter().any(|other| other.id == group.id)) {
            for place in a.places.iter().filter(|place| places_of_b.contains(place.id.as_str())) {
                let at = (group.id.as_str(), place.id.as_str());
                let [of_a, of_b] = [&members_in_a, &members_in_b].map(|members| members.get(&at).copied().unwrap_or(0));
                if of_a == of_b {
                    continue;
                }
                let (of_a, of_b) = (of_a.to_string(), of_b.to_string());
                let what = format!("the garrison of {} in {}", group.name, place.name);
                let key = format!("garrisons.{}.{}", group.id, place.id);
                self.value(DifferenceKind::Garrison, key, &what, (of_a, of_b));
            }
        }
    }
}

/// Members of the garrisons of each group in each place.
fn members_by_group_and_place(setup: &Setup) -> BTreeMap<(&str, &str), u32> {
    let mut members = BTreeMap::new();
    for garrison in &setup.garrisons {
        let (group, place) = (&setup.groups[garrison.group.idx()], &setup.places[garrison.place.idx()]);
        *members.entry((group.id.as_str(), place.id.as_str())).or_insert(0) += garrison.members;
    }
    members
}

/// The parts in which two cases of one title differ.
fn parts_that_differ(a: Option<&Case>, b: Option<&Case>) -> Vec<&'static str> {
    let (Some(a), Some(b)) = (a, b) else { return Vec::new() };
    let Case { title: _, about, note, parameters, left_out, patterns } = a;
    let parts = [
        ("patterns", *patterns != b.patterns),
        ("patterns left out", *left_out != b.left_out),
        ("parameters to move", *parameters != b.parameters),
        ("words about it", *about != b.about || *note != b.note),
    ];
    parts.into_iter().filter(|(_, differs)| *differs).map(|(part, _)| part).collect()
}

/// Whether two numbers of members, at two scales, are the same but for rounding.
fn is_of_scale(a: &Setup, in_a: u32, b: &Setup, in_b: u32) -> bool {
    let (whole_a, whole_b) = (a.scaled_up(f64::from(in_a)), b.scaled_up(f64::from(in_b)));
    // A group that has members keeps at least one.
    (whole_a - whole_b).abs() <= a.scaled_up(1.0).max(b.scaled_up(1.0))
}
