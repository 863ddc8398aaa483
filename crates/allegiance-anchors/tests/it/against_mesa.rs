//! Model I under Mesa's rules has Mesa's statistics; with another arrest rule
//! it hasn't, so that the comparison can tell.

use crate::reference::{Columns, Setting, ours, settings};
use allegiance_anchors::equivalence::{Comparison, MEAN_MARGIN};
use allegiance_anchors::rules::{Ratio, Rules};

/// Three of our seeds for two of Mesa's, which cost over 100 times as much. Fewer
/// leave the rarest statistics (waiting times) too vague to be shown equivalent.
const N_SEEDS: u64 = 225;

/// Seeds of Mesa below which a statistic can't be shown to be equivalent.
const ENOUGH_SEEDS: usize = 100;

/// Statistics that differ. All must show the same distribution; means and
/// spreads must be equivalent where Mesa has enough seeds, but for the spread
/// of the count at one early step, where one rebellion in fifty dies at birth
/// and the interval of the spread, normal in the number of seeds, doesn't hold.
fn differing(setting: &Setting, ours: &Columns) -> Vec<String> {
    let failing = setting.mesa.iter().filter(|(name, mesa)| {
        let ours = ours.get(*name).expect("the same statistics on both sides");
        let comparison = Comparison::new(ours, mesa);
        let has_tail = name.starts_with("active_at_step");
        let is_testable = mesa.len() >= ENOUGH_SEEDS;
        !comparison.distributions_agree()
            || is_testable && !comparison.means_are_equivalent()
            || is_testable && !has_tail && !comparison.spreads_are_equivalent()
    });
    failing.map(|(name, _)| name.clone()).collect()
}

#[test]
fn mesas_rules_give_mesas_statistics() {
    for setting in settings() {
        let ours = ours(&setting, setting.parameters, Rules::mesa(), N_SEEDS);
        let differing = differing(&setting, &ours);
        assert!(differing.is_empty(), "{}: {differing:?}", setting.name);
    }
}

#[test]
fn other_arrest_rules_are_told_apart_from_mesas() {
    let settings = settings();
    let outbursts = settings.iter().find(|s| s.name == "outbursts").expect("the setting");
    for ratio in [Ratio::Floor, Ratio::Exact] {
        let rules = Rules { ratio, ..Rules::mesa() };
        let mut shown = ours(outbursts, outbursts.parameters, rules, 20);
        let jailed = shown.remove("jailed_mean").expect("always known");
        let comparison = Comparison::new(&jailed, &outbursts.mesa["jailed_mean"]);
        let (low, high) = comparison.difference;
        assert!(high < -MEAN_MARGIN || low > MEAN_MARGIN, "{ratio:?}: {comparison:?}");
    }
}
