//! Spoiled files never make the loader panic.

use allegiance_scenario::builtin;

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
