//! Mistakes in `scenario.toml`: one change, the exact message.

use crate::folder::{Folder, after};

fn toml(from: &str, to: &str) -> String {
    after("scenario.toml", from, to)
}

#[test]
fn unknown_key_at_the_top() {
    assert_eq!(
        toml("seed = 2014", "seed = 2014\nsede = 1"),
        "scenario.toml:19: sede isn't a key of a scenario; keys are format, extends, id, title, description, start, days, seed, places_are_real, sources, theory, operations, observation, case, tables, actors, constituencies, kinds, axes, groups, relations, displaced, timeline, timeline_append, parameters, mechanisms; did you mean \"seed\"?"
    );
}

#[test]
fn what_reports_name_is_checked() {
    assert_eq!(
        toml("gw_number = 652", "gw_number = 1652"),
        "scenario.toml:175: observation.gw_number is 1652; must be a whole number from 1 to 999"
    );
    assert_eq!(
        toml("region = \"Middle East\"", "regions = \"Middle East\""),
        "scenario.toml:176: observation.regions isn't a key of the observation; keys are country, gw_number, region, conflict; did you mean \"region\"?"
    );
}

#[test]
fn unknown_key_in_a_group() {
    assert_eq!(
        toml("brutality = 0.8", "brutality = 0.8\nbrutalty = 0.7"),
        "scenario.toml:89: groups[2].brutalty isn't a key of a group; keys are id, name, kind, profile, cause, members, brutality, discipline, pay_usd_per_month, pay_foreign_usd_per_month, foreign_share, motives, answers, prisoners_executed_share, soldiers_executed_share, foreign_prisoners_executed_share, prisoners_released_share, prisoners_exchanged_share, prisoners_recruited_share, leavers_executed_share, foreign_leavers_executed_share, kin_reprisals_per_month, blocking_troops, guards, amnesty, strikes_per_month, strike_mix, offensive_tempo, recruits, forced_share, source, note; did you mean \"brutality\"?"
    );
}

#[test]
fn unknown_key_in_an_inner_table() {
    assert_eq!(
        toml("leadership = 0.8 }", "leadership = 0.8, cook = 1 }"),
        "scenario.toml:92: groups[2].foreign_share.cook isn't a key of the foreign shares; keys are rank_and_file, unit_commander, field_commander, leadership"
    );
}

#[test]
fn key_of_another_kind_of_timeline_entry() {
    assert_eq!(
        toml("date = 2014-01-12\nkind = \"assault\"", "date = 2014-01-12\nkind = \"assault\"\npay_usd_per_month = 4"),
        "scenario.toml:123: timeline[1].pay_usd_per_month isn't a key of a timeline entry of kind assault; keys are date, kind, note, source, group, place"
    );
}

#[test]
fn wrong_types() {
    assert_eq!(
        toml("days = 60", "days = \"sixty\""),
        "scenario.toml:17: days is the text \"sixty\"; must be a whole number from 1 to 5000"
    );
    assert_eq!(
        toml("start = 2014-01-01", "start = \"2014-01-01\""),
        "scenario.toml:16: start is the text \"2014-01-01\"; must be a date without quotes, such as 2014-01-01"
    );
    assert_eq!(
        toml("start = 2014-01-01", "start = 2014-01-01T10:00:00"),
        "scenario.toml:16: start is the time 2014-01-01T10:00:00; must be a date without quotes, such as 2014-01-01"
    );
    assert_eq!(
        toml("days = 60", "days = 60.5"),
        "scenario.toml:17: days is 60.5; must be a whole number from 1 to 5000"
    );
    assert_eq!(
        toml("answers = { ignore = 0.4, offer = 0.3, punish = 0.3 }", "answers = \"harsh\""),
        "scenario.toml:94: groups[2].answers is the text \"harsh\"; must be a table with the keys ignore, offer, punish"
    );
    assert_eq!(
        toml("offensive_tempo = 0\n", "offensive_tempo = [1]\n"),
        "scenario.toml:61: groups[0].offensive_tempo is a list; must be a number from 0 to 100"
    );
}

