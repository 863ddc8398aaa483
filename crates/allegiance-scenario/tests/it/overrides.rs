//! Changes that the command line asks for.

use allegiance_model::setup::{BeliefTheory, ExitTheory, Mechanism, OperationsMode, RelationKind, Setup};
use allegiance_scenario::{SettableKey, apply_change, load, settable_keys};

use crate::folder::shorten;

fn setup() -> Setup {
    load("one-village").unwrap().setup
}

fn with(assignment: &str) -> Setup {
    let mut setup = setup();
    apply_change(&mut setup, assignment).unwrap();
    setup
}

fn refusal(assignment: &str) -> String {
    let mut changed = setup();
    let message = apply_change(&mut changed, assignment).unwrap_err().to_string();
    assert_eq!(changed, setup(), "a refused change changes nothing");
    message
}

#[test]
#[expect(clippy::float_cmp, reason = "the values are set, not computed")]
fn every_kind_of_key_can_be_set() {
    assert_eq!(with("combat.decisiveness=2").parameters.value("combat.decisiveness"), Some(2.0));
    assert_eq!(with("parameters.combat.decisiveness = 2").parameters.value("combat.decisiveness"), Some(2.0));
    assert_eq!(with("groups.isis.brutality=0.5").groups[2].brutality, 0.5);
    assert_eq!(with("groups.isis.foreign_share.leadership=0.5").groups[2].foreign_share.leadership, 0.5);
    assert!(!with("groups.isis.recruits=false").groups[2].recruits);
    assert!(!with("mechanisms.voice=false").switches.is_on(Mechanism::Voice));
    assert_eq!(with("theory.belief=fixed").theory.belief, BeliefTheory::Fixed);
    assert_eq!(with("theory.exit=\"cascade\"").theory.exit, ExitTheory::Cascade);
    assert_eq!(with("days=7").n_days, 7);
    let reported = |assignment: &str| with(assignment).country;
    assert_eq!(reported("observation.country=Marania").conflict_name(), "Marania: Government");
    assert_eq!(reported("observation.conflict=\"Marania: Hills\"").conflict_name(), "Marania: Hills");
    assert_eq!(reported("observation.gw_number=2").gw_number, 2);
    assert_eq!(reported("observation.region=Americas").region, "Americas");
    assert_eq!(with("seed=99").seed, 99);
    let related = with("relations.isis.district_rebels=alliance");
    assert_eq!(related.relations[5], RelationKind::Alliance);
    assert_eq!(related.relations[7], RelationKind::Alliance);
}

#[test]
fn every_number_of_every_group_can_be_set() {
    for part in [
        "cause.revisionism=2",
        "cause.islamism=2",
        "cause.sectarianism=2",
        "brutality=1",
        "discipline=1",
        "pay_usd_per_month=1",
        "pay_foreign_usd_per_month=1",
        "foreign_share.rank_and_file=1",
        "foreign_share.unit_commander=1",
        "foreign_share.field_commander=1",
        "prisoners_executed_share=1",
        "soldiers_executed_share=1",
        "foreign_prisoners_executed_share=1",
        "prisoners_released_share=1",
        "prisoners_exchanged_share=1",
        "prisoners_recruited_share=1",
        "blocking_troops=1",
        "guards=1",
        "leavers_executed_share=1",
        "foreign_leavers_executed_share=1",
        "kin_reprisals_per_month=1",
        "amnesty=1",
        "strikes_per_month=1",
        "offensive_tempo=2",
        "motives.ideology=1",
        "motives.material=1",
        "motives.social=1",
        "answers.ignore=1",
        "answers.offer=1",
        "answers.punish=1",
        "kind=state",
    ] {
        assert_ne!(with(&format!("groups.isis.{part}")), setup(), "{part}");
    }
}

#[test]
fn a_mix_still_sums_to_one() {
    let motives = with("groups.isis.motives.ideology=0.65").groups[2].motives;
    assert!((motives.ideology - 0.65).abs() < 1e-12);
    assert!((motives.material - 0.15).abs() < 1e-12);
    assert!((motives.social - 0.2).abs() < 1e-12);
}

