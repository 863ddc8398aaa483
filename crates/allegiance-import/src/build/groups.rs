//! Who of the sides becomes a group, and of what kind.

use std::collections::{BTreeMap, BTreeSet};

use allegiance_model::setup::{AxisSetup, FieldValue, GroupSetup};

use super::events::{Event, GOVERNMENT, is_government, own_government};
use super::given::{self, FOREIGN_SHARE, Given, GivenTable};
use super::period::Period;
use super::slug::Slugs;
use super::{BuildRequest, BuiltGroup};
use allegiance_scenario::{Profile, in_every_rank};

/// More groups than this, of the government and the two of others less, are
/// never made: a scenario has 32 at most.
const MOST_GROUPS: usize = 29;
/// So many dead in the events of a side count as much as one event, for wars in which few events
/// hold most of the dead: judgement, after 12 dead an event in Nigeria and 28 in Sudan, half of the
/// events having 3 or 4.
pub(super) const DEAD_PER_EVENT: u64 = 10;
/// The identifier of the country's own government.
pub(super) const GOVERNMENT_ID: &str = "government";

/// A group of the scenario.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) class: Profile,
    pub(super) kind: String,
    /// Whether the table of groups gave the kind.
    pub(super) is_kind_given: bool,
    /// Names of the record that it stands for.
    pub(super) sides: Vec<String>,
    /// Events of the period.
    pub(super) n_events: usize,
    /// Its dead in the period, with its shares of those of unknown side.
    pub(super) n_dead: f64,
    pub(super) members: u32,
    /// How the members were found.
    pub(super) members_rule: String,
    pub(super) is_size_given: bool,
    /// Its numbers but the size; identifier, name and kind stand above.
    pub(super) character: GroupSetup,
    /// Which numbers of its character were given.
    pub(super) given: BTreeSet<&'static str>,
    /// Citations that the user gave.
    pub(super) citations: Vec<String>,
}

impl Group {
    /// Whether it is a foreign state that strikes from afar: none of its own
    /// died.
    pub(super) fn is_remote(&self) -> bool {
        self.class == Profile::ForeignState && self.n_dead <= 0.0
    }

    pub(super) fn built(&self) -> BuiltGroup {
        BuiltGroup {
            id: self.id.clone(),
            name: self.name.clone(),
            kind: self.kind.clone(),
            members: self.members,
            is_size_given: self.is_size_given,
            n_events: self.n_events,
            n_dead: self.n_dead,
            sides: self.sides.clone(),
        }
    }
}

/// The groups, and what became of every side.
#[derive(Debug)]
pub(super) struct Cast {
    /// The government first, then by number of events.
    pub(super) groups: Vec<Group>,
    /// The group of each side of the period or the days before; `None` where
    /// its events are left out.
    pub(super) of_side: BTreeMap<String, Option<usize>>,
    /// Sides with too few events and dead.
    pub(super) small: Vec<SmallSide>,
    /// Coalitions, and the group that each was given to.
    pub(super) coalitions: Vec<(String, String)>,
    /// Whether no event names the government.
    pub(super) is_government_absent: bool,
}

/// A side that makes no group of its own.
#[derive(Debug)]
pub(super) struct SmallSide {
    pub(super) name: String,
    pub(super) n_events: usize,
    /// All dead of its events, on every side.
    pub(super) n_dead_in_events: u64,
    /// The group that it went to, for people; `None` where it is left out.
    pub(super) group: Option<&'static str>,
}

impl Cast {
    /// The groups of an event; `None` where a side is left out, or both are
    /// one. The second is `None` where civilians are the target.
    pub(super) fn groups_of(&self, event: &Event) -> Option<(usize, Option<usize>)> {
        let group = |side: &str| self.of_side.get(side).copied().flatten();
        let a = group(&event.row.side_a)?;
        if event.row.is_one_sided() {
            return Some((a, None));
        }
        let b = group(&event.row.side_b)?;
        (a != b).then_some((a, Some(b)))
    }
}