#[test]
fn missing_key() {
    assert_eq!(
        toml("kind = \"jihadist\"\n", ""),
        "scenario.toml:82: groups[2].kind is missing; must be a text in quotes that isn't empty"
    );
    assert_eq!(
        toml("id = \"one-village\"\n", ""),
        "scenario.toml: id is missing; must be 1 to 64 letters, digits, _ or -, in quotes"
    );
    assert_eq!(
        toml(
            "group = \"isis\"\nplace = \"tall_rumman\"\nnote = \"ISIS attacks the village again.\"",
            "group = \"isis\"\nnote = \"x\""
        ),
        "scenario.toml:128: timeline[2].place is missing; must be a text in quotes that isn't empty"
    );
}

#[test]
fn unknown_words() {
    assert_eq!(
        toml("kind = \"jihadist\"", "kind = \"jihadists\""),
        "scenario.toml:85: groups[2].kind names the kind \"jihadists\", which doesn't exist; kinds are state, rebel, jihadist, local_defence; did you mean \"jihadist\"?"
    );
    assert_eq!(
        toml("kind = \"truce\"", "kind = \"peace\""),
        "scenario.toml:108: relations[1].kind is \"peace\"; allowed words are war, truce, alliance"
    );
    assert_eq!(
        toml("belief = \"source_credibility\"", "belief = \"source_credability\""),
        "scenario.toml:39: theory.belief is \"source_credability\"; allowed words are source_credibility, motivated_reasoning, direct_experience, social_averaging, fixed; did you mean \"source_credibility\"?"
    );
    assert_eq!(
        toml("date = 2014-02-06\nkind = \"assault\"", "date = 2014-02-06\nkind = \"asault\""),
        "scenario.toml:138: timeline[3].kind names the kind \"asault\", which doesn't exist; kinds are relation, pay, strikes, policy, lever, control, assault, inflow, arms, revenue, shock, conscripts, dissolve, happening; did you mean \"assault\"?"
    );
}

#[test]
fn unknown_group() {
    assert_eq!(
        toml(
            "b = [\"village_defenders\", \"district_rebels\"]\nkind",
            "b = [\"village_defenders\", \"district_rebel\"]\nkind"
        ),
        "scenario.toml:107: relations[1].b names the group \"district_rebel\", which doesn't exist; groups are village_defenders, district_rebels, isis; did you mean \"district_rebels\"?"
    );
    assert_eq!(
        toml(
            "group = \"isis\"\nplace = \"tall_rumman\"\nnote = \"ISIS attacks the village again.\"",
            "group = \"isiss\"\nplace = \"tall_rumman\"\nnote = \"x\""
        ),
        "scenario.toml:131: timeline[2].group names the group \"isiss\", which doesn't exist; groups are village_defenders, district_rebels, isis; did you mean \"isis\"?"
    );
}

#[test]
fn unknown_place() {
    assert_eq!(
        toml(
            "place = \"tall_rumman\"\nnote = \"ISIS attacks the village again.\"",
            "place = \"tal_rumman\"\nnote = \"x\""
        ),
        "scenario.toml:132: timeline[2].place names the place \"tal_rumman\", which doesn't exist; places are tall_rumman, burj_sindyan, kafr_tut, ayn_tuffah, dayr_safsaf, wadi_hawr, tall_khuzama, bayt_ballut, kawm_zaytun, mazraat_nahl, qasr_yasmin, hawsh_sumaq; did you mean \"tall_rumman\"?"
    );
}

#[test]
fn unknown_source() {
    assert_eq!(
        toml("source = [\"B5\", \"judgement\"]", "source = [\"B55\", \"judgement\"]"),
        "scenario.toml:62: groups[0].source names the source \"B55\", which doesn't exist; sources are B5, S12, S20, S21, S27c, S3, S49, S57a, S64c, S65, S66, S7, S8, article, fictional, judgement; did you mean \"B5\"?"
    );
}