#[test]
fn a_group_of_another_size_keeps_the_proportions_of_its_garrisons() {
    let setup = with("groups.isis.members=34");
    let members: Vec<u32> =
        setup.garrisons.iter().filter(|garrison| garrison.group.idx() == 2).map(|garrison| garrison.members).collect();
    assert_eq!(members, [18, 9, 7]);
    assert_eq!(setup.groups[2].members, 34);
    let none = with("groups.isis.members=0");
    assert!(none.garrisons.iter().all(|garrison| garrison.group.idx() != 2 && garrison.members > 0));
}

#[test]
fn a_scale_divides_the_people_that_are_there_by_then() {
    let full = setup();
    let tenth = with("scale=10");
    assert_eq!(tenth.n_inhabitants(), (full.n_inhabitants() + 5) / 10);
    assert_eq!(tenth.parameters, full.parameters);
    assert_eq!(with("scale=1"), full);
    let mut changed = full;
    apply_change(&mut changed, "groups.isis.members=340").unwrap();
    apply_change(&mut changed, "scale=10").unwrap();
    assert_eq!(changed.groups[2].members, 34);
}

#[test]
fn theories_are_named_by_their_word_alone() {
    let mut setup = setup();
    apply_change(&mut setup, "theory=motivated_reasoning").unwrap();
    apply_change(&mut setup, "theory=constant").unwrap();
    assert_eq!(setup.theory.belief, BeliefTheory::MotivatedReasoning);
    assert_eq!(setup.theory.exit, ExitTheory::Constant);
    let message = apply_change(&mut setup, "theory=materiel").unwrap_err().to_string();
    assert_eq!(
        message,
        "theory is the text \"materiel\"; theories of belief are source_credibility, motivated_reasoning, direct_experience, social_averaging, fixed; theories of exit are conviction, kin_and_home, control_and_fear, material, cascade, full, constant, trust_among_comrades, own_safety_first, participation_and_incentive; rules of other slots are engine_destination, engine_joining, engine_voice, or a file such as mine.toml; did you mean \"material\"?"
    );
}

#[test]
fn the_mode_can_be_changed_where_there_are_events() {
    let observed = load("one-village-observed").unwrap().setup;
    let mut setup = observed.clone();
    apply_change(&mut setup, "operations.mode=endogenous").unwrap();
    assert_eq!(setup.mode, OperationsMode::Endogenous);
    apply_change(&mut setup, "operations.mode=observed").unwrap();
    assert_eq!(setup, observed);
    apply_change(&mut setup, "days=30").unwrap();
    assert_eq!(setup.n_days, 30);
    assert_eq!(
        apply_change(&mut setup, "days=61").unwrap_err().to_string(),
        "days is 61; must be 30 or fewer, because later events weren't read; change it in the scenario's file"
    );
    assert_eq!(
        refusal("operations.mode=observed"),
        "operations.mode is observed, but the scenario has no events; needs [tables] events in the scenario's file"
    );
    assert_eq!(
        refusal("operations.mode=watched"),
        "operations.mode is the text \"watched\"; allowed words are endogenous, observed"
    );
    let message = refusal("operations.mod=observed");
    assert!(message.ends_with("did you mean \"mode\"?"), "{message}");
}

