//! Every assumption that was taken, with what it gave and where to change it.

mod found;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use allegiance_model::setup::{OperationsMode, RelationKind};

use super::control::{AROUND_KM, HALF_CITY, HALF_TOWN, HALF_VILLAGE, MOST_OTHERS};
use super::garrisons::{MEMBERS_PER_DEATH, MOST_SHARE, REACH_KM, SMALLEST};
use super::groups::{DEAD_PER_EVENT, SmallSide};
use super::population::{FLOOR, MOST_UNKNOWN};
use super::rates::{REFERENCE_SHARE, UNIT, attacks_per_month, joining_per_month};
use super::settlements::{CITY, OWN_PLACE_KM, Origin, TOWN};
use super::sizes::{
    FOREIGN_LEAST, FOREIGN_PER_DEAD, GOVERNMENT_RATIO, GOVERNMENT_SHARE, LEAST, MEMBERS_PER_DEAD, MEMBERS_PER_EVENT,
    RANGE, replacements_per_month,
};
use super::write::{Draft, has_drawn_days};
use allegiance_scenario::Profile;
use allegiance_scenario::csv_table::{count, thousands};

/// Pairs of sides that are named; the others are counted.
const MOST_NAMED: usize = 10;

/// Something that was assumed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assumption {
    /// What it is about.
    pub topic: &'static str,
    /// What was assumed.
    pub rule: String,
    /// What that gave.
    pub gave: String,
    /// Rows of the tables that it touched.
    pub n_rows: usize,
    /// What to change, to assume something else.
    pub change: String,
}

/// The rules that files cite, by their keys of `[sources]`.
pub(super) fn rules(story: &Draft<'_>) -> Vec<(&'static str, String)> {
    let request = story.request;
    let mut rules = vec![
        ("rule_size", rule_size()),
        ("rule_relation", format!("Rule: {RELATION_RULE}")),
        ("rule_control", format!("Rule: {}", control_rule(story))),
        ("rule_garrison", format!("Rule: {}", garrison_rule(story))),
        (
            "rule_population",
            format!("Rule: a place of unknown size has {} inhabitants.", story.map.spread.each_unknown),
        ),
        (
            "rule_event_place",
            format!(
                "Rule: events farther than {OWN_PLACE_KM} km from every place of the table are at a place of their own."
            ),
        ),
    ];
    if let Some(total) = request.population {
        rules.push((
            "rule_countryside",
            format!(
                "Rule: of {total} inhabitants, those whom no place holds live in the countryside, one place for each cell of half a degree, in proportion to the places there."
            ),
        ));
    }
    if !replaced(story).is_empty() {
        rules.push(("rule_replacement", format!("Rule: {REPLACEMENT_RULE}")));
    }
    if has_drawn_days(story) {
        rules.push(("rule_undated", format!("Rule: {}", undated_rule(request.seed))));
    }
    rules
}

const RELATION_RULE: &str = "groups with an event between them are at war, from the first day where one is older or has no date, else from its day; a foreign state is allied to the government if they share an enemy, and a militia if it has no other enemies than the government has, where they don't fight each other; all others are at truce.";

const REPLACEMENT_RULE: &str = "the government, and a foreign state of whose own somebody died, get as many men a month from elsewhere as the record has killed of them in the period; who deserts or is captured isn't replaced, and no other group gets anybody from elsewhere. Judgement, and where incidents are the groups' own, knowledge of the record.";

fn rule_size() -> String {
    let (low, high) = GOVERNMENT_SHARE;
    format!(
        "Rule, judgement: UCDP GED tells no sizes. A group that is no state has the largest of {MEMBERS_PER_DEAD} members for each of its own who is killed per year, {MEMBERS_PER_EVENT} for each event per year, and {LEAST}; a foreign state {FOREIGN_PER_DEAD} for each of its own who is killed per year and at least {FOREIGN_LEAST}, or {LEAST} where none of its own died; the government {GOVERNMENT_RATIO} for each member of groups that are no state, within {low} to {high} of the inhabitants. A third to {RANGE} times as many is as plausible."
    )
}

