//! Interviews and evidence of people: they change nothing in a war, agree with its record, and tell theories apart.

use crate::program::Folder;
use allegiance_lab::evidence::put_to_wars;
use allegiance_lab::inference::{Aims, Prior, Study, WHOLE, evidences, recover, tournament};
use allegiance_model::World;
use allegiance_model::interviews::{Occasion, QUESTIONS, Question};
use allegiance_model::random::Draws;
use allegiance_model::setup::{BeliefTheory, ExitTheory};
use allegiance_model::tables::Allegiance;
use allegiance_record::evidence::{Aggregate, Evidence, shape_of};
use allegiance_record::exits::exits;
use allegiance_replay::{Silent, simulate, simulate_with_interviews};
use allegiance_scenario::{evidence_to_fill_in, load, load_evidence_for};

fn at(id: &str) -> usize {
    Question::position(id).expect("a question")
}

#[test]
fn interviews_change_no_war_and_agree_with_its_record() {
    let scenario = load("one-village").expect("a built-in scenario");
    let last = scenario.setup.n_days - 1;
    let world = World::build(scenario.setup);
    let mut n_left = 0;
    for replicate in 0..3 {
        let (records, interviews) = simulate_with_interviews(&world, replicate, &[last]).expect("bounds hold");
        assert!(records == simulate(&world, replicate).expect("bounds hold"), "an interview changed the war");
        let leavings = || interviews.iter().filter(|interview| interview.occasion != Occasion::Serving);
        // Those who were let go by their captors have no cause.
        let left: Vec<Allegiance> = exits(&records).into_iter().filter(|row| row.cause.is_some()).collect();
        assert_eq!(leavings().count(), left.len());
        n_left += left.len();
        for row in &left {
            let told = leavings().find(|told| told.person == row.person && told.day == row.day.0);
            let told = told.expect("who leaves is interviewed");
            assert_eq!(Some(told.group), row.group);
            assert_eq!(told.answers[at("tried_to_leave")], Some(1.0));
            assert_eq!(told.answers[at("on_leave")], Some(f64::from(u8::from(row.is_on_leave))));
            let view = told.answers[at("cause_served")].expect("everybody has a view");
            let p = 1.0 / (1.0 + (-row.conviction.expect("leavers have a conviction")).exp());
            assert!((view - p).abs() < 1e-9, "{view} {p}");
            let reasons: Vec<f64> = QUESTIONS
                .iter()
                .zip(&told.answers)
                .filter(|(question, _)| question.is_reason)
                .filter_map(|(_, answer)| *answer)
                .collect();
            assert!(!reasons.is_empty() && reasons.iter().sum::<f64>() <= 1.0);
        }
        let serving = interviews.iter().filter(|interview| interview.occasion == Occasion::Serving);
        let members = records.groups.rows().filter(|row| row.day.0 == last).map(|row| row.n_members + row.n_wounded);
        assert_eq!(serving.clone().count() as u32, members.sum::<u32>());
        for told in serving {
            assert!(told.answers.iter().zip(QUESTIONS).all(|(answer, of)| !of.is_reason || answer.is_none()));
        }
    }
    assert!(n_left > 20, "{n_left}");
}

/// A plan of the ten questions in `one-village`.
fn plan(home: &Folder) -> Evidence {
    let scenario = load("one-village").expect("a built-in scenario");
    let path = home.path().join("survey.toml");
    fs_err::write(&path, evidence_to_fill_in(&scenario, "survey", "one-village")).expect("it can be written");
    load_evidence_for(&path, &scenario).expect("a plan").evidence
}

/// The plan with what it would find in one war.
fn found_in(plan: &Evidence, setup: &allegiance_model::setup::Setup, replicate: u32) -> Evidence {
    let last = setup.n_days - 1;
    let world = World::build(setup.clone());
    let (records, interviews) = simulate_with_interviews(&world, replicate, &[last]).expect("bounds hold");
    let found = plan.measure(&records, &interviews, shape_of(setup), Draws::of_replicate(setup.seed, replicate));
    let mut evidence = plan.clone();
    for (item, found) in evidence.items.iter_mut().zip(found) {
        item.found = Some(found);
    }
    evidence
}