#[test]
fn refusals_say_what_is_allowed() {
    let refused: Vec<String> = [
        "combat.decisiveness",
        "combat.decisivness=2",
        "combat.decisiveness=-1",
        "combat.decisiveness=high",
        "news.p_call_kin=1.5",
        "combat.attacks_per_month=2",
        "battle.decisiveness=2",
        "groups.isiss.brutality=0.5",
        "groups.isis.brutalty=0.5",
        "groups.isis.brutality=nan",
        "groups.isis.members=20000",
        "mechanisms.voices=false",
        "mechanisms.voice=no",
        "theory.belief=fix",
        "theory.belief=constant",
        "theory.exit=fixed",
        "theory.beliefs=fixed",
        "relations.isis.isis=war",
        "relations.isis.district_rebels=wart",
        "days=0",
        "seed=-1",
        "scale=0",
        "scale=0.5",
        "scale=-10",
        "relations.war=1",
        "mechanism.voice=false",
        "voice=false",
        "kinship=1",
        "theory=5",
        "observation.share_unicorn=1",
        "observation.share_rebel=2",
        "observation.gw_number=1000",
        "observation.region=3",
        "groups.isis.kind=cartel",
        "levers.isis.safe_passge=1",
        "levers.isis.safe_passage=2",
    ]
    .into_iter()
    .map(refusal)
    .collect();
    assert_eq!(
        shorten(&refused.join("\n")),
        "\
\"combat.decisiveness\" isn't of the form key=value, such as combat.decisiveness=2\n\
combat.decisivness isn't a parameter of combat; parameters are (parameters of combat); did you mean \"decisiveness\"?\n\
combat.decisiveness is -1; must be a number from 0 to 25; 1 to 2.5 is plausible\n\
combat.decisiveness is the text \"high\"; must be a number from 0 to 25; 1 to 2.5 is plausible\n\
news.p_call_kin is 1.5; must be a number from 0 to 1; 0.3 to 0.9 is plausible\n\
combat.attacks_per_month isn't a parameter of combat; parameters are (parameters of combat); did you mean \"operations.attacks_per_month\"?\n\
battle.decisiveness can't be set; a key begins with days, seed, scale, theory, mechanisms, groups, levers, (mechanisms with parameters); did you mean \"combat.decisiveness\"?\n\
groups.isiss.brutality names the group \"isiss\", which doesn't exist; groups are village_defenders, district_rebels, isis; did you mean \"isis\"?\n\
groups.isis.brutalty isn't a key of a group that can be set; keys are kind, cause.revisionism, cause.islamism, cause.sectarianism, members, brutality, discipline, pay_usd_per_month, pay_foreign_usd_per_month, foreign_share.rank_and_file, foreign_share.unit_commander, foreign_share.field_commander, foreign_share.leadership, motives.ideology, motives.material, motives.social, answers.ignore, answers.offer, answers.punish, prisoners_executed_share, soldiers_executed_share, foreign_prisoners_executed_share, prisoners_released_share, prisoners_exchanged_share, prisoners_recruited_share, leavers_executed_share, foreign_leavers_executed_share, kin_reprisals_per_month, blocking_troops, guards, amnesty, strikes_per_month, strike_mix.artillery, strike_mix.barrel, strike_mix.guided, offensive_tempo, recruits, forced_share; did you mean \"brutality\"?\n\
groups.isis.brutality is NaN; must be a number from 0 to 1\n\
groups.isis.members is 20000, more than there are men; the local members of all groups must be 4040 or fewer\n\
mechanisms.voices isn't a mechanism; mechanisms are (mechanisms); did you mean \"voice\"?\n\
mechanisms.voice is the text \"no\"; must be true or false\n\
theory.belief is the text \"fix\"; allowed words are source_credibility, motivated_reasoning, direct_experience, social_averaging, fixed; did you mean \"fixed\"?\n\
theory.belief is the text \"constant\"; allowed words are source_credibility, motivated_reasoning, direct_experience, social_averaging, fixed\n\
theory.exit is the text \"fixed\"; allowed words are conviction, kin_and_home, control_and_fear, material, cascade, full, constant\n\
theory.beliefs isn't a slot of the theory; slots are belief, exit; did you mean \"belief\"?\n\
relations.isis.isis relates a group to itself; must name two groups\n\
relations.isis.district_rebels is the text \"wart\"; allowed words are war, truce, alliance; did you mean \"war\"?\n\
days is 0; must be a whole number from 1 to 5000\n\
seed is -1; must be a whole number from 0 to 9223372036854775807\n\
scale is 0; must be a whole number from 1 to 1000000\n\
scale is 0.5; must be a whole number from 1 to 1000000\n\
scale is -10; must be a whole number from 1 to 1000000\n\
relations.war isn't a parameter of relations; parameters are (parameters of relations)\n\
mechanism.voice can't be set; a key begins with days, seed, scale, theory, mechanisms, groups, levers, (mechanisms with parameters); did you mean \"mechanisms\"?\n\
voice names no parameter; give the parameter after a dot, such as voice.p_voice_kin_killed, or mechanisms.voice for its switch\n\
kinship names no parameter; give the parameter after a dot, such as kinship.household_size\n\
theory is 5; theories of belief are source_credibility, motivated_reasoning, direct_experience, social_averaging, fixed; theories of exit are conviction, kin_and_home, control_and_fear, material, cascade, full, constant, trust_among_comrades, own_safety_first, participation_and_incentive; rules of other slots are engine_destination, engine_joining, engine_voice, or a file such as mine.toml\n\
observation.share_unicorn isn't a parameter of observation; parameters are country, gw_number, region, conflict, intercept, size, civilian, hidden, remote, intensity, share_civilian, share_rebel, share_hidden, share_state, share_autonomous, share_local_defence, side_unknown, contested, rumoured, exaggerated, exact_place_town, exact_place_village, near_place, district_place, exact_date, week_date, further_sources\n\
observation.share_rebel is 2; must be a number from 0 to 1; 0.5 to 0.9 is plausible\n\
observation.gw_number is 1000; must be a whole number from 1 to 999\n\
observation.region is 3; must be a text in quotes that isn't empty\n\
groups.isis.kind names the kind \"cartel\", which doesn't exist; kinds are state, rebel, jihadist, local_defence\n\
levers.isis.safe_passge isn't a lever; levers are outside_messaging, radio, safe_passage, amnesty, trusted_message, stipend; did you mean \"safe_passage\"?\n\
levers.isis.safe_passage is 2; must be a number from 0 to 1"
    );
}