fn control_rule(story: &Draft<'_>) -> String {
    format!(
        "a place is the government's but for n / (n + k), at most {:.2}, which the other groups share by their events; n are the events of these groups within {AROUND_KM} km in the {} days before the first, as of a year, and k is {HALF_VILLAGE} in villages and countryside, {HALF_TOWN} in towns (from {TOWN} inhabitants) and {HALF_CITY} in cities (from {CITY}).",
        f64::from(MOST_OTHERS) / 100.0,
        story.request.control_window_days
    )
}

fn garrison_rule(story: &Draft<'_>) -> String {
    let by_deaths = if story.request.mode == OperationsMode::Observed {
        format!(
            "{MEMBERS_PER_DEATH} members for each of its deaths in the events replayed, or all in proportion where a group has fewer, are stationed within {REACH_KM} km of these, with a hundredth of the control where the group holds nothing; the other "
        )
    } else {
        String::new()
    };
    format!(
        "{by_deaths}members are stationed where their group holds more than any other, and elsewhere only if it leads nowhere or there is no room, in proportion to its control and the square root of the inhabitants, {SMALLEST} at least in a place, and local members of all groups together at most {MOST_SHARE} of its inhabitants."
    )
}

fn undated_rule(seed: u64) -> String {
    format!(
        "an event of which only the year is known is on a day of that year, each as likely, drawn by the seed ({seed}) and the event's id."
    )
}

/// The assumptions, the weightiest first.
pub(super) fn list(story: &Draft<'_>) -> Vec<Assumption> {
    let mut all = Vec::new();
    list_sizes(story, &mut all);
    list_days(story, &mut all);
    list_control(story, &mut all);
    list_groups(story, &mut all);
    list_joining(story, &mut all);
    list_events(story, &mut all);
    list_people(story, &mut all);
    list_places(story, &mut all);
    found::list(story, &mut all);
    list_rest(story, &mut all);
    all
}

fn list_sizes(story: &Draft<'_>, all: &mut Vec<Assumption>) {
    let by_rule: Vec<String> = story
        .cast
        .groups
        .iter()
        .filter(|group| !group.is_size_given)
        .map(|group| format!("{} {}", group.id, thousands(u64::from(group.members))))
        .collect();
    if !by_rule.is_empty() {
        all.push(Assumption {
            topic: "sizes of groups",
            rule: rule_size().trim_start_matches("Rule, ").to_owned(),
            gave: by_rule.join(", "),
            n_rows: by_rule.len(),
            change: "`members` in scenario.toml (then remove garrisons.csv and its line in [tables], or make its rows sum to it), or build again with a table of groups".to_owned(),
        });
    }
    for &(at, lacking) in &story.garrisons.reduced {
        all.push(Assumption {
            topic: "men who aren't there",
            rule: format!("local members in a place are at most {MOST_SHARE} of its inhabitants"),
            gave: format!("{} has {lacking} members fewer than stated", story.cast.groups[at].id),
            n_rows: 1,
            change: "the population asked for, a table of places with more people, or `foreign_share`".to_owned(),
        });
    }
}

fn list_days(story: &Draft<'_>, all: &mut Vec<Assumption>) {
    if has_drawn_days(story) {
        let n_undated = story.n_undated();
        let n_before = story.period.before.iter().filter(|event| event.is_undated).count();
        all.push(Assumption {
            topic: "days of events without a date",
            rule: undated_rule(story.request.seed),
            gave: format!(
                "{n_undated} of {} replayed events and {n_before} of {} before the first day have a drawn day; waves, sequences and replies of the real war are gone",
                story.kept.len(),
                story.period.before.len()
            ),
            n_rows: n_undated + n_before,
            change: "a file with date_start and date_end; or refuse events without a date; another seed draws other days".to_owned(),
        });
    }
    let vague: usize = story.kept.iter().filter(|event| !event.is_undated && event.date_precision >= 4).count();
    if vague > 0 {
        all.push(Assumption {
            topic: "vague dates",
            rule: "an event whose dates span a month or more (date_prec 4 or 5) happens on their middle day".to_owned(),
            gave: format!("{} on a middle day", count(vague, "event")),
            n_rows: vague,
            change: "date_start and date_end in events.csv".to_owned(),
        });
    }
}