#[test]
fn evidence_alone_decides_between_theories_that_it_tells_apart() {
    let home = Folder::new();
    let scenario = load("one-village").expect("a built-in scenario");
    let plan = plan(&home);
    let study = Study {
        own: Vec::new(),
        beliefs: vec![BeliefTheory::SourceCredibility],
        exits: vec![ExitTheory::KinAndHome, ExitTheory::Constant],
        ..Study::of_all_theories("one-village", scenario.setup.clone(), Vec::<Prior>::new(), "0")
    }
    .with_evidence(vec![plan.clone()]);
    let names: Vec<String> = evidences(&study).into_iter().map(|evidence| evidence.name).collect();
    assert_eq!(names, ["reported record", "survey alone", "survey"]);
    let folder = study.open(&home.path().join("table")).expect("a new folder");
    study.fill(&folder, 1_024, WHOLE, 0, &Silent).expect("it is simulated");
    let table = study.read(&folder, 1_024).expect("it is there");
    let recovery = recover(&study, &table, 40, 0).expect("enough wars");
    let right = |at: usize| recovery.results[at].exit.pairs[0].pair.right.share;
    let n_named = |at: usize| recovery.results[at].exit.pairs[0].pair.decided.share;
    // Whether leavers' homes were attacked, and stayers' weren't, is what the theory is about.
    assert!(right(1) > 0.9 && n_named(1) > 0.7, "{} {}", right(1), n_named(1));
    assert!(n_named(1) > n_named(0), "{} {}", n_named(1), n_named(0));
    for (theory, replicate) in [(ExitTheory::KinAndHome, 5_000), (ExitTheory::Constant, 5_001)] {
        let setup = scenario.setup.under(allegiance_model::setup::Theory { exit: theory, ..Default::default() });
        let found = Study { evidence: vec![found_in(&plan, &setup, replicate)], ..study.clone() };
        // What was found doesn't matter to the table.
        assert_eq!(found.open(&home.path().join("table")).expect("the same study").path(), folder.path());
        let verdict = tournament(&found, &table, None);
        assert_eq!(verdict.n_events, None);
        assert_eq!(verdict.slots[1].contestants[0].theory, theory.word());
        assert_eq!(verdict.n_summaries, 20);
    }
}

#[test]
fn a_calibration_can_aim_at_evidence_and_knows_the_bands_of_its_errors() {
    let home = Folder::new();
    let scenario = load("one-village").expect("a built-in scenario");
    let found = found_in(&plan(&home), &scenario.setup, 3);
    let rows = put_to_wars(&scenario.setup, &found, 4, 2).expect("bounds hold");
    assert!(rows.iter().zip(&found.items).all(|(row, item)| row.item == item.id && row.simulated.is_some()));
    assert_eq!(rows, put_to_wars(&scenario.setup, &found, 4, 1).expect("bounds hold"));
    let n_inside = rows.iter().filter(|row| row.band.is_some_and(|(low, high)| low <= high)).count();
    assert_eq!(n_inside, 20);
    let aims = Aims::of_evidence(vec![found]);
    assert!(!aims.is_of_case && aims.bands.len() == 20 && aims.targets.len() == 20);
    assert!(aims.targets.iter().all(|target| target.low < target.high && !target.is_log));
}

#[test]
fn a_table_of_another_plan_is_not_taken_for_this_one() {
    let home = Folder::new();
    let scenario = load("one-village").expect("a built-in scenario");
    let study = Study::of_all_theories("one-village", scenario.setup, Vec::<Prior>::new(), "0");
    let mut plan = plan(&home);
    plan.items.truncate(2);
    let with = |evidence: Evidence| Study { evidence: vec![evidence], ..study.clone() };
    with(plan.clone()).open(&home.path().join("table")).expect("a new folder");
    let mut found = plan.clone();
    for item in &mut found.items {
        item.found = Some(Aggregate { value: 0.5, n: 10.0, se: None });
    }
    assert!(with(found).open(&home.path().join("table")).is_ok());
    plan.samples[0].size += 1;
    assert!(with(plan).open(&home.path().join("table")).is_err());
    assert!(study.open(&home.path().join("table")).is_err());
}

