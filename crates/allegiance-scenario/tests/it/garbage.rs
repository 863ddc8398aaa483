//! Spoiled files never make the loader panic.

use allegiance_scenario::{builtin, load, load_design, load_experiment, load_theory, theory_to_copy};
use std::io::Write as _;
use std::path::Path;

use allegiance_fixtures::{Luck, spoil};

use crate::folder::Folder;

#[test]
pub(crate) fn spoiled_files_are_refused_or_accepted_without_a_panic() {
    let mut luck = Luck(2014);
    let folder = Folder::new();
    for file in ["scenario.toml", "places.csv", "control.csv", "garrisons.csv"] {
        let text = builtin::file("one-village", file).unwrap();
        for _ in 0..150 {
            folder.write(file, spoil(text, &mut luck));
            match folder.load() {
                Ok(scenario) => {
                    for place in &scenario.setup.places {
                        assert!((place.control.iter().sum::<f64>() - 1.0).abs() < 1e-6);
                        assert!(place.latitude_deg.is_finite() && place.longitude_deg.is_finite());
                    }
                }
                Err(error) => assert!(!error.to_string().is_empty()),
            }
        }
        folder.write(file, text);
    }
}

#[test]
fn a_spoiled_event_table_is_refused_or_gives_events_that_the_engine_can_replay() {
    let mut luck = Luck(1914);
    let folder = Folder::new();
    let [toml, text] = ["scenario.toml", "events.csv"].map(|file| builtin::file("one-village-observed", file).unwrap());
    folder.write("scenario.toml", toml);
    for _ in 0..300 {
        folder.write("events.csv", spoil(text, &mut luck));
        match folder.load() {
            Ok(scenario) => {
                let setup = &scenario.setup;
                for event in &setup.events {
                    assert!(event.day < setup.n_days && event.place.idx() < setup.places.len());
                    assert!(event.side_a.idx() < setup.n_groups());
                    assert_ne!(event.side_b, Some(event.side_a));
                }
            }
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
}

/// Designs, experiments, theories and cases: every document that a person writes.
#[test]
fn spoiled_documents_are_refused_or_accepted_without_a_panic() {
    let mut luck = Luck(18);
    let folder = Folder::new();
    let design = "format = 1\nid = \"few\"\ntitle = \"Few\"\nscenario = \"one-village\"\nset = [\"days=3\"]\nsampler = \
                  \"latin_hypercube\"\nrows = 4\nreplicates = 1\noutcomes = [\"deaths\"]\n\n[[factors]]\nkey = \
                  \"combat.decisiveness\"\nlow = 1\nhigh = 2\n";
    let experiment = builtin::experiment_names().next().and_then(builtin::experiment).unwrap();
    let theory = theory_to_copy("conviction", "mine").unwrap();
    let path = |name: &str| folder.path().join(name);
    for _ in 0..200 {
        folder.write("design.toml", spoil(design, &mut luck));
        load_design(&path("design.toml")).ok();
        folder.write("mine.toml", spoil(&theory, &mut luck));
        load_theory(&path("mine.toml").display().to_string()).ok();
    }
    for _ in 0..60 {
        folder.write("experiment.toml", spoil(experiment, &mut luck));
        load_experiment(&path("experiment.toml").display().to_string()).ok();
    }
}

/// What was found by attack, where it is at hand.
#[test]
fn inputs_that_once_did_harm_are_refused_or_accepted() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/cases/attack");
    let Ok(entries) = fs_err::read_dir(&cases) else {
        let note = format!("skipped: {} isn't there\n", cases.display());
        return std::io::stderr().write_all(note.as_bytes()).unwrap();
    };
    let mut luck = Luck(1);
    for entry in entries {
        let case = entry.unwrap().path();
        if !case.join("scenario.toml").is_file() {
            continue;
        }
        load(&case.display().to_string()).ok();
        let folder = Folder::new();
        let names: Vec<String> = fs_err::read_dir(&case)
            .unwrap()
            .map(|file| file.unwrap().file_name().to_string_lossy().into_owned())
            .filter(|name| name.contains('.'))
            .collect();
        for spoiled in &names {
            for name in &names {
                let bytes = fs_err::read(case.join(name)).unwrap();
                let text = String::from_utf8_lossy(&bytes);
                folder.write(name, if name == spoiled { spoil(&text, &mut luck) } else { bytes.clone() });
            }
            folder.load().ok();
        }
    }
}