fn list_control(story: &Draft<'_>, all: &mut Vec<Assumption>) {
    let control = story.control;
    let n_places = story.map.places.len();
    all.push(Assumption {
        topic: "control on the first day",
        rule: control_rule(story),
        gave: format!(
            "{} events tell of it: {} of {n_places} places are shared, and in {} the others hold half or more",
            control.n_events,
            control.n_contested(),
            control.n_lost()
        ),
        n_rows: n_places,
        change: "the shares in control.csv; the control window".to_owned(),
    });
    if !control.seen_later.is_empty() {
        let ids: Vec<&str> = control.seen_later.iter().map(|&at| story.cast.groups[at].id.as_str()).collect();
        all.push(Assumption {
            topic: "groups not seen before",
            rule: "a group that no located event shows before the first day is put where it fights in the period: knowledge of the future".to_owned(),
            gave: ids.join(", "),
            n_rows: ids.len(),
            change: "their rows in control.csv and garrisons.csv; a longer control window".to_owned(),
        });
    }
    all.push(Assumption {
        topic: "garrisons",
        rule: garrison_rule(story),
        gave: count(story.garrisons.rows.len(), "garrison"),
        n_rows: story.garrisons.rows.len(),
        change: "garrisons.csv".to_owned(),
    });
    list_not_placed(story, all);
}

/// Deaths of the record that a replay of it can't place.
fn list_not_placed(story: &Draft<'_>, all: &mut Vec<Assumption>) {
    let garrisons = story.garrisons;
    let mut sides: Vec<String> = garrisons
        .out_of_reach
        .iter()
        .map(|&(at, deaths)| format!("{} {}", story.cast.groups[at].id, thousands(u64::from(deaths))))
        .collect();
    if garrisons.civilians_short > 0 {
        sides.push(format!("civilians {}", thousands(u64::from(garrisons.civilians_short))));
    }
    if !sides.is_empty() {
        all.push(Assumption {
            topic: "deaths that can't be replayed",
            rule: "a side without members near an event loses nobody in it, and nobody dies twice: deaths of the record beyond a side's members near, or beyond the inhabitants of their place, at least".to_owned(),
            gave: sides.join(", "),
            n_rows: sides.len(),
            change: "members of groups, garrisons.csv, or the population of places.csv".to_owned(),
        });
    }
}

fn list_groups(story: &Draft<'_>, all: &mut Vec<Assumption>) {
    let cast = story.cast;
    let n_profiles = cast.groups.len();
    all.push(Assumption {
        topic: "character of groups",
        rule: "ideology, brutality, discipline, pay, motives, answers to complaints, executions of prisoners and tempo are one profile for each class (government, foreign state, rebels, militia), after the groups of north-syria-2014; judgement".to_owned(),
        gave: format!("{} by profile, where no table of groups says otherwise", count(n_profiles, "group")),
        n_rows: n_profiles,
        change: "the keys of each [[groups]] in scenario.toml, or the table of groups".to_owned(),
    });
    let foreign: Vec<String> = cast
        .groups
        .iter()
        .filter(|group| group.class == Profile::ForeignState)
        .map(|group| {
            format!("{} {} members, {} strikes a month", group.id, group.members, group.character.strikes_per_month)
        })
        .collect();
    if !foreign.is_empty() {
        all.push(Assumption {
            topic: "foreign states",
            rule: "a foreign state is a group all of whose members are foreign and which nobody can join; one of whose own nobody is killed strikes as often as it has events, and controls nothing but a hundredth of one place, where its members stand".to_owned(),
            gave: foreign.join(", "),
            n_rows: foreign.len(),
            change: "its [[groups]], or `none` as its group in the table of groups".to_owned(),
        });
    }
    let (merged, dropped): (Vec<&SmallSide>, Vec<&SmallSide>) =
        cast.small.iter().partition(|small| small.group.is_some());
    let min_events = story.request.min_events;
    for (sides, topic, what) in [
        (merged, "small sides merged", "are one group of their class; what they do to each other is left out"),
        (
            dropped,
            "small sides left out",
            "are left out where those of their class have too few together, and foreign states always",
        ),
    ] {
        if sides.is_empty() {
            continue;
        }
        let named: Vec<String> = sides
            .iter()
            .map(|SmallSide { name, n_events, n_dead_in_events, group }| {
                let group = group.map_or_else(String::new, |group| format!(" to {group}"));
                format!("{name} ({n_events}, {n_dead_in_events} killed){group}")
            })
            .collect();
        all.push(Assumption {
            topic,
            rule: format!(
                "sides with fewer than {min_events} events, and fewer than {} dead in these on every side, {what}",
                min_events as u64 * DEAD_PER_EVENT
            ),
            gave: named.join(", "),
            n_rows: sides.iter().map(|small| small.n_events).sum(),
            change: "how many events a group needs, or name the side in the table of groups".to_owned(),
        });
    }
    if !cast.coalitions.is_empty() {
        let named: Vec<String> = cast.coalitions.iter().map(|(side, member)| format!("{side} to {member}")).collect();
        all.push(Assumption {
            topic: "coalitions",
            rule: "a side that lists several sides is given to the one with most events".to_owned(),
            gave: named.join("; "),
            n_rows: named.len(),
            change: "[actors] in scenario.toml, or the table of groups".to_owned(),
        });
    }
    if cast.is_government_absent {
        all.push(Assumption {
            topic: "the government",
            rule: "no event names the country's government; it is a group all the same, to hold what nobody else holds"
                .to_owned(),
            gave: format!("{} with {} members", cast.groups[0].name, cast.groups[0].members),
            n_rows: 1,
            change: "its [[groups]], relations and rows in control.csv".to_owned(),
        });
    }
}