/// What the record says of a side.
#[derive(Debug, Default, Clone)]
struct Tally {
    n_events: usize,
    /// Of these, the events against another side, and all dead in them.
    n_against_others: usize,
    n_dead_in_events: u64,
    n_dead: f64,
    fights_state: bool,
    fights_others: bool,
}

impl Tally {
    /// How much there is of a side, in events.
    fn weight(&self) -> f64 {
        (self.n_against_others as f64).max(self.n_dead_in_events as f64 / DEAD_PER_EVENT as f64)
    }

    fn is_enough(&self, min_events: usize) -> bool {
        self.weight() >= min_events as f64
    }
}

/// Gives every side its group, or leaves it out.
pub(super) fn assign(request: &BuildRequest, period: &Period<'_>, given: &GivenTable) -> Cast {
    let tallies = tally(period);
    let own = own_government(&request.country, period.events.iter().chain(&period.before).copied());
    let mut plan = Plan {
        class_of: tallies.iter().map(|(side, tally)| (*side, class_of(side, tally, &own))).collect(),
        tallies: &tallies,
        given,
        keys: BTreeMap::new(),
        coalitions: Vec::new(),
    };
    plan.take_big(request.min_events.max(1));
    plan.take_coalitions();
    let small = plan.take_small(request.min_events.max(1));
    plan.into_cast(&own, small)
}

fn tally<'a>(period: &Period<'a>) -> BTreeMap<&'a str, Tally> {
    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    let all = period.events.iter().map(|event| (event, true)).chain(period.before.iter().map(|event| (event, false)));
    for (event, is_in) in all {
        let (mut lost_a, lost_b) = event.losses();
        if event.is_of_one_side() {
            lost_a += lost_b;
        }
        let others_state = [&event.row.side_b, &event.row.side_a].map(|side| is_government(side));
        for ((side, lost), is_state) in event.sides().zip([lost_a, lost_b]).zip(others_state) {
            let tally = tallies.entry(side).or_default();
            if is_in {
                tally.n_events += 1;
                if !event.is_of_one_side() {
                    tally.n_against_others += 1;
                    tally.n_dead_in_events += event.n_dead();
                }
                tally.n_dead += f64::from(lost);
            }
            if event.is_of_one_side() {
                continue;
            }
            tally.fights_state |= is_state;
            tally.fights_others |= !is_state && !event.row.is_one_sided();
        }
    }
    tallies
}

fn class_of(side: &str, tally: &Tally, own: &str) -> Profile {
    if side == own || (is_government(side) && side.split(", ").any(|part| part == own)) {
        Profile::Government
    } else if is_government(side) {
        Profile::ForeignState
    } else if tally.fights_others && !tally.fights_state {
        Profile::Militia
    } else {
        Profile::Rebel
    }
}

/// The kind of group as the scenario has it.
fn kind_of(profile: Profile) -> &'static str {
    match profile {
        Profile::Government | Profile::ForeignState => "state",
        Profile::Rebel => "rebel",
        Profile::Militia => MILITIA,
    }
}

/// The kind of militias.
pub(super) const MILITIA: &str = "militia";

/// Sides on their way to groups: each gets a key, sides of one key a group.
struct Plan<'a> {
    class_of: BTreeMap<&'a str, Profile>,
    tallies: &'a BTreeMap<&'a str, Tally>,
    given: &'a GivenTable,
    keys: BTreeMap<&'a str, Key>,
    coalitions: Vec<(String, String)>,
}

/// What makes sides one group.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Government,
    /// As the user's table names it.
    Given(String),
    /// A side by itself.
    Side(String),
    /// The small ones of a class.
    Other(Profile),
    /// Left out.
    None,
}

