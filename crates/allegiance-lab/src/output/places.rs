//! The table of places, written once a run so that readers can join on it.

use crate::output::table::{OutputCells, OutputColumn, OutputKind, TableData};
use allegiance_model::setup::{PlaceKind, PlaceSetup, Setup};

/// The places of a setup, one a row.
pub fn places_table(setup: &Setup) -> TableData {
    let text = |name: &'static str, meaning: &'static str, cell: fn(&PlaceSetup) -> &str| OutputColumn {
        name: name.into(),
        unit: "1",
        meaning: meaning.into(),
        kind: OutputKind::Text,
        nullable: false,
        cells: OutputCells::Text(setup.places.iter().map(|place| Some(cell(place).to_owned())).collect()),
    };
    let real = |name: &'static str, meaning: &'static str, cell: fn(&PlaceSetup) -> f64| OutputColumn {
        name: name.into(),
        unit: "deg",
        meaning: meaning.into(),
        kind: OutputKind::Real,
        nullable: false,
        cells: OutputCells::Real(setup.places.iter().map(|place| Some(cell(place))).collect()),
    };
    let kind = OutputColumn {
        name: "kind".into(),
        unit: "1",
        meaning: "Kind of settlement.".into(),
        kind: OutputKind::Coded("word", PlaceKind::WORDS.iter().map(|&word| word.to_owned()).collect()),
        nullable: false,
        cells: OutputCells::Whole(setup.places.iter().map(|place| Some(place.kind as u32)).collect()),
    };
    let population = OutputColumn {
        name: "population".into(),
        unit: "persons",
        meaning: "Inhabitants on the first day.".into(),
        kind: OutputKind::Count,
        nullable: false,
        cells: OutputCells::Whole(setup.places.iter().map(|place| Some(place.population)).collect()),
    };
    TableData {
        name: "places",
        meaning: "Every populated place of the scenario.",
        columns: vec![
            text("id", "The identifier that other tables use.", |place| &place.id),
            text("name", "The name shown to people.", |place| &place.name),
            kind,
            text("governorate", "First administrative level.", |place| &place.governorate),
            text("district", "Second administrative level.", |place| &place.district),
            text("subdistrict", "Third administrative level.", |place| &place.subdistrict),
            real("latitude", "Degrees north.", |place| place.latitude_deg),
            real("longitude", "Degrees east.", |place| place.longitude_deg),
            population,
        ],
    }
}