/// How the hazard of joining is set.
pub(super) fn joining_rule() -> String {
    format!(
        "The hazard of joining is its default in proportion to the members of groups that are no state for each inhabitant, against {REFERENCE_SHARE} in north-syria-2014, within its range; judgement."
    )
}

/// How the rate of attacks is set.
pub(super) fn attacks_rule() -> String {
    format!(
        "Assaults a month that a unit sets out for are the events between groups a month for each unit of {UNIT} members, within the parameter's range, as its default was found; the record holds deadly events only. Without effect where incidents are those of the record."
    )
}

/// Groups that get replacements for their dead, and how many a month.
fn replaced(story: &Draft<'_>) -> Vec<String> {
    let each = story.cast.groups.iter();
    each.filter_map(|group| Some(format!("{} {}", group.id, replacements_per_month(story.request, group)?))).collect()
}

fn list_joining(story: &Draft<'_>, all: &mut Vec<Assumption>) {
    all.push(Assumption {
        topic: "joining",
        rule: format!(
            "{} Nobody joins the government or a foreign state in the places of the scenario.",
            joining_rule()
        ),
        gave: format!("joining.per_month = {}", joining_per_month(story.cast, story.map)),
        n_rows: 1,
        change: "[parameters.joining] and `recruits` in scenario.toml".to_owned(),
    });
    let replaced = replaced(story);
    if !replaced.is_empty() {
        all.push(Assumption {
            topic: "replacements of states",
            rule: REPLACEMENT_RULE.to_owned(),
            gave: format!("a month {}", replaced.join(", ")),
            n_rows: replaced.len(),
            change: "`members_per_month` of the entries of kind inflow in [[timeline]]".to_owned(),
        });
    }
    all.push(Assumption {
        topic: "rate of attacks",
        rule: attacks_rule(),
        gave: format!("operations.attacks_per_month = {}", attacks_per_month(story.request, story.period, story.cast)),
        n_rows: 1,
        change: "[parameters.operations] in scenario.toml".to_owned(),
    });
}

