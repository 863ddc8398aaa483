//! Comparisons of different worlds are refused, and what differs is told.

use allegiance_record::setup_differences::setup_differences;
use allegiance_scenario::load;
use allegiance_show::setup_differences::setup_differences_in_words;
use allegiance_tasks::{Comparison, load_changed};

fn refusal(b: &str, set_b: &[&str]) -> String {
    let set_b: Vec<String> = set_b.iter().map(|change| (*change).to_owned()).collect();
    let both = (load("one-village").unwrap(), load(b).unwrap());
    Comparison::new(both, (&[], &set_b), &[]).unwrap_err().to_string()
}

const WORLDS: &str = "one-village and one-village are different worlds, whose replicates share no random draws, or are \
                      counted over other days or people: ";

#[test]
fn other_days_seeds_and_scales_are_refused() {
    assert_eq!(refusal("one-village", &["days=30"]), format!("{WORLDS}the number of days is 30 instead of 60"));
    assert_eq!(refusal("one-village", &["seed=3"]), format!("{WORLDS}the seed is 3 instead of 2014"));
    assert_eq!(refusal("one-village", &["scale=10"]), format!("{WORLDS}the scale is 1:10 instead of 1:1"));
}

#[test]
fn other_places_and_groups_are_refused() {
    let text = refusal("north-syria-2014", &[]);
    assert!(text.starts_with("one-village and north-syria-2014 are different worlds"), "{text}");
    assert!(text.contains("the group Defenders of Tall Rumman (35 members) is missing"), "{text}");
    assert!(text.contains(" more differences in places"), "{text}");
}

fn told(changes: &[&str]) -> Vec<String> {
    let changes: Vec<String> = changes.iter().map(|change| (*change).to_owned()).collect();
    let base = load("one-village").unwrap().setup;
    let changed = load_changed("one-village", &changes).unwrap().setup;
    setup_differences_in_words(&setup_differences(&base, &changed))
}

#[test]
fn each_kind_of_change_is_told_in_words() {
    assert_eq!(told(&[]), Vec::<String>::new());
    assert_eq!(
        told(&[
            "theory=fixed",
            "combat.decisiveness=2",
            "observation.share_rebel=0.6",
            "groups.isis.pay_usd_per_month=100",
            "groups.isis.brutality=0.5",
            "relations.isis.district_rebels=war",
            "mechanisms.voice=false",
            "levers.isis.safe_passage=1",
        ]),
        [
            "the theory of belief is fixed instead of source_credibility",
            "the mechanism voice is off instead of on",
            "combat.decisiveness is 2 instead of 1.5",
            "on 2014-01-01 \"safe passage on ISIS in the district: 1\" is added",
            "pay of local members of ISIS in the district, in US dollars a month, is 100 instead of 400",
            "brutality of ISIS in the district is 0.5 instead of 0.8",
            "the relation of Rebels of the district and ISIS in the district on the first day is war instead of truce",
            "observation.share_rebel is 0.6 instead of 0.7",
        ]
    );
}

#[test]
fn entries_of_the_timeline_are_told_as_added_missing_changed_and_dated_otherwise() {
    let base = load("one-village").unwrap().setup;
    let mut changed = base.clone();
    let assaults: Vec<usize> = (0..base.timeline.len())
        .filter(|&at| matches!(base.timeline[at].change, allegiance_model::setup::Change::Assault { .. }))
        .collect();
    changed.timeline[assaults[3]].day += 2;
    changed.timeline.remove(assaults[0]);
    changed.timeline.sort_by_key(|entry| entry.day);
    assert_eq!(
        setup_differences_in_words(&setup_differences(&base, &changed)),
        [
            "\"ISIS in the district is ordered to attack Tall Rumman\" is dated 2014-02-20 instead of 2014-02-18",
            "on 2014-01-12 \"ISIS in the district is ordered to attack Tall Rumman\" is missing",
        ]
    );
}
