//! Theories in files, from the command line: started, run, resumed, told, and what is said of mistakes;
//! and those of the literature with their published signs.

use crate::program::Folder;
use allegiance_model::exits::ActiveBlocks;
use allegiance_model::setup::{ExitTheory, Mechanism, Setup};
use allegiance_model::tables::{ExitKind, Records};
use allegiance_model::{Model, World};
use allegiance_scenario::{apply_change, load};
use serde_json::Value;

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
    assert_eq!(manifest["theory"]["own"]["own_blocks"]["tiredness"], "tired of the war");
    assert_eq!(manifest["theory"]["own"]["digest"].as_str().map(str::len), Some(64));
    // The run holds the theory, and is simulated again from that.
    fs_err::remove_file(folder.path().join("tired.toml")).unwrap();
    let verified = output(&folder, "verify one");
    assert!(verified.contains("4           equal"), "{verified}");
    let summary = read(&folder, "one/summary.txt");
    assert!(summary.contains("exit tired") && summary.contains("tired of the war"), "{summary}");
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
    let world = World::build(setup);
    let of_one = |replicate| {
        let mut model = Model::new(&world, replicate);
        while !model.is_finished() {
            model.step();
        }
        let records: Records = model.into_records().unwrap();
        records.allegiance.rows().filter(|row| ExitKind::ALL.iter().any(|exit| exit.turn() == row.kind)).count() as u32
    };
    (0..6).map(of_one).sum()
}

/// Exits with the first changes and with the second, on the same seeds.
fn pair(theory: &str, before: &[&str], after: &[&str]) -> [u32; 2] {
    [before, after].map(|changes| exits(setup(theory, changes)))
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

/// The shipped files of the engine's theories are those theories, to the bit, in a war with every mechanism.
#[test]
fn shipped_theories_of_the_engine_are_theirs_to_the_bit() {
    for &exit in ExitTheory::ALL {
        let mut built_in = setup(exit.word(), &[]);
        built_in.n_days = 25;
        for &mechanism in Mechanism::ALL {
            built_in.switches.set(mechanism, true);
        }
        let mut own = built_in.clone();
        own.own_theory = Some(allegiance_scenario::load_theory(exit.word()).unwrap());
        let run = |setup: Setup| {
            let world = World::build(setup);
            let mut model = Model::new(&world, 0);
            while !model.is_finished() {
                model.step();
            }
            model.into_records().unwrap()
        };
        assert_eq!(ActiveBlocks::of_setup(&own).blocks().count(), ActiveBlocks::of(exit).blocks().count());
        assert_eq!(run(own), run(built_in), "{}", exit.word());
    }
}