fn list_events(story: &Draft<'_>, all: &mut Vec<Assumption>) {
    let of_groups = |is_located: bool| {
        story
            .period
            .events
            .iter()
            .filter(move |event| event.is_located() == is_located && story.cast.groups_of(event).is_some())
    };
    let (n_vague, dead): (usize, u64) =
        of_groups(false).fold((0, 0), |(n, dead), event| (n + 1, dead + event.n_dead()));
    if n_vague > 0 {
        all.push(Assumption {
            topic: "events without a place",
            rule: "an event known to a governorate at best (where_prec 4 or more) isn't replayed; it counts for sizes and relations".to_owned(),
            gave: format!("{} with {} deaths, of both sides and civilians, left out", count(n_vague, "event"), thousands(dead)),
            n_rows: n_vague,
            change: "add rows to events.csv".to_owned(),
        });
    }
    list_unknown_dead(story, all);
    let (mut n_left_out, mut dead) = (0, 0);
    let mut by_sides: BTreeMap<String, (usize, u64)> = BTreeMap::new();
    for event in story.period.events.iter().filter(|event| story.cast.groups_of(event).is_none()) {
        n_left_out += 1;
        dead += event.n_dead();
        let (n_events, n_dead) = by_sides.entry(format!("{} - {}", event.row.side_a, event.row.side_b)).or_default();
        *n_events += 1;
        *n_dead += event.n_dead();
    }
    if n_left_out > 0 {
        let mut sides: Vec<(String, (usize, u64))> = by_sides.into_iter().collect();
        sides.sort_by(|a, b| b.1.1.cmp(&a.1.1).then(b.1.0.cmp(&a.1.0)).then(a.0.cmp(&b.0)));
        let named: Vec<String> =
            sides.iter().take(MOST_NAMED).map(|(sides, (n, dead))| format!("{sides} ({n}, {dead} killed)")).collect();
        let n_more = sides.len().saturating_sub(MOST_NAMED);
        let more = if n_more > 0 { format!(", and {} more", count(n_more, "pair")) } else { String::new() };
        all.push(Assumption {
            topic: "events left out",
            rule: "an event of a side that is left out, or between sides of one group, isn't replayed".to_owned(),
            gave: format!(
                "{} with {} deaths left out: {}{more}",
                count(n_left_out, "event"),
                thousands(dead),
                named.join(", ")
            ),
            n_rows: n_left_out,
            change: "how many events a group needs, and the table of groups".to_owned(),
        });
    }
    if !story.file.lacking.is_empty() {
        let named: Vec<String> =
            story.file.lacking.iter().map(|(name, instead)| format!("{name}: {instead}")).collect();
        all.push(Assumption {
            topic: "columns that the events lack",
            rule: "what stands in for each".to_owned(),
            gave: named.join("; "),
            n_rows: story.kept.len(),
            change: format!("a file with these columns for {}", story.file.name),
        });
    }
}

fn list_unknown_dead(story: &Draft<'_>, all: &mut Vec<Assumption>) {
    let kept = story.kept;
    let dead: u64 = kept.iter().map(|event| event.n_dead()).sum();
    let two_sided = kept.iter().filter(|event| !event.row.is_one_sided() && event.row.deaths_unknown > 0);
    let (n_rows, unknown) =
        two_sided.fold((0, 0), |(n, sum), event| (n + 1, sum + u64::from(event.row.deaths_unknown)));
    if unknown > 0 {
        all.push(Assumption {
            topic: "deaths of unknown side",
            rule: "those killed whose side the record doesn't know are shared between the two sides in proportion to their known deaths, half and half where there are none; none of them is taken for a civilian".to_owned(),
            gave: format!("{} of {} deaths, of both sides and civilians, in {}", thousands(unknown), thousands(dead), count(n_rows, "event")),
            n_rows,
            change: "deaths_a, deaths_b and deaths_civilians in events.csv".to_owned(),
        });
    }
    if story.file.n_given_to_opponents > 0 {
        all.push(Assumption {
            topic: "deaths in strikes from afar",
            rule: "in events of a foreign state of whose own nobody is known to be killed in the period and the days before, those killed of unknown side were of the other side".to_owned(),
            gave: format!("{}: {}", story.file.remote.join(", "), count(story.file.n_given_to_opponents, "event")),
            n_rows: story.file.n_given_to_opponents,
            change: "deaths_a, deaths_b and deaths_civilians in events.csv".to_owned(),
        });
    }
}

