//! Comparisons of different worlds are refused, and what differs is told.

use allegiance_model::case::Case;
use allegiance_model::setup::{ReportedAs, Setup};
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
            "groups.isis.leavers_executed_share=0.9",
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
            "leavers executed share of ISIS in the district is 0.9 instead of not stated",
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

/// What is told of a change to a setup of `north-syria-2014`, which has a case.
fn told_of(change: impl Fn(&mut Setup)) -> Vec<String> {
    let base = load("north-syria-2014").unwrap().setup;
    let mut changed = base.clone();
    change(&mut changed);
    setup_differences_in_words(&setup_differences(&base, &changed))
}

#[test]
fn what_reports_name_is_told() {
    assert_eq!(
        told_of(|setup| {
            setup.country.gw_number = 663;
            setup.country.region = "Asia".to_owned();
            setup.country.conflict = Some("Hills".to_owned());
        }),
        [
            "the country's Gleditsch & Ward number is 663 instead of 652",
            "the region of the world is Asia instead of Middle East",
            "the conflict is Hills instead of Syria: Government",
        ]
    );
    assert_eq!(
        told_of(|setup| setup.country.name = "Jordan".to_owned()),
        ["the country is Jordan instead of Syria", "the conflict is Jordan: Government instead of Syria: Government"]
    );
    assert_eq!(
        told_of(|setup| setup.places_are_real = Some(false)),
        ["whether the places are real is false instead of true"]
    );
    assert_eq!(
        told_of(|setup| setup.places_are_real = None),
        ["whether the places are real is unknown instead of true"]
    );
}

#[test]
fn kinds_and_constituencies_are_told() {
    let at = |setup: &Setup, id: &str| setup.kinds.iter().position(|kind| kind.id == id).unwrap();
    let told = told_of(|setup| {
        let at = at(setup, "jihadist");
        setup.kinds[at].is_state = true;
        setup.kinds[at].stays_home = true;
        setup.kinds[at].reported_as = ReportedAs::Rebel;
        setup.kinds[at].constituency = setup.kinds[0].constituency;
    });
    assert_eq!(
        told,
        [
            "the constituency of the kind jihadist is government instead of opposition",
            "how observers count the dead of the kind jihadist is rebel instead of hidden",
            "is_state of the kind jihadist is true instead of false",
            "stays_home of the kind jihadist is true instead of false",
        ]
    );
    let told = told_of(|setup| "border".clone_into(&mut setup.constituencies[1]));
    assert!(!told.is_empty());
    assert!(
        told.iter()
            .all(|one| one.starts_with("the constituency of the kind ") && one.contains(" is border instead of "))
    );
    let told = told_of(|setup| {
        let at = at(setup, "jihadist");
        "cartel".clone_into(&mut setup.kinds[at].id);
    });
    assert!(told.contains(&"the kind of group jihadist is missing".to_owned()), "{told:?}");
    assert!(told.contains(&"the kind of group cartel is added".to_owned()), "{told:?}");
    assert!(told.iter().any(|one| one.ends_with(" is cartel instead of jihadist")), "{told:?}");
}

#[test]
fn axes_of_cause_and_scores_on_them_are_told() {
    let told = told_of(|setup| {
        setup.axes[0].weight = 0.5;
        setup.axes[1].mean = 4.0;
        setup.axes[3].against.clear();
        setup.axes[4].is_home_rule = false;
        "Order".clone_into(&mut setup.axes[1].meaning);
        setup.groups[1].cause[3] = 2.0;
    });
    assert_eq!(
        told,
        [
            "cause, anti regime of ISIS is 2 instead of 4",
            "the weight of the axis revisionism is 0.5 instead of 1",
            "the meaning of the axis islamism is Order instead of Religious order: 1 a secular state, 5 rule by \
             religious law alone",
            "the inhabitants' mean of the axis islamism is 4 instead of 3",
            "whom the axis anti_regime is against is nobody instead of regime",
            "is_home_rule of the axis home_rule is false instead of true",
        ]
    );
    let told = told_of(|setup| "order".clone_into(&mut setup.axes[1].id));
    assert_eq!(told, ["the axis of cause islamism is missing", "the axis of cause order is added"]);
}

#[test]
fn what_is_known_of_the_war_is_told() {
    let title = load("north-syria-2014").unwrap().setup.case.unwrap().title;
    let of_case = |change: fn(&mut Case)| told_of(move |setup| change(setup.case.as_mut().unwrap()));
    assert_eq!(told_of(|setup| setup.case = None), [format!("the case is none instead of {title}")]);
    assert_eq!(of_case(|case| case.title.push('!')), [format!("the case is {title}! instead of {title}")]);
    assert_eq!(of_case(|case| case.patterns[2].high += 0.01), [format!("the case {title} has other patterns")]);
    assert_eq!(of_case(|case| case.parameters.clear()), [format!("the case {title} has other parameters to move")]);
    assert_eq!(of_case(|case| case.left_out.clear()), [format!("the case {title} has other patterns left out")]);
    assert_eq!(of_case(|case| case.note.push('.')), [format!("the case {title} has other words about it")]);
}
