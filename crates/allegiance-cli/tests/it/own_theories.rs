//! Theories in files, from the command line: started, run, resumed, told, and what is said of mistakes;
//! and those of the literature with their published signs.

use crate::program::Folder;
use allegiance_model::exits::ActiveBlocks;
use allegiance_model::setup::{BeliefTheory, ExitTheory, Mechanism, Setup};
use allegiance_model::tables::{Allegiance, AllegianceKind, Cause, Channel, ExitKind, Exposure, Outcome, Records};
use allegiance_model::theory::{OwnTheory, Slot};
use allegiance_model::{Model, World};
use allegiance_scenario::{apply_change, load, parse_theory};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const TIRED: &str = r#"format = 1
name = "tired"
authors = "A. Author"
citation = "none"
about = "Who has seen many comrades fall goes home."
blocks = ["belief", "opportunity"]

[parameters.tiredness_weight]
default = 0.3
prior = [0.1, 1.0]
off = 0.0
unit = "log-hazard"
meaning = "Rise of the log-hazard for one comrade lost."
tag = "judgement"
source = "no number exists"

[state.tiredness]
half_life_days = 60
most = 10
add = { comrade_lost = 1 }

[[block]]
name = "tiredness"
words = "tired of the war"
all = "tiredness_weight * tiredness * (1 - unit_kin) + 0.2 * on_leave"
"#;

const REPEATED: &str = r#"format = 1
name = "repeated"
authors = "B. Author"
citation = "none"
about = "Men believe what they hear often, less so when they saw harm."

[parameters.repetition_weight]
default = 0.4
prior = [0.1, 1.0]
off = 0.0
unit = "log-odds"
meaning = "Fall of conviction when the claims heard double."
tag = "judgement"
source = "no number exists"

[state.shock]
half_life_days = 30
most = 5
add = { home_attacked = 1, kin_killed = 2 }

[belief]
conviction = """
conviction_on_joining - claim_evidence + moved - 0.3 * shock
 - repetition_weight * ln(1 + claim_from_kin + claim_from_rivals + claim_from_outside) / ln(2)"""
daily = "chance(0.5) * (unit_conviction - conviction)"
"#;