fn list_people(story: &Draft<'_>, all: &mut Vec<Assumption>) {
    let spread = &story.map.spread;
    let (total, why) = match story.request.population {
        Some(total) => (total, "the population asked for"),
        None => (
            spread.population_known + spread.n_unknown as u64 * u64::from(spread.each_unknown),
            "the table and the floor alone, so people in places that it doesn't list are missing",
        ),
    };
    all.push(Assumption {
        topic: "inhabitants",
        rule: format!("all places together have {} inhabitants, by {why}; the numbers of the table are taken as those of the first day",
            thousands(total)),
        gave: format!(
            "{} of known size with {} in the table{}",
            count(spread.n_known, "place"),
            thousands(spread.population_known),
            if spread.factor < 1.0 { format!(", each times {:.3}", spread.factor) } else { String::new() }
        ),
        n_rows: spread.n_known,
        change: "the population asked for; the column population of places.csv".to_owned(),
    });
    if spread.n_unknown > 0 {
        all.push(Assumption {
            topic: "places of unknown size",
            rule: format!("those for whom the table has none or 0, and places of events, have {FLOOR} inhabitants each; of a given total more, up to {MOST_UNKNOWN}"),
            gave: format!("{} with {} each", count(spread.n_unknown, "place"), thousands(u64::from(spread.each_unknown))),
            n_rows: spread.n_unknown,
            change: "the column population of places.csv".to_owned(),
        });
    }
    if spread.n_rural > 0 {
        all.push(Assumption {
            topic: "countryside",
            rule: "whom no place holds lives in the countryside: one place for each cell of half a degree, at the middle of its places, in proportion to their number".to_owned(),
            gave: format!("{} with {} inhabitants", count(spread.n_rural, "place"), thousands(spread.population_rural)),
            n_rows: spread.n_rural,
            change: "the rows of places.csv with the source rule_countryside".to_owned(),
        });
    }
}

fn list_places(story: &Draft<'_>, all: &mut Vec<Assumption>) {
    let map = story.map;
    let n_own = map.places.iter().filter(|place| place.origin == Origin::Events).count();
    if n_own > 0 {
        all.push(Assumption {
            topic: "places of events",
            rule: format!("a location of events farther than {OWN_PLACE_KM} km from every place of the table is a place of its own"),
            gave: format!("{}, beside {} of the table", count(n_own, "place"), count(map.n_listed, "row")),
            n_rows: n_own,
            change: "a fuller table of places; the rows of places.csv with the source rule_event_place".to_owned(),
        });
    }
    if map.n_far > 0 {
        all.push(Assumption {
            topic: "places far from the fighting",
            rule: format!("places farther than {} km from every event are left out", story.request.within_km),
            gave: format!("{} with {} inhabitants left out", count(map.n_far, "place"), thousands(map.population_far)),
            n_rows: map.n_far,
            change: "how far from an event a place may be".to_owned(),
        });
    }
    if map.n_passed_over > 0 {
        all.push(Assumption {
            topic: "rows that aren't settlements",
            rule: "rows of the table that aren't populated places, or of wider administrative levels, are passed over"
                .to_owned(),
            gave: count(map.n_passed_over, "row"),
            n_rows: map.n_passed_over,
            change: "the table of places".to_owned(),
        });
    }
    all.push(Assumption {
        topic: "districts",
        rule: format!(
            "governorate and district are by {}; a place without takes those of the nearest that has them",
            map.districts
        ),
        gave: format!("{} of {} places guessed", map.n_district_guessed, map.places.len()),
        n_rows: map.places.len(),
        change: "a file of boundaries; the columns of places.csv".to_owned(),
    });
}