#[test]
fn unknown_parameters_and_mechanisms() {
    assert_eq!(
        toml("[tables]", "[parameters.combat]\ncourage = 2\ndecisivness = 2\n[tables]"),
        r#"scenario.toml:43: parameters.combat.courage isn't a parameter of combat; parameters are (parameters of combat)
scenario.toml:44: parameters.combat.decisivness isn't a parameter of combat; parameters are (parameters of combat); did you mean "decisiveness"?"#
    );
    assert_eq!(
        toml("[tables]", "[parameters.combats]\ndecisiveness = 2\n[tables]"),
        "scenario.toml:42: parameters.combats isn't a mechanism with parameters; such mechanisms are (mechanisms with parameters); did you mean \"combat\"?"
    );
    assert_eq!(
        toml("[tables]", "[mechanisms]\nvoices = false\n[tables]"),
        "scenario.toml:43: mechanisms.voices isn't a mechanism; mechanisms are (mechanisms); did you mean \"voice\"?"
    );
    assert_eq!(
        toml("[tables]", "[mechanisms]\nvoice = \"off\"\n[tables]"),
        "scenario.toml:43: mechanisms.voice is the text \"off\"; must be true or false"
    );
}

#[test]
fn parameter_out_of_bounds() {
    assert_eq!(
        toml("[tables]", "[parameters.news]\np_call_kin = 1.5\np_village = nan\n[tables]"),
        "scenario.toml:43: parameters.news.p_call_kin is 1.5; must be a number from 0 to 1; 0.3 to 0.9 is plausible
scenario.toml:44: parameters.news.p_village is NaN; must be a number from 0 to 1; 0.2 to 0.9 is plausible"
    );
}

#[test]
fn numbers_out_of_bounds() {
    assert_eq!(
        toml("brutality = 0.8", "brutality = 1.8"),
        "scenario.toml:88: groups[2].brutality is 1.8; must be a number from 0 to 1"
    );
    assert_eq!(
        toml("brutality = 0.8", "brutality = nan"),
        "scenario.toml:88: groups[2].brutality is NaN; must be a number from 0 to 1"
    );
    assert_eq!(
        toml("discipline = 1.3", "discipline = inf"),
        "scenario.toml:89: groups[2].discipline is inf; must be a number from 0.1 to 10"
    );
    assert_eq!(
        toml("pay_usd_per_month = 400", "pay_usd_per_month = -400"),
        "scenario.toml:90: groups[2].pay_usd_per_month is -400; must be a number from 0 to 100000"
    );
    assert_eq!(toml("days = 60", "days = 0"), "scenario.toml:17: days is 0; must be a whole number from 1 to 5000");
    assert_eq!(
        toml("days = 60", "days = 99999999999999999999999999"),
        "scenario.toml:17: days is 99999999999999999999999999; must be a whole number from 1 to 5000"
    );
    assert_eq!(toml("format = 1", "format = 0"), "scenario.toml:7: format is 0; must be 1");
    assert_eq!(
        toml("seed = 2014", "seed = -1"),
        "scenario.toml:18: seed is -1; must be a whole number from 0 to 9223372036854775807"
    );
    assert_eq!(
        toml("cause = { revisionism = 5, islamism = 5", "cause = { revisionism = 6, islamism = 5"),
        "scenario.toml:87: groups[2].cause.revisionism is 6; must be a number from 1 to 5"
    );
}

#[test]
fn mixes_that_do_not_sum_to_one() {
    assert_eq!(
        toml(
            "answers = { ignore = 0.4, offer = 0.3, punish = 0.3 }",
            "answers = { ignore = 0.4, offer = 0.4, punish = 0.3 }"
        ),
        "scenario.toml:94: groups[2].answers sums to 1.1; ignore, offer, punish must sum to 1"
    );
}

#[test]
fn duplicate_group() {
    assert_eq!(
        toml("id = \"district_rebels\"", "id = \"isis\""),
        "scenario.toml:82: groups[2].id \"isis\" is there twice; must be unique"
    );
}

#[test]
fn a_pair_related_twice() {
    assert_eq!(
        toml(
            "a = \"isis\"\nb = [\"village_defenders\", \"district_rebels\"]\nkind",
            "a = [\"isis\", \"village_defenders\"]\nb = [\"village_defenders\", \"district_rebels\"]\nkind"
        ),
        "scenario.toml:105: relations[1] relates \"village_defenders\" and \"district_rebels\" again; relations[0] does already"
    );
    assert_eq!(
        toml("a = \"village_defenders\"\nb = \"district_rebels\"", "a = \"isis\"\nb = \"isis\""),
        "scenario.toml:100: relations[0] relates a group to itself; a and b must name different groups"
    );
}