#[test]
fn every_key_can_be_set_to_its_own_value_and_nothing_changes() {
    let setup = setup();
    let keys = settable_keys(&setup);
    for SettableKey { key, value, .. } in &keys {
        let Some(value) = value else {
            assert!(key.starts_with("groups."), "{key} has no value");
            continue;
        };
        if key.contains(".motives.") || key.contains(".answers.") || key.starts_with("levers.") {
            // The other parts of a mix are rescaled, and a lever gets an entry.
            continue;
        }
        assert_eq!(with(&format!("{key}={value}")), setup, "{key}={value}");
    }
    let n_of = |first: &str| keys.iter().filter(|found| found.key.starts_with(first)).count();
    assert_eq!((n_of("groups.isis."), n_of("levers.isis."), n_of("observation.")), (38, 6, 27));
}

#[test]
fn a_lever_is_set_from_the_first_day_and_replaces_what_was_set_there() {
    let mut once = setup();
    apply_change(&mut once, "levers.isis.safe_passage=0.5").unwrap();
    apply_change(&mut once, "levers.isis.safe_passage=1").unwrap();
    assert_eq!(once, with("levers.isis.safe_passage=1"));
    assert_eq!(once.timeline.len(), setup().timeline.len() + 1);
    assert_eq!(once.timeline[0].note, "The lever safe_passage on isis is 1 from the first day.");
}

#[test]
fn values_that_the_engine_cannot_run_are_refused_with_what_is_plausible() {
    let refused: Vec<String> =
        ["combat.decisiveness=999999", "exits.desertion_per_month=50", "kinship.household_size=0"]
            .into_iter()
            .chain(["harm.brutality_weight=100", "parameters.voice.p_refuse_kin=-0.1", "observation.intercept=nan"])
            .map(refusal)
            .collect();
    assert_eq!(
        refused.join("\n"),
        "combat.decisiveness is 999999; must be a number from 0 to 25; 1 to 2.5 is plausible\n\
         exits.desertion_per_month is 50; must be a number from 0 to 2; 0.001 to 0.008 is plausible\n\
         kinship.household_size is 0; must be a number from 1 to 80; 5 to 8 is plausible\n\
         harm.brutality_weight is 100; must be a number from 0 to 20; 0 to 2 is plausible\n\
         parameters.voice.p_refuse_kin is -0.1; must be a number from 0 to 1; 0.6 to 1 is plausible\n\
         observation.intercept is NaN; must be a number from 0 to 40; 0 to 4 is plausible"
    );
}

