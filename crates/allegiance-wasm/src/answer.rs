//! One replicate of a scenario, from a request to its tables and views.

use allegiance_model::setup::Setup;
use allegiance_model::tables::Records;

use allegiance_record::nothing::NothingDiffers;
use allegiance_record::setting::Setting;
use allegiance_record::setup_differences::setup_differences;
use allegiance_record::table::{OutputCells, OutputColumn, OutputKind, TableData};
use allegiance_scenario::{LoadScenarioError, Scenario, ScenarioFile, builtin, load, load_files};
use allegiance_show::setup_differences::other_worlds_in_words;
use allegiance_show::view::{History, Overview, Pair, PairInput, digest_of_war};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::running::Running;

/// What to simulate.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// A scenario that comes with the engine; with files, only what theirs is called.
    pub scenario: String,
    /// The files of a scenario by name, as those of a run; none for one that comes with the
    /// engine.
    #[serde(default)]
    pub files: BTreeMap<String, String>,
    /// Changes as in `allegiance run`: assignments such as
    /// `combat.decisiveness=2`, and `theory=WORD`.
    #[serde(default)]
    pub changes: Vec<String>,
    /// The replicate.
    #[serde(default)]
    pub replicate: u32,
    /// The tables to give back, by name.
    #[serde(default)]
    pub tables: Vec<String>,
    /// Whether the views are given back.
    #[serde(default)]
    pub view: bool,
    /// The run beside which the answer is shown.
    #[serde(default)]
    pub beside: Option<Beside>,
    /// Texts of theories that `theory=NAME.toml` among the changes names, by that name: a
    /// browser has no files.
    #[serde(default)]
    pub theories: BTreeMap<String, String>,
}

/// A run of the same scenario, and what came of the same replicate.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Beside {
    /// Its changes, as those of a [`Request`].
    pub changes: Vec<String>,
    /// Digests of its tables, by name.
    pub digests: BTreeMap<String, String>,
    /// Texts of the theories that its changes name, as those of a [`Request`].
    #[serde(default)]
    pub theories: BTreeMap<String, String>,
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// A whole number, or a day.
    Whole(i64),
    /// A real number.
    Real(f64),
    /// True or false.
    Flag(bool),
    /// A word, or text.
    Text(String),
}

/// The cells of one column, one a row.
pub type Column = Vec<Cell>;

/// Columns by name, by table.
pub type Tables = BTreeMap<String, BTreeMap<String, Column>>;

/// What was simulated.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// Always true: nobody here is real.
    pub is_simulated: bool,
    /// Version of the engine.
    pub engine_version: &'static str,
    /// Hash of the resolved scenario.
    pub scenario_hash: String,
    /// Seed.
    pub seed: u64,
    /// Days.
    pub n_days: u32,
    /// Digest of every table, by name; those of `run.json`.
    pub digests: BTreeMap<&'static str, String>,
    /// The tables asked for.
    pub tables: Tables,
    /// What people look at, where it is asked for.
    pub view: Option<Views>,
    /// What it is to the run beside it; none where there is no such run, or it is
    /// of another world.
    pub pair: Option<Pair>,
    /// Why the two can't be compared: what makes them different worlds.
    pub apart: Option<String>,
}

/// The views of a replicate.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Views {
    /// What was simulated.
    pub overview: Overview,
    /// What came of it.
    pub history: History,
}

/// A replicate, kept for questions about it.
#[derive(Debug)]
pub struct Simulated {
    pub(crate) setting: Setting,
    pub(crate) setup: Setup,
    pub(crate) records: Records,
    pub(crate) replicate: u32,
}

/// Why a request can't be answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mistake {
    /// What is wrong, for people.
    pub error: String,
}

impl Mistake {
    pub(crate) fn new(error: &impl ToString) -> Self {
        Self { error: error.to_string() }
    }
}

/// Simulates what a request asks for; gives the answer, and the replicate.
///
/// # Errors
/// Where the request names something that doesn't exist, or a value out of its
/// bounds.
pub fn answer(request: &Request) -> Result<(Answer, Simulated), Mistake> {
    let running = Running::begin(request.clone())?;
    let n_days = running.n_days();
    running.go_on(n_days).end()
}

