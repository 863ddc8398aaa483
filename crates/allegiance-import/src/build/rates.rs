//! Rates of the model that depend on how much of a country is at war.
//!
//! The defaults rest on Northern Syria in 2014, where one inhabitant in a
//! hundred was a fighter. In a country at peace but for a corner they would
//! flood its groups and set every unit upon the next.

use allegiance_model::maths::DAYS_PER_MONTH;

use super::BuildRequest;
use super::groups::Cast;
use super::period::Period;
use super::settlements::Map;
use allegiance_scenario::Profile;

/// Members of groups that are no state for each inhabitant of
/// `north-syria-2014`, on which the rate of joining rests.
pub(super) const REFERENCE_SHARE: f64 = 0.0077;
/// Members of a unit, which the rate of attacks is per.
pub(super) const UNIT: f64 = 40.0;
/// Clashes a unit and month of `north-syria-2014`, some 15 a day among 2,500 units, on which the
/// rate of attacks rests.
const REFERENCE_CLASHES: f64 = 0.2;
/// A parameter's range with its default in the middle.
type Range = (f64, f64, f64);
const JOINING_PER_MONTH: Range = (0.0005, 0.002, 0.005);
const ATTACKS_PER_MONTH: Range = (0.01, 0.05, 0.3);

/// The hazard of joining: the default, in proportion to how many of the
/// inhabitants are members.
pub(super) fn joining_per_month(cast: &Cast, map: &Map) -> f64 {
    let members: f64 = cast
        .groups
        .iter()
        .filter(|group| matches!(group.class, Profile::Rebel | Profile::Militia))
        .map(|group| f64::from(group.members))
        .sum();
    let (_, default, _) = JOINING_PER_MONTH;
    within(default * members / map.population() as f64 / REFERENCE_SHARE, JOINING_PER_MONTH)
}

/// Assaults a month that a unit sets out for: the default, in proportion to the
/// clashes of the period, vague ones too, for each unit.
pub(super) fn attacks_per_month(request: &BuildRequest, period: &Period<'_>, cast: &Cast) -> f64 {
    let members: f64 = cast.groups.iter().map(|group| f64::from(group.members)).sum();
    let is_clash = |event: &&&super::events::Event| matches!(cast.groups_of(event), Some((_, Some(_))));
    let n_clashes = period.events.iter().filter(is_clash).count() as f64;
    let per_month = n_clashes * DAYS_PER_MONTH / request.n_days() as f64;
    let (_, default, _) = ATTACKS_PER_MONTH;
    within(default * per_month / (members / UNIT).max(1.0) / REFERENCE_CLASHES, ATTACKS_PER_MONTH)
}

fn within(rate: f64, (low, _, high): Range) -> f64 {
    (rate.clamp(low, high) * 1e5).round() / 1e5
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use allegiance_model::parameters::{ParameterInfo, Parameters};

    use super::{ATTACKS_PER_MONTH, JOINING_PER_MONTH, REFERENCE_SHARE};

    #[test]
    fn the_reference_is_that_of_northern_syria_and_ranges_are_those_of_the_dictionary() {
        let setup = allegiance_scenario::load("north-syria-2014").unwrap().setup;
        let groups = setup.groups.iter().filter(|group| !setup.kinds[group.kind.idx()].is_state);
        let members: u32 = groups.map(|group| group.members).sum();
        let population: u32 = setup.places.iter().map(|place| place.population).sum();
        assert!((f64::from(members) / f64::from(population) - REFERENCE_SHARE).abs() < 1e-4);
        for (mechanism, name, range) in
            [("joining", "per_month", JOINING_PER_MONTH), ("operations", "attacks_per_month", ATTACKS_PER_MONTH)]
        {
            let is_it = |info: &&ParameterInfo| info.mechanism == mechanism && info.name == name;
            let info = Parameters::dictionary().find(is_it).unwrap();
            assert_eq!((info.low, info.default, info.high), range);
        }
    }
}
