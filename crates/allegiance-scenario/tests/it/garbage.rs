//! Spoiled files never make the loader panic.

use allegiance_scenario::builtin;

use crate::folder::Folder;

/// A small generator, so that a failure can be repeated.
pub(crate) struct Luck(pub(crate) u64);

impl Luck {
    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % n
    }
}

/// Bytes that formats care about.
const SPICE: &[&[u8]] = &[
    b"=",
    b"[",
    b"]",
    b"{",
    b"\"",
    b"\n",
    b",",
    b"-",
    b"9",
    b"99999999999",
    b"nan",
    b"\xff",
    b"\0",
    b"'",
    b"#",
    b".",
    b"1e400",
    b"\r",
];

pub(crate) fn spoil(text: &str, luck: &mut Luck) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..=luck.below(4) {
        let at = luck.below(bytes.len());
        let end = (at + luck.below(12)).min(bytes.len());
        let spice = SPICE[luck.below(SPICE.len())];
        match luck.below(3) {
            0 => bytes.splice(at..end, std::iter::empty()).for_each(drop),
            1 => bytes.splice(at..at, spice.iter().copied()).for_each(drop),
            _ => bytes.splice(at..end, spice.iter().copied()).for_each(drop),
        }
        if bytes.is_empty() {
            break;
        }
    }
    bytes
}

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
