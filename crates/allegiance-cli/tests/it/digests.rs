//! The tables of every shipped scenario under every theory, held by a committed
//! file of digests: `digests.tsv`. A change of structure leaves each of them equal;
//! a change that moves one is meant, is listed in CHANGELOG.md, and is blessed with
//! `ALLEGIANCE_BLESS=1 cargo test --profile ci -p allegiance-cli digests`.

use std::convert::Infallible;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Mutex;

use allegiance_model::World;
use allegiance_model::setup::{BeliefTheory, ExitTheory};
use allegiance_model::tables::Records;
use allegiance_record::digest::digest_of_table;
use allegiance_record::tabulator::Tabulator;
use allegiance_replay::Silent;
use allegiance_runs::replicates::run_replicates;
use allegiance_scenario::load;

use crate::program::Folder;

/// Hexadecimal digits of a digest that the file keeps.
const N_DIGITS: usize = 12;

/// One simulated history.
struct Case {
    scenario: &'static str,
    n_days: u32,
    belief: BeliefTheory,
    exit: ExitTheory,
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for &belief in BeliefTheory::ALL {
        for &exit in ExitTheory::ALL {
            cases.push(Case { scenario: "one-village", n_days: 60, belief, exit });
        }
    }
    for &exit in ExitTheory::ALL {
        cases.push(Case {
            scenario: "one-village-observed",
            n_days: 60,
            belief: BeliefTheory::SourceCredibility,
            exit,
        });
        cases.push(Case { scenario: "north-syria-2014", n_days: 45, belief: BeliefTheory::SourceCredibility, exit });
    }
    for &belief in BeliefTheory::ALL {
        cases.push(Case { scenario: "north-syria-2014", n_days: 90, belief, exit: ExitTheory::Full });
    }
    cases.push(Case { scenario: "syria", n_days: 60, belief: BeliefTheory::SourceCredibility, exit: ExitTheory::Full });
    for (scenario, n_days) in
        [("sierra-leone-1991-2002", 365), ("darfur-2003-04", 300), ("pakistan-2009", 60), ("nigeria-2014", 120)]
    {
        cases.push(Case { scenario, n_days, belief: BeliefTheory::SourceCredibility, exit: ExitTheory::Full });
    }
    for &belief in BeliefTheory::ALL {
        cases.push(Case { scenario: "cut-off-garrison", n_days: 60, belief, exit: ExitTheory::Full });
    }
    cases
}

/// Scenario, days, theories, and a digest for each table.
fn line(folder: &Folder, case: &Case) -> String {
    let Case { scenario, n_days, belief, exit } = case;
    let (belief, exit) = (belief.word(), exit.word());
    let arguments = format!(
        "run {scenario} -q --overwrite --days {n_days} --theory {belief} --theory {exit} --threads 1 --out run"
    );
    let output = folder.output(&arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
    let manifest = fs_err::read_to_string(folder.path().join("run/run.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    let mut line = format!("{scenario}\t{n_days}\t{belief}\t{exit}");
    for (table, entry) in manifest["tables"].as_object().unwrap() {
        write!(line, "\t{table}={}", &entry["digests"][0].as_str().unwrap()[..N_DIGITS]).unwrap();
    }
    line
}

#[test]
fn the_tables_of_the_shipped_scenarios_are_those_of_the_committed_digests() {
    let folder = Folder::new();
    let found: Vec<String> = cases().iter().map(|case| line(&folder, case)).collect();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/digests.tsv");
    if std::env::var_os("ALLEGIANCE_BLESS").is_some() {
        fs_err::write(&path, found.join("\n") + "\n").unwrap();
    }
    let committed = fs_err::read_to_string(&path).unwrap();
    let committed: Vec<&str> = committed.lines().collect();
    assert_eq!(found.len(), committed.len(), "other cases than the committed ones");
    let mut differences = String::new();
    for (found, committed) in found.iter().zip(committed) {
        let case: Vec<&str> = found.split('\t').take(4).collect();
        let tables: Vec<&str> = found
            .split('\t')
            .filter(|cell| !committed.split('\t').any(|other| other == *cell))
            .map(|cell| cell.split('=').next().unwrap())
            .collect();
        if !tables.is_empty() {
            writeln!(differences, "{}: {}", case.join(" "), tables.join(", ")).unwrap();
        }
    }
    assert!(differences.is_empty(), "tables that aren't those of the committed digests:\n{differences}");
}

/// The digests of a replicate's tables, worked out by so many threads.
fn digests_on(world: &World, threads: usize) -> Vec<String> {
    let tabulator = Tabulator::new(&world.setup, &world.setup.observation);
    let found: Mutex<Vec<String>> = Mutex::new(Vec::new());
    let sink = |replicate: u32, records: Records| -> Result<(), Infallible> {
        let tables = tabulator.tables(records, replicate);
        found.lock().unwrap().extend(tables.iter().map(digest_of_table));
        Ok(())
    };
    run_replicates(world, &[0], threads, &Silent, &sink).unwrap();
    found.into_inner().unwrap()
}

#[test]
fn one_replicate_is_the_same_on_any_number_of_threads() {
    let cases: [(&str, &[&str]); 5] = [
        // The men whom groups can raise are limited there.
        ("north-syria-2014", &["days=25"]),
        ("darfur-2003-04", &["days=60"]),
        ("nigeria-2014", &["days=40"]),
        ("north-syria-2014", &["days=12", "theory=constant", "theory=fixed"]),
        ("syria", &["days=8"]),
    ];
    for (scenario, changes) in cases {
        let mut loaded = load(scenario).unwrap();
        for change in changes {
            loaded.change(&[(*change).to_owned()]).unwrap();
        }
        let world = World::build(loaded.setup);
        let alone = digests_on(&world, 1);
        assert!(alone.len() > 5);
        for threads in [2, 8, 16] {
            assert_eq!(digests_on(&world, threads), alone, "{scenario} {changes:?} on {threads} threads");
        }
    }
}