#[test]
fn the_command_line_starts_checks_and_shows_evidence_and_tells_what_is_missing() {
    let folder = Folder::new();
    let succeeds = |arguments: &str| {
        let output = folder.output(arguments);
        assert!(output.status.success(), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let fails = |arguments: &str, code: i32| {
        let output = folder.output(arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments}");
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    succeeds("evidence new survey");
    assert!(
        succeeds("evidence check survey.toml").contains("a plan, with nothing found yet, about one-village, 20 things")
    );
    let shown = succeeds("evidence show survey.toml --replicates 5");
    assert!(shown.contains("left: home_attacked") && shown.contains("planned") && shown.contains("5 wars"), "{shown}");
    let json: serde_json::Value =
        serde_json::from_str(&succeeds("evidence show survey.toml --replicates 5 --format json")).expect("JSON");
    assert_eq!(json["items"].as_array().map(Vec::len), Some(20));
    assert!(succeeds("evidence questions").contains("own_side_punishes"));
    assert!(fails("evidence new survey", 3).contains("is there already"));
    assert!(fails("tournament --evidence survey.toml", 1).contains("survey is a plan"));
    assert!(fails("calibrate one-village --evidence survey.toml", 1).contains("survey is a plan"));
    assert!(
        fails("recover north-syria-2014 --evidence survey.toml", 1)
            .contains("evidence of one war says nothing of another")
    );
    assert!(fails("tournament", 2).contains("name a record, or evidence"));
    let refusal = fails("calibrate one-village", 1);
    assert!(refusal.contains("one-village has no case, so there are no patterns to calibrate it on"), "{refusal}");
}

#[test]
fn a_survey_is_designed_keeps_its_promise_and_can_be_printed_and_planned() {
    let folder = Folder::new();
    let design = |more: &str| {
        let output = folder.output(&format!("design-survey one-village --quiet --draws 1024 --table answers {more}"));
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let text = design("--format json --fresh 100 --out plan.toml --print form.md");
    let found: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let number = |value: &serde_json::Value| value.as_f64().expect("a number");
    let best = &found["best"];
    assert!(number(&best["cost"]) <= 5_000.0 && number(&best["nats"]) > 0.3, "{best}");
    // Half of the wars were judged by what the other half taught, the fresh ones by all.
    let (promised, reached) = (number(&found["check"]["promised"]), &found["check"]["reached"]);
    let is_kept = number(&reached["low_95"]) - 0.05 <= promised && promised <= number(&reached["high_95"]) + 0.05;
    assert!(is_kept, "{}", found["check"]);
    let names: Vec<&str> = best["names"].as_array().expect("names").iter().filter_map(|name| name.as_str()).collect();
    assert!(!names.is_empty() && names.iter().all(|name| !name.starts_with("reason_")));
    // What costs more doesn't tell less, but for the luck of so few wars.
    let nats: Vec<f64> = found["curve"].as_array().expect("a curve").iter().map(|at| number(&at[1]["nats"])).collect();
    assert!(nats.windows(2).all(|pair| pair[0] < pair[1] + 0.05), "{nats:?}");
    let plan = fs_err::read_to_string(folder.path().join("plan.toml")).expect("a plan");
    assert!(names.iter().all(|name| plan.contains(name)), "{plan}");
    let form = fs_err::read_to_string(folder.path().join("form.md")).expect("a form");
    assert!(form.contains("☐ yes   ☐ no") && form.matches("no answer").count() == names.len(), "{form}");
    let checked = folder.output("evidence check plan.toml");
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    // A first wave is one more kind of people; it is in the plan, and the budget holds.
    let output = folder.output(
        "design-survey one-village --quiet --draws 512 --slot belief --first-wave 15 --table waves --format json --fresh 0 \
         --out waves.toml",
    );
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let best = &found["best"];
    let n_asked = ["n_leavers", "n_serving", "n_earlier"].map(|kind| number(&best[kind]));
    assert!(n_asked.iter().sum::<f64>() > 0.0 && number(&best["cost"]) <= 5_000.0, "{best}");
    let plan = fs_err::read_to_string(folder.path().join("waves.toml")).expect("a plan");
    assert_eq!(n_asked[2] > 0.0, plan.contains("id = \"served_before\"") && plan.contains("2014-01-15"), "{plan}");
    let enough = found["pairs"].as_array().expect("pairs").iter().filter(|pair| !pair["enough"].is_null());
    assert!(enough.clone().all(|pair| pair["enough"]["n_serving"].is_number()), "{found:#}");
    // The same answers serve another question; nothing is simulated again.
    assert!(design("--budget 100 --fresh 0").contains("FOR OTHER BUDGETS"));
    let again = folder.output("design-survey one-village --quiet --draws 1024 --table answers --out plan.toml");
    assert_eq!(again.status.code(), Some(3));
    let of_rivals = |arguments: &str, told: &str| {
        let output = folder.output(&format!("design-survey one-village --quiet --draws 512 {arguments}"));
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(error.contains(told) && !output.status.success(), "{error}");
    };
    of_rivals("--between constant", "constant alone has no rival");
    of_rivals("--between constant --between greed", "there is no theory of exit called \"greed\"");
    of_rivals("--group nobody", "there is no group \"nobody\" in one-village");
    of_rivals("--asked 200", "people are asked on day 200, and one-village has 60 days");
    of_rivals("--asked 20 --first-wave 30", "the first wave is on day 30, which must be before the last, day 20");
    of_rivals("--least-found 0.7", "the least share found, 0.7, is above the most, 0.6");
}

#[test]
fn the_cross_tabulations_of_sierra_leone_are_evidence_about_its_scenario() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/evidence/sierra-leone-2003.toml");
    let scenario = load("sierra-leone-1991-2002").expect("a built-in scenario");
    let evidence = load_evidence_for(path.as_ref(), &scenario).expect("evidence").evidence;
    assert!(evidence.is_found() && evidence.items.len() == 44);
    let found = |id: &str| {
        let item = evidence.items.iter().find(|item| item.id == id).expect("it was asked");
        item.found.map(|found| ((found.value * found.n).round(), found.n))
    };
    // 52% and 12% had tried to leave; 37% and 58% of the RUF by whether they felt safer inside.
    assert_eq!(found("ruf: tried_to_leave"), Some((189.0, 365.0)));
    assert_eq!(found("cdf: tried_to_leave"), Some((31.0, 262.0)));
    assert_eq!(found("ruf: tried_to_leave where safer_inside").map(|(_, n)| n), Some(103.0));
}

#[test]
fn a_joint_table_is_scored_beside_a_regression() {
    let folder = Folder::new();
    let cell = |given: &str, yes: u32| {
        format!(
            "\n[[answers]]\nsample = \"all\"\nquestion = \"tried_to_leave\"\nwhere = [{given}]\nyes = {yes}\nof = 30\n"
        )
    };
    let cells = [
        cell("\"home_attacked\", \"on_leave\"", 20),
        cell("\"home_attacked\", \"not on_leave\"", 15),
        cell("\"not home_attacked\", \"on_leave\"", 6),
        cell("\"not home_attacked\", \"not on_leave\"", 3),
    ];
    let head = "format = 1\ntitle = \"Joint\"\nscenario = \"one-village\"\nabout = \"invented\"\nsource = \"invented\"\n\n\
                [[samples]]\nid = \"all\"\nwho = \"everyone\"\ngroups = [\"isis\"]\nasked = 2014-02-28\nsize = 120\nreached = \"by lot\"\n";
    fs_err::write(folder.path().join("joint.toml"), format!("{head}{}", cells.concat())).expect("it can be written");
    let output = folder
        .output("tournament --evidence joint.toml --draws 1024 --parameter combat.decisiveness --quiet --format json");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let scores = &found["log_scores"];
    assert_eq!((&scores["n_persons"], scores["cells"].as_array().map(Vec::len)), (&serde_json::json!(120), Some(4)));
    let gain = |predictor: &str| {
        let all = scores["scores"].as_array().expect("scores");
        let of = all.iter().find(|score| score["predictor"] == predictor).expect("it is scored");
        of["gain"].as_f64().expect("a number")
    };
    assert!(gain("share by group").abs() < 1e-12);
    // Persons differ by the two facts, which the regression can learn from the others.
    assert!(gain("logistic regression") > 0.03, "{}", gain("logistic regression"));
    // A theory for which the attack on the home means something predicts better than one for which nothing does.
    assert!(gain("kin_and_home") > gain("constant"), "{} {}", gain("kin_and_home"), gain("constant"));
    let again =
        "tournament --evidence joint.toml --draws 1024 --parameter combat.decisiveness --quiet --picture joint.svg";
    let text = folder.output(again);
    let picture = fs_err::read_to_string(folder.path().join("joint.svg")).expect("a picture");
    assert!(picture.starts_with("<svg ") && picture.matches("class=\"cell\"").count() == 4 * 9, "{picture}");
    assert_eq!(folder.output(again).status.code(), Some(3));
    assert!(String::from_utf8_lossy(&text.stdout).contains("WHO ANSWERS YES, of 120 people in 4 cells"));
}
