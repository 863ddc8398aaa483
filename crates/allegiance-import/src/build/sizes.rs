//! How many members each group has: as given, else by a rule that is judgement.

use allegiance_model::maths::DAYS_PER_MONTH;
use allegiance_scenario::csv_table::thousands;

use super::BuildRequest;
use super::given::GivenTable;
use super::groups::{Cast, Group};
use super::settlements::Map;
use allegiance_scenario::Profile;

/// Members for each of its own dead a year, of groups that are no state.
pub(super) const MEMBERS_PER_DEAD: f64 = 5.0;
/// Members for each event a year.
pub(super) const MEMBERS_PER_EVENT: f64 = 10.0;
/// The least that a group has.
pub(super) const LEAST: f64 = 100.0;
/// Members of a foreign state for each of its own dead a year.
pub(super) const FOREIGN_PER_DEAD: f64 = 100.0;
/// The least that a foreign state with dead of its own has.
pub(super) const FOREIGN_LEAST: f64 = 1_000.0;
/// Members of the government for each member of groups that are no state.
pub(super) const GOVERNMENT_RATIO: f64 = 10.0;
/// Bounds of the government's members as a share of all inhabitants.
pub(super) const GOVERNMENT_SHARE: (f64, f64) = (0.001, 0.005);
/// A size by rule may be wrong by this factor, either way.
pub(super) const RANGE: f64 = 3.0;
/// Sizes by rule are rounded to a multiple of this.
const ROUNDED_TO: f64 = 10.0;

/// Days of a year, on average.
const DAYS_PER_YEAR: f64 = 365.25;

/// Gives every group its members.
pub(super) fn estimate(request: &BuildRequest, cast: &mut Cast, map: &Map, given: &GivenTable) {
    let n_days = request.n_days() as f64;
    for group in &mut cast.groups {
        let known: Vec<u32> =
            group.sides.iter().filter_map(|side| given.get(side).and_then(|given| given.members)).collect();
        if !known.is_empty() {
            group.members = known.iter().fold(0, |sum: u32, members| sum.saturating_add(*members));
            group.is_size_given = true;
            "given in the table of groups".clone_into(&mut group.members_rule);
        } else if group.class == Profile::ForeignState {
            estimate_foreign(group, n_days);
        } else if group.class != Profile::Government {
            estimate_rebels(group, n_days);
        }
    }
    let population = map.population();
    let others: f64 = cast
        .groups
        .iter()
        .filter(|group| matches!(group.class, Profile::Rebel | Profile::Militia))
        .map(|group| f64::from(group.members))
        .sum();
    let government = &mut cast.groups[0];
    if !government.is_size_given {
        let (low, high) = GOVERNMENT_SHARE;
        let (low, high) = (low * population as f64, high * population as f64);
        let wanted = GOVERNMENT_RATIO * others;
        government.members = rounded(wanted.clamp(low, high));
        government.members_rule = format!(
            "{GOVERNMENT_RATIO} for each of the {others} members of groups that are no state, but {} to {} of the {population} inhabitants",
            GOVERNMENT_SHARE.0, GOVERNMENT_SHARE.1
        );
    }
}

fn estimate_rebels(group: &mut Group, n_days: f64) {
    let per_year = DAYS_PER_YEAR / n_days;
    let (dead, events) = (group.n_dead * per_year, group.n_events as f64 * per_year);
    group.members = rounded((MEMBERS_PER_DEAD * dead).max(MEMBERS_PER_EVENT * events).max(LEAST));
    group.members_rule = format!(
        "the largest of {MEMBERS_PER_DEAD} for each of its {} members killed per year, {MEMBERS_PER_EVENT} for each of its {} events per year, and {LEAST}",
        whole(dead),
        whole(events)
    );
}

/// A foreign state without dead of its own is taken to strike from afar.
fn estimate_foreign(group: &mut Group, n_days: f64) {
    if !group.is_remote() {
        let dead = group.n_dead * DAYS_PER_YEAR / n_days;
        group.members = rounded((FOREIGN_PER_DEAD * dead).max(FOREIGN_LEAST));
        group.members_rule = format!(
            "the larger of {FOREIGN_PER_DEAD} for each of its {} members killed per year and {FOREIGN_LEAST}",
            whole(dead)
        );
        return;
    }
    group.members = LEAST as u32;
    group.members_rule = format!("{LEAST}, since none of its own died: it is taken to strike from afar");
    if !group.given.contains("strikes_per_month") {
        let strikes = group.n_events as f64 * DAYS_PER_MONTH / n_days;
        group.character.strikes_per_month = (strikes * 10.0).round() / 10.0;
    }
}

/// Men whom a state sends in a month for those of its own whom the record has
/// killed; `None` for other groups, and where nobody died. What a state loses
/// otherwise isn't made up for.
pub(super) fn replacements_per_month(request: &BuildRequest, group: &Group) -> Option<f64> {
    let is_state = matches!(group.class, Profile::Government | Profile::ForeignState);
    let per_month = group.n_dead * DAYS_PER_MONTH / request.n_days() as f64;
    let rounded = (per_month * 10.0).round() / 10.0;
    (is_state && rounded > 0.0).then_some(rounded)
}

/// A number of people or events, to the nearest whole one.
pub(super) fn whole(number: f64) -> String {
    thousands(number.round() as u64)
}

fn rounded(members: f64) -> u32 {
    ((members / ROUNDED_TO).round() * ROUNDED_TO) as u32
}