#[test]
fn a_pair_left_out_is_a_warning() {
    let message = toml(
        "[[relations]]\na = \"village_defenders\"\nb = \"district_rebels\"\nkind = \"alliance\"\nsource = [\"article\", \"judgement\"]\n",
        "",
    );
    assert_eq!(
        message,
        "scenario.toml:100: warning: relations say nothing of 1 pair: village_defenders-district_rebels; a pair without a relation starts at truce"
    );
}

#[test]
fn timeline_out_of_order_or_out_of_the_run() {
    assert_eq!(
        toml("date = 2014-02-06", "date = 2014-01-05"),
        "scenario.toml:137: timeline[3].date is 2014-01-05, earlier than the entry before it; must be 2014-01-24 or later; put the entries in the order of their dates"
    );
    assert_eq!(
        toml("date = 2014-01-03", "date = 2013-12-31"),
        "scenario.toml:112: timeline[0].date is 2013-12-31, before the start; must be 2014-01-01 or later"
    );
    assert_eq!(
        toml("date = 2014-02-18", "date = 2014-06-06"),
        "scenario.toml:145: warning: timeline has 1 entry that is after the last day, 2014-03-01; only a longer run gets there"
    );
    assert_eq!(
        toml("date = 2014-02-06", "date = 2014-02-30"),
        "scenario.toml:137: timeline[3].date is 2014-02-30; must be a date of the calendar, as year-month-day, such as 2014-01-31; February 2014 has 28 days"
    );
}

#[test]
fn empty_and_garbled_files() {
    let folder = Folder::new();
    folder.write("scenario.toml", "");
    assert_eq!(folder.messages(), "scenario.toml: is empty; copy a built-in scenario's file and change it");
    folder.write("scenario.toml", b"format = 1\ntitle = \"\xe9t\xe9\"\n");
    assert!(folder.messages().starts_with("scenario.toml:2: isn't UTF-8 (byte 0xE9)"), "{}", folder.messages());
    folder.write("scenario.toml", "[[[[[[");
    assert!(folder.messages().starts_with("scenario.toml:1: isn't TOML: "), "{}", folder.messages());
}

#[test]
fn a_syntax_error_does_not_hide_the_rest() {
    let folder = Folder::new();
    folder.patch("scenario.toml", "brutality = 0.8", "brutality = = 0.8");
    folder.patch("scenario.toml", "discipline = 1.3", "discipline = 14");
    folder.patch("scenario.toml", "members = 340", "membres = 340");
    assert_eq!(
        folder.messages(),
        r#"scenario.toml:86: groups[2].membres isn't a key of a group; keys are id, name, kind, profile, cause, members, brutality, discipline, pay_usd_per_month, pay_foreign_usd_per_month, foreign_share, motives, answers, prisoners_executed_share, soldiers_executed_share, foreign_prisoners_executed_share, prisoners_released_share, prisoners_exchanged_share, prisoners_recruited_share, leavers_executed_share, foreign_leavers_executed_share, kin_reprisals_per_month, blocking_troops, guards, amnesty, strikes_per_month, strike_mix, offensive_tempo, recruits, forced_share, source, note; did you mean "members"?
scenario.toml:88: groups[2].brutality isn't TOML: extra `=`, expected nothing
scenario.toml:89: groups[2].discipline is 14; must be a number from 0.1 to 10"#
    );
}

/// Nothing else is said of a newer file: its other keys may be right there.
#[test]
fn a_newer_format_is_refused_before_anything_else() {
    let refusal = concat!(
        ": format is 2; Allegiance ",
        env!("CARGO_PKG_VERSION"),
        " reads format 1; get a newer Allegiance for this file"
    );
    let newer = "format = 2\nid = \"x\"\nextends = \"nowhere\"\nbrand_new = 1\n";
    let folder = Folder::new();
    folder.write("scenario.toml", newer);
    assert_eq!(folder.messages(), format!("scenario.toml:1{refusal}"));
    folder.write("base.toml", newer);
    folder.write("scenario.toml", "format = 1\nid = \"x\"\nextends = \"base.toml\"\n");
    assert_eq!(folder.messages(), format!("base.toml:1{refusal}"));
}

