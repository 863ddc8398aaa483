//! Mesa's committed statistics, and ours under the same parameters. Shared
//! with `examples/anchor_tables.rs`.

use allegiance_anchors::rebellion::Parameters;
use allegiance_anchors::rules::Rules;
use allegiance_anchors::series::{run, statistics};
use allegiance_anchors::torus::Vision;
use serde_json::Value;
use std::collections::BTreeMap;

/// Values over seeds by statistic.
pub(crate) type Columns = BTreeMap<String, Vec<f64>>;

/// One setting of `bench/anchors/mesa_reference.json`.
pub(crate) struct Setting {
    pub(crate) name: String,
    pub(crate) parameters: Parameters,
    pub(crate) n_steps: usize,
    pub(crate) burn_in: usize,
    pub(crate) mesa: Columns,
}

/// All settings of the committed reference.
pub(crate) fn settings() -> Vec<Setting> {
    let text = include_str!("../../../../bench/anchors/mesa_reference.json");
    let reference: Value = serde_json::from_str(text).expect("the reference is JSON");
    let settings = reference["settings"].as_object().expect("settings");
    settings.iter().map(|(name, value)| setting(name, value)).collect()
}

fn setting(name: &str, value: &Value) -> Setting {
    let parameter = |key: &str| value["parameters"][key].as_f64().expect("a numeric parameter");
    assert!((parameter("citizen_vision") - parameter("cop_vision")).abs() < 1e-12);
    let columns = value["per_seed"].as_object().expect("per_seed").iter();
    Setting {
        name: name.to_owned(),
        parameters: Parameters {
            width: parameter("width") as u32,
            height: parameter("height") as u32,
            citizen_density: parameter("citizen_density"),
            cop_density: parameter("cop_density"),
            vision: Vision::Steps(parameter("citizen_vision") as u32),
            legitimacy: parameter("legitimacy"),
            max_jail_term: parameter("max_jail_term") as u32,
            threshold: parameter("active_threshold"),
            arrest_constant: parameter("arrest_prob_constant"),
        },
        n_steps: value["steps"].as_u64().expect("steps") as usize,
        burn_in: value["burn_in"].as_u64().expect("burn_in") as usize,
        // Seeds with nothing to average are null and drop out.
        mesa: columns
            .map(|(key, values)| {
                let known = values.as_array().expect("a list").iter().filter_map(Value::as_f64);
                (key.clone(), known.collect())
            })
            .collect(),
    }
}

/// Our statistics over seeds `1..=n_seeds` under some rules, on two threads.
pub(crate) fn ours(setting: &Setting, parameters: Parameters, rules: Rules, n_seeds: u64) -> Columns {
    let one = |seed| statistics(&run(parameters, rules, setting.n_steps, seed), setting.burn_in);
    let half = n_seeds / 2;
    let rows = std::thread::scope(|scope| {
        let second = scope.spawn(|| (half + 1..=n_seeds).map(one).collect::<Vec<_>>());
        let mut rows: Vec<_> = (1..=half).map(one).collect();
        rows.extend(second.join().expect("a run doesn't panic"));
        rows
    });
    let mut columns = Columns::new();
    for (name, value) in rows.into_iter().flatten() {
        columns.entry(name.to_owned()).or_default().push(value);
    }
    columns
}