/// What a command prints, which must end well.
fn output(folder: &Folder, arguments: &str) -> String {
    let output = folder.output(arguments);
    assert!(output.status.success(), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn write(folder: &Folder, name: &str, text: &str) {
    fs_err::write(folder.path().join(name), text).unwrap();
}

fn read(folder: &Folder, name: &str) -> String {
    fs_err::read_to_string(folder.path().join(name)).unwrap()
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn digests(folder: &Folder, run: &str) -> Value {
    let manifest = json(&read(folder, &format!("{run}/run.json")));
    manifest["tables"].clone()
}

#[test]
fn a_theory_of_a_file_gives_the_same_tables_on_any_number_of_threads_and_elsewhere() {
    let folder = Folder::new();
    write(&folder, "tired.toml", TIRED);
    let run = |out: &str, more: &str| {
        output(&folder, &format!("run one-village -q --days 40 -n 4 --theory tired.toml --out {out} {more}"));
        digests(&folder, out)
    };
    let one = run("one", "--threads 1");
    assert_eq!(one, run("two", "--threads 2"));
    assert_eq!(one, run("eight", "--threads 8"));
    assert_ne!(one, run("other", "--set own.tiredness_weight=0.6"));
    let manifest = json(&read(&folder, "one/run.json"));
    assert_eq!(manifest["theory"]["exit"], "tired");
    assert_eq!(manifest["theory"]["own"][0]["own_blocks"]["tiredness"], "tired of the war");
    assert_eq!(manifest["theory"]["own"][0]["digest"].as_str().map(str::len), Some(64));
    // The run holds the theory, and is simulated again from that.
    fs_err::remove_file(folder.path().join("tired.toml")).unwrap();
    let verified = output(&folder, "verify one");
    assert!(verified.contains("4           equal"), "{verified}");
    let summary = read(&folder, "one/summary.txt");
    assert!(summary.contains("exit tired") && summary.contains("tired of the war"), "{summary}");
}

/// One theory of exit and one of belief, each from its file.
#[test]
fn two_theories_of_files_fill_a_slot_each() {
    let folder = Folder::new();
    write(&folder, "tired.toml", TIRED);
    write(&folder, "repeated.toml", REPEATED);
    let run = |out: &str, more: &str| {
        output(&folder, &format!("run one-village -q --days 40 -n 4 --out {out} {more}"));
        digests(&folder, out)
    };
    let both = "--theory tired.toml --theory repeated.toml";
    let one = run("one", &format!("{both} --threads 1"));
    assert_eq!(one, run("two", &format!("{both} --threads 2")));
    assert_eq!(one, run("eight", &format!("{both} --threads 8")));
    // In any order, and apart from each by itself.
    assert_eq!(one, run("turned", "--theory repeated.toml --theory tired.toml"));
    for (out, alone) in [("exit", "--theory tired.toml"), ("belief", "--theory repeated.toml")] {
        assert_ne!(one, run(out, alone), "{alone}");
    }
    let manifest = json(&read(&folder, "one/run.json"));
    assert_eq!(
        (&manifest["theory"]["belief"], &manifest["theory"]["exit"]),
        (&json("\"repeated\""), &json("\"tired\""))
    );
    let own = manifest["theory"]["own"].as_array().unwrap();
    let names: Vec<&str> = own.iter().filter_map(|theory| theory["name"].as_str()).collect();
    assert_eq!(names, ["tired", "repeated"]);
    assert!(own.iter().all(|theory| theory["digest"].as_str().map(str::len) == Some(64)));
    fs_err::remove_file(folder.path().join("tired.toml")).unwrap();
    fs_err::remove_file(folder.path().join("repeated.toml")).unwrap();
    let verified = output(&folder, "verify one");
    assert!(verified.contains("4           equal"), "{verified}");
    let summary = read(&folder, "one/summary.txt");
    assert!(summary.contains("belief repeated") && summary.contains("exit tired"), "{summary}");
}

/// Files below a folder.
fn n_files(folder: &Path) -> usize {
    let Ok(entries) = fs_err::read_dir(folder) else { return 0 };
    let of_entry = |path: PathBuf| if path.is_dir() { n_files(&path) } else { 1 };
    entries.filter_map(Result::ok).map(|entry| of_entry(entry.path())).sum()
}

/// What is kept of a killed run is gone on with, under both of its theories.
#[test]
fn a_killed_run_under_theories_of_files_is_resumed_to_the_same_tables() {
    let folder = Folder::new();
    write(&folder, "tired.toml", TIRED);
    write(&folder, "repeated.toml", REPEATED);
    let both = "one-village -q --days 40 -n 60 --theory tired.toml --theory repeated.toml --threads 1";
    let mut child = folder.command(&format!("run {both} --out killed")).spawn().unwrap();
    let patience = Instant::now() + Duration::from_secs(120);
    while n_files(&folder.path().join("killed.partial")) < 40 && Instant::now() < patience {
        std::thread::sleep(Duration::from_millis(1));
    }
    child.kill().unwrap();
    assert_eq!(child.wait().unwrap().code(), None, "the run had ended before it was killed");
    output(&folder, "resume killed -q");
    output(&folder, &format!("run {both} --out straight"));
    assert_eq!(digests(&folder, "killed"), digests(&folder, "straight"));
    let kept = json(&read(&folder, "killed/run.json"))["effort"]["n_replicates_kept"].as_u64();
    assert!(kept.is_some_and(|kept| kept > 0), "{kept:?}");
}

/// Two theories that can't stand beside each other are told by what they share.
#[test]
fn theories_of_one_slot_or_with_one_name_for_two_parameters_are_refused() {
    let folder = Folder::new();
    write(&folder, "tired.toml", TIRED);
    write(&folder, "other.toml", &TIRED.replace("name = \"tired\"", "name = \"other\""));
    write(&folder, "repeated.toml", &REPEATED.replace("repetition_weight", "tiredness_weight"));
    fs_err::create_dir(folder.path().join("more")).unwrap();
    write(&folder, "more/tired.toml", REPEATED);
    for (given, told) in [
        (
            "--theory tired.toml --theory other.toml",
            "theory.exit is set twice, by theory=tired.toml and by theory=other.toml; keep one of the two",
        ),
        (
            "--theory constant --theory other.toml",
            "theory.exit is set twice, by theory=constant and by theory=other.toml; keep one of the two",
        ),
        (
            "--theory tired.toml --theory repeated.toml",
            "theory names the theory repeated.toml, whose parameter tiredness_weight the theory tired has too, so that \
             own.tiredness_weight would mean both; give it another name in one of the files",
        ),
        (
            "--theory tired.toml --theory more/tired.toml",
            "theory names the theory more/tired.toml, and another file of the name tired.toml is named too; rename one of \
             the two",
        ),
    ] {
        let snapshot = folder.snapshot(&format!("run one-village {given}"));
        assert!(snapshot.starts_with("exit 1\n") && snapshot.contains(told), "{snapshot}");
    }
    // In a scenario's own file, with its line.
    let scenario = |theories: &str| {
        format!("format = 1\nextends = \"one-village\"\nid = \"mine\"\ndays = 20\n[theory]\nfile = {theories}\n")
    };
    fs_err::create_dir(folder.path().join("mine")).unwrap();
    write(&folder, "mine/tired.toml", TIRED);
    write(&folder, "mine/other.toml", &TIRED.replace("name = \"tired\"", "name = \"other\""));
    write(&folder, "mine/repeated.toml", REPEATED);
    write(&folder, "mine/scenario.toml", &scenario("[\"tired.toml\", \"other.toml\"]"));
    let told = folder.snapshot("check ./mine");
    assert!(
        told.contains(
            "scenario.toml:6: theory.file names the theory other, which fills the slot of exit, as the theory tired does; \
             give one theory for each slot"
        ),
        "{told}"
    );
    write(&folder, "mine/scenario.toml", &scenario("[\"tired.toml\", \"repeated.toml\"]"));
    output(&folder, "run ./mine -q --out of-scenario");
    write(&folder, "repeated.toml", REPEATED);
    output(&folder, "run one-village -q --days 20 --theory tired.toml --theory repeated.toml --out of-options");
    assert_eq!(digests(&folder, "of-scenario"), digests(&folder, "of-options"));
    let verified = output(&folder, "verify of-scenario");
    assert!(verified.contains("equal"), "{verified}");
}

#[test]
fn a_start_is_written_once_and_runs() {
    let folder = Folder::new();
    output(&folder, "theories new mine --from conviction");
    let text = read(&folder, "mine.toml");
    assert!(text.contains("name = \"mine\"") && text.contains("#[[block]]"), "{text}");
    let again = folder.snapshot("theories new mine --from full");
    assert!(again.contains("error: mine.toml is there already; name another file with --out, or remove it"), "{again}");
    assert_eq!(read(&folder, "mine.toml"), text);
    let unknown = folder.snapshot("theories new other --from bayes");
    assert!(unknown.contains("there is no theory \"bayes\" to start from; theories are conviction,"), "{unknown}");
    output(&folder, "run one-village -q --days 20 --theory mine.toml --out own");
    output(&folder, "run one-village -q --days 20 --theory conviction --out built-in");
    assert_eq!(digests(&folder, "own"), digests(&folder, "built-in"));
}

#[test]
fn theories_of_files_stand_beside_those_of_the_engine() {
    let folder = Folder::new();
    write(&folder, "tired.toml", TIRED);
    let rows = json(&output(
        &folder,
        "theories one-village --replicates 2 --theory tired.toml --theory own_safety_first --format json",
    ));
    let exits: Vec<&str> = rows.as_array().unwrap().iter().filter_map(|row| row["exit"].as_str()).collect();
    assert_eq!(exits[exits.len() - 2..], ["tired", "own_safety_first"]);
    let own = output(&folder, "parameters own. --theory tired.toml");
    assert!(own.contains("own.tiredness_weight") && own.contains("Rise of the log-hazard"), "{own}");
    let compared = output(
        &folder,
        "compare one-village --theory tired.toml --set days=30 --set-b own.tiredness_weight=0 --outcome desertions -n 4",
    );
    assert!(compared.contains("own.tiredness_weight"), "{compared}");
    // Under every theory, in which nothing is left of a parameter of one's own.
    let everywhere = output(
        &folder,
        "compare one-village --theory tired.toml --set days=20 --set-b own.tiredness_weight=0 --outcome desertions -n 5 \
         --theories",
    );
    assert!(everywhere.contains("desertions"), "{everywhere}");
}

#[test]
fn mistakes_in_theories_are_told_with_line_and_column() {
    let folder = Folder::new();
    write(&folder, "tired.toml", &TIRED.replace("(1 - unit_kin)", "(1 - unit_kinn)"));
    let told = folder.snapshot("run one-village --theory tired.toml");
    assert!(
        told.contains(
            "tired.toml:25: block[0].all at column 44 names \"unit_kinn\", which is neither a quantity nor a name of this \
             file; did you mean \"unit_kin\"?"
        ),
        "{told}"
    );
    write(&folder, "tired.toml", &format!("{TIRED}bound = 0.1\n"));
    let told = folder.snapshot("run one-village --days 60 --theory tired.toml --out bounded");
    assert!(
        told.contains("the bound of the block \"tiredness\" of the theory tired, on line 22 of its file, doesn't hold")
            && told.contains("state a higher bound, or leave it out and the bound is derived")
            && told.starts_with("exit 1\n")
            && !told.contains("bug"),
        "{told}"
    );
}

fn setup(theory: &str, changes: &[&str]) -> Setup {
    let mut setup = load("one-village").unwrap().setup;
    setup.n_days = 60;
    for change in [&[&format!("theory={theory}")[..]], changes].concat() {
        apply_change(&mut setup, change).unwrap_or_else(|error| panic!("{change}: {error}"));
    }
    setup
}

/// Exits of some replicates, in a war in which many leave.
fn exits(mut setup: Setup) -> u32 {
    apply_change(&mut setup, "exits.desertion_per_month=0.15").unwrap();
    exits_of(setup, 6)
}

/// Exits of some replicates.
fn exits_of(setup: Setup, n_replicates: u32) -> u32 {
    let world = World::build(setup);
    let of_one = |replicate| {
        let mut model = Model::new(&world, replicate);
        while !model.is_finished() {
            model.step();
        }
        let records: Records = model.into_records().unwrap();
        records.allegiance.rows().filter(|row| ExitKind::ALL.iter().any(|exit| exit.turn() == row.kind)).count() as u32
    };
    (0..n_replicates).map(of_one).sum()
}

/// Exits with the first changes and with the second, on the same seeds.
fn pair(theory: &str, before: &[&str], after: &[&str]) -> [u32; 2] {
    [before, after].map(|changes| exits(setup(theory, changes)))
}

/// The published signs at the rates as they are, in which few leave.
#[test]
fn the_signs_of_the_literature_hold_at_the_usual_rates() {
    let usual = |theory: &str, changes: &[&str]| f64::from(exits_of(setup(theory, changes), 120));
    let groups = load("one-village").unwrap().setup.groups;
    let each =
        |text: &str| -> Vec<String> { groups.iter().map(|group| format!("groups.{}.{text}", group.id)).collect() };
    let with =
        |theory: &str, changes: &[String]| usual(theory, &changes.iter().map(String::as_str).collect::<Vec<_>>());
    let alike =
        ["mechanisms.entry=true", "entry.hazard_ratio=1", "entry.conviction_loss=0"].map(str::to_owned).to_vec();
    let willing = with("trust_among_comrades", &alike);
    let mixed = with("trust_among_comrades", &[alike, each("forced_share=0.6")].concat());
    assert!(mixed > 1.2 * willing, "{willing} exits among the willing, {mixed} among the mixed");
    let afraid = usual("own_safety_first", &[]);
    let unmoved = usual("own_safety_first", &["own.danger_weight=0"]);
    let settled = usual("own_safety_first", &["own.grievance_weight=0"]);
    assert!(afraid > unmoved && afraid - unmoved > afraid - settled, "{afraid}, {unmoved} without danger, {settled}");
    let poor = with("participation_and_incentive", &each("pay_usd_per_month=50"));
    let rich = with("participation_and_incentive", &each("pay_usd_per_month=200"));
    assert!(poor > 1.08 * rich, "{poor} exits at low pay, {rich} at high pay");
}

/// `McLauchlin` (2020): where many were made to come, men trust each other less and leave more.
#[test]
fn men_leave_units_in_which_they_cannot_trust_their_comrades() {
    // Forced men are like others, so that trust alone is left.
    let alike = ["mechanisms.entry=true", "entry.hazard_ratio=1", "entry.conviction_loss=0"];
    let forced: Vec<String> = load("one-village")
        .unwrap()
        .setup
        .groups
        .iter()
        .map(|group| format!("groups.{}.forced_share=0.6", group.id))
        .collect();
    let forced: Vec<&str> = forced.iter().map(String::as_str).collect();
    let [willing, mixed] = pair("trust_among_comrades", &alike, &[&alike[..], &forced].concat());
    assert!(f64::from(mixed) > 1.3 * f64::from(willing), "{willing} exits among the willing, {mixed} among the mixed");
    // The sign is the theory's: without the weight nothing is left of it.
    let off = [&alike[..], &["own.trust_weight=0"]].concat();
    let [willing, mixed] = pair("trust_among_comrades", &off, &[&off[..], &forced].concat());
    assert!(f64::from(mixed.abs_diff(willing)) < 0.1 * f64::from(willing), "{willing}, {mixed}");
}

/// Albrecht & Koehler (2018): losses of the own unit make men leave, and more than grievance does.
#[test]
fn men_leave_when_comrades_fall_more_than_for_grievance() {
    let [unmoved, afraid] = pair("own_safety_first", &["own.danger_weight=0"], &[]);
    let [settled, aggrieved] = pair("own_safety_first", &["own.grievance_weight=0"], &[]);
    assert!(afraid > unmoved && aggrieved >= settled, "{unmoved} {afraid} {settled} {aggrieved}");
    assert!(afraid - unmoved > aggrieved - settled, "{unmoved} {afraid} {settled} {aggrieved}");
}

/// Gates (2002): who is paid less than he would get outside leaves, and closer supervision keeps men.
#[test]
fn men_leave_when_pay_falls_and_stay_where_they_are_watched() {
    let groups = load("one-village").unwrap().setup.groups;
    let pay = |usd: u32| -> Vec<String> {
        groups.iter().map(|group| format!("groups.{}.pay_usd_per_month={usd}", group.id)).collect()
    };
    let (low, high) = (pay(50), pay(200));
    let [low, high] = [&low, &high].map(|changes| changes.iter().map(String::as_str).collect::<Vec<&str>>());
    let [poor, rich] = pair("participation_and_incentive", &low, &high);
    assert!(f64::from(poor) > 1.3 * f64::from(rich), "{poor} exits at low pay, {rich} at high pay");
    let [unwatched, watched] =
        pair("participation_and_incentive", &["deterrence.perceived_risk=0.05"], &["deterrence.perceived_risk=0.9"]);
    assert!(unwatched > watched, "{unwatched} exits where punishment is seldom, {watched} where it's sure");
}

/// What a war leaves under a setup.
fn records_of(setup: Setup) -> Records {
    let world = World::build(setup);
    let mut model = Model::new(&world, 0);
    while !model.is_finished() {
        model.step();
    }
    model.into_records().unwrap()
}

/// A war of some days with every mechanism.
fn whole_war(theory: &str, n_days: u32) -> Setup {
    let mut setup = setup(theory, &[]);
    setup.n_days = n_days;
    for &mechanism in Mechanism::ALL {
        setup.switches.set(mechanism, true);
    }
    setup
}

/// The shipped files of the engine's theories are those theories, to the bit, in a war with every mechanism.
#[test]
fn shipped_theories_of_the_engine_are_theirs_to_the_bit() {
    for &exit in ExitTheory::ALL {
        let built_in = whole_war(exit.word(), 25);
        let mut own = built_in.clone();
        own.own_theories = vec![allegiance_scenario::load_theory(exit.word()).unwrap()];
        assert_eq!(ActiveBlocks::of_setup(&own).blocks().count(), ActiveBlocks::of(exit).blocks().count());
        assert_eq!(records_of(own), records_of(built_in), "{}", exit.word());
    }
    let mut all: Vec<Records> = Vec::new();
    for &belief in BeliefTheory::ALL {
        let built_in = whole_war(belief.word(), 40);
        let mut own = built_in.clone();
        own.theory.belief =
            if belief == BeliefTheory::Fixed { BeliefTheory::DirectExperience } else { BeliefTheory::Fixed };
        own.own_theories = vec![allegiance_scenario::load_theory(belief.word()).unwrap()];
        let records = records_of(own);
        assert_eq!(records, records_of(built_in), "{}", belief.word());
        assert!(!all.contains(&records), "{} is another's war", belief.word());
        all.push(records);
    }
}

/// The engine's own rules of the other slots in words.
#[test]
fn shipped_rules_of_the_engine_are_its_own_to_the_bit() {
    for (name, slot) in [("engine_destination", Slot::Destination), ("engine_voice", Slot::Voice)] {
        for exit in ["full", "conviction", "constant"] {
            let mut built_in = whole_war(exit, 60);
            for change in ["exits.desertion_per_month=0.15", "voice.p_voice_kin_killed=0.6"] {
                apply_change(&mut built_in, change).unwrap();
            }
            let mut own = built_in.clone();
            own.own_theories = vec![allegiance_scenario::load_theory(name).unwrap()];
            assert_eq!(own.own_theories[0].slots(), [slot]);
            let is_same = records_of(own) == records_of(built_in);
            // Under constant the engine chooses by its two constants alone.
            assert_eq!(is_same, (slot, exit) != (Slot::Destination, "constant"), "{name} under {exit}");
        }
    }
}

/// The rule of joining in words draws its candidates below another bound: as many join, not the same.
#[test]
fn the_shipped_rule_of_joining_lets_as_many_join_as_the_engine_does() {
    let joined = |own: bool| {
        let mut setup = load("one-village").unwrap().setup;
        // Where it runs, the engine knows how hopeful each man is.
        setup.switches.set(Mechanism::Expectation, false);
        setup.own_theories =
            own.then(|| allegiance_scenario::load_theory("engine_joining").unwrap()).into_iter().collect();
        let world = World::build(setup);
        let of_one = |replicate| {
            let mut model = Model::new(&world, replicate);
            while !model.is_finished() {
                model.step();
            }
            count(&model.into_records().unwrap(), |row| row.kind == AllegianceKind::Join)
        };
        (0..60).map(of_one).sum::<usize>() as f64
    };
    let (of_engine, of_file) = (joined(false), joined(true));
    // Counts of joiners vary more than Poisson's; four of its standard deviations are well within a tenth here.
    assert!(of_engine > 1_000.0 && (of_engine - of_file).abs() < 0.1 * of_engine, "{of_engine} and {of_file}");
}

/// A theory that says a slot's rules and nothing else.
fn rules(slot: &str, rules: &str) -> OwnTheory {
    let text = format!(
        "format = 1\nname = \"mine\"\nauthors = \"A. Author\"\ncitation = \"none\"\nabout = \"One slot.\"\n[{slot}]\n{rules}\n"
    );
    parse_theory("mine.toml", &text).unwrap_or_else(|error| panic!("{rules}: {error}"))
}

/// A long war with every mechanism and many exits and complaints, under rules of one slot.
fn war_of_rules(slot: &str, said: &str) -> Records {
    let mut setup = whole_war("full", 60);
    for change in ["exits.desertion_per_month=0.15", "voice.p_voice_kin_killed=0.6", "voice.p_voice_home_attacked=0.3"]
    {
        apply_change(&mut setup, change).unwrap();
    }
    if !said.is_empty() {
        setup.own_theories = vec![rules(slot, said)];
    }
    records_of(setup)
}

fn count(records: &Records, is_meant: impl Fn(&Allegiance) -> bool) -> usize {
    records.allegiance.rows().filter(is_meant).count()
}

#[test]
fn a_rule_of_belief_acts() {
    let steady = war_of_rules("belief", "conviction = 3");
    assert!(steady.exposures.rows().count() > 50);
    assert!(steady.exposures.rows().all(|row| row.conviction_before.to_bits() == 3.0_f64.to_bits()
        && row.conviction_after.to_bits() == 3.0_f64.to_bits()));
    let seen = war_of_rules("belief", "conviction = \"1 - claim_evidence\"");
    assert!(seen.exposures.rows().any(|row| row.conviction_after < row.conviction_before));
    // What evenings add counts for all.
    let rising = war_of_rules("belief", "conviction = \"moved\"\ndaily = 0.1");
    let convictions: Vec<f64> = rising.exposures.rows().map(|row| row.conviction_before).collect();
    assert!(convictions.iter().any(|&conviction| conviction > 2.0), "{convictions:?}");
    // Who trusts a command that denies blames his group less.
    let blamed = |trust: &str| {
        let records = war_of_rules("belief", &format!("conviction = 1\ntrust_in_command = {trust}"));
        let at_second_hand =
            |row: &Exposure| matches!(row.channel, Channel::Kin | Channel::Village) && row.n_denials > 0;
        let heard: Vec<bool> = records.exposures.rows().filter(at_second_hand).map(|row| row.blames_group).collect();
        heard.iter().filter(|blames| **blames).count() as f64 / heard.len() as f64
    };
    assert!(blamed("1") + 0.2 < blamed("0"));
}

#[test]
fn a_rule_of_destination_acts() {
    let kinds = |said: &str| {
        let records = war_of_rules("destination", said);
        [ExitKind::Desertion, ExitKind::Defection, ExitKind::Departure]
            .map(|kind| count(&records, |row| row.hazard.is_some() && row.kind == kind.turn()))
    };
    let [_, over, abroad] = kinds("host = -20\nabroad = -20");
    let [home, many, _] = kinds("host = 5\nabroad = -20");
    assert!(many > 5 * over.max(1) && many > home, "{over} then {many} of {home} more");
    let [_, _, all_abroad] = kinds("host = -20\nabroad = 20");
    assert!(all_abroad > 10 * abroad.max(1), "{abroad}, {all_abroad}");
    // What is said of the member himself counts too.
    let [_, foreign, _] = kinds("host = \"if(is_foreign, 5, -20)\"\nabroad = -20");
    assert!(foreign < many, "{foreign} of {many}");
}

#[test]
fn a_rule_of_joining_acts() {
    let joined = |said: &str| {
        count(&war_of_rules("joining", said), |row| row.kind == AllegianceKind::Join && row.cause == Some(Cause::Own))
    };
    assert_eq!(joined("log_hazard = -30"), 0);
    let (few, many) = (joined("log_hazard = 0"), joined("log_hazard = 2"));
    assert!(few > 0 && many > 4 * few, "{few}, {many}");
    let with_kin = joined("log_hazard = \"if(clan_inside > 0, 2, -30)\"");
    assert!(with_kin > 0 && with_kin < many, "{with_kin} of {many}");
}

#[test]
fn a_rule_of_voice_acts() {
    let of = |said: &str| {
        let records = war_of_rules("voice", said);
        [
            count(&records, |row| row.kind == AllegianceKind::Voice),
            count(&records, |row| row.outcome == Some(Outcome::Accepted)),
            count(&records, |row| row.outcome == Some(Outcome::Refused)),
        ]
    };
    let ([usual, _, _], [none, _, _]) = (of(""), of("complains = 0"));
    let [all, accepted, refused] = of("complains = 1\naccepts = 1");
    assert!(none == 0 && all > usual && accepted > 0 && refused == 0, "{usual} {none} {all} {accepted} {refused}");
    let [_, accepted, refused] = of("complains = \"if(lost_kin, 1, 0.5)\"\naccepts = 0");
    assert!(accepted == 0 && refused > 0, "{accepted} {refused}");
}

#[test]
fn a_theory_of_every_slot_gives_the_same_tables_on_any_number_of_threads() {
    let folder = Folder::new();
    let text = format!(
        "{TIRED}\n[belief]\nconviction = \"conviction_on_joining - claim_evidence - 0.2 * claim_from_rivals + moved\"\n\
         daily = \"0.01 * (unit_conviction - conviction)\"\n[destination]\nhost = \"-1 + host_vouched\"\n\
         [joining]\nlog_hazard = \"group_control + 2 * min(clan_inside, 0.5)\"\n[voice]\ncomplains = \"0.5 * lost_kin\"\n"
    );
    write(&folder, "tired.toml", &text);
    let run = |out: &str, more: &str| {
        let arguments = "one-village -q --days 40 -n 4 --theory tired.toml --set mechanisms.destination=true";
        output(&folder, &format!("run {arguments} --out {out} {more}"));
        digests(&folder, out)
    };
    let one = run("one", "--threads 1");
    assert_eq!(one, run("two", "--threads 2"));
    assert_eq!(one, run("eight", "--threads 8"));
    let manifest = json(&read(&folder, "one/run.json"));
    assert_eq!(manifest["theory"]["belief"], "tired");
    let slots: Vec<&str> =
        manifest["theory"]["own"][0]["slots"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert_eq!(slots, ["belief", "exit", "destination", "joining", "voice"]);
    let verified = output(&folder, "verify one");
    assert!(verified.contains("4           equal"), "{verified}");
}

/// Recovery and tournament with theories of files among those told apart.
#[test]
fn theories_of_files_are_told_apart_from_others() {
    let folder = Folder::new();
    write(&folder, "tired.toml", TIRED);
    let small = "--draws 1000 --table table -q";
    let added = "--theory tired.toml --theory own_safety_first";
    let recovered =
        json(&output(&folder, &format!("recover one-village {added} {small} --truths 1 --fresh 0 --format json")));
    let theories = |of: &Value| -> Vec<String> {
        of.as_array().unwrap().iter().filter_map(|word| word.as_str().map(str::to_owned)).collect()
    };
    let told = theories(&recovered["results"][0]["exit"]["confusion"]["words"]);
    assert_eq!(told[told.len() - 2..], ["tired", "own_safety_first"], "{told:?}");
    output(&folder, "run one-village -q --theory tired.toml --out truth");
    let tournament = json(&output(&folder, &format!("tournament truth {added} {small} --format json")));
    let contestants = tournament["slots"][1]["contestants"].as_array().unwrap();
    let total: f64 = contestants.iter().filter_map(|one| one["posterior"].as_f64()).sum();
    assert!(contestants.len() == 9 && (total - 1.0).abs() < 1e-9, "{contestants:?}");
    // One of belief beside them, in the same study.
    write(&folder, "repeated.toml", REPEATED);
    let both = "--theory tired.toml --theory repeated.toml --draws 1000 --table both -q";
    let recovered = json(&output(&folder, &format!("recover one-village {both} --truths 1 --fresh 0 --format json")));
    let last = |slot: &str| theories(&recovered["results"][0][slot]["confusion"]["words"]).pop();
    assert_eq!((last("belief").as_deref(), last("exit").as_deref()), (Some("repeated"), Some("tired")));
    let tournament = json(&output(&folder, &format!("tournament truth {both} --format json")));
    let n_of = |slot: usize| tournament["slots"][slot]["contestants"].as_array().map(Vec::len);
    assert_eq!((n_of(0), n_of(1)), (Some(6), Some(8)));
    // Another theory of the same name is another study.
    write(&folder, "tired.toml", &TIRED.replace("0.2 * on_leave", "0.3 * on_leave"));
    let other = folder.snapshot(&format!("recover one-village {added} {small} --truths 1"));
    assert!(other.contains("theories"), "{other}");
    let twice = folder.snapshot("recover one-village --theory own_safety_first --theory own_safety_first");
    assert!(twice.contains("two theories are called own_safety_first"), "{twice}");
    write(&folder, "repeated.toml", &REPEATED.replace("repetition_weight", "danger_weight"));
    let shared = folder.snapshot("recover one-village --theory own_safety_first --theory repeated.toml");
    assert!(
        shared.contains("own_safety_first and repeated stand in one war, and both have a parameter danger_weight"),
        "{shared}"
    );
}

/// A sweep carries a theory by its file, in shards and resumed, and looks whether it is still the same.
#[test]
fn a_sweep_carries_theories_of_files() {
    let folder = Folder::new();
    write(&folder, "tired.toml", TIRED);
    let design = "format = 1\nid = \"tired\"\ntitle = \"Tired\"\nscenario = \"one-village\"\nsampler = \"latin_hypercube\"\nrows = 6\n\
                  replicates = 2\nset = [\"days=20\", \"theory=tired.toml\"]\noutcomes = [\"desertions\"]\n\
                  [[factors]]\nkey = \"own.tiredness_weight\"\n";
    write(&folder, "design.toml", design);
    output(&folder, "sweep design.toml --out whole -q --threads 2");
    for shard in ["1/2", "2/2"] {
        output(&folder, &format!("sweep design.toml --out parts --shard {shard} -q"));
    }
    output(&folder, "sweep design.toml --out parts --merge -q");
    for name in ["rows.parquet", "design.json"] {
        let bytes = |of: &str| fs_err::read(folder.path().join(of).join(name)).unwrap();
        assert!(bytes("parts") == bytes("whole"), "{name} differs");
    }
    // The folder holds the theory, and says by its digest which it was.
    assert_eq!(read(&folder, "whole/theories/tired.toml"), TIRED);
    let digest = json(&read(&folder, "whole/design.json"))["theories"]["theories/tired.toml"].clone();
    assert_eq!(digest.as_str().map(str::len), Some(64), "{digest}");
    // Rivals as values of a factor, each from its file.
    write(&folder, "repeated.toml", REPEATED);
    let rivals = design
        .replace("latin_hypercube\"\nrows = 6", "grid\"")
        .replace("key = \"own.tiredness_weight\"", "key = \"theory\"\nvalues = [\"repeated.toml\", \"fixed\"]");
    write(&folder, "rivals.toml", &rivals);
    output(&folder, "sweep rivals.toml --out rivals -q");
    assert_eq!(read(&folder, "rivals/theories/repeated.toml"), REPEATED);
    assert_eq!(json(&read(&folder, "rivals/design.json"))["n_failed"], 0);
    // What a killed sweep leaves isn't gone on with under another theory of the same name.
    fs_err::create_dir_all(folder.path().join("again.partial")).unwrap();
    write(&folder, "again.partial/partial.json", &read(&folder, "whole/design.json"));
    write(&folder, "tired.toml", &TIRED.replace("0.2 * on_leave", "0.3 * on_leave"));
    let refused = folder.snapshot("sweep design.toml --out again --resume -q");
    assert!(refused.starts_with("exit 3\n--- stdout\n--- stderr\nerror: again.partial holds another"), "{refused}");
    write(&folder, "tired.toml", TIRED);
    output(&folder, "sweep design.toml --out again --resume -q");
    let bytes = |of: &str| fs_err::read(folder.path().join(of).join("rows.parquet")).unwrap();
    assert!(bytes("again") == bytes("whole"), "the bytes differ");
}

#[test]
fn an_experiment_and_a_calibration_take_theories_of_files() {
    let folder = Folder::new();
    write(&folder, "tired.toml", TIRED);
    let experiment = "format = 1\nid = \"rest\"\ntitle = \"Rest\"\nquestion = \"Does tiredness matter?\"\nscenario = \"one-village\"\n\
                      set = [\"days=20\", \"theory=tired.toml\"]\nbaseline = \"tired\"\noutcomes = [\"desertions\"]\n\
                      [precision]\noutcome = \"desertions\"\nhalf_width = 1000\nbatch = 3\nmin = 3\nmax = 6\n\
                      [[arms]]\nid = \"tired\"\ntitle = \"As it is\"\n\
                      [[arms]]\nid = \"rested\"\ntitle = \"Nobody tires\"\nset = [\"own.tiredness_weight=0\"]\n\
                      [[arms]]\nid = \"safe\"\ntitle = \"Another theory\"\nset = [\"theory=own_safety_first\"]\n";
    write(&folder, "experiment.toml", experiment);
    let told = output(&folder, "experiment experiment.toml -q --out trial");
    assert!(told.contains("rested") && told.contains("safe"), "{told}");
    assert!(read(&folder, "trial/experiment.toml").contains("theory=tired.toml"));
    // What is gone on with is told by the theories' digests too.
    let work = |out: &str| json(&read(&folder, &format!("{out}/experiment.json")))["work_digest"].clone();
    write(&folder, "tired.toml", &TIRED.replace("0.2 * on_leave", "0.3 * on_leave"));
    output(&folder, "experiment experiment.toml -q --out other");
    assert_ne!(work("trial"), work("other"));
    write(&folder, "tired.toml", TIRED);
    // A case of its own, and a parameter of the theory that is moved.
    fs_err::create_dir(folder.path().join("own")).unwrap();
    write(
        &folder,
        "own/scenario.toml",
        "format = 1\nextends = \"one-village\"\nid = \"own\"\ndays = 16\ncase = \"patterns.toml\"\n",
    );
    write(
        &folder,
        "own/patterns.toml",
        "format = 1\ntitle = \"Two weeks\"\nabout = \"an invented fortnight\"\nparameters = [\"exits.desertion_per_month\"]\n\
         [[patterns]]\nid = \"Q2\"\nname = \"quiet desertions\"\nkind = \"quiet_desertions\"\nlow = 0.004\nhigh = 0.015\n\
         source = \"invented\"\n",
    );
    let calibrate =
        "calibrate ./own --theory tired.toml --parameter own.tiredness_weight --budget 64 --particles 32 -q --out fit";
    let told = json(&output(&folder, &format!("{calibrate} --format json")));
    assert_eq!(told["calibration"]["exit"], "tired");
    assert!(told["calibration"]["parameters"].to_string().contains("own.tiredness_weight"), "{told}");
    let again = json(&output(&folder, &format!("{calibrate} --format json --threads 1")));
    assert_eq!(again["calibration"], told["calibration"]);
    write(&folder, "tired.toml", &TIRED.replace("0.2 * on_leave", "0.3 * on_leave"));
    let refused = folder.snapshot(calibrate);
    assert!(refused.contains("setup_digest"), "{refused}");
}

/// The key of a slot takes a theory that fills it, from a file as by its word.
#[test]
fn a_slot_is_not_given_a_theory_of_another() {
    let folder = Folder::new();
    write(&folder, "exit.toml", TIRED);
    write(&folder, "belief.toml", REPEATED);
    for slot in ["destination", "joining", "voice"] {
        let text = allegiance_scenario::theory_text(&format!("engine_{slot}")).unwrap();
        write(&folder, &format!("{slot}.toml"), &text);
    }
    let design = |change: &str| {
        format!(
            "format = 1\nid = \"d\"\ntitle = \"D\"\nscenario = \"one-village\"\nset = [\"days=3\"]\nsampler = \"grid\"\n\
             replicates = 1\noutcomes = [\"deaths\"]\n[[factors]]\n{change}\n"
        )
    };
    for key in ["exit", "belief"] {
        for file in ["exit", "belief", "destination", "joining", "voice"] {
            let change = format!("theory.{key}={file}.toml");
            let told = folder.snapshot(&format!("run one-village --days 3 -q --out {key}-{file} --set {change}"));
            if key == file {
                assert!(told.starts_with("exit 0\n"), "{change}: {told}");
                continue;
            }
            let message = format!(
                "theory.{key} names the theory {file}.toml, which is one of {file}; must be one of {key}; \
                 theory={file}.toml puts it where it belongs"
            );
            assert_eq!(told, format!("exit 1\n--- stdout\n--- stderr\nerror: {message}\n"));
            write(&folder, "design.toml", &design(&format!("key = \"theory.{key}\"\nvalues = [\"{file}.toml\"]")));
            let told = folder.snapshot("sweep design.toml -q");
            assert!(told.starts_with("exit 1\n") && told.contains(&message), "{change}: {told}");
        }
    }
    // What fills more than the slot of the key is put whole.
    let both = format!("{TIRED}\n[belief]\nconviction = \"conviction_on_joining\"\n");
    write(&folder, "both.toml", &both);
    for key in ["exit", "belief"] {
        output(&folder, &format!("run one-village --days 3 -q --out both-{key} --set theory.{key}=both.toml"));
    }
}

/// Whatever a file names lies beside it: a scenario as a theory.
#[test]
fn theories_lie_beside_the_file_that_names_them() {
    let folder = Folder::new();
    for name in ["designs", "bases"] {
        fs_err::create_dir(folder.path().join(name)).unwrap();
    }
    let design = "format = 1\nid = \"d\"\ntitle = \"D\"\nscenario = \"one-village\"\nset = [\"days=3\", \"theory=tired.toml\"]\n\
                  sampler = \"grid\"\nreplicates = 1\noutcomes = [\"deaths\"]\n\
                  [[factors]]\nkey = \"theory\"\nvalues = [\"repeated.toml\", \"fixed\"]\n";
    let base = "format = 1\nid = \"e\"\ntitle = \"E\"\nquestion = \"Why?\"\nscenario = \"one-village\"\n\
                set = [\"days=3\", \"theory=tired.toml\"]\noutcomes = [\"deaths\"]\n\
                [precision]\nbatch = 2\nmin = 2\nmax = 2\n[robustness]\ntheories = false\nprior_draws = 0\n\
                [[arms]]\nid = \"a\"\ntitle = \"A\"\n\
                [[arms]]\nid = \"b\"\ntitle = \"B\"\nset = [\"theory=repeated.toml\"]\n";
    write(&folder, "designs/design.toml", design);
    write(&folder, "bases/base.toml", base);
    write(&folder, "designs/more.toml", "format = 1\nextends = \"../bases/base.toml\"\nid = \"more\"\n");
    // In the working folder they aren't looked for.
    write(&folder, "tired.toml", TIRED);
    write(&folder, "repeated.toml", REPEATED);
    for (command, missing) in [
        ("sweep designs/design.toml", "designs/tired.toml"),
        ("experiment bases/base.toml", "bases/tired.toml"),
        ("experiment designs/more.toml", "designs/../bases/tired.toml"),
    ] {
        let told = folder.snapshot(&format!("{command} -q"));
        let message = format!("names the theory tired.toml, and there is no file {missing} beside what names it");
        assert!(told.starts_with("exit 1\n") && told.contains(&message), "{command}: {told}");
    }
    let nowhere = folder.snapshot("run one-village --theory nowhere.toml -q");
    assert!(nowhere.contains("names the theory nowhere.toml, and no such file is in the working folder"), "{nowhere}");
    for name in ["tired.toml", "repeated.toml"] {
        for beside in ["designs", "bases"] {
            fs_err::copy(folder.path().join(name), folder.path().join(beside).join(name)).unwrap();
        }
        fs_err::remove_file(folder.path().join(name)).unwrap();
    }
    output(&folder, "sweep designs/design.toml -q --out swept");
    assert_eq!(read(&folder, "swept/theories/repeated.toml"), REPEATED);
    for file in ["bases/base.toml", "designs/more.toml"] {
        let told = output(&folder, &format!("experiment {file} -q --overwrite --out tried"));
        assert!(told.contains("deaths"), "{told}");
    }
}

/// An arm's theory is the one of the start, whatever becomes of its file, and two files of one name are told.
#[test]
fn an_experiment_takes_several_theories_of_files() {
    let folder = Folder::new();
    write(&folder, "tired.toml", TIRED);
    write(&folder, "repeated.toml", REPEATED);
    let experiment = "format = 1\nid = \"e\"\ntitle = \"E\"\nquestion = \"Why?\"\nscenario = \"one-village\"\n\
                      set = [\"days=5\"]\noutcomes = [\"desertions\"]\n\
                      [precision]\nbatch = 2\nmin = 2\nmax = 2\n[robustness]\nreplicates = 2\nprior_draws = 2\nprior_replicates = 1\n\
                      [[arms]]\nid = \"a\"\ntitle = \"A\"\n\
                      [[arms]]\nid = \"b\"\ntitle = \"B\"\nset = [\"theory=tired.toml\", \"theory=repeated.toml\"]\n\
                      [[arms]]\nid = \"c\"\ntitle = \"C\"\nset = [\"theory=repeated.toml\", \"own.repetition_weight=1\"]\n";
    write(&folder, "experiment.toml", experiment);
    let told = json(&output(&folder, "experiment experiment.toml -q --format json --out inside"));
    assert_eq!(told["arms"].as_array().map(Vec::len), Some(3), "{told:#}");
    // Both in every arm, from the command line.
    let plain = experiment.split("[[arms]]\nid = \"b\"").next().unwrap().to_owned()
        + "[[arms]]\nid = \"b\"\ntitle = \"B\"\nset = [\"own.tiredness_weight=0\", \"own.repetition_weight=0\"]\n";
    write(
        &folder,
        "plain.toml",
        &plain.replace("set = [\"days=5\"]", "set = [\"days=5\", \"theory=tired.toml\", \"theory=repeated.toml\"]"),
    );
    output(&folder, "experiment plain.toml -q --out plain");
    // An arm that names the theories of the baseline is the baseline, whatever is drawn.
    let both = "--theory tired.toml --theory repeated.toml";
    let told = json(&output(&folder, &format!("experiment experiment.toml {both} -q --format json --out same")));
    let same = &told["differences"][0];
    let drawn = &same["agreement"]["priors"];
    assert_eq!((&same["arm"], &drawn["n_same"]), (&Value::from("b"), &Value::from(2)), "{drawn:#}");
    fs_err::create_dir(folder.path().join("more")).unwrap();
    write(&folder, "more/tired.toml", &TIRED.replace("0.2 * on_leave", "0.3 * on_leave"));
    let twice = folder.snapshot("experiment experiment.toml --theory more/tired.toml -q --out twice");
    assert!(
        twice.starts_with("exit 1\n") && twice.contains("another file of the name tired.toml is named too"),
        "{twice}"
    );
}