fn list_rest(story: &Draft<'_>, all: &mut Vec<Assumption>) {
    let n_wars = story.relations.iter().filter(|relation| relation.kind == RelationKind::War).count();
    let n_allied = story.relations.iter().filter(|relation| relation.kind == RelationKind::Alliance).count();
    let n_later = story.relations.iter().filter(|relation| relation.since.is_some()).count();
    all.push(Assumption {
        topic: "who is at war",
        rule: RELATION_RULE.to_owned(),
        gave: format!("{} at war, {n_later} of them from a later day; {} allied", count(n_wars, "pair"), n_allied),
        n_rows: story.relations.len(),
        change: "[[relations]] and [[timeline]] in scenario.toml".to_owned(),
    });
    let is_at_war = |at: usize| {
        let mut wars = story.relations.iter().filter(|relation| relation.kind == RelationKind::War);
        wars.any(|relation| relation.a == at || relation.b == at)
    };
    let lone: Vec<&str> =
        (1..story.cast.groups.len()).filter(|&at| !is_at_war(at)).map(|at| story.cast.groups[at].id.as_str()).collect();
    if !lone.is_empty() {
        all.push(Assumption {
            topic: "groups that fight nobody armed",
            rule: "a group whose events are against civilians alone is at truce with everybody, and taken for rebels, though it may be somebody's militia".to_owned(),
            gave: lone.join(", "),
            n_rows: lone.len(),
            change: "its [[relations]] and its kind in scenario.toml, or the column kind of the table of groups".to_owned(),
        });
    }
    if story.request.mode == OperationsMode::Endogenous {
        all.push(Assumption {
            topic: "what the record told beforehand",
            rule: "sizes, relations, replacements and the rate of attacks follow from the events of the period itself, so a score against these is no test of a forecast".to_owned(),
            gave: format!("{} of the period", count(story.period.events.len(), "event")),
            n_rows: story.period.events.len(),
            change: "a table of groups with sizes known before the first day, and an earlier period to build from".to_owned(),
        });
        all.push(Assumption {
            topic: "air and artillery strikes",
            rule: "nothing is known of strikes, so the government makes none".to_owned(),
            gave: "strikes_per_month = 0".to_owned(),
            n_rows: 1,
            change: "`strikes_per_month` of the group, or the table of groups".to_owned(),
        });
    }
    all.push(Assumption {
        topic: "kinds and constituencies",
        rule: "the government and foreign states are states and draw on one constituency, rebels on another, militias on a third, but each that fights another militia on its own people, and a kind that the table of groups names is a camp of its own; groups of one constituency may fall out with each other, are forgiven more harm and are blamed for fighting each other; a militia stays where it is stationed".to_owned(),
        gave: story.cast.constituencies().keys().map(|id| (*id).to_owned()).collect::<Vec<_>>().join(", "),
        n_rows: story.cast.groups.len(),
        change: "[constituencies] and [[kinds]] in scenario.toml, or the column kind of the table of groups".to_owned(),
    });
    let country = &story.country;
    all.push(Assumption {
        topic: "what reports name",
        rule: "the reported record of a run names the country, its number, its region and the conflict of its government that most of the events name; what none of them names stays unnamed, and every government bears that number".to_owned(),
        gave: format!(
            "{}, number {}, {}, {}",
            country.name,
            if country.gw_number == 0 { "unknown (0)".to_owned() } else { country.gw_number.to_string() },
            country.region,
            country.conflict_name()
        ),
        n_rows: story.kept.len(),
        change: "[observation] in scenario.toml".to_owned(),
    });
}

/// The page `ASSUMPTIONS.md`.
pub(super) fn page(story: &Draft<'_>, assumptions: &[Assumption]) -> String {
    let request = story.request;
    let mut text = format!(
        "# What this scenario assumes\n\n`{}`: {} from {} to {}, built from `{}` and `{}`{}. The weightiest assumption comes first; each says what it gave, how many rows it touched, and what to change.\n\n",
        story.id(),
        request.country,
        request.from,
        request.to,
        story.file.name,
        story.map.table_name,
        story.polygons.map_or_else(String::new, |polygons| format!(", with boundaries from `{}`", polygons.name)),
    );
    for (at, assumption) in assumptions.iter().enumerate() {
        let Assumption { topic, rule, gave, n_rows, change } = assumption;
        write!(
            text,
            "## {}. {}\n\n- assumed: {rule}\n- gave: {gave}\n- rows touched: {n_rows}\n- to change: {change}\n\n",
            at + 1,
            capitalised(topic)
        )
        .expect("a string takes any text");
    }
    text.push_str("## What to improve first\n\n1. Sizes of groups, from literature, in a table of groups: strength decides who wins assaults, and rates of leaving are per member.\n2. Deaths of unknown side, where they are many, in `events.csv`: conviction turns on civilians killed, and none of them is taken for one.\n3. Control on the first day, in `control.csv`: it decides who can be joined, who can be reached and who is caught.\n4. Dates, where they are missing: what follows a massacre can't be told without them.\n");
    text
}

fn capitalised(topic: &str) -> String {
    let mut letters = topic.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + letters.as_str())
}
