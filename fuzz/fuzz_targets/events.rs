//! Events of UCDP GED in every layout, and the table of actors.

#![no_main]

use std::sync::LazyLock;

use allegiance_fixtures::Folder;
use allegiance_import::ged::{read_actors, read_ged};
use libfuzzer_sys::fuzz_target;

static FOLDER: LazyLock<Folder> = LazyLock::new(Folder::new);

fuzz_target!(|input: &[u8]| {
    FOLDER.write("events.csv", input);
    let file = FOLDER.path().join("events.csv");
    if let Ok(events) = read_ged(&file) {
        for event in events {
            let row = event.row;
            assert!(row.latitude_deg.abs() <= 90.0 && row.longitude_deg.abs() <= 180.0);
            assert!(row.date_start <= row.middle() && row.middle() <= row.date_end);
        }
    }
    drop(read_actors(&file));
});