#[test]
fn values_outside_their_plausible_range_are_told_wherever_they_come_from() {
    let changes = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let mut scenario = load("one-village").unwrap();
    let before = scenario.warnings.len();
    scenario.change(&changes(&["combat.decisiveness=9", "days=30", "observation.share_rebel=0.1"])).unwrap();
    let told: Vec<String> = scenario.warnings[before..].iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "combat.decisiveness=9: warning: combat.decisiveness is 9; 1 to 2.5 is plausible",
            "observation.share_rebel=0.1: warning: observation.share_rebel is 0.1; 0.5 to 0.9 is plausible",
        ]
    );
    let folder = crate::folder::Folder::new();
    let text = allegiance_scenario::builtin::file("one-village", "scenario.toml").unwrap();
    folder.write("scenario.toml", format!("{text}\n[parameters.observation]\nshare_rebel = 0.1\n"));
    let messages = folder.messages();
    assert!(
        messages.ends_with("warning: parameters.observation.share_rebel is 0.1; 0.5 to 0.9 is plausible"),
        "{messages}"
    );
}

#[test]
fn members_are_those_of_the_whole_war_before_and_after_the_scale() {
    let with = |changes: [&str; 2]| {
        let mut scenario = load("one-village").unwrap();
        scenario.change(&changes.map(str::to_owned)).unwrap();
        scenario.setup
    };
    let (before, after) =
        (with(["groups.isis.members=170", "scale=10"]), with(["scale=10", "groups.isis.members=170"]));
    let members = |setup: &Setup| setup.groups.iter().find(|group| group.id == "isis").unwrap().members;
    assert_eq!((members(&before), members(&after)), (17, 17));
    let mut scenario = load("one-village").unwrap();
    let error = scenario.change(&["scale=10".to_owned(), "groups.isis.members=100000".to_owned()]).unwrap_err();
    assert!(error.to_string().contains("is 100000, more than there are men"), "{error}");
}

#[test]
fn a_scale_at_which_garrisons_vanish_is_told() {
    let told = |scale: &str| {
        let mut scenario = load("north-syria-2014").unwrap();
        let before = scenario.warnings.len();
        scenario.change(&[scale.to_owned()]).unwrap();
        scenario.warnings[before..].iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(told("scale=10"), [""; 0]);
    assert_eq!(
        told("scale=100"),
        ["scale=100: warning: at this scale 1263 of 1859 garrisons have nobody left, and their places fall without a \
             fight; outcomes aren't those of the whole war; choose a larger share of the people"]
    );
}

#[test]
fn a_refused_change_leaves_the_scenario_as_it_was_and_a_title_tells_the_scale_once() {
    let changes = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let mut scenario = load("one-village").unwrap();
    let (setup, title) = (scenario.setup.clone(), scenario.title.clone());
    scenario.change(&changes(&["scale=2", "days=0"])).unwrap_err();
    assert_eq!((&scenario.setup, &scenario.title), (&setup, &title));
    assert!(scenario.unchanged.is_none());
    scenario.change(&changes(&[" scale = 2"])).unwrap();
    scenario.change(&changes(&["scale=5"])).unwrap();
    assert_eq!(scenario.title, format!("{title}, at 1:10"));
    assert_eq!(scenario.unchanged.as_deref(), Some(&setup));
    scenario.change(&changes(&["days=30"])).unwrap();
    assert_eq!(scenario.unchanged.as_deref(), Some(&setup), "the first one is kept");
}