/// What a replicate is to that of the run beside it, or what makes them different
/// worlds.
pub(crate) fn pair_with(
    (beside, first): (&Beside, &Setup),
    (setup, digests): (&Setup, &BTreeMap<&'static str, String>),
) -> (Option<Pair>, Option<String>) {
    if let Some(worlds) = other_worlds_in_words(&setup_differences(first, setup)) {
        return (None, Some(worlds));
    }
    let of_first = digest_of_war(|table| beside.digests.get(table));
    let of_second = digest_of_war(|table| digests.get(table));
    let nothing = NothingDiffers::between([&[of_first], &[of_second]], Some([first, setup]));
    let pair = Pair::of(PairInput {
        n_days: [first.n_days, setup.n_days],
        n_replicates: [1, 1],
        nothing: nothing.filter(|_| first.n_days == setup.n_days),
        setups: Ok([first, setup]),
    });
    (Some(pair), None)
}

/// The scenario of a request with changes, made as every caller makes them.
pub(crate) fn changed_scenario(
    request: &Request,
    changes: &[String],
    theories: &BTreeMap<String, String>,
) -> Result<Scenario, Mistake> {
    let mut scenario = load_scenario(&request.scenario, &request.files)?;
    for (name, text) in theories {
        scenario.hold_theory(name, text);
    }
    scenario.change(changes).map_err(|error| Mistake::new(&error))?;
    Ok(scenario)
}

/// A scenario of some files, or without any one that comes with the engine: a browser
/// has no folders.
pub(crate) fn load_scenario(name: &str, files: &BTreeMap<String, String>) -> Result<Scenario, Mistake> {
    if files.is_empty() {
        return load_builtin(name);
    }
    let files = files.iter().map(|(name, text)| ScenarioFile { name: name.clone(), text: text.clone() });
    load_files(files.collect()).map_err(|error| {
        let mut told = error.to_string();
        if let LoadScenarioError::Invalid(problems) = error {
            for problem in problems.iter().filter(|problem| problem.is_error()) {
                write!(told, "\n  {problem}").expect("text takes what is written");
            }
        }
        Mistake::new(&told)
    })
}

/// A scenario that comes with the engine.
pub(crate) fn load_builtin(name: &str) -> Result<Scenario, Mistake> {
    if !builtin::names().any(|id| id == name) {
        let known: Vec<&str> = builtin::names().collect();
        let known = known.join(", ");
        return Err(Mistake::new(&format!("there is no built-in scenario {name}; there are: {known}")));
    }
    load(name).map_err(|error| Mistake::new(&error))
}

pub(crate) fn columns_of(table: &TableData) -> BTreeMap<String, Column> {
    table.columns.iter().map(|column| (column.name.clone().into_owned(), cells_of(column))).collect()
}

fn cells_of(column: &OutputColumn) -> Column {
    fn each<T: Clone>(cells: &[Option<T>], of: impl Fn(T) -> Cell) -> Column {
        cells.iter().map(|cell| cell.clone().map_or(Cell::Empty, &of)).collect()
    }
    match (&column.cells, &column.kind) {
        (OutputCells::Whole(cells), OutputKind::Coded(_, words)) => {
            each(cells, |code| words.get(code as usize).map_or(Cell::Empty, |word| Cell::Text(word.clone())))
        }
        (OutputCells::Whole(cells), _) => each(cells, |value| Cell::Whole(i64::from(value))),
        (OutputCells::Signed(cells), _) => each(cells, |value| Cell::Whole(i64::from(value))),
        (OutputCells::Real(cells), _) => each(cells, Cell::Real),
        (OutputCells::Flag(cells), _) => each(cells, Cell::Flag),
        (OutputCells::Text(cells), _) => each(cells, Cell::Text),
    }
}

#[cfg(test)]
mod tests {
    use super::{Cell, Request, answer, changed_scenario};
    use allegiance_model::World;
    use allegiance_record::digest::digest_of_table;
    use allegiance_record::tabulator::Tabulator;
    use allegiance_replay::{Silent, simulate};
    use allegiance_runs::{RunInput, RunOptions, run};
    use allegiance_scenario::{SettableKey, apply_change, parse_theory, settable_keys, theory_to_copy};

    #[test]
    fn digests_are_those_of_a_run() {
        let asked = r#"{"scenario": "one-village", "changes": ["days=20"], "replicate": 1, "tables": ["groups"], "view": true}"#;
        let (answer, _) = answer(&serde_json::from_str(asked).expect("a request")).expect("an answer");
        let mut scenario = allegiance_scenario::load("one-village").expect("a built-in scenario");
        scenario.setup.n_days = 20;
        let first_group = scenario.setup.groups[0].id.clone();
        let input = RunInput {
            scenario_id: scenario.id,
            title: scenario.title,
            scenario_hash: scenario.hash,
            files: Vec::new(),
            setup: scenario.setup,
            unchanged: None,
        };
        let folder = std::env::temp_dir().join(format!("allegiance-wasm-{}", std::process::id()));
        let options = RunOptions { overwrite: true, ..RunOptions::new(&folder).with_replicates(2) };
        let manifest = run(&input, &options, &|_| String::new(), &Silent).expect("a run").manifest;
        std::fs::remove_dir_all(&folder).expect("removed");
        assert_eq!(answer.digests.len() + 1, manifest.tables.len(), "all but the places");
        for (table, digest) in &answer.digests {
            assert_eq!(*digest, manifest.tables[*table].digests[1], "{table}");
        }
        let groups = &answer.tables["groups"];
        assert_eq!(groups["n_members"].len(), groups["group"].len());
        assert_eq!(groups["group"][0], Cell::Text(first_group));
        let views = answer.view.expect("views");
        assert_eq!(views.overview.label, "one-village · days=20");
        assert_eq!((views.history.replicate, views.history.digests.len()), (1, answer.digests.len()));
    }

    /// The answer to a run beside the unchanged one.
    fn beside(changes: &[&str]) -> super::Answer {
        let asked = |changes: &[&str], beside: Option<serde_json::Value>| {
            let asked = serde_json::json!({"scenario": "one-village", "changes": changes, "beside": beside});
            answer(&serde_json::from_value(asked).expect("a request")).expect("an answer").0
        };
        let digests = asked(&["days=12"], None).digests;
        asked(changes, Some(serde_json::json!({"changes": ["days=12"], "digests": digests})))
    }

    #[test]
    fn a_run_beside_another_says_what_differs_and_whether_it_can_act() {
        let radio = beside(&["days=12", "interventions.radio_hazard_ratio=1.6"]);
        let pair = radio.pair.expect("a pair");
        let words: Vec<String> = pair.differs.expect("it can be told").into_iter().map(|one| one.words).collect();
        assert_eq!(words.len(), 1);
        assert!(words[0].starts_with("interventions.radio_hazard_ratio is 1.6 instead of "), "{words:?}");
        assert_eq!(
            pair.nothing.as_deref(),
            Some(
                "No effect is possible here: nothing that was drawn or decided differs (interventions.radio_hazard_ratio \
                 acts through radio, which no entry of the timeline sets)."
            )
        );
        assert!(pair.notes.is_empty(), "{:?}", pair.notes);
        let longer = beside(&["days=14", "theory=fixed"]).pair.expect("a pair");
        assert_eq!(longer.nothing, None);
        assert_eq!(
            longer.notes,
            [
                "The first has 12 days and the second 14 days: differences are over the first 12 days, which both have.",
                "One pair has no interval, and doesn't show what chance does; 19 more would."
            ]
        );
        let apart = beside(&["days=12", "seed=5"]);
        assert_eq!((apart.pair, apart.apart.as_deref()), (None, Some("the seed is 5 instead of 2014")));
    }

    /// A theory that somebody edits in the browser: the digests are those of the engine elsewhere.
    #[test]
    fn a_theory_of_a_text_is_run_and_its_mistakes_are_told() {
        let text = theory_to_copy("own_safety_first", "mine").expect("it comes with the program");
        let asked = |text: &str, changes: &[&str]| {
            let asked = serde_json::json!({
                "scenario": "one-village", "changes": changes, "theories": {"mine.toml": text}
            });
            answer(&serde_json::from_value(asked).expect("a request")).map(|(answer, _)| answer)
        };
        let found = asked(&text, &["days=15", "theory=mine.toml", "own.danger_weight=1.5"]).expect("an answer");
        let mut setup = allegiance_scenario::load("one-village").expect("a built-in scenario").setup;
        setup.n_days = 15;
        setup.own_theories = vec![parse_theory("mine.toml", &text).expect("a theory")];
        apply_change(&mut setup, "own.danger_weight=1.5").expect("a parameter of it");
        let records = simulate(&World::build(setup.clone()), 0).expect("a run");
        let tables = Tabulator::new(&setup, &setup.observation).tables(records, 0);
        assert_eq!(tables.len(), found.digests.len());
        for table in &tables {
            assert_eq!(found.digests[table.name], digest_of_table(table), "{}", table.name);
        }
        let mistaken = asked(&text.replace("unit_losses", "unit_loses"), &["theory=mine.toml"]).expect_err("a mistake");
        assert!(
            mistaken.error.contains("mine.toml:9: let.inside at column 15 names \"unit_loses\"")
                && mistaken.error.contains("did you mean \"unit_losses\"?"),
            "{}",
            mistaken.error
        );
        // Beside a run under a theory of its own, whose text goes along.
        let beside = serde_json::json!({
            "changes": ["days=15", "theory=far/away.toml"], "digests": found.digests, "theories": {"away.toml": text}
        });
        let pair = serde_json::json!({
            "scenario": "one-village", "changes": ["days=15", "theory=mine.toml", "own.danger_weight=1.5"],
            "theories": {"mine.toml": text}, "beside": beside, "view": true
        });
        let (answered, _) = answer(&serde_json::from_value(pair).expect("a request")).expect("an answer");
        assert!(answered.pair.is_some_and(|pair| pair.nothing.is_some()), "the digests are said to be the same");
        let theories = answered.view.expect("views").overview.theories;
        let told: Vec<(&str, &str)> = theories.iter().map(|one| (one.file.as_str(), one.text.as_str())).collect();
        assert_eq!(told, [("mine.toml", text.as_str())]);
        let missing = asked(&text, &["theory=other.toml"]).expect_err("a mistake");
        assert!(missing.error.contains("names the theory other.toml"), "{}", missing.error);
    }

    /// A scenario that extends a folder, with a theory beside it, as a run keeps it.
    #[test]
    fn a_scenario_of_files_has_the_digests_of_its_run() {
        let named = |id: &str, prefix: &str| -> Vec<(String, String)> {
            let files = allegiance_scenario::load(id).expect("a built-in scenario").files;
            files.into_iter().map(|file| (format!("{prefix}{}", file.name), file.text)).collect()
        };
        let mut files: std::collections::BTreeMap<String, String> = named("one-village", "base/").into_iter().collect();
        let own =
            "format = 1\nextends = \"../elsewhere\"\nid = \"hamlet\"\n[[groups]]\nid = \"isis\"\nbrutality = 0.1\n";
        files.insert("scenario.toml".to_owned(), own.to_owned());
        let text = theory_to_copy("own_safety_first", "mine").expect("it comes with the program");
        files.insert("given/mine.toml".to_owned(), text);
        let asked = |files: &std::collections::BTreeMap<String, String>, changes: &[&str]| {
            let asked = serde_json::json!({"scenario": "hamlet", "files": files, "changes": changes, "view": true});
            answer(&serde_json::from_value(asked).expect("a request")).map(|(answer, _)| answer)
        };
        let found = asked(&files, &["days=15", "theory=somewhere/mine.toml"]).expect("an answer");
        let mut scenario = allegiance_scenario::load("one-village").expect("a built-in scenario");
        let mine = parse_theory("mine.toml", &files["given/mine.toml"]).expect("a theory");
        (scenario.setup.n_days, scenario.setup.own_theories) = (15, vec![mine]);
        apply_change(&mut scenario.setup, "groups.isis.brutality=0.1").expect("a change");
        let records = simulate(&World::build(scenario.setup.clone()), 0).expect("a run");
        for table in &Tabulator::new(&scenario.setup, &scenario.setup.observation).tables(records, 0) {
            assert_eq!(found.digests[table.name], digest_of_table(table), "{}", table.name);
        }
        assert_eq!(found.view.expect("views").overview.scenario_id, "hamlet");
        files.insert("scenario.toml".to_owned(), own.replace("brutality", "brutalty"));
        let told = asked(&files, &[]).expect_err("a mistake").error;
        assert!(
            told.starts_with("the scenario has 1 problem\n  scenario.toml:6: groups[2].brutalty isn't a key"),
            "{told}"
        );
    }

    #[test]
    fn every_key_means_the_same_in_the_browser() {
        let setup = allegiance_scenario::load("one-village").expect("a built-in scenario").setup;
        let values = ["0.25", "2", "false", "fixed", "truce", "state"];
        let mut n_changed = 0;
        for SettableKey { key, .. } in settable_keys(&setup) {
            for change in values.map(|value| format!("{key}={value}")) {
                let mut expected = setup.clone();
                let result = apply_change(&mut expected, &change).map_err(|error| error.to_string());
                let asked = format!(r#"{{"scenario": "one-village", "changes": ["{change}"]}}"#);
                let request: Request = serde_json::from_str(&asked).expect("a request");
                let found = changed_scenario(&request, &request.changes, &std::collections::BTreeMap::new())
                    .map(|found| found.setup)
                    .map_err(|mistake| mistake.error);
                n_changed += usize::from(expected != setup);
                assert_eq!(found, result.map(|()| expected), "{change}");
            }
        }
        assert!(n_changed > 300, "{n_changed}");
    }
}