impl<'a> Plan<'a> {
    /// The government, those whom the user names, and those with events or
    /// dead enough.
    fn take_big(&mut self, min_events: usize) {
        let mut by_weight: Vec<(&'a str, &Tally)> = self.tallies.iter().map(|(side, tally)| (*side, tally)).collect();
        by_weight.sort_by(|a, b| b.1.weight().total_cmp(&a.1.weight()).then(a.0.cmp(b.0)));
        let mut n_taken = 0;
        for (side, tally) in by_weight {
            let key = match self.given.get(side) {
                Some(given) if given.is_left_out() => Key::None,
                _ if self.class_of[side] == Profile::Government => Key::Government,
                Some(Given { group: Some(group), .. }) if group == GOVERNMENT_ID => Key::Government,
                Some(Given { group: Some(group), .. }) => Key::Given(group.clone()),
                None if !tally.is_enough(min_events) || n_taken == MOST_GROUPS => continue,
                None if self.largest_member(side).is_some_and(|(_, member)| member.is_enough(min_events)) => continue,
                _ => Key::Side(side.to_owned()),
            };
            n_taken += usize::from(matches!(key, Key::Side(_)));
            self.keys.insert(side, key);
        }
    }

    /// The member of a coalition that has most events by itself.
    fn largest_member(&self, side: &'a str) -> Option<(&'a str, &'a Tally)> {
        let parts: Vec<&str> = side.split(", ").collect();
        if parts.len() < 2 {
            return None;
        }
        let known = self.tallies.iter().filter(|(name, _)| parts.contains(*name));
        known.map(|(name, tally)| (*name, tally)).max_by(|a, b| a.1.n_events.cmp(&b.1.n_events).then(b.0.cmp(a.0)))
    }

    /// Coalitions go to the largest of their members.
    fn take_coalitions(&mut self) {
        let waiting: Vec<&'a str> = self.tallies.keys().copied().filter(|side| !self.keys.contains_key(side)).collect();
        for side in waiting {
            let Some((member, _)) = self.largest_member(side) else { continue };
            if let Some(key) = self.keys.get(member).cloned() {
                self.coalitions.push((side.to_owned(), member.to_owned()));
                self.keys.insert(side, key);
            }
        }
    }

    /// The small ones of a class become one group, where they have events or
    /// dead enough together, else they are left out. Foreign states always are.
    fn take_small(&mut self, min_events: usize) -> Vec<SmallSide> {
        let mut small = Vec::new();
        for class in [Profile::ForeignState, Profile::Rebel, Profile::Militia] {
            let sides: Vec<&'a str> = self
                .class_of
                .iter()
                .filter(|(side, of)| **of == class && !self.keys.contains_key(*side))
                .map(|(side, _)| *side)
                .collect();
            let mut together = Tally::default();
            for side in &sides {
                together.n_against_others += self.tallies[side].n_against_others;
                together.n_dead_in_events += self.tallies[side].n_dead_in_events;
            }
            let is_group = class != Profile::ForeignState && together.is_enough(min_events);
            for side in sides {
                let Tally { n_events, n_dead_in_events, .. } = self.tallies[side];
                if n_events > 0 {
                    let group = is_group.then(|| other_name(class));
                    small.push(SmallSide { name: side.to_owned(), n_events, n_dead_in_events, group });
                }
                // Whoever is seen before the period only joins nobody.
                let key = if is_group && n_events > 0 { Key::Other(class) } else { Key::None };
                self.keys.insert(side, key);
            }
        }
        small
    }

    fn into_cast(self, own: &str, small: Vec<SmallSide>) -> Cast {
        let mut by_key: BTreeMap<Key, Vec<&str>> = BTreeMap::new();
        for (side, key) in &self.keys {
            if *key != Key::None {
                by_key.entry(key.clone()).or_default().push(side);
            }
        }
        let is_government_absent = !by_key.contains_key(&Key::Government);
        by_key.entry(Key::Government).or_default();
        let mut order: Vec<(Key, Vec<&str>)> = by_key.into_iter().collect();
        let n_events = |sides: &[&str]| sides.iter().map(|side| self.tallies[side].n_events).sum::<usize>();
        order.sort_by(|a, b| {
            let is_other = |key: &Key| *key != Key::Government;
            is_other(&a.0).cmp(&is_other(&b.0)).then(n_events(&b.1).cmp(&n_events(&a.1))).then(a.0.cmp(&b.0))
        });
        let mut slugs = Slugs::default();
        for (key, _) in &order {
            if let Key::Given(id) = key {
                slugs.reserve(id);
            }
        }
        let mut of_side: BTreeMap<String, Option<usize>> =
            self.keys.keys().map(|side| ((*side).to_owned(), None)).collect();
        let mut groups = Vec::with_capacity(order.len());
        for (key, sides) in order {
            for side in &sides {
                of_side.insert((*side).to_owned(), Some(groups.len()));
            }
            groups.push(self.group(&key, &sides, own, &mut slugs));
        }
        let coalitions = self.coalitions;
        Cast { groups, of_side, small, coalitions, is_government_absent }
    }

    fn group(&self, key: &Key, sides: &[&str], own: &str, slugs: &mut Slugs) -> Group {
        let (id, mut name, class) = match key {
            Key::Government => (slugs.of(GOVERNMENT_ID, "group"), own.to_owned(), Profile::Government),
            Key::Given(id) => {
                let name = if let [side] = sides { (*side).to_owned() } else { id.replace('_', " ") };
                (id.clone(), name, self.class_of[sides[0]])
            }
            Key::Side(side) => {
                (slugs.of(side.trim_start_matches(GOVERNMENT), "group"), side.clone(), self.class_of[side.as_str()])
            }
            Key::Other(class) => (slugs.of(other_name(*class), "group"), other_name(*class).to_owned(), *class),
            Key::None => unreachable!("sides left out have no group"),
        };
        let (mut kind, mut is_kind_given) = (kind_of(class).to_owned(), false);
        let mut character = class.group();
        let (mut given, mut citations) = (BTreeSet::new(), Vec::new());
        for known in sides.iter().filter_map(|side| self.given.get(*side)) {
            name = known.name.clone().unwrap_or(name);
            is_kind_given |= known.kind.is_some();
            kind = known.kind.clone().unwrap_or(kind);
            given.extend(known.numbers.keys());
            apply(&known.numbers, &mut character);
            citations.extend(known.source.clone());
        }
        citations.dedup();
        Group {
            id,
            name,
            class,
            kind,
            is_kind_given,
            sides: sides.iter().map(|side| (*side).to_owned()).collect(),
            n_events: sides.iter().map(|side| self.tallies[side].n_events).sum(),
            n_dead: sides.iter().map(|side| self.tallies[side].n_dead).sum(),
            members: 0,
            members_rule: String::new(),
            is_size_given: false,
            character,
            given,
            citations,
        }
    }
}

/// Whether a name is one that UCDP gives a group until it is known, such as XXX482.
pub(super) fn is_placeholder(side: &str) -> bool {
    let digits = side.trim_start_matches(['X', 'x']);
    side.len() - digits.len() >= 3 && !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// The name of the small ones of a class together.
fn other_name(class: Profile) -> &'static str {
    match class {
        Profile::Militia => "Other militias",
        _ => "Other rebels",
    }
}

/// Puts the user's numbers in the place of the profile's.
fn apply(numbers: &BTreeMap<&'static str, f64>, character: &mut GroupSetup) {
    for column in given::numbers() {
        match numbers.get(column.name) {
            Some(share) if column.path == FOREIGN_SHARE => character.foreign_share = in_every_rank(*share),
            Some(number) => {
                character.set_on(&AxisSetup::usual(), &column.path, FieldValue::Number(*number));
            }
            None => {}
        }
    }
    if numbers.contains_key("pay_usd_per_month") && !numbers.contains_key("pay_foreign_usd_per_month") {
        character.pay_foreign_usd_per_month = character.pay_usd_per_month;
    }
}