#[test]
fn a_key_given_twice() {
    assert_eq!(toml("days = 60", "days = 60\ndays = 61"), "scenario.toml:18: days isn't TOML: duplicate key");
}

#[test]
fn extending_what_does_not_exist_or_oneself() {
    let folder = Folder::new();
    folder.write("scenario.toml", "format = 1\nid = \"x\"\nextends = \"one-vilage\"\n");
    assert_eq!(
        folder.messages(),
        "scenario.toml:3: extends is \"one-vilage\", which is neither a built-in scenario nor a folder or file next to it; built-in scenarios are (built-ins); did you mean \"one-village\"?"
    );
    folder.write("scenario.toml", "format = 1\nid = \"x\"\nextends = \".\"\n");
    assert_eq!(
        folder.messages(),
        "scenario.toml:3: extends is \".\", which leads back to this scenario, or too deep; built-in scenarios are (built-ins)"
    );
    folder.write("scenario.toml", "extends = \"one-village\"\n");
    assert_eq!(
        folder.messages(),
        "scenario.toml: format is missing; a scenario that extends another states its own format and id
scenario.toml: id is missing; a scenario that extends another states its own format and id"
    );
}

#[test]
fn tables_outside_the_folder_or_missing() {
    assert_eq!(
        toml("places = \"places.csv\"", "places = \"../places.csv\""),
        "scenario.toml:43: tables.places is \"../places.csv\"; must be a file in the scenario's folder or below, such as \"places.csv\""
    );
    assert_eq!(
        toml("places = \"places.csv\"", "places = \"place.csv\""),
        "scenario.toml:43: tables.places names the file \"place.csv\", which isn't there"
    );
}

#[test]
fn more_members_than_men() {
    let folder = Folder::new();
    folder.patch("scenario.toml", "members = 340", "members = 34000");
    folder.patch("garrisons.csv", "isis,burj_sindyan,180", "isis,burj_sindyan,33840");
    assert_eq!(
        folder.messages(),
        "scenario.toml: groups have 25782 local members together; the region has 4040 men of 15 to 39 (20% of 20200 inhabitants); lower the members of groups, raise their foreign shares, or add places"
    );
}

#[test]
fn all_problems_are_listed_at_once() {
    let folder = Folder::new();
    folder.patch("scenario.toml", "days = 60", "days = 0");
    folder.patch("scenario.toml", "kind = \"jihadist\"", "kind = \"jihadi\"");
    folder.patch("scenario.toml", "kind = \"truce\"", "kind = \"truse\"");
    folder.patch("places.csv", "2300,S27c", "-5,S27d");
    folder.patch("control.csv", "tall_rumman,village_defenders,0.9", "tall_rumman,village_defender,0.9");
    folder.patch("garrisons.csv", "isis,burj_sindyan,180", "isis,burj_sindyan,180.5");
    assert_eq!(
        folder.messages(),
        r#"scenario.toml:17: days is 0; must be a whole number from 1 to 5000
scenario.toml:85: groups[2].kind names the kind "jihadi", which doesn't exist; kinds are state, rebel, jihadist, local_defence; did you mean "jihadist"?
scenario.toml:108: relations[1].kind is "truse"; allowed words are war, truce, alliance; did you mean "truce"?
places.csv:2: source names the source "S27d", which doesn't exist; sources are B5, S12, S20, S21, S27c, S3, S49, S57a, S64c, S65, S66, S7, S8, article, fictional, judgement; did you mean "S27c"?
places.csv:2: population is "-5"; must be a whole number from 1 to 40000000
control.csv:2: group names the group "village_defender", which doesn't exist; groups are village_defenders, district_rebels, isis; did you mean "village_defenders"?
garrisons.csv:8: members is "180.5"; must be a whole number from 1 to 10000000; write the digits alone, with nothing between thousands and no fraction"#
    );
}
