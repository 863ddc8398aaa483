//! A scenario from tables: events, places and boundaries, separated by a line of one `%`.

#![no_main]

use std::sync::LazyLock;

use allegiance_fixtures::Folder;
use allegiance_import::build::{BuildError, BuildRequest, build};
use allegiance_model::calendar::Date;
use libfuzzer_sys::fuzz_target;

static FOLDER: LazyLock<Folder> = LazyLock::new(Folder::new);

fuzz_target!(|input: &[u8]| {
    let text = String::from_utf8_lossy(input);
    let mut tables = text.split("\n%\n");
    let [events, places] = ["events.csv", "towns.csv"].map(|name| {
        FOLDER.write(name, tables.next().unwrap_or_default());
        FOLDER.path().join(name)
    });
    let [Some(from), Some(to)] = [(1989, 1, 1), (2024, 12, 31)].map(|(year, month, day)| Date::from_ymd(year, month, day))
    else {
        return;
    };
    let country = events_country(&text);
    let boundaries = tables.next().map(|text| {
        FOLDER.write("borders.geojson", text);
        FOLDER.path().join("borders.geojson")
    });
    let request = BuildRequest { boundaries, min_events: 1, accept_far: true, ..BuildRequest::new(events, places, country, from, to) };
    if let Err(BuildError::Unsound(problems)) = build(&request) {
        panic!("a scenario that doesn't load: {problems:?}");
    }
});

/// The country of the events: that of the test's tables where it is named.
fn events_country(text: &str) -> String {
    let known = ["Nigeria", "Sudan", "Syria", "Afghanistan", "Pakistan", "Marania"];
    known.into_iter().find(|name| text.contains(name)).unwrap_or("Marania").to_owned()
}
