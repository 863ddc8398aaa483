//! A scenario of which one file is what the fuzzer makes of it: the first line names the file.
//!
//! What is accepted is simulated for two days, because accepted values may not stop a war.

#![no_main]

use allegiance_model::{Model, World};
use allegiance_scenario::{ScenarioFile, builtin, load_files};
use libfuzzer_sys::fuzz_target;

const FILES: [&str; 4] = ["scenario.toml", "places.csv", "control.csv", "garrisons.csv"];
/// Larger wars are read and not fought.
const MOST_PEOPLE: u64 = 200_000;

fuzz_target!(|input: &str| {
    let Some((name, text)) = input.split_once('\n') else { return };
    let files = FILES.iter().map(|&file| ScenarioFile {
        name: file.to_owned(),
        text: if file == name { text } else { builtin::file("one-village", file).unwrap_or_default() }.to_owned(),
    });
    let Ok(scenario) = load_files(files.collect()) else { return };
    let mut setup = scenario.setup;
    if setup.places.iter().map(|place| u64::from(place.population)).sum::<u64>() > MOST_PEOPLE {
        return;
    }
    setup.n_days = setup.n_days.min(2);
    let world = World::build(setup);
    let mut model = Model::new(&world, 0);
    while !model.is_finished() {
        model.step();
    }
});
